/* index/repeat.c - counting lines by source.
 *
 * Pages of one site have lines in common that are no text: "All rights reserved", a menu, "Read also". A line is
 * taken for one of these when, before the present document, it stood in at least REPEAT_DOCS documents of its host
 * with different addresses, and in one of REPEAT_SHARE of all that came from there. So nothing is left out of a
 * site's first pages, and a sentence that two articles share is never left out.
 *
 * Tables have a fixed size, a megabyte for an index of any size. A hash has WAYS places, and of these the one that
 * was seen least makes room (a cache with least frequently used replacement). Different lines with one hash of 64
 * bits would count as one.
 *
 * Only the order of the documents counts, and they are looked at as they are added: so what is left out is the same
 * with any number of threads.
 *
 * Say a line stands in every page of a site. It is kept in the first 8 pages or a few more, for nobody can know yet;
 * from then on it is left out. A line that is in every tenth page never is: a tenth is less than one in
 * REPEAT_SHARE. In numbers, of one host: at its page n the line has stood in n - 1 others, so from page 9 on in 8, if
 * their addresses fell on 8 different bits of the 64; and 5 times 8 is more than the 8 pages that there were. */
#include "index/repeat.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/fail.h"

enum { WAYS = 4 };                     /* rows that a hash can be in: the poorest of them makes room */

/* 24 and 16 bytes a row, so 32,768 lines and 1,024 hosts are 802,816 bytes and some, below the megabyte that is
 * promised. */
struct source {
    uint64_t key;                      /* of the host; 0 = free */
    uint32_t docs;                     /* documents that came from there */
    uint32_t born;                     /* documents that we had seen by then: lines of an earlier life do not count */
};

struct line {
    uint64_t key;                      /* of the line and its source; 0 = free */
    uint64_t urls; /* bit (hash of url) mod 64: as many documents at least, however often each came */
    uint32_t docs;
    uint32_t last;                     /* the document that had it last */
};

struct repeat {
    struct source sources[REPEAT_SOURCES];
    struct line   lines[REPEAT_LINES];
    uint32_t      docs;                /* looked at so far, of all hosts */
};

_Static_assert(sizeof(struct repeat) <= REPEAT_BYTES, "named limit");

/* All of it is zero to begin with, which is free rows. */
int fihi_repeat_new(struct repeat **out, fih_error *err)
{
    return (*out = calloc(1, sizeof **out)) ? FIH_OK : fihi_fail_nomem(err);
}

void fihi_repeat_free(struct repeat *r)
{
    free(r);
}

/* When what was added is dropped: lines of documents that are not in the index must not count against others. */
void fihi_repeat_reset(struct repeat *r)
{
    memset(r, 0, sizeof *r);
}

/* ---- the tables */

/* The upper half of the key chooses the place; in the lower half a bit is set always, so that no key is 0.
 *
 * Of 256 groups of four a host has one: a fifth host in it takes the place of the one that was seen least. */
static struct source *find_source(struct repeat *r, uint64_t key)
{
    struct source *row = &r->sources[(key >> 32) % (REPEAT_SOURCES / WAYS) * WAYS], *poorest = row;

    for (unsigned i = 0; i < WAYS; i++) {
        if (row[i].key == key)
            return &row[i];
        if (row[i].docs < poorest->docs)
            poorest = &row[i];
    }
    *poorest = (struct source){key, 0, r->docs};
    return poorest;
}

/* Of lines that were seen equally often, the one that was seen longest ago goes: new lines would else push out each
 * other. */
static struct line *find_line(struct repeat *r, uint64_t key)
{
    struct line *row = &r->lines[(key >> 32) % (REPEAT_LINES / WAYS) * WAYS], *poorest = row;

    for (unsigned i = 0; i < WAYS; i++) {
        if (row[i].key == key)
            return &row[i];
        if (row[i].docs < poorest->docs || (row[i].docs == poorest->docs && row[i].last < poorest->last))
            poorest = &row[i];
    }
    *poorest = (struct line){.key = key};
    return poorest;
}

/* No more than there were addresses: two of them on one bit count as one. */
static unsigned bits(uint64_t v)
{
    unsigned n = 0;

    for (; v; v &= v - 1)
        n++;
    return n;
}

/* Is it boilerplate by what came before? Counts the document at hand. The host and the moment at which its row was
 * made are the seed, so a host that comes back after it was forgotten begins anew: its old lines would be counted
 * against few documents. A line that stands twice in a document counts once (`last`). `urls` is a set that errs on
 * the low side only: an address that is added every night sets one bit. */
static int count_line(struct repeat *r, const struct source *s, uint64_t url, const uint8_t *text, size_t n)
{
    const uint64_t key = XXH3_64bits_withSeed(text, n, s->key ^ s->born) | 1;
    struct line *l = find_line(r, key);
    const bool is_repeated = bits(l->urls) >= REPEAT_DOCS && (uint64_t)l->docs * REPEAT_SHARE >= s->docs;

    if (l->last != r->docs) {
        l->last = r->docs;
        l->docs++;
        l->urls |= UINT64_C(1) << url % 64;
    }
    return is_repeated;
}

/* ---- hosts and lines */

/* The key of an url's host; 0 when it has none. Lower case, for hosts are the same in both. With a port, or a user's
 * name, it is another host: that is rare, and harmless. */
static uint64_t host_key(fih_str url)
{
    /* Longer than any host's name in the DNS, which has 253 characters. */
    enum { HOST_MOST = 255 };
    char host[HOST_MOST];
    size_t at = 0, n = 0;

    while (at + 3 <= url.len && memcmp(url.ptr + at, "://", 3) != 0)
        at++;
    if (at + 3 > url.len)
        return 0;
    for (at += 3; at < url.len && n < HOST_MOST && !memchr("/?#", url.ptr[at], 3); at++)
        host[n++] = (char)(url.ptr[at] >= 'A' && url.ptr[at] <= 'Z' ? url.ptr[at] | 0x20 : url.ptr[at]);
    return n ? XXH3_64bits(host, n) | 1 : 0;
}

