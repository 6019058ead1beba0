/* text/make_counts.c - run by the build: counts.tsv into tables of C, for text/counts.c.
 *
 * A line is a number and the words that have it, with spaces between; what begins with # is not read.
 *
 * Two words of one tag in one bucket cannot be told apart, and the commoner is kept in front. Anything that does not
 * read as a word with a count stops the build, and so does a line that is too long: its second half begins with no
 * number.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/counts.h"
#include "text/list.h"

/* Twice what the table has; the longest word has 15 letters. */
enum { ROWS = 200000, LETTERS = 32 };

/* The word itself is not kept: its key has all that the table stores of it. */
struct row {
    uint64_t key;              /* counts_key() */
    int      count;
};

static struct row rows[ROWS];

/* By bucket and tag; of two words with one tag the commoner first, which is the one that is found. */
static int compare(const void *a, const void *b)
{
    const struct row *const x = a, *const y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return y->count - x->count;
}

/* A count has 8 bits in the table. No clitics have more than 8 letters, for which fihi_stem_drop_first() has room. 0 if
 * it is no such word. The letters of the file are normalised already (bench/counts). */
static int take_word(struct row *r, const char *word, int count)
{
    const size_t bytes = strlen(word);
    uint16_t letter[LETTERS];
    size_t n = 0, i = 0;
    int ok = 1;

    while (i < bytes) {
        const uint32_t c = fihi_utf8_next((const uint8_t *)word, bytes, &i, &ok);

        /* A longer word, an ill-formed one, or a letter that the table's 16 bits cannot say. */
        if (n == LETTERS || !ok || c > 0xFFFF)
            return 0;
        letter[n++] = (uint16_t)c;
    }
    *r = (struct row){ counts_key(list_hash(letter, n)), count };
    return n > 0 && count >= -8 && count <= 127 && count != 0;
}

/* The number of rows, or 0 after a message. A word twice stands in the table twice, and the commoner count is found. */
static size_t read_rows(const char *path)
{
    char line[1024];
    size_t n = 0;
    FILE *const f = fopen(path, "r");

    if (!f) {
        fprintf(stderr, "%s: cannot be read\n", path);
        return 0;
    }
    while (fgets(line, sizeof line, f)) {
        if (line[0] == '#')
            continue;
        /* The count comes first, so that a line may have as many words as there is room for. */
        char *const count = strtok(line, " \n");

        for (const char *word = strtok(NULL, " \n"); word; word = strtok(NULL, " \n"))
            if (n == ROWS || !take_word(&rows[n++], word, atoi(count))) {
                fprintf(stderr, "%s: '%s' is no word with a count, or one too many\n", path, word);
                fclose(f);
                return 0;
            }
    }
    fclose(f);
    return n;
}

int main(int argc, char **argv)
{
    const size_t n = argc == 2 ? read_rows(argv[1]) : 0;
    size_t at = 0;

    if (n == 0)
        return 1;
    qsort(rows, n, sizeof *rows, compare);
    /* Of a key the bucket is told by the place. The count stands below the tag, in the same four bytes. */
    printf("/* Made by text/make_counts.c from text/counts.tsv, which bench/counts makes. */\n"
           "static const uint32_t rows[] = {");
    for (size_t i = 0; i < n; i++)
        printf(i % 16 ? "0x%x," : "\n    0x%x,", counts_tag(rows[i].key) << 8 | (uint8_t)rows[i].count);
    /* One more than there are buckets: each ends where the next begins. */
    printf("\n};\n\nstatic const uint32_t starts[COUNTS_BUCKETS + 1] = {");
    for (unsigned bucket = 0; bucket <= COUNTS_BUCKETS; bucket++) {
        /* Rows are in the order of their buckets, so one pass finds all beginnings. */
        while (at < n && counts_bucket(rows[at].key) < bucket)
            at++;
        printf(bucket % 16 ? "%zu," : "\n    %zu,", at);
    }
    printf("\n};\n");
    return 0;
}
