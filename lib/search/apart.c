/* search/apart.c - words written together and apart: which pairs are looked at at all, and what proves them.
 *
 * Which pairs are looked at at all is decided first, by spelling and by the dictionary, for a look at postings is dear:
 * parts must be words of Arabic letters, not too short, no stop words but for the lists below, and must not be the
 * word's own prefix or suffix (is_across()). Only then is it asked how often the parts stand side by side
 * (apart_evidence.c). Each number below is a limit of what counts as proof, or of what it may cost.
 *
 * Example: عبدالله is asked. It begins with a name's first part, so it is cut there: عبد and الله are words of the
 * index, and stand side by side in some of the documents that were looked at, far more often than by chance. The other
 * way round عبد الله is put together, and عبدالله looked up.
 */
#include "search/apart.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/utf8.h"
#include "search/apart_part.h"

enum {
    PART_LETTERS = 3,                  /* of a part, unless the first is known for such words, */
    SHORT_LETTERS = 2                  /* or the index has hardly anything but both parts side by side */
};

/* First parts, normalised: of names, and of what is said so often that it is written as one word. ما and لا are stop
 * words, and ما زال and لا سيما are written together all the same. The last particle, ان, counts only before two words
 * more (ان شاء الله). */
static const char *const names[] = {"عبد", "ابو", "ابي", "ابا", "ابن", "بن", "بنت", "ام", "بو", "ذو"};
static const char *const particles[] = {"ما", "لا", "يا", "ان"};
/* What two letters before or behind a word mostly are: clitics, endings and pronouns. */
static const char *const attached[] = {"ال", "ول", "وب", "وك", "فل", "فب", "ون", "ين", "ان", "ات",
                                       "وا", "تم", "ها", "هم", "هن", "كم", "نا", "ني"};
enum {
    NAMES = sizeof names / sizeof *names,
    PARTICLES = sizeof particles / sizeof *particles,
    ATTACHED = sizeof attached / sizeof *attached
};

#define GOD "الله"
enum { GOD_LETTERS = 4 };

/* مئة, which ends as words with endings do: ثلاثمئة has the stem ثلاثم. */
#define HUNDRED "ميه"

/* The cursors are kept from word to word with their memory. */
void fihi_apart_begin(struct apart *x, const struct view *v, struct analyzer *a)
{
    memset(x, 0, sizeof *x);
    x->view = v;
    x->analyzer = a;
}

void fihi_apart_end(struct apart *x)
{
    for (unsigned i = 0; i < APART_PIECES; i++)
        fihi_cursor_close(&x->cursors[i]);
}

/* ---- letters */

/* Letters of the Arabic script that stand by themselves: what was typed in forms of presentation stays whole. Tatweel
 * U+0640 is in the range of letters, and is none. */
static bool is_letter(uint32_t cp)
{
    return (cp >= 0x620 && cp <= 0x64A && cp != 0x640) || (cp >= 0x671 && cp <= 0x6D3) || cp == 0x6D5;
}

/* Vowels and other marks, tatweel, joiners: they belong to the letter before. A mark before any letter belongs to none,
 * and is passed over, too. */
static bool is_mark(uint32_t cp)
{
    return cp == 0x640 || (cp >= 0x64B && cp <= 0x65F) || cp == 0x670 || (cp >= 0x6D6 && cp <= 0x6ED) ||
           (cp >= 0x200B && cp <= 0x200F);
}

/* Where each letter of a word begins, and behind the last one its end. How many letters; 0 if there is anything else.
 * Cuts are made between letters, so that vowels stay with theirs: عَبْدُالله is cut behind the damma. Ill-formed UTF-8
 * counts as anything else. starts[] are of 16 bits; a word of 160 bytes and more (APART_BYTES) is none here, so they
 * suffice. */
unsigned fihi_apart_letters(const char *s, size_t n, uint16_t starts[APART_LETTERS + 1])
{
    unsigned count = 0;

    for (size_t i = 0; i < n;) {
        const size_t at = i;
        int ok = 1;
        const uint32_t cp = fihi_utf8_next((const uint8_t *)s, n, &i, &ok);

        if (ok && is_mark(cp))
            continue;
        if (!ok || !is_letter(cp) || count == APART_LETTERS || at > UINT16_MAX)
            return 0;
        starts[count++] = (uint16_t)at;
    }
    starts[count] = (uint16_t)n;
    return n < APART_BYTES ? count : 0;
}

