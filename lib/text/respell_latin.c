/* text/respell_latin.c - Arabic words as people write them in Latin letters.
 *
 * A word is taken apart into pieces of a table, each of which stands for Arabic letters at a cost, the cheapest way
 * (the alignment of Needleman & Wunsch, 1970). The table has what French and English spellings of names do - ou and oo,
 * ch and sh, gu, dj, x for two letters, short vowels that Arabic does not write - and Arabizi's digits after Yaghan,
 * "Arabizi: A Contemporary Style of Arabic Slang" (2008): 2 ء 3 ع 5 خ 6 ط 7 ح 8 ق 9 ص.
 *
 *    m o h a m e d     م free, o left out 15, ح free, a left out 10, م free, e left out 5, د free: 30 for محمد
 *
 * A word of n letters may cost 7 n + 5 and no more than 75 (fihi_respell_latin_most()): mohamed may cost 54. A cost of
 * 0 is a usual spelling, 100 would be a clear mistake (respell.h).
 *
 * Thousands of words of an index are compared with one typed word, so sets of letters are prepared: a word that lacks a
 * letter which it must have, or has one that it cannot have, is out after a few operations (latin_may_be()).
 */
#include <string.h>

#include "text/fold.h"
#include "text/respell.h"

enum { HAMZA = 0x621, ALEF = 0x627, AIN = 0x639, LAM = 0x644, HEH = 0x647, WAW = 0x648, YEH = 0x64A };

enum {
    FIRST = 1, LATER = 2,              /* at the beginning of the word only, or not there */
    LAST = 4,                          /* at its end only */
    SOFT = 8,                          /* before e i y only */
    CLOSED = 16,                       /* behind a consonant only */
    OPEN = 32                          /* before a consonant only */
};

/* A piece has up to three Latin letters, and stands for none, one or two Arabic ones; the cost is in hundredths of a
 * mistake. */
struct piece {
    char     latin[4];
    uint8_t  cost, where;
    uint16_t arabic[2];
};

/* By the first letter. In N: ة is ه, أ إ آ are ا, ى is ي. Longer pieces compete with shorter ones of the same letters,
 * and the cheaper sum wins. ch is ش as the French write it, and تش as the English do, at 20. */
