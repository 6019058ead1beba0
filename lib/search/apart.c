/* search/apart.c - the evidence for words written together and apart, and which pairs are looked at at all.
 *
 * The question: do رأس and مال stand side by side because رأس مال is one thing, or by chance? In a document of 400
 * words with رأس three times and مال five times, chance lets one of them follow the other some 3 * 5 / 400 = 0.04
 * times. Over all documents that were looked at, what is found must be LIFT times the sum of these. Seen within
 * documents, because two words of one subject meet in the same documents anyway, and that proves nothing.
 *
 * Which pairs are looked at at all is decided first, by spelling and by the dictionary, for a look at postings is dear:
 * parts must be words of Arabic letters, not too short, no stop words but for the lists below, and must not be the
 * word's own prefix or suffix (is_across()).
 *
 * Cost: of a part in at most SAMPLE_ALL documents all are looked at, otherwise a sample of SAMPLE_MOST at most. The
 * sample is taken at fixed places of the list over all segments, so the same documents give the same answer each time,
 * in however many segments they lie. Each number below is a limit of that evidence, or of what it may cost.
 */
#include "search/apart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/utf8.h"
#include "search/evidence.h"

enum {
    SAMPLE_ALL = 64,                   /* documents of the rarest part, all of which are looked at */
    SAMPLE_MOST = 160,                 /* of more so many, */
    SAMPLE_RUN = 12,                   /* in runs of so many one behind the other; */
    SAMPLE_LEAST = 36,                 /* or only so many, if none has the parts side by side, or */
    SAMPLE_CLEAR = 8,                  /* so many have */
    SHORT_TEXT = 64,                   /* words; a shorter text says no more of chance than one of so many */
    LIFT = 8,                          /* side by side so many times more than by chance */
    PART_LETTERS = 3,                  /* of a part, unless the first is known for such words */
    WORD_LETTERS = 63
};

/* First parts, normalised: of names, and of what is said so often that it is written as one word. ما and لا are stop
 * words, and ما زال and لا سيما are written together all the same. The last particle, ان, counts only before two words
 * more (ان شاء الله). */
static const char *const names[] = {"عبد", "ابو", "ابي", "ابا", "ابن", "بن", "بنت", "ام", "بو", "ذو"};
static const char *const particles[] = {"ما", "لا", "يا", "ان"};
enum { NAMES = sizeof names / sizeof *names, PARTICLES = sizeof particles / sizeof *particles };

#define GOD "الله"
enum { GOD_LETTERS = 4 };

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

/* Vowels and other marks, tatweel, joiners: they belong to the letter before. */
static bool is_mark(uint32_t cp)
{
    return cp == 0x640 || (cp >= 0x64B && cp <= 0x65F) || cp == 0x670 || (cp >= 0x6D6 && cp <= 0x6ED) ||
           (cp >= 0x200B && cp <= 0x200F);
}

/* Where each letter of a word begins, and behind the last one its end. How many letters; 0 if there is anything else.
 * Cuts are made between letters, so that vowels stay with theirs: عَبْدُالله is cut behind the damma. Ill-formed UTF-8
 * counts as anything else. */
static unsigned find_letters(const char *s, size_t n, uint16_t starts[WORD_LETTERS + 1])
{
    unsigned count = 0;

    for (size_t i = 0; i < n;) {
        const size_t at = i;
        int ok = 1;
        const uint32_t cp = fihi_utf8_next((const uint8_t *)s, n, &i, &ok);

        if (ok && is_mark(cp))
            continue;
        if (!ok || !is_letter(cp) || count == WORD_LETTERS || at > UINT16_MAX)
            return 0;
        starts[count++] = (uint16_t)at;
    }
    starts[count] = (uint16_t)n;
    return n < APART_BYTES ? count : 0;
}

/* A normalised word as text; a word without one is its stem, before which one of a stop word has a tatweel. The tatweel
 * keeps a stop word's term apart from that of a word with the same letters. */
