/* catalogue.c - a library's catalogue: fields of its own, filters, an order, and counts beside the hits.
 *
 *     cc catalogue.c $(pkg-config --cflags --libs fihrist) -o catalogue
 *     ./catalogue books.fih 'tags:تاريخ year:>1300'      or 'author:خلدون', or 'ابن خلدون'
 */
#include <stdio.h>
#include <fihrist.h>
static const char *const books[][6] = {    /* title, a line about it, author, year, subjects */
    {"الفهرست", "كتب العرب والعجم الموجودة في زمن مؤلفه", "ابن النديم", "987", "كتب", "تراجم"},
    {"مقدمة ابن خلدون", "في العمران البشري وأسباب قيام الدول", "عبد الرحمن بن خلدون", "1377", "تاريخ", "اجتماع"},
    {"رحلة ابن بطوطة", "تحفة النظار في غرائب الأمصار", "محمد بن بطوطة", "1355", "رحلات", "تاريخ"},
};
static const char *const names[] = {"author", "year", "tags", "tags"};
/* Fields are said once: the index keeps them. A book that is added again replaces itself: its title is its id. */
static int fill(const char *path, fih_error *err)
{
    fih_writer_opts opts = FIH_WRITER_OPTS_INIT;
    fih_writer *w = NULL;
    opts.fields = FIH_STR("author:text^2  year:integer  tags:keyword*");
    int rc = fih_writer_open(&w, path, &opts, err);
    for (size_t i = 0; rc == FIH_OK && i < sizeof books / sizeof *books; i++) {
        fih_doc d = FIH_DOC_INIT;
        fih_field extra[4];
        for (size_t k = 0; k < 4; k++)
            extra[k].name = fih_str_of(names[k]), extra[k].value = fih_str_of(books[i][k + 2]);
        d.id = d.title = fih_str_of(books[i][0]);
        d.body = fih_str_of(books[i][1]);
        d.extra = extra, d.extra_count = 4;
        rc = fih_writer_add(w, &d, err);
    }
    rc = rc == FIH_OK ? fih_writer_commit(w, err) : rc;
    fih_writer_close(w);
    return rc;
}
/* Books that a query finds, the newest first, and how many of them each subject has. */
int main(int argc, char **argv)
{
    fih_search_opts opts = FIH_SEARCH_OPTS_INIT;
    fih_reader *r = NULL;
    fih_query *q = NULL;
    fih_hits *hits = NULL;
    fih_facets *tags = NULL;
    fih_error err = {0, 0, 0, "usage: catalogue INDEX QUERY"};
    opts.order = "-year,score";
    int rc = argc != 3 || fill(argv[1], &err) || fih_reader_open(&r, argv[1], &err) ||
             fih_query_parse(&q, fih_str_of(argv[2]), &err) || fih_search(&hits, r, q, &opts, &err) ||
             fih_facets_new(&tags, r, q, "tags", &opts, &err);
    for (size_t i = 0; rc == 0 && i < fih_hits_count(hits); i++)
        printf("%.*s\n", (int)fih_hits_at(hits, i)->id.len, fih_hits_at(hits, i)->id.ptr);
    for (size_t i = 0; rc == 0 && i < fih_facets_count(tags); i++)
        printf("  %.*s: %d\n", (int)fih_facets_at(tags, i)->value.len, fih_facets_at(tags, i)->value.ptr,
               (int)fih_facets_at(tags, i)->docs);
    if (rc != 0)
        fprintf(stderr, "catalogue: %s\n", err.msg);
    fih_facets_free(tags);
    fih_hits_free(hits);
    fih_query_free(q);
    fih_reader_close(r);
    return rc;
}
