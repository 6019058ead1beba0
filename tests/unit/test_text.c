/* test_text.c - words, their terms, and the bytes they point at. */
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>

#include "fihrist.h"
#include "tap.h"
#include "text/analyzer.h"
#include "text/formula.h"
#include "text/fold.h"
#include "text/list.h"
#include "text/split.h"
#include "text/stem.h"
#include "text/said.h"
#include "text/stop.h"

enum { TOKENS = 256 };

static const char *const names[] = { "arabic", "arabic-snowball", "arabic-exact", "simple", "arabic+french",
                                     "arabic+english", "arabic-snowball+english", "simple+french" };
enum { NAMES = sizeof names / sizeof *names };

/* All tokens of a text, taken `step` at a time. */
static size_t analyze_all(struct analyzer *a, const void *text, size_t n, struct token *out, size_t step)
{
    size_t at = 0, got = 0;

    fihi_analyzer_begin(a, text, n);
    while (at < TOKENS &&
           fihi_analyzer_next(a, out + at, step < TOKENS - at ? step : TOKENS - at, &got, NULL) == FIH_OK)
        at += got;
    return at;
}

/* Without normalised words and roots. */
static size_t analyze(struct analyzer *a, const void *text, size_t n, struct token *out, size_t step)
{
    const size_t all = analyze_all(a, text, n, out, step);
    size_t kept = 0;

    for (size_t i = 0; i < all; i++)
        if (!(out[i].flags & TOKEN_LEVEL))
            out[kept++] = out[i];
    return kept;
}

/* Tokens as "term term|other term", alternatives of one position behind a bar, stop words with a star. */
static const char *terms_of(struct analyzer *a, const char *text)
{
    static char out[8192];
    struct token t[TOKENS];
    const size_t n = analyze(a, text, strlen(text), t, TOKENS);
    size_t len = 0;

    out[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        const struct term_text term = fihi_analyzer_term(a, t[i].term);
        len += (size_t)snprintf(out + len, sizeof out - len, "%s%.*s%s",
                                i == 0                             ? ""
                                : t[i].flags & TOKEN_SAME_POSITION ? "|"
                                                                   : " ",
                                (int)term.len, (const char *)term.ptr, t[i].flags & TOKEN_STOP ? "*" : "");
    }
    return out;
}

/* Would a document of `text` be found by the words of `query`? */
static int matches(struct analyzer *a, const char *text, const char *query)
{
    struct token d[TOKENS], q[TOKENS];
    const size_t n = analyze(a, text, strlen(text), d, TOKENS), m = analyze(a, query, strlen(query), q, TOKENS);
    int found = 1;

    for (size_t i = 0, next; i < m && found; i = next) {
        for (found = 0, next = i; next == i || (next < m && (q[next].flags & TOKEN_SAME_POSITION)); next++)
            for (size_t k = 0; k < n; k++)
                found |= d[k].term == q[next].term;
    }
    return found && m > 0;
}

