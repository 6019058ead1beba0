/* gather.c - fihrist gather: the lists of the pieces of a collection as the one list of the whole.
 *
 * A list is what fihrist search --global --json prints: a hit a line, whose member "global" says its score after each
 * pass, and how many of the whole list get each. fihrist.h, fih_reader_use_global(), says how these are put together;
 * this is that, query by query, so that lists of many queries need no more memory than one query's hits. Lists are
 * taken in the order of the command line, which settles equal scores.
 *
 * A list ends with a line that says so, for the list of a search that failed looks like one of fewer hits; and it says
 * what was asked for. Of files that line is read first, so that nothing is printed where they do not go together.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "read/json_line.h"

static int cmd_gather_run(int argc, char **argv);

const struct command cmd_gather = {
    "gather", "gather [OPTION]... LIST...", "make one list of those of pieces, searched with --global", cmd_gather_run,
};

enum { MARK = 24, END_MOST = 512 };    /* END_MOST: bytes of a last line */

struct hit {
    char    *line;                     /* new */
    size_t   list;
    uint64_t query, most, roots_depth, places_depth, number;
    float    first, rooted, score, last;       /* last: its score in the whole list */
    char     file[MARK];               /* the statistics that it was ranked with */
    char     asked[MARK];              /* the query and the options */
};

/* The last line of a list. hits: of all its queries. */
struct end {
    uint64_t hits;
    char     file[MARK], asked[MARK];
};

/* One input, and the hit that it stands on. */
struct list {
    const char *name;
    FILE       *in;
    char       *text;
    size_t      room;
    uint64_t    lines, count;          /* count: hits of the query at hand */
    struct hit  next;
    bool        has_next;
    dev_t       device;
    ino_t       inode;
};

struct gather {
    struct list      *lists;
    size_t            list_count;
    struct hit       *hits;            /* of the query at hand */
    size_t            count, cap;
    uint64_t          found;
    uint32_t          limit, offset;
    struct json_line *json, *inner;
    struct end        end;             /* of the first list whose end was read */
    bool              has_end;
};

/* --- reading --- */

static int complain(const struct list *l, const char *why)
{
    cli_error("gather", "%s:%" PRIu64 ": %s", l->name, l->lines, why);
    return EXIT_TROUBLE;
}

static int complain_of_end(const char *name)
{
    cli_error("gather", "%s is not whole, it has no last line: its search failed or is not over; search the piece "
                        "again", name);
    return EXIT_TROUBLE;
}

static int out_of_memory(void)
{
    cli_error("gather", "out of memory");
    return EXIT_TROUBLE;
}

static const struct json_member *find(const struct json_member *m, size_t count, const char *key, enum json_kind kind)
{
    for (size_t i = 0; i < count; i++)
        if (m[i].kind == kind && m[i].key.len == strlen(key) && memcmp(m[i].key.ptr, key, m[i].key.len) == 0)
            return &m[i];
    return NULL;
}

/* A member that must be a number; numbers are short. */
static bool take_text(char out[32], const struct json_member *m, size_t count, const char *key)
{
    const struct json_member *const n = find(m, count, key, JSON_MEMBER_NUMBER);

    if (!n || n->value.len >= 32)
        return false;
    memcpy(out, n->value.ptr, n->value.len);
    out[n->value.len] = '\0';
    return true;
}

static bool take_count(uint64_t *out, const struct json_member *m, size_t count, const char *key)
{
    char text[32], *end;

    if (!take_text(text, m, count, key))
        return false;
    errno = 0;
    *out = strtoull(text, &end, 10);
    return *end == '\0' && *text != '-' && errno == 0;
}

static bool take_score(float *out, const struct json_member *m, size_t count, const char *key)
{
    char text[32], *end;

    if (!take_text(text, m, count, key))
        return false;
    *out = strtof(text, &end);
    return *end == '\0' && isfinite(*out);
}

