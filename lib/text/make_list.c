/* text/make_list.c - run by the build: a list of words in text/lists into a table of C, sorted.
 *
 *   make_list NAME FILE         list_row NAME[] of text/list.h, sorted by code unit, and NAME_filter[]
 *   make_list NAME FILE TYPE    TYPE NAME[] of "some words", sorted by bytes
 *   make_list NAME FILE P TYPE  TYPE NAME[] of { "word", P_KIND | P_KIND } from "word <tab> kind kind", sorted by bytes
 *
 * A line is a word, and what begins with # is not read.
 *
 * Lists are sorted here and not by hand, so that a line may be put where it is read best. Any doubt stops the build: a
 * list that is half read would be a different analyzer.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/list.h"
#include "text/make_filter.h"

enum { LINE_BYTES = 512, ROWS = 4096 };

struct row {
    char     word[LINE_BYTES];         /* a zero for the tab; the kinds stand behind it */
    uint16_t units[LIST_ROW];
};

/* Returns int only to stand in a return statement. The first mistake is told, with its word; the build's log names the
 * file. */
static int stop(const char *file, const char *word, const char *why)
{
    fprintf(stderr, "%s: '%s' %s\n", file, word, why);
    exit(1);
}

/* The order of list_compare(), by which the lists are searched: the zeros behind a word sort it before longer ones. By
 * code units, which for letters below U+10000 is by code points. */
static int by_units(const void *a, const void *b)
{
    const struct row *const x = a, *const y = b;

    for (size_t i = 0; i < LIST_ROW; i++)
        if (x->units[i] != y->units[i])
            return x->units[i] < y->units[i] ? -1 : 1;
    return 0;
}

/* look_up() of clean_line.c compares 8 bytes as a number, which sorts alike. */
static int by_bytes(const void *a, const void *b)
{
    return strcmp(((const struct row *)a)->word, ((const struct row *)b)->word);
}

/* The word as UTF-16 with zeros behind it. All of our words have their letters below U+10000. A row of LIST_ROW units
 * must end with a zero, hence LIST_ROW - 1. Units behind the word stay 0, as the rows are static. */
static void take_units(const char *file, struct row *r)
{
    const size_t bytes = strlen(r->word);
    int ok = 1;

    for (size_t i = 0, n = 0; i < bytes; n++) {
        const uint32_t c = fihi_utf8_next((const uint8_t *)r->word, bytes, &i, &ok);

        if (n == LIST_ROW - 1 || !ok || c > 0xFFFF)
            stop(file, r->word, "is too long, or no UTF-8");
        r->units[n] = (uint16_t)c;
    }
}

/* Kinds become names of constants (net: W_NET), so that the compiler checks them. Three shapes, as in the table at the
 * top. strtok() writes into the row, which is not needed any more. */
static void print_row(struct row *r, const char *prefix, const char *type)
{
    if (!prefix && type) {
        printf("    \"%s\",\n", r->word);
        return;
    }
    if (!prefix) {
        printf("    {");
        for (size_t i = 0; i < LIST_ROW && r->units[i]; i++)
            printf("0x%X, ", r->units[i]);
        printf("},\n");
        return;
    }
    printf("    {\"%s\", 0", r->word);
    for (const char *k = strtok(r->word + strlen(r->word) + 1, " "); k; k = strtok(NULL, " ")) {
        printf(" | %s_", prefix);
        for (; *k; k++)
            putchar(toupper((unsigned char)*k));
    }
    printf("},\n");
}

/* One list for a call; memory is static and enough for each of ours, and what is more stops the build. */
int main(int argc, char **argv)
{
    /* Some 2 MB, static. */
    static struct row rows[ROWS];
    struct filter filter;
    char line[LINE_BYTES];
    size_t n = 0;
    const char *const prefix = argc > 4 ? argv[3] : NULL, *const type = argc > 3 ? argv[argc - 1] : NULL;
    FILE *const f = argc > 2 ? fopen(argv[2], "r") : NULL;

    if (!f)
        return stop("make_list", argc > 2 ? argv[2] : "", "cannot be read");
    while (fgets(line, sizeof line, f)) {
        char *tab;

        /* Also the last line must end with a line feed. */
        if (!strchr(line, '\n'))
            stop(argv[2], line, "is too long a line");
        line[strcspn(line, "\n")] = 0;
        if (line[0] == '#' || line[0] == 0)
            continue;
        if (n == ROWS)
            stop(argv[2], line, "is one word too many");
        memcpy(rows[n].word, line, sizeof line);
        tab = strchr(rows[n].word, '\t');
        /* A list of the third shape has kinds on each line, the others on none. */
        if (!!tab != !!prefix)
            stop(argv[2], line, prefix ? "says no kind" : "says more than a word");
        if (tab)
            *tab = 0;
        else if (!type)
            take_units(argv[2], &rows[n]);
        n++;
    }
    fclose(f);
    qsort(rows, n, sizeof *rows, type ? by_bytes : by_units);
    for (size_t i = 1; i < n; i++)
        /* A word twice is a mistake of the list, or two opinions on one word. */
        if (strcmp(rows[i - 1].word, rows[i].word) == 0)
            stop(argv[2], rows[i].word, "is there twice");
    printf("/* Made by text/make_list.c from text/lists/%s.tsv: change that. */\n", argv[1]);
    printf("static const %s %s[] = {\n", type ? type : "list_row", argv[1]);
    for (size_t i = 0; i < n; i++)
        print_row(&rows[i], prefix, type);
    printf("};\n");
    if (type)
        return 0;
    filter_begin(&filter, n);
    for (size_t i = 0; i < n; i++)
        filter_add(&filter, rows[i].units);
    filter_print(&filter, argv[1]);
    return 0;
}
