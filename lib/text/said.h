/* text/said.h - what is said so often that it is written in one word as well as in several: ما زال, مازال.
 *
 * Layer: text. Pure. In one word it has no endings, and a query finds it in any spacing.
 */
#ifndef FIHI_TEXT_SAID_H
#define FIHI_TEXT_SAID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/list.h"

/* Are these letters of N such words without the spaces between them? */
bool fihi_said_has(const uint16_t *letters, size_t n);
/* Are they a word of its own, that is common in texts, and no such words? مالك is one, which is spelt as ما لك is, and
 * so is لاتباع, which is ل and اتباع. */
bool fihi_said_is_other(const uint16_t *letters, size_t n);
/* Part of the fingerprint. */
uint64_t fihi_said_hash(void);
/* The list, for the tests. */
const struct list *fihi_said_list(void);

#endif
