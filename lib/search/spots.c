/* search/spots.c - from the query's terms to positions, and from positions to bytes.
 *
 * First the positions: of each stem of the query in the document, from its list, all merged into one ascending order
 * of spots, each with the least number of the wanted that it may be; phrases are settled when all are seen. Then the
 * bytes: a record has starts (a position and its byte, every 128 words or a little more), and from the last start
 * before a spot the words are counted up to it. So a hit far down in a book costs one stretch.
 *
 * The lists may be another text's, or damaged. Positions that do not ascend are dropped, a walk ends with its
 * stretch, and who uses a spot looks at the word there.
 *
 * Who asks: snippet.c, for the body of a document that was found, with the text that it has from the program or from
 * the index. For a hit far down in a book of 2 MB some hundred words are analysed instead of the 2 MB.
 */
#include "search/spots.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fail.h"
#include "search/term.h"

/* The positions of one stem in the body, as far as it may be one of the wanted. */
struct stem {
    uint32_t  ordinal;                 /* in the segment */
    uint32_t  term;                    /* the analyzer's number, or SPELLED */
    uint32_t  word;                    /* which of the wanted it is by itself, or WANTED_NONE */
    /* The document has the form less often than the stem: which of the places have it, only the text tells. */
    bool      is_maybe;                /* not at each of the positions */
    uint32_t *positions;
    size_t    count, cap, next;
};

#define SPELLED UINT32_MAX             /* there for the sake of a form only */

/* Of one document; the positions are copies and freed by stems_free(). Few: one for each stem of the query, and for
 * each stem that shares a form with it. */
struct stems {
    const struct indexed *of;
    uint32_t     body;                 /* the first position of its body */
    struct stem *stems;
    size_t       count, cap;
};

static void stems_free(struct stems *s)
{
    for (size_t i = 0; i < s->count; i++)
        free(s->stems[i].positions);
    free(s->stems);
}

/* Two reasons for which a cursor stands nowhere; neither has a message, for the text tells then what the index does
 * not. */
static int broken(const struct cursor *c)
{
    return c->no_memory ? FIH_E_NOMEM : FIH_E_CORRUPT;
}

/* A cursor on the document in the list of a stem; FIH_E_NOTFOUND if that does not have it. To be closed in any case.
 * It is opened by the caller's zeroed cursor, so closing one that was never opened is harmless. */
static int open_list(struct cursor *c, const struct indexed *d, const struct dict_entry *e, fih_error *err)
{
    struct list_place at;
    const int rc = fihi_segment_list(d->segment, e, &at, err);

    if (rc != 0)
        return rc;
    if (fihi_cursor_open(c, &at) != 0)
        return broken(c);
    return fihi_cursor_seek(c, d->doc) == d->doc ? FIH_OK : c->is_broken ? broken(c) : FIH_E_NOTFOUND;
}

/* A stem that the document has, with its positions. *stem is copied; its positions are read from the cursor's block
 * now, for the cursor is closed soon. Positions are counted from the body's first word from here on, for starts count
 * so. */
static int add_stem(struct stems *s, struct cursor *c, const struct stem *stem, fih_error *err)
{
    uint32_t count;
    /* Borrowed from the cursor until it moves. */
    const uint32_t *const positions = fihi_cursor_positions(c, &count);
    struct stem *t;

    if (!positions)
        return broken(c);
    if (fihi_grow(&s->stems, &s->cap, s->count + 1, sizeof *s->stems) != 0)
        return fihi_fail_nomem(err);
    t = &s->stems[s->count++];
    *t = *stem;
    if (fihi_grow(&t->positions, &t->cap, count, sizeof *t->positions) != 0)
        return fihi_fail_nomem(err);
    for (uint32_t i = 0; i < count; i++)
        /* Titles have positions below the body's first. */
        if (positions[i] >= s->body && (t->count == 0 || positions[i] - s->body > t->positions[t->count - 1]))
            t->positions[t->count++] = positions[i] - s->body;
    return FIH_OK;
}

/* A term of the query, once. A stem that the segment or the document does not have is no error: it has no spots. Words
 * of a phrase and plain words may have a stem in common: its list is read once. */
