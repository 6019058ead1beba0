/* text/analyzer.c - the pipeline: split, then for each surface form fold, stop, stem; once, then from a cache. */
#include "text/analyzer.h"

#include <libstemmer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uversion.h>
#include <xxhash.h>

#include "base/buf.h"
#include "base/fail.h"
#include "text/fold.h"
#include "text/split.h"
#include "text/stem.h"
#include "text/stop.h"
#include "text/trace.h"

enum {
    CHAIN_VERSION = 1,         /* raise it whenever the code (not a table) makes other terms */
    SURFACE_MAX = 1024,        /* bytes of a surface form that are looked at */
    ITEMS_MAX = 16,            /* terms of one surface form */
    FIRST_SLOTS = 4096,
    AHEAD = 32,                /* words looked up together */
    CACHE_MAX = 32 << 20       /* bytes of surface forms; when full the cache starts anew */
};

enum base { BASE_LIGHT, BASE_SNOWBALL, BASE_EXACT, BASE_SIMPLE };

/* One term of a surface form, while it is worked out. */
struct item {
    uint8_t  term[FIH_MAX_TERM];
    uint8_t  letters, flags;
    uint16_t len;
};

/* The same, worked out. */
struct result {
    uint32_t term;
    uint8_t  flags, letters;
};

/* A surface form: an open-addressing hash table of these. Most have one term, which stands here. */
struct slot {
    uint32_t tag;              /* upper half of the hash */
    uint32_t key;              /* offset of the bytes in `keys` */
    uint32_t value;            /* one term: its number; several: index of the first in `results` */
    uint32_t meta;             /* length:11 letters:8 count:5 flags:8; 0 = free slot */
};
#define META(len, letters, count, flags) \
    ((uint32_t)(len) | (uint32_t)(letters) << 11 | (uint32_t)(count) << 19 | (uint32_t)(flags) << 24)
#define META_LEN(m)     ((m) & 0x7FF)
#define META_LETTERS(m) ((m) >> 11 & 0xFF)
#define META_COUNT(m)   ((m) >> 19 & 0x1F)
#define META_FLAGS(m)   ((m) >> 24)

/* A word of the text and the hash of what is looked at of it. */
struct seen {
    struct span word;
    size_t      n;
    uint64_t    hash;
};

struct term_slot {
    uint32_t tag;
    uint32_t number;           /* 1 + term number; 0 = free slot */
};

struct term_ref {
    uint32_t at, len;          /* in `term_bytes` */
};

struct analyzer {
    enum base base;
    struct sb_stemmer *arabic, *latin;   /* NULL where the name asks for none */
    struct splitter split;

    struct slot *slots;
    size_t slot_count, slots_used;       /* a power of two, or 0 */
    struct buf keys;
    struct result *results;
    size_t result_count, result_cap;

    struct term_slot *term_slots;
    size_t term_slot_count;
    struct term_ref *terms;
    size_t term_count, term_cap;
    struct buf term_bytes;

    /* words found but not handed out, and the terms of the last one of several that are left */
    struct seen ahead[AHEAD];
    size_t ahead_at, ahead_count;
    struct span word;
    size_t next_result, results_left;

    /* work space of a surface form seen for the first time */
    struct raw raw;
    struct word form;
    struct item items[ITEMS_MAX];
    size_t item_count;

    char name[64];
    char text[512];
};

/* ----------------------------------------------------- a surface form's terms */

/* The next free item, or NULL; steps are traced if it is the one asked for. */
static struct item *begin_item(struct analyzer *a, struct trace *t, size_t wanted)
{
    if (t)
        t->is_on = a->item_count == wanted;
    return a->item_count < ITEMS_MAX ? &a->items[a->item_count] : NULL;
}

static size_t cut_surface(const uint8_t *s, size_t n)
{
    if (n <= SURFACE_MAX)
        return n;
    for (n = SURFACE_MAX; n > 0 && (s[n] & 0xC0) == 0x80; n--) ;
    return n;
}

