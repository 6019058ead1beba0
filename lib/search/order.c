/* search/order.c - keys of documents, and a heap of those that come first.
 *
 * A key is a number that is less for what comes first, the greatest where a document has no value. Those of keywords
 * are places in the segment's dictionary: so each segment has its own heap where there are any, and when all of them
 * are done, the terms of what is left are compared.
 *
 * Example: "-date,score". A document of day 19,000 with score 3.5 has keys[0] = INT64_MAX - 19,000 and keys[1] = the
 * bits of 3.5 taken from all ones: of two such pairs of numbers the lesser one comes first, and equal ones go by the
 * document. So comparing never asks what a key is of, nor in which direction.
 *
 * Cost: every match is visited. Its first key is compared with the worst of the heap before anything else of it is
 * read, and of a long answer nearly all end there.
 *
 * Collapsing needs all matches, not the k first: how many others have a hit's value is only known at the end. They are
 * kept, and sorted in place.
 *
 * Memory: 48 bytes for an entry. A heap has at most as many as limit and offset ask for (FIH_MAX_LIMIT, a million) and
 * as there are documents; collapsing has one for each match.
 *
 * Orders by date only were there before fields were: "newest" is "-date" and "oldest" is "date" for api_search.c, so
 * there is one way to sort.
 */
#include "search/order.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/intern.h"
#include "index/column.h"
#include "search/match.h"
#include "search/similar.h"
#include "search/title.h"

/* Behind everything in either direction: key_of_value() never comes to it. */
#define KEY_NONE UINT64_MAX

struct entry {
    uint64_t keys[ORDER_KEYS];         /* the less, the sooner */
    uint32_t doc;                      /* in the view */
    float    score;
    uint32_t group;                    /* of the documents with its value: 1 + its number; 0: it has none */
};

/* Of one call of fihi_rank_ordered(), which frees all that it points to. What is of a segment (columns, collapse,
 * place_groups) is opened anew for each. */
struct sorting {
    const struct plan     *plan;
    const struct order    *order;
    struct deadline        deadline;
    struct entry          *heap;       /* the worst first; of a segment, or of all */
    size_t                 count, k;   /* in the heap, and at most */
    struct entry          *all;        /* what the heaps of segments had */
    size_t                 all_count, all_cap;
    struct column          columns[ORDER_KEYS];
    bool                   has_column[ORDER_KEYS]; /* the segment has values of this key */
    const struct entry    *after;      /* the last hit of the page before, or NULL */
    struct column          collapse;   /* of this segment */
    bool                   has_collapse;
    struct intern          groups;     /* values, as bytes */
    int64_t               *signatures; /* of entries that have one, which says 1 + its place here as its group */
    size_t                 signature_count, signature_cap;
    uint32_t              *place_groups;       /* of a keyword's places in the segment: 1 + the group, or 0 */
    uint64_t               total;      /* matches, or groups of them */
    fih_error             *err;
};

/* ---- the text */

/* One name of the text, perhaps with a minus. */
static int add_key(struct order *o, fih_str name, const struct schema *schema, fih_error *err)
{
    struct order_key *k;
    char list[600];

    if (o->count == ORDER_KEYS)                /* before its place is looked at: there is none */
        return fihi_fail(err, FIH_E_USAGE, "hits are sorted by %d fields at most", ORDER_KEYS);
    k = &o->keys[o->count];
    *k = (struct order_key){0, 0, name.len > 0 && *name.ptr == '-'};
    if (k->is_down)
        name.ptr++, name.len--;
    /* The score is no field, though it may stand between fields: "-date,score". */
    if (name.len == 5 && memcmp(name.ptr, "score", 5) == 0) {
        o->has_score = true;
    } else if ((k->field = fihi_schema_find_values(schema, name)) != 0) {
        k->kind = fihi_schema_kind(schema, k->field);
        o->has_keyword |= k->kind == FIH_FIELD_KEYWORD;
    } else {
        const int rc = fihi_schema_refuse_address(name, FIH_E_USAGE, 0, err);

        if (rc != 0)
            return rc;
        fihi_schema_list_values(schema, list, sizeof list);
        return fihi_fail(err, FIH_E_USAGE, "hits cannot be sorted by '%.*s': the index has score, %s",
                         (int)(name.len < 63 ? name.len : 63), name.ptr, list);
    }
    o->count++;
    return FIH_OK;
}

