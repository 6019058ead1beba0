/* search/pattern.c - wildcards, words nearly spelt so, regular expressions, exact words.
 *
 * Fuzzy: the restricted Damerau-Levenshtein distance (Damerau 1964; optimal string alignment) over letters in halves of
 * an edit: letters that are often taken for each other cost one half.
 */
#include "search/pattern.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/uregex.h>
#include <unicode/ustring.h>

#include "base/fail.h"
#include "base/utf8.h"
#include "text/fold.h"

enum {
    WORD_LETTERS = 256,                /* of a term: at most its bytes */
    ANY_LETTERS = 0x110000, ONE_LETTER, /* in a wildcard's letters */
    REGEX_TIME = 2000, REGEX_STACK = 1 << 20 /* ICU's units: some thousand steps; bytes */
};

struct pattern {
    enum pattern_kind   kind;
    int                 is_norm;
    uint32_t            letters[PATTERN_MAX];
    unsigned            count, literal;
    uint8_t             prefix[FIH_MAX_TERM];
    size_t              prefix_bytes;
    unsigned            halves;        /* fuzzy: the greatest distance, in halves of an edit */
    URegularExpression *regex;
};

/* ---- letters */

static unsigned decode(uint32_t *out, unsigned most, const uint8_t *s, size_t n)
{
    unsigned count = 0;
    int ok;

    for (size_t i = 0; i < n && count < most;)
        out[count++] = fihi_utf8_next(s, n, &i, &ok);
    return count;
}

/* A piece between wildcards, spelt as the words are. */
static void add_piece(struct pattern *p, struct analyzer *a, const uint8_t *s, size_t n)
{
    uint8_t folded[FOLD_MAX];
    const size_t bytes = n ? fihi_analyzer_fold(a, s, n, folded) : 0;
    const unsigned count = decode(p->letters + p->count, PATTERN_MAX - p->count, folded, bytes);

    if (p->count == p->literal && bytes <= FIH_MAX_TERM - p->prefix_bytes) {       /* nothing but letters so far */
        memcpy(p->prefix + p->prefix_bytes, folded, bytes);
        p->prefix_bytes += bytes;
    }
    p->count += count;
    p->literal += count;
}

static void add_special(struct pattern *p, uint32_t letter)
{
    if (p->count < PATTERN_MAX && (letter == ONE_LETTER || p->count == 0 || p->letters[p->count - 1] != ANY_LETTERS))
        p->letters[p->count++] = letter;
}

/* ---- wildcards */

static void read_wildcard(struct pattern *p, struct analyzer *a, const uint8_t *s, size_t n)
{
    size_t from = 0;

    for (size_t i = 0; i <= n; i++)
        if (i == n || s[i] == '*' || s[i] == '?') {
            add_piece(p, a, s + from, i - from);
            if (i < n)
                add_special(p, s[i] == '*' ? (uint32_t)ANY_LETTERS : (uint32_t)ONE_LETTER);
            from = i + 1;
        }
}

/* One way back is enough: to the last *. */
static int matches_wildcard(const struct pattern *p, const uint32_t *w, unsigned n)
{
    unsigned i = 0, k = 0, back_i = 0, back_k = UINT32_MAX;

    while (i < n) {
        if (k < p->count && p->letters[k] == ANY_LETTERS) {
            back_k = k++;
            back_i = i;
        } else if (k < p->count && (p->letters[k] == ONE_LETTER || p->letters[k] == w[i])) {
            i++;
            k++;
        } else if (back_k != UINT32_MAX) {
            k = back_k + 1;
            i = ++back_i;
        } else {
            return 0;
        }
    }
    while (k < p->count && p->letters[k] == ANY_LETTERS)
        k++;
    return k == p->count;
}

/* ---- nearly so */

/* Groups of letters that are taken for each other: by sound, by keyboard, by carelessness; in loans ق ك غ ج. */
static int is_mistaken(uint32_t a, uint32_t b)
{
    static const uint16_t groups[][4] = {
        {0x647, 0x629}, {0x649, 0x64A}, {0x636, 0x638}, {0x62A, 0x637}, {0x630, 0x632, 0x62F}, {0x633, 0x635},
        {0x642, 0x643, 0x63A, 0x62C}, {0x627, 0x623, 0x625, 0x622}, {0x621, 0x626, 0x624},
    };

    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        int has_a = 0, has_b = 0;

        for (unsigned i = 0; i < 4; i++) {
            has_a |= groups[g][i] == a;
            has_b |= groups[g][i] == b;
        }
        if (has_a && has_b && a && b)
            return 1;
    }
    return 0;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* In halves; more than p->halves as p->halves + 1. */
