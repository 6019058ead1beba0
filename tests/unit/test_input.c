/* test_input.c - compressed inputs, files, hashes, and walks through folders. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "heard.h"
#include "place.h"
#include "read/kind.h"
#include "read/walk.h"

/* -------------------------------------------------------------- Compression */

static size_t gzip(void *out, size_t size, const void *bytes, size_t n)
{
    z_stream z;

    memset(&z, 0, sizeof z);
    deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    z.next_in = (Bytef *)(uintptr_t)bytes;
    z.avail_in = (uInt)n;
    z.next_out = out;
    z.avail_out = (uInt)size;
    deflate(&z, Z_FINISH);
    n = size - z.avail_out;
    deflateEnd(&z);
    return n;
}

static void compressed_inputs_are_read_through(void)
{
    static const char line[] = "{\"id\":\"a\"}\n{\"id\":\"b\"}\n";
    char bytes[512];
    struct heard h;
    size_t n = gzip(bytes, sizeof bytes, line, sizeof line - 1);

    n += gzip(bytes + n, sizeof bytes - n, line, sizeof line - 1);
    memset(bytes + n, 0, 7);                       /* padding */
    read_bytes(&h, read_jsonl, bytes, n + 7);
    CHECK_STR_EQ(h.text, "a||||||\nb||||||\na||||||\nb||||||\n");
    n = ZSTD_compress(bytes, sizeof bytes, line, sizeof line - 1, 3);
    n += ZSTD_compress(bytes + n, sizeof bytes - n, line, sizeof line - 1, 3);
    read_bytes(&h, read_jsonl, bytes, n);
    CHECK_STR_EQ(h.text, "a||||||\nb||||||\na||||||\nb||||||\n");
}

static void a_cut_at_any_byte_is_a_failure_never_a_crash(void)
{
    char text[4000] = "", bytes[8192];
    uint64_t seed = 3;
    struct heard h;
    size_t n, len;

    while ((len = strlen(text)) < 3900)            /* hardly to be compressed: many bytes to cut at */
        snprintf(text + len, sizeof text - len, "{\"id\":\"%016" PRIx64 "\"}\n", tap_random(&seed));
    n = gzip(bytes, sizeof bytes, text, strlen(text));
    for (size_t cut = 2; cut < n; cut++) {
        read_bytes(&h, read_jsonl, bytes, cut);
        CHECK(strstr(h.text, "FAILED truncated gzip data") != NULL, "cut at %zu of %zu: %.80s", cut, n, h.text);
    }
    n = ZSTD_compress(bytes, sizeof bytes, text, strlen(text), 3);
    for (size_t cut = 4; cut < n; cut++) {
        read_bytes(&h, read_jsonl, bytes, cut);
        CHECK(strstr(h.text, "FAILED truncated zstd data") != NULL, "cut at %zu of %zu: %.80s", cut, n, h.text);
    }
}

static void what_came_before_the_damage_is_kept(void)
{
    const size_t lines = 60000;
    char *text = malloc(lines * 40), *bytes = malloc(lines * 60);
    uint64_t seed = 11;
    struct heard h;
    size_t n = 0;

    for (size_t i = 0; i < lines; i++)
        n += (size_t)sprintf(text + n, "{\"id\":\"%016" PRIx64 "\"}\n", tap_random(&seed));
    n = gzip(bytes, lines * 60, text, n);
    read_bytes(&h, read_jsonl, bytes, n / 2);
    CHECK(h.documents > lines / 3, "%u", h.documents);
    free(text);
    free(bytes);
}

static void what_decompresses_without_end_is_refused(void)
{
    const size_t n = 4 << 20;
    char *zeros = calloc(1, n), *bytes = malloc(n), *out;
    struct input *in = NULL;
    struct why why;
    size_t got, packed = gzip(bytes, n, zeros, n);

    CHECK_INT_EQ(input_memory(&in, bytes, packed, &why), 0);
    CHECK_INT_EQ(input_read_all(in, 1 << 20, &out, &got, &why), -1);
    CHECK_STR_EQ(why.text, "more than 1 MiB of text");
    CHECK(out == NULL);
    input_close(in);
    free(zeros);
    free(bytes);
}

