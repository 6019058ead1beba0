/* text/verb.h - is a word the form of a verb, and of which one?
 *
 * Layer: text. By a table of the stems of some 2,500 verbs (verbs.tsv, compiled by make_verbs.c) and the endings of
 * conjugate.h. Forms that are nouns as well stand in two lists.
 */
#ifndef FIHI_TEXT_VERB_H
#define FIHI_TEXT_VERB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/fold.h"
#include "text/lexicon.h"
#include "text/list.h"
#include "text/trace.h"

enum {
    VERB_TENSES = 2,          /* past and present */
    VERB_FILTER = 1024,       /* bytes */
    VERB_BEGINNING = 3,       /* letters of a stem that the filter knows */
    VERB_STEM = 7,            /* letters of a stem, of a key */
    VERB_FIRST = 0x620,       /* a letter in the table is its code point less this */
};

/* A stem in its normal form, and before which endings one verb has it. Sorted by letters. */
struct verb_row {
    uint8_t  letter[VERB_STEM];
    uint8_t  hamza;           /* bit i: letter i is a hamza, on whatever seat */
    uint16_t slots;           /* bits of enum verb_slot */
    uint16_t key;
};

/* The term that stands for all forms of a verb. */
typedef uint8_t verb_key[VERB_STEM + 1];

struct verb_table {
    const struct verb_row *rows;
    const uint16_t *index;    /* open addressing by hash: 1 + the first row of the letters, 0 = free */
    const verb_key *keys;
    const uint16_t *also;     /* of a key: another that its present has, too, or itself */
    const uint8_t (*filter)[VERB_FILTER]; /* of a tense: a bit for the hash of the first letters of each stem */
    size_t row_count, index_count, key_count;
};

extern const struct verb_table fihi_verbs;

struct verb_reading {
    bool     is_verb;
    bool     is_listed;       /* it is in the list of what is both noun and verb */
    bool     is_noun;         /* its light stem is a reading, too, and the first */
    bool     is_told;         /* a hamza that is written tells it from the noun of the lists that is spelt like it */
    uint16_t key, also;       /* `also` is another key if the form is of two verbs; else it is `key` */
};

/* The verb that a word is a form of, with و ف ل س before it and an object behind it; of several the most frequent one.
 * What `l` knows as a noun or a name is a verb only if it is in our list of what is both. */
void fihi_verb_read(struct verb_reading *out, const struct word *w, const struct lexicon *l);
/* Is the word, by itself, nothing but the key of its verb, as تعاون is? The noun is spelt like the verb then. */
bool fihi_verb_is_key(const struct word *w, const struct lexicon *l);
/* Are the letters "he did" of some verb? */
bool fihi_verb_is_past(const uint16_t *s, size_t n);
/* The word becomes the key. */
void fihi_verb_take(struct word *w, uint16_t key, struct trace *t);

/* At most VERB_STEM letters as a number, with zeros behind them. No letter is 0. */
static inline uint64_t verb_letters(const uint8_t *letter, size_t n)
{
    uint64_t all = 0;

    for (size_t i = 0; i < n; i++)
        all |= (uint64_t)letter[i] << 8 * i;
    return all;
}

/* Where a stem is looked for first in the index: the golden ratio's bits, Knuth, The Art of Computer Programming 3,
 * 6.4. */
static inline size_t verb_hash(uint64_t letters)
{
    const uint64_t h = letters * UINT64_C(0x9E3779B97F4A7C15);

    return (size_t)(h >> 32 ^ h >> 47);
}

/* Part of the fingerprint. */
uint64_t fihi_verb_hash(void);
/* The lists, for the tests: number `which`, from 0; NULL past the last. */
const struct list *fihi_verb_list(unsigned which);

#endif
