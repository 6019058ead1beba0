/* search/folded.c - from a value to its spellings in the index.
 *
 * Example: author:"احمد شوقى", where the index has أحمد شوقي and أحمد شوقى. Both are folded as normalised words are,
 * word by word, to the same letters; so the field becomes (author:"أحمد شوقي" OR author:"أحمد شوقى"), and all that
 * follows knows exact values only. Terms stay as they were written, for facets and orders show them.
 *
 * Cost: all of the field's terms are walked through and folded. That is little for the authors of a library; a field of
 * millions of values is not made to be folded.
 *
 * Called by compound.c, with a copy of the query in which the names of fields have been found. It is before the plan,
 * so that neither plan nor filters know that a field is folded. */
#include "search/folded.h"

#include <string.h>

#include "base/buf.h"
#include "base/fail.h"
#include "search/terms.h"
#include "text/fold.h"

/* Words between white space, folded, one blank between them. What folds to nothing (marks alone) is left out. What
 * white space is, is the same here as between the words of a query: all up to 0x20. The analyzer's fold is for words,
 * and each is at most FOLD_MAX bytes afterwards; values are at most FIH_MAX_VALUE before it. */
static int fold(struct buf *out, struct analyzer *a, fih_str text)
{
    uint8_t word[FOLD_MAX];

    out->len = 0;
    for (size_t i = 0, from; i < text.len;) {
        size_t n;

        for (; i < text.len && (uint8_t)text.ptr[i] <= ' '; i++)
            ;
        for (from = i; i < text.len && (uint8_t)text.ptr[i] > ' '; i++)
            ;
        n = fihi_analyzer_fold(a, (const uint8_t *)text.ptr + from, i - from, word);
        if (n && ((out->len && fihi_buf_append(out, " ", 1) != 0) || fihi_buf_append(out, word, n) != 0))
            return FIH_E_NOMEM;
    }
    return FIH_OK;
}

/* is_exact, so that a value that ends in * or begins with > means itself. */
static int add_spelling(struct node *group, const struct node *like, fih_str value, fih_error *err)
{
    struct node *const n = fihi_node_new(NODE_FIELD, value.ptr, value.len, like->at);

    if (!n || fihi_node_set_field(n, (fih_str){like->field, strlen(like->field)}) != 0) {
        fihi_node_free(n);
        return fihi_fail_nomem(err);
    }
    n->scope = SCOPE_FIELD;
    n->is_exact = true;
    n->text_at = like->text_at;
    return fihi_node_add(group, n, err);
}

/* The spellings of a field's value, or of its beginning, as children of the group. Both sides are folded and compared
 * as bytes. A beginning is compared as bytes too: ابن* finds what begins with those letters, in the middle of a word or
 * not. The list of spellings is bounded by FIH_MAX_CLAUSES, as each becomes a clause; terms that are walked past are
 * not kept. */
static int find_spellings(struct node *group, const struct node *n, const struct view *v, struct analyzer *a,
                          fih_error *err)
{
    const bool is_beginning = node_is_beginning(n);
    struct buf want = {NULL, 0, 0}, have = {NULL, 0, 0};
    struct terms *terms = NULL;
    fih_term term;
    int rc = fold(&want, a, (fih_str){n->text, n->len - is_beginning}) ? fihi_fail_nomem(err) : FIH_OK;

    if (rc == 0)
        /* From "" on: spellings of one value may stand far apart in the order of terms, أ far from ا. */
        rc = fihi_terms_new(&terms, v, n->field, (fih_str){"", 0}, err);
    while (rc == 0 && (rc = fihi_terms_next(&term, terms, err)) == FIH_OK) {
        if ((rc = fold(&have, a, term.text)) != 0) {
            rc = fihi_fail_nomem(err);
            break;
        }
        /* Three ways not to be it: shorter, longer where all of it was said, or other letters. */
        if (have.len < want.len || (have.len > want.len && !is_beginning) ||
            (want.len && memcmp(have.ptr, want.ptr, want.len) != 0))
            continue;
        if (group->count == FIH_MAX_CLAUSES)
            rc = fihi_fail_at(err, FIH_E_LIMIT, n->at, "more than %u values of the field %s begin so (byte %zu): write "
                                                       "more of it", FIH_MAX_CLAUSES, n->field, n->at);
        else
            rc = add_spelling(group, n, term.text, err);
    }
    fihi_terms_free(terms);
    fihi_buf_free(&want);
    fihi_buf_free(&have);
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* Words of a text field (is_text) are analysed and need none of this. */
static bool is_folded(const struct node *n, const struct schema *s)
{
    return n->kind == NODE_FIELD && !n->is_text &&
           fihi_schema_is_folded(s, fihi_schema_find(s, (fih_str){n->field, strlen(n->field)}));
}

/* Any value at all (author:*) is asked for as of every field; and what the index has in no spelling stays as it is, and
 * finds nothing. The group takes the node's place: its sign and weight go to the group, and its spellings have none of
 * their own. */
static int expand_field(struct node **at, const struct view *v, struct analyzer *a, bool *any, fih_error *err)
{
    struct node *const n = *at;
    struct node *group;
    int rc;

    if (node_is_any(n))
        return FIH_OK;
    if (!(group = fihi_node_new(NODE_GROUP, NULL, 0, n->at)))
        return fihi_fail_nomem(err);
    group->is_or = true;
    group->occur = n->occur;
    group->boost = n->boost;
    rc = find_spellings(group, n, v, a, err);
    if (rc != 0 || group->count == 0) {
        fihi_node_free(group);
        return rc;
    }
    *at = group;
    fihi_node_free(n);
    *any = true;
    return FIH_OK;
}

/* Only groups are looked into: what stands in NODE_NEAR has no fields (node.c). */
int fihi_folded_expand(struct node *group, const struct view *v, struct analyzer *a, bool *any, fih_error *err)
{
    int rc = FIH_OK;

    for (size_t i = 0; i < group->count && rc == 0; i++) {
        struct node **const at = &group->children[i];

        if (is_folded(*at, &v->schema))
            rc = expand_field(at, v, a, any, err);
        else if ((*at)->kind == NODE_GROUP)
            rc = fihi_folded_expand(*at, v, a, any, err);
    }
    return rc;
}
