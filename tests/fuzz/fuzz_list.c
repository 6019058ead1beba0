/* fuzz_list.c - any bytes as a posting list: documents never descend, positions lie in memory, or the list is broken;
 * and a list that is whole says the same of a posting whatever way leads there, and in whatever order it is asked.
 *
 * An input is what the dictionary says, a few choices, and the list with its positions (seed_list.c writes such). */
#include "fuzz_list.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "reach.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OPENED, IN_BLOCKS, IN_TAILS, MIXED, POSITIONS };
struct reach reach[] = {
    {"lists are opened and walked to their end", 8, 0},
    {"postings in full blocks", 1000, 0},
    {"postings in tails", 200, 0},
    {"mixed postings in full blocks", 200, 0},
    {"positions", 4000, 0},
    {NULL, 0, 0},
};

/* What the first walk has found: all of a list, if it is whole. */
enum { KNOWN_MOST = 1 << 15 };
struct known {
    uint32_t doc, freq, title, root, form, form_freq, positions;
};
static struct known known[KNOWN_MOST];
static uint32_t known_count;
static bool is_whole, has_positions;
static bool is_back;                                   /* steps go back in a block, too, and nobody wants positions */

static uint64_t choices;                               /* of the input, and what follows from it */
static volatile unsigned sink;                         /* what is read and cannot be wrong */

static uint32_t choose(uint32_t n)
{
    choices = choices * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(choices >> 33) % n;
}

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* Every byte of them is touched. */
static uint32_t sum_positions(struct cursor *c, uint32_t *count)
{
    const uint32_t *const p = fihi_cursor_positions(c, count);
    uint32_t sum = 0;

    for (uint32_t i = 0; p && i < *count; i++)
        sum = sum * 31 + p[i];
    return sum;
}

static void posting(struct cursor *c, struct known *k)
{
    struct posting p;
    uint64_t forms = 0;

    if (!fihi_cursor_posting(c, &p))
        return;
    for (uint32_t i = 0; i < p.form_count; i++) {
        require(p.forms[i].form < c->at.form_count && p.forms[i].freq > 0);
        require(i == 0 || p.forms[i].form > p.forms[i - 1].form);
        forms += p.forms[i].freq;
    }
    require(p.doc == c->doc && forms == p.freq && p.title <= p.freq && p.root >= p.freq);
    *k = (struct known){p.doc, p.freq, p.title, p.root, p.forms[p.form_count - 1].form,
                        p.forms[p.form_count - 1].freq, 0};
    reach[MIXED].count += p.form_count > 1 && c->block < c->block_count;
}

/* Is the list whole? Then all of it is known, but for positions: those break it last. */
static void survey(struct cursor *c, const struct list_place *at)
{
    uint32_t count = 0;

    known_count = 0;
    is_whole = has_positions = false;
    if (fihi_cursor_open(c, at) != 0)
        return;
    for (uint32_t doc = c->doc; doc != NO_DOC && known_count < KNOWN_MOST; doc = fihi_cursor_next(c), known_count++) {
        require(doc < at->docs && (known_count == 0 || doc >= known[known_count - 1].doc));
        posting(c, &known[known_count]);
        if (c->is_broken)
            return;
    }
    is_whole = c->doc == NO_DOC && !c->is_broken;
    if (!is_whole)
        return;
    require(known_count == at->df);
    has_positions = at->position_bytes > 0 && fihi_cursor_open(c, at) == 0;
    for (uint32_t i = 0; has_positions && i < known_count; i++, fihi_cursor_next(c)) {
        known[i].positions = sum_positions(c, &count);
        has_positions = !c->is_broken && count == known[i].freq;
        reach[POSITIONS].count += count;
    }
    reach[OPENED].count++;
    reach[IN_BLOCKS].count += at->df / POSTING_BLOCK * POSTING_BLOCK;
    reach[IN_TAILS].count += at->df % POSTING_BLOCK;
}

/* The place that we stand on, in the whole list. */
static const struct known *known_at(const struct cursor *c)
{
    const size_t i = (size_t)c->block * POSTING_BLOCK + c->index;

    require(i < known_count && known[i].doc == c->doc);
    return &known[i];
}

/* A question about the document, one of seven; what it breaks was not whole. */
static void ask(struct cursor *c, unsigned what)
{
    const struct known *const k = is_whole ? known_at(c) : NULL;
    const uint32_t form = k && choose(2) ? k->form : choose(3) ? choose(c->at.form_count) : choose(UINT32_MAX);
    uint32_t got, count;
    struct known whole = {0};

    switch (what) {
    case 0:
        got = fihi_cursor_freq(c);
        require(!k || got == k->freq);
        require(got > 0 || c->is_broken);
        break;
    case 1:
        got = fihi_cursor_title(c);
        require(!k || got == k->title);
        break;
    case 2:
        got = fihi_cursor_root(c);
        require(!k || got == k->root);
        break;
    case 3:
        got = fihi_cursor_form(c, form);
        require(!k || form != k->form || got == k->form_freq);
        require(!got || form < c->at.form_count);
        break;
    case 4:
        posting(c, &whole);
        require(!k || memcmp(&whole, k, offsetof(struct known, positions)) == 0);
        break;
    case 5:                                            /* as blocks are scored in which a form does not occur */
        require(choose(2) ? fihi_cursor_scores(c) || !k : fihi_cursor_numbers(c) || !k);
        break;
    default:
        got = sum_positions(c, &count);
        require(!k || !has_positions || (got == k->positions && count == k->freq));
        return;
    }
    require(!k || !c->is_broken);
}

