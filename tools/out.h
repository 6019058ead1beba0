/* out.h - everything that prints texts: right-to-left safe for people, JSON for programs.
 *
 * Texts come from a crawl: they may hold terminal escapes, bidi overrides, line breaks. Human output lets
 * no control character through (they become U+FFFD or a space) and puts each text between U+2068 (first
 * strong isolate) and U+2069, in logical order, so that one field never reorders another.
 */
#ifndef FIHRIST_OUT_H
#define FIHRIST_OUT_H

#include <stdbool.h>
#include <stdio.h>

#include "fihrist.h"

/* One field for a person: isolated, controls neutralised, white space runs as one space. */
void out_text(FILE *f, fih_str s);
/* The same without the isolates, for the parts of a snippet (the caller isolates the whole). */
void out_text_bare(FILE *f, fih_str s);
/* A JSON string, quotes included; valid UTF-8 whatever the bytes, controls escaped. */
void out_json(FILE *f, fih_str s);
/* "1,234,567" and "12.3 MB". */
void out_count(FILE *f, uint64_t n);
void out_bytes(FILE *f, uint64_t n);
/* Colour is used only on a terminal, and never with NO_COLOR set or TERM=dumb. */
bool out_colour(FILE *f);

#endif
