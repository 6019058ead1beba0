/* index/rules.c - the rules of the last commit, or others.
 *
 * An index is searched with the analyzer that made its terms, or a word would be looked for where it is not. So a
 * writer takes the rules from the manifest, and options may only repeat them, or add fields. All can be changed in a
 * rebuild (fihi_rules_anew()), where no old term is left.
 *
 * Names and fingerprints of the analyzer go from the manifest to `pending`, and from there into the next manifest: what
 * a commit says of its rules is what it was made with.
 *
 * Three ways lead to the rules of a commit. A new index takes what the options say, or else defaults
 * (fihi_rules_keep()). One that is there keeps its own, and options that differ are errors, but for weights and for
 * fields that are added (the same). A rebuild takes what the options say, or else what the old index had
 * (fihi_rules_anew()). */
#include "index/rules.h"

#include <math.h>
#include <stdio.h>

#include "base/fail.h"
#include "text/analyzer.h"

/* Of the last commit, as the manifest's reader has copied it. */
fih_str fihi_rules_lexicon(const struct pending *t)
{
    return (fih_str){(const char *)t->manifest.lexicon.ptr, t->manifest.lexicon.len};
}

/* Another text with the same words will do. The texts of the analyzers are compared, since those have a hash of the
 * words and not of the file. */
static int check_lexicon(const struct pending *t, fih_str wanted, fih_error *err)
{
    struct analyzer *a;
    int rc = fihi_analyzer_new_with(&a, t->manifest.analyzer_name, wanted, err);

    if (rc != 0)
        return rc;
    if (strcmp(fihi_analyzer_text(a), t->manifest.analyzer_text) != 0)
        rc = fihi_fail(err, FIH_E_ANALYZER,
                       "the index '%s' was made %s lexicon, and this cannot be changed: leave this one out, or rebuild "
                       "the index",
                       fihi_store_dir(t->store), fihi_rules_lexicon(t).len ? "with another" : "without a");
    fihi_analyzer_free(a);
    return rc;
}

/* Of a new index, or one whose terms are all made anew. The analyzer is made only to have its name and text, and to
 * refuse one that is not there before anything is written. *a is made and thrown away, which reads no file and takes
 * some milliseconds. */
static int make_analyzer(struct pending *t, const struct analyzer_choice *choice, fih_error *err)
{
    const fih_str lexicon = choice->tokenizer ? (fih_str){NULL, 0} : choice->lexicon;
    struct buf text = {0};
    struct analyzer *a;
    int rc = fihi_analyzer_choose(&a, choice, err);

    if (rc != 0)
        return rc;
    snprintf(t->analyzer_name, sizeof t->analyzer_name, "%s", fihi_analyzer_name(a));
    snprintf(t->analyzer_text, sizeof t->analyzer_text, "%s", fihi_analyzer_text(a));
    fihi_analyzer_free(a);
    /* In a buffer of its own first: on an error the old lexicon is still there. */
    if (fihi_buf_append(&text, lexicon.ptr, lexicon.len) != 0)
        return fihi_fail_nomem(err);
    fihi_buf_free(&t->manifest.lexicon);
    t->manifest.lexicon = text;
    t->manifest.has_new_lexicon = true;
    return FIH_OK;
}

