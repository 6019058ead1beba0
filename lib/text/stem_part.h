/* text/stem_part.h - what stem.c, which weighs readings, and stem_ending.c, which takes endings off, share.
 *
 * Layer: text. Only for stem*.c.
 */
#ifndef FIHI_TEXT_STEM_PART_H
#define FIHI_TEXT_STEM_PART_H

#include <stdbool.h>

#include "text/stem.h"

struct affix {
    char16_t s[6];
    uint8_t  n, keep;           /* letters; letters that must be left */
    uint8_t  article;           /* 1 + place of the article's alef, 0 = has none */
    uint8_t  cost;              /* how seldom it stands before a word, in half bits as fihi_counts_find() */
};

enum {
    STEM_SUFFIXES = 19,
    PRONOUNS = 9, FEMININE = 15  /* of the suffixes: the first; the one in ت */
};
extern const struct affix fihi_stem_suffixes[STEM_SUFFIXES];

/* In half bits, as the prefixes' costs. */
enum {
    SUFFIX_COST = 4,             /* of any ending */
    BARE_ARTICLE_COST = 12,      /* of an ال that is no article, though no hamza says so */
    SEEN_BITS = 16,              /* a common word */
    SHORT_BITS = 18,             /* a word of two letters must be so common to be seen behind a clitic */
    LEXICON_BITS = 30,           /* how common what the lexicon has is taken to be */
    INFLECTED_BITS = 10,         /* with a pronoun */
    TIMES_16 = 8, TIMES_32 = 10,  /* 2 log2(16), 2 log2(32): two half bits are a doubling */
    UNSEEN_BITS = 14,            /* of a plural of the lexicon that no text had without a clitic */
    OWN_BITS = 10                /* by so much a known word is the more likely, if the rest is in the lexicon */
};
enum {
    ALEF = u'ا', HEH = u'ه', WAW = u'و', YEH = u'ي', BEH = u'ب', TEH = u'ت', NOON = u'ن', LAM = u'ل', KAF = u'ك',
    FEH = u'ف', MEEM = u'م', SEEN = u'س', DAL = u'د', KHAH = u'خ', HAMZA = u'ء'
};

/* Which suffixes end in this letter: bit i is suffix i. Asked of a word's last letter, so that few are compared. A unit
 * test holds these numbers against the table. */
static inline unsigned stem_ends(uint16_t last)
{
    switch (last) {
    case ALEF: return 1u << 0 | 1u << 1 | 1u << 4 | 1u << 6 | 1u << 14 | 1u << 16;    /* هما كما ها نا وا ا */
    case MEEM: return 1u << 2 | 1u << 5;                                              /* هم كم */
    case NOON: return 1u << 3 | 1u << 11 | 1u << 12 | 1u << 13;                       /* هن ان ون ين */
    case HEH: return 1u << 7 | 1u << 17;
    case KAF: return 1u << 8;
    case WAW: return 1u << 9;
    case TEH: return 1u << 10 | 1u << FEMININE;                                       /* ات ت */
    case YEH: return 1u << 18;
    default: return 0;
    }
}

static inline int at_least(int a, int b)
{
    return a > b ? a : b;
}

/* A step for the trace: what went, and what is left. Costs nothing when an index is written: there is no trace then. */
void fihi_stem_note(const struct word *w, struct trace *t, const char *why, const uint16_t *affix, size_t n);
/* The row of a word, of one in ت too, which was ة before a pronoun: أسئلتهم is أسئلة + هم. */
const struct lexeme *fihi_stem_row(const struct lexicon *l, const uint16_t *s, size_t n);
/* How common s[0…n-1] with `last` behind it is. */
int fihi_stem_closed(const uint16_t *s, size_t n, uint16_t last);
/* أبوه, أخيك, يده: one of the nouns of two letters, which are too short for the rules of endings, and behind it a
 * pronoun. */
bool fihi_stem_is_short_noun(const uint16_t *s, size_t n);

#endif
