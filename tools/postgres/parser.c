/* parser.c - the parser of the PostgreSQL extension: which parts of a text are words, and of what kind.
 *
 * Words begin and end where the library's do. All bytes of the text are given, in order: ts_headline() puts it together
 * again. Kinds have the numbers of PostgreSQL's own parser, whose headlines are used: they know blanks, and that a
 * headline should not end with a number, by them. */
#include "postgres/pg.h"

#include <string.h>

#include <mb/pg_wchar.h>
#include <miscadmin.h>
#include <tsearch/ts_public.h>

enum {
    KIND_LATIN = 1, KIND_ARABIC = 2, KIND_WORD = 3, KIND_BLANK = 12, KIND_NUMBER = 22,
    PART_MOST = 2000                   /* bytes of a part: PostgreSQL passes over longer ones, also in headlines. What
                                          is left of a word is blank: no more than FIH_MAX_TERM bytes of a term count */
};

struct word { size_t start, end; };

struct parse {
    const char  *text;                 /* PostgreSQL's, until the end */
    size_t       len, at;              /* at: what is given next */
    struct word *words;
    size_t       count, room, next;
};

SQL_FUNCTION(fihrist_start);
SQL_FUNCTION(fihrist_token);
SQL_FUNCTION(fihrist_end);
SQL_FUNCTION(fihrist_kinds);

/* The analyzer that finds the words: one for each process of PostgreSQL, kept to its end, as nobody tells a parser when
 * it is used for the last time. */
static fih_analyzer *splitter(void)
{
    static fih_analyzer *kept;
    fih_error err = {0};
    int rc;

    if (!kept && (rc = fih_analyzer_new(&kept, "arabic-exact", &err)) != FIH_OK)
        pg_fail(rc, &err);
    return kept;
}

/* ---------------------------------------------------------------- Words */

/* Several words that are written as one (يٰقوم) have the same bytes. */
static int note_word(void *ctx, const fih_token *t)
{
    struct parse *p = ctx;
    void *words = p->words;
    int rc;

    if (t->end <= t->start || (p->count > 0 && t->start < p->words[p->count - 1].end))
        return FIH_OK;
    if (pg_is_cancelled())
        return PG_CANCELLED;
    rc = pg_grow(&words, &p->room, p->count + 1, sizeof *p->words);
    p->words = words;
    if (rc == FIH_OK)
        p->words[p->count++] = (struct word){ t->start, t->end };
    return rc;
}

static void forget_words(void *ctx)
{
    ((struct parse *)ctx)->count = 0;
}

static bool is_between(pg_wchar c, pg_wchar first, pg_wchar last)
{
    return c >= first && c <= last;
}

/* By its first letter; a word without one is a number. */
static int kind_of(const char *word, size_t len)
{
    const char *const end = word + len;

    while (word < end) {
        const pg_wchar c = utf8_to_unicode((const unsigned char *)word);

        if (is_between(c, 0x660, 0x66C) || is_between(c, 0x6F0, 0x6F9) || is_between(c, 0x2000, 0x206F))
            ;
        else if (is_between(c, 0x600, 0x6FF) || is_between(c, 0x750, 0x77F) || is_between(c, 0x870, 0x8FF) ||
                 is_between(c, 0xFB50, 0xFDFF) || is_between(c, 0xFE70, 0xFEFE))
            return KIND_ARABIC;
        else if (is_between(c | 0x20, 'a', 'z') || is_between(c, 0xC0, 0x24F) || is_between(c, 0x1E00, 0x1EFF))
            return KIND_LATIN;
        else if (c >= 0x80)
            return KIND_WORD;
        word += pg_utf_mblen((const unsigned char *)word);
    }
    return KIND_NUMBER;
}

/* As much of a part as may be given at once, in whole characters. */
static size_t cut(const char *text, size_t len)
{
    size_t n = PART_MOST;

    if (len <= n)
        return len;
    while (((unsigned char)text[n] & 0xC0) == 0x80)
        n--;
    return n;
}

/* ------------------------------------------------------- In PostgreSQL */

Datum fihrist_start(PG_FUNCTION_ARGS)
{
    struct parse *p = palloc0(sizeof *p);

    pg_require_utf8();
    p->text = (const char *)PG_GETARG_POINTER(0);
    p->len = (size_t)PG_GETARG_INT32(1);
    pg_analyze(splitter(), (fih_str){ p->text, p->len }, note_word, forget_words, p);
    PG_RETURN_POINTER(p);
}

/* The next part of the text; 0 at its end. */
Datum fihrist_token(PG_FUNCTION_ARGS)
{
    struct parse *p = (struct parse *)PG_GETARG_POINTER(0);
    const char **text = (const char **)PG_GETARG_POINTER(1);
    int *len = (int *)PG_GETARG_POINTER(2);
    const bool is_word = p->next < p->count && p->words[p->next].start == p->at;
    const size_t end = is_word ? p->words[p->next].end : p->next < p->count ? p->words[p->next].start : p->len;
    const size_t n = cut(p->text + p->at, end - p->at);

    *text = p->text + p->at;
    *len = (int)n;
    if (n == 0)
        PG_RETURN_INT32(0);
    p->at += n;
    p->next += is_word;
    PG_RETURN_INT32(is_word ? kind_of(*text, n) : KIND_BLANK);
}

Datum fihrist_end(PG_FUNCTION_ARGS)
{
    struct parse *p = (struct parse *)PG_GETARG_POINTER(0);

    if (p->words)
        pfree(p->words);
    pfree(p);
    PG_RETURN_VOID();
}

Datum fihrist_kinds(PG_FUNCTION_ARGS)
{
    static const struct { int kind; const char *name, *description; } kinds[] = {
        {KIND_ARABIC, "arabic", "Word in Arabic script"},
        {KIND_LATIN, "latin", "Word in Latin script"},
        {KIND_WORD, "word", "Word in another script"},
        {KIND_NUMBER, "number", "Digits of any script"},
        {KIND_BLANK, "blank", "What stands between words"},
    };
    LexDescr *out = palloc0((lengthof(kinds) + 1) * sizeof *out);

    (void)fcinfo;
    for (size_t i = 0; i < lengthof(kinds); i++) {
        out[i].lexid = kinds[i].kind;
        out[i].alias = pstrdup(kinds[i].name);
        out[i].descr = pstrdup(kinds[i].description);
    }
    PG_RETURN_POINTER(out);
}
