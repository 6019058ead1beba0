/* text/stop.c - which of the lists a word is in.
 *
 * N makes one of words that a writer tells apart: فيه (in it) and فئة are both فيه. So a stop word is found by its
 * letters in N, and then by how they were written: what the writer put down must be in the stop word, what is lacking
 * may have been left out.
 *
 *    الى    for إلى     yes: the hamza was left out
 *    آلية   for إليه    no: آ is written, and the stop word has إ
 *    بناء   for بنا     no: a hamza is written that it has not
 *
 * Rows of equal letters stand side by side (أن and إن are both ان); the first that fits is taken.
 */
#include "text/stop.h"

#include <string.h>
#include <xxhash.h>

/* The lists, each from its file in text/lists. */
#include "arabic_stop_rows.h"
#include "arabic_whole_rows.h"
#include "english_rows.h"
#include "french_rows.h"
#include "given_names_rows.h"

static const struct list whole = LIST(arabic_whole), names = LIST(given_names), latin[] = {LIST(english), LIST(french)};

enum {
    ROWS = sizeof arabic_stop / sizeof *arabic_stop,
    HAMZA = 0x0621, ALEF_MADDA = 0x0622, ALEF_HAMZA_BELOW = 0x0625, YEH_HAMZA = 0x0626, TEH_MARBUTA = 0x0629
};

/* Those letters that a writer may leave undone, but not put where they are not. U+0621 to U+0626 are the hamzas. */
static bool is_told(uint16_t written)
{
    return (written >= HAMZA && written <= YEH_HAMZA) || written == TEH_MARBUTA;
}

/* Behind the first letter a madda only tells a reciter to draw the vowel out (فِيهَآ), and no word has إ there. */
static bool may_be(const struct stop_row *r, const struct word *w, size_t at)
{
    for (size_t i = 0; i < r->n; i++)
        if (is_told(w->written[at + i]) && w->written[at + i] != r->written[i] &&
            !(i > 0 && (w->written[at + i] == ALEF_MADDA || w->written[at + i] == ALEF_HAMZA_BELOW)))
            return false;
    return true;
}

/* The first of the rows with the letters from `at` on, or ROWS: there may be several. Bisection to the least row that
 * is not before the letters: so it is the first of equal ones. Asked twice for most new words, hence the filter. */
static size_t first_row(const struct word *w, size_t at)
{
    size_t low = 0, high = ROWS;

    if (!list_may_have(arabic_stop_filter, sizeof arabic_stop_filter, list_hash(w->letter + at, w->n - at)))
        return ROWS;
    while (low < high) {
        const size_t mid = low + (high - low) / 2;

        if (list_compare(arabic_stop[mid].letter, w->letter + at, w->n - at) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low < ROWS && list_compare(arabic_stop[low].letter, w->letter + at, w->n - at) == 0 ? low : ROWS;
}

/* is_other: the last letter alone tells على from علي. */
static bool find(struct stop *out, const struct word *w, size_t at)
{
    for (size_t i = first_row(w, at);
         i < ROWS && list_compare(arabic_stop[i].letter, w->letter + at, w->n - at) == 0; i++) {
        const struct stop_row *const r = &arabic_stop[i];
        const uint16_t last = w->written[w->n - 1];

        if (!may_be(r, w, at))
            continue;
        *out = (struct stop){.kinds = r->kinds,
                             .clitic = (uint8_t)at,
                             .is_other = (r->kinds & STOP_TORN) && last != r->written[r->n - 1],
                             .is_bare = (r->kinds & STOP_BARE) && !is_told(w->written[at])};
        return true;
    }
    return false;
}

/* A word of the list, which has its alefs without hamza: واحد, not وأحد. HAMZA itself stands for the alef of اء (struct
 * word), and is no alef with hamza. */
static bool is_whole(const struct word *w)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->letter[i] == u'ا' && is_told(w->written[i]) && w->written[i] != HAMZA)
            return false;
    return list_has(&whole, w->letter, w->n, list_hash(w->letter, w->n));
}

/* The whole word first: what is in the list itself has no clitic. A و or ف must leave more than one letter. Example:
 * وعلى is و and على. */
