/* search/beside.c - positions of one list against those of others.
 *
 * A place is a document and a position in one number of 64 bits, so that lists of places are merged by comparing
 * numbers. "Behind" is position + 1: the places behind كتاب are where its next word would stand, and a second word
 * stands there if its own positions have the same numbers. Where one list is much shorter than the other, the longer
 * is galloped through or its cursor sought.
 *
 * Titles and bodies of a document have a gap of positions between them, so nothing stands beside across it.
 *
 * Example: كتاب stands in document 7 at 3 and 9: its places are 7 << 32 | 4 and 7 << 32 | 10. If الله stands there at
 * 10, one of them is met, and the place behind both is 7 << 32 | 11.
 */
#include "search/beside.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/fail.h"

/* Half a megabyte a segment; more of them would say the same with more decimals. MOST_STEMS limits the work for a
 * form of many readings. */
enum { MOST_PLACES = 1 << 16, MOST_STEMS = 8 };    /* of a segment; of a normalised word */

/* What is done with each document of a stem's list. */
struct visit {
    const struct place_run *before;    /* where the word has to stand; NULL: anywhere */
    struct place_run       *behind;    /* where to write the places behind it; NULL: nowhere */
    /* A fraction for documents where it may be another word of the stem. */
    double                  docs;      /* with the word there */
};

/* Positions ascend within a document and documents within a list, so the places do; of several stems they are sorted
 * at the end. */
static int add_place(struct place_run *r, uint32_t doc, uint32_t position, fih_error *err)
{
    if (fihi_grow(&r->at, &r->cap, r->count + 1, sizeof *r->at) != 0)
        return fihi_fail_nomem(err);
    r->at[r->count++] = (uint64_t)doc << 32 | position;
    return FIH_OK;
}

/* The document that the cursor stands on; *next is the first place of it, and moves behind its last one. `next` is
 * where the merge goes on in the next document. Positions that could not be unpacked end it here; that the list is
 * broken is told by visit_list(). */
static int visit_doc(struct visit *t, struct cursor *c, uint32_t form, size_t *next, fih_error *err)
{
    const struct place_run *const before = t->before;
    const bool is_any = form == NO_DOC;
    uint32_t count, found = 0, spelled;
    const uint32_t *positions;
    size_t i = before ? *next : 0;

    /* A form: documents that have only other words of its stem are passed over. */
    if ((t->behind && !is_any && fihi_cursor_form(c, form) == 0) || !(positions = fihi_cursor_positions(c, &count)))
        return FIH_OK;
    for (uint32_t k = 0; k < count; k++) {
        const uint64_t at = (uint64_t)c->doc << 32 | positions[k];

        while (before && i < before->count && before->at[i] < at)
            i++;
        if (before && (i == before->count || before->at[i] != at))
            continue;
        found++;
        if (t->behind && add_place(t->behind, c->doc, positions[k] + 1, err) != 0)
            return FIH_E_NOMEM;
    }
    if (before)
        *next = i;
    if (found == 0)
        return FIH_OK;
    /* Which of the stem's words stands there is not known: as likely as it is in the document. */
    spelled = is_any ? fihi_cursor_freq(c) : fihi_cursor_form(c, form);
    if (spelled)
        t->docs += spelled >= fihi_cursor_freq(c) ? 1 : (double)spelled / fihi_cursor_freq(c);
    return FIH_OK;
}

/* The first place of a document not below `doc`, from `from` on: by steps that double, then halves. Bentley & Yao, "An
 * almost optimal algorithm for unbounded searching" (1976): the cost grows with the logarithm of the way, so going
 * through all places costs no more than reading them. Example: from place 100 to place 175: steps of 1, 2, 4, … end at
 * 163, and halves find it in [163, 227). */
