/* search/scorer.c - postings as scores.
 *
 * A posting's score is w_stem * sat(freq) + w_form * sat(form's freq) + w_root * sat(root's freq) + w_title *
 * sat(title's freq), sat(f) = f / (f + K), K = k1 (1 - b + b * length / mean). Three times a word in a text of half the
 * mean length, with k1 = 0.9 and b = 0.5: K = 0.9 * 0.75 = 0.675, sat = 0.816; once: 0.597. Weights hold idf, letters
 * and boosts (plan_words.c), so that all the rest is of the posting and its document.
 *
 * The same score is computed in three ways: for one document (fihi_scorer_score()), for a block (fihi_scorer_block()),
 * and as a bound (fihi_scorer_bound()). The first two agree to the bit: the same floats are multiplied and added in the
 * same order. So an explanation, a page fetched later and the exhaustive way never differ in the last digit, and ties
 * are ties everywhere. The third is at least as much, by margins that cover its rounding. Nothing here may be compiled
 * with fused or reordered floats (-ffast-math).
 */
#include "search/scorer.h"

#include "base/bytes.h"
#include "base/fail.h"

/* Two bytes a document; 65,535 and longer lengths are in a table of their own. 1 on an error: any length that does not
 * divide by 0 would do. */
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

/* Nothing is allocated, so a scene needs no end. The chunks of lengths it looks at are borrowed from the snapshot. A
 * scene is of one segment and one thread. */
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

/* The first thing that went wrong stays: what follows is mostly its consequence. NO_DOC ends the loops of who asked. */
uint32_t fihi_scene_broken(struct scene *s, const struct cursor *c, const char *what)
{
    if (s->rc == 0)
        s->rc = c->no_memory ? fihi_fail_nomem(&s->error) : fihi_segment_broken(s->segment, what, &s->error);
    return NO_DOC;
}

/* For loops that may go on for long without a match. What goes wrong also sounds as if it were over. */
bool fihi_scene_is_over(struct scene *s)
{
    if (s->deadline && ++s->steps % 64 == 0 && s->rc == 0)
        s->rc = fihi_deadline_check(s->deadline, &s->error);
    return s->rc != 0;
}

/* An error is kept in the scene, and shows when the caller asks it: so a loop over documents has no branch for it. */
uint32_t fihi_scene_length(struct scene *s, unsigned field, uint32_t doc)
{
    return fihi_norms_get(&s->norms[field], doc, &s->rc, &s->error);
}

/* ---- what bounds weigh
 *
 * A posting scores, at most, a x + b y + c z: shares of stem, root and title (FORMAT.md, "Impacts") times weights of
 * the query. A block says how much any posting has of each, but hardly one has all three; and it says how much the best
 * has of p x + q y + r z, for fixed p, q, r near those of most queries. So with the greatest m for which m p, m q and m
 * r are within a, b and c, the score is m (p x + q y + r z) and a small rest, (a - m p) x + ..., and each is bounded by
 * what the block says of it. A form that the posting has is a fourth share, of the list's own weight.
 *
 * Example: a = 0.5, b = 0.6, c = 0.6 with p, q, r = 0.5, 0.75, 0.6: m = 0.8. A block says stem 0.9, root 0.8, title
 * 0.7, and 1.2 of the sum, for no posting has all three. By single bounds: 0.5 * 0.9 + 0.6 * 0.8 + 0.6 * 0.7 = 1.35. By
 * the sum: 0.8 * 1.2 + 0.1 * 0.9 + 0 + 0.12 * 0.7 = 1.13. */

static float least(float a, float b) { return a < b ? a : b; }

/* Weights of a posting's shares in a search, in 255ths; those of the stored sums, and of a form in them. `form` is what
 * the form weighs in the search, form_one what it weighs in the list, beside p, q, r. In m it is one more that must be
 * within: what the stored share does not cover, form - m * form_one, is added to the stem's, for a form is no more
 * frequent than its stem. With is_near false m is 0, and only the single bounds count. */
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

