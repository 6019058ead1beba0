/* search/leaf.c - lists of one word: opened, scored, bounded. */
#include "search/leaf.h"

#include <stdbool.h>

#include "base/bytes.h"
#include "base/fail.h"

uint32_t fihi_norms_get(struct norms *n, uint32_t doc, int *rc, fih_error *err)
{
    uint32_t len;

    if (n->chunk != doc / NORM_CHUNK) {
        /* What went wrong before must not be forgotten for what goes well now. */
        if (*rc != 0 || (*rc = fihi_segment_norms(n->segment, n->channel, doc / NORM_CHUNK, &n->lens, err)) != 0)
            return 1;
        n->chunk = doc / NORM_CHUNK;
    }
    len = get_u16(n->lens + 2 * (size_t)(doc % NORM_CHUNK));
    return len == NORM_LONG ? fihi_segment_long_norm(n->segment, n->channel, doc) : len;
}

static int open_list(struct shared *s, const uint8_t *key, size_t bytes, struct cursor *c, fih_error *err)
{
    struct dict_entry e;
    struct list_place at;
    int rc = fihi_segment_find(s->segment, key, bytes, &e, err);

    if (rc != 0)
        return rc;
    if ((rc = fihi_segment_list(s->segment, &e, &at, err)) != 0)
        return rc;
    return fihi_cursor_open(c, &at) == 0 ? FIH_OK : fihi_segment_broken(s->segment, "a posting list", err);
}

static int open_if_there(struct shared *s, const uint8_t *key, size_t bytes, struct cursor *c, bool *is_there,
                         fih_error *err)
{
    const int rc = open_list(s, key, bytes, c, err);

    *is_there = rc == FIH_OK;
    return rc == FIH_E_NOTFOUND ? FIH_OK : rc;
}

int fihi_leaf_open(struct shared *s, const struct leaf *l, struct leaf_cursor *c, fih_error *err)
{
    uint8_t key[TERM_KEY_MAX];
    int rc;

    c->leaf = l;
    if ((rc = open_if_there(s, l->key, l->key_bytes, &c->main, &c->has_main, err)) != 0 ||
        (l->norm.key_bytes &&
         (rc = open_if_there(s, l->norm.key, l->norm.key_bytes, &c->norm, &c->has_norm, err)) != 0))
        return rc;
    if (!c->has_main)
        return c->has_norm ? FIH_OK : FIH_E_NOTFOUND;
    /* In a title it scores more; and what stands in the body is what is not in the title. */
    if ((l->scope == SCOPE_ANY && l->title_weight > 0) || l->scope == SCOPE_BODY) {
        memcpy(key, l->key, l->key_bytes);
        key[0] = CHANNEL_TITLE;
        return open_if_there(s, key, l->key_bytes, &c->title, &c->has_title, err);
    }
    return FIH_OK;
}

void fihi_leaf_close(struct leaf_cursor *c)
{
    fihi_cursor_close(&c->main);
    fihi_cursor_close(&c->title);
    fihi_cursor_close(&c->norm);
}

double fihi_impact_bound(const struct plan *p, unsigned channel, uint8_t impact)
{
    const float sat = (float)impact / 255.0f * p->bound_ratio[channel];

    return sat < 1 ? sat : 1;                  /* saturation never reaches one */
}

double fihi_leaf_title_top(const struct plan *p, const struct leaf_cursor *c)
{
    if (!c->has_title || c->leaf->scope != SCOPE_ANY)
        return 0;
    return c->leaf->title_weight * fihi_impact_bound(p, CHANNEL_TITLE, fihi_cursor_top(&c->title)) * 1.000001;
}

double fihi_leaf_top(const struct plan *p, const struct leaf_cursor *c)
{
    const unsigned channel = c->leaf->key[0];
    double top = 0;

    if (c->has_norm)
        top = c->leaf->norm.weight * fihi_impact_bound(p, CHANNEL_TEXT, fihi_cursor_top(&c->norm));
    if (c->has_main && channel < CHANNEL_COUNT)
        top += c->leaf->weight *
               fihi_impact_bound(p, channel, c->leaf->scope == SCOPE_BODY ? 255 : fihi_cursor_top(&c->main));
    return top * 1.000001 + fihi_leaf_title_top(p, c);
}

uint32_t fihi_leaf_give_up(struct shared *s, const char *what)
{
    if (s->rc == 0)
        s->rc = fihi_segment_broken(s->segment, what, &s->error);
    return NO_DOC;
}

uint32_t fihi_leaf_length(struct shared *s, unsigned channel, uint32_t doc)
{
    return fihi_norms_get(&s->norms[channel], doc, &s->rc, &s->error);
}

uint32_t fihi_leaf_freq(struct shared *s, struct leaf_cursor *c, uint32_t doc)
{
    uint32_t freq = fihi_cursor_freq(&c->main);

    if (c->leaf->scope == SCOPE_BODY && c->has_title && fihi_leaf_advance(s, &c->title, doc) == doc) {
        const uint32_t in_title = fihi_cursor_freq(&c->title);

        freq = freq > in_title ? freq - in_title : 0;
    }
    return freq;
}

float fihi_leaf_text(struct shared *s, struct leaf_cursor *c, uint32_t doc, struct leaf_score *out)
{
    const unsigned channel = c->leaf->key[0];

    if (!c->has_main || fihi_leaf_advance(s, &c->main, doc) != doc)
        return 0;
    out->freq = fihi_leaf_freq(s, c, doc);
    if (channel < CHANNEL_COUNT) {
        out->len = fihi_leaf_length(s, channel, doc);
        out->text = c->leaf->weight * plan_saturation(s->plan, channel, out->freq, out->len);
    }
    return out->text;
}

float fihi_leaf_norm(struct shared *s, struct leaf_cursor *c, uint32_t doc, struct leaf_score *out)
{
    if (c->has_norm && fihi_leaf_advance(s, &c->norm, doc) == doc) {
        out->norm_freq = fihi_cursor_freq(&c->norm);
        out->len = fihi_leaf_length(s, CHANNEL_TEXT, doc);
        out->norm = c->leaf->norm.weight * plan_saturation(s->plan, CHANNEL_TEXT, out->norm_freq, out->len);
    }
    return out->norm;
}

float fihi_leaf_title(struct shared *s, struct leaf_cursor *c, uint32_t doc, struct leaf_score *out)
{
    if (c->leaf->scope == SCOPE_ANY && c->has_title && fihi_leaf_advance(s, &c->title, doc) == doc) {
        out->title_freq = fihi_cursor_freq(&c->title);
        out->title_len = fihi_leaf_length(s, CHANNEL_TITLE, doc);
        out->title = c->leaf->title_weight * plan_saturation(s->plan, CHANNEL_TITLE, out->title_freq, out->title_len);
    }
    return out->title;
}
