/* analyze.c - fihrist analyze: the token stream of a text, each term with the reason for it. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "read/input.h"
#include "out/out.h"

static int cmd_analyze_run(int argc, char **argv);

const struct command cmd_analyze = {
    "analyze", "analyze [OPTION]... [-i INDEX] [TEXT]...", "show how a text becomes terms, and why", cmd_analyze_run,
};

enum { WORD_COLUMNS = 16 };

struct analyze_args {
    const char *index, *analyzer, *lexicon;
    bool        json, verbose, keeps_all;
};

struct text { char *ptr; size_t len, room; };

/* --- the text --- */

static bool append(struct text *t, const char *s, size_t n)
{
    if (t->room - t->len < n) {
        const size_t room = t->room + n + t->room / 2 + 4096;
        char *p = realloc(t->ptr, room);

        if (!p)
            return false;
        t->ptr = p;
        t->room = room;
    }
    memcpy(t->ptr + t->len, s, n);
    t->len += n;
    return true;
}

static bool read_stdin(struct text *t)
{
    char part[65536];
    size_t n;

    while ((n = fread(part, 1, sizeof part, stdin)) > 0) {
        if (!append(t, part, n)) {
            cli_error("analyze", "out of memory");
            return false;
        }
    }
    if (ferror(stdin)) {
        cli_error("analyze", "cannot read standard input: %s", strerror(errno));
        return false;
    }
    return true;
}

static bool get_text(struct text *t, char **words, int n)
{
    if (n == 0)
        return read_stdin(t);
    for (int i = 0; i < n; i++) {
        if ((i > 0 && !append(t, " ", 1)) || !append(t, words[i], strlen(words[i]))) {
            cli_error("analyze", "out of memory");
            return false;
        }
    }
    return true;
}

/* --- tokens --- */

/* What the callbacks need: a text is analyzed in pieces, between what is left out of it. */
struct printing {
    const struct analyze_args *args;
    fih_analyzer              *analyzer;
    const struct text         *text;
    fih_error                 *err;
    size_t                     at;         /* behind the last piece and cut */
    uint32_t                   base, next; /* positions: of the piece, and behind its last word */
};

static fih_str bytes_of(const struct printing *p, size_t start, size_t end)
{
    return (fih_str){ p->text->ptr + start, end - start };
}

static void print_row(const struct printing *p, const fih_token *t)
{
    printf("%4" PRIu32 "  %6zu-%-6zu  ", p->base + t->position, p->at + t->start, p->at + t->end);
    out_column(stdout, bytes_of(p, p->at + t->start, p->at + t->end), WORD_COLUMNS);
    putchar(' ');
    out_column(stdout, t->term, WORD_COLUMNS);
    fputs(t->is_stop                   ? " stop   "
          : t->level == FIH_LEVEL_FORM ? " form   "
          : t->level == FIH_LEVEL_ROOT ? " root   "
                                       : "        ",
          stdout);
    out_text(stdout, t->reason);
    putchar('\n');
}

static void print_json(const struct printing *p, const fih_token *t)
{
    printf("{\"position\":%" PRIu32 ",\"start\":%zu,\"end\":%zu,\"surface\":", p->base + t->position, p->at + t->start,
           p->at + t->end);
    out_json(stdout, bytes_of(p, p->at + t->start, p->at + t->end));
    fputs(",\"term\":", stdout);
    out_json(stdout, t->term);
    printf(",\"stop\":%s,\"level\":\"%s\",\"reason\":", t->is_stop ? "true" : "false",
           t->level == FIH_LEVEL_FORM ? "form" : t->level == FIH_LEVEL_ROOT ? "root" : "stem");
    out_json(stdout, t->reason);
    fputs("}\n", stdout);
}

static int print_token(void *ctx, const fih_token *t)
{
    struct printing *p = ctx;

    (p->args->json ? print_json : print_row)(p, t);
    p->next = p->base + t->position + 1;
    return ferror(stdout);
}

static int print_piece(struct printing *p, size_t end)
{
    p->base = p->next;
    return fih_analyze(p->analyzer, (fih_str){p->text->ptr + p->at, end - p->at}, print_token, p, p->err);
}

static int print_cut(void *ctx, const fih_cut *cut)
{
    struct printing *p = ctx;
    const fih_str text = bytes_of(p, cut->start, cut->end);
    const int rc = print_piece(p, cut->start);

    if (rc != 0)
        return rc;
    if (p->args->json) {
        printf("{\"start\":%zu,\"end\":%zu,\"left_out\":", cut->start, cut->end);
        out_json(stdout, text);
        fputs(",\"reason\":", stdout);
        out_json(stdout, out_str(cut->reason));
        fputs("}\n", stdout);
    } else {
        printf("   -  %6zu-%-6zu  ", cut->start, cut->end);
        out_column(stdout, text, WORD_COLUMNS);
        printf(" %*s        left out: %s\n", WORD_COLUMNS, "", cut->reason);
    }
    p->at = cut->end;
    return ferror(stdout);
}