static unsigned distance(const struct pattern *p, const uint32_t *w, unsigned n)
{
    unsigned rows[3][WORD_LETTERS + 1], *before = rows[0], *last = rows[1], *row = rows[2];
    const unsigned m = p->count, most = p->halves;

    if (m > WORD_LETTERS || (n > m ? n - m : m - n) * 2 > most)
        return most + 1;
    for (unsigned k = 0; k <= m; k++)
        last[k] = 2 * k;
    for (unsigned i = 1; i <= n; i++) {
        unsigned best = row[0] = 2 * i;

        for (unsigned k = 1; k <= m; k++) {
            const unsigned change = w[i - 1] == p->letters[k - 1]              ? 0
                                    : is_mistaken(w[i - 1], p->letters[k - 1]) ? 1
                                                                               : 2;

            row[k] = least(last[k - 1] + change, least(last[k], row[k - 1]) + 2);
            if (i > 1 && k > 1 && w[i - 1] == p->letters[k - 2] && w[i - 2] == p->letters[k - 1])
                row[k] = least(row[k], before[k - 2] + 2);
            best = least(best, row[k]);
        }
        if (best > most)
            return most + 1;
        unsigned *const free_row = before;
        before = last;
        last = row;
        row = free_row;
    }
    return last[m] <= most ? last[m] : most + 1;
}

/* ---- regular expressions */

/* Letters outside ASCII are spelt as the words are, one by one; the rest is the expression's. */
static int read_regex(struct pattern *p, struct analyzer *a, const struct node *n, fih_error *err)
{
    const uint8_t *s = (const uint8_t *)n->text;
    UChar text[2 * PATTERN_MAX];
    uint8_t folded[FOLD_MAX];
    UParseError where;
    UErrorCode e = U_ZERO_ERROR;
    int32_t count = 0, more;

    for (size_t i = 0, from = 0; i < n->len && count < PATTERN_MAX; from = i) {
        int ok;
        const uint32_t c = fihi_utf8_next(s, n->len, &i, &ok);
        const size_t bytes = c < 0x80 ? 0 : fihi_analyzer_fold(a, s + from, i - from, folded);

        u_strFromUTF8(text + count, PATTERN_MAX, &more, bytes ? (const char *)folded : (const char *)s + from,
                      (int32_t)(bytes ? bytes : i - from), &e);
        count += U_SUCCESS(e) ? more : 0;
        p->literal += c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }
    if (U_SUCCESS(e))
        p->regex = uregex_open(text, count, UREGEX_CASE_INSENSITIVE, &where, &e);
    if (U_SUCCESS(e)) {
        uregex_setTimeLimit(p->regex, REGEX_TIME, &e);
        uregex_setStackLimit(p->regex, REGEX_STACK, &e);
    }
    return U_SUCCESS(e)
               ? FIH_OK
               : fihi_fail_at(err, FIH_E_QUERY, n->at, "the regular expression at byte %zu is not understood: %s",
                              n->at, u_errorName(e));
}

static int matches_regex(struct pattern *p, const uint8_t *word, size_t n)
{
    UChar text[WORD_LETTERS + 1];
    UErrorCode e = U_ZERO_ERROR;
    int32_t count;

    u_strFromUTF8(text, WORD_LETTERS, &count, (const char *)word, (int32_t)n, &e);
    uregex_setText(p->regex, text, count, &e);
    const UBool is_match = uregex_matches(p->regex, -1, &e);
    return U_SUCCESS(e) && is_match;           /* one that takes too long for a word does not match it */
}

/* ---- all of them */

/* ASCII, but no letter or digit. */
static int is_sign(uint8_t c)
{
    return c < 0x80 && !(c >= '0' && c <= '9') && !((c | 32) >= 'a' && (c | 32) <= 'z');
}

