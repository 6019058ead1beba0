/* json_doc.h - the members of an object of JSON become a document: by the names of fields, by --map and --field-from,
 * and by what only export writes (exact.h). */
#ifndef FIHRIST_JSON_DOC_H
#define FIHRIST_JSON_DOC_H

#include "read/json_line.h"
#include "read/readers.h"

struct json_doc;

/* Options and the name, of which ids are made, are borrowed until json_doc_free(). NULL if memory is out. */
struct json_doc *json_doc_new(const struct read_opts *opts, const char *name);
void json_doc_free(struct json_doc *j);

/* Fill the document, which is as by FIH_DOC_INIT, from the members of an object, the nth of its line: borrowed until
 * the next call, and as long as the members. -1 with the reason for one that cannot be used. The source is set only
 * where the object says it: with a pointer, also if it is empty. */
int json_doc_fill(struct json_doc *j, fih_doc *doc, const struct json_member *members, size_t count, uint64_t line,
                  uint64_t nth, struct why *why);

#endif
