/* test_date.c - what is a date, and which days. */
#include "text/date.h"

#include <time.h>

#include "tap.h"
#include "base/utf8.h"
#include "text/calendar.h"
#include "text/date_part.h"

static int32_t first, last;

static int read_as(const char *s, unsigned flags)
{
    return fihi_date_parse(&first, &last, (fih_str){s, strlen(s)}, flags, NULL);
}

static int32_t utc(int y, int m, int d)
{
    struct tm t = {.tm_year = y - 1900, .tm_mon = m - 1, .tm_mday = d};

    return (int32_t)(timegm(&t) / 86400);
}

static const char *text_of(int32_t day)
{
    static char out[2][32];
    static int which;
    int32_t y;
    unsigned m, d;

    fihi_calendar_civil(day, &y, &m, &d);
    which = !which;
    snprintf(out[which], sizeof out[which], "%04d-%02u-%02u", (int)y, m, d);
    return out[which];
}

struct row {
    const char *text, *first, *last;           /* NULL: no date; last NULL: one day */
};

static void check_rows(const struct row *rows, size_t n, unsigned flags)
{
    for (size_t i = 0; i < n; i++) {
        const struct row *r = &rows[i];
        const size_t len = strlen(r->text);
        char *flush = guard_alloc(len);

        memcpy(flush, r->text, len);
        const int rc = fihi_date_parse(&first, &last, (fih_str){flush, len}, flags, NULL);
        guard_free(flush, len);
        if (!CHECK_INT_EQ(rc, r->first ? FIH_OK : FIH_E_NOTFOUND, "'%s'", r->text) || rc != FIH_OK)
            continue;
        CHECK_STR_EQ(text_of(first), r->first, "'%s'", r->text);
        CHECK_STR_EQ(text_of(last), r->last ? r->last : r->first, "'%s'", r->text);
    }
}
#define CHECK_ROWS(rows, flags) check_rows(rows, sizeof rows / sizeof *rows, flags)

/* Dates as documents have them: anything may stand around. 1 Muharram 1445 was 19 July 2023, 1 Safar 1442 18 September
 * 2020, 1 Ramadan 1446 1 March 2025, in the calendar of Umm al-Qura; 1 Farvardin 1399 was 20 March 2020. */
