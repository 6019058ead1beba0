/* test_readers.c - the readers, the inputs and the encodings behind them, on bytes in memory and small files. */
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unicode/ucnv.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "read/encoding.h"
#include "read/json_line.h"
#include "read/readers.h"
#include "tap.h"
#include "read/walk.h"

/* What a reader said, as one text: "id|title|body|date|section|url|key=value;…" a document, "!line:column reason". */
struct heard {
    char   text[8192];
    size_t n;
    unsigned documents, bad;
};

static void hear(struct heard *h, const void *s, size_t n)
{
    if (n > sizeof h->text - 1 - h->n)
        n = sizeof h->text - 1 - h->n;
    if (n > 0)
        memcpy(h->text + h->n, s, n);
    h->n += n;
    h->text[h->n] = '\0';
}

static void hear_field(struct heard *h, fih_str s)
{
    hear(h, s.ptr, s.len);
    hear(h, "|", 1);
}

static int on_doc(void *ctx, const fih_doc *doc, uint64_t line)
{
    struct heard *h = ctx;
    const fih_str fields[] = { doc->id, doc->title, doc->body, doc->date, doc->section, doc->url };

    (void)line;
    h->documents++;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        hear_field(h, fields[i]);
    for (size_t i = 0; i < doc->extra_count; i++) {
        hear(h, doc->extra[i].name.ptr, doc->extra[i].name.len);
        hear(h, "=", 1);
        hear(h, doc->extra[i].value.ptr, doc->extra[i].value.len);
        hear(h, ";", 1);
    }
    hear(h, "\n", 1);
    return 0;
}

static int on_bad(void *ctx, uint64_t line, uint64_t column, const char *reason)
{
    struct heard *h = ctx;
    char text[512];
    const int n = snprintf(text, sizeof text, "!%u:%u %s\n", (unsigned)line, (unsigned)column, reason);

    h->bad++;
    hear(h, text, (size_t)n);
    return 0;
}

/* Read bytes; a failure of the whole input ends the text with "FAILED reason". */
static void read_bytes_with(struct heard *h, reader *read, const void *bytes, size_t n, const struct read_opts *opts)
{
    const struct read_sink sink = { h, on_doc, on_bad };
    struct input *in = NULL;
    struct why why;

    memset(h, 0, sizeof *h);
    if (input_memory(&in, bytes, n, &why) != 0 || read(in, "n", opts, &sink, &why) != READ_OK) {
        hear(h, "FAILED ", 7);
        hear(h, why.text, strlen(why.text));
    }
    input_close(in);
}

static void read_bytes(struct heard *h, reader *read, const void *bytes, size_t n)
{
    const struct read_opts opts = { 0 };

    read_bytes_with(h, read, bytes, n, &opts);
}

#define READ(read, text) read_bytes(&h, read, text, sizeof text - 1)

/* -------------------------------------------------------------- Plain text */

static void the_first_line_that_is_not_blank_is_the_title(void)
{
    struct heard h;

    READ(read_txt, "\xEF\xBB\xBF\n \t\xC2\xA0\r\n\xE2\x80\x8F  عنوان  \r\n\r\nسطر\nآخر\n");
    CHECK_STR_EQ(h.text, "n|عنوان|سطر\nآخر\n||||\n");
    READ(read_txt, "وحده");
    CHECK_STR_EQ(h.text, "n|وحده|||||\n");
    READ(read_txt, "a\rb\rc");
    CHECK_STR_EQ(h.text, "n|a|b\rc||||\n");
}

static void a_text_of_blanks_is_no_document(void)
{
    struct heard h;

    READ(read_txt, "");
    CHECK_STR_EQ(h.text, "");
    READ(read_txt, " \n\t\r\n");
    CHECK_STR_EQ(h.text, "");
}

