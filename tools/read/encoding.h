/* encoding.h - which encoding a text is in, and whether bytes are well-formed UTF-8.
 *
 * What the user forces and a byte order mark (but for that of UTF-8) decide alone. Then the bytes: UTF-16 without a
 * mark, and UTF-8 if not fewer sequences are well-formed than ill-formed. Then the letters: the text is read as
 * windows-1256, ISO-8859-6, windows-1252 and what it declares (HTML), and the reading that looks most like writing is
 * taken; a declaration counts for something, and less than letters that make no words.
 */
#ifndef FIHRIST_ENCODING_H
#define FIHRIST_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

#define ENCODING_UTF8 "UTF-8"

struct encoding {
    char   name[64];       /* ENCODING_UTF8 or a name that ICU opens */
    size_t mark_bytes;     /* byte order mark to pass over */
};

/* Whether ICU knows an encoding of this name. */
bool encoding_is_known(const char *name);

/**
 * Find the encoding of a text.
 *
 * @param head      The beginning of the text, or all of it; a character cut at its end does no harm.
 * @param forced    NULL or "auto": find it. Another name is taken as it is, but for a mark's bytes.
 * @param declared  NULL, or what the text says of itself.
 */
void encoding_find(struct encoding *out, const char *head, size_t n, const char *forced, const char *declared);

/* Whether this is a program or picture rather than text: control characters in plenty. */
bool encoding_is_binary(const char *utf8, size_t n);

/* A copy without ill-formed sequences (each becomes U+FFFD), new; NULL if memory is out. */
char *encoding_repair(const char *text, size_t n, size_t *out_bytes);
/* Whether all of it is well-formed UTF-8. */
bool encoding_is_utf8(const char *text, size_t n);

#endif
