/* index/pool.c - worker threads.
 *
 * Two kinds of work, never at the same time, with one mutex for both. Chunks stand in a list in the order given:
 * `first` is the oldest that was not taken, `waiting` the oldest that no worker has begun. The taker waits for the
 * first, whatever is finished behind it; so chunks come back in order, and the index is the same for any number of
 * threads.
 *
 * Pieces are numbers: `next` is the next to be begun and `taken` the next to be taken, and no piece begins while
 * POOL_SLOTS others are between. So a piece's result has a place that nobody else uses, piece % POOL_SLOTS, and
 * memory is limited however slow one piece is. Say there are 16 slots and piece 3 takes long: pieces up to 18 run,
 * 19 waits for 3.
 *
 * A pool of one thread starts none: the caller runs everything when it gives it.
 *
 * Who touches what: `first`, `last`, `waiting` and `next` of a chunk under the mutex; what else a chunk has is its
 * worker's until its rc is no longer RUNNING, and the caller's from then on. `pending` and `taken` are changed by the
 * caller alone.
 *
 * Say two threads have chunks 1 and 2, and 3 waits. Thread B ends with 2 and begins 3; the taker still waits for 1.
 * When A has ended that, the taker takes 1 and then 2 at once, and waits for 3, though a chunk 4 that was given
 * meanwhile may be ready sooner. */
#include "index/pool.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"

/* `work` is for workers: there is a chunk, a piece or the end. `done` is for the caller: one of them is finished. */
struct pool {
    pthread_mutex_t mutex;
    pthread_cond_t  work, done;
    struct chunk   *first, *last;      /* pending, oldest first; the first not started is `waiting` */
    struct chunk   *waiting;           /* NULL: all were begun */
    unsigned        pending;
    bool             is_closing;
    unsigned        workers, threads;  /* made, and started */
    struct worker **worker;
    pthread_t      *thread;
    pid_t           pid;               /* of the process that made it */
    /* other work: pieces below `next` were begun, those below `taken` are over */
    const struct pieces *pieces;
    uint32_t        next, taken;
    unsigned        running;           /* pieces that threads are at */
    bool            is_done[POOL_SLOTS];
    int             pieces_rc;         /* of one that failed */
};

/* New, and freed by the thread that gets it: a thread starts some time after its creator has gone on. */
struct start {
    struct pool *pool;
    unsigned     number;               /* of the worker */
    const fih_allocator *allocator;    /* of the thread that starts it */
};

enum { RUNNING = 1 << 30 };            /* chunk.rc while it is with a worker or before */

/* After an error no piece begins; those that run are waited for. */
static bool has_piece(const struct pool *p)
{
    return p->pieces && p->pieces_rc == 0 && p->next < p->pieces->count && p->next - p->taken < POOL_SLOTS;
}

/* With the mutex, which is let go meanwhile. `next` is raised before the mutex goes, so no other thread takes the
 * same piece. Of an error only the code is kept: run() has no place for a message. */
static void run_piece(struct pool *p, unsigned thread)
{
    const uint32_t piece = p->next++;
    int rc;

    /* Counted, so that the caller can wait for those that run even after an error. */
    p->running++;
    pthread_mutex_unlock(&p->mutex);
    rc = p->pieces->run(p->pieces->ctx, thread, piece);
    pthread_mutex_lock(&p->mutex);
    p->running--;
    p->is_done[piece % POOL_SLOTS] = true;
    if (rc != 0)
        p->pieces_rc = rc;
    /* Broadcast and not signal: only the caller waits for it, but that may be for another piece than this. */
    pthread_cond_broadcast(&p->done);
}

