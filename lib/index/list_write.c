/* index/list_write.c - encoding posting lists.
 *
 * Postings are collected for a block, as arrays of numbers. When the next one comes and the block is full, the block
 * is packed. So at the end there are 1 to 128 waiting: if they are 128, they are one more block, otherwise the tail,
 * in varints: a packed block has a head of three bytes and room for 128 numbers, which is too much for a few.
 *
 * The head of a list has arrays over all blocks, but is written first; so each array is a buffer of its own until
 * the list is finished. All buffers are used again for the next list: there are as many lists as words.
 *
 * The size of a list of 300 documents: two blocks and a tail of 44. Three arrays of 4 · 2 bytes, four of 3 bytes,
 * three floors, for one form a weight and 3 bytes of shares, then the blocks and the tail.
 *
 * The same with its bytes: 24 + 12 + 3 + 1 + 3 are 43 before the first block. The bounds of the tail are among them,
 * for a search passes over it as over a block. */
#include "index/list_write.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "codec/pack.h"

/* Of one that was never used as well. */
void fihi_list_writer_free(struct list_writer *w)
{
    free(w->deltas);
    fihi_buf_free(&w->mixed);
    fihi_buf_free(&w->lasts);
    fihi_buf_free(&w->doc_ends);
    fihi_buf_free(&w->position_ends);
    for (unsigned k = 0; k < BOUNDS; k++)
        fihi_buf_free(&w->bound_bytes[k]);
    for (unsigned r = 0; r < share_rows(OWN_FORMS + 1); r++)
        fihi_buf_free(&w->share_bytes[r]);
    fihi_buf_free(&w->blocks);
    fihi_buf_free(&w->positions);
    fihi_buf_free(&w->out);
}

/* -1 says that no posting has the form: a sum is never below 0. */
static void start_block(struct list_writer *w)
{
    w->pending = 0;
    w->mixed.len = 0;
    memset(&w->bounds, 0, sizeof w->bounds);
    for (unsigned k = 0; k <= OWN_FORMS; k++)
        w->form_sums[k] = -1;
}

/* The one form of a list that says no more has all documents: its weight is that of 1 in 1, which is 16. Buffers are
 * emptied and not freed, so a writer soon has the memory that its longest list takes, and asks for no more. */
void fihi_list_start(struct list_writer *w)
{
    start_block(w);
    w->last_doc = 0;
    w->delta_count = 0;
    w->lasts.len = w->doc_ends.len = w->position_ends.len = 0;
    for (unsigned k = 0; k < BOUNDS; k++)
        w->bound_bytes[k].len = 0;
    for (unsigned r = 0; r < share_rows(OWN_FORMS + 1); r++)
        w->share_bytes[r].len = 0;
    w->form_count = 1;
    w->form_weights[0] = fihi_form_weight(1, 1, 1);
    w->blocks.len = w->positions.len = w->out.len = 0;
    memset(w->floors, 0, sizeof w->floors);
    w->df = w->title_df = w->first_df = 0;
    w->cf = 0;
}

/* Weights must be known before the first posting, for shares are made with them: that is why lists are walked twice,
 * and forms counted first.
 *
 * A weight is at most 255 32nds, 7.97: a form would have to be very rare beside a stem that is in nearly every
 * document. */
void fihi_list_forms(struct list_writer *w, uint32_t form_count, const uint32_t *form_dfs, uint32_t df)
{
    w->form_count = form_count;
    for (uint32_t k = 0; k < form_count && k < OWN_FORMS; k++)
        w->form_weights[k] = fihi_form_weight(form_dfs[k], df, w->segment_docs);
}

/* A packed block has PACK_MAX_BYTES at most, so the room is tested once for 128 numbers. */
static int append_packed(struct buf *b, const uint32_t *values)
{
    if (fihi_buf_reserve(b, PACK_MAX_BYTES) != 0)
        return FIH_E_NOMEM;
    b->len += fihi_pack(values, b->ptr + b->len);
    return FIH_OK;
}

/* There is nearly always room for one more: the test is here, and the growing, which is rare, in a call. */
static int append_varint(struct buf *b, uint64_t v)
{
    if (b->cap - b->len < VARINT_MAX && fihi_buf_reserve(b, VARINT_MAX) != 0)
        return FIH_E_NOMEM;
    b->len = (size_t)(put_varint(b->ptr + b->len, v) - b->ptr);
    return FIH_OK;
}

