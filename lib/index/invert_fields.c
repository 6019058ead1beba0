/* index/invert_fields.c - the values of a batch's fields: lists of keywords and of words, and columns.
 *
 * A keyword is written twice, because it is asked for in two ways. Its list says which documents have it, for
 * queries (section:news); its column says what each document has, for sorting, facets and filters. Both know it by
 * its place among the terms of its field, which are the terms of the dictionary in their order. So keywords are
 * sorted twice, too: by term and document for the lists, then each field's by document and term for its column. The
 * example section: documents 0 to 2 with news, sport, news have the terms news (place 0) and sport (place 1); the lists
 * are news: 0, 2 and sport: 1, and the column is 0, 1, 0. */
#include <stdlib.h>

#include "index/column.h"
#include "index/invert_part.h"

/* By document and position too: qsort() need not keep the order of equal ones. */
static int by_term(const void *x, const void *y)
{
    const struct keyword *a = x, *b = y;

    if (a->term != b->term)
        return a->term < b->term ? -1 : 1;
    return a->doc != b->doc ? (a->doc < b->doc ? -1 : 1) : (a->position > b->position) - (a->position < b->position);
}

/* A value that was said twice in a document is equal by both, and so stands next to itself. */
static int by_doc(const void *x, const void *y)
{
    const struct keyword *a = x, *b = y;

    return a->doc != b->doc ? (a->doc < b->doc ? -1 : 1) : (a->term > b->term) - (a->term < b->term);
}

/* From here on a keyword's term is its number in the order of the keys, in which all of a level stand together, and
 * within level 5 all of a field, whose number is the first byte behind the level. */
int fihi_invert_sort_keywords(struct inversion *v)
{
    struct inverter *b = v->inverter;

    /* The numbers that the words had while they came, by the order in which they came, go; `keyword_numbers` has the
     * new ones. */
    for (size_t i = 0; i < b->keyword_count; i++)
        b->keywords[i].term = v->words.keyword_numbers[b->keywords[i].term];
    if (b->keyword_count)
        qsort(b->keywords, b->keyword_count, sizeof *b->keywords, by_term);
    v->slices = calloc(FIELD_NO_END, sizeof *v->slices);
    return v->slices ? FIH_OK : FIH_E_NOMEM;
}

/* The key of a term of keywords; how many bytes.
 * Keys of keywords were kept whole, with their head, so that one sort gives the dictionary's order. */
static size_t key_of(const struct inversion *v, uint32_t term, uint8_t key[TERM_KEY_MAX])
{
    size_t n;
    const uint8_t *const s = intern_get(v->words.keywords.strings, v->words.keywords.list[term], &n);

    memcpy(key, s, n);
    return n;
}

/* The documents of a keyword; a value that was said twice is there once. From now on its entries have its place among
 * the field's terms.
 * The place is written over the term's number, which the list just made was the last to need. The impacts of a
 * keyword are 255, as high as they can be: it has no length to be compared with, and a bound must not be too low. */
static int write_keyword(struct inversion *v, const uint8_t *key, size_t bytes, uint32_t place, fih_error *err)
{
    static const struct posting_form all = {0, 1};
    static const struct posting_lengths none = {0, 0, true};
    struct inverter *b = v->inverter;
    const uint32_t term = b->keywords[v->keyword_at].term;
    uint32_t last = NO_DOC;
    int rc = FIH_OK;

    fihi_list_start(&v->out->list);
    for (; v->keyword_at < b->keyword_count && b->keywords[v->keyword_at].term == term && rc == 0; v->keyword_at++) {
        struct keyword *const k = &b->keywords[v->keyword_at];
        /* Frequency 1, and the root as often: so that whatever asks a posting gets a sound answer of a keyword's,
         * too. */
        const struct posting p = {k->doc, 1, 0, 1, true, &all, 1};

        k->term = place;
        if (k->doc != last)
            rc = fihi_build_posting(v->out, &p, NULL, &none, err);
        last = k->doc;
    }
    return rc ? rc : fihi_build_term(v->out, key, bytes, 1, err);
}

/* Called once for each level, since forms and roots stand between sections and keywords in the dictionary. */
int fihi_invert_keywords(struct inversion *v, enum level level, fih_error *err)
{
    struct inverter *b = v->inverter;
    uint8_t key[TERM_KEY_MAX];
    int rc = FIH_OK;

    while (rc == 0 && v->keyword_at < b->keyword_count) {
        size_t bytes = key_of(v, b->keywords[v->keyword_at].term, key), head;
        const unsigned field = keyword_field(key, bytes, &head);
        struct slice *const s = &v->slices[field];

        if (key[0] != level)
            break;
        /* The first term of the field: its ordinal is what the dictionary will give next. */
        if (s->terms == 0)
            *s = (struct slice){v->keyword_at, 0, (uint32_t)v->out->dict.terms, 0};
        rc = write_keyword(v, key, bytes, s->terms++, err);
        s->end = v->keyword_at;
        /* A thousand terms take some milliseconds: as long as a cancelled flush may take to end. */
        if (rc == 0 && s->terms % 1024 == 0)
            rc = invert_cancelled(v, err);
    }
    return rc;
}

