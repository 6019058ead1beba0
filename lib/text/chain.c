/* text/chain.c - the order of the steps. Scripts other than Arabic, and numbers, take a shorter way (chain_other.c).
 *
 * A word has one term or several at its position. They are items, in this order for each reading of the word: its stem
 * (by which documents are found), its form, its root. Readings are, of an Arabic word:
 *
 *   spelling   one or two, if letters are drawn out (drawn.c)
 *   noun       the light stem; شعرا has two, شعر and شاعر (fihi_stem_endings())
 *   verb       its key, in place of the noun or beside it: كتب is كتاب and يكتب, too; of some presents there are two
 *   stop word  its letters behind a tatweel; a word that may be both has this beside the noun: علي, امام
 *   small alef all of it once more, with the alef as a letter: صلوٰة is صلوه, and صلاه
 *
 * c->form is work space and is used up by the stem that is made of it, so each reading folds the word of c->raw anew.
 *
 * The order of items is part of what an index stores, and a reading whose stem is there already adds nothing. So a
 * change here needs a new CHAIN_VERSION, even if the set of terms stays.
 *
 * Who asks: vocab.c, for a word that is new to it, and analyzer.c, for the story of a term. Nothing is allocated.
 */
#include "text/chain.h"

#include <stdbool.h>
#include <string.h>

#include "text/chain_part.h"
#include "text/drawn.h"
#include "text/reference.h"
#include "text/said.h"
#include "text/stem.h"
#include "text/verb.h"

size_t fihi_chain_cut(const uint8_t *s, size_t n)
{
    return cut_to(s, n, SURFACE_MAX);
}

/* A clitic that a tatweel ties to what follows it: الـ, بـ. The splitter calls only those glued that stand before a
 * digit or another script; before a quotation mark (بـ«…») the tatweel is what tells. D9 80 is U+0640. */
static bool is_tied_clitic(const struct word *w, const uint8_t *s, size_t n)
{
    return n >= 2 && s[n - 2] == 0xD9 && s[n - 1] == 0x80 && fihi_fold_is_clitic(w);
}

enum {
    HAMZA_ALEF = 0x0623,
    SAID_LETTERS = 4           /* of a particle, and two more */
};

/* How a surface form is read. Of one surface word, on the stack; what it points to lives until the word is done. */
struct reading {
    const uint8_t *s;
    size_t n;                  /* the surface */
    int    with_dagger;        /* small alef as a letter */
    int    second;             /* see fihi_stem_endings() */
    const uint16_t *verb;      /* as a form of this verb; NULL: not as a verb */
    const struct spelling *spelling;   /* with its drawn out letters shortened; NULL: as it is */
    const struct stop *stop;   /* as this stop word; NULL: as none */
    bool is_said;              /* see is_said() */
    uint8_t flags;             /* of its stems besides */
    size_t first;              /* item that begins this position */
};

/* Words that are said so often that they are written as one (said.h), also behind و or ف. The alef of لا is bare: لأحول
 * is another word. */
static bool is_said(const struct word *w)
{
    const size_t at = w->n > 3 && (w->letter[0] == u'و' || w->letter[0] == u'ف') ? 1 : 0;

    return w->n > 3 && w->written[at + 1] != HAMZA_ALEF &&
           (fihi_said_has(w->letter, w->n) || (at && fihi_said_has(w->letter + 1, w->n - 1)));
}

/* Their first letter is no clitic (لاحول), and an ending is one only if two letters are left behind the particle: that
 * of ماكانت, but not those of ماكان and ياريت. */
static void stem_said(struct chain *c, const struct reading *r, int *more, struct trace *t)
{
    struct word *const w = &c->form;
    struct word copy;

    if (!fihi_said_has(w->letter, w->n))
        fihi_stem_drop_first(w, 1, t);
    copy = *w;
    fihi_stem_endings(&copy, c->lexicon, r->second, NULL);
    if (copy.n >= SAID_LETTERS)
        *more = fihi_stem_endings(w, c->lexicon, r->second, t);
}

