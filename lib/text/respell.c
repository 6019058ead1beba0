/* text/respell.c - keys and consonants.
 *
 * Keyboards: the Arabic 101 and 102 layouts as they lie over US QWERTY and French AZERTY. Arabizi's digits after
 * Yaghan, "Arabizi: A Contemporary Style of Arabic Slang" (2008): 2 ء 3 ع 5 خ 6 ط 7 ح 8 ق 9 ص.
 */
#include "text/respell.h"

#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"

/* ---- keys */

/* Key by key, in the order of the rows; لا is one key. */
static const char *const latin_keys[RESPELL_KEYBOARDS] = {
    "q w e r t y u i o p [ ] a s d f g h j k l ; ' z x c v n m , . / ` H Y N b",
    "a z e r t y u i o p ^ $ q s d f g h j k l m ù w x c v n , ; : ! ² H Y N b",
};
static const char arabic_keys[] = "ض ص ث ق ف غ ع ه خ ح ج د ش س ي ب ل ا ت ن م ك ط ئ ء ؤ ر ى ة و ز ظ ذ أ إ آ لا";

/* What stands in the other row at the place of `key`; *bytes of it. NULL if the key is not there. */
static const char *other_key(const char *from, const char *to, const uint8_t *key, size_t key_bytes, size_t *bytes)
{
    while (*from) {
        const size_t n = strcspn(from, " ");

        *bytes = strcspn(to, " ");
        if (n == key_bytes && memcmp(from, key, n) == 0)
            return to;
        from += n + (from[n] == ' ');
        to += *bytes + (to[*bytes] == ' ');
    }
    return NULL;
}

size_t fihi_respell_keys(uint8_t out[RESPELL_MAX], const uint8_t *s, size_t n, unsigned keyboard)
{
    const char *const latin = latin_keys[keyboard % RESPELL_KEYBOARDS];
    const bool is_latin = n > 0 && (s[0] < 0x80 || s[0] == 0xC3 || s[0] == 0xC2);
    size_t made = 0, i = 0, bytes;
    int ok;

    while (i < n) {
        const size_t from = i;
        uint8_t key[4];
        const char *other = NULL;

        fihi_utf8_next(s, n, &i, &ok);
        memcpy(key, s + from, i - from);
        if (is_latin && !(other = other_key(latin, arabic_keys, key, i - from, &bytes)) && key[0] >= 'A' &&
            key[0] <= 'Z') {
            key[0] |= 32;
            other = other_key(latin, arabic_keys, key, i - from, &bytes);
        }
        if (!is_latin)
            other = other_key(arabic_keys, latin, key, i - from, &bytes);
        if (!ok || !other || made + bytes > RESPELL_MAX)
            return 0;
        memcpy(out + made, other, bytes);
        made += bytes;
    }
    return made;
}

/* ---- consonants */

/* 0: a vowel, or ع and hamza, which Latin spellings leave out; 1: no letter that is known. */
static uint8_t arabic_bone(uint32_t c)
{
    static const struct { uint16_t c; uint8_t bone;
    } bones[] = {
        {0x628, 'b'}, {0x67E, 'b'}, {0x62A, 't'}, {0x637, 't'}, {0x62B, 't'}, {0x62C, 'g'}, {0x686, 'S'}, {0x62D, 'h'},
        {0x647, 'h'}, {0x62E, 'x'}, {0x62F, 'd'}, {0x636, 'd'}, {0x630, 'd'}, {0x638, 'd'}, {0x631, 'r'}, {0x632, 'z'},
        {0x633, 's'}, {0x635, 's'}, {0x634, 'S'}, {0x63A, 'g'}, {0x641, 'f'}, {0x6A4, 'f'}, {0x642, 'g'}, {0x643, 'g'},
        {0x6A9, 'g'}, {0x6AF, 'g'}, {0x644, 'l'}, {0x645, 'm'}, {0x646, 'n'}, {0x627, 0},   {0x622, 0},   {0x623, 0},
        {0x625, 0},   {0x621, 0},   {0x624, 0},   {0x626, 0},   {0x639, 0},   {0x648, 0},   {0x64A, 0},   {0x649, 0},
        {0x629, 0},   {0x6CC, 0},   {0x640, 0},
    };

    if ((c >= 0x64B && c <= 0x65F) || c == 0x670)
        return 0;
    for (size_t i = 0; i < sizeof bones / sizeof *bones; i++)
        if (bones[i].c == c)
            return bones[i].bone;
    return 1;
}

