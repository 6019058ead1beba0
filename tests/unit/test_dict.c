/* test_dict.c - the dictionary's values against a plain list of terms. */
#include "index/dict.h"

#include "base/bytes.h"
#include "place.h"
#include "store/keys.h"
#include "tap.h"

struct term {
    uint8_t           key[TERM_KEY_MAX];
    size_t            bytes;
    struct dict_entry entry;
    struct dict_row  *rows;
    uint32_t          row_count;
};

static uint64_t seed = 11;
static uint32_t rnd(uint32_t n) { return (uint32_t)(tap_random(&seed) % n); }

static struct term *terms;
static uint32_t term_count, stem_count;      /* stems come first, so a stem's ordinal is below stem_count */

static int by_key(const void *x, const void *y)
{
    const struct term *a = x, *b = y;

    return key_compare(a->key, a->bytes, b->key, b->bytes);
}

static int by_number(const void *x, const void *y)
{
    const uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

    return a < b ? -1 : a > b;
}

/* Keys as they come (level, then letters of two bytes), with beginnings in common, very short and very long ones. */
static void make_keys(uint32_t count)
{
    static const uint8_t levels[] = {LEVEL_STEM, LEVEL_STEM, LEVEL_SECTION, LEVEL_FORM, LEVEL_FORM, LEVEL_ROOT};
    uint32_t kept = 0;

    terms = calloc(count, sizeof *terms);
    for (uint32_t i = 0; i < count; i++) {
        struct term *t = &terms[i];
        const uint32_t most = rnd(50) ? 16 : TERM_KEY_MAX - 1;

        t->key[0] = levels[rnd(sizeof levels)];
        t->bytes = 2 + rnd(most);
        for (size_t k = 1; k < t->bytes; k++)
            t->key[k] = (uint8_t)(k % 2 ? 0xD8 + rnd(2) : 0x80 + rnd(rnd(2) ? 3 : 64));
    }
    qsort(terms, count, sizeof *terms, by_key);
    for (uint32_t i = 0; i < count; i++)
        if (kept == 0 || by_key(&terms[kept - 1], &terms[i]) != 0)
            terms[kept++] = terms[i];
    term_count = kept;
    while (stem_count < kept && terms[stem_count].key[0] == LEVEL_STEM)
        stem_count++;
}

static uint8_t some_numbers[300];

/* A list of one document has its numbers in the dictionary, and nothing in the heap. */
static void make_list(struct term *t, struct place *docs, struct place *positions)
{
    struct dict_entry *e = &t->entry;
    uint32_t in_heap = 0;

    e->df = rnd(3) ? 1 : 2 + rnd(rnd(9) ? 1000000 : UINT32_MAX - 1);
    e->cf = e->df + (rnd(2) ? 0 : rnd(9) ? rnd(1000) : tap_random(&seed) >> 1);
    e->form_count = 1;
    if (e->df > 1)
        e->doc_bytes = in_heap = 1 + rnd(rnd(20) ? 300 : 400000);
    else {
        e->single = rnd(9) ? rnd(100000) : UINT32_MAX;
        e->doc_bytes = rnd(3) ? 0 : 1 + rnd(rnd(20) ? 5 : 300);
        e->numbers = some_numbers;
    }
    if (t->key[0] == LEVEL_STEM) {
        e->position_bytes = 1 + rnd(rnd(20) ? 300 : 400000);
        e->title_df = rnd(3) ? 0 : rnd(2) ? e->df : rnd(e->df);
        e->form_count = rnd(2) ? 1 : 1 + rnd(rnd(20) ? 300 : UINT32_MAX);
    }
    e->docs = heap_place(*docs, in_heap);
    *docs = (struct place){e->docs.number, e->docs.offset + in_heap};
    e->positions = heap_place(*positions, e->position_bytes);
    *positions = (struct place){e->positions.number, e->positions.offset + e->position_bytes};
}

/* Some stems, far apart or near; `df` is what the dictionary tells of all. */
static void make_rows(struct term *t)
{
    const bool has_forms = t->key[0] == LEVEL_FORM;
    const uint32_t count = rnd(has_forms ? 5 : 2) ? 1 : 2 + rnd(rnd(50) ? 6 : 1000);
    uint32_t stems[1002], kept = 0;

    for (uint32_t k = 0; k < count; k++)
        stems[k] = rnd(4) ? rnd(stem_count) : rnd(2) ? stem_count - 1 - rnd(3) : rnd(3);
    qsort(stems, count, sizeof *stems, by_number);
    t->rows = calloc(count, sizeof *t->rows);
    t->entry.df = has_forms ? 0 : 1 + rnd(rnd(9) ? 100000 : UINT32_MAX);
    for (uint32_t k = 0; k < count; k++)
        if (k == 0 || stems[k] != stems[k - 1]) {
            struct dict_row *const row = &t->rows[kept++];

            row->stem = stems[k];
            row->form = has_forms ? rnd(rnd(9) ? 10 : UINT32_MAX) : 0;
            row->df = has_forms ? 1 + rnd(rnd(9) ? 10 : UINT32_MAX) : 0;
            t->entry.df = row->df > t->entry.df ? row->df : t->entry.df;
        }
    t->row_count = kept;
}

