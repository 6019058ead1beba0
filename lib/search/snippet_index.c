/* search/snippet_index.c - a passage by the positions in the index: only parts of the text are read.
 *
 * The index knows at which positions the words of a query stand, and of some words of the text at which byte they begin
 * (spots.h). So the text is read only in the stretches between two of these that have a hit; where there are too many,
 * the places of all hits are guessed first, and only the stretches of the best runs are read.
 *
 * Nothing here believes what it reads: the passage that comes out is analysed word by word before its hits are marked,
 * and if they are not what the index says, the caller reads the whole text.
 */
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "search/snippet_part.h"

enum {
    /* To read 48 stretches costs less than most texts as a whole. */
    STRETCHES = 48,                    /* so many between two starts are read to find all hits; */
    RUNS = 16                          /* of more, those of the runs that seem best */
};

static size_t count_chars(fih_str text, size_t from, size_t to)
{
    size_t n = 0;

    for (size_t i = from; i < to; i++)
        n += is_lead((uint8_t)text.ptr[i]);
    return n;
}

/* The spots whose bytes are known as hits. Where two are far apart, no run has both: how far is not needed. */
static int take_spots(struct hits *h, const struct wanted *w, const struct spots *s, fih_str text, uint32_t chars,
                      fih_error *err)
{
    size_t at = 0, before = 0;

    for (size_t i = 0; i < s->count; i++) {
        const struct spot *spot = &s->spots[i];
        struct hit *last = h->count ? &h->hits[h->count - 1] : NULL;

        /* What was not found in its stretch is no hit; and hits ascend. */
        if (!spot->is_found || spot->start < at)
            continue;
        if (last && last->start == spot->start) {        /* a ligature of several words */
            /* A phrase goes before a word, and of words the one that was asked first: as where the whole text is
             * read. */
            if (spot->word >= wanted_together(w) || spot->word < last->word)
                last->word = spot->word;
            continue;
        }
        before += (spot->start - at) / 4 > chars ? (spot->start - at) / 4 : count_chars(text, at, spot->start);
        at = spot->start;
        if (fihi_grow(&h->hits, &h->cap, h->count + 1, sizeof *h->hits) != 0)
            return fihi_fail_nomem(err);
        h->hits[h->count++] = (struct hit){spot->start, spot->end, before, spot->word};
    }
    return FIH_OK;
}

/* One more than STRETCHES stands for any number above it. */
static size_t count_stretches(const struct spots *s, const struct starts *starts)
{
    size_t n = 0, last = SIZE_MAX;

    /* Spots ascend, so those of a stretch follow one another. */
    for (size_t i = 0; i < s->count && n <= STRETCHES; i++) {
        const size_t stretch = fihi_starts_of_position(starts, s->spots[i].position);

        n += stretch != last;
        last = stretch;
    }
    return n;
}

/* Where a spot may be: as far between two starts as its position is. */
static size_t guess_byte(const struct starts *starts, uint32_t position, size_t bytes)
{
    enum { WORD = 10 };                        /* bytes of a word and a space, where nothing else is known */
    const size_t i = fihi_starts_of_position(starts, position);
    const struct word_start *from = &starts->starts[i];
    const size_t words = position - from->position;

    /* Behind the last start there is nothing to measure by but the usual length of a word. */
    if (i + 1 == starts->count)
        return words < (bytes - from->at) / WORD ? from->at + words * WORD : bytes;
    /* The next start's position is above, since `i` is the last that is not: the divisor is not 0. */
    return from->at + (size_t)((double)words * (double)(from[1].at - from->at) / (from[1].position - from->position));
}

/* All spots as hits, as far as can be said without the text. */
static int guess_hits(struct hits *h, const struct spots *s, const struct kept *k, fih_error *err)
{
    /* Runs are measured in characters, and places are bytes: as many characters a byte as in the first 4 KiB. */
    const size_t sample = k->text.len < 4096 ? k->text.len : 4096;
    const double chars = sample ? (double)count_chars(k->text, 0, sample) / (double)sample : 1;

    if (fihi_grow(&h->hits, &h->cap, s->count, sizeof *h->hits) != 0)
        return fihi_fail_nomem(err);
    for (; h->count < s->count; h->count++) {
        const size_t at = guess_byte(&k->starts, s->spots[h->count].position, k->text.len);

        /* Begin and end are the same: only its place among the others counts. */
        h->hits[h->count] = (struct hit){at, at, (size_t)((double)at * chars), s->spots[h->count].word};
    }
    return FIH_OK;
}

