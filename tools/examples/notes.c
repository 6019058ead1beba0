/* notes.c - notes in memory, found while one types: a line that begins with + is a note, each other line is what has
 * been typed so far.
 *     cc notes.c $(pkg-config --cflags --libs fihrist) -o notes
 *     printf '+كتبت رسالة إلى المكتبة\n+موعد الطبيب\nرسا\n' | ./notes */
#include <stdio.h>
#include <string.h>
#include <fihrist.h>

/* A note's number is its id. The commit makes it visible to a reader that is renewed. */
static int add(fih_writer *w, unsigned number, const char *text, fih_error *err)
{
    fih_doc d = FIH_DOC_INIT;
    char id[16];
    int rc;

    snprintf(id, sizeof id, "%u", number);
    d.id = fih_str_of(id);
    d.body = fih_str_of(text);
    return (rc = fih_writer_add(w, &d, err)) == FIH_OK ? fih_writer_commit(w, err) : rc;
}

/* The word that is being typed is completed as the notes go on, and the notes of that text are shown. */
static int show(const fih_reader *r, const char *typed, fih_error *err)
{
    fih_completions *c = NULL; fih_query *q = NULL; fih_hits *hits = NULL;
    int rc = fih_complete(&c, r, fih_str_of(typed), 1, err);
    const fih_completion *best = rc == FIH_OK ? fih_completions_at(c, 0) : NULL;

    if (rc == FIH_OK && (rc = fih_query_plain(&q, best ? best->text : fih_str_of(typed), err)) == FIH_OK)
        rc = fih_search(&hits, r, q, NULL, err);
    for (size_t i = 0; rc == FIH_OK && i < fih_hits_count(hits); i++)
        printf("%s: note %.*s\n", typed, (int)fih_hits_at(hits, i)->id.len, fih_hits_at(hits, i)->id.ptr);
    fih_hits_free(hits), fih_query_free(q), fih_completions_free(c);
    return rc;
}

int main(void)
{
    char line[4096];
    unsigned count = 0;
    fih_writer *w = NULL;
    fih_reader *r = NULL;
    fih_error err;
    int rc = fih_writer_open_memory(&w, NULL, &err);

    if (rc == FIH_OK && (rc = fih_writer_commit(w, &err)) == FIH_OK)
        rc = fih_writer_reader(&r, w, &err);
    while (rc == FIH_OK && fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '+')
            rc = add(w, ++count, line + 1, &err);
        else if ((rc = fih_reader_renew(NULL, r, &err)) == FIH_OK)
            rc = show(r, line, &err);
    }
    if (rc != FIH_OK)
        fprintf(stderr, "notes: %s\n", err.msg);
    fih_reader_close(r);
    fih_writer_close(w);
    return rc == FIH_OK ? 0 : 1;
}
