/* codec/letters.c - one byte a letter, and back.
 *
 * Why at all: in UTF-8 every Arabic letter has two bytes, of which the first is D8 to DB and says nearly nothing. A
 * compressor spends matches and literals on it; with one byte a letter its window holds twice as much text, and its
 * entropy coder sees letters. كتب is D9 83 D8 AA D8 A8 in UTF-8 and 9D 89 87 here.
 *
 * The table is part of the format: a code can get no other meaning without a new major one. What has no code, and
 * what is no UTF-8, stands behind an escape as it was, so that any bytes come back exactly. Neither way allocates but
 * in `out`, and both are linear.
 */
#include "codec/letters.h"

/* What a byte stands for: by Unicode, Arabic first. Each character has two or three bytes of UTF-8. One list, spelled
 * out in three tables by the macros below, so that the two directions cannot differ. */
#define LETTERS(X) \
    X(0x80, 0x0621) X(0x81, 0x0622) X(0x82, 0x0623) X(0x83, 0x0624) X(0x84, 0x0625) X(0x85, 0x0626) \
    X(0x86, 0x0627) X(0x87, 0x0628) X(0x88, 0x0629) X(0x89, 0x062A) X(0x8A, 0x062B) X(0x8B, 0x062C) \
    X(0x8C, 0x062D) X(0x8D, 0x062E) X(0x8E, 0x062F) X(0x8F, 0x0630) X(0x90, 0x0631) X(0x91, 0x0632) \
    X(0x92, 0x0633) X(0x93, 0x0634) X(0x94, 0x0635) X(0x95, 0x0636) X(0x96, 0x0637) X(0x97, 0x0638) \
    X(0x98, 0x0639) X(0x99, 0x063A) X(0x9A, 0x0640) X(0x9B, 0x0641) X(0x9C, 0x0642) X(0x9D, 0x0643) \
    X(0x9E, 0x0644) X(0x9F, 0x0645) X(0xA0, 0x0646) X(0xA1, 0x0647) X(0xA2, 0x0648) X(0xA3, 0x0649) \
    X(0xA4, 0x064A) X(0xA5, 0x064B) X(0xA6, 0x064C) X(0xA7, 0x064D) X(0xA8, 0x064E) X(0xA9, 0x064F) \
    X(0xAA, 0x0650) X(0xAB, 0x0651) X(0xAC, 0x0652) X(0xAD, 0x0653) X(0xAE, 0x0654) X(0xAF, 0x0655) \
    X(0xB0, 0x0660) X(0xB1, 0x0661) X(0xB2, 0x0662) X(0xB3, 0x0663) X(0xB4, 0x0664) X(0xB5, 0x0665) \
    X(0xB6, 0x0666) X(0xB7, 0x0667) X(0xB8, 0x0668) X(0xB9, 0x0669) X(0xBA, 0x060C) X(0xBB, 0x061B) \
    X(0xBC, 0x061F) X(0xBD, 0x066A) X(0xBE, 0x066B) X(0xBF, 0x066C) X(0xC0, 0x0670) X(0xC1, 0x0671) \
    X(0xC2, 0x0679) X(0xC3, 0x067E) X(0xC4, 0x0686) X(0xC5, 0x0688) X(0xC6, 0x0691) X(0xC7, 0x0698) \
    X(0xC8, 0x06A4) X(0xC9, 0x06A8) X(0xCA, 0x06A9) X(0xCB, 0x06AF) X(0xCC, 0x06BA) X(0xCD, 0x06BE) \
    X(0xCE, 0x06C0) X(0xCF, 0x06C1) X(0xD0, 0x06C3) X(0xD1, 0x06CC) X(0xD2, 0x06D2) X(0xD3, 0x06D4) \
    X(0xD4, 0x06D5) X(0xD5, 0x06F0) X(0xD6, 0x06F1) X(0xD7, 0x06F2) X(0xD8, 0x06F3) X(0xD9, 0x06F4) \
    X(0xDA, 0x06F5) X(0xDB, 0x06F6) X(0xDC, 0x06F7) X(0xDD, 0x06F8) X(0xDE, 0x06F9) X(0xDF, 0x00A0) \
    X(0xE0, 0x00AB) X(0xE1, 0x00AC) X(0xE2, 0x00B0) X(0xE3, 0x00B7) X(0xE4, 0x00BB) X(0xE5, 0x00C9) \
    X(0xE6, 0x00D7) X(0xE7, 0x00E0) X(0xE8, 0x00E2) X(0xE9, 0x00E7) X(0xEA, 0x00E8) X(0xEB, 0x00E9) \
    X(0xEC, 0x00EA) X(0xED, 0x00F6) X(0xEE, 0x00FC) X(0xEF, 0x200B) X(0xF0, 0x200C) X(0xF1, 0x200D) \
    X(0xF2, 0x200E) X(0xF3, 0x200F) X(0xF4, 0x2013) X(0xF5, 0x2014) X(0xF6, 0x2018) X(0xF7, 0x2019) \
    X(0xF8, 0x201C) X(0xF9, 0x201D) X(0xFA, 0x2022) X(0xFB, 0x2026) X(0xFC, 0x202A) X(0xFD, 0x202B) \
    X(0xFE, 0x202C)

