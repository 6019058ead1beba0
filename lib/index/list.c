/* index/list.c - decoding posting lists; list_write.c encodes them.
 *
 * The bytes may be anybody's: a right checksum proves nothing. So each number is checked before it is used, no
 * memory is asked for that the bytes could not fill, and what is broken ends the list (doc == NO_DOC) instead of the
 * program. Little is decoded before it is asked for: documents with the block, the rest when a score wants it.
 *
 * Where the bytes of a list lie, of 130 documents with three forms (FORMAT.md, "list-block"): n is 1, so last document,
 * end of the bytes and end of the positions are 4 bytes each, 12; four bounds for the block and for the tail, 8; three
 * floors; three weights; two rows of shares, 4. The block begins at byte 30 and has 59 bytes, the tail the two behind.
 *
 * What costs what: a seek looks at skip entries alone until it has found its block, and unpacks 128 documents there.
 * The frequency of one document is taken out of its packed block without the others; all of them are unpacked where a
 * whole block is scored. Positions wait for whoever wants them, and so do the forms of mixed postings. */
#include "index/list.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "codec/pack.h"
#include "index/impact.h"
#include "index/list_part.h"

static bool fail(struct cursor *c)
{
    broken(c);
    return false;
}

/* In bytes from the first block on. From the disk: each use compares it with what there is. */
static size_t doc_end(const struct cursor *c, uint32_t block)
{
    /* Not aligned in the file: get_u32() reads it wherever it lies. */
    return get_u32(c->doc_ends + 4 * (size_t)block);
}

/* Nothing is unpacked, and no number known to be there. What was unpacked of the block before stays in memory and is
 * not looked at: the flags say so. */
static void enter(struct cursor *c, uint32_t block, unsigned size)
{
    c->freqs_ready = c->numbers_ready = c->forms_ready = c->codes_ready = c->numbers_found = false;
    c->has_forms = c->has_titles = c->has_roots = false;
    c->positions_ready = false;
    c->mixed_count = 0;
    c->block = block;
    c->size = size;
    c->index = 0;
}

/* ---- what a posting says beside its frequency */

/* Numbers as the tail has them, of posting i, whose frequency is known. NULL if they break the format.
 *
 * 1f 01 07 00 04 24 in the tail of "list-tail" (FORMAT.md): the gap 7, with numbers, more than once; 3 times; the form
 * code 1, with a title and a root code; the title is 1, the root code 5; and the mixed forms of 24. read_numbers()
 * begins at 07. */
static const uint8_t *read_numbers(struct cursor *c, const uint8_t *p, const uint8_t *end, unsigned i)
{
    uint32_t title = 0, code = 0;
    uint64_t v;

    /* 0 would be numbers that are all 0, which are not written. A title is less than freq here, because 1 is added
     * below. */
    if (!(p = get_varint(p, end, &v)) || v == 0 || v >> 2 > c->at.form_count ||
        (v & 2 && (!(p = get_varint32(p, end, &title)) || title >= c->freqs[i])) ||
        (v & 1 && (!(p = get_varint32(p, end, &code)) || code == UINT32_MAX)))
        return NULL;
    /* Below 2^32, for it is no more than form_count. */
    c->form_codes[i] = (uint32_t)(v >> 2);
    /* Without the bit there is no number, and it is 0. */
    c->titles[i] = v & 2 ? title + 1 : 0;
    c->root_codes[i] = code += v & 1;
    /* A root that does not fit 32 bits has wrapped to below the frequency. */
    if (root_of_code(c->freqs[i], code) < c->freqs[i])
        return NULL;
    /* Of a block that has no such number at all, the arrays are not looked at. */
    c->has_forms |= v >> 2 > 0;
    c->has_titles |= (v & 2) > 0;
    c->has_roots |= v & 1;
    return v >> 2 == FORM_CODE_MIXED ? fihi_mixed_append(c, p, end, i) : p;
}

/* What a posting without numbers says. */
static void set_plain(struct cursor *c, unsigned i)
{
    c->form_codes[i] = c->titles[i] = c->root_codes[i] = 0;
}

/* ---- blocks */

