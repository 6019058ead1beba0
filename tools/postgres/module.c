/* module.c - the PostgreSQL extension as a whole: errors, memory and cancelling around the library's calls, and
 * fihrist_analyzer(). */
#include "postgres/pg.h"

#include <string.h>

#include <mb/pg_wchar.h>
#include <miscadmin.h>
#include <utils/builtins.h>

#pragma GCC visibility push(default)
PG_MODULE_MAGIC;
#pragma GCC visibility pop

SQL_FUNCTION(fihrist_analyzer);

int pg_is_cancelled(void)
{
    return (QueryCancelPending && QueryCancelHoldoffCount == 0 ? 1 : ProcDiePending) && InterruptHoldoffCount == 0 &&
           CritSectionCount == 0;
}

int pg_grow(void **array, size_t *room, size_t wanted, size_t item)
{
    const size_t bigger = wanted > 2 * *room ? wanted + 16 : 2 * *room;
    void *p;

    if (wanted <= *room)
        return FIH_OK;
    p = palloc_extended(bigger * item, MCXT_ALLOC_HUGE | MCXT_ALLOC_NO_OOM);
    if (!p)
        return PG_NO_MEMORY;
    if (*array) {
        memcpy(p, *array, *room * item);
        pfree(*array);
    }
    *array = p;
    *room = bigger;
    return FIH_OK;
}

void pg_analyze(fih_analyzer *a, fih_str text, int (*each)(void *ctx, const fih_token *t), void (*again)(void *ctx),
                void *ctx)
{
    fih_error err = {0};
    int rc;

    while ((rc = fih_analyze_terms(a, text, each, ctx, &err)) == PG_CANCELLED) {
        CHECK_FOR_INTERRUPTS();
        again(ctx);
    }
    if (rc != FIH_OK)
        pg_fail(rc, &err);
}

void pg_fail(int rc, const fih_error *err)
{
    if (rc == PG_NO_MEMORY || rc == FIH_E_NOMEM)
        ereport(ERROR, errcode(ERRCODE_OUT_OF_MEMORY), errmsg("fihrist: out of memory"));
    ereport(ERROR, errcode(rc == FIH_E_USAGE ? ERRCODE_INVALID_PARAMETER_VALUE : ERRCODE_INTERNAL_ERROR),
            errmsg("fihrist: %s", err->msg));
}

void pg_require_utf8(void)
{
    if (GetDatabaseEncoding() != PG_UTF8)
        ereport(ERROR, errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                errmsg("fihrist: the database must be in UTF8, and is in %s", GetDatabaseEncodingName()));
}

/* fihrist_analyzer(name): the analyzer's description, with the versions that its words depend on. */
Datum fihrist_analyzer(PG_FUNCTION_ARGS)
{
    const char *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
    fih_analyzer *a = NULL;
    fih_error err = {0};
    char description[512];
    const int rc = fih_analyzer_new(&a, name, &err);

    if (rc != FIH_OK)
        pg_fail(rc, &err);
    strlcpy(description, fih_analyzer_text(a), sizeof description);
    fih_analyzer_free(a);
    PG_RETURN_TEXT_P(cstring_to_text(description));
}
