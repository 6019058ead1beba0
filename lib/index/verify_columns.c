/* index/verify_columns.c - columns with suspicion: the rows against the values, and keywords against their lists.
 *
 * A keyword is told twice in an index, by its list and by its column, and a search may use either. That both say the
 * same is shown by counting: if each document of a term's list has the term in the column, and the column has the
 * term in as many documents as the list has, then they are the same documents.
 *
 * What the rows say (documents, values, least, greatest) is counted anew, since a search trusts it to pass over
 * whole segments.
 *
 * An example: the terms news and sport, in documents 0, 2 and 1 by their lists, and the column 0, 1, 0. The column has
 * news in two documents and sport in one, as many as the lists; document 0 and 2 have 0 there, and document 1 has 1.
 * Were the column 0, 1, 1, sport would have two documents by it and one by its list. */
#include <stdlib.h>

#include "base/fail.h"
#include "index/column.h"
#include "index/verify_part.h"

/* What is counted of a column. Counted from the values alone, then compared with the row. */
struct tally {
    uint32_t  docs;
    uint64_t  values, sum;
    int64_t   least, greatest;
    uint32_t *dfs;                     /* of a keyword: documents of each term */
};

/* The limits come first, for a keyword's value is used as an index. */
static const char *count_doc(struct column *c, uint32_t at, uint32_t count, struct tally *n)
{
    const bool is_keyword = c->row->kind == FIH_FIELD_KEYWORD;

    /* Also documents that are deleted: a column keeps them until a merge. */
    n->docs += count > 0;
    n->values += count;
    for (uint32_t i = at; i < at + count; i++) {
        const int64_t v = column_value(c, i);

        if (v < c->row->least || v > c->row->greatest)
            return "a value that its row has not";
        /* Each once and ascending: a column is searched by that, and counted by it. */
        if (i > at && v <= column_value(c, i - 1))
            return "values out of order";
        n->least = v < n->least ? v : n->least;
        n->greatest = v > n->greatest ? v : n->greatest;
        n->sum += c->row->kind == FIH_FIELD_TEXT ? (uint64_t)v : 0;
        if (is_keyword)                        /* within the row's limits, which are those of its terms */
            n->dfs[v]++;
    }
    return NULL;
}

/* The list of a term has as many documents as the column, and each of these has the term there. The counts are
 * compared before the list is read: most damage is found without it. */
static int check_list(struct column *c, const struct term_walk *w, uint32_t place, const struct tally *n,
                      const char **wrong, fih_error *err)
{
    struct list_place at;
    struct cursor cursor = {.positions = NULL};
    int rc = fihi_segment_list(c->segment, &w->scan.entry, &at, err);

    /* A term with rows in place of a list, for example: a keyword has none. */
    if (rc != 0)
        return rc;
    if (n->dfs[place] != w->scan.entry.df)
        *wrong = "other documents than the list of a term";
    if (*wrong || fihi_cursor_open(&cursor, &at) != 0)
        return *wrong ? FIH_OK : fihi_segment_list_broken(c->segment, &cursor, err);
    for (uint32_t doc = cursor.doc; doc != NO_DOC && rc == 0 && !*wrong; doc = fihi_cursor_next(&cursor)) {
        uint32_t from, count;
        bool has = false;

        /* Documents ascend, so each chunk is at hand once for each term. */
        if (doc / COLUMN_CHUNK != c->chunk && (rc = fihi_column_load(c, doc, err)) != 0)
            break;
        rc = fihi_column_values(c, doc, &from, &count, err);
        for (uint32_t i = from; rc == 0 && i < from + count; i++)
            has |= column_value(c, i) == place;
        if (!has)
            *wrong = "other documents than the list of a term";
    }
    fihi_cursor_close(&cursor);
    return rc;
}

/* The terms of the field are those that the row says. The walk begins in the block that would have the field's first
 * key, so a few terms before it are passed over. */
