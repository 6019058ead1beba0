/* test_encoding.c - encodings found and undone. */
#include "heard.h"
#include "read/encoding.h"

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

int main(void)
{
    RUN(each_encoding_gives_the_same_document);
    RUN(latin_texts_are_not_taken_for_arabic);
    RUN(nearly_utf8_stays_as_it_is);
    RUN(every_well_formed_utf8_and_no_other_passes);
    RUN(a_repair_replaces_each_ill_formed_sequence_once);
    return DONE();
}
