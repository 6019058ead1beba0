/* api/api_writer.c - Write.
 *
 * Each call first checks that the process is the one that opened the writer: a child after fork() has the parent's
 * locks and threads by name only, and would write into its file. What fails in the writer below drops the uncommitted
 * changes there; nothing is kept here that could disagree with it.
 *
 * What a call means stands in fihrist.h. What is here are the defaults, the limits, and the order in which things are
 * checked; the work is in index/writer.c. The writer is one thread's at a time; its own threads are hidden below.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/handles.h"
#include "base/fail.h"
#include "index/docs.h"
#include "index/view.h"
#include "index/writer.h"
#include "search/find.h"
#include "text/analyzer.h"

/* `tokenizer` holds the copy that the writer's analyzers borrow. */
struct fih_writer {
    pid_t          pid;                /* of the process that opened it */
    struct writer *writer;
    struct given_tokenizer tokenizer;
};

/* A chunk is 1 MiB, and several are under way at once, so 16 MiB is little already; with 256 MiB segments are long,
 * and few have to be merged. In bytes, but for the number of threads. */
enum { MEMORY_LEAST = 16 << 20, MEMORY_DEFAULT = 256 << 20, THREADS_MOST = 64, THREAD_MEMORY = 16 << 20 };

/* Before anything is made on disk: a mistyped name or word must not leave an empty index behind. The lexicon, too:
 * one with a broken line is refused here. For a rebuild the fields are changes to those that the index has, which are
 * not known yet: only how they are written is looked at. */
static int check_name(const fih_writer_opts *o, bool is_rebuild, fih_error *err)
{
    struct schema none = {.count = 0};
    struct analyzer *a = NULL;
    int rc = FIH_OK;

    /* A program's tokenizer stands for both. */
    if (o->tokenizer && (o->analyzer || o->lexicon.len))
        return fihi_fail(err, FIH_E_USAGE, "a program's own tokenizer goes without an analyzer and a lexicon");
    if (o->analyzer || o->lexicon.len)
        rc = fihi_analyzer_new_with(&a, o->analyzer ? o->analyzer : "arabic", o->lexicon, err);

    /* Made only to be checked. */
    fihi_analyzer_free(a);
    if (rc != 0)
        return rc;
    /* Into a schema without fields, which is thrown away. */
    return is_rebuild ? fihi_schema_change(&none, o->fields, err) : fihi_schema_parse(&none, o->fields, err);
}

/* Also for api_rebuild.c, which writes an index as a writer does. */
int fihi_writer_options(fih_writer_opts *o, const fih_writer_opts *given, bool is_rebuild, fih_error *err)
{
    int rc;

    *o = (fih_writer_opts)FIH_WRITER_OPTS_INIT;
    rc = fihi_options(o, sizeof *o, given, err);
    if (rc != 0)
        return rc;
    /* 0 is what a struct has that names no budget. */
    if (o->memory_bytes == 0)
        o->memory_bytes = MEMORY_DEFAULT;
    /* One thread, for a library should not take more than it is given. */
    if (o->threads == 0)
        o->threads = 1;
    if (o->memory_bytes < MEMORY_LEAST)
        return fihi_fail(err, FIH_E_USAGE, "a memory budget of %llu bytes is too small: at least %d",
                         (unsigned long long)o->memory_bytes, MEMORY_LEAST);
    if (o->threads > THREADS_MOST)
        return fihi_fail(err, FIH_E_USAGE, "%u threads are too many: at most %d", o->threads, THREADS_MOST);
    /* A thread's analyzer and chunks take some 8 MiB beside what all share (bench/memory). At least two, also of the
     * least budget. */
    const uint64_t most = o->memory_bytes / THREAD_MEMORY > 2 ? o->memory_bytes / THREAD_MEMORY : 2;
    if (o->threads > most)
        o->threads = (uint32_t)most;
    /* What is not a number stays what it is in the index. Weights are kept in the index, for searches that name
     * none. */
    if (o->title_weight < 0 || o->title_weight > 1e6f || o->body_weight <= 0 || o->body_weight > 1e6f)
        return fihi_fail(err, FIH_E_USAGE, "a field's weight must be a number up to 1000000, that of the body above 0");
    return check_name(o, is_rebuild, err);
}

/* is_memory: without a path. The lock of the index is taken by fihi_writer_open(), and stays until fih_writer_close().
 * w owns the writer from then on. */