/* An empty name between commas is no field, and refused. The text's hash goes into cursors: one of another order is
 * recognised. A field may be named twice; the second time changes nothing, for documents that it could tell apart are
 * apart already. */
int fihi_order_parse(struct order *o, const char *text, const struct schema *schema, fih_error *err)
{
    int rc = FIH_OK;

    memset(o, 0, sizeof *o);
    o->hash = fihi_hash_name(text, strlen(text)) | 4;      /* no other order's number */
    for (const char *at = text; rc == 0; at++) {
        /* The text's end is a comma's place as well. */
        const size_t n = strcspn(at, ",");

        rc = add_key(o, (fih_str){at, n}, schema, err);
        at += n;
        if (!*at)
            break;
    }
    return rc;
}

/* For collapsing without an order: rank.c has no way to collapse, so the best are then found by this one, by visiting
 * every match. */
void fihi_order_by_score(struct order *o)
{
    *o = (struct order){.count = 1, .has_score = true};
}

/* "similar" is no field of a schema, which may not take that name (schema.c), but the column of signatures. */
int fihi_order_collapse(struct order *o, const char *field, const struct schema *schema, fih_error *err)
{
    char list[600];
    int rc;

    o->collapse = strcmp(field, "similar") == 0 ? FIELD_NO_SIGNATURE
                                                : fihi_schema_find_values(schema, (fih_str){field, strlen(field)});
    if (o->collapse)
        return FIH_OK;
    if ((rc = fihi_schema_refuse_address((fih_str){field, strlen(field)}, FIH_E_USAGE, 0, err)) != 0)
        return rc;
    fihi_schema_list_values(schema, list, sizeof list);
    return fihi_fail(err, FIH_E_USAGE, "hits cannot be collapsed by '%.63s': write similar, or one of %s", field,
                     list);
}

/* ---- keys */

/* The first of a document's values in this direction. Values of a document ascend, so downwards it is the last. A
 * column in which each document has one value at most is asked the short way. So a book of three authors stands under
 * the first of their names from the front, and under the last of them from the end. */
static int value_of(struct sorting *s, unsigned i, uint32_t local, int64_t *value)
{
    struct column *const c = &s->columns[i];
    uint32_t at, count;
    int rc;

    /* The dates have no row, and one value for each document. */
    if (!s->order->keys[i].is_down || !c->row || c->row->values == c->row->docs)
        return fihi_column_get(c, local, value, s->err);
    if (local / COLUMN_CHUNK != c->chunk && (rc = fihi_column_load(c, local, s->err)) != 0)
        return rc;
    rc = fihi_column_values(c, local, &at, &count, s->err);
    *value = rc == 0 && count ? column_value(c, at + count - 1) : VALUE_NONE;
    return rc;
}

/* Differences modulo 2^64: values go from INT64_MIN + 1 (INT64_MIN is VALUE_NONE) to INT64_MAX, so both ways give 0 to
 * 2^64 - 2. */
static inline uint64_t key_of_value(int64_t value, bool is_down)
{
    if (value == VALUE_NONE)
        return KEY_NONE;
    return is_down ? (uint64_t)INT64_MAX - (uint64_t)value : (uint64_t)value - (uint64_t)(VALUE_NONE + 1);
}

/* IEEE 754 has sign, exponent and fraction from the highest bit on, so that positive numbers compare as their bits do
 * as unsigned ones. Downwards is from the least, as "-score" is the opposite of "score". */
static uint64_t key_of_score(float score, bool is_down)
{
    uint32_t bits;

    memcpy(&bits, &score, sizeof bits);        /* not negative: bits are in the order of the values */
    return is_down ? bits : UINT32_MAX - bits;
}

