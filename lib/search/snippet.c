/* search/snippet.c - finding hits and choosing a passage. */
#include "search/snippet.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fail.h"
#include "search/pattern.h"
#include "search/together.h"

struct hit {
    size_t   start, end, chars;        /* bytes; characters before it */
    uint32_t word;                     /* which of the query's: terms, patterns, words of phrases; MAYBE */
};

#define MAYBE UINT32_MAX               /* a hit if the rest of a phrase stands beside it */

struct hits {
    struct hit *hits;
    size_t      count, cap;
};

struct wanted {
    struct wanted_word {
        uint32_t term;                 /* the analyzer's number */
        uint8_t  letters, flags;       /* TOKEN_FORM, and TOKEN_STOP outside phrases */
    }        *words;
    size_t    count, cap;
    struct pattern **patterns;         /* words meant by their spelling; numbered behind the terms */
    size_t    pattern_count, pattern_cap;
    struct together together;          /* phrases and words near each other; numbered behind the patterns */
};

static void wanted_free(struct wanted *w)
{
    free(w->words);
    for (size_t i = 0; i < w->pattern_count; i++)
        fihi_pattern_free(w->patterns[i]);
    free(w->patterns);
    fihi_together_free(&w->together);
}

static int want_text(struct wanted *w, struct analyzer *a, const struct node *n, fih_error *err)
{
    struct token tokens[64];
    size_t count;
    int rc;

    fihi_analyzer_begin(a, (const uint8_t *)n->text, n->len);
    while ((rc = fihi_analyzer_next(a, tokens, 64, &count, err)) == FIH_OK)
        for (size_t i = 0; i < count; i++) {
            if (tokens[i].flags & TOKEN_ROOT)
                continue;
            const unsigned flags = n->kind == NODE_PHRASE ? TOKEN_FORM : TOKEN_FORM | TOKEN_STOP;

            if (fihi_grow(&w->words, &w->cap, w->count + 1, sizeof *w->words) != 0)
                return fihi_fail_nomem(err);
            w->words[w->count++] =
                (struct wanted_word){tokens[i].term, tokens[i].letters, (uint8_t)(tokens[i].flags & flags)};
        }
    return rc == FIH_DONE ? FIH_OK : rc;
}

static int want_pattern(struct wanted *w, struct analyzer *a, const struct node *n, fih_error *err)
{
    int rc;

    if (fihi_grow(&w->patterns, &w->pattern_cap, w->pattern_count + 1, sizeof *w->patterns) != 0)
        return fihi_fail_nomem(err);
    if ((rc = fihi_pattern_new(&w->patterns[w->pattern_count], a, n, err)) == 0)
        w->pattern_count++;
    return rc;
}

/* Words that the query wants together are shown where they are; one word is that wherever it stands. */
static int want_node(struct wanted *w, struct analyzer *a, const struct node *n, fih_error *err)
{
    const size_t units = w->together.unit_count;
    int rc = FIH_OK;

    if (n->occur == OCCUR_NOT || n->kind == NODE_KEYWORD || n->kind == NODE_DATE)
        return FIH_OK;
    if (n->kind == NODE_PATTERN)
        return want_pattern(w, a, n, err);
    if (n->kind != NODE_GROUP && (n->kind != NODE_WORDS || n->occur == OCCUR_MUST) &&
        ((rc = fihi_together_add(&w->together, a, n, err)) != 0 || w->together.unit_count > units))
        return rc;
    if (n->kind != NODE_GROUP && n->kind != NODE_NEAR)
        return want_text(w, a, n, err);
    for (size_t i = 0; i < n->count && rc == 0; i++)
        rc = want_node(w, a, n->children[i], err);
    return rc;
}

/* Stop words are not shown as hits, unless the query is nothing else. */
static void drop_stop_words(struct wanted *w)
{
    size_t kept = 0;

    for (size_t i = 0; i < w->count; i++)
        kept += !(w->words[i].flags & TOKEN_STOP);
    if (kept == 0)
        return;
    kept = 0;
    for (size_t i = 0; i < w->count; i++)
        if (!(w->words[i].flags & TOKEN_STOP))
            w->words[kept++] = w->words[i];
    w->count = kept;
}

/* ---- what is left of a text when its cuts are taken out: the pieces, a space between them */

struct kept {
    fih_str    text;
    struct buf bytes;                  /* the text's when there are cuts */
    size_t    *joints;                 /* where those spaces stand */
    size_t     count, cap;
};

