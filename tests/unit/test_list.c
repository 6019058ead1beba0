/* test_list.c - posting lists against plain arrays, and against bytes that are wrong. */
#include "index/list.h"

#include "tap.h"

/* A list as plain arrays. */
struct plain {
    uint32_t  df, *docs, *freqs, **positions;
    uint8_t  *impacts;
    uint64_t  cf;
};

static uint64_t seed = 7;
static uint32_t rnd(uint32_t n) { return (uint32_t)(tap_random(&seed) % n); }

enum shape { DENSE, SPARSE, RAGGED };

static struct plain make_plain(uint32_t df, enum shape shape)
{
    struct plain p = {df, malloc(4 * (size_t)df), malloc(4 * (size_t)df), malloc(sizeof(uint32_t *) * df), malloc(df),
                      0};
    uint32_t doc = shape == RAGGED ? rnd(1000) : 0;

    for (uint32_t i = 0; i < df; i++) {
        const uint32_t most = shape == DENSE ? 1 : shape == SPARSE ? 3 : rnd(50) == 0 ? 700 : 2;
        uint32_t at = rnd(4);

        p.docs[i] = doc;
        doc += 1 + (shape == DENSE ? 0 : rnd(shape == SPARSE ? 30 : rnd(40) == 0 ? 20000 : 4));
        p.freqs[i] = 1 + rnd(most);
        p.positions[i] = malloc(4 * (size_t)p.freqs[i]);
        for (uint32_t k = 0; k < p.freqs[i]; k++, at += 1 + rnd(rnd(30) == 0 ? 100000 : 9))
            p.positions[i][k] = at;
        p.impacts[i] = (uint8_t)rnd(256);
        p.cf += p.freqs[i];
    }
    return p;
}

static void free_plain(struct plain *p)
{
    for (uint32_t i = 0; i < p->df; i++)
        free(p->positions[i]);
    free(p->docs);
    free(p->freqs);
    free(p->positions);
    free(p->impacts);
}

/* Its bytes, flush against pages that cannot be touched. */
struct coded {
    struct list_place at;
    uint8_t          *bytes, *positions;
};

static struct coded encode(const struct plain *p, int with_positions)
{
    struct list_writer w;
    struct coded c;

    memset(&w, 0, sizeof w);
    fihi_list_start(&w);
    for (uint32_t i = 0; i < p->df; i++)
        CHECK_INT_EQ(fihi_list_add(&w, p->docs[i], p->freqs[i], with_positions ? p->positions[i] : NULL, p->impacts[i]),
                     0);
    CHECK_INT_EQ(fihi_list_finish(&w), 0);
    CHECK_INT_EQ(w.df, p->df);
    CHECK_INT_EQ(w.cf, p->cf);
    c.bytes = guard_alloc(w.out.len);
    c.positions = guard_alloc(w.positions.len);
    if (w.out.len)
        memcpy(c.bytes, w.out.ptr, w.out.len);
    if (w.positions.len)
        memcpy(c.positions, w.positions.ptr, w.positions.len);
    c.at = (struct list_place){c.bytes, c.positions, w.out.len, w.positions.len, p->df, p->docs[0], p->cf,
                              p->docs[p->df - 1] + 1};
    fihi_list_writer_free(&w);
    return c;
}

static void free_coded(struct coded *c)
{
    guard_free(c->bytes, c->at.byte_count);
    guard_free(c->positions, c->at.position_bytes);
}

static int stands_right(struct cursor *c, const struct plain *p, uint32_t i, int with_positions)
{
    uint32_t count;
    const uint32_t *positions;

    if (!CHECK_INT_EQ(c->doc, p->docs[i], "posting %u of %u", i, p->df) ||
        !CHECK_INT_EQ(fihi_cursor_freq(c), p->freqs[i], "posting %u of %u", i, p->df))
        return 0;
    positions = fihi_cursor_positions(c, &count);
    if (!with_positions)
        return CHECK(positions == NULL && count == 0);
    return CHECK_INT_EQ(count, p->freqs[i]) && CHECK_MEM_EQ(positions, p->positions[i], 4 * (size_t)count);
}

static void round_trip(uint32_t df, enum shape shape, int with_positions)
{
    struct plain p = make_plain(df, shape);
    struct coded c = encode(&p, with_positions);
    struct cursor cur = {.doc = 0};
    uint32_t i = 0;

    if (CHECK_INT_EQ(fihi_cursor_open(&cur, &c.at), 0))
        for (uint32_t doc = cur.doc; doc != NO_DOC && i < df && stands_right(&cur, &p, i, with_positions);
             doc = fihi_cursor_next(&cur))
            i++;
    CHECK_INT_EQ(i, df);
    CHECK_INT_EQ(cur.doc, NO_DOC);
    CHECK_INT_EQ(fihi_cursor_next(&cur), NO_DOC);
    CHECK_INT_EQ(fihi_cursor_seek(&cur, NO_DOC - 1), NO_DOC);
    CHECK(!cur.is_broken);
    fihi_cursor_close(&cur);
    free_coded(&c);
    free_plain(&p);
}

