/* kind.c - endings, and the first bytes of files. See kind.h. */
#include "read/kind.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "read/encoding.h"
#include "read/text.h"

/* ------------------------------------------------------------------ Endings */

struct ending {
    const char *ending;
    reader     *read;              /* NULL: a page made by a program, or the program itself */
};

static const struct ending endings[] = {
    {".txt", read_txt},         {".jsonl", read_jsonl}, {".ndjson", read_jsonl}, {".jl", read_jsonl},
    {".jsonlines", read_jsonl}, {".json", read_json},   {".html", read_html},    {".htm", read_html},
    {".xhtml", read_html},      {".xht", read_html},    {".shtml", read_html},   {".php", NULL},
    {".php3", NULL},            {".php4", NULL},        {".php5", NULL},         {".phtml", NULL},
    {".asp", NULL},             {".aspx", NULL},        {".jsp", NULL},          {".jspx", NULL},
    {".cfm", NULL},             {".cgi", NULL},         {".do", NULL},
};

static bool has_ending(const char *name, size_t n, const char *ending)
{
    const size_t m = strlen(ending);

    return n > m && strncasecmp(name + n - m, ending, m) == 0;
}

static const struct ending *find_ending(const char *name, size_t n)
{
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (has_ending(name, n, endings[i].ending))
            return &endings[i];
    return NULL;
}

/* Crawlers name a file by the address: page.php?id=3, or page.php@id=3 and page.php%3Fid=3 where '?' will not do. */
static const struct ending *ending_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t n = strlen(name);
    const struct ending *e;

    if (has_ending(name, n, ".gz"))
        n -= 3;
    else if (has_ending(name, n, ".zst"))
        n -= 4;
    e = find_ending(name, n);
    for (size_t i = 1; !e && i < n; i++)
        if (name[i] == '?' || name[i] == '@' || strncasecmp(name + i, "%3F", 3) == 0)
            e = find_ending(name, i);
    return e;
}

bool kind_is_wanted(const char *name)
{
    return ending_of(name) != NULL;
}

bool kind_is_one(const char *name)
{
    const struct ending *const e = ending_of(name);

    return e && (e->read == read_txt || e->read == read_html);
}

/* -------------------------------------------------------------- First bytes */

struct signature { size_t at; const char *bytes; size_t n; const char *what; };

#define AT(at, bytes, what) { at, bytes, sizeof(bytes) - 1, what }

/* Kinds that hold text which is not read, or none. */
static const struct signature signatures[] = {
    AT(0, "%PDF-", "a PDF: convert it to text first, for instance with pdftotext"),
    AT(0, "{\\rtf", "an RTF document: save it as text or HTML first"),
    AT(0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Office document: save it as text or HTML first"),
    AT(0, "PK\3\4", "a zip archive, as Office documents and e-books are: unpack it, or save it as text or HTML first"),
    AT(0, "PK\5\6", "an empty zip archive"),
    AT(257, "ustar", "a tar archive: unpack it first"),
    AT(0, "7z\xBC\xAF\x27\x1C", "a 7z archive: unpack it first"),
    AT(0, "Rar!\x1A\x07", "a rar archive: unpack it first"),
    AT(0, "BZh", "bzip2 data: unpack it first, or pack it with gzip or zstd"),
    AT(0, "\xFD" "7zXZ", "xz data: unpack it first, or pack it with gzip or zstd"),
    AT(0, "\x1F\x8B", "gzip data within gzip data: unpack it once"),
    AT(0, "\x28\xB5\x2F\xFD", "zstd data within compressed data: unpack it once"),
    AT(0, "\x89PNG\r\n", "a picture (PNG): text in pictures is not read"),
    AT(0, "\xFF\xD8\xFF", "a picture (JPEG): text in pictures is not read"),
    AT(0, "GIF87a", "a picture (GIF): text in pictures is not read"),
    AT(0, "GIF89a", "a picture (GIF): text in pictures is not read"),
    AT(0, "II*\0", "a picture (TIFF): text in pictures is not read"),
    AT(0, "MM\0*", "a picture (TIFF): text in pictures is not read"),
    AT(8, "WEBPVP8", "a picture (WebP): text in pictures is not read"),
    AT(0, "AT&TFORM", "a DjVu document: convert it to text first, for instance with djvutxt"),
    AT(0, "ID3\3", "a sound file"),
    AT(0, "ID3\4", "a sound file"),
    AT(0, "OggS\0", "a sound or video file"),
    AT(0, "\0\0\0\x18" "ftyp", "a video or sound file"),
    AT(0, "\0\0\0\x20" "ftyp", "a video or sound file"),
    AT(0, "\x7F" "ELF", "a program"),
    AT(0, "SQLite format 3", "an SQLite database: write its rows as JSON lines first"),
    AT(0, "PAR1\x15", "a Parquet file: write its rows as JSON lines first"),
    AT(60, "BOOKMOBI", "an e-book (MOBI): convert it to text or HTML first"),
};

static const char *known_kind(const char *s, size_t n)
{
    for (const struct signature *g = signatures; g < signatures + sizeof signatures / sizeof *signatures; g++)
        if (n >= g->at + g->n && memcmp(s + g->at, g->bytes, g->n) == 0)
            return g->what;
    return NULL;
}

static const char *skip_blanks(const char *s)
{
    for (;;) {
        if (*s == ' ' || (*s >= '\t' && *s <= '\r'))
            s++;
        else if (strncmp(s, "\xEF\xBB\xBF", 3) == 0)
            s += 3;
        else
            return s;
    }
}

/* Past blanks, comments, declarations but that of HTML, and programs' instructions: where markup begins. */
static const char *skip_prolog(const char *s)
{
    for (;;) {
        const char *end = NULL;

        s = skip_blanks(s);
        if (strncmp(s, "<!--", 4) == 0)
            end = strstr(s + 4, "-->");
        else if (strncasecmp(s, "<?xml", 5) == 0)
            end = strstr(s, "?>");
        if (!end)
            return s;
        s = end + (*end == '-' ? 3 : 2);
    }
}

static bool is_tag(const char *s, const char *name)
{
    const size_t n = strlen(name);

    return strncasecmp(s, name, n) == 0 && !isalnum((unsigned char)s[n]) && s[n] != '-';
}

/* Whether a text begins as pages do, those too that leave out what they may. */
static bool looks_like_page(const char *s)
{
    static const char *const names[] = {"html", "head", "title", "meta", "body", "base", "link",    "script", "style",
                                        "div",  "p",    "h1",    "h2",   "table", "main", "article", "center", "font"};

    s = skip_prolog(s);
    if (strncasecmp(s, "<!doctype html", 14) == 0)
        return true;
    if (*s != '<')
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is_tag(s + 1, names[i]))
            return true;
    return false;
}

