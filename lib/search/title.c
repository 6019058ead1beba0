/* search/title.c - from the rarest word's titles to those that are the query.
 *
 * Example: for تاريخ مصر الحديث a path has three words. A document is it if its title has the length 3, and the words
 * stand at positions 0, 1 and 2, each in one of its readings. Other writings make paths of their own: عبد الله is one
 * of two words, عبدالله one of one; the best of the paths counts.
 *
 * Finding them: the word whose readings are in the fewest titles leads; its documents with a title of that length are
 * candidates, and most of its blocks are passed over by what their skip entries say of titles. Only for candidates are
 * other lists opened at all. Cost of a query that is no title: one walk over the skip entries of its rarest word.
 */
#include "search/title.h"

#include <stdlib.h>

#include "base/fail.h"
#include "index/impact.h"

/* A word of the title: its terms that are in titles of the segment, opened when the first document is looked at. */
struct title_at {
    const struct title_word *word;
    struct cursor           *cursors;  /* of its terms, each open or zero */
    uint64_t                 docs;     /* with one of them in the title */
    uint32_t                 nth;      /* in the place of the i-th word: which word is the i-th by `docs` */
};

struct path {
    struct title_at *words;
    uint32_t         count;            /* words, and so the length of such a title */
    bool             is_open;          /* its lists are */
};

struct titles {
    struct scene *scene;
    struct path   paths[TITLES_MOST];
    unsigned      count;
};

/* Where the plan has found a term in this segment: its entry in the dictionary, or one of zeros. */
static const struct term_place *place_of(const struct titles *t, uint32_t term)
{
    return &t->scene->plan->terms[term].places[t->scene->number];
}

/* Closes what was opened: cursors that are still zero are closed as well, which does nothing. */
void fihi_titles_free(struct titles *t)
{
    if (!t)
        return;
    for (unsigned i = 0; i < t->count; i++) {
        struct path *const p = &t->paths[i];

        for (uint32_t k = 0; p->words && k < p->count; k++) {
            for (uint32_t c = 0; p->words[k].cursors && c < p->words[k].word->end - p->words[k].word->first; c++)
                fihi_cursor_close(&p->words[k].cursors[c]);
            free(p->words[k].cursors);
        }
        free(p->words);
    }
    free(t);
}

/* A path, unless one of its words is in no title: FIH_E_NOTFOUND. No path is added then, and none with a word less:
 * t->count goes up only when its memory is there, so that fihi_titles_free() knows what it may touch. `nth` is an
 * insertion sort of the words by rarity, in place. */
static int begin_path(struct titles *t, const struct title *title)
{
    const struct plan *const plan = t->scene->plan;
    /* There is room: the plan makes at most TITLES_MOST titles. */
    struct path *const p = &t->paths[t->count];

    *p = (struct path){.count = title->count};
    for (uint32_t i = 0; i < p->count; i++) {
        const struct title_word *const w = &plan->title_words[title->first + i];
        uint64_t docs = 0;

        for (uint32_t k = w->first; k < w->end; k++)
            docs += place_of(t, k)->entry.title_df;
        /* A word that no title has in any reading: no title is this one. */
        if (docs == 0)
            return FIH_E_NOTFOUND;
    }
    if (!(p->words = calloc(p->count, sizeof *p->words)))
        return FIH_E_NOMEM;
    t->count++;
    for (uint32_t i = 0; i < p->count; i++) {
        struct title_at *const w = &p->words[i];

        w->word = &plan->title_words[title->first + i];
        for (uint32_t k = w->word->first; k < w->word->end; k++)
            w->docs += place_of(t, k)->entry.title_df;
        uint32_t at = i;
        for (; at > 0 && p->words[p->words[at - 1].nth].docs > w->docs; at--)
            p->words[at].nth = p->words[at - 1].nth;
        p->words[at].nth = i;
    }
    return FIH_OK;
}

/* A segment without titles, as of plain texts, is answered by its header. At most TITLES_MOST paths of TITLE_WORDS
 * words. Nothing is read from the disk yet: how many titles have a word, the plan has looked up. */
int fihi_titles_new(struct titles **out, struct scene *s, fih_error *err)
{
    struct titles *t = NULL;
    int rc = FIH_OK;

    *out = NULL;
    if (s->plan->title_count == 0 || s->segment->stats.with[NORM_TITLE] == 0)
        return FIH_OK;
    if (!(t = malloc(sizeof *t)))
        return fihi_fail_nomem(err);
    /* `paths` is not cleared: begin_path() writes each before it counts. */
    t->scene = s;
    t->count = 0;
    /* A path that the segment cannot have is left out; memory that is out ends it. */
    for (unsigned i = 0; i < s->plan->title_count && rc != FIH_E_NOMEM; i++)
        rc = begin_path(t, &s->plan->titles[i]);
    /* FIH_E_NOTFOUND of a path is no error: it is not there. */
    if (rc == FIH_E_NOMEM || t->count == 0)
        fihi_titles_free(t);
    else
        *out = t;
    return rc == FIH_E_NOMEM ? fihi_fail_nomem(err) : FIH_OK;
}

