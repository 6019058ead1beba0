/* facets.h - how an answer spreads over the values of fields. */
#ifndef FIHRIST_FACETS_H
#define FIHRIST_FACETS_H

#include "out/hits.h"

enum { FACET_BYTES = 128 };            /* room for one of a list */

/* Can all of a list like "section,date:month,pages:100" be counted? Nothing is. */
int facets_check(fih_reader *r, const char *list, fih_error *err);
/* "by section", in the language of the command; of other fields what was asked for. */
const char *facets_name(const char *what);
/* For people or as JSON lines. */
int facets_print(FILE *f, const struct hits_style *style, const struct hits *h, const char *list, fih_error *err);

#endif
