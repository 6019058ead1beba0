/* index/view.c - opening and looking up in snapshots.
 *
 * A reader sees one commit until it opens another view, whatever writers do. Documents of all segments have one
 * range of numbers: a segment's begin where those of the one before end, deleted ones counted. The bases say where,
 * so a number is found by halving, and is never another document's as long as the view is open.
 *
 * Three segments of 100, 50 and 70 documents have the bases 0, 100, 150, and 220 is the end: document 120 is number
 * 20 of the second one.
 *
 * Several indexes are no more than their segments behind one another. Nothing above asks whose a segment is: sums are
 * over all of them, so words weigh what they would weigh if one index had all documents. Only the numbers of fields are
 * an index' own. The view has numbers for all fields, and each segment is told which are its own (segment_field()):
 *
 *     first index    tags 8, pages 9          view    tags 8, pages 9, price 10
 *     second index   price 8, tags 9          told    8 -> 9, 9 -> none, 10 -> 8
 *
 * Nothing in a view that an answer depends on is ever written to again, so any number of threads search it at once;
 * what a thread needs to write to (analyzer, cursors, hits) is its own. Opening one costs a guard's walk over the pages
 * and a look at some values of each segment, whatever is in them. */
#include "index/view.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

#include "base/buf.h"
#include "base/fail.h"
#include "index/column.h"
#include "index/statistics_word.h"

/* Segments before the snapshot, whose values they borrow, and that before the store. Whatever is missing is NULL or 0,
 * so this also closes a member that was opened half way. */
static void close_member(struct member *m)
{
    for (uint32_t i = 0; i < m->count; i++)
        fihi_segment_close(m->segments[i]);
    free(m->segments);
    free(m->fields);
    fihi_manifest_free(&m->manifest);
    fihi_snap_end(m->snap);
    fihi_store_close(m->store);
    *m = (struct member){.store = NULL};
}

/* m->count counts a segment once it is open, so close_member() closes exactly those. */
static int open_segments(struct member *m, fih_error *err)
{
    const struct manifest *const manifest = &m->manifest;
    int rc;

    /* One more than there are, for calloc(0) may answer NULL: an index may have no segment. */
    if (!(m->segments = calloc(manifest->count + (size_t)1, sizeof *m->segments)))
        return fihi_fail_nomem(err);
    for (; m->count < manifest->count; m->count++) {
        struct segment *s;

        if ((rc = fihi_segment_open(&s, m->snap, &manifest->segments[m->count], err)) != 0)
            return rc;
        /* The schema is the manifest's and the columns are the segment's: both are right by themselves, and must be so
         * together. */
        if (!fihi_columns_hold(s, &manifest->schema)) {
            rc = fihi_segment_broken(s, "a column of a field that is not there", err);
            fihi_segment_close(s);
            return rc;
        }
        m->segments[m->count] = s;
    }
    return FIH_OK;
}

/* By its path, or `same`: the index of another handle, which may have none.
 * Errors that come from reading without a place in a snapshot that is gone are no errors of the index (FORMAT.md,
 * "Reading without a place"): it is opened again. */
static int open_once(struct member *m, const char *path, const struct store *same, fih_error *err)
{
    int rc = same ? fihi_store_open_same(&m->store, same, err) : fihi_store_open(&m->store, path, STORE_READ, 0, err);

    /* 0: without GUARD_ALL. A reader writes nothing, so a damaged free list is none of its business. */
    if (rc != 0 || (rc = fihi_snap_begin(&m->snap, m->store, 0, err)) != 0)
        goto out;
    rc = fihi_manifest_read(&m->manifest, m->snap, err);
    if (rc == FIH_E_NOTFOUND)
        rc = fihi_fail(err, FIH_E_NOTFOUND, "the index '%s' is empty: nothing was committed to it yet", path);
    /* The manifest first: it says which segments there are, and in what order. */
    if (rc == 0)
        rc = open_segments(m, err);
    /* Only now is it known whether the error meant anything. */
    if (rc != 0 && fihi_snap_is_stale(m->snap))
        rc = FIH_E_STALE;                      /* whatever was wrong, it is so no more */
out:
    if (rc != 0)
        close_member(m);
    return rc;
}

