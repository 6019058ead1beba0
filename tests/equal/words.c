/* words.c - text/: where words end, what tables know of them, which terms they have, whichever way they are asked. */
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/utf8.h"
#include "equal.h"
#include "maps.h"
#include "text/analyzer_part.h"
#include "text/beside.h"
#include "text/counts.h"
#include "text/list.h"
#include "text/reference.h"
#include "text/stop.h"
#include "text/written.h"

enum { TEXT_ROOM = 8 << 20, WORD_ROOM = 4096, BATCH = 256 };

static struct fence fence;
static struct raw   raw;
static struct word  word;

static int class_at(const uint8_t *s, size_t n, size_t i, size_t *next)
{
    int ok;
    const uint32_t c = fihi_utf8_next(s, n, &i, &ok);

    *next = i;
    return ok ? fihi_split_class(c) : CLASS_NONE;
}

/* ---- where words end */

/* The next run of Arabic letters with their marks, longer than a letter, from *at on: the longest that begins with a
 * letter, without the hidden characters at its end. False when there is none. */
static bool next_run(const uint8_t *s, size_t n, size_t *at, size_t *start, size_t *end)
{
    size_t next;

    for (size_t i = *at; i < n; i = next) {
        int class = class_at(s, n, i, &next);

        if (class != CLASS_ARABIC)
            continue;
        *start = i;
        for (*end = next; i < n; i = next) {
            class = class_at(s, n, i, &next);
            if (class == CLASS_ARABIC || class == CLASS_MARK)
                *end = next;
            else if (class != CLASS_HIDDEN)
                break;
        }
        *at = next = i;
        if (*end - *start > 2)
            return true;
    }
    return false;
}

/* Initials, which are joined by points and spaces? */
static bool has_joint(const uint8_t *s, size_t from, size_t end)
{
    size_t next;
    bool has = false;

    for (; from < end; from = next) {
        const int class = class_at(s, end, from, &next);

        has |= class == CLASS_NONE || class == CLASS_POINT;
    }
    return has;
}

static void check_runs(const uint8_t *s, size_t n, const char *what, size_t number)
{
    struct splitter splitter = {0};
    struct span w;
    size_t at = 0, start, end, next;

    fihi_split_begin(&splitter, s, n);
    while (fihi_split_next(&splitter, &w) == FIH_OK) {
        if (class_at(s, n, w.start, &next) != CLASS_ARABIC || w.end - w.start == 2 || has_joint(s, w.start, w.end))
            continue;
        if (!CHECK(next_run(s, n, &at, &start, &end) && start == w.start && end == w.end, "%s %zu at %zu: %.*s", what,
                   number, w.start, WORD(s + w.start, w.end - w.start)))
            break;
    }
    CHECK(!next_run(s, n, &at, &start, &end), "%s %zu: a word at %zu is passed over", what, number, start);
    fihi_split_free(&splitter);
}

/* What has an & may have references to letters: those are test_icu's. */
static void arabic_words_are_runs_of_the_classes_of_characters(void)
{
    fence = fence_new(TEXT_ROOM);
    for (uint32_t i = 0; i < word_count(); i++) {
        size_t n;
        const uint8_t *const s = word_at(i, &n);

        if (memchr(s, '&', n))
            continue;
        check_runs(fence_end(&fence, s, n), n, "word", i);
        check_runs(fence_begin(&fence, s, n), n, "word", i);
    }
    for (size_t i = 0; i < vocabulary->text_count; i++) {
        size_t n;
        const uint8_t *const s = text_at(i, &n);

        if (n <= TEXT_ROOM && (n == 0 || !memchr(s, '&', n)))
            check_runs(fence_end(&fence, s, n), n, "text", i);
    }
    fence_free(&fence);
}

/* ---- tables */

struct known {
    uint64_t tag;                      /* bucket and tag together */
    int      count;
};

static int by_tag(const void *x, const void *y)
{
    const struct known *const a = x, *const b = y;

    return a->tag != b->tag ? (a->tag < b->tag ? -1 : 1) : (a->count < b->count) - (a->count > b->count);
}