enum {
    /* One check of the room for each step and none for each letter; the page of 4 KiB that is read lies in the first
     * cache. */
    STEP = 4096,                       /* bytes read between two looks at the room for what is written */
    RUN = 255,                         /* bytes behind an escape */
    GENERAL = 0x800                    /* the 64 characters from U+2000 on lie behind those of two bytes */
};

/* 0 in `codes` means: no code. U+0000 to U+007F need none, so their slots stay 0 and are never asked for. The table has
 * 2,112 bytes with the 64 behind: it stays in the first cache beside the text. */
#define SLOT(c) ((c) < 0x800 ? (c) : GENERAL + ((c) - 0x2000))
#define CODE(code, c) [SLOT(c)] = (code),
static const uint8_t codes[GENERAL + 64] = {LETTERS(CODE)};

/* The UTF-8 of a character, first byte lowest, and in the highest byte its length. Four bytes are then copied at
 * once, whatever the length, and the place moves by the fourth. */
#define TWO(c) (0xC0u | (c) >> 6 | (0x80u | ((c) & 63)) << 8 | 2u << 24)
#define THREE(c) (0xE0u | (c) >> 12 | (0x80u | ((c) >> 6 & 63)) << 8 | (0x80u | ((c) & 63)) << 16 | 3u << 24)
#define BYTES(code, c) [(code) - LETTER_FIRST] = (c) < 0x800 ? TWO(c) : THREE(c),
static const uint32_t texts[LETTER_ESCAPE - LETTER_FIRST] = {LETTERS(BYTES)};

#define CHARACTER(code, c) [(code) - LETTER_FIRST] = (c),
static const uint16_t characters[LETTER_ESCAPE - LETTER_FIRST] = {LETTERS(CHARACTER)};

/* For who prints or tests the table. `code` is from LETTER_FIRST to LETTER_ESCAPE - 1: nothing is checked here. */
uint32_t fihi_letter(unsigned code)
{
    return characters[code - LETTER_FIRST];
}

/* The code of the character at s, a byte of 0x80 or more, and its bytes; 0 if it has none. Two bytes are looked up
 * without a test that they are not overlong (C0 80 to C1 BF): those lead to slots below 0x80, which have no code, and
 * so end in a run. Of three bytes only U+2000 to U+203F are asked for, which are the 64 slots behind. */
