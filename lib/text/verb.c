/* text/verb.c - what is glued to a verb goes, the stem is looked up, and lists tell where a noun is spelt like it.
 *
 * A form is [و ف] [س ل] [ي ت ن أ] stem [ending] [object]. The table has the stems of all verbs with the endings before
 * which each stands, so nothing is stripped that the table does not vouch for: سيستقبلونهم is س, ي, ستقبل, ون, هم, and
 * the stem ستقبل stands before ون (NOW_W). The present's prefix is not part of a stem; the alef of استقبل is.
 *
 * What makes it hard are nouns. Most three letters of Arabic are a verb and a noun, and for a search the noun is the
 * safer reading: a verb that is missed keeps its light stem, a noun that is taken for a verb is lost among its forms.
 * So there are four barriers: forms too like others are not read (is_unlikely()), some only where counts speak for them
 * (verb_evidence.c), words of lists and lexicon are nouns (nounhood()), and what may be both is both (is_listed,
 * is_marked()).
 *
 * Cost: the filter answers for most words after a few hashes; else endings times objects, each with a look at a few
 * letters before the table is asked. Words are at most 16 letters long, so the work has a limit.
 *
 * Examples: سأكتب is س, أ and كتب, and becomes the key يكتب, as كتب and يكتبون do. قدرت becomes يقدر, but of قدرتها
 * nothing is made: that is قدرة with a pronoun, as the list of nouns has it. أفرأيت becomes يري, behind the أ of a
 * question and ف.
 *
 * The table is made of verbs.tsv when the library is built (make_verbs.c), and only read here: no memory is allocated,
 * and any number of threads may ask at once.
 */
#include "text/verb.h"

#include <string.h>
#include <xxhash.h>

#include "text/conjugate.h"
#include "text/counts.h"
#include "text/stem.h"
#include "text/stop.h"
#include "text/verb_part.h"

/* The lists, each from its file in text/lists. */
#include "verb_or_noun_rows.h"
#include "verb_never_rows.h"

static const struct list both = LIST(verb_or_noun), never = LIST(verb_never);

/* Rank is rank()'s result. TWO_OBJECTS rows end the table of objects; they are left out for words of fewer than
 * TWO_LEAST letters, which cannot hold a verb before them. */
enum { RANKS = 3, TWO_OBJECTS = 7, TWO_LEAST = 6 };

/* No object first, for the fewest clitics win: كتبهم is كتب + هم only because no stem is كتبهم. */
static const struct {
    char16_t s[6];
    uint8_t  n;
} objects[] = { { u"", 0 }, { u"هما", 3 }, { u"كما", 3 }, { u"ها", 2 }, { u"هم", 2 }, { u"هن", 2 }, { u"ني", 2 },
                { u"نا", 2 }, { u"كم", 2 }, { u"كن", 2 }, { u"ه", 1 }, { u"ك", 1 },
                /* two of them: فسيكفيكهم, أنلزمكموها, فأسقيناكموه */
                { u"كهم", 3 }, { u"كها", 3 }, { u"كموه", 4 }, { u"كموها", 5 }, { u"كموهم", 5 }, { u"نيه", 3 },
                { u"نيها", 4 } };

/* Do the letters before `end` end in s? From the last letter, where most words differ. */
static bool ends_in(const struct word *w, size_t end, const char16_t *s, size_t n)
{
    if (n > end)
        return false;
    while (n > 0 && w->letter[end - 1] == s[n - 1]) {
        end--;
        n--;
    }
    return n == 0;
}

/* Keys are numbered from the most frequent verb down, and the first one stays. It is a noun, too, if any of the
 * readings says so. */
static void add(struct verb_reading *out, uint16_t key, uint16_t also, bool is_listed, bool is_marked, bool is_told)
{
    if (!out->is_verb || key < out->key) {
        out->key = key;
        out->also = also;
    }
    out->is_verb = true;
    out->is_listed = out->is_listed || is_listed;
    out->is_noun = out->is_noun || is_listed || is_marked;
    out->is_told = out->is_told || is_told;
}

/* A hamza that is written must be one of the stem; one that is not may have been left out, but not behind a written أ:
 * أتاني is no form of تأنى, though أوتي is spelt so. The first letter of a word is often written with a hamza that it
 * does not have. So بدأ is not بدا, but إستقبل is استقبل. */
