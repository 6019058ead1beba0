/* test_icu.c - ICU as the oracle: where words end, and which spellings are one, over generated texts, over every
 * code point of the blocks that matter, and over real texts where FIHRIST_SHARED names them. */
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <zlib.h>

#include "base/utf8.h"
#include "tap.h"
#include "text/analyzer.h"
#include "text/reference.h"
#include "text/sign.h"
#include "text/split.h"

/* ------------------------------------------------------------ word boundaries
 *
 * Our words cut ICU's further, never join two, and each cut is one of the deviations of lib/text/README.md. */

enum { TEXT_MAX = 1 << 16 };

struct text {
    const char *s;                 /* with its references as the characters that they mean */
    size_t n;
    int32_t icu[TEXT_MAX];         /* of each byte: 1 + the number of ICU's word, 0 outside words */
    int32_t ours[TEXT_MAX];        /* the same of ours */
};

static UChar32 char_at(const struct text *t, size_t i, size_t *next)
{
    int ok;

    *next = i;
    return (UChar32)fihi_utf8_next((const uint8_t *)t->s, t->n, next, &ok);
}

/* ICU's word class, with Arabic letters 'a' apart from the others 'l', hidden characters 'i'; 'c' for scripts without
 * spaces, 'h' for Hangul, which ICU's rules keep apart from other letters although its property is theirs. */
static int class_of(UChar32 c)
{
    UErrorCode e = U_ZERO_ERROR;

    if (c == 0x200C)
        return 'i';
    if (c == 0x66B)                                       /* to ICU a digit, to us a mark between digits */
        return '.';
    if (c >= 0xAC00 && c <= 0xD7A3)
        return 'h';
    switch (u_getIntPropertyValue(c, UCHAR_WORD_BREAK)) {
    case U_WB_ALETTER: case U_WB_HEBREW_LETTER:
        return ublock_getCode(c) != UBLOCK_ARABIC && uscript_getScript(c, &e) != USCRIPT_ARABIC ? 'l' : 'a';
    case U_WB_NUMERIC: return 'd';
    case U_WB_EXTEND: return 'm';
    case U_WB_FORMAT: case U_WB_ZWJ: return 'i';
    case U_WB_KATAKANA: return 'c';
    default: return u_isalpha(c) ? 'c' : '.';
    }
}

/* Has it a letter or digit? ICU's own status tells something else of words that end in an underscore. */
static int is_word(const struct text *t, size_t i, size_t end)
{
    int found = 0, k;

    while (i < end) {
        k = class_of(char_at(t, i, &i));
        found |= k != '.' && k != 'm' && k != 'i';
    }
    return found;
}

static void number_bytes(int32_t *out, size_t from, size_t to, int32_t number)
{
    for (; from < to; from++)
        out[from] = number;
}

static void split_by_icu(struct text *t, UBreakIterator *it)
{
    UErrorCode e = U_ZERO_ERROR;
    UText ut = UTEXT_INITIALIZER;
    int32_t words = 0;

    memset(t->icu, 0, t->n * sizeof *t->icu);
    utext_openUTF8(&ut, t->s, (int64_t)t->n, &e);
    ubrk_setUText(it, &ut, &e);
    utext_close(&ut);
    for (int32_t from = 0, to; (to = ubrk_next(it)) != UBRK_DONE; from = to)
        if (is_word(t, (size_t)from, (size_t)to))
            number_bytes(t->icu, (size_t)from, (size_t)to, ++words);
}

/* The words of a text as it is written; t->s becomes what ICU is to see. The references of letters are letters, but for
 * those of scripts without spaces. */
