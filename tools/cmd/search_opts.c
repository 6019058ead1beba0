/* search_opts.c - turns the words of the search options into numbers for the library. */
#include "cmd/search_opts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "out/caret.h"
#include "out/hits.h"

/* "title", "body" or both, comma between. */
static int read_fields(struct search_opts *s, const char *command)
{
    const char *list = s->fields;
    bool has_title = false, has_body = false;

    while (list) {
        const size_t n = strcspn(list, ",");

        if (n == 5 && strncmp(list, "title", n) == 0)
            has_title = true;
        else if (n == 4 && strncmp(list, "body", n) == 0)
            has_body = true;
        else {
            cli_error(command, "--fields: '%s' is not title, body or title,body", s->fields);
            return EXIT_NONE;
        }
        list = list[n] ? list + n + 1 : NULL;
    }
    s->opts.field = has_title == has_body ? NULL : has_title ? "title" : "body";
    return EXIT_DONE;
}

static float *find_weight(fih_search_opts *o, const char *name, size_t n)
{
    const struct { const char *name; float *value;
    } all[] = {
        {"title", &o->title_weight},
        {"body", &o->body_weight},
        {"form", &o->form_weight},
        {"root", &o->root_weight},
        {"proximity", &o->proximity},
        {"k1", &o->k1},
        {"b", &o->b},
    };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strlen(all[i].name) == n && memcmp(all[i].name, name, n) == 0)
            return all[i].value;
    return NULL;
}

/* "form=0.3,root=0" */
static int read_weights(struct search_opts *s, const char *command)
{
    const char *at = s->weights;

    while (at && *at) {
        const size_t n = strcspn(at, "=,");
        float *const to = at[n] == '=' ? find_weight(&s->opts, at, n) : NULL;
        const char *const digits = at + n + 1;
        char *end = NULL;

        if (to && ((*digits >= '0' && *digits <= '9') || *digits == '.'))
            *to = strtof(digits, &end);
        if (!end || end == digits || (*end && *end != ',') || *to > 1000) {
            cli_error(command,
                      "--weights: '%s' is not a list such as form=0.3,root=0 (title body form root proximity k1 b)",
                      s->weights);
            return EXIT_NONE;
        }
        at = *end ? end + 1 : end;
    }
    return EXIT_DONE;
}

/* Any other order is one of fields, and the index says whether there are such. */
static void read_sort(struct search_opts *s)
{
    static const char *const names[] = { "score", "newest", "oldest" };   /* FIH_SORT_… */

    for (size_t i = 0; s->sort && i < sizeof names / sizeof *names; i++)
        if (strcmp(s->sort, names[i]) == 0) {
            s->opts.sort = (int)i;
            return;
        }
    s->opts.order = s->sort;
}

static int read_today(struct search_opts *s, const char *command)
{
    int32_t last;
    fih_error err = {0};
    const int rc =
        s->today ? fih_date_parse(&s->opts.today, &last, fih_str_of(s->today), FIH_DATE_WHOLE, &err) : FIH_OK;

    if (rc != 0)
        cli_error(command, "--today: '%s' is not a date: write YYYY-MM-DD", s->today);
    return rc != 0 ? EXIT_NONE : EXIT_DONE;
}

static int read_match(struct search_opts *s, const char *command)
{
    static const char *const names[] = { "stems", "broad" };              /* FIH_MATCH_… */

    for (size_t i = 0; s->match && i < sizeof names / sizeof *names; i++)
        if (strcmp(s->match, names[i]) == 0) {
            s->opts.match = (int)i;
            return EXIT_DONE;
        }
    if (s->match)
        cli_error(command, "--match: '%s' is not stems or broad", s->match);
    return s->match ? EXIT_NONE : EXIT_DONE;
}

int search_opts_settle(struct search_opts *s, const char *command)
{
    s->opts.match_all = s->all;
    s->opts.since = fih_str_of(s->since);
    s->opts.until = fih_str_of(s->until);
    s->opts.after = fih_str_of(s->after);
    int status = read_fields(s, command);
    read_sort(s);
    if (status == EXIT_DONE)
        status = read_today(s, command);
    if (status == EXIT_DONE)
        status = read_match(s, command);
    return status != EXIT_DONE ? status : read_weights(s, command);
}

/* As text, which has no order of bytes. */
uint64_t search_opts_asked(const struct search_opts *s, bool has_days)
{
    const fih_search_opts *const o = &s->opts;
    const float all[] = { o->title_weight, o->body_weight, o->form_weight, o->root_weight, o->proximity, o->k1, o->b };
    uint64_t asked = 0;
    char text[80];

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        snprintf(text, sizeof text, "%.9g", (double)all[i]);   /* nan: not given */
        asked = hits_asked(asked, fih_str_of(text));
    }
    snprintf(text, sizeof text, "%d %d %" PRIu32 " %" PRId32, o->match, o->match_all, o->min_match,
             has_days || o->since.len || o->until.len ? o->today : FIH_TODAY);
    asked = hits_asked(hits_asked(asked, fih_str_of(text)), fih_str_of(o->field));
    return hits_asked(hits_asked(asked, o->since), o->until);
}

int search_opts_fail(const char *command, fih_str text, const fih_error *err)
{
    const int status = cli_fail(command, err);

    if (err->code == FIH_E_QUERY || (err->code == FIH_E_LIMIT && err->pos > 0))
        caret_print(stderr, text, err->pos);
    return status;
}

char *search_opts_join(char **words, int n)
{
    size_t len = 1;
    char *text, *to;

    for (int i = 0; i < n; i++)
        len += strlen(words[i]) + 1;
    if (!(text = malloc(len)))
        return NULL;
    to = text;
    for (int i = 0; i < n; i++) {
        if (i > 0)
            *to++ = ' ';
        to = stpcpy(to, words[i]);
    }
    *to = '\0';
    return text;
}
