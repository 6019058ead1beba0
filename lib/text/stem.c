/* text/stem.c - light stemming: what is surely a clitic or an ending goes, what may be part of the word stays. After
 * the family of Larkey, Ballesteros & Connell, "Light Stemming for Arabic Information Retrieval" (2007), with longer
 * affixes and the guards below. Clitics and roots are here, endings in stem_ending.c.
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
#include "text/stem_part.h"
#include "text/verb.h"

/* Longest first, but for the questions, which nothing else begins like. Where nothing is known the first that fits
 * goes, so وال stands before و. A cost is what a word's chance loses: و stands before one word in 11 (2^3.5), hence 7,
 * ك before one in 128. A run costs the sum of its parts (وبال 21 = 7 + 10 + 4); فو and وو cost more, for their second و
 * is mostly the word's own. */
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
    { u"افبال", 5, 2, 4, 24 }, { u"افب", 3, 3, 0, 20 },     /* a question: أفبالباطل, أفبنعمة */
};

/* Tried in this order, each once. Pronouns first, for they stand last in a word; then what a pronoun may have stood
 * behind. A longer one stands before its own end: هما before ا. PRONOUNS and FEMININE are places in this table. */
const struct affix fihi_stem_suffixes[STEM_SUFFIXES] = {
    { u"هما", 3, 3, 0, 0 }, { u"كما", 3, 3, 0, 0 }, { u"هم", 2, 3, 0, 0 }, { u"هن", 2, 3, 0, 0 },
    { u"ها",  2, 3, 0, 0 }, { u"كم",  2, 3, 0, 0 }, { u"نا", 2, 3, 0, 0 }, { u"ه",  1, 3, 0, 0 },
    { u"ك",   1, 3, 0, 0 }, { u"و",  1, 4, 0, 0 },
    { u"ات",  2, 3, 0, 0 }, { u"ان",  2, 3, 0, 0 }, { u"ون", 2, 3, 0, 0 }, { u"ين", 2, 3, 0, 0 },
    { u"وا",  2, 3, 0, 0 }, { u"ت",   1, 3, 0, 0 }, { u"ا",  1, 3, 0, 0 }, { u"ه",  1, 3, 0, 0 },
    { u"ي",   1, 3, 0, 0 },
};

/* Only `letter` of `part` is set, which is all that fihi_fold_utf8() reads. When an index is written there is no trace,
 * and the first test is all that this costs. */
void fihi_stem_note(const struct word *w, struct trace *t, const char *why, const uint16_t *affix, size_t n)
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

/* As it is written first, for words of the lexicon may end in ت themselves. Of three letters the ت is mostly of the
 * root, and no ه is tried: بيتهم is of بيت, صوتهم of صوت. */
const struct lexeme *fihi_stem_row(const struct lexicon *l, const uint16_t *s, size_t n)
{
    const struct lexeme *const e = fihi_lexicon_find(l, s, n);
    uint16_t open[LIST_ROW];

    if (e || n < 4 || n > LIST_ROW || s[n - 1] != TEH)
        return e;
    memcpy(open, s, n * sizeof *open);
    open[n - 1] = HEH;
    return fihi_lexicon_find(l, open, n);
}

/* There is room for `last`: all who ask have taken one letter or more off a word. What they ask about may be the middle
 * of it, hence the copy. */
int fihi_stem_closed(const uint16_t *s, size_t n, uint16_t last)
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
        return fihi_stem_closed(s, n - 1, HEH);
    if (!(was[n - 1] & WAS_SEAT))
        return 0;
    return s[n - 2] == ALEF ? fihi_counts_find(s, n - 1) : s[n - 2] == WAW ? fihi_stem_closed(s, n - 1, HAMZA) : 0;
}

/* How common the word is that begins with letter `at` of w and ends before letter `end`, if an ending, of those from
 * number `first` on, belongs to it; before a pronoun there may be another. It calls itself for
 * what stands before a pronoun (كتاباتهم), and no deeper. */
