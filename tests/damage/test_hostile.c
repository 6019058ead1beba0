/* test_hostile.c - an index whose values are lies under checksums that are right: an answer or a clean error, in bounded
 * time and memory; never a crash or a leak.
 *
 *   test_hostile [--trials N] [--seed S] [--only TRIAL]
 *
 * test_damage flips bytes, and nearly all of that ends at a checksum. Here each trial takes the values out of a small
 * index, spoils some of them by their structure, seals them again (frames always; the sums that the manifest has of
 * notes and deletions, and the counts of a segment's header, mostly), has LMDB write them, so that its pages are sound,
 * and then asks everything, checks, writes, merges. Trials run in children; what a child may allocate is limited.
 */
#include <lmdb.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <xxhash.h>

#include "base/bytes.h"
#include "index/docs.h"
#include "index/segment.h"
#include "sample.h"
#include "store/keys.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
enum { TRIALS = 150, TIMEOUT_S = 60, IS_ASAN = 1 };
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1:max_allocation_size_mb=96";
}
#else
enum { TRIALS = 600, TIMEOUT_S = 20, IS_ASAN = 0 };
#endif
enum { DOCS = 230, MEMORY_MAX = 320 << 20, WRITE_EVERY = 3, LEAK_EVERY = 25, VALUES_MAX = 4096, KEY_MAX = 511 };

static const char *const space_names[SPACE_COUNT] = {"meta", "segment", "delete", "note"};

struct value {
    enum space space;
    uint8_t    key[KEY_MAX];
    size_t     key_bytes, bytes;
    uint8_t   *payload;                /* without the frame */
    int        is_gone;
};

struct index {
    struct value values[VALUES_MAX];
    unsigned     count;
};

static struct {
    char     folder[256], dir[280], data[300];
    uint8_t *image;
    size_t   bytes;
    unsigned trials;
    long     only;
    uint64_t seed, random;
    struct shared {                    /* with the children */
        char     what[400];
        unsigned opened, answered, errors, reports, wrote;
        unsigned bad_codes;
        char     why[400];
    } *shared;
} g;

static uint64_t rnd(uint64_t n)
{
    return n ? tap_random(&g.random) % n : 0;
}

