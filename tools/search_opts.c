/* search_opts.c - turns the words of the search options into numbers for the library. */
#include "search_opts.h"

#include <string.h>

/* "title", "body" or both, comma between. */
static int read_fields(struct search_opts *s, const char *command)
{
    const char *list = s->fields;

    while (list) {
        const size_t n = strcspn(list, ",");

        if (n == 5 && strncmp(list, "title", n) == 0)
            s->opts.fields |= FIH_IN_TITLE;
        else if (n == 4 && strncmp(list, "body", n) == 0)
            s->opts.fields |= FIH_IN_BODY;
        else {
            cli_error(command, "--fields: '%s' is not title, body or title,body", s->fields);
            return EXIT_NONE;
        }
        list = list[n] ? list + n + 1 : NULL;
    }
    return EXIT_DONE;
}

int search_opts_settle(struct search_opts *s, const char *command)
{
    s->opts.match_all = s->all;
    return read_fields(s, command);
}
