/* api/api_reader.c - Read.
 *
 * A reader is a snapshot with its segments open, and analyzers that its calls borrow. Searches of several threads may
 * use it at once: what they share is read only, but for the list of idle analyzers, which has a mutex, and values
 * read for the first time, which the floors below guard. Renewing and closing are one thread's, while no other uses
 * it.
 *
 * Who owns what: the reader its view, its paths, its statistics and its analyzers. What a program gets is borrowed from
 * the view (notes, and ids for a call), or has bytes of its own and outlives the reader (fih_stored).
 *
 * A document's number is of one snapshot: after fih_reader_renew() it may be of another document, and a number alone
 * cannot tell. A stored document can: it knows the generation that it was read from (fihi_stored_place()).
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "api/handles.h"
#include "base/fail.h"
#include "index/docs.h"
#include "index/notes.h"

/* A document outlives the reader it came from: it has its own copy of the bytes, and points only into that. */
struct fih_stored {
    struct buf raw;                    /* its record */
    fih_field *fields;                 /* borrowed from raw */
    size_t     count, cap;
    fih_str    cuts, starts;           /* fihi_stored_cuts(), index/docs.h: FIELD_STARTS */
    const struct view *view;           /* what it was read from; compared only: it may be gone */
    uint64_t   generation;
    fih_docno  doc;
};

/* Of the library that runs, which need not be the one whose header a program was built with. */
const char *fih_version(void)
{
    return FIH_VERSION;
}

/* To be compared, as the text is to be shown. */
int fih_version_number(void)
{
    return FIH_VERSION_NUMBER;
}

/* The strings are constants: never freed, and good in any thread. */
const char *fih_error_name(int code)
{
    /* By the negative code; the numbers are fixed for ever, so this list only grows at its end. */
    static const char *const names[] = {"ok",    "usage",     "no memory", "corrupt",  "input/output", "busy",
                                        "query", "not found", "no index",  "version",  "analyzer",     "disk full",
                                        "no permission", "limit",     "cancelled", "fork",  "stale"};

    /* The one code above 0. */
    if (code == FIH_DONE)
        return "done";
    return code <= 0 && code >= FIH_E_STALE ? names[-code] : "unknown";
}

/* getpid() is a system call of some 100 ns; a search takes a thousand times as long. All that a child may do with a
 * handle of its parent is to close it: locks, file positions and threads behind it are the parent's. */
int fihi_own(pid_t pid, fih_error *err)
{
    return pid == getpid() ? FIH_OK
                           : fihi_fail(err, FIH_E_FORK,
                                       "this was opened by the parent process: after fork() open the index again");
}

/* Only the size is looked at here: what the members may be is known to whoever asked. *out is whole in any case, for it
 * begins as the defaults. */
int fihi_options(void *out, size_t size, const void *given, fih_error *err)
{
    size_t known;

    if (given) {
        /* The first member of every options struct is its size. A newer program's struct is cut, behind an older
         * one's end the defaults stay. memcpy(), for the type is not known here. */
        memcpy(&known, given, sizeof known);
        /* 0 is a struct that was not initialised. */
        if (known < sizeof known)
            return fihi_fail(err, FIH_E_USAGE, "the options' size is not set: start from the INIT macro");
        memcpy(out, given, known < size ? known : size);
    }
    return FIH_OK;
}

/* NULL is refused here, for all below copies or opens it; whether a path is an index, the store says. */
int fihi_check_paths(const char *const *paths, size_t count, fih_error *err)
{
    if (count == 0 || !paths)
        return fihi_fail(err, FIH_E_USAGE, "no index is given");
    if (count > FIH_MAX_INDEXES)
        return fihi_fail(err, FIH_E_LIMIT, "%zu indexes are too many at once: at most %u", count, FIH_MAX_INDEXES);
    for (size_t i = 0; i < count; i++)
        if (!paths[i])
            return fihi_fail(err, FIH_E_USAGE, "the path of the index is empty");
    return FIH_OK;
}

