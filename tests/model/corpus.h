/* corpus.h - random documents, as lists of terms made by fih_analyze(), and what is done to an index of them. */
#ifndef MODEL_CORPUS_H
#define MODEL_CORPUS_H

#include <stdbool.h>

#include "fihrist.h"
#include "tap.h"

#define NONE UINT32_MAX
#define PICK(list) ((list)[rnd(sizeof(list) / sizeof *(list))])

enum { TERM_SLOTS = 1 << 17, STEMS = 60, SECTIONS = 5, STOP_WORDS = 13, TAGS = 5 };

/* A term's number is its slot. */
extern struct term {
    char  *bytes;
    size_t n;
} terms[TERM_SLOTS];

struct tok {
    uint32_t term, at;      /* at: number of the word */
    size_t   start, end;    /* bytes of the text */
    unsigned letters;       /* of the normalised word: only in queries */
    bool     is_stop, is_variant;
    bool     is_long;       /* made with the small alef as a letter */
    int      level;
    uint32_t form, root;    /* the terms that rank with a stem, or NONE */
    uint32_t readings[8], reading_forms[8];     /* only in queries: the stems of the word, and their forms */
    unsigned reading_count;
    uint32_t word;          /* only in queries: readings of one word have one number, another than all others */
    bool     is_alone;      /* its other readings are not asked for */
    bool     is_shared;     /* the normalised word has its part of the weight */
    double   boost;         /* only in queries */
    uint32_t reach;         /* only in queries, 0: right behind the one before */
    bool     is_ordered;
};

struct text {
    struct tok *toks;
    size_t      n;
    uint32_t    words;
};

struct doc {
    char        id[32], date[48], section[32], source[16];
    char       *title, *body, *note;
    struct text t, b, note_words;
    int         day;        /* yyyymmdd, 0 for none */
    unsigned    tags;       /* a bit each */
    bool        has_pages;
    int         pages;
    int64_t     signature;  /* of the body; -1: none */
    bool        is_gone;
    bool        is_counted; /* it is in a segment, deleted or not, and so counts in N, n and the mean lengths */
};

/* What is done to an index: the same list can be carried out with other threads, batches and commits. */
struct op {
    enum { OP_ADD, OP_DELETE, OP_DELETE_SOURCE, OP_COMMIT } kind;
    size_t doc;             /* OP_ADD */
    char   name[32];
};

extern uint64_t seed;
uint32_t rnd(uint32_t n);
bool chance(uint32_t percent);
extern fih_analyzer *light, *exact;   /* "arabic", and "arabic-exact", which shows the word before it is stemmed */
struct text analyze_with(fih_analyzer *a, const char *s);
/* A query's text: letters are those of the normalised word, so both analyzers look at it. */
struct text analyze_query(const char *s);
extern struct doc *docs;
extern size_t doc_count, doc_cap, live_count;
void forget_docs(void);
/* Number of the living document of an id, or SIZE_MAX. */
size_t find_doc(const char *id);
extern uint32_t vocabulary;           /* stems in use: few make long lists and many ties */
void make_word(char *out, size_t size);
/* One that is no stop word, without vowels. */
void make_set_word(char *out, size_t size);
/* A date in one of the ways that are read, its day as yyyymmdd (missing parts: the first), or text that is none. */
int make_date(char *out, size_t size);
extern const char *const sections[SECTIONS]; /* the last is none */
extern const char *const tags[TAGS];
extern const char *const stop_words[STOP_WORDS];
extern struct op *ops;
extern size_t op_count;
struct op *add_op(int kind);
extern bool has_deletions;
void make_operations(uint32_t count, uint32_t longest, bool may_delete);
/* Carry out the operations; commit_every 0: where they say. */
bool build_index(const char *path, uint32_t threads, uint32_t commit_every, bool merge);
enum { MOST_PARTS = 5 };
/* Carry them out on `count` indexes, of which each gets a run of the documents; no more than documents are added. Fields
 * have other numbers in each. */
bool build_parts(const char *const *paths, unsigned count, bool merge);
/* Which documents count is for the policy of merges to say: it is read from the segments. */
bool find_counted(const fih_reader *r);

#endif
