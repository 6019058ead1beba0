/* search/plan_words.c - the words of a query as terms with weights.
 *
 * Example: معالجة is read as one word with a stem, by which it is found, its normalised word (the form) and its root.
 * One query_term has all three. Its weights are what the formula of fihrist.h has before the saturations: letters * idf
 * of the stem, of the form, of the root, each with its share, so that scorer.c only multiplies. A word of two readings
 * has two terms with one number and one position.
 *
 * Terms of a word stand side by side in the plan; where each lies in each segment is in its places (term.h).
 */
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/fail.h"
#include "index/column.h"
#include "search/plan_part.h"

enum { OTHER_STEMS = 8 };              /* of one spelling; there are two, mostly */

/* Boosts multiply through nested groups: without limits forty ^10 would be infinite, and infinity times 0 no number.
 * Example: a^10 in parentheses with ^10 has 100; in forty of them 10,000, and not 10^41, which no float holds. */
void fihi_plan_boost(struct planner *p, float boost)
{
    p->boost *= boost;
    p->boost = p->boost < BOOST_LEAST ? BOOST_LEAST : p->boost > BOOST_MOST ? BOOST_MOST : p->boost;
}

/* Never negative: even of a word in all documents the quotient is above 0. N and n both count deleted documents.
 * Robertson & Spärck Jones' weight with 1 inside the logarithm, as Lucene has it. Of 25,000 documents, a word in 100 of
 * them has 5.52, one in all of them 0.00002, and one in none 10.8. */
float fihi_plan_idf(const struct planner *p, uint64_t df)
{
    const float n_docs = (float)view_collection(p->view);

    return logf(1 + (n_docs - (float)df + 0.5f) / ((float)df + 0.5f));
}

/* Long words say more than short ones: of five letters 1, of two 0.63, from 12 on 1.5. In between the root of letters /
 * 5: of four 0.89. */
float fihi_plan_letters(const struct planner *p, unsigned letters)
{
    const float weight = sqrtf((float)letters / 5);

    return (weight < 0.6f ? 0.6f : weight > 1.5f ? 1.5f : weight) * p->boost;
}

/* The list may move when it grows: pointers to earlier terms do not hold. A limit of four terms for each clause that a
 * query may have: readings, other stems and writings are made by the index, not only by who asks. `times` is 1 from the
 * beginning: weights are multiplied by it. */
int fihi_plan_term(struct planner *p, enum scope scope, struct term_key key, unsigned letters, struct query_term **out)
{
    struct plan *plan = p->plan;
    struct query_term *t;

    if (plan->term_count >= FIH_MAX_CLAUSES * 4)
        return fihi_fail(p->err, FIH_E_LIMIT, "a query has at most %u words", FIH_MAX_CLAUSES * 4);
    if (fihi_grow(&plan->terms, &plan->term_cap, plan->term_count + 1, sizeof *plan->terms) != 0)
        return fihi_fail_nomem(p->err);
    t = &plan->terms[plan->term_count++];
    memset(t, 0, sizeof *t);
    t->scope = scope;
    t->key = key;
    t->letters_weight = fihi_plan_letters(p, letters);
    t->boost = p->boost;
    t->times = 1;
    *out = t;
    return FIH_OK;
}

/* A normalised word or a root joins the stem before it. The analyzer gives them behind their stem. In a title or body
 * alone they do not count. With form_weight 0 there is no key of the form, and other stems of the spelling are not
 * looked for. */
static void add_level(struct planner *p, const struct token *token)
{
    struct plan *const plan = p->plan;
    struct query_term *const t = &plan->terms[plan->term_count - 1];
    const struct term_text text = fihi_analyzer_term(p->analyzer, token->term);

    if (t->scope != SCOPE_ANY)
        return;
    if (token->flags & TOKEN_ROOT) {
        t->root = term_key(LEVEL_ROOT, text);
    } else {
        t->is_shared = true;
        if (p->opts->form_weight > 0)
            t->form = term_key(LEVEL_FORM, text);
    }
}

/* The node's text is analysed where it stands in the whole query, for neighbours decide how a word is read (asked.h);
 * word_at and word_bytes are places in that. The first token is never at the same position, so `position` begins at 0.
 * Example: في كتابه has the terms ـفي at position 0 and كتاب at 1, each with its own `word`; a second reading of كتابه
 * would stand at 1, too, with the same `word`. 64 tokens at a time: a node may be a whole text. A token of a level
 * (form, root) is no term: it joins the stem that came before it. */
