/* search/term.c - looking a query's words up.
 *
 * A word costs one look-up of its stem in each segment's dictionary, and one more each for its form and its root. A
 * form's entry has a row for each stem that has it, which says by which number the stem's list knows the form; a root's
 * entry leads to its stems. What rows say comes from the disk: ordinals and numbers are compared with the stem's entry
 * before anything is indexed by them.
 *
 * Example: كتابه has the stem كتاب, the form كتابه and the root كتب. In a segment the stem's list may know the form as
 * number 5; then the postings with 5, or with several forms of which 5 is one, are those that were spelt so. Another
 * segment knows it as 2, so places are of a segment.
 */
#include "search/term.h"

#include <stdlib.h>

#include "base/fail.h"
#include "index/statistics_word.h"

/* Keys and weights are in the term itself. */
void fihi_term_free(struct query_term *t)
{
    free(t->places);
}

/* FIH_OK and df 0 if it is not there. To the callers a term that is missing is one with no documents. Other callers of
 * the dictionary tell "not there" from an error; here weights come out right by themselves. */
static int find(struct segment *s, const struct term_key *key, struct dict_entry *e, fih_error *err)
{
    const int rc = fihi_segment_find(s, key->bytes, key->count, e, err);

    if (rc == FIH_E_NOTFOUND)
        memset(e, 0, sizeof *e);
    return rc == FIH_E_NOTFOUND ? FIH_OK : rc;
}

/* The row of a normalised word that is of this stem: its number in the stem's list, and its documents there. Without
 * the stem in the segment the word's entry is looked up all the same: its rows may lead to other stems of the spelling.
 * A row that contradicts the stem's entry is damage. A number is compared with how many forms the list has before
 * anything is indexed by it, and the row's documents with the list's: a form is in no more of them than its stem. Rows
 * are few, so they are walked through. form_df is added up over segments, as df is. */
static int find_form(struct query_term *t, struct term_place *place, struct segment *s, fih_error *err)
{
    struct dict_rows rows;
    struct dict_row row;
    int rc = find(s, &t->form, &place->word, err);

    if (rc != 0 || place->word.df == 0 || place->entry.df == 0)
        return rc;
    rows = fihi_dict_rows(&place->word);
    while ((rc = fihi_dict_row_next(&rows, &row)) == FIH_OK)
        if (row.stem == place->entry.ordinal) {
            if (row.form >= place->entry.form_count || row.df > place->entry.df)
                break;
            place->form = row.form;
            t->form_df += row.df;
            return FIH_OK;
        }
    return rc == FIH_DONE ? FIH_OK : fihi_segment_broken(s, "its dictionary", err);
}

/* A walk: there are eight at most. */
static bool has_key(const struct term_key *keys, size_t count, const struct term_key *key)
{
    for (size_t i = 0; i < count; i++)
        if (is_same_key(&keys[i], key))
            return true;
    return false;
}

/* ---- of the collection that the view is a piece of */

/* The documents of a form's row for this stem. The file numbers stems by itself, so the stem's number is asked for
 * first; UINT64_MAX says that it has none. Without a row the form has no documents with this stem, which 0 says. */
