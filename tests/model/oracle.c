/* oracle.c - the query as things that a document has or has not; then the score. */
#include "oracle.h"
#include "patterns.h"

/* One thing that a document has or has not. */
struct item {
    enum occur   occur;
    bool         is_again;      /* a word that was asked for before: it does not count towards the least number */
    enum { LEAF, RUN, VARIANTS, KEYWORD, DATED, TAGGED, PAGED, HAS_TITLE, HAS_BODY, ALL, ALIKE, INNER, DROPPED } kind;
    enum scope   scope;
    const char  *section;
    int          from, to;      /* DATED, PAGED */
    unsigned     tags;          /* TAGGED */
    const char  *like, *asked;  /* ALIKE: the pattern, as words are spelt and as it was asked */
    int          edits;
    double       boost;
    struct tok  *toks;          /* LEAF: one; RUN: words that follow one another; VARIANTS: any of them */
    size_t       n, passed;     /* passed: of a word that was dropped, how many it had */
    bool         is_broad;      /* VARIANTS: or another word of their roots */
    struct text  owner;         /* whose toks these are, to be freed, if not NULL */
    struct plan *inner;         /* INNER */
    uint32_t    slop;           /* RUN */
};

struct plan {
    struct item items[600];
    size_t      n;
    bool        is_or, is_rest;  /* is_rest: it says only what not, so all others are meant */
    uint32_t    least;
};

static void add_item(struct plan *p, enum occur occur, int kind, enum scope scope, struct tok *toks, size_t n)
{
    p->items[p->n++] = (struct item){.occur = occur, .kind = kind, .scope = scope, .toks = toks, .n = n};
}

/* What is said of all the clauses that a clause stands in. */
struct around {
    enum scope scope;
    double     boost;
    bool       is_excluded;
};

static void plan_inner(struct plan *p, const struct clause *c, const fih_search_opts *o, struct around in);

/* The words of all operands, the first of each with its distance. */
static struct text chain_words(const struct clause *c)
{
    struct text all = {0};

    for (size_t i = 0; i < c->n; i++) {
        struct text t = analyze_query(c->kids[i].text);
        const size_t first = all.n;

        all.toks = realloc(all.toks, (all.n + t.n + 1) * sizeof *all.toks);
        if (t.n)
            memcpy(all.toks + all.n, t.toks, t.n * sizeof *t.toks);
        all.n += t.n;
        if (t.n && first) {
            all.toks[first].reach = c->kids[i].reach;
            all.toks[first].is_ordered = c->kids[i].is_ordered;
        }
        free(t.toks);
    }
    return all;
}

/* The reading that says how rare a word's root is; NULL if it has none. */
static const struct tok *root_reading(const struct tok *word, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (word[i].root != NONE && !word[i].is_stop)
            return &word[i];
    return NULL;
}

static void plan_clause(struct plan *p, const struct clause *c, const fih_search_opts *o, struct around in)
{
    const enum scope scope = c->kind == NOTED            ? NOTE
                             : c->scope != ANY           ? c->scope
                             : in.scope != ANY           ? in.scope
                             : !o->field                 ? ANY
                             : strcmp(o->field, "title") ? BODY
                                                         : TITLE;
    const size_t first = p->n;
    struct text t = {0};

    in.boost = fmin(1e4, fmax(1e-4, in.boost * (c->boost > 0 ? (double)(float)c->boost : 1)));
    if (c->kind == GROUP) {
        plan_inner(p, c, o, (struct around){c->scope != ANY ? c->scope : in.scope, in.boost,
                                              in.is_excluded || c->occur == NOT});
        return;
    }
    if (c->kind == SECTION) {
        add_item(p, c->occur == SHOULD && !p->is_or ? BOUND : c->occur, KEYWORD, ANY, NULL, 0);
        p->items[first].section = c->text;
        return;
    }
    const enum scope any_in = c->kind != EVERY && c->kind != TITLED ? ANY : c->scope != ANY ? c->scope : in.scope;
    if (c->kind == DAYS || c->kind == PAGES || c->kind == TAG || any_in != ANY) {
        add_item(p, c->occur == SHOULD && !p->is_or ? BOUND : c->occur,
                 c->kind == DAYS    ? DATED
                 : c->kind == PAGES ? PAGED
                 : any_in == TITLE  ? HAS_TITLE
                 : any_in == BODY   ? HAS_BODY
                                    : TAGGED,
                 ANY, NULL, 0);
        p->items[first].from = c->from;
        p->items[first].to = c->to;
        p->items[first].tags = c->tags;
        return;
    }
    if (c->kind == EVERY) {
        add_item(p, c->occur, ALL, ANY, NULL, 0);
        return;
    }
    if (c->kind == LIKE) {
        add_item(p, c->occur, ALIKE, scope, NULL, 0);
        p->items[first].like = c->spelt;
        p->items[first].asked = c->text;
        p->items[first].edits = c->edits;
        p->items[first].boost = in.boost;
        return;
    }
    t = c->kind == NEAR ? chain_words(c) : analyze_query(c->text);
    for (size_t i = 0; i < t.n; i++)
        t.toks[i].boost = in.boost;
    if (c->kind == NOTED && t.words == 1) {    /* a word in all of its readings, and none is a stop word there */
        for (size_t i = 0; i < t.n; i++)
            t.toks[i].is_stop = false;
        add_item(p, c->occur, t.n > 1 ? VARIANTS : LEAF, scope, t.toks, t.n);
        p->items[first].owner = t;
        return;
    }
    if (c->kind == WORDS && c->occur == SHOULD) {
        for (size_t i = 0, n; i < t.n; i += n) {
            for (n = 1; i + n < t.n && t.toks[i + n].is_variant; n++)
                t.toks[i + n].is_stop |= t.toks[i].is_stop;
            size_t kept = 1;

            for (size_t k = 1; k < n; k++)
                if (t.toks[i].is_stop || !t.toks[i + k].is_stop)
                    t.toks[i + kept++] = t.toks[i + k];
            const bool is_broad = o->match == FIH_MATCH_BROAD && scope == ANY && !in.is_excluded &&
                                  root_reading(t.toks + i, kept);

            add_item(p, SHOULD, n > 1 || is_broad ? VARIANTS : LEAF, scope, t.toks + i, kept);
            p->items[p->n - 1].is_broad = is_broad;
        }
    } else {
        size_t kept = 0;

        for (size_t i = 0; i < t.n; i++)
            if (!t.toks[i].is_variant) {
                t.toks[kept] = t.toks[i];
                t.toks[kept].is_stop &= scope != NOTE;
                t.toks[kept++].is_alone = true;
            }
        if (kept)
            add_item(p, c->occur, kept == 1 ? LEAF : RUN, scope, t.toks, kept);
        if (kept)
            p->items[first].slop = c->kind == PHRASE || c->kind == NOTED ? c->reach : 0;
    }
    if (p->n > first)
        p->items[first].owner = t;
    else
        free(t.toks);
}

