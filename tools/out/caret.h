/* caret.h - where in a query a mistake is, for a person. */
#ifndef FIHRIST_CARET_H
#define FIHRIST_CARET_H

#include <stdio.h>

#include "fihrist.h"

/* The text around a byte of it on one line, and on the next a caret below that byte's character, also where the
 * terminal turns right-to-left text round. `at` may be the end. Long texts are cut, controls made harmless. */
void caret_print(FILE *f, fih_str text, size_t at);

#endif
