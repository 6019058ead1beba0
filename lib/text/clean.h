/* text/clean.h - the parts of a crawled text that nobody wrote for a reader: style sheets, scripts, share bars.
 *
 * Layer: text. Includes base/ only; pure, no I/O. Rules go by shape, not by site; each stands in README.md,
 * "What is left out". Time is linear in the text, whatever its bytes are.
 */
#ifndef FIHI_TEXT_CLEAN_H
#define FIHI_TEXT_CLEAN_H

#include <stddef.h>
#include <stdint.h>

#include "fihrist.h"

enum clean_reason {
    CLEAN_TAG, CLEAN_ENTITY, CLEAN_STYLE, CLEAN_SCRIPT, CLEAN_URL, CLEAN_SHARE, CLEAN_FOOTER, CLEAN_RELATED,
    CLEAN_COOKIES, CLEAN_ADVERT, CLEAN_REPEATED, CLEAN_REASONS
};

struct cut {
    size_t   start, end;               /* bytes; never empty, on borders of characters */
    unsigned reason;
};

/* In order, without overlap. Zero-initialise; the owner calls fihi_cuts_free(). */
struct cuts {
    struct cut *cuts;
    size_t      count, cap;
};

/* Replace `out` by what is to be left out of a text. FIH_OK or FIH_E_NOMEM. */
int fihi_clean(struct cuts *out, const uint8_t *text, size_t n);
/* Put one more in its place, unless it overlaps one that is there. FIH_OK or FIH_E_NOMEM. */
int fihi_cuts_add(struct cuts *c, struct cut cut);
void fihi_cuts_free(struct cuts *c);
/* A short English name; static. */
const char *fihi_clean_reason(unsigned reason);

#endif
