/* search/suggest.c - candidates and the choice among them. */
#include "search/suggest.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "search/pattern.h"
#include "search/query.h"
#include "text/fold.h"
#include "text/respell.h"

enum { MOST_WORDS = 16, CANDIDATES = 65536 };  /* words of a text that are looked at; of the dictionary that are kept */

#define LEAST_SOUND 0.4f               /* what is farther is another word */

struct candidate {
    uint8_t     word[FIH_MAX_TERM];
    uint32_t    bytes;
    uint64_t    docs;
    float       nearness;              /* 0 to 1 */
    const char *how;
};

struct search {
    const struct view *view;
    struct analyzer   *analyzer;
    struct deadline   *deadline;
    fih_error         *err;
    struct candidate  *candidates;
    size_t             count, cap;
};

/* ---- the dictionary */

/* Words are looked for among the normalised ones; where the analyzer has none, and in other scripts, among terms. */
static uint8_t level_for(const struct search *s, bool is_arabic)
{
    return is_arabic && fihi_analyzer_has_levels(s->analyzer) ? LEVEL_FORM : LEVEL_STEM;
}

/* Call `each` for the words of a level that begin with a prefix, in every segment. */
static int each_word(struct search *s, uint8_t level, const uint8_t *prefix, size_t prefix_bytes,
                     int (*each)(struct search *, void *, const uint8_t *, size_t, const struct dict_entry *),
                     void *ctx)
{
    uint8_t key[TERM_KEY_MAX];
    int rc = FIH_OK;

    key[0] = level;
    if (prefix_bytes)
        memcpy(key + 1, prefix, prefix_bytes);
    for (uint32_t i = 0; i < s->view->count && rc == 0; i++) {
        struct term_walk w = {.segment = s->view->segments[i]};

        rc = fihi_term_walk_from(&w, key, prefix_bytes + 1, s->err);
        while (rc == 0 && (rc = fihi_term_walk_next(&w, s->err)) == 0) {
            const int order =
                memcmp(w.scan.key, key, w.scan.key_bytes < prefix_bytes + 1 ? w.scan.key_bytes : prefix_bytes + 1);

            if (order > 0)
                break;
            if (order == 0 && w.scan.key_bytes > prefix_bytes && w.scan.key_bytes > 1)
                rc = each(s, ctx, w.scan.key + 1, w.scan.key_bytes - 1, &w.scan.entry);
            if (rc == 0)
                rc = fihi_deadline_check(s->deadline, s->err);
        }
        rc = rc == FIH_DONE ? FIH_OK : rc;
    }
    return rc;
}