/* The cursor is zero or was closed. */
static int open_cursor(struct titles *t, struct cursor *c, uint32_t term, fih_error *err)
{
    struct segment *const s = t->scene->segment;
    struct list_place at;
    const int rc = fihi_segment_list(s, &place_of(t, term)->entry, &at, err);

    return rc ? rc : fihi_cursor_open(c, &at) != 0 ? fihi_segment_list_broken(s, c, err) : FIH_OK;
}

/* Lists of all words, when the first document asks for them: mostly none does. */
static int open_path(struct titles *t, struct path *p, fih_error *err)
{
    int rc = FIH_OK;

    /* Also after an error, which ends the search: what was opened is closed with the rest. */
    p->is_open = true;
    for (uint32_t i = 0; i < p->count && rc == 0; i++) {
        struct title_at *const w = &p->words[i];

        if (!(w->cursors = calloc(w->word->end - w->word->first, sizeof *w->cursors)))
            return fihi_fail_nomem(err);
        for (uint32_t k = w->word->first; k < w->word->end && rc == 0; k++)
            if (place_of(t, k)->entry.title_df)
                rc = open_cursor(t, &w->cursors[k - w->word->first], k, err);
    }
    return rc;
}

/* Does a term stand at a position of the document? *has_form: in it, perhaps elsewhere, with the form asked for.
 * Positions ascend and the title comes first, so the search ends after a few. The form is told of the document, not of
 * the position: lists do not say which occurrence has which form. */
static int stands_at(struct titles *t, struct cursor *c, uint32_t term, uint32_t doc, uint32_t position, bool *stands,
                     bool *has_form, fih_error *err)
{
    const struct query_term *const q = &t->scene->plan->terms[term];
    /* The form's number in this segment's list of the stem. */
    const uint32_t form = place_of(t, term)->form;
    const uint32_t *at;
    uint32_t count;

    *stands = false;
    /* Cursors go forward only, which is why documents must ascend. */
    if (fihi_cursor_seek(c, doc) != doc)
        return c->is_broken ? fihi_segment_list_broken(t->scene->segment, c, err) : FIH_OK;
    *has_form = q->form.count == 0 || (form != NO_FORM && fihi_cursor_form(c, form) > 0);
    if (q->is_form_only && !*has_form)
        return FIH_OK;
    if (!(at = fihi_cursor_positions(c, &count)))
        return c->no_memory ? fihi_fail_nomem(err) : fihi_segment_broken(t->scene->segment, "positions", err);
    /* Positions of the body are greater than any of the title: no need to look at them. */
    for (uint32_t i = 0; i < count && at[i] <= position && !*stands; i++)
        *stands = at[i] == position;
    return FIH_OK;
}

/* Has a document all words of the path, wherever they stand? That is told sooner than where. The rarest first; no
 * positions are read. Cursors that stand further on already have the answer. A frequent word is asked last, and then
 * only for documents that all rarer ones have. */
static int has_words(struct titles *t, struct path *p, uint32_t doc, bool *has, fih_error *err)
{
    *has = true;
    for (uint32_t i = 0; i < p->count && *has; i++) {
        const struct title_at *const w = &p->words[p->words[i].nth];

        *has = false;
        for (uint32_t k = w->word->first; k < w->word->end && !*has; k++) {
            struct cursor *const c = &w->cursors[k - w->word->first];

            /* A reading that no title has was not opened. */
            *has = place_of(t, k)->entry.title_df && fihi_cursor_seek(c, doc) == doc;
            if (c->is_broken)
                return fihi_segment_list_broken(t->scene->segment, c, err);
        }
    }
    return FIH_OK;
}

/* A document with a title as long as the path. As many words as the title is long, each at its own place: so there is
 * room for no other. A word without the form that was asked for (كتب for كتاب) stands there, but its weight does not
 * count: a title of nothing but such words scores 0, which is none. */
