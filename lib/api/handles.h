/* api/handles.h - what the public handles are made of. */
#ifndef FIHI_API_HANDLES_H
#define FIHI_API_HANDLES_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/types.h>

#include "index/log.h"
#include "index/view.h"
#include "search/plan.h"
#include "search/spots.h"
#include "text/analyzer.h"
#include "text/tokenizer.h"

/* Analyzers are one thread's at a time: a reader keeps those that are not in use. */
struct analyzers {
    pthread_mutex_t   mutex;
    struct analyzer **idle;
    size_t            count, cap;
};

/* A program's own, or none. */
struct given_tokenizer {
    fih_tokenizer program;
    char          name[TOKENIZER_NAME + 1];
    bool          is_given;
};

/* Copied and checked; NULL is none. */
int fihi_tokenizer_give(struct given_tokenizer *out, const fih_tokenizer *t, fih_error *err);
const fih_tokenizer *fihi_tokenizer_of(const struct given_tokenizer *t);

struct fih_reader {
    pid_t            pid;              /* of the process that opened it */
    char           **paths;            /* of the indexes, in the view's order */
    size_t           path_count;
    struct view     *view;
    struct given_tokenizer tokenizer;
    struct statistics *statistics;     /* of the collection that it has a piece of, or NULL: the view borrows them */
    struct log       log;
    struct analyzers *analyzers;       /* behind a pointer: calls that only read change nothing but these */
};

struct fih_analyzer {
    struct analyzer *analyzer;
};

/* First in every call on a reader or writer: FIH_E_FORK in a child of the process that opened it. Behind the handle are
 * locks, file positions and threads that are the parent's. */
int fihi_own(pid_t pid, fih_error *err);

/* What is left out of a stored document's body (index/docs.h, FIELD_CUTS), checked; empty when nothing is. */
fih_str fihi_stored_cuts(const fih_stored *s);
/* Where the reader's index has it; false if it does not come from what the reader reads now. */
bool fihi_stored_place(const fih_stored *s, const fih_reader *r, struct indexed *place);

/* Give a view the reader's statistics of the collection. FIH_E_ANALYZER if they are of another analyzer. */
int fihi_reader_tell(const fih_reader *r, struct view *v, fih_error *err);

/* Borrow an analyzer of the reader's index for a while. */
int fihi_reader_take(struct analyzer **out, const fih_reader *r, fih_error *err);
void fihi_reader_give(const fih_reader *r, struct analyzer *a);

/* The options of a writer, checked, with every default filled in; is_rebuild: as fih_rebuild() takes them. */
int fihi_writer_options(fih_writer_opts *o, const fih_writer_opts *given, bool is_rebuild, fih_error *err);

/* FIH_E_USAGE where an extra field has the name of one that every document has. */
int fihi_check_extra(const fih_doc *doc, fih_error *err);

/* A reader of the index that a handle has open. */
int fihi_reader_open_same(fih_reader **out, const struct store *s, const struct given_tokenizer *tokenizer,
                          fih_error *err);
/* The options of a search, checked, with every default filled in; and its plan. */
int fihi_search_options(fih_search_opts *o, const fih_reader *r, const fih_search_opts *given, fih_error *err);
int fihi_make_plan(struct plan **out, const fih_reader *r, const fih_query *q, const fih_search_opts *o,
                   fih_error *err);

/* Are these paths that a reader could have? FIH_E_USAGE, FIH_E_LIMIT. */
int fihi_check_paths(const char *const *paths, size_t count, fih_error *err);

/* The list of a schema's own fields, without counts of documents. */
int fihi_fields_new(fih_fields **out, const struct schema *s, fih_error *err);

/* What is given, over the defaults that *out begins with: an older caller does not know all of them. FIH_E_USAGE if its
 * size is not set. */
int fihi_options(void *out, size_t size, const void *given, fih_error *err);

#endif
