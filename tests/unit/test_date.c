/* test_date.c - what is a date, and which day. */
#include "index/date.h"

#include <time.h>

#include "index/format.h"
#include "tap.h"

static int32_t day(const char *s, int at_end, int *exact)
{
    return fihi_date_parse((fih_str){s, strlen(s)}, at_end, exact);
}

static int32_t utc(int y, int m, int d)
{
    struct tm t = {.tm_year = y - 1900, .tm_mon = m - 1, .tm_mday = d};

    return (int32_t)(timegm(&t) / 86400);
}

static void years_months_and_days_are_read(void)
{
    CHECK_INT_EQ(day("1970-01-01", 0, NULL), 0);
    CHECK_INT_EQ(day("2015-03-12", 0, NULL), utc(2015, 3, 12));
    CHECK_INT_EQ(day("2015/3/2", 0, NULL), utc(2015, 3, 2));
    CHECK_INT_EQ(day("2015.03.02", 0, NULL), utc(2015, 3, 2));
    CHECK_INT_EQ(day("2015", 0, NULL), utc(2015, 1, 1));
    CHECK_INT_EQ(day("2015-07", 0, NULL), utc(2015, 7, 1));
    CHECK_INT_EQ(day("٢٠١٥-٠٣-١٢", 0, NULL), utc(2015, 3, 12));
    CHECK_INT_EQ(day("۲۰۱۵/۳/۱۲", 0, NULL), utc(2015, 3, 12));
    CHECK_INT_EQ(day("0001-01-01", 0, NULL), -719162);
    CHECK_INT_EQ(day("9999-12-31", 0, NULL), 2932896);
}

static void every_day_of_four_centuries_follows_the_one_before(void)
{
    int32_t last = day("1799-12-31", 0, NULL);

    for (int y = 1800; y < 2200; y++)
        for (int m = 1; m <= 12; m++)
            for (int d = 1; d <= 31; d++) {
                char text[48];
                int32_t got;

                snprintf(text, sizeof text, "%d-%02d-%02d", y, m, d);
                if ((got = day(text, 0, NULL)) == DATE_NONE) {
                    CHECK(d > 28, "%s", text);
                    continue;
                }
                CHECK_INT_EQ(got, last + 1, "%s", text);
                CHECK_INT_EQ(got, utc(y, m, d), "%s", text);
                last = got;
            }
}

static void the_end_of_a_year_or_month_is_its_last_day(void)
{
    CHECK_INT_EQ(day("2015", 1, NULL), utc(2015, 12, 31));
    CHECK_INT_EQ(day("2015-02", 1, NULL), utc(2015, 2, 28));
    CHECK_INT_EQ(day("2016-02", 1, NULL), utc(2016, 2, 29));
    CHECK_INT_EQ(day("1900-02", 1, NULL), utc(1900, 2, 28));
    CHECK_INT_EQ(day("2000-02", 1, NULL), utc(2000, 2, 29));
    CHECK_INT_EQ(day("2015-04-12", 1, NULL), utc(2015, 4, 12));
}

static void what_follows_a_date_is_passed_over_but_told(void)
{
    int exact = -1;

    CHECK_INT_EQ(day("2015-03-12", 0, &exact), utc(2015, 3, 12));
    CHECK_INT_EQ(exact, 1);
    CHECK_INT_EQ(day("2015-03-12T10:00:00Z", 0, &exact), utc(2015, 3, 12));
    CHECK_INT_EQ(exact, 0);
    CHECK_INT_EQ(day("2015-03-12 الخميس", 0, &exact), utc(2015, 3, 12));
    CHECK_INT_EQ(exact, 0);
    CHECK_INT_EQ(day("2015-", 0, &exact), utc(2015, 1, 1));
    CHECK_INT_EQ(exact, 0);
    CHECK_INT_EQ(day("2015", 0, &exact), utc(2015, 1, 1));
    CHECK_INT_EQ(exact, 1);
}

static void other_text_is_no_date(void)
{
    static const char *const none[] = {"",           "x",          "215",        "20150312",   "2015-123",
                                       "2015-13",    "2015-00-01", "2015-02-29", "2016-02-30", "2015-04-31",
                                       "2015-01-32", "2015-01-00", "0000-01-01", "12/03/2015", " 2015",
                                       "-2015",      "أمس",        "\xFF\xFE",   "٢٠١",        "2015-03-123"};

    for (unsigned i = 0; i < sizeof none / sizeof *none; i++) {
        const size_t n = strlen(none[i]);
        char *flush = guard_alloc(n);
        int exact = 1;

        memcpy(flush, none[i], n);
        CHECK_INT_EQ(fihi_date_parse((fih_str){flush, n}, 0, &exact), DATE_NONE, "'%s'", none[i]);
        CHECK_INT_EQ(exact, 0);
        guard_free(flush, n);
    }
}

int main(void)
{
    RUN(years_months_and_days_are_read);
    RUN(every_day_of_four_centuries_follows_the_one_before);
    RUN(the_end_of_a_year_or_month_is_its_last_day);
    RUN(what_follows_a_date_is_passed_over_but_told);
    RUN(other_text_is_no_date);
    return DONE();
}
