/* text/lexicon.c - a lexicon's text into rows in order.
 *
 * The build reads our lexicon with this code, and an analyzer a user's, upon ours. All words are folded as texts are,
 * so a lexicon may be written with any spelling; sorted, so that two meanings of one word meet and a contradiction is
 * found; and then each plural gets the row of its singular.
 *
 * A user's text is not trusted: its size, its lines and each word are checked, and an error names the line. A lexicon
 * of 50,000 lines takes some 4 MiB.
 *
 * Example: of the line "قلم TAB أقلام" there are two rows, قلم, a singular, and اقلام, a plural that leads to it. So
 * أقلام has the stem قلم. Of a word alone there is one row, a name.
 *
 * Rows lead to others by number and not by pointer, so ours is constant data, and what was read is freed in one piece.
 */
#include "text/lexicon.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <xxhash.h>

#include "base/buf.h"
#include "base/fail.h"
#include "base/utf8.h"

/* Only while a lexicon is read; of it `row` is kept. */
struct entry {
    struct lexeme row;
    list_row      singular;   /* of a plural */
    uint32_t      line;       /* 0: of the base */
};

/* It is large, for raw and word are, and so is not on the stack. */
struct reading {
    struct entry *entries;
    size_t        count, cap;
    uint32_t      line;
    struct raw    raw;
    struct word   word;
    fih_error    *err;
};

/* One column, folded. `at` is past the end of raw only if no second word follows. How the hamzas were written is kept
 * with the letters, for the stemmer compares it: والأم is not و and آلام. */
static int take_word(struct reading *r, struct lexeme *out, const uint8_t *s, size_t n)
{
    size_t at = 0, rest;
    struct word *const w = &r->word;

    /* Blanks that set columns apart for the eye are no part of a word. */
    while (n > 0 && s[n - 1] == ' ')
        n--;
    fihi_fold_raw(&r->raw, s, n, 0);
    if (fihi_utf8_valid(s, n) != n || !fihi_fold_is_arabic(s, n) || !fihi_fold_next(w, &r->raw, &at) || at <= r->raw.n)
        return fihi_fail(r->err, FIH_E_USAGE,
                         "line %u of the lexicon: write one Arabic word in each column, separated by tabs",
                         (unsigned)r->line);
    /* No digits, points or ICU's odder letters: a word of a text would never come to them. */
    for (rest = 0; rest < w->n && w->letter[rest] < 0x780 && u_isalpha(w->letter[rest]); rest++) ;
    if (rest < w->n || w->n < 2 || w->n > LIST_ROW)
        return fihi_fail(r->err, FIH_E_USAGE,
                         "line %u of the lexicon: a word has 2 to %d Arabic letters and nothing else",
                         (unsigned)r->line, LIST_ROW);
    *out = (struct lexeme){ .n = (uint16_t)w->n };
    memcpy(out->letter, w->letter, w->n * sizeof *w->letter);
    memcpy(out->was, w->was, w->n);
    return FIH_OK;
}

/* The singular is kept by its letters, for its row moves when rows are sorted. A line adds two entries at most, so a
 * user's text has twice LEXICON_LINES, and the base comes to that. */
static int add(struct reading *r, const struct lexeme *row, unsigned kind, const struct lexeme *singular)
{
    struct entry *e;

    if (fihi_grow(&r->entries, &r->cap, r->count + 1, sizeof *r->entries) != 0)
        return fihi_fail_nomem(r->err);
    e = &r->entries[r->count++];
    *e = (struct entry){ .row = *row, .line = r->line };
    e->row.kind = (uint16_t)kind;
    if (singular)
        memcpy(e->singular, singular->letter, sizeof e->singular);
    return FIH_OK;
}

/* "singular TAB plural [TAB anything]", or a name alone. A singular that is its own plural is only known. The third
 * column (our file has the pattern there) is never read. A plural like its singular after folding would lead to itself,
 * so it is left out. */
