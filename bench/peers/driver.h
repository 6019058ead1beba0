/* driver.h - what the other engines' programs share: texts in, queries in, times out, as LuceneBench.java has them.
 *
 *   index   INDEX CORPUS...                               JSON Lines (or .gz), all into one new index
 *   merge   INDEX                                         into one piece, as it is when queries are timed
 *   latency [--limit N] [--warmup N] [--rounds N] [--budget S] [--times FILE] INDEX QUERIES...
 *   first   INDEX TEXT                                    microseconds to open, and for the first query
 *   search  INDEX TEXT                                    id and title of the ten best: one query, a process
 *
 * An engine is five functions; driver.c has the rest. It knows nothing of our library.
 */
#ifndef DRIVER_H
#define DRIVER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct peer_doc {
    const char *id, *title, *body;     /* UTF-8 */
};

/* What a query file's name says: and.*, phrase.*, prefix.*, anything else or. */
enum peer_kind { PEER_OR, PEER_AND, PEER_PHRASE, PEER_PREFIX };

extern const char *const peer_name;                       /* with its version */

void peer_create(const char *path);
void peer_add(const struct peer_doc *d);
void peer_commit(void);                                   /* and close */
void peer_merge(const char *path);
void peer_open(const char *path);
/* The best `limit`; with `shows` their ids and titles go to stdout, a line each. With `counts` all hits are counted,
 * else what is returned is of no use. */
uint64_t peer_search(enum peer_kind kind, const char *text, unsigned limit, int shows, int counts);
void peer_close(void);

/* End with a message. */
void peer_die(const char *what, const char *why);

#ifdef __cplusplus
}
#endif

#endif
