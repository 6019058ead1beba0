/* search/apart_evidence.c - how often words stand side by side, and how often they would by chance.
 *
 * The question: do رأس and مال stand side by side because رأس مال is one thing, or by chance? In a document of 400
 * words with رأس three times and مال five times, chance lets one of them follow the other some 3 * 5 / 400 = 0.04
 * times. Over all documents that were looked at, what is found must be APART_LIFT times the sum of these. Seen within
 * documents, because two words of one subject meet in the same documents anyway, and that proves nothing.
 *
 * Cost: of a part in at most SAMPLE_ALL documents all are looked at, otherwise a sample of SAMPLE_MOST at most. The
 * sample is taken at fixed places of the list over all segments, so the same documents give the same answer each time,
 * in however many segments they lie. Each number below is a limit of that evidence, or of what it may cost.
 */
#include <math.h>
#include <stdlib.h>

#include "base/fail.h"
#include "search/apart_part.h"
#include "search/evidence.h"

enum {
    SAMPLE_ALL = 64,                   /* documents of the rarest part, all of which are looked at */
    SAMPLE_MOST = 160,                 /* of more so many, */
    SAMPLE_RUN = 12,                   /* in runs of so many one behind the other; */
    SAMPLE_LEAST = 36,                 /* or only so many, if none has the parts side by side, or */
    SAMPLE_CLEAR = 8,                  /* so many have */
    SHORT_TEXT = 64,                   /* words; a shorter text says no more of chance than one of so many */
};

/* What the dictionary of a segment says of a word's stem; df 0 if it has it not. A copy of what the dictionary says of
 * it: lists are opened by that later. */
static int find_word(struct apart *x, const struct piece *p, uint32_t segment, struct dict_entry *e, fih_error *err)
{
    const int rc = fihi_segment_find(x->view->segments[segment], p->key.bytes, p->key.count, e, err);

    if (rc == FIH_E_NOTFOUND)
        e->df = 0;
    return rc == FIH_E_NOTFOUND ? FIH_OK : rc;
}

/* Documents with a word's stem: counted once. A word is a piece of several pairs. The entries of the first segments are
 * kept for open_lists(). In a piece of a collection the file of statistics is asked, for the piece's documents are not
 * the collection's. In six segments (APART_SEGMENTS) entries are kept; in further ones the word is looked up again when
 * its list is wanted. */
int fihi_apart_count_word(struct apart *x, struct piece *p, fih_error *err)
{
    int rc = FIH_OK;

    p->docs = p->is_counted ? p->docs : 0;
    if (x->view->statistics && !p->is_counted)
        rc = fihi_view_count_docs(x->view, p->key.bytes, p->key.count, &p->docs, err);
    for (uint32_t i = 0; i < x->view->count && !p->is_counted && !x->view->statistics && rc == 0; i++) {
        struct dict_entry other, *const e = i < APART_SEGMENTS ? &p->entries[i] : &other;

        rc = find_word(x, p, i, e, err);
        p->docs += rc == 0 ? e->df : 0;
    }
    p->is_counted = rc == 0;
    return rc;
}

/* Places at which the words follow one another in the document on which all cursors stand. One merge: positions of all
 * words ascend, and next[i] only goes forward. Example: رأس at 3, 10 and 40, مال at 4, 11 and 20: two places, 3 and 10.
 * Of three words the second must stand one behind the first, and the third two behind it. */
static int count_places(struct apart *x, struct segment *s, unsigned words, uint64_t *count, fih_error *err)
{
    const uint32_t *at[APART_PIECES];
    uint32_t n[APART_PIECES], next[APART_PIECES] = {0};

    *count = 0;
    for (unsigned i = 0; i < words; i++)
        if (!(at[i] = fihi_cursor_positions(&x->cursors[i], &n[i])))
            return x->cursors[i].no_memory ? fihi_fail_nomem(err) : fihi_segment_broken(s, "positions", err);
    for (uint32_t k = 0; k < n[0]; k++) {
        unsigned i = 1;

        for (; i < words; i++) {
            while (next[i] < n[i] && at[i][next[i]] < at[0][k] + i)
                next[i]++;
            if (next[i] == n[i] || at[i][next[i]] != at[0][k] + i)
                break;
        }
        *count += i == words;
    }
    return FIH_OK;
}

/* The document on which the rarest word's cursor stands. Where one of the other words is missing it counts as looked at
 * and no more. Chance: the rarest word's occurrences, each followed by the most frequent of the others with a
 * probability of its share of the text. A text of ten words would make any neighbours seem to be chance, so it counts
 * as one of SHORT_TEXT. Example: in a text of 400 words with 3 and 5 occurrences 15 / 400 = 0.0375, so twice by chance
 * in 53 such texts. Two words once each in a short text are 1 / 64, so of eight such texts one that has them side by
 * side is enough. Lists only go forward: documents are looked at in ascending order. */
