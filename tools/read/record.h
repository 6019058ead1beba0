/* record.h - a stored document on its way out; shared by search and show. */
#ifndef FIHRIST_RECORD_H
#define FIHRIST_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "fihrist.h"

/* The members of a JSON object from "title" on, without braces: named fields (null where the document has none), the
 * body if asked for, and "extra" with all the others. */
void record_json(FILE *f, const fih_stored *s, bool with_body);

#endif
