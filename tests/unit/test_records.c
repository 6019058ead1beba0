/* test_records.c - JSON records, and the fast scanner beside jansson. */
#include <jansson.h>

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
    CHECK_INT_EQ(read_map_parse(&opts, "=x", &why), -1);
    CHECK_INT_EQ(read_map_parse(&opts, "x", &why), -1);
    read_bytes_with(&h, read_jsonl, text, sizeof text - 1, &opts);
    CHECK_STR_EQ(h.text, "1||B||||\n2||own||||\n3||T||||\n");
}

static void a_bad_line_is_reported_with_its_place_and_the_rest_goes_on(void)
{
    struct heard h;

    READ(read_jsonl, "{\"id\":\"a\"}\n{\"id\":\"b\",}\n[1]\n\"s\"\n{\"id\":[1]}\n{\"id\":\"c\"} "
                     "x\n{\"id\":true}\n{\"id\":\"\\u80\"}\n{\"id\":\"z\"}\n");
    CHECK_INT_EQ(h.documents, 2, "%s", h.text);
    CHECK_INT_EQ(h.bad, 7, "%s", h.text);
    CHECK(strncmp(h.text, "a||||||\n!2:11 broken JSON: ", 26) == 0, "%s", h.text);
    CHECK(strstr(h.text, "!5:0 \"id\" is an array, but must be text or a number\n") != NULL, "%s", h.text);
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

/* ------------------------------------------------------------ JSON, not lines */

static void a_json_file_is_an_array_an_object_or_lines(void)
{
    static const char *const arrays[] = {
        "[{\"id\":1,\"title\":\"ا\"},{\"id\":2,\"body\":\"],{\\\"\"}]",
        ("\xEF\xBB\xBF[\n  {\n    \"id\": 1,\n    \"title\": \"ا\"\n  },\n  {\n    \"id\": 2,\n    \"body\": "
         "\"],{\\\"\"\n  }\n]\n"),
        "{\"id\":1,\"title\":\"ا\"}\n{\"id\":2,\"body\":\"],{\\\"\"}",
        "{\n\"id\":1,\"title\":\"ا\"}\n\n{\"id\":2,\n\"body\":\"],{\\\"\"}",
        "[{\"id\":1,\"title\":\"ا\"}]\n[{\"id\":2,\"body\":\"],{\\\"\"}]",
    };
    struct heard h;

    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        read_bytes(&h, read_json, arrays[i], strlen(arrays[i]));
        CHECK_STR_EQ(h.text, "1|ا|||||\n2||],{\"||||\n", "%s", arrays[i]);
    }
    read_bytes(&h, read_jsonl, arrays[0], strlen(arrays[0]));
    CHECK_STR_EQ(h.text, "1|ا|||||\n2||],{\"||||\n", "an array, whatever its name");
    READ(read_json, "{\n\"title\":\"وحيد\"}\n");
    CHECK_STR_EQ(h.text, "n#1|وحيد|||||\n");
    READ(read_json, "[{\"title\":\"ا\"},\n{\"title\":\"ب\"},{\"title\":\"ت\"}]");
    CHECK_STR_EQ(h.text, "n#1|ا|||||\nn#2|ب|||||\nn#3|ت|||||\n");
    READ(read_json, " [ ] ");
    CHECK_STR_EQ(h.text, "");
    READ(read_json, "");
    CHECK_STR_EQ(h.text, "");
}

static void a_bad_object_in_an_array_has_its_place(void)
{
    struct heard h;

    READ(read_json, "[{\"id\":1,\"title\":\"ا\"},\n {\"id\":2,\n  \"title\":tru},\n  17, {\"id\":3,\"title\":x},\n[],\n"
                    "{\"id\":4,\"title\":\"د\"}]");
    CHECK_STR_EQ(h.text, "1|ا|||||\n"
                         "!3:11 broken JSON: a value expected\n"
                         "!4:3 not a JSON object, such as {\"id\":\"a1\",\"title\":\"…\",\"body\":\"…\"}\n"
                         "!4:23 broken JSON: a value expected\n"
                         "!5:1 not a JSON object, such as {\"id\":\"a1\",\"title\":\"…\",\"body\":\"…\"}\n"
                         "4|د|||||\n");
    READ(read_json, "[{\"id\":1,\"title\":\"ا\"},\n{\"id\":2,\"title\":\"ب}]");
    CHECK_STR_EQ(h.text, "1|ا|||||\n!2:1 broken JSON: the value that starts here is not closed\n");
    READ(read_json, "[{\"id\":1,\"title\":\"ا\"}\n");
    CHECK_STR_EQ(h.text, "1|ا|||||\n!2:1 broken JSON: ']' expected: the file ends within the array\n");
    READ(read_json, "{\"id\":1,\"title\":\"ا\"}\n{\"id\":2,\n{\"id\":3,\"title\":\"ت\"}\n");
    CHECK_INT_EQ(h.documents, 2, "lines go on behind a broken one: %s", h.text);
    READ(read_json, "[{\"id\":1,\"title\":\"ا\"}]}");
    CHECK_INT_EQ(h.bad, 1, "%s", h.text);
}