static uint8_t at_most_255(size_t n)
{
    return n > 255 ? 255 : (uint8_t)n;
}

static void trace_form(struct trace *t, const uint8_t *before, size_t n, const uint8_t *form, size_t len, const char *why)
{
    if (t && (n != len || memcmp(before, form, n) != 0))
        fihi_trace_step(t, form, len, why, NULL);
}

/* A clitic that a tatweel ties to what follows it: الـ, بـ. */
static int is_tied_clitic(const struct word *w, const uint8_t *s, size_t n)
{
    return n >= 2 && s[n - 2] == 0xD9 && s[n - 1] == 0x80 && fihi_fold_is_clitic(w);
}

/* How a surface form is read. */
struct reading {
    const uint8_t *s;
    size_t n;                  /* the surface */
    int    with_dagger;        /* small alef as a letter */
    int    second;             /* see fihi_stem_light() */
    size_t first;              /* item that begins this position */
};

/* The item just made stays, unless this position has its term already. */
static void keep_item(struct analyzer *a, size_t first)
{
    struct item *const it = &a->items[a->item_count];

    for (size_t i = first; i < a->item_count; i++)
        if (a->items[i].len == it->len && memcmp(a->items[i].term, it->term, it->len) == 0)
            return;
    if (a->item_count > first)
        it->flags |= TOKEN_SAME_POSITION;
    a->item_count++;
}

/* The normalised word in a->form to one term. *more is set if fihi_stem_light() has another one. */
static int make_arabic(struct analyzer *a, const struct reading *r, int *more, struct trace *t, size_t wanted)
{
    struct item *const it = begin_item(a, t, wanted);
    struct word *const w = &a->form;
    uint8_t utf8[FIH_MAX_TERM];
    size_t clitic, len = fihi_fold_utf8(utf8, sizeof utf8, w);

    *more = 0;
    if (!it)
        return FIH_OK;
    trace_form(t, r->s, r->n, utf8, len, r->with_dagger ? "normalised, small alef as a letter" : "normalised");
    it->letters = at_most_255(w->n);
    it->flags = fihi_stop_arabic(w, &clitic) ? TOKEN_STOP : 0;
    if (a->base == BASE_LIGHT && it->flags && clitic)
        fihi_stem_drop_first(w, clitic, t);
    else if (a->base == BASE_LIGHT && !it->flags)
        *more = fihi_stem_light(w, r->second, t);
    len = fihi_fold_utf8(it->term, sizeof it->term, w);
    if (a->base == BASE_SNOWBALL) {
        const size_t before = len;
        if (fihi_stem_snowball(a->arabic, it->term, &len, sizeof it->term) != FIH_OK)
            return FIH_E_NOMEM;
        trace_form(t, utf8, before, it->term, len, "libstemmer arabic");
    }
    it->len = (uint16_t)len;
    keep_item(a, r->first);
    return FIH_OK;
}

/* The next word of a->raw, in both readings if it has two. FIH_DONE when there is none. */
static int make_next(struct analyzer *a, struct reading *r, size_t *at, struct trace *t, size_t wanted)
{
    const size_t before = *at;
    int more = 0, rc = FIH_OK;

    if (!fihi_fold_next(&a->form, &a->raw, at))
        return FIH_DONE;
    if (is_tied_clitic(&a->form, r->s, r->n))
        return FIH_OK;
    rc = make_arabic(a, r, &more, t, wanted);
    if (rc != FIH_OK || !more)
        return rc;
    *at = before;
    r->second = 1;
    if (fihi_fold_next(&a->form, &a->raw, at))
        rc = make_arabic(a, r, &more, t, wanted);
    r->second = 0;
    return rc;
}

