/* text/vocab.h - numbers for surface words and for terms, and which terms a surface word has.
 *
 * Layer: text. A surface word goes through the chain once; then one hash, one probe and one compare of
 * bytes give its number (base/intern.h). Numbers run from 0 in the order in which words and terms were
 * first seen, until everything is dropped.
 */
#ifndef FIHI_TEXT_VOCAB_H
#define FIHI_TEXT_VOCAB_H

#include <stddef.h>
#include <stdint.h>

#include "base/intern.h"
#include "text/analyzer.h"
#include "text/chain.h"

/* Zero-initialise. */
struct vocab {
    struct intern surfaces;    /* the note: result_note() */
    struct result *results;    /* of all surface words, one behind the other */
    size_t result_count, result_cap;
    uint32_t *surface_ends;    /* in `results` */
    size_t surface_cap;
    struct intern terms;
};

/* The record of a surface word (cut by fihi_chain_cut(), not empty); the chain tells the terms of a new one.
 * FIH_OK, FIH_E_NOMEM, FIH_E_LIMIT. */
int fihi_vocab_find(struct vocab *v, struct chain *c, const uint8_t *s, size_t n, uint32_t hash,
                    const uint8_t **record);
size_t fihi_vocab_bytes(const struct vocab *v);
/* Forget all words; memory for more of them stays, up to `keep` bytes of each table. */
void fihi_vocab_clear(struct vocab *v, size_t keep);
void fihi_vocab_free(struct vocab *v);

#endif
