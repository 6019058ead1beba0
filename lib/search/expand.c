/* search/expand.c - walking the dictionary, or the rows of roots, and adding up lists.
 *
 * Example: كتا* means the forms كتاب, كتابة, كتابي and others. Each form's entry has rows: stem and the number of the
 * form in the stem's list. What is wanted is gathered as (stem, form, weight), sorted by stem, and each stem's list is
 * then walked once for all of its forms: weights[] says what an occurrence of each form counts, and a posting adds its
 * frequency times that. Blocks in which none of the forms occurs are passed over by their skip entries.
 *
 * Memory: a bit for each document, and a float for each that has any. How many that will be is only known at the end,
 * so until then pairs (document, count) are kept; if these become more than the segment has documents, a float for each
 * document is less, and pairs are added to it at once.
 *
 * Frequencies are floats, since a fuzzy word counts a fraction. Their sum depends on the order of the lists, which is
 * that of the dictionary: the same each time.
 *
 * Two askers: plan.c, for the words of a pattern, and plan_readings.c, for the words that share a root with one of the
 * query. match_filter.c reads the set as if it were one word's list, by fihi_word_set_seek() and word_set_freq().
 *
 * Time: the dictionary is walked in order and once for each segment, and jumps over what the pattern cannot mean. A
 * list that was found is read in blocks of 128 documents. The deadline is asked after each word and after each list, so
 * that /./ over a dictionary of millions can be given up.
 */
#include "search/expand.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/fail.h"

/* A segment's arrays may be missing, after an error half way: calloc() has left NULL there. */
void fihi_word_set_free(struct word_set *s)
{
    if (!s)
        return;
    for (uint32_t i = 0; i < s->count; i++) {
        free(s->segments[i].freqs);
        free(s->segments[i].ranks);
        free(s->segments[i].bits);
    }
    free(s->segments);
    free(s);
}

/* Occurrences in a document that one of the lists tells of. 8 bytes, twice a float: hence spread(), where there are
 * more of them than documents. */
struct met {
    uint32_t doc;
    float    count;
};

/* A list to be added up: which of a stem's normalised words count, and how much each. */
struct wanted {
    uint32_t stem, form;               /* form: ALL_FORMS, or its number in the stem's list */
    float    weight;
};

#define ALL_FORMS UINT32_MAX

/* One segment's work. What is made of it (set, to) is the caller's; wanted, weights and met are freed by new_set() when
 * the segment is done, so memory is that of the largest segment and not of all. */
struct expansion {
    struct word_set    *set;
    struct set_segment *to;
    struct segment     *segment;
    struct pattern     *pattern;       /* or the readings of a word, whose roots are meant */
    const struct query_term *readings;
    size_t              reading_count;
    struct deadline    *deadline;
    fih_error          *err;
    struct wanted      *wanted;        /* lists, and what counts in them */
    size_t              count, cap;
    float              *weights;       /* of the list under way, by form */
    size_t              weight_cap;
    unsigned            mask;          /* of the forms that count, as the blocks have one */
    struct met         *met;           /* documents so far, until they are added up */
    size_t              met_count, met_cap;
};

/* What an occurrence with each form of the list counts: weights[form], 0 for what is not wanted. A number that the list
 * has not is damage in the dictionary, and must not be written to. mask has the bits that a block's skip entry has for
 * its forms. The array grows with the longest list of forms and is not freed between lists. A stem has some tens of
 * forms, rarely thousands. */
static int set_weights(struct expansion *x, uint32_t form_count, const struct wanted *w, size_t n)
{
    if (fihi_grow(&x->weights, &x->weight_cap, form_count, sizeof *x->weights) != 0)
        return fihi_fail_nomem(x->err);
    for (uint32_t f = 0; f < form_count; f++)
        x->weights[f] = 0;
    x->mask = 0;
    for (size_t i = 0; i < n; i++)
        if (w[i].form == ALL_FORMS) {
            for (uint32_t f = 0; f < form_count; f++)
                x->weights[f] = w[i].weight;
            x->mask = UINT16_MAX;
        } else if (w[i].form < form_count) {
            x->weights[w[i].form] = w[i].weight;
            x->mask |= form_bit(w[i].form);
        } else {
            return fihi_segment_broken(x->segment, "its dictionary", x->err);
        }
    return FIH_OK;
}

