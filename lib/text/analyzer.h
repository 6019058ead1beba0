/* text/analyzer.h - bytes in, terms out.
 *
 * Layer: text. Includes base/ only; pure, no I/O. One analyzer belongs to one thread at a time.
 *
 * An analyzer splits a text into words (text/split.h), and gives each surface word the terms that
 * are indexed for it. What a surface word yields is worked out once and kept, so running text
 * costs a scan and a hash look-up a word. Surface words and terms get numbers, from 0 in the order in which they
 * are first seen until fihi_analyzer_reset(); an index maps those numbers to its own.
 */
#ifndef FIHI_TEXT_ANALYZER_H
#define FIHI_TEXT_ANALYZER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fihrist.h"

enum {
    TOKEN_SAME_POSITION = 1,  /* another term of the word before it */
    TOKEN_STOP          = 2,  /* the word is a stop word */
    TOKEN_FORM          = 4,  /* not the stem but the form, which is the normalised word: for ranking */
    TOKEN_ROOT          = 8,  /* the letters of its root: for ranking */
    TOKEN_LEVEL         = TOKEN_FORM | TOKEN_ROOT, /* has one of these: makes no hit, belongs to the stem before it */
    TOKEN_TORN          = 16, /* a stop word with ى and another word with ي, or the other way round: read as written */
    TOKEN_EITHER        = 32, /* such a word, read in both ways; with TOKEN_TORN if it is written as the stop word; or
                               * امام: the noun, and with TOKEN_TORN the stop word */
    TOKEN_NAME          = 64, /* a word of names, beside which a torn word may be one */
    TOKEN_FORMULA       = 128 /* of a query: part of a formula (formula.h), and passed over as a stop word is */
};

/* A stop word, but in a query it counts beside the noun that the word may be as well (امام). `first`: the flags of the
 * word's first token. */
static inline bool token_is_second(unsigned flags, unsigned first)
{
    return (flags & TOKEN_EITHER) && (flags & TOKEN_TORN) && !(first & TOKEN_TORN);
}

struct token {
    size_t   start, end;      /* the surface word: bytes in the text given to fihi_analyzer_begin() */
    uint32_t term;            /* number of the term: fihi_analyzer_term() */
    uint8_t  flags;           /* TOKEN_… */
    uint8_t  letters;         /* letters of the normalised word, at most 255: the weight of a query word */
};

/* One term of a surface word; flags and letters as in struct token. */
struct result {
    uint32_t term;
    uint8_t  flags, letters;
};

struct term_text {
    const uint8_t *ptr;       /* borrowed until fihi_analyzer_reset() or _free(), or the next token */
    size_t         len;       /* 1 to FIH_MAX_TERM */
};

struct analyzer;
struct intern;                /* base/intern.h */

/* `name` as fih_analyzer_new() documents; FIH_E_USAGE names the known ones. */
int fihi_analyzer_new(struct analyzer **out, const char *name, fih_error *err);
/* With the text of a user's lexicon upon ours (empty: none; not kept). FIH_E_USAGE where the analyzer uses none, too.
 */
int fihi_analyzer_new_with(struct analyzer **out, const char *name, fih_str lexicon, fih_error *err);
/* Of a program's tokenizer. FIH_E_USAGE if it is not whole. */
int fihi_analyzer_new_own(struct analyzer **out, const fih_tokenizer *program, fih_error *err);
/* One or the other: by its name, or if `tokenizer` is not NULL, the program's. */
struct analyzer_choice {
    const char          *name;
    fih_str              lexicon;
    const fih_tokenizer *tokenizer;
};
int fihi_analyzer_choose(struct analyzer **out, const struct analyzer_choice *choice, fih_error *err);
void fihi_analyzer_free(struct analyzer *a);

/* Does it give TOKEN_FORM and TOKEN_ROOT terms? */
bool fihi_analyzer_has_levels(const struct analyzer *a);
/* "arabic;icu=72.1;unicode=15.0;stemmer=libstemmer/9f3a…;tables=…": equal texts mean equal terms. Less than 512 bytes.
 */
const char *fihi_analyzer_text(const struct analyzer *a);
/* The name it was made with, less than 64 bytes. */
const char *fihi_analyzer_name(const struct analyzer *a);

/* Start on a text, which must stay until the last token is taken. Any bytes: ill-formed UTF-8 separates words. */
void fihi_analyzer_begin(struct analyzer *a, const uint8_t *text, size_t n);
/* How a word is read may depend on what stands beside it, and on how its writer uses ى and ي: README.md, 4. */
struct surroundings {
    fih_str near;             /* what the text is a piece of; it lies there */
    fih_str whole[2];         /* what the same writer has written, in up to two parts */
    bool    is_query;         /* a stop word that is part of a name does not have TOKEN_STOP; formulas are marked */
};
/* The same; fihi_analyzer_begin() takes the text for all there is. */
void fihi_analyzer_begin_in(struct analyzer *a, const uint8_t *text, size_t n, const struct surroundings *in);
/* Up to `max` tokens in text order: FIH_OK and *count > 0, FIH_DONE and *count = 0 at the end, or an error.
 * The first token of a text never has TOKEN_SAME_POSITION. */
