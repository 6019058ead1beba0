/* index/notes.c - pending and committed notes. A stored note is u32 key bytes, key, value.
 *
 * What waits for the commit lies in one buffer, found by a hash table; a note that is written again is appended, and
 * the older bytes stay until the commit. A note that is deleted waits like one that is written, since it hides the
 * committed one.
 *
 * The manifest has the number of all notes and the exclusive or of their hashes. Both can be kept up to date with
 * the notes that change, without reading the others: what is taken out and what is put in are the same operation. It
 * is no guard against someone who means to deceive, but against damage it is: a lost, old or doubled note changes
 * it.
 *
 * Of notes with the hashes 5, 3 and 9 the manifest has 3 and 5 ^ 3 ^ 9 = 15. If the second becomes one with the hash
 * 6, then 15 ^ 3 ^ 6 = 10, which is 5 ^ 6 ^ 9.
 *
 * A note is found by its key alone, in the table of what waits and then in the commit: no reader has to know how many
 * there are. Only the first look at any of them in a snapshot walks through all, to compare the sums
 * (fihi_notes_verify()).
 *
 * A note {} under run:index lies under the key 00 "run:index", and its payload is 09 00 00 00, the key once more and
 * the value: 15 bytes, of which the digest is made (FORMAT.md, "Notes"). */
#include "index/notes.h"

#include <stdbool.h>
#include <stdlib.h>
#include <xxhash.h>

#include "base/bytes.h"
#include "base/fail.h"
#include "store/keys.h"

/* Empty again and usable: a writer does so after each commit. */
void fihi_notes_free(struct notes *n)
{
    free(n->notes);
    fihi_table_free(&n->table);
    fihi_buf_free(&n->bytes);
    memset(n, 0, sizeof *n);
}

/* Only in memory, so it need not be the one of the file. */
static uint32_t hash_of(fih_str key)
{
    return (uint32_t)XXH3_64bits(key.ptr, key.len);
}

/* Borrowed until the next note is put, for the array may move. */
static struct note *find(const struct notes *n, fih_str key)
{
    const uint32_t hash = hash_of(key);
    uint32_t number;

    for (size_t at = hash; table_next(&n->table, hash, &at, &number);) {
        struct note *note = &n->notes[number];

        if (note->key_bytes == key.len && memcmp(n->bytes.ptr + note->at, key.ptr, key.len) == 0)
            return note;
    }
    return NULL;
}

/* All that can fail comes first; then nothing of it is half done. On an error the note that was there before is still
 * the one that waits. */
int fihi_notes_put(struct notes *n, fih_str key, fih_str value, bool is_deleted)
{
    const size_t at = n->bytes.len;
    struct note *note;

    if (fihi_table_room(&n->table) != 0 || n->count >= UINT32_MAX - 1 ||
        fihi_grow(&n->notes, &n->cap, n->count + 1, sizeof *n->notes) != 0 ||
        fihi_buf_append(&n->bytes, key.ptr, key.len) != 0 || fihi_buf_append(&n->bytes, value.ptr, value.len) != 0) {
        n->bytes.len = at;
        return FIH_E_NOMEM;
    }
    /* Only now: the table was given room before, so fihi_table_put() cannot fail. */
    note = find(n, key);
    if (!note) {
        fihi_table_put(&n->table, hash_of(key), (uint32_t)n->count);
        note = &n->notes[n->count++];
    }
    *note = (struct note){at, (uint32_t)key.len, (uint32_t)value.len, is_deleted};
    return FIH_OK;
}

/* The value is borrowed until the next note is put. FIH_DONE says that the commit will take it away, so the caller must
 * not ask the last commit instead. */
int fihi_notes_get(const struct notes *n, fih_str key, fih_str *value)
{
    const struct note *note = find(n, key);

    if (!note)
        return FIH_E_NOTFOUND;
    *value = (fih_str){NULL, 0};
    if (note->is_deleted)
        return FIH_DONE;
    *value = (fih_str){(const char *)n->bytes.ptr + note->at + note->key_bytes, note->value_bytes};
    return FIH_OK;
}

/* With the key in the payload, so that a value under another key counts as another note. */
static uint64_t digest(const uint8_t *payload, size_t bytes)
{
    return XXH3_64bits(payload, bytes);
}

