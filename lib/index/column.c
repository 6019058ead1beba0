/* index/column.c - reading columns.
 *
 * Numbers of a fixed width, so that a document's is found by multiplication, and a span of values by one walk over
 * bytes. Say the pages of five books, of which the third is not known, are 300, 260, -, 301, 515: the base is 260,
 * and two bytes each hold 41, 1, 0, 42, 256, which is 1 more than the difference, so that 0 can say "none". "From
 * 300 to 400" is then a search for codes from 41 to 141.
 *
 * What the head of a chunk says is compared with the bytes that are there before it is used.
 *
 * The bytes of that chunk, of the documents 0 to 4 (FORMAT.md, "Columns"): a head of 16, then 10 bytes of codes.
 *
 *     02 00 00 00   05 00 00 00   04 01 00 00 00 00 00 00   29 00 01 00 00 00 2a 00 00 01
 *
 * Two bytes each, none with several values, five documents, the base 260; 41, 1, 0, 42 and 256. Of a segment of a
 * million documents a column is 31 such values, each verified when it is first asked for: a filter that looks at a
 * thousand documents near each other reads one or two of them. */
#include "index/column.h"

#include <stdlib.h>

#include "base/fail.h"

/* A chunk: u8 width, u8 whether documents have several values, u16 0, u32 documents, i64 base; with several, u32 for
 * each document where its values begin, and the end; then the codes. */
enum { HEAD = 16 };

/* The same for all columns of a segment, dates included, so a column's chunks are found by multiplication, too. */
static uint32_t chunks_of(uint32_t docs)
{
    return docs / COLUMN_CHUNK + (docs % COLUMN_CHUNK > 0);
}

/* Columns are few; their place in the index is also where their chunks lie among all. There are at most 58 of them, so
 * the walk is nothing beside the first chunk that is read. */
static const struct column_row *row_of(const struct segment *s, unsigned field, uint32_t *number)
{
    for (uint32_t i = 0; i < s->column_count; i++)
        if (s->columns[i].field == field) {
            *number = i;
            return &s->columns[i];
        }
    return NULL;
}

/* Nothing is fetched yet: the first chunk that is asked for is. */
bool fihi_column_open(struct column *c, struct segment *s, unsigned field)
{
    uint32_t number = 0;

    *c = (struct column){.segment = s, .chunk = UINT32_MAX, .kind = FIH_FIELD_DATE};
    /* Every segment has dates, a value of INT32_MIN in each document where there are none: the header says whether any
     * is another. */
    if (field == FIELD_NO_DATE)
        return s->stats.date_min != DATE_NONE;
    if (field == FIELD_NO_TITLE || field == FIELD_NO_BODY) {
        c->kind = FIH_FIELD_TEXT;
        c->first = field;                      /* says which of the two: it has no chunks of its own */
        return true;
    }
    if (!(c->row = row_of(s, segment_field(s, field), &number)))
        return false;
    c->kind = c->row->kind;
    /* Below 2^32: rows were loaded only if there are as many values as all columns have chunks together. */
    c->first = number * chunks_of(s->stats.docs);
    return true;
}

static int broken(const struct column *c, fih_error *err)
{
    return fihi_segment_broken(c->segment, "a column", err);
}

/* Lengths are in chunks of another size. One of 65,535 words and more says so; a title is never so long that this would
 * hide a body. */
static int load_lengths(struct column *c, uint32_t from, uint32_t docs, fih_error *err)
{
    const size_t at = 2 * (size_t)(from % NORM_CHUNK);
    const bool is_body = c->first == FIELD_NO_BODY;
    const uint8_t *lens, *titles = NULL;
    int rc = fihi_segment_norms(c->segment, is_body ? NORM_TEXT : NORM_TITLE, from / NORM_CHUNK, &lens, err);

    if (rc == 0 && is_body)
        rc = fihi_segment_norms(c->segment, NORM_TITLE, from / NORM_CHUNK, &titles, err);
    if (rc != 0)
        return rc;
    c->codes = lens + at;
    c->titles = titles ? titles + at : NULL;
    c->width = 2;
    c->docs = docs;
    c->chunk = from / COLUMN_CHUNK;
    return FIH_OK;
}