static int analyze_arabic(struct analyzer *a, const uint8_t *s, size_t n, struct trace *t, size_t wanted)
{
    struct reading r = { .s = s, .n = n };
    size_t at = 0, words = 0;
    int rc;

    fihi_fold_raw(&a->raw, s, n, 0);
    const int has_dagger = a->raw.has_dagger;
    for (; (rc = make_next(a, &r, &at, t, wanted)) == FIH_OK; words++)
        r.first = a->item_count;
    if (rc < 0)
        return rc;
    if (!has_dagger || words != 1)
        return FIH_OK;
    fihi_fold_raw(&a->raw, s, n, 1);
    r.with_dagger = 1;
    r.first = at = 0;
    rc = make_next(a, &r, &at, t, wanted);
    return rc < 0 ? rc : FIH_OK;
}

static size_t count_letters(const uint8_t *s, size_t n)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++)
        count += (s[i] & 0xC0) != 0x80;
    return count;
}

static size_t cut_term(const uint8_t *s, size_t n)
{
    if (n > FIH_MAX_TERM)
        for (n = FIH_MAX_TERM; n > 0 && (s[n] & 0xC0) == 0x80; n--) ;
    return n;
}

/* Other scripts and numbers; with BASE_SIMPLE, every word. */
static int analyze_other(struct analyzer *a, const uint8_t *s, size_t n, struct trace *t, size_t wanted)
{
    struct item *const it = begin_item(a, t, wanted);
    const int simple = a->base == BASE_SIMPLE;
    uint8_t word[FOLD_MAX], plain[FOLD_MAX];
    const size_t all = fihi_fold_other(word, s, n, simple);
    size_t len = cut_term(word, all), plain_len;

    if (len == 0)
        return FIH_OK;
    it->letters = at_most_255(count_letters(word, all));
    trace_form(t, s, n, word, len, word[0] >= '0' && word[0] <= '9' ? "normalised" : "case-folded");
    memcpy(plain, word, len);
    plain_len = fihi_fold_accents(plain, len);
    it->flags = fihi_stop_latin(plain, plain_len) ? TOKEN_STOP : 0;
    if (a->latin && fihi_fold_is_latin(word, len)) {
        const size_t before = len;
        memcpy(plain, word, len);
        if (fihi_stem_snowball(a->latin, word, &len, FIH_MAX_TERM) != FIH_OK)
            return FIH_E_NOMEM;
        trace_form(t, plain, before, word, len, "libstemmer");
    }
    if (!simple) {
        memcpy(plain, word, len);
        plain_len = fihi_fold_accents(plain, len);
        trace_form(t, word, len, plain, plain_len, "accents dropped");
        memcpy(word, plain, len = plain_len);
    }
    if (len == 0)
        return FIH_OK;
    memcpy(it->term, word, len);
    it->len = (uint16_t)len;
    a->item_count++;
    return FIH_OK;
}

/* Words of "simple" are not folded, but the stop lists are. */
static void mark_simple_stop(struct analyzer *a, const uint8_t *s, size_t n)
{
    size_t at = 0, clitic;

    fihi_fold_raw(&a->raw, s, n, 0);
    if (a->item_count > 0 && fihi_fold_next(&a->form, &a->raw, &at) && fihi_stop_arabic(&a->form, &clitic))
        a->items[0].flags |= TOKEN_STOP;
}

/* Fill a->items. `wanted` is the item to trace. */
static int analyze(struct analyzer *a, const uint8_t *s, size_t n, struct trace *t, size_t wanted)
{
    const int is_arabic = fihi_fold_is_arabic(s, n);
    int rc;

    a->item_count = 0;
    if (is_arabic && a->base != BASE_SIMPLE)
        return analyze_arabic(a, s, n, t, wanted);
    rc = analyze_other(a, s, n, t, wanted);
    if (is_arabic && rc == FIH_OK)
        mark_simple_stop(a, s, n);
    return rc;
}

/* ---------------------------------------------------------------- term table */