/* counts.tsv as it is written, sorted. */
static struct known *read_counts(size_t *count)
{
    struct known *all = NULL;
    size_t room = 0;
    char line[4096];
    FILE *const f = fopen(CHECKOUT "/lib/text/counts.tsv", "r");

    *count = 0;
    while (f && fgets(line, sizeof line, f)) {
        char *const number = strtok(line, " \n");

        for (const char *s; number && *number != '#' && (s = strtok(NULL, " \n"));) {
            uint16_t letter[64];
            size_t n = 0;
            int ok;

            for (size_t i = 0; i < strlen(s) && n < 64;)
                letter[n++] = (uint16_t)fihi_utf8_next((const uint8_t *)s, strlen(s), &i, &ok);
            if (fihi_grow(&all, &room, *count + 1, sizeof *all) != FIH_OK)
                abort();
            all[(*count)++] = (struct known){counts_key(list_hash(letter, n)), atoi(number)};
        }
    }
    if (f)
        fclose(f);
    if (all)
        qsort(all, *count, sizeof *all, by_tag);
    return all;
}

/* The commonest of those that have the tag. */
static int count_plainly(const struct known *all, size_t count, const uint16_t *s, size_t n)
{
    const uint64_t tag = counts_key(list_hash(s, n));
    size_t low = 0, high = count;

    while (low < high) {
        const size_t mid = low + (high - low) / 2;

        if (all[mid].tag < tag)
            low = mid + 1;
        else
            high = mid;
    }
    return low < count && all[low].tag == tag ? all[low].count : 0;
}

/* The first row of the letters, from end to end. */
static bool is_noun_plainly(const struct word *w)
{
    size_t count;
    const struct stop_row *const rows = fihi_stop_rows(&count);

    for (size_t i = 0; i < count && w->n < LIST_ROW; i++)
        if (rows[i].letter[0] == w->letter[0] && list_compare(rows[i].letter, w->letter, w->n) == 0)
            return rows[i].kinds & STOP_NOUN;
    return false;
}

/* U+200B is dropped, and a word with it is no word of plain letters, which are taken by themselves. */
static void check_raw(const struct raw *plain, const uint8_t *s, size_t n)
{
    static struct raw other;
    uint8_t hidden[SURFACE_MAX + 3];

    if (n > SURFACE_MAX)
        return;
    memcpy(hidden, s, n);
    memcpy(hidden + n, "\u200B", 3);
    fihi_fold_raw(&other, hidden, n + 3, 0);
    CHECK(other.n == plain->n && other.has_dagger == plain->has_dagger &&
          memcmp(other.letter, plain->letter, plain->n * sizeof *plain->letter) == 0);
}

/* In front of a page that cannot be touched: more letters than it has are never read. */
static const uint16_t *letters_at_fence(const uint16_t *s, size_t n)
{
    return (const uint16_t *)(const void *)fence_end(&fence, (const uint8_t *)s, n * sizeof *s);
}

static unsigned check_rows(const uint16_t *letters, size_t n)
{
    const uint16_t *const s = letters_at_fence(letters, n);
    unsigned found = 0;
    const struct list *l;

    for (unsigned k = 0; (l = k % 2 ? fihi_verb_list(k / 2) : fihi_stop_list(k / 2)) || k < 8; k++) {
        if (!l)
            continue;
        const bool has = list_has(l, s, n, list_hash(s, n));

        CHECK(has == plain_list_has(l, s, n, 0), "list %u", k);
        found += has;
    }
    const struct lexeme *const e = fihi_lexicon_find(&fihi_lexicon_ours, s, n);
    CHECK(e == plain_lexicon_find(&fihi_lexicon_ours, s, n));
    CHECK(open_has_stem(s, n) == (plain_verb_slots(s, n) > 0));
    CHECK(fihi_verb_is_past(s, n) == (plain_verb_slots(s, n) & 1));        /* PAST_BARE */
    return found + (e != NULL);
}