static const struct { const char *text, *query;
} meet[] = {
    /* vowels */
    {"كَتَبَ", "كتب"},
    {"مُحَمَّدٌ", "محمد"},
    {"المَدْرَسَةُ", "مدرسة"},
    {"عِلْمًا", "علم"},
    {"شُكْرًا", "شكرا"},
    {"حُكُومَةٍ", "حكومة"},
    {"السُّلْطَة", "السلطة"},
    {"يَعْمَلُونَ", "يعملون"},
    {"حَوْلاَءَ", "حولاء"},
    /* Quranic */
    {"ٱلۡكِتَـٰبِ", "الكتاب"},
    {"ٱلزَّكَوٰةَ", "الزكاة"},
    {"ٱلرَّحۡمَـٰنِ", "الرحمن"},
    {"هَـٰذَا", "هذا"},
    {"ٱلسَّمَـٰوَٰتِ", "السماوات"},
    {"مُوسَىٰ", "موسى"},
    {"عَلَىٰ", "على"},
    {"شَيۡـٔٗا", "شيئا"},
    {"إِبۡرَٰهِـۧمَ", "إبراهيم"},
    {"ٱلتَّوۡرَىٰةَ", "التوراة"},
    {"ءَامَنُواْ", "آمنوا"},
    {"قُرۡءَانٗا", "قرآنا"},
    {"أُوْلَـٰٓئِكَ", "أولئك"},
    {"دَاوُۥدَ", "داود"},
    {"ٱلۡأٓخِرَةِ", "الآخرة"},
    {"لَـٰكِن", "لكن"},
    {"صِرَٰطَ", "صراط"},
    {"ٱلۡحَيَوٰةُ", "الحياة"},
    /* tatweel */
    {"كتـــاب", "كتاب"},
    {"الـ20", "20"},
    {"لـ«المدرسة»", "مدرسة"},
    {"الـوزيـر", "وزير"},
    {"بـ 7.5", "7.5"},
    /* alef and hamza */
    {"أحمد", "احمد"},
    {"إعلان", "اعلان"},
    {"آمال", "امال"},
    {"ٱلبيت", "البيت"},
    {"مسئول", "مسؤول"},
    {"هيأة", "هيئة"},
    {"شئ", "شيء"},
    {"شيئا", "شيء"},
    {"بطئ", "بطيء"},
    {"جاءوا", "جاؤوا"},
    {"دعا", "دعاء"},
    {"مساء", "مسا"},
    {"شعراء", "شعرا"},
    {"أعضاء", "اعضا"},
    {"انتهاء", "انتها"},
    {"كفاءة", "كفائة"},
    {"تساءل", "تسائل"},
    {"علماؤنا", "علماء"},
    {"أبنائهم", "أبناء"},
    {"إجراءات", "إجراء"},
    {"لجوئهم", "لجوء"},
    {"قارئون", "قارئ"},
    {"الماء", "ماء"},
    {"وماء", "ماء"},
    {"رؤوس", "رئوس"},
    {"بريء", "برئ"},
    /* decomposed */
    {"أمن", "أمن"},
    {"إلى", "إلى"},
    {"آية", "آية"},
    {"رئيس", "رئيس"},
    {"مؤتمر", "مؤتمر"},
    /* yeh, teh marbuta */
    {"مصطفى", "مصطفي"},
    {"القرى", "القري"},
    {"مستشفى", "مستشفي"},
    {"مدرسة", "مدرسه"},
    {"الصحه", "الصحة"},
    {"هدى", "هدي"},
    {"الكبرى", "كبري"},
    /* article and clitics */
    {"المدرسة", "مدرسة"},
    {"والمدرسة", "مدرسة"},
    {"بالمدرسة", "مدرسة"},
    {"للمدرسة", "مدرسة"},
    {"وللمدرسة", "مدرسة"},
    {"كالمدرسة", "مدرسة"},
    {"فالمدرسة", "مدرسة"},
    {"وبالمدرسة", "مدرسة"},
    {"ومدرسة", "مدرسة"},
    {"لمدرسة", "مدرسة"},
    {"بمدرسة", "مدرسة"},
    {"فمدرسة", "مدرسة"},
    {"كمدرسة", "مدرسة"},
    {"سيكتب", "يكتب"},
    {"وسيكتب", "يكتب"},
    {"ستبدأ", "تبدأ"},
    {"للغة", "لغة"},
    {"للجنة", "اللجنة"},
    {"ولبنان", "لبنان"},
    {"بباكستان", "باكستان"},
    {"والوزير", "وزير"},
    {"لألمانيا", "ألمانيا"},
    {"والله", "الله"},
    {"بالله", "الله"},
    {"وبرنامج", "برنامج"},
    {"فالقانون", "قانون"},
    {"للمسجد", "مسجد"},
    {"للقاهرة", "القاهرة"},
    {"للقاء", "لقاء"},
    {"وللغة", "لغة"},
    {"وبلغاريا", "بلغاريا"},
    {"وبوزارة", "وزارة"},
    {"للاعبين", "لاعب"},
    {"والمسلمين", "مسلم"},
    /* suffixes */
    {"مدرستنا", "مدرسة"},
    {"مدرستهم", "مدرسة"},
    {"كتابها", "كتاب"},
    {"كتابهما", "كتاب"},
    {"كتابكم", "كتاب"},
    {"معلمات", "معلمة"},
    {"معلمون", "معلم"},
    {"المعلمين", "معلم"},
    {"مدرستان", "مدرسة"},
    {"مدرستين", "مدرسة"},
    {"مغربيين", "مغربي"},
    {"كتابا", "كتاب"},
    {"شركاتهم", "شركة"},
    {"قانونها", "قانون"},
    {"سلطانهم", "سلطان"},
    {"سوريا", "سورية"},
    {"سوريين", "سوري"},
    {"لبناني", "لبنان"},
    {"ألماني", "ألمانيا"},
    {"الألمان", "ألماني"},
    {"يكتبون", "يكتب"},
    {"كتبت", "كتب"},
    {"يعملوا", "يعمل"},
    {"والدته", "والد"},
    /* presentation forms */
    {"ﻛﺘﺎﺏ", "كتاب"},
    {"ﻻ", "لا"},
    {"ﺍﻟﻤﻐﺮﺏ", "المغرب"},
    {"ﷲ", "الله"},
    {"ﷺ", "صلى الله عليه وسلم"},
    {"ﷴ", "محمد"},
    {"ﷻ", "جل جلاله"},
    {"ﻵ", "لا"},
    /* digits */
    {"٢٠٢٤", "2024"},
    {"۲۰۲۴", "2024"},
    {"٣٫١٤", "3.14"},
    {"3,14", "3.14"},
    {"١٬٠٠٠٬٠٠٠", "1000000"},
    {"1,000", "1000"},
    {"२०२४", "2024"},
    {"1,000.50", "1000.50"},
    {"و2024", "2024"},
    {"2024م", "2024"},
    /* letters */
    {"کتاب", "كتاب"},
    {"ایران", "إيران"},
    {"ڤيلا", "فيلا"},
    {"پاريس", "باريس"},
    {"چاكيت", "جاكيت"},
    {"ژورنال", "زورنال"},
    {"ڭناوة", "كناوة"},
    {"ڨفصة", "كفصة"},
    {"ڧرآن", "قرآن"},
    {"ۆ", "و"},
    {"ھند", "هند"},
    /* invisible characters */
    {"كت‌اب", "كتاب"},
    {"كت‍اب", "كتاب"},
    {"‫كتاب‬", "كتاب"},
    {"كت­اب", "كتاب"},
    {"⁨كتاب⁩", "كتاب"},
    {"﻿كتاب", "كتاب"},
    {"كت؜اب", "كتاب"},
    {"في بيت", "بيت"},
    {"auto­mobile", "automobile"},
    /* punctuation and mixtures */
    {"«كتاب»،", "كتاب"},
    {"كتاب/قلم", "قلم"},
    {"كتاب_قلم", "قلم"},
    {"أ.ف.ب", "أ ف ب"},
    {"U.S.A", "USA"},
    {"l’économie", "economie"},
    {"الـDNA", "dna"},
    {"covid19", "COVID19"},
    {"Œuvre", "oeuvre"},
    {"Straße", "STRASSE"},
    {"Ærø", "aero"},
    {"Ｆｕｌｌ", "full"},
    {"école", "ecole"},
    {"مرحبا😀بكم", "مرحبا"},
};

static const struct { const char *text, *query;
} differ[] = {
    {"باريس", "اريس"}, {"وزير", "زير"},   {"فرنسا", "رنس"},  {"كتاب", "تاب"},        {"لغة", "غة"},
    {"بلاد", "لاد"},   {"سياسة", "يأس"},  {"وطني", "طني"},   {"بحري", "حري"},        {"فكرة", "كرة"},
    {"كرسي", "رسي"},   {"ليبيا", "يبيا"}, {"ألبان", "بان"},  {"إلكتروني", "كتروني"}, {"التهاب", "تهاب"},
    {"الله", "له"},    {"سلطان", "سلطة"}, {"إنسان", "أنس"},  {"ميدان", "ميد"},       {"قانون", "قان"},
    {"تمرين", "تمر"},  {"تأمين", "تام"},  {"سورية", "سورة"}, {"بيروت", "بيرو"},      {"مساهم", "مساء"},
    {"ماء", "ما"},     {"شعراء", "شعر"},  {"سفراء", "سفر"},  {"أمراء", "أمر"},       {"إجراءات", "أجر"},
    {"قرن", "قرآن"},   {"عمل", "عامل"},   {"كاتب", "كتاب"},  {"طالب", "طلب"},        {"حرب", "حزب"},
    {"1,2", "12"},     {"1.00", "100"}, {"والد", "الد"},   {"زيتون", "زيت"},       {"فهم", "هم"},
    {"انتهاء", "انت"}, {"بركان", "برك"},  {"دراهم", "درا"},  {"فلسطين", "فلسط"},
};