/* A reader's own, for fih_reader_renew(). Copied, for the program may free its own as soon as the reader is open.
 * path_count grows with them, so that closing after an error frees as many as there are. */
static int copy_paths(fih_reader *r, const char *const *paths, size_t count, fih_error *err)
{
    if (!(r->paths = calloc(count, sizeof *r->paths)))
        return fihi_fail_nomem(err);
    for (; r->path_count < count; r->path_count++)
        if (!(r->paths[r->path_count] = strdup(paths[r->path_count])))
            return fihi_fail_nomem(err);
    return FIH_OK;
}

/* By path, for the index may have been removed and made anew; one in memory has none. On an error there is no view, and
 * what the reader has stays. */
static int open_view(struct view **out, const fih_reader *r, const struct store *same, fih_error *err)
{
    return same ? fihi_view_open_same(out, same, err)
                : fihi_view_open_many(out, (const char *const *)r->paths, r->path_count, err);
}

/* ---- the log: only where the reader is one call's alone, so that its program hears one message at a time */

static void tell_place(const fih_reader *r, const struct member *m)
{
    if (fihi_snap_is_loose(m->snap))
        fihi_log(&r->log, FIH_LOG_WARNING,
                 "'%s': read without a place among its readers: writers do not wait for this one, and later commits "
                 "may take away what it has not read yet",
                 fihi_store_dir(m->store));
}

/* A tokenizer of the program's own is given to the reader later. The analyzer stays for the first search. */
static void tell_analyzer(const fih_reader *r)
{
    struct analyzer *a;
    fih_error why;

    /* Without a listener no analyzer is made: that takes long, and the first search does it when it is needed. */
    if (!r->log.tell || strncmp(r->view->members->manifest.analyzer_name, TOKENIZER_PREFIX,
                                strlen(TOKENIZER_PREFIX)) == 0)
        return;
    const int rc = fihi_reader_take(&a, r, &why);

    /* `why` is not the caller's error: the texts of such an index can be read. Other errors come again with the first
     * search, where there is somebody to tell. */
    if (rc == FIH_E_ANALYZER)
        fihi_log(&r->log, FIH_LOG_WARNING, "%s", why.msg);
    fihi_reader_give(r, a);
}

static void tell_opened(const fih_reader *r)
{
    /* Each index has a place of its own, or none. */
    for (uint32_t i = 0; i < r->view->member_count; i++)
        tell_place(r, &r->view->members[i]);
    tell_analyzer(r);
}

/* Of each index that has another commit; a place that was lacking before was told of. Both views have their members in
 * the order of the paths, so equal numbers are one index. The time is compared too: an index that was removed and made
 * anew counts its commits from the beginning. */
static void tell_renewed(const fih_reader *r, const struct view *old)
{
    /* All members have one analyzer; it is told of once, whichever of them has moved. */
    bool is_other_analyzer = false;

    for (uint32_t i = 0; i < r->view->member_count; i++) {
        const struct member *const m = &r->view->members[i], *const before = &old->members[i];

        if (!fihi_snap_is_loose(before->snap))
            tell_place(r, m);
        if (m->manifest.generation != before->manifest.generation ||
            m->manifest.commit_time != before->manifest.commit_time)
            fihi_log(&r->log, FIH_LOG_INFO, "'%s': moved from commit %llu to %llu, of %llu documents",
                     fihi_store_dir(m->store), (unsigned long long)before->manifest.generation,
                     (unsigned long long)m->manifest.generation, (unsigned long long)(m->docs - m->deleted));
        is_other_analyzer |= strcmp(m->manifest.analyzer_text, before->manifest.analyzer_text) != 0;
    }
    if (is_other_analyzer)
        tell_analyzer(r);
}

