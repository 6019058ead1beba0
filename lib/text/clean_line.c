/* text/clean_line.c - lines that belong to the page and not to its text: share bars, footers, notices, adverts.
 *
 * A line is taken apart into words, each word is looked up for the kinds that it can be, and the line goes if their
 * kinds make a known shape. All words must be known (but what a source is called), so one word of prose keeps a line:
 *
 *    شارك على فيسبوك وتويتر         SHARE FILL NET NET        a share bar: a name behind "share"
 *    منذ أسبوعين | 2 قراءات          AGO UNIT | NUMBER READS   a footer: two parts without doubt
 *    شارك على فيسبوك رأيه           … unknown                 prose
 *
 * Cost: prose is left at its first word as a rule, for that is not in the table. The table is sorted by bytes and
 * compared eight at a time.
 *
 * Folding here is of bytes and only as far as the table needs it: أ إ آ are ا, ة is ه, ى is ي, small letters, no
 * vowels, ASCII digits. So the table may be written as a person reads it, in one spelling for each word.
 *
 * Nothing is allocated: 40 words of a line are 3 KB on the stack.
 */
#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"
#include "text/clean_part.h"

/* What a word can be on such a line; bits, for a word can be several. */
enum {
    W_NET = 1,                /* a network: Facebook, واتساب */
    W_SHARE = 2,              /* share, print, copy the link */
    W_FILL = 4,               /* between them: this article, on, by */
    W_SOURCE = 8,             /* المصدر */
    W_AGO = 16,
    W_UNIT = 32,              /* of time */
    W_READS = 64,             /* readings, views */
    W_BUTTON = 128,           /* print: enough alone */
    W_DATED = 256,            /* last update, published */
    W_ADVERT = 512,
    W_AD_FILL = 1024,         /* space, content, sponsored */
    W_COMMENT = 2048,
    W_NUMBER = 4096,
    W_ALONE = 8192,           /* one word that says it all: two readings */
    W_STARTS = 16384,         /* W_FILL that a footer can begin with: last (update), time (to read) */
    W_OPENS = 32768           /* the first word of some of `openings` */
};

/* 24 bytes: 23 letters of ASCII or 11 of Arabic, more than any word of the list has. The build sorts the rows by bytes
 * (make_list.c). */
struct entry {
    char     word[24];        /* padded with zeros: look_up() compares 8 bytes at once */
    uint32_t kinds;
};
#include "known_words_rows.h" /* text/lists/known_words.tsv; openings.tsv below */

/* Lines that begin so, up to the word's end. Folded, one space between words. */
struct opening {
    const char *text;
    unsigned    reason;
};
#include "openings_rows.h"

/* No footer has more words or a longer one. UNKNOWN_MOST is the name of a source. OPENING_MOST is more than the longest
 * opening has bytes. */
enum { WORD_MOST = 40, WORDS_MOST = 40, UNKNOWN_MOST = 8, OPENING_MOST = 80 };

/* start and end are bytes of the text; `folded` is what look_up() compares. */
struct word {
    size_t   start, end;
    unsigned kinds;
    bool      is_joined;       /* by a و at its head */
    bool      is_segment;      /* a bar, slash or dash stands before it */
    bool      has_colon;       /* behind it */
    char     folded[WORD_MOST + 8];    /* with 8 zeros behind, and a joined word's from the third byte on */
};

/* ---- words */

/* Length of the separator at i, 0 for part of a word. What is no letter or digit: ASCII signs, punctuation and symbols
 * of Unicode's blocks by their lead bytes. A symbol that is taken for a part of a word makes that unknown, and so the
 * line stays: a mistake on the safe side. */