static int open_writer(fih_writer **out, const char *path, bool is_memory, const fih_writer_opts *opts, fih_error *err)
{
    /* Allocated first, so that after the lock is taken nothing here can fail. */
    fih_writer *w = calloc(1, sizeof *w);
    fih_writer_opts o;
    int rc;

    *out = NULL;
    if (!w)
        return fihi_fail_nomem(err);
    w->pid = getpid();
    if ((rc = fihi_writer_options(&o, opts, false, err)) == 0 &&
        (rc = fihi_tokenizer_give(&w->tokenizer, o.tokenizer, err)) == 0) {
        o.tokenizer = fihi_tokenizer_of(&w->tokenizer);
        /* From the copy, so that the program's own struct may go when this returns. */
        rc = is_memory ? fihi_writer_open_memory(&w->writer, &o, err) : fihi_writer_open(&w->writer, path, &o, err);
    }
    if (rc == 0)
        *out = w;
    else
        free(w);
    return rc;
}

int fih_writer_open(fih_writer **out, const char *path, const fih_writer_opts *opts, fih_error *err)
{
    return open_writer(out, path, false, opts, err);
}

/* Nothing of it is on disk, so there is no path and nobody else to lock out. */
int fih_writer_open_memory(fih_writer **out, const fih_writer_opts *opts, fih_error *err)
{
    return open_writer(out, NULL, true, opts, err);
}

/* An index in memory has no path to be opened by; of one on disk it is the last commit, as for any reader. */
int fih_writer_reader(fih_reader **out, const fih_writer *w, fih_error *err)
{
    const int rc = fihi_own(w->pid, err);

    *out = NULL;
    return rc ? rc : fihi_reader_open_same(out, fihi_writer_store(w->writer), &w->tokenizer, err);
}

/* An extra field of such a name could not be told from the field itself, once it is stored. */
int fihi_check_extra(const fih_doc *doc, fih_error *err)
{
    for (size_t i = 0; i < doc->extra_count; i++)
        for (unsigned k = 0; k < FIELD_KNOWN; k++)
            if (doc->extra[i].name.len == strlen(fihi_field_names[k]) &&
                memcmp(doc->extra[i].name.ptr, fihi_field_names[k], doc->extra[i].name.len) == 0)
                return fihi_fail(err, FIH_E_USAGE,
                                 "extra field %zu is named '%s', as one that every document has: it goes there", i + 1,
                                 fihi_field_names[k]);
    return FIH_OK;
}

/* doc's struct may be of an older header: what it does not know has the default. */
int fih_writer_add(fih_writer *w, const fih_doc *doc, fih_error *err)
{
    fih_doc d = FIH_DOC_INIT;
    int rc = fihi_own(w->pid, err);

    if (rc == 0)
        rc = fihi_options(&d, sizeof d, doc, err);
    if (rc == 0)
        rc = fihi_check_extra(&d, err);
    /* The fields are copied before it returns. */
    return rc ? rc : fihi_writer_add(w->writer, &d, err);
}

int fih_writer_delete(fih_writer *w, fih_str id, fih_error *err)
{
    const int rc = fihi_own(w->pid, err);

    return rc ? rc : fihi_writer_delete(w->writer, id, err);
}

/* All documents that came from one file, for instance, before it is added anew. */
int fih_writer_delete_source(uint64_t *count, fih_writer *w, fih_str source, fih_error *err)
{
    const int rc = fihi_own(w->pid, err);

    /* Set in any case, so that a program that ignores the error prints a number. */
    if (count)
        *count = 0;
    return rc ? rc : fihi_writer_delete_source(w->writer, source, count, err);
}

/* fihi_find() reads a view of all that the next commit would have; marking a document is the one call of the writer
 * that leaves the view as it is. What fihi_find() passes through to delete_found(). */
struct deletion {
    struct writer *writer;
    uint64_t       count;
};

/* An error ends the search, and comes back from it. */
static int delete_found(void *ctx, uint32_t segment, uint32_t doc, fih_error *err)
{
    struct deletion *const d = ctx;

    /* Each document is found once. */
    d->count++;
    return fihi_writer_delete_doc(d->writer, segment, doc, err);
}

/* The documents of the next commit are searched, those that were added since the last one among them. The analyzer is
 * made for the call and not borrowed: the writer's own are its threads'. */
int fih_writer_delete_query(uint64_t *count, fih_writer *w, const fih_query *q, fih_error *err)
{
    struct deletion d = {w->writer, 0};
    const struct view *v;
    struct analyzer *a = NULL;
    int rc = fihi_own(w->pid, err);

    if (count)
        *count = 0;
    if (rc != 0 || (rc = fihi_writer_view(w->writer, &v, err)) != 0)
        return rc;
    if ((rc = fihi_manifest_analyzer(&a, &v->members->manifest, fihi_tokenizer_of(&w->tokenizer),
                                     fihi_store_dir(v->members->store), err)) == 0)
        rc = fihi_find(v, a, q, delete_found, &d, err);
    fihi_analyzer_free(a);
    /* Only of what is marked for good. */
    if (rc == 0 && count)
        *count = d.count;
    /* Half a deletion is not kept. A query that was not understood, or asks for too much, has marked none. */
    if (rc != 0 && d.count > 0)
        /* The error that is told stays the first one. */
        fihi_writer_rollback(w->writer, NULL);
    return rc;
}

