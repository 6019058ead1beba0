/* merge.c - fihrist merge: one index of several, with the ledger of files that fihrist index goes on with.
 *
 * What the ledger says must be true in the new index too. A file whose document was left out, because a later index has
 * one of its id, is marked as fihrist index marks it: if the other document goes, the file is read again. A file that
 * several of the indexes have read may still have documents from an earlier reading: it is read again the next time.
 *
 * All shards of a set (read/shard.h) together are an index of all documents, which goes on with all files. Some of them
 * are not: fihrist index refuses what becomes of these.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "out/out.h"
#include "out/progress.h"
#include "read/ledger.h"
#include "read/shard.h"

static int cmd_merge_run(int argc, char **argv);

const struct command cmd_merge = {
    "merge", "merge [OPTION]... NEW INDEX...", "make one index of several, without analysing again", cmd_merge_run,
};

/* Documents of a source that were left out. */
struct left_out {
    size_t   index;
    char    *source;           /* NUL behind it */
    size_t   bytes;
    uint64_t documents;
};

struct merge {
    struct progress  progress;
    uint64_t         replaced;
    struct left_out *left_out;     /* sorted before the first note */
    size_t           count, cap;
    bool             is_sorted;
    uint64_t        *files;        /* hashes of files that still have documents: of earlier indexes, sorted, then of the
                                      one at hand */
    size_t           earlier, file_count, file_cap;
    size_t           index;        /* the one at hand */
    char            *value;        /* of the note at hand */
    bool             are_all_shards, is_of_shards;
};

/* --- what is left out --- */

static int compare(const struct left_out *x, size_t index, fih_str source)
{
    const size_t n = x->bytes < source.len ? x->bytes : source.len;
    int by = (x->index > index) - (x->index < index);

    by = by ? by : n ? memcmp(x->source, source.ptr, n) : 0;
    return by ? by : (x->bytes > source.len) - (x->bytes < source.len);
}

static int by_source(const void *x, const void *y)
{
    const struct left_out *b = y;

    return compare(x, b->index, (fih_str){ b->source, b->bytes });
}

/* Documents of a source mostly come one behind the other. */
static int on_replaced(void *ctx, size_t index, fih_str id, fih_str source)
{
    struct merge *const m = ctx;
    struct left_out *last = m->count > 0 ? &m->left_out[m->count - 1] : NULL;

    (void)id;
    m->replaced++;
    if (last && compare(last, index, source) == 0) {
        last->documents++;
        return FIH_OK;
    }
    if (m->count == m->cap) {
        struct left_out *const more = realloc(m->left_out, (m->cap * 2 + 16) * sizeof *more);

        if (!more)
            return FIH_E_NOMEM;
        m->left_out = more;
        m->cap = m->cap * 2 + 16;
    }
    last = &m->left_out[m->count];
    *last = (struct left_out){ index, malloc(source.len + 1), source.len, 1 };
    if (!last->source)
        return FIH_E_NOMEM;
    memcpy(last->source, source.ptr, source.len);
    last->source[source.len] = '\0';
    m->count++;
    return FIH_OK;
}

static uint64_t count_left_out(struct merge *m, size_t index, fih_str path)
{
    size_t low = 0, high = m->count;
    uint64_t n = 0;

    if (!m->is_sorted && m->count > 0)
        qsort(m->left_out, m->count, sizeof *m->left_out, by_source);
    m->is_sorted = true;
    while (low < high) {
        const size_t mid = low + (high - low) / 2;

        if (compare(&m->left_out[mid], index, path) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < m->count && compare(&m->left_out[low], index, path) == 0; low++)
        n += m->left_out[low].documents;
    return n;
}

/* --- the ledger --- */

/* FNV-1a. Two paths of one hash would only have a file read again. */
static uint64_t hash_of(fih_str s)
{
    uint64_t h = UINT64_C(14695981039346656037);

    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.ptr[i]) * UINT64_C(1099511628211);
    return h;
}

static int by_hash(const void *x, const void *y)
{
    const uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;

    return (a > b) - (a < b);
}

/* Are there documents of the file from an earlier index? */
static bool has_earlier(struct merge *m, size_t index, uint64_t hash)
{
    if (index != m->index && m->file_count > 0) {
        qsort(m->files, m->file_count, sizeof *m->files, by_hash);
        m->earlier = m->file_count;
    }
    m->index = index;
    return m->earlier > 0 && bsearch(&hash, m->files, m->earlier, sizeof *m->files, by_hash);
}

static int keep_file(struct merge *m, uint64_t hash)
{
    if (m->file_count == m->file_cap) {
        uint64_t *const more = realloc(m->files, (m->file_cap * 2 + 256) * sizeof *more);

        if (!more)
            return -1;
        m->files = more;
        m->file_cap = m->file_cap * 2 + 256;
    }
    m->files[m->file_count++] = hash;
    return 0;
}

static int on_note(void *ctx, size_t index, fih_str key, fih_str *value)
{
    static const size_t head = sizeof LEDGER_FILE - 1;
    struct merge *const m = ctx;
    uint64_t hash, lost, left;
    bool is_twice;
    fih_str path;

    if (key.len == sizeof SHARD_NOTE - 1 && memcmp(key.ptr, SHARD_NOTE, key.len) == 0) {
        if (m->is_of_shards)
            *value = m->are_all_shards ? (fih_str){ NULL, 0 } : out_str("some");
        return FIH_OK;
    }
    if (key.len <= head || memcmp(key.ptr, LEDGER_FILE, head) != 0)
        return FIH_OK;
    if (m->are_all_shards && ledger_is_elsewhere(*value)) {
        *value = (fih_str){ NULL, 0 };             /* the shard that has it knows more */
        return FIH_OK;
    }
    path = (fih_str){ key.ptr + head, key.len - head };
    hash = hash_of(path);
    is_twice = has_earlier(m, index, hash);
    lost = count_left_out(m, index, path);
    free(m->value);
    m->value = ledger_merged(&left, *value, lost, is_twice);
    if (m->value && (is_twice || lost > 0))
        *value = out_str(m->value);
    return left > 0 ? keep_file(m, hash) : FIH_OK;
}

