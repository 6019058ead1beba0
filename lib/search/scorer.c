/* search/scorer.c - postings as scores. */
#include "search/scorer.h"

#include "base/bytes.h"
#include "base/fail.h"

uint32_t fihi_norms_get(struct norms *n, uint32_t doc, int *rc, fih_error *err)
{
    uint32_t len;

    if (n->chunk != doc / NORM_CHUNK) {
        /* What went wrong before must not be forgotten for what goes well now. */
        if (*rc != 0 || (*rc = fihi_segment_norms(n->segment, n->field, doc / NORM_CHUNK, &n->lens, err)) != 0)
            return 1;
        n->chunk = doc / NORM_CHUNK;
    }
    len = get_u16(n->lens + 2 * (size_t)(doc % NORM_CHUNK));
    return len == NORM_LONG ? fihi_segment_long_norm(n->segment, n->field, doc) : len;
}

void fihi_scene_begin(struct scene *s, const struct plan *plan, uint32_t number, struct deadline *deadline)
{
    memset(s, 0, sizeof *s);
    s->plan = plan;
    s->segment = plan->view->segments[number];
    s->number = number;
    s->deadline = deadline;
    for (unsigned f = 0; f < NORM_COUNT; f++)
        s->norms[f] = (struct norms){s->segment, NULL, UINT32_MAX, f};
}

uint32_t fihi_scene_broken(struct scene *s, const struct cursor *c, const char *what)
{
    if (s->rc == 0)
        s->rc = c->no_memory ? fihi_fail_nomem(&s->error) : fihi_segment_broken(s->segment, what, &s->error);
    return NO_DOC;
}

bool fihi_scene_is_over(struct scene *s)
{
    if (s->deadline && ++s->steps % 64 == 0 && s->rc == 0)
        s->rc = fihi_deadline_check(s->deadline, &s->error);
    return s->rc != 0;
}

uint32_t fihi_scene_length(struct scene *s, unsigned field, uint32_t doc)
{
    return fihi_norms_get(&s->norms[field], doc, &s->rc, &s->error);
}

/* ---- what bounds weigh
 *
 * A posting scores, at most, a x + b y + c z: shares of stem, root and title (FORMAT.md, "Impacts") times weights of
 * the query. A block says how much any posting has of each, but hardly one has all three; and it says how much the best
 * has of p x + q y + r z, for fixed p, q, r near those of most queries. So with the greatest m for which m p, m q and
 * m r are within a, b and c, the score is m (p x + q y + r z) and a small rest, (a - m p) x + ..., and each is bounded
 * by what the block says of it. A form that the posting has is a fourth share, of the list's own weight. */

static float least(float a, float b) { return a < b ? a : b; }

/* Weights of a posting's shares in a search, in 255ths; those of the stored sums, and of a form in them. */
static struct bound_weights bound_weights(float stem, float root, float title, float form, float form_one,
                                          bool is_near, float *share)
{
    float m = is_near ? best_multiple(stem, root, title) : 0;

    if (form_one > 0)
        m = least(m, form / form_one);
    *share = m * form_one / SHARE_MAX;
    return (struct bound_weights){m * BEST_TOTAL / 255, (stem - m * BEST_STEM + (form - m * form_one)) / 255,
                                  (root - m * BEST_ROOT) / 255, (title - m * BEST_TITLE) / 255};
}

static void set_bound_weights(struct term_scorer *t, const struct plan *p)
{
    const struct query_term *const term = t->term;
    const struct cursor *const c = &t->postings;
    /* Shares that a search sees much greater may be less than the 255th that bounds begin with, and 1 in the search:
     * times 255 they are bounds all the same, but not in sums. */
    const float text = least(p->bound_ratio[NORM_TEXT], 255), in_title = least(p->bound_ratio[NORM_TITLE], 255);
    const bool is_near = text <= 4 && in_title <= 4;
    const float form = t->form == NO_FORM ? 0 : text * term->form_weight, stem = text * term->weight;
    const float root = text * term->root_weight, title = term->scope == SCOPE_ANY ? in_title * term->title_weight : 0;
    const bool is_own = c->block_count && t->form < OWN_FORMS && t->form < c->at.form_count;
    float unused;

    t->share = 0;
    if (term->scope == SCOPE_SECTION) {
        t->without = t->with = (struct bound_weights){.stem = 0};
    } else if (term->scope == SCOPE_TITLE) {
        t->without = t->with = (struct bound_weights){.title = in_title * term->weight / 255};
    } else if (c->block_count == 0) {          /* of a list without a head only the greatest shares are known */
        t->without = (struct bound_weights){0, stem / 255, root / 255, title / 255};
        t->with = (struct bound_weights){0, (stem + form) / 255, root / 255, title / 255};
    } else {
        t->without = t->with = bound_weights(stem, root, title, 0, 0, is_near, &unused);
        if (is_own && c->form_weights[t->form])
            t->with = bound_weights(stem, root, title, form, FORM_WEIGHT_ONE * (float)c->form_weights[t->form], is_near,
                                    &t->share);
        else                                   /* the share is the form's alone */
            t->share = form / SHARE_MAX;
    }
}

