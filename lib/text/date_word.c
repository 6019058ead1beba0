/* text/date_word.c - the words of dates: one table.
 *
 * Folded by the same rules as the words of a text, without the article where people leave it out. One word has one
 * meaning: مارس is March and no verb, "mar" March and no Tuesday. The order is that of what is read most; a search
 * compares first bytes, which is fast enough for some words of a document. A test holds names against the fold.
 *
 * The kinds, and what a value is, date_part.h says. A word that is on no row makes a text no date in a query, and is
 * passed over in a document.
 */
#include "text/date_part.h"

#include <string.h>

#include "text/calendar.h"

enum {
    MONTH = DATE_WORD_MONTH,
    ISLAMIC = DATE_WORD_ISLAMIC,
    PERSIAN = DATE_WORD_PERSIAN,
    FIRST_OF_TWO = DATE_WORD_FIRST_OF_TWO,
    WEEKDAY = DATE_WORD_WEEKDAY,
    ERA = DATE_WORD_ERA,
    FILLER = DATE_WORD_FILLER
};

/* Folded as fihi_date_tokens() does; two words as one. */
static const struct date_word words[] = {
    /* The Levant and Iraq: names of the Babylonian year, which came through Syriac. They are written apart and with or
     * without the article: كانون الثاني, كانون ثاني. */
    {"كانونالثاني", MONTH, 1}, {"كانونثاني", MONTH, 1}, {"كانونالثان", MONTH, 1}, {"شباط", MONTH, 2},
    {"اذار", MONTH, 3}, {"نيسان", MONTH, 4}, {"ايار", MONTH, 5}, {"حزيران", MONTH, 6}, {"تموز", MONTH, 7},
    {"اب", MONTH, 8}, {"ايلول", MONTH, 9}, {"تشرينالاول", MONTH, 10}, {"تشريناول", MONTH, 10},
    {"تشرينالثاني", MONTH, 11}, {"تشرينثاني", MONTH, 11}, {"كانونالاول", MONTH, 12}, {"كانوناول", MONTH, 12},
    /* Egypt and the Gulf, which have the Latin names, in the spellings of both. */
    {"يناير", MONTH, 1}, {"فبراير", MONTH, 2}, {"مارس", MONTH, 3}, {"ابريل", MONTH, 4}, {"مايو", MONTH, 5},
    {"يونيو", MONTH, 6}, {"يونيه", MONTH, 6}, {"يوليو", MONTH, 7}, {"يوليه", MONTH, 7}, {"اغسطس", MONTH, 8},
    {"سبتمبر", MONTH, 9}, {"اكتوبر", MONTH, 10}, {"نوفمبر", MONTH, 11}, {"ديسمبر", MONTH, 12},
    /* The Maghreb, where it differs: French names in Algeria and Tunisia (جانفي, اوت), Morocco's own (غشت, شتنبر). */
    {"جانفي", MONTH, 1}, {"فيفري", MONTH, 2}, {"فيبراير", MONTH, 2}, {"افريل", MONTH, 4}, {"ماي", MONTH, 5},
    {"جوان", MONTH, 6}, {"جويليه", MONTH, 7}, {"يوليوز", MONTH, 7}, {"اوت", MONTH, 8}, {"غشت", MONTH, 8},
    {"شتنبر", MONTH, 9}, {"نونبر", MONTH, 11}, {"دجنبر", MONTH, 12},
    /* The Islamic calendar: with and without the article, and ذو also in its other case, ذي. */
    {"محرم", ISLAMIC, 1}, {"المحرم", ISLAMIC, 1}, {"muharram", ISLAMIC, 1}, {"صفر", ISLAMIC, 2},
    {"safar", ISLAMIC, 2}, {"ربيعالاول", ISLAMIC, 3}, {"ربيعاول", ISLAMIC, 3}, {"ربيعالاخر", ISLAMIC, 4},
    {"ربيعاخر", ISLAMIC, 4}, {"ربيعالثاني", ISLAMIC, 4}, {"ربيعثاني", ISLAMIC, 4}, {"جماديالاولي", ISLAMIC, 5},
    {"جماديالاول", ISLAMIC, 5}, {"جمادياولي", ISLAMIC, 5}, {"جماديالاخره", ISLAMIC, 6}, {"جماديالاخر", ISLAMIC, 6},
    {"جماديالثانيه", ISLAMIC, 6}, {"جماديثانيه", ISLAMIC, 6}, {"رجب", ISLAMIC, 7}, {"rajab", ISLAMIC, 7},
    {"شعبان", ISLAMIC, 8}, {"shaban", ISLAMIC, 8}, {"رمضان", ISLAMIC, 9}, {"ramadan", ISLAMIC, 9},
    {"ramadhan", ISLAMIC, 9}, {"شوال", ISLAMIC, 10}, {"shawwal", ISLAMIC, 10}, {"ذوالقعده", ISLAMIC, 11},
    {"ذيالقعده", ISLAMIC, 11}, {"ذوقعده", ISLAMIC, 11}, {"ذيقعده", ISLAMIC, 11}, {"ذوالحجه", ISLAMIC, 12},
    {"ذيالحجه", ISLAMIC, 12}, {"ذوحجه", ISLAMIC, 12}, {"ذيحجه", ISLAMIC, 12},
    /* The solar Hijri calendar of Iran, whose year begins in spring. */
    {"فروردين", PERSIAN, 1}, {"ارديبهشت", PERSIAN, 2}, {"خرداد", PERSIAN, 3}, {"تير", PERSIAN, 4},
    {"مرداد", PERSIAN, 5}, {"شهريور", PERSIAN, 6}, {"مهر", PERSIAN, 7}, {"ابان", PERSIAN, 8}, {"اذر", PERSIAN, 9},
    {"دي", PERSIAN, 10}, {"بهمن", PERSIAN, 11}, {"اسفند", PERSIAN, 12},
    /* our months in Persian */
    {"ژانويه", MONTH, 1}, {"فوريه", MONTH, 2}, {"اوريل", MONTH, 4}, {"مه", MONTH, 5}, {"ژوين", MONTH, 6},
    {"ژوئن", MONTH, 6}, {"ژوييه", MONTH, 7}, {"ژوئيه", MONTH, 7}, {"سپتامبر", MONTH, 9}, {"نوامبر", MONTH, 11},
    {"دسامبر", MONTH, 12},
    /* two of a name: a number says which */
    {"تشرين", FIRST_OF_TWO, 10}, {"ت", FIRST_OF_TWO, 10}, {"كانون", FIRST_OF_TWO, 12}, {"ك", FIRST_OF_TWO, 12},
    {"ربيع", FIRST_OF_TWO, 3}, {"جمادي", FIRST_OF_TWO, 5},
    /* English, in full and as usually abbreviated; a full stop behind it is a sign, which date.c passes over. */
    {"january", MONTH, 1}, {"jan", MONTH, 1}, {"february", MONTH, 2}, {"feb", MONTH, 2}, {"march", MONTH, 3},
    {"mar", MONTH, 3}, {"april", MONTH, 4}, {"apr", MONTH, 4}, {"may", MONTH, 5}, {"june", MONTH, 6},
    {"jun", MONTH, 6}, {"july", MONTH, 7}, {"jul", MONTH, 7}, {"august", MONTH, 8}, {"aug", MONTH, 8},
    {"september", MONTH, 9}, {"sept", MONTH, 9}, {"sep", MONTH, 9}, {"october", MONTH, 10}, {"oct", MONTH, 10},
    {"november", MONTH, 11}, {"nov", MONTH, 11}, {"december", MONTH, 12}, {"dec", MONTH, 12},
    /* French, where it differs */
    {"janvier", MONTH, 1}, {"janv", MONTH, 1}, {"fevrier", MONTH, 2}, {"fevr", MONTH, 2}, {"fev", MONTH, 2},
    {"mars", MONTH, 3}, {"avril", MONTH, 4}, {"avr", MONTH, 4}, {"mai", MONTH, 5}, {"juin", MONTH, 6},
    {"juillet", MONTH, 7}, {"juil", MONTH, 7}, {"aout", MONTH, 8}, {"septembre", MONTH, 9}, {"octobre", MONTH, 10},
    {"novembre", MONTH, 11}, {"decembre", MONTH, 12},
    /* German, likewise */
    {"januar", MONTH, 1}, {"janner", MONTH, 1}, {"februar", MONTH, 2}, {"marz", MONTH, 3}, {"mrz", MONTH, 3},
    {"juni", MONTH, 6}, {"juli", MONTH, 7}, {"oktober", MONTH, 10}, {"okt", MONTH, 10}, {"dezember", MONTH, 12},
    {"dez", MONTH, 12},
    /* Spanish, Portuguese, Italian */
    {"enero", MONTH, 1}, {"ene", MONTH, 1}, {"janeiro", MONTH, 1}, {"gennaio", MONTH, 1}, {"gen", MONTH, 1},
    {"febrero", MONTH, 2}, {"fevereiro", MONTH, 2}, {"febbraio", MONTH, 2}, {"marzo", MONTH, 3}, {"marco", MONTH, 3},
    {"abril", MONTH, 4}, {"abr", MONTH, 4}, {"aprile", MONTH, 4}, {"mayo", MONTH, 5}, {"maio", MONTH, 5},
    {"maggio", MONTH, 5}, {"mag", MONTH, 5}, {"junio", MONTH, 6}, {"junho", MONTH, 6}, {"giugno", MONTH, 6},
    {"giu", MONTH, 6}, {"julio", MONTH, 7}, {"julho", MONTH, 7}, {"luglio", MONTH, 7}, {"lug", MONTH, 7},
    {"agosto", MONTH, 8}, {"ago", MONTH, 8}, {"septiembre", MONTH, 9}, {"setiembre", MONTH, 9},
    {"setembro", MONTH, 9}, {"settembre", MONTH, 9}, {"set", MONTH, 9}, {"octubre", MONTH, 10},
    {"outubro", MONTH, 10}, {"out", MONTH, 10}, {"ottobre", MONTH, 10}, {"ott", MONTH, 10}, {"noviembre", MONTH, 11},
    {"novembro", MONTH, 11}, {"diciembre", MONTH, 12}, {"dezembro", MONTH, 12}, {"dicembre", MONTH, 12},
    {"dic", MONTH, 12},
    /* Dutch, Scandinavian, Turkish, Indonesian */
    {"januari", MONTH, 1}, {"ocak", MONTH, 1}, {"februari", MONTH, 2}, {"subat", MONTH, 2}, {"maart", MONTH, 3},
    {"mart", MONTH, 3}, {"nisan", MONTH, 4}, {"mei", MONTH, 5}, {"mayis", MONTH, 5}, {"maj", MONTH, 5},
    {"haziran", MONTH, 6}, {"temmuz", MONTH, 7}, {"augustus", MONTH, 8}, {"augusti", MONTH, 8}, {"agustos", MONTH, 8},
    {"agustus", MONTH, 8}, {"eylul", MONTH, 9}, {"ekim", MONTH, 10}, {"kasim", MONTH, 11}, {"aralik", MONTH, 12},
    {"desember", MONTH, 12},
    /* Russian, Polish */
    {"января", MONTH, 1}, {"stycznia", MONTH, 1}, {"февраля", MONTH, 2}, {"lutego", MONTH, 2}, {"марта", MONTH, 3},
    {"marca", MONTH, 3}, {"апреля", MONTH, 4}, {"kwietnia", MONTH, 4}, {"мая", MONTH, 5}, {"maja", MONTH, 5},
    {"июня", MONTH, 6}, {"czerwca", MONTH, 6}, {"июля", MONTH, 7}, {"lipca", MONTH, 7}, {"августа", MONTH, 8},
    {"sierpnia", MONTH, 8}, {"сентября", MONTH, 9}, {"wrzesnia", MONTH, 9}, {"октября", MONTH, 10},
    {"pazdziernika", MONTH, 10}, {"ноября", MONTH, 11}, {"listopada", MONTH, 11}, {"декабря", MONTH, 12},
    {"grudnia", MONTH, 12},
    /* Days of the week; in Arabic with the article, without which أحد and خميس are other words. */
    {"الاحد", WEEKDAY, 0}, {"sunday", WEEKDAY, 0}, {"sun", WEEKDAY, 0}, {"dimanche", WEEKDAY, 0}, {"dim", WEEKDAY, 0},
    {"sonntag", WEEKDAY, 0}, {"domingo", WEEKDAY, 0}, {"domenica", WEEKDAY, 0}, {"يكشنبه", WEEKDAY, 0},
    {"الاثنين", WEEKDAY, 1}, {"الاتنين", WEEKDAY, 1}, {"monday", WEEKDAY, 1}, {"mon", WEEKDAY, 1},
    {"lundi", WEEKDAY, 1}, {"lun", WEEKDAY, 1}, {"montag", WEEKDAY, 1}, {"lunes", WEEKDAY, 1}, {"lunedi", WEEKDAY, 1},
    {"دوشنبه", WEEKDAY, 1}, {"الثلاثاء", WEEKDAY, 2}, {"tuesday", WEEKDAY, 2}, {"tue", WEEKDAY, 2},
    {"tues", WEEKDAY, 2}, {"mardi", WEEKDAY, 2}, {"dienstag", WEEKDAY, 2}, {"martes", WEEKDAY, 2},
    {"martedi", WEEKDAY, 2}, {"سهشنبه", WEEKDAY, 2}, {"الاربعاء", WEEKDAY, 3}, {"wednesday", WEEKDAY, 3},
    {"wed", WEEKDAY, 3}, {"mercredi", WEEKDAY, 3}, {"mer", WEEKDAY, 3}, {"mittwoch", WEEKDAY, 3},
    {"miercoles", WEEKDAY, 3}, {"mercoledi", WEEKDAY, 3}, {"چهارشنبه", WEEKDAY, 3}, {"الخميس", WEEKDAY, 4},
    {"thursday", WEEKDAY, 4}, {"thu", WEEKDAY, 4}, {"thur", WEEKDAY, 4}, {"thurs", WEEKDAY, 4}, {"jeudi", WEEKDAY, 4},
    {"jeu", WEEKDAY, 4}, {"donnerstag", WEEKDAY, 4}, {"jueves", WEEKDAY, 4}, {"giovedi", WEEKDAY, 4},
    {"پنجشنبه", WEEKDAY, 4}, {"الجمعه", WEEKDAY, 5}, {"friday", WEEKDAY, 5}, {"fri", WEEKDAY, 5},
    {"vendredi", WEEKDAY, 5}, {"ven", WEEKDAY, 5}, {"freitag", WEEKDAY, 5}, {"viernes", WEEKDAY, 5},
    {"venerdi", WEEKDAY, 5}, {"جمعه", WEEKDAY, 5}, {"السبت", WEEKDAY, 6}, {"saturday", WEEKDAY, 6},
    {"sat", WEEKDAY, 6}, {"samedi", WEEKDAY, 6}, {"sam", WEEKDAY, 6}, {"samstag", WEEKDAY, 6},
    {"sonnabend", WEEKDAY, 6}, {"sabado", WEEKDAY, 6}, {"sabato", WEEKDAY, 6}, {"شنبه", WEEKDAY, 6},
    /* Which years these are: of our era, Islamic, or Iran's. Single letters are marks only right behind a year
     * (skip_era() of date.c), as هـ, م, ق and ش are. */
    {"م", ERA, CALENDAR_GREGORIAN}, {"ميلادي", ERA, CALENDAR_GREGORIAN}, {"ميلاديه", ERA, CALENDAR_GREGORIAN},
    {"ad", ERA, CALENDAR_GREGORIAN}, {"ce", ERA, CALENDAR_GREGORIAN}, {"ه", ERA, CALENDAR_ISLAMIC},
    {"هجري", ERA, CALENDAR_ISLAMIC}, {"هجريه", ERA, CALENDAR_ISLAMIC}, {"ق", ERA, CALENDAR_ISLAMIC},
    {"قمري", ERA, CALENDAR_ISLAMIC}, {"قمريه", ERA, CALENDAR_ISLAMIC}, {"ah", ERA, CALENDAR_ISLAMIC},
    {"ش", ERA, CALENDAR_PERSIAN}, {"شمسي", ERA, CALENDAR_PERSIAN}, {"شمسيه", ERA, CALENDAR_PERSIAN},
    {"خورشيدي", ERA, CALENDAR_PERSIAN},
    /* Between the parts, or before a date: they say nothing of it. */
    {"شهر", FILLER, 0}, {"عام", FILLER, 0}, {"سنه", FILLER, 0}, {"لعام", FILLER, 0}, {"لسنه", FILLER, 0},
    {"من", FILLER, 0}, {"يوم", FILLER, 0}, {"في", FILLER, 0}, {"ليوم", FILLER, 0}, {"of", FILLER, 0},
    {"the", FILLER, 0}, {"de", FILLER, 0}, {"del", FILLER, 0}, {"di", FILLER, 0}, {"le", FILLER, 0},
    {"du", FILLER, 0}, {"on", FILLER, 0}, {"st", FILLER, 0}, {"nd", FILLER, 0}, {"rd", FILLER, 0}, {"th", FILLER, 0},
    {"er", FILLER, 0}, {"den", FILLER, 0}, {"am", FILLER, 0}, {"ماه", FILLER, 0}, {"سال", FILLER, 0},
    {"日", FILLER, 0}, {"일", FILLER, 0}, {"г", FILLER, 0}, {"года", FILLER, 0},
};

const struct date_word *fihi_date_word_at(size_t i)
{
    return i < sizeof words / sizeof *words ? &words[i] : NULL;
}

/* Some 360 rows. A document's date has a few words, so no index is made of them. */
const struct date_word *fihi_date_word(const char *name)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].name[0] == name[0] && strcmp(words[i].name, name) == 0)
            return &words[i];
    return NULL;
}
