/* search/plan_text.c - words of a schema's texts: author:شوقي, and plain words in texts that have a weight.
 *
 * A text has its own terms (LEVEL_WORD): the stem behind the number of its field. They are looked up and scored as
 * words of the body are, by BM25 over the field: the idf of the stem in the field, and the field's own lengths. Neither
 * forms nor roots count there, for names and headings are short, and what is found by their stems is little.
 *
 * Example: with author:text^2, the plain word شوقي becomes a group whose scores add up: the word itself, and the term
 * شوق, its stem, of the field author, twice as heavy. A document with either is found.
 */
#include <string.h>

#include "base/fail.h"
#include "index/column.h"
#include "search/plan_part.h"
#include "search/terms.h"
#include "text/fold.h"

/* Level, number of the field, stem: words of two texts never meet, nor a text's and the body's. */
static struct term_key key_of(unsigned field, const uint8_t *stem, size_t n)
{
    struct term_key k;

    k.count = word_head(k.bytes, field);
    if (n > sizeof k.bytes - k.count)          /* as it was cut when it was indexed */
        n = sizeof k.bytes - k.count;
    memcpy(k.bytes + k.count, stem, n);
    k.count += n;
    return k;
}

/* A text that words are looked for in, and how much they count there. Of one field, for as long as its words are added;
 * on the stack. */
struct text {
    unsigned field;
    float    weight, mean;             /* mean: of its lengths */
};

/* With no document that has a word there the mean is 1, so that nothing is divided by 0. */
static int find_text(struct text *x, const struct planner *p, unsigned field, float weight)
{
    uint64_t docs, words;
    const int rc = fihi_view_text_lengths(p->view, field, &docs, &words, p->err);

    *x = (struct text){field, weight, docs ? (float)((double)words / (double)docs) : 1};
    return rc;
}

/* What a term of a text weighs, where the word weighs so much by its letters and boosts. The idf is that of the stem in
 * this text: a word that is common in bodies may be rare in names. */
static float weight_of(const struct planner *p, const struct query_term *t, float weight, float letters_weight)
{
    return letters_weight * t->idf * p->opts->body_weight * weight;
}

/* Another term of the plan, looked up and weighed. The plan's terms may move when one is added: *out is good until the
 * next. */
static int add_term(struct planner *p, const struct text *x, const uint8_t *stem, size_t n, unsigned letters,
                    struct query_term **out)
{
    struct query_term *t = NULL;
    int rc;

    if ((rc = fihi_plan_term(p, SCOPE_FIELD, key_of(x->field, stem, n), letters, &t)) != 0 ||
        (rc = fihi_term_find(t, p->view, p->err)) != 0)
        return rc;
    t->mean = x->mean;
    /* As plan.slope of the body, but by the mean of this text (plan.h). */
    t->slope = p->plan->k1 * p->plan->b / x->mean;
    t->idf = fihi_plan_idf(p, t->df);
    t->weight = weight_of(p, t, x->weight, t->letters_weight);
    *out = t;
    return FIH_OK;
}

/* ---- NAME:VALUES */

/* The words of a value as terms, one behind the other, in all of their readings. The value is analysed as a text of its
 * own: what stands beside it in the query is of other fields. */
