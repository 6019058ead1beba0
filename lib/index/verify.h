/* index/verify.h - every invariant of an index that FORMAT.md names, checked.
 *
 * Layer: index.
 */
#ifndef FIHI_INDEX_VERIFY_H
#define FIHI_INDEX_VERIFY_H

#include "fihrist.h"

int fihi_verify(const char *path, int (*on_problem)(void *ctx, const char *line), void *ctx, uint64_t *problems,
                fih_error *err);

#endif
