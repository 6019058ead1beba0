/* search/compound.c - looking for other writings of a query's words, and putting them into its tree.
 *
 * Example: the query "عبدالله صالح" of two words, in an index that has عبد الله side by side often enough. The tree
 * becomes a group (is_best) with what was asked, عبدالله, and behind it the phrase "عبد الله"; then the word صالح as it
 * was. Of "نيو يورك" the asked child has both words, and the writing is the one word نيويورك. What the writings are
 * worth, plan_best.c decides.
 *
 * The query itself is not changed: a copy is, in which the index's fields are found as well. Work is limited by
 * RUN_WORDS words of a whole query, each of which costs some look-ups in the dictionary and a sample of postings
 * (apart.c); a pasted text is left as it is.
 */
#include "search/compound.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/buf.h"
#include "base/fail.h"
#include "search/apart.h"
#include "search/compose.h"
#include "search/folded.h"

enum { RUN_WORDS = 32 };               /* words of a run that are looked at: of more, the first */

/* A word of a run of plain words: where it stands, and what it is with others or by itself. */
struct unit {
    const struct node *node;
    size_t             from, to;       /* bytes of the node's text */
    struct piece       piece;
    unsigned           span;           /* words from here on that have other writings, or 0 */
    struct writing     writings[APART_WRITINGS];
    unsigned           writing_count;
    bool               is_whole;       /* these words were asked as they stand, and not each by itself */
};

/* One for a query, given to all functions below; `units` is of the run under way and used again by the next. */
struct expander {
    struct apart apart;
    bool         with_neighbours, has_any; /* may neighbours be one word; was any writing found */
    unsigned     left;                 /* words that may still be looked at */
    fih_error   *err;
    struct unit  units[RUN_WORDS];
};

/* A word that might have named a field is left as it is: قال:نعم is one. */
static bool is_words(const struct node *n)
{
    return n->kind == NODE_WORDS && !n->name;
}

/* A sign makes a word stand for itself: of +نيو يورك only نيو is required, so they are not one word. */
static bool is_plain(const struct node *n)
{
    return is_words(n) && n->occur == OCCUR_SHOULD;
}

/* May the words of one node be neighbours of those of the other? Two comparisons instead of one: floats are not
 * compared with ==, and boosts are the very numbers that were read. In a search for نيو title:يورك the two stand in
 * different texts, and نيو يورك^2 weighs one of them alone: neither pair is taken for one word. */
static bool is_run(const struct node *a, const struct node *b)
{
    return is_plain(a) && is_plain(b) && a->scope == b->scope && !(a->boost < b->boost) && !(a->boost > b->boost);
}

/* The words of a text between spaces, from units[count] on; how many there are then. By spaces and not by the analyzer:
 * what stands between them is put together and cut as it was typed. apart.c looks whether it is one word at all. The
 * last one may be the RUN_WORDS-th of more: callers compare the number with RUN_WORDS and leave such runs alone. */
static unsigned split_units(struct expander *x, const struct node *n, unsigned count)
{
    for (size_t i = 0; i < n->len && count < RUN_WORDS;) {
        size_t from;

        while (i < n->len && (uint8_t)n->text[i] <= ' ')
            i++;
        for (from = i; i < n->len && (uint8_t)n->text[i] > ' '; i++)
            ;
        if (i > from)
            x->units[count++] = (struct unit){.node = n, .from = from, .to = i};
    }
    return count;
}

/* ---- what was asked before
 *
 * Hardly a word has another writing, and to find that out costs some look-ups and a sample of postings. So the view
 * remembers which words have none. The answer follows from their text, the index and the statistics alone; and the
 * cuts that it took are remembered with it: so a query gets the same answer whether it was asked before or not. */

_Static_assert((int)APART_CUTS <= (int)MEMO_NUMBER_MAX, "the cuts of a word are kept with its hash");

/* Of units[at … at + span) as one word, or of one word in several. */
static uint64_t question(const struct expander *x, unsigned at, unsigned span)
{
    const struct statistics *const s = x->apart.view->statistics;
    uint64_t hash = s ? s->hash + span : span;

    for (unsigned i = at; i < at + span; i++)
        hash = XXH3_64bits_withSeed(x->units[i].piece.text, x->units[i].piece.len, hash);
    return hash;
}

static bool is_no(struct expander *x, uint64_t hash)
{
    const struct memo *const m = x->apart.view->memo;
    unsigned cuts;

    if (!m || !memo_has(m, hash, &cuts) || x->apart.cuts + cuts > APART_CUTS)
        return false;
    x->apart.cuts += cuts;
    return true;
}

