/* patterns.c - wildcards, words nearly spelt so, regular expressions, words as they are written. */
#include "patterns.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static unsigned letters_in(uint32_t *out, const char *s, size_t n)
{
    unsigned count = 0;

    for (size_t i = 0; i < n; i++) {
        const uint8_t b = (uint8_t)s[i];

        if ((b & 0xC0) == 0x80)
            out[count - 1] = out[count - 1] << 6 | (b & 0x3F);
        else
            out[count++] = b < 0x80 ? b : b < 0xE0 ? b & 0x1F : b < 0xF0 ? b & 0x0F : b & 0x07;
    }
    return count;
}

static bool is_like(const uint32_t *p, unsigned m, const uint32_t *w, unsigned n)
{
    if (m == 0)
        return n == 0;
    if (*p == '*')
        return is_like(p + 1, m - 1, w, n) || (n > 0 && is_like(p, m, w + 1, n - 1));
    return n > 0 && (*p == '?' || *p == *w) && is_like(p + 1, m - 1, w + 1, n - 1);
}

static double change(uint32_t a, uint32_t b)
{
    static const char *const groups[] = {"هة", "ىي", "ضظ", "تط", "ذزد", "سص", "قكغج", "اأإآ", "ءئؤ"};
    uint32_t g[8];

    if (a == b)
        return 0;
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        const unsigned n = letters_in(g, groups[i], strlen(groups[i]));
        int found = 0;

        for (unsigned k = 0; k < n; k++)
            found += g[k] == a || g[k] == b;
        if (found == 2)
            return 0.5;
    }
    return 1;
}

/* Optimal string alignment, from the ends. */
static double edits_between(const uint32_t *a, unsigned m, const uint32_t *b, unsigned n, double left)
{
    double best;

    if (left < 0)
        return 99;
    if (m == 0 || n == 0)
        return m + n;
    best = edits_between(a, m - 1, b, n - 1, left - change(a[m - 1], b[n - 1])) + change(a[m - 1], b[n - 1]);
    best = fmin(best, 1 + edits_between(a, m - 1, b, n, left - 1));
    best = fmin(best, 1 + edits_between(a, m, b, n - 1, left - 1));
    if (m > 1 && n > 1 && a[m - 1] == b[n - 2] && a[m - 2] == b[n - 1])
        best = fmin(best, 1 + edits_between(a, m - 2, b, n - 2, left - 1));
    return best;
}

/* ---- regular expressions

The expression is read again for each word. What is known of a word is at which of its letters the part that is read may
begin, and then where it may end: a set of places, an element for each. */

enum { PLACES = 301 };

struct reading {
    const uint32_t *p, *word;
    unsigned        m, n, i;    /* letters of the expression and of the word; the next of the expression */
};

static void read_any(struct reading *r, const bool *from, bool *to);

static bool is_digit(uint32_t c) { return c >= '0' && c <= '9'; }

/* Does the class whose [ is before p[i] have the letter? Ends behind the ]. */
static bool is_in_class(struct reading *r, uint32_t letter)
{
    const bool is_not = r->p[r->i] == '^';
    bool has = false;

    for (r->i += is_not; r->p[r->i] != ']'; r->i++) {
        if (r->p[r->i] == '\\') {
            r->i++;
            has |= is_digit(letter);
        } else if (r->p[r->i + 1] == '-') {
            has |= letter >= r->p[r->i] && letter <= r->p[r->i + 2];
            r->i += 2;
        } else {
            has |= letter == r->p[r->i];
        }
    }
    r->i++;
    return has != is_not;
}

/* A letter, a class or a group, once. */
static void read_one(struct reading *r, const bool *from, bool *to)
{
    const unsigned begin = r->i;

    memset(to, 0, PLACES * sizeof *to);
    if (r->p[r->i] == '(') {
        r->i += r->p[r->i + 1] == '?' ? 3 : 1;
        read_any(r, from, to);
        r->i++;
        return;
    }
    for (unsigned k = 0; k <= r->n; k++) {
        const uint32_t letter = k < r->n ? r->word[k] : 0;
        bool is;

        r->i = begin + 1;
        switch (r->p[begin]) {
        case '.':
            is = true;
            break;
        case '[':
            is = is_in_class(r, letter);
            break;
        case '\\':
            is = is_digit(letter);
            r->i++;
            break;
        default:
            is = letter == r->p[begin];
        }
        if (k < r->n && from[k] && is)
            to[k + 1] = true;
    }
}

static unsigned read_number(struct reading *r)
{
    unsigned n = 0;

    for (; is_digit(r->p[r->i]); r->i++)
        n = 10 * n + r->p[r->i] - '0';
    return n;
}

/* How often: 1, or what a sign behind it says. */
static void read_times(struct reading *r, unsigned *least, unsigned *most)
{
    const uint32_t c = r->i < r->m ? r->p[r->i] : 0;

    *least = c == '*' || c == '?' ? 0 : 1;
    *most = c == '*' || c == '+' ? PLACES : 1;
    r->i += c == '*' || c == '+' || c == '?' || c == '{';
    if (c == '{') {
        *least = *most = read_number(r);
        if (r->p[r->i] == ',') {
            r->i++;
            *most = is_digit(r->p[r->i]) ? read_number(r) : PLACES;
        }
        r->i++;
    }
}

