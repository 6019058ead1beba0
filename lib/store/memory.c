/* store/memory.c - states of an index in memory.
 *
 * One mutex guards what several threads can want at once: which state is the newest, and how many hold a state or a
 * value. The arrays of a state are read without it: they do not change while anybody holds the state. A change's own
 * state is the writer's alone until it is committed.
 *
 * An example of three values a, b, c in a space, and a change that replaces b. To begin copies the array of pointers
 * and counts one holder more for each value: a, b and c have two. The change makes b' and lets go of b, so the old
 * array is [a b c], the new one [a b' c], and b has one holder, the old state. The commit makes the new array the
 * newest and lets go of the old state: with no snapshot on it b is freed, and a and c have one holder again; with one,
 * b stays until that ends. Nothing is ever copied but pointers.
 *
 * The price is a pointer copied and a count raised for each value when a change begins, 80 KB of pointers for ten
 * thousand values, and 14 comparisons to find one of them. What is won is that readers need no lock: whoever holds a
 * state has an array that nobody writes to. */
#include "store/memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fail.h"

/* Made whole by a change, and never written to after its commit. The key stands behind the payload, so that the payload
 * has the alignment that malloc() gives, and has its place before the key is copied. A value of the same key in two
 * states is two of these. */
struct value {
    uint32_t holders;                  /* states that have it */
    uint32_t key_bytes;
    size_t   bytes;
    uint8_t  data[];                   /* the payload, and behind it the key */
};

/* A row of pointers for each space, sorted by key. The values are shared with the states before and after; the arrays
 * are this state's own. */
struct memory_state {
    uint32_t holders;                  /* snapshots, and the memory for its newest */
    struct {
        struct value **at;             /* by key */
        size_t         count, cap;
    } spaces[SPACE_COUNT];
    uint64_t bytes;
};

/* What the handles to one index have in common. It has one user for each handle, and one holder of `newest` beside the
 * snapshots' own, so that there always is a state to begin from. */
struct memory {
    pthread_mutex_t      mutex;
    pid_t                pid;
    uint32_t             users;
    struct memory_state *newest;
};

int fihi_memory_new(struct memory **out, fih_error *err)
{
    /* Without a state there is nothing to lock, and no half of it is handed out. */
    struct memory *m = calloc(1, sizeof *m);

    *out = NULL;
    if (!m || !(m->newest = calloc(1, sizeof *m->newest))) {
        free(m);
        return fihi_fail_nomem(err);
    }
    /* With no attributes it asks for nothing that could be refused. */
    pthread_mutex_init(&m->mutex, NULL);
    m->pid = getpid();
    m->users = m->newest->holders = 1;
    *out = m;
    return FIH_OK;
}

void fihi_memory_share(struct memory *m)
{
    pthread_mutex_lock(&m->mutex);
    m->users++;
    pthread_mutex_unlock(&m->mutex);
}

/* The mutex is held, here and in drop_state(). `bytes` is brought down with each value, also where the state goes as a
 * whole: the last one leaves 0. */
static void drop_value(struct memory_state *state, struct value *v)
{
    state->bytes -= v->bytes + v->key_bytes;
    if (--v->holders == 0)
        free(v);
}

static void drop_state(struct memory_state *state)
{
    /* Whoever lets go last frees: a snapshot that outlives its state's time as the newest, or the commit that replaces
     * it. */
    if (--state->holders > 0)
        return;
    for (unsigned s = 0; s < SPACE_COUNT; s++) {
        for (size_t i = 0; i < state->spaces[s].count; i++)
            drop_value(state, state->spaces[s].at[i]);
        free(state->spaces[s].at);
    }
    free(state);
}

void fihi_memory_put(struct memory *m)
{
    bool is_last;

    /* In a child, a thread that is not there may hold the mutex for ever, and the parent's values are not ours to
     * count. */
    if (!m || m->pid != getpid())
        return;
    pthread_mutex_lock(&m->mutex);
    is_last = --m->users == 0;
    if (is_last)
        drop_state(m->newest);
    pthread_mutex_unlock(&m->mutex);
    /* Outside of its own mutex, which must not be freed while it is held. Nobody else can come: there is no user
     * left. */
    if (is_last) {
        pthread_mutex_destroy(&m->mutex);
        free(m);
    }
}

pid_t fihi_memory_pid(const struct memory *m)
{
    return m->pid;
}