/* Once a query has no more cuts, it may be for that that a word has no writing: then nothing is known of it. */
static void keep_no(struct expander *x, uint64_t hash, unsigned cuts_before)
{
    struct memo *const m = x->apart.view->memo;

    if (m && x->apart.cuts < APART_CUTS)
        memo_keep(m, hash, x->apart.cuts - cuts_before);
}

/* Do units[at … at + span) have other writings? As one word, if they are several, and in any spacing, if they are said
 * so often. Nothing is changed but units[at]: its span says how many words the writings are for. Pieces are looked up
 * once (fihi_apart_look()), and joined here in each number that could be one word. */
static int try_unit(struct expander *x, unsigned at, unsigned span, unsigned count)
{
    const unsigned cuts = x->apart.cuts;
    struct piece *pieces[APART_PIECES];
    struct unit *const u = &x->units[at];
    bool is_said, is_initials = false;
    uint64_t hash;
    int rc;

    if (at + span > count || is_no(x, hash = question(x, at, span)))
        return FIH_OK;
    for (unsigned i = 0; i < span; i++)
        pieces[i] = &u[i].piece;
    rc = fihi_apart_said(&x->apart, pieces, span, u->writings, &u->writing_count, &is_said, x->err);
    if (rc == 0 && !is_said)
        rc = fihi_apart_initials(&x->apart, pieces, span, u->writings, &u->writing_count, &is_initials, x->err);
    /* أ ف ب are one word together, and so of one node; أف ب are two. */
    u->is_whole = is_initials && u[span - 1].node == u->node;
    if (rc == 0 && !is_said && !is_initials) {
        rc = span > 1 ? fihi_apart_join(&x->apart, pieces, span, u->writings, x->err)
                      : fihi_apart_split(&x->apart, &u->piece, u->writings, x->err);
        u->writing_count = rc == 0 && u->writings->len ? 1 : 0;
    }
    u->span = rc == 0 && u->writing_count ? span : 0;
    if (rc == 0 && !u->span)
        keep_no(x, hash, cuts);
    return rc;
}

/* What units[0 … count) have for other writings: neighbours before single words, three before two. Three before two,
 * because what is three words is found in no other way afterwards; a word that is in a writing already begins no other.
 * Of each word of a run: one look-up, at most 2 joins and a split; the walk goes on behind a writing that was found. */
static int find_writings(struct expander *x, unsigned count, bool with_neighbours)
{
    int rc = FIH_OK;

    for (unsigned i = 0; i < count && rc == 0; i++)
        rc = fihi_apart_look(&x->apart, x->units[i].node->text + x->units[i].from, x->units[i].to - x->units[i].from,
                             &x->units[i].piece, x->err);
    for (unsigned i = 0; i < count && rc == 0; i += x->units[i].span ? x->units[i].span : 1) {
        /* Only what was not joined is split: a word that goes along with its neighbour is not asked for again in
         * parts. */
        for (unsigned span = with_neighbours ? APART_PIECES : 1; span > 0 && rc == 0 && !x->units[i].span; span--)
            rc = try_unit(x, i, span, count);
        x->has_any |= x->units[i].span > 0;
    }
    return rc;
}

/* ---- the tree */

static bool is_one(const struct writing *w)
{
    return !memchr(w->text, ' ', w->len);
}

/* How many documents have it goes along: the document frequency of what was asked will count them. A writing has weight
 * 1 inside the group: what it is worth beside what was asked is for plan_best.c. is_one: one word, which the analyzer
 * reads as such; else a phrase of the pieces. */
static int add_writing(struct node *best, const struct node *like, const char *text, size_t n, bool is_one,
                       uint64_t docs, fih_error *err)
{
    struct node *const w = fihi_node_new(is_one ? NODE_WORDS : NODE_PHRASE, text, n, like->at);

    if (!w)
        return fihi_fail_nomem(err);
    w->scope = like->scope;
    w->docs = docs;
    return fihi_node_add(best, w, err);
}

/* A group of its kind around what was asked, without a child yet: *asked is the first one's. On an error nothing is
 * left. *asked is owned by *best. */
