/* search/terms.c - a walk through the dictionary of each segment, merged.
 *
 * Each segment has its own dictionary, sorted by bytes; the term at hand is the least that any walk stands on, and all
 * walks that stand on it are added up and moved on. Segments are few, so the least is found by looking at all. Counts
 * include deleted documents, as all document frequencies do.
 */
#include "search/terms.h"

#include <stdlib.h>

#include "base/fail.h"
#include "index/column.h"

struct terms {
    struct walk {
        struct term_walk terms;        /* stands on a term of the segment */
        bool             has_term;     /* that begins so */
    }       *walks;
    uint32_t count;
    uint8_t  prefix[TERM_KEY_MAX];     /* level, field, and what was asked for */
    size_t   prefix_bytes, head;       /* head: level and field */
    uint8_t  key[TERM_KEY_MAX];        /* the one at hand */
};

void fihi_terms_free(struct terms *t)
{
    if (!t)
        return;
    free(t->walks);
    free(t);
}

/* To the first term that is not before the prefix. A walk begins at the prefix's block, which may have some terms
 * before it. Comparing only as many bytes as the prefix has makes what begins with it equal, and ends the walk at the
 * first that is greater: also at another field or level, whose bytes stand in front. */
static int step(const struct terms *t, struct walk *w, fih_error *err)
{
    int rc, order = -1;

    while ((rc = fihi_term_walk_next(&w->terms, err)) == FIH_OK && order < 0) {
        const struct dict_scan *const s = &w->terms.scan;
        const size_t n = s->key_bytes < t->prefix_bytes ? s->key_bytes : t->prefix_bytes;

        order = key_compare(s->key, n, t->prefix, t->prefix_bytes);
        if (order >= 0)
            break;
    }
    w->has_term = rc == FIH_OK && order == 0;
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* Without a field, stems of title and body; with one, the keyword's terms. What was asked for is cut as terms are when
 * they are indexed. */
static int set_prefix(struct terms *t, const struct schema *schema, const char *field, fih_str prefix,
                      fih_error *err)
{
    const unsigned number = field ? fihi_schema_find(schema, (fih_str){field, strlen(field)}) : 0;
    char list[600];

    if (field && fihi_schema_kind(schema, number) != FIH_FIELD_KEYWORD) {
        fihi_schema_list(schema, list, sizeof list);
        return fihi_fail(err, FIH_E_USAGE, "'%.63s' is no field with terms: the index has %s", field, list);
    }
    t->prefix[0] = LEVEL_STEM;
    t->head = field ? keyword_head(t->prefix, number) : 1;
    if (prefix.len > sizeof t->prefix - t->head)
        prefix.len = sizeof t->prefix - t->head;
    if (prefix.len)
        memcpy(t->prefix + t->head, prefix.ptr, prefix.len);
    t->prefix_bytes = t->head + prefix.len;
    return FIH_OK;
}

int fihi_terms_new(struct terms **out, const struct view *v, const char *field, fih_str prefix, fih_error *err)
{
    struct terms *t = calloc(1, sizeof *t);
    int rc;

    *out = NULL;
    if (!t || !(t->walks = calloc(v->count + (size_t)1, sizeof *t->walks)))
        rc = fihi_fail_nomem(err);
    else
        rc = set_prefix(t, &v->manifest.schema, field, prefix, err);
    for (; rc == 0 && t->count < v->count; t->count++) {
        struct walk *const w = &t->walks[t->count];

        w->terms.segment = v->segments[t->count];
        if ((rc = fihi_term_walk_from(&w->terms, t->prefix, t->prefix_bytes, err)) == 0)
            rc = step(t, w, err);
    }
    if (rc == 0)
        *out = t;
    else
        fihi_terms_free(t);
    return rc;
}

/* out->text is in t->key, a copy: the walks' own bytes change as they move on. It holds until the next call. */
int fihi_terms_next(fih_term *out, struct terms *t, fih_error *err)
{
    const struct dict_scan *least = NULL;
    size_t bytes;
    int rc = FIH_OK;

    *out = (fih_term){{NULL, 0}, 0, 0};
    for (uint32_t i = 0; i < t->count; i++) {
        const struct dict_scan *const s = &t->walks[i].terms.scan;

        if (t->walks[i].has_term && (!least || key_compare(s->key, s->key_bytes, least->key, least->key_bytes) < 0))
            least = s;
    }
    if (!least)
        return FIH_DONE;
    bytes = least->key_bytes;
    memcpy(t->key, least->key, bytes);
    for (uint32_t i = 0; i < t->count && rc == 0; i++) {
        const struct dict_scan *const s = &t->walks[i].terms.scan;

        if (!t->walks[i].has_term || key_compare(s->key, s->key_bytes, t->key, bytes) != 0)
            continue;
        out->docs += s->entry.df;
        out->occurrences += s->entry.cf;
        rc = step(t, &t->walks[i], err);
    }
    out->text = (fih_str){(const char *)t->key + t->head, bytes - t->head};
    return rc;
}