/* `chunk` says that none is at hand until all has been checked. Widths are compared last with the bytes: total ·
 * width is at most 2^35.
 *
 * What a chunk says is compared with what the segment says and with the bytes that there are. Both may be lies; but no
 * code that is read afterwards lies outside of the value, and no document beyond the segment. */
int fihi_column_load(struct column *c, uint32_t doc, fih_error *err)
{
    const uint32_t chunk = doc / COLUMN_CHUNK, from = chunk * COLUMN_CHUNK, all = c->segment->stats.docs;
    const uint32_t docs = all - from < COLUMN_CHUNK ? all - from : COLUMN_CHUNK;
    const uint8_t *p;
    bool is_many;
    size_t n;
    int rc;

    c->chunk = UINT32_MAX;
    /* A document of another segment's, from a list that lies: the caller may be passing on what it read. */
    if (doc >= all)
        return broken(c, err);
    if (!c->row && c->kind == FIH_FIELD_TEXT)
        return load_lengths(c, from, docs, err);
    if ((rc = fihi_segment_value(c->segment, c->row ? KIND_COLUMNS : KIND_DATES, c->first + chunk, &p, &n, err)) != 0)
        return rc;
    if (!c->row) {
        /* One number of four bytes for each document, and no head. */
        if (n != 4 * (size_t)docs)
            return fihi_segment_broken(c->segment, "its dates", err);
        c->width = 4;
        c->codes = p;
        c->docs = docs;
        c->chunk = chunk;
        return FIH_OK;
    }
    /* The chunk says how many documents it has, and the segment knows it: all that follows is counted by that. */
    if (n < HEAD || p[1] > 1 || get_u32(p + 4) != docs)
        return broken(c, err);
    is_many = p[1];
    c->width = p[0];
    c->base = (int64_t)get_u64(p + 8);
    c->docs = docs;
    /* With several values there is a place more than documents, for the end of the last one. Codes of no bytes are for
     * one value each: of several, no length could tell how many there are, and a document might claim 2^32. */
    if ((c->width > 2 && c->width != 4 && c->width != 8) ||
        (is_many && (c->width == 0 || n - HEAD < 4 * ((size_t)docs + 1))))
        return broken(c, err);
    c->starts = is_many ? p + HEAD : NULL;
    c->total = is_many ? get_u32(c->starts + 4 * (size_t)docs) : docs;
    c->codes = p + HEAD + (is_many ? 4 * ((size_t)docs + 1) : 0);
    /* Exactly: what is behind the codes would be nobody's. */
    if ((size_t)(p + n - c->codes) != (size_t)c->total * c->width)
        return broken(c, err);
    c->chunk = chunk;
    return FIH_OK;
}

/* Only these two numbers of `starts` are checked, so a document's values lie within the codes, whatever the others
 * say. Nothing is kept of one that is broken: each document's two numbers are compared when it is asked for.
 *
 * In the chunk with several values that column_write.c shows, the places are 0, 1, 1, 3, 4: document 2 has the values 1
 * and 2 of it, which are 0 and 5, and document 1 has none, for its place and the next are the same. */
int fihi_column_values(struct column *c, uint32_t doc, uint32_t *at, uint32_t *count, fih_error *err)
{
    const size_t i = doc % COLUMN_CHUNK;
    uint32_t end;

    *at = (uint32_t)i;
    if (!c->starts) {
        *count = column_value(c, i) != VALUE_NONE;
        return FIH_OK;
    }
    *at = get_u32(c->starts + 4 * i);
    end = get_u32(c->starts + 4 * i + 4);
    if (*at > end || end > c->total)
        return broken(c, err);
    *count = end - *at;
    return FIH_OK;
}

