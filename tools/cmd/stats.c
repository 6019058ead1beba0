/* stats.c - fihrist stats: what an index holds and where its bytes go. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "out/out.h"
#include "read/shard.h"

static int cmd_stats_run(int argc, char **argv);

const struct command cmd_stats = {
    "stats", "stats [OPTION]... [-i INDEX]... | --global FILE [INDEX]...",
    "print the contents of an index and its size by part",
    cmd_stats_run,
};

struct part { const char *name; uint64_t n; };

enum { PARTS = 9 };

static void list_parts(struct part parts[PARTS], const fih_stats *s)
{
    const struct part all[PARTS] = {
        { "dictionary", s->bytes_dictionary }, { "postings", s->bytes_postings }, { "positions", s->bytes_positions },
        { "norms", s->bytes_norms }, { "stored", s->bytes_stored }, { "ids", s->bytes_ids },
        { "columns", s->bytes_columns }, { "deletes", s->bytes_deletes }, { "notes", s->bytes_notes },
    };

    memcpy(parts, all, sizeof all);
}

enum { COUNTS = 6 };

static void list_counts(struct part counts[COUNTS], const fih_stats *s)
{
    const struct part all[COUNTS] = {
        { "documents", s->documents }, { "deleted", s->deleted }, { "words", s->tokens },
        { "terms", s->terms }, { "postings", s->postings }, { "segments", s->segments },
    };

    memcpy(counts, all, sizeof all);
}

/* --- for people --- */

static void label(const char *name)
{
    printf("%-13s", name);
}

static void row_count(const char *name, uint64_t n)
{
    label(name);
    out_count(stdout, n);
    putchar('\n');
}

static void row_text(const char *name, const char *text)
{
    label(name);
    out_text(stdout, out_str(text));
    putchar('\n');
}

/* Right-aligned in ten columns, for the figures that stand below one another. */
static void bytes_cell(uint64_t n)
{
    char text[32] = "";
    FILE *f = fmemopen(text, sizeof text, "w");

    if (!f)
        return;
    out_bytes(f, n);
    fclose(f);
    printf("%10s", text);
}

static void row_bytes(const char *name, uint64_t n, uint64_t all)
{
    printf("  %-12s", name);
    bytes_cell(n);
    printf("  %5.1f %%\n", all > 0 ? 100.0 * (double)n / (double)all : 0.0);
}

static void row_last_commit(const fih_stats *s)
{
    label("last commit");
    if (s->last_commit == 0)
        fputs("never", stdout);
    else
        out_time(stdout, s->last_commit);
    printf(" (number %" PRIu64 ")\n", s->generation);
}

static void row_fields(const fih_fields *fields)
{
    for (size_t i = 0; i < fih_fields_count(fields); i++) {
        label(i == 0 ? "fields" : "");
        printf("%s:%s, ", fih_fields_at(fields, i)->name, fih_fields_at(fields, i)->kind_name);
        out_count(stdout, fih_fields_at(fields, i)->docs);
        fputs(" documents\n", stdout);
    }
}

static void print_human(const struct cli_list *indexes, const fih_stats *s, const fih_fields *fields,
                        const struct shard *shard)
{
    struct part parts[PARTS], counts[COUNTS];

    list_parts(parts, s);
    list_counts(counts, s);
    for (size_t i = 0; i < indexes->count; i++)
        row_text(i == 0 ? "index" : "", indexes->items[i]);
    if (shard->number > 0)
        row_text("shard", shard->text);
    for (size_t i = 0; i < COUNTS; i++)
        row_count(counts[i].name, counts[i].n);
    row_last_commit(s);
    label("weights");
    printf("title %g, body %g\n", (double)s->title_weight, (double)s->body_weight);
    row_fields(fields);
    label("format");
    printf("%" PRIu32 ".%" PRIu32 "\n", s->format_major, s->format_minor);
    row_text("analyzer", s->analyzer);
    row_text("", s->analyzer_text);
    if (s->needs_rebuild) {
        label("");
        puts("not that of this version: to search or add, rebuild the index (fihrist-rebuild(1))");
    }
    fputs("\nbytes by part, of the file\n", stdout);
    for (size_t i = 0; i < PARTS; i++)
        row_bytes(parts[i].name, parts[i].n, s->bytes_file);
    row_bytes("pages in use", s->bytes_live, s->bytes_file);
    row_bytes("file", s->bytes_file, s->bytes_file);
}

/* --- JSON --- */

static void member_count(const char *name, uint64_t n)
{
    printf("\"%s\":%" PRIu64 ",", name, n);
}

static void member_text(const char *name, const char *text)
{
    printf("\"%s\":", name);
    out_json(stdout, out_str(text));
    putchar(',');
}

static void json_bytes(const fih_stats *s)
{
    struct part parts[PARTS];

    list_parts(parts, s);
    fputs("\"bytes\":{", stdout);
    for (size_t i = 0; i < PARTS; i++)
        member_count(parts[i].name, parts[i].n);
    member_count("live", s->bytes_live);
    printf("\"total\":%" PRIu64 "},", s->bytes_file);
}

static void json_last_commit(const fih_stats *s)
{
    fputs("\"last_commit\":", stdout);
    if (s->last_commit == 0) {
        fputs("null", stdout);
        return;
    }
    putchar('"');
    out_time(stdout, s->last_commit);
    putchar('"');
}