/* A hundred commits in the time of as many tries would be needed to fail; then it says that the index is busy. Each try
 * that fails has read some pages of a commit that another one has replaced meanwhile. */
static int open_member(struct member *m, const char *path, const struct store *same, fih_error *err)
{
    int rc;

    for (unsigned tries = 0; tries < 100; tries++)
        if ((rc = open_once(m, path, same, err)) != FIH_E_STALE)
            return rc;
    return fihi_fail_busy(err, path);
}

/* Of several indexes a message must say which one it is about. If it does already, it stays as it is: most messages
 * have the path. */
static int name_member(int rc, const char *path, fih_error *err)
{
    char text[sizeof err->msg];

    if (!err || strstr(err->msg, path))
        return rc;
    /* A copy, for fihi_fail() writes into the same message. */
    snprintf(text, sizeof text, "%s", err->msg);
    return fihi_fail(err, rc, "'%.500s': %s", path, text);
}

/* ---- several as one */

/* What a search takes from one index for all of them. A process has each data file open once (store/env.c), so that the
 * same one is known whatever its path.
 *
 * An analyzer's text differs if its tables do, so words of one index would be looked for in the other where they are
 * not. Weights that differ would rank each index' documents by rules of its own, and there is one list of hits. */
static int compare_members(const struct member *a, const struct member *b, fih_error *err)
{
    const struct manifest *const x = &a->manifest, *const y = &b->manifest;
    const char *const dir = fihi_store_dir(a->store), *const other = fihi_store_dir(b->store);

    if (fihi_store_is_same(a->store, b->store))
        return fihi_fail(err, FIH_E_USAGE, "'%s' and '%s' are the same index", dir, other);
    if (strcmp(x->analyzer_name, y->analyzer_name) != 0)
        return fihi_fail(err, FIH_E_ANALYZER,
                         "the index '%s' has the analyzer '%.60s' and '%s' has '%.60s': one of them must be rebuilt "
                         "with the other's",
                         dir, x->analyzer_name, other, y->analyzer_name);
    if (strcmp(x->analyzer_text, y->analyzer_text) != 0)
        return fihi_fail(err, FIH_E_ANALYZER,
                         "the indexes '%s' and '%s' were made with different versions or lexicons of one analyzer (%s; "
                         "%s): the older one must be rebuilt",
                         dir, other, x->analyzer_text, y->analyzer_text);
    /* Bit for bit, as a commit has put them: whoever gives the same weight gets the same bits. */
    if (memcmp(&x->title_weight, &y->title_weight, sizeof x->title_weight) != 0 ||
        memcmp(&x->body_weight, &y->body_weight, sizeof x->body_weight) != 0)
        return fihi_fail(err, FIH_E_USAGE,
                         "the index '%s' has the weights title %g, body %g and '%s' has title %g, body %g: give both "
                         "the same ones",
                         dir, (double)x->title_weight, (double)x->body_weight, other, (double)y->title_weight,
                         (double)y->body_weight);
    return FIH_OK;
}

/* Every one is compared with the first, and each pair for being the same: at most 256 of them. The message about a pair
 * is made where the first comparison is, so that it says the same. */
static int check_members(struct view *v, fih_error *err)
{
    int rc = FIH_OK;

    for (uint32_t i = 1; i < v->member_count && rc == 0; i++) {
        rc = compare_members(&v->members[0], &v->members[i], err);
        for (uint32_t k = 1; k < i && rc == 0; k++)
            if (fihi_store_is_same(v->members[k].store, v->members[i].store))
                rc = compare_members(&v->members[k], &v->members[i], err);
    }
    return rc;
}