/* A writer that adds nothing needs no analyzer, so it can delete and merge in an index whose analyzer is gone. */
static int check_analyzer(struct pending *t, const fih_writer_opts *o, fih_error *err)
{
    const char *const wanted = o->analyzer;
    /* An index has rules from its first commit on: generation 0 is one that nothing was committed to. */
    const bool is_new = t->manifest.generation == 0;
    struct analyzer *a;
    int rc;

    if (!is_new && wanted && strcmp(wanted, t->manifest.analyzer_name) != 0)
        return fihi_fail(
            err, FIH_E_ANALYZER,
            "the index '%s' was made with the analyzer '%s', and this cannot be changed: leave '%s' out, or rebuild "
            "the index",
            fihi_store_dir(t->store), t->manifest.analyzer_name, wanted);
    if (!is_new) {
        memcpy(t->analyzer_name, t->manifest.analyzer_name, sizeof t->analyzer_name);
        memcpy(t->analyzer_text, t->manifest.analyzer_text, sizeof t->analyzer_text);
        if (o->no_add)
            return FIH_OK;
        /* That an analyzer of that name has other rules today is found here, before a document is added by them. */
        if ((rc = fihi_manifest_analyzer(&a, &t->manifest, o->tokenizer, fihi_store_dir(t->store), err)) == 0)
            fihi_analyzer_free(a);
        return rc == 0 && o->lexicon.len ? check_lexicon(t, o->lexicon, err) : rc;
    }
    /* "arabic" where nothing is said: fihrist.h promises it. */
    return make_analyzer(t, &(struct analyzer_choice){wanted ? wanted : "arabic", o->lexicon, o->tokenizer}, err);
}

/* An option that is left out keeps what was: whoever rebuilds after an update gives none. The lexicon is tried with
 * the new analyzer first, and left out only if that has no use for one. */
int fihi_rules_anew(struct pending *t, const fih_writer_opts *o, const struct manifest *old, fih_error *err)
{
    const struct manifest *const base = old ? old : &t->manifest;
    const fih_str kept = {(const char *)base->lexicon.ptr, base->lexicon.len};
    const char *const name = o->analyzer ? o->analyzer : base->analyzer_name;
    struct analyzer_choice choice = {name, o->lexicon.len ? o->lexicon : kept, o->tokenizer};
    int rc = make_analyzer(t, &choice, err);

    choice.lexicon = o->lexicon;
    if (rc == FIH_E_USAGE && o->analyzer && !o->lexicon.len)   /* one that uses no lexicon, in place of one that does */
        rc = make_analyzer(t, &choice, err);
    if (rc == FIH_E_USAGE && !o->analyzer && !o->tokenizer)
        rc = fihi_fail(err, FIH_E_ANALYZER,
                       "the index was made with the analyzer '%.60s', which this version does not know: name another",
                       name);
    /* Kinds of fields may change only here, for all columns and terms are made anew. */
    t->schema = base->schema;
    if (rc != 0 || (rc = fihi_schema_change(&t->schema, o->fields, err)) != 0)
        return rc;
    t->title_weight = !isnan(o->title_weight) ? o->title_weight : base->title_weight;
    t->body_weight = !isnan(o->body_weight) ? o->body_weight : base->body_weight;
    /* All segments go with the next publish, and until then nothing of them is touched. */
    return fihi_pending_drop_all(t, err);
}

/* Weights can be changed by any commit: they are no part of terms or impacts, but what a search takes by default. */
int fihi_rules_keep(struct pending *t, const fih_writer_opts *o, fih_error *err)
{
    int rc = check_analyzer(t, o, err);

    t->title_weight = !isnan(o->title_weight) ? o->title_weight : t->manifest.title_weight;
    t->body_weight = !isnan(o->body_weight) ? o->body_weight : t->manifest.body_weight;
    return rc ? rc : fihi_schema_parse(&t->schema, o->fields, err);
}

/* Without an analyzer: lists are copied, and no word is made. So the indexes of an older library can be joined by this
 * one. */
int fihi_rules_join(struct pending *t, const struct manifest *old, const struct schema *fields, fih_error *err)
{
    if (fihi_buf_append(&t->manifest.lexicon, old->lexicon.ptr, old->lexicon.len) != 0)
        return fihi_fail_nomem(err);
    t->manifest.has_new_lexicon = true;
    memcpy(t->analyzer_name, old->analyzer_name, sizeof t->analyzer_name);
    memcpy(t->analyzer_text, old->analyzer_text, sizeof t->analyzer_text);
    t->title_weight = old->title_weight;
    t->body_weight = old->body_weight;
    t->schema = *fields;
    return FIH_OK;
}