/* Stop words keep their form, but for a conjunction; *more is set if fihi_stem_endings() has another stem. Other bases
 * than BASE_LIGHT keep the whole word here. A verb needs no stemming: its key is a whole word. */
static void stem_arabic(struct chain *c, const struct reading *r, int *more, struct trace *t)
{
    struct word *const w = &c->form;
    const size_t whole = w->n;

    if (c->base != BASE_LIGHT)
        return;
    if (r->stop) {
        if (r->stop->clitic)
            fihi_stem_drop_first(w, r->stop->clitic, t);
        return;
    }
    if (r->verb) {
        fihi_verb_take(w, *r->verb, t);
        return;
    }
    if (r->is_said) {
        stem_said(c, r, more, t);
        return;
    }
    fihi_stem_clitics(w, c->lexicon, t);
    /* تعاون by itself is the key of a verb, so التعاون is not read as تعا and ون. */
    if (w->n == whole || w->n < 4 || !fihi_verb_is_key(w, c->lexicon))
        *more = fihi_stem_endings(w, c->lexicon, r->second, t);
}

/* A stem's root is the same whichever word it comes from, for the index counts the roots of a document by its stems: so
 * the letters of the stem alone decide whether it has one. Stop words have none, nor stems that may have been cut. One
 * that was cut has more bytes than that, for a letter has 3 at most: two words cut to one stem would have different
 * roots. */
static bool has_root(const struct word *stem, size_t bytes)
{
    return bytes <= FIH_MAX_TERM - 4 && !fihi_stop_is_noun(stem);
}

/* The term of c->form. That of a stop word which is nothing else begins with a tatweel, as no other does, for its
 * letters may be those of a word that is written otherwise: بنا, بناء. The fold drops each tatweel, so nobody can write
 * such a term. A long word is cut so that both fit. */
static size_t write_term(const struct chain *c, const struct reading *r, uint8_t *out, struct trace *t)
{
    static const char tatweel[] = "\u0640";
    const bool is_apart = r->stop && c->base == BASE_LIGHT && !(r->stop->kinds & STOP_NOUN);
    const size_t before = is_apart ? strlen(tatweel) : 0;

    memcpy(out, tatweel, before);
    const size_t n = before + fihi_fold_utf8(out + before, FIH_MAX_TERM - before, &c->form);
    if (is_apart && t)
        fihi_trace_step(t, out, n, "stop word", NULL);
    return n;
}

/* The terms that only rank stand behind their stem, which is in c->form: the normalised word, and the letters of its
 * root. A stop word has no first one. The caller has made sure of room for all three. */
static void make_levels(struct chain *c, const struct reading *r, const uint8_t *form, size_t form_bytes,
                        struct trace *t, size_t wanted)
{
    /* The item that keep_stem() has just kept. */
    const struct item *const stem = &c->items[c->item_count - 1];
    struct item *it = begin_item(c, t, wanted);

    if (!(stem->flags & TOKEN_STOP)) {
        trace_form(t, c->surface, c->surface_bytes, form, form_bytes, "normalised as a whole");
        set_item(it, stem->letters, TOKEN_FORM | TOKEN_SAME_POSITION | r->flags, form_bytes);
        memcpy(it->term, form, form_bytes);
        c->item_count++;
        it = begin_item(c, t, wanted);
    }
    if (r->stop || !has_root(&c->form, stem->len))
        return;
    trace_form(t, c->surface, c->surface_bytes, stem->term, stem->len, "stem");
    fihi_stem_root(&c->form, t);
    set_item(it, stem->letters, TOKEN_ROOT | TOKEN_SAME_POSITION | r->flags,
             fihi_fold_utf8(it->term, sizeof it->term, &c->form));
    c->item_count++;
}

/* The form was written before, and so has the letters as they are drawn out. */
static void shorten(struct chain *c, const struct reading *r, struct trace *t)
{
    uint8_t form[FIH_MAX_TERM];

    if (!r->spelling)
        return;
    fihi_drawn_spell(&c->form, r->spelling);
    if (t && t->is_on)
        fihi_trace_step(t, form, fihi_fold_utf8(form, sizeof form, &c->form), "letters drawn out", NULL);
}

