/* test_list.c - posting lists against plain arrays, and against bytes that are wrong. */
#include <math.h>

#include "base/bytes.h"
#include "codec/pack.h"
#include "index/list_write.h"
#include "tap.h"

/* A list as plain arrays. */
struct plain {
    uint32_t                df, form_count, form_dfs[OWN_FORMS];
    struct posting         *postings;
    uint32_t              **positions;
    struct posting_lengths *lens;
    bool                    has_positions;
    uint64_t                cf;
};

static uint64_t seed = 7;
static uint32_t rnd(uint32_t n) { return (uint32_t)(tap_random(&seed) % n); }

enum shape { DENSE, SPARSE, RAGGED, SHAPES };
/* What stands beside the frequencies. */
enum numbers { NONE, FEW, MANY, KEYWORDS, HUGE_NUMBERS, NUMBERS };

enum { SEGMENT_DOCS = 100000000 };
static const float avg_text = 210.5f, avg_title = 7.25f;

static uint32_t make_freq(enum shape shape, enum numbers numbers)
{
    if (numbers == KEYWORDS)
        return 1;
    if (numbers == HUGE_NUMBERS)
        return rnd(3) ? 1 + rnd(UINT32_MAX) : UINT32_MAX - rnd(3);
    return 1 + rnd(shape == DENSE && numbers != MANY ? 1 : shape == SPARSE ? 3 : rnd(50) == 0 ? 700 : 2);
}

/* Split the frequency among forms, as many as there may be and chance says. */
static void make_forms(struct posting *p, uint32_t form_count, enum numbers numbers)
{
    const bool is_mixed = p->freq > 1 && form_count > 1 && rnd(numbers == FEW ? 20 : 3) == 0;
    const uint32_t most = p->freq < form_count ? p->freq : form_count;
    const uint32_t count = is_mixed ? 2 + rnd(most < 12 ? most - 1 : 11) : 1;
    struct posting_form *f = malloc(count * sizeof *f);
    uint32_t next = 0, left = p->freq - count;

    for (uint32_t i = 0; i < count; i++) {
        const uint32_t room = form_count - next - (count - i) + 1;       /* the others have to fit above */

        f[i].form = next + (is_mixed                           ? rnd(rnd(2) || room < 3 ? room : 3)
                            : rnd(numbers == FEW ? 10 : 2) ? 0
                                                               : rnd(room));
        next = f[i].form + 1;
        f[i].freq = 1 + (i + 1 < count && left ? rnd(rnd(2) ? left : left % 3 + 1) : 0);
        left -= f[i].freq - 1;
    }
    f[count - 1].freq += left;
    p->forms = f;
    p->form_count = count;
}

static void make_numbers(struct posting *p, uint32_t form_count, enum numbers numbers)
{
    uint32_t more = 0;

    if (numbers == FEW) {
        p->title = rnd(20) ? 0 : 1 + rnd(p->freq);
        more = rnd(10) ? 0 : 1 + rnd(5);
    } else if (numbers == MANY) {
        p->title = rnd(p->freq + 1);
        more = rnd(rnd(3) ? 5 : 1000000);
    } else if (numbers == HUGE_NUMBERS) {
        p->title = rnd(2) ? p->freq : rnd(p->freq);
        more = rnd(2) ? UINT32_MAX - p->freq : rnd(UINT32_MAX - p->freq + (p->freq > 1));
        more = more < ROOT_MORE_MAX ? more : ROOT_MORE_MAX;
    }
    p->root = p->freq + more;
    p->is_first = rnd(2);
    make_forms(p, form_count, numbers);
}

static struct plain make_plain(uint32_t df, enum shape shape, enum numbers numbers)
{
    static const uint32_t forms[NUMBERS] = {1, 3, 1000, 1, UINT32_MAX};
    struct plain p = {df, forms[numbers], {0}, malloc(df * sizeof *p.postings), malloc(sizeof(uint32_t *) * df),
                      malloc(df * sizeof *p.lens), numbers < KEYWORDS, 0};
    uint32_t doc = shape == RAGGED ? rnd(1000) : 0;

    for (uint32_t i = 0; i < df; i++) {
        struct posting *const one = &p.postings[i];
        uint32_t at = rnd(4);

        *one = (struct posting){.doc = doc, .freq = make_freq(shape, numbers)};
        doc += 1 + (shape == DENSE ? 0 : rnd(shape == SPARSE ? 30 : rnd(40) == 0 ? 20000 : 4));
        make_numbers(one, p.form_count, numbers);
        p.positions[i] = p.has_positions ? malloc(4 * (size_t)one->freq) : NULL;
        for (uint32_t k = 0; p.has_positions && k < one->freq; k++, at += 1 + rnd(rnd(30) == 0 ? 100000 : 9))
            p.positions[i][k] = at;
        p.lens[i] = (struct posting_lengths){1 + rnd(1000), rnd(30), numbers == KEYWORDS};
        p.cf += one->freq;
        for (uint32_t k = 0; k < one->form_count && one->forms[k].form < OWN_FORMS; k++)
            p.form_dfs[one->forms[k].form]++;
    }
    return p;
}

static void free_plain(struct plain *p)
{
    for (uint32_t i = 0; i < p->df; i++) {
        free(p->positions[i]);
        free((void *)(uintptr_t)p->postings[i].forms);
    }
    free(p->postings);
    free(p->positions);
    free(p->lens);
}

/* Its bytes, flush against pages that cannot be touched. */
struct coded {
    struct list_place at;
    uint8_t          *bytes, *positions;
};

static struct coded encode(const struct plain *p)
{
    struct list_writer w;
    struct coded c;
    uint32_t titles = 0, firsts = 0;

