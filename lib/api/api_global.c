/* api/api_global.c - statistics of a collection in pieces.
 *
 * A collection too large for one machine is searched in pieces, and a piece alone knows neither how rare a word is in
 * all of them nor how long their texts are. These numbers are gathered once, into a file; a reader that has been given
 * the file ranks with them (index/statistics.h), so that hits of several pieces can be put into one order. What must be
 * asked of the file, and what of the index, README.md of lib says ("Several indexes"). */
#include <string.h>

#include "api/handles.h"
#include "base/fail.h"
#include "search/evidence.h"

/* From a reader of all the pieces; one that has statistics would write what it was told instead of what it has. */
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

/* Stems of another analyzer are other words: the numbers would be of nothing. The view borrows them; they are the
 * reader's, and go with it. */
int fihi_reader_tell(const fih_reader *r, struct view *v, fih_error *err)
{
    if (r->statistics && strcmp(r->statistics->analyzer, v->members->manifest.analyzer_text) != 0)
        return fihi_fail(err, FIH_E_ANALYZER,
                         "the statistics are of indexes of another analyzer (%s; the index has %s): write them anew",
                         r->statistics->analyzer, v->members->manifest.analyzer_text);
    v->statistics = r->statistics;
    return FIH_OK;
}

/* What was there before stays on an error. NULL as path takes them away again. The view is told first and the old ones
 * are closed last, so that nothing points to what has been closed. The reader must be nobody else's meanwhile
 * (fihrist.h). */
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

/* By it who gathers hits sees that all pieces were ranked by the same file. */
uint64_t fih_reader_global(const fih_reader *r)
{
    return r->statistics ? r->statistics->hash : 0;
}