static const struct row documents[] = {
    /* numbers, the year first */
    {"1970-01-01", "1970-01-01", NULL},
    {"2015-03-12", "2015-03-12", NULL},
    {"2015/3/2", "2015-03-02", NULL},
    {"2015.03.02", "2015-03-02", NULL},
    {"2015", "2015-01-01", "2015-12-31"},
    {"2016-02", "2016-02-01", "2016-02-29"},
    {"2015-07", "2015-07-01", "2015-07-31"},
    {"1900-02", "1900-02-01", "1900-02-28"},
    {"٢٠١٥-٠٣-١٢", "2015-03-12", NULL},
    {"۲۰۱۵/۳/۱۲", "2015-03-12", NULL},
    {"0001-01-01", "0001-01-01", NULL},
    {"9999-12-31", "9999-12-31", NULL},
    {"2015-03-12T10:00:00Z", "2015-03-12", NULL},
    {"2015-03-12T23:59:59.999+03:00", "2015-03-12", NULL},
    {"2015-03-12 10:00:00 UTC", "2015-03-12", NULL},
    {"2015-03-12 الخميس", "2015-03-12", NULL},
    {"2015-03-12-10-20-30", "2015-03-12", NULL},
    {"2015-03-12/2015-03-14", "2015-03-12", NULL},
    {"2015-", "2015-01-01", "2015-12-31"},
    {"2015 وما بعدها", "2015-01-01", "2015-12-31"},
    {"عام 2015", "2015-01-01", "2015-12-31"},
    {" 2015", "2015-01-01", "2015-12-31"},
    {"\xEF\xBB\xBF" "2015-03-12", "2015-03-12", NULL},
    {"\xE2\x80\x8F" "2015-03-12", "2015-03-12", NULL},
    {"\xC2\xA0" "2015-03-12\n", "2015-03-12", NULL},
    {"20150312", "2015-03-12", NULL},
    {"20150312T101500Z", "2015-03-12", NULL},
    {"20150312101500", "2015-03-12", NULL},
    {"2015 / 03 / 12", "2015-03-12", NULL},
    {"2015–03–12", "2015-03-12", NULL},
    {"2020年10月7日", "2020-10-07", NULL},
    {"2020년 10월 7일", "2020-10-07", NULL},
    /* the year last: the day is first where nothing tells */
    {"12/03/2015", "2015-03-12", NULL},
    {"25/12/2015", "2015-12-25", NULL},
    {"12/25/2015", "2015-12-25", NULL},
    {"7.10.2020", "2020-10-07", NULL},
    {"7. 10. 2020", "2020-10-07", NULL},
    {"07-10-2020 12:09", "2020-10-07", NULL},
    {"12:09 07/10/2020", "2020-10-07", NULL},
    {"٠٧/١٠/٢٠٢٠", "2020-10-07", NULL},
    {"٧\xE2\x80\x8F/١٠\xE2\x80\x8F/٢٠٢٠", "2020-10-07", NULL},
    {"Wednesday 10/07/2020", "2020-10-07", NULL},
    {"الأربعاء 7/10/2020", "2020-10-07", NULL},
    {"Friday, 07/10/2020", "2020-07-10", NULL},
    {"07/10/2020 mercredi", "2020-10-07", NULL},
    {"10/2020", "2020-10-01", "2020-10-31"},
    /* months by name, in Arabic */
    {"7 أكتوبر 2020", "2020-10-07", NULL},
    {"٧ أكتوبر ٢٠٢٠", "2020-10-07", NULL},
    {"الأربعاء، 07 أكتوبر 2020 - 12:09 م", "2020-10-07", NULL},
    {"الأربعاء 7 تشرين الأول 2020", "2020-10-07", NULL},
    {"7 تشرين الأول/أكتوبر 2020", "2020-10-07", NULL},
    {"7 أكتوبر/تشرين الأول 2020", "2020-10-07", NULL},
    {"7 أكتوبر (تشرين الأول) 2020", "2020-10-07", NULL},
    {"15 كانون الثاني/يناير 2019", "2019-01-15", NULL},
    {"15 كانون 2 2019", "2019-01-15", NULL},
    {"15 كانون 1 2019", "2019-12-15", NULL},
    {"15 تشرين 1 2019", "2019-10-15", NULL},
    {"3 تشرين 2، 2019", "2019-11-03", NULL},
    {"15 ك2 2019", "2019-01-15", NULL},
    {"15 ت2 2019", "2019-11-15", NULL},
    {"تشرين الثاني 2019", "2019-11-01", "2019-11-30"},
    {"15 شباط 2019", "2019-02-15", NULL},
    {"2 آذار 2019", "2019-03-02", NULL},
    {"1 أيّار 2019", "2019-05-01", NULL},
    {"9 أوت 2020", "2020-08-09", NULL},
    {"9 غشت 2020", "2020-08-09", NULL},
    {"5 جويلية 2012", "2012-07-05", NULL},
    {"14 جانفي 2011", "2011-01-14", NULL},
    {"20 فيفري 2011", "2011-02-20", NULL},
    {"1 دجنبر 2018", "2018-12-01", NULL},
    {"7 من أكتوبر عام 2020", "2020-10-07", NULL},
    {"أكتوبر 7, 2020", "2020-10-07", NULL},
    {"أكتوبر 2020", "2020-10-01", "2020-10-31"},
    {"2020 أكتوبر 7", "2020-10-07", NULL},
    {"7-أكتوبر-2020", "2020-10-07", NULL},
    {"نشر بتاريخ 7 أكتوبر 2020", "2020-10-07", NULL},
    {"نُشر في: الأربعاء 7 أكتوبر 2020 الساعة 10:30", "2020-10-07", NULL},
    {"آخر تحديث: ٧ أكتوبر ٢٠٢٠ م", "2020-10-07", NULL},
    {"10:30 ص - 7 أكتوبر 2020", "2020-10-07", NULL},
    /* English, French and others */
    {"October 7, 2020", "2020-10-07", NULL},
    {"Oct. 7, 2020", "2020-10-07", NULL},
    {"OCT 7TH 2020", "2020-10-07", NULL},
    {"Wednesday, October 7, 2020", "2020-10-07", NULL},
    {"the 7th of October 2020", "2020-10-07", NULL},
    {"7 Oct 2020", "2020-10-07", NULL},
    {"07-Oct-2020", "2020-10-07", NULL},
    {"Published: October 7, 2020 10:30 am EDT", "2020-10-07", NULL},
    {"Updated on 7 October 2020 by the desk", "2020-10-07", NULL},
    {"2020-Oct-07", "2020-10-07", NULL},
    {"Sept. 3, 2019", "2019-09-03", NULL},
    {"May 2019", "2019-05-01", "2019-05-31"},
    {"mercredi 7 octobre 2020", "2020-10-07", NULL},
    {"Publié le 1er août 2020 à 10h30", "2020-08-01", NULL},
    {"17 Février 2011", "2011-02-17", NULL},
    {"3 déc. 2018", "2018-12-03", NULL},
    {"7. Oktober 2020", "2020-10-07", NULL},
    {"Mittwoch, 7. März 2018", "2018-03-07", NULL},
    {"7 de octubre de 2020", "2020-10-07", NULL},
    {"7 października 2020", NULL, NULL},       /* ź and more are not folded: no date is better than half a word */
    {"7 Ekim 2020", "2020-10-07", NULL},
    {"7 октября 2020 г.", "2020-10-07", NULL},
    /* mail and clocks */
    {"Wed, 07 Oct 2020 12:09:30 +0300", "2020-10-07", NULL},
    {"Wed, 07 Oct 20 12:09:30 GMT", "2020-10-07", NULL},
    {"Wednesday, 07-Oct-98 12:09:30 GMT", "1998-10-07", NULL},
    {"Wed Oct  7 12:09:30 2020", "2020-10-07", NULL},
    {"Wed Oct 07 12:09:30 +0000 2020", "2020-10-07", NULL},
    {"Wed Oct  7 12:09:30 UTC 2020", "2020-10-07", NULL},
    {"Wed Oct 07 12:09:30 GMT+02:00 2020", "2020-10-07", NULL},
    {"Wed Oct 07 2020 12:09:30 GMT+0200", "2020-10-07", NULL},
    /* the Islamic calendar */
    {"1442-02-18", "2020-10-05", NULL},
    {"1442/2/18", "2020-10-05", NULL},
    {"18/2/1442", "2020-10-05", NULL},
    {"18-02-1442هـ", "2020-10-05", NULL},
    {"١٨ صفر ١٤٤٢", "2020-10-05", NULL},
    {"الإثنين 18 صفر 1442 هـ", "2020-10-05", NULL},
    {"1446", "2024-07-07", "2025-06-25"},
    {"1446-09", "2025-03-01", "2025-03-29"},
    {"رمضان 1446", "2025-03-01", "2025-03-29"},
    {"الخميس 10/1/1440 هـ", "2018-09-20", NULL},
    {"الخميس 1/10/1440 هـ", "2018-09-20", NULL},     /* the month first: the first of the tenth was a Tuesday */
    {"الثلاثاء 1/10/1440 هـ", "2019-06-04", NULL},
    {"1 ذو الحجة 1445", "2024-06-07", NULL},
    {"1 ذي الحجة 1445هـ", "2024-06-07", NULL},
    {"18 صفر 1442 هـ الموافق 5 أكتوبر 2020 م", "2020-10-05", NULL},
    {"17 صفر 1442 هـ - 5 أكتوبر 2020", "2020-10-05", NULL},
    {"5 أكتوبر 2020 الموافق 18 صفر 1442", "2020-10-05", NULL},
    {"1399-02-21 هـ", "1979-01-20", NULL},
    {"١٣٩٩/٠٢/٢١", "1979-01-20", NULL},
    {"987م", "0987-01-01", "0987-12-31"},
    {"1442م", "1442-01-01", "1442-12-31"},
    {"7 أكتوبر 1442", "1442-10-07", NULL},
    /* Iran's */
    {"الخميس 5/4/1399", "2020-06-25", NULL},         /* an Islamic date was no Thursday, in either order */
    {"السبت 5/4/1399", "2020-07-25", NULL},          /* nor a Saturday, nor was Iran's fifth of the fourth */
    {"۱۳۹۹/۰۲/۲۱ - ۱۸:۵۹", "2020-05-10", NULL},
    {"۲۱ اردیبهشت ۱۳۹۹", "2020-05-10", NULL},
    {"21 ارديبهشت 1399", "2020-05-10", NULL},
    {"یکشنبه ۲۱ اردیبهشت ۱۳۹۹", "2020-05-10", NULL},
    {"1399/02/21 ه.ش", "2020-05-10", NULL},
    {"1399/02/21 هجری شمسی", "2020-05-10", NULL},
    {"1399/02/21 - 2020/05/10", "2020-05-10", NULL},
    {"Sunday 1399/02/21", "2020-05-10", NULL},
    {"1399/02/21", NULL, NULL},
    {"1399", NULL, NULL},
    {"1405-01-31", NULL, NULL},
    /* no dates */
    {"", NULL, NULL},
    {"x", NULL, NULL},
    {"215", NULL, NULL},
    {"2015-123", NULL, NULL},
    {"2015-13", NULL, NULL},
    {"2015-00-01", NULL, NULL},
    {"2015-02-29", NULL, NULL},
    {"2016-02-30", NULL, NULL},
    {"2015-04-31", NULL, NULL},
    {"2015-01-32", NULL, NULL},
    {"2015-01-00", NULL, NULL},
    {"0000-01-01", NULL, NULL},
    {"13/13/2015", NULL, NULL},
    {"31/4/2015", NULL, NULL},
    {"2015-03-123", NULL, NULL},
    {"10.2.2015.4", NULL, NULL},
    {"192.168.2015.1", NULL, NULL},
    {"2015-2016", NULL, NULL},
    {"أمس", NULL, NULL},
    {"الثلاثاء", NULL, NULL},
    {"7 أكتوبر", NULL, NULL},
    {"32 أكتوبر 2020", "2020-10-01", "2020-10-31"},
    {"رمضان 1446م", NULL, NULL},
    {"رمضان 2020", NULL, NULL},
    {"15 مهر 2020", NULL, NULL},
    {"1446-09-30", NULL, NULL},                /* that month had 29 days */
    {"31 صفر 1442", NULL, NULL},
    {"123456789012345678901234567890", NULL, NULL},
    {"20151399", NULL, NULL},
    {"\xFF\xFE", NULL, NULL},
    {"٢٠١", NULL, NULL},
    {"07.10.20", NULL, NULL},
    {"نتيجة 4/2015", NULL, NULL},
};

