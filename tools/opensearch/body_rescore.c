/* body_rescore.c - the second pass, as rescoring of the best documents.
 *
 * Roots of words that a document lacks are as ours. How early a word stands is a number that the export has worked out
 * (fihrist.early). Nearness is asked in steps: the engine tells whether two words stand within a distance, not at
 * which; each step counts as the least that it says. A window is looked for around each word.
 */
#include <stdlib.h>
#include <string.h>

#include "opensearch/body_part.h"

enum { ITEMS = 16, READINGS = 4, WRITINGS = 3, WINDOW = 50 };
#define WINDOW_WEIGHT 1.6f
#define EARLY_WEIGHT  2.4f

/* A word with its readings. */
struct item {
    const fih_plan_node *readings[READINGS];
    size_t               count;
    const fih_plan_node *writings[WRITINGS];   /* other ones, which stand where it stands */
    size_t               writing_count;
    uint32_t             word;
    float                weight;       /* the greatest of its readings */
};

struct items {
    struct item list[ITEMS];
    size_t      count, stems;
};

/* ---- which words */

static bool is_same(fih_str a, fih_str b)
{
    return a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0;
}

static void add_word(struct items *items, const fih_plan_node *n)
{
    struct item *item = items->count ? &items->list[items->count - 1] : NULL;

    if (items->stems == ITEMS || n->field || n->is_form_only)
        return;
    for (size_t i = 0; i < items->count; i++)
        for (size_t k = 0; k < items->list[i].count; k++)
            if (is_same(items->list[i].readings[k]->stem, n->stem))
                return;
    items->stems++;
    if (!item || item->word != n->word) {
        item = &items->list[items->count++];
        *item = (struct item){ .word = n->word };
    }
    if (item->count == READINGS)
        return;
    item->readings[item->count++] = n;
    item->weight = n->rarity > item->weight ? n->rarity : item->weight;
}

/* What was asked is the first child, other writings are those behind it, of each of its words. */
static void find_words(struct items *items, const fih_plan_node *n)
{
    const bool has_writings = n->kind == FIH_PLAN_BEST && n->count > 1 && n->children[0]->kind == FIH_PLAN_GROUP;
    const size_t first = items->count;

    if (n->occur == FIH_NOT)
        return;
    if (n->kind == FIH_PLAN_WORD)
        add_word(items, n);
    for (size_t i = 0; i < n->count && (i == 0 || !has_writings); i++)
        find_words(items, n->children[i]);
    for (size_t i = 1; i < n->count && has_writings; i++)
        for (struct item *w = items->list + first; w < items->list + items->count; w++)
            if (w->writing_count < WRITINGS)
                w->writings[w->writing_count++] = n->children[i];
}

/* ---- roots */

static json_t *root_of(const struct item *item)
{
    json_t *const lacks = json_array();
    const fih_plan_node *rooted = NULL;

    for (size_t i = 0; i < item->count; i++) {
        json_array_append_new(lacks, body_term("fihrist.stems", item->readings[i]->stem, 1));
        if (!rooted && item->readings[i]->root.len > 0 && !item->readings[i]->has_writing)
            rooted = item->readings[i];
    }
    if (rooted)
        return json_pack("{s:{s:o,s:[o]}}", "bool", "must_not", lacks, "must",
                         body_term("fihrist.roots", rooted->root, rooted->root_weight));
    json_decref(lacks);
    return NULL;
}

static json_t *rescored(uint32_t depth, json_t *should)
{
    return json_pack("{s:i,s:{s:{s:{s:o}}}}", "window_size", (int)depth, "query", "rescore_query", "bool", "should",
                     should);
}

/* ---- places */

