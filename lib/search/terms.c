/* search/terms.c - a walk through the dictionary of each segment, merged; a term's lists, one behind the other.
 *
 * Each segment has its own dictionary, sorted by bytes; the term at hand is the least that any walk stands on, and all
 * walks that stand on it are added up and moved on. Segments are few, so the least is found by looking at all. Counts
 * include deleted documents, as all document frequencies do.
 *
 * Example: two segments have كتاب, كتب and قلم, كتب. The terms come as قلم, كتاب, كتب, by their bytes; at the last both
 * walks stand, and its documents are added up. Nothing is kept of what was passed, so a walk through a million terms
 * costs no memory.
 *
 * Deleted documents: those of a term (fihi_terms_postings()) are told without them, its numbers (fihi_terms_next())
 * with them, for these are in the dictionary and those must be looked for.
 */
#include "search/terms.h"

#include <stdlib.h>

#include "base/fail.h"
#include "index/column.h"

struct terms {
    struct walk {
        struct term_walk terms;        /* stands on a term of the segment */
        bool             has_term;     /* that begins so */
        uint8_t          prefix[TERM_KEY_MAX]; /* level, the segment's number of the field, and what was asked for */
    }       *walks;
    uint32_t count;
    uint8_t  prefix[TERM_KEY_MAX];     /* the same with the view's number */
    size_t   prefix_bytes, head;       /* head: level and field */
    uint8_t  key[TERM_KEY_MAX];        /* the one at hand, without the head */
};

/* Walks borrow from the snapshot, and need no end. */
void fihi_terms_free(struct terms *t)
{
    if (!t)
        return;
    free(t->walks);
    free(t);
}

/* To the first term that is not before the prefix. A walk begins at the prefix's block, which may have some terms
 * before it. Comparing only as many bytes as the prefix has makes what begins with it equal, and ends the walk at the
 * first that is greater: also at another field or level, whose bytes stand in front. Example: for the prefix كت the
 * walk may begin at كبير, goes on to كتاب, and ends at كثير. */