static bool forms_count;        /* forms weigh something in the query at hand */

static bool is_stop(const struct item *it)
{
    if (it->kind == INNER)
        for (size_t i = 0; i < it->inner->n; i++)
            if (!is_stop(&it->inner->items[i]))
                return false;
    return it->kind == INNER || it->kind == ALL || ((it->kind == LEAF || it->kind == VARIANTS) && it->n > 0 && it->toks[0].is_stop);
}

/* 1 if there is nothing in it but sections, 2 days, 4 tags, 8 pages, 16 any title, 32 any body, their sum for several,
 * and what it leaves out; else 0. */
static unsigned bounds_by(const struct item *it)
{
    unsigned by = 0;

    if (it->kind != INNER)
        return it->kind == KEYWORD     ? 1
               : it->kind == DATED     ? 2
               : it->kind == TAGGED    ? 4
               : it->kind == PAGED     ? 8
               : it->kind == HAS_TITLE ? 16
               : it->kind == HAS_BODY  ? 32
                                       : 0;
    for (size_t i = 0; i < it->inner->n; i++)
        if (it->inner->items[i].occur != NOT) {
            if (!bounds_by(&it->inner->items[i]))
                return 0;
            by |= bounds_by(&it->inner->items[i]);
        }
    return by;
}

/* Is it the same word, in the same readings? */
static bool is_same_word(const struct item *a, const struct item *b)
{
    bool is = a->kind == b->kind && (a->kind == LEAF || a->kind == VARIANTS) && a->scope == b->scope &&
              a->scope != NOTE && a->n == b->n;

    for (size_t i = 0; i < a->n && is; i++)
        is = a->toks[i].term == b->toks[i].term &&
             (!forms_count || a->scope != ANY || a->toks[i].form == b->toks[i].form);
    return is;
}

/* Do the clauses only leave out? */
static bool leave_out(const struct plan *p, const struct clause *clauses, size_t n)
{
    bool is = p->n > 0;

    for (size_t i = 0; i < n; i++)
        is &= clauses[i].occur == NOT;
    return is;
}

/* What the items mean together. */
static void settle(struct plan *p, const fih_search_opts *o, bool is_outermost)
{
    size_t others_count = 0;
    uint32_t count = 0;

    for (size_t i = 0; i < p->n; i++)
        others_count += p->items[i].occur != NOT && p->items[i].occur != BOUND && !is_stop(&p->items[i]);
    for (size_t i = 0; i < p->n; i++) {
        if (others_count && p->items[i].occur == SHOULD && is_stop(&p->items[i])) {
            p->items[i].passed = p->items[i].kind == INNER ? 0 : p->items[i].n;
            p->items[i].n = 0;              /* dropped: a word of no terms; its owner still is freed */
            p->items[i].kind = p->items[i].kind == INNER ? DROPPED : LEAF;
            p->items[i].occur = NOT;
        }
        if (o->match_all && !p->is_or && p->items[i].occur == SHOULD)
            p->items[i].occur = MUST;
    }
    /* a word again is the same word */
    for (size_t i = 0; i < p->n; i++) {
        bool is_new = p->items[i].occur == SHOULD;

        for (size_t k = 0; k < i && is_new; k++)
            is_new = p->items[k].occur != SHOULD || !is_same_word(&p->items[k], &p->items[i]);
        count += is_new;
        p->items[i].is_again = p->items[i].occur == SHOULD && !is_new;
    }
    p->least = !is_outermost || p->is_or || o->match_all ? 0 : o->min_match < count ? o->min_match : count;
}

static void plan_inner(struct plan *p, const struct clause *c, const fih_search_opts *o, struct around in)
{
    struct plan *inner = calloc(1, sizeof *inner);
    struct item *it = &p->items[p->n];

    inner->is_or = c->join == JOINED_OR;
    for (size_t i = 0; i < c->n; i++)
        plan_clause(inner, &c->kids[i], o, in);
    inner->is_rest = leave_out(inner, c->kids, c->n);
    settle(inner, o, false);
    if (inner->n == 0) {
        free(inner);
        return;
    }
    add_item(p, c->occur, INNER, ANY, NULL, 0);
    it->inner = inner;
    if (c->occur == SHOULD && !p->is_or && bounds_by(it))
        it->occur = BOUND;
}

/* Plain stop words alone, two or more that differ. */
static bool asks_stop_words(const struct plan *p, const struct clause *clauses, size_t n)
{
    bool all = true, differ = false;

    for (size_t i = 0; i < n; i++)
        all &= clauses[i].kind == WORDS && clauses[i].occur == SHOULD && clauses[i].scope == ANY;
    for (size_t i = 0; i < p->n && all; i++) {
        all = is_stop(&p->items[i]);
        differ |= all && !p->items[i].toks->is_variant && p->items[i].toks->term != p->items[0].toks->term;
    }
    return all && differ;
}

