/* search/ago.c - words that count from today.
 *
 * No grammar but roles: each word has one, a time is a set of roles, in any order, and each at most once. So آخر 7
 * أيام, الأيام السبعة الأخيرة and the last 7 days are all {PAST or LAST, COUNT 7, UNIT day}, and a new language is
 * some rows of the table. A word that is not in the table makes it no time, so that names of days and titles are not
 * taken for one.
 *
 * From 2026-11-30: "last 7 days" is 24 to 30 November, "last month" is all of October, "3 months ago" is 30 August.
 * What is not clear in every country (when a week begins) is avoided.
 *
 * Only when.c asks, for what stands behind date: or the name of a field of days. Roles are collected by read_words(),
 * and days() then knows the few sets of them that mean something; every other set is no time. So "ago 3 days last" is
 * refused not by a rule against it but because no case of days() has it.
 *
 * Months and years are those of the Gregorian calendar, in which today is given. A Hijri month is asked for by its name
 * (text/date.h).
 */
#include "search/ago.h"

#include <stdbool.h>
#include <string.h>

#include "text/calendar.h"
#include "text/date_part.h"

/* Years of more than four digits are none; the arithmetic below stays far from overflow. 9,999 years are 120,000 months
 * or less than 4 million days, and the days of the years 1 to 9999 are within 4 million of 1970 as well: their sum is
 * far within 32 bits. */
enum { MANY = 9999 };          /* a larger count is none */

enum role {
    ROLE_DAY,                  /* value: days from today */
    ROLE_BEFORE,               /* one day more: أول أمس */
    ROLE_LAST,                 /* the one before this one; with a count: so many up to today */
    ROLE_PAST,                 /* so many up to today, one if no number says how many */
    ROLE_THIS,
    ROLE_AGO,
    ROLE_UNIT,                 /* value: enum unit */
    ROLE_TWO,                  /* the same, two of them: يومين */
    ROLE_COUNT,                /* value: how many */
    ROLE_FILLER
};

enum unit { UNIT_NONE, UNIT_HOUR, UNIT_DAY, UNIT_WEEK, UNIT_MONTH, UNIT_YEAR };

/* Folded as fihi_date_tokens() does. That is, أمس stands as امس, سنة as سنه and Année as annee. Each form has a row of
 * its own, instead of a stem and its endings: the forms are few, and a word that only looks like one of them must not
 * turn a title into a time. */