/* The tatweel keeps a stop word's term apart from that of a word with the same letters. */
const uint8_t *fihi_apart_word(const struct piece *p, size_t *bytes)
{
    static const char tatweel[] = "\u0640";
    const struct term_key *const k = p->form.count ? &p->form : &p->key;
    const size_t mark = sizeof tatweel - 1;
    const size_t from = k->count > mark && memcmp(k->bytes + 1, tatweel, mark) == 0 ? 1 + mark : 1;

    *bytes = k->count > from ? k->count - from : 0;
    return k->bytes + from;
}

static bool is_spelt(const struct piece *p, const char *word)
{
    size_t bytes;
    const uint8_t *const s = fihi_apart_word(p, &bytes);

    return bytes == strlen(word) && memcmp(s, word, bytes) == 0;
}

/* Ten comparisons at most, and most end at the length. */
static bool is_one_of(const struct piece *p, const char *const *words, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (is_spelt(p, words[i]))
            return true;
    return false;
}

/* What the analyzer makes of the text as a query by itself. More than one word, and it is none (is_word false), though
 * its first one's key is set. The text is borrowed: the piece points into it. By the analyzer, so that a piece is the
 * word that it would be in a text: with its article taken off, or as a stop word. */
int fihi_apart_look(struct apart *x, const char *text, size_t n, struct piece *out, fih_error *err)
{
    uint16_t starts[APART_LETTERS + 1];
    struct token tokens[64];
    size_t count, words = 0, from = 0, to = 0;
    int rc;

    *out = (struct piece){.text = text};
    fihi_analyzer_begin(x->analyzer, (const uint8_t *)text, n);
    while ((rc = fihi_analyzer_next(x->analyzer, tokens, 64, &count, err)) == FIH_OK)
        for (size_t i = 0; i < count; i++) {
            const struct term_text term = fihi_analyzer_term(x->analyzer, tokens[i].term);

            if (!(tokens[i].flags & (TOKEN_LEVEL | TOKEN_SAME_POSITION)) && words++ == 0) {
                out->key = term_key(LEVEL_STEM, term);
                out->is_stop = tokens[i].flags & TOKEN_STOP;
                from = tokens[i].start;
                to = tokens[i].end;
            } else if (tokens[i].flags & TOKEN_FORM && words == 1 && !out->form.count) {
                out->form = term_key(LEVEL_FORM, term);
            }
        }
    if (rc != FIH_DONE)
        return rc;
    out->text = text + from;
    out->len = to - from;
    out->letters = words == 1 ? fihi_apart_letters(out->text, out->len, starts) : 0;
    out->is_word = out->letters > 0;
    return FIH_OK;
}

/* Of the collection, where there are statistics. */
static int count_docs(struct apart *x, const struct term_key *key, uint64_t *docs, fih_error *err)
{
    return fihi_view_count_docs(x->view, key->bytes, key->count, docs, err);
}

/* A noun by itself has the article: a word that begins with a particle has not. مالك may be ما لك or an owner: المالك
 * is in more than one document for fifty with مالك, so it is a noun. Example: of 1,000 documents with مالك 21 would
 * have to have المالك. The key is the article, without its final zero, in front of the form; behind the level's byte
 * both times. */
static int has_article(struct apart *x, const struct piece *word, bool *has, fih_error *err)
{
    static const char article[] = "ال";
    struct term_key with = {.bytes = {LEVEL_FORM}};
    uint64_t docs = 0, bare = 0;
    int rc;

    *has = false;
    if (!word->form.count || word->form.count + sizeof article > sizeof with.bytes)
        return FIH_OK;
    memcpy(with.bytes + 1, article, sizeof article - 1);
    memcpy(with.bytes + sizeof article, word->form.bytes + 1, word->form.count - 1);
    with.count = word->form.count + sizeof article - 1;
    if ((rc = count_docs(x, &with, &docs, err)) == 0 && (rc = count_docs(x, &word->form, &bare, err)) == 0)
        *has = docs * 50 > bare;
    return rc;
}

bool fihi_apart_is_first(const struct piece *p)
{
    return is_one_of(p, names, NAMES) || is_one_of(p, particles, PARTICLES);
}

bool fihi_apart_is_last(const struct piece *p)
{
    return is_spelt(p, GOD);
}

/* ---- together */

/* Does a stem reach two letters into the first part and into the last? If not, it is hardly of both. كتاب ها: كتابها
 * has the stem كتاب, which is the first part alone: a suffix, no other word. Of two-byte letters, as normalised words
 * of Arabic are; the stem is looked for in the normalised word at letters only. Example: رأسمال, normalised راسمال:
 * first part of three letters, last of three. A stem راسمال reaches from 0 to 6: two letters into both. Of كتابها the
 * stem كتاب ends at 4, where the last part begins: not across. */
