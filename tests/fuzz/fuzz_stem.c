/* fuzz_stem.c - a light stem is a run of letters of its word, or of a singular of the lexicon, but for a hamza's seat
 * and the alef of الله that لله has lost, never shorter than two, and the trace says the same; the analyzer gives it
 * wherever the word stands. */
#define _GNU_SOURCE    /* memmem */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/analyzer.h"
#include "text/fold.h"
#include "text/stem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int good)
{
    if (!good)
        abort();
}

/* A letter of the word, or the hamza that had it as its seat. */
static int is_letter(uint16_t of_stem, uint16_t of_word)
{
    return of_stem == of_word || (of_stem == 0x621 && (of_word == 0x627 || of_word == 0x648 || of_word == 0x64A));
}

/* Does the stem stand in the word, its last letter aside, which may be a hamza put back? */
static int is_within(const struct word *stem, const struct word *whole)
{
    for (size_t i = 0, k; i + stem->n <= whole->n; i++) {
        for (k = 0; k + 1 < stem->n && is_letter(stem->letter[k], whole->letter[i + k]); k++)
            ;
        if (k + 1 >= stem->n)
            return 1;
    }
    return 0;
}

/* A plural's stem is its singular's. */
static int is_of_lexicon(const struct word *w)
{
    static struct word row;

    for (size_t i = 0; i < fihi_lexicon_ours.count; i++) {
        const struct lexeme *const e = &fihi_lexicon_ours.rows[i];

        row.n = e->n;
        memcpy(row.letter, e->letter, e->n * sizeof *row.letter);
        if (e->kind != LEXEME_PLURAL && is_within(w, &row))
            return 1;
    }
    return 0;
}

/* Is it الله, which لله has lost the alef of? */
static int is_god(const struct word *stem, const struct word *whole)
{
    static const char16_t god[] = u"الله";

    return stem->n == 4 && memcmp(stem->letter, god, 4 * sizeof *god) == 0 && whole->n >= 3 &&
           memcmp(whole->letter + whole->n - 3, god + 1, 3 * sizeof *god) == 0;
}

static void check_word(const struct word *whole)
{
    static struct word w;
    char story[16384];
    struct trace t;
    uint8_t form[4 * WORD_MAX];

    for (int second = 0; second < 2; second++) {
        w = *whole;
        fihi_trace_begin(&t, story, sizeof story);
        t.is_on = 1;
        fihi_stem_clitics(&w, &fihi_lexicon_ours, &t);
        require((w.n <= whole->n || is_god(&w, whole)) && w.n >= (whole->n < 2 ? whole->n : 2));
        fihi_stem_endings(&w, &fihi_lexicon_ours, second, &t);
        require(w.n >= (whole->n < 2 ? whole->n : 2) && (is_within(&w, whole) || is_of_lexicon(&w)));
        const size_t n = fihi_fold_utf8(form, sizeof form, &w);
        require(fihi_utf8_valid(form, n) == n);
        require(story[0] == '\0' || n > FIH_MAX_TERM || t.len + 1 >= t.size || memmem(story, t.len, form, n));
    }
}

/* Tokens of the text, and of it with something else around it. */
static size_t terms_of(struct analyzer *a, const uint8_t *s, size_t n, size_t shift, struct token *out, size_t max)
{
    size_t at = 0, got;

    fihi_analyzer_begin(a, s, n);
    while (at < max && fihi_analyzer_next(a, out + at, max - at, &got, NULL) == FIH_OK)
        for (const size_t end = at + got; at < end; at++) {
            const struct term_text term = fihi_analyzer_term(a, out[at].term);
            require(term.len > 0 && term.len <= FIH_MAX_TERM && fihi_utf8_valid(term.ptr, term.len) == term.len);
            out[at].start -= shift;
            out[at].end -= shift;
        }
    return at;
}

/* A text gives the same tokens alone and behind a line of its own. */
static void check_place(const uint8_t *data, size_t size)
{
    enum { MAX = 20000 };
    static struct token alone[MAX], behind[MAX];
    uint8_t *const text = malloc(size + 2);
    struct analyzer *a;

    require(text && fihi_analyzer_new(&a, "arabic", NULL) == FIH_OK);
    memcpy(text, ".\n", 2);
    memcpy(text + 2, data, size);
    const size_t n = terms_of(a, data, size, 0, alone, MAX), m = terms_of(a, text, size + 2, 2, behind, MAX);
    require(n == m);
    for (size_t i = 0; i < n; i++)
        require(alone[i].term == behind[i].term && alone[i].start == behind[i].start && alone[i].end == behind[i].end &&
                alone[i].flags == behind[i].flags && alone[i].letters == behind[i].letters);
    fihi_analyzer_free(a);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct raw raw;
    static struct word w;
    size_t at = 0;

    fihi_fold_raw(&raw, data, size, 0);
    while (fihi_fold_next(&w, &raw, &at))
        check_word(&w);
    check_place(data, size);
    return 0;
}