static void tell(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void tell(const char *fmt, ...)
{
    const size_t n = strlen(g.shared->what);
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(g.shared->what + n, sizeof g.shared->what - n, fmt, ap);
    va_end(ap);
}

/* ---- out of the file and back into it, past the library */

static void must(int rc, const char *what)
{
    if (rc == 0)
        return;
    printf("Bail out! %s: %s\n", what, mdb_strerror(rc));
    exit(2);
}

static MDB_env *open_env(unsigned flags)
{
    MDB_env *env;

    must(mdb_env_create(&env), "LMDB");
    mdb_env_set_maxdbs(env, SPACE_COUNT);
    mdb_env_set_mapsize(env, 64 << 20);
    must(mdb_env_open(env, g.data, MDB_NOSUBDIR | MDB_NOSYNC | flags, 0666), g.data);
    return env;
}

static void load(struct index *x)
{
    MDB_env *env = open_env(MDB_RDONLY);
    MDB_txn *txn;

    x->count = 0;
    must(mdb_txn_begin(env, NULL, MDB_RDONLY, &txn), "reading");
    for (unsigned s = 0; s < SPACE_COUNT; s++) {
        MDB_cursor *c;
        MDB_val k, v;
        MDB_dbi dbi;

        must(mdb_dbi_open(txn, space_names[s], 0, &dbi), space_names[s]);
        must(mdb_cursor_open(txn, dbi, &c), "reading");
        while (mdb_cursor_get(c, &k, &v, MDB_NEXT) == 0 && x->count < VALUES_MAX) {
            struct value *to = &x->values[x->count++];

            *to = (struct value){.space = (enum space)s, .key_bytes = k.mv_size, .bytes = v.mv_size - VALUE_HEAD};
            memcpy(to->key, k.mv_data, k.mv_size);
            to->payload = malloc(to->bytes + 1);
            memcpy(to->payload, (uint8_t *)v.mv_data + VALUE_HEAD, to->bytes);
        }
        mdb_cursor_close(c);
    }
    mdb_txn_abort(txn);
    mdb_env_close(env);
}

static void unload(struct index *x)
{
    for (unsigned i = 0; i < x->count; i++)
        free(x->values[i].payload);
    x->count = 0;
}

static void put_sealed(MDB_txn *txn, MDB_dbi dbi, const struct value *v)
{
    const size_t n = v->bytes + VALUE_HEAD;
    uint8_t *frame = malloc(n);
    MDB_val key = {v->key_bytes, (void *)(uintptr_t)v->key}, value = {n, frame};

    memcpy(frame + VALUE_HEAD, v->payload, v->bytes);
    put_u32(frame + 8, (uint32_t)v->bytes);
    put_u32(frame + 12, 0);
    put_u64(frame, XXH3_64bits_withSeed(frame + 8, n - 8, XXH3_64bits(v->key, v->key_bytes)));
    must(mdb_put(txn, dbi, &key, &value, 0), "writing");
    free(frame);
}

/* All values anew, in one transaction with its number. */
static void store(struct index *x)
{
    MDB_env *env = open_env(0);
    MDB_txn *txn;
    MDB_dbi dbi[SPACE_COUNT];

    must(mdb_txn_begin(env, NULL, 0, &txn), "writing");
    for (unsigned s = 0; s < SPACE_COUNT; s++) {
        must(mdb_dbi_open(txn, space_names[s], 0, &dbi[s]), space_names[s]);
        must(mdb_drop(txn, dbi[s], 0), "writing");
    }
    for (unsigned i = 0; i < x->count; i++) {
        struct value *v = &x->values[i];

        if (v->is_gone || v->key_bytes == 0)
            continue;
        if (v->space == SPACE_META && v->key_bytes == 11 && v->bytes == 8)
            put_u64(v->payload, mdb_txn_id(txn));
        put_sealed(txn, dbi[v->space], v);
    }
    must(mdb_txn_commit(txn), "writing");
    mdb_env_close(env);
}

/* ---- which value */

static unsigned kind_of(const struct value *v)
{
    return v->space == SPACE_SEGMENT && v->key_bytes == KEY_SEGMENT_BYTES ? v->key[4] : 0;
}

static struct value *manifest_of(struct index *x)
{
    for (unsigned i = 0; i < x->count; i++)
        if (x->values[i].space == SPACE_META && x->values[i].key_bytes == 8 && !x->values[i].is_gone)
            return &x->values[i];
    return NULL;
}

/* Any value but the transaction's number, each kind and space as likely as another. */
static struct value *pick(struct index *x)
{
    const unsigned want = (unsigned)rnd(KIND_COUNT + 3);
    struct value *found = NULL;
    unsigned seen = 0;

    for (unsigned i = 0; i < x->count; i++) {
        struct value *v = &x->values[i];
        const unsigned kind = kind_of(v), class = kind ? kind : KIND_COUNT + v->space - (v->space > SPACE_META);

        if (!v->is_gone && !(v->space == SPACE_META && v->key_bytes == 11) && class == (want ? want : KIND_COUNT) &&
            rnd(++seen) == 0)
            found = v;
    }
    return found ? found : manifest_of(x);
}

static void name_value(const struct value *v)
{
    if (v->space == SPACE_SEGMENT)
        tell(" of segment %u kind %u number %u", key_from_be32(v->key), v->key[4], key_from_be32(v->key + 5));
    else
        tell(" of %s '%.12s'", space_names[v->space], v->space == SPACE_META ? (const char *)v->key : "");
}

/* ---- what is done to one */

static uint64_t edge(void)
{
    static const uint64_t edges[] = {
        0, 1, 2, 127, 128, 255, 256, 32767, 65535, 65536, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF, 0x100000000,
        UINT64_C(0x7FFFFFFFFFFFFFFF), UINT64_C(1) << 63, UINT64_MAX,
    };
    static const float floats[] = {0, -1, 1e-40f, 1e30f, 0};

    if (rnd(8) == 0) {                         /* not a number, infinity, and others */
        float f = floats[rnd(5)];
        uint32_t bits = rnd(3) ? 0x7FC00000u | (uint32_t)rnd(2) << 31 : 0x7F800000u;

        if (rnd(2))
            memcpy(&bits, &f, 4);
        return bits;
    }
    return edges[rnd(sizeof edges / sizeof *edges)];
}

static void resize(struct value *v, size_t n)
{
    v->payload = realloc(v->payload, n + 1);
    for (size_t i = v->bytes; i < n; i++)
        v->payload[i] = (uint8_t)rnd(256);
    v->bytes = n;
}

/* Somewhere, more often near the beginning, where the tables are, and mostly where a number may begin. */
static size_t somewhere(size_t bytes, size_t width)
{
    const size_t n = rnd(2) && bytes > 64 ? 64 : bytes;
    const size_t at = rnd(n ? n : 1);

    return width > 1 && rnd(4) ? at / 4 * 4 : at;
}

static void flip_bits(struct value *v)
{
    for (unsigned i = 1 + (unsigned)rnd(3); v->bytes && i > 0; i--) {
        const size_t at = somewhere(v->bytes, 1);

        v->payload[at] ^= (uint8_t)(1u << rnd(8));
        tell(" flip %zu", at);
    }
}

static void put_number(struct value *v)
{
    const size_t width = (size_t)1 << rnd(4), at = somewhere(v->bytes, width);
    const uint64_t n = edge();
    uint8_t eight[8];

    if (at + width > v->bytes)
        return;
    put_u64(eight, n);
    memcpy(v->payload + at, eight, width);
    tell(" %zu bytes at %zu = %llx", width, at, (unsigned long long)n);
}

static void shift_number(struct value *v)
{
    const size_t at = somewhere(v->bytes, 4);
    const int by = (int)rnd(9) - 4;

    if (at + 4 > v->bytes)
        return;
    put_u32(v->payload + at, get_u32(v->payload + at) + (uint32_t)by);
    tell(" %+d at %zu", by, at);
}

static void put_varint_edge(struct value *v)
{
    const size_t at = somewhere(v->bytes, 1);
    uint8_t bytes[VARINT_MAX];
    const size_t n = (size_t)(put_varint(bytes, edge()) - bytes);

    if (at + n > v->bytes)
        return;
    memcpy(v->payload + at, bytes, n);
    tell(" varint of %zu at %zu", n, at);
}

static void cut_or_extend(struct value *v)
{
    const size_t n = rnd(3) == 0   ? v->bytes + 1 + rnd(40)
                     : rnd(4) == 0 ? rnd(12)
                                   : rnd(v->bytes + 1);

    resize(v, n);
    tell(" now %zu bytes", n);
}

static void copy_within(struct value *v)
{
    const size_t n = v->bytes ? 1 + rnd(v->bytes < 64 ? v->bytes : 64) : 0;

    if (n == 0)
        return;
    memmove(v->payload + rnd(v->bytes - n + 1), v->payload + rnd(v->bytes - n + 1), n);
    tell(" %zu bytes moved", n);
}

static void swap_payloads(struct value *a, struct value *b)
{
    uint8_t *const p = a->payload;
    const size_t n = a->bytes;

    if (a->space == SPACE_META || b->space == SPACE_META)
        return;
    a->payload = b->payload;
    a->bytes = b->bytes;
    b->payload = p;
    b->bytes = n;
    tell(" swapped with that");
    name_value(b);
}

static void change_key(struct index *x, struct value *v)
{
    struct value *to = v;

    if (rnd(2) && x->count < VALUES_MAX) {     /* under both */
        to = &x->values[x->count++];
        *to = *v;
        to->payload = malloc(v->bytes + 1);
        memcpy(to->payload, v->payload, v->bytes);
    }
    if (v->space == SPACE_SEGMENT && rnd(3))
        key_be32(to->key + 5, rnd(2) ? (uint32_t)edge() : key_from_be32(v->key + 5) + 1);
    else if (v->space == SPACE_SEGMENT && rnd(2))
        to->key[4] = (uint8_t)rnd(KIND_COUNT + 1);
    else if (v->space == SPACE_SEGMENT || v->space == SPACE_DELETE)
        key_be32(to->key, rnd(2) ? (uint32_t)edge() : 1 + (uint32_t)rnd(12));
    else
        to->key[rnd(to->key_bytes)] ^= (uint8_t)(1 + rnd(255));
    tell(" under another key%s", to == v ? "" : " too");
}

/* A stored block opened, its records spoilt, closed again. */
static void spoil_records(struct value *v)
{
    struct stored_value sv;
    struct stored_block b;
    struct buf raw = {0}, out = {0};
    ZSTD_CCtx *z = ZSTD_createCCtx();
    const uint8_t *compressed;
    uint32_t first;
    size_t n;

    if (kind_of(v) != KIND_STORED || fihi_stored_parse(&sv, v->payload, v->bytes) != 0 ||
        fihi_stored_next(&sv, &first, &b, &compressed, &n) != 0 || fihi_stored_expand(&raw, &b, compressed, n) != 0)
        goto out;
    const size_t at = (size_t)(compressed - v->payload), rest = v->bytes - at - n;
    struct value inner = {.payload = raw.ptr, .bytes = raw.len};

    tell(" records:");
    for (unsigned i = 1 + (unsigned)rnd(4); i > 0; i--) {
        if (rnd(3) == 0)
            put_varint_edge(&inner);
        else if (rnd(2))
            flip_bits(&inner);
        else
            put_number(&inner);
    }
    fihi_buf_append(&out, v->payload, at);
    fihi_stored_compress(z, &out, raw.ptr, raw.len, NULL);
    put_u32(out.ptr + 20, (uint32_t)(out.len - at));       /* only of the first block: the others' ends move too */
    for (uint32_t i = 1; i < sv.blocks; i++)
        put_u32(out.ptr + 20 + 12 * i, get_u32(v->payload + 20 + 12 * i) + (uint32_t)(out.len - at - n));
    fihi_buf_append(&out, v->payload + at + n, rest);
    free(v->payload);
    v->payload = malloc(out.len + 1);
    memcpy(v->payload, out.ptr, v->bytes = out.len);
out:
    fihi_buf_free(&raw);
    fihi_buf_free(&out);
    ZSTD_freeCCtx(z);
}

static void spoil_one(struct index *x)
{
    struct value *v = pick(x);

    if (!v)
        return;
    tell(";");
    name_value(v);
    switch (rnd(12)) {
    case 0: case 1: flip_bits(v); break;
    case 2: case 3: put_number(v); break;
    case 4: shift_number(v); break;
    case 5: put_varint_edge(v); break;
    case 6: cut_or_extend(v); break;
    case 7: copy_within(v); break;
    case 8: swap_payloads(v, pick(x)); break;
    case 9: change_key(x, v); break;
    case 10: v->is_gone = v->space != SPACE_META; tell(" removed"); break;
    default: kind_of(v) == KIND_STORED ? spoil_records(v) : put_number(v);
    }
}

/* ---- sealing: what the manifest and the headers say of the values, made true again */

static void seal_notes(struct index *x)
{
    struct value *m = manifest_of(x);
    uint64_t count = 0, hash = 0;

    for (unsigned i = 0; i < x->count; i++)
        if (x->values[i].space == SPACE_NOTE && !x->values[i].is_gone) {
            count++;
            hash ^= XXH3_64bits(x->values[i].payload, x->values[i].bytes);
        }
    if (m && m->bytes >= 56) {
        put_u64(m->payload + 40, count);
        put_u64(m->payload + 48, hash);
    }
}

static void seal_deletions(struct index *x)
{
    struct value *m = manifest_of(x);
    const uint32_t count = m && m->bytes >= 56 ? get_u32(m->payload + 28) : 0;

    for (uint32_t i = 0; i < count && 56 + 24 * (size_t)(i + 1) <= m->bytes; i++) {
        uint8_t *row = m->payload + 56 + 24 * (size_t)i;

        for (unsigned k = 0; k < x->count; k++) {
            const struct value *v = &x->values[k];
            uint32_t ones = 0;

            if (v->space != SPACE_DELETE || v->is_gone || v->key_bytes != KEY_DELETE_BYTES ||
                key_from_be32(v->key) != get_u32(row) || key_from_be32(v->key + 4) != 0)
                continue;
            for (size_t b = 0; b < v->bytes; b++)
                ones += (uint32_t)__builtin_popcount(v->payload[b]);
            put_u32(row + 8, ones);
            put_u64(row + 16, XXH3_64bits(v->payload, v->bytes));
        }
    }
}

/* Counts and bytes of a header as the values are. */
static void seal_headers(struct index *x)
{
    for (unsigned i = 0; i < x->count; i++) {
        struct value *h = &x->values[i];
        uint32_t counts[KIND_COUNT] = {0};
        uint64_t bytes[KIND_COUNT] = {0};

        if (kind_of(h) != KIND_HEADER || h->is_gone || h->bytes != SEGMENT_HEADER_BYTES)
            continue;
        for (unsigned k = 0; k < x->count; k++) {
            const struct value *v = &x->values[k];
            const unsigned kind = kind_of(v);

            if (kind > KIND_HEADER && kind < KIND_COUNT && !v->is_gone && memcmp(v->key, h->key, 4) == 0) {
                counts[kind]++;
                bytes[kind] += v->bytes + VALUE_HEAD;
            }
        }
        for (unsigned k = KIND_HEADER + 1; k < KIND_COUNT; k++) {
            put_u32(h->payload + 64 + 12 * k, counts[k]);
            put_u64(h->payload + 64 + 12 * k + 4, bytes[k]);
        }
    }
}

static void spoil(struct index *x)
{
    const unsigned n = 1 + (unsigned)rnd(rnd(4) == 0 ? 6 : 2);

    for (unsigned i = 0; i < n; i++)
        spoil_one(x);
    if (rnd(4))
        seal_notes(x);
    if (rnd(4))
        seal_deletions(x);
    if (rnd(3))
        seal_headers(x);
}

/* ---- asking */

static int is_clean(int code)
{
    return code == FIH_OK || code == FIH_DONE || code == FIH_E_CORRUPT || code == FIH_E_NOTFOUND ||
           code == FIH_E_VERSION || code == FIH_E_ANALYZER || code == FIH_E_LIMIT;
}

static void note_code(const char *what, int code, const fih_error *err)
{
    g.shared->answered += code == FIH_OK;
    g.shared->errors += code < 0 && code != FIH_E_NOTFOUND;
    if (is_clean(code))
        return;
    g.shared->bad_codes++;
    snprintf(g.shared->why, sizeof g.shared->why, "%.100s: %s: %.200s", what, fih_error_name(code), err->msg);
}

static void ask_facets(fih_reader *r, const char *text)
{
    static const char *const by[] = {"section", "date:year", "date:month", "date:day"};
    fih_error err = {0, 0, 0, ""};
    fih_query *q;

    if (fih_query_parse(&q, text, strlen(text), &err) != 0)
        return;
    for (unsigned i = 0; i < 4; i++) {
        fih_facets *f;
        fih_facet one;
        uint64_t h = 0;
        const int rc = fih_facets_new(&f, r, q, by[i], NULL, &err);

        note_code(by[i], rc, &err);
        for (size_t k = 0; rc == 0 && fih_facets_get(f, k, &one) == FIH_OK; k++)
            digest_bytes(&h, one.value.ptr, one.value.len);
        fih_facets_free(f);
    }
    fih_query_free(q);
}

static void ask_words(fih_reader *r)
{
    static const char *const texts[] = {"حكومه انتخابت", "lhk hgqw", "Pariss fotball", "مد"};
    fih_error err = {0, 0, 0, ""};

    for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++) {
        fih_completions *c;
        fih_completion one;
        uint64_t h = 0;
        char *out;
        int rc = fih_suggest(&out, NULL, r, texts[i], strlen(texts[i]), &err);

        note_code("suggestions", rc, &err);
        fih_free(out);
        note_code("completions", rc = fih_complete(&c, r, texts[i], strlen(texts[i]), 20, &err), &err);
        for (size_t k = 0; rc == 0 && fih_completions_get(c, k, &one) == FIH_OK; k++)
            digest_bytes(&h, one.text.ptr, one.text.len);
        fih_completions_free(c);
    }
}