/* A segment without the column: none of its documents has a value. */
static int set_key(struct sorting *s, struct entry *e, unsigned i, uint32_t local)
{
    const struct order_key *const k = &s->order->keys[i];
    int64_t value = VALUE_NONE;
    int rc = FIH_OK;

    if (k->field && s->has_column[i])
        rc = value_of(s, i, local, &value);
    /* The score was set by take() before any key is. */
    e->keys[i] = k->field ? key_of_value(value, k->is_down) : key_of_score(e->score, k->is_down);
    return rc;
}

/* Dates are a column as well. Opening reads nothing: chunks are decoded when a value is asked for. */
static void open_columns(struct sorting *s, struct segment *segment)
{
    for (unsigned i = 0; i < s->order->count; i++)
        s->has_column[i] =
            s->order->keys[i].field && fihi_column_open(&s->columns[i], segment, s->order->keys[i].field);
}

/* ---- the first ones */

/* The document's number is the last key, in every order: no two are equal, and every way of sorting gives the same. */
static bool is_worse(const struct entry *a, const struct entry *b, unsigned keys)
{
    for (unsigned i = 0; i < keys; i++)
        if (a->keys[i] != b->keys[i])
            return a->keys[i] > b->keys[i];
    return a->doc > b->doc;
}

/* The hole moves instead of pairs being swapped: an entry is large. heap[i] goes down until no child is worse. The root
 * is the worst of all that are kept, so a new entry is compared with it alone. */
static void sift_down(struct entry *heap, size_t count, size_t i, unsigned keys)
{
    const struct entry moved = heap[i];

    for (size_t c; (c = 2 * i + 1) < count; i = c) {
        /* The worse of the two children, if there are two. */
        c += c + 1 < count && is_worse(&heap[c + 1], &heap[c], keys);
        if (!is_worse(&heap[c], &moved, keys))
            break;
        heap[i] = heap[c];
    }
    heap[i] = moved;
}

/* Once the heap is full, the worst of it makes room. s->k is at least 1: fihi_rank_ordered() answers a limit of 0 by
 * itself. */
static void offer(struct sorting *s, const struct entry *e)
{
    const unsigned keys = s->order->count;
    size_t i = s->count;

    /* A full heap: only what is better than its worst gets in, and the worst goes. */
    if (s->count == s->k) {
        if (is_worse(&s->heap[0], e, keys)) {
            s->heap[0] = *e;
            sift_down(s->heap, s->count, 0, keys);
        }
        return;
    }
    /* Not full yet: up from the end, past parents that are better than the new one. */
    for (s->count++; i > 0 && is_worse(e, &s->heap[(i - 1) / 2], keys); i = (i - 1) / 2)
        s->heap[i] = s->heap[(i - 1) / 2];
    s->heap[i] = *e;
}

/* ---- collapsing */

/* Groups are numbered over all segments by the bytes of their value, so the same value in two segments is one group. 0
 * is kept for "no value", hence one more. The table copies the bytes; a number is given in the order in which values
 * are first met. */
static int number_group(struct sorting *s, const uint8_t *bytes, size_t n, uint32_t *group)
{
    const uint32_t hash = intern_hash(bytes, n);
    const uint8_t *const known = intern_find(&s->groups, bytes, n, hash);
    int rc = FIH_OK;

    if (known)
        *group = intern_number(known);
    else
        rc = fihi_intern_add(&s->groups, bytes, n, hash, 0, group);
    ++*group;
    return rc ? fihi_fail(s->err, rc, "too many values to collapse") : FIH_OK;
}

/* A keyword's place is a number of its segment; its bytes are looked up once for each place. The place comes from a
 * column: outside of the terms it is damage. An array by place instead of a hash of the bytes for each document:
 * authors repeat. */
static int group_of_place(struct sorting *s, int64_t place, uint32_t *group)
{
    uint8_t key[TERM_KEY_MAX];
    size_t from, bytes;
    uint32_t df;
    int rc;

    if (place < 0 || place >= s->collapse.row->terms)
        return fihi_segment_broken(s->collapse.segment, "a column", s->err);
    /* Only at its first document in the segment. */
    if (s->place_groups[place] == 0 &&
        ((rc = fihi_column_term(&s->collapse, place, key, &from, &bytes, &df, s->err)) != 0 ||
         (rc = number_group(s, key + from, bytes - from, &s->place_groups[place])) != 0))
        return rc;
    *group = s->place_groups[place];
    return FIH_OK;
}