/* Of the whole segment, so that a span that lies outside of both is answered without a chunk. */
int64_t fihi_column_least(const struct column *c)
{
    return c->row ? c->row->least : c->kind == FIH_FIELD_TEXT ? 1 : c->segment->stats.date_min;
}

int64_t fihi_column_greatest(const struct column *c)
{
    return c->row ? c->row->greatest : c->kind == FIH_FIELD_TEXT ? (int64_t)UINT32_MAX : c->segment->stats.date_max;
}

/* The first of codes[i … n) from least to most, or n. Each width has a loop of its own, which is all that is left of a
 * search for the documents of a span. One comparison for both ends: what is below `least` wraps to a number above
 * any span. It needs least <= most.
 *
 * Of codes 41 to 141 the span is 100. Code 0, which is none, less 41 wraps to 2^64 - 41, and 256 less 41 is 215: both
 * are above 100. 42 less 41 is 1, which is not. */
static size_t find_code(const uint8_t *codes, unsigned width, size_t i, size_t n, uint64_t least, uint64_t most)
{
    const uint64_t span = most - least;

    switch (width) {
    case 1:
        while (i < n && (uint64_t)codes[i] - least > span)
            i++;
        return i;
    case 2:
        while (i < n && (uint64_t)get_u16(codes + 2 * i) - least > span)
            i++;
        return i;
    case 4:
        while (i < n && (uint64_t)get_u32(codes + 4 * i) - least > span)
            i++;
        return i;
    case 8:
        while (i < n && get_u64(codes + 8 * i) - least > span)
            i++;
        return i;
    default:
        return n;
    }
}

/* Dates go this way, too, for they have no base. Of a document with several values one must lie in the span; one
 * without has VALUE_NONE, which lies below all spans. */
static uint32_t seek_many(struct column *c, uint32_t from, uint32_t until, int64_t low, int64_t high, int *rc,
                          fih_error *err)
{
    for (uint32_t doc = from; doc < until && *rc == 0; doc++)
        if (fihi_column_has(c, doc, low, high, rc, err))
            return doc;
    return NO_DOC;
}

/* The codes of values from low to high: 1 + value - base, and none is 0. False if all of these are below the base.
 * `low` may be below the base and `high` above all codes; low <= high is the caller's to see to. Differences are made
 * in unsigned numbers, for those of two int64_t may need 64 bits.
 *
 * 300 to 400 with the base 260 are the codes 41 to 141. The 1 is left out where it would wrap to 0: then every code
 * that there is lies below. */
static bool codes_of(const struct column *c, int64_t low, int64_t high, uint64_t *least, uint64_t *most)
{
    *least = low <= c->base ? 1 : (uint64_t)low - (uint64_t)c->base + 1;
    *most = (uint64_t)high - (uint64_t)c->base;
    *most += *most < UINT64_MAX;
    return high >= c->base;
}

uint32_t fihi_column_seek(struct column *c, uint32_t from, int64_t low, int64_t high, uint32_t *end, int *rc,
                          fih_error *err)
{
    const uint32_t start = from / COLUMN_CHUNK * COLUMN_CHUNK;
    uint64_t least, most;
    size_t at;

    /* A chunk at a time: the caller goes on at *end, and may look at its deadline between two. */
    if (c->chunk != from / COLUMN_CHUNK && (*rc = fihi_column_load(c, from, err)) != 0)
        return NO_DOC;
    *end = start + c->docs;
    if (c->starts || !c->row)
        return seek_many(c, from, *end, low, high, rc, err);
    if (!codes_of(c, low, high, &least, &most))
        return NO_DOC;
    /* Behind the documents that were asked for already: `from` may be anywhere in the chunk. */
    at = find_code(c->codes, c->width, from - start, c->docs, least, most);
    return at < c->docs ? start + (uint32_t)at : NO_DOC;
}