static void ask_like(fih_reader *r)
{
    fih_error err = {0, 0, 0, ""};

    for (fih_docno d = 0; d < 400; d += 53) {
        fih_query *q;
        fih_hits *hits = NULL;
        int rc = fih_query_like(&q, r, d, &err);

        if (rc == 0)
            rc = fih_search(&hits, r, q, NULL, &err);
        note_code("like", rc, &err);
        fih_hits_free(hits);
        fih_query_free(q);
    }
}

static void ask_operators(fih_reader *r)
{
    static const struct {
        const char *text;
        int         sort;
    } asked[] = {
        {"مدين*", 0}, {"*خاب?ت", 0}, {"حكومه~", 0}, {"/(مد|كت).*/", 0}, {"=الكتاب", 0}, {"طويل", 0},
        {"\"رئيس وزير\"~4", 0}, {"بحر NEAR/6 جبل", 0}, {"قمر THEN/9 عالم", 0}, {"body:(تاريخ OR ثقافة) -رياضة", 0},
        {"title:سوق body:ذهب", 0}, {"date:2003..2011 كتاب", 0}, {"كتاب مدينة", FIH_SORT_NEWEST},
        {"شارع رئيس", FIH_SORT_OLDEST}, {"section:رياضة", 0}, {"date:2008", 0}, {"+مطر +نهر^3 زراعة", 0}, {"مشترك", 0},
    };
    fih_error err = {0, 0, 0, ""};

    for (unsigned i = 0; i < sizeof asked / sizeof *asked; i++) {
        fih_search_opts o = FIH_SEARCH_OPTS_INIT;
        uint64_t h = 0;

        o.sort = asked[i].sort;
        o.limit = i % 3 ? 10 : 200;
        o.exhaustive = i % 5 == 4;
        note_code(asked[i].text, digest_search(&h, r, asked[i].text, &o, &err), &err);
    }
}

