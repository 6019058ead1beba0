/* test_model.c - matches and scores are those of a naive scan over random collections.
 *
 * The model keeps every document as two lists of terms, made by fih_analyze(), and answers a query by looking
 * at each document in turn, with the formula of fihrist.h. It knows nothing of segments, lists or blocks.
 *
 *     test_model [comparisons] [seed]
 *
 * Deleted documents count in N, n and the mean lengths until a merge drops them: scores are compared where
 * nothing is deleted or a full merge came last, sets of documents always.
 */
#define _GNU_SOURCE 1 /* memmem */
#include <stdbool.h>

#include "fihrist.h"
#include "place.h"
#include "tap.h"

#if defined(__SANITIZE_ADDRESS__)
enum { COMPARISONS = 1500, BIG_DOCS = 9000, BIG_QUERIES = 60 };
#else
enum { COMPARISONS = 12000, BIG_DOCS = 20000, BIG_QUERIES = 300 };
#endif

static unsigned wanted = COMPARISONS;
static uint64_t first_seed = 20240601, seed;

static uint32_t rnd(uint32_t n) { return (uint32_t)(tap_random(&seed) % n); }
static bool chance(uint32_t percent) { return rnd(100) < percent; }

/* ------------------------------------------------------------------ terms */

enum { TERM_SLOTS = 1 << 17 };
static struct { char *bytes; size_t n; } terms[TERM_SLOTS];

/* A number for a term: its slot. */
static uint32_t term_number(fih_str t)
{
    uint32_t h = 2166136261u;

    for (size_t i = 0; i < t.len; i++)
        h = (h ^ (uint8_t)t.ptr[i]) * 16777619u;
    for (h %= TERM_SLOTS; terms[h].bytes; h = (h + 1) % TERM_SLOTS)
        if (terms[h].n == t.len && memcmp(terms[h].bytes, t.ptr, t.len) == 0)
            return h;
    terms[h].bytes = malloc(t.len + 1);
    memcpy(terms[h].bytes, t.ptr, t.len);
    terms[h].n = t.len;
    return h;
}

struct tok {
    uint32_t term, at;      /* at: number of the word */
    unsigned letters;       /* of the normalised word: only in queries */
    bool     is_stop, is_variant;
    bool     is_long;       /* made with the small alef as a letter */
    int      level;
    uint32_t norm, root;    /* only in queries: the terms that rank, or NONE */
    bool     is_shared;     /* the normalised word has its part of the weight */
    double   boost;         /* only in queries */
    uint32_t reach;         /* only in queries, 0: right behind the one before */
    bool     is_ordered;
};

#define NONE UINT32_MAX

struct text {
    struct tok *toks;
    size_t      n;
    uint32_t    words;
};

static fih_analyzer *light, *exact;   /* "arabic", and "arabic-exact", which shows the word before it is stemmed */

struct collect {
    struct text *out;
    size_t       cap;
};

static int take_token(void *ctx, const fih_token *t)
{
    struct collect *c = ctx;
    struct text *x = c->out;

    if (x->n == c->cap)
        x->toks = realloc(x->toks, (c->cap = c->cap ? 2 * c->cap : 32) * sizeof *x->toks);
    x->toks[x->n] = (struct tok){term_number(t->term),
                                 t->position,
                                 0,
                                 t->is_stop != 0,
                                 x->n > 0 && x->toks[x->n - 1].at == t->position,
                                 memmem(t->reason.ptr, t->reason.len, "small alef", 10) != NULL,
                                 t->level,
                                 NONE,
                                 NONE,
                                 false,
                                 1,
                                 0,
                                 false};
    x->n++;
    x->words = t->position + 1;
    return 0;
}

static struct text analyze_with(fih_analyzer *a, const char *s)
{
    struct text out = {0};
    struct collect c = {&out, 0};

    if (fih_analyze(a, s, strlen(s), take_token, &c, NULL) != FIH_OK) {
        printf("Bail out! fih_analyze\n");
        exit(2);
    }
    return out;
}

static unsigned letters_of(uint32_t term)
{
    unsigned n = 0;

    for (size_t i = 0; i < terms[term].n; i++)
        n += (terms[term].bytes[i] & 0xC0) != 0x80;
    return n;
}

/* The terms that rank become parts of the stem before them. */
static void attach_levels(struct text *a)
{
    size_t kept = 0;

    for (size_t i = 0; i < a->n; i++) {
        struct tok *stem = kept ? &a->toks[kept - 1] : NULL;

        if (a->toks[i].level == FIH_LEVEL_STEM) {
            a->toks[kept] = a->toks[i];
            a->toks[kept].is_shared = a->toks[i].is_variant && stem && stem->is_shared;
            kept++;
        } else if (a->toks[i].level == FIH_LEVEL_ROOT) {
            stem->root = a->toks[i].term;
        } else {
            stem->norm = a->toks[i].term;
            stem->is_shared = true;
        }
    }
    a->n = kept;
}

/* A query's text: letters are those of the normalised word, so both analyzers look at it. */
static struct text analyze_query(const char *s)
{
    struct text a = analyze_with(light, s), b = analyze_with(exact, s);

    for (size_t i = 0; i < a.n; i++)
        for (size_t k = 0; k < b.n; k++)
            if (a.toks[i].level == FIH_LEVEL_STEM && b.toks[k].at == a.toks[i].at &&
                (!b.toks[k].is_variant || (b.toks[k].is_long && a.toks[i].is_long)))
                a.toks[i].letters = letters_of(b.toks[k].term);
    free(b.toks);
    attach_levels(&a);
    return a;
}

/* ------------------------------------------------------------- collection */

struct doc {
    char        id[32], date[48], section[32], source[16];
    char       *title, *body;
    struct text t, b;
    int         day;        /* yyyymmdd, 0 for none */
    bool        is_gone;
};

static struct doc *docs;
static size_t doc_count, doc_cap, live_count;

static void forget_docs(void)
{
    for (size_t i = 0; i < doc_count; i++) {
        free(docs[i].title);
        free(docs[i].body);
        free(docs[i].t.toks);
        free(docs[i].b.toks);
    }
    doc_count = live_count = 0;
}

/* Number of the living document of an id, or SIZE_MAX. */
static size_t find_doc(const char *id)
{
    for (size_t i = doc_count; i-- > 0;)
        if (!docs[i].is_gone && strcmp(docs[i].id, id) == 0)
            return i;
    return SIZE_MAX;
}

static const char *const stems[] = {
    "كتاب",  "مدرسة", "جامعة", "رئيس",   "وزير",  "حكومة",  "مدينة",  "بحر",    "سفينة",   "علم",
    "معلم",  "قلم",   "طالب",  "درس",    "سلام",  "حرب",    "اقتصاد", "سوق",    "نفط",     "ذهب",
    "ماء",   "سماء",  "أرض",   "إسلام",  "آثار",  "قرآن",   "مؤتمر",  "شاطئ",   "هدف",     "كرة",
    "لاعب",  "فريق",  "بطولة", "مباراة", "صحة",   "طبيب",   "مستشفى", "دواء",   "شعر",     "شاعر",
    "قصيدة", "تاريخ", "ثورة",  "إلهام",  "الهام", "ألبان",  "البان",  "شعب",    "مصر",     "تونس",
    "بغداد", "القدس", "مغرب",  "خليج",   "رحمن",  "مسلمون", "معلمات", "كتابان", "استقلال", "انتخابات",
};
static const char *const stop_words[] = {"في", "من", "على",   "إلى", "هذا", "التي", "كان",
                                         "لا", "عن", "والذي", "the", "of",  "la"};
static const char *const others[] = {"Paris",    "ÉCOLE", "école", "Google", "2011", "٢٠١١",  "۱۹۹۹",
                                     "covid-19", "U.S.",  "3.5",   "الـ50",  "و50",  "日本語"};
static const char *const prefixes[] = {"و", "ف", "ب", "ل", "ك", "ال", "وال", "بال", "لل", "فال", "س"};
static const char *const suffixes[] = {"ها", "هم", "ه", "ات", "ون", "ين", "ية", "نا", "ي", "ان"};
static const char *const marks[] = {"َ", "ُ", "ِ", "ّ", "ْ", "ً", "ٰ", "ٰ", "ـ"};
#define PICK(list) ((list)[rnd(sizeof(list) / sizeof *(list))])

/* A word with vowels: a mark behind some letters. */
static void put_marked(char *out, size_t size, const char *word, uint32_t percent)
{
    size_t n = 0;

    for (const char *p = word; *p && n + 8 < size; p++) {
        out[n++] = *p;
        if ((p[1] & 0xC0) != 0x80 && chance(percent))
            n += (size_t)snprintf(out + n, size - n, "%s", PICK(marks));
    }
    out[n] = '\0';
}

static uint32_t vocabulary;           /* stems in use: few make long lists and many ties */

static void make_word(char *out, size_t size)
{
    char bare[128];
    const uint32_t kind = rnd(100);

    if (kind < 14) {
        const char *word = PICK(stop_words);

        put_marked(out, size, word, *word & 0x80 && chance(10) ? 30 : 0);
    } else if (kind < 22) {
        snprintf(out, size, "%s", PICK(others));
    } else {
        /* the product of two numbers: the first stems are the frequent ones */
        const char *stem = stems[rnd(vocabulary) * rnd(100) / 100];

        snprintf(bare, sizeof bare, "%s%s%s", chance(30) ? PICK(prefixes) : "", stem, chance(15) ? PICK(suffixes) : "");
        put_marked(out, size, bare, chance(20) ? 50 : 0);
    }
}