static int keep_piece(struct kept *k, const char *ptr, size_t n, fih_error *err)
{
    if (n == 0)
        return FIH_OK;
    if (k->bytes.len) {
        if (fihi_grow(&k->joints, &k->cap, k->count + 1, sizeof *k->joints) != 0 ||
            fihi_buf_append(&k->bytes, " ", 1) != 0)
            return fihi_fail_nomem(err);
        k->joints[k->count++] = k->bytes.len - 1;
    }
    return fihi_buf_append(&k->bytes, ptr, n) != 0 ? fihi_fail_nomem(err) : FIH_OK;
}

/* k->text is the whole text before, and the kept one after. */
static int keep(struct kept *k, fih_str cuts, fih_error *err)
{
    const fih_str text = k->text;
    size_t at = 0, start, end;
    struct cut_scan s;
    int rc, kept_rc = FIH_OK;

    fihi_cut_scan(&s, cuts, text);
    while (k->bytes.len <= SNIPPET_LOOK && (rc = fihi_cut_next(&s, &start, &end)) == FIH_OK) {
        if ((kept_rc = keep_piece(k, text.ptr + at, start - at, err)) != 0)
            return kept_rc;
        at = end;
    }
    if (k->bytes.len <= SNIPPET_LOOK && rc != FIH_DONE)
        return fihi_fail(err, FIH_E_CORRUPT, "the cuts of a document do not fit its body: the index is damaged");
    if ((rc = keep_piece(k, text.ptr + at, text.len - at < SNIPPET_LOOK + 4 ? text.len - at : SNIPPET_LOOK + 4, err)) !=
        0)
        return rc;
    k->text = (fih_str){k->bytes.ptr ? (const char *)k->bytes.ptr : "", k->bytes.len};
    return FIH_OK;
}

static bool is_lead(uint8_t b)
{
    return (b & 0xC0) != 0x80;
}

/* Which of the terms or patterns a token is, or SIZE_MAX. */
static size_t which_wanted(const struct wanted *w, const struct analyzer *a, const struct token *t)
{
    for (size_t k = 0; k < w->count; k++)
        if (t->term == w->words[k].term && (t->flags & TOKEN_LEVEL) == (w->words[k].flags & TOKEN_FORM))
            return k;
    for (size_t k = 0; k < w->pattern_count; k++)
        if ((t->flags & TOKEN_LEVEL) == (fihi_pattern_is_form(w->patterns[k]) ? TOKEN_FORM : 0)) {
            const struct term_text term = fihi_analyzer_term(a, t->term);

            if (fihi_pattern_match(w->patterns[k], term.ptr, term.len) > 0)
                return w->count + k;
        }
    return SIZE_MAX;
}

/* A token at a position, which may be part of a hit. Tokens of one word are one hit. */
static int look_at_token(struct hits *h, struct analyzer *a, struct wanted *w, const struct token *t,
                         uint32_t position, size_t chars, fih_error *err)
{
    struct hit *last = h->count ? &h->hits[h->count - 1] : NULL;
    const bool is_new = !last || last->start != t->start;
    const size_t k = is_new || last->word == MAYBE ? which_wanted(w, a, t) : SIZE_MAX, at = h->count - !is_new;
    int rc = FIH_OK;
    bool may = false;

    if (!(t->flags & TOKEN_LEVEL))
        rc = fihi_together_see(&w->together, t->term, position, at, &may, err);
    if (rc != 0 || (k == SIZE_MAX && !may))
        return rc;
    if (is_new) {
        if (fihi_grow(&h->hits, &h->cap, h->count + 1, sizeof *h->hits) != 0)
            return fihi_fail_nomem(err);
        h->hits[h->count++] = (struct hit){t->start, t->end, chars, MAYBE};
    }
    if (k != SIZE_MAX)
        h->hits[at].word = (uint32_t)k;
    return FIH_OK;
}

struct sure { struct hits *hits; uint32_t first; };

static void be_sure(void *ctx, size_t mark, size_t word)
{
    const struct sure *s = ctx;

    s->hits->hits[mark].word = s->first + (uint32_t)word;
}

