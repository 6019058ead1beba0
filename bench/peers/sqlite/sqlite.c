/* sqlite.c - SQLite's FTS5 as the other side of our benchmarks (driver.h).
 *
 * As its manual has it: one table with the columns id (unindexed), title and body, which it stores itself; tokenizer
 * unicode61, which neither stems nor knows stop words; positions; bm25() of its defaults; one transaction, with 256 MiB
 * of page cache. Any words are joined by OR. An index is a directory with one file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <sqlite3.h>

#include "../driver.h"

const char *const peer_name = "SQLite " SQLITE_VERSION " FTS5";

static sqlite3 *db;
static sqlite3_stmt *insert, *best, *number;

static void check(int rc, const char *what)
{
    if (rc != SQLITE_OK)
        peer_die(what, sqlite3_errmsg(db));
}

static void run(const char *sql)
{
    check(sqlite3_exec(db, sql, NULL, NULL, NULL), sql);
}

static sqlite3_stmt *prepare(const char *sql)
{
    sqlite3_stmt *s = NULL;

    check(sqlite3_prepare_v2(db, sql, -1, &s, NULL), sql);
    return s;
}

static void open_file(const char *path, int flags)
{
    char name[4096];

    snprintf(name, sizeof name, "%s/index.db", path);
    check(sqlite3_open_v2(name, &db, flags, NULL), name);
    run("PRAGMA cache_size = -262144");
}

void peer_create(const char *path)
{
    mkdir(path, 0777);
    open_file(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    run("CREATE VIRTUAL TABLE docs USING fts5(id UNINDEXED, title, body, tokenize = 'unicode61')");
    run("BEGIN");
    insert = prepare("INSERT INTO docs(id, title, body) VALUES (?, ?, ?)");
}

void peer_add(const struct peer_doc *d)
{
    sqlite3_bind_text(insert, 1, d->id, -1, SQLITE_STATIC);
    sqlite3_bind_text(insert, 2, d->title, -1, SQLITE_STATIC);
    sqlite3_bind_text(insert, 3, d->body, -1, SQLITE_STATIC);
    if (sqlite3_step(insert) != SQLITE_DONE)
        peer_die("insert", sqlite3_errmsg(db));
    sqlite3_reset(insert);
}

void peer_commit(void)
{
    sqlite3_finalize(insert);
    run("COMMIT");
    check(sqlite3_close(db), "close");
}

void peer_merge(const char *path)
{
    open_file(path, SQLITE_OPEN_READWRITE);
    run("INSERT INTO docs(docs) VALUES ('optimize')");
    run("VACUUM");
    check(sqlite3_close(db), "close");
}

void peer_open(const char *path)
{
    open_file(path, SQLITE_OPEN_READONLY);
    best = prepare("SELECT id, title FROM docs WHERE docs MATCH ? ORDER BY rank LIMIT ?");
    number = prepare("SELECT count(*) FROM docs WHERE docs MATCH ?");
}

/* Each word as a string of the query language, in which no character is an operator. */
static char *match(enum peer_kind kind, const char *text)
{
    char *const out = (char *)malloc(8 * strlen(text) + 8), *o = out;
    const char *between = kind == PEER_OR ? " OR " : kind == PEER_AND ? " AND " : " + ";

    if (!out)
        peer_die("memory", "out of memory");
    for (const char *s = text; *(s += strspn(s, " \t")) != '\0';) {
        const size_t n = strcspn(s, " \t");

        o += sprintf(o, "%s\"", o > out ? between : "");
        for (size_t i = 0; i < n; i++)
            if (s[i] != '"')
                *o++ = s[i];
        *o++ = '"';
        s += n;
    }
    strcpy(o, kind == PEER_PREFIX ? " *" : "");
    return out;
}

uint64_t peer_search(enum peer_kind kind, const char *text, unsigned limit, int shows, int counts)
{
    sqlite3_stmt *const s = counts ? number : best;
    char *const query = match(kind, text);
    uint64_t hits = 0;
    int rc;

    sqlite3_bind_text(s, 1, query, -1, SQLITE_STATIC);
    if (!counts)
        sqlite3_bind_int(s, 2, (int)limit);
    while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
        if (counts)
            hits = (uint64_t)sqlite3_column_int64(s, 0);
        else if (shows)
            printf("%s\t%s\n", sqlite3_column_text(s, 0), sqlite3_column_text(s, 1));
    }
    if (rc != SQLITE_DONE)
        peer_die(query, sqlite3_errmsg(db));
    sqlite3_reset(s);
    free(query);
    return hits;
}

void peer_close(void)
{
    sqlite3_finalize(best);
    sqlite3_finalize(number);
    sqlite3_close(db);
}