static const struct piece pieces[] = {
    {"2", 0, 0, u"ا"}, {"2", 5, 0, u"ء"}, {"2", 20, 0, u"ق"}, {"2", 20, 0, u""}, {"3", 0, 0, u"ع"}, {"5", 0, 0, u"خ"},
    {"6", 0, 0, u"ط"}, {"7", 0, 0, u"ح"}, {"8", 0, 0, u"ق"}, {"8", 20, 0, u"غ"}, {"9", 0, 0, u"ق"}, {"9", 5, 0, u"ص"},
    {"'", 0, LATER, u""}, {"'", 0, 0, u"ع"}, {"'", 5, LATER, u"ا"}, {"'", 5, LATER, u"ي"},
    {"a", 10, LATER | OPEN, u""}, {"a", 0, 0, u"ا"}, {"a", 15, 0, u"ع"}, {"a", 10, 0, u"عا"}, {"a", 10, LATER, u"اع"},
    {"a", 0, LAST, u"ه"}, {"a", 10, LAST, u"ي"}, {"a", 50, LATER, u"ي"}, {"aa", 0, 0, u"ا"}, {"aa", 0, 0, u"عا"},
    {"aa", 15, 0, u"ع"}, {"aa", 0, LAST, u"عه"}, {"ae", 10, 0, u"اي"}, {"ai", 0, LATER, u"ي"}, {"ai", 0, 0, u"اي"},
    {"ai", 5, 0, u"عي"}, {"ay", 0, LATER, u"ي"}, {"ay", 0, 0, u"اي"}, {"ay", 5, 0, u"عي"}, {"au", 0, 0, u"او"},
    {"au", 5, LATER, u"و"}, {"aw", 0, 0, u"او"}, {"aw", 0, LATER, u"و"},
    {"b", 0, 0, u"ب"}, {"bb", 0, 0, u"ب"},
    {"c", 0, 0, u"ك"}, {"c", 10, 0, u"ق"}, {"c", 0, SOFT, u"س"}, {"c", 5, SOFT, u"ص"}, {"c", 60, 0, u"س"},
    {"ck", 0, 0, u"ك"}, {"ck", 10, 0, u"ق"}, {"ch", 0, 0, u"ش"}, {"ch", 20, 0, u"تش"}, {"ch", 40, 0, u"خ"},
    {"ch", 40, 0, u"ك"},
    {"d", 0, 0, u"د"}, {"d", 10, 0, u"ض"}, {"d", 25, 0, u"ذ"}, {"d", 25, 0, u"ظ"}, {"dd", 0, 0, u"د"},
    {"dd", 10, 0, u"ض"}, {"dd", 15, 0, u"ذ"}, {"dh", 0, 0, u"ذ"}, {"dh", 0, 0, u"ظ"}, {"dh", 5, 0, u"ض"},
    {"dj", 0, 0, u"ج"},
    {"e", 5, LATER, u""}, {"e", 25, LATER, u"ي"}, {"e", 20, LATER, u"ا"}, {"e", 0, FIRST, u"ا"}, {"e", 20, 0, u"ع"},
    {"e", 5, LAST, u"ه"}, {"ea", 15, LATER, u"ي"}, {"ee", 0, LATER, u"ي"}, {"ei", 0, LATER, u"ي"},
    {"ey", 0, LATER, u"ي"}, {"eu", 10, LATER, u""}, {"eu", 25, LATER, u"و"},
    {"f", 0, 0, u"ف"}, {"ff", 0, 0, u"ف"},
    {"g", 10, 0, u"ق"}, {"g", 10, 0, u"غ"}, {"g", 5, 0, u"ج"}, {"g", 25, 0, u"ك"}, {"gg", 10, 0, u"ق"},
    {"gg", 10, 0, u"ج"}, {"gh", 0, 0, u"غ"}, {"gu", 10, SOFT, u"ق"}, {"gu", 15, SOFT, u"غ"}, {"gu", 15, SOFT, u"ج"},
    {"gu", 25, SOFT, u"ك"},
    {"h", 0, 0, u"ه"}, {"h", 0, 0, u"ح"}, {"h", 0, LAST, u""}, {"hh", 0, 0, u"ح"},
    {"i", 15, LATER | CLOSED | OPEN, u""}, {"i", 0, 0, u"ي"}, {"i", 0, FIRST, u"ا"}, {"i", 0, FIRST, u"اي"},
    {"i", 20, 0, u"ع"}, {"i", 10, 0, u"عي"}, {"ia", 0, LAST, u"يه"}, {"ie", 5, LAST, u"يه"}, {"ii", 0, LATER, u"ي"},
    {"iy", 0, LATER, u"ي"},
    {"j", 0, 0, u"ج"}, {"jj", 0, 0, u"ج"},
    {"k", 0, 0, u"ك"}, {"k", 8, 0, u"ق"}, {"kk", 0, 0, u"ك"}, {"kh", 0, 0, u"خ"},
    {"l", 0, 0, u"ل"}, {"ll", 0, 0, u"ل"},
    {"m", 0, 0, u"م"}, {"mm", 0, 0, u"م"},
    {"n", 0, 0, u"ن"}, {"nn", 0, 0, u"ن"},
    {"o", 15, LATER | OPEN, u""}, {"o", 0, LATER, u"و"}, {"o", 0, FIRST, u"ا"}, {"o", 0, FIRST, u"او"},
    {"o", 15, 0, u"ع"}, {"o", 5, 0, u"عو"}, {"oo", 0, 0, u"و"}, {"oo", 20, LATER, u""}, {"ou", 0, 0, u"و"},
    {"ou", 25, LATER, u""}, {"ou", 0, FIRST, u"او"}, {"ou", 5, FIRST, u"ا"}, {"ou", 10, 0, u"ع"}, {"ou", 5, 0, u"عو"},
    {"p", 0, 0, u"ب"}, {"pp", 0, 0, u"ب"}, {"ph", 0, 0, u"ف"},
    {"q", 0, 0, u"ق"}, {"q", 45, 0, u"ك"}, {"qu", 35, SOFT, u"ك"}, {"qu", 20, SOFT, u"ق"},
    {"r", 0, 0, u"ر"}, {"rr", 0, 0, u"ر"},
    {"s", 0, 0, u"س"}, {"s", 5, 0, u"ص"}, {"s", 40, LATER, u"ز"}, {"ss", 0, 0, u"س"}, {"ss", 5, 0, u"ص"},
    {"sh", 0, 0, u"ش"}, {"sch", 0, 0, u"ش"},
    {"t", 0, 0, u"ت"}, {"t", 8, 0, u"ط"}, {"t", 35, 0, u"ث"}, {"tt", 0, 0, u"ت"}, {"tt", 8, 0, u"ط"},
    {"th", 0, 0, u"ث"}, {"th", 20, 0, u"ذ"}, {"th", 30, 0, u"ت"}, {"th", 40, 0, u"ط"}, {"tch", 0, 0, u"تش"},
    {"tch", 20, 0, u"ش"},
    {"u", 10, LATER | OPEN, u""}, {"u", 0, LATER, u"و"}, {"u", 0, FIRST, u"ا"}, {"u", 5, FIRST, u"او"},
    {"u", 15, 0, u"ع"}, {"u", 35, LATER, u"ا"},
    {"v", 0, 0, u"ف"},
    {"w", 0, 0, u"و"},
    {"x", 0, 0, u"كس"}, {"x", 0, 0, u"قس"},
    {"y", 0, 0, u"ي"}, {"yy", 0, 0, u"ي"},
    {"z", 0, 0, u"ز"}, {"z", 25, 0, u"ض"}, {"z", 15, 0, u"ظ"}, {"z", 25, 0, u"ذ"}, {"zz", 0, 0, u"ز"},
};
enum { PIECES = sizeof pieces / sizeof *pieces };

