/* index/log.c - messages for the program's log.
 *
 * What goes here is no error: the commit or the deletion did what it was asked for, and yet somebody may want to know.
 * A message is told before the work goes on, in the thread that called the library: so nothing is queued that could be
 * lost, and a program that is slow to write it down slows only itself. What is dear to find out, such as who reads an
 * old commit, is not asked if nobody listens. */
#include "index/log.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/fail.h"

/* By way of an error, whose messages are made safe to print, whatever is in a path. */
void fihi_log(const struct log *log, enum fih_log_level level, const char *fmt, ...)
{
    char text[sizeof ((fih_error *)NULL)->msg];
    fih_error line;
    va_list ap;

    if (!log->tell)
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    fihi_fail(&line, FIH_OK, "%s", text);
    log->tell(log->ctx, (int)level, line.msg);
}

/* A reader that stays for long is why a data file grows (FORMAT.md, "Compaction and backup"), and nothing in the file
 * says who it is: only the table of readers does. */
void fihi_log_readers(const struct log *log, struct store *store)
{
    struct snap *snap;
    pid_t oldest;

    if (!log->tell || fihi_snap_begin(&snap, store, 0, NULL) != 0)
        return;
    if ((oldest = fihi_snap_oldest_reader(snap)) != 0)
        fihi_log(log, FIH_LOG_WARNING,
                 "'%s': process %ld reads an older commit, whose pages cannot be used again until it moves on or ends",
                 fihi_store_dir(store), (long)oldest);
    fihi_snap_end(snap);
}

/* Shifted by 10, for people read KiB; a file that has grown or stayed is nothing to tell of. */
void fihi_log_size(const struct log *log, const struct store *store, uint64_t before)
{
    const uint64_t after = fihi_store_file_bytes(store);

    if (after < before)
        fihi_log(log, FIH_LOG_INFO, "'%s': wrote the data file anew: %llu KiB, were %llu KiB", fihi_store_dir(store),
                 (unsigned long long)(after >> 10), (unsigned long long)(before >> 10));
}
