/* input.h - the bytes of a file or of standard input, gzip and zstd undone on the way.
 *
 * Knows nothing of documents or encodings. Works in bounded memory whatever the file holds. The raw
 * bytes are hashed as they pass, so that a file read once is also known by its content.
 */
#ifndef FIHRIST_INPUT_H
#define FIHRIST_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Why an input failed: one line, no full stop. */
struct why { char text[400]; };
void why_set(struct why *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* What tells a changed file from an unchanged one without reading it. */
struct file_id {
    uint64_t size;                 /* [bytes] */
    int64_t  mtime_ns, ctime_ns;   /* since 1970 */
    uint64_t ino, dev;
};

#define INPUT_HASH_CHARS 32        /* XXH3-128 in hexadecimal */

struct input;

/**
 * Open a regular file; compression is told by its first bytes.
 *
 * @param follow  Whether the path may be a symbolic link (it may where the user named it).
 * @return 0, or -1 with the reason. A name in .gz or .zst that holds something else is a failure.
 */
int input_open(struct input **out, const char *path, bool follow, struct why *why);
/* Standard input, plain or compressed. It is not closed by input_close(). */
int input_stdin(struct input **out, struct why *why);
/* Bytes in memory, for tests: borrowed until input_close(). */
int input_memory(struct input **out, const void *bytes, size_t n, struct why *why);
void input_close(struct input *in);

/* What stat (or lstat) says of a path; -1 with errno. */
int input_stat(struct file_id *id, const char *path, bool follow);
const struct file_id *input_id(const struct input *in);

/* Read up to n > 0 bytes of content; 0 at its end, -1 with the reason. */
ssize_t input_read(struct input *in, void *buf, size_t n, struct why *why);

/* The first INPUT_PEEK_BYTES of the content, or all if it has less; borrowed, and read all the same afterwards. Before
 * the first input_read(). */
#define INPUT_PEEK_BYTES 8192u
int input_peek(struct input *in, const char **head, size_t *n, struct why *why);

/* Read all of the content, at most `limit` bytes. *out is new, freed with free(), with a NUL behind it. */
int input_read_all(struct input *in, size_t limit, char **out, size_t *n, struct why *why);
/* The same of a file or pipe that the user named, compressed or not, or of standard input (-). */
int input_load(const char *path, size_t limit, char **out, size_t *n, struct why *why);

/* Raw bytes consumed so far, for progress. */
uint64_t input_consumed(const struct input *in);

/* The hash of all raw bytes; empty if not all of them were read. */
void input_hash(const struct input *in, char hex[INPUT_HASH_CHARS + 1]);
/* Read the rest of the raw bytes for their hash alone, then stand at the beginning again. Files only. */
int input_hash_and_rewind(struct input *in, char hex[INPUT_HASH_CHARS + 1], struct why *why);

#endif
