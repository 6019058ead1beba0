/* text/drawn.c - finding runs of letters alike, and weighing the words that are left when they are shortened.
 *
 * جمييييل: the run of ي may stand for one letter or two. Both spellings are weighed by how common their words are: جميل
 * is well known, جمييل is not, so جميل it is. Where the two are about alike, or neither is known, both are terms: a
 * word that is drawn out is found by whichever spelling a person searches for.
 *
 * Up to DRAWN_RUNS runs are weighed in all combinations, 16 words at most; a word with more of them is a cry, and takes
 * one letter of each. The cost does not matter, for hardly any word comes so far (has_run()).
 *
 * Who asks: chain.c, for each surface word that is seen for the first time. has_run() sends nearly all of them back.
 */
#include "text/drawn.h"

#include <string.h>

#include "base/utf8.h"
#include "text/stem.h"
#include "text/stop.h"
#include "text/verb.h"

enum {
    RUN = 3,                   /* so many letters alike, at least */
    VERB_BITS = 14,            /* how common a form of a verb, and a stop word, are taken to be: see counts.h */
    STOP_BITS = 40,
    ALIKE_BITS = 8             /* two words are both meant if one is not 16 times as frequent as the other */
};

/* Of folded letters: أاا is a run of three. At least 1; letters alike are those that the fold has made alike. */
static size_t run_at(const struct word *w, size_t i)
{
    size_t n = 1;

    while (i + n < w->n && w->letter[i + n] == w->letter[i])
        n++;
    return n;
}

/* Hardly any word has: so this is quick. */
static bool has_run(const struct word *w)
{
    for (size_t i = 2; i < w->n; i++)
        if (w->letter[i] == w->letter[i - 1] && w->letter[i] == w->letter[i - 2])
            return true;
    return false;
}

/* Runs of the word, and the letters of the longest. Runs of RUN letters and more. */
static size_t count_runs(const struct word *w, size_t *longest)
{
    size_t count = 0;

    *longest = 0;
    for (size_t i = 0, n; i < w->n; i += n) {
        n = run_at(w, i);
        count += n >= RUN;
        *longest = n > *longest ? n : *longest;
    }
    return count;
}

/* In place; the first letters of a run stay, with what they were written as. was[] and written[] go along with their
 * letters: a hamza that the fold has changed must still be known for one. */
void fihi_drawn_spell(struct word *w, const struct spelling *s)
{
    size_t to = 0, run = 0;

    for (size_t i = 0, n; i < w->n; i += n) {
        size_t left = n = run_at(w, i);

        /* Shorter runs are the word's own and stay. */
        if (n >= RUN)
            left = run < DRAWN_RUNS ? s->left[run++] : 1;
        for (size_t k = 0; k < left; k++, to++) {
            w->letter[to] = w->letter[i + k];
            w->was[to] = w->was[i + k];
            w->written[to] = w->written[i + k];
        }
    }
    w->n = to;
}

/* How well the word is known, in half bits; 0: not at all. Whatever the counts say of its letters, they are mostly the
 * stop word: hence a figure above all others. By its stem, as a stop word or as a form of a verb, whichever knows it:
 * 14 half bits stand for a word that is seen 128 times. */
static int known_bits(const struct word *w, const struct lexicon *l)
{
    struct verb_reading verb;
    int bits = fihi_stem_strength(w, l);

    if (fihi_stop_arabic(w))
        return STOP_BITS;
    fihi_verb_read(&verb, w, l);
    return verb.is_verb && bits < VERB_BITS ? VERB_BITS : bits;
}

/* The next combination of one and two; false after the last. Counting in base two, the first run fastest: 3 - left is
 * the other of 1 and 2. */
static bool next_spelling(struct spelling *s, size_t runs)
{
    for (size_t i = 0; i < runs; i++) {
        s->left[i] = 3 - s->left[i];
        if (s->left[i] == 2)
            return true;
    }
    return false;
}

/* `best` begins with 0, so that of spellings that nobody knows the first stay: all ones, and all twos. `work` is the
 * caller's, as a struct word is 5 KB. Example: جمييييل has two spellings, جميل and جمييل; only the first is known, so 1
 * is returned. */
