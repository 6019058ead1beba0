/* text/date.c - which of the numbers and words is what.
 *
 * The tokens of a text are tried one after the other as the beginning of a date, in several ways (match()), the
 * strictest first; what fits is then settled: which of two numbers is the day, and of which calendar the year is. The
 * first date is taken, or one of our era that stands within NEAR tokens behind it:
 *
 *    الخميس 12 ربيع الأول 1442 هـ الموافق 29 أكتوبر 2020     both mean one day, the second needs no table
 *
 * A way returns where the date ends, 0 if it does not fit, and fills in struct found, which is cleared before each.
 * Tokens are at most DATE_TOKENS, so the time has a limit, however long the text; is_kind() and those upon it may be
 * asked for any place, also past the end.
 *
 * Who asks: writer.c for a document's date (the first in a text that may say more), when.c for a span of a query
 * (FIH_DATE_WHOLE: the text must be nothing else), value.c for values of fields, and fih_date_parse().
 *
 * Nothing is allocated, and a text of a gigabyte is read no further than its first 64 words.
 */
#include "text/date.h"

#include <stdbool.h>
#include <string.h>

#include "text/calendar.h"
#include "text/date_part.h"

enum {
    ISLAMIC_FIRST = 1300, ISLAMIC_LAST = 1500,  /* years that are Islamic without a word about it */
    PERSIAN_LAST = 1410,                        /* so far they may be Iran's: 2031 of our era */
    NEAR = 8                                    /* tokens between a date and the same one in another calendar */
};

/* 3 KB, on the stack. chain_end is the only thing that one try leaves for the next. */
struct scan {
    struct date_token all[DATE_TOKENS];
    size_t            n;
    size_t            chain_end;   /* numbers up to here belong to what was read as numbers already */
    bool               is_whole, is_month_first;
};

/* What was found, as it stands there. */
struct found {
    int           year, month, day;            /* 0: not said */
    enum calendar calendar;                    /* as a name or mark says */
    uint8_t       script;                      /* of the year's digits */
    int           either_order;                /* month and day may be each other's */
    size_t        begin, end;                  /* tokens */
};

/* ---- one part */

/* Most rules ask for the kind of a token that may not be there: false then. */
static bool is_kind(const struct scan *t, size_t i, enum date_token_kind kind)
{
    return i < t->n && t->all[i].kind == kind;
}

/* strchr() would find the zero at the end of the list, but no sign is a zero: that is a blank. */
static bool is_sign(const struct scan *t, size_t i, const char *list)
{
    return is_kind(t, i, DATE_TOKEN_SIGN) && t->all[i].sign < 0x80 && strchr(list, (int)t->all[i].sign);
}

/* A number of one or two digits that may be a day; 0 if it is none. */
static int day_at(const struct scan *t, size_t i)
{
    const bool is_day = is_kind(t, i, DATE_TOKEN_NUMBER) && t->all[i].digits <= 2 && t->all[i].value <= 31;

    return is_day ? (int)t->all[i].value : 0;
}

/* The meaning of the word at i, or of that and the next together; *used: how many tokens it takes. Two words first:
 * ربيع alone is a month of two, ربيع الأول is one. Both words are folded, and joined without the space between them, as
 * the table has them. */
static const struct date_word *word_at(const struct scan *t, size_t i, size_t *used)
{
    char both[2 * DATE_WORD_BYTES];
    const struct date_word *w = NULL;

    *used = 0;
    if (!is_kind(t, i, DATE_TOKEN_WORD) || !t->all[i].word[0])
        return NULL;
    if (is_kind(t, i + 1, DATE_TOKEN_WORD) && t->all[i + 1].word[0]) {
        strcpy(both, t->all[i].word);
        strcat(both, t->all[i + 1].word);      /* both fit */
        *used = 2;
        w = fihi_date_word(both);
    }
    if (!w) {
        *used = 1;
        w = fihi_date_word(t->all[i].word);
    }
    return w;
}

/* *used is 0, 1 or 2 also where it is another kind. */
static bool is_word(const struct scan *t, size_t i, enum date_word_kind kind, size_t *used)
{
    const struct date_word *const w = word_at(t, i, used);

    return w && w->kind == kind;
}

