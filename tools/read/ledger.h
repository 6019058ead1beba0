/* ledger.h - what the index remembers of each file: the program's notes, committed with the documents.
 *
 * Keys: "file:" or "folder:" and the absolute path. A value is one JSON object; its "v" is the version.
 * A record that is not understood counts as "the file is known, read it again".
 */
#ifndef FIHRIST_LEDGER_H
#define FIHRIST_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fihrist.h"
#include "read/input.h"

#define LEDGER_FILE   "file:"
#define LEDGER_FOLDER "folder:"    /* only folders that could not be read */

/* As options: the file is one document, and another shard's (shard.h). */
#define LEDGER_ELSEWHERE "elsewhere"

struct ledger_entry {
    struct file_id id;             /* mtime_ns 0: too fresh to be trusted, compare the content */
    char     hash[INPUT_HASH_CHARS + 1]; /* of the file's bytes; empty if it was not read to its end */
    char     opts[64];             /* reader and options it was read with (ledger_opts) */
    uint64_t documents;            /* of this source in the index */
    uint64_t held;                 /* documents in the file, those too that it lost */
    char     ids[17];              /* hash of their ids, in order; empty: not known */
    bool     lost;                 /* another source has documents of ids that this file holds too */
    bool     again;                /* one of those may have been given up: read it again, changed or not */
    char     name[4096];           /* the path as it was when the file was first read, of which ids are made; empty: not
                                    * known, or no UTF-8 */
    char     error[160];           /* why it failed, at least in part; empty if it did not */
};

/* FIH_OK, FIH_E_NOTFOUND, or another error. */
int ledger_get(struct ledger_entry *out, fih_writer *w, const char *kind, const char *path, fih_error *err);
int ledger_put(fih_writer *w, const char *kind, const char *path, const struct ledger_entry *e, fih_error *err);
/* No such entry is no error. */
int ledger_delete(fih_writer *w, const char *kind, const char *path, fih_error *err);

/* The value of a file's record after a merge of indexes, new: so many of its documents were left out for those of
 * another file, or it must be read again. *left: its documents that are still there. NULL: the record is not
 * understood, so that the file will be read again anyway; or out of memory. */
char *ledger_merged(uint64_t *left, fih_str value, uint64_t lost, bool again);

/* Is this the record of a file that is another shard's? */
bool ledger_is_elsewhere(fih_str value);

/* Whether a path is that of a file in the ledger, or of a folder above one: 1 or 0, or an error. */
int ledger_knows(fih_writer *w, const char *path, fih_error *err);

/* Unchanged by what stat says, and not to be read again. A failure is also forgiven by a change of mode or owner
 * (ctime). */
bool ledger_is_same(const struct ledger_entry *e, const struct file_id *now);

/**
 * The paths of entries beneath a folder for which `is_gone` says so.
 *
 * @param paths  New: an array of new strings, absolute; *count of them.
 */
int ledger_find(char ***paths, size_t *count, fih_writer *w, const char *kind, const char *folder,
                bool (*is_gone)(void *ctx, const char *path), void *ctx, fih_error *err);

/* Files that lost an id, wherever they are: those marked to be read again, or the others. New, as above. */
int ledger_find_lost(char ***paths, size_t *count, fih_writer *w, bool again, fih_error *err);

#endif
