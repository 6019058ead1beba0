/* opened_verb.c - a copy of text/verb.c (plain.h) that lets a test call what is its own. */
#include "../../lib/text/verb.c"

#include "maps.h"

bool open_has_stem(const uint16_t *s, size_t n)
{
    uint8_t letter[VERB_STEM] = {0};

    if (n == 0 || n > VERB_STEM)
        return false;
    for (size_t i = 0; i < n; i++)
        letter[i] = s[i] > VERB_FIRST && s[i] <= VERB_FIRST + 0x2A ? (uint8_t)(s[i] - VERB_FIRST) : UINT8_MAX;
    const struct verb_row *const row = find(letter);
    return row && (row == plain_verbs->rows || !is_stem(row - 1, letter));
}
