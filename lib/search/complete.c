/* search/complete.c - which words go on with a beginning, and which of them stand behind the words before it.
 *
 * Two questions: which words of the index begin so (a walk over a range of the sorted dictionary, the commonest of
 * each segment kept in a heap), and which of them stand behind the words before. The second needs the positions of
 * the words before (beside.h) and, for each candidate, a merge of its list with them. The candidates are taken best
 * first, and the work is limited to STEPS documents, since this runs at every key that is pressed.
 *
 * Where the beginning is one or two letters there are more candidates than can be tried: then some of the places
 * themselves are opened and read (samples), which finds what stands there often, whatever it is.
 *
 * The answer depends on the index and on the text alone, so a program may call it at each key, and keep what it got for
 * an earlier text. What is offered is spelt as most texts spell it (spelling.c); the dictionary has the words without
 * hamza and vowels.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fail.h"
#include "search/beside.h"
#include "search/spelling.h"
#include "search/suggest.h"
#include "search/suggest_part.h"
#include "text/fold.h"

enum {
    /* Ten are asked for as a rule; the others are there for what stands behind the words before. */
    LOOKED_AT = 160,                   /* words of a segment that are kept, the commonest; or as many as asked for */
    /* What stands at every tenth place is hardly missed by 64 of them. */
    SAMPLES = 64, SAMPLE_PLACES = 8,   /* texts that are opened, if there are more words, and places in each */
    SAMPLE_WORDS = 2000, TRIES = 32,   /* texts that are longer are not opened for that, but one of the next */
    /* It limits what one key may cost; four times as many while nothing was found yet. */
    STEPS = 150000,                    /* documents that are looked at for what stands together */
    KEPT = 8                           /* how many documents one with the word before as it was typed is worth */
};

/* A word that begins so: how many documents have it, and in how many it stands behind the words before, as far as that
 * was counted. */
struct found {
    uint8_t  key[TERM_KEY_MAX];        /* level and normalised word */
    uint32_t bytes;
    uint64_t docs, together;
};

/* Of one call; `words` is its own. Words and beginning are of one level, that of key[0], so two words are equal if
 * their keys are. */
struct completing {
    const struct view *view;
    struct analyzer   *analyzer;
    fih_error         *err;
    uint8_t            key[TERM_KEY_MAX];      /* level and beginning */
    size_t             key_bytes;
    struct found      *words;
    size_t             count, cap;
    size_t             most;           /* while they are looked for a heap of so many, with the rarest on top */
    bool               is_cut;         /* there are more */
    struct places      places;         /* behind the words before; none if no word stands there */
    struct kept        kept;           /* start … end: the last word before */
};

/* ---- words that begin so */

/* A heap with the rarest of those kept on top, so that a segment with a million such words costs one comparison for
 * nearly all of them: only a word with more documents than the top gets in. */
static void sift_down(struct found *heap, size_t n, size_t i)
{
    for (size_t child; (child = 2 * i + 1) < n; i = child) {
        if (child + 1 < n && heap[child + 1].docs < heap[child].docs)
            child++;
        if (heap[i].docs <= heap[child].docs)
            return;
        const struct found swap = heap[i];
        heap[i] = heap[child];
        heap[child] = swap;
    }
}

/* `n` is at most FIH_MAX_TERM: words come from the dictionary, or from its analyzer. */
static int put(struct completing *c, struct found *at, const uint8_t *word, size_t n, uint64_t docs)
{
    at->key[0] = c->key[0];
    memcpy(at->key + 1, word, n);
    at->bytes = (uint32_t)n + 1;
    at->docs = docs;
    at->together = 0;
    return FIH_OK;
}

/* Before the heap is full, and for samples. */
static int append(struct completing *c, const uint8_t *word, size_t n, uint64_t docs)
{
    if (fihi_grow(&c->words, &c->cap, c->count + 1, sizeof *c->words) != 0)
        return fihi_fail_nomem(c->err);
    return put(c, &c->words[c->count++], word, n, docs);
}

/* Called by fihi_each_word() for each word that begins so, in the order of their bytes, with its documents in all
 * segments. */
