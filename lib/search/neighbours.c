/* search/neighbours.c - from lists of positions back to texts, some documents at a time.
 *
 * A list says where one stem stands; here the stems of a run of documents are put where they stand, in an array with a
 * place for each word, and then neighbours can be read off. Every list is opened once for each run, and a run has some
 * million words, so that this costs about what decoding all positions does. Pairs are counted by a hash of the two
 * stems: two pairs of one hash would be counted together, and only be asked for in vain. Of two readings of a word both
 * count, further ones do not.
 *
 * Who asks: evidence.c, when the statistics of a collection are written. Which words may be written together (عبد الله,
 * عبدالله) is otherwise looked up for the words of a query; a file for all queries to come needs all pairs, and there
 * is no list of pairs in the index. So this runs once for such a file, and never during a search.
 *
 * Memory: two numbers of 4 bytes for each place, 32 MiB for a run of four million words. Pairs have 32 bytes, in a
 * table at most half full. The table is its own and not base/table.h's: all words of all texts are counted here, and
 * there each pair would be a second place of memory to look at. It took 5 % more instructions, too. */
#include "search/neighbours.h"

#include <stdlib.h>
#include <xxhash.h>

#include "base/buf.h"
#include "base/fail.h"

/* READINGS is 2 because the analyzer gives a word of two readings one position with both stems (text/chain.c).
 * KEY_LETTERS: a stem of one letter is an initial, or what is left of a longer word. */
enum {
    RUN_PLACES = 1 << 22,              /* words of a run, unless one document has more */
    READINGS = 2,
    KEY_LETTERS = 2                    /* two-byte letters of a stem, at least */
};

struct pair {
    uint64_t hash;
    uint32_t segment, a, b;            /* where it was met first, and its stems there */
    uint32_t docs;                     /* 0: free */
    uint64_t last;                     /* 1 + the document that was counted last, in the view */
};

/* The run is of one segment; `pairs` is of the whole view. places[k][i] is a stem that stands at place i of the run:
 * documents lie behind one another in it, each from starts[its number - first] on. */
struct reader {
    const struct view *view;
    uint32_t     segment;
    struct pair *pairs;                /* open addressing, a power of two */
    size_t       slots, used;
    uint32_t    *places[READINGS];     /* 1 + stem; 0: none */
    size_t       place_caps[READINGS];
    uint32_t     first, end;           /* documents of the run */
    size_t      *starts;               /* of each of them, and the end */
    size_t       start_cap;
    struct stem {
        uint64_t hash;
        unsigned role;                 /* MAY_BE_… */
    }           *stems;                /* of the segment */
    size_t       stem_cap;
    fih_error   *err;
};

/* Bits: most words may be either. */
enum { MAY_BE_FIRST = 1, MAY_BE_SECOND = 2 };

/* ---- counting */

/* Linear probing; ends, as make_room() keeps the table at most half full. The low bits are as good as any of XXH3's. */
static struct pair *slot_of(const struct reader *r, uint64_t hash)
{
    size_t at = hash & (r->slots - 1);

    while (r->pairs[at].docs && r->pairs[at].hash != hash)
        at = (at + 1) & (r->slots - 1);
    return &r->pairs[at];
}

/* Pairs are moved, never counted again: their hash says where they go. The old table stays until the new one is there,
 * so that an error loses nothing. */
static int make_room(struct reader *r)
{
    struct pair *const old = r->pairs;
    const size_t count = r->slots;

    if (2 * (r->used + 1) <= r->slots)
        return FIH_OK;
    /* A power of two, for slot_of() takes the low bits of the hash. */
    r->slots = count ? 2 * count : 1 << 12;
    if (!(r->pairs = calloc(r->slots, sizeof *r->pairs))) {
        r->pairs = old;
        r->slots = count;
        return fihi_fail_nomem(r->err);
    }
    for (size_t i = 0; i < count; i++)
        if (old[i].docs)
            *slot_of(r, old[i].hash) = old[i];
    free(old);
    return FIH_OK;
}

/* The stems of a pair that was counted. From numbers of a segment back to keys, which hold in every segment. Asked only
 * for pairs that are frequent enough, so that no keys need to be kept while counting. */
static int set_keys(const struct reader *r, uint32_t segment, uint32_t a, uint32_t b, struct piece *const *two)
{
    struct segment *const s = r->view->segments[segment];
    struct dict_entry e;
    int rc;

    *two[0] = *two[1] = (struct piece){.is_word = true};
    if ((rc = fihi_segment_term(s, a, two[0]->key.bytes, &two[0]->key.count, &e, r->err)) != 0)
        return rc;
    return fihi_segment_term(s, b, two[1]->key.bytes, &two[1]->key.count, &e, r->err);
}