/* kitab for الكتاب, elkitab for كتاب, lkitab for الكتاب; and one of two letters alike read by itself. */
enum { ARTICLE_LEFT_OUT = 10, ARTICLE_PUT_IN = 15, ARTICLE_SHORT = 10, HALF_COST = 20 };

/* The apostrophe counts as one: it is ع or nothing, between others. */
static bool is_vowel(uint32_t c)
{
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == '\'';
}

/* What an Arabic letter costs for which there is no Latin one. Other consonants are never silent. HEH at the end is
 * mostly ة. */
static unsigned silent_cost(uint32_t c, bool is_last)
{
    return c == AIN ? 30 : c == HAMZA ? 20 : c == ALEF ? 45 : c == HEH && is_last ? 15 : c == WAW || c == YEH ? 65
                                                                                                 : RESPELL_NEVER;
}

/* `first` is where the word begins, behind an article or not. SOFT also asks for a letter behind, which the end has
 * not. */
static bool fits(const struct piece *p, const struct letters *w, unsigned first, unsigned at, unsigned *bytes)
{
    const unsigned n = (unsigned)strnlen(p->latin, sizeof p->latin);

    *bytes = n;
    if (at + n > w->count || ((p->where & FIRST) && at != first) || ((p->where & LATER) && at == first) ||
        ((p->where & LAST) && at + n != w->count) ||
        ((p->where & OPEN) && (at + n == w->count || is_vowel(w->at[at + n]))))
        return false;
    for (unsigned i = 0; i < n; i++)
        if (w->at[at + i] != (uint8_t)p->latin[i])
            return false;
    if ((p->where & CLOSED) && at > first && is_vowel(w->at[at - 1]))
        return false;
    if (!(p->where & SOFT))
        return true;
    return at + n < w->count && (w->at[at + n] == 'e' || w->at[at + n] == 'i' || w->at[at + n] == 'y');
}

