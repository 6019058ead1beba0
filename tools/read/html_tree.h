/* html_tree.h - which elements are open: what the HTML standard calls tree construction (13.2.6), without a tree.
 *
 * Kept are the rules that decide where a text stands: which tags close which elements, in whose scope an end tag
 * counts, and that <b> and <a> may be closed across blocks. Left out is what only moves text about: text in tables
 * outside of cells, formatting that goes on in the next block. In one thing it is milder than the standard, since a
 * mistake should not hide a text: <object>, <template> and their like shield nothing from end tags inside them.
 */
#ifndef FIHRIST_HTML_TREE_H
#define FIHRIST_HTML_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "read/html_tag.h"

#define HTML_DEPTH     65536u      /* the tags of elements that are nested deeper are passed over, their text is not */

/* The innermost open elements of some kinds, by their place in the stack; 0: none. */
struct html_last { uint32_t special, scope, list, table, stops_li; };

struct html_open {
    uint8_t          tag;          /* TAG_NONE: closed, but something inside it is still open */
    uint8_t          flags;        /* the caller's; what stands inside has them too */
    uint32_t         block;        /* the caller's, inherited too */
    uint32_t         hider;        /* the outermost open element, this one included, that is not shown; 0: none */
    uint32_t         same;         /* the next one of this tag further out; 0: none */
    struct html_last last;         /* as it was outside */
};

struct html_tree {
    struct html_open *open;        /* [0] is the page itself */
    uint32_t          count;       /* the place of the innermost one */
    uint32_t          cap;
    uint64_t          too_deep;    /* elements open beyond HTML_DEPTH */
    uint32_t          of_tag[256]; /* the innermost open element of each tag; 0: none */
    struct html_last  last;
    bool              is_line_due; /* a block was closed since the caller last cleared it */
    bool              is_out_of_memory;
};

/* 0, or -1 if memory is out. */
int html_tree_init(struct html_tree *t);
void html_tree_free(struct html_tree *t);

/* At a start tag: close what it closes … */
void html_tree_before(struct html_tree *t, uint8_t tag);
/* … and open the element, unless it has no content or is too deep. */
void html_tree_open(struct html_tree *t, uint8_t tag, uint8_t own_flags, bool is_hidden);
void html_tree_end(struct html_tree *t, uint8_t tag);

/* The innermost open element. Its flags and block may be changed. */
static inline struct html_open *html_tree_top(const struct html_tree *t)
{
    return &t->open[t->count];
}

/* Whether a text that comes now is not shown. */
static inline bool html_tree_is_hidden(const struct html_tree *t)
{
    const uint32_t hider = html_tree_top(t)->hider;

    return hider > 0 && t->open[hider].tag != TAG_NONE;
}

#endif