static char *make_text(uint32_t words)
{
    static const char *const gaps[] = {" ", " ", " ", " ", "، ", ". ", "\n", " - ", " «"};
    char *out = malloc(words * 160 + 1), word[160];
    size_t n = 0;

    for (uint32_t i = 0; i < words; i++) {
        make_word(word, sizeof word);
        n += (size_t)sprintf(out + n, "%s%s", i ? PICK(gaps) : "", word);
    }
    out[n] = '\0';
    return out;
}

static const char *const sections[] = {"رياضة", "أخبار وطنية", "Culture", "x", ""};

/* A date in one of the ways that are read, its day as yyyymmdd (missing parts: the first), or text that is none. */
static int make_date(char *out, size_t size)
{
    const int y = 2008 + (int)rnd(8), m = 1 + (int)rnd(12), d = 1 + (int)rnd(28);

    switch (rnd(8)) {
    case 0: snprintf(out, size, "%d", y); return y * 10000 + 101;
    case 1: snprintf(out, size, "%d-%02d", y, m); return y * 10000 + m * 100 + 1;
    case 2: snprintf(out, size, "%d/%d/%d", y, m, d); return y * 10000 + m * 100 + d;
    case 3: snprintf(out, size, "%d-%02d-%02dT12:30:00Z", y, m, d); return y * 10000 + m * 100 + d;
    case 4: snprintf(out, size, "٢٠١٢-٠%d-١٥", 1); return 20120115;
    case 5: snprintf(out, size, "%s", "أمس"); return 0;
    case 6: *out = '\0'; return 0;
    default: snprintf(out, size, "%d-%02d-%02d", y, m, d); return y * 10000 + m * 100 + d;
    }
}

/* ------------------------------------------------------------- operations */

/* What is done to an index: the same list can be carried out with other threads, batches and commits. */
struct op {
    enum { OP_ADD, OP_DELETE, OP_DELETE_SOURCE, OP_COMMIT } kind;
    size_t doc;             /* OP_ADD */
    char   name[32];
};

static struct op *ops;
static size_t op_count, op_cap;

static struct op *add_op(int kind)
{
    if (op_count == op_cap)
        ops = realloc(ops, (op_cap = op_cap ? 2 * op_cap : 256) * sizeof *ops);
    memset(&ops[op_count], 0, sizeof *ops);
    ops[op_count].kind = kind;
    return &ops[op_count++];
}

static void drop_doc(size_t i)
{
    docs[i].is_gone = true;
    live_count--;
}

static void add_doc(const char *id, uint32_t longest)
{
    const size_t old = find_doc(id);
    struct doc *d;

    if (old != SIZE_MAX)
        drop_doc(old);
    if (doc_count == doc_cap)
        docs = realloc(docs, (doc_cap = doc_cap ? 2 * doc_cap : 256) * sizeof *docs);
    d = &docs[doc_count];
    memset(d, 0, sizeof *d);
    snprintf(d->id, sizeof d->id, "%s", id);
    d->title = make_text(chance(80) ? rnd(7) : 0);
    d->body = make_text(chance(90) ? rnd(longest) : 0);
    d->day = make_date(d->date, sizeof d->date);
    snprintf(d->section, sizeof d->section, "%s", PICK(sections));
    snprintf(d->source, sizeof d->source, "source%u", rnd(6));
    d->t = analyze_with(light, d->title);
    d->b = analyze_with(light, d->body);
    add_op(OP_ADD)->doc = doc_count++;
    live_count++;
}

static bool has_deletions;

static void make_operations(uint32_t count, uint32_t longest, bool may_delete)
{
    char id[32];

    forget_docs();
    op_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t kind = rnd(100);

        snprintf(id, sizeof id, "doc/%u", may_delete ? rnd(count) : i);
        if (!may_delete || kind < 85) {
            add_doc(id, longest);
        } else if (kind < 97) {
            const size_t at = find_doc(id);

            snprintf(add_op(OP_DELETE)->name, sizeof ops->name, "%s", id);
            if (at != SIZE_MAX)
                drop_doc(at);
        } else if (chance(30)) {
            snprintf(id, sizeof id, "source%u", rnd(6));
            snprintf(add_op(OP_DELETE_SOURCE)->name, sizeof ops->name, "%s", id);
            for (size_t k = 0; k < doc_count; k++)
                if (!docs[k].is_gone && strcmp(docs[k].source, id) == 0)
                    drop_doc(k);
        }
        if (chance(3))
            add_op(OP_COMMIT);
    }
    add_op(OP_COMMIT);
    has_deletions = live_count < doc_count;
}

static fih_str str(const char *s) { return (fih_str){s, strlen(s)}; }

static int apply_op(fih_writer *w, const struct op *op, fih_error *err)
{
    fih_doc f = FIH_DOC_INIT;
    const struct doc *d;
    uint64_t count;
    int rc;

    switch (op->kind) {
    case OP_ADD:
        d = &docs[op->doc];
        f.id = str(d->id);
        f.title = str(d->title);
        f.body = str(d->body);
        f.date = str(d->date);
        f.section = str(d->section);
        f.source = str(d->source);
        return fih_writer_add(w, &f, err);
    case OP_DELETE:
        rc = fih_writer_delete(w, op->name, strlen(op->name), err);
        return rc == FIH_E_NOTFOUND ? FIH_OK : rc;
    case OP_DELETE_SOURCE:
        return fih_writer_delete_source(w, op->name, strlen(op->name), &count, err);
    default:
        return fih_writer_commit(w, err);
    }
}

/* Carry out the operations; commit_every 0: where they say. */
static bool build_index(const char *path, uint32_t threads, uint32_t commit_every, bool merge)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w;
    fih_error err = {0, 0, 0, ""};
    int rc;

    o.threads = threads;
    o.memory_bytes = 16 << 20;
    o.no_clean = 1;                 /* a line of random words can look like junk */
    rc = fih_writer_open(&w, path, &o, &err);
    for (size_t i = 0; rc == 0 && i < op_count; i++) {
        if (ops[i].kind != OP_COMMIT || commit_every == 0)
            rc = apply_op(w, &ops[i], &err);
        if (rc == 0 && commit_every && i % commit_every == commit_every - 1)
            rc = fih_writer_commit(w, &err);
    }
    if (rc == 0)
        rc = merge ? fih_writer_merge(w, &err) : fih_writer_commit(w, &err);
    fih_writer_close(w);
    return CHECK(rc == 0, "%s", err.msg);
}

/* ---------------------------------------------------------------- queries */

enum scope { ANY, TITLE, BODY };
enum occur { SHOULD, MUST, NOT, BOUND }; /* BOUND: a section or a date without a sign */

enum { KIDS = 3 };

struct clause {
    enum occur occur;
    enum scope scope;
    enum { WORDS, PHRASE, SECTION, DAYS, LIKE, GROUP, NEAR } kind;
    enum { SIDE_BY_SIDE, JOINED_OR, JOINED_AND } join;   /* of a group's clauses */
    double     boost;       /* 0: none */
    uint32_t   reach;       /* words between those of a phrase; of a clause in NEAR, how far from the one before */
    bool       is_ordered;  /* in NEAR: behind the one before */
    char       text[400];
    int        from, to;    /* DAYS: yyyymmdd, both in it */
    int        edits;       /* LIKE: 0 a wildcard, 1 or 2 fuzzy, -1 exact; the pattern is text without its mark */
    struct clause *kids;    /* of a group or NEAR: KIDS of them, in the query's pool */
    size_t     n;
};

struct query {
    struct clause   clauses[12], pool[120];
    size_t          n, pooled;
    bool            is_plain;
    fih_search_opts opts;
    char            text[16000];
};

/* One thing that a document has or has not. */
struct item {
    enum occur   occur;
    bool         is_again;      /* a word that was asked for before: it does not count towards the least number */
    enum { LEAF, RUN, VARIANTS, KEYWORD, DATED, ALIKE, INNER } kind;
    enum scope   scope;
    const char  *section;
    int          from, to;      /* DATED */
    const char  *like;          /* ALIKE: the pattern */
    int          edits;
    double       boost;
    struct tok  *toks;          /* LEAF: one; RUN: words that follow one another; VARIANTS: any of them */
    size_t       n;
    struct text  owner;         /* whose toks these are, to be freed, if not NULL */
    struct plan *inner;         /* INNER */
    uint32_t    slop;           /* RUN */
};

