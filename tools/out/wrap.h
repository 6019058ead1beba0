/* wrap.h - lines that fit a terminal: broken between words, never inside one. */
#ifndef FIHRIST_WRAP_H
#define FIHRIST_WRAP_H

#include <stddef.h>
#include <stdio.h>

/* How wide the lines on standard output may be: what COLUMNS says, also in a pipe, else the terminal's width; 0 where
 * there is none. */
unsigned wrap_columns(void);

/* A line being made. Write to what wrap_begin() returns, and nothing else to `f` until wrap_end(). */
struct wrap {
    FILE  *f, *memory;
    char  *text;
    size_t bytes;
    unsigned columns;
};
/* With 0 columns, or without memory, the line goes straight to `f`. */
FILE *wrap_begin(struct wrap *w, FILE *f, unsigned columns);
/* The line, broken where it must be, and its end. Lines after the first begin with `indent` spaces. Isolates and
 * colours of the text stay open across the breaks as far as the eye can tell. */
void wrap_end(struct wrap *w, unsigned indent);

#endif
