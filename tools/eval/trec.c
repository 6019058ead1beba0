/* trec.c - reads TREC's files from memory: lines into columns, columns into sorted arrays.
 *
 * Columns are separated by white space of ASCII, as trec_eval has it; every other byte belongs to an id.
 */
#include "eval/trec.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { QRELS_COLUMNS = 4, RUN_COLUMNS = 6, MAX_SCORE = 63, SHOWN = 80 };

/* --- lines and columns --- */

struct lines {
    fih_str  rest;
    uint32_t number;  /* of the line returned last, from 1 */
};

static struct lines lines_of(fih_str text)
{
    if (text.len >= 3 && memcmp(text.ptr, "\xEF\xBB\xBF", 3) == 0) /* a byte order mark */
        text = (fih_str){ text.ptr + 3, text.len - 3 };
    return (struct lines){ text, 0 };
}

static bool next_line(struct lines *l, fih_str *line)
{
    const char *end;
    size_t n;

    if (l->rest.len == 0)
        return false;
    end = memchr(l->rest.ptr, '\n', l->rest.len);
    n = end ? (size_t)(end - l->rest.ptr) : l->rest.len;
    *line = (fih_str){ l->rest.ptr, n };
    n += end != NULL;
    l->rest = (fih_str){ l->rest.ptr + n, l->rest.len - n };
    l->number++;
    return true;
}

