/* indexer.h - one input after the other into the index, and the ledger kept in step with it.
 *
 * Functions return 0, or -1 when the run cannot go on: `err` says why (FIH_E_CANCEL after a signal).
 * An input that fails is no such case: it is reported, counted and remembered.
 */
#ifndef FIHRIST_INDEXER_H
#define FIHRIST_INDEXER_H

#include <stdbool.h>
#include <stdint.h>

#include "fihrist.h"
#include "read/ledger.h"
#include "out/progress.h"
#include "read/readers.h"
#include "read/shard.h"

/* What is known of the source that was met last where a file's id was taken. */
struct rival {
    char *path;                        /* new */
    bool  is_file, has_lost;
};

struct indexer {
    fih_writer      *w;
    struct read_opts read;
    fih_fields      *fields;           /* of the index' own, as `read` has them; new */
    char             opts[64];         /* those options as the ledger records them */
    struct shard     shard;            /* documents of others are passed over */
    bool             retries;          /* read again what failed before */
    bool             is_verbose;       /* the outcome of each file on stdout */
    uint32_t         commit_every;     /* documents; 0: one commit at the end */
    uint32_t         since_commit;
    /* two files with one id: see indexer.c */
    bool             gave_up;          /* a file gave up ids, and those that lost some are not marked yet */
    bool             rereads;          /* some are marked */
    bool             is_second;        /* reading those: they were counted before */
    struct rival     rival;
    struct progress  progress;
    fih_error        err;
    /* files */
    uint64_t added, replaced, unchanged, removed, failed, failed_before;
    uint64_t passed;                   /* files in folders that are of a kind that is not read */
    uint64_t documents;
};

void indexer_free(struct indexer *ix);
/* After `read` is filled and the writer open: which fields the index has. -1 with `why` if --map names another. */
int indexer_note_fields(struct indexer *ix, struct why *why);
/* After that. */
void indexer_note_options(struct indexer *ix);
/* For a run that ends: set `err` and return -1. */
int indexer_cancel(struct indexer *ix);
int indexer_out_of_memory(struct indexer *ix);
/* A regular file. `follow`: it was named, so it may be a symbolic link. */
int indexer_file(struct indexer *ix, const char *name, const char *absolute, bool follow);
/* JSON Lines on standard input: not in the ledger; documents are added or replaced by id. */
int indexer_stdin(struct indexer *ix);
/* Mark the files that lost an id, wherever they are, if one may have been given up. Before every commit. */
int indexer_mark_losers(struct indexer *ix);
/* Remove the documents of a file that is gone, and its entry. */
int indexer_remove(struct indexer *ix, const char *name, const char *absolute);
/* A folder beneath a named one that cannot be read: reported once, until it changes. */
int indexer_bad_folder(struct indexer *ix, const char *name, const char *absolute, int error);
/* A file in a folder that is of a kind that is not read. */
void indexer_pass_over(struct indexer *ix, const char *name);
/* An input that fails as a whole and is not remembered. */
void indexer_bad_path(struct indexer *ix, const char *name, const char *reason);

#endif