/* Chunks that are waiting when the pool closes are not worked on: nobody will take them. */
static void *work(void *arg)
{
    struct start start = *(struct start *)arg;
    struct pool *p = start.pool;

    free(arg);
    /* A program's allocator is chosen for the whole of a writer's life; so are its threads'. */
    fih_allocator_use(start.allocator);
    pthread_mutex_lock(&p->mutex);
    for (;;) {
        struct chunk *c;
        int rc;

        while (!p->waiting && !p->is_closing && !has_piece(p))
            pthread_cond_wait(&p->work, &p->mutex);
        if (p->is_closing)
            break;
        /* Pieces before chunks: they are never there together, so the order means nothing but that one of them is
         * first. */
        if (has_piece(p)) {
            run_piece(p, start.number);
            continue;
        }
        c = p->waiting;
        p->waiting = c->next;
        /* A copy, because the taker looks at rc and the giver at next meanwhile, under the mutex. */
        struct chunk copy = *c;
        pthread_mutex_unlock(&p->mutex);
        rc = fihi_chunk_run(p->worker[start.number], &copy);
        pthread_mutex_lock(&p->mutex);
        /* While it was worked on, the giver may have put another chunk behind it. */
        copy.next = c->next;
        /* The copy's rc was RUNNING all the while, so nobody has taken the chunk meanwhile. */
        copy.rc = rc;
        *c = copy;
        pthread_cond_broadcast(&p->done);
    }
    pthread_mutex_unlock(&p->mutex);
    return NULL;
}

/* All workers are made before a thread starts, so a thread never sees half of the array. On an error
 * fihi_pool_free() undoes what was counted so far. */
int fihi_pool_new(struct pool **out, unsigned threads, const struct analyzer_choice *choice,
                  const struct intern *known, fih_error *err)
{
    struct pool *p = calloc(1, sizeof *p);
    int rc = FIH_OK;

    *out = NULL;
    if (!p)
        return fihi_fail_nomem(err);
    /* For a child process, which has a copy of all this and no threads. */
    p->pid = getpid();
    pthread_mutex_init(&p->mutex, NULL);
    pthread_cond_init(&p->work, NULL);
    pthread_cond_init(&p->done, NULL);
    if (!(p->worker = calloc(threads, sizeof *p->worker)) || !(p->thread = calloc(threads, sizeof *p->thread)))
        rc = fihi_fail_nomem(err);
    for (; rc == 0 && p->workers < threads; p->workers++)
        if ((rc = fihi_worker_new(&p->worker[p->workers], choice, known, err)) != 0)
            break;
    /* The first thread may be working already while the last one is made: they see only what is filled in. */
    for (; rc == 0 && threads > 1 && p->threads < threads; p->threads++) {
        struct start *s = malloc(sizeof *s);

        if (!s) {
            rc = fihi_fail_nomem(err);
            break;
        }
        *s = (struct start){p, p->threads, fih_allocator_use(NULL)};
        fih_allocator_use(s->allocator);       /* only asked for */
        /* Threads that run already are joined by fihi_pool_free(), for p->threads counts them. */
        if (pthread_create(&p->thread[p->threads], NULL, work, s) != 0) {
            free(s);
            rc = fihi_fail(err, FIH_E_NOMEM, "cannot start a thread");
            break;
        }
    }
    if (rc == 0)
        *out = p;
    else
        fihi_pool_free(p);
    return rc;
}

/* Never in a child process (fihi_pool_is_parents()): it would wait for threads that are not there. Chunks that were not
 * taken are thrown away: the writer rolls back, or has closed. */
void fihi_pool_free(struct pool *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->mutex);
    p->is_closing = true;
    pthread_cond_broadcast(&p->work);
    pthread_mutex_unlock(&p->mutex);
    for (unsigned i = 0; i < p->threads; i++)
        pthread_join(p->thread[i], NULL);
    /* No thread is left, so what is in the list is ours: chunks that were given and never taken. */
    while (p->first) {
        struct chunk *c = p->first;

        p->first = c->next;
        fihi_chunk_free(c);
    }
    for (unsigned i = 0; i < p->workers; i++)
        fihi_worker_free(p->worker[i]);
    free(p->worker);
    free(p->thread);
    pthread_cond_destroy(&p->work);
    pthread_cond_destroy(&p->done);
    pthread_mutex_destroy(&p->mutex);
    free(p);
}

/* fork() copies only the thread that calls it. */
bool fihi_pool_is_parents(const struct pool *p)
{
    return p->threads > 0 && p->pid != getpid();
}

