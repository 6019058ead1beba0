/* search/wanted.c - from the tree of a query to the words that are shown.
 *
 * What is shown must agree with what was found: so the query's words are analysed as for the search, and compared by
 * term and form with the words of a text. A hit is marked for its stem or its form, not for its root alone. Roots rank,
 * but a reader who sees كاتب marked for مكتبة wonders why.
 *
 * Numbers are what a snippet counts different words by: stem, form and readings of one word have one number.
 */
#include "search/wanted.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/fail.h"

/* Patterns are owned one by one, the rest as arrays. */
void fihi_wanted_free(struct wanted *w)
{
    free(w->words);
    for (size_t i = 0; i < w->pattern_count; i++)
        fihi_pattern_free(w->patterns[i]);
    free(w->patterns);
    fihi_together_free(&w->together);
}

/* Until all are there, `first` is the number of the query's word. The word's number in the query: number_words() makes
 * the number of its first entry of it. Flags of stop words are kept for plain words only: with a sign or in a phrase a
 * stop word was meant. */
static int add_text(struct wanted *w, struct analyzer *a, const struct asked *x, const struct node *n, fih_error *err)
{
    const bool is_plain = n->kind == NODE_WORDS && n->occur != OCCUR_MUST;
    const unsigned flags = is_plain ? TOKEN_FORM | TOKEN_STOP | TOKEN_FORMULA : TOKEN_FORM;
    const bool is_bare = fihi_asked_is_bare(x, n);     /* its pattern shows the noun */
    unsigned first = 0;
    struct token tokens[64];
    size_t count, at;
    int rc;

    fihi_asked_begin(x, a, n, &at);
    while ((rc = fihi_analyzer_next(a, tokens, 64, &count, err)) == FIH_OK)
        for (size_t i = 0; i < count; i++) {
            /* Another word of the query; further readings, forms and roots are at the position of theirs. */
            w->asked += !(tokens[i].flags & TOKEN_SAME_POSITION);
            first = tokens[i].flags & TOKEN_SAME_POSITION ? first : tokens[i].flags;
            /* A word is not shown for its root alone. */
            if (tokens[i].flags & TOKEN_ROOT || (is_bare && !(tokens[i].flags & TOKEN_STOP)))
                continue;
            if (fihi_grow(&w->words, &w->cap, w->count + 1, sizeof *w->words) != 0)
                return fihi_fail_nomem(err);
            const unsigned kept = token_is_second(tokens[i].flags, first) ? flags & ~(unsigned)TOKEN_STOP : flags;
            w->words[w->count++] = (struct wanted_word){tokens[i].term, w->asked, tokens[i].letters,
                                                        (uint8_t)(tokens[i].flags & kept)};
        }
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* The pattern is owned from here on only if it was made. */
static int add_pattern(struct wanted *w, struct analyzer *a, const struct node *n, fih_error *err)
{
    int rc;

    if (fihi_grow(&w->patterns, &w->pattern_cap, w->pattern_count + 1, sizeof *w->patterns) != 0)
        return fihi_fail_nomem(err);
    if ((rc = fihi_pattern_new(&w->patterns[w->pattern_count], a, n, err)) == 0)
        w->pattern_count++;
    return rc;
}

/* Words that the query wants together are shown where they are; one word is that wherever it stands. What is excluded
 * is not shown, and filters stand in no text. A word with + may be several words of the text (COVID-19), which then
 * must stand together. */
static int add_node(struct wanted *w, struct analyzer *a, const struct asked *x, const struct node *n, fih_error *err)
{
    const size_t units = w->together.unit_count;
    int rc = FIH_OK;

    if (n->occur == OCCUR_NOT || node_is_filter(n))
        return FIH_OK;
    if (n->kind == NODE_PATTERN && !fihi_asked_is_stop(x, n)) {
        rc = add_pattern(w, a, n, err);
        return rc || !fihi_asked_is_bare(x, n) ? rc : add_text(w, a, x, n, err);
    }
    if (n->kind != NODE_GROUP && (n->kind != NODE_WORDS || n->occur == OCCUR_MUST) &&
        ((rc = fihi_together_add(&w->together, a, x, n, err)) != 0 || w->together.unit_count > units))
        return rc;
    if (n->kind != NODE_GROUP && n->kind != NODE_NEAR)
        return add_text(w, a, x, n, err);
    for (size_t i = 0; i < n->count && rc == 0; i++)
        rc = add_node(w, a, x, n->children[i], err);
    return rc;
}

/* Stop words are not shown as hits, unless the query is nothing else. Before numbers are given, so that these have no
 * gaps. */
static void drop_stop_words(struct wanted *w)
{
    size_t kept = 0;

    for (size_t i = 0; i < w->count; i++)
        kept += !(w->words[i].flags & (TOKEN_STOP | TOKEN_FORMULA));
    /* "من هو" has nothing else to show. */
    if (kept == 0)
        return;
    kept = 0;
    for (size_t i = 0; i < w->count; i++)
        if (!(w->words[i].flags & (TOKEN_STOP | TOKEN_FORMULA)))
            w->words[kept++] = w->words[i];
    w->count = kept;
}

/* The stems and forms of one word are one thing to show. `first` was the number of the query's word and becomes that of
 * its first entry, so a word of three entries counts as one wherever different words are counted. In place: `asked`
 * keeps what is being overwritten. */
static void number_words(struct wanted *w)
{
    for (size_t i = 0, first = 0, asked = 0; i < w->count; i++) {
        if (i == 0 || w->words[i].first != asked)
            first = i;
        asked = w->words[i].first;
        w->words[i].first = (uint32_t)first;
    }
}

/* The words in one text (asked.c) are needed only while the tree is read. */
int fihi_wanted_add(struct wanted *w, struct analyzer *a, const struct node *root, fih_error *err)
{
    struct asked x = {.count = 0};
    int rc = fihi_asked_add(&x, a, root, err);

    if (rc == 0)
        rc = add_node(w, a, &x, root, err);
    fihi_asked_free(&x);
    drop_stop_words(w);
    number_words(w);
    return rc;
}

/* Words first, they are the cheaper test and the usual one. A pattern looks at forms or at stems, so only at tokens of
 * its level. word, n: as it is written in the text, for patterns that ask for vowels; n is 0 where that is not known
 * yet. */
uint32_t fihi_wanted_which_word(const struct wanted *w, const struct analyzer *a, uint32_t term, unsigned flags,
                                const uint8_t *word, size_t n)
{
    for (size_t k = 0; k < w->count; k++)
        if (term == w->words[k].term && (flags & TOKEN_LEVEL) == (w->words[k].flags & TOKEN_FORM))
            return w->words[k].first;
    for (size_t k = 0; k < w->pattern_count; k++)
        if ((flags & TOKEN_LEVEL) == (fihi_pattern_is_form(w->patterns[k]) ? TOKEN_FORM : 0)) {
            const struct term_text t = fihi_analyzer_term(a, term);

            const struct written *const written = n ? fihi_pattern_written(w->patterns[k]) : NULL;

            if (fihi_pattern_match(w->patterns[k], t.ptr, t.len) > 0 && (!written || fihi_written_is(written, word, n)))
                return (uint32_t)(w->count + k);
        }
    return WANTED_NONE;
}

uint32_t fihi_wanted_which(const struct wanted *w, const struct analyzer *a, uint32_t term, unsigned flags)
{
    return fihi_wanted_which_word(w, a, term, flags, NULL, 0);
}

/* For choosing a passage: what stands together is worth far more than single words, then long words more than short
 * ones. A pattern is taken for a word of five letters. */
double fihi_wanted_worth(const struct wanted *w, uint32_t number)
{
    const uint32_t together = wanted_together(w);

    return number < w->count ? 1 + w->words[number].letters
           : number < together ? 6
                               : 100 + w->together.words[number - together].letters;
}