/* Decode the documents of a full block; the frequencies wait until asked for.
 * A gap of 0, a document twice, is let through: only a check looks for that.
 *
 * The sum is made twice, in 32 and in 64 bits. 128 gaps of up to 2^32 - 1 are below 2^39 together, so `sum` is exact:
 * if it is the last document that the skip entry says, and below the segment's number of documents, then no partial sum
 * was above it, and none of the 32-bit ones has wrapped. */
static uint32_t load_block(struct cursor *c, uint32_t block)
{
    const size_t from = block ? doc_end(c, block - 1) : 0, to = doc_end(c, block);
    uint32_t last = block ? get_u32(c->lasts + 4 * (size_t)(block - 1)) : 0;
    uint64_t sum = last;                       /* of the gaps: equal to the last document only if nothing wrapped */
    size_t took;

    /* Ends ascend, and stay within the bytes: two numbers of the skip entries, of which either may be anything. */
    if (from > to || to > c->blocks_bytes || !(took = fihi_unpack(c->blocks + from, to - from, c->docs)))
        return broken(c);
    for (unsigned i = 0; i < POSTING_BLOCK; i++) {
        sum += c->docs[i];
        c->docs[i] = last += c->docs[i];
    }
    if (sum != get_u32(c->lasts + 4 * (size_t)block) || sum >= c->at.docs)
        return broken(c);
    enter(c, block, POSTING_BLOCK);
    /* The frequencies begin where the documents end: only unpacking tells where that is. */
    c->freq_bytes = c->blocks + from + took;
    return c->doc = c->docs[0];
}

static uint32_t load_tail(struct cursor *c)
{
    /* Fewer than a block, in varints: so a term of few documents has no block to unpack. */
    const unsigned count = c->at.df % POSTING_BLOCK;
    const size_t from = c->block_count ? doc_end(c, c->block_count - 1) : 0;
    uint32_t last = c->block_count ? get_u32(c->lasts + 4 * (size_t)(c->block_count - 1)) : 0;
    const uint8_t *p = c->blocks + from, *end = c->blocks + c->blocks_bytes;

    if (from > c->blocks_bytes)
        return broken(c);
    /* Before the numbers, for mixed forms are appended to what enter() has emptied. */
    enter(c, c->block_count, count);
    /* Compared before it is added: no sum wraps, and each document is below at.docs. */
    for (unsigned i = 0; i < count; i++) {
        uint64_t v;
        /* v >> 2 is the gap. `last` is below at.docs when the difference is made, so that does not wrap, and the sum
         * below is less than at.docs. */
        uint32_t more = 0;

        if (!(p = get_varint(p, end, &v)) || last >= c->at.docs || v >> 2 >= c->at.docs - last ||
            (v & 1 && (!(p = get_varint32(p, end, &more)) || more > UINT32_MAX - 2)))
            return broken(c);
        c->docs[i] = last += (uint32_t)(v >> 2);
        c->freqs[i] = v & 1 ? more + 2 : 1;
        if (!(v & 2))
            set_plain(c, i);
        else if (!(p = read_numbers(c, p, end, i)))
            return broken(c);
    }
    /* All bytes are used, or they are another list's. */
    if (p != end)
        return broken(c);
    c->freqs_ready = c->numbers_ready = c->forms_ready = true;
    /* Of 256 documents none is left for the tail. */
    return c->doc = count ? c->docs[0] : NO_DOC;
}

/* The one document of a term is in the dictionary, and its numbers are all that the list has. */
static uint32_t load_single(struct cursor *c)
{
    const struct list_place *at = &c->at;
    const uint8_t *const end = at->byte_count ? at->bytes + at->byte_count : at->bytes;

    /* From the dictionary, which is a value of the disk as well. */
    if (at->single >= at->docs || at->cf == 0 || at->cf > UINT32_MAX)
        return broken(c);
    enter(c, 0, 1);
    c->docs[0] = at->single;
    /* All occurrences of the term are in its one document. */
    c->freqs[0] = (uint32_t)at->cf;
    if (at->byte_count == 0)
        set_plain(c, 0);
    else if (read_numbers(c, at->bytes, end, 0) != end)
        return broken(c);
    c->freqs_ready = c->numbers_ready = c->forms_ready = true;
    return c->doc = c->docs[0];
}