struct run {
    size_t from, to;                   /* of the spots */
    double value;
};

/* Put a run into its place among the best. Insertion into a sorted array; the one that falls out is the worst. */
static void keep_run(struct run runs[RUNS], size_t *count, const struct run *run)
{
    size_t at = *count;

    while (at > 0 && runs[at - 1].value < run->value)
        at--;
    /* Worse than all, and there is no room behind them. */
    if (at == RUNS)
        return;
    *count += *count < RUNS;
    memmove(&runs[at + 1], &runs[at], (*count - at - 1) * sizeof *runs);
    runs[at] = *run;
}

/* The best runs, of those that overlap only the best. */
static size_t best_runs(struct run runs[RUNS], const struct hits *h, const struct wanted *w, uint32_t chars)
{
    struct run here = {0, 0, -1};
    size_t count = 0;

    for (size_t i = 0; i < h->count; i++) {
        struct run run = {i, i, 0};

        run.value = fihi_snippet_value_run(h, w, chars, i, &run.to);
        /* Behind the end of the best of those before: a run that overlaps with none of them. */
        if (i >= here.to) {
            if (here.to > here.from)
                keep_run(runs, &count, &here);
            here = run;
        } else if (run.value > here.value) {
            here = run;
        }
    }
    if (here.to > here.from)
        keep_run(runs, &count, &here);
    return count;
}

/* Find the spots of the runs that seem best, and what else is in their stretches. */
static int find_best(struct spots *s, struct analyzer *a, const struct wanted *w, const struct kept *k, uint32_t chars,
                     fih_error *err)
{
    struct run runs[RUNS];
    struct hits h = {0};
    int rc = guess_hits(&h, s, k, err);
    /* An eighth longer, for the places are guesses. */
    const size_t count = rc ? 0 : best_runs(runs, &h, w, chars + chars / 8);

    for (size_t i = 0; i < count && rc == 0; i++) {
        struct run *r = &runs[i];
        const size_t first = fihi_starts_of_position(&k->starts, s->spots[r->from].position),
                     last = fihi_starts_of_position(&k->starts, s->spots[r->to - 1].position);

        /* A stretch is read from its beginning, so what else stands in it costs nothing more. */
        while (r->from > 0 && fihi_starts_of_position(&k->starts, s->spots[r->from - 1].position) == first)
            r->from--;
        while (r->to < s->count && fihi_starts_of_position(&k->starts, s->spots[r->to].position) == last)
            r->to++;
        rc = fihi_spots_find(s->spots + r->from, r->to - r->from, a, w, k->text, &k->starts, err);
    }
    /* They were guesses: the hits are made of what was found. */
    free(h.hits);
    return rc;
}

/* Which of the wanted a word of the text is. `spots` are those at its positions: they say whether a phrase is there,
 * and the word must be what each of them says. */
static int judge_word(uint32_t *out, struct analyzer *a, const struct wanted *w, const uint8_t *word, size_t n,
                      const struct spot *spots, size_t count, bool *is_sure, fih_error *err)
{
    const uint32_t together = wanted_together(w);
    const struct result *r;
    uint32_t surface;
    size_t results;
    int rc = fihi_analyzer_look_up(a, word, n, &surface, err);

    *out = WANTED_NONE;
    if (rc != 0)
        return rc;
    r = fihi_analyzer_surface(a, surface, &results);
    if (results > 0 && (r[0].flags & TOKEN_EITHER) && count == 0)
        return FIH_OK;                         /* only the index knows which of its words it is */
    for (size_t i = 0; i < results; i++) {
        const uint32_t which = fihi_wanted_which(w, a, r[i].term, r[i].flags);

        /* The least number is the word that was asked first. */
        *out = which < *out ? which : *out;
    }
    for (size_t i = 0; i < count; i++) {
        /* A word must be one of the wanted at all, one of a phrase the very word of it. */
        bool is_there = spots[i].word < together && *out != WANTED_NONE;

        for (size_t k = 0; k < results && spots[i].word >= together; k++)
            is_there |= !(r[k].flags & TOKEN_LEVEL) && is_chained(&w->together.words[spots[i].word - together],
                                                                  r[k].term);
        /* A spot that says itself that it may be none proves nothing against the index. */
        if (!is_there)
            *is_sure &= spots[i].is_maybe;
        /* What stands together goes before all else, as in take_spots(). */
        else if (spots[i].word >= together)
            *out = spots[i].word;
    }
    return FIH_OK;
}

