/* text/stop.h - words that say little: they are indexed, but plain queries drop them.
 *
 * Layer: text. An Arabic list (function words, question words) by its spelling, a short English and a short French one
 * in lower case without accents. And the words beside which a stop word may be part of a name.
 */
#ifndef FIHI_TEXT_STOP_H
#define FIHI_TEXT_STOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/fold.h"
#include "text/list.h"

enum stop_kind {
    STOP_NOUN = 1,             /* a noun or verb as well: its term is that of all words of its letters */
    STOP_NAME = 2,             /* may be part of a name */
    STOP_TORN = 4,             /* with the other of ى and ي it is another word: على, علي */
    STOP_BARE = 8              /* without its hamza it may be another word: أمام, امام, إمام */
};

/* A stop word: in the normal form, and as it is written. */
struct stop_row {
    list_row letter, written;
    uint8_t  n, kinds;
};

struct stop {
    uint8_t kinds;
    uint8_t clitic;            /* 1: there is و or ف before it */
    bool    is_other;          /* torn, and written with the other letter */
    bool    is_bare;           /* STOP_BARE, and written without the hamza */
};

/* Is it a stop word, alone or behind و or ف? One that has a hamza or a ة where the stop word has none, or another one,
 * is not; one that lacks it may be. */
bool fihi_stop_find(struct stop *out, const struct word *w);
/* That, unless it is written as the other word. */
bool fihi_stop_arabic(const struct word *w);
bool fihi_stop_latin(const uint8_t *s, size_t n);
/* Are these the letters of a stop word that is a noun as well? */
bool fihi_stop_is_noun(const struct word *w);

enum name_kind {
    NAME_NONE,
    NAME_GIVEN,                /* beside it, what may be part of a name is one */
    NAME_LINK,                 /* بن: what follows, whatever it is, and what may be part of a name before it */
    NAME_FIRST                 /* ابن, ابو, عبد: what follows is part of a name, whatever it is */
};
/* What a word says of those beside it. */
enum name_kind fihi_stop_name(const struct word *w);

/* Part of the fingerprint. */
uint64_t fihi_stop_hash(void);
/* The lists, for the tests: number `which`, from 0; NULL past the last. */
const struct list *fihi_stop_list(unsigned which);
/* The Arabic stop words, for the tests. */
const struct stop_row *fihi_stop_rows(size_t *count);

#endif