static int step(const struct terms *t, struct walk *w, fih_error *err)
{
    int rc, order = -1;

    while ((rc = fihi_term_walk_next(&w->terms, err)) == FIH_OK && order < 0) {
        const struct dict_scan *const s = &w->terms.scan;
        const size_t n = s->key_bytes < t->prefix_bytes ? s->key_bytes : t->prefix_bytes;

        order = key_compare(s->key, n, w->prefix, t->prefix_bytes);
        if (order >= 0)
            break;
    }
    w->has_term = rc == FIH_OK && order == 0;
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* Level and field in front of a term's bytes, with the view's number of the field: *head bytes. Without a field, stems
 * of title and body; with one, the keyword's terms or the text's stems. What was asked for is cut as terms are when
 * they are indexed. A field has another number in each index; the view's is put in here, and each segment's in begin().
 * So a prefix longer than any term finds those that were cut. */
static int make_key(uint8_t key[TERM_KEY_MAX], size_t *bytes, size_t *head, const struct schema *schema,
                    const char *field, fih_str text, fih_error *err)
{
    const unsigned number = field ? fihi_schema_find(schema, (fih_str){field, strlen(field)}) : 0;
    const unsigned kind = fihi_schema_kind(schema, number);
    char list[600];

    if (field && kind != FIH_FIELD_KEYWORD && kind != FIH_FIELD_TEXT) {
        const int rc = fihi_schema_refuse_address((fih_str){field, strlen(field)}, FIH_E_USAGE, 0, err);

        if (rc != 0)
            return rc;
        fihi_schema_list_terms(schema, list, sizeof list);
        return fihi_fail(err, FIH_E_USAGE, "'%.63s' is no field with terms: these are %s, and NULL for title and body",
                         field, list);
    }
    key[0] = LEVEL_STEM;
    *head = !field ? 1 : kind == FIH_FIELD_TEXT ? word_head(key, number) : keyword_head(key, number);
    if (text.len > TERM_KEY_MAX - *head)
        text.len = TERM_KEY_MAX - *head;
    if (text.len)
        memcpy(key + *head, text.ptr, text.len);
    *bytes = *head + text.len;
    return FIH_OK;
}

/* Where the segment's terms of the field begin so; none if it has no such field. Only keys with a field have a head of
 * two bytes, level and number: in one of a single byte the second is the term's. */
static int begin(const struct terms *t, struct walk *w, struct segment *s, fih_error *err)
{
    int rc;

    w->terms.segment = s;
    memcpy(w->prefix, t->prefix, t->prefix_bytes);
    if (t->head == 2 && !(w->prefix[1] = (uint8_t)segment_field(s, t->prefix[1])))
        return FIH_OK;
    rc = fihi_term_walk_from(&w->terms, w->prefix, t->prefix_bytes, err);
    return rc ? rc : step(t, w, err);
}

/* A walk of nothing is one that has_term is false for: it is never the least. t->count grows as walks are begun, so
 * that what is freed is what there is. */
int fihi_terms_new(struct terms **out, const struct view *v, const char *field, fih_str prefix, fih_error *err)
{
    struct terms *t = calloc(1, sizeof *t);
    int rc;

    *out = NULL;
    if (!t || !(t->walks = calloc(v->count + (size_t)1, sizeof *t->walks)))
        rc = fihi_fail_nomem(err);
    else
        rc = make_key(t->prefix, &t->prefix_bytes, &t->head, &v->schema, field, prefix, err);
    for (; rc == 0 && t->count < v->count; t->count++)
        rc = begin(t, &t->walks[t->count], v->segments[t->count], err);
    if (rc == 0)
        *out = t;
    else
        fihi_terms_free(t);
    return rc;
}

/* The term that a walk stands on, without level and field. By bytes, which is the order of the dictionaries; letters of
 * UTF-8 are in the order of their numbers by it. */
static int compare(const struct terms *t, const struct walk *w, const uint8_t *key, size_t bytes)
{
    const struct dict_scan *const s = &w->terms.scan;

    return key_compare(s->key + t->head, s->key_bytes - t->head, key, bytes);
}

/* out->text is in t->key, a copy: the walks' own bytes change as they move on. It holds until the next call. One
 * segment after another is asked for the least: a comparison or two for each, which is less than reading a term. A heap
 * would be worth it for hundreds. First the least, then who stands on it: its bytes are copied before any walk moves,
 * for the least points into one of them. */
int fihi_terms_next(fih_term *out, struct terms *t, fih_error *err)
{
    const struct dict_scan *least = NULL;
    size_t bytes;
    int rc = FIH_OK;

    *out = (fih_term){{NULL, 0}, 0, 0};
    for (uint32_t i = 0; i < t->count; i++)
        if (t->walks[i].has_term &&
            (!least || compare(t, &t->walks[i], least->key + t->head, least->key_bytes - t->head) < 0))
            least = &t->walks[i].terms.scan;
    if (!least)
        return FIH_DONE;
    bytes = least->key_bytes - t->head;
    memcpy(t->key, least->key + t->head, bytes);
    for (uint32_t i = 0; i < t->count && rc == 0; i++) {
        const struct dict_scan *const s = &t->walks[i].terms.scan;

        if (!t->walks[i].has_term || compare(t, &t->walks[i], t->key, bytes) != 0)
            continue;
        out->docs += s->entry.df;
        out->occurrences += s->entry.cf;
        rc = step(t, &t->walks[i], err);
    }
    out->text = (fih_str){(const char *)t->key, bytes};
    return rc;
}

/* The documents of one list that are not deleted; numbers are the view's. `each` stops it by anything but 0, which is
 * passed on. A block that turns out broken when its numbers are read is noticed before they are told. */
static int each_of_list(struct segment *s, uint32_t base, struct cursor *c,
                        int (*each)(void *ctx, const fih_posting *p), void *ctx, fih_error *err)
{
    int rc = 0;

    for (; c->doc != NO_DOC && rc == 0; fihi_cursor_next(c))
        if (!segment_is_deleted(s, c->doc)) {
            const fih_posting p = {base + c->doc, fihi_cursor_freq(c), fihi_cursor_title(c)};

            if (c->is_broken)
                break;
            rc = each(ctx, &p);
        }
    return rc == 0 && c->is_broken ? fihi_segment_list_broken(s, c, err) : rc;
}

/* One cursor for all segments: it keeps its memory from list to list. A term that a segment lacks is no error, and
 * neither is one that none has. Documents ascend, for segments do. The list of a text's lengths has a key of a head
 * alone, which an empty term would be. */
int fihi_terms_postings(const struct view *v, const char *field, fih_str term,
                        int (*each)(void *ctx, const fih_posting *p), void *ctx, fih_error *err)
{
    uint8_t key[TERM_KEY_MAX];
    size_t bytes, head;
    struct cursor *c = calloc(1, sizeof *c);
    int rc = c ? make_key(key, &bytes, &head, &v->schema, field, term, err) : fihi_fail_nomem(err);

    /* A text's list of lengths is no term. */
    for (uint32_t i = 0; i < v->count && rc == 0 && (key[0] != LEVEL_WORD || bytes > WORD_HEAD); i++) {
        struct segment *const s = v->segments[i];
        struct dict_entry e;
        struct list_place at;

        if ((rc = fihi_segment_find(s, key, bytes, &e, err)) == FIH_E_NOTFOUND) {
            rc = 0;
            continue;
        }
        if (rc == 0 && (rc = fihi_segment_list(s, &e, &at, err)) == 0)
            rc = fihi_cursor_open(c, &at) == 0 ? each_of_list(s, v->bases[i], c, each, ctx, err)
                                               : fihi_segment_list_broken(s, c, err);
    }
    if (c)
        fihi_cursor_close(c);
    free(c);
    return rc;
}