/* Each word folded, and what is left of it without its first letters or its last. */
static void tables_know_what_their_rows_say(void)
{
    size_t counted;
    struct known *const counts = read_counts(&counted);
    unsigned found = 0;

    REQUIRE(counted > 80000);
    fence = fence_new(WORD_ROOM);
    plain_verbs_use(false);
    for (uint32_t i = 0; i < word_count(); i++) {
        size_t n, at = 0;
        const uint8_t *const s = word_at(i, &n);
        const unsigned before = tap.notes;

        if (!fihi_fold_is_arabic(s, n))
            continue;
        fihi_fold_raw(&raw, s, n, 0);
        check_raw(&raw, s, n);
        while (fihi_fold_next(&word, &raw, &at)) {
            CHECK(fihi_stop_is_noun(&word) == is_noun_plainly(&word));
            for (size_t first = 0; first < 4 && first < word.n; first++)
                for (size_t last = 0; last < 3 && first + last < word.n; last++) {
                    const size_t left = word.n - first - last;

                    if (last == 0)
                        CHECK_INT_EQ(fihi_counts_find(letters_at_fence(word.letter + first, left), left),
                                     count_plainly(counts, counted, word.letter + first, left));
                    if (first == 0 || last == 0 || i % 4 == 0)
                        found += check_rows(word.letter + first, left);
                }
        }
        if (tap.notes > before)
            CHECK(false, "at %.*s", WORD(s, n));
    }
    CHECK(found > 1000, "%u are in some table", found);
    for (size_t i = 0; i < fihi_verbs.row_count; i++) {
        uint16_t stem[VERB_STEM];
        size_t n = 0;

        for (; n < VERB_STEM && fihi_verbs.rows[i].letter[n]; n++)
            stem[n] = (uint16_t)(VERB_FIRST + fihi_verbs.rows[i].letter[n]);
        CHECK(open_has_stem(stem, n), "stem %zu", i);
    }
    fence_free(&fence);
    free(counts);
    maps_free();
}

/* ---- terms */

static uint64_t mix(uint64_t h, const void *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        h = (h ^ ((const uint8_t *)bytes)[i]) * UINT64_C(1099511628211);
    return h;
}

/* Of all terms, with their flags and letters. */
static uint64_t hash_items(const struct chain *c)
{
    uint64_t h = c->item_count;

    for (size_t i = 0; i < c->item_count; i++) {
        const struct item *const it = &c->items[i];

        h = mix(mix(h, it->term, it->len), (const uint8_t[]){it->flags, it->letters, 0xFF}, 3);
    }
    return h;
}

static uint64_t hash_results(const struct vocab *v, uint32_t surface)
{
    const uint32_t first = surface ? v->surface_ends[surface - 1] : 0;
    uint64_t h = v->surface_ends[surface] - first;

    for (uint32_t i = first; i < v->surface_ends[surface]; i++) {
        const struct result *const r = &v->results[i];
        size_t n;
        const uint8_t *const s = intern_get(&v->terms, r->term, &n);

        h = mix(mix(h, s, n), (const uint8_t[]){r->flags, r->letters, 0xFF}, 3);
    }
    return h;
}

/* A surface word as the table of words knows it; *hash, if it is NULL, is what it was when the word was new. */
static bool is_known_as(struct vocab *v, struct chain *c, const uint8_t *s, size_t n, uint64_t want)
{
    const uint8_t *record;

    return fihi_vocab_find(v, c, s, n, intern_hash(s, n), &record) == FIH_OK &&
           hash_results(v, intern_number(record)) == want;
}

/* By halving, by filters and hashes, and by what is remembered, against maps of whole words and nothing remembered.
 * Then all words once more, when nothing is new. Torn words also as they are where both readings are meant. */