/* The hits of a passage, now that its words are read. *is_sure is false if they are not what the index says. */
static int read_passage(struct hits *h, struct analyzer *a, const struct wanted *w, const struct spots *s,
                        const struct kept *k, size_t start, size_t end, bool *is_sure, fih_error *err)
{
    enum { WORDS = 32 };
    const struct word_start *from = &k->starts.starts[fihi_starts_of_byte(&k->starts, start)];
    const uint8_t *text = (const uint8_t *)k->text.ptr + from->at;
    uint32_t position = from->position, which;
    struct text_word words[WORDS];
    size_t count, spot = 0;
    int rc;

    /* The hits that chose the passage are dropped: those that are marked are read from the text. */
    h->count = 0;
    /* Spots before the place where the reading begins are not in the passage. */
    while (spot < s->count && s->spots[spot].position < position)
        spot++;
    /* From a start, because positions can be counted from there alone. */
    fihi_analyzer_begin(a, text, k->text.len - from->at);
    while ((rc = fihi_analyzer_next_words(a, words, WORDS, &count, err)) == FIH_OK)
        for (size_t i = 0; i < count; i++) {
            const size_t at = from->at + words[i].start, first = spot;

            /* Nothing behind the passage is read. */
            if (at >= end)
                return FIH_OK;
            /* A word may have several positions: all spots at them are its own. */
            for (position += words[i].positions; spot < s->count && s->spots[spot].position < position; spot++)
                ;
            /* Between the start and the passage words are read for their positions only. */
            if (from->at + words[i].end <= start)
                continue;
            if ((rc = judge_word(&which, a, w, text + words[i].start, words[i].end - words[i].start, s->spots + first,
                                 spot - first, is_sure, err)) != 0)
                return rc;
            if (which == WANTED_NONE)
                continue;
            if (fihi_grow(&h->hits, &h->cap, h->count + 1, sizeof *h->hits) != 0)
                return fihi_fail_nomem(err);
            /* Its characters count no more: the passage is chosen. */
            h->hits[h->count++] = (struct hit){at, from->at + words[i].end, 0, which};
        }
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* The passage and its hits by the index; *is_sure is false if the text itself must tell. */
int fihi_snippet_by_index(struct hits *h, struct analyzer *a, struct wanted *w, const struct kept *k,
                          const struct indexed *d, uint32_t chars, size_t *start, size_t *end, bool *is_sure,
                          fih_error *err)
{
    struct spots s = {0};
    int rc = fihi_spots_list(&s, w, a, d, err);

    if (rc != 0)
        goto out;
    /* Few enough to find all hits, and so the best passage; of more, only those of the best runs. */
    if (count_stretches(&s, &k->starts) <= STRETCHES)
        rc = fihi_spots_find(s.spots, s.count, a, w, k->text, &k->starts, err);
    else
        rc = find_best(&s, a, w, k, chars, err);
    if (rc != 0 || (rc = take_spots(h, w, &s, k->text, chars, err)) != 0)
        goto out;
    /* Spots of which none is in the text are those of another text. */
    *is_sure = h->count > 0 || s.count == 0;
    fihi_snippet_choose(h, w, k->text, chars, start, end);
    /* The words that are shown are analysed in any case: highlights never rest on what the disk says. */
    if (s.count && *is_sure) {
        rc = read_passage(h, a, w, &s, k, *start, *end, is_sure, err);
        *is_sure &= h->count > 0;
    }
out:
    fihi_spots_free(&s);
    /* What is damaged in the lists does not matter to the text. */
    if (rc != 0 && rc != FIH_E_NOMEM) {
        *is_sure = false;
        rc = FIH_OK;
    }
    return rc == FIH_E_NOMEM ? fihi_fail_nomem(err) : FIH_OK;
}