static bool has_hamzas(const struct word *w, size_t at, size_t n, uint8_t hamza)
{
    const bool is_careful = at > 0 && (w->was[at - 1] & WAS_HAMZA_ALEF);

    for (size_t i = 0; i < n; i++)
        if (at + i > 0 && (w->was[at + i] ? !(hamza >> i & 1)
                                          : is_careful && (hamza >> i & 1) && w->letter[at + i] == ALEF))
            return false;
    return true;
}

/* رووا is of روى rather than of رأى, whose passive has a hamza on its و: that is left out less often than one on an ا.
 */
static bool lacks_seat(const struct word *w, size_t at, size_t n, uint8_t hamza)
{
    for (size_t i = 1; i < n; i++)
        if ((hamza >> i & 1) && !w->was[at + i] && w->letter[at + i] == WAW)
            return true;
    return false;
}

/* Both have zeros behind their letters. */
static bool is_stem(const struct verb_row *row, const uint8_t letter[VERB_STEM])
{
    return memcmp(row->letter, letter, VERB_STEM) == 0;
}

/* The first row of the letters; the others follow it. The index is at most half full, so a miss ends soon, and it is
 * never full, so it ends. */
static const struct verb_row *find(const uint8_t letter[VERB_STEM])
{
    const struct verb_table *const t = &fihi_verbs;
    size_t k = verb_hash(verb_letters(letter, VERB_STEM)) & (t->index_count - 1);

    for (; t->index[k]; k = (k + 1) & (t->index_count - 1))
        if (is_stem(&t->rows[t->index[k] - 1], letter))
            return &t->rows[t->index[k] - 1];
    return NULL;
}

/* The verb with the stem at `at`, of n letters, in a slot; false if there is none. Rows of one stem are sorted by key,
 * so the first that fits is of the most frequent verb. Letters but U+0621 to U+064A are in no stem, and would not fit a
 * byte. */
static bool find_stem(uint16_t *key, const struct word *w, size_t at, size_t n, unsigned slot)
{
    const struct verb_table *const t = &fihi_verbs;
    uint8_t letter[VERB_STEM] = {0};

    if (n == 0 || n > VERB_STEM)
        return false;
    for (size_t i = 0; i < n; i++) {
        const uint16_t c = w->letter[at + i];

        if (c <= VERB_FIRST || c > VERB_FIRST + 0x2A)
            return false;
        letter[i] = (uint8_t)(c - VERB_FIRST);
    }
    const struct verb_row *row = find(letter);
    bool is_found = false;
    for (; row && row < t->rows + t->row_count && is_stem(row, letter); row++)
        if ((row->slots >> slot & 1) && has_hamzas(w, at, n, row->hamza)) {
            const bool is_exact = !lacks_seat(w, at, n, row->hamza);

            if (!is_found || is_exact)
                *key = row->key;
            is_found = true;
            if (is_exact)
                break;
        }
    return is_found;
}

/* One letter decides which endings of the present come into question; ALEF is أ of the first person and the alef of an
 * imperative. */
static unsigned prefix_of(const struct rest *r)
{
    switch (r->w->letter[r->at]) {
    case YEH: return WITH_Y;
    case TEH: return WITH_T;
    case NOON: return WITH_N;
    case ALEF: return WITH_A;
    default: return WITH_NONE;
    }
}

/* Endings that a noun may have as well as a verb: whether the whole is a noun, its stem tells. كتاب, كتابا, كتابنا. But
 * ذكرناه: behind "our" there is no other pronoun. */
static bool is_noun_ending(const struct rest *r, const struct verb_ending *e)
{
    return e->slot == PAST_BARE || e->slot == PAST_A ||
           (e->slot == PAST_C && e->s[0] == NOON && !(e->s[1] && r->has_object));
}

/* What the lists and the lexicon say of letters: a noun, too (1), never a verb (2), nothing (0). The lists go before
 * the lexicon: a name there that is in verb_or_noun is both (يزيد). */
static unsigned listed(const struct lexicon *l, const uint16_t *s, const uint8_t *was, size_t n)
{
    const uint64_t hash = list_hash(s, n);

    if (list_has(&never, s, n, hash))
        return 2;
    return list_has(&both, s, n, hash) ? 1 : l && lexicon_find_written(l, s, was, n) ? 2 : 0;
}

/* Is s[0…n-1], which ends in ه, less common than with ت, and that no noun? تلتها is "she followed it", not تلة. */
static bool is_rather_she(const struct rest *r, const uint16_t *s, const uint8_t *was, size_t n)
{
    enum { TIMES = 2 };                               /* half bits */
    uint16_t she[LIST_ROW];

    memcpy(she, s, n * sizeof *she);
    she[n - 1] = TEH;
    const int count = fihi_counts_find(she, n);
    return count > 0 && count >= fihi_counts_find(s, n) + TIMES && listed(r->l, she, was, n) == 0;
}

