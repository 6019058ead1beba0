/* test_records.c - JSON records, and the fast scanner beside jansson. */
#include "heard.h"
#include "read/json_line.h"

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

int main(void)
{
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
    return DONE();
}
