/* base/buf.c - growable bytes and arrays.
 *
 * Capacities double, so that n appends copy fewer than 2n bytes in all. Every product and sum is checked before it is
 * used as a size: a length read from a damaged file, or a text of many gigabytes, becomes FIH_E_NOMEM and never a
 * block that is too short. On a failure nothing has changed: the old block is still its owner's and still whole.
 */
#include "base/buf.h"

#include <stdlib.h>
#include <sys/mman.h>

/* madvise() wants whole pages of 4 KiB; large pages are 2 MiB on x86-64 and on arm64 with small pages of 4 KiB. Where
 * a machine has other sizes, madvise() refuses, and only the hint is lost. */
enum { SMALL_PAGE = 4096, LARGE_PAGE = 2 << 20 };

/* Only a hint, for the pages that have not been touched yet. Inwards on both sides: the bytes around the block are
 * the allocator's. */
static void hint_large(void *ptr, size_t bytes)
{
#ifdef MADV_HUGEPAGE
    uint8_t *const start = (uint8_t *)(((uintptr_t)ptr + SMALL_PAGE - 1) & ~(uintptr_t)(SMALL_PAGE - 1));
    uint8_t *const end = (uint8_t *)(((uintptr_t)ptr + bytes) & ~(uintptr_t)(SMALL_PAGE - 1));

    if (bytes >= LARGE_PAGE)
        (void)madvise(start, (size_t)(end - start), MADV_HUGEPAGE);
#else
    (void)ptr;
    (void)bytes;
#endif
}

void *fihi_alloc_large(size_t count, size_t size)
{
    size_t bytes, rounded;
    void *ptr;

    if (__builtin_mul_overflow(count, size, &bytes) || __builtin_add_overflow(bytes, LARGE_PAGE - 1, &rounded))
        return NULL;
    /* malloc(0) may answer NULL, which would look like an error. */
    if (bytes < LARGE_PAGE)
        return malloc(bytes ? bytes : 1);
    /* aligned_alloc() wants a multiple of the alignment, and only a block that begins at one can be of large pages
     * all through. */
    if ((ptr = aligned_alloc(LARGE_PAGE, rounded & ~(size_t)(LARGE_PAGE - 1))))
        hint_large(ptr, rounded & ~(size_t)(LARGE_PAGE - 1));
    return ptr;
}

/* The pointer comes as void * to whatever pointer the caller has. It is copied by memcpy(), for a T * that is read
 * through a void ** would break the rule of aliasing. */
int fihi_grow(void *ptr_to_ptr, size_t *cap, size_t need, size_t size)
{
    /* 16: small arrays are many, and most never grow again. */
    size_t want = *cap ? *cap : 16, bytes;
    void *old, *ptr;

    if (need <= *cap)
        return FIH_OK;
    while (want < need) {
        if (want > SIZE_MAX / 2)
            return FIH_E_NOMEM;
        want *= 2;
    }
    if (__builtin_mul_overflow(want, size, &bytes))
        return FIH_E_NOMEM;
    memcpy(&old, ptr_to_ptr, sizeof old);
    if (!(ptr = realloc(old, bytes)))
        return FIH_E_NOMEM;
    hint_large(ptr, bytes);
    memcpy(ptr_to_ptr, &ptr, sizeof ptr);
    *cap = want;
    return FIH_OK;
}

/* By len and not by cap: who reserves twice without writing has room for the larger, not for both. */
int fihi_buf_reserve(struct buf *b, size_t more)
{
    size_t need;

    if (__builtin_add_overflow(b->len, more, &need))
        return FIH_E_NOMEM;
    return fihi_grow(&b->ptr, &b->cap, need, 1);
}

/* Nothing may come with a NULL pointer, which memcpy() may not get even for 0 bytes. */
int fihi_buf_append(struct buf *b, const void *bytes, size_t n)
{
    if (n == 0)
        return FIH_OK;
    if (b->cap - b->len < n && fihi_buf_reserve(b, n) != 0)
        return FIH_E_NOMEM;
    memcpy(b->ptr + b->len, bytes, n);
    b->len += n;
    return FIH_OK;
}

/* Zeroed, so that it may be freed twice, and used again. */
void fihi_buf_free(struct buf *b)
{
    free(b->ptr);
    memset(b, 0, sizeof *b);
}