/* What the lists say of a stem with ه behind it; 1 if it is but a short plural of the lexicon (كتبة, قتلة), for قتلته
 * may be "his killers" and "she killed him", or the rarer word. */
static unsigned listed_feminine(const struct rest *r, const uint16_t *s, const uint8_t *was, size_t n)
{
    const unsigned noun = listed(r->l, s, was, n);

    if (noun < 2)
        return noun;
    if (listed(NULL, s, was, n) == 2)
        return is_rather_she(r, s, was, n) ? 1 : 2;
    return n == 4 && s[0] != ALEF && r->l && fihi_lexicon_find(r->l, s, n)->kind == LEXEME_PLURAL ? 1 : 2;
}

/* The same of a form: with what stands before and behind it, as it is, and its stem. قدرت is a verb, قدرتها is قدرة.
 * The strictest answer counts. ة is ت before an object, so the stem in ه is asked for, which is how the list has it. */
static unsigned nounhood(const struct rest *r, const struct verb_ending *e, size_t ending)
{
    const uint16_t *const s = r->w->letter + r->at;
    const uint8_t *const was = r->w->was + r->at;
    const size_t n = r->n - r->at, all = r->w->n - r->at, stem = n - ending;
    const bool is_told = fihi_verb_is_told(r, e, stem);
    unsigned noun = is_told ? 0 : listed(NULL, s, was, all), of_part = n < all ? listed(NULL, s, was, n) : 0;
    uint16_t feminine[LIST_ROW];

    if (r->w->n - r->n == 2 && r->w->letter[r->n] == NOON && r->w->letter[r->n + 1] == YEH)
        return noun == 2 ? 2 : 0;                     /* no noun has ني behind it */
    noun = of_part > noun ? of_part : noun;
    if ((ending || r->has_object) && is_noun_ending(r, e) && (of_part = listed(r->l, s, was, stem)) > noun)
        noun = of_part;
    if (r->has_object && ending == 1 && e->s[0] == TEH && stem < LIST_ROW && !is_told) {
        memcpy(feminine, s, stem * sizeof *feminine);
        feminine[stem] = HEH;
        of_part = listed_feminine(r, feminine, was, stem + 1);
        noun = of_part > noun ? of_part : noun;
    }
    return noun;
}

/* لنجزينهم, لأضلنهم, ليصيبن: the ن of emphasis, on the stem of a present that has no other ending, or on that which
 * weak verbs have before ن. For sound verbs it is spelt like the women's (ليستخلفن), but for "I" and "we". */
static const struct verb_ending emphasis[] = {
    { .s = u"ن", .before_object = u"ن", .n = 1, .n_object = 1, .slot = NOW_BARE, .slot_object = NOW_BARE,
      .prefixes = WITH_Y | WITH_T | WITH_N | WITH_A },
    { .s = u"ن", .before_object = u"ن", .n = 1, .n_object = 1, .slot = NOW_N, .slot_object = NOW_N,
      .prefixes = WITH_N | WITH_A },
};

static bool is_emphasis(const struct verb_ending *e)
{
    return e == &emphasis[0] || e == &emphasis[1];
}

/* What is spelt like so much else that it is not read as a verb, whatever its stem. README.md lists it under "Not
 * read". A stem has at least one letter; s[stem - 2] is read only where tests before it have found more. */
static bool is_unlikely(const struct rest *r, const struct verb_ending *e, size_t stem_at, size_t stem, size_t ending)
{
    const uint16_t *const s = r->w->letter + stem_at;
    const uint16_t first = r->w->letter[r->at];

    if (e->slot == PAST_C && ending == 1 && e->s[0] == NOON && stem < 4)
        return true;                                  /* سكن is no سك + ن */
    if (e->slot == PAST_A && r->at == 0 && (first == WAW || first == FEH))
        return true;                                  /* ودعا is و + دعا */
    if (r->has_two && e->prefixes == WITH_NONE && !(ending == 2 && e->s[0] == NOON))
        return true;                                  /* ملكها is no مل + ك + ها */
    if (e->prefixes == WITH_NONE) {
        return first == ALEF && stem > 2 && s[1] == LAM && s[2] != TEH && !(r->w->was[stem_at] & WAS_HAMZA_ALEF);
    }
    if (is_emphasis(e))
        return stem < 2 || s[0] == LAM || s[stem - 1] == ALEF ||
               (s[stem - 1] == YEH && (first == YEH || first == TEH || !r->has_object)); /* تكوين, نوعين */
    if (first == NOON)
        return stem < 2 || (stem < 3 && e->slot != NOW_BARE) || e->slot == SHORT_BARE;     /* نقل, نسب */
    if (first == ALEF)
        return stem < 2 || (stem < 3 && (e->slot != NOW_BARE || r->w->written[r->at] != ALEF_HAMZA)) ||
               e->slot == SHORT_BARE || (ending > 0 && e->slot != NOW_W) ||
               (ending == 0 && !r->is_now && !(r->w->was[r->at] & WAS_HAMZA_ALEF)) || s[0] == LAM ||
               (r->has_object && s[stem - 2] == ALEF && !r->w->was[stem_at + stem - 2]);   /* إدارة */
    return e->slot == NOW_Y && stem + ending < 5;     /* تعيين */
}