/* The normalised word in c->form to its terms. *more is set if it has another stem. */
static int make_arabic(struct chain *c, const struct reading *r, int *more, struct trace *t, size_t wanted)
{
    struct item *const it = begin_item(c, t, wanted);
    struct word *const w = &c->form;
    uint8_t form[FIH_MAX_TERM];
    const size_t form_bytes = fihi_fold_utf8(form, sizeof form, w);
    size_t len;

    *more = 0;
    /* A reading has all of its levels or is left out: a stem without its root would have another root than elsewhere. A
     * surface of many ligatures (ﷺﷺﷺ…) meets this, nothing that is written for readers. */
    if (!it || ITEMS_MAX - c->item_count < READING_ITEMS)
        return FIH_OK;
    trace_form(t, c->surface, c->surface_bytes, form, form_bytes,
               r->with_dagger ? "normalised, small alef as a letter" : "normalised");
    shorten(c, r, t);
    it->letters = at_most_255(w->n);
    it->flags = (r->stop ? TOKEN_STOP : 0) | r->flags;
    stem_arabic(c, r, more, t);
    len = write_term(c, r, it->term, t);
    if (c->base == BASE_SNOWBALL) {
        if (fihi_stem_snowball(c->arabic, it->term, &len, sizeof it->term) != FIH_OK)
            return FIH_E_NOMEM;
        trace_form(t, form, form_bytes, it->term, len, "libstemmer arabic");
    }
    it->len = (uint16_t)len;
    if (keep_stem(c, r->first) && c->has_levels)
        make_levels(c, r, form, form_bytes, t, wanted);
    return FIH_OK;
}

/* The word of c->raw at `at` in one more reading; c->form has been used up by the one before. `at` is a copy here: the
 * place of the next word is the caller's. */
static int make_again(struct chain *c, const struct reading *r, size_t at, int *more, struct trace *t, size_t wanted)
{
    return fihi_fold_next(&c->form, &c->raw, &at) ? make_arabic(c, r, more, t, wanted) : FIH_OK;
}

/* The word of c->raw at `at`, which is in c->form, in all its readings: as a noun, of which there may be two, and as a
 * verb. */
static int make_readings(struct chain *c, struct reading *r, size_t at, struct trace *t, size_t wanted)
{
    struct verb_reading verb = { .is_verb = false };
    struct stop stop;
    size_t again = at;
    int more = 0, rc;

    if (r->spelling)
        fihi_drawn_spell(&c->form, r->spelling);
    /* In the list of stop words, which may also be nouns (kinds). */
    const bool is_listed = fihi_stop_find(&stop, &c->form);
    /* عَلَىٰ is the stop word for certain: who writes the small alef writes ى. */
    const bool is_torn = is_listed && (stop.kinds & STOP_TORN) && !c->raw.has_dagger;
    const bool is_bare = is_listed && stop.is_bare && c->base == BASE_LIGHT;
    const bool is_either = (is_torn && c->is_either) || is_bare, is_other = is_listed && (stop.is_other || is_either);
    r->stop = is_listed && !is_other ? &stop : NULL;
    r->flags = is_either ? TOKEN_EITHER : fihi_stop_name(&c->form) != NAME_NONE ? TOKEN_NAME : 0;
    r->flags |= is_torn && !(is_either && stop.is_other) ? TOKEN_TORN : 0;
    /* Stop words first: ليس and كان are no verbs here. */
    r->is_said = c->base == BASE_LIGHT && !r->stop && is_said(&c->form);
    if (c->base == BASE_LIGHT && !r->stop && !r->is_said)
        fihi_verb_read(&verb, &c->form, c->lexicon);
    if (r->spelling)                                   /* its normal form is the word as it is written */
        fihi_fold_next(&c->form, &c->raw, &again);
    /* The first term is the noun, if it is one: what ranks by the first reading then takes what most texts mean. */
    r->verb = verb.is_verb && !verb.is_noun ? &verb.key : NULL;
    rc = make_arabic(c, r, &more, t, wanted);
    if (rc == FIH_OK && more) {
        /* The same steps with the other answer to one question: see fihi_stem_endings(). */
        r->second = 1;
        rc = make_again(c, r, at, &more, t, wanted);
        r->second = 0;
    }
    if (rc == FIH_OK && verb.is_verb && verb.is_noun) {
        r->verb = &verb.key;
        rc = make_again(c, r, at, &more, t, wanted);
    }
    /* يصدر is of أصدر and of صدر. */
    if (rc == FIH_OK && verb.is_verb && verb.also != verb.key) {
        r->verb = &verb.also;
        rc = make_again(c, r, at, &more, t, wanted);
    }
    r->verb = NULL;
    if (rc == FIH_OK && is_either) {
        r->stop = &stop;
        r->flags |= is_bare ? TOKEN_TORN : 0;
        rc = make_again(c, r, at, &more, t, wanted);
    }
    r->stop = NULL;
    return rc;
}

