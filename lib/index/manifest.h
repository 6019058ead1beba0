/* index/manifest.h - which segments an index consists of: the root that a commit replaces.
 *
 * Layer: index. One value in the meta space. Format: FORMAT.md, "Manifest".
 */
#ifndef FIHI_INDEX_MANIFEST_H
#define FIHI_INDEX_MANIFEST_H

#include <stdbool.h>

#include "base/buf.h"
#include "fihrist.h"
#include "index/schema.h"
#include "store/store.h"

struct manifest_segment {
    uint32_t id, docs, deleted;
    uint64_t delete_hash;              /* of the whole bitmap; 0 when nothing is deleted */
};

struct manifest {
    uint64_t generation;               /* commits so far */
    int64_t  commit_time;              /* seconds since 1970 UTC */
    uint32_t next_segment;
    float    title_weight, body_weight;
    uint64_t note_count, note_hash;    /* the exclusive or of all notes' hashes */
    char     analyzer_name[64];
    char     analyzer_text[512];
    struct buf lexicon; /* of the user: text; empty without one. A value of its own, as large as it may be */
    bool     has_new_lexicon;          /* to be written: in the first commit, and in that of a rebuild */
    struct schema schema;
    struct manifest_segment *segments; /* in document order */
    uint32_t count;
};

void fihi_manifest_free(struct manifest *m);
/* Its numbers agree among themselves: each segment is named once, and was given its number before; there are no more
 * documents than may be. FIH_E_NOTFOUND without a message if there is none yet; FIH_E_VERSION, FIH_E_CORRUPT. */
int fihi_manifest_read(struct manifest *m, struct snap *snap, fih_error *err);
/* The analyzer of its index `dir`, which is that of the day on which it was made, or FIH_E_ANALYZER: words made by
 * other rules than the index' would be looked for, or added, where they are not. `tokenizer`: the program's own, or
 * NULL. */
struct analyzer;
int fihi_manifest_analyzer(struct analyzer **out, const struct manifest *m, const fih_tokenizer *tokenizer,
                           const char *dir, fih_error *err);
int fihi_manifest_write(const struct manifest *m, struct change *c, fih_error *err);

#endif