static inline uint8_t code_at(const uint8_t *s, const uint8_t *end, unsigned *bytes)
{
    const size_t left = (size_t)(end - s);

    if (left > 1 && (s[0] & 0xE0) == 0xC0 && (s[1] & 0xC0) == 0x80) {
        *bytes = 2;
        return codes[(s[0] & 31u) << 6 | (s[1] & 63u)];
    }
    if (left > 2 && s[0] == 0xE2 && s[1] == 0x80 && (s[2] & 0xC0) == 0x80) {
        *bytes = 3;
        return codes[GENERAL + (s[2] & 63u)];
    }
    return 0;
}

/* How many bytes from s on are best left as they are: a single one below 0x80 between others ends no run. An escape
 * costs two bytes, so to leave a run for one letter and begin another costs more than to carry the letter along. */
static size_t run_at(const uint8_t *s, const uint8_t *end)
{
    const uint8_t *p = s + 1;
    unsigned bytes;

    while (p < end && p - s < RUN && (*p >= 0x80 ? code_at(p, end, &bytes) == 0
                                                 : end - p > 1 && p[1] >= 0x80 && code_at(p + 1, end, &bytes) == 0))
        p++;
    return (size_t)(p - s);
}

int fihi_letters_append(struct buf *out, const uint8_t *text, size_t n)
{
    const uint8_t *s = text, *const end = n ? text + n : text;               /* NULL + 0 is undefined */

    while (s < end) {
        const uint8_t *const stop = (size_t)(end - s) > STEP ? s + STEP : end;
        uint8_t *p;

        /* An escape and its number for every byte that is none, and the last run goes beyond the step. A run of one
         * byte takes three, but then a letter or an ASCII byte follows, or the run would be longer: four bytes written
         * for two read at the worst. */
        if (fihi_buf_reserve(out, 2 * STEP + 2 + RUN) != 0)
            return FIH_E_NOMEM;
        p = out->ptr + out->len;
        while (s < stop) {
            unsigned bytes = 1;
            const uint8_t code = *s < 0x80 ? *s : code_at(s, end, &bytes);

            /* A byte of 0 stands for itself, and 0 from code_at() for "none": only there the two must be told apart. */
            if (code || *s == 0) {
                *p++ = code;
                s += bytes;
            } else {
                const size_t run = run_at(s, end);

                *p++ = LETTER_ESCAPE;
                *p++ = (uint8_t)run;
                memcpy(p, s, run);
                p += run;
                s += run;
            }
        }
        out->len = (size_t)(p - out->ptr);
    }
    return FIH_OK;
}

/* Letters may come from a damaged file: a run of no bytes, which the writer never makes, and one that goes past the
 * end are corrupt. No code is out of the table, for 0x80 to 0xFE are all in it. Three bytes a code at most, a byte
 * more because four are copied, and a run that goes beyond the step. */
int fihi_letters_undo(struct buf *out, const uint8_t *letters, size_t n)
{
    const uint8_t *s = letters, *const end = n ? letters + n : letters;      /* NULL + 0 is undefined */

    while (s < end) {
        const uint8_t *const stop = (size_t)(end - s) > STEP ? s + STEP : end;
        uint8_t *p;

        if (fihi_buf_reserve(out, 3 * STEP + 1 + RUN) != 0)
            return FIH_E_NOMEM;
        p = out->ptr + out->len;
        while (s < stop) {
            const uint8_t code = *s++;

            if (code != LETTER_ESCAPE) {
                const uint32_t text = code < LETTER_FIRST ? code | 1u << 24 : texts[code - LETTER_FIRST];

                memcpy(p, &text, 4);           /* the fourth is written over, or lies behind the end */
                p += text >> 24;
            } else {
                /* `s` is behind the escape, which may be the last byte: then there is no number, and 0 stands for
                 * it. */
                const size_t run = s < end ? *s : 0;

                if (run == 0 || run > (size_t)(end - s) - 1)
                    return FIH_E_CORRUPT;
                memcpy(p, s + 1, run);
                p += run;
                s += 1 + run;
            }
        }
        out->len = (size_t)(p - out->ptr);
    }
    return FIH_OK;
}