static void make_terms(uint32_t count)
{
    struct place docs = {0, 0}, positions = {0, 0};

    make_keys(count);
    for (size_t i = 0; i < sizeof some_numbers; i++)
        some_numbers[i] = (uint8_t)rnd(256);
    for (uint32_t i = 0; i < term_count; i++)
        if (terms[i].key[0] <= LEVEL_SECTION)
            make_list(&terms[i], &docs, &positions);
        else
            make_rows(&terms[i]);
}

static void free_terms(void)
{
    for (uint32_t i = 0; i < term_count; i++)
        free(terms[i].rows);
    free(terms);
}

enum { MOST_VALUES = 200 };

/* The values, as the store gives them back. */
static struct {
    uint8_t *bytes;
    size_t   n;
    uint32_t first;                            /* ordinal */
} values[MOST_VALUES];
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
    for (uint32_t i = 0; i < term_count && rc == 0; i++) {
        const struct term *t = &terms[i];

        rc = t->rows ? fihi_dict_add_rows(&w, t->key, t->bytes, t->entry.df, t->rows, t->row_count, NULL)
                     : fihi_dict_add(&w, t->key, t->bytes, &t->entry, NULL);
    }
    if (rc == 0 && (rc = fihi_dict_finish(&w, NULL)) == 0)
        rc = fihi_stage_commit(&stage, NULL);
    CHECK_INT_EQ(w.terms, term_count);
    fihi_dict_writer_free(&w);
    value_count = stage.counts[KIND_DICT];
    CHECK(value_count <= MOST_VALUES, "%u values", value_count);
    value_count = value_count < MOST_VALUES ? value_count : MOST_VALUES;
    if (rc == 0)
        rc = fihi_snap_begin(&snap, store, 0, NULL);
    for (uint32_t i = 0; rc == 0 && i < value_count; i++) {
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

static int has_list(const struct dict_entry *g, const struct dict_entry *e)
{
    return CHECK_INT_EQ(g->cf, e->cf) && CHECK_INT_EQ(g->single, e->single) &&
           CHECK_INT_EQ(g->doc_bytes, e->doc_bytes) && CHECK_INT_EQ(g->position_bytes, e->position_bytes) &&
           CHECK_INT_EQ(g->title_df, e->title_df) && CHECK_INT_EQ(g->form_count, e->form_count) &&
           CHECK_INT_EQ(g->row_count, 0) && CHECK_INT_EQ(g->docs.number, e->docs.number) &&
           CHECK_INT_EQ(g->docs.offset, e->docs.offset) && CHECK_INT_EQ(g->positions.number, e->positions.number) &&
           CHECK_INT_EQ(g->positions.offset, e->positions.offset) &&
           (e->df > 1 || e->doc_bytes == 0 || CHECK_MEM_EQ(g->numbers, e->numbers, e->doc_bytes));
}

static int has_rows(const struct dict_entry *g, const struct term *t)
{
    struct dict_rows rows = fihi_dict_rows(g);
    struct dict_row row;

    if (!CHECK_INT_EQ(g->row_count, t->row_count) || !CHECK_INT_EQ(g->has_forms, t->key[0] == LEVEL_FORM))
        return 0;
    for (uint32_t i = 0; i < t->row_count; i++)
        if (!CHECK_INT_EQ(fihi_dict_row_next(&rows, &row), FIH_OK) || !CHECK_INT_EQ(row.stem, t->rows[i].stem) ||
            !CHECK_INT_EQ(row.form, t->rows[i].form) || !CHECK_INT_EQ(row.df, t->rows[i].df))
            return 0;
    return CHECK_INT_EQ(fihi_dict_row_next(&rows, &row), FIH_DONE) && CHECK(rows.p == g->rows_end);
}

static int is_term(const struct dict_scan *s, uint32_t ordinal)
{
    const struct term *const t = &terms[ordinal];
    const struct dict_entry *const g = &s->entry;

    return CHECK(key_compare(s->key, s->key_bytes, t->key, t->bytes) == 0) && CHECK_INT_EQ(g->ordinal, ordinal) &&
           CHECK_INT_EQ(g->df, t->entry.df) && (t->rows ? has_rows(g, t) : has_list(g, &t->entry));
}

/* A value, before its first term. */
static int open_value(struct dict_scan *s, uint32_t v)
{
    const int rc = fihi_dict_scan(s, values[v].bytes, values[v].n);

    s->ordinal = values[v].first;
    return rc;
}

/* The index has the first key and ordinal of each value; all other tests stand on the ordinals. */
static void the_index_names_the_first_term_of_each_value(void)
{
    const uint8_t *p = index_bytes, *end = p + index_n;
    uint32_t at = 0;

    CHECK(value_count > 3, "only %u values", value_count);
    for (uint32_t v = 0; v < value_count; v++) {
        struct dict_scan s;
        uint32_t n = 0;

        REQUIRE((p = get_varint32(p, end, &n)) != NULL && n <= (size_t)(end - p));
        CHECK(key_compare(terms[at].key, terms[at].bytes, p, n) == 0, "value %u", v);
        REQUIRE((p = get_varint32(p + n, end, &values[v].first)) != NULL);
        CHECK_INT_EQ(values[v].first, at, "value %u", v);
        REQUIRE(open_value(&s, v) == FIH_OK);
        while (fihi_dict_next(&s) == FIH_OK)
            at++;
    }
    CHECK(p == end);
    CHECK_INT_EQ(at, term_count);
}

static void terms_come_back_in_order_with_their_entries(void)
{
    uint32_t at = 0;

    for (uint32_t v = 0; v < value_count; v++) {
        struct dict_scan s;

        REQUIRE(open_value(&s, v) == FIH_OK);
        CHECK(values[v].n < DICT_TARGET + 32768, "%zu bytes", values[v].n);
        while (fihi_dict_next(&s) == FIH_OK) {
            REQUIRE(at < term_count && is_term(&s, at), "term %u", at);
            at++;
        }
        CHECK_INT_EQ(fihi_dict_next(&s), FIH_DONE);
    }
    CHECK_INT_EQ(at, term_count);
}

static void any_term_is_found_by_its_ordinal(void)
{
    for (uint32_t v = 0; v < value_count; v++) {
        const uint32_t behind = v + 1 < value_count ? values[v + 1].first : term_count;
        struct dict_scan s;

        for (unsigned i = 0; i < 2000; i++) {
            const uint32_t want = values[v].first + (i ? rnd(behind - values[v].first) : behind - values[v].first - 1);

            REQUIRE(open_value(&s, v) == FIH_OK && fihi_dict_seek_ordinal(&s, want) == FIH_OK);
            do
                REQUIRE(fihi_dict_next(&s) == FIH_OK);
            while (s.entry.ordinal < want);
            REQUIRE(is_term(&s, want), "term %u", want);
        }
        REQUIRE(open_value(&s, v) == FIH_OK);
        CHECK_INT_EQ(fihi_dict_seek_ordinal(&s, values[v].first - 1), FIH_E_CORRUPT);
        REQUIRE(open_value(&s, v) == FIH_OK);
        CHECK_INT_EQ(fihi_dict_seek_ordinal(&s, values[v].first + DICT_BLOCK * s.blocks), FIH_E_CORRUPT);
    }
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

        REQUIRE(open_value(&s, v) == FIH_OK);
        while (fihi_dict_next(&s) == FIH_OK)
            count++;
        for (uint32_t i = 0; i < 3000; i++) {
            const uint32_t want = first + (i < 40 ? i * (count - 1) / 39 : rnd(count));
            uint8_t other[TERM_KEY_MAX];
            uint32_t above = want;
            int rc;

            REQUIRE(open_value(&s, v) == FIH_OK);
            REQUIRE(find(&s, terms[want].key, terms[want].bytes) == FIH_OK && is_term(&s, want), "term %u",
                    want);
            memcpy(other, terms[want].key, terms[want].bytes);
            other[terms[want].bytes - 1]++;
            while (above < first + count &&
                   key_compare(terms[above].key, terms[above].bytes, other, terms[want].bytes) < 0)
                above++;
            REQUIRE(open_value(&s, v) == FIH_OK);
            rc = find(&s, other, terms[want].bytes);
            REQUIRE(above == first + count ? rc == FIH_DONE : rc == FIH_OK && is_term(&s, above),
                    "behind term %u", want);
        }
        first += count;
    }
}

