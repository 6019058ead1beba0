/* search/patience.h - when to give up a search: its time is over, or its caller says so.
 *
 * Layer: search. Includes base/ only.
 */
#ifndef FIHI_SEARCH_PATIENCE_H
#define FIHI_SEARCH_PATIENCE_H

#include <stdint.h>

#include "fihrist.h"

struct patience {
    int64_t                deadline;   /* ms of the monotonic clock, or INT64_MAX */
    int64_t                asked;      /* when the caller was asked last */
    unsigned               steps;
    const fih_search_opts *opts;
};

struct patience fihi_patience(const fih_search_opts *opts);
/* FIH_OK, or FIH_E_CANCEL when the time is over or on_wait says so. Cheap where neither is set. */
int fihi_patience_check(struct patience *p, fih_error *err);

#endif
