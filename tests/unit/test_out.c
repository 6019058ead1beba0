/* test_out.c - what is printed cannot steer a terminal, break a JSON line or split a column. */
#include "../../tools/out/out.c"

#include "tap.h"

#define F "\xE2\x81\xA8" /* what opens and closes an isolated field */
#define P "\xE2\x81\xA9"
#define R "\xEF\xBF\xBD" /* U+FFFD */

struct text_case { const char *in, *want; };

/* What `print` writes for `in`. Freed by the caller. */
static char *printed(void (*print)(FILE *, fih_str), const char *in, size_t len)
{
    char *text = NULL;
    size_t n;
    FILE *f = open_memstream(&text, &n);

    print(f, (fih_str){ in, len });
    fclose(f);
    return text;
}

static void check_cases(void (*print)(FILE *, fih_str), const struct text_case *c, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char *got = printed(print, c[i].in, strlen(c[i].in));

        CHECK_STR_EQ(got, c[i].want, "case %zu", i);
        free(got);
    }
}

#define CASES(print, cases) check_cases((print), (cases), sizeof(cases) / sizeof *(cases))

static void a_field_is_isolated_and_cannot_steer_a_terminal(void)
{
    static const struct text_case cases[] = {
        { "", F P },
        { "كتاب", F "كتاب" P },
        { "كِتَابٌ", F "كِتَابٌ" P },
        { "  a \t\r\n b ", F "a b" P },
        { "\033[31mred\033[0m", F R "[31mred" R "[0m" P },
        { "bell\a back\b", F "bell" R " back" R P },
        { "del\x7F", F "del" R P },
        { "\xC2\x9B" "31m", F R "31m" P },                    /* C1 CSI */
        { "a\xC2\x85" "b", F "a b" P },                       /* NEL is a line break */
        { "a\xE2\x80\xA8" "b\xE2\x80\xA9" "c", F "a b c" P }, /* U+2028, U+2029 */
        { "a\xC2\xA0" "b", F "a b" P },                       /* no-break space */
        { "\xE2\x80\xAA\xE2\x80\xAB\xE2\x80\xAC\xE2\x80\xAD\xE2\x80\xAE", F R R R R R P }, /* U+202A…202E */
        { "\xE2\x81\xA6\xE2\x81\xA7\xE2\x81\xA8\xE2\x81\xA9", F R R R R P },               /* U+2066…2069 */
        { "\xE2\x80\x8E\xE2\x80\x8F\xD8\x9C", F "\xE2\x80\x8E\xE2\x80\x8F\xD8\x9C" P },    /* marks stay */
        { "مي\xE2\x80\x8C" "خواهم", F "مي\xE2\x80\x8C" "خواهم" P },                        /* so does ZWNJ */
    };

    CASES(out_text, cases);
}

static void ill_formed_bytes_become_one_replacement_for_each_maximal_part(void)
{
    static const struct text_case cases[] = {
        { "\xFF", R },
        { "a\x80" "b", "a" R "b" },
        { "\xC0\xAF", R R },                 /* overlong */
        { "\xE0\x80\xAF", R R R },
        { "\xED\xA0\x80", R R R },           /* a surrogate */
        { "\xF4\x90\x80\x80", R R R R },     /* past U+10FFFF */
        { "\xE2\x81", R },                   /* cut short */
        { "\xE2\x81" "a", R "a" },
        { "\xF0\x9F\x98" "\xD8\xA8", R "ب" },
        { "\xD8", R },
        { "\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80" },
    };

    CASES(out_text_bare, cases);
}

static void parts_of_a_snippet_keep_the_space_between_them(void)
{
    static const struct text_case cases[] = {
        { " a  b\n", " a b " }, { "\n", " " }, { "", "" },
    };

    CASES(out_text_bare, cases);
}

static void a_long_text_keeps_its_lines_and_indentation(void)
{
    static const struct text_case cases[] = {
        { "a\n\n  b\r\nc\rd", F "a" P "\n\n" F "  b" P "\n" F "c" P "\n" F "d" P "\n" },
        { "a\tb\033c\n", F "a b" R "c" P "\n" },
        { "", "" },
    };

    CASES(out_block, cases);
}