bool fihi_apart_reaches(const struct piece *whole, unsigned first_letters, unsigned last_letters)
{
    enum { LETTER = 2, REACH = 2 * LETTER };   /* bytes of a letter */
    const size_t n = whole->key.count - 1, bytes = whole->form.count ? whole->form.count - 1 : n;
    const uint8_t *const text = whole->form.count ? whole->form.bytes + 1 : whole->key.bytes + 1;
    const size_t first = LETTER * (size_t)first_letters, last = LETTER * (size_t)last_letters;

    for (size_t i = 0; i + n <= bytes; i += LETTER)
        if (memcmp(text + i, whole->key.bytes + 1, n) == 0)
            return i + REACH <= first && i + n + last >= bytes + REACH;
    return false;
}

/* Which words may be one, as far as their spelling tells. ان is left out of the particles of two words (see above).
 * Three words must be known for it: a name's first part, a particle, or God at the end. Together they have five letters
 * at least, with a particle four: what is shorter is some other word, as a rule. */
static bool can_join(struct piece *const *pieces, unsigned count)
{
    const bool is_said = is_one_of(pieces[0], particles, count == 2 ? PARTICLES - 1 : PARTICLES);
    const bool is_name = is_one_of(pieces[0], names, NAMES);
    unsigned letters = 0;

    for (unsigned i = 0; i < count; i++) {
        if (!pieces[i]->is_word || pieces[i]->letters < 2 ||
            (pieces[i]->is_stop && !is_said && !(is_name && i == 0)))
            return false;
        letters += pieces[i]->letters;
    }
    if (count > 2 && !is_said && !is_name && !is_spelt(pieces[count - 1], GOD))
        return false;
    return letters >= (is_said ? 4 : 5);
}

/* Is a word of the index what its parts are? Of nouns it mostly is: if it is so rare that it is only a slip, or its
 * parts are. A particle and a word must be said together, and not be a noun; a present tense behind a particle (لا
 * يستوعب) needs no proof. A part with the stem of the whole is the word itself with something attached.
 *
 * The two quotients: the word is four times as frequent as its rarest part, so the parts are how some have broken it
 * up; or it is 64 times as rare, so it is the parts without their space. Between them, the evidence must say it. */
/* Example: whole in 400 documents: rarest part in 100 or fewer, and it is one word; rarest in 25,600 or more, and the
 * same; in 1,000, and postings are looked at. */
static int is_joined(struct apart *x, const struct piece *whole, struct piece *const *pieces, unsigned count,
                     bool *is_it, fih_error *err)
{
    const bool is_said = is_one_of(pieces[0], particles, PARTICLES);
    uint64_t rarest = UINT64_MAX;
    struct evidence e;
    bool is_noun = false;
    int rc;

    *is_it = false;
    if (is_said && fihi_apart_is_other(whole))
        return FIH_OK;
    for (unsigned i = 0; i < count; i++) {
        if (is_same_key(&whole->key, &pieces[i]->key))
            return FIH_OK;
        if ((rc = fihi_apart_count_word(x, pieces[i], err)) != 0)
            return rc;
        rarest = pieces[i]->docs < rarest ? pieces[i]->docs : rarest;
    }
    if (is_said ? count == 2 && fihi_apart_is_present(pieces[1])
                : rarest <= whole->docs / 4 || whole->docs <= rarest / 64) {
        *is_it = true;
        return FIH_OK;
    }
    if (rarest == 0 || (rc = fihi_apart_find(x, pieces, count, &e, err)) != 0 || !evidence_is_lifted(&e) ||
        (is_said && !evidence_is_mostly(&e, 5)) || (is_said && (rc = has_article(x, whole, &is_noun, err)) != 0))
        return rarest == 0 ? FIH_OK : rc;
    *is_it = !is_noun;
    return FIH_OK;
}

/* out->len stays 0 if they are not one word. What is put together is the text as it was typed, marks included; it is
 * analysed like any word. Nothing is put between, and no letter is changed: the analyzer folds them as it does in
 * texts. */
