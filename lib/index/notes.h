/* index/notes.h - a program's small records, waiting for the commit that carries them.
 *
 * Layer: index. Kept in memory until then, because a commit publishes them together with the documents.
 */
#ifndef FIHI_INDEX_NOTES_H
#define FIHI_INDEX_NOTES_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/table.h"
#include "index/manifest.h"
#include "store/store.h"

enum { NOTE_MAX_VALUE = 1 << 20 };

struct notes {
    struct note {
        uint64_t at;                   /* key, then value, in bytes */
        uint32_t key_bytes, value_bytes;
        bool      is_deleted;
    }         *notes;
    size_t     count, cap;
    struct table table;                /* of keys */
    struct buf bytes;
};

void fihi_notes_free(struct notes *n);
int fihi_notes_put(struct notes *n, fih_str key, fih_str value, bool is_deleted);
/* FIH_OK with the value, FIH_DONE if deleted here, FIH_E_NOTFOUND if not here. */
int fihi_notes_get(const struct notes *n, fih_str key, fih_str *value);
/* Write them and keep the manifest's count and hash right. */
int fihi_notes_publish(const struct notes *n, struct manifest *m, struct change *c, fih_error *err);

/* The committed ones. */
int fihi_notes_read(struct snap *snap, fih_str key, fih_str *value, fih_error *err);
/* Those whose key begins with prefix and that `pending` (may be NULL) does not hold; then the pending ones. */
int fihi_notes_each(struct snap *snap, const struct notes *pending, fih_str prefix,
                    int (*each)(void *ctx, fih_str key, fih_str value), void *ctx, fih_error *err);
/* Are they all those of the manifest? A note under a damaged key would only seem not to be there, so this comes
 * before the first look at any; `done` remembers that it came out well. FIH_E_CORRUPT. */
int fihi_notes_verify(struct snap *snap, const struct manifest *m, _Atomic int *done, fih_error *err);

#endif
