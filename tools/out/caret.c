/* caret.c - two lines that a terminal lays out alike, whether it knows the bidirectional algorithm (UAX #9) or not.
 *
 * Without it both run from the left, and the caret is as many columns in as the text before it takes. With it a line
 * of Arabic runs from the right, and so must the line below: both stand in isolates of one direction and have the same
 * width, and where directions mix each character has a blank of its own direction below it. Spaces at the end of a line
 * would be moved to the line's own end (rule L1), so blanks are U+00A0, and U+2800 below what runs from the left.
 */
#include "out/caret.h"

#include <stdbool.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "out/out.h"

#define LRI   "\xE2\x81\xA6" /* U+2066 left-to-right isolate */
#define RLI   "\xE2\x81\xA7" /* U+2067 right-to-left isolate */
#define PDI   "\xE2\x81\xA9" /* U+2069 pop directional isolate */
#define LRM   "\xE2\x80\x8E" /* U+200E left-to-right mark */
#define RLM   "\xE2\x80\x8F" /* U+200F right-to-left mark */
#define NBSP  "\xC2\xA0"
#define BLANK "\xE2\xA0\x80" /* U+2800 braille pattern blank: a letter that runs from the left, and shows nothing */
#define DOTS  "\xE2\x80\xA6" /* U+2026 horizontal ellipsis */

enum { BEFORE = 40, BEHIND = 24 };   /* characters shown on either side */

enum side { NEITHER, LEFT, RIGHT };  /* where a character's script begins */

struct window {
    fih_str text;
    size_t  start, at, end;
    bool    has[3];                  /* by side */
    bool    is_right;                /* the first strong character is */
};

static enum side side_of(UChar32 c)
{
    const UCharDirection d = c < 0 ? U_OTHER_NEUTRAL : u_charDirection(c);

    return d == U_RIGHT_TO_LEFT || d == U_RIGHT_TO_LEFT_ARABIC                            ? RIGHT
           : d == U_LEFT_TO_RIGHT || d == U_EUROPEAN_NUMBER || d == U_ARABIC_NUMBER ? LEFT
                                                                                     : NEITHER;
}

static size_t step_back(fih_str s, size_t i, unsigned n)
{
    while (n-- > 0 && i > 0)
        U8_BACK_1((const uint8_t *)s.ptr, 0, i);
    return i;
}

static size_t step_on(fih_str s, size_t i, unsigned n)
{
    while (n-- > 0 && i < s.len)
        U8_FWD_1((const uint8_t *)s.ptr, i, s.len);
    return i;
}

static void look(struct window *w)
{
    bool is_first = true;

    for (size_t i = w->start; i < w->end;) {
        UChar32 c;

        U8_NEXT((const uint8_t *)w->text.ptr, i, w->end, c);
        const enum side side = side_of(c);
        w->has[side] = true;
        if (side != NEITHER && is_first && u_charDirection(c) != U_EUROPEAN_NUMBER &&
            u_charDirection(c) != U_ARABIC_NUMBER) {
            w->is_right = side == RIGHT;
            is_first = false;
        }
    }
}

/* Columns of the character at i, which takes n bytes: a space too has one. */
static size_t columns(const struct window *w, size_t i, size_t n, UChar32 c)
{
    return c >= 0 && u_isUWhiteSpace(c) ? 1 : out_width((fih_str){ w->text.ptr + i, n });
}

static void put_char(FILE *f, const struct window *w, size_t i, size_t n, UChar32 c)
{
    if (c >= 0 && u_isUWhiteSpace(c))
        putc(' ', f);
    else
        out_text_bare(f, (fih_str){ w->text.ptr + i, n });
}

static void put_blank(FILE *f, const struct window *w, enum side side, size_t n)
{
    const bool is_mixed = w->has[LEFT] && w->has[RIGHT];

    for (; n > 0; n--)
        fputs(!w->has[RIGHT] ? " " : is_mixed && side == LEFT ? BLANK : is_mixed && side == RIGHT ? NBSP RLM : NBSP, f);
}

static void put_caret(FILE *f, const struct window *w, enum side side)
{
    const char *mark = !w->has[LEFT] || !w->has[RIGHT] || side == NEITHER ? "" : side == LEFT ? LRM : RLM;

    fprintf(f, "%s^%s", mark, mark);
}

static void print_line(FILE *f, const struct window *w, bool is_caret)
{
    bool is_behind = false;

    fputs(w->has[RIGHT] ? w->is_right ? "  " RLI : "  " LRI : "  ", f);
    if (w->start > 0)
        fputs(is_caret ? w->has[RIGHT] ? NBSP : " " : DOTS, f);
    for (size_t i = w->start, at; at = i, i < w->end;) {
        UChar32 c;

        U8_NEXT((const uint8_t *)w->text.ptr, i, w->end, c);
        const size_t width = columns(w, at, i - at, c);
        if (!is_caret) {
            put_char(f, w, at, i - at, c);
        } else if (at >= w->at && !is_behind) {
            put_caret(f, w, side_of(c));
            put_blank(f, w, side_of(c), width ? width - 1 : 0);
            is_behind = true;
        } else if (!is_behind || w->has[RIGHT]) {
            put_blank(f, w, side_of(c), width);
        }
    }
    if (is_caret && !is_behind)
        putc('^', f);
    else if (w->end < w->text.len && (!is_caret || w->has[RIGHT]))
        fputs(is_caret ? NBSP : DOTS, f);
    else if (w->at == w->text.len && w->has[RIGHT])
        fputs(NBSP, f);                  /* where the caret stands behind all */
    fputs(w->has[RIGHT] ? PDI "\n" : "\n", f);
}

void caret_print(FILE *f, fih_str text, size_t at)
{
    struct window w = { .text = text, .at = at < text.len ? at : text.len };

    w.start = step_back(text, w.at, BEFORE);
    w.end = step_on(text, w.at, BEHIND);
    look(&w);
    print_line(f, &w, false);
    print_line(f, &w, true);
}