/* `most` is kept for bounds: no document of the set is more frequent. */
static void add_freq(struct set_segment *to, uint32_t doc, float count)
{
    float *const freq = word_set_freq(to, doc);

    *freq += count;
    to->most = *freq > to->most ? *freq : to->most;
}

/* In the order in which they were met, which is the dictionary's: floats are added up in that order in either way of
 * keeping them, so that a score does not depend on which was chosen. */
static void move_met(struct expansion *x)
{
    for (size_t i = 0; i < x->met_count; i++)
        add_freq(x->to, x->met[i].doc, x->met[i].count);
    x->met_count = 0;
}

/* A number for each document. Instead of pairs: from now on word_set_freq() goes by the document. One more than the
 * documents, so that a segment without any is no calloc(0). */
static int spread(struct expansion *x)
{
    x->to->freqs = calloc(x->segment->stats.docs + 1u, sizeof *x->to->freqs);
    if (!x->to->freqs)
        return fihi_fail_nomem(x->err);
    move_met(x);
    return FIH_OK;
}

/* A number for each document that has any. ranks[w] counts the bits before word w: a document's number is that and the
 * bits below its own (expand.h). Of documents 3, 70 and 71: ranks are 0, 1; 71 is 1 + one bit below: the third. A
 * directory of ranks (Jacobson, "Space-efficient static trees and graphs", 1989): a word of 64 bits has one number
 * before it, and popcount does the rest. A document's float is found in constant time, and a set of few documents in a
 * large segment has few floats. */
static int settle(struct expansion *x)
{
    struct set_segment *const to = x->to;
    const uint32_t words = x->segment->stats.docs / 64 + 1;

    if (to->freqs)
        return FIH_OK;
    to->ranks = malloc(words * sizeof *to->ranks);
    to->freqs = calloc(to->docs + 1u, sizeof *to->freqs);
    /* Whatever was got is in the set, and freed with it. */
    if (!to->ranks || !to->freqs)
        return fihi_fail_nomem(x->err);
    for (uint32_t w = 0, rank = 0; w < words; rank += (unsigned)__builtin_popcountll(to->bits[w++]))
        to->ranks[w] = rank;
    move_met(x);
    return FIH_OK;
}

/* There is room in x->met. docs counts bits, which settle() relies on: it makes room for just as many floats. */
static void add_doc(struct expansion *x, uint32_t doc, float count)
{
    struct set_segment *const to = x->to;

    /* Counted once, however many of the words it has. */
    to->docs += !(to->bits[doc / 64] >> doc % 64 & 1);
    to->bits[doc / 64] |= UINT64_C(1) << doc % 64;
    if (to->freqs)
        add_freq(to, doc, count);
    else
        x->met[x->met_count++] = (struct met){doc, count};
}

/* Room for the documents of a block. They are kept until all are known, for a number for each document of the segment
 * would have to be cleared, which is most of what a few words cost; unless there are more of them than documents. Asked
 * once for 128 of them, so that the inner loop only stores. So a document of the block needs no test of its own. At
 * most 8 bytes for each document of the segment, and 1 KB, are kept as pairs. */
static int reserve(struct expansion *x)
{
    if (x->to->freqs)
        return FIH_OK;
    if (x->met_count > x->segment->stats.docs)
        return spread(x);
    if (fihi_grow(&x->met, &x->met_cap, x->met_count + POSTING_BLOCK, sizeof *x->met) != 0)
        return fihi_fail_nomem(x->err);
    return FIH_OK;
}

