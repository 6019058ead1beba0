/* values.h - the values of an index as they lie in its file, past the library: taken out, and put back under checksums
 * that are right. */
#ifndef VALUES_H
#define VALUES_H

#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

enum { VALUES_MAX = 4096 };

struct value {
    enum space space;
    uint8_t    key[STORE_MAX_KEY];
    size_t     key_bytes, bytes;
    uint8_t   *payload;                /* without the frame */
    int        is_gone;
};

struct index {
    struct value values[VALUES_MAX];
    unsigned     count;
};

/* Leave the program if LMDB fails. */
void values_load(struct index *x, const char *data_file);
void values_free(struct index *x);
/* All of them anew, in one transaction with its number; LMDB sees to its pages. */
void values_store(struct index *x, const char *data_file);

/* Its enum kind, or 0 if it is no segment's. */
unsigned value_kind(const struct value *v);
struct value *value_manifest(struct index *x);

/* What the manifest says of notes and deletions, and the headers of how many values there are, made true. */
void seal_notes(struct index *x);
void seal_deletions(struct index *x);
void seal_headers(struct index *x);

#endif
