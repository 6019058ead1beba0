/* counted.c - what plain counting gives: see counted.h. */
#include "counted.h"

#include "index/dict.h"
#include "text/analyzer_part.h"

enum { WORDS = 40, PIECES = 12000 };   /* so many pieces of texts, that common words have lists of many blocks */

struct counted counted;

static size_t document_cap, occurrence_cap;
/* ---- documents: the words of the vocabulary in no order, then its texts in pieces */

static void put(const void *s, size_t n) { must(fihi_buf_append(&counted.all, s, n) == FIH_OK, "no memory"); }

/* The title ends and a body begins, or the body ends. */
static void end_title(void)
{
    struct document *const d = &counted.documents[counted.document_count];

    d->title = counted.all.len - d->at;
}

static void end_body(void)
{
    struct document *const d = &counted.documents[counted.document_count++];

    d->body = counted.all.len - d->at - d->title;
}
static void begin_document(void)
{
    must(fihi_grow(&counted.documents, &document_cap, counted.document_count + 1, sizeof *counted.documents) == FIH_OK,
         "no memory");
    counted.documents[counted.document_count] = (struct document){.at = counted.all.len};
}

static void make_documents(void)
{
    uint32_t *const order = malloc((word_count() + 1) * sizeof *order);
    const size_t piece = 1 + vocabulary->texts.len / PIECES;
    uint64_t seed = 5;

    counted.document_count = counted.all.len = 0;
    for (uint32_t i = 0; i < word_count(); i++) {
        const uint32_t other = (uint32_t)(tap_random(&seed) % (i + 1));

        order[i] = order[other];
        order[other] = i;
    }
    for (uint32_t i = 0; i < word_count(); i++) {
        size_t n;
        const uint8_t *const s = word_at(order[i], &n);

        if (i % WORDS == 0)
            begin_document();
        if (i % WORDS == i / WORDS % 4)                    /* a quarter has no title */
            end_title();
        put(s, n);
        put(i % 7 ? " " : "\n", 1);
        if (i % WORDS == WORDS - 1 || i + 1 == word_count())
            end_body();
    }
    for (size_t i = 0; i < vocabulary->text_count; i++) {
        size_t n, len;
        const uint8_t *s = text_at(i, &n);

        for (; n > 0; s += len, n -= len) {
            for (len = n > piece ? piece : n; len < n && len > 0 && (s[len] & 0xC0) == 0x80;)
                len--;                                     /* whole characters */
            begin_document();
            end_title();
            put(s, len);
            end_body();
        }
    }
    free(order);
}

fih_str title_of(const struct document *d) { return (fih_str){(const char *)counted.all.ptr + d->at, d->title}; }
fih_str body_of(const struct document *d)
{
    return (fih_str){(const char *)counted.all.ptr + d->at + d->title, d->body};
}

/* ---- what counting gives */

/* The words of a title or a body, from the given position on; how many positions. */
static uint32_t take(uint32_t doc, fih_str text, const struct document *d, uint32_t from)
{
    const struct surroundings in = {.near = text, .whole = {title_of(d), body_of(d)}};
    uint32_t next = from;
    struct token t[64];
    size_t count, first = counted.occurrence_count;

    fihi_analyzer_begin_in(counted.analyzer, (const uint8_t *)text.ptr, text.len, &in);
    while (fihi_analyzer_next(counted.analyzer, t, 64, &count, NULL) == FIH_OK)
        for (size_t i = 0; i < count; i++) {
            const size_t now = counted.occurrence_count;
            struct occurrence *const all = counted.occurrences, *const last = now > first ? &all[now - 1] : NULL;

            if (t[i].flags & TOKEN_FORM) {
                last->form = t[i].term;
            } else if (t[i].flags & TOKEN_ROOT) {
                last->root = t[i].term;
                for (struct occurrence *o = last; o > all + first && o[-1].position == last->position; o--)
                    last->is_again |= o[-1].root == last->root;
            } else {
                next += !(t[i].flags & TOKEN_SAME_POSITION);
                must(fihi_grow(&counted.occurrences, &occurrence_cap, now + 1, sizeof *counted.occurrences) == FIH_OK,
                     "no memory");
                counted.occurrences[counted.occurrence_count++] =
                    (struct occurrence){t[i].term, doc, next - 1, NOTHING, NOTHING, false};
            }
        }
    return next - from;
}