/* Where skip entries, bounds and blocks lie; false if the bytes end before.
 * No sum can wrap: the blocks are at most 2^25, and so 64 bits hold all of it. */
static bool lay_out(struct cursor *c)
{
    const size_t n = c->block_count, weights = c->at.form_count < OWN_FORMS ? c->at.form_count : OWN_FORMS;
    const size_t skips =
        /* A list without full blocks has two bytes in place of the arrays. */
        n ? 12 * n + (BOUNDS + share_rows(c->at.form_count)) * (n + 1) + FLOORS + weights : 2;

    /* Compared once with the list's bytes: after this, all arrays lie within it, whatever stands in them. */
    if (skips > c->at.byte_count) {
        c->block_count = 0;                    /* whoever asks all the same shall find nothing */
        return false;
    }
    /* Array behind array, each with an entry a block, in the order of FORMAT.md. */
    c->lasts = c->at.bytes;
    c->doc_ends = c->lasts + 4 * n;
    c->position_ends = c->doc_ends + 4 * n;
    c->bounds = c->position_ends + 4 * n;
    c->form_weights = c->bounds + BOUNDS * (n + 1) + FLOORS;
    c->form_shares = c->form_weights + weights;
    c->blocks = c->at.bytes + skips;
    c->blocks_bytes = c->at.byte_count - skips;
    return true;
}

int fihi_cursor_open(struct cursor *c, const struct list_place *at)
{
    memset(c, 0, offsetof(struct cursor, docs));           /* what is behind is memory to keep, or set with a block */
    c->positions_ready = false;
    c->at = *at;
    /* From the dictionary, and so from the disk; at most 2^25, and lay_out() compares it with the bytes. */
    c->block_count = at->df / POSTING_BLOCK;
    if (at->df == 1)
        load_single(c);
    else if (!lay_out(c))
        broken(c);
    else if (c->block_count)
        load_block(c, 0);
    else
        load_tail(c);
    return c->is_broken ? FIH_E_CORRUPT : FIH_OK;
}

void fihi_cursor_close(struct cursor *c)
{
    free(c->positions);
    free(c->mixed);
    /* So that it may be closed twice, or opened again. */
    c->positions = NULL;
    c->mixed = NULL;
    c->position_cap = c->mixed_cap = 0;
}

/* First full block from `from` on whose last document is not below target, by doubling steps and halving.
 * Most seeks go a block or two ahead: that is found in as many steps, and a far one in a logarithm of the distance.
 *
 * From block 5 on it looks at 5, 6, 8, 12, 20 and so on until one is not below; if that is 20, the answer is from 13 to
 * 20, and three more looks find it. Skip entries that do not ascend lead to a wrong block, never out of the array. */