/* Past what may stand between the parts of a date. It ends, for tokens do. Where the next part may stand, i itself if
 * nothing is between. */
static size_t skip(const struct scan *t, size_t i)
{
    size_t used;

    for (;;) {
        if (is_sign(t, i, "-/.,_()'"))
            i++;
        else if (is_word(t, i, DATE_WORD_FILLER, &used))
            i += used;
        else
            return i;
    }
}

/* Kinds up to DATE_WORD_FIRST_OF_TWO are months. Of two the second follows the first, and كانون 2 is January: 12 % 12 +
 * 1. How many tokens: 1, or 2 for ربيع الأول and تشرين 2; 0 if there is no month. */
static size_t one_month_at(const struct scan *t, size_t i, int *month, enum calendar *calendar)
{
    size_t used;
    const struct date_word *const w = word_at(t, i, &used);

    if (!w || w->kind > DATE_WORD_FIRST_OF_TWO)
        return 0;
    /* Of the first of two: the second is one month later. */
    *month = w->value;
    *calendar = w->kind == DATE_WORD_ISLAMIC   ? CALENDAR_ISLAMIC
                : w->kind == DATE_WORD_PERSIAN ? CALENDAR_PERSIAN
                                               : CALENDAR_GREGORIAN;
    if (w->kind != DATE_WORD_FIRST_OF_TWO)
        return used;
    /* كانون 2; but ت and ك are only short for a month with the number at once behind them */
    if (!is_kind(t, i + 1, DATE_TOKEN_NUMBER) || t->all[i + 1].digits != 1 || t->all[i + 1].value < 1 ||
        t->all[i + 1].value > 2 || (strlen(w->name) <= 2 && t->all[i + 1].has_blank))
        return 0;
    if (w->value < 10)
        *calendar = CALENDAR_ISLAMIC;
    if (t->all[i + 1].value == 2)
        *month = *month % 12 + 1;
    return 2;
}

/* The month at i, with another name of it behind: تشرين الأول/أكتوبر, or in parentheses. How many tokens; 0: none.
 * Another month behind is not of this date: "1 - 3 March/April". */
static size_t month_at(const struct scan *t, size_t i, struct found *f)
{
    size_t n = one_month_at(t, i, &f->month, &f->calendar), more;
    enum calendar calendar;
    int month;

    while (n) {
        const size_t signs = is_sign(t, i + n, "/-(");

        more = one_month_at(t, i + n + signs, &month, &calendar);
        /* The second name must mean the same month. */
        if (!more || month != f->month || calendar != f->calendar)
            break;
        n += signs + more;
        n += is_sign(t, i + n, ")") != 0;
    }
    return n;
}

/* Marks behind a year: م, هـ, هـ.ش, هجري شمسي. Past them; *good: do they go with what is known of the calendar? هـ.ش is
 * Islamic by its first letter and Iran's by its second, so ش wins. م behind هـ begins the next date's mark or word.
 * 12/9/1442 هـ. "1442 هـ 2020 م" are two years with a mark each. */
static size_t skip_era(const struct scan *t, size_t i, struct found *f, int *good)
{
    enum calendar era = CALENDAR_ANY;
    size_t used;

    for (;;) {
        const size_t signs = is_sign(t, i, "(.") != 0;
        const struct date_word *const w = word_at(t, i + signs, &used);

        if (!w || w->kind != DATE_WORD_ERA || (era != CALENDAR_ANY && w->value == CALENDAR_GREGORIAN))
            break;
        era = era == CALENDAR_PERSIAN ? era : (enum calendar)w->value;
        i += signs + used;
    }
    *good = era == CALENDAR_ANY || f->calendar == CALENDAR_ANY || f->calendar == era;
    if (f->calendar == CALENDAR_ANY)
        f->calendar = era;
    return i;
}

/* A year of four digits, or of three where it is certain, with its mark. Past it; 0 if there is none. A three-digit
 * number is a year where there is a mark behind it, or the text is nothing but the date. *f is changed only if there is
 * one. */