static size_t separator(const uint8_t *s, size_t i, size_t n)
{
    if (s[i] < 0x80)
        return !(clean_is_letter(s[i]) || (uint8_t)(s[i] - '0') < 10);
    if (s[i] == 0xC2 && n - i > 1)                                       /* U+0080-00BF: signs, no-break space */
        return 2;
    if (s[i] == 0xD8 && n - i > 1 && (s[i + 1] == 0x8C || s[i + 1] == 0x9B || s[i + 1] == 0x9F))
        return 2;                                                        /* Arabic comma, semicolon, question mark */
    if (s[i] == 0xE2 && n - i > 2 && s[i + 1] <= 0xBF)
        return 3;                                                        /* dashes, bullets, arrows, marks */
    if (s[i] == 0xF0 && n - i > 3)
        return 4;                                                        /* emoji */
    return 0;
}

/* At a separator, so its bytes are all there. C2 B7 is the middle dot, E2 80 93 and 94 are dashes, A2 is the bullet.
 * Such a sign parts the segments of a footer: منذ أسبوعين | 2 قراءات. */
static bool is_bar(const uint8_t *s, size_t i)
{
    return memchr("/|-", s[i], 3) || (s[i] == 0xC2 && s[i + 1] == 0xB7) ||
           (s[i] == 0xE2 && s[i + 1] == 0x80 && (s[i + 2] == 0x93 || s[i + 2] == 0x94 || s[i + 2] == 0xA2));
}

/* Append the folded form of the character at s[i]; its length in bytes. Its own small fold in bytes, which the table of
 * words is written in: the analyzer's would cost more than all the rest. Writes at most two bytes, and never more than
 * it reads. Cases by lead byte, the commonest first: D8 and D9 are Arabic, C3 is Latin with accents. */
static size_t fold(char *out, size_t *len, const uint8_t *s, size_t i, size_t n)
{
    const uint8_t a = s[i], b = i + 1 < n ? s[i + 1] : 0;

    if (a < 0x80) {
        out[(*len)++] = (char)(clean_is_letter(a) ? a | 0x20 : a);
        return 1;
    }
    if ((a == 0xD9 && b >= 0x8B && b <= 0x9F) || (a == 0xD9 && b == 0x80) || (a == 0xD9 && b == 0xB0))
        return 2;                                                        /* vowels, tatweel */
    if (a == 0xC3 && b >= 0x80 && b <= 0x9E) {                           /* É */
        out[(*len)++] = (char)a;
        out[(*len)++] = (char)(b | 0x20);
        return 2;
    }
    if (a == 0xD8 && (b == 0xA2 || b == 0xA3 || b == 0xA5 || b == 0xA9)) {
        out[(*len)++] = b == 0xA9 ? (char)0xD9 : (char)a;
        out[(*len)++] = b == 0xA9 ? (char)0x87 : (char)0xA7;
        return 2;
    }
    if (a == 0xD9 && (b == 0x89 || (b >= 0xA0 && b <= 0xA9))) {          /* ى, digits */
        out[(*len)++] = b == 0x89 ? (char)a : (char)('0' + (b - 0xA0));
        if (b == 0x89)
            out[(*len)++] = (char)0x8A;
        return 2;
    }
    out[(*len)++] = (char)a;
    return 1;
}

/* The first 8 bytes as a number that sorts like them. Big-endian, hence the swap. Bytes in the order of strcmp() become
 * numbers in that of <, which is what makes eight of them one comparison. */
static uint64_t prefix(const char *word)
{
    return __builtin_bswap64(get_u64((const uint8_t *)word));
}

/* `word` has at least 8 bytes, zeros behind its end. The first row that is not less; of words with the same 8 bytes the
 * whole is compared. 0 for a word that is not in the table. Nine steps for some five hundred rows, without a branch
 * that depends on the word. */
static unsigned look_up(const char *word)
{
    const uint64_t wanted = prefix(word);
    const struct entry *low = known_words, *end = known_words + sizeof known_words / sizeof *known_words;

    for (size_t n = sizeof known_words / sizeof *known_words; n > 1;
         n -= n / 2) /* no branch to guess: a move on a condition */
        low += prefix(low[n / 2 - 1].word) < wanted ? n / 2 : 0;
    low += prefix(low->word) < wanted;                                     /* now the first that is not smaller */
    for (; low < end && prefix(low->word) == wanted; low++)
        if (strcmp(low->word, word) == 0)
            return low->kinds;
    return 0;
}

