/* search/spots.h - where the wanted words stand in a document: positions from the index, and their bytes in the text.
 *
 * Layer: search. Includes base/, text/, index/. Nothing here is sure: lists and starts come from the disk, and may
 * belong to another text. Whatever they say, spots lie in the text, and finding them takes no longer than reading it.
 */
#ifndef FIHI_SEARCH_SPOTS_H
#define FIHI_SEARCH_SPOTS_H

#include <stdbool.h>

#include "index/segment.h"
#include "search/wanted.h"

/* A document as the index has it. */
struct indexed {
    struct segment *segment;
    uint32_t        doc;               /* there */
    fih_str         starts;            /* its FIELD_STARTS */
};

struct spot {
    uint32_t position;                 /* from 0 in the body */
    uint32_t word;                     /* which of the wanted */
    bool     is_maybe;                 /* only if the word there has the form of the wanted one */
    bool     is_found;                 /* has bytes */
    size_t   start, end;
};

struct spots {
    struct spot *spots;                /* positions ascend */
    size_t       count, cap;
};

/* All spots of a body but those of patterns; none has bytes yet. */
int fihi_spots_list(struct spots *s, struct wanted *w, const struct analyzer *a, const struct indexed *d,
                    fih_error *err);
void fihi_spots_free(struct spots *s);

/* Where to begin to read: starts in a text, ascending, the first one its beginning. */
struct starts {
    struct word_start *starts;
    size_t             count, cap;
};

int fihi_starts_add(struct starts *s, uint32_t position, size_t at);
void fihi_starts_free(struct starts *s);
/* The last one that is not behind a position, or a byte. */
size_t fihi_starts_of_position(const struct starts *s, uint32_t position);
size_t fihi_starts_of_byte(const struct starts *s, size_t at);
/* Find the bytes of `count` spots. Those that are where no word is stay without, and those that it turns out not to be.
 */
int fihi_spots_find(struct spot *spots, size_t count, struct analyzer *a, const struct wanted *w, fih_str text,
                    const struct starts *starts, fih_error *err);

#endif