static void spellings_and_forms_of_a_word_meet(void)
{
    struct analyzer *a;

    REQUIRE(fihi_analyzer_new(&a, "arabic", NULL) == FIH_OK);
    for (size_t i = 0; i < sizeof meet / sizeof *meet; i++)
        CHECK(matches(a, meet[i].text, meet[i].query), "%s and %s: %s", meet[i].text, meet[i].query,
              terms_of(a, meet[i].text));
    fihi_analyzer_free(a);
}

static void different_words_stay_apart(void)
{
    struct analyzer *a;

    REQUIRE(fihi_analyzer_new(&a, "arabic", NULL) == FIH_OK);
    for (size_t i = 0; i < sizeof differ / sizeof *differ; i++)
        CHECK(!matches(a, differ[i].text, differ[i].query), "%s and %s: %s", differ[i].text, differ[i].query,
              terms_of(a, differ[i].text));
    fihi_analyzer_free(a);
}

static void terms_are_as_documented(void)
{
    static const struct { const char *name, *text, *terms; } cases[] = {
        { "arabic", "وبالوزارة", "وزار" },
        { "arabic", "أ.ف.ب", "ا.ف.ب" },
        { "arabic", "و50 الـGPS بـ«ن»", "50 gps ن" },
        { "arabic", "ذَٰلِكَ مَـٰلِكِ", "ـذلك*|ذالك ملك|مالك" },
        { "arabic", "شعرا", "شعر|شاعر" },
        { "arabic", "1,2,3 1,234,567.89 7,5 12,34,56", "1 2 3 1234567.89 7.5 12 34 56" },
        { "arabic", "وهو الذي", "ـهو* ـالذي*" },
        { "arabic", "日本語を話す", "日本語 を 話す" },
        { "arabic", "😀 ... ًٌٍ ـ", "" },
        { "arabic", "Бори́с Ќе Украї́на", "борис ќе україна" },
        { "arabic", "the les école", "the* les* ecole" },
        { "arabic+french", "les économies nous finissions", "le* econom nous* fin" },
        { "arabic+english", "Running ponies", "run poni" },
        { "arabic-exact", "والوزارة مُدُنٌ", "والوزاره مدن" },
        { "arabic-snowball", "مكتبات", "مكتبا" },
        { "simple", "والوزارة École من", "والوزارة école من*" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct analyzer *a;
        REQUIRE(fihi_analyzer_new(&a, cases[i].name, NULL) == FIH_OK);
        CHECK_STR_EQ(terms_of(a, cases[i].text), cases[i].terms, "%s: %s", cases[i].name, cases[i].text);
        fihi_analyzer_free(a);
    }
}

/* A list of texts that exercises everything, for the tests of what holds of any text. */
static const char *const samples[] = {
    "", " ", "كتاب", "قالَ الوزيرُ: «ذَٰلِكَ الكِتَـٰبُ» — و50 شخصاً، 1,000.5 و٧٫٥٪ ﷺ.",
    "L’économie du Maroc, l'été 2024: www.example.org/a_b?c=1 U.S.A covid19 3D e-mail a@b.c",
    "ภาษาไทย 日本語を話す カタカナ 北京大学の学生 한국어 עברית Ελληνικά",
    "‏2024‎ الم‌دينة مدي­نة ⁧مدينة⁩ ﻣﺪﻳﻨﺔ",
    "\xFF\xC3 كت\x80اب \xD9", "👩‍👩‍👧 1️⃣ ⓐ", "ﷺﷺ ﷲ ﷴ ﷽",
    "أ.ف.ب وأ ف ب، J. K. F-16 1 234 567,5 1.234.567 &#1608;&#1586; &amp;#1611; caf&eacute; جميييل cooool",
};
enum { SAMPLES = sizeof samples / sizeof *samples };

static void tokens_come_in_order_and_point_at_their_words(void)
{
    struct token t[TOKENS], one[TOKENS];

    for (size_t k = 0; k < NAMES; k++) {
        struct analyzer *a;
        REQUIRE(fihi_analyzer_new(&a, names[k], NULL) == FIH_OK);
        for (size_t i = 0; i < SAMPLES; i++) {
            const size_t len = strlen(samples[i]), n = analyze(a, samples[i], len, t, TOKENS);
            for (size_t j = 0; j < n; j++) {
                CHECK(t[j].start < t[j].end && t[j].end <= len && t[j].term < fihi_analyzer_term_count(a));
                CHECK(j == 0 ? !(t[j].flags & TOKEN_SAME_POSITION)
                             : t[j].start == t[j - 1].start ? t[j].end == t[j - 1].end : t[j].start >= t[j - 1].end);
            }
            CHECK_INT_EQ(analyze(a, samples[i], len, one, 1), n);
            for (size_t j = 0; j < n; j++)
                CHECK(one[j].term == t[j].term && one[j].flags == t[j].flags && one[j].start == t[j].start);
        }
        fihi_analyzer_free(a);
    }
}

static void a_surface_word_is_exactly_its_bytes(void)
{
    static const char text[] = "في «المَدِينَةِ» ‏(2024‎) الـGPS.";
    static const char *const words[] = { "في", "المَدِينَةِ", "2024", "GPS" };
    struct analyzer *a;
    struct token t[TOKENS];

    REQUIRE(fihi_analyzer_new(&a, "arabic", NULL) == FIH_OK);
    REQUIRE(analyze(a, text, strlen(text), t, TOKENS) == 4);
    for (size_t i = 0; i < 4; i++)
        CHECK(t[i].end - t[i].start == strlen(words[i]) && memcmp(text + t[i].start, words[i], strlen(words[i])) == 0,
              "%s is %.*s", words[i], (int)(t[i].end - t[i].start), text + t[i].start);
    CHECK_INT_EQ(t[1].letters, 7);
    fihi_analyzer_free(a);
}

static void a_reason_ends_in_the_term(void)
{
    struct token t[TOKENS];
    char reason[1024];

    for (size_t k = 0; k < NAMES; k++) {
        struct analyzer *a;
        REQUIRE(fihi_analyzer_new(&a, names[k], NULL) == FIH_OK);
        for (size_t i = 0; i < SAMPLES + sizeof meet / sizeof *meet; i++) {
            const char *const text = i < SAMPLES ? samples[i] : meet[i - SAMPLES].text;
            const size_t n = analyze_all(a, text, strlen(text), t, TOKENS);
            unsigned index = 0;
            for (size_t j = 0; j < n; j++) {
                const struct term_text term = fihi_analyzer_term(a, t[j].term);
                const char *last = reason, *arrow;
                index = j > 0 && t[j].start == t[j - 1].start ? index + 1 : 0;
                CHECK_INT_EQ(fihi_analyzer_reason(a, (const uint8_t *)text + t[j].start, t[j].end - t[j].start, t[j].flags, index,
                                                  reason, sizeof reason, NULL), FIH_OK, "%s", text);
                while ((arrow = strstr(last, " → ")))
                    last = arrow + strlen(" → ");
                CHECK(strncmp(last, (const char *)term.ptr, term.len) == 0 && strchr(" ", last[term.len]),
                      "%s: %s is %.*s", names[k], reason, (int)term.len, (const char *)term.ptr);
            }
        }
        fihi_analyzer_free(a);
    }
}

/* The roots of a word's readings, with a bar before and behind each. */
static const char *roots_of(struct analyzer *a, const char *word)
{
    static char outs[2][128];
    static unsigned turn;
    char *const out = outs[turn++ % 2];
    struct token t[16];
    size_t n = analyze_all(a, word, strlen(word), t, 16), len = 1;

    strcpy(out, "|");
    for (size_t i = 0; i < n; i++)
        if (t[i].flags & TOKEN_ROOT) {
            const struct term_text term = fihi_analyzer_term(a, t[i].term);

            len += (size_t)snprintf(out + len, 128 - len, "%.*s|", (int)term.len, (const char *)term.ptr);
        }
    return out;
}

static void weak_and_doubled_roots_are_one(void)
{
    static const struct { const char *word, *root; } cases[] = {
        { "قال", "|قول|" },   { "مقالة", "|قول|" },  { "قائل", "|قول|" },     { "أقوال", "|قول|" },  { "زيارة", "|زور|" },
        { "زائر", "|زور|" },  { "يخاف", "|خوف|" },   { "خوف", "|خوف|" },      { "يصل", "|وصل|" },    { "صلة", "|وصل|" },
        { "صفة", "|وصف|" },   { "ثقة", "|وثق|" },    { "موثوق", "|وثق|" },    { "يمر", "|مر|" },     { "استمرار", "|مر|" },
        { "مدد", "|مد|" },    { "لغة", "|لغه|" },    { "كرة", "|كره|" },      { "علم", "|علم|" },    { "يوم", "|يوم|" },
    };
    struct analyzer *a;

    REQUIRE(fihi_analyzer_new(&a, "arabic", NULL) == FIH_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_STR_EQ(roots_of(a, cases[i].word), cases[i].root, "%s", cases[i].word);
    fihi_analyzer_free(a);
}

static void a_reason_names_the_steps(void)
{
    struct analyzer *a;
    char reason[1024], cut[10];
    static const char word[] = "وبالوزارة";
    fih_error err;

    REQUIRE(fihi_analyzer_new(&a, "arabic", NULL) == FIH_OK);
    CHECK_INT_EQ(fihi_analyzer_reason(a, (const uint8_t *)word, strlen(word), 0, 0, reason, sizeof reason, NULL), FIH_OK);
    CHECK_STR_EQ(reason, "وبالوزارة → وبالوزاره (normalised) → وزاره (prefix وبال) → وزار (suffix ه)");
    CHECK_INT_EQ(fihi_analyzer_reason(a, (const uint8_t *)word, strlen(word), 0, 1, reason, sizeof reason, NULL), FIH_OK);
    CHECK_STR_EQ(reason, "وبالوزارة → وبالوزاره (normalised as a whole)");
    CHECK_INT_EQ(fihi_analyzer_reason(a, (const uint8_t *)word, strlen(word), 0, 2, reason, sizeof reason, NULL), FIH_OK);
    CHECK_STR_EQ(reason, "وبالوزارة → وزار (stem) → وزر (letters of the root)");
    CHECK_INT_EQ(fihi_analyzer_reason(a, (const uint8_t *)word, strlen(word), 0, 3, reason, sizeof reason, &err),
                 FIH_E_USAGE);
    CHECK_INT_EQ(fihi_analyzer_reason(a, (const uint8_t *)word, strlen(word), 0, 0, cut, sizeof cut, NULL), FIH_OK);
    CHECK_STR_EQ(cut, "وبال");
    fihi_analyzer_free(a);
}

/* -------------------------------------------------------------- against ICU */

static int class_by_icu(UChar32 c)
{
    const int is_arabic = (c >= 0x600 && c < 0x700) || (c >= 0x750 && c < 0x780);

    if (c == 0x200C || c == 0x200D)
        return CLASS_HIDDEN;
    if (c == '.' || c == 0x66B)
        return CLASS_POINT;
    if (c == ',' || c == 0x66C)
        return CLASS_GROUP;
    switch (u_getIntPropertyValue(c, UCHAR_WORD_BREAK)) {
    case U_WB_ALETTER: case U_WB_HEBREW_LETTER: return is_arabic ? CLASS_ARABIC : CLASS_LETTER;
    case U_WB_NUMERIC: return CLASS_DIGIT;
    case U_WB_EXTEND:  return CLASS_MARK;
    case U_WB_FORMAT:  return CLASS_HIDDEN;
    default:           return CLASS_NONE;
    }
}

static void the_class_table_is_icus_word_break_property(void)
{
    for (UChar32 c = 0; c < 0x800; c++)
        CHECK(fihi_split_class((uint32_t)c) == class_by_icu(c), "U+%04X is %c", (unsigned)c,
              fihi_split_class((uint32_t)c));
}

/* The words of a text by ICU's iterator, "start-end start-end …", without the hidden characters at their ends. */
static void words_by_icu(char *out, size_t size, const char *text)
{
    UErrorCode e = U_ZERO_ERROR;
    UText *const ut = utext_openUTF8(NULL, text, -1, &e);
    UBreakIterator *const it = ubrk_open(UBRK_WORD, "", NULL, 0, &e);
    size_t len = 0;

    out[0] = '\0';
    ubrk_setUText(it, ut, &e);
    for (int32_t from = 0, to; (to = ubrk_next(it)) != UBRK_DONE; from = to)
        if (ubrk_getRuleStatus(it) >= UBRK_WORD_NONE_LIMIT)
            len += (size_t)snprintf(out + len, size - len, "%d-%d ", (int)from, (int)to);
    ubrk_close(it);
    utext_close(ut);
}

static void words_by_us(char *out, size_t size, const char *text)
{
    struct splitter s = { 0 };
    struct span w;
    size_t len = 0;

    out[0] = '\0';
    fihi_split_begin(&s, (const uint8_t *)text, strlen(text));
    while (fihi_split_next(&s, &w) == FIH_OK)
        len += (size_t)snprintf(out + len, size - len, "%zu-%zu ", w.start, w.end);
    fihi_split_free(&s);
}

static void words_end_where_icu_ends_them(void)
{
    static const char *const texts[] = {
        "قال الوزير إن المدينة، التي زارها أمس؛ كبيرة.", "اَلْعَرَبِيَّةُ الفُصْحَى", "كتـــاب جميل", "مرحبا😀بكم",
        "covid19 3D MP3 v2", "7.5 1,000 1,234.5 12.05.2024", "École été naïve (Straße)", "الم‌دينة مدي­نة",
        "Ελληνικά кириллица עברית հայերեն ქართული", "한국어 문장입니다", "ภาษาไทยง่ายมาก", "日本語を話す人 北京大学", "カタカナ ひらがな",
        "١٩٤٥ ۱۹۴۵ ٧٫٥", "नमस्ते दुनिया", "👩‍👩‍👧 🇲🇦 text", "a\tb\nc d e", "100% $5 #tag", "ﻣﺪﻳﻨﺔ ﷺ",
        "word́s café", "ⵜⴰⵎⴰⵣⵉⵖⵜ ልሳን", "ພາສາລາວ", "ភាសាខ្មែរ", "မြန်မာဘာသာ",
    };
    char us[4096], icu[4096];

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        words_by_icu(icu, sizeof icu, texts[i]);
        words_by_us(us, sizeof us, texts[i]);
        CHECK_STR_EQ(us, icu, "%s", texts[i]);
    }
}

static void words_end_elsewhere_only_as_documented(void)
{
    static const struct { const char *text, *words;
    } cases[] = {
        {"a.b", "0-3 "},
        {"a.bc", "0-1 2-4 "},
        {"U.S.A.", "0-5 "},
        {"J. K. Rowling", "0-4 6-13 "},
        {"A. Bell", "0-1 3-7 "},
        {"a b c", "0-1 2-3 4-5 "},
        {"أ.ف.ب", "0-8 "},
        {"أ ف ب", "0-8 "},
        {"أ. ف. ب.", "0-10 "},
        {"ب و ج", "0-2 3-5 6-8 "},
        {"ب.و.ج", "0-8 "},
        {"أ.ف.ب م", "0-8 9-11 "},
        {"هـ م", "0-4 5-7 "},
        {"F-16", "0-4 "},
        {"Su-30", "0-5 "},
        {"COVID-19", "0-5 6-8 "},
        {"x-ray", "0-1 2-5 "},
        {"1 234", "0-5 "},
        {"1 234 567", "0-9 "},
        {"1\xC2\xA0" "234,50", "0-9 "},
        {"1.234.567,89", "0-12 "},
        {"12 34", "0-2 3-5 "},
        {"1234 567", "0-4 5-8 "},
        {"0 123", "0-1 2-5 "},
        {"90 392 123 45", "0-2 3-6 7-10 11-13 "},
        {"5 100m", "0-1 2-6 "},
        {"1  234", "0-1 3-6 "},
        {"l'eau", "0-1 2-5 "},
        {"l’eau", "0-1 4-7 "},
        {"a:b", "0-1 2-3 "},
        {"a·b", "0-1 3-4 "},
        {"a_b", "0-1 2-3 "},
        {"@a", "1-2 "},
        {"و50", "0-2 2-4 "},
        {"الـGPS", "0-6 6-9 "},
        {"كوفيد19", "0-10 10-12 "},
        {"1;2", "0-1 2-3 "},
        {"1'000", "0-1 2-5 "},
        {"1,2,3", "0-1 2-3 4-5 "},
        {"1،2", "0-1 3-4 "},
        {"بيت‏ ", "0-6 "},
        {"1,", "0-1 "},
        {".5", "1-2 "},
    };
    char us[4096];

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        words_by_us(us, sizeof us, cases[i].text);
        CHECK_STR_EQ(us, cases[i].words, "%s", cases[i].text);
    }
}

