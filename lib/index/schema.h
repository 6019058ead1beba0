/* index/schema.h - the fields of an index: their names, numbers and kinds.
 *
 * Layer: index. Every index has title, body, section, date and url; a schema says which others it has, and whether url
 * is indexed. They are numbered in the order in which they were given, and go only in a rebuild: a number is what a
 * segment's columns and terms know a field by. Format: FORMAT.md, "Schema".
 */
#ifndef FIHI_INDEX_SCHEMA_H
#define FIHI_INDEX_SCHEMA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "fihrist.h"

/* The numbers of fields. */
enum {
    FIELD_NO_SECTION = 2,
    FIELD_NO_DATE = 3,
    FIELD_NO_SIGNATURE = 4,            /* text/signature.h: no field that a query can name */
    FIELD_NO_TITLE = 5,                /* these two only where a query asks whether there is one: no column has them */
    FIELD_NO_BODY = 6,
    FIELD_NO_OWN = 8,                  /* the first of a schema's */
    FIELD_NO_END = FIELD_NO_OWN + FIH_MAX_FIELDS
};

enum {                                 /* flags of a field */
    SCHEMA_MANY = 1,                   /* it may have several values in a document */
    SCHEMA_FOLDED = 2,                 /* they are compared by their letters (search/folded.h) */
    SCHEMA_FLAGS = SCHEMA_MANY | SCHEMA_FOLDED
};

struct schema_field {
    char    name[FIH_FIELD_NAME_BYTES];
    uint8_t kind;                      /* enum fih_field_kind */
    uint8_t flags;
    uint8_t weight;                    /* of a text's words in plain queries, in SCHEMA_WEIGHT_ONEs; 0: none */
};

#define SCHEMA_WEIGHT_ONE (1.0f / 16)

struct schema {
    struct schema_field fields[FIH_MAX_FIELDS];
    uint32_t            count;
};

/* Add the fields that a text describes, as fih_writer_opts.fields does. Those that are there already may be said again,
 * with another weight, even. On an error nothing is added: FIH_E_USAGE. */
int fihi_schema_parse(struct schema *s, fih_str text, fih_error *err);
/* The same for a rebuild, where all values are made anew: a field that is there may be given another kind, or none. */
int fihi_schema_change(struct schema *s, fih_str text, fih_error *err);
/* FIELD_NO_…, or 0 if no field with values has the name. */
unsigned fihi_schema_find(const struct schema *s, fih_str name);
/* That of the documents' addresses (fih_doc.url), where the schema has it as "url:keyword"; else 0. */
unsigned fihi_schema_address(const struct schema *s);
/* Where a field of this name was looked for in vain and it is url: an error of this code that says how to get it, with
 * the place in the query. FIH_OK for other names. */
int fihi_schema_refuse_address(fih_str name, int code, size_t at, fih_error *err);
/* FIELD_NO_… of a name, but 0 for a text: it has no values to sort, count or collapse by. */
unsigned fihi_schema_find_values(const struct schema *s, fih_str name);
/* enum fih_field_kind, or 0 for a number that no field has. */
unsigned fihi_schema_kind(const struct schema *s, unsigned field);
const char *fihi_schema_name(const struct schema *s, unsigned field);
bool fihi_schema_is_folded(const struct schema *s, unsigned field);
/* Does a text have a weight in plain queries? 0 for what is none. */
float fihi_schema_weight(const struct schema *s, unsigned field);
/* Is one of the fields a text? */
bool fihi_schema_has_text(const struct schema *s);
/* "title, body, section, date, author, tags" into `out`, shortened where it is too long; without texts: "section,
 * date, tags"; and those with terms, which are keywords and texts: "section, author, tags". */
void fihi_schema_list(const struct schema *s, char *out, size_t size);
void fihi_schema_list_values(const struct schema *s, char *out, size_t size);
void fihi_schema_list_terms(const struct schema *s, char *out, size_t size);
/* A field's kind as the text of a schema has it: "integer", "keyword*", "text*^0.5". */
enum { SCHEMA_KIND_BYTES = 24 };       /* enough for any */
void fihi_schema_kind_name(char *out, size_t size, const struct schema_field *f);

/* Are the values of the kind numbers? Else they are terms of the dictionary, and the column has their places there. */
static inline bool kind_is_number(unsigned kind)
{
    return kind >= FIH_FIELD_INTEGER && kind <= FIH_FIELD_TIME;
}

/* Add the fields of another index, whose directory is for messages. FIH_E_USAGE where it has one of another kind. */
int fihi_schema_join(struct schema *s, const struct schema *other, const char *dir, fih_error *err);
/* The numbers that `other` has for the fields of `s`: by number, 0 for a field that it lacks. False where
 * they are not needed, because it has the same number for each field that it has. */
bool fihi_schema_map(uint8_t numbers[FIELD_NO_END], const struct schema *s, const struct schema *other);

int fihi_schema_append(const struct schema *s, struct buf *out);
/* NULL if it is damaged, or what follows it. */
const uint8_t *fihi_schema_get(struct schema *s, const uint8_t *p, const uint8_t *end);

#endif
