/* api/api_global.c - statistics of a collection in pieces. */
#include <string.h>

#include "api/handles.h"
#include "base/fail.h"
#include "search/evidence.h"

int fih_global_write(const fih_reader *r, const char *path, fih_error *err)
{
    struct analyzer *a;
    int rc = fihi_own(r->pid, err);

    if (rc == 0 && r->statistics)
        rc = fihi_fail(err, FIH_E_USAGE, "the reader has global statistics: write them with one that has not");
    if (rc != 0 || (rc = fihi_reader_take(&a, r, err)) != 0)
        return rc;
    rc = fihi_evidence_write(path, r->view, a, err);
    fihi_reader_give(r, a);
    return rc;
}

int fihi_reader_tell(const fih_reader *r, struct view *v, fih_error *err)
{
    if (r->statistics && strcmp(r->statistics->analyzer, v->members->manifest.analyzer_text) != 0)
        return fihi_fail(err, FIH_E_ANALYZER,
                         "the statistics are of indexes of another analyzer (%s; the index has %s): write them anew",
                         r->statistics->analyzer, v->members->manifest.analyzer_text);
    v->statistics = r->statistics;
    return FIH_OK;
}

/* What was there before stays on an error. */
int fih_reader_use_global(fih_reader *r, const char *path, fih_error *err)
{
    struct statistics *const before = r->statistics;
    int rc = fihi_own(r->pid, err);

    if (rc != 0)
        return rc;
    r->statistics = NULL;
    if ((path && (rc = fihi_statistics_open(&r->statistics, path, err)) != 0) ||
        (rc = fihi_reader_tell(r, r->view, err)) != 0) {
        fihi_statistics_close(r->statistics);
        r->statistics = before;
        return rc;
    }
    fihi_statistics_close(before);
    return FIH_OK;
}

uint64_t fih_reader_global(const fih_reader *r)
{
    return r->statistics ? r->statistics->hash : 0;
}
