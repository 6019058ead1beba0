/* test_dict.c - the dictionary's values against a plain list of terms. */
#include "index/dict.h"

#include "base/bytes.h"
#include "index/list.h"
#include "place.h"
#include "store/keys.h"
#include "tap.h"

struct term {
    uint8_t           key[TERM_KEY_MAX];
    size_t            bytes;
    struct dict_entry entry;
};

static uint64_t seed = 11;
static uint32_t rnd(uint32_t n) { return (uint32_t)(tap_random(&seed) % n); }

static struct term *terms;
static uint32_t term_count;

static int by_key(const void *x, const void *y)
{
    const struct term *a = x, *b = y;

    return key_compare(a->key, a->bytes, b->key, b->bytes);
}

/* Keys as they come (channel, then letters of two bytes), with beginnings in common, very short and very long ones. */
static void make_terms(uint32_t count)
{
    struct place docs = {0, 0}, positions = {0, 0};
    uint32_t kept = 0;

    terms = calloc(count, sizeof *terms);
    for (uint32_t i = 0; i < count; i++) {
        struct term *t = &terms[i];
        const uint32_t most = rnd(50) ? 16 : TERM_KEY_MAX - 1;

        t->key[0] = (uint8_t)rnd(3);
        t->bytes = 2 + rnd(most);
        for (size_t k = 1; k < t->bytes; k++)
            t->key[k] = (uint8_t)(k % 2 ? 0xD8 + rnd(2) : 0x80 + rnd(rnd(2) ? 3 : 64));
    }
    qsort(terms, count, sizeof *terms, by_key);
    for (uint32_t i = 0; i < count; i++)
        if (kept == 0 || by_key(&terms[kept - 1], &terms[i]) != 0)
            terms[kept++] = terms[i];
    term_count = kept;
    for (uint32_t i = 0; i < term_count; i++) {
        struct dict_entry *e = &terms[i].entry;

        e->df = rnd(3) ? 1 : 2 + rnd(1000000);
        e->cf = e->df + (rnd(2) ? 0 : rnd(1000));
        e->single = e->df == 1 ? (uint32_t)tap_random(&seed) : 0;
        e->doc_bytes = e->df == 1 ? 0 : 1 + rnd(rnd(20) ? 300 : 400000);
        e->position_bytes = terms[i].key[0] == CHANNEL_SECTION ? 0 : 1 + rnd(rnd(20) ? 300 : 400000);
        e->docs = heap_place(docs, e->doc_bytes);
        docs = (struct place){e->docs.number, e->docs.offset + e->doc_bytes};
        e->positions = heap_place(positions, e->position_bytes);
        positions = (struct place){e->positions.number, e->positions.offset + e->position_bytes};
    }
}

/* The values, as the store gives them back. */
static struct {
    uint8_t *bytes;
    size_t   n;
} values[200];
static uint32_t value_count;
static uint8_t *index_bytes;
static size_t index_n;

static int write_terms(void)
{
    const char *path = place_path("index");
    struct dict_writer w;
    struct stage stage;
    struct store *store = NULL;
    struct snap *snap = NULL;
    const uint8_t *p;
    uint8_t key[KEY_SEGMENT_BYTES];
    int rc = fihi_store_open(&store, path, STORE_WRITE | STORE_CREATE, 0, NULL);

    memset(&w, 0, sizeof w);
    fihi_stage_begin(&stage, store, 7);
    w.stage = &stage;
    for (uint32_t i = 0; i < term_count && rc == 0; i++)
        rc = fihi_dict_add(&w, terms[i].key, terms[i].bytes, &terms[i].entry, NULL);
    if (rc == 0 && (rc = fihi_dict_finish(&w, NULL)) == 0)
        rc = fihi_stage_commit(&stage, NULL);
    CHECK_INT_EQ(w.terms, term_count);
    fihi_dict_writer_free(&w);
    value_count = stage.counts[KIND_DICT];
    if (rc == 0)
        rc = fihi_snap_begin(&snap, store, 0, NULL);
    for (uint32_t i = 0; rc == 0 && i < value_count && i < 200; i++) {
        key_segment(key, 7, KIND_DICT, i);
        if ((rc = fihi_snap_get(snap, SPACE_SEGMENT, key, sizeof key, &p, &values[i].n, NULL)) == 0) {
            values[i].bytes = guard_alloc(values[i].n);
            memcpy(values[i].bytes, p, values[i].n);
        }
    }
    key_segment(key, 7, KIND_DICT_INDEX, 0);
    if (rc == 0 && (rc = fihi_snap_get(snap, SPACE_SEGMENT, key, sizeof key, &p, &index_n, NULL)) == 0)
        memcpy(index_bytes = malloc(index_n), p, index_n);
    fihi_snap_end(snap);
    fihi_store_close(store);
    place_remove(path);
    return rc;
}

static int is_term(const struct dict_scan *s, const struct term *t)
{
    const struct dict_entry *e = &t->entry, *g = &s->entry;

    return CHECK(key_compare(s->key, s->key_bytes, t->key, t->bytes) == 0) && CHECK_INT_EQ(g->df, e->df) &&
           CHECK_INT_EQ(g->cf, e->cf) && CHECK_INT_EQ(g->single, e->single) &&
           CHECK_INT_EQ(g->doc_bytes, e->doc_bytes) && CHECK_INT_EQ(g->position_bytes, e->position_bytes) &&
           (e->df == 1 ||
            (CHECK_INT_EQ(g->docs.number, e->docs.number) && CHECK_INT_EQ(g->docs.offset, e->docs.offset))) &&
           (e->position_bytes == 0 || (CHECK_INT_EQ(g->positions.number, e->positions.number) &&
                                       CHECK_INT_EQ(g->positions.offset, e->positions.offset)));
}

