/* text/date_token.c - the words and numbers of a date.
 *
 * One pass over the characters; a token is open while the next character may belong to it. Digits of three scripts and
 * spellings of names are made one here, so that the rules and the table of words know one of each:
 *
 *    ٢٠١٥/٠٣/١٢ = 2015 / 03 / 12      Février = fevrier      أُكتوبر = اكتوبر      2015年3月 = 2015 . 3 .
 *
 * It stops after DATE_TOKENS tokens, and so reads no more of a text than the beginning.
 */
#include "text/date_part.h"

#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"

/* 14 are a day with its time (20150312101500), which 64 bits hold; of more nothing is kept but that they are more. */
enum { DIGITS_MOST = 14, LONGER = 255 };

/* `all` is the caller's array, which has room for DATE_TOKENS. */
struct tokens {
    struct date_token *all;
    size_t             count;
    bool                is_open;   /* may the next character belong to the last token? */
    bool                has_blank;
};

/* The script is told apart, for Persian digits say whose year it is. The value of a digit, or -1. *script is only set
 * for one. */
static int digit(uint32_t c, uint8_t *script)
{
    const uint32_t zeros[] = {'0', 0x660, 0x6F0};

    for (unsigned i = 0; i < sizeof zeros / sizeof *zeros; i++)
        if (c >= zeros[i] && c <= zeros[i] + 9) {
            *script = (uint8_t)i;              /* enum date_digits */
            return (int)(c - zeros[i]);
        }
    return -1;
}

/* Controls are blanks, a zero byte among them, and all spaces of Unicode. Unicode's White_Space property, and the
 * controls: written out, for ICU is not asked here. */
static bool is_blank(uint32_t c)
{
    return c <= ' ' || c == 0x7F || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
           c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

/* Nothing that is seen: bidi controls (some systems put a mark beside each slash), joiners, a byte order mark, vowels,
 * tatweel, combining accents. They join and part nothing: 12/3 is the same with U+200E before its slash. */
static bool is_invisible(uint32_t c)
{
    return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
           c == 0xFEFF || c == 0x61C || c == 0xAD || c == 0x640 || (c >= 0x64B && c <= 0x65F) || c == 0x670 ||
           (c >= 0x300 && c <= 0x36F);
}

/* The sign that a character is, 0 if it is a letter. East Asian words for year and month are signs between numbers. All
 * dashes and commas are one, so that rules name one of each. What is neither a letter nor a digit, as far as it
 * matters: symbols outside of these ranges are taken for letters, and make a word that no table knows. */
static uint32_t sign(uint32_t c)
{
    if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212)
        return '-';
    if (c == 0x60C || c == 0x3001 || c == 0xFF0C)
        return ',';
    if (c == 0x5E74 || c == 0x6708 || c == 0xB144 || c == 0xC6D4)      /* 年 月 년 월 */
        return '.';
    if (c < 0x80)
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ? 0 : c;
    return (c > 0xA0 && c < 0xC0 && c != 0xAA && c != 0xB5 && c != 0xBA) || (c >= 0x2016 && c <= 0x206F) ||
                   c == 0x61B || c == 0x61F || c == 0x66A || c == 0x6D4 || c == 0x2116 || (c >= 0x2190 && c <= 0x2BFF)
               ? c
               : 0;
}

/* One letter in the spelling of the table of words. Less than the analyzer's fold, which needs whole words and ICU;
 * just what tells names of months apart from nothing. */
static uint32_t fold(uint32_t c)
{
    /* U+00C0 to U+00FF without accents; * is left as it is. */
    static const char latin[] = "aaaaaa*ceeeeiiii*nooooo*ouuuuy**aaaaaa*ceeeeiiii*nooooo*ouuuuy*y";

    if (c >= 'A' && c <= 'Z')
        return c - 'A' + 'a';
    if (c >= 0xC0 && c <= 0xFF)
        return latin[c - 0xC0] == '*' ? c : (uint32_t)latin[c - 0xC0];
    if (c >= 0x410 && c <= 0x42F)                          /* Cyrillic capitals */
        return c + 0x20;
    switch (c) {
    case 0x622: case 0x623: case 0x625: case 0x671: return 0x627;
    case 0x649: case 0x6CC: case 0x6D2: return 0x64A;      /* ى ی ے */
    case 0x629: case 0x6C1: case 0x6D5: return 0x647;      /* ة ہ ە */
    case 0x6A9: return 0x643;                              /* ک */
    case 0x130: case 0x131: return 'i';                    /* İ ı */
    case 0x11E: case 0x11F: return 'g';                    /* Ğ ğ */
    case 0x15E: case 0x15F: case 0x15A: case 0x15B: return 's';
    default: return c;
    }
}

/* The token under way if it is of this kind, else a new one; NULL when there is no room. memset() makes numbers 0 and
 * words empty. */
