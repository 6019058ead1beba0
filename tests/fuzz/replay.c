/* replay.c - runs a fuzz target without a fuzzer: every file of its corpus, and seeded mutations of each.
 *
 *   replay_TARGET CORPUS-FOLDER [MUTATIONS-A-FILE]
 *
 * Linked with one target (fuzz_*.c, which defines LLVMFuzzerTestOneInput) and built with ASan and UBSan.
 * Inputs end flush at an unreadable page. One test a file: a crash names the input by its last "#" line. And one for
 * each thing that the target says its corpus must reach (reach.h), which mutations do not count for.
 */
#undef free                            /* what scandir() gives goes back to the C library: lib/meson.build */
#include <dirent.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "reach.h"
#include "tap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_BYTES = 1 << 16 };

static void feed(const uint8_t *bytes, size_t n)
{
    uint8_t *in = guard_alloc(n);

    memcpy(in, bytes, n);
    LLVMFuzzerTestOneInput(in, n);
    guard_free(in, n);
}

enum { MOST_REACHES = 8 };
static uint64_t reached[MOST_REACHES];                 /* by the files themselves */

static void feed_file(const uint8_t *bytes, size_t n)
{
    for (unsigned i = 0; reach && i < MOST_REACHES && reach[i].what; i++)
        reach[i].count = 0;
    feed(bytes, n);
    for (unsigned i = 0; reach && i < MOST_REACHES && reach[i].what; i++)
        reached[i] += reach[i].count;
}

/* What the whole corpus must have reached; one test each, numbered from `tests` on. */
static int tell_reach(int *tests)
{
    int failed = 0;

    for (unsigned i = 0; reach && i < MOST_REACHES && reach[i].what; i++) {
        const bool is_good = reached[i] >= reach[i].least;

        printf("# %s: %" PRIu64 "\n%sok %d - the corpus reaches: %s, %" PRIu64 " at least\n", reach[i].what, reached[i],
               is_good ? "" : "not ", ++*tests, reach[i].what, reach[i].least);
        failed += !is_good;
    }
    return failed;
}

/* One to eight small changes: flips, inserts, removals, copied runs, and bytes that matter to parsers. */
static size_t mutate(uint8_t *out, const uint8_t *in, size_t n, uint64_t *seed)
{
    static const char telling[] = "\"'{}[]<>&;:+-*?()\\/\0\t\n \x7F\x80\xC0\xD8\xD9\xE2\xED\xEF\xF0\xF4\xFF";

    memcpy(out, in, n);
    for (unsigned steps = 1 + tap_random(seed) % 8; steps > 0; steps--) {
        const uint64_t r = tap_random(seed);
        const size_t at = n > 0 ? r % n : 0;

        switch (r >> 56 & 7) {
        case 0:
            if (n > 0)
                out[at] ^= (uint8_t)(1u << (r >> 48 & 7));
            break;
        case 1:
            if (n > 0)
                out[at] = (uint8_t)(r >> 40);
            break;
        case 2:
        case 3:
            if (n > 0)
                out[at] = (uint8_t)telling[(r >> 40) % (sizeof telling - 1)];
            break;
        case 4:
            if (n < MAX_BYTES) {
                memmove(out + at + 1, out + at, n - at);
                out[at] = (uint8_t)telling[(r >> 40) % (sizeof telling - 1)];
                n++;
            }
            break;
        case 5: {
            const size_t run = (r >> 40) % 16;

            if (n > at + run) {
                memmove(out + at, out + at + run, n - at - run);
                n -= run;
            }
            break;
        }
        case 6: {
            const size_t from = n > 0 ? (r >> 32) % n : 0, most = n - (from > at ? from : at);
            const size_t run = most > 0 ? (r >> 24) % most % 64 : 0;

            memmove(out + at, out + from, run);
            break;
        }
        default:
            if (tap_random(seed) % 8 == 0)
                n = at;
        }
    }
    return n;
}

int main(int argc, char **argv)
{
    const unsigned rounds = argc > 2 ? (unsigned)atoi(argv[2]) : 2000;
    static uint8_t bytes[MAX_BYTES + 1], changed[MAX_BYTES + 16];
    struct dirent **names;
    int files, fed = 0, failed;

    if (argc < 2 || (files = scandir(argv[1], &names, NULL, alphasort)) < 0) {
        printf("Bail out! no corpus\n");
        return 2;
    }
    for (int k = 0; k < files; k++) {
        char path[4096];
        uint64_t seed = 1;
        struct stat st;
        FILE *f;
        size_t n;

        snprintf(path, sizeof path, "%s/%s", argv[1], names[k]->d_name);
        if (stat(path, &st) == 0 && S_ISREG(st.st_mode) && (f = fopen(path, "rb"))) {
            n = fread(bytes, 1, MAX_BYTES, f);
            fclose(f);
            printf("# %s\n", names[k]->d_name);
            fflush(stdout);
            feed_file(bytes, n);
            for (unsigned i = 0; i < rounds; i++)
                feed(changed, mutate(changed, bytes, n, &seed));
            printf("ok %d - %s and %u mutations\n", ++fed, names[k]->d_name, rounds);
        }
        free(names[k]);
    }
    free(names);
    failed = fed == 0;
    failed += tell_reach(&fed);
    printf("1..%d\n", fed);
    return failed > 0;
}
