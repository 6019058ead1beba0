/* search/evidence.c - which words of a collection belong together, found once for all searches of its pieces.
 *
 * A search of a whole index asks how often the parts of a word stand side by side, and looks at a sample of documents
 * for it (apart.c). One that has but a piece would look at others, and another piece would find another number. So the
 * question is asked here, of all the collection's words: each is cut in two at every letter, and in three where such
 * words are known; and of all words that stand side by side in three documents or more, for a search may have a word
 * that the collection has in parts only. What stands so by more than chance is kept, by the hash of its stems.
 *
 * عبدالله: of عب دالله, عبد الله, عبدا لله the second is kept, by the hash of its two stems.
 *
 * Cost: every word of the dictionary is cut at each of its letters, so a look-up must cost little: the analyzer
 * remembers the words that it has met. Postings are only read for parts that are all words of the collection
 * (apart_evidence.c), and a pair or triple of stems is asked once, however many words have it (is_known()).
 *
 * Not all that a search may ask is known then: of words that no word of the dictionary is made of, and that stand side
 * by side in fewer than three documents, nothing is. A search takes them for words that do not belong together, in each
 * piece alike.
 */
#include "search/evidence.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/fail.h"
#include "base/table.h"
#include "base/utf8.h"
#include "search/neighbours.h"

enum {
    LEAST_LETTERS = 2,                 /* of a part, */
    MOST_LETTERS = 24,                 /* and of a word that is cut */
    NEIGHBOUR_DOCS = 3,                /* that have two words side by side */
    ANALYZER_BYTES = 64 << 20          /* what it may remember of a dictionary's words */
};

struct gatherer {
    struct apart        apart;
    struct writing_row *rows;          /* of all that were asked for */
    size_t              count, cap;
    struct table        known;         /* those, by hash */
    fih_error          *err;
};

/* By their stems, each behind its length. So كت اب and كتا ب differ, which have the same letters. 64 bits: of ten
 * million rows two have one hash with a probability of 3 in a million, and then a search takes the one for the
 * other. */
uint64_t fihi_evidence_hash(struct piece *const *pieces, unsigned count)
{
    uint8_t bytes[APART_PIECES * (2 + TERM_KEY_MAX)], *to = bytes;

    for (unsigned i = 0; i < count; i++, to += 2 + pieces[i - 1]->key.count) {
        put_u16(to, (uint16_t)pieces[i]->key.count);
        memcpy(to + 2, pieces[i]->key.bytes, pieces[i]->key.count);
    }
    return XXH3_64bits(bytes, (size_t)(to - bytes));
}

/* By 32 bits in the table, then by all 64 of them: keys are not kept. */
static bool is_known(const struct gatherer *g, uint64_t hash)
{
    uint32_t number;

    for (size_t at = (uint32_t)hash; table_next(&g->known, (uint32_t)hash, &at, &number);)
        if (g->rows[number].hash == hash)
            return true;
    return false;
}

/* What is not found is kept until the end, too, with 0: it need not be asked again. Room is made before anything is
 * put, so an error leaves table and rows in step. */
static int ask(struct gatherer *g, struct piece *const *pieces, unsigned count)
{
    const uint64_t hash = fihi_evidence_hash(pieces, count);
    int rc;

    if (is_known(g, hash))
        return FIH_OK;
    if (fihi_grow(&g->rows, &g->cap, g->count + 1, sizeof *g->rows) != 0 ||
        fihi_table_room(&g->known) != 0)
        return fihi_fail_nomem(g->err);
    fihi_table_put(&g->known, (uint32_t)hash, (uint32_t)g->count);
    rc = fihi_apart_evidence(&g->apart, pieces, count, &g->rows[g->count], g->err);
    g->rows[g->count++].hash = hash;
    return rc;
}

/* Bytes at which letters of a normalised word begin, and its end; how many letters, 0 for too many or too few. Of a
 * normalised word, which has no marks: each character is a letter. Ill-formed UTF-8 cannot be in a dictionary but by
 * damage, and is not cut. Fewer than four letters leave no two parts of two; more than 24 are no word but by
 * mistake. */
static unsigned find_letters(const uint8_t *word, size_t bytes, size_t starts[MOST_LETTERS + 1])
{
    unsigned count = 0;

    for (size_t i = 0; i < bytes;) {
        int ok = 1;

        if (count == MOST_LETTERS)
            return 0;
        starts[count++] = i;
        fihi_utf8_next(word, bytes, &i, &ok);
        if (!ok)
            return 0;
    }
    starts[count] = bytes;
    return count >= 2 * LEAST_LETTERS ? count : 0;
}

/* The second of two parts as two, if the three may be one word. Example: of ان and شاءالله the second is cut behind
 * each letter from its second on: ان شاء الله is met so. Only known beginnings and ends may be of three, as in a query
 * (apart.c). */