static int add_term(struct stems *s, const struct wanted *w, const struct analyzer *a, uint32_t term, fih_error *err)
{
    /* A term is a number of the analyzer's; the segment knows it by its bytes. */
    const struct term_key key = term_key(LEVEL_STEM, fihi_analyzer_term(a, term));
    struct stem stem = {.term = term, .word = fihi_wanted_which(w, a, term, 0)};
    struct cursor c = {0};
    struct dict_entry e;
    int rc;

    for (size_t i = 0; i < s->count; i++)
        if (s->stems[i].term == term)
            return FIH_OK;
    if ((rc = fihi_segment_find(s->of->segment, key.bytes, key.count, &e, err)) == FIH_OK &&
        (rc = open_list(&c, s->of, &e, err)) == FIH_OK) {
        stem.ordinal = e.ordinal;
        rc = add_stem(s, &c, &stem, err);
    }
    fihi_cursor_close(&c);
    return rc == FIH_E_NOTFOUND ? FIH_OK : rc;
}

/* Does the stem count as this word, or as one before it, wherever it stands? Then its form adds nothing. Words have
 * less numbers the earlier they were asked, and a spot gets the least: so a form of a later word would be written over
 * anyway. */
static bool is_counted(const struct stems *s, uint32_t ordinal, uint32_t word)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->stems[i].ordinal == ordinal && !s->stems[i].is_maybe && s->stems[i].word <= word)
            return true;
    return false;
}

/* A stem that has the form of a word in the segment, if it has it in the document. `spelled` is how often the
 * document has the form, of so many times that it has the stem: if all of them, nothing is doubtful. */
static int add_spelled(struct stems *s, const struct dict_row *row, uint32_t word, fih_error *err)
{
    struct stem stem = {.ordinal = row->stem, .term = SPELLED, .word = word};
    struct cursor c = {0};
    struct dict_entry e;
    struct term_key key;
    uint32_t spelled = 0;
    int rc = fihi_segment_term(s->of->segment, row->stem, key.bytes, &key.count, &e, err);

    if (rc == 0 && (rc = open_list(&c, s->of, &e, err)) == 0) {
        spelled = fihi_cursor_form(&c, row->form);
        /* Of كتاب in a text that has كتاب three times and كتب twice, two of the five places are another word's. */
        stem.is_maybe = spelled < fihi_cursor_freq(&c);
        rc = c.is_broken ? broken(&c) : FIH_OK;
    }
    if (rc == 0 && spelled > 0)
        rc = add_stem(s, &c, &stem, err);
    fihi_cursor_close(&c);
    return rc == FIH_E_NOTFOUND ? FIH_OK : rc;
}

/* Forms have no positions of their own, only their stems have, and how a hamza is written may make another stem:
 * ألمانيا is no مانيا with an article, المانيا may be. So all stems of the form are looked at. */