static size_t year_at(const struct scan *t, size_t i, struct found *f)
{
    struct found with = *f;
    size_t end;
    int good;

    /* Two digits may be a day, five are no year. */
    if (!is_kind(t, i, DATE_TOKEN_NUMBER) || t->all[i].digits < 3 || t->all[i].digits > 4)
        return 0;
    end = skip_era(t, i + 1, &with, &good);
    if (!good || (t->all[i].digits == 3 && !t->is_whole && end == i + 1))
        return 0;
    f->calendar = with.calendar;
    f->year = (int)t->all[i].value;
    f->script = t->all[i].script;
    return end;
}

/* ---- a month by its name */

/* RFC 822 has years of two digits, with a time behind: RFC 2822, 4.3 says which they are. Without the time behind it a
 * number of two digits is anything. */
static size_t short_year_at(const struct scan *t, size_t i, struct found *f)
{
    if (!is_kind(t, i, DATE_TOKEN_NUMBER) || t->all[i].digits != 2 || !is_kind(t, i + 1, DATE_TOKEN_TIME))
        return 0;
    f->year = (int)t->all[i].value + (t->all[i].value < 50 ? 2000 : 1900);
    return i + 1;
}

/* Oct 7 12:00:00 [GMT+02:00 | +0000] 2020, as ctime() and shells print it; the zone may be a name with a number, or a
 * number alone. */
static size_t year_behind_time(const struct scan *t, size_t i, struct found *f)
{
    if (!is_kind(t, i, DATE_TOKEN_TIME))
        return 0;
    i++;
    if (is_kind(t, i, DATE_TOKEN_WORD))
        i++;
    if (is_sign(t, i, "+-") && (is_kind(t, i + 1, DATE_TOKEN_NUMBER) || is_kind(t, i + 1, DATE_TOKEN_TIME)))
        i += 2;
    return year_at(t, i, f);
}

/* 12 March 2015; with a time behind, also 12 Mar 15. The day comes first in Arabic, French and most languages. */
static size_t day_month_year(struct scan *t, size_t i, struct found *f)
{
    size_t j = skip(t, i + 1), end;

    if (!(f->day = day_at(t, i)) || !(end = month_at(t, j, f)))
        return 0;
    j = skip(t, j + end);
    return (end = year_at(t, j, f)) ? end : short_year_at(t, j, f);
}

/* March 12, 2015; March 2015; Oct 7 12:00:00 2020. A month and a year alone come here too, as they begin with the
 * month. */
static size_t month_day_year(struct scan *t, size_t i, struct found *f)
{
    const size_t n = month_at(t, i, f), j = skip(t, i + n);
    size_t end;

    if (!n)
        return 0;
    /* Two numbers may follow the month, day and year, or the year alone. */
    if (!(f->day = day_at(t, j)))
        return year_at(t, j, f);
    return (end = year_at(t, skip(t, j + 1), f)) ? end : year_behind_time(t, skip(t, j + 1), f);
}

/* 2015 March 12. In "in 2014 March 2015 was" the month is the later year's. As in Persian, Chinese and Hungarian
 * texts. */
static size_t year_month_day(struct scan *t, size_t i, struct found *f)
{
    struct found next = {0};
    size_t j = skip(t, i + 1), end;

    if (!is_kind(t, i, DATE_TOKEN_NUMBER) || t->all[i].digits != 4 || !(end = month_at(t, j, f)))
        return 0;
    f->year = (int)t->all[i].value;
    f->script = t->all[i].script;
    end += j;
    j = skip(t, end);
    if (year_at(t, j, &next))                  /* the month is that one's */
        return 0;
    if (!(f->day = day_at(t, j)))
        return end;
    return j + 1;
}

/* ---- numbers alone */

/* 20150312, 20150312101500: only at the beginning, for it may be anything. The time behind the day is cut off. As ISO
 * 8601's basic format, which file names and records use. */
static size_t compact(struct scan *t, size_t i, struct found *f)
{
    const unsigned digits = is_kind(t, i, DATE_TOKEN_NUMBER) ? t->all[i].digits : 0;
    int64_t value = t->all[i].value;

    /* A day; with its time to the minute; to the second. */
    if (i != 0 || (digits != 8 && digits != 12 && digits != 14))
        return 0;
    for (unsigned d = digits; d > 8; d--)
        value /= 10;
    f->year = (int)(value / 10000);
    f->month = (int)(value / 100 % 100);
    f->day = (int)(value % 100);
    f->script = t->all[i].script;
    return f->year >= ISLAMIC_FIRST && f->year < 2200 && f->month > 0 && f->day > 0 ? i + 1 : 0;
}