static void split_by_us(struct text *t, struct splitter *sp, const char *s, size_t n)
{
    static char resolved[TEXT_MAX];
    struct span w;
    int32_t words = 0;
    size_t to = 0;

    memset(t->ours, 0, n * sizeof *t->ours);
    fihi_split_begin(sp, (const uint8_t *)s, n);
    while (fihi_split_next(sp, &w) == FIH_OK)
        number_bytes(t->ours, w.start, w.end, ++words);
    for (size_t i = 0, bytes; i < n; i += bytes) {
        const int32_t word = t->ours[i];
        uint32_t c;

        bytes = reference_may_begin((uint8_t)s[i]) ? fihi_reference_at((const uint8_t *)s + i, n - i, &c) : 0;
        if (bytes) {
            const size_t from = to;

            to += fihi_utf8_put((uint8_t *)resolved + to, class_of((UChar32)c) == 'c' ? ' ' : c);
            number_bytes(t->ours, from, to, word);
        } else {
            bytes = 1;
            t->ours[to] = word;
            resolved[to++] = s[i];
        }
    }
    t->s = resolved;
    t->n = to;
}

/* The class of the last letter or digit before byte `at`, and of the first one from there on. */
static int class_before(const struct text *t, size_t at)
{
    int k = '.';
    UChar32 c;

    for (int32_t i = (int32_t)at; i > 0 && (k == '.' || k == 'm' || k == 'i');) {
        U8_PREV_UNSAFE(t->s, i, c);
        k = class_of(c);
        if (k == '.')
            break;
    }
    return k;
}

static int is_comma(UChar32 c)
{
    return c == ',' || c == 0x66C;
}

static unsigned count_digits(const struct text *t, size_t *i)
{
    unsigned count = 0;
    size_t next;

    for (; *i < t->n && class_of(char_at(t, *i, &next)) == 'd'; *i = next)
        count++;
    return count;
}

/* Does the comma at i, behind a digit of the word that begins at `start`, join the digits around it? */
static int comma_joins(const struct text *t, size_t start, size_t i)
{
    size_t next, k;
    unsigned digits;

    char_at(t, i, &next);
    digits = count_digits(t, &next);
    if (digits == 3 || digits == 0)
        return digits == 3;
    for (k = start; k < i;) {                             /* a second mark is no decimal comma */
        const UChar32 c = char_at(t, k, &k);
        if (c == '.' || c == 0x66B || is_comma(c))
            return 0;
    }
    if (start > 0 && t->s[start - 1] == ',')
        return 0;
    k = next;
    return k >= t->n || !is_comma(char_at(t, k, &next)) || count_digits(t, &next) == 0;
}

/* May our word, which began at `start`, end before byte i, inside one of ICU's? */
static int may_cut(const struct text *t, size_t start, size_t i)
{
    const int before = class_before(t, i);
    size_t next, k = i;
    int here;

    while (k < t->n && class_of(char_at(t, k, &next)) == 'i')
        k = next;                                         /* hidden at the end, or beside a number's mark */
    here = k < t->n ? class_of(char_at(t, k, &next)) : '.';
    if (before == 'a' ? here == 'd' || here == 'l' || here == 'h' : here == 'a')
        return 1;                                         /* Arabic letters beside others */
    if ((before == 'c') != (here == 'c') && here != '.')
        return 1;                                         /* a script without spaces beside others */
    if (k >= t->n || t->icu[k] != t->icu[i - 1])
        return 1;
    const UChar32 mark = char_at(t, k, &next);
    if (class_of(mark) != '.')
        return 0;
    if (before != 'd' || k > i || next >= t->n || class_of(char_at(t, next, &k)) != 'd')
        return 1;                                         /* only digits are joined, and only by a mark of their own */
    return mark == '.' || mark == 0x66B ? 0 : !is_comma(mark) || !comma_joins(t, start, i);
}

/* Is our word that begins at `start` made of several: initials, groups of digits, F-16? */
static int is_joined(const struct text *t, size_t start)
{
    size_t next;
    int has_joint = 0;

    for (size_t i = start; i < t->n && t->ours[i] == t->ours[start]; i = next) {
        const UChar32 c = char_at(t, i, &next);

        has_joint |= c == ' ' || c == 0xA0 || c == 0x2009 || c == 0x202F || c == '-' || c == 0x2011 || c == '.';
    }
    return has_joint;
}