static int add_words(struct planner *p, const struct text *x, fih_str text)
{
    struct token tokens[64];
    uint32_t position = UINT32_MAX;
    size_t count;
    int rc;

    fihi_analyzer_begin(p->analyzer, (const uint8_t *)text.ptr, text.len);
    while ((rc = fihi_analyzer_next(p->analyzer, tokens, 64, &count, p->err)) == FIH_OK)
        for (size_t i = 0; i < count; i++) {
            /* Borrowed until the next token, and copied into the key. */
            const struct term_text stem = fihi_analyzer_term(p->analyzer, tokens[i].term);
            const bool is_same = (tokens[i].flags & TOKEN_SAME_POSITION) != 0;
            struct query_term *t;

            /* A text has stems only, no forms and no roots. */
            if (tokens[i].flags & TOKEN_LEVEL)
                continue;
            if ((rc = add_term(p, x, stem.ptr, stem.len, tokens[i].letters, &t)) != 0)
                return rc;
            position += !is_same;
            p->plan->word_count += !is_same;
            t->word = p->plan->word_count;
            t->position = position;
            /* A phrase keeps the first reading of each word (fihi_plan_drop_variants()). */
            t->is_variant = is_same;
        }
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* The term a child of the group; where there are several, or none, a group of which the best one counts. Example: علي
 * alone may be على too: author:علي is a group of both terms. */
static int add_readings(struct planner *p, struct plan_node *group, uint32_t first, uint32_t end, enum occur occur)
{
    struct plan_node *into = group, *c;

    if (end - first != 1) {
        if (!(into = fihi_plan_add(group, PLAN_GROUP, occur)))
            return fihi_fail_nomem(p->err);
        into->is_readings = true;
        occur = OCCUR_SHOULD;
    }
    for (uint32_t i = first; i < end; i++) {
        if (!(c = fihi_plan_add(into, PLAN_TERM, occur)))
            return fihi_fail_nomem(p->err);
        c->term = i;
        c->term_count = 1;
    }
    return FIH_OK;
}

/* The words that begin so: all stems of the text that do, as readings of one word. The beginning is folded as words
 * are, but nothing is taken off it. All of them or none: to leave some out unseen would be a wrong answer, so too many
 * are an error that says what to do. A weight of five letters is 1. */
static int add_beginning(struct planner *p, const struct text *x, const struct node *n)
{
    const char *const name = fihi_schema_name(&p->view->schema, x->field);
    const uint32_t first = (uint32_t)p->plan->term_count;
    struct terms *terms = NULL;
    /* As much as fihi_analyzer_fold() may write. */
    uint8_t prefix[FOLD_MAX];
    fih_term term;
    size_t bytes;
    int rc;

    if (n->len > FIH_MAX_TERM)
        return fihi_fail_at(p->err, FIH_E_QUERY, n->at,
                            "the beginning at byte %zu is longer than any word: write at most %u bytes", n->at,
                            FIH_MAX_TERM);
    /* The last byte is the asterisk. */
    bytes = fihi_analyzer_fold(p->analyzer, (const uint8_t *)n->text, n->len - 1, prefix);
    rc = fihi_terms_new(&terms, p->view, name, (fih_str){(char *)prefix, bytes}, p->err);
    while (rc == 0 && (rc = fihi_terms_next(&term, terms, p->err)) == FIH_OK) {
        const uint8_t *const stem = (const uint8_t *)term.text.ptr;
        struct query_term *t;

        /* Before the term is added: what is refused costs no look-up. */
        if (p->plan->term_count - first == FIH_MAX_CLAUSES)
            rc = fihi_fail_at(p->err, FIH_E_LIMIT, n->at,
                              "more than %u words of the field %s begin so (byte %zu): write more of it",
                              FIH_MAX_CLAUSES, name, n->at);
        else if ((rc = add_term(p, x, stem, term.text.len, 5, &t)) == 0)
            t->is_variant = p->plan->term_count > first + 1;
    }
    fihi_terms_free(terms);
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* A text has the stems of its words only: other patterns than a beginning would find next to nothing there, and are
 * refused. In quotation marks signs are no pattern. شو* is a beginning; *شو, ش?قي and ش*ي are not. */
static int read_beginning(struct planner *p, const struct node *n, const char *name, bool *is_beginning)
{
    enum pattern_kind kind;
    bool is_pattern;
    const int rc = fihi_query_is_pattern(&is_pattern, &kind, (fih_str){n->text, n->len}, p->err);

    *is_beginning = false;
    if (rc != 0 || !is_pattern || n->is_exact)
        return rc;
    *is_beginning = kind == PATTERN_WILDCARD && n->text[n->len - 1] == '*' && !memchr(n->text, '*', n->len - 1) &&
                    !memchr(n->text, '?', n->len);
    if (*is_beginning)
        return FIH_OK;
    return fihi_fail_at(p->err, FIH_E_QUERY, n->at,
                        "'%.*s' at byte %zu is a pattern, and of these the text %s has beginnings only: write "
                        "%s:begin*, %s:word, %s:\"two words\", or %s:* for any value",
                        (int)(n->len < 60 ? n->len : 60), n->text, n->at, name, name, name, name, name);
}

/* The words of a chain of distances, as those of the body are: of each operand they stand side by side, and the first
 * one has the link to the operand before. Each operand's boost multiplies what stood there before, which comes back
 * behind it. An operand without a word adds no term, and so has no link. */
static int add_chain(struct planner *p, const struct text *x, const struct node *n)
{
    const float boost = p->boost;
    int rc = FIH_OK;

    for (size_t i = 0; i < n->count && rc == 0; i++) {
        const struct node *const c = n->children[i];
        const size_t first = p->plan->term_count;
        enum pattern_kind kind;
        bool is_pattern;

        if ((rc = fihi_query_is_pattern(&is_pattern, &kind, (fih_str){c->text, c->len}, p->err)) != 0)
            return rc;
        if ((is_pattern && !c->is_exact) || node_is_beginning(c))
            return fihi_fail_at(p->err, FIH_E_QUERY, c->at,
                                "'%.*s' at byte %zu is a pattern, and NEAR and THEN join words and phrases",
                                (int)(c->len < 60 ? c->len : 60), c->text, c->at);
        fihi_plan_boost(p, c->boost);
        rc = add_words(p, x, (fih_str){c->text, c->len});
        /* Before an error is returned, too. */
        p->boost = boost;
        if (p->plan->term_count > first) {
            /* The first word alone: the others follow it as in a phrase. */
            p->plan->terms[first].link = c->link;
            p->plan->terms[first].reach = c->reach;
        }
    }
    return rc;
}

/* Of several words each has its first reading, as in any phrase. Examples: author:"أحمد شوقي" is a phrase of two terms
 * of that field, author:شوقي one term, author:شو* a group of all that begin so. */
int fihi_plan_text(struct planner *p, struct plan_node *group, const struct node *n, unsigned field)
{
    const uint32_t first = (uint32_t)p->plan->term_count;
    const bool is_near = n->kind == NODE_NEAR;
    bool is_beginning = false;
    struct plan_node *c;
    struct text x;
    uint32_t count;
    int rc = find_text(&x, p, field, 1);

    if (rc == 0 && !is_near)
        rc = read_beginning(p, n, fihi_schema_name(&p->view->schema, field), &is_beginning);
    if (rc == 0)
        rc = is_near ? add_chain(p, &x, n)
             : is_beginning ? add_beginning(p, &x, n) : add_words(p, &x, (fih_str){n->text, n->len});
    if (rc != 0)
        return rc;
    count = fihi_plan_word_count(p->plan, first);
    if (is_near)                               /* its words, if there is but one, too, have their first readings */
        fihi_plan_drop_variants(p->plan, first, false);
    if (is_near && count == 0)
        return FIH_OK;
    if (is_beginning || (count == 0 && n->is_text))    /* of none an empty group, which matches nothing */
        return add_readings(p, group, first, (uint32_t)p->plan->term_count, n->occur);
    if (count == 0)
        return fihi_fail_at(p->err, FIH_E_QUERY, n->at,
                            "'%.*s' at byte %zu has no word to look for in %s: write one, or * for any value",
                            (int)(n->len < 60 ? n->len : 60), n->text, n->at,
                            fihi_schema_name(&p->view->schema, field));
    if (count == 1)
        return add_readings(p, group, first, (uint32_t)p->plan->term_count, n->occur);
    fihi_plan_drop_variants(p->plan, first, false);
    if (!(c = fihi_plan_add(group, PLAN_PHRASE, n->occur)))
        return fihi_fail_nomem(p->err);
    /* Behind fihi_plan_drop_variants(), so term and word are one. */
    c->term = first;
    c->term_count = count;
    c->slop = is_near ? 0 : n->reach;
    c->is_near = is_near;
    return FIH_OK;
}

/* ---- plain words */

/* Not where the search is bound to title or body, nor of what is left out: that goes by title and body alone. */
bool fihi_plan_has_texts(const struct planner *p)
{
    const struct schema *const s = &p->view->schema;
    bool has = false;

    for (unsigned i = 0; i < s->count && !p->opts->field && !p->is_excluded; i++)
        has |= s->fields[i].weight > 0;
    return has;
}

/* Term i of the plan, a word of the query, in a text: as heavy by its letters and boosts, and asked as it was. The key
 * without its level byte is the stem, which gets the field before it. */
static int add_again(struct planner *p, const struct text *x, uint32_t i, struct query_term **out)
{
    /* Its boost is in letters_weight already. */
    const struct query_term word = p->plan->terms[i];  /* a copy: the list may move */
    struct query_term *t = NULL;
    const int rc = add_term(p, x, word.key.bytes + 1, word.key.count - 1, 0, &t);

    if (rc != 0)
        return rc;
    t->letters_weight = word.letters_weight;
    t->boost = word.boost;
    t->word = word.word;
    t->position = word.position;
    t->is_stop = word.is_stop;
    t->word_at = word.word_at;
    t->word_bytes = word.word_bytes;
    t->weight = weight_of(p, t, x->weight, t->letters_weight);
    *out = t;
    return FIH_OK;
}

/* The readings of a word in one text, if any document has one of them there. */
static int add_word(struct planner *p, struct plan_node *sum, const struct text *x, uint32_t first, uint32_t end)
{
    const uint32_t begin = (uint32_t)p->plan->term_count;
    uint32_t last = begin;
    int rc = FIH_OK;

    for (uint32_t i = first; i < end && rc == 0; i++) {
        struct query_term *t;

        /* Words of title or body alone are not asked for here, nor other stems of a spelling, which count only where it
         * has the form. */
        if (p->plan->terms[i].scope != SCOPE_ANY || p->plan->terms[i].is_form_only)
            continue;
        if ((rc = add_again(p, x, i, &t)) != 0)
            return rc;
        t->is_variant = last > begin;
        if (t->df == 0) {                      /* a text that has the word nowhere costs nothing in the search */
            /* It is the last of the list, so no other moves. */
            fihi_term_free(t);
            p->plan->term_count--;
        } else {
            last++;
        }
    }
    return last == begin ? FIH_OK : add_readings(p, sum, begin, last, OCCUR_SHOULD);
}

/* A phrase in one text, if each of its words is there at all. Else no document can have it there, and it would be
 * looked for in vain. */
static int add_phrase(struct planner *p, struct plan_node *sum, const struct text *x, uint32_t first, uint32_t end)
{
    const uint32_t begin = (uint32_t)p->plan->term_count;
    struct plan_node *c;
    bool has_all = true;
    int rc;

    for (uint32_t i = first; i < end && has_all; i++) {
        struct query_term *t;

        if ((rc = add_again(p, x, i, &t)) != 0)
            return rc;
        /* In some document each; whether one has the phrase, the search finds out. */
        has_all = t->df > 0;
    }
    if (!has_all)
        return FIH_OK;
    if (!(c = fihi_plan_add(sum, PLAN_PHRASE, OCCUR_SHOULD)))
        return fihi_fail_nomem(p->err);
    /* Its terms are the last of the plan, one for each word. */
    c->term = begin;
    c->term_count = end - first;
    c->slop = sum->children[0]->slop;
    return FIH_OK;
}

int fihi_plan_in_texts(struct planner *p, struct plan_node *sum, uint32_t first, uint32_t end)
{
    const struct schema *const s = &p->view->schema;
    /* What was planned first says what is asked: a phrase, or one word in its readings. */
    const bool is_phrase = sum->children[0]->kind == PLAN_PHRASE;
    int rc = FIH_OK;

    /* The schema's own fields are numbered from FIELD_NO_OWN on; a weight above 0 is what makes plain words be looked
     * for. */
    for (unsigned i = 0; i < s->count && rc == 0; i++)
        if (s->fields[i].weight > 0) {
            struct text x;

            /* Counts of the field are looked up once for all of the word's readings. */
            if ((rc = find_text(&x, p, FIELD_NO_OWN + i, fihi_schema_weight(s, FIELD_NO_OWN + i))) == 0)
                rc = is_phrase ? add_phrase(p, sum, &x, first, end) : add_word(p, sum, &x, first, end);
        }
    return rc;
}

/* Byte 1 of a key is the number of its field (key_of()). */
void fihi_plan_repeat_in_texts(const struct planner *p, const struct plan_node *n, float letters_weight)
{
    /* A group has no term of its own, and a phrase is not weighed again by this. */
    struct query_term *const t = n->kind == PLAN_TERM ? &p->plan->terms[n->term] : NULL;

    for (size_t i = 0; i < n->count; i++)
        fihi_plan_repeat_in_texts(p, n->children[i], letters_weight);
    if (t && t->scope == SCOPE_FIELD) {
        t->weight += weight_of(p, t, fihi_schema_weight(&p->view->schema, t->key.bytes[1]), letters_weight);
        t->times++;
    }
}
