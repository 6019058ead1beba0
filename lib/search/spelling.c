/* search/spelling.c - from a word of the dictionary to a document, to the bytes where it stands.
 *
 * Texts are compressed in blocks, so each voter costs the reading of one: a few are asked, short ones first, spread
 * over the whole list, and the vote ends as soon as one spelling has WIN votes. The dictionary says مدرسه; its
 * documents say مدرسة, and now and then مدرسه. What they say is what is shown.
 *
 * Nothing that is read is trusted to be what the index says: a word counts as a vote only if the analyzer makes the
 * asked word of it (means()), so a wrong start, or a list of another text, costs a vote and no more.
 *
 * Who asks: complete.c and suggest.c for what they offer (fihi_spelling(), fihi_spelling_before()), and complete.c for
 * what stands at some places (fihi_spelling_at()), and whether what it offers stands there (fihi_spelling_pair()). All
 * of them work for a person who waits, so everything is a bounded number of documents: MOST_VOTERS that speak, TRIED
 * that are considered for each, LOOKED_AT occurrences in one.
 */
#include "search/spelling.h"

#include <stdbool.h>
#include <string.h>

#include "base/fail.h"
#include "base/utf8.h"
#include "text/fold.h"

enum {
    /* Three of the first three or four is what most words end with; fifteen is the limit for a word that everybody
     * spells differently. */
    MOST_VOTERS = 15, WIN = 3,         /* WIN: votes that are enough */
    /* A long text takes longer to be walked to its word than eight lengths take to be looked at. A form's occurrences
     * are mixed with those of the stem's other words, so more than one may have to be tried. */
    TRIED = 8, LOOKED_AT = 24,         /* documents for each voter; occurrences in one */
    /* At a time: the words behind the wanted one are analysed for nothing. */
    WORDS = 32
};

/* ---- the word at a position */

/* Borrowed from the record; empty where it has none. Fields of a stored record, as index/docs.h has them: `cuts` are
 * ranges left out of the body, `starts` places in it. */
struct body {
    fih_str title, text, cuts, starts;
};

/* The record is borrowed from the expanded block; so are all strings. Fields that are not needed here are passed
 * over. */
static int read_record(struct body *b, struct segment *s, const uint8_t *record, size_t bytes, fih_error *err)
{
    struct record_scan scan;
    fih_str name, value;
    unsigned code;
    int rc = fihi_record_scan(&scan, record, bytes);

    memset(b, 0, sizeof *b);
    while (rc == 0 && (rc = fihi_record_next(&scan, &code, &name, &value)) == FIH_OK) {
        /* Borrowed pointers into the record; of a field that occurs twice the last one stays. */
        fih_str *const to = code == FIELD_TITLE    ? &b->title
                            : code == FIELD_BODY   ? &b->text
                            : code == FIELD_CUTS   ? &b->cuts
                            : code == FIELD_STARTS ? &b->starts
                                                   : NULL;

        if (to)
            *to = value;
    }
    return rc == FIH_DONE ? FIH_OK : fihi_segment_broken(s, "its stored documents", err);
}

/* Go `*ahead` positions on from the beginning of the text. The word's bytes, none if the text ends before. Words are
 * only split, not analysed: of most, nothing but their number of positions is wanted. A word may have several, as a
 * ligature of several words does. */
