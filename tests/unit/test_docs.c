/* test_docs.c - records, stored values and ids. */
#include "index/docs.h"

#include "base/bytes.h"
#include "place.h"
#include "store/keys.h"
#include "tap.h"

static uint64_t seed = 13;
static uint32_t rnd(uint32_t n) { return (uint32_t)(tap_random(&seed) % n); }
static fih_str str(const char *s) { return (fih_str){s, strlen(s)}; }
static int same(fih_str s, const char *want) { return s.len == strlen(want) && memcmp(s.ptr, want, s.len) == 0; }

/* ---- records */

static struct buf record_of(const fih_doc *d, struct span spans[FIELD_KNOWN], uint64_t *ill_formed)
{
    struct buf b = {0};

    *ill_formed = 0;
    CHECK_INT_EQ(fihi_record_append(&b, d, spans, ill_formed, NULL), FIH_OK);
    return b;
}

static void a_record_holds_the_fields_in_order(void)
{
    const fih_field extra[] = {
        {{"author", 6}, {"ابن خلدون", 17}}, {{"", 0}, {"no name", 7}}, {{"empty", 5}, {NULL, 0}}};
    fih_doc d = FIH_DOC_INIT;
    struct span spans[FIELD_KNOWN];
    struct record_scan s;
    fih_str name, value;
    uint64_t ill;
    unsigned code;
    struct buf b;

    d.id = str("id-1");
    d.title = str("المقدمة");
    d.body = str("العمران البشري");
    d.url = str("http://example.org/");
    d.extra = extra;
    d.extra_count = 3;
    b = record_of(&d, spans, &ill);
    CHECK_INT_EQ(ill, 0);
    CHECK(same((fih_str){(char *)b.ptr + spans[FIELD_TITLE].at, spans[FIELD_TITLE].len}, "المقدمة"));
    CHECK(same((fih_str){(char *)b.ptr + spans[FIELD_BODY].at, spans[FIELD_BODY].len}, "العمران البشري"));
    CHECK_INT_EQ(spans[FIELD_DATE].len, 0);
    REQUIRE(fihi_record_scan(&s, b.ptr, b.len) == FIH_OK);
    CHECK(fihi_record_next(&s, &code, &name, &value) == FIH_OK && code == FIELD_ID && same(name, "id") &&
          same(value, "id-1"));
    CHECK(fihi_record_next(&s, &code, &name, &value) == FIH_OK && code == FIELD_TITLE && same(value, "المقدمة"));
    CHECK(fihi_record_next(&s, &code, &name, &value) == FIH_OK && code == FIELD_BODY && same(name, "body"));
    CHECK(fihi_record_next(&s, &code, &name, &value) == FIH_OK && code == FIELD_URL);
    CHECK(fihi_record_next(&s, &code, &name, &value) == FIH_OK && code == FIELD_NAMED && same(name, "author"));
    CHECK(fihi_record_next(&s, &code, &name, &value) == FIH_OK && code == FIELD_NAMED && name.len == 0 &&
          same(value, "no name"));
    CHECK_INT_EQ(fihi_record_next(&s, &code, &name, &value), FIH_DONE);
    fihi_buf_free(&b);
}

static void ill_formed_text_is_stored_cleaned_and_counted(void)
{
    fih_doc d = FIH_DOC_INIT;
    struct span spans[FIELD_KNOWN];
    uint64_t ill;
    struct buf b;

    d.id = str("\xFF id");              /* any bytes are an id */
    d.title = str("ق\xD9 م");
    d.body = str("\xFF\xFE" "بحر");
    b = record_of(&d, spans, &ill);
    CHECK_INT_EQ(ill, 3);
    CHECK(same((fih_str){(char *)b.ptr + spans[FIELD_ID].at, spans[FIELD_ID].len}, "\xFF id"));
    CHECK(same((fih_str){(char *)b.ptr + spans[FIELD_TITLE].at, spans[FIELD_TITLE].len}, "ق\xEF\xBF\xBD م"));
    CHECK(same((fih_str){(char *)b.ptr + spans[FIELD_BODY].at, spans[FIELD_BODY].len}, "\xEF\xBF\xBD\xEF\xBF\xBDبحر"));
    fihi_buf_free(&b);
}