static void documents_have_many_dates(void)
{
    CHECK_ROWS(documents, 0);
}

/* The text with `c` in place of each |. */
static void with_character(uint32_t c, const char *text, const char *want)
{
    uint8_t bytes[4], out[400];
    const size_t n = fihi_utf8_put(bytes, c);
    size_t at = 0;
    char day[FIH_DATE_BYTES] = "none";

    for (const char *s = text; *s; s++)
        if (*s == '|')
            memcpy(out + at, bytes, n), at += n;
        else
            out[at++] = (uint8_t)*s;
    out[at] = '\0';
    if (read_as((const char *)out, 0) == FIH_OK)
        fih_date_text(day, first, NULL);
    CHECK_STR_EQ(day, want, "U+%04X in '%s'", (unsigned)c, text);
}

static void every_blank_and_every_hidden_mark_may_stand_in_a_date(void)
{
    static const uint32_t blanks[][2] = {
        {0x9, 0xD}, {0x20, 0x20}, {0x7F, 0x7F}, {0xA0, 0xA0}, {0x1680, 0x1680}, {0x2000, 0x200A}, {0x2028, 0x2029},
        {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}};
    static const uint32_t hidden[][2] = {
        {0xAD, 0xAD}, {0x300, 0x36F}, {0x61C, 0x61C}, {0x640, 0x640}, {0x64B, 0x65F}, {0x670, 0x670}, {0x200B, 0x200F},
        {0x202A, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}};

    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++)
        for (uint32_t c = blanks[i][0]; c <= blanks[i][1]; c++) {
            with_character(c, "نشر |7|أكتوبر|2020|", "2020-10-07");
            with_character(c, "2|020-10-07", "none");
        }
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        for (uint32_t c = hidden[i][0]; c <= hidden[i][1]; c++) {
            with_character(c, "|7|/|10|/|2020|", "2020-10-07");
            with_character(c, "7 أك|تو|بر 20|20", "2020-10-07");
        }
}

