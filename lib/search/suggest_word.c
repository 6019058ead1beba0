/* search/suggest_word.c - one walk through the words of the index: which of them may have been meant?
 *
 * A noisy channel (Kernighan, Church & Gale, "A Spelling Correction Program Based on a Noisy Channel Model", 1990): how
 * common the word is, against how much was mistaken in typing it.
 *
 * All words of the level are walked through once for all slots, so each must be refused quickly: by its documents,
 * its bytes, its script, then by the sets of letters (64 bits a word, is_stranger()), and only what is left by the
 * table of costs. In costs, 100 is one clear mistake; how they come about is text/respell.h.
 *
 * The score of an option is ln(1 + documents) - SLIP_WEIGHT * cost. So a word that is 1000 times as common (6.9) may
 * be one clear mistake (7.0) farther away.
 *
 * Time: the walk over the dictionary is what a suggestion costs. is_stranger() is two operations for each open slot,
 * and refuses most words; the table of costs is filled for the few that are left. The walk is made once for Arabic
 * words, and once more for Latin ones where a Latin word is open.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/utf8.h"
#include "search/suggest_part.h"
#include "text/counts.h"
#include "text/fold.h"
#include "text/lexicon.h"

enum {
    /* The greatest cost that is ever allowed (170) is less than five of the cheapest mistakes (35). */
    MOST_SLIPS = 4, MOST_ARTICLE = 4,  /* letters that may differ; letters of an article */
    FIRST_LETTER = 0x621, LAST_LETTER = 0x64A, LAM = 0x644,
    /* 16 occurrences in the counted texts. REAL_LESS is 2 ^ 7: 128 times as common. */
    REAL_BITS = 8,                     /* half bits: a word counted so often is one of the language */
    REAL_LESS = 14,                    /* unless another is more common by so much, and so near: */
    ONE_SLIP = 70, HALF_SLIP = 45,
    LONG_LATIN = 6,                    /* letters; shorter ones are mostly of another language */
    NEARLY = 15,                       /* as near as the nearest word of the language */
    BIT_WORTH = 3,                     /* a word that is more common by a half bit is so much nearer */
    SHORT = 3,                         /* letters: words that are near too many others */
    CLEAR = 25,                        /* a Latin spelling that can hardly be another word's */
    RARE_RATIO = 30                    /* a rare word is only left for one in so many times as many documents */
};

/* A hundredth of a mistake against the logarithm of documents. */
#define SLIP_WEIGHT 0.07f
#define LATIN_WEIGHT 0.1f
#define NAME_BONUS 1

/* ---- the words of all segments */

/* On to the next word that begins with key[0 … bytes). The dictionary is sorted by level and word, so these lie
 * together. The beginning itself is a word too, but the empty one is not. FIH_OK with *has false at the end of the
 * words that begin so. */
static int next_word(struct term_walk *w, const uint8_t *key, size_t bytes, bool *has, fih_error *err)
{
    int rc, order = -1;

    while (order < 0 && (rc = fihi_term_walk_next(w, err)) == FIH_OK) {
        const size_t n = w->scan.key_bytes;

        /* Less than 0: before the words that begin so; more: behind them all. */
        order = memcmp(w->scan.key, key, n < bytes ? n : bytes);
        if (order == 0 && (n < bytes || n < 2))
            order = -1;
    }
    *has = order == 0;
    return order < 0 && rc != FIH_DONE ? rc : FIH_OK;
}

/* The walk at the top of the heap goes down to its place. The heap's top is the walk that stands on the least word; a
 * walk that has gone on is put back into order by this. */
static void sink(struct term_walk **heap, size_t count, size_t at)
{
    for (size_t least; (least = 2 * at + 1) < count; at = least) {
        struct term_walk *const w = heap[at];

        if (least + 1 < count && key_compare(heap[least + 1]->scan.key, heap[least + 1]->scan.key_bytes,
                                             heap[least]->scan.key, heap[least]->scan.key_bytes) < 0)
            least++;
        if (key_compare(heap[least]->scan.key, heap[least]->scan.key_bytes, w->scan.key, w->scan.key_bytes) >= 0)
            return;
        heap[at] = heap[least];
        heap[least] = w;
    }
}

/* Segments are walked through side by side, so that a word comes once, with all of its documents: else what is looked
 * for among the commonest would depend on where segments begin. A merge of as many sorted lists as there are segments:
 * log2 of their number of comparisons for each word. docs of a word are added up over the segments. `each` may end it
 * early by FIH_DONE. */