/* Bytes that come out of frames of a mebibyte of zeros, one in `every` of them random; the input must end as it should. */
static uint64_t unpack(size_t frames, size_t every, struct why *why)
{
    const size_t size = 1 << 20;
    char *plain = calloc(1, size), *bytes = malloc(frames * (every ? size / every + 4096 : 256));
    uint64_t seed = 13, all = 0;
    struct input *in = NULL;
    size_t n = 0, packed;
    ssize_t got = -1;

    for (size_t i = 0; every && i < size; i += every)
        plain[i] = (char)tap_random(&seed);
    packed = ZSTD_compress(bytes, every ? size / every + 4096 : 256, plain, size, 1);
    for (; !ZSTD_isError(packed) && n < frames * packed; n += packed)
        memmove(bytes + n, bytes, packed);
    why->text[0] = '\0';
    if (input_memory(&in, bytes, n, why) == 0)
        while ((got = input_read(in, plain, size, why)) > 0)
            all += (uint64_t)got;
    CHECK((got < 0) == (why->text[0] != '\0'));
    input_close(in);
    free(plain);
    free(bytes);
    return all;
}

static void a_bomb_is_stopped_and_large_texts_are_not(void)
{
    struct why why;

    CHECK_INT_EQ(unpack(1000, 0, &why), UINT64_C(1000) << 20, "%s", why.text);
    CHECK(unpack(3000, 0, &why) <= (UINT64_C(1025) << 20), "%s", why.text);
    CHECK(strncmp(why.text, "expands to more than 1 GiB and 1000 times its size", 50) == 0, "%s", why.text);
    CHECK_INT_EQ(unpack(1100, 1000, &why), UINT64_C(1100) << 20, "%s", why.text);
}

/* ------------------------------------------------------------------- Kinds */

static const char *kind_of(const char *name, const char *bytes, size_t n)
{
    struct input *in = NULL;
    static struct why why;
    reader *read = NULL;

    if (input_memory(&in, bytes, n, &why) == 0)
        kind_reader(&read, in, name, &why);
    input_close(in);
    return read == read_txt     ? "text"
           : read == read_jsonl ? "lines"
           : read == read_json  ? "json"
           : read == read_html  ? "page"
                                : why.text;
}

static void names_and_first_bytes_tell_kinds(void)
{
    static const struct { const char *name, *bytes, *want;
    } cases[] = {
        {"a.txt", "<html>", "text"},
        {"A.JSON", "[", "json"},
        {"a.jl.gz", "", "lines"},
        {"a.jsonlines.zst", "", "lines"},
        {"a.xhtml", "", "page"},
        {"x/page.html?id=3", "", "page"},
        {"page.html@id=3", "", "page"},
        {"page.php%3Fid=3", "\n<!-- saved --> <HTML lang=ar>", "page"},
        {"page.php", "<?php echo 1; ?><html>", "not an HTML page, although the name looks like one: it may be the "
                                               "program itself"},
        {"page.aspx", "<!DOCTYPE html><p>", "page"},
        {"page", "<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'><html/>", "page"},
        {"page", "<title>a", "page"},
        {"page", "<titles>a", "text"},
        {"feed", "<?xml version='1.0'?><rss>", "XML, but not XHTML: convert it to text, HTML or JSON lines first"},
        {"dump", "{\"a\\\"\" : 1}", "json"},
        {"dump", "[\n {\"a\":1}]", "json"},
        {"notes", "{a}", "text"},
        {"notes", "[1] first", "text"},
        {"notes.md", "[link](there)", "text"},
        {"notes", "", "text"},
        {"a.txt", "%PDF-1.4", "not read: a PDF: convert it to text first, for instance with pdftotext"},
        {"report", "PK\3\4", "not read: a zip archive, as Office documents and e-books are: unpack it, or save it as "
                             "text or HTML first"},
        {"x.html", "\x89PNG\r\n\x1a", "not read: a picture (PNG): text in pictures is not read"},
    };
    char bytes[256];
    size_t n;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_STR_EQ(kind_of(cases[i].name, cases[i].bytes, strlen(cases[i].bytes)), cases[i].want, "%s: %s", cases[i].name,
                     cases[i].bytes);
    encoded(bytes, sizeof bytes, &n, "UTF-16LE", "<html lang=ar>");
    CHECK_STR_EQ(kind_of("page", bytes, n), "page");
    n = gzip(bytes, sizeof bytes, "[{\"a\":1}]", 9);
    CHECK_STR_EQ(kind_of("dump", bytes, n), "json");
    CHECK(kind_is_wanted("a.php?x=1") && kind_is_wanted("b.json") && !kind_is_wanted("c.jpg") && !kind_is_wanted("?.x") &&
          !kind_is_wanted(".html"));
}

