/* sqlite/fihrist_fts5.c - a tokenizer for SQLite's FTS5: tokenize = 'fihrist'.
 *
 * A document's words become their stems, and at the same place their forms (the normalised words), marked with a "=" in
 * front, which no stem has. A query's words become stems, so that exactly the words that share a stem find each other.
 * The beginning of a word (كتا*) is compared with forms and stems, as it is written: nothing is cut from it. =word in a
 * query is the form alone.
 *
 * SQLite calls a tokenizer for one text at a time, and makes one for each table of a connection. */
#include <sqlite3ext.h>
#include <string.h>

#include "fihrist.h"

SQLITE_EXTENSION_INIT1

#define FORM_MARK '='
#define STOP_MARK "\xd9\x80"                    /* a tatweel: stop words' terms begin with it */
#define ARGS_MAX  4

typedef int token_fn(void *ctx, int flags, const char *token, int bytes, int start, int end);

struct term {
    size_t   at;                                /* in `bytes` */
    size_t   len;
    size_t   letters;                           /* 0: a stop word */
    uint32_t position;
    int      is_form;
};

/* The terms of one surface word: several where it has several readings, or is several words (ﷺ). */
struct word {
    size_t       start, end;                    /* of the surface, in the text */
    struct term *terms;
    size_t       count, room;
    char        *bytes;
    size_t       used, size;
};

struct tokenizer {
    fih_analyzer *analyzer;
    fih_analyzer *begun;                        /* normalises only: for the beginnings of words */
    struct word   word;                         /* kept from text to text for its memory */
};

struct pass {
    struct tokenizer *tokenizer;
    const char       *text;
    int               flags;
    token_fn         *token;
    void             *ctx;
};

/* ------------------------------------------------------------ The analyzer */

/* arabic_light french, the words that FTS5 reads without quotation marks, name arabic-light+french. */
static int analyzer_name(char *name, size_t size, const char **args, int count)
{
    size_t used = 0;

    for (int i = 0; i < count; i++) {
        const size_t len = args[i] ? strlen(args[i]) : 0;

        if (len == 0 || used + len + 2 > size)
            return FIH_E_USAGE;
        if (i > 0)
            name[used++] = '+';
        for (size_t k = 0; k < len; k++)
            name[used++] = args[i][k] == '_' ? '-' : args[i][k];
    }
    name[used] = '\0';
    return FIH_OK;
}

static int new_analyzer(fih_analyzer **out, char *name, size_t size, const char **args, int count, fih_error *err)
{
    *out = NULL;
    if (analyzer_name(name, size, args, count) != FIH_OK) {
        sqlite3_snprintf((int)sizeof err->msg, err->msg, "an argument is empty or too long");
        return FIH_E_USAGE;
    }
    return fih_analyzer_new(out, name[0] ? name : NULL, err);
}

/* --------------------------------------------------------------- One word */

static int grow(void **array, size_t *room, size_t wanted, size_t item)
{
    const size_t bigger = wanted > 2 * *room ? wanted + 16 : 2 * *room;
    void *p;

    if (wanted <= *room)
        return SQLITE_OK;
    if (!(p = sqlite3_realloc64(*array, bigger * item)))
        return SQLITE_NOMEM;
    *array = p;
    *room = bigger;
    return SQLITE_OK;
}

static int is_same(const struct word *w, const struct term *a, const char *bytes, size_t len)
{
    return a->len == len && memcmp(w->bytes + a->at, bytes, len) == 0;
}

static int add(struct word *w, const fih_token *t)
{
    const int is_form = t->level == FIH_LEVEL_FORM;
    void *terms = w->terms, *bytes = w->bytes;
    char *to;
    int rc = grow(&terms, &w->room, w->count + 1, sizeof *w->terms);

    w->terms = terms;
    if (rc != SQLITE_OK)
        return rc;
    rc = grow(&bytes, &w->size, w->used + t->term.len + 1, 1);
    w->bytes = bytes;
    if (rc != SQLITE_OK)
        return rc;
    to = w->bytes + w->used;
    if (is_form)
        *to++ = FORM_MARK;
    memcpy(to, t->term.ptr, t->term.len);
    /* Readings of a word have one form. */
    for (size_t i = w->count; i-- > 0 && w->terms[i].position == t->position;)
        if (is_same(w, &w->terms[i], w->bytes + w->used, t->term.len + (size_t)is_form))
            return SQLITE_OK;
    w->terms[w->count++] = (struct term){w->used, t->term.len + (size_t)is_form, t->is_stop ? 0 : t->term.len,
                                         t->position, is_form};
    w->used += t->term.len + (size_t)is_form;
    return SQLITE_OK;
}