/* The old note goes out of the sums before the new one comes in; to delete what is not there is no error. The
 * payload is made where LMDB will keep it, and sealed with its checksum when it is complete, so that a note is
 * copied once. */
int fihi_notes_publish(const struct notes *n, struct manifest *m, struct change *c, fih_error *err)
{
    for (size_t i = 0; i < n->count; i++) {
        const struct note *note = &n->notes[i];
        uint8_t key[KEY_NOTE_MAX], *room;
        /* Of a long key its hash: what is in the file under it may be another note's, but the payload has the whole
         * key. */
        const size_t key_bytes = fihi_key_note(key, n->bytes.ptr + note->at, note->key_bytes);
        const uint8_t *old;
        size_t old_bytes;
        int rc = fihi_change_get(c, SPACE_NOTE, key, key_bytes, &old, &old_bytes, err);

        /* It was there: its part is taken out of the sums, whatever comes in its place. */
        if (rc == FIH_OK) {
            m->note_count--;
            m->note_hash ^= digest(old, old_bytes);
            if (note->is_deleted)
                rc = fihi_change_delete(c, SPACE_NOTE, key, key_bytes, err);
        }
        if (rc != 0 && rc != FIH_E_NOTFOUND)
            return rc;
        if (note->is_deleted)
            continue;
        if ((rc = fihi_change_reserve(c, SPACE_NOTE, key, key_bytes, 4 + (size_t)note->key_bytes + note->value_bytes,
                                      &room, err)) != 0)
            return rc;
        /* u32, the key, the value: FORMAT.md, "Notes". The digest is made of the payload where it lies. */
        put_u32(room, note->key_bytes);
        memcpy(room + 4, n->bytes.ptr + note->at, (size_t)note->key_bytes + note->value_bytes);
        m->note_count++;
        m->note_hash ^= digest(room, 4 + (size_t)note->key_bytes + note->value_bytes);
        fihi_change_seal(c);
    }
    return FIH_OK;
}

/* Borrowed from the payload. */
static int split(const uint8_t *payload, size_t bytes, fih_str *key, fih_str *value)
{
    /* By subtraction: the length is the file's word. */
    if (bytes < 4 || get_u32(payload) > bytes - 4)
        return FIH_E_CORRUPT;
    *key = (fih_str){(const char *)payload + 4, get_u32(payload)};
    *value = (fih_str){key->ptr + key->len, bytes - 4 - key->len};
    return FIH_OK;
}

static int damaged(fih_error *err)
{
    return fihi_fail(err, FIH_E_CORRUPT, "a note of the index is damaged; restore a backup or rebuild it");
}

/* A long key is stored by its hash, so the note says its whole key, and another one is "not there". */
int fihi_notes_read(struct snap *snap, fih_str key, fih_str *value, fih_error *err)
{
    uint8_t k[KEY_NOTE_MAX];
    const size_t key_bytes = fihi_key_note(k, key.ptr, key.len);
    const uint8_t *p;
    fih_str found;
    size_t n;
    /* The key space is walked by the guard at the first look at a note, for those pages were passed over when it was
     * opened. */
    const int rc = fihi_snap_get(snap, SPACE_NOTE, k, key_bytes, &p, &n, err);

    *value = (fih_str){NULL, 0};
    if (rc != 0)
        return rc;
    if (split(p, n, &found, value) != 0)
        return damaged(err);
    return found.len == key.len && memcmp(found.ptr, key.ptr, key.len) == 0 ? FIH_OK : FIH_E_NOTFOUND;
}

struct each {
    const struct notes *pending;
    fih_str             prefix;
    int               (*each)(void *, fih_str, fih_str);
    void               *ctx;
    uint8_t             kind;          /* first byte of the keys wanted */
    int                 stop;          /* what `each` stopped with; it may be FIH_DONE, which is ours for "no more" */
    fih_error          *err;           /* for damage */
};