/* The documents of the decoded block, from its numbers as they lie. The numbers are read as they are coded, without
 * making postings of them. In titles only how often is known, not in which form: so patterns of titles want whole stems
 * (weights[0] is everyone's). k must count mixed postings in either case.
 *
 * What forms of one posting count is added up as double, which holds such sums exactly (24 bits of a weight times those
 * of a frequency): the order of forms is the list's own, and must not show in the last bit of a score. */
static void add_block(struct expansion *x, const struct cursor *c)
{
    unsigned k = 0;                            /* mixed postings so far */

    for (unsigned i = 0; i < c->size; i++) {
        const uint32_t code = c->has_forms ? c->form_codes[i] : 0;
        double count = 0;

        if (x->set->is_title) {
            count = c->has_titles ? (double)x->weights[0] * c->titles[i] : 0;
            k += code == FORM_CODE_MIXED;
        } else if (code == FORM_CODE_MIXED) {
            for (uint32_t m = k ? c->mixed_ends[k - 1] : 0; m < c->mixed_ends[k]; m++)
                count += (double)x->weights[c->mixed[m].form] * c->mixed[m].freq;
            k++;
        } else {
            /* Code 0 is form 0, code 1 is mixed (above), code f + 1 is form f. */
            count = (double)x->weights[code - (code > 0)] * c->freqs[i];
        }
        if (count > 0)
            add_doc(x, c->docs[i], (float)count);
    }
}

/* One stem's list, walked once for all of its forms. A block of which no form is wanted is not unpacked. Forms are
 * numbered by the list itself (FORMAT.md, "Posting list"), so weights[] holds for this one only. The cursor may be
 * broken by a block that is damaged: then the error names the segment, and nothing of the set is used. */
static int add_list(struct expansion *x, struct cursor *c, const struct dict_entry *e, const struct wanted *w, size_t n)
{
    struct list_place at;
    int rc = fihi_segment_list(x->segment, e, &at, x->err);

    if (rc != 0 || (rc = set_weights(x, at.form_count, w, n)) != 0)
        return rc;
    if (fihi_cursor_open(c, &at) != 0)
        return fihi_segment_list_broken(x->segment, c, x->err);
    while (c->doc != NO_DOC) {
        /* The bits of a block's forms are in its skip entry; forms beyond the mask's bits share one (form_bit()), so a
         * block may be unpacked for nothing but is never missed. */
        if (fihi_cursor_forms(c, c->block) & x->mask && fihi_cursor_numbers(c)) {
            if ((rc = reserve(x)) != 0)
                return rc;
            add_block(x, c);
        }
        if (!c->is_broken)
            fihi_cursor_next_block(c);
    }
    return c->is_broken ? fihi_segment_list_broken(x->segment, c, x->err) : FIH_OK;
}

/* For qsort(); by form inside of a stem, so that the order does not depend on qsort() where several words of a pattern
 * lead to one stem. */
static int by_stem(const void *a, const void *b)
{
    const struct wanted *x = a, *y = b;

    return x->stem != y->stem ? (x->stem < y->stem ? -1 : 1) : (x->form > y->form) - (x->form < y->form);
}

/* By stem, which is the order of the dictionary and of the heap: reading goes forward. One cursor, 5 KB, for all. */
static int add_lists(struct expansion *x)
{
    struct cursor *c = calloc(1, sizeof *c);
    uint8_t key[TERM_KEY_MAX];
    int rc = c ? FIH_OK : fihi_fail_nomem(x->err);

    if (x->count)
        qsort(x->wanted, x->count, sizeof *x->wanted, by_stem);
    for (size_t i = 0, n; i < x->count && rc == 0; i += n) {
        struct dict_entry e;
        size_t bytes;

        /* All that is wanted of one stem, in one walk. */
        for (n = 1; i + n < x->count && x->wanted[i + n].stem == x->wanted[i].stem; n++)
            ;
        /* Stems are known by their number in the dictionary, which is checked against the key that stands there. */
        rc = fihi_segment_term(x->segment, x->wanted[i].stem, key, &bytes, &e, x->err);
        if (rc == 0 && key[0] != LEVEL_STEM)
            rc = fihi_segment_broken(x->segment, "its dictionary", x->err);
        if (rc == 0)
            rc = add_list(x, c, &e, &x->wanted[i], n);
        if (rc == 0)
            rc = fihi_deadline_check(x->deadline, x->err);
    }
    if (c)
        fihi_cursor_close(c);
    free(c);
    return rc;
}