/* Once for a list and search; blocks then cost four products (bound_sum()). bound_ratio makes up for other k1, b and
 * mean lengths than the stored numbers were made with (plan.c). `without` is for blocks in which the form does not
 * occur, `with` for the others, where t->share times the block's share of the form comes on top. */
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
    } else if (term->scope == SCOPE_FIELD) {   /* impacts are 255 there */
        t->without = t->with = (struct bound_weights){.stem = term->weight / 255};
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

/* Every document of the list has a text, and so a length. */
static uint32_t text_length(struct scene *s, struct term_scorer *t, uint32_t doc)
{
    int64_t length = VALUE_NONE;

    if (s->rc == 0)
        s->rc = fihi_column_get(&t->lengths, doc, &length, &s->error);
    if (s->rc == 0 && (length < 1 || length > UINT32_MAX))
        fihi_scene_broken(s, &t->postings, "a text's length");
    return s->rc == 0 ? (uint32_t)length : 1;
}

/* The scene's segment must be the one of the place. A term that is found by its form only and whose form the list has
 * not is not there either. On an error the cursor may be open: close it all the same. */
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
    if (term->scope == SCOPE_FIELD && !fihi_column_open(&t->lengths, s->segment, term->key.bytes[1]))
        return fihi_segment_broken(s->segment, "a text without lengths", err);
    return FIH_OK;
}

void fihi_scorer_close(struct term_scorer *t)
{
    fihi_cursor_close(&t->postings);
}

/* Is it found in the document that its list stands on? In the body is what is not in the title: freq counts both.
 * Broken lists say 0 here, and is_broken. */
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

/* Can no document of the block be in scope? What is in titles, or has a certain form, is rare in many lists. By two
 * bytes of the skip entries. The body has no such byte: hardly a block has a word in titles alone. */
static bool is_out_of_scope(const struct term_scorer *t, uint32_t block)
{
    if (t->term->scope == SCOPE_TITLE)
        return fihi_cursor_bounds(&t->postings, block).title == 0;
    return t->term->is_form_only && cursor_form_share(&t->postings, block, t->form) == 0;
}

/* c->doc < target: otherwise the seek stands still, and there is nothing to save. A list whose every block is out of
 * scope is passed over by its skip entries, up to the tail, which has no end to step behind. */
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

/* No further than the document itself: a seek in scope could run to the end of the list for nothing. */
bool fihi_scorer_has(struct scene *s, struct term_scorer *t, uint32_t doc)
{
    struct cursor *const c = &t->postings;
    const bool has_it = fihi_cursor_seek(c, doc) == doc && is_in_scope(t);

    if (c->is_broken)
        fihi_scene_broken(s, c, "a posting list");
    return has_it && !c->is_broken;
}

/* A term's score without its title: each part is a float, and the sum is taken from left to right; score_all() adds the
 * same parts in the same order. Adding 0 for a missing form leaves the same bits as not adding. */
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

/* The parts are for who explains; the sum is what counts. A keyword scores 0: it says which documents, not how good. In
 * one field the root's frequency is unknown, and the weight of it is 0 there. */
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
    if (term->scope == SCOPE_FIELD) {
        parts->len = text_length(s, t, doc);
        parts->text = term->weight * term_saturation(s->plan, term, (float)parts->freq, parts->len);
        if (c->is_broken)
            fihi_scene_broken(s, c, "a posting list");
        return parts->text;
    }
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
        /* A number that weighs nothing is not unpacked. */
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

/* Of another writing, which stands in place of a word: its frequency was counted by positions, and its weight is that
 * of what was asked, form and root included (plan_best.c). So there is one part for the text, and one for the title. */
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

/* K of each document: fixed + slope * length. Mostly all documents of a block lie in one chunk of lengths, whose
 * pointer is then got once. The length goes to float by way of int32_t, for which there is an instruction for four at
 * once; all of them are below 2^16 but those behind NORM_LONG.
 *
 * The greatest stored length tells whether any is a long one: a test for all, not one for each, so that the loop has no
 * branch. */
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