static json_t *rule_of(const struct item *item)
{
    json_t *const any = json_array();

    for (size_t i = 0; i < item->count; i++)
        json_array_append_new(any, body_match(item->readings[i]));
    for (size_t i = 0; i < item->writing_count; i++)
        json_array_append_new(any, item->writings[i]->kind == FIH_PLAN_WORD ? body_match(item->writings[i])
                                                                            : body_side_by_side(item->writings[i]));
    return json_pack("{s:{s:o}}", "any_of", "intervals", any);
}

static json_t *within(json_t *a, json_t *b, uint32_t gaps, bool ordered, float weight)
{
    json_t *const near = json_pack("{s:{s:{s:{s:b,s:i,s:[o,o]}}}}", "intervals", "fihrist.words", "all_of", "ordered",
                                   ordered, "max_gaps", (int)gaps, "intervals", a, b);

    return body_constant(near, weight);
}

static float least(float a, float b)
{
    return a < b ? a : b;
}

/* Distances that a pair of words is asked for: a finer list tells nearness better. */
static const uint32_t steps[][8] = {
    { 1, 2, 3, 4, 6, 9, 16, 0 }, { 1, 2, 4, 8, 16, 0 }, { 1, 3, 9, 0 }, { 1, 6, 0 },
};

/* Terms by which a word is asked for. */
static size_t terms_of(const struct item *item)
{
    size_t terms = item->count;

    for (size_t i = 0; i < item->writing_count; i++)
        terms += item->writings[i]->kind == FIH_PLAN_WORD ? 1 : item->writings[i]->count;
    return terms;
}

/* Terms of the whole: each word early and as the middle of a window, each pair at each distance and in a window. */
static size_t count_terms(const struct items *items, size_t count, const uint32_t *step, const fih_plan_node *passed)
{
    size_t terms = 0, most = 0, distances = 0;

    while (step[distances])
        distances++;
    for (size_t a = 0; a < count; a++) {
        const size_t of_a = terms_of(&items->list[a]);

        most = of_a > most ? of_a : most;
        terms += 2 * of_a;
        for (size_t b = 0; b < a; b++)         /* in a window twice: around the one, and around the other */
            terms += (distances + 2) * (of_a + terms_of(&items->list[b]));
    }
    return terms + (passed ? passed->count * (2 * (most + 1) + 2) : 0);
}

/* An engine takes a query of 1,024 terms, and from Lucene 9 on it counts all of them, wherever they stand. So distances
 * are fewer for many words, and where even the coarsest list is too long the last words are left out. */
static const uint32_t *choose_steps(struct items *items, const fih_plan_node *passed)
{
    enum { TERMS = 1024, LISTS = sizeof steps / sizeof *steps };

    for (; items->count > 1; items->count--)
        for (size_t i = items->count <= 6 ? 0 : items->count <= 10 ? 1 : 2; i < LISTS; i++)
            if (count_terms(items, items->count, steps[i], passed) <= TERMS)
                return steps[i];
    return steps[0];
}

static void add_pairs(json_t *should, const struct items *items, const uint32_t *step, float weight)
{
    for (size_t a = 0; a < items->count; a++)
        for (size_t b = a + 1; b < items->count; b++) {
            const float pair = weight * least(items->list[a].weight, items->list[b].weight);
            json_t *const best = json_array();

            for (const uint32_t *s = step; *s; s++)
                json_array_append_new(best, within(rule_of(&items->list[a]), rule_of(&items->list[b]), *s - 1, false,
                                                   pair / (float)*s));
            json_array_append_new(should, json_pack("{s:{s:o}}", "dis_max", "queries", best));
        }
}

static void add_early(json_t *should, const struct items *items, float weight)
{
    for (size_t i = 0; i < items->count; i++) {
        json_t *const best = json_array();

        for (size_t k = 0; k < items->list[i].count; k++)
            json_array_append_new(best, body_term("fihrist.early", items->list[i].readings[k]->stem,
                                                  weight * EARLY_WEIGHT * items->list[i].readings[k]->rarity));
        for (size_t k = 0; k < items->list[i].writing_count; k++)
            if (items->list[i].writings[k]->kind == FIH_PLAN_WORD)
                json_array_append_new(best, body_term("fihrist.early", items->list[i].writings[k]->stem,
                                                      weight * EARLY_WEIGHT * items->list[i].weight));
        json_array_append_new(should, json_pack("{s:{s:o}}", "dis_max", "queries", best));
    }
}