/* *out is set at the very end, so on an error nobody sees a reader that is none. */
static int open_reader(fih_reader **out, const char *const *paths, size_t count, const struct store *same,
                       const fih_reader_opts *o, fih_error *err)
{
    fih_reader *r;
    int rc;

    /* fih_reader_close() takes one that was not opened to the end. */
    if (!(r = calloc(1, sizeof *r)))
        return fihi_fail_nomem(err);
    /* Whoever forks later has this number in the child, too, and is told apart by it. */
    r->pid = getpid();
    r->log = (struct log){o->on_log, o->log_ctx};
    /* The mutex is there as soon as the list is: closing destroys both, however far this comes. */
    if ((r->analyzers = calloc(1, sizeof *r->analyzers)))
        pthread_mutex_init(&r->analyzers->mutex, NULL);
    rc = r->analyzers ? copy_paths(r, paths, count, err) : fihi_fail_nomem(err);
    if (rc == 0 && (rc = open_view(&r->view, r, same, err)) == 0) {
        tell_opened(r);
        *out = r;
    } else {
        fih_reader_close(r);
    }
    return rc;
}

/* *out is set on every error, so that a program may close what it could not open: NULL is nothing to close. */
int fih_reader_open_with(fih_reader **out, const char *const *paths, size_t count, const fih_reader_opts *opts,
                         fih_error *err)
{
    fih_reader_opts o = FIH_READER_OPTS_INIT;
    int rc = fihi_check_paths(paths, count, err);

    *out = NULL;
    if (rc == 0)
        rc = fihi_options(&o, sizeof o, opts, err);
    return rc ? rc : open_reader(out, paths, count, NULL, &o, err);
}

int fih_reader_open_many(fih_reader **out, const char *const *paths, size_t count, fih_error *err)
{
    return fih_reader_open_with(out, paths, count, NULL, err);
}

/* The directory becomes the reader's path: messages name it, and renewing opens it again; an index in memory, which has
 * none, is renewed by its store. */
int fihi_reader_open_same(fih_reader **out, const struct store *s, const struct given_tokenizer *tokenizer,
                          fih_error *err)
{
    const fih_reader_opts o = FIH_READER_OPTS_INIT;
    const char *const dir = fihi_store_dir(s);
    const int rc = open_reader(out, &dir, 1, s, &o, err);

    /* A copy of its own, for the writer's goes with the writer. That it is whole was checked when the writer got it, so
     * this cannot fail. */
    return rc || !tokenizer->is_given ? rc : fihi_tokenizer_give(&(*out)->tokenizer, &tokenizer->program, err);
}

/* The struct and its name may go when this returns; the function and its ctx stay the program's. It is checked before
 * *out is set, so that is one that can be used, or none. */
int fihi_tokenizer_give(struct given_tokenizer *out, const fih_tokenizer *t, fih_error *err)
{
    fih_tokenizer program = FIH_TOKENIZER_INIT;
    int rc;

    /* Zeros are no tokenizer: what is left by an error may be used as if none was given. */
    *out = (struct given_tokenizer){.is_given = false};
    if (!t)
        return FIH_OK;
    if ((rc = fihi_options(&program, sizeof program, t, err)) != 0 || (rc = fihi_tokenizer_check(&program, err)) != 0)
        return rc;
    *out = (struct given_tokenizer){.program = program, .is_given = true};
    snprintf(out->name, sizeof out->name, "%s", program.name);
    out->program.name = out->name;             /* so it is not copied as a whole */
    return FIH_OK;
}

/* NULL to those below means the analyzer that the index names. */
const fih_tokenizer *fihi_tokenizer_of(const struct given_tokenizer *t)
{
    return t->is_given ? &t->program : NULL;
}

/* One index is a list of one: there is no other way for it. */
int fih_reader_open(fih_reader **out, const char *path, fih_error *err)
{
    return fih_reader_open_many(out, &path, 1, err);
}

/* Only those that nobody has borrowed are here: while a search is under way, none may be forgotten. Who renews or
 * closes a reader has it alone. */
static void forget_analyzers(struct analyzers *a)
{
    for (size_t i = 0; i < a->count; i++)
        fihi_analyzer_free(a->idle[i]);
    a->count = 0;
}

/* Tried at once, so that a program hears of a wrong one before the first search. The manifest has name and version of
 * the tokenizer that made the index: one of another name or version is refused, since its words may be others. */
