/* search/suggest_part.h - the words of the index, for suggestions and completions; the words of a query, and others.
 *
 * Layer: search. Only for suggest*.c and complete.c.
 */
#ifndef FIHI_SEARCH_SUGGEST_PART_H
#define FIHI_SEARCH_SUGGEST_PART_H

#include <stdbool.h>

#include "index/view.h"
#include "search/deadline.h"
#include "text/analyzer.h"
#include "text/respell.h"

/* Normalised words are looked at; where the analyzer has none, and in other scripts, terms. */
static inline uint8_t suggest_level(const struct analyzer *a, bool is_arabic)
{
    return is_arabic && fihi_analyzer_has_levels(a) ? LEVEL_FORM : LEVEL_STEM;
}

/* Call `each` for the words of a level in one segment that begin with a prefix, with their documents there. */
int fihi_each_word(struct segment *s, uint8_t level, const uint8_t *prefix, size_t prefix_bytes,
                   struct deadline *deadline, int (*each)(void *ctx, const uint8_t *word, size_t n, uint32_t docs),
                   void *ctx, fih_error *err);

enum {
    OPTIONS = 8, SLOTS = 16,           /* of a word that are compared; words of a query that are looked at */
    SMALL = 300,                       /* documents: in a smaller index all words are rare */
    BENT = 4                           /* letters: shorter words are near many others, and these, too */
};

/* A word that may have been meant. */
struct option {
    uint8_t     key[TERM_KEY_MAX];     /* level and word of the index */
    uint32_t    bytes;
    uint32_t    docs;
    unsigned    cost;                  /* what was mistaken in typing it */
    float       score;
    bool        is_sure;               /* also if nothing around speaks for it */
    bool        is_name;               /* of the lexicon */
    bool        is_stop;               /* a stop word that is a name as well: the key is its stem */
    const char *head;                  /* what is written before it, or NULL */
    const char *how;
};

/* A word of the query. */
struct slot {
    size_t         from, to;           /* its bytes there */
    uint8_t        key[TERM_KEY_MAX];  /* how the index knows it: its first stem */
    size_t         key_bytes;
    uint64_t       docs;               /* that have it, by a stem or as it is */
    bool           is_unknown, is_rare;
    bool           is_odd;             /* the index has its stem, but not the word, and words beside it */
    bool           is_joined;          /* only spaces are between it and the slot before */
    bool           is_latin, is_real;  /* real: a word of the language, in the index or not */
    bool           is_acronym;         /* in capitals, and short, or without a vowel */
    bool           is_capital;
    struct letters typed;              /* normalised, behind the article */
    unsigned       article;            /* which one, 0 for none */
    int            nearest;            /* how far the nearest word of the language is, */
    struct letters near;               /* which is this, behind the article */
    struct latin   latin;              /* if is_latin */
    const char    *head;               /* what it may begin with, written apart in Arabic, or NULL; the rest: */
    struct latin   rest;
    struct option  options[OPTIONS];   /* the best first */
    size_t         count;
};

struct suggesting {
    const struct view *view;
    struct analyzer   *analyzer;
    struct deadline   *deadline;
    fih_error         *err;
    fih_str            text;
    struct slot       *slots;
    size_t             count;
    uint32_t           floor;          /* words of fewer documents are not offered */
};

/* Read the query's words. */
int fihi_suggest_read(struct suggesting *s);
/* The word of a text as the index has it, at a level; no bytes if there are more words, or none. */
int fihi_find_key(uint8_t key[TERM_KEY_MAX], size_t *bytes, struct suggesting *s, const uint8_t *word, size_t n,
                  uint8_t level);
/* Read the typed letters of a slot, from the bytes of its word. */
void fihi_slot_read(struct slot *slot, struct suggesting *s, const uint8_t *word, size_t n);
/* Find the options of all slots that are unknown or rare. */
int fihi_suggest_options(struct suggesting *s);
static inline bool slot_is_open(const struct slot *slot)
{
    return slot->is_unknown || slot->is_rare || slot->is_odd;
}
/* Put an option among those of its slot. */
void fihi_slot_offer(struct slot *slot, const struct option *o);

#endif
