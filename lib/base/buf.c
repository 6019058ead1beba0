/* base/buf.c - growable bytes and arrays. */
#include "base/buf.h"

#include <stdlib.h>

int fihi_grow(void *ptr_to_ptr, size_t *cap, size_t need, size_t size)
{
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
    memcpy(ptr_to_ptr, &ptr, sizeof ptr);
    *cap = want;
    return FIH_OK;
}

int fihi_buf_reserve(struct buf *b, size_t more)
{
    size_t need;

    if (__builtin_add_overflow(b->len, more, &need))
        return FIH_E_NOMEM;
    return fihi_grow(&b->ptr, &b->cap, need, 1);
}

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

void fihi_buf_free(struct buf *b)
{
    free(b->ptr);
    memset(b, 0, sizeof *b);
}
