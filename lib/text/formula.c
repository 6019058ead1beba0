/* text/formula.c - the words around a word, folded, and the list is looked for in them. */
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

/* False if it is no Arabic word, or too long for one of a formula. */
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

bool fihi_formula_has(fih_str text, size_t start, size_t end, struct chain *c)
{
    struct around x;

    if (!look_around(&x, c, text, (struct beside){ start, end }))
        return false;
    for (size_t i = 0; i < FORMULAS; i++) {
        const size_t n = strlen(formulas[i]);

        for (const char *s = x.text; (s = strstr(s, formulas[i])); s++) {
            const size_t from = (size_t)(s - x.text) - 1, to = from + 1 + n;

            if (from > x.start)
                break;
            if (x.text[from] == ' ' && x.text[to] == ' ' && to >= x.end)
                return true;
        }
    }
    return false;
}

const char *fihi_formula_at(size_t i)
{
    return i < FORMULAS ? formulas[i] : NULL;
}