static int grow_terms(struct analyzer *a)
{
    const size_t count = a->term_slot_count ? 2 * a->term_slot_count : FIRST_SLOTS;
    struct term_slot *const slots = calloc(count, sizeof *slots);

    if (!slots)
        return FIH_E_NOMEM;
    for (size_t i = 0; i < a->term_count; i++) {
        const struct term_ref r = a->terms[i];
        const uint64_t h = XXH3_64bits(a->term_bytes.ptr + r.at, r.len);
        size_t k = h & (count - 1);
        while (slots[k].number)
            k = (k + 1) & (count - 1);
        slots[k] = (struct term_slot){ (uint32_t)(h >> 32), (uint32_t)i + 1 };
    }
    free(a->term_slots);
    a->term_slots = slots;
    a->term_slot_count = count;
    return FIH_OK;
}

/* The number of a term, a new one if need be. */
static int intern(struct analyzer *a, const uint8_t *s, size_t n, uint32_t *number)
{
    const uint64_t h = XXH3_64bits(s, n);
    const uint32_t tag = (uint32_t)(h >> 32);

    if (2 * (a->term_count + 1) > a->term_slot_count && grow_terms(a) != FIH_OK)
        return FIH_E_NOMEM;
    size_t k = h & (a->term_slot_count - 1);
    for (; a->term_slots[k].number; k = (k + 1) & (a->term_slot_count - 1)) {
        const struct term_ref r = a->terms[a->term_slots[k].number - 1];
        if (a->term_slots[k].tag == tag && r.len == n && memcmp(a->term_bytes.ptr + r.at, s, n) == 0) {
            *number = a->term_slots[k].number - 1;
            return FIH_OK;
        }
    }
    if (a->term_bytes.len > UINT32_MAX - n || a->term_count >= UINT32_MAX - 1)
        return FIH_E_LIMIT;
    if (fihi_grow(&a->terms, &a->term_cap, a->term_count + 1, sizeof *a->terms) != FIH_OK ||
        fihi_buf_append(&a->term_bytes, s, n) != FIH_OK)
        return FIH_E_NOMEM;
    a->terms[a->term_count] = (struct term_ref){ (uint32_t)(a->term_bytes.len - n), (uint32_t)n };
    *number = (uint32_t)a->term_count++;
    a->term_slots[k] = (struct term_slot){ tag, *number + 1 };
    return FIH_OK;
}

/* -------------------------------------------------------------- surface cache */

static void clear_cache(struct analyzer *a)
{
    if (a->slots)
        memset(a->slots, 0, a->slot_count * sizeof *a->slots);
    a->slots_used = 0;
    a->keys.len = 0;
    a->result_count = 0;
}

static int grow_slots(struct analyzer *a)
{
    const size_t count = a->slot_count ? 2 * a->slot_count : FIRST_SLOTS;
    struct slot *const slots = calloc(count, sizeof *slots);

    if (!slots)
        return FIH_E_NOMEM;
    for (size_t i = 0; i < a->slot_count; i++) {
        const struct slot *const old = &a->slots[i];
        if (!old->meta)
            continue;
        size_t k = XXH3_64bits(a->keys.ptr + old->key, META_LEN(old->meta)) & (count - 1);
        while (slots[k].meta)
            k = (k + 1) & (count - 1);
        slots[k] = *old;
    }
    free(a->slots);
    a->slots = slots;
    a->slot_count = count;
    return FIH_OK;
}

/* Numbers for a->items; `value` and `meta` as in a slot. */
static int number_items(struct analyzer *a, size_t key_len, uint32_t *value, uint32_t *meta)
{
    const struct item *const first = &a->items[0];
    int rc;

    *value = 0;
    *meta = META(key_len, 0, 0, 0);
    if (a->item_count == 0)
        return FIH_OK;
    *meta = META(key_len, first->letters, a->item_count, first->flags);
    if (a->item_count == 1)
        return intern(a, first->term, first->len, value);
    if (fihi_grow(&a->results, &a->result_cap, a->result_count + a->item_count, sizeof *a->results) != FIH_OK)
        return FIH_E_NOMEM;
    for (size_t i = 0; i < a->item_count; i++) {
        const struct item *const it = &a->items[i];
        struct result r = { 0, it->flags, it->letters };
        if ((rc = intern(a, it->term, it->len, &r.term)) != FIH_OK)
            return rc;
        a->results[a->result_count + i] = r;
    }
    *value = (uint32_t)a->result_count;
    a->result_count += a->item_count;
    return FIH_OK;
}

