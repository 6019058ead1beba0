/* bulk.c - documents as lines of the _bulk API.
 *
 * A document's words come from the library one by one. Each goes to the ends of some texts, fields of the document: of
 * the counted ones equal tokens are brought together behind the last word, and written once with their number; of the
 * placed ones each token is a word's place, and further readings of a word are joined to it by a /.
 *
 * The tokens #1 to #8 are no words: they have the frequency that a word would have which stands so often in the text. A
 * query scores by them what is found as a phrase, but counts as a word (body_phrase.c).
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "opensearch/opensearch.h"
#include "out/out.h"
#include "read/encoding.h"
#include "read/record.h"

enum { ID_MOST = 512 };

/* Bytes that grow; on a lack of memory is_broken, and nothing more is added. */
struct text {
    char  *ptr;
    size_t len, cap;
    bool   is_broken;
};

/* A field of tokens: each with a NUL behind it, and where it begins. */
struct tokens {
    struct text text;
    size_t     *starts, count, cap;
};

enum { STEMS, FORMS, ROOTS, TITLES, COUNTED };
static const char *const counted_names[COUNTED] = { "stems", "forms", "roots", "title_stems" };

enum { EARLY = 25, SHORT = 10 };       /* of fihrist.h: early, and short texts */

struct bulk {
    const fih_reader *reader;
    struct impact     impact;
    fih_fields       *fields;
    struct tokens     counted[COUNTED];
    struct text       placed[2];       /* of the title, of the body */
    struct text       line;            /* a field's text */
    const char      **sorted;
    size_t            sorted_cap;
    uint32_t          words, title_words;
    size_t            word_roots;      /* the first root of the word that was read last */
};

/* ---- texts */

static bool room(struct text *t, size_t n)
{
    if (t->is_broken || t->cap - t->len >= n)
        return !t->is_broken;
    const size_t cap = (t->len + n) * 3 / 2 + 256;
    char *const p = realloc(t->ptr, cap);

    t->is_broken = !p;
    if (p) {
        t->ptr = p;
        t->cap = cap;
    }
    return p != NULL;
}

static void put(struct text *t, const char *s, size_t n)
{
    if (n == 0 || !room(t, n))
        return;
    memcpy(t->ptr + t->len, s, n);
    t->len += n;
}

static void put_term(struct text *t, fih_str term)
{
    if (room(t, 3 * term.len))
        t->len += term_write(t->ptr + t->len, term);
}

/* A token is there from its start on; what belongs to it is put behind, and end_token() comes last. */
static void begin_token(struct tokens *t)
{
    if (t->count == t->cap) {
        const size_t cap = t->cap * 2 + 64;
        size_t *const starts = realloc(t->starts, cap * sizeof *starts);

        if (!starts) {
            t->text.is_broken = true;
            return;
        }
        t->starts = starts;
        t->cap = cap;
    }
    t->starts[t->count++] = t->text.len;
}

static void end_token(struct tokens *t)
{
    put(&t->text, "", 1);
}

static void add_token(struct tokens *t, fih_str term)
{
    begin_token(t);
    put_term(&t->text, term);
    end_token(t);
}

/* ---- a document's words */

static void add_place(struct text *t, const fih_word *w)
{
    if (t->len > 0)
        put(t, w->is_reading ? "/" : " ", 1);
    put_term(t, w->stem);
}

/* A word that has two stems of a root, in two readings, has it once. */
static void add_root(struct bulk *b, const fih_word *w)
{
    struct tokens *const t = &b->counted[ROOTS];

    add_token(t, w->root);
    for (size_t i = b->word_roots; i + 1 < t->count && !t->text.is_broken; i++)
        if (strcmp(t->text.ptr + t->starts[i], t->text.ptr + t->starts[t->count - 1]) == 0) {
            t->text.len = t->starts[--t->count];
            return;
        }
}

/* With its place before it, by which the first of equal ones is known (write_early()). */
static void add_stem(struct bulk *b, const fih_word *w)
{
    const uint32_t at = w->in_title || b->title_words == 0 ? w->position : w->position + GAP;

    put(&b->counted[STEMS].text, (const char *)&at, sizeof at);
    add_token(&b->counted[STEMS], w->stem);
}

