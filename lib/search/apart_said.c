/* search/apart_said.c - other spacings of what is said so often: ما زال, مازال; إن شاء الله, انشاء الله, انشاءالله.
 *
 * That these words belong together is known (text/said.h), so the index need not prove it: one that has مازال alone has
 * no زال. What is asked of it is which of the spacings it has. Each that is there is a writing, for texts may have
 * several.
 *
 * Example: "ماشاء الله" is two words of the query, and ماشاالله is in the list. It is cut behind its first two letters
 * and before its last four, and asked was the cut before the last four alone: so the writings are ماشاءالله with no
 * cut, "ما شاء الله" with both, "ما شاءالله" with the other one.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "search/apart_part.h"
#include "text/counts.h"
#include "text/said.h"

enum {
    LETTERS_MAX = 2 * LIST_ROW,        /* that are compared: longer words are in no list */
    HEAD = 2,                          /* letters of a particle that comes first, or of ما that comes last */
    GOD_LETTERS = 4,
    CUTS_MAX = APART_PIECES - 1,
    PRESENT_BITS = 8,                  /* half bits of a count: some 16 occurrences in texts (text/counts.h) */
    COMMON_BITS = 18                   /* and 512 */
};

/* A normalised word as letters, from out[n] on; how many there are then, or LETTERS_MAX if they are too many. */
static unsigned add_letters(uint16_t *out, unsigned n, const struct piece *p)
{
    size_t bytes;
    const uint8_t *const s = fihi_apart_word(p, &bytes);
    int ok = 1;

    for (size_t i = 0; i < bytes && n < LETTERS_MAX;)
        out[n++] = (uint16_t)fihi_utf8_next(s, bytes, &i, &ok);
    return ok ? n : LETTERS_MAX;
}

/* Is it in the list, also behind و or ف? The letters that are in it then begin at *from. */
static bool is_listed(const uint16_t *letters, unsigned n, unsigned *from)
{
    *from = 0;
    if (n < LETTERS_MAX && fihi_said_has(letters, n))
        return true;
    *from = 1;
    return n < LETTERS_MAX && n > 3 && (letters[0] == u'و' || letters[0] == u'ف') && fihi_said_has(letters + 1, n - 1);
}

bool fihi_apart_is_other(const struct piece *p)
{
    uint16_t letters[LETTERS_MAX];
    const unsigned n = add_letters(letters, 0, p);

    return n < LETTERS_MAX &&
           (fihi_said_is_other(letters, n) ||
            (n > 3 && (letters[0] == u'و' || letters[0] == u'ف') && fihi_said_is_other(letters + 1, n - 1)));
}

/* A word in ي or ت that occurs. What are nouns among these hardly stands behind ما or لا in one word with it. */
bool fihi_apart_is_present(const struct piece *p)
{
    uint16_t letters[LETTERS_MAX];
    const unsigned n = add_letters(letters, 0, p);

    return n >= 3 && n < LETTERS_MAX && !p->is_stop && (letters[0] == u'ي' || letters[0] == u'ت') &&
           fihi_counts_find(letters, n) >= PRESENT_BITS;
}

/* ما, لا, يا; ان, which is إن, stands in the list before شاء alone. */
static bool begins_with_particle(const uint16_t *said)
{
    return (said[1] == u'ا' && (said[0] == u'م' || said[0] == u'ل' || said[0] == u'ي')) ||
           (said[0] == u'ا' && said[1] == u'ن');
}

bool fihi_apart_is_common(const struct piece *p)
{
    uint16_t letters[LETTERS_MAX];
    const struct piece stem = {.key = p->key};
    const unsigned n = add_letters(letters, 0, p);

    if (n < LETTERS_MAX && fihi_counts_find(letters, n) >= COMMON_BITS)
        return true;
    const unsigned left = add_letters(letters, 0, &stem);

    return left < LETTERS_MAX && fihi_counts_find(letters, left) >= COMMON_BITS;
}

/* Behind which letters of the text it is cut; how many cuts. A stop word's letters lack its و or ف, the text has it. */
static unsigned find_cuts(const char *text, const uint16_t *said, unsigned n, unsigned letters, unsigned cuts[CUTS_MAX])
{
    static const uint16_t god[] = {u'ا', u'ل', u'ل', u'ه'};
    const bool is_behind = memcmp(text, "و", 2) == 0 || memcmp(text, "ف", 2) == 0;
    const bool has_god = n > GOD_LETTERS && memcmp(said + n - GOD_LETTERS, god, sizeof god) == 0;
    unsigned count = 0;

    if (!begins_with_particle(said)) {         /* so it is ما that comes last */
        cuts[count++] = letters - HEAD;
        return count;
    }
    cuts[count++] = is_behind + HEAD;
    if (has_god && letters > cuts[0] + GOD_LETTERS)
        cuts[count++] = letters - GOD_LETTERS;
    return count;
}

