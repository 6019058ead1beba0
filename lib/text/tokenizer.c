/* text/tokenizer.c - a program's tokens, taken one by one and believed in nothing.
 *
 * Each is checked when it comes, against the text and the one before it. The first that will not do ends the text, with
 * an error that says which and why, whatever the program returns afterwards: so a program whose tokenizer has a mistake
 * hears of it, and an index never has half of a text.
 *
 * Who calls: analyzer.c, where an index has the analyzer of a program (BASE_PROGRAM). A text is tokenized as a whole
 * before its first word is handed out, so that an error comes before anything of it has been indexed; memory is 32
 * bytes for each word of the longest text, and its terms.
 *
 * The program's function may run in several threads at once, with one ctx (fihrist.h, fih_tokenizer), but each analyzer
 * has a struct tokenizer of its own: nothing here needs a lock. */
#include "text/tokenizer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/utf8.h"
#include "text/chain.h"

/* The name goes into the index, where it must be readable in any locale and fit the analyzer's 64 bytes with the
 * prefix: hence ASCII and 40. */
int fihi_tokenizer_check(const fih_tokenizer *program, fih_error *err)
{
    const size_t n = program->name ? strlen(program->name) : 0;

    if (!program->tokenize)
        return fihi_fail(err, FIH_E_USAGE, "a tokenizer has no function");
    if (n == 0 || n > TOKENIZER_NAME ||
        strspn(program->name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") != n)
        return fihi_fail(err, FIH_E_USAGE,
                         "the name of a tokenizer has 1 to %d of the letters A to Z and a to z, digits, '.', '_', '-'",
                         TOKENIZER_NAME);
    return FIH_OK;
}

/* The program may free its struct and its name behind this call; its function and `ctx` stay its own. */
void fihi_tokenizer_take(struct tokenizer *t, const fih_tokenizer *program)
{
    t->program = *program;
    snprintf(t->name, sizeof t->name, "%s", program->name);
    t->program.name = t->name;
}

/* The version is the program's: with another one its index is another analyzer's, as its words may be others. */
void fihi_tokenizer_describe(const fih_tokenizer *program, char name[64], char text[512])
{
    snprintf(name, 64, TOKENIZER_PREFIX "%s", program->name);
    snprintf(text, 512, "%s;version=%u", name, (unsigned)program->version);
}

/* Zeros again, so that it may be used or freed once more. */
void fihi_tokenizer_free(struct tokenizer *t)
{
    free(t->words);
    fihi_buf_free(&t->keys);
    *t = (struct tokenizer){.words = NULL};
}

static int refuse(struct tokenizer *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static int refuse(struct tokenizer *t, const char *fmt, ...)
{
    char why[300];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(why, sizeof why, fmt, ap);
    va_end(ap);
    t->rc = fihi_fail(&t->error, FIH_E_ANALYZER, "the program's tokenizer '%s' is wrong: %s", t->name, why);
    return t->rc;
}

/* Between two characters? In what is no UTF-8, beside a byte that cannot be part of one. A word that began inside of a
 * character could not be shown, as its bytes would be no text. */
static bool is_border(fih_str text, size_t at)
{
    return at == 0 || at >= text.len || ((uint8_t)text.ptr[at] & 0xC0) != 0x80 || (uint8_t)text.ptr[at - 1] < 0x80;
}

/* A NUL would end the term in `keys`, and no term of an index has one; of what is not UTF-8 nobody could ask. */
static int check_term(struct tokenizer *t, fih_str term)
{
    if (term.len == 0 || term.len > FIH_MAX_TERM)
        return refuse(t, "a term has %zu bytes, and 1 to %u are allowed", term.len, FIH_MAX_TERM);
    if (!term.ptr || memchr(term.ptr, '\0', term.len) ||
        fihi_utf8_valid((const uint8_t *)term.ptr, term.len) != term.len)
        return refuse(t, "a term at word %zu is not UTF-8, or has a NUL", t->count);
    return FIH_OK;
}

/* Is the term one of those that the last word has? It would count twice. Terms of a word lie one behind the other in
 * `keys`, with a NUL between two. */
static bool has_term(const struct tokenizer *t, fih_str term)
{
    const struct own_word *const w = &t->words[t->count - 1];
    const uint8_t *at = t->keys.ptr + w->at, *const end = at + w->bytes;

    while (at < end) {
        const uint8_t *const stop = memchr(at, '\0', (size_t)(end - at));
        const size_t n = (size_t)((stop ? stop : end) - at);

        if (n == term.len && memcmp(at, term.ptr, n) == 0)
            return true;
        at += n + 1;
    }
    return false;
}

/* Memory that is out is told like anything else: by t->rc and t->error. */
static int nomem(struct tokenizer *t)
{
    return t->rc = fihi_fail_nomem(&t->error);
}

/* Words must not overlap and must have a byte at least; they may leave out as much of the text as they like. `keys`
 * grows by the term without a NUL, which only the next term of the same word puts in. */
static int add_word(struct tokenizer *t, size_t start, size_t end, fih_str term)
{
    /* The end of the word before, behind which the next must begin. */
    const size_t before = t->count ? t->words[t->count - 1].end : 0;

    if (start < before || start >= end || end > t->text.len)
        return refuse(t, "word %zu has the bytes %zu to %zu, behind byte %zu of a text of %zu", t->count, start, end,
                      before, t->text.len);
    if (!is_border(t->text, start) || !is_border(t->text, end))
        return refuse(t, "word %zu, at byte %zu, begins or ends inside a character", t->count, start);
    if (fihi_grow(&t->words, &t->cap, t->count + 1, sizeof *t->words) != 0 ||
        fihi_buf_append(&t->keys, term.ptr, term.len) != 0)
        return nomem(t);
    t->words[t->count++] = (struct own_word){start, end, t->keys.len - term.len, (uint32_t)term.len};
    t->terms = 1;
    return FIH_OK;
}

/* Another reading of the word before. At most ITEMS_MAX terms, as many as chain.c has room for. */
static int add_term(struct tokenizer *t, size_t start, size_t end, fih_str term)
{
    struct own_word *const w = &t->words[t->count - 1];

    if (start != w->start || end != w->end)
        return refuse(t, "the terms of word %zu have different bytes", t->count - 1);
    /* The same term twice is passed over, and no error: a program may not know. */
    if (has_term(t, term))
        return FIH_OK;
    if (t->terms == ITEMS_MAX)
        return refuse(t, "word %zu has more than %d terms", t->count - 1, ITEMS_MAX);
    if (fihi_buf_reserve(&t->keys, term.len + 1) != 0)
        return nomem(t);
    t->keys.ptr[t->keys.len++] = '\0';
    fihi_buf_append(&t->keys, term.ptr, term.len);
    w->bytes += 1 + (uint32_t)term.len;
    t->terms++;
    return FIH_OK;
}

/* What the program calls. Once something was wrong, nothing more is taken. Its answer tells the program whether to go
 * on; one that does so all the same is not listened to. Positions count words: each is the one before or the next. */
static int take(void *sink, uint32_t position, size_t start, size_t end, fih_str term)
{
    struct tokenizer *const t = sink;

    /* Also after an error of memory. */
    if (t->rc != 0 || check_term(t, term) != 0)
        return t->rc;
    if (position == t->count)
        return add_word(t, start, end, term);
    if (t->count > 0 && position == t->count - 1)
        return add_term(t, start, end, term);
    /* A position left out would make neighbours of words that are none. */
    return refuse(t, "position %u does not follow: %zu, or that of the term before, was due", (unsigned)position,
                  t->count);
}

/* A text of no bytes is a pointer to "", so that the program need not look for NULL. What the program returns counts
 * only if nothing was wrong with its words; its own number is told in the message. */
int fihi_tokenizer_run(struct tokenizer *t, const uint8_t *text, size_t n)
{
    int rc;

    t->text = (fih_str){n ? (const char *)text : "", n};
    t->count = 0;
    t->keys.len = 0;
    t->rc = FIH_OK;
    /* Foreign code: all that it can reach of ours is `take`. */
    rc = t->program.tokenize(t->program.ctx, t->text, take, t);
    t->text = (fih_str){NULL, 0};
    if (t->rc == 0 && rc == FIH_E_NOMEM)
        return nomem(t);
    if (t->rc == 0 && rc != 0)
        t->rc = fihi_fail(&t->error, FIH_E_ANALYZER, "the program's tokenizer '%s' failed with %d", t->name, rc);
    return t->rc;
}
