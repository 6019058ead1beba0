/* opened_clean.c - a copy of text/clean.c (plain.h) that lets a test call what is its own. */
#include "../../lib/text/clean.c"

#include "maps.h"

size_t open_next_sign(const uint8_t *s, size_t i, size_t n) { return next_sign(s, i, n); }
bool open_is_sign(uint8_t b) { return is_sign(b); }
