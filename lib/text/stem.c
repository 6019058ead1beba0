/* text/stem.c - light stemming: what is surely a clitic or an ending goes, what may be part of the
 * word stays. After the family of Larkey, Ballesteros & Connell, "Light Stemming for Arabic
 * Information Retrieval" (2007), with longer affixes and the guards below.
 *
 * Which letters are clitics is a question of evidence, not of rules: و and ب begin as many words of their own as words
 * that they are glued to. Each reading of a word is weighed in half bits (fihi_counts_find()), and the heaviest is
 * taken. بولاية: the word itself is not known; behind ب stands ولايه with 25, less 10 for a ب, so 15: the ب goes.
 * بلدية: it is in the table with 21, which only a word of the lexicon behind the ب could outweigh: it stays.
 *
 * Steps work in place: a caller that needs the whole word again folds it anew.
 */
#include "text/stem.h"

#include <libstemmer.h>
#include <stdbool.h>
#include <string.h>
#include <xxhash.h>

#include "fihrist.h"
#include "text/counts.h"
#include "text/verb.h"

struct affix {
    char16_t s[5];
    uint8_t  n, keep;           /* letters; letters that must be left */
    uint8_t  article;           /* 1 + place of the article's alef, 0 = has none */
    uint8_t  cost;              /* how seldom it stands before a word, in half bits as fihi_counts_find() */
};

/* Longest first. Where nothing is known the first that fits goes, so وال stands before و. A cost is what a word's
 * chance loses: و stands before one word in 11 (2^3.5), hence 7, ك before one in 128. A run costs the sum of its parts
 * (وبال 21 = 7 + 10 + 4); فو and وو cost more, for their second و is mostly the word's own. */
static const struct affix prefixes[] = {
    { u"وبال", 4, 2, 3, 21 }, { u"فبال", 4, 2, 3, 24 }, { u"وكال", 4, 2, 3, 25 },
    { u"ولل",  3, 3, 0, 21 }, { u"فلل",  3, 3, 0, 24 },
    { u"وال",  3, 2, 2, 11 }, { u"بال",  3, 2, 2, 14 }, { u"كال",  3, 2, 2, 18 }, { u"فال", 3, 2, 2, 14 },
    { u"ال",   2, 2, 1, 4 },  { u"لل",   2, 3, 0, 14 },
    { u"وس",   2, 4, 0, 19 }, { u"فس",   2, 4, 0, 22 }, { u"س",    1, 4, 0, 12 },
    { u"ول",   2, 3, 0, 17 }, { u"وب",   2, 3, 0, 17 }, { u"وك",   2, 3, 0, 21 },
    { u"فل",   2, 3, 0, 20 }, { u"فب",   2, 3, 0, 20 }, { u"فك",   2, 3, 0, 24 },
    { u"فو",   2, 4, 0, 22 }, { u"وو",   2, 4, 0, 22 },
    { u"و",    1, 3, 0, 7 },  { u"ل",    1, 3, 0, 10 }, { u"ب",    1, 3, 0, 10 },
    { u"ف",    1, 3, 0, 10 }, { u"ك",    1, 3, 0, 14 },
};

/* Tried in this order, each once. Pronouns first, for they stand last in a word; then what a pronoun may have stood
 * behind. A longer one stands before its own end: هما before ا. PRONOUNS and FEMININE are places in this table. */
static const struct affix suffixes[] = {
    { u"هما", 3, 3, 0, 0 }, { u"كما", 3, 3, 0, 0 }, { u"هم", 2, 3, 0, 0 }, { u"هن", 2, 3, 0, 0 },
    { u"ها",  2, 3, 0, 0 }, { u"كم",  2, 3, 0, 0 }, { u"نا", 2, 3, 0, 0 }, { u"ه",  1, 3, 0, 0 },
    { u"ك",   1, 3, 0, 0 }, { u"و",  1, 4, 0, 0 },
    { u"ات",  2, 3, 0, 0 }, { u"ان",  2, 3, 0, 0 }, { u"ون", 2, 3, 0, 0 }, { u"ين", 2, 3, 0, 0 },
    { u"وا",  2, 3, 0, 0 }, { u"ت",   1, 3, 0, 0 }, { u"ا",  1, 3, 0, 0 }, { u"ه",  1, 3, 0, 0 },
    { u"ي",   1, 3, 0, 0 },
};

