/* index/writer.h - the one that changes an index.
 *
 * Layer: index. Documents gather in chunks, are analysed, inverted into a batch and flushed as a segment when
 * the budget is reached; a commit flushes the rest, merges where there are too many segments or deleted documents, and
 * replaces the manifest in one transaction.
 */
#ifndef FIHI_INDEX_WRITER_H
#define FIHI_INDEX_WRITER_H

#include <stdbool.h>

#include "fihrist.h"
#include "index/schema.h"

struct writer;

/* Options with every default filled in by the caller. */
int fihi_writer_open(struct writer **out, const char *path, const fih_writer_opts *opts, fih_error *err);
/* Of a new index in memory. */
int fihi_writer_open_memory(struct writer **out, const fih_writer_opts *opts, fih_error *err);
/* What it writes to, borrowed. */
const struct store *fihi_writer_store(const struct writer *w);
/* A writer whose next commit has none of the documents that there are, and all the notes; until then the last commit
 * stays as it is. Its analyzer, fields and weights are those of the index, but for what the options say; or with `old`
 * those of that one, in an index that nothing was committed to (else FIH_E_USAGE). After an error it is only closed. */
struct manifest;
int fihi_writer_open_anew(struct writer **out, const char *path, const fih_writer_opts *opts,
                          const struct manifest *old, fih_error *err);
void fihi_writer_close(struct writer *w);
/* For tests: the unit of the merge policy, and batches of so many documents, whatever memory they take. Before the
 * first document. */
void fihi_writer_set_sizes(struct writer *w, uint32_t unit, uint32_t batch_docs);
int fihi_writer_add(struct writer *w, const fih_doc *doc, fih_error *err);
int fihi_writer_delete(struct writer *w, fih_str id, fih_error *err);
int fihi_writer_delete_source(struct writer *w, fih_str source, uint64_t *count, fih_error *err);
/* All that the next commit would have, to be looked through: borrowed until the next call but the one below. What was
 * added is flushed. */
struct view;
int fihi_writer_view(struct writer *w, const struct view **out, fih_error *err);
/* A document of this view, by its segment's number and its own there. */
int fihi_writer_delete_doc(struct writer *w, uint32_t segment, uint32_t doc, fih_error *err);
/* The source of the document of an id, borrowed until the next call. */
int fihi_writer_source(struct writer *w, fih_str id, fih_str *source, fih_error *err);
int fihi_writer_note(struct writer *w, fih_str key, fih_str value, bool is_deleted, fih_error *err);
int fihi_writer_note_get(struct writer *w, fih_str key, fih_str *value, fih_error *err);
int fihi_writer_note_each(struct writer *w, fih_str prefix, int (*each)(void *, fih_str, fih_str), void *ctx,
                          fih_error *err);
int fihi_writer_commit(struct writer *w, int merge_all, fih_error *err);
int fihi_writer_rollback(struct writer *w, fih_error *err);
const struct schema *fihi_writer_schema(const struct writer *w);
const fih_progress *fihi_writer_progress(const struct writer *w);
/* After a commit: give pages back to the disk where there is much to give. */
void fihi_writer_tidy(struct writer *w);
/* After a commit: write the data file anew without free pages. Closes the writer, error or not. */
int fihi_writer_compact(struct writer *w, fih_error *err);

#endif