static int cut_again(struct gatherer *g, const uint8_t *word, const size_t *starts, unsigned letters, unsigned at,
                     struct piece *first)
{
    struct piece second, third, *const pieces[] = {first, &second, &third};
    const char *const text = (const char *)word;
    int rc = FIH_OK;

    for (unsigned i = at + LEAST_LETTERS; i + LEAST_LETTERS <= letters && rc == 0; i++) {
        rc = fihi_apart_look(&g->apart, text + starts[i], starts[letters] - starts[i], &third, g->err);
        if (rc != 0 || !third.is_word || (!fihi_apart_is_first(first) && !fihi_apart_is_last(&third)))
            continue;
        rc = fihi_apart_look(&g->apart, text + starts[at], starts[i] - starts[at], &second, g->err);
        if (rc == 0 && second.is_word)
            rc = ask(g, pieces, 3);
    }
    return rc;
}

/* What stands behind بعد in بعدما. */
static bool is_ma(const char *s, size_t n)
{
    return n == strlen("ما") && memcmp(s, "ما", n) == 0;
}

/* A stop word may be a part where it stands first and is known for it, or before ما. Example: a word of six letters is
 * cut behind its second, third and fourth. By letters and not by bytes: parts are to be words. */
static int cut(struct gatherer *g, const uint8_t *word, size_t bytes)
{
    const char *const text = (const char *)word;
    size_t starts[MOST_LETTERS + 1];
    const unsigned letters = find_letters(word, bytes, starts);
    struct piece first, second, *const pieces[] = {&first, &second};
    int rc = FIH_OK;

    for (unsigned i = LEAST_LETTERS; i + LEAST_LETTERS <= letters && rc == 0; i++) {
        rc = fihi_apart_look(&g->apart, text, starts[i], &first, g->err);
        if (rc != 0 || !first.is_word ||
            (first.is_stop && !fihi_apart_is_first(&first) && !is_ma(text + starts[i], bytes - starts[i])))
            continue;
        rc = fihi_apart_look(&g->apart, text + starts[i], bytes - starts[i], &second, g->err);
        if (rc == 0 && second.is_word)
            rc = ask(g, pieces, 2);
        if (rc == 0)
            rc = cut_again(g, word, starts, letters, i, &first);
    }
    return rc;
}

/* Of words that stand side by side: keys are all that is known of these pieces, and all that is needed. */
static int ask_two(void *ctx, struct piece *const *two)
{
    return ask(ctx, two, 2);
}

/* The file is searched in halves by it. */
static int by_hash(const void *x, const void *y)
{
    const struct writing_row *a = x, *b = y;

    return (a->hash > b->hash) - (a->hash < b->hash);
}

/* Behind a stop word's tatweel is the word. An analyzer without forms has stems that are words. The analyzer is emptied
 * when it has grown to 64 MiB: each word is met with all of its beginnings and ends, which are not asked again when it
 * is done with. Rows that found nothing are left out of the file: what it does not know is 0. */
static int gather(struct gatherer *g, const struct view *v, struct analyzer *a)
{
    static const uint8_t tatweel[] = {0xD9, 0x80};
    struct level_walk *w;
    const uint8_t *key;
    size_t bytes, kept = 0;
    int rc = fihi_level_walk_new(&w, v, fihi_analyzer_has_levels(a) ? LEVEL_FORM : LEVEL_STEM, g->err);

    while (rc == 0 && (rc = fihi_level_walk_next(w, &key, &bytes, g->err)) == FIH_OK) {
        const size_t skip = bytes > 3 && memcmp(key + 1, tatweel, 2) == 0 ? 3 : 1;

        rc = cut(g, key + skip, bytes - skip);
        if (fihi_analyzer_bytes(a) > ANALYZER_BYTES)
            fihi_analyzer_reset(a);
    }
    fihi_level_walk_free(w);
    if (rc == FIH_DONE)
        rc = fihi_neighbours_each(v, NEIGHBOUR_DOCS, ask_two, g, g->err);
    for (size_t i = 0; i < g->count; i++)
        if (g->rows[i].found > 0)
            g->rows[kept++] = g->rows[i];
    g->count = kept;
    if (kept > 1)
        qsort(g->rows, kept, sizeof *g->rows, by_hash);
    return rc;
}

/* The gatherer is too large for a stack. It has three cursors, with a block of postings each. */
int fihi_evidence_write(const char *path, const struct view *v, struct analyzer *a, fih_error *err)
{
    struct gatherer *const g = calloc(1, sizeof *g);
    int rc;

    if (!g)
        return fihi_fail_nomem(err);
    g->err = err;
    fihi_apart_begin(&g->apart, v, a);
    if ((rc = gather(g, v, a)) == 0)
        rc = fihi_statistics_write(path, v, v->members->manifest.analyzer_text, g->rows, g->count, err);
    fihi_apart_end(&g->apart);
    fihi_table_free(&g->known);
    free(g->rows);
    free(g);
    return rc;
}
