/* text/fold.c - one spelling for many, of Arabic words. Others: fold_other.c.
 *
 * In two steps. fihi_fold_raw() decodes, takes glyphs apart and drops marks, but lets marks do first what they do to
 * letters: it is a machine that sees one character at a time and remembers (struct since) what the marks since the last
 * letter may still change. fihi_fold_next() then folds the letters of one word; it looks at neighbours, for what a
 * hamza sits on depends on them.
 *
 *    ٱلۡـَٔاخِرَة   ٱ ل, tatweel, fatha, hamza above: أ for now; ا: that was آ   raw ٱلآخرة   N الاخره
 *    رَءَيۡتُم      ر, fatha, ء: bare; its fatha: أ                              raw رأيتم    N رايتم
 *    علماؤنا      ؤ is و that WAS_SEAT                                        raw علماؤنا  N علماونا
 *
 * The text need not be composed or in Unicode's order of marks: what belongs to a letter is noted, and settled when the
 * next one comes. Everyday words take the first branch of put() for each letter, and none of this.
 *
 * Safe on any bytes: ill-formed ones are passed over, and a word is cut at WORD_MAX letters. Places in struct since are
 * 1 + an index, so that zeros mean "none".
 *
 * Who asks: chain.c, for each surface word that is seen for the first time; stop.c's, lexicon.c's and verb.c's tables
 * are made by this code too, so that whatever is compared has been folded by one rule. What each character becomes
 * stands in README.md; the names of the marks are Unicode's (The Unicode Standard, chapter 9.2, "Arabic").
 */
#include "text/fold.h"

#include <stdbool.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>
#include <xxhash.h>

#include "base/utf8.h"
#include "text/sign.h"

enum {
    HAMZA = 0x0621, ALEF_MADDA = 0x0622, ALEF_HAMZA = 0x0623, WAW_HAMZA = 0x0624, ALEF_HAMZA_BELOW = 0x0625,
    YEH_HAMZA = 0x0626, ALEF = 0x0627, TEH_MARBUTA = 0x0629, TATWEEL = 0x0640, WAW = 0x0648, MAKSURA = 0x0649,
    YEH = 0x064A, FATHA = 0x064E, DAMMA = 0x064F, KASRA = 0x0650, SUKUN = 0x0652,
    MADDA_ABOVE = 0x0653, HAMZA_ABOVE = 0x0654, HAMZA_BELOW = 0x0655,
    DAGGER_ALEF = 0x0670, ALEF_WASLA = 0x0671, FARSI_YEH = 0x06CC, SMALL_WAW = 0x06E5, SMALL_YEH = 0x06E6,
    SMALL_HIGH_YEH = 0x06E7, KAF = 0x0643, HEH = 0x0647, FEH = 0x0641, QAF = 0x0642, NOON = 0x0646,
    BEH = 0x0628, TEH = 0x062A, JEEM = 0x062C, ZAIN = 0x0632, MEEM = 0x0645, LAM = 0x0644, SILENT_MARK = 0x06DF
};

/* ------------------------------------------------------------ surface → raw */

/* What the marks since the last letter are, and what they may still do to it. Numbers are 1 + index of a letter.
 * Cleared by each letter (append()), so what is noted here is of one letter and its marks. */
struct since {
    uint16_t silent;       /* a maksura that a dagger alef makes an alef if a letter follows */
    uint16_t seatless;     /* a hamza written on a tatweel, if no yeh is before it */
    uint16_t waits;        /* the same, of one whose vowel says what it sits on */
    uint16_t bare;         /* a hamza without a seat, behind a fatha */
    uint16_t mute;         /* an alef with the mark of a silent one */
    bool     fatha, other_vowel, tatweel;
    bool     has_small, dagger, small_yeh;   /* Unicode's order puts other marks of the letter behind small letters */
    bool     small_waw, long_yeh;            /* letters if another one follows */
};

/* One surface word on its way; `out` is the caller's. */
struct unfold {
    struct raw  *out;
    int          with_dagger;
    struct since since;
};

/* Each letter ends what the marks of the one before might do. A letter past WORD_MAX is lost, and the places still name
 * letters that are there. All letters go through here, those that marks make among them. */
static void append(struct unfold *u, uint32_t c)
{
    if (u->since.silent)
        u->out->letter[u->since.silent - 1] = ALEF;
    u->since = (struct since){ .silent = 0 };
    if (u->out->n < WORD_MAX)
        u->out->letter[u->out->n++] = (uint16_t)c;
}

