/* test_pairs.c - which words find which: every line of pairs.tsv through an index, a search and a snippet. */
#include <ctype.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "base/utf8.h"
#include "fihrist.h"
#include "place.h"
#include "tap.h"

enum { PAIRS_MAX = 2000, FIELD = 400 };

struct pair {
    char class[32], text[FIELD], query[FIELD], why[FIELD], todo[200];
    int  meets;
    char id[16];
};

static struct pair pairs[PAIRS_MAX];
static size_t pair_count;
static fih_reader *reader;
static fih_error err;

/* ------------------------------------------------------------------ the file */

/* A field up to the next tab, with \uXXXX as the character; returns what is behind it. */
static const char *read_field(char *out, size_t size, const char *s)
{
    size_t n = 0;
    unsigned cp;

    for (; *s && *s != '\t' && *s != '\n' && n + 5 < size; ) {
        if (s[0] == '\\' && s[1] == 'u' && sscanf(s + 2, "%4x", &cp) == 1) {
            n += fihi_utf8_put((uint8_t *)out + n, cp);
            s += 6;
        } else {
            out[n++] = *s++;
        }
    }
    out[n] = '\0';
    return *s == '\t' ? s + 1 : s;
}

static void read_pairs(const char *path)
{
    char line[2048], verdict[16];
    FILE *const f = fopen(path, "r");

    pair_count = 0;
    for (unsigned at = 1; f && pair_count < PAIRS_MAX && fgets(line, sizeof line, f); at++) {
        struct pair *const p = &pairs[pair_count];
        const char *s = line;

        if (line[0] == '#')
            continue;
        s = read_field(p->class, sizeof p->class, s);
        s = read_field(p->text, sizeof p->text, s);
        s = read_field(p->query, sizeof p->query, s);
        s = read_field(verdict, sizeof verdict, s);
        s = read_field(p->why, sizeof p->why, s);
        read_field(p->todo, sizeof p->todo, s);
        p->meets = strcmp(verdict, "match") == 0;
        snprintf(p->id, sizeof p->id, "%u", at);
        if ((!p->meets && strcmp(verdict, "no") != 0) || !p->text[0] || !p->query[0]) {
            printf("Bail out! %s:%u is no pair\n", path, at);
            exit(2);
        }
        pair_count++;
    }
    if (f)
        fclose(f);
}

static void index_pairs(void)
{
    fih_writer *w = NULL;
    int rc;

    place_remove(place_path("index"));
    rc = fih_writer_open(&w, place_path("index"), NULL, &err);
    for (size_t i = 0; rc == FIH_OK && i < pair_count; i++) {
        fih_doc d = FIH_DOC_INIT;
        d.id = (fih_str){ pairs[i].id, strlen(pairs[i].id) };
        d.body = (fih_str){ pairs[i].text, strlen(pairs[i].text) };
        rc = fih_writer_add(w, &d, &err);
    }
    if (rc == FIH_OK)
        rc = fih_writer_commit(w, &err);
    fih_writer_close(w);
    if (rc == FIH_OK)
        rc = fih_reader_open(&reader, place_path("index"), &err);
    if (rc != FIH_OK) {
        printf("Bail out! %s\n", err.msg);
        exit(2);
    }
}

/* ------------------------------------------------------------------ snippets */

/* A character's kind: words end where it changes. Marks and hidden characters, but for the zero-width space, have none
 * of their own: 'm'. */
static int kind(UChar32 c)
{
    UErrorCode e = U_ZERO_ERROR;

    if (c != 0x200B && U_GET_GC_MASK(c) & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK))
        return 'm';
    if ((c >= 0xFD40 && c <= 0xFD4F) || (c >= 0xFDFD && c <= 0xFDFF))      /* signs of several words */
        return 'a';
    if (c == 0x640 || (u_isalpha(c) && uscript_getScript(c, &e) == USCRIPT_ARABIC))
        return 'a';
    return u_isalnum(c) ? 'l' : '.';
}

/* The kind of the last character before `at` that is no mark, or of the first from `at` on that is not hidden. */
static int kind_before(const char *s, size_t at)
{
    int32_t i = (int32_t)at, k = 'm';
    UChar32 c;

    while (i > 0 && k == 'm') {
        U8_PREV_UNSAFE(s, i, c);
        k = kind(c);
    }
    return k;
}

static int kind_behind(const char *s, size_t at)
{
    int32_t i = (int32_t)at;
    UChar32 c;

    do {
        U8_NEXT_UNSAFE(s, i, c);
    } while (u_charType(c) == U_FORMAT_CHAR && c != 0x200B);
    return kind(c);
}

/* Does a word begin and end with bytes start … end of the text? One with references does between spaces, one with letters
 * behind percent signs between other signs. */
static int is_word(const char *text, size_t start, size_t end)
{
    if (memchr(text + start, '%', end - start))
        return !isalnum((unsigned char)text[start - (start > 0)]) && !isalnum((unsigned char)text[end]);
    if (memchr(text + start, '&', end - start))
        return (start == 0 || text[start - 1] == ' ') && (text[end] == ' ' || text[end] == '\0');
    const int first = kind_behind(text, start), last = kind_before(text, end), next = kind_behind(text, end);

    return first != '.' && first != 'm' && kind_before(text, start) != first && next != 'm' && next != last;
}