/* Which letters an Arabic word may have, and which it must. A letter that may come to nothing in some piece asks for
 * none. Both readings of an article are in `may`, and what lies behind it in `must`. */
static void find_sets(struct latin *l)
{
    uint64_t sets[RESPELL_LETTERS] = {0};
    bool may_be_silent[RESPELL_LETTERS] = {false};
    unsigned bytes;

    /* Those that may be silent (silent_cost()) and those of an article, whatever was typed. */
    l->may = letter_bit(ALEF) | letter_bit(AIN) | letter_bit(HAMZA) | letter_bit(WAW) | letter_bit(YEH) |
             letter_bit(HEH) | letter_bit(LAM);
    for (unsigned at = 0; at < l->word.count; at++)
        for (unsigned k = 0; k < PIECES; k++) {
            const struct piece *const p = &pieces[k];
            const uint64_t set = (p->arabic[0] ? letter_bit(p->arabic[0]) : 0) |
                                 (p->arabic[1] ? letter_bit(p->arabic[1]) : 0);

            if (p->latin[0] != (char)l->word.at[at] || (!fits(p, &l->word, 0, at, &bytes) &&
                                                         !fits(p, &l->word, l->from, at, &bytes)))
                continue;
            l->may |= set;
            for (unsigned i = at; i < at + bytes; i++) {
                /* A letter may be part of several pieces: any of theirs will do. */
                sets[i] |= set;
                may_be_silent[i] |= set == 0;
            }
        }
    for (unsigned at = l->from; at < l->word.count; at++) {
        if (may_be_silent[at] || is_vowel(l->word.at[at]))
            continue;
        /* One of these letters at least: which one, align() says. */
        l->must[l->must_count++] = sets[at];
        l->consonants += at == l->from || l->word.at[at] != l->word.at[at - 1];
    }
}

/* Letters before which the l of the article is not heard. l itself needs no place here: al- and el- are seen before it
 * is asked for. */
static bool is_sun_letter(uint32_t c)
{
    return c && c < 0x80 && strchr("tdrszn", (int)c);
}

/* Where the word begins behind al-, el-, l-, or as in es-s, er-r, ech-ch; 0 without an article. The two letters of ch
 * or sh stand twice: ech-chams. A word of four letters or less is taken as it is. Examples: 2 letters of elkitab and of
 * ennahar, 1 of lkitab, 3 of echchams, none of kitab. */
static unsigned behind_article(const struct letters *w)
{
    /* An article begins with a or e, or has lost that letter. */
    const bool is_open = w->count > 4 && (w->at[0] == 'a' || w->at[0] == 'e');

    if (is_open && w->at[1] == 'l')
        return 2;
    if (is_open && w->count > 5 && w->at[1] == w->at[3] && w->at[2] == 'h' && w->at[4] == 'h')
        return 3;
    if (is_open && is_sun_letter(w->at[1]) && w->at[1] == w->at[2])
        return 2;
    return w->count > 4 && w->at[0] == 'l' && !is_vowel(w->at[1]) ? 1 : 0;
}

/* Four letters less than there is room for, and at least one consonant: vowels alone stand for anything. */
bool fihi_respell_latin(struct latin *out, const uint8_t *s, size_t n)
{
    bool has_letter = false;

    /* Whole, for the sets are only added to. */
    memset(out, 0, sizeof *out);
    if (!fihi_respell_letters(&out->word, s, n) || out->word.count > RESPELL_LETTERS - 4)
        return false;
    for (unsigned i = 0; i < out->word.count; i++) {
        const uint32_t c = out->word.at[i];

        if (c == 0 || c >= 0x80 || !((c >= 'a' && c <= 'z') || strchr("2356789'", (int)c)))
            return false;
        has_letter |= c >= 'a';
    }
    /* Digits alone are a number. */
    if (!has_letter)
        return false;
    out->from = behind_article(&out->word);
    find_sets(out);
    return out->consonants > 0;
}

/* Longer words may be stranger, up to three quarters of a clear mistake. */
unsigned fihi_respell_latin_most(const struct latin *l)
{
    const unsigned most = 7 * (l->word.count - l->from) + 5;

    return most < 75 ? most : 75;
}