static size_t gallop(const struct place_run *r, size_t from, uint32_t doc)
{
    const uint64_t target = (uint64_t)doc << 32;
    size_t step = 1, low = from, high;

    while (low + step < r->count && r->at[low + step] < target) {
        low += step;
        step *= 2;
    }
    high = low + step < r->count ? low + step : r->count;
    while (low < high) {
        const size_t mid = low + (high - low) / 2;

        if (r->at[mid] < target)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* The places behind the word where there are none before, else both lists in turn. A frequent word ends early: the
 * first 65,536 of a segment's places stand for all of them. Deleted documents are passed over here, for counts are of
 * documents that a search would show. */
static int visit_list(struct visit *t, struct segment *s, const struct dict_entry *stem, uint32_t form, fih_error *err)
{
    struct cursor c = {0};
    struct list_place at;
    size_t next = 0;
    int rc = fihi_segment_list(s, stem, &at, err);

    if (rc != 0)
        return rc;
    if (fihi_cursor_open(&c, &at) != 0)
        rc = fihi_segment_list_broken(s, &c, err);
    while (rc == 0 && c.doc != NO_DOC) {
        if (t->before) {
            /* To the document of the next place, or the first one behind it that the word has, which then asks the
             * places again: each turn moves one of the two. */
            if ((next = gallop(t->before, next, c.doc)) == t->before->count)
                break;
            if (fihi_cursor_seek(&c, (uint32_t)(t->before->at[next] >> 32)) !=
                (uint32_t)(t->before->at[next] >> 32))
                continue;
        } else if (t->behind->count >= MOST_PLACES) {
            break;
        }
        if (!segment_is_deleted(s, c.doc))
            rc = visit_doc(t, &c, form, &next, err);
        fihi_cursor_next(&c);
    }
    if (rc == 0 && c.is_broken)
        rc = fihi_segment_list_broken(s, &c, err);
    fihi_cursor_close(&c);
    return rc;
}

static int by_place(const void *x, const void *y)
{
    const uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;

    return (a > b) - (a < b);
}

/* The stems of the key's word in a segment. A form has no list: its rows lead to the lists of its stems, and say by
 * which number each knows it. A stem comes once, so a place could only come twice by two stems at one position. */
static int visit_word(struct visit *t, struct segment *s, const uint8_t *key, size_t key_bytes, fih_error *err)
{
    struct dict_entry e;
    struct dict_rows rows;
    struct dict_row row;
    unsigned stems = 0;
    int rc = fihi_segment_find(s, key, key_bytes, &e, err);

    if (rc != 0)
        return rc == FIH_E_NOTFOUND ? FIH_OK : rc;
    /* NO_DOC as the form means any. */
    if (key[0] != LEVEL_FORM)
        return visit_list(t, s, &e, NO_DOC, err);
    rows = fihi_dict_rows(&e);
    while (stems < MOST_STEMS && (rc = fihi_dict_row_next(&rows, &row)) == FIH_OK) {
        uint8_t stem[TERM_KEY_MAX];
        struct dict_entry list;
        size_t bytes;

        if ((rc = fihi_segment_term(s, row.stem, stem, &bytes, &list, err)) != 0 ||
            (rc = visit_list(t, s, &list, row.form, err)) != 0)
            return rc;
        stems++;
    }
    if (rc < 0)
        return fihi_segment_broken(s, "its dictionary", err);
    if (t->behind && stems > 1 && t->behind->count)
        qsort(t->behind->at, t->behind->count, sizeof *t->behind->at, by_place);
    return FIH_OK;
}

/* In each segment by itself: documents of several segments never stand beside each other. On an error what there is
 * stays, for fihi_places_free(). */
static int find(struct places *p, const struct places *before, const struct view *v, const uint8_t *key,
                size_t key_bytes, fih_error *err)
{
    int rc = FIH_OK;

    p->count = 0;
    if (!(p->segments = calloc(v->count + 1u, sizeof *p->segments)))
        return fihi_fail_nomem(err);
    for (uint32_t i = 0; i < v->count && rc == 0; i++) {
        struct visit t = {before ? &before->segments[i] : NULL, &p->segments[i], 0};

        rc = visit_word(&t, v->segments[i], key, key_bytes, err);
        p->count += p->segments[i].count;
    }
    return rc;
}

int fihi_places_new(struct places *p, const struct view *v, const uint8_t *key, size_t key_bytes, fih_error *err)
{
    return find(p, NULL, v, key, key_bytes, err);
}

/* Places of three words are those behind the third, at places behind the second, and so on: a phrase grows by one word
 * a call. */
int fihi_places_behind(struct places *p, const struct places *before, const struct view *v, const uint8_t *key,
                       size_t key_bytes, fih_error *err)
{
    return find(p, before, v, key, key_bytes, err);
}

/* A fraction of a document is what a word of several forms comes to: two occurrences of the stem, of which one has the
 * form, are half a document. */
int fihi_places_count(uint64_t *docs, const struct places *p, const struct view *v, const uint8_t *key,
                      size_t key_bytes, fih_error *err)
{
    double sum = 0;
    int rc = FIH_OK;

    for (uint32_t i = 0; i < v->count && rc == 0; i++) {
        struct visit t = {&p->segments[i], NULL, 0};

        rc = p->segments[i].count ? visit_word(&t, v->segments[i], key, key_bytes, err) : FIH_OK;
        sum += t.docs;
    }
    /* A little is not nothing. */
    *docs = sum > 0 && sum < 1 ? 1 : (uint64_t)llround(sum);
    return rc;
}

/* Also of places that were never filled. */
void fihi_places_free(struct places *p, const struct view *v)
{
    for (uint32_t i = 0; p->segments && i < v->count; i++)
        free(p->segments[i].at);
    free(p->segments);
    p->segments = NULL;
    p->count = 0;
}
