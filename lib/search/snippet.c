/* search/snippet.c - finding hits and choosing a passage.
 *
 * A passage is a run of hits within so many characters. Its value: each wanted word once, by what it is worth, and
 * 0.2 for a repetition; the best run is shown, from the beginning of its sentence. By the index only the stretches of
 * the text are read in which hits stand; without it, or where the text turns out to be another one, all of it is.
 *
 * Lists, starts and cuts are from the disk and may lie: they choose what is read, never what is shown. Every passage is
 * analysed before its hits are marked, and what does not agree sends us to the whole text. That is at most SNIPPET_LOOK
 * bytes; by the index at most 48 stretches, or those of 16 runs, whatever the text's length.
 */
#include "search/snippet.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "search/snippet_part.h"

/* ---- what is left of a text when its cuts are taken out: the pieces, a space between them */

static void next_start(struct kept *k)
{
    /* Broken starts end as others do: they only choose what is read. */
    k->has_next = fihi_start_next(&k->scan, &k->next) == FIH_OK;
}

/* The starts in a piece of the body; what is at `from` is at `base` of the kept text. Those in cuts are passed over. */
static int keep_starts(struct kept *k, size_t from, size_t to, size_t base, fih_error *err)
{
    for (; k->has_next && k->next.at < to; next_start(k))
        if (k->next.at >= from && fihi_starts_add(&k->starts, k->next.position, base + (k->next.at - from)) != 0)
            return fihi_fail_nomem(err);
    return FIH_OK;
}

static int begin_starts(struct kept *k, fih_str starts, fih_error *err)
{
    /* The text's first byte is position 0 whatever the index says: so there is a start before every byte. */
    fihi_start_scan(&k->scan, starts, k->text);
    next_start(k);
    return fihi_starts_add(&k->starts, 0, 0) != 0 ? fihi_fail_nomem(err) : FIH_OK;
}

static void kept_free(struct kept *k)
{
    fihi_buf_free(&k->bytes);
    fihi_starts_free(&k->starts);
    /* k->text is borrowed: it points into the body or into these bytes. */
    free(k->joints);
}

static int keep_piece(struct kept *k, size_t from, size_t to, fih_error *err)
{
    int rc;

    /* Cuts that touch have no piece between them, and so no space. */
    if (from == to)
        return FIH_OK;
    if (k->bytes.len) {
        /* The last word of a piece and the first of the next would be one without it. */
        if (fihi_grow(&k->joints, &k->cap, k->count + 1, sizeof *k->joints) != 0 ||
            fihi_buf_append(&k->bytes, " ", 1) != 0)
            return fihi_fail_nomem(err);
        k->joints[k->count++] = k->bytes.len - 1;
    }
    /* Behind the space, where the piece begins. */
    if ((rc = keep_starts(k, from, to, k->bytes.len, err)) != 0)
        return rc;
    return fihi_buf_append(&k->bytes, k->text.ptr + from, to - from) != 0 ? fihi_fail_nomem(err) : FIH_OK;
}

static size_t no_further(size_t at, size_t to, size_t most)
{
    /* Compared as a difference: the sum could wrap. */
    return to - at < most ? to : at + most;
}

/* k->text is the whole text before, and the kept one after. No more pieces are added once SNIPPET_LOOK bytes are
 * there. */
static int keep(struct kept *k, fih_str cuts, fih_error *err)
{
    const fih_str text = k->text;
    size_t at = 0, start, end;
    struct cut_scan s;
    int rc = FIH_DONE, kept_rc = FIH_OK;

    fihi_cut_scan(&s, cuts, text);
    while (k->bytes.len <= SNIPPET_LOOK && (rc = fihi_cut_next(&s, &start, &end)) == FIH_OK) {
        if ((kept_rc = keep_piece(k, at, start, err)) != 0)
            return kept_rc;
        at = end;
    }
    /* With enough bytes the other cuts were not read, and nothing is known of them. */
    if (k->bytes.len <= SNIPPET_LOOK && rc != FIH_DONE)
        return fihi_fail(err, FIH_E_CORRUPT, "the cuts of a document do not fit its body: the index is damaged");
    /* Some bytes more than are looked at, since the last character may be cut: prepare() steps back from it. */
    if ((rc = keep_piece(k, at, no_further(at, text.len, SNIPPET_LOOK + 4), err)) != 0)
        return rc;
    /* If cuts take all of the body, nothing was appended. */
    k->text = (fih_str){k->bytes.ptr ? (const char *)k->bytes.ptr : "", k->bytes.len};
    return FIH_OK;
}