static int count_problem(void *ctx, const char *line)
{
    (void)ctx;
    g.shared->reports += line[0] != '\0';
    return 0;
}

static void ask_all(const char *dir)
{
    fih_error err = {0, 0, 0, ""};
    fih_reader *r;
    int rc = fih_reader_open(&r, dir, &err);

    note_code("opening", rc, &err);
    if (rc == 0) {
        struct answers a = {0};

        g.shared->opened++;
        sample_ask(&a, r);
        for (int i = 0; i < a.count; i++)
            note_code(a.name[i], a.code[i], &err);
        ask_operators(r);
        ask_facets(r, "كتاب OR مدينة");
        ask_words(r);
        ask_like(r);
    }
    fih_reader_close(r);
    note_code("check", fih_check(dir, count_problem, NULL, NULL, &err), &err);
}

static int drop_note(void *ctx, fih_str key, fih_str value)
{
    (void)ctx;
    return key.len + value.len == SIZE_MAX;
}

static void write_all(const char *dir, int how)
{
    fih_writer_opts opts = FIH_WRITER_OPTS_INIT;
    fih_error err = {0, 0, 0, ""};
    fih_writer *w;
    int rc;

    opts.memory_bytes = 64 << 20;
    opts.threads = 1;
    if ((rc = fih_writer_open(&w, dir, &opts, &err)) == 0) {
        for (unsigned i = 0; i < 30 && rc == 0; i++)
            rc = sample_add(w, i * 7, 5, &err);
        if (rc == 0)
            rc = fih_writer_delete_source(w, "folder/file-3", 13, NULL, &err);
        if (rc == 0 || rc == FIH_E_NOTFOUND)
            rc = sample_note(w, 3, 5, &err);
        if (rc == 0)
            rc = fih_writer_note_each(w, "note/", 5, drop_note, NULL, &err);
        if (rc == 0)
            rc = fih_writer_commit(w, &err);
        note_code("writing", rc, &err);
        if (rc == 0 && how == 1)
            note_code("merging", rc = fih_writer_merge(w, &err), &err);
        g.shared->wrote += rc == 0;
    } else {
        note_code("opening to write", rc, &err);
    }
    fih_writer_close(w);
    if (rc == 0 && how == 2)
        note_code("compaction", rc = fih_compact(dir, &opts, &err), &err);
    if (rc == 0)
        ask_all(dir);
}