/* ------------------------------------------------------------- any bytes */

static void ill_formed_bytes_separate_words(void)
{
    static const struct { const char *text, *words; } cases[] = {
        { "ab\xFF" "cd", "0-2 3-5 " }, { "ab\xC3", "0-2 " }, { "\x80\x80", "" }, { "\xED\xA0\x80x", "3-4 " },
        { "\xF4\x90\x80\x80x", "4-5 " }, { "\xD9\xD9\x83", "1-3 " }, { "\xC0\xAFx", "2-3 " },
    };
    char us[4096];

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        words_by_us(us, sizeof us, cases[i].text);
        CHECK_STR_EQ(us, cases[i].words, "case %zu", i);
    }
}

/* Ends flush against an unreadable page: one byte too many is a crash. */
static void any_bytes_are_split_within_their_bounds(void)
{
    struct analyzer *a;
    struct token t[TOKENS];
    uint64_t seed = 7;

    REQUIRE(fihi_analyzer_new(&a, "arabic+french", NULL) == FIH_OK);
    for (unsigned round = 0; round < 3000; round++) {
        static const uint8_t leads[] = { 0xD8, 0xD9, 0xDA, 0xEF, 0xE0, 0xF0, 0xC3, 0x20, 0x2C, 0x31, 0x61, 0xCC };
        const size_t n = tap_random(&seed) % 40;
        uint8_t *const text = guard_alloc(n);
        for (size_t i = 0; i < n; i++) {
            const uint64_t r = tap_random(&seed);
            text[i] = r % 3   ? (uint8_t)(0x80 | (r >> 8 & 0x3F))
                      : r % 2 ? leads[(r >> 8) % sizeof leads]
                              : (uint8_t)(r >> 8);
        }
        const size_t count = analyze(a, text, n, t, TOKENS);
        for (size_t i = 0; i < count; i++)
            CHECK(t[i].start < t[i].end && t[i].end <= n && fihi_analyzer_term(a, t[i].term).len > 0);
        guard_free(text, n);
    }
    fihi_analyzer_free(a);
}