/* The beginning of an object, or of an array of objects. */
static bool looks_like_records(const char *s)
{
    s = skip_blanks(s);
    if (*s == '[')
        s = skip_blanks(s + 1);
    if (*s != '{')
        return false;
    s = skip_blanks(s + 1);
    if (*s == '}')
        return true;
    if (*s++ != '"')
        return false;
    while (*s && *s != '"')
        s += *s == '\\' && s[1] ? 2 : 1;
    return *s && *skip_blanks(s + 1) == ':';
}

/* The head as UTF-8 with a NUL behind it, NULs in it as spaces; new. */
static char *head_text(const char *head, size_t n, struct why *why)
{
    struct encoding e;
    char *text = NULL;

    encoding_find(&e, head, n, NULL, NULL);
    if (strcmp(e.name, ENCODING_UTF8) != 0) {
        if (text_decode(&text, &n, head, n, &e, (size_t)1 << 20, why) != 0)
            return NULL;
    } else if (!(text = malloc(n + 1))) {
        why_set(why, "out of memory");
        return NULL;
    } else {
        memcpy(text, head, n);
    }
    for (size_t i = 0; i < n; i++)
        if (text[i] == '\0')
            text[i] = ' ';
    text[n] = '\0';
    return text;
}

/* By its content, for a name that does not tell. */
static reader *look(const char *text, bool must_be_page, struct why *why)
{
    if (looks_like_page(text))
        return read_html;
    if (must_be_page) {
        why_set(why, "not an HTML page, although the name looks like one: it may be the program itself");
        return NULL;
    }
    if (looks_like_records(text))
        return read_json;
    if (strncasecmp(skip_blanks(text), "<?xml", 5) == 0) {
        why_set(why, "XML, but not XHTML: convert it to text, HTML or JSON lines first");
        return NULL;
    }
    return read_txt;
}

enum read_result kind_reader(reader **out, struct input *in, const char *name, struct why *why)
{
    const struct ending *e = ending_of(name);
    const char *head, *what;
    char *text;
    size_t n;

    *out = NULL;
    if (input_peek(in, &head, &n, why) != 0)
        return READ_FAILED;
    if ((what = known_kind(head, n)) != NULL) {
        why_set(why, "not read: %s", what);
        return e && e->read ? READ_FAILED : READ_OTHER;   /* what promises text and holds none is a mistake */
    }
    if (e && e->read) {
        *out = e->read;
        return READ_OK;
    }
    if (!(text = head_text(head, n, why)))
        return READ_FAILED;
    *out = look(text, e != NULL, why);
    free(text);
    return *out ? READ_OK : READ_OTHER;
}