/* Two letters for one consonant. */
static uint8_t pair_bone(uint8_t a, uint8_t b)
{
    static const char pairs[] = "kh:x gh:g sh:S ch:S th:t dh:d dj:g ph:f";

    for (const char *p = pairs; *p; p += p[4] ? 5 : 4)
        if ((uint8_t)p[0] == a && (uint8_t)p[1] == b)
            return (uint8_t)p[3];
    return 0;
}

static uint8_t latin_bone(uint8_t c)
{
    static const char letters[] = "bbttgghhxsddrrzzssffvfqgkgcgllmmnnjgpb7h5x6t8g9s", silent[] = "aeiouyw23'-";

    for (const char *p = letters; *p; p += 2)
        if ((uint8_t)p[0] == c)
            return (uint8_t)p[1];
    return memchr(silent, c, sizeof silent - 1) ? 0 : 1;
}

/* A letter written twice is one consonant; one with a vowel between is two. */
static size_t add_bone(uint8_t *out, size_t n, uint8_t bone, uint8_t *before)
{
    if (bone && bone != *before && n < RESPELL_MAX)
        out[n++] = bone;
    *before = bone;
    return n;
}

/* French and English accents: é è ê ë à â î ï ô û ù ç are vowels but for the last. */
static size_t latin_bones(uint8_t *out, const uint8_t *s, size_t n)
{
    size_t made = 0, i = 0;
    uint8_t before = 0;

    if (n > 3 && ((s[0] | 32) == 'a' || (s[0] | 32) == 'e') && (s[1] | 32) == 'l')
        i = 2 + (s[2] == '-');
    while (i < n) {
        const uint8_t c = s[i] >= 'A' && s[i] <= 'Z' ? s[i] | 32 : s[i], d = i + 1 < n ? s[i + 1] | 32 : 0;
        const uint8_t pair = pair_bone(c, d), bone = pair ? pair : i + 1 == n && c == 'h' ? 0 : latin_bone(c);

        if (c == 0xC3 && i + 1 < n) {
            made = add_bone(out, made, s[i + 1] == 0xA7 ? 's' : 0, &before);
            i += 2;
            continue;
        }
        if (bone == 1)
            return 0;
        made = add_bone(out, made, bone, &before);
        i += pair ? 2 : 1;
    }
    return made;
}

static size_t arabic_bones(uint8_t *out, const uint8_t *s, size_t n)
{
    static const char article[] = "ال";
    size_t made = 0, i = 0;
    uint8_t before = 0;
    int ok;

    if (n > 2 * (sizeof article - 1) && memcmp(s, article, sizeof article - 1) == 0)
        i = sizeof article - 1;
    while (i < n) {
        const uint32_t c = fihi_utf8_next(s, n, &i, &ok);
        const uint8_t bone = i == n && c == 0x647 ? 0 : arabic_bone(c);      /* ه at the end is ة as often as not */

        if (bone == 1)
            return 0;
        made = add_bone(out, made, bone, &before);
    }
    return made;
}

size_t fihi_respell_bones(uint8_t out[RESPELL_MAX], const uint8_t *s, size_t n)
{
    if (n == 0 || n > RESPELL_MAX)
        return 0;
    return s[0] >= 0xD8 && s[0] <= 0xDB ? arabic_bones(out, s, n) : latin_bones(out, s, n);
}

/* ---- how near an Arabic word is to a Latin spelling of it */

enum { SOUNDS = 64 };

/* Consonants by their bones, and the letter that was written; vowels as a i u, y and w as I U, ع as 3. */
struct sounds {
    uint8_t  bone[SOUNDS];             /* 0 for a vowel */
    uint32_t said[SOUNDS];
    unsigned count, has_article;
};

static uint8_t vowel_of(uint32_t c)
{
    switch (c) {
    case 'a': case 0x627: case 0x622: case 0x623: case 0x649: case 0x629: return 'a';
    case 'y': return 'I';
    case 'w': return 'U';
    case 'e': case 'i': case 0x64A: case 0x6CC: case 0x625: case 0x626: return 'i';
    case 'o': case 'u': case 0x648: case 0x624: return 'u';
    case '3': case 0x639: return '3';
    default: return 0;
    }
}

static void add_sound(struct sounds *w, uint8_t bone, uint32_t said)
{
    const unsigned last = w->count - 1;

    if (w->count && w->bone[last] == bone && (w->said[last] == said || (bone == 0 && (w->said[last] ^ 32) == said)))
        w->count--;                            /* twice the same; y and w after their vowels are what is heard */
    if (w->count == SOUNDS)
        return;
    w->bone[w->count] = bone;
    w->said[w->count++] = said;
}

