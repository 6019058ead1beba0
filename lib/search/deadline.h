/* search/deadline.h - when to give up a search: its time is over, or its caller says so.
 *
 * Layer: search. Includes base/ only.
 */
#ifndef FIHI_SEARCH_DEADLINE_H
#define FIHI_SEARCH_DEADLINE_H

#include <stdint.h>

#include "fihrist.h"

struct deadline {
    int64_t                end;        /* ms of the monotonic clock, or INT64_MAX */
    int64_t                asked;      /* when the caller was asked last */
    unsigned               steps;
    const fih_search_opts *opts;
};

struct deadline fihi_deadline(const fih_search_opts *opts);
/* FIH_OK, or FIH_E_CANCEL when the time is over or on_wait says so. Cheap where neither is set. */
int fihi_deadline_check(struct deadline *p, fih_error *err);

#endif
