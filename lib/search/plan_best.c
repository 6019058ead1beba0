/* search/plan_best.c - other writings of words: what they weigh, and the plan without them.
 *
 * Example: عبدالله was asked, and the index has عبد الله in 300 documents. The group is_best has two children: what was
 * asked, itself a group, and the phrase "عبد الله", is_one, which scores as a word that was written in that way. Its
 * weight is the sum of what the asked words weigh, form and root included: another writing is worth what the word
 * itself is. The word's document frequency, and so its idf, counts the 300 as well.
 *
 * The fast ways rank by `plain`, the tree without these groups, and rank_best.c adds what they bring.
 *
 * Weights: a word with 2.5 for its stem, 3 for its form and 1 for its root gives a writing of it 6.5, to be multiplied
 * by the saturation of how often the writing is there; in titles the writing weighs what the word does.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "search/plan_part.h"

/* Set in the numbers of words that nobody asked for: they must be no neighbours of those that were. */
#define OTHER_WORD 0x80000000u

/* What the words of a tree weigh together, each in its first reading: in the text, and in the title. Further readings
 * of a word are left out, or a word with two would weigh twice; so is what it brings in texts of the schema. */
struct sums {
    float text, title;
};

/* Example: كتاب with 2.5 for the stem, 3 for the form and 1 for the root, and a name without a form with 4: together
 * 10.5. A phrase is a run of terms, a word a run of one; groups have no terms, but children. */
static void add_sums(struct sums *s, const struct plan *plan, const struct plan_node *n)
{
    for (uint32_t i = 0; i < n->term_count; i++) {
        const struct query_term *const t = &plan->terms[n->term + i];

        if (t->is_variant || t->is_form_only || t->scope == SCOPE_FIELD)
            continue;
        s->text += t->weight + t->form_weight + t->root_weight;
        s->title += t->title_weight;
    }
    for (size_t i = 0; i < n->count; i++)
        add_sums(s, plan, n->children[i]);
}

/* A writing as a word or a phrase; its weight is to be told. Words of it are weighed as in a phrase: its own form or
 * root says nothing. A phrase gets a term more, without a list, to be scored and explained as one; its key is the text,
 * which no dictionary is asked for. That term is the last: `word` of the phrase, never its first. */
static int add_writing(struct planner *p, struct plan_node *best, const struct node *n)
{
    struct plan *const plan = p->plan;
    const uint32_t first = (uint32_t)plan->term_count;
    const enum scope scope = fihi_plan_scope(p, n);
    struct query_term *t;
    struct plan_node *c;
    uint32_t count;
    int rc = fihi_plan_words(p, scope, n, false);

    if (rc == 0)
        rc = fihi_plan_weigh(p, first, IN_PHRASE);
    if (rc != 0 || (count = fihi_plan_word_count(plan, first)) == 0)
        return rc;
    if (!(c = fihi_plan_add(best, count > 1 ? PLAN_PHRASE : PLAN_TERM, OCCUR_SHOULD)))
        return fihi_fail_nomem(p->err);
    c->term = c->word = first;
    c->term_count = count;
    c->is_one = count > 1;
    plan->terms[first].writing = WRITTEN_TOGETHER;
    if (!c->is_one)
        return FIH_OK;
    c->word = (uint32_t)plan->term_count;
    rc = fihi_plan_term(p, scope, term_key(LEVEL_STEM, (struct term_text){(const uint8_t *)n->text, n->len}), 0, &t);
    if (rc == 0) {
        t->word = ++plan->word_count;
        t->df = n->docs;
        t->writing = WRITTEN_APART;
    }
    return rc;
}

/* The writings are planned after what was asked, so terms from `end` on are theirs; word_count is set back, so that the
 * query's next word follows the asked ones. A group of which nothing was asked in the end has no writings either.
 * Titles are told which words a writing is for: those that were planned meanwhile, [words, title_word_count). On an
 * error the nodes that there are stay in the group, and go with it. Documents of several writings may be the same ones:
 * their sum is an upper limit, which fihi_plan_found_too() cuts to what there is. */
