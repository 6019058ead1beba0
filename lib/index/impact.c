/* index/impact.c - shares of a posting, rounded so that they bound it.
 *
 * Of a word that occurs f times in a text, the part of the greatest possible score is f / (f + K), with the K of
 * BM25 (Robertson & Zaragoza, "The probabilistic relevance framework: BM25 and beyond", 2009), which grows with the
 * length of the text. That part does not depend on the query, so the greatest of a block's is stored with it, in a
 * byte. A search that finds that a block cannot bring a document into its best k does not read it.
 *
 * The byte is no score but a bound: rounded up, never less than what the search will compute. If it were too high,
 * blocks would be read for nothing; if it were too low by a single step, hits would be lost. The other way round for
 * floors. For f = 1 in a text of mean length, K is 0.9: 255 / 1.9 is 134.2, stored as 135, and as a floor 134.
 *
 * Search may use other parameters than IMPACT_K1 and IMPACT_B: FORMAT.md, "Impacts", says by what it multiplies. */
#include "index/impact.h"

#include <math.h>

/* K of FORMAT.md, "Impacts".
 * In floats, and in the order of the formula: what another machine makes of the last bit is what the 0.001 of the
 * rounding is for. A mean of 0 is that of a field that no document has. */
static float denominator(uint32_t len, float avg)
{
    return IMPACT_K1 * (1 - IMPACT_B + IMPACT_B * (float)len / (avg > 0 ? avg : 1));
}

static float share(uint32_t freq, float k)
{
    return (float)freq / ((float)freq + k);
}

/* Most roots occur no more often than the stem: then no second division. `best` is made of the shares before
 * rounding, because three numbers rounded up add up to more than their sum does. */
struct shares fihi_shares(const struct posting *p, const struct posting_lengths *len, float avg_text, float avg_title)
{
    struct shares s = {.text_k = denominator(len->text, avg_text)};

    if (len->is_keyword)                       /* nothing is known of what it scores */
        return (struct shares){1, 1, 0, 1, 0};
    s.stem = share(p->freq, s.text_k);
    s.root = p->root == p->freq ? s.stem : share(p->root, s.text_k);
    s.title = p->title ? share(p->title, denominator(len->title, avg_title)) : 0;
    s.best = (BEST_STEM * s.stem + BEST_ROOT * s.root + BEST_TITLE * s.title) / BEST_TOTAL;
    return s;
}

/* ceilf(), without a call.
 * Not for negative numbers. */
static unsigned ceiling(float v)
{
    const unsigned whole = (unsigned)v;

    return whole + ((float)whole < v);
}

/* A share of 0 stays 0: "no document of the block has it in the title" is worth more than a bound. */
uint8_t fihi_impact_up(float share)
{
    const unsigned up = share > 0 ? ceiling(255.0f * share + 0.001f) : 0;

    return up >= 255 ? 255 : (uint8_t)up;
}

uint8_t fihi_impact_down(float share)
{
    const float exact = 255.0f * share - 0.001f;

    return exact > 0 ? (uint8_t)exact : 0;     /* below 255: no share reaches 1 */
}

uint8_t fihi_impact(uint32_t freq, uint32_t len, float avg)
{
    return fihi_impact_up(share(freq, denominator(len, avg)));
}

static float idf(uint32_t df, uint32_t docs)
{
    return logf(1 + ((float)docs - (float)df + 0.5f) / ((float)df + 0.5f));
}

/* Comparisons are such that what is not a number gives 255: of a stem in all of some millions of documents the
 * logarithm rounds to 0. More forms than documents, or documents than there are, come only from damaged counts. */
uint8_t fihi_form_weight(uint32_t form_df, uint32_t df, uint32_t docs)
{
    const float one = BEST_STEM / FORM_WEIGHT_ONE;
    const float weight = df <= docs && form_df <= df ? one * (idf(form_df, docs) / idf(df, docs)) : one;

    return weight < 255 ? (uint8_t)weight : 255;
}

/* A form beyond the fifteenth has no weight in the list: what it weighs is known to the search alone. */
float fihi_form_sum(const struct shares *s, uint32_t form_freq, uint8_t weight)
{
    const float form = share(form_freq, s->text_k);

    return weight ? BEST_TOTAL * s->best + FORM_WEIGHT_ONE * (float)weight * form : form;
}

/* At least 1, for 0 says that the form does not occur; at most SHARE_MAX, which is all of its weight and so always a
 * bound. */
uint8_t fihi_form_share(float sum, uint8_t best, uint8_t weight)
{
    const float more = weight ? (sum - BEST_TOTAL * (float)best / 255) / (FORM_WEIGHT_ONE * (float)weight) : sum;
    const unsigned up = more > 0 ? ceiling(SHARE_MAX * more + 0.001f) : 1;

    return up > SHARE_MAX ? SHARE_MAX : (uint8_t)up;
}