static int take_word(void *ctx, const fih_word *w)
{
    struct bulk *const b = ctx;

    b->words = w->position + 1;
    if (w->in_title)
        b->title_words = b->words;
    add_stem(b, w);
    if (w->in_title)
        add_token(&b->counted[TITLES], w->stem);
    if (w->form.len > 0) {
        begin_token(&b->counted[FORMS]);
        put_term(&b->counted[FORMS].text, w->form);
        put(&b->counted[FORMS].text, "/", 1);
        put_term(&b->counted[FORMS].text, w->stem);
        end_token(&b->counted[FORMS]);
    }
    if (!w->is_reading)
        b->word_roots = b->counted[ROOTS].count;
    if (w->root.len > 0)
        add_root(b, w);
    add_place(&b->placed[w->in_title ? 0 : 1], w);
    return FIH_OK;
}

static void clear(struct bulk *b)
{
    for (unsigned i = 0; i < COUNTED; i++)
        b->counted[i].text.len = b->counted[i].count = 0;
    b->placed[0].len = b->placed[1].len = 0;
    b->words = b->title_words = 0;
}

/* ---- counted fields */

/* Equal ones as they stand in the text. */
static int by_bytes(const void *a, const void *b)
{
    const char *const x = *(const char *const *)a, *const y = *(const char *const *)b;
    const int order = strcmp(x, y);

    return order ? order : x < y ? -1 : x > y;
}

static bool sort_tokens(struct bulk *b, const struct tokens *t)
{
    if (t->count > b->sorted_cap) {
        const char **const p = realloc(b->sorted, t->count * sizeof *p);

        if (!p)
            return false;
        b->sorted = p;
        b->sorted_cap = t->count;
    }
    for (size_t i = 0; i < t->count; i++)
        b->sorted[i] = t->text.ptr + t->starts[i];
    if (t->count > 1)
        qsort(b->sorted, t->count, sizeof *b->sorted, by_bytes);
    return true;
}

/* A token n times in a text of so many words; at least 1, for 0 is no frequency. */
static void put_counted(struct text *line, const struct impact *i, const char *token, size_t n, double words,
                        double average)
{
    const double exact = i->scale * (double)n / (1 - i->b + i->b * words / average);
    char number[32];

    if (i->engine == ENGINE_ELASTICSEARCH) {
        for (size_t k = 0; k < n; k++) {
            put(line, " ", line->len > 0);
            put(line, token, strlen(token));
        }
        return;
    }
    const long count = exact < 1 ? 1 : exact < INT32_MAX ? lround(exact) : INT32_MAX;
    put(line, " ", line->len > 0);
    put(line, token, strlen(token));
    put(line, number, (size_t)snprintf(number, sizeof number, "|%ld", count));
}

/* Elasticsearch would take further counts for words of the text: it has the first alone. */
static void write_counted(FILE *f, struct bulk *b, unsigned field)
{
    struct tokens *const t = &b->counted[field];
    const double words = field == TITLES ? b->title_words : b->words;
    const double average = field == TITLES ? b->impact.average_title : b->impact.average;
    const unsigned counts = b->impact.engine == ENGINE_ELASTICSEARCH ? 1 : COUNTS;
    char token[8];

    if (t->count == 0)
        return;
    b->line.len = 0;
    for (unsigned n = 1; n <= counts && (field == STEMS || field == TITLES); n++) {
        snprintf(token, sizeof token, "#%u", n);
        put_counted(&b->line, &b->impact, token, b->impact.engine == ENGINE_ELASTICSEARCH ? 1 : n, words, average);
    }
    for (size_t i = 0, end; i < t->count; i = end) {
        for (end = i + 1; end < t->count && strcmp(b->sorted[i], b->sorted[end]) == 0; end++)
            ;
        put_counted(&b->line, &b->impact, b->sorted[i], end - i, words, average);
    }
    fprintf(f, "\"%s\":", counted_names[field]);
    out_json(f, (fih_str){ b->line.ptr, b->line.len });
    putc(',', f);
}

/* What each of the sorted stems brings by how early it stands: 65536 * 25 / (25 + first) * |d| / (|d| + 10). */
static void write_early(FILE *f, struct bulk *b)
{
    const struct tokens *const t = &b->counted[STEMS];
    char number[32];

    if (b->impact.engine == ENGINE_ELASTICSEARCH || t->count == 0)
        return;
    b->line.len = 0;
    for (size_t i = 0; i < t->count; i++) {
        uint32_t first;

        if (i > 0 && strcmp(b->sorted[i - 1], b->sorted[i]) == 0)
            continue;
        memcpy(&first, b->sorted[i] - sizeof first, sizeof first);
        const double early = 65536.0 * EARLY / (EARLY + (double)first) * b->words / (b->words + (double)SHORT);
        put(&b->line, " ", b->line.len > 0);
        put(&b->line, b->sorted[i], strlen(b->sorted[i]));
        put(&b->line, number, (size_t)snprintf(number, sizeof number, "|%ld", early < 1 ? 1 : lround(early)));
    }
    fputs("\"early\":", f);
    out_json(f, (fih_str){ b->line.ptr, b->line.len });
    putc(',', f);
}

