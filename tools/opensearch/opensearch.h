/* opensearch.h - an index as OpenSearch and Elasticsearch have it: settings and mapping, documents, queries.
 *
 * Our words go over as fields of terms that are ready: fihrist.stems, .forms, .roots and .title_stems with how often a
 * document has them, .early with how early, .title_words and .words with where. README.md says how the score comes out
 * the same.
 */
#ifndef FIHRIST_OPENSEARCH_H
#define FIHRIST_OPENSEARCH_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "fihrist.h"

enum engine { ENGINE_NONE, ENGINE_OPENSEARCH, ENGINE_ELASTICSEARCH };

/* As --format names it; of another name, or NULL, ENGINE_NONE. And back. */
enum engine opensearch_engine(const char *name);
const char *opensearch_name(enum engine engine);

/* What documents are written with and queries count on: another writing of a word that stands more than COUNTS times in
 * a text counts as if it stood so often; GAP positions lie between title and body, as in fihrist.h. */
enum { COUNTS = 8, GAP = 16 };

/* What turns a frequency into the number that is exported: scale * tf / (1 - b + b * |d| / average), rounded. The
 * engine's sat is freq / (freq + k1 * scale) then. Elasticsearch is given each word as often as it stands there. */
struct impact {
    enum engine engine;
    double      k1, b, average, average_title;
    uint32_t    scale;
};

/* By the means that the index has now. */
int opensearch_impact(struct impact *out, enum engine engine, const fih_reader *r, fih_error *err);

/* ---- mapping.c */

/* The body of PUT /NAME. FIH_E_NOMEM without a message, or for an error of `f`; FIH_E_USAGE if the index has a field
 * that is called as one of ours. */
int opensearch_settings(FILE *f, const fih_reader *r, const struct impact *impact, fih_error *err);

/* FIH_E_USAGE if one of the index' own fields has a name that documents there have another use for. */
int opensearch_names(const fih_fields *own, fih_error *err);

/* ---- bulk.c */

struct bulk;

struct bulk *bulk_new(const fih_reader *r, const struct impact *impact, fih_error *err);
void bulk_free(struct bulk *b);
enum bulk_id { BULK_ID, BULK_ID_LONG, BULK_ID_NOT_UTF8 };
/* Can the engine have a document of this id? */
enum bulk_id bulk_id(fih_str id);
/* Two lines: the action and the document. */
int bulk_document(FILE *f, struct bulk *b, const fih_stored *s, fih_error *err);
void bulk_deletion(FILE *f, fih_str id);

/* ---- since.c */

/* What was exported before: a file with the id of every document, a hash of what is stored of it, and by which means it
 * was exported. Only what differs from it is exported now, and it is written anew. */
struct since;

/* The path is borrowed until since_free(). `impact` becomes that of the file, if there is one: numbers of all documents
 * must be by the same means. NULL after a message of the command `export`. */
struct since *since_open(const char *path, struct impact *impact, const char *analyzer);
/* Is the document there as it was? Notes it for the next file. */
bool since_has(struct since *s, const fih_stored *doc);
/* Call `each` for every id that was there and is not any more. */
void since_each_gone(const struct since *s, void (*each)(void *ctx, fih_str id), void *ctx);
/* The new file in place of the old one; -1 after a message. */
int since_finish(struct since *s);
void since_free(struct since *s);

/* ---- export.c */

struct opensearch_export {
    enum engine engine;
    bool        only_settings;
    const char *since;        /* a file, or NULL */
};

struct export;
/* All of it to e->out, as the other formats of cmd/export.h. e->since is to be finished when all is on its way, and
 * freed. */
int opensearch_export(struct export *e, const fih_reader *r, const struct opensearch_export *o, fih_error *err);

/* ---- body.c */

/* What is said of a query that is not expressed as it is: once each, in the order in which it came up. */
struct body_notes {
    void (*say)(void *ctx, const char *what, fih_str of);
    void  *ctx;
    bool   is_less;           /* something was left out */
};

/* The query of a search body; new, NULL if memory is out or if nothing of it could be expressed (notes->is_less). */
json_t *body_query(const fih_plan_info *plan, struct body_notes *notes);

/* ---- body_rescore.c */

/* What the second pass adds, for the best documents of the first: an array, which may be empty. New. */
json_t *body_rescore(const fih_plan_info *plan);

/* ---- term.c */

/* A term as it stands in a field: what is a sign there (| / # % and what is no letter of ASCII's first 33) as %XX. Room
 * for three times its bytes; how many it has. */
size_t term_write(char *out, fih_str term);

#endif