int fihi_apart_join(struct apart *x, struct piece *const *pieces, unsigned count, struct writing *out, fih_error *err)
{
    struct piece whole;
    bool is_it = false;
    size_t n = 0;
    int rc;

    out->len = 0;
    if (!can_join(pieces, count))
        return FIH_OK;
    for (unsigned i = 0; i < count; n += pieces[i++]->len)
        if (n + pieces[i]->len >= APART_BYTES)
            return FIH_OK;
        else
            memcpy(out->text + n, pieces[i]->text, pieces[i]->len);
    if ((rc = fihi_apart_look(x, out->text, n, &whole, err)) != 0 || !whole.is_word ||
        (!is_spelt(pieces[count - 1], HUNDRED) && !(count == 2 && is_one_of(pieces[0], particles, PARTICLES) &&
                                                    fihi_apart_is_present(pieces[1])) &&
         !fihi_apart_reaches(&whole, pieces[0]->letters, pieces[count - 1]->letters)) ||
        (rc = fihi_apart_count_word(x, &whole, err)) != 0 || whole.docs == 0 ||
        (rc = is_joined(x, &whole, pieces, count, &is_it, err)) != 0 || !is_it)
        return rc;
    out->len = n;
    out->docs = whole.docs;
    return FIH_OK;
}

/* ---- apart */

/* Letters of a word that a first part of a list is: alefs of all kinds are one, as normalised. 0 if it begins else. Two
 * bytes a letter on both sides: the lists have no marks, and fihi_apart_letters() let only letters of two bytes be
 * letters. Example: أبوظبي begins with ابو, three letters: its أ is one of the alefs. */
static unsigned head_letters(const struct piece *word, const uint16_t *starts, const char *head)
{
    const size_t n = strlen(head) / 2;

    for (size_t i = 0; i < n; i++) {
        const char *const s = word->text + starts[i];
        static const char alefs[] = "اأإآ";
        bool is_alef = false;

        if (i >= word->letters)
            return 0;
        for (const char *a = alefs; *a && memcmp(head + 2 * i, "ا", 2) == 0; a += 2)
            is_alef |= memcmp(s, a, 2) == 0;
        if (!is_alef && memcmp(s, head + 2 * i, 2) != 0)
            return 0;
    }
    return (unsigned)n;
}

/* A word, cut at letters ends[0] < ends[1] …, and what is known of it. */
struct cutting {
    unsigned ends[APART_PIECES - 1], count;    /* cuts: one fewer than pieces */
    bool     is_said, is_name;         /* a particle first, or a first part of names */
    bool     is_short;                 /* a part has SHORT_LETTERS */
};

/* A writing, if the word's pieces are words that belong together; the better of it and what *out has. The conditions in
 * the order of their cost: the pieces' spelling, their frequencies, then postings, then the article. A piece that is
 * 200 times as rare as the word is no word to begin with. What has no more documents than *out is not better. The last
 * two numbers keep a rare pair from standing in for a frequent word: in a twentieth of its documents at least, or side
 * by side in a third of those looked at, a part of two letters in any case; behind a particle in a fifth. Example: a
 * word in 1,000 documents: pieces must be in 5 of them at least, and stand side by side in 50 or in every third
 * document looked at. */
static int try_cut(struct apart *x, const struct piece *word, const uint16_t *starts, const struct cutting *cut,
                   uint64_t word_docs, struct writing *out, fih_error *err)
{
    struct piece pieces[APART_PIECES], *list[APART_PIECES] = {NULL};
    const unsigned count = cut->count + 1;
    struct evidence e;
    bool is_noun = false;
    size_t n = 0;
    int rc = FIH_OK;

    for (unsigned i = count; i-- > 0;) {       /* the last first: it decides more often */
        const size_t from = i ? starts[cut->ends[i - 1]] : 0, to = i + 1 < count ? starts[cut->ends[i]] : word->len;

        list[i] = &pieces[i];
        if ((rc = fihi_apart_look(x, word->text + from, to - from, list[i], err)) != 0 || !list[i]->is_word ||
            (list[i]->is_stop && !cut->is_said && !(cut->is_name && i == 0)) ||
            is_same_key(&list[i]->key, &word->key) || (cut->is_short && is_one_of(list[i], attached, ATTACHED)) ||
            (rc = fihi_apart_count_word(x, list[i], err)) != 0 || list[i]->docs == 0 || list[i]->docs * 200 < word_docs)
            return rc;
    }
    if ((rc = fihi_apart_find(x, list, count, &e, err)) != 0 || !evidence_is_lifted(&e) || e.docs <= out->docs ||
        ((e.docs * 20 < word_docs || cut->is_short) && !evidence_is_mostly(&e, 3)) ||
        (cut->is_said && !evidence_is_mostly(&e, 5)) ||
        (cut->is_said && (rc = has_article(x, word, &is_noun, err)) != 0) || is_noun)
        return rc;
    for (unsigned i = 0; i < count; i++) {
        if (i)
            out->text[n++] = ' ';
        memcpy(out->text + n, pieces[i].text, pieces[i].len);
        n += pieces[i].len;
    }
    out->len = n;
    out->docs = e.docs;
    return FIH_OK;
}