static int find_known_form(struct query_term *t, const struct statistics *s, fih_error *err)
{
    struct statistics_entry word;
    struct statistics_row row;
    uint64_t stem;
    int rc;

    t->form_df = 0;
    if ((rc = fihi_statistics_ordinal(s, t->key.bytes, t->key.count, &stem, err)) != 0 || stem == UINT64_MAX ||
        (rc = fihi_statistics_find(s, t->form.bytes, t->form.count, &word, err)) != 0)
        return rc;
    while ((rc = fihi_statistics_row(s, &word, &row, err)) == FIH_OK)
        if (row.stem == stem)
            t->form_df = row.df;
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* A word of a text, which the file knows by the text's name. A field may have another number in each piece: so by name.
 * A name too long for a key has no entry, and no documents. */
static int find_known_word(struct query_term *t, const struct view *v, fih_error *err)
{
    uint8_t key[TERM_KEY_MAX];
    const size_t bytes = statistics_word_key(key, fihi_schema_name(&v->schema, t->key.bytes[1]),
                                             t->key.bytes + WORD_HEAD, t->key.count - WORD_HEAD);
    struct statistics_entry e = {0};
    const int rc = bytes ? fihi_statistics_find(v->statistics, key, bytes, &e, err) : FIH_OK;

    t->df = e.df;
    return rc;
}

/* Where words are in this piece is known from its segments; from the file come only the numbers that weights are made
 * of. So each piece makes the same weights, and lists of several pieces can be merged by score. A word in titles only
 * has as many documents as have it in theirs. */
static int find_known(struct query_term *t, const struct statistics *s, fih_error *err)
{
    struct statistics_entry e;
    int rc = fihi_statistics_find(s, t->key.bytes, t->key.count, &e, err);

    t->df = t->scope == SCOPE_TITLE ? e.title_df : e.df;
    if (rc == 0 && t->form.count)
        rc = find_known_form(t, s, err);
    if (rc == 0 && t->root.count) {
        rc = fihi_statistics_find(s, t->root.bytes, t->root.count, &e, err);
        t->root_df = e.df;
    }
    return rc;
}

/* The stems of a form's rows. By the whole collection's stems, or pieces would find other stems each, and weigh them
 * otherwise. */
static int known_other_stems(const struct query_term *t, const struct statistics *s, struct term_key *out, size_t most,
                             size_t *count, fih_error *err)
{
    struct statistics_entry word;
    struct statistics_row row;
    int rc = fihi_statistics_find(s, t->form.bytes, t->form.count, &word, err);

    while (rc == 0 && (rc = fihi_statistics_row(s, &word, &row, err)) == FIH_OK && *count < most) {
        struct term_key key;

        rc = fihi_statistics_term(s, row.stem, key.bytes, &key.count, err);
        if (rc == 0 && !is_same_key(&key, &t->key) && !has_key(out, *count, &key))
            out[(*count)++] = key;
    }
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* df are of all segments together, deleted documents counted, so that a score does not depend on which segment a
 * document lies in. Of a word in titles only those with it in the title. places belongs to the term, and has one more
 * so that it is never of 0 bytes. Example: two segments with 30 and 12 documents of a stem, of which 2 are deleted: df
 * is 42 until a merge leaves the two out. With statistics what was added up here is replaced. */
int fihi_term_find(struct query_term *t, const struct view *v, fih_error *err)
{
    int rc = FIH_OK;

    if (!(t->places = calloc(v->count + 1u, sizeof *t->places)))
        return fihi_fail_nomem(err);
    for (uint32_t i = 0; i < v->count && rc == 0; i++) {
        struct term_place *const place = &t->places[i];
        struct segment *const s = v->segments[i];

        place->form = NO_FORM;
        if ((rc = find(s, &t->key, &place->entry, err)) != 0)
            break;
        t->df += t->scope == SCOPE_TITLE ? place->entry.title_df : place->entry.df;
        if (t->form.count)
            rc = find_form(t, place, s, err);
        if (rc == 0 && t->root.count && (rc = find(s, &t->root, &place->root, err)) == 0)
            t->root_df += place->root.df;
    }
    if (rc != 0 || !v->statistics || t->scope == SCOPE_SECTION)
        return rc;
    return t->key.bytes[0] == LEVEL_WORD ? find_known_word(t, v, err) : find_known(t, v->statistics, err);
}

/* Segments number their terms by themselves, so stems of several segments are compared by their bytes. Beyond `most`
 * further ones are ignored: damage is still noticed. The word's own stem is passed over by its number where the segment
 * has it, and by its bytes where it has it not. */
int fihi_term_other_stems(const struct query_term *t, const struct view *v, struct term_key *out, size_t most,
                          size_t *count, fih_error *err)
{
    *count = 0;
    if (v->statistics)
        return known_other_stems(t, v->statistics, out, most, count, err);
    for (uint32_t i = 0; i < v->count; i++) {
        struct segment *const s = v->segments[i];
        const struct dict_entry *const word = &t->places[i].word;
        struct dict_entry stem;
        struct dict_rows rows;
        struct dict_row row;
        int rc;

        if (word->df == 0)
            continue;
        rows = fihi_dict_rows(word);
        while ((rc = fihi_dict_row_next(&rows, &row)) == FIH_OK) {
            struct term_key key;

            if (t->places[i].entry.df > 0 && row.stem == t->places[i].entry.ordinal)
                continue;
            if ((rc = fihi_segment_term(s, row.stem, key.bytes, &key.count, &stem, err)) != 0)
                return rc;
            if (key.bytes[0] != LEVEL_STEM)
                return fihi_segment_broken(s, "its dictionary", err);
            if (*count < most && !is_same_key(&key, &t->key) && !has_key(out, *count, &key))
                out[(*count)++] = key;
        }
        if (rc != FIH_DONE)
            return fihi_segment_broken(s, "its dictionary", err);
    }
    return FIH_OK;
}