/* By the letters as they are written: none is folded yet. */
static bool is_yeh(uint32_t c)
{
    return c == YEH || c == MAKSURA || c == FARSI_YEH;
}

static bool is_alef(uint32_t c)
{
    return c == ALEF || c == ALEF_MADDA || c == ALEF_HAMZA || c == ALEF_HAMZA_BELOW || c == ALEF_WASLA;
}

/* Uthmani text writes a hamza on a tatweel where the everyday spelling has a seat, which the vowels choose: an alef
 * beside fathas (يَسۡـَٔلُ is يسأل), a yeh beside others and behind a yeh (أَفۡـِٔدَة is أفئدة, هَيۡـَٔة is هيئة).
 * `seatless` is kept for an alef that may follow, `waits` for a vowel that may stand behind the hamza. */
static void put_seatless_hamza(struct unfold *u)
{
    struct raw *const r = u->out;
    /* A yeh with a vowel of its own or none: behind it a hamza sits on a yeh. */
    const int after_yeh = r->n > 0 && is_yeh(r->letter[r->n - 1]);

    const int may_be_alef = !u->since.other_vowel && !after_yeh;

    append(u, u->since.fatha && may_be_alef ? ALEF_HAMZA : YEH_HAMZA);
    u->since.seatless = after_yeh ? 0 : (uint16_t)r->n;
    u->since.waits = may_be_alef ? (uint16_t)r->n : 0;
}

/* Its own vowel may stand behind it, too. A vowel of this letter, or, if it is the hamza that waits for it, the one
 * that chooses its seat. */
static void put_vowel(struct unfold *u, uint32_t c)
{
    u->since.fatha |= c == FATHA;
    u->since.other_vowel |= c != FATHA;
    if (u->since.waits)
        u->out->letter[u->since.waits - 1] = c == FATHA ? ALEF_HAMZA : YEH_HAMZA;
    if (u->since.bare && c == FATHA)
        u->out->letter[u->since.bare - 1] = ALEF_HAMZA;
}

/* Decomposed text and Uthmani text write the hamza as a mark: on its letter, or on a tatweel. A mark on anything else
 * is dropped as the other marks are. NFD writes أ as ا and U+0654, and Uthmani text some of its hamzas so. */
static void put_hamza_mark(struct unfold *u, uint32_t mark)
{
    struct raw *const r = u->out;
    const uint32_t last = r->n ? r->letter[r->n - 1] : 0;

    /* The tatweel stands for no letter: the mark is the hamza's own. */
    if (u->since.tatweel && mark == HAMZA_ABOVE)
        put_seatless_hamza(u);
    else if (last == ALEF || (mark == HAMZA_BELOW && is_alef(last)))  /* NFC puts that mark first */
        r->letter[r->n - 1] = mark == MADDA_ABOVE ? ALEF_MADDA : mark == HAMZA_ABOVE ? ALEF_HAMZA : ALEF_HAMZA_BELOW;
    else if (last == WAW && mark == HAMZA_ABOVE)
        r->letter[r->n - 1] = WAW_HAMZA;
    else if (is_yeh(last) && mark != MADDA_ABOVE)
        r->letter[r->n - 1] = YEH_HAMZA;
}

/* Hamza and alef that meet are آ: ٱلۡـَٔاخِرَة is الآخرة */
static void put_madda(struct unfold *u)
{
    u->out->letter[u->since.seatless - 1] = ALEF_MADDA;
    u->since.seatless = 0;
}

/* صلوٰة is صلاة, تورىٰة is توراة, but سموَٰت keeps its waw: it has a vowel of its own. Behind an alef the small one
 * only says that it is long. A yeh is settled by what follows: رحمىٰ at the end keeps its ى, which append() would make
 * ا before another letter. U+0670, the small alef, stands over the letter that it lengthens: over a waw or yeh it is
 * read in place of it, over others behind it. */
static void put_dagger(struct unfold *u)
{
    struct raw *const r = u->out;
    const uint32_t last = r->n ? r->letter[r->n - 1] : 0;

    if (r->n == 0 || is_alef(last))
        return;
    if (u->since.seatless)                                      /* ٱلۡـَٰٔنَ is الآن */
        put_madda(u);
    else if (last == WAW && !u->since.fatha && r->n > 1)
        r->letter[r->n - 1] = ALEF;
    else if (is_yeh(last) && !u->since.fatha)
        u->since.silent = (uint16_t)r->n;
    else
        append(u, ALEF);
}