static void terms_are_those_of_plain_look_ups_and_are_remembered(void)
{
    uint64_t *const hashes = malloc((word_count() + 1) * sizeof *hashes);
    struct vocab v = {.results = NULL};
    struct analyzer *a = NULL;
    unsigned torn = 0, verbs = 0;

    REQUIRE(hashes && fihi_analyzer_new(&a, "arabic", NULL) == FIH_OK);
    static struct chain plain;
    plain = a->chain;
    fence = fence_new(WORD_ROOM);
    for (uint32_t i = 0; i < word_count(); i++) {
        size_t n;
        const uint8_t *const s = word_at(i, &n), *const flush = fence_end(&fence, s, n);

        plain_verbs_use(i % 512 == 0);
        REQUIRE(plain_chain_run(&plain, flush, n, NULL, 0) == FIH_OK);
        hashes[i] = hash_items(&plain);
        verbs += plain.item_count > 3;
        if (!CHECK(is_known_as(&v, &a->chain, flush, n, hashes[i]), "%.*s", WORD(s, n)))
            continue;
        const bool is_one = plain.item_count > 0 && !(plain.items[0].flags & TOKEN_SAME_POSITION);
        bool has_other = false;
        for (size_t k = 1; k < plain.item_count; k++)
            has_other |= !(plain.items[k].flags & TOKEN_SAME_POSITION);
        CHECK(!fihi_chain_is_plain(&a->chain, flush, n) || (is_one && !has_other), "%.*s has not one position",
              WORD(s, n));
        if (plain.item_count > 0 && plain.items[0].flags & TOKEN_TORN && n <= TORN_BYTES) {
            uint8_t marked[TORN_BYTES + 1];

            memcpy(marked, s, n);
            marked[n] = EITHER_MARK;
            plain_chain_run(&plain, fence_end(&fence, marked, n + 1), n + 1, NULL, 0);
            CHECK(is_known_as(&v, &a->chain, fence.first + fence.room - n - 1, n + 1, hash_items(&plain)),
                  "%.*s in both ways", WORD(s, n));
            torn++;
        }
    }
    for (uint32_t i = word_count(); i-- > 0;) {
        size_t n;
        const uint8_t *const s = word_at(i, &n);

        CHECK(is_known_as(&v, &a->chain, fence_begin(&fence, s, n), n, hashes[i]), "%.*s, remembered", WORD(s, n));
    }
    CHECK(torn > 5 && verbs > 1000, "%u torn words, %u of more readings", torn, verbs);
    fence_free(&fence);
    fihi_vocab_free(&v);
    fihi_analyzer_free(a);
    free(hashes);
    maps_free();
}

static size_t normalize(uint8_t out[WORD_ROOM], const UNormalizer2 *form, const uint8_t *s, size_t n)
{
    UErrorCode e = U_ZERO_ERROR;
    UChar from[WORD_ROOM], to[WORD_ROOM];
    int32_t len = 0, bytes = 0;

    u_strFromUTF8(from, WORD_ROOM, &len, (const char *)s, (int32_t)n, &e);
    len = unorm2_normalize(form, from, len, to, WORD_ROOM, &e);
    u_strToUTF8((char *)out, WORD_ROOM, &bytes, to, len, &e);
    return U_SUCCESS(e) ? (size_t)bytes : 0;
}

/* Letters with their hamzas, as most text has them, go another way through the fold than letters and marks. Initials
 * (README.md of lib/text) are letters of two bytes, so a decomposed one is none. */