/* Of documents in the chunk at hand, each with one code or none: which have one from least to most. As find_code(), a
 * loop for each width, without a branch. */
static unsigned test_codes(const struct column *c, const uint32_t *docs, unsigned n, uint64_t least, uint64_t most,
                           bool *passes)
{
    /* Documents come from a list and so may lie far apart; but all are in the chunk at hand, so no code lies outside of
     * it. */
    const uint32_t start = c->chunk * COLUMN_CHUNK;
    const uint8_t *const codes = c->codes;
    const uint64_t span = most - least;
    unsigned count = 0;

    switch (c->width) {
    case 1:
        for (unsigned i = 0; i < n; i++)
            count += passes[i] = (uint64_t)codes[docs[i] - start] - least <= span;
        return count;
    case 2:
        for (unsigned i = 0; i < n; i++)
            count += passes[i] = (uint64_t)get_u16(codes + 2 * (size_t)(docs[i] - start)) - least <= span;
        return count;
    case 4:
        for (unsigned i = 0; i < n; i++)
            count += passes[i] = (uint64_t)get_u32(codes + 4 * (size_t)(docs[i] - start)) - least <= span;
        return count;
    case 8:
        for (unsigned i = 0; i < n; i++)
            count += passes[i] = get_u64(codes + 8 * (size_t)(docs[i] - start)) - least <= span;
        return count;
    default:
        memset(passes, false, n * sizeof *passes);
        return 0;
    }
}

/* Dates have no base, and a day that says that there is none. A day that the calendar does not have is damage and told
 * as that, not a document that does not match. */
static unsigned test_days(const struct column *c, const uint32_t *docs, unsigned n, int64_t low, int64_t high,
                          bool *passes, int *rc, fih_error *err)
{
    const int64_t first = low > DATE_NONE ? low : (int64_t)DATE_NONE + 1;
    bool is_wrong = false;
    unsigned count = 0;

    for (unsigned i = 0; i < n; i++) {
        /* Signed: a day before 1970 is below 0. */
        const int64_t day = (int32_t)get_u32(c->codes + 4 * (size_t)(docs[i] % COLUMN_CHUNK));

        is_wrong |= (day != DATE_NONE) & ((day < DATE_FIRST) | (day > DATE_LAST));
        count += passes[i] = (day >= first) & (day <= high);
    }
    if (is_wrong)
        *rc = fihi_segment_broken(c->segment, "its dates", err);
    return count;
}

/* Chunk by chunk: as many documents as lie in one are asked at once. */
unsigned fihi_column_test(struct column *c, const uint32_t *docs, unsigned n, int64_t low, int64_t high, bool *passes,
                          int *rc, fih_error *err)
{
    /* Chunks with one code for each document and chunks with several values may alternate within one column, for each
     * is as its own documents need it: so the kind is asked for each run. */
    unsigned count = 0, end;
    uint64_t least, most;

    for (unsigned i = 0; i < n; i = end) {
        if (c->chunk != docs[i] / COLUMN_CHUNK && (*rc = fihi_column_load(c, docs[i], err)) != 0)
            return 0;
        for (end = i + 1; end < n && docs[end] / COLUMN_CHUNK == c->chunk; end++)
            ;
        if (!c->row && c->kind == FIH_FIELD_TEXT)
            for (unsigned k = i; k < end; k++)
                count += passes[k] = fihi_column_has(c, docs[k], low, high, rc, err);
        else if (!c->row)
            count += test_days(c, docs + i, end - i, low, high, passes + i, rc, err);
        else if (!c->starts && codes_of(c, low, high, &least, &most))
            count += test_codes(c, docs + i, end - i, least, most, passes + i);
        else if (!c->starts)
            memset(passes + i, false, (end - i) * sizeof *passes);
        for (unsigned k = i; c->starts && k < end; k++)
            count += passes[k] = fihi_column_has(c, docs[k], low, high, rc, err);
        if (*rc != 0)
            return 0;
    }
    return count;
}