/* Persons and objects that are rare enough for their light stem to say something by itself (قالوا, جاءتكم, رأيت): both
 * readings were measured to rank better than the verb alone, for these forms and for no others. */
static bool is_marked(const struct rest *r, const struct verb_ending *e)
{
    return r->has_object || e->slot == PAST_C || e->slot == PAST_W || e->slot == NOW_W;
}

/* How a form is read where it may be several: rather as تقدم, he advanced, than as ت + قدم; rather as استعدت, she got
 * ready, than as I got back; rather as يعد of عد than as the jussive of عاد, or أخرج, he took out, than as I go out. 0
 * is the best. One letter behind PAST_C is the ت of I and you, or the ن of women. Ranks are compared only among
 * readings with the same object. */
static unsigned rank(const struct verb_ending *e, unsigned prefix, bool is_short)
{
    if (is_short)
        return 2;                                     /* نجى is of نجا, though نجيء is of جاء */
    if (e->prefixes == WITH_NONE)
        return e->slot == PAST_C && !e->s[1];
    return e->slot == SHORT_BARE || prefix == WITH_A ? 2 : prefix == WITH_T;
}

/* Of two verbs with one spelling, the second one is taken if it is far more frequent: keys go up as frequencies go
 * down, about in proportion (Zipf). The factor alone would let the few commonest verbs, whose keys are next to 0, win
 * always: hence MORE. */
static bool is_far_rarer(uint16_t first, uint16_t second)
{
    enum { TIMES = 6, MORE = 30 };

    return first > TIMES * second + MORE;
}

/* The first, but for a verb that is far more frequent (تعود, she returns; قلت, I said). The other verb of تعلم is its
 * light stem. */
static void choose(struct verb_reading *out, const struct verb_reading *found, unsigned prefix)
{
    for (size_t k = 0; k < RANKS && !out->is_verb; k++)
        *out = found[k];
    if (found[0].is_verb && found[1].is_verb && is_far_rarer(found[0].key, found[1].key)) {
        *out = found[1];
        out->is_noun = out->is_noun || prefix == WITH_T;
    }
}

/* ساكتب, whose hamza was left out: a rare word that has no ending. ساعد is none. */
static bool is_bare_future(const struct rest *r, size_t ending)
{
    enum { RARE = 8 };                                /* half bits */

    return r->at > 0 && r->w->letter[r->at - 1] == SEEN && !ending && !r->has_object &&
           fihi_counts_find(r->w->letter + r->at - 1, r->w->n - r->at + 1) <= RARE;
}

/* Adds to found[0], [1] or [2], by rank. Cheap tests first, the search of the table after them, the lists last. Behind
 * س or ل the first person is read where its hamza is written: سأكتب; ساعد and لاعب are no futures. One letter of the
 * stem is left at least, or there is no reading. */
static void read_ending(struct verb_reading *found, const struct rest *r, const struct verb_ending *e, unsigned prefix)
{
    const char16_t *const s = r->has_object ? e->before_object : e->s;
    const size_t n = r->has_object ? e->n_object : e->n, first = e->prefixes & WITH_NONE ? 0 : 1;
    uint16_t key;

    if (!ends_in(r->w, r->n, s, n) || !(e->prefixes & (first ? prefix : WITH_NONE)) ||
        (r->is_now && prefix == WITH_A && !(r->w->was[r->at] & WAS_HAMZA_ALEF) && !is_bare_future(r, n)) ||
        r->n < r->at + first + n + 1)
        return;
    const size_t stem = r->n - n - r->at - first;
    if (is_unlikely(r, e, r->at + first, stem, n) ||
        !find_stem(&key, r->w, r->at + first, stem, r->has_object ? e->slot_object : e->slot) ||
        !fihi_verb_is_believed(r, e, r->at + first, stem))
        return;
    const unsigned noun = nounhood(r, e, n);
    if (noun == 2 || (noun && e->slot == PAST_A) || (n > 0 && r->w->was[r->n - 1]))       /* علما, علماء */
        return;
    const bool is_short = fihi_verb_is_short(r, e, stem);
    add(&found[rank(e, prefix, is_short)], key, first ? fihi_verbs.also[key] : key, noun != 0,
        is_short || is_marked(r, e), fihi_verb_is_told(r, e, stem));
}