static void composed_and_decomposed_words_have_the_same_terms(void)
{
    UErrorCode e = U_ZERO_ERROR;
    const UNormalizer2 *const forms[] = {unorm2_getNFDInstance(&e), unorm2_getNFCInstance(&e)};
    struct analyzer *a = NULL;
    unsigned other = 0;

    REQUIRE(fihi_analyzer_new(&a, "arabic", NULL) == FIH_OK);
    fence = fence_new(WORD_ROOM);
    for (uint32_t i = 0; i < word_count(); i++) {
        size_t n, len;
        const uint8_t *const s = word_at(i, &n);
        uint8_t to[WORD_ROOM];

        for (size_t k = 0; k < 2 && n < 300 && !memchr(s, '&', n) && !has_joint(s, 0, n); k++)
            if ((len = normalize(to, forms[k], s, n)) > 0 && (len != n || memcmp(to, s, n) != 0)) {
                uint64_t want;

                fihi_chain_run(&a->chain, s, n, NULL, 0);
                want = hash_items(&a->chain);
                fihi_chain_run(&a->chain, fence_end(&fence, to, len), len, NULL, 0);
                CHECK(hash_items(&a->chain) == want, "%.*s", WORD(s, n));
                other++;
            }
    }
    CHECK(other > 1000, "%u are written otherwise", other);
    fence_free(&fence);
    fihi_analyzer_free(a);
}

/* ---- texts: many words at once, and what stands beside them */

/* The next words of a text one by one, with both neighbours read for each word whose reading depends on them. Numbers
 * are each analyzer's own, for a neighbour that is looked up is numbered then. */
static bool is_same_one_by_one(struct analyzer *a, const struct analyzer *many, const uint32_t *want, size_t count,
                               uint32_t *positions)
{
    bool is_same = true;

    for (size_t i = 0; i < count && is_same; i++) {
        uint32_t surface;
        size_t got;

        a->name_end = UNREAD;
        if (fihi_analyzer_next_surfaces(a, &surface, 1, &got, NULL) != FIH_OK)
            return false;
        const struct term_text x = fihi_analyzer_surface_text(a, surface),
                               y = fihi_analyzer_surface_text(many, want[i]);
        is_same = x.len == y.len && memcmp(x.ptr, y.ptr, x.len) == 0;
        *positions += fihi_analyzer_positions(a);
    }
    return is_same;
}

/* `many` takes words by hundreds; `single` one by one; `other` knows those of `many`, as workers know the writer's, so
 * that all have the same numbers. */
static void check_text(struct analyzer *many, struct analyzer *single, struct analyzer *other, size_t number)
{
    size_t n, count;
    const uint8_t *const s = text_at(number, &n), *const flush = n <= TEXT_ROOM ? fence_end(&fence, s, n) : s;
    uint32_t want[BATCH], got[BATCH];

    fihi_analyzer_begin(many, flush, n);
    fihi_analyzer_begin(single, s, n);
    fihi_analyzer_begin(other, s, n);
    while (fihi_analyzer_next_surfaces(many, want, BATCH, &count, NULL) == FIH_OK) {
        uint32_t positions = 0;
        size_t again;

        if (!CHECK(is_same_one_by_one(single, many, want, count, &positions), "text %zu", number))
            return;
        CHECK_INT_EQ(fihi_analyzer_positions(many), positions, "text %zu", number);
        CHECK(fihi_analyzer_next_surfaces(other, got, count, &again, NULL) == FIH_OK && again == count &&
                  memcmp(got, want, count * sizeof *got) == 0, "text %zu, known words", number);
    }
    CHECK(fihi_analyzer_next_surfaces(single, got, 1, &count, NULL) == FIH_DONE, "text %zu", number);
}

static void words_taken_together_are_those_taken_one_by_one(void)
{
    struct analyzer *a[3] = {NULL};

    fence = fence_new(TEXT_ROOM);
    for (size_t i = 0; i < 3; i++)
        REQUIRE(fihi_analyzer_new(&a[i], "arabic", NULL) == FIH_OK);
    fihi_analyzer_know(a[2], &a[0]->vocab.surfaces);
    for (size_t i = 0; i < vocabulary->text_count; i++)
        check_text(a[0], a[1], a[2], i);
    for (size_t i = 3; i-- > 0;)
        fihi_analyzer_free(a[i]);
    fence_free(&fence);
}