/* ---- trials */

static void one_trial(unsigned trial)
{
    static struct index x;
    char marker[300];

    g.random = g.seed * 1000003 + trial;
    g.shared->what[0] = '\0';
    tell("trial %u", trial);
    remove_folder(g.dir);
    mkdir(g.dir, 0777);
    snprintf(marker, sizeof marker, "%s/FIHRIST", g.dir);
    write_whole(marker, "fihrist index 1\ndata.1.mdb\n", 27);
    write_whole(g.data, g.image, g.bytes);
    load(&x);
    if (trial > 0)                             /* the first one is of the index as it is */
        spoil(&x);
    store(&x);
    unload(&x);
    ask_all(g.dir);
    if (trial % WRITE_EVERY == 0)
        write_all(g.dir, (int)(trial / WRITE_EVERY) % 3);
}

static void look_for_leaks(void)
{
#if defined(__SANITIZE_ADDRESS__)
    if (__lsan_do_recoverable_leak_check())
        _exit(9);
#endif
}

static void child(int out, unsigned from, unsigned to)
{
    const struct rlimit no_core = {0, 0}, memory = {MEMORY_MAX, MEMORY_MAX};

    setrlimit(RLIMIT_CORE, &no_core);
    if (!IS_ASAN)
        setrlimit(RLIMIT_DATA, &memory);
    for (unsigned i = from; i < to; i++) {
        const unsigned bad = g.shared->bad_codes;

        alarm(TIMEOUT_S);
        one_trial(i);
        if (i % LEAK_EVERY == 0 || i + 1 == to)
            look_for_leaks();
        if (g.shared->bad_codes > bad && bad < 12) {
            printf("# %s\n#   %s\n", g.shared->what, g.shared->why);
            fflush(stdout);
        }
        if (write(out, &i, sizeof i) != sizeof i)
            _exit(3);
    }
    _exit(0);
}

