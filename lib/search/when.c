/* search/when.c - numbers, names of months, and what lies between. */
#include "search/when.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "index/date.h"
#include "index/format.h"
#include "text/hijri.h"

enum { NUMBERS = 3, WORDS = 4, WORD_BYTES = 32, HIJRI_FIRST = 1300, HIJRI_LAST = 1500 };

enum calendar { CALENDAR_ANY, GREGORIAN, HIJRI };

/* What a time is made of, as it stands there. */
struct parts {
    int      numbers[NUMBERS], digits[NUMBERS];
    unsigned number_count, word_count;
    char     words[WORDS][WORD_BYTES];         /* folded */
};

/* Folded as fold() below does, without spaces, ال before the second word left out or not. In the order of the months.
 */
static const struct {
    const char   *name;
    uint8_t       month;
    uint8_t       is_hijri;
} months[] = {
    {"كانونالثاني", 1, 0}, {"كانونثاني", 1, 0},  {"شباط", 2, 0},         {"اذار", 3, 0},         {"نيسان", 4, 0},
    {"ايار", 5, 0},        {"حزيران", 6, 0},     {"تموز", 7, 0},         {"اب", 8, 0},           {"ايلول", 9, 0},
    {"تشرينالاول", 10, 0}, {"تشريناول", 10, 0},  {"تشرينالثاني", 11, 0}, {"تشرينثاني", 11, 0},   {"كانونالاول", 12, 0},
    {"كانوناول", 12, 0},   {"يناير", 1, 0},      {"فبراير", 2, 0},       {"مارس", 3, 0},         {"ابريل", 4, 0},
    {"مايو", 5, 0},        {"يونيو", 6, 0},      {"يونيه", 6, 0},        {"يوليو", 7, 0},        {"يوليه", 7, 0},
    {"اغسطس", 8, 0},       {"سبتمبر", 9, 0},     {"اكتوبر", 10, 0},      {"نوفمبر", 11, 0},      {"ديسمبر", 12, 0},
    {"جانفي", 1, 0},       {"فيفري", 2, 0},      {"افريل", 4, 0},        {"ماي", 5, 0},          {"جوان", 6, 0},
    {"جويليه", 7, 0},      {"اوت", 8, 0},        {"يوليوز", 7, 0},       {"غشت", 8, 0},          {"شتنبر", 9, 0},
    {"نونبر", 11, 0},      {"دجنبر", 12, 0},     {"محرم", 1, 1},         {"المحرم", 1, 1},       {"صفر", 2, 1},
    {"ربيعالاول", 3, 1},   {"ربيعاول", 3, 1},    {"ربيعالاخر", 4, 1},    {"ربيعالثاني", 4, 1},   {"ربيعثاني", 4, 1},
    {"جماديالاولي", 5, 1}, {"جماديالاول", 5, 1}, {"جماديالاخره", 6, 1},  {"جماديالثانيه", 6, 1}, {"رجب", 7, 1},
    {"شعبان", 8, 1},       {"رمضان", 9, 1},      {"شوال", 10, 1},        {"ذوالقعده", 11, 1},    {"ذيالقعده", 11, 1},
    {"ذوالحجه", 12, 1},    {"ذيالحجه", 12, 1},   {"january", 1, 0},      {"february", 2, 0},     {"march", 3, 0},
    {"april", 4, 0},       {"may", 5, 0},        {"june", 6, 0},         {"july", 7, 0},         {"august", 8, 0},
    {"september", 9, 0},   {"october", 10, 0},   {"november", 11, 0},    {"december", 12, 0},    {"jan", 1, 0},
    {"feb", 2, 0},         {"mar", 3, 0},        {"apr", 4, 0},          {"jun", 6, 0},          {"jul", 7, 0},
    {"aug", 8, 0},         {"sep", 9, 0},        {"oct", 10, 0},         {"nov", 11, 0},         {"dec", 12, 0},
    {"janvier", 1, 0},     {"fevrier", 2, 0},    {"mars", 3, 0},         {"avril", 4, 0},        {"mai", 5, 0},
    {"juin", 6, 0},        {"juillet", 7, 0},    {"aout", 8, 0},         {"septembre", 9, 0},    {"octobre", 10, 0},
    {"novembre", 11, 0},   {"decembre", 12, 0},
};

/* ---- reading the parts */

