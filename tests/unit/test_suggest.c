/* test_suggest.c - what is offered for words that an index does not have, and what is not; how words begun go on. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "fihrist.h"
#include "place.h"
#include "tap.h"

static fih_error err;

static fih_str str(const char *s)
{
    return (fih_str){s, strlen(s)};
}

/* Some news, each so many times: what is common in an index, and what is rare. */
static const struct { unsigned times; const char *title, *body, *date; } news[] = {
    {60, "رئيس الحكومة أمام البرلمان", "قال رئيس الحكومة إن مشروع الميزانية سيعرض على البرلمان الأسبوع القادم", "2020-01-05"},
    {40, "ذكرى", "افتتح الحبيب بورقيبة الجامعة في تونس بعد الاستقلال", "2019-03-20"},
    {30, "النتائج", "قالت هيئة الانتخابات إن نتائج الانتخابات ستنشر يوم الجمعة", "2021-10-01"},
    {25, "كرة", "زين العابدين مدرب المنتخب الوطني لكرة القدم", "2021-06-01"},
    {20, "غناء", "غنت أم كلثوم في القاهرة وحضر الحفل محمد عبد الوهاب", "2018-02-03"},
    {30, "صحة", "مسؤول في وزارة الصحة يزور المستشفى الجديد في صفاقس", "2020-05-06"},
    {15, "لقاء", "راشد الغنوشي يلتقي وزير الخارجية", "2020-07-08"},
    {12, "فلاحة", "موسم الزيتون في القيروان وأسعار زيت الزيتون", "2022-11-12"},
    {10, "عودة", "عاد عبد العزيز بوتفليقة إلى الجزائر", "2017-01-02"},
    {8, "إعلان", "شركة غوغل وشركة فيسبوك في سوق الإعلان", "2022-02-02"},
    {20, "القصر", "الوزير الأول يستقبل السفير والوزراء في القصر", "2020-03-03"},
    {9, "الوزارات", "الوزارات تفتح أبوابها، والوزارات تغلقها", "2020-03-04"},
    {40, "مباراة", "فاز الفريق في مباراة اليوم بهدفين", "2021-04-04"},
    {40, "طقس", "أمطار وثلوج على المرتفعات وحركة المرور بطيئة", "2021-01-30"},
    {30, "تأجيل", "قررنا تأجيل الحفل إلى وقت آخر", "2020-08-09"},
    {20, "خطاب", "محمد علي يخاطب الجماهير والقاعة الرئيسية تمتلئ", "2016-05-05"},
    {6, "ذُو القَعْدَةِ", "الـمَكْتَبَةُ الوَطَنِيَّةُ تَفْتَحُ أَبْوَابَهَا", "2016-06-06"},
    {1, "جزيرة", "سيس جزيرة صغيرة فيها خزامى", "2015-05-05"},
    {1, "سهو", "رئييس البلدية", "2015-05-06"},
    {3, "Titel", "the market of saffron, on Facebook and UNESCO", "2015-05-07"},
};

static fih_reader *open_news(const char *analyzer, bool in_parts)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w = NULL;
    fih_reader *r = NULL;
    unsigned number = 0;

    place_remove(place_path("index"));
    o.analyzer = analyzer;
    if (!CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), &o, &err), FIH_OK, "%s", err.msg))
        return NULL;
    for (size_t i = 0; i < sizeof news / sizeof *news; i++) {
        for (unsigned k = 0; k < news[i].times; k++) {
            fih_doc d = FIH_DOC_INIT;
            char id[16];

            snprintf(id, sizeof id, "%u", number++);
            d.id = str(id);
            d.title = str(news[i].title);
            d.body = str(news[i].body);
            d.date = str(news[i].date);
            CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK, "%s", err.msg);
        }
        if (in_parts && i % 7 == 6)
            CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    }
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    fih_writer_close(w);
    CHECK_INT_EQ(fih_reader_open(&r, place_path("index"), &err), FIH_OK, "%s", err.msg);
    return r;
}

struct pair { const char *text, *other; };     /* other NULL: nothing is offered */

static void offers(fih_reader *r, const struct pair *pairs, size_t count, const fih_search_opts *opts)
{
    for (size_t i = 0; i < count; i++) {
        const char *const want = pairs[i].other;
        fih_suggestion *other = NULL;

        CHECK_INT_EQ(fih_suggest(&other, r, fih_str_of(pairs[i].text), opts, &err), FIH_OK, "%s",
                     pairs[i].text);
        CHECK(want ? other && strcmp(other->text.ptr, want) == 0 && other->how : other == NULL, "%s: %s, not %s",
              pairs[i].text, other ? other->text.ptr : "nothing", want ? want : "nothing");
        fih_suggestion_free(other);
    }
}
#define OFFERS(r, pairs, opts) offers(r, pairs, sizeof pairs / sizeof *pairs, opts)