/* --- shards --- */

/* The shard of an index; count 0 if it has none. */
static int read_shard(struct shard *out, const char *index, fih_error *err)
{
    fih_reader *r = NULL;
    int rc = fih_reader_open(&r, index, err);

    *out = (struct shard){ 0, 0, "" };
    if (rc == FIH_OK)
        rc = shard_of(out, r, err);
    fih_reader_close(r);
    return rc == FIH_E_NOTFOUND ? FIH_OK : rc;     /* an index that is not there is told by the merge */
}

/* What the indexes are together: is any of them a shard, and are they all of one set? A single one stays what it is. */
static int find_shards(struct merge *m, char **indexes, size_t count, fih_error *err)
{
    struct shard *const shards = calloc(count, sizeof *shards);
    bool *const has = calloc(count, sizeof *has);
    int rc = shards && has ? FIH_OK : FIH_E_NOMEM;

    for (size_t i = 0; i < count && rc == FIH_OK; i++) {
        if ((rc = read_shard(&shards[i], indexes[i], err)) != FIH_OK)
            break;
        m->is_of_shards |= count > 1 && shards[i].count > 0;
        if (shards[i].count == count && !has[shards[i].number - 1])
            has[shards[i].number - 1] = true;
    }
    m->are_all_shards = m->is_of_shards && rc == FIH_OK;
    for (size_t i = 0; i < count && m->are_all_shards; i++)
        m->are_all_shards = has[i];
    free(shards);
    free(has);
    return rc;
}

/* --- the command --- */

static int on_progress(void *ctx, const fih_progress *p)
{
    struct merge *const m = ctx;

    (void)p;
    progress_tick(&m->progress, 0);
    return cli_interrupted();
}

static void forget(struct merge *m)
{
    for (size_t i = 0; i < m->count; i++)
        free(m->left_out[i].source);
    free(m->left_out);
    free(m->files);
    free(m->value);
    *m = (struct merge){ .progress = m->progress };
}

static int tell(const struct merge *m, const char *dest, size_t indexes, FILE *to)
{
    fih_stats s = { .size = sizeof s };
    fih_error err;

    if (cli_stats(dest, &s, &err) != FIH_OK)
        return cli_fail("merge", &err);
    out_count(to, s.documents);
    fprintf(to, " %s of %zu %s, ", s.documents == 1 ? "document" : "documents", indexes,
            indexes == 1 ? "index" : "indexes");
    out_count(to, m->replaced);
    fprintf(to, " left out for later ones of their ids; %.1f s\n", progress_seconds(&m->progress));
    return EXIT_DONE;
}

static int run(const char *dest, char **indexes, size_t count, bool is_quiet, bool wants_summary)
{
    struct merge m = { .replaced = 0 };
    fih_merge_opts opts = FIH_MERGE_OPTS_INIT;
    unsigned tries = 0;
    int rc, status = EXIT_DONE;
    fih_error err;

    cli_catch_signals();
    progress_start(&m.progress, !is_quiet);
    opts.on_progress = on_progress;
    opts.on_replaced = on_replaced;
    opts.on_note = on_note;
    opts.ctx = &m;
    do {
        forget(&m);
        err = (fih_error){ 0, 0, 0, "" };
        if ((rc = find_shards(&m, indexes, count, &err)) == FIH_OK)
            rc = fih_merge((const char *const *)indexes, count, dest, &opts, &err);
    } while (cli_again(rc, &tries));
    progress_clear(&m.progress);
    if (rc == FIH_E_CANCEL && cli_interrupted()) {
        cli_error("merge", "interrupted: '%s' was not made", dest);
        status = EXIT_TROUBLE;
    } else if (rc != FIH_OK && err.code == FIH_OK) {
        cli_error("merge", "out of memory");
        status = EXIT_TROUBLE;
    } else if (rc != FIH_OK) {
        status = cli_fail("merge", &err);
    } else if (wants_summary || m.progress.is_on) {
        status = tell(&m, dest, count, wants_summary ? stdout : stderr);
    }
    forget(&m);
    return status;
}

static int cmd_merge_run(int argc, char **argv)
{
    bool is_quiet = false, wants_summary = false;
    const struct cli_opt opts[] = {
        { 'q', "quiet", CLI_FLAG, &is_quiet, NULL, "no progress line and no summary" },
        { 0, "summary", CLI_FLAG, &wants_summary, NULL, "print one line of counts at the end, for a log" },
    };
    const int at = cli_parse(&cmd_merge, argc, argv, opts, sizeof opts / sizeof *opts);

    if (at < 0)
        return EXIT_NONE;
    if (argc - at < 2) {
        cli_error("merge", "name a new directory and the indexes to merge (see 'fihrist merge --help')");
        return EXIT_NONE;
    }
    cli_raise_files((size_t)(argc - at - 1));
    return cli_finish("merge", run(argv[at], argv + at + 1, (size_t)(argc - at - 1), is_quiet, wants_summary));
}
