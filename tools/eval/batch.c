/* batch.c - reads queries, searches with a pool of threads, writes in order.
 *
 * Each worker takes the next line, answers it into memory of its own and leaves the text in a ring; whoever completes
 * the oldest answer writes all that are ready. The ring bounds how far one slow query can let the others run ahead,
 * and with it the memory. With one thread the caller is the worker.
 */
#include "eval/batch.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "out/out.h"

enum { SLOTS_PER_THREAD = 64, MAX_LINE_BYTES = (1 << 20) + (64 << 10) };   /* a query has at most 1 MiB */

struct slot {
    char  *text;  /* malloc'ed by open_memstream */
    size_t len;
    bool   ready;
};

struct pool {
    const struct batch *b;
    FILE               *in;
    pthread_mutex_t     lock;    /* guards all below, `in` and `out` */
    pthread_cond_t      moved;   /* `printed` has grown, or `stop` is set */
    struct slot        *slots;
    size_t              slot_count;
    uint64_t            taken, printed; /* queries handed out; answers printed */
    uint64_t            line;    /* of the input, from 1 */
    uint64_t            found, refused, hits;
    uint64_t            asked;   /* with all queries handed out */
    bool                stop;    /* end of input or trouble */
    bool                trouble, stale; /* the commit that was read was gone */
};

struct worker {
    char   *line;                /* the query in hand */
    size_t  line_room;
    fih_str qid, text;           /* within `line` */
    uint64_t number;             /* of the query, from 1 */
    uint64_t asked;              /* with the queries before it */
};

/* --- input --- */

static bool give_up(struct pool *p)
{
    p->stop = p->trouble = true;
    return false;
}

bool batch_split(fih_str *id, fih_str *text, char *line, size_t len)
{
    char *s = line, *tab;

    if (len >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0) { /* a byte order mark */
        s += 3;
        len -= 3;
    }
    while (len > 0 && (s[len - 1] == '\n' || s[len - 1] == '\r'))
        len--;
    *id = *text = (fih_str){ NULL, 0 };
    if (len == 0)
        return true;
    tab = memchr(s, '\t', len);
    if (!tab || tab == s)
        return false;
    *id = (fih_str){ s, (size_t)(tab - s) };
    *text = (fih_str){ tab + 1, len - id->len - 1 };
    return true;
}

enum line_end { LINE_WHOLE, LINE_NONE, LINE_TOO_LONG, LINE_NO_MEMORY };

/* getline(3) that does not grow without end. */
static enum line_end read_line(struct worker *w, FILE *in, size_t *len)
{
    int c;

    *len = 0;
    while ((c = getc(in)) != EOF) {
        if (*len == MAX_LINE_BYTES)
            return LINE_TOO_LONG;
        if (*len == w->line_room) {
            char *more = realloc(w->line, w->line_room * 2 + 1024);

            if (!more)
                return LINE_NO_MEMORY;
            w->line = more;
            w->line_room = w->line_room * 2 + 1024;
        }
        w->line[(*len)++] = (char)c;
        if (c == '\n')
            return LINE_WHOLE;
    }
    return *len > 0 && !ferror(in) ? LINE_WHOLE : LINE_NONE;
}

/* The next query for this worker; false at the end or when the run has to stop. Called with the lock held. */
static bool next_query(struct pool *p, struct worker *w)
{
    const struct batch *b = p->b;

    for (;;) {
        size_t len;
        enum line_end end;

        errno = 0;
        end = read_line(w, p->in, &len);
        if (end == LINE_TOO_LONG) {
            cli_error(b->command, "%s:%" PRIu64 ": the line is longer than a query may be (1 MiB)", b->path,
                      p->line + 1);
            return give_up(p);
        }
        if (end != LINE_WHOLE) {
            p->stop = true;
            if (end == LINE_NONE && !ferror(p->in))
                return false;
            cli_error(b->command, "cannot read '%s': %s", b->path, strerror(end == LINE_NO_MEMORY ? ENOMEM : errno));
            return give_up(p);
        }
        p->line++;
        if (!batch_split(&w->qid, &w->text, w->line, len)) {
            cli_error(b->command, "%s:%" PRIu64 ": expected an id, a tab and the query", b->path, p->line);
            return give_up(p);
        }
        if (w->qid.len > 0)
            return true;
    }
}

/* --- one query --- */

static int answer(const struct batch *b, const struct worker *w, FILE *f, size_t *found, fih_error *err)
{
    struct hits h = { b->reader, NULL, b->opts, w->qid, w->text, NULL, NULL, 0, w->number, w->asked };
    fih_query *q = NULL, *more;
    int rc;

    if ((rc = fih_query_plain(&q, w->text, err)) != FIH_OK)
        goto out;
    if (b->synonyms) {
        if ((rc = fih_query_expand(&more, q, b->synonyms, b->reader, err)) != FIH_OK)
            goto out;
        fih_query_free(q);
        q = more;
    }
    if ((rc = fih_search(&h.list, b->reader, q, b->opts, err)) != FIH_OK)
        goto out;
    h.query = q;
    *found = fih_hits_count(h.list);
    rc = hits_print(f, b->style, &h, err);
out:
    fih_hits_free(h.list);
    fih_query_free(q);
    return rc;
}