/* ---- terms */

/* The ordinal comes from the row, so the term may be anything: its key must say the field. A value comes from a code,
 * and so from the disk: it is compared with the number of terms before it is added. */
int fihi_column_term(const struct column *c, int64_t value, uint8_t key[TERM_KEY_MAX], size_t *from, size_t *bytes,
                     uint32_t *df, fih_error *err)
{
    struct dict_entry e;
    int rc;

    if (!c->row || value < 0 || value >= c->row->terms)
        return broken(c, err);
    if ((rc = fihi_segment_term(c->segment, c->row->first_term + (uint32_t)value, key, bytes, &e, err)) != 0)
        return rc;
    if (keyword_field(key, *bytes, from) != c->row->field)
        return broken(c, err);
    *df = e.df;
    return FIH_OK;
}

/* Is a term below the limit? Of a prefix: does it stand before what begins with it, or with `behind` not behind it. */
static int is_below(const struct column *c, uint32_t place, fih_str limit, bool is_prefix, bool behind, bool *below,
                    fih_error *err)
{
    uint8_t key[TERM_KEY_MAX];
    size_t from = 0, bytes = 0;
    uint32_t df;
    int rc = fihi_column_term(c, place, key, &from, &bytes, &df, err), order;

    if (rc != 0)
        return rc;
    bytes -= from;
    if (is_prefix && bytes > limit.len)
        bytes = limit.len;
    order = key_compare(key + from, bytes, (const uint8_t *)limit.ptr, limit.len);
    *below = behind ? order <= 0 : order < 0;
    return FIH_OK;
}

/* The terms of a field ascend by their bytes, and each step looks one up in the dictionary. */
static int find_place(const struct column *c, fih_str limit, bool is_prefix, bool behind, uint32_t *place,
                      fih_error *err)
{
    uint32_t low = 0, high = c->row->terms;

    /* Of 100,000 authors 17 terms are looked at for each end of a span. For the prefix "ab" the place is that of the
     * first term that begins so, or with `behind` of the first that is above all of them. */
    while (low < high) {
        const uint32_t mid = low + (high - low) / 2;
        bool below;
        const int rc = is_below(c, mid, limit, is_prefix, behind, &below, err);

        if (rc != 0)
            return rc;
        if (below)
            low = mid + 1;
        else
            high = mid;
    }
    *place = low;
    return FIH_OK;
}

/* The places are those of the segment: two segments have other numbers for the same term, so each is asked. */
int fihi_column_places(const struct column *c, fih_str low, fih_str high, bool is_prefix, uint32_t *from, uint32_t *to,
                       fih_error *err)
{
    int rc = FIH_OK;

    /* Without an end, all that there are. */
    *from = 0;
    *to = c->row ? c->row->terms : 0;
    if (c->row && low.ptr)
        rc = find_place(c, low, is_prefix, false, from, err);
    if (rc == 0 && c->row && high.ptr)
        rc = find_place(c, high, is_prefix, true, to, err);
    return rc;
}

/* ---- rows */

/* The table "column index" of FORMAT.md, "Columns"; fihi_column_rows_load() below reads it back. */
void fihi_column_row_put(uint8_t out[COLUMN_ROW_BYTES], const struct column_row *r)
{
    out[0] = r->field;
    out[1] = r->kind;
    put_u16(out + 2, 0);
    put_u32(out + 4, r->docs);
    put_u64(out + 8, r->values);
    put_u64(out + 16, (uint64_t)r->least);
    put_u64(out + 24, (uint64_t)r->greatest);
    put_u32(out + 32, r->first_term);
    put_u32(out + 36, r->terms);
    put_u64(out + 40, r->sum);
}

