/* search/expand.c - walking the dictionary and adding up lists. */
#include "search/expand.h"

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

/* Does a key stand behind all that begin with the prefix? */
static int is_behind(const uint8_t *key, size_t n, const uint8_t *prefix, size_t prefix_bytes)
{
    return memcmp(key, prefix, n < prefix_bytes ? n : prefix_bytes) > 0;
}

/* The words that begin in one of the pattern's ways: those that do in two are taken in the first. */
static int walk_way(struct word_set *set, struct set_segment *to, struct segment *s, struct pattern *p, unsigned way,
                    const uint8_t *prefix, size_t prefix_bytes, struct patience *patience, fih_error *err)
{
    struct term_walk w = {.segment = s};
    int rc = fihi_term_walk_from(&w, prefix, prefix_bytes, err);

    while (rc == 0 && (rc = fihi_term_walk_next(&w, err)) == 0) {
        const uint8_t *key = w.scan.key;
        const size_t n = w.scan.key_bytes;
        unsigned first;
        float weight;

        if (is_behind(key, n, prefix, prefix_bytes))
            break;
        if (n >= prefix_bytes && n > 1 && memcmp(key, prefix, prefix_bytes) == 0 &&
            (weight = fihi_pattern_match(p, key + 1, n - 1, &first)) > 0 && (first == way || prefix_bytes == 1)) {
            set->terms++;
            rc = add_list(to, s, &w.scan.entry, weight, err);
        }
        if (rc == 0)
            rc = fihi_patience_check(patience, err);
    }
    return rc == FIH_DONE ? FIH_OK : rc;
}

static int walk(struct word_set *set, struct set_segment *to, struct segment *s, struct pattern *p,
                struct patience *patience, fih_error *err)
{
    uint8_t prefix[TERM_KEY_MAX];
    size_t bytes;
    int rc = FIH_OK;

    prefix[0] = (uint8_t)set->channel;
    for (unsigned way = 0; rc == 0 && fihi_pattern_prefix(p, way, prefix + 1, &bytes) == FIH_OK; way++)
        if (way == 0 || bytes > 0)
            rc = walk_way(set, to, s, p, way, prefix, bytes + 1, patience, err);
    return rc;
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
