/* record.h - a stored document on its way out; shared by search, show and export. */
#ifndef FIHRIST_RECORD_H
#define FIHRIST_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "fihrist.h"

/* Is it one of the fields that every document may have ("id" to "source"), and not an extra one? */
bool record_is_named(const fih_field *field);
/* The members of a JSON object from "title" on, without braces: named fields (null where the document has none), the
 * body if asked for, and "extra" with all the others. */
void record_json(FILE *f, const fih_stored *s, bool with_body);
/* A document as the line of JSON of which the reader of JSON Lines (jsonl.c) makes the same document, in an index of
 * whatever fields: what an object cannot say stands under keys of ours (exact.h). Values are texts, so that no array is
 * taken for several of them. -1 if memory is out. */
int record_line(FILE *f, const fih_stored *s);

#endif