/* A pair once for each document: documents come in ascending order, so the last number that was counted tells. The
 * first stem's hash is rotated, or "a b" and "b a" would be one pair. */
static int count_pair(struct reader *r, uint32_t doc, uint32_t a, uint32_t b)
{
    /* The document's number in the view, so that two segments have none in common. */
    const uint64_t number = r->view->bases[r->segment] + (uint64_t)doc + 1;
    const uint64_t hash = (r->stems[a].hash << 23 | r->stems[a].hash >> 41) ^ r->stems[b].hash;
    struct pair *p;

    if (make_room(r) != 0)
        return FIH_E_NOMEM;
    p = slot_of(r, hash);
    /* The first time that this pair is met: the keys can be read again from this segment. */
    if (p->docs == 0) {
        *p = (struct pair){hash, r->segment, a, b, 0, 0};
        r->used++;
    }
    p->docs += p->last != number;
    p->last = number;
    return FIH_OK;
}

/* ---- a run of documents */

/* Words of Arabic letters, of which a stop word may only be a first one (apart.h). Arabic letters are two bytes in
 * UTF-8, of which the first is D8 to DB; a key is a level byte and then such pairs. A stem that begins with tatweel is
 * that of a stop word: the analyzer makes ـعلي of على. */
static unsigned role_of(const uint8_t *key, size_t bytes)
{
    /* U+0640. */
    static const uint8_t tatweel[] = {0xD9, 0x80};
    struct piece p = {.is_word = true};

    for (size_t i = 1; i < bytes; i++)
        if (key[i] < 0x80 || (i % 2 == 1 && (key[i] < 0xD8 || key[i] > 0xDB)))
            return 0;
    if (bytes < 1 + 2 * KEY_LETTERS)
        return 0;
    memcpy(p.key.bytes, key, bytes);
    p.key.count = bytes;
    if (memcmp(key + 1, tatweel, 2) != 0)
        return MAY_BE_FIRST | MAY_BE_SECOND;
    return fihi_apart_is_first(&p) ? MAY_BE_FIRST : 0;
}

/* From r->first on, as many as have room. A document's positions end behind its words and the gap after the title.
 * Lengths are exact (FORMAT.md, "Lengths"); but lists are other values than lengths, and in a damaged index they may
 * disagree, so put_positions() stops at a document's end. */
static int begin_run(struct reader *r)
{
    struct segment *const s = r->view->segments[r->segment];
    size_t places = 0;
    uint32_t len;
    int rc;

    for (r->end = r->first; r->end < s->stats.docs && (places == 0 || places < RUN_PLACES); r->end++) {
        if (fihi_grow(&r->starts, &r->start_cap, r->end - r->first + (size_t)2, sizeof *r->starts) != 0)
            return fihi_fail_nomem(r->err);
        r->starts[r->end - r->first] = places;
        if ((rc = fihi_segment_length(s, NORM_TEXT, r->end, &len, r->err)) != 0)
            return rc;
        places += len + (size_t)TITLE_GAP + 1;
    }
    r->starts[r->end - r->first] = places;
    for (unsigned k = 0; k < READINGS; k++) {
        if (fihi_grow(&r->places[k], &r->place_caps[k], places + 1, sizeof **r->places) != 0)
            return fihi_fail_nomem(r->err);
        memset(r->places[k], 0, (places + 1) * sizeof **r->places);
    }
    return FIH_OK;
}

/* One document of one list. Positions ascend, so the first that is beyond the document's places ends the loop; a
 * damaged list can write nowhere else. */
static int put_positions(struct reader *r, struct cursor *c, uint32_t stem)
{
    /* The cursor is on a document of the run: fill() asked for it. */
    const size_t from = r->starts[c->doc - r->first], end = r->starts[c->doc - r->first + 1];
    const uint32_t *at;
    uint32_t count;

    if (!(at = fihi_cursor_positions(c, &count)))
        return fihi_segment_list_broken(r->view->segments[r->segment], c, r->err);
    for (uint32_t i = 0; i < count && from + at[i] < end; i++) {
        const size_t place = from + at[i];
        unsigned k = 0;

        /* The first free of the two; a third reading finds none. */
        while (k < READINGS && r->places[k][place])
            k++;
        if (k < READINGS)
            r->places[k][place] = stem + 1;
    }
    return FIH_OK;
}