/* FIH_E_LIMIT here is what keeps the ends of a list that exceeds the format from wrapping. */
static int append_u32(struct buf *b, size_t v)
{
    uint8_t four[4];

    if (v > UINT32_MAX)
        return FIH_E_LIMIT;
    put_u32(four, (uint32_t)v);
    return fihi_buf_append(b, four, 4);
}

/* Of a block, of a tail or of a single document: each is a run of its own, so that a reader can skip to it.
 * Differences begin anew with each document, so positions of one can be read without those before. */
static int flush_positions(struct list_writer *w)
{
    size_t i = 0;

    for (; w->delta_count - i >= PACK_BLOCK; i += PACK_BLOCK)
        if (append_packed(&w->positions, w->deltas + i) != 0)
            return FIH_E_NOMEM;
    for (; i < w->delta_count; i++)
        if (append_varint(&w->positions, w->deltas[i]) != 0)
            return FIH_E_NOMEM;
    w->delta_count = 0;
    return FIH_OK;
}

/* ---- what a posting says beside its frequency */

static int append_byte(struct buf *b, unsigned v)
{
    const uint8_t byte = (uint8_t)v;

    return fihi_buf_append(b, &byte, 1);
}

/* All but the last form's frequency: that has what is left. Two forms with small numbers, as most have them, take a
 * byte or two.
 * In the first byte: 2 bits for the first form, 3 for the step to the second, 2 for the first one's frequency; or 3
 * bits, a varint and 3 bits. What does not fit is a number of forms and all of them. `next` is one above the form
 * before, for equal ones cannot follow, so their step need not be told. Form 0 twice and form 2 the rest: first 0,
 * step 1, frequency less 1 is 1, so the byte is 0 | 1 << 2 | 1 << 5, which is 24 in hexadecimal ("list-one" in
 * FORMAT.md). */
static int add_mixed(struct list_writer *w, const struct posting *p)
{
    const uint32_t first = p->forms[0].form, step = p->forms[1].form - first - 1, freq = p->forms[0].freq - 1;
    uint32_t next = 0;

    if (p->form_count == 2 && first < 4 && step < 8 && freq < 4)
        return append_byte(&w->mixed, first | step << 2 | freq << 5);
    if (p->form_count == 2 && first < 8 && freq < 8)
        return append_byte(&w->mixed, MIXED_TWO | first | freq << 3) || append_varint(&w->mixed, step) ? FIH_E_NOMEM
                                                                                                       : FIH_OK;
    if (append_byte(&w->mixed, MIXED_ANY + (p->form_count - 2 < MIXED_MORE ? p->form_count - 2 : MIXED_MORE)) ||
        (p->form_count - 2 >= MIXED_MORE && append_varint(&w->mixed, p->form_count - 2 - MIXED_MORE) != 0))
        return FIH_E_NOMEM;
    for (uint32_t i = 0; i < p->form_count; i++) {
        if (append_varint(&w->mixed, p->forms[i].form - next) != 0 ||
            (i + 1 < p->form_count && append_varint(&w->mixed, p->forms[i].freq - 1) != 0))
            return FIH_E_NOMEM;
        next = p->forms[i].form + 1;
    }
    return FIH_OK;
}

/* `more` is doubled for the bit below it, which must not be lost. A difference that wraps is above the limit, too, so a
 * root below its frequency is refused and not stored as a huge one. */
static int add_numbers(struct list_writer *w, const struct posting *p)
{
    const unsigned i = w->pending;
    const uint32_t more = p->root - p->freq;

    if (more > ROOT_MORE_MAX)
        return FIH_E_LIMIT;
    w->titles[i] = p->title;
    w->roots[i] = more * 2 + !p->is_first;
    w->forms[i] = p->form_count > 1 ? FORM_CODE_MIXED : form_code(p->forms[0].form);
    if (p->form_count > 1 && add_mixed(w, p) != 0)
        return FIH_E_NOMEM;
    /* Also of a posting that is not mixed: its run ends where it begins, and put_numbers() finds nothing to write. */
    w->mixed_ends[i] = (uint32_t)w->mixed.len;
    return FIH_OK;
}