bool fihi_stop_find(struct stop *out, const struct word *w)
{
    /* No row is longer. */
    if (w->n == 0 || w->n > LIST_ROW)
        return false;
    if (find(out, w, 0))
        return true;
    return (w->letter[0] == u'و' || w->letter[0] == u'ف') && w->n > 2 && !is_whole(w) &&
           find(out, w, 1);
}

/* علي is found as على, but written as the other word, and so is none here. */
bool fihi_stop_arabic(const struct word *w)
{
    struct stop s;

    return fihi_stop_find(&s, w) && !s.is_other;
}

/* By letters alone, however they were written: a stem knows nothing of that any more. Kinds of the first row speak for
 * all rows of these letters. */
bool fihi_stop_is_noun(const struct word *w)
{
    const size_t row = w->n > 0 && w->n < LIST_ROW ? first_row(w, 0) : ROWS;

    return row < ROWS && (arabic_stop[row].kinds & STOP_NOUN);
}

/* The lists have no accents: who asks has dropped them. */
bool fihi_stop_latin(const uint8_t *s, size_t n)
{
    /* Bytes of ASCII become units of a row. */
    uint16_t key[LIST_ROW];

    if (n == 0 || n > LIST_ROW)
        return false;
    for (size_t i = 0; i < n; i++)
        key[i] = s[i];
    const uint64_t hash = list_hash(key, n);
    return list_has(&latin[0], key, n, hash) || list_has(&latin[1], key, n, hash);
}

/* list_compare() reads LIST_ROW units at most and stops at the zero: words here have one within five. */
static bool is_one_of(const struct word *w, size_t at, const char16_t (*words)[5], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (list_compare(words[i], w->letter + at, w->n - at) == 0)
            return true;
    return false;
}

/* In the normal form, where ابنة is ابنه, and أبو, أبي, أبا are ابو, ابي, ابا. All of these have two to four letters,
 * and the second is ن or ب: most words are seen to be none of them by that. */
static enum name_kind name_at(const struct word *w, size_t at)
{
    static const char16_t links[][5] = {u"بن", u"بنت"}, firsts[][5] = {u"ابن", u"ابنه", u"عبد", u"ابو", u"ابي", u"ابا"};
    const uint16_t *const s = w->letter + at;
    const size_t n = w->n - at;

    if (n > 1 && n < 5 && (s[1] == u'ن' || s[1] == u'ب')) {
        if (is_one_of(w, at, links, sizeof links / sizeof *links))
            return NAME_LINK;
        if (is_one_of(w, at, firsts, sizeof firsts / sizeof *firsts))
            return NAME_FIRST;
    }
    return list_has(&names, s, n, list_hash(s, n)) ? NAME_GIVEN : NAME_NONE;
}

/* The whole word first, for names begin with these letters, too: وليد, فاطمه, بدر, ليلي. */
enum name_kind fihi_stop_name(const struct word *w)
{
    const enum name_kind kind = w->n > 1 && w->n < LIST_ROW ? name_at(w, 0) : NAME_NONE;
    const uint16_t first = w->letter[0];

    if (kind != NAME_NONE || w->n < 4 || w->n > LIST_ROW ||
        (first != u'و' && first != u'ف' && first != u'ب' && first != u'ل'))
        return kind;
    return name_at(w, 1);
}

/* For the tests, which ask whether they are sorted. */
const struct list *fihi_stop_list(unsigned which)
{
    return which == 0 ? &whole : which == 1 ? &names : which < 4 ? &latin[which - 2] : NULL;
}

/* These have more than letters, and so are no list as the others. */
const struct stop_row *fihi_stop_rows(size_t *count)
{
    *count = ROWS;
    return arabic_stop;
}

/* Each list decides on some term or on how one is read, so all of them are in it. */
uint64_t fihi_stop_hash(void)
{
    uint64_t h = XXH3_64bits(arabic_stop, sizeof arabic_stop);

    h = XXH3_64bits_withSeed(arabic_whole, sizeof arabic_whole, h);
    h = XXH3_64bits_withSeed(given_names, sizeof given_names, h);
    h = XXH3_64bits_withSeed(english, sizeof english, h);
    return XXH3_64bits_withSeed(french, sizeof french, h);
}
