/* text/respell.c - keys: the Arabic 101 and 102 layouts as they lie over US QWERTY and French AZERTY.
 *
 * A writer who forgot to change the keyboard types السلام and gets hgsghl: each key gives its letter of the other
 * layout. So a word is turned key by key, either way, and who asks looks whether the result is a word.
 */
#include "text/respell.h"

#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"

/* Key by key, in the order of the rows; لا is one key. Columns of the two rows belong together; capitals are keys with
 * Shift. */
static const char *const latin_keys[RESPELL_KEYBOARDS] = {
    "q w e r t y u i o p [ ] a s d f g h j k l ; ' z x c v n m , . / ` H Y N b",
    "a z e r t y u i o p ^ $ q s d f g h j k l m ù w x c v n , ; : ! ² H Y N b",
};
static const char arabic_keys[] = "ض ص ث ق ف غ ع ه خ ح ج د ش س ي ب ل ا ت ن م ك ط ئ ء ؤ ر ى ة و ز ظ ذ أ إ آ لا";

/* What stands in the other row at the place of `key`; *bytes of it. NULL if the key is not there. Both rows go forward
 * together, key by key; they have 37 keys, and words are short. */
static const char *other_key(const char *from, const char *to, const uint8_t *key, size_t key_bytes, size_t *bytes)
{
    while (*from) {
        /* A key's bytes: one to four. */
        const size_t n = strcspn(from, " ");

        *bytes = strcspn(to, " ");
        if (n == key_bytes && memcmp(from, key, n) == 0)
            return to;
        from += n + (from[n] == ' ');
        to += *bytes + (to[*bytes] == ' ');
    }
    return NULL;
}

/* Which way, the first byte tells: ASCII, or C2 and C3 for ² ù. Capitals that are no key with Shift are read as small
 * letters, as with Caps Lock. There and back need not end where it began: b gives لا, and لا, as two letters, gives gh.
 */
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
        /* One letter without a key, and the word was not typed so. */
        if (!ok || !other || made + bytes > RESPELL_MAX)
            return 0;
        /* Two bytes for most letters, four for لا. */
        memcpy(out + made, other, bytes);
        made += bytes;
    }
    return made;
}

/* The set has 64 bits for all characters, so others than Arabic ones share a bit: it says that a letter may be there. A
 * word that is too long is refused: a cut one would be another word. */
bool fihi_respell_letters(struct letters *out, const uint8_t *s, size_t n)
{
    size_t i = 0;
    int ok = 1;

    out->count = 0;
    out->set = 0;
    while (i < n) {
        uint32_t c;

        if (i + 1 < n && s[i] >= 0xD8 && s[i] <= 0xDB && (s[i + 1] & 0xC0) == 0x80) {   /* Arabic, and so nearly all */
            c = (s[i] & 0x1Fu) << 6 | (s[i + 1] & 0x3Fu);
            i += 2;
        } else {
            c = fihi_utf8_next(s, n, &i, &ok);
        }
        if (!ok || out->count == RESPELL_LETTERS)
            return false;
        out->at[out->count++] = c;
        out->set |= letter_bit(c);
    }
    return out->count > 0;
}
