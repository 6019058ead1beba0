/* test_respell.c - other keyboards, and the consonants of words. */
#include "text/respell.h"

#include "tap.h"

static const char *keys(const char *s, unsigned keyboard)
{
    static char out[RESPELL_MAX + 1];

    out[fihi_respell_keys((uint8_t *)out, (const uint8_t *)s, strlen(s), keyboard)] = '\0';
    return out;
}

static const char *bones(const char *s)
{
    static char out[4][RESPELL_MAX + 1];
    static unsigned turn;
    char *const to = out[turn++ % 4];

    to[fihi_respell_bones((uint8_t *)to, (const uint8_t *)s, strlen(s))] = '\0';
    return to;
}

static float near(const char *a, const char *b)
{
    return fihi_respell_nearness((const uint8_t *)a, strlen(a), (const uint8_t *)b, strlen(b));
}

static void keys_are_read_on_another_keyboard(void)
{
    CHECK_STR_EQ(keys("hglyvf", 0), "المغرب");
    CHECK_STR_EQ(keys("HGLYVF", 0)[0] ? "something" : "", "something");
    CHECK_STR_EQ(keys(",.dv", 0), "وزير");
    CHECK_STR_EQ(keys(";:dv", 1), "وزير");
    CHECK_STR_EQ(keys("bgh", 0), "لالا");
    CHECK_STR_EQ(keys("حشقهس", 0), "paris");
    CHECK_STR_EQ(keys("حضقهس", 1), "paris");
    CHECK_STR_EQ(keys("日本", 0), "");
    CHECK_STR_EQ(keys("1", 0), "");
    CHECK_STR_EQ(keys("", 0), "");
}

static void words_that_sound_alike_have_the_same_consonants(void)
{
    static const char *const same[][2] = {
        {"المغرب", "almaghrib"},   {"المغرب", "maghreb"}, {"غوغل", "google"}, {"جوجل", "قوقل"},
        {"كوكل", "غوغل"},          {"محمد", "mohammed"},  {"عبد", "3abd"},    {"فيديو", "ڤيديو"},
        {"الجزائر", "el-djazair"}, {"شارع", "chari3"},    {"تونس", "Tounes"}, {"خبز", "5obz"},
        {"جزيرة", "jazeera"},      {"مدينة", "madinah"},  {"قرآن", "quran"},  {"garçon", "غرسون"}};

    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        CHECK_STR_EQ(bones(same[i][0]), bones(same[i][1]), "%s %s", same[i][0], same[i][1]);
    CHECK(strcmp(bones("كتاب"), bones("كلب")) != 0);
    CHECK(strcmp(bones("قلب"), bones("حلب")) != 0);
    CHECK_STR_EQ(bones("日本"), "");
    CHECK_STR_EQ(bones("كلمة1"), "");
    CHECK_STR_EQ(bones("\xff\xfe"), "");
}

static void the_likelier_spelling_is_nearer(void)
{
    CHECK(near("almaghrib", "المغرب") > near("almaghrib", "المغربي"));
    CHECK(near("3abd", "عبد") > near("3abd", "عبيد"));
    CHECK(near("riyada", "رياضة") > near("riyada", "ردة"));
    CHECK(near("quran", "قران") > near("quran", "قرن"));
    CHECK(near("7amid", "حامد") > near("7amid", "هامد"));
    CHECK(near("", "") > 0.99f && near("x", "كلمة") <= 1);
}

static void long_words_stay_in_their_room(void)
{
    char longest[RESPELL_MAX * 4];

    memset(longest, 'b', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    CHECK_STR_EQ(bones(longest), "");
    CHECK_STR_EQ(keys(longest, 0), "");
    for (size_t i = 0; i < sizeof longest - 1; i++)
        longest[i] = "bdfgrt"[i % 6];
    CHECK(near(longest, longest) > 0 && near(longest, longest) <= 1);
}

int main(void)
{
    RUN(keys_are_read_on_another_keyboard);
    RUN(words_that_sound_alike_have_the_same_consonants);
    RUN(the_likelier_spelling_is_nearer);
    RUN(long_words_stay_in_their_room);
    return DONE();
}
