/* cli.c - the option parser, messages, exit codes and signals that every command shares.
 *
 * getopt_long does the walking; the table of struct cli_opt says what it looks for and where the values go.
 * A usage mistake is one line that ends with where to read on. This file knows no command.
 */
#include "cli.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "out/lang.h"
#include "out/out.h"

enum { MAX_OPTS = 48, HELP_COLUMN = 25, LANG_CODE = 200, LONG_BASE = 256 };

static volatile sig_atomic_t signalled, has_spoken; /* has_spoken: a message since the signal */
static timer_t timer;
static bool has_timer;

/* --- messages --- */

static void print_message(const char *command, const char *text, size_t len)
{
    if (command)
        fprintf(stderr, "fihrist %s: ", command);
    else
        fputs("fihrist: ", stderr);
    out_text_bare(stderr, (fih_str){ text, len });
    putc('\n', stderr);
    has_spoken = signalled;
}

void cli_error(const char *command, const char *fmt, ...)
{
    char text[4096]; /* a name longer than this is cut: the line is for a person */
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(text, sizeof text, _(fmt), ap);
    va_end(ap);
    if (n >= 0)
        print_message(command, text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
}

/* What an error of the library means, for those who do not read its English. NULL: it speaks for itself. */
static const char *meaning(int code)
{
    switch (code) {
    case FIH_E_QUERY:
        return N_("the query has a mistake");
    case FIH_E_NOTFOUND:
        return N_("there is no index or document of that name");
    case FIH_E_NOTINDEX:
        return N_("that is not a fihrist index");
    case FIH_E_BUSY:
        return N_("another indexer holds the index: try again later");
    case FIH_E_CORRUPT:
        return N_("the index is damaged: restore a backup or rebuild it");
    case FIH_E_VERSION:
        return N_("the index has the format of another version: it must be made anew");
    case FIH_E_ANALYZER:
        return N_("the index was made with another analyzer: it must be rebuilt");
    case FIH_E_STALE:
        return N_("the index has changed in the meantime: run the command again");
    case FIH_E_FULL:
        return N_("the disk is full");
    case FIH_E_PERM:
        return N_("permission denied");
    case FIH_E_NOMEM:
        return N_("out of memory");
    case FIH_E_LIMIT:
        return N_("a limit is exceeded");
    default:
        return NULL;
    }
}

/* What to do on the command line, which the library's message cannot know. The index at hand is refused by
 * "fihrist index" too, so it is never "index again". */
static const char *remedy(const fih_error *err)
{
    switch (err->code) {
    case FIH_E_ANALYZER:
        return N_("; 'fihrist index --rebuild -i INDEX' does that, and 'fihrist rebuild OLD NEW' beside the old one");
    case FIH_E_VERSION:
        return N_("; run 'fihrist index -i NEW PATH...' and replace the old index, or let the version that wrote it "
                  "export the documents: 'fihrist export'");
    case FIH_E_CORRUPT:
        return N_("; to rebuild it, run 'fihrist index -i NEW PATH...' and replace the old index");
    case FIH_E_NOTFOUND:
        return err->cause == ENOENT ? N_(": create it with 'fihrist index'") : NULL; /* no index; else no document */
    case FIH_E_QUERY:
    case FIH_E_USAGE:                          /* a field that an index only has if it was asked for */
        return strstr(err->msg, "the field url is stored in this index")
                   ? N_(": 'fihrist index --rebuild --field url:keyword -i INDEX'")
                   : NULL;
    default:
        return NULL;
    }
}

int cli_fail(const char *command, const fih_error *err)
{
    const char *means = strcmp(lang_name(), "en") == 0 ? NULL : meaning(err->code), *todo = remedy(err);
    char text[sizeof err->msg + 1024];
    int n;

    todo = todo ? _(todo) : "";
    if (means)
        n = snprintf(text, sizeof text, "%s (%s)%s", _(means), err->msg, todo);
    else
        n = snprintf(text, sizeof text, "%s%s", err->msg, todo);
    print_message(command, text, n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
    return err->code == FIH_E_BUSY || err->code == FIH_E_STALE ? EXIT_BUSY
           : err->code == FIH_E_USAGE                          ? EXIT_NONE
                                                               : EXIT_TROUBLE;
}

bool cli_again(int rc, unsigned *tries)
{
    return rc == FIH_E_STALE && ++*tries < 50;
}

int cli_stats(const char *index, fih_stats *s, fih_error *err)
{
    unsigned tries = 0;
    int rc;

    do {
        fih_reader *r = NULL;

        if ((rc = fih_reader_open(&r, index, err)) == FIH_OK)
            rc = fih_reader_stats(s, r, err);
        fih_reader_close(r);
    } while (cli_again(rc, &tries));
    return rc;
}

/* A reader that went away (head, less) is no news to anybody. errno may be long gone when the error shows. */
static bool pipe_is_closed(int fd)
{
    struct pollfd p = { fd, POLLOUT, 0 };

    return poll(&p, 1, 0) == 1 && (p.revents & POLLERR) != 0;
}

int cli_finish(const char *command, int status)
{
    const bool failed = ferror(stdout) != 0;

    errno = 0;
    if (fflush(stdout) == 0 && !failed)
        return status;
    if (errno != EPIPE && !pipe_is_closed(fileno(stdout)))
        cli_error(command, "cannot write standard output%s%s", errno ? ": " : "", errno ? strerror(errno) : "");
    return EXIT_TROUBLE;
}

const char *cli_index(const char *given, const char *command)
{
    const char *path = given ? given : getenv("FIHRIST_INDEX");

    if (path && *path)
        return path;
    cli_error(command, "no index given: use -i INDEX or set FIHRIST_INDEX");
    return NULL;
}

static bool add_item(struct cli_list *list, const char *s)
{
    const char **items = realloc(list->items, (list->count + 1) * sizeof *items);

    if (!items)
        return false;
    items[list->count] = s;
    list->items = items;
    list->count++;
    return true;
}

/* Each index takes four of them, and many a shell allows 1,024. What is not allowed, opening will say. */
void cli_raise_files(size_t indexes)
{
    const rlim_t need = 4 * (rlim_t)indexes + 64;
    struct rlimit now;

    if (getrlimit(RLIMIT_NOFILE, &now) != 0 || now.rlim_cur >= need)
        return;
    now.rlim_cur = now.rlim_max < need ? now.rlim_max : need;
    setrlimit(RLIMIT_NOFILE, &now);
}

bool cli_indexes(struct cli_list *given, const char *command)
{
    const char *path = NULL;

    cli_raise_files(given->count);
    for (size_t i = 0; i < given->count; i++)
        if (!*given->items[i])
            return cli_index(given->items[i], command) != NULL;
    if (given->count > 0)
        return true;
    if (!(path = cli_index(NULL, command)))
        return false;
    if (!add_item(given, path))
        cli_error(command, "out of memory");
    return given->count > 0;
}

bool cli_range(const char *command, const char *option, uint64_t value, uint64_t least, uint64_t most)
{
    if (value >= least && value <= most)
        return true;
    cli_error(command, "--%s: %" PRIu64 " is not from %" PRIu64 " to %" PRIu64, option, value, least, most);
    return false;
}

/* --- signals --- */

/* The first signal asks, and gives the program a little time to end by itself: LMDB's locks wait in loops that no
 * signal ends, and a disk may be slow. What was not committed is dropped then too, as by kill -9. */
static void on_signal(int number)
{
    static const struct itimerspec soon = { .it_value = { 0, 800 * 1000 * 1000 } };
    const int keep = errno;

    (void)number;
    signalled = 1;
    if (has_timer)
        timer_settime(timer, 0, &soon, NULL);
    errno = keep;
}

static void on_alarm(int number)
{
    static const char text[] = "fihrist: interrupted; uncommitted changes are dropped\n";

    (void)number;
    if (!has_spoken && write(STDERR_FILENO, text, sizeof text - 1) < 0)
        _exit(EXIT_TROUBLE);
    _exit(EXIT_TROUBLE);
}

/* No SA_RESTART: a read that waits for standard input ends. SA_RESETHAND: a second Ctrl-C ends the program at once,
 * which the index survives. */
void cli_catch_signals(void)
{
    struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };
    struct sigaction sa = { .sa_handler = on_alarm };

    sigemptyset(&sa.sa_mask);
    sigaction(SIGALRM, &sa, NULL);
    has_timer = timer_create(CLOCK_MONOTONIC, &event, &timer) == 0;
    sa.sa_handler = on_signal;
    sa.sa_flags = (int)SA_RESETHAND;
    sigaction(SIGINT, &sa, NULL);
    sigaction(SIGTERM, &sa, NULL);
}

bool cli_interrupted(void)
{
    return signalled != 0;
}

int cli_stop_on_signal(void *ctx, const fih_progress *p)
{
    (void)ctx;
    (void)p;
    return cli_interrupted();
}

int32_t cli_wait_ms(uint32_t seconds)
{
    return seconds > INT32_MAX / 1000 ? INT32_MAX : (int32_t)seconds * 1000;
}

/* --- values --- */

/* Digits at the start of s as a number; what follows them is left in *rest. False without digits or past UINT64_MAX. */
static bool parse_digits(const char *s, uint64_t *out, const char **rest)
{
    uint64_t v = 0;

    if (!isdigit((unsigned char)*s))
        return false;
    for (; isdigit((unsigned char)*s); s++) {
        const unsigned digit = (unsigned)(*s - '0');

        if (v > (UINT64_MAX - digit) / 10)
            return false;
        v = 10 * v + digit;
    }
    *out = v;
    *rest = s;
    return true;
}

struct unit { const char *name; uint64_t factor; };

static bool parse_with_unit(const char *s, const struct unit *units, size_t n, uint64_t most, uint64_t *out)
{
    const char *rest;
    uint64_t v;

    if (!parse_digits(s, &v, &rest))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(rest, units[i].name) != 0)
            continue;
        if (v > most / units[i].factor)
            return false;
        *out = v * units[i].factor;
        return true;
    }
    return false;
}