/* The sign between two numbers of a date: where the second stands, or 0. *is_loose: with a blank. A person who types a
 * date may leave signs out; in a text numbers without one belong to different things. */
static size_t next_number(const struct scan *t, size_t i, bool *is_loose)
{
    const size_t signs = is_sign(t, i, t->is_whole ? "-/.,_" : "-/.") != 0;

    if (!is_kind(t, i + signs, DATE_TOKEN_NUMBER) || (!signs && !t->is_whole))
        return 0;
    *is_loose |= !t->is_whole && (t->all[i].has_blank || t->all[i + 1].has_blank);
    return i + signs;
}

/* Two or three numbers: the year is first or last. Exactly one end must look like a year. The day is first where the
 * year is last, as in most of the world, unless the second number cannot be a month. 1 if there is one, with *f filled
 * in. Year first is ISO 8601's order; there the month is always second. */
static int order(struct found *f, const int v[3], const uint8_t digits[3], size_t count)
{
    const int year_first = digits[0] >= 3, year_last = digits[count - 1] >= 3;

    /* Neither, as in 12/3, or both, as in 2014-2015. */
    if (year_first == year_last || (count == 3 && digits[1] > 2))
        return 0;
    f->year = year_first ? v[0] : v[count - 1];
    if (count == 2)
        return (f->month = year_first ? v[1] : v[0]) > 0 && f->month <= 12;
    f->month = v[1];
    f->day = year_first ? v[2] : v[0];
    /* 3/25/2015 can only be March. */
    if (!year_first && f->month > 12 && f->day <= 12) {
        f->month = v[0];
        f->day = v[1];
    }
    f->either_order = !year_first && f->day <= 12 && f->day != f->month;
    return f->month > 0 && f->month <= 12 && f->day > 0;
}

/* A run of numbers is read once, from its first (chain_end): 192.168.1.2015 must not give 1.2015 when the next number
 * is tried. */
static size_t numbers(struct scan *t, size_t i, struct found *f)
{
    size_t at = i, ends[3], count = 0, year;
    int v[3], good;
    bool is_loose = false;
    uint8_t digits[3];

    /* This number has been read as part of a run that began before it. */
    if (!is_kind(t, i, DATE_TOKEN_NUMBER) || i < t->chain_end)
        return 0;
    while (count < 3) {
        if ((digits[count] = t->all[at].digits) > 4)
            return 0;
        v[count] = (int)t->all[at].value;
        ends[count++] = at + 1;
        t->chain_end = at + 1;
        /* A blank beside the second sign only: 2015-03 - 12 is a month and something else. */
        const bool was_loose = is_loose;
        const size_t next = next_number(t, at + 1, &is_loose);
        if (!next)
            break;
        if (count == 2 && was_loose == 0 && is_loose && digits[0] + digits[1] > 4)   /* 2015-03 - 12 ... */
            break;
        at = next;
    }
    if (count < 2 || (count == 2 && is_loose && !t->is_whole) || !order(f, v, digits, count))
        return 0;
    if (count == 2 && digits[0] <= 2 && i != 0 && !t->is_whole)   /* 4/2015 in a text may be a part or a mark */
        return 0;
    if (count == 3 && digits[2] > 2 && is_sign(t, ends[2], ".") && is_kind(t, ends[2] + 1, DATE_TOKEN_NUMBER) &&
        !t->all[ends[2] + 1].has_blank)                           /* 10.2.2015.4 is no date */
        return 0;
    /* The token of the year: its digits' script counts. */
    year = digits[0] >= 3 ? i : ends[count - 1] - 1;
    if ((digits[0] >= 3 ? digits[0] : digits[count - 1]) < 4 && !t->is_whole)
        return 0;
    f->script = t->all[year].script;
    at = skip_era(t, ends[count - 1], f, &good);
    return good ? at : 0;
}

/* A year alone: nothing but words like "in the year" before it, and no other number tied to it. "in the year 2015", but
 * not "page 2015" and not the first of 2015-77. */