static const uint32_t sizes[] = {1, 2, 127, 128, 129, 255, 256, 257, 1000, 100000};
enum { SIZES = sizeof sizes / sizeof *sizes };

static void lists_of_any_length_come_back_as_they_were(void)
{
    for (unsigned s = 0; s < SIZES; s++)
        for (unsigned shape = DENSE; shape <= RAGGED; shape++) {
            round_trip(sizes[s], (enum shape)shape, 1);
            round_trip(sizes[s], (enum shape)shape, 0);
        }
}

static void numbers_as_large_as_they_get_come_back(void)
{
    struct plain p = make_plain(300, RAGGED);
    struct coded c;
    struct cursor cur = {.doc = 0};
    uint32_t i = 0;

    p.docs[298] = NO_DOC - 2;
    p.docs[299] = NO_DOC - 1;
    p.positions[150] = realloc(p.positions[150], 8);
    p.cf += 2 - p.freqs[150];
    p.freqs[150] = 2;
    p.positions[150][0] = 0;
    p.positions[150][1] = UINT32_MAX;
    c = encode(&p, 1);
    CHECK_INT_EQ(fihi_cursor_open(&cur, &c.at), 0);
    for (; cur.doc != NO_DOC && i < 300 && stands_right(&cur, &p, i, 1); fihi_cursor_next(&cur))
        i++;
    CHECK_INT_EQ(i, 300);
    CHECK_INT_EQ(fihi_cursor_open(&cur, &c.at), 0);
    CHECK_INT_EQ(fihi_cursor_seek(&cur, NO_DOC - 1), NO_DOC - 1);
    fihi_cursor_close(&cur);
    free_coded(&c);
    free_plain(&p);
}

/* Steps of all kinds, each where the array says it must lead. */
static void wander(const struct plain *p, const struct coded *c)
{
    struct cursor cur = {.doc = 0};
    uint32_t i = 0;

    if (!CHECK_INT_EQ(fihi_cursor_open(&cur, &c->at), 0))
        return;
    while (i < p->df && stands_right(&cur, p, i, 1)) {
        const uint32_t how = rnd(10);

        if (how < 3) {
            fihi_cursor_next(&cur);
            i++;
        } else if (how == 3) {
            fihi_cursor_next_block(&cur);
            i = i / POSTING_BLOCK * POSTING_BLOCK + POSTING_BLOCK;
        } else {
            const uint32_t target = p->docs[i] + rnd(how < 6 ? 10 : how < 9 ? 2000 : 100000);

            fihi_cursor_seek(&cur, target);
            while (i < p->df && p->docs[i] < target)
                i++;
        }
    }
    CHECK(i >= p->df);
    CHECK_INT_EQ(cur.doc, NO_DOC);
    fihi_cursor_close(&cur);
}

static void seeking_leads_where_stepping_does(void)
{
    for (unsigned s = 0; s < SIZES; s++)
        for (unsigned shape = DENSE; shape <= RAGGED; shape++) {
            struct plain p = make_plain(sizes[s], (enum shape)shape);
            struct coded c = encode(&p, 1);

            for (unsigned i = 0; i < 20; i++)
                wander(&p, &c);
            free_coded(&c);
            free_plain(&p);
        }
}

static void skip_entries_bound_the_blocks_they_stand_for(void)
{
    for (unsigned s = 0; s < SIZES - 1; s++) {
        struct plain p = make_plain(sizes[s], SPARSE);
        struct coded c = encode(&p, 1);
        struct cursor cur = {.doc = 0};
        uint8_t impact, top = 0;

        CHECK_INT_EQ(fihi_cursor_open(&cur, &c.at), 0);
        for (uint32_t i = 0; i < p.df; i++) {
            const uint32_t end = i / POSTING_BLOCK * POSTING_BLOCK + POSTING_BLOCK;
            uint32_t last;

            fihi_cursor_peek(&cur, p.docs[i], &last, &impact);
            CHECK(impact >= p.impacts[i] && last >= p.docs[i], "posting %u of %u", i, p.df);
            if (end <= p.df && p.df > 1)
                CHECK_INT_EQ(last, p.docs[end - 1]);
            top = p.impacts[i] > top ? p.impacts[i] : top;
        }
        if (p.df > 1)
            CHECK_INT_EQ(fihi_cursor_top(&cur), top);
        else
            CHECK_INT_EQ(fihi_cursor_top(&cur), 255);
        fihi_cursor_close(&cur);
        free_coded(&c);
        free_plain(&p);
    }
}

static void impacts_are_not_below_what_they_stand_for(void)
{
    for (unsigned i = 0; i < 200000; i++) {
        const uint32_t freq = 1 + rnd(rnd(3) ? 20 : 100000), len = freq + rnd(rnd(2) ? 300 : 10000000);
        const float avg = (float)(1 + rnd(2000)) / 4;
        const double k = 1.2 * (0.5 + 0.5 * (double)len / (double)avg), sat = freq / (freq + k);

        if (!CHECK(
                fihi_impact(freq, len, avg) >= fmin(255, 255 * sat) && fihi_impact(freq, len, avg) <= 255 * sat + 1.01,
                "freq %u, len %u, avg %g: %u for %g", freq, len, (double)avg, fihi_impact(freq, len, avg), 255 * sat))
            return;
    }
}

