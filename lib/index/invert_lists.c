/* index/invert_lists.c - sorted entries become lists, a piece of the stems at a time.
 *
 * A list is made in two walks over its entries: the first counts in how many documents each form is, for forms are
 * numbered by that, most first; the second makes postings, with these numbers. Say the list of كتاب has
 *
 *     document 0: الكتاب, كتاب      document 1: كتاب      document 4: كتاب, كتاب
 *
 * Then كتاب is in three documents and becomes form 0, الكتاب in one and becomes form 1. Document 0 is "mixed", the
 * other two have the code 0, and of 128 zeros nothing is stored at all.
 *
 * Threads make pieces of some stems each, in memory; the caller's thread takes them in order and hands them to the
 * builder. So the bytes of a segment do not depend on the number of threads.
 *
 * What a thread has to itself is a `layer`: a list's writer, and tables by form. What a piece has is in `laid`.
 * Everything else is the inversion's, and only read while pieces run. */
#include "index/invert_part.h"

#include <stdlib.h>

/* Less, and threads would meet at the pool's lock too often; more, and the last pieces would leave threads without
 * work. */
enum { PIECE_ENTRIES = 1 << 15 };      /* a millisecond or so */

/* Count the documents of each form of a list, and number the forms.
 * place_of keeps what earlier lists left in it, which gather_forms() can stand; only what it has grown by must be
 * set. */
static int number_forms(const struct inversion *v, struct layer *y, uint64_t from, uint64_t end)
{
    struct list_forms *forms = &y->forms;
    const size_t have = y->place_cap;

    /* Entries are in order of documents, so a document that is counted for a form is not counted again for it. */
    forms->count = forms->docs = 0;
    for (uint64_t i = from; i < end; i++) {
        const struct entry *e = &v->entries[i];
        struct list_form *f = forms_find(forms, e->form);

        forms->docs += i == from || e->doc != e[-1].doc;
        if (!f && !(f = fihi_forms_add(forms, e->form)))
            return FIH_E_NOMEM;
        if (f->last_doc != e->doc)
            f->df++;
        f->last_doc = e->doc;
    }
    fihi_forms_number(forms);
    if (fihi_grow(&y->posting_forms, &y->posting_form_cap, forms->count, sizeof *y->posting_forms) != 0 ||
        fihi_grow(&y->place_of, &y->place_cap, forms->count, 4) != 0)
        return FIH_E_NOMEM;
    memset(y->place_of + have, 0, (y->place_cap - have) * 4);
    return FIH_OK;
}

/* The forms of a posting of n entries, ascending by their numbers; how many.
 * place_of is not cleared between postings, for a list can have thousands of forms and a posting has one or two. An
 * entry of it counts only if posting_forms[it] agrees, and whatever it says is a number below its own limit. */
static uint32_t gather_forms(struct layer *y, const struct entry *e, uint32_t n)
{
    struct posting_form *forms = y->posting_forms;
    uint32_t count = 0;

    /* Most lists have one form: then nothing is looked up, and `n` occurrences are its. */
    if (y->forms.count == 1) {
        forms[0] = (struct posting_form){0, n};
        return 1;
    }
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t number = y->forms.at[e[i].form], at = y->place_of[number];

        /* Seen in this posting; else the place is left from another one. */
        if (at < count && forms[at].form == number) {
            forms[at].freq++;
            continue;
        }
        y->place_of[number] = count;
        forms[count++] = (struct posting_form){number, 1};
    }
    fihi_forms_sort(forms, count);
    return count;
}

/* `others` is read only for a root with several stems: elsewhere nobody has filled it. The title's words have the
 * lowest positions, so those below its length are the title's. */