/* What an entry says holds together, whatever the bytes, and lies within them. */
static int entry_holds(const struct dict_scan *s)
{
    const struct dict_entry *e = &s->entry;
    struct dict_rows rows = fihi_dict_rows(e);
    struct dict_row row;
    uint32_t count = 0, last = 0, sum = 0;
    int rc;

    if (e->df == 0)
        return 0;
    if (s->key[0] <= LEVEL_SECTION || s->key[0] == LEVEL_KEYWORD || s->key[0] == LEVEL_WORD) {
        for (uint32_t i = 0; e->df == 1 && i < e->doc_bytes; i++)
            sum += e->numbers[i];
        return e->row_count == 0 && e->cf >= e->df && e->title_df <= e->df && e->form_count > 0 &&
               sum <= UINT8_MAX * e->doc_bytes;
    }
    while ((rc = fihi_dict_row_next(&rows, &row)) == FIH_OK) {
        if ((count++ && row.stem <= last) || row.stem >= e->ordinal || (e->has_forms && row.df == 0))
            return 0;
        last = row.stem;
    }
    return rc == FIH_DONE && count == e->row_count && count > 0;
}

/* However damaged, a value is read within itself and comes to an end. */
static int drain(const uint8_t *bytes, size_t n, uint32_t first)
{
    struct dict_scan s;
    uint64_t steps = 0, most;

    if (fihi_dict_scan(&s, bytes, n) != FIH_OK)
        return 1;
    s.ordinal = first;
    most = (uint64_t)s.blocks * DICT_BLOCK;
    while (fihi_dict_next(&s) == FIH_OK)
        if (++steps > most || s.entry.ordinal != first + steps - 1 || !entry_holds(&s))
            return 0;
    if (fihi_dict_scan(&s, bytes, n) == FIH_OK && s.blocks &&
        fihi_dict_seek_block(&s, terms[0].key, terms[0].bytes) == FIH_OK)
        fihi_dict_next(&s);
    if (fihi_dict_scan(&s, bytes, n) == FIH_OK && fihi_dict_seek_ordinal(&s, rnd(2000)) == FIH_OK)
        fihi_dict_next(&s);
    return 1;
}

