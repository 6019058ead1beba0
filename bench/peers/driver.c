/* driver.c - see driver.h */
#include "driver.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <zlib.h>

void peer_die(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s: %s\n", peer_name, what, why);
    exit(2);
}

static void *need(void *p)
{
    if (!p)
        peer_die("memory", "out of memory");
    return p;
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* ------------------------------------------------------------------ Lines */

struct lines {
    gzFile file;               /* zlib reads plain files too */
    char  *line;
    size_t room;
};

static void lines_open(struct lines *l, const char *path)
{
    memset(l, 0, sizeof *l);
    if (!(l->file = gzopen(path, "rb")))
        peer_die(path, strerror(errno));
    gzbuffer(l->file, 1 << 18);
    l->line = (char *)need(malloc(l->room = 1 << 16));
}

/* The next line without its end, or NULL. */
static char *lines_next(struct lines *l)
{
    size_t n = 0;

    while (gzgets(l->file, l->line + n, (int)(l->room - n))) {
        n += strlen(l->line + n);
        if (n > 0 && l->line[n - 1] == '\n') {
            l->line[n - 1] = '\0';
            return l->line;
        }
        if (l->room - n < 2)
            l->line = (char *)need(realloc(l->line, l->room *= 2));
    }
    return n > 0 ? l->line : NULL;
}

static void lines_close(struct lines *l)
{
    gzclose(l->file);
    free(l->line);
}

/* ------------------------------------------------------------------- JSON */

static unsigned hex4(const char *s)
{
    char four[5] = { 0 };

    strncpy(four, s, 4);
    return (unsigned)strtoul(four, NULL, 16);
}

static char *put_utf8(char *out, unsigned cp)
{
    if (cp < 0x80) {
        *out++ = (char)cp;
    } else if (cp < 0x800) {
        *out++ = (char)(0xC0 | cp >> 6);
        *out++ = (char)(0x80 | (cp & 63));
    } else if (cp < 0x10000) {
        *out++ = (char)(0xE0 | cp >> 12);
        *out++ = (char)(0x80 | (cp >> 6 & 63));
        *out++ = (char)(0x80 | (cp & 63));
    } else {
        *out++ = (char)(0xF0 | cp >> 18);
        *out++ = (char)(0x80 | (cp >> 12 & 63));
        *out++ = (char)(0x80 | (cp >> 6 & 63));
        *out++ = (char)(0x80 | (cp & 63));
    }
    return out;
}

/* Undo the escapes of a string in place, from behind its quotation mark; *end is behind the other one. */
static char *string(char *s, char **end)
{
    char *out = s, *const begin = s;

    for (; *s != '"'; s++) {
        if (*s == '\0')
            peer_die("JSON", "a line ends within a string");
        if (*s != '\\') {
            *out++ = *s;
        } else if (*++s == 'u') {
            unsigned cp = hex4(s + 1);

            s += 4;
            if (cp >= 0xD800 && cp < 0xDC00 && s[1] == '\\' && s[2] == 'u') {
                cp = 0x10000 + ((cp - 0xD800) << 10) + (hex4(s + 3) - 0xDC00);
                s += 6;
            }
            if (cp > 0)
                out = put_utf8(out, cp);
        } else {
            const char *const at = strchr("bfnrt", *s);

            *out++ = at ? "\b\f\n\r\t"[at - "bfnrt"] : *s;
        }
    }
    *end = s + 1;
    *out = '\0';
    return begin;
}

/* The members id, title and body of the object in a line; other values are stepped over. False: a blank line. */
static int read_doc(char *s, struct peer_doc *d)
{
    int depth = 0;

    d->id = d->title = d->body = "";
    while (*s != '\0' && *s <= ' ')
        s++;
    if (*s == '\0')
        return 0;
    while (*s != '\0') {
        char *key, *value;

        depth += (*s == '{' || *s == '[') - (*s == '}' || *s == ']');
        if (*s++ != '"')
            continue;
        key = string(s, &s);
        s += strspn(s, " \t");
        if (depth != 1 || *s != ':')
            continue;
        s += 1 + strspn(s + 1, " \t");
        if (*s != '"')
            continue;
        value = string(s + 1, &s);
        if (strcmp(key, "id") == 0)
            d->id = value;
        else if (strcmp(key, "title") == 0)
            d->title = value;
        else if (strcmp(key, "body") == 0)
            d->body = value;
    }
    return 1;
}

static void index_files(const char *path, char **files, int n)
{
    unsigned long long docs = 0, bytes = 0;

    peer_create(path);
    for (int i = 0; i < n; i++) {
        struct lines l;
        struct peer_doc d;

        lines_open(&l, files[i]);
        for (char *line; (line = lines_next(&l)) != NULL;)
            if (read_doc(line, &d)) {
                peer_add(&d);
                docs++;
                bytes += strlen(d.title) + strlen(d.body);
            }
        lines_close(&l);
    }
    peer_commit();
    printf("{\"engine\": \"%s\", \"docs\": %llu, \"text_bytes\": %llu}\n", peer_name, docs, bytes);
}

/* ---------------------------------------------------------------- Queries */

struct query {
    char    *id, *text;
    double   best;
    uint64_t hits;
};

struct settings {
    unsigned    limit, warmup, rounds;
    double      budget;
    const char *times;
};

/* The name of a query file up to its first dot. */
static const char *stem_of(const char *path, char name[64])
{
    const char *const slash = strrchr(path, '/'), *const base = slash ? slash + 1 : path;

    snprintf(name, 64, "%.*s", (int)strcspn(base, "."), base);
    return name;
}

static int is_kind(const char *name, size_t n, const char *kind)
{
    return strlen(kind) == n && memcmp(name, kind, n) == 0;
}

/* By what stands before a _: phrase_freq are phrases. */
static enum peer_kind kind_of(const char *name)
{
    const size_t n = strcspn(name, "_");

    return is_kind(name, n, "and")      ? PEER_AND
           : is_kind(name, n, "phrase") ? PEER_PHRASE
           : is_kind(name, n, "prefix") ? PEER_PREFIX
                                            : PEER_OR;
}

static struct query *load(const char *path, size_t *count)
{
    struct query *all = NULL;
    struct lines l;

    *count = 0;
    lines_open(&l, path);
    for (char *line; (line = lines_next(&l)) != NULL;) {
        char *const tab = strchr(line, '\t');
        struct query *q;

        all = (struct query *)need(realloc(all, (*count + 1) * sizeof *all));
        q = &all[(*count)++];
        if (tab)
            *tab = '\0';
        q->id = (char *)need(strdup(line));
        q->text = (char *)need(strdup(tab ? tab + 1 : line));
        q->best = 1e9;
        q->hits = 0;
    }
    lines_close(&l);
    return all;
}

/* All rounds of a file; how many of its queries the budget was enough for. A query's best time counts. */
static size_t measure(struct query *all, size_t n, enum peer_kind kind, const struct settings *s)
{
    const double begin = now();

    for (unsigned round = 0; round < s->warmup + s->rounds; round++) {
        for (size_t i = 0; i < n; i++) {
            const double t = now();
            double took;

            peer_search(kind, all[i].text, s->limit, 0, 0);
            took = now() - t;
            if (round >= s->warmup && took < all[i].best)
                all[i].best = took;
            /* The first pass may have a third of it: another passes over the same, and counting takes as long. */
            if (round == 0 && now() - begin > s->budget / 3)
                n = i + 1;
        }
        if (round >= s->warmup && now() - begin > s->budget * 2 / 3)
            break;
    }
    for (size_t i = 0; i < n; i++)
        all[i].hits = peer_search(kind, all[i].text, s->limit, 0, 1);
    return n;
}

static void latency(const char *index, char **files, int n, const struct settings *s)
{
    FILE *const times = s->times ? fopen(s->times, "w") : NULL;

    if (s->times && !times)
        peer_die(s->times, strerror(errno));
    peer_open(index);
    for (int i = 0; i < n; i++) {
        char name[64];
        size_t count, done;
        struct query *const all = load(files[i], &count);
        double sum = 0;

        stem_of(files[i], name);
        done = measure(all, count, kind_of(name), s);
        for (size_t k = 0; k < done; k++) {
            sum += all[k].best;
            if (times)
                fprintf(times, "%s\t%s\t%.0f\t%llu\n", name, all[k].id, all[k].best * 1e9,
                        (unsigned long long)all[k].hits);
        }
        printf("%s: %zu of %zu queries, mean %.1f us\n", name, done, count, done ? sum / (double)done * 1e6 : 0.0);
        for (size_t k = 0; k < count; k++) {
            free(all[k].id);
            free(all[k].text);
        }
        free(all);
    }
    peer_close();
    if (times && fclose(times) != 0)
        peer_die(s->times, strerror(errno));
}

static void first(const char *index, const char *text)
{
    double begin = now(), opened;

    peer_open(index);
    opened = now();
    peer_search(PEER_OR, text, 10, 0, 0);
    printf("%.1f %.1f\n", (opened - begin) * 1e6, (now() - opened) * 1e6);
    peer_close();
}

/* ------------------------------------------------------------------- Main */

static void usage(void)
{
    fputs("usage: index INDEX CORPUS... | merge INDEX | first INDEX TEXT | search INDEX TEXT |\n"
          "       latency [--limit N] [--warmup N] [--rounds N] [--budget S] [--times FILE] INDEX QUERIES...\n", stderr);
    exit(1);
}

int main(int argc, char **argv)
{
    struct settings s = { 10, 1, 3, 60, NULL };
    const char *const verb = argc > 1 ? argv[1] : "";
    int at = 2;

    for (; at + 1 < argc && strncmp(argv[at], "--", 2) == 0; at += 2) {
        const char *const name = argv[at] + 2, *const value = argv[at + 1];

        if (strcmp(name, "limit") == 0)
            s.limit = (unsigned)strtoul(value, NULL, 10);
        else if (strcmp(name, "warmup") == 0)
            s.warmup = (unsigned)strtoul(value, NULL, 10);
        else if (strcmp(name, "rounds") == 0)
            s.rounds = (unsigned)strtoul(value, NULL, 10);
        else if (strcmp(name, "budget") == 0)
            s.budget = strtod(value, NULL);
        else if (strcmp(name, "times") == 0)
            s.times = value;
        else
            usage();
    }
    if (strcmp(verb, "index") == 0 && argc > at + 1) {
        index_files(argv[at], argv + at + 1, argc - at - 1);
    } else if (strcmp(verb, "merge") == 0 && argc == at + 1) {
        peer_merge(argv[at]);
    } else if (strcmp(verb, "latency") == 0 && argc > at + 1) {
        latency(argv[at], argv + at + 1, argc - at - 1, &s);
    } else if (strcmp(verb, "first") == 0 && argc == at + 2) {
        first(argv[at], argv[at + 1]);
    } else if (strcmp(verb, "search") == 0 && argc == at + 2) {
        peer_open(argv[at]);
        peer_search(PEER_OR, argv[at + 1], 10, 1, 0);
        peer_close();
    } else {
        usage();
    }
    return fflush(stdout) == 0 ? 0 : 2;
}