/* A first yeh with a dagger alef is يا, which everyday spelling writes apart: يَٰقَوۡمِ, وَيَٰٓـَٔادَمُ. */
static bool is_vocative(const struct raw *r)
{
    return (r->n == 1 && r->letter[0] == YEH) ||
           (r->n == 2 && r->letter[1] == YEH && (r->letter[0] == WAW || r->letter[0] == FEH));
}

static void put_vocative(struct unfold *u)
{
    append(u, ALEF);
    append(u, ' ');
    u->with_dagger = 1;                                   /* behind it the word is spelt as we would */
}

/* The small letters over the last letter, which all its marks have been seen of. has_dagger was noted in any case: it
 * tells the chain that a second reading exists, in which they are letters. Called before anything that ends the letter:
 * another letter, a tatweel, the end of the word. */
static void settle(struct unfold *u)
{
    /* Read and cleared before anything is put, as each letter calls settle() again. */
    const bool dagger = u->since.dagger, small_yeh = u->since.small_yeh;

    u->since.dagger = u->since.small_yeh = false;
    if (dagger && is_vocative(u->out))
        put_vocative(u);
    else if (dagger && u->with_dagger)
        put_dagger(u);
    if (small_yeh && u->with_dagger)
        append(u, YEH);
}

/* The small letters before another letter. A small waw or yeh at the end of a word is only a long vowel (لَهُۥ, بِهِۦ),
 * inside it is a letter (دَاوُۥد, إِۦلَٰف). U+06E5 and U+06E6 stand behind their letter, but only what follows tells
 * whether they count. */
static void put_small(struct unfold *u)
{
    const bool small_waw = u->since.small_waw, long_yeh = u->since.long_yeh;

    settle(u);
    u->out->has_dagger |= small_waw || long_yeh;
    if (u->with_dagger && (small_waw || long_yeh))
        append(u, small_waw ? WAW : YEH);
}

/* The way of nearly every character: a few comparisons, and the letter is there. */
static inline void put_letter(struct unfold *u, uint32_t c)
{
    /* حَوْلاَءَ: the fatha of an alef is its length, and belongs to the letter before. */
    const bool is_long = u->out->n > 0 && is_alef(u->out->letter[u->out->n - 1]);
    const bool is_open = u->since.fatha && !u->since.other_vowel && !is_long;

    if (u->since.has_small)
        put_small(u);
    append(u, c);
    /* Its seat is not known yet: an alef may follow, or its own vowel. */
    if (c == HAMZA && is_open)                            /* رَءَيۡت is رأيت */
        u->since.bare = (uint16_t)u->out->n;
}

/* Letters first, for nearly all characters are; ICU is asked only for what no branch knows. What is dropped at the end:
 * marks, hidden characters, and all above U+FFFF that was not taken apart. One character of the word, decoded. The
 * order of the branches is that of how often they are taken, but for the first two, which need a state that is rare. */
static void put(struct unfold *u, uint32_t c)
{
    const uint32_t dropped = U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK;

    if (c == ALEF && u->since.seatless) {
        put_madda(u);
    } else if (c == ALEF && u->since.bare && u->out->letter[u->since.bare - 1] == ALEF_HAMZA) {
        u->out->letter[u->since.bare - 1] = ALEF_MADDA;         /* شَنَءَان is شنآن */
    } else if (c == ' ' || (c >= HAMZA && c < TATWEEL) || (c > TATWEEL && c <= YEH)) {
        put_letter(u, c);
    } else if (c == TATWEEL) {
        settle(u);
        u->since.tatweel = 1;
    } else if (c == FATHA || c == DAMMA || c == KASRA) {
        put_vowel(u, c);
    } else if (c >= MADDA_ABOVE && c <= HAMZA_BELOW) {
        put_hamza_mark(u, c);
    } else if (c == DAGGER_ALEF || c == SMALL_HIGH_YEH) {
        u->out->has_dagger = true;
        u->since.has_small = true;
        u->since.dagger |= c == DAGGER_ALEF;
        u->since.small_yeh |= c == SMALL_HIGH_YEH;
    } else if (c == SMALL_WAW || c == SMALL_YEH) {
        u->since.has_small = true;
        u->since.small_waw |= c == SMALL_WAW;
        u->since.long_yeh |= c == SMALL_YEH;
    } else if (c == SUKUN || c == SILENT_MARK) {
        u->since.mute = u->out->n > 0 && u->out->letter[u->out->n - 1] == ALEF ? (uint16_t)u->out->n : 0;
    } else if (c <= 0xFFFF && !(U_GET_GC_MASK((UChar32)c) & dropped)) {
        put_letter(u, c);
    }
}

