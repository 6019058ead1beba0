/* pg.h - what the files of the PostgreSQL extension share.
 *
 * The library's frames must never be left by longjmp(): its callbacks raise no error, ask for memory that may be
 * refused, and stop the analysis where PostgreSQL wants to end the query. Errors are raised when the library has
 * returned.
 */
#ifndef FIHRIST_PG_H
#define FIHRIST_PG_H

#include <postgres.h>

#include <fmgr.h>

#include "fihrist.h"

/* A function that SQL calls; everything else is hidden. */
#define SQL_FUNCTION(name) \
    _Pragma("GCC visibility push(default)") PG_FUNCTION_INFO_V1(name); \
    _Pragma("GCC visibility pop") extern int no_such_variable

/* What a callback returns to stop the analysis; the library's own codes are not above 0. */
enum { PG_CANCELLED = 100, PG_NO_MEMORY };

/* Does PostgreSQL want to end the query, and may it? For callbacks. */
int pg_is_cancelled(void);
/* Room for `wanted` items in an array of palloc()'s: PG_NO_MEMORY if there is none. For callbacks. */
int pg_grow(void **array, size_t *room, size_t wanted, size_t item);
/* fih_analyze_terms(), again where it was stopped and the query goes on after all; `again` empties what `each` made.
 * Raises an error for everything else that is not FIH_OK. */
void pg_analyze(fih_analyzer *a, fih_str text, int (*each)(void *ctx, const fih_token *t), void (*again)(void *ctx),
                void *ctx);
/* Raises an error, also if the database is not in UTF-8, which all texts must be. */
void pg_fail(int rc, const fih_error *err) pg_attribute_noreturn();
void pg_require_utf8(void);

#endif