/* An entry of 12 bytes. A pattern that means every word of a dictionary has one for each of its forms' stems, which is
 * what its memory is made of. */
static int want(struct expansion *x, uint32_t stem, uint32_t form, float weight)
{
    if (fihi_grow(&x->wanted, &x->cap, x->count + 1, sizeof *x->wanted) != 0)
        return fihi_fail_nomem(x->err);
    x->wanted[x->count++] = (struct wanted){stem, form, weight};
    return FIH_OK;
}

/* The stems of a word that is meant: its own, or those of which it is a normalised word. An occurrence that was given
 * two stems, in two readings, counts in both. */
static int want_word(struct expansion *x, const struct dict_entry *e, bool is_form, float weight)
{
    struct dict_rows rows;
    struct dict_row row;
    int rc;

    /* A stem's own entry: all of its forms count. */
    if (!is_form) {
        x->set->listed += x->set->is_title ? e->title_df : e->df;
        return want(x, e->ordinal, ALL_FORMS, weight);
    }
    rows = fihi_dict_rows(e);
    while ((rc = fihi_dict_row_next(&rows, &row)) == FIH_OK) {
        x->set->listed += row.df;
        if ((rc = want(x, row.stem, row.form, weight)) != 0)
            return rc;
    }
    return rc == FIH_DONE ? FIH_OK : fihi_segment_broken(x->segment, "its dictionary", x->err);
}

/* The words of a level that the pattern means. It knows which word could be the next: those before that are passed
 * over, and when they are some, by looking that one up. That leads to the word's block: to fewer words before it.
 * Example: behind ا the next word that عصي* means with an article is العصي; some thousand words lie between. After
 * eight of them it is looked up.
 *
 * has_sought: a look-up leads to a block's beginning, so at most DICT_BLOCK words lie before the one looked for. More
 * means that the dictionary is not in order, and without an end to it a damaged one could keep us here for ever. Keys
 * are a byte for the level and then the word, so one level's words are a stretch of the dictionary, and the walk ends
 * where the next level begins. `next` has that byte in front, to be compared with keys as they are. */