struct plan {
    struct item items[600];
    size_t      n;
    bool        is_or;
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

static void plan_clause(struct plan *p, const struct clause *c, const fih_search_opts *o, struct around in)
{
    const enum scope scope = c->scope != ANY             ? c->scope
                             : in.scope != ANY           ? in.scope
                             : o->fields == FIH_IN_TITLE ? TITLE
                             : o->fields == FIH_IN_BODY  ? BODY
                                                         : ANY;
    const size_t first = p->n;
    struct text t = {0};

    in.boost = fmin(1e4, fmax(1e-4, in.boost * (c->boost > 0 ? (double)(float)c->boost : 1)));
    if (c->kind == GROUP) {
        plan_inner(p, c, o, (struct around){c->scope != ANY ? c->scope : in.scope, in.boost});
        return;
    }
    if (c->kind == SECTION) {
        add_item(p, c->occur == SHOULD && !p->is_or ? BOUND : c->occur, KEYWORD, ANY, NULL, 0);
        p->items[first].section = c->text;
        return;
    }
    if (c->kind == DAYS) {
        add_item(p, c->occur == SHOULD && !p->is_or ? BOUND : c->occur, DATED, ANY, NULL, 0);
        p->items[first].from = c->from;
        p->items[first].to = c->to;
        return;
    }
    if (c->kind == LIKE) {
        add_item(p, c->occur, ALIKE, scope, NULL, 0);
        p->items[first].like = c->text;
        p->items[first].edits = c->edits;
        p->items[first].boost = in.boost;
        return;
    }
    t = c->kind == NEAR ? chain_words(c) : analyze_query(c->text);
    for (size_t i = 0; i < t.n; i++)
        t.toks[i].boost = in.boost;
    if (c->kind == WORDS && c->occur == SHOULD) {
        for (size_t i = 0, n; i < t.n; i += n) {
            for (n = 1; i + n < t.n && t.toks[i + n].is_variant; n++)
                t.toks[i + n].is_stop |= t.toks[i].is_stop;
            if ((o->match_all || o->min_match > 1) && n > 1) {
                size_t kept = 1;

                for (size_t k = 1; k < n; k++)
                    if (t.toks[i].is_stop || !t.toks[i + k].is_stop)
                        t.toks[i + kept++] = t.toks[i + k];
                add_item(p, SHOULD, VARIANTS, scope, t.toks + i, kept);
            } else {
                for (size_t k = 0; k < n; k++)
                    add_item(p, SHOULD, LEAF, scope, t.toks + i + k, 1);
            }
        }
    } else {
        size_t kept = 0;

        for (size_t i = 0; i < t.n; i++)
            if (!t.toks[i].is_variant)
                t.toks[kept++] = t.toks[i];
        if (kept)
            add_item(p, c->occur, kept == 1 ? LEAF : RUN, scope, t.toks, kept);
        if (kept)
            p->items[first].slop = c->kind == PHRASE ? c->reach : 0;
    }
    if (p->n > first)
        p->items[first].owner = t;
    else
        free(t.toks);
}

static bool norms_count;        /* normalised words weigh something in the query at hand */

static bool is_stop(const struct item *it)
{
    if (it->kind == INNER)
        for (size_t i = 0; i < it->inner->n; i++)
            if (!is_stop(&it->inner->items[i]))
                return false;
    return it->kind == INNER || ((it->kind == LEAF || it->kind == VARIANTS) && it->n > 0 && it->toks[0].is_stop);
}

/* 1 if there is nothing in it but sections, 2 days, 3 both, and what it leaves out; else 0. */
static unsigned bounds_by(const struct item *it)
{
    unsigned by = 0;

    if (it->kind != INNER)
        return it->kind == KEYWORD ? 1 : it->kind == DATED ? 2 : 0;
    for (size_t i = 0; i < it->inner->n; i++)
        if (it->inner->items[i].occur != NOT) {
            if (!bounds_by(&it->inner->items[i]))
                return 0;
            by |= bounds_by(&it->inner->items[i]);
        }
    return by;
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
            p->items[i].n = 0;              /* dropped: a word of no terms; its owner still is freed */
            p->items[i].kind = LEAF;
            p->items[i].occur = NOT;
        }
        if (o->match_all && !p->is_or && p->items[i].occur == SHOULD)
            p->items[i].occur = MUST;
    }
    /* a word again is the same word */
    for (size_t i = 0; i < p->n; i++) {
        bool is_new = p->items[i].occur == SHOULD;

        for (size_t k = 0; k < i && is_new && p->items[i].kind == LEAF; k++)
            is_new = p->items[k].occur != SHOULD || p->items[k].kind != LEAF ||
                     p->items[k].scope != p->items[i].scope || p->items[k].toks->term != p->items[i].toks->term ||
                     (norms_count && p->items[i].scope == ANY && p->items[k].toks->norm != p->items[i].toks->norm);
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

static void make_plan(struct plan *p, const struct query *q)
{
    const struct clause *only = &q->clauses[0], *clauses = q->clauses;
    struct around in = {ANY, 1};
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
    settle(p, &q->opts, true);
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


static bool has_norm(const struct item *it, const struct tok *t, const struct doc *d)
{
    return norms_count && it->kind != RUN && it->scope == ANY && t->norm != NONE &&
           tf_at(d, ANY, t->norm, FIH_LEVEL_NORM) > 0;
}

/* ---- patterns, as slowly as they are defined */

static unsigned letters_in(uint32_t *out, const char *s, size_t n)
{
    unsigned count = 0;

    for (size_t i = 0; i < n; i++) {
        const uint8_t b = (uint8_t)s[i];

        if ((b & 0xC0) == 0x80)
            out[count - 1] = out[count - 1] << 6 | (b & 0x3F);
        else
            out[count++] = b < 0x80 ? b : b < 0xE0 ? b & 0x1F : b < 0xF0 ? b & 0x0F : b & 0x07;
    }
    return count;
}

static bool is_like(const uint32_t *p, unsigned m, const uint32_t *w, unsigned n)
{
    if (m == 0)
        return n == 0;
    if (*p == '*')
        return is_like(p + 1, m - 1, w, n) || (n > 0 && is_like(p, m, w + 1, n - 1));
    return n > 0 && (*p == '?' || *p == *w) && is_like(p + 1, m - 1, w + 1, n - 1);
}

static double change(uint32_t a, uint32_t b)
{
    static const char *const groups[] = {"هة", "ىي", "ضظ", "تط", "ذزد", "سص", "قكغج", "اأإآ", "ءئؤ"};
    uint32_t g[8];

    if (a == b)
        return 0;
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        const unsigned n = letters_in(g, groups[i], strlen(groups[i]));
        int found = 0;

        for (unsigned k = 0; k < n; k++)
            found += g[k] == a || g[k] == b;
        if (found == 2)
            return 0.5;
    }
    return 1;
}

/* Optimal string alignment, from the ends. */
static double edits_between(const uint32_t *a, unsigned m, const uint32_t *b, unsigned n, double left)
{
    double best;

    if (left < 0)
        return 99;
    if (m == 0 || n == 0)
        return m + n;
    best = edits_between(a, m - 1, b, n - 1, left - change(a[m - 1], b[n - 1])) + change(a[m - 1], b[n - 1]);
    best = fmin(best, 1 + edits_between(a, m - 1, b, n, left - 1));
    best = fmin(best, 1 + edits_between(a, m, b, n - 1, left - 1));
    if (m > 1 && n > 1 && a[m - 1] == b[n - 2] && a[m - 2] == b[n - 1])
        best = fmin(best, 1 + edits_between(a, m - 2, b, n - 2, left - 1));
    return best;
}

/* What an occurrence of the word counts. */
static double likeness(const char *pattern, int edits, const char *word, size_t n)
{
    static const char *const articles[] = {"", "ال", "وال", "بال", "فال", "كال", "لل", "ولل", "وبال"};
    const bool is_arabic = (uint8_t)pattern[strcspn(pattern, "\xD8\xD9")] != 0;
    uint32_t p[400], w[300];
    const unsigned m = letters_in(p, pattern, strlen(pattern));
    double best = 0;

    for (size_t i = 0; i < sizeof articles / sizeof *articles && (i == 0 || (is_arabic && edits >= 0)); i++) {
        const size_t skip = strlen(articles[i]);

        if (skip >= n || memcmp(articles[i], word, skip) != 0)
            continue;
        const unsigned k = letters_in(w, word + skip, n - skip);
        if (edits == 0)
            best = fmax(best, is_like(p, m, w, k));
        else if (edits < 0)
            best = fmax(best, m == k && memcmp(p, w, m * sizeof *p) == 0);
        else if (edits_between(p, m, w, k, edits) <= edits)
            best = fmax(best, 1 / (1 + edits_between(p, m, w, k, edits)));
    }
    return best;
}

static double like_in(const struct text *t, const struct item *it)
{
    const bool is_arabic = (uint8_t)it->like[strcspn(it->like, "\xD8\xD9")] != 0;
    const int level = is_arabic && it->scope != TITLE ? FIH_LEVEL_NORM : FIH_LEVEL_STEM;
    double sum = 0;

    for (size_t i = 0; i < t->n; i++)
        if (t->toks[i].level == level)
            sum += likeness(it->like, it->edits, terms[t->toks[i].term].bytes, terms[t->toks[i].term].n);
    return sum;
}

static double like_tf(const struct doc *d, const struct item *it)
{
    return like_in(&d->t, it) + (it->scope == TITLE ? 0 : like_in(&d->b, it));
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
    case DATED:
        return d->day && d->day >= it->from && d->day <= it->to;
    case RUN:
        return (it->scope != BODY && has_run(&d->t, it)) || (it->scope != TITLE && has_run(&d->b, it));
    default:
        for (size_t i = 0; i < it->n; i++)
            if (tf_in(d, it->scope, it->toks[i].term) > 0 || has_norm(it, &it->toks[i], d))
                return true;
        return false;
    }
}

static bool plan_matches(const struct plan *p, const struct doc *d)
{
    bool has_must = false, has_should = false;
    unsigned bounds = 0, kept = 0;              /* by what it is bounded, a bit each; which of these hold */
    uint32_t count = 0;

    for (size_t k = 0; k < p->n; k++) {
        const struct item *it = &p->items[k];
        const bool has = item_matches(it, d);

        if ((it->occur == MUST && !has) || (it->occur == NOT && has))
            return false;
        has_must |= it->occur == MUST;
        has_should |= it->occur == SHOULD;
        bounds |= it->occur == BOUND ? 1u << bounds_by(it) : 0;
        kept |= it->occur == BOUND && has ? 1u << bounds_by(it) : 0;
        count += it->occur == SHOULD && has && !it->is_again;
    }
    return kept == bounds && count >= p->least && (count || has_must || (bounds && !has_should));
}