/* The title, what no phrase crosses, and the body: also without a title, so that what is behind it is the body. */
static void write_places(FILE *f, struct bulk *b)
{
    if (b->placed[0].len > 0) {
        fputs("\"title_words\":", f);
        out_json(f, (fih_str){ b->placed[0].ptr, b->placed[0].len });
        putc(',', f);
    }
    if (b->words == 0)
        return;
    b->line.len = 0;
    put(&b->line, b->placed[0].ptr, b->placed[0].len);
    for (unsigned i = 0; i < GAP && b->placed[1].len > 0; i++)
        put(&b->line, b->line.len ? " #0" : "#0", b->line.len ? 3 : 2);
    put(&b->line, " ", b->placed[1].len > 0);
    put(&b->line, b->placed[1].ptr, b->placed[1].len);
    fputs("\"words\":", f);
    out_json(f, (fih_str){ b->line.ptr, b->line.len });
    putc(',', f);
}

static int write_words(FILE *f, struct bulk *b, const fih_stored *s, fih_error *err)
{
    int rc;

    clear(b);
    if ((rc = fih_reader_each_word(b->reader, s, take_word, b, err)) != FIH_OK)
        return rc;
    fputs(",\"fihrist\":{", f);
    for (unsigned i = 0; i < COUNTED; i++) {
        if (b->counted[i].text.is_broken || !sort_tokens(b, &b->counted[i]))
            return FIH_E_NOMEM;
        write_counted(f, b, i);
        if (i == STEMS)
            write_early(f, b);
    }
    write_places(f, b);
    fprintf(f, "\"title_length\":%" PRIu32 "}", b->title_words);
    return b->line.is_broken || b->placed[0].is_broken || b->placed[1].is_broken ? FIH_E_NOMEM : FIH_OK;
}

/* ---- fields with values */

static bool is_name(fih_str s, const char *name)
{
    return s.len == strlen(name) && memcmp(s.ptr, name, s.len) == 0;
}

static bool is_own(const struct bulk *b, fih_str name)
{
    for (size_t i = 0; i < fih_fields_count(b->fields); i++)
        if (is_name(name, fih_fields_at(b->fields, i)->name))
            return true;
    return false;
}

static void write_member(FILE *f, const char *name, fih_str value)
{
    if (value.len == 0)
        return;
    fprintf(f, ",\"%s\":", name);
    out_json(f, value);
}

/* A keyword as the index has it, which cuts it. */
static fih_str keyword(fih_str value)
{
    return (fih_str){ value.ptr, value.len < FIH_MAX_VALUE ? value.len : FIH_MAX_VALUE };
}

/* The day, as date filters have it; the text beside it where it says something else. */
static int write_date(FILE *f, fih_str text, fih_error *err)
{
    char day[FIH_DATE_BYTES];
    int32_t first, last;
    int rc = text.len ? fih_date_parse(&first, &last, text, 0, err) : FIH_E_NOTFOUND;

    if (rc == FIH_OK && (rc = fih_date_text(day, first, err)) == FIH_OK)
        fprintf(f, ",\"date\":\"%s\"", day);
    if (rc != FIH_OK || !is_name(text, day))
        write_member(f, "date_text", text);
    return rc == FIH_E_NOMEM ? rc : FIH_OK;
}

/* Nothing, where the text is no value of the field; else true, with a comma before all but the first. */
static bool write_value(FILE *f, const fih_field_info *info, fih_str text, const char *before)
{
    char day[FIH_DATE_BYTES];
    int64_t value;
    double number;

    if (info->kind == FIH_FIELD_KEYWORD || info->kind == FIH_FIELD_TEXT) {
        fputs(before, f);
        out_json(f, info->kind == FIH_FIELD_TEXT ? text : keyword(text));
        return true;
    }
    if (fih_value_read(&value, &number, info->kind, text, NULL) != FIH_OK ||
        (info->kind == FIH_FIELD_DATE &&
         (value < INT32_MIN || value > INT32_MAX || fih_date_text(day, (int32_t)value, NULL) != FIH_OK)))
        return false;
    fputs(before, f);
    if (info->kind == FIH_FIELD_DATE)
        fprintf(f, "\"%s\"", day);
    else if (info->kind == FIH_FIELD_NUMBER)
        fprintf(f, "%.17g", number);
    else
        fprintf(f, "%" PRId64, value);
    return true;
}