int fihi_analyzer_next(struct analyzer *a, struct token *out, size_t max, size_t *count, fih_error *err);

/* The same text as surface words, up to `max` of them, those without a term among them. Take a text in one way or the
 * other. */
int fihi_analyzer_next_surfaces(struct analyzer *a, uint32_t *out, size_t max, size_t *count, fih_error *err);
/* The terms of a surface word, *count of them; borrowed until the next token or surface word. */
const struct result *fihi_analyzer_surface(const struct analyzer *a, uint32_t surface, size_t *count);
/* Surface words numbered so far: 0 … count-1. */
uint32_t fihi_analyzer_surface_count(const struct analyzer *a);

/* Have other surface words' numbers too: those that `surfaces` has are given by its numbers, with the positions in the
 * note, and all others with SURFACE_OWN upon the analyzer's own number. Borrowed until the analyzer is freed. */
#define SURFACE_OWN 0x80000000u
void fihi_analyzer_know(struct analyzer *a, const struct intern *surfaces);
struct signer;
/* Who is told the words that are handed out from now on, NULL for nobody. */
void fihi_analyzer_sign(struct analyzer *a, struct signer *signer);
/* Positions of the surface words that the last call handed out. */
uint32_t fihi_analyzer_positions(const struct analyzer *a);
/* The bytes of a surface word, borrowed as a term's. */
struct term_text fihi_analyzer_surface_text(const struct analyzer *a, uint32_t surface);

/* Of the last surface word: where it begins; true if the text from there has the same words by itself. */
bool fihi_analyzer_is_fresh(const struct analyzer *a, size_t *start);

/* The same text as words, without their terms: what these are is worked out only where the number of the word's
 * positions depends on it. */
struct text_word {
    size_t   start, end;
    uint32_t positions;       /* 1, but for ligatures of several words, and what is no word after all */
};
int fihi_analyzer_next_words(struct analyzer *a, struct text_word *out, size_t max, size_t *count, fih_error *err);

/* The number of such a surface word, by its bytes. A torn word is read in both ways, for what stands beside it is not
 * known. */
int fihi_analyzer_look_up(struct analyzer *a, const uint8_t *word, size_t n, uint32_t *surface, fih_error *err);

/* The positions of a surface word in a text, one after the other. */
static inline uint32_t result_positions(const struct result *r, size_t count)
{
    uint32_t n = 0;

    for (size_t i = 0; i < count; i++)
        n += !(r[i].flags & TOKEN_SAME_POSITION);
    return n;
}

/* The byte that a table has with a surface word (base/intern.h): its positions, and what else decides how words are
 * read. */
enum { NOTE_POSITIONS = 0x1F, NOTE_NAME = 0x20, NOTE_TORN = 0x40, NOTE_TORN_STOP = 0x80 };
static inline uint8_t result_note(const struct result *r, size_t count)
{
    const unsigned torn = count == 0 || !(r[0].flags & TOKEN_TORN) ? 0
                          : r[0].flags & TOKEN_STOP                ? NOTE_TORN_STOP
                                                                   : NOTE_TORN;

    return (uint8_t)(result_positions(r, count) | torn | (count > 0 && r[0].flags & TOKEN_NAME ? NOTE_NAME : 0));
}

/* The bytes of a term. */
struct term_text fihi_analyzer_term(const struct analyzer *a, uint32_t term);
/* Terms numbered so far: 0 … count-1. */
uint32_t fihi_analyzer_term_count(const struct analyzer *a);
/* Memory that caches and terms take [bytes]; fihi_analyzer_reset() gives it back and starts numbering anew.
 * Only between texts. */
size_t fihi_analyzer_bytes(const struct analyzer *a);
void fihi_analyzer_reset(struct analyzer *a);
/* The same, but memory for more words stays, up to `keep` bytes of each table. */
void fihi_analyzer_forget(struct analyzer *a, size_t keep);

/* The letters of a piece of a word as normalised words have them, nothing taken off, for patterns: how many bytes of
 * `out`, which has room for FOLD_MAX (text/fold.h). Not between fihi_analyzer_begin() and the last token. */
size_t fihi_analyzer_fold(struct analyzer *a, const uint8_t *s, size_t n, uint8_t *out);

/* How a surface word became its term(s), for a person: one line into out (NUL-terminated, cut to size). `flags` are
 * those of any of its tokens.
 * `term_index` picks one of the word's terms, counted from 0 in the order in which the tokens came. */
int fihi_analyzer_reason(struct analyzer *a, const uint8_t *surface, size_t n, unsigned flags, unsigned term_index,
                         char *out, size_t size, fih_error *err);

#endif