/* ---- postings */

int fihi_scorer_open(struct term_scorer *t, const struct scene *s, const struct query_term *term, fih_error *err)
{
    const struct term_place *const place = &term->places[s->number];
    struct list_place at;
    int rc;

    t->term = term;
    t->scored = 0;
    t->form = term->form.count ? place->form : NO_FORM;
    if (place->entry.df == 0 || (term->is_form_only && t->form == NO_FORM))
        return FIH_E_NOTFOUND;
    if ((rc = fihi_segment_list(s->segment, &place->entry, &at, err)) != 0)
        return rc;
    if (fihi_cursor_open(&t->postings, &at) != 0)
        return fihi_segment_list_broken(s->segment, &t->postings, err);
    set_bound_weights(t, s->plan);
    return FIH_OK;
}

void fihi_scorer_close(struct term_scorer *t)
{
    fihi_cursor_close(&t->postings);
}

/* Is it found in the document that its list stands on? */
static bool is_in_scope(struct term_scorer *t)
{
    struct cursor *const c = &t->postings;

    switch (t->term->scope) {
    case SCOPE_TITLE:
        return fihi_cursor_title(c) > 0;
    case SCOPE_BODY:
        return fihi_cursor_freq(c) > fihi_cursor_title(c);
    default:
        return !t->term->is_form_only || fihi_cursor_form(c, t->form) > 0;
    }
}

/* Can no document of the block be in scope? What is in titles, or has a certain form, is rare in many lists. */
static bool is_out_of_scope(const struct term_scorer *t, uint32_t block)
{
    if (t->term->scope == SCOPE_TITLE)
        return fihi_cursor_bounds(&t->postings, block).title == 0;
    return t->term->is_form_only && cursor_form_share(&t->postings, block, t->form) == 0;
}

uint32_t fihi_scorer_seek(struct scene *s, struct term_scorer *t, uint32_t target)
{
    const bool is_partial = t->term->scope == SCOPE_TITLE || t->term->scope == SCOPE_BODY || t->term->is_form_only;
    struct cursor *const c = &t->postings;

    for (;;) {
        uint32_t last, doc;

        if (is_partial && c->doc < target && is_out_of_scope(t, fihi_cursor_peek(c, target, &last)) &&
            last < NO_DOC - 1) {
            target = last + 1;
            continue;
        }
        doc = fihi_cursor_seek(c, target);
        if (doc == NO_DOC || !is_partial || is_in_scope(t))
            return c->is_broken ? fihi_scene_broken(s, c, "a posting list") : c->doc;
        if (c->is_broken || fihi_scene_is_over(s))
            return c->is_broken ? fihi_scene_broken(s, c, "a posting list") : NO_DOC;
        target = doc + 1;
    }
}

bool fihi_scorer_has(struct scene *s, struct term_scorer *t, uint32_t doc)
{
    struct cursor *const c = &t->postings;
    const bool has_it = fihi_cursor_seek(c, doc) == doc && is_in_scope(t);

    if (c->is_broken)
        fihi_scene_broken(s, c, "a posting list");
    return has_it && !c->is_broken;
}

/* A term's score without its title: each part is a float, and the sum is taken from left to right; score_all() adds the
 * same parts in the same order. */
static float term_text_score(const struct plan *p, const struct query_term *t, uint32_t freq,
                                    uint32_t form_freq, uint32_t root_freq, uint32_t len, struct term_score *parts)
{
    parts->text = t->weight * plan_saturation(p, NORM_TEXT, (float)freq, len);
    parts->form = form_freq ? t->form_weight * plan_saturation(p, NORM_TEXT, (float)form_freq, len) : 0;
    parts->root = t->root_weight * plan_saturation(p, NORM_TEXT, (float)root_freq, len);
    return parts->text + parts->form + parts->root;
}

static float term_title_score(const struct plan *p, const struct query_term *t, uint32_t freq, uint32_t len)
{
    return t->title_weight * plan_saturation(p, NORM_TITLE, (float)freq, len);
}