/* ---- cuts */

static fih_str cuts_of(struct buf *b, const char *body, const struct cut *list, size_t n)
{
    const struct cuts cuts = {(struct cut *)list, n, n};
    struct span spans[FIELD_KNOWN], span;
    fih_doc d = FIH_DOC_INIT;
    uint64_t ill = 0;

    b->len = 0;
    d.id = str("id");
    d.body = str(body);
    CHECK_INT_EQ(fihi_record_append(b, &d, spans, &ill, NULL), FIH_OK);
    CHECK_INT_EQ(fihi_record_cut(b, 0, spans[FIELD_BODY], &cuts, &span, NULL), FIH_OK);
    return (fih_str){(char *)b->ptr + span.at, span.len};
}

static void what_is_left_out_is_a_field_of_the_record(void)
{
    const struct cut list[] = {{0, 3, CLEAN_TAG}, {4, 7, CLEAN_TAG}, {9, 12, CLEAN_STYLE}};
    struct buf b = {0};
    const fih_str cuts = cuts_of(&b, "<b> <i>xx<u>y", list, 3);
    struct record_scan r;
    struct cut_scan s;
    fih_str name, value;
    size_t start, end;
    unsigned code;

    REQUIRE(fihi_record_scan(&r, b.ptr, b.len) == FIH_OK && r.end == b.ptr + b.len);
    while (fihi_record_next(&r, &code, &name, &value) == FIH_OK && code != FIELD_CUTS)
        ;
    CHECK(code == FIELD_CUTS && value.ptr == cuts.ptr && value.len == cuts.len && name.len == 0);
    CHECK_INT_EQ(fihi_record_next(&r, &code, &name, &value), FIH_DONE);
    fihi_cut_scan(&s, cuts, str("<b> <i>xx<u>y"));
    CHECK(fihi_cut_next(&s, &start, &end) == FIH_OK && start == 0 && end == 7);     /* a blank between two goes too */
    CHECK(fihi_cut_next(&s, &start, &end) == FIH_OK && start == 9 && end == 12);
    CHECK_INT_EQ(fihi_cut_next(&s, &start, &end), FIH_DONE);
    CHECK_INT_EQ(fihi_cut_check(cuts, str("<b> <i>xx<u")), FIH_E_CORRUPT);          /* past the end */
    fihi_buf_free(&b);
}

