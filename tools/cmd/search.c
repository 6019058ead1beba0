/* search.c - fihrist search: options, one query or a batch, an exit code. hits.c prints, batch.c runs many. */
#include <string.h>
#include <stdlib.h>
#include <unistd.h>

#include "eval/batch.h"
#include "cli.h"
#include "out/facets.h"
#include "out/hits.h"
#include "out/hits_html.h"
#include "out/lang.h"
#include "read/input.h"
#include "out/out.h"
#include "cmd/search_opts.h"
#include "out/why.h"
#include "out/wrap.h"

static int cmd_search_run(int argc, char **argv);

const struct command cmd_search = {
    "search", "search [OPTION]... [-i INDEX]... QUERY...", "find documents, best first", cmd_search_run,
};

enum { SYNONYMS_MAX_BYTES = 1 << 20 };

struct search_args {
    struct cli_list    indexes;
    const char        *format, *queries, *mark, *facets, *synonyms, *like, *global;
    bool               json, verbose, cursor;
    const char        *link_base;
    uint32_t           threads;
    struct search_opts search;
    struct hits_style  style;
    uint64_t           asked;      /* of the options and synonyms */
};

/* --- options --- */

static int usage_error(const char *option, const char *value, const char *want)
{
    cli_error("search", "--%s: '%s' is not %s", option, value, _(want));
    return EXIT_NONE;
}

static int read_format(struct search_args *a)
{
    static const char *const names[] = { "human", "json", "trec", "tsv", "ids", "html" }; /* enum hits_format */

    if (a->json && a->format && strcmp(a->format, "json") != 0)
        return usage_error("format", a->format, N_("json, which --json asks for"));
    if (a->json)
        a->format = "json";
    for (size_t i = 0; a->format && i < sizeof names / sizeof *names; i++) {
        if (strcmp(a->format, names[i]) == 0) {
            a->style.format = (enum hits_format)i;
            return EXIT_DONE;
        }
    }
    return a->format ? usage_error("format", a->format, N_("human, json, trec, tsv, ids or html")) : EXIT_DONE;
}

static int read_marks(struct search_args *a)
{
    if (strcmp(a->mark, "auto") == 0)
        a->style.marks = out_colour(stdout) ? MARKS_COLOUR : MARKS_BRACKETS;
    else if (strcmp(a->mark, "colour") == 0)
        a->style.marks = MARKS_COLOUR;
    else if (strcmp(a->mark, "brackets") == 0)
        a->style.marks = MARKS_BRACKETS;
    else if (strcmp(a->mark, "none") == 0)
        a->style.marks = MARKS_NONE;
    else
        return usage_error("mark", a->mark, N_("auto, colour, brackets or none"));
    return EXIT_DONE;
}

static int check_numbers(const struct search_args *a)
{
    if (!cli_range("search", "limit", a->search.opts.limit, 1, FIH_MAX_LIMIT) ||
        !cli_range("search", "offset", a->search.opts.offset, 0, FIH_MAX_LIMIT - a->search.opts.limit) ||
        !cli_range("search", "threads", a->threads, 1, 64))
        return EXIT_NONE;
    return EXIT_DONE;
}

