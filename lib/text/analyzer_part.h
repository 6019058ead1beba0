/* text/analyzer_part.h - what an analyzer is made of, for the files that make one and run one.
 *
 * Layer: text. */
#ifndef FIHI_TEXT_ANALYZER_PART_H
#define FIHI_TEXT_ANALYZER_PART_H

#include "text/analyzer.h"
#include "text/chain.h"
#include "text/lexicon.h"
#include "text/split.h"
#include "text/tokenizer.h"
#include "text/vocab.h"

enum {
    AHEAD = 32,                /* words looked up together */
    TORN_BYTES = 64,           /* of a torn word, with vowels */
    UNREAD = 0                 /* where no word ends: name_end of a piece whose text before it has not been read */
};

/* A word of the text and the hash of what is looked at of it. */
struct seen {
    struct span word;
    const uint8_t *s;  /* as it is known in the tables */
    size_t      n;  /* bytes that are looked at */
    uint32_t    hash;  /* of these n */
};

/* Looked up one by one, words are tokenized while a text is under way. */
struct own {
    struct tokenizer text, alone;
    size_t at;                 /* words of the text handed out */
    bool is_begun;
};

struct analyzer {
    struct splitter split;
    struct vocab vocab;
    struct signer *signer;     /* who is told the words, or NULL */
    const struct intern *known; /* by another: what it has is not looked for in `vocab`; or NULL */
    /* words found but not handed out; and of the one that is, the terms that are left */
    struct seen ahead[AHEAD];
    size_t ahead_at, ahead_count;
    struct span word;
    size_t next_result, results_left;
    bool is_part;              /* of a name: the word is no stop word here */
    bool is_formula;           /* part of one */
    uint32_t positions;        /* of the surface words handed out last */
    struct surroundings in;
    unsigned finals;           /* of all that is in there, if they have been looked for */
    bool has_finals;
    size_t name_end;           /* of the word before, if that is a word of names; else no place in the text */

    struct own *own;           /* of a program's tokenizer: NULL for all others */
    struct chain chain;
    struct lexicon lexicon;    /* ours and the user's; no rows when it is ours alone */
    char name[64];
    char text[512];
};

#endif