size_t fihi_drawn_spellings(struct spelling out[DRAWN_SPELLINGS], const struct word *w, const struct lexicon *l,
                            struct word *work)
{
    static const struct spelling twos = {{2, 2, 2, 2}};
    struct spelling s = {{1, 1, 1, 1}};
    int best[DRAWN_SPELLINGS] = {0, 0};
    size_t longest, runs;

    if (!has_run(w))
        return 0;
    runs = count_runs(w, &longest);
    if (run_at(w, 0) == w->n) {                     /* laughter, a cry: ههههه is هه, whatever is counted of خخخ */
        out[0] = twos;
        return 1;
    }
    /* تتتبع is ت + تتبع. Of four letters and more none are a word's own. */
    if (longest == RUN && known_bits(w, l) > 0)
        return 0;
    runs = runs < DRAWN_RUNS ? runs : DRAWN_RUNS;
    /* Where nothing is known, ones come before twos: a drawn out letter mostly stands for one. */
    out[0] = s;
    out[1] = twos;
    do {
        int bits;

        memcpy(work, w, sizeof *work);
        fihi_drawn_spell(work, &s);
        /* All that can be known of the word when it is so spelt. */
        bits = known_bits(work, l);
        if (bits > best[0]) {
            best[1] = best[0];
            out[1] = out[0];
            best[0] = bits;
            out[0] = s;
        } else if (bits > best[1]) {
            best[1] = bits;
            out[1] = s;
        }
    } while (next_spelling(&s, runs));
    /* Alike, or both unknown: two terms. */
    return best[0] > 0 && best[0] - best[1] > ALIKE_BITS ? 1 : DRAWN_SPELLINGS;
}

/* ---- other scripts */

/* A run of one character from i on: its bytes, and how many characters. Bytes are compared, which is enough: equal
 * characters have equal bytes. */
static size_t run_of_other(const uint8_t *s, size_t n, size_t i, size_t *count)
{
    int ok;
    size_t end = i, len;

    fihi_utf8_next(s, n, &end, &ok);
    len = end - i;
    for (*count = 1; end + len <= n && memcmp(s + i, s + end, len) == 0; ++*count)
        end += len;
    return end - i;
}

/* Letters of Roman numbers, three alike at most. xviii has three i, but no number has four alike: iiii is drawn out. */
static bool is_roman(const uint8_t *s, size_t n)
{
    size_t count;

    for (size_t i = 0; i < n; i += count)
        if (!memchr("ivxlcdm", s[i], 7) || run_of_other(s, n, i, &count) > RUN)
            return false;
    return true;
}

/* So many of a run are its own. At the beginning three letters are rather of a name, and a word of nothing else has
 * three: www, hhhh. Inside a word two are: cool. */
static size_t own_letters(size_t at, bool is_all)
{
    return is_all || at == 0 ? RUN : RUN - 1;
}

/* Never longer than s. Roman numbers and IEEE have three letters alike, and a word with digits or points is a code.
 * There are no counts of other languages: so col and cool are both terms of coool. */
size_t fihi_drawn_other(uint8_t out[FOLD_MAX], const uint8_t *s, size_t n, unsigned which)
{
    size_t to = 0, bytes, count;
    bool is_drawn = false;

    if (n > FOLD_MAX || is_roman(s, n) || (n >= 4 && memcmp(s, "ieee", 4) == 0))
        return 0;
    for (size_t i = 0; i < n; i += bytes) {
        bytes = run_of_other(s, n, i, &count);
        const size_t len = bytes / count, own = own_letters(i, bytes == n);
        size_t left = count;

        if (s[i] < 0x80 && (uint8_t)((s[i] | 0x20) - 'a') >= 26)
            return 0;
        /* More than are its own: drawn out. */
        if (count > own) {
            left = bytes == n ? RUN : which + 1;
            is_drawn = true;
        }
        memcpy(out + to, s + i, left * len);
        to += left * len;
    }
    return is_drawn ? to : 0;
}