/* They count as a phrase as well, which is worth a hundred times as much. */
static void add_quotation(struct plan *p, const struct clause *clauses, size_t n, const fih_search_opts *o,
                          struct around in)
{
    struct clause words = {.kind = PHRASE, .occur = SHOULD, .boost = 100};

    for (size_t i = 0; i < n; i++)
        snprintf(words.text + strlen(words.text), sizeof words.text - strlen(words.text), " %s", clauses[i].text);
    plan_clause(p, &words, o, in);
}

static void make_plan(struct plan *p, const struct query *q)
{
    const struct clause *only = &q->clauses[0], *clauses = q->clauses;
    struct around in = {ANY, 1, false};
    size_t n = q->n;

    p->n = 0;
    p->is_or = false;
    while (n == 1 && only->kind == GROUP && only->occur == SHOULD && !(only->boost > 0)) { /* parentheses around all */
        p->is_or = only->join == JOINED_OR;
        in.scope = only->scope != ANY ? only->scope : in.scope;
        n = only->n;
        only = clauses = only->kids;
    }
    for (size_t i = 0; i < n; i++)
        plan_clause(p, &clauses[i], &q->opts, in);
    const bool is_quotation = asks_stop_words(p, clauses, n);
    p->is_rest = leave_out(p, clauses, n);

    settle(p, &q->opts, true);
    if (is_quotation)
        add_quotation(p, clauses, n, &q->opts, in);
}

static void free_plan(struct plan *p)
{
    for (size_t i = 0; i < p->n; i++) {
        free(p->items[i].owner.toks);
        if (p->items[i].inner)
            free_plan(p->items[i].inner);
        free(p->items[i].inner);
    }
}

static uint32_t count_term(const struct text *t, uint32_t term, int level)
{
    uint32_t n = 0;

    for (size_t i = 0; i < t->n; i++)
        n += t->toks[i].term == term && t->toks[i].level == level;
    return n;
}

static uint32_t tf_at(const struct doc *d, enum scope scope, uint32_t term, int level)
{
    if (scope == NOTE)
        return count_term(&d->note_words, term, level);
    return (scope != BODY ? count_term(&d->t, term, level) : 0) + (scope != TITLE ? count_term(&d->b, term, level) : 0);
}

static uint32_t tf_in(const struct doc *d, enum scope scope, uint32_t term)
{
    return tf_at(d, scope, term, FIH_LEVEL_STEM);
}

static bool stands_at(const struct text *t, uint32_t word, uint32_t term)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->toks[i].at == word && t->toks[i].term == term && t->toks[i].level == FIH_LEVEL_STEM)
            return true;
    return false;
}

/* Can the words from the ith on be placed, the one before standing at `last` and the first at `start`? */
static bool can_place(const struct text *t, const struct item *it, size_t i, uint32_t start, uint32_t last)
{
    if (i == it->n)
        return !it->slop || last - start <= it->slop + it->n - 1;

    const struct tok *tok = &it->toks[i];
    const uint32_t gap = it->slop ? it->slop + 1 : tok->reach ? tok->reach : 1;
    const uint32_t back = !it->slop && tok->reach && !tok->is_ordered ? gap : 0;

    for (uint32_t at = last > back ? last - back : 0; at <= last + gap && at < t->words; at++)
        if (at != last && (at > last || back) && stands_at(t, at, tok->term) && can_place(t, it, i + 1, start, at))
            return true;
    return false;
}

static bool has_run(const struct text *t, const struct item *it)
{
    bool is_near = it->slop > 0;

    for (size_t i = 0; i < it->n; i++)
        is_near |= it->toks[i].reach > 0;
    for (uint32_t start = 0; is_near && start < t->words; start++)
        if (stands_at(t, start, it->toks[0].term) && can_place(t, it, 1, start, start))
            return true;
    for (uint32_t start = 0; !is_near && start + it->n <= t->words; start++) {
        size_t i = 0;

        while (i < it->n && stands_at(t, start + (uint32_t)i, it->toks[i].term))
            i++;
        if (i == it->n)
            return true;
    }
    return false;
}

static bool is_reading(const struct tok *t, uint32_t stem)
{
    for (unsigned i = 0; i < t->reading_count; i++)
        if (t->readings[i] == stem)
            return true;
    return false;
}

/* Occurrences of a stem that have a normalised word. */
static uint32_t count_form(const struct text *t, uint32_t stem, uint32_t form)
{
    uint32_t n = 0;

    for (size_t i = 0; i < t->n; i++)
        n += t->toks[i].level == FIH_LEVEL_STEM && t->toks[i].term == stem && t->toks[i].form == form;
    return n;
}

static uint32_t form_tf(const struct doc *d, uint32_t stem, uint32_t form)
{
    return count_form(&d->t, stem, form) + count_form(&d->b, stem, form);
}

static bool counts_forms(const struct item *it, const struct tok *t)
{
    return forms_count && it->kind != RUN && it->scope == ANY && t->form != NONE;
}

/* Another stem of the same spelling, from the ith token of a text on: its place, or the text's end. */
static size_t next_other(const struct text *x, size_t i, const struct tok *t)
{
    for (; i < x->n; i++)
        if (x->toks[i].level == FIH_LEVEL_STEM && x->toks[i].form == t->form && !is_reading(t, x->toks[i].term))
            break;
    return i;
}

static bool has_other_form(const struct item *it, const struct tok *t, const struct doc *d)
{
    return counts_forms(it, t) && (next_other(&d->t, 0, t) < d->t.n || next_other(&d->b, 0, t) < d->b.n);
}

/* ---- patterns */

static double like_in(const struct text *t, const struct item *it)
{
    const bool is_arabic = (uint8_t)it->like[strcspn(it->like, "\xD8\xD9")] != 0;
    const int level = is_arabic && it->scope != TITLE ? FIH_LEVEL_FORM : FIH_LEVEL_STEM;
    double sum = 0;

    for (size_t i = 0; i < t->n; i++)
        if (t->toks[i].level == level)
            sum += likeness(it->like, it->edits, terms[t->toks[i].term].bytes, terms[t->toks[i].term].n);
    return sum;
}