float fihi_scorer_score(struct scene *s, struct term_scorer *t, struct term_score *parts)
{
    const struct query_term *const term = t->term;
    struct cursor *const c = &t->postings;
    const uint32_t doc = c->doc;
    float score;

    memset(parts, 0, sizeof *parts);
    if (term->scope == SCOPE_SECTION || doc == NO_DOC)
        return 0;
    parts->freq = fihi_cursor_freq(c);
    parts->title_freq = fihi_cursor_title(c);
    if (term->scope == SCOPE_TITLE) {
        parts->freq = parts->title_freq;
        parts->title_freq = 0;
        parts->len = fihi_scene_length(s, NORM_TITLE, doc);
        parts->text = term->weight * plan_saturation(s->plan, NORM_TITLE, (float)parts->freq, parts->len);
        score = parts->text;
    } else {
        if (term->scope == SCOPE_BODY) {
            parts->freq -= parts->title_freq;
            parts->title_freq = 0;
        }
        parts->form_freq = t->form == NO_FORM ? 0 : fihi_cursor_form(c, t->form);
        parts->root_freq = term->root_weight > 0 ? fihi_cursor_root(c) : parts->freq;
        parts->len = fihi_scene_length(s, NORM_TEXT, doc);
        score = term_text_score(s->plan, term, parts->freq, parts->form_freq, parts->root_freq, parts->len, parts);
        if (parts->title_freq && term->title_weight > 0) {
            parts->title_len = fihi_scene_length(s, NORM_TITLE, doc);
            parts->title = term_title_score(s->plan, term, parts->title_freq, parts->title_len);
            score += parts->title;
        }
    }
    if (c->is_broken)
        fihi_scene_broken(s, c, "a posting list");
    return score;
}

float fihi_scorer_word(struct scene *s, const struct query_term *term, uint32_t doc, uint32_t freq, uint32_t title_freq,
                       struct term_score *parts)
{
    const unsigned field = term->scope == SCOPE_TITLE ? NORM_TITLE : NORM_TEXT;
    float score;

    memset(parts, 0, sizeof *parts);
    parts->freq = freq;
    parts->len = fihi_scene_length(s, field, doc);
    parts->text = term->weight * plan_saturation(s->plan, field, (float)freq, parts->len);
    score = parts->text;
    if (term->scope == SCOPE_ANY && title_freq && term->title_weight > 0) {
        parts->title_freq = title_freq;
        parts->title_len = fihi_scene_length(s, NORM_TITLE, doc);
        parts->title = term_title_score(s->plan, term, title_freq, parts->title_len);
        score += parts->title;
    }
    return score;
}

/* ---- a block at once
 *
 * All of it, whatever part is asked for: a block is cut by windows, and its numbers are unpacked whole anyway. The
 * loops are plain and have no branches, so that the compiler divides for several documents at once; for a full block
 * their length is a constant. */

static bool set_bases(struct scene *s, const uint32_t *docs, unsigned n, float *bases)
{
    const float fixed = s->plan->fixed, slope = s->plan->slope[NORM_TEXT];
    struct norms *const norms = &s->norms[NORM_TEXT];
    uint32_t longest = 0;

    if (docs[0] / NORM_CHUNK != docs[n - 1] / NORM_CHUNK) {
        for (unsigned i = 0; i < n; i++)
            bases[i] = fixed + slope * (float)fihi_norms_get(norms, docs[i], &s->rc, &s->error);
        return s->rc == 0;
    }
    fihi_norms_get(norms, docs[0], &s->rc, &s->error);
    if (s->rc != 0)
        return false;
    for (unsigned i = 0; i < n; i++) {
        const uint32_t len = get_u16(norms->lens + 2 * (size_t)(docs[i] % NORM_CHUNK));

        longest = len > longest ? len : longest;
        bases[i] = (float)(int32_t)len;
    }
    for (unsigned i = 0; i < n && longest == NORM_LONG; i++)
        bases[i] = (float)fihi_norms_get(norms, docs[i], &s->rc, &s->error);
    for (unsigned i = 0; i < n; i++)
        bases[i] = fixed + slope * bases[i];
    return true;
}

static inline __attribute__((always_inline)) void add_forms(struct term_scorer *t, const float *bases,
                                                            const float *saturations, unsigned n)
{
    const struct cursor *const c = &t->postings;
    const float weight = t->term->form_weight;
    const uint32_t code = form_code(t->form);

    if (!c->has_forms && t->form != 0)
        return;
    if (!c->has_forms) {                       /* all have the first form */
        for (unsigned i = 0; i < n; i++)
            t->scores[i] += weight * saturations[i];
        return;
    }
    for (unsigned i = 0; i < n; i++) {
        const uint32_t is_it = c->form_codes[i] == code ? UINT32_MAX : 0;
        union { float f; uint32_t bits; } part = {.f = weight * saturations[i]};

        part.bits &= is_it;                    /* 0.0 otherwise */
        t->scores[i] += part.f;
    }
    for (unsigned k = 0; k < c->mixed_count; k++) {
        const unsigned i = c->mixed_at[k];
        const float freq = (float)cursor_mixed(c, k, t->form);

        t->scores[i] += freq > 0 ? weight * (freq / (freq + bases[i])) : 0;
    }
}

