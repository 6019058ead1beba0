/* shelf.h - a small index in the program's folder (place.h): begun, filled, opened and asked. */
#ifndef SHELF_H
#define SHELF_H

#pragma GCC system_header

#include "fihrist.h"
#include "place.h"
#include "tap.h"

static fih_error err;                  /* of the last call here, and of the program's own */

static inline fih_str str(const char *s) { return fih_str_of(s); }

/* A writer of a new index, by its default options. */
__attribute__((unused)) static fih_writer *begin(void)
{
    fih_writer *w = NULL;

    place_remove(place_path("index"));
    CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), NULL, &err), FIH_OK, "%s", err.msg);
    return w;
}

__attribute__((unused)) static void add(fih_writer *w, const char *id, const char *title, const char *body)
{
    fih_doc d = FIH_DOC_INIT;

    d.id = str(id);
    d.title = str(title);
    d.body = str(body);
    CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK, "%s", err.msg);
}

/* Commit, and read what there is now. */
__attribute__((unused)) static fih_reader *finish(fih_writer *w)
{
    fih_reader *r = NULL;

    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    fih_writer_close(w);
    CHECK_INT_EQ(fih_reader_open(&r, place_path("index"), &err), FIH_OK, "%s", err.msg);
    return r;
}

__attribute__((unused)) static fih_hits *search(fih_reader *r, const char *text, const fih_search_opts *o)
{
    fih_query *q = NULL;
    fih_hits *h = NULL;

    CHECK_INT_EQ(fih_query_parse(&q, fih_str_of(text), &err), FIH_OK, "%s: %s", text, err.msg);
    CHECK_INT_EQ(fih_search(&h, r, q, o, &err), FIH_OK, "%s: %s", text, err.msg);
    fih_query_free(q);
    return h;
}

#endif
