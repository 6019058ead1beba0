/* index/impact.h - what a posting brings to a score, as small numbers that bound it.
 *
 * Layer: index. Includes index/list.h. Format: FORMAT.md, "Impacts". A list's writer and its verifier make the same
 * numbers of the same posting.
 */
#ifndef FIHI_INDEX_IMPACT_H
#define FIHI_INDEX_IMPACT_H

#include "index/list.h"

/* The lengths against which a posting's frequencies are seen. */
struct posting_lengths {
    uint32_t text, title;              /* of the document */
    bool     is_keyword;               /* no lengths: impacts are 255 */
};

/* Frequencies as shares of what they could bring, each f / (f + K) with IMPACT_K1 and IMPACT_B. */
struct shares {
    float stem, root, title;
    float best;                        /* their weighted sum, of BEST_TOTAL */
    float text_k;                      /* K of the text: for the frequencies of forms */
};
struct shares fihi_shares(const struct posting *p, const struct posting_lengths *len, float avg_text, float avg_title);

/* 255ths, rounded up or down with a little to spare: floats of another machine may differ in their last bit. */
uint8_t fihi_impact_up(float share);
uint8_t fihi_impact_down(float share);
/* Of a frequency in a text or a title of this length. */
uint8_t fihi_impact(uint32_t freq, uint32_t len, float avg);

/* What a form in form_df of a stem's df documents, of `docs` in the segment, weighs beside BEST_STEM: at most the
 * quotient of their idf, in FORM_WEIGHT_ONEs; at least 1. */
uint8_t fihi_form_weight(uint32_t form_df, uint32_t df, uint32_t docs);
/* A posting's weighted sum with that of a form that it has; of a form without a weight of its own (0) the form's share
 * alone. */
float fihi_form_sum(const struct shares *s, uint32_t form_freq, uint8_t weight);
/* How much more such a sum is than a block's `best`, in SHARE_MAXths of the form's weight; of a form without a weight
 * in SHARE_MAXths of what it could be. Rounded up, at least 1. */
uint8_t fihi_form_share(float sum, uint8_t best, uint8_t weight);

/* Rows of a list's shares, a byte for each block: two forms in one. */
static inline size_t share_rows(uint32_t form_count)
{
    return ((form_count < OWN_FORMS + 1 ? form_count : OWN_FORMS + 1) + 1) / 2;
}

#endif
