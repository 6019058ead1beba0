/* base/buf.h - a growable run of bytes.
 *
 * Layer: base. Zero-initialise, append, free. Growth is by doubling and checked for overflow; an
 * append that fails leaves the buffer as it was and returns FIH_E_NOMEM.
 */
#ifndef FIHI_BASE_BUF_H
#define FIHI_BASE_BUF_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "fihrist.h"

struct buf {
    uint8_t *ptr;
    size_t   len, cap;
};

/* Make room for `more` bytes after len. */
int fihi_buf_reserve(struct buf *b, size_t more);
int fihi_buf_append(struct buf *b, const void *bytes, size_t n);
void fihi_buf_free(struct buf *b);

/* The overflow-checked n * size reallocation that every growable array uses: `cap` (elements) at
 * least doubles until it holds `need`. */
int fihi_grow(void *ptr_to_ptr, size_t *cap, size_t need, size_t size);

/* malloc() of count * size bytes, checked; NULL without memory. What is large lies on large pages where the system has
 * them, as what fihi_grow() makes does: whoever reads it here and there would else wait for the table of pages, too. */
void *fihi_alloc_large(size_t count, size_t size);

#endif