/* The only thing that beginning to read costs: a lock, a pointer and a count, however large the index is. */
struct memory_state *fihi_memory_state(struct memory *m)
{
    struct memory_state *state;

    pthread_mutex_lock(&m->mutex);
    state = m->newest;
    state->holders++;
    pthread_mutex_unlock(&m->mutex);
    return state;
}

void fihi_memory_state_put(struct memory *m, struct memory_state *state)
{
    /* NULL of a snapshot that was never begun. */
    if (!state || m->pid != getpid())
        return;
    pthread_mutex_lock(&m->mutex);
    drop_state(state);
    pthread_mutex_unlock(&m->mutex);
}

uint64_t fihi_memory_bytes(const struct memory_state *state)
{
    return state->bytes;
}

/* A getter, for the key has no place of its own in the struct: it moves with the length of the payload. */
static const uint8_t *key_of(const struct value *v)
{
    return v->data + v->bytes;
}

/* In LMDB's order: by bytes, the shorter first. */
static int compare(const struct value *v, const void *key, size_t key_bytes)
{
    const size_t n = v->key_bytes < key_bytes ? v->key_bytes : key_bytes;
    const int c = n ? memcmp(key_of(v), key, n) : 0;

    return c ? c : (v->key_bytes > key_bytes) - (v->key_bytes < key_bytes);
}

/* The first that is not below the key. `count` if all are: the place at which such a key would stand, which is what
 * putting one wants to know. */