/* What the options mean together; an exit code. */
static int settle(struct search_args *a, int words)
{
    int status;

    if ((status = check_numbers(a)) != EXIT_DONE || (status = search_opts_settle(&a->search, "search")) != EXIT_DONE ||
        (status = read_format(a)) != EXIT_DONE || (status = read_marks(a)) != EXIT_DONE)
        return status;
    a->style.verbose = a->verbose;
    a->style.on_terminal = isatty(STDOUT_FILENO) != 0;
    a->style.columns = a->style.format == HITS_HUMAN ? wrap_columns() : 0;
    const bool is_bare = a->style.format == HITS_TREC || a->style.format == HITS_TSV || a->style.format == HITS_IDS;
    if (a->style.explain && is_bare) {
        cli_error("search", "--explain does not work with --format %s", a->format);
        return EXIT_NONE;
    }
    if ((a->facets || a->cursor) && (a->queries || is_bare)) {
        cli_error("search", "--facet and --cursor need one query, and --format human, json or html");
        return EXIT_NONE;
    }
    if (a->queries && a->style.format == HITS_HTML) {
        cli_error("search", "--format html shows one query: it does not work with --queries");
        return EXIT_NONE;
    }
    if (a->link_base && a->style.format != HITS_HTML) {
        cli_error("search", "--link-base needs --format html");
        return EXIT_NONE;
    }
    if (a->link_base && !page_is_base(a->link_base))
        return usage_error("link-base", a->link_base,
                           N_("an address such as https://example.org/search or search.cgi"));
    if (a->search.after && (a->search.opts.offset || a->queries)) {
        cli_error("search", "--after does not work with --offset or --queries");
        return EXIT_NONE;
    }
    if (a->global && (a->style.format != HITS_JSON || a->style.explain || a->facets || a->cursor || a->search.after ||
                      a->search.opts.offset || a->search.sort || a->search.opts.collapse || a->like)) {
        cli_error("search", "--global needs --json, and does not work with --offset, --sort, --collapse, --cursor, "
                            "--after, --facet, --explain or --like");
        return EXIT_NONE;
    }
    if (a->like && (words > 0 || a->queries)) {
        cli_error("search", "give a query or --like, not both");
        return EXIT_NONE;
    }
    if (!a->like && (words == 0) != (a->queries != NULL)) {
        cli_error("search", "%s (see 'fihrist search --help')",
                  a->queries ? _("give a query or --queries, not both") : _("no query given"));
        return EXIT_NONE;
    }
    return EXIT_DONE;
}

/* --- one query --- */

/* Where the next page begins, if there is one. */
static void print_cursor(const struct search_args *a, const fih_hits *list, FILE *out)
{
    const fih_str cursor = fih_hits_cursor(list);

    if (cursor.len == 0)
        return;
    if (a->style.format == HITS_JSON)
        fprintf(out, "{\"schema\":1,\"cursor\":\"%s\"}\n", cursor.ptr);
    else
        fprintf(out, "%s --after %s\n", _("next page:"), cursor.ptr);
}

/* What fih_suggest() says of where a word comes from, in the language of the command. */
static const char *reason(const char *how)
{
    static const char *const known[] = { N_("another keyboard"), N_("spelling"), N_("Latin letters for Arabic") };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i], how) == 0)
            return _(known[i]);
    return how;
}

/* What else could have been meant, if the index knows. */
static void suggest(const struct search_args *a, fih_reader *r, const char *text, FILE *out)
{
    fih_suggestion *other;

    if (fih_suggest(&other, r, fih_str_of(text), &a->search.opts, NULL) != FIH_OK || !other)
        return;
    if (a->style.format == HITS_JSON) {
        fputs("{\"schema\":1,\"suggestion\":", out);
        out_json(out, other->text);
        fprintf(out, ",\"reason\":\"%s\"}\n", other->how);
    } else {
        fprintf(stderr, "fihrist search: %s ", _("did you mean"));
        out_text(stderr, other->text);
        fprintf(stderr, "%s (%s)\n", _("?"), reason(other->how));
    }
    fih_suggestion_free(other);
}

/* The sets of --synonyms; NULL without the option. An exit code. */
static int load_synonyms(struct search_args *a, fih_reader *r, fih_synonyms **out)
{
    struct why why = { "" };
    char *text = NULL;
    size_t n;
    int status = EXIT_DONE;
    fih_error err;

    if (!a->synonyms)
        return EXIT_DONE;
    if (input_load(a->synonyms, SYNONYMS_MAX_BYTES, &text, &n, &why) != 0) {
        cli_error("search", "--synonyms: '%s': %s", a->synonyms, why.text);
        return EXIT_TROUBLE;
    }
    if (fih_synonyms_new(out, r, (fih_str){text, n}, &err) != FIH_OK)
        status = cli_fail("search", &err);
    a->asked = hits_asked(a->asked, (fih_str){text, n});
    free(text);
    return status;
}