static struct date_token *open_token(struct tokens *t, enum date_token_kind kind)
{
    if (t->is_open && t->all[t->count - 1].kind == kind)
        return &t->all[t->count - 1];
    if (t->count == DATE_TOKENS)
        return NULL;
    struct date_token *const now = &t->all[t->count++];
    memset(now, 0, sizeof *now);
    now->kind = (uint8_t)kind;
    now->has_blank = (uint8_t)t->has_blank;
    t->is_open = true;
    t->has_blank = false;
    return now;
}

/* False ends the reading: there is no room. Its digits are counted with leading zeros: 03 has two, which tells a month
 * from a 3. 14 digits are below 2^63. */
static int add_digit(struct tokens *t, int d, uint8_t script)
{
    struct date_token *const now = open_token(t, DATE_TOKEN_NUMBER);

    if (!now)
        return 0;
    now->script = script;
    /* An account number: value stays what its first digits were, and nobody reads it. */
    if (now->digits >= DIGITS_MOST)
        now->digits = LONGER;
    else {
        now->digits++;
        now->value = now->value * 10 + d;
    }
    return 1;
}

/* A word too long to be known keeps its place without its letters. `digits` counts a word's bytes, so that no token
 * needs both; a word is at most DATE_WORD_BYTES - 1 bytes. */
static int add_letter(struct tokens *t, uint32_t c)
{
    struct date_token *const now = open_token(t, DATE_TOKEN_WORD);
    uint8_t bytes[4];

    if (!now || now->digits == LONGER)
        return now != NULL;
    const size_t more = fihi_utf8_put(bytes, fold(c));
    /* No word of the table is so long. */
    if ((size_t)now->digits + more >= DATE_WORD_BYTES) {
        now->word[0] = '\0';
        now->digits = LONGER;
        return 1;
    }
    memcpy(now->word + now->digits, bytes, more);
    now->digits = (uint8_t)(now->digits + more);           /* so many bytes until now */
    now->word[now->digits] = '\0';
    return 1;
}

/* Each sign is a token of its own, also of two alike. */
static int add_sign(struct tokens *t, uint32_t c)
{
    struct date_token *const now = (t->is_open = 0, open_token(t, DATE_TOKEN_SIGN));

    if (now)
        now->sign = c;
    t->is_open = false;
    return now != NULL;
}

/* The sign c, right behind what stands before it? */
static bool is_sign(const struct date_token *t, uint32_t c)
{
    return t->kind == DATE_TOKEN_SIGN && t->sign == c && !t->has_blank;
}

/* A number of one digit or two, as hours, minutes and seconds are? */
static bool is_short(const struct date_token *t)
{
    return t->kind == DATE_TOKEN_NUMBER && t->digits <= 2;
}

/* 12:09, 12:09:30, 12:09:30.5 become one token each. In place: `out` is never ahead of `i`. Done at the end, for that
 * 12 begins a time is known by what follows. */
static size_t join_times(struct date_token *all, size_t n)
{
    size_t out = 0;

    for (size_t i = 0; i < n; i++) {
        all[out] = all[i];
        if (i + 2 < n && is_short(&all[i]) && is_sign(&all[i + 1], ':') && is_short(&all[i + 2])) {
            all[out].kind = DATE_TOKEN_TIME;
            /* The seconds, if there are any; a fraction behind them belongs to the time. */
            for (i += 2; i + 2 < n && is_sign(&all[i + 1], ':') && is_short(&all[i + 2]) && !all[i + 2].has_blank;)
                i += 2;
            if (i + 2 < n && is_sign(&all[i + 1], '.') && all[i + 2].kind == DATE_TOKEN_NUMBER && !all[i + 2].has_blank)
                i += 2;
        }
        out++;
    }
    return out;
}

/* A text that is not UTF-8 is no date for who asks for nothing else (ended); else its bad bytes are letters. Characters
 * are read one by one and none is looked at twice. */
size_t fihi_date_tokens(struct date_token out[DATE_TOKENS], fih_str text, int *ended)
{
    struct tokens t = {out, 0, 0, 0};
    int ok = 1, good = 1, all_ok = 1;
    uint8_t script = 0;
    size_t i = 0;

    while (i < text.len && good) {
        const uint32_t c = fihi_utf8_next((const uint8_t *)text.ptr, text.len, &i, &ok);
        /* Asked first, for a digit of Arabic is no letter here. */
        const int d = digit(c, &script);

        /* An ill-formed byte comes out as U+FFFD, a letter that is in no word of the table. */
        all_ok &= ok;
        if (is_blank(c)) {
            t.is_open = false;
            /* Of the next token: 2015-03 - 12 is told from 2015-03-12 by it. */
            t.has_blank = true;
        } else if (d >= 0) {
            good = add_digit(&t, d, script);
        } else if (!is_invisible(c)) {
            good = sign(c) ? add_sign(&t, sign(c)) : add_letter(&t, c);
        }
    }
    if (ended)
        *ended = good && all_ok;
    return join_times(out, t.count);
}