static size_t year_alone(struct scan *t, size_t i, struct found *f)
{
    if (is_sign(t, i + 1, "-/.") && !t->all[i + 1].has_blank && is_kind(t, i + 2, DATE_TOKEN_NUMBER) &&
        !t->all[i + 2].has_blank)
        return 0;
    for (size_t j = 0, used; j < i; j += used)
        if (!is_word(t, j, DATE_WORD_FILLER, &used))
            return 0;
    return year_at(t, i, f);
}

/* ---- which days */

/* The day of the week named before or behind, or -1. Up to 4 tokens before and 3 behind: a name, a comma, and words
 * such as "of". الخميس 12 ربيع الأول: the name of a day is a check that the writer has left us. */
static int weekday_beside(const struct scan *t, const struct found *f)
{
    size_t used;

    for (size_t i = f->begin > 4 ? f->begin - 4 : 0; i < f->end + 3 && i < t->n; i++)
        if ((i < f->begin || i >= f->end) && is_word(t, i, DATE_WORD_WEEKDAY, &used))
            return word_at(t, i, &used)->value;
    return -1;
}

/* The first day, if only a month or year is known. */
static int day_in(int32_t *day, const struct found *f, enum calendar calendar, fih_error *err)
{
    return fihi_calendar_day(day, calendar, f->year, f->month, f->day, 0, err);
}

/* Is the day the one of the week that is named beside it? Only a whole date has a day of the week; a month has none. */
static bool fits(const struct scan *t, const struct found *f, enum calendar calendar)
{
    const int weekday = f->day ? weekday_beside(t, f) : -1;
    int32_t day;

    return weekday >= 0 && day_in(&day, f, calendar, NULL) == 0 && (int)fihi_calendar_weekday(day) == weekday;
}

/* Which of two readings the day of the week fits, and not the other: 1 for the second, 0 for the first, -1 if it does
 * not tell. Both fit one time in seven, and then nothing is told. */
static int tell_apart(bool first_fits, bool second_fits)
{
    return first_fits == second_fits ? -1 : second_fits;
}

/* The calendar that a year and its digits have, where nothing names one; CALENDAR_ANY: only the day of the week could
 * tell the Islamic one from Iran's. The year 1500 of the Islamic calendar is 2076. ۱۴۰۰ is Iran's 1400, ١٤٠٠ the
 * Islamic year 1400. */
static enum calendar calendar_of_year(const struct found *f)
{
    if (f->year < ISLAMIC_FIRST || f->year > ISLAMIC_LAST)
        return CALENDAR_GREGORIAN;
    if (f->year > PERSIAN_LAST || f->script == DATE_DIGITS_ARABIC)
        return CALENDAR_ISLAMIC;
    return f->script == DATE_DIGITS_PERSIAN ? CALENDAR_PERSIAN : CALENDAR_ANY;
}

/* 3/4/2015 is the third of April, unless the day of the week fits March only, or the caller says so. The day of the
 * week is asked of the date's calendar: الخميس 10/1/1440 هـ is the tenth of the first month. Where it may be one of two
 * calendars, it fits a reading that it fits in one of them. */
static void settle_order(const struct scan *t, struct found *f)
{
    const enum calendar calendar = f->calendar != CALENDAR_ANY ? f->calendar : calendar_of_year(f);
    struct found other = *f;
    int told;

    if (!f->either_order)
        return;
    other.month = f->day;
    other.day = f->month;
    if (calendar != CALENDAR_ANY)
        told = tell_apart(fits(t, f, calendar), fits(t, &other, calendar));
    else
        told = tell_apart(fits(t, f, CALENDAR_ISLAMIC) || fits(t, f, CALENDAR_PERSIAN),
                          fits(t, &other, CALENDAR_ISLAMIC) || fits(t, &other, CALENDAR_PERSIAN));
    if (told == 1 || (told < 0 && t->is_month_first))
        *f = other;
}

/* Numbers alone: the rule stands in date.h. 0 if there is no telling. The year 1500 of the Islamic calendar is 2076, of
 * Iran's 2121: a number beyond is of our era, or no date. 1 with f->calendar set. What a name or mark has said holds;
 * numbers alone are told apart by their size, their digits and the day of the week, in this order. */