static void a_sealed_lie_is_an_answer_or_a_clean_error(void)
{
    unsigned from = g.only >= 0 ? (unsigned)g.only : 0, crashes = 0, hangs = 0, leaks = 0;
    const unsigned to = g.only >= 0 ? from + 1 : g.trials;
    const unsigned all = to - from;

    while (from < to) {
        unsigned done;
        int ends[2], status;
        pid_t pid;

        fflush(stdout);
        if (pipe(ends) != 0 || (pid = fork()) < 0) {
            printf("Bail out! no process: %s\n", strerror(errno));
            exit(2);
        }
        if (pid == 0) {
            close(ends[0]);
            child(ends[1], from, to);
        }
        close(ends[1]);
        while (read(ends[0], &done, sizeof done) == sizeof done)
            from = done + 1;
        close(ends[0]);
        waitpid(pid, &status, 0);
        if (from < to) {                       /* it ended early, in trial `from` */
            const int is_hang = WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
            const int is_leak = WIFEXITED(status) && WEXITSTATUS(status) == 9;

            if (crashes + hangs + leaks < 12)
                printf("# %s: %s\n", is_hang ? "a hang" : is_leak ? "a leak, here or shortly before" : "a crash",
                       g.shared->what);
            hangs += (unsigned)is_hang;
            leaks += (unsigned)is_leak;
            crashes += !is_hang && !is_leak;
            from++;
        }
    }
    printf("# %u trials: %u opened, %u answers, %u errors, %u lines of check, %u written\n", all, g.shared->opened,
           g.shared->answered, g.shared->errors, g.shared->reports, g.shared->wrote);
    CHECK_INT_EQ(crashes, 0);
    CHECK_INT_EQ(hangs, 0);
    CHECK_INT_EQ(leaks, 0);
    CHECK_INT_EQ(g.shared->bad_codes, 0, "errors that do not say damage");
    if (g.only < 0 && all >= 100) {            /* lies that all fail at the door would prove little */
        CHECK(g.shared->opened > all / 3 && g.shared->answered > 20 * all, "most are asked");
        CHECK(g.shared->errors > all && g.shared->reports > all / 4, "and most are noticed");
        CHECK(g.shared->wrote > all / 40, "some are written to");
    }
}