/* With each of a range of endings. Most are of other letters than the word's last one, and are seen to be. */
static void read_endings(struct verb_reading *found, const struct rest *r, size_t first, size_t end, unsigned prefix)
{
    const uint16_t last = r->w->letter[r->n - 1];

    for (size_t i = first; i < end; i++) {
        const struct verb_ending *const e = &fihi_verb_endings[i];
        const char16_t *const s = r->has_object ? e->before_object : e->s;
        const size_t n = r->has_object ? e->n_object : e->n;

        if (n == 0 || s[n - 1] == last)
            read_ending(found, r, e, prefix);
    }
}

/* The first letters of all endings and objects. */
static bool may_be_ending(uint16_t c)
{
    return c == TEH || c == WAW || c == ALEF || c == NOON || c == YEH || c == HEH || c == KAF;
}

/* Does a stem of the tense begin here? Most words are no verbs, and are seen to be none by their first letters. The
 * stem may be shorter than the three letters that the filter hashes, if an ending follows: قال+ت, and قل+ت. So what is
 * there is asked for with three letters, two and one, where what is behind may be an ending: of يركم, ير+كم, the م is
 * the first letter of none, but the ك before it is. It is a Bloom filter with one hash: it may say yes for nothing,
 * never no for a stem (make_filter() of make_verbs.c). */
static bool may_begin(const struct word *w, size_t at, unsigned tense)
{
    const size_t left = w->n - at, most = left < VERB_BEGINNING ? left : VERB_BEGINNING;
    uint64_t letters = 0;

    for (size_t n = 1; n <= most; n++) {
        const uint16_t c = w->letter[at + n - 1];

        if (c <= VERB_FIRST || c > VERB_FIRST + 0x2A)
            return false;
        letters |= (uint64_t)(c - VERB_FIRST) << 8 * (n - 1);
        const size_t bit = verb_hash(letters) % (VERB_FILTER * 8);

        if ((n == most || may_be_ending(w->letter[at + n])) && (fihi_verbs.filter[tense][bit / 8] >> bit % 8 & 1))
            return true;
    }
    return false;
}

/* By its last letters, most words have no object. None ends in ة or اء: حركة, اعتناء. But تسوية, the verbal noun, is
 * spelt like تسويه, and so meets its verb; and in اندلعة, which is no noun, ة stands for the ت of اندلعت. */
static bool may_have_object(const struct word *w, size_t at)
{
    const size_t n = w->n - at, last = w->n - 1;
    const uint16_t c = w->letter[last], first = w->letter[at];

    if (w->written[last] == TEH_MARBUTA)
        return (n == 5 && first == TEH && w->letter[last - 1] == YEH) ||
               (n >= 6 && first == ALEF && w->written[at] != ALEF_HAMZA && w->letter[at + 1] != LAM &&
                w->letter[last - 1] != YEH && w->letter[last - 2] != ALEF);
    return (c == ALEF || c == MEEM || c == NOON || c == YEH || c == HEH || c == KAF) && !(w->was[last] & WAS_LONG);
}

/* يقولو, without its alef, as dialects are written. */
static const struct verb_ending spoken = { .s = u"و", .n = 1, .slot = NOW_W, .prefixes = WITH_Y | WITH_T };

/* Endings of the past stand first in the table, so a range of it is one tense or both. The first object that makes a
 * reading ends the search. بتطور is read from its second letter, by a caller that has told the clitic; nothing before
 * `at` is looked at but for س. */