static size_t count_lines(fih_str text)
{
    struct lines l = lines_of(text);
    size_t n = 0;

    for (fih_str line; next_line(&l, &line);)
        n++;
    return n;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* How many columns there are; the first `most` of them in `to`. */
static size_t split(fih_str line, fih_str *to, size_t most)
{
    size_t n = 0;

    for (size_t i = 0; i < line.len;) {
        const size_t begin = i;

        while (i < line.len && !is_blank(line.ptr[i]))
            i++;
        if (i > begin) {
            if (n < most)
                to[n] = (fih_str){ line.ptr + begin, i - begin };
            n++;
        }
        while (i < line.len && is_blank(line.ptr[i]))
            i++;
    }
    return n;
}

static int shown(fih_str s)
{
    return (int)(s.len < SHOWN ? s.len : SHOWN);
}

static int out_of_memory(struct trec_fault *fault)
{
    fault->line = 0;
    why_set(&fault->why, "out of memory");
    return -1;
}

/* --- order --- */

static int compare(fih_str a, fih_str b)
{
    const size_t n = a.len < b.len ? a.len : b.len;
    const int order = n > 0 ? memcmp(a.ptr, b.ptr, n) : 0;

    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int by_query_and_doc(const void *x, const void *y)
{
    const struct trec_judgement *a = x, *b = y;
    const int order = compare(a->query, b->query), then = order ? order : compare(a->doc, b->doc);

    return then ? then : (a->line > b->line) - (a->line < b->line);
}

static int by_topic_and_doc(const void *x, const void *y)
{
    const struct trec_hit *a = x, *b = y;
    const int order = (a->topic > b->topic) - (a->topic < b->topic), then = order ? order : compare(a->doc, b->doc);

    return then ? then : (a->line > b->line) - (a->line < b->line);
}

static int by_rank(const void *x, const void *y)
{
    const struct trec_hit *a = x, *b = y;
    int order = (a->topic > b->topic) - (a->topic < b->topic);

    if (order == 0)
        order = (a->score < b->score) - (a->score > b->score);
    return order ? order : compare(b->doc, a->doc);
}

/* --- judgements --- */

static bool read_grade(fih_str s, int32_t *out)
{
    const bool negative = s.len > 0 && s.ptr[0] == '-';
    const size_t first = s.len > 0 && (s.ptr[0] == '-' || s.ptr[0] == '+');
    int64_t v = 0;

    for (size_t i = first; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9' || (v = 10 * v + (s.ptr[i] - '0')) > INT32_MAX)
            return false;
    }
    *out = (int32_t)(negative ? -v : v);
    return s.len > first;
}

static int read_judgements(struct trec_qrels *out, size_t *count, fih_str text, struct trec_fault *fault)
{
    struct lines l = lines_of(text);

    for (fih_str line, col[QRELS_COLUMNS]; next_line(&l, &line);) {
        const size_t n = split(line, col, QRELS_COLUMNS);
        struct trec_judgement *j = &out->items[*count];

        if (n == 0)
            continue;
        fault->line = l.number;
        if (n != QRELS_COLUMNS) {
            why_set(&fault->why, "expected 4 columns (query, iteration, document, grade), found %zu", n);
            return -1;
        }
        *j = (struct trec_judgement){ col[0], col[2], 0, l.number };
        if (!read_grade(col[3], &j->grade)) {
            why_set(&fault->why, "the grade in column 4 must be a whole number, not '%.*s'", shown(col[3]), col[3].ptr);
            return -1;
        }
        ++*count;
    }
    return 0;
}

/* Each query with its judgements, those without a relevant document left out. Fails where a pair is judged twice. */
static int group_judgements(struct trec_qrels *q, size_t count, struct trec_fault *fault)
{
    for (size_t i = 0, end; i < count; i = end) {
        struct trec_topic t = { q->items[i].query, &q->items[i], 0, 0 };

        for (end = i; end < count && compare(q->items[end].query, t.id) == 0; end++) {
            const struct trec_judgement *j = &q->items[end];

            if (end > i && compare(j[-1].doc, j->doc) == 0) {
                fault->line = j->line;
                why_set(&fault->why, "document '%.*s' is already judged in line %u: keep one of the two lines",
                        shown(j->doc), j->doc.ptr, (unsigned)j[-1].line);
                return -1;
            }
            t.relevant += j->grade > 0;
        }
        t.judged_count = end - i;
        if (t.relevant > 0)
            q->topics[q->topic_count++] = t;
    }
    return 0;
}

int trec_read_qrels(struct trec_qrels *out, fih_str text, struct trec_fault *fault)
{
    const size_t lines = count_lines(text);
    size_t count = 0;

    if (!(out->items = calloc(lines + 1, sizeof *out->items)) ||
        !(out->topics = calloc(lines + 1, sizeof *out->topics)))
        return out_of_memory(fault);
    if (read_judgements(out, &count, text, fault) != 0)
        return -1;
    qsort(out->items, count, sizeof *out->items, by_query_and_doc);
    return group_judgements(out, count, fault);
}

int32_t trec_grade(const struct trec_topic *t, fih_str doc)
{
    size_t low = 0, high = t->judged_count;

    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        const int order = compare(t->judged[mid].doc, doc);

        if (order == 0)
            return t->judged[mid].grade;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return 0;
}

/* The number of a topic, or topic_count. */
static size_t find_topic(const struct trec_qrels *q, fih_str id)
{
    size_t low = 0, high = q->topic_count;

    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        const int order = compare(q->topics[mid].id, id);

        if (order == 0)
            return mid;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return q->topic_count;
}

/* --- runs --- */

/* A decimal number. strtod() alone would take blanks, "inf" and "nan" too, and needs an end. */
static bool read_score(fih_str s, double *out)
{
    char text[MAX_SCORE + 1], *end;

    if (s.len > MAX_SCORE)
        return false;
    memcpy(text, s.ptr, s.len);
    text[s.len] = '\0';
    if (strspn(text, "+-.0123456789eE") < s.len)
        return false;
    *out = strtod(text, &end);
    return end == text + s.len && isfinite(*out);
}

/* Every line is checked; the hits of topics are kept. */
static int read_hits(struct trec_run *out, size_t *count, const struct trec_qrels *qrels, fih_str text,
                     struct trec_fault *fault)
{
    struct lines l = lines_of(text);
    fih_str query = { NULL, 0 }; /* of the line before: a run has a query's lines together */
    size_t topic = qrels->topic_count;

    for (fih_str line, col[RUN_COLUMNS]; next_line(&l, &line);) {
        const size_t n = split(line, col, RUN_COLUMNS);
        double score;

        if (n == 0)
            continue;
        fault->line = l.number;
        if (n != RUN_COLUMNS) {
            why_set(&fault->why, "expected 6 columns (query, Q0, document, rank, score, tag), found %zu", n);
            return -1;
        }
        if (!read_score(col[4], &score)) {
            why_set(&fault->why, "the score in column 5 must be a number, not '%.*s'", shown(col[4]), col[4].ptr);
            return -1;
        }
        if (!query.ptr || compare(query, col[0]) != 0)
            topic = find_topic(qrels, query = col[0]);
        if (topic < qrels->topic_count)
            out->items[(*count)++] = (struct trec_hit){ (uint32_t)topic, l.number, score, col[2] };
    }
    return 0;
}

static int refuse_twice(const struct trec_run *r, size_t count, struct trec_fault *fault)
{
    for (size_t i = 1; i < count; i++) {
        const struct trec_hit *a = &r->items[i - 1], *b = &r->items[i];

        if (a->topic != b->topic || compare(a->doc, b->doc) != 0)
            continue;
        fault->line = b->line;
        why_set(&fault->why, "document '%.*s' is already a hit of this query in line %u: keep one of the two lines",
                shown(b->doc), b->doc.ptr, (unsigned)a->line);
        return -1;
    }
    return 0;
}

int trec_read_run(struct trec_run *out, const struct trec_qrels *qrels, fih_str text, struct trec_fault *fault)
{
    size_t count = 0, at = 0;

    if (!(out->items = calloc(count_lines(text) + 1, sizeof *out->items)) ||
        !(out->starts = calloc(qrels->topic_count + 1, sizeof *out->starts)))
        return out_of_memory(fault);
    if (read_hits(out, &count, qrels, text, fault) != 0)
        return -1;
    qsort(out->items, count, sizeof *out->items, by_topic_and_doc);
    if (refuse_twice(out, count, fault) != 0)
        return -1;
    qsort(out->items, count, sizeof *out->items, by_rank);
    for (size_t t = 0; t <= qrels->topic_count; t++) {
        while (at < count && out->items[at].topic < t)
            at++;
        out->starts[t] = at;
    }
    return 0;
}

/* --- queries --- */

int trec_read_queries(uint32_t *asked, size_t *count, const struct trec_qrels *qrels, fih_str text,
                      struct trec_fault *fault)
{
    struct lines l = lines_of(text);
    bool *seen = calloc(qrels->topic_count + 1, sizeof *seen);
    int rc = -1;

    *count = 0;
    if (!seen)
        return out_of_memory(fault);
    for (fih_str line; next_line(&l, &line);) {
        const char *tab = memchr(line.ptr, '\t', line.len);
        size_t topic;

        fault->line = l.number;
        if (split(line, NULL, 0) == 0 && !tab)
            continue;
        if (!tab || tab == line.ptr) {
            why_set(&fault->why, "expected an id, a tab and the query");
            goto out;
        }
        topic = find_topic(qrels, (fih_str){ line.ptr, (size_t)(tab - line.ptr) });
        if (topic == qrels->topic_count)
            continue;
        if (seen[topic]) {
            why_set(&fault->why, "the query id '%.*s' is used in an earlier line: give each query its own id",
                    shown(qrels->topics[topic].id), line.ptr);
            goto out;
        }
        seen[topic] = true;
        asked[(*count)++] = (uint32_t)topic;
    }
    rc = 0;
out:
    free(seen);
    return rc;
}

void trec_qrels_free(struct trec_qrels *q)
{
    free(q->items);
    free(q->topics);
    *q = (struct trec_qrels){ NULL, NULL, 0 };
}

void trec_run_free(struct trec_run *r)
{
    free(r->items);
    free(r->starts);
    *r = (struct trec_run){ NULL, NULL };
}