/* A token at a position, which may be part of a hit. Tokens of one word are one hit. */
static int look_at_token(struct hits *h, struct analyzer *a, struct wanted *w, const uint8_t *text,
                         const struct token *t, uint32_t position, size_t chars, fih_error *err)
{
    const struct hit *last = h->count ? &h->hits[h->count - 1] : NULL;
    const bool is_new = !last || last->start != t->start;
    /* Asked with its bytes as well: the word may have to be written with its vowels. */
    const uint32_t word = fihi_wanted_which_word(w, a, t->term, t->flags, text + t->start, t->end - t->start);
    /* Of a hit that is there, or of the one that will be. */
    const size_t at = h->count - !is_new;
    int rc = FIH_OK;
    bool may = false;

    /* A phrase is found by its stems, which each word has; other terms stand at the same places. */
    if (!(t->flags & TOKEN_LEVEL))
        rc = fihi_together_see(&w->together, t->term, position, at, &may, err);
    /* What may become part of a phrase is kept as a hit of nothing, until the rest of it has come or not. */
    if (rc != 0 || (word == WANTED_NONE && !may))
        return rc;
    if (is_new) {
        if (fihi_grow(&h->hits, &h->cap, h->count + 1, sizeof *h->hits) != 0)
            return fihi_fail_nomem(err);
        h->hits[h->count++] = (struct hit){t->start, t->end, chars, WANTED_NONE};
    }
    /* The least number is the word asked first; be_sure() gives the higher ones of phrases afterwards. */
    if (word < h->hits[at].word)
        h->hits[at].word = word;
    return FIH_OK;
}

struct sure { struct hits *hits; uint32_t first; };

static void be_sure(void *ctx, size_t mark, size_t word)
{
    const struct sure *s = ctx;

    s->hits->hits[mark].word = s->first + (uint32_t)word;
}