static void what_was_looked_at_is_read_all_the_same(void)
{
    const size_t size = 3 * INPUT_PEEK_BYTES;
    char *text = malloc(size), *all;
    struct input *in = NULL;
    struct why why;
    const char *head;
    size_t n;

    for (size_t i = 0; i < size; i++)
        text[i] = (char)('a' + i % 26);
    REQUIRE(input_memory(&in, text, size, &why) == 0);
    CHECK_INT_EQ(input_peek(in, &head, &n, &why), 0);
    CHECK_INT_EQ(n, INPUT_PEEK_BYTES);
    CHECK(memcmp(head, text, n) == 0);
    CHECK_INT_EQ(input_read_all(in, size, &all, &n, &why), 0);
    CHECK(n == size && memcmp(all, text, size) == 0);
    input_close(in);
    free(all);
    free(text);
}

/* ------------------------------------------------------------------- Files */

static void a_hash_is_of_all_bytes_and_the_file_starts_again(void)
{
    char first[INPUT_HASH_CHARS + 1], second[INPUT_HASH_CHARS + 1], part[INPUT_HASH_CHARS + 1], *text;
    struct input *in = NULL;
    struct why why;
    size_t n;

    place_write(place_path("h.txt"), "some bytes", 10);
    REQUIRE(input_open(&in, place_path("h.txt"), false, &why) == 0, "%s", why.text);
    input_hash(in, part);
    CHECK_STR_EQ(part, "", "not read yet");
    CHECK_INT_EQ(input_hash_and_rewind(in, first, &why), 0);
    CHECK_INT_EQ(input_read_all(in, 100, &text, &n, &why), 0);
    CHECK_STR_EQ(text, "some bytes");
    input_hash(in, second);
    CHECK_STR_EQ(first, second);
    CHECK_INT_EQ(strlen(first), INPUT_HASH_CHARS);
    free(text);
    input_close(in);
}

static void a_name_that_promises_compression_must_keep_it(void)
{
    struct input *in = NULL;
    struct why why;

    place_write(place_path("x.txt.gz"), "plain", 5);
    CHECK_INT_EQ(input_open(&in, place_path("x.txt.gz"), false, &why), -1);
    CHECK(in == NULL);
    CHECK_INT_EQ(input_open(&in, "/dev/null", true, &why), -1);
    CHECK_STR_EQ(why.text, "not a regular file");
}

/* What an option names may be a pipe, as <(…) and /dev/stdin are, of no more than the limit. */
static void a_pipe_is_loaded_up_to_the_limit(void)
{
    char path[32], *text = NULL;
    struct why why;
    size_t n = 0;
    int ends[2];

    for (size_t limit = 9; limit < 11; limit++) {
        REQUIRE(pipe(ends) == 0);
        CHECK(write(ends[1], "0123456789", 10) == 10);
        close(ends[1]);
        snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
        CHECK_INT_EQ(input_load(path, limit, &text, &n, &why), limit < 10 ? -1 : 0, "%s", why.text);
        CHECK(limit < 10 ? strstr(why.text, "more than") != NULL : n == 10 && memcmp(text, "0123456789", 11) == 0);
        free(text);
        close(ends[0]);
    }
    CHECK_INT_EQ(input_load("/dev/zero", 1 << 20, &text, &n, &why), -1);
    CHECK_STR_EQ(why.text, "more than 1 MiB of text");
    CHECK_INT_EQ(input_load(place, 1 << 20, &text, &n, &why), -1);
    CHECK_STR_EQ(why.text, "neither a file nor a pipe");
}