int fihi_plan_words(struct planner *p, enum scope scope, const struct node *n, bool as_stop)
{
    struct token tokens[64];
    struct query_term *t = NULL;
    uint32_t position = UINT32_MAX;
    size_t count, at;
    int rc;
    unsigned first = 0;
    bool is_stop = false;

    fihi_asked_begin(&p->asked, p->analyzer, n, &at);
    while ((rc = fihi_analyzer_next(p->analyzer, tokens, 64, &count, p->err)) == FIH_OK)
        for (size_t i = 0; i < count; i++) {
            const struct term_text term = fihi_analyzer_term(p->analyzer, tokens[i].term);
            const bool is_either = (tokens[i].flags & TOKEN_EITHER) != 0;
            const bool is_same = (tokens[i].flags & TOKEN_SAME_POSITION) && !(is_either && as_stop);

            first = tokens[i].flags & TOKEN_SAME_POSITION ? first : tokens[i].flags;
            p->has_either |= is_either;
            /* علي or على: this time as the stop word alone. */
            if (is_either && as_stop && !(tokens[i].flags & TOKEN_STOP))
                continue;
            if (tokens[i].flags & TOKEN_LEVEL) {
                add_level(p, &tokens[i]);
                continue;
            }
            position += !is_same;
            p->plan->word_count += !is_same;
            /* A word is a stop word whichever of its readings is looked at. */
            is_stop = (tokens[i].flags & (TOKEN_STOP | TOKEN_FORMULA)) || (is_same && is_stop);
            rc = fihi_plan_term(p, scope, term_key(LEVEL_STEM, term), tokens[i].letters, &t);
            if (rc != 0)
                return rc;
            t->word = p->plan->word_count;
            t->position = position;
            t->is_stop = is_stop && !token_is_second(tokens[i].flags, first);
            t->is_variant = is_same;
            t->is_either = is_either && (tokens[i].flags & TOKEN_TORN);
            t->word_at = (uint32_t)(at + tokens[i].start);
            t->word_bytes = (uint32_t)(tokens[i].end - tokens[i].start);
        }
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* Five letters: a weight of 1, which nobody sees, for a keyword scores 0. Bytes behind TERM_KEY_MAX are left out on
 * both sides: two keywords that differ only there are one. */
int fihi_plan_keyword_term(struct planner *p, unsigned field, fih_str value)
{
    struct term_key key;
    struct query_term *t = NULL;
    int rc;

    key.count = keyword_head(key.bytes, field);
    if (value.len > sizeof key.bytes - key.count)          /* as it was cut when it was indexed */
        value.len = sizeof key.bytes - key.count;
    if (value.len)
        memcpy(key.bytes + key.count, value.ptr, value.len);
    key.count += value.len;
    if ((rc = fihi_plan_term(p, SCOPE_SECTION, key, 5, &t)) == 0)
        rc = fihi_term_find(t, p->view, p->err);
    return rc;
}

/* The formula of fihrist.h, as far as it is the same for all documents. A form and a stem share one weight: with
 * form_weight 0.5 an occurrence in the form that was asked for brings both halves. A word without a root has its stem's
 * weight for it, so that rare words without roots (names) do not fall behind. Example: of five letters (1), stem and
 * form with an idf of 5 and 6, form_weight 0.5, body_weight 1: weight 2.5 and form_weight 3. A document in which each
 * occurrence has the form gets 2.5 + 3 times the saturation, one with other forms only 2.5. */
static void set_weights(const struct planner *p, struct query_term *t, bool in_phrase)
{
    const fih_search_opts *const o = p->opts;
    float word;

    t->idf = fihi_plan_idf(p, t->df);
    word = t->scope == SCOPE_SECTION ? 0 : t->letters_weight * t->idf * o->body_weight;
    t->weight = word;
    if (t->scope != SCOPE_ANY)
        return;
    t->title_weight = t->letters_weight * t->idf * o->title_weight;
    if (in_phrase)                             /* what follows what says more than which form it has */
        return;
    if (t->is_shared)
        t->weight *= 1 - o->form_weight;
    if (t->form.count) {
        t->form_idf = fihi_plan_idf(p, t->form_df);
        t->form_weight = t->letters_weight * t->form_idf * o->body_weight * o->form_weight;
    }
    if (t->root.count) {
        t->root_idf = fihi_plan_idf(p, t->root_df);
        t->root_weight = t->letters_weight * t->root_idf * o->body_weight * o->root_weight;
    } else if (fihi_analyzer_has_levels(p->analyzer)) {
        t->root_weight = word * o->root_weight;
    }
    /* Another stem of the spelling: what it brings is the form's part, and nothing for itself. */
    if (t->is_form_only)
        t->weight = t->title_weight = t->root_weight = 0;
}

/* No more documents than there are: the other writings' may be the same ones. Then weights are made anew, and
 * multiplied by how often the word was asked for, which set_weights() does not know. A word in 900 of 1,000 documents
 * with 300 in another writing is in 1,000, not in 1,200. */
void fihi_plan_found_too(struct planner *p, uint32_t first, uint32_t end, uint64_t docs)
{
    const uint64_t all = view_collection(p->view);

    for (uint32_t i = first; i < end; i++) {
        struct query_term *const t = &p->plan->terms[i];
        uint64_t *const counts[] = {&t->df, &t->form_df, &t->root_df};

        t->has_writing = true;
        if (docs == 0 || t->scope == SCOPE_FIELD)      /* in a text of its own it is no more frequent for that */
            continue;
        for (unsigned k = 0; k < 3; k++)
            *counts[k] = docs < all - *counts[k] ? *counts[k] + docs : all;
        set_weights(p, t, t->in_phrase);
        t->weight *= (float)t->times;
        t->form_weight *= (float)t->times;
        t->root_weight *= (float)t->times;
        t->title_weight *= (float)t->times;
    }
}

/* is_shared is cleared with them, so that the stem keeps all of its weight. An error leaves the weights without
 * meaning: the plan is given up. */
static int find_and_weigh(struct planner *p, struct query_term *t, bool in_phrase)
{
    t->in_phrase = in_phrase;
    if (in_phrase)
        t->form.count = t->root.count = t->is_shared = 0;
    const int rc = fihi_term_find(t, p->view, p->err);
    set_weights(p, t, in_phrase);
    return rc;
}

/* Is a stem one of the readings of the word at this term? By position, for all readings of a word have the same. */
static bool is_reading(const struct plan *plan, uint32_t first, uint32_t end, uint32_t at, const struct term_key *key)
{
    for (uint32_t i = first; i < end; i++)
        if (plan->terms[i].position == plan->terms[at].position && is_same_key(&plan->terms[i].key, key))
            return true;
    return false;
}

/* Have both terms, of one word, the same normalised word? Without a form (count 0) nothing is shared: two empty keys
 * are no spelling. */
static bool shares_form(const struct query_term *a, const struct query_term *b)
{
    return a->position == b->position && a->form.count && is_same_key(&a->form, &b->form);
}

/* Has an earlier reading of the word the same normalised word? Readings stand side by side. Then its other stems have
 * been added. */
static bool has_met_form(const struct plan *plan, uint32_t first, uint32_t at)
{
    const struct query_term *const t = &plan->terms[at];

    for (uint32_t i = at; i > first && plan->terms[i - 1].position == t->position; i--)
        if (shares_form(t, &plan->terms[i - 1]))
            return true;
    return false;
}

/* Other stems of the word's spelling: إلهام and الهام differ in theirs, for a hamza decides whether ال is an article.
 * They make hits only where they have the spelling. How rare that is, is told by the stem that has it most, a reading
 * of the word or not: a word that some text spells so that another stem comes out would be worth more than the word
 * itself otherwise. For the first of the word's readings that have the spelling. They are added behind all words and
 * share the form's document frequency. The plan's terms may move meanwhile: `word` is taken anew each time. Eight at
 * most (OTHER_STEMS), so that a spelling of many stems costs no more than that. */
static int add_other_stems(struct planner *p, uint32_t first, uint32_t end, uint32_t at)
{
    uint64_t most = p->plan->terms[at].form_df;
    struct term_key stems[OTHER_STEMS];
    size_t count;
    int rc;

    if (!p->plan->terms[at].form.count || has_met_form(p->plan, first, at))
        return FIH_OK;
    rc = fihi_term_other_stems(&p->plan->terms[at], p->view, stems, OTHER_STEMS, &count, p->err);
    for (size_t i = 0; i < count && rc == 0; i++) {
        struct query_term *t = NULL;

        /* The word has it as a reading already, with all of its weights. */
        if (is_reading(p->plan, first, end, at, &stems[i]))
            continue;
        if ((rc = fihi_plan_term(p, SCOPE_ANY, stems[i], 0, &t)) != 0)
            break;
        /* Now, for adding a term may have moved the list. */
        const struct query_term *const word = &p->plan->terms[at];
        t->form = word->form;
        t->word = word->word;
        t->position = word->position;
        t->is_stop = word->is_stop;
        t->letters_weight = word->letters_weight;
        t->is_shared = true;
        t->is_form_only = true;
        rc = fihi_term_find(t, p->view, p->err);
    }
    for (uint32_t i = at; i < p->plan->term_count; i++)
        if (shares_form(&p->plan->terms[at], &p->plan->terms[i]) && p->plan->terms[i].form_df > most)
            most = p->plan->terms[i].form_df;
    for (uint32_t i = at; i < p->plan->term_count && rc == 0; i++)
        if (shares_form(&p->plan->terms[at], &p->plan->terms[i])) {
            p->plan->terms[i].form_df = most;
            set_weights(p, &p->plan->terms[i], false);
        }
    return rc;
}

/* Terms of one word stand side by side: those that were added behind all words move to theirs. By position; equal ones
 * keep their order, so the first reading stays first. An insertion sort: nearly sorted, and stable. Example: words at
 * positions 0, 1 and 2, and one stem more of the first: 0, 1, 2, 0 becomes 0, 0, 1, 2 by two swaps. */
static void sort_by_word(struct plan *plan, uint32_t first)
{
    for (size_t i = first + 1; i < plan->term_count; i++)
        for (size_t k = i; k > first && plan->terms[k - 1].position > plan->terms[k].position; k--) {
            const struct query_term swap = plan->terms[k];

            plan->terms[k] = plan->terms[k - 1];
            plan->terms[k - 1] = swap;
        }
}

/* Terms of other stems would be counted as words: so it is asked before those are added, or of a phrase, which has
 * none. */
uint32_t fihi_plan_word_count(const struct plan *plan, uint32_t first)
{
    uint32_t count = 0;

    for (size_t i = first; i < plan->term_count; i++)
        count += !plan->terms[i].is_variant;
    return count;
}

/* The stop word that a word without its hamza may be (امام); the word's first term is at `word`. One that is written as
 * a stop word, and may be a name, is is_either from its first term on. */
static bool is_bare_stop(const struct plan *plan, size_t word, size_t at)
{
    return plan->terms[at].is_variant && plan->terms[at].is_either && !plan->terms[word].is_either;
}

/* Of each word the first reading is left, and what is spelt like it; with_bare: also the stop word. The order stays.
 * What had places gives them back. */
void fihi_plan_drop_variants(struct plan *plan, uint32_t first, bool with_bare)
{
    size_t kept = first, word = first;

    for (size_t i = first; i < plan->term_count; i++) {
        const bool is_variant = plan->terms[i].is_variant;

        if (is_variant && !(with_bare && is_bare_stop(plan, word, i))) {
            fihi_term_free(&plan->terms[i]);
            continue;
        }
        word = is_variant ? word : kept;
        plan->terms[kept++] = plan->terms[i];
    }
    plan->term_count = kept;
}

/* In this order: a phrase drops readings before they are looked up, for it never uses them; elsewhere the other stems
 * are found by each reading, and only then are readings dropped. `end` is where the node's words end: terms behind it
 * are other stems, which have no other stems again. */
int fihi_plan_weigh(struct planner *p, uint32_t first, enum readings readings)
{
    const bool in_phrase = readings == IN_PHRASE;
    uint32_t end;
    int rc = FIH_OK;

    if (in_phrase)
        fihi_plan_drop_variants(p->plan, first, false);
    end = (uint32_t)p->plan->term_count;
    for (uint32_t i = first; i < end && rc == 0; i++)
        rc = find_and_weigh(p, &p->plan->terms[i], in_phrase);
    for (uint32_t i = first; i < end && rc == 0 && !in_phrase; i++)
        rc = add_other_stems(p, first, end, i);
    if (p->plan->term_count > end)
        sort_by_word(p->plan, first);
    if (readings == FIRST_READING)
        fihi_plan_drop_variants(p->plan, first, true);
    return rc;
}
