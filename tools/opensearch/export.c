/* export.c - an index written for OpenSearch or Elasticsearch: settings, or documents, or what has changed of them. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "cli.h"
#include "opensearch/opensearch.h"
#include "read/encoding.h"

enum { SAID_MOST = 10, SHOWN = 200 };

struct job {
    const struct opensearch_export *what;
    FILE         *out;
    struct bulk  *bulk;
    struct since *since;
    uint64_t      refused, spoilt;
    fih_error     err;
    int           rc;                  /* of the document that failed */
};

static int shown(fih_str s)
{
    return (int)(s.len < SHOWN ? s.len : SHOWN);
}

static void say_spoilt(struct job *j, const fih_stored *doc)
{
    const fih_str id = fih_stored_get(doc, "id");
    const fih_field *f;

    for (size_t i = 0; (f = fih_stored_at(doc, i)) != NULL; i++)
        if (!encoding_is_utf8(f->value.ptr, f->value.len) || !encoding_is_utf8(f->name.ptr, f->name.len)) {
            if (j->spoilt++ < SAID_MOST)
                cli_error("export",
                          "the document '%.*s' is not whole: what is no UTF-8 in its field '%.*s' became U+FFFD",
                          shown(id), id.ptr, shown(f->name), f->name.ptr);
            return;
        }
}

/* Nonzero stops: why, the caller finds out. */
static int write_document(void *ctx, fih_docno n, const fih_stored *doc)
{
    struct job *const j = ctx;
    const fih_str id = fih_stored_get(doc, "id");
    const enum bulk_id how = bulk_id(id);

    (void)n;
    if (how != BULK_ID) {
        if (j->refused++ < SAID_MOST)
            cli_error("export", "the document '%.*s' is left out: %s", shown(id), id.ptr,
                      how == BULK_ID_LONG ? "an id there has at most 512 bytes" : "its id is not UTF-8");
    } else if (!j->since || !since_has(j->since, doc)) {
        say_spoilt(j, doc);
        j->rc = bulk_document(j->out, j->bulk, doc, &j->err);
    }
    return j->rc || ferror(j->out) || (j->what->stop && j->what->stop()) ? FIH_E_CANCEL : FIH_OK;
}

static void write_deletion(void *ctx, fih_str id)
{
    bulk_deletion(ctx, id);
}

static int fail(int rc, const fih_error *err)
{
    if (rc != FIH_E_NOMEM)
        return cli_fail("export", err);
    cli_error("export", "out of memory");
    return EXIT_TROUBLE;
}

static int write_documents(struct job *j, const fih_reader *r)
{
    int rc = fih_reader_each_doc(r, write_document, j, &j->err);

    if (j->what->stop && j->what->stop()) {
        cli_error("export", "interrupted: not all documents were written");
        return EXIT_TROUBLE;
    }
    if (j->rc != FIH_OK)
        rc = j->rc;
    if (rc != FIH_OK && rc != FIH_E_CANCEL)
        return fail(rc, &j->err);
    if (rc == FIH_OK && j->since)
        since_each_gone(j->since, write_deletion, j->out);
    if (j->refused > SAID_MOST)
        cli_error("export", "and %" PRIu64 " more documents are left out", j->refused - SAID_MOST);
    if (j->spoilt > SAID_MOST)
        cli_error("export", "and %" PRIu64 " more documents that are not whole", j->spoilt - SAID_MOST);
    return j->refused + j->spoilt > 0 ? EXIT_PARTLY : EXIT_DONE;
}

int opensearch_export(FILE *out, const fih_reader *r, const struct opensearch_export *e, struct since **since)
{
    struct job j = { .what = e, .out = out };
    fih_stats stats = FIH_STATS_INIT;
    struct impact impact;
    int status, rc;

    *since = NULL;
    if ((rc = opensearch_impact(&impact, e->engine, r, &j.err)) != FIH_OK ||
        (rc = fih_reader_stats(&stats, r, &j.err)) != FIH_OK)
        return fail(rc, &j.err);
    if (e->only_settings) {
        rc = opensearch_settings(out, r, &impact, &j.err);
        return rc == FIH_OK || ferror(out) ? EXIT_DONE : fail(rc, &j.err);
    }
    if (e->since && !(j.since = *since = since_open(e->since, &impact, stats.analyzer_text)))
        return EXIT_TROUBLE;
    if (!(j.bulk = bulk_new(r, &impact, &j.err)))
        return cli_fail("export", &j.err);
    status = write_documents(&j, r);
    bulk_free(j.bulk);
    return status;
}