static int look_at(struct apart *x, struct segment *s, unsigned words, unsigned rarest, struct evidence *e,
                   fih_error *err)
{
    const uint32_t doc = x->cursors[rarest].doc;
    double most = 0;
    uint64_t places;
    uint32_t len;
    int rc;

    e->looked++;
    for (unsigned i = 0; i < words; i++) {
        struct cursor *const c = &x->cursors[i];

        if (i != rarest && fihi_cursor_seek(c, doc) != doc)
            return c->is_broken ? fihi_segment_list_broken(s, c, err) : FIH_OK;
        if (i != rarest && (double)fihi_cursor_freq(c) > most)
            most = fihi_cursor_freq(c);
    }
    if ((rc = fihi_segment_length(s, NORM_TEXT, doc, &len, err)) != 0 ||
        (rc = count_places(x, s, words, &places, err)) != 0)
        return rc;
    e->with++;
    e->chance += fihi_cursor_freq(&x->cursors[rarest]) * most / (len > SHORT_TEXT ? len : SHORT_TEXT);
    e->together += places;
    e->found += places > 0;
    return FIH_OK;
}

/* Were enough documents of a long list looked at? Most pairs are clear soon: often side by side, or never. Eight of 36
 * are more than a fifth; and if a tenth of all had them side by side, none of 36 would be one case in 44. In between up
 * to SAMPLE_MOST are looked at. */
static bool is_enough(const struct evidence *e)
{
    return e->looked >= SAMPLE_MOST ||
           (e->looked >= SAMPLE_LEAST && (e->found >= SAMPLE_CLEAR || e->found == 0));
}

/* Which of the rarest word's documents are looked at, counted over all segments: all of them, or runs that lie all over
 * the list. Runs of neighbours cost one unpacked block for twelve documents; that they lie all over the list keeps a
 * month or a single book from deciding for all. Where segments begin makes no difference. */
struct sample {
    uint64_t docs;                     /* all that there are */
    uint64_t at;                       /* the next one */
    uint64_t before;                   /* those of the segments before */
};

/* Behind the one that was looked at as number e->looked. Example: of 1,000 documents runs of twelve begin at 66, 133,
 * 200, …, 933. Where runs would overlap they go on one behind the other. */
static void step(struct sample *m, const struct evidence *e)
{
    const uint64_t run = e->looked / SAMPLE_RUN, first = m->docs * (1 + run) / (2 + SAMPLE_MOST / SAMPLE_RUN);

    m->at++;
    if (m->docs > SAMPLE_MOST && e->looked % SAMPLE_RUN == 0 && first > m->at)
        m->at = first;
}

/* Is the next one in a segment whose documents end at `end`? */
static bool is_looked_at(const struct sample *m, const struct evidence *e, uint64_t end)
{
    return m->at < end && (m->docs <= SAMPLE_ALL || !is_enough(e));
}

/* Those of the sample that lie in a segment with so many documents of the rarest. The list is entered at a block, and
 * the run goes on in the next one where it must. A document of the list is found by its number in it: the block is that
 * number / 128, and the place in it the rest. Blocks between are not unpacked. */
static int look_in(struct apart *x, struct segment *s, unsigned words, unsigned rarest, uint64_t docs, struct sample *m,
                   struct evidence *e, fih_error *err)
{
    struct cursor *const c = &x->cursors[rarest];
    uint64_t stands = 0;               /* on which of them */
    int rc = FIH_OK;

    while (rc == 0 && is_looked_at(m, e, m->before + docs)) {
        const uint64_t want = m->at - m->before;

        if (want == stands + 1)
            fihi_cursor_next(c);
        else if (want != stands && c->block_count)
            fihi_cursor_enter(c, (uint32_t)(want / POSTING_BLOCK));
        if (want != stands && want != stands + 1 && c->doc != NO_DOC)
            cursor_step(c, (unsigned)(want % POSTING_BLOCK));
        stands = want;
        if (c->doc == NO_DOC)
            return fihi_segment_list_broken(s, c, err);
        rc = look_at(x, s, words, rarest, e, err);
        step(m, e);
    }
    return rc;
}

/* Open the words' lists in a segment: *has_all is false where one has none. Dictionary entries first, so that no list
 * is opened where one of the words is missing. The cursors are those of struct apart, one for each word: they keep
 * their memory. An entry of a segment beyond the sixth is looked up here, into memory that ends with the call: the
 * cursor copies what it needs of it. */