static int check_terms(struct column *c, const struct tally *n, const char **wrong, fih_error *err)
{
    /* From the field's first key on, not from the first of the dictionary: a segment has some dozens of fields. */
    struct term_walk w = {.segment = c->segment};
    uint8_t first[2];
    const size_t bytes = keyword_head(first, c->row->field);
    uint32_t place = 0;
    int rc = fihi_term_walk_from(&w, first, bytes, err);

    while (rc == 0 && !*wrong && (rc = fihi_term_walk_next(&w, err)) == 0) {
        size_t head;
        const int order = key_compare(w.scan.key, w.scan.key_bytes < bytes ? w.scan.key_bytes : bytes, first, bytes);

        if (order > 0)
            break;
        if (order < 0)
            continue;
        /* The head may begin alike and be another field's, if the key ends too soon. */
        if (keyword_field(w.scan.key, w.scan.key_bytes, &head) != c->row->field ||
            w.scan.entry.ordinal != c->row->first_term + place || place >= c->row->terms)
            *wrong = "terms that its row has not";
        else
            /* Places are counted as the terms come, so each list is compared with the value that stands for it. */
            rc = check_list(c, &w, place++, n, wrong, err);
    }
    if (!*wrong && (rc == FIH_OK || rc == FIH_DONE) && place != c->row->terms)
        *wrong = "fewer terms than its row";
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* One problem a column: what is wrong first makes other numbers wrong as well. */
static int check_column(struct verify *v, struct segment *s, const struct column_row *row, fih_error *err)
{
    /* One more, for calloc(0) may answer NULL. The terms were compared with the dictionary's when the rows were
     * loaded. */
    struct tally n = {.least = INT64_MAX, .greatest = INT64_MIN, .dfs = calloc((size_t)row->terms + 1, sizeof *n.dfs)};
    const char *wrong = NULL;
    struct column c;
    int rc = n.dfs ? FIH_OK : fihi_fail_nomem(err);

    /* The row was found in this segment, so there is a column to open. */
    fihi_column_open(&c, s, row->field);
    for (uint32_t d = 0; d < s->stats.docs && rc == 0 && !wrong; d++) {
        uint32_t at, count;

        if (d % COLUMN_CHUNK == 0 && (rc = fihi_column_load(&c, d, err)) != 0)
            break;
        if ((rc = fihi_column_values(&c, d, &at, &count, err)) == 0)
            wrong = count_doc(&c, at, count, &n);
    }
    if (rc == 0 && !wrong &&
        (n.docs != row->docs || n.values != row->values || n.least != row->least || n.greatest != row->greatest ||
         n.sum != row->sum))
        wrong = "counts that are not those of its row";
    /* Terms of a keyword last: their lists are compared with counts that hold by then. */
    if (rc == 0 && !wrong && row->kind == FIH_FIELD_KEYWORD)
        rc = check_terms(&c, &n, &wrong, err);
    if (rc == 0 && wrong)
        fihi_problem(v, "segment %u: the column of field %u has %s", s->id, row->field, wrong);
    free(n.dfs);
    return rc;
}

/* A keyword's terms are in no list unless a column has them. Only one is told, for all others of the field would be
 * told with it. */
static int check_lost(struct verify *v, struct segment *s, fih_error *err)
{
    struct term_walk w = {.segment = s};
    static const uint8_t firsts[] = {LEVEL_SECTION, LEVEL_KEYWORD};
    int rc = FIH_OK;

    for (unsigned i = 0; i < sizeof firsts && rc == 0; i++) {
        w = (struct term_walk){.segment = s};
        rc = fihi_term_walk_from(&w, &firsts[i], 1, err);
        while (rc == 0 && (rc = fihi_term_walk_next(&w, err)) == 0) {
            struct column c;
            size_t head;
            const unsigned field = keyword_field(w.scan.key, w.scan.key_bytes, &head);

            if (w.scan.key[0] < firsts[i])
                continue;
            if (w.scan.key[0] > firsts[i])
                break;
            /* A keyword that no column has could be found by a query, and never be shown or counted. */
            if (field == 0 || field >= FIELD_NO_END || !fihi_column_open(&c, s, field)) {
                fihi_problem(v, "segment %u: a keyword of field %u, which has no column", s->id, field);
                return FIH_OK;
            }
        }
        rc = rc == FIH_DONE ? FIH_OK : rc;
    }
    return rc;
}

/* Lost terms first: they would make no column wrong, and so be told by none. */
int fihi_verify_columns(struct verify *v, struct segment *s, fih_error *err)
{
    int rc = check_lost(v, s, err);

    for (uint32_t i = 0; i < s->column_count && rc == 0 && !v->is_stopped; i++)
        rc = check_column(v, s, &s->columns[i], err);
    return rc;
}