static void json_without_documents_is_something_else(void)
{
    static const char settings[] = "{\n  \"name\": \"app\",\n  \"version\": \"1.0\"\n}\n";
    struct heard h;

    READ(read_json, settings);
    CHECK_STR_EQ(h.text, "FAILED its objects have neither a title nor a body (--map names other keys)");
    READ(read_json, "[1,2,3]");
    CHECK_STR_EQ(h.text, "FAILED contains no JSON objects");
    READ(read_json, "[{\"a\":1},{\"title\":\"ا\"},{\"b\":1}]");
    CHECK_INT_EQ(h.documents, 1);
    CHECK_INT_EQ(h.bad, 2, "%s", h.text);
}

/* An array much larger than a block: the reader holds one object at a time. */
static void a_large_array_streams(void)
{
    const size_t count = 60000;
    char *text = malloc(count * 64 + 16);
    struct heard h;
    size_t n = (size_t)sprintf(text, "[");

    for (size_t i = 0; i < count; i++)
        n += (size_t)sprintf(text + n, "%s{\"id\":%zu,\"title\":\"x\",\"body\":\"[[{\\\"\"}", i ? ", " : "", i);
    n += (size_t)sprintf(text + n, "]");
    read_bytes(&h, read_json, text, n);
    CHECK_INT_EQ(h.documents, count);
    CHECK_INT_EQ(h.bad, 0);
    free(text);
}

/* ------------------------------------------------- The scanner and jansson */

static const char kinds[] = "ztnbao";                /* of enum json_kind */

static void flatten(struct heard *h, const struct json_member *m, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        hear(h, m[i].key.ptr, m[i].key.len);
        hear(h, "=", 1);
        hear(h, &kinds[m[i].kind], 1);
        hear(h, m[i].value.ptr, m[i].value.len);
        hear(h, ";", 1);
    }
}

/* What the scanner makes of a text: a "+" or "-" and the members of each object. */
static void scan(struct heard *h, struct json_line *j, const char *line, size_t n)
{
    const struct json_member *m;
    struct json_place place;
    struct why why;
    size_t count;
    int rc;

    memset(h, 0, sizeof *h);
    REQUIRE(json_line_begin(j, line, n, &why) == 0);
    while ((rc = json_line_next(j, &m, &count, &place, &why)) == 1) {
        hear(h, "+", 1);
        flatten(h, m, count);
    }
    if (rc != 0)
        hear(h, "-", 1);
}