/* What was asked as one of its spacings, a bit for each cut; -1 if it is cut elsewhere. */
static int asked_mask(struct piece *const *pieces, unsigned count, const unsigned *cuts, unsigned cut_count)
{
    unsigned at = 0;
    int mask = 0;

    for (unsigned i = 0; i + 1 < count; i++) {
        unsigned k = 0;

        at += pieces[i]->letters;
        while (k < cut_count && cuts[k] != at)
            k++;
        if (k == cut_count)
            return -1;
        mask |= 1 << k;
    }
    return mask;
}

/* What is looked up together: the text without spaces, its letters, its cuts. */
struct said {
    char     text[APART_BYTES];
    size_t   len;
    uint16_t starts[APART_LETTERS + 1];
    unsigned letters, cuts[CUTS_MAX], cut_count;
};

/* The text cut as the mask says: into *out with spaces, and each piece looked up. How many pieces; 0 if one is no word
 * of the index. */
static int look_at(struct apart *x, const struct said *s, int mask, struct writing *out, struct piece *pieces,
                   unsigned *count, fih_error *err)
{
    unsigned from = 0;
    int rc = FIH_OK;

    *count = 0;
    out->len = 0;
    for (unsigned k = 0; k <= s->cut_count; k++) {
        const unsigned to = k < s->cut_count ? s->cuts[k] : s->letters;
        const size_t n = (size_t)(s->starts[to] - s->starts[from]);
        struct piece *const p = &pieces[*count];

        if (k < s->cut_count && !(mask & 1 << k))
            continue;
        if (out->len)
            out->text[out->len++] = ' ';
        memcpy(out->text + out->len, s->text + s->starts[from], n);
        if ((rc = fihi_apart_look(x, out->text + out->len, n, p, err)) != 0 || !p->is_word ||
            (rc = fihi_apart_count_word(x, p, err)) != 0 || p->docs == 0) {
            *count = 0;
            break;
        }
        out->len += n;
        from = to;
        ++*count;
    }
    return rc;
}

/* One of the spacings, if the index has it: out->len is 0 otherwise. As one word it must be that by its stem, too:
 * ماكان may not be found as ماك with an ending. */
static int try_spacing(struct apart *x, const struct said *s, int mask, struct writing *out, fih_error *err)
{
    struct piece pieces[APART_PIECES], *list[APART_PIECES];
    struct evidence e;
    unsigned count;
    int rc = look_at(x, s, mask, out, pieces, &count, err);

    for (unsigned i = 0; i < count; i++)
        list[i] = &pieces[i];
    out->docs = 0;
    if (rc == 0 && count == 1 && fihi_apart_reaches(&pieces[0], s->cuts[0], s->letters - s->cuts[s->cut_count - 1]))
        out->docs = pieces[0].docs;
    if (rc == 0 && count > 1 && (rc = fihi_apart_find(x, list, count, &e, err)) == 0 && evidence_is_lifted(&e))
        out->docs = e.docs;
    out->len = out->docs ? out->len : 0;
    return rc;
}

int fihi_apart_said(struct apart *x, struct piece *const *pieces, unsigned count, struct writing out[APART_WRITINGS],
                    unsigned *writings, bool *is_said, fih_error *err)
{
    uint16_t letters[LETTERS_MAX] = {0};
    struct said s = {.len = 0};
    unsigned n = 0, from;
    int asked, rc = FIH_OK;

    *writings = 0;
    *is_said = false;
    for (unsigned i = 0; i < count; i++)
        if (!pieces[i]->is_word)
            return FIH_OK;
        else
            n = add_letters(letters, n, pieces[i]);
    if (!is_listed(letters, n, &from))
        return FIH_OK;
    for (unsigned i = 0; i < count; s.len += pieces[i++]->len)
        if (s.len + pieces[i]->len + APART_PIECES >= APART_BYTES)
            return FIH_OK;
        else
            memcpy(s.text + s.len, pieces[i]->text, pieces[i]->len);
    if ((s.letters = fihi_apart_letters(s.text, s.len, s.starts)) == 0)
        return FIH_OK;
    s.cut_count = find_cuts(s.text, letters + from, n - from, s.letters, s.cuts);
    if ((asked = asked_mask(pieces, count, s.cuts, s.cut_count)) < 0)
        return FIH_OK;
    *is_said = true;
    for (int mask = 0; mask < 1 << s.cut_count && rc == 0; mask++)
        if (mask != asked && (rc = try_spacing(x, &s, mask, &out[*writings], err)) == 0)
            *writings += out[*writings].len > 0;
    return rc;
}