/* A surface form seen for the first time: work it out and keep it. */
static int add_surface(struct analyzer *a, const uint8_t *s, size_t n, uint64_t hash, struct slot *out)
{
    int rc;

    if (a->keys.len > CACHE_MAX)
        clear_cache(a);
    if (2 * (a->slots_used + 1) > a->slot_count && grow_slots(a) != FIH_OK)
        return FIH_E_NOMEM;
    *out = (struct slot){ .tag = (uint32_t)(hash >> 32), .key = (uint32_t)a->keys.len };
    if ((rc = analyze(a, s, n, NULL, 0)) != FIH_OK || (rc = number_items(a, n, &out->value, &out->meta)) != FIH_OK ||
        (rc = fihi_buf_append(&a->keys, s, n)) != FIH_OK)
        return rc;
    size_t k = hash & (a->slot_count - 1);
    while (a->slots[k].meta)
        k = (k + 1) & (a->slot_count - 1);
    a->slots[k] = *out;
    a->slots_used++;
    return FIH_OK;
}

static int find_surface(struct analyzer *a, const uint8_t *s, size_t n, uint64_t hash, struct slot *out)
{
    const uint32_t tag = (uint32_t)(hash >> 32);

    if (a->slot_count > 0)
        for (size_t k = hash & (a->slot_count - 1); a->slots[k].meta; k = (k + 1) & (a->slot_count - 1))
            if (a->slots[k].tag == tag && META_LEN(a->slots[k].meta) == n &&
                memcmp(a->keys.ptr + a->slots[k].key, s, n) == 0) {
                *out = a->slots[k];
                return FIH_OK;
            }
    return add_surface(a, s, n, hash, out);
}

/* -------------------------------------------------------------------- tokens */

void fihi_analyzer_begin(struct analyzer *a, const uint8_t *text, size_t n)
{
    fihi_split_begin(&a->split, text, n);
    a->results_left = a->ahead_at = a->ahead_count = 0;
}

/* و in و50: too short to be worth a look into the cache, and its neighbour decides. */
static int is_glued_clitic(struct analyzer *a, const uint8_t *s, const struct span *w)
{
    size_t at = 0;

    if (!w->is_glued || w->end - w->start > 32)
        return 0;
    fihi_fold_raw(&a->raw, s + w->start, w->end - w->start, 0);
    return fihi_fold_next(&a->form, &a->raw, &at) && fihi_fold_is_clitic(&a->form);
}

/* Find a few words, and have their slots and then their keys on the way from memory before any is
 * looked up: a vocabulary is larger than the processor's cache, and waiting word by word would double
 * the time. */
static int look_ahead(struct analyzer *a)
{
    const size_t mask = a->slot_count - 1;
    int rc = FIH_OK;

    a->ahead_at = a->ahead_count = 0;
    while (a->ahead_count < AHEAD) {
        struct seen *const w = &a->ahead[a->ahead_count];
        if ((rc = fihi_split_next(&a->split, &w->word)) != FIH_OK)
            break;
        const uint8_t *const s = a->split.text + w->word.start;
        if (is_glued_clitic(a, a->split.text, &w->word))
            continue;
        w->n = cut_surface(s, w->word.end - w->word.start);
        w->hash = XXH3_64bits(s, w->n);
        if (a->slot_count > 0)
            __builtin_prefetch(&a->slots[w->hash & mask]);
        a->ahead_count++;
    }
    for (size_t i = 0; i < a->ahead_count && a->slot_count > 0; i++)
        __builtin_prefetch(a->keys.ptr + a->slots[a->ahead[i].hash & mask].key);
    return rc < 0 ? rc : a->ahead_count > 0 ? FIH_OK : FIH_DONE;
}

