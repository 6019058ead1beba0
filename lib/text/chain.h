/* text/chain.h - a surface word in, its terms out.
 *
 * Layer: text. Fold, stop, stem in the order that README.md gives; knows nothing of texts, numbers or
 * caches. With a trace it tells the story of one term, by the same code.
 */
#ifndef FIHI_TEXT_CHAIN_H
#define FIHI_TEXT_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fihrist.h"
#include "text/fold.h"
#include "text/stop.h"
#include "text/trace.h"

enum {
    CHAIN_VERSION = 24,        /* raise it whenever the code (not a table) makes other terms */
    SURFACE_MAX = 1024,        /* bytes of a surface word that are looked at */
    ITEMS_MAX = 24,            /* terms of one surface word */
    READING_ITEMS = 3,         /* a stem, its normalised word, its root: all of them or none */
    EITHER_MARK = 1            /* a byte that no word has; behind a torn word: it is read in both ways */
};

enum base { BASE_LIGHT, BASE_SNOWBALL, BASE_EXACT, BASE_SIMPLE, BASE_PROGRAM };

struct sb_stemmer;
struct lexicon;

/* One term of a surface word; flags as in struct token. */
struct item {
    uint8_t  term[FIH_MAX_TERM];
    uint8_t  letters, flags;
    uint16_t len;
};

struct chain {
    enum base base;
    bool has_levels;                      /* normalised words and roots too */
    bool is_either;                       /* the word at hand is read in both ways, if it is torn */
    struct sb_stemmer *arabic, *latin;   /* NULL where none is asked for */
    const struct lexicon *lexicon;
    struct item items[ITEMS_MAX];        /* what the last word yielded */
    size_t item_count;
    const uint8_t *surface;              /* the last word as it is written */
    size_t surface_bytes;
    struct raw raw;                      /* work space */
    struct word form, work;
};

/* What is looked at of a surface word of n bytes: all, or its beginning up to a character. */
size_t fihi_chain_cut(const uint8_t *s, size_t n);
/* Fill c->items from a cut surface word, with EITHER_MARK behind it if a torn one is to be read in both ways. The steps
 * of item `wanted` go to t, unless t is NULL. FIH_OK or FIH_E_NOMEM. */
int fihi_chain_run(struct chain *c, const uint8_t *s, size_t n, struct trace *t, size_t wanted);
/* The letters of a piece of a word as normalised words have them, nothing taken off: their bytes, at most FOLD_MAX. */
size_t fihi_chain_fold(struct chain *c, const uint8_t *s, size_t n, uint8_t *out);
/* What the first of its words says of those beside it. */
enum name_kind fihi_chain_name(struct chain *c, const uint8_t *s, size_t n);
/* A stop word that may be part of a name? */
bool fihi_chain_may_be_name(struct chain *c, const uint8_t *s, size_t n);
/* Is it known to have one position, without a look at its terms? */
bool fihi_chain_is_plain(const struct chain *c, const uint8_t *s, size_t n);
/* Is it only what is glued before a word (و in و50)? */
bool fihi_chain_is_clitic(struct chain *c, const uint8_t *s, size_t n);

#endif
