/* text/verb_part.h - what verb.c, which reads verbs, and verb_evidence.c, which weighs a reading, share.
 *
 * Layer: text. Only for verb*.c.
 */
#ifndef FIHI_TEXT_VERB_PART_H
#define FIHI_TEXT_VERB_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/conjugate.h"
#include "text/verb.h"

enum {
    HEH = u'ه', YEH = u'ي', TEH = u'ت', NOON = u'ن', ALEF = u'ا', WAW = u'و', FEH = u'ف', BEH = u'ب', KAF = u'ك',
    LAM = u'ل', SEEN = u'س', MEEM = u'م', TEH_MARBUTA = u'ة', ALEF_HAMZA = u'أ'
};

/* A word without what stands before the verb. */
struct rest {
    const struct word *w;
    const struct lexicon *l;
    size_t at, n;             /* first letter; one behind the last but for the object */
    bool   has_object, is_now;  /* is_now: س or ل was there, so it is a present */
    bool   has_two;             /* objects */
};

/* أصابه and أصابته, whose أ is written, are not of إصابة: the verbal noun of such a verb has إ. `stem` letters. */
bool fihi_verb_is_told(const struct rest *r, const struct verb_ending *e, size_t stem);
/* نرى, أظن, نراه: a present of so few letters is mostly a noun. */
bool fihi_verb_is_short(const struct rest *r, const struct verb_ending *e, size_t stem);
/* Readings that are likely only where evidence speaks for them: does it? It is asked for when a stem was found. */
bool fihi_verb_is_believed(const struct rest *r, const struct verb_ending *e, size_t stem_at, size_t stem);
/* Is s[0…n-1] by itself a much commoner word than with the ه behind it? */
bool fihi_verb_is_commoner(const uint16_t *s, size_t n);

#endif