int fih_reader_set_tokenizer(fih_reader *r, const fih_tokenizer *t, fih_error *err)
{
    struct given_tokenizer given;
    struct analyzer *a;
    int rc = fihi_own(r->pid, err);

    if (rc == 0 && !t)
        rc = fihi_fail(err, FIH_E_USAGE, "no tokenizer is given");
    if (rc != 0 || (rc = fihi_tokenizer_give(&given, t, err)) != 0 ||
        (rc = fihi_manifest_analyzer(&a, &r->view->members->manifest, fihi_tokenizer_of(&given), r->paths[0],
                                     err)) != 0)
        return rc;
    fihi_analyzer_free(a);
    /* They were made with another tokenizer, or without one. */
    forget_analyzers(r->analyzers);
    return fihi_tokenizer_give(&r->tokenizer, t, err);
}

/* The new view is opened before the old one goes: on an error the reader stays what it was. */
int fih_reader_renew(int *changed, fih_reader *r, fih_error *err)
{
    struct view *old = r->view, *v;
    int rc;

    /* Set first, so that it is right on an error, too. */
    if (changed)
        *changed = 0;
    if ((rc = fihi_own(r->pid, err)) != 0)
        return rc;
    /* A program may ask before each search: as long as nobody has committed, nothing is opened. */
    if (fihi_view_is_current(old))
        return FIH_OK;
    if ((rc = open_view(&v, r, fihi_store_is_memory(old->members->store) ? old->members->store : NULL, err)) != 0)
        return rc;
    /* The statistics of a collection are of one analyzer, and the new commit may be of another one. */
    if ((rc = fihi_reader_tell(r, v, err)) != 0) {
        fihi_view_close(v);
        return rc;
    }
    r->view = v;
    /* The text has the name and the fingerprint of all that an analysis depends on. */
    if (strcmp(old->members->manifest.analyzer_text, v->members->manifest.analyzer_text) != 0)
        /* Made anew with another one. */
        forget_analyzers(r->analyzers);
    tell_renewed(r, old);
    /* Last, for the messages compare with it. */
    fihi_view_close(old);
    if (changed)
        /* Only now, when all has come out well. */
        *changed = 1;
    return FIH_OK;
}

/* In a child as well: its memory is freed, and the parent's snapshot stays. The view goes before the statistics, which
 * it borrows. NULL is allowed, and a reader that was opened half. */
void fih_reader_close(fih_reader *r)
{
    if (!r)
        return;
    if (r->analyzers) {
        forget_analyzers(r->analyzers);
        free(r->analyzers->idle);
        pthread_mutex_destroy(&r->analyzers->mutex);
        free(r->analyzers);
    }
    fihi_view_close(r->view);
    fihi_statistics_close(r->statistics);
    for (size_t i = 0; i < r->path_count; i++)
        free(r->paths[i]);
    free(r->paths);
    free(r);
}

/* An idle analyzer knows the words of earlier queries already; with n threads at work there are at most n. Who takes
 * one gives it back on each way out, or the next search makes another. Tokenizer and path are only read, so any number
 * of threads may be here at once. */
int fihi_reader_take(struct analyzer **out, const fih_reader *r, fih_error *err)
{
    const int rc = fihi_own(r->pid, err);

    *out = NULL;
    if (rc != 0)                               /* another thread of the parent may hold the mutex for ever */
        return rc;
    /* Making one takes long, so that is done without the mutex. */
    pthread_mutex_lock(&r->analyzers->mutex);
    if (r->analyzers->count)
        *out = r->analyzers->idle[--r->analyzers->count];
    pthread_mutex_unlock(&r->analyzers->mutex);
    return *out ? FIH_OK : fihi_manifest_analyzer(out, &r->view->members->manifest, fihi_tokenizer_of(&r->tokenizer),
                                                    r->paths[0], err);
}

/* NULL is what taking leaves behind an error. One that was reset is as good as new: only what it remembered of words is
 * gone, with the numbers of its terms. */