/* Character by character, to the end. */
static unsigned finals_plainly(const uint8_t *s, size_t n)
{
    unsigned found = 0;
    size_t next;

    for (size_t i = 0; i < n; i = next) {
        size_t behind;
        int ok, class = CLASS_NONE;
        uint32_t c;

        next = i;
        c = fihi_utf8_next(s, n, &next, &ok);
        if (c != u'ى' && c != u'ي')
            continue;
        for (behind = next; behind < n && (class = class_at(s, n, behind, &behind)) == CLASS_MARK;)
            ;
        if (class == CLASS_MARK || class == CLASS_NONE || class != CLASS_ARABIC || (behind == n && next == n))
            found |= c == u'ى' ? FINAL_MAKSURA : FINAL_YEH;
    }
    return found;
}

static void final_letters_are_those_found_by_characters(void)
{
    fence = fence_new(TEXT_ROOM);
    for (size_t i = 0; i < vocabulary->text_count + word_count(); i++) {
        size_t n;
        const uint8_t *const s = i < word_count() ? word_at((uint32_t)i, &n) : text_at(i - word_count(), &n);

        if (n <= TEXT_ROOM)
            CHECK_INT_EQ(fihi_beside_finals((fih_str){(const char *)fence_end(&fence, s, n), n}), finals_plainly(s, n),
                         "%.*s", WORD(s, n));
    }
    fence_free(&fence);
}

/* ---- words as they are written */

static bool is_mark(uint32_t c)
{
    return c == 0x6E5 || c == 0x6E6 || (U_GET_GC_MASK((UChar32)c) & (U_GC_MN_MASK | U_GC_ME_MASK));
}

/* The same letters, and of the marks behind each all that are asked for. */
static bool is_written_plainly(const struct written *asked, const struct written *w)
{
    size_t i = 0, k = 0;

    while (i < asked->count && k < w->count) {
        size_t end = k + 1;

        if (asked->chars[i++] != w->chars[k++])
            return false;
        while (end < w->count && is_mark(w->chars[end]))
            end++;
        for (; i < asked->count && is_mark(asked->chars[i]); i++) {
            bool has = false;

            for (size_t m = k; m < end; m++)
                has |= w->chars[m] == asked->chars[i];
            if (!has)
                return false;
        }
        k = end;
    }
    return asked->count > 0 && i == asked->count && k == w->count;
}

/* A word behind each letter that has a hamza, asked for as one character and written as letter and mark. */
static void check_hamzas(const uint8_t *s, size_t n)
{
    static const char *const letters[][2] = {{"آ", "\u0627\u0653"}, {"أ", "\u0627\u0654"}, {"ؤ", "\u0648\u0654"},
                                             {"إ", "\u0627\u0655"}, {"ئ", "\u064A\u0654"}, {"م", "م"}};
    static struct written asked, w;
    uint8_t x[200], y[200];

    for (size_t i = 0; n < 100 && i < sizeof letters / sizeof *letters; i++) {
        const size_t m = strlen(letters[i][0]), k = strlen(letters[i][1]);

        memcpy(x, letters[i][0], m);
        memcpy(x + m, s, n);
        memcpy(y, letters[i][1], k);
        memcpy(y + k, s, n);
        fihi_written_read(&asked, x, m + n);
        fihi_written_read(&w, y, k + n);
        CHECK(fihi_written_is(&asked, fence_end(&fence, y, k + n), k + n) == is_written_plainly(&asked, &w), "%s%.*s",
              letters[i][0], WORD(s, n));
    }
}