static int new_best(struct node **best, struct node **asked, const struct node *like, fih_error *err)
{
    *asked = NULL;
    if (!(*best = fihi_node_new(NODE_GROUP, NULL, 0, like->at)) ||
        !(*asked = fihi_node_new(NODE_GROUP, NULL, 0, like->at)) || fihi_node_add(*best, *asked, err) != FIH_OK) {
        fihi_node_free(*best);
        return fihi_fail_nomem(err);
    }
    /* What the asked node had of sign and weight becomes the group's. */
    (*best)->is_best = true;
    (*best)->occur = like->occur;
    (*best)->boost = like->boost;
    return FIH_OK;
}

/* Units of one node, from the first to the last. Their text is cut out of the query's, so that a message still points
 * to where they stand in it. */
static int add_words(struct node *group, const struct unit *u, const struct unit *last, float boost, fih_error *err)
{
    struct node *const n =
        fihi_node_new(NODE_WORDS, u->node->text + u->from, last->to - u->from, u->node->at + u->from);

    if (!n)
        return fihi_fail_nomem(err);
    n->scope = u->node->scope;
    n->boost = boost;
    return fihi_node_add(group, n, err);
}

/* The words of a run, each with what it has. The boost moves to the group, and its words have 1: it would count twice
 * otherwise. */
static int add_units(struct expander *x, struct node *group, unsigned count)
{
    int rc = FIH_OK;

    for (unsigned i = 0; i < count && rc == 0;) {
        const struct unit *const u = &x->units[i];
        struct node *best, *asked;

        if (!u->span) {                        /* together: initials and groups of digits are one word */
            const struct unit *last = u;

            for (i++; i < count && !x->units[i].span && x->units[i].node == u->node; i++)
                last = &x->units[i];
            rc = add_words(group, u, last, u->node->boost, x->err);
            continue;
        }
        if ((rc = new_best(&best, &asked, u->node, x->err)) != 0 || (rc = fihi_node_add(group, best, x->err)) != 0)
            return rc;
        for (unsigned k = 0; k < u->span && rc == 0; k = u->is_whole ? u->span : k + 1)
            rc = add_words(asked, &x->units[i + k], &x->units[i + (u->is_whole ? u->span - 1 : k)], 1, x->err);
        for (unsigned k = 0; k < u->writing_count && rc == 0; k++) {
            const struct writing *const w = &u->writings[k];

            rc = add_writing(best, u->node, w->text, w->len, is_one(w), w->docs, x->err);
        }
        i += u->span;
    }
    return rc;
}

/* ---- what stands alone: a word with a sign, or a phrase */

/* The text of a phrase with a unit's other writing instead. Errors are 0 or not, so they may be joined by |; what was
 * appended in vain does no harm. "قصر عبدالله الكبير" becomes "قصر عبد الله الكبير": what stands around the unit is
 * kept, byte by byte. */
static int put_writing(struct buf *out, const struct node *n, const struct expander *x, unsigned at,
                       const struct writing *w)
{
    const struct unit *const u = &x->units[at], *const last = &x->units[at + u->span - 1];

    out->len = 0;
    return fihi_buf_append(out, n->text, u->from) | fihi_buf_append(out, w->text, w->len) |
           fihi_buf_append(out, n->text + last->to, n->len - last->to);
}

/* Takes over the node, if it has other writings: then a group with it stands in its place. A phrase has a writing for
 * each of its units that has one, of the whole phrase each: documents are known only where the unit is all of it. The
 * sign moves to the group: of -عبدالله neither writing may be there, and inside of what is left out the word is a plain
 * one.
 *
 * A word with a sign that the text has in several pieces is left alone, and so is a phrase as long as a run. */
static int expand_alone(struct expander *x, struct node **at)
{
    struct node *const n = *at;
    const bool is_phrase = n->kind == NODE_PHRASE;
    const unsigned count = split_units(x, n, 0);
    const bool had = x->has_any;
    struct node *best, *asked;
    struct buf text = {NULL, 0, 0};
    int rc;

    /* Where the limit was reached the last unit may not be the last of the text. */
    if (count == 0 || count == RUN_WORDS || (!is_phrase && count > 1))
        return FIH_OK;
    x->has_any = false;
    rc = find_writings(x, count, is_phrase);
    if (rc != 0 || !x->has_any) {
        x->has_any = had;
        return rc;
    }
    if ((rc = new_best(&best, &asked, n, x->err)) != 0)
        return rc;
    n->boost = 1;
    n->occur = n->occur == OCCUR_NOT ? OCCUR_SHOULD : n->occur;
    for (unsigned i = 0; i < count && rc == 0; i += x->units[i].span ? x->units[i].span : 1) {
        const struct unit *const u = &x->units[i];

        for (unsigned k = 0; u->span && k < u->writing_count && rc == 0; k++) {
            const struct writing *const w = &u->writings[k];
            const bool is_all = u->span == count;

            rc = put_writing(&text, n, x, i, w) == 0
                     ? add_writing(best, n, (const char *)text.ptr, text.len, is_all && is_one(w),
                                   is_all ? w->docs : 0, x->err)
                     : fihi_fail_nomem(x->err);
        }
    }
    fihi_buf_free(&text);
    /* The tree owns the group from here on, also where the copy of a text has failed. */
    *at = best;
    if (rc != 0) {                             /* n is nobody's yet */
        fihi_node_free(n);
        return rc;
    }
    return fihi_node_add(asked, n, x->err);
}

