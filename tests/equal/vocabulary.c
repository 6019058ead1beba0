/* vocabulary.c - the words and texts to go over, and memory with fences. See equal.h. */
#include "equal.h"

#include <glob.h>
#include <zlib.h>

#include "base/utf8.h"
#include "fihrist.h"
#include "text/chain.h"
#include "text/split.h"

/* Of the collections' 240 MB of texts one in so many is kept: their words are from all. */
enum { KEPT = 24, LINE_MOST = 32 << 20 };

struct vocabulary *vocabulary;

void vocabulary_add(struct vocabulary *v, const uint8_t *text, size_t n, bool is_kept)
{
    static struct splitter splitter;
    struct span w;

    fihi_split_begin(&splitter, text, n);
    while (fihi_split_next(&splitter, &w) == FIH_OK) {
        const uint8_t *const s = text + w.start;
        const size_t bytes = fihi_chain_cut(s, w.end - w.start);
        const uint32_t hash = intern_hash(s, bytes);
        uint32_t number;

        must(intern_find(&v->words, s, bytes, hash) ||
                 fihi_intern_add(&v->words, s, bytes, hash, 0, &number) == FIH_OK, "no memory for the words");
    }
    fihi_split_free(&splitter);
    if (!is_kept)
        return;
    must(fihi_buf_append(&v->texts, text, n) == FIH_OK &&
             fihi_grow(&v->ends, &v->text_cap, v->text_count + 1, sizeof *v->ends) == FIH_OK,
         "no memory for the texts");
    v->ends[v->text_count++] = v->texts.len;
}

/* ---- the project */

void vocabulary_of_project(struct vocabulary *v)
{
    static const char *const patterns[] = {"/lib/text/*.tsv", "/lib/text/lists/*.tsv", "/tests/unit/*.tsv",
                                           "/tests/unit/clean/*", "/README.md", "/*/*.md", "/lib/text/README.md",
                                           "/tools/man/*", "/tests/cli/*.sh"};

    v->whose = "the words of this project";
    v->is_there = true;
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        char path[4096];
        glob_t g;

        snprintf(path, sizeof path, "%s%s", CHECKOUT, patterns[i]);
        must(glob(path, 0, NULL, &g) == 0, path);
        for (size_t k = 0; k < g.gl_pathc; k++) {
            struct buf text = {0};
            FILE *const f = fopen(g.gl_pathv[k], "rb");
            char block[65536];

            must(f, g.gl_pathv[k]);
            for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
                must(fihi_buf_append(&text, block, n) == FIH_OK, "no memory for a file");
            fclose(f);
            vocabulary_add(v, text.ptr, text.len, true);
            fihi_buf_free(&text);
        }
        globfree(&g);
    }
}

/* ---- the collections: lines of JSON */

static uint32_t hex(const char *s)
{
    char digits[5] = "";

    memcpy(digits, s, 4);
    return (uint32_t)strtoul(digits, NULL, 16);
}

/* The string that begins behind s, a quotation mark, written over the line from `out` on; *end is behind it. */
static size_t unescape(char *s, uint8_t *out, char **end)
{
    size_t n = 0;

    while (*s && *s != '"') {
        if (*s != '\\') {
            out[n++] = (uint8_t)*s++;
        } else if (s[1] == 'u') {
            uint32_t c = hex(s + 2);

            s += 6;
            if (c >= 0xD800 && c < 0xDC00 && s[0] == '\\' && s[1] == 'u') {
                c = 0x10000 + ((c - 0xD800) << 10) + (hex(s + 2) - 0xDC00);
                s += 6;
            }
            n += fihi_utf8_put(out + n, c);
        } else {
            out[n++] = s[1] == 'n' ? '\n' : s[1] == 't' ? '\t' : s[1] == 'r' ? '\r' : (uint8_t)s[1];
            s += 2;
        }
    }
    *end = *s ? s + 1 : s;
    return n;
}

/* Title and body of a document. */
static void add_line(struct vocabulary *v, char *line, bool is_kept)
{
    bool is_text = false;

    for (char *s = line; (s = strchr(s, '"'));) {
        uint8_t *const out = (uint8_t *)s;
        const size_t n = unescape(s + 1, out, &s);

        while (*s == ' ')
            s++;
        if (*s == ':') {
            is_text = (n == 5 && memcmp(out, "title", 5) == 0) || (n == 4 && memcmp(out, "body", 4) == 0);
        } else {
            if (is_text)
                vocabulary_add(v, out, n, is_kept);
            is_text = false;
        }
    }
}

/* With sanitizers one document in four: all would take a minute. */
void vocabulary_of_collections(struct vocabulary *v)
{
    const char *const shared = getenv("FIHRIST_SHARED");
    char path[4096];
    char *const line = malloc(LINE_MOST);
    glob_t g;

    v->whose = "the words of the collections";
    snprintf(path, sizeof path, "%s/data/corpora/*.jsonl.gz", shared ? shared : "");
    must(line, "no memory for a line");
    if (shared && *shared && glob(path, 0, NULL, &g) == 0) {
        for (size_t i = 0; i < g.gl_pathc; i++) {
            const gzFile f = gzopen(g.gl_pathv[i], "rb");
            unsigned docs = 0;

            must(f, g.gl_pathv[i]);
            gzbuffer(f, 1 << 18);
            for (; gzgets(f, line, LINE_MOST); docs++)
                if (!IS_ASAN || docs % 4 == 0)
                    add_line(v, line, docs % KEPT == 0);
            gzclose(f);
        }
        globfree(&g);
        v->is_there = true;
    }
    free(line);
}

void vocabulary_free(struct vocabulary *v)
{
    fihi_intern_free(&v->words);
    fihi_buf_free(&v->texts);
    free(v->ends);
}

/* ---- fences */

struct fence fence_new(size_t room)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    struct fence f = {NULL, (room + page - 1) / page * page, 0};
    uint8_t *p;

    f.whole = f.room + 2 * page;
    p = mmap(NULL, f.whole, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    must(p != MAP_FAILED && mprotect(p + page, f.room, PROT_READ | PROT_WRITE) == 0, "no memory for a fence");
    f.first = p + page;
    return f;
}

void fence_free(struct fence *f)
{
    munmap(f->first - (f->whole - f->room) / 2, f->whole);
}