/* Of several values the least counts (fihi_column_get()). *group 0: the document has no value and stands for itself. */
static int find_group(struct sorting *s, uint32_t local, uint32_t *group)
{
    uint8_t eight[8];
    int64_t value = VALUE_NONE;
    const int rc = s->has_collapse ? fihi_column_get(&s->collapse, local, &value, s->err) : FIH_OK;

    *group = 0;
    if (rc != 0 || value == VALUE_NONE)
        return rc;
    if (s->collapse.kind == FIH_FIELD_KEYWORD)
        return group_of_place(s, value, group);
    /* Who is near whom depends on the order: known when all are sorted. */
    if (s->order->collapse == FIELD_NO_SIGNATURE) {
        if (fihi_grow(&s->signatures, &s->signature_cap, s->signature_count + 1, sizeof *s->signatures) != 0)
            return fihi_fail_nomem(s->err);
        s->signatures[s->signature_count++] = value;
        *group = (uint32_t)s->signature_count;
        return FIH_OK;
    }
    /* Numbers are grouped by their bytes, as keywords are: one table for both. */
    put_u64(eight, (uint64_t)value);
    return number_group(s, eight, sizeof eight, group);
}

/* place_groups are of one segment: forgotten with it. */
static int open_collapse(struct sorting *s, struct segment *segment)
{
    free(s->place_groups);
    s->place_groups = NULL;
    s->has_collapse = s->order->collapse && fihi_column_open(&s->collapse, segment, s->order->collapse);
    if (s->has_collapse && s->collapse.kind == FIH_FIELD_KEYWORD &&
        !(s->place_groups = calloc((size_t)s->collapse.row->terms + 1, sizeof *s->place_groups)))
        return fihi_fail_nomem(s->err);
    return FIH_OK;
}

/* The array doubles; matches of all segments are in it, in the order of the documents, until collapse() sorts them. */
static int keep_entry(struct sorting *s, const struct entry *e)
{
    if (fihi_grow(&s->all, &s->all_cap, s->all_count + 1, sizeof *s->all) != 0)
        return fihi_fail_nomem(s->err);
    s->all[s->all_count++] = *e;
    return FIH_OK;
}

/* A document that matches. The rest of its keys is not looked for if the first says that it comes too late. Greater
 * than the worst, not equal: then the next keys decide. When collapsing, the heap is empty and everything is kept. With
 * `after` only what comes behind that hit is offered, and all are counted. s->total counts before anything is left out:
 * with `after` and behind the heap's worst it is still the number of matches. */
static int take(struct sorting *s, struct matcher *m, struct titles *titles, uint32_t local, uint32_t base)
{
    struct entry e = {.doc = base + local};
    float title = 0;
    int rc = FIH_OK;

    s->total++;
    if (titles)
        rc = fihi_titles_score(titles, local, &title, s->err);
    /* Before the keys, which may be made of it. A double until the title is added, as everywhere, so that equal scores
     * are equal to the bit. */
    if (s->order->has_score)
        e.score = (float)(fihi_matcher_score(m) + (double)title);
    for (unsigned i = 0; i < s->order->count && rc == 0; i++) {
        rc = set_key(s, &e, i, local);
        /* A column's value, and for keywords more than that, is not looked up for each key of each match. */
        if (i == 0 && s->count == s->k && e.keys[0] > s->heap[0].keys[0])
            return rc;
    }
    if (rc == 0 && s->order->collapse)
        return (rc = find_group(s, local, &e.group)) != 0 ? rc : keep_entry(s, &e);
    if (rc == 0 && (!s->after || is_worse(&e, s->after, s->order->count)))
        offer(s, &e);
    return rc;
}

/* The plain matcher: there are no bounds to pass over anything by, for the order is not the score's. Titles are looked
 * at only if scores are wanted. Filters that are no words are asked last, by match_is_shown(): dates and deletions. */