static void a_word_of_megabytes_is_one_token_and_little_memory(void)
{
    const size_t n = 8u << 20;
    uint8_t *const text = malloc(n);
    struct token t[4];
    size_t count;

    REQUIRE(text);
    for (size_t k = 0; k < NAMES; k++) {
        struct analyzer *a;
        REQUIRE(fihi_analyzer_new(&a, names[k], NULL) == FIH_OK);
        for (size_t i = 0; i < n; i += 2)
            memcpy(text + i, i % 4 ? "ح" : "ج", 2);
        fihi_analyzer_begin(a, text, n);
        CHECK_INT_EQ(fihi_analyzer_next(a, t, 4, &count, NULL), FIH_OK);
        CHECK_INT_EQ(count, fihi_analyzer_has_levels(a) ? 2 : 1);      /* a stem that was cut has no root */
        CHECK(t[0].start == 0 && t[0].end == n);
        CHECK_INT_EQ(fihi_analyzer_term(a, t[0].term).len, 254);
        CHECK_INT_EQ(t[0].letters, 255);
        CHECK(fihi_analyzer_bytes(a) < 1 << 20);
        fihi_analyzer_free(a);
    }
    free(text);
}

static void long_words_are_cut_at_a_character(void)
{
    char text[900];
    struct analyzer *a;
    struct token t[TOKENS];

    for (size_t i = 0; i < sizeof text; i++)
        text[i] = i % 2 ? 'x' : 'y';
    REQUIRE(fihi_analyzer_new(&a, "arabic", NULL) == FIH_OK);
    REQUIRE(analyze(a, text, sizeof text, t, TOKENS) == 1);
    CHECK_INT_EQ(fihi_analyzer_term(a, t[0].term).len, FIH_MAX_TERM);
    fihi_analyzer_free(a);
}

