/* index/join.h - a new index of the documents of several.
 *
 * Layer: index. Nothing is analysed: segments are merged as a commit merges them (merge.h), from the snapshots of a
 * view, and one commit publishes the result.
 */
#ifndef FIHI_INDEX_JOIN_H
#define FIHI_INDEX_JOIN_H

#include "index/view.h"

/* Into `dest`, where nothing was committed yet (else FIH_E_USAGE, and *is_ours is false). Of an id that several members
 * have, the last one's document stays: the view's segments are marked for it, so it is of no other use afterwards. */
int fihi_join(const char *dest, struct view *from, const fih_merge_opts *o, bool *is_ours, fih_error *err);

#endif
