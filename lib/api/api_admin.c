/* api/api_admin.c - Analyze, Admin.
 *
 * No algorithms here, and nothing that a program could get wrong unseen: each function checks that its handle is this
 * process's, copies options and results by their `size` fields, so that programs built with an older header still
 * run, and calls the floor below. What is returned is new, and the caller's, unless its header says borrowed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "api/handles.h"
#include "base/fail.h"
#include "index/format.h"
#include "index/verify.h"
#include "store/store.h"
#include "text/clean.h"

/* "" as the lexicon is none; so there is one way to make an analyzer. */
int fih_analyzer_new(fih_analyzer **out, const char *name, fih_error *err)
{
    return fih_analyzer_new_with(out, name, (fih_str){"", 0}, err);
}

/* *out is NULL on each error. The text of the lexicon is read and not kept: the program may free it when this returns.
 */
int fih_analyzer_new_with(fih_analyzer **out, const char *name, fih_str lexicon, fih_error *err)
{
    fih_analyzer *a = calloc(1, sizeof *a);
    int rc;

    *out = NULL;
    if (!a)
        return fihi_fail_nomem(err);
    if ((rc = fihi_analyzer_new_with(&a->analyzer, name ? name : "arabic", lexicon, err)) == 0)
        *out = a;
    else
        free(a);
    return rc;
}

/* The index's own, with its lexicon: what a program shows of the analysis is what a search does. It outlives the
 * reader. It is made for this call and not taken from the reader's idle ones: those are lent until a call ends, and
 * this one is the program's. All indexes of a reader have one analyzer and one lexicon, so the first manifest speaks
 * for all. */
int fih_reader_analyzer(fih_analyzer **out, const fih_reader *r, fih_error *err)
{
    fih_analyzer *a = calloc(1, sizeof *a);
    int rc = fihi_own(r->pid, err);

    *out = NULL;
    if (rc == 0 && !a)
        rc = fihi_fail_nomem(err);
    if (rc == 0 && (rc = fihi_manifest_analyzer(&a->analyzer, &r->view->members->manifest,
                                                fihi_tokenizer_of(&r->tokenizer), r->paths[0], err)) == 0)
        *out = a;
    else
        free(a);
    return rc;
}

/* Borrowed until the analyzer is freed. Equal texts mean equal terms. */
const char *fih_analyzer_text(const fih_analyzer *a)
{
    return fihi_analyzer_text(a->analyzer);
}

/* NULL is what a failed fih_analyzer_new() leaves. */
void fih_analyzer_free(fih_analyzer *a)
{
    if (!a)
        return;
    fihi_analyzer_free(a->analyzer);
    free(a);
}

/* A reason costs the word's whole analysis once more. Tokens come 64 at a time; a word may have its terms in two
 * batches, so what is known of it (last, nth) is kept from one to the next. */