static double like_tf(const struct doc *d, const struct item *it)
{
    if (it->edits == WRITTEN)
        return count_written(it->asked, d->title) + (it->scope == TITLE ? 0 : count_written(it->asked, d->body));
    return like_in(&d->t, it) + (it->scope == TITLE ? 0 : like_in(&d->b, it));
}

/* Different words of a document that are alike, with the stem of each; of a title or of other scripts their stems. What
 * is asked as it is written counts where its form is, with whatever vowels. */
static unsigned alike_in(const struct doc *d, const struct item *it)
{
    const bool is_arabic = (uint8_t)it->like[strcspn(it->like, "\xD8\xD9")] != 0;
    const bool is_form = is_arabic && (it->scope != TITLE || it->edits == WRITTEN);
    const struct text *const texts[] = {&d->t, &d->b};
    const struct tok *met[4096];
    unsigned count = 0;

    for (unsigned k = 0; k < (it->scope == TITLE && it->edits != WRITTEN ? 1 : 2); k++)
        for (size_t i = 0; i < texts[k]->n; i++) {
            const struct tok *const t = &texts[k]->toks[i];
            const uint32_t word = is_form ? t->form : t->term;
            unsigned at = 0;

            if (t->level != FIH_LEVEL_STEM || word == NONE ||
                likeness(it->like, it->edits, terms[word].bytes, terms[word].n) <= 0)
                continue;
            while (at < count && (met[at]->term != t->term || (is_form && met[at]->form != t->form)))
                at++;
            if (at == count && count < sizeof met / sizeof *met)
                met[count++] = t;
        }
    return count;
}

/* How often a text has other stems of a word's roots. */
static double siblings_in(const struct text *t, const struct item *it)
{
    double n = 0;

    for (size_t i = 0; i < t->n; i++) {
        bool has_root = false, is_own = t->toks[i].level != FIH_LEVEL_STEM;

        for (size_t k = 0; k < it->n; k++) {
            has_root |= it->toks[k].root != NONE && t->toks[i].root == it->toks[k].root;
            is_own |= t->toks[i].term == it->toks[k].term;
        }
        n += has_root && !is_own;
    }
    return n;
}

static double siblings_tf(const struct doc *d, const struct item *it)
{
    return it->is_broad ? siblings_in(&d->t, it) + siblings_in(&d->b, it) : 0;
}

static bool plan_matches(const struct plan *p, const struct doc *d);

static bool item_matches(const struct item *it, const struct doc *d)
{
    switch (it->kind) {
    case INNER:
        return plan_matches(it->inner, d);
    case KEYWORD:
        return it->section[0] && strcmp(it->section, d->section) == 0;
    case ALIKE:
        return like_tf(d, it) > 0;
    case TAGGED:
        return (it->tags & d->tags) != 0;
    case PAGED:
        return d->has_pages && d->pages >= it->from && d->pages <= it->to;
    case HAS_TITLE:
        return d->t.words > 0;
    case HAS_BODY:
        return d->b.words > 0;
    case ALL:
        return true;
    case DATED:
        return d->day && d->day >= it->from && d->day <= it->to;
    case RUN:
        if (it->scope == NOTE)
            return has_run(&d->note_words, it);
        return (it->scope != BODY && has_run(&d->t, it)) || (it->scope != TITLE && has_run(&d->b, it));
    default:
        for (size_t i = 0; i < it->n; i++)
            if (tf_in(d, it->scope, it->toks[i].term) > 0 || has_other_form(it, &it->toks[i], d))
                return true;
        return siblings_tf(d, it) > 0;
    }
}

static bool plan_matches(const struct plan *p, const struct doc *d)
{
    bool has_must = false, has_should = false;
    uint64_t bounds = 0, kept = 0;              /* by what it is bounded, a bit each; which of these hold */
    uint32_t count = 0;

    for (size_t k = 0; k < p->n; k++) {
        const struct item *it = &p->items[k];
        const bool has = item_matches(it, d);

        if ((it->occur == MUST && !has) || (it->occur == NOT && has))
            return false;
        has_must |= it->occur == MUST;
        has_should |= it->occur == SHOULD;
        bounds |= it->occur == BOUND ? UINT64_C(1) << bounds_by(it) : 0;
        kept |= it->occur == BOUND && has ? UINT64_C(1) << bounds_by(it) : 0;
        count += it->occur == SHOULD && has && !it->is_again;
    }
    return kept == bounds && count >= p->least && (count || has_must || (bounds && !has_should) || p->is_rest);
}

/* What the formula needs to know of the whole collection, deleted documents that no merge has dropped included. */
struct statistics {
    double n, avg, title_avg, note_avg;
};

static struct statistics statistics(void)
{
    struct statistics s = {0, 0, 0, 0};
    double titled = 0, noted = 0;

    for (size_t i = 0; i < doc_count; i++)
        if (docs[i].is_counted) {
            s.n++;
            s.avg += docs[i].t.words + docs[i].b.words;
            s.title_avg += docs[i].t.words;
            titled += docs[i].t.words > 0;
            s.note_avg += docs[i].note_words.words;
            noted += docs[i].note_words.words > 0;
        }
    s.avg = s.avg > 0 ? s.avg / s.n : 1;
    s.title_avg = titled > 0 ? s.title_avg / titled : 1;
    s.note_avg = noted > 0 ? s.note_avg / noted : 1;
    return s;
}

struct weights {
    double k1, b, title, text, form, root, proximity;
};

static double sat(const struct weights *w, double tf, double len, double avg)
{
    return tf / (tf + w->k1 * (1 - w->b + w->b * len / avg));
}

static double letter_weight(const struct tok *t)
{
    return t->boost * fmin(1.5, fmax(0.6, sqrt(t->letters / 5.0)));
}