static int add_posting(const struct inversion *v, struct layer *y, uint64_t from, uint64_t end, bool is_shared)
{
    /* Borrowed by the posting, and used up by fihi_list_add() before the next one is made. */
    const struct entry *e = v->entries + from;
    const struct inverter_doc *d = &v->inverter->docs[e->doc];
    const struct posting_lengths len = {d->text_len, d->title_len, false};
    const uint32_t freq = (uint32_t)(end - from), others = is_shared ? v->others[from] : 0;
    struct posting p = {.doc = e->doc,
                        .freq = freq,
                        .root = freq + (others >> 1),
                        .is_first = !(others & 1),
                        .forms = y->posting_forms,
                        .form_count = gather_forms(y, e, freq)};

    if (fihi_grow(&y->positions, &y->position_cap, freq, 4) != 0)
        return FIH_E_NOMEM;
    for (uint32_t i = 0; i < freq; i++) {
        y->positions[i] = e[i].position;
        p.title += e[i].position < d->title_len;
    }
    return fihi_list_add(&y->list, &p, y->positions, &len);
}

/* The list that the thread's writer has finished, into the piece.
 * The writer's buffers are used for the next list, so their bytes are copied. l->docs[0] is the document that the
 * dictionary wants of a list of one; of others it means nothing. */
static int keep_list(const struct layer *y, struct laid *laid)
{
    const struct list_writer *const l = &y->list;

    if (fihi_grow(&laid->lists, &laid->cap, laid->count + 1, sizeof *laid->lists) != 0 ||
        fihi_buf_append(&laid->bytes, l->out.ptr, l->out.len) != 0 ||
        fihi_buf_append(&laid->positions, l->positions.ptr, l->positions.len) != 0)
        return FIH_E_NOMEM;
    /* Bytes and positions are told by their ends: the first list's begin at 0, each other's where the one before
     * ended. */
    laid->lists[laid->count++] = (struct laid_list){.df = l->df,
                                                    .title_df = l->title_df,
                                                    .first_df = l->first_df,
                                                    .form_count = (uint32_t)y->forms.count,
                                                    .single = l->docs[0],
                                                    .cf = l->cf,
                                                    .end = laid->bytes.len,
                                                    .position_end = laid->positions.len};
    return FIH_OK;
}

/* Each stem has an entry at least, so its number is its ordinal in the dictionary.
 * Its place in the piece says which stem a list is of, so no list may be left out. */
static int lay_list(const struct inversion *v, struct layer *y, uint32_t stem, struct laid *laid)
{
    const uint32_t root = v->words.root_of[stem];
    /* Only then can a document have words of the root that are not of this stem: `others` was made for such roots. */
    const bool is_shared = root != NO_TERM && v->root_ends[root] - root_start(v, root) > 1;
    const uint64_t from = list_start(v, stem), end = v->ends[stem];
    int rc;

    if (number_forms(v, y, from, end) != 0 || fihi_rows_add(&laid->rows, &y->forms, stem) != 0)
        return FIH_E_NOMEM;
    /* Numbers and weights of the forms are known now, before the first posting is added. */
    fihi_forms_start(&y->forms, &y->list);
    for (uint64_t at = from, next; at < end; at = next) {
        next = posting_end(v, at, end);
        if ((rc = add_posting(v, y, at, next, is_shared)) != 0)
            return rc;
    }
    rc = fihi_list_finish(&y->list);
    return rc ? rc : keep_list(y, laid);
}

/* ---- pieces */

static uint32_t piece_start(const struct inversion *v, uint32_t piece)
{
    return piece ? v->piece_ends[piece - 1] : 0;
}

/* `laid` is one of POOL_SLOTS, and the pool begins no piece before the one that had the slot was taken. Lengths go
 * to 0 and memory stays. A thread's table by form is made once, for forms have the same numbers in all lists of the
 * batch. */
static int run_stems(void *ctx, unsigned thread, uint32_t piece)
{
    struct inversion *const v = ctx;
    struct layer *const y = &v->layers[thread];
    struct laid *const laid = &v->laid[piece % POOL_SLOTS];
    /* As many places as there are forms, and one for none: 4 bytes each, for each thread. */
    int rc = y->forms.at ? FIH_OK : fihi_forms_begin(&y->forms, v->words.forms.count);

    y->list.avg_text = v->out->list.avg_text;
    y->list.avg_title = v->out->list.avg_title;
    y->list.segment_docs = v->out->list.segment_docs;
    laid->count = laid->bytes.len = laid->positions.len = laid->rows.count = 0;
    for (uint32_t s = piece_start(v, piece); s < v->piece_ends[piece] && rc == 0; s++)
        rc = lay_list(v, y, s, laid);
    return rc;
}

