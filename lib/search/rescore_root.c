/* search/rescore_root.c - the roots of words that a document lacks.
 *
 * A document about علاج is nearer to a search for معالجة than one without either, though it has not the word's stem. A
 * posting says how often its stem's root occurs in the document, so any other stem of the root that stands there tells
 * it: they are the rows of the root's entry. The most frequent ones are looked at first, for as long as there is a
 * document without the word that has had none.
 *
 * One stem is enough: the number of the root in a posting counts all stems of the root in the document (FORMAT.md,
 * "Posting list"), so whichever is met first says the whole of it.
 *
 * Cost: for each word that some document lacks, the lists of its root's stems, by skip entries to at most 50
 * documents. Documents ascend, so each list is walked once. Such a document is no new hit: it was found by another word
 * of the query.
 *
 * Example: معالجة and السكري were asked, and 3 of the 50 best documents have السكري alone. The stems of the root of
 * معالجة are gone through, the commonest first: the list of علاج may have two of the three, the next one the third, and
 * further lists are not opened.
 */
#include <stdlib.h>

#include "base/fail.h"
#include "search/rescore.h"

struct root_scorer {
    struct scene               scene;
    struct scored             *best;   /* documents of the segment, ascending by number in the view */
    size_t                     n;
    uint32_t                   base;   /* the segment's first number in the view */
    uint8_t                    open[ROOT_DEPTH];       /* which of best[] lack the word and have not met its root */
    size_t                     open_count;             /* at 0 nothing more is read */
    struct dict_entry         *siblings;
    size_t                     sibling_count, sibling_cap;
    struct cursor              cursor;
    const struct match_teller *teller; /* or NULL */
    fih_error                 *err;
};

/* The cursor knows whether memory or the list was the trouble. */
static int broken(struct root_scorer *r)
{
    return fihi_segment_list_broken(r->scene.segment, &r->cursor, r->err);
}

/* One cursor for all lists, one after the other: it keeps its memory. What the cursor borrowed of the list before is
 * gone with this. */
static int open_list(struct root_scorer *r, const struct dict_entry *e)
{
    struct list_place at;
    const int rc = fihi_segment_list(r->scene.segment, e, &at, r->err);

    return rc ? rc : fihi_cursor_open(&r->cursor, &at) != 0 ? broken(r) : FIH_OK;
}

/* Documents that have the reading do not lack the word. A reading that counts by its form only must have that form
 * there. A document that is closed moves out of open[], and those behind it up: in their order, for the next list goes
 * forward, too. */
static int close_those_with(struct root_scorer *r, const struct query_term *reading)
{
    const struct term_place *const place = &reading->places[r->scene.number];
    size_t left = 0;
    int rc;

    if (place->entry.df == 0 || (reading->is_form_only && place->form == NO_FORM))
        return FIH_OK;
    if ((rc = open_list(r, &place->entry)) != 0)
        return rc;
    for (size_t i = 0; i < r->open_count; i++) {
        const uint32_t doc = r->best[r->open[i]].doc - r->base;

        if (fihi_cursor_seek(&r->cursor, doc) != doc ||
            (reading->is_form_only && fihi_cursor_form(&r->cursor, place->form) == 0))
            r->open[left++] = r->open[i];
    }
    r->open_count = left;
    return r->cursor.is_broken ? broken(r) : FIH_OK;
}

/* Which documents lack the word in all of its readings. Readings have one number and stand side by side among the
 * plan's terms, on both sides of t. The numbers in open[] are of one byte: n is ROOT_DEPTH at most, which is 50. */
static int find_open(struct root_scorer *r, const struct query_term *t)
{
    const struct plan *const plan = r->scene.plan;
    const struct query_term *const end = plan->terms + plan->term_count, *reading = t;
    int rc = FIH_OK;

    for (size_t i = 0; i < r->n; i++)
        r->open[i] = (uint8_t)i;
    r->open_count = r->n;
    /* t need not be the first of its readings. */
    while (reading > plan->terms && reading[-1].word == t->word)
        reading--;
    for (; reading < end && reading->word == t->word && rc == 0; reading++)
        rc = close_those_with(r, reading);
    return rc;
}

/* By ordinal where they are equally frequent, so that the order does not depend on qsort(). Ordinals are of one
 * segment, as the entries are. */
static int by_df(const void *x, const void *y)
{
    const struct dict_entry *a = x, *b = y;

    return a->df != b->df ? (a->df > b->df ? -1 : 1) : (a->ordinal > b->ordinal) - (a->ordinal < b->ordinal);
}

/* The other stems of the root, the most frequent first. The word's own stem is left out: who has it does not lack the
 * word. A row that leads to anything but a stem is damage: a search must not take a section for a word. The most
 * frequent first, because the commonest stem of a root is the likeliest to be in a document at all. They are copies of
 * dictionary entries, and stay until the next reading. */