static int analyze(fih_analyzer *a, fih_str text, bool has_reasons, int (*each)(void *ctx, const fih_token *t),
                   void *ctx, fih_error *err)
{
    const uint8_t *bytes = (const uint8_t *)text.ptr;
    /* On the stack, as the reason is: neither outlives this call. */
    struct token tokens[64];
    /* One before 0: the first token of a text is never at the position of another. */
    uint32_t position = UINT32_MAX;
    /* Several terms of one word are told apart by their number when their reason is asked for. */
    unsigned nth = 0;                          /* of the terms that share a surface */
    size_t count, last = SIZE_MAX;
    int rc;

    /* Words that were seen are remembered; a program that analyses a crawl through one handle would fill its memory.
     * Between two texts all numbers of terms may change. */
    if (fihi_analyzer_bytes(a->analyzer) > (64u << 20))
        fihi_analyzer_reset(a->analyzer);
    fihi_analyzer_begin(a->analyzer, bytes, text.len);
    while ((rc = fihi_analyzer_next(a->analyzer, tokens, 64, &count, err)) == FIH_OK)
        for (size_t i = 0; i < count; i++) {
            const struct token *t = &tokens[i];
            /* Borrowed until the next word at the latest: a program that keeps a term copies it. */
            const struct term_text term = fihi_analyzer_term(a->analyzer, t->term);
            /* Borrowed by `each` for the call, as the term is. */
            char reason[1024];
            fih_token shown;

            reason[0] = '\0';
            /* All terms of a surface word have the same bytes, also where it has several positions: ﷺ has four. */
            nth = t->start == last ? nth + 1 : 0;
            last = t->start;
            position += !(t->flags & TOKEN_SAME_POSITION);
            shown = (fih_token){t->start,
                                t->end,
                                position,
                                {(const char *)term.ptr, term.len},
                                (t->flags & TOKEN_STOP) != 0,
                                {reason, 0},
                                /* Programs have numbers of their own for the levels; ours may change. */
                                t->flags & TOKEN_FORM   ? FIH_LEVEL_FORM
                                : t->flags & TOKEN_ROOT ? FIH_LEVEL_ROOT
                                                        : FIH_LEVEL_STEM};
            if (has_reasons && (rc = fihi_analyzer_reason(a->analyzer, bytes + t->start, t->end - t->start, t->flags,
                                                          nth, reason, sizeof reason, err)) != 0)
                return rc;
            shown.reason.len = strlen(reason);
            if ((rc = each(ctx, &shown)) != 0)
                return rc;
        }
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* Any bytes: what is no UTF-8 separates words, so there is nothing to refuse. */
int fih_analyze(fih_analyzer *a, fih_str text, int (*each)(void *ctx, const fih_token *t), void *ctx, fih_error *err)
{
    return analyze(a, text, true, each, ctx, err);
}

/* For programs that want the terms of long texts, and no story with each of them. */
int fih_analyze_terms(fih_analyzer *a, fih_str text, int (*each)(void *ctx, const fih_token *t), void *ctx,
                      fih_error *err)
{
    return analyze(a, text, false, each, ctx, err);
}

/* The text stays as it is: a program is told which bytes indexing would leave out, and why. */
int fih_clean(fih_str text, int (*each)(void *ctx, const fih_cut *cut), void *ctx, fih_error *err)
{
    struct cuts cuts = {0};
    int rc = FIH_OK;

    if (fihi_clean(&cuts, (const uint8_t *)text.ptr, text.len) != 0)
        rc = fihi_fail_nomem(err);
    for (size_t i = 0; i < cuts.count && rc == 0; i++)
        /* A cut is of bytes of `text`, and its reason a constant string. */
        rc = each(ctx, &(fih_cut){cuts.cuts[i].start, cuts.cuts[i].end, fihi_clean_reason(cuts.cuts[i].reason)});
    /* Also where `each` has ended the walk. */
    fihi_cuts_free(&cuts);
    return rc;
}

/* By what a person would call them, not by the kinds of values: a kind that is added must be added here, or the sum
 * is less than the file. */
static void add_bytes(fih_stats *out, const struct segment_stats *s)
{
    out->bytes_dictionary += s->bytes[KIND_DICT] + s->bytes[KIND_DICT_INDEX];
    out->bytes_postings += s->bytes[KIND_POSTINGS];
    out->bytes_positions += s->bytes[KIND_POSITIONS];
    out->bytes_norms += s->bytes[KIND_NORMS] + s->bytes[KIND_NORMS_LONG];
    out->bytes_stored += s->bytes[KIND_STORED] + s->bytes[KIND_STORED_INDEX];
    out->bytes_ids += s->bytes[KIND_IDS] + s->bytes[KIND_IDS_INDEX] + s->bytes[KIND_ID_HASHES] + s->bytes[KIND_SOURCES];
    out->bytes_columns += s->bytes[KIND_DATES] + s->bytes[KIND_COLUMNS] + s->bytes[KIND_COLUMN_INDEX] +
                          s->bytes[KIND_HEADER];
    out->terms += s->terms;
    out->postings += s->postings;
}

/* Bytes as they lie on the disk: key, frame and payload. */
static int add_value(void *ctx, const uint8_t *key, size_t key_bytes, const uint8_t *payload, size_t bytes)
{
    (void)key, (void)payload;
    *(uint64_t *)ctx += bytes + key_bytes + VALUE_HEAD;
    return FIH_OK;
}

/* What is an index' own, and no sum over segments. Of several indexes the first old reader is named: it is a process
 * for a person to look at, one at a time. What fih_compact() would give back is about the difference of file and live
 * bytes. */
static int add_member(fih_stats *out, const struct member *m, fih_error *err)
{
    int rc;

    out->generation += m->manifest.generation;
    if (m->manifest.commit_time > out->last_commit)
        out->last_commit = m->manifest.commit_time;
    /* Read through, for nobody keeps their sum: this is for people, not for a search. */
    if ((rc = fihi_snap_each(m->snap, SPACE_DELETE, NULL, 0, add_value, &out->bytes_deletes, err)) != 0 ||
        (rc = fihi_snap_each(m->snap, SPACE_NOTE, NULL, 0, add_value, &out->bytes_notes, err)) != 0)
        return rc;
    out->bytes_live += fihi_snap_live_bytes(m->snap);
    out->bytes_file += fihi_store_file_bytes(m->store);
    if (!out->oldest_reader)
        out->oldest_reader = fihi_snap_oldest_reader(m->snap);
    return FIH_OK;
}

/* Work in proportion to deletions and notes, which are walked. Documents are those that can be found; tokens are those
 * of the deleted ones, too. */
int fih_reader_stats(fih_stats *out, const fih_reader *r, fih_error *err)
{
    const struct view *v = r->view;
    const struct manifest *const first = &v->members->manifest;
    fih_stats s = {.size = sizeof s};
    /* An older program's struct is shorter: what it does not know is not written. */
    const size_t size = out->size;
    struct analyzer *a;
    int rc;

    if (size < sizeof out->size)
        return fihi_fail(err, FIH_E_USAGE, "the statistics' size is not set");
    if ((rc = fihi_own(r->pid, err)) != 0)
        return rc;
    /* Filled in here whole, and copied at the end as far as the caller's struct goes. */
    s.documents = v->docs - v->deleted;
    s.deleted = v->deleted;
    s.tokens = v->tokens[NORM_TEXT];
    s.segments = v->count;
    s.format_major = FORMAT_MAJOR;
    s.format_minor = FORMAT_MINOR;
    s.title_weight = first->title_weight;
    s.body_weight = first->body_weight;
    /* Sizes and terms of a segment were counted when it was written, so no list is read for them. */
    for (uint32_t i = 0; i < v->count; i++)
        add_bytes(&s, &v->segments[i]->stats);
    for (uint32_t i = 0; i < v->member_count; i++)
        if ((rc = add_member(&s, &v->members[i], err)) != 0)
            return rc;
    /* Can the index still be searched by this version? An analyzer tells; any other error than that is one. */
    if ((rc = fihi_reader_take(&a, r, err)) == 0)
        fihi_reader_give(r, a);
    else if (rc != FIH_E_ANALYZER)
        return rc;
    /* The texts can still be read and exported, only not searched. */
    s.needs_rebuild = rc == FIH_E_ANALYZER;
    snprintf(s.analyzer, sizeof s.analyzer, "%s", first->analyzer_name);
    snprintf(s.analyzer_text, sizeof s.analyzer_text, "%s", first->analyzer_text);
    memcpy(out, &s, size < sizeof s ? size : sizeof s);
    out->size = size;
    return FIH_OK;
}

/* Each problem is told by itself, and they are counted: that there are some is FIH_E_CORRUPT, while another code says
 * that it could not look. Both pointers may be NULL: then the code alone is the answer. */
int fih_check(uint64_t *problems, const char *path, int (*on_problem)(void *ctx, const char *line), void *ctx,
              fih_error *err)
{
    if (problems)
        *problems = 0;
    return fihi_verify(path, on_problem, ctx, problems, err);
}

/* Without the writer's lock: a backup of an index that is being written to is its last commit. The directory is a new
 * one, made by the store. The handle is closed in any case; the error is that of the copy. */
int fih_backup(const char *path, const char *dest, fih_error *err)
{
    struct store *s;
    /* To read only: nothing is created where there is no index. */
    int rc = fihi_store_open(&s, path, STORE_READ, 0, err);

    if (rc != 0)
        return rc;
    rc = fihi_store_backup(s, dest, err);
    fihi_store_close(s);
    return rc;
}
