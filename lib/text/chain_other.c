/* text/chain_other.c - the terms of what is no Arabic word: initials, words of other scripts, numbers.
 *
 * They take a shorter way than Arabic words: no readings, no roots. A word has one item, or two at one position where
 * its letters are drawn out or a number may be read in two ways; initials are one term, however their letters are set
 * apart, so that U.S., U. S. and u.s. find each other. With BASE_SIMPLE every word comes here.
 *
 * chain.c decides who comes here. A change of the items needs a new CHAIN_VERSION, as one there does.
 */
#include <stdbool.h>
#include <string.h>
#include <unicode/uscript.h>

#include "base/utf8.h"
#include "text/chain_part.h"
#include "text/drawn.h"
#include "text/stem.h"

/* The bytes of what is written between initials at i: a point, a space; 0 if it is something else. C2 A0 is the
 * no-break space, E2 80 89 the thin one, E2 80 AF the narrow no-break one: those of split.c. */
static size_t between_at(const uint8_t *s, size_t n, size_t i)
{
    if (s[i] == '.' || s[i] == ' ')
        return 1;
    if (n - i >= 2 && s[i] == 0xC2 && s[i + 1] == 0xA0)
        return 2;
    return n - i >= 3 && s[i] == 0xE2 && s[i + 1] == 0x80 && (s[i + 2] == 0x89 || s[i + 2] == 0xAF) ? 3 : 0;
}

/* Are they initials: a letter, and then what is between them? The splitter has found them, so two letters tell: nothing
 * else has a point or space there. A cut surface is none, for its end is not known. Arabic letters have two bytes, and
 * two more for a hamza behind its alef (U+0653 to U+0655). Example: U.S. is, and its term is us. */
bool fihi_chain_is_initials(const uint8_t *s, size_t n, bool is_arabic)
{
    if (n > SURFACE_MAX || n < 3)
        return false;
    const size_t hamza = n > 4 && s[2] == 0xD9 && s[3] >= 0x93 && s[3] <= 0x95 ? 2 : 0;

    return is_arabic ? n > 4 + hamza && between_at(s, n, 2 + hamza) > 0
                     : (uint8_t)((s[0] | 0x20) - 'a') < 26 && s[1] == '.';
}

/* The letters of initials alone. Returns bytes. out has room for n bytes; letters keep their order. */
static size_t initials(uint8_t *out, const uint8_t *s, size_t n)
{
    size_t to = 0, between;

    for (size_t i = 0; i < n; i += between ? between : 1)
        /* Byte by byte: no byte inside a letter is one with which something between two begins. */
        if ((between = between_at(s, n, i)) == 0)
            out[to++] = s[i];
    return to;
}

/* A folded Arabic word with a point behind each letter but the last, so that ص.ب is no صب. 3 bytes are a letter of two
 * and a point. */
static size_t with_points(uint8_t *out, size_t max, const struct word *w)
{
    size_t n = 0;

    for (size_t i = 0; i < w->n && n + 3 <= max; i++) {
        n += fihi_utf8_put(out + n, w->letter[i]);
        /* The points are what makes them another term than the word of the same letters. */
        if (i + 1 < w->n)
            out[n++] = '.';
    }
    return n;
}

/* With the letters alone, so that أ.ف.ب and أ ف ب are one term. */
static size_t fold_initials(struct chain *c, uint8_t *out, size_t max, const uint8_t *s, size_t n)
{
    uint8_t letters[SURFACE_MAX];
    size_t at = 0;

    fihi_fold_raw(&c->raw, letters, initials(letters, s, n), 0);
    return fihi_fold_next(&c->form, &c->raw, &at) ? with_points(out, max, &c->form) : 0;
}

/* Arabic initials are one term, which is their normal form, too. No root: letters of initials are not those of one
 * word. */
int fihi_chain_initials(struct chain *c, const uint8_t *s, size_t n, struct trace *t, size_t wanted)
{
    struct item *it = begin_item(c, t, wanted);
    /* Not NULL: these are the first items of the word, and so is the next one. */
    const size_t len = fold_initials(c, it->term, sizeof it->term, s, n);

    if (len == 0)
        return FIH_OK;
    it->letters = at_most_255(c->form.n);
    it->flags = 0;
    it->len = (uint16_t)len;
    trace_form(t, c->surface, c->surface_bytes, it->term, len, "initials");
    c->item_count++;
    if (!c->has_levels)
        return FIH_OK;
    begin_item(c, t, wanted);
    /* The normalised word is beside the stem as with other Arabic words, though both have the same letters here. */
    c->items[1] = c->items[0];
    c->items[1].flags = TOKEN_FORM | TOKEN_SAME_POSITION;
    trace_form(t, c->surface, c->surface_bytes, it->term, len, "initials");
    c->item_count++;
    return FIH_OK;
}

size_t fihi_chain_fold_initials(struct chain *c, const uint8_t *s, size_t n, uint8_t *out)
{
    uint8_t letters[SURFACE_MAX];

    /* As their terms are: Arabic ones have points in them, others have none. */
    if (fihi_fold_is_arabic(s, n))
        return fold_initials(c, out, FOLD_MAX, s, n);
    return fihi_fold_other(out, letters, initials(letters, s, n), c->base == BASE_SIMPLE);
}