int fihi_each_word(const struct view *v, uint8_t level, const uint8_t *prefix, size_t prefix_bytes,
                   struct deadline *deadline, int (*each)(void *, const uint8_t *, size_t, uint32_t), void *ctx,
                   fih_error *err)
{
    struct term_walk *const walks = calloc(v->count + (size_t)1, sizeof *walks);
    struct term_walk **const heap = calloc(v->count + (size_t)1, sizeof *heap);
    uint8_t key[TERM_KEY_MAX], word[TERM_KEY_MAX];
    size_t count = 0;
    bool has = false;
    int rc = walks && heap ? FIH_OK : fihi_fail_nomem(err);

    key[0] = level;
    if (prefix_bytes)
        memcpy(key + 1, prefix, prefix_bytes);
    for (uint32_t i = 0; i < v->count && rc == 0; i++) {
        walks[i].segment = v->segments[i];
        if ((rc = fihi_term_walk_from(&walks[i], key, prefix_bytes + 1, err)) == 0 &&
            (rc = next_word(&walks[i], key, prefix_bytes + 1, &has, err)) == 0 && has)
            /* Segments without such a word are not in the heap. */
            heap[count++] = &walks[i];
    }
    for (size_t i = count; i-- > 0;)
        sink(heap, count, i);
    while (rc == 0 && count) {
        const size_t bytes = heap[0]->scan.key_bytes;
        uint64_t docs = 0;

        memcpy(word, heap[0]->scan.key, bytes);
        while (rc == 0 && count && key_compare(heap[0]->scan.key, heap[0]->scan.key_bytes, word, bytes) == 0) {
            /* The same word of another segment comes to the top next. */
            docs += heap[0]->scan.entry.df;
            rc = next_word(heap[0], key, prefix_bytes + 1, &has, err);
            if (!has)
                heap[0] = heap[--count];
            sink(heap, count, 0);
        }
        if (rc == 0 && (rc = each(ctx, word + 1, bytes - 1, docs < UINT32_MAX ? (uint32_t)docs : UINT32_MAX)) == 0)
            rc = fihi_deadline_check(deadline, err);
    }
    free(walks);
    free(heap);
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* ---- articles */

/* The article and what is written to it, longest first; 0 is none. As long as these are longest first, the first that
 * fits is the right one: ولل before ال. BARE is the place of ال in the table; BEHIND is how many letters must be left
 * for it to be an article, as الم is a word. */
static const uint16_t articles[][5] = {u"", u"وبال", u"ولل", u"وال", u"بال", u"فال", u"كال", u"ال", u"لل"};
enum { ARTICLES = sizeof articles / sizeof *articles, BARE = 7, BEHIND = 3 };

/* How many letters at the beginning of the word are this article; 0 also if only a part of it fits. */
static unsigned article_letters(const struct letters *w, unsigned article)
{
    unsigned n = 0;

    while (articles[article][n] && n < w->count && w->at[n] == articles[article][n])
        n++;
    return articles[article][n] ? 0 : n;
}

/* More than the bare article, whatever is left. An Arabic word with و or ب before its article is not what Latin
 * letters are written for. begins_with_clitic() leaves the word as it is, where take_article() changes it. */
static bool begins_with_clitic(const struct letters *w)
{
    for (unsigned i = 1; i < ARTICLES; i++)
        if (i != BARE && article_letters(w, i))
            return true;
    return false;
}

/* Take the article off, if three letters are left. Returns which one. */
static unsigned take_article(struct letters *w)
{
    /* A quick no for most words. */
    if (w->count < BEHIND + 2 || (w->at[1] != LAM && w->at[2] != LAM && w->at[3] != LAM))
        return 0;                              /* no ل at its place */
    for (unsigned i = 1; i < ARTICLES; i++) {
        const unsigned n = article_letters(w, i);

        /* "" fits every word and takes nothing off. */
        if (n == 0 || w->count < n + BEHIND)
            continue;
        memmove(w->at, w->at + n, (w->count - n) * sizeof *w->at);
        w->count -= n;
        /* The letters of the article may stand in the rest as well, so the set is made anew. */
        w->set = 0;
        for (unsigned k = 0; k < w->count; k++)
            w->set |= letter_bit(w->at[k]);
        return i;
    }
    return 0;
}

/* To leave out a bare article is hardly a mistake: people search for مدرسة and mean المدرسة. To write another one, or
 * one too many, is half a mistake (50 hundredths). */
static unsigned article_cost(unsigned typed, unsigned meant)
{
    return typed == meant ? 0 : typed == 0 && meant == BARE ? 35 : 50;
}

/* ---- what the language knows */

/* Both tables are of 16-bit letters: Arabic ones have no others. */
static size_t to_units(uint16_t out[RESPELL_LETTERS], const struct letters *w)
{
    for (unsigned i = 0; i < w->count; i++)
        out[i] = (uint16_t)w->at[i];
    return w->count;
}

/* Of normalised letters, as both tables have them. The lexicon has broken plurals and names (text/lexicon.h); is_name
 * asks for the latter alone. */
static bool is_lexeme(const struct letters *w, bool is_name)
{
    uint16_t units[RESPELL_LETTERS];
    const struct lexeme *const e = fihi_lexicon_find(&fihi_lexicon_ours, units, to_units(units, w));

    return e && (!is_name || e->kind == LEXEME_NAME);
}

/* How common a word is in the texts that counts.tsv was made of, in half bits: 2 more is twice as common. Less than 0
 * would say that a part of the word is a clitic: no word of its own. */
static int strength(const struct letters *w)
{
    uint16_t units[RESPELL_LETTERS];
    const int bits = fihi_counts_find(units, to_units(units, w));

    return bits > 0 ? bits : 0;
}

/* By what was mistaken and how common the word is: of المنتخب and المنتهب the former is meant, though ه sounds more
 * like ح. A word of the lexicon counts at least as one that is just known. */
static int distance(unsigned cost, const struct letters *meant)
{
    const int bits = strength(meant);

    return (int)cost - BIT_WORTH * (bits < REAL_BITS && is_lexeme(meant, false) ? REAL_BITS : bits);
}

/* Is a variant of what was typed a word of the language, and nearer than all before? One that is no word of the
 * language ends after a look into a bucket of some ten tags (text/counts.c). */
static void try_variant(struct slot *slot, const struct letters *variant)
{
    unsigned cost;

    /* The look-up is cheap, the distance is not: so it comes second. */
    if (strength(variant) < REAL_BITS)
        return;
    cost = fihi_respell_slip(&slot->typed, variant, fihi_respell_slip_most(slot->typed.count));
    if (cost < RESPELL_NEVER && distance(cost, variant) < slot->nearest) {
        slot->nearest = distance(cost, variant);
        slot->near = *variant;
    }
}

/* The nearest word of the language by one letter more, less or other, or two swapped. About 90 variants a letter,
 * some 500 for a word: fewer than words of the index that would have to be compared. The letters between U+063B and
 * U+0640 are none, and find nothing. A letter that went stays in the set, which says only what may be there. This is
 * the way of Norvig ("How to write a spelling corrector", 2007): all words within one edit are made, and those that
 * exist are kept. */
static void find_nearest(struct slot *slot)
{
    const struct letters *const w = &slot->typed;
    struct letters v;

    slot->nearest = RESPELL_NEVER;
    if (slot->is_real || w->count < SHORT || w->count + 1 > RESPELL_LETTERS)
        return;
    for (unsigned i = 0; i <= w->count; i++) {
        for (uint32_t c = FIRST_LETTER; c <= LAST_LETTER; c++) {
            v = *w;
            memmove(v.at + i + 1, w->at + i, (w->count - i) * sizeof *v.at);
            v.at[i] = c;
            /* A letter more, at place i. */
            v.count = w->count + 1;
            v.set = w->set | letter_bit(c);
            try_variant(slot, &v);
            if (i == w->count || w->at[i] == c)
                continue;
            v = *w;
            v.at[i] = c;
            v.set |= letter_bit(c);
            try_variant(slot, &v);
        }
        if (i == w->count)
            break;
        v = *w;
        memmove(v.at + i, w->at + i + 1, (w->count - i - 1) * sizeof *v.at);
        v.count--;
        try_variant(slot, &v);
        v = *w;
        if (i + 1 < w->count) {
            /* Two neighbours in the wrong order. */
            v.at[i] = w->at[i + 1];
            v.at[i + 1] = w->at[i];
            try_variant(slot, &v);
        }
    }
}

/* ---- options */

/* Two ways to one word are one option. Insertion into a sorted array of OPTIONS; a better score for a word that is
 * there moves it up. */
void fihi_slot_offer(struct slot *slot, const struct option *o)
{
    size_t at = 0;

    while (at < slot->count && key_compare(slot->options[at].key, slot->options[at].bytes, o->key, o->bytes) != 0)
        at++;
    /* There already, by a better way. */
    if (at < slot->count && slot->options[at].score >= o->score)
        return;
    if (at == slot->count && slot->count == OPTIONS) {
        if (slot->options[OPTIONS - 1].score >= o->score)
            return;
        at = OPTIONS - 1;
    }
    slot->count += at == slot->count;
    for (; at > 0 && slot->options[at - 1].score < o->score; at--)
        slot->options[at] = slot->options[at - 1];
    slot->options[at] = *o;
}

/* o comes with its documents and where it is from; score and key are set here. By the logarithm a word of a thousand
 * documents and one of ten differ by 4.5, less than by one clear mistake (7.0). */
static void offer(struct slot *slot, struct option *o, uint8_t level, const uint8_t *word, size_t n, float cost)
{
    /* A rare word stays for one that is not at least RARE_RATIO times as common: both may be meant. */
    if (n > FIH_MAX_TERM || (slot->is_rare && o->docs / RARE_RATIO < slot->docs))
        return;
    o->score = logf(1 + (float)o->docs) - cost;
    o->key[0] = level;
    memcpy(o->key + 1, word, n);
    o->bytes = (uint32_t)n + 1;
    fihi_slot_offer(slot, o);
}

/* What look_at() is told at each word, of one walk. Of one script: Arabic words and others are looked at in different
 * levels. */
struct walk {
    struct suggesting *s;
    uint8_t            level;
    bool               is_arabic;      /* words of the level that are looked at */
    size_t             least, most;    /* bytes of those that may be options */
};

/* As another spelling of what was typed. `rest`: the word behind its article. Cheap questions first: what the articles
 * cost, then the table, which gives up above what is left of `most`. */
static void try_slip(const struct walk *w, struct slot *slot, const struct letters *rest, unsigned article,
                     const uint8_t *word, size_t n, uint32_t docs)
{
    struct option o = {.docs = docs, .how = "spelling"};
    /* A rare or odd word was perhaps meant as it is: less may be mistaken in it than in one that nobody has. */
    unsigned most = fihi_respell_slip_most(slot->typed.count), cost;

    if (!slot->is_unknown && most > ONE_SLIP)
        most = ONE_SLIP;
    /* Short Latin words are names of other languages and abbreviations: only what is nearly the same was meant. */
    if (!w->is_arabic && slot->typed.count < LONG_LATIN)
        most = HALF_SLIP;
    /* An article too dear leaves nothing for the letters. */
    cost = article_cost(slot->article, article);
    if (cost > most || (cost += fihi_respell_slip(&slot->typed, rest, most - cost)) > most)
        return;
    /* Real-word errors: a word of the language is only doubted for one that is much more common and one slip away. */
    if (slot->is_real && (cost > ONE_SLIP || strength(rest) < strength(&slot->typed) + REAL_LESS))
        return;
    o.cost = cost;
    /* Sure is shown even if no neighbour speaks for it. */
    o.is_sure = docs >= w->s->floor && slot->typed.count > SHORT;
    offer(slot, &o, w->level, word, n, SLIP_WEIGHT * (float)cost);
}

/* Names are worth a stranger spelling. Five for each letter, and three. In costs of Latin letters, which respell.h
 * defines for their consonants and vowels. */
static unsigned most_for(const struct latin *l, bool is_name)
{
    const unsigned most = 5 * l->word.count + 3;

    return is_name ? fihi_respell_latin_most(l) : most < fihi_respell_latin_most(l) ? most : fihi_respell_latin_most(l);
}

/* Told to the user as the reason. */
static const char from_latin[] = "Latin letters for Arabic";

/* Behind the name's first part, which is a word by itself: عبد needs the article. Whether the two stand together is
 * seen later. The head itself is looked for by back_heads(), once for all options. */
static void try_behind_head(const struct walk *w, struct slot *slot, const struct letters *whole, const uint8_t *word,
                            size_t n, uint32_t docs)
{
    const unsigned most = fihi_respell_latin_most(&slot->rest);
    const unsigned cost = fihi_respell_latin_cost(&slot->rest, whole, most);
    const bool has_article = whole->count > 3 && whole->at[0] == articles[BARE][0] && whole->at[1] == articles[BARE][1];

    if (cost <= most && (has_article || !slot->rest.from))
        offer(slot, &(struct option){.docs = docs, .head = slot->head, .how = from_latin}, w->level, word, n,
              LATIN_WEIGHT * (float)cost);
}

/* As the Arabic for what was typed in Latin letters. Vowels may be written or not (mdrsa, madrasa), and Arabic has the
 * long ones only: so length says little, and consonants most. */
static void try_latin(const struct walk *w, struct slot *slot, const struct letters *whole, const struct letters *rest,
                      const uint8_t *word, size_t n, uint32_t docs)
{
    const unsigned most = fihi_respell_latin_most(&slot->latin);
    const unsigned cost = fihi_respell_latin_cost(&slot->latin, whole, most);
    struct option o = {.docs = docs, .how = from_latin};

    /* Abdelaziz may be one word or two: both are tried. */
    if (slot->head)
        try_behind_head(w, slot, whole, word, n, docs);
    if (cost > most)
        return;
    o.is_name = is_lexeme(whole, true) || is_lexeme(rest, true);
    /* BBC is no Arabic word, but HMD may be حمد. */
    if ((slot->is_acronym && !o.is_name) || cost > most_for(&slot->latin, o.is_name))
        return;
    /* Two consonants are like too many words: Latin names with more of them, or a name of the lexicon, are sure. */
    o.is_sure = docs >= w->s->floor &&
                (o.is_name || slot->latin.consonants > 2 ||
                 (slot->latin.word.count > SHORT && cost <= CLEAR && docs / 4 >= w->s->floor));
    offer(slot, &o, w->level, word, n, LATIN_WEIGHT * (float)cost - (o.is_name ? NAME_BONUS : 0));
}

/* Do the letters of a word speak against all slots? The cheapest mistakes are assumed for all letters that differ, so
 * no word is refused that try_slip() would take. */
static bool is_stranger(const struct walk *w, const struct letters *whole)
{
    for (size_t i = 0; i < w->s->count; i++) {
        const struct slot *const slot = &w->s->slots[i];

        if (!slot_is_open(slot))
            continue;
        if (!slot->is_latin || !w->is_arabic
                ? slip_may_be(&slot->typed, whole->set, MOST_SLIPS * RESPELL_CHEAPEST)
                : latin_may_be(&slot->latin, whole->set) || (slot->head && latin_may_be(&slot->rest, whole->set)))
            return false;
    }
    return true;
}

/* Called for each word of the level, in the order of bytes, as often as the index has words. What is refused here has
 * cost no allocation and no look-up. */
static int look_at(void *ctx, const uint8_t *word, size_t n, uint32_t docs)
{
    const struct walk *const w = ctx;
    struct letters whole, rest;
    unsigned article;
    bool has_clitic;

    /* Sorted by bytes, ASCII and Latin letters are before all Arabic ones. FIH_DONE ends the walk. */
    if (!w->is_arabic && word[0] >= 0xD8)
        return FIH_DONE;                       /* Latin ones are all before */
    /* A third of the floor: what is rarer is no option for anything. */
    if (docs * 3 < w->s->floor || n < w->least || n > w->most || (word[0] >= 0xD8 && word[0] <= 0xDB) != w->is_arabic ||
        !fihi_respell_letters(&whole, word, n) || is_stranger(w, &whole))
        return FIH_OK;
    rest = whole;
    article = w->is_arabic ? take_article(&rest) : 0;
    has_clitic = whole.count > SHORT + 1 && begins_with_clitic(&whole);
    for (size_t i = 0; i < w->s->count; i++) {
        struct slot *const slot = &w->s->slots[i];

        if (!slot_is_open(slot))
            continue;
        if (slot->is_latin && w->is_arabic && !has_clitic)
            try_latin(w, slot, &whole, &rest, word, n, docs);
        else if (slot->is_latin == !w->is_arabic && !slot->is_acronym)
            try_slip(w, slot, &rest, article, word, n, docs);
    }
    return FIH_OK;
}

/* Nothing is an option that is longer or shorter by more letters than can be mistaken. A Latin word's Arabic can be
 * half as long, for its vowels are not written: so the letters themselves are the spread. One pair of limits for all
 * open slots, so that most words are refused by their length alone. */
static void set_lengths(struct walk *w)
{
    const unsigned bytes = w->is_arabic ? 2 : 1;

    w->least = SIZE_MAX;
    w->most = 0;
    for (size_t i = 0; i < w->s->count; i++) {
        const struct slot *const slot = &w->s->slots[i];
        /* Bytes, since the dictionary's words are known by their bytes before any letter is decoded. */
        const unsigned letters = slot->typed.count, spread = slot->is_latin && w->is_arabic ? letters : MOST_SLIPS;
        const size_t least = letters > spread ? (letters - spread) * bytes : 1,
                     most = (letters + spread + MOST_ARTICLE) * bytes;

        if (!slot_is_open(slot))
            continue;
        w->least = least < w->least ? least : w->least;
        w->most = most > w->most ? most : w->most;
    }
}

/* Patterns of Arabic words are normalised words, those of others terms: another level, another walk. */
static int walk_through(struct suggesting *s, bool is_arabic)
{
    struct walk w = {s, suggest_level(s->analyzer, is_arabic), is_arabic, 0, 0};

    set_lengths(&w);
    return fihi_each_word(s->view, w.level, NULL, 0, s->deadline, look_at, &w, s->err);
}

/* Of the word behind its article, as the nearest word has been looked for. */
static int option_distance(const struct option *o)
{
    struct letters word;

    if (!fihi_respell_letters(&word, o->key + 1, o->bytes - 1))
        word.count = 0;
    take_article(&word);
    return distance(o->cost, &word);
}

/* If the index hardly has the nearest word of the language, what is farther away was not meant; that word was, if
 * anything. Where the index lacks what was meant, the next best of its words would be offered in its place, which is
 * worse than nothing. Looked up with each article, for the index may have the word with one only. No option is dropped
 * where the index has that word often enough: then it is among the options itself. */
static int drop_farther(struct suggesting *s, struct slot *slot)
{
    uint64_t docs = 0, most = 0;
    size_t kept = 0;

    if (slot->nearest == RESPELL_NEVER || slot->is_latin || slot->count == 0)
        return FIH_OK;
    for (unsigned i = 0; i < ARTICLES && most < s->floor; i++) {
        uint8_t key[TERM_KEY_MAX];
        size_t n = 1;
        int rc;

        key[0] = suggest_level(s->analyzer, true);
        for (unsigned k = 0; articles[i][k]; k++)
            n += fihi_utf8_put(key + n, articles[i][k]);
        for (unsigned k = 0; k < slot->near.count; k++)
            n += fihi_utf8_put(key + n, slot->near.at[k]);
        if ((rc = fihi_view_count_docs(s->view, key, n, &docs, s->err)) != 0)
            return rc;
        most = docs > most ? docs : most;
    }
    for (size_t i = 0; i < slot->count && most < s->floor; i++) {
        const int far = option_distance(&slot->options[i]);

        slot->options[i].is_sure |= far <= slot->nearest;
        if (far <= slot->nearest + NEARLY)
            slot->options[kept++] = slot->options[i];
    }
    slot->count = most < s->floor ? kept : slot->count;
    return FIH_OK;
}

/* Names that are stop words as well stand among the stems; only their neighbours tell which of the two they are. The
 * stem علي is the name's; that of the word على is ـعلي, with a tatweel before it, so that the two are told apart. */
static int try_stop_names(struct suggesting *s, struct slot *slot)
{
    static const char *const names[] = {"ام", "علي", "مني"};
    const struct latin *const spelt[] = {&slot->latin, &slot->rest};

    for (size_t i = 0; i < 2 * sizeof names / sizeof *names; i++) {
        const struct latin *const l = spelt[i % 2];
        const unsigned most = fihi_respell_latin_most(l);
        struct option o = {.is_stop = true, .head = i % 2 ? slot->head : NULL, .how = from_latin};
        const size_t n = strlen(names[i / 2]);
        struct letters letters;
        uint64_t docs;
        unsigned cost;
        int rc;

        if ((i % 2 && !slot->head) || !fihi_respell_letters(&letters, (const uint8_t *)names[i / 2], n) ||
            (cost = fihi_respell_latin_cost(l, &letters, most)) > most)
            continue;
        o.key[0] = LEVEL_STEM;
        memcpy(o.key + 1, names[i / 2], n);
        if ((rc = fihi_view_count_docs(s->view, o.key, n + 1, &docs, s->err)) != 0)
            return rc;
        o.docs = docs < UINT32_MAX ? (uint32_t)docs : UINT32_MAX;
        if (docs)
            offer(slot, &o, LEVEL_STEM, (const uint8_t *)names[i / 2], n, LATIN_WEIGHT * (float)cost);
    }
    return FIH_OK;
}

/* The slots' own answers first (find_nearest()), then one or two walks for all of them, then what only all options
 * together tell. */
int fihi_suggest_options(struct suggesting *s)
{
    bool has_latin = false, has_any = false;
    int rc = FIH_OK;

    for (size_t i = 0; i < s->count; i++)
        if (slot_is_open(&s->slots[i])) {
            find_nearest(&s->slots[i]);
            has_any = true;
            has_latin |= s->slots[i].is_latin;
        }
    if (has_any)
        rc = walk_through(s, true);
    /* Most queries have none, and are done with one walk. */
    if (rc == 0 && has_latin)
        rc = walk_through(s, false);
    for (size_t i = 0; i < s->count && rc == 0; i++) {
        rc = drop_farther(s, &s->slots[i]);
        if (rc == 0 && s->slots[i].is_latin && slot_is_open(&s->slots[i]))
            rc = try_stop_names(s, &s->slots[i]);
    }
    return rc;
}

/* Arabizi writes 2 and 3 for letters: a word with one of them is no abbreviation. Fewer than six capitals: BBC, UNESCO
 * is not. Without a vowel a word cannot be said, so it is one too. */
static void read_case(struct slot *slot, const uint8_t *word, size_t n)
{
    bool has_vowel = false, is_ascii = true;

    /* And no byte but A to Z, which the loop sees to. */
    slot->is_capital = n < 6;
    for (size_t i = 0; i < n; i++) {
        is_ascii &= word[i] < 0x80;
        slot->is_capital &= word[i] >= 'A' && word[i] <= 'Z';
        has_vowel |= word[i] < 0x80 && strchr("aeiouy23", word[i] | 32) != NULL;
    }
    slot->is_acronym = slot->is_capital || (is_ascii && !has_vowel);
}

/* Does it begin with a word that Arabic writes apart: Abdelaziz, Benali, Aboubakr? Three letters at least must follow,
 * and behind Abd an article must (abd el, abdel): Abdou is a name of its own. */
static void read_head(struct slot *slot, const uint8_t *folded, size_t n)
{
    static const struct { const char *latin, *arabic; bool has_article;
    } heads[] = {{"abd", "عبد", true}, {"ben", "بن", false}, {"bin", "بن", false}, {"abou", "أبو", false},
                 {"abu", "أبو", false}};

    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        const size_t head = strlen(heads[i].latin);

        if (n < head + 3 || memcmp(folded, heads[i].latin, head) != 0 ||
            !fihi_respell_latin(&slot->rest, folded + head, n - head) ||
            (heads[i].has_article && !slot->rest.from))
            continue;
        slot->head = heads[i].arabic;
        return;
    }
}