/* The greatest of a block's postings. */
static void raise(uint8_t *bound, uint8_t to)
{
    if (to > *bound)
        *bound = to;
}

/* Rounding comes last: the greatest of rounded numbers is the greatest rounded. Floors count, for each of the 256
 * values, the documents that have it; enough to find any rank, in the same memory for a list of any length. A
 * keyword's floor is 0, for nothing is known of what it scores. */
static void add_bounds(struct list_writer *w, const struct posting *p, const struct posting_lengths *len)
{
    const struct shares s = fihi_shares(p, len, w->avg_text, w->avg_title);
    struct list_bounds *const b = &w->bounds;

    raise(&b->stem, fihi_impact_up(s.stem));
    raise(&b->root, fihi_impact_up(s.root));
    raise(&b->title, fihi_impact_up(s.title));
    raise(&b->best, fihi_impact_up(s.best));
    w->floors[len->is_keyword ? 0 : fihi_impact_down(s.best)]++;
    for (uint32_t i = 0; i < p->form_count; i++) {
        const uint32_t form = p->forms[i].form, k = form < OWN_FORMS ? form : OWN_FORMS;
        const float sum = fihi_form_sum(&s, p->forms[i].freq, k < OWN_FORMS ? w->form_weights[k] : 0);

        w->form_sums[k] = sum > w->form_sums[k] ? sum : w->form_sums[k];
    }
}

/* ---- blocks */

/* Without a branch in the loop, so that the compiler takes several numbers at once. One number that is not 0 is enough
 * for a block to have the array: of one 1 in 128 places it takes five bytes (FORMAT.md, "Packed block"). */
static bool any(const uint32_t *values)
{
    uint32_t or = 0;

    for (unsigned i = 0; i < POSTING_BLOCK; i++)
        or |= values[i];
    return or != 0;
}

/* Behind gaps and frequencies: which numbers the block has at all, and those.
 * Bits 0 to 2 are those of the array in this order: BLOCK_FORMS, BLOCK_TITLES, BLOCK_ROOTS. */
static int flush_numbers(struct list_writer *w)
{
    const uint32_t *const numbers[] = {w->forms, w->titles, w->roots};
    uint8_t flags = w->mixed.len ? BLOCK_MIXED : 0;
    int rc;

    for (unsigned k = 0; k < 3; k++)
        flags |= (uint8_t)(any(numbers[k]) << k);
    if ((rc = fihi_buf_append(&w->blocks, &flags, 1)) != 0)
        return rc;
    for (unsigned k = 0; k < 3; k++)
        if (flags >> k & 1 && append_packed(&w->blocks, numbers[k]) != 0)
            return FIH_E_NOMEM;
    return fihi_buf_append(&w->blocks, w->mixed.ptr, w->mixed.len);
}

/* Shares are known once the block's `best` is.
 * A share is measured from `best` as it is stored, rounded up, because that is what a reader adds it to. */
static int append_shares(struct list_writer *w)
{
    const size_t rows = share_rows(w->form_count);
    uint8_t shares[OWN_FORMS + 1];
    int rc = FIH_OK;

    /* 0 of a form that the block has not: then nobody needs to look for it there. */
    for (unsigned k = 0; k <= OWN_FORMS; k++)
        shares[k] = w->form_sums[k] < 0 ? 0
                                        : fihi_form_share(w->form_sums[k], w->bounds.best,
                                                          k < OWN_FORMS ? w->form_weights[k] : 0);
    for (size_t r = 0; r < rows && rc == 0; r++) {
        const uint8_t two = (uint8_t)(shares[2 * r] | shares[2 * r + 1] << 4);

        rc = fihi_buf_append(&w->share_bytes[r], &two, 1);
    }
    return rc;
}

/* Also for the tail; one of no documents has zeros. */
static int append_bounds(struct list_writer *w)
{
    const uint8_t bytes[BOUNDS] = {w->bounds.stem, w->bounds.root, w->bounds.title, w->bounds.best};
    int rc = FIH_OK;

    for (unsigned k = 0; k < BOUNDS && rc == 0; k++)
        rc = fihi_buf_append(&w->bound_bytes[k], &bytes[k], 1);
    return rc ? rc : append_shares(w);
}

