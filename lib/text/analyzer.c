/* text/analyzer.c - the tokens of a text: split it, look the words up, hand the terms out.
 *
 * A text's words come from the splitter in batches, and each is looked up by its bytes: in `known`, the table that the
 * writer shares with its workers, or in the analyzer's own. A word that neither has goes through the chain once, and is
 * then in the latter. So indexing a text is a scan, and for each word a hash, a probe and a compare.
 *
 * Where neighbours decide how a word is read (torn words, names, formulas), the reading is not kept with the word but
 * chosen here: the record's note says whether there is a choice at all, one bit test for nearly all words. The two
 * readings of a torn word are two surface words: علي, and علي with EITHER_MARK behind it. So both are cached, and an
 * index stores a number for either.
 *
 * A text is taken in one of three ways: as numbers of surface words by who writes an index, as terms by who reads a
 * query or shows an analysis, as words with their positions by who looks for a passage. All must count positions alike.
 * The text is borrowed until the last of it is taken.
 */
#include "text/analyzer.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "text/analyzer_part.h"
#include "text/beside.h"
#include "text/formula.h"
#include "text/signature.h"
#include "text/stop.h"

/* -------------------------------------------------------------------- tokens */

/* A piece that does not begin its text has words before it that were not seen: UNREAD, so they are read when it
 * matters. What was left of the text before is dropped; the tables stay, and with them the numbers. */
void fihi_analyzer_begin_in(struct analyzer *a, const uint8_t *text, size_t n, const struct surroundings *in)
{
    fihi_split_begin(&a->split, text, n);
    a->results_left = a->ahead_at = a->ahead_count = 0;
    a->in = *in;
    a->name_end = (const char *)text > in->near.ptr ? UNREAD : SIZE_MAX;
    a->has_finals = false;
    if (a->own)
        a->own->is_begun = false;
}

/* Nothing else is known of its writer then, and it is no query. */
void fihi_analyzer_begin(struct analyzer *a, const uint8_t *text, size_t n)
{
    const fih_str all = {(const char *)text, n};

    fihi_analyzer_begin_in(a, text, n, &(struct surroundings){.near = all, .whole = {all, {NULL, 0}}});
}

static int find_own(struct analyzer *a, const uint8_t *s, size_t n, uint32_t hash, const uint8_t **record,
                    uint32_t *surface)
{
    const int rc = fihi_vocab_find(&a->vocab, &a->chain, s, n, hash, record);

    if (rc == FIH_OK)
        *surface = intern_number(*record) | (a->known ? SURFACE_OWN : 0);
    return rc;
}

/* `known` grows by another thread's hand: what it has not yet is analysed here, and the number says whose it is. No
 * lock: see base/intern.h. In line, for this is done for each word of a text. */
static inline int find_record(struct analyzer *a, const uint8_t *s, size_t n, uint32_t hash, const uint8_t **record,
                              uint32_t *surface)
{
    if (!a->known || !(*record = intern_find(a->known, s, n, hash)))
        return find_own(a, s, n, hash, record, surface);
    *surface = intern_number(*record);
    return FIH_OK;
}

/* The word read in both ways is a surface word of its own, with a mark behind it. n is at most TORN_BYTES, which the
 * callers test: a longer word has more marks than a person writes. */
static int find_either(struct analyzer *a, const uint8_t *s, size_t n, const uint8_t **record, uint32_t *surface)
{
    uint8_t marked[TORN_BYTES + 1];

    memcpy(marked, s, n);
    marked[n] = EITHER_MARK;
    return find_record(a, marked, n + 1, intern_hash(marked, n + 1), record, surface);
}

/* ------------------------------------------------------ what stands beside a word */

/* The text is a piece of in.near, so both pointers are into one array. Places in the text and in what it is a piece of
 * differ by where it begins there. */
static size_t near_at(const struct analyzer *a, size_t at)
{
    return (size_t)((const char *)a->split.text + at - a->in.near.ptr);
}

/* Only Arabic words are looked up: a name of another script is told by its capital (has_capital()). */
static enum name_kind name_of(struct analyzer *a, struct beside w)
{
    const uint8_t *const s = (const uint8_t *)a->in.near.ptr + w.start;