static void json_strings_are_valid_for_any_bytes(void)
{
    static const struct text_case cases[] = {
        { "", "\"\"" },
        { "كتاب", "\"كتاب\"" },
        { "\"\\/", "\"\\\"\\\\/\"" },
        { "\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"" },
        { "\x01\x1F\x7F", "\"\\u0001\\u001f\\u007f\"" },
        { "\033[2J\xC2\x9B", "\"\\u001b[2J\\u009b\"" },
        { "\xE2\x80\xA8\xE2\x80\xAE\xE2\x81\xA6", "\"\\u2028\\u202e\\u2066\"" },
        { "a\xFF" "b\xE2\x81", "\"a" R "b" R "\"" },
    };
    char *got = printed(out_json, "a\0b", 3);

    CHECK_STR_EQ(got, "\"a\\u0000b\"");
    free(got);
    CASES(out_json, cases);
}

static void a_trec_name_never_holds_a_space(void)
{
    static const struct text_case cases[] = {
        { "doc-1", "doc-1" },
        { "a b\tc\n", "a%20b%09c%0A" },
        { "a\xC2\xA0" "b", "a%C2%A0b" },
        { "http://x/%D8%AF", "http://x/%D8%AF" },
        { "مقال 1", "مقال%201" },
        { "\xFF", "%FF" },
    };

    CASES(out_trec, cases);
}

static void columns_are_counted_as_a_terminal_shows_them(void)
{
    static const struct { const char *text; int want; } cases[] = {
        { "", 0 }, { "abc", 3 }, { "كتاب", 4 }, { "كِتَابٌ", 4 }, { " a  b ", 3 }, { "日本", 4 }, { "\xFF", 1 },
    };
    char *text = NULL;
    size_t n;
    FILE *f;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_INT_EQ(out_width(out_str(cases[i].text)), cases[i].want, "case %zu", i);
    f = open_memstream(&text, &n);
    out_column(f, out_str("كِتَابٌ"), 6);
    fclose(f);
    CHECK_STR_EQ(text, F "كِتَابٌ" P "  ");
    free(text);
}

static void numbers_and_times_are_readable(void)
{
    static const struct { uint64_t n; const char *count, *bytes;
    } cases[] = {
        {0, "0", "0 B"},
        {999, "999", "999 B"},
        {1000, "1,000", "1.0 kB"},
        {1234567, "1,234,567", "1.2 MB"},
        {999949, "999,949", "999.9 kB"},
        {999950, "999,950", "1.0 MB"},
        {12345678901, "12,345,678,901", "12.3 GB"},
        {UINT64_MAX, "18,446,744,073,709,551,615", "18.4 EB"},
    };
    char *text = NULL;
    size_t n;
    FILE *f;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char want[128];

        f = open_memstream(&text, &n);
        out_count(f, cases[i].n);
        putc('|', f);
        out_bytes(f, cases[i].n);
        fclose(f);
        snprintf(want, sizeof want, "%s|%s", cases[i].count, cases[i].bytes);
        CHECK_STR_EQ(text, want);
        free(text);
    }
    f = open_memstream(&text, &n);
    out_time(f, 1714532400);
    fclose(f);
    CHECK_STR_EQ(text, "2024-05-01T03:00:00Z");
    free(text);
}

int main(void)
{
    RUN(a_field_is_isolated_and_cannot_steer_a_terminal);
    RUN(ill_formed_bytes_become_one_replacement_for_each_maximal_part);
    RUN(parts_of_a_snippet_keep_the_space_between_them);
    RUN(a_long_text_keeps_its_lines_and_indentation);
    RUN(json_strings_are_valid_for_any_bytes);
    RUN(a_trec_name_never_holds_a_space);
    RUN(columns_are_counted_as_a_terminal_shows_them);
    RUN(numbers_and_times_are_readable);
    return DONE();
}