unsigned fihi_pool_pending(const struct pool *p)
{
    return p->pending;                         /* only the caller changes it */
}

/* More than threads, so that one that ends finds the next chunk ready while the caller fills another. A chunk is 1 MiB
 * of text, so the queue holds some megabytes, whatever a document costs. */
unsigned fihi_pool_room(const struct pool *p)
{
    return p->threads ? p->threads + 2 : 1;
}

/* The list is filled in without threads as well, so that taking is the same.
 *
 * With one thread the caller analyses the chunk here, before it stands in the list. */
void fihi_pool_give(struct pool *p, struct chunk *c)
{
    c->next = NULL;
    if (p->threads == 0)
        fihi_chunk_run(p->worker[0], c);
    else
        c->rc = RUNNING;
    pthread_mutex_lock(&p->mutex);
    if (p->last)
        p->last->next = c;
    else
        p->first = c;
    p->last = c;
    /* `waiting` is NULL when all that was given before has been begun. */
    if (p->threads && !p->waiting)
        p->waiting = c;
    p->pending++;
    /* One chunk is for one worker. */
    pthread_cond_signal(&p->work);
    pthread_mutex_unlock(&p->mutex);
}

/* Without threads its rc is there since it was given, so nothing is waited for. The oldest, though a later one may be
 * finished: the order is what makes the index the same for any number of threads. */
struct chunk *fihi_pool_take(struct pool *p)
{
    struct chunk *c;

    pthread_mutex_lock(&p->mutex);
    c = p->first;
    if (c) {
        while (c->rc == RUNNING)
            pthread_cond_wait(&p->done, &p->mutex);
        p->first = c->next;
        if (!p->first)
            p->last = NULL;
        p->pending--;
        c->next = NULL;
    }
    pthread_mutex_unlock(&p->mutex);
    return c;
}

/* ---- other work */

unsigned fihi_pool_threads(const struct pool *p)
{
    return p->threads ? p->threads : 1;
}

/* The same order of run and take as with threads, so the same results. A piece that fails has no message but its code:
 * the caller of fihi_pool_pieces() has one. */
static int run_alone(const struct pieces *work, fih_error *err)
{
    int rc = FIH_OK;

    for (uint32_t i = 0; i < work->count && rc == 0; i++)
        if ((rc = work->run(work->ctx, 0, i)) == 0)
            rc = work->take(work->ctx, i, err);
    return rc;
}

/* It returns only when no thread runs a piece: what the pieces work on is mostly on the caller's stack. The mutex is
 * let go while a piece is taken, for that writes to the disk. */
int fihi_pool_pieces(struct pool *p, const struct pieces *work, fih_error *err)
{
    int rc = FIH_OK;

    if (p->threads == 0)
        return run_alone(work, err);
    pthread_mutex_lock(&p->mutex);
    /* From the last work there may be marks left in the slots. */
    memset(p->is_done, 0, sizeof p->is_done);
    p->next = p->taken = 0;
    p->pieces_rc = FIH_OK;
    p->pieces = work;
    pthread_cond_broadcast(&p->work);
    while (rc == 0 && p->taken < work->count) {
        bool *const is_done = &p->is_done[p->taken % POOL_SLOTS];

        while (!*is_done && p->pieces_rc == 0)
            pthread_cond_wait(&p->done, &p->mutex);
        /* Of the piece that failed first, though an earlier one may still run. */
        if ((rc = p->pieces_rc) != 0)
            break;
        pthread_mutex_unlock(&p->mutex);
        rc = work->take(work->ctx, p->taken, err);       /* only the caller changes it */
        pthread_mutex_lock(&p->mutex);
        /* The slot is free: a piece that waits for it may begin. */
        *is_done = false;
        p->taken++;
        pthread_cond_signal(&p->work);
    }
    p->pieces_rc = rc;                         /* no more of them begin */
    while (p->running > 0)
        pthread_cond_wait(&p->done, &p->mutex);
    p->pieces = NULL;
    pthread_mutex_unlock(&p->mutex);
    return rc;
}