    memset(&w, 0, sizeof w);
    w.avg_text = avg_text;
    w.avg_title = avg_title;
    w.segment_docs = SEGMENT_DOCS;
    for (unsigned again = 0; again < 2; again++) {         /* a writer is used for many lists */
        fihi_list_start(&w);
        fihi_list_forms(&w, p->form_count, p->form_dfs, p->df);
        titles = firsts = 0;
        for (uint32_t i = 0; i < p->df; i++) {
            CHECK_INT_EQ(fihi_list_add(&w, &p->postings[i], p->has_positions ? p->positions[i] : NULL, &p->lens[i]), 0);
            titles += p->postings[i].title > 0;
            firsts += p->postings[i].is_first;
        }
    }
    CHECK_INT_EQ(fihi_list_finish(&w), 0);
    CHECK_INT_EQ(w.df, p->df);
    CHECK_INT_EQ(w.cf, p->cf);
    CHECK_INT_EQ(w.title_df, titles);
    CHECK_INT_EQ(w.first_df, firsts);
    c.bytes = guard_alloc(w.out.len);
    c.positions = guard_alloc(w.positions.len);
    if (w.out.len)
        memcpy(c.bytes, w.out.ptr, w.out.len);
    if (w.positions.len)
        memcpy(c.positions, w.positions.ptr, w.positions.len);
    c.at = (struct list_place){c.bytes, c.positions, w.out.len, w.positions.len, p->df, p->postings[0].doc, p->cf,
                              titles, p->form_count, p->postings[p->df - 1].doc + 1};
    fihi_list_writer_free(&w);
    return c;
}

static void free_coded(struct coded *c)
{
    guard_free(c->bytes, c->at.byte_count);
    guard_free(c->positions, c->at.position_bytes);
}

/* ---- what a cursor says, against the arrays */

static uint32_t form_freq(const struct posting *p, uint32_t form)
{
    for (uint32_t k = 0; k < p->form_count; k++)
        if (p->forms[k].form == form)
            return p->forms[k].freq;
    return 0;
}

/* One number at a time, in any order. */
static int singles_are_right(struct cursor *c, const struct posting *p)
{
    int good = 1;

    for (unsigned n = 0, at = rnd(4); good && n < 4; n++, at++) {
        const uint32_t form = rnd(3) ? p->forms[rnd(p->form_count)].form : rnd(5);

        if (at % 4 == 0)
            good = CHECK_INT_EQ(fihi_cursor_freq(c), p->freq);
        else if (at % 4 == 1)
            good = CHECK_INT_EQ(fihi_cursor_title(c), p->title);
        else if (at % 4 == 2)
            good = CHECK_INT_EQ(fihi_cursor_root(c), p->root);
        else
            good = CHECK_INT_EQ(fihi_cursor_form(c, form), form_freq(p, form), "form %u", form);
    }
    return good;
}

/* The arrays of the block, where we stand in it. */
static int arrays_are_right(struct cursor *c, const struct posting *p)
{
    const unsigned i = c->index;

    return CHECK(fihi_cursor_numbers(c)) && CHECK_INT_EQ(c->docs[i], p->doc) && CHECK_INT_EQ(c->freqs[i], p->freq) &&
           CHECK_INT_EQ(c->has_titles ? c->titles[i] : 0, p->title) &&
           CHECK_INT_EQ(root_of_code(c->freqs[i], c->has_roots ? c->root_codes[i] : 0), p->root) &&
           CHECK_INT_EQ(c->has_roots ? c->root_codes[i] % 2 == 0 : 1, p->is_first) &&
           CHECK_INT_EQ(c->has_forms ? c->form_codes[i] : 0,
                        p->form_count > 1 ? FORM_CODE_MIXED : form_code(p->forms[0].form));
}

static int posting_is_right(struct cursor *c, const struct posting *p)
{
    struct posting got;

    return CHECK(fihi_cursor_posting(c, &got)) && CHECK_INT_EQ(got.doc, p->doc) && CHECK_INT_EQ(got.freq, p->freq) &&
           CHECK_INT_EQ(got.title, p->title) && CHECK_INT_EQ(got.root, p->root) &&
           CHECK_INT_EQ(got.is_first, p->is_first) && CHECK_INT_EQ(got.form_count, p->form_count) &&
           CHECK_MEM_EQ(got.forms, p->forms, p->form_count * sizeof *p->forms);
}

static int positions_are_right(struct cursor *c, const struct plain *p, uint32_t i)
{
    uint32_t count;
    const uint32_t *const positions = fihi_cursor_positions(c, &count);

    if (!p->has_positions)
        return CHECK(positions == NULL && count == 0);
    return CHECK_INT_EQ(count, p->postings[i].freq) &&
           CHECK_MEM_EQ(positions, p->positions[i], 4 * (size_t)count);
}

/* How a walk asks: singly alone, so that blocks stay packed; or all ways. */
enum asked { NOTHING, SINGLY, WHOLE, ANYHOW, ASKED };

static int stands_right(struct cursor *c, const struct plain *p, uint32_t i, enum asked asked)
{
    const struct posting *const want = &p->postings[i];
    int good = CHECK_INT_EQ(c->doc, want->doc);

    if (good && (asked == SINGLY || (asked == ANYHOW && rnd(2))))
        good = singles_are_right(c, want);
    if (good && (asked == WHOLE || (asked == ANYHOW && rnd(8) == 0)))
        good = posting_is_right(c, want) && arrays_are_right(c, want) && singles_are_right(c, want);
    if (good && (asked == NOTHING || (asked == ANYHOW && rnd(2))))
        good = positions_are_right(c, p, i);
    return CHECK(good, "posting %u of %u", i, p->df);
}

static void walk(const struct plain *p, const struct coded *c, enum asked asked)
{
    struct cursor cur = {.doc = 0};
    uint32_t i = 0;

    if (CHECK_INT_EQ(fihi_cursor_open(&cur, &c->at), 0))
        for (uint32_t doc = cur.doc; doc != NO_DOC && i < p->df && stands_right(&cur, p, i, asked);
             doc = fihi_cursor_next(&cur))
            i++;
    CHECK_INT_EQ(i, p->df);
    CHECK_INT_EQ(cur.doc, NO_DOC);
    CHECK_INT_EQ(fihi_cursor_next(&cur), NO_DOC);
    CHECK_INT_EQ(fihi_cursor_seek(&cur, NO_DOC - 1), NO_DOC);
    CHECK(!cur.is_broken);
    fihi_cursor_close(&cur);
}