/* ---------------------------------------------------------------- the object */

static void names_are_those_documented(void)
{
    static const char *const bad[] = {"",
                                      "arab",
                                      "arabic+german",
                                      "arabic+",
                                      "+french",
                                      "arabic+french+english",
                                      "Arabic",
                                      "arabic-exact-and-a-name-that-is-much-too-long-to-be-kept-anywhere-at-all"};
    struct analyzer *a;
    fih_error err;

    for (size_t i = 0; i < NAMES; i++) {
        CHECK_INT_EQ(fihi_analyzer_new(&a, names[i], &err), FIH_OK, "%s", names[i]);
        CHECK_STR_EQ(fihi_analyzer_name(a), names[i]);
        CHECK(strlen(fihi_analyzer_text(a)) < 512 && strstr(fihi_analyzer_text(a), names[i]) == fihi_analyzer_text(a));
        fihi_analyzer_free(a);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_INT_EQ(fihi_analyzer_new(&a, bad[i], &err), FIH_E_USAGE, "%s", bad[i]);
        CHECK(a == NULL);
    }
    fihi_analyzer_free(NULL);
}

static void a_reset_gives_memory_back_and_numbers_anew(void)
{
    struct analyzer *a;
    struct token t[TOKENS];

    REQUIRE(fihi_analyzer_new(&a, "arabic-light", NULL) == FIH_OK);
    CHECK_INT_EQ(fihi_analyzer_bytes(a), 0);
    CHECK_INT_EQ(analyze(a, "كتاب قلم كتاب", strlen("كتاب قلم كتاب"), t, TOKENS), 3);
    CHECK(t[0].term == t[2].term && t[0].term != t[1].term && fihi_analyzer_term_count(a) == 2);
    CHECK(fihi_analyzer_bytes(a) > 0);
    fihi_analyzer_reset(a);
    CHECK_INT_EQ(fihi_analyzer_bytes(a), 0);
    CHECK_INT_EQ(fihi_analyzer_term_count(a), 0);
    CHECK_INT_EQ(analyze(a, "قلم", strlen("قلم"), t, TOKENS), 1);
    CHECK_INT_EQ(t[0].term, 0);
    fihi_analyzer_forget(a, 0);
    CHECK_INT_EQ(fihi_analyzer_bytes(a), 0);
    CHECK_INT_EQ(analyze(a, "كتاب", strlen("كتاب"), t, TOKENS), 1);
    fihi_analyzer_free(a);
}

/* More different words than the first tables hold; each found again under its number. */
static void numbers_stay_while_the_tables_grow(void)
{
    enum { WORDS = 20000 };
    struct analyzer *a;
    struct token t[TOKENS];
    uint32_t *const number = malloc(WORDS * sizeof *number);
    char word[32];

    REQUIRE(number && fihi_analyzer_new(&a, "arabic-exact", NULL) == FIH_OK);
    for (unsigned round = 0; round < 2; round++)
        for (unsigned i = 0; i < WORDS; i++) {
            const size_t n = (size_t)snprintf(word, sizeof word, "w%u", i);
            REQUIRE(analyze(a, word, n, t, TOKENS) == 1);
            if (round == 0)
                number[i] = t[0].term;
            CHECK(t[0].term == number[i] && fihi_analyzer_term(a, t[0].term).len == n &&
                  memcmp(fihi_analyzer_term(a, t[0].term).ptr, word, n) == 0);
        }
    CHECK_INT_EQ(fihi_analyzer_term_count(a), WORDS);
    fihi_analyzer_free(a);
    free(number);
}

