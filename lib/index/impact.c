/* index/impact.c - shares of a posting, rounded so that they bound it. */
#include "index/impact.h"

#include <math.h>

/* K of FORMAT.md, "Impacts". */
static float denominator(uint32_t len, float avg)
{
    return IMPACT_K1 * (1 - IMPACT_B + IMPACT_B * (float)len / (avg > 0 ? avg : 1));
}

static float share(uint32_t freq, float k)
{
    return (float)freq / ((float)freq + k);
}

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

/* ceilf(), without a call. */
static unsigned ceiling(float v)
{
    const unsigned whole = (unsigned)v;

    return whole + ((float)whole < v);
}

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

uint8_t fihi_form_weight(uint32_t form_df, uint32_t df, uint32_t docs)
{
    const float one = BEST_STEM / FORM_WEIGHT_ONE;
    const float weight = df <= docs && form_df <= df ? one * (idf(form_df, docs) / idf(df, docs)) : one;

    return weight < 255 ? (uint8_t)weight : 255;
}

float fihi_form_sum(const struct shares *s, uint32_t form_freq, uint8_t weight)
{
    const float form = share(form_freq, s->text_k);

    return weight ? BEST_TOTAL * s->best + FORM_WEIGHT_ONE * (float)weight * form : form;
}

uint8_t fihi_form_share(float sum, uint8_t best, uint8_t weight)
{
    const float more = weight ? (sum - BEST_TOTAL * (float)best / 255) / (FORM_WEIGHT_ONE * (float)weight) : sum;
    const unsigned up = more > 0 ? ceiling(SHARE_MAX * more + 0.001f) : 1;

    return up > SHARE_MAX ? SHARE_MAX : (uint8_t)up;
}
