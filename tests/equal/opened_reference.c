/* opened_reference.c - a copy of text/reference.c (plain.h) that lets a test call what is its own. */
#include "../../lib/text/reference.c"

#include "maps.h"

uint32_t open_find_name(const uint8_t *s, size_t n) { return find_name(s, n); }

const char *open_name(size_t i, uint32_t *character)
{
    if (i >= sizeof names / sizeof *names)
        return NULL;
    *character = names[i].character;
    return names[i].name;
}