/* In its texts' spelling: hamza, ة and ى, without vowels. */
static const struct pair slips[] = {
    {"الحكوممة", "الحكومة"},       {"الحكمومة", "الحكومة"},     {"الحوكمة", "الحكومة"},       {"الحكونة", "الحكومة"},
    {"البرلمن", "البرلمان"},       {"الميزانيه", NULL},          {"الميزنية", "الميزانية"},    {"مسئوول", NULL},
    {"مسءول", "مسؤول"},           {"بورغيبة", "بورقيبة"},      {"المستشفا", NULL},           {"المستسفى", "المستشفى"},
    {"الانتخبات", "الانتخابات"},   {"الانتخاباتت", "الانتخابات"}, {"القيرون", "القيروان"},      {"كلثم", "كلثوم"},
    {"الغنوسي", "الغنوشي"},       {"قوقل", "غوغل"},            {"بوتفليفة", "بوتفليقة"},     {"المنتحب", "المنتخب"},
    {"المكتتبة", "المكتبة"},       {"الوطينة", "الوطنية"},       {"الرءيسية", "الرئيسية"},
    {"حطومة", "الحكومة"},         {"اشبوع", "الأسبوع"},          {"وبالحكوممة", "الحكومة"},    {"وبالمستسفى", "المستشفى"},
};
static const struct pair latin[] = {
    {"bourguiba", "بورقيبة"},      {"ghannouchi", "الغنوشي"},   {"sfax", "صفاقس"},            {"om kolthoum", "أم كلثوم"},
    {"mohammed", "محمد"},         {"mohamed", "محمد"},         {"muhamad", "محمد"},          {"al ghannouchi", "الغنوشي"},
    {"rached ghannouchi", "راشد الغنوشي"}, {"kairouan", "القيروان"}, {"habib bourguiba", "الحبيب بورقيبة"},
    {"mohamed ali", "محمد علي"},  {"abdelaziz", "عبد العزيز"}, {"abdelaziz bouteflika", "عبد العزيز بوتفليقة"},
    {"tounes", "تونس"},           {"el-djazair", "الجزائر"},   {"hgp;,lm", "الحكومة"},       {"hgpf", NULL},
    {"facebok", "Facebook"},
};
static const struct pair beside[] = {
    {"رئيس الحكوممة", "رئيس الحكومة"},              {"وزير الخارجبة", "وزير الخارجية"},
    {"الحبيب bourguiba", "الحبيب بورقيبة"},         {"زيت الزبتون", "زيت الزيتون"},
    {"هيئة الانتخبات", "هيئة الانتخابات"},          {"+رئيس +الحكوممة", "+رئيس +الحكومة"},
    {"\"رئيس الحكوممة\" تونس", "\"رئيس الحكومة\" تونس"}, {"title:البرلمن تونس", "title:البرلمان تونس"},
    {"(بورغيبة OR تونس) -طقس", "(بورقيبة OR تونس) -طقس"}, {"رئييس", NULL},
    {"date:2020 الحكوممة", "date:2020 الحكومة"},
};
/* Words that are no help: others that happen to sound so, words that Arabic has and the index has not, acronyms. */
static const struct pair silent[] = {
    {"UGTT", NULL},     {"ISIS", NULL},     {"isis", NULL},     {"كورونا", NULL},   {"CNN", NULL},      {"dvd", NULL},
    {"GPS", NULL},      {"zzzzqq", NULL},   {"12345", NULL},    {"F16", NULL},      {"زرافة", NULL},    {"فسيفساء", NULL},
    {"بطريق", NULL},    {"سلحفاة", NULL},   {"ططططط", NULL},    {"netflix", NULL},  {"school", NULL},   {"president", NULL},
    {"UGTT تونس", NULL}, {"لقاح كورونا", NULL}, {"رئيس", NULL},  {"رئيس الحكومة", NULL}, {"في", NULL},    {"NOT رياضة", NULL},
    {"-رياضة", NULL},   {"=الحكوممة", NULL}, {"الحكوممة*", NULL}, {"section:none", NULL}, {"", NULL},     {"؟", NULL},
    {"om", NULL},       {"saad hariri", NULL}, {"خزامي", NULL}, {"رئييس الحكومة", NULL},
    {"الحكمة", NULL},   {"تأصيل", NULL},    {"الأشععار", NULL}, {"تمتيل", NULL},    {"مدربد", NULL},    {"بطيله", NULL},
    {"+الحكوممة +صفاقس", NULL},            {"\"الحكوممة رئيس\"", NULL},             {"title:صفاقص", NULL},
    {"date:1999 الحكوممة", NULL},
};

/* In one segment, and in several, which are looked at together. */
static void words_are_offered_as_texts_spell_them_or_not_at_all(void)
{
    for (int in_parts = 0; in_parts < 2; in_parts++) {
        fih_reader *const r = open_news(NULL, in_parts);

        REQUIRE(r);
        OFFERS(r, slips, NULL);
        OFFERS(r, latin, NULL);
        OFFERS(r, beside, NULL);
        OFFERS(r, silent, NULL);
        fih_reader_close(r);
    }
}