static bool is_spelt(const struct piece *p, const char *word)
{
    static const char tatweel[] = "\u0640";
    const struct term_key *const k = p->form.count ? &p->form : &p->key;
    const size_t n = strlen(word), mark = sizeof tatweel - 1;
    const size_t from = k->count > mark && memcmp(k->bytes + 1, tatweel, mark) == 0 ? 1 + mark : 1;

    return k->count == from + n && memcmp(k->bytes + from, word, n) == 0;
}

static bool is_one_of(const struct piece *p, const char *const *words, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (is_spelt(p, words[i]))
            return true;
    return false;
}

/* What the analyzer makes of the text as a query by itself. More than one word, and it is none (is_word false), though
 * its first one's key is set. The text is borrowed: the piece points into it. */
int fihi_apart_look(struct apart *x, const char *text, size_t n, struct piece *out, fih_error *err)
{
    uint16_t starts[WORD_LETTERS + 1];
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
    out->letters = words == 1 ? find_letters(out->text, out->len, starts) : 0;
    out->is_word = out->letters > 0;
    return FIH_OK;
}

static int count_docs(struct apart *x, const struct term_key *key, uint64_t *docs, fih_error *err)
{
    return fihi_view_count_docs(x->view, key->bytes, key->count, docs, err);
}

/* What the dictionary of a segment says of a word's stem; df 0 if it has it not. */
static int find_word(struct apart *x, const struct piece *p, uint32_t segment, struct dict_entry *e, fih_error *err)
{
    const int rc = fihi_segment_find(x->view->segments[segment], p->key.bytes, p->key.count, e, err);

    if (rc == FIH_E_NOTFOUND)
        e->df = 0;
    return rc == FIH_E_NOTFOUND ? FIH_OK : rc;
}

/* Documents with a word's stem: counted once. A word is a piece of several pairs. The entries of the first segments are
 * kept for open_lists(). */
static int count_word(struct apart *x, struct piece *p, fih_error *err)
{
    int rc = FIH_OK;

    p->docs = p->is_counted ? p->docs : 0;
    if (x->view->statistics && !p->is_counted)
        rc = count_docs(x, &p->key, &p->docs, err);
    for (uint32_t i = 0; i < x->view->count && !p->is_counted && !x->view->statistics && rc == 0; i++) {
        struct dict_entry other, *const e = i < APART_SEGMENTS ? &p->entries[i] : &other;

        rc = find_word(x, p, i, e, err);
        p->docs += rc == 0 ? e->df : 0;
    }
    p->is_counted = rc == 0;
    return rc;
}

/* A noun by itself has the article: a word that begins with a particle has not. مالك may be ما لك or an owner: المالك
 * is in more than one document for fifty with مالك, so it is a noun. */
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

/* ---- side by side */

struct evidence {
    uint64_t docs;                     /* in which they stand side by side: an estimate, if not all were looked at */
    uint64_t looked, with, found;      /* documents of the rarest that were looked at; with all words; side by side */
    uint64_t together;                 /* occurrences there */
    double   chance;                   /* occurrences, were the words strewn over the documents that have them */
};

/* Places at which the words follow one another in the document on which all cursors stand. One merge: positions of all
 * words ascend, and next[i] only goes forward. */
static int count_places(struct apart *x, struct segment *s, unsigned words, uint64_t *count, fih_error *err)
{
    const uint32_t *at[APART_PIECES];
    uint32_t n[APART_PIECES], next[APART_PIECES] = {0};

    *count = 0;
    for (unsigned i = 0; i < words; i++)
        if (!(at[i] = fihi_cursor_positions(&x->cursors[i], &n[i])))
            return x->cursors[i].no_memory ? fihi_fail_nomem(err) : fihi_segment_broken(s, "positions", err);
    for (uint32_t k = 0; k < n[0]; k++) {
        unsigned i = 1;

        for (; i < words; i++) {
            while (next[i] < n[i] && at[i][next[i]] < at[0][k] + i)
                next[i]++;
            if (next[i] == n[i] || at[i][next[i]] != at[0][k] + i)
                break;
        }
        *count += i == words;
    }
    return FIH_OK;
}

