/* index/merge_columns.c - columns of several segments become one.
 *
 * Numbers stay what they are. A keyword's value is the place of its term among the field's in that segment, and the
 * places of the new segment are others. So when the terms are merged, each source is told where each of its terms
 * goes:
 *
 *     source 0 has news, sport       places 0, 1 -> 1, 2
 *     source 1 has culture, sport    places 0, 1 -> 0, 2
 *
 * New places ascend with the old ones, so the values of a document stay in order and are not sorted again. A term
 * without living documents gets no place; a column that has it for a living document disagrees with its list, and is
 * damaged.
 *
 * If source 0 has the column 1, 0 of its two documents, sport and news, and source 1 the column 0 of its only one,
 * culture, the new column is 2, 1, 0. */
#include <stdlib.h>

#include "base/fail.h"
#include "index/merge_part.h"

/* Where the places of a column's terms begin among those of its source. One array for all fields of a source, in the
 * order of its columns. Columns are at most 64. Asked for each value of a keyword: with some columns that is a handful
 * of additions. */
static size_t places_before(const struct segment *s, const struct column_row *row)
{
    size_t count = 0;

    for (const struct column_row *r = s->columns; r < row; r++)
        count += r->terms;
    return count;
}

/* Not every segment has a column for every field. */
static const struct column_row *row_of(const struct segment *s, unsigned field)
{
    for (uint32_t i = 0; i < s->column_count; i++)
        if (s->columns[i].field == segment_field(s, field))
            return &s->columns[i];
    return NULL;
}

/* UINT32_MAX in places that nobody has told of: no segment has so many terms. */
static int tell_source(struct merge *m, struct source *s, unsigned field, uint32_t place)
{
    /* The segment's own number of the term, by which its column knows it. */
    const struct column_row *const row = row_of(s->segment, field);
    const uint32_t ordinal = s->walk.scan.entry.ordinal;

    if (!row || ordinal < row->first_term || ordinal - row->first_term >= row->terms)
        return fihi_segment_broken(s->segment, "a keyword that is not in its column", m->err);
    if (!s->places) {
        const size_t all = places_before(s->segment, s->segment->columns + s->segment->column_count);

        if (!(s->places = malloc((all + 1) * sizeof *s->places)))
            return fihi_fail_nomem(m->err);
        memset(s->places, 0xFF, (all + 1) * sizeof *s->places);
    }
    s->places[places_before(s->segment, row) + ordinal - row->first_term] = place;
    return FIH_OK;
}

/* Terms of a field follow one another, so its first one's ordinal and their number say which they are. */
int fihi_merge_place(struct merge *m)
{
    size_t head;
    const unsigned field = keyword_field(m->key, m->key_bytes, &head);
    int rc = FIH_OK;

    if (field == 0 || field >= FIELD_NO_END)
        return fihi_fail(m->err, FIH_E_CORRUPT,
                         "the index is damaged: a keyword of no field; restore a backup or rebuild it");
    if (m->fields[field].terms == 0)
        m->fields[field].first_term = (uint32_t)m->out->dict.terms;
    for (unsigned i = 0; i < m->count && rc == 0; i++)
        if (m->sources[i].is_at)
            rc = tell_source(m, &m->sources[i], field, m->fields[field].terms);
    m->fields[field].terms++;
    return rc;
}

/* Any number may stand in the column, so it is compared before it is used as an index. */
static int add_value(struct merge *m, struct source *s, uint32_t doc, int64_t value)
{
    const struct column_row *const row = s->column.row;

    if (row->kind == FIH_FIELD_KEYWORD) {
        const bool is_there = s->places && value >= 0 && value < row->terms;
        const uint32_t place = is_there ? s->places[places_before(s->segment, row) + (size_t)value] : UINT32_MAX;

        if (place == UINT32_MAX)
            return fihi_segment_broken(s->segment, "a column that has what its lists have not", m->err);
        value = place;
    }
    return fihi_column_add(&m->out->columns, fihi_merge_renumber(s, doc), value, m->err);
}

/* Documents of a chunk are read while it is at hand; the next chunk's value is fetched when its first document
 * comes. */
static int merge_source(struct merge *m, struct source *s, unsigned field)
{
    struct column *const c = &s->column;
    int rc = FIH_OK;

    if (!fihi_column_open(c, s->segment, field))
        return FIH_OK;
    for (uint32_t d = 0; d < s->segment->stats.docs && rc == 0; d++) {
        uint32_t at, count;

        /* A chunk is verified when it is first looked up, and stays at hand for its 32,768 documents. */
        if (d % COLUMN_CHUNK == 0 && (rc = fihi_column_load(c, d, m->err)) != 0)
            return rc;
        if (d % 4096 == 0 && (rc = fihi_merge_tick(m)) != 0)
            return rc;
        if (segment_is_deleted(s->segment, d))
            continue;
        rc = fihi_column_values(c, d, &at, &count, m->err);
        for (uint32_t i = at; rc == 0 && i < at + count; i++)
            rc = add_value(m, s, d, column_value(c, i));
    }
    return rc;
}

/* Fields in ascending order, as the column index wants them. A column whose documents are all gone is not written. */
int fihi_merge_columns(struct merge *m)
{
    struct column_writer *const w = &m->out->columns;
    int rc = FIH_OK;

    for (unsigned f = 0; f < FIELD_NO_END && rc == 0; f++) {
        const struct column_row *row = NULL;

        /* Kinds are the same in all sources, or the view could not have been opened. */
        for (unsigned i = 0; i < m->count && !row; i++)
            row = row_of(m->sources[i].segment, f);
        if (!row)
            continue;
        rc = fihi_column_begin(w, f, row->kind, m->err);
        fihi_column_terms(w, m->fields[f].first_term, m->fields[f].terms);
        for (unsigned i = 0; i < m->count && rc == 0; i++)
            rc = merge_source(m, &m->sources[i], f);
        if (rc == 0)
            rc = fihi_column_end(w, m->err);
    }
    return rc;
}