/* Rows in order, each found again, each its own normalised form. */
static void check_list(const struct list *l)
{
    static struct raw raw;
    static struct word w;
    const list_row *const rows = l->rows;

    for (size_t i = 0; i < l->count; i++) {
        uint8_t utf8[64];
        size_t n = 0, at = 0;

        for (w.n = 0; w.n < LIST_ROW && rows[i][w.n]; w.n++)
            w.letter[w.n] = rows[i][w.n];
        n = fihi_fold_utf8(utf8, sizeof utf8 - 1, &w);
        utf8[n] = '\0';
        CHECK(w.n > 0 && w.n < LIST_ROW && list_has(l, w.letter, w.n, list_hash(w.letter, w.n)), "%s", (char *)utf8);
        CHECK(i == 0 || list_compare(rows[i - 1], w.letter, w.n) < 0, "%s is out of order", (char *)utf8);
        if (!fihi_fold_is_arabic(utf8, n))
            continue;
        fihi_fold_raw(&raw, utf8, n, 0);
        CHECK(fihi_fold_next(&w, &raw, &at) && fihi_fold_utf8(utf8 + 32, 31, &w) == n &&
                  memcmp(utf8, utf8 + 32, n) == 0,
              "%s is not normalised", (char *)utf8);
    }
}

/* A small waw by itself is no initial, so the letter before it is a word as it is alone. Letters beyond U+FFFF whose
 * lower half is that of a space or of a hyphen stay. */
static void letters_are_no_initials_and_no_spaces(void)
{
    struct token t[TOKENS];
    struct analyzer *a;

    REQUIRE(fihi_analyzer_new(&a, "arabic", NULL) == FIH_OK);
    REQUIRE(analyze(a, "ھ ۥ", strlen("ھ ۥ"), t, TOKENS) > 0);
    CHECK_INT_EQ(t[0].end, strlen("ھ"));
    CHECK_STR_EQ(terms_of(a, "\U00020020\U00020021"), "\U00020020 \U00020021");
    CHECK_STR_EQ(terms_of(a, "\U00012009\U0001200A"), "\U00012009\U0001200A");
    fihi_analyzer_free(a);
}

static void lists_are_sorted_and_in_normal_form(void)
{
    struct analyzer *a;

    for (unsigned list = 0; list < 4; list++)
        check_list(fihi_stop_list(list));
    check_list(fihi_said_list());
    REQUIRE(fihi_analyzer_new(&a, "arabic", NULL) == FIH_OK);
    CHECK_STR_EQ(terms_of(a, "من وفي هذه لماذا the avec"), "ـمن* ـفي* ـهذه* ـلماذا* the* avec*");
    fihi_analyzer_free(a);
}

/* Stop words by their own spelling, and words that are torn between two: what the whole text, and what stands beside
 * them, says of them. A star is the mark of a stop word. */
