/* text/stem_ending.c - light stemming: endings. One pass over the table of suffixes (stem.c), and before each the
 * question what speaks against it: a name, a hamza, a commoner word. The lexicon is asked before any ending goes, and
 * again behind pronouns: أطفالهم is of طفل.
 *
 * Who asks: the chain, for each reading as a noun, behind fihi_stem_clitics(). `w` is changed in place and has two
 * letters at least at the end. What a later step must know of a letter is in w->was, which moves with it.
 */
#include "text/stem_part.h"

#include <string.h>

#include "text/counts.h"

/* Names keep their ends, which look like endings: سليمان and رمضان are no duals. */
static bool is_name(const struct lexicon *l, const struct word *w)
{
    const struct lexeme *const e = fihi_lexicon_find(l, w->letter, w->n);

    return e && e->kind == LEXEME_NAME;
}

/* The letters that must stay are in the table: three before most endings, four before و. */
static bool has_end(const uint16_t *s, size_t n, const struct affix *a)
{
    return n >= (size_t)a->n + a->keep && memcmp(s + n - a->n, a->s, a->n * sizeof *s) == 0;
}

/* تأمين, تمرين, تكوين: the verbal noun تفعيل of a root that ends in ن. */
static bool is_verbal_noun(const struct word *w, const struct affix *s)
{
    return w->n == 5 && s->s[0] == YEH && s->n == 2 && w->letter[0] == TEH;
}

/* A last hamza behind a consonant has the seat with which the word is commonest: عبئا is of عبء, مبدئي of مبدأ, but
 * شاطئه of شاطئ. A seat that the fold made و or ي belongs to the vowel before the ending that is gone, so it tells
 * nothing. True if it was another. */