/* For cells of a row, most of which have several ways to them. */
static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Latin letters from number `first` on, Arabic ones from number `skip` on. cost[i][k] is the least for i Latin and k
 * Arabic letters, filled row by row: pieces and silent letters only lead to cells further on. What is dearer than
 * `most` is not pursued. 41 by 41 numbers on the stack, 7 KiB. */
static unsigned align(const struct letters *w, unsigned first, const struct letters *arabic, unsigned skip,
                      unsigned most)
{
    unsigned cost[RESPELL_LETTERS + 1][RESPELL_LETTERS + 1];
    const uint32_t *const a = arabic->at + skip;
    const unsigned n = arabic->count - skip;

    /* Nothing is reached yet. */
    for (unsigned i = first; i <= w->count; i++)
        for (unsigned k = 0; k <= n; k++)
            cost[i][k] = RESPELL_NEVER;
    /* Nothing read of either word yet. */
    cost[first][0] = 0;
    for (unsigned i = first; i <= w->count; i++) {
        const struct piece *here[PIECES];
        const bool is_twice = i + 1 < w->count && w->at[i] == w->at[i + 1] && !is_vowel(w->at[i]);
        unsigned bytes[PIECES], count = 0;
        /* Pieces that may begin here are looked for once, and tried for each place in the Arabic word. */
        bool halves[PIECES];

        for (unsigned p = 0; i < w->count && p < PIECES; p++)
            if (pieces[p].latin[0] == (char)w->at[i] && fits(&pieces[p], w, first, i, &bytes[count])) {
                halves[count] = is_twice && bytes[count] == 1;     /* mm is one م, if not two */
                here[count++] = &pieces[p];
            }
        for (unsigned k = 0; k <= n; k++) {
            const unsigned so_far = cost[i][k];

            /* Costs only grow. */
            if (so_far > most)
                continue;
            if (k < n)
                cost[i][k + 1] = least(cost[i][k + 1], so_far + silent_cost(a[k], k + 1 == n));
            for (unsigned p = 0; p < count; p++) {
                const uint16_t *const letters = here[p]->arabic;
                const unsigned length = (letters[0] != 0) + (letters[0] && letters[1]);
                const unsigned sum = so_far + here[p]->cost + (halves[p] ? HALF_COST : 0);

                if (k + length <= n && (length < 1 || letters[0] == a[k]) && (length < 2 || letters[1] == a[k + 1]))
                    cost[i + bytes[p]][k + length] = least(cost[i + bytes[p]][k + length], sum);
            }
        }
    }
    /* All letters of both words are used up there. */
    return cost[w->count][n] <= most ? cost[w->count][n] : RESPELL_NEVER;
}

/* With both articles, without the Arabic one, without the Latin one: the cheapest counts. Example: kitab for الكتاب
 * costs 10 more than for كتاب. */
unsigned fihi_respell_latin_cost(const struct latin *l, const struct letters *arabic, unsigned most)
{
    const bool has_article = arabic->count > 3 && arabic->at[0] == ALEF && arabic->at[1] == LAM;
    const unsigned article = l->from == 1 ? ARTICLE_SHORT : 0;
    unsigned best = RESPELL_NEVER;

    /* The cheap question first: most words of an index end here. */
    if (!latin_may_be(l, arabic->set))
        return RESPELL_NEVER;
    best = align(&l->word, 0, arabic, 0, most);
    /* الكتاب without its article: kitab. */
    if (has_article)
        best = least(best, align(&l->word, 0, arabic, 2, most) + ARTICLE_LEFT_OUT);
    /* 1 is l- without its vowel, as lkitab. */
    if (l->from)
        best = least(best, align(&l->word, l->from, arabic, has_article ? 2 : 0, most) + article +
                               (has_article ? 0 : ARTICLE_PUT_IN));
    /* The articles were added behind the limit of align(), so it is asked once more. */
    return best <= most ? best : RESPELL_NEVER;
}
