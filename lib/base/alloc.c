/* base/alloc.c - the heads of blocks, and the allocator of each thread.
 *
 * The head stands before the bytes that are lent: the allocator, NULL for malloc(), and how far before them the block
 * begins. It has 16 bytes, so that what is lent is aligned as malloc() aligns. What the program gives is asked for the
 * whole block, head and all.
 *
 * Which allocator a new block comes from is a thread's: queries, hits and buffers are made in hundreds of places, and
 * what all of them have in common is the call that they are made in.
 *
 * An example on x86-64: malloc(100) of ours asks for 116 bytes and gets the block at 0x1000. Bytes 0x1000 to 0x100F are
 * the head {NULL, 16}, and 0x1010 is lent. Who frees 0x1010 finds the head 16 bytes before it, and in it which function
 * wants the block back, and that it began 16 bytes earlier. */
#undef malloc
#undef calloc
#undef realloc
#undef free
#undef aligned_alloc
#undef strdup
#undef strndup

/* What the renaming in meson.build makes of malloc() in the rest of lib would make these functions call themselves. */
#include "base/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct head {
    const fih_allocator *from;
    size_t               before;       /* bytes of the block before what is lent */
};

/* Two words are what the head needs, and 16 bytes what malloc() of glibc and of musl aligns to on a 64-bit machine. */
enum { HEAD = 16 };

/* NULL is malloc(). A thread's own, so neither reading nor setting it needs a lock, and a program's threads may use an
 * allocator each. */
static _Thread_local const fih_allocator *chosen;

const fih_allocator *fih_allocator_use(const fih_allocator *a)
{
    const fih_allocator *const before = chosen;

    chosen = a;
    return before;
}

/* Only for a pointer that one of these functions has lent: before any other there is no head. */
static struct head *head_of(void *ptr)
{
    return (struct head *)(void *)((uint8_t *)ptr - HEAD);
}

/* Puts the head right before what is lent, wherever in the block that is: so free() needs no search, also for a block
 * that fihi_aligned_alloc() has made. NULL goes through, so that callers need not look twice. */
static void *lend(void *block, const fih_allocator *from, size_t before)
{
    uint8_t *ptr;

    if (!block)
        return NULL;
    ptr = (uint8_t *)block + before;
    *head_of(ptr) = (struct head){from, before};
    return ptr;
}

static void *ask(const fih_allocator *from, size_t bytes)
{
    return from ? from->allocate(from->ctx, bytes) : malloc(bytes);
}

/* A sum that wraps would be a short block that looks like a long one: refused before it is asked for. */
void *fihi_malloc(size_t bytes)
{
    return bytes > SIZE_MAX - HEAD ? NULL : lend(ask(chosen, bytes + HEAD), chosen, HEAD);
}

/* malloc()'s own zeros cost nothing where pages are new. The program's allocator promises no zeros, so there they are
 * written. */
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

/* From where it came, whatever this thread has chosen. The head moves with the bytes and is written again, for the
 * block may lie elsewhere now. `before` is always HEAD here: blocks of fihi_aligned_alloc() may not come (alloc.h), for
 * a block that is moved would lose its alignment. */
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
    /* A copy, for the head lies in the block that is given back. */
    const struct head head = *head_of(ptr);
    void *const block = (uint8_t *)ptr - head.before;

    if (head.from)
        head.from->release(head.from->ctx, block);
    else
        free(block);
}

/* Somewhere in a block that is longer by the alignment: the pages before stay untouched, and so take no memory. For an
 * alignment of 4,096 and a block at 0x10010, the head could begin there at once, but what is lent would be at 0x10020:
 * 32 bytes behind a multiple, so 4,064 are left unused and 0x11000 is lent. HEAD and less than `alignment` are all that
 * can ever be left before it, which is what was asked for on top. */
void *fihi_aligned_alloc(size_t alignment, size_t bytes)
{
    void *block;

    if (bytes > SIZE_MAX - HEAD - alignment || !(block = ask(chosen, bytes + HEAD + alignment)))
        return NULL;
    return lend(block, chosen, HEAD + ((alignment - ((uintptr_t)block + HEAD) % alignment) % alignment));
}

/* strnlen() reads no further than `most`, so `s` needs no NUL where it is that long. */
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