static int take_line(struct reading *r, const uint8_t *s, size_t n)
{
    const uint8_t *tab, *end = s + n;
    struct lexeme first, second;
    int rc;

    while (s < end && *s == ' ')
        s++;
    /* A comment, or nothing: its line is counted all the same. */
    if (s == end || *s == '#')
        return FIH_OK;
    if (!(tab = memchr(s, '\t', (size_t)(end - s))))
        return (rc = take_word(r, &first, s, (size_t)(end - s))) != 0 ? rc : add(r, &first, LEXEME_NAME, NULL);
    const uint8_t *const plural = tab + 1, *const next = memchr(plural, '\t', (size_t)(end - plural));
    if ((rc = take_word(r, &first, s, (size_t)(tab - s))) != 0 ||
        (rc = take_word(r, &second, plural, (size_t)((next ? next : end) - plural))) != 0 ||
        (rc = add(r, &first, LEXEME_SINGULAR, NULL)) != 0 ||
        memcmp(first.letter, second.letter, sizeof first.letter) == 0)
        return rc;
    return add(r, &second, LEXEME_PLURAL, &first);
}

/* A byte order mark and \r at the ends of lines are what editors leave. Lines are counted from 1, as editors do. The
 * last one need not end with a line feed, and an empty text is a lexicon without words. */
static int take_lines(struct reading *r, const uint8_t *text, size_t n)
{
    const uint8_t *s = text, *const end = text + n;
    int rc = FIH_OK;

    if (n >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0)
        s += 3;
    while (s < end && rc == 0) {
        const uint8_t *const nl = memchr(s, '\n', (size_t)(end - s)), *stop = nl ? nl : end;

        if (++r->line > LEXICON_LINES)
            return fihi_fail(r->err, FIH_E_USAGE, "a lexicon has at most %d lines", LEXICON_LINES);
        rc = take_line(r, s, (size_t)(stop - s) - (stop > s && stop[-1] == '\r'));
        s = nl ? nl + 1 : end;
    }
    return rc;
}

/* Line 0 marks them: they give way, and are no fault of the user's. Without a base, it is ours that is being built. */
static int add_base(struct reading *r, const struct lexicon *base)
{
    int rc = FIH_OK;

    r->line = 0;
    for (size_t i = 0; base && i < base->count && rc == 0; i++) {
        const struct lexeme *const e = &base->rows[i];
        rc = add(r, e, e->kind, e->kind == LEXEME_PLURAL ? &base->rows[e->singular] : NULL);
    }
    return rc;
}

/* By letters; of one word the base last, and the names first, then its plurals, then its singulars. A total order, for
 * qsort() keeps none among equals: the rows must be the same on each machine, as their hash is part of the fingerprint.
 */
static int compare(const void *x, const void *y)
{
    const struct entry *a = x, *b = y;

    for (size_t i = 0; i < LIST_ROW; i++)
        if (a->row.letter[i] != b->row.letter[i])
            return a->row.letter[i] < b->row.letter[i] ? -1 : 1;
    if (!a->line != !b->line)
        return a->line ? -1 : 1;
    if (a->row.kind != b->row.kind)
        return a->row.kind > b->row.kind ? -1 : 1;
    return a->line < b->line ? -1 : a->line > b->line;
}

/* Zeros are behind the last letter, so all units of the row are compared. */
static bool is_same(const struct entry *a, const struct entry *b)
{
    return memcmp(a->row.letter, b->row.letter, sizeof a->row.letter) == 0;
}

/* Each word once. A name may have a plural; nothing else may be two things, unless the base says so. The first of equal
 * words stays: the user's. A name of ours that the user gives a plural is a name still: its endings stay. Example:
 * أقلام as a plural in one line and as a name in another is refused, and both lines are named. */
static int unite(struct reading *r)
{
    size_t to = 0;

    for (size_t i = 0; i < r->count; i++) {
        const struct entry *const e = &r->entries[i];
        struct entry *const last = to ? &r->entries[to - 1] : NULL;

        /* `to` is never ahead of i, so entries move down in place. */
        if (!last || !is_same(e, last)) {
            r->entries[to++] = *e;
            continue;
        }
        /* The user gives a name of ours a plural: it is a name still. */
        if (e->line == 0 && e->row.kind == LEXEME_NAME && last->row.kind == LEXEME_SINGULAR)
            last->row.kind = LEXEME_NAME;
        /* Two lines that have the same singular are no contradiction: a word may have several plurals. */
        if (e->line == 0 || (e->row.kind == LEXEME_SINGULAR && last->row.kind != LEXEME_PLURAL))
            continue;
        return fihi_fail(r->err, FIH_E_USAGE,
                         "lines %u and %u of the lexicon use the same word in two ways: keep one of them",
                         (unsigned)(e->line < last->line ? e->line : last->line),
                         (unsigned)(e->line < last->line ? last->line : e->line));
    }
    r->count = to;
    return FIH_OK;
}