/* What is asked of one document: a few questions in any order, mostly singly, so that blocks stay packed. Positions
 * go last and only where they are good, for they would break a list that is else whole. */
static void look(struct cursor *c)
{
    const uint32_t doc = c->doc;

    for (unsigned n = choose(6); n > 0 && c->doc != NO_DOC; n--)
        ask(c, choose(24) ? choose(4) : 4 + choose(2));
    if (c->doc != NO_DOC && choose(3) == 0 && !is_back && (has_positions || !is_whole))
        ask(c, 6);
    require(c->doc == NO_DOC ? c->is_broken || doc == NO_DOC : c->doc == doc);
}

/* The first posting from `from` on that is not below the target. */
static uint32_t known_seek(uint32_t from, uint32_t target)
{
    while (from < known_count && known[from].doc < target)
        from++;
    return from < known_count ? known[from].doc : NO_DOC;
}

/* What a block's head says; a document that is peeked at is there. */
static void peek(const struct cursor *c, uint32_t target)
{
    uint32_t last_doc;
    const uint32_t block = fihi_cursor_peek(c, target, &last_doc), found = fihi_cursor_find(c, target);

    require(block <= c->block_count && block >= c->block && found <= c->block_count);
    require(last_doc < NO_DOC);
    if (is_whole && block < c->block_count)
        require(known[block * POSTING_BLOCK + POSTING_BLOCK - 1].doc == last_doc && last_doc >= target);
    sink ^= fihi_cursor_bounds(c, block).best ^ fihi_cursor_forms(c, found) ^
           cursor_form_share(c, block, choose(c->at.form_count));
    sink ^= fihi_cursor_floor(c, choose(FLOORS + 1));
}

static void enter(struct cursor *c, uint32_t block)
{
    const size_t first = (size_t)block * POSTING_BLOCK;

    fihi_cursor_enter(c, block);
    require(!is_whole || c->doc == (first < known_count ? known[first].doc : NO_DOC));
}

/* A step as a search takes it: to the next document, to one not below a target, over a block, into any block. */
static void step(struct cursor *c)
{
    const uint32_t doc = c->doc, block = c->block, at = block * POSTING_BLOCK + c->index;
    const uint32_t far = choose(16) ? choose(30) : choose(choose(4) ? 1000 : UINT32_MAX / 2);
    const uint32_t target = doc < NO_DOC - 1 - far ? doc + far : NO_DOC - 1;

    switch (choose(8)) {
    case 0:
    case 1:
    case 2:
        fihi_cursor_next(c);
        require(!is_whole || c->doc == (at + 1 < known_count ? known[at + 1].doc : NO_DOC));
        break;
    case 3:
    case 4:
    case 5:
        peek(c, target);
        fihi_cursor_seek(c, target);
        require(c->doc >= target);
        require(!is_whole || c->doc == known_seek(at, target));
        break;
    case 6:
        if (choose(2))
            fihi_cursor_next_block(c);
        else
            cursor_step(c, is_back ? choose(c->size) : c->index + 1 + choose(200));
        if (is_back)
            return;
        break;
    default:
        if (c->block_count && c->at.df != 1) {
            const uint32_t to = choose(8) ? choose(c->block_count + 1) : fihi_cursor_find(c, choose(target + 1));

            enter(c, to);
            return;                                    /* which may lie behind */
        }
    }
    require(c->doc >= doc);
}

static void wander(struct cursor *c, const struct list_place *at)
{
    if (fihi_cursor_open(c, at) != 0)
        return;
    for (unsigned steps = 0; !c->is_broken && steps < 300; steps++) {
        if (c->doc == NO_DOC && !c->block_count)
            return;
        if (c->doc == NO_DOC) {                        /* a search enters blocks behind it when it comes back */
            enter(c, choose(c->block_count + 1));
            continue;
        }
        require(c->doc < at->docs && c->index < c->size && c->size <= POSTING_BLOCK);
        look(c);
        if (c->doc != NO_DOC)
            step(c);
    }
    require(!is_whole || !c->is_broken);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cursor c;
    struct list_place at = {0};
    size_t bytes;

    if (size < SEED_HEAD)
        return 0;
    at.df = get_u32(data + SEED_DF) % (1 << 24);
    at.title_df = get_u32(data + SEED_TITLE_DF);
    at.form_count = get_u32(data + SEED_FORMS);
    at.docs = get_u32(data + SEED_DOCS);
    at.single = get_u32(data + SEED_SINGLE);
    at.cf = get_u64(data + SEED_CF);
    bytes = get_u16(data + SEED_BYTES);
    choices = get_u16(data + SEED_CHOICES);
    if (at.df == 0 || at.form_count == 0)              /* the dictionary has no such entry */
        return 0;
    at.bytes = data + SEED_HEAD;
    at.byte_count = bytes < size - SEED_HEAD ? bytes : size - SEED_HEAD;
    at.positions = at.bytes + at.byte_count;
    at.position_bytes = size - SEED_HEAD - at.byte_count;
    survey(&c, &at);
    for (unsigned times = 0; times < 4; times++) {
        is_back = times == 3;
        wander(&c, &at);
    }
    fihi_cursor_close(&c);
    memset(&c, 0, sizeof c);
    return 0;
}