/* In half bits, as the prefixes' costs. */
enum {
    SUFFIX_COST = 4,             /* of any ending */
    BARE_ARTICLE_COST = 12,      /* of an ال that is no article, though no hamza says so */
    SEEN_BITS = 16,              /* a common word */
    SHORT_BITS = 18,             /* a word of two letters must be so common to be seen behind a clitic */
    LEXICON_BITS = 30,           /* how common what the lexicon has is taken to be */
    INFLECTED_BITS = 10,         /* with a pronoun */
    TIMES_16 = 8, TIMES_32 = 10,  /* 2 log2(16), 2 log2(32): two half bits are a doubling */
    UNSEEN_BITS = 14,            /* of a plural of the lexicon that no text had without a clitic */
    OWN_BITS = 10                /* by so much a known word is the more likely, if the rest is in the lexicon */
};
enum { PRONOUNS = 9, FEMININE = 15 };   /* of the suffixes: the first; the one in ت */
enum {
    ALEF = u'ا', HEH = u'ه', WAW = u'و', YEH = u'ي', BEH = u'ب', TEH = u'ت', NOON = u'ن', LAM = u'ل', KAF = u'ك',
    MEEM = u'م', SEEN = u'س', DAL = u'د', KHAH = u'خ', HAMZA = u'ء'
};

/* Costs nothing when an index is written: there is no trace then. Only `letter` of `part` is set, which is all that
 * fihi_fold_utf8() reads. */
static void note(const struct word *w, struct trace *t, const char *why, const uint16_t *affix, size_t n)
{
    struct word part;
    uint8_t form[FIH_MAX_TERM], name[32];

    if (!t || !t->is_on)
        return;
    for (part.n = 0; part.n < n; part.n++)
        part.letter[part.n] = affix[part.n];
    name[fihi_fold_utf8(name, sizeof name - 1, &part)] = '\0';
    fihi_trace_step(t, form, fihi_fold_utf8(form, sizeof form, w), why, (const char *)name);
}

static bool is_name(const struct lexicon *l, const struct word *w)
{
    const struct lexeme *const e = fihi_lexicon_find(l, w->letter, w->n);

    return e && e->kind == LEXEME_NAME;
}

/* The row of a word, of one in ت too, which was ة before a pronoun: أسئلتهم is أسئلة + هم. */
static const struct lexeme *find(const struct lexicon *l, const uint16_t *s, size_t n)
{
    const struct lexeme *const e = fihi_lexicon_find(l, s, n);
    uint16_t open[LIST_ROW];

    if (e || n < 4 || n > LIST_ROW || s[n - 1] != TEH)
        return e;
    memcpy(open, s, n * sizeof *open);
    open[n - 1] = HEH;
    return fihi_lexicon_find(l, open, n);
}

static bool has_end(const uint16_t *s, size_t n, const struct affix *a)
{
    return n >= (size_t)a->n + a->keep && s[n - 1] == a->s[a->n - 1] &&
           memcmp(s + n - a->n, a->s, a->n * sizeof *s) == 0;
}

static int at_least(int a, int b)
{
    return a > b ? a : b;
}

/* How common s[0…n-1] with `last` behind it is. */
static int strength_closed(const uint16_t *s, size_t n, uint16_t last)
{
    uint16_t word[WORD_MAX];

    memcpy(word, s, n * sizeof *word);
    word[n] = last;
    return fihi_counts_find(word, n + 1);
}

/* How common the word at s is, spelt as it is without the ending before which it stands: ة for ت, and a hamza as
 * restore_hamza() has it. 0 where it would not be spelt otherwise. n is at least 3, as `keep` has it. */
static int strength_restored(const uint16_t *s, const uint8_t *was, size_t n)
{
    if (s[n - 1] == TEH)
        return strength_closed(s, n - 1, HEH);
    if (!(was[n - 1] & WAS_SEAT))
        return 0;
    return s[n - 2] == ALEF ? fihi_counts_find(s, n - 1) : s[n - 2] == WAW ? strength_closed(s, n - 1, HAMZA) : 0;
}

