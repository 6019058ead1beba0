/* status.c - fihrist status: is the index fresh? One line on stderr when it is not, for cron to mail. */
#include <inttypes.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "out/lang.h"
#include "out/out.h"

enum { CLOCK_SLACK = 120, LEAST_FILE = 1 << 20 };  /* seconds, bytes */

static int cmd_status_run(int argc, char **argv);

const struct command cmd_status = {
    "status", "status [OPTION]... [-i INDEX]", "check that the index is recent", cmd_status_run,
};

/* "40 s", "12 min", "27 h 5 min", "9 d 3 h". */
static void format_age(char *out, size_t size, int64_t s)
{
    if (s < 60)
        snprintf(out, size, _("%lld s"), (long long)s);
    else if (s < 3600)
        snprintf(out, size, _("%lld min"), (long long)s / 60);
    else if (s < 72 * 3600)
        snprintf(out, size, _("%lld h %lld min"), (long long)s / 3600, (long long)s / 60 % 60);
    else
        snprintf(out, size, _("%lld d %lld h"), (long long)s / 86400, (long long)s / 3600 % 24);
}

static void print_line(const fih_stats *s, const char *age, bool is_future)
{
    lang_documents(stdout, s->documents);
    if (s->last_commit == 0) {
        printf("%s\n", _(", never committed"));
        return;
    }
    printf("%s ", _(", last commit"));
    out_time(stdout, s->last_commit);
    printf(is_future ? _(", %s in the future") : _(", %s ago"), age);
    putchar('\n');
}

/* Pages that nobody can use make the file grow, and nobody sees it before the disk is full. A small file is no
 * matter. What holds them is a reader that stays open, or nothing any more (much was deleted or merged). */
static void look_at_size(const char *index, const fih_stats *s)
{
    if (s->bytes_file < LEAST_FILE || s->bytes_file / 3 < s->bytes_live)
        return;
    if (s->oldest_reader)
        cli_error("status",
                  "'%s': the data file has %" PRIu64 " MiB, of which %" PRIu64 " MiB are in use: process %" PRId64
                  " still reads an old commit, so the file grows; when it has ended, 'fihrist compact -i %s' makes the "
                  "file smaller",
                  index, s->bytes_file >> 20, s->bytes_live >> 20, s->oldest_reader, index);
    else
        cli_error("status",
                  "'%s': the data file has %" PRIu64 " MiB, of which %" PRIu64 " MiB are in use: much was "
                  "removed, or a reader stayed open for long; 'fihrist compact -i %s' makes the file smaller",
                  index, s->bytes_file >> 20, s->bytes_live >> 20, index);
}

/* max_age 0: any age will do. A clock that is put right by a little is no matter. */
static int judge(const char *index, const fih_stats *s, uint32_t max_age, bool verbose)
{
    const int64_t since = (int64_t)time(NULL) - s->last_commit, seconds = since < 0 ? -since : since;
    const bool is_future = s->last_commit != 0 && since < -CLOCK_SLACK;
    char age[64], most[64];

    format_age(age, sizeof age, since < 0 && !is_future ? 0 : seconds);
    format_age(most, sizeof most, max_age);
    if (verbose || isatty(STDOUT_FILENO))
        print_line(s, age, is_future);
    look_at_size(index, s);
    if (is_future) {
        cli_error("status",
                  "the last commit of '%s' is dated %s in the future: the clock was or is wrong, and the age of the "
                  "index is unknown until the next commit",
                  index, age);
        return EXIT_NONE;
    }
    if (max_age == 0)
        return EXIT_DONE;
    if (s->last_commit == 0) {
        cli_error("status", "'%s' is stale: nothing was ever committed", index);
        return EXIT_NONE;
    }
    if (since <= max_age)
        return EXIT_DONE;
    cli_error("status", "'%s' is stale: the last commit is %s old, more than %s", index, age, most);
    return EXIT_NONE;
}

/* Recent or not, an index that cannot be searched is no good: why, in the words that a search has for it. */
static int refusal(const char *index, fih_error *err)
{
    fih_analyzer *a = NULL;
    fih_reader *r;
    int rc = fih_reader_open(&r, index, err);

    if (rc == FIH_OK)
        rc = fih_reader_analyzer(&a, r, err);
    fih_analyzer_free(a);
    fih_reader_close(r);
    return rc;
}

static int cmd_status_run(int argc, char **argv)
{
    const char *index = NULL;
    uint32_t max_age = 0;
    bool verbose = false;
    const struct cli_opt opts[] = {
        { 'i', "index", CLI_STRING, &index, "INDEX", "the index; default $FIHRIST_INDEX" },
        { 0, "max-age", CLI_SECONDS, &max_age, "TIME", "fail when the last commit is older (26h, 7d)" },
        { 'v', "verbose", CLI_FLAG, &verbose, NULL, "print a line also when all is well" },
    };
    fih_stats s = FIH_STATS_INIT;
    int status;
    fih_error err;

    if (!cli_no_words(&cmd_status, argc, cli_parse(&cmd_status, argc, argv, opts, sizeof opts / sizeof *opts), argv))
        return EXIT_TROUBLE; /* 1 would say "stale" */
    if (!(index = cli_index(index, "status")))
        return EXIT_TROUBLE;
    if (cli_stats(index, &s, &err) == FIH_OK && (!s.needs_rebuild || refusal(index, &err) == FIH_OK)) {
        status = judge(index, &s, max_age, verbose);
    } else {
        cli_fail("status", &err);
        status = EXIT_TROUBLE;
    }
    return cli_finish("status", status);
}