/* The idf of a term at a level, among the documents that count. */
static double idf_of(enum scope scope, uint32_t term, int level, const struct statistics *s)
{
    double n = 0;

    for (size_t i = 0; i < doc_count; i++)
        n += docs[i].is_counted && tf_at(&docs[i], scope, term, level) > 0;
    return log(1 + (s->n - n + 0.5) / (n + 0.5));
}

/* Of a stem where it has a normalised word. */
static double count_docs(uint32_t stem, uint32_t form)
{
    double n = 0;

    for (size_t i = 0; i < doc_count; i++)
        n += docs[i].is_counted && form_tf(&docs[i], stem, form) > 0;
    return n;
}

/* The same of a word's form: n are the documents of its stem, or of another one that has it in more. */
static double form_idf(const struct tok *t, const struct statistics *s)
{
    uint32_t counted = t->term;                /* others come again and again: the last one is remembered */
    double n = 0;

    for (unsigned k = 0; k < t->reading_count; k++)
        if (t->reading_forms[k] == t->form)
            n = fmax(n, count_docs(t->readings[k], t->form));
    n = fmax(n, count_docs(t->term, t->form));

    for (size_t d = 0; d < doc_count; d++)
        for (unsigned k = 0; k < 2; k++) {
            const struct text *const x = k ? &docs[d].b : &docs[d].t;

            for (size_t i = next_other(x, 0, t); i < x->n && docs[d].is_counted; i = next_other(x, i + 1, t))
                if (x->toks[i].term != counted) {
                    const double other = count_docs(counted = x->toks[i].term, t->form);

                    n = other > n ? other : n;
                }
        }
    return log(1 + (s->n - n + 0.5) / (n + 0.5));
}

static uint32_t count_root(const struct text *t, uint32_t root)
{
    uint32_t n = 0;

    for (size_t i = 0; i < t->n; i++)
        if (t->toks[i].level == FIH_LEVEL_STEM && t->toks[i].root == root) {
            bool is_new = true;                /* two readings with one root are one word of it */

            for (size_t k = i; k-- > 0 && t->toks[k].at == t->toks[i].at;)
                is_new &= t->toks[k].level != FIH_LEVEL_STEM || t->toks[k].root != root;
            n += is_new;
        }
    return n;
}

static uint32_t root_tf(const struct doc *d, uint32_t root)
{
    return count_root(&d->t, root) + count_root(&d->b, root);
}

static double root_idf(uint32_t root, const struct statistics *s)
{
    double n = 0;

    for (size_t i = 0; i < doc_count; i++)
        n += docs[i].is_counted && root_tf(&docs[i], root) > 0;
    return log(1 + (s->n - n + 0.5) / (n + 0.5));
}

static double text_sat(const struct doc *d, double tf, const struct statistics *s, const struct weights *w)
{
    return sat(w, tf, d->t.words + d->b.words, s->avg);
}

/* What a word needs to know of the whole collection. */
struct idfs {
    double stem, form, root;
};

static struct idfs idfs_of(const struct item *it, const struct tok *t, const struct statistics *s)
{
    struct idfs x = {idf_of(it->scope == BODY ? ANY : it->scope, t->term, FIH_LEVEL_STEM, s), 0, 0};

    if (t->form != NONE)
        x.form = form_idf(t, s);
    x.root = t->root != NONE ? root_idf(t->root, s) : x.stem;
    return x;
}

/* The roots of a word count where its stem stands. One without is its own. Where it does not stand, a second pass adds
 * them. */
static double root_score(const struct tok *t, const struct doc *d, double idf, const struct statistics *s,
                         const struct weights *w)
{
    const double tf = t->root != NONE ? root_tf(d, t->root) : tf_in(d, ANY, t->term);

    return tf > 0 ? w->root * w->text * idf * text_sat(d, tf, s, w) : 0;
}

/* The most that a stem of the same spelling brings where it has it. */
static double others_score(const struct tok *t, const struct doc *d, double idf, const struct statistics *s,
                           const struct weights *w)
{
    const struct text *const texts[] = {&d->t, &d->b};
    double score = 0;

    for (unsigned k = 0; k < 2; k++)
        for (size_t i = 0; (i = next_other(texts[k], i, t)) < texts[k]->n; i++)
            score = fmax(score, w->form * w->text * idf *
                                    text_sat(d, form_tf(d, texts[k]->toks[i].term, t->form), s, w));
    return score;
}

static double word_score(const struct item *it, const struct tok *t, const struct doc *d, const struct idfs *idf,
                         const struct statistics *s, const struct weights *w)
{
    const double tf = tf_in(d, it->scope, t->term), in_title = tf_in(d, TITLE, t->term);
    const bool has_levels = it->kind != RUN && it->scope == ANY;
    double score = 0;

    if (tf > 0)
        score = w->text * (it->scope == TITLE  ? sat(w, tf, d->t.words, s->title_avg)
                           : it->scope == NOTE ? sat(w, tf, d->note_words.words, s->note_avg)
                                               : text_sat(d, tf, s, w));
    if (has_levels && t->is_shared)
        score *= 1 - w->form;
    if (it->scope == ANY && in_title > 0)
        score += w->title * sat(w, in_title, d->t.words, s->title_avg);
    score *= idf->stem;
    if (has_levels && tf > 0)
        score += root_score(t, d, idf->root, s, w);
    if (counts_forms(it, t)) {
        const double tf_form = form_tf(d, t->term, t->form);

        score += tf_form > 0 ? w->form * w->text * idf->form * text_sat(d, tf_form, s, w) : 0;
        score = fmax(score, others_score(t, d, idf->form, s, w));
    }
    return letter_weight(t) * score;
}

double *roots;           /* of each document: what the second pass adds for roots of words that it lacks */
double *extras;          /* and for where its words stand */

