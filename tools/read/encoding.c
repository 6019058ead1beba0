/* encoding.c - finding encodings. See encoding.h. */
#include "read/encoding.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/utf8.h>

#define SAMPLE_BYTES ((size_t)16 << 10)    /* whose letters are looked at */

/* ------------------------------------------------------------------- UTF-8 */

/* Move past one character; whether it was well-formed. An ill-formed one is a maximal subpart, as
 * Unicode recommends. */
static bool step(const unsigned char *s, size_t n, size_t *i)
{
    UChar32 c;

    U8_NEXT(s, *i, n, c);
    return c >= 0;
}

static size_t ascii_run(const unsigned char *s, size_t n, size_t i)
{
    uint64_t w;

    while (i + 8 <= n && (memcpy(&w, s + i, 8), (w & UINT64_C(0x8080808080808080)) == 0))
        i += 8;
    while (i < n && s[i] < 0x80)
        i++;
    return i;
}

struct sequences { size_t good, bad; bool is_cut; };

/* Count the sequences beyond ASCII. One that the end cuts short is neither good nor bad. */
static struct sequences count_sequences(const char *text, size_t n)
{
    const unsigned char *s = (const unsigned char *)text;
    struct sequences q = { 0, 0, false };

    for (size_t i = ascii_run(s, n, 0); i < n; i = ascii_run(s, n, i)) {
        const size_t from = i;

        if (step(s, n, &i))
            q.good++;
        else if (i == n && s[from] >= 0xc2 && s[from] <= 0xf4)
            q.is_cut = true;
        else
            q.bad++;
    }
    return q;
}

enum { BLOCK = 32 };

/* s[1] to s[BLOCK]: nothing but ASCII and characters of two bytes, in which a byte is a second one exactly if the one
 * before it is a first one. The compiler makes vectors of it. */
static bool is_plain_block(const unsigned char *s)
{
    unsigned char bad = 0;

    for (size_t i = 0; i < BLOCK; i++) {
        const unsigned char is_second = (unsigned char)(s[i + 1] ^ 0x80) < 0x40,
                            after_first = (unsigned char)(s[i] - 0xc2) < 0x1e;

        bad |= (unsigned char)((is_second ^ after_first) | (s[i + 1] >= 0xe0) | ((s[i + 1] & 0xfe) == 0xc0));
    }
    return !bad;
}

bool encoding_is_utf8(const char *text, size_t n)
{
    const unsigned char *s = (const unsigned char *)text;

    for (size_t i = 0; i < n; ) {
        if (i > 0 && n - i >= BLOCK && is_plain_block(s + i - 1))      /* s[i - 1] ends a character */
            i += BLOCK - (s[i + BLOCK - 1] >= 0xc2);          /* the last byte may begin one */
        else if (s[i] < 0x80)
            i = ascii_run(s, n, i);
        else if (n - i >= 2 && s[i] >= 0xc2 && s[i] < 0xe0 && (s[i + 1] & 0xc0) == 0x80)
            i += 2;                                /* most of Arabic */
        else if (!step(s, n, &i))
            return false;
    }
    return true;
}

char *encoding_repair(const char *text, size_t n, size_t *out_bytes)
{
    const unsigned char *s = (const unsigned char *)text;
    const struct sequences q = count_sequences(text, n);
    const size_t bad = q.bad + q.is_cut;
    size_t at = 0;
    char *out;

    if (bad > (SIZE_MAX - n - 1) / 3 || !(out = malloc(n + 3 * bad + 1)))
        return NULL;
    for (size_t i = 0; i < n; ) {
        const size_t from = i;

        if (step(s, n, &i)) {
            memcpy(out + at, text + from, i - from);
            at += i - from;
        } else {
            memcpy(out + at, "\xEF\xBF\xBD", 3);
            at += 3;
        }
    }
    out[at] = '\0';
    *out_bytes = at;
    return out;
}

