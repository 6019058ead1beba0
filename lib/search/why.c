/* search/why.c - looking through the tree of a query, and loosening it.
 *
 * Someone who finds nothing wants to know which of the conditions was too much. So the query's tree is read for what it
 * asks (words, filters, exclusions), and two looser ones are made of it, to be tried by the caller: the same without
 * its filters, and its words alone, any of them anywhere. Section names that the index has are offered where the one
 * that was asked for is no document's.
 *
 * Who asks: api_suggest.c (fih_why_nothing()), which searches with the looser queries and words the answer. Nothing is
 * searched for here, but that a section's name is looked up.
 */
#include "search/why.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "search/compose.h"

/* ---- what is in the tree */

/* Does the analyzer find a word in the text? A query of punctuation alone has none. The first token is enough. Words
 * that are only passed over are words all the same. */
static int look_for_token(bool *out, struct analyzer *a, const struct node *n, fih_error *err)
{
    struct token tokens[8];
    size_t count;
    int rc;

    fihi_analyzer_begin(a, (const uint8_t *)n->text, n->len);
    while ((rc = fihi_analyzer_next(a, tokens, 8, &count, err)) == FIH_OK && count == 0)
        ;
    *out |= rc == FIH_OK;
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* In all segments, deleted documents counted: a name that was there is known. A name that is longer than a term was cut
 * when it was indexed, so it is cut here. */
static int look_for_section(bool *out, const struct view *v, const struct node *n, fih_error *err)
{
    const size_t len = n->len < FIH_MAX_TERM ? n->len : FIH_MAX_TERM;   /* as it was indexed */
    uint8_t key[TERM_KEY_MAX];
    uint64_t df;
    int rc;

    key[0] = LEVEL_SECTION;
    if (len)
        /* The name as it was asked, byte by byte: sections are not analysed. */
        memcpy(key + 1, n->text, len);
    rc = fihi_view_count_docs(v, key, len + 1, &df, err);
    *out |= df > 0;
    return rc;
}

/* Two NOTs are none, hence ^=. Of sections the first is named, and one that is known is enough. Depth is the tree's,
 * which the parser has bounded. */
static int look(struct why *w, const struct view *v, struct analyzer *a, const struct node *n, bool is_out,
                fih_error *err)
{
    int rc = FIH_OK;
    bool has = false;

    is_out ^= n->occur == OCCUR_NOT;
    for (size_t i = 0; i < n->count && rc == 0; i++)
        rc = look(w, v, a, n->children[i], is_out, err);
    if (rc != 0 || n->kind == NODE_GROUP || n->kind == NODE_NEAR)
        return rc;
    if (is_out) {
        has = node_is_filter(n) || n->kind == NODE_PATTERN;
        rc = has ? FIH_OK : look_for_token(&has, a, n, err);
        w->has_not |= has;
    } else if (n->kind == NODE_KEYWORD) {
        /* Borrowed from w->bound. */
        w->section = w->has_section ? w->section : (fih_str){n->text, n->len};
        w->has_section = true;
        w->has_known |= node_is_beginning(n);  /* no name of one section */
        rc = look_for_section(&w->has_known, v, n, err);
    } else if (n->kind == NODE_DATE) {
        w->has_date = true;
    } else if (n->kind == NODE_FIELD) {
        w->has_field = true;
    } else if (n->kind == NODE_ALL) {
        /* `*` finds every document, so the query does have something to find. */
        w->has_words = true;
    } else {
        has = n->kind == NODE_PATTERN;
        rc = has ? FIH_OK : look_for_token(&has, a, n, err);
        w->has_words |= has;
    }
    return rc;
}

/* ---- loosening */

/* Takes out the sections and days that filter it, and the groups that had nothing else. What is excluded stays: it is
 * no filter of this kind. `*` stays too, or a query of nothing else would find nothing. In place, in a copy that
 * belongs to us. Children are freed where they are taken out. */
static void drop_filters(struct node *group)
{
    size_t kept = 0;

    for (size_t i = 0; i < group->count; i++) {
        struct node *const n = group->children[i];
        /* Looked at before the node may be freed. */
        const bool is_group = n->kind == NODE_GROUP;

        /* Below a NOT nothing is taken out. */
        if (is_group && n->occur != OCCUR_NOT)
            drop_filters(n);
        if (n->occur != OCCUR_NOT && ((node_is_filter(n) && n->kind != NODE_ALL) || (is_group && n->count == 0)))
            fihi_node_free(n);
        else
            group->children[kept++] = n;
    }
    group->count = kept;
}

/* Copies of the leaves that are to be found go side by side below `to`. A phrase becomes its words, for any of them is
 * enough now; a pattern stays one, with what makes it up. "Anywhere": the copies have no field, no sign and no weight,
 * which a new node has not. */
static int gather(struct node *to, const struct node *n, fih_error *err)
{
    struct node *leaf;
    int rc = FIH_OK;

    if (n->occur == OCCUR_NOT || node_is_filter(n))
        return FIH_OK;
    for (size_t i = 0; i < n->count && rc == 0; i++)
        rc = gather(to, n->children[i], err);
    if (rc != 0 || n->kind == NODE_GROUP || n->kind == NODE_NEAR)
        return rc;
    if (!(leaf = fihi_node_new(n->kind == NODE_PATTERN ? NODE_PATTERN : NODE_WORDS, n->text, n->len, n->at)))
        return fihi_fail_nomem(err);
    /* text_at, for messages about a pattern must point to where it stands in the query. */
    if (n->kind == NODE_PATTERN) {
        leaf->text_at = n->text_at;
        leaf->pattern = n->pattern;
        leaf->reach = n->reach;
    }
    return fihi_node_add(to, leaf, err);
}

/* On an error too the struct may be freed: it begins as zeros. The three queries are the caller's to ask with until
 * fihi_why_free(); w->section lies in the first. */
int fihi_why_new(struct why *w, const struct view *v, struct analyzer *a, const struct fih_query *q, fih_error *err)
{
    bool any = false;
    int rc;

    *w = (struct why){.section = {NULL, 0}};
    if ((rc = fihi_query_copy(&w->whole, q, err)) != 0 ||
        (rc = fihi_node_find_fields(w->whole->root, &v->schema, &any, err)) != 0 ||
        (rc = look(w, v, a, w->whole->root, 0, err)) != 0 || (rc = fihi_query_copy(&w->unfiltered, w->whole, err)) != 0)
        return rc;
    drop_filters(w->unfiltered->root);
    if ((rc = fihi_compose_group(&w->loose, NULL, 0, err)) == 0)
        rc = gather(w->loose->root, w->whole->root, err);
    return rc;
}

void fihi_why_free(struct why *w)
{
    fihi_query_free(w->whole);
    fihi_query_free(w->unfiltered);
    fihi_query_free(w->loose);
}

/* ---- sections that there are */

/* A name with a zero behind it, cut as terms are. 272 bytes each; at most 1,000 for each segment. */
struct named {
    char     name[FIH_MAX_TERM + 1];
    size_t   bytes;
    uint64_t docs;
};

/* A section of several segments is met in each. Looked for one by one: sections are few where people use them as
 * sections, and limited where they do not. */
static int note_section(struct named **all, size_t *count, size_t *cap, const struct dict_scan *scan, fih_error *err)
{
    const char *name = (const char *)scan->key + 1;
    const size_t n = scan->key_bytes - 1;
    size_t i = 0;

    /* At most 1,000 names of a segment against all that there are so far: half a million comparisons of lengths or so,
     * once for a query that found nothing. */
    while (i < *count && ((*all)[i].bytes != n || memcmp((*all)[i].name, name, n) != 0))
        i++;
    if (i == *count) {
        if (fihi_grow(all, cap, *count + 1, sizeof **all) != 0)
            return fihi_fail_nomem(err);
        (*all)[i] = (struct named){.bytes = n};
        memcpy((*all)[i].name, name, n);
        ++*count;
    }
    (*all)[i].docs += scan->entry.df;
    return FIH_OK;
}

/* By name at last, so that the same names are offered each time. */
static int by_docs(const void *x, const void *y)
{
    const struct named *a = x, *b = y;

    return a->docs != b->docs ? (a->docs < b->docs ? 1 : -1) : strcmp(a->name, b->name);
}

enum { SECTIONS_LOOKED_AT = 1000 };    /* of each segment */

/* Walks each dictionary from the first section on: stems come before, forms behind. An index with a section for each
 * document is not walked to its end. */
int fihi_why_sections(char (*names)[FIH_MAX_TERM + 1], size_t most, size_t *count, const struct view *v,
                      fih_error *err)
{
    static const uint8_t first[] = {LEVEL_SECTION};
    struct named *all = NULL;
    size_t found = 0, cap = 0;
    int rc = FIH_OK;

    *count = 0;
    for (uint32_t i = 0; i < v->count && rc == 0; i++) {
        struct term_walk w = {.segment = v->segments[i]};

        rc = fihi_term_walk_from(&w, first, sizeof first, err);
        for (unsigned k = 0; rc == 0 && k < SECTIONS_LOOKED_AT && (rc = fihi_term_walk_next(&w, err)) == 0;) {
            /* A section's name has a byte at least; terms before the first section share its block. */
            if (w.scan.key_bytes < 2 || w.scan.key[0] < LEVEL_SECTION)
                continue;
            if (w.scan.key[0] > LEVEL_SECTION)
                break;
            k++;
            rc = note_section(&all, &found, &cap, &w.scan, err);
        }
        rc = rc == FIH_DONE ? FIH_OK : rc;
    }
    /* All that were seen, of which the caller wants a few. */
    if (found)
        qsort(all, found, sizeof *all, by_docs);
    /* With the zero behind the name. */
    for (; *count < most && *count < found; ++*count)
        memcpy(names[*count], all[*count].name, all[*count].bytes + 1);
    free(all);
    return rc;
}