/* Letters and digits are in a word for both, or for neither; a word of ours lies in one of ICU's, or joins several. */
static void compare(const char *s, size_t n, UBreakIterator *it, struct splitter *sp, const char *what)
{
    static struct text text;
    struct text *const t = &text;
    size_t start = 0, next;
    unsigned wrong = 0;

    split_by_us(t, sp, s, n);
    split_by_icu(t, it);
    for (size_t i = 0; i < t->n && wrong == 0; i = next) {
        const int k = class_of(char_at(t, i, &next)), is_new = i == 0 || t->ours[i] != t->ours[i - 1];

        if (t->ours[i] && is_new)
            start = i;
        wrong += (k == 'a' || k == 'l' || k == 'd') && (!t->ours[i] || !t->icu[i]);
        wrong += k == 'c' && !t->ours[i] != !t->icu[i];
        wrong += t->ours[i] && !is_new && t->icu[i] != t->icu[i - 1] && k != 'h' && class_before(t, i) != 'h' &&
                 !is_joined(t, start);
        wrong +=
            i > 0 && t->ours[i - 1] && is_new && t->icu[i] == t->icu[i - 1] && !may_cut(t, start < i ? start : 0, i);
        if (i > 0 && t->ours[i - 1] && is_new && !wrong) {       /* what ended here ends in a letter, digit or mark */
            int32_t j = (int32_t)i;
            UChar32 c;
            U8_PREV_UNSAFE(t->s, j, c);
            wrong += class_of(c) == 'i' || (class_of(c) == '.' && class_before(t, i) != 'c');
        }
        if (wrong) {
            char near[400];
            const size_t from = i > 20 ? i - 20 : 0;
            tap_quote(near, sizeof near, t->s + from, t->n - from < 60 ? t->n - from : 60);
            CHECK(0, "%s: byte %zu of %s", what, i - from, near);
        }
    }
}

/* A random piece of text: mostly what Arabic text has, and what breaks splitters. */
static const char *piece(uint64_t *seed)
{
    static const char *const pieces[] = {
        "كتاب",   "و",      "ال",     "ب",      "م",      "ٱ",      "ک",      "پ",      "ـ",      "ـ",      "ﷺ",
        "ﻻ",      "a",      "GPS",    "é",      "covid",  "е",      "Ω",      "ש",      "ა",      "한",     "1",
        "2",      "20",     "123",    "٣",      "٤٥٦",    "۷",      "7.5",    "1,000",  "َ",       "ّ",       "ٰ",
        "ۖ",       "ٔ",       "́",       "⃣",       " ",      " ",      " ",      "\n",     ".",      ".",      ",",
        ",",      "٫",      "٬",      "،",      "؛",      ";",      ":",      "'",      "’",      "·",      "@",
        "_",      "-",      "/",      "#",      "«",      "\"",     "\u200C", "\u200D", "\u200E", "\u200F", "\u061C",
        "\u00AD", "\uFEFF", "\u2060", "\u2067", "\u2069", "\u200B", "\u00A0", "😀",      "👩",      "日本",   "カタ",
        "ひ",     "ไทย",    "ລາວ",    "‿",      "؀",     "۝",     "１",     "Ａ",     "\u0600",
        "&amp;",  "&#1608;", "&amp;#x648;", "&eacute;", "&#x5317;", "&nbsp;", "&x;",
        "%D8%AA", "%d9%88", "%C3%A9", "%CE%A9", "%20", "%", "%D8",
    };

    return pieces[tap_random(seed) % (sizeof pieces / sizeof *pieces)];
}

static void words_of_generated_texts_are_icus_but_for_the_listed_cuts(void)
{
    static char s[2048];
    UErrorCode e = U_ZERO_ERROR;
    UBreakIterator *const it = ubrk_open(UBRK_WORD, "", NULL, 0, &e);
    struct splitter sp = { 0 };
    uint64_t seed = 2026;

    REQUIRE(U_SUCCESS(e));
    for (unsigned round = 0; round < 40000; round++) {
        size_t n = 0;
        for (uint64_t left = 1 + tap_random(&seed) % 14; left > 0; left--)
            n += (size_t)snprintf(s + n, sizeof s - n, "%s", piece(&seed));
        compare(s, n, it, &sp, "generated");
    }
    fihi_split_free(&sp);
    ubrk_close(it);
}

