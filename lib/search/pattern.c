/* search/pattern.c - wildcards, words nearly spelt so, regular expressions, exact words.
 *
 * Fuzzy: the restricted Damerau-Levenshtein distance (Damerau 1964; optimal string alignment) over letters in halves of
 * an edit: letters that are often taken for each other cost one half. All others are regular expressions.
 *
 * What is compared are words as the dictionary of surface words has them, folded: أحمد is احمد there, so it is here.
 * A wildcard becomes an expression: كت?ب* is (ال|وال|…)?كت.ب.* and goes through the same automaton, with its jumps
 * over a sorted dictionary. Fuzzy words do not: an automaton of all words within two edits, with halves, would be
 * much larger than the table of distances, and each word is cheap to refuse by its length alone.
 *
 * Distances in halves: كتاب and كناب differ by one edit (2), ضلم and ظلم by a half (1). So "~1" reaches two such
 * slips, and what an occurrence counts is 1 / (1 + edits): 2/3 for a half, 1/2 for a whole.
 *
 * Who asks: plan.c makes one for each pattern of a query, with which expand.c walks the dictionary; wanted.c makes it
 * again and matches the words of a text to be shown. So a pattern is matched word by word, and keeps no list of what it
 * has found.
 */
#include "search/pattern.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fail.h"
#include "base/utf8.h"
#include "search/automaton.h"
#include "text/fold.h"

/* One more than the longest term's bytes, so no word is cut. */
enum { WORD_LETTERS = 256 };           /* of a term: at most its bytes */

struct pattern {
    bool               is_form;
    unsigned          literal;
    bool              is_written;
    struct written    written;
    struct automaton *automaton;       /* NULL: fuzzy */
    struct buf        expression;      /* what is asked for, as the header says */
    uint32_t          letters[PATTERN_MAX];
    unsigned          count, halves;   /* fuzzy: the letters, and the greatest distance, in halves of an edit */
};

/* The article and what is written to it. Wildcards and fuzzy words are found behind it: who asks for انتخاب* means
 * الانتخابات too. Single letters (و ب ل) are not passed over: وزير is no زير. */
static const char *const articles[] = {"", "ال", "وال", "بال", "فال", "كال", "لل", "ولل", "وبال"};
enum { ARTICLES = sizeof articles / sizeof *articles };

/* ---- letters */