/* The next word of c->raw, in all its spellings, if letters of it are drawn out. FIH_DONE when there is none. A clitic
 * that is tied to nothing yields no item, but is a word: FIH_OK. */
static int make_next(struct chain *c, struct reading *r, size_t *at, struct trace *t, size_t wanted)
{
    struct spelling spellings[DRAWN_SPELLINGS];
    const size_t before = *at;
    size_t count, again;
    int rc = FIH_OK;

    if (!fihi_fold_next(&c->form, &c->raw, at))
        return FIH_DONE;
    if (is_tied_clitic(&c->form, r->s, r->n))
        return FIH_OK;
    if ((count = fihi_drawn_spellings(spellings, &c->form, c->lexicon, &c->work)) == 0)
        return make_readings(c, r, before, t, wanted);
    for (size_t i = 0; i < count && rc == FIH_OK; i++) {
        again = before;
        r->spelling = &spellings[i];
        /* The spelling before has used up c->form. */
        if (i > 0)
            fihi_fold_next(&c->form, &c->raw, &again);
        rc = make_readings(c, r, before, t, wanted);
    }
    r->spelling = NULL;
    return rc;
}

/* The small alef is read in a second pass over the whole surface, whose items join the position of the first: hence
 * `first` 0, and never for several words, for then the two passes need not have the same words. */
static int analyze_arabic(struct chain *c, const uint8_t *s, size_t n, struct trace *t, size_t wanted)
{
    struct reading r = { .s = s, .n = n };
    size_t at = 0, words = 0;
    int rc;

    fihi_fold_raw(&c->raw, s, n, 0);
    /* Kept, for c->raw is used again by each reading. */
    const bool has_dagger = c->raw.has_dagger;
    for (; (rc = make_next(c, &r, &at, t, wanted)) == FIH_OK; words++)
        /* Each word of the surface has a position of its own: the next one's stems are not compared with these. */
        r.first = c->item_count;
    if (rc < 0)
        return rc;
    /* صلوٰة as one word: once more, with the small alef as a letter. */
    if (!has_dagger || words != 1)
        return FIH_OK;
    fihi_fold_raw(&c->raw, s, n, 1);
    /* The same word, so it stands at the position of the first pass. */
    r.with_dagger = 1;
    r.first = at = 0;
    rc = make_next(c, &r, &at, t, wanted);
    return rc < 0 ? rc : FIH_OK;
}

/* Words of "simple" are not folded, but the stop lists are. The stem stays as it was written. */
static void mark_simple_stop(struct chain *c, const uint8_t *s, size_t n)
{
    size_t at = 0;

    fihi_fold_raw(&c->raw, s, n, 0);
    if (c->item_count > 0 && fihi_fold_next(&c->form, &c->raw, &at) && fihi_stop_arabic(&c->form))
        c->items[0].flags |= TOKEN_STOP;
}

