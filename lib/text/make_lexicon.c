/* text/make_lexicon.c - run by the build: lexicon.tsv into a table of C, in the library's own normal form.
 *
 * So the program reads no file and no word of it is folded when it runs: the table lies in read-only memory, shared by
 * all processes. An error in the file stops the build with its line.
 */
#include <stdio.h>
#include <stdlib.h>

#include "text/lexicon.h"

/* Numbers, not letters in quotes: the source is then ASCII, whatever the compiler takes for its character set. */
static void print_row(const struct lexeme *e)
{
    printf("    { {");
    for (unsigned i = 0; i < e->n; i++)
        printf("0x%X,", e->letter[i]);
    printf("}, {");
    for (unsigned i = 0; i < e->n; i++)
        printf("%u,", e->was[i]);
    printf("}, %u, %u, %lu },\n", e->kind, e->n, (unsigned long)e->singular);
}

/* The same reader as for a program's own lexicon (fihi_lexicon_read()), so a line means the same in both. */
int main(int argc, char **argv)
{
    /* One byte more, so that a file that is too long is seen to be. */
    static uint8_t text[LEXICON_BYTES + 1];
    FILE *const f = argc == 2 ? fopen(argv[1], "rb") : NULL;
    struct lexicon l;
    fih_error err;

    if (!f) {
        fprintf(stderr, "make_lexicon: give the lexicon's file\n");
        return 1;
    }
    const size_t n = fread(text, 1, sizeof text, f);
    fclose(f);
    /* No base: what is made here is the base. */
    if (fihi_lexicon_read(&l, NULL, text, n, &err) != FIH_OK) {
        fprintf(stderr, "%s: %s\n", argv[1], err.msg);
        return 1;
    }
    printf("/* Made by text/make_lexicon.c from text/lexicon.tsv: change that. */\n#include \"text/lexicon.h\"\n\n"
           "static const struct lexeme rows[] = {\n");
    for (size_t i = 0; i < l.count; i++)
        print_row(&l.rows[i]);
    printf("};\n\nstatic const uint8_t filter[LEXICON_FILTER] = {");
    /* The filter is made by the reader, and only written down here. */
    for (size_t i = 0; i < LEXICON_FILTER; i++)
        printf(i % 32 ? "%u," : "\n    %u,", l.filter[i]);
    printf("\n};\n\nconst struct lexicon fihi_lexicon_ours = { rows, sizeof rows / sizeof *rows, filter };\n");
    fihi_lexicon_free(&l);
    return 0;
}