/* The dictionary and the heaps are written here, in order, by one thread. */
static int take_stems(void *ctx, uint32_t piece, fih_error *err)
{
    struct inversion *const v = ctx;
    const struct laid *const laid = &v->laid[piece % POOL_SLOTS];
    const uint32_t first = piece_start(v, piece);
    size_t at = 0, position_at = 0;
    uint8_t key[TERM_KEY_MAX];
    int rc = fihi_rows_join(&v->rows, &laid->rows) == 0 ? FIH_OK : fihi_fail_nomem(err);

    for (size_t i = 0; i < laid->count && rc == 0; i++) {
        const struct laid_list *const l = &laid->lists[i];
        const uint32_t stem = first + (uint32_t)i, root = v->words.root_of[stem];
        const struct build_list list = {.df = l->df,
                                        .title_df = l->title_df,
                                        .form_count = l->form_count,
                                        .single = l->single,
                                        .cf = l->cf,
                                        .bytes = laid->bytes.ptr ? laid->bytes.ptr + at : NULL,
                                        .positions = laid->positions.ptr ? laid->positions.ptr + position_at : NULL,
                                        .byte_count = l->end - at,
                                        .position_count = l->position_end - position_at};

        at = l->end;
        position_at = l->position_end;
        if (root != NO_TERM)
            /* A posting that is the first of its root counts for the root: so each document counts once. */
            v->root_dfs[root] += l->first_df;
        rc = fihi_build_list(v->out, key, term_key(key, LEVEL_STEM, &v->words.stems, stem), &list, err);
    }
    return rc ? rc : invert_cancelled(v, err);
}

/* A stem's list is never cut: one word that is everywhere is a piece by itself. A few very frequent words take longer
 * than a piece should; others run meanwhile, up to POOL_SLOTS ahead. */
int fihi_invert_piece(struct inversion *v, uint32_t end, uint32_t count, uint64_t *entries)
{
    if (*entries < PIECE_ENTRIES && end < count)
        return FIH_OK;
    if (fihi_grow(&v->piece_ends, &v->piece_cap, v->piece_count + (size_t)1, sizeof *v->piece_ends) != 0)
        return FIH_E_NOMEM;
    v->piece_ends[v->piece_count++] = end;
    *entries = 0;
    return FIH_OK;
}

int fihi_invert_lists(struct inversion *v, fih_error *err)
{
    const uint32_t count = (uint32_t)v->words.stems.count;
    uint64_t entries = 0;
    int rc = FIH_OK;

    /* Pieces are cut by entries and not by stems: most stems have one, some a million. */
    v->piece_count = 0;
    for (uint32_t s = 0; s < count && rc == 0; s++) {
        entries += v->ends[s] - list_start(v, s);
        rc = fihi_invert_piece(v, s + 1, count, &entries);
    }
    if (rc == 0)
        rc = fihi_pool_pieces(v->pool, &(struct pieces){v->piece_count, v, run_stems, take_stems}, err);
    if (rc == FIH_E_NOMEM)
        return fihi_fail_nomem(err);
    return rc == FIH_E_LIMIT ? fihi_fail(err, rc, "a posting list is too long") : rc;
}

void fihi_invert_free(struct inversion *v)
{
    for (unsigned i = 0; v->layers && i < fihi_pool_threads(v->pool); i++) {
        struct layer *const y = &v->layers[i];

        free(y->docs);
        fihi_list_writer_free(&y->list);
        fihi_forms_free(&y->forms);
        free(y->posting_forms);
        free(y->place_of);
        free(y->positions);
    }
    free(v->layers);
    for (unsigned i = 0; i < POOL_SLOTS; i++) {
        fihi_buf_free(&v->laid[i].bytes);
        fihi_buf_free(&v->laid[i].positions);
        free(v->laid[i].lists);
        fihi_rows_free(&v->laid[i].rows);
    }
}
