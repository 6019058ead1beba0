/* test_screen.c - lines fit a screen, addresses are shown safely, numbers and dates are said in the language. */
#include "out/lang.h"
#include "out/out.h"
#include "out/url.h"
#include "out/wrap.h"

#include <stdlib.h>

#include "tap.h"

#define FSI "\u2068"
#define LRI "\u2066"
#define RLI "\u2067"
#define PDI "\u2069"

/* ---- lines */

static char *wrapped(const char *line, unsigned columns, unsigned indent)
{
    char *text = NULL;
    struct wrap w;
    size_t n;
    FILE *f = open_memstream(&text, &n);

    fputs(line, wrap_begin(&w, f, columns));
    wrap_end(&w, indent);
    fclose(f);
    return text;
}

static void lines_are_broken_at_spaces_by_their_columns(void)
{
    static const struct { const char *line; unsigned columns, indent; const char *want; } cases[] = {
        { "", 20, 3, "\n" },
        { "one two three", 20, 3, "one two three\n" },
        { "one two three four", 10, 2, "one two\n  three\n  four\n" },
        { "one two", 7, 0, "one two\n" },
        { "one two", 6, 0, "one\ntwo\n" },
        { "unbreakable word", 5, 1, "unbreakable\n word\n" },           /* too long: on a line of its own */
        { "   one two", 8, 3, "   one\n   two\n" },
        { "one two …", 7, 0, "one\ntwo …\n" },                           /* what clings to the word before it */
        { "one · two", 7, 0, "one ·\ntwo\n" },
        { "a\u0301b\u0301 c\u0301d", 5, 0, "a\u0301b\u0301 c\u0301d\n" }, /* marks take no room */
        { "كِتَابٌ كَبِيرٌ", 9, 0, "كِتَابٌ كَبِيرٌ\n" },
        { "كِتَابٌ كَبِيرٌ", 8, 0, "كِتَابٌ\nكَبِيرٌ\n" },
        { "日本語 日本語", 13, 0, "日本語 日本語\n" },                      /* wide: two columns each */
        { "日本語日本語", 6, 0, "日本語\n日本語\n" },                      /* between ideographs, too */
        { "\033[1mone two\033[0m", 7, 0, "\033[1mone two\033[0m\n" },      /* colours take no room */
        { FSI "one two" PDI, 5, 0, FSI "one" PDI "\n" LRI "two" PDI "\n" },
        { FSI "كتاب كبير" PDI, 6, 1, FSI "كتاب" PDI "\n " RLI "كبير" PDI "\n" },
        { FSI "12 34 كتاب" PDI, 5, 0, FSI "12 34" PDI "\n" FSI "كتاب" PDI "\n" }, /* nothing has said which way yet */
        { "one two three four", 0, 0, "one two three four\n" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *got = wrapped(cases[i].line, cases[i].columns, cases[i].indent);

        CHECK_STR_EQ(got, cases[i].want, "case %zu", i);
        free(got);
    }
}

static void the_width_is_what_columns_says(void)
{
    static const struct { const char *columns; unsigned want; } cases[] = {
        { "80", 80 }, { "5", 20 }, { "99999999999999999999", 10000 }, { "", 0 }, { "-3", 0 }, { "80x", 0 }, { "0", 0 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        setenv("COLUMNS", cases[i].columns, 1);
        if (cases[i].want || !isatty(1))
            CHECK_INT_EQ(wrap_columns(), cases[i].want);
    }
    unsetenv("COLUMNS");
}

/* ---- addresses */

static void addresses_are_shown_as_far_as_that_is_safe(void)
{
    static const struct { const char *url; size_t most; const char *want; } cases[] = {
        { "https://e.org/%D9%83%D8%AA%D8%A8", 0, "https://e.org/كتب" },
        { "https://e.org/caf%c3%a9", 0, "https://e.org/café" },
        { "https://e.org/a%20b%2Fc%3F%23%26%25", 0, "https://e.org/a%20b%2Fc%3F%23%26%25" }, /* ASCII may mean something */
        { "https://e.org/%E2%80%AE%E2%80%8F%C2%A0%E3%80%80", 0, "https://e.org/%E2%80%AE%E2%80%8F%C2%A0%E3%80%80" },
        { "https://e.org/%00%1B%9B%C2%9B", 0, "https://e.org/%00%1B%9B%C2%9B" },
        { "https://e.org/%D9%83%D8", 0, "https://e.org/ك%D8" },                             /* cut short */
        { "https://e.org/%ED%A0%80%C0%AF%FF", 0, "https://e.org/%ED%A0%80%C0%AF%FF" },      /* no UTF-8 */
        { "https://e.org/%EF%BC%8F%E2%81%84", 0, "https://e.org/%EF%BC%8F%E2%81%84" },      /* look like a slash */
        { "https://%D9%83.org/%D9%83", 0, "https://%D9%83.org/ك" },                          /* never in the host */
        { "https://e.org", 0, "https://e.org" },
        { "news/%D9%83.txt", 0, "news/%D9%83.txt" },                                        /* a file's name is its own */
        { "https://example.org/a/very/long/path/to/it", 30, "https://example.org…path/to/it" },
        { "https://example.org/a/very/long/path/to/it", 42, "https://example.org/a/very/long/path/to/it" },
        { "%", 0, "%" }, { "https://e.org/%", 0, "https://e.org/%" }, { "https://e.org/%D", 0, "https://e.org/%D" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *got = url_shown(out_str(cases[i].url), cases[i].most);

        CHECK_STR_EQ(got, cases[i].want, "case %zu", i);
        CHECK(cases[i].most == 0 || out_width(out_str(got)) <= cases[i].most);
        free(got);
    }
}

static void a_text_is_a_parameter(void)
{
    char *text = NULL;
    size_t n;
    FILE *f = open_memstream(&text, &n);

    url_encode(f, out_str("aZ0-._~ &=+\"ك<"));
    fclose(f);
    CHECK_STR_EQ(text, "aZ0-._~%20%26%3D%2B%22%D9%83%3C");
    free(text);
}

/* ---- the language */

static void numbers_and_dates_without_a_catalog_are_english(void)
{
    static const struct { const char *date, *want; } cases[] = {
        { "2024", "2024" }, { "2024-05", "May 2024" }, { "2024-05-01", "1 May 2024" },
        { "2024-12-31T10:00:00Z", "31 December 2024" }, { "2024-12-31 10:00", "31 December 2024" },
        { "", "" }, { "20", "" }, { "2024-13", "" }, { "2024-00", "" }, { "2024-05-", "" }, { "2024-05-32", "" },
        { "2024/05", "" }, { "2024-05-01x", "" }, { "٢٠٢٤", "" }, { "2024-5", "" }, { "20240501", "" },
    };
    char text[LANG_DATE], count[LANG_COUNT];

    CHECK(lang_set("en"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK_INT_EQ(lang_date(text, cases[i].date, strlen(cases[i].date)), *cases[i].want != 0);
        CHECK_STR_EQ(text, cases[i].want, "case %zu", i);
    }
    CHECK_STR_EQ(lang_count(count, 0), "0");
    CHECK_STR_EQ(lang_count(count, 1234567), "1,234,567");
    CHECK_STR_EQ(lang_count(count, UINT64_MAX), "18,446,744,073,709,551,615");
    CHECK(!lang_set("de") && !lang_set("") && !lang_set("arabic"));
}

int main(void)
{
    RUN(lines_are_broken_at_spaces_by_their_columns);
    RUN(the_width_is_what_columns_says);
    RUN(addresses_are_shown_as_far_as_that_is_safe);
    RUN(a_text_is_a_parameter);
    RUN(numbers_and_dates_without_a_catalog_are_english);
    return DONE();
}