/* ASCII, but no letter or digit. Each is written with a backslash, whether the language has it or not. */
static bool is_sign(uint8_t c)
{
    return c < 0x80 && !(c >= '0' && c <= '9') && !((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* Characters of a text, at most so many. They are compared as 32-bit numbers: an Arabic letter is two bytes, and a
 * distance in bytes would count half a letter. */
static unsigned decode(uint32_t *out, unsigned most, const uint8_t *s, size_t n)
{
    unsigned count = 0;
    int ok;

    for (size_t i = 0; i < n && count < most;)
        out[count++] = fihi_utf8_next(s, n, &i, &ok);
    return count;
}

/* ---- wildcards and exact words, written as expressions */

/* A piece between wildcards, spelt as the words are. One piece at a time, for the fold takes words and must not see the
 * wildcards. A piece may fold to nothing, as a vowel between two stars does. */
static int add_piece(struct pattern *p, struct buf *out, struct analyzer *a, const uint8_t *s, size_t n)
{
    uint8_t folded[FOLD_MAX];
    const size_t bytes = n ? fihi_analyzer_fold(a, s, n, folded) : 0;

    for (size_t i = 0; i < bytes; i++) {
        /* Letters and not bytes. */
        p->literal += (folded[i] & 0xC0) != 0x80;
        if ((is_sign(folded[i]) && fihi_buf_append(out, "\\", 1) != 0) || fihi_buf_append(out, &folded[i], 1) != 0)
            return FIH_E_NOMEM;
    }
    return FIH_OK;
}

/* The article's alternatives become one group in front, "(ال|وال|…)?": with it انتخاب* costs the automaton 23 states
 * more, and no second walk through the dictionary. `literal` counts only what the user said, so that * with an article
 * is still a pattern that says nothing. */
static int write_wildcard(struct pattern *p, struct buf *out, struct analyzer *a, const uint8_t *s, size_t n)
{
    size_t from = 0;
    bool is_any = false;                            /* behind a star: another says no more */

    /* Only for Arabic: a term of another script has no article. */
    for (unsigned i = 1; p->is_form && i < ARTICLES; i++)
        if (fihi_buf_append(out, i > 1 ? "|" : "(", 1) != 0 ||
            fihi_buf_append(out, articles[i], strlen(articles[i])) != 0)
            return FIH_E_NOMEM;
    if (p->is_form && fihi_buf_append(out, ")?", 2) != 0)
        return FIH_E_NOMEM;
    for (size_t i = 0; i <= n; i++) {
        if (i < n && s[i] != '*' && s[i] != '?')
            continue;
        if (add_piece(p, out, a, s + from, i - from) != 0)
            return FIH_E_NOMEM;
        /* *? and ?* are any word with a letter at least; ** is *. Two stars side by side would only make the machine
         * larger. */
        is_any &= i == from;
        if (i < n && !(is_any && s[i] == '*') && fihi_buf_append(out, ".*", s[i] == '*' ? 2 : 1) != 0)
            return FIH_E_NOMEM;
        is_any = i < n && s[i] == '*';
        from = i + 1;
    }
    return FIH_OK;
}

/* As regex.h wants it: its context is the analyzer. */
static size_t fold(void *ctx, const uint8_t *s, size_t n, uint8_t *out)
{
    return fihi_analyzer_fold(ctx, s, n, out);
}

/* `at` is where messages point to: the expression's own place for one that was typed, the pattern's for one we
 * wrote. */
static int new_automaton(struct pattern *p, const char *text, size_t n, const struct regex_spelling *spelling,
                         size_t at, fih_error *err)
{
    struct regex x;
    int rc = fihi_regex_parse(&x, text, n, spelling, at, err);

    if (rc != 0)
        return rc;
    /* Wildcards have counted their letters by themselves, without the articles. */
    if (spelling)
        p->literal = x.letters;
    rc = fihi_automaton_new(&p->automaton, &x, at, err);
    fihi_regex_free(&x);
    return rc;
}

/* ---- nearly so */

/* Groups of letters that are taken for each other: by sound, by keyboard, by carelessness; in loans ق ك غ ج. Short
 * groups end with 0, which is no letter; hence the last test. In order: ه ة, ى ي, ض ظ, ت ط, ذ ز د, س ص, ق ك غ ج, ا أ إ
 * آ, ء ئ ؤ. The words of the Arabic analyzer have some of these as one letter already: مدرسة is مدرسه there, شوقى is
 * شوقي. The pairs are for terms of analyzers that keep them apart. */
static bool is_mistaken(uint32_t a, uint32_t b)
{
    static const uint16_t groups[][4] = {
        {0x647, 0x629}, {0x649, 0x64A}, {0x636, 0x638}, {0x62A, 0x637}, {0x630, 0x632, 0x62F}, {0x633, 0x635},
        {0x642, 0x643, 0x63A, 0x62C}, {0x627, 0x623, 0x625, 0x622}, {0x621, 0x626, 0x624},
    };

    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        bool has_a = false, has_b = false;

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

/* In halves; more than p->halves as p->halves + 1. Three rows are enough, for a swap looks two rows back. The table of
 * optimal string alignment: row[k] is the cheapest way from the first i letters of the word to the first k of the
 * pattern, by a letter more, one less, another one, or two that changed places. Lengths are letters; n and m are at
 * most 256, so a word costs at most some 65,000 steps, and mostly a few hundred. */
static unsigned distance(const struct pattern *p, const uint32_t *w, unsigned n)
{
    unsigned rows[3][WORD_LETTERS + 1], *before = rows[0], *last = rows[1], *row = rows[2];
    const unsigned m = p->count, most = p->halves;

    /* Each letter too many costs a whole edit, which two lengths tell without a look at a letter. */
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
                /* Two neighbours that changed places cost one edit and not two. */
                row[k] = least(row[k], before[k - 2] + 2);
            best = least(best, row[k]);
        }
        /* No later row can be better: a cell is made from the row above, or by a swap from two above, and then the
         * one above has a cell that costs at most as much. */
        if (best > most)
            return most + 1;
        unsigned *const free_row = before;
        before = last;
        last = row;
        row = free_row;
    }
    return last[m] <= most ? last[m] : most + 1;
}

/* ---- all of them */

/* Does it ask for Arabic words: is its first letter one, or any of an expression, which may begin with others? */
static bool is_arabic(const uint8_t *s, size_t n, bool is_regex)
{
    size_t i = 0;

    while (i < n && (is_regex ? !fihi_fold_is_arabic(s + i, n - i) : is_sign(s[i])))
        i++;
    return fihi_fold_is_arabic(s + i, n - i);
}

/* Folded at first: what the fold makes equal costs nothing. `reach` is 1 or 2, which the parser has checked, so halves
 * is at most 4. */
static int read_fuzzy(struct pattern *p, struct analyzer *a, const struct node *n)
{
    uint8_t folded[FOLD_MAX];
    const size_t bytes = n->len ? fihi_analyzer_fold(a, (const uint8_t *)n->text, n->len, folded) : 0;

    p->literal = p->count = decode(p->letters, PATTERN_MAX, folded, bytes);
    p->halves = 2 * n->reach;
    return fihi_buf_append(&p->expression, folded, bytes);
}

/* Patterns are refused by their length in bytes before anything is allocated for them; what is too large within that,
 * automaton.c finds out. The text of the node is not kept. */
int fihi_pattern_new(struct pattern **out, struct analyzer *a, const struct node *n, fih_error *err)
{
    const uint8_t *s = (const uint8_t *)n->text;
    struct pattern *p;
    struct buf *text;
    int rc = FIH_OK;

    *out = NULL;
    if (n->len > PATTERN_MAX)
        return fihi_fail_at(err, FIH_E_LIMIT, n->at, "the pattern at byte %zu is longer than %d bytes", n->at,
                            PATTERN_MAX);
    if (!(p = calloc(1, sizeof *p)))
        return fihi_fail_nomem(err);
    text = &p->expression;
    p->is_written = n->pattern == PATTERN_WRITTEN;
    if (p->is_written)
        fihi_written_read(&p->written, s, n->len);
    /* Without levels the index has terms alone; other scripts have no surface words of their own. */
    p->is_form = fihi_analyzer_has_levels(a) && is_arabic(s, n->len, n->pattern == PATTERN_REGEX);
    if ((n->pattern == PATTERN_REGEX      ? fihi_buf_append(text, n->text, n->len)
         : n->pattern == PATTERN_FUZZY    ? read_fuzzy(p, a, n)
         : n->pattern == PATTERN_WILDCARD ? write_wildcard(p, text, a, s, n->len)
                                          : add_piece(p, text, a, s, n->len)) != 0)
        rc = fihi_fail_nomem(err);
    else if (n->pattern == PATTERN_REGEX)
        rc = new_automaton(p, n->text, n->len, &(struct regex_spelling){fold, a}, n->text_at, err);
    else if (n->pattern != PATTERN_FUZZY)
        rc = new_automaton(p, (const char *)text->ptr, text->len, NULL, n->at, err);
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
    fihi_automaton_free(p->automaton);
    fihi_buf_free(&p->expression);
    free(p);
}

fih_str fihi_pattern_expression(const struct pattern *p)
{
    return (fih_str){(const char *)p->expression.ptr, p->expression.len};
}

bool fihi_pattern_is_form(const struct pattern *p)
{
    return p->is_form;
}

const struct written *fihi_pattern_written(const struct pattern *p)
{
    return p->is_written ? &p->written : NULL;
}

unsigned fihi_pattern_letters(const struct pattern *p)
{
    return p->literal;
}

/* The best of the ways to begin: الكتاب is كتاب with its article, or two edits from it. */
static float match_fuzzy(const struct pattern *p, const uint8_t *word, size_t n)
{
    uint32_t letters[WORD_LETTERS];
    const unsigned ways = p->is_form ? ARTICLES : 1;
    float best = 0;

    for (unsigned i = 0; p->count && i < ways && best < 1; i++) {
        const size_t skip = strlen(articles[i]);
        unsigned halves;

        if (skip >= n || memcmp(word, articles[i], skip) != 0)
            continue;
        halves = distance(p, letters, decode(letters, WORD_LETTERS, word + skip, n - skip));
        if (halves <= p->halves && 2 / (2 + (float)halves) > best)
            best = 2 / (2 + (float)halves);
    }
    return best;
}

float fihi_pattern_match(struct pattern *p, const uint8_t *word, size_t n)
{
    return p->automaton ? (float)fihi_automaton_match(p->automaton, word, n) : match_fuzzy(p, word, n);
}

void fihi_pattern_restart(struct pattern *p)
{
    if (p->automaton)
        fihi_automaton_restart(p->automaton);
}

/* A fuzzy word can be next at any word: "" jumps nowhere. */
int fihi_pattern_next(const struct pattern *p, uint8_t out[PATTERN_NEXT], size_t *n)
{
    *n = 0;
    return p->automaton ? fihi_automaton_next(p->automaton, out, n) : FIH_OK;
}