static void cuts_that_do_not_fit_are_damage(void)
{
    static const struct { const char *bytes; size_t n;
    } bad[] = {
        {"", 0},
        {"\0", 1},
        {"\0\0", 2},
        {"\1\0", 2},
        {"\x9", 1},
        {"\x9\1", 2},
        {"\1\x9", 2},
        {"\0\2\0\2", 4},
        {"\x80", 1},
        {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\1\1", 11},
        {"\0\xff\xff\xff\xff\xf", 6},
        {"\1\1", 2},
        {"\0\1", 2},
        {"\0\2\2", 3},
    };
    const fih_str body = str("\u0628\u062D\u0631xy");                           /* borders at 0, 2, 4, 6, 7, 8 */

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_INT_EQ(fihi_cut_check((fih_str){bad[i].bytes, bad[i].n}, body), FIH_E_CORRUPT, "%zu", i);
    CHECK_INT_EQ(fihi_cut_check((fih_str){"\0\2\4\1", 4}, body), FIH_OK);
}

/* ---- starts */

static void starts_are_the_last_field_of_a_record(void)
{
    static const struct word_start list[] = {{0, 0}, {128, 4}, {300, 7}};
    struct word_start start = {0, 0};
    struct buf b = {0}, value = {0};
    struct span spans[FIELD_KNOWN];
    fih_doc d = FIH_DOC_INIT;
    struct record_scan r;
    struct start_scan s;
    fih_str name, starts = {"", 0};
    uint64_t ill = 0;
    unsigned code;

    d.id = str("id");
    d.body = str("\u0628\u062D\u0631xy");                                      /* borders at 0, 2, 4, 6, 7, 8 */
    CHECK_INT_EQ(fihi_buf_append(&b, "before", 6), FIH_OK);
    CHECK_INT_EQ(fihi_record_append(&b, &d, spans, &ill, NULL), FIH_OK);
    const size_t before = b.len;
    CHECK_INT_EQ(fihi_record_start(&b, 6, starts), FIH_OK);
    CHECK(b.len == before && fihi_record_start_bytes(0) == 0);                  /* none: no field */
    for (size_t i = 1; i < 3; i++)
        CHECK_INT_EQ(fihi_start_append(&value, &list[i - 1], &list[i]), FIH_OK);
    CHECK_INT_EQ(fihi_record_start(&b, 6, (fih_str){(char *)value.ptr, value.len}), FIH_OK);
    CHECK_INT_EQ(b.len - before, fihi_record_start_bytes(value.len));
    REQUIRE(fihi_record_scan(&r, b.ptr + 6, b.len - 6) == FIH_OK && r.end == b.ptr + b.len);
    while (fihi_record_next(&r, &code, &name, &starts) == FIH_OK && code != FIELD_STARTS)
        ;
    CHECK(code == FIELD_STARTS && name.len == 0 && starts.len == value.len);
    CHECK_INT_EQ(fihi_record_next(&r, &code, &name, &starts), FIH_DONE);
    fihi_start_scan(&s, starts, d.body);
    for (size_t i = 1; i < 3; i++)
        CHECK(fihi_start_next(&s, &start) == FIH_OK && start.position == list[i].position && start.at == list[i].at);
    CHECK_INT_EQ(fihi_start_next(&s, &start), FIH_DONE);
    fihi_buf_free(&value);
    fihi_buf_free(&b);
}

static void starts_that_do_not_fit_are_damage(void)
{
    static const struct { const char *bytes; size_t n;
    } bad[] = {
        {"", 0},
        {"\0", 1},
        {"\0\0", 2},
        {"\0\1", 2},
        {"\0\10", 2},
        {"\0\2\0", 3},
        {"\0\2\0\6", 4},
        {"\0\2\0\1", 4},
        {"\x80", 1},
        {"\0\xff\xff\xff\xff\xf", 6},
        {"\xff\xff\xff\xff\xf\2", 6},
        {"\xff\xff\xff\xff\x1f\2", 6},
        {"\xf5\xfe\xff\xff\xf\2\0\2", 8},                                  /* 2^32 - 11, and back to 117 */
        {"\xff\xfe\xff\xff\xf\2\0\2", 8},                                  /* the last number, and back to 127 */
    };
    const fih_str body = str("\u0628\u062D\u0631xy");

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_INT_EQ(fihi_start_check((fih_str){bad[i].bytes, bad[i].n}, body), FIH_E_CORRUPT, "%zu", i);
    CHECK_INT_EQ(fihi_start_check((fih_str){"\0\2\7\5", 4}, body), FIH_OK);
    CHECK_INT_EQ(fihi_start_check((fih_str){"\0\2", 2}, str("")), FIH_E_CORRUPT);
}

static int drain_record(const uint8_t *p, size_t n)
{
    struct record_scan s;
    fih_str name, value;
    unsigned code, steps = 0;

    if (fihi_record_scan(&s, p, n) != FIH_OK)
        return 1;
    while (fihi_record_next(&s, &code, &name, &value) == FIH_OK) {
        const char *const end = (const char *)p + n;

        if (value.ptr < (const char *)p || value.ptr + value.len > end || ++steps > n)
            return 0;
    }
    return 1;
}

static void a_cut_or_flipped_record_is_never_read_past_its_end(void)
{
    const fih_field extra[] = {{{"author", 6}, {"x", 1}}};
    char body[400];
    fih_doc d = FIH_DOC_INIT;
    struct span spans[FIELD_KNOWN];
    uint64_t ill;
    struct buf b;

    memset(body, 'b', sizeof body);
    d.id = str("id");
    d.title = str("t");
    d.body = (fih_str){body, sizeof body};
    d.extra = extra;
    d.extra_count = 1;
    b = record_of(&d, spans, &ill);
    for (size_t n = 0; n <= b.len; n++) {
        uint8_t *flush = guard_alloc(n);

        memcpy(flush, b.ptr, n);
        CHECK(drain_record(flush, n), "%zu bytes", n);
        for (unsigned i = 0; n == b.len && i < 5000; i++) {
            uint8_t *p = &flush[rnd(2) ? rnd((uint32_t)n) : i % 24];
            const uint8_t old = *p;

            *p = (uint8_t)rnd(256);
            CHECK(drain_record(flush, n), "flip %u", i);
            *p = old;
        }
        guard_free(flush, n);
    }
    fihi_buf_free(&b);
}

/* ---- values, through a stage */

static struct store *store;
static struct stage stage;
static struct snap *snap;

static void begin(void)
{
    CHECK_INT_EQ(fihi_store_open(&store, place_path("index"), STORE_WRITE | STORE_CREATE, 0, NULL), FIH_OK);
    fihi_stage_begin(&stage, store, 1);
}

static void look(void)
{
    CHECK_INT_EQ(fihi_stage_commit(&stage, NULL), FIH_OK);
    CHECK_INT_EQ(fihi_snap_begin(&snap, store, 0, NULL), FIH_OK);
}

static const uint8_t *value(enum kind kind, uint32_t number, size_t *n)
{
    uint8_t key[KEY_SEGMENT_BYTES];
    const uint8_t *p = NULL;

    key_segment(key, 1, kind, number);
    CHECK_INT_EQ(fihi_snap_get(snap, SPACE_SEGMENT, key, sizeof key, &p, n, NULL), FIH_OK);
    return p;
}

static void end(void)
{
    fihi_snap_end(snap);
    fihi_store_close(store);
    place_remove(place_path("index"));
}

enum { BLOCKS = 60 };

static void stored_blocks_come_back_as_they_were(void)
{
    struct stored_writer w;
    struct buf raw[BLOCKS] = {{0}}, packed = {0}, out = {0};
    uint32_t docs[BLOCKS], at = 0, first_of = 0;
    ZSTD_CCtx *z = ZSTD_createCCtx();
    const uint8_t *index;
    size_t n;

    begin();
    memset(&w, 0, sizeof w);
    w.stage = &stage;
    for (unsigned i = 0; i < BLOCKS; i++) {
        struct stored_block b;
        const size_t bytes = i == 7 ? 0 : i == 20 ? 1000000 : rnd(40000);

        for (size_t k = 0; k < bytes; k++)
            fihi_buf_append(&raw[i], &(uint8_t){(uint8_t)(rnd(3) ? 'a' : rnd(256))}, 1);
        docs[i] = 1 + rnd(50);
        b = (struct stored_block){docs[i], (uint32_t)bytes};
        packed.len = 0;
        CHECK_INT_EQ(fihi_stored_compress(z, &packed, raw[i].ptr, bytes, NULL), FIH_OK);
        CHECK_INT_EQ(fihi_stored_add(&w, &b, packed.ptr, packed.len, NULL), FIH_OK);
    }
    CHECK_INT_EQ(fihi_stored_finish(&w, NULL), FIH_OK);
    look();
    CHECK(stage.counts[KIND_STORED] > 3);
    index = value(KIND_STORED_INDEX, 0, &n);
    CHECK_INT_EQ(n, 4 * stage.counts[KIND_STORED]);
    for (uint32_t v = 0; v < stage.counts[KIND_STORED]; v++) {
        struct stored_value sv;
        const uint8_t *p = value(KIND_STORED, v, &n);

        REQUIRE(fihi_stored_parse(&sv, p, n) == FIH_OK);
        CHECK_INT_EQ(sv.first_doc, first_of);
        CHECK_INT_EQ(get_u32(index + 4 * v), first_of);
        for (uint32_t i = 0; i < sv.blocks; i++, at++) {
            struct stored_block b;
            const uint8_t *compressed;
            uint32_t first;
            size_t bytes;

            REQUIRE(at < BLOCKS && fihi_stored_next(&sv, &first, &b, &compressed, &bytes) == FIH_OK);
            CHECK_INT_EQ(first, first_of);
            CHECK_INT_EQ(b.docs, docs[at]);
            REQUIRE(fihi_stored_expand(&out, &b, compressed, bytes) == FIH_OK);
            CHECK(out.len == raw[at].len && (out.len == 0 || memcmp(out.ptr, raw[at].ptr, out.len) == 0), "block %u",
                  at);
            first_of += docs[at];
        }
    }
    CHECK_INT_EQ(at, BLOCKS);
    for (unsigned i = 0; i < BLOCKS; i++)
        fihi_buf_free(&raw[i]);
    fihi_buf_free(&packed);
    fihi_buf_free(&out);
    fihi_stored_writer_free(&w);
    ZSTD_freeCCtx(z);
    end();
}

/* Read all blocks of a value that may be damaged. */
static void drain_stored(const uint8_t *p, size_t n)
{
    struct stored_value v;
    struct buf out = {0};

    struct stored_block b;
    const uint8_t *compressed;
    uint32_t first;
    size_t bytes;

    if (fihi_stored_parse(&v, p, n) == FIH_OK)
        for (unsigned i = 0; i < 100 && fihi_stored_next(&v, &first, &b, &compressed, &bytes) == FIH_OK; i++)
            if (b.raw_bytes < 1 << 24)
                fihi_stored_expand(&out, &b, compressed, bytes);
    fihi_buf_free(&out);
}

static void a_cut_or_flipped_stored_value_is_never_read_past_its_end(void)
{
    struct stored_writer w;
    struct buf packed = {0};
    ZSTD_CCtx *z = ZSTD_createCCtx();
    const uint8_t *p;
    uint8_t *copy;
    size_t n;

    begin();
    memset(&w, 0, sizeof w);
    w.stage = &stage;
    for (unsigned i = 0; i < 4; i++) {
        packed.len = 0;
        CHECK_INT_EQ(fihi_stored_compress(z, &packed, "some text, some text, some other text", 37, NULL), FIH_OK);
        CHECK_INT_EQ(fihi_stored_add(&w, &(struct stored_block){2, 37}, packed.ptr, packed.len, NULL), FIH_OK);
    }
    CHECK_INT_EQ(fihi_stored_finish(&w, NULL), FIH_OK);
    look();
    p = value(KIND_STORED, 0, &n);
    for (size_t cut = 0; cut <= n; cut++) {
        copy = guard_alloc(cut);
        memcpy(copy, p, cut);
        drain_stored(copy, cut);
        for (unsigned i = 0; cut == n && i < 3000; i++) {
            uint8_t *at = &copy[i % n];
            const uint8_t old = *at;

            *at = (uint8_t)rnd(256);
            drain_stored(copy, n);
            *at = old;
        }
        guard_free(copy, cut);
    }
    fihi_buf_free(&packed);
    fihi_stored_writer_free(&w);
    ZSTD_freeCCtx(z);
    end();
}

/* ---- ids */

enum { IDS = 3000 };

static size_t make_id(uint8_t *out, uint32_t i)
{
    const size_t n = i % 500 == 3 ? FIH_MAX_ID : 1 + i % 97;

    for (size_t k = 0; k < n; k++)
        out[k] = (uint8_t)((k < i % 60 ? i / 40 : i) * 31 + k * 7);      /* the beginning is often that of others */
    return n;
}

static void ids_of_any_length_come_back(void)
{
    static uint8_t want[FIH_MAX_ID];
    struct ids_writer w;
    struct buf id = {0};
    uint32_t at = 0;
    size_t n;

    begin();
    memset(&w, 0, sizeof w);
    w.stage = &stage;
    for (uint32_t i = 0; i < IDS; i++)
        CHECK_INT_EQ(fihi_ids_add(&w, want, make_id(want, i), NULL), FIH_OK);
    CHECK_INT_EQ(fihi_ids_finish(&w, NULL), FIH_OK);
    look();
    CHECK(stage.counts[KIND_IDS] > 2);
    for (uint32_t v = 0; v < stage.counts[KIND_IDS]; v++) {
        const uint8_t *p = value(KIND_IDS, v, &n);
        uint32_t first, count;
        size_t want_n;

        REQUIRE(fihi_ids_parse(p, n, &first, &count) == FIH_OK);
        CHECK_INT_EQ(first, at);
        for (uint32_t i = 0; i < count; i++, at++) {
            want_n = make_id(want, at);
            REQUIRE(fihi_ids_at(p, n, i, &id) == FIH_OK && id.len == want_n &&
                        (want_n == 0 || memcmp(id.ptr, want, want_n) == 0),
                    "id %u", at);
        }
    }
    CHECK_INT_EQ(at, IDS);
    fihi_buf_free(&id);
    fihi_ids_writer_free(&w);
    end();
}

static void a_flipped_table_of_ids_is_never_read_past_its_end(void)
{
    static const uint8_t good[] = {5, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 4, 'n', 'e', 'w', '1', 3, 1, '2', 1, 3, 'o', 't', 'e'};
    uint8_t *p = guard_alloc(sizeof good);
    struct buf id = {0};

    for (unsigned i = 0; i < 5000; i++) {
        uint32_t first, count;

        memcpy(p, good, sizeof good);
        if (i)
            p[rnd(sizeof good)] = (uint8_t)rnd(256);
        if (fihi_ids_parse(p, sizeof good, &first, &count) == FIH_OK)
            for (uint32_t k = 0; k < count; k++)
                if (fihi_ids_at(p, sizeof good, k, &id) == FIH_OK)
                    CHECK(id.len <= 16 * sizeof good);
        if (i == 0)
            CHECK(fihi_ids_at(p, sizeof good, 2, &id) == FIH_OK && same((fih_str){(char *)id.ptr, id.len}, "note"));
    }
    CHECK_INT_EQ(fihi_ids_parse(p, 7, &(uint32_t){0}, &(uint32_t){0}), FIH_E_CORRUPT);
    fihi_buf_free(&id);
    guard_free(p, sizeof good);
}

int main(void)
{
    place_new("docs");
    RUN(a_record_holds_the_fields_in_order);
    RUN(ill_formed_text_is_stored_cleaned_and_counted);
    RUN(what_is_left_out_is_a_field_of_the_record);
    RUN(cuts_that_do_not_fit_are_damage);
    RUN(starts_are_the_last_field_of_a_record);
    RUN(starts_that_do_not_fit_are_damage);
    RUN(a_cut_or_flipped_record_is_never_read_past_its_end);
    RUN(stored_blocks_come_back_as_they_were);
    RUN(a_cut_or_flipped_stored_value_is_never_read_past_its_end);
    RUN(ids_of_any_length_come_back);
    RUN(a_flipped_table_of_ids_is_never_read_past_its_end);
    place_remove(place);
    return DONE();
}