/* و is joined to the next word, in UTF-8 two bytes: وتويتر. Only و, of all that is glued before words: share bars are
 * lists. A word that is itself in the table may begin with و (واتساب). */
static unsigned kinds_of(const char *word, bool *is_joined)
{
    unsigned kinds;

    if (word[0] >= '0' && word[0] <= '9' && strspn(word, "0123456789") == strlen(word))
        return W_NUMBER;
    kinds = look_up(word);
    if (!kinds && memcmp(word, "و", 2) == 0) {
        kinds = look_up(word + 2);
        *is_joined = kinds != 0;
    }
    return kinds;
}

/* The next word from *i on; 0 at the end. Long words have no kind. What is too long is read on, over its last bytes: it
 * keeps no letters, and then no kind. *i is moved behind the word. is_segment is of the separators before it, has_colon
 * of what follows. */
static int next_word(const struct cleaner *c, size_t *i, size_t end, struct word *w)
{
    const uint8_t *s = c->s;
    size_t len = 0, sep;

    w->is_segment = false;
    /* Signs before the word; that one of them was a bar is kept. */
    while (*i < end && (sep = separator(s, *i, end)) != 0) {
        w->is_segment |= is_bar(s, *i);
        *i += sep;
    }
    if (*i >= end)
        return 0;
    w->start = *i;
    while (*i < end && separator(s, *i, end) == 0) {
        const size_t room = len < WORD_MOST - 3 ? len : WORD_MOST - 3;

        len = room;
        *i += fold(w->folded, &len, s, *i, end);
    }
    if (*i > end)
        *i = end;
    w->end = *i;
    /* Eight zeros, so that prefix() may read eight bytes from the last letter on. */
    memset(w->folded + len, 0, 8);
    w->is_joined = false;
    w->kinds = len < WORD_MOST - 3 ? kinds_of(w->folded, &w->is_joined) : 0;
    sep = clean_skip_space(s, *i, end);
    w->has_colon = sep < end && s[sep] == ':';
    return 1;
}

/* ---- shapes */

/* Names of networks and words around them: two names side by side, or a name behind "share". Names joined by و are
 * rather of a sentence (على فيسبوك وتويتر): at the end of prose only two that are not joined count. Numbers are counts
 * of shares. "شارك على فيسبوك وتويتر" as a line has two names and a "share": it goes. As the end of a sentence one of
 * the two is joined, so it stays. */
static bool is_share_bar(const struct word *w, size_t n, bool is_line)
{
    unsigned nets = 0, joined = 0, shares = 0, buttons = 0, numbers = 0;

    for (size_t i = 0; i < n; i++) {
        /* One word of another kind, and it is none. */
        if (!(w[i].kinds & (W_NET | W_SHARE | W_BUTTON | W_FILL | W_NUMBER)))
            return 0;
        nets += (w[i].kinds & W_NET) != 0;
        joined += (w[i].kinds & W_NET) && w[i].is_joined;
        shares += (w[i].kinds & W_SHARE) != 0;
        buttons += (w[i].kinds & W_BUTTON) != 0;
        numbers += (w[i].kinds & W_NUMBER) != 0;
    }
    if (!is_line)
        return nets - joined >= 2;
    if (nets)
        return nets - joined >= 2 || nets >= 3 || shares || (nets && buttons);
    /* Without a name: a short line that begins with "share", a button or two alone, or three of these in a row. */
    return (shares && (w[0].kinds & W_SHARE) && n <= 6 && !numbers) ||
           (buttons && (w[0].kinds & W_BUTTON) && n <= 2) ||
           shares + buttons >= 3;
}