int fihi_plan_best(struct planner *p, struct plan_node *group, const struct node *n)
{
    struct plan *const plan = p->plan;
    const uint32_t first = (uint32_t)plan->term_count, words = (uint32_t)plan->title_word_count;
    struct plan_node *const best = fihi_plan_add(group, PLAN_GROUP, n->occur);
    struct plan_node *const asked = best ? fihi_plan_add(best, PLAN_GROUP, OCCUR_SHOULD) : NULL;
    struct sums sums = {0, 0};
    uint64_t docs = 0;
    uint32_t end, numbered;
    const bool was_rewritten = p->is_rewritten;
    int rc;

    p->is_rewritten = true;
    rc = asked ? fihi_plan_group(p, asked, n->children[0]) : fihi_fail_nomem(p->err);
    p->is_rewritten = was_rewritten;
    if (rc == 0 && asked->count == 0)
        fihi_plan_node_free(group->children[--group->count]);
    if (rc != 0 || asked->count == 0)
        return rc;
    best->is_best = true;
    end = (uint32_t)plan->term_count;
    numbered = plan->word_count;
    for (size_t i = 1; i < n->count && rc == 0; i++) {
        docs += n->children[i]->docs;
        rc = add_writing(p, best, n->children[i]);
        if (rc == 0 && best->count > i && p->title_other_count < TITLE_OTHERS)
            p->title_others[p->title_other_count++] =
                (struct title_other){words, (uint32_t)plan->title_word_count, best->children[i]->term,
                                     best->children[i]->term_count};
    }
    /* Numbers of their own: the next word of the query is beside the last that was asked. No word of the query has that
     * bit: there are far fewer of them. */
    for (size_t i = end; i < plan->term_count; i++)
        plan->terms[i].word |= OTHER_WORD;
    plan->word_count = numbered;
    /* Weights of what was asked change here: they are summed up only then. */
    fihi_plan_found_too(p, first, end, docs);
    add_sums(&sums, plan, asked);
    for (size_t i = 1; i < best->count; i++) {
        struct query_term *const t = &plan->terms[best->children[i]->word];

        t->weight = sums.text;
        t->title_weight = sums.title;
        t->form_weight = t->root_weight = 0;
    }
    return rc;
}

/* ---- the plan without */

/* Also deep inside: one in parentheses is one. */
static bool has_best(const struct plan_node *n)
{
    bool has = n->is_best;

    for (size_t i = 0; i < n->count && !has; i++)
        has = has_best(n->children[i]);
    return has;
}

/* Of nothing it is true; a group without children is not planned. */
static bool are_all(const struct plan_node *n, enum occur occur)
{
    bool are = true;

    for (size_t i = 0; i < n->count && are; i++)
        are = n->children[i]->occur == occur;
    return are;
}

/* The children of a group, copied to another; those of what was asked in the place of its group, if they can stand
 * there. They can if all of them have the occurrence of their group: then nothing is lost by its parentheses. Otherwise
 * the group of what was asked takes the place, or its only child. Terms are shared by number; texts are copied, for
 * each tree frees its own. Example: (رأس مال) OR رأسمال in a group that is_best, beside حكم: the copy has رأس, مال and
 * حكم side by side. Were one of the asked words required and their group not, they would stay a group of their own. By
 * recursion: trees are shallow. On false a part is there, which the caller frees. */
static bool copy_plain(struct plan_node *to, const struct plan_node *from)
{
    for (size_t i = 0; i < from->count; i++) {
        const struct plan_node *n = from->children[i];
        struct plan_node *c;

        if (n->is_best) {
            const enum occur occur = n->occur;
            struct plan_node *const asked = n->children[0];

            if (occur != OCCUR_NOT && are_all(asked, occur)) {
                if (!copy_plain(to, asked))
                    return false;
                continue;
            }
            n = asked->count == 1 ? asked->children[0] : asked;
            if (!(c = fihi_plan_add(to, n->kind, occur)))
                return false;
        } else if (!(c = fihi_plan_add(to, n->kind, n->occur))) {
            return false;
        }
        const enum occur occur = c->occur;
        *c = *n;
        c->occur = occur;
        c->children = NULL;
        c->count = c->cap = 0;
        c->text = NULL;
        if (n->text) {
            if (!(c->text = malloc(n->text_bytes)))
                return false;
            memcpy(c->text, n->text, n->text_bytes);
        }
        if (!copy_plain(c, n))
            return false;
    }
    return true;
}

/* Without other writings plain is the root itself, and is freed once (fihi_plan_free()). On an error it may be a part:
 * that is freed as well. The root itself is copied as it is, with `least` and kind; only its children are made anew. */
int fihi_plan_make_plain(struct plan *plan, fih_error *err)
{
    plan->plain = plan->root;
    if (!has_best(plan->root))
        return FIH_OK;
    if (!(plan->plain = calloc(1, sizeof *plan->plain)))
        return fihi_fail_nomem(err);
    *plan->plain = *plan->root;
    plan->plain->children = NULL;
    plan->plain->count = plan->plain->cap = 0;
    return copy_plain(plan->plain, plan->root) ? FIH_OK : fihi_fail_nomem(err);
}
