/* backup.c - fihrist backup: a copy of the last commit, taken while others read and write. */
#include <unistd.h>

#include "cli.h"
#include "out/out.h"

static int cmd_backup_run(int argc, char **argv);

const struct command cmd_backup = {
    "backup", "backup [OPTION]... [-i INDEX] DEST", "copy the last commit to a new directory", cmd_backup_run,
};

static int cmd_backup_run(int argc, char **argv)
{
    const char *index = NULL;
    bool verbose = false;
    const struct cli_opt opts[] = {
        { 'i', "index", CLI_STRING, &index, "INDEX", "the index; default $FIHRIST_INDEX" },
        { 'v', "verbose", CLI_FLAG, &verbose, NULL, "print what was copied" },
    };
    fih_error err;
    const int at = cli_parse(&cmd_backup, argc, argv, opts, sizeof opts / sizeof *opts);

    if (at < 0)
        return EXIT_NONE;
    if (argc - at != 1) {
        cli_error("backup", "%s (see 'fihrist backup --help')", at == argc ? "no DEST given" : "more than one DEST");
        return EXIT_NONE;
    }
    if (!(index = cli_index(index, "backup")))
        return EXIT_NONE;
    if (fih_backup(index, argv[at], &err) != FIH_OK)
        return cli_finish("backup", cli_fail("backup", &err));
    if (verbose || isatty(STDOUT_FILENO)) {
        out_text(stdout, out_str(index));
        fputs(" → ", stdout);
        out_text(stdout, out_str(argv[at]));
        putchar('\n');
    }
    return cli_finish("backup", EXIT_DONE);
}