/* The query with its synonyms in place of the one parsed. */
static int add_synonyms(fih_query **q, fih_reader *r, const fih_synonyms *s, fih_error *err)
{
    fih_query *more = NULL;
    const int rc = s ? fih_query_expand(&more, *q, s, r, err) : FIH_OK;

    if (more) {
        fih_query_free(*q);
        *q = more;
    }
    return rc;
}

/* What is not there any more is for search_whole(). */
static int fail_search(const fih_error *err)
{
    return err->code == FIH_E_STALE ? FIH_E_STALE : cli_fail("search", err);
}

/* Little was found, and all of it is on this page: what else the roots of the words find, up to ten hits in all. Not in
 * formats that programs read hits from without looking how they were found. more->list is NULL if there is nothing. */
static int search_roots(const struct search_args *a, struct hits *more, fih_search_opts *o, const struct hits *h,
                        fih_error *err)
{
    enum { FEW = 10 };
    const size_t count = fih_hits_count(h->list), most = a->search.opts.limit < FEW ? a->search.opts.limit : FEW;
    uint64_t total;
    int rc;

    *o = a->search.opts;
    *more = (struct hits){ h->reader, h->query, o, h->qid, h->text, NULL, h->list, 0, 0, 0 };
    if (a->search.match || a->like || a->global || o->offset || o->after.len || o->sort != FIH_SORT_SCORE || o->order ||
        o->collapse || count >= most)
        return FIH_OK;
    o->match = FIH_MATCH_BROAD;
    o->limit = FEW;
    o->count_all = 1;
    if ((rc = fih_search(&more->list, h->reader, h->query, o, err)) != FIH_OK)
        return rc;
    total = fih_hits_total(more->list) - count;
    more->most = total < most - count ? (size_t)total : most - count;
    if (more->most == 0) {
        fih_hits_free(more->list);
        more->list = NULL;
    }
    return FIH_OK;
}

/* An exit code, or FIH_E_STALE without a message. */
static int search_one(const struct search_args *a, fih_reader *r, const fih_synonyms *synonyms, const char *text,
                      FILE *out)
{
    struct hits h = { r, NULL, &a->search.opts, { NULL, 0 }, out_str(a->like ? a->like : text), NULL, NULL, 0, 0, 0 };
    struct hits more;
    const bool is_bare = a->style.format == HITS_TREC || a->style.format == HITS_TSV || a->style.format == HITS_IDS;
    fih_search_opts broad;
    fih_query *q = NULL;
    fih_docno doc;
    int status = EXIT_DONE;
    fih_error err;

    more.list = NULL;
    h.asked = hits_asked(hits_asked(a->asked, h.qid), h.text);
    if (a->like) {
        if (fih_reader_find(&doc, r, fih_str_of(a->like), &err) != FIH_OK ||
            fih_query_like(&q, r, doc, &err) != FIH_OK) {
            status = fail_search(&err);
            goto out;
        }
    } else if (fih_query_parse(&q, fih_str_of(text), &err) != FIH_OK) {
        status = err.code == FIH_E_STALE ? FIH_E_STALE : search_opts_fail("search", out_str(text), &err);
        goto out;
    }
    if (add_synonyms(&q, r, synonyms, &err) != FIH_OK) {
        status = fail_search(&err);
        goto out;
    }
    h.query = q;
    if (a->facets && facets_check(r, a->facets, &err) != FIH_OK) {
        status = fail_search(&err);
        goto out;
    }
    if (fih_search(&h.list, r, q, &a->search.opts, &err) != FIH_OK) {
        status = err.code == FIH_E_STALE ? FIH_E_STALE : search_opts_fail("search", out_str(text), &err);
        goto out;
    }
    if (!is_bare && search_roots(a, &more, &broad, &h, &err) != FIH_OK) {
        status = fail_search(&err);
        goto out;
    }
    if (a->style.format == HITS_HTML) {
        const struct page page = { a->facets, a->link_base, a->cursor, a->like != NULL, more.list ? &more : NULL };

        if (hits_html(out, &a->style, &h, &page, &err) != FIH_OK)
            status = fail_search(&err);
        else if (fih_hits_count(h.list) == 0)
            status = EXIT_NONE;
        goto out;
    }
    if (fih_hits_count(h.list) == 0) {
        if (!a->global)                        /* other pieces may have it */
            why_print(&h);
        status = EXIT_NONE;
        if (more.list && hits_print(out, &a->style, &more, &err) != FIH_OK) {
            status = fail_search(&err);
            goto out;
        }
        if (!a->like && !a->global)
            suggest(a, r, text, out);
        hits_end(out, r, h.asked, 1, 0);
        goto out;
    }
    if (hits_print(out, &a->style, &h, &err) != FIH_OK ||
        (more.list && hits_print(out, &a->style, &more, &err) != FIH_OK) ||
        (a->facets && facets_print(out, &a->style, &h, a->facets, &err) != FIH_OK)) {
        status = fail_search(&err);
        goto out;
    }
    if (!a->like && !a->global && fih_hits_before(h.list) == 0 &&
        (a->style.format == HITS_HUMAN || a->style.format == HITS_JSON))
        suggest(a, r, text, out);
    if (a->cursor)
        print_cursor(a, h.list, out);
    if (!ferror(out))
        hits_end(out, r, h.asked, 1, fih_hits_count(h.list));
out:
    fih_hits_free(more.list);
    fih_hits_free(h.list);
    fih_query_free(q);
    return status;
}

