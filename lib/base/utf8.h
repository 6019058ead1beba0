/* base/utf8.h - UTF-8 as Unicode 15 chapter 3 (table 3-7) defines it.
 *
 * Layer: base. Ill-formed bytes never make trouble: each maximal ill-formed subpart counts as one
 * U+FFFD, the practice that Unicode recommends and ICU follows.
 */
#ifndef FIHI_BASE_UTF8_H
#define FIHI_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Decode the character at s[*i], i < n, and move *i past it. Ill-formed: U+FFFD, *ok = 0. */
uint32_t fihi_utf8_next(const uint8_t *s, size_t n, size_t *i, int *ok);

/* Bytes written to out (room for 4) for a scalar value. */
size_t fihi_utf8_put(uint8_t *out, uint32_t cp);

/* Length of the well-formed prefix; n when all of it is. */
size_t fihi_utf8_valid(const uint8_t *s, size_t n);

/* Append s to out with every ill-formed sequence replaced by U+FFFD; *bad grows by their number. */
int fihi_utf8_clean(struct buf *out, const uint8_t *s, size_t n, uint64_t *bad);

#endif
