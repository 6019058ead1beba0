/* api/api_fields.c - the fields of an index, as a program sees them.
 *
 * A list is one copy of what the schema says: it outlives the reader or writer that it was made from, and other threads
 * may read it while that one works on.
 *
 * What a field is, index/schema.h knows and fihrist.h explains. One allocation of some 7 KB, for the most fields that
 * there may be, so that nothing of a list can be missing and freeing it is one call.
 */
#include <stdio.h>
#include <stdlib.h>

#include "api/handles.h"
#include "base/fail.h"
#include "index/schema.h"
#include "index/value.h"

/* infos[] point into names[] and kind_names[] beside them: hence the list is never moved or copied. */
struct fih_fields {
    size_t         count;
    fih_field_info infos[FIH_MAX_FIELDS];
    char           names[FIH_MAX_FIELDS][FIH_FIELD_NAME_BYTES], kind_names[FIH_MAX_FIELDS][SCHEMA_KIND_BYTES];
};

/* For api_reader.c and api_writer.c. docs stay 0: a writer's schema has no documents. */
int fihi_fields_new(fih_fields **out, const struct schema *s, fih_error *err)
{
    fih_fields *const f = calloc(1, sizeof *f);

    *out = f;
    if (!f)
        return fihi_fail_nomem(err);
    for (; f->count < s->count; f->count++) {
        /* Every array has FIH_MAX_FIELDS places, and a schema has no more fields (schema.c). */
        const struct schema_field *const field = &s->fields[f->count];
        fih_field_info *const info = &f->infos[f->count];

        info->name = f->names[f->count];
        info->kind_name = f->kind_names[f->count];
        info->kind = field->kind;
        info->is_many = field->flags & SCHEMA_MANY;
        info->is_folded = (field->flags & SCHEMA_FOLDED) != 0;
        info->weight = fihi_schema_weight(s, FIELD_NO_OWN + (unsigned)f->count);
        memcpy(f->names[f->count], field->name, sizeof field->name);
        fihi_schema_kind_name(f->kind_names[f->count], sizeof f->kind_names[f->count], field);
    }
    return FIH_OK;
}

/* Each segment has a column of each field; those of the index' own are numbered behind the others. Deleted documents
 * count until they are merged away, as everywhere where a column's row is asked and not its values. With several
 * indexes a name may have another number in each: segment_field() tells a segment's. */
int fih_reader_fields(fih_fields **out, const fih_reader *r, fih_error *err)
{
    int rc = fihi_own(r->pid, err);

    *out = NULL;
    if (rc != 0 || (rc = fihi_fields_new(out, &r->view->schema, err)) != 0)
        return rc;
    for (uint32_t k = 0; k < r->view->count; k++)
        for (size_t i = 0; i < (*out)->count; i++) {
            const struct segment *const s = r->view->segments[k];
            const unsigned field = segment_field(s, FIELD_NO_OWN + (unsigned)i);

            /* A segment that was made before the field has no such column, and adds nothing. */
            for (uint32_t c = 0; c < s->column_count; c++)
                (*out)->infos[i].docs += s->columns[c].field == field ? s->columns[c].docs : 0;
        }
    return FIH_OK;
}

size_t fih_fields_count(const fih_fields *f)
{
    return f->count;
}

const fih_field_info *fih_fields_at(const fih_fields *f, size_t i)
{
    return i < f->count ? &f->infos[i] : NULL;
}

void fih_fields_free(fih_fields *f)
{
    free(f);
}

/* Of keywords the text is the value. Read as the index reads it, so that a program that prepares values finds its
 * mistakes before it adds them. As a double an integer beyond 2^53 is rounded; *value has it exactly. */
int fih_value_read(int64_t *value, double *number, int field_kind, fih_str text, fih_error *err)
{
    int rc;

    *value = 0;
    *number = 0;
    /* The kinds between the two are those with a number in their column. */
    if (field_kind < FIH_FIELD_INTEGER || field_kind > FIH_FIELD_TIME)
        return fihi_fail(err, FIH_E_USAGE, "no kind of field whose values are numbers: %d", field_kind);
    if ((rc = fihi_value_read(value, (unsigned)field_kind, text, err)) == 0)
        *number = field_kind == FIH_FIELD_NUMBER ? double_of_value(*value) : (double)*value;
    return rc;
}
