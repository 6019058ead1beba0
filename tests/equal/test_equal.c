/* test_equal.c - each faster way equals the plain one, over every word of whole vocabularies.
 *
 * lib/ has ways that are fast by reading many bytes at once, by tables, filters and hashes, by remembering, by halving,
 * by sorting by digits, by threads. The tests here hold each of them against a plain one, which may be slow but can be
 * seen to be right, and lay what is read beside pages that cannot be touched. README.md, "Faster ways and plain ones",
 * lists which test holds which. */
#include "equal.h"

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void      (*test)(struct totals *);
    } files[] = {{"bytes", test_bytes}, {"words", test_words}, {"numbers", test_numbers}, {"lists", test_lists}};
    static struct vocabulary ours, theirs;
    struct totals totals = {0, 0};

    vocabulary_of_project(&ours);
    vocabulary_of_collections(&theirs);
    printf("# %zu words of this project, %zu of the collections\n", ours.words.count, theirs.words.count);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        for (unsigned k = 0; k < 2 && (argc < 2 || strcmp(argv[1], files[i].name) == 0); k++) {
            vocabulary = k ? &theirs : &ours;
            files[i].test(&totals);
        }
    vocabulary_free(&ours);
    vocabulary_free(&theirs);
    printf("1..%u\n", totals.count);
    return totals.failed > 0;
}
