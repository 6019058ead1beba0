/* text/sign.c - Unicode's Arabic ligatures of several words. It gives only two of them a decomposition.
 *
 * A writer who types ﷺ means the words, and a reader searches for them; so the sign is its words in text and query,
 * each with a position of its own. Sorted by code point, for the search stops at the first that is greater. Spelt in
 * full with hamzas: the fold comes after.
 *
 * Who asks: fold.c, which writes the words in place of the sign, and split.c, for which a sign is a word. Most of them
 * have been in Unicode since version 14.
 */
#include "text/sign.h"

#include <stddef.h>

static const struct {
    uint16_t cp;
    char16_t words[32];
} signs[] = {
    {0xFD40, u"رحمه الله"},
    {0xFD41, u"رضي الله عنه"},
    {0xFD42, u"رضي الله عنها"},
    {0xFD43, u"رضي الله عنهم"},
    {0xFD44, u"رضي الله عنهما"},
    {0xFD45, u"رضي الله عنهن"},
    {0xFD46, u"صلى الله عليه وآله"},
    {0xFD47, u"عليه السلام"},
    {0xFD48, u"عليهم السلام"},
    {0xFD49, u"عليهما السلام"},
    {0xFD4A, u"عليه الصلاة والسلام"},
    {0xFD4B, u"قدس سره"},
    {0xFD4C, u"صلى الله عليه وآله وسلم"},
    {0xFD4D, u"عليها السلام"},
    {0xFD4E, u"تبارك وتعالى"},
    {0xFD4F, u"رحمهم الله"},
    {0xFDCF, u"سلامه علينا"},
    {0xFDFA, u"صلى الله عليه وسلم"},
    {0xFDFB, u"جل جلاله"},
    {0xFDFD, u"بسم الله الرحمن الرحيم"},
    {0xFDFE, u"سبحانه وتعالى"},
    {0xFDFF, u"عز وجل"},
};

/* NULL for any other character. Only asked for characters of the presentation forms. */
const char16_t *fihi_sign_words(uint32_t cp)
{
    for (size_t i = 0; i < sizeof signs / sizeof *signs && signs[i].cp <= cp; i++)
        if (signs[i].cp == cp)
            return signs[i].words;
    return NULL;
}
