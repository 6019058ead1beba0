/* hits_html.h - an answer as one web page. */
#ifndef FIHRIST_HITS_HTML_H
#define FIHRIST_HITS_HTML_H

#include "out/hits.h"

/* What stands on the page beside the hits; all borrowed, NULL for none. */
struct page {
    const char *facets;       /* as facets_print() has it */
    const char *link_base;    /* the address of a program that answers BASE?q=QUERY&after=CURSOR */
    bool        has_more;     /* say where the next page begins */
    bool        is_like;      /* the query is no text but a document's */
    const struct hits *by_roots;        /* what is found by the roots of words besides */
};

/* Is it an address that may stand in a link of ours: of the web, or relative, without a fragment? */
bool page_is_base(const char *link_base);
/* The whole page, also when nothing was found. */
int hits_html(FILE *f, const struct hits_style *style, const struct hits *h, const struct page *page, fih_error *err);

extern const char page_style[];

#endif