static const struct {
    const char *name;
    uint8_t     role;
    int8_t      value;
} words[] = {
    {"اليوم", ROLE_DAY, 0}, {"النهارده", ROLE_DAY, 0}, {"today", ROLE_DAY, 0}, {"hui", ROLE_DAY, 0},
    {"امس", ROLE_DAY, -1}, {"الامس", ROLE_DAY, -1}, {"البارحه", ROLE_DAY, -1}, {"امبارح", ROLE_DAY, -1},
    {"yesterday", ROLE_DAY, -1}, {"hier", ROLE_DAY, -1}, {"غدا", ROLE_DAY, 1}, {"الغد", ROLE_DAY, 1},
    {"tomorrow", ROLE_DAY, 1}, {"demain", ROLE_DAY, 1},
    {"اول", ROLE_BEFORE, 0}, {"before", ROLE_BEFORE, 0}, {"avant", ROLE_BEFORE, 0},
    /* Adjectives follow the noun in Arabic and French and precede it in English: sets do not mind. */
    {"الماضي", ROLE_LAST, 0}, {"الماضيه", ROLE_LAST, 0}, {"الفائت", ROLE_LAST, 0}, {"الفائته", ROLE_LAST, 0},
    {"المنصرم", ROLE_LAST, 0}, {"المنصرمه", ROLE_LAST, 0}, {"السابق", ROLE_LAST, 0}, {"السابقه", ROLE_LAST, 0},
    {"last", ROLE_LAST, 0}, {"previous", ROLE_LAST, 0}, {"dernier", ROLE_LAST, 0}, {"derniere", ROLE_LAST, 0},
    {"derniers", ROLE_LAST, 0}, {"dernieres", ROLE_LAST, 0}, {"passe", ROLE_LAST, 0}, {"passee", ROLE_LAST, 0},
    /* From 30 November, آخر أسبوع and خلال أسبوع are 24 to 30, but الأسبوع الماضي is 23 to 29: two roles. */
    {"اخر", ROLE_PAST, 0}, {"الاخير", ROLE_PAST, 0}, {"الاخيره", ROLE_PAST, 0}, {"خلال", ROLE_PAST, 0},
    {"past", ROLE_PAST, 0},
    {"هذا", ROLE_THIS, 0}, {"هذه", ROLE_THIS, 0}, {"الحالي", ROLE_THIS, 0}, {"الحاليه", ROLE_THIS, 0},
    {"الجاري", ROLE_THIS, 0}, {"الجاريه", ROLE_THIS, 0}, {"this", ROLE_THIS, 0}, {"current", ROLE_THIS, 0},
    {"ce", ROLE_THIS, 0}, {"cet", ROLE_THIS, 0}, {"cette", ROLE_THIS, 0},
    /* Of il y a, il is the role; y and a are fillers, as "a" of "a week ago" is. */
    {"قبل", ROLE_AGO, 0}, {"منذ", ROLE_AGO, 0}, {"ago", ROLE_AGO, 0}, {"il", ROLE_AGO, 0},
    {"ساعه", ROLE_UNIT, UNIT_HOUR}, {"ساعات", ROLE_UNIT, UNIT_HOUR}, {"hour", ROLE_UNIT, UNIT_HOUR},
    {"hours", ROLE_UNIT, UNIT_HOUR}, {"heure", ROLE_UNIT, UNIT_HOUR}, {"heures", ROLE_UNIT, UNIT_HOUR},
    {"يوم", ROLE_UNIT, UNIT_DAY}, {"ايام", ROLE_UNIT, UNIT_DAY}, {"الايام", ROLE_UNIT, UNIT_DAY},
    {"يوما", ROLE_UNIT, UNIT_DAY}, {"day", ROLE_UNIT, UNIT_DAY}, {"days", ROLE_UNIT, UNIT_DAY},
    {"jour", ROLE_UNIT, UNIT_DAY}, {"jours", ROLE_UNIT, UNIT_DAY},
    {"اسبوع", ROLE_UNIT, UNIT_WEEK}, {"اسابيع", ROLE_UNIT, UNIT_WEEK}, {"اسبوعا", ROLE_UNIT, UNIT_WEEK},
    {"الاسبوع", ROLE_UNIT, UNIT_WEEK}, {"الاسابيع", ROLE_UNIT, UNIT_WEEK}, {"week", ROLE_UNIT, UNIT_WEEK},
    {"weeks", ROLE_UNIT, UNIT_WEEK}, {"semaine", ROLE_UNIT, UNIT_WEEK}, {"semaines", ROLE_UNIT, UNIT_WEEK},
    {"شهر", ROLE_UNIT, UNIT_MONTH}, {"اشهر", ROLE_UNIT, UNIT_MONTH}, {"شهور", ROLE_UNIT, UNIT_MONTH},
    {"شهرا", ROLE_UNIT, UNIT_MONTH}, {"الشهر", ROLE_UNIT, UNIT_MONTH}, {"الاشهر", ROLE_UNIT, UNIT_MONTH},
    {"الشهور", ROLE_UNIT, UNIT_MONTH}, {"month", ROLE_UNIT, UNIT_MONTH}, {"months", ROLE_UNIT, UNIT_MONTH},
    {"mois", ROLE_UNIT, UNIT_MONTH},
    {"سنه", ROLE_UNIT, UNIT_YEAR}, {"سنوات", ROLE_UNIT, UNIT_YEAR}, {"سنين", ROLE_UNIT, UNIT_YEAR},
    {"السنه", ROLE_UNIT, UNIT_YEAR}, {"السنوات", ROLE_UNIT, UNIT_YEAR}, {"عام", ROLE_UNIT, UNIT_YEAR},
    {"عاما", ROLE_UNIT, UNIT_YEAR}, {"اعوام", ROLE_UNIT, UNIT_YEAR}, {"العام", ROLE_UNIT, UNIT_YEAR},
    {"الاعوام", ROLE_UNIT, UNIT_YEAR}, {"year", ROLE_UNIT, UNIT_YEAR}, {"years", ROLE_UNIT, UNIT_YEAR},
    {"an", ROLE_UNIT, UNIT_YEAR}, {"ans", ROLE_UNIT, UNIT_YEAR}, {"annee", ROLE_UNIT, UNIT_YEAR},
    {"annees", ROLE_UNIT, UNIT_YEAR},
    /* The Arabic dual says unit and number in one word, so no number can stand beside it. */
    {"ساعتين", ROLE_TWO, UNIT_HOUR}, {"يومين", ROLE_TWO, UNIT_DAY}, {"اليومين", ROLE_TWO, UNIT_DAY},
    {"اسبوعين", ROLE_TWO, UNIT_WEEK}, {"الاسبوعين", ROLE_TWO, UNIT_WEEK}, {"شهرين", ROLE_TWO, UNIT_MONTH},
    {"الشهرين", ROLE_TWO, UNIT_MONTH}, {"سنتين", ROLE_TWO, UNIT_YEAR}, {"عامين", ROLE_TWO, UNIT_YEAR},
    {"السنتين", ROLE_TWO, UNIT_YEAR}, {"العامين", ROLE_TWO, UNIT_YEAR},
    /* Up to ten, as they are written out. They agree in gender with the unit, and by the wrong one as often: both are
     * here. "six" is English and French. */
    {"ثلاثه", ROLE_COUNT, 3}, {"ثلاث", ROLE_COUNT, 3}, {"الثلاثه", ROLE_COUNT, 3}, {"الثلاث", ROLE_COUNT, 3},
    {"اربعه", ROLE_COUNT, 4}, {"اربع", ROLE_COUNT, 4}, {"الاربعه", ROLE_COUNT, 4}, {"الاربع", ROLE_COUNT, 4},
    {"خمسه", ROLE_COUNT, 5}, {"خمس", ROLE_COUNT, 5}, {"الخمسه", ROLE_COUNT, 5}, {"الخمس", ROLE_COUNT, 5},
    {"سته", ROLE_COUNT, 6}, {"ست", ROLE_COUNT, 6}, {"السته", ROLE_COUNT, 6}, {"الست", ROLE_COUNT, 6},
    {"سبعه", ROLE_COUNT, 7}, {"سبع", ROLE_COUNT, 7}, {"السبعه", ROLE_COUNT, 7}, {"السبع", ROLE_COUNT, 7},
    {"ثمانيه", ROLE_COUNT, 8}, {"ثماني", ROLE_COUNT, 8}, {"تسعه", ROLE_COUNT, 9}, {"تسع", ROLE_COUNT, 9},
    {"عشره", ROLE_COUNT, 10}, {"عشر", ROLE_COUNT, 10}, {"العشره", ROLE_COUNT, 10}, {"two", ROLE_COUNT, 2},
    {"three", ROLE_COUNT, 3}, {"four", ROLE_COUNT, 4}, {"five", ROLE_COUNT, 5}, {"six", ROLE_COUNT, 6},
    {"seven", ROLE_COUNT, 7}, {"deux", ROLE_COUNT, 2}, {"trois", ROLE_COUNT, 3}, {"quatre", ROLE_COUNT, 4},
    {"cinq", ROLE_COUNT, 5}, {"sept", ROLE_COUNT, 7}, {"one", ROLE_COUNT, 1}, {"un", ROLE_COUNT, 1},
    {"une", ROLE_COUNT, 1},
    /* aujourd'hui is aujourd, a sign and hui. */
    {"ال", ROLE_FILLER, 0}, {"في", ROLE_FILLER, 0}, {"من", ROLE_FILLER, 0}, {"the", ROLE_FILLER, 0},
    {"a", ROLE_FILLER, 0}, {"in", ROLE_FILLER, 0}, {"le", ROLE_FILLER, 0}, {"la", ROLE_FILLER, 0},
    {"l", ROLE_FILLER, 0}, {"les", ROLE_FILLER, 0}, {"y", ROLE_FILLER, 0}, {"aujourd", ROLE_FILLER, 0},
};