/* All values of a field that may have several; of another the first text alone, value or not. */
static void write_own(FILE *f, const fih_stored *s, const fih_field_info *info)
{
    const fih_field *field;
    size_t count = 0;

    for (size_t i = 0; (field = fih_stored_at(s, i)) != NULL; i++) {
        char before[2 * FIH_FIELD_NAME_BYTES];

        if (!is_name(field->name, info->name) || field->value.len == 0)
            continue;
        snprintf(before, sizeof before, ",\"%s\":[", info->name);
        count += write_value(f, info, field->value, count ? "," : before);
        if (count && !info->is_many)
            break;
    }
    fputs(count ? "]" : "", f);
}

/* What is stored and no field: shown, and not indexed. An object may have a key once, so values are in a list of pairs.
 */
static void write_extra(FILE *f, const struct bulk *b, const fih_stored *s)
{
    const fih_field *field;
    const char *before = ",\"extra\":{\"fields\":[";
    bool has_any = false;

    for (size_t i = 0; (field = fih_stored_at(s, i)) != NULL; i++) {
        if (record_is_named(field) || is_own(b, field->name))
            continue;
        fputs(before, f);
        fputs("{\"name\":", f);
        out_json(f, field->name);
        fputs(",\"value\":", f);
        out_json(f, field->value);
        putc('}', f);
        before = ",";
        has_any = true;
    }
    fputs(has_any ? "]}" : "", f);
}

/* ---- lines */

struct bulk *bulk_new(const fih_reader *r, const struct impact *impact, fih_error *err)
{
    struct bulk *const b = calloc(1, sizeof *b);

    if (b) {
        b->reader = r;
        b->impact = *impact;
        if (fih_reader_fields(&b->fields, r, err) == FIH_OK && opensearch_names(b->fields, err) == FIH_OK)
            return b;
    } else {
        err->code = FIH_E_NOMEM;
        snprintf(err->msg, sizeof err->msg, "out of memory");
    }
    bulk_free(b);
    return NULL;
}

void bulk_free(struct bulk *b)
{
    if (!b)
        return;
    for (unsigned i = 0; i < COUNTED; i++) {
        free(b->counted[i].text.ptr);
        free(b->counted[i].starts);
    }
    free(b->placed[0].ptr);
    free(b->placed[1].ptr);
    free(b->line.ptr);
    free(b->sorted);
    fih_fields_free(b->fields);
    free(b);
}

enum bulk_id bulk_id(fih_str id)
{
    return !encoding_is_utf8(id.ptr, id.len) ? BULK_ID_NOT_UTF8 : id.len > ID_MOST ? BULK_ID_LONG : BULK_ID;
}

int bulk_document(FILE *f, struct bulk *b, const fih_stored *s, fih_error *err)
{
    int rc;

    fputs("{\"index\":{\"_id\":", f);
    out_json(f, fih_stored_get(s, "id"));
    fputs("}}\n{\"title\":", f);
    out_json(f, fih_stored_get(s, "title"));
    write_member(f, "body", fih_stored_get(s, "body"));
    write_member(f, "section", keyword(fih_stored_get(s, "section")));
    if (!is_own(b, (fih_str){ "url", 3 }))
        write_member(f, "url", fih_stored_get(s, "url"));
    write_member(f, "source", fih_stored_get(s, "source"));
    if ((rc = write_date(f, fih_stored_get(s, "date"), err)) != FIH_OK)
        return rc;
    for (size_t i = 0; i < fih_fields_count(b->fields); i++)
        write_own(f, s, fih_fields_at(b->fields, i));
    write_extra(f, b, s);
    if ((rc = write_words(f, b, s, err)) != FIH_OK)
        return rc;
    fputs("}\n", f);
    return FIH_OK;
}

void bulk_deletion(FILE *f, fih_str id)
{
    fputs("{\"delete\":{\"_id\":", f);
    out_json(f, id);
    fputs("}}\n", f);
}