    return w.end > w.start && fihi_fold_is_arabic(s, w.end - w.start)
               ? fihi_chain_name(&a->chain, s, w.end - w.start)
               : NAME_NONE;
}

static enum name_kind name_before(struct analyzer *a, const struct span *w)
{
    return name_of(a, fihi_beside_before(a->in.near, near_at(a, w->start)));
}

static enum name_kind name_behind(struct analyzer *a, const struct span *w)
{
    return name_of(a, fihi_beside_behind(a->in.near, near_at(a, w->end)));
}

/* ASCII only: names of the languages whose stop words we have begin so. An empty word has none, and no byte of it is
 * read. */
static bool has_capital(const struct analyzer *a, struct beside w)
{
    return w.end > w.start && a->in.near.ptr[w.start] >= 'A' && a->in.near.ptr[w.start] <= 'Z';
}

/* Are there spaces, and nothing else, from one word to the next? */
static bool is_adjacent(const struct analyzer *a, size_t end, size_t start)
{
    return end < start && fihi_beside_behind(a->in.near, near_at(a, end)).start == near_at(a, start);
}

/* May a word of names stand beside the one at hand? As a rule not, and that is known without looking at letters.
 * Answered with yes where it is not known: what follows reads the neighbours and decides. The next word is looked up
 * for its note, which it would be anyway. */
static bool may_have_name(struct analyzer *a, const struct span *w)
{
    const struct seen *const next = &a->ahead[a->ahead_at + 1];
    const uint8_t *record, *s;
    uint32_t surface;

    if (a->name_end == UNREAD || (a->name_end != SIZE_MAX && is_adjacent(a, a->name_end, w->start)))
        return true;
    if (a->ahead_at + 1 >= a->ahead_count)
        return true;                                     /* it has not been found yet */
    s = a->split.text + next->word.start;
    return is_adjacent(a, w->end, next->word.start) &&
           (find_record(a, s, next->n, next->hash, &record, &surface) != FIH_OK || (intern_note(record) & NOTE_NAME));
}

/* Does the writer tell ى from ي? A scan of the whole text, so for the first torn word only, and up to the first of each
 * letter. */
static bool tells_finals(struct analyzer *a)
{
    for (size_t i = 0; !a->has_finals && i < sizeof a->in.whole / sizeof *a->in.whole; i++)
        a->finals = (i ? a->finals : 0) | fihi_beside_finals(a->in.whole[i]);
    a->has_finals = true;
    return a->finals == FINAL_BOTH;
}

/* Is the text nothing but this word, as a title may be? Then nothing follows that على might belong to. */
static bool is_alone(const struct analyzer *a, const struct span *w)
{
    const fih_str text = a->in.near;
    size_t from = near_at(a, w->start), to = near_at(a, w->end);

    while (from > 0 && (uint8_t)text.ptr[from - 1] <= ' ')
        from--;
    while (to < text.len && (uint8_t)text.ptr[to] <= ' ')
        to++;
    return from == 0 && to == text.len;
}

/* Is a torn word to be read in both ways? One that is written as a stop word, where it is part of a name; one that is
 * written as another word, where its writer may have meant the stop word. The questions stand in the order of what they
 * cost. Examples: علي by itself is علي and ـعلي, for its writer may mean على; behind عبد it is the name alone. على by
 * itself is the stop word, but as a whole text it is both: a title may be a name. */
static bool is_either(struct analyzer *a, const struct span *w, uint8_t note)
{
    const bool is_stop = note & NOTE_TORN_STOP;

    if (!is_stop && tells_finals(a))
        return false;
    if (is_stop && !a->in.is_query && is_alone(a, w))
        return !tells_finals(a);
    if (!may_have_name(a, w))
        return !is_stop;
    const enum name_kind before = name_before(a, w), behind = name_behind(a, w);

    if (before == NAME_LINK || before == NAME_FIRST || behind == NAME_LINK)
        return is_stop;
    const bool is_name = before == NAME_GIVEN || behind != NAME_NONE;

    return is_stop ? is_name && !tells_finals(a) : !is_name;
}

