/* text/formula.c - the words around a word, folded, and the list is looked for in them.
 *
 * صلى الله عليه وسلم in a query marks four words. Each is looked at by itself, as the analyzer hands it out: up to
 * REACH words on either side are folded into one line, and each formula is sought in it that covers the word. So no
 * state is kept between words, and it does not matter where a query's text was cut. It costs as many searches of a
 * short line as there are formulas, for words of queries only.
 *
 *    text    محمد صلى الله عليه وسلم قال, at عليه
 *    line    " محمد صلي الله عليه وسلم قال "         start before " عليه", end behind it
 *    found   "صلي الله عليه وسلم" with spaces on both sides, from before start to behind end
 */
#include "text/formula.h"

#include <string.h>

#include "text/beside.h"
#include "text/fold.h"

typedef char formula[72];      /* in UTF-8 */

#include "formulas_rows.h"     /* text/lists/formulas.tsv */

enum {
    FORMULAS = sizeof formulas / sizeof *formulas,
    REACH = 6,                 /* words of the longest formula, less one */
    WORD_BYTES = 64,           /* of a word, or of a sign's */
    LETTER_BYTES = 3,          /* of a letter, at most */
    AROUND_BYTES = (2 * REACH + 1) * WORD_BYTES
};

/* The words around one in their normal form, each with a space before it; that one at bytes start … end. */
struct around {
    char   text[AROUND_BYTES + 2];
    size_t len, start, end;
};

/* False if it is no Arabic word, or too long for one of a formula. The sum is tested with 3 bytes a letter before
 * anything is written, so each word takes WORD_BYTES at most, as AROUND_BYTES counts. What a failed word has written
 * lies behind `len`. */
static bool add_word(struct around *x, struct chain *c, fih_str text, struct beside w)
{
    const uint8_t *const s = (const uint8_t *)text.ptr + w.start;
    size_t at = 0, end = x->len;

    if (w.end == w.start || w.end - w.start > WORD_BYTES || !fihi_fold_is_arabic(s, w.end - w.start))
        return false;
    fihi_fold_raw(&c->raw, s, w.end - w.start, 0);
    while (fihi_fold_next(&c->form, &c->raw, &at)) {
        if (end + 1 + LETTER_BYTES * c->form.n > x->len + WORD_BYTES)
            return false;
        x->text[end++] = ' ';
        end += fihi_fold_utf8((uint8_t *)x->text + end, x->len + WORD_BYTES - end, &c->form);
    }
    x->len = end;
    return true;
}

/* False if there is nothing to look at. */
static bool look_around(struct around *x, struct chain *c, fih_str text, struct beside word)
{
    struct beside before[REACH], next = word;
    size_t count = 0;

    x->len = 0;
    for (size_t at = word.start; count < REACH; at = before[count++].start) {
        before[count] = fihi_beside_before(text, at);
        if (before[count].start == before[count].end)
            break;
    }
    while (count > 0)
        if (!add_word(x, c, text, before[--count]))
            x->len = 0;                            /* no formula goes on behind it */
    x->start = x->len;
    if (!add_word(x, c, text, word))
        return false;
    x->end = x->len;
    for (size_t i = 0; i < REACH; i++) {
        next = fihi_beside_behind(text, next.end);
        if (!add_word(x, c, text, next))
            break;
    }
    x->text[x->len++] = ' ';
    x->text[x->len] = '\0';
    return true;
}

/* start … end are the word's bytes in the text. Called for each word of a query; in documents these words are words
 * like any others. */
bool fihi_formula_has(fih_str text, size_t start, size_t end, struct chain *c)
{
    struct around x;

    if (!look_around(&x, c, text, (struct beside){ start, end }))
        return false;
    for (size_t i = 0; i < FORMULAS; i++) {
        const size_t n = strlen(formulas[i]);

        for (const char *s = x.text; (s = strstr(s, formulas[i])); s++) {
            /* The line begins with a space and no formula does, so there is a byte before each. */
            const size_t from = (size_t)(s - x.text) - 1, to = from + 1 + n;

            /* Later places lie further to the right. */
            if (from > x.start)
                break;
            if (x.text[from] == ' ' && x.text[to] == ' ' && to >= x.end)
                return true;
        }
    }
    return false;
}

/* For the test that holds the list against the fold. */
const char *fihi_formula_at(size_t i)
{
    return i < FORMULAS ? formulas[i] : NULL;
}