static void read_rest(struct verb_reading *out, const struct word *w, const struct lexicon *l, size_t at, bool is_now)
{
    struct rest r = { w, l, at, w->n, false, is_now, false };
    const unsigned prefix = prefix_of(&r);
    const size_t first = !is_now && may_begin(w, at, 0) ? 0 : VERB_PAST_ENDINGS;
    const size_t end = prefix != WITH_NONE && may_begin(w, at + 1, 1) ? fihi_verb_ending_count : VERB_PAST_ENDINGS;
    struct verb_reading found[RANKS] = { { .is_verb = false } };

    const size_t most = !may_have_object(w, at)
                            ? 1 : sizeof objects / sizeof *objects - (w->n < at + TWO_LEAST ? TWO_OBJECTS : 0);
    for (size_t o = 0; first < end && o < most && !out->is_verb; o++) {
        const size_t n = objects[o].n;

        if (w->n < at + n + 2 || (n > 0 && objects[o].s[n - 1] != w->letter[w->n - 1]) ||
            !ends_in(w, w->n, objects[o].s, n))
            continue;
        r.n = w->n - n;
        r.has_object = n > 0;
        r.has_two = o >= sizeof objects / sizeof *objects - TWO_OBJECTS;
        read_endings(found, &r, first, end, prefix);
        choose(out, found, prefix);
    }
    if (!out->is_verb && end > VERB_PAST_ENDINGS && w->n >= at + 5 && w->letter[w->n - 1] == WAW) {
        r.n = w->n;
        r.has_object = r.has_two = false;
        read_ending(found, &r, &spoken, prefix);
        choose(out, found, prefix);
    }
}

/* The word from letter `at` on stands behind ل. Nouns and names end in ن as well (نسرين, تعاون), so only where neither
 * it nor what is before its object is known. It may be a noun all the same, which stays beside the verb. */
static void read_emphasis(struct verb_reading *out, const struct word *w, const struct lexicon *l, size_t at)
{
    enum { RARE = 8 };                                /* half bits */
    const uint16_t *const s = w->letter + at;
    struct rest r = { w, l, at, w->n, false, true, false };
    const unsigned prefix = prefix_of(&r);
    struct verb_reading found[RANKS] = { { .is_verb = false } };

    if (prefix == WITH_NONE || w->n < at + 4 || !may_begin(w, at + 1, 1) || fihi_counts_find(s, w->n - at) > RARE)
        return;
    const size_t most = may_have_object(w, at) ? sizeof objects / sizeof *objects - TWO_OBJECTS : 1;
    for (size_t o = 0; o < most && !out->is_verb; o++) {
        const size_t n = objects[o].n;

        if (w->n < at + n + 4 || !ends_in(w, w->n, objects[o].s, n) || w->letter[w->n - n - 1] != NOON ||
            fihi_counts_find(s, w->n - n - at) > RARE)
            continue;
        r.n = w->n - n;
        r.has_object = n > 0;
        for (size_t i = 0; i < sizeof emphasis / sizeof *emphasis; i++)
            read_ending(found, &r, &emphasis[i], prefix);
        choose(out, found, prefix);
    }
    out->is_noun = out->is_verb;
}

/* The article, also behind و ف ب ك ل: then it is no verb but one like التقى, ألقى or والى. Words of up to 4 letters are
 * not judged by it: القى. التقى is read as a verb all the same, beside the noun: behind the article stands ت. */
static bool has_article(const struct word *w)
{
    const uint16_t first = w->letter[0], next = w->letter[1];
    const size_t at = first == WAW || first == FEH || first == BEH || first == KAF;

    if (w->n < 5)
        return false;
    if (first == LAM && next == LAM)
        return true;
    return w->letter[at] == ALEF && w->letter[at + 1] == LAM && w->letter[at + 2] != TEH &&
           !(w->was[at] & WAS_HAMZA_ALEF) && (at == 0 || w->n > 5);
}

/* Letters of w from `at` on, as a word that the lists can be asked about. With what was written, for the stop words ask
 * how letters were spelt. */
static void take_rest(struct word *rest, const struct word *w, size_t at)
{
    rest->n = w->n - at;
    memcpy(rest->letter, w->letter + at, rest->n * sizeof *rest->letter);
    memcpy(rest->was, w->was + at, rest->n);
    memcpy(rest->written, w->written + at, rest->n * sizeof *rest->written);
}

/* أتأمرون, أفرأيت, أوعجبتم: the أ of a question, where its hamza is written, before a present or before و and ف, and
 * the whole is rare, or the rest a commoner word: أفلامنا is none. It may be a noun all the same, which stays beside
 * the verb. أكرم has the أ of its form, and أحمد is a name: only evidence keeps them. `at` is 2 where ف or و stands
 * between: أ + ف + رأيت. */