/* Does a stop word of a query count, for what stands beside it? Of a query only: in texts a stop word is one
 * everywhere. */
static bool is_part_of_name(struct analyzer *a, const struct span *w)
{
    const uint8_t *const s = a->split.text + w->start;
    const size_t n = w->end - w->start, start = near_at(a, w->start), end = near_at(a, w->end);
    const struct beside left = fihi_beside_before(a->in.near, start), right = fihi_beside_behind(a->in.near, end);
    const bool has_latin = has_capital(a, left) || has_capital(a, right);

    if (fihi_beside_is_spelt_out(a->in.near, start, end))
        return true;
    if (!fihi_fold_is_arabic(s, n))
        return has_latin && s[0] >= 'A' && s[0] <= 'Z';
    const enum name_kind before = name_of(a, left);

    if (before == NAME_LINK || before == NAME_FIRST)
        return true;
    return fihi_chain_may_be_name(&a->chain, s, n) &&
           (has_latin || before == NAME_GIVEN || name_of(a, right) != NAME_NONE);
}

/* ------------------------------------------------------------------ surface words */

/* The next word of a program's tokenizer, which is asked when the first is wanted. What the program gives is checked in
 * tokenizer.c, and none of it is trusted before. */
static int next_own(struct analyzer *a, struct own_word *out)
{
    struct own *const o = a->own;
    int rc;

    if (!o->is_begun && (rc = fihi_tokenizer_run(&o->text, a->split.text, a->split.n)) != 0)
        return rc;
    o->at = o->is_begun ? o->at : 0;
    o->is_begun = true;
    if (o->at == o->text.count)
        return FIH_DONE;
    *out = o->text.words[o->at++];
    return FIH_OK;
}

/* The bytes by which the tables know the next word, and where it stands in the text. */
static int find_next(struct analyzer *a, struct seen *out)
{
    struct own_word w;
    int rc;

    if (a->own) {
        if ((rc = next_own(a, &w)) == FIH_OK)
            *out = (struct seen){{.start = w.start, .end = w.end}, a->own->text.keys.ptr + w.at, w.bytes, 0};
        return rc;
    }
    do {
        if ((rc = fihi_split_next(&a->split, &out->word)) != FIH_OK)
            return rc;
        out->s = a->split.text + out->word.start;
        /* Dropped here and in fihi_analyzer_next_words(), which must count positions alike: و in و50. */
    } while (out->word.is_glued && fihi_chain_is_clitic(&a->chain, out->s, out->word.end - out->word.start));
    out->n = fihi_chain_cut(out->s, out->word.end - out->word.start);
    return FIH_OK;
}

/* Find a few words, and have their slots and then their records on the way from memory before any is looked up: a
 * vocabulary is larger than the processor's cache, and waiting word by word would double the time. 32 is more than a
 * processor has loads under way, and few enough for its nearest cache. In a second loop, for the first gives each slot
 * the time of some words to arrive. */
static int look_ahead(struct analyzer *a)
{
    const struct intern *const words = a->known ? a->known : &a->vocab.surfaces;
    int rc = FIH_OK;

    a->ahead_at = a->ahead_count = 0;
    while (a->ahead_count < AHEAD) {
        struct seen *const w = &a->ahead[a->ahead_count];
        if ((rc = find_next(a, w)) != FIH_OK)
            break;
        w->hash = intern_hash(w->s, w->n);
        intern_fetch_slot(words, w->hash);
        a->ahead_count++;
    }
    for (size_t i = 0; i < a->ahead_count; i++)
        intern_fetch_record(words, a->ahead[i].hash);
    return rc < 0 ? rc : a->ahead_count > 0 ? FIH_OK : FIH_DONE;
}

/* The number of the next surface word; a->word is where it stands. FIH_DONE at the end. The note is copied before
 * is_either(), which may add words and so move tables. Positions are those of the plain word: a second reading shares
 * them. */
