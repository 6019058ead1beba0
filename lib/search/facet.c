/* search/facet.c - matches as bits, then counted by the values of a column.
 *
 * Example: "date:month" over 1,200 matches. Bits say which documents match; the column of dates gives each one's day;
 * days are counted by number in an array, and each day that occurs becomes a row with the key YYYYMM00. Rows of the
 * same key are joined at the end, over days and segments alike.
 *
 * First all matches of a segment, as bits, then the column from front to back: so the loop that counts has nothing of
 * matching in it. "Without a value" are all matches, less those that were counted. Counts are exact. Memory: a bit for
 * each document, a number for each different term or slot of a segment.
 */
#include "search/facet.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fail.h"
#include "index/column.h"
#include "search/match.h"
#include "text/calendar.h"

/* What is counted: the terms of a keyword, or values of a number in steps. One of: each term (keywords), each value,
 * steps of `step` or `wide`, or a unit of days. Example: pages:100 of an integer is step 100, so that 250 is in slot 2;
 * price:0.5 of a number is wide 0.5; date:month is unit UNIT_MONTH. */
struct counted {
    unsigned field, kind;              /* of the schema */
    enum unit { UNIT_STEP, UNIT_DAY, UNIT_MONTH, UNIT_YEAR } unit;
    int64_t  step;                     /* of integers, and seconds of a day; 0: each value by itself */
    double   wide;                     /* the same of numbers */
};

/* `found` is of one segment and used for the next only after it was made anew. */
struct count {
    struct fih_facets *facets;
    const struct plan *plan;
    struct counted     by;
    struct deadline    deadline;
    uint8_t           *found;          /* a bit for each document of the segment */
    uint64_t           in_segment;     /* matches of the segment */
    fih_error         *err;
};

void fihi_facets_free(struct fih_facets *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->count; i++)
        free(f->rows[i].text);
    free(f->rows);
    free(f);
}

/* The row owns a copy of its value, with a zero behind it. Values need a zero behind them because programs print them;
 * their length counts, as a value may have one inside. */
static int add_row(struct count *c, const void *value, size_t len, int64_t key, uint64_t docs)
{
    struct fih_facets *f = c->facets;
    char *copy = malloc(len + 1);

    if (!copy || fihi_grow(&f->rows, &f->cap, f->count + 1, sizeof *f->rows) != 0) {
        free(copy);
        return fihi_fail_nomem(c->err);
    }
    if (len)
        memcpy(copy, value, len);
    copy[len] = '\0';
    f->rows[f->count++] = (struct facet_row){{{copy, len}, docs}, copy, key};
    return FIH_OK;
}

/* `found` is all zeros when called. The clock is looked at about every 16 matches. The whole query is asked here and
 * not the list of hits: a facet counts all documents that a search finds, those that its limit cuts off among them. */
static int find_matches(struct count *c, uint32_t segment)
{
    struct matcher *m;
    int rc = fihi_matcher_new(&m, c->plan, c->plan->root, segment, &c->deadline, c->err);

    c->in_segment = 0;
    for (uint32_t doc = 0; rc == 0 && m && (doc = fihi_matcher_seek(m, doc)) != NO_DOC; doc++) {
        if (match_is_shown(c->plan, segment, doc, &rc, c->err)) {
            c->found[doc / 8] |= (uint8_t)(1u << doc % 8);
            c->in_segment++;
        }
        if (rc == 0 && c->in_segment % 16 == 0)
            rc = fihi_deadline_check(&c->deadline, c->err);
    }
    if (rc == 0 && m)
        rc = fihi_matcher_status(m, c->err);
    fihi_matcher_free(m);
    return rc;
}

/* A bit of `found`, as find_matches() has set it. */
static bool is_found(const struct count *c, uint32_t doc)
{
    return c->found[doc / 8] >> doc % 8 & 1;
}

/* ---- keywords */

/* A document with three tags counts for each of them. Places come from the disk and index an array: they are compared
 * first. Terms that no match has make no row. Column values of a keyword are places among the segment's terms, 0 to
 * terms - 1, so an array of counters replaces any look-up. Its memory, 4 bytes a term, is the segment's share of "a
 * number for each different term". */
