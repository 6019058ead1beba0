/* html_tag.c - see html_tag.h. */
#include "read/html_tag.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define NAME_MAX 13                /* the longest known name, "foreignobject" */

#define X(number, name, is) name,
static const char *const names[] = { HTML_ELEMENTS(X) };
#undef X

/* In X the kinds stand without their HTML_. */
enum {
    NO = HTML_NO, INLINE = HTML_INLINE, VOID = HTML_VOID, SPECIAL = HTML_SPECIAL, SCOPE = HTML_SCOPE,
    CLOSES_P = HTML_CLOSES_P, HEADING = HTML_HEADING, BREAKOUT = HTML_BREAKOUT, LEAF = HTML_LEAF, BLOCK = HTML_BLOCK,
    TEXTUAL = HTML_TEXTUAL
};
#define X(number, name, is) is,
static const uint16_t kinds[] = { HTML_ELEMENTS(X) };
#undef X

static uint8_t unknown(fih_str name)
{
    uint32_t hash = 2166136261u;                   /* FNV-1a */

    for (size_t i = 0; i < name.len; i++)
        hash = (hash ^ (uint32_t)tolower((unsigned char)name.ptr[i])) * 16777619u;
    return (uint8_t)(TAG_UNKNOWN + hash % (256 - TAG_UNKNOWN));
}

uint8_t html_tag(fih_str name)
{
    size_t low = 0, high = sizeof names / sizeof *names;

    if (name.len > NAME_MAX)
        return unknown(name);
    while (low < high) {
        const size_t mid = (low + high) / 2;
        int order = strncasecmp(names[mid], name.ptr, name.len);

        if (order == 0 && names[mid][name.len] == '\0')
            return (uint8_t)(TAG_NONE + 1 + mid);
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return unknown(name);
}

unsigned html_tag_is(uint8_t tag)
{
    return tag > TAG_NONE && tag < TAG_UNKNOWN ? kinds[tag - TAG_NONE - 1] : HTML_NO;
}