static bool settle_hamza(struct word *w)
{
    static const uint16_t seats[] = { HAMZA, ALEF };
    const size_t last = w->n - 1;
    bool is_changed = false;

    if (!(w->was[last] & WAS_SEAT) || w->letter[last - 1] == ALEF || w->letter[last - 1] == YEH)
        return false;
    int best = fihi_counts_find(w->letter, w->n);
    for (size_t i = 0; i < 2; i++) {
        const int count = fihi_stem_closed(w->letter, last, seats[i]);

        if (count > best) {
            best = count;
            w->letter[last] = seats[i];
            is_changed = true;
        }
    }
    return is_changed;
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
        /* As if اء had been written: no further ending goes, and إجراءات stays اجرا. */
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

/* Does evidence speak against an ending that words often have as letters of their own? Of longer endings only the ين of
 * تفعيل is asked for here: names and the lexicon tell of the others. */
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
           fihi_stem_closed(w->letter, w->n - 1, HEH) > fihi_counts_find(w->letter, w->n);
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

/* What the lexicon says of the word, whose row is e, or NULL: a plural becomes its singular. Returns the kind of the
 * row, 0 without one. What the kind says of a plural is that of its singular, so that a name's endings stay. Letters
 * are copied before they are overwritten, for the trace. Example: أطفالهم has lost هم; اطفال is in the lexicon as a
 * plural, so the word becomes طفل. */
static int take_row(struct word *w, const struct lexicon *l, const struct lexeme *e, struct trace *t)
{
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
    fihi_stem_note(w, t, "singular of", plural, n);
    return e->kind;
}

/* Of what is left behind a suffix, which may have hidden a ة. */
static int look_up(struct word *w, const struct lexicon *l, bool is_before_pronoun, struct trace *t)
{
    return take_row(w, l, is_before_pronoun ? fihi_stem_row(l, w->letter, w->n)
                                            : fihi_lexicon_find(l, w->letter, w->n), t);
}

/* May what is left behind a suffix be a plural? Behind a pronoun and the ا of an accusative it may; behind other
 * endings short words are mostly something else (مدني, civil, is not مدن, towns). */
static bool may_be_plural(const struct word *w, const struct affix *gone)
{
    return gone < fihi_stem_suffixes + PRONOUNS || (gone->n == 1 && gone->s[0] == ALEF) || w->n >= 5;
}

/* Two letters and ة, in the spelling that is counted? */
static int strength_of_short(const struct word *w)
{
    return fihi_stem_closed(w->letter, 2, HEH);
}

/* لغات is of لغة, though only two letters are left; but نبات is of no نبه, which is far less common. */
static bool is_short_plural(const struct word *w, const struct affix *s)
{
    return w->n == 4 && s->n == 2 && s->s[0] == ALEF && s->s[1] == TEH && w->letter[2] == ALEF && w->letter[3] == TEH &&
           ((w->was[1] & WAS_SEAT) || strength_of_short(w) + 2 >= at_least(fihi_counts_find(w->letter, 4), 4));
}

/* لغتنا and لغتين have left لغت, and فئتين فئت, which is nothing else. */
static bool is_short_open(const struct word *w)
{
    return w->n == 3 && w->letter[2] == TEH &&
           ((w->was[1] & WAS_SEAT) || strength_of_short(w) > fihi_counts_find(w->letter, 3));
}

/* As the singular is spelt, so that لغات, لغتنا and لغة have one stem, لغه. */
static void close_short(struct word *w, struct trace *t)
{
    w->n = 3;
    w->letter[2] = HEH;
    w->was[2] = 0;
    fihi_stem_note(w, t, "ending as in", u"ه", 1);
}

/* فئة and مئة keep their hamza, for without it they are فيه, in it, and ميه. */
static void keep_short_hamza(struct word *w, struct trace *t)
{
    if (w->n != 3 || w->letter[2] != HEH || !(w->was[1] & WAS_SEAT))
        return;
    w->letter[1] = HAMZA;
    fihi_stem_note(w, t, "hamza as in", u"ئ", 1);
}

/* The lexicon first, which knows better than any rule; then endings, in the order of the table; then the hamza of short
 * words. Example: شخصيتي loses ي, ت and ي, and is شخص. */
int fihi_stem_endings(struct word *w, const struct lexicon *l, int second, struct trace *t)
{
    if (fihi_stem_is_short_noun(w->letter, w->n)) {
        w->n = 2;
        fihi_stem_note(w, t, "with a pronoun, of", w->letter, 2);
        return 0;
    }
    const struct lexeme *row = fihi_lexicon_find(l, w->letter, w->n);
    /* شعرا: شعر with an ending, and in the second reading شعراء, the plural of شاعر; كتب: he wrote, or books */
    const int waits = row && row->kind == LEXEME_PLURAL && !second && (is_two_ways(w) || w->n == 3);
    int known = waits || is_pronoun(w) ? 0 : take_row(w, l, row, t), two_ways = waits;
    /* A second reading is of the last letter as it was written: behind the first ending that went there is none. */
    bool is_first = true;

    if (!known && w->n > 2 && settle_hamza(w)) {
        fihi_stem_note(w, t, "hamza on its usual seat", NULL, 0);
        row = fihi_lexicon_find(l, w->letter, w->n);
    }
    /* One pass in the order of the table: كتاباتهم loses هم and then ات. To begin anew until nothing goes would eat
     * words. */
    unsigned ends = stem_ends(w->letter[w->n - 1]);
    for (size_t i = 0; i < STEM_SUFFIXES && ends >> i; i++) {
        const struct affix *const s = &fihi_stem_suffixes[i];

        if (!(ends >> i & 1))
            continue;
        if (!known && is_short_plural(w, s)) {
            close_short(w, t);
            break;
        }
        if (!has_end(w->letter, w->n, s))
            continue;
        /* Asked again before each ending, for a name may be left by the one before: محمدهم. Of the whole word the row
         * is known, and of a singular in its place the kind. */
        if (known == LEXEME_NAME || (w->was[w->n - 1] & WAS_LONG) ||
            (is_first ? !known && row && row->kind == LEXEME_NAME : is_name(l, w)))
            break;
        if (is_own(w, s) || (known && s->n == 1 && s->s[0] == KAF))     /* ناسك is no ناس of yours */
            continue;
        if (is_first && !known && s->n == 1 && s->s[0] == ALEF && is_two_ways(w)) {
            two_ways = 1;
            if (second) {
                fihi_stem_note(w, t, "ending as in", u"اء", 2);
                break;
            }
        }
        /* From here on the word is not the one that was written. */
        is_first = false;
        w->n -= s->n;
        restore_hamza(w, s);
        fihi_stem_note(w, t, "suffix", s->s, s->n);
        /* لغتنا has lost نا: its ت is the ة of لغة, and no ending that goes. */
        if (is_short_open(w)) {
            close_short(w, t);
            break;
        }
        if (s->n == 1 && s->s[0] == YEH && is_open_feminine(w)) {
            w->n--;
            fihi_stem_note(w, t, "suffix", fihi_stem_suffixes[FEMININE].s, 1);
            i--;                                           /* شخصيتي has left شخصي */
        }
        if (!known && may_be_plural(w, s) && (known = look_up(w, l, s < fihi_stem_suffixes + PRONOUNS, t)) != 0)
            two_ways = waits;                              /* كتبا needs no second reading */
        ends = stem_ends(w->letter[w->n - 1]);
    }
    /* Last, for an ending that went may have made the word so short: فئتين. */
    keep_short_hamza(w, t);
    return two_ways;
}
