/* index/column.h - the values of a field in one segment, by document.
 *
 * Layer: index. A column is in chunks of COLUMN_CHUNK documents, each a value of KIND_COLUMNS with numbers of a fixed
 * width: any document's is found at once. The values of a keyword are terms of the dictionary, by their places among
 * the field's; that of a text is how many words it has. The dates of KIND_DATES are read like any other column, and so
 * are the lengths of titles and bodies. Format: FORMAT.md, "Columns".
 */
#ifndef FIHI_INDEX_COLUMN_H
#define FIHI_INDEX_COLUMN_H

#include <stdbool.h>

#include "base/bytes.h"
#include "index/schema.h"
#include "index/segment.h"
#include "index/value.h"

/* One thread reads with it. */
struct column {
    struct segment          *segment;
    const struct column_row *row;      /* NULL: the dates, or of kind FIH_FIELD_TEXT the lengths of titles or bodies */
    const uint8_t           *titles;   /* of bodies: lengths of the titles, which those of the whole texts include */
    unsigned                 kind;     /* enum fih_field_kind */
    uint32_t                 first;    /* number of its first chunk */
    uint32_t                 chunk;    /* the one at hand; UINT32_MAX: none yet */
    uint32_t                 docs;     /* in it */
    const uint8_t           *codes;    /* a document's, or with `starts` a value's, of `width` bytes each */
    const uint8_t           *starts;   /* of documents with several values: the first of each, and the end */
    unsigned                 width;
    uint32_t                 total;    /* values behind `starts` */
    int64_t                  base;     /* a code is 1 + a value less this; 0: none. With `starts` it is not 1 more */
};

/* False if no document of the segment has a value of the field. */
bool fihi_column_open(struct column *c, struct segment *s, unsigned field);
/* Have a document's chunk at hand. */
int fihi_column_load(struct column *c, uint32_t doc, fih_error *err);
/* The values of a document, whose chunk is at hand, lie from *at on: how many. */
int fihi_column_values(struct column *c, uint32_t doc, uint32_t *at, uint32_t *count, fih_error *err);

/* The first document from `from` on, in its chunk, with a value from low to high; NO_DOC if there is none there: the
 * next chunk begins at *end. On an error *rc is set. */
uint32_t fihi_column_seek(struct column *c, uint32_t from, int64_t low, int64_t high, uint32_t *end, int *rc,
                          fih_error *err);
/* Which of the n documents, ascending, have a value from low to high; low <= high. How many; on an error *rc is set. */
unsigned fihi_column_test(struct column *c, const uint32_t *docs, unsigned n, int64_t low, int64_t high, bool *passes,
                          int *rc, fih_error *err);
/* No value is below, or above. */
int64_t fihi_column_least(const struct column *c);
int64_t fihi_column_greatest(const struct column *c);

static inline uint64_t column_code(const struct column *c, size_t i)
{
    switch (c->width) {
    case 1:
        return c->codes[i];
    case 2:
        return get_u16(c->codes + 2 * i);
    case 4:
        return get_u32(c->codes + 4 * i);
    case 8:
        return get_u64(c->codes + 8 * i);
    default:
        return 0;
    }
}

/* The i-th value at hand, as fihi_column_values() counts; VALUE_NONE. */
static inline int64_t column_value(const struct column *c, size_t i)
{
    const uint64_t code = column_code(c, i);

    if (!c->row && c->kind == FIH_FIELD_TEXT) {
        const uint64_t title = c->titles ? get_u16(c->titles + 2 * i) : 0;

        return code > title ? (int64_t)(code - title) : VALUE_NONE;
    }
    if (!c->row) {
        const int32_t day = (int32_t)(uint32_t)code;

        return day == DATE_NONE ? VALUE_NONE : day;
    }
    if (c->starts)
        return (int64_t)code;
    return code ? (int64_t)((uint64_t)c->base + (code - 1)) : VALUE_NONE;
}

/* The first value of a document, the least of a keyword's; VALUE_NONE without any. */
static inline int fihi_column_get(struct column *c, uint32_t doc, int64_t *value, fih_error *err)
{
    uint32_t at = doc % COLUMN_CHUNK, count = 1;
    int rc;

    if (doc / COLUMN_CHUNK != c->chunk && (rc = fihi_column_load(c, doc, err)) != 0)
        return rc;
    if (c->starts && (rc = fihi_column_values(c, doc, &at, &count, err)) != 0)
        return rc;
    *value = count ? column_value(c, at) : VALUE_NONE;
    return FIH_OK;
}

/* Has a document a value from low to high? One without any has VALUE_NONE, below every span. On an error *rc is set,
 * and the answer is no. */
static inline bool fihi_column_has(struct column *c, uint32_t doc, int64_t low, int64_t high, int *rc, fih_error *err)
{
    uint32_t at = doc % COLUMN_CHUNK, count = 1;

    if (doc / COLUMN_CHUNK != c->chunk && (*rc = fihi_column_load(c, doc, err)) != 0)
        return false;
    if (c->starts && (*rc = fihi_column_values(c, doc, &at, &count, err)) != 0)
        return false;
    for (uint32_t i = at; i < at + count; i++) {
        const int64_t v = column_value(c, i);

        if (v >= low && v <= high)
            return true;
    }
    return false;
}

/* The key of a term of a keyword: what stands before its bytes. */
static inline size_t keyword_head(uint8_t out[2], unsigned field)
{
    if (field == FIELD_NO_SECTION) {
        out[0] = LEVEL_SECTION;
        return 1;
    }
    out[0] = LEVEL_KEYWORD;
    out[1] = (uint8_t)field;
    return 2;
}
/* The key of a word of a text likewise. */
enum { WORD_HEAD = 2 };                /* bytes */
static inline size_t word_head(uint8_t out[WORD_HEAD], unsigned field)
{
    out[0] = LEVEL_WORD;
    out[1] = (uint8_t)field;
    return WORD_HEAD;
}
/* The field of such a key, and its head's bytes; 0 for another key. */
static inline unsigned keyword_field(const uint8_t *key, size_t bytes, size_t *head)
{
    *head = bytes && key[0] == LEVEL_SECTION ? 1 : 2;
    if (bytes > 0 && key[0] == LEVEL_SECTION)
        return FIELD_NO_SECTION;
    return bytes > 2 && key[0] == LEVEL_KEYWORD ? key[1] : 0;
}
/* The term that a column of keywords has as `value`, its bytes in key[*from … *bytes). */
int fihi_column_term(const struct column *c, int64_t value, uint8_t key[TERM_KEY_MAX], size_t *from, size_t *bytes,
                     uint32_t *df, fih_error *err);
/* The places among a field's terms of those that are not below `low` and below `high`, by their bytes: from *from to
 * before *to. A limit without pointer is none. */
int fihi_column_places(const struct column *c, fih_str low, fih_str high, bool is_prefix, uint32_t *from, uint32_t *to,
                       fih_error *err);

/* ---- rows of the index of columns */

enum { COLUMN_ROW_BYTES = 48 };
void fihi_column_row_put(uint8_t out[COLUMN_ROW_BYTES], const struct column_row *r);
/* The rows of KIND_COLUMN_INDEX, new; checked against each other and the segment's statistics. */
int fihi_column_rows_load(struct segment *s, fih_error *err);
/* Has the segment only columns that the schema knows, of the kinds that it says? */
bool fihi_columns_hold(const struct segment *s, const struct schema *schema);

#endif
