/* why.h - nothing found: one line that says why. */
#ifndef FIHRIST_WHY_H
#define FIHRIST_WHY_H

#include "out/hits.h"

/* The line without an end: new, freed with free(). NULL without memory or when the index cannot be read.
 * The advice is what to type next. */
char *why_text(const struct hits *h, bool with_advice);
/* The same on stderr. */
void why_print(const struct hits *h);

#endif
