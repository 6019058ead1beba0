/* api/api_words.c - the words of a stored document, as the index has them.
 *
 * The analysis of index/chunk.c once more, from the stored text: the analyzer is the index's own, what was left out of
 * the body is left out again, and the whole document stands around each piece. So the words, their stems and places
 * are those that the lists were made of.
 *
 * Who asks: a program that writes the index for another engine (tools/opensearch). Nothing is read from lists: those
 * say where a stem stands, and to turn them round would cost more than to analyse the one document again.
 */
#include <stdbool.h>

#include "api/handles.h"
#include "base/fail.h"
#include "index/docs.h"

enum { CACHE_BYTES = 64 << 20 };       /* an analyzer that remembers more forgets all between two documents */

/* The stem that was read last: its form and its root come behind it. One word behind the other: what is in `word` is
 * told when the next stem comes, for its form and its root are tokens behind it. */
struct teller {
    struct analyzer *analyzer;
    int            (*each)(void *ctx, const fih_word *word);
    void            *ctx;
    fih_word         word;
    uint32_t         stem, form, root; /* numbers of terms, NO_TERM: none */
    uint32_t         next;             /* position */
};

#define NO_TERM UINT32_MAX

/* Borrowed from the analyzer, whose tables may grow with the next word: so each text is made right before it is
 * told. */
static fih_str text_of(const struct analyzer *a, uint32_t term)
{
    struct term_text t;

    if (term == NO_TERM)
        return (fih_str){"", 0};
    t = fihi_analyzer_term(a, term);
    return (fih_str){(const char *)t.ptr, t.len};
}

/* FIH_OK if there is none to tell; what the program returns goes on to the caller. */
static int tell(struct teller *t)
{
    if (t->stem == NO_TERM)
        return FIH_OK;
    t->word.stem = text_of(t->analyzer, t->stem);
    t->word.form = text_of(t->analyzer, t->form);
    t->word.root = text_of(t->analyzer, t->root);
    t->stem = NO_TERM;
    return t->each(t->ctx, &t->word);
}

/* Positions are counted here and not taken from the tokens, as each piece of a body begins anew. A further reading has
 * the position of the word before it. */
static int take(struct teller *t, const struct token *token)
{
    int rc = FIH_OK;

    /* Tokens of a reading come in this order: stem, form, root (chain.c). */
    if (token->flags & TOKEN_ROOT) {
        t->root = token->term;
    } else if (token->flags & TOKEN_FORM) {
        t->form = token->term;
    } else if ((rc = tell(t)) == FIH_OK) {
        t->word.is_reading = (token->flags & TOKEN_SAME_POSITION) != 0;
        t->next += !t->word.is_reading;
        t->word.position = t->next - 1;
        t->stem = token->term;
        t->form = t->root = NO_TERM;
    }
    return rc;
}

/* `in` says what stands around the piece: the words beside it, and the whole document, by which some words are read. */
static int tell_piece(struct teller *t, fih_str piece, const struct surroundings *in, fih_error *err)
{
    struct token tokens[64];
    size_t count;
    int rc;

    fihi_analyzer_begin_in(t->analyzer, (const uint8_t *)piece.ptr, piece.len, in);
    while ((rc = fihi_analyzer_next(t->analyzer, tokens, 64, &count, err)) == FIH_OK)
        for (size_t i = 0; i < count; i++)
            if ((rc = take(t, &tokens[i])) != FIH_OK)
                return rc;
    return rc == FIH_DONE ? tell(t) : rc;
}

/* In the pieces between the cuts, as it was indexed. The last piece is from the last cut to the end; without cuts it is
 * all of the body. */
static int tell_body(struct teller *t, fih_str title, fih_str body, fih_str cuts, fih_error *err)
{
    struct surroundings in = {.whole = {title, body}};
    size_t at = 0, start = 0, end;
    struct cut_scan scan;
    int rc = cuts.len ? FIH_OK : FIH_DONE;

    fihi_cut_scan(&scan, cuts, body);
    while (rc == FIH_OK && (rc = fihi_cut_next(&scan, &start, &end)) == FIH_OK) {
        in.near = (fih_str){body.ptr + at, start - at};
        rc = tell_piece(t, in.near, &in, err);
        at = end;
    }
    if (rc != FIH_DONE)
        return rc;
    in.near = (fih_str){body.ptr + at, body.len - at};
    return tell_piece(t, in.near, &in, err);
}

/* An analyzer is borrowed from the reader, and may have seen any number of documents: what it remembers is bounded
 * here, since a program may ask for all documents of an index with one. */
int fih_reader_each_word(const fih_reader *r, const fih_stored *s, int (*each)(void *ctx, const fih_word *word),
                         void *ctx, fih_error *err)
{
    const fih_str title = fih_stored_get(s, "title"), body = fih_stored_get(s, "body");
    /* A title's words are read with the body around them too, as in chunk.c. */
    const struct surroundings in = {.near = title, .whole = {title, body}};
    struct teller t = {.each = each, .ctx = ctx, .stem = NO_TERM, .word.in_title = 1};
    int rc = fihi_own(r->pid, err);

    if (rc != 0 || (rc = fihi_reader_take(&t.analyzer, r, err)) != 0)
        return rc;
    /* Numbers of terms are forgotten too, so only between two documents. */
    if (fihi_analyzer_bytes(t.analyzer) > CACHE_BYTES)
        fihi_analyzer_reset(t.analyzer);
    rc = tell_piece(&t, title, &in, err);
    t.word.in_title = 0;
    if (rc == 0)
        rc = tell_body(&t, title, body, fihi_stored_cuts(s), err);
    fihi_reader_give(r, t.analyzer);
    return rc;
}