void fihi_reader_give(const fih_reader *r, struct analyzer *a)
{
    if (!a)
        return;
    /* Outside of the mutex, for it frees much. */
    if (fihi_analyzer_bytes(a) > (8u << 20))   /* after many queries and snippets */
        fihi_analyzer_reset(a);
    /* The last one given back is the first that is lent, as its words are still in the processor's cache. */
    pthread_mutex_lock(&r->analyzers->mutex);
    /* Without memory for the list it is freed instead: giving back cannot fail. */
    if (fihi_grow(&r->analyzers->idle, &r->analyzers->cap, r->analyzers->count + 1, sizeof *r->analyzers->idle) == 0) {
        r->analyzers->idle[r->analyzers->count++] = a;
        a = NULL;
    }
    pthread_mutex_unlock(&r->analyzers->mutex);
    fihi_analyzer_free(a);
}

/* The view counts deleted ones with the others, since document frequencies do until a merge; a person does not. */
uint64_t fih_reader_doc_count(const fih_reader *r)
{
    return r->view->docs - r->view->deleted;
}

size_t fih_reader_index_count(const fih_reader *r)
{
    return r->path_count;
}

/* NULL behind the last, as everywhere where a program walks by number. */
const char *fih_reader_index_path(const fih_reader *r, size_t i)
{
    return i < r->path_count ? r->paths[i] : NULL;
}

/* Members follow one another, so the bases of their numbers tell. */
uint32_t fih_reader_index_of(const fih_reader *r, fih_docno doc)
{
    return fihi_view_member(r->view, doc);
}

/* Notes are not verified when a reader is opened, for there may be millions: once, when the first is asked for. Two
 * threads may come here at once: both do the work then, and the flag, which is atomic, says the same. */
static int verify_notes(struct member *m, fih_error *err)
{
    return fihi_notes_verify(m->snap, &m->manifest, &m->notes_verified, err);
}

/* Borrowed from the snapshot, which keeps it until it ends. The first index that has the key answers, in the order of
 * the paths. Damage ends the search: the note that cannot be read may have been the answer. */
int fih_reader_note(fih_str *value, const fih_reader *r, fih_str key, fih_error *err)
{
    int rc;

    *value = (fih_str){NULL, 0};
    if ((rc = fihi_own(r->pid, err)) != 0)
        return rc;
    /* Before the notes are verified, which can take a while. */
    if (key.len == 0 || key.len > FIH_MAX_ID)
        return fihi_fail(err, FIH_E_USAGE, "a note's key has 1 to %u bytes", FIH_MAX_ID);
    rc = FIH_E_NOTFOUND;
    for (uint32_t i = 0; i < r->view->member_count && rc == FIH_E_NOTFOUND; i++)
        if ((rc = verify_notes(&r->view->members[i], err)) == 0)
            rc = fihi_notes_read(r->view->members[i].snap, key, value, err);
    return rc == FIH_E_NOTFOUND ? fihi_fail(err, rc, "there is no such note") : rc;
}

/* Index by index: a key that two of them have comes twice. */
int fih_reader_note_each(const fih_reader *r, fih_str prefix, int (*each)(void *ctx, fih_str key, fih_str value),
                         void *ctx, fih_error *err)
{
    int rc = fihi_own(r->pid, err);

    for (uint32_t i = 0; i < r->view->member_count && rc == 0; i++)
        if ((rc = verify_notes(&r->view->members[i], err)) == 0)
            rc = fihi_notes_each(r->view->members[i].snap, NULL, prefix, each, ctx, err);
    return rc;
}

/* 0 is the number of a document as well: only the code says that there is none. */
int fih_reader_find(fih_docno *doc, const fih_reader *r, fih_str id, fih_error *err)
{
    const int rc = fihi_own(r->pid, err);

    *doc = 0;
    return rc ? rc : fihi_view_find(r->view, id, doc, err);
}

/* NORM_TEXT counts title and body together. A number without a document, or with a deleted one, is refused by
 * fihi_view_locate() before a length is read. */