static void signs_of_many_scripts_are_no_letters(void)
{
    static const uint32_t dashes[] = {'-', '/', '.', 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212};
    static const uint32_t commas[] = {',', 0x60C, 0x3001, 0xFF0C};
    static const uint32_t signs[] = {0xA1, 0xAB, 0xB7, 0xBB, 0xBF, 0x2018, 0x201C, 0x2022, 0x2026, 0x61B, 0x61F, 0x66A,
                                     0x6D4, 0x2116, 0x2190, 0x25CF, 0x2BFF};
    static const uint32_t letters[] = {0xAA, 0xB5, 0xBA, 0xC0, 0x4E2D};

    for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++) {
        with_character(dashes[i], "2020|10|07", "2020-10-07");
        with_character(dashes[i], "07|10|2020", "2020-10-07");
    }
    for (size_t i = 0; i < sizeof commas / sizeof *commas; i++)
        with_character(commas[i], "الأربعاء| 7 أكتوبر| 2020", "2020-10-07");
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        with_character(signs[i], "كتب|7 أكتوبر 2020|", "2020-10-07");
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        with_character(letters[i], "7 أكتوبر| 2020", "none");
}

static void names_are_read_in_any_case_and_spelling(void)
{
    static const struct row rows[] = {
        {"2020年10月7日", "2020-10-07", NULL},
        {"2020년 10월 7일", "2020-10-07", NULL},
        {"7 ОКТЯБРЯ 2020", "2020-10-07", NULL},
        {"7 OCTOBRE 2020", "2020-10-07", NULL},
        {"17 FÉVRIER 2011", "2011-02-17", NULL},
        {"15 ŞUBAT 2020", "2020-02-15", NULL},
        {"15 şubat 2020", "2020-02-15", NULL},
        {"7 Kasım 2020", "2020-11-07", NULL},
        {"7 HAZİRAN 2020", "2020-06-07", NULL},
        {"7 AĞUSTOS 2020", "2020-08-07", NULL},
        {"7 ağustos 2020", "2020-08-07", NULL},
        {"7 ٱكتوبر 2020", "2020-10-07", NULL},
        {"3 کانون الثانی 2020", "2020-01-03", NULL},
        {"1 ذو الحجہ 1445", "2024-06-07", NULL},
        {"7 أكتوبرأكتوبرأكتوبرأكتوبرأكتوبرأكتوبر 2020", NULL, NULL},
        {"بعد 123456789012 يوم 7 أكتوبر 2020", "2020-10-07", NULL},
        {"7 أكتوبر 2020 12:09:30.123456", "2020-10-07", NULL},
        {"12:09:30.5 7 أكتوبر 2020", "2020-10-07", NULL},
        {"2020-10-07T12:09:30.123+03:00", "2020-10-07", NULL},
        {"1399 م", "1399-01-01", "1399-12-31"},
    };

    CHECK_ROWS(rows, 0);
}

