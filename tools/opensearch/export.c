/* export.c - an index written for OpenSearch or Elasticsearch: settings, or documents, or what has changed of them. */
#include <errno.h>

#include "cmd/export.h"
#include "opensearch/opensearch.h"
#include "read/encoding.h"

struct job {
    struct export *e;
    struct bulk   *bulk;
    fih_error     *err;
    int            rc;                 /* of the document that failed */
};

static void say_spoilt(struct job *j, const fih_stored *doc)
{
    const fih_field *f;

    for (size_t i = 0; (f = fih_stored_at(doc, i)) != NULL; i++)
        if (!encoding_is_utf8(f->value.ptr, f->value.len) || !encoding_is_utf8(f->name.ptr, f->name.len)) {
            export_spoilt(j->e, fih_stored_get(doc, "id"), f->name);
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
        export_refused(j->e, id, how == BULK_ID_LONG ? "an id there has at most 512 bytes" : "its id is not UTF-8");
    } else if (!j->e->since || !since_has(j->e->since, doc)) {
        say_spoilt(j, doc);
        j->rc = bulk_document(j->e->out, j->bulk, doc, j->err);
    }
    return j->rc ? FIH_E_CANCEL : export_is_over(j->e);
}

static void write_deletion(void *ctx, fih_str id)
{
    bulk_deletion(ctx, id);
}

static int write_documents(struct job *j, const fih_reader *r)
{
    const int rc = fih_reader_each_doc(r, write_document, j, j->err);

    if (rc == FIH_OK && j->e->since)
        since_each_gone(j->e->since, write_deletion, j->e->out);
    return j->rc ? j->rc : rc;
}

int opensearch_export(struct export *e, const fih_reader *r, const struct opensearch_export *o, fih_error *err)
{
    struct job j = { .e = e, .err = err };
    fih_stats stats = FIH_STATS_INIT;
    struct impact impact;
    int rc;

    if ((rc = opensearch_impact(&impact, o->engine, r, err)) != FIH_OK ||
        (rc = fih_reader_stats(&stats, r, err)) != FIH_OK)
        return rc;
    if (o->only_settings) {
        rc = opensearch_settings(e->out, r, &impact, err);
    } else if (o->since && !(e->since = since_open(o->since, &impact, stats.analyzer_text))) {
        e->is_told = true;
        return FIH_E_CANCEL;
    } else if ((j.bulk = bulk_new(r, &impact, err)) == NULL) {
        return err->code;
    } else {
        rc = write_documents(&j, r);
        bulk_free(j.bulk);
    }
    e->error = ferror(e->out) ? errno : 0;
    e->is_out_of_memory |= rc == FIH_E_NOMEM && !ferror(e->out);       /* which has no message */
    return ferror(e->out) ? FIH_E_CANCEL : rc;
}
