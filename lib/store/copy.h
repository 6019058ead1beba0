/* store/copy.h - a new data file from what a snapshot sees.
 *
 * Layer: store, on store.h's snapshots. For a snapshot that LMDB cannot copy (it has no place in the table of readers):
 * all values, verified, put into a new file one by one.
 */
#ifndef FIHI_STORE_COPY_H
#define FIHI_STORE_COPY_H

#include "store/store.h"

struct env;

/* Make `path`, with mode and owner of the file of `like`; removed again on an error. FIH_E_STALE: the commit was gone
 * before all was copied. */
int fihi_copy_values(struct snap *t, const struct env *like, const char *path, fih_error *err);

#endif
