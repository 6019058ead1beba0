/* text/make_stop.c - run by the build: lists/arabic_stop.tsv into a table of C, sorted by normal form.
 *
 * Words are folded by the library's own code, so a row has the very letters that a text's word comes to; beside them
 * stands how the word is written, for stop.c compares both. Sorted by both: rows of equal letters stand together, in an
 * order that does not depend on qsort().
 *
 * The kinds behind a word say what a stop word may be besides (text/stop.h): a noun that is searched for, part of a
 * name, or a word that is read in two ways.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/make_filter.h"
#include "text/stop.h"

/* Twice the list, and more than any line of it. */
enum { LINE_BYTES = 256, ROWS = 1024 };

/* Ends the program: the build stops with the word that is wrong. */
static int fail(const char *file, const char *line, const char *why)
{
    fprintf(stderr, "%s: '%s' %s\n", file, line, why);
    exit(1);
}

/* The cast takes fail()'s result, which never comes. */
static unsigned kind(const char *file, const char *name)
{
    return strcmp(name, "noun") == 0   ? STOP_NOUN
           : strcmp(name, "name") == 0 ? STOP_NAME
           : strcmp(name, "torn") == 0 ? STOP_TORN
           : strcmp(name, "bare") == 0 ? STOP_BARE
                                       : (unsigned)fail(file, name, "is no kind");
}

/* By the folded letters first, then by how they are written; zeros behind them sort a word before longer ones. */
static int by_letters(const void *a, const void *b)
{
    const struct stop_row *const x = a, *const y = b;

    for (size_t i = 0; i < 2 * LIST_ROW; i++) {
        const char16_t p = i < LIST_ROW ? x->letter[i] : x->written[i - LIST_ROW];
        const char16_t q = i < LIST_ROW ? y->letter[i] : y->written[i - LIST_ROW];

        if (p != q)
            return p < q ? -1 : 1;
    }
    return 0;
}

/* One word, with room for a zero behind it. raw and w are static, for they are 2 and 5 KB and hold nothing between two
 * words. */
static void take_word(const char *file, struct stop_row *r, const char *word)
{
    static struct raw raw;
    static struct word w;
    size_t at = 0;

    fihi_fold_raw(&raw, (const uint8_t *)word, strlen(word), 0);
    if (!fihi_fold_next(&w, &raw, &at) || at <= raw.n || w.n >= LIST_ROW)
        fail(file, word, "is no word, or too long");
    r->n = (uint8_t)w.n;
    for (size_t i = 0; i < w.n; i++) {
        r->letter[i] = w.letter[i];
        r->written[i] = w.written[i];
    }
}

/* Zeros behind them are C's. As numbers, so that the table does not depend on what the compiler takes for its character
 * set. */
static void print_letters(const char16_t *s, unsigned n)
{
    printf("{");
    for (unsigned i = 0; i < n; i++)
        printf("0x%X,", s[i]);
    printf("}, ");
}

/* A word on a line, then a tab and its kinds, if it has any; remarks begin with #. */
int main(int argc, char **argv)
{
    static struct stop_row rows[ROWS];
    struct filter filter;
    char line[LINE_BYTES];
    size_t n = 0;
    FILE *const f = argc == 2 ? fopen(argv[1], "r") : NULL;

    if (!f)
        return fail("make_stop", argc == 2 ? argv[1] : "", "cannot be read");
    while (fgets(line, sizeof line, f)) {
        /* A line is a word and its kinds. */
        char *word = strtok(line, "\t \n");

        if (!word || word[0] == '#')
            continue;
        if (n == ROWS)
            fail(argv[1], word, "is one word too many");
        take_word(argv[1], &rows[n], word);
        /* Kinds are bits, and a word may have several. */
        while ((word = strtok(NULL, " \n")))
            rows[n].kinds |= (uint8_t)kind(argv[1], word);
        n++;
    }
    fclose(f);
    qsort(rows, n, sizeof *rows, by_letters);
    printf("/* Made by text/make_stop.c from text/lists/arabic_stop.tsv: change that. */\n"
           "static const struct stop_row arabic_stop[] = {\n");
    for (size_t i = 0; i < n; i++) {
        /* Equal letters may be two words; for equal spelling nothing would tell whose kinds count. */
        if (i > 0 && by_letters(&rows[i - 1], &rows[i]) == 0)
            fail(argv[1], "a word", "is there twice");
        printf("    { ");
        print_letters(rows[i].letter, rows[i].n);
        print_letters(rows[i].written, rows[i].n);
        printf("%u, %u },\n", rows[i].n, rows[i].kinds);
    }
    printf("};\n");
    filter_begin(&filter, n);
    for (size_t i = 0; i < n; i++)
        filter_add(&filter, rows[i].letter);
    filter_print(&filter, "arabic_stop");
    return 0;
}
