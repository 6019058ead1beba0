/* out.h - everything that prints texts: right-to-left safe for people, JSON for programs.
 *
 * Texts come from a crawl: they may hold terminal escapes, bidi overrides, line breaks. Human output lets
 * no control character through (they become U+FFFD or a space) and puts each text between U+2068 (first
 * strong isolate) and U+2069, in logical order, so that one field never reorders another.
 */
#ifndef FIHRIST_OUT_H
#define FIHRIST_OUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "fihrist.h"

/* One field for a person: isolated, controls neutralised, white space runs as one space. */
void out_text(FILE *f, fih_str s);
/* The same without the isolates, for the parts of a snippet (the caller isolates the whole). */
void out_text_bare(FILE *f, fih_str s);
/* A long text for a person: line breaks and runs of spaces stay, each line is isolated and ends with a newline. */
void out_block(FILE *f, fih_str s);
/* Columns of a terminal that a character takes: a combining mark none, a wide East Asian one two. */
int out_char_width(int32_t c);
/* Columns of a terminal that out_text() takes. */
size_t out_width(fih_str s);
/* out_text(), then spaces up to `columns`. */
void out_column(FILE *f, fih_str s, size_t columns);
/* A JSON string, quotes included; valid UTF-8 whatever the bytes, controls escaped. */
void out_json(FILE *f, fih_str s);
/* A name for a TREC file: white space, controls and ill-formed bytes as %XX, everything else as it is. */
void out_trec(FILE *f, fih_str s);
/* A C string as fih_str; NULL is empty. */
fih_str out_str(const char *s);
/* "1,234,567" and "12.3 MB". */
void out_count(FILE *f, uint64_t n);
void out_bytes(FILE *f, uint64_t n);
/* "2024-05-01T03:00:00Z". */
void out_time(FILE *f, int64_t seconds);
/* Colour is used only on a terminal, and never with NO_COLOR set or TERM=dumb. */
bool out_colour(FILE *f);

#endif