static int find_hits(struct hits *h, struct analyzer *a, struct wanted *w, fih_str text, fih_error *err)
{
    struct sure sure = {h, (uint32_t)(w->count + w->pattern_count)};
    struct token tokens[256];
    const uint8_t *s = (const uint8_t *)text.ptr;
    size_t count, at = 0, chars = 0, kept = 0;
    uint32_t position = UINT32_MAX;
    int rc;

    fihi_analyzer_begin(a, s, text.len);
    while ((rc = fihi_analyzer_next(a, tokens, 256, &count, err)) == FIH_OK)
        for (size_t i = 0; i < count; i++) {
            position += !(tokens[i].flags & (TOKEN_SAME_POSITION | TOKEN_LEVEL));
            for (; at < tokens[i].start; at++)
                chars += (size_t)is_lead(s[at]);
            if ((rc = look_at_token(h, a, w, &tokens[i], position, chars, err)) != 0)
                return rc;
        }
    fihi_together_settle(&w->together, be_sure, &sure);
    for (size_t i = 0; i < h->count; i++)
        if (h->hits[i].word != MAYBE)
            h->hits[kept++] = h->hits[i];
    h->count = kept;
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* What it is worth to show a word: more letters say more, and what stands together as asked goes before all else. */
static double worth(const struct wanted *w, uint32_t word)
{
    const size_t words = w->count + w->pattern_count;

    return word < w->count ? 1 + w->words[word].letters
           : word < words  ? 6
                           : 100 + w->together.words[word - words].letters;
}

/* The run of hits within `chars` characters that shows the most: each word once by its letters, a little for each
 * repetition. Terms that are the same word count once. */
static void best_run(const struct hits *h, const struct wanted *w, uint32_t chars, size_t *from, size_t *to)
{
    double best = -1;

    *from = *to = 0;
    /* Runs begin at any hit; a text full of hits needs no more than its first thousands. */
    for (size_t i = 0; i < h->count && i < 20000; i++) {
        uint64_t shown = 0;
        double value = 0;
        size_t j = i;

        for (; j < h->count && j - i < 64 && h->hits[j].chars - h->hits[i].chars < chars; j++) {
            const uint32_t term = h->hits[j].word;
            const uint64_t bit = UINT64_C(1) << (term % 64);

            value += shown & bit ? 0.2 : worth(w, term);
            shown |= bit;
        }
        if (value > best) {
            best = value;
            *from = i;
            *to = j;
        }
    }
}

static bool is_space(uint8_t b)
{
    return b <= ' ';
}

/* Move `n` characters back or forth, not past the ends. */
static size_t step(fih_str t, size_t at, long n)
{
    const uint8_t *s = (const uint8_t *)t.ptr;

    for (; n < 0 && at > 0; n++)
        do
            at--;
        while (at > 0 && !is_lead(s[at]));
    for (; n > 0 && at < t.len; n--)
        do
            at++;
        while (at < t.len && !is_lead(s[at]));
    return at;
}

/* Does a sentence end right before `at` (which follows a space)? . ! ? ؟ … and line ends. */
static int follows_sentence(fih_str t, size_t at)
{
    const uint8_t *s = (const uint8_t *)t.ptr;

    if (at == 0 || s[at - 1] == '\n')
        return 1;
    while (at > 0 && is_space(s[at - 1]))
        at--;
    return at == 0 || s[at - 1] == '.' || s[at - 1] == '!' || s[at - 1] == '?' ||
           (at >= 2 && s[at - 2] == 0xD8 && s[at - 1] == 0x9F) ||
           (at >= 3 && memcmp(s + at - 3, "\xE2\x80\xA6", 3) == 0);
}

/* Begin where a sentence does if one does before the first hit, else at a word. */
static size_t passage_start(fih_str t, size_t low, size_t hit)
{
    const uint8_t *s = (const uint8_t *)t.ptr;
    size_t word = hit;

    for (size_t i = hit; i > low; i--)
        if (is_space(s[i - 1]) && !is_space(s[i])) {
            word = i;
            if (follows_sentence(t, i))
                return i;
        }
    return low == 0 ? 0 : word;
}

static size_t passage_end(fih_str t, size_t hit, size_t high)
{
    const uint8_t *s = (const uint8_t *)t.ptr;

    if (high >= t.len)
        return t.len;
    for (size_t i = high; i > hit; i--)
        if (is_space(s[i]))
            return i;
    return hit;
}

static int add_part(struct fih_snippet *s, int kind, const char *ptr, size_t len, fih_error *err)
{
    if (len == 0 && kind != FIH_PART_GAP)
        return FIH_OK;
    if (fihi_grow(&s->parts, &s->cap, s->count + 1, sizeof *s->parts) != 0)
        return fihi_fail_nomem(err);
    s->parts[s->count++] = (struct fih_part){kind, {ptr, len}};
    return FIH_OK;
}

/* A gap stands once between two parts. */
static int add_gap(struct fih_snippet *s, fih_error *err)
{
    return s->count && s->parts[s->count - 1].kind == FIH_PART_GAP ? FIH_OK : add_part(s, FIH_PART_GAP, NULL, 0, err);
}

/* The bytes from `from` to `to` of the kept text, of which s->text is a copy from `start` on; gaps where pieces meet.
 */
static int add_text(struct fih_snippet *s, const struct kept *k, size_t start, size_t from, size_t to, fih_error *err)
{
    int rc = FIH_OK;

    for (size_t i = 0; i < k->count && rc == 0; i++) {
        const size_t joint = k->joints[i];

        if (joint < from || joint >= to)
            continue;
        if ((rc = add_part(s, FIH_PART_TEXT, s->text + (from - start), joint - from, err)) == 0)
            rc = add_gap(s, err);
        from = joint + 1;
    }
    return rc ? rc : add_part(s, FIH_PART_TEXT, s->text + (from - start), to - from, err);
}

static int make_parts(struct fih_snippet *s, const struct hits *h, const struct kept *k, size_t start, size_t end,
                      fih_error *err)
{
    const fih_str text = k->text;
    size_t at = start;
    int rc = start > 0 ? add_gap(s, err) : FIH_OK;

    if (!(s->text = malloc(end - start + 1)))
        return fihi_fail_nomem(err);
    if (end > start)
        memcpy(s->text, text.ptr + start, end - start);
    for (size_t i = 0; i < h->count && rc == 0; i++) {
        if (h->hits[i].start < at || h->hits[i].end > end)
            continue;
        if ((rc = add_text(s, k, start, at, h->hits[i].start, err)) == 0)
            rc =
                add_part(s, FIH_PART_HIT, s->text + (h->hits[i].start - start), h->hits[i].end - h->hits[i].start, err);
        at = h->hits[i].end;
    }
    if (rc == 0)
        rc = add_text(s, k, start, at, end, err);
    if (rc == 0 && end < text.len)
        rc = add_gap(s, err);
    return rc;
}

/* Which part of the text to show. */
static void choose(const struct hits *h, const struct wanted *w, fih_str text, uint32_t chars, size_t *start,
                   size_t *end)
{
    size_t from, to, low, high;

    if (h->count) {
        best_run(h, w, chars, &from, &to);
        const size_t span = h->hits[to - 1].chars - h->hits[from].chars;
        const long spare = (long)(span < chars ? chars - span : 0);

        low = step(text, h->hits[from].start, -(spare / 3) - 1);
        *start = passage_start(text, low, h->hits[from].start);
        high = step(text, *start, (long)chars);
        *end = passage_end(text, h->hits[to - 1].end, high > h->hits[to - 1].end ? high : h->hits[to - 1].end);
    } else {
        high = step(text, 0, (long)chars);
        *end = passage_end(text, 0, high);
        *end = *end ? *end : high;
    }
}

int fihi_snippet_new(struct fih_snippet **out, struct analyzer *a, const struct fih_query *q, fih_str text,
                     fih_str cuts, uint32_t chars, fih_error *err)
{
    struct fih_snippet *s = calloc(1, sizeof *s);
    struct wanted w = {0};
    struct hits h = {0};
    struct kept k = {.text = text};
    size_t start = 0, end;
    int rc;

    *out = NULL;
    if (!s)
        return fihi_fail_nomem(err);
    if ((rc = cuts.len ? keep(&k, cuts, err) : FIH_OK) != 0)
        goto out;
    if (k.text.len > SNIPPET_LOOK)
        k.text.len = step(k.text, SNIPPET_LOOK, -1);
    end = k.text.len;
    if ((rc = want_node(&w, a, q->root, err)) != 0)
        goto out;
    drop_stop_words(&w);
    if ((rc = find_hits(&h, a, &w, k.text, err)) != 0)
        goto out;
    if (chars)
        choose(&h, &w, k.text, chars, &start, &end);
    if ((rc = make_parts(s, &h, &k, start, end, err)) == 0) {
        *out = s;
        s = NULL;
    }
out:
    wanted_free(&w);
    free(h.hits);
    fihi_buf_free(&k.bytes);
    free(k.joints);
    fihi_snippet_free(s);
    return rc;
}

void fihi_snippet_free(struct fih_snippet *s)
{
    if (!s)
        return;
    free(s->text);
    free(s->parts);
    free(s);
}