static const uint32_t sizes[] = {1, 2, 127, 128, 129, 255, 256, 257, 1000, 20000};
enum { SIZES = sizeof sizes / sizeof *sizes };

/* The first `count` lengths, every shape and kind of numbers; the short ones 20 times. */
static void with_lists(void (*fn)(const struct plain *p, const struct coded *c), unsigned count)
{
    for (unsigned s = 0; s < count; s++)
        for (unsigned shape = DENSE; shape < SHAPES; shape++)
            for (unsigned numbers = NONE; numbers < NUMBERS; numbers++)
                for (unsigned round = 0; round < (sizes[s] < 10 ? 20 : 1); round++) {
                    struct plain p = make_plain(sizes[s], (enum shape)shape, (enum numbers)numbers);
                    struct coded c = encode(&p);

                    fn(&p, &c);
                    free_coded(&c);
                    free_plain(&p);
                }
}

static void walk_all_ways(const struct plain *p, const struct coded *c)
{
    for (unsigned asked = NOTHING; asked < ASKED; asked++)
        walk(p, c, (enum asked)asked);
}

static void lists_of_any_length_come_back_as_they_were(void)
{
    with_lists(walk_all_ways, SIZES);
}

static void documents_and_positions_as_large_as_they_get_come_back(void)
{
    struct plain p = make_plain(300, RAGGED, FEW);
    struct coded c;
    struct cursor cur = {.doc = 0};

    p.postings[298].doc = NO_DOC - 2;
    p.postings[299].doc = NO_DOC - 1;
    p.positions[150] = realloc(p.positions[150], 8);
    p.cf += 2 - p.postings[150].freq;
    free((void *)(uintptr_t)p.postings[150].forms);
    p.postings[150].freq = 2;
    make_numbers(&p.postings[150], p.form_count, FEW);
    p.positions[150][0] = 0;
    p.positions[150][1] = UINT32_MAX;
    c = encode(&p);
    walk_all_ways(&p, &c);
    CHECK_INT_EQ(fihi_cursor_open(&cur, &c.at), 0);
    CHECK_INT_EQ(fihi_cursor_seek(&cur, NO_DOC - 1), NO_DOC - 1);
    fihi_cursor_close(&cur);
    free_coded(&c);
    free_plain(&p);
}

static void a_root_that_cannot_be_coded_is_refused(void)
{
    const struct posting_form form = {0, 1};
    struct posting p = {7, 1, 0, 1 + (uint32_t)ROOT_MORE_MAX + 1, true, &form, 1};
    const struct posting_lengths len = {1, 1, false};
    struct list_writer w;

    memset(&w, 0, sizeof w);
    fihi_list_start(&w);
    CHECK_INT_EQ(fihi_list_add(&w, &p, NULL, &len), FIH_E_LIMIT);
    p.root--;
    CHECK_INT_EQ(fihi_list_add(&w, &p, NULL, &len), FIH_OK);
    fihi_list_writer_free(&w);
}

/* Steps of all kinds, each where the array says it must lead. */
static void wander_once(const struct plain *p, const struct coded *c, enum asked asked)
{
    struct cursor cur = {.doc = 0};
    uint32_t i = 0;

    if (!CHECK_INT_EQ(fihi_cursor_open(&cur, &c->at), 0))
        return;
    while (i < p->df && stands_right(&cur, p, i, asked)) {
        const uint32_t how = rnd(10);

        if (how < 3) {
            fihi_cursor_next(&cur);
            i++;
        } else if (how == 3) {
            fihi_cursor_next_block(&cur);
            i = i / POSTING_BLOCK * POSTING_BLOCK + POSTING_BLOCK;
        } else {
            const uint32_t target = p->postings[i].doc + rnd(how < 6 ? 10 : how < 9 ? 2000 : 100000);

            fihi_cursor_seek(&cur, target);
            while (i < p->df && p->postings[i].doc < target)
                i++;
        }
    }
    CHECK(i >= p->df);
    CHECK_INT_EQ(cur.doc, NO_DOC);
    fihi_cursor_close(&cur);
}

static void wander(const struct plain *p, const struct coded *c)
{
    for (unsigned i = 0; i < 20; i++)
        wander_once(p, c, (enum asked)(i % ASKED));
}

static void seeking_leads_where_stepping_does(void)
{
    with_lists(wander, SIZES);
}

/* ---- bounds and floors */

static uint8_t max8(uint8_t a, uint8_t b) { return a > b ? a : b; }

static double share_of(uint32_t freq, uint32_t len, float avg)
{
    return freq / (freq + 0.9 * (0.5 + 0.5 * (double)len / (double)avg));
}

/* What a posting has of the weighted sum of FORMAT.md. */
static double best_of(const struct posting *p, const struct posting_lengths *len)
{
    if (len->is_keyword)
        return BEST_TOTAL;
    return 0.5 * share_of(p->freq, len->text, avg_text) + 0.75 * share_of(p->root, len->text, avg_text) +
           (p->title ? 0.6 * share_of(p->title, len->title, avg_title) : 0);
}

static void raise_bounds(struct list_bounds *b, const struct posting *p, const struct posting_lengths *len)
{
    const unsigned best = (unsigned)ceil(fmin(255, 255 * best_of(p, len) / 1.85));

    b->stem = max8(b->stem, len->is_keyword ? 255 : fihi_impact(p->freq, len->text, avg_text));
    b->root = max8(b->root, len->is_keyword ? 255 : fihi_impact(p->root, len->text, avg_text));
    b->title = max8(b->title, p->title ? fihi_impact(p->title, len->title, avg_title) : 0);
    b->best = max8(b->best, (uint8_t)best);
}