static void a_text_without_line_breaks_is_all_body(void)
{
    static char text[4001];
    struct heard h;

    memset(text, 'x', 4000);
    READ(read_txt, text);
    CHECK(strncmp(h.text, "n||xxx", 6) == 0);
}

static void binary_data_is_refused(void)
{
    struct heard h;

    READ(read_txt, "\x7f" "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0\x01\0\0\0\x80\x9c\x10\x02\x03\x04\x05");
    CHECK(strstr(h.text, "FAILED holds binary data") != NULL, "%s", h.text);
}

/* --------------------------------------------------------------- Encodings */

static void encoded(char *out, size_t size, size_t *n, const char *name, const char *utf8)
{
    UErrorCode rc = U_ZERO_ERROR;
    int32_t got = ucnv_convert(name, "UTF-8", out, (int32_t)size, utf8, -1, &rc);

    *n = U_SUCCESS(rc) ? (size_t)got : 0;
}

static void each_encoding_gives_the_same_document(void)
{
    static const char *const names[] = {"UTF-8",  "UTF-16LE",     "UTF-16BE",  "UTF-16",
                                        "UTF-32", "windows-1256", "ISO-8859-6"};
    static const char *const texts[] = {
        "أخبار اليوم\nقال الوزير إن المدرسة الجديدة تفتح أبوابها غدا في المدينة",
        "خبر\nقصير جدا", "العنوان\nabc def",
    };
    struct heard h;
    char want[512], bytes[1024];
    size_t n;

    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        const char *nl = strchr(texts[t], '\n');

        snprintf(want, sizeof want, "n|%.*s|%s||||\n", (int)(nl - texts[t]), texts[t], nl + 1);
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            const struct read_opts forced = { .encoding = names[i] };

            encoded(bytes, sizeof bytes, &n, names[i], texts[t]);
            REQUIRE(n > 0, "%s", names[i]);
            read_bytes(&h, read_txt, bytes, n);
            CHECK_STR_EQ(h.text, want, "found: %s", names[i]);
            if (strcmp(names[i], "UTF-32") == 0)
                continue;                          /* forced without its order it is the other one */
            read_bytes_with(&h, read_txt, bytes, n, &forced);
            CHECK_STR_EQ(h.text, want, "forced: %s", names[i]);
        }
    }
}

static void latin_texts_are_not_taken_for_arabic(void)
{
    struct heard h;

    READ(read_txt, "Un caf\xe9 ferm\xe9\nno\xebl fran\xe7" "ais \xe0 Gen\xe8ve");
    CHECK_STR_EQ(h.text, "n|Un café fermé|noël français à Genève||||\n");
    READ(read_txt, "Stra\xdf" "e\nf\xfc" "r M\xe4nner, \xd6l, gr\xf6\xdf" "ere");
    CHECK_STR_EQ(h.text, "n|Straße|für Männer, Öl, größere||||\n");
}

static void nearly_utf8_stays_as_it_is(void)
{
    char text[2000] = "", want[2048];
    struct heard h;

    for (int i = 0; i < 60; i++)
        strcat(text, "سلام ");
    strcat(text, "\xff.");
    snprintf(want, sizeof want, "n|%s|||||\n", text);
    read_bytes(&h, read_txt, text, strlen(text));
    CHECK_STR_EQ(h.text, want);
}

