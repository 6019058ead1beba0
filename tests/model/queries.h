/* queries.h - random queries: as a tree, and as the text that the parser reads. */
#ifndef MODEL_QUERIES_H
#define MODEL_QUERIES_H

#include "corpus.h"

enum scope { ANY, TITLE, BODY, NOTE };
enum occur { SHOULD, MUST, NOT, BOUND }; /* BOUND: a filter without a sign */

enum { KIDS = 3 };

struct clause {
    enum occur occur;
    enum scope scope;
    enum { WORDS, PHRASE, SECTION, DAYS, LIKE, GROUP, NEAR, TAG, PAGES, EVERY, NOTED, TITLED } kind;
    enum { SIDE_BY_SIDE, JOINED_OR, JOINED_AND } join;   /* of a group's clauses */
    double     boost;       /* 0: none */
    uint32_t   reach;       /* words between those of a phrase; of a clause in NEAR, how far from the one before */
    bool       is_ordered;  /* in NEAR: behind the one before */
    char       text[400];
    int        from, to;    /* DAYS: yyyymmdd, both in it; PAGES */
    unsigned   tags;        /* TAG: a bit for each that is meant */
    int        edits;       /* LIKE: its kind, or the edits of a fuzzy word; the pattern is text without its mark */
    char       spelt[400];  /* LIKE: the pattern as the words are that it is compared with */
    struct clause *kids;    /* of a group or NEAR: KIDS of them, in the query's pool */
    size_t     n;
};

#define NO_DOC SIZE_MAX

struct query {
    struct clause   clauses[60], pool[1000];
    size_t          n, pooled;
    bool            is_plain;
    size_t          liked;          /* more like this document: the clauses are its words; else NO_DOC */
    char            synonyms[1000]; /* with these sets: the clauses have them, the text has not; "" for none */
    fih_search_opts opts;
    char            text[16000];
};

void render(struct query *q);
void make_options(struct query *q);
void make_query(struct query *q);

#endif
