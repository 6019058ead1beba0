/* text/stem.c - light stemming: what is surely a clitic or an ending goes, what may be part of the
 * word stays. After the family of Larkey, Ballesteros & Connell, "Light Stemming for Arabic
 * Information Retrieval" (2007), with longer affixes and the guards below. */
#include "text/stem.h"

#include <libstemmer.h>
#include <stdbool.h>
#include <string.h>
#include <xxhash.h>

#include "fihrist.h"

/* The lists, each from its file in text/lists. */
#include "lam_rows.h"
#include "onset_rows.h"

struct affix {
    char16_t s[5];
    uint8_t  n, keep;           /* letters; letters that must be left */
    uint8_t  article;           /* 1 + place of the article's alef, 0 = has none */
    uint8_t  is_future;         /* س: only before ي ت ن, the letters a present tense begins with */
};

/* Longest first. */
static const struct affix prefixes[] = {
    { u"وبال", 4, 2, 3, 0 }, { u"فبال", 4, 2, 3, 0 }, { u"وكال", 4, 2, 3, 0 },
    { u"ولل",  3, 3, 0, 0 }, { u"فلل",  3, 3, 0, 0 },
    { u"وال",  3, 2, 2, 0 }, { u"بال",  3, 2, 2, 0 }, { u"كال",  3, 2, 2, 0 }, { u"فال", 3, 2, 2, 0 },
    { u"ال",   2, 2, 1, 0 }, { u"لل",   2, 3, 0, 0 },
    { u"وس",   2, 4, 0, 1 }, { u"فس",   2, 4, 0, 1 }, { u"س",    1, 4, 0, 1 },
    { u"ول",   2, 3, 0, 0 }, { u"وب",   2, 3, 0, 0 }, { u"وك",   2, 4, 0, 0 },
    { u"و",    1, 3, 0, 0 }, { u"ل",    1, 3, 0, 0 }, { u"ب",    1, 3, 0, 0 },
    { u"ف",    1, 4, 0, 0 }, { u"ك",    1, 4, 0, 0 },
};

/* Tried in this order, each once. */
static const struct affix suffixes[] = {
    { u"هما", 3, 3, 0, 0 }, { u"كما", 3, 3, 0, 0 }, { u"هم", 2, 3, 0, 0 }, { u"هن", 2, 3, 0, 0 },
    { u"ها",  2, 3, 0, 0 }, { u"كم",  2, 3, 0, 0 }, { u"نا", 2, 3, 0, 0 }, { u"ه",  1, 3, 0, 0 },
    { u"ات",  2, 3, 0, 0 }, { u"ان",  2, 3, 0, 0 }, { u"ون", 2, 3, 0, 0 }, { u"ين", 2, 3, 0, 0 },
    { u"وا",  2, 3, 0, 0 }, { u"ت",   1, 3, 0, 0 }, { u"ا",  1, 3, 0, 0 }, { u"ه",  1, 3, 0, 0 },
    { u"ي",   1, 3, 0, 0 },
};

enum { PRONOUNS = 8 };           /* of the suffixes, the first */
enum {
    ALEF = u'ا', HEH = u'ه', WAW = u'و', YEH = u'ي', BEH = u'ب', TEH = u'ت', NOON = u'ن', LAM = u'ل', MEEM = u'م',
    HAMZA = u'ء'
};

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

#define MATCH(list, s, n, as_prefix) list_match(list, sizeof list / sizeof *list, s, n, as_prefix)

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

/* Is it a word of the lexicon, alone or before a pronoun? */
static bool is_known(const struct lexicon *l, const uint16_t *s, size_t n)
{
    if (fihi_lexicon_find(l, s, n))
        return 1;
    for (size_t i = 0; i < PRONOUNS; i++) {
        const struct affix *const p = &suffixes[i];
        if (n >= (size_t)p->n + p->keep && memcmp(s + n - p->n, p->s, p->n * sizeof *s) == 0 && find(l, s, n - p->n))
            return 1;
    }
    return 0;
}

