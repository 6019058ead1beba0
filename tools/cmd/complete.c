/* complete.c - fihrist complete: how the words of the index go on. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "out/out.h"

static int cmd_complete_run(int argc, char **argv);

const struct command cmd_complete = {
    "complete", "complete [OPTION]... [-i INDEX]... TEXT", "complete the last word of a text", cmd_complete_run,
};

struct complete_args {
    struct cli_list indexes;
    uint32_t        limit;
    bool            json;
};

static void print_one(const struct complete_args *a, const fih_completion *c)
{
    if (a->json) {
        fputs("{\"schema\":1,\"text\":", stdout);
        out_json(stdout, c->text);
        printf(",\"documents\":%" PRIu64 "}\n", c->docs);
    } else {
        out_text_bare(stdout, c->text);
        printf("\t%" PRIu64 "\n", c->docs);
    }
}

static int run(const struct complete_args *a, const char *text)
{
    fih_completions *list = NULL;
    const fih_completion *c;
    int status = EXIT_NONE, rc;
    unsigned tries = 0;
    fih_error err;

    do {
        fih_reader *r = NULL;

        if ((rc = fih_reader_open_many(&r, a->indexes.items, a->indexes.count, &err)) == FIH_OK)
            rc = fih_complete(&list, r, fih_str_of(text), a->limit, &err);
        fih_reader_close(r);
    } while (cli_again(rc, &tries));
    if (rc != FIH_OK)
        return cli_fail("complete", &err);
    for (size_t i = 0; (c = fih_completions_at(list, i)) != NULL; i++, status = EXIT_DONE)
        print_one(a, c);
    fih_completions_free(list);
    return status;
}

static int cmd_complete_run(int argc, char **argv)
{
    struct complete_args a = { .limit = 10 };
    const struct cli_opt opts[] = {
        { 'i', "index", CLI_LIST, &a.indexes, "INDEX", "the index, or several; default $FIHRIST_INDEX" },
        { 'n', "limit", CLI_UINT, &a.limit, "N", "print at most N words (default 10)" },
        { 0, "json", CLI_FLAG, &a.json, NULL, "one JSON object a line, schema 1" },
    };
    const int at = cli_parse_first(&cmd_complete, argc, argv, opts, sizeof opts / sizeof *opts);
    int status = EXIT_NONE;

    if (at >= 0 && cli_range("complete", "limit", a.limit, 1, 1000)) {
        if (argc - at != 1)
            cli_error("complete", "give one text (see 'fihrist complete --help')");
        else if (cli_indexes(&a.indexes, "complete"))
            status = cli_finish("complete", run(&a, argv[at]));
    }
    free(a.indexes.items);
    return status;
}