/* Borrowed from the writer until its next call. */
int fih_writer_source(fih_str *source, fih_writer *w, fih_str id, fih_error *err)
{
    const int rc = fihi_own(w->pid, err);

    *source = (fih_str){NULL, 0};
    return rc ? rc : fihi_writer_source(w->writer, id, source, err);
}

/* Value and key are copied: they wait in memory for the commit that carries them. */
int fih_writer_note_put(fih_writer *w, fih_str key, fih_str value, fih_error *err)
{
    const int rc = fihi_own(w->pid, err);

    return rc ? rc : fihi_writer_note(w->writer, key, value, 0, err);
}

/* What the program itself has put since the last commit is seen, too. */
int fih_writer_note_get(fih_str *value, fih_writer *w, fih_str key, fih_error *err)
{
    const int rc = fihi_own(w->pid, err);

    *value = (fih_str){NULL, 0};
    return rc ? rc : fihi_writer_note_get(w->writer, key, value, err);
}

int fih_writer_note_delete(fih_writer *w, fih_str key, fih_error *err)
{
    const int rc = fihi_own(w->pid, err);

    return rc ? rc : fihi_writer_note(w->writer, key, (fih_str){NULL, 0}, 1, err);
}

int fih_writer_note_each(fih_writer *w, fih_str prefix, int (*each)(void *ctx, fih_str key, fih_str value), void *ctx,
                         fih_error *err)
{
    const int rc = fihi_own(w->pid, err);

    return rc ? rc : fihi_writer_note_each(w->writer, prefix, each, ctx, err);
}

/* merge_all: everything becomes one segment, which takes as long as the index is large. */
static int commit(fih_writer *w, int merge_all, fih_error *err)
{
    int rc = fihi_own(w->pid, err);

    if (rc == 0)
        rc = fihi_writer_commit(w->writer, merge_all, err);
    if (rc == FIH_OK)
        /* Copies the file if much of it is free; what that cannot do is no error of the commit's. */
        fihi_writer_tidy(w->writer);           /* done or not, the commit stands */
    return rc;
}

int fih_writer_commit(fih_writer *w, fih_error *err)
{
    return commit(w, 0, err);
}

int fih_writer_rollback(fih_writer *w, fih_error *err)
{
    const int rc = fihi_own(w->pid, err);

    return rc ? rc : fihi_writer_rollback(w->writer, err);
}

int fih_writer_merge(fih_writer *w, fih_error *err)
{
    return commit(w, 1, err);
}

/* Without a check of the process: it only reads, and is asked often. */
const fih_progress *fih_writer_progress(const fih_writer *w)
{
    return fihi_writer_progress(w->writer);
}

/* New, and the caller's: it stays as it is when the writer is closed. */
int fih_writer_fields(fih_fields **out, const fih_writer *w, fih_error *err)
{
    const int rc = fihi_own(w->pid, err);

    *out = NULL;
    return rc ? rc : fihi_fields_new(out, fihi_writer_schema(w->writer), err);
}

/* What was not committed is dropped. NULL is allowed, so that a program may close what it could not open. */
void fih_writer_close(fih_writer *w)
{
    if (!w)
        return;
    fihi_writer_close(w->writer);
    free(w);
}

/* All segments into one, then a new file without the free pages. The options that would make or change an index are
 * taken out: it stays what it is. no_create, or a mistyped path would become an empty index; no_add, so that an index
 * can be compacted whose analyzer the library has not. */
int fih_compact(const char *path, const fih_writer_opts *opts, fih_error *err)
{
    struct writer *w;
    fih_writer_opts o;
    int rc;

    if ((rc = fihi_writer_options(&o, opts, false, err)) != 0)
        return rc;
    o.no_create = o.no_add = 1;
    /* What is NULL or empty is taken from the index. */
    o.analyzer = NULL;
    o.tokenizer = NULL;
    o.fields = (fih_str){NULL, 0};
    if ((rc = fihi_writer_open(&w, path, &o, err)) != 0)
        return rc;
    /* Merged first: the copy is then one segment and no free page. */
    if ((rc = fihi_writer_commit(w, 1, err)) == 0)
        /* Closes the writer, error or not. */
        return fihi_writer_compact(w, err);
    fihi_writer_close(w);
    return rc;
}