static int walk(struct expansion *x, enum level level)
{
    /* A look-up costs about as much as some words of a block: below eight it is cheaper to go on. */
    enum { SOME = 8 };
    uint8_t next[1 + PATTERN_NEXT] = {(uint8_t)level};
    struct pattern *const p = x->pattern;
    /* The walk has the word it stands at; it decodes one block of the dictionary at a time. */
    struct term_walk w = {.segment = x->segment};
    unsigned passed = 0;
    int rc;
    bool has_sought = true;
    size_t n;

    fihi_pattern_restart(p);
    if ((rc = fihi_pattern_next(p, next + 1, &n)) == 0)
        rc = fihi_term_walk_from(&w, next, 1 + n, x->err);
    while (rc == 0 && (rc = fihi_term_walk_next(&w, x->err)) == 0 && w.scan.key[0] <= level) {
        const uint8_t *word = w.scan.key + 1;
        const size_t bytes = w.scan.key_bytes - 1;

        /* Only words from `next` on are asked: those before cannot match, and the automaton would say so letter by
         * letter. */
        if (key_compare(w.scan.key, w.scan.key_bytes, next, 1 + n) >= 0 && bytes > 0) {
            const float weight = fihi_pattern_match(p, word, bytes);

            passed = 0;
            has_sought = false;
            if (weight > 0) {
                x->set->terms++;
                rc = want_word(x, &w.scan.entry, level == LEVEL_FORM, weight);
            }
            if (rc == 0)
                rc = fihi_pattern_next(p, next + 1, &n);
        } else if (++passed > DICT_BLOCK && has_sought) {
            rc = fihi_segment_broken(x->segment, "its dictionary", x->err);
        } else if (passed == SOME && !has_sought) {
            passed = 0;
            has_sought = true;
            rc = fihi_term_walk_from(&w, next, 1 + n, x->err);
        }
        if (rc == 0)
            rc = fihi_deadline_check(x->deadline, x->err);
    }
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* Is a stem one of the word's own? Not of those that only are spelt like it: they are other words. */
static bool is_own(const struct expansion *x, uint32_t segment, uint32_t stem)
{
    for (size_t i = 0; i < x->reading_count; i++) {
        const struct dict_entry *const own = &x->readings[i].places[segment].entry;

        if (!x->readings[i].is_form_only && own->df > 0 && own->ordinal == stem)
            return true;
    }
    return false;
}

/* The other stems of a word's roots in a segment. Readings of one root lead to the same stems: they are wanted once.
 * The rows of a root in the dictionary are its stems (FORMAT.md, "Dictionary"). Every form counts, with weight 1: a
 * root says nothing of forms. `places` are where the plan has found the readings in each segment, so nothing is looked
 * up here. */
static int want_roots(struct expansion *x, uint32_t segment)
{
    for (size_t i = 0; i < x->reading_count; i++) {
        const struct dict_entry *const root = &x->readings[i].places[segment].root;
        struct dict_rows rows = fihi_dict_rows(root);
        struct dict_row row;
        bool is_new = root->df > 0;
        int rc = FIH_DONE;

        /* Readings are a handful. */
        for (size_t k = 0; k < i && is_new; k++)
            is_new = !is_same_key(&x->readings[k].root, &x->readings[i].root);
        while (is_new && (rc = fihi_dict_row_next(&rows, &row)) == FIH_OK) {
            /* Documents with the word itself have had their score for it: only other words of the root are counted
             * here. */
            if (is_own(x, segment, row.stem))
                continue;
            if ((rc = want(x, row.stem, ALL_FORMS, 1)) != 0)
                return rc;
            x->set->terms++;
        }
        if (rc != FIH_DONE)
            return fihi_segment_broken(x->segment, "its dictionary", x->err);
    }
    return FIH_OK;
}

/* Segment by segment; what one needs is freed before the next. On an error nothing is left. `of` says what is asked; it
 * is copied for each segment, which then has its own arrays. df adds up over segments, for no document is in two of
 * them. Bits of deleted documents are set as well: who reads the set leaves them out, as it does with lists. */
static int new_set(struct word_set **out, const struct expansion *of, bool is_title, const struct view *v)
{
    const bool is_form = of->pattern && fihi_pattern_is_form(of->pattern) && !is_title;
    fih_error *const err = of->err;
    struct word_set *set = calloc(1, sizeof *set);
    int rc = FIH_OK;

    *out = NULL;
    if (!set || !(set->segments = calloc(v->count + 1u, sizeof *set->segments))) {
        free(set);
        return fihi_fail_nomem(err);
    }
    set->is_title = is_title;
    for (uint32_t i = 0; i < v->count && rc == 0; i++) {
        struct segment *s = v->segments[i];
        struct set_segment *to = &set->segments[set->count++];
        struct expansion x = *of;

        x.set = set;
        x.to = to;
        x.segment = s;
        to->segment = s;
        /* Where the number of documents is a multiple of 64 the last word stays empty; settle() counts it all the
         * same. */
        to->bits = calloc(s->stats.docs / 64 + 1u, sizeof *to->bits);
        rc = !to->bits     ? fihi_fail_nomem(err)
             : x.pattern   ? walk(&x, is_form ? LEVEL_FORM : LEVEL_STEM)
                           : want_roots(&x, i);
        if (rc == 0)
            rc = add_lists(&x);
        if (rc == 0)
            rc = settle(&x);
        free(x.wanted);
        free(x.weights);
        free(x.met);
        set->df += to->docs;
    }
    if (rc == 0)
        *out = set;
    else
        fihi_word_set_free(set);
    return rc;
}

/* In titles a pattern looks at stems: is_title says it to the walk and to add_block(). */
int fihi_word_set_new(struct word_set **out, struct pattern *p, bool is_title, const struct view *v,
                      struct deadline *deadline, fih_error *err)
{
    return new_set(out, &(struct expansion){.pattern = p, .deadline = deadline, .err = err}, is_title, v);
}

int fihi_word_set_roots(struct word_set **out, const struct query_term *readings, size_t n, const struct view *v,
                        struct deadline *deadline, fih_error *err)
{
    const struct expansion of = {.readings = readings, .reading_count = n, .deadline = deadline, .err = err};

    return new_set(out, &of, false, v);
}

/* What a term of the statistics adds: each stem that a form has, or a stem itself. */
static int add_listed(uint64_t *sum, const struct statistics *s, struct statistics_entry *e, bool is_form,
                      bool is_title, fih_error *err)
{
    struct statistics_row row;
    int rc;

    if (!is_form) {
        *sum += is_title ? e->title_df : e->df;
        return FIH_OK;
    }
    while ((rc = fihi_statistics_row(s, e, &row, err)) == FIH_OK)
        *sum += row.df;
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* The walk of walk(), through the words of the whole collection. Only a number comes of it: for the weight of a pattern
 * where this reader has a piece of a collection. The walk has the same jumps as that one, and the file's keys the same
 * order. */
int fihi_pattern_listed(uint64_t *out, struct pattern *p, bool is_title, const struct statistics *s,
                        struct deadline *deadline, fih_error *err)
{
    enum { SOME = 8 };
    const bool is_form = fihi_pattern_is_form(p) && !is_title;
    const enum level level = is_form ? LEVEL_FORM : LEVEL_STEM;
    uint8_t next[1 + PATTERN_NEXT] = {(uint8_t)level};
    struct statistics_walk w;
    unsigned passed = 0;
    bool has_sought = true;
    size_t n;
    int rc;

    *out = 0;
    fihi_pattern_restart(p);
    if ((rc = fihi_pattern_next(p, next + 1, &n)) == 0)
        rc = fihi_statistics_walk_from(&w, s, next, 1 + n, err);
    while (rc == 0 && (rc = fihi_statistics_walk_next(&w, err)) == 0 && w.key[0] <= level) {
        if (w.key_bytes > 1 && key_compare(w.key, w.key_bytes, next, 1 + n) >= 0) {
            passed = 0;
            has_sought = false;
            if (fihi_pattern_match(p, w.key + 1, w.key_bytes - 1) > 0)
                rc = add_listed(out, s, &w.entry, is_form, is_title, err);
            if (rc == 0)
                rc = fihi_pattern_next(p, next + 1, &n);
        } else if (++passed == SOME && !has_sought) {
            passed = 0;
            has_sought = true;                 /* to its block, of which the keys below are passed over */
            rc = fihi_statistics_walk_from(&w, s, next, 1 + n, err);
        }
        if (rc == 0)
            rc = fihi_deadline_check(deadline, err);
    }
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* 64 documents at a time. Bits behind the last document are never set. Reading a set is like reading a list with a
 * cursor: the first document from a place on. Empty stretches cost a load for 64 documents. */
uint32_t fihi_word_set_seek(const struct set_segment *s, uint32_t target)
{
    const uint32_t docs = s->segment->stats.docs;

    for (uint32_t w = target / 64; target < docs; target = ++w * 64) {
        const uint64_t bits = s->bits[w] >> target % 64;

        if (bits)
            return target + (uint32_t)__builtin_ctzll(bits);
    }
    return NO_DOC;
}
