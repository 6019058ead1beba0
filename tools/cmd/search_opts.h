/* search_opts.h - the options that decide what is found and in what order, shared by the commands that search. */
#ifndef FIHRIST_SEARCH_OPTS_H
#define FIHRIST_SEARCH_OPTS_H

#include "cli.h"

struct search_opts {
    const char     *fields, *weights, *sort, *today, *since, *until, *after, *match;
    bool            all;
    fih_search_opts opts;    /* start from FIH_SEARCH_OPTS_INIT */
};

/* Entries of a table of struct cli_opt; `s` is a struct search_opts. */
#define SEARCH_OPTIONS(s) \
    { 0, "fields", CLI_STRING, &(s).fields, "LIST", "search only in title, body or title,body" }, \
    { 0, "since", CLI_STRING, &(s).since, "DATE", "only documents dated DATE (YYYY[-MM[-DD]]) or later" }, \
    { 0, "until", CLI_STRING, &(s).until, "DATE", "only documents dated DATE or earlier" }, \
    { 0, "today", CLI_STRING, &(s).today, "DATE", "count date:yesterday and the like from DATE" }, \
    { 0, "weights", CLI_STRING, &(s).weights, "LIST", "parameters of the score, such as form=0.3,root=0" }, \
    { 0, "all", CLI_FLAG, &(s).all, NULL, "every word must match, not just any" }, \
    { 0, "match", CLI_STRING, &(s).match, "HOW", "words find by their stems (default) or broad: by roots, too" }, \
    { 0, "min-match", CLI_UINT, &(s).opts.min_match, "N", "at least N of the words must match" }

/* What was read into `s`, as the library wants it. An exit code, after a message if it is not EXIT_DONE. */
int search_opts_settle(struct search_opts *s, const char *command);

/* hits_asked() of the options that decide what is found and how it is ranked, not of how much of it is shown.
 * `has_days`: the query may count days from today. */
uint64_t search_opts_asked(const struct search_opts *s, bool has_days);

/* A message for a query that cannot be searched, with the place shown beneath it: the message counts bytes, which
 * nobody can do by eye. An exit code. */
int search_opts_fail(const char *command, fih_str text, const fih_error *err);

/* The words of a query as one text, as if they had been typed into a search box. New, or NULL. */
char *search_opts_join(char **words, int n);

#endif
