/* facets.h - how an answer spreads over sections and dates. */
#ifndef FIHRIST_FACETS_H
#define FIHRIST_FACETS_H

#include "out/hits.h"

/* Like "section,date:month"? */
bool facets_are_known(const char *list);
/* "by section", in the language of the command. */
const char *facets_name(const char *what);
/* For people or as JSON lines. The list must be known. */
int facets_print(FILE *f, const struct hits_style *style, const struct hits *h, const char *list, fih_error *err);

#endif
