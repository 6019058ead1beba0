/* text/tokenizer.h - the words of a text as a program's own tokenizer (fih_tokenizer) gives them, checked.
 *
 * Layer: text. The terms of one position, in the order given, with a NUL between two, are what a surface word is to
 * vocab.h: equal ones have one number, and chain.c makes the terms of them again. So all that knows words by numbers
 * needs not know whose they are.
 */
#ifndef FIHI_TEXT_TOKENIZER_H
#define FIHI_TEXT_TOKENIZER_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "fihrist.h"

enum { TOKENIZER_NAME = 40 };          /* bytes of a name */
#define TOKENIZER_PREFIX "program:"    /* of the name of its analyzer */

struct own_word {
    size_t   start, end;               /* bytes of the text */
    size_t   at;                       /* its terms, in `keys` */
    uint32_t bytes;
};

/* Zero-initialise. */
struct tokenizer {
    fih_tokenizer    program;          /* its name borrows `name` */
    char             name[TOKENIZER_NAME + 1];
    struct own_word *words;            /* of the last text */
    size_t           count, cap;
    struct buf       keys;
    fih_str          text;             /* under way */
    uint32_t         terms;            /* of the last word */
    int              rc;               /* of the last text; the error says why */
    fih_error        error;
};

/* Is it whole, and has it a name that an index can keep? FIH_E_USAGE. */
int fihi_tokenizer_check(const fih_tokenizer *program, fih_error *err);
/* A copy of what was checked. */
void fihi_tokenizer_take(struct tokenizer *t, const fih_tokenizer *program);
/* The name of an index' analyzer, into 64 bytes, and the description that it records, into 512. */
void fihi_tokenizer_describe(const fih_tokenizer *program, char name[64], char text[512]);
/* All words of a text. FIH_E_ANALYZER and what it gave that it may not, FIH_E_NOMEM. */
int fihi_tokenizer_run(struct tokenizer *t, const uint8_t *text, size_t n);
void fihi_tokenizer_free(struct tokenizer *t);

#endif