/* ---- groups */

static int expand_group(struct expander *x, struct node *group);

/* The run of plain words that begins with a child goes to `to`, as it is or with what it has; *next is behind it.
 * Children that move away leave NULL behind, so that nothing is freed twice. Words that were looked at are taken off
 * what is left for the whole query. A group of OR has no neighbours: in (نيو OR يورك) each stands for itself. Where a
 * run is too long, or the query's words have been used up, the children move as they are. */
static int expand_run(struct expander *x, const struct node *group, size_t at, struct node *to, size_t *next)
{
    struct node *const *const n = group->children;
    const bool had = x->has_any;
    unsigned count = 0;
    int rc = FIH_OK;

    for (*next = at; *next == at || (*next < group->count && !group->is_or && is_run(n[at], n[*next])); ++*next)
        count = split_units(x, n[*next], count);
    x->has_any = false;
    if (count < RUN_WORDS && count <= x->left)
        rc = find_writings(x, count, x->with_neighbours);
    /* The parts of a query share one allowance, so that a thousand short runs cost no more than one long one. */
    x->left -= count < x->left ? count : x->left;
    if (rc == 0 && x->has_any) {
        rc = add_units(x, to, count);
    } else {
        for (size_t i = at; i < *next && rc == 0; i++) {
            rc = fihi_node_add(to, group->children[i], x->err);
            group->children[i] = NULL;
        }
    }
    x->has_any |= had;
    return rc;
}

/* The children move into a new list, one after the other. Also on an error: then those that have not moved are freed,
 * and the list has the others, so the tree can be freed as usual. */
static int expand_group(struct expander *x, struct node *group)
{
    struct node to = {.count = 0};
    int rc = FIH_OK;

    for (size_t i = 0, next; i < group->count && rc == 0; i = next) {
        struct node **const at = &group->children[i], *const n = *at;

        next = i + 1;
        if (is_plain(n)) {
            rc = expand_run(x, group, i, &to, &next);
            continue;
        }
        if (n->kind == NODE_GROUP)
            rc = expand_group(x, n);
        else if (is_words(n) || (n->kind == NODE_PHRASE && !n->reach))
            /* A phrase with a distance has words between its own: no writing could take their place. */
            rc = expand_alone(x, at);
        if (rc == 0) {
            rc = fihi_node_add(&to, *at, x->err);
            *at = NULL;
        }
    }
    for (size_t i = 0; i < group->count; i++)
        fihi_node_free(group->children[i]);
    free(group->children);
    group->children = to.children;
    group->count = to.count;
    group->cap = to.cap;
    return rc;
}

/* The struct is too large for a stack (units and their pieces), so it is allocated. Fields first, for they have no
 * writings; nor has an empty index. *out is NULL after an error and also where the query has nothing of all this, which
 * the caller then plans as it is. */
int fihi_compounds_expand(struct fih_query **out, const struct fih_query *q, bool with_neighbours, const struct view *v,
                          struct analyzer *a, fih_error *err)
{
    struct expander *const x = calloc(1, sizeof *x);
    int rc = FIH_OK;

    *out = NULL;
    if (!x)
        return fihi_fail_nomem(err);
    x->with_neighbours = with_neighbours;
    x->left = RUN_WORDS;
    x->err = err;
    fihi_apart_begin(&x->apart, v, a);
    if ((rc = fihi_query_copy(out, q, err)) == 0 &&
        (rc = fihi_node_find_fields((*out)->root, &v->schema, &x->has_any, err)) == 0 &&
        (rc = fihi_folded_expand((*out)->root, v, a, &x->has_any, err)) == 0 && view_collection(v))
        rc = expand_group(x, (*out)->root);
    if (rc != 0 || !x->has_any) {
        fihi_query_free(*out);
        *out = NULL;
    }
    fihi_apart_end(&x->apart);
    free(x);
    return rc;
}