static size_t lower(const struct memory_state *state, enum space space, const void *key, size_t key_bytes)
{
    size_t low = 0, high = state->spaces[space].count;

    while (low < high) {
        const size_t mid = low + (high - low) / 2;

        if (compare(state->spaces[space].at[mid], key, key_bytes) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* FIH_E_NOTFOUND without a message, as everywhere. The payload is the value's own memory, not a copy: it is borrowed
 * until the state is put back, or if the state is a change's, until the key is put again. */
int fihi_memory_get(const struct memory_state *state, enum space space, const void *key, size_t key_bytes,
                    const uint8_t **payload, size_t *bytes)
{
    const size_t i = lower(state, space, key, key_bytes);

    if (i == state->spaces[space].count || compare(state->spaces[space].at[i], key, key_bytes) != 0)
        return FIH_E_NOTFOUND;
    *payload = state->spaces[space].at[i]->data;
    *bytes = state->spaces[space].at[i]->bytes;
    return FIH_OK;
}

int fihi_memory_each(const struct memory_state *state, enum space space, const void *from, size_t from_bytes,
                     store_each each, void *ctx)
{
    /* `each` may take its time: no lock is held, and the state cannot change under it. */
    int rc = FIH_OK;

    for (size_t i = lower(state, space, from, from_bytes); i < state->spaces[space].count && rc == 0; i++) {
        const struct value *const v = state->spaces[space].at[i];

        rc = each(ctx, key_of(v), v->key_bytes, v->data, v->bytes);
    }
    return rc;
}

/* Where `from` is empty, the first key of the space. */
int fihi_memory_next_key(const struct memory_state *state, enum space space, const void *from, size_t from_bytes,
                         uint8_t key[STORE_MAX_KEY], size_t *key_bytes)
{
    const size_t i = lower(state, space, from, from_bytes);

    if (i == state->spaces[space].count)
        return FIH_E_NOTFOUND;
    *key_bytes = state->spaces[space].at[i]->key_bytes;
    memcpy(key, key_of(state->spaces[space].at[i]), *key_bytes);
    return FIH_OK;
}

/* ---- changes */

/* The pointers are copied without the mutex, for `old` is held and does not change. Only the counts of holders are
 * shared with other threads, and are counted under it, all at once. */
int fihi_memory_begin(struct memory_state **out, struct memory *m, fih_error *err)
{
    struct memory_state *const old = fihi_memory_state(m), *next = calloc(1, sizeof *next);
    int rc = next ? FIH_OK : fihi_fail_nomem(err);

    for (unsigned s = 0; s < SPACE_COUNT && rc == 0; s++) {
        const size_t n = old->spaces[s].count;

        /* Room for as many as there are, rounded up to a power of two; a change that puts more makes it double
         * again. */
        if (fihi_grow(&next->spaces[s].at, &next->spaces[s].cap, n, sizeof *next->spaces[s].at) != 0)
            rc = fihi_fail_nomem(err);
        else if (n > 0)
            memcpy(next->spaces[s].at, old->spaces[s].at, n * sizeof *next->spaces[s].at);
    }
    pthread_mutex_lock(&m->mutex);
    if (next)
        next->holders = 1;
    /* Counted as its own only when nothing can fail any more: drop_state() lets go of `count` of them. */
    for (unsigned s = 0; s < SPACE_COUNT && rc == 0; s++) {
        next->spaces[s].count = old->spaces[s].count;
        for (size_t i = 0; i < next->spaces[s].count; i++)
            next->spaces[s].at[i]->holders++;
    }
    /* The sum is of this state's values, and these are the old state's until the first put. */
    if (rc == 0)
        next->bytes = old->bytes;
    else if (next)
        drop_state(next);
    drop_state(old);
    pthread_mutex_unlock(&m->mutex);
    *out = rc == 0 ? next : NULL;
    return rc;
}

/* Room for a value that the caller fills: it is in the state from now on, which nobody else can see before the commit.
 * All that can fail comes before anything is changed. */
int fihi_memory_reserve(struct memory *m, struct memory_state *next, enum space space, const void *key,
                        size_t key_bytes, size_t bytes, uint8_t **payload, fih_error *err)
{
    const size_t i = lower(next, space, key, key_bytes), count = next->spaces[space].count;
    const bool is_new = i == count || compare(next->spaces[space].at[i], key, key_bytes) != 0;
    struct value *v;

    /* Far above what fihi_change_reserve() lets through: here only so that the sum of three sizes cannot wrap. */
    if (bytes > SIZE_MAX / 2)
        return fihi_fail(err, FIH_E_LIMIT, "a value of %zu bytes is too long", bytes);
    if (fihi_grow(&next->spaces[space].at, &next->spaces[space].cap, count + 1, sizeof *next->spaces[space].at) != 0 ||
        !(v = malloc(sizeof *v + bytes + key_bytes)))
        return fihi_fail_nomem(err);
    *v = (struct value){.holders = 1, .key_bytes = (uint32_t)key_bytes, .bytes = bytes};
    memcpy(v->data + bytes, key, key_bytes);
    if (is_new) {
        /* The pointers above move by one: of 10,000 values at most 80 KB. Numbers of segments ascend, so what a
         * segment's writer puts stands at the end of its space, and little moves. */
        memmove(next->spaces[space].at + i + 1, next->spaces[space].at + i, (count - i) * sizeof v);
        next->spaces[space].count++;
    } else {
        /* Only the count needs the mutex: a snapshot of an old state may let go of the same value at this moment. */
        pthread_mutex_lock(&m->mutex);
        drop_value(next, next->spaces[space].at[i]);
        pthread_mutex_unlock(&m->mutex);
    }
    next->spaces[space].at[i] = v;
    next->bytes += bytes + key_bytes;
    *payload = v->data;
    return FIH_OK;
}

/* All that begin with a prefix stand side by side, so they are one run, and one move closes the gap. */
int fihi_memory_delete(struct memory *m, struct memory_state *next, enum space space, const void *prefix,
                       size_t prefix_bytes, bool is_whole)
{
    struct value **const at = next->spaces[space].at;
    const size_t from = lower(next, space, prefix, prefix_bytes), count = next->spaces[space].count;
    size_t to = from;

    /* `to` is where the run ends: it grows while keys match. With is_whole a longer key that begins so ends it, too;
     * the key itself, if it is there, is the first of the run. */
    pthread_mutex_lock(&m->mutex);
    for (; to < count && at[to]->key_bytes >= prefix_bytes && memcmp(key_of(at[to]), prefix, prefix_bytes) == 0 &&
           (!is_whole || at[to]->key_bytes == prefix_bytes);
         to++)
        drop_value(next, at[to]);
    pthread_mutex_unlock(&m->mutex);
    /* Without a message: a caller that wants it gone is content. */
    if (to == from)
        return FIH_E_NOTFOUND;
    memmove(at + from, at + to, (count - to) * sizeof *at);
    next->spaces[space].count -= to - from;
    return FIH_OK;
}

/* The newest pointer is the commit: a snapshot that is begun before it sees all of the old, one after it all of the
 * new. The change's own hold on `next` becomes that of the memory. */
void fihi_memory_commit(struct memory *m, struct memory_state *next)
{
    pthread_mutex_lock(&m->mutex);
    drop_state(m->newest);
    m->newest = next;
    pthread_mutex_unlock(&m->mutex);
}