static json_t *has_item(const struct item *item, float weight)
{
    json_t *const any = json_array();

    for (size_t k = 0; k < item->count; k++)
        json_array_append_new(any, body_term("fihrist.stems", item->readings[k]->stem, 1));
    if (item->writing_count > 0)
        json_array_append_new(any, json_pack("{s:{s:o}}", "intervals", "fihrist.words", rule_of(item)));
    return body_constant(body_any(any), weight);
}

/* Around each word those that stand with it in a window; the best of them counts. */
static void add_window(json_t *should, const struct items *items, float weight)
{
    json_t *const best = json_array();

    for (size_t i = 0; i < items->count; i++) {
        const struct item *const anchor = &items->list[i];
        json_t *const others = json_array();

        for (size_t k = 0; k < items->count; k++)
            if (k != i)
                json_array_append_new(others, within(rule_of(anchor), rule_of(&items->list[k]), WINDOW - 2, false,
                                                     weight * WINDOW_WEIGHT * items->list[k].weight));
        json_array_append_new(best, json_pack("{s:{s:[o],s:o}}", "bool", "must",
                                              has_item(anchor, weight * WINDOW_WEIGHT * anchor->weight), "should",
                                              others));
    }
    json_array_append_new(should, json_pack("{s:{s:o}}", "dis_max", "queries", best));
}

/* A stop word that was passed over counts where it stands side by side with its neighbour in the query. */
static void add_beside(json_t *should, const fih_plan_node *passed, const struct items *items, float weight)
{
    for (size_t i = 0; passed && i < passed->count; i++) {
        const fih_plan_node *const p = passed->children[i];
        const struct item one = { .readings = { p }, .count = 1, .word = p->word, .weight = p->rarity };

        for (size_t k = 0; k < items->count; k++) {
            const struct item *const w = &items->list[k];
            const bool is_before = w->word + 1 == p->word;

            if (is_before || p->word + 1 == w->word)
                json_array_append_new(should, within(rule_of(is_before ? w : &one), rule_of(is_before ? &one : w), 0,
                                                     true, weight * least(w->weight, p->rarity)));
        }
        for (size_t k = 0; k < passed->count; k++) {
            const fih_plan_node *const q = passed->children[k];
            const struct item other = { .readings = { q }, .count = 1, .word = q->word, .weight = q->rarity };

            if (p->word + 1 == q->word)
                json_array_append_new(should, within(rule_of(&one), rule_of(&other), 0, true,
                                                     weight * least(p->rarity, q->rarity)));
        }
    }
}

json_t *body_rescore(const fih_plan_info *plan)
{
    struct items items = { .count = 0 };
    json_t *const all = json_array();

    find_words(&items, plan->root);
    if (plan->root_depth > 0) {
        json_t *const should = json_array();

        for (size_t i = 0; i < items.count; i++) {
            json_t *const root = root_of(&items.list[i]);

            if (root)
                json_array_append_new(should, root);
        }
        if (json_array_size(should) > 0)
            json_array_append_new(all, rescored(plan->root_depth, should));
        else
            json_decref(should);
    }
    if (plan->place_depth > 0 && items.count > 0) {
        const uint32_t *const step = choose_steps(&items, plan->passed);
        json_t *const should = json_array();

        add_early(should, &items, plan->places_weight);
        add_pairs(should, &items, step, plan->places_weight);
        if (items.count > 1)
            add_window(should, &items, plan->places_weight);
        add_beside(should, plan->passed, &items, plan->places_weight);
        json_array_append_new(all, rescored(plan->place_depth, should));
    }
    return all;
}