enum { HELD_MOST = 10000, PIECE = 512 };

/* In pieces, on after a failure: cli_finish() finds out why the last ones cannot be written. */
static void write_out(const char *page, size_t bytes)
{
    for (size_t at = 0; at < bytes; at += PIECE)
        fwrite(page + at, 1, bytes - at < PIECE ? bytes - at : PIECE, stdout);
}

/* Into memory first, so that of an answer that has to be begun anew nothing is printed; not of a list that is long. */
static int search_whole(const struct search_args *a, fih_reader *r, const fih_synonyms *synonyms, const char *text)
{
    unsigned tries = 0;
    int status;
    fih_error err;

    do {
        char *page = NULL;
        size_t bytes = 0;
        FILE *out = a->search.opts.limit <= HELD_MOST ? open_memstream(&page, &bytes) : stdout;

        if (tries > 0 && fih_reader_renew(NULL, r, &err) != FIH_OK) {
            status = cli_fail("search", &err);
        } else if (!out) {
            cli_error("search", "out of memory");
            status = EXIT_TROUBLE;
        } else {
            status = search_one(a, r, synonyms, text, out);
        }
        if (out && out != stdout && fclose(out) != 0 && status >= 0) {
            cli_error("search", "out of memory");
            status = EXIT_TROUBLE;
        } else if (out != stdout && status >= 0 && bytes > 0) {
            write_out(page, bytes);
        }
        free(page);
    } while (a->search.opts.limit <= HELD_MOST && cli_again(status, &tries));
    if (status != FIH_E_STALE)
        return status;
    cli_error("search", "the index changes faster than it can be read: try again");
    return EXIT_BUSY;
}

/* --- the command --- */