/* Nothing may stand around. */
static void a_whole_text_is_a_date_or_none(void)
{
    static const struct row rows[] = {
        {"2015", "2015-01-01", "2015-12-31"},
        {"3 2015", "2015-03-01", "2015-03-31"},
        {"2015_3_12", "2015-03-12", NULL},
        {"20150312", "2015-03-12", NULL},
        {"الأربعاء، 07 أكتوبر 2020", "2020-10-07", NULL},
        {"1399/02/21", "1979-01-20", NULL},
        {"1399", "1978-12-01", "1979-11-20"},
        {"۱۳۹۹", "2020-03-20", "2021-03-20"},
        {"400هـ", "1009-08-31", "1010-08-20"},
        {"987م", "0987-01-01", "0987-12-31"},
        {"12/25/2015", "2015-12-25", NULL},
        {"2015-03-12T10:00:00Z", NULL, NULL},
        {"نشر في 7 أكتوبر 2020", NULL, NULL},
        {"7 أكتوبر 2020 12", NULL, NULL},
        {"1-2-3-2015", NULL, NULL},
        {"يناير فبراير 2015", NULL, NULL},
        {"3 يناير 4 2015", NULL, NULL},
        {"9700هـ", NULL, NULL},
        {"12", NULL, NULL},
        {"2015\xff", NULL, NULL},
    };

    CHECK_ROWS(rows, FIH_DATE_WHOLE);
}