/* How common the word is that begins with letter `at` of w and ends before letter `end`, if an ending, of those from
 * number `first` on, belongs to it; before a pronoun there may be another. It calls itself for
 * what stands before a pronoun (كتاباتهم), and no deeper. */
static int strength_with_ending(const struct lexicon *l, const struct word *w, size_t at, size_t end, size_t first)
{
    const int cost = first == 0 ? SUFFIX_COST : 2 * SUFFIX_COST;
    const uint16_t *const s = w->letter + at;
    const size_t n = end - at;
    int best = 0;

    for (size_t i = first; i < sizeof suffixes / sizeof *suffixes; i++) {
        const struct affix *const a = &suffixes[i];
        const size_t stem = n - a->n;

        if (n < (size_t)a->n + 2 || s[n - 1] != a->s[a->n - 1] || memcmp(s + stem, a->s, a->n * sizeof *s) != 0)
            continue;
        const bool is_plural = a->n == 2 && a->s[0] == ALEF && a->s[1] == TEH;

        if (is_plural)
            best = at_least(best, strength_closed(s, stem, HEH) - cost);
        if (stem < a->keep)
            continue;
        best = at_least(best, strength_restored(s, w->was + at, stem) - cost);
        /* ات to three letters is mostly of a word in ة: بلغات is not بلغ */
        best = at_least(best, fihi_counts_find(s, stem) - (is_plural && stem == 3 ? 3 * cost : cost));
        if (i >= PRONOUNS)
            continue;
        const struct lexeme *const e = find(l, s, stem);
        best = at_least(best, e && e->kind != LEXEME_NAME ? INFLECTED_BITS : 0);
        best = at_least(best, strength_with_ending(l, w, at, at + stem, PRONOUNS));
    }
    return best;
}

static bool begins_with(const uint16_t *s, size_t n, const char16_t *part, size_t letters)
{
    return n >= letters && memcmp(s, part, letters * sizeof *s) == 0;
}

/* أبوه, أخيك, يده: one of the nouns of two letters, which are too short for the rules of endings, and behind it a
 * pronoun. */
static bool is_short_noun(const uint16_t *s, size_t n)
{
    static const struct { char16_t s[4]; uint8_t n; } nouns[] = {
        { u"ابو", 3 }, { u"ابا", 3 }, { u"ابي", 3 }, { u"اخو", 3 }, { u"اخا", 3 }, { u"اخي", 3 },
        { u"يدي", 3 }, { u"يد",  2 }, { u"فم",  2 }, { u"دم",  2 },
    };

    if (n < 3 || n > 6 || (s[1] != MEEM && s[1] != BEH && s[1] != DAL && s[1] != KHAH))
        return false;
    for (size_t i = 0; i < sizeof nouns / sizeof *nouns; i++)
        if (s[0] == nouns[i].s[0] && begins_with(s, n, nouns[i].s, nouns[i].n))
            for (size_t k = 0; k < PRONOUNS; k++)
                if (n == (size_t)nouns[i].n + suffixes[k].n &&
                    memcmp(s + nouns[i].n, suffixes[k].s, suffixes[k].n * sizeof *s) == 0)
                    return true;
    return false;
}

/* ---------------------------------------------------------------- prefixes */

static bool may_strip(const struct word *w, const struct affix *p)
{
    const size_t left = w->n - p->n;

    if (w->n < (size_t)p->n + 2 || w->letter[0] != p->s[0] || memcmp(w->letter, p->s, p->n * sizeof *p->s) != 0)
        return false;
    /* بشيء leaves شي, which is common enough to be seen; س before two letters never is. */
    if (left < p->keep && (p->keep > 3 || fihi_counts_find(w->letter + p->n, left) < SHORT_BITS))
        return false;
    if (p->article && (w->was[p->article - 1] & WAS_HAMZA_ALEF))
        return false;                   /* ألبان, إلكتروني: written with hamza it is no article */
    if (p->s[p->n - 1] == SEEN) {       /* the future: only before the letters that a present tense begins with */
        const uint16_t next = w->letter[p->n];
        return next == YEH || next == TEH || next == NOON || (next == ALEF && w->was[p->n] & WAS_HAMZA_ALEF);
    }
    return true;
}