/* The first gap is from the last document of the block before, so a reader needs the skip entry and no other block.
 * The list's first document is told as it is, from 0. */
static int flush_block(struct list_writer *w)
{
    uint32_t gaps[POSTING_BLOCK], freqs[POSTING_BLOCK], last = w->last_doc;
    int rc;

    /* Documents ascend, so no gap wraps; only the list's first one may be 0. A frequency is at least 1. */
    for (unsigned i = 0; i < POSTING_BLOCK; i++) {
        gaps[i] = w->docs[i] - last;
        last = w->docs[i];
        freqs[i] = w->freqs[i] - 1;
    }
    w->last_doc = last;
    if (append_packed(&w->blocks, gaps) != 0 || append_packed(&w->blocks, freqs) != 0 || flush_numbers(w) != 0 ||
        flush_positions(w) != 0)
        return FIH_E_NOMEM;
    if ((rc = append_u32(&w->lasts, last)) != 0 || (rc = append_u32(&w->doc_ends, w->blocks.len)) != 0 ||
        (rc = append_u32(&w->position_ends, w->positions.len)) != 0 || (rc = append_bounds(w)) != 0)
        return rc;
    start_block(w);
    return FIH_OK;
}

/* The first position of a document is told as it is. The first comparison saves a call for most documents. Of 4, 9 and
 * 30 that is 4, 5, 21: the numbers of "positions-one" in FORMAT.md. */
static int add_positions(struct list_writer *w, const uint32_t *positions, uint32_t freq)
{
    if (w->delta_cap - w->delta_count < freq &&
        fihi_grow(&w->deltas, &w->delta_cap, w->delta_count + freq, sizeof *w->deltas) != 0)
        return FIH_E_NOMEM;
    for (uint32_t i = 0, last = 0; i < freq; i++) {
        w->deltas[w->delta_count++] = positions[i] - last;
        last = positions[i];
    }
    return FIH_OK;
}

/* A full block is packed when the next posting comes, not before: only then is it known that there is one. Whatever
 * fails, the list is of no use any more, and the next one begins with fihi_list_start(). */
int fihi_list_add(struct list_writer *w, const struct posting *p, const uint32_t *positions,
                  const struct posting_lengths *len)
{
    int rc;

    if (w->pending == POSTING_BLOCK && (rc = flush_block(w)) != 0)
        return rc;
    if ((rc = add_numbers(w, p)) != 0 || (positions && (rc = add_positions(w, positions, p->freq)) != 0))
        return rc;
    add_bounds(w, p, len);
    w->docs[w->pending] = p->doc;
    w->freqs[w->pending++] = p->freq;
    w->df++;
    w->title_df += p->title > 0;
    w->first_df += p->is_first;
    w->cf += p->freq;
    return FIH_OK;
}

/* ---- the tail */

/* Of most documents none: then a bit says so, and nothing follows. */
static bool has_numbers(const struct list_writer *w, unsigned i)
{
    return w->forms[i] || w->titles[i] || w->roots[i];
}

/* form code << 2 | (title > 0) << 1 | (root code > 0), and of each of those what there is more. What is known to be
 * at least 1 is told less 1. mixed_ends of a document that is not mixed are those of the one before, so it adds
 * nothing. */
static int put_numbers(struct list_writer *w, struct buf *to, unsigned i)
{
    /* A form code has up to 32 bits, and two flags come below it: so that number may need more than 32. */
    const uint32_t from = i ? w->mixed_ends[i - 1] : 0, title = w->titles[i], root = w->roots[i];

    if (append_varint(to, (uint64_t)w->forms[i] << 2 | (title > 0) << 1 | (root > 0)) != 0 ||
        (title > 0 && append_varint(to, title - 1) != 0) || (root > 0 && append_varint(to, root - 1) != 0))
        return FIH_E_NOMEM;
    return fihi_buf_append(to, w->mixed.ptr ? w->mixed.ptr + from : NULL, w->mixed_ends[i] - from);
}