static int sort_segment(struct sorting *s, uint32_t number)
{
    struct segment *const segment = s->plan->view->segments[number];
    const uint32_t base = s->plan->view->bases[number];
    struct titles *titles = NULL;
    struct scene scene;
    struct matcher *m = NULL;
    uint32_t seen = 0;
    int rc = fihi_matcher_new(&m, s->plan, s->plan->root, number, &s->deadline, s->err);

    /* The segment's columns replace those of the one before, which need no closing. */
    open_columns(s, segment);
    fihi_scene_begin(&scene, s->plan, number, &s->deadline);
    if (rc == 0)
        rc = open_collapse(s, segment);
    if (rc == 0 && m && s->order->has_score)
        rc = fihi_titles_new(&titles, &scene, s->err);
    for (uint32_t doc = 0; rc == 0 && m && (doc = fihi_matcher_seek(m, doc)) != NO_DOC; doc++) {
        if (match_is_shown(s->plan, number, doc, &rc, s->err))
            rc = take(s, m, titles, doc, base);
        if (rc == 0 && ++seen % 16 == 0)
            rc = fihi_deadline_check(&s->deadline, s->err);
    }
    if (rc == 0 && m)
        rc = fihi_matcher_status(m, s->err);
    fihi_titles_free(titles);
    fihi_matcher_free(m);
    return rc;
}

/* A segment's first ones go behind those of the others. The heap is empty then, with its memory kept for the next
 * segment. At most k of each segment stay, since no other of its documents can be among the k first of all. */
static int keep_heap(struct sorting *s)
{
    if (s->count == 0)
        return FIH_OK;
    if (fihi_grow(&s->all, &s->all_cap, s->all_count + s->count, sizeof *s->all) != 0)
        return fihi_fail_nomem(s->err);
    memcpy(s->all + s->all_count, s->heap, s->count * sizeof *s->heap);
    s->all_count += s->count;
    s->count = 0;
    return FIH_OK;
}

/* ---- keywords of several segments */

/* An entry's keyword, to be compared with those of other segments. bytes are its own. Names are copied, for a
 * dictionary's block is decoded into room that the next look-up uses again. */
struct named {
    uint8_t *bytes;
    size_t   n;
    struct entry *entry;
};

/* By bytes, as the dictionary sorts: UTF-8 in this order is in the order of the code points. */
static int by_name(const void *x, const void *y)
{
    const struct named *a = x, *b = y;

    return key_compare(a->bytes, a->n, b->bytes, b->n);
}

/* The key is turned back into the place that it was made of, and that into the term's bytes. */
static int name_entry(struct sorting *s, struct named *named, struct entry *e, unsigned i)
{
    const bool is_down = s->order->keys[i].is_down;
    uint8_t key[TERM_KEY_MAX];
    struct column c;
    struct segment *segment;
    size_t from, bytes;
    uint32_t local, df;
    int rc = fihi_view_locate(s->plan->view, e->doc, &segment, &local, s->err);

    if (rc != 0)
        return rc;
    /* It opened before, or the key would be KEY_NONE. */
    fihi_column_open(&c, segment, s->order->keys[i].field);
    rc = fihi_column_term(&c, is_down ? (int64_t)((uint64_t)INT64_MAX - e->keys[i])
                                      : (int64_t)(e->keys[i] + (uint64_t)(VALUE_NONE + 1)),
                          key, &from, &bytes, &df, s->err);
    if (rc != 0)
        return rc;
    /* One more byte, for a name may be empty. */
    *named = (struct named){malloc(bytes - from + 1), bytes - from, e};
    if (!named->bytes)
        return fihi_fail_nomem(s->err);
    memcpy(named->bytes, key + from, bytes - from);
    return FIH_OK;
}

/* Places in a segment become places among all names. Equal names get equal ranks. Downwards ranks are taken from the
 * end, below KEY_NONE. Ranks are only compared with ranks. At most k of each segment are looked up, so for the first
 * page of ten from eight segments eighty terms are read. */