/* All three arrays move: later steps ask how a letter was written. n is at most 8, as make_counts.c sees to. */
void fihi_stem_drop_first(struct word *w, size_t n, struct trace *t)
{
    uint16_t gone[8];

    memcpy(gone, w->letter, n * sizeof *gone);
    w->n -= n;
    memmove(w->letter, w->letter + n, w->n * sizeof *w->letter);
    memmove(w->was, w->was + n, w->n * sizeof *w->was);
    memmove(w->written, w->written + n, w->n * sizeof *w->written);
    note(w, t, "prefix", gone, n);
}

/* What it costs to take the letters from `at` on for the word's own. */
static int bare_article_cost(const struct word *w, size_t at)
{
    return begins_with(w->letter + at, w->n - at, u"ال", 2) && !(w->was[at] & WAS_HAMZA_ALEF) ? BARE_ARTICLE_COST : 0;
}

/* How common the word from letter `at` on is, if all of its letters are its own. Not known by itself, it may be known
 * with an ending, which is weaker evidence. A row of the table that is negative tells of clitics only, and counts as
 * not known. */
static int strength(const struct lexicon *l, const struct word *w, size_t at)
{
    const int alone = fihi_counts_find(w->letter + at, w->n - at);

    return alone > 0 ? alone : strength_with_ending(l, w, at, w->n, 0) - bare_article_cost(w, at);
}

/* و ب ل before a hamza are clitics whatever the tables say: بإدارة is no بادار. */
static bool is_before_hamza(const struct word *w)
{
    return w->n > 3 && (w->was[1] & WAS_HAMZA_ALEF) &&
           (w->letter[0] == WAW || w->letter[0] == BEH || w->letter[0] == LAM);
}

/* لله has lost the alef of الله, and no other word has ت of the oath: تالله. Is it الله behind clitics that hide it? */
static bool take_god(struct word *w, struct trace *t)
{
    static const char16_t forms[][8] = {u"لله",    u"ولله",   u"فلله",   u"تالله",
                                        u"وتالله", u"فتالله", u"ابالله", u"افبالله"};
    static const char16_t god[] = u"الله";
    size_t n = w->n;

    if (n < 3 || n > 7 || w->letter[n - 1] != HEH || w->letter[n - 2] != LAM || w->letter[n - 3] != LAM)
        return false;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        for (n = 0; forms[i][n]; n++) ;
        if (n == w->n && begins_with(w->letter, n, forms[i], n))
            break;
        n = 0;
    }
    if (n == 0)
        return false;
    w->n = 4;
    memcpy(w->letter, god, w->n * sizeof *w->letter);
    memset(w->was, 0, w->n);
    note(w, t, "clitics before", god, w->n);
    return true;
}

/* بدور is mostly ب + دور, though the lexicon has it, full moons: a plural that no text had as such. What a user has
 * said of a word counts in any case. */
static bool is_unseen(const struct lexeme *row, const struct word *w, int count)
{
    return row && row->kind == LEXEME_PLURAL && count == 0 && fihi_lexicon_find(&fihi_lexicon_ours, w->letter, w->n);
}

/* The reading is taken that is made of the commonest parts, and a known word is left as it is, unless a word of the
 * lexicon stands behind the prefix; where no part is known, the longest prefix goes. */
size_t fihi_stem_clitic_letters(const struct word *w, const struct lexicon *l)
{
    const struct affix *const end = prefixes + sizeof prefixes / sizeof *prefixes, *found = NULL;
    const int count = fihi_counts_find(w->letter, w->n);
    const bool may_be_own = !is_before_hamza(w), is_own = may_be_own && count > 0;
    const struct lexeme *const row = may_be_own ? fihi_lexicon_find(l, w->letter, w->n) : NULL;
    const bool is_rare = is_unseen(row, w, count);

    if (row && !is_rare)
        return 0;
    /* The table says outright how many letters go, but it knows no hamzas: one that is written on them says that they
     * are the word's own. */
    if (count < 0 && w->n >= 2 + (size_t)-count && !(w->was[-count - 1] & WAS_HAMZA_ALEF) &&
        !(w->was[0] & WAS_HAMZA_ALEF))
        return (size_t)-count;
    /* A word of the table loses a prefix only before a word of the lexicon, and if 30 less the cost of the prefix is
     * more than its own count and 10. */
    int best = is_rare ? UNSEEN_BITS : is_own ? count + OWN_BITS - bare_article_cost(w, 0)
                                     : may_be_own ? strength(l, w, 0) : 0;
    bool is_known = best > 0 || is_own;
    for (const struct affix *p = prefixes; p < end; p++) {
        if (!may_strip(w, p))
            continue;
        const bool is_listed = fihi_lexicon_find(l, w->letter + p->n, w->n - p->n) ||
                               (p->s[p->n - 1] != KAF && is_short_noun(w->letter + p->n, w->n - p->n)); /* كيده */
        const int known = is_rare ? fihi_counts_find(w->letter + p->n, w->n - p->n)
                                  : is_listed ? LEXICON_BITS : is_own ? 0 : strength(l, w, p->n);

        if (known > 0 && (!is_known || known - p->cost > best)) {
            found = p;
            best = known - p->cost;
            is_known = true;
        } else if (!found && !is_known) {
            found = p;
        }
    }
    return found ? found->n : 0;
}