/* Of a word that a document lacks in all readings, the first of them that has its root there. */
static void add_lost_roots(const struct item *it, const struct statistics *s, const struct weights *w)
{
    bool *const has = calloc(doc_count + 1, sizeof *has);

    for (size_t r = 0; r < it->n && it->scope == ANY; r++) {
        const struct tok *const t = &it->toks[r];
        const double idf = t->root != NONE ? root_idf(t->root, s) : 0;

        for (size_t i = 0; i < doc_count && t->root != NONE; i++) {
            bool lacks = tf_in(&docs[i], ANY, t->term) == 0;

            for (unsigned k = 0; k < t->reading_count && !t->is_alone; k++)
                lacks &= tf_in(&docs[i], ANY, t->readings[k]) == 0;
            for (size_t k = 0; k < it->n; k++)
                lacks &= !has_other_form(it, &it->toks[k], &docs[i]);
            if (lacks && !has[i])
                roots[i] += letter_weight(t) * root_score(t, &docs[i], idf, s, w);
            has[i] |= root_tf(&docs[i], t->root) > 0;
        }
    }
    free(has);
}

static uint32_t apart(const struct text *a, uint32_t x, uint32_t y)
{
    uint32_t best = 17;

    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < a->n && a->toks[i].term == x && a->toks[i].level == FIH_LEVEL_STEM; k++)
            if (a->toks[k].term == y && a->toks[k].level == FIH_LEVEL_STEM && a->toks[k].at != a->toks[i].at) {
                const uint32_t d =
                    a->toks[k].at > a->toks[i].at ? a->toks[k].at - a->toks[i].at : a->toks[i].at - a->toks[k].at;

                best = d < best ? d : best;
            }
    return best;
}

/* What two stems of different words add by their nearness in a document, the lesser of whose weights is given. */
static double pair_score(const struct doc *d, const struct tok *a, const struct tok *b, double weight)
{
    const uint32_t t = apart(&d->t, a->term, b->term), u = apart(&d->b, a->term, b->term), least = t < u ? t : u;

    return least <= 16 ? weight / least : 0;
}

/* Words whose places count, and those that were dropped, which only count beside their neighbours in the query. */
struct near {
    const struct tok *toks[16], *passed[16];
    size_t            n, passed_n;
};

static void find_passed(struct near *near, const struct plan *p, bool is_dropped)
{
    for (size_t k = 0; k < p->n; k++) {
        const struct item *it = &p->items[k];
        const bool is_passed = is_dropped && it->occur != NOT && (it->kind == LEAF || it->kind == VARIANTS);

        if (it->kind == DROPPED || (it->kind == INNER && it->occur != NOT))
            find_passed(near, it->inner, is_dropped || it->kind == DROPPED);
        for (size_t t = 0; t < (is_passed ? it->n : it->passed); t++)
            if (it->scope == ANY && !it->toks[t].is_variant && near->passed_n < 16)
                near->passed[near->passed_n++] = &it->toks[t];
    }
}

static void find_near(struct near *near, const struct plan *p, const struct statistics *s, const struct weights *w)
{
    for (size_t k = 0; k < p->n; k++) {
        const struct item *it = &p->items[k];

        if (it->occur != NOT && it->kind == INNER)
            find_near(near, it->inner, s, w);
        if (it->occur != NOT && (it->kind == LEAF || it->kind == VARIANTS))
            add_lost_roots(it, s, w);
        for (size_t t = 0; it->occur != NOT && (it->kind == LEAF || it->kind == VARIANTS || it->kind == RUN) &&
                           it->scope == ANY && t < it->n;
             t++) {
            bool is_new = near->n < 16;

            for (size_t i = 0; i < near->n; i++)
                is_new &= near->toks[i]->term != it->toks[t].term;
            if (is_new)
                near->toks[near->n++] = &it->toks[t];
        }
    }
}

/* Does the stem stand at one of `count` positions from `from` on? A body begins 16 positions behind a title. */
static bool stands_within(const struct doc *d, uint32_t stem, uint32_t from, uint32_t count)
{
    const uint32_t gap = d->t.words ? d->t.words + 16 : 0;

    for (unsigned k = 0; k < 2; k++) {
        const struct text *const x = k ? &d->b : &d->t;

        for (size_t i = 0; i < x->n; i++) {
            const uint32_t at = x->toks[i].at + (k ? gap : 0);

            if (x->toks[i].level == FIH_LEVEL_STEM && x->toks[i].term == stem && at >= from && at - from < count)
                return true;
        }
    }
    return false;
}

/* Pairs of words that are near each other, in the readings that bring most; the best window of 50 positions; how early
 * each word stands. */
static void add_places(const struct near *near, const struct statistics *s, const struct weights *w)
{
    double weights[16] = {0};
    size_t words = 0;

    for (size_t k = 0; k < near->n; k++) {
        weights[k] = letter_weight(near->toks[k]) * idf_of(ANY, near->toks[k]->term, FIH_LEVEL_STEM, s);
        words += k == 0 || near->toks[k]->word != near->toks[k - 1]->word;
    }
    for (size_t i = 0; i < doc_count; i++) {
        const struct doc *const d = &docs[i];
        const uint32_t len = d->t.words + d->b.words, end = len + 17;
        double best = 0, early = 0, pairs = 0;

        for (uint32_t from = 0; from < end && words > 1; from++) {
            double sum = 0, word = 0;

            for (size_t k = 0; k < near->n; k++) {
                if (k > 0 && near->toks[k]->word != near->toks[k - 1]->word) {
                    sum += word;
                    word = 0;
                }
                if (stands_within(d, near->toks[k]->term, from, 50))
                    word = fmax(word, weights[k]);
            }
            best = fmax(best, sum + word);
        }
        for (size_t k = 0, next; k < near->n; k = next) {
            double word = 0;

            for (next = k; next < near->n && near->toks[next]->word == near->toks[k]->word; next++) {
                uint32_t first = 0;

                while (first < end && !stands_within(d, near->toks[next]->term, first, 1))
                    first++;
                word = fmax(word, first < end ? weights[next] * 25 / (25 + first) : 0);
            }
            early += word;
            for (size_t o = next, after; o < near->n; o = after) {
                double pair = 0;

                for (after = o; after < near->n && near->toks[after]->word == near->toks[o]->word; after++)
                    for (size_t x = k; x < next; x++)
                        pair = fmax(pair, pair_score(d, near->toks[x], near->toks[after],
                                                     fmin(weights[x], weights[after])));
                pairs += pair;
            }
        }
        extras[i] += w->proximity * w->text * (pairs + 1.6 * best + 2.4 * early * len / (len + 10.0));
    }
}