static int run(struct search_args *a, int words, char **argv)
{
    fih_synonyms *synonyms = NULL;
    fih_reader *r = NULL;
    char *text = NULL;
    int status = EXIT_TROUBLE;
    fih_error err;

    if (!(text = search_opts_join(argv, words))) {
        cli_error("search", "out of memory");
        goto out;
    }
    if (fih_reader_open_many(&r, a->indexes.items, a->indexes.count, &err) != FIH_OK) {
        status = cli_fail("search", &err);
        goto out;
    }
    if (a->global && fih_reader_use_global(r, a->global, &err) != FIH_OK) {
        status = cli_fail("search", &err);
        goto out;
    }
    if (a->global && a->search.opts.today == FIH_TODAY)
        a->search.opts.today = fih_date_today();   /* one day, also where midnight passes */
    a->asked = search_opts_asked(&a->search, a->search.today || strchr(text, ':'));
    if ((status = load_synonyms(a, r, &synonyms)) != EXIT_DONE)
        goto out;
    if (a->queries) {
        const struct batch b = { "search", a->queries, NULL, stdout, a->threads, r, &a->search.opts, &a->style,
                                 synonyms, a->asked };

        status = batch_run(&b);
    } else {
        status = search_whole(a, r, synonyms, text);
    }
out:
    fih_synonyms_free(synonyms);
    fih_reader_close(r);
    free(text);
    return status;
}

static int cmd_search_run(int argc, char **argv)
{
    struct search_args a = { .mark = "auto", .threads = 1, .search.opts = FIH_SEARCH_OPTS_INIT,
                             .style.tag = "fihrist" };
    const struct cli_opt opts[] = {
        { 'i', "index", CLI_LIST, &a.indexes, "INDEX", "the index, or several; default $FIHRIST_INDEX" },
        { 'n', "limit", CLI_UINT, &a.search.opts.limit, "N", "print at most N hits (default 10)" },
        { 0, "offset", CLI_UINT, &a.search.opts.offset, "N", "skip the N best hits" },
        SEARCH_OPTIONS(a.search),
        { 0, "sort", CLI_STRING, &a.search.sort, "ORDER", "score (default), newest, oldest or fields: -date,pages" },
        { 0, "collapse", CLI_STRING, &a.search.opts.collapse, "FIELD", "one hit for each value, or story: similar" },
        { 0, "timeout", CLI_UINT, &a.search.opts.timeout_ms, "MS", "time limit in milliseconds" },
        { 0, "like", CLI_STRING, &a.like, "ID", "find documents similar to this one" },
        { 0, "synonyms", CLI_STRING, &a.synonyms, "FILE", "synonyms: one set a line, separated by commas" },
        { 0, "global", CLI_STRING, &a.global, "FILE", "rank a piece with the statistics of all (with --json)" },
        { 0, "cursor", CLI_FLAG, &a.cursor, NULL, "print where the next page begins, for --after" },
        { 0, "after", CLI_STRING, &a.search.after, "CURSOR", "continue after an earlier page" },
        { 0, "facet", CLI_STRING, &a.facets, "LIST", "count by fields: section, date:year, pages:100" },
        { 0, "link-base", CLI_STRING, &a.link_base, "URL", "make links of the form URL?q=QUERY (html)" },
        { 'v', "verbose", CLI_FLAG, &a.verbose, NULL, "print scores" },
        { 0, "explain", CLI_FLAG, &a.style.explain, NULL, "print how each score is computed" },
        { 0, "mark", CLI_STRING, &a.mark, "HOW", "mark matching words: colour, brackets, none or auto" },
        { 0, "json", CLI_FLAG, &a.json, NULL, "one JSON object a line, schema 1" },
        { 0, "format", CLI_STRING, &a.format, "NAME", "human (default), json, html, tsv, ids or trec" },
        { 0, "tag", CLI_STRING, &a.style.tag, "NAME", "name of the run (trec), default fihrist" },
        { 0, "queries", CLI_STRING, &a.queries, "FILE", "lines ID<TAB>PLAIN WORDS; - is standard input" },
        { 0, "threads", CLI_UINT, &a.threads, "N", "search N queries at once (with --queries)" },
    };
    int at, status;

    a.search.opts.limit = 10;
    if ((at = cli_parse_first(&cmd_search, argc, argv, opts, sizeof opts / sizeof *opts)) < 0)
        status = EXIT_NONE;
    else if ((status = settle(&a, argc - at)) == EXIT_DONE)
        status = cli_indexes(&a.indexes, "search") ? cli_finish("search", run(&a, argc - at, argv + at)) : EXIT_NONE;
    free(a.indexes.items);
    return status;
}
