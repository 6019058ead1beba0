/* cuts.c - what cleaning leaves out of the texts on standard input, counted by line, and how fast it does it.
 *
 * Texts end with a NUL. Prints one line: bytes, MB/s, lines that are not blank, lines touched by markup (tags,
 * entities, attributes), by addresses, and by anything else; with -v each range of the last kind, with -r what is left.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "text/clean.h"

struct counts {
    size_t bytes, lines, markup, addresses, others;
    double seconds;
};

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* 1 markup, 2 an address, 4 anything else: what of a line goes. */
static unsigned touched(const struct cuts *c, size_t *k, size_t start, size_t end)
{
    unsigned how = 0;

    while (*k > 0 && c->cuts[*k - 1].end > start)
        --*k;
    for (; *k < c->count && c->cuts[*k].start < end; ++*k) {
        const unsigned r = c->cuts[*k].reason;

        how |= r == CLEAN_TAG || r == CLEAN_ENTITY ? 1u : r == CLEAN_URL ? 2u : 4u;
    }
    return how;
}

static int is_blank(const char *s, size_t n)
{
    size_t i = 0;

    while (i < n && (unsigned char)s[i] <= ' ')
        i++;
    return i == n;
}

static void count(struct counts *n, const struct cuts *c, const char *text, size_t len)
{
    size_t k = 0;

    for (size_t at = 0, end; at < len; at = end + 1) {
        const char *feed = memchr(text + at, '\n', len - at);
        unsigned how;

        end = feed ? (size_t)(feed - text) : len;
        if (is_blank(text + at, end - at))
            continue;
        n->lines++;
        how = touched(c, &k, at, end);
        n->others += how >= 4;
        n->addresses += (how & 6) == 2;
        n->markup += how == 1;
    }
    n->bytes += len;
}

static void show(const struct cuts *c, const char *text)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->cuts[i].reason != CLEAN_TAG && c->cuts[i].reason != CLEAN_ENTITY && c->cuts[i].reason != CLEAN_URL)
            printf("%s\t%.*s\n", fihi_clean_reason(c->cuts[i].reason), (int)(c->cuts[i].end - c->cuts[i].start),
                   text + c->cuts[i].start);
}

static void show_rest(const struct cuts *c, const char *text, size_t len)
{
    size_t at = 0;

    for (size_t i = 0; i <= c->count; i++) {
        const size_t to = i < c->count ? c->cuts[i].start : len;

        fwrite(text + at, 1, to - at, stdout);
        at = i < c->count ? c->cuts[i].end : len;
    }
    putchar('\n');
}

static int read_all(struct buf *in)
{
    static char part[1 << 20];
    size_t n;

    while ((n = fread(part, 1, sizeof part, stdin)) > 0)
        if (fihi_buf_append(in, part, n) != 0)
            return -1;
    return ferror(stdin) ? -1 : 0;
}

int main(int argc, char **argv)
{
    const int shows = argc > 1 && strcmp(argv[1], "-v") == 0, rests = argc > 1 && strcmp(argv[1], "-r") == 0;
    struct counts n = {0};
    struct cuts c = {0};
    struct buf in = {0};

    if (read_all(&in) != 0)
        return 1;
    n.seconds = now();
    for (size_t at = 0, len; at < in.len; at += len + 1) {     /* for the time, which is asked for once */
        len = strnlen((const char *)in.ptr + at, in.len - at);
        if (fihi_clean(&c, in.ptr + at, len) != 0)
            return 1;
    }
    n.seconds = now() - n.seconds;
    for (size_t at = 0; at < in.len;) {
        const char *text = (const char *)in.ptr + at;
        const size_t len = strnlen(text, in.len - at);

        if (fihi_clean(&c, (const uint8_t *)text, len) != 0)
            return 1;
        count(&n, &c, text, len);
        if (shows)
            show(&c, text);
        if (rests)
            show_rest(&c, text, len);
        at += len + 1;
    }
    if (!rests)
        printf("%zu %.0f %zu %zu %zu %zu\n", n.bytes, n.seconds > 0 ? (double)n.bytes / n.seconds / 1e6 : 0.0, n.lines,
               n.markup, n.addresses, n.others);
    fihi_cuts_free(&c);
    fihi_buf_free(&in);
    return 0;
}