/* How many letters tell that the word from `at` on begins with its own letters, not with a clitic; 0 = nothing does.
 * و ب ل before a hamza are clitics whatever the lists say: بإدارة is no بادار. */
static size_t guard(const struct lexicon *l, const struct word *w, size_t at)
{
    const uint16_t *const s = w->letter + at;
    const size_t n = w->n - at;

    if (n > 1 && (w->was[at + 1] & WAS_HAMZA_ALEF) && (s[0] == WAW || s[0] == BEH || s[0] == LAM))
        return 0;
    return is_known(l, s, n) ? n : MATCH(onset, s, n, 1);
}

/* ---------------------------------------------------------------- prefixes */

static bool may_strip(const struct word *w, const struct affix *p)
{
    if (w->n < (size_t)p->n + p->keep || memcmp(w->letter, p->s, p->n * sizeof *p->s) != 0)
        return 0;
    if (p->article && (w->was[p->article - 1] & WAS_HAMZA_ALEF))
        return 0;                       /* ألبان, إلكتروني: written with hamza it is no article */
    if (p->is_future) {
        const uint16_t next = w->letter[p->n];
        return next == YEH || next == TEH || next == NOON;
    }
    return 1;
}

void fihi_stem_drop_first(struct word *w, size_t n, struct trace *t)
{
    uint16_t gone[8];

    memcpy(gone, w->letter, n * sizeof *gone);
    w->n -= n;
    memmove(w->letter, w->letter + n, w->n * sizeof *w->letter);
    memmove(w->was, w->was + n, w->n * sizeof *w->was);
    note(w, t, "prefix", gone, n);
}

/* The same for what is left behind a prefix. Behind ل a second one is the article's (للمسجد is ل + المسجد),
 * but for the words that begin with ل themselves. */
static size_t guard_behind(const struct lexicon *l, const struct word *w, const struct affix *p)
{
    const uint16_t *const rest = w->letter + p->n;
    const size_t n = w->n - p->n;

    if (p->s[p->n - 1] == LAM && rest[0] == LAM)
        return MATCH(lam, rest, n, 1);
    return guard(l, w, p->n);
}

/* The prefix behind which a word begins that we know best, the shorter of two alike; else the longest. */
void fihi_stem_clitics(struct word *w, const struct lexicon *l, struct trace *t)
{
    const struct affix *const end = prefixes + sizeof prefixes / sizeof *prefixes, *found = NULL;
    const size_t own = guard(l, w, 0);
    size_t best = 0;

    if (own == w->n)
        return;
    for (const struct affix *p = prefixes; p < end; p++) {
        if (!may_strip(w, p))
            continue;
        size_t known = guard_behind(l, w, p);

        known += known == w->n - p->n ? w->n : 0;          /* a whole word before any beginning */
        if (!found || (known > 0 && known >= best)) {
            found = p;
            best = known;
        }
    }
    /* Against a beginning of its own only a whole word counts: وصفوف is و + صفوف, though وصف begins words. */
    if (found && (own == 0 || best >= w->n))
        fihi_stem_drop_first(w, found->n, t);
}

/* ---------------------------------------------------------------- suffixes */

static int ends_with(const struct word *w, const struct affix *s)
{
    return w->n >= (size_t)s->n + s->keep && memcmp(w->letter + w->n - s->n, s->s, s->n * sizeof *s->s) == 0;
}

/* تأمين, تمرين, تكوين: the verbal noun تفعيل of a root that ends in ن. */
static bool is_verbal_noun(const struct word *w, const struct affix *s)
{
    return w->n == 5 && s->s[0] == YEH && s->n == 2 && w->letter[0] == TEH;
}

/* A hamza that stood at the end sits on another letter, or on none, before a suffix: علماؤنا, علمائنا,
 * إجراءات are علما, اجرا; لجوئهم is لجوء; قارئون is قاري. */
