/* text/chain_part.h - what the files of the chain share: chain.c which way a word takes, and that of Arabic ones;
 * chain_other.c initials, other scripts and numbers. And how either makes an item.
 *
 * Layer: text. Private to chain*.c.
 */
#ifndef FIHI_TEXT_CHAIN_PART_H
#define FIHI_TEXT_CHAIN_PART_H

#include <stdbool.h>
#include <string.h>

#include "text/analyzer.h"
#include "text/chain.h"

/* The next free item, or NULL; steps are traced if it is the one asked for. An item that is begun counts only when
 * item_count is raised: what was traced for one that is not kept is traced anew for the next. */
static inline struct item *begin_item(struct chain *c, struct trace *t, size_t wanted)
{
    if (t && (t->is_on = c->item_count == wanted))
        fihi_trace_restart(t);
    return c->item_count < ITEMS_MAX ? &c->items[c->item_count] : NULL;
}

/* At most so many bytes, up to a character. Bytes 10xxxxxx continue a character. */
static inline size_t cut_to(const uint8_t *s, size_t n, size_t most)
{
    if (n <= most)
        return n;
    for (n = most; n > 0 && (s[n] & 0xC0) == 0x80; n--) ;
    return n;
}

/* Letters are a weight in queries (struct token), for which 255 is as good as more. */
static inline uint8_t at_most_255(size_t n)
{
    return n > 255 ? 255 : (uint8_t)n;
}

/* All of an item but the bytes of its term, which are not cleared: there are 255. */
static inline void set_item(struct item *it, uint8_t letters, unsigned flags, size_t len)
{
    it->letters = letters;
    it->flags = (uint8_t)flags;
    it->len = (uint16_t)len;
}

/* A step that changes nothing is not told. */
static inline void trace_form(struct trace *t, const uint8_t *before, size_t n, const uint8_t *form, size_t len,
                       const char *why)
{
    if (t && (n != len || memcmp(before, form, n) != 0))
        fihi_trace_step(t, form, len, why, NULL);
}

/* The stem just made stays, unless this position has it already from another reading: false then. Two terms alike at
 * one position would count an occurrence twice. */
static inline bool keep_stem(struct chain *c, size_t first)
{
    struct item *const it = &c->items[c->item_count];

    for (size_t i = first; i < c->item_count; i++)
        if (!(c->items[i].flags & TOKEN_LEVEL) && c->items[i].len == it->len &&
            memcmp(c->items[i].term, it->term, it->len) == 0)
            return false;
    if (c->item_count > first)
        it->flags |= TOKEN_SAME_POSITION;
    c->item_count++;
    return true;
}

/* Are they initials: a letter, and then what is between them? */
bool fihi_chain_is_initials(const uint8_t *s, size_t n, bool is_arabic);
/* The items of Arabic ones. FIH_OK. */
int fihi_chain_initials(struct chain *c, const uint8_t *s, size_t n, struct trace *t, size_t wanted);
/* Initials as fihi_chain_fold() has them: bytes of `out`, which has room for FOLD_MAX. */
size_t fihi_chain_fold_initials(struct chain *c, const uint8_t *s, size_t n, uint8_t *out);
/* The items of a word of another script, of a number, and with BASE_SIMPLE of any word. FIH_OK or FIH_E_NOMEM. */
int fihi_chain_other(struct chain *c, const uint8_t *s, size_t n, struct trace *t, size_t wanted);

#endif