/* Bytes that begin a character. */
static size_t count_letters(const uint8_t *s, size_t n)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++)
        count += (s[i] & 0xC0) != 0x80;
    return count;
}

/* Letters of the Latin script, and nothing else? */
static bool is_latin(const uint8_t *s, size_t n)
{
    for (size_t i = 0; i < n;) {
        UErrorCode e = U_ZERO_ERROR;
        int ok;
        const uint32_t cp = fihi_utf8_next(s, n, &i, &ok);
        const UScriptCode script = uscript_getScript((UChar32)cp, &e);

        /* Accents that are characters of their own belong to no script: they are INHERITED. */
        if (!ok || (script != USCRIPT_LATIN && script != USCRIPT_INHERITED))
            return 0;
    }
    return n > 0;
}

/* A folded word of another script. The stop lists have no accents, but libstemmer needs them (é is an ending of its
 * French): so a copy without accents is looked up, the word with them is stemmed, and they go last. */
static int make_other(struct chain *c, const uint8_t *folded, size_t all, struct trace *t, size_t wanted)
{
    struct item *const it = begin_item(c, t, wanted);
    const int simple = c->base == BASE_SIMPLE;
    uint8_t word[FOLD_MAX], plain[FOLD_MAX];
    size_t len = cut_to(folded, all, FIH_MAX_TERM), plain_len;

    /* There is room: a word comes here twice at most, with one item each time. */
    *it = (struct item){ .letters = at_most_255(count_letters(folded, all)) };
    memcpy(word, folded, len);
    trace_form(t, c->surface, c->surface_bytes, word, len,
               word[0] >= '0' && word[0] <= '9' ? "normalised" : "case-folded");
    memcpy(plain, word, len);
    plain_len = fihi_fold_accents(plain, len);
    it->flags = fihi_stop_latin(plain, plain_len) ? TOKEN_STOP : 0;
    /* libstemmer is for one language of Latin letters: Greek words stay whole. */
    if (c->latin && is_latin(word, len)) {
        const size_t before = len;
        memcpy(plain, word, len);
        if (fihi_stem_snowball(c->latin, word, &len, FIH_MAX_TERM) != FIH_OK)
            return FIH_E_NOMEM;
        trace_form(t, plain, before, word, len, "libstemmer");
    }
    if (!simple) {
        memcpy(plain, word, len);
        plain_len = fihi_fold_accents(plain, len);
        trace_form(t, word, len, plain, plain_len, "accents dropped");
        memcpy(word, plain, len = plain_len);
    }
    if (len == 0)
        return FIH_OK;
    memcpy(it->term, word, len);
    it->len = (uint16_t)len;
    keep_stem(c, 0);
    return FIH_OK;
}

/* A number with one point before three digits may have a decimal point or thousands: 17.500. With it both are meant. 5
 * to 7 bytes are 1 to 3 digits, a point, 3 digits. 0.500 is a fraction. */
static size_t without_point(uint8_t out[FOLD_MAX], const uint8_t *s, size_t n)
{
    if (n < 5 || n > 7 || s[n - 4] != '.' || s[0] == '0')
        return 0;
    for (size_t i = 0; i < n; i++)
        if (i != n - 4 && (s[i] < '0' || s[i] > '9'))
            return 0;
    memcpy(out, s, n - 4);
    memcpy(out + n - 4, s + n - 3, 3);
    return n - 1;
}

/* Other scripts and numbers; with BASE_SIMPLE, every word. Letters that are drawn out, or a number of two readings, are
 * two items at one position. */
int fihi_chain_other(struct chain *c, const uint8_t *s, size_t n, struct trace *t, size_t wanted)
{
    uint8_t word[FOLD_MAX], shorter[FOLD_MAX];
    const bool has_points = fihi_chain_is_initials(s, n, false);
    const size_t letters = has_points ? initials(shorter, s, n) : 0;
    const size_t all = fihi_fold_other(word, has_points ? shorter : s, has_points ? letters : n,
                                       c->base == BASE_SIMPLE);
    int rc = FIH_OK;

    /* Nothing is left of it, so the word has no term. */
    if (all == 0)
        return FIH_OK;
    if (has_points && (rc = make_other(c, word, all, t, wanted)) == FIH_OK) {
        c->items[0].flags &= (uint8_t)~TOKEN_STOP;         /* U.S. is no "us" */
        return FIH_OK;
    }
    /* Letters that are drawn out stay so with BASE_SIMPLE. */
    if (c->base == BASE_SIMPLE || fihi_drawn_other(shorter, word, all, 0) == 0) {
        /* 17.500 is 17.500 and 17500, at one position. */
        const size_t other = without_point(shorter, word, all);

        /* The number as it is written comes first, for it is the first reading. */
        rc = make_other(c, word, all, t, wanted);
        return rc == FIH_OK && other ? make_other(c, shorter, other, t, wanted) : rc;
    }
    /* Both at one position: for other scripts there is no table that tells which is meant. */
    for (unsigned which = 0; which < DRAWN_SPELLINGS && rc == FIH_OK; which++)
        rc = make_other(c, shorter, fihi_drawn_other(shorter, word, all, which), t, wanted);
    return rc;
}