/* The first lines of each collection; JSON is a text like another. */
static void words_of_real_texts_are_icus_but_for_the_listed_cuts(void)
{
    static const char *const names[] = { "antcorpus", "arwiki10k", "arzwiki", "openiti0325" };
    static char line[TEXT_MAX];
    const char *const shared = getenv("FIHRIST_SHARED");
    UErrorCode e = U_ZERO_ERROR;
    UBreakIterator *const it = ubrk_open(UBRK_WORD, "", NULL, 0, &e);
    struct splitter sp = { 0 };

    for (size_t i = 0; shared && *shared && i < sizeof names / sizeof *names; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/data/corpora/%s.jsonl.gz", shared, names[i]);
        gzFile f = gzopen(path, "rb");
        size_t seen = 0;
        while (f && seen < 3u << 20 && gzgets(f, line, sizeof line)) {
            size_t n = strlen(line);
            seen += n;
            while (n > 0 && fihi_utf8_valid((const uint8_t *)line, n) != n)
                n--;                                      /* a line longer than the room is cut */
            compare(line, n, it, &sp, names[i]);
        }
        CHECK(f && seen > 0, "%s", path);
        if (f)
            gzclose(f);
    }
    fihi_split_free(&sp);
    ubrk_close(it);
    if (!shared || !*shared)
        SKIP("FIHRIST_SHARED is not set");
}

/* -------------------------------------------------------------- normal forms */

/* Append a character. */
static size_t put(char *s, size_t n, UChar32 c)
{
    return n + fihi_utf8_put((uint8_t *)s + n, (uint32_t)c);
}

static const char *terms(struct analyzer *a, const char *s, size_t n)
{
    static char out[4][4096];
    static unsigned turn;
    char *const to = out[turn++ % 4];
    struct token t[64];
    size_t count, len = 0;

    fihi_analyzer_begin(a, (const uint8_t *)s, n);
    to[0] = '\0';
    while (fihi_analyzer_next(a, t, 64, &count, NULL) == FIH_OK)
        for (size_t i = 0; i < count; i++) {
            const struct term_text term = fihi_analyzer_term(a, t[i].term);
            if (t[i].flags & TOKEN_LEVEL)
                continue;
            len += (size_t)snprintf(to + len, 4096 - len, "%s%.*s",
                                    len == 0                           ? ""
                                    : t[i].flags & TOKEN_SAME_POSITION ? "|"
                                                                       : " ",
                                    (int)term.len, (const char *)term.ptr);
        }
    return to;
}

static size_t normalize(char *out, size_t size, const UNormalizer2 *form, const char *s, size_t n)
{
    UErrorCode e = U_ZERO_ERROR;
    UChar a[256], b[1024];
    int32_t len = 0, bytes = 0;

    u_strFromUTF8(a, 256, &len, s, (int32_t)n, &e);
    len = unorm2_normalize(form, a, len, b, 1024, &e);
    u_strToUTF8(out, (int32_t)size, &bytes, b, len, &e);
    return U_SUCCESS(e) ? (size_t)bytes : 0;
}

/* NFKC makes words apart of it, and we do not: a space and a mark that stands on it (README.md, 2.1), a letter and a
 * middle dot. Nor do we give the last word of a ligature of several a second reading, and
 * such a ligature is words by itself, whatever it is written to. */
static int is_parted(UChar32 c, UChar32 behind)
{
    UErrorCode e = U_ZERO_ERROR;
    UChar parts[32];
    const int32_t n = unorm2_getDecomposition(unorm2_getNFKCInstance(&e), c, parts, 32, &e);

    if (c <= 0xFFFF && fihi_sign_words((uint32_t)c))
        return 1;
    for (int32_t i = 0; i < n; i++)
        if (fihi_split_class(parts[i]) == CLASS_NONE && (parts[i] != ' ' || i == 0 || behind == 0x670))
            return 1;
    return n > 1 && fihi_split_class((uint32_t)c) == CLASS_NONE;
}

