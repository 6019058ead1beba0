/* search/apart_initials.c - initials of which two are written together: أف ب for أ ف ب, أ.ف.ب.
 *
 * The analyzer reads letters that stand alone as initials, whatever stands between them. Where two of them have lost
 * their space they are words of two letters and of one, which say nothing. So a query of such finds the initials that
 * the index has of their letters, or the word; and initials find such words, where they stand side by side in the
 * index. Initials are no word of their letters (ص.ب is not صب), so these two do not find each other.
 */
#include <string.h>

#include "search/apart_part.h"

enum { LEAST = 3, MOST = 4, BYTES = 2 * MOST };

/* Letters of all pieces, and how the pieces were cut. */
struct letters {
    char     text[BYTES];              /* two bytes each */
    unsigned count, pairs;             /* letters; pieces of two */
    bool     has_points;
};

/* Is the piece one letter, two, or several with points between? Its letters go to *l. */
static bool take(struct letters *l, const struct piece *p)
{
    const unsigned before = l->count;
    bool has_points = false;

    for (size_t i = 0; i < p->len;) {
        if (p->text[i] == '.') {
            has_points = true;
            i++;
            continue;
        }
        /* The first byte of letters of two bytes of our script. */
        if (l->count == MOST || p->len - i < 2 || (uint8_t)p->text[i] < 0xD8 || (uint8_t)p->text[i] > 0xDB)
            return false;
        memcpy(l->text + 2 * (size_t)l->count++, p->text + i, 2);
        i += 2;
    }
    /* و is a word among letters with spaces. */
    if (p->len == 2 && memcmp(p->text, "و", 2) == 0)
        return false;
    l->has_points |= has_points;
    l->pairs += !has_points && l->count - before == 2;
    return has_points || l->count - before == 1 || (l->count - before == 2 && !p->is_stop);
}

/* With points: initials of the index. Without: its word, if it is none that is common otherwise. */
static int try_whole(struct apart *x, const struct letters *l, bool has_points, struct writing *out, fih_error *err)
{
    struct piece p;
    int rc;

    out->len = 0;
    for (unsigned i = 0; i < l->count; i++) {
        if (i && has_points)
            out->text[out->len++] = '.';
        memcpy(out->text + out->len, l->text + 2 * (size_t)i, 2);
        out->len += 2;
    }
    rc = fihi_apart_look(x, out->text, out->len, &p, err);
    if (rc == 0 && (has_points || (p.is_word && !p.is_stop && !fihi_apart_is_other(&p))))
        rc = fihi_apart_count_word(x, &p, err);
    out->docs = rc == 0 && p.is_counted ? p.docs : 0;
    out->len = out->docs ? out->len : 0;
    return rc;
}

/* In two words, the first of so many letters: in a third of the documents that have the rarer one. */
static int try_cut(struct apart *x, const struct letters *l, unsigned first, struct writing *out, fih_error *err)
{
    struct piece pieces[2], *const list[] = {&pieces[0], &pieces[1]};
    const size_t n = 2 * (size_t)first, all = 2 * (size_t)l->count;
    struct evidence e;
    int rc = FIH_OK;

    memcpy(out->text, l->text, n);
    out->text[n] = ' ';
    memcpy(out->text + n + 1, l->text + n, all - n);
    out->len = 0;
    for (unsigned i = 0; i < 2; i++)
        if ((rc = fihi_apart_look(x, out->text + (i ? n + 1 : 0), i ? all - n : n, list[i], err)) != 0 ||
            !list[i]->is_word || (rc = fihi_apart_count_word(x, list[i], err)) != 0 || list[i]->docs == 0)
            return rc;
    if ((rc = fihi_apart_find(x, list, 2, &e, err)) == 0 && evidence_is_lifted(&e) && evidence_is_mostly(&e, 3)) {
        out->len = all + 1;
        out->docs = e.docs;
    }
    return rc;
}

int fihi_apart_initials(struct apart *x, struct piece *const *pieces, unsigned count,
                        struct writing out[APART_WRITINGS], unsigned *writings, bool *is_initials, fih_error *err)
{
    struct letters l = {.count = 0};
    int rc = FIH_OK;

    *writings = 0;
    *is_initials = false;
    for (unsigned i = 0; i < count; i++)
        if (pieces[i]->len > 2 * BYTES || !take(&l, pieces[i]))
            return FIH_OK;
    if (l.count < LEAST || (l.pairs > 0 && (l.has_points || l.pairs == count)))
        return FIH_OK;
    *is_initials = true;
    for (unsigned i = 0; i < 2 && rc == 0; i++) {
        rc = l.pairs > 0 ? try_whole(x, &l, i == 0, &out[*writings], err)
                         : try_cut(x, &l, i ? l.count - 2 : 2, &out[*writings], err);
        *writings += rc == 0 && out[*writings].len > 0;
    }
    return rc;
}