/* Where the bytes of a part stand in the text from `at` on: right there, or anywhere behind a gap. */
static const char *find_part(const char *text, size_t at, fih_str part, int after_gap)
{
    const char *s = text + at;

    if (part.len == 0)
        return s;
    while (strlen(s) >= part.len && memcmp(s, part.ptr, part.len) != 0 && after_gap)
        s++;
    return strlen(s) >= part.len && memcmp(s, part.ptr, part.len) == 0 ? s : NULL;
}

/* The parts of the snippet are bytes of the text, in order, and what is marked are words of it. */
static void check_snippet(const struct pair *p, const fih_query *q)
{
    fih_docno doc = 0;
    fih_stored *stored = NULL;
    fih_snippet *s = NULL;
    const fih_part *part;
    size_t at = 0, hits = 0;
    int after_gap = 0;

    if (!CHECK(fih_reader_find(&doc, reader, fih_str_of(p->id), &err) == FIH_OK &&
               fih_reader_doc(&stored, reader, doc, &err) == FIH_OK &&
               fih_snippet_new(&s, reader, q, stored, NULL, &err) == FIH_OK, "%s: %s", p->text, err.msg))
        return;
    for (size_t i = 0; (part = fih_snippet_at(s, i)) != NULL; i++) {
        const char *const here = find_part(p->text, at, part->text, i == 0 || part->kind == FIH_PART_GAP || after_gap);

        after_gap = part->kind == FIH_PART_GAP;
        if (!CHECK(here, "%s for %s: part %zu is not in the text", p->text, p->query, i))
            break;
        at = (size_t)(here - p->text);
        if (part->kind == FIH_PART_HIT) {
            hits++;
            CHECK(is_word(p->text, at, at + part->text.len), "%s for %s: %.*s is no whole word", p->text, p->query,
                  (int)part->text.len, part->text.ptr);
        }
        at += part->text.len;
    }
    CHECK(hits > 0, "%s for %s: nothing is marked", p->text, p->query);
    fih_snippet_free(s);
    fih_stored_free(stored);
}

/* --------------------------------------------------------------------- pairs */

/* Is the document a hit when every word must match? */
static int finds(const struct pair *p, const fih_query *q)
{
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    fih_hits *hits = NULL;
    const fih_hit *h;
    int found = 0;

    o.match_all = 1;
    o.limit = PAIRS_MAX;
    CHECK_INT_EQ(fih_search(&hits, reader, q, &o, &err), FIH_OK, "%s: %s", p->query, err.msg);
    for (size_t i = 0; hits && (h = fih_hits_at(hits, i)) != NULL; i++)
        found |= h->id.len == strlen(p->id) && memcmp(h->id.ptr, p->id, h->id.len) == 0;
    fih_hits_free(hits);
    return found;
}

static int check_pair(const struct pair *p)
{
    fih_query *plain = NULL, *parsed = NULL;
    int found = -1;

    if (CHECK_INT_EQ(fih_query_plain(&plain, fih_str_of(p->query), &err), FIH_OK, "%s: %s", p->query, err.msg) &&
        CHECK_INT_EQ(fih_query_parse(&parsed, fih_str_of(p->query), &err), FIH_OK, "%s: %s", p->query, err.msg)) {
        found = finds(p, plain);
        CHECK(found == p->meets, "line %s: %s is %sfound by %s: %s", p->id, p->text, found ? "" : "not ", p->query,
              p->why);
        CHECK(finds(p, parsed) == found, "line %s: %s in the query language", p->id, p->query);
        if (found > 0)
            check_snippet(p, plain);
    }
    fih_query_free(plain);
    fih_query_free(parsed);
    return found == p->meets;
}

static const char *class;                  /* of the running test */
static const struct pair *known;

static void a_class(void)
{
    for (size_t i = 0; i < pair_count; i++)
        if (strcmp(pairs[i].class, class) == 0 && !pairs[i].todo[0])
            check_pair(&pairs[i]);
}

static void a_known_failure(void)
{
    TODO("%s", known->todo);
    check_pair(known);
}

/* Each class of the file once, then each pair that is known to fail. */
static void run_all(void)
{
    char name[256];

    for (size_t i = 0, k; i < pair_count; i++) {
        size_t count = 0;

        class = pairs[i].class;
        for (k = 0; k < i && strcmp(pairs[k].class, class) != 0; k++) ;
        if (k < i)
            continue;
        for (k = i; k < pair_count; k++)
            count += strcmp(pairs[k].class, class) == 0 && !pairs[k].todo[0];
        snprintf(name, sizeof name, "%.30s: %zu pairs", class, count);
        tap_run(a_class, name);
    }
    for (size_t i = 0; i < pair_count; i++)
        if (pairs[i].todo[0]) {
            known = &pairs[i];
            snprintf(name, sizeof name, "%.30s: %.60s and %.60s", known->class, known->text, known->query);
            tap_run(a_known_failure, name);
        }
}

int main(void)
{
    static const char *const files[] = { "/tests/unit/pairs.tsv", "/tests/unit/pairs-plurals.tsv",
                                         "/tests/unit/pairs-verbs.tsv", "/tests/unit/pairs-typed.tsv",
                                         "/tests/unit/pairs-names.tsv", "/tests/unit/pairs-endings.tsv",
                                         "/tests/unit/pairs-clitics.tsv" };
    char path[4096];

    place_new("pairs");
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s%s", CHECKOUT, files[i]);
        read_pairs(path);
        index_pairs();
        run_all();
        fih_reader_close(reader);
    }
    place_remove(place);
    return DONE();
}
