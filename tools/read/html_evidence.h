/* html_evidence.h - what a block says of itself: menu, sidebar, hidden … Told by its element, role, style and names. */
#ifndef FIHRIST_HTML_EVIDENCE_H
#define FIHRIST_HTML_EVIDENCE_H

#include <stdint.h>

#include "read/html_tok.h"

enum {
    HTML_IS_HIDDEN  = 1 << 0,      /* hidden, or style="display:none" */
    HTML_IS_NAV     = 1 << 1,
    HTML_IS_PAGE    = 1 << 2,      /* header or footer; of the page, unless it stands in an article */
    HTML_IS_ASIDE   = 1 << 3,
    HTML_IS_DIALOG  = 1 << 4,
    HTML_IS_FORM    = 1 << 5,
    HTML_IS_NAMED   = 1 << 6,      /* class or id is that of a share bar, breadcrumb … */
    HTML_IS_SECTION = 1 << 7       /* article, section or main, or inside one */
};

/* The sum of what holds for a start tag. */
unsigned html_evidence(uint8_t tag, const struct html_token *t);

#endif
