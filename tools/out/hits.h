/* hits.h - the answer to one query, for people, as JSON lines, a TREC run, a table or names; hits_html.h makes a page.
 */
#ifndef FIHRIST_HITS_H
#define FIHRIST_HITS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "fihrist.h"

enum hits_format { HITS_HUMAN, HITS_JSON, HITS_TREC, HITS_TSV, HITS_IDS, HITS_HTML };
enum hits_marks { MARKS_NONE, MARKS_BRACKETS, MARKS_COLOUR };

struct hits_style {
    enum hits_format format;
    enum hits_marks  marks;     /* how hits in a snippet are shown (human) */
    bool             verbose;   /* scores (human) */
    bool             explain;   /* each score's parts */
    bool             on_terminal; /* a line about the number of documents comes first (human) */
    unsigned         columns;   /* lines are no longer, if it can be helped; 0: as long as they are (human) */
    const char      *tag;       /* name of the run (TREC) */
};

/* One query and its answer; all borrowed. */
struct hits {
    fih_reader            *reader;
    const fih_query       *query;
    const fih_search_opts *opts;
    fih_str                qid;  /* of a batch; empty for a single query */
    fih_str                text; /* the query as typed */
    fih_hits              *list;
    const fih_hits        *found; /* NULL, or these were found, and the list has what roots find besides: */
    size_t                 most; /* so many of it are shown */
    uint64_t               number; /* of the query in its file, from 1; 0 for a single one */
    uint64_t               asked; /* hits_asked() of the options and of all queries so far */
};

/* The list's hits in turn, from *i = 0 on, with their ranks: those that were found are left out, and come before. */
bool hits_next(const struct hits *h, size_t *i, uint64_t *rank, const fih_hit **hit);

/* "with other words of the same roots: 12 documents, best 7" */
void hits_by_roots(FILE *f, const struct hits *h);

/* All formats but HITS_HTML. Stored documents are only read for the formats that show them. Fails when one cannot be
 * read. */
int hits_print(FILE *f, const struct hits_style *style, const struct hits *h, fih_error *err);

/* What was asked for, as a number by which lists of other queries are known: of what came `before`, and of one text
 * more. It is the same on all machines. */
uint64_t hits_asked(uint64_t before, fih_str text);

/* A search with the statistics of a collection ends its list so, once nothing more can fail: whoever gathers lists
 * would take one that was cut for one with fewer hits. Prints nothing for other readers. */
void hits_end(FILE *f, const fih_reader *r, uint64_t asked, uint64_t queries, uint64_t hits);

/* "12 documents, best 10": what was found, and how much of it is shown. */
void hits_count(FILE *f, const struct hits *h);

/* "passed over: في, من; to search for it, write +في": stop words of the query, if any were passed over; `put` prints a
 * word. */
void hits_passed(FILE *f, const struct hits *h, const char *before, void (*put)(FILE *f, fih_str s), const char *after);

#endif