/* Documents with a word, by its stems or its form, as a query would find it; of several words, the rarest one's. */
static int count_word(struct search *s, const uint8_t *word, size_t n, uint64_t *docs)
{
    struct token tokens[64];
    uint64_t here = 0, least = UINT64_MAX;
    size_t count, at = SIZE_MAX;
    int rc;

    fihi_analyzer_begin(s->analyzer, word, n);
    while ((rc = fihi_analyzer_next(s->analyzer, tokens, 64, &count, s->err)) == FIH_OK)
        for (size_t i = 0; i < count; i++) {
            const struct term_text t = fihi_analyzer_term(s->analyzer, tokens[i].term);
            uint8_t key[TERM_KEY_MAX];
            uint64_t sum;

            if (tokens[i].flags & TOKEN_ROOT)
                continue;
            key[0] = tokens[i].flags & TOKEN_FORM ? LEVEL_FORM : LEVEL_STEM;
            memcpy(key + 1, t.ptr, t.len);
            if ((rc = fihi_view_count_docs(s->view, key, t.len + 1, &sum, s->err)) != 0)
                return rc;
            if (at != SIZE_MAX && tokens[i].start != at) {
                least = here < least ? here : least;
                here = 0;
            }
            at = tokens[i].start;
            here = sum > here ? sum : here;
        }
    *docs = here < least ? here : least;
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* ---- candidates */

static int add_candidate(struct search *s, const uint8_t *word, size_t n, uint64_t docs, float nearness,
                         const char *how)
{
    struct candidate *c;

    if (s->count >= CANDIDATES || n > FIH_MAX_TERM)
        return FIH_OK;
    if (fihi_grow(&s->candidates, &s->cap, s->count + 1, sizeof *s->candidates) != 0)
        return fihi_fail_nomem(s->err);
    c = &s->candidates[s->count++];
    memcpy(c->word, word, n);
    c->bytes = (uint32_t)n;
    c->docs = docs;
    c->nearness = nearness;
    c->how = how;
    return FIH_OK;
}

/* Letters and nothing else, three of them or more? */
static bool is_word(const uint8_t *s, size_t n)
{
    size_t letters = 0;

    for (size_t i = 0; i < n; i++) {
        if (s[i] < 0x80 && !((s[i] | 32) >= 'a' && (s[i] | 32) <= 'z'))
            return 0;
        letters += (s[i] & 0xC0) != 0x80;
    }
    return letters >= 3;
}

/* The same keys on another keyboard. */
static int try_keys(struct search *s, const uint8_t *word, size_t n)
{
    for (unsigned k = 0; k < RESPELL_KEYBOARDS; k++) {
        uint8_t other[RESPELL_MAX];
        const size_t bytes = fihi_respell_keys(other, word, n, k);
        uint64_t docs = 0;
        int rc = bytes && is_word(other, bytes) ? count_word(s, other, bytes, &docs) : FIH_OK;

        if (rc == 0 && docs > 0)
            rc = add_candidate(s, other, bytes, docs, 1, "another keyboard");
        if (rc != 0)
            return rc;
    }
    return FIH_OK;
}

struct near {
    struct pattern *pattern;           /* or NULL */
    uint8_t         bones[RESPELL_MAX];
    const uint8_t  *word;
    size_t          bone_count, bytes;
    bool             is_latin;
};

/* Spelt nearly so, or an Arabic word with the same consonants. */
static int try_word(struct search *s, void *ctx, const uint8_t *word, size_t n, const struct dict_entry *e)
{
    const struct near *near = ctx;
    const float spelling = near->pattern ? fihi_pattern_match(near->pattern, word, n) : 0;
    uint8_t bones[RESPELL_MAX];
    float sound = 0;

    if (near->bone_count >= 2 && fihi_fold_is_arabic(word, n) &&
        fihi_respell_bones(bones, word, n) == near->bone_count && memcmp(bones, near->bones, near->bone_count) == 0)
        sound = 0.7f * fihi_respell_nearness(near->word, near->bytes, word, n);
    if (sound > spelling && sound >= LEAST_SOUND)
        return add_candidate(s, word, n, e->df, sound,
                             near->is_latin ? "Latin letters for Arabic" : "another spelling of its sounds");
    return spelling > 0 ? add_candidate(s, word, n, e->df, spelling, "spelling") : FIH_OK;
}

static int try_near(struct search *s, const uint8_t *word, size_t n)
{
    const bool is_arabic = fihi_fold_is_arabic(word, n);
    struct near near = {.is_latin = !is_arabic, .word = word, .bytes = n};
    size_t letters = 0;
    struct node node = {.kind = NODE_PATTERN, .pattern = PATTERN_FUZZY, .text = (char *)(uintptr_t)word, .len = n};
    int rc = FIH_OK;

    for (size_t i = 0; i < n; i++)
        letters += (word[i] & 0xC0) != 0x80;
    node.reach = letters < 6 ? 1 : 2;
    if (letters >= 3 && n <= PATTERN_MAX)
        rc = fihi_pattern_new(&near.pattern, s->analyzer, &node, s->err);
    near.bone_count = fihi_respell_bones(near.bones, word, n);
    if (rc == 0)
        rc = each_word(s, level_for(s, is_arabic), NULL, 0, try_word, &near);
    fihi_pattern_free(near.pattern);
    near.pattern = NULL;
    if (rc == 0 && !is_arabic && near.bone_count >= 2)
        rc = each_word(s, level_for(s, 1), NULL, 0, try_word, &near);
    return rc;
}

/* ---- the choice */

static int by_word(const void *x, const void *y)
{
    const struct candidate *a = x, *b = y;

    return key_compare(a->word, a->bytes, b->word, b->bytes);
}

/* Near before common: nearness to the fourth, times the logarithm of the documents. NULL without candidates. */
static const struct candidate *choose(struct search *s)
{
    const struct candidate *best = NULL;
    double most = 0;
    size_t kept = 0;

    if (s->count)
        qsort(s->candidates, s->count, sizeof *s->candidates, by_word);
    for (size_t i = 0; i < s->count; i++) {
        struct candidate *const before = kept ? &s->candidates[kept - 1] : NULL;

        if (before && by_word(before, &s->candidates[i]) == 0)
            before->docs += s->candidates[i].docs;
        else
            s->candidates[kept++] = s->candidates[i];
    }
    for (size_t i = 0; i < kept; i++) {
        const struct candidate *c = &s->candidates[i];
        const double value = pow((double)c->nearness, 4) * log(1 + (double)c->docs);

        if (value > most) {
            most = value;
            best = c;
        }
    }
    s->count = kept;
    return best;
}

static bool is_space(uint8_t c)
{
    return c <= ' ';
}

/* One word of the text: itself, or what is chosen for it. */
static int suggest_word(struct search *s, struct buf *out, const uint8_t *word, size_t n, const char **how)
{
    const struct candidate *best = NULL;
    uint64_t docs;
    int rc = count_word(s, word, n, &docs);

    if (rc == 0 && docs == 0) {
        s->count = 0;
        if ((rc = try_keys(s, word, n)) == 0 && s->count == 0)
            rc = try_near(s, word, n);
        if (rc == 0 && (best = choose(s)) != NULL)
            *how = best->how;
    }
    if (rc == 0 && fihi_buf_append(out, best ? best->word : word, best ? best->bytes : n) != 0)
        rc = fihi_fail_nomem(s->err);
    return rc;
}

/* The words of a text, and what stands between them as it is. `words` counts those that were looked at. */
static int suggest_text(struct search *s, struct buf *out, const uint8_t *t, size_t n, size_t *words, const char **how)
{
    size_t i = 0;
    int rc = FIH_OK;

    while (i < n && rc == 0) {
        size_t from = i;

        while (i < n && is_space(t[i]))
            i++;
        if (i > from && fihi_buf_append(out, t + from, i - from) != 0)
            return fihi_fail_nomem(s->err);
        for (from = i; i < n && !is_space(t[i]); i++)
            ;
        if (i > from && (*words)++ < MOST_WORDS)
            rc = suggest_word(s, out, t + from, i - from, how);
        else if (i > from && fihi_buf_append(out, t + from, i - from) != 0)
            rc = fihi_fail_nomem(s->err);
    }
    return rc;
}

/* ---- the query's words: signs, operators, fields and patterns between them stay */

struct range { size_t from, to; };

struct ranges {
    fih_str       text;
    struct range *list;
    size_t        count, cap;
};

static int add_range(struct ranges *r, const struct node *n, fih_error *err)
{
    if (n->len == 0)
        return FIH_OK;
    if (fihi_grow(&r->list, &r->cap, r->count + 1, sizeof *r->list) != 0)
        return fihi_fail_nomem(err);
    r->list[r->count++] = (struct range){n->text_at, n->text_at + n->len};
    return FIH_OK;
}

static int find_words(struct ranges *r, const struct node *n, fih_error *err)
{
    int rc = FIH_OK;

    if (n->occur == OCCUR_NOT)
        return FIH_OK;
    if (n->kind == NODE_WORDS || n->kind == NODE_PHRASE)
        return add_range(r, n, err);
    for (size_t i = 0; i < n->count && rc == 0; i++)
        rc = find_words(r, n->children[i], err);
    return rc;
}

static int by_place(const void *x, const void *y)
{
    const struct range *a = x, *b = y;

    return (a->from > b->from) - (a->from < b->from);
}

/* A text that is no query has nothing but words. */
static int read_query(struct ranges *r, fih_error *err)
{
    struct fih_query *q;
    int rc = fihi_query_parse(&q, r->text.ptr, r->text.len, err);

    if (rc == FIH_E_QUERY || rc == FIH_E_LIMIT)
        rc = fihi_query_plain(&q, r->text.ptr, r->text.len, err);
    if (rc != 0)
        return rc;
    rc = find_words(r, q->root, err);
    fihi_query_free(q);
    if (r->count)
        qsort(r->list, r->count, sizeof *r->list, by_place);
    return rc;
}

int fihi_suggest(struct buf *out, const char **how, const struct view *v, struct analyzer *a, fih_str text,
                 struct deadline *deadline, fih_error *err)
{
    struct search s = {.view = v, .analyzer = a, .deadline = deadline, .err = err};
    struct ranges r = {.text = text};
    const uint8_t *t = (const uint8_t *)text.ptr;
    size_t at = 0, words = 0;
    int rc = read_query(&r, err);

    *how = NULL;
    for (size_t i = 0; i < r.count && rc == 0; i++) {
        if (r.list[i].from < at)
            continue;
        if (r.list[i].from > at && fihi_buf_append(out, t + at, r.list[i].from - at) != 0)
            rc = fihi_fail_nomem(err);
        else
            rc = suggest_text(&s, out, t + r.list[i].from, r.list[i].to - r.list[i].from, &words, how);
        at = r.list[i].to;
    }
    if (rc == 0 && at < text.len && fihi_buf_append(out, t + at, text.len - at) != 0)
        rc = fihi_fail_nomem(err);
    free(r.list);
    free(s.candidates);
    return rc == 0 && !*how ? FIH_DONE : rc;
}

/* ---- completion */

struct best {
    struct completion *list;
    size_t             count, limit;
};

/* The list is short: it is kept in order. A word of several segments is met again in each. */
static int offer(struct search *s, void *ctx, const uint8_t *word, size_t n, const struct dict_entry *e)
{
    struct best *b = ctx;
    struct completion c = {.bytes = (uint32_t)n, .docs = e->df};
    size_t at;

    (void)s;
    for (at = 0; at < b->count && !(b->list[at].bytes == n && memcmp(b->list[at].word, word, n) == 0); at++)
        ;
    if (at < b->count) {
        c.docs += b->list[at].docs;
        memmove(b->list + at, b->list + at + 1, (--b->count - at) * sizeof *b->list);
    } else if (b->count == b->limit && b->list[b->count - 1].docs >= c.docs) {
        return FIH_OK;
    }
    memcpy(c.word, word, n);
    for (at = b->count; at > 0 && b->list[at - 1].docs < c.docs; at--)
        ;
    if (b->count < b->limit)
        b->count++;
    memmove(b->list + at + 1, b->list + at, (b->count - 1 - at) * sizeof *b->list);
    b->list[at] = c;
    return FIH_OK;
}

int fihi_complete(struct completion *out, size_t limit, size_t *count, size_t *keep, const struct view *v,
                  struct analyzer *a, fih_str text, struct deadline *deadline, fih_error *err)
{
    struct search s = {.view = v, .analyzer = a, .deadline = deadline, .err = err};
    struct best b = {out, 0, limit};
    const uint8_t *t = (const uint8_t *)text.ptr;
    uint8_t folded[FOLD_MAX];
    size_t from = text.len, n;
    int rc = FIH_OK;

    while (from > 0 && !is_space(t[from - 1]))
        from--;
    *keep = from;
    *count = 0;
    n = from < text.len && text.len - from <= FIH_MAX_TERM ? fihi_analyzer_fold(a, t + from, text.len - from, folded)
                                                           : 0;
    if (n == 0 || n > FIH_MAX_TERM || limit == 0)
        return FIH_OK;
    rc = each_word(&s, level_for(&s, fihi_fold_is_arabic(t + from, text.len - from)), folded, n, offer, &b);
    *count = b.count;
    return rc;
}