static int count_terms(struct count *c, struct column *col)
{
    const uint32_t terms = col->row->terms;
    uint32_t *const docs = calloc((size_t)terms + 1, sizeof *docs);
    uint8_t key[TERM_KEY_MAX];
    size_t from, bytes;
    uint32_t df;
    int rc = docs ? FIH_OK : fihi_fail_nomem(c->err);

    for (uint32_t doc = 0; doc < col->segment->stats.docs && rc == 0; doc++) {
        uint32_t at, count;

        if (!is_found(c, doc))
            continue;
        /* A chunk of the column is decoded once, as documents ascend. Chunks have a fixed number of documents, so the
         * number of a chunk is a division. */
        if (doc / COLUMN_CHUNK != col->chunk && (rc = fihi_column_load(col, doc, c->err)) != 0)
            break;
        rc = fihi_column_values(col, doc, &at, &count, c->err);
        for (uint32_t i = at; rc == 0 && i < at + count; i++) {
            const int64_t place = column_value(col, i);

            if (place < 0 || place >= terms)
                rc = fihi_segment_broken(col->segment, "a column", c->err);
            else
                docs[place]++;
        }
        /* A document once, however many values it has. */
        c->facets->without -= rc == 0 && count > 0;
    }
    /* By place, which is the order of the terms; the same term of another segment is joined later. */
    for (uint32_t i = 0; i < terms && rc == 0; i++)
        if (docs[i] && (rc = fihi_column_term(col, i, key, &from, &bytes, &df, c->err)) == 0)
            rc = add_row(c, key + from, bytes - from, 0, docs[i]);
    free(docs);
    return rc;
}

/* ---- numbers */

/* C divides towards zero, but steps of a hundred must have -1 with -100 and not with 0. -1 / 100 is 0 in C, and 1 is
 * taken off because the remainder is below 0: -1 is in the slot of -100. */
static int64_t divide_down(int64_t v, int64_t step)
{
    return v / step - (v % step < 0);
}

/* The step that a value is in, by number. A double is kept within int64_t before it is converted: beyond that the
 * conversion is undefined, and of what is no number (a damaged column may have it), hence the negation. Without a step
 * the value's own number is its slot, in the order of the doubles. */
static int64_t slot_of(const struct counted *by, int64_t v)
{
    if (by->kind == FIH_FIELD_NUMBER) {
        /* add_slot() turns the slot back: its row shows n times `wide`, as doubles multiply (slot 3 of 0.1 is
         * 0.30000000000000004). */
        const double d = by->wide > 0 ? floor(double_of_value(v) / by->wide) : 0;

        return by->wide > 0 ? (!(d >= -9e18) ? -INT64_MAX : d > 9e18 ? INT64_MAX : (int64_t)d) : v;
    }
    return by->step > 1 ? divide_down(v, by->step) : v;
}

/* YYYYMMDD with zeros for what is not asked for. As a number it sorts as the dates do, and rows of one month or year
 * have one key. Years have four digits at most, which any_day() sees to. */
static int64_t date_key(enum unit unit, int64_t day)
{
    int32_t y;
    unsigned m, d;

    fihi_calendar_civil((int32_t)day, &y, &m, &d);
    return y * 10000 + (unit <= UNIT_MONTH ? (int32_t)m * 100 : 0) + (unit == UNIT_DAY ? (int32_t)d : 0);
}

/* A day of our calendar, whatever a column says. A damaged one may say anything, and the calendar's arithmetic must not
 * overflow. */
static int64_t any_day(int64_t day)
{
    return day < DATE_FIRST ? DATE_FIRST : day > DATE_LAST ? DATE_LAST : day;
}

/* A slot's row: its first value, and what rows are sorted by. Days become months or years only here: a row for each day
 * that occurs, joined later. A lowest slot may begin below the least integer: then that is shown. */
static int add_slot(struct count *c, int64_t slot, uint64_t docs)
{
    char text[VALUE_TEXT_BYTES];
    int64_t key = slot, value = slot;

    if (c->by.unit != UNIT_STEP) {
        key = date_key(c->by.unit, any_day(slot));
        /* The key is the date, digit by digit. */
        const int y = (int)(key / 10000), m = (int)(key / 100 % 100), d = (int)(key % 100);

        /* Month and day are 0 where they were not asked for. */
        if (d)
            snprintf(text, sizeof text, "%04d-%02d-%02d", y, m, d);
        else
            snprintf(text, sizeof text, m ? "%04d-%02d" : "%04d", y, m);
    } else {
        if (c->by.kind == FIH_FIELD_NUMBER && c->by.wide > 0)
            value = value_of_double((double)slot * c->by.wide);
        else if (c->by.step > 1 && __builtin_mul_overflow(slot, c->by.step, &value))
            value = -INT64_MAX;
        fihi_value_text(text, c->by.kind, value);
    }
    return add_row(c, text, strlen(text), key, docs);
}

/* For qsort(). A difference of two of them may not fit 64 bits. */
static int by_slot(const void *x, const void *y)
{
    const int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

    return (a > b) - (a < b);
}

/* The slots of all that was found and has a value, in order of the documents; how many. There is room for all matches:
 * numbers have one value for each document. In one pass before anything is counted, for count_slots() must know the
 * least and the greatest. */
