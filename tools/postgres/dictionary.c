/* dictionary.c - the dictionaries of the PostgreSQL extension: what a word is found by.
 *
 * A word becomes its stem, or the stems of its readings, and its form (the normalised word), marked with a "=" in
 * front, which no stem has. They are variants of one word: side by side at one place in a tsvector, joined by | in a
 * tsquery. So a query finds the documents that share a stem or the form, and ranks those higher that share both. */
#include "postgres/pg.h"

#include <string.h>

#include <commands/defrem.h>
#include <tsearch/ts_public.h>

#define FORM_MARK '='

struct dictionary {
    fih_analyzer *analyzer;
    bool          has_stems, has_forms, keeps_stops;
};

struct term {
    size_t   at, len;                  /* in `bytes` */
    uint32_t position;
};

/* The terms of one word, which may be several (ﷺ). */
struct word {
    const struct dictionary *dictionary;
    struct term *terms;
    size_t       count, room;
    char        *bytes;
    size_t       used, size;
    bool         is_any;               /* a word at all, even if it is a stop word */
};

SQL_FUNCTION(fihrist_init);
SQL_FUNCTION(fihrist_lexize);

/* ------------------------------------------------------------- One word */

static void forget_terms(void *ctx)
{
    struct word *w = ctx;

    w->count = w->used = 0;
    w->is_any = false;
}

/* Readings of a word have one form. */
static bool has_term(const struct word *w, const struct term *t)
{
    for (size_t i = w->count; i-- > 0 && w->terms[i].position == t->position;)
        if (w->terms[i].len == t->len && memcmp(w->bytes + w->terms[i].at, w->bytes + t->at, t->len) == 0)
            return true;
    return false;
}

static int add_term(void *ctx, const fih_token *t)
{
    struct word *w = ctx;
    const struct dictionary *d = w->dictionary;
    const bool is_form = t->level == FIH_LEVEL_FORM;
    struct term term = { w->used, t->term.len + is_form, t->position };
    void *terms = w->terms, *bytes = w->bytes;
    int rc;

    if (pg_is_cancelled())
        return PG_CANCELLED;
    w->is_any = true;
    if (t->level == FIH_LEVEL_ROOT || !(is_form ? d->has_forms : d->has_stems) || (t->is_stop && !d->keeps_stops))
        return FIH_OK;
    rc = pg_grow(&terms, &w->room, w->count + 1, sizeof *w->terms);
    w->terms = terms;
    if (rc == FIH_OK) {
        rc = pg_grow(&bytes, &w->size, w->used + term.len, 1);
        w->bytes = bytes;
    }
    if (rc != FIH_OK)
        return rc;
    if (is_form)
        w->bytes[term.at] = FORM_MARK;
    memcpy(w->bytes + term.at + is_form, t->term.ptr, t->term.len);
    if (!has_term(w, &term)) {
        w->terms[w->count++] = term;
        w->used += term.len;
    }
    return FIH_OK;
}

/* Each is a variant of its own; the first one of a further word moves on by a place. */
static TSLexeme *lexemes_of(const struct word *w)
{
    TSLexeme *out = palloc_extended((w->count + 1) * sizeof *out, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);

    for (size_t i = 0; i < w->count; i++) {
        out[i].nvariant = (uint16)(i + 1);
        out[i].flags = i > 0 && w->terms[i].position != w->terms[i - 1].position ? TSL_ADDPOS : 0;
        out[i].lexeme = pnstrdup(w->bytes + w->terms[i].at, w->terms[i].len);
    }
    return out;
}

/* ---------------------------------------------------------- A dictionary */

static void free_analyzer(void *dictionary)
{
    struct dictionary *d = dictionary;

    fih_analyzer_free(d->analyzer);
    d->analyzer = NULL;
}

static void set_terms(struct dictionary *d, const char *value)
{
    if (pg_strcasecmp(value, "forms") == 0)
        d->has_stems = false;
    else if (pg_strcasecmp(value, "stems") == 0)
        d->has_forms = false;
    else if (pg_strcasecmp(value, "all") != 0)
        ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                errmsg("fihrist: terms are all, stems or forms, not \"%s\"", value));
}

/* A dictionary of forms of an analyzer that has none would find nothing. */
static void check_terms(struct dictionary *d)
{
    struct word w = { .dictionary = d };

    pg_analyze(d->analyzer, FIH_STR("كتاب"), add_term, forget_terms, &w);
    if (w.count == 0)
        ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("fihrist: this analyzer has no forms"));
}

/* PostgreSQL keeps what is made here in a memory context of the dictionary's, which it empties when the dictionary is
 * changed or dropped: with it goes the analyzer. */
Datum fihrist_init(PG_FUNCTION_ARGS)
{
    struct dictionary *d = palloc0(sizeof *d);
    MemoryContextCallback *at_end = palloc0(sizeof *at_end);
    const char *name = NULL;
    fih_error err = {0};
    ListCell *cell;
    int rc;

    pg_require_utf8();
    d->has_stems = d->has_forms = true;
    foreach(cell, (List *)PG_GETARG_POINTER(0)) {
        DefElem *option = lfirst(cell);

        if (strcmp(option->defname, "analyzer") == 0)
            name = defGetString(option);
        else if (strcmp(option->defname, "terms") == 0)
            set_terms(d, defGetString(option));
        else if (strcmp(option->defname, "stopwords") == 0)
            d->keeps_stops = !defGetBoolean(option);
        else
            ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("fihrist: no option \"%s\": they are analyzer, terms, stopwords", option->defname));
    }
    at_end->func = free_analyzer;
    at_end->arg = d;
    MemoryContextRegisterResetCallback(CurrentMemoryContext, at_end);
    if ((rc = fih_analyzer_new(&d->analyzer, name, &err)) != FIH_OK)
        pg_fail(rc, &err);
    check_terms(d);
    PG_RETURN_POINTER(d);
}

/* NULL: no word, which another dictionary may know. Without a lexeme: a stop word. */
Datum fihrist_lexize(PG_FUNCTION_ARGS)
{
    struct word w = { .dictionary = (const struct dictionary *)PG_GETARG_POINTER(0) };
    const fih_str text = { (const char *)PG_GETARG_POINTER(1), (size_t)PG_GETARG_INT32(2) };

    pg_analyze(w.dictionary->analyzer, text, add_term, forget_terms, &w);
    PG_RETURN_POINTER(w.is_any ? lexemes_of(&w) : NULL);
}
