/* test_written.c - words as they are written: references, vowels, letters drawn out. */
#include "text/written.h"

#include "fihrist.h"
#include "tap.h"
#include "text/drawn.h"
#include "text/reference.h"

static int is(const char *asked, const char *word)
{
    struct written w;

    fihi_written_read(&w, (const uint8_t *)asked, strlen(asked));
    return fihi_written_is(&w, (const uint8_t *)word, strlen(word));
}

static void marks_that_are_asked_for_must_be_there(void)
{
    static const struct { const char *asked, *word; int is; } cases[] = {
        {"كتابٌ", "كِتَابٌ", 1},           {"كتابٌ", "كتاب", 0},
        {"كِتاب", "كتابِ", 0},            {"كتاب", "كِتَابٌ", 1},
        {"كِتَـابٌ", "كِتَابٌ", 1},         {"قلّم", "قَلَّمَ", 1},
        {"\u0642\u064E\u0651", "\u0642\u0651\u064E", 1},   /* whatever their order */
        {"مدرسة", "مدرسه", 0},           {"أمر", "امر", 0},
        {"أمر", "\u0627\u0654مر", 1},     {"له", "لَهُۥ", 1},
        {"كتاب", "كتا", 0},              {"كتا", "كتاب", 0},
        {"Café", "Cafe\u0301", 1},       {"Cafe", "Café", 0},
        {"cafe", "Cafe", 0},             {"ﻣﺪﻳﻨﺔ", "مدينة", 1},
        {"وزير", "&#1608;&#1586;&#1610;&#1585;", 1},       {"", "كتاب", 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_INT_EQ(is(cases[i].asked, cases[i].word), cases[i].is, "%s in %s", cases[i].asked, cases[i].word);
}

static void words_of_a_text_are_counted(void)
{
    static const char text[] = "كِتَابٌ وكتابٌ كتاب، كتابٌ. كُتّابٌ";
    struct written w;
    uint32_t count;

    fihi_written_read(&w, (const uint8_t *)"كتابٌ", strlen("كتابٌ"));
    CHECK_INT_EQ(fihi_written_count(&w, (const uint8_t *)text, strlen(text), &count), FIH_OK);
    CHECK_INT_EQ(count, 3);
}

static void a_word_may_be_of_any_length(void)
{
    char *const word = guard_alloc(5000);
    struct written w;

    for (size_t i = 0; i < 5000; i += 2)
        memcpy(word + i, "ب", 2);
    fihi_written_read(&w, (const uint8_t *)word, 5000);
    CHECK_INT_EQ(w.count, 0);
    fihi_written_read(&w, (const uint8_t *)word, 1000);
    CHECK_INT_EQ(w.count, 500);
    CHECK(!fihi_written_is(&w, (const uint8_t *)word, 5000));
    CHECK(fihi_written_is(&w, (const uint8_t *)word, 1000));
    guard_free(word, 5000);
}

static void references_have_a_semicolon_and_a_known_name(void)
{
    static const struct { const char *s; size_t bytes; uint32_t character; } cases[] = {
        {"&#1608;", 7, 0x648},    {"&#x648;", 7, 0x648},   {"&#X64A;x", 7, 0x64A},  {"&eacute;", 8, 0xE9},
        {"&Eacute;", 8, 0xC9},    {"&amp;#1608;", 11, 0x648}, {"&amp;eacute;", 12, 0xE9}, {"&amp;", 5, '&'},
        {"&amp;x;", 5, '&'},      {"&zwnj;", 6, 0x200C},   {"&yuml;", 6, 0xFF},     {"&AElig;", 7, 0xC6},
        {"&#1608", 0, 0},         {"&eacute", 0, 0},       {"&foo;", 0, 0},         {"&#;", 0, 0},
        {"&;", 0, 0},             {"&", 0, 0},             {"&#x;", 0, 0},          {"&#xG;", 0, 0},
        {"&#12a;", 0, 0},         {"&#xD800;", 0, 0},      {"&#1114112;", 0, 0},    {"&#99999999;", 0, 0},
        {"&#0;", 0, 0},           {"&#00000001608;", 0, 0},  {"&#000001608;", 12, 0x648}, {"&#0000001608;", 0, 0},
        {"&#x0010FFFF;", 12, 0x10FFFF},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const size_t n = strlen(cases[i].s);
        char *const flush = guard_alloc(n);
        uint32_t character;

        memcpy(flush, cases[i].s, n);
        CHECK_INT_EQ(fihi_reference_at((const uint8_t *)flush, n, &character), cases[i].bytes, "%s", cases[i].s);
        CHECK_INT_EQ(character, cases[i].character, "%s", cases[i].s);
        guard_free(flush, n);
    }
}

static void drawn_out_words_of_other_scripts_have_two_spellings(void)
{
    static const struct { const char *s, *one, *two; } cases[] = {
        {"coooool", "col", "cool"}, {"yesss", "yes", "yess"},   {"hhhhhh", "hhh", "hhh"},   {"www", "", ""},
        {"xviii", "", ""},          {"ieee", "", ""},           {"cool", "", ""},           {"a3fff0", "", ""},
        {"wwwwow", "wow", "wwow"},  {"tréééés", "trés", "tréés"}, {"пррривет", "привет", "прривет"},
    };
    uint8_t out[FOLD_MAX];

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (unsigned which = 0; which < 2; which++) {
            const char *const want = which ? cases[i].two : cases[i].one;
            const size_t n = fihi_drawn_other(out, (const uint8_t *)cases[i].s, strlen(cases[i].s), which);

            CHECK(n == strlen(want) && memcmp(out, want, n) == 0, "%s, %u", cases[i].s, which);
        }
}

int main(void)
{
    RUN(marks_that_are_asked_for_must_be_there);
    RUN(words_of_a_text_are_counted);
    RUN(a_word_may_be_of_any_length);
    RUN(references_have_a_semicolon_and_a_known_name);
    RUN(drawn_out_words_of_other_scripts_have_two_spellings);
    return DONE();
}