/* What the words have said so far. count is 0 where no number was said, which is not the same as 1: "last month" is a
 * month of the calendar, "last 1 months" the month up to today. */
struct ago {
    unsigned  seen;            /* bits of enum role */
    int       day, count;
    enum unit unit;
};

/* A part that is said twice is no time. Nonzero if the role could be taken. ROLE_TWO is taken as the two that it stands
 * for, so that "3 يومين" fails at the count that is there already. */
static int take(struct ago *a, enum role role, int value)
{
    if (role != ROLE_FILLER && role != ROLE_PAST && a->seen & 1u << role)  /* خلال آخر أسبوع says it twice */
        return 0;
    a->seen |= 1u << role;
    switch (role) {
    case ROLE_DAY: a->day = value; return 1;
    case ROLE_COUNT: a->count = value; return value > 0 && value <= MANY;
    case ROLE_TWO: a->unit = (enum unit)value; return take(a, ROLE_COUNT, 2) && take(a, ROLE_UNIT, value);
    case ROLE_UNIT: a->unit = (enum unit)value; return 1;
    default: return 1;
    }
}

/* Some 200 words, compared one by one: this runs a few times for each query that has a date. */
static int take_word(struct ago *a, const char *word)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].name, word) == 0)
            return take(a, (enum role)words[i].role, words[i].value);
    return 0;
}

