/* html_block.h - the text of a page in lines and blocks, and which of it is the article rather than its surroundings.
 *
 * What is prose stays nearly wherever it stands; left out are menus, lists of links, share bars and their like. The
 * rules are about structure and proportions, none about a site or a language:
 *
 *   hidden blocks                go, but for long texts in an article that a "read more" unfolds
 *   nav, page header and footer  go, but for one that holds most of the page's prose (an element left open)
 *   aside                        goes, but for its prose
 *   form                         the same
 *   named like a share bar …     go if there is no prose inside
 *   lists of links               go: three or more lines that are links, hardly anything else
 *   lists of teasers             go: two or more headings that are links, and no prose
 *   what is left of a block      goes with the larger part of it that went
 *
 * A page with hardly any prose is a list itself: there only the first three hold.
 */
#ifndef FIHRIST_HTML_BLOCK_H
#define FIHRIST_HTML_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "read/html_evidence.h"
#include "read/html_text.h"

#define HTML_LITTLE_PROSE 50       /* words; a page with fewer is no article */

struct html_line;
struct html_block;

struct html_blocks {
    struct html_text   text;       /* the lines, one behind the other */
    struct html_line  *lines;
    struct html_block *blocks;     /* [0] is the page */
    size_t             line_count, line_cap, block_count, block_cap;
    bool               want_space, want_line;  /* due before the next text */
    bool               is_after_link;          /* the last text was one */
    bool               is_out_of_memory;
};

/* 0, or -1 if memory is out. */
int html_blocks_init(struct html_blocks *b);
void html_blocks_free(struct html_blocks *b);

/* A block begins in another one. Returns its number; beyond a million blocks, that of the one around it. */
uint32_t html_block_add(struct html_blocks *b, uint32_t parent, uint8_t tag, unsigned evidence);
/* Shown text, white space and all. */
void html_block_text(struct html_blocks *b, uint32_t block, fih_str text, bool is_link);

struct html_choice {
    size_t   shown;                /* bytes of text that is not hidden */
    size_t   kept;                 /* bytes of text that is now in `text` */
    uint32_t prose_words;          /* in what was kept */
};

/* At the end of the page: leave only the article in `text`, its lines joined by line breaks. */
void html_blocks_choose(struct html_blocks *b, struct html_choice *out);

#endif