static bool is_space(uint8_t b)
{
    return b == ' ' || (b >= '\t' && b <= '\r');
}

static void trim(const uint8_t *s, size_t *start, size_t *end)
{
    while (*start < *end && is_space(s[*start]))
        ++*start;
    while (*end > *start && is_space(s[*end - 1]))
        --*end;
}

/* Where the last sentence of a line begins, and where its first ends; the line's own ends when it is one. Only near
 * the ends, where a frame's sentence would be: so a line of a megabyte costs no more. A frame that sticks to the text
 * is a sentence by itself: "Copyright 2024." at the end of the last line. */
static void sentences(const uint8_t *s, size_t start, size_t end, size_t *first_end, size_t *last_start)
{
    *first_end = end;
    *last_start = start;
    /* Full stop or exclamation mark and a space behind it: no question is a frame, and "3.14" has no space. */
    for (size_t i = start + 1; i < end && i - start <= REPEAT_LINE_MOST; i++)
        if (is_space(s[i]) && (s[i - 1] == '.' || s[i - 1] == '!')) {
            *first_end = i;
            break;
        }
    for (size_t i = end - 1; i > start && end - i <= REPEAT_LINE_MOST; i--)
        if (is_space(s[i]) && (s[i - 1] == '.' || s[i - 1] == '!')) {
            *last_start = i + 1;
            break;
        }
}

/* ---- a document */

struct look {
    struct repeat       *repeat;
    const struct source *source;
    const uint8_t       *body;
    uint64_t             url;          /* its hash */
    struct cuts         *found;        /* lines that are left out */
};

/* Lines that are too long to be a frame are neither counted nor left out. */
static int look_at(const struct look *k, size_t start, size_t end)
{
    /* Trimmed, so that a line counts as the same whatever stands around it. */
    trim(k->body, &start, &end);
    if (start == end || end - start > REPEAT_LINE_MOST ||
        !count_line(k->repeat, k->source, k->url, k->body + start, end - start))
        return FIH_OK;
    return fihi_cuts_add(k->found, (struct cut){start, end, CLEAN_REPEATED});
}

/* Lines; and of the first and the last one, where a page's frame sticks to its text, the outer sentence. At most
 * REPEAT_LINES_MOST lines, so a body of line ends alone takes no longer than others. */
static int look_at_lines(const struct look *k, size_t n)
{
    size_t at = 0;
    int rc = FIH_OK;

    for (unsigned lines = 0; at < n && lines < REPEAT_LINES_MOST && rc == 0; lines++) {
        const uint8_t *p = memchr(k->body + at, '\n', n - at);
        const size_t start = at, end = p ? (size_t)(p - k->body) : n;
        size_t first_end, last_start;

        at = end + 1;
        if (start == end)
            continue;
        rc = look_at(k, start, end);
        if (start > 0 && end < n)
            continue;
        sentences(k->body, start, end, &first_end, &last_start);
        /* The sentence may be left out where its line is not. If both are, fihi_cuts_add() passes over it: the line's
         * cut has it. */
        if (rc == 0 && start == 0 && first_end < end)
            rc = look_at(k, start, first_end);
        if (rc == 0 && end == n && last_start > start)
            rc = look_at(k, last_start, end);
    }
    return rc;
}

/* Does anything of the body stay? A document that is nothing but lines of others is one that comes often, no frame. */
static int leaves_text(const struct cuts *all, const uint8_t *body, size_t n)
{
    size_t at = 0;

    for (size_t i = 0; i <= all->count; i++) {
        const size_t to = i < all->count ? all->cuts[i].start : n;

        while (at < to && is_space(body[at]))
            at++;
        if (at < to)
            return 1;
        if (i < all->count)
            at = all->cuts[i].end;
    }
    return 0;
}

/* Both lists in one, in order. Those that the cleaning of the text made, and ours: each ascends. */
static int join(struct cuts *out, const struct cuts *a, const struct cuts *b)
{
    int rc = FIH_OK;

    for (size_t i = 0, k = 0; rc == 0 && (i < a->count || k < b->count);)
        rc = fihi_cuts_add(out, k == b->count || (i < a->count && a->cuts[i].start <= b->cuts[k].start) ? a->cuts[i++]
                                                                                                        : b->cuts[k++]);
    return rc;
}

/* s->docs rises after the look: a document does not speak for itself. If all would be left out, nothing is, and
 * `cuts` stays as it came. */
int fihi_repeat_look(struct repeat *r, fih_str url, const uint8_t *body, size_t n, struct cuts *cuts, fih_error *err)
{
    const uint64_t host = host_key(url);
    struct cuts found = {0}, all = {0};
    struct source *s;
    int rc;

    if (!host || n == 0)
        return FIH_OK;
    /* Counted over all hosts: a line's `last` is a number of these. */
    r->docs++;
    s = find_source(r, host);
    rc = look_at_lines(&(struct look){r, s, body, XXH3_64bits(url.ptr, url.len), &found}, n);
    s->docs++;
    if (rc == 0 && found.count && (rc = join(&all, cuts, &found)) == 0 && leaves_text(&all, body, n)) {
        fihi_cuts_free(cuts);
        *cuts = all;
        all = (struct cuts){0};
    }
    fihi_cuts_free(&found);
    fihi_cuts_free(&all);
    return rc ? fihi_fail_nomem(err) : FIH_OK;
}