static void every_well_formed_utf8_and_no_other_passes(void)
{
    static const struct { const char *s; bool good;
    } cases[] = {
        {"abc", true},
        {"\xd8\xa7", true},
        {"\xe2\x80\x8f", true},
        {"\xf0\x9f\x98\x80", true},
        {"\xf4\x8f\xbf\xbf", true},
        {"\xc0\x80", false},
        {"\xc1\xbf", false},
        {"\xe0\x80\x80", false},
        {"\xed\xa0\x80", false},
        {"\xf4\x90\x80\x80", false},
        {"\xf0\x80\x80\x80", false},
        {"\xd8", false},
        {"\xd8\x41", false},
        {"\xe2\x80", false},
        {"\x80", false},
        {"\xff", false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK(encoding_is_utf8(cases[i].s, strlen(cases[i].s)) == cases[i].good, "case %zu", i);

    /* Blocks of Arabic: every length, and a byte that is wrong, or not, at every place. */
    for (size_t n = 2; n <= 80; n += 2)
        for (size_t bad = 0; bad < n; bad++) {
            static const char bytes[] = "\xff\xc0\xe0\x80\xd8" "a";
            char text[80];

            for (size_t i = 0; i < n; i++)
                text[i] = i % 2 ? '\xa7' : '\xd8';
            CHECK(encoding_is_utf8(text, n), "%zu bytes", n);
            CHECK(!encoding_is_utf8(text, n - 1), "%zu bytes", n - 1);
            for (const char *b = bytes; *b; b++) {
                char other[80];

                memset(other, 'a', sizeof other);
                memcpy(other, text, bad);
                other[bad] = *b;
                CHECK(encoding_is_utf8(other, n) == (*b == (bad % 2 ? '\x80' : 'a')), "%02x at %zu of %zu",
                      (unsigned char)*b, bad, n);
            }
        }
}

static void a_repair_replaces_each_ill_formed_sequence_once(void)
{
    size_t n;
    char *s = encoding_repair("a\xff" "b\xe2\x80" "c\xd8\xa7\xed\xa0\x80", 11, &n);

    REQUIRE(s != NULL);
    CHECK_STR_EQ(s, "a\xEF\xBF\xBD" "b\xEF\xBF\xBD" "c\xd8\xa7\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK_INT_EQ(n, strlen(s));
    free(s);
}

/* -------------------------------------------------------------- JSON Lines */

static void an_object_a_line_is_a_document(void)
{
    struct heard h;

    READ(read_jsonl,
         "{\"id\":\"a\",\"title\":\"t\",\"body\":\"b\",\"date\":\"2024-01-02\",\"section\":\"s\",\"url\":\"u\"}\n"
         "\n  \r\n{\"body\":\"x\",\"id\":17,\"date\":2024}\r\n{\"body\":\"no end\"}");
    CHECK_STR_EQ(h.text, "a|t|b|2024-01-02|s|u|\n17||x|2024|||\nn#5||no end||||\n");
}

static void other_keys_are_kept_and_null_is_absent(void)
{
    struct heard h;

    READ(read_jsonl, "{\"id\":\"a\",\"title\":null,\"x\":null,\"tags\":[1, {\"k\" : "
                     "\"v]\"}],\"ok\":true,\"f\":0.5,\"e\":\"\",\"source\":\"BBC\"}\n");
    CHECK_STR_EQ(h.text, "a||||||tags=[1,{\"k\":\"v]\"}];ok=true;f=0.5;e=;source_=BBC;\n");
}

static void a_map_renames_keys(void)
{
    struct read_opts opts = { 0 };
    struct heard h;
    struct why why;
    static const char text[] = "{\"docid\":1,\"text\":\"B\",\"body\":\"old\"}\n{\"body\":\"own\",\"text\":null,\"id\":"
                               "2}\n{\"body\":\"own\",\"text\":\"T\",\"id\":3}\n";

    CHECK_INT_EQ(read_map_parse(&opts, "id=docid", &why), 0);
    CHECK_INT_EQ(read_map_parse(&opts, "body=text", &why), 0);
    CHECK_INT_EQ(read_map_parse(&opts, "body=", &why), -1);
    CHECK_INT_EQ(read_map_parse(&opts, "bod=x", &why), -1);
    CHECK_INT_EQ(read_map_parse(&opts, "x", &why), -1);
    read_bytes_with(&h, read_jsonl, text, sizeof text - 1, &opts);
    CHECK_STR_EQ(h.text, "1||B||||\n2||own||||\n3||T||||\n");
}

static void a_bad_line_is_reported_with_its_place_and_the_rest_goes_on(void)
{
    struct heard h;

    READ(read_jsonl, "{\"id\":\"a\"}\n{\"id\":\"b\",}\n[1]\n\"s\"\n{\"id\":[1]}\n{\"id\":\"c\"} "
                     "x\n{\"id\":true}\n{\"id\":\"\\ud800\"}\n{\"id\":\"z\"}\n");
    CHECK_INT_EQ(h.documents, 2, "%s", h.text);
    CHECK_INT_EQ(h.bad, 7, "%s", h.text);
    CHECK(strncmp(h.text, "a||||||\n!2:11 broken JSON: ", 26) == 0, "%s", h.text);
    CHECK(strstr(h.text, "!5:0 \"id\" is an array: a text or a number is needed\n") != NULL, "%s", h.text);
}

static void bytes_that_are_no_utf8_do_not_lose_a_line(void)
{
    char text[4096] = "";
    struct heard h;

    for (int i = 0; i < 60; i++)                   /* enough good ones for the file to be UTF-8 */
        strcat(text, "{\"id\":\"ok\",\"body\":\"سلام\"}\n");
    strcat(text, "{\"id\":\"bad\",\"body\":\"س\xff\"}\n");
    read_bytes(&h, read_jsonl, text, strlen(text));
    CHECK_INT_EQ(h.documents, 61);
    CHECK(strstr(h.text, "bad||س\xEF\xBF\xBD|") != NULL);
}

/* Read JSON lines with `count` times the same byte between two texts. */
static void read_long_jsonl(struct heard *h, const char *before, char fill, size_t count, const char *after)
{
    const size_t head = strlen(before), tail = strlen(after);
    char *text = malloc(head + count + tail);

    memcpy(text, before, head);
    memset(text + head, fill, count);
    memcpy(text + head + count, after, tail);
    read_bytes(h, read_jsonl, text, head + count + tail);
    free(text);
}

static void deep_nesting_is_a_bad_line(void)
{
    struct heard h;

    read_long_jsonl(&h, "{\"x\":", '[', 1000000, "\n{\"id\":\"b\"}\n");
    CHECK_INT_EQ(h.documents, 1);
    CHECK_INT_EQ(h.bad, 1);
}

static void lines_longer_than_a_block_are_whole(void)
{
    struct heard h;

    read_long_jsonl(&h, "{\"id\":\"a\"}\n{\"id\":\"long\",\"date\":\"d\",\"body\":\"", 'x', 5000000,
                    "\"}\n{\"id\":\"b\"}");
    CHECK_INT_EQ(h.documents, 3);
    CHECK_INT_EQ(h.bad, 0);
}

static void json_lines_in_other_encodings_stream(void)
{
    static const char line[] = "{\"id\":\"م1\",\"title\":\"العنوان\",\"body\":\"قال الكاتب إن المدينة\"}\n";
    static const char *const names[] = { "UTF-16LE", "UTF-16", "windows-1256" };
    char bytes[512];
    struct heard h;
    size_t n;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        encoded(bytes, sizeof bytes, &n, names[i], line);
        read_bytes(&h, read_jsonl, bytes, n);
        CHECK_STR_EQ(h.text, "م1|العنوان|قال الكاتب إن المدينة||||\n", "%s", names[i]);
    }
}

/* ------------------------------------------------- The scanner and jansson */

static void flatten(struct heard *h, int rc, const struct json_member *m, size_t count)
{
    static const char kinds[] = "ztnbao";

    h->n = h->documents = h->bad = 0;
    hear(h, rc == 0 ? "+" : "-", 1);
    for (size_t i = 0; i < count; i++) {
        hear(h, m[i].key.ptr, m[i].key.len);
        hear(h, "=", 1);
        hear(h, &kinds[m[i].kind], 1);
        hear(h, m[i].value.ptr, m[i].value.len);
        hear(h, ";", 1);
    }
}

static void compare(struct json_line *fast, struct json_line *slow, const char *line, size_t n)
{
    const struct json_member *m;
    struct heard a, b;
    struct why why;
    size_t count, column;
    int rc;

    rc = json_line_parse(fast, line, n, &m, &count, &column, &why);
    flatten(&a, rc, m, count);
    rc = json_line_parse_slowly(slow, line, n, &m, &count, &column, &why);
    flatten(&b, rc, m, count);
    if (a.n != b.n || memcmp(a.text, b.text, a.n) != 0)
        CHECK_STR_EQ(a.text, b.text, "line %.*s", (int)n, line);
}

static void the_scanner_and_jansson_agree(void)
{
    static const char *const lines[] = {
        "{}",
        " { } ",
        "{\"a\":1}",
        "{\"a\":-0}",
        "{\"a\":-1}",
        "{\"a\":01}",
        "{\"a\":1.50}",
        "{\"a\":1e3}",
        "{\"a\":1.}",
        "{\"a\":-}",
        "{\"a\":123456789012345678}",
        "{\"a\":9223372036854775807}",
        "{\"a\":9223372036854775808}",
        "{\"a\":1e999}",
        "{\"a\":1 2}",
        "{\"a\":\"\\u0627\\u0644\\n\\\"\\\\\\/\\b\\f\\r\\t\"}",
        "{\"a\":\"\\ud83d\\ude00\"}",
        "{\"a\":\"\\ud83d\"}",
        "{\"a\":\"\\ude00\"}",
        "{\"a\":\"\\u0000b\"}",
        "{\"a\\u0000\":1}",
        "{\"a\\u0062\":1}",
        "{\"a\":\"x\ty\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":\"",
        "{\"a\":true,\"b\":false,\"c\":null}",
        "{\"a\":tru}",
        "{\"a\":nullx}",
        "{\"a\":[1,[2,\"]\"],{\"k\":\"\\\"}\"}]}",
        "{\"a\":[}",
        "{\"a\":[1]]}",
        "{\"a\":{\"b\":{\"c\":[]}},\"d\":\"e\"}",
        "{\"a\":1,\"a\":2,\"b\":3,\"a\":\"z\"}",
        "{\"a\":1,}",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{1:2}",
        "{\"\":1}",
        "{\"a\":1}x",
        "{\"a\":1}{\"b\":2}",
        "[1]",
        "\"s\"",
        "1",
        "",
        "{",
        "{\"a\":\"\xff\"}",
        "{\"a\":[\"\\u0627\", 1.25, {\"b\" : null}] , \"c\" : 1 }",
        "{\"a\":\"longer than eight bytes with \\u0041 escape\"}",
        "\t{\"a\"\r:\n1}\r",
    };
    struct json_line *fast = json_line_new(), *slow = json_line_new();

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        compare(fast, slow, lines[i], strlen(lines[i]));
    json_line_free(fast);
    json_line_free(slow);
}

static void they_agree_on_random_lines_too(void)
{
    static const char *const pieces[] = {"{",
                                         "}",
                                         "[",
                                         "]",
                                         ":",
                                         ",",
                                         "\"a\"",
                                         "\"b\"",
                                         "\"\\u0627\"",
                                         "\"\\\"",
                                         "\"",
                                         "1",
                                         "-2.5",
                                         "true",
                                         "null",
                                         " ",
                                         "\\",
                                         "\"c\":1",
                                         "\"d\":\"x\"",
                                         "\xd8\xa7",
                                         "\xff",
                                         "\"e\":[1,2]",
                                         "\"f\":{\"g\":0}",
                                         ","};
    struct json_line *fast = json_line_new(), *slow = json_line_new();
    uint64_t seed = 7;

    for (int i = 0; i < 100000; i++) {
        char line[256] = "{";
        const unsigned n = (unsigned)(tap_random(&seed) % 12);

        for (unsigned k = 0; k < n; k++)
            strcat(line, pieces[tap_random(&seed) % (sizeof pieces / sizeof *pieces)]);
        if (tap_random(&seed) % 2)
            strcat(line, "}");
        compare(fast, slow, line, strlen(line));
    }
    json_line_free(fast);
    json_line_free(slow);
}

static void an_object_of_many_keys_keeps_the_last_of_equal_ones(void)
{
    char line[4096] = "{";
    struct json_line *fast = json_line_new(), *slow = json_line_new();

    for (int i = 0; i < 200; i++)
        sprintf(line + strlen(line), "%s\"k%d\":%d", i ? "," : "", i % 150, i);
    strcat(line, "}");
    compare(fast, slow, line, strlen(line));
    json_line_free(fast);
    json_line_free(slow);
}

/* -------------------------------------------------------------------- HTML */

static void a_page_gives_its_visible_text(void)
{
    struct heard h;

    READ(read_html,
         "<!DOCTYPE html><html><head><title> عنوان \n الصفحة </title><style>b{}</style><script>var "
         "x='<p>no</p>';</script></head>"
         "<body><header>شعار</header><nav>روابط</nav><div>واحد <b>اث</b>نان<p>ثلاثة<br>أربعة &amp; خمسة</div>"
         "<noscript>no</noscript><template>no</template><svg><title>no</title></svg><p hidden>no</p><ul><li>ا<li>ب</ul>"
         "<footer>حقوق</footer></body></html>");
    CHECK_STR_EQ(h.text, "n|عنوان الصفحة|واحد اثنان\nثلاثة\nأربعة & خمسة\nا\nب||||\n");
}

static void a_header_within_an_article_is_kept(void)
{
    struct heard h;

    READ(read_html, "<body><header>site</header><article><header><h1>H</h1></header><p>text</p><footer>by</footer></"
                    "article><footer>f</footer>");
    CHECK_STR_EQ(h.text, "n|H|H\ntext\nby||||\n");
}

static void a_page_says_what_it_is(void)
{
    struct heard h;

    READ(read_html, "<head><meta property='og:title' content='OG'><meta property='og:url' content='http://o/'>"
                    "<link rel=canonical href='http://c/'><meta name='date' content='2001'><meta "
                    "property='article:section' content='رياضة'>"
                    "<meta property='article:published_time' content='2024-05-06T07:08:09Z'></head><body><time "
                    "datetime='2020-01-01'>t</time>");
    CHECK_STR_EQ(h.text, "n|OG|t|2024-05-06T07:08:09Z|رياضة|http://c/|\n");
    READ(read_html, "<meta name='date' content='2001'><meta property='og:url' content='http://o/'><p><time "
                    "datetime='2020-01-01'>t</time><h1>A<b>B</b></h1><h1>C</h1>");
    CHECK_STR_EQ(h.text, "n|AB|t\nAB\nC|2020-01-01||http://o/|\n");
}

static void a_declared_encoding_is_believed_unless_the_bytes_contradict(void)
{
    struct heard h;

    READ(read_html, "<meta charset=\"windows-1256\"><title>\xde\xc7\xe1</title>");           /* قال */
    CHECK_STR_EQ(h.text, "n|قال|||||\n");
    READ(read_html, "<meta http-equiv=content-type content=\"text/html; charset=iso-8859-6\"><p>\xe2\xc7\xe4</p>");
    CHECK_STR_EQ(h.text, "n||قال||||\n");
    READ(read_html, "<meta charset=windows-1256><p>قال</p>");
    CHECK_STR_EQ(h.text, "n||قال||||\n");
    READ(read_html,
         "<meta charset=utf-8><p>\xde\xc7\xe1 \xc7\xe1\xe6\xd2\xed\xd1 \xdd\xed \xc7\xe1\xe3\xcf\xed\xe4\xc9</p>");
    CHECK_STR_EQ(h.text, "n||قال الوزير في المدينة||||\n");
}

static void broken_markup_still_gives_text(void)
{
    struct heard h;

    READ(read_html, "<nav>all</b></i> of it");
    CHECK_STR_EQ(h.text, "n||all of it||||\n");
    READ(read_html, "<p>a\0b<p <b>c</p></p></div><a href='x>d");
    CHECK(strncmp(h.text, "n||a b", 6) == 0, "%s", h.text);
    READ(read_html, "<title>open");
    CHECK_STR_EQ(h.text, "n|open|||||\n");
    READ(read_html, "");
    CHECK_STR_EQ(h.text, "");
}

static void absurd_depth_is_refused(void)
{
    const size_t n = 300000;
    char *text = malloc(n * 5);
    struct heard h;

    for (size_t i = 0; i < n; i++)
        memcpy(text + 5 * i, "<div>", 5);
    read_bytes(&h, read_html, text, n * 5);
    CHECK(strstr(h.text, "FAILED elements are nested") != NULL, "%s", h.text);
    free(text);
}

static void a_tag_of_a_hundred_thousand_attributes_costs_no_time(void)
{
    char *text = malloc(2000000);
    size_t n =
        (size_t)sprintf(text, "<meta name=date content='2020'><script>if (1 <a) { '<p ' }</script><p title='a>b'");
    const clock_t start = clock();
    struct heard h;

    for (int i = 0; i < 100000; i++)
        n += (size_t)sprintf(text + n, " a%d='>'", i);
    n += (size_t)sprintf(text + n, ">text<p a=\"b>end");
    read_bytes(&h, read_html, text, n);
    CHECK_STR_EQ(h.text, "n||text|2020|||\n");
    CHECK((clock() - start) / CLOCKS_PER_SEC < 5);
    free(text);
}

static void nothing_comes_from_outside(void)
{
    struct heard h;

    READ(read_html, "<!DOCTYPE html [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><p>&x; end</p>");
    CHECK(strstr(h.text, "root:") == NULL, "%s", h.text);
    CHECK(strstr(h.text, "end") != NULL, "%s", h.text);
}

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

/* ------------------------------------------------------------------- Files */

static char folder[] = "/tmp/test-readers-XXXXXX";

static void put_file(const char *name, const void *bytes, size_t n)
{
    char path[256];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (!(f = fopen(path, "wb")) || fwrite(bytes, 1, n, f) != n || fclose(f) != 0)
        printf("# cannot write %s\n", path);
}

static void a_hash_is_of_all_bytes_and_the_file_starts_again(void)
{
    char path[256], first[INPUT_HASH_CHARS + 1], second[INPUT_HASH_CHARS + 1], part[INPUT_HASH_CHARS + 1], *text;
    struct input *in = NULL;
    struct why why;
    size_t n;

    snprintf(path, sizeof path, "%s/h.txt", folder);
    put_file("h.txt", "some bytes", 10);
    REQUIRE(input_open(&in, path, false, &why) == 0, "%s", why.text);
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
    char path[256];
    struct input *in = NULL;
    struct why why;

    snprintf(path, sizeof path, "%s/x.txt.gz", folder);
    put_file("x.txt.gz", "plain", 5);
    CHECK_INT_EQ(input_open(&in, path, false, &why), -1);
    CHECK(in == NULL);
    CHECK_INT_EQ(input_open(&in, "/dev/null", true, &why), -1);
    CHECK_STR_EQ(why.text, "not a regular file");
}

static bool never(void)
{
    return false;
}

static bool is_known(const char *name)
{
    return reader_for(name) != NULL;
}

static void a_walk_finds_known_files_in_the_order_of_bytes(void)
{
    static const char *const names[] = {"t/b.txt",       "t/a/z.jsonl.zst", "t/a.html.gz", "t/a/x.bin",
                                        "t/.hidden.txt", "t/.dir/y.txt",    "t/c.HTM"};
    struct walk_root root;
    struct walk w;
    char path[256], link[280];

    snprintf(path, sizeof path, "%s/t/a", folder);
    snprintf(link, sizeof link, "%s/t", folder);
    mkdir(link, 0755);
    mkdir(path, 0755);
    snprintf(link, sizeof link, "%s/t/.dir", folder);
    mkdir(link, 0755);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        put_file(names[i], "12345", 5);
    snprintf(link, sizeof link, "%s/loop", path);
    CHECK_INT_EQ(symlink("..", link), 0);
    snprintf(link, sizeof link, "%s/link.txt", path);
    CHECK_INT_EQ(symlink("../b.txt", link), 0);
    snprintf(link, sizeof link, "%s/fifo.txt", path);
    CHECK_INT_EQ(mkfifo(link, 0644), 0);
    snprintf(path, sizeof path, "%s//./t/", folder);
    REQUIRE(walk_root_init(&root, path) == 0);
    REQUIRE(walk_folder(&w, root, is_known, never) == 0);
    REQUIRE(w.count == 4, "%zu", w.count);
    CHECK_STR_EQ(w.files[0].rest, "a.html.gz");
    CHECK_STR_EQ(w.files[1].rest, "a/z.jsonl.zst");
    CHECK_STR_EQ(w.files[2].rest, "b.txt");
    CHECK_STR_EQ(w.files[3].rest, "c.HTM");
    CHECK_INT_EQ(w.bytes, 20);
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
    char command[sizeof folder + 16];

    if (!mkdtemp(folder)) {
        printf("Bail out! no folder for temporary files\n");
        return 2;
    }
    RUN(the_first_line_that_is_not_blank_is_the_title);
    RUN(a_text_of_blanks_is_no_document);
    RUN(a_text_without_line_breaks_is_all_body);
    RUN(binary_data_is_refused);
    RUN(each_encoding_gives_the_same_document);
    RUN(latin_texts_are_not_taken_for_arabic);
    RUN(nearly_utf8_stays_as_it_is);
    RUN(every_well_formed_utf8_and_no_other_passes);
    RUN(a_repair_replaces_each_ill_formed_sequence_once);
    RUN(an_object_a_line_is_a_document);
    RUN(other_keys_are_kept_and_null_is_absent);
    RUN(a_map_renames_keys);
    RUN(a_bad_line_is_reported_with_its_place_and_the_rest_goes_on);
    RUN(bytes_that_are_no_utf8_do_not_lose_a_line);
    RUN(deep_nesting_is_a_bad_line);
    RUN(lines_longer_than_a_block_are_whole);
    RUN(json_lines_in_other_encodings_stream);
    RUN(the_scanner_and_jansson_agree);
    RUN(they_agree_on_random_lines_too);
    RUN(an_object_of_many_keys_keeps_the_last_of_equal_ones);
    RUN(a_page_gives_its_visible_text);
    RUN(a_header_within_an_article_is_kept);
    RUN(a_page_says_what_it_is);
    RUN(a_declared_encoding_is_believed_unless_the_bytes_contradict);
    RUN(broken_markup_still_gives_text);
    RUN(absurd_depth_is_refused);
    RUN(a_tag_of_a_hundred_thousand_attributes_costs_no_time);
    RUN(nothing_comes_from_outside);
    RUN(compressed_inputs_are_read_through);
    RUN(a_cut_at_any_byte_is_a_failure_never_a_crash);
    RUN(what_came_before_the_damage_is_kept);
    RUN(what_decompresses_without_end_is_refused);
    RUN(a_hash_is_of_all_bytes_and_the_file_starts_again);
    RUN(a_name_that_promises_compression_must_keep_it);
    RUN(a_walk_finds_known_files_in_the_order_of_bytes);
    RUN(paths_have_one_name);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    if (system(command) != 0)
        printf("# cannot remove %s\n", folder);
    return DONE();
}