void fihi_stem_clitics(struct word *w, const struct lexicon *l, struct trace *t)
{
    if (take_god(w, t))
        return;
    const size_t letters = fihi_stem_clitic_letters(w, l);
    if (letters > 0)
        fihi_stem_drop_first(w, letters, t);
}

/* The best of all readings, whichever of them the stemmer takes. A word that the table knows for its clitics only is a
 * word all the same, and counts as one with a pronoun. */
int fihi_stem_strength(const struct word *w, const struct lexicon *l)
{
    const int count = fihi_counts_find(w->letter, w->n);
    int best = count < 0 ? INFLECTED_BITS : strength(l, w, 0);

    if (fihi_lexicon_find(l, w->letter, w->n))
        best = at_least(best, LEXICON_BITS);
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        const struct affix *const p = &prefixes[i];

        if (may_strip(w, p))
            best = at_least(best, strength(l, w, p->n) - p->cost);
    }
    return at_least(best, 0);
}

/* ---------------------------------------------------------------- suffixes */

/* تأمين, تمرين, تكوين: the verbal noun تفعيل of a root that ends in ن. */
static bool is_verbal_noun(const struct word *w, const struct affix *s)
{
    return w->n == 5 && s->s[0] == YEH && s->n == 2 && w->letter[0] == TEH;
}

/* A last hamza behind a consonant has the seat with which the word is commonest: عبئا is of عبء, مبدئي of مبدأ, but
 * شاطئه of شاطئ. A seat that the fold made و or ي belongs to the vowel before the ending that is gone, so it tells
 * nothing. */
static void settle_hamza(struct word *w)
{
    static const uint16_t seats[] = { HAMZA, ALEF };
    const size_t last = w->n - 1;

    if (!(w->was[last] & WAS_SEAT) || w->letter[last - 1] == ALEF || w->letter[last - 1] == YEH)
        return;
    int best = fihi_counts_find(w->letter, w->n);
    for (size_t i = 0; i < 2; i++) {
        const int count = strength_closed(w->letter, last, seats[i]);

        if (count > best) {
            best = count;
            w->letter[last] = seats[i];
        }
    }
}

/* A hamza that stood at the end sits on another letter, or on none, before a suffix: علماؤنا, علمائنا,
 * إجراءات are علما, اجرا; ماؤها is ماء, بريئة بري; لجوئهم is لجوء; قارئون is قاري. */
static void restore_hamza(struct word *w, const struct affix *s)
{
    const size_t last = w->n - 1;
    const uint16_t before = w->letter[last - 1];

    if (!(w->was[last] & WAS_SEAT))
        return;
    if ((before == ALEF || before == YEH) && w->n > 3) {
        w->n--;
        w->was[last - 1] |= WAS_LONG;
    } else if (before == WAW || (w->n == 3 && w->letter[0] == MEEM && before == ALEF)) {
        w->letter[last] = HAMZA;
    } else if (s->n == 2 && s->s[0] == WAW && s->s[1] == NOON) {
        w->letter[last] = YEH;
    } else {
        settle_hamza(w);
    }
}

/* باحثو المركز, موظفوها: the و of ون is left where a noun follows. One that is the word's own (فيديو) has no plural of
 * the rest. Or the rest is 16 times as common: ماري is not, beside ماريو. */