static void torn_words_are_read_as_their_writer_means_them(void)
{
    static const struct { const char *text, *terms; } cases[] = {
        { "علي على في", "علي ـعلي* ـفي*" },
        { "منى مني في على", "مني ـمني* ـفي* ـعلي*" },
        { "على الباب", "ـعلي* باب" },
        { "علي الباب", "علي|ـعلي* باب" },
        { "علي محمود الباب", "علي محمود باب" },
        { "محمود على الباب", "محمود علي|ـعلي* باب" },
        { "محمود، على الباب", "محمود ـعلي* باب" },
        { "محمود على الباب في", "محمود ـعلي* باب ـفي*" },
        { "على بن الباب في", "علي|ـعلي* بن باب ـفي*" },
        { "بن على الباب في", "بن علي|ـعلي* باب ـفي*" },
        { "لابن على الباب في", "ابن علي|ـعلي* باب ـفي*" },
        { "عَلَىٰ بن", "ـعلي* بن" },
        { "وعلي وعلى في", "علي ـعلي* ـفي*" },
        { "بنا بناء وبنا", "ـبنا* بنا ـبنا*" },
        { "فِيهَآ فيها فهم فلان فلأن", "ـفيها* ـفيها* فهم فلان ـلان*" },
        { "واحد وأحد إمام أمام امام", "واحد احد* امام ـامام* امام|ـامام*" },
    };
    struct analyzer *a;

    REQUIRE(fihi_analyzer_new(&a, "arabic", NULL) == FIH_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_STR_EQ(terms_of(a, cases[i].text), cases[i].terms, "%s", cases[i].text);
    fihi_analyzer_free(a);
}

/* The terms of a word of a query, stop words with a star. */
static const char *in_query(struct analyzer *a, const char *query, const char *word)
{
    static char out[512];
    const fih_str whole = {query, strlen(query)};
    struct token t[8];
    size_t count, len = 0;

    out[0] = '\0';
    fihi_analyzer_begin_in(a, (const uint8_t *)strstr(query, word), strlen(word),
                           &(struct surroundings){.near = whole, .whole = {whole, {NULL, 0}}, .is_query = true});
    if (fihi_analyzer_next(a, t, 8, &count, NULL) != FIH_OK)
        return out;
    for (size_t i = 0; i < count; i++) {
        const struct term_text term = fihi_analyzer_term(a, t[i].term);

        if (!(t[i].flags & TOKEN_LEVEL))
            len += (size_t)snprintf(out + len, sizeof out - len, "%s%.*s%s", len ? "|" : "", (int)term.len,
                                    (const char *)term.ptr, t[i].flags & TOKEN_STOP ? "*" : "");
    }
    return out;
}

static void what_is_part_of_a_name_counts_in_a_query(void)
{
    static const struct { const char *query, *word, *terms; } cases[] = {
        { "بروس لي", "لي", "ـلي*" },            { "محمود لي", "لي", "ـلي" },       { "لي محمود", "لي", "ـلي" },
        { "محمود، لي", "لي", "ـلي*" },          { "من محمود", "من", "ـمن*" },      { "ابن من", "من", "ـمن" },
        { "عبد في", "في", "ـفي" },              { "بن من", "من", "ـمن" },          { "من بن", "من", "ـمن*" },
        { "هنا Zaki", "هنا", "ـهنا" },          { "هنا zaki", "هنا", "ـهنا*" },    { "من Microsoft", "من", "ـمن*" },
        { "إف.بي.آي", "بي", "ـبي" },            { "بي.بي", "بي", "ـبي" },          { "إف بي آي", "بي", "ـبي*" },
        { "الكتاب.في", "في", "ـفي*" },          { "Le Monde", "Le", "le" },        { "le Monde", "le", "le*" },
        { "منى Zaki", "منى", "مني|ـمني*" },     { "على Zaki", "على", "ـعلي*" },    { "محمود على", "على", "علي|ـعلي*" },
    };
    struct analyzer *a;

    REQUIRE(fihi_analyzer_new(&a, "arabic", NULL) == FIH_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_STR_EQ(in_query(a, cases[i].query, cases[i].word), cases[i].terms, "%s", cases[i].query);
    fihi_analyzer_free(a);
}

/* Which words of a query are part of a formula: the bits of those that are, from the first word on. */
static unsigned formula_words(struct analyzer *a, const char *query)
{
    const fih_str whole = { query, strlen(query) };
    struct token t[64];
    unsigned bits = 0, word = 0;
    size_t count;

    fihi_analyzer_begin_in(a, (const uint8_t *)query, whole.len,
                           &(struct surroundings){.near = whole, .whole = {whole, {NULL, 0}}, .is_query = true});
    while (fihi_analyzer_next(a, t, 64, &count, NULL) == FIH_OK)
        for (size_t i = 0; i < count; i++) {
            word += i > 0 && !(t[i].flags & TOKEN_SAME_POSITION);
            bits |= t[i].flags & TOKEN_FORMULA ? 1u << word : 0;
        }
    return bits;
}

static void formulas_are_seen_in_queries(void)
{
    static const struct { const char *query; unsigned bits; } cases[] = {
        { "قال النبي صلى الله عليه وسلم", 0x3C },   { "صلى الله عليه وسلم", 0xF },      { "صَلَّى اللَّهُ عَلَيْهِ وَسَلَّمَ", 0xF },
        { "النبي ﷺ في المدينة", 0x1E },              { "عمر رضى الله عنه", 0xE },        { "قول الله عز وجل", 0xC },
        { "الله سبحانه وتعالى", 0x6 },               { "قوله تعالى", 0x2 },               { "صلى الله عليه وعلى آله وصحبه وسلم", 0x7F },
        { "صلى الله عليه وآله", 0xF },               { "صلى الإمام عليه", 0 },            { "صلاة الله عليه وسلم", 0 },
        { "رضي الله", 0 },                           { "عز الدين", 0 },                   { "جل الناس", 0 },
        { "رضي، الله عنه", 0 },                      { "السلام عليه", 0 },                { "عليه", 0 },
        { "متعالي", 0 },                             { "سبحانه", 0 },                     { "قال alayhi السلام", 0 },
    };
    struct analyzer *a;

    REQUIRE(fihi_analyzer_new(&a, "arabic", NULL) == FIH_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_INT_EQ(formula_words(a, cases[i].query), cases[i].bits, "%s", cases[i].query);
    fihi_analyzer_free(a);
}

/* Each is as the fold gives it, and found as a whole, whatever stands beside it. */
static void each_formula_is_found(void)
{
    struct analyzer *a;
    char text[128];
    const char *f;

    REQUIRE(fihi_analyzer_new(&a, "arabic", NULL) == FIH_OK);
    for (size_t i = 0; (f = fihi_formula_at(i)); i++) {
        unsigned words = 1;

        for (const char *s = f; (s = strchr(s, ' ')); s++)
            words++;
        snprintf(text, sizeof text, "محمد %s بيت", f);
        CHECK_INT_EQ(formula_words(a, text), ((1u << words) - 1) << 1, "%s", f);
    }
    fihi_analyzer_free(a);
}

/* What an analyzer says of itself must change when its terms do. If this test fails because terms are meant
 * to change: raise CHAIN_VERSION in chain.h and take the new number here. */
static void terms_change_only_with_the_chain_version(void)
{
    struct analyzer *a;
    uint64_t h = 1469598103934665603u;

    REQUIRE(fihi_analyzer_new(&a, "arabic", NULL) == FIH_OK);
    for (size_t i = 0; i < sizeof meet / sizeof *meet; i++)
        for (const char *p = terms_of(a, meet[i].text); *p; p++)
            h = (h ^ (uint8_t)*p) * 1099511628211u;
    CHECK(strstr(fihi_analyzer_text(a), "tables=24/"));
    CHECK(h == UINT64_C(0xf59749346bfd0208), "it is now 0x%016llx", (unsigned long long)h);
    fihi_analyzer_free(a);
}

int main(void)
{
    RUN(spellings_and_forms_of_a_word_meet);
    RUN(different_words_stay_apart);
    RUN(terms_are_as_documented);
    RUN(torn_words_are_read_as_their_writer_means_them);
    RUN(what_is_part_of_a_name_counts_in_a_query);
    RUN(formulas_are_seen_in_queries);
    RUN(each_formula_is_found);
    RUN(tokens_come_in_order_and_point_at_their_words);
    RUN(a_surface_word_is_exactly_its_bytes);
    RUN(a_reason_ends_in_the_term);
    RUN(weak_and_doubled_roots_are_one);
    RUN(a_reason_names_the_steps);
    RUN(the_class_table_is_icus_word_break_property);
    RUN(words_end_where_icu_ends_them);
    RUN(words_end_elsewhere_only_as_documented);
    RUN(ill_formed_bytes_separate_words);
    RUN(any_bytes_are_split_within_their_bounds);
    RUN(a_word_of_megabytes_is_one_token_and_little_memory);
    RUN(long_words_are_cut_at_a_character);
    RUN(names_are_those_documented);
    RUN(a_reset_gives_memory_back_and_numbers_anew);
    RUN(numbers_stay_while_the_tables_grow);
    RUN(letters_are_no_initials_and_no_spaces);
    RUN(lists_are_sorted_and_in_normal_form);
    RUN(terms_change_only_with_the_chain_version);
    return DONE();
}
