/* base/alloc.c - the heads of blocks, and the allocator of each thread.
 *
 * The head stands before the bytes that are lent: the allocator, NULL for malloc(), and how far before them the block
 * begins. It has 16 bytes, so that what is lent is aligned as malloc() aligns. What the program gives is asked for the
 * whole block, head and all.
 *
 * Which allocator a new block comes from is a thread's: queries, hits and buffers are made in hundreds of places, and
 * what all of them have in common is the call that they are made in. */
#undef malloc
#undef calloc
#undef realloc
#undef free
#undef aligned_alloc
#undef strdup
#undef strndup

#include "base/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct head {
    const fih_allocator *from;
    size_t               before;       /* bytes of the block before what is lent */
};

enum { HEAD = 16 };

static _Thread_local const fih_allocator *chosen;

const fih_allocator *fih_allocator_use(const fih_allocator *a)
{
    const fih_allocator *const before = chosen;

    chosen = a;
    return before;
}

static struct head *head_of(void *ptr)
{
    return (struct head *)(void *)((uint8_t *)ptr - HEAD);
}

static void *lend(void *block, const fih_allocator *from, size_t before)
{
    uint8_t *const ptr = (uint8_t *)block + before;

    if (!block)
        return NULL;
    *head_of(ptr) = (struct head){from, before};
    return ptr;
}

static void *ask(const fih_allocator *from, size_t bytes)
{
    return from ? from->allocate(from->ctx, bytes) : malloc(bytes);
}

void *fihi_malloc(size_t bytes)
{
    return bytes > SIZE_MAX - HEAD ? NULL : lend(ask(chosen, bytes + HEAD), chosen, HEAD);
}

/* malloc()'s own zeros cost nothing where pages are new. */
void *fihi_calloc(size_t count, size_t size)
{
    size_t bytes;
    void *ptr;

    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - HEAD)
        return NULL;
    if (!chosen)
        return lend(calloc(1, bytes + HEAD), NULL, HEAD);
    if ((ptr = fihi_malloc(bytes)))
        memset(ptr, 0, bytes);
    return ptr;
}

/* From where it came, whatever this thread has chosen. */
void *fihi_realloc(void *ptr, size_t bytes)
{
    const fih_allocator *from;
    void *block;

    if (!ptr)
        return fihi_malloc(bytes);
    if (bytes > SIZE_MAX - HEAD)
        return NULL;
    from = head_of(ptr)->from;
    block = head_of(ptr);
    block = from ? from->resize(from->ctx, block, bytes + HEAD) : realloc(block, bytes + HEAD);
    return lend(block, from, HEAD);
}

void fihi_free(void *ptr)
{
    if (!ptr)
        return;
    const struct head head = *head_of(ptr);
    void *const block = (uint8_t *)ptr - head.before;

    if (head.from)
        head.from->release(head.from->ctx, block);
    else
        free(block);
}

/* Somewhere in a block that is longer by the alignment: the pages before stay untouched, and so take no memory. */
void *fihi_aligned_alloc(size_t alignment, size_t bytes)
{
    void *block;

    if (bytes > SIZE_MAX - HEAD - alignment || !(block = ask(chosen, bytes + HEAD + alignment)))
        return NULL;
    return lend(block, chosen, HEAD + ((alignment - ((uintptr_t)block + HEAD) % alignment) % alignment));
}

char *fihi_strndup(const char *s, size_t most)
{
    const size_t n = strnlen(s, most);
    char *const copy = n < SIZE_MAX ? fihi_malloc(n + 1) : NULL;

    if (copy) {
        memcpy(copy, s, n);
        copy[n] = '\0';
    }
    return copy;
}

char *fihi_strdup(const char *s)
{
    return fihi_strndup(s, SIZE_MAX);
}