/* Most postings have one form for all of their occurrences, and its code says which: so the stem's saturation is the
 * form's, masked to 0 where it is another form's. Mixed postings have a code that no form has (FORM_CODE_MIXED), get 0
 * there, and their own in the last loop: a division for each of the few.
 *
 * Always inlined, so that n is a constant where score_all() is called with one. */
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
        /* A mask instead of a condition: a select of floats is not always made into one, and a branch here is not
         * foreseeable. x + 0.0 is x for what is not negative. */
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

/* Without a number in the block roots are as frequent as stems, and the division is saved. int32_t as above: a document
 * has fewer than 2^31 words. */
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

/* Few postings of a block are in titles: a branch each is cheaper than their lengths for all. */
static void add_titles(struct scene *s, struct term_scorer *t, unsigned n)
{
    const struct cursor *const c = &t->postings;

    for (unsigned i = 0; i < n; i++)
        if (c->titles[i]) {
            const uint32_t len = fihi_scene_length(s, NORM_TITLE, c->docs[i]);

            t->scores[i] += term_title_score(s->plan, t->term, c->titles[i], len);
        }
}

/* In the order of term_text_score(): text, form, root; the title comes last of all. */
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

/* t->scored remembers which block it was: asking again costs nothing. Forms are unpacked only if the block has this
 * one. */
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
    /* The same function twice: with a constant length its loops are unrolled and have no remainder. */
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

/* The margin twice: for the rounding of the bound itself, and for that of the scores that it is compared with. */
double fihi_scorer_bound(const struct term_scorer *t, uint32_t block)
{
    const struct cursor *const c = &t->postings;
    const struct list_bounds b = fihi_cursor_bounds(c, block);
    const uint8_t share = t->form == NO_FORM ? 0 : cursor_form_share(c, block, t->form);
    const float without = bound_sum(t->without, b.best, b.stem, b.root, b.title);
    const float with = bound_sum(t->with, b.best, b.stem, b.root, b.title) + t->share * (float)share;

    return (double)(share && with > without ? with : without) * BOUND_MARGIN * BOUND_MARGIN;
}

/* As often as this one: the impacts of stem and title bound any word's saturation that is no more frequent. The sum of
 * them is of this list's weights and no use here. Forms and roots have no part in it, for such a term has none. A ratio
 * of 255 already makes the least share that is stored, 1 / 255, a saturation of 1: more there is none. */
double fihi_scorer_word_bound(const struct term_scorer *t, const struct query_term *word, const struct plan *p,
                              uint32_t block)
{
    const struct list_bounds b = fihi_cursor_bounds(&t->postings, block);
    const float text = least(p->bound_ratio[NORM_TEXT], 255), title = least(p->bound_ratio[NORM_TITLE], 255);

    return (double)((text * word->weight * (float)b.stem + title * word->title_weight * (float)b.title) / 255) *
           BOUND_MARGIN * BOUND_MARGIN;
}

/* Over all blocks and the tail: the head of a list has no bound of its own. They are bytes in a row: some microseconds
 * for the longest lists (scored_lists.c). */
double fihi_scorer_top(const struct term_scorer *t)
{
    double top = 0;

    for (uint32_t i = 0; i <= t->postings.block_count; i++) {
        const double bound = fihi_scorer_bound(t, i);

        top = bound > top ? bound : top;
    }
    return top;
}

/* *until is only lowered: several lists are asked one after the other, and what holds for all of them ends with the
 * first block that ends. */
double fihi_scorer_peek(const struct term_scorer *t, uint32_t target, uint32_t *until)
{
    uint32_t last;
    const uint32_t block = fihi_cursor_peek(&t->postings, target, &last);

    if (last < *until)
        *until = last;
    return fihi_scorer_bound(t, block);
}