bool encoding_is_binary(const char *utf8, size_t n)
{
    const unsigned char *s = (const unsigned char *)utf8;
    size_t controls = 0;

    if (n > SAMPLE_BYTES)
        n = SAMPLE_BYTES;
    for (size_t i = 0; i < n; i++)
        controls += s[i] < 0x20 && s[i] != 0x1b && !(s[i] >= '\t' && s[i] <= '\r');
    return controls > n / 32;
}

/* ----------------------------------------------------------------- Finding */

static bool mark(struct encoding *out, const unsigned char *s, size_t n)
{
    static const struct { const char *bytes; size_t n; const char *name;
    } marks[] = {
        {"\xEF\xBB\xBF", 3, ENCODING_UTF8}, {"\xFF\xFE\0\0", 4, "UTF-32LE"},
        {"\0\0\xFE\xFF", 4, "UTF-32BE"}, /* before UTF-16, whose mark it begins with */
        {"\xFF\xFE", 2, "UTF-16LE"},        {"\xFE\xFF", 2, "UTF-16BE"},
    };

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (n >= marks[i].n && memcmp(s, marks[i].bytes, marks[i].n) == 0) {
            strcpy(out->name, marks[i].name);
            out->mark_bytes = marks[i].n;
            return true;
        }
    }
    return false;
}

/* UTF-16 without a mark: nearly every second byte is 00 (ASCII), 06 (Arabic) or FB to FE (its
 * presentation forms). The low bytes of Arabic letters look like ASCII, so this must be seen before UTF-8 is tried. */
static bool utf16_without_mark(struct encoding *out, const unsigned char *s, size_t n)
{
    size_t high[2] = { 0, 0 };
    const size_t units = (n < SAMPLE_BYTES ? n : SAMPLE_BYTES) / 2;

    for (size_t i = 0; i < 2 * units; i++)
        high[i % 2] += s[i] == 0x00 || s[i] == 0x06 || (s[i] >= 0xfb && s[i] <= 0xfe);
    if (units < 4 || (high[0] < units - units / 5 && high[1] < units - units / 5) ||
        (high[0] > units / 2 && high[1] > units / 2))
        return false;
    strcpy(out->name, high[1] > high[0] ? "UTF-16LE" : "UTF-16BE");
    return true;
}

bool encoding_is_known(const char *name)
{
    UErrorCode rc = U_ZERO_ERROR;
    UConverter *c = ucnv_open(name, &rc);

    ucnv_close(c);
    return U_SUCCESS(rc);
}

static bool is_name_of_utf8(const char *name)
{
    return strcasecmp(name, "utf-8") == 0 || strcasecmp(name, "utf8") == 0;
}

/* ----------------------------------------------------------------- Letters */

/* How often a letter stands in Arabic text: 4 for the commonest. */
static int arabic_weight(UChar32 c)
{
    switch (c) {
    case 0x627: case 0x644: case 0x64a: case 0x645: case 0x648: case 0x646:
        return 4;                                  /* alef lam yeh meem waw noon */
    case 0x631: case 0x62a: case 0x628: case 0x639: case 0x62f: case 0x647: case 0x629: case 0x633: case 0x641:
        return 3;                                  /* reh teh beh ain dal heh teh-marbuta seen feh */
    default:
        return 1;
    }
}

/* How often a letter beyond ASCII stands in French, German, Spanish: ÿ or þ between letters are no good sign, a
 * capital behind a small letter is a bad one. */
static int latin_weight(UChar32 c, UChar32 before)
{
    static const char common[] = "éèàçêâîôûëïùöäüßñóíáúœæåøãõ";
    const UChar32 small = u_tolower(c);
    UChar32 each;

    if (small != c && u_islower(before))
        return -3;

    for (size_t i = 0; i < sizeof common - 1; ) {
        U8_NEXT((const uint8_t *)common, i, sizeof common - 1, each);
        if (small == each)
            return 3;
    }
    return 0;
}

enum script { NO_LETTER, LATIN, ARABIC, FOREIGN };

