/* search/expand.c - walking the dictionary and adding up lists. */
#include "search/expand.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/fail.h"

void fihi_word_set_free(struct word_set *s)
{
    if (!s)
        return;
    for (uint32_t i = 0; i < s->count; i++) {
        free(s->segments[i].freqs);
        free(s->segments[i].bits);
    }
    free(s->segments);
    free(s);
}

static int add_list(struct set_segment *to, struct segment *s, const struct dict_entry *e, float weight, fih_error *err)
{
    struct list_place at;
    struct cursor c = {.positions = NULL};
    int rc = fihi_segment_list(s, e, &at, err);

    if (rc != 0)
        return rc;
    if (fihi_cursor_open(&c, &at) != 0)
        return fihi_segment_broken(s, "a posting list", err);
    for (uint32_t doc = c.doc; doc != NO_DOC; doc = fihi_cursor_next(&c)) {
        float *const freq = &to->freqs[doc];

        to->docs += !(to->bits[doc / 64] >> doc % 64 & 1);
        to->bits[doc / 64] |= UINT64_C(1) << doc % 64;
        *freq += weight * (float)fihi_cursor_freq(&c);
        to->most = *freq > to->most ? *freq : to->most;
    }
    rc = c.is_broken ? fihi_segment_broken(s, "a posting list", err) : FIH_OK;
    fihi_cursor_close(&c);
    return rc;
}

/* The words of the channel that the pattern means. It knows which word could be the next: those before that are passed
 * over, and when they are many, by looking that one up. */
static int walk(struct word_set *set, struct set_segment *to, struct segment *s, struct pattern *p,
                struct patience *patience, fih_error *err)
{
    enum { FAR = 2 * DICT_BLOCK };             /* a look-up leads to the word's block, so to fewer words before it */
    uint8_t next[1 + PATTERN_NEXT] = {(uint8_t)set->channel};
    struct term_walk w = {.segment = s};
    unsigned passed = 0;
    int rc;
    bool has_sought = true;
    size_t n;

    fihi_pattern_restart(p);
    if ((rc = fihi_pattern_next(p, next + 1, &n)) == 0)
        rc = fihi_term_walk_from(&w, next, 1 + n, err);
    while (rc == 0 && (rc = fihi_term_walk_next(&w, err)) == 0 && w.scan.key[0] <= set->channel) {
        const uint8_t *word = w.scan.key + 1;
        const size_t bytes = w.scan.key_bytes - 1;

        if (key_compare(w.scan.key, w.scan.key_bytes, next, 1 + n) >= 0 && bytes > 0) {
            const float weight = fihi_pattern_match(p, word, bytes);

            passed = 0;
            has_sought = false;
            if (weight > 0) {
                set->terms++;
                rc = add_list(to, s, &w.scan.entry, weight, err);
            }
            if (rc == 0)
                rc = fihi_pattern_next(p, next + 1, &n);
        } else if (++passed == FAR && has_sought) {
            rc = fihi_segment_broken(s, "its dictionary", err);
        } else if (passed == FAR) {
            passed = 0;
            has_sought = true;
            rc = fihi_term_walk_from(&w, next, 1 + n, err);
        }
        if (rc == 0)
            rc = fihi_patience_check(patience, err);
    }
    return rc == FIH_DONE ? FIH_OK : rc;
}

int fihi_word_set_new(struct word_set **out, struct pattern *p, unsigned channel, const struct view *v,
                      struct patience *patience, fih_error *err)
{
    struct word_set *set = calloc(1, sizeof *set);
    int rc = FIH_OK;

    *out = NULL;
    if (!set || !(set->segments = calloc(v->count + 1u, sizeof *set->segments))) {
        free(set);
        return fihi_fail_nomem(err);
    }
    set->channel = channel;
    for (uint32_t i = 0; i < v->count && rc == 0; i++) {
        struct segment *s = v->segments[i];
        struct set_segment *to = &set->segments[set->count++];

        to->segment = s;
        to->freqs = calloc(s->stats.docs + 1u, sizeof *to->freqs);
        to->bits = calloc(s->stats.docs / 64 + 1u, sizeof *to->bits);
        rc = to->freqs && to->bits ? walk(set, to, s, p, patience, err) : fihi_fail_nomem(err);
        set->df += to->docs;
    }
    if (rc == 0)
        *out = set;
    else
        fihi_word_set_free(set);
    return rc;
}

const struct set_segment *fihi_word_set_in(const struct word_set *s, const struct segment *segment)
{
    for (uint32_t i = 0; i < s->count; i++)
        if (s->segments[i].segment == segment)
            return &s->segments[i];
    return NULL;
}

uint32_t fihi_word_set_seek(const struct set_segment *s, uint32_t target)
{
    const uint32_t docs = s->segment->stats.docs;

    for (uint32_t w = target / 64; target < docs; target = ++w * 64) {
        const uint64_t bits = s->bits[w] >> target % 64;

        if (bits)
            return target + (uint32_t)__builtin_ctzll(bits);
    }
    return NO_DOC;
}