/* The first value is of stems, the last one, which is short, of roots. */
static void a_cut_or_flipped_value_is_never_read_past_its_end(void)
{
    for (uint32_t v = 0; v < value_count; v++) {
        const size_t n = values[v].n;
        uint8_t *b = values[v].bytes;

        for (size_t cut = 0; cut < n; cut += 1 + n / 100) {
            uint8_t *flush = guard_alloc(cut);

            memcpy(flush, b, cut);
            CHECK(drain(flush, cut, values[v].first), "%zu of %zu bytes", cut, n);
            guard_free(flush, cut);
        }
        for (unsigned i = 0; i < 1000; i++) {
            uint8_t *p = &b[rnd(3) ? rnd((uint32_t)n) : rnd(n < 200 ? (uint32_t)n : 200)];
            const uint8_t old = *p;

            *p = (uint8_t)(rnd(2) ? old ^ 1u << rnd(8) : rnd(256));
            CHECK(drain(b, n, values[v].first), "flip %u", i);
            *p = old;
        }
    }
}

/* ---- entries put together by hand: one block of a term "a", of some level, at ordinal 100 */
static const struct {
    const char *what;
    uint8_t     level;
    uint64_t    numbers[8];
    unsigned    count;
    bool        is_good;
} cases[] = {
    {"a list", LEVEL_STEM, {2, 0, 9, 9, 1 << 1}, 5, true},
    {"a list of no documents", LEVEL_STEM, {0, 0, 9, 9, 0}, 5, false},
    {"a list above 32 bits", LEVEL_STEM, {2, 0, UINT64_C(1) << 32, 9, 0}, 5, false},
    {"more titles than documents", LEVEL_STEM, {2, 0, 9, 9, 3 << 1}, 5, false},
    {"forms", LEVEL_STEM, {2, 0, 9, 9, 1, UINT32_MAX - 2}, 6, true},
    {"forms above 32 bits", LEVEL_STEM, {2, 0, 9, 9, 1, UINT32_MAX - 1}, 6, false},
    {"more occurrences than can be", LEVEL_STEM, {2, UINT64_MAX - 1, 9, 9, 0}, 5, false},
    {"one document", LEVEL_STEM, {1, 0, UINT64_C(0x1FFFFFFFE), 9, 0}, 5, true},
    {"one document above 32 bits", LEVEL_STEM, {1, 0, UINT64_C(0x200000000), 9, 0}, 5, false},
    {"one document with numbers", LEVEL_SECTION, {1, 0, 1, 2, 7, 7, 0}, 7, true},
    {"one document with no numbers", LEVEL_SECTION, {1, 0, 1, 0, 0}, 5, false},
    {"one document with numbers cut short", LEVEL_SECTION, {1, 0, 1, 3, 7, 7}, 6, false},
    {"no level", 1, {2, 0, 9, 9, 0}, 5, false},
    {"a keyword", LEVEL_KEYWORD, {2, 0, 9, 9}, 4, true},
    {"no level above", 7, {2, 0, 9, 9, 0}, 5, false},
    {"a word", LEVEL_FORM, {99 << 2, 5, 1}, 3, true},
    {"a word of no stem", LEVEL_FORM, {100 << 2, 5, 1}, 3, false},
    {"a word below all stems", LEVEL_FORM, {1 << 1, 5, 1}, 3, false},
    {"a word below all stems by far", LEVEL_FORM, {UINT64_C(0x3FFFFFFFA), 5, 1}, 3, false},
    {"a word of no document", LEVEL_FORM, {0, 5, 0}, 3, false},
    {"a word of two stems", LEVEL_FORM, {0 << 2 | 1, 0, 5, 1, 98, 5, 1}, 7, true},
    {"a word whose second stem is none", LEVEL_FORM, {0 << 2 | 1, 0, 5, 1, 99, 5, 1}, 7, false},
    {"a word whose second stem is above 32 bits", LEVEL_FORM, {5 << 2 | 1, 0, 5, 1, UINT32_MAX - 2, 5, 1}, 7, false},
    {"a word of more stems than can be", LEVEL_FORM, {0 << 2 | 1, UINT32_MAX - 1, 5, 1, 0, 5, 1}, 7, false},
    {"a word cut short", LEVEL_FORM, {0 << 2, 5}, 2, false},
    {"a root", LEVEL_ROOT, {3, 1, 98, 0}, 4, true},
    {"a root of no document", LEVEL_ROOT, {0, 1, 98, 0}, 4, false},
    {"a root of no stem", LEVEL_ROOT, {3, 1, 98, 1}, 4, false},
    {"a root of more stems than can be", LEVEL_ROOT, {3, UINT32_MAX, 98, 0}, 4, false},
};