static bool set_uint(const char *s, uint32_t *out)
{
    static const struct unit units[] = { { "", 1 } };
    uint64_t v;

    if (!parse_with_unit(s, units, 1, UINT32_MAX, &v))
        return false;
    *out = (uint32_t)v;
    return true;
}

static bool set_size(const char *s, uint64_t *out)
{
    static const struct unit units[] = {
        { "", 1 }, { "k", 1u << 10 }, { "K", 1u << 10 }, { "KiB", 1u << 10 }, { "m", 1u << 20 }, { "M", 1u << 20 },
        { "MiB", 1u << 20 }, { "g", 1u << 30 }, { "G", 1u << 30 }, { "GiB", 1u << 30 },
    };

    return parse_with_unit(s, units, sizeof units / sizeof *units, UINT64_MAX, out);
}

static bool set_seconds(const char *s, uint32_t *out)
{
    static const struct unit units[] = { { "", 1 }, { "s", 1 }, { "m", 60 }, { "h", 3600 }, { "d", 86400 } };
    uint64_t v;

    if (!parse_with_unit(s, units, sizeof units / sizeof *units, UINT32_MAX, &v))
        return false;
    *out = (uint32_t)v;
    return true;
}

static bool set_float(const char *s, float *out)
{
    char *end;
    float v;

    if (!isdigit((unsigned char)*s) && *s != '.' && *s != '-') /* strtof also takes " 1", "inf" and "nan" */
        return false;
    v = strtof(s, &end);
    if (end == s || *end || !isfinite(v))
        return false;
    *out = v;
    return true;
}