static int print_tokens(const struct analyze_args *a, fih_analyzer *analyzer, struct text *t, fih_error *err)
{
    struct printing p = { a, analyzer, t, err, 0, 0, 0 };
    int rc = FIH_OK;

    if (a->verbose && !a->json) {
        out_text_bare(stdout, out_str(fih_analyzer_text(analyzer)));
        putchar('\n');
    }
    if (!a->json)
        printf(" pos           bytes  %-*s %-*s kind   reason\n", WORD_COLUMNS, "surface", WORD_COLUMNS, "term");
    if (!a->keeps_all)
        rc = fih_clean((fih_str){ t->ptr, t->len }, print_cut, &p, err);
    if (rc == 0)
        rc = print_piece(&p, t->len);
    return rc < 0 ? rc : FIH_OK; /* above 0: a callback found stdout broken, which cli_finish() tells */
}

enum { LEXICON_MAX_BYTES = 1 << 20 };

static int new_analyzer(fih_analyzer **out, const struct analyze_args *a, fih_error *err)
{
    struct why why = { "" };
    char *text = NULL;
    size_t n = 0;
    int rc;

    if (a->lexicon && input_load(a->lexicon, LEXICON_MAX_BYTES, &text, &n, &why) != 0) {
        *err = (fih_error){ .code = FIH_E_IO };
        snprintf(err->msg, sizeof err->msg, "--lexicon: '%.200s': %s", a->lexicon, why.text);
        return FIH_E_IO;
    }
    rc = fih_analyzer_new_with(out, a->analyzer, (fih_str){ text, n }, err);
    free(text);
    return rc;
}

/* --analyzer and --lexicon win over the index named by -i or the environment; without any of them it is the default
 * one. */
static int open_analyzer(fih_analyzer **out, fih_reader **r, const struct analyze_args *a, fih_error *err)
{
    const char *index = a->index ? a->index : getenv("FIHRIST_INDEX");
    int rc;

    if (a->analyzer || a->lexicon || !index || !*index)
        return new_analyzer(out, a, err);
    if ((rc = fih_reader_open(r, index, err)) != FIH_OK)
        return rc;
    return fih_reader_analyzer(out, *r, err);
}

static int cmd_analyze_run(int argc, char **argv)
{
    struct analyze_args a = { NULL, NULL, NULL, false, false, false };
    const struct cli_opt opts[] = {
        { 'i', "index", CLI_STRING, &a.index, "INDEX", "use the analyzer of this index; default $FIHRIST_INDEX" },
        { 0, "analyzer", CLI_STRING, &a.analyzer, "NAME", "use this analyzer instead, such as arabic or simple" },
        { 0, "lexicon", CLI_STRING, &a.lexicon, "FILE", "use these plurals and names too, as index --lexicon" },
        { 0, "json", CLI_FLAG, &a.json, NULL, "one JSON object a line for each term" },
        { 0, "no-clean", CLI_FLAG, &a.keeps_all, NULL, "leave nothing out, as index --no-clean" },
        { 'v', "verbose", CLI_FLAG, &a.verbose, NULL, "print the analyzer's description first" },
    };
    struct text t = { NULL, 0, 0 };
    fih_analyzer *analyzer = NULL;
    fih_reader *r = NULL;
    int status = EXIT_TROUBLE;
    fih_error err;
    const int at = cli_parse(&cmd_analyze, argc, argv, opts, sizeof opts / sizeof *opts);

    if (at < 0)
        return EXIT_NONE;
    if (a.index && (a.analyzer || a.lexicon)) {
        cli_error("analyze", "--index cannot be combined with --analyzer or --lexicon: an index has its own");
        return EXIT_NONE;
    }
    if (open_analyzer(&analyzer, &r, &a, &err) != FIH_OK) {
        status = cli_fail("analyze", &err);
        goto out;
    }
    if (!get_text(&t, argv + at, argc - at))
        goto out;
    status = print_tokens(&a, analyzer, &t, &err) == FIH_OK ? EXIT_DONE : cli_fail("analyze", &err);
out:
    fih_analyzer_free(analyzer);
    fih_reader_close(r);
    free(t.ptr);
    return cli_finish("analyze", status);
}