static int by_bytes(const void *x, const void *y)
{
    const struct term_text a = fihi_analyzer_term(counted.analyzer, *(const uint32_t *)x),
                           b = fihi_analyzer_term(counted.analyzer, *(const uint32_t *)y);

    return key_compare(a.ptr, a.len, b.ptr, b.len);
}

static int by_place(const void *x, const void *y)
{
    const struct occurrence *const a = x, *const b = y;

    if (a->stem != b->stem)
        return counted.place_of[a->stem] < counted.place_of[b->stem] ? -1 : 1;
    return a->doc != b->doc ? (a->doc < b->doc ? -1 : 1) : a->position < b->position ? -1 : a->position > b->position;
}

int by_root(const void *x, const void *y)
{
    const struct sum *const a = x, *const b = y;

    return a->root != b->root ? (a->root < b->root ? -1 : 1) : (a->doc > b->doc) - (a->doc < b->doc);
}

static void sum_roots(void)
{
    size_t n = 0;

    must((counted.sums = malloc((counted.occurrence_count + 1) * sizeof *counted.sums)), "no memory");
    for (size_t i = 0; i < counted.occurrence_count; i++) {
        const struct occurrence *const o = &counted.occurrences[i];

        counted.root_of[o->stem] = o->root;
        if (o->root != NOTHING)
            counted.sums[n++] = (struct sum){o->root, o->doc, !o->is_again, o->stem};
    }
    qsort(counted.sums, n, sizeof *counted.sums, by_root);
    counted.sum_count = 0;
    for (size_t i = 0; i < n; i++)
        if (counted.sum_count > 0 && by_root(&counted.sums[counted.sum_count - 1], &counted.sums[i]) == 0) {
            struct sum *const s = &counted.sums[counted.sum_count - 1];

            s->count += counted.sums[i].count;
            if (counted.place_of[counted.sums[i].first] < counted.place_of[s->first])
                s->first = counted.sums[i].first;
        } else {
            counted.sums[counted.sum_count++] = counted.sums[i];
        }
}

static void count_all(void)
{
    uint32_t terms, *order;

    counted.occurrence_count = 0;
    must(fihi_analyzer_new(&counted.analyzer, "arabic", NULL) == FIH_OK, "no memory");
    for (size_t i = 0; i < counted.document_count; i++) {
        struct document *const d = &counted.documents[i];

        d->title_len = take((uint32_t)i, title_of(d), d, 0);
        take((uint32_t)i, body_of(d), d, body_position(d->title_len));
    }
    terms = fihi_analyzer_term_count(counted.analyzer);
    order = malloc((terms + 1) * sizeof *order);
    counted.place_of = malloc((terms + 1) * sizeof *counted.place_of);
    counted.root_of = malloc((terms + 1) * sizeof *counted.root_of);
    must(order && counted.place_of && counted.root_of, "no memory");
    for (uint32_t i = 0; i < terms; i++)
        order[i] = i;
    qsort(order, terms, sizeof *order, by_bytes);
    for (uint32_t i = 0; i < terms; i++)
        counted.place_of[order[i]] = i;
    free(order);
    qsort(counted.occurrences, counted.occurrence_count, sizeof *counted.occurrences, by_place);
    sum_roots();
}

static const struct vocabulary *prepared;      /* whose words are counted */

void count_words(void)
{
    if (prepared == vocabulary)
        return;
    count_forget();                            /* what was counted of another one */
    make_documents();
    count_all();
    prepared = vocabulary;
}

void count_forget(void)
{
    if (!prepared)
        return;
    prepared = NULL;

    fihi_analyzer_free(counted.analyzer);
    free(counted.occurrences);
    free(counted.place_of);
    free(counted.root_of);
    free(counted.sums);
    free(counted.documents);
    fihi_buf_free(&counted.all);
    counted.occurrences = NULL;
    counted.documents = NULL;
    occurrence_cap = document_cap = 0;
}

/* The analyzer's number of a term; NOTHING if it has none. */
uint32_t number_of(const uint8_t *s, size_t n)
{
    const uint8_t *const record = intern_find(&counted.analyzer->vocab.terms, s, n, intern_hash(s, n));

    return record ? intern_number(record) : NOTHING;
}