/* Of the sum a bound may be one more: it is computed in floats, with a little added. */
static void bounds_are(const struct list_bounds *got, const struct list_bounds *want, const char *what, uint32_t i)
{
    CHECK(got->stem == want->stem && got->root == want->root && got->title == want->title &&
              got->best >= want->best && got->best <= want->best + 1,
          "%s %u: %u %u %u %u, want %u %u %u %u", what, i, got->stem, got->root, got->title, got->best, want->stem,
          want->root, want->title, want->best);
}

/* Shares are bounds of what postings with a form have, and not much more than the best of them has. */
static void shares_are_right(const struct plain *p, const struct cursor *c, uint32_t from, uint32_t end)
{
    const uint32_t block = from / POSTING_BLOCK;
    const double base = (double)fihi_cursor_bounds(c, block).best / 255 * 1.85;

    for (uint32_t form = 0; form < 16 && form < p->form_count; form++) {
        const double weight = form < 15 ? c->form_weights[form] / 32.0 : 1;
        const double got = (form < 15 ? base : 0) + cursor_form_share(c, block, form) * weight / 15;
        double most = -1;

        for (uint32_t i = from; i < end; i++)
            for (uint32_t k = 0; k < p->postings[i].form_count; k++) {
                const struct posting_form *const f = &p->postings[i].forms[k];
                const double share = p->lens[i].is_keyword ? 1 : share_of(f->freq, p->lens[i].text, avg_text);
                const double sum = form < 15 ? best_of(&p->postings[i], &p->lens[i]) + weight * share : share;

                if (f->form == form || (form == 15 && f->form > 15))
                    most = sum > most ? sum : most;
            }
        CHECK(most < 0 ? cursor_form_share(c, block, form) == 0
                       : got > most - 1e-6 && (got < most + weight / 14 || cursor_form_share(c, block, form) == 1),
              "form %u of block %u: %g for %g", form, block, got, most);
    }
}

static void skips_are_right(const struct plain *p, const struct coded *c)
{
    struct cursor cur = {.doc = 0};
    struct list_bounds got;
    const uint8_t title = c->at.title_df ? 255 : 0;

    CHECK_INT_EQ(fihi_cursor_open(&cur, &c->at), 0);
    for (uint32_t from = 0; from < p->df; from += POSTING_BLOCK) {
        struct list_bounds want = {0, 0, 0, 0};
        uint16_t forms = 0;
        uint32_t last, end = from + POSTING_BLOCK < p->df ? from + POSTING_BLOCK : p->df;

        for (uint32_t i = from; i < end; i++) {
            raise_bounds(&want, &p->postings[i], &p->lens[i]);
            for (uint32_t k = 0; k < p->postings[i].form_count; k++)
                forms |= (uint16_t)(1 << (p->postings[i].forms[k].form < 15 ? p->postings[i].forms[k].form : 15));
        }
        if (p->df < POSTING_BLOCK) {           /* little is kept of so few, and nothing of one */
            const uint8_t stem = p->df > 1 ? want.stem : 255, root = p->df > 1 ? want.root : 255;

            forms = UINT16_MAX;
            want = (struct list_bounds){stem, root, title, 0};
            want.best = (uint8_t)ceil((0.5 * stem + 0.75 * root + 0.6 * title) / 1.85);
        } else {
            shares_are_right(p, &cur, from, end);
        }
        for (uint32_t i = from; i < end; i += 1 + rnd(9)) {
            const uint32_t block = fihi_cursor_peek(&cur, p->postings[i].doc, &last);

            CHECK_INT_EQ(block, from / POSTING_BLOCK);
            CHECK_INT_EQ(fihi_cursor_find(&cur, p->postings[i].doc), block);
            got = fihi_cursor_bounds(&cur, block);
            bounds_are(&got, &want, "posting", i);
            CHECK_INT_EQ(fihi_cursor_forms(&cur, block), forms, "posting %u", i);
            CHECK_INT_EQ(last, end == from + POSTING_BLOCK ? p->postings[end - 1].doc : NO_DOC - 1);
        }
    }
    fihi_cursor_close(&cur);
}

/* Blocks are entered in any order, and read as when they are met. */
static void entering_leads_anywhere(const struct plain *p, const struct coded *c)
{
    struct cursor cur = {.doc = 0};
    struct posting got;

    CHECK_INT_EQ(fihi_cursor_open(&cur, &c->at), 0);
    for (unsigned turn = 0; turn < 40 && p->df >= POSTING_BLOCK; turn++) {
        const uint32_t block = rnd(p->df / POSTING_BLOCK + 1), first = block * POSTING_BLOCK;
        const uint32_t i = first + (p->df > first ? rnd(p->df - first < POSTING_BLOCK ? p->df - first : 128) : 0);

        CHECK_INT_EQ(fihi_cursor_enter(&cur, block), first < p->df ? p->postings[first].doc : NO_DOC);
        for (unsigned step = 0; step < 6 && first < p->df; step++) {
            const unsigned to = rnd(p->df - first < POSTING_BLOCK ? p->df - first : POSTING_BLOCK);

            cursor_step(&cur, to);             /* forward and back: numbers of mixed forms are found from the last on */
            singles_are_right(&cur, &p->postings[first + to]);
        }
        cursor_step(&cur, 0);
        if (first < p->df && CHECK_INT_EQ(fihi_cursor_seek(&cur, p->postings[i].doc), p->postings[i].doc))
            CHECK(fihi_cursor_posting(&cur, &got) && got.freq == p->postings[i].freq &&
                      got.root == p->postings[i].root && got.title == p->postings[i].title, "posting %u", i);
    }
    fihi_cursor_close(&cur);
}

static void blocks_are_entered_in_any_order(void)
{
    with_lists(entering_leads_anywhere, SIZES);
}

static void skip_entries_bound_the_blocks_they_stand_for(void)
{
    with_lists(skips_are_right, SIZES - 1);
}