static int next_surface(struct analyzer *a, uint32_t *surface)
{
    const uint8_t *record;
    int rc;

    if (a->ahead_at == a->ahead_count && (rc = look_ahead(a)) != FIH_OK)
        return rc;
    const struct seen *const w = &a->ahead[a->ahead_at];
    const uint8_t *const s = w->s;
    if ((rc = find_record(a, s, w->n, w->hash, &record, surface)) != FIH_OK)
        return rc;
    const uint8_t note = intern_note(record);
    if (note & (NOTE_TORN | NOTE_TORN_STOP) && w->n <= TORN_BYTES && is_either(a, &w->word, note) &&
        (rc = find_either(a, s, w->n, &record, surface)) != FIH_OK)
        return rc;
    if (a->signer)
        fihi_signer_add(a->signer, s, w->n);
    a->positions += note & NOTE_POSITIONS;
    a->word = w->word;
    /* A word of names is remembered by its end, so that the next one need not look back at letters. */
    a->name_end = note & NOTE_NAME ? w->word.end : SIZE_MAX;
    a->ahead_at++;
    return FIH_OK;
}

/* FIH_E_LIMIT comes from the tables: numbers of words have 32 bits. */
static int fail(const struct analyzer *a, int rc, fih_error *err)
{
    const struct tokenizer *const own = !a->own ? NULL : a->own->text.rc == rc ? &a->own->text : &a->own->alone;

    if (own && own->rc == rc) {
        if (err)
            *err = own->error;
        return rc;
    }
    return rc == FIH_E_NOMEM ? fihi_fail_nomem(err)
                             : fihi_fail(err, rc, "too many different words: reset the analyzer");
}

/* What was found before an error is not handed out: the caller drops the text. */
int fihi_analyzer_next_surfaces(struct analyzer *a, uint32_t *out, size_t max, size_t *count, fih_error *err)
{
    size_t n = 0;
    int rc = FIH_OK;

    *count = a->positions = 0;
    while (n < max && (rc = next_surface(a, &out[n])) == FIH_OK)
        n++;
    if (rc < 0)
        return fail(a, rc, err);
    *count = n;
    /* Asked for nothing, nothing is the answer, and not the end. */
    return n > 0 || max == 0 ? FIH_OK : FIH_DONE;
}

/* Is the word under way a stop word and nothing else? By its first term: of a word that may be a noun as well, that is
 * the noun's. */
static bool is_stop_surface(const struct analyzer *a)
{
    return a->results_left > 0 && (a->vocab.results[a->next_result].flags & TOKEN_STOP);
}

/* A word may have more terms than there is room for: next_result and results_left go on with it. Not with `known`: its
 * numbers have no results here. */
int fihi_analyzer_next(struct analyzer *a, struct token *out, size_t max, size_t *count, fih_error *err)
{
    size_t n = 0;
    int rc = FIH_OK;

    *count = 0;
    while (n < max) {
        uint32_t surface;

        if (a->results_left > 0) {
            struct result r = a->vocab.results[a->next_result++];

            a->results_left--;
            /* Taken off the copy: the record serves all texts, and the reading is of this place. */
            if (a->is_part)
                r.flags &= (uint8_t)~TOKEN_STOP;
            if (a->is_formula)
                r.flags |= TOKEN_FORMULA;
            out[n++] = (struct token){ a->word.start, a->word.end, r.term, r.flags, r.letters };
        } else if ((rc = next_surface(a, &surface)) != FIH_OK) {
            break;
        } else {
            /* A word without terms has no results left and is passed over by the next turn. */
            a->next_result = surface ? a->vocab.surface_ends[surface - 1] : 0;
            a->results_left = a->vocab.surface_ends[surface] - a->next_result;
            a->is_part = a->in.is_query && is_stop_surface(a) && is_part_of_name(a, &a->word);
            a->is_formula = a->in.is_query && a->chain.base < BASE_SIMPLE &&
                            fihi_formula_has(a->in.near, near_at(a, a->word.start), near_at(a, a->word.end), &a->chain);
        }
    }
    if (rc < 0)
        return fail(a, rc, err);
    *count = n;
    return n > 0 || max == 0 ? FIH_OK : FIH_DONE;
}

