/* search/facet.c - matches as bits, then counted against the sections' lists or by their dates. */
#include "search/facet.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fail.h"
#include "search/match.h"
#include "text/calendar.h"

enum by { BY_SECTION, BY_YEAR, BY_MONTH, BY_DAY };

struct count {
    struct fih_facets *facets;
    const struct plan *plan;
    enum by            by;
    struct deadline    deadline;
    uint8_t           *found;          /* a bit for each document of the segment */
    uint64_t           in_segment;
    fih_error         *err;
};

void fihi_facets_free(struct fih_facets *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->count; i++)
        free(f->rows[i].value);
    free(f->rows);
    free(f);
}

static int add_row(struct count *c, const void *value, size_t len, uint64_t docs)
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
    f->rows[f->count++] = (struct facet_row){copy, len, docs};
    return FIH_OK;
}

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

static bool is_found(const struct count *c, uint32_t doc)
{
    return c->found[doc / 8] >> doc % 8 & 1;
}

/* Documents of one list that were found. */
static int count_list(struct count *c, struct segment *s, const struct dict_entry *e, uint64_t *docs)
{
    struct list_place at;
    struct cursor cursor = {.positions = NULL};
    int rc = fihi_segment_list(s, e, &at, c->err);

    *docs = 0;
    if (rc != 0)
        return rc;
    if (fihi_cursor_open(&cursor, &at) != 0)
        return fihi_segment_list_broken(s, &cursor, c->err);
    for (uint32_t doc = cursor.doc; doc != NO_DOC; doc = fihi_cursor_next(&cursor))
        *docs += (uint64_t)is_found(c, doc);
    rc = cursor.is_broken ? fihi_segment_list_broken(s, &cursor, c->err) : FIH_OK;
    fihi_cursor_close(&cursor);
    return rc;
}

static int count_sections(struct count *c, struct segment *s)
{
    static const uint8_t first[] = {LEVEL_SECTION};
    struct term_walk w = {.segment = s};
    uint64_t docs, with = 0;
    int rc = fihi_term_walk_from(&w, first, sizeof first, c->err);

    while (rc == 0 && (rc = fihi_term_walk_next(&w, c->err)) == 0) {
        if (w.scan.key_bytes == 0 || w.scan.key[0] < LEVEL_SECTION)
            continue;
        if (w.scan.key[0] > LEVEL_SECTION)
            break;
        if ((rc = count_list(c, s, &w.scan.entry, &docs)) == 0 && docs > 0)
            rc = add_row(c, w.scan.key + 1, w.scan.key_bytes - 1, docs);
        with += docs;
        if (rc == 0)
            rc = fihi_deadline_check(&c->deadline, c->err);
    }
    if (with > c->in_segment && (rc == FIH_OK || rc == FIH_DONE))  /* a document has one section at most */
        return fihi_segment_broken(s, "its sections", c->err);
    c->facets->without += c->in_segment - with;
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* YYYYMMDD with zeros for what is not asked for. */
static int32_t date_key(enum by by, int32_t day)
{
    int32_t y;
    unsigned m, d;

    fihi_calendar_civil(day, &y, &m, &d);
    return y * 10000 + (by >= BY_MONTH ? (int32_t)m * 100 : 0) + (by == BY_DAY ? (int32_t)d : 0);
}

static int add_date(struct count *c, int32_t key, uint64_t docs)
{
    const int y = key / 10000, m = key / 100 % 100, d = key % 100;
    char text[40];
    const int n = d   ? snprintf(text, sizeof text, "%04d-%02d-%02d", y, m, d)
                  : m ? snprintf(text, sizeof text, "%04d-%02d", y, m)
                      : snprintf(text, sizeof text, "%04d", y);

    return add_row(c, text, (size_t)n, docs);
}

static int by_key(const void *x, const void *y)
{
    const int32_t a = *(const int32_t *)x, b = *(const int32_t *)y;

    return (a > b) - (a < b);
}

static int count_dates(struct count *c, struct segment *s)
{
    int32_t *keys = malloc((c->in_segment + 1) * sizeof *keys), day;
    size_t count = 0, end;
    int rc = keys ? FIH_OK : fihi_fail_nomem(c->err);

    if (s->stats.date_min != DATE_NONE)
        for (uint32_t doc = 0; doc < s->stats.docs && rc == 0; doc++)
            if (is_found(c, doc) && (rc = fihi_segment_date(s, doc, &day, c->err)) == 0 && day != DATE_NONE)
                keys[count++] = date_key(c->by, day);
    if (count)
        qsort(keys, count, sizeof *keys, by_key);
    for (size_t i = 0; i < count && rc == 0; i = end) {
        for (end = i + 1; end < count && keys[end] == keys[i]; end++)
            ;
        rc = add_date(c, keys[i], end - i);
    }
    c->facets->without += c->in_segment - count;
    free(keys);
    return rc;
}

static int by_value(const void *x, const void *y)
{
    const struct facet_row *a = x, *b = y;

    return key_compare((const uint8_t *)a->value, a->len, (const uint8_t *)b->value, b->len);
}

static int by_docs(const void *x, const void *y)
{
    const struct facet_row *a = x, *b = y;

    return a->docs != b->docs ? (a->docs < b->docs ? 1 : -1) : by_value(x, y);
}

/* The same value in several segments is one. */
static void join_segments(struct fih_facets *f)
{
    size_t kept = 0;

    if (f->count)
        qsort(f->rows, f->count, sizeof *f->rows, by_value);
    for (size_t i = 0; i < f->count; i++)
        if (kept && by_value(&f->rows[kept - 1], &f->rows[i]) == 0) {
            f->rows[kept - 1].docs += f->rows[i].docs;
            free(f->rows[i].value);
        } else {
            f->rows[kept++] = f->rows[i];
        }
    f->count = kept;
}

static int read_by(enum by *by, const char *what, fih_error *err)
{
    static const char *const names[] = {"section", "date:year", "date:month", "date:day"};

    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(what, names[i]) == 0) {
            *by = (enum by)i;
            return FIH_OK;
        }
    return fihi_fail(err, FIH_E_USAGE, "'%.40s' cannot be counted, only section, date:year, date:month and date:day",
                     what);
}

int fihi_facets_new(struct fih_facets **out, const struct plan *plan, const char *what,
                    const fih_search_opts *opts, fih_error *err)
{
    const struct view *const v = plan->view;
    struct count c = {.plan = plan, .deadline = fihi_deadline(opts), .err = err};
    int rc = read_by(&c.by, what, err);

    *out = NULL;
    if (rc != 0)
        return rc;
    if (!(c.facets = calloc(1, sizeof *c.facets)))
        return fihi_fail_nomem(err);
    for (uint32_t i = 0; i < v->count && rc == 0 && plan->root->count; i++) {
        struct segment *s = v->segments[i];

        if (!(c.found = calloc(s->stats.docs / 8 + 1, 1)))
            rc = fihi_fail_nomem(err);
        else if ((rc = find_matches(&c, i)) == 0)
            rc = c.by == BY_SECTION ? count_sections(&c, s) : count_dates(&c, s);
        c.facets->total += c.in_segment;
        free(c.found);
    }
    join_segments(c.facets);
    if (c.by == BY_SECTION && c.facets->count)
        qsort(c.facets->rows, c.facets->count, sizeof *c.facets->rows, by_docs);
    if (rc == 0) {
        *out = c.facets;
        return FIH_OK;
    }
    fihi_facets_free(c.facets);
    return rc;
}