/* A short text, such as a number in hexadecimal. */
static bool take_mark(char out[MARK], const struct json_member *m, size_t count, const char *key)
{
    const struct json_member *const t = find(m, count, key, JSON_MEMBER_TEXT);

    if (!t || t->value.len >= MARK)
        return false;
    memcpy(out, t->value.ptr, t->value.len);
    out[t->value.len] = '\0';
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The members of a line, borrowed until the next; NULL if it is no object. */
static const struct json_member *parse(struct json_line *j, fih_str text, size_t *count)
{
    const struct json_member *m;
    struct json_place place;
    struct why why;

    if (text.len < 2 || text.ptr[0] != '{' || text.ptr[text.len - 1] != '}' ||
        json_line_begin(j, text.ptr, text.len, &why) != 0 || json_line_next(j, &m, count, &place, &why) != 1)
        return NULL;
    return m;
}

/* Nothing but the one object that parse() gave the members of, which are lost with it. */
static bool is_all(struct json_line *j)
{
    const struct json_member *m;
    struct json_place place;
    struct why why;
    size_t count;

    return json_line_next(j, &m, &count, &place, &why) == 0;
}

/* The members of the line's member "global". */
static const struct json_member *parse_global(struct gather *g, const struct json_member *m, size_t count,
                                              size_t *inner_count)
{
    const struct json_member *const global = m ? find(m, count, "global", JSON_MEMBER_OBJECT) : NULL;

    return global ? parse(g->inner, global->value, inner_count) : NULL;
}

static bool read_hit(struct gather *g, struct hit *h, fih_str text)
{
    size_t count, inner_count = 0;
    const struct json_member *const m = parse(g->json, text, &count);
    const struct json_member *const inner = parse_global(g, m, count, &inner_count);

    return inner && take_mark(h->file, inner, inner_count, "file") &&
           take_mark(h->asked, inner, inner_count, "asked") && take_score(&h->score, m, count, "score") &&
           take_count(&h->query, inner, inner_count, "query") && take_count(&h->most, inner, inner_count, "most") &&
           take_count(&h->roots_depth, inner, inner_count, "roots_depth") &&
           take_count(&h->places_depth, inner, inner_count, "places_depth") &&
           take_count(&h->number, inner, inner_count, "number") &&
           take_score(&h->first, inner, inner_count, "first") &&
           take_score(&h->rooted, inner, inner_count, "rooted") && is_all(g->json);
}

static bool read_end(struct gather *g, struct end *e, fih_str text)
{
    size_t count, inner_count = 0;
    const struct json_member *const m = text.len <= END_MOST ? parse(g->json, text, &count) : NULL;
    const struct json_member *const inner = m ? parse_global(g, m, count, &inner_count) : NULL;

    return inner && find(inner, inner_count, "end", JSON_MEMBER_BOOL) &&
           take_mark(e->file, inner, inner_count, "file") && take_mark(e->asked, inner, inner_count, "asked") &&
           take_count(&e->hits, inner, inner_count, "hits") && is_all(g->json);
}

/* All lists have the same statistics and answer the same; what is said of a list is said of its last line. */
static int compare_end(struct gather *g, const char *name, const struct end *e)
{
    if (!g->has_end) {
        g->end = *e;
        g->has_end = true;
    }
    if (strcmp(g->end.file, e->file) != 0) {
        cli_error("gather", "%s: ranked with other statistics than the lists before", name);
        return EXIT_TROUBLE;
    }
    if (strcmp(g->end.asked, e->asked) != 0) {
        cli_error("gather", "%s: of another query or of other options than the lists before", name);
        return EXIT_TROUBLE;
    }
    return EXIT_DONE;
}

/* A line without its end of line, and blanks before that; nothing after the last one. An exit code. */
static int next_line(struct list *l, fih_str *out)
{
    ssize_t n;

    *out = (fih_str){ NULL, 0 };
    errno = 0;
    if ((n = getline(&l->text, &l->room, l->in)) < 0) {
        if (feof(l->in) && !ferror(l->in))
            return EXIT_DONE;
        cli_error("gather", "cannot read '%s': %s", l->name, strerror(errno));
        return EXIT_TROUBLE;
    }
    l->lines++;
    if (memchr(l->text, '\0', (size_t)n))
        return complain(l, "a zero byte: the list is damaged, search the piece again");
    while (n > 0 && is_blank(l->text[n - 1]))
        l->text[--n] = '\0';
    *out = (fih_str){ l->text, (size_t)n };
    return EXIT_DONE;
}

/* The list ends here, and has all of its hits. */
static int take_end(struct gather *g, struct list *l, const struct end *e)
{
    const uint64_t hits = l->lines - 1;
    fih_str more;
    int status;

    if (e->hits != hits) {
        cli_error("gather", "%s is not whole, it has %" PRIu64 " of %" PRIu64 " hits: search the piece again", l->name,
                  hits, e->hits);
        return EXIT_TROUBLE;
    }
    if ((status = next_line(l, &more)) != EXIT_DONE)
        return status;
    if (more.ptr)
        return complain(l, "a list ends before this line: name each list by itself");
    return compare_end(g, l->name, e);
}

/* The next hit of a list; an exit code. */
static int advance(struct gather *g, struct list *l)
{
    const uint64_t before = l->next.query;
    struct end end;
    fih_str text;
    int status;

    l->has_next = false;
    if ((status = next_line(l, &text)) != EXIT_DONE)
        return status;
    if (!text.ptr)
        return complain_of_end(l->name);
    if (read_end(g, &end, text))
        return take_end(g, l, &end);
    if (!read_hit(g, &l->next, text))
        return complain(l, "no hit as 'fihrist search --global FILE --json' prints it");
    if (l->lines > 1 && l->next.query < before)
        return complain(l, "the queries are not in the order of their file");
    l->has_next = true;
    return EXIT_DONE;
}

/* --- one query --- */

/* Lists of one query must be of one query, and be ranked with one file. */
static int check_hit(const struct gather *g, const struct list *l)
{
    const struct hit *const a = &g->hits[0], *const b = &l->next;

    if (g->count == 0)
        return EXIT_DONE;
    if (strcmp(a->file, b->file) != 0)
        return complain(l, "ranked with other statistics than the lists before");
    if (strcmp(a->asked, b->asked) != 0 || a->roots_depth != b->roots_depth || a->places_depth != b->places_depth)
        return complain(l, "of another query or of other options than the lists before");
    return EXIT_DONE;
}

/* A list that was cut where the whole may go on. */
static int check_list(const struct gather *g, const struct list *l, uint64_t most)
{
    if (l->count < most || most >= (uint64_t)g->limit + g->offset)
        return EXIT_DONE;
    cli_error("gather", "%s has the best %" PRIu64 " of its piece: search each with -n %" PRIu64
                        ", or gather fewer", l->name, most, (uint64_t)g->limit + g->offset);
    return EXIT_NONE;
}

static int take_hits(struct gather *g, size_t list, uint64_t query)
{
    struct list *const l = &g->lists[list];
    uint64_t most = 0;
    int status = EXIT_DONE;

    l->count = 0;
    while (status == EXIT_DONE && l->has_next && l->next.query == query) {
        struct hit *h;

        if (g->count == g->cap) {
            struct hit *const more = realloc(g->hits, (g->cap * 2 + 256) * sizeof *more);

            if (!more)
                return out_of_memory();
            g->hits = more;
            g->cap = g->cap * 2 + 256;
        }
        if ((status = check_hit(g, l)) != EXIT_DONE)
            break;
        h = &g->hits[g->count];
        *h = l->next;
        h->list = list;
        if (!(h->line = strdup(l->text)))
            return out_of_memory();
        g->count++;
        l->count++;
        most = h->most;
        status = advance(g, l);
    }
    return status == EXIT_DONE && l->count > 0 ? check_list(g, l, most) : status;
}

/* Better scores first, and of equal ones what one index of all would have first. */
static int compare(float x, float y, const struct hit *a, const struct hit *b)
{
    if (x < y || x > y)
        return x < y ? 1 : -1;
    if (a->list != b->list)
        return a->list < b->list ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

static int by_first(const void *x, const void *y)
{
    const struct hit *a = x, *b = y;

    return compare(a->first, b->first, a, b);
}

static int by_rooted(const void *x, const void *y)
{
    const struct hit *a = x, *b = y;

    return compare(a->rooted, b->rooted, a, b);
}

static int by_last(const void *x, const void *y)
{
    const struct hit *a = x, *b = y;

    return compare(a->last, b->last, a, b);
}

static size_t least(uint64_t depth, size_t count)
{
    return depth < count ? (size_t)depth : count;
}

/* The passes of one index: roots for the best of the first, places for the best of these. */
static void rank(struct gather *g)
{
    const size_t roots = least(g->hits[0].roots_depth, g->count);
    const size_t places = least(g->hits[0].places_depth, g->count);

    qsort(g->hits, g->count, sizeof *g->hits, by_first);
    if (roots > 1)
        qsort(g->hits, roots, sizeof *g->hits, by_rooted);
    for (size_t i = 0; i < g->count; i++)
        g->hits[i].last = i < places && (roots == 0 || i < roots) ? g->hits[i].score
                          : i < roots                             ? g->hits[i].rooted
                                                                  : g->hits[i].first;
    qsort(g->hits, g->count, sizeof *g->hits, by_last);
}

/* A member of the object that a line is, as it is written: from its key to the comma behind it. */
struct span {
    size_t key, value, end;            /* end: of the value */
};

/* Behind the string that begins here. */
static size_t pass_string(const char *line, size_t i)
{
    for (i++; line[i] && line[i] != '"'; i++)
        i += line[i] == '\\' && line[i + 1];
    return line[i] ? i + 1 : i;
}

/* The line was read as an object before, so braces and quotation marks are in pairs. Only keys of the object itself are
 * looked at, which are written without escapes. */
static bool find_span(const char *line, const char *key, struct span *out)
{
    const size_t n = strlen(key);
    unsigned depth = 0;
    bool is_found = false;

    for (size_t i = 0; line[i];) {
        const char c = line[i];

        if (c == '"') {
            const size_t end = pass_string(line, i);

            if (depth == 1 && !is_found && line[end] == ':' && end - i == n + 2 && memcmp(line + i + 1, key, n) == 0) {
                *out = (struct span){ i, end + 1, 0 };
                is_found = true;
            }
            i = end;
            continue;
        }
        if (is_found && depth == 1 && (c == ',' || c == '}')) {
            out->end = i;
            return true;
        }
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        i++;
    }
    return false;
}

/* The line as it was, but for its rank and score, and without what was for us. */
static int print_hit(const struct hit *h, uint64_t rank)
{
    struct span r, s, g;
    const char *const line = h->line;

    if (!find_span(line, "rank", &r) || !find_span(line, "score", &s) || !find_span(line, "global", &g) ||
        r.end > s.key || s.end > g.key || line[g.end] != ',') {
        cli_error("gather", "a hit is not written as 'fihrist search --json' writes it");
        return EXIT_TROUBLE;
    }
    fwrite(line, 1, r.value, stdout);
    printf("%" PRIu64, rank);
    fwrite(line + r.end, 1, s.value - r.end, stdout);
    printf("%.9g", (double)h->last);
    fwrite(line + s.end, 1, g.key - s.end, stdout);
    puts(line + g.end + 1);
    return EXIT_DONE;
}

static void forget_hits(struct gather *g)
{
    while (g->count > 0)
        free(g->hits[--g->count].line);
}

static int gather_query(struct gather *g, uint64_t query)
{
    int status = EXIT_DONE;

    for (size_t i = 0; i < g->list_count && status == EXIT_DONE; i++)
        status = take_hits(g, i, query);
    if (status == EXIT_DONE && g->count > 0) {
        rank(g);
        g->found++;
        for (size_t i = g->offset; i < g->count && i - g->offset < g->limit && status == EXIT_DONE; i++)
            status = print_hit(&g->hits[i], i + 1);
    }
    forget_hits(g);
    return status;
}

/* --- the command --- */

/* The last line of a file, before any other: where it is missing, or does not go with the others, nothing is printed.
 * Nothing is said of what cannot be read so. */
static int look_at_end(struct gather *g, const struct list *l, off_t size)
{
    char text[END_MOST];
    const off_t from = size > END_MOST ? size - END_MOST : 0;
    ssize_t n = pread(fileno(l->in), text, sizeof text, from), at;
    struct end end;

    if (n < 0)
        return EXIT_DONE;
    while (n > 0 && is_blank(text[n - 1]))
        n--;
    for (at = n; at > 0 && text[at - 1] != '\n';)
        at--;
    if (!read_end(g, &end, (fih_str){ text + at, (size_t)(n - at) }))
        return complain_of_end(l->name);
    return compare_end(g, l->name, &end);
}

/* One list twice would give each of its hits twice. */
static int check_twice(const struct gather *g, const struct list *l)
{
    for (const struct list *k = g->lists; k < l; k++)
        if (k->device == l->device && k->inode == l->inode) {
            cli_error("gather", "'%s' and '%s' are the same list: name the list of each piece once", k->name, l->name);
            return EXIT_NONE;
        }
    return EXIT_DONE;
}

static int open_list(struct gather *g, struct list *l, const char *name)
{
    const bool is_stdin = strcmp(name, "-") == 0;
    struct stat st;
    int status;

    l->name = name;
    if (!(l->in = is_stdin ? stdin : fopen(name, "re")) || fstat(fileno(l->in), &st) != 0) {
        cli_error("gather", "cannot open '%s': %s", name, strerror(errno));
        return EXIT_TROUBLE;
    }
    l->device = st.st_dev;
    l->inode = st.st_ino;
    if ((status = check_twice(g, l)) == EXIT_DONE && S_ISREG(st.st_mode))
        status = look_at_end(g, l, st.st_size);
    return status;
}

static int open_lists(struct gather *g, char **names)
{
    int status = EXIT_DONE;

    for (size_t i = 0; i < g->list_count && status == EXIT_DONE; i++)
        status = open_list(g, &g->lists[i], names[i]);
    for (size_t i = 0; i < g->list_count && status == EXIT_DONE; i++)
        status = advance(g, &g->lists[i]);
    return status;
}

static int run(struct gather *g, char **names)
{
    int status;

    if (!(g->lists = calloc(g->list_count, sizeof *g->lists)) || !(g->json = json_line_new()) ||
        !(g->inner = json_line_new()))
        return out_of_memory();
    if ((status = open_lists(g, names)) != EXIT_DONE)
        return status;
    for (;;) {
        uint64_t query = UINT64_MAX;
        bool has_any = false;

        for (size_t i = 0; i < g->list_count; i++)
            if (g->lists[i].has_next && (!has_any || g->lists[i].next.query < query)) {
                query = g->lists[i].next.query;
                has_any = true;
            }
        if (!has_any)
            return g->found > 0 ? EXIT_DONE : EXIT_NONE;
        if ((status = gather_query(g, query)) != EXIT_DONE)
            return status;
    }
}

static int cmd_gather_run(int argc, char **argv)
{
    struct gather g = { .limit = 10 };
    const struct cli_opt opts[] = {
        { 'n', "limit", CLI_UINT, &g.limit, "N", "print at most N hits of a query (default 10)" },
        { 0, "offset", CLI_UINT, &g.offset, "N", "skip the N best hits" },
    };
    const int at = cli_parse(&cmd_gather, argc, argv, opts, sizeof opts / sizeof *opts);
    int status;

    if (at < 0 || !cli_range("gather", "limit", g.limit, 1, FIH_MAX_LIMIT) ||
        !cli_range("gather", "offset", g.offset, 0, FIH_MAX_LIMIT - g.limit))
        return EXIT_NONE;
    if (at == argc) {
        cli_error("gather", "name the lists of the pieces (see 'fihrist gather --help')");
        return EXIT_NONE;
    }
    g.list_count = (size_t)(argc - at);
    cli_raise_files(g.list_count);
    status = run(&g, argv + at);
    for (size_t i = 0; g.lists && i < g.list_count; i++) {
        if (g.lists[i].in && g.lists[i].in != stdin)
            fclose(g.lists[i].in);
        free(g.lists[i].text);
    }
    forget_hits(&g);
    json_line_free(g.json);
    json_line_free(g.inner);
    free(g.lists);
    free(g.hits);
    return cli_finish("gather", status);
}