static int strength_with_ending(const struct lexicon *l, const struct word *w, size_t at, size_t end, size_t first)
{
    /* In half bits: an ending makes a word a quarter as likely, one before a pronoun a sixteenth. */
    const int cost = first == 0 ? SUFFIX_COST : 2 * SUFFIX_COST;
    const uint16_t *const s = w->letter + at;
    const size_t n = end - at;
    int best = 0;

    const unsigned ends = n > 2 ? stem_ends(s[n - 1]) : 0;
    for (size_t i = first; i < STEM_SUFFIXES && ends >> i; i++) {
        const struct affix *const a = &fihi_stem_suffixes[i];
        const size_t stem = n - a->n;

        if (!(ends >> i & 1) || n < (size_t)a->n + 2 || memcmp(s + stem, a->s, a->n * sizeof *s) != 0)
            continue;
        const bool is_plural = a->n == 2 && a->s[0] == ALEF && a->s[1] == TEH;

        if (is_plural)
            best = at_least(best, fihi_stem_closed(s, stem, HEH) - cost);
        if (stem < a->keep)
            continue;
        best = at_least(best, strength_restored(s, w->was + at, stem) - cost);
        /* ات to three letters is mostly of a word in ة: بلغات is not بلغ */
        best = at_least(best, fihi_counts_find(s, stem) - (is_plural && stem == 3 ? 3 * cost : cost));
        if (i >= PRONOUNS)
            continue;
        /* A name has no pronoun behind it, so that it is known says nothing here. */
        const struct lexeme *const e = fihi_stem_row(l, s, stem);
        best = at_least(best, e && e->kind != LEXEME_NAME ? INFLECTED_BITS : 0);
        best = at_least(best, strength_with_ending(l, w, at, at + stem, PRONOUNS));
    }
    return best;
}

static bool begins_with(const uint16_t *s, size_t n, const char16_t *part, size_t letters)
{
    return n >= letters && memcmp(s, part, letters * sizeof *s) == 0;
}

bool fihi_stem_is_short_noun(const uint16_t *s, size_t n)
{
    static const struct { char16_t s[4]; uint8_t n; } nouns[] = {
        { u"ابو", 3 }, { u"ابا", 3 }, { u"ابي", 3 }, { u"اخو", 3 }, { u"اخا", 3 }, { u"اخي", 3 },
        { u"يدي", 3 }, { u"يد",  2 }, { u"فم",  2 }, { u"دم",  2 },
    };

    /* The second letter alone excludes nearly all words. */
    if (n < 3 || n > 6 || (s[1] != MEEM && s[1] != BEH && s[1] != DAL && s[1] != KHAH))
        return false;
    for (size_t i = 0; i < sizeof nouns / sizeof *nouns; i++)
        if (s[0] == nouns[i].s[0] && begins_with(s, n, nouns[i].s, nouns[i].n))
            for (size_t k = 0; k < PRONOUNS; k++)
                if (n == (size_t)nouns[i].n + fihi_stem_suffixes[k].n &&
                    memcmp(s + nouns[i].n, fihi_stem_suffixes[k].s, fihi_stem_suffixes[k].n * sizeof *s) == 0)
                    return true;
    return false;
}

/* ---------------------------------------------------------------- prefixes */

/* أفبنعمة, أفبالباطل: no word of its own begins like this, whatever the counts have of it. */
static bool is_question(const struct word *w)
{
    return w->n >= 6 && w->letter[0] == ALEF && (w->was[0] & WAS_HAMZA_ALEF) && w->letter[1] == FEH &&
           w->letter[2] == BEH;
}

/* What speaks against a prefix, whatever is behind it. Two letters are left at least, as fihi_stem_clitics() promises;
 * fewer than `keep` only if they are a common word by themselves. */
