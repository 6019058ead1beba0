/* index_and_search.c - the whole life of an index in one program: make it, change it, search it.
 *
 *     cc index_and_search.c $(pkg-config --cflags --libs fihrist) -o index_and_search
 *     ./index_and_search example.fih
 *
 * Every call that can fail returns 0 or a negative code and fills a fih_error. Nothing here allocates for the library
 * or frees what it owns: "new" things have a _free or _close that takes NULL, so one label at the end is enough.
 */
#include <stdio.h>
#include <stdlib.h>

#include <fihrist.h>

static int add(fih_writer *w, const char *id, const char *title, const char *body, const char *date, const char *topic,
               fih_error *err)
{
    fih_field extra[] = {{FIH_STR("topic"), fih_str_of(topic)}}; /* of the index' own fields */
    fih_doc d = FIH_DOC_INIT; /* what is not set stays empty */

    d.id = fih_str_of(id);    /* an id that is there already is replaced: adding is also updating */
    d.title = fih_str_of(title);
    d.body = fih_str_of(body);
    d.date = fih_str_of(date);
    d.extra = extra;
    d.extra_count = 1;
    return fih_writer_add(w, &d, err);
}

/* Writing: add, update, delete, and one commit that makes it all visible at once. */
static int write_some(const char *path, fih_error *err)
{
    fih_writer_opts opts = FIH_WRITER_OPTS_INIT;
    fih_writer *w = NULL;
    int rc;

    opts.fields = FIH_STR("topic:keyword"); /* found as topic:name, counted and sorted by */
    opts.wait_ms = 5000; /* there is one writer at a time: wait up to five seconds for our turn */
    if ((rc = fih_writer_open(&w, path, &opts, err)) != FIH_OK)
        return rc;
    if ((rc = add(w, "a1", "افتتاح مكتبة جديدة", "فتحت المكتبة أبوابها للطلاب، وفيها آلاف الكُتُبِ والمجلات.",
                  "2024-05-01", "ثقافة", err)) ||
        (rc = add(w, "a2", "سوق السمك", "ارتفعت أسعار السمك في السوق المركزية هذا الأسبوع.", "2024-05-02",
                  "اقتصاد", err)) ||
        (rc = add(w, "a3", "مسودة", "نص لم يكتمل بعد.", "", "", err)) ||
        (rc = add(w, "a2", "سوق السمك", "انخفضت أسعار السمك، وعاد الناس إلى السوق بكتبهم وسلالهم.", "2024-05-03",
                  "اقتصاد", err)))
        goto out;
    rc = fih_writer_delete(w, FIH_STR("a3"), err);
    if (rc != FIH_OK && rc != FIH_E_NOTFOUND) /* a document that is not there is no disaster */
        goto out;
    rc = fih_writer_commit(w, err);           /* until here a crash leaves the index as it was */
out:
    fih_writer_close(w);                      /* closing without commit drops the work */
    return rc;
}

/* The passage that shows why a document was found. Its bytes are the original text; escape them for where they go. */
static int print_snippet(fih_reader *r, const fih_query *q, const fih_stored *doc, fih_error *err)
{
    fih_snippet *s = NULL;
    const fih_part *part;
    size_t i;
    int rc;

    if ((rc = fih_snippet_new(&s, r, q, doc, NULL, err)) != FIH_OK)
        return rc;
    printf("   ");
    for (i = 0; (part = fih_snippet_at(s, i)) != NULL; i++) {
        if (part->kind == FIH_PART_GAP)
            printf(" … ");
        else if (part->kind == FIH_PART_HIT)
            printf("[%.*s]", (int)part->text.len, part->text.ptr);
        else
            printf("%.*s", (int)part->text.len, part->text.ptr);
    }
    printf("\n");
    fih_snippet_free(s);
    return FIH_OK;
}

/* How many of all documents that match have each topic. */
static int print_topics(const fih_reader *r, const fih_query *q, fih_error *err)
{
    fih_facets *topics = NULL;
    const fih_facet *f;
    size_t i;
    int rc;

    if ((rc = fih_facets_new(&topics, r, q, "topic", NULL, err)) != FIH_OK)
        return rc;
    for (i = 0; (f = fih_facets_at(topics, i)) != NULL; i++)
        printf("   %.*s %llu\n", (int)f->value.len, f->value.ptr, (unsigned long long)f->docs);
    fih_facets_free(topics);
    return FIH_OK;
}

/* Reading: a snapshot, a query, the hits, and of each hit what is stored. */
static int search(const char *path, const char *words, fih_error *err)
{
    fih_search_opts opts = FIH_SEARCH_OPTS_INIT;
    fih_reader *r = NULL;
    fih_query *q = NULL;
    fih_hits *hits = NULL;
    const fih_hit *hit;
    size_t i;
    int rc;

    opts.limit = 5;
    if ((rc = fih_reader_open(&r, path, err)) != FIH_OK ||
        (rc = fih_query_plain(&q, fih_str_of(words), err)) != FIH_OK || /* what a person types is never an error */
        (rc = fih_search(&hits, r, q, &opts, err)) != FIH_OK)
        goto out;
    printf("%s: %zu found\n", words, fih_hits_count(hits));
    for (i = 0; rc == FIH_OK && (hit = fih_hits_at(hits, i)) != NULL; i++) {
        fih_stored *doc = NULL;

        if ((rc = fih_reader_doc(&doc, r, hit->doc, err)) == FIH_OK) {
            const fih_str title = fih_stored_get(doc, "title");

            printf("%zu. %.*s (%.*s, score %.3f)\n", i + 1, (int)title.len, title.ptr, (int)hit->id.len, hit->id.ptr,
                   (double)hit->score);
            rc = print_snippet(r, q, doc, err);
        }
        fih_stored_free(doc);
    }
    if (rc == FIH_OK)
        rc = print_topics(r, q, err);
out:
    fih_hits_free(hits); /* before the reader that they were made from */
    fih_query_free(q);
    fih_reader_close(r);
    return rc;
}

int main(int argc, char **argv)
{
    fih_error err;

    if (argc != 2) {
        fprintf(stderr, "usage: index_and_search INDEX\n");
        return EXIT_FAILURE;
    }
    if (write_some(argv[1], &err) != FIH_OK || search(argv[1], "كتب", &err) != FIH_OK ||
        search(argv[1], "أسعار السمك", &err) != FIH_OK) {
        fprintf(stderr, "index_and_search: %s (%s)\n", err.msg, fih_error_name(err.code));
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
