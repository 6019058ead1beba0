/* index/log.h - what a writer notes but does not fail on, told to the program.
 *
 * Layer: index. Messages are plain sentences for an administrator, without the names of our own parts. */
#ifndef FIHI_INDEX_LOG_H
#define FIHI_INDEX_LOG_H

#include <stdint.h>

#include "fihrist.h"
#include "store/store.h"

struct log {
    void (*tell)(void *ctx, int level, const char *message);   /* NULL: nobody listens */
    void  *ctx;
};

void fihi_log(const struct log *log, enum fih_log_level level, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Tell of a data file that had so many bytes before, if it has fewer now. */
void fihi_log_size(const struct log *log, const struct store *store, uint64_t before);
/* Tell of a process that still reads an older commit. It walks the pages, if anybody listens. */
void fihi_log_readers(const struct log *log, struct store *store);

#endif