/* The document on which the rarest word's cursor stands. Where one of the other words is missing it counts as looked at
 * and no more. Chance: the rarest word's occurrences, each followed by the most frequent of the others with a
 * probability of its share of the text. A text of ten words would make any neighbours seem to be chance, so it counts
 * as one of SHORT_TEXT. */
static int look_at(struct apart *x, struct segment *s, unsigned words, unsigned rarest, struct evidence *e,
                   fih_error *err)
{
    const uint32_t doc = x->cursors[rarest].doc;
    double most = 0;
    uint64_t places;
    uint32_t len;
    int rc;

    e->looked++;
    for (unsigned i = 0; i < words; i++) {
        struct cursor *const c = &x->cursors[i];

        if (i != rarest && fihi_cursor_seek(c, doc) != doc)
            return c->is_broken ? fihi_segment_list_broken(s, c, err) : FIH_OK;
        if (i != rarest && (double)fihi_cursor_freq(c) > most)
            most = fihi_cursor_freq(c);
    }
    if ((rc = fihi_segment_length(s, NORM_TEXT, doc, &len, err)) != 0 ||
        (rc = count_places(x, s, words, &places, err)) != 0)
        return rc;
    e->with++;
    e->chance += fihi_cursor_freq(&x->cursors[rarest]) * most / (len > SHORT_TEXT ? len : SHORT_TEXT);
    e->together += places;
    e->found += places > 0;
    return FIH_OK;
}

/* Were enough documents of a long list looked at? Most pairs are clear soon: often side by side, or never. */
static bool is_enough(const struct evidence *e)
{
    return e->looked >= SAMPLE_MOST ||
           (e->looked >= SAMPLE_LEAST && (e->found >= SAMPLE_CLEAR || e->found == 0));
}

/* Which of the rarest word's documents are looked at, counted over all segments: all of them, or runs that lie all over
 * the list. Runs of neighbours cost one unpacked block for twelve documents; that they lie all over the list keeps a
 * month or a single book from deciding for all. Where segments begin makes no difference. */
struct sample {
    uint64_t docs;                     /* all that there are */
    uint64_t at;                       /* the next one */
    uint64_t before;                   /* those of the segments before */
};

/* Behind the one that was looked at as number e->looked. */
static void step(struct sample *m, const struct evidence *e)
{
    const uint64_t run = e->looked / SAMPLE_RUN, first = m->docs * (1 + run) / (2 + SAMPLE_MOST / SAMPLE_RUN);

    m->at++;
    if (m->docs > SAMPLE_MOST && e->looked % SAMPLE_RUN == 0 && first > m->at)
        m->at = first;
}

static bool is_looked_at(const struct sample *m, const struct evidence *e, uint64_t end)
{
    return m->at < end && (m->docs <= SAMPLE_ALL || !is_enough(e));
}

/* Those of the sample that lie in a segment with so many documents of the rarest. The list is entered at a block, and
 * the run goes on in the next one where it must. */
static int look_in(struct apart *x, struct segment *s, unsigned words, unsigned rarest, uint64_t docs, struct sample *m,
                   struct evidence *e, fih_error *err)
{
    struct cursor *const c = &x->cursors[rarest];
    uint64_t stands = 0;               /* on which of them */
    int rc = FIH_OK;

    while (rc == 0 && is_looked_at(m, e, m->before + docs)) {
        const uint64_t want = m->at - m->before;

        if (want == stands + 1)
            fihi_cursor_next(c);
        else if (want != stands && c->block_count)
            fihi_cursor_enter(c, (uint32_t)(want / POSTING_BLOCK));
        if (want != stands && want != stands + 1 && c->doc != NO_DOC)
            cursor_step(c, (unsigned)(want % POSTING_BLOCK));
        stands = want;
        if (c->doc == NO_DOC)
            return fihi_segment_list_broken(s, c, err);
        rc = look_at(x, s, words, rarest, e, err);
        step(m, e);
    }
    return rc;
}