static void read_sounds(struct sounds *w, const uint8_t *s, size_t n)
{
    size_t i = 0;
    int ok;

    w->count = 0;
    if (n > 4 && memcmp(s, "\xD8\xA7\xD9\x84", 4) == 0)
        i = 4;
    else if (n > 4 && ((s[0] | 32) == 'a' || (s[0] | 32) == 'e') && (s[1] | 32) == 'l')
        i = 2;
    w->has_article = i > 0;
    while (i < n) {
        uint32_t c = fihi_utf8_next(s, n, &i, &ok);

        c = c >= 'A' && c <= 'Z' ? c | 32 : c;
        if (i == n && (c == 0x647 || c == 'h'))
            c = c == 'h' ? 0 : 'a';
        if (vowel_of(c)) {
            add_sound(w, 0, vowel_of(c));
            continue;
        }
        if (c < 0x80 && i < n && pair_bone((uint8_t)c, s[i] | 32)) {
            add_sound(w, pair_bone((uint8_t)c, s[i] | 32), c);
            i++;
        } else if (c && (c < 0x80 ? latin_bone((uint8_t)c) > 1 : arabic_bone(c) > 1)) {
            add_sound(w, c < 0x80 ? latin_bone((uint8_t)c) : arabic_bone(c), c);
        }
    }
}

/* What each Latin letter stands for first; another one of its sound is a little off, and much if a digit was chosen. */
static float consonant_cost(uint32_t latin, uint32_t arabic)
{
    static const struct { uint8_t latin; uint16_t arabic;
    } first[] = {
        {'h', 0x647}, {'7', 0x62D}, {'t', 0x62A}, {'6', 0x637}, {'d', 0x62F}, {'s', 0x633}, {'k', 0x643}, {'q', 0x642},
        {'c', 0x643}, {'8', 0x642}, {'9', 0x635}, {'g', 0x62C}, {'j', 0x62C}, {'z', 0x632}, {'5', 0x62E},
    };

    for (size_t i = 0; i < sizeof first / sizeof *first; i++)
        if (first[i].latin == latin)
            return first[i].arabic == arabic ? 0 : latin <= '9' ? 0.6f : 0.2f;
    return 0;
}

/* Short vowels are not written in Arabic; long ones are heard. */
static float drop_latin(const struct sounds *w, unsigned i)
{
    if (w->bone[i])
        return 9;
    return w->said[i] == '3' ? 1 : i + 1 == w->count ? 0.5f : w->said[i] < 'a' ? 0.4f : 0.1f;
}

static float drop_arabic(const struct sounds *w, unsigned i)
{
    return w->bone[i] ? 9 : w->said[i] == '3' ? 0.3f : 0.8f;
}

static float swap_cost(const struct sounds *l, unsigned i, const struct sounds *a, unsigned k)
{
    if (l->bone[i] || a->bone[k])
        return l->bone[i] == a->bone[k] ? consonant_cost(l->said[i], a->said[k]) : 9;
    return (l->said[i] | 32) == (a->said[k] | 32) ? 0 : 0.5f;
}

float fihi_respell_nearness(const uint8_t *latin, size_t latin_bytes, const uint8_t *arabic, size_t arabic_bytes)
{
    struct sounds l, a;
    float rows[2][SOUNDS + 1], *last = rows[0], *row = rows[1];

    read_sounds(&l, latin, latin_bytes);
    read_sounds(&a, arabic, arabic_bytes);
    last[0] = l.has_article == a.has_article ? 0 : 0.1f;
    for (unsigned k = 0; k < a.count; k++)
        last[k + 1] = last[k] + drop_arabic(&a, k);
    for (unsigned i = 0; i < l.count; i++) {
        row[0] = last[0] + drop_latin(&l, i);
        for (unsigned k = 0; k < a.count; k++) {
            float cost = last[k] + swap_cost(&l, i, &a, k);

            cost = last[k + 1] + drop_latin(&l, i) < cost ? last[k + 1] + drop_latin(&l, i) : cost;
            row[k + 1] = row[k] + drop_arabic(&a, k) < cost ? row[k] + drop_arabic(&a, k) : cost;
        }
        float *const swap = last;
        last = row;
        row = swap;
    }
    return 1 / (1 + last[a.count]);
}