static int down(const void *a, const void *b)
{
    return *(const uint8_t *)b - *(const uint8_t *)a;
}

static void floors_are_right(const struct plain *p, const struct coded *c)
{
    static const uint32_t counts[FLOORS] = {20, 100, 1000};
    struct cursor cur = {.doc = 0};
    uint8_t *impacts = calloc(p->df, 1);

    for (uint32_t i = 0; i < p->df; i++)
        if (!p->lens[i].is_keyword)
            impacts[i] = (uint8_t)fmax(0, 255 * best_of(&p->postings[i], &p->lens[i]) / 1.85 - 0.002);
    qsort(impacts, p->df, 1, down);
    CHECK_INT_EQ(fihi_cursor_open(&cur, &c->at), 0);
    for (unsigned k = 0; k < FLOORS; k++)
        CHECK_INT_EQ(fihi_cursor_floor(&cur, k),
                     p->df >= POSTING_BLOCK && p->df >= counts[k] ? impacts[counts[k] - 1] : 0, "%u of %u", counts[k],
                     p->df);
    CHECK_INT_EQ(fihi_cursor_floor(&cur, FLOORS), 0);
    fihi_cursor_close(&cur);
    free(impacts);
}

static void floors_are_what_the_best_documents_reach(void)
{
    with_lists(floors_are_right, SIZES);
}

static void impacts_are_not_below_what_they_stand_for_and_floors_not_above(void)
{
    for (unsigned i = 0; i < 200000; i++) {
        const uint32_t freq = rnd(50) ? 1 + rnd(rnd(3) ? 20 : 100000) : UINT32_MAX - rnd(3);
        const uint32_t len = rnd(20) ? rnd(rnd(2) ? 300 : 10000000) : UINT32_MAX;
        const float avg = rnd(50) ? (float)(1 + rnd(2000)) / 4 : 0;
        const double k = 0.9 * (0.5 + 0.5 * (double)len / (avg > 0 ? (double)avg : 1)), sat = freq / (freq + k);
        const uint8_t up = fihi_impact(freq, len, avg), low = fihi_impact_down((float)sat);

        if (!CHECK(up >= fmin(255, 255 * sat) && up <= 255 * sat + 1.01 && low <= 255 * sat && low >= 255 * sat - 1.01,
                   "freq %u, len %u, avg %g: %u and %u for %g", freq, len, (double)avg, up, low, 255 * sat))
            return;
    }
}

/* ---- bytes that are wrong */

/* Whatever the bytes: a posting that is given out holds together, and is what single reads say. */
static int holds_together(struct cursor *c, const struct list_place *at)
{
    const uint32_t title = rnd(2) ? fihi_cursor_title(c) : NO_DOC, root = rnd(2) ? fihi_cursor_root(c) : NO_DOC;
    const uint32_t form = rnd(4), of = rnd(2) ? fihi_cursor_form(c, form) : NO_DOC, freq = fihi_cursor_freq(c);
    struct posting p;
    uint64_t sum = 0;

    if (c->is_broken || !fihi_cursor_posting(c, &p))
        return c->is_broken && c->doc == NO_DOC && fihi_cursor_freq(c) == 0 && fihi_cursor_root(c) == 0;
    for (uint32_t i = 0; i < p.form_count; i++) {
        sum += p.forms[i].freq;
        if (p.forms[i].freq == 0 || p.forms[i].form >= at->form_count || (i && p.forms[i].form <= p.forms[i - 1].form))
            return 0;
    }
    return sum == p.freq && p.freq == freq && p.freq > 0 && p.title <= p.freq && p.root >= p.freq &&
           (title == NO_DOC || title == p.title) &&
           (root == NO_DOC || root == p.root) && (of == NO_DOC || of == form_freq(&p, form));
}

/* Read all there is: documents do not go down and there are no more than were promised. */
static int drain_steps(struct cursor *c, const struct list_place *at)
{
    uint32_t steps = 0, last = 0, count;
    int good = 1;

    for (uint32_t i = 0; i <= c->block_count; i++)
        fihi_cursor_forms(c, i);
    for (uint32_t doc = c->doc; good && doc != NO_DOC; doc = fihi_cursor_next(c)) {
        good = doc >= last && doc < at->docs && steps++ < at->df && (rnd(4) || holds_together(c, at));
        last = doc;
        if (!c->is_broken && fihi_cursor_freq(c) < 100000 && !c->is_broken)
            fihi_cursor_positions(c, &count);
    }
    return good;
}

static int drain_seeks(struct cursor *c, const struct list_place *at)
{
    uint32_t target = 0, end;
    int good = 1;

    for (uint32_t steps = 0; good && c->doc < NO_DOC - 300 && target < NO_DOC - 300; steps++) {
        target = c->doc > target ? c->doc + 1 + rnd(300) : target + 1 + rnd(300);
        fihi_cursor_bounds(c, fihi_cursor_peek(c, target, &end));
        good = fihi_cursor_seek(c, target) >= target && (c->doc < at->docs || c->doc == NO_DOC) && steps <= at->df &&
               (target >= at->docs || end >= target) && end != NO_DOC;
        if (good && c->doc != NO_DOC && steps % 3 == 0)
            good = holds_together(c, at);
    }
    return good;
}

static int drain(const struct list_place *at)
{
    struct cursor c = {.doc = 0};
    uint32_t end;
    int good = 1;

    if (fihi_cursor_open(&c, at) == 0)
        good = drain_steps(&c, at);
    if (good && fihi_cursor_open(&c, at) == 0)
        good = drain_seeks(&c, at);
    fihi_cursor_bounds(&c, fihi_cursor_peek(&c, 0, &end));     /* also of what could not be opened */
    fihi_cursor_forms(&c, 0);
    fihi_cursor_floor(&c, 0);
    fihi_cursor_close(&c);
    return good;
}

