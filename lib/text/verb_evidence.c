/* text/verb_evidence.c - how common words are tells whether a form that is spelt like a noun may be a verb.
 *
 * Three kinds of forms are so much like nouns that only evidence makes them verbs: a past before ه, which may be a ة
 * without its dots (سأله, حركه); a present of three letters in ن or أ (نرى, نقل; أظن, أهم); and what a hamza tells
 * apart (أصابه, إصابة). The counts are those of counts.h, in half bits: two of them are a doubling.
 *
 * It is asked for when the table of stems has the verb, so few words come here.
 */
#include "text/verb_part.h"

#include <string.h>

#include "text/counts.h"

bool fihi_verb_is_told(const struct rest *r, const struct verb_ending *e, size_t stem)
{
    return r->has_object && e->prefixes == WITH_NONE && stem >= 4 && r->w->written[r->at] == ALEF_HAMZA &&
           r->w->letter[r->at + stem - 2] == ALEF;
}

bool fihi_verb_is_short(const struct rest *r, const struct verb_ending *e, size_t stem)
{
    const uint16_t first = r->w->letter[r->at];

    return e->slot == NOW_BARE && stem == 2 && (first == NOON || first == ALEF);
}

/* اختاره: its verbal noun is spelt otherwise, اختيار, and not as that of أدار, إدارة. */
static bool is_eighth(const uint16_t *s, size_t stem)
{
    return stem == 5 && s[2] == TEH;
}

static bool is_past_with_heh(const struct rest *r, const struct verb_ending *e)
{
    return e->slot == PAST_BARE && r->w->n - r->n == 1 && r->w->letter[r->n] == HEH;
}

/* How common s[0…n-1] is as a word by itself, where رما stands before an object and رمى by itself. */
static int count_bare(const uint16_t *s, size_t n)
{
    const int count = fihi_counts_find(s, n);
    uint16_t bare[LIST_ROW];

    if (n > LIST_ROW || s[n - 1] != ALEF)
        return count;
    memcpy(bare, s, n * sizeof *bare);
    bare[n - 1] = YEH;
    const int other = fihi_counts_find(bare, n);
    return other > count ? other : count;
}

/* سأل is much commoner than ساله, so سأله is "he asked him"; but حرك is not, beside حركة. */
bool fihi_verb_is_commoner(const uint16_t *s, size_t n)
{
    enum { KNOWN = 12, TIMES = 3 };                   /* half bits */
    const int bare = count_bare(s, n);

    return bare >= KNOWN && bare >= fihi_counts_find(s, n + 1) + TIMES;
}

/* In نرى and أظن the present in ي is a common word, too, but not in نقل or أهم. With an object it is rarer, but أردني
 * is commoner than أرد; and سنرى is rare as a whole, but سنجر is not. */
static bool is_common_present(const struct rest *r, const uint16_t *s)
{
    enum { KNOWN = 12, TIMES = 4, RARE = 8 };         /* half bits */
    const struct word *const w = r->w;
    const uint16_t third[] = { YEH, s[0], s[1] };
    const int he = count_bare(third, 3), me = count_bare(s - 1, 3);

    return he >= KNOWN && he + (s[-1] == ALEF ? TIMES : -TIMES) >= me &&
           (!r->has_object || fihi_counts_find(s - 1, w->n - r->at) < me) &&
           (!r->is_now || fihi_counts_find(s - 2, w->n - r->at + 1) <= RARE);
}

/* A past before ه, which may be a ة whose dots were left out, is believed if the verb is by far the commoner word, or a
 * hamza tells; not behind other clitics than و and ف, nor if it is known with them (وزاره). Those in ت are spelt like
 * their noun and like a present: تقدمه. */
static bool is_past_with_object(const struct rest *r, const struct verb_ending *e, const uint16_t *s, size_t stem)
{
    const uint8_t *const was = r->w->was + (s - r->w->letter);

    if (s[stem - 1] == ALEF || fihi_verb_is_told(r, e, stem) ||
        (stem > 3 && s[0] == ALEF && (s[stem - 2] != ALEF || is_eighth(s, stem))))
        return true;
    if ((s[0] == TEH && (stem > 3 || s[2] == YEH)) || r->at > 1 ||
        (r->at == 1 && ((s[-1] != WAW && s[-1] != FEH) || fihi_counts_find(r->w->letter, r->w->n) > 0)))
        return false;
    return (stem > 2 && (was[stem - 1] || was[stem - 2])) || fihi_verb_is_commoner(s, stem);
}

bool fihi_verb_is_believed(const struct rest *r, const struct verb_ending *e, size_t stem_at, size_t stem)
{
    const uint16_t *const s = r->w->letter + stem_at;

    if (is_past_with_heh(r, e))
        return is_past_with_object(r, e, s, stem);
    return !fihi_verb_is_short(r, e, stem) || is_common_present(r, s);
}