/* The signer is the caller's, who takes it away again with NULL. */
void fihi_analyzer_sign(struct analyzer *a, struct signer *signer)
{
    a->signer = signer;
}

/* Added up anew by each call that hands out surface words. */
uint32_t fihi_analyzer_positions(const struct analyzer *a)
{
    return a->positions;
}

/* Of the last word that was handed out, not of those that were found ahead. */
bool fihi_analyzer_is_fresh(const struct analyzer *a, size_t *start)
{
    *start = a->word.start;
    return a->word.is_fresh;
}

/* In the analyzer's own words alone, whatever it knows besides: its results are here. */
static int look_up(struct analyzer *a, const uint8_t *word, size_t n, const uint8_t **record)
{
    if (a->own) {
        struct tokenizer *const t = &a->own->alone;
        const int rc = fihi_tokenizer_run(t, word, n);

        /* What is no word, or several of them, has no terms: a NUL. */
        word = t->count == 1 ? t->keys.ptr : (const uint8_t *)"";
        n = t->count == 1 ? t->words[0].bytes : 1;
        return rc ? rc : fihi_vocab_find(&a->vocab, &a->chain, word, n, intern_hash(word, n), record);
    }
    n = fihi_chain_cut(word, n);
    return fihi_vocab_find(&a->vocab, &a->chain, word, n, intern_hash(word, n), record);
}

/* Also while a text is under way: it changes nothing but the tables, and a program's tokenizer is there twice. */
int fihi_analyzer_look_up(struct analyzer *a, const uint8_t *word, size_t n, uint32_t *surface, fih_error *err)
{
    const uint8_t *record;
    int rc = look_up(a, word, n, &record);

    if (rc == FIH_OK && (intern_note(record) & (NOTE_TORN | NOTE_TORN_STOP)) && n <= TORN_BYTES)
        rc = find_either(a, word, n, &record, surface);
    if (rc != FIH_OK)
        return fail(a, rc, err);
    *surface = intern_number(record);
    return FIH_OK;
}

/* Plain words have one position without being looked up: most have. Of others the note of the record says it. */
static int count_positions(struct analyzer *a, const struct span *w, uint32_t *positions)
{
    const uint8_t *const s = a->split.text + w->start;
    const size_t n = w->end - w->start;
    const uint8_t *record;
    int rc;

    /* Also for an error, with which nobody looks at it. */
    *positions = 1;
    if (fihi_chain_is_plain(&a->chain, s, n))
        return FIH_OK;
    if ((rc = look_up(a, s, n, &record)) != FIH_OK)
        return rc;
    *positions = intern_note(record) & NOTE_POSITIONS;
    return FIH_OK;
}

/* One position each, whatever terms they have. The text was run through the program's function when its first word was
 * wanted (next_own()). */
static int next_own_words(struct analyzer *a, struct text_word *out, size_t max, size_t *count, fih_error *err)
{
    struct own_word w;
    int rc = FIH_OK;

    for (; *count < max && (rc = next_own(a, &w)) == FIH_OK; ++*count)
        out[*count] = (struct text_word){w.start, w.end, 1};
    if (rc < 0)
        return fail(a, rc, err);
    return *count > 0 || max == 0 ? FIH_OK : FIH_DONE;
}

/* What is glued to a number is passed over as in find_next(), or positions would differ. */
int fihi_analyzer_next_words(struct analyzer *a, struct text_word *out, size_t max, size_t *count, fih_error *err)
{
    struct span w;
    size_t n = 0;
    int rc = FIH_OK;

    *count = 0;
    if (a->own)
        return next_own_words(a, out, max, count, err);
    while (n < max && (rc = fihi_split_next(&a->split, &w)) == FIH_OK) {
        if (w.is_glued && fihi_chain_is_clitic(&a->chain, a->split.text + w.start, w.end - w.start))
            continue;
        out[n] = (struct text_word){ w.start, w.end, 1 };
        if ((rc = count_positions(a, &w, &out[n].positions)) != FIH_OK)
            break;
        n++;
    }
    if (rc < 0)
        return fail(a, rc, err);
    *count = n;
    return n > 0 || max == 0 ? FIH_OK : FIH_DONE;
}