static int walk(fih_str *word, struct analyzer *a, fih_str text, uint32_t *ahead, fih_error *err)
{
    struct text_word words[WORDS];
    size_t n;
    int rc;

    fihi_analyzer_begin(a, (const uint8_t *)text.ptr, text.len);
    /* No more words than the position is away. */
    while ((rc = fihi_analyzer_next_words(a, words, *ahead < WORDS ? *ahead + 1 : WORDS, &n, err)) == FIH_OK)
        for (size_t i = 0; i < n; i++) {
            if (words[i].positions > *ahead) {
                *word = (fih_str){text.ptr + words[i].start, words[i].end - words[i].start};
                return FIH_OK;
            }
            *ahead -= words[i].positions;
        }
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* From the last start that is not behind it, past what was left out. The record's starts say at which byte some
 * positions are, so that the middle of a long text is read from near it. What lies between two cuts is read as a text
 * of its own, as it was when it was indexed (index/chunk.c), so that positions count the same words. */
static int walk_body(fih_str *word, struct analyzer *a, const struct body *b, uint32_t position, fih_error *err)
{
    struct start_scan starts;
    struct cut_scan cuts;
    /* The text's beginning is the first start, whatever the record says. */
    struct word_start next = {0, 0}, start = {0, 0};
    size_t from = 0, to = 0;
    int rc = FIH_OK;

    fihi_start_scan(&starts, b->starts, b->text);
    /* Starts ascend; a broken one ends the loop, and the last good one is used. */
    while (b->starts.len && fihi_start_next(&starts, &next) == FIH_OK && next.position <= position)
        start = next;
    position -= start.position;
    fihi_cut_scan(&cuts, b->cuts, b->text);
    for (size_t at = start.at; at < b->text.len && rc == 0 && !word->len; at = to) {
        do {
            from = to = b->text.len;
            if (b->cuts.len && (rc = fihi_cut_next(&cuts, &from, &to)) < 0)
                /* Cuts are part of the record, whose checksum is right: so they are damaged, or another's. */
                return fihi_fail(err, rc, "the cuts of a document do not fit its body: the index is damaged");
            if (rc == FIH_DONE)
                from = to = b->text.len;
        } while (to <= at && rc == FIH_OK && to < b->text.len);
        rc = from > at ? walk(word, a, (fih_str){b->text.ptr + at, from - at}, &position, err) : FIH_OK;
        /* A cut that ends where the last one did would be read for ever. */
        to = to > at ? to : b->text.len;
    }
    return rc;
}

/* The letters of a word without its marks; a word that is not Arabic as it is. Four bytes left: no letter is cut in
 * half. */
static void write_plain(struct spelling *out, fih_str word)
{
    struct raw raw;

    out->bytes = 0;
    /* The marks are those of Arabic; a word of another script is shown as it was written. */
    if (!fihi_fold_is_arabic((const uint8_t *)word.ptr, word.len)) {
        if (word.len <= sizeof out->text)
            memcpy(out->text, word.ptr, out->bytes = word.len);
        return;
    }
    fihi_fold_raw(&raw, (const uint8_t *)word.ptr, word.len, 0);
    for (size_t i = 0; i < raw.n && out->bytes + 4 <= sizeof out->text; i++)
        out->bytes += fihi_utf8_put(out->text + out->bytes, raw.letter[i]);
}

/* A document, opened once for all its positions. Zero-initialise; `raw` is the block, freed by who opened it. */
struct reading {
    struct buf  raw;
    struct body body;
    uint32_t    title;                 /* words of it */
};

/* The costly step: a block of stored documents is decompressed for it. r->raw owns the bytes and is freed by the caller
 * also after an error. */
static int open_doc(struct reading *r, struct segment *s, uint32_t doc, fih_error *err)
{
    const uint8_t *record;
    size_t bytes;
    int rc = fihi_segment_length(s, NORM_TITLE, doc, &r->title, err);

    if (rc == 0 && (rc = fihi_segment_record(s, doc, &r->raw, &record, &bytes, err)) == 0)
        rc = read_record(&r->body, s, record, bytes, err);
    return rc;
}

/* Between title and body there is a gap of positions, in which no word stands. A position before the beginning (back
 * from the first word) wraps, and is behind every text's end. Positions of a document: the title's words from 0 on,
 * then the gap, then the body's (index/format.h). */
static int read_at(struct spelling *out, const struct reading *r, uint32_t position, struct analyzer *a, fih_error *err)
{
    fih_str word = {NULL, 0};
    int rc = FIH_OK;

    out->bytes = 0;
    if (position < r->title)
        rc = walk(&word, a, r->body.title, &position, err);
    else if (position >= body_position(r->title))
        rc = walk_body(&word, a, &r->body, position - body_position(r->title), err);
    if (rc == 0 && word.len)
        write_plain(out, word);
    return rc;
}

/* All places are of one document, that of the first. */
int fihi_spelling_at(struct spelling *out, const uint64_t *places, size_t count, uint32_t back, struct segment *s,
                     struct analyzer *a, fih_error *err)
{
    struct reading r = {.title = 0};
    int rc = open_doc(&r, s, (uint32_t)(places[0] >> 32), err);

    for (size_t i = 0; i < count; i++) {
        out[i].bytes = 0;
        if (rc == 0)
            rc = read_at(&out[i], &r, (uint32_t)places[i] - back, a, err);
    }
    fihi_buf_free(&r.raw);
    return rc;
}

/* ---- the vote */

/* As many spellings as voters at most, so the arrays cannot overflow. */
struct ballot {
    struct spelling spellings[MOST_VOTERS];
    unsigned        votes[MOST_VOTERS], count, voted, most;    /* most: votes of the best so far */
};

/* Does a spelling mean the word? The analyzer makes several terms of a spelling; the key's level says which of them are
 * compared. Its cache of surface words makes a spelling that was seen before cheap. */
static int means(bool *out, struct analyzer *a, const struct spelling *s, const uint8_t *key, size_t key_bytes,
                 fih_error *err)
{
    const unsigned level = key[0] == LEVEL_FORM ? TOKEN_FORM : 0;
    const struct result *r;
    uint32_t surface;
    size_t count;
    int rc = fihi_analyzer_look_up(a, s->text, s->bytes, &surface, err);

    *out = false;
    if (rc != 0)
        return rc;
    r = fihi_analyzer_surface(a, surface, &count);
    for (size_t i = 0; i < count && !*out; i++) {
        const struct term_text t = fihi_analyzer_term(a, r[i].term);

        *out = (r[i].flags & TOKEN_LEVEL) == level && key_compare(t.ptr, t.len, key + 1, key_bytes - 1) == 0;
    }
    return FIH_OK;
}

/* By bytes: مدرسة and مدرسه are two spellings, and that is the question. */
static void vote(struct ballot *b, const struct spelling *s)
{
    unsigned i = 0;

    while (i < b->count && key_compare(b->spellings[i].text, b->spellings[i].bytes, s->text, s->bytes) != 0)
        i++;
    /* A spelling that nobody has named yet. */
    if (i == b->count) {
        b->spellings[b->count] = *s;
        b->votes[b->count++] = 0;
    }
    b->votes[i]++;
    b->voted++;
    b->most = b->votes[i] > b->most ? b->votes[i] : b->most;
}

/* A stem's list, and which of its normalised words is meant. A normalised word has no list: it is found through those
 * of its stems. `form` is the number of the word in the stem's list. */
struct source {
    struct segment   *segment;
    struct dict_entry stem;
    uint32_t          form;
    uint32_t          docs;            /* that have it */
    bool              is_any;          /* all of them */
};

/* Of a word's stems in a segment, the one that has it most often. The others would vote for the same word; the list
 * with the most of them wastes the fewest looks. FIH_E_NOTFOUND if the segment does not know the word. */
static int find_source(struct source *f, struct segment *s, const uint8_t *key, size_t key_bytes, fih_error *err)
{
    uint8_t stem[TERM_KEY_MAX];
    struct dict_row row, best = {0, 0, 0};
    struct dict_rows rows;
    size_t stem_bytes;
    int rc = fihi_segment_find(s, key, key_bytes, &f->stem, err);

    f->segment = s;
    f->form = 0;
    f->docs = f->stem.df;
    f->is_any = key[0] != LEVEL_FORM;
    if (rc != 0 || f->is_any)
        return rc;
    rows = fihi_dict_rows(&f->stem);
    while ((rc = fihi_dict_row_next(&rows, &row)) == FIH_OK)
        if (row.df > best.df)
            best = row;
    if (rc != FIH_DONE || best.df == 0)
        return fihi_segment_broken(s, "its dictionary", err);
    f->form = best.form;
    f->docs = best.df;
    return fihi_segment_term(s, best.stem, stem, &stem_bytes, &f->stem, err);
}

/* A document that was deleted has no voice. */
static bool has_word(struct cursor *c, const struct source *f)
{
    return !segment_is_deleted(f->segment, c->doc) && (f->is_any || fihi_cursor_form(c, f->form) > 0);
}

/* What the document says that the cursor stands on: the first of its occurrences that has the word. Other words of
 * the stem stand between: the first that means the word is its vote. */
static int ask(struct ballot *b, const struct source *f, struct cursor *c, struct analyzer *a, const uint8_t *key,
               size_t key_bytes, fih_error *err)
{
    uint32_t count;
    /* They are borrowed from the cursor, which does not move here. */
    const uint32_t *const positions = fihi_cursor_positions(c, &count);
    struct reading r = {.title = 0};
    struct spelling s;
    bool is_it = false;
    int rc = positions ? open_doc(&r, f->segment, c->doc, err) : FIH_OK;

    /* No positions: the list is broken, which ask_list() sees at its end. */
    for (uint32_t i = 0; positions && i < count && i < LOOKED_AT && !is_it && rc == 0; i++)
        if ((rc = read_at(&s, &r, positions[i], a, err)) == 0 && s.bytes)
            rc = means(&is_it, a, &s, key, key_bytes, err);
    if (is_it)
        vote(b, &s);
    fihi_buf_free(&r.raw);
    return rc;
}

/* Onto a document that has the word, from the present one on; blocks without the word are stepped over. The bits that
 * a block has for its forms can be wrong only towards yes. A block of 128 postings is stepped over if its skip entry
 * says that the form is in none of them. */
static uint32_t go_on(struct cursor *c, const struct source *f)
{
    while (c->doc != NO_DOC && !has_word(c, f)) {
        if (!f->is_any && c->index == 0 && !(fihi_cursor_forms(c, c->block) & form_bit(f->form)))
            fihi_cursor_next_block(c);
        else
            fihi_cursor_next(c);
    }
    return c->doc;
}

/* The shortest of the next few documents that have the word, for the time that goes into reading; NO_DOC if there is
 * none. The cursor goes behind those it looks at. Lengths are looked up in a column, which costs next to nothing beside
 * opening a document. */
static int pick(uint32_t *out, struct cursor *c, const struct source *f, unsigned tries, fih_error *err)
{
    uint32_t least = UINT32_MAX, length;
    int rc = FIH_OK;

    *out = NO_DOC;
    for (; tries > 0 && rc == 0 && go_on(c, f) != NO_DOC; tries--, fihi_cursor_next(c))
        if ((rc = fihi_segment_length(f->segment, NORM_TEXT, c->doc, &length, err)) == 0 && length < least) {
            least = length;
            *out = c->doc;
        }
    return rc;
}

/* Let documents all over the list vote. The list is not read as a whole: block_count comes from its head, and a voter
 * enters at a block. */
static int ask_list(struct ballot *b, const struct source *f, struct analyzer *a, const uint8_t *key, size_t key_bytes,
                    unsigned voters, fih_error *err)
{
    struct cursor c = {0}, reading = {0};
    struct list_place at;
    uint32_t last = NO_DOC;
    int rc = fihi_segment_list(f->segment, &f->stem, &at, err);

    if (rc != 0)
        return rc;
    /* Closed below in any case; a cursor that was not opened is zeroed. */
    if (fihi_cursor_open(&c, &at) != 0)
        rc = fihi_segment_list_broken(f->segment, &c, err);
    else if (fihi_cursor_open(&reading, &at) != 0)
        rc = fihi_segment_list_broken(f->segment, &reading, err);
    /* Voter i begins at the i-th part of the list: documents that lie together are often one site's, with one habit.
     * The rounds behind `voters` go on from there, for those that had nothing to say. */
    for (unsigned i = 0; rc == 0 && c.doc != NO_DOC && b->voted < voters && b->most < WIN && i < 2 * voters; i++) {
        uint32_t doc;

        if (i < voters && (uint64_t)c.block_count * i / voters > c.block)
            fihi_cursor_enter(&c, (uint32_t)((uint64_t)c.block_count * i / voters));
        if ((rc = pick(&doc, &c, f, f->docs < voters * TRIED ? f->docs / voters + 1 : TRIED, err)) != 0)
            break;
        /* Parts may lead to the same document; it votes once. */
        if (doc == NO_DOC || doc == last)
            continue;
        last = doc;
        /* A cursor of its own, since picking looked ahead. Both only go forward. */
        if (fihi_cursor_seek(&reading, doc) == doc)
            rc = ask(b, f, &reading, a, key, key_bytes, err);
    }
    if (rc == 0 && (c.is_broken || reading.is_broken))
        rc = fihi_segment_list_broken(f->segment, c.is_broken ? &c : &reading, err);
    fihi_cursor_close(&c);
    fihi_cursor_close(&reading);
    return rc;
}

/* Of equal ones the one that was heard first. NULL if nobody voted. */
static const struct spelling *winner(const struct ballot *b)
{
    unsigned best = 0;

    for (unsigned i = 1; i < b->count; i++)
        if (b->votes[i] > b->votes[best])
            best = i;
    return b->count ? &b->spellings[best] : NULL;
}

/* One document each, and one place: a text that repeats itself has one voice. `back` is 1 for the word right before the
 * places, 2 for the one before that: places are those behind a word. */
int fihi_spelling_before(struct spelling *out, const struct places *p, uint32_t back, const struct view *v,
                         struct analyzer *a, unsigned voters, fih_error *err)
{
    struct ballot b = {.count = 0};

    voters = voters < MOST_VOTERS ? voters : MOST_VOTERS;
    out->bytes = 0;
    for (uint32_t i = 0; i < v->count && b.voted < voters; i++) {
        const struct place_run *const run = &p->segments[i];
        /* Spread over the places, as above. Rounded up, so that no more than `voters` are asked. */
        const size_t step = run->count / voters + 1;

        for (size_t k = 0; k < run->count && b.voted < voters && b.most < WIN; k += step) {
            struct spelling s;
            const int rc = fihi_spelling_at(&s, &run->at[k], 1, back, v->segments[i], a, err);

            if (rc != 0)
                return rc;
            if (s.bytes)
                vote(&b, &s);
        }
    }
    if (b.count)
        *out = *winner(&b);
    return FIH_OK;
}

/* What two neighbours are. */
struct pair {
    struct ballot words, others;       /* words that mean the key; words before them that are not what was typed */
    bool          is_typed;            /* a text has what was typed before the word */
};

/* Is s the rest with a prefix before it? */
static bool is_behind(const char *prefix, const uint8_t *s, size_t n, const uint8_t *rest, size_t rest_bytes)
{
    const size_t more = strlen(prefix);

    return n == more + rest_bytes && memcmp(s, prefix, more) == 0 && memcmp(s + more, rest, rest_bytes) == 0;
}

/* Is it what was typed, also behind و ف ب ل ك? وقال is no other word than قال, but الرئيس is not رئيس. */
static bool is_as_typed(struct analyzer *a, const struct spelling *s, fih_str typed)
{
    static const char *const prefixes[] = {"", "و", "ف", "ب", "ل", "ك"};
    uint8_t folded[FOLD_MAX];
    const size_t n = fihi_analyzer_fold(a, s->text, s->bytes, folded);

    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (is_behind(prefixes[i], folded, n, (const uint8_t *)typed.ptr, typed.len))
            return true;
    return false;
}

/* Is one of them the other with the article? */
static bool is_article_apart(struct analyzer *a, const struct spelling *s, fih_str typed)
{
    const uint8_t *const other = (const uint8_t *)typed.ptr;
    uint8_t folded[FOLD_MAX];
    const size_t n = fihi_analyzer_fold(a, s->text, s->bytes, folded);

    return is_behind("ال", folded, n, other, typed.len) || is_behind("ال", other, typed.len, folded, n);
}

/* Of the place behind both words: in a document that has the key's word, another of its stem may stand there. */
static int ask_pair(struct pair *pair, uint64_t place, fih_str typed, const uint8_t *key, size_t key_bytes,
                    struct segment *s, struct analyzer *a, fih_error *err)
{
    const uint64_t places[2] = {place, place - 1};
    struct spelling at[2];
    bool is_it = false;
    int rc = fihi_spelling_at(at, places, 2, 1, s, a, err);

    if (rc != 0 || at[0].bytes == 0 || (rc = means(&is_it, a, &at[0], key, key_bytes, err)) != 0 || !is_it)
        return rc;
    vote(&pair->words, &at[0]);
    if (at[1].bytes == 0 || is_as_typed(a, &at[1], typed))
        pair->is_typed = true;
    else
        vote(&pair->others, &at[1]);
    return FIH_OK;
}

/* A place whose word was another one costs a look, so twice as many are opened as may vote. */
int fihi_spelling_pair(struct spelling *word, struct spelling *before, fih_str typed, const struct places *p,
                       const uint8_t *key, size_t key_bytes, const struct view *v, struct analyzer *a, unsigned voters,
                       fih_error *err)
{
    struct pair pair = {.is_typed = false};
    unsigned looks = 0;
    bool is_won = false;

    voters = voters < MOST_VOTERS ? voters : MOST_VOTERS;
    word->bytes = before->bytes = 0;
    for (uint32_t i = 0; i < v->count && !is_won; i++) {
        const struct place_run *const run = &p->segments[i];
        const size_t step = run->count / (2 * voters) + 1;

        for (size_t k = 0; k < run->count && pair.words.voted < voters && looks < 2 * voters && !is_won; k += step) {
            const int rc = ask_pair(&pair, run->at[k], typed, key, key_bytes, v->segments[i], a, err);

            if (rc != 0)
                return rc;
            looks++;
            is_won = pair.words.most >= WIN && (pair.is_typed || pair.others.most >= WIN);
        }
    }
    if (pair.words.count)
        *word = *winner(&pair.words);
    /* One text's slip is no spelling. */
    if (!pair.is_typed && pair.others.count &&
        (pair.others.most > 1 || is_article_apart(a, winner(&pair.others), typed)))
        *before = *winner(&pair.others);
    return FIH_OK;
}

/* Segments are asked in their order until enough have voted, often by the first alone. */
int fihi_spelling(struct spelling *out, const struct view *v, struct analyzer *a, const uint8_t *key, size_t key_bytes,
                  unsigned voters, fih_error *err)
{
    struct ballot b = {.count = 0};
    int rc = FIH_OK;

    voters = voters < MOST_VOTERS ? voters : MOST_VOTERS;
    for (uint32_t i = 0; i < v->count && rc == 0 && b.voted < voters && b.most < WIN; i++) {
        struct source f;

        if ((rc = find_source(&f, v->segments[i], key, key_bytes, err)) == 0)
            rc = ask_list(&b, &f, a, key, key_bytes, voters, err);
        /* Another segment may have the word. */
        rc = rc == FIH_E_NOTFOUND ? FIH_OK : rc;
    }
    if (rc != 0)
        return rc;
    if (b.count) {
        *out = *winner(&b);
    } else {
        /* Better the dictionary's spelling than none. */
        out->bytes = key_bytes - 1;
        memcpy(out->text, key + 1, out->bytes);
    }
    return FIH_OK;
}
