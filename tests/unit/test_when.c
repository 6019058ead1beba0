/* test_when.c - spans of days as people write them. */
#include "search/when.h"

#include "tap.h"
#include "text/date.h"

static int32_t from, to;

static int32_t day(const char *s)
{
    int32_t first = 0, last;

    CHECK_INT_EQ(fihi_date_parse(&first, &last, (fih_str){s, strlen(s)}, 0, NULL), FIH_OK, "%s", s);
    return first;
}

/* Wednesday, 7 October 2020. */
static int when(const char *s)
{
    return fihi_when_parse((fih_str){s, strlen(s)}, day("2020-10-07"), &from, &to, NULL);
}

/* Is it the days from `first` to `last`? */
static void is(const char *text, const char *first, const char *last)
{
    CHECK_INT_EQ(when(text), FIH_OK, "%s", text);
    CHECK_INT_EQ(from, *first ? day(first) : INT32_MIN + 1, "%s begins", text);
    CHECK_INT_EQ(to, *last ? day(last) : INT32_MAX, "%s ends", text);
}

static void numbers_are_read(void)
{
    is("2015", "2015-01-01", "2015-12-31");
    is("2016-02", "2016-02-01", "2016-02-29");
    is("2015/3/2", "2015-03-02", "2015-03-02");
    is("2/3/2015", "2015-03-02", "2015-03-02");
    is("3.2015", "2015-03-01", "2015-03-31");
    is("٢٠١٥-٠٣", "2015-03-01", "2015-03-31");
    is("۱۵/۳/۲۰۱۵", "2015-03-15", "2015-03-15");
    is("987م", "0987-01-01", "0987-12-31");
}

static void months_have_many_names(void)
{
    static const char *const january[] = {"كانون الثاني 2015", "كانون ثاني 2015", "يناير 2015",   "يناير-2015",
                                          "2015 جانفي",        "janvier 2015",    "January 2015", "شهر يناير 2015",
                                          "ينايـر ٢٠١٥م",      "2015_يناير"};

    for (size_t i = 0; i < sizeof january / sizeof *january; i++)
        is(january[i], "2015-01-01", "2015-01-31");
    is("تشرين الأول 2019", "2019-10-01", "2019-10-31");
    is("كانون الأول 2019", "2019-12-01", "2019-12-31");
    is("15 أوت 2020", "2020-08-15", "2020-08-15");
    is("غشت 2020", "2020-08-01", "2020-08-31");
    is("17 Février 2011", "2011-02-17", "2011-02-17");
    is("août 2011", "2011-08-01", "2011-08-31");
    CHECK_INT_EQ(when("رمضان"), FIH_E_QUERY);
    CHECK_INT_EQ(when("برتقال 2015"), FIH_E_QUERY);
}

/* 1 Muharram 1445 was 19 July 2023, 1 Ramadan 1446 1 March 2025, 1 Shawwal 30 March, as the Umm al-Qura calendar has
 * them. */
static void hijri_years_are_read(void)
{
    is("1446-09", "2025-03-01", "2025-03-29");
    is("رمضان 1446", "2025-03-01", "2025-03-29");
    is("1 رمضان ١٤٤٦ هـ", "2025-03-01", "2025-03-01");
    is("1445", "2023-07-19", "2024-07-06");
    is("1446/9/29", "2025-03-29", "2025-03-29");
    is("ذو الحجة 1445..محرم 1446", "2024-06-07", "2024-08-04");
    CHECK_INT_EQ(when("1446-09-30"), FIH_E_QUERY);     /* that month had 29 days */
    CHECK_INT_EQ(when("رمضان 1446م"), FIH_E_QUERY);
    CHECK_INT_EQ(when("400هـ"), FIH_OK);
    CHECK(from > day("1009-08-20") && from < day("1009-09-10"));
}

static void spans_may_be_open(void)
{
    is("2015-03..2015-06", "2015-03-01", "2015-06-30");
    is("2015..", "2015-01-01", "");
    is("..2015", "", "2015-12-31");
    is(">2024", "2025-01-01", "");
    is(">=2024", "2024-01-01", "");
    is("<2024-02", "", "2024-01-31");
    is("<=2024-02", "", "2024-02-29");
    is("مارس 2015..حزيران 2015", "2015-03-01", "2015-06-30");
}