/* Of the analyzer's own numbers only, without SURFACE_OWN. Without any term yet there is no array to point into. */
const struct result *fihi_analyzer_surface(const struct analyzer *a, uint32_t surface, size_t *count)
{
    const uint32_t first = surface ? a->vocab.surface_ends[surface - 1] : 0;

    *count = a->vocab.surface_ends[surface] - first;
    return a->vocab.results ? a->vocab.results + first : NULL;
}

/* Numbers have 32 bits: the tables refuse what is beyond (FIH_E_LIMIT). */
uint32_t fihi_analyzer_surface_count(const struct analyzer *a)
{
    return (uint32_t)a->vocab.surfaces.count;
}

struct term_text fihi_analyzer_surface_text(const struct analyzer *a, uint32_t surface)
{
    struct term_text t;

    t.ptr = intern_get(&a->vocab.surfaces, surface, &t.len);
    return t;
}

void fihi_analyzer_know(struct analyzer *a, const struct intern *surfaces)
{
    a->known = surfaces;
}

/* Borrowed until the next token or reset, as the header has it. */
struct term_text fihi_analyzer_term(const struct analyzer *a, uint32_t term)
{
    struct term_text t;

    t.ptr = intern_get(&a->vocab.terms, term, &t.len);
    return t;
}

uint32_t fihi_analyzer_term_count(const struct analyzer *a)
{
    return (uint32_t)a->vocab.terms.count;
}

/* Without what splitter and stemmers have of their own, which does not grow. */
size_t fihi_analyzer_bytes(const struct analyzer *a)
{
    return fihi_vocab_bytes(&a->vocab);
}

/* Words found ahead have only spans and hashes, but the text may be gone with them: none is handed out any more. */
void fihi_analyzer_forget(struct analyzer *a, size_t keep)
{
    fihi_vocab_clear(&a->vocab, keep);
    a->results_left = a->ahead_at = a->ahead_count = 0;
}

/* The memory is given back; fihi_analyzer_forget() keeps some for the next words. */
void fihi_analyzer_reset(struct analyzer *a)
{
    fihi_vocab_free(&a->vocab);
    a->results_left = a->ahead_at = a->ahead_count = 0;
}

/* The chain runs again with a trace, past the cache, so that the story is that of the code which made the term. */
int fihi_analyzer_reason(struct analyzer *a, const uint8_t *surface, size_t n, unsigned flags, unsigned term_index,
                         char *out, size_t size, fih_error *err)
{
    struct trace t;
    const size_t cut = fihi_chain_cut(surface, n);
    uint8_t marked[TORN_BYTES + 1];
    /* The flag says that the token came of the word with a mark. */
    const bool is_marked = (flags & TOKEN_EITHER) && cut <= TORN_BYTES;

    fihi_trace_begin(&t, out, size);
    fihi_trace_put(&t, (const char *)surface, cut);
    if (cut < n)
        fihi_trace_put(&t, "…", strlen("…"));
    /* From here on it is the steps. */
    fihi_trace_start(&t);
    if (a->own) {
        fihi_trace_put(&t, " by ", strlen(" by "));
        fihi_trace_put(&t, a->name, strlen(a->name));
        return FIH_OK;
    }
    if (is_marked) {
        memcpy(marked, surface, cut);
        marked[cut] = EITHER_MARK;
    }
    if (fihi_chain_run(&a->chain, is_marked ? marked : surface, cut + is_marked, &t, term_index) != FIH_OK)
        return fihi_fail_nomem(err);
    if (term_index >= a->chain.item_count)
        return fihi_fail(err, FIH_E_USAGE, "the word has only %zu terms", a->chain.item_count);
    return FIH_OK;
}

size_t fihi_analyzer_fold(struct analyzer *a, const uint8_t *s, size_t n, uint8_t *out)
{
    return fihi_chain_fold(&a->chain, s, n, out);
}