static bool is_beside(const struct text *t, uint32_t x, uint32_t y)
{
    for (size_t i = 0; i < t->n; i++)
        for (size_t k = 0; k < t->n && t->toks[i].term == x && t->toks[i].level == FIH_LEVEL_STEM; k++)
            if (t->toks[k].term == y && t->toks[k].level == FIH_LEVEL_STEM && t->toks[k].at == t->toks[i].at + 1)
                return true;
    return false;
}

/* What b behind a adds to a document, if they follow one another in the query, too. */
static double beside(const struct doc *d, const struct tok *a, const struct tok *b, const struct statistics *s)
{
    if (a->word + 1 != b->word || !(is_beside(&d->t, a->term, b->term) || is_beside(&d->b, a->term, b->term)))
        return 0;
    return fmin(letter_weight(a) * idf_of(ANY, a->term, FIH_LEVEL_STEM, s),
                letter_weight(b) * idf_of(ANY, b->term, FIH_LEVEL_STEM, s));
}

static void add_passed(const struct near *near, const struct statistics *s, const struct weights *w)
{
    for (size_t i = 0; i < doc_count && near->n > 0; i++)
        for (size_t p = 0; p < near->passed_n; p++) {
            double sum = 0, word = 0;

            for (size_t k = 0; k < near->n; k++) {
                if (k > 0 && near->toks[k]->word != near->toks[k - 1]->word) {
                    sum += word;
                    word = 0;
                }
                word = fmax(word, beside(&docs[i], near->toks[k], near->passed[p], s));
                word = fmax(word, beside(&docs[i], near->passed[p], near->toks[k], s));
            }
            sum += word;
            for (size_t k = 0; k < near->passed_n; k++)
                sum += beside(&docs[i], near->passed[p], near->passed[k], s);
            extras[i] += w->proximity * w->text * sum;
        }
}

size_t place_depth;

/* Is it one word, in some of its readings, or one phrase, beside what bounds it? */
static bool asks_one_thing(const struct plan *p)
{
    const struct item *first = NULL;
    size_t count = 0;
    bool is = p->least <= 1;

    for (size_t k = 0; k < p->n; k++) {
        const struct item *const it = &p->items[k];

        if (it->is_again || it->kind == DROPPED || (it->occur == NOT && it->kind == LEAF && it->n == 0) ||
            (it->occur != NOT && bounds_by(it)))
            continue;
        first = first ? first : it;
        count++;
        is &= it->occur != NOT && (it->kind == LEAF || it->kind == VARIANTS) && it->scope == ANY && it->n > 0 &&
              first->n > 0 && !it->is_broad &&
              (it->toks[0].word == first->toks[0].word || is_same_word(it, first) ||
               (it->kind == LEAF && first->kind == LEAF && it->toks[0].term == first->toks[0].term));
    }
    if (count == 1 && first->kind == INNER && first->occur != NOT)
        return asks_one_thing(first->inner);
    return (is && count > 0) || (count == 1 && first->kind == RUN);
}

static void second_pass(const struct plan *p, const struct statistics *s, const struct weights *w)
{
    struct near near = {.n = 0};

    find_near(&near, p, s, w);
    find_passed(&near, p, false);
    place_depth = asks_one_thing(p) && near.passed_n == 0 ? 10 : 20;
    if (w->proximity > 0)
        add_places(&near, s, w);
    if (w->proximity > 0)
        add_passed(&near, s, w);
}

double *scores;          /* of each document; negative: no match */
size_t match_count;

static int date_number(const char *s, int missing)
{
    int y = 0, m = missing, d = missing;

    sscanf(s, "%d-%d-%d", &y, &m, &d);
    return y * 10000 + m * 100 + d;
}

/* The words alike count as one. */
static void add_alike(const struct item *it, const bool *too, const struct statistics *s, const struct weights *w)
{
    const unsigned said = letters_said(it->like, it->edits);
    double n = 0, idf, lw;

    for (size_t i = 0; i < doc_count; i++)
        n += docs[i].is_counted ? alike_in(&docs[i], it) : 0;
    n = fmin(n, s->n);
    idf = log(1 + (s->n - n + 0.5) / (n + 0.5));
    lw = fmin(1.5, fmax(0.6, sqrt(said / 5.0))) * it->boost;
    for (size_t i = 0; i < doc_count; i++)
        if (too[i] && like_tf(&docs[i], it) > 0)
            scores[i] +=
                w->text * lw * idf *
                (it->scope == TITLE ? sat(w, like_tf(&docs[i], it), docs[i].t.words, s->title_avg)
                                    : sat(w, like_tf(&docs[i], it), docs[i].t.words + docs[i].b.words, s->avg));
}

/* What another word of a word's root is worth. */
static double sibling_score(const struct item *it, const struct doc *d, double idf, const struct statistics *s,
                            const struct weights *w)
{
    const double tf = siblings_tf(d, it);

    return tf > 0 ? 0.2 * letter_weight(root_reading(it->toks, it->n)) * idf * w->text * text_sat(d, tf, s, w) : 0;
}