/* Only when all fields are known can each member be told their numbers. */
static int join_schemas(struct view *v, fih_error *err)
{
    uint8_t numbers[FIELD_NO_END];
    int rc;

    /* The first index' fields keep their numbers; those that it lacks are behind them. */
    v->schema = v->members[0].manifest.schema;
    for (uint32_t i = 1; i < v->member_count; i++)
        if ((rc = fihi_schema_join(&v->schema, &v->members[i].manifest.schema, fihi_store_dir(v->members[i].store),
                                   err)) != 0)
            return rc;
    for (uint32_t i = 0; i < v->member_count; i++) {
        struct member *const m = &v->members[i];

        /* NULL, and no look-up in a table, where numbers are the same: always so for one index. */
        if (!fihi_schema_map(numbers, &v->schema, &m->manifest.schema))
            continue;
        if (!(m->fields = malloc(sizeof numbers)))
            return fihi_fail_nomem(err);
        memcpy(m->fields, numbers, sizeof numbers);
        /* Told after they were opened, for only now all fields are known. A segment looks at this table wherever a
         * field comes in. */
        for (uint32_t k = 0; k < m->count; k++)
            m->segments[k]->fields = m->fields;
    }
    return FIH_OK;
}

/* Of several indexes: what any commit to one of them, another one or another order changes.
 *
 * Cursors of a program, which go on in the next page of hits, hold it: one of another state is refused instead of
 * giving a list with holes. */
static int set_generation(struct view *v, fih_error *err)
{
    uint64_t(*const all)[3] = calloc(v->member_count, sizeof *all);

    if (!all)
        return fihi_fail_nomem(err);
    for (uint32_t i = 0; i < v->member_count; i++) {
        const struct member *const m = &v->members[i];

        all[i][0] = m->manifest.generation;
        all[i][1] = (uint64_t)m->manifest.commit_time;
        all[i][2] = m->docs;
    }
    /* Of one index its count of commits, which people can understand. */
    v->generation =
        v->member_count == 1 ? all[0][0] : (uint64_t)XXH3_64bits(all, v->member_count * sizeof *all);
    free(all);
    return FIH_OK;
}

/* Adds up what all segments say. Sums have 64 bits, and the number of documents is below 2^31 at the end; before that
 * it is below 2^32, for each index by itself has at most 2^31 - 1. */
int fihi_view_join(struct view *v, fih_error *err)
{
    size_t all = 1;

    for (uint32_t i = 0; i < v->member_count; i++)
        all += v->members[i].count;
    if (!(v->segments = calloc(all, sizeof *v->segments)) || !(v->bases = calloc(all, sizeof *v->bases)))
        return fihi_fail_nomem(err);
    for (uint32_t i = 0; i < v->member_count; i++) {
        struct member *const m = &v->members[i];

        m->base = (uint32_t)v->docs;
        for (uint32_t k = 0; k < m->count; k++) {
            const struct segment *const s = m->segments[k];

            /* The base of a segment is the number of documents before it, deleted ones counted: these keep their
             * numbers. */
            v->bases[v->count] = (uint32_t)v->docs;
            v->segments[v->count++] = m->segments[k];
            v->docs += s->stats.docs;
            v->deleted += s->deleted_count;
            m->docs += s->stats.docs;
            m->deleted += s->deleted_count;
            for (unsigned c = 0; c < NORM_COUNT; c++) {
                v->tokens[c] += s->stats.tokens[c];
                v->with[c] += s->stats.with[c];
            }
        }
        /* Asked after each index, so the sum of the next one cannot wrap. */
        if (v->docs > FIH_MAX_DOCS)
            return fihi_fail(err, FIH_E_LIMIT, "the indexes have more than %u documents together", FIH_MAX_DOCS);
    }
    /* The end, as if one segment more began there: so a segment's documents are from its base to the next one. */
    v->bases[v->count] = (uint32_t)v->docs;
    return FIH_OK;
}