/* A sign is words by itself, whatever it is written to: النبيﷺ. Spaces more than one do no harm: fihi_fold_next()
 * passes over empty words. */
static void put_sign(struct unfold *u, const char16_t *words)
{
    put(u, ' ');
    for (; *words; words++)
        put(u, *words);
    put(u, ' ');
}

/* Glyphs of PDF text and ligatures, taken apart. One that begins with a space is a mark standing alone. Only the
 * decomposition of this one character, for NFKC of a whole word would also put its marks in order, and what the order
 * of a word's marks means is put()'s to say. 32 units: the longest has 18 letters. */
static void put_presentation(struct unfold *u, uint32_t cp)
{
    const char16_t *const sign = fihi_sign_words(cp);
    UErrorCode e = U_ZERO_ERROR;
    UChar parts[32];

    if (sign) {
        put_sign(u, sign);
        return;
    }
    const UNormalizer2 *const nfkc = unorm2_getNFKCInstance(&e);
    const int32_t n = U_SUCCESS(e) ? unorm2_getDecomposition(nfkc, (UChar32)cp, parts, 32, &e) : -1;

    if (n <= 0 || U_FAILURE(e)) {
        put(u, cp);
        return;
    }
    for (int32_t i = 0; i < n && parts[0] != ' '; i++)
        put(u, parts[i]);
}

static bool has_letters(const struct raw *r, size_t at, const char16_t *s, size_t n)
{
    return r->n >= at + n && memcmp(r->letter + at, s, n * sizeof *s) == 0;
}

/* Uthmani text ends words in وا that everyday spelling ends otherwise: ٱلۡعُلَمَـٰٓؤُاْ is العلماء, نَبَؤُاْ is نبأ,
 * and أَشۡكُواْ is أشكو, for one who complains. These 15 are no plurals, so their alef cannot be the one of وا that
 * everyday spelling keeps: a list, for no rule tells them from قَالُواْ. The alef behind it has U+06DF or a sukun,
 * which says that it is not read. */
static void drop_mute_alef(struct raw *r)
{
    static const char16_t singular[][5] = {u"أشكو", u"أدعو", u"ندعو", u"أتلو", u"نتلو", u"يدعو", u"يتلو", u"تتلو",
                                           u"يعفو", u"يرجو", u"ترجو", u"نبلو", u"تبلو", u"يربو", u"يمحو"};
    const size_t n = r->n;

    if (n > 2 && r->letter[n - 2] == WAW_HAMZA) {
        r->letter[n - 2] = is_alef(r->letter[n - 3]) ? HAMZA : ALEF_HAMZA;
        r->n--;
    }
    for (size_t i = 0; n >= 5 && n <= 6 && i < sizeof singular / sizeof *singular; i++)
        if (has_letters(r, n - 5, singular[i], 4))
            r->n = n - 1;
}

/* Put letters between those before `at` and the others. Dropped if there is no room: such a word is no word of the
 * Quran. */
static void insert(struct raw *r, size_t at, const char16_t *s, size_t n)
{
    if (r->n + n > WORD_MAX)
        return;
    memmove(r->letter + at + n, r->letter + at, (r->n - at) * sizeof *r->letter);
    memcpy(r->letter + at, s, n * sizeof *s);
    r->n += n;
}

/* يا أيها written as one word, with the alefs that it may have or lack: يأيها, ياأيها, يايها, يا أيتها. Everyday
 * spelling has two words, so text and query must. */