static bool never(void)
{
    return false;
}

static void a_walk_finds_known_files_in_the_order_of_bytes(void)
{
    static const char *const names[] = {"t/b.txt",       "t/a/z.jsonl.zst", "t/a.html.gz", "t/a/x.bin",
                                        "t/.hidden.txt", "t/.dir/y.txt",    "t/c.HTM"};
    struct walk_root root;
    struct walk w;

    mkdir(place_path("t"), 0755);
    mkdir(place_path("t/a"), 0755);
    mkdir(place_path("t/.dir"), 0755);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        place_write(place_path(names[i]), "12345", 5);
    CHECK_INT_EQ(symlink("..", place_path("t/a/loop")), 0);
    CHECK_INT_EQ(symlink("../b.txt", place_path("t/a/link.txt")), 0);
    CHECK_INT_EQ(mkfifo(place_path("t/a/fifo.txt"), 0644), 0);
    REQUIRE(walk_root_init(&root, place_path("/./t/")) == 0);
    REQUIRE(walk_folder(&w, root, kind_is_wanted, never) == 0);
    REQUIRE(w.count == 4, "%zu", w.count);
    CHECK_STR_EQ(w.files[0].rest, "a.html.gz");
    CHECK_STR_EQ(w.files[1].rest, "a/z.jsonl.zst");
    CHECK_STR_EQ(w.files[2].rest, "b.txt");
    CHECK_STR_EQ(w.files[3].rest, "c.HTM");
    CHECK_INT_EQ(w.bytes, 20);
    REQUIRE(w.passed_count == 1, "%zu", w.passed_count);
    CHECK_STR_EQ(w.passed[0].rest, "a/x.bin");
    CHECK(walk_has(&w, "b.txt") && !walk_has(&w, "b.tx"));
    walk_free(&w);
}

static void paths_have_one_name(void)
{
    static const struct { const char *path, *name, *absolute;
    } cases[] = {
        {"/a//b/./c/", "/a/b/c", "/a/b/c"},
        {"/", "/", "/"},
        {"//", "/", "/"},
        {"/a/../b", "/a/../b", "/b"},
        {"/../x", "/../x", "/x"},
        {"x", "x", "/x"},
        {"./x//y", "x/y", "/x/y"},
        {".", "", "/"},
        {"./", "", "/"},
        {"../x", "../x", "/x"},
        {"...", "...", "/..."},
    };
    struct walk_root r;
    int here = open(".", O_RDONLY);

    CHECK_INT_EQ(chdir("/"), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        REQUIRE(walk_root_init(&r, cases[i].path) == 0);
        CHECK_STR_EQ(r.name, cases[i].name, "%s", cases[i].path);
        CHECK_STR_EQ(r.absolute, cases[i].absolute, "%s", cases[i].path);
        walk_root_free(&r);
    }
    CHECK_INT_EQ(walk_root_init(&r, ""), -1);
    CHECK_INT_EQ(fchdir(here), 0);
    close(here);
}

int main(void)
{
    place_new("input");
    RUN(compressed_inputs_are_read_through);
    RUN(a_cut_at_any_byte_is_a_failure_never_a_crash);
    RUN(what_came_before_the_damage_is_kept);
    RUN(what_decompresses_without_end_is_refused);
    RUN(a_bomb_is_stopped_and_large_texts_are_not);
    RUN(names_and_first_bytes_tell_kinds);
    RUN(what_was_looked_at_is_read_all_the_same);
    RUN(a_hash_is_of_all_bytes_and_the_file_starts_again);
    RUN(a_name_that_promises_compression_must_keep_it);
    RUN(a_pipe_is_loaded_up_to_the_limit);
    RUN(a_walk_finds_known_files_in_the_order_of_bytes);
    RUN(paths_have_one_name);
    place_remove(place);
    return DONE();
}
