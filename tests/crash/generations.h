/* generations.h - what the tests of crashes write, and what must be left of it.
 *
 * Batch g replaces ten documents, adds some, deletes those of generation g - KEPT, puts notes, and commits; now and then
 * it merges, compacts, rebuilds or makes a backup instead. Each begin and each acknowledged commit is said. Afterwards an index
 * must be exactly that of the last acknowledged generation, or of the one under way.
 */
#ifndef GENERATIONS_H
#define GENERATIONS_H

#include "sample.h"
#include "calls.h"

enum { ROLLING = 10, KEPT = 6 };

static struct {
    char     folder[256], dir[280], backup[280], beside[280];  /* beside: rebuilt there; empty: nowhere */
    unsigned points;
    uint64_t seed;
    void   (*say)(int out, unsigned said, unsigned generation);   /* NULL: nobody is told */
} g;

static unsigned batch_size(unsigned generation)
{
    return 1 + generation * 7 % 23;
}

enum said { SAID_BEGIN, SAID_COMMIT, SAID_BACKUP_BEGIN, SAID_BACKUP };
struct word {
    uint32_t said, generation;
};

static void need(int rc, const fih_error *err, const char *what)
{
    if (rc == FIH_OK)
        return;
    printf("# the writer: %s: %s (%s)\n", what, fih_error_name(rc), err->msg);
    fflush(stdout);
    _exit(5);
}

/* The rolling documents carry the generation as their version. */
static void put(fih_writer *w, const char *id, unsigned number, unsigned version, const char *source)
{
    static struct sample_text t;
    fih_error err;
    fih_doc doc;

    sample_doc(&doc, &t, number, version);
    doc.id = (fih_str){id, strlen(id)};
    doc.source = (fih_str){source, strlen(source)};
    need(fih_writer_add(w, &doc, &err), &err, "add");
}

static void batch(fih_writer *w, unsigned generation)
{
    char id[64], source[64], value[32];
    fih_error err;

    for (unsigned i = 0; i < ROLLING; i++) {
        snprintf(id, sizeof id, "roll-%u", i);
        put(w, id, i, generation, "rolling");
    }
    snprintf(source, sizeof source, "source-%u", generation);
    for (unsigned i = 0; i < batch_size(generation); i++) {
        snprintf(id, sizeof id, "gen-%u-%u", generation, i);
        put(w, id, 1000 + i, generation, source);
    }
    need(fih_writer_note_put(w, FIH_STR("generation"), (fih_str){value, (size_t)snprintf(value, sizeof value, "%u", generation)}, &err),
         &err, "note");
    snprintf(id, sizeof id, "batch/%u", generation);
    need(fih_writer_note_put(w, fih_str_of(id), fih_str_of(value), &err), &err, "note");
    if (generation > KEPT) {
        uint64_t count;

        snprintf(source, sizeof source, "source-%u", generation - KEPT);
        need(fih_writer_delete_source(&count, w, fih_str_of(source), &err), &err, "delete");
        if (count != batch_size(generation - KEPT)) {
            printf("# the writer: %u documents of %s are not there\n", batch_size(generation - KEPT) - (unsigned)count,
                   source);
            fflush(stdout);
            _exit(5);
        }
        snprintf(id, sizeof id, "batch/%u", generation - KEPT);
        need(fih_writer_note_delete(w, fih_str_of(id), &err), &err, "note");
    }
}

/* A note's value has no end but its length. */
static unsigned number(fih_str s)
{
    unsigned n = 0;

    for (size_t i = 0; i < s.len; i++)
        n = n * 10 + (unsigned)(s.ptr[i] - '0');
    return n;
}

/* In place, or beside: into what is new, or what a rebuild that was killed has left. An older copy goes first; killed
 * over that, we have left a part of it. */
static void rebuild(const char *dest, const fih_writer_opts *opts)
{
    fih_error err;
    int rc = fih_rebuild(g.dir, dest, opts, NULL, NULL, &err);

    if ((rc == FIH_E_USAGE || rc == FIH_E_CORRUPT) && dest) {
        remove_folder(dest);
        rc = fih_rebuild(g.dir, dest, opts, NULL, NULL, &err);
    }
    need(rc, &err, dest ? "rebuild beside" : "rebuild");
}

static void tell(int out, enum said said, unsigned generation)
{
    if (g.say)
        g.say(out, said, generation);
}

/* Generations from the one that the index has: `count` of them, or for ever if 0. */
static void write_generations(int out, unsigned count)
{
    fih_writer_opts opts = FIH_WRITER_OPTS_INIT;
    fih_writer *w = NULL;
    unsigned generation = 0;
    fih_error err;
    fih_str value;

    opts.memory_bytes = 16 << 20;
    need(fih_writer_open(&w, g.dir, &opts, &err), &err, "open");
    if (fih_writer_note_get(&value, w, FIH_STR("generation"), &err) == FIH_OK)
        generation = number(value);
    for (const unsigned last = generation + count; count == 0 || generation < last;) {
        generation++;
        tell(out, SAID_BEGIN, generation);
        batch(w, generation);
        if (generation % 3 == 2 && sample_grow(g.dir) != 0)
            _exit(6);
        if (generation % 5 == 0)
            need(fih_writer_merge(w, &err), &err, "merge");
        else
            need(fih_writer_commit(w, &err), &err, "commit");
        tell(out, SAID_COMMIT, generation);
        if (generation % 4 == 1) {
            fih_writer_close(w);
            need(fih_compact(g.dir, &opts, &err), &err, "compact");
            opts.threads = 1 + generation % 3;
            need(fih_writer_open(&w, g.dir, &opts, &err), &err, "open");
        }
        if (generation % 7 == 3) {
            fih_writer_close(w);
            rebuild(NULL, &opts);
            need(fih_writer_open(&w, g.dir, &opts, &err), &err, "open");
        }
        if (g.beside[0] && generation % 5 == 3)
            rebuild(g.beside, &opts);
        if (generation % 6 == 2) {
            tell(out, SAID_BACKUP_BEGIN, generation);
            remove_folder(g.backup);
            need(fih_backup(g.dir, g.backup, &err), &err, "backup");
            tell(out, SAID_BACKUP, generation);
        }
    }
    fih_writer_close(w);
}