/* The surface with its references as the letters that they mean; in `out` if there are any. A longer one was not cut
 * and cannot be resolved in `out`. Resolved text is never longer than the reference. */
static const uint8_t *resolve(uint8_t out[SURFACE_MAX], const uint8_t *s, size_t *n)
{
    if (*n == 0 || *n > SURFACE_MAX || (!memchr(s, '&', *n) && !memchr(s, '%', *n)))
        return s;
    *n = fihi_reference_resolve(out, s, *n);
    return out;
}

/* A program's own terms (tokenizer.h), which it has given in the form in which they are wanted. Longer or empty terms
 * do not come here: tokenizer.c has refused them. */
static int take_terms(struct chain *c, const uint8_t *s, size_t n)
{
    const uint8_t *const end = s + n;

    c->item_count = 0;
    while (s < end && c->item_count < ITEMS_MAX) {
        const uint8_t *const nul = memchr(s, '\0', (size_t)(end - s));
        const size_t len = (size_t)((nul ? nul : end) - s);
        struct item *const it = &c->items[c->item_count];
        size_t letters = 0;

        for (size_t i = 0; i < len; i++)
            letters += (s[i] & 0xC0) != 0x80;
        if (len > 0 && len <= FIH_MAX_TERM) {
            *it = (struct item){.letters = at_most_255(letters), .len = (uint16_t)len};
            it->flags = c->item_count++ ? TOKEN_SAME_POSITION : 0;
            memcpy(it->term, s, len);
        }
        s += len + 1;
    }
    return FIH_OK;
}

/* The surface that is traced is the one that was written; `resolved` is gone when this returns, and nothing points
 * there. Called once for each surface word that the cache (vocab.c) does not have, and by a trace. An & in it is
 * resolved first, so that &#1608; is و to all that follows. Nothing here fails but for memory. */
int fihi_chain_run(struct chain *c, const uint8_t *s, size_t n, struct trace *t, size_t wanted)
{
    uint8_t resolved[SURFACE_MAX];
    bool is_arabic;
    int rc;

    if (c->base == BASE_PROGRAM)
        return take_terms(c, s, n);
    c->is_either = n > 0 && s[n - 1] == EITHER_MARK;
    /* The mark is no letter: what is traced and looked up is the word without it. */
    n -= c->is_either;
    c->surface = s;
    c->surface_bytes = n;
    s = resolve(resolved, s, &n);
    is_arabic = fihi_fold_is_arabic(s, n);
    c->item_count = 0;
    if (is_arabic && fihi_chain_is_initials(s, n, true))
        return fihi_chain_initials(c, s, n, t, wanted);
    if (is_arabic && c->base != BASE_SIMPLE)
        return analyze_arabic(c, s, n, t, wanted);
    rc = fihi_chain_other(c, s, n, t, wanted);
    /* With BASE_SIMPLE alone an Arabic word comes so far. */
    if (is_arabic && rc == FIH_OK)
        mark_simple_stop(c, s, n);
    return rc;
}

/* The Arabic letters and vowel signs of everyday texts. U+0621 to U+063A and U+0641 to U+0652: not the tatweel between
 * them. */
static bool is_everyday(const uint8_t *s)
{
    return (s[0] == 0xD8 && s[1] >= 0xA1 && s[1] <= 0xBA) || (s[0] == 0xD9 && s[1] >= 0x81 && s[1] <= 0x92);
}

/* U+064B to U+0652. */
static bool is_vowel_sign(const uint8_t *s)
{
    return s[0] == 0xD9 && s[1] >= 0x8B && s[1] <= 0x92;
}

/* May it be two words or three, as يأيها, ويأيها and يبنؤم are (fold.c)? ي with an alef or ب behind it at the
 * beginning, for the rest is hardly worth a look. */
