/* derive.c - trees of clauses changed, and made. */
#include "derive.h"

/* ---- synonyms */

enum { SETS = 6, MOST_ENTRIES = 4 };

/* Two sets may have a word in common, and a set a word twice, in other forms. */
void make_synonyms(char *out, size_t size)
{
    char word[160];
    size_t n = 0;

    for (uint32_t set = 1 + rnd(SETS); set > 0; set--)
        for (uint32_t count = 2 + rnd(MOST_ENTRIES - 1); count > 0; count--) {
            make_set_word(word, sizeof word);
            n += (size_t)snprintf(out + n, size - n, "%s", word);
            if (chance(20)) {
                make_set_word(word, sizeof word);
                n += (size_t)snprintf(out + n, size - n, " %s", word);
            }
            n += (size_t)snprintf(out + n, size - n, "%s", count == 1 ? "\n" : chance(80) ? ", " : "، ");
        }
}

struct entry {
    char   text[200], stems[200];      /* a blank behind each stem */
    unsigned set;
};

/* The first reading of each word. */
static void find_stems(char *out, size_t size, const char *text)
{
    struct text t = analyze_with(light, text);
    size_t n = 0;

    out[0] = '\0';
    for (size_t i = 0; i < t.n; i++)
        if (t.toks[i].level == FIH_LEVEL_STEM && !t.toks[i].is_variant)
            n += (size_t)snprintf(out + n, size - n, "%.*s ", (int)terms[t.toks[i].term].n, terms[t.toks[i].term].bytes);
    free(t.toks);
}

static int by_stems(const void *x, const void *y)
{
    const struct entry *a = x, *b = y;
    const int by = strcmp(a->stems, b->stems);

    return by ? by : (a->set > b->set) - (a->set < b->set);
}

struct sets {
    struct entry entries[SETS * MOST_ENTRIES];
    size_t       n;
};

static void read_sets(struct sets *s, const char *text)
{
    s->n = 0;
    for (unsigned set = 1; *text; set++) {
        const char *const eol = text + strcspn(text, "\n");

        while (text < eol) {
            struct entry *const e = &s->entries[s->n++];
            const char *const comma = strstr(text, "،"), *end = text + strcspn(text, ",\n");

            end = comma && comma < end ? comma : end;
            snprintf(e->text, sizeof e->text, "%.*s", (int)(end - text), text);
            find_stems(e->stems, sizeof e->stems, e->text);
            e->set = set;
            for (text = end; *text && strncmp(text, "،", 2) == 0; text += 2)
                ;
            text += strspn(text, ", ");
        }
        text = eol + 1;
    }
    qsort(s->entries, s->n, sizeof *s->entries, by_stems);
}

static struct clause *new_kids(struct query *q, size_t n)
{
    struct clause *const kids = &q->pool[q->pooled];

    q->pooled += n;
    if (q->pooled > sizeof q->pool / sizeof *q->pool) {
        printf("Bail out! a query of too many clauses\n");
        exit(2);
    }
    return kids;
}

static void expand(struct query *q, struct clause *c, const struct sets *s)
{
    const struct clause own = *c;
    struct clause *kids;
    char stems[1200];
    size_t n = 1;
    bool is_in_set = false;

    if (c->occur == NOT)
        return;
    if (c->kind == GROUP) {
        kids = new_kids(q, c->n);       /* a clause may stand twice in a query, and has them for itself then */
        memcpy(kids, c->kids, c->n * sizeof *kids);
        c->kids = kids;
        for (size_t i = 0; i < c->n; i++)
            expand(q, &kids[i], s);
        return;
    }
    if (c->kind != WORDS && (c->kind != PHRASE || c->reach))
        return;
    find_stems(stems, sizeof stems, c->text);
    kids = new_kids(q, 1 + s->n);
    kids[0] = own;
    kids[0].occur = SHOULD;
    kids[0].boost = 0;
    for (size_t i = 0; i < s->n; i++) {
        bool is_new = strcmp(s->entries[i].stems, stems) == 0;     /* a set that has the word twice counts once */

        is_in_set |= is_new;
        for (size_t k = 0; k < i; k++)
            is_new &= s->entries[k].set != s->entries[i].set || strcmp(s->entries[k].stems, stems) != 0;
        for (size_t k = 0; k < s->n && is_new; k++) {
            const struct entry *const e = &s->entries[k];

            if (e->set != s->entries[i].set || strcmp(e->stems, stems) == 0)
                continue;
            if (n > s->n)
                new_kids(q, 1);         /* behind the others: of two sets with the word */
            memset(&kids[n], 0, sizeof *kids);
            kids[n].kind = strchr(e->stems, ' ')[1] ? PHRASE : WORDS;
            kids[n].scope = own.scope;
            kids[n].boost = 0.5;
            snprintf(kids[n].text, sizeof kids[n].text, "%s", e->text);
            n++;
        }
    }
    if (!is_in_set)
        return;
    memset(c, 0, sizeof *c);
    c->kind = GROUP;
    c->join = JOINED_OR;
    c->occur = own.occur;
    c->boost = own.boost;
    c->kids = kids;
    c->n = n;
}