/* The lists of the stems that may be neighbours, as far as they are of the run. In the order of the dictionary, so
 * lists are read in the order in which they lie. A list has skip entries: fihi_cursor_seek() passes over what is before
 * the run. A stem's hash is of its key and the same in each segment, which is how pairs of several segments meet. */
static int fill(struct reader *r, struct cursor *c)
{
    struct segment *const s = r->view->segments[r->segment];
    struct term_walk w = {.segment = s};
    struct list_place at;
    int rc;

    while ((rc = fihi_term_walk_next(&w, r->err)) == FIH_OK && w.scan.key[0] == LEVEL_STEM) {
        const uint32_t stem = w.scan.entry.ordinal;

        if (fihi_grow(&r->stems, &r->stem_cap, stem + (size_t)1, sizeof *r->stems) != 0)
            return fihi_fail_nomem(r->err);
        r->stems[stem] = (struct stem){XXH3_64bits(w.scan.key, w.scan.key_bytes),
                                       role_of(w.scan.key, w.scan.key_bytes)};
        /* Most terms of other scripts end here, before their list is opened. */
        if (!r->stems[stem].role)
            continue;
        if ((rc = fihi_segment_list(s, &w.scan.entry, &at, r->err)) != 0)
            return rc;
        if (fihi_cursor_open(c, &at) != 0)
            return fihi_segment_list_broken(s, c, r->err);
        for (uint32_t doc = fihi_cursor_seek(c, r->first); doc < r->end && rc == 0; doc = c->doc) {
            rc = put_positions(r, c, stem);
            fihi_cursor_next(c);
        }
        if (rc != 0 || c->is_broken)
            return rc ? rc : fihi_segment_list_broken(s, c, r->err);
    }
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* At each place up to two stems, and so up to four pairs with the next. The last place of a document has no neighbour:
 * behind it begins another text. Between title and body there is a gap of places that stay empty. */
static int count_run(struct reader *r)
{
    int rc = FIH_OK;

    for (uint32_t doc = r->first; doc < r->end && rc == 0; doc++)
        for (size_t i = r->starts[doc - r->first]; i + 1 < r->starts[doc - r->first + 1] && rc == 0; i++)
            for (unsigned k = 0; k < READINGS * READINGS && rc == 0; k++) {
                const uint32_t a = r->places[k / READINGS][i], b = r->places[k % READINGS][i + 1];

                /* A stop word may be the first of a pair, if it is one of those that begin names, and never the
                 * second. */
                if (a && b && r->stems[a - 1].role & MAY_BE_FIRST && r->stems[b - 1].role & MAY_BE_SECOND)
                    rc = count_pair(r, doc, a - 1, b - 1);
            }
    return rc;
}

/* A document of more than RUN_PLACES words is a run of its own. */
static int read_segment(struct reader *r, struct cursor *c)
{
    const uint32_t docs = r->view->segments[r->segment]->stats.docs;
    int rc = FIH_OK;

    for (r->first = 0; r->first < docs && rc == 0; r->first = r->end)
        if ((rc = begin_run(r)) == 0 && (rc = fill(r, c)) == 0)
            rc = count_run(r);
    return rc;
}

/* Counts are of all segments together, so that a pair in one document of each of ten segments is in ten. The order in
 * which `each` is called is that of the hashes: evidence.c sorts what it makes of them. */
int fihi_neighbours_each(const struct view *v, uint32_t least, int (*each)(void *ctx, struct piece *const *two),
                         void *ctx, fih_error *err)
{
    /* A key is some 260 bytes, so two pieces are enough for all pairs, one pair at a time. */
    struct piece one, other, *const two[] = {&one, &other};
    struct reader r = {.view = v, .err = err};
    struct cursor *const c = calloc(1, sizeof *c);
    int rc = c ? FIH_OK : fihi_fail_nomem(err);

    for (; r.segment < v->count && rc == 0; r.segment++)
        rc = read_segment(&r, c);
    for (size_t i = 0; i < r.slots && rc == 0; i++)
        if (r.pairs[i].docs >= least && (rc = set_keys(&r, r.pairs[i].segment, r.pairs[i].a, r.pairs[i].b, two)) == 0)
            rc = each(ctx, two);
    if (c)
        fihi_cursor_close(c);
    free(c);
    free(r.pairs);
    free(r.starts);
    free(r.stems);
    for (unsigned k = 0; k < READINGS; k++)
        free(r.places[k]);
    return rc;
}
