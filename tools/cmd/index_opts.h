/* index_opts.h - options that say how an index is made; shared by index and rebuild. */
#ifndef FIHRIST_INDEX_OPTS_H
#define FIHRIST_INDEX_OPTS_H

#include <stdbool.h>
#include <stddef.h>

#include "cli.h"

/* --lexicon FILE; NULL: none. New. False after a message. */
bool opts_lexicon(const char *command, const char *file, char **text, size_t *bytes);
/* The text of --schema FILE (NULL: none), and a line for each --field. New. False after a message. */
bool opts_schema(const char *command, const char *file, const struct cli_list *fields, char **text, size_t *bytes);
/* "title=0.4,body=1": either may be left out. False after a message. */
bool opts_weights(const char *command, const char *list, float *title, float *body);

/* Are bodies indexed whole? As --no-clean or --clean says, or else the last run on the index that had one of them: a
 * note of the index. False after a message, where both are given. */
bool opts_no_clean(const char *command, const char *index, bool no_clean, bool clean, int *out);
/* The note, for the next commit. */
int opts_note_no_clean(fih_writer *w, int no_clean, fih_error *err);

/* The next NAME:KIND of the text of a schema, from *at on: false at its end. What is none has an empty kind. */
bool opts_next_field(fih_str schema, size_t *at, fih_str *name, fih_str *kind);

#endif
