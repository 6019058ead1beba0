/* base/alloc.h - memory from where the program wants it.
 *
 * Layer: base. lib/meson.build renames malloc(), free() and the like of C to these, in all of lib and in what tests it:
 * so every block of ours has a head that says who gave it, and may be freed in any thread, and by whoever has it then.
 * Memory that comes from the C library's or another library's own functions must go back to theirs.
 */
#ifndef FIHI_BASE_ALLOC_H
#define FIHI_BASE_ALLOC_H

#include <stddef.h>

#include "fihrist.h"

void *fihi_malloc(size_t bytes);
void *fihi_calloc(size_t count, size_t size);
void *fihi_realloc(void *ptr, size_t bytes);
void  fihi_free(void *ptr);
/* A block of this may not be given to fihi_realloc(). The alignment is a power of 2. */
void *fihi_aligned_alloc(size_t alignment, size_t bytes);
char *fihi_strdup(const char *s);
char *fihi_strndup(const char *s, size_t most);

#endif