/* gap << 2 | has numbers << 1 | (freq > 1); freq - 2 where it is; the numbers. A document once, without numbers, at
 * a distance below 32, is one byte.
 *
 * The tail of "list-tail" in FORMAT.md: 0c is document 3, once, for 3 << 2 is 12. 1f is 7 << 2 with both bits: document
 * 10, more than once and with numbers; 01 says three times, and the numbers follow. 07 is document 11, again with both
 * bits; 00 says twice, and 08 that all of it is form 1. */
static int flush_tail(struct list_writer *w)
{
    uint32_t last = w->last_doc;

    for (unsigned i = 0; i < w->pending; i++) {
        const uint32_t freq = w->freqs[i];
        const bool has = has_numbers(w, i);

        if (append_varint(&w->blocks, (uint64_t)(w->docs[i] - last) << 2 | (unsigned)has << 1 | (freq > 1)) != 0 ||
            (freq > 1 && append_varint(&w->blocks, freq - 2) != 0) || (has && put_numbers(w, &w->blocks, i) != 0))
            return FIH_E_NOMEM;
        last = w->docs[i];
    }
    return flush_positions(w);
}

/* So many documents have this sum or more.
 * From the top: the first value at which enough documents are counted. Fewer documents than that in all: 0, which
 * says nothing. */
static uint8_t floor_of(const struct list_writer *w, uint32_t documents)
{
    uint32_t above = 0;

    for (unsigned v = 256; v-- > 0;)
        if ((above += w->floors[v]) >= documents)
            return (uint8_t)v;
    return 0;
}

/* Skip entries, bounds and floors: what a list of at least one block begins with. Array behind array, in the order
 * of FORMAT.md: a reader finds each by multiplication.
 *
 * The shares stand behind the weights, row by row, for a list of more forms has more rows: with floors and weights in
 * between, whose lengths a reader knows from the number of forms. */
static int put_skips(struct list_writer *w)
{
    uint8_t floors[FLOORS];
    int rc = append_bounds(w);                 /* the tail's */

    if (rc != 0)
        return rc;
    for (unsigned k = 0; k < FLOORS; k++)
        floors[k] = floor_of(w, fihi_floor_docs[k]);
    if (fihi_buf_append(&w->out, w->lasts.ptr, w->lasts.len) != 0 ||
        fihi_buf_append(&w->out, w->doc_ends.ptr, w->doc_ends.len) != 0 ||
        fihi_buf_append(&w->out, w->position_ends.ptr, w->position_ends.len) != 0)
        return FIH_E_NOMEM;
    for (unsigned k = 0; k < BOUNDS; k++)
        if (fihi_buf_append(&w->out, w->bound_bytes[k].ptr, w->bound_bytes[k].len) != 0)
            return FIH_E_NOMEM;
    if (fihi_buf_append(&w->out, floors, FLOORS) != 0 ||
        fihi_buf_append(&w->out, w->form_weights, w->form_count < OWN_FORMS ? w->form_count : OWN_FORMS) != 0)
        return FIH_E_NOMEM;
    for (size_t r = 0; r < share_rows(w->form_count); r++)
        if (fihi_buf_append(&w->out, w->share_bytes[r].ptr, w->share_bytes[r].len) != 0)
            return FIH_E_NOMEM;
    return FIH_OK;
}

/* A single document has no bytes of its own here: a list would need a place, a length and a look at another value,
 * and very many words are in one document only. Without a full block two bounds are enough, since all is read
 * anyway. */
int fihi_list_finish(struct list_writer *w)
{
    const uint8_t two[] = {w->bounds.stem, w->bounds.root};
    int rc;

    if (w->df == 1) {
        if (has_numbers(w, 0) && put_numbers(w, &w->out, 0) != 0)
            return FIH_E_NOMEM;
        return flush_positions(w);
    }
    if (w->pending == POSTING_BLOCK && (rc = flush_block(w)) != 0)
        return rc;
    /* df and not pending: a list of 128 has a block and a tail of nothing. */
    if ((rc = w->df < POSTING_BLOCK ? fihi_buf_append(&w->out, two, 2) : put_skips(w)) != 0 ||
        (rc = flush_tail(w)) != 0)
        return rc;
    return fihi_buf_append(&w->out, w->blocks.ptr, w->blocks.len);
}