/* Plain text is a clause for each word. */
static void split_plain(struct query *q)
{
    const struct clause whole = q->clauses[0];
    const char *p = whole.text;

    q->n = 0;
    for (p += strspn(p, " "); *p; p += strspn(p, " ")) {
        struct clause *const c = &q->clauses[q->n++];
        const size_t n = strcspn(p, " ");

        *c = whole;
        snprintf(c->text, sizeof c->text, "%.*s", (int)n, p);
        p += n;
    }
}

void add_synonyms(struct query *q)
{
    static struct sets s;

    read_sets(&s, q->synonyms);
    if (q->is_plain) {
        q->pooled = 0;
        split_plain(q);
    }
    for (size_t i = 0; i < q->n; i++)
        expand(q, &q->clauses[i], &s);
}

/* ---- more like this */

enum { LIKE_WORDS = 25, LETTERS_LEAST = 3 };

struct word {
    uint32_t term, count;
    float    weight;
    char     text[200];                 /* where it stands first */
};

static void count_words(struct word *words, size_t *n, const char *s)
{
    struct text t = analyze_query(s);

    for (size_t i = 0; i < t.n; i++) {
        size_t k = 0;

        if (t.toks[i].is_stop || t.toks[i].is_variant || t.toks[i].letters < LETTERS_LEAST)
            continue;
        while (k < *n && words[k].term != t.toks[i].term)
            k++;
        if (k == *n) {
            words[k] = (struct word){.term = t.toks[i].term};
            snprintf(words[k].text, sizeof words[k].text, "%.*s", (int)(t.toks[i].end - t.toks[i].start),
                     s + t.toks[i].start);
            ++*n;
        }
        words[k].count++;
    }
    free(t.toks);
}

static bool has_stem(const struct text *t, uint32_t stem)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->toks[i].level == FIH_LEVEL_STEM && t->toks[i].term == stem)
            return true;
    return false;
}

void like_document(struct query *q, size_t doc)
{
    struct word *const words = calloc(docs[doc].t.n + docs[doc].b.n + 1, sizeof *words);
    double all = 0;
    size_t n = 0;
    float most = 0;

    count_words(words, &n, docs[doc].title);
    count_words(words, &n, docs[doc].body);
    for (size_t i = 0; i < doc_count; i++)
        all += docs[i].is_counted;
    for (size_t i = 0; i < n; i++) {
        double df = 0;

        for (size_t d = 0; d < doc_count; d++)
            df += docs[d].is_counted && (has_stem(&docs[d].t, words[i].term) || has_stem(&docs[d].b, words[i].term));
        words[i].weight = df < 2 ? 0 : (float)(log(1 + words[i].count) * log(1 + (all - df + 0.5) / (df + 0.5)));
        most = fmaxf(most, words[i].weight);
    }
    q->text[0] = '\0';
    q->n = q->pooled = 0;
    q->liked = doc;
    while (q->n < LIKE_WORDS) {
        struct clause *const c = &q->clauses[q->n];
        size_t best = 0;

        for (size_t i = 1; i < n; i++)
            best = words[i].weight > words[best].weight ? i : best;
        if (n == 0 || !(words[best].weight > 0))
            break;
        memset(c, 0, sizeof *c);
        c->kind = WORDS;
        snprintf(c->text, sizeof c->text, "%s", words[best].text);
        c->boost = (double)(words[best].weight / most);
        words[best].weight = 0;
        q->n++;
    }
    free(words);
}