/* What the items add to the documents that have all they stand in. */
static void add_scores(const struct plan *p, const bool *has, const struct statistics *s, const struct weights *w)
{
    double *const words = malloc((doc_count + 1) * sizeof *words);
    bool *too = malloc(doc_count + 1);

    for (size_t k = 0; k < p->n; k++) {
        const struct item *it = &p->items[k];

        if (it->occur == NOT || (it->kind >= KEYWORD && it->kind <= ALL))
            continue;
        for (size_t i = 0; i < doc_count; i++)
            too[i] = has[i] && item_matches(it, &docs[i]);
        if (it->kind == INNER)
            add_scores(it->inner, too, s, w);
        if (it->kind == ALIKE)
            add_alike(it, too, s, w);
        for (size_t i = 0; i < doc_count; i++)
            words[i] = 0;
        for (size_t t = 0; t < it->n; t++) {
            const struct tok *tok = &it->toks[t];
            const struct idfs idf = idfs_of(it, tok, s);

            for (size_t i = 0; i < doc_count; i++)
                if (too[i]) {
                    const double word = word_score(it, tok, &docs[i], &idf, s, w);

                    words[i] = it->kind == RUN ? words[i] + word : fmax(words[i], word);
                }
        }
        const double idf = it->is_broad ? root_idf(root_reading(it->toks, it->n)->root, s) : 0;

        for (size_t i = 0; i < doc_count; i++)
            scores[i] += too[i] && it->is_broad ? fmax(words[i], sibling_score(it, &docs[i], idf, s, w)) : words[i];
    }
    free(words);
    free(too);
}

/* ---- the whole title */

/* Nothing but words, some of them perhaps in parentheses. */
static bool are_words(const struct clause *clauses, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct clause *const c = &clauses[i];

        if (c->occur != SHOULD || c->scope != ANY || (c->kind != WORDS && c->kind != GROUP))
            return false;
        if (c->kind == GROUP && (c->boost > 0 || c->join == JOINED_OR || !are_words(c->kids, c->n)))
            return false;
    }
    return true;
}

static void add_title_words(struct text *all, const struct clause *clauses, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (clauses[i].kind == GROUP) {
            add_title_words(all, clauses[i].kids, clauses[i].n);
            continue;
        }
        struct text t = analyze_query(clauses[i].text);

        all->toks = realloc(all->toks, (all->n + t.n + 1) * sizeof *all->toks);
        for (size_t k = 0; k < t.n; k++) {
            all->toks[all->n] = t.toks[k];
            all->toks[all->n++].boost = clauses[i].boost > 0 ? (double)(float)clauses[i].boost : 1;
            all->words += !t.toks[k].is_variant;
        }
        free(t.toks);
    }
}

/* The words of the query, if it is nothing but words; else none. */
static struct text title_words(const struct query *q)
{
    struct text all = {0};

    if (!q->opts.field && are_words(q->clauses, q->n))
        add_title_words(&all, q->clauses, q->n);
    return all;
}

/* Does the word stand at a place of the title? It counts if the document has its form. */
static bool is_at(const struct doc *d, uint32_t place, const struct tok *word, size_t readings, bool *counts)
{
    bool stands = false;

    *counts = false;
    for (size_t i = 0; i < d->t.n; i++) {
        const struct tok *const x = &d->t.toks[i];

        for (size_t r = 0; r < readings && x->at == place && x->level == FIH_LEVEL_STEM; r++) {
            const bool has_form = forms_count && word[r].form != NONE;
            const bool is_it = x->term == word[r].term, is_spelt = has_form && form_tf(d, x->term, word[r].form) > 0;

            if (is_it || (is_spelt && !is_reading(&word[r], x->term))) {
                stands = true;
                *counts |= !has_form || is_spelt;
            }
        }
    }
    return stands;
}

static void add_titles(const struct query *q, const struct statistics *s, const struct weights *w)
{
    struct text words = title_words(q);

    for (size_t i = 0; i < doc_count && words.words && words.words <= 32; i++) {
        const struct doc *const d = &docs[i];
        bool is_title = scores[i] >= 0 && d->t.words == words.words;
        uint32_t place = 0;
        double sum = 0;

        for (size_t k = 0, n; k < words.n && is_title; k += n, place++) {
            bool counts;

            for (n = 1; k + n < words.n && words.toks[k + n].is_variant; n++)
                ;
            is_title = is_at(d, place, &words.toks[k], n, &counts);
            if (counts)
                sum += letter_weight(&words.toks[k]) * idf_of(ANY, words.toks[k].term, FIH_LEVEL_STEM, s);
        }
        if (is_title)
            scores[i] += 5 * w->title * sum;
    }
    free(words.toks);
}

void evaluate(const struct query *q)
{
    static struct plan plan;
    const struct statistics s = statistics();
    const fih_search_opts *o = &q->opts;
    const struct weights w = {isnan(o->k1) ? 0.9 : o->k1, isnan(o->b) ? 0.5 : o->b,
                              isnan(o->title_weight) ? 0.6 : o->title_weight, isnan(o->body_weight) ? 1 : o->body_weight,
                              isnan(o->form_weight) ? 0.5 : o->form_weight, isnan(o->root_weight) ? 1.25 : o->root_weight,
                              isnan(o->proximity) ? 0.25 : o->proximity};
    bool *has = calloc(doc_count + 1, sizeof *has);

    forms_count = w.form > 0;
    make_plan(&plan, q);
    scores = realloc(scores, (doc_count + 1) * sizeof *scores);
    extras = realloc(extras, (doc_count + 1) * sizeof *extras);
    memset(extras, 0, (doc_count + 1) * sizeof *extras);
    roots = realloc(roots, (doc_count + 1) * sizeof *roots);
    memset(roots, 0, (doc_count + 1) * sizeof *roots);
    match_count = 0;
    for (size_t i = 0; i < doc_count; i++) {
        const struct doc *d = &docs[i];

        scores[i] = -1;
        if (d->is_gone || i == q->liked || (o->since.len && (!d->day || d->day < date_number(o->since.ptr, 0))) ||
            (o->until.len && (!d->day || d->day > date_number(o->until.ptr, 99))))
            continue;
        has[i] = plan_matches(&plan, d);
        match_count += has[i];
        scores[i] = has[i] ? 0 : -1;
    }
    add_scores(&plan, has, &s, &w);
    add_titles(q, &s, &w);
    free(has);
    second_pass(&plan, &s, &w);
    free_plan(&plan);
}