static bool is_same_value(const struct json_member *m, const json_t *want)
{
    static const char of_type[] = "oatnnbbz";        /* of json_type: integers and reals are numbers */
    json_t *got;
    bool is_same;

    if (kinds[m->kind] != of_type[json_typeof(want)])
        return false;
    if (m->kind == JSON_MEMBER_NULL)
        return m->value.len == 0;
    if (m->kind == JSON_MEMBER_TEXT)
        return m->value.len == json_string_length(want) && memcmp(m->value.ptr, json_string_value(want), m->value.len) == 0;
    got = json_loadb(m->value.ptr, m->value.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    is_same = got && json_equal(got, want);
    json_decref(got);
    return is_same;
}

/* The first object of a text, and whether jansson agrees. */
static void compare(struct json_line *j, const char *line, size_t n)
{
    json_error_t e = { 0 };
    json_t *want = json_loadb(line, n, JSON_ALLOW_NUL | JSON_DISABLE_EOF_CHECK, &e), *value;
    const char *rest = line + (want ? strspn(line + e.position, " \t\r\n") + (size_t)e.position : 0);
    const bool is_object = json_is_object(want) && (!*rest || *rest == '{');
    const struct json_member *m;
    struct json_place place;
    const char *key;
    struct why why;
    size_t count, i = 0;
    bool is_same = true;
    int rc;

    REQUIRE(json_line_begin(j, line, n, &why) == 0);
    rc = json_line_next(j, &m, &count, &place, &why);
    CHECK((rc == 1) == is_object, "%d for %.*s", rc, (int)n, line);
    if (rc == 1 && is_object) {
        json_object_foreach(want, key, value) {
            is_same = is_same && i < count && m[i].key.len == strlen(key) && memcmp(m[i].key.ptr, key, m[i].key.len) == 0 &&
                      is_same_value(&m[i], value);
            i++;
        }
        CHECK(is_same && i == count, "%.*s", (int)n, line);
    }
    json_decref(want);
}

static void odd_values_do_not_cost_a_document(void)
{
    static const struct { const char *line, *want;
    } cases[] = {
        {"{\"a\":\"\\ud83d\"}", "+a=t\xEF\xBF\xBD;"},
        {"{\"a\":\"x\\ude00y\"}", "+a=tx\xEF\xBF\xBDy;"},
        {"{\"a\":\"\\ud83d\\u0041\"}", "+a=t\xEF\xBF\xBD""A;"},
        {"{\"a\":\"\\ud83d\\ud83d\\ude00\"}", "+a=t\xEF\xBF\xBD\xF0\x9F\x98\x80;"},
        {"{\"a\":\"\\ud83d\\n\"}", "+a=t\xEF\xBF\xBD\n;"},
        {"{\"a\":[\"\\ud83d\",{\"\\ude00\":1}]}", "+a=a[\"\xEF\xBF\xBD\",{\"\xEF\xBF\xBD\":1}];"},
        {"{\"\\udc00\":1}", "+\xEF\xBF\xBD=n1;"},
        {"{\"a\":9223372036854775808}", "+a=n9223372036854775808;"},
        {"{\"a\":-123456789012345678901234567890}", "+a=n-123456789012345678901234567890;"},
        {"{\"a\":1e999,\"b\":-1.5E+400}", "+a=n1e999;b=n-1.5E+400;"},
        {"{\"a\":0.10,\"b\":1.2345678901234567890}", "+a=n0.10;b=n1.2345678901234567890;"},
        {"{\"a\":[18446744073709551615, 1e999]}", "+a=a[18446744073709551615,1e999];"},
        {"{\"a\":NaN,\"b\":Infinity,\"c\":-Infinity}", "+a=tNaN;b=tInfinity;c=t-Infinity;"},
        {"{\"a\":[NaN, -Infinity,{\"b\":Infinity}]}", "+a=a[\"NaN\",\"-Infinity\",{\"b\":\"Infinity\"}];"},
        {"{\"a\":NaNa}", "-"},
        {"{\"a\":Inf}", "-"},
        {"{\"a\":nan}", "-"},
        {"{\"a\":+1}", "-"},
        {"{\"a\":[01]}", "-"},
        {"{\"a\":[1.]}", "-"},
        {"{\"a\":[1e]}", "-"},
        {"{\"a\":\"x\ty\",\"b\":[\"x\ty\"]}", "+a=tx\ty;b=a[\"x y\"];"},
        {"{\"a\\u0000b\":\"c\"}", "+a\xEF\xBF\xBD""b=tc;"},
        {"\xEF\xBB\xBF{\"a\":1}", "+a=n1;"},
        {"{\"a\":1}\xEF\xBB\xBF{\"a\":2}", "+a=n1;+a=n2;"},
        {"{\"a\":1}{\"a\":2} ", "+a=n1;+a=n2;"},
        {"{\"a\":1}{\"a\":2", "+a=n1;-"},
        {"{\"a\":1}x", "-"},
        {"{\"a\":\xEF\xBB\xBF" "1}", "-"},
        {"{\"a\":{\"b\":1,\"b\":2},\"a\":{\"c\":[ ] , \"d\" : { } }}", "+a=o{\"c\":[],\"d\":{}};"},
        {"{\"a\":[\"\\u0001\\u001F\\u0022\\\\\\/\\b\\u0627\"]}", "+a=a[\"\\u0001\\u001f\\\"\\\\/\\b\xD8\xA7\"];"},
    };
    struct json_line *j = json_line_new();
    struct heard h;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        scan(&h, j, cases[i].line, strlen(cases[i].line));
        CHECK_STR_EQ(h.text, cases[i].want, "%s", cases[i].line);
    }
    scan(&h, j, "{\"a\":\"x\\u0000y\"}", 16);
    CHECK_INT_EQ(h.n, 8);
    CHECK(memcmp(h.text, "+a=tx\0y;", 8) == 0);
    scan(&h, j, "{\"a\0b\":1}", 9);
    CHECK_STR_EQ(h.text, "-");
    json_line_free(j);
}