/* NULL when the value was taken, else what it should have been. */
static const char *set_value(const struct cli_opt *o, const char *arg)
{
    switch (o->type) {
    case CLI_FLAG:
        *(bool *)o->value = true;
        return NULL;
    case CLI_STRING:
        *(const char **)o->value = arg;
        return NULL;
    case CLI_UINT:
        return set_uint(arg, o->value) ? NULL : N_("a whole number below 2^32");
    case CLI_SIZE:
        return set_size(arg, o->value) ? NULL : N_("a number of bytes such as 65536, 64k, 256M or 1G");
    case CLI_SECONDS:
        return set_seconds(arg, o->value) ? NULL : N_("a time such as 90, 90s, 15m, 26h or 7d");
    case CLI_FLOAT:
        return set_float(arg, o->value) ? NULL : N_("a number");
    case CLI_LIST:
        return add_item(o->value, arg) ? NULL : N_("kept: out of memory");
    }
    return NULL;
}

/* --- help --- */

static void print_option(const struct cli_opt *o)
{
    int n = o->letter ? printf("  -%c, --%s", o->letter, o->name) : printf("      --%s", o->name);

    if (o->arg)
        n += printf(" %s", o->arg);
    printf("%*s%s\n", n + 2 < HELP_COLUMN ? HELP_COLUMN - n : 2, "", o->help);
}

static void print_help(const struct command *c, const struct cli_opt *opts, size_t n)
{
    static const struct cli_opt help = { 'h', "help", CLI_FLAG, NULL, NULL, "print this help" },
                                lang = { 0, "lang", CLI_STRING, NULL, "NAME", "language of messages: ar, en or fr" };

    printf("usage: fihrist %s\n%c%s. Manual: fihrist-%s(1).\n\n", c->usage, toupper((unsigned char)c->summary[0]),
           c->summary + 1, c->name);
    for (size_t i = 0; i < n; i++)
        print_option(&opts[i]);
    print_option(&lang);
    print_option(&help);
}

/* --- the parser --- */

struct parser {
    char          letters[2 * MAX_OPTS + 4];
    struct option longs[MAX_OPTS + 3];
};

static void parser_init(struct parser *p, const struct cli_opt *opts, size_t n, bool words_end)
{
    char *s = p->letters;

    assert(n <= MAX_OPTS);
    if (words_end)
        *s++ = '+';
    *s++ = ':';
    for (size_t i = 0; i < n; i++) {
        p->longs[i] = (struct option){ opts[i].name, opts[i].arg != NULL, NULL, LONG_BASE + (int)i };
        if (opts[i].letter) {
            *s++ = opts[i].letter;
            if (opts[i].arg)
                *s++ = ':';
        }
    }
    *s++ = 'h';
    *s = '\0';
    p->longs[n] = (struct option){ "help", 0, NULL, 'h' };
    p->longs[n + 1] = (struct option){ "lang", 1, NULL, LANG_CODE };
    p->longs[n + 2] = (struct option){ NULL, 0, NULL, 0 };
}