static bool may_strip(const struct word *w, const struct affix *p)
{
    const size_t left = w->n - p->n;

    if (w->n < (size_t)p->n + 2 || w->letter[0] != p->s[0] || memcmp(w->letter, p->s, p->n * sizeof *p->s) != 0)
        return false;
    /* بشيء leaves شي, which is common enough to be seen; س before two letters never is. */
    if (left < p->keep && (p->keep > 3 || fihi_counts_find(w->letter + p->n, left) < SHORT_BITS))
        return false;
    if (p->s[0] == ALEF && p->s[1] == FEH && !is_question(w))
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
    fihi_stem_note(w, t, "prefix", gone, n);
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

/* و ب ل before a hamza are clitics whatever the tables say: بإدارة is no بادار, and للأزمة not ل and لازمة. */
static bool is_before_hamza(const struct word *w, size_t at)
{
    return w->n > at + 3 && (w->was[at + 1] & WAS_HAMZA_ALEF) &&
           (w->letter[at] == WAW || w->letter[at] == BEH || w->letter[at] == LAM);
}

/* The row of the word from letter `at` on, or NULL. */
static const struct lexeme *row_at(const struct lexicon *l, const struct word *w, size_t at)
{
    return lexicon_find_written(l, w->letter + at, w->was + at, w->n - at);
}

/* لله has lost the alef of الله, and no other word has ت of the oath: تالله. Is it الله behind clitics that hide it? */
static bool take_god(struct word *w, struct trace *t)
{
    static const char16_t forms[][8] = {u"لله",    u"ولله",   u"فلله",   u"تالله",
                                        u"وتالله", u"فتالله", u"ابالله", u"افبالله"};
    static const char16_t god[] = u"الله";
    size_t n = w->n;

    /* Few words end so: the list is gone through for these alone. Its longest, افبالله, has seven letters. */
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
    fihi_stem_note(w, t, "clitics before", god, w->n);
    return true;
}

/* بدور is mostly ب + دور, though the lexicon has it, full moons: a plural that no text had as such. What a user has
 * said of a word counts in any case. */
static bool is_unseen(const struct lexeme *row, const uint16_t *s, size_t n)
{
    return row && row->kind == LEXEME_PLURAL && fihi_counts_find(s, n) == 0 &&
           fihi_lexicon_find(&fihi_lexicon_ours, s, n);
}

/* لقبه, whose ه has no dots, is rather لقب and a pronoun than ل and قبة: the commoner word tells. Not behind و, which
 * stands before most words, nor before ا: بأية. */
static bool is_before_pronoun(const struct word *w, const struct affix *p)
{
    const uint16_t *const own = w->letter + p->n - 1;
    const size_t last = w->n - 1, n = w->n - p->n;

    return w->letter[last] == HEH && w->written[last] == HEH && !p->article && own[0] != WAW && own[1] != ALEF &&
           (p->n == 1 || p->s[0] != LAM) &&
           fihi_counts_find(own, n) > fihi_counts_find(own + 1, n);
}

/* How common what the lexicon has behind a prefix is taken to be; 0 if it has not. */
static int listed_strength(const struct lexicon *l, const struct word *w, const struct affix *p)
{
    const uint16_t *const s = w->letter + p->n;
    const size_t n = w->n - p->n;
    const struct lexeme *row = row_at(l, w, p->n);

    if (row && is_before_pronoun(w, p))
        row = NULL;

    /* وبقول is و + ب + قول, as بقول is ب + قول. */
    if (p->n == 1 && (p->s[0] == WAW || p->s[0] == FEH) && (s[0] == BEH || s[0] == LAM) && is_unseen(row, s, n))
        return UNSEEN_BITS;
    return row || (p->s[p->n - 1] != KAF && fihi_stem_is_short_noun(s, n)) ? LEXICON_BITS : 0;     /* not كيده */
}

/* The reading is taken that is made of the commonest parts, and a known word is left as it is, unless a word of the
 * lexicon stands behind the prefix; where no part is known, the longest prefix goes. */
size_t fihi_stem_clitic_letters(const struct word *w, const struct lexicon *l)
{
    const struct affix *const end = prefixes + sizeof prefixes / sizeof *prefixes, *found = NULL;
    const int count = fihi_counts_find(w->letter, w->n);
    const bool may_be_own = !is_before_hamza(w, 0) && !is_question(w), is_own = may_be_own && count > 0;
    const struct lexeme *const row = may_be_own ? row_at(l, w, 0) : NULL;
    const bool is_rare = is_unseen(row, w->letter, w->n);

    if (row && !is_rare)
        return 0;
    /* The table says outright how many letters go, but it knows no hamzas: one that is written on them says that they
     * are the word's own. */
    if (count < 0 && w->n >= 2 + (size_t)-count && !(w->was[-count - 1] & WAS_HAMZA_ALEF) &&
        !(w->was[0] & WAS_HAMZA_ALEF))
        return (size_t)-count;
    /* A word of the table loses a prefix only before a word of the lexicon, and if 30 less the cost of the prefix is
     * more than its own count and 10. */
    int best = is_rare ? UNSEEN_BITS - bare_article_cost(w, 0) : is_own ? count + OWN_BITS - bare_article_cost(w, 0)
                                     : may_be_own ? strength(l, w, 0) : 0;
    bool is_known = best > 0 || is_own;
    /* All of them are weighed, for the first that fits need not be the best: وبقول is وب and قول, not و and بقول. Where
     * nothing is known, it is the first, the longest. */
    for (const struct affix *p = prefixes; p < end; p++) {
        if (!may_strip(w, p) || is_before_hamza(w, p->n))
            continue;
        const int listed = listed_strength(l, w, p);
        const int known = is_rare ? fihi_counts_find(w->letter + p->n, w->n - p->n)
                                  : listed ? listed : is_own ? 0 : strength(l, w, p->n);

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

/* الياء, بالتاء: names of letters have the article, whatever اليا may be elsewhere, also behind و ف ب ك; but القاء may
 * be إلقاء. The letters that go, or 0. */
static size_t article_of_letter(const struct word *w)
{
    static const char16_t names[] = u"بتثحخرطظفهي";

    if (w->n < 4 || w->n > 5 || !(w->was[w->n - 1] & WAS_LONG))
        return 0;
    const size_t at = w->n - 4;
    const uint16_t first = w->letter[0];

    if ((at > 0 && first != WAW && first != FEH && first != BEH && first != KAF) || w->letter[at] != ALEF ||
        w->letter[at + 1] != LAM || (w->was[at] & WAS_HAMZA_ALEF))
        return 0;
    for (size_t i = 0; names[i]; i++)
        if (w->letter[at + 2] == names[i])
            return at + 2;
    return 0;
}

/* One run of them goes, never a second: وبالكتاب is وبال and كتاب. What is left may begin with letters that look like
 * clitics, and they are its own. */
void fihi_stem_clitics(struct word *w, const struct lexicon *l, struct trace *t)
{
    if (take_god(w, t))
        return;
    size_t letters = article_of_letter(w);
    if (letters == 0)
        letters = fihi_stem_clitic_letters(w, l);
    if (letters > 0)
        fihi_stem_drop_first(w, letters, t);
}

/* The best of all readings, whichever of them the stemmer takes. A word that the table knows for its clitics only is a
 * word all the same, and counts as one with a pronoun. Who asks: verb.c, whether a word with أ is the commoner, or what
 * is behind the أ, which would be a question then; and drawn.c, which spelling is. Each prefix is weighed anew, so
 * it is for few words: those that a quicker test has let pass. */
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

/* -------------------------------------------------------------------- root */

/* The letters that derived verbs, participles and verbal nouns put before a root. From four letters on, so that three
 * are left: the م of ملك and the ن of نقل are of the root. */
static size_t derivation(const struct word *w)
{
    /* Of the tenth form: the past, three persons of the present, the participle. */
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
    /* At least two letters are left behind it, as of a word itself. */
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
    fihi_stem_note(w, t, "letters of the root", NULL, 0);
}

/* Tables that decide on terms must all be in it, or an index made with others would be searched. Code is
 * CHAIN_VERSION's. */
uint64_t fihi_stem_hash(void)
{
    uint64_t h = fihi_lexicon_hash(&fihi_lexicon_ours);

    h = h * 31 + fihi_counts_hash();
    h = XXH3_64bits_withSeed(prefixes, sizeof prefixes, h);
    return XXH3_64bits_withSeed(fihi_stem_suffixes, sizeof fihi_stem_suffixes, h);
}

/* -------------------------------------------------------------- libstemmer */

/* What the stemmer returns is its own until the next call, hence the copy. No stem at all means no memory: the one
 * error that libstemmer has. */
int fihi_stem_snowball(struct sb_stemmer *sb, uint8_t *s, size_t *n, size_t max)
{
    /* A word has FIH_MAX_TERM bytes at most, so the cast loses nothing. */
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
        /* Longer than each of these words. Versions that stem all of them alike are taken for one. */
        uint8_t stem[64];
        size_t n = strlen(words[i]);

        memcpy(stem, words[i], n);
        if (fihi_stem_snowball(sb, stem, &n, sizeof stem) != FIH_OK)
            return 0;
        h = XXH3_64bits_withSeed(stem, n, h + 1);
    }
    return h;
}