/* The row's own numbers are checked here, once: its terms lie within the dictionary. What chunks have is compared
 * where it is used. */
static bool row_holds(const struct segment *s, const struct column_row *r, const struct column_row *before)
{
    const struct segment_stats *const t = &s->stats;

    /* Fields ascend, so no field has two columns. */
    if (r->field == 0 || r->field >= FIELD_NO_END || (before && r->field <= before->field) || r->docs == 0 ||
        r->docs > t->docs || r->values < r->docs || r->least > r->greatest || r->least == VALUE_NONE)
        return false;
    if ((r->kind == FIH_FIELD_TEXT) != (r->sum > 0))
        return false;
    if (r->kind == FIH_FIELD_TEXT)             /* lengths of one word or more, and their sum */
        return r->terms == 0 && r->first_term == 0 && r->values == r->docs && r->least > 0 &&
               r->greatest <= UINT32_MAX && r->sum >= r->values && r->sum <= r->values * (uint64_t)r->greatest;
    /* Of numbers a document has one; only keywords have several. */
    if (kind_is_number(r->kind))
        return r->terms == 0 && r->first_term == 0 && r->values == r->docs;
    return r->kind == FIH_FIELD_KEYWORD && r->terms > 0 && r->first_term <= t->terms &&
           r->terms <= t->terms - r->first_term && r->least == 0 && r->greatest == (int64_t)r->terms - 1;
}

/* Called once when the segment is opened, before any column is: its rows are what every other look at columns
 * trusts. */
int fihi_column_rows_load(struct segment *s, fih_error *err)
{
    const uint8_t *p;
    size_t n;
    int rc;

    if (s->stats.counts[KIND_COLUMN_INDEX] == 0)
        return s->stats.counts[KIND_COLUMNS] == 0 ? FIH_OK : fihi_segment_broken(s, "its index of columns", err);
    if ((rc = fihi_segment_value(s, KIND_COLUMN_INDEX, 0, &p, &n, err)) != 0)
        return rc;
    s->column_count = (uint32_t)(n / COLUMN_ROW_BYTES);
    /* So many rows as there are bytes, and no more than there are numbers of fields: so the file limits what is
     * allocated. */
    if (n % COLUMN_ROW_BYTES || s->column_count == 0 || s->column_count > FIELD_NO_END ||
        s->stats.counts[KIND_COLUMNS] != (uint64_t)s->column_count * chunks_of(s->stats.docs))
        return fihi_segment_broken(s, "its index of columns", err);
    if (!(s->columns = calloc(s->column_count, sizeof *s->columns)))
        return fihi_fail_nomem(err);
    for (uint32_t i = 0; i < s->column_count; i++, p += COLUMN_ROW_BYTES) {
        s->columns[i] = (struct column_row){.field = p[0],
                                            .kind = p[1],
                                            .docs = get_u32(p + 4),
                                            .values = get_u64(p + 8),
                                            .least = (int64_t)get_u64(p + 16),
                                            .greatest = (int64_t)get_u64(p + 24),
                                            .first_term = get_u32(p + 32),
                                            .terms = get_u32(p + 36),
                                            .sum = get_u64(p + 40)};
        /* Each row is whole before the next is compared with it. */
        if (get_u16(p + 2) || !row_holds(s, &s->columns[i], i ? &s->columns[i - 1] : NULL))
            return fihi_segment_broken(s, "its index of columns", err);
    }
    return FIH_OK;
}

/* A segment keeps the fields that it was written with. Of a field that the schema has lost, or has with another kind,
 * its numbers would mean something else: only a rebuild does that, and it writes all segments anew. */
bool fihi_columns_hold(const struct segment *s, const struct schema *schema)
{
    for (uint32_t i = 0; i < s->column_count; i++)
        if (fihi_schema_kind(schema, s->columns[i].field) != s->columns[i].kind || s->columns[i].field == FIELD_NO_DATE)
            return false;
    return true;
}