/* The last four letters, without marks between: the caller knows that there are so many. */
static bool ends_with_god(const struct piece *word, const uint16_t *starts)
{
    const size_t from = starts[word->letters - GOD_LETTERS];

    return word->len - from == sizeof GOD - 1 && memcmp(word->text + from, GOD, sizeof GOD - 1) == 0;
}

/* Behind a first part of a list: the rest as one word, or as two, of which the last is God. Behind a particle the rest
 * may have two letters, behind a name's first part three; between a first part and God two. */
static int try_head(struct apart *x, const struct piece *word, const uint16_t *starts, unsigned head, bool is_said,
                    bool is_three, uint64_t word_docs, struct writing *out, fih_error *err)
{
    struct cutting cut = {.ends = {head}, .count = 1, .is_said = is_said, .is_name = !is_said};

    if (!is_three && word->letters >= head + (is_said ? 2 : PART_LETTERS))
        return try_cut(x, word, starts, &cut, word_docs, out, err);
    if (!is_three || word->letters < head + 2 + GOD_LETTERS || !ends_with_god(word, starts))
        return FIH_OK;
    cut.count = 2;
    cut.ends[1] = word->letters - GOD_LETTERS;
    return try_cut(x, word, starts, &cut, word_docs, out, err);
}

/* The lists' first parts, with one word behind them, then with two. Two pieces settle it, if they are a writing; three
 * are only tried if not. The word is counted only when a first part fits. A word of its own has no particle. Example:
 * انشاءالله is cut in three, ان شاء الله, and never behind its ان alone. */
static int try_heads(struct apart *x, struct piece *word, const uint16_t *starts, struct writing *out, fih_error *err)
{
    const unsigned heads = fihi_apart_is_other(word) ? NAMES : NAMES + PARTICLES;
    int rc = FIH_OK;

    for (unsigned three = 0; three < 2 && !out->len; three++)
        for (unsigned i = 0; i < heads && rc == 0; i++) {
            const bool is_said = i >= NAMES;
            const char *const head = is_said ? particles[i - NAMES] : names[i];
            const unsigned letters = head_letters(word, starts, head);

            /* ان is a word before two others only: انشاء is one of its own. */
            if (letters && (!is_said || three || i + 1 < NAMES + PARTICLES) && (!three || word->letters >= 8) &&
                (rc = fihi_apart_count_word(x, word, err)) == 0)
                rc = try_head(x, word, starts, letters, is_said, three, word->docs, out, err);
        }
    return rc;
}

/* By a known first part if it has one; otherwise at every letter that leaves three on both sides, the best cut
 * counting; where there is none, a rarer word also behind its second letter or before its last two (تل عفر, واتس اب).
 * APART_CUTS limits this over the whole query: a cut looks up two words, and perhaps reads postings. A stop
 * word is not cut but behind a first part. Example: a word of eight letters is cut behind its third, fourth and
 * fifth. */
int fihi_apart_split(struct apart *x, struct piece *word, struct writing *out, fih_error *err)
{
    uint16_t starts[APART_LETTERS + 1];
    int rc;

    out->len = 0;
    out->docs = 0;
    if (!word->is_word || word->letters < 4 || word->len + APART_PIECES >= APART_BYTES)
        return FIH_OK;
    fihi_apart_letters(word->text, word->len, starts);
    if ((rc = try_heads(x, word, starts, out, err)) != 0 || out->len || word->is_stop ||
        word->letters < PART_LETTERS + SHORT_LETTERS || (rc = fihi_apart_count_word(x, word, err)) != 0)
        return rc;
    for (unsigned at = PART_LETTERS; at + PART_LETTERS <= word->letters && x->cuts < APART_CUTS && rc == 0; at++) {
        const struct cutting cut = {.ends = {at}, .count = 1};

        x->cuts++;
        rc = try_cut(x, word, starts, &cut, word->docs, out, err);
    }
    if (rc != 0 || out->len || fihi_apart_is_common(word))
        return rc;
    for (unsigned i = 0; i < 2 && x->cuts < APART_CUTS && rc == 0 && !out->len; i++) {
        const struct cutting cut = {
            .ends = {i ? word->letters - SHORT_LETTERS : SHORT_LETTERS}, .count = 1, .is_short = true};

        x->cuts++;
        rc = try_cut(x, word, starts, &cut, word->docs, out, err);
    }
    return rc;
}