/* The same into memory. A query past a limit is refused by itself; any other error ends the run. */
static bool answer_to_slot(struct pool *p, const struct worker *w, struct slot *slot, size_t *found, bool *refused)
{
    fih_error err = { 0, 0, 0, "" };
    FILE *f = open_memstream(&slot->text, &slot->len);
    int rc;

    *found = 0;
    *refused = false;
    if (!f) {
        cli_error(p->b->command, "out of memory");
        return false;
    }
    rc = answer(p->b, w, f, found, &err);
    if (fclose(f) != 0 && rc == FIH_OK) {
        snprintf(err.msg, sizeof err.msg, "out of memory");
        rc = FIH_E_NOMEM;
    }
    if (rc == FIH_OK)
        return true;
    cli_error(p->b->command, "query '%.*s': %s", (int)(w->qid.len < 200 ? w->qid.len : 200), w->qid.ptr, err.msg);
    if (rc == FIH_E_STALE)
        p->stale = true;
    *refused = rc == FIH_E_LIMIT || rc == FIH_E_QUERY;
    if (*refused)
        slot->len = 0;
    return *refused;
}

/* --- the pool --- */

/* Write what is complete, oldest first. A reader of ours that has gone stops the run. */
static void print_ready(struct pool *p)
{
    struct slot *s;

    while ((s = &p->slots[p->printed % p->slot_count])->ready) {
        fwrite(s->text, 1, s->len, p->b->out);
        free(s->text);
        *s = (struct slot){ NULL, 0, false };
        p->printed++;
    }
    if (ferror(p->b->out))
        p->stop = true;
    pthread_cond_broadcast(&p->moved);
}

static void *work(void *arg)
{
    struct pool *p = arg;
    struct worker w = { NULL, 0, { NULL, 0 }, { NULL, 0 }, 0, 0 };

    pthread_mutex_lock(&p->lock);
    while (!p->stop) {
        struct slot *slot;
        bool good, refused;
        size_t found;

        if (p->taken - p->printed == p->slot_count) {
            pthread_cond_wait(&p->moved, &p->lock);
            continue;
        }
        if (!next_query(p, &w))
            break;
        slot = &p->slots[p->taken++ % p->slot_count];
        w.number = p->taken;
        w.asked = p->asked = hits_asked(hits_asked(p->asked, w.qid), w.text);
        pthread_mutex_unlock(&p->lock);
        good = answer_to_slot(p, &w, slot, &found, &refused);
        pthread_mutex_lock(&p->lock);
        p->found += found > 0;
        p->hits += found;
        p->refused += refused;
        slot->ready = good;
        if (!good)
            give_up(p);
        print_ready(p);
    }
    pthread_cond_broadcast(&p->moved);
    pthread_mutex_unlock(&p->lock);
    free(w.line);
    return NULL;
}

/* The caller works too; a thread that cannot be made is one thread fewer. */
static void run_workers(struct pool *p)
{
    pthread_t threads[64];
    size_t n = 0;

    while (n + 1 < p->b->threads && n < sizeof threads / sizeof *threads &&
           pthread_create(&threads[n], NULL, work, p) == 0)
        n++;
    work(p);
    while (n > 0)
        pthread_join(threads[--n], NULL);
}

static int pool_status(const struct pool *p)
{
    if (p->trouble)
        return p->stale ? EXIT_BUSY : EXIT_TROUBLE;
    if (p->refused > 0)
        return EXIT_PARTLY;
    return p->found > 0 ? EXIT_DONE : EXIT_NONE;
}

int batch_run(const struct batch *b)
{
    struct pool p = { .b = b, .slot_count = (size_t)b->threads * SLOTS_PER_THREAD, .asked = b->asked };
    int status = EXIT_TROUBLE;

    p.in = b->in ? b->in : strcmp(b->path, "-") == 0 ? stdin : fopen(b->path, "re");
    if (!p.in) {
        cli_error(b->command, "cannot open '%s': %s", b->path, strerror(errno));
        return EXIT_TROUBLE;
    }
    if (!(p.slots = calloc(p.slot_count, sizeof *p.slots))) {
        cli_error(b->command, "out of memory");
        goto out;
    }
    pthread_mutex_init(&p.lock, NULL);
    pthread_cond_init(&p.moved, NULL);
    run_workers(&p);
    pthread_cond_destroy(&p.moved);
    pthread_mutex_destroy(&p.lock);
    for (size_t i = 0; i < p.slot_count; i++)
        free(p.slots[i].text); /* answers after a query that failed */
    status = pool_status(&p);
    if ((status == EXIT_DONE || status == EXIT_NONE) && !ferror(b->out))
        hits_end(b->out, b->reader, p.asked, p.taken, p.hits);
out:
    free(p.slots);
    if (!b->in && p.in != stdin)
        fclose(p.in);
    return status;
}
