/* show.c - fihrist show: stored documents, for people, as JSON, or one field's bytes. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "out/out.h"
#include "read/record.h"

static int cmd_show_run(int argc, char **argv);

const struct command cmd_show = {
    "show", "show [OPTION]... [-i INDEX]... ID...", "print stored documents", cmd_show_run,
};

struct show_args {
    struct cli_list indexes;
    const char     *field;
    bool            json;
};

/* Field by field, the body last and as it is: lines and indentation stay. */
static void show_human(const fih_stored *doc)
{
    const bool colour = out_colour(stdout);
    const fih_str body = fih_stored_get(doc, "body");
    const fih_field *field;

    for (size_t i = 0; (field = fih_stored_at(doc, i)) != NULL; i++) {
        if (field->name.len == 4 && memcmp(field->name.ptr, "body", 4) == 0)
            continue;
        fputs(colour ? "\033[1m" : "", stdout);
        out_text_bare(stdout, field->name);
        fputs(colour ? ":\033[0m " : ": ", stdout);
        out_text(stdout, field->value);
        putchar('\n');
    }
    if (body.len > 0) {
        putchar('\n');
        out_block(stdout, body);
    }
}

static void show_json(fih_str id, const fih_stored *doc)
{
    fputs("{\"schema\":1,\"id\":", stdout);
    out_json(stdout, id);
    putchar(',');
    record_json(stdout, doc, true);
    fputs("}\n", stdout);
}

/* The bytes of one field, nothing added: for files and pipes. */
static int show_field(const char *id, const fih_stored *doc, const char *name)
{
    const fih_str value = fih_stored_get(doc, name);

    if (value.len == 0) {
        cli_error("show", "document '%s' has no field '%s'", id, name);
        return EXIT_NONE;
    }
    fwrite(value.ptr, 1, value.len, stdout);
    return EXIT_DONE;
}

static int show_one(const struct show_args *a, fih_reader *r, const char *id, bool is_first)
{
    fih_stored *doc = NULL;
    int status = EXIT_DONE, rc;
    unsigned tries = 0;
    fih_docno n;
    fih_error err;

    while ((rc = fih_reader_find(&n, r, fih_str_of(id), &err)) != FIH_OK ||
           (rc = fih_reader_doc(&doc, r, n, &err)) != FIH_OK)
        if (!cli_again(rc, &tries) || (rc = fih_reader_renew(NULL, r, &err)) != FIH_OK)
            break;
    if (rc == FIH_E_NOTFOUND) {
        cli_error("show", "no document '%s'", id);
        return EXIT_NONE;
    }
    if (rc != FIH_OK)
        return cli_fail("show", &err);
    if (a->field)
        status = show_field(id, doc, a->field);
    else if (a->json)
        show_json(out_str(id), doc);
    else {
        fputs(is_first ? "" : "\n", stdout);
        show_human(doc);
    }
    fih_stored_free(doc);
    return status;
}

static int cmd_show_run(int argc, char **argv)
{
    struct show_args a = { .json = false };
    const struct cli_opt opts[] = {
        { 'i', "index", CLI_LIST, &a.indexes, "INDEX", "the index, or several; default $FIHRIST_INDEX" },
        { 0, "json", CLI_FLAG, &a.json, NULL, "one JSON object a line, schema 1" },
        { 0, "field", CLI_STRING, &a.field, "NAME", "print only the bytes of this field" },
    };
    fih_reader *r = NULL;
    int status = EXIT_DONE, at;
    fih_error err;

    if ((at = cli_parse(&cmd_show, argc, argv, opts, sizeof opts / sizeof *opts)) < 0) {
        status = EXIT_NONE;
    } else if (at == argc || (a.json && a.field)) {
        cli_error("show", "%s (see 'fihrist show --help')",
                  at == argc ? "no id given" : "--json and --field cannot be combined");
        status = EXIT_NONE;
    } else if (!cli_indexes(&a.indexes, "show")) {
        status = EXIT_NONE;
    } else if (fih_reader_open_many(&r, a.indexes.items, a.indexes.count, &err) != FIH_OK) {
        status = cli_fail("show", &err);
    }
    for (int i = at; r && i < argc && status != EXIT_TROUBLE; i++) {
        const int one = show_one(&a, r, argv[i], i == at);

        status = one > status ? one : status;
    }
    fih_reader_close(r);
    free(a.indexes.items);
    return cli_finish("show", status);
}
