/* cli.h - what every subcommand shares: the option parser, exit codes, messages, signals.
 *
 * One table of struct cli_opt feeds the parser, --help and the test that compares it with the man page.
 */
#ifndef FIHRIST_CLI_H
#define FIHRIST_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "fihrist.h"

/* Exit codes, documented in fihrist(1) and stable. */
enum {
    EXIT_DONE    = 0,   /* done; search: something found; status: fresh */
    EXIT_NONE    = 1,   /* usage, or nothing found (search), or stale (status) */
    EXIT_TROUBLE = 2,   /* an error: one message on stderr says which */
    EXIT_PARTLY  = 3,   /* some inputs failed, the rest is committed */
    EXIT_BUSY    = 75   /* another indexer holds the lock, or changes the index too fast: try again (EX_TEMPFAIL) */
};

enum cli_type { CLI_FLAG, CLI_UINT, CLI_SIZE, CLI_FLOAT, CLI_STRING, CLI_LIST, CLI_SECONDS };

struct cli_list { const char **items; size_t count; };

struct cli_opt {
    char          letter;     /* 0: none */
    const char   *name;       /* without -- */
    enum cli_type type;
    void         *value;      /* bool*, uint32_t*, uint64_t* (bytes; k M G accepted), float*, const char**,
                                 struct cli_list* (may be repeated), uint32_t* (seconds; 90 90s 15m 26h 7d accepted) */
    const char   *arg;        /* NULL for flags */
    const char   *help;
};

struct command {
    const char *name;
    const char *usage;        /* "search [OPTION]... [-i INDEX] QUERY..." */
    const char *summary;      /* one line */
    int       (*run)(int argc, char **argv); /* argv[0] is the command's name; returns an exit code */
};

/* Parse argv[1..] with getopt_long rules (options and words may be mixed; -- ends options); -h/--help prints usage,
 * summary and the options to stdout and exits 0. Returns the index of the first word (words are moved to the end
 * of argv), or -1 after printing a usage message. An option's defaults stand in its value beforehand. */
int cli_parse(const struct command *c, int argc, char **argv, const struct cli_opt *opts, size_t n);
/* The same, but the first word ends the options, so that what follows it may begin with "-" (search: QUERY...). What
 * looks like an option of this command there is a usage error and never silently a word; after -- all is words. */
int cli_parse_first(const struct command *c, int argc, char **argv, const struct cli_opt *opts, size_t n);

/* For a command that takes no words: `at` is what cli_parse() returned. True if it was good and no words are left. */
bool cli_no_words(const struct command *c, int argc, int at, char **argv);

/* True if least <= value <= most, else one message that names the option and the range. */
bool cli_range(const char *command, const char *option, uint64_t value, uint64_t least, uint64_t most);

/* "-i INDEX" or $FIHRIST_INDEX; NULL after a message if neither is given. */
const char *cli_index(const char *given, const char *command);

/* The same for a command that reads several indexes as one, to whose list it adds. False after a message. */
bool cli_indexes(struct cli_list *given, const char *command);

/* Have enough file descriptors for so many indexes at once, as far as the system allows. */
void cli_raise_files(size_t indexes);

/* One line on stderr: "fihrist COMMAND: message". Controls and bidi characters in it are made harmless. */
void cli_error(const char *command, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The same from a fih_error, with what to do where that is another command; returns the exit code that belongs to it
 * (FIH_E_BUSY and FIH_E_STALE 75, usage 1, else 2). */
int cli_fail(const char *command, const fih_error *err);
/* True while an answer that FIH_E_STALE refused is worth asking for again, of a reader opened anew or renewed; `tries`
 * counts, from 0. */
bool cli_again(int rc, unsigned *tries);
/* The statistics of an index, asked for again where they are refused so. */
int cli_stats(const char *index, fih_stats *s, fih_error *err);
/* Flush stdout; a full disk or closed pipe is trouble, not success. EPIPE is silent. */
int cli_finish(const char *command, int status);

/* Install handlers for SIGINT and SIGTERM that set a flag, and end the program with EXIT_TROUBLE if it is not over
 * within a second; true once one came. Only for commands that have something to undo or tell. */
void cli_catch_signals(void);
bool cli_interrupted(void);

/* --wait SECONDS as fih_writer_opts.wait_ms wants it. */
int32_t cli_wait_ms(uint32_t seconds);
/* For fih_writer_opts.on_progress: stops the writer once a signal came. */
int cli_stop_on_signal(void *ctx, const fih_progress *p);

extern const struct command cmd_index, cmd_search, cmd_show, cmd_delete, cmd_stats, cmd_check, cmd_compact,
    cmd_complete, cmd_backup, cmd_rebuild, cmd_merge, cmd_analyze, cmd_eval, cmd_export, cmd_query,
    cmd_gather, cmd_status;

#endif