/* Nonzero if each word of the text is one of the table or a number. A text with more tokens than DATE_TOKENS did not
 * end: it is none, however it begins. Numbers of more than four digits would be years or worse, and the limit keeps
 * count within MANY. */
static int read_words(struct ago *a, fih_str text)
{
    struct date_token t[DATE_TOKENS];
    int ended, good;
    const size_t n = fihi_date_tokens(t, text, &ended);

    good = ended && n > 0;
    for (size_t i = 0; i < n && good; i++) {
        if (t[i].kind == DATE_TOKEN_WORD)
            good = take_word(a, t[i].word);
        else if (t[i].kind == DATE_TOKEN_NUMBER)
            /* Signs that join words are passed over; any other makes it no time. */
            good = t[i].digits <= 4 && take(a, ROLE_COUNT, (int)t[i].value);
        else
            good = t[i].kind == DATE_TOKEN_SIGN && (t[i].sign == '-' || t[i].sign == '_' || t[i].sign == '\'' ||
                                                    t[i].sign == 0x2019);
    }
    return good;
}

/* The same day so many months on, or the month's last; INT32_MIN before the year 1. 31 March less one month is 28 or
 * 29 February. */
static int32_t add_months(int32_t day, int months)
{
    int32_t y, out = INT32_MIN;
    unsigned m, d;

    fihi_calendar_civil(day, &y, &m, &d);
    /* Months since the year 0, so that a step over a new year needs no case: 2026-01 less one is 24311, which is
     * 2025-12. */
    const int32_t all = y * 12 + (int32_t)m - 1 + months;
    if (all < 12)
        return INT32_MIN;
    if (fihi_calendar_day(&out, CALENDAR_GREGORIAN, all / 12, all % 12 + 1, (int)d, 0, NULL) != 0)
        (void)fihi_calendar_day(&out, CALENDAR_GREGORIAN, all / 12, all % 12 + 1, 0, 1, NULL);
    return out;
}

/* The day so many units before today. Of hours so many as to include the day in which the first of them may lie: "last
 * 2 hours" at one in the morning begins yesterday, and nothing here knows what time it is. */