static int score_path(struct titles *t, struct path *p, uint32_t doc, float *score, fih_error *err)
{
    float sum = 0;
    bool has = false;
    int rc = p->is_open ? FIH_OK : open_path(t, p, err);

    *score = 0;
    if (rc == 0)
        rc = has_words(t, p, doc, &has, err);
    if (!has)
        return rc;
    for (uint32_t i = 0; i < p->count && rc == 0; i++) {
        const struct title_at *const w = &p->words[i];
        bool stands = false, counts = w->word->is_sure;

        for (uint32_t k = w->word->first; k < w->word->end && rc == 0; k++) {
            bool here = false, has_form = false;

            if (place_of(t, k)->entry.title_df)
                rc = stands_at(t, &w->cursors[k - w->word->first], k, doc, i, &here, &has_form, err);
            /* One reading must stand there; the form may be another reading's, which stands there too. */
            stands |= here;
            counts |= here && has_form;
        }
        /* *score is still 0. */
        if (rc != 0 || !stands)
            return rc;
        sum += counts ? w->word->weight : 0;
    }
    *score = sum;
    return rc;
}

/* Length first: it is a look at two bytes, and rules out nearly all. The best of the paths, and no sum: each is another
 * way to write the same title. */
int fihi_titles_score(struct titles *t, uint32_t doc, float *score, fih_error *err)
{
    const uint32_t len = fihi_scene_length(t->scene, NORM_TITLE, doc);
    int rc = t->scene->rc;

    *score = 0;
    if (rc != 0 && err)
        *err = t->scene->error;
    for (unsigned i = 0; i < t->count && rc == 0; i++) {
        float here = 0;

        /* A title of another length cannot be this path, whatever its words. */
        if (t->paths[i].count == len)
            rc = score_path(t, &t->paths[i], doc, &here, err);
        *score = here > *score ? here : *score;
    }
    return rc;
}

/* ---- finding them */

/* A term's documents with a title so long that has it: blocks in which no title says as much by one word are passed
 * over. A title of len words that has the word once is seen as 1 / (1 + K), and this is the least it can be; more often
 * only makes it more. Rounded down, so that no block is passed over by a last bit. Lists without full blocks say 255
 * and are walked. */
static int walk_term(struct titles *t, struct cursor *c, uint32_t len, int (*each)(void *ctx, uint32_t doc), void *ctx,
                     struct deadline *deadline, fih_error *err)
{
    const uint8_t least = fihi_impact_down(1 / (1 + IMPACT_K1 * (1 - IMPACT_B + IMPACT_B * (float)len /
                                                                 t->scene->segment->stats.avg[NORM_TITLE])));
    int rc = FIH_OK;

    for (uint32_t doc = 0; rc == 0;) {
        /* The last document of the block that could hold `doc`. */
        uint32_t last;

        /* Blocks are passed over by their skip entries, without decoding one. */
        while (fihi_cursor_bounds(c, fihi_cursor_peek(c, doc, &last)).title < least && last < NO_DOC - 1)
            doc = last + 1;
        if (fihi_cursor_seek(c, doc) == NO_DOC)
            break;
        /* Lengths first: two bytes in a row. Most that are left have the word in the body alone. */
        for (unsigned i = c->index; i < c->size && rc == 0; i++) {
            if (fihi_scene_length(t->scene, NORM_TITLE, c->docs[i]) != len)
                continue;
            /* Within the decoded block, to the posting of this document. */
            cursor_step(c, i);
            if (fihi_cursor_title(c) > 0)
                rc = each(ctx, c->doc);
        }
        /* Behind the whole block: lengths were looked at without the cursor moving. */
        doc = c->docs[c->size - 1] + 1;
        if (rc == 0)
            rc = fihi_deadline_check(deadline, err);
    }
    return rc == 0 && c->is_broken ? fihi_segment_list_broken(t->scene->segment, c, err) : rc;
}

/* A cursor is 5 KB: allocated, not on the stack. By its rarest word each path is complete; two paths may give the same
 * document, which the caller sorts out. */
int fihi_titles_find(struct titles *t, int (*each)(void *ctx, uint32_t doc), void *ctx, struct deadline *deadline,
                     fih_error *err)
{
    int rc = FIH_OK;

    for (unsigned i = 0; i < t->count && rc == 0; i++) {
        /* The rarest word of the path. */
        const struct title_word *const w = t->paths[i].words[t->paths[i].words[0].nth].word;

        for (uint32_t k = w->first; k < w->end && rc == 0; k++) {
            struct cursor *c;

            if (place_of(t, k)->entry.title_df == 0)
                continue;
            if (!(c = calloc(1, sizeof *c)))
                return fihi_fail_nomem(err);
            if ((rc = open_cursor(t, c, k, err)) == 0)
                rc = walk_term(t, c, t->paths[i].count, each, ctx, deadline, err);
            fihi_cursor_close(c);
            free(c);
        }
    }
    return rc ? rc : t->scene->rc;
}