static void read_question(struct verb_reading *out, const struct word *w, const struct lexicon *l)
{
    enum { RARE = 8, COMMONER = 4 };                  /* half bits */
    const uint16_t next = w->n > 1 ? w->letter[1] : 0;
    const size_t at = next == FEH || next == WAW ? 2 : 1;
    struct word rest;

    if (w->n < at + 4 || w->letter[0] != ALEF || !(w->was[0] & WAS_HAMZA_ALEF) ||
        (at == 1 && next != YEH && next != TEH && next != NOON) || fihi_lexicon_find(l, w->letter, w->n) ||
        fihi_lexicon_find(l, w->letter + at, w->n - at))
        return;
    take_rest(&rest, w, at);
    const int whole = fihi_stem_strength(w, l);
    if (whole > RARE && whole + COMMONER > fihi_stem_strength(&rest, l))
        return;
    read_rest(out, w, l, at, false);
    out->is_noun = out->is_verb;
}

/* بيتكلموا, بيستخدمها: so long a word with بي is a present, though Egyptian texts have it as often as others a word.
 * So بيتكلموا is of تكلم. */
static bool is_spoken_present(const struct word *w, size_t at)
{
    enum { LONG = 7 };

    return w->n >= at + LONG && w->letter[at] == BEH && w->letter[at + 1] == YEH;
}

/* بتطور, لقال, بيقول: behind ب, ل and ك, also with و or ف before them, a word is read as it is without them, if the
 * evidence for nouns says that they are clitics. The filter is asked first, for it is quick. Example: of بغير the rest
 * is a stop word, and the noun stays alone. */
static void read_behind_clitic(struct verb_reading *out, const struct word *w, const struct lexicon *l)
{
    const size_t at = w->letter[0] == WAW || w->letter[0] == FEH, first = at + 1;
    const uint16_t c = w->letter[at];
    struct word rest;

    if (w->n < first + 2 || (c != BEH && c != LAM && c != KAF) ||
        (!may_begin(w, first, 0) && !may_begin(w, first + 1, 1)) ||
        (fihi_stem_clitic_letters(w, l) != first && !is_spoken_present(w, at)) ||
        fihi_lexicon_find(l, w->letter + first, w->n - first))
        return;
    take_rest(&rest, w, first);
    if (!fihi_stop_arabic(&rest))                       /* بغير is no form of غيّر */
        read_rest(out, w, l, first, false);
}

/* Does the lexicon have the word from letter `at` on, as it is written? Not رواة, the plural, for رواه, which has no
 * dots and is rather روى before an object: that stays a noun, too. */
static bool is_in_lexicon(const struct word *w, const struct lexicon *l, size_t at, bool may_be_object)
{
    const uint16_t *const s = w->letter + at;
    const size_t n = w->n - at;
    const struct lexeme *const row = lexicon_find_written(l, s, w->was + at, n);

    return row && !(may_be_object && row->kind != LEXEME_NAME && n > 3 && w->written[w->n - 1] == HEH &&
                    fihi_verb_is_commoner(s, n - 1));
}

/* The word from letter `at` on. False if the lexicon knows it: then it is no verb, for names and loans are spelt like
 * verbs by chance. Where nothing was read, and nothing more will be, that is not asked. */
static bool read_from(struct verb_reading *out, const struct word *w, const struct lexicon *l, size_t at, bool is_last)
{
    const uint16_t *const s = w->letter + at;
    const size_t n = w->n - at;

    read_rest(out, w, l, at, false);
    /* لتطور is of تطور, as alone; but no past is behind س. */
    if (!out->is_verb && n > 3 && (s[0] == SEEN || s[0] == LAM) && !fihi_lexicon_find(l, s + 1, n - 1)) {
        read_rest(out, w, l, at + 1, s[0] == SEEN || (s[1] != TEH && s[1] != YEH));
        if (!out->is_verb && s[0] == LAM)
            read_emphasis(out, w, l, at + 1);
    }
    if (out->is_listed || (is_last && !out->is_verb))
        return true;
    if (!is_in_lexicon(w, l, at, out->is_verb && out->is_noun) &&
        !(n > 4 && s[0] == ALEF && s[1] == LAM && fihi_lexicon_find(l, s + 2, n - 2)))
        return true;
    out->is_verb = false;
    return false;
}

/* ومر, ودل: behind و and ف two letters may be the past of a doubled verb, if they are a common word and the whole is a
 * far rarer one: not فرد. */
static bool is_glued_doubled(const struct word *w)
{
    enum { KNOWN = 15, COST = 7 };                    /* half bits; the cost as that of و in stem.c */
    const int rest = w->letter[0] == WAW || w->letter[0] == FEH ? fihi_counts_find(w->letter + 1, 2) : 0;

    return rest >= KNOWN && rest - COST >= fihi_counts_find(w->letter, 3);
}