static bool is_open_plural(const struct word *w)
{
    uint16_t plural[WORD_MAX + 1];
    const size_t stem = w->n - 1;
    const int rest = fihi_counts_find(w->letter, stem);

    memcpy(plural, w->letter, stem * sizeof *plural);
    plural[stem] = YEH;
    plural[stem + 1] = NOON;
    return rest > 0 && (fihi_counts_find(plural, stem + 2) > 0 || rest >= fihi_counts_find(w->letter, w->n) + TIMES_16);
}

/* بيتك is بيت, but the ك of بنك and تحريك is their own: those words are too common beside بن and تحري. */
static bool is_yours(const struct word *w)
{
    const int rest = fihi_counts_find(w->letter, w->n - 1);

    return rest >= SEEN_BITS && rest >= fihi_counts_find(w->letter, w->n) + TIMES_32;
}

/* Does evidence speak against an ending that words often have as letters of their own? */
static bool is_own(const struct word *w, const struct affix *s)
{
    if (s->n > 1)
        return is_verbal_noun(w, s);
    return (s->s[0] == KAF && !is_yours(w)) || (s->s[0] == WAW && !is_open_plural(w)) ||
           (s->s[0] == ALEF && (w->was[w->n - 1] & WAS_HAMZA_ALEF));
}

/* سيارتي has left سيارت, which is سيارة; but the ت of كويتي is its own. */
static bool is_open_feminine(const struct word *w)
{
    return w->n > 3 && w->letter[w->n - 1] == TEH &&
           strength_closed(w->letter, w->n - 1, HEH) > fihi_counts_find(w->letter, w->n);
}

/* A final alef that an ending (كتابا) and a lost hamza (شعراء, أعضاء) both explain: four letters, or
 * more behind a first alef. */
static bool is_two_ways(const struct word *w)
{
    const size_t last = w->n - 1;

    return w->letter[last] == ALEF && !(w->was[last] & (WAS_LONG | WAS_HAMZA_ALEF)) &&
           (w->n == 4 || w->letter[0] == ALEF);
}

/* كتبه, his books or he wrote it, is not كتبة, scribes: where a short plural in ة has a plain ه, and what is before it
 * is the commoner word, that is a pronoun. The word is as written but for a prefix. */
static bool is_pronoun(const struct word *w)
{
    const size_t stem = w->n - 1;

    return w->n == 4 && w->letter[stem] == HEH && w->written[stem] == HEH && w->letter[stem - 1] != ALEF &&
           fihi_counts_find(w->letter, stem) > fihi_counts_find(w->letter, w->n);
}

/* What the lexicon says of the word: a plural becomes its singular. Returns the kind of the row, 0 without one. What
 * the kind says of a plural is that of its singular, so that a name's endings stay. Letters are copied before they are
 * overwritten, for the trace. */
static int look_up(struct word *w, const struct lexicon *l, int before_pronoun, struct trace *t)
{
    const struct lexeme *e = before_pronoun ? find(l, w->letter, w->n) : fihi_lexicon_find(l, w->letter, w->n);
    uint16_t plural[LIST_ROW];
    const size_t n = w->n;

    if (!e || e->kind != LEXEME_PLURAL) {
        if (e && e->n == n)
            w->was[n - 1] |= e->was[n - 1];            /* the أ of مبدأ, also where it is written مبدا */
        return e ? e->kind : 0;
    }
    e = &l->rows[e->singular];
    memcpy(plural, w->letter, n * sizeof *plural);
    w->n = e->n;
    memcpy(w->letter, e->letter, e->n * sizeof *w->letter);
    memcpy(w->was, e->was, e->n);
    note(w, t, "singular of", plural, n);
    return e->kind;
}

/* May what is left behind a suffix be a plural? Behind a pronoun and the ا of an accusative it may; behind other
 * endings short words are mostly something else (مدني, civil, is not مدن, towns). */
static bool may_be_plural(const struct word *w, const struct affix *gone)
{
    return gone < suffixes + PRONOUNS || (gone->n == 1 && gone->s[0] == ALEF) || w->n >= 5;
}

/* Two letters and ة, in the spelling that is counted? */
static int strength_of_short(const struct word *w)
{
    return strength_closed(w->letter, 2, HEH);
}

