/* text/written.c - one order for the marks of a letter, by ICU's NFKC, then letter by letter.
 *
 * ==كِتابٌ asks for letters and some of their marks. Index terms have no marks, so the candidates' texts are read
 * again, and each word is compared here: letter by letter, and behind each letter the marks asked for must be among
 * those that the word has there. So كتابٌ matches كِتابٌ, and not the other way round.
 *
 * NFKC makes one order of marks and takes ligatures apart; it also composes, so that أ is one character whichever way
 * it was typed. No state, no memory: buffers of fixed size on the stack, and what does not fit them matches nothing.
 */
#include "text/written.h"

#include <stdbool.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>

#include "base/utf8.h"
#include "fihrist.h"
#include "text/reference.h"
#include "text/split.h"

enum { TATWEEL = 0x640, SMALL_WAW = 0x6E5, SMALL_YEH = 0x6E6 };

/* The small waw and yeh are letters to Unicode, and marks to who writes the Quran's spelling or leaves it. */
static bool is_mark(uint32_t c)
{
    return c == SMALL_WAW || c == SMALL_YEH || (U_GET_GC_MASK((UChar32)c) & (U_GC_MN_MASK | U_GC_ME_MASK));
}

/* count is 0 for what is too long, which is_same() finds in nothing. */
void fihi_written_read(struct written *out, const uint8_t *s, size_t n)
{
    UErrorCode e = U_ZERO_ERROR;
    uint8_t resolved[2 * WRITTEN_MAX];
    UChar a[2 * WRITTEN_MAX], b[2 * WRITTEN_MAX];
    int32_t len = 0;

    out->count = 0;
    /* 1,024 bytes are 512 Arabic letters and marks. */
    if (n > sizeof resolved)
        return;
    if (memchr(s, '&', n) || memchr(s, '%', n)) {
        n = fihi_reference_resolve(resolved, s, n);
        s = resolved;
    }
    for (size_t i = 0; i < n && len < 2 * WRITTEN_MAX - 1;) {
        int ok;
        const uint32_t c = fihi_utf8_next(s, n, &i, &ok);

        /* Before normalising, for a hidden character between two marks keeps them out of order. */
        if (ok && c != TATWEEL && u_charType((UChar32)c) != U_FORMAT_CHAR)
            U16_APPEND_UNSAFE(a, len, (UChar32)c);
    }
    /* The instance is ICU's own and never freed. A result without room sets e, and nothing is taken. */
    len = unorm2_normalize(unorm2_getNFKCInstance(&e), a, len, b, 2 * WRITTEN_MAX, &e);
    for (int32_t i = 0; U_SUCCESS(e) && i < len && out->count < WRITTEN_MAX;) {
        UChar32 c;

        U16_NEXT(b, i, len, c);
        out->chars[out->count++] = (uint32_t)c;
    }
}

/* Where the marks end that begin at i. */
static size_t marks_end(const struct written *w, size_t i)
{
    while (i < w->count && is_mark(w->chars[i]))
        i++;
    return i;
}

/* Wherever it stands among them, for order is no difference. */
static bool has_mark(const struct written *w, size_t from, size_t to, uint32_t mark)
{
    while (from < to && w->chars[from] != mark)
        from++;
    return from < to;
}

/* i and k stand at letters, and move past them with their marks. Both must end together, or one is only the beginning
 * of the other. */
static bool is_same(const struct written *asked, const struct written *word)
{
    size_t i = 0, k = 0;

    while (i < asked->count && k < word->count && asked->chars[i] == word->chars[k]) {
        const size_t i_end = marks_end(asked, i + 1), k_end = marks_end(word, k + 1);

        for (size_t m = i + 1; m < i_end; m++)
            if (!has_mark(word, k + 1, k_end, asked->chars[m]))
                return false;
        i = i_end;
        k = k_end;
    }
    return i == asked->count && k == word->count;
}

int fihi_written_is(const struct written *asked, const uint8_t *word, size_t n)
{
    struct written w;
    size_t i = 0;
    int ok;
    const uint32_t first = fihi_utf8_next(word, n, &i, &ok);

    /* Most words begin with another letter. Only where the first character cannot change by composing: ا may become أ
     * with a mark behind it, and what is asked for below U+0627 has a hamza. */
    if (asked->count == 0 || (first >= 0x620 && first <= 0x64A && first != TATWEEL && asked->chars[0] >= 0x627 &&
                              first != 0x627 && first != asked->chars[0]))
        return 0;
    fihi_written_read(&w, word, n);
    return is_same(asked, &w);
}

/* All words of the text by the splitter alone: no chain, no tables. */
int fihi_written_count(const struct written *asked, const uint8_t *text, size_t n, uint32_t *count)
{
    struct splitter splitter = {0};
    struct span word;
    int rc;

    *count = 0;
    /* By the splitter of all texts, so words begin and end where they did when they were indexed. */
    fihi_split_begin(&splitter, text, n);
    while ((rc = fihi_split_next(&splitter, &word)) == FIH_OK)
        *count += (uint32_t)fihi_written_is(asked, text + word.start, word.end - word.start);
    fihi_split_free(&splitter);
    /* Only a run without spaces can fail, where ICU has no memory. */
    return rc == FIH_DONE ? FIH_OK : rc;
}