static void each_way_to_break_an_entry_is_noticed(void)
{
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t bytes[120] = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, cases[i].level, 'a'}, *p = bytes + 16;
        struct dict_scan s;

        for (unsigned k = 0; k < cases[i].count; k++)
            p = put_varint(p, cases[i].numbers[k]);
        REQUIRE(fihi_dict_scan(&s, bytes, (size_t)(p - bytes)) == FIH_OK);
        s.ordinal = 100;
        CHECK_INT_EQ(fihi_dict_next(&s), cases[i].is_good ? FIH_OK : FIH_E_CORRUPT, "%s", cases[i].what);
        if (cases[i].is_good)
            CHECK_INT_EQ(fihi_dict_next(&s), FIH_DONE, "%s", cases[i].what);
    }
}

/* Ordinals count on full blocks: one that ends before, by the end of the value, and is not the last is damage. */
static void a_short_block_that_is_not_the_last_is_damage(void)
{
    const uint8_t bytes[] = {2, 0, 0, 0, 11, 0, 0, 0, 0, 0, 0, 0,
                             0, 0, 0, 0, 0, 2, LEVEL_ROOT, 'c', 1, 0, 0,             /* the second block */
                             0, 0, 0, 0, 0, 2, LEVEL_ROOT, 'b', 1, 0, 0};
    struct dict_scan s;

    REQUIRE(fihi_dict_scan(&s, bytes, sizeof bytes) == FIH_OK);
    s.ordinal = 100;
    CHECK_INT_EQ(fihi_dict_next(&s), FIH_OK);
    CHECK_INT_EQ(fihi_dict_next(&s), FIH_E_CORRUPT);
    CHECK(s.key[1] == 'b', "the second block's term was read");
}

int main(void)
{
    place_new("dict");
    make_terms(60000);
    if (write_terms() != 0) {
        printf("Bail out! cannot write\n");
        return 2;
    }
    RUN(the_index_names_the_first_term_of_each_value);
    RUN(terms_come_back_in_order_with_their_entries);
    RUN(any_term_is_found_by_its_ordinal);
    RUN(any_term_is_found_and_what_is_none_is_not);
    RUN(a_cut_or_flipped_value_is_never_read_past_its_end);
    RUN(each_way_to_break_an_entry_is_noticed);
    RUN(a_short_block_that_is_not_the_last_is_damage);
    for (uint32_t i = 0; i < value_count; i++)
        guard_free(values[i].bytes, values[i].n);
    free(index_bytes);
    free_terms();
    place_remove(place);
    return DONE();
}
