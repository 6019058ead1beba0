/* readers.h - inputs become documents: one reader for each format.
 *
 * A reader hands each document to a sink, and each piece it cannot use, with its place. It knows
 * nothing of the index or the ledger. To add a format: a file and an entry in kind.c.
 */
#ifndef FIHRIST_READERS_H
#define FIHRIST_READERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fihrist.h"
#include "read/input.h"

/* Changes whenever a reader makes other documents of the same bytes: unchanged files are then read again. */
#define READERS_VERSION 5

/* The fields a JSON key can feed, in this order everywhere. */
enum read_target { TARGET_ID, TARGET_TITLE, TARGET_BODY, TARGET_DATE, TARGET_SECTION, TARGET_URL, TARGET_COUNT };
extern const char *const read_target_names[TARGET_COUNT];

enum read_date { READ_DATE_OWN, READ_DATE_MTIME, READ_DATE_NAME };

/* Where in a JSON object a field of the index' own is found. */
struct read_source {
    const char *field, *key;           /* the key; or with is_path keys within keys, points between them */
    size_t      field_bytes;
    bool        is_path;
};

struct read_opts {
    const char *encoding;              /* NULL or "auto": find it */
    const char *keys[TARGET_COUNT];    /* --map: the JSON key that feeds each field; NULL: the field's own name */
    const fih_fields *fields;          /* NULL: none. Of the index' own; a key of such a name feeds it */
    struct read_source *sources;       /* --map and --field-from of those */
    size_t      source_count;
    enum read_date date_from;          /* of a text or page that says none: see place.h */
    bool        has_folder_section;
};

enum read_result {
    READ_OK,
    READ_FAILED,                       /* the input is not (all) readable: *why */
    READ_STOPPED,                      /* the sink asked for it */
    READ_OTHER                         /* nothing of it is a document, nor meant to be: *why */
};

struct read_sink {
    void *ctx;
    /* One document, borrowed during the call. `line` is 0 where a file is one document. Nonzero stops. */
    int (*doc)(void *ctx, const fih_doc *doc, uint64_t line);
    /* A piece that is passed over; line and column from 1, column 0 if not known. Nonzero stops. */
    int (*bad)(void *ctx, uint64_t line, uint64_t column, const char *reason);
    /* What the user should know of an input that was read nevertheless. May be NULL. */
    void (*note)(void *ctx, const char *text);
};

/* `name` is the path as the user reads it: it becomes the id where the input names none. */
typedef enum read_result reader(struct input *in, const char *name, const struct read_opts *opts,
                                const struct read_sink *sink, struct why *why);
reader read_txt, read_jsonl, read_json, read_html;

/* "TARGET=KEY" into opts; the key is borrowed from `text`. Any other name is that of a field of the index' own, which
 * has a source more: opts->sources, new, the caller frees it. */
int read_map_parse(struct read_opts *opts, const char *text, struct why *why);
/* "FIELD=KEY.KEY…", the same. */
int read_path_parse(struct read_opts *opts, const char *text, struct why *why);
/* When the fields are known: is there one for each source? */
int read_sources_check(const struct read_opts *opts, struct why *why);

/* ---- for the readers themselves ---- */

/* The whole input as text: read (at most `limit` bytes), decoded, refused if it is no text. *out is new, with a NUL
 * behind it; *bytes may be ill-formed UTF-8 in rare places. `declared` looks for what the text says of its own
 * encoding; it may be NULL. */
enum read_result read_whole(struct input *in, const struct read_opts *opts, size_t limit,
                            void (*declared)(char *name, size_t name_bytes, const char *head, size_t n),
                            char **out, size_t *bytes, struct why *why);

#endif
