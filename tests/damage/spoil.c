/* spoil.c - what is done to values: bits, numbers, tables, records, keys. */
#include "spoil.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "codec/pack.h"
#include "index/segment.h"
#include "store/keys.h"
#include "tap.h"

static struct {
    uint64_t random;
    char    *what;
    size_t   room;
    int      is_header;                /* one of its numbers is a lie that shall stay */
} now;

static uint64_t rnd(uint64_t n)
{
    return n ? tap_random(&now.random) % n : 0;
}

static void tell(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void tell(const char *fmt, ...)
{
    const size_t n = strlen(now.what);
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(now.what + n, now.room - n, fmt, ap);
    va_end(ap);
}

/* ---- which value */

/* Classes of values: the kinds of a segment's, then what lies in the other spaces. */
enum { CLASS_META = KIND_COUNT, CLASS_DELETE, CLASS_NOTE, CLASSES };

static unsigned class_of(const struct value *v)
{
    return value_kind(v)              ? value_kind(v)
           : v->space == SPACE_META   ? CLASS_META
           : v->space == SPACE_DELETE ? CLASS_DELETE
                                      : CLASS_NOTE;
}

/* One of a class, but not the transaction's number. */
static struct value *pick_of(struct index *x, unsigned class)
{
    struct value *found = NULL;
    unsigned seen = 0;

    for (unsigned i = 0; i < x->count; i++) {
        struct value *v = &x->values[i];

        if (!v->is_gone && !(v->space == SPACE_META && v->key_bytes == 11) && class_of(v) == class && rnd(++seen) == 0)
            found = v;
    }
    return found;
}

/* Those that others depend on are more likely. */
static struct value *pick(struct index *x)
{
    static const unsigned more[] = {KIND_HEADER, KIND_HEADER, KIND_HEADER, CLASS_META, CLASS_META, KIND_DICT,
                                    KIND_DICT, KIND_STORED, KIND_POSTINGS};
    const unsigned class = 1 + (unsigned)rnd(CLASSES - 1 + sizeof more / sizeof *more);
    struct value *found = pick_of(x, class < CLASSES ? class : more[class - CLASSES]);

    return found ? found : value_manifest(x);
}

static void name_value(const struct value *v)
{
    if (v->space == SPACE_SEGMENT)
        tell(" of segment %u kind %u number %u", key_from_be32(v->key), v->key[4], key_from_be32(v->key + 5));
    else
        tell(" of space %d '%.12s'", v->space, v->space == SPACE_META ? (const char *)v->key : "");
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

/* A number of a header or of the manifest, by its place. */
static void put_field(struct value *v)
{
    static const struct {
        size_t at, width;
    } header[] = {{0, 4}, {4, 4}, {8, 4}, {12, 8}, {20, 4}, {24, 4}, {28, 8}, {36, 4}, {40, 4}, {44, 4}, {48, 8}, {56, 8}},
      manifest[] = {{0, 4}, {8, 8}, {16, 8}, {24, 4}, {28, 4}, {32, 4}, {36, 4}, {40, 8}, {48, 8}};
    const int is_header = value_kind(v) == KIND_HEADER;
    const unsigned i = (unsigned)rnd(is_header ? 12 : 9), k = (unsigned)rnd(is_header ? KIND_COUNT : 8);
    size_t at = is_header ? header[i].at : manifest[i].at, width = is_header ? header[i].width : manifest[i].width;
    uint8_t eight[8];
    uint64_t n = edge();

    if (rnd(3)) {                              /* of a kind, or of a segment's row */
        static const size_t places[] = {0, 4, 8, 16};
        const unsigned place = (unsigned)rnd(is_header ? 2 : 4);

        at = is_header ? 64 + 12 * (size_t)k + places[place] : 56 + 24 * (size_t)k + places[place];
        width = (is_header && place == 1) || place == 3 ? 8 : 4;
    }
    if (at + width > v->bytes)
        return;
    if (is_header && at >= 64 && rnd(3) == 0) { /* many values, and bytes enough for their frames */
        const uint32_t count = rnd(2) ? (uint32_t)edge() : 1u << rnd(32);
        uint8_t *const p = v->payload + 64 + 12 * (size_t)(rnd(2) ? KIND_POSTINGS : KIND_POSITIONS);

        put_u32(p, count);
        put_u64(p + 4, (uint64_t)VALUE_HEAD * count + rnd(100));
        now.is_header = 1;
        tell(" %u values of a kind", count);
        return;
    }
    memset(eight, 0, sizeof eight);
    memcpy(eight, v->payload + at, width);
    if (rnd(2))
        n = get_u64(eight) + rnd(5) - 2;
    put_u64(eight, n);
    memcpy(v->payload + at, eight, width);
    now.is_header |= is_header && rnd(4);
    tell(" number of %zu bytes at %zu = %llx", width, at, (unsigned long long)n);
}

/* A number of the dictionary or of a list, in as many bytes as it has: what is behind it stays where it is. */
static void change_varint(uint8_t *at, const uint8_t *end)
{
    uint64_t n = 0;
    const uint8_t *behind = get_varint(at, end, &n);

    if (!behind)
        return;
    n = rnd(3) == 0 ? edge() : rnd(2) ? n ^ (UINT64_C(1) << rnd(7 * (unsigned)(behind - at))) : n + rnd(9) - 4;
    for (; at < behind; at++, n >>= 7)
        *at = (uint8_t)((n & 0x7F) | (at + 1 < behind ? 0x80 : 0));
    tell(" a number = %llx", (unsigned long long)n);
}

/* Any entry that does not begin a block, and where it begins: its numbers, its rows, its ordinal. */
static void spoil_entry(struct value *dict)
{
    struct dict_scan scan;
    uint8_t *numbers[64];
    const uint8_t *at = NULL, *from = NULL, *end = NULL;
    unsigned seen = 0, count = 0;
    uint64_t n;

    if (fihi_dict_scan(&scan, dict->payload, dict->bytes) != 0)
        return;
    for (uint32_t block = 0; fihi_dict_next(&scan) == FIH_OK; at = scan.p, block = scan.block)
        if (at && block == scan.block && (rnd(++seen) == 0 || (scan.entry.row_count > 1 && rnd(20) == 0))) {
            from = at;
            end = scan.p;
        }
    if (!from || !(from = get_varint(from, end, &n)) || !(from = get_varint(from, end, &n)))
        return;
    for (const uint8_t *p = from + n; p && p < end && count < 64; p = get_varint(p, end, &n))
        numbers[count++] = dict->payload + (p - dict->payload);
    for (unsigned i = 1 + (unsigned)rnd(2); count && i > 0; i--)
        change_varint(numbers[rnd(count)], end);
    tell(" of an entry");
}

/* What a block of the dictionary begins with: where its first lists lie, and its first term, which a look-up halves by. */
static void spoil_first_key(struct value *dict)
{
    const uint32_t blocks = dict->bytes >= 8 ? get_u32(dict->payload) : 0;
    const size_t table = 4 + 4 * (size_t)blocks;
    uint8_t *p, *const end = dict->payload + dict->bytes;
    uint64_t n;

    if (blocks == 0 || table >= dict->bytes)
        return;
    p = dict->payload + table + get_u32(dict->payload + 4 + 4 * rnd(blocks));
    for (unsigned number = (unsigned)rnd(8); p && p < end; number--) {
        const uint8_t *const behind = get_varint(p, end, &n);

        if (!behind || number == 0) {
            change_varint(p, end);
            tell(" of the beginning of a block");
            return;
        }
        p = dict->payload + (behind - dict->payload);
    }
}

/* Of the schema, behind all else that the manifest has: its count, or what it says of a field. */
static void spoil_schema(struct value *v)
{
    size_t at = v->bytes >= 32 ? 56 + 24 * (size_t)get_u32(v->payload + 28) : v->bytes;
    uint32_t fields;

    for (unsigned i = 0; i < 2 && at + 4 <= v->bytes; i++)      /* the analyzer's name and fingerprint */
        at += 4 + get_u32(v->payload + at);
    if (at + 4 > v->bytes)
        return;
    fields = get_u32(v->payload + at);
    if (rnd(8) == 0) {
        put_u32(v->payload + at, fields + (uint32_t)rnd(5) - 2);
        tell(" %u fields", get_u32(v->payload + at));
        return;
    }
    at += 4;
    for (uint32_t field = fields ? (uint32_t)rnd(fields) : 0; field > 0 && at + 4 <= v->bytes; field--)
        at += 4 + v->payload[at + 2];
    if (at + 4 > v->bytes)
        return;
    at += (size_t)rnd(4 + (uint64_t)v->payload[at + 2]);
    if (at < v->bytes)
        v->payload[at] = (uint8_t)(rnd(2) ? v->payload[at] ^ 1u << rnd(8) : rnd(8));
    tell(" byte %zu of the schema", at);
}

/* Where a block's flags are, behind documents and frequencies; 0 if that cannot be told. */
static size_t flags_at(const uint8_t *list, size_t begin, size_t bytes)
{
    for (unsigned i = 0; i < 2; i++) {
        const size_t took = begin < bytes ? fihi_pack_skip(list + begin, bytes - begin) : 0;

        if (took == 0)
            return 0;
        begin += took;
    }
    return begin < bytes ? begin : 0;
}

/* What says of a list of blocks where they are, what is in them, and how much they can score. */
static void spoil_skips(uint8_t *list, size_t bytes, uint32_t blocks, uint32_t forms)
{
    const size_t own = forms < OWN_FORMS ? forms : OWN_FORMS, shares = forms < 16 ? (forms + 1) / 2 : 8;
    const size_t bounds = 12 * (size_t)blocks;
    const size_t blocks_at = bounds + BOUNDS * ((size_t)blocks + 1) + FLOORS + own + ((size_t)blocks + 1) * shares;
    const size_t at = rnd(2) ? 4 * (size_t)rnd(3 * blocks) : bounds + rnd(blocks_at - bounds);
    const uint32_t block = (uint32_t)rnd(blocks);
    size_t begin, end, flags;

    if (blocks_at > bytes)
        return;
    begin = blocks_at + (block ? get_u32(list + 4 * (blocks + (size_t)block - 1)) : 0);
    end = blocks_at + get_u32(list + 4 * (blocks + (size_t)block));
    flags = flags_at(list, begin, bytes);
    if (flags && end <= bytes && end > flags + 1 && (list[flags] & BLOCK_MIXED) && rnd(2)) {
        const size_t room = end - flags - 1, back = 1 + (size_t)rnd(room < 12 ? room : 12);

        list[end - back] = (uint8_t)(rnd(2) ? list[end - back] ^ 1u << rnd(8) : 128 + rnd(128));
        tell(" mixed forms of block %u", block);
    } else if (flags && rnd(3) == 0) {
        list[flags] ^= (uint8_t)(1u << rnd(8));
        tell(" flags of block %u", block);
    } else if (at < bounds) {
        const uint32_t n = rnd(2) ? (uint32_t)edge() : get_u32(list + at) + (uint32_t)rnd(400) - 200;

        put_u32(list + at, n);
        tell(" skip %zu = %x", at, n);
    } else {
        list[at] = (uint8_t)(rnd(2) ? rnd(256) : rnd(2) * 255);
        tell(" bound %zu = %u", at, list[at]);
    }
}

/* In a posting list that the dictionary leads to: what it begins with, its tail, or any of it. */
static void spoil_list(struct index *x, const struct value *dict)
{
    struct dict_entry chosen = {0};
    struct dict_scan scan;
    struct value *v = NULL;
    unsigned seen = 0;

    if (fihi_dict_scan(&scan, dict->payload, dict->bytes) == 0)
        while (fihi_dict_next(&scan) == FIH_OK)
            if (scan.entry.df > 1 && scan.entry.doc_bytes > 0 &&
                (rnd(++seen) == 0 || (scan.entry.df >= POSTING_BLOCK && rnd(2))))
                chosen = scan.entry;
    for (unsigned i = 0; seen && i < x->count && !v; i++)
        if (value_kind(&x->values[i]) == KIND_POSTINGS && memcmp(x->values[i].key, dict->key, 4) == 0 &&
            key_from_be32(x->values[i].key + 5) == chosen.docs.number)
            v = &x->values[i];
    if (!v || v->is_gone || (uint64_t)chosen.docs.offset + chosen.doc_bytes > v->bytes)
        return;
    struct value inner = {.payload = v->payload + chosen.docs.offset, .bytes = chosen.doc_bytes};
    const uint32_t blocks = chosen.df / POSTING_BLOCK;

    tell(" list of %u:", chosen.df);
    if (blocks && rnd(2) && inner.bytes > 12 * (size_t)blocks)
        spoil_skips(inner.payload, inner.bytes, blocks, chosen.form_count);
    else if (rnd(2) && inner.bytes > 2)        /* tails are all varints */
        change_varint(inner.payload + 2 + rnd(inner.bytes - 2), inner.payload + inner.bytes);
    else if (rnd(2))
        flip_bits(&inner);
    else
        put_varint_edge(&inner);
}

/* A number of another length, what is behind it moved. */
static void insert_varint(struct value *v)
{
    const size_t at = somewhere(v->bytes, 1), behind = v->bytes - at;
    uint8_t bytes[VARINT_MAX];
    const size_t n = (size_t)(put_varint(bytes, edge()) - bytes), gone = rnd(behind < 4 ? behind + 1 : 4);

    resize(v, v->bytes + n);
    memmove(v->payload + at + n, v->payload + at + gone, behind - gone);
    memcpy(v->payload + at, bytes, n);
    v->bytes -= gone;
    tell(" varint of %zu for %zu bytes at %zu", n, gone, at);
}

/* A stored block opened, its records spoilt, closed again. */
static void spoil_records(struct value *v)
{
    struct stored_value sv;
    struct stored_block b;
    struct buf raw = {0}, record = {0}, block = {0}, out = {0};
    ZSTD_CCtx *z = ZSTD_createCCtx();
    const uint8_t *compressed, *p;
    uint32_t first;
    size_t n;

    if (value_kind(v) != KIND_STORED || fihi_stored_parse(&sv, v->payload, v->bytes) != 0 ||
        fihi_stored_next(&sv, &first, &b, &compressed, &n) != 0 || fihi_stored_expand(&raw, &b, compressed, n) != 0)
        goto out;
    const size_t at = (size_t)(compressed - v->payload), rest = v->bytes - at - n;
    /* Half of the time the letters, else the first record that they are. */
    const bool is_record = rnd(2) && (p = raw.ptr, fihi_record_decode(&record, &p, raw.ptr + raw.len)) == 0;
    struct value inner = {.payload = is_record ? record.ptr : raw.ptr, .bytes = is_record ? record.len : raw.len};

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
    if (is_record && fihi_record_encode(&block, record.ptr, record.len) == 0 &&
        fihi_buf_append(&block, p, (size_t)(raw.ptr + raw.len - p)) == 0)
        fihi_stored_compress(z, &out, block.ptr, block.len, NULL);
    else
        fihi_stored_compress(z, &out, raw.ptr, raw.len, NULL);
    if (is_record)
        put_u32(out.ptr + 16, (uint32_t)block.len);
    put_u32(out.ptr + 20, (uint32_t)(out.len - at));       /* only of the first block: the others' ends move too */
    for (uint32_t i = 1; i < sv.blocks; i++)
        put_u32(out.ptr + 20 + 12 * i, get_u32(v->payload + 20 + 12 * i) + (uint32_t)(out.len - at - n));
    fihi_buf_append(&out, v->payload + at + n, rest);
    free(v->payload);
    v->payload = malloc(out.len + 1);
    memcpy(v->payload, out.ptr, v->bytes = out.len);
out:
    fihi_buf_free(&raw);
    fihi_buf_free(&record);
    fihi_buf_free(&block);
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
    if (v == value_manifest(x) && rnd(3) == 0) {
        spoil_schema(v);
        return;
    }
    if ((value_kind(v) == KIND_HEADER || v->space == SPACE_META) && rnd(4)) {
        put_field(v);
        return;
    }
    if (value_kind(v) == KIND_DICT && rnd(4)) {
        if (rnd(2))
            spoil_list(x, v);
        else if (rnd(3) == 0)
            spoil_first_key(v);
        else
            spoil_entry(v);
        return;
    }
    if (value_kind(v) == KIND_STORED && rnd(3) == 0) {
        spoil_records(v);
        return;
    }
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
    default: insert_varint(v);
    }
}

void spoil(struct index *x, uint64_t seed, char *what, size_t room)
{
    now.random = seed;
    now.what = what;
    now.room = room;
    now.is_header = 0;
    for (unsigned n = 1 + (unsigned)rnd(rnd(4) == 0 ? 6 : 2); n > 0; n--)
        spoil_one(x);
    if (rnd(4))
        seal_notes(x);
    if (rnd(4))
        seal_deletions(x);
    if (!now.is_header && rnd(3))
        seal_headers(x);
}