/* What is offered finds something by the same options. */
static void options_bound_what_is_offered(void)
{
    static const struct pair within[] = {{"رئيس الحكوممة", "رئيس الحكومة"}, {"الحكوممة", "الحكومة"}};
    static const struct pair without[] = {{"الحكوممة", NULL}, {"bourguiba", "بورقيبة"}};
    static const struct pair titles[] = {{"الحكوممة", "الحكومة"}, {"bourguiba", NULL}};
    static const struct pair all[] = {{"رئيس الحكوممة", "رئيس الحكومة"}, {"صفاقس الحكوممة", NULL}};
    fih_search_opts o = FIH_SEARCH_OPTS_INIT, wrong = FIH_SEARCH_OPTS_INIT;
    fih_reader *const r = open_news(NULL, false);
    fih_suggestion *other = NULL;

    REQUIRE(r);
    o.since = FIH_STR("2020");
    o.limit = 1;
    o.offset = 500;
    OFFERS(r, within, &o);
    o.since = FIH_STR("");
    o.until = FIH_STR("2019");
    OFFERS(r, without, &o);
    o.until = FIH_STR("");
    o.field = "title";
    OFFERS(r, titles, &o);
    o.field = NULL;
    o.match_all = 1;
    OFFERS(r, all, &o);
    wrong.size = 0;
    CHECK_INT_EQ(fih_suggest(&other, r, FIH_STR("UGTT"), &wrong, &err), FIH_E_USAGE);
    wrong.size = sizeof wrong;
    wrong.since = FIH_STR("never");
    CHECK_INT_EQ(fih_suggest(&other, r, FIH_STR("UGTT"), &wrong, &err), FIH_E_USAGE);
    CHECK(other == NULL);
    fih_reader_close(r);
}

static void an_index_of_stems_offers_words_too(void)
{
    static const struct pair light[] = {{"بورغيبة", "بورقيبة"}, {"bourguiba", "بورقيبة"}, {"UGTT", NULL}, {"رئيس", NULL}};
    static const char *const analyzers[] = {"arabic-light", "arabic-exact", "arabic+french"};

    for (size_t i = 0; i < sizeof analyzers / sizeof *analyzers; i++) {
        fih_reader *const r = open_news(analyzers[i], false);

        REQUIRE(r);
        OFFERS(r, light, NULL);
        fih_reader_close(r);
    }
}

/* The completions of a text, each with its documents. */
static void goes_on(fih_reader *r, const char *text, uint32_t limit, const char *want)
{
    char came[1024] = "";
    fih_completions *c = NULL;
    const fih_completion *one;

    if (!CHECK_INT_EQ(fih_complete(&c, r, fih_str_of(text), limit, &err), FIH_OK, "%s", err.msg))
        return;
    for (size_t i = 0; (one = fih_completions_at(c, i)) != NULL; i++)
        snprintf(came + strlen(came), sizeof came - strlen(came), "%s%.*s %d", i ? ", " : "", (int)one->text.len,
                 one->text.ptr, (int)one->docs);
    CHECK_STR_EQ(came, want, "%s", text);
    fih_completions_free(c);
}

static void words_begun_go_on_as_the_texts_do(void)
{
    for (int in_parts = 0; in_parts < 2; in_parts++) {
        fih_reader *const r = open_news(NULL, in_parts);

        REQUIRE(r);
        goes_on(r, "زين الع", 0, "زين العابدين 25");
        goes_on(r, "زين ال", 0, "زين العابدين 25");
        goes_on(r, "عبد ال", 0, "عبد الوهاب 20, عبد العزيز 10");
        goes_on(r, "الوز", 2, "الوزير 20, الوزارات 9");
        goes_on(r, "رءي", 0, "");
        goes_on(r, "رئي", 1, "رئيس 60");
        goes_on(r, "رييس", 1, "رئيس 60");
        goes_on(r, "مسو", 0, "مسؤول 30");
        goes_on(r, "الحبيب بورق", 0, "الحبيب بورقيبة 40");
        goes_on(r, "صحيفة الحبيب بور", 0, "صحيفة الحبيب بورقيبة 40");
        goes_on(r, "\"رئيس ال", 0, "\"رئيس الحكومة 60, \"رئيس البلدية 1");   /* "رئييس البلدية" */
        goes_on(r, "تونس +الحك", 0, "تونس +الحكومة 60");
        goes_on(r, "المكت", 0, "المكتبة 6");
        goes_on(r, "fac", 0, "Facebook 3");
        goes_on(r, "القم", 0, "");
        goes_on(r, "زين العق", 0, "");
        goes_on(r, "زين ", 0, "");
        fih_reader_close(r);
    }
}

int main(void)
{
    place_new("suggest");
    RUN(words_are_offered_as_texts_spell_them_or_not_at_all);
    RUN(options_bound_what_is_offered);
    RUN(an_index_of_stems_offers_words_too);
    RUN(words_begun_go_on_as_the_texts_do);
    place_remove(place);
    return DONE();
}