static bool has_prefix(fih_str s, fih_str prefix)
{
    return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

/* Keys with a prefix stand together, so the first one without it ends the walk. Of a prefix longer than a key shows,
 * more keys are walked through, and their own text decides. DONE is no error of the walk: the key behind those with the
 * prefix has been seen. */
static int each_committed(void *ctx, const uint8_t *key, size_t key_bytes, const uint8_t *payload, size_t bytes)
{
    struct each *e = ctx;
    const size_t shown = e->prefix.len < KEY_NOTE_WHOLE ? e->prefix.len : KEY_NOTE_WHOLE;
    fih_str name, value, other;

    /* All that the tree shows of the prefix is compared: a key that has it may still be another one behind that. */
    if (key_bytes < 1 + shown || key[0] != e->kind || (shown && memcmp(key + 1, e->prefix.ptr, shown) != 0))
        return FIH_DONE;
    if (split(payload, bytes, &name, &value) != 0)
        return damaged(e->err);
    /* What waits is told afterwards, in its new state, or not at all if it is deleted. */
    if (!has_prefix(name, e->prefix) || (e->pending && fihi_notes_get(e->pending, name, &other) != FIH_E_NOTFOUND))
        return FIH_OK;
    e->stop = e->each(e->ctx, name, value);
    return e->stop ? FIH_DONE : FIH_OK;
}

/* Twice, for short keys and long ones are in two places: a note's first byte says which. `each` may stop with
 * FIH_DONE itself, so what it says is kept apart from what the walk says. */
int fihi_notes_each(struct snap *snap, const struct notes *pending, fih_str prefix,
                    int (*each)(void *ctx, fih_str key, fih_str value), void *ctx, fih_error *err)
{
    /* 480 bytes of the key are what the tree has of it; a longer prefix is compared with the whole key. */
    const size_t shown = prefix.len < KEY_NOTE_WHOLE ? prefix.len : KEY_NOTE_WHOLE;
    struct each e = {pending, prefix, each, ctx, 0, 0, err};
    uint8_t from[1 + KEY_NOTE_WHOLE];
    int rc;

    if (shown)
        memcpy(from + 1, prefix.ptr, shown);
    /* First byte 0, then 1: keys of up to 480 bytes and longer ones (FORMAT.md, "Notes"). */
    for (e.kind = 0; e.kind < 2; e.kind++) {
        from[0] = e.kind;
        rc = fihi_snap_each(snap, SPACE_NOTE, from, 1 + shown, each_committed, &e, err);
        if (e.stop || (rc != FIH_OK && rc != FIH_DONE))
            return e.stop ? e.stop : rc;
    }
    for (size_t i = 0; pending && i < pending->count; i++) {
        const struct note *note = &pending->notes[i];
        const fih_str key = {(const char *)pending->bytes.ptr + note->at, note->key_bytes};

        if (!note->is_deleted && has_prefix(key, prefix) &&
            (rc = each(ctx, key, (fih_str){key.ptr + key.len, note->value_bytes})) != 0)
            return rc;
    }
    return FIH_OK;
}

/* What a walk over all notes adds up. 64 bits: an exclusive or of hashes says as much of a million notes as of two. */
struct digests {
    uint64_t   count, hash;
    fih_error *err;
};

static int add_digest(void *ctx, const uint8_t *key, size_t key_bytes, const uint8_t *payload, size_t bytes)
{
    struct digests *d = ctx;
    uint8_t own[KEY_NOTE_MAX];
    fih_str name, value;

    /* Under another key nobody would find it. */
    if (split(payload, bytes, &name, &value) != 0 || fihi_key_note(own, name.ptr, name.len) != key_bytes ||
        memcmp(own, key, key_bytes) != 0)
        return damaged(d->err);
    d->count++;
    d->hash ^= digest(payload, bytes);
    return FIH_OK;
}

/* Two threads may both do it; they come to the same result. `done` is set only when all was well, so damage is found
 * again by the next who asks. */
int fihi_notes_verify(struct snap *snap, const struct manifest *m, _Atomic int *done, fih_error *err)
{
    struct digests d = {0, 0, err};
    int rc;

    if (*done)
        return FIH_OK;
    if ((rc = fihi_snap_each(snap, SPACE_NOTE, NULL, 0, add_digest, &d, err)) != 0)
        return rc;
    if (d.count != m->note_count || d.hash != m->note_hash)
        return fihi_fail(
            err, FIH_E_CORRUPT,
            "the index is damaged: its notes are not those of the last commit; restore a backup or rebuild it");
    *done = 1;
    return FIH_OK;
}