static int digit(uint32_t c)
{
    return c >= '0' && c <= '9'       ? (int)(c - '0')
           : c >= 0x660 && c <= 0x669 ? (int)(c - 0x660)
           : c >= 0x6F0 && c <= 0x6F9 ? (int)(c - 0x6F0)
                                      : -1;
}

static int is_separator(uint32_t c)
{
    return c <= ' ' || c == 0xA0 || c == '-' || c == '/' || c == '.' || c == ',' || c == '_' || c == 0x60C ||
           c == 0x200F || c == 0x200E;
}

/* One letter in the spelling of the table; 0 for what is passed over: vowels, tatweel. */
static uint32_t fold(uint32_t c)
{
    if (c == 0x622 || c == 0x623 || c == 0x625 || c == 0x671)
        return 0x627;
    if ((c >= 0x64B && c <= 0x65F) || c == 0x670 || c == 0x640)
        return 0;
    if (c >= 'A' && c <= 'Z')
        return c - 'A' + 'a';
    switch (c) {
    case 0x649: case 0x6CC: return 0x64A;                  /* ى ی */
    case 0x629: return 0x647;                              /* ة */
    case 0x6A9: return 0x643;                              /* ک */
    case 0xC9: case 0xE9: case 0xE8: return 'e';
    case 0xFB: case 0xDB: return 'u';
    default: return c;
    }
}

static int add_digit(struct parts *p, int d, int is_first)
{
    if (is_first) {
        if (p->number_count == NUMBERS)
            return 0;
        p->numbers[p->number_count] = p->digits[p->number_count] = 0;
        p->number_count++;
    }
    p->numbers[p->number_count - 1] = p->numbers[p->number_count - 1] * 10 + d;
    return ++p->digits[p->number_count - 1] <= 4;
}

static int add_letter(struct parts *p, uint32_t c, int is_first)
{
    uint8_t bytes[4];

    if (is_first) {
        if (p->word_count == WORDS)
            return 0;
        p->words[p->word_count++][0] = '\0';
    }
    if (!(c = fold(c)))
        return 1;
    char *const word = p->words[p->word_count - 1];
    const size_t n = strlen(word), more = fihi_utf8_put(bytes, c);
    if (n + more >= WORD_BYTES)
        return 0;
    memcpy(word + n, bytes, more);
    word[n + more] = '\0';
    return 1;
}

static int read_parts(struct parts *p, fih_str text)
{
    enum { SPACE, NUMBER, WORD } last = SPACE;
    size_t i = 0;
    int ok = 1, good = 1;

    memset(p, 0, sizeof *p);
    while (i < text.len && good) {
        const uint32_t c = fihi_utf8_next((const uint8_t *)text.ptr, text.len, &i, &ok);
        const int d = digit(c);

        if (is_separator(c)) {
            last = SPACE;
            continue;
        }
        good = ok && (d >= 0 ? add_digit(p, d, last != NUMBER) : add_letter(p, c, last != WORD));
        last = d >= 0 ? NUMBER : WORD;
    }
    return good && p->number_count > 0;
}

/* ---- what they mean */

struct time {
    int           year, month, day;            /* 0: not said */
    enum calendar calendar;
};

static int is_one_of(const char *word, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(word, *list) == 0)
            return 1;
    return 0;
}

/* The month, or the calendar, that the words name; 0 if they name something else. */
static int read_words(const struct parts *p, struct time *t)
{
    static const char *const hijri[] = {"ه", "هجري", "هجريه", "ah", NULL}, *const ours[] = {"م",  "ميلادي", "ميلاديه",
                                                                                            "ad", "ce",     NULL},
                             *const fillers[] = {"شهر", "عام", "سنه", "من", "يوم", "في", NULL};
    char name[WORDS * WORD_BYTES] = "";

    for (unsigned i = 0; i < p->word_count; i++) {
        if (is_one_of(p->words[i], hijri))
            t->calendar = HIJRI;
        else if (is_one_of(p->words[i], ours))
            t->calendar = GREGORIAN;
        else if (!is_one_of(p->words[i], fillers))
            strcat(name, p->words[i]);         /* all of them fit */
    }
    for (size_t i = 0; *name && i < sizeof months / sizeof *months; i++)
        if (strcmp(months[i].name, name) == 0) {
            const enum calendar is = months[i].is_hijri ? HIJRI : GREGORIAN;

            if (t->calendar != CALENDAR_ANY && t->calendar != is)
                return 0;
            t->calendar = is;
            t->month = months[i].month;
            return 1;
        }
    return !*name;
}