static int gather_slots(struct count *c, struct column *col, int64_t *slots, size_t *count)
{
    int rc = FIH_OK;

    *count = 0;
    for (uint32_t doc = 0; doc < col->segment->stats.docs && rc == 0; doc++) {
        int64_t v;

        /* A number has one value at most: the first is all of them. */
        if (is_found(c, doc) && (rc = fihi_column_get(col, doc, &v, c->err)) == 0 && v != VALUE_NONE)
            slots[(*count)++] = slot_of(&c->by, v);
    }
    return rc;
}

/* Few slots are counted where they are; of others the values are sorted. At most a million counters, 4 MB. The
 * difference is computed without signs, for the two ends may lie 2^64 apart. */
static int count_slots(struct count *c, int64_t *slots, size_t n)
{
    enum { FEW = 1 << 20 };
    int64_t least = INT64_MAX, most = INT64_MIN;
    uint32_t *docs;
    size_t end;
    int rc = FIH_OK;

    for (size_t i = 0; i < n; i++) {
        least = slots[i] < least ? slots[i] : least;
        most = slots[i] > most ? slots[i] : most;
    }
    /* Days of a century are 36,525 slots; of seconds days have been made before. */
    if (n && (uint64_t)most - (uint64_t)least < FEW) {
        if (!(docs = calloc((size_t)(most - least) + 1, sizeof *docs)))
            return fihi_fail_nomem(c->err);
        for (size_t i = 0; i < n; i++)
            docs[slots[i] - least]++;
        for (int64_t i = 0; i <= most - least && rc == 0; i++)
            if (docs[i])
                rc = add_slot(c, least + i, docs[i]);
        free(docs);
        return rc;
    }
    /* Otherwise runs of equal values are counted: n log n comparisons, of the matches and not of the span between
     * them. */
    if (n)
        qsort(slots, n, sizeof *slots, by_slot);
    for (size_t i = 0; i < n && rc == 0; i = end) {
        for (end = i + 1; end < n && slots[end] == slots[i]; end++)
            ;
        rc = add_slot(c, slots[i], end - i);
    }
    return rc;
}

/* 8 bytes for each match of the segment: the values of a number are not numbered, as terms are. */
static int count_numbers(struct count *c, struct column *col)
{
    int64_t *const slots = malloc((c->in_segment + 1) * sizeof *slots);
    size_t n = 0;
    int rc = slots ? gather_slots(c, col, slots, &n) : fihi_fail_nomem(c->err);

    if (rc == 0)
        rc = count_slots(c, slots, n);
    c->facets->without -= n;
    free(slots);
    return rc;
}

/* What has no value is counted as all matches, less those that have one. A segment without the column has no value in
 * any document: its matches are `without`. */
static int count_segment(struct count *c, uint32_t segment)
{
    struct column col;
    const int rc = find_matches(c, segment);

    c->facets->total += c->in_segment;
    c->facets->without += c->in_segment;
    if (rc != 0 || c->in_segment == 0 || !fihi_column_open(&col, c->plan->view->segments[segment], c->by.field))
        return rc;
    return c->by.kind == FIH_FIELD_KEYWORD ? count_terms(c, &col) : count_numbers(c, &col);
}

/* ---- rows */

/* In the order of their bytes, as the dictionary has them: rows of one value of several segments stand together. */
static int by_value(const void *x, const void *y)
{
    const struct facet_row *a = x, *b = y;

    return key_compare((const uint8_t *)a->text, a->facet.value.len, (const uint8_t *)b->text, b->facet.value.len);
}

/* All of them numbers: seconds and days, slots, or the ordered images of doubles (index/value.h). */
static int by_key(const void *x, const void *y)
{
    const struct facet_row *a = x, *b = y;

    return (a->key > b->key) - (a->key < b->key);
}

/* Most documents first; of equal ones by value, so that the same question has the same answer in the same order. */
static int by_docs(const void *x, const void *y)
{
    const struct facet_row *a = x, *b = y;

    return a->facet.docs != b->facet.docs ? (a->facet.docs < b->facet.docs ? 1 : -1) : by_value(x, y);
}

/* The same value in several segments, or on several days of a month, is one. The first row of each stays, with its
 * text: the same for all that compare equal, since dates are shown as coarse as their keys. */
static void join_rows(struct fih_facets *f, int (*order)(const void *, const void *))
{
    size_t kept = 0;

    if (f->count)
        qsort(f->rows, f->count, sizeof *f->rows, order);
    for (size_t i = 0; i < f->count; i++)
        if (kept && order(&f->rows[kept - 1], &f->rows[i]) == 0) {
            f->rows[kept - 1].facet.docs += f->rows[i].facet.docs;
            free(f->rows[i].text);
        } else {
            f->rows[kept++] = f->rows[i];
        }
    f->count = kept;
}

