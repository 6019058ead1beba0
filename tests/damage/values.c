/* values.c - LMDB without the library. */
#include "values.h"

#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/bytes.h"
#include "index/segment.h"
#include "store/keys.h"

static const char *const space_names[SPACE_COUNT] = {"meta", "segment", "delete", "note"};

static void must(int rc, const char *what)
{
    if (rc == 0)
        return;
    printf("Bail out! %s: %s\n", what, mdb_strerror(rc));
    exit(2);
}

static MDB_env *open_env(const char *data_file, unsigned flags)
{
    MDB_env *env;

    must(mdb_env_create(&env), "LMDB");
    mdb_env_set_maxdbs(env, SPACE_COUNT);
    mdb_env_set_mapsize(env, 64 << 20);
    must(mdb_env_open(env, data_file, MDB_NOSUBDIR | MDB_NOSYNC | flags, 0666), data_file);
    return env;
}

void values_load(struct index *x, const char *data_file)
{
    MDB_env *env = open_env(data_file, MDB_RDONLY);
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

void values_free(struct index *x)
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

void values_store(struct index *x, const char *data_file)
{
    MDB_env *env = open_env(data_file, 0);
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

/* ---- which is which */

unsigned value_kind(const struct value *v)
{
    return v->space == SPACE_SEGMENT && v->key_bytes == KEY_SEGMENT_BYTES ? v->key[4] : 0;
}

struct value *value_manifest(struct index *x)
{
    for (unsigned i = 0; i < x->count; i++)
        if (x->values[i].space == SPACE_META && x->values[i].key_bytes == 8 && !x->values[i].is_gone)
            return &x->values[i];
    return NULL;
}

/* ---- sealing */

void seal_notes(struct index *x)
{
    struct value *m = value_manifest(x);
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

void seal_deletions(struct index *x)
{
    struct value *m = value_manifest(x);
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
void seal_headers(struct index *x)
{
    for (unsigned i = 0; i < x->count; i++) {
        struct value *h = &x->values[i];
        uint32_t counts[KIND_COUNT] = {0};
        uint64_t bytes[KIND_COUNT] = {0};

        if (value_kind(h) != KIND_HEADER || h->is_gone || h->bytes != SEGMENT_HEADER_BYTES)
            continue;
        for (unsigned k = 0; k < x->count; k++) {
            const struct value *v = &x->values[k];
            const unsigned kind = value_kind(v);

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