/* Which number is which: the year has three digits or more. */
static int read_numbers(const struct parts *p, struct time *t)
{
    const unsigned n = p->number_count;
    const int is_first = p->digits[0] >= 3, is_last = p->digits[n - 1] >= 3;

    if (is_first == is_last && n > 1)
        return 0;
    if (!is_first && !is_last)
        return 0;
    t->year = is_first ? p->numbers[0] : p->numbers[n - 1];
    if (n == 1)
        return 1;
    if (n == 3 && p->digits[1] > 2)
        return 0;
    const int other = is_first ? p->numbers[n - 1] : p->numbers[0], middle = n == 3 ? p->numbers[1] : 0;
    if (t->month) {
        t->day = other;
        return n == 2 && other > 0;
    }
    t->month = n == 2 ? other : middle;
    t->day = n == 3 ? other : 0;
    return t->month > 0 && (n == 2 || other > 0);
}

/* The first day of a time, or its last. */
static int day_of(const struct time *t, int at_end, int32_t *day, fih_error *err)
{
    char text[40];

    if (t->calendar == HIJRI || (t->calendar == CALENDAR_ANY && t->year >= HIJRI_FIRST && t->year <= HIJRI_LAST))
        return fihi_hijri_day(t->year, t->month, t->day, at_end, day, err);
    const int n = t->day     ? snprintf(text, sizeof text, "%04d-%02d-%02d", t->year, t->month, t->day)
                  : t->month ? snprintf(text, sizeof text, "%04d-%02d", t->year, t->month)
                             : snprintf(text, sizeof text, "%04d", t->year);
    *day = fihi_date_parse((fih_str){text, (size_t)n}, at_end, NULL);
    return *day == DATE_NONE ? FIH_E_QUERY : FIH_OK;
}

static int read_time(fih_str text, int32_t *first, int32_t *last, fih_error *err)
{
    struct time t = {0, 0, 0, CALENDAR_ANY};
    struct parts p;
    int rc;

    if (!read_parts(&p, text) || !read_words(&p, &t) || !read_numbers(&p, &t))
        return FIH_E_QUERY;
    rc = day_of(&t, 0, first, err);
    return rc == 0 ? day_of(&t, 1, last, err) : rc;
}

/* ---- spans */

static int is_blank(fih_str s)
{
    size_t i = 0;

    while (i < s.len && s.ptr[i] == ' ')
        i++;
    return i == s.len;
}

static int read_between(fih_str before, fih_str behind, int32_t *from, int32_t *to, fih_error *err)
{
    int32_t unused;
    int rc = FIH_OK;

    *from = INT32_MIN + 1;
    *to = INT32_MAX;
    if (is_blank(before) && is_blank(behind))
        return FIH_E_QUERY;
    if (!is_blank(before))
        rc = read_time(before, from, &unused, err);
    if (rc == 0 && !is_blank(behind))
        rc = read_time(behind, &unused, to, err);
    return rc == 0 && *from > *to ? FIH_E_QUERY : rc;
}

static int read_compared(fih_str text, int32_t *from, int32_t *to, fih_error *err)
{
    const int is_more = text.ptr[0] == '>', with = text.len > 1 && text.ptr[1] == '=';
    const fih_str time = {text.ptr + 1 + with, text.len - 1 - (size_t)with};
    int32_t first, last;
    const int rc = read_time(time, &first, &last, err);

    if (rc != 0)
        return rc;
    *from = !is_more ? INT32_MIN + 1 : with ? first : last + 1;
    *to = is_more ? INT32_MAX : with ? last : first - 1;
    return FIH_OK;
}

int fihi_when_parse(fih_str text, int32_t *from, int32_t *to, fih_error *err)
{
    for (size_t i = 0; i + 1 < text.len; i++)
        if (text.ptr[i] == '.' && text.ptr[i + 1] == '.')
            return read_between((fih_str){text.ptr, i}, (fih_str){text.ptr + i + 2, text.len - i - 2}, from, to, err);
    if (text.len && (text.ptr[0] == '<' || text.ptr[0] == '>'))
        return read_compared(text, from, to, err);
    return read_time(text, from, to, err);
}
