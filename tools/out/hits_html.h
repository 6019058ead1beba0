/* hits_html.h - an answer as one web page. */
#ifndef FIHRIST_HITS_HTML_H
#define FIHRIST_HITS_HTML_H

#include "out/hits.h"

/* The whole page, also when nothing was found; `facets` as facets_print() has it, or NULL. */
int hits_html(FILE *f, const struct hits_style *style, const struct hits *h, const char *facets, fih_error *err);

#endif