/* `paths` are borrowed. With `same` there is one, which only messages need. */
static int open_all(struct view **out, const char *const *paths, size_t count, const struct store *same,
                    fih_error *err)
{
    struct view *v = calloc(1, sizeof *v);
    int rc = FIH_OK;

    *out = NULL;
    if (!v || !(v->members = calloc(count, sizeof *v->members)))
        rc = fihi_fail_nomem(err);
    /* Counted once it is open, so that what failed is not closed twice. */
    for (; rc == 0 && v->member_count < count; v->member_count += rc == 0)
        rc = open_member(&v->members[v->member_count], paths[v->member_count], same, err);
    /* Of the one that failed: member_count stands at it. */
    if (rc != 0 && v && v->members && count > 1)
        rc = name_member(rc, paths[v->member_count], err);
    if (rc == 0 && (rc = check_members(v, err)) == 0 && (rc = join_schemas(v, err)) == 0 &&
        (rc = fihi_view_join(v, err)) == 0)
        rc = set_generation(v, err);
    /* Pages of it that nothing is written to take no memory. */
    if (rc == 0 && !(v->memo = calloc(1, sizeof *v->memo)))
        rc = fihi_fail_nomem(err);
    if (rc == 0)
        *out = v;
    else
        fihi_view_close(v);
    return rc;
}

int fihi_view_open_many(struct view **out, const char *const *paths, size_t count, fih_error *err)
{
    return open_all(out, paths, count, NULL, err);
}

/* For a writer's own reader, and for an index in memory, which has no path. */
int fihi_view_open_same(struct view **out, const struct store *s, fih_error *err)
{
    const char *const dir = fihi_store_dir(s);

    return open_all(out, &dir, 1, s, err);
}

int fihi_view_open(struct view **out, const char *path, fih_error *err)
{
    return fihi_view_open_many(out, &path, 1, err);
}

/* Members first: their segments are what the view's array leads to. */
void fihi_view_close(struct view *v)
{
    if (!v)
        return;
    for (uint32_t i = 0; i < v->member_count; i++)
        close_member(&v->members[i]);
    free(v->members);
    free(v->segments);
    free(v->bases);
    free(v->memo);
    free(v);
}

/* Errors count as "no": opening again will tell what they are. Numbers of commits are compared, not of transactions,
 * for staged values change nothing that can be seen.
 *
 * A snapshot is begun for it, and its pages are walked: that costs as much as opening a reader, but for its segments.
 * So a program asks now and then and not before each search. */
static bool is_current(const struct member *member)
{
    struct manifest m;
    struct snap *snap;
    bool is_current = false;

    if (!fihi_store_is_current(member->store) || fihi_snap_begin(&snap, member->store, 0, NULL) != 0)
        return false;
    if (fihi_manifest_read(&m, snap, NULL) == 0) {
        is_current = m.generation == member->manifest.generation;
        fihi_manifest_free(&m);
    }
    fihi_snap_end(snap);
    return is_current;
}

/* The first that has moved on decides; the others need not be asked. */
bool fihi_view_is_current(struct view *v)
{
    for (uint32_t i = 0; i < v->member_count; i++)
        if (!is_current(&v->members[i]))
            return false;
    return true;
}

/* The last base that is not above: one without documents has the base of the next. */
uint32_t fihi_view_member(const struct view *v, fih_docno doc)
{
    uint32_t low = 0, high = v->member_count;

    while (high - low > 1) {
        const uint32_t mid = low + (high - low) / 2;

        if (v->members[mid].base <= doc)
            low = mid;
        else
            high = mid;
    }
    return low;
}

/* The last base that is not above. A segment has a document at least, so no two bases are equal. */
int fihi_view_locate(const struct view *v, fih_docno doc, struct segment **s, uint32_t *local, fih_error *err)
{
    uint32_t low = 0, high = v->count;

    /* From a hit of this view it is below; from a program it may be anything. */
    if (doc >= v->docs)
        return fihi_fail(err, FIH_E_NOTFOUND, "there is no document number %u", doc);
    while (high - low > 1) {
        const uint32_t mid = low + (high - low) / 2;

        if (v->bases[mid] <= doc)
            low = mid;
        else
            high = mid;
    }
    *s = v->segments[low];
    *local = doc - v->bases[low];
    /* A number that was good in an older view may be a deleted document's here. */
    if (segment_is_deleted(*s, *local))
        return fihi_fail(err, FIH_E_NOTFOUND, "document number %u is deleted", doc);
    return FIH_OK;
}