static void terms_come_back_in_order_with_their_entries(void)
{
    uint32_t at = 0;

    CHECK(value_count > 3, "only %u values", value_count);
    for (uint32_t v = 0; v < value_count; v++) {
        struct dict_scan s;

        REQUIRE(fihi_dict_scan(&s, values[v].bytes, values[v].n) == FIH_OK);
        CHECK(values[v].n < DICT_TARGET + 32768, "%zu bytes", values[v].n);
        while (fihi_dict_next(&s) == FIH_OK) {
            REQUIRE(at < term_count && is_term(&s, &terms[at]), "term %u", at);
            at++;
        }
        CHECK_INT_EQ(fihi_dict_next(&s), FIH_DONE);
    }
    CHECK_INT_EQ(at, term_count);
}

static void the_index_names_the_first_term_of_each_value(void)
{
    const uint8_t *p = index_bytes, *end = p + index_n;

    for (uint32_t v = 0; v < value_count; v++) {
        struct dict_scan s;
        uint32_t n = 0;

        REQUIRE(fihi_dict_scan(&s, values[v].bytes, values[v].n) == FIH_OK && fihi_dict_next(&s) == FIH_OK);
        REQUIRE((p = get_varint32(p, end, &n)) != NULL && n <= (size_t)(end - p));
        CHECK(key_compare(s.key, s.key_bytes, p, n) == 0, "value %u", v);
        p += n;
    }
    CHECK(p == end);
}

/* The first term of the value that is not below the key, by seeking a block and stepping. */
static int find(struct dict_scan *s, const uint8_t *key, size_t bytes)
{
    int rc = fihi_dict_seek_block(s, key, bytes);

    while (rc == 0 && (rc = fihi_dict_next(s)) == FIH_OK && key_compare(s->key, s->key_bytes, key, bytes) < 0)
        ;
    return rc;
}

static void any_term_is_found_and_what_is_none_is_not(void)
{
    uint32_t first = 0;

    for (uint32_t v = 0; v < value_count; v++) {
        struct dict_scan s;
        uint32_t count = 0;

        REQUIRE(fihi_dict_scan(&s, values[v].bytes, values[v].n) == FIH_OK);
        while (fihi_dict_next(&s) == FIH_OK)
            count++;
        for (uint32_t i = 0; i < 3000; i++) {
            const uint32_t want = first + (i < 40 ? i * (count - 1) / 39 : rnd(count));
            uint8_t other[TERM_KEY_MAX];
            uint32_t above = want;
            int rc;

            REQUIRE(fihi_dict_scan(&s, values[v].bytes, values[v].n) == FIH_OK);
            REQUIRE(find(&s, terms[want].key, terms[want].bytes) == FIH_OK && is_term(&s, &terms[want]), "term %u",
                    want);
            memcpy(other, terms[want].key, terms[want].bytes);
            other[terms[want].bytes - 1]++;
            while (above < first + count &&
                   key_compare(terms[above].key, terms[above].bytes, other, terms[want].bytes) < 0)
                above++;
            rc = find(&s, other, terms[want].bytes);
            REQUIRE(above == first + count ? rc == FIH_DONE : rc == FIH_OK && is_term(&s, &terms[above]),
                    "behind term %u", want);
        }
        first += count;
    }
}

/* However damaged, a value is read within itself and comes to an end. */
static int drain(const uint8_t *bytes, size_t n)
{
    struct dict_scan s;
    uint64_t steps = 0, most;

    if (fihi_dict_scan(&s, bytes, n) != FIH_OK)
        return 1;
    most = (uint64_t)s.blocks * DICT_BLOCK;
    while (fihi_dict_next(&s) == FIH_OK)
        if (++steps > most)
            return 0;
    if (fihi_dict_scan(&s, bytes, n) == FIH_OK && s.blocks &&
        fihi_dict_seek_block(&s, terms[0].key, terms[0].bytes) == FIH_OK)
        fihi_dict_next(&s);
    return 1;
}

static void a_cut_or_flipped_value_is_never_read_past_its_end(void)
{
    const size_t n = values[value_count - 1].n;      /* the last one is short */
    uint8_t *b = values[value_count - 1].bytes;

    for (size_t cut = 0; cut < n; cut += 1 + n / 500) {
        uint8_t *flush = guard_alloc(cut);

        memcpy(flush, b, cut);
        CHECK(drain(flush, cut), "%zu of %zu bytes", cut, n);
        guard_free(flush, cut);
    }
    for (unsigned i = 0; i < 3000; i++) {
        uint8_t *p = &b[rnd(3) ? rnd((uint32_t)n) : rnd(n < 200 ? (uint32_t)n : 200)];
        const uint8_t old = *p;

        *p = (uint8_t)(rnd(2) ? old ^ 1u << rnd(8) : rnd(256));
        CHECK(drain(b, n), "flip %u", i);
        *p = old;
    }
}

int main(void)
{
    place_new("dict");
    make_terms(60000);
    if (write_terms() != 0) {
        printf("Bail out! cannot write\n");
        return 2;
    }
    RUN(terms_come_back_in_order_with_their_entries);
    RUN(the_index_names_the_first_term_of_each_value);
    RUN(any_term_is_found_and_what_is_none_is_not);
    RUN(a_cut_or_flipped_value_is_never_read_past_its_end);
    for (uint32_t i = 0; i < value_count; i++)
        guard_free(values[i].bytes, values[i].n);
    free(index_bytes);
    free(terms);
    place_remove(place);
    return DONE();
}