/* لغات is of لغة, though only two letters are left; but نبات is of no نبه, which is far less common. */
static bool is_short_plural(const struct word *w, const struct affix *s)
{
    return w->n == 4 && s->n == 2 && s->s[0] == ALEF && w->letter[2] == ALEF && w->letter[3] == TEH &&
           ((w->was[1] & WAS_SEAT) || strength_of_short(w) + 2 >= at_least(fihi_counts_find(w->letter, 4), 4));
}

/* لغتنا and لغتين have left لغت. */
static bool is_short_open(const struct word *w)
{
    return w->n == 3 && w->letter[2] == TEH && strength_of_short(w) > fihi_counts_find(w->letter, 3);
}

static void close_short(struct word *w, struct trace *t)
{
    w->n = 3;
    w->letter[2] = HEH;
    w->was[2] = 0;
    note(w, t, "ending as in", u"ه", 1);
}

/* فئة and مئة keep their hamza, for without it they are فيه, in it, and ميه. */
static void keep_short_hamza(struct word *w, struct trace *t)
{
    if (w->n != 3 || w->letter[2] != HEH || !(w->was[1] & WAS_SEAT))
        return;
    w->letter[1] = HAMZA;
    note(w, t, "hamza as in", u"ئ", 1);
}

int fihi_stem_endings(struct word *w, const struct lexicon *l, int second, struct trace *t)
{
    if (is_short_noun(w->letter, w->n)) {
        w->n = 2;
        note(w, t, "with a pronoun, of", w->letter, 2);
        return 0;
    }
    const struct lexeme *const row = fihi_lexicon_find(l, w->letter, w->n);
    /* شعرا: شعر with an ending, and in the second reading شعراء, the plural of شاعر; كتب: he wrote, or books */
    const int waits = row && row->kind == LEXEME_PLURAL && !second && (is_two_ways(w) || w->n == 3);
    int known = waits || is_pronoun(w) ? 0 : look_up(w, l, 0, t), two_ways = waits;
    bool is_first = true;

    if (!known && w->n > 2)
        settle_hamza(w);
    /* One pass in the order of the table: كتاباتهم loses هم and then ات. To begin anew until nothing goes would eat
     * words. */
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        const struct affix *const s = &suffixes[i];

        if (!known && is_short_plural(w, s)) {
            close_short(w, t);
            break;
        }
        if (!has_end(w->letter, w->n, s))
            continue;
        /* Asked again before each ending, for a name may be left by the one before: محمدهم. */
        if (known == LEXEME_NAME || is_name(l, w) || (w->was[w->n - 1] & WAS_LONG))
            break;
        if (is_own(w, s))
            continue;
        if (is_first && !known && s->n == 1 && s->s[0] == ALEF && is_two_ways(w)) {
            two_ways = 1;
            if (second) {
                note(w, t, "ending as in", u"اء", 2);
                break;
            }
        }
        is_first = false;
        w->n -= s->n;
        restore_hamza(w, s);
        note(w, t, "suffix", s->s, s->n);
        if (is_short_open(w)) {
            close_short(w, t);
            break;
        }
        if (s->n == 1 && s->s[0] == YEH && is_open_feminine(w)) {
            w->n--;
            note(w, t, "suffix", suffixes[FEMININE].s, 1);
            i--;                                           /* شخصيتي has left شخصي */
        }
        if (!known && may_be_plural(w, s) && (known = look_up(w, l, s < suffixes + PRONOUNS, t)) != 0)
            two_ways = waits;                              /* كتبا needs no second reading */
    }
    keep_short_hamza(w, t);
    return two_ways;
}

/* -------------------------------------------------------------------- root */

/* The letters that derived verbs, participles and verbal nouns put before a root. From four letters on, so that three
 * are left: the م of ملك and the ن of نقل are of the root. */
static size_t derivation(const struct word *w)
{
    static const char16_t tenth[][3] = { u"است", u"يست", u"تست", u"مست", u"نست" };

    for (size_t i = 0; w->n >= 5 && i < sizeof tenth / sizeof *tenth; i++)
        if (begins_with(w->letter, w->n, tenth[i], 3))
            return 3;
    if (w->n >= 4 && (w->letter[0] == MEEM || w->letter[0] == YEH || w->letter[0] == TEH || w->letter[0] == NOON))
        return 1;
    return w->n >= 5 && w->letter[0] == ALEF;
}