/* What the formula needs to know of the whole collection. */
struct statistics {
    double n, avg, title_avg;
};

static struct statistics statistics(void)
{
    struct statistics s = {0, 0, 0};
    double titled = 0;

    for (size_t i = 0; i < doc_count; i++)
        if (!docs[i].is_gone) {
            s.n++;
            s.avg += docs[i].t.words + docs[i].b.words;
            s.title_avg += docs[i].t.words;
            titled += docs[i].t.words > 0;
        }
    s.avg = s.avg > 0 ? s.avg / s.n : 1;
    s.title_avg = titled > 0 ? s.title_avg / titled : 1;
    return s;
}

struct weights {
    double k1, b, title, text, norm, root, proximity;
};

static double sat(const struct weights *w, double tf, double len, double avg)
{
    return tf / (tf + w->k1 * (1 - w->b + w->b * len / avg));
}

static double letter_weight(const struct tok *t)
{
    return t->boost * fmin(1.5, fmax(0.6, sqrt(t->letters / 5.0)));
}

/* The idf of a term at a level, among the living documents. */
static double idf_of(enum scope scope, uint32_t term, int level, const struct statistics *s)
{
    double n = 0;

    for (size_t i = 0; i < doc_count; i++)
        n += !docs[i].is_gone && tf_at(&docs[i], scope, term, level) > 0;
    return log(1 + (s->n - n + 0.5) / (n + 0.5));
}

static double level_score(const struct doc *d, uint32_t term, int level, double idf, const struct statistics *s,
                          const struct weights *w)
{
    const double tf = tf_at(d, ANY, term, level);

    return tf > 0 ? w->text * idf * sat(w, tf, d->t.words + d->b.words, s->avg) : 0;
}

static double word_score(const struct item *it, const struct tok *t, const struct doc *d, double idf, double norm_idf,
                         const struct statistics *s, const struct weights *w)
{
    const double tf = tf_in(d, it->scope, t->term), in_title = tf_in(d, TITLE, t->term);
    const bool has_levels = it->kind != RUN && it->scope == ANY;
    double score = 0;

    if (tf > 0)
        score = it->scope == TITLE ? w->text * sat(w, tf, d->t.words, s->title_avg)
                                   : w->text * sat(w, tf, d->t.words + d->b.words, s->avg);
    if (has_levels && t->is_shared)
        score *= 1 - w->norm;
    if (it->scope == ANY && in_title > 0)
        score += w->title * sat(w, in_title, d->t.words, s->title_avg);
    score *= idf;
    if (has_levels && t->norm != NONE)
        score += w->norm * level_score(d, t->norm, FIH_LEVEL_NORM, norm_idf, s, w);
    return letter_weight(t) * score;
}

static double *extras;          /* of each document: what the second pass adds */

