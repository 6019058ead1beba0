/* place.h - what a file's name, folder and time say of the document in it, where that does not say it itself. */
#ifndef FIHRIST_PLACE_H
#define FIHRIST_PLACE_H

#include <stdint.h>

#include "read/readers.h"

/* "mtime" or "name", "folder" into opts; -1 for another word. */
int place_parse(struct read_opts *opts, const char *date_from, const char *section_from, struct why *why);

/* Fill in the date and the section if they are asked for and empty. `path` is absolute; the section is borrowed from
 * it, the date from `date`. */
void place_fill(fih_doc *doc, char date[FIH_DATE_BYTES], const struct read_opts *opts, const char *path,
                int64_t mtime_ns);

#endif