static int open_lists(struct apart *x, uint32_t segment, struct piece *const *pieces, unsigned words, bool *has_all,
                      fih_error *err)
{
    struct segment *const s = x->view->segments[segment];
    const struct dict_entry *entries[APART_PIECES];
    struct dict_entry found[APART_PIECES];
    int rc = FIH_OK;

    *has_all = true;
    for (unsigned i = 0; i < words && rc == 0 && *has_all; i++) {
        entries[i] = segment < APART_SEGMENTS ? &pieces[i]->entries[segment] : &found[i];
        if (segment >= APART_SEGMENTS)
            rc = find_word(x, pieces[i], segment, &found[i], err);
        *has_all = rc == 0 && entries[i]->df > 0;
    }
    for (unsigned i = 0; i < words && rc == 0 && *has_all; i++) {
        struct list_place at;

        if ((rc = fihi_segment_list(s, entries[i], &at, err)) == 0 && fihi_cursor_open(&x->cursors[i], &at) != 0)
            rc = fihi_segment_list_broken(s, &x->cursors[i], err);
    }
    return rc;
}

/* A segment that lacks one of the words has no document with all of them. Its documents count as looked at all the
 * same: they are documents of the rarest word without the others. */
static void pass_over(uint64_t docs, struct sample *m, struct evidence *e)
{
    while (is_looked_at(m, e, m->before + docs)) {
        e->looked++;
        step(m, e);
    }
}

/* What statistics know: of words that do not belong together nothing. `together` is given the documents: the file has
 * no occurrences, and without a chance of any all that it knows counts as lifted. */
static void find_known(const struct apart *x, struct piece *const *pieces, unsigned words, struct evidence *e)
{
    struct writing_row row;

    *e = (struct evidence){.docs = 0};
    if (fihi_statistics_writing(x->view->statistics, fihi_evidence_hash(pieces, words), &row))
        *e = (struct evidence){.docs = row.docs, .looked = row.looked, .found = row.found, .together = row.found};
}

/* Of words that are all there, and counted. The estimate: as many of all documents as of those looked at. Example: side
 * by side in 20 of 160 documents that were looked at, and the rarest word is in 4,000: 500. The rarest leads, because
 * what is asked is how many of its documents have the others beside it. A list of no more than SAMPLE_ALL documents was
 * looked at as a whole, so nothing is estimated. */
int fihi_apart_find(struct apart *x, struct piece *const *pieces, unsigned words, struct evidence *e, fih_error *err)
{
    struct sample m = {.docs = 0};
    unsigned rarest = 0;
    int rc = FIH_OK;

    if (x->view->statistics) {
        find_known(x, pieces, words, e);
        return FIH_OK;
    }
    *e = (struct evidence){.docs = 0};
    for (unsigned i = 0; i < words; i++)
        rarest = pieces[i]->docs < pieces[rarest]->docs ? i : rarest;
    m.docs = pieces[rarest]->docs;
    m.at = m.docs > SAMPLE_MOST ? m.docs / (2 + SAMPLE_MOST / SAMPLE_RUN) : 0;
    for (uint32_t i = 0; i < x->view->count && rc == 0 && is_looked_at(&m, e, m.docs); i++) {
        struct dict_entry found, *entry = i < APART_SEGMENTS ? &pieces[rarest]->entries[i] : &found;
        bool has_all;

        if (i >= APART_SEGMENTS && (rc = find_word(x, pieces[rarest], i, entry, err)) != 0)
            break;
        if (m.at < m.before + entry->df) {
            rc = open_lists(x, i, pieces, words, &has_all, err);
            if (rc == 0 && has_all)
                rc = look_in(x, x->view->segments[i], words, rarest, entry->df, &m, e, err);
            else if (rc == 0)
                pass_over(entry->df, &m, e);
        }
        m.before += entry->df;
    }
    if (e->looked)
        e->docs = m.docs <= SAMPLE_ALL ? e->found
                                       : (uint64_t)llround((double)e->found * (double)m.docs / (double)e->looked);
    return rc;
}

/* What is kept in the file is of 16 bits, and SAMPLE_MOST is 160. What is not proved stays 0, also where a word is in
 * no document. */
int fihi_apart_evidence(struct apart *x, struct piece *const *pieces, unsigned count, struct writing_row *out,
                        fih_error *err)
{
    struct evidence e;
    int rc = FIH_OK;

    *out = (struct writing_row){.hash = fihi_evidence_hash(pieces, count)};
    for (unsigned i = 0; i < count; i++)
        if ((rc = fihi_apart_count_word(x, pieces[i], err)) != 0 || pieces[i]->docs == 0)
            return rc;
    if ((rc = fihi_apart_find(x, pieces, count, &e, err)) == 0 && evidence_is_lifted(&e)) {
        out->docs = e.docs < UINT32_MAX ? (uint32_t)e.docs : UINT32_MAX;
        out->looked = (uint16_t)e.looked;
        out->found = (uint16_t)e.found;
    }
    return rc;
}