static int rank_names(struct sorting *s, unsigned i)
{
    struct named *const names = malloc((s->all_count + 1) * sizeof *names);
    uint64_t rank = 0;
    size_t n = 0;
    int rc = names ? FIH_OK : fihi_fail_nomem(s->err);

    for (size_t k = 0; k < s->all_count && rc == 0; k++)
        if (s->all[k].keys[i] != KEY_NONE && (rc = name_entry(s, &names[n], &s->all[k], i)) == 0)
            n++;
    /* Only the names that there are: documents without a value keep KEY_NONE and stay behind. */
    if (rc == 0 && n > 1)
        qsort(names, n, sizeof *names, by_name);
    for (size_t k = 0; k < n && rc == 0; k++) {
        /* The next number only for another name. */
        rank += k > 0 && by_name(&names[k - 1], &names[k]) != 0;
        names[k].entry->keys[i] = s->order->keys[i].is_down ? KEY_NONE - 1 - rank : rank;
    }
    for (size_t k = 0; k < n; k++)
        free(names[k].bytes);
    free(names);
    return rc;
}

/* ---- all together */

/* Out of the heap by falling order: the worst to the end. The second half of a heapsort: in place, and the same on
 * every machine. Williams' heapsort (1964). qsort() could not be told how many keys there are, and its order of equal
 * ones would not matter: there are none. */
static void sort_heap(struct entry *heap, size_t count, unsigned keys)
{
    while (count > 1) {
        const struct entry worst = heap[0];

        heap[0] = heap[--count];
        sift_down(heap, count, 0, keys);
        heap[count] = worst;
    }
}

/* by_segment: each segment's k first are kept apart until keywords can be compared. A segment alone needs none of that,
 * its places are in the order of the terms. Fills s->heap with what comes first, the first at its beginning. */
static int collect(struct sorting *s, bool by_segment)
{
    int rc = FIH_OK;

    for (uint32_t i = 0; i < s->plan->view->count && rc == 0; i++) {
        if ((rc = sort_segment(s, i)) == 0 && by_segment)
            rc = keep_heap(s);
    }
    for (unsigned i = 0; i < s->order->count && rc == 0 && by_segment; i++)
        if (s->order->keys[i].kind == FIH_FIELD_KEYWORD)
            rc = rank_names(s, i);
    for (size_t i = 0; i < s->all_count && rc == 0 && !s->order->collapse; i++)
        offer(s, &s->all[i]);
    if (rc == 0)
        sort_heap(s->heap, s->count, s->order->count);
    return rc;
}

/* What the hit that the last page ended with was sorted by. Its values are read again: a cursor has its number and
 * score only. The document may be deleted or changed by now; its number and values in this snapshot are what counts,
 * and the cursor is refused elsewhere if it is of another snapshot. */
static int set_after(struct sorting *s, struct entry *e, const struct scored *after)
{
    struct segment *segment;
    uint32_t local;
    int rc = fihi_view_locate(s->plan->view, after->doc, &segment, &local, s->err);

    if (rc != 0)
        return rc;
    *e = (struct entry){.doc = after->doc, .score = after->score};
    open_columns(s, segment);
    for (unsigned i = 0; i < s->order->count && rc == 0; i++)
        rc = set_key(s, e, i, local);
    s->after = e;
    return rc;
}

/* In order, so that a group's first document is the one that is shown, and all others are near that one. From
 * signatures to groups: group was 1 + the place of its signature, and becomes 1 + the number of its group. */
static int group_similar(struct sorting *s, size_t *groups)
{
    struct similar *const near = calloc(1, sizeof *near);
    int rc = near ? FIH_OK : FIH_E_NOMEM;

    for (size_t i = 0; i < s->all_count && rc == 0; i++) {
        uint32_t *const group = &s->all[i].group;

        /* Too short for a signature: such a text is near to none. */
        if (*group == 0)
            continue;
        /* Each is compared with the first documents of groups only, not with all of their members: so a chain of texts,
         * each near the next, does not become one group. */
        rc = fihi_similar_find(near, s->signatures[*group - 1], group);
        ++*group;
        if (rc == 0 && i % 256 == 0 && (rc = fihi_deadline_check(&s->deadline, s->err)) != 0)
            break;
    }
    /* Group 0 is there in any case. */
    *groups = near ? near->count + 1 : 0;
    if (near)
        fihi_similar_free(near);
    free(near);
    return rc == FIH_E_NOMEM ? fihi_fail_nomem(s->err) : rc;
}