static int offer(void *ctx, const uint8_t *word, size_t n, uint32_t docs)
{
    struct completing *const c = ctx;
    const size_t count = c->count;
    struct found *const heap = c->words;
    int rc = FIH_OK;

    if (count < c->most) {
        rc = append(c, word, n, docs);
        /* Made a heap when it is full, and not before: most beginnings have fewer words. */
        if (rc == 0 && count + 1 == c->most)
            for (size_t i = c->most / 2; i-- > 0;)
                sift_down(c->words, c->most, i);
        return rc;
    }
    c->is_cut = true;
    /* Of equal ones the first in the dictionary stays, so the answer is the same each time. */
    if (docs > heap->docs) {
        put(c, heap, word, n, docs);
        sift_down(heap, count, 0);
    }
    return rc;
}

/* In the order of the dictionary: equal words stand side by side. */
static int by_key(const void *x, const void *y)
{
    const struct found *a = x, *b = y;

    return key_compare(a->key, a->bytes, b->key, b->bytes);
}

/* By key at last: qsort() keeps no order of its own. */
static int by_worth(const void *x, const void *y)
{
    const struct found *a = x, *b = y;

    if (a->together != b->together)
        return a->together > b->together ? -1 : 1;
    return a->docs != b->docs ? (a->docs > b->docs ? -1 : 1) : by_key(x, y);
}

/* A word that samples have found may have been found by several of them, and among the commonest before: one entry is
 * left of it. `docs` is then that of the dictionary or 0, whichever qsort() left first, and read_samples() counts it
 * anew. */
static void drop_same(struct completing *c)
{
    size_t kept = 0;

    if (c->count)
        qsort(c->words, c->count, sizeof *c->words, by_key);
    for (size_t i = 0; i < c->count; i++)
        if (kept == 0 || by_key(&c->words[kept - 1], &c->words[i]) != 0)
            c->words[kept++] = c->words[i];
        else
            /* A sample has `together` 1 and no documents; those of several samples add up. */
            c->words[kept - 1].together += c->words[i].together;
    c->count = kept;
}

/* The commonest words, most of them first. One walk over the part of the dictionary that begins so, all segments side
 * by side. */
static int find_words(struct completing *c, struct deadline *deadline)
{
    const int rc = fihi_each_word(c->view, c->key[0], c->key + 1, c->key_bytes - 1, deadline, offer, c, c->err);

    if (rc == 0 && c->count)
        qsort(c->words, c->count, sizeof *c->words, by_worth);
    return rc;
}

/* ---- what stands behind the words before it */

/* The keys of the last two words of a text, the last one first; *count of them. Two words before are kept: more of
 * them seldom occur together again. */