/* The roots of a word, in every document; a word without one is its own, unless it is a reading of the word before. */
static void add_roots(const struct tok *t, const struct statistics *s, const struct weights *w)
{
    const bool own = t->root == NONE;
    const uint32_t term = own ? t->term : t->root;
    const int level = own ? FIH_LEVEL_STEM : FIH_LEVEL_ROOT;
    const double idf = idf_of(ANY, term, level, s);

    for (size_t i = 0; i < doc_count && !(own && t->is_variant); i++)
        extras[i] += w->root * letter_weight(t) * level_score(&docs[i], term, level, idf, s, w);
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

static void add_pair(const struct tok *a, const struct tok *b, const struct statistics *s, const struct weights *w)
{
    const double x = letter_weight(a) * idf_of(ANY, a->term, FIH_LEVEL_STEM, s);
    const double y = letter_weight(b) * idf_of(ANY, b->term, FIH_LEVEL_STEM, s);

    for (size_t i = 0; i < doc_count; i++) {
        const uint32_t t = apart(&docs[i].t, a->term, b->term), u = apart(&docs[i].b, a->term, b->term),
                       d = t < u ? t : u;

        if (d <= 16)
            extras[i] += w->proximity * w->text * fmin(x, y) / d;
    }
}

struct near {
    const struct tok *toks[16];
    size_t            n;
};

static void find_near(struct near *near, const struct plan *p, const struct statistics *s, const struct weights *w)
{
    for (size_t k = 0; k < p->n; k++) {
        const struct item *it = &p->items[k];

        if (it->occur != NOT && it->kind == INNER)
            find_near(near, it->inner, s, w);
        for (size_t t = 0;
             it->occur != NOT && (it->kind == LEAF || it->kind == VARIANTS) && it->scope == ANY && t < it->n; t++) {
            bool is_new = near->n < 16;

            add_roots(&it->toks[t], s, w);
            for (size_t i = 0; i < near->n; i++)
                is_new &= near->toks[i]->term != it->toks[t].term;
            if (is_new)
                near->toks[near->n++] = &it->toks[t];
        }
    }
}

static void second_pass(const struct plan *p, const struct statistics *s, const struct weights *w)
{
    struct near near = {.n = 0};

    find_near(&near, p, s, w);
    for (size_t i = 0; i < near.n; i++)
        for (size_t k = 0; k < i; k++)
            add_pair(near.toks[k], near.toks[i], s, w);
}

static double *scores;          /* of each document; negative: no match */
static size_t match_count;

static int date_number(const char *s, int missing)
{
    int y = 0, m = missing, d = missing;

    sscanf(s, "%d-%d-%d", &y, &m, &d);
    return y * 10000 + m * 100 + d;
}

/* The words alike count as one. */
static void add_alike(const struct item *it, const bool *too, const struct statistics *s, const struct weights *w)
{
    uint32_t letters[400];
    unsigned said = 0;
    double n = 0, idf, lw;

    for (unsigned i = letters_in(letters, it->like, strlen(it->like)); i-- > 0;)
        said += letters[i] != '*' && letters[i] != '?';
    for (size_t i = 0; i < doc_count; i++)
        n += !docs[i].is_gone && like_tf(&docs[i], it) > 0;
    idf = log(1 + (s->n - n + 0.5) / (n + 0.5));
    lw = fmin(1.5, fmax(0.6, sqrt(said / 5.0))) * it->boost;
    for (size_t i = 0; i < doc_count; i++)
        if (too[i] && like_tf(&docs[i], it) > 0)
            scores[i] +=
                w->text * lw * idf *
                (it->scope == TITLE ? sat(w, like_tf(&docs[i], it), docs[i].t.words, s->title_avg)
                                    : sat(w, like_tf(&docs[i], it), docs[i].t.words + docs[i].b.words, s->avg));
}

/* What the items add to the documents that have all they stand in. */
static void add_scores(const struct plan *p, const bool *has, const struct statistics *s, const struct weights *w)
{
    bool *too = malloc(doc_count + 1);

    for (size_t k = 0; k < p->n; k++) {
        const struct item *it = &p->items[k];

        if (it->occur == NOT || it->kind == KEYWORD || it->kind == DATED)
            continue;
        for (size_t i = 0; i < doc_count; i++)
            too[i] = has[i] && item_matches(it, &docs[i]);
        if (it->kind == INNER)
            add_scores(it->inner, too, s, w);
        if (it->kind == ALIKE)
            add_alike(it, too, s, w);
        for (size_t t = 0; t < it->n; t++) {
            const struct tok *tok = &it->toks[t];
            const double idf = idf_of(it->scope == TITLE ? TITLE : ANY, tok->term, FIH_LEVEL_STEM, s);
            const double norm_idf = tok->norm == NONE ? 0 : idf_of(ANY, tok->norm, FIH_LEVEL_NORM, s);

            for (size_t i = 0; i < doc_count; i++)
                if (too[i])
                    scores[i] += word_score(it, tok, &docs[i], idf, norm_idf, s, w);
        }
    }
    free(too);
}

static void evaluate(const struct query *q)
{
    static struct plan plan;
    const struct statistics s = statistics();
    const fih_search_opts *o = &q->opts;
    const struct weights w = {o->k1 > 0 ? o->k1 : 1.2, o->b < 0 ? 0 : o->b > 0 ? o->b : 0.5,
                              o->title_weight < 0 ? 0 : o->title_weight > 0 ? o->title_weight : 0.6,
                              o->body_weight > 0 ? o->body_weight : 1,
                              o->norm_weight < 0 ? 0 : o->norm_weight > 0 ? o->norm_weight : 0.5,
                              o->root_weight < 0 ? 0 : o->root_weight > 0 ? o->root_weight : 1.25,
                              o->proximity < 0 ? 0 : o->proximity > 0 ? o->proximity : 0.25};
    bool *has = calloc(doc_count + 1, sizeof *has);

    norms_count = w.norm > 0;
    make_plan(&plan, q);
    scores = realloc(scores, (doc_count + 1) * sizeof *scores);
    extras = realloc(extras, (doc_count + 1) * sizeof *extras);
    memset(extras, 0, (doc_count + 1) * sizeof *extras);
    match_count = 0;
    for (size_t i = 0; i < doc_count; i++) {
        const struct doc *d = &docs[i];

        scores[i] = -1;
        if (d->is_gone || (o->since && (!d->day || d->day < date_number(o->since, 0))) ||
            (o->until && (!d->day || d->day > date_number(o->until, 99))))
            continue;
        has[i] = plan_matches(&plan, d);
        match_count += has[i];
        scores[i] = has[i] ? 0 : -1;
    }
    add_scores(&plan, has, &s, &w);
    free(has);
    second_pass(&plan, &s, &w);
    free_plan(&plan);
}

/* ---- random queries */

/* A piece of a document's text, so that phrases occur. */
static void take_piece(char *out, size_t size, uint32_t words)
{
    const struct doc *d = &docs[rnd((uint32_t)doc_count)];
    const char *p = chance(30) ? d->title : d->body, *end;
    uint32_t skip = rnd(12);

    for (; skip && (end = strpbrk(p, " \n")); skip--)
        p = end + 1;
    for (end = p; words && *end; words--) {
        end += strcspn(end, " \n");
        if (words > 1 && *end)
            end++;
    }
    snprintf(out, size, "%.*s", (int)((size_t)(end - p) < size ? (size_t)(end - p) : size - 1), p);
    for (size_t n = strlen(out); n > 0 && (out[n - 1] == ' ' || out[n - 1] == '\n'); n--)
        out[n - 1] = '\0';
}

/* Text that the parser takes as one clause of words: no space, no quotation mark, no sign or field in front. */
static bool is_one_word(const char *s)
{
    return *s && !strpbrk(s, " \n\"()^") && *s != '+' && *s != '-' && !strchr(s, ':');
}

/* A span of days in one of the ways to write it. */
static void make_days(struct clause *c)
{
    static const char *const names[] = {"كانون الثاني", "فبراير", "مارس",  "أفريل",   "أيار",  "يونيه",
                                        "جويلية",       "غشت",    "أيلول", "octobre", "نونبر", "ديسمبر"};
    const int y = 2008 + (int)rnd(8), m = 1 + (int)rnd(12), d = 1 + (int)rnd(28), later = y + (int)rnd(3);
    const size_t size = sizeof c->text;

    c->kind = DAYS;
    c->scope = ANY;
    c->from = 0;
    c->to = 99999999;
    switch (rnd(8)) {
    case 0: snprintf(c->text, size, "%d", y); c->from = y * 10000; c->to = y * 10000 + 9999; break;
    case 1:
        snprintf(c->text, size, "%s %d", names[m - 1], y);
        c->from = y * 10000 + m * 100;
        c->to = c->from + 99;
        break;
    case 2: snprintf(c->text, size, "%d/%d/%d", d, m, y); c->from = c->to = y * 10000 + m * 100 + d; break;
    case 3:
        snprintf(c->text, size, "%d-%02d..%d", y, m, later);
        c->from = y * 10000 + m * 100;
        c->to = later * 10000 + 9999;
        break;
    case 4: snprintf(c->text, size, ">%d-%d", y, m); c->from = y * 10000 + (m + 1) * 100; break;
    case 5: snprintf(c->text, size, "<=%d", y); c->to = y * 10000 + 9999; break;
    case 6: snprintf(c->text, size, "..%d %s %d", d, names[m - 1], y); c->to = y * 10000 + m * 100 + d; break;
    default:
        snprintf(c->text, size, "١٤٣٤-٠٩");
        c->from = 20130709;
        c->to = 20130807;
        break; /* Ramadan 1434, as Umm al-Qura has it */
    }
}

/* A pattern out of a word as it is when normalised. */
static void make_like(struct clause *c)
{
    char word[400];
    struct text t;
    size_t n, at;

    do {
        make_word(word, sizeof word);
        t = analyze_with(exact, word);
        n = t.n == 1 ? terms[t.toks[0].term].n : 0;
        if (n)
            snprintf(word, sizeof word, "%.*s", (int)n, terms[t.toks[0].term].bytes);
        n = n && !t.toks[0].is_stop && (uint8_t)*word >= 0xD8 && (uint8_t)*word <= 0xD9 ? n / 2 : 0;
        free(t.toks);
    } while (n < 3 || n > 12 || strstr(word, "ء"));     /* which the end of a word may drop */
    c->kind = LIKE;
    at = 2 * (1 + rnd((uint32_t)n - 1));
    switch (rnd(7)) {
    case 0: snprintf(c->text, sizeof c->text, "%.*s*", (int)at, word); break;
    case 1: snprintf(c->text, sizeof c->text, "*%s", word + at); break;
    case 2: snprintf(c->text, sizeof c->text, "%.2s?%s", word, word + 4); break;
    case 3: snprintf(c->text, sizeof c->text, "%.2s*%s", word, word + at); break;
    case 4: snprintf(c->text, sizeof c->text, "%s", word); c->edits = -1; break;
    default:
        snprintf(c->text, sizeof c->text, "%.*s%s%s", (int)at, word,
                 n > 3 && chance(50) ? ""
                 : chance(50)        ? "ز"
                                     : "ق",
                 word + at + (chance(50) && n > 4 && at < 2 * n ? 2 : 0));
        c->edits = 1 + (int)rnd(2);
    }
}

static void make_simple_clause(struct clause *c)
{
    const uint32_t kind = rnd(100);

    memset(c, 0, sizeof *c);
    c->occur = kind < 60 ? SHOULD : kind < 82 ? MUST : NOT;
    c->scope = chance(70) ? ANY : chance(50) ? TITLE : BODY;
    if (chance(6)) {
        c->kind = SECTION;
        c->scope = ANY;
        snprintf(c->text, sizeof c->text, "%s", sections[rnd(4)]);
    } else if (chance(6)) {
        make_days(c);
    } else if (chance(8)) {
        make_like(c);
    } else if (chance(25)) {
        c->kind = PHRASE;
        if (chance(80))
            take_piece(c->text, sizeof c->text, 1 + rnd(4));
        else
            make_word(c->text, sizeof c->text);
        while (strchr(c->text, '"'))
            *strchr(c->text, '"') = ' ';
        c->reach = chance(30) ? 1 + rnd(5) : 0;
    } else {
        c->kind = WORDS;
        if (chance(40))
            take_piece(c->text, sizeof c->text, 1);
        if (!is_one_word(c->text))
            make_word(c->text, sizeof c->text);
    }
}

/* What a clause may be where AND or OR says it. */
static void be_operand(struct clause *c, int join)
{
    if (join == JOINED_OR)
        c->occur = SHOULD;
    else if (join == JOINED_AND && c->occur == SHOULD)
        c->occur = MUST;
}

/* Words and phrases with distances between them. */
static void make_near(struct query *q, struct clause *c)
{
    c->kind = NEAR;
    c->text[0] = '\0';
    c->reach = 0;
    c->n = 2 + rnd(KIDS - 1);
    c->kids = &q->pool[q->pooled];
    q->pooled += KIDS;
    for (size_t i = 0; i < c->n; i++) {
        do
            make_simple_clause(&c->kids[i]);
        while (c->kids[i].kind != WORDS && c->kids[i].kind != PHRASE);
        c->kids[i].occur = SHOULD;
        c->kids[i].scope = ANY;
        c->kids[i].reach = 1 + rnd(chance(30) ? 40 : 4);
        c->kids[i].is_ordered = chance(50);
    }
    c->kids[0].reach = 0;
}

static void make_clause(struct query *q, struct clause *c, unsigned depth)
{
    static const double boosts[] = {0.01, 0.5, 2, 3.5, 100};

    make_simple_clause(c);
    if ((c->kind == WORDS || c->kind == PHRASE) && chance(10) && q->pooled + KIDS <= sizeof q->pool / sizeof *q->pool) {
        make_near(q, c);
        return;
    }
    if (depth < 4 && chance(depth ? 30 : 12) && q->pooled + KIDS <= sizeof q->pool / sizeof *q->pool) {
        c->kind = GROUP;
        c->text[0] = '\0';
        c->join = (int)rnd(3);
        c->n = 2 + rnd(KIDS - 1);
        c->kids = &q->pool[q->pooled];
        q->pooled += KIDS;
        for (size_t i = 0; i < c->n; i++) {
            make_clause(q, &c->kids[i], depth + 1);
            if (i == 0 && c->kids[i].occur == NOT)      /* nothing but what is left out is put with its neighbours */
                c->kids[i].occur = MUST;
            be_operand(&c->kids[i], c->join);
        }
    }
    if (chance(10))
        c->boost = PICK(boosts);
}

static size_t render_near(char *out, size_t size, const struct clause *c, bool is_first)
{
    static const char *const names[][2] = {{"NEAR", "THEN"}, {"_قرب_", "_ثم_"}};
    const char *quote = c->kind == PHRASE ? "\"" : "";
    size_t n = is_first ? 0 : (size_t)snprintf(out, size, " %s/%u ", names[rnd(2)][c->is_ordered], c->reach);

    return n + (size_t)snprintf(out + n, size - n, "%s%s%s", quote, c->text, quote);
}

static size_t render_clause(char *out, size_t size, const struct clause *c)
{
    static const char *const signs[] = {"", "+", "-"}, *const fields[] = {"", "title:", "body:"};
    static const char *const joins[][3] = {{" ", " OR ", " AND "}, {" ", " || ", " && "}, {"  ", " _أو_ ", " _و_ "}};
    const char *quote = c->kind == PHRASE || c->kind == SECTION || c->kind == DAYS ? "\"" : "";
    const char *field = c->kind == SECTION ? "section:" : c->kind == DAYS ? "date:" : fields[c->scope];
    size_t n = (size_t)snprintf(out, size, "%s%s%s", signs[c->occur], field, quote);

    for (size_t i = 0; c->kind == NEAR && i < c->n; i++)
        n += render_near(out + n, size - n, &c->kids[i], i == 0);

    if (c->kind == GROUP) {
        n += (size_t)snprintf(out + n, size - n, "(");
        for (size_t i = 0; i < c->n; i++) {
            n += (size_t)snprintf(out + n, size - n, "%s", i ? joins[rnd(3)][c->join] : "");
            n += render_clause(out + n, size - n, &c->kids[i]);
        }
        n += (size_t)snprintf(out + n, size - n, ")");
    }
    n += (size_t)snprintf(out + n, size - n, "%s%s%s%s", c->kind == LIKE && c->edits < 0 ? "=" : "", c->text, quote,
                          c->kind == LIKE && c->edits > 0 ? c->edits > 1 ? "~2" : "~" : "");
    if (c->kind == PHRASE && c->reach)
        n += (size_t)snprintf(out + n, size - n, "~%u", c->reach);
    if (c->boost > 0)
        n += (size_t)snprintf(out + n, size - n, "^%g", c->boost);
    return n;
}

static void render(struct query *q)
{
    size_t n = 0;

    q->text[0] = '\0';
    for (size_t i = 0; i < q->n; i++) {
        n += (size_t)snprintf(q->text + n, sizeof q->text - n, "%s", i ? " " : "");
        n += render_clause(q->text + n, sizeof q->text - n, &q->clauses[i]);
    }
}

static void make_plain(struct query *q, uint32_t words)
{
    char word[160];
    size_t n = 0;

    q->is_plain = true;
    q->n = 1;
    memset(&q->clauses[0], 0, sizeof q->clauses[0]);
    q->clauses[0].kind = WORDS;
    for (uint32_t i = 0; i < words && n < 200; i++) {
        if (i && chance(15))            /* a word again */
            n += (size_t)snprintf(q->clauses[0].text + n, 160, " %s", word);
        make_word(word, sizeof word);
        n += (size_t)snprintf(q->clauses[0].text + n, 160, "%s%s", n ? " " : "", word);
    }
    snprintf(q->text, sizeof q->text, "%s", q->clauses[0].text);
}

static void make_options(struct query *q)
{
    static const char *const days[] = {"2009", "2011-06", "2012-01-15", "2013-02", "2014"};
    static const uint32_t limits[] = {1, 2, 3, 10, 0, 1000};
    fih_search_opts *o = &q->opts;

    *o = (fih_search_opts)FIH_SEARCH_OPTS_INIT;
    o->limit = limits[rnd(6)];
    o->offset = chance(15) ? rnd(8) : 0;
    if (chance(20))
        o->k1 = (float)(1 + rnd(30)) / 10;
    if (chance(20))
        o->b = chance(30) ? -1 : (float)(1 + rnd(10)) / 10;
    if (chance(20))
        o->title_weight = chance(30) ? -1 : (float)rnd(50) / 10;
    if (chance(15))
        o->body_weight = (float)(1 + rnd(30)) / 10;
    if (chance(20))
        o->norm_weight = chance(30) ? -1 : (float)(1 + rnd(10)) / 10;
    if (chance(20))
        o->root_weight = chance(50) ? -1 : (float)(1 + rnd(30)) / 10;
    if (chance(20))
        o->proximity = chance(50) ? -1 : (float)(1 + rnd(30)) / 10;
    if (chance(25))
        o->fields = rnd(4);
    o->match_all = chance(20);
    o->min_match = chance(15) ? 1 + rnd(4) : 0;
    if (chance(12))
        o->since = PICK(days);
    if (chance(12))
        o->until = PICK(days);
}

static void make_query(struct query *q)
{
    q->is_plain = false;
    make_options(q);
    if (chance(35)) {
        make_plain(q, 1 + rnd(6));
        return;
    }
    q->n = 1 + rnd(5);
    q->pooled = 0;
    for (size_t i = 0; i < q->n; i++)
        make_clause(q, &q->clauses[i], 0);
    if (chance(15)) {
        q->n = 1 + rnd(2);              /* stop words only */
        for (size_t i = 0; i < q->n; i++) {
            memset(&q->clauses[i], 0, sizeof q->clauses[i]);
            q->clauses[i].kind = WORDS;
            snprintf(q->clauses[i].text, sizeof q->clauses[i].text, "%s", PICK(stop_words));
        }
    }
    if (q->n > 1 && chance(15))
        q->clauses[q->n - 1] = q->clauses[0];
    render(q);
}

/* ------------------------------------------------------------- comparing */

struct answer {
    size_t   count;
    uint64_t total;
    int      is_exact;
    fih_hit *hits;
    fih_hits *handle;
};

static bool ask(struct answer *a, fih_reader *r, const struct query *q, int exhaustive, int count_all, uint32_t limit)
{
    fih_search_opts o = q->opts;
    fih_query *parsed = NULL;
    fih_error err = {0, 0, 0, ""};
    int rc = q->is_plain ? fih_query_plain(&parsed, q->text, strlen(q->text), &err)
                         : fih_query_parse(&parsed, q->text, strlen(q->text), &err);

    memset(a, 0, sizeof *a);
    o.exhaustive = exhaustive;
    o.count_all = count_all;
    if (limit) {
        o.limit = limit;
        o.offset = 0;
    }
    if (rc == 0)
        rc = fih_search(&a->handle, r, parsed, &o, &err);
    fih_query_free(parsed);
    if (!CHECK(rc == 0, "%s: %s", q->text, err.msg))
        return false;
    a->count = fih_hits_count(a->handle);
    a->total = fih_hits_total(a->handle, &a->is_exact);
    a->hits = malloc((a->count + 1) * sizeof *a->hits);
    for (size_t i = 0; i < a->count; i++)
        fih_hits_get(a->handle, i, &a->hits[i]);
    return true;
}

static void forget(struct answer *a)
{
    fih_hits_free(a->handle);
    free(a->hits);
}

static const char *describe(const struct query *q)
{
    static char out[17000];
    const fih_search_opts *o = &q->opts;

    snprintf(out, sizeof out,
             "seed %" PRIu64 ", %s [%s] limit %u offset %u k1 %g b %g wt %g wb %g wn %g wr %g p %g fields %u all %d "
                             "least %u since %s until %s",
             first_seed, q->is_plain ? "plain" : "query", q->text, o->limit, o->offset, (double)o->k1, (double)o->b,
             (double)o->title_weight, (double)o->body_weight, (double)o->norm_weight, (double)o->root_weight,
             (double)o->proximity, o->fields, o->match_all, o->min_match, o->since ? o->since : "-",
             o->until ? o->until : "-");
    return out;
}

static bool same_lists(const struct answer *a, const struct answer *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->hits[i].doc != b->hits[i].doc ||
            memcmp(&a->hits[i].score, &b->hits[i].score, sizeof a->hits[i].score) != 0 ||
            a->hits[i].id.len != b->hits[i].id.len ||
            memcmp(a->hits[i].id.ptr, b->hits[i].id.ptr, a->hits[i].id.len) != 0)
            return false;
    return true;
}