static void truncate_bytes(const struct coded *c, size_t step)
{
    for (size_t n = 0; n < c->at.byte_count; n += step) {
        struct list_place at = c->at;
        uint8_t *cut = guard_alloc(n);

        memcpy(cut, c->bytes, n);
        at.bytes = cut;
        at.byte_count = n;
        CHECK(drain(&at), "%zu of %zu bytes", n, c->at.byte_count);
        guard_free(cut, n);
    }
    for (size_t n = 0; n < c->at.position_bytes; n += step) {
        struct list_place at = c->at;
        uint8_t *cut = guard_alloc(n);

        memcpy(cut, c->positions, n);
        at.positions = cut;
        at.position_bytes = n;
        CHECK(drain(&at), "%zu of %zu bytes of positions", n, c->at.position_bytes);
        guard_free(cut, n);
    }
}

static void cut(const struct plain *p, const struct coded *c)
{
    (void)p;
    truncate_bytes(c, 1 + c->at.byte_count / 300);
}

static void cut_lists_are_never_read_past_their_end(void)
{
    with_lists(cut, SIZES - 1);
}

static void flip(const struct plain *p, const struct coded *c)
{
    const size_t skips = p->df / POSTING_BLOCK * 12;

    for (unsigned i = 0; i < 1500 && c->at.byte_count + c->at.position_bytes > 0; i++) {
        const bool is_position = c->at.byte_count == 0 || (c->at.position_bytes && rnd(4) == 0);
        uint8_t *b = is_position ? &c->positions[rnd((uint32_t)c->at.position_bytes)]
                     : rnd(4)    ? &c->bytes[skips + rnd((uint32_t)(c->at.byte_count - skips))]
                                 : &c->bytes[i % c->at.byte_count];
        const uint8_t old = *b;

        *b = (uint8_t)(rnd(2) ? old ^ 1u << rnd(8) : rnd(256));
        CHECK(drain(&c->at), "list of %u, byte %u", p->df, i);
        *b = old;
    }
}

static void flipped_bytes_never_lead_astray(void)
{
    with_lists(flip, SIZES - 1);
}

/* ---- lists that are whole, but not what the dictionary says */

static bool is_noticed(const struct list_place *at)
{
    struct cursor c = {.doc = 0};
    struct posting p;
    bool is_broken;

    fihi_cursor_open(&c, at);
    for (uint32_t steps = 0; c.doc != NO_DOC && steps < at->df; steps++, fihi_cursor_next(&c))
        fihi_cursor_posting(&c, &p);
    is_broken = c.is_broken;
    fihi_cursor_close(&c);
    return is_broken;
}

static void lower_forms(const struct plain *p, const struct coded *c)
{
    struct list_place at = c->at;
    uint32_t most = 0;

    for (uint32_t i = 0; i < p->df; i++)
        most = p->postings[i].forms[p->postings[i].form_count - 1].form > most
                   ? p->postings[i].forms[p->postings[i].form_count - 1].form
                   : most;
    at.form_count = most + 1;
    CHECK(!is_noticed(&at), "list of %u", p->df);
    at.form_count = most;
    CHECK(most == 0 || is_noticed(&at), "list of %u", p->df);
}

static void a_form_that_the_list_has_not_is_damage(void)
{
    with_lists(lower_forms, SIZES);
}

/* A byte more at the end, of a list and of a single document's numbers. */
static void append(const struct plain *p, const struct coded *c)
{
    struct list_place at = c->at;
    uint8_t *more = guard_alloc(at.byte_count + 1);

    memcpy(more, c->bytes, at.byte_count);
    more[at.byte_count] = (uint8_t)rnd(2);
    at.bytes = more;
    at.byte_count++;
    CHECK(p->df % POSTING_BLOCK == 0 || is_noticed(&at), "list of %u", p->df);
    guard_free(more, at.byte_count);
}

static void bytes_left_over_are_damage(void)
{
    with_lists(append, SIZES);
}

/* The gaps of such a list wrap around, and add up to the right last document. */
static void documents_that_go_down_are_damage(void)
{
    for (uint32_t at = 1; at < 300; at++) {
        struct plain p = make_plain(300, DENSE, FEW);
        struct coded c;
        struct cursor cur = {.doc = 0};
        uint32_t steps = 0;

        /* Down itself, or the next one is. */
        p.postings[at].doc = rnd(2) ? p.postings[at - 1].doc - 1 - rnd(at) : UINT32_MAX - 1;
        c = encode(&p);
        CHECK(drain(&c.at), "document %u", at);
        if (fihi_cursor_open(&cur, &c.at) == 0)
            while (cur.doc != NO_DOC && steps <= 300)
                steps += fihi_cursor_next(&cur) != NO_DOC;
        CHECK(cur.is_broken || at == 299, "document %u", at);
        fihi_cursor_close(&cur);
        free_coded(&c);
        free_plain(&p);
    }
}

static void a_count_that_is_wrong_is_noticed_or_harmless(void)
{
    struct plain p = make_plain(1000, RAGGED, MANY);
    struct coded c = encode(&p);

    for (unsigned i = 0; i < 2000; i++) {
        struct list_place at = c.at;

        at.df = rnd(2) ? rnd(3000) + 2 : (uint32_t)tap_random(&seed) | 2;
        CHECK(drain(&at), "%u", at.df);
    }
    free_coded(&c);
    free_plain(&p);
}

static void a_single_document_out_of_range_is_damage(void)
{
    struct cursor *c = calloc(1, sizeof *c);
    struct list_place at = {.df = 1, .cf = 1, .single = 5, .docs = 5};

    CHECK_INT_EQ(fihi_cursor_open(c, &at), FIH_E_CORRUPT);
    CHECK(c->is_broken && c->doc == NO_DOC);
    at.single = 4;
    at.cf = UINT32_MAX;
    CHECK_INT_EQ(fihi_cursor_open(c, &at), FIH_OK);
    CHECK_INT_EQ(c->doc, 4);
    CHECK_INT_EQ(fihi_cursor_freq(c), UINT32_MAX);
    at.cf++;                                   /* of one document: more than it can hold */
    CHECK_INT_EQ(fihi_cursor_open(c, &at), FIH_E_CORRUPT);
    CHECK_INT_EQ(fihi_cursor_freq(c), 0);
    at = (struct list_place){.df = 300, .cf = 300, .docs = 400, .bytes = (const uint8_t *)"", .byte_count = 1};
    CHECK_INT_EQ(fihi_cursor_open(c, &at), FIH_E_CORRUPT);
    fihi_cursor_close(c);
    free(c);
}

