/* store/memory.c - states of an index in memory.
 *
 * One mutex guards what several threads can want at once: which state is the newest, and how many hold a state or a
 * value. The arrays of a state are read without it: they do not change while anybody holds the state. A change's own
 * state is the writer's alone until it is committed. */
#include "store/memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fail.h"

struct value {
    uint32_t holders;                  /* states that have it */
    uint32_t key_bytes;
    size_t   bytes;
    uint8_t  data[];                   /* the payload, and behind it the key */
};

struct memory_state {
    uint32_t holders;                  /* snapshots, and the memory for its newest */
    struct {
        struct value **at;             /* by key */
        size_t         count, cap;
    } spaces[SPACE_COUNT];
    uint64_t bytes;
};

struct memory {
    pthread_mutex_t      mutex;
    pid_t                pid;
    uint32_t             users;
    struct memory_state *newest;
};

int fihi_memory_new(struct memory **out, fih_error *err)
{
    struct memory *m = calloc(1, sizeof *m);

    *out = NULL;
    if (!m || !(m->newest = calloc(1, sizeof *m->newest))) {
        free(m);
        return fihi_fail_nomem(err);
    }
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

/* The mutex is held, here and in drop_state(). */
static void drop_value(struct memory_state *state, struct value *v)
{
    state->bytes -= v->bytes + v->key_bytes;
    if (--v->holders == 0)
        free(v);
}

static void drop_state(struct memory_state *state)
{
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

    if (!m || m->pid != getpid())
        return;
    pthread_mutex_lock(&m->mutex);
    is_last = --m->users == 0;
    if (is_last)
        drop_state(m->newest);
    pthread_mutex_unlock(&m->mutex);
    if (is_last) {
        pthread_mutex_destroy(&m->mutex);
        free(m);
    }
}

pid_t fihi_memory_pid(const struct memory *m)
{
    return m->pid;
}

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

/* The first that is not below the key. */
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
    int rc = FIH_OK;

    for (size_t i = lower(state, space, from, from_bytes); i < state->spaces[space].count && rc == 0; i++) {
        const struct value *const v = state->spaces[space].at[i];

        rc = each(ctx, key_of(v), v->key_bytes, v->data, v->bytes);
    }
    return rc;
}

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

int fihi_memory_begin(struct memory_state **out, struct memory *m, fih_error *err)
{
    struct memory_state *const old = fihi_memory_state(m), *next = calloc(1, sizeof *next);
    int rc = next ? FIH_OK : fihi_fail_nomem(err);

    for (unsigned s = 0; s < SPACE_COUNT && rc == 0; s++) {
        const size_t n = old->spaces[s].count;

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
    if (rc == 0)
        next->bytes = old->bytes;
    else if (next)
        drop_state(next);
    drop_state(old);
    pthread_mutex_unlock(&m->mutex);
    *out = rc == 0 ? next : NULL;
    return rc;
}

int fihi_memory_reserve(struct memory *m, struct memory_state *next, enum space space, const void *key,
                        size_t key_bytes, size_t bytes, uint8_t **payload, fih_error *err)
{
    const size_t i = lower(next, space, key, key_bytes), count = next->spaces[space].count;
    const bool is_new = i == count || compare(next->spaces[space].at[i], key, key_bytes) != 0;
    struct value *v;

    if (bytes > SIZE_MAX / 2)
        return fihi_fail(err, FIH_E_LIMIT, "a value of %zu bytes is too long", bytes);
    if (fihi_grow(&next->spaces[space].at, &next->spaces[space].cap, count + 1, sizeof *next->spaces[space].at) != 0 ||
        !(v = malloc(sizeof *v + bytes + key_bytes)))
        return fihi_fail_nomem(err);
    *v = (struct value){.holders = 1, .key_bytes = (uint32_t)key_bytes, .bytes = bytes};
    memcpy(v->data + bytes, key, key_bytes);
    if (is_new) {
        memmove(next->spaces[space].at + i + 1, next->spaces[space].at + i, (count - i) * sizeof v);
        next->spaces[space].count++;
    } else {
        pthread_mutex_lock(&m->mutex);
        drop_value(next, next->spaces[space].at[i]);
        pthread_mutex_unlock(&m->mutex);
    }
    next->spaces[space].at[i] = v;
    next->bytes += bytes + key_bytes;
    *payload = v->data;
    return FIH_OK;
}

int fihi_memory_delete(struct memory *m, struct memory_state *next, enum space space, const void *prefix,
                       size_t prefix_bytes, bool is_whole)
{
    struct value **const at = next->spaces[space].at;
    const size_t from = lower(next, space, prefix, prefix_bytes), count = next->spaces[space].count;
    size_t to = from;

    pthread_mutex_lock(&m->mutex);
    for (; to < count && at[to]->key_bytes >= prefix_bytes && memcmp(key_of(at[to]), prefix, prefix_bytes) == 0 &&
           (!is_whole || at[to]->key_bytes == prefix_bytes);
         to++)
        drop_value(next, at[to]);
    pthread_mutex_unlock(&m->mutex);
    if (to == from)
        return FIH_E_NOTFOUND;
    memmove(at + from, at + to, (count - to) * sizeof *at);
    next->spaces[space].count -= to - from;
    return FIH_OK;
}

void fihi_memory_commit(struct memory *m, struct memory_state *next)
{
    pthread_mutex_lock(&m->mutex);
    drop_state(m->newest);
    m->newest = next;
    pthread_mutex_unlock(&m->mutex);
}
