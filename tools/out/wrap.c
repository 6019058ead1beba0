/* wrap.c - a line cut into pieces at its spaces and between ideographs, and laid into lines.
 *
 * The bidirectional algorithm (UAX #9) ends every isolate with its line: at a break those that are open are closed, and
 * opened again on the next one with the direction that they have had so far.
 */
#include "out/wrap.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <unistd.h>

#include "fihrist.h"
#include "out/out.h"

#define LRI "\u2066"
#define RLI "\u2067"
#define FSI "\u2068"
#define PDI "\u2069"

enum { LEAST_COLUMNS = 20, MOST_COLUMNS = 10000, MOST_DEPTH = 8 };

unsigned wrap_columns(void)
{
    const char *asked = getenv("COLUMNS");
    unsigned long columns = 0;
    struct winsize size;
    char *end;

    if (asked && *asked >= '0' && *asked <= '9') {
        columns = strtoul(asked, &end, 10);
        columns = *end ? 0 : columns;
    }
    if (columns == 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        columns = size.ws_col;
    return columns == 0              ? 0
           : columns < LEAST_COLUMNS ? LEAST_COLUMNS
           : columns > MOST_COLUMNS  ? MOST_COLUMNS
                                     : (unsigned)columns;
}

FILE *wrap_begin(struct wrap *w, FILE *f, unsigned columns)
{
    *w = (struct wrap){ .f = f, .columns = columns };
    if (columns > 0)
        w->memory = open_memstream(&w->text, &w->bytes);
    return w->memory ? w->memory : f;
}

/* ---- pieces */

struct layout {
    FILE        *f;
    const char  *s;
    size_t       n;
    unsigned     columns, indent, column;
    bool         is_begun;                  /* the line has something in it */
    unsigned     depth;                     /* of isolates */
    const char  *isolates[MOST_DEPTH];      /* how each is opened again */
};

/* A colour, as out.h lets no other escape through: ESC [ … m. Its bytes, or 0. */
static size_t escape_at(const struct layout *l, size_t i)
{
    const size_t from = i;

    if (l->n - i < 3 || l->s[i] != '\033' || l->s[i + 1] != '[')
        return 0;
    for (i += 2; i < l->n && l->s[i] != 'm'; i++)
        ;
    return i < l->n ? i + 1 - from : 0;
}

static UChar32 char_at(const struct layout *l, size_t *i)
{
    UChar32 c;

    U8_NEXT((const uint8_t *)l->s, *i, l->n, c);
    return c < 0 ? 0xFFFD : c;
}

/* Texts of these have no spaces between words. */
static bool is_ideograph(UChar32 c)
{
    return u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC) || (c >= 0x3041 && c <= 0x30FF);
}

/* A mark that belongs to the word before it, for it never begins a line. */
static bool clings(const struct layout *l, size_t i)
{
    size_t end;

    for (; i < l->n && (end = escape_at(l, i)) != 0; i += end)
        ;
    if (i == l->n)
        return true;
    const UChar32 c = char_at(l, &i);
    return c == 0x00B7 || c == 0x2026;
}

/* Where the piece at i ends, and its width: at a space, or between two ideographs. */
static size_t piece(const struct layout *l, size_t i, unsigned *width)
{
    UChar32 last = 0;
    size_t end;

    *width = 0;
    while (i < l->n) {
        if ((end = escape_at(l, i)) != 0) {
            i += end;
            continue;
        }
        if (l->s[i] == ' ' && !clings(l, i + 1))
            break;
        end = i;
        const UChar32 c = char_at(l, &end);
        if (last && is_ideograph(last) && is_ideograph(c))
            break;
        *width += (unsigned)out_char_width(c);
        last = c;
        i = end;
    }
    return i;
}

/* ---- lines */

static void note_char(struct layout *l, UChar32 c)
{
    static const char *const openers[] = { LRI, RLI, FSI };
    const UCharDirection d = u_charDirection(c);

    if (c >= 0x2066 && c <= 0x2068) {
        if (l->depth < MOST_DEPTH)
            l->isolates[l->depth] = openers[c - 0x2066];
        l->depth++;
    } else if (c == 0x2069) {
        l->depth -= l->depth > 0;
    } else if (l->depth > 0 && l->depth <= MOST_DEPTH && strcmp(l->isolates[l->depth - 1], FSI) == 0) {
        if (d == U_LEFT_TO_RIGHT)
            l->isolates[l->depth - 1] = LRI;
        else if (d == U_RIGHT_TO_LEFT || d == U_RIGHT_TO_LEFT_ARABIC)
            l->isolates[l->depth - 1] = RLI;
    }
}

static void put_piece(struct layout *l, size_t from, size_t to)
{
    size_t end;

    fwrite(l->s + from, 1, to - from, l->f);
    for (size_t i = from; i < to;) {
        if ((end = escape_at(l, i)) != 0)
            i += end;
        else
            note_char(l, char_at(l, &i));
    }
}

static void break_line(struct layout *l)
{
    for (unsigned i = 0; i < l->depth; i++)
        fputs(PDI, l->f);
    fprintf(l->f, "\n%*s", (int)l->indent, "");
    for (unsigned i = 0; i < l->depth; i++)
        fputs(i < MOST_DEPTH ? l->isolates[i] : FSI, l->f);
    l->column = l->indent;
    l->is_begun = false;
}

static void lay_out(struct layout *l)
{
    size_t i = 0;

    while (i < l->n) {
        unsigned spaces = 0, width;
        size_t end;

        while (i < l->n && l->s[i] == ' ') {
            spaces++;
            i++;
        }
        end = piece(l, i, &width);
        if (l->is_begun && l->column + spaces + width > l->columns)
            break_line(l);
        else
            l->column += (unsigned)fprintf(l->f, "%*s", (int)spaces, "");
        put_piece(l, i, end);
        l->column += width;
        l->is_begun |= width > 0;
        i = end;
    }
}

void wrap_end(struct wrap *w, unsigned indent)
{
    if (w->memory && fclose(w->memory) == 0) {
        struct layout l = { .f = w->f, .s = w->text, .n = w->bytes, .columns = w->columns, .indent = indent };

        lay_out(&l);
    }
    free(w->text);
    putc('\n', w->f);
}