static enum script script_of(UChar32 c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        return LATIN;
    if (c < 0xc0 || c == 0xd7 || c == 0xf7 || c == 0x640)
        return NO_LETTER;
    if (c <= 0x24f)
        return LATIN;
    if ((c >= 0x621 && c <= 0x652) || (c >= 0x66e && c <= 0x6d3))
        return ARABIC;                             /* letters of Persian and Urdu, and vowel signs, too */
    return u_isalpha(c) ? FOREIGN : NO_LETTER;
}

static bool is_punctuation(UChar32 c)
{
    return c == 0xa0 || c == 0xab || c == 0xbb || c == 0xb0 || c == 0x60c || c == 0x61b || c == 0x61f || c == 0x20ac ||
           (c >= 0x2010 && c <= 0x2026) || (c >= 0x200c && c <= 0x200f);
}

/* How well a character beyond ASCII stands between its neighbours. */
static int fit(UChar32 c, UChar32 before, UChar32 after)
{
    const enum script own = script_of(c), left = script_of(before), right = script_of(after);

    if (c == 0xfffd || c < 0xa0)
        return -6;
    if (c == 0x640)
        return left == ARABIC || right == ARABIC ? 1 : -2;
    if (is_punctuation(c))                         /* an apostrophe or quotation mark clings to a word */
        return c >= 0x2018 && c <= 0x201d && (left == LATIN || right == LATIN) ? 3 : 1;
    if (own == ARABIC && (left == LATIN || right == LATIN))
        return -4;
    if (own == LATIN && (left == ARABIC || right == ARABIC))
        return -4;
    if (own == ARABIC && c >= 0x64b && c <= 0x652)
        return left == ARABIC ? 1 : -3;
    if (own == ARABIC)
        return left == ARABIC || right == ARABIC ? arabic_weight(c) : 0;
    if (own == LATIN)                              /* in French or German at least one neighbour is ASCII */
        return (left == LATIN && before < 0x80) || (right == LATIN && after < 0x80) ? latin_weight(c, before)
               : c == 0xe0 || c == 0xc0                                             ? 1
                                                                                    : -2;
    if (own == FOREIGN)
        return left == FOREIGN || right == FOREIGN ? 2 : -2;
    return -1;
}

/* How much decoded units look like text that people write: the mean over the characters beyond ASCII. A word of one
 * script is the sign of the right code page, a word of two of a wrong one. */
static double plausibility(const UChar *u, int32_t n)
{
    double sum = 0;
    size_t count = 0;

    for (int32_t i = 0; i < n; i++) {
        if (u[i] < 0x80)
            continue;
        sum += fit(u[i], i > 0 ? u[i - 1] : ' ', i + 1 < n ? u[i + 1] : ' ');
        count++;
    }
    return count ? sum / (double)count : 0;
}

static double score(const char *name, const char *s, size_t n)
{
    UErrorCode rc = U_ZERO_ERROR;
    UConverter *c = ucnv_open(name, &rc);
    UChar *u = malloc((n + 1) * sizeof *u);
    double result = -100;

    if (u && U_SUCCESS(rc)) {
        const int32_t units = ucnv_toUChars(c, u, (int32_t)n, s, (int32_t)n, &rc);

        if (U_SUCCESS(rc) || rc == U_STRING_NOT_TERMINATED_WARNING)
            result = plausibility(u, units);
    }
    free(u);
    ucnv_close(c);
    return result;
}

/* -------------------------------------------------------------- Code pages */

enum { OWN_PAGES = 3 };
static const char *const own_pages[OWN_PAGES] = { "windows-1256", "ISO-8859-6", "windows-1252" };

/* A sample that is not mostly the ASCII at the head of the text: the words around each byte beyond it. */
static size_t take_sample(char *sample, const char *s, size_t n)
{
    size_t at = 0, taken = 0;                      /* bytes in the sample; s[0, taken) is passed */

    for (size_t i = 0; i < n && at < SAMPLE_BYTES; i++) {
        size_t from, to, take;

        if ((unsigned char)s[i] < 0x80 || i < taken)
            continue;
        from = i - taken > 16 ? i - 16 : taken;
        to = n - i > 64 ? i + 64 : n;
        take = to - from < SAMPLE_BYTES - at ? to - from : SAMPLE_BYTES - at;
        memcpy(sample + at, s + from, take);
        at += take;
        taken = to;
    }
    return at;
}