/* ---- the index */

/* Long texts, whose lengths have tables of their own, and lines that a host's pages share. */
static int add_more(const char *dir, fih_error *err)
{
    fih_writer_opts opts = FIH_WRITER_OPTS_INIT;
    const size_t room = 900000;
    char *body = malloc(room), id[32], url[64];
    fih_writer *w;
    int rc;

    opts.memory_bytes = 64 << 20;
    if ((rc = fih_writer_open(&w, dir, &opts, err)) != 0 || !body)
        goto out;
    for (unsigned i = 0; i < 40 && rc == 0; i++) {
        fih_doc doc = FIH_DOC_INIT;
        uint64_t seed = i;
        size_t n = 0;

        if (i == 7)
            while (n < room - 100)
                n += (size_t)snprintf(body + n, room - n, "%s ", n % 3 ? "طويل" : sample_word(&seed));
        else
            n = (size_t)snprintf(body, room, "سطر مشترك بين صفحات الموقع كلها\n%s نص %u %s\nحقوق النشر محفوظة لنا\n",
                                 sample_word(&seed), i, sample_word(&seed));
        doc.id = (fih_str){id, (size_t)snprintf(id, sizeof id, "page-%u", i)};
        doc.url = (fih_str){url, (size_t)snprintf(url, sizeof url, "https://example.org/page/%u", i)};
        doc.title = (fih_str){"عنوان", 10};
        doc.body = (fih_str){body, n};
        rc = fih_writer_add(w, &doc, err);
    }
    if (rc == 0)
        rc = fih_writer_commit(w, err);
out:
    fih_writer_close(w);
    free(body);
    return rc;
}