static uint32_t find_block(const struct cursor *c, uint32_t from, uint32_t target)
{
    uint32_t step = 1, low = from, high = from;

    while (high < c->block_count && get_u32(c->lasts + 4 * (size_t)high) < target) {
        low = high + 1;
        high += step;
        /* It cannot wrap: blocks are at most 2^25, and the loop ends behind the last. */
        step *= 2;
    }
    /* The last step may have gone behind the end. */
    if (high > c->block_count)
        high = c->block_count;
    while (low < high) {
        const uint32_t mid = low + (high - low) / 2;

        if (get_u32(c->lasts + 4 * (size_t)mid) < target)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

uint32_t fihi_cursor_find(const struct cursor *c, uint32_t target)
{
    /* From the beginning, for the caller may have been anywhere. */
    return find_block(c, 0, target);
}

/* Go on to a block behind ours: a full one, the tail, or the end. Callers see to that it is behind;
 * fihi_cursor_enter() has forgotten where it was. */
static uint32_t go_to(struct cursor *c, uint32_t block)
{
    if (c->at.df != 1 && c->block < c->block_count) {
        if (block < c->block_count)
            return load_block(c, block);
        /* A tail may be empty: 256 documents are two blocks. */
        if (c->at.df % POSTING_BLOCK)
            return load_tail(c);
        c->block = c->block_count;     /* a list without tail: its end */
    }
    c->index = c->size;
    return c->doc = NO_DOC;
}

/* The one way back: a search that takes blocks by their bounds visits them in any order. */
uint32_t fihi_cursor_enter(struct cursor *c, uint32_t block)
{
    c->block = 0;                              /* no full block is behind us now */
    return go_to(c, block);
}

uint32_t fihi_cursor_next_block(struct cursor *c)
{
    /* At the end there is no block to count on from. */
    return c->doc == NO_DOC ? NO_DOC : go_to(c, c->block + 1);
}

uint32_t fihi_cursor_next(struct cursor *c)
{
    if (c->index + 1 < c->size)
        return c->doc = c->docs[++c->index];
    return fihi_cursor_next_block(c);
}

uint32_t fihi_cursor_seek(struct cursor *c, uint32_t target)
{
    /* Also at the end, since NO_DOC is above all documents. */
    if (c->doc >= target)
        return c->doc;
    /* The last document of the block decides whether another one is unpacked at all. */
    if ((c->size == 0 || c->docs[c->size - 1] < target) && go_to(c, find_block(c, c->block + 1, target)) >= target)
        return c->doc;
    if (c->index + 1 < c->size && c->docs[c->index + 1] >= target)     /* whoever walks wants the next one */
        return c->doc = c->docs[++c->index];
    /* Within the block: the array is short and in cache; halve without branches. */
    unsigned low = c->index, n = c->size - low;
    /* Seven rounds for 128; the compiler makes a conditional move of the choice, which cannot be predicted. */
    while (n > 1) {
        const unsigned half = n / 2;

        low += c->docs[low + half - 1] < target ? half : 0;
        n -= half;
    }
    /* The halving leaves one that may still be below. */
    if (low < c->size && c->docs[low] < target)
        low++;
    c->index = low;
    return c->doc = low < c->size ? c->docs[low] : fihi_cursor_next_block(c);
}

/* Moves nothing and reads nothing but skip entries, so a bound can be asked for far ahead of where the cursor is. */
uint32_t fihi_cursor_peek(const struct cursor *c, uint32_t target, uint32_t *last_doc)
{
    const uint32_t block = c->block < c->block_count ? find_block(c, c->block, target) : c->block_count;

    *last_doc = NO_DOC - 1;            /* the tail's is not known; below the end's */
    if (block < c->block_count) {
        const uint32_t last = get_u32(c->lasts + 4 * (size_t)block);

        if (last < c->at.docs)                 /* else whoever steps behind it shall get on */
            *last_doc = last;
    }
    return block;
}

/* ---- frequencies and numbers of a full block, singly or all at once */

bool fihi_cursor_load_freqs(struct cursor *c)
{
    const uint8_t *end;
    uint32_t most = 0;

    if (c->freqs_ready || c->doc == NO_DOC)
        return c->freqs_ready;
    end = c->blocks + doc_end(c, c->block);
    if (!fihi_unpack(c->freq_bytes, (size_t)(end - c->freq_bytes), c->freqs))
        return fail(c);
    for (unsigned i = 0; i < POSTING_BLOCK; i++) {
        /* One less is stored: a word that occurs once has a 0. */
        most = c->freqs[i] > most ? c->freqs[i] : most;
        c->freqs[i]++;
    }
    c->freqs_ready = true;
    return most < UINT32_MAX || fail(c); /* else one has wrapped to 0 */
}

/* Step over a packed block, if there is one. */
static bool pass(const uint8_t **p, const uint8_t *end, bool is_there, const uint8_t **where)
{
    const size_t took = is_there ? fihi_pack_skip(*p, (size_t)(end - *p)) : 0;

    *where = is_there ? *p : NULL;
    *p += took;
    return took > 0 || !is_there;
}

/* Where the block's numbers lie: its bytes are used up exactly.
 * Without mixed forms nothing may be left over, with them something must be.
 *
 * fihi_pack_skip() reads three bytes of each packed block, so a block's places cost as much as its heads, and no number
 * is unpacked that nobody wants. */
static bool find_numbers(struct cursor *c)
{
    const uint8_t *p = c->freq_bytes, *passed, *end;
    uint8_t flags;

    if (c->numbers_found || c->doc == NO_DOC)
        return c->numbers_found;
    end = c->blocks + doc_end(c, c->block);
    /* The frequencies first, behind which there is one byte at least. */
    if (!pass(&p, end, true, &passed) || p == end)
        return fail(c);
    /* Unknown flags are damage: how many bytes they stand for cannot be known. */
    flags = *p++;
    if (flags > (BLOCK_FORMS | BLOCK_TITLES | BLOCK_ROOTS | BLOCK_MIXED) ||
        !pass(&p, end, flags & BLOCK_FORMS, &c->form_bytes) || !pass(&p, end, flags & BLOCK_TITLES, &c->title_bytes) ||
        !pass(&p, end, flags & BLOCK_ROOTS, &c->root_bytes) || ((flags & BLOCK_MIXED) == 0) != (p == end))
        return fail(c);
    c->mixed_bytes = p;
    c->has_forms = c->form_bytes != NULL;
    c->has_titles = c->title_bytes != NULL;
    c->has_roots = c->root_bytes != NULL;
    return c->numbers_found = true;
}

/* The codes of all postings: the last form's is form_count; 1, the mixed one, is no more. The loaders look at all of a
 * block's numbers in loops without branches, which the compiler does for several at once. */
static bool load_codes(struct cursor *c)
{
    const uint32_t most = c->at.form_count;
    uint32_t wrong = 0;

    if (c->codes_ready)
        return true;
    /* As far as the mixed forms: a packed block that reaches into them is damaged. */
    if (!fihi_unpack(c->form_bytes, (size_t)(c->mixed_bytes - c->form_bytes), c->form_codes))
        return false;
    for (unsigned i = 0; i < POSTING_BLOCK; i++)
        wrong |= c->form_codes[i] > most;
    /* No mixed posting of this block has been passed over yet. */
    c->passed_to = NULL;
    return c->codes_ready = !wrong;
}

static bool load_forms(struct cursor *c)
{
    if (!c->has_forms)
        /* Without codes none can be mixed, so no bytes may be left. */
        return c->mixed_bytes == c->blocks + doc_end(c, c->block);
    return load_codes(c) && fihi_mixed_load(c, c->blocks + doc_end(c, c->block));
}

static bool load_titles(struct cursor *c)
{
    uint32_t wrong = 0;

    if (!c->has_titles)
        return true;
    if (!fihi_unpack(c->title_bytes, (size_t)(c->mixed_bytes - c->title_bytes), c->titles))
        return false;
    for (unsigned i = 0; i < POSTING_BLOCK; i++)
        /* Whoever takes it from the frequency must not get below 0. */
        wrong |= c->titles[i] > c->freqs[i];
    return !wrong;
}

static bool load_roots(struct cursor *c)
{
    uint32_t wrong = 0;

    if (!c->has_roots)
        return true;
    if (!fihi_unpack(c->root_bytes, (size_t)(c->mixed_bytes - c->root_bytes), c->root_codes))
        return false;
    for (unsigned i = 0; i < POSTING_BLOCK; i++)
        /* Less than the frequency: the sum has wrapped. */
        wrong |= root_of_code(c->freqs[i], c->root_codes[i]) < c->freqs[i];
    return !wrong;
}

bool fihi_cursor_scores(struct cursor *c)
{
    if (c->numbers_ready)
        return true;
    /* Both have broken the cursor already, or it stands at its end. */
    if (!find_numbers(c) || !fihi_cursor_load_freqs(c))
        return false;
    if (!load_titles(c) || !load_roots(c))
        return fail(c);
    return c->numbers_ready = true;
}

bool fihi_cursor_numbers(struct cursor *c)
{
    if (!fihi_cursor_scores(c))
        return false;
    /* By themselves, for a block without the form that is looked for needs none. */
    if (!c->forms_ready && !load_forms(c))
        return fail(c);
    return c->forms_ready = true;
}

uint32_t fihi_cursor_freq(struct cursor *c)
{
    uint32_t less;

    if (c->freqs_ready)
        return c->freqs[c->index];
    /* By itself: a word or two of the packed block in place of 128 numbers. */
    if (c->doc == NO_DOC ||
        !fihi_pack_get(c->freq_bytes, (size_t)(c->blocks + doc_end(c, c->block) - c->freq_bytes), c->index, &less) ||
        less == UINT32_MAX) {
        broken(c);
        return 0;
    }
    return less + 1;
}

/* A number of the document we stand on, of a block that is not unpacked: 0 without any, or when broken. */
static uint32_t peek_number(struct cursor *c, const uint8_t *bytes)
{
    uint32_t value = 0;

    if (bytes && !fihi_pack_get(bytes, (size_t)(c->mixed_bytes - bytes), c->index, &value)) {
        broken(c);
        return 0;
    }
    return value;
}

uint32_t fihi_cursor_title(struct cursor *c)
{
    uint32_t title;

    if (c->numbers_ready)
        return c->has_titles ? c->titles[c->index] : 0;
    if (!find_numbers(c) || (title = peek_number(c, c->title_bytes)) == 0)
        return 0;
    /* As load_titles() does for all of them. */
    if (title > fihi_cursor_freq(c)) {
        broken(c);
        return 0;
    }
    return title;
}

/* root - freq is stored doubled, with the bit of is_first below it: so code / 2 is added to the frequency. */
uint32_t fihi_cursor_root(struct cursor *c)
{
    const uint32_t freq = fihi_cursor_freq(c);
    uint32_t code = 0, root;

    if (c->is_broken)
        return 0;
    if (c->numbers_ready)
        code = c->has_roots ? c->root_codes[c->index] : 0;
    else if (find_numbers(c))
        code = peek_number(c, c->root_bytes);
    root = root_of_code(freq, code);
    if (root < freq)
        broken(c);
    return c->is_broken ? 0 : root;
}

/* Of a form number of this list. With all occurrences in one form its share is all or nothing, so the frequency
 * answers. */
uint32_t fihi_cursor_form(struct cursor *c, uint32_t form)
{
    uint32_t code = 0, freq;
    unsigned k = 0;

    if (c->forms_ready)
        code = c->has_forms ? c->form_codes[c->index] : 0;
    else if (find_numbers(c))
        code = peek_number(c, c->form_bytes);
    if (c->is_broken)
        return 0;
    /* All occurrences have one form: this one, or another. */
    if (code != FORM_CODE_MIXED)
        return code == form_code(form) ? fihi_cursor_freq(c) : 0;
    if (!c->forms_ready) {
        freq = fihi_cursor_freq(c);
        if (c->is_broken || !load_codes(c) ||
            !fihi_mixed_one(c, c->blocks + doc_end(c, c->block), freq, form, &freq)) {
            broken(c);
            return 0;
        }
        return freq;
    }
    /* It is there: every posting with the mixed code has its place in mixed_at[], in order. */
    while (c->mixed_at[k] != c->index)
        k++;
    return cursor_mixed(c, k, form);
}

bool fihi_cursor_posting(struct cursor *c, struct posting *out)
{
    const unsigned i = c->index;
    uint32_t code;
    unsigned k = 0;

    if (c->doc == NO_DOC || !fihi_cursor_numbers(c))
        return false;
    code = c->has_roots ? c->root_codes[i] : 0;
    out->doc = c->doc;
    out->freq = c->freqs[i];
    out->title = c->has_titles ? c->titles[i] : 0;
    out->root = root_of_code(out->freq, code);
    /* The stem that alone has its root here has the code 0, and so needs no number. */
    out->is_first = code % 2 == 0;
    code = c->has_forms ? c->form_codes[i] : 0;
    if (code == FORM_CODE_MIXED) {
        while (c->mixed_at[k] != i)
            k++;
        out->forms = c->mixed + (k ? c->mixed_ends[k - 1] : 0);
        out->form_count = c->mixed_ends[k] - (k ? c->mixed_ends[k - 1] : 0);
        return true;
    }
    c->whole = (struct posting_form){code - (code > 0), out->freq};
    out->forms = &c->whole;
    out->form_count = 1;
    return true;
}