static size_t model_of(const fih_hit *h)
{
    char id[32];

    snprintf(id, sizeof id, "%.*s", (int)h->id.len, h->id.ptr);
    return find_doc(id);
}

static double tolerance(double score) { return 1e-5 * fmax(1, score); }

static int descending(const void *x, const void *y)
{
    const double a = *(const double *)x, b = *(const double *)y;

    return a > b ? -1 : a < b;
}

/* The score of the first pass that a document must have for the second: that of the hundredth. */
static double second_pass_limit(void)
{
    double *sorted = malloc((doc_count + 1) * sizeof *sorted), limit;
    size_t n = 0;

    for (size_t i = 0; i < doc_count; i++)
        if (scores[i] >= 0)
            sorted[n++] = scores[i];
    qsort(sorted, n, sizeof *sorted, descending);
    limit = n > 100 ? sorted[99] : -1;
    free(sorted);
    return limit;
}

/* At the limit, where rounding and ties decide, with the second pass or without is right. */
static bool may_score(size_t d, double limit, double got)
{
    const double alone = scores[d], both = alone + extras[d];

    return (alone <= limit + tolerance(limit) && fabs(alone - got) <= tolerance(alone)) ||
           (alone >= limit - tolerance(limit) && fabs(both - got) <= tolerance(both));
}

/* The list is what the naive evaluation in scores[] and extras[] says: each score, the order, and that nothing better
 * is left out. */
static bool is_right(const struct answer *a, uint32_t limit, uint32_t offset)
{
    bool *seen = calloc(doc_count + 1, 1);
    const size_t want = match_count <= offset ? 0 : match_count - offset < limit ? match_count - offset : limit;
    const double second = second_pass_limit();
    bool good = a->count == want;
    size_t better = 0;

    if (!good)
        printf("# %zu hits, want %zu\n", a->count, want);
    for (size_t i = 0; good && i < a->count; i++) {
        const size_t d = model_of(&a->hits[i]);

        good = d != SIZE_MAX && !seen[d] && scores[d] >= 0 && may_score(d, second, (double)a->hits[i].score);
        if (!good)
            printf("# hit %zu, %.*s: %.9g, want %.9g + %.9g, limit %.9g\n", i, (int)a->hits[i].id.len,
                   a->hits[i].id.ptr, (double)a->hits[i].score, d == SIZE_MAX ? -1 : scores[d],
                   d == SIZE_MAX ? -1 : extras[d], second);
        if (good && i > 0)
            good = a->hits[i - 1].score > a->hits[i].score ||
                   (a->hits[i - 1].score == a->hits[i].score && a->hits[i - 1].doc < a->hits[i].doc);
        if (good)
            seen[d] = true;
    }
    for (size_t d = 0; good && a->count && d < doc_count; d++)
        if (!seen[d] && scores[d] >= 0) {
            const double least = scores[d] > second + tolerance(second) ? scores[d] + extras[d] : scores[d];

            better += least > (double)a->hits[a->count - 1].score + 2 * tolerance(least);
        }
    free(seen);
    return good && better <= offset;
}

