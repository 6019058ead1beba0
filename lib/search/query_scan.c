/* search/query_scan.c - reading a query's text byte by byte.
 *
 * Bytes and not characters: all signs of the language are ASCII or fixed sequences, and in UTF-8 no character
 * contains another, so a byte that looks like a sign is one. A text that is no UTF-8 is read all the same. Each
 * function looks at most at t->n bytes, also where a sequence is cut.
 */
#include "search/query_scan.h"

#include <string.h>

size_t fihi_scan_space(const struct scan *t, size_t i)
{
    const unsigned char c = (unsigned char)t->s[i];

    /* Controls are spaces; so is U+00A0, which word processors put between words. */
    if (c <= ' ')
        return 1;
    return c == 0xC2 && i + 1 < t->n && (unsigned char)t->s[i + 1] == 0xA0 ? 2 : 0;
}

/* Ends: fihi_scan_space() is at most what is left. */
void fihi_scan_skip(struct scan *t)
{
    size_t space;

    while (t->i < t->n && (space = fihi_scan_space(t, t->i)) != 0)
        t->i += space;
}

/* Is there a space in the bytes from … to? Of a word that split.c says has some of its own. */
bool fihi_scan_has_space(const struct scan *t, size_t from, size_t to)
{
    while (from < to && !fihi_scan_space(t, from))
        from++;
    return from < to;
}

/* Outside of parentheses ) is text, as in :-) */
bool fihi_scan_closes(const struct scan *t, size_t i)
{
    return t->depth > 0 && t->s[i] == ')';
}

/* A word, an operator or a number ends here: at the text's end, at a space, or at a parenthesis that closes ours. */
bool fihi_scan_is_end(const struct scan *t, size_t i)
{
    return i >= t->n || fihi_scan_space(t, i) || fihi_scan_closes(t, i);
}

/* A digit of the three sets that Arabic texts use, as fihi_date_parse() has them: its value and its bytes. The digits
 * are U+0660 to U+0669 (D9 A0 to D9 A9) and U+06F0 to U+06F9 (DB B0 to DB B9). */
static int digit_at(const struct scan *t, size_t i, size_t *bytes)
{
    const unsigned char *s = (const unsigned char *)t->s + i;

    *bytes = 1;
    if (i < t->n && s[0] >= '0' && s[0] <= '9')
        return s[0] - '0';
    *bytes = 2;
    if (i + 1 < t->n && s[0] == 0xD9 && s[1] >= 0xA0 && s[1] <= 0xA9)
        return s[1] - 0xA0;
    if (i + 1 < t->n && s[0] == 0xDB && s[1] >= 0xB0 && s[1] <= 0xB9)
        return s[1] - 0xB0;
    return -1;
}

/* Six digits are more than is asked for anywhere. With six digits the float is exact enough for every limit, and no
 * number overflows. "1." is the number 1 and a point. */
bool fihi_scan_number(const struct scan *t, size_t *i, float *value)
{
    unsigned digits = 0;
    size_t bytes;
    int d;

    *value = 0;
    for (; digits < 6 && (d = digit_at(t, *i, &bytes)) >= 0; digits++, *i += bytes)
        /* Of more than six digits the rest is left standing, and what stands behind a number that must end makes it
         * none. */
        *value = *value * 10 + (float)d;
    if (digits == 0)
        return false;
    if (*i + 1 < t->n && t->s[*i] == '.' && digit_at(t, *i + 1, &bytes) >= 0) {
        float unit = 1;

        /* The point is only taken if a digit follows. */
        for (++*i; digits < 6 && (d = digit_at(t, *i, &bytes)) >= 0; digits++, *i += bytes)
            *value += (float)d * (unit /= 10);
    }
    return true;
}

/* Marks that open a quotation, and those that close it: «…», “…”, „…“, ‹…›, and turned round, as some type them.
 * Which side opens depends on the keyboard and on the direction of the text, so both do. */
static const struct {
    char open[4], close[2][4];
} quotes[] = {
    {"\"", {"\"", ""}}, {"«", {"»", ""}}, {"»", {"«", ""}}, {"‹", {"›", ""}},
    {"›", {"‹", ""}},   {"“", {"”", "“"}}, {"”", {"“", "”"}}, {"„", {"“", "”"}},
};

/* "" stands where a mark has one closing form only. */
static bool has_mark(const struct scan *t, size_t i, const char *mark)
{
    const size_t n = strlen(mark);

    return n > 0 && t->n - i >= n && memcmp(t->s + i, mark, n) == 0;
}

bool fihi_scan_quotes(const struct scan *t, size_t i, size_t *from, size_t *to, size_t *mark)
{
    for (size_t q = 0; i < t->n && q < sizeof quotes / sizeof *quotes; q++) {
        if (!has_mark(t, i, quotes[q].open))
            continue;
        *mark = strlen(quotes[q].open);
        *from = *to = i + *mark;
        while (*to < t->n && !has_mark(t, *to, quotes[q].close[0]) && !has_mark(t, *to, quotes[q].close[1]))
            ++*to;
        /* An open " is an error, for it is the language's sign; « alone stands in texts, and is a letter of a word. */
        return q == 0 || *to < t->n;
    }
    return false;
}

/* Bytes from C0 on begin a character; the others of it are not counted. */
size_t fihi_scan_letters(const char *s, size_t n)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        const unsigned char c = (unsigned char)s[i], low = c | 32;

        count += c >= 0xC0 || (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9');
    }
    return count;
}