int fih_reader_length(uint32_t *words, uint32_t *title, const fih_reader *r, fih_docno doc, fih_error *err)
{
    struct segment *s;
    uint32_t local;
    int rc = fihi_own(r->pid, err);

    /* Zeros on an error: a program that ignores it prints a number all the same. */
    *words = 0;
    if (title)
        *title = 0;
    if (rc == 0 && (rc = fihi_view_locate(r->view, doc, &s, &local, err)) == 0 &&
        (rc = fihi_segment_length(s, NORM_TEXT, local, words, err)) == 0 && title)
        rc = fihi_segment_length(s, NORM_TITLE, local, title, err);
    return rc;
}

/* In the order of the numbers. The id is borrowed for the call. All lie in one buffer, so a program that keeps an id
 * copies it. Nonzero from `each` ends both loops. */
int fih_reader_each_id(const fih_reader *r, int (*each)(void *ctx, fih_docno doc, fih_str id), void *ctx,
                       fih_error *err)
{
    const struct view *v = r->view;
    struct buf room = {0};
    int rc = fihi_own(r->pid, err);

    for (uint32_t i = 0; rc == 0 && i < v->count; i++)
        for (uint32_t d = 0; d < v->segments[i]->stats.docs && rc == 0; d++) {
            fih_str id;

            /* Deleted ones keep their numbers until a merge, so numbers have gaps. */
            if (segment_is_deleted(v->segments[i], d))
                continue;
            if ((rc = fihi_segment_id(v->segments[i], d, &room, &id, err)) == 0)
                /* A segment numbers its documents from 0; the view's base makes numbers of the reader of them. */
                rc = each(ctx, v->bases[i] + d, id);
        }
    fihi_buf_free(&room);
    return rc;
}

/* Names and values point into the record. What is ours (cuts, starts) is kept apart and checked: cuts against the body,
 * which stands before them; starts by whoever uses them. Values of a damaged record may have any bytes, but none lies
 * outside of it: fihi_record_next() sees to that. A second list of cuts is refused, for only one can be that of the
 * body. */
