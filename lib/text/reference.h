/* text/reference.h - characters as HTML's references, &#1608; &#x648; &eacute;, or as addresses have them, %D9%88.
 *
 * Layer: text. Crawlers leave them in texts, also escaped twice (&amp;#1608;). Those of letters are letters of a word.
 */
#ifndef FIHI_TEXT_REFERENCE_H
#define FIHI_TEXT_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Is it what each of them begins with? */
static inline bool reference_may_begin(uint8_t c)
{
    return c == '&' || c == '%';
}

/* The bytes of the reference that begins at s with such a sign, and its character; 0 if it is none that we know. */
size_t fihi_reference_at(const uint8_t *s, size_t n, uint32_t *character);
/* A text with its references as UTF-8; what is left of one at the end is dropped. Returns bytes, at most n. */
size_t fihi_reference_resolve(uint8_t *out, const uint8_t *s, size_t n);

#endif
