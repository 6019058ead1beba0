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
/* A document as the line of JSON of which the reader of JSON Lines (jsonl.c) makes the same document: all fields but
 * the source, which is the file that a document is read from. Values are texts, so that no array is taken for several
 * of them. -1 if memory is out. *spoilt: the name of a field that JSON cannot have as it is (what is no UTF-8 became
 * U+FFFD), else NULL. */
int record_line(FILE *f, const fih_stored *s, fih_str *spoilt);

#endif
