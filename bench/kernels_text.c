/* kernels_text.c - see kernels.h */
#include "kernels.h"

#include <string.h>

#include "base/utf8.h"
#include "text/chain.h"
#include "text/split.h"
#include "text/stem.h"

/* A folded word, as long as it is. */
struct folded {
    uint16_t letter[32], written[32];
    uint8_t  was[32], n;
};

static void take_words(struct sample *d)
{
    struct splitter s = {0};
    struct span w;
    size_t room = 0, counted = 0;

    fihi_split_begin(&s, d->text.ptr, d->text.len);
    while (fihi_split_next(&s, &w) == FIH_OK) {
        const uint8_t *const word = d->text.ptr + w.start, *record;
        const size_t n = fihi_chain_cut(word, w.end - w.start);
        const uint32_t hash = intern_hash(word, n);
        uint32_t number;

        if (d->word_count == room)
            d->words = need(realloc(d->words, (room = room ? 2 * room : 1 << 16) * sizeof *d->words));
        d->words[d->word_count++] = (struct place_of){(uint32_t)w.start, (uint32_t)n};
        d->word_bytes += n;
        record = intern_find(&d->surfaces, word, n, hash);
        if (record)
            number = intern_number(record);
        else if (fihi_intern_add(&d->surfaces, word, n, hash, 0, &number) != FIH_OK)
            die("memory", "out of memory");
        if (number >= counted) {
            d->counts = need(realloc(d->counts, (counted = 2 * counted + 1024) * sizeof *d->counts));
            memset(d->counts + number, 0, (counted - number) * sizeof *d->counts);
        }
        d->counts[number]++;
    }
    fihi_split_free(&s);
}

static void take_folded(struct sample *d)
{
    static struct raw raw;
    static struct word w;

    d->folded = need(malloc(SURFACES * sizeof *d->folded));
    for (uint32_t i = 0; i < d->surfaces.count && d->folded_count < SURFACES; i++) {
        struct folded *const f = &d->folded[d->folded_count];
        size_t n, at = 0;
        const uint8_t *const s = intern_get(&d->surfaces, i, &n);

        if (!fihi_fold_is_arabic(s, n))
            continue;
        fihi_fold_raw(&raw, s, n, 0);
        if (!fihi_fold_next(&w, &raw, &at) || w.n > 32)
            continue;
        f->n = (uint8_t)w.n;
        memcpy(f->letter, w.letter, w.n * sizeof *w.letter);
        memcpy(f->written, w.written, w.n * sizeof *w.written);
        memcpy(f->was, w.was, w.n);
        d->folded_count++;
    }
}

void sample_words(struct sample *d)
{
    if (fihi_buf_append(&d->copy, d->text.ptr, d->text.len) != 0)
        die("memory", "out of memory");
    take_words(d);
    take_folded(d);
}

void sample_free(struct sample *d)
{
    fihi_intern_free(&d->surfaces);
    fihi_buf_free(&d->text);
    fihi_buf_free(&d->copy);
    free(d->words);
    free(d->counts);
    free(d->folded);
}

size_t run_copy(void *sample)
{
    struct sample *const d = sample;
    memcpy(d->copy.ptr, d->text.ptr, d->text.len);
    d->sink += d->copy.ptr[d->text.len / 2];
    return d->text.len;
}

size_t run_validate(void *sample)
{
    struct sample *const d = sample;
    d->sink += fihi_utf8_valid(d->text.ptr, d->text.len);
    return d->text.len;
}

size_t run_split(void *sample)
{
    struct sample *const d = sample;
    struct splitter s = {0};
    struct span w;
    size_t n = 0;

    for (fihi_split_begin(&s, d->text.ptr, d->text.len); fihi_split_next(&s, &w) == FIH_OK; n++)
        d->sink += w.start;
    fihi_split_free(&s);
    return n;
}

size_t run_find(void *sample)
{
    struct sample *const d = sample;
    for (size_t i = 0; i < d->word_count; i++) {
        const uint8_t *const s = d->text.ptr + d->words[i].start;

        d->sink += intern_number(intern_find(&d->surfaces, s, d->words[i].bytes, intern_hash(s, d->words[i].bytes)));
    }
    return d->word_count;
}

size_t run_surfaces(void *sample)
{
    struct sample *const d = sample;
    uint32_t numbers[256];
    size_t n = 0, got;
    fih_error err;

    fihi_analyzer_begin(d->analyzer, d->text.ptr, d->text.len);
    while (fihi_analyzer_next_surfaces(d->analyzer, numbers, 256, &got, &err) == FIH_OK) {
        d->sink += numbers[0];
        n += got;
    }
    return n;
}

size_t run_fold(void *sample)
{
    struct sample *const d = sample;
    static struct raw raw;
    static struct word w;
    size_t count = 0;

    for (uint32_t i = 0; i < d->surfaces.count && i < SURFACES; i++) {
        size_t n, at = 0;
        const uint8_t *const s = intern_get(&d->surfaces, i, &n);

        if (!fihi_fold_is_arabic(s, n))
            continue;
        fihi_fold_raw(&raw, s, n, 0);
        fihi_fold_next(&w, &raw, &at);
        d->sink += w.n;
        count++;
    }
    return count;
}

size_t run_stem(void *sample)
{
    struct sample *const d = sample;
    static struct word w;

    for (size_t i = 0; i < d->folded_count; i++) {
        const struct folded *const f = &d->folded[i];

        w.n = f->n;
        memcpy(w.letter, f->letter, sizeof f->letter);
        memcpy(w.written, f->written, sizeof f->written);
        memcpy(w.was, f->was, sizeof f->was);
        fihi_stem_clitics(&w, &fihi_lexicon_ours, NULL);
        d->sink += (size_t)fihi_stem_endings(&w, &fihi_lexicon_ours, 0, NULL) + w.n;
    }
    return d->folded_count;
}

size_t run_chain(void *sample)
{
    struct sample *const d = sample;
    uint32_t i = 0, number;
    fih_error err;

    fihi_analyzer_reset(d->analyzer);
    for (; i < d->surfaces.count && i < SURFACES; i++) {
        size_t n;
        const uint8_t *const s = intern_get(&d->surfaces, i, &n);

        if (fihi_analyzer_look_up(d->analyzer, s, n, &number, &err) != FIH_OK)
            die("a word", err.msg);
        d->sink += number;
    }
    return i;
}
