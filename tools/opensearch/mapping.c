/* mapping.c - settings and mapping of an index of OpenSearch or Elasticsearch.
 *
 * The fields of terms have a similarity of their own, a script: the engines' BM25 has the idf of a field and a shard,
 * and the length of a text rounded to three bits, where ours has the idf of the whole index and the length as it is. So
 * the idf is in the boosts of a query (body.c), and the length in the frequencies (bulk.c): what is left of BM25 is
 * freq / (freq + k). A script gives the same score in all versions, of which some multiply BM25 by k1 + 1.
 */
#include <stdlib.h>
#include <string.h>

#include "opensearch/opensearch.h"

/* Fields of terms: most words have stem, form and root. */
static const char *const counted[] = { "stems", "forms", "roots", "title_stems" };
static const char *const placed[] = { "title_words", "words" };

static const char *const names[] = { "", "opensearch", "elasticsearch" };

enum engine opensearch_engine(const char *name)
{
    for (unsigned i = ENGINE_OPENSEARCH; name && i <= ENGINE_ELASTICSEARCH; i++)
        if (strcmp(name, names[i]) == 0)
            return i;
    return ENGINE_NONE;
}

const char *opensearch_name(enum engine engine)
{
    return names[engine];
}

int opensearch_impact(struct impact *out, enum engine engine, const fih_reader *r, fih_error *err)
{
    enum { SCALE = 1 << 16 };
    fih_query *q = NULL;
    fih_plan *p = NULL;
    int rc = fih_query_plain(&q, fih_str_of(""), err);

    if (rc == FIH_OK && (rc = fih_plan_new(&p, r, q, NULL, err)) == FIH_OK) {
        const fih_plan_info *const i = fih_plan_get(p);

        *out = (struct impact){ engine, (double)i->k1, (double)i->b, (double)i->avg, (double)i->avg_title, SCALE };
        /* The frequencies of a document together stay below 2^31: |d| / (1 - b + b |d| / avg) is at most avg / b. */
        while (out->scale > 1 && out->average / out->b * out->scale > 1 << 30)
            out->scale /= 2;
    }
    fih_plan_free(p);
    fih_query_free(q);
    return rc;
}

static json_t *similarity(const struct impact *i)
{
    char script[400];

    if (i->engine == ENGINE_ELASTICSEARCH)
        snprintf(script, sizeof script,
                 "double average = field.sumTotalTermFreq / (double) field.docCount; "
                 "return query.boost * doc.freq / (doc.freq + %.9g * (%.9g + %.9g * doc.length / average));",
                 i->k1, 1 - i->b, i->b);
    else
        snprintf(script, sizeof script, "return query.boost * doc.freq / (doc.freq + %.9g);", i->k1 * i->scale);
    return json_pack("{s:{s:s,s:{s:s}},s:{s:s,s:{s:s}}}", "fihrist", "type", "scripted", "script", "source", script,
                     "fihrist_early", "type", "scripted", "script", "source", "return query.boost * doc.freq / 65536;");
}

/* Tokens are longer than words: a form and its stem, and a number. */
static json_t *analysis(const struct impact *i)
{
    const bool has_numbers = i->engine == ENGINE_OPENSEARCH;
    json_t *const filters = json_pack("{s:{s:s,s:b,s:[s]}}", "fihrist_readings", "type", "pattern_capture",
                                      "preserve_original", 0, "patterns", "([^/]+)");
    json_t *const analyzers = json_pack("{s:{s:s,s:s,s:[]},s:{s:s,s:s,s:[s]}}", "fihrist_counted", "type", "custom",
                                        "tokenizer", "fihrist_blanks", "filter", "fihrist_placed", "type", "custom",
                                        "tokenizer", "fihrist_blanks", "filter", "fihrist_readings");

    if (has_numbers) {
        json_object_set_new(filters, "fihrist_numbers",
                            json_pack("{s:s,s:s}", "type", "delimited_term_freq", "delimiter", "|"));
        json_array_append_new(json_object_get(json_object_get(analyzers, "fihrist_counted"), "filter"),
                              json_string("fihrist_numbers"));
    }
    return json_pack("{s:{s:{s:s,s:i}},s:o,s:o}", "tokenizer", "fihrist_blanks", "type", "whitespace",
                     "max_token_length", 2000, "filter", filters, "analyzer", analyzers);
}

static json_t *our_fields(const struct impact *i)
{
    json_t *const fields = json_object();

    for (size_t k = 0; k < sizeof counted / sizeof *counted; k++)
        json_object_set_new(fields, counted[k],
                            json_pack("{s:s,s:s,s:s,s:s,s:b}", "type", "text", "analyzer", "fihrist_counted",
                                      "similarity", "fihrist", "index_options", "freqs", "norms",
                                      i->engine == ENGINE_ELASTICSEARCH));
    if (i->engine == ENGINE_OPENSEARCH)
        json_object_set_new(fields, "early",
                            json_pack("{s:s,s:s,s:s,s:s,s:b}", "type", "text", "analyzer", "fihrist_counted",
                                      "similarity", "fihrist_early", "index_options", "freqs", "norms", 0));
    for (size_t k = 0; k < sizeof placed / sizeof *placed; k++)
        json_object_set_new(fields, placed[k],
                            json_pack("{s:s,s:s,s:s,s:b}", "type", "text", "analyzer", "fihrist_placed",
                                      "index_options", "positions", "norms", 0));
    json_object_set_new(fields, "title_length", json_pack("{s:s}", "type", "integer"));
    return fields;
}

