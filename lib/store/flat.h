/* store/flat.h - a plain file as one run of bytes.
 *
 * Layer: store. Reading maps it: nobody may change it in place meanwhile. Writing makes a new file beside it, which
 * takes its name, mode and owner when it is whole and on the disk, so that who has the old one mapped keeps that. A
 * power loss then leaves the one or the other.
 */
#ifndef FIHI_STORE_FLAT_H
#define FIHI_STORE_FLAT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct flat {
    const uint8_t *bytes;              /* NULL: not open */
    size_t         count;
};

/* FIH_E_NOTFOUND, FIH_E_CORRUPT for an empty one, FIH_E_NOTINDEX for what is no regular file. */
int fihi_flat_open(struct flat *out, const char *path, fih_error *err);
void fihi_flat_close(struct flat *f);

struct flat_writer {
    char      *path, *temporary;
    int        fd;                     /* while is_open */
    int        is_open;
    struct buf waiting;                /* not written yet */
    uint64_t   count;                  /* bytes put */
};

/* Zero-initialise; fihi_flat_free() whatever happens. FIH_E_BUSY: another is at writing that file. */
int fihi_flat_begin(struct flat_writer *w, const char *path, fih_error *err);
int fihi_flat_put(struct flat_writer *w, const void *bytes, size_t n, fih_error *err);
/* The first n bytes are these; then the file's bytes are on the disk, and it has its name. */
int fihi_flat_finish(struct flat_writer *w, const void *head, size_t n, fih_error *err);
/* What is not finished is removed. */
void fihi_flat_free(struct flat_writer *w);

#endif
