/* facets.c - a table or a line of JSON for each thing that is counted. fihrist-output(5) describes what stands here. */
#include "out/facets.h"

#include <inttypes.h>
#include <string.h>

#include "out/lang.h"
#include "out/out.h"

enum { COLUMNS = 24 };

int facets_check(fih_reader *r, const char *list, fih_error *err)
{
    fih_query *nothing;
    int rc = fih_query_group(&nothing, NULL, 0, err);

    for (size_t n; rc == FIH_OK; list += n + 1) {
        fih_facets *facets = NULL;
        char what[FACET_BYTES];

        n = strcspn(list, ",");
        snprintf(what, sizeof what, "%.*s", (int)n, list);
        rc = fih_facets_new(&facets, r, nothing, what, NULL, err);
        fih_facets_free(facets);
        if (!list[n])
            break;
    }
    fih_query_free(nothing);
    return rc;
}

const char *facets_name(const char *what)
{
    return strcmp(what, "section") == 0      ? _("by section")
           : strcmp(what, "date:year") == 0  ? _("by year")
           : strcmp(what, "date:month") == 0 ? _("by month")
           : strcmp(what, "date:day") == 0   ? _("by day")
                                             : what;
}

static void print_table(FILE *f, const char *what, const fih_facets *facets)
{
    char count[LANG_COUNT];
    const uint64_t total = fih_facets_total(facets), without = fih_facets_without(facets);
    const fih_facet *row;

    fprintf(f, _("%s: "), facets_name(what));
    lang_documents(f, total);
    putc('\n', f);
    for (size_t i = 0; (row = fih_facets_at(facets, i)) != NULL; i++) {
        fputs("   ", f);
        out_column(f, row->value, COLUMNS);
        fprintf(f, " %s\n", lang_count(count, row->docs));
    }
    if (without > 0) {
        fputs("   ", f);
        out_column(f, out_str(_("(none)")), COLUMNS);
        fprintf(f, " %s\n", lang_count(count, without));
    }
    putc('\n', f);
}

static void print_json(FILE *f, const char *what, const fih_facets *facets)
{
    const uint64_t total = fih_facets_total(facets), without = fih_facets_without(facets);
    const fih_facet *row;

    fputs("{\"schema\":1,\"facet\":", f);
    out_json(f, out_str(what));
    fprintf(f, ",\"documents\":%" PRIu64 ",\"without\":%" PRIu64 ",\"values\":[", total, without);
    for (size_t i = 0; (row = fih_facets_at(facets, i)) != NULL; i++) {
        fputs(i > 0 ? ",{\"value\":" : "{\"value\":", f);
        out_json(f, row->value);
        fprintf(f, ",\"documents\":%" PRIu64 "}", row->docs);
    }
    fputs("]}\n", f);
}

int facets_print(FILE *f, const struct hits_style *style, const struct hits *h, const char *list, fih_error *err)
{
    int rc = FIH_OK;

    for (size_t n; rc == FIH_OK && *list; list += n + (list[n] == ',')) {
        fih_facets *facets = NULL;
        char what[FACET_BYTES];

        n = strcspn(list, ",");
        snprintf(what, sizeof what, "%.*s", (int)n, list);
        if ((rc = fih_facets_new(&facets, h->reader, h->query, what, h->opts, err)) == FIH_OK) {
            if (style->format == HITS_JSON)
                print_json(f, what, facets);
            else
                print_table(f, what, facets);
        }
        fih_facets_free(facets);
    }
    return rc;
}