static int settle_calendar(const struct scan *t, struct found *f)
{
    if (f->calendar == CALENDAR_ISLAMIC && f->month && f->year > ISLAMIC_LAST)
        return t->is_whole;
    if (f->calendar == CALENDAR_PERSIAN)
        return f->year >= 1000 && f->year <= ISLAMIC_LAST;
    if (f->calendar != CALENDAR_ANY)
        return 1;
    if ((f->calendar = calendar_of_year(f)) != CALENDAR_ANY)
        return 1;
    f->calendar = CALENDAR_ISLAMIC;
    /* ASCII digits: only the day of the week tells, if one is named. */
    const int told = tell_apart(fits(t, f, CALENDAR_ISLAMIC), fits(t, f, CALENDAR_PERSIAN));
    if (told == 1)
        f->calendar = CALENDAR_PERSIAN;
    return told >= 0 || t->is_whole;
}

/* Is all that stands outside of it without weight? For FIH_DATE_WHOLE: in a query "2015 words" is no date. Signs,
 * fillers and names of days may stand around it. */
static bool is_all(const struct scan *t, const struct found *f)
{
    size_t used;

    for (size_t i = 0; i < t->n; i += used) {
        used = 1;
        if (i >= f->begin && i < f->end)
            /* Over the date itself. */
            used = f->end - i;
        else if (!is_sign(t, i, "-/.,_()'") && !is_word(t, i, DATE_WORD_FILLER, &used) &&
                 !is_word(t, i, DATE_WORD_WEEKDAY, &used))
            return 0;
    }
    return 1;
}

/* The order is that of certainty: a month's name before numbers alone, and a year alone last. True if one of the ways
 * fits at token i. */
static int match(struct scan *t, size_t i, struct found *out)
{
    size_t (*const ways[])(struct scan *, size_t, struct found *) = {compact,        day_month_year, month_day_year,
                                                                     year_month_day, numbers,        year_alone};
    size_t end = 0;

    for (unsigned k = 0; k < sizeof ways / sizeof *ways && !end; k++) {
        memset(out, 0, sizeof *out);
        end = ways[k](t, i, out);
    }
    out->begin = i;
    out->end = end;
    return end > 0;
}

/* The first date; or the one of our era that soon follows one of another calendar, for it says the same. A date that
 * cannot be (31 April) is passed over, and the next one tried; an error of the calendar is not, for the next date would
 * be a wrong one. */
int fihi_date_parse(int32_t *first, int32_t *last, fih_str text, unsigned flags, fih_error *err)
{
    struct scan t = {.n = 0, .is_whole = (flags & FIH_DATE_WHOLE) != 0,
                     .is_month_first = (flags & FIH_DATE_MONTH_FIRST) != 0};
    struct found f, best = {0};
    int ended, rc = FIH_E_NOTFOUND;
    bool is_found = false;
    int32_t day, best_day = 0;

    t.n = fihi_date_tokens(t.all, text, &ended);
    /* More tokens than are kept, or bad bytes: what stands there is not known, so it is not only a date. */
    if (t.is_whole && !ended)
        return FIH_E_NOTFOUND;
    for (size_t i = 0; i < t.n && !(is_found && i > best.end + NEAR); i++) {
        /* No date begins here. */
        if (!match(&t, i, &f))
            continue;
        /* Its parts begin no other date. */
        i = f.end - 1;
        settle_order(&t, &f);
        if (!settle_calendar(&t, &f) || (is_found && f.calendar != CALENDAR_GREGORIAN) ||
            (t.is_whole && !is_all(&t, &f)))
            continue;
        if ((rc = day_in(&day, &f, f.calendar, err)) == FIH_E_NOTFOUND)
            continue;
        if (rc != 0)
            return rc;
        is_found = true;
        best = f;
        best_day = day;
        /* It needs no table, and nothing behind it could be better. */
        if (f.calendar == CALENDAR_GREGORIAN)
            break;
    }
    if (!is_found)
        return FIH_E_NOTFOUND;
    *first = *last = best_day;
    /* A month or year has a last day, too. */
    return best.day ? FIH_OK : fihi_calendar_day(last, best.calendar, best.year, best.month, 0, 1, err);
}