static int add_form(struct stems *s, const struct analyzer *a, const struct wanted_word *word, fih_error *err)
{
    const struct term_key key = term_key(LEVEL_FORM, fihi_analyzer_term(a, word->term));
    struct dict_entry e;
    struct dict_rows rows;
    struct dict_row row;
    int rc = fihi_segment_find(s->of->segment, key.bytes, key.count, &e, err);

    /* A form that the segment does not have has no stems there. */
    if (rc != 0)
        return rc == FIH_E_NOTFOUND ? FIH_OK : rc;
    rows = fihi_dict_rows(&e);
    while ((rc = fihi_dict_row_next(&rows, &row)) == FIH_OK)
        if (!is_counted(s, row.stem, word->first) && (rc = add_spelled(s, &row, word->first, err)) != 0)
            return rc;
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* Stems first, for add_form() asks which of them are counted already. `other` is the second reading of a word of a
 * phrase, where it has one. */
static int collect_stems(struct stems *s, const struct wanted *w, const struct analyzer *a, fih_error *err)
{
    int rc = FIH_OK;

    for (size_t i = 0; i < w->count && rc == 0; i++)
        if (!(w->words[i].flags & TOKEN_FORM))
            rc = add_term(s, w, a, w->words[i].term, err);
    for (size_t i = 0; i < w->together.count && rc == 0; i++)
        if ((rc = add_term(s, w, a, w->together.words[i].term, err)) == 0)
            rc = add_term(s, w, a, w->together.words[i].other, err);
    for (size_t i = 0; i < w->count && rc == 0; i++)
        if (w->words[i].flags & TOKEN_FORM)
            rc = add_form(s, a, &w->words[i], err);
    return rc;
}

/* The words of a stem, by their numbers: a plain one at once, those of phrases when all is seen. One spot a position,
 * whatever stems stand there: a word read in two ways has two. fihi_together_see() is told of every stem in the order
 * of the positions, which is what phrases are made of. */
static int add_spot(struct spots *s, struct wanted *w, const struct stem *stem, fih_error *err)
{
    const uint32_t position = stem->positions[stem->next];
    struct spot *last = s->count ? &s->spots[s->count - 1] : NULL;
    bool may = false;

    if (!last || last->position != position) {
        if (fihi_grow(&s->spots, &s->cap, s->count + 1, sizeof *s->spots) != 0)
            return fihi_fail_nomem(err);
        last = &s->spots[s->count++];
        /* Only what is maybe for all of its stems stays maybe. */
        *last = (struct spot){.position = position, .word = WANTED_NONE, .is_maybe = true};
    }
    if (stem->word != WANTED_NONE)
        last->is_maybe &= stem->is_maybe;
    if (stem->word < last->word)
        last->word = stem->word;
    return fihi_together_see(&w->together, stem->term, position, s->count - 1, &may, err);
}

/* The positions of all stems in one order. A query has few stems, so the least is looked for; a heap would not pay. A
 * thousand positions of five stems are five thousand comparisons. */
static int merge(struct spots *s, struct stems *stems, struct wanted *w, fih_error *err)
{
    for (;;) {
        /* Equal positions come one after the other, in the order of the stems, and become one spot. */
        struct stem *least = NULL;
        int rc;

        for (size_t i = 0; i < stems->count; i++) {
            struct stem *t = &stems->stems[i];

            /* The stem whose next position is the least; of equal ones the first. */
            if (t->next < t->count && (!least || t->positions[t->next] < least->positions[least->next]))
                least = t;
        }
        if (!least)
            return FIH_OK;
        if ((rc = add_spot(s, w, least, err)) != 0)
            return rc;
        least->next++;
    }
}

/* What be_sure() needs: numbers of what stands together begin at `first`. */
struct sure {
    struct spots *spots;
    uint32_t      first;
};

/* Only phrases that stand as asked come here: their spots are sure, whatever the words are by themselves. */
static void be_sure(void *ctx, size_t mark, size_t word)
{
    const struct sure *s = ctx;

    s->spots->spots[mark].word = s->first + (uint32_t)word;
    s->spots->spots[mark].is_maybe = false;
}

/* `w` is changed: its phrases remember what they have seen, until fihi_together_settle() or fihi_together_forget(). */
int fihi_spots_list(struct spots *s, struct wanted *w, const struct analyzer *a, const struct indexed *d,
                    fih_error *err)
{
    struct sure sure = {s, wanted_together(w)};
    struct stems stems = {.of = d};
    uint32_t title = 0;
    size_t kept = 0;
    /* The title's length says where the body's positions begin. */
    int rc = fihi_segment_length(d->segment, NORM_TITLE, d->doc, &title, err);

    stems.body = body_position(title);
    if (rc == 0 && (rc = collect_stems(&stems, w, a, err)) == 0)
        rc = merge(s, &stems, w, err);
    /* The spots have all that is needed of them. */
    stems_free(&stems);
    if (rc != 0)
        return rc;
    /* Then what is nothing by itself, and no part of a phrase that is there, is dropped. */
    fihi_together_settle(&w->together, be_sure, &sure);
    for (size_t i = 0; i < s->count; i++)
        if (s->spots[i].word != WANTED_NONE)
            s->spots[kept++] = s->spots[i];
    s->count = kept;
    return FIH_OK;
}

void fihi_spots_free(struct spots *s)
{
    free(s->spots);
}

/* ---- starts */

/* Both must not be below those of the last one. */
int fihi_starts_add(struct starts *s, uint32_t position, size_t at)
{
    if (fihi_grow(&s->starts, &s->cap, s->count + 1, sizeof *s->starts) != 0)
        return FIH_E_NOMEM;
    s->starts[s->count++] = (struct word_start){position, at};
    return FIH_OK;
}

void fihi_starts_free(struct starts *s)
{
    free(s->starts);
}

/* The last start whose position, or byte, is not above. The first start is the text's beginning, position 0, so there
 * always is one. Bisection: a book of 2 MB has some thousand starts, so ten steps. */
static size_t last_not_above(const struct starts *s, bool by_byte, size_t value)
{
    size_t low = 0, high = s->count;

    /* low is always one that is not above; high is above, or the end. */
    while (high - low > 1) {
        const size_t mid = low + (high - low) / 2;

        if ((by_byte ? s->starts[mid].at : s->starts[mid].position) <= value)
            low = mid;
        else
            high = mid;
    }
    return low;
}

size_t fihi_starts_of_position(const struct starts *s, uint32_t position)
{
    return last_not_above(s, false, position);
}

size_t fihi_starts_of_byte(const struct starts *s, size_t at)
{
    return last_not_above(s, true, at);
}

/* Is the word at a spot one of the wanted? Forms only: the word is analysed, and is wanted if any of its terms is.
 * fihi_analyzer_look_up() knows surface words that it has seen, so of a text's repeated words only the first is
 * analysed. */
static int find_out(struct spot *s, struct analyzer *a, const struct wanted *w, fih_str text, fih_error *err)
{
    const struct result *r;
    uint32_t surface;
    size_t count;
    int rc = fihi_analyzer_look_up(a, (const uint8_t *)text.ptr + s->start, s->end - s->start, &surface, err);

    if (rc != 0)
        return rc;
    r = fihi_analyzer_surface(a, surface, &count);
    for (size_t i = 0; i < count && s->is_maybe; i++)
        s->is_maybe = fihi_wanted_which(w, a, r[i].term, r[i].flags) == WANTED_NONE;
    /* Else it is another word of the stem, and stays without. */
    s->is_found = !s->is_maybe;
    return FIH_OK;
}

/* Half a stretch: one or two calls for most spots. */
enum { WORDS = 64 };

/* Spots of one stretch, from start i up to the next: a walk over its words, no further than both say that it goes. A
 * stretch that claims more words than it has bytes ends at the next start: two starts that disagree cost no more than
 * the text is long. A spot of a position at which no word stands, as between two pieces of a text, stays without
 * bytes. */
static int find_in_stretch(struct spot *spots, size_t count, struct analyzer *a, fih_str text,
                           const struct starts *starts, size_t i, fih_error *err)
{
    const size_t from = starts->starts[i].at, to = i + 1 < starts->count ? starts->starts[i + 1].at : text.len;
    uint32_t position = starts->starts[i].position;
    struct text_word words[WORDS];
    size_t next = 0, n;
    int rc = FIH_OK;

    fihi_analyzer_begin(a, (const uint8_t *)text.ptr + from, text.len - from);
    while (next < count) {
        /* Words are taken in blocks, as many as are needed and one. A word without a position, as a clitic by itself
         * has none, makes another turn of it. */
        const uint32_t far = spots[next].position - position;

        if ((rc = fihi_analyzer_next_words(a, words, far < WORDS ? far + 1 : WORDS, &n, err)) != FIH_OK)
            break;
        for (size_t k = 0; k < n && next < count; k++) {
            /* What the next start has is its own spots' place. */
            if (from + words[k].start >= to)
                return FIH_OK;
            for (position += words[k].positions; next < count && spots[next].position < position; next++) {
                spots[next].start = from + words[k].start;
                spots[next].end = from + words[k].end;
                spots[next].is_found = true;
            }
        }
    }
    return rc < 0 ? rc : FIH_OK;
}

/* Spots ascend, so those of one stretch lie together; each stretch is walked through once for all of its spots. */
int fihi_spots_find(struct spot *spots, size_t count, struct analyzer *a, const struct wanted *w, fih_str text,
                    const struct starts *starts, fih_error *err)
{
    int rc = FIH_OK;

    for (size_t i = 0, to; i < count; i = to) {
        const size_t stretch = fihi_starts_of_position(starts, spots[i].position);

        for (to = i + 1; to < count && (stretch + 1 == starts->count ||
                                        spots[to].position < starts->starts[stretch + 1].position); to++)
            ;
        if ((rc = find_in_stretch(spots + i, to - i, a, text, starts, stretch, err)) != 0)
            return rc;
    }
    for (size_t i = 0; i < count && rc == 0; i++)
        if (spots[i].is_found && spots[i].is_maybe)
            rc = find_out(&spots[i], a, w, text, err);
    return rc;
}