/* Open the words' lists in a segment: *has_all is false where one has none. Dictionary entries first, so that no list
 * is opened where one of the words is missing. */
static int open_lists(struct apart *x, uint32_t segment, struct piece *const *pieces, unsigned words, bool *has_all,
                      fih_error *err)
{
    struct segment *const s = x->view->segments[segment];
    const struct dict_entry *entries[APART_PIECES];
    struct dict_entry found[APART_PIECES];
    int rc = FIH_OK;

    *has_all = true;
    for (unsigned i = 0; i < words && rc == 0 && *has_all; i++) {
        entries[i] = segment < APART_SEGMENTS ? &pieces[i]->entries[segment] : &found[i];
        if (segment >= APART_SEGMENTS)
            rc = find_word(x, pieces[i], segment, &found[i], err);
        *has_all = rc == 0 && entries[i]->df > 0;
    }
    for (unsigned i = 0; i < words && rc == 0 && *has_all; i++) {
        struct list_place at;

        if ((rc = fihi_segment_list(s, entries[i], &at, err)) == 0 && fihi_cursor_open(&x->cursors[i], &at) != 0)
            rc = fihi_segment_list_broken(s, &x->cursors[i], err);
    }
    return rc;
}

/* A segment that lacks one of the words has no document with all of them. */
static void pass_over(uint64_t docs, struct sample *m, struct evidence *e)
{
    while (is_looked_at(m, e, m->before + docs)) {
        e->looked++;
        step(m, e);
    }
}

/* What statistics know: of words that do not belong together nothing. */
static void find_known(const struct apart *x, struct piece *const *pieces, unsigned words, struct evidence *e)
{
    struct writing_row row;

    *e = (struct evidence){.docs = 0};
    if (fihi_statistics_writing(x->view->statistics, fihi_evidence_hash(pieces, words), &row))
        *e = (struct evidence){.docs = row.docs, .looked = row.looked, .found = row.found, .together = row.found};
}

/* Of words that are all there, and counted. The estimate: as many of all documents as of those looked at. */
static int find_evidence(struct apart *x, struct piece *const *pieces, unsigned words, struct evidence *e,
                         fih_error *err)
{
    struct sample m = {.docs = 0};
    unsigned rarest = 0;
    int rc = FIH_OK;

    if (x->view->statistics) {
        find_known(x, pieces, words, e);
        return FIH_OK;
    }
    *e = (struct evidence){.docs = 0};
    for (unsigned i = 0; i < words; i++)
        rarest = pieces[i]->docs < pieces[rarest]->docs ? i : rarest;
    m.docs = pieces[rarest]->docs;
    m.at = m.docs > SAMPLE_MOST ? m.docs / (2 + SAMPLE_MOST / SAMPLE_RUN) : 0;
    for (uint32_t i = 0; i < x->view->count && rc == 0 && is_looked_at(&m, e, m.docs); i++) {
        struct dict_entry found, *entry = i < APART_SEGMENTS ? &pieces[rarest]->entries[i] : &found;
        bool has_all;

        if (i >= APART_SEGMENTS && (rc = find_word(x, pieces[rarest], i, entry, err)) != 0)
            break;
        if (m.at < m.before + entry->df) {
            rc = open_lists(x, i, pieces, words, &has_all, err);
            if (rc == 0 && has_all)
                rc = look_in(x, x->view->segments[i], words, rarest, entry->df, &m, e, err);
            else if (rc == 0)
                pass_over(entry->df, &m, e);
        }
        m.before += entry->df;
    }
    if (e->looked)
        e->docs = m.docs <= SAMPLE_ALL ? e->found
                                       : (uint64_t)llround((double)e->found * (double)m.docs / (double)e->looked);
    return rc;
}