/* Of all documents, in order, the first of each group; how many more there are is told of the k first ones. Group 0 is
 * of those without a value: each stands for itself and has no others. The heap is made from below (Floyd), in linear
 * time. The total counts groups. Group numbers are at most the number of values, so the two arrays are small beside the
 * entries. out->collapsed is by document, for who looks up a hit has its number. */
static int collapse(struct sorting *s, struct ranking *out)
{
    size_t groups = s->groups.count + 1, kept = 0;
    uint32_t *counts;
    bool *is_met;
    int rc = FIH_OK;

    /* From the last one that has a child, to the root. */
    for (size_t i = s->all_count / 2; i-- > 0;)
        sift_down(s->all, s->all_count, i, s->order->count);
    sort_heap(s->all, s->all_count, s->order->count);
    if (s->order->collapse == FIELD_NO_SIGNATURE && (rc = group_similar(s, &groups)) != 0)
        return rc;
    counts = calloc(groups, sizeof *counts);
    is_met = calloc(groups, sizeof *is_met);
    out->collapsed = malloc((s->k + 1) * sizeof *out->collapsed);
    /* First how many there are of each, then who is the first of them. */
    for (size_t i = 0; counts && is_met && i < s->all_count; i++)
        counts[s->all[i].group]++;
    for (size_t i = 0; counts && is_met && out->collapsed && i < s->all_count; i++) {
        const uint32_t group = s->all[i].group;

        if (group && is_met[group])
            continue;
        is_met[group] = true;
        if (kept < s->k) {
            s->heap[kept] = s->all[i];
            out->collapsed[kept] = (struct collapsed){s->all[i].doc, group ? counts[group] - 1 : 0};
        }
        kept++;
    }
    const bool is_done = counts && is_met && out->collapsed;

    free(counts);
    free(is_met);
    s->count = kept < s->k ? kept : s->k;
    s->total = kept;
    return is_done ? FIH_OK : fihi_fail_nomem(s->err);
}

/* For qsort(), and for the look-up by bisection of what a hit stands for. */
static int by_doc(const void *x, const void *y)
{
    const struct collapsed *a = x, *b = y;

    return (a->doc > b->doc) - (a->doc < b->doc);
}

/* k is limited to what there is, so that a limit of four billion allocates nothing. The one way out frees everything;
 * the ranking is freed only after an error. `best` has scores of 0 where the order has none. */
int fihi_rank_ordered(struct ranking *out, const struct plan *plan, const struct order *o, uint32_t k,
                      const struct scored *after, const fih_search_opts *opts, fih_error *err)
{
    const uint64_t docs = plan->view->docs;
    struct sorting s = {.plan = plan, .order = o, .deadline = fihi_deadline(opts), .err = err};
    struct entry last;
    int rc = FIH_OK;

    memset(out, 0, sizeof *out);
    out->is_exact = true;
    /* The offset is within k, and is dropped by the caller. */
    s.k = k < docs ? k : (size_t)docs;
    if (plan->root->count == 0 || s.k == 0)
        return FIH_OK;
    if (!(s.heap = malloc(s.k * sizeof *s.heap)))
        return fihi_fail_nomem(err);
    if (after)
        rc = set_after(&s, &last, after);
    if (rc == 0)
        rc = collect(&s, o->has_keyword && plan->view->count > 1);
    if (rc == 0 && o->collapse && (rc = collapse(&s, out)) == 0 &&
        (out->collapsed_count = s.count) > 1)
        qsort(out->collapsed, s.count, sizeof *out->collapsed, by_doc);
    if (rc == 0 && !(out->best = malloc((s.count + 1) * sizeof *out->best)))
        rc = fihi_fail_nomem(err);
    for (size_t i = 0; i < s.count && rc == 0; i++)
        out->best[out->count++] = (struct scored){s.heap[i].score, s.heap[i].doc};
    out->total = s.total;
    free(s.heap);
    free(s.all);
    free(s.place_groups);
    free(s.signatures);
    fihi_intern_free(&s.groups);
    if (rc != 0)
        fihi_ranking_free(out);
    return rc;
}
