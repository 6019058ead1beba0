/* compact.c - fihrist compact: one segment, no dead pages. */
#include <unistd.h>

#include "cli.h"
#include "out/out.h"

static int cmd_compact_run(int argc, char **argv);

const struct command cmd_compact = {
    "compact", "compact [OPTION]... [-i INDEX]", "merge all segments and free unused space", cmd_compact_run,
};

static int file_bytes(const char *index, uint64_t *bytes, fih_error *err)
{
    fih_stats s = FIH_STATS_INIT;
    const int rc = cli_stats(index, &s, err);

    *bytes = s.bytes_file;
    return rc;
}

static int run(const char *index, const fih_writer_opts *wo, bool verbose)
{
    uint64_t before, after;
    int rc;
    fih_error err;

    cli_catch_signals();
    if (file_bytes(index, &before, &err) != FIH_OK)
        return cli_fail("compact", &err);
    rc = fih_compact(index, wo, &err);
    if (rc == FIH_E_CANCEL) {
        cli_error("compact", "interrupted: the index is as it was");
        return EXIT_TROUBLE;
    }
    if (rc != FIH_OK || file_bytes(index, &after, &err) != FIH_OK)
        return cli_fail("compact", &err);
    if (verbose || isatty(STDOUT_FILENO)) {
        out_bytes(stdout, before);
        fputs(" → ", stdout);
        out_bytes(stdout, after);
        putchar('\n');
    }
    return EXIT_DONE;
}

static int cmd_compact_run(int argc, char **argv)
{
    fih_writer_opts wo = FIH_WRITER_OPTS_INIT;
    const char *index = NULL;
    bool verbose = false;
    uint32_t wait = 0;
    const struct cli_opt opts[] = {
        { 'i', "index", CLI_STRING, &index, "INDEX", "the index; default $FIHRIST_INDEX" },
        { 0, "memory", CLI_SIZE, &wo.memory_bytes, "BYTES", "memory budget, such as 64M (default 256M)" },
        { 0, "wait", CLI_SECONDS, &wait, "TIME", "wait up to TIME for another writer (90, 15m)" },
        { 'v', "verbose", CLI_FLAG, &verbose, NULL, "print the size before and after" },
    };

    if (!cli_no_words(&cmd_compact, argc, cli_parse(&cmd_compact, argc, argv, opts, sizeof opts / sizeof *opts),
                      argv) ||
        !(index = cli_index(index, "compact")))
        return EXIT_NONE;
    wo.wait_ms = cli_wait_ms(wait);
    wo.on_progress = cli_stop_on_signal;
    return cli_finish("compact", run(index, &wo, verbose));
}