static void split_vocative(struct raw *r)
{
    /* The index of the ي, which a و or ف may stand before. */
    const size_t yeh = r->n > 0 && (r->letter[0] == WAW || r->letter[0] == FEH), alef = yeh + 1;
    const bool is_two = r->n > alef + 1 && is_alef(r->letter[alef + 1]);
    const size_t rest = alef + 1 + is_two;

    if (r->n < yeh + 5 || r->letter[yeh] != YEH || !is_alef(r->letter[alef]) ||
        !((r->n == rest + 3 && has_letters(r, rest, u"يها", 3)) ||
          (r->n == rest + 4 && has_letters(r, rest, u"يتها", 4))))
        return;
    if (is_two)
        insert(r, alef + 1, u" ", 1);
    else
        insert(r, alef, u"ا ", 2);
}

/* Words that Uthmani text spells in its own way, others than by small letters. From 4 to 9 letters, and by their last
 * or first one, so that a word that is none of them costs three comparisons. `n` is the length before split_vocative():
 * its words are none of the others. Called once, with all letters of the surface in place. */
static void respell(struct raw *r)
{
    const size_t n = r->n;

    if (n < 4 || n > 9)
        return;
    if (r->letter[n - 1] == ALEF)
        split_vocative(r);
    if (n <= 6 && r->letter[n - 4] == ALEF_WASLA && has_letters(r, n - 3, u"ليل", 3))     /* ٱلَّيۡل is الليل */
        insert(r, n - 3, u"ل", 1);
    if (n == 5 && r->letter[0] == YEH && has_letters(r, 0, u"يبنؤم", 5)) {
        r->n = 0;
        insert(r, 0, u"يا ابن أم", 9);
    }
}

/* Nothing but U+0621 to U+063A and U+0641 to U+064A, as most words are: no mark changes a letter then, and each is
 * what it is. False, with some letters put, if there is anything else. */
static bool put_plain(struct raw *out, const uint8_t *s, size_t n)
{
    if (n % 2 != 0 || n > 2 * WORD_MAX)
        return false;
    for (size_t i = 0; i < n; i += 2) {
        if (!(s[i] == 0xD8 && s[i + 1] >= 0xA1 && s[i + 1] <= 0xBA) &&
            !(s[i] == 0xD9 && s[i + 1] >= 0x81 && s[i + 1] <= 0x8A))
            return false;
        out->letter[i / 2] = (uint16_t)((s[i] & 0x1F) << 6 | (s[i + 1] & 0x3F));
    }
    out->n = n / 2;
    return true;
}

/* The struct is not cleared, for it has 2 KiB: only letters below n are set. s is of any bytes; out->n is 0 if none of
 * them is a letter. */
void fihi_fold_raw(struct raw *out, const uint8_t *s, size_t n, int with_dagger)
{
    struct unfold u = { .out = out, .with_dagger = with_dagger };

    out->has_dagger = false;
    if (put_plain(out, s, n)) {
        respell(out);
        return;
    }
    out->n = 0;
    for (size_t i = 0; i < n;) {
        int ok;
        const uint32_t cp = fihi_utf8_next(s, n, &i, &ok);
        /* U+FFFD is no letter: what an ill-formed byte was is not known. */
        if (!ok)
            continue;
        /* Arabic presentation forms A and B, mathematical letters and all above them, high hamzas. */
        if ((cp >= 0xFB50 && cp <= 0xFEFC) || cp >= 0x1EE00 || (cp >= 0x0675 && cp <= 0x0678))
            put_presentation(&u, cp);
        else
            put(&u, cp);
    }
    settle(&u);
    if (u.since.bare && out->letter[out->n - 1] == ALEF_MADDA) {            /* رَءَا is رأى */
        out->letter[out->n - 1] = ALEF_HAMZA;
        append(&u, MAKSURA);
    }
    if (u.since.mute && u.since.mute == out->n)
        drop_mute_alef(out);
    respell(out);
}

/* --------------------------------------------------------------- raw → word */

/* Letters that have nothing to do with hamza. Those that writers of Arabic, Persian and Urdu keyboards put for one
 * another, and letters of dialects for what standard spelling has (گ is ك in books, ڤ is ف). fihi_fold_hash() is made
 * of this table. A letter for which Arabic has none that is written instead stays as it is: پاریس is باريس, but ڈاکٹر
 * is ڈاكٹر. */
