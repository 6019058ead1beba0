/* html_entity.h - character references: &amp; &#1605; &#x645; */
#ifndef FIHRIST_HTML_ENTITY_H
#define FIHRIST_HTML_ENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTML_ENTITIES 2125

struct html_entity {
    const char *name;
    uint32_t    first, second;     /* code points; second is 0 where there is one */
    bool        is_bare;           /* counts without a semicolon too */
};
extern const struct html_entity html_entities[HTML_ENTITIES];

#define HTML_REF_BYTES 8           /* two code points of UTF-8 */

/**
 * Read a reference.
 *
 * @param s             Begins with '&'.
 * @param in_attribute  There &copy=1 is no reference, since addresses look like that.
 * @param utf8          What it stands for.
 * @param utf8_bytes    Their number.
 * @return its length in s, or 0: the '&' is only that.
 */
size_t html_reference(const char *s, size_t n, bool in_attribute, char utf8[HTML_REF_BYTES], size_t *utf8_bytes);

/* The character that a number means, as UTF-8: what is none becomes U+FFFD, bytes of windows-1252 what they meant,
 * controls a space. Its bytes. */
size_t html_character(char utf8[HTML_REF_BYTES], uint32_t code);

#endif
