/* test_respell.c - other keyboards, slips of the hand, and Arabic in Latin letters. */
#include "text/respell.h"

#include "tap.h"

static const char *keys(const char *s, unsigned keyboard)
{
    static char out[RESPELL_MAX + 1];

    out[fihi_respell_keys((uint8_t *)out, (const uint8_t *)s, strlen(s), keyboard)] = '\0';
    return out;
}

static unsigned slip(const char *typed, const char *meant)
{
    struct letters a, b;

    if (!fihi_respell_letters(&a, (const uint8_t *)typed, strlen(typed)) ||
        !fihi_respell_letters(&b, (const uint8_t *)meant, strlen(meant)))
        return RESPELL_NEVER;
    return fihi_respell_slip(&a, &b, fihi_respell_slip_most(a.count));
}

static unsigned latin(const char *latin, const char *arabic)
{
    struct letters b;
    struct latin l;

    if (!fihi_respell_latin(&l, (const uint8_t *)latin, strlen(latin)) ||
        !fihi_respell_letters(&b, (const uint8_t *)arabic, strlen(arabic)))
        return RESPELL_NEVER;
    return fihi_respell_latin_cost(&l, &b, fihi_respell_latin_most(&l));
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

static void slips_of_the_hand_are_near(void)
{
    static const char *const near[][2] = {
        {"حكومه", "حكومه"},     {"حكمه", "حكومه"},      {"حكوممه", "حكومه"},    {"حوكمه", "حكومه"},
        {"حكونه", "حكومه"},     {"مستشفي", "مستسفي"},   {"ضابط", "ظابط"},       {"قوقل", "غوغل"},
        {"مسءول", "مسوول"},     {"برلمن", "برلمان"},    {"جزاير", "جزايير"},    {"facebok", "facebook"},
        {"صفاقص", "صفاقس"},     {"ديموقراطيه", "ديمقراطيه"},
    };
    static const char *const far[][2] = {
        {"كتاب", "كلاب"},       {"كورونا", "قررنا"},    {"قلم", "علم"},         {"سما", "سيما"},
        {"مصر", "مطر"},         {"رييس", "رياضه"},      {"حكومه", "خصومات"},
        {"بن", "بنت"},          {"abc", "abd"},
    };

    for (size_t i = 0; i < sizeof near / sizeof *near; i++)
        CHECK(slip(near[i][0], near[i][1]) < RESPELL_NEVER, "%s %s", near[i][0], near[i][1]);
    for (size_t i = 0; i < sizeof far / sizeof *far; i++)
        CHECK_INT_EQ(slip(far[i][0], far[i][1]), RESPELL_NEVER, "%s %s", far[i][0], far[i][1]);
    CHECK_INT_EQ(slip("حكومه", "حكومه"), 0);
    CHECK(slip("ضابط", "ظابط") < slip("ضابط", "رابط"), "of one sound");
    CHECK(slip("حكوممه", "حكومه") < slip("حكوشمه", "حكومه"), "typed twice");
    CHECK(slip("حوكمه", "حكومه") < 130, "swapped");
}

static void names_in_latin_letters_are_read(void)
{
    static const char *const read[][2] = {
        {"bourguiba", "بورقيبه"},  {"ghannouchi", "الغنوشي"}, {"sfax", "صفاقس"},        {"kolthoum", "كلثوم"},
        {"om", "ام"},              {"mohammed", "محمد"},      {"mohamed", "محمد"},      {"muhamad", "محمد"},
        {"almaghrib", "المغرب"},   {"maghreb", "المغرب"},     {"lmaghreb", "المغرب"},   {"essebsi", "السبسي"},
        {"ennahdha", "النهضه"},    {"kairouan", "القيروان"},  {"gabes", "قابس"},        {"sousse", "سوسه"},
        {"djerba", "جربه"},        {"tounes", "تونس"},        {"7obb", "حب"},           {"3abd", "عبد"},
        {"omar", "عمر"},           {"aicha", "عايشه"},        {"youssef", "يوسف"},      {"hussein", "حسين"},
        {"fathi", "فتحي"},         {"ibrahim", "ابراهيم"},    {"brahim", "ابراهيم"},    {"chari3", "شارع"},
        {"google", "غوغل"},        {"facebook", "فيسبوك"},    {"tahrir", "التحرير"},    {"ashraf", "اشرف"},
        {"riyadh", "الرياض"},      {"qur'an", "قران"},        {"jazeera", "الجزيره"},   {"madinah", "المدينه"},
        {"gaddafi", "القذافي"},    {"qaddafi", "القذافي"},    {"kadhafi", "القذافي"},   {"beji", "الباجي"},
    };
    static const char *const not_read[][2] = {
        {"isis", "سيس"},           {"ugtt", "وقت"},           {"sfax", "سعفص"},         {"paris", "برسا"},
        {"kolthoum", "كلام"},      {"mohamed", "محمود"},      {"bourguiba", "برقيات"},  {"london", "لدن"},
        {"ghannouchi", "قانون"},   {"obama", "بم"},           {"tripoli", "طرابلس"},     {"merkel", "مرسل"},
        {"addis", "اذاس"},
    };

    for (size_t i = 0; i < sizeof read / sizeof *read; i++)
        CHECK(latin(read[i][0], read[i][1]) < RESPELL_NEVER, "%s %s", read[i][0], read[i][1]);
    for (size_t i = 0; i < sizeof not_read / sizeof *not_read; i++)
        CHECK_INT_EQ(latin(not_read[i][0], not_read[i][1]), RESPELL_NEVER, "%s %s", not_read[i][0], not_read[i][1]);
    CHECK(latin("7amid", "حامد") < latin("7amid", "حامده"));
    CHECK(latin("quran", "قران") < latin("quran", "قرن"));
    CHECK_INT_EQ(latin("日本", "نيبون"), RESPELL_NEVER);
    CHECK_INT_EQ(latin("1984", "شيء"), RESPELL_NEVER);
    CHECK_INT_EQ(latin("", "شيء"), RESPELL_NEVER);
    CHECK_INT_EQ(latin("\xff\xfe", "شيء"), RESPELL_NEVER);
}

static void long_words_stay_in_their_room(void)
{
    char longest[RESPELL_MAX * 4];

    memset(longest, 'b', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    CHECK_STR_EQ(keys(longest, 0), "");
    CHECK_INT_EQ(slip(longest, longest), RESPELL_NEVER);
    CHECK_INT_EQ(latin(longest, "ب"), RESPELL_NEVER);
    for (size_t n = RESPELL_LETTERS - 6; n < RESPELL_LETTERS + 3; n++) {
        longest[n] = '\0';
        CHECK_INT_EQ(slip(longest, longest), n <= RESPELL_LETTERS ? 0 : RESPELL_NEVER, "%zu letters", n);
        CHECK_INT_EQ(latin(longest, "بببب"), RESPELL_NEVER, "%zu letters", n);
        longest[n] = 'b';
    }
}

int main(void)
{
    RUN(keys_are_read_on_another_keyboard);
    RUN(slips_of_the_hand_are_near);
    RUN(names_in_latin_letters_are_read);
    RUN(long_words_stay_in_their_room);
    return DONE();
}