/* FTS5 wants ranges that do not overlap: of words that are written as one (يَٰقَوۡمِ is يا قوم) the longest that is no
 * stop word has the whole range, and the others stand empty before and behind it. A phrase of them all is the whole
 * word in any case. */
static uint32_t widest(const struct word *w)
{
    const struct term *best = w->terms;

    for (size_t i = 1; i < w->count; i++)
        if (w->terms[i].letters > best->letters)
            best = &w->terms[i];
    return best->position;
}

static int emit(const struct pass *p, uint32_t wide, uint32_t position, int is_first, const char *bytes, size_t len)
{
    const struct word *w = &p->tokenizer->word;

    return p->token(p->ctx, is_first ? 0 : FTS5_TOKEN_COLOCATED, bytes, (int)len,
                    (int)(position > wide ? w->end : w->start), (int)(position < wide ? w->start : w->end));
}

static int has_form(const struct word *w, uint32_t position)
{
    for (size_t i = 0; i < w->count; i++)
        if (w->terms[i].position == position && w->terms[i].is_form)
            return 1;
    return 0;
}

static int emit_word(const struct pass *p, int is_exact)
{
    const struct word *w = &p->tokenizer->word;
    const int is_query = (p->flags & FTS5_TOKENIZE_QUERY) != 0;
    const uint32_t wide = widest(w);
    uint32_t last = 0;
    int is_any = 0, rc = SQLITE_OK;

    for (size_t i = 0; i < w->count && rc == SQLITE_OK; i++) {
        const struct term *t = &w->terms[i];

        if (is_query && t->is_form != (is_exact && has_form(w, t->position)))
            continue;
        rc = emit(p, wide, t->position, !is_any || t->position != last, w->bytes + t->at, t->len);
        last = t->position;
        is_any = 1;
    }
    return rc;
}

/* A word begun: what forms, stems and stop words may begin with. */
static int emit_begun(const struct pass *p, int is_exact)
{
    const struct word *w = &p->tokenizer->word;
    const uint32_t wide = widest(w);
    char marked[sizeof STOP_MARK + FIH_MAX_TERM];
    int rc = SQLITE_OK;

    for (size_t i = 0; i < w->count && rc == SQLITE_OK; i++) {
        const struct term *t = &w->terms[i];
        const char *bytes = w->bytes + t->at;
        const size_t len = t->len < FIH_MAX_TERM ? t->len : FIH_MAX_TERM;

        marked[0] = FORM_MARK;
        memcpy(marked + 1, bytes, len);
        rc = emit(p, wide, t->position, i == 0 || w->terms[i - 1].position != t->position, marked, len + 1);
        if (rc == SQLITE_OK && !is_exact)
            rc = emit(p, wide, t->position, 0, bytes, len);
        memcpy(marked, STOP_MARK, sizeof STOP_MARK - 1);
        memcpy(marked + sizeof STOP_MARK - 1, bytes, len);
        if (rc == SQLITE_OK)
            rc = emit(p, wide, t->position, 0, marked, len + sizeof STOP_MARK - 1);
    }
    return rc;
}

static int code_of(int rc)
{
    return rc >= 0 ? rc : rc == FIH_E_NOMEM ? SQLITE_NOMEM : SQLITE_ERROR;
}

static int each_begun(void *ctx, const fih_token *t)
{
    return t->level == FIH_LEVEL_STEM ? add(ctx, t) : SQLITE_OK;
}

static int finish_word(const struct pass *p, int is_begun)
{
    struct word *w = &p->tokenizer->word;
    const int is_exact = (p->flags & FTS5_TOKENIZE_QUERY) && w->start > 0 && p->text[w->start - 1] == FORM_MARK;
    int rc = SQLITE_OK;

    if (w->count > 0 && is_begun) {
        w->count = w->used = 0;
        rc = code_of(fih_analyze_terms(p->tokenizer->begun, (fih_str){ p->text + w->start, w->end - w->start },
                                       each_begun, w, NULL));
        if (rc == SQLITE_OK && w->count > 0)
            rc = emit_begun(p, is_exact);
    } else if (w->count > 0)
        rc = emit_word(p, is_exact);
    w->count = w->used = 0;
    return rc;
}

/* ------------------------------------------------------------- A tokenizer */

static int each_token(void *ctx, const fih_token *t)
{
    const struct pass *p = ctx;
    struct word *w = &p->tokenizer->word;
    int rc = SQLITE_OK;

    if (t->level == FIH_LEVEL_ROOT)
        return SQLITE_OK;
    if (w->count > 0 && t->start != w->start)
        rc = finish_word(p, 0);
    w->start = t->start;
    w->end = t->end;
    return rc == SQLITE_OK ? add(w, t) : rc;
}