/* Three letters whose forms differ: the middle one of a hollow root is و (قال, قول, قيل), a doubled one is written once
 * (مرر, مر, also of the key يمر), and صلة has lost the و of وصل. */
static size_t settle_root(uint16_t *root)
{
    const uint16_t with_waw[] = { WAW, root[0], root[1] };

    if (root[1] == ALEF || root[1] == YEH)
        root[1] = WAW;
    else if (root[2] == HEH && fihi_verb_is_past(with_waw, 3))
        memcpy(root, with_waw, sizeof with_waw);
    if (root[0] == YEH && fihi_verb_is_past(root + 1, 2)) {
        memmove(root, root + 1, 2 * sizeof *root);
        return 2;
    }
    return root[1] == root[2] ? 2 : 3;
}

/* مستخدم: مست goes, خدم is left. استعداد: است and the ا go, عدد is left, of which a د goes: عد, as of عدد. It is wrong
 * for some, and cheap to be wrong with: a root finds no document, it only ranks those that were found by their stems.
 */
void fihi_stem_root(struct word *w, struct trace *t)
{
    const size_t gone = derivation(w);
    uint16_t root[WORD_MAX];
    size_t n = w->n - gone, kept = 1;

    memcpy(root, w->letter + gone, n * sizeof *root);
    for (size_t i = 1; i < n; i++) {           /* long vowels behind the first letter, while more than 3 are left */
        const bool is_long = root[i] == ALEF || root[i] == WAW || root[i] == YEH;

        if (!is_long || kept + (n - i) <= 3)
            root[kept++] = root[i];
    }
    n = kept;
    if (n >= 4 && root[1] == TEH)              /* the ت of افتعل */
        memmove(root + 1, root + 2, (--n - 1) * sizeof *root);
    if (n == 3)
        n = settle_root(root);
    if (n < 2 || (n == w->n && memcmp(root, w->letter, n * sizeof *root) == 0))
        return;
    memcpy(w->letter, root, n * sizeof *root);
    w->n = n;
    note(w, t, "letters of the root", NULL, 0);
}

/* Tables that decide on terms must all be in it, or an index made with others would be searched. Code is
 * CHAIN_VERSION's. */
uint64_t fihi_stem_hash(void)
{
    uint64_t h = fihi_lexicon_hash(&fihi_lexicon_ours);

    h = h * 31 + fihi_counts_hash();
    h = XXH3_64bits_withSeed(prefixes, sizeof prefixes, h);
    return XXH3_64bits_withSeed(suffixes, sizeof suffixes, h);
}

/* -------------------------------------------------------------- libstemmer */

/* What the stemmer returns is its own until the next call, hence the copy. No stem at all means no memory: the one
 * error that libstemmer has. */
int fihi_stem_snowball(struct sb_stemmer *sb, uint8_t *s, size_t *n, size_t max)
{
    const sb_symbol *const stem = sb_stemmer_stem(sb, s, (int)*n);

    if (!stem)
        return FIH_E_NOMEM;
    const int len = sb_stemmer_length(sb);
    if (len <= 0 || (size_t)len > max)
        return FIH_OK;
    memcpy(s, stem, (size_t)len);
    *n = (size_t)len;
    return FIH_OK;
}

/* Words that touch many rules, of all three languages, whichever the stemmer is for. 0 is kept for failure; that a hash
 * is 0 need not be feared. */
uint64_t fihi_stem_snowball_hash(struct sb_stemmer *sb)
{
    static const char *const words[] = {
        "والوزاره", "بالمدينه", "مكتبات", "معلمون", "يكتبون", "فسيكفيكهم", "مصطفي", "كتابهما", "استخدام", "قران",
        "continuellement", "majestueusement", "chevaux", "économie", "finissions", "parlé",
        "running", "nationally", "generously", "skies", "dying", "hopping",
    };
    uint64_t h = 0;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        uint8_t stem[64];
        size_t n = strlen(words[i]);

        memcpy(stem, words[i], n);
        if (fihi_stem_snowball(sb, stem, &n, sizeof stem) != FIH_OK)
            return 0;
        h = XXH3_64bits_withSeed(stem, n, h + 1);
    }
    return h;
}