static void emit_result(struct analyzer *a, struct token *out)
{
    const struct result r = a->results[a->next_result++];

    a->results_left--;
    *out = (struct token){ a->word.start, a->word.end, r.term, r.flags, r.letters };
}

/* Look up the next word found; its token goes to *out, or several wait in a->results. */
static int resolve(struct analyzer *a, struct token *out, size_t *made)
{
    const struct seen *const w = &a->ahead[a->ahead_at];
    struct slot found;
    const int rc = find_surface(a, a->split.text + w->word.start, w->n, w->hash, &found);

    *made = 0;
    if (rc != FIH_OK)
        return rc;
    a->ahead_at++;
    if (META_COUNT(found.meta) == 1) {
        *out = (struct token){ w->word.start, w->word.end, found.value,
                               (uint8_t)META_FLAGS(found.meta), (uint8_t)META_LETTERS(found.meta) };
        *made = 1;
    } else {
        a->word = w->word;
        a->next_result = found.value;
        a->results_left = META_COUNT(found.meta);
    }
    return FIH_OK;
}

int fihi_analyzer_next(struct analyzer *a, struct token *out, size_t max, size_t *count, fih_error *err)
{
    size_t n = 0, made;
    int rc = FIH_OK;

    *count = 0;
    while (n < max && rc == FIH_OK) {
        if (a->results_left > 0) {
            emit_result(a, &out[n++]);
        } else if (a->ahead_at < a->ahead_count) {
            rc = resolve(a, &out[n], &made);
            n += made;
        } else {
            rc = look_ahead(a);
        }
    }
    if (rc == FIH_E_NOMEM)
        return fihi_fail_nomem(err);
    if (rc < 0)
        return fihi_fail(err, rc, "too many different words: reset the analyzer");
    *count = n;
    return n > 0 || max == 0 ? FIH_OK : FIH_DONE;
}

struct term_text fihi_analyzer_term(const struct analyzer *a, uint32_t term)
{
    const struct term_ref r = a->terms[term];

    return (struct term_text){ a->term_bytes.ptr + r.at, r.len };
}

uint32_t fihi_analyzer_term_count(const struct analyzer *a)
{
    return (uint32_t)a->term_count;
}

size_t fihi_analyzer_bytes(const struct analyzer *a)
{
    return a->slot_count * sizeof *a->slots + a->keys.cap + a->result_cap * sizeof *a->results +
           a->term_slot_count * sizeof *a->term_slots + a->term_cap * sizeof *a->terms + a->term_bytes.cap;
}

void fihi_analyzer_reset(struct analyzer *a)
{
    free(a->slots);
    free(a->results);
    free(a->term_slots);
    free(a->terms);
    fihi_buf_free(&a->keys);
    fihi_buf_free(&a->term_bytes);
    a->slots = NULL;
    a->results = NULL;
    a->term_slots = NULL;
    a->terms = NULL;
    a->slot_count = a->slots_used = a->result_count = a->result_cap = 0;
    a->term_slot_count = a->term_count = a->term_cap = 0;
    a->results_left = a->ahead_at = a->ahead_count = 0;
}

int fihi_analyzer_reason(struct analyzer *a, const uint8_t *surface, size_t n, unsigned term_index,
                         char *out, size_t size, fih_error *err)
{
    struct trace t;
    const size_t cut = cut_surface(surface, n);

    fihi_trace_begin(&t, out, size);
    fihi_trace_put(&t, (const char *)surface, cut);
    if (cut < n)
        fihi_trace_put(&t, "…", strlen("…"));
    if (analyze(a, surface, cut, &t, term_index) != FIH_OK)
        return fihi_fail_nomem(err);
    if (term_index >= a->item_count)
        return fihi_fail(err, FIH_E_USAGE, "the word has only %zu terms", a->item_count);
    return FIH_OK;
}

