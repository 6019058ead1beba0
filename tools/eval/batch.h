/* batch.h - many queries over one reader, answered by a pool of threads and written in the order of the input. */
#ifndef FIHRIST_BATCH_H
#define FIHRIST_BATCH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "fihrist.h"
#include "out/hits.h"

struct batch {
    const char              *command; /* for messages */
    const char              *path;    /* lines "id<TAB>text"; "-" is standard input */
    FILE                    *in;      /* what `path` holds, borrowed; NULL: it is opened */
    FILE                    *out;     /* borrowed; an error there ends the run and is left for the caller to tell */
    uint32_t                 threads; /* 1 or more */
    fih_reader              *reader;
    const fih_search_opts   *opts;
    const struct hits_style *style;
    const fih_synonyms      *synonyms; /* NULL: none */
    uint64_t                 asked;   /* hits_asked() of the options */
};

/* Split "id<TAB>text" in place. A blank line is no query: both are empty. False if it is none of the two. */
bool batch_split(fih_str *id, fih_str *text, char *line, size_t len);

/* Returns an exit code: found (by one query at least), nothing found, trouble, or done in part when queries were
 * refused (each has had its message). */
int batch_run(const struct batch *b);

#endif