/* What is only shown is not indexed: it is in _source. */
static json_t *shown(const char *type)
{
    const bool is_keyword = strcmp(type, "keyword") == 0;

    return json_pack(is_keyword ? "{s:s,s:b,s:b}" : "{s:s,s:b}", "type", type, "index", 0, "doc_values", 0);
}

static json_t *kind(int field_kind)
{
    switch (field_kind) {
    case FIH_FIELD_INTEGER:
        return json_pack("{s:s}", "type", "long");
    case FIH_FIELD_NUMBER:
        return json_pack("{s:s}", "type", "double");
    case FIH_FIELD_DATE:
        return json_pack("{s:s,s:s}", "type", "date", "format", "strict_date");
    case FIH_FIELD_TIME:
        return json_pack("{s:s,s:s}", "type", "date", "format", "epoch_second");
    case FIH_FIELD_TEXT:
        return shown("text");
    default:
        return json_pack("{s:s}", "type", "keyword");
    }
}

/* A name with a dot is a member of an object there, and one that begins with an underscore is the engine's own. The
 * url is the one field of ours that an index may have among its own. */
static bool is_taken(const char *name)
{
    static const char *const taken[] = { "fihrist", "date_text", "extra", "title", "body", "url", "section", "date",
                                         "source" };
    bool is = name[0] == '_';

    if (strcmp(name, "url") == 0)
        return false;
    for (size_t k = 0; k < sizeof taken / sizeof *taken && !is; k++) {
        const size_t n = strlen(taken[k]);

        is = strncmp(name, taken[k], n) == 0 && (name[n] == '\0' || name[n] == '.');
    }
    return is;
}

int opensearch_names(const fih_fields *own, fih_error *err)
{
    const fih_field_info *f;

    for (size_t i = 0; (f = fih_fields_at(own, i)) != NULL; i++)
        if (is_taken(f->name)) {
            snprintf(err->msg, sizeof err->msg,
                     "a field of the index is called '%s', which is a name of the engine's or of ours there: index "
                     "with another name for it (--map NEW=%s)", f->name, f->name);
            return err->code = FIH_E_USAGE;
        }
    return FIH_OK;
}

static int add_own(json_t *fields, const fih_reader *r, fih_error *err)
{
    const fih_field_info *f;
    fih_fields *own;
    int rc = fih_reader_fields(&own, r, err);

    if (rc == FIH_OK)
        rc = opensearch_names(own, err);
    for (size_t i = 0; rc == FIH_OK && (f = fih_fields_at(own, i)) != NULL; i++)
        json_object_set_new(fields, f->name, kind(f->kind));
    fih_fields_free(own);
    return rc;
}

static json_t *mappings(json_t *fields, const struct impact *i)
{
    json_object_set_new(fields, "title", shown("text"));
    json_object_set_new(fields, "body", shown("text"));
    if (!json_object_get(fields, "url"))       /* it is there where it is a field of the index */
        json_object_set_new(fields, "url", shown("keyword"));
    json_object_set_new(fields, "date_text", shown("keyword"));
    json_object_set_new(fields, "source", shown("keyword"));
    json_object_set_new(fields, "section", kind(FIH_FIELD_KEYWORD));
    json_object_set_new(fields, "date", kind(FIH_FIELD_DATE));
    json_object_set_new(fields, "extra", json_pack("{s:s,s:b}", "type", "object", "enabled", 0));
    json_object_set_new(fields, "fihrist", json_pack("{s:o}", "properties", our_fields(i)));
    return json_pack("{s:b,s:{s:[s]},s:{s:f,s:f,s:i},s:o}", "dynamic", 0, "_source", "excludes", "fihrist", "_meta",
                     "average_words", i->average, "average_title_words", i->average_title, "scale", (int)i->scale,
                     "properties", fields);
}

int opensearch_settings(FILE *f, const fih_reader *r, const struct impact *impact, fih_error *err)
{
    json_t *const fields = json_object();
    json_t *all = NULL;
    int rc = add_own(fields, r, err);

    if (rc == FIH_OK) {
        all = json_pack("{s:{s:{s:o,s:o}},s:o}", "settings", "index", "analysis", analysis(impact), "similarity",
                        similarity(impact), "mappings", mappings(fields, impact));
        rc = all && json_dumpf(all, f, JSON_INDENT(2) | JSON_REAL_PRECISION(9)) == 0 ? FIH_OK : FIH_E_NOMEM;
        putc('\n', f);
        json_decref(all);
    } else {
        json_decref(fields);
    }
    return rc;
}