static void the_month_may_be_first(void)
{
    static const struct row rows[] = {
        {"03/04/2015", "2015-03-04", NULL},
        {"13/04/2015", "2015-04-13", NULL},
        {"Wednesday 07/10/2020", "2020-10-07", NULL},
        {"2015-03-04", "2015-03-04", NULL},
    };

    CHECK_ROWS(rows, FIH_DATE_MONTH_FIRST);
}

static void every_day_of_four_centuries_follows_the_one_before(void)
{
    CHECK_INT_EQ(read_as("1799-12-31", 0), FIH_OK);
    int32_t before = first;

    for (int y = 1800; y < 2200; y++)
        for (int m = 1; m <= 12; m++)
            for (int d = 1; d <= 31; d++) {
                char text[48];

                snprintf(text, sizeof text, "%d-%02d-%02d", y, m, d);
                if (read_as(text, 0) != FIH_OK) {
                    CHECK(d > 28, "%s", text);
                    continue;
                }
                CHECK_INT_EQ(first, before + 1, "%s", text);
                CHECK_INT_EQ(last, first, "%s", text);
                CHECK_INT_EQ(first, utc(y, m, d), "%s", text);
                before = first;
            }
}

static void every_name_of_a_month_is_read(void)
{
    const struct date_word *w;
    char text[96];
    int32_t want;

    for (size_t i = 0; (w = fihi_date_word_at(i)); i++) {
        struct date_token t[DATE_TOKENS];

        CHECK_INT_EQ(fihi_date_tokens(t, (fih_str){w->name, strlen(w->name)}, NULL), 1, "%s", w->name);
        CHECK_STR_EQ(t[0].word, w->name);
        CHECK(fihi_date_word(w->name) == w, "%s stands twice", w->name);
        if (w->kind > DATE_WORD_PERSIAN)
            continue;
        const enum calendar calendar = w->kind == DATE_WORD_MONTH     ? CALENDAR_GREGORIAN
                                       : w->kind == DATE_WORD_ISLAMIC ? CALENDAR_ISLAMIC
                                                                      : CALENDAR_PERSIAN;
        const int year = calendar == CALENDAR_GREGORIAN ? 2019 : 1398;
        snprintf(text, sizeof text, "12 %s %d", w->name, year);
        CHECK_INT_EQ(fihi_calendar_day(&want, calendar, year, w->value, 12, 0, NULL), FIH_OK);
        CHECK_INT_EQ(read_as(text, FIH_DATE_WHOLE), FIH_OK, "%s", text);
        CHECK_INT_EQ(first, want, "%s", text);
    }
}

static void a_long_text_is_read_as_far_as_a_date_may_stand(void)
{
    static char text[1 << 16];

    memset(text, 'x', sizeof text - 1);
    CHECK_INT_EQ(read_as(text, 0), FIH_E_NOTFOUND);
    for (size_t i = 0; i + 2 < sizeof text; i += 2)
        memcpy(text + i, "1 ", 2);
    CHECK_INT_EQ(read_as(text, 0), FIH_E_NOTFOUND);
    memcpy(text, "2015-03-12 ", 11);
    CHECK_INT_EQ(read_as(text, 0), FIH_OK);
    CHECK_INT_EQ(read_as(text, FIH_DATE_WHOLE), FIH_E_NOTFOUND);
}

int main(void)
{
    RUN(documents_have_many_dates);
    RUN(every_blank_and_every_hidden_mark_may_stand_in_a_date);
    RUN(signs_of_many_scripts_are_no_letters);
    RUN(names_are_read_in_any_case_and_spelling);
    RUN(a_whole_text_is_a_date_or_none);
    RUN(the_month_may_be_first);
    RUN(every_day_of_four_centuries_follows_the_one_before);
    RUN(every_name_of_a_month_is_read);
    RUN(a_long_text_is_read_as_far_as_a_date_may_stand);
    return DONE();
}
