/* text/conjugate.h - all forms of a verb from its past and its present, as they are spelt without vowels.
 *
 * Layer: text. Used by make_verbs.c, which has the table of stems made of it, and by the tests. The same endings serve
 * to read a verb (verb.c).
 */
#ifndef FIHI_TEXT_CONJUGATE_H
#define FIHI_TEXT_CONJUGATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uchar.h>

enum {
    VERB_PAST_ENDINGS = 11,   /* of the endings, the first */
    VERB_LETTERS = 24,        /* of a spelt form, with its zero */
    VERB_CELLS = 160          /* forms of one verb in one voice, other spellings among them */
};

/* Before what a stem stands. Of a verb that is not weak, all stems of a tense are one. */
enum verb_slot {
    PAST_BARE, PAST_OBJECT,   /* nothing; an object (دعا, دعاه; رمى, رماه) */
    PAST_T, PAST_W, PAST_A,   /* ت of the feminine, وا of the plural, ا of the dual */
    PAST_C,                   /* an ending that begins with a consonant: قل+ت, رمي+نا */
    NOW_BARE, NOW_OBJECT,
    NOW_W, NOW_Y, NOW_A,      /* ون وا, ين ي, ان ا */
    NOW_N,                    /* ن of the feminine plural */
    SHORT_BARE, SHORT_OBJECT, /* the jussive and the imperative: يقل, يبن */
    VERB_SLOTS
};

/* Prefixes of the present, and their sets. */
enum { WITH_NONE = 1, WITH_Y = 2, WITH_T = 4, WITH_N = 8, WITH_A = 16 };

struct verb_ending {
    char16_t s[4], before_object[4];  /* the latter empty where no object follows, but for `slot_object` */
    uint8_t  n, n_object;             /* their letters */
    uint8_t  slot, slot_object;       /* the stem before it; the stem if an object follows: VERB_SLOTS for none */
    uint8_t  prefixes;
};

enum verb_weakness { SOUND, HOLLOW, DEFECTIVE, ASSIMILATED, DOUBLED, HAMZATED };

struct verb {
    char16_t past[VERB_LETTERS], present[VERB_LETTERS];     /* he did, he does; as they are correctly spelt */
    unsigned form;                                          /* 1 to 10; 11 to 13: four letters, I, II and IV */
    enum verb_weakness weakness;
    bool     is_noun;                 /* the verbal noun is spelt like the past */
};

/* One form. */
struct verb_cell {
    char16_t text[VERB_LETTERS];
    uint8_t  ending;                  /* of fihi_verb_endings */
    uint8_t  prefix;                  /* WITH_… */
};

extern const struct verb_ending fihi_verb_endings[];
extern const size_t fihi_verb_ending_count;

/* "past TAB present TAB verbal noun TAB form weakness" of verbs.tsv, n bytes; false if it is no such line. */
bool fihi_verb_parse(struct verb *out, const char *line, size_t n);
/* The passive as a verb of its own; false if it is spelt like the active throughout, or not in use. */
bool fihi_verb_passive(struct verb *out, const struct verb *v);
/* Every form without an object; the last spelling of several is no better than the first. Returns their number. */
size_t fihi_verb_conjugate(struct verb_cell out[VERB_CELLS], const struct verb *v);
/* Stem `variant`, from 0, of a slot; false if there is none. */
bool fihi_verb_stem(char16_t out[VERB_LETTERS], const struct verb *v, enum verb_slot slot, unsigned variant);
/* prefix + stem + ending, where two alefs become one. */
void fihi_verb_join(char16_t out[VERB_LETTERS], char16_t prefix, const char16_t *stem, const char16_t *ending);

#endif