/* From a member's last segment on, where documents of late are. There it has at most one that is not deleted.
 *
 * Indexes are asked in their order, and the first that has the id answers, though a later one may have it as well: only
 * joining them (join.c) makes one document of the two, the later one. */
int fihi_view_find(const struct view *v, fih_str id, fih_docno *doc, fih_error *err)
{
    const uint32_t hash = fihi_hash_name(id.ptr, id.len);
    uint32_t first = 0;

    for (uint32_t m = 0; m < v->member_count; first += v->members[m++].count)
        for (uint32_t i = first + v->members[m].count; i-- > first;) {
            const int rc = fihi_segment_find_id(v->segments[i], hash, id, doc, err);

            if (rc == FIH_OK) {
                *doc += v->bases[i];
                return FIH_OK;
            }
            if (rc != FIH_E_NOTFOUND)
                return rc;
        }
    /* 200 bytes of an id are enough to know it again, and a message has 1,024. */
    return fihi_fail(err, FIH_E_NOTFOUND, "there is no document '%.*s'", (int)(id.len < 200 ? id.len : 200), id.ptr);
}

/* A term that no segment has is in 0 documents, and no error.
 *
 * Deleted documents count until a merge, for the lists still have them; so does the number of all documents, with which
 * these counts are compared. */
int fihi_view_count_docs(const struct view *v, const uint8_t *key, size_t bytes, uint64_t *df, fih_error *err)
{
    *df = 0;
    /* Keywords are each index' own, and the file has words of texts under other keys: both are counted here. */
    if (v->statistics && bytes && key[0] != LEVEL_KEYWORD && key[0] != LEVEL_SECTION &&
        key[0] != LEVEL_WORD) {
        struct statistics_entry known;
        const int rc = fihi_statistics_find(v->statistics, key, bytes, &known, err);

        *df = known.df;
        return rc;
    }
    for (uint32_t i = 0; i < v->count; i++) {
        struct dict_entry e;
        const int rc = fihi_segment_find(v->segments[i], key, bytes, &e, err);

        if (rc == FIH_OK)
            *df += e.df;
        else if (rc != FIH_E_NOTFOUND)
            return rc;
    }
    return FIH_OK;
}

/* In double until the end: a sum of lengths has more digits than a float. 1 for no documents at all, for lengths are
 * divided by it. */
float fihi_view_average(const struct view *v, unsigned norm)
{
    const uint64_t n = norm == NORM_TEXT ? v->docs : v->with[norm];

    if (v->statistics)
        return fihi_statistics_average(v->statistics, norm);
    return n ? (float)((double)v->tokens[norm] / (double)n) : 1.0f;
}

/* A segment without the field has none of them. The rows of the columns have the sums: no column is read. */
int fihi_view_text_lengths(const struct view *v, unsigned field, uint64_t *docs, uint64_t *words, fih_error *err)
{
    struct column c;

    *docs = *words = 0;
    if (v->statistics) {
        uint8_t key[TERM_KEY_MAX];
        /* The key of the text without a word: statistics_write.c puts its two sums there. */
        const size_t n = statistics_word_key(key, fihi_schema_name(&v->schema, field), key, 0);
        struct statistics_entry e;
        const int rc = fihi_statistics_find(v->statistics, key, n, &e, err);

        *docs = e.df;
        *words = e.title_df;
        return rc;
    }
    for (uint32_t i = 0; i < v->count; i++)
        if (fihi_column_open(&c, v->segments[i], field)) {
            *docs += c.row->docs;
            *words += c.row->sum;
        }
    return FIH_OK;
}