/* ---- what is counted */

/* A program's text against a word of ours, as a whole. */
static bool is_word(fih_str s, const char *word)
{
    return s.len == strlen(word) && memcmp(s.ptr, word, s.len) == 0;
}

/* What stands behind the colon; with nothing there, each value, or day. A date has units and no steps, a keyword
 * neither. Seconds are counted by days first. */
static bool read_step(struct counted *by, fih_str step, fih_error *err)
{
    static const char *const units[] = {"", "day", "month", "year"};       /* enum unit */
    const bool is_date = by->kind == FIH_FIELD_DATE || by->kind == FIH_FIELD_TIME;
    int64_t v;

    if (by->kind == FIH_FIELD_TIME)
        by->step = 86400;
    if (is_date) {
        by->unit = UNIT_DAY;
        for (unsigned i = 1; i < sizeof units / sizeof *units; i++)
            if (is_word(step, units[i])) {
                by->unit = (enum unit)i;
                return true;
            }
    }
    if (step.len == 0)
        return true;
    /* A step of 0 would divide by it, a negative one turn the order around. Of doubles v <= 0 is the same question. */
    if (is_date || by->kind == FIH_FIELD_KEYWORD || fihi_value_read(&v, by->kind, step, err) != 0 || v <= 0)
        return false;
    /* v is the number's own for an integer, an ordered image of the double for a number. */
    by->step = by->kind == FIH_FIELD_INTEGER ? v : 0;
    by->wide = by->kind == FIH_FIELD_NUMBER ? double_of_value(v) : 0;
    return true;
}

/* NAME: with nothing behind the colon is refused, as half a request. "pages", "pages:100" or "date:month": the field's
 * name up to the colon, and what read_step() makes of the rest. Two errors: there is no such field (then those that
 * there are are listed), or it cannot be counted so. */
static int read_counted(struct counted *by, const char *what, const struct schema *schema, fih_error *err)
{
    const size_t n = strcspn(what, ":");
    /* Room for the names of most schemas; a longer list is cut. */
    char list[600];
    int rc;

    *by = (struct counted){.field = fihi_schema_find_values(schema, (fih_str){what, n})};
    by->kind = fihi_schema_kind(schema, by->field);
    if (by->field && (what[n] == '\0' || what[n + 1]) &&
        read_step(by, (fih_str){what + n + (what[n] == ':'), strlen(what + n + (what[n] == ':'))}, err))
        return FIH_OK;
    if (by->field)
        return fihi_fail(err, FIH_E_USAGE,
                         "'%.80s' cannot be counted: write NAME, of numbers NAME:100 for steps of a hundred, of dates "
                         "NAME:year, NAME:month or NAME:day", what);
    if ((rc = fihi_schema_refuse_address((fih_str){what, n}, FIH_E_USAGE, 0, err)) != 0)
        return rc;
    fihi_schema_list_values(schema, list, sizeof list);
    return fihi_fail(err, FIH_E_USAGE, "'%.80s' cannot be counted: the index has %s", what, list);
}

/* Joining needs rows by value, or by key; keywords are then sorted once more, the most frequent first. On an error the
 * rows go. Segments one after the other, so that memory is that of the largest; rows of all of them are kept.
 * plan->root without children means that nothing can match, and then the answer is empty but no error. */
int fihi_facets_new(struct fih_facets **out, const struct plan *plan, const char *what,
                    const fih_search_opts *opts, fih_error *err)
{
    const struct view *const v = plan->view;
    struct count c = {.plan = plan, .deadline = fihi_deadline(opts), .err = err};
    int rc = read_counted(&c.by, what, &v->schema, err);

    *out = NULL;
    if (rc != 0)
        return rc;
    if (!(c.facets = calloc(1, sizeof *c.facets)))
        return fihi_fail_nomem(err);
    for (uint32_t i = 0; i < v->count && rc == 0 && plan->root->count; i++) {
        /* All zeros, as find_matches() wants it. */
        if (!(c.found = calloc(v->segments[i]->stats.docs / 8 + 1, 1)))
            rc = fihi_fail_nomem(err);
        else
            rc = count_segment(&c, i);
        free(c.found);
    }
    /* Also after an error: rows are then only freed. */
    join_rows(c.facets, c.by.kind == FIH_FIELD_KEYWORD ? by_value : by_key);
    if (c.by.kind == FIH_FIELD_KEYWORD && c.facets->count)
        qsort(c.facets->rows, c.facets->count, sizeof *c.facets->rows, by_docs);
    if (rc == 0) {
        *out = c.facets;
        return FIH_OK;
    }
    fihi_facets_free(c.facets);
    return rc;
}