static uint32_t fold_letter(uint32_t c)
{
    switch (c) {
    case ALEF_WASLA: case 0x0672: case 0x0673: case 0x0675:                     return ALEF;
    case MAKSURA: case FARSI_YEH: case 0x06CD: case 0x06CE: case 0x06D0: case 0x06D2: case 0x06D3: return YEH;
    case TEH_MARBUTA: case 0x06BE: case 0x06C0: case 0x06C1: case 0x06C2: case 0x06C3: case 0x06D5: return HEH;
    case 0x06A9: case 0x06AA: case 0x06AB: case 0x06AD: case 0x0763: case 0x06AF: case 0x06A8: return KAF;
    case 0x06A1: case 0x06A2: case 0x06A4: case 0x06A5:                         return FEH;
    case 0x06A7: case 0x066F:                                                   return QAF;
    case 0x067E:                                                                return BEH;
    case 0x0686:                                                                return JEEM;
    case 0x0698:                                                                return ZAIN;
    case 0x06BA:                                                                return NOON;
    case 0x06C4: case 0x06C5: case 0x06C6: case 0x06C7: case 0x06C8: case 0x06C9: case 0x06CA: case 0x06CB: return WAW;
    default:                                                                    return c;
    }
}

static void add(struct word *w, uint32_t written, uint32_t letter, unsigned was)
{
    w->written[w->n] = (uint16_t)written;
    w->letter[w->n] = (uint16_t)letter;
    w->was[w->n++] = (uint8_t)was;
}

/* Nothing, or what is glued before a word: [و ف] [ب ك ل] [ال], or لل. By letters as written, or folded: alefs with a
 * hamza pass, as in وأل. */
static bool is_clitic_run(const uint16_t *c, size_t n)
{
    size_t i = 0;

    if (i < n && (c[i] == WAW || c[i] == FEH))
        i++;
    if (i < n && (c[i] == BEH || c[i] == KAF || c[i] == LAM))
        i++;
    if (n - i == 1 && c[i] == LAM && i > 0 && c[i - 1] == LAM)
        return 1;
    return i == n || (n - i == 2 && is_alef(c[i]) && c[i + 1] == LAM);
}

/* ماء (water) keeps its hamza: without it, it would be ما, a particle. */
static bool is_water(const uint16_t *c, size_t n)
{
    return n >= 3 && c[n - 3] == MEEM && is_clitic_run(c, n - 3);
}

/* The bare hamza: سماء = سما, شيء = شئ, قراءة = قرائة, جاءوا = جاؤوا, قرءان = قرآن; others stay. WAS_LONG and WAS_SEAT
 * keep for the stemmer what the letters no longer tell: that the ا of سما is of no ending, and that a و may be a hamza
 * again when the ending behind it goes. c[i] is the hamza, of a word c of n letters. It is dropped where no letter is
 * added. */
static void fold_bare_hamza(struct word *w, const uint16_t *c, size_t n, size_t i)
{
    const uint32_t before = i > 0 ? c[i - 1] : 0, after = i + 1 < n ? c[i + 1] : 0;

    /* The last letter of the word. */
    if (i + 1 == n) {
        if (is_alef(before) && !is_water(c, n)) {
            w->was[w->n - 1] |= WAS_LONG;
            w->written[w->n - 1] = HAMZA;
        } else if (!is_yeh(before)) {
            add(w, HAMZA, HAMZA, 0);
        }
    } else if (i > 0 && is_alef(before)) {
        add(w, HAMZA, after == WAW || after == WAW_HAMZA ? WAW : YEH, WAS_SEAT);
    } else if (is_yeh(before)) {
        add(w, HAMZA, YEH, WAS_SEAT);
    } else if (!(is_alef(after) && (i == 0 || i + 2 < n))) {
        add(w, HAMZA, HAMZA, 0);
    }
}

/* c is what was written, whole, so each letter is judged by its neighbours as written and not as folded. Only an empty
 * one comes out empty. The word without its spaces. *w has room for it, as the fold adds no letter. */