static int read_before(struct completing *c, fih_str text, uint8_t keys[2][TERM_KEY_MAX], size_t bytes[2],
                       size_t *count)
{
    struct token tokens[64];
    size_t n;
    int rc;

    *count = 0;
    fihi_analyzer_begin(c->analyzer, (const uint8_t *)text.ptr, text.len);
    /* All of the text is analysed, though only its end counts: what a word is may depend on those before it. */
    while ((rc = fihi_analyzer_next(c->analyzer, tokens, 64, &n, c->err)) == FIH_OK)
        for (size_t i = 0; i < n; i++) {
            const struct term_text t = fihi_analyzer_term(c->analyzer, tokens[i].term);

            /* The first stem of each word: one place for each. */
            if (tokens[i].flags & (TOKEN_LEVEL | TOKEN_SAME_POSITION))
                continue;
            c->kept.start = tokens[i].start;
            c->kept.end = tokens[i].end;
            memcpy(keys[1], keys[0], sizeof keys[1]);
            bytes[1] = bytes[0];
            keys[0][0] = LEVEL_STEM;
            memcpy(keys[0] + 1, t.ptr, t.len);
            bytes[0] = t.len + 1;
            *count = *count ? 2 : 1;
        }
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* Behind both of the two words if that occurs, else behind the last one. "جامعة الملك ع": where الملك stands behind
 * جامعة, if any text has that; else where الملك stands. */
static int find_places(struct completing *c, struct places *out, fih_str text)
{
    uint8_t keys[2][TERM_KEY_MAX];
    struct places first = {NULL, 0};
    size_t bytes[2] = {0, 0}, count;
    int rc = read_before(c, text, keys, bytes, &count);

    if (rc == 0 && count > 1 && (rc = fihi_places_new(&first, c->view, keys[1], bytes[1], c->err)) == 0 && first.count)
        rc = fihi_places_behind(out, &first, c->view, keys[0], bytes[0], c->err);
    fihi_places_free(&first, c->view);
    /* Two words before say more than one, if the texts have them so. */
    if (rc == 0 && count > 0 && out->count == 0) {
        /* Empty, but its array of segments is there. */
        fihi_places_free(out, c->view);
        rc = fihi_places_new(out, c->view, keys[0], bytes[0], c->err);
    }
    return rc;
}

/* The normalised word of a spelling, if it begins as is asked. A spelling may be two readings with forms of their own:
 * each that begins so is a sample of its own. */
static int add_sample(struct completing *c, const struct spelling *s)
{
    const unsigned level = c->key[0] == LEVEL_FORM ? TOKEN_FORM : 0;
    const struct result *r;
    uint32_t surface;
    size_t count;
    int rc = fihi_analyzer_look_up(c->analyzer, s->text, s->bytes, &surface, c->err);

    if (rc != 0)
        return rc;
    r = fihi_analyzer_surface(c->analyzer, surface, &count);
    for (size_t i = 0; i < count && rc == 0; i++) {
        const struct term_text t = fihi_analyzer_term(c->analyzer, r[i].term);

        if ((r[i].flags & TOKEN_LEVEL) == level && t.len + 1 >= c->key_bytes &&
            /* A sample may be any word: only one that begins as asked counts. */
            memcmp(t.ptr, c->key + 1, c->key_bytes - 1) == 0 && (rc = append(c, t.ptr, t.len, 0)) == 0)
            c->words[c->count - 1].together = 1;
    }
    return rc;
}

/* On to a place in a document that is short enough to be opened; `count` if there is none in the next few. A text of
 * a book's length takes longer to be walked through than all the others; the next place is as good. */
static int go_to_short(size_t *at, struct completing *c, struct segment *s, const uint64_t *places, size_t count)
{
    unsigned tries = TRIES;
    uint32_t words;

    while (*at < count && tries-- > 0) {
        const uint64_t doc = places[*at] >> 32;
        const int rc = fihi_segment_length(s, NORM_TEXT, (uint32_t)doc, &words, c->err);

        if (rc != 0 || words <= SAMPLE_WORDS)
            return rc;
        while (*at < count && places[*at] >> 32 == doc)
            ++*at;
    }
    *at = count;
    return FIH_OK;
}

/* What stands at some places of one document, from the first of them on. Up to SAMPLE_PLACES of one document: it is
 * opened only once for them. */
static int read_doc(struct completing *c, struct segment *s, const uint64_t *places, size_t count)
{
    struct spelling spellings[SAMPLE_PLACES];
    size_t n = 0;
    int rc;

    while (n < count && n < SAMPLE_PLACES && places[n] >> 32 == places[0] >> 32)
        n++;
    rc = fihi_spelling_at(spellings, places, n, 0, s, c->analyzer, c->err);
    for (size_t i = 0; i < n && rc == 0; i++)
        if (spellings[i].bytes)
            rc = add_sample(c, &spellings[i]);
    return rc;
}

/* A beginning as short as an article has more words than can be looked at; some of the places tell more of them. At
 * most 64 texts of at most 2,000 words are read. Segments get them by their number of places, so that the answer is not
 * that of the first segment alone. */
static int read_samples(struct completing *c, const struct places *p)
{
    const size_t known = c->count;
    int rc = FIH_OK;

    for (uint32_t i = 0; i < c->view->count && rc == 0; i++) {
        const struct place_run *const run = &p->segments[i];
        /* Spread over the segments by their places, rounded up, so that each that has any is asked. */
        const size_t samples = (size_t)((SAMPLES * run->count + p->count - 1) / p->count);

        for (size_t k = 0; k < samples && rc == 0; k++) {
            struct segment *const s = c->view->segments[i];
            size_t at = k * run->count / samples;

            if ((rc = go_to_short(&at, c, s, run->at, run->count)) == 0 && at < run->count)
                rc = read_doc(c, s, run->at + at, run->count - at);
        }
    }
    if (rc != 0 || c->count == known)
        return rc;
    drop_same(c);
    for (size_t i = 0; i < c->count && rc == 0; i++)
        if (c->words[i].together)
            rc = fihi_view_count_docs(c->view, c->words[i].key, c->words[i].bytes, &c->words[i].docs, c->err);
    qsort(c->words, c->count, sizeof *c->words, by_worth);
    return rc;
}

/* Keep the words that stand there, if any do. Without any the words stay as they were, by their documents: a
 * beginning behind a name that no text has is completed all the same. To count for a word is to merge its list with the
 * places: hence a step for each document of the shorter of the two. Their sum is what STEPS bounds, whatever the
 * beginning and the index. */
static int follow(struct completing *c, fih_str text, size_t limit, struct deadline *deadline)
{
    struct places *const p = &c->places;
    uint64_t steps = 0;
    size_t kept = 0, i = 0;
    int rc = find_places(c, p, text);

    /* Those of the samples come first, the most frequent first: who looks at no more has seen them. */
    if (rc == 0 && p->count && c->is_cut)
        rc = read_samples(c, p);
    for (; i < c->count && p->count && rc == 0; i++) {
        struct found *const f = &c->words[i];
        /* Once there are enough, only words that two samples have seen go on being counted exactly. */
        const bool is_enough = kept >= limit && c->is_cut && f->together < 2;

        if ((steps += f->docs < p->count ? f->docs : p->count) > (is_enough ? 0 : kept ? STEPS : 4 * STEPS))
            break;
        if ((rc = fihi_places_count(&f->together, p, c->view, f->key, f->bytes, c->err)) == 0)
            rc = fihi_deadline_check(deadline, c->err);
        kept += f->together > 0;
    }
    /* What was not looked at is not known to stand there; what samples found in it counts for nothing without the
     * exact number. */
    for (; i < c->count; i++)
        c->words[i].together = 0;
    if (kept == 0)
        fihi_places_free(p, c->view);
    if (rc != 0 || kept == 0)
        return rc;
    qsort(c->words, c->count, sizeof *c->words, by_worth);
    c->count = kept;
    return FIH_OK;
}

/* ---- all of it */

/* Does a query have this before a word? So that +كت goes on as +كتاب: the sign is kept, the word behind it is
 * completed. */
static bool is_sign(uint8_t c)
{
    return c == '"' || c == '(' || c == '+' || c == '-' || c == '=';
}

/* What goes on as was typed counts KEPT times: a chance neighbour in one text does not stand before what hundreds
 * have behind another form of the word before. */
static uint64_t rank_of(const struct completion *c)
{
    return c->before_bytes ? c->docs : KEPT * c->docs;
}

/* Most documents first, of equal ones what was typed, and the order of bytes for a total one. */
static int by_rank(const void *x, const void *y)
{
    const struct completion *a = x, *b = y;

    if (rank_of(a) != rank_of(b))
        return rank_of(a) > rank_of(b) ? -1 : 1;
    if (!a->before_bytes != !b->before_bytes)
        return a->before_bytes ? 1 : -1;
    return key_compare(a->word, a->bytes, b->word, b->bytes);
}

/* A word as it stands behind those before it. Which forms stand side by side the index does not say, only that a
 * document has both: so some are opened, and a word that none of them has there is left out (*is_there). */
static int write_behind(struct completion *out, bool *is_there, const struct found *f, struct completing *c,
                        fih_str typed, unsigned voters)
{
    struct places behind = {NULL, 0};
    struct spelling word, before;
    int rc = fihi_places_behind(&behind, &c->places, c->view, f->key, f->bytes, c->err);

    word.bytes = before.bytes = 0;
    if (rc == 0)
        rc = fihi_spelling_pair(&word, &before, typed, &behind, f->key, f->bytes, c->view, c->analyzer, voters,
                                c->err);
    fihi_places_free(&behind, c->view);
    *is_there = rc == 0 && word.bytes > 0;
    memcpy(out->word, word.text, out->bytes = (uint32_t)word.bytes);
    memcpy(out->before, before.text, out->before_bytes = (uint32_t)before.bytes);
    out->docs = f->together;
    return rc;
}

/* All that stand there, best first, up to `limit`. None of them may, for what was counted is an estimate. */
static int write_all_behind(struct completion *out, size_t limit, size_t *count, struct completing *c, fih_str text,
                            unsigned voters)
{
    const uint8_t *const last = (const uint8_t *)text.ptr + c->kept.start;
    uint8_t folded[FOLD_MAX];
    const size_t n = fihi_analyzer_fold(c->analyzer, last, c->kept.end - c->kept.start, folded);
    int rc = FIH_OK;

    *count = 0;
    for (size_t i = 0; i < c->count && *count < limit && i < 3 * limit && rc == 0; i++) {
        bool is_there;

        rc = write_behind(&out[*count], &is_there, &c->words[i], c, (fih_str){(const char *)folded, n}, voters);
        *count += is_there;
    }
    if (rc == 0 && *count)
        qsort(out, *count, sizeof *out, by_rank);
    return rc;
}

/* Where many are asked for, fewer texts are read for each. */
static int write_out(struct completion *out, const struct found *f, const struct completing *c, unsigned voters)
{
    struct spelling s;
    const int rc = fihi_spelling(&s, c->view, c->analyzer, f->key, f->bytes, voters, c->err);

    if (rc != 0)
        return rc;
    memcpy(out->word, s.text, s.bytes);
    out->bytes = (uint32_t)s.bytes;
    out->before_bytes = 0;
    out->docs = f->together ? f->together : f->docs;
    return FIH_OK;
}

int fihi_complete(struct completion *out, size_t limit, size_t *count, struct kept *kept, const struct view *v,
                  struct analyzer *a, fih_str text, struct deadline *deadline, fih_error *err)
{
    struct completing c = {.view = v, .analyzer = a, .err = err, .most = limit > LOOKED_AT ? limit : LOOKED_AT};
    const uint8_t *t = (const uint8_t *)text.ptr;
    uint8_t folded[FOLD_MAX];
    size_t from = text.len, n;
    int rc;

    /* The last word begins behind the last space; signs of the language before it are kept as they are. */
    while (from > 0 && t[from - 1] > ' ')
        from--;
    while (from < text.len && is_sign(t[from]))
        from++;
    /* In any case, so that a caller can show the text although nothing goes on. */
    *kept = (struct kept){.bytes = from};
    *count = 0;
    /* Folded as the dictionary's words are; a beginning without letters has no words. */
    n = from < text.len && text.len - from <= FIH_MAX_TERM ? fihi_analyzer_fold(a, t + from, text.len - from, folded)
                                                           : 0;
    if (n == 0 || n > FIH_MAX_TERM || limit == 0)
        return FIH_OK;
    c.key[0] = suggest_level(a, fihi_fold_is_arabic(t + from, text.len - from));
    memcpy(c.key + 1, folded, n);
    c.key_bytes = n + 1;
    if ((rc = find_words(&c, deadline)) == 0 && c.count && from > 0)
        rc = follow(&c, (fih_str){text.ptr, from}, limit, deadline);
    const unsigned voters = limit <= 16 ? 7 : limit <= 64 ? 3 : 1;
    if (rc == 0 && c.places.count && (rc = write_all_behind(out, limit, count, &c, text, voters)) == 0)
        *kept = (struct kept){from, c.kept.start, c.kept.end};
    if (rc == 0 && *count == 0) {
        limit = c.count < limit ? c.count : limit;
        for (; *count < limit && rc == 0; ++*count)
            rc = write_out(&out[*count], &c.words[*count], &c, voters);
    }
    *count = rc == 0 ? *count : 0;
    fihi_places_free(&c.places, v);
    free(c.words);
    return rc;
}