static int is_of_the_blocks(UChar32 c)
{
    static const UChar32 blocks[][2] = {
        { 0x00A0, 0x024F }, { 0x0600, 0x06FF }, { 0x0750, 0x077F }, { 0x0870, 0x08FF }, { 0x1E00, 0x1EFF },
        { 0xFB00, 0xFB06 }, { 0xFB50, 0xFDFF }, { 0xFE70, 0xFEFE }, { 0xFF01, 0xFF5E }, { 0x1EE00, 0x1EEFF },
    };

    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        if (c >= blocks[i][0] && c <= blocks[i][1])
            return u_isdefined(c);
    return 0;
}

/* x in every normal form of Unicode that keeps words apart has the terms of x. */
static void check_forms(struct analyzer *a, const char *s, size_t n, int is_compatible)
{
    UErrorCode e = U_ZERO_ERROR;
    const UNormalizer2 *const forms[] = {unorm2_getNFCInstance(&e), unorm2_getNFDInstance(&e),
                                         unorm2_getNFKCInstance(&e), unorm2_getNFKDInstance(&e)};
    static const char *const names[] = { "NFC", "NFD", "NFKC", "NFKD" };
    const char *const want = terms(a, s, n);

    for (size_t i = 0; i < (is_compatible ? 4u : 2u); i++) {
        char to[4096], quoted[200];
        const size_t len = normalize(to, sizeof to, forms[i], s, n);
        tap_quote(quoted, sizeof quoted, s, n);
        CHECK_STR_EQ(terms(a, to, len), want, "%s: %s of %s", fihi_analyzer_name(a), names[i], quoted);
    }
}

static void every_letter_has_one_term_in_every_normal_form(void)
{
    static const char *const names[] = { "arabic", "arabic-exact", "arabic-snowball", "simple" };
    static const UChar32 behind[] = { 0, 0x653, 0x654, 0x655, 0x64E, 0x670, 0x301, 0x308, 0x327 };

    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        struct analyzer *a;
        REQUIRE(fihi_analyzer_new(&a, names[k], NULL) == FIH_OK);
        for (UChar32 c = 0; c < 0x1EF00; c++)
            for (size_t m = 0; is_of_the_blocks(c) && m < sizeof behind / sizeof *behind; m++) {
                char s[64];
                size_t n;
                for (unsigned around = 0; around < 3; around++) {        /* alone, and inside words of two scripts */
                    n = around == 1 ? put(s, put(s, 0, 0x646), 0x628) : around == 2 ? put(s, 0, 'n') : 0;
                    n = put(s, n, c);
                    n = behind[m] ? put(s, n, behind[m]) : n;
                    n = around == 1 ? put(s, n, 0x628) : around == 2 ? put(s, n, 'n') : n;
                    check_forms(a, s, n, strcmp(names[k], "simple") != 0 && !is_parted(c, behind[m]) &&
                                         fihi_split_class((uint32_t)c) != CLASS_NONE);
                }
            }
        fihi_analyzer_free(a);
    }
}

static void digits_of_every_script_are_the_ascii_ones(void)
{
    struct analyzer *a;
    unsigned count = 0;

    REQUIRE(fihi_analyzer_new(&a, "arabic", NULL) == FIH_OK);
    for (UChar32 c = 0; c < 0x110000; c++) {
        char s[16], want[] = "10 7";
        if (u_charType(c) != U_DECIMAL_DIGIT_NUMBER)
            continue;
        want[1] = (char)('0' + u_charDigitValue(c));
        const size_t n = put(s, put(s, put(s, 0, '1'), c), ' ');
        CHECK_STR_EQ(terms(a, s, put(s, n, '7')), want, "U+%04X", (unsigned)c);
        count++;
    }
    CHECK(count >= 680);                                  /* Unicode 15 */
    fihi_analyzer_free(a);
}

