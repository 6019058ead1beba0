/* age.c - age INDEX [NAME]: one more commit, by which the index was made with an ICU of long ago (or an analyzer NAME).
 */
#include "age.h"

int main(int argc, char **argv)
{
    fih_error err = {0};

    if (argc < 2 || age_index(argv[1], argc > 2 ? argv[2] : NULL, &err) != 0) {
        fprintf(stderr, "age: %s\n", argc < 2 ? "no index given" : err.msg);
        return 2;
    }
    return 0;
}