/* Do they stand side by side because they belong together? found > 0, because nothing found is not less than LIFT times
 * no chance at all. */
static bool is_lifted(const struct evidence *e)
{
    return e->found > 0 && (double)e->together >= LIFT * e->chance;
}

int fihi_apart_evidence(struct apart *x, struct piece *const *pieces, unsigned count, struct writing_row *out,
                        fih_error *err)
{
    struct evidence e;
    int rc = FIH_OK;

    *out = (struct writing_row){.hash = fihi_evidence_hash(pieces, count)};
    for (unsigned i = 0; i < count; i++)
        if ((rc = count_word(x, pieces[i], err)) != 0 || pieces[i]->docs == 0)
            return rc;
    if ((rc = find_evidence(x, pieces, count, &e, err)) == 0 && is_lifted(&e)) {
        out->docs = e.docs < UINT32_MAX ? (uint32_t)e.docs : UINT32_MAX;
        out->looked = (uint16_t)e.looked;
        out->found = (uint16_t)e.found;
    }
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

/* In one of so many documents that have the rarest, at least. A question of how the parts are used at all, where lift
 * only says that they attract each other. */
static bool is_mostly(const struct evidence *e, uint64_t of)
{
    return e->found * of >= e->looked;
}

/* ---- together */

/* Does a stem reach two letters into the first part and into the last? If not, it is hardly of both. كتاب ها: كتابها
 * has the stem كتاب, which is the first part alone: a suffix, no other word. Of two-byte letters, as normalised words
 * of Arabic are; the stem is looked for in the normalised word at letters only. */
static bool is_across(const struct piece *whole, struct piece *const *pieces, unsigned count)
{
    enum { LETTER = 2, REACH = 2 * LETTER };   /* bytes of a letter */
    const size_t n = whole->key.count - 1, bytes = whole->form.count ? whole->form.count - 1 : n;
    const uint8_t *const text = whole->form.count ? whole->form.bytes + 1 : whole->key.bytes + 1;
    const size_t first = LETTER * (size_t)pieces[0]->letters, last = LETTER * (size_t)pieces[count - 1]->letters;

    for (size_t i = 0; i + n <= bytes; i += LETTER)
        if (memcmp(text + i, whole->key.bytes + 1, n) == 0)
            return i + REACH <= first && i + n + last >= bytes + REACH;
    return false;
}

/* Which words may be one, as far as their spelling tells. ان is left out of the particles of two words (see above).
 * Three words must be known for it: a name's first part, a particle, or God at the end. */
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
 * parts are. A particle and a word must be said together, and not be a noun. A part with the stem of the whole is the
 * word itself with something attached.
 *
 * The two quotients: the word is four times as frequent as its rarest part, so the parts are how some have broken it
 * up; or it is 64 times as rare, so it is the parts without their space. Between them, the evidence must say it. */
static int is_joined(struct apart *x, const struct piece *whole, struct piece *const *pieces, unsigned count,
                     bool *is_it, fih_error *err)
{
    const bool is_said = is_one_of(pieces[0], particles, PARTICLES);
    uint64_t rarest = UINT64_MAX;
    struct evidence e;
    bool is_noun = false;
    int rc;

    *is_it = false;
    for (unsigned i = 0; i < count; i++) {
        if (is_same_key(&whole->key, &pieces[i]->key))
            return FIH_OK;
        if ((rc = count_word(x, pieces[i], err)) != 0)
            return rc;
        rarest = pieces[i]->docs < rarest ? pieces[i]->docs : rarest;
    }
    if (!is_said && (rarest <= whole->docs / 4 || whole->docs <= rarest / 64)) {
        *is_it = true;
        return FIH_OK;
    }
    if (rarest == 0 || (rc = find_evidence(x, pieces, count, &e, err)) != 0 || !is_lifted(&e) ||
        (is_said && !is_mostly(&e, 5)) || (is_said && (rc = has_article(x, whole, &is_noun, err)) != 0))
        return rarest == 0 ? FIH_OK : rc;
    *is_it = !is_noun;
    return FIH_OK;
}

/* out->len stays 0 if they are not one word. What is put together is the text as it was typed, marks included; it is
 * analysed like any word. */
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
        !is_across(&whole, pieces, count) || (rc = count_word(x, &whole, err)) != 0 || whole.docs == 0 ||
        (rc = is_joined(x, &whole, pieces, count, &is_it, err)) != 0 || !is_it)
        return rc;
    out->len = n;
    out->docs = whole.docs;
    return FIH_OK;
}