/* ------------------------------------------------------------- new and free */

static const struct { const char *name; enum base base; } bases[] = {
    { "arabic", BASE_LIGHT }, { "arabic-snowball", BASE_SNOWBALL }, { "arabic-exact", BASE_EXACT },
    { "simple", BASE_SIMPLE },
};

/* Read "base+language". Returns 0 if it is not one of those documented. */
static int parse_name(struct analyzer *a, const char *name, const char **language)
{
    const char *const plus = strchr(name, '+');
    const size_t n = plus ? (size_t)(plus - name) : strlen(name);

    *language = plus ? plus + 1 : NULL;
    if (*language && strcmp(*language, "french") != 0 && strcmp(*language, "english") != 0)
        return 0;
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++)
        if (strlen(bases[i].name) == n && memcmp(bases[i].name, name, n) == 0) {
            a->base = bases[i].base;
            return 1;
        }
    return 0;
}

/* Any two analyzers with this text make equal terms. */
static int describe(struct analyzer *a)
{
    char icu[U_MAX_VERSION_STRING_LENGTH], unicode[U_MAX_VERSION_STRING_LENGTH], stemmer[40] = "none";
    UVersionInfo v;
    uint64_t h = 0;

    u_getVersion(v);
    u_versionToString(v, icu);
    u_getUnicodeVersion(v);
    u_versionToString(v, unicode);
    if (a->arabic && !(h = fihi_stem_snowball_hash(a->arabic)))
        return FIH_E_NOMEM;
    if (a->latin) {
        const uint64_t latin = fihi_stem_snowball_hash(a->latin);
        if (!latin)
            return FIH_E_NOMEM;
        h = 31 * h + latin;
    }
    if (h)
        snprintf(stemmer, sizeof stemmer, "libstemmer/%016llx", (unsigned long long)h);
    h = fihi_fold_hash() + 3 * fihi_stop_hash() + 5 * fihi_stem_hash();
    snprintf(a->text, sizeof a->text, "%s;icu=%s;unicode=%s;stemmer=%s;tables=%d/%016llx", a->name, icu, unicode,
             stemmer, CHAIN_VERSION, (unsigned long long)h);
    return FIH_OK;
}

int fihi_analyzer_new(struct analyzer **out, const char *name, fih_error *err)
{
    struct analyzer *a;
    const char *language;

    *out = NULL;
    if (!(a = calloc(1, sizeof *a)))
        return fihi_fail_nomem(err);
    if (strlen(name) >= sizeof a->name || !parse_name(a, name, &language)) {
        free(a);
        return fihi_fail(err, FIH_E_USAGE, "unknown analyzer '%.100s': arabic, arabic-snowball, arabic-exact or simple, "
                         "and then +french or +english", name);
    }
    memcpy(a->name, name, strlen(name) + 1);
    if ((a->base == BASE_SNOWBALL && !(a->arabic = sb_stemmer_new("arabic", NULL))) ||
        (language && !(a->latin = sb_stemmer_new(language, NULL))) || describe(a) != FIH_OK) {
        fihi_analyzer_free(a);
        return fihi_fail_nomem(err);
    }
    *out = a;
    return FIH_OK;
}

void fihi_analyzer_free(struct analyzer *a)
{
    if (!a)
        return;
    fihi_analyzer_reset(a);
    fihi_split_free(&a->split);
    if (a->arabic)
        sb_stemmer_delete(a->arabic);
    if (a->latin)
        sb_stemmer_delete(a->latin);
    free(a);
}

const char *fihi_analyzer_text(const struct analyzer *a)
{
    return a->text;
}

const char *fihi_analyzer_name(const struct analyzer *a)
{
    return a->name;
}