/* One piece of a footer: 2 it is one without doubt, 1 it can be, 0 it is prose. 1 needs to stand near the end of the
 * text: a line of a source and a number may be prose's elsewhere. The shapes: المصدر: وكالات (a source); منذ 3 أيام
 * (ago and a unit); 120 مشاهدة (a number and readings); 4 تعليقات (comments); طباعة beside one of these (a button); آخر
 * تحديث 12:30 (dated). All others are prose. */
static int footer_segment(const struct word *w, size_t n)
{
    unsigned all = ~0u, any = 0;

    if ((w[0].kinds & W_SOURCE) && w[0].has_colon && n <= 7)
        return 1;
    for (size_t i = 0; i < n; i++) {
        if (!w[i].kinds)
            return 0;
        /* `all` are the kinds that every word has, `any` those that some have. */
        all &= w[i].kinds;
        any |= w[i].kinds;
    }
    if ((any & W_AGO) && (any & W_UNIT) && !(w[n - 1].kinds & W_NUMBER))         /* "since 1948" is a heading */
        return 2;
    if ((any & W_READS) && ((any & (W_NUMBER | W_ALONE)) || ((any & W_UNIT) && n > 2)))
        return 2;
    if ((any & W_COMMENT) && (n > 1 || (any & W_ALONE)))
        return 2;
    if ((any & W_BUTTON) && n <= 2)
        return 2;
    return (all & W_NUMBER) || ((any & W_DATED) && (any & W_NUMBER));
}

/* Segments between bars, all of them a footer's. Two of them, or one without doubt. One part that is none makes the
 * whole none. The strongest of the segments, and how many there are. */
static int footer_strength(const struct word *w, size_t n, size_t *segments)
{
    int strength = 0;

    *segments = 0;
    for (size_t i = 0, next; i < n; i = next) {
        int one;

        for (next = i + 1; next < n && !w[next].is_segment; next++)
            ;
        /* A segment of prose: the bar stood between two clauses. */
        if ((one = footer_segment(w + i, next - i)) == 0)
            return 0;
        if (one > strength)
            strength = one;
        ++*segments;
    }
    return strength;
}

/* Two words of filling, as "sponsored content", are one, too. "إعلان", "مساحة إعلانية": every word must be one of an
 * advert's. */
static bool is_advert(const struct word *w, size_t n)
{
    unsigned any = 0;

    for (size_t i = 0; i < n; i++) {
        if (!(w[i].kinds & (W_ADVERT | W_AD_FILL)))
            return 0;
        any |= w[i].kinds;
    }
    return (any & W_ADVERT) || n == 2;
}

/* Do no more than two lines that are not blank follow? Stops at the third line: the rest of the text is not read. Lines
 * of spaces alone are none. */
static bool is_near_end(const struct cleaner *c, size_t at)
{
    unsigned lines = 0;

    for (int blank = 1; at < c->n && lines <= 2; at++) {
        if (c->s[at] == '\n') {
            blank = 1;
        } else if (blank && !clean_is_space(c->s[at])) {
            lines++;
            blank = 0;
        }
    }
    return lines <= 2;
}

/* ---- openings */