/* A list of one block put together by hand: documents 0 to 127, and what the case says of the one at 77. */
struct block_case {
    const char *what;
    uint32_t    freq;                          /* less one, as it is packed */
    uint8_t     flags;
    uint32_t    form, title, root;             /* codes */
    uint8_t     mixed[12];
    size_t      mixed_bytes;
    bool        is_good, is_single_bad;        /* seen when the number is read alone, too */
};

enum { ODD = 77 };

static uint8_t *put_pack(uint8_t *p, uint32_t all, uint32_t odd)
{
    uint32_t values[PACK_BLOCK];

    for (unsigned i = 0; i < PACK_BLOCK; i++)
        values[i] = i == ODD ? odd : all;
    return p + fihi_pack(values, p);
}

static size_t put_block(uint8_t *out, const struct block_case *b)
{
    const uint32_t codes[] = {b->form, b->title, b->root};
    uint32_t gaps[PACK_BLOCK];
    uint8_t *const blocks = out + 12 + 2 * BOUNDS + FLOORS + 3 + 2 * share_rows(3), *p;      /* of three forms */

    for (unsigned i = 0; i < PACK_BLOCK; i++)
        gaps[i] = i > 0;
    memset(out, 0, (size_t)(blocks - out));
    p = blocks + fihi_pack(gaps, blocks);
    p = put_pack(p, 0, b->freq);
    *p++ = b->flags;
    for (unsigned k = 0; k < 3; k++)
        if (b->flags >> k & 1)
            p = put_pack(p, 0, codes[k]);
    memcpy(p, b->mixed, b->mixed_bytes);
    p += b->mixed_bytes;
    put_u32(out, PACK_BLOCK - 1);
    put_u32(out + 4, (uint32_t)(p - blocks));
    return (size_t)(p - out);
}

static const struct block_case cases[] = {
    {"nothing", 4, 0, 0, 0, 0, {0}, 0, true, false},
    {"a form", 4, 1, 3, 0, 0, {0}, 0, true, false},
    {"a form that is not there", 4, 1, 4, 0, 0, {0}, 0, false, false},
    {"the last form there could be", 4, 1, UINT32_MAX, 0, 0, {0}, 0, false, false},
    {"a title", 4, 2, 0, 5, 0, {0}, 0, true, false},
    {"more in the title than there are", 4, 2, 0, 6, 0, {0}, 0, false, true},
    {"roots", 4, 4, 0, 0, UINT32_MAX - 1, {0}, 0, true, false},
    {"a root above 32 bits", UINT32_MAX - 1, 4, 0, 0, 2, {0}, 0, false, true},
    {"a frequency above 32 bits", UINT32_MAX, 0, 0, 0, 0, {0}, 0, false, true},
    {"a flag that is none", 4, 16, 0, 0, 0, {0}, 0, false, true},
    {"mixed forms", 4, 9, 1, 0, 0, {192, 0, 0, 1}, 4, true, false},
    {"mixed forms without the flag", 4, 1, 1, 0, 0, {192, 0, 0, 1}, 4, false, true},
    {"mixed forms that are not there", 4, 1, 1, 0, 0, {0}, 0, false, true},
    {"mixed forms of no posting", 4, 9, 2, 0, 0, {192, 0, 0, 1}, 4, false, false},
    {"mixed forms of no posting, and no codes", 4, 8, 0, 0, 0, {192, 0, 0, 1}, 4, false, false},
    {"a byte behind the mixed forms", 4, 9, 1, 0, 0, {192, 0, 0, 1, 0}, 5, false, true},
    {"mixed forms cut short", 4, 9, 1, 0, 0, {192, 0, 0}, 3, false, true},
    {"mixed forms, the second not there", 4, 9, 1, 0, 0, {192, 0, 0, 2}, 4, false, true},
    {"mixed forms, the first takes all", 4, 9, 1, 0, 0, {192, 0, 4, 0}, 4, false, true},
    {"mixed forms, the first leaves one", 4, 9, 1, 0, 0, {192, 0, 3, 0}, 4, true, false},
    {"mixed forms, the second has none left", 4, 9, 1, 0, 0, {193, 0, 3, 0, 0, 0}, 6, false, true},
    {"two forms in a byte", 4, 9, 1, 0, 0, {1 | 3 << 5}, 1, true, false},
    {"two forms in a byte, the first not there", 4, 9, 1, 0, 0, {3}, 1, false, true},
    {"two forms in a byte, the second not there", 4, 9, 1, 0, 0, {1 | 1 << 2}, 1, false, true},
    {"two forms in a byte, the first takes all", 3, 9, 1, 0, 0, {3 << 5}, 1, false, true},
    {"two forms in two bytes", 4, 9, 1, 0, 0, {128 | 3 << 3, 1}, 2, true, false},
    {"two forms in two bytes, the first not there", 4, 9, 1, 0, 0, {128 | 3, 0}, 2, false, true},
    {"two forms in two bytes, the second far off", 4, 9, 1, 0, 0, {128, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F}, 6, false, true},
    {"two forms in two bytes, the first takes all", 4, 9, 1, 0, 0, {128 | 4 << 3, 1}, 2, false, true},
    {"two forms in two bytes, cut short", 4, 9, 1, 0, 0, {128}, 1, false, true},
    {"no mixed forms at all", 4, 9, 1, 0, 0, {0}, 0, false, true},
    {"mixed forms of a single occurrence", 0, 9, 1, 0, 0, {192, 0, 0, 1}, 4, false, true},
    {"a byte behind all", 4, 0, 0, 0, 0, {0}, 1, false, true},
};