static int parse_fields(fih_stored *s, const uint8_t *record, size_t bytes)
{
    struct record_scan scan;
    fih_field f;
    unsigned code;
    int rc;

    if (fihi_record_scan(&scan, record, bytes) != 0)
        return FIH_E_CORRUPT;
    while ((rc = fihi_record_next(&scan, &code, &f.name, &f.value)) == FIH_OK) {
        if (code == FIELD_CUTS) {
            if (s->cuts.len || fihi_cut_check(f.value, fih_stored_get(s, "body")) != 0)
                return FIH_E_CORRUPT;
            s->cuts = f.value;
            continue;
        }
        if (code == FIELD_STARTS) {
            s->starts = f.value;
            continue;
        }
        if (fihi_grow(&s->fields, &s->cap, s->count + 1, sizeof *s->fields) != 0)
            return FIH_E_NOMEM;
        s->fields[s->count++] = f;
    }
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* The block that it lies in is expanded for it alone and given back; the record is left in s->raw, where names and
 * values point to. Who wants all documents asks fih_reader_each_doc(). */
int fih_reader_doc(fih_stored **out, const fih_reader *r, fih_docno doc, fih_error *err)
{
    fih_stored *s = calloc(1, sizeof *s);
    const uint8_t *record;
    struct segment *segment;
    uint32_t local;
    size_t bytes;
    int rc;

    *out = NULL;
    if (!s)
        return fihi_fail_nomem(err);
    /* A number of another commit may be another document's, or nobody's: FIH_E_NOTFOUND then. */
    if ((rc = fihi_own(r->pid, err)) == 0 && (rc = fihi_view_locate(r->view, doc, &segment, &local, err)) == 0 &&
        (rc = fihi_segment_record(segment, local, &s->raw, &record, &bytes, err)) == 0) {
        rc = parse_fields(s, record, bytes);
        /* parse_fields() has no segment to name. */
        rc = rc == FIH_E_CORRUPT ? fihi_segment_broken(segment, "its stored documents", err)
             : rc                ? fihi_fail_nomem(err)
                                 : FIH_OK;
    }
    if (rc == 0) {
        /* Only of a document that is given out; until then all of it is zeros, which freeing accepts. */
        s->view = r->view;
        s->generation = r->view->generation;
        s->doc = doc;
        *out = s;
    } else {
        fih_stored_free(s);
    }
    return rc;
}

/* One fih_stored for all of them: `each` borrows it for the call. */
struct each_doc {
    fih_stored        *stored;
    struct segment    *segment;
    fih_docno          base;
    int              (*each)(void *ctx, fih_docno doc, const fih_stored *s);
    void              *ctx;
};

/* The buffer is the one of fih_reader_each_doc(): a program that keeps a document reads it with fih_reader_doc(). */
static int give_record(void *ctx, uint32_t doc, const uint8_t *record, size_t bytes, fih_error *err)
{
    struct each_doc *const e = ctx;
    fih_stored *const s = e->stored;
    int rc;

    /* Memory of the fields stays for the next document. */
    s->count = 0;
    s->cuts = s->starts = (fih_str){NULL, 0};
    s->doc = e->base + doc;
    if ((rc = parse_fields(s, record, bytes)) != 0)
        return rc == FIH_E_CORRUPT ? fihi_segment_broken(e->segment, "its stored documents", err)
                                   : fihi_fail_nomem(err);
    return e->each(e->ctx, s->doc, s);
}

/* A block has the records of several documents, and is expanded once for all of them; by number each document would
 * expand it again. `s` is on the stack: `each` borrows it, and must not free it. */
int fih_reader_each_doc(const fih_reader *r, int (*each)(void *ctx, fih_docno doc, const fih_stored *s), void *ctx,
                        fih_error *err)
{
    const struct view *const v = r->view;
    fih_stored s = {.view = v, .generation = v->generation};
    /* The buffer and the array of fields grow to what the largest document needs, and are freed once. */
    struct each_doc e = {.stored = &s, .each = each, .ctx = ctx};
    int rc = fihi_own(r->pid, err);

    for (uint32_t i = 0; i < v->count && rc == 0; i++) {
        e.segment = v->segments[i];
        e.base = v->bases[i];
        rc = fihi_segment_each_record(e.segment, &s.raw, give_record, &e, err);
    }
    fihi_buf_free(&s.raw);
    free(s.fields);
    return rc;
}

/* Pointers of views that are gone are compared, never followed; a new view may have an old one's address, so the
 * generation is compared too. `starts` are the document's own and set in any case; the rest of *place only where it is
 * true. */
bool fihi_stored_place(const fih_stored *s, const fih_reader *r, struct indexed *place)
{
    place->starts = s->starts;
    return s->view == r->view && s->generation == r->view->generation &&
           fihi_view_locate(r->view, s->doc, &place->segment, &place->doc, NULL) == FIH_OK;
}

/* Without cuts and starts, which are the index' own and no fields of the document. */
size_t fih_stored_count(const fih_stored *s)
{
    return s->count;
}

/* Borrowed until the document is freed. */
const fih_field *fih_stored_at(const fih_stored *s, size_t i)
{
    return i < s->count ? &s->fields[i] : NULL;
}

/* A document has few fields: no table. An absent one is empty and not NULL, so that it can be printed. By length and
 * bytes: a name in a record has no NUL behind it, unless it is one of those that all documents may have. */
fih_str fih_stored_get(const fih_stored *s, const char *name)
{
    const size_t n = strlen(name);

    for (size_t i = 0; i < s->count; i++)
        if (s->fields[i].name.len == n && memcmp(s->fields[i].name.ptr, name, n) == 0)
            return s->fields[i].value;
    return (fih_str){"", 0};
}

/* Checked when the record was read, so who walks them meets no error. */
fih_str fihi_stored_cuts(const fih_stored *s)
{
    return s->cuts;
}

/* Names and values lie in `raw`, so these two are all that was allocated besides. */
void fih_stored_free(fih_stored *s)
{
    if (!s)
        return;
    fihi_buf_free(&s->raw);
    free(s->fields);
    free(s);
}
