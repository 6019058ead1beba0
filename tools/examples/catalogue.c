/* catalogue.c - the catalogue of a library: fields of its own, filters, an order, and counts beside the hits.
 *
 *     cc catalogue.c $(pkg-config --cflags --libs fihrist) -o catalogue
 *     ./catalogue books.fih 'tags:تاريخ year:>1300'
 */
#include <stdio.h>
#include <stdlib.h>

#include <fihrist.h>

/* Each book is a title, a line about it, its author, year and subjects. A year before the common era would be -400. */
static const char *const books[][6] = {
    {"الفهرست", "كتب العرب والعجم الموجودة في زمن مؤلفه", "ابن النديم", "987", "كتب", "تراجم"},
    {"مقدمة ابن خلدون", "في العمران البشري وأسباب قيام الدول وسقوطها", "ابن خلدون", "1377", "تاريخ", "اجتماع"},
    {"رحلة ابن بطوطة", "تحفة النظار في غرائب الأمصار وعجائب الأسفار", "ابن بطوطة", "1355", "رحلات", "تاريخ"},
    {"وفيات الأعيان", "تراجم أعيان الزمان مرتبة على الحروف", "ابن خلكان", "1274", "تراجم", "تاريخ"},
};

/* The fields are said once: the index keeps them. Adding a book again replaces it, for its title is its id. */
static int fill(const char *path, fih_error *err)
{
    static const char *const names[] = {"author", "year", "tags", "tags"};
    fih_writer_opts opts = FIH_WRITER_OPTS_INIT;
    fih_writer *w = NULL;
    size_t i, k;
    int rc;

    opts.fields = FIH_STR("author:keyword  year:integer  tags:keyword*");
    rc = fih_writer_open(&w, path, &opts, err);
    for (i = 0; rc == FIH_OK && i < sizeof books / sizeof *books; i++) {
        fih_doc d = FIH_DOC_INIT;
        fih_field extra[4];

        for (k = 0; k < 4; k++)
            extra[k] = (fih_field){fih_str_of(names[k]), fih_str_of(books[i][k + 2])};
        d.id = d.title = fih_str_of(books[i][0]);
        d.body = fih_str_of(books[i][1]);
        d.extra = extra;
        d.extra_count = 4;
        rc = fih_writer_add(w, &d, err);
    }
    if (rc == FIH_OK)
        rc = fih_writer_commit(w, err);
    fih_writer_close(w);
    return rc;
}

/* Books that a query finds, the newest first, and how many of them each subject has. */
static int list(const fih_reader *r, const char *text, fih_error *err)
{
    fih_search_opts opts = FIH_SEARCH_OPTS_INIT;
    fih_query *q = NULL;
    fih_hits *hits = NULL;
    fih_facets *tags = NULL;
    const fih_hit *hit;
    const fih_facet *tag;
    size_t i;
    int rc;

    opts.order = "-year,score";
    if ((rc = fih_query_parse(&q, fih_str_of(text), err)) == FIH_OK &&
        (rc = fih_search(&hits, r, q, &opts, err)) == FIH_OK &&
        (rc = fih_facets_new(&tags, r, q, "tags", &opts, err)) == FIH_OK) {
        for (i = 0; (hit = fih_hits_at(hits, i)) != NULL; i++)
            printf("%.*s\n", (int)hit->id.len, hit->id.ptr);
        for (i = 0; (tag = fih_facets_at(tags, i)) != NULL; i++)
            printf("  %.*s: %llu\n", (int)tag->value.len, tag->value.ptr, (unsigned long long)tag->docs);
    }
    fih_facets_free(tags);
    fih_hits_free(hits);
    fih_query_free(q);
    return rc;
}

int main(int argc, char **argv)
{
    fih_reader *r = NULL;
    fih_error err;
    int rc;

    if (argc != 3) {
        fprintf(stderr, "usage: catalogue INDEX QUERY\n");
        return EXIT_FAILURE;
    }
    if ((rc = fill(argv[1], &err)) == FIH_OK && (rc = fih_reader_open(&r, argv[1], &err)) == FIH_OK)
        rc = list(r, argv[2], &err);
    if (rc != FIH_OK)
        fprintf(stderr, "catalogue: %s\n", err.msg);
    fih_reader_close(r);
    return rc == FIH_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