int fihi_pattern_new(struct pattern **out, struct analyzer *a, const struct node *n, fih_error *err)
{
    const uint8_t *s = (const uint8_t *)n->text;
    struct pattern *p;
    size_t first = 0;
    int rc = FIH_OK;

    *out = NULL;
    if (n->len > PATTERN_MAX)
        return fihi_fail_at(err, FIH_E_LIMIT, n->at, "the pattern at byte %zu is longer than %d bytes", n->at,
                            PATTERN_MAX);
    if (!(p = calloc(1, sizeof *p)))
        return fihi_fail_nomem(err);
    p->kind = n->pattern;
    while (first < n->len && is_sign(s[first]))
        first++;
    p->is_norm = fihi_analyzer_has_levels(a) && fihi_fold_is_arabic(s + first, n->len - first);
    if (p->kind == PATTERN_REGEX)
        rc = read_regex(p, a, n, err);
    else if (p->kind == PATTERN_WILDCARD)
        read_wildcard(p, a, s, n->len);
    else
        add_piece(p, a, s, n->len);
    if (p->kind == PATTERN_FUZZY) {
        p->halves = 2 * n->reach;
        p->prefix_bytes = 0;
    }
    if (rc == 0)
        *out = p;
    else
        fihi_pattern_free(p);
    return rc;
}

void fihi_pattern_free(struct pattern *p)
{
    if (!p)
        return;
    uregex_close(p->regex);
    free(p);
}

int fihi_pattern_is_norm(const struct pattern *p)
{
    return p->is_norm;
}

unsigned fihi_pattern_letters(const struct pattern *p)
{
    return p->literal;
}

/* The article and what is written to it. Wildcards and fuzzy words are found behind it: who asks for انتخاب* means
 * الانتخابات too. Single letters (و ب ل) are not passed over: وزير is no زير. */
static const struct {
    const char *bytes;
    unsigned    count;
    uint16_t    letters[4];
} articles[] = {
    {"", 0, {0}},
    {"ال", 2, {0x627, 0x644}},
    {"وال", 3, {0x648, 0x627, 0x644}},
    {"بال", 3, {0x628, 0x627, 0x644}},
    {"فال", 3, {0x641, 0x627, 0x644}},
    {"كال", 3, {0x643, 0x627, 0x644}},
    {"لل", 2, {0x644, 0x644}},
    {"ولل", 3, {0x648, 0x644, 0x644}},
    {"وبال", 4, {0x648, 0x628, 0x627, 0x644}},
};
enum { ARTICLES = sizeof articles / sizeof *articles };

static int has_articles(const struct pattern *p)
{
    return p->is_norm && (p->kind == PATTERN_WILDCARD || p->kind == PATTERN_FUZZY);
}

int fihi_pattern_prefix(const struct pattern *p, unsigned i, uint8_t out[FIH_MAX_TERM], size_t *bytes)
{
    const size_t n = i < ARTICLES ? strlen(articles[i].bytes) : 0;

    *bytes = 0;
    if (i > 0 && (i >= ARTICLES || !has_articles(p) || p->prefix_bytes == 0))
        return FIH_DONE;
    if (n + p->prefix_bytes <= FIH_MAX_TERM) {
        memcpy(out, articles[i].bytes, n);
        memcpy(out + n, p->prefix, p->prefix_bytes);
        *bytes = n + p->prefix_bytes;
    }
    return FIH_OK;
}

static float match_letters(const struct pattern *p, const uint32_t *w, unsigned n)
{
    unsigned halves;

    if (p->kind == PATTERN_WILDCARD)
        return (float)matches_wildcard(p, w, n);
    if (p->kind == PATTERN_EXACT)
        return n == p->count && memcmp(w, p->letters, n * sizeof *w) == 0 ? 1 : 0;
    halves = distance(p, w, n);
    return halves > p->halves ? 0 : 2 / (2 + (float)halves);
}

float fihi_pattern_match(struct pattern *p, const uint8_t *word, size_t n, unsigned *way)
{
    uint32_t letters[WORD_LETTERS];
    unsigned count;
    float best = 0;

    if (way)
        *way = 0;
    if (p->kind == PATTERN_REGEX)
        return (float)matches_regex(p, word, n);
    if (p->count == 0)
        return 0;
    count = decode(letters, WORD_LETTERS, word, n);
    for (unsigned i = 0; i < ARTICLES && best < 1 && (i == 0 || has_articles(p)); i++) {
        const unsigned skip = articles[i].count;
        unsigned k = 0;
        float weight;

        while (k < skip && k < count && letters[k] == articles[i].letters[k])
            k++;
        if (k < skip || skip >= count)
            continue;
        weight = match_letters(p, letters + skip, count - skip);
        if (weight > best) {
            best = weight;
            if (way)
                *way = i;
        }
    }
    return best;
}
