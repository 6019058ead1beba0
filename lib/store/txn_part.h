/* store/txn_part.h - what txn.c, the snapshots, and change.c, the changes, share.
 *
 * Layer: store. Private to these two.
 */
#ifndef FIHI_STORE_TXN_PART_H
#define FIHI_STORE_TXN_PART_H

#include "store/env.h"
#include "store/memory.h"
#include "store/store.h"

/* First in all that begins something: FIH_E_FORK in a child of the process that opened the store. */
int fihi_store_check_process(const struct store *s, fih_error *err);
/* The payload of a value, its checksum verified. FIH_E_NOTFOUND without a message. */
int fihi_txn_get(const struct store *s, MDB_txn *txn, enum space space, const void *key, size_t key_bytes,
                 const uint8_t **payload, size_t *bytes, fih_error *err);

#endif
