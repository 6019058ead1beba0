/* text/stop.c - which of the lists a word is in. */
#include "text/stop.h"

#include <stdbool.h>
#include <string.h>
#include <xxhash.h>

/* The lists, each from its file in text/lists. */
#include "arabic_function_rows.h"
#include "arabic_question_rows.h"
#include "english_rows.h"
#include "french_rows.h"

#define HAS(list, key, n) list_has(list, sizeof list / sizeof *list, key, n)

static bool is_arabic_stop(const uint16_t *key, size_t n)
{
    return HAS(arabic_function, key, n) || HAS(arabic_question, key, n);
}

/* فئة, which is spelt like فيه, in it, but for its hamza. */
static bool is_faction(const struct word *w, size_t at)
{
    return w->n == at + 3 && (w->was[at + 1] & WAS_SEAT) && w->letter[at] == u'ف' && w->letter[at + 2] == u'ه';
}

int fihi_stop_arabic(const struct word *w, size_t *clitic)
{
    static const char16_t understanding[] = u"فهم";      /* hardly ever ف + هم */

    *clitic = 0;
    if (w->n == 0 || w->n > LIST_ROW || is_faction(w, 0))
        return 0;
    if (is_arabic_stop(w->letter, w->n))
        return 1;
    if ((w->letter[0] != u'و' && w->letter[0] != u'ف') || w->n < 3 ||
        (w->n == 3 && memcmp(w->letter, understanding, 3 * sizeof *understanding) == 0) ||
        is_faction(w, 1) || (w->n == 4 && (w->was[3] & WAS_LONG)))             /* وكلاء, agents, is not و + كلا */
        return 0;
    *clitic = 1;
    return is_arabic_stop(w->letter + 1, w->n - 1);
}

int fihi_stop_latin(const uint8_t *s, size_t n)
{
    uint16_t key[LIST_ROW];

    if (n == 0 || n > LIST_ROW)
        return 0;
    for (size_t i = 0; i < n; i++)
        key[i] = s[i];
    return HAS(english, key, n) || HAS(french, key, n);
}

static const struct list lists[] = { LIST(arabic_function), LIST(arabic_question), LIST(english), LIST(french) };

const list_row *fihi_stop_list(unsigned which, size_t *count)
{
    return list_at(lists, sizeof lists / sizeof *lists, which, count);
}

uint64_t fihi_stop_hash(void)
{
    uint64_t h = XXH3_64bits(arabic_function, sizeof arabic_function);

    h = XXH3_64bits_withSeed(arabic_question, sizeof arabic_question, h);
    h = XXH3_64bits_withSeed(english, sizeof english, h);
    return XXH3_64bits_withSeed(french, sizeof french, h);
}