/* Each word by itself, by the one before it in the vocabulary, and by one far from it. */
static void words_as_they_are_written_are_compared_whole(void)
{
    static struct written before, asked;
    unsigned found = 0;

    fence = fence_new(WORD_ROOM);
    for (uint32_t i = 0; i < word_count(); i += 2) {
        size_t n, m;
        const uint32_t other = (uint32_t)(i * UINT64_C(2654435761) % word_count());
        const uint8_t *const s = word_at(i, &n), *const t = word_at(other, &m);
        struct written w;

        fihi_written_read(&asked, fence_end(&fence, s, n), n);
        found += (unsigned)fihi_written_is(&asked, fence.first + fence.room - n, n);
        CHECK(fihi_written_is(&asked, s, n) == is_written_plainly(&asked, &asked), "%.*s", WORD(s, n));
        if (i > 0)
            CHECK(fihi_written_is(&before, s, n) == is_written_plainly(&before, &asked), "%.*s", WORD(s, n));
        fihi_written_read(&w, t, m);
        CHECK(fihi_written_is(&asked, fence_end(&fence, t, m), m) == is_written_plainly(&asked, &w), "%.*s and %.*s",
              WORD(s, n), WORD(t, m));
        if (i % 64 == 0)
            check_hamzas(s, n);
        before = asked;
    }
    CHECK(found > word_count() / 3, "%u", found);
    fence_free(&fence);
}

/* ---- signs of markup, names of references */

static void signs_of_markup_are_found_as_byte_by_byte(void)
{
    size_t found = 0;

    fence = fence_new(TEXT_ROOM);
    for (size_t i = 0; i < vocabulary->text_count; i++) {
        size_t n, plain = 0;
        const uint8_t *const s = text_at(i, &n), *const flush = n <= TEXT_ROOM ? fence_end(&fence, s, n) : s;

        for (size_t at = 0; at < n; at = plain + 1, found++) {
            for (plain = at; plain < n && !strchr(";<=&{", s[plain] ? s[plain] : ' '); plain++)
                ;
            if (!CHECK_INT_EQ(open_next_sign(flush, at, n), plain, "text %zu from %zu on", i, at))
                break;
        }
    }
    CHECK(found > 100, "%zu", found);
    fence_free(&fence);
}

static uint32_t name_plainly(const uint8_t *s, size_t n)
{
    uint32_t character;
    const char *name;

    for (size_t i = 0; (name = open_name(i, &character)); i++)
        if (strlen(name) == n && memcmp(name, s, n) == 0)
            return character;
    return 0;
}

/* All names, cut and changed; and words, none of which is a name by chance. */
static void names_of_references_are_found_as_from_end_to_end(void)
{
    uint32_t character;
    const char *name;

    fence = fence_new(WORD_ROOM);
    for (size_t i = 0; (name = open_name(i, &character)); i++)
        for (size_t change = 0; change < 60; change++) {
            uint8_t s[16];
            size_t n = strlen(name);

            memcpy(s, name, n);
            if (change > 0)
                s[change % n] = (uint8_t)(change < 30 ? 'A' + change : 'a' + change - 30);
            n -= change % 5 == 4;
            CHECK_INT_EQ(open_find_name(fence_end(&fence, s, n), n), name_plainly(s, n), "%s, %zu", name, change);
        }
    for (uint32_t i = 0; i < word_count(); i += 16) {
        size_t n;
        const uint8_t *const s = word_at(i, &n);

        CHECK_INT_EQ(open_find_name(fence_end(&fence, s, n), n), name_plainly(s, n), "%.*s", WORD(s, n));
    }
    fence_free(&fence);
}

void test_words(struct totals *t)
{
    static const struct test tests[] = {
        {arabic_words_are_runs_of_the_classes_of_characters, "Arabic words are runs of the classes of characters"},
        {tables_know_what_their_rows_say, "tables know what their rows say"},
        {terms_are_those_of_plain_look_ups_and_are_remembered, "terms are those of plain look-ups, and are remembered"},
        {composed_and_decomposed_words_have_the_same_terms, "composed and decomposed words have the same terms"},
        {words_taken_together_are_those_taken_one_by_one, "words taken together are those taken one by one"},
        {final_letters_are_those_found_by_characters, "final letters are those found by characters"},
        {words_as_they_are_written_are_compared_whole, "words as they are written are compared whole"},
        {signs_of_markup_are_found_as_byte_by_byte, "signs of markup are found as byte by byte"},
        {names_of_references_are_found_as_from_end_to_end, "names of references are found as from end to end"},
        {NULL, NULL},
    };

    run_all(tests, t);
}
