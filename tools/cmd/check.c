/* check.c - fihrist check: verify every checksum and invariant; a problem a line. */
#include <inttypes.h>
#include <unistd.h>

#include "cli.h"
#include "out/out.h"

static int cmd_check_run(int argc, char **argv);

const struct command cmd_check = {
    "check", "check [OPTION]... [-i INDEX]", "verify every checksum and invariant of an index", cmd_check_run,
};

static int print_problem(void *ctx, const char *line)
{
    (void)ctx;
    out_text_bare(stdout, out_str(line));
    putchar('\n');
    return ferror(stdout) || cli_interrupted();
}

static int say_ok(const char *index, fih_error *err)
{
    fih_stats s = FIH_STATS_INIT;

    if (cli_stats(index, &s, err) != FIH_OK)
        return cli_fail("check", err);
    fputs("ok: ", stdout);
    out_count(stdout, s.documents);
    printf(" %s, %" PRIu32 " %s\n", s.documents == 1 ? "document" : "documents", s.segments,
           s.segments == 1 ? "segment" : "segments");
    return EXIT_DONE;
}

static int run(const char *index, bool verbose)
{
    uint64_t problems = 0;
    fih_error err = { 0, 0, 0, "" };
    int rc;

    cli_catch_signals();
    rc = fih_check(&problems, index, print_problem, NULL, &err);
    if (cli_interrupted()) {
        cli_error("check", "interrupted");
        return EXIT_TROUBLE;
    }
    if (problems > 0) {
        out_count(stdout, problems);
        fputs(problems == 1 ? " problem\n" : " problems\n", stdout);
        return EXIT_TROUBLE;
    }
    if (rc != FIH_OK)
        return cli_fail("check", &err);
    return verbose || isatty(STDOUT_FILENO) ? say_ok(index, &err) : EXIT_DONE;
}

static int cmd_check_run(int argc, char **argv)
{
    const char *index = NULL;
    bool verbose = false;
    const struct cli_opt opts[] = {
        { 'i', "index", CLI_STRING, &index, "INDEX", "the index; default $FIHRIST_INDEX" },
        { 'v', "verbose", CLI_FLAG, &verbose, NULL, "print a line also when all is well" },
    };

    if (!cli_no_words(&cmd_check, argc, cli_parse(&cmd_check, argc, argv, opts, sizeof opts / sizeof *opts), argv) ||
        !(index = cli_index(index, "check")))
        return EXIT_NONE;
    return cli_finish("check", run(index, verbose));
}