static int tokenize(Fts5Tokenizer *tokenizer, void *ctx, int flags, const char *text, int bytes, token_fn *token)
{
    struct pass p = {(struct tokenizer *)tokenizer, text ? text : "", flags, token, ctx};
    int rc;

    p.tokenizer->word.count = p.tokenizer->word.used = 0;
    rc = code_of(fih_analyze_terms(p.tokenizer->analyzer, (fih_str){ p.text, bytes > 0 ? (size_t)bytes : 0 },
                                   each_token, &p, NULL));
    return rc == SQLITE_OK ? finish_word(&p, (flags & FTS5_TOKENIZE_PREFIX) != 0) : rc;
}

static void delete_tokenizer(Fts5Tokenizer *tokenizer)
{
    struct tokenizer *t = (struct tokenizer *)tokenizer;

    if (!t)
        return;
    fih_analyzer_free(t->analyzer);
    fih_analyzer_free(t->begun);
    sqlite3_free(t->word.terms);
    sqlite3_free(t->word.bytes);
    sqlite3_free(t);
}

/* FTS5 has no way to pass a message on: it says "error in tokenizer constructor". The reason goes to SQLite's log. */
static int create_tokenizer(void *unused, const char **args, int count, Fts5Tokenizer **out)
{
    struct tokenizer *t = sqlite3_malloc64(sizeof *t);
    fih_error err = {0};
    char name[128];
    int rc;

    (void)unused;
    *out = NULL;
    if (!t)
        return SQLITE_NOMEM;
    memset(t, 0, sizeof *t);
    rc = new_analyzer(&t->analyzer, name, sizeof name, args, count, &err);
    if (rc == FIH_OK)
        rc = fih_analyzer_new(&t->begun, strncmp(name, "simple", 6) == 0 ? "simple" : "arabic-exact", &err);
    if (rc != FIH_OK) {
        sqlite3_log(SQLITE_ERROR, "fihrist: %s", err.msg);
        delete_tokenizer((Fts5Tokenizer *)t);
        return code_of(rc);
    }
    *out = (Fts5Tokenizer *)t;
    return SQLITE_OK;
}

/* -------------------------------------------------------------- In SQLite */

/* fihrist_analyzer(ARG, ...): what the tokenizer with these arguments is, or what is wrong with them. */
static void describe(sqlite3_context *ctx, int count, sqlite3_value **values)
{
    const char *args[ARGS_MAX] = {0};
    fih_analyzer *a = NULL;
    fih_error err = {0};
    char name[128];

    if (count > ARGS_MAX) {
        sqlite3_result_error(ctx, "fihrist_analyzer: too many arguments", -1);
        return;
    }
    for (int i = 0; i < count; i++)
        args[i] = (const char *)sqlite3_value_text(values[i]);
    if (new_analyzer(&a, name, sizeof name, args, count, &err) == FIH_OK)
        sqlite3_result_text(ctx, fih_analyzer_text(a), -1, SQLITE_TRANSIENT);
    else
        sqlite3_result_error(ctx, err.msg, -1);
    fih_analyzer_free(a);
}

static fts5_api *find_fts5(sqlite3 *db)
{
    fts5_api *api = NULL;
    sqlite3_stmt *stmt = NULL;

    if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_bind_pointer(stmt, 1, &api, "fts5_api_ptr", NULL) == SQLITE_OK)
        sqlite3_step(stmt);
    sqlite3_finalize(stmt);
    return api;
}

/* The entry that SQLite makes of the file's name. */
#ifdef __GNUC__
__attribute__((visibility("default")))
#endif
int sqlite3_fihristfts_init(sqlite3 *db, char **message, const sqlite3_api_routines *routines);

int sqlite3_fihristfts_init(sqlite3 *db, char **message, const sqlite3_api_routines *routines)
{
    fts5_tokenizer functions = {create_tokenizer, delete_tokenizer, tokenize};
    fts5_api *api;
    int rc;

    SQLITE_EXTENSION_INIT2(routines)
    api = find_fts5(db);
    if (!api || api->iVersion < 2) {
        *message = sqlite3_mprintf("fihrist: this SQLite has no FTS5");
        return SQLITE_ERROR;
    }
    rc = api->xCreateTokenizer(api, "fihrist", NULL, &functions, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_create_function_v2(db, "fihrist_analyzer", -1,
                                        SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL, describe, NULL,
                                        NULL, NULL);
    return rc;
}