static void a_mistake_is_told_with_its_place(void)
{
    static const struct { const char *line, *want;
    } cases[] = {
        {"{\"عنوان\":\"ا\" \"b\"}", "0:14 broken JSON: ',' or '}' expected"},
        {"\n{\"a\":\n tru}", "2:2 broken JSON: a value expected"},
        {"{\"a\":\"b", "0:6 broken JSON: the string that starts here is not closed"},
        {"{\"a\":\"\\x\"}", "0:7 broken JSON: invalid escape: write \\\\ for a backslash"},
        {"{\"a\":\"\\u12\"}", "0:7 broken JSON: four hexadecimal digits expected after \\u"},
        {"{\"a\":[1}", "0:8 broken JSON: ']' expected"},
        {"{\"a\":{1}", "0:7 broken JSON: a key in quotes expected"},
        {"{\"a\":1}]", "0:8 broken JSON: unexpected text after the object"},
    };
    struct json_line *j = json_line_new();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct json_member *m;
        struct json_place place;
        struct why why;
        char got[512];
        size_t count;

        REQUIRE(json_line_begin(j, cases[i].line, strlen(cases[i].line), &why) == 0);
        CHECK_INT_EQ(json_line_next(j, &m, &count, &place, &why), -1);
        snprintf(got, sizeof got, "%u:%u %s", (unsigned)place.line, (unsigned)place.column, why.text);
        CHECK_STR_EQ(got, cases[i].want);
        CHECK_INT_EQ(json_line_next(j, &m, &count, &place, &why), 0);
    }
    json_line_free(j);
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
        "{\"a\":1 2}",
        "{\"a\":\"\\u0627\\u0644\\n\\\"\\\\\\/\\b\\f\\r\\t\"}",
        "{\"a\":\"\\ud83d\\ude00\"}",
        "{\"a\":\"\\u0000b\"}",
        "{\"a\\u0062\":1}",
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
        "[1]",
        "\"s\"",
        "1",
        "",
        "{",
        "{\"a\":[\"\\u0627\", 1.25, {\"b\" : null}] , \"c\" : 1 }",
        "{\"a\":\"longer than eight bytes with \\u0041 escape\"}",
        "\t{\"a\"\r:\n1}\r",
    };
    struct json_line *j = json_line_new();

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        compare(j, lines[i], strlen(lines[i]));
    json_line_free(j);
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
                                         "\"e\":[1,2]",
                                         "\"f\":{\"g\":0}",
                                         ","};
    struct json_line *j = json_line_new();
    uint64_t seed = 7;

    for (int i = 0; i < 100000; i++) {
        char line[256] = "{";
        const unsigned n = (unsigned)(tap_random(&seed) % 12);

        for (unsigned k = 0; k < n; k++)
            strcat(line, pieces[tap_random(&seed) % (sizeof pieces / sizeof *pieces)]);
        if (tap_random(&seed) % 2)
            strcat(line, "}");
        compare(j, line, strlen(line));
    }
    json_line_free(j);
}

static void an_object_of_many_keys_keeps_the_last_of_equal_ones(void)
{
    char line[4096] = "{";
    struct json_line *j = json_line_new();

    for (int i = 0; i < 200; i++)
        sprintf(line + strlen(line), "%s\"k%d\":%d", i ? "," : "", i % 150, i);
    strcat(line, "}");
    compare(j, line, strlen(line));
    json_line_free(j);
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
    RUN(a_json_file_is_an_array_an_object_or_lines);
    RUN(a_bad_object_in_an_array_has_its_place);
    RUN(json_without_documents_is_something_else);
    RUN(a_large_array_streams);
    RUN(odd_values_do_not_cost_a_document);
    RUN(a_mistake_is_told_with_its_place);
    RUN(the_scanner_and_jansson_agree);
    RUN(they_agree_on_random_lines_too);
    RUN(an_object_of_many_keys_keeps_the_last_of_equal_ones);
    return DONE();
}