/* The same documents, whatever their scores. */
static bool is_same_set(const struct answer *a)
{
    bool good = a->count == match_count;

    for (size_t i = 0; good && i < a->count; i++) {
        const size_t d = model_of(&a->hits[i]);

        good = d != SIZE_MAX && scores[d] >= 0;
    }
    return good;
}

static bool compare_naive(fih_reader *r, const struct query *q, const struct answer *fast, bool is_strict)
{
    struct answer all;
    bool good;

    evaluate(q);
    if (fast->is_exact ? fast->total != match_count : fast->total > match_count)
        return CHECK(0, "total %" PRIu64 " of %zu: %s", fast->total, match_count, describe(q));
    if (is_strict)
        return CHECK(is_right(fast, q->opts.limit ? q->opts.limit : 10, q->opts.offset), "%s", describe(q));
    if (!ask(&all, r, q, 0, 0, FIH_MAX_LIMIT))
        return false;
    good = CHECK(is_same_set(&all), "%zu of %zu: %s", all.count, match_count, describe(q));
    forget(&all);
    return good;
}

/* The fast way gives what the reference gives, bit for bit, and counts rightly if asked. */
static bool compare_ways(fih_reader *r, const struct query *q, const struct answer *fast)
{
    struct answer slow, counted;
    bool good;

    if (!ask(&slow, r, q, 1, 0, 0))
        return false;
    good = CHECK(same_lists(fast, &slow), "fast and exhaustive: %s", describe(q)) &&
           CHECK(slow.is_exact, "%s", describe(q));
    if (good && ask(&counted, r, q, 0, 1, 0)) {
        good = CHECK(same_lists(fast, &counted), "fast and counted: %s", describe(q)) &&
               CHECK(counted.is_exact && counted.total == slow.total, "counted %" PRIu64 " of %" PRIu64 ": %s",
                     counted.total, slow.total, describe(q)) &&
               CHECK(fast->is_exact ? fast->total == slow.total : fast->total <= slow.total,
                     "total %" PRIu64 " of %" PRIu64 ": %s", fast->total, slow.total, describe(q));
        forget(&counted);
    }
    forget(&slow);
    return good;
}

static fih_query *parse(const struct query *q)
{
    fih_query *parsed = NULL;

    if (q->is_plain)
        fih_query_plain(&parsed, q->text, strlen(q->text), NULL);
    else
        fih_query_parse(&parsed, q->text, strlen(q->text), NULL);
    return parsed;
}

/* The explanation's first line is the score itself. */
static bool compare_explanation(fih_reader *r, const struct query *q, const fih_hit *h)
{
    fih_explanation *e = NULL;
    fih_explain_line line;
    fih_query *parsed = parse(q);
    bool good;

    good = CHECK(fih_explain(&e, r, parsed, h->doc, &q->opts, NULL) == FIH_OK, "%s", describe(q)) &&
           CHECK(fih_explanation_line(e, 0, &line) == FIH_OK && line.value == (double)h->score,
                 "explained %g, score %g: %s", line.value, (double)h->score, describe(q));
    fih_explanation_free(e);
    fih_query_free(parsed);
    return good;
}

/* Page by page gives what one long list gives, whatever the order asked for; and the list by date is one. */
static bool compare_pages(fih_reader *r, const struct query *q)
{
    fih_query *parsed = parse(q);
    fih_search_opts o = q->opts;
    char cursor[FIH_CURSOR_BYTES];
    fih_hits *all = NULL, *page = NULL;
    fih_hit want, got, before = {0, 0, {0, 0}};
    size_t at = 0;
    int rc;
    bool good;

    o.offset = 0;
    o.limit = 1000;
    o.sort = (int)rnd(3);
    good = CHECK_INT_EQ(fih_search(&all, r, parsed, &o, NULL), FIH_OK, "%s", describe(q));
    for (size_t i = 0; good && o.sort != FIH_SORT_SCORE && fih_hits_get(all, i, &got) == FIH_OK; i++, before = got) {
        const size_t d = model_of(&got), b = i ? model_of(&before) : d;
        const int day = docs[d].day, earlier = docs[b].day;
        const bool in_order = day == earlier ? i == 0 || got.doc > before.doc
                              : !day         ? true
                                             : earlier && (o.sort == FIH_SORT_NEWEST) == (day < earlier);

        good = CHECK(scores[d] >= 0 && in_order && !(got.score > 0), "by date %d: %s", o.sort, describe(q));
    }
    if (good && o.sort != FIH_SORT_SCORE)
        good = CHECK_INT_EQ(fih_hits_total(all, &rc), match_count, "%s", describe(q)) && CHECK(rc);
    for (rc = FIH_OK; good && rc == FIH_OK; rc = fih_hits_cursor(page, cursor), o.after = cursor) {
        fih_hits_free(page);
        page = NULL;
        o.limit = 1 + rnd(chance(50) ? 9 : 90);
        good = CHECK_INT_EQ(fih_search(&page, r, parsed, &o, NULL), FIH_OK, "%s", describe(q));
        for (size_t i = 0; good && fih_hits_get(page, i, &got) == FIH_OK; i++, at++)
            good = CHECK(fih_hits_get(all, at, &want) == FIH_OK && want.doc == got.doc &&
                             memcmp(&want.score, &got.score, sizeof got.score) == 0,
                         "hit %zu of pages: %s", at, describe(q));
    }
    good = good && CHECK_INT_EQ(at, fih_hits_count(all), "%s", describe(q));
    fih_hits_free(page);
    fih_hits_free(all);
    fih_query_free(parsed);
    return good;
}

/* Every value counts the documents that have it, and none is left out. scores[] must be those of the query. */
static bool compare_facets(fih_reader *r, const struct query *q)
{
    static const struct {
        const char *what;
        int divisor;
    } kinds[] = {{"section", 0}, {"date:year", 10000}, {"date:month", 100}, {"date:day", 1}};
    fih_query *parsed = parse(q);
    const unsigned kind = rnd(4);
    fih_facets *f = NULL;
    fih_facet row;
    uint64_t without = 0, sum = 0, want;
    bool good =
        CHECK_INT_EQ(fih_facets_new(&f, r, parsed, kinds[kind].what, &q->opts, NULL), FIH_OK, "%s", describe(q));

    for (size_t i = 0; good && fih_facets_get(f, i, &row) == FIH_OK; i++, sum += row.docs) {
        int y = 0, m = 0, d = 0, day;

        want = 0;
        sscanf(row.value.ptr, "%d-%d-%d", &y, &m, &d);
        day = kind ? (y * 10000 + m * 100 + d) / kinds[kind].divisor : 0;
        for (size_t k = 0; k < doc_count; k++)
            want += scores[k] >= 0 && (kind ? docs[k].day && docs[k].day / kinds[kind].divisor == day
                                            : strcmp(docs[k].section, row.value.ptr) == 0);
        good = CHECK_INT_EQ(row.docs, want, "%s %s: %s", kinds[kind].what, row.value.ptr, describe(q)) &&
               CHECK(row.docs > 0);
    }
    if (good)
        good = CHECK_INT_EQ(fih_facets_total(f, &without), match_count, "%s", describe(q)) &&
               CHECK_INT_EQ(sum + without, match_count, "%s", describe(q));
    fih_facets_free(f);
    fih_query_free(parsed);
    return good;
}

static unsigned compared;

static bool run_queries(fih_reader *r, unsigned count, bool is_strict)
{
    static struct query q;
    bool good = true;

    for (unsigned i = 0; good && i < count; i++, compared++) {
        struct answer fast;

        make_query(&q);
        if (!ask(&fast, r, &q, 0, 0, 0))
            return false;
        good = compare_ways(r, &q, &fast) && compare_naive(r, &q, &fast, is_strict);
        good = good && (!chance(20) || (compare_pages(r, &q) && compare_facets(r, &q)));
        if (good && fast.count && chance(20))
            good = compare_explanation(r, &q, &fast.hits[rnd((uint32_t)fast.count)]);
        forget(&fast);
    }
    return good;
}

/* ------------------------------------------------------------------ tests */

static bool check_index(const char *path)
{
    fih_error err = {0, 0, 0, ""};

    return CHECK(fih_check(path, NULL, NULL, NULL, &err) == FIH_OK, "%s", err.msg);
}

static bool merge_index(const char *path)
{
    fih_writer *w;
    fih_error err = {0, 0, 0, ""};
    int rc = fih_writer_open(&w, path, NULL, &err);

    if (rc == 0)
        rc = fih_writer_merge(w, &err);
    fih_writer_close(w);
    return CHECK(rc == 0, "%s", err.msg);
}

static bool one_collection(unsigned queries)
{
    static const uint32_t sizes[] = {1, 3, 10, 40, 100, 250, 600};
    const char *path = place_path("index");
    fih_reader *r = NULL;
    fih_error err = {0, 0, 0, ""};
    int changed = 0;
    bool good;

    vocabulary = chance(50) ? 8 : sizeof stems / sizeof *stems;
    make_operations(sizes[rnd(7)], chance(30) ? 120 : 25, chance(60));
    if (doc_count == 0)
        return true;
    good = build_index(path, 1 + rnd(4),
                       chance(40)   ? 0
                       : chance(50) ? 1 + rnd(60)
                                    : UINT32_MAX,
                       false) &&
           CHECK(fih_reader_open(&r, path, &err) == FIH_OK, "%s", err.msg);
    if (good)
        good = CHECK_INT_EQ(fih_reader_doc_count(r), live_count) && run_queries(r, queries / 2, !has_deletions) &&
               check_index(path) && merge_index(path) &&
               CHECK(fih_reader_renew(r, &changed, &err) == FIH_OK && changed, "%s", err.msg) &&
               run_queries(r, queries - queries / 2, true) && check_index(path);
    fih_reader_close(r);
    place_remove(path);
    return good;
}

