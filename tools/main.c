/* main.c - the command table: finds the command and hands over. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "out/lang.h"

/* The newest on-disk format that this release writes; stats tells an index's own. */
#define FORMAT "3.5"

static const struct command *const commands[] = {
    &cmd_index, &cmd_search, &cmd_gather, &cmd_show, &cmd_delete, &cmd_stats, &cmd_check,
    &cmd_compact, &cmd_complete, &cmd_backup, &cmd_export, &cmd_rebuild, &cmd_merge, &cmd_analyze,
    &cmd_eval, &cmd_query, &cmd_status,
};

static const size_t command_count = sizeof commands / sizeof *commands;

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < command_count; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static void print_help(FILE *f)
{
    fputs("usage: fihrist COMMAND [OPTION]... [ARGUMENT]...\n"
          "Full-text search for Arabic.\n\n", f);
    for (size_t i = 0; i < command_count; i++)
        fprintf(f, "  %-9s %s\n", commands[i]->name, commands[i]->summary);
    fputs("\n"
          "The index is named by -i INDEX or by the variable FIHRIST_INDEX.\n"
          "'fihrist COMMAND --help' lists the options of a command.\n"
          "Exit: 0 done, 1 usage error or nothing found, 2 other error, 3 partly done, 75 busy.\n"
          "Manual: fihrist(1), fihrist-COMMAND(1), fihrist-query(7), fihrist-output(5).\n", f);
}

static int print_version(void)
{
    fih_analyzer *a = NULL;
    fih_error err;
    int status = EXIT_DONE;

    printf("fihrist %s\nlibrary %s\nformat %s\n", FIH_VERSION, fih_version(), FORMAT);
    if (fih_analyzer_new(&a, NULL, &err) == FIH_OK)
        printf("analyzer %s\n", fih_analyzer_text(a)); /* with the versions of ICU, Unicode and libstemmer */
    else
        status = cli_fail(NULL, &err);
    fih_analyzer_free(a);
    return cli_finish(NULL, status);
}

/* Started with a standard stream closed, the index's data file would become file 1, and what is printed would land in
 * it. The streams are opened the wrong way round, so that using one is still the error that the caller asked for. */
static bool hold_standard_streams(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF && open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
            return false;
    return true;
}

static int run_command(const char *name, int argc, char **argv)
{
    const struct command *c = find_command(name);

    if (!c) {
        cli_error(NULL, "no command '%s' (see 'fihrist --help')", name);
        return EXIT_NONE;
    }
    return c->run(argc, argv);
}

int main(int argc, char **argv)
{
    char help[] = "--help";
    const char *name = argc > 1 ? argv[1] : "";

    if (!hold_standard_streams())
        return EXIT_TROUBLE;
    lang_begin();
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is a write error, which cli_finish() turns into an exit code */
    if (argc < 2) {
        print_help(stderr);
        return EXIT_NONE;
    }
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0)
        return print_version();
    if (strcmp(name, "help") == 0 && argc > 2) {
        char *args[] = { argv[2], help, NULL };

        return run_command(argv[2], 2, args);
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        print_help(stdout);
        return cli_finish(NULL, EXIT_DONE);
    }
    return run_command(name, argc - 1, argv + 1);
}