static const struct cli_opt *by_letter(const struct cli_opt *opts, size_t n, int letter)
{
    for (size_t i = 0; i < n; i++)
        if (letter && opts[i].letter == letter)
            return &opts[i];
    return NULL;
}

static int see_help(const struct command *c, const char *what, const char *which)
{
    cli_error(c->name, "%s%s (see 'fihrist %s --help')", _(what), which, c->name);
    return -1;
}

/* getopt has met something that is not in the table, or lacks its argument. */
static int complain(const struct command *c, int code, const char *word)
{
    char name[4096];

    if (code == ':' || (optopt >= LONG_BASE && strchr(word, '='))) {
        if (optopt > 0 && optopt < LONG_BASE)
            snprintf(name, sizeof name, "'-%c'", optopt);
        else
            snprintf(name, sizeof name, "'%.*s'", (int)strcspn(word, "="), word);
        return see_help(c, code == ':' ? N_("an argument is missing after ") : N_("no argument is allowed for "), name);
    }
    if (optopt > ' ' && optopt < 0x7F)
        snprintf(name, sizeof name, "'-%c'", optopt);
    else if (optopt == 0)
        snprintf(name, sizeof name, "'%s'", word);
    else /* a letter outside ASCII: an Arabic word to be excluded, or an id */
        return see_help(c, N_("write '--' before a word that begins with '-'"), "");
    return see_help(c, N_("unknown option "), name);
}

/* Could this word, found among those of a query, have been meant as an option? */
static bool looks_like_option(const char *word, const struct cli_opt *opts, size_t n)
{
    if (word[0] != '-')
        return false;
    if (word[1] == '-')
        return isalpha((unsigned char)word[2]) != 0;
    return (word[1] == 'h' || by_letter(opts, n, word[1])) && !isalpha((unsigned char)word[2]) &&
           (unsigned char)word[2] < 0x80;
}

static int check_words(const struct command *c, int argc, char **argv, const struct cli_opt *opts, size_t n, int at)
{
    if (at > 1 && strcmp(argv[at - 1], "--") == 0)
        return at;
    for (int i = at; i < argc; i++) {
        if (!looks_like_option(argv[i], opts, n))
            continue;
        cli_error(c->name,
                  "options come before the first word: move '%s' there, or write '--' first to search for it",
                  argv[i]);
        return -1;
    }
    return at;
}

static int parse(const struct command *c, int argc, char **argv, const struct cli_opt *opts, size_t n, bool words_end)
{
    struct parser p;
    bool has_index = false;
    int code;

    parser_init(&p, opts, n, words_end);
    opterr = 0;
    optind = 0; /* glibc: start afresh */
    while ((code = getopt_long(argc, argv, p.letters, p.longs, NULL)) != -1) {
        const struct cli_opt *o;
        const char *want;

        if (code == ':' || code == '?')
            return complain(c, code, optind > 0 ? argv[optind - 1] : "");
        if (code == LANG_CODE) {
            if (lang_set(optarg))
                continue;
            cli_error(c->name, "--lang: '%s' is not ar, en or fr", optarg);
            return -1;
        }
        o = code >= LONG_BASE ? &opts[code - LONG_BASE] : by_letter(opts, n, code);
        if (!o) { /* -h, --help */
            print_help(c, opts, n);
            exit(cli_finish(c->name, EXIT_DONE));
        }
        if (strcmp(o->name, "index") == 0 && has_index && o->type != CLI_LIST) {
            cli_error(c->name, "-i is given twice, but this command takes one index: leave out '%s' or the other one",
                      optarg);
            return -1;
        }
        has_index |= strcmp(o->name, "index") == 0;
        if ((want = set_value(o, optarg)) != NULL) {
            cli_error(c->name, "--%s: '%s' is not %s", o->name, optarg, _(want));
            return -1;
        }
    }
    return words_end ? check_words(c, argc, argv, opts, n, optind) : optind;
}

int cli_parse(const struct command *c, int argc, char **argv, const struct cli_opt *opts, size_t n)
{
    return parse(c, argc, argv, opts, n, false);
}

int cli_parse_first(const struct command *c, int argc, char **argv, const struct cli_opt *opts, size_t n)
{
    return parse(c, argc, argv, opts, n, true);
}

bool cli_no_words(const struct command *c, int argc, int at, char **argv)
{
    if (at < 0)
        return false;
    if (at < argc)
        cli_error(c->name, "unexpected argument '%s' (see 'fihrist %s --help')", argv[at], c->name);
    return at == argc;
}