static void answers_are_those_of_a_naive_scan(void)
{
    for (unsigned i = 0; compared < wanted; i++) {
        first_seed = seed;
        if (!one_collection(80))
            return;
    }
}

/* Once as the operations say with one thread, then with other threads, commits and so segments. */
static void results_do_not_depend_on_threads_or_batches(void)
{
    static const struct { uint32_t threads, every; } ways[] = {{1, 0}, {2, 1000}, {3, 7}, {4, 50}, {1, 13}};
    enum { WAYS = sizeof ways / sizeof *ways };
    static struct query q;
    fih_reader *r[WAYS] = {NULL};
    static const char *const names[] = {"way0", "way1", "way2", "way3", "way4"};
    const char *path[WAYS] = {NULL};
    bool good = true;

    first_seed = seed;
    vocabulary = 20;
    make_operations(600, 40, true);
    for (unsigned i = 0; good && i < WAYS; i++) {
        path[i] = place_path(names[i]);
        good = build_index(path[i], ways[i].threads, ways[i].every, true) &&
               CHECK(fih_reader_open(&r[i], path[i], NULL) == FIH_OK);
    }
    for (unsigned n = 0; good && n < 200; n++) {
        struct answer one, other;

        make_query(&q);
        good = ask(&one, r[0], &q, 0, 1, 0);
        for (unsigned i = 1; good && i < WAYS; i++)
            if ((good = ask(&other, r[i], &q, 0, 1, 0))) {
                good = CHECK(same_lists(&one, &other) && one.total == other.total, "way %u: %s", i, describe(&q));
                forget(&other);
            }
        forget(&one);
    }
    for (unsigned i = 0; i < WAYS; i++) {
        fih_reader_close(r[i]);
        place_remove(place_path(names[i]));
    }
}

/* ---- lists longer than blocks and windows */

/* Plain words only: what one means does not depend on its neighbours, so each is analysed once. */
static const char *const big_words[] = {"قلم", "بحر", "سوق", "حرب", "علم", "نفط",
                                        "شعر", "درس", "ذهب", "هدف", "شعب", "ماء"};
enum { BIG_WORDS = 400, MOST_TERMS = 8 };
static char big_word[BIG_WORDS][16];
static struct text big_toks[BIG_WORDS];

static void make_big_words(void)
{
    for (unsigned i = 0; i < BIG_WORDS; i++) {
        if (i < sizeof big_words / sizeof *big_words)
            snprintf(big_word[i], sizeof big_word[i], "%s", big_words[i]);
        else
            snprintf(big_word[i], sizeof big_word[i], "w%ux", i);
        free(big_toks[i].toks);
        big_toks[i] = analyze_with(light, big_word[i]);
        CHECK_INT_EQ(big_toks[i].words, 1);
    }
}

/* From nearly every document to a handful: the nth word is in about 1/n of them, and now and then many times. */
static uint32_t big_pick(void)
{
    const uint32_t top = 1 + rnd(BIG_WORDS);

    return chance(60) ? rnd(1 + rnd(12)) : rnd(top);
}

static char *make_big_text(struct text *t, uint32_t words)
{
    char *out = malloc(words * 16 + 1);
    size_t n = 0;
    uint32_t last = 0;

    t->toks = malloc((words + 1) * MOST_TERMS * sizeof *t->toks);
    t->n = 0;
    for (uint32_t i = 0; i < words; i++) {
        const uint32_t w = i && chance(20) ? last : big_pick();

        n += (size_t)sprintf(out + n, "%s%s", i ? " " : "", big_word[w]);
        for (size_t k = 0; k < big_toks[w].n && k < MOST_TERMS; k++, t->n++) {
            t->toks[t->n] = big_toks[w].toks[k];
            t->toks[t->n].at = i;
        }
        last = w;
    }
    out[n] = '\0';
    t->words = words;
    return out;
}

static void make_big_operations(void)
{
    forget_docs();
    op_count = 0;
    for (uint32_t i = 0; i < BIG_DOCS; i++) {
        struct doc *d;

        if (doc_count == doc_cap)
            docs = realloc(docs, (doc_cap = doc_cap ? 2 * doc_cap : 256) * sizeof *docs);
        d = &docs[doc_count];
        memset(d, 0, sizeof *d);
        snprintf(d->id, sizeof d->id, "doc/%u", i);
        d->title = make_big_text(&d->t, chance(50) ? rnd(4) : 0);
        d->body = make_big_text(&d->b, 1 + rnd(chance(5) ? 300 : 12));
        d->day = make_date(d->date, sizeof d->date);
        snprintf(d->section, sizeof d->section, "%s", PICK(sections));
        add_op(OP_ADD)->doc = doc_count++;
        live_count++;
        if (rnd(BIG_DOCS / 3) == 0)
            add_op(OP_COMMIT);
    }
    add_op(OP_COMMIT);
}

static void make_big_query(struct query *q)
{
    static const uint32_t limits[] = {1, 10, 10, 1000};

    make_options(q);
    q->opts.limit = limits[rnd(4)];
    q->is_plain = false;
    q->n = 1 + rnd(6);
    for (size_t i = 0; i < q->n; i++) {
        struct clause *c = &q->clauses[i];

        memset(c, 0, sizeof *c);
        c->kind = WORDS;
        c->occur = chance(85) ? SHOULD : chance(60) ? MUST : NOT;
        c->scope = chance(85) ? ANY : chance(70) ? TITLE : BODY;
        snprintf(c->text, sizeof c->text, "%s", big_word[big_pick()]);
        if (chance(10)) {
            c->kind = PHRASE;
            c->reach = chance(50) ? rnd(5) : 0;
            snprintf(c->text, sizeof c->text, "%s %s", big_word[rnd(6)], big_word[rnd(6)]);
        }
    }
    render(q);
}

static uint64_t skipped;        /* answers whose total was not exact: something was passed over */

static bool run_big_queries(fih_reader *r, unsigned count, unsigned naive_of_ten)
{
    static struct query q;
    bool good = true;

    for (unsigned i = 0; good && i < count; i++) {
        struct answer fast;

        make_big_query(&q);
        if (!ask(&fast, r, &q, 0, 0, 0))
            return false;
        skipped += !fast.is_exact;
        good = compare_ways(r, &q, &fast);
        if (good && rnd(10) < naive_of_ten) {
            evaluate(&q);
            /* find_doc() looks at every document: only short lists are compared one by one */
            good = fast.count > 10 ? CHECK(fast.count <= match_count)
                                   : CHECK(is_right(&fast, q.opts.limit, q.opts.offset), "%s", describe(&q));
        }
        forget(&fast);
    }
    return good;
}

static bool delete_some(const char *path)
{
    fih_writer *w;
    char id[32];
    int rc = fih_writer_open(&w, path, NULL, NULL);

    for (unsigned i = 0; rc == 0 && i < BIG_DOCS / 5; i++) {
        snprintf(id, sizeof id, "doc/%u", rnd(BIG_DOCS));
        rc = fih_writer_delete(w, id, strlen(id), NULL);
        rc = rc == FIH_E_NOTFOUND ? FIH_OK : rc;
    }
    if (rc == 0)
        rc = fih_writer_commit(w, NULL);
    fih_writer_close(w);
    return CHECK_INT_EQ(rc, FIH_OK);
}

static void long_lists_give_the_same_answers_pruned_and_not(void)
{
    const char *path = place_path("big");
    fih_reader *r = NULL;
    bool good;

    first_seed = seed;
    make_big_words();
    make_big_operations();
    good = build_index(path, 2, 0, false) && CHECK(fih_reader_open(&r, path, NULL) == FIH_OK) &&
           run_big_queries(r, BIG_QUERIES / 3, 2) && merge_index(path) &&
           CHECK(fih_reader_renew(r, NULL, NULL) == FIH_OK) && run_big_queries(r, BIG_QUERIES / 3, 3) &&
           CHECK(skipped > BIG_QUERIES / 10, "only %" PRIu64 " searches passed anything over", skipped) &&
           delete_some(path) && CHECK(fih_reader_renew(r, NULL, NULL) == FIH_OK) &&
           run_big_queries(r, BIG_QUERIES / 3, 0) && check_index(path);
    (void)good;
    fih_reader_close(r);
    place_remove(path);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        wanted = (unsigned)strtoul(argv[1], NULL, 10);
    if (argc > 2)
        first_seed = strtoull(argv[2], NULL, 10);
    seed = first_seed;
    place_new("model");
    if (fih_analyzer_new(&light, "arabic", NULL) != 0 || fih_analyzer_new(&exact, "arabic-exact", NULL) != 0) {
        printf("Bail out! no analyzer\n");
        return 2;
    }
    RUN(answers_are_those_of_a_naive_scan);
    RUN(results_do_not_depend_on_threads_or_batches);
    RUN(long_lists_give_the_same_answers_pruned_and_not);
    printf("# %u queries compared\n", compared);
    forget_docs();
    free(docs);
    free(ops);
    free(scores);
    for (unsigned i = 0; i < TERM_SLOTS; i++)
        free(terms[i].bytes);
    fih_analyzer_free(light);
    fih_analyzer_free(exact);
    place_remove(place);
    return DONE();
}