static void restore_hamza(struct word *w, const struct affix *s)
{
    const size_t last = w->n - 1;

    if (!(w->was[last] & WAS_SEAT))
        return;
    if (w->letter[last - 1] == ALEF && w->n > 3) {
        w->n--;
        w->was[last - 1] |= WAS_LONG;
    } else if (w->letter[last - 1] == WAW) {
        w->letter[last] = HAMZA;
    } else if (s->n == 2 && s->s[0] == WAW && s->s[1] == NOON) {
        w->letter[last] = YEH;
    }
}

/* A final alef that an ending (كتابا) and a lost hamza (شعراء, أعضاء) both explain: four letters, or
 * more behind a first alef. */
static bool is_two_ways(const struct word *w)
{
    const size_t last = w->n - 1;

    return w->letter[last] == ALEF && !(w->was[last] & WAS_LONG) && (w->n == 4 || w->letter[0] == ALEF);
}

/* What the lexicon says of the word: a plural becomes its singular. Returns the kind of the row, 0 without one. */
static int look_up(struct word *w, const struct lexicon *l, int before_pronoun, struct trace *t)
{
    const struct lexeme *e = before_pronoun ? find(l, w->letter, w->n) : fihi_lexicon_find(l, w->letter, w->n);
    uint16_t plural[LIST_ROW];
    const size_t n = w->n;

    if (!e || e->kind != LEXEME_PLURAL)
        return e ? e->kind : 0;
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

int fihi_stem_endings(struct word *w, const struct lexicon *l, int second, struct trace *t)
{
    const struct lexeme *const row = fihi_lexicon_find(l, w->letter, w->n);
    /* شعرا: شعر with an ending, and in the second reading شعراء, the plural of شاعر; كتب: he wrote, or books */
    const int waits = row && row->kind == LEXEME_PLURAL && !second && (is_two_ways(w) || w->n == 3);
    int known = waits ? 0 : look_up(w, l, 0, t), two_ways = waits;
    bool is_first = true;

    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        const struct affix *const s = &suffixes[i];

        if (!ends_with(w, s))
            continue;
        if (known == LEXEME_NAME || is_name(l, w) || (w->was[w->n - 1] & WAS_LONG))
            break;
        if (is_verbal_noun(w, s))
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
        if (!known && may_be_plural(w, s) && (known = look_up(w, l, s < suffixes + PRONOUNS, t)) != 0)
            two_ways = waits;                              /* كتبا needs no second reading */
    }
    return two_ways;
}

/* -------------------------------------------------------------------- root */

static int begins_with(const struct word *w, const char16_t *s, size_t n)
{
    return w->n >= n && memcmp(w->letter, s, n * sizeof *s) == 0;
}

/* The letters that derived verbs, participles and verbal nouns put before a root. */
static size_t derivation(const struct word *w)
{
    static const char16_t tenth[][3] = { u"است", u"يست", u"تست", u"مست", u"نست" };

    for (size_t i = 0; w->n >= 5 && i < sizeof tenth / sizeof *tenth; i++)
        if (begins_with(w, tenth[i], 3))
            return 3;
    if (w->n >= 4 && (w->letter[0] == MEEM || w->letter[0] == YEH || w->letter[0] == TEH || w->letter[0] == NOON))
        return 1;
    return w->n >= 5 && w->letter[0] == ALEF;
}

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
    if (n < 2 || n == w->n)
        return;
    memcpy(w->letter, root, n * sizeof *root);
    w->n = n;
    note(w, t, "letters of the root", NULL, 0);
}

static const struct list lists[] = { LIST(onset), LIST(lam) };

const list_row *fihi_stem_list(unsigned which, size_t *count)
{
    return list_at(lists, sizeof lists / sizeof *lists, which, count);
}

uint64_t fihi_stem_hash(void)
{
    uint64_t h = fihi_lexicon_hash(&fihi_lexicon_ours);

    h = XXH3_64bits_withSeed(onset, sizeof onset, h);
    h = XXH3_64bits_withSeed(lam, sizeof lam, h);
    h = XXH3_64bits_withSeed(prefixes, sizeof prefixes, h);
    return XXH3_64bits_withSeed(suffixes, sizeof suffixes, h);
}

/* -------------------------------------------------------------- libstemmer */

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