/* ---- bytes that are wrong */

/* Read all there is. Whatever the bytes, documents do not go down and there are no more than were promised. */
static int drain(const struct list_place *at)
{
    struct cursor c = {.doc = 0};
    uint32_t steps = 0, last = 0, count, target = 0;
    uint8_t impact;
    int good = 1;

    if (fihi_cursor_open(&c, at) == 0) {
        fihi_cursor_top(&c);
        for (uint32_t doc = c.doc; good && doc != NO_DOC; doc = fihi_cursor_next(&c)) {
            good = doc >= last && doc < at->docs && steps++ < at->df;
            last = doc;
            if (fihi_cursor_freq(&c) < 100000 && !c.is_broken)
                fihi_cursor_positions(&c, &count);
        }
    }
    if (good && fihi_cursor_open(&c, at) == 0)
        for (steps = 0; good && c.doc != NO_DOC && target < NO_DOC - 300; steps++) {
            uint32_t end;

            target = c.doc > target ? c.doc + 1 + rnd(300) : target + 1 + rnd(300);
            fihi_cursor_peek(&c, target, &end, &impact);
            good = fihi_cursor_seek(&c, target) >= target && (c.doc < at->docs || c.doc == NO_DOC) && steps <= at->df &&
                   (target >= at->docs || end >= target) && end != NO_DOC;
            if (c.doc != NO_DOC && steps % 3 == 0)
                fihi_cursor_freq(&c);
        }
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

static void cut_lists_are_never_read_past_their_end(void)
{
    static const uint32_t some[] = {2, 127, 128, 129, 300, 1000};

    for (unsigned s = 0; s < sizeof some / sizeof *some; s++)
        for (unsigned shape = DENSE; shape <= RAGGED; shape++) {
            struct plain p = make_plain(some[s], (enum shape)shape);
            struct coded c = encode(&p, 1);

            truncate_bytes(&c, 1 + c.at.byte_count / 700);
            free_coded(&c);
            free_plain(&p);
        }
}

static void flipped_bytes_never_lead_astray(void)
{
    static const uint32_t some[] = {2, 129, 300, 1000};

    for (unsigned s = 0; s < sizeof some / sizeof *some; s++)
        for (unsigned shape = DENSE; shape <= RAGGED; shape++) {
            struct plain p = make_plain(some[s], (enum shape)shape);
            struct coded c = encode(&p, 1);

            for (unsigned i = 0; i < 4000; i++) {
                uint8_t *b = rnd(3) && c.at.byte_count ? &c.bytes[i % c.at.byte_count]
                                                       : &c.positions[rnd((uint32_t)c.at.position_bytes)];
                const uint8_t old = *b;

                *b = (uint8_t)(rnd(2) ? old ^ 1u << rnd(8) : rnd(256));
                CHECK(drain(&c.at), "list of %u, byte %u", p.df, i);
                *b = old;
            }
            free_coded(&c);
            free_plain(&p);
        }
}

/* The gaps of such a list wrap around, and add up to the right last document. */
static void documents_that_go_down_are_damage(void)
{
    for (uint32_t at = 1; at < 300; at++) {
        struct plain p = make_plain(300, DENSE);
        struct coded c;
        struct cursor cur = {.doc = 0};
        uint32_t steps = 0;

        p.docs[at] = rnd(2) ? p.docs[at - 1] - 1 - rnd(at) : UINT32_MAX - 1;   /* down itself, or the next one is */
        c = encode(&p, 1);
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
    struct plain p = make_plain(1000, RAGGED);
    struct coded c = encode(&p, 1);

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
    at.cf = UINT64_MAX;                        /* of one document: no more than it can hold */
    CHECK_INT_EQ(fihi_cursor_open(c, &at), FIH_OK);
    CHECK_INT_EQ(c->doc, 4);
    CHECK_INT_EQ(fihi_cursor_freq(c), UINT32_MAX);
    at = (struct list_place){.df = 300, .cf = 300, .docs = 400, .bytes = (const uint8_t *)"", .byte_count = 1};
    CHECK_INT_EQ(fihi_cursor_open(c, &at), FIH_E_CORRUPT);
    fihi_cursor_close(c);
    free(c);
}

int main(void)
{
    RUN(lists_of_any_length_come_back_as_they_were);
    RUN(numbers_as_large_as_they_get_come_back);
    RUN(seeking_leads_where_stepping_does);
    RUN(skip_entries_bound_the_blocks_they_stand_for);
    RUN(impacts_are_not_below_what_they_stand_for);
    RUN(cut_lists_are_never_read_past_their_end);
    RUN(flipped_bytes_never_lead_astray);
    RUN(documents_that_go_down_are_damage);
    RUN(a_count_that_is_wrong_is_noticed_or_harmless);
    RUN(a_single_document_out_of_range_is_damage);
    return DONE();
}