static void fold_word(struct word *w, const uint16_t *c, size_t n)
{
    w->n = 0;
    for (size_t i = 0; i < n; i++) {
        if (c[i] >= ALEF && c[i] <= YEH && c[i] != TEH_MARBUTA && c[i] != MAKSURA) {      /* no hamza: as it is */
            add(w, c[i], c[i], 0);
            continue;
        }
        const int after_yeh = i > 0 && is_yeh(c[i - 1]), next_is_last = i + 2 == n;

        if (i == 0 && n > 2 && c[0] == ALEF_HAMZA && c[1] == ALEF_HAMZA)     /* أأنت is ءأنت */
            continue;
        switch (c[i]) {
        case HAMZA:
            fold_bare_hamza(w, c, n, i);
            break;
        case ALEF_HAMZA:                                  /* هيأة = هيئة */
            if (after_yeh && i > 1 && next_is_last && (c[i + 1] == TEH_MARBUTA))
                add(w, c[i], YEH, WAS_SEAT);
            else
                add(w, c[i], ALEF, WAS_HAMZA_ALEF);
            break;
        case ALEF_MADDA: case ALEF_HAMZA_BELOW:           /* أإذا = أئذا */
            if (i == 1 && c[0] == ALEF_HAMZA && c[1] == ALEF_HAMZA_BELOW)
                add(w, c[i], YEH, WAS_SEAT);
            else                                          /* a last madda tells a reciter to draw the vowel out */
                add(w, c[i], ALEF, c[i] == ALEF_MADDA && i + 1 == n ? 0 : WAS_HAMZA_ALEF);
            break;
        case WAW_HAMZA:
            add(w, c[i], WAW, WAS_SEAT);
            break;
        case YEH_HAMZA:                                   /* شيئا is شيء; شئون = شؤون */
            if (after_yeh && i > 1 && next_is_last && c[i + 1] == ALEF)
                return;
            add(w, c[i], i + 1 < n && c[i + 1] == WAW ? WAW : YEH, WAS_SEAT);
            break;
        default:
            add(w, c[i], fold_letter(c[i]), 0);
        }
    }
}

/* *at is one behind the space, or behind the end: more than r->n where no word follows, which callers rely on. A
 * surface is mostly one word; a ligature has several. */
int fihi_fold_next(struct word *out, const struct raw *r, size_t *at)
{
    while (*at < r->n) {
        /* Two spaces in a row give an empty word, which the loop passes over. */
        const size_t start = *at;
        size_t end = start;

        /* Spaces come from signs and vocatives alone. */
        while (end < r->n && r->letter[end] != ' ')
            end++;
        *at = end + 1;
        fold_word(out, r->letter + start, end - start);
        if (out->n > 0)
            return 1;
    }
    return 0;
}

/* Four letters at most: وبال. */
bool fihi_fold_is_clitic(const struct word *w)
{
    return w->n > 0 && w->n <= 4 && is_clitic_run(w->letter, w->n);
}

/* Letters have 16 bits, so one takes 3 bytes at most. */
size_t fihi_fold_utf8(uint8_t *out, size_t max, const struct word *w)
{
    size_t n = 0;

    for (size_t i = 0; i < w->n; i++) {
        const uint16_t letter = w->letter[i];
        uint8_t c[4];

        if (letter >= 0x80 && letter < 0x800 && n + 2 <= max) {    /* as all Arabic letters are */
            out[n++] = (uint8_t)(0xC0 | letter >> 6);
            out[n++] = (uint8_t)(0x80 | (letter & 0x3F));
            continue;
        }
        const size_t len = fihi_utf8_put(c, letter);
        if (n + len > max)
            break;
        memcpy(out + n, c, len);
        n += len;
    }
    return n;
}

/* A digit of the Arabic block goes the way of other scripts, as all numbers do. The first character decides, for the
 * splitter has cut words where scripts meet. Which way a word goes, and which of a pattern's letters count as
 * Arabic. */
bool fihi_fold_is_arabic(const uint8_t *s, size_t n)
{
    int ok;
    size_t i = 0;
    const uint32_t cp = n ? fihi_utf8_next(s, n, &i, &ok) : 0;

    return (cp >= 0x0620 && cp <= 0x06FF && u_charDigitValue((UChar32)cp) < 0) || (cp >= 0x0750 && cp <= 0x077F) ||
           (cp >= 0x0870 && cp <= 0x08FF) || (cp >= 0xFB50 && cp <= 0xFEFC) || (cp >= 0x1EE00 && cp <= 0x1EEFF);
}

/* The rest of the fold is code: CHAIN_VERSION tells of it. A part of the analyzer's fingerprint (FORMAT.md, "Analyzer
 * fingerprint"). */
uint64_t fihi_fold_hash(void)
{
    uint32_t to[0x780 - 0x620];

    for (uint32_t c = 0x620; c < 0x780; c++)
        to[c - 0x620] = fold_letter(c);
    return XXH3_64bits(to, sizeof to);
}