/* Without a clitic first, then with it. If both are verbs, and the word is not known, the other way round where what is
 * behind the clitic is far more frequent: فوصل is not of فاصل. 16 letters are more than any form has: أفنلزمكموها has
 * 11. */
void fihi_verb_read(struct verb_reading *out, const struct word *w, const struct lexicon *l)
{
    /* Of three letters a hamza that was dropped is a fourth: وجاء. */
    const bool is_long = w->n > 3 || (w->n == 3 && (w->was[2] || is_glued_doubled(w)));
    const bool has_clitic = is_long && (w->letter[0] == WAW || w->letter[0] == FEH);
    struct verb_reading behind = { .is_verb = false };

    *out = behind;
    if (w->n < 2 || w->n > 16 || has_article(w) || !read_from(out, w, l, 0, !has_clitic))
        return;
    if (has_clitic && (!out->is_verb || (is_far_rarer(out->key, 0) && fihi_counts_find(w->letter, w->n) <= 0))) {
        if (!read_from(&behind, w, l, 1, true) && !out->is_verb)
            return;
        if (behind.is_verb && (!out->is_verb || is_far_rarer(out->key, behind.key)))
            *out = behind;
        out->is_noun = out->is_noun || w->n == 3;     /* وعم may be "and an uncle" */
    }
    if (!out->is_verb)
        read_behind_clitic(out, w, l);
    if (!out->is_verb)
        read_question(out, w, l);
    /* وأدى is no وادي: behind و and ف a hamza tells, too. */
    out->is_told = out->is_told || (has_clitic && (w->was[1] & WAS_HAMZA_ALEF));
    out->is_verb = out->is_verb &&
                   (out->is_told || !list_has(&never, w->letter, w->n, list_hash(w->letter, w->n)));
}

/* Letters of keys are code points less VERB_FIRST, and a zero is behind the last. */
static bool is_key(uint16_t key, const struct word *w)
{
    const uint8_t *const s = fihi_verbs.keys[key];
    size_t n = 0;

    for (; n <= VERB_STEM && s[n]; n++)
        if (n == w->n || w->letter[n] != VERB_FIRST + s[n])
            return false;
    return n == w->n;
}

/* A key that is spelt like a noun is a past. Most words are not even that, so it is asked first. Example: تعاون is a
 * key, so the ون of التعاون is left. */
bool fihi_verb_is_key(const struct word *w, const struct lexicon *l)
{
    struct verb_reading verb;
    uint16_t key;

    if (!may_be_ending(w->letter[w->n - 1]) || !find_stem(&key, w, 0, w->n, PAST_BARE) || !is_key(key, w))
        return false;
    fihi_verb_read(&verb, w, l);
    return verb.is_verb && !verb.is_noun && verb.key == key;
}

/* For the stemmer's roots. No letter has a hamza: those of a root are folded. */
bool fihi_verb_is_past(const uint16_t *s, size_t n)
{
    struct word w;
    uint16_t key;

    if (n > VERB_STEM)
        return false;
    memcpy(w.letter, s, n * sizeof *s);
    memset(w.was, 0, n);
    return find_stem(&key, &w, 0, n, PAST_BARE);
}

/* Only `letter` and `was` are set: who asks how the word was written must do so before. */
void fihi_verb_take(struct word *w, uint16_t key, struct trace *t)
{
    const uint8_t *const s = fihi_verbs.keys[key];
    uint8_t form[FIH_MAX_TERM];

    for (w->n = 0; w->n <= VERB_STEM && s[w->n]; w->n++) {
        w->letter[w->n] = (uint16_t)(VERB_FIRST + s[w->n]);
        w->was[w->n] = 0;
    }
    if (t && t->is_on)
        fihi_trace_step(t, form, fihi_fold_utf8(form, sizeof form, w), "verb", NULL);
}

const struct list *fihi_verb_list(unsigned which)
{
    return which == 0 ? &both : which == 1 ? &never : NULL;
}

/* Index and filter follow from the rows, and are not in it. */
uint64_t fihi_verb_hash(void)
{
    const struct verb_table *const t = &fihi_verbs;
    uint64_t h = XXH3_64bits(t->rows, t->row_count * sizeof *t->rows);

    h = XXH3_64bits_withSeed(t->keys, t->key_count * sizeof *t->keys, h);
    h = XXH3_64bits_withSeed(t->also, t->key_count * sizeof *t->also, h);
    h = XXH3_64bits_withSeed(verb_or_noun, sizeof verb_or_noun, h);
    return XXH3_64bits_withSeed(verb_never, sizeof verb_never, h);
}