static int32_t back(int32_t today, enum unit unit, int count)
{
    switch (unit) {
    /* Documents have days and no hours, so any part of a day counts as all of it. */
    case UNIT_HOUR: return today - (count + 23) / 24;
    case UNIT_DAY: return today - count;
    case UNIT_WEEK: return today - 7 * count;
    case UNIT_MONTH: return add_months(today, -count);
    default: return add_months(today, -12 * count);
    }
}

/* The month or year that a day is in. */
static void whole(int32_t day, enum unit unit, int32_t *first, int32_t *last)
{
    int32_t y;
    unsigned m, d;

    fihi_calendar_civil(day, &y, &m, &d);
    const int month = unit == UNIT_MONTH ? (int)m : 0;
    *first = *last = day;
    /* Month 0 stands for the whole year and day 0 for the whole month; the flag behind asks for their last day. If it
     * fails both stay the day itself. */
    (void)fihi_calendar_day(first, CALENDAR_GREGORIAN, y, month, 0, 0, NULL);
    (void)fihi_calendar_day(last, CALENDAR_GREGORIAN, y, month, 0, 1, NULL);
}

/* The days that a set of roles means, or 0. Which unit, how many of it and fillers are taken out first, so the switch
 * has one case for each way to count. */
static int days(const struct ago *a, int32_t today, int32_t *first, int32_t *last)
{
    const int count = a->count ? a->count : 1;
    const bool is_calendar = a->unit >= UNIT_MONTH;
    /* What is left are the roles that say how to count. */
    const unsigned has = a->seen & ~(1u << ROLE_FILLER | 1u << ROLE_COUNT | 1u << ROLE_UNIT | 1u << ROLE_TWO);

    *first = *last = today;
    /* No number can stand with it; "before" only with a day that is gone: غدا has no أول. */
    if (a->seen & 1u << ROLE_DAY) {                        /* أمس, هذا اليوم, أول أمس, قبل أمس, day before yesterday */
        const unsigned more = has & ~(1u << ROLE_DAY);
        const bool is_before = more == 1u << ROLE_BEFORE || more == 1u << ROLE_AGO;

        if (a->count || (a->unit && a->unit != UNIT_DAY) || (more && !is_before && more != 1u << ROLE_THIS) ||
            (is_before && a->day >= 0) || (more == 1u << ROLE_THIS && a->day != 0))
            return 0;
        *first = *last = today + a->day - is_before;
        return 1;
    }
    if (a->unit == UNIT_NONE)
        return 0;
    switch (has) {
    case 1u << ROLE_AGO:
        /* Here whole days of hours only: "3 hours ago" is today for most of the day, and 30 hours are yesterday. */
        *first = *last = a->unit == UNIT_HOUR ? today - count / 24 : back(today, a->unit, count);
        return 1;
    case 1u << ROLE_THIS:
        if (a->count || a->unit == UNIT_HOUR)
            return 0;
        if (is_calendar)
            whole(today, a->unit, first, last);
        else
            *first = back(today, a->unit, 1) + 1;
        return 1;
    case 1u << ROLE_LAST:
        /* Without a number, last is the one before this one; with it, the last so many. */
        if (!a->count && a->unit != UNIT_HOUR) {
            *first = back(today, a->unit, 1);
            *last = today - 1;
            if (is_calendar)
                whole(*first, a->unit, first, last);
            return 1;
        }                                                  /* fall through */
    case 1u << ROLE_PAST:
    case 1u << ROLE_PAST | 1u << ROLE_LAST:                /* خلال الأيام الثلاثة الماضية */
        *first = back(today, a->unit, count) + (a->unit != UNIT_HOUR);
        return 1;
    default: return 0;
    }
}

int fihi_ago_parse(fih_str text, int32_t today, int32_t *first, int32_t *last)
{
    struct ago a = {0, 0, 0, UNIT_NONE};
    int32_t y;
    unsigned m, d;

    /* The clock of a machine may be set to anything, so today is hostile too. */
    fihi_calendar_civil(today, &y, &m, &d);
    /* *first: counted back beyond the year 1 it would be no day. */
    return read_words(&a, text) && y > 0 && y < 9999 && days(&a, today, first, last) && *first > INT32_MIN + 1;
}