static int find_siblings(struct root_scorer *r, const struct term_place *place)
{
    struct dict_rows rows = fihi_dict_rows(&place->root);
    uint8_t key[TERM_KEY_MAX];
    struct dict_row row;
    size_t bytes;
    int rc;

    r->sibling_count = 0;
    while ((rc = fihi_dict_row_next(&rows, &row)) == FIH_OK) {
        /* df 0: the segment has not the word's stem, and ordinal is no number of it. */
        if (place->entry.df > 0 && row.stem == place->entry.ordinal)
            continue;
        if (fihi_grow(&r->siblings, &r->sibling_cap, r->sibling_count + 1, sizeof *r->siblings) != 0)
            return fihi_fail_nomem(r->err);
        if ((rc = fihi_segment_term(r->scene.segment, row.stem, key, &bytes, &r->siblings[r->sibling_count++],
                                    r->err)) != 0)
            return rc;
        if (key[0] != LEVEL_STEM)
            return fihi_segment_broken(r->scene.segment, "its dictionary", r->err);
    }
    if (r->sibling_count)
        qsort(r->siblings, r->sibling_count, sizeof *r->siblings, by_df);
    return rc == FIH_DONE ? FIH_OK : fihi_segment_broken(r->scene.segment, "its dictionary", r->err);
}

/* A float after each word, as fihi_explain() computes it, and the exhaustive way: to the bit. Only the root has a part
 * here: the stem is not there. */
static void add_root(struct root_scorer *r, const struct query_term *t, size_t i)
{
    struct term_score parts = {.root_freq = fihi_cursor_root(&r->cursor)};

    parts.len = fihi_scene_length(&r->scene, NORM_TEXT, r->best[i].doc - r->base);
    parts.root = t->root_weight * plan_saturation(r->scene.plan, NORM_TEXT, (float)parts.root_freq, parts.len);
    r->best[i].score = (float)((double)r->best[i].score + (double)parts.root);
    if (r->teller)
        r->teller->term(r->teller->ctx, t, &parts);
}

/* Of the documents that lack the word, those that have this stem. Whether or not more is added, one that has been met
 * is closed: another stem of the root would say the same number. */
static int add_sibling(struct root_scorer *r, const struct query_term *t, const struct dict_entry *e)
{
    size_t left = 0;
    int rc = open_list(r, e);

    for (size_t i = 0; i < r->open_count && rc == 0; i++) {
        const unsigned at = r->open[i];
        const uint32_t doc = r->best[at].doc - r->base;

        if (fihi_cursor_seek(&r->cursor, doc) == doc)
            add_root(r, t, at);
        else
            r->open[left++] = r->open[i];
        if (r->cursor.is_broken)
            rc = broken(r);
    }
    r->open_count = left;
    return rc;
}

/* A document keeps what its first reading brought. */
static int add_reading(struct root_scorer *r, const struct query_term *t)
{
    int rc = find_siblings(r, &t->places[r->scene.number]);

    for (size_t i = 0; i < r->sibling_count && r->open_count > 0 && rc == 0; i++)
        rc = add_sibling(r, t, &r->siblings[i]);
    return rc;
}

/* A word in its readings, the first of them that has a root in the document. Which documents lack it is the same for
 * all readings: looked up once, and only if a reading has a root in the segment at all. Without a document left in
 * open[] further readings are not looked at. */
static int add_word(struct root_scorer *r, const struct plan_node *const *readings, size_t count)
{
    const struct plan *const plan = r->scene.plan;
    bool has_looked = false;
    int rc = FIH_OK;

    for (size_t i = 0; i < count && rc == 0 && (!has_looked || r->open_count > 0); i++) {
        const struct query_term *const t = &plan->terms[readings[i]->term];

        if (!fihi_plan_is_word(plan, readings[i]) || !term_can_lack_root(t) ||
            t->places[r->scene.number].root.df == 0)
            continue;
        if (!has_looked)
            rc = find_open(r, t);
        has_looked = true;
        if (rc == 0 && r->open_count > 0)
            rc = add_reading(r, t);
    }
    return rc;
}

/* The group of a word's readings is one word; other groups are gone through, except for what is excluded. */
static int add_words(struct root_scorer *r, const struct plan_node *group)
{
    int rc = FIH_OK;

    for (size_t i = 0; i < group->count && rc == 0; i++) {
        const struct plan_node *const c = group->children[i];

        if (c->kind == PLAN_TERM)
            rc = add_word(r, &c, 1);
        else if (c->is_readings && c->occur != OCCUR_NOT)
            rc = add_word(r, (const struct plan_node *const *)c->children, c->count);
        else if (c->kind == PLAN_GROUP && c->occur != OCCUR_NOT)
            rc = add_words(r, c);
    }
    return rc;
}

/* best[] is cut into the documents of each segment, whose bases ascend as they do. Too large for a stack, with its
 * cursor, so it is allocated once for all segments. What a segment's scene has noted goes to the caller before the next
 * one begins. */
int fihi_rescore_roots(struct scored *best, size_t n, const struct plan *plan, const struct match_teller *teller,
                       fih_error *err)
{
    const struct view *const v = plan->view;
    struct root_scorer *r = calloc(1, sizeof *r);
    int rc = r ? FIH_OK : fihi_fail_nomem(err);

    for (uint32_t i = 0; i < v->count && n > 0 && rc == 0; i++) {
        size_t here = 0;

        while (here < n && best[here].doc < v->bases[i + 1])
            here++;
        if (here == 0)
            continue;
        fihi_scene_begin(&r->scene, plan, i, NULL);
        r->best = best;
        r->n = here;
        r->base = v->bases[i];
        r->teller = teller;
        r->err = err;
        rc = add_words(r, plan->plain);
        if (rc == 0 && (rc = r->scene.rc) != 0 && err)
            *err = r->scene.error;
        best += here;
        n -= here;
    }
    if (r) {
        fihi_cursor_close(&r->cursor);
        free(r->siblings);
    }
    free(r);
    return rc;
}