/* What stands one behind the other. */
static void read_all(struct reading *r, const bool *from, bool *to)
{
    bool now[PLACES], next[PLACES];

    memcpy(to, from, PLACES * sizeof *to);
    while (r->i < r->m && r->p[r->i] != '|' && r->p[r->i] != ')') {
        const unsigned begin = r->i;
        unsigned least, most, end;

        read_one(r, to, next);
        read_times(r, &least, &most);
        end = r->i;
        memcpy(now, to, sizeof now);
        if (least > 0)
            memset(to, 0, PLACES * sizeof *to);
        for (unsigned times = 1; times <= most && times <= r->n + 1 + least; times++) {
            r->i = begin;
            read_one(r, now, next);
            memcpy(now, next, sizeof now);
            for (unsigned k = 0; k <= r->n; k++)
                to[k] |= times >= least && now[k];
        }
        r->i = end;
    }
}

static void read_any(struct reading *r, const bool *from, bool *to)
{
    bool one[PLACES];

    memset(to, 0, PLACES * sizeof *to);
    for (;; r->i++) {
        read_all(r, from, one);
        for (unsigned k = 0; k <= r->n; k++)
            to[k] |= one[k];
        if (r->i == r->m || r->p[r->i] == ')')
            return;
    }
}

static bool is_described(const uint32_t *p, unsigned m, const uint32_t *w, unsigned n)
{
    struct reading r = {p, w, m, n, 0};
    bool from[PLACES] = {true}, to[PLACES];

    read_any(&r, from, to);
    return to[n];
}

/* ---- all kinds */

unsigned letters_said(const char *pattern, int kind)
{
    uint32_t p[400];
    const unsigned m = letters_in(p, pattern, strlen(pattern));
    unsigned said = 0;
    bool is_inside = false;            /* of [] or {}, where letters are not said outright */

    for (unsigned i = 0; i < m; i++) {
        is_inside |= kind == REGEX && (p[i] == '[' || p[i] == '{');
        if (kind != REGEX)
            said += p[i] != '*' && p[i] != '?';
        else if (p[i] == '\\')
            i++;
        else
            said += !is_inside && (p[i] >= 0x80 || is_digit(p[i]) || (p[i] >= 'a' && p[i] <= 'z'));
        is_inside &= p[i] != ']' && p[i] != '}';
    }
    return said;
}

/* A letter of a word as it is written, with the marks behind it. */
struct marked {
    uint32_t letter, marks[8];
    unsigned count;
};

static bool is_mark(uint32_t c) { return (c >= 0x64B && c <= 0x652) || c == 0x670; }

static unsigned marked_letters(struct marked *out, const uint32_t *w, unsigned n)
{
    unsigned count = 0;

    for (unsigned i = 0; i < n; i++)
        if (w[i] != 0x640 && !(is_mark(w[i]) && count && out[count - 1].count < 8))    /* tatweel is nothing */
            out[count++] = (struct marked){.letter = w[i]};
        else if (w[i] != 0x640)
            out[count - 1].marks[out[count - 1].count++] = w[i];
    return count;
}

static bool is_written(const struct marked *asked, unsigned m, const struct marked *word, unsigned n)
{
    bool is = m == n;

    for (unsigned i = 0; i < m && is; i++) {
        is = asked[i].letter == word[i].letter;
        for (unsigned k = 0; k < asked[i].count && is; k++) {
            bool has = false;

            for (unsigned j = 0; j < word[i].count; j++)
                has |= word[i].marks[j] == asked[i].marks[k];
            is = has;
        }
    }
    return is;
}

unsigned count_written(const char *asked, const char *text)
{
    static const char *const between[] = {"،", ".", "«", "-"};    /* and blanks: corpus.c, gaps */
    struct marked want[400], have[400];
    uint32_t letters[400];
    const unsigned m = marked_letters(want, letters, letters_in(letters, asked, strlen(asked)));
    unsigned count = 0;

    while (*text) {
        size_t n = strcspn(text, " \n"), end = n;
        const char *const word = text;

        text += n + (text[n] != '\0');
        n = 0;
        for (size_t i = 0; i < sizeof between / sizeof *between; i++) {
            const size_t k = strlen(between[i]);

            if (end - n >= k && memcmp(word + n, between[i], k) == 0)
                n += k;
            if (end - n >= k && memcmp(word + end - k, between[i], k) == 0)
                end -= k;
        }
        if (end - n < sizeof letters / sizeof *letters)
            count += is_written(want, m, have, marked_letters(have, letters, letters_in(letters, word + n, end - n)));
    }
    return count;
}

double likeness(const char *pattern, int edits, const char *word, size_t n)
{
    static const char *const articles[] = {"", "ال", "وال", "بال", "فال", "كال", "لل", "ولل", "وبال"};
    const bool is_arabic = (uint8_t)pattern[strcspn(pattern, "\xD8\xD9")] != 0;
    uint32_t p[400] = {0}, w[300];
    const unsigned m = letters_in(p, pattern, strlen(pattern));
    double best = 0;

    for (size_t i = 0; i < sizeof articles / sizeof *articles && (i == 0 || (is_arabic && edits >= 0)); i++) {
        const size_t skip = strlen(articles[i]);

        if (skip >= n || memcmp(articles[i], word, skip) != 0)
            continue;
        const unsigned k = letters_in(w, word + skip, n - skip);
        if (edits == 0)
            best = fmax(best, is_like(p, m, w, k));
        else if (edits == REGEX)
            best = fmax(best, is_described(p, m, w, k));
        else if (edits < 0)
            best = fmax(best, m == k && memcmp(p, w, m * sizeof *p) == 0);
        else if (edits_between(p, m, w, k, edits) <= edits)
            best = fmax(best, 1 / (1 + edits_between(p, m, w, k, edits)));
    }
    return best;
}