/* Called again by join_articles(), with the letters of two slots: so what it sets, it sets anew. */
void fihi_slot_read(struct slot *slot, struct suggesting *s, const uint8_t *word, size_t n)
{
    uint8_t folded[FOLD_MAX];
    const size_t bytes = n <= FIH_MAX_TERM ? fihi_analyzer_fold(s->analyzer, word, n, folded) : 0;
    const bool is_arabic = fihi_fold_is_arabic(word, n);

    slot->is_latin = !is_arabic && fihi_respell_latin(&slot->latin, folded, bytes);
    read_case(slot, word, n);
    slot->head = NULL;
    if (slot->is_latin)
        read_head(slot, folded, bytes);
    if (!fihi_respell_letters(&slot->typed, folded, bytes)) {
        slot->typed.count = 0;
        return;
    }
    /* The lexicon and the counts have Arabic words only. */
    if (!is_arabic)
        return;
    /* Before and behind its article: الله is a word as a whole, المدرسة by its rest. */
    slot->is_real = is_lexeme(&slot->typed, false) || strength(&slot->typed) >= REAL_BITS;
    slot->article = take_article(&slot->typed);
    slot->is_real |= is_lexeme(&slot->typed, false) || strength(&slot->typed) >= REAL_BITS;
    /* هههههه is no word, and near to many. */
    if (__builtin_popcountll(slot->typed.set) < SHORT)
        slot->typed.count = 0;                 /* a letter held down */
}
