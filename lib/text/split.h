/* text/split.h - where words begin and end.
 *
 * Layer: text. Knows the Unicode word boundaries (UAX #29) and our deviations from them, which
 * README.md lists; knows nothing of what a word means. Works on any bytes without copying them:
 * a word of a gigabyte costs no memory.
 */
#ifndef FIHI_TEXT_SPLIT_H
#define FIHI_TEXT_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct UBreakIterator;

struct span {
    size_t start, end;         /* bytes in the text; end past the last letter, digit or mark */
    bool    is_glued;           /* Arabic letters with a digit or another script's letter right behind */
    bool    is_fresh;           /* a text that began here would have the same words from here on */
};

struct splitter {
    const uint8_t *text;
    size_t n, at;
    struct UBreakIterator *breaker; /* for scripts without spaces; opened by the first such text */
    size_t run_start, run_end; /* what the breaker is working on; equal: nothing */
};

/* Zero-initialise, begin, call next until FIH_DONE, begin again …, free. */
void fihi_split_begin(struct splitter *s, const uint8_t *text, size_t n);
/* FIH_OK, FIH_DONE or FIH_E_NOMEM. */
int fihi_split_next(struct splitter *s, struct span *out);
void fihi_split_free(struct splitter *s);

/* What a character is to the splitter. */
enum {
    CLASS_NONE    = '.',  /* separates words */
    CLASS_ARABIC  = 'a',  /* letter of the Arabic script, tatweel */
    CLASS_LETTER  = 'l',  /* letter of any other script that writes spaces */
    CLASS_DIGIT   = 'd',
    CLASS_MARK    = 'm',  /* combining: belongs to the character before it */
    CLASS_HIDDEN  = 'i',  /* invisible: joiners, direction marks, soft hyphen, BOM */
    CLASS_POINT   = 'p',  /* decimal point between digits */
    CLASS_GROUP   = 'g',  /* thousands mark (or decimal comma) between digits */
    CLASS_COMPLEX = 'c'   /* script without spaces: ICU's dictionaries find the words */
};

/* The class of a scalar value; a table below U+0800, ICU's properties above. */
int fihi_split_class(uint32_t cp);

#endif