/* The whole text, word by word. */
static int find_hits(struct hits *h, struct analyzer *a, struct wanted *w, fih_str text, fih_error *err)
{
    /* The numbers of words in phrases follow those of all others. */
    struct sure sure = {h, wanted_together(w)};
    struct token tokens[256];
    const uint8_t *s = (const uint8_t *)text.ptr;
    size_t count, at = 0, chars = 0, kept = 0;
    /* The first word adds one, and has position 0. */
    uint32_t position = UINT32_MAX;
    int rc;

    fihi_analyzer_begin(a, s, text.len);
    while ((rc = fihi_analyzer_next(a, tokens, 256, &count, err)) == FIH_OK)
        for (size_t i = 0; i < count; i++) {
            position += !(tokens[i].flags & (TOKEN_SAME_POSITION | TOKEN_LEVEL));
            /* On from the word before: the text's characters are counted once. */
            for (; at < tokens[i].start; at++)
                chars += (size_t)is_lead(s[at]);
            if ((rc = look_at_token(h, a, w, s, &tokens[i], position, chars, err)) != 0)
                return rc;
        }
    /* Now it is known which of them are in a phrase: the others are no hits. */
    fihi_together_settle(&w->together, be_sure, &sure);
    /* The hits that stay move together, in their order. */
    for (size_t i = 0; i < h->count; i++)
        if (h->hits[i].word != WANTED_NONE)
            h->hits[kept++] = h->hits[i];
    h->count = kept;
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* What the run of hits within `chars` characters from i on shows, up to *to: each word once by its letters, a little
 * for each repetition. Terms that are the same word count once. */
double fihi_snippet_value_run(const struct hits *h, const struct wanted *w, uint32_t chars, size_t i, size_t *to)
{
    uint64_t shown[FIH_MAX_CLAUSES / 64] = {0};        /* a bit a word */
    double value = 0;
    size_t j = i;

    /* A passage that is full of hits says no more with others. */
    for (; j < h->count && j - i < 64 && h->hits[j].chars - h->hits[i].chars < chars; j++) {
        const uint32_t word = h->hits[j].word;
        const uint64_t bit = UINT64_C(1) << (word % 64);
        /* Words above the array's end share bits with others: a value that is a little off, and no harm. */
        uint64_t *const of_word = &shown[word % FIH_MAX_CLAUSES / 64];

        value += *of_word & bit ? 0.2 : fihi_wanted_worth(w, word);
        *of_word |= bit;
    }
    *to = j;
    return value;
}

/* The run that shows the most. */
static void best_run(struct hits *h, const struct wanted *w, uint32_t chars, size_t *from, size_t *to)
{
    /* Below every value, so that the first run is taken. */
    h->value = -1;
    *from = *to = 0;
    /* Runs begin at any hit; a text full of hits needs no more than its first thousands. 64 times as many steps at
     * most. */
    for (size_t i = 0, j; i < h->count && i < 20000; i++) {
        const double value = fihi_snippet_value_run(h, w, chars, i, &j);

        /* Of equal ones the first, which is nearest to the beginning. */
        if (value > h->value) {
            h->value = value;
            *from = i;
            *to = j;
        }
    }
}

static bool is_space(uint8_t b)
{
    /* Tabs, line ends and other control signs as well. No byte of a longer character is as low. */
    return b <= ' ';
}

/* Move `n` characters back or forth, not past the ends. */
static size_t step(fih_str t, size_t at, long n)
{
    const uint8_t *s = (const uint8_t *)t.ptr;

    for (; n < 0 && at > 0; n++)
        do
            at--;
        while (at > 0 && !is_lead(s[at]));
    for (; n > 0 && at < t.len; n--)
        do
            at++;
        while (at < t.len && !is_lead(s[at]));
    return at;
}

/* Does a sentence end right before `at` (which follows a space)? . ! ? ؟ … and line ends. */
static int follows_sentence(fih_str t, size_t at)
{
    const uint8_t *s = (const uint8_t *)t.ptr;

    if (at == 0 || s[at - 1] == '\n')
        return 1;
    /* The sentence's sign stands before the spaces. */
    while (at > 0 && is_space(s[at - 1]))
        at--;
    return at == 0 || s[at - 1] == '.' || s[at - 1] == '!' || s[at - 1] == '?' ||
           /* D8 9F is U+061F, E2 80 A6 is U+2026. */
           (at >= 2 && s[at - 2] == 0xD8 && s[at - 1] == 0x9F) ||
           (at >= 3 && memcmp(s + at - 3, "\xE2\x80\xA6", 3) == 0);
}

/* Begin where a sentence does if one does before the first hit, else at a word. At the very beginning of the text,
 * even if no space is before it. */
static size_t passage_start(fih_str t, size_t low, size_t hit)
{
    const uint8_t *s = (const uint8_t *)t.ptr;
    size_t word = hit;

    /* From the hit backwards: the nearest beginning leaves most room behind it. */
    for (size_t i = hit; i > low; i--)
        if (is_space(s[i - 1]) && !is_space(s[i])) {
            word = i;
            if (follows_sentence(t, i))
                return i;
        }
    return low == 0 ? 0 : word;
}

static size_t passage_end(fih_str t, size_t hit, size_t high)
{
    const uint8_t *s = (const uint8_t *)t.ptr;

    /* Never in the middle of a word, but for one longer than the passage. */
    if (high >= t.len)
        return t.len;
    /* Back from where the room ends; the last hit stays whole. */
    for (size_t i = high; i > hit; i--)
        if (is_space(s[i]))
            return i;
    return hit;
}

/* Parts point into s->text, the snippet's own copy. */
static int add_part(struct fih_snippet *s, int kind, const char *ptr, size_t len, fih_error *err)
{
    /* Two hits side by side have no text between them. */
    if (len == 0 && kind != FIH_PART_GAP)
        return FIH_OK;
    if (fihi_grow(&s->parts, &s->cap, s->count + 1, sizeof *s->parts) != 0)
        return fihi_fail_nomem(err);
    s->parts[s->count++] = (struct fih_part){kind, {ptr, len}};
    return FIH_OK;
}

/* A gap stands once between two parts. */
static int add_gap(struct fih_snippet *s, fih_error *err)
{
    /* Where two reasons for a gap meet, as a cut at the end of the passage, one is enough. */
    return s->count && s->parts[s->count - 1].kind == FIH_PART_GAP ? FIH_OK : add_part(s, FIH_PART_GAP, NULL, 0, err);
}

/* The bytes from `from` to `to` of the kept text, of which s->text is a copy from `start` on; gaps where pieces meet.
 */
static int add_text(struct fih_snippet *s, const struct kept *k, size_t start, size_t from, size_t to, fih_error *err)
{
    int rc = FIH_OK;

    for (size_t i = 0; i < k->count && rc == 0; i++) {
        const size_t joint = k->joints[i];

        /* Joints ascend, so `from` goes on behind each that lies in the range. */
        if (joint < from || joint >= to)
            continue;
        if ((rc = add_part(s, FIH_PART_TEXT, s->text + (from - start), joint - from, err)) == 0)
            rc = add_gap(s, err);
        /* The space that stands for what was cut is not shown: the gap says it. */
        from = joint + 1;
    }
    /* What is left behind the last joint, or all if there is none. */
    return rc ? rc : add_part(s, FIH_PART_TEXT, s->text + (from - start), to - from, err);
}

/* The passage as text, hits and gaps; a hit that is not wholly in it is text. */
static int make_parts(struct fih_snippet *s, const struct hits *h, const struct kept *k, size_t start, size_t end,
                      fih_error *err)
{
    const fih_str text = k->text;
    size_t at = start;
    int rc = start > 0 ? add_gap(s, err) : FIH_OK;

    /* A copy, as parts must outlive the document; pieces are not ended by a NUL. */
    if (!(s->text = malloc(end - start + 1)))
        return fihi_fail_nomem(err);
    if (end > start)
        memcpy(s->text, text.ptr + start, end - start);
    for (size_t i = 0; i < h->count && rc == 0; i++) {
        /* Before the passage, or begun within the hit before. */
        if (h->hits[i].start < at || h->hits[i].end > end)
            continue;
        if ((rc = add_text(s, k, start, at, h->hits[i].start, err)) == 0)
            rc =
                add_part(s, FIH_PART_HIT, s->text + (h->hits[i].start - start), h->hits[i].end - h->hits[i].start, err);
        at = h->hits[i].end;
    }
    if (rc == 0)
        rc = add_text(s, k, start, at, end, err);
    /* As before it, where text was left out. */
    if (rc == 0 && end < text.len)
        rc = add_gap(s, err);
    return rc;
}

/* Which part of the text to show. */
void fihi_snippet_choose(struct hits *h, const struct wanted *w, fih_str text, uint32_t chars, size_t *start,
                         size_t *end)
{
    size_t from, to, low, high;

    /* A run of hits, and what is around it. */
    if (h->count) {
        best_run(h, w, chars, &from, &to);
        const size_t span = h->hits[to - 1].chars - h->hits[from].chars;
        const long spare = (long)(span < chars ? chars - span : 0);

        /* A third of what is left over goes before the hits, for people read on and not back. */
        low = step(text, h->hits[from].start, -(spare / 3) - 1);
        *start = passage_start(text, low, h->hits[from].start);
        high = step(text, *start, (long)chars);
        /* The last hit may reach beyond the room that there is: it is shown whole. */
        *end = passage_end(text, h->hits[to - 1].end, high > h->hits[to - 1].end ? high : h->hits[to - 1].end);
    } else {
        /* Nothing was found: the beginning of the text, as much as there is room for. */
        high = step(text, 0, (long)chars);
        *end = passage_end(text, 0, high);
        /* One word that is longer than the room is cut. */
        *end = *end ? *end : high;
    }
}

/* The text without its cuts, no more than is looked at. */
static int prepare(struct kept *k, fih_str cuts, const struct indexed *d, fih_error *err)
{
    int rc = d ? begin_starts(k, d->starts, err) : FIH_OK;

    if (rc == 0)
        rc = cuts.len ? keep(k, cuts, err) : keep_starts(k, 0, k->text.len, 0, err);
    /* Back to the beginning of a character, or the last one would be half of one. */
    if (rc == 0 && k->text.len > SNIPPET_LOOK)
        k->text.len = step(k->text, SNIPPET_LOOK, -1);
    /* What was looked at may end before the last starts; the first one, at 0, always stays. */
    while (k->starts.count > 1 && k->starts.starts[k->starts.count - 1].at >= k->text.len)
        k->starts.count--;
    return rc;
}

int fihi_snippet_new(struct fih_snippet **out, struct analyzer *a, const struct fih_query *q, fih_str text,
                     fih_str cuts, const struct indexed *indexed, uint32_t chars, fih_error *err)
{
    struct fih_snippet *s = calloc(1, sizeof *s);
    struct wanted w = {0};
    struct hits h = {0};
    struct kept k = {.text = text};
    size_t start = 0, end;
    bool is_chosen = false;
    int rc;

    *out = NULL;
    if (!s)
        return fihi_fail_nomem(err);
    if ((rc = prepare(&k, cuts, indexed, err)) != 0 || (rc = fihi_wanted_add(&w, a, q->root, err)) != 0)
        goto out;
    end = k.text.len;
    /* The whole text is read where it is shown whole, and for patterns, whose words spots do not have (spots.h). */
    if (indexed && chars && w.pattern_count == 0 &&
        (rc = fihi_snippet_by_index(&h, a, &w, &k, indexed, chars, &start, &end, &is_chosen, err)) != 0)
        goto out;
    s->is_by_index = is_chosen;
    if (!is_chosen) {
        /* What the index led to is forgotten: now the text decides. */
        h.count = start = 0;
        end = k.text.len;
        fihi_together_forget(&w.together);
        if ((rc = find_hits(&h, a, &w, k.text, err)) != 0)
            goto out;
        if (chars)
            fihi_snippet_choose(&h, &w, k.text, chars, &start, &end);
    }
    s->value = h.value;
    if ((rc = make_parts(s, &h, &k, start, end, err)) == 0) {
        /* s is given away, and below there is nothing left to free. */
        *out = s;
        s = NULL;
    }
out:
    fihi_wanted_free(&w);
    free(h.hits);
    kept_free(&k);
    fihi_snippet_free(s);
    return rc;
}

void fihi_snippet_free(struct fih_snippet *s)
{
    if (!s)
        return;
    /* The parts point into it, so they go together. */
    free(s->text);
    free(s->parts);
    free(s);
}