/* ---- looking at what is left */

static int count_note(void *ctx, fih_str key, fih_str value)
{
    unsigned *have = ctx;

    (void)key;
    have[0]++;
    have[1] += number(value);
    return 0;
}

/* Is the index exactly that of the generation its note names? `from` (the last acknowledged) to `to`. */
static void whole(const char *dir, unsigned from, unsigned to, unsigned point)
{
    static struct sample_text t;
    fih_search_opts so = FIH_SEARCH_OPTS_INIT;
    unsigned generation = 0, docs = ROLLING, notes[2] = {0, 0}, want_notes = 0, sum = 0;
    fih_reader *r = NULL;
    fih_query *q = NULL;
    fih_hits *h = NULL;
    fih_error err = {0, 0, 0, ""};
    char id[64], text[64];
    fih_str value;
    int rc = fih_reader_open(&r, dir, &err);

    if (rc != 0 && from == 0 && (rc == FIH_E_NOTFOUND || rc == FIH_E_NOTINDEX))
        return;                                        /* killed before the first commit */
    if (rc == FIH_E_CORRUPT && from == 0 && strcmp(dir, g.dir) != 0 && strstr(err.msg, "incomplete backup"))
        return;                                        /* killed while an old copy was removed */
    if (!CHECK(rc == 0, "point %u: open: %s", point, err.msg))
        return;
    CHECK_INT_EQ(fih_check(NULL, dir, print_problem, NULL, &err), FIH_OK, "point %u: %s", point, err.msg);
    if (!CHECK_INT_EQ(fih_reader_note(&value, r, FIH_STR("generation"), &err), FIH_OK, "point %u", point))
        goto out;
    for (size_t i = 0; i < value.len; i++)
        generation = generation * 10 + (unsigned)(value.ptr[i] - '0');
    CHECK(generation >= from && generation <= to, "point %u: generation %u, acknowledged %u, begun %u", point,
          generation, from, to);
    for (unsigned k = generation > KEPT ? generation - KEPT + 1 : 1; k <= generation; k++) {
        docs += batch_size(k);
        sum += k;
        want_notes++;
        for (unsigned i = 0; i < batch_size(k); i++) {
            fih_docno doc;

            snprintf(id, sizeof id, "gen-%u-%u", k, i);
            CHECK_INT_EQ(fih_reader_find(&doc, r, fih_str_of(id), &err), FIH_OK, "point %u: %s", point, id);
        }
    }
    CHECK_INT_EQ(fih_reader_doc_count(r), docs, "point %u, generation %u", point, generation);
    fih_reader_note_each(r, FIH_STR("batch/"), count_note, notes, &err);
    CHECK(notes[0] == want_notes && notes[1] == sum, "point %u: notes of other generations", point);
    for (unsigned i = 0; i < ROLLING; i++) {
        fih_stored *s = NULL;
        fih_docno at;
        fih_doc doc;

        snprintf(id, sizeof id, "roll-%u", i);
        sample_doc(&doc, &t, i, generation);
        if (fih_reader_find(&at, r, fih_str_of(id), &err) == 0 && fih_reader_doc(&s, r, at, &err) == 0) {
            const fih_str body = fih_stored_get(s, "body");

            CHECK(body.len == doc.body.len && memcmp(body.ptr, doc.body.ptr, body.len) == 0, "point %u: %s is another",
                  point, id);
        } else {
            CHECK(0, "point %u: %s: %s", point, id, err.msg);
        }
        fih_stored_free(s);
    }
    so.count_all = 1;
    if (fih_query_parse(&q, (fih_str){text, (size_t)snprintf(text, sizeof text, "\"نسخة%u\"", generation)}, &err) == 0 &&
        fih_search(&h, r, q, &so, &err) == 0)
        CHECK_INT_EQ(fih_hits_total(h), ROLLING + batch_size(generation), "point %u, generation %u", point,
                     generation);
    else
        CHECK(0, "point %u: search: %s", point, err.msg);
out:
    fih_hits_free(h);
    fih_query_free(q);
    fih_reader_close(r);
}

/* What the command line asks for, and folders to do it in. */
static void begin(int argc, char **argv, const char *name, const char *option, unsigned points)
{
    g.points = (unsigned)tap_option(argc, argv, option, points);
    g.seed = (uint64_t)tap_option(argc, argv, "--seed", 1);
    sample_folder(g.folder, name);
    snprintf(g.dir, sizeof g.dir, "%s/index", g.folder);
    snprintf(g.backup, sizeof g.backup, "%s/backup", g.folder);
}

#endif