/* A row of LIST_ROW letters has no zero behind them. The singular of an entry is kept in such a row, without its
 * length. */
static size_t letters(const char16_t *s)
{
    size_t n = 0;

    while (n < LIST_ROW && s[n])
        n++;
    return n;
}

/* Rows and filter are one allocation, which fihi_lexicon_free() relies on. One row more than there are, so that an
 * empty lexicon has an address. Plurals are tied in a second loop: to find a singular the table must be complete. */
static int finish(struct reading *r, struct lexicon *out)
{
    struct lexeme *rows;

    /* Without a row there is no array, and NULL is not for qsort(). */
    if (r->count)
        qsort(r->entries, r->count, sizeof *r->entries, compare);
    const int rc = unite(r);
    if (rc != 0)
        return rc;
    if (!(rows = calloc(1, (r->count + 1) * sizeof *rows + LEXICON_FILTER)))
        return fihi_fail_nomem(r->err);
    uint8_t *const filter = (uint8_t *)(rows + r->count + 1);
    *out = (struct lexicon){ rows, r->count, filter };
    for (size_t i = 0; i < r->count; i++) {
        rows[i] = r->entries[i].row;
        const size_t bit = list_bit(list_hash((const uint16_t *)rows[i].letter, rows[i].n), 8 * LEXICON_FILTER);
        filter[bit / 8] |= (uint8_t)(1u << bit % 8);
    }
    for (size_t i = 0; i < r->count; i++)
        /* It is found: the singular was added with its plural, and unite() keeps a row of each word. */
        if (rows[i].kind == LEXEME_PLURAL)
            rows[i].singular = (uint32_t)(fihi_lexicon_find(out, (const uint16_t *)r->entries[i].singular,
                                                            letters(r->entries[i].singular)) - rows);
    return FIH_OK;
}

/* The base is added last, but is sorted behind the user's rows: see compare(). *out is empty on every error. What it
 * takes while reading is freed on each way out; the text is the caller's, and nothing points into it behind this call.
 */
int fihi_lexicon_read(struct lexicon *out, const struct lexicon *base, const uint8_t *text, size_t n, fih_error *err)
{
    struct reading *const r = calloc(1, sizeof *r);
    int rc;

    *out = (struct lexicon){ NULL, 0, NULL };
    if (!r)
        return fihi_fail_nomem(err);
    r->err = err;
    /* Before anything is read: a caller may hand in a file of any size. */
    rc = n > LEXICON_BYTES ? fihi_fail(err, FIH_E_USAGE, "a lexicon has at most %d bytes", LEXICON_BYTES)
                           : take_lines(r, text, n);
    if (rc == 0 && (rc = add_base(r, base)) == 0)
        rc = finish(r, out);
    free(r->entries);
    free(r);
    return rc;
}

/* Not for ours, which is read-only: who borrows it has no rows of its own. Zeros again, so it may be freed once more.
 */
void fihi_lexicon_free(struct lexicon *l)
{
    free((void *)l->rows);
    *l = (struct lexicon){ NULL, 0, NULL };
}

/* Asked many times for each new word, mostly in vain, hence the filter: 32 KiB that spare a search of 12 steps. By the
 * letters of the normal form alone: how a hamza was written is compared by who asks, if it matters there. */
const struct lexeme *fihi_lexicon_find(const struct lexicon *l, const uint16_t *s, size_t n)
{
    size_t low = 0, high = l->count;

    if (n > LIST_ROW)
        return NULL;
    if (!list_may_have(l->filter, LEXICON_FILTER, list_hash(s, n)))
        return NULL;
    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        const int order = list_compare(l->rows[mid].letter, s, n);

        if (order == 0)
            return &l->rows[mid];
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

/* Over whole rows: letters, hamzas, kinds and singulars each decide on some stem. */
uint64_t fihi_lexicon_hash(const struct lexicon *l)
{
    return XXH3_64bits(l->rows, l->count * sizeof *l->rows);
}