/* Each number of the case alone, from a block that is not unpacked. */
static void read_singly(const struct list_place *at, const struct block_case *b)
{
    bool is_broken = false;

    for (unsigned k = 0; k < 4; k++) {
        struct cursor c = {.doc = 0};
        uint32_t got;

        fihi_cursor_open(&c, at);
        REQUIRE(fihi_cursor_seek(&c, ODD) == ODD, "%s", b->what);
        got = k == 0   ? fihi_cursor_freq(&c)
              : k == 1 ? fihi_cursor_title(&c)
              : k == 2 ? fihi_cursor_root(&c)
                       : fihi_cursor_form(&c, 0);
        CHECK(!c.is_broken || (got == 0 && c.doc == NO_DOC), "%s", b->what);
        is_broken |= c.is_broken;
        fihi_cursor_close(&c);
    }
    CHECK_INT_EQ(is_broken, b->is_single_bad, "%s", b->what);
}

static void each_way_to_break_a_block_is_noticed(void)
{
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t bytes[4000];
        struct cursor c = {.doc = 0};
        struct list_place at = {.bytes = bytes, .df = POSTING_BLOCK, .form_count = 3, .docs = POSTING_BLOCK};

        at.byte_count = put_block(bytes, &cases[i]);
        CHECK_INT_EQ(fihi_cursor_open(&c, &at), FIH_OK, "%s", cases[i].what);
        CHECK_INT_EQ(fihi_cursor_numbers(&c), cases[i].is_good, "%s", cases[i].what);
        CHECK_INT_EQ(c.is_broken, !cases[i].is_good, "%s", cases[i].what);
        CHECK(!c.no_memory, "%s", cases[i].what);
        fihi_cursor_close(&c);
        read_singly(&at, &cases[i]);
    }
}

/* Numbers of a single document: as in a tail. */
static const struct {
    const char *what;
    uint64_t    numbers[7];
    unsigned    count;
    bool        is_good;
} tails[] = {
    {"a form", {3 << 2}, 1, true},
    {"a form that is not there", {4 << 2}, 1, false},
    {"a form above 32 bits", {(UINT64_C(1) << 34) + (3 << 2)}, 1, false},
    {"nothing", {0}, 1, false},
    {"a title", {2, 9}, 2, true},
    {"more in the title than there are", {2, 10}, 2, false},
    {"a root", {1, 7}, 2, true},
    {"a root above 32 bits", {1, UINT32_MAX}, 2, false},
    {"all", {1 << 2 | 3, 9, UINT32_MAX - 1, 192, 0, 8, 0}, 7, true},
    {"mixed forms, more than there are", {1 << 2, 193, 0, 0, 0, 0, 1}, 7, false},
    {"mixed forms, more than can be", {1 << 2, 255, UINT32_MAX - 2}, 3, false},
    {"mixed forms, more than can be counted", {1 << 2, 255, UINT32_MAX, 0, 0}, 5, false},
    {"mixed forms, far more than there are bytes", {1 << 2, 200, 0, 0, 0, 0, 0}, 7, false},
};

static void each_way_to_break_a_tail_is_noticed(void)
{
    for (unsigned i = 0; i < sizeof tails / sizeof *tails; i++) {
        uint8_t bytes[80], *p = bytes;
        struct cursor c = {.doc = 0};
        struct list_place at = {.bytes = bytes, .df = 1, .cf = 10, .form_count = 3, .docs = 1};

        for (unsigned k = 0; k < tails[i].count; k++)
            if (tails[i].numbers[k] >= MIXED_TWO && tails[i].numbers[k] <= UINT8_MAX)      /* a byte */
                *p++ = (uint8_t)tails[i].numbers[k];
            else
                p = put_varint(p, tails[i].numbers[k]);
        at.byte_count = (size_t)(p - bytes);
        CHECK_INT_EQ(fihi_cursor_open(&c, &at), tails[i].is_good ? FIH_OK : FIH_E_CORRUPT, "%s", tails[i].what);
        fihi_cursor_close(&c);
    }
}

static void a_lie_about_mixed_forms_takes_no_memory(void)
{
    uint8_t bytes[20] = {1 << 2, MIXED_ANY + MIXED_MORE}, *const end = put_varint(bytes + 2, UINT32_MAX - 70);
    struct list_place at = {.bytes = bytes, .byte_count = (size_t)(end - bytes), .df = 1, .cf = UINT32_MAX,
                            .form_count = UINT32_MAX, .docs = 1};
    struct cursor c = {.doc = 0};

    CHECK_INT_EQ(fihi_cursor_open(&c, &at), FIH_E_CORRUPT);
    CHECK(!c.no_memory && c.mixed_cap == 0);
    fihi_cursor_close(&c);
}

int main(void)
{
    RUN(lists_of_any_length_come_back_as_they_were);
    RUN(documents_and_positions_as_large_as_they_get_come_back);
    RUN(a_root_that_cannot_be_coded_is_refused);
    RUN(seeking_leads_where_stepping_does);
    RUN(skip_entries_bound_the_blocks_they_stand_for);
    RUN(blocks_are_entered_in_any_order);
    RUN(floors_are_what_the_best_documents_reach);
    RUN(impacts_are_not_below_what_they_stand_for_and_floors_not_above);
    RUN(cut_lists_are_never_read_past_their_end);
    RUN(flipped_bytes_never_lead_astray);
    RUN(documents_that_go_down_are_damage);
    RUN(a_count_that_is_wrong_is_noticed_or_harmless);
    RUN(a_form_that_the_list_has_not_is_damage);
    RUN(bytes_left_over_are_damage);
    RUN(each_way_to_break_a_block_is_noticed);
    RUN(each_way_to_break_a_tail_is_noticed);
    RUN(a_lie_about_mixed_forms_takes_no_memory);
    RUN(a_single_document_out_of_range_is_damage);
    return DONE();
}
