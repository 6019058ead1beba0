/* text/beside.c - looking left and right of a word.
 *
 * Words here are runs of letters, digits and marks, which is less than the splitter knows: enough to tell whether a
 * name stands there, and it works backwards, as the splitter cannot. A look at a neighbour costs the spaces between and
 * at most WORD_BYTES.
 */
#include "text/beside.h"

#include "base/utf8.h"
#include "text/split.h"

/* A name with all its vowels has some 40 bytes; acronyms that are spelt out have up to three letters a part (إف.بي.آي).
 */
enum { WORD_BYTES = 64, PART_LETTERS = 3 };

/* The character before byte `at`: where it begins. at > 0. Ill-formed bytes count as a character that is of no word. */
static size_t step_back(fih_str text, size_t at, uint32_t *c)
{
    size_t from = at - 1, i;
    int ok;

    while (from > 0 && at - from < 4 && ((uint8_t)text.ptr[from] & 0xC0) == 0x80)
        from--;
    i = from;
    *c = fihi_utf8_next((const uint8_t *)text.ptr, text.len, &i, &ok);
    return from;
}

/* at < text.len. */
static size_t step(fih_str text, size_t at, uint32_t *c)
{
    int ok;

    *c = fihi_utf8_next((const uint8_t *)text.ptr, text.len, &at, &ok);
    return at;
}

/* Not a line feed: words on two lines are not side by side. */
static bool is_space(uint32_t c)
{
    return c == ' ' || c == 0xA0;
}

/* Of a word? */
static bool is_part(uint32_t c)
{
    const int class = fihi_split_class(c);

    return class == CLASS_ARABIC || class == CLASS_LETTER || class == CLASS_DIGIT || class == CLASS_MARK;
}

/* Where the word ends that begins at `at`, or begins that ends there. Equal to `at` where no word begins. */
static size_t word_end(fih_str text, size_t at)
{
    uint32_t c;

    for (size_t next; at < text.len; at = next) {
        next = step(text, at, &c);
        if (!is_part(c))
            break;
    }
    return at;
}

static size_t word_start(fih_str text, size_t at)
{
    uint32_t c;

    for (size_t before; at > 0; at = before) {
        before = step_back(text, at, &c);
        if (!is_part(c))
            break;
    }
    return at;
}

/* Without a space between there is no neighbour: what stands there belongs to the word, or is a sign. */
struct beside fihi_beside_before(fih_str text, size_t at)
{
    size_t end = at, before;
    uint32_t c;

    for (; end > 0; end = before) {
        before = step_back(text, end, &c);
        if (!is_space(c))
            break;
    }
    /* What is longer than a name is none, and is not read to its beginning. */
    const fih_str near = {text.ptr + (end > WORD_BYTES ? end - WORD_BYTES : 0), end > WORD_BYTES ? WORD_BYTES : end};
    const size_t start = end - (near.len - word_start(near, near.len));

    return end == at ? (struct beside){at, at} : (struct beside){start, end};
}

struct beside fihi_beside_behind(fih_str text, size_t at)
{
    size_t start = at, next;
    uint32_t c;

    for (; start < text.len; start = next) {
        next = step(text, start, &c);
        if (!is_space(c))
            break;
    }
    const fih_str near = {text.ptr, start + WORD_BYTES < text.len ? start + WORD_BYTES : text.len};

    return start == at ? (struct beside){at, at} : (struct beside){start, word_end(near, start)};
}

/* Characters: all bytes that do not continue one. */
static size_t count_letters(fih_str text, size_t start, size_t end)
{
    size_t n = 0;

    for (size_t i = start; i < end; i++)
        n += ((uint8_t)text.ptr[i] & 0xC0) != 0x80;
    return n;
}

/* Two words with a point may be the end of a sentence without its space, so they must have one letter or two. */
bool fihi_beside_is_spelt_out(fih_str text, size_t start, size_t end)
{
    size_t parts = 1, most = count_letters(text, start, end);

    /* To the left, then to the right; a part of no letters ends it (...). */
    for (size_t from = start; from > 1 && text.ptr[from - 1] == '.' && parts < WORD_BYTES; parts++) {
        const size_t last = from - 1;

        from = word_start(text, last);
        const size_t n = count_letters(text, from, last);
        if (n == 0)
            break;
        most = n > most ? n : most;
    }
    for (size_t to = end; to + 1 < text.len && text.ptr[to] == '.' && parts < WORD_BYTES; parts++) {
        const size_t first = to + 1;

        to = word_end(text, first);
        const size_t n = count_letters(text, first, to);
        if (n == 0)
            break;
        most = n > most ? n : most;
    }
    return most <= PART_LETTERS && (parts > 2 || (parts == 2 && most < PART_LETTERS));
}

/* Both letters are D9 and 89 or 8A, so most bytes are passed over after one comparison. Behind vowel signs the next
 * letter decides whether the word ends. */
unsigned fihi_beside_finals(fih_str text)
{
    const uint8_t *const s = (const uint8_t *)text.ptr;
    unsigned found = 0;

    for (size_t i = 0; i + 1 < text.len && found != FINAL_BOTH; i++) {
        size_t next = i + 2;
        uint32_t c = 0;

        if (s[i] != 0xD9 || (s[i + 1] != 0x89 && s[i + 1] != 0x8A))
            continue;
        while (next < text.len && fihi_split_class((step(text, next, &c), c)) == CLASS_MARK)
            next = step(text, next, &c);
        if (next == text.len || fihi_split_class((step(text, next, &c), c)) != CLASS_ARABIC)
            found |= s[i + 1] == 0x89 ? FINAL_MAKSURA : FINAL_YEH;
    }
    return found;
}