static inline __attribute__((always_inline)) void add_roots(struct term_scorer *t, const float *bases,
                                                            const float *saturations, unsigned n)
{
    const struct cursor *const c = &t->postings;
    const float weight = t->term->root_weight;

    for (unsigned i = 0; i < n && !c->has_roots; i++)
        t->scores[i] += weight * saturations[i];
    for (unsigned i = 0; i < n && c->has_roots; i++) {
        const float freq = (float)(int32_t)root_of_code(c->freqs[i], c->root_codes[i]);

        t->scores[i] += weight * (freq / (freq + bases[i]));
    }
}

static void add_titles(struct scene *s, struct term_scorer *t, unsigned n)
{
    const struct cursor *const c = &t->postings;

    for (unsigned i = 0; i < n; i++)
        if (c->titles[i]) {
            const uint32_t len = fihi_scene_length(s, NORM_TITLE, c->docs[i]);

            t->scores[i] += term_title_score(s->plan, t->term, c->titles[i], len);
        }
}

static inline __attribute__((always_inline)) void score_all(struct term_scorer *t, const float *bases, unsigned n,
                                                            bool has_it)
{
    const struct cursor *const c = &t->postings;
    const float weight = t->term->weight;
    float saturations[POSTING_BLOCK];

    for (unsigned i = 0; i < n; i++) {
        const float freq = (float)(int32_t)c->freqs[i];

        saturations[i] = freq / (freq + bases[i]);
        t->scores[i] = weight * saturations[i];
    }
    if (has_it)
        add_forms(t, bases, saturations, n);
    if (t->term->root_weight > 0)
        add_roots(t, bases, saturations, n);
}

bool fihi_scorer_block(struct scene *s, struct term_scorer *t)
{
    struct cursor *const c = &t->postings;
    float bases[POSTING_BLOCK];

    if (t->scored == c->block + 1)
        return true;
    const bool has_it = t->form != NO_FORM && cursor_form_share(c, c->block, t->form) > 0;
    if (!(has_it ? fihi_cursor_numbers(c) : fihi_cursor_scores(c))) {
        fihi_scene_broken(s, c, "a posting list");
        return false;
    }
    if (!set_bases(s, c->docs, c->size, bases))
        return false;
    if (c->size == POSTING_BLOCK)
        score_all(t, bases, POSTING_BLOCK, has_it);
    else
        score_all(t, bases, c->size, has_it);
    if (c->has_titles && t->term->title_weight > 0)
        add_titles(s, t, c->size);
    t->scored = c->block + 1;
    return s->rc == 0;
}

/* ---- bounds */

double fihi_scorer_bound(const struct term_scorer *t, uint32_t block)
{
    const struct cursor *const c = &t->postings;
    const struct list_bounds b = fihi_cursor_bounds(c, block);
    const uint8_t share = t->form == NO_FORM ? 0 : cursor_form_share(c, block, t->form);
    const float without = bound_sum(t->without, b.best, b.stem, b.root, b.title);
    const float with = bound_sum(t->with, b.best, b.stem, b.root, b.title) + t->share * (float)share;

    return (double)(share && with > without ? with : without) * BOUND_MARGIN * BOUND_MARGIN;
}

double fihi_scorer_word_bound(const struct term_scorer *t, const struct query_term *word, const struct plan *p,
                              uint32_t block)
{
    const struct list_bounds b = fihi_cursor_bounds(&t->postings, block);
    const float text = least(p->bound_ratio[NORM_TEXT], 255), title = least(p->bound_ratio[NORM_TITLE], 255);

    return (double)((text * word->weight * (float)b.stem + title * word->title_weight * (float)b.title) / 255) *
           BOUND_MARGIN * BOUND_MARGIN;
}

double fihi_scorer_top(const struct term_scorer *t)
{
    double top = 0;

    for (uint32_t i = 0; i <= t->postings.block_count; i++) {
        const double bound = fihi_scorer_bound(t, i);

        top = bound > top ? bound : top;
    }
    return top;
}

double fihi_scorer_peek(const struct term_scorer *t, uint32_t target, uint32_t *until)
{
    uint32_t last;
    const uint32_t block = fihi_cursor_peek(&t->postings, target, &last);

    if (last < *until)
        *until = last;
    return fihi_scorer_bound(t, block);
}