/* ---- apart */

/* Letters of a word that a first part of a list is: alefs of all kinds are one, as normalised. 0 if it begins else.
 * Two bytes a letter on both sides: the lists have no marks, and find_letters() let only letters of two bytes be
 * letters. */
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
};

/* A writing, if the word's pieces are words that belong together; the better of it and what *out has. The conditions in
 * the order of their cost: the pieces' spelling, their frequencies, then postings, then the article. A piece that is
 * 200 times as rare as the word is no word to begin with. What has no more documents than *out is not better. The last
 * two numbers keep a rare pair from standing in for a frequent word: in a twentieth of its documents at least, or side
 * by side in a third of those looked at; behind a particle in a fifth. */
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
            is_same_key(&list[i]->key, &word->key) ||
            (rc = count_word(x, list[i], err)) != 0 || list[i]->docs == 0 || list[i]->docs * 200 < word_docs)
            return rc;
    }
    if ((rc = find_evidence(x, list, count, &e, err)) != 0 || !is_lifted(&e) || e.docs <= out->docs ||
        (e.docs * 20 < word_docs && !is_mostly(&e, 3)) || (cut->is_said && !is_mostly(&e, 5)) ||
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

/* Behind a first part of a list: the rest as one word, or as two, of which the last is God. */
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
 * are only tried if not. The word is counted only when a first part fits. */
static int try_heads(struct apart *x, struct piece *word, const uint16_t *starts, struct writing *out, fih_error *err)
{
    int rc = FIH_OK;

    for (unsigned three = 0; three < 2 && !out->len; three++)
        for (unsigned i = 0; i < NAMES + PARTICLES && rc == 0; i++) {
            const bool is_said = i >= NAMES;
            const char *const head = is_said ? particles[i - NAMES] : names[i];
            const unsigned letters = head_letters(word, starts, head);

            /* ان is a word before two others only: انشاء is one of its own. */
            if (letters && (!is_said || three || i + 1 < NAMES + PARTICLES) && (!three || word->letters >= 8) &&
                (rc = count_word(x, word, err)) == 0)
                rc = try_head(x, word, starts, letters, is_said, three, word->docs, out, err);
        }
    return rc;
}

/* By a known first part if it has one; otherwise at every letter that leaves three on both sides, the best cut
 * counting. APART_CUTS limits this over the whole query: a cut looks up two words, and perhaps reads postings. A stop
 * word is not cut but behind a first part. */
int fihi_apart_split(struct apart *x, struct piece *word, struct writing *out, fih_error *err)
{
    uint16_t starts[WORD_LETTERS + 1];
    int rc;

    out->len = 0;
    out->docs = 0;
    if (!word->is_word || word->letters < 4 || word->len + APART_PIECES >= APART_BYTES)
        return FIH_OK;
    find_letters(word->text, word->len, starts);
    if ((rc = try_heads(x, word, starts, out, err)) != 0 || out->len || word->is_stop ||
        word->letters < 2 * PART_LETTERS || (rc = count_word(x, word, err)) != 0)
        return rc;
    for (unsigned at = PART_LETTERS; at + PART_LETTERS <= word->letters && x->cuts < APART_CUTS && rc == 0; at++) {
        const struct cutting cut = {.ends = {at}, .count = 1};

        x->cuts++;
        rc = try_cut(x, word, starts, &cut, word->docs, out, err);
    }
    return rc;
}