int main(int argc, char **argv)
{
    fih_error err = {0, 0, 0, ""};

    g.trials = TRIALS;
    g.seed = 1;
    g.only = -1;
    for (int i = 1; i + 1 < argc; i += 2)
        if (strcmp(argv[i], "--trials") == 0)
            g.trials = (unsigned)atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--seed") == 0)
            g.seed = (uint64_t)atoll(argv[i + 1]);
        else if (strcmp(argv[i], "--only") == 0)
            g.only = atol(argv[i + 1]);
    g.shared = mmap(NULL, sizeof *g.shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    sample_folder(g.folder, "hostile");
    snprintf(g.dir, sizeof g.dir, "%s/index", g.folder);
    snprintf(g.data, sizeof g.data, "%s/data.1.mdb", g.dir);
    if (g.shared == MAP_FAILED || sample_build(g.dir, DOCS, NULL, &err) != 0 || add_more(g.dir, &err) != 0 ||
        fih_check(g.dir, NULL, NULL, NULL, &err) != 0) {
        printf("Bail out! %s\n", err.msg);
        return 2;
    }
    g.image = read_whole(g.data, &g.bytes);
    printf("# an index of %zu KiB\n", g.bytes >> 10);
    RUN(a_sealed_lie_is_an_answer_or_a_clean_error);
    remove_folder(g.folder);
    free(g.image);
    return DONE();
}