/* The positions of a word in a document, from the entry at *at on, which moves behind them. Each is there once: a
 * surface word has a stem once at a position (term_table.c). by_term() has sorted them, so they ascend as
 * fihi_list_add() wants them. */
static int gather_positions(struct inversion *v, size_t *at, uint32_t *count)
{
    const struct inverter *const b = v->inverter;
    const struct keyword first = b->keywords[*at];

    *count = 0;
    for (; *at < b->keyword_count && b->keywords[*at].term == first.term && b->keywords[*at].doc == first.doc; ++*at) {
        if (fihi_grow(&v->word_positions, &v->word_position_cap, *count + (size_t)1, sizeof *v->word_positions) != 0)
            return FIH_E_NOMEM;
        v->word_positions[(*count)++] = b->keywords[*at].position;
    }
    return FIH_OK;
}

/* The list of a word of a text, which has neither forms nor titles nor roots. Impacts are 255, as those of keywords,
 * and bound any length's: the numbers that impacts are made with are those of title and body. */
static int write_word(struct inversion *v, const uint8_t *key, size_t bytes, fih_error *err)
{
    static const struct posting_lengths none = {0, 0, true};
    const struct keyword *const k = v->inverter->keywords;
    /* `k` is borrowed: keywords do not move while lists are written. */
    const uint32_t term = k[v->keyword_at].term;
    int rc = FIH_OK;

    fihi_list_start(&v->out->list);
    while (rc == 0 && v->keyword_at < v->inverter->keyword_count && k[v->keyword_at].term == term) {
        const struct keyword first = k[v->keyword_at];
        uint32_t freq;

        if (gather_positions(v, &v->keyword_at, &freq) != 0)
            return fihi_fail_nomem(err);
        /* All occurrences have form 0, which is none: a word of a text is a stem and no more. */
        const struct posting_form all = {0, freq};
        const struct posting p = {first.doc, freq, 0, freq, true, &all, 1};

        rc = fihi_build_posting(v->out, &p, v->word_positions, &none, err);
    }
    return rc ? rc : fihi_build_term(v->out, key, bytes, 1, err);
}

/* They are the last of the dictionary, and so of the batch's keywords. */
int fihi_invert_words(struct inversion *v, fih_error *err)
{
    const struct inverter *const b = v->inverter;
    uint8_t key[TERM_KEY_MAX];
    uint32_t terms = 0;
    int rc = FIH_OK;

    while (rc == 0 && v->keyword_at < b->keyword_count) {
        rc = write_word(v, key, key_of(v, b->keywords[v->keyword_at].term, key), err);
        if (rc == 0 && ++terms % 1024 == 0)
            rc = invert_cancelled(v, err);
    }
    return rc;
}

/* `from` and `end` are those of the field's slice, which is in order of terms until now. A value that was said twice
 * of a document is a column's once. */
static int write_places(struct inversion *v, unsigned field, fih_error *err)
{
    const struct slice *const s = &v->slices[field];
    struct column_writer *const w = &v->out->columns;
    struct keyword *const k = v->inverter->keywords;
    int rc = fihi_column_begin(w, field, FIH_FIELD_KEYWORD, err);

    fihi_column_terms(w, s->first_term, s->terms);
    qsort(k + s->from, s->end - s->from, sizeof *k, by_doc);
    for (size_t i = s->from; i < s->end && rc == 0; i++)
        if (i == s->from || by_doc(&k[i - 1], &k[i]) != 0)
            rc = fihi_column_add(w, k[i].doc, k[i].term, err);
    return rc ? rc : fihi_column_end(w, err);
}

/* Documents came in order, and a field of numbers has one value at most, so there is nothing to sort. */
static int write_numbers(struct inversion *v, unsigned field, fih_error *err)
{
    const struct numbers *const n = &v->inverter->numbers[field];
    struct column_writer *const w = &v->out->columns;
    int rc = fihi_column_begin(w, field, n->kind, err);

    for (size_t i = 0; i < n->count && rc == 0; i++)
        rc = fihi_column_add(w, n->list[i].doc, n->list[i].value, err);
    return rc ? rc : fihi_column_end(w, err);
}

/* By ascending field, as the index of columns wants them. A field is of keywords or of numbers, never of both. */
int fihi_invert_columns(struct inversion *v, fih_error *err)
{
    int rc = FIH_OK;

    for (unsigned f = 0; f < FIELD_NO_END && rc == 0; f++)
        if (v->slices[f].terms)
            rc = write_places(v, f, err);
        else if (v->inverter->numbers[f].count)
            rc = write_numbers(v, f, err);
    return rc;
}