/* Looked for in the whole line, case by case: a notice that names no cookies is not one of them. */
static int names_cookies(const struct cleaner *c, size_t start, size_t end)
{
    static const char *const words[] = {"ookie",   "OOKIE", "ملفات تعريف", "ملفات الارتباط",
                                        "الكوكيز", "كوكيز", "traceurs"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (fihi_clean_find(c->s + start, end - start, words[i]))
            return 1;
    return 0;
}

/* A line that begins with one of the openings, and does not go on like a sentence. Openings have up to four words, and
 * are compared after each. text[] has room for OPENING_MOST, a space and one more word. A full stop says that it is a
 * sentence that begins so; a colon behind the opening that it is none. Openings are phrases such as "اقرأ أيضا" that
 * introduce other articles of the page: what follows is a title, which no table knows. */
static int clean_opening(const struct cleaner *c, size_t start, size_t end, const struct word *first, struct cut *cut)
{
    enum { HINT_MOST = 300 };
    struct word w = *first;
    char text[OPENING_MOST + WORD_MOST + 2] = "";
    size_t len = 0, i = first->end;
    bool is_sentence = c->s[end - 1] == '.';

    for (unsigned words = 0; words < 4 && len < OPENING_MOST; words++) {
        const size_t n = strlen(w.folded);

        if (len)
            text[len++] = ' ';
        memcpy(text + len, w.folded, n + 1);
        len += n;
        for (size_t k = 0; k < sizeof openings / sizeof *openings; k++) {
            const unsigned reason = openings[k].reason;

            /* The list is short and a line comes here only by its first word (W_OPENS). */
            if (strcmp(openings[k].text, text) != 0)
                continue;
            if (reason == CLEAN_COOKIES
                    ? names_cookies(c, start, end)
                    : end - start <= HINT_MOST && (!is_sentence || w.has_colon || reason == CLEAN_FOOTER)) {
                *cut = (struct cut){start, end, reason};
                return 1;
            }
        }
        if (!next_word(c, &i, end, &w))
            break;
    }
    return 0;
}

/* ---- lines */

/* Nothing but addresses. Letters of hosts and paths are not checked: any bytes up to a space. One address or several,
 * and spaces. */
static bool is_addresses(const uint8_t *s, size_t i, size_t end)
{
    while (i < end) {
        if (!(end - i > 7 && memcmp(s + i, "http", 4) == 0 && memchr(s + i, ':', 6)) &&
            !(end - i > 4 && memcmp(s + i, "www.", 4) == 0))
            return 0;
        while (i < end && s[i] > ' ')
            i++;
        i = clean_skip_space(s, i, end);
    }
    return 1;
}

/* Brackets that a script left behind: }); 2 to 20 bytes of signs, one of them closing: :-) is prose, and ( ) alone
 * too. */
static bool is_brackets(const uint8_t *s, size_t i, size_t end)
{
    bool has_closing = false;

    if (end - i < 2 || end - i > 20)
        return 0;
    for (; i < end; i++) {
        if (!memchr("(){}[];,/<>-\t ", s[i], 14))
            return 0;
        /* Without one of these it may be a smiley. */
        has_closing |= s[i] == ';' || s[i] == '>';
    }
    return has_closing;
}

/* A line may be less clear than the end of a line of prose (is_line is false), which has no border of its own. A share
 * bar is asked first, for it is the commonest; of several shapes the reason is the first. */
static int clean_shape(const struct cleaner *c, size_t start, size_t end, const struct word *w, size_t n, bool is_line,
                       struct cut *cut)
{
    size_t segments;
    const int strength = footer_strength(w, n, &segments);
    unsigned reason = CLEAN_REASONS;

    if (is_share_bar(w, n, is_line))
        reason = CLEAN_SHARE;
    else if (strength == 2
                 ? is_line || segments > 1
                 : strength == 1 && is_line && (w[0].kinds & (W_SOURCE | W_DATED | W_STARTS)) && is_near_end(c, end))
        reason = CLEAN_FOOTER;
    else if (is_line && is_advert(w, n))
        reason = CLEAN_ADVERT;
    *cut = (struct cut){start, end, reason};
    return reason != CLEAN_REASONS;
}

/* The words of a line; 0 when there are too many. Only what a source is called may be a word that we do not know, so
 * most lines of prose are left at their first or second word. w has room for WORDS_MOST. */
static size_t read_words(const struct cleaner *c, size_t start, size_t end, struct word *w)
{
    size_t i = start, n = 0, unknown = 0;
    bool has_source = false;

    while (n < WORDS_MOST && next_word(c, &i, end, &w[n])) {
        /* From here on a name may stand that nobody knows. */
        has_source |= (w[n].kinds & W_SOURCE) && w[n].has_colon;
        if (!w[n].kinds && (!has_source || ++unknown > UNKNOWN_MOST))
            return 0;
        n++;
    }
    return n < WORDS_MOST ? n : 0;
}

/* A first word that only fills ("this") begins no footer but those of W_STARTS. */
static int clean_piece(const struct cleaner *c, size_t start, size_t end, struct cut *cut)
{
    struct word w[WORDS_MOST];
    size_t i = start, n;

    if (!next_word(c, &i, end, &w[0]) || !(w[0].kinds & ~(unsigned)W_FILL))
        return 0;
    if ((w[0].kinds & W_OPENS) && clean_opening(c, start, end, &w[0], cut))
        return 1;
    n = read_words(c, start, end, w);
    return n && clean_shape(c, start, end, w, n, 1, cut);
}

/* `end` is without the line feed. Called for each line of up to LINE_MOST bytes; most return after a look at their
 * first word. */
int fihi_clean_line(const struct cleaner *c, size_t start, size_t end, struct cut *cut)
{
    const uint8_t *s = c->s;

    start = clean_skip_space(s, start, end);
    while (end > start && clean_is_space(s[end - 1]))
        end--;
    if (start == end)
        return 0;
    if ((s[start] == 'h' || s[start] == 'w') && is_addresses(s, start, end)) {
        *cut = (struct cut){start, end, CLEAN_URL};
        return 1;
    }
    if (is_brackets(s, start, end)) {
        *cut = (struct cut){start, end, CLEAN_SCRIPT};
        return 1;
    }
    return clean_piece(c, start, end, cut);
}

/* ---- the end of a text that is one line */

/* Where the last sentence of a line begins. D8 9F is the Arabic question mark. `start` if there is
 * only one. */
static size_t last_sentence(const uint8_t *s, size_t start, size_t end)
{
    size_t i = end > start ? end - 1 : start;

    while (i > start && !(clean_is_space(s[i]) && (s[i - 1] == '.' || s[i - 1] == '!' || s[i - 1] == '?' ||
                                                   (s[i - 1] == 0x9F && i > start + 1 && s[i - 2] == 0xD8))))
        i--;
    return i > start ? clean_skip_space(s, i, end) : start;
}

/* Is the last word one of a footer or share bar? Prose seldom ends so, and is left at that. Before the whole sentence
 * is taken apart: the last word is one look-up. */
static int ends_known(const struct cleaner *c, size_t start, size_t end)
{
    struct word w;
    size_t i = end;

    /* Back to where the last word begins. */
    while (i > start && !clean_is_space(c->s[i - 1]))
        i--;
    return next_word(c, &i, end, &w) && w.kinds;
}

/* First the last sentence as a line of its own; then, in a line without a full stop, from each known word on whether
 * the rest is a footer: at most WORDS_MOST of them. Called at most three times for a text, with at most TAIL_MOST
 * bytes. */
int fihi_clean_tail(const struct cleaner *c, size_t start, size_t end, struct cut *cut)
{
    const size_t sentence = last_sentence(c->s, start, end);
    struct word w[WORDS_MOST];
    size_t n = 0, i = sentence;

    if (sentence > start && clean_piece(c, sentence, end, cut))
        return 1;
    if (c->s[end - 1] == '.' || !ends_known(c, sentence, end))
        return 0;
    while (n < WORDS_MOST && next_word(c, &i, end, &w[n]))
        n++;
    /* Too long for a footer, or it ends in prose. */
    if (n == WORDS_MOST || n == 0 || !w[n - 1].kinds)
        return 0;
    for (size_t k = 1; k < n; k++)
        if ((w[k].kinds & ~(unsigned)W_FILL) && !w[k].is_joined &&
            clean_shape(c, w[k].start, end, w + k, n - k, 0, cut))
            return 1;
    return 0;
}
