/* search/phrase.c - positions of words compared, those of the rarest first.
 *
 * Example: "قرارات مجلس الأمن": the words have distances 0, 1 and 2 from the first. قرارات, the rarest, stands at 7 and
 * 30, so the phrase may begin at 7 or 30. مجلس stands at 2, 8, 15: only 8 - 1 = 7 is left. الأمن stands at 9: 9 - 2 =
 * 7, it is there. Positions of a word are decoded when its turn comes, so mostly those of the frequent ones never are.
 *
 * Cost: for each word one merge of its positions with the beginnings that are left.
 *
 * Distances and slops need all positions at once and go through near.c.
 */
#include "search/phrase.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/fail.h"

/* By the length of the lists in this segment. Equal ones stay in the order of the words. Insertion: a phrase has
 * few. */
static void sort_by_rarity(struct phrase *p)
{
    for (uint32_t i = 0; i < p->count; i++) {
        uint32_t k = i;

        for (; k > 0 && p->cursors[p->by_rarity[k - 1]]->at.df > p->cursors[i]->at.df; k--)
            p->by_rarity[k] = p->by_rarity[k - 1];
        p->by_rarity[k] = i;
    }
}

/* p->cursors is set by the caller, and lists are open, for their lengths are compared. Nothing is freed on an error:
 * fihi_phrase_free() does it, also of a phrase that was only set to zero. */
int fihi_phrase_begin(struct phrase *p, struct scene *s, const struct plan_node *n, fih_error *err)
{
    p->scene = s;
    p->terms = &s->plan->terms[n->term];
    p->count = n->term_count;
    p->slop = n->slop;
    p->is_near = n->is_near;
    if (!(p->by_rarity = calloc(n->term_count, sizeof *p->by_rarity)) ||
        !(p->places = calloc(n->term_count, sizeof *p->places)))
        return fihi_fail_nomem(err);
    sort_by_rarity(p);
    return FIH_OK;
}

void fihi_phrase_free(struct phrase *p)
{
    free(p->cursors);
    free(p->by_rarity);
    free(p->places);
    free(p->starts);
    fihi_near_free(&p->near);
}

/* Where a word stands in the document; false on an error. The cursor must stand on the document: whoever found it has
 * sought it there. The positions are lent until the cursor moves. */
static bool find_place(struct phrase *p, uint32_t i)
{
    struct places *const at = &p->places[i];
    struct cursor *const c = p->cursors[i];

    at->at = 0;
    if ((at->positions = fihi_cursor_positions(c, &at->count)) != NULL)
        return true;
    fihi_scene_broken(p->scene, c, "positions");
    return false;
}

static bool find_places(struct phrase *p)
{
    for (uint32_t i = 0; i < p->count; i++)
        if (!find_place(p, i))
            return false;
    return true;
}

/* How far a word stands behind the first one. */
static uint32_t distance(const struct phrase *p, uint32_t i)
{
    return p->terms[i].position - p->terms[0].position;
}

/* Where the phrase may begin, as far as one word says: within [low, high). A position less than the distance is before
 * the document's first word: without that test the difference would wrap around. */
static void begin(struct phrase *p, uint32_t word, uint32_t low, uint32_t high)
{
    const struct places *const at = &p->places[word];
    const uint32_t behind = distance(p, word);

    p->start_count = 0;
    for (uint32_t k = 0; k < at->count; k++)
        if (at->positions[k] >= behind && at->positions[k] - behind >= low && at->positions[k] - behind < high)
            p->starts[p->start_count++] = at->positions[k] - behind;
}

/* Of these the ones at which another word stands right, too. A merge; what is kept overwrites what was read. When the
 * word's positions are at their end, no later beginning can be right. */
static void keep_starts(struct phrase *p, uint32_t word)
{
    const struct places *const at = &p->places[word];
    const uint32_t behind = distance(p, word);
    uint32_t kept = 0, k = 0;

    for (uint32_t i = 0; i < p->start_count; i++) {
        while (k < at->count && at->positions[k] < p->starts[i] + behind)
            k++;
        if (k == at->count)
            break;
        if (at->positions[k] == p->starts[i] + behind)
            p->starts[kept++] = p->starts[i];
    }
    p->start_count = kept;
}

/* Do the words follow one another, each at its own distance from the first, from a place within [low, high)? The rarest
 * decides first: mostly the positions of the frequent ones are never read. */
static bool is_phrase(struct phrase *p, uint32_t low, uint32_t high)
{
    const uint32_t first = p->by_rarity[0];

    if (!find_place(p, first))
        return false;
    if (fihi_grow(&p->starts, &p->start_cap, p->places[first].count, sizeof *p->starts) != 0) {
        p->scene->rc = fihi_fail_nomem(&p->scene->error);
        return false;
    }
    begin(p, first, low, high);
    for (uint32_t i = 1; i < p->count && p->start_count > 0; i++) {
        if (!find_place(p, p->by_rarity[i]))
            return false;
        keep_starts(p, p->by_rarity[i]);
    }
    return p->start_count > 0;
}

/* An error that was noted before is kept. */
static bool has_chain(struct phrase *p, uint32_t low, uint32_t high)
{
    int no_memory = 0;
    const int holds =
        fihi_near_holds(&p->near, p->terms, p->places, p->count, p->slop, low, high, &no_memory);

    if (no_memory && p->scene->rc == 0)
        p->scene->rc = fihi_fail_nomem(&p->scene->error);
    return holds;
}

/* Words at a distance stand in the title, or in the body: none reaches from one into the other. A phrase cannot, for
 * there is a gap between them. Between values of a text is one that no distance crosses. A phrase in one field has its
 * beginnings limited: below `body` is the title, for its words end 16 positions before. */
bool fihi_phrase_holds(struct phrase *p, uint32_t doc)
{
    const enum scope scope = p->terms[0].scope;
    uint32_t body;

    if ((scope == SCOPE_ANY || scope == SCOPE_FIELD) && !p->is_near && !p->slop)
        return is_phrase(p, 0, UINT32_MAX);
    if (scope == SCOPE_FIELD)
        return find_places(p) && has_chain(p, 0, UINT32_MAX);
    body = body_position(fihi_scene_length(p->scene, NORM_TITLE, doc));
    if (!p->is_near && !p->slop)
        return scope == SCOPE_TITLE ? is_phrase(p, 0, body) : is_phrase(p, body, UINT32_MAX);
    if (!find_places(p))
        return false;
    return (scope != SCOPE_BODY && has_chain(p, 0, body)) || (scope != SCOPE_TITLE && has_chain(p, body, UINT32_MAX));
}

/* After fihi_phrase_holds() of the same document: it left the beginnings. A phrase that begins in the title is all in
 * it. */
uint32_t fihi_phrase_count(struct phrase *p, uint32_t doc, uint32_t *in_title)
{
    const uint32_t title = fihi_scene_length(p->scene, NORM_TITLE, doc);

    *in_title = 0;
    for (uint32_t i = 0; i < p->start_count; i++)
        *in_title += p->starts[i] < title;
    return p->start_count;
}