/* The code page that a text declares by its usual name; false if it is none, or one that its bytes rule out already.
 * What is called Latin-1 or ASCII is windows-1252 in practice (as the WHATWG's Encoding Standard has it). */
static bool take_declared(char *name, size_t size, const char *declared)
{
    static const char *const latin[] = { "ISO-8859-1", "US-ASCII", "latin1", "ascii", "windows-1252" };
    UErrorCode rc = U_ZERO_ERROR;
    const char *usual = declared ? ucnv_getStandardName(declared, "MIME", &rc) : NULL;

    if (!declared || strlen(declared) >= size || strncasecmp(declared, "utf", 3) == 0 || !encoding_is_known(declared))
        return false;
    if (!usual || U_FAILURE(rc))
        usual = declared;
    for (size_t i = 0; i < sizeof latin / sizeof *latin; i++)
        if (strcasecmp(usual, latin[i]) == 0)
            usual = "windows-1252";
    snprintf(name, size, "%s", usual);
    return true;
}

/* Letters decide, and the more of them the surer: each byte beyond ASCII has its fit of -6 to 4. A declaration counts
 * as much as two letters. UTF-8 has six for each character that is well-formed, and none for the others: it wins
 * where letters make no sense on any page. */
static void find_code_page(struct encoding *out, const char *s, size_t n, const char *declared, double good_share)
{
    const bool says_utf8 = declared && is_name_of_utf8(declared);
    char *sample = malloc(SAMPLE_BYTES), said[sizeof out->name];
    bool is_said = take_declared(said, sizeof said, declared);
    double best, count = 0;
    size_t have;

    if (!sample)
        return;
    have = take_sample(sample, s, n);
    for (size_t i = 0; i < have; i++)
        count += (unsigned char)sample[i] >= 0x80;
    best = 6 * good_share * count + (says_utf8 ? 2 : 0);
    for (size_t i = 0; i < OWN_PAGES; i++) {
        const bool is_it = is_said && strcasecmp(said, own_pages[i]) == 0;
        const double sum = score(own_pages[i], sample, have) * count + (is_it ? 6 : 0);

        is_said = is_said && !is_it;
        if (sum > best) {
            best = sum;
            strcpy(out->name, own_pages[i]);
        }
    }
    if (is_said && score(said, sample, have) * count + 6 > best)
        strcpy(out->name, said);
    free(sample);
}

void encoding_find(struct encoding *out, const char *head, size_t n, const char *forced, const char *declared)
{
    const unsigned char *s = (const unsigned char *)head;
    struct sequences q;

    memset(out, 0, sizeof *out);
    if (forced && strcasecmp(forced, "auto") != 0) {
        struct encoding by_mark = { "", 0 };

        snprintf(out->name, sizeof out->name, "%s", is_name_of_utf8(forced) ? ENCODING_UTF8 : forced);
        if (mark(&by_mark, s, n) && strcasecmp(by_mark.name, out->name) == 0)
            out->mark_bytes = by_mark.mark_bytes;
        return;
    }
    if (mark(out, s, n) ? strcmp(out->name, ENCODING_UTF8) != 0 : utf16_without_mark(out, s, n))
        return;
    strcpy(out->name, ENCODING_UTF8);
    q = count_sequences(head + out->mark_bytes, n - out->mark_bytes);
    /* On a code page hardly one letter in five has a second one behind it that makes both a character of UTF-8. */
    if (q.good < q.bad || (q.good == 0 && q.is_cut))
        find_code_page(out, head + out->mark_bytes, n - out->mark_bytes, declared,
                       (double)q.good / (double)(q.good + q.bad + q.is_cut));
}
