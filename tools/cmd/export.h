/* export.h - what the formats of fihrist export share. */
#ifndef FIHRIST_EXPORT_H
#define FIHRIST_EXPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "fihrist.h"

struct since;

struct export {
    FILE    *out;
    struct since *since;               /* opensearch/opensearch.h: to be finished when all is written, or NULL */
    uint64_t spoilt, refused;          /* documents that are not whole; that the format cannot have */
    int      error;                    /* errno of the write that failed */
    bool     is_out_of_memory, is_told;    /* is_told: what went wrong, by a message */
};

/* One more document is not whole: in this field, what is no UTF-8 became U+FFFD. The first ones are named. */
void export_spoilt(struct export *e, fih_str id, fih_str field);
/* One more document is left out, likewise. */
void export_refused(struct export *e, fih_str id, const char *why);
/* Nonzero stops a callback's iteration: out of memory, a write that failed, a signal. */
int export_is_over(struct export *e);

/* All postings in the Common Index File Format: FIH_OK, FIH_E_CANCEL where export_is_over(), or an error of the
 * reader. */
int export_ciff(struct export *e, const fih_reader *r, fih_error *err);

#endif