static void days_are_counted_from_today(void)
{
    static const char *const yesterday[] = {"أمس", "امس", "الأمس", "البارحة", "yesterday", "Yesterday", "hier",
                                            "قبل يوم", "1 day ago", "il y a 1 jour", "منذ يوم"};
    static const char *const week[] = {"آخر 7 أيام", "اخر ٧ أيام", "آخر سبعة أيام", "آخر_7_أيام", "last 7 days",
                                       "last-7-days", "past week", "the last seven days", "les 7 derniers jours",
                                       "الأيام السبعة الماضية", "الـ 7 أيام الماضية", "خلال آخر أسبوع"};

    for (size_t i = 0; i < sizeof yesterday / sizeof *yesterday; i++)
        is(yesterday[i], "2020-10-06", "2020-10-06");
    for (size_t i = 0; i < sizeof week / sizeof *week; i++)
        is(week[i], "2020-10-01", "2020-10-07");
    is("اليوم", "2020-10-07", "2020-10-07");
    is("today", "2020-10-07", "2020-10-07");
    is("aujourd'hui", "2020-10-07", "2020-10-07");
    is("aujourd’hui", "2020-10-07", "2020-10-07");
    is("هذا اليوم", "2020-10-07", "2020-10-07");
    is("أول أمس", "2020-10-05", "2020-10-05");
    is("أول من أمس", "2020-10-05", "2020-10-05");
    is("قبل يومين", "2020-10-05", "2020-10-05");
    is("avant-hier", "2020-10-05", "2020-10-05");
    is("the day before yesterday", "2020-10-05", "2020-10-05");
    is("غدا", "2020-10-08", "2020-10-08");
    is("الأسبوع الماضي", "2020-09-30", "2020-10-06");
    is("last week", "2020-09-30", "2020-10-06");
    is("la semaine dernière", "2020-09-30", "2020-10-06");
    is("هذا الأسبوع", "2020-10-01", "2020-10-07");
    is("آخر أسبوعين", "2020-09-24", "2020-10-07");
    is("الشهر الماضي", "2020-09-01", "2020-09-30");
    is("last month", "2020-09-01", "2020-09-30");
    is("le mois dernier", "2020-09-01", "2020-09-30");
    is("هذا الشهر", "2020-10-01", "2020-10-31");
    is("آخر 3 أشهر", "2020-07-08", "2020-10-07");
    is("past month", "2020-09-08", "2020-10-07");
    is("العام الماضي", "2019-01-01", "2019-12-31");
    is("السنة الماضية", "2019-01-01", "2019-12-31");
    is("last year", "2019-01-01", "2019-12-31");
    is("this year", "2020-01-01", "2020-12-31");
    is("cette année", "2020-01-01", "2020-12-31");
    is("2 weeks ago", "2020-09-23", "2020-09-23");
    is("last 24 hours", "2020-10-06", "2020-10-07");
    is("3 hours ago", "2020-10-07", "2020-10-07");
    is("منذ 30 ساعة", "2020-10-06", "2020-10-06");
    is("خلال الأيام الثلاثة الماضية", "2020-10-05", "2020-10-07");
    is("last two months", "2020-08-08", "2020-10-07");
    is("this week", "2020-10-01", "2020-10-07");
    is("العام الحالي", "2020-01-01", "2020-12-31");
    is(" ..2015", "", "2015-12-31");
    is("2015..  ", "2015-01-01", "");
    is(">=أمس", "2020-10-06", "");
    is("أمس..", "2020-10-06", "");
    is("<اليوم", "", "2020-10-06");
    is("2020-09..yesterday", "2020-09-01", "2020-10-06");
    CHECK_INT_EQ(fihi_when_parse((fih_str){"1 month ago", 11}, day("2020-03-31"), &from, &to, NULL), FIH_OK);
    CHECK_INT_EQ(from, day("2020-02-29"));
}

static void nonsense_is_refused(void)
{
    static const char *const none[] = {"",
                                       " ",
                                       "..",
                                       ">",
                                       "12",
                                       "2015-13",
                                       "2015-02-30",
                                       "31/4/2015",
                                       "2015-2016",
                                       "1-2-3-2015",
                                       "2016..2015",
                                       "0",
                                       "0000",
                                       "2015-0-1",
                                       "99999",
                                       "a b c d e 2015",
                                       "2015\xff",
                                       "\xd9",
                                       "2015..x",
                                       "يناير فبراير 2015",
                                       "3 يناير 4 2015",
                                       "كانونكانونكانونكانونكانونكانونكانون 2015",
                                       "99999هـ",
                                       "9700هـ",
                                       "أمس أمس",
                                       "آخر",
                                       "last",
                                       "7 أيام أمس",
                                       "last 0 days",
                                       "last 99999 days",
                                       "last 9999 years",
                                       "الماضي",
                                       "قبل غدا",
                                       "اليوم..أمس",
                                       "day",
                                       "day before tomorrow",
                                       "this yesterday",
                                       "last yesterday",
                                       "before yesterday ago",
                                       "week yesterday",
                                       "3 days yesterday",
                                       "this hour",
                                       "this 3 weeks",
                                       "last this week",
                                       "3 يومين ago",
                                       "قبل يومين شهر",
                                       "two weeks 3 ago",
                                       "3 12:30 days ago",
                                       "3+ days ago",
                                       "12345 days ago",
                                       "0 days ago",
                                       "ago",
                                       "this",
                                       " .. ",
                                       "  ..",
                                       ">=",
                                       "<x",
                                       "x..2015"};

    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        CHECK_INT_EQ(when(none[i]), FIH_E_QUERY, "%s", none[i]);
}

int main(void)
{
    RUN(numbers_are_read);
    RUN(months_have_many_names);
    RUN(hijri_years_are_read);
    RUN(spans_may_be_open);
    RUN(days_are_counted_from_today);
    RUN(nonsense_is_refused);
    return DONE();
}