static bool may_be_vocative(const uint8_t *s, size_t n)
{
    size_t i = n > 1 && s[0] == 0xD9 && (s[1] == 0x88 || s[1] == 0x81) ? 2 : 0;       /* و, ف */

    while (i + 1 < n && is_vowel_sign(s + i))
        i += 2;
    if (i + 1 >= n || s[i] != 0xD9 || s[i + 1] != 0x8A)
        return false;
    for (i += 2; i + 1 < n && is_vowel_sign(s + i);)
        i += 2;
    return i + 1 < n && s[i] == 0xD8 && s[i + 1] >= 0xA2 && s[i + 1] <= 0xA8;
}

/* Nothing but plain letters and vowel signs, or ASCII letters, digits and points, as nearly all words are: whatever
 * their terms may be, they have one position (no ligature, no tatweel, no second reading of small letters). Passages
 * are found by counting words, so this saves the chain for all words that are read past. With a stemmer for Latin
 * letters a word may come out empty, and then has none. */
bool fihi_chain_is_plain(const struct chain *c, const uint8_t *s, size_t n)
{
    size_t i = 0;

    if (s[0] < 0x80) {
        while (i < n && ((s[i] | 0x20) >= 'a' ? (s[i] | 0x20) <= 'z' : s[i] == '.' || (s[i] >= '0' && s[i] <= '9')))
            i++;
        return i == n && !c->latin;
    }
    while (i + 1 < n && is_everyday(s + i))
        i += 2;
    return i == n && !may_be_vocative(s, n);
}

/* These ask about a surface word without making terms; they overwrite raw and form, which nobody needs between two
 * words. */
bool fihi_chain_is_clitic(struct chain *c, const uint8_t *s, size_t n)
{
    uint8_t resolved[SURFACE_MAX];
    size_t at = 0;

    /* The longest clitics have 4 letters (وبال), with vowels and hidden characters between them. A longer surface is no
     * clitic, and need not be folded. */
    if (n > 32)
        return 0;
    s = resolve(resolved, s, &n);
    fihi_fold_raw(&c->raw, s, n, 0);
    return fihi_fold_next(&c->form, &c->raw, &at) && fihi_fold_is_clitic(&c->form);
}

/* By its normal form: ابن, محمد and the like, of lists (stop.c). */
enum name_kind fihi_chain_name(struct chain *c, const uint8_t *s, size_t n)
{
    size_t at = 0;

    fihi_fold_raw(&c->raw, s, n, 0);
    return fihi_fold_next(&c->form, &c->raw, &at) ? fihi_stop_name(&c->form) : NAME_NONE;
}

bool fihi_chain_may_be_name(struct chain *c, const uint8_t *s, size_t n)
{
    struct stop stop;
    size_t at = 0;

    fihi_fold_raw(&c->raw, s, n, 0);
    return fihi_fold_next(&c->form, &c->raw, &at) && fihi_stop_find(&stop, &c->form) && (stop.kinds & STOP_NAME);
}

/* The first word alone: a pattern has no spaces in it but those of a ligature. Accents go here, too, as they go from
 * the terms that it is to match. */
size_t fihi_chain_fold(struct chain *c, const uint8_t *s, size_t n, uint8_t *out)
{
    uint8_t resolved[SURFACE_MAX];
    size_t at = 0, len;

    if (c->base == BASE_PROGRAM) {             /* its terms are as it gives them, and so are patterns */
        n = cut_to(s, n, FOLD_MAX);
        memcpy(out, s, n);
        return n;
    }
    s = resolve(resolved, s, &n);
    if (fihi_chain_is_initials(s, n, fihi_fold_is_arabic(s, n)))
        return fihi_chain_fold_initials(c, s, n, out);
    if (c->base != BASE_SIMPLE && fihi_fold_is_arabic(s, n)) {
        fihi_fold_raw(&c->raw, s, n, 0);
        return fihi_fold_next(&c->form, &c->raw, &at) ? fihi_fold_utf8(out, FOLD_MAX, &c->form) : 0;
    }
    len = fihi_fold_other(out, s, n, c->base == BASE_SIMPLE);
    return c->base == BASE_SIMPLE ? len : fihi_fold_accents(out, len);
}
