/* log.c - follows a log, a file that grows or a pipe: each line is a document with a time and a level.
 *     cc log.c $(pkg-config --cflags --libs fihrist) -o log
 *     ./log log.fih server.log 'level:error قرص'
 * A line is "2024-05-01T10:30:00Z error the message". How far the file was read is a note of the index, committed with
 * the lines: whatever stops the program, the next run goes on behind the last line that the index has. */
#include <stdio.h>
#include <stdlib.h>
#include <fihrist.h>

/* Whole lines, however long, for the last one may still be on its way. The id of a line is its place in the file. */
static int read_on(fih_writer *w, FILE *log, fih_error *err)
{
    char *line = NULL, place[24], time[32], level[16];
    size_t room = 0; /* of the line: getline() makes more */
    fih_str here;    /* the place, kept with its NUL */
    int rc = fih_writer_note_get(&here, w, FIH_STR("place"), err);
    long at = rc == FIH_OK ? atol(here.ptr) : 0, n;

    fseek(log, at, SEEK_SET); /* not in a pipe, which has only what is new */
    for (rc = FIH_OK; rc == FIH_OK && (n = getline(&line, &room, log)) > 0 && line[n - 1] == '\n'; at += n) {
        fih_doc d = FIH_DOC_INIT;
        fih_field extra[2] = {{FIH_STR("time"), {time, 0}}, {FIH_STR("level"), {level, 0}}};

        if (sscanf(line, "%31s %15s", time, level) == 2)
            extra[0].value = d.date = fih_str_of(time), extra[1].value = fih_str_of(level);
        snprintf(place, sizeof place, "%ld", at);
        d.id = fih_str_of(place);
        d.body.ptr = line, d.body.len = (size_t)n; /* NULs and all */
        d.extra = extra, d.extra_count = 2;
        rc = fih_writer_add(w, &d, err);
    }
    free(line);
    here.ptr = place, here.len = (size_t)snprintf(place, sizeof place, "%ld", at) + 1;
    if (rc == FIH_OK && (rc = fih_writer_note_put(w, FIH_STR("place"), here, err)) == FIH_OK)
        rc = fih_writer_commit(w, err);
    return rc;
}

int main(int argc, char **argv)
{
    fih_writer_opts make = FIH_WRITER_OPTS_INIT;
    fih_search_opts opts = FIH_SEARCH_OPTS_INIT;
    fih_error err = {FIH_E_USAGE, 0, 0, "INDEX LOG QUERY"};
    FILE *log = argc == 4 ? fopen(argv[2], "r") : NULL;
    fih_writer *w = NULL; fih_reader *r = NULL; fih_query *q = NULL; fih_hits *hits = NULL; fih_stored *doc = NULL;
    int rc = FIH_E_USAGE;
    make.fields = FIH_STR("time:time level:keyword"); /* kept in the index, like the lines */
    opts.order = "-time";
    if (log && (rc = fih_writer_open(&w, argv[1], &make, &err)) == FIH_OK && (rc = read_on(w, log, &err)) == FIH_OK &&
        (rc = fih_writer_reader(&r, w, &err)) == FIH_OK &&
        (rc = fih_query_parse(&q, fih_str_of(argv[3]), &err)) == FIH_OK)
        rc = fih_search(&hits, r, q, &opts, &err);
    for (size_t i = 0; rc == FIH_OK && i < fih_hits_count(hits); i++, fih_stored_free(doc))
        if ((rc = fih_reader_doc(&doc, r, fih_hits_at(hits, i)->doc, &err)) == FIH_OK)
            fwrite(fih_stored_get(doc, "body").ptr, 1, fih_stored_get(doc, "body").len, stdout);
    if (rc != FIH_OK)
        fprintf(stderr, "log: %s\n", log || argc != 4 ? err.msg : "cannot open the log");
    fih_hits_free(hits), fih_query_free(q), fih_reader_close(r), fih_writer_close(w);
    return rc == FIH_OK ? 0 : 1;
}