static void hidden_characters_inside_a_word_do_not_count(void)
{
    static const char *const names[] = { "arabic", "arabic-exact" };

    for (size_t k = 0; k < 2; k++) {
        struct analyzer *a;
        REQUIRE(fihi_analyzer_new(&a, names[k], NULL) == FIH_OK);
        for (UChar32 c = 0; c < 0x110000; c++) {
            char s[32];
            const int wb = u_getIntPropertyValue(c, UCHAR_WORD_BREAK);
            if (u_charType(c) != U_FORMAT_CHAR || (wb != U_WB_FORMAT && wb != U_WB_ZWJ && wb != U_WB_EXTEND))
                continue;
            const size_t arabic = put(s, put(s, put(s, put(s, 0, 0x646), c), 0x628), 0x642);
            CHECK_STR_EQ(terms(a, s, arabic), "نبق", "U+%04X", (unsigned)c);
            const size_t latin = put(s, put(s, put(s, put(s, 0, 'n'), 'b'), c), 'q');
            CHECK_STR_EQ(terms(a, s, latin), "nbq", "U+%04X", (unsigned)c);
            const size_t number = put(s, put(s, put(s, put(s, 0, '1'), 0x662), c), '3');
            CHECK_STR_EQ(terms(a, s, number), "123", "U+%04X", (unsigned)c);
        }
        fihi_analyzer_free(a);
    }
}

/* Upper, lower and title case of a letter are one term; a letter that NFD takes apart is its base. */
static void case_and_accents_of_latin_letters_do_not_count(void)
{
    UErrorCode e = U_ZERO_ERROR;
    const UNormalizer2 *const nfd = unorm2_getNFDInstance(&e);
    struct analyzer *a;

    REQUIRE(fihi_analyzer_new(&a, "arabic", NULL) == FIH_OK);
    for (UChar32 c = 0x41; c < 0x1F00; c++) {
        char s[64], t[64], plain[] = "n?n";
        UChar x[4], y[32];
        int32_t n = 0, m, bytes = 0;
        if (!u_isalpha(c) || uscript_getScript(c, &e) != USCRIPT_LATIN)
            continue;
        U16_APPEND_UNSAFE(x, n, c);
        const size_t len = put(s, put(s, put(s, 0, 'n'), c), 'n');
        for (int up = 0; up < 2; up++) {
            m = up ? u_strToUpper(y, 32, x, n, "", &e) : u_strToLower(y, 32, x, n, "", &e);
            t[0] = 'n';
            u_strToUTF8(t + 1, 60, &bytes, y, m, &e);
            t[bytes + 1] = 'n';
            CHECK_STR_EQ(terms(a, t, (size_t)bytes + 2), terms(a, s, len), "U+%04X in %s case", (unsigned)c,
                         up ? "upper" : "lower");
        }
        m = unorm2_getDecomposition(nfd, c, y, 32, &e);
        for (int32_t i = 1; i < m; i++)
            if (u_charType(y[i]) != U_NON_SPACING_MARK)
                m = 0;
        if (m > 1 && unorm2_getDecomposition(nfd, y[0], x, 4, &e) < 0 && y[0] < 0x80) {
            plain[1] = (char)u_tolower(y[0]);
            CHECK_STR_EQ(terms(a, s, len), plain, "U+%04X", (unsigned)c);
        }
    }
    fihi_analyzer_free(a);
}

int main(void)
{
    RUN(words_of_generated_texts_are_icus_but_for_the_listed_cuts);
    RUN(words_of_real_texts_are_icus_but_for_the_listed_cuts);
    RUN(every_letter_has_one_term_in_every_normal_form);
    RUN(digits_of_every_script_are_the_ascii_ones);
    RUN(hidden_characters_inside_a_word_do_not_count);
    RUN(case_and_accents_of_latin_letters_do_not_count);
    return DONE();
}