static void json_fields(const fih_fields *fields)
{
    fputs("\"fields\":[", stdout);
    for (size_t i = 0; i < fih_fields_count(fields); i++) {
        fputs(i > 0 ? ",{" : "{", stdout);
        member_text("name", fih_fields_at(fields, i)->name);
        member_text("kind", fih_fields_at(fields, i)->kind_name);
        printf("\"documents\":%" PRIu64 "}", fih_fields_at(fields, i)->docs);
    }
    fputs("],", stdout);
}

static void json_indexes(const struct cli_list *indexes)
{
    if (indexes->count == 1) {
        member_text("index", indexes->items[0]);
        return;
    }
    fputs("\"indexes\":[", stdout);
    for (size_t i = 0; i < indexes->count; i++) {
        fputs(i > 0 ? "," : "", stdout);
        out_json(stdout, out_str(indexes->items[i]));
    }
    fputs("],", stdout);
}

static void print_json(const struct cli_list *indexes, const fih_stats *s, const fih_fields *fields,
                       const struct shard *shard)
{
    struct part counts[COUNTS];

    list_counts(counts, s);
    fputs("{\"schema\":1,", stdout);
    json_indexes(indexes);
    if (shard->number > 0)
        member_text("shard", shard->text);
    for (size_t i = 0; i < COUNTS; i++)
        member_count(counts[i].name, counts[i].n);
    member_count("generation", s->generation);
    json_bytes(s);
    printf("\"title_weight\":%g,\"body_weight\":%g,", (double)s->title_weight, (double)s->body_weight);
    json_fields(fields);
    member_text("analyzer", s->analyzer);
    member_text("analyzer_text", s->analyzer_text);
    printf("\"needs_rebuild\":%s,", s->needs_rebuild ? "true" : "false");
    printf("\"format\":\"%" PRIu32 ".%" PRIu32 "\",", s->format_major, s->format_minor);
    json_last_commit(s);
    fputs("}\n", stdout);
}

/* Of one index: the shard that it remembers. */
static int find_shard(struct shard *shard, const fih_reader *r, fih_error *err)
{
    *shard = (struct shard){ 0, 0, "" };
    return fih_reader_index_count(r) > 1 ? FIH_OK : shard_of(shard, r, err);
}

/* Asked for again where they are refused because the snapshot is gone. */
static int find_all(fih_stats *s, fih_fields **fields, struct shard *shard, const struct cli_list *indexes,
                    fih_error *err)
{
    unsigned tries = 0;
    int rc;

    do {
        fih_reader *r = NULL;

        if ((rc = fih_reader_open_many(&r, indexes->items, indexes->count, err)) == FIH_OK &&
            (rc = fih_reader_stats(s, r, err)) == FIH_OK && (rc = find_shard(shard, r, err)) == FIH_OK)
            rc = fih_reader_fields(fields, r, err);
        fih_reader_close(r);
    } while (cli_again(rc, &tries));
    return rc;
}

/* --global: the statistics of all of them into a file. */
static int write_global(const struct cli_list *indexes, const char *path, fih_error *err)
{
    unsigned tries = 0;
    int rc;

    do {
        fih_reader *r = NULL;

        if ((rc = fih_reader_open_many(&r, indexes->items, indexes->count, err)) == FIH_OK)
            rc = fih_global_write(r, path, err);
        fih_reader_close(r);
    } while (cli_again(rc, &tries));
    return rc == FIH_OK ? EXIT_DONE : cli_fail("stats", err);
}

/* With --global, words are indexes as well: `stats --global OUT *.fih`. */
static bool take_words(struct cli_list *indexes, int argc, int at, char **argv)
{
    const char **const more = realloc(indexes->items, (indexes->count + (size_t)(argc - at) + 1) * sizeof *more);

    if (!more) {
        cli_error("stats", "out of memory");
        return false;
    }
    indexes->items = more;
    while (at < argc)
        indexes->items[indexes->count++] = argv[at++];
    return true;
}

static int cmd_stats_run(int argc, char **argv)
{
    struct cli_list indexes = { NULL, 0 };
    const char *global = NULL;
    bool json = false;
    const struct cli_opt opts[] = {
        { 'i', "index", CLI_LIST, &indexes, "INDEX", "the index, or several; default $FIHRIST_INDEX" },
        { 0, "json", CLI_FLAG, &json, NULL, "one JSON object, schema 1" },
        { 0, "global", CLI_STRING, &global, "FILE", "write the statistics of all these indexes to FILE" },
    };
    fih_stats s = FIH_STATS_INIT;
    fih_fields *fields = NULL;
    struct shard shard;
    int status = EXIT_DONE, at = cli_parse(&cmd_stats, argc, argv, opts, sizeof opts / sizeof *opts);
    fih_error err;

    if (at < 0 || !(global ? take_words(&indexes, argc, at, argv) : cli_no_words(&cmd_stats, argc, at, argv)) ||
        !cli_indexes(&indexes, "stats"))
        status = EXIT_NONE;
    else if (global)
        status = write_global(&indexes, global, &err);
    else if (find_all(&s, &fields, &shard, &indexes, &err) != FIH_OK)
        status = cli_fail("stats", &err);
    else if (json)
        print_json(&indexes, &s, fields, &shard);
    else
        print_human(&indexes, &s, fields, &shard);
    free(indexes.items);
    fih_fields_free(fields);
    return cli_finish("stats", status);
}
