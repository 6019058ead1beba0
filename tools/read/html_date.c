/* html_date.c - see html_date.h. */
#include "read/html_date.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "read/html_ld.h"
#include "read/html_tag.h"

enum rank {                            /* the best first */
    RANK_META_PUBLISHED,
    RANK_LD_ARTICLE,
    RANK_ITEM_PUBLISHED,
    RANK_LD_PAGE,
    RANK_META_CREATED,
    RANK_TIME_MARKED,                  /* pubdate, or a class that says published */
    RANK_TEXT_PUBLISHED,               /* a class or a text that says published */
    RANK_TIME_HEADING,                 /* the first below the heading */
    RANK_TEXT_HEADING,                 /* a class that says date, below the heading */
    RANK_CLOCK_HEADING,                /* a short line with a time of day, below the heading */
    RANK_META_DATE,                    /* some systems have the last change here: what is shown goes before */
    RANK_TIME,
    RANK_TEXT,
    RANK_LINE_CLOCK,                   /* one elsewhere */
    RANK_LINE_HEADING,                 /* a short line below the heading */
    RANK_URL,
    RANK_LINE,
    RANK_CREATED,
    RANK_META_MODIFIED,
    RANK_LD_MODIFIED,
    RANK_MODIFIED,
    RANKS
};

_Static_assert(RANKS <= HTML_DATE_RANKS, "a place for every rank");

enum {
    LINE_BYTES = 120,                  /* a longer line is a sentence: only its beginning can be a date */
    LINE_HEAD = 32,
    SENTENCE_BYTES = 64
};

/* ------------------------------------------------------------------- Dates */

static int32_t day_of_year(const char *text)
{
    int32_t first = 0, last;

    (void)fih_date_parse(&first, &last, fih_str_of(text), FIH_DATE_WHOLE, NULL);
    return first;
}

/* From an attribute or script, or out of a text: a text must name the day. */
static void take(struct html_date *d, unsigned rank, fih_str text, bool is_text)
{
    struct html_date_found now;
    int32_t last;
    size_t n;

    while (text.len > 0 && html_is_space(*text.ptr)) {
        text.ptr++;
        text.len--;
    }
    if (text.len < 4 || (d->found[rank].text[0] && !is_text) ||
        fih_date_parse(&now.day, &last, text, d->flags, NULL) != 0)
        return;
    if (d->found[rank].text[0]) {
        if (now.day == last && now.day > d->found[rank].latest && now.day <= d->today + 1)
            d->found[rank].latest = now.day;
        return;
    }
    n = text.len < HTML_DATE_BYTES ? text.len : HTML_DATE_BYTES - 1;
    while (n > 0 && n < text.len && ((unsigned char)text.ptr[n] & 0xC0) == 0x80)
        n--;                                   /* not within a character */
    now.latest = now.day;
    memcpy(now.text, text.ptr, n);
    now.text[n] = '\0';
    if (now.day != 0 && now.day == last && now.day <= d->today + 1 && now.day >= day_of_year("1990"))
        d->found[rank] = now;
    else if (!is_text && now.day != 0 && now.day > day_of_year("1000") && rank < d->doubtful_rank) {
        d->doubtful = now;
        d->doubtful_rank = rank;
    }
}

/* ------------------------------------------------------------------- Words */

/* The letters of a name in small letters: "DC.date.issued" and "dc_date-issued" are one. */
static void letters(char *out, size_t size, fih_str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len && n + 1 < size; i++)
        if (isalpha((unsigned char)s.ptr[i]))
            out[n++] = (char)tolower((unsigned char)s.ptr[i]);
    out[n] = '\0';
}

static bool has(const char *s, const char *const *words)
{
    while (*words && !strstr(s, *words))
        words++;
    return *words != NULL;
}

static bool ends_with(const char *s, const char *end)
{
    const size_t n = strlen(s), k = strlen(end);

    return n >= k && strcmp(s + n - k, end) == 0;
}

static const char *const modified_words[] = { "modif", "updat", "revis", "lastmod", "lastchange", "changed",
                                              "reviewed", "aktualisiert", NULL };

/* What the name of a <meta> promises; RANKS: no date. */
static unsigned meta_rank(fih_str name)
{
    static const char *const never[] = { "expir", "unpub", "event", "birth", "start", "enddate", "copyright", "crawl",
                                         "offline", "archiv", "valid", "dateformat", "publisher", "image", "video",
                                         "twitter", NULL };
    static const char *const published[] = { "publish", "pubdate", "pubtime", "issued", "releasedate", "publication",
                                             "postdate", "dateposted", NULL };
    char key[HTML_DATE_BYTES];

    letters(key, sizeof key, name);
    if (has(key, never))
        return RANKS;
    if (has(key, modified_words))
        return RANK_META_MODIFIED;
    if (has(key, published))
        return RANK_META_PUBLISHED;
    if (strstr(key, "creat") && (strstr(key, "date") || strncmp(key, "dc", 2) == 0 || strstr(key, "time")))
        return RANK_META_CREATED;
    return ends_with(key, "date") || ends_with(key, "datetime") ? RANK_META_DATE : RANKS;
}

static unsigned item_rank(fih_str name)
{
    char key[HTML_DATE_BYTES];

    if (name.len == 0)
        return RANKS;
    letters(key, sizeof key, name);
    return strstr(key, "datepublished")  ? RANK_ITEM_PUBLISHED
           : strstr(key, "datecreated")  ? RANK_CREATED
           : strstr(key, "datemodified") ? RANK_MODIFIED
                                         : RANKS;
}

/* What the class or id of an element promises of its text. */
static unsigned class_rank(const struct html_date *d, fih_str name)
{
    static const char *const published[] = { "publish", "pubdate", "posted", "postdate", "entrydate", "articledate",
                                             "dateline", NULL };
    static const char *const dates[] = { "date", "datum", "fecha", "timestamp", "byline", "postmeta", "entrymeta",
                                         "articlemeta", "metainfo", "postinfo", "articleinfo", "erstellt", "time",
                                         "postedon", NULL };
    static const char *const never[] = { "candidate", "mandate", "validate", "sometime", "lifetime", "comment",
                                         "related", "footer", "copyright", "publisher", "timeline", "datepicker",
                                         "sidebar", "widget", NULL };
    char key[2 * HTML_DATE_BYTES];

    if (name.len == 0)
        return RANKS;
    letters(key, sizeof key, name);
    if (has(key, never))
        return RANKS;
    if (has(key, modified_words))
        return RANK_MODIFIED;
    if (has(key, published))
        return RANK_TEXT_PUBLISHED;
    return !has(key, dates) ? RANKS : d->has_heading ? RANK_TEXT_HEADING : RANK_TEXT;
}

static bool says_published(const char *text)
{
    static const char *const words[] = { "ublished", "osted on", "نشر", "النشر", "ublié le", "eröffentlicht",
                                         "rstellt am", "ubliziert", "ublicado", "ubblicato", "انتشار", NULL };

    return has(text, words);
}

/* Does a text say that it is about a change? */
static bool says_modified(const char *text)
{
    static const char *const words[] = { "pdated", "odified", "ktualisiert", "eändert", "تحديث", "mis à jour",
                                         "Mis à jour", "ctualizado", "ggiornato", NULL };

    return has(text, words);
}

/* Is a short text about a person or a source: since when a member, when born, when looked up? */
static bool says_other(const char *text)
{
    static const char *const words[] = {
        "egistriert:", "egistriert seit", "itglied seit", "abei seit", "egistered:", "egistered on", "oined:",
        "oined on", "ember since", "nscrit le", "nscrit depuis", "iembro desde", "تاريخ التسجيل", "تاريخ الانضمام",
        "عضو منذ", "مسجل منذ", "irthdate", "irthday:", "ate of birth", "eboren am", "تاريخ الميلاد", "bgerufen am",
        "etrieved", "onsulté le", "اطلع عليه", NULL
    };

    return has(text, words);
}

/* ------------------------------------------------------------------ Ranges */

/* The sign or word between two days at text + i: how many bytes with the blank behind; 0: none. */
static size_t between(const char *text, size_t i)
{
    static const char *const words[] = { "- ", "-", "– ", "–", "— ", "—", "bis ", "to ", "au ", "al ", "إلى ", "الى ",
                                         "حتى ", NULL };

    for (size_t w = 0; words[w]; w++)
        if (strncmp(text + i, words[w], strlen(words[w])) == 0)
            return w < 6 || text[i - 1] == ' ' ? strlen(words[w]) : 0;
    return 0;
}

/* Is this text one day, or does it begin with one? */
static bool is_day(const struct html_date *d, const char *text, size_t n, int32_t *day)
{
    int32_t last;

    return fih_date_parse(day, &last, (fih_str){text, n}, d->flags, NULL) == 0 && *day == last;
}

/* Do the first `n` bytes end with a day of a month, perhaps with the month: "14.", "24. April"? Not 10:20, 9 Uhr. */
static bool ends_with_day(const struct html_date *d, const char *text, size_t n)
{
    char with_year[HTML_DATE_TEXT + 8];
    size_t end, from;
    int32_t day;

    while (n > 0 && text[n - 1] == ' ')
        n--;
    for (end = n; end > 0 && (isalpha((unsigned char)text[end - 1]) || (unsigned char)text[end - 1] >= 0x80);)
        end--;
    const bool has_month = end < n;
    while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == '.'))
        end--;
    for (from = end; from > 0 && isdigit((unsigned char)text[from - 1]);)
        from--;
    if (end - from < 1 || end - from > 2 || atoi(text + from) > 31 || (from > 0 && strchr(":-/.,", text[from - 1])))
        return false;
    if (!has_month)
        return true;
    const int length = snprintf(with_year, sizeof with_year, "%.*s 2000", (int)(n - from), text + from);
    return is_day(d, with_year, (size_t)length, &day);
}

/* "24. April bis 2. Oktober 2017", "14 - 20 January 2022", "3/1/2022 - 5/1/2022": the days of what is told of. */
static bool is_range(const struct html_date *d, const char *text)
{
    int32_t first, left, right;

    if (!is_day(d, text, strlen(text), &first))
        return false;
    for (size_t i = 1, n; text[i]; i++) {
        if (!(n = between(text, i)) || !isdigit((unsigned char)text[i + n]) ||
            !is_day(d, text + i + n, strlen(text + i + n), &right))
            continue;
        if ((right == first && ends_with_day(d, text, i)) ||
            (right > first && is_day(d, text, i, &left) && left == first))
            return true;
    }
    return false;
}

/* -------------------------------------------------------------- Attributes */

static fih_str attribute(struct html_date *d, const struct html_token *t, const char *name)
{
    const fih_str raw = html_attribute(t, name);

    html_text_clear(&d->value);
    if (!raw.ptr)
        return raw;
    html_attribute_decode(&d->value, raw);
    return d->value.s ? html_text_str(&d->value) : (fih_str){ "", 0 };
}

/* The best of what property, name, itemprop and http-equiv promise. */
static void take_meta(struct html_date *d, const struct html_token *t)
{
    static const char *const names[] = { "property", "name", "http-equiv" };
    unsigned rank = RANKS, other;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if ((other = meta_rank(html_attribute(t, names[i]))) < rank)
            rank = other;
    if ((other = item_rank(html_attribute(t, "itemprop"))) < rank)
        rank = other;
    if (rank < RANKS)
        take(d, rank, attribute(d, t, "content"), false);
}

static void capture(struct html_date *d, uint32_t place, unsigned rank)
{
    for (size_t i = 0; i < HTML_DATE_CAPTURES; i++)
        if (d->captures[i].place == 0) {
            d->captures[i].place = place;
            d->captures[i].rank = (uint8_t)rank;
            d->captures[i].n = 0;
            return;
        }
}

/* Is there a word of `comments` at the end of a name: kb-comments? In the middle it may say that there are none. */
static bool ends_with_comments(fih_str name, size_t i)
{
    static const char *const words[] = { "comment", "comments", "kommentar", "kommentare", "commentaires", NULL };

    for (const char *const *w = words; *w && i > 0 && strchr("-_", name.ptr[i - 1]); w++) {
        const size_t n = strlen(*w);

        if (name.len - i >= n && strncasecmp(name.ptr + i, *w, n) == 0 &&
            (name.len - i == n || html_is_space(name.ptr[i + n])))
            return true;
    }
    return false;
}

/* Is it named after comments, or after what else there is to read? */
static bool is_other(fih_str name)
{
    static const char *const words[] = { "comment", "kommentar", "commentaire", "respond", "sidebar", "related",
                                         "recommend", "footer", NULL };

    for (size_t i = 0; i < name.len; i++) {
        if (ends_with_comments(name, i))
            return true;
        for (const char *const *w = words; *w && (i == 0 || html_is_space(name.ptr[i - 1])); w++)
            if (name.len - i >= strlen(*w) && strncasecmp(name.ptr + i, *w, strlen(*w)) == 0)
                return true;
    }
    return false;
}

static unsigned time_rank(const struct html_date *d, const struct html_token *t)
{
    const unsigned marked = class_rank(d, html_attribute(t, "class"));

    if (marked == RANK_MODIFIED)
        return marked;
    if (html_attribute(t, "pubdate").ptr || marked == RANK_TEXT_PUBLISHED)
        return RANK_TIME_MARKED;
    return d->has_heading ? RANK_TIME_HEADING : RANK_TIME;
}

static void set_language(struct html_date *d, const struct html_token *t)
{
    const fih_str lang = html_attribute(t, "lang");

    if (lang.len >= 5 && strncasecmp(lang.ptr, "en", 2) == 0 && strncasecmp(lang.ptr + 3, "us", 2) == 0)
        d->flags = FIH_DATE_MONTH_FIRST;
}

/* ------------------------------------------------------------------- Texts */

static void finish(struct html_date *d, struct html_date_capture *c)
{
    unsigned rank = c->rank;

    c->text[c->n] = '\0';
    c->place = 0;
    if (rank < RANK_CREATED && rank > RANK_ITEM_PUBLISHED) {
        if (says_published(c->text))
            rank = rank < RANK_TEXT_PUBLISHED ? rank : RANK_TEXT_PUBLISHED;
        else if (says_modified(c->text))
            rank = RANK_MODIFIED;
    }
    if (!is_range(d, c->text) && !(c->n <= LINE_BYTES && says_other(c->text)))
        take(d, rank, (fih_str){ c->text, c->n }, true);
    c->n = 0;
}

static void add(struct html_date_capture *c, fih_str text)
{
    for (size_t i = 0; i < text.len && c->n + 1 < HTML_DATE_TEXT; i++) {
        if (!html_is_space(text.ptr[i]))
            c->text[c->n++] = text.ptr[i];
        else if (c->n > 0 && c->text[c->n - 1] != ' ')
            c->text[c->n++] = ' ';
    }
}

/* 12:09 */
static bool has_clock(const struct html_date_capture *c)
{
    for (size_t i = 1; i + 2 < c->n; i++)
        if (c->text[i] == ':' && isdigit((unsigned char)c->text[i - 1]) && isdigit((unsigned char)c->text[i + 1]) &&
            isdigit((unsigned char)c->text[i + 2]))
            return true;
    return false;
}

/* A line that ends as sentences do, and is longer than who wrote what when. */
static bool is_sentence(const struct html_date_capture *c)
{
    static const char *const ends[] = { ".", "!", "?", "؟", "۔", "。", NULL };
    size_t n = c->n;

    while (n > 0 && c->text[n - 1] == ' ')
        n--;
    for (const char *const *e = ends; *e; e++)
        if (n > SENTENCE_BYTES && memcmp(c->text + n - strlen(*e), *e, strlen(*e)) == 0)
            return true;
    return false;
}

/* A line of the page has ended. Most have no date: four digits in a row are looked for first. */
static void end_line(struct html_date *d)
{
    struct html_date_capture *const line = &d->line;
    unsigned digits = 0, most = 0;

    for (size_t i = 0; i < line->n; i++) {
        const unsigned char c = (unsigned char)line->text[i];

        if (c < 0x80)                          /* digits of other scripts have two bytes */
            digits = isdigit(c) ? digits + 2 : 0;
        else
            digits = c >= 0xD9 || (c & 0xC0) == 0x80 ? digits + 1 : 0;
        most = digits > most ? digits : most;
    }
    line->rank = has_clock(line) ? (d->has_heading ? RANK_CLOCK_HEADING : RANK_LINE_CLOCK)
                 : d->has_heading ? RANK_LINE_HEADING
                                  : RANK_LINE;
    if (line->n > LINE_BYTES || is_sentence(line)) {
        line->rank = RANK_LINE;
        line->n = LINE_HEAD;
    }
    if (most >= 8)
        finish(d, line);
    line->n = 0;
}

void html_date_text(struct html_date *d, fih_str text, bool is_shown)
{
    for (size_t i = 0; i < HTML_DATE_CAPTURES; i++)
        if (d->captures[i].place > 0)
            add(&d->captures[i], text);
    if (is_shown && d->other_place == 0)
        add(&d->line, text);
}

void html_date_close(struct html_date *d, uint32_t count, bool is_line_end)
{
    if (is_line_end)
        end_line(d);
    if (d->other_place > count)
        d->other_place = 0;
    for (size_t i = 0; i < HTML_DATE_CAPTURES; i++)
        if (d->captures[i].place > count)
            finish(d, &d->captures[i]);
}

void html_date_start(struct html_date *d, const struct html_token *t, uint8_t tag, uint32_t place, bool is_shown)
{
    unsigned item, rank;
    fih_str value;

    if (!(html_tag_is(tag) & (HTML_INLINE | HTML_LEAF)))
        end_line(d);
    if (tag == TAG_H1) {
        d->has_heading = true;
        d->other_place = 0;                    /* what has the heading is no list of comments */
    }
    if (t->attributes.len == 0 && tag != TAG_TIME)
        return;
    if (tag != TAG_H1 && d->other_place == 0 && tag != TAG_HTML && tag != TAG_BODY &&
        (is_other(html_attribute(t, "class")) || is_other(html_attribute(t, "id")))) {
        d->other_place = place;
    }
    if (tag == TAG_HTML)
        set_language(d, t);
    if (tag == TAG_META) {
        take_meta(d, t);
        return;
    }
    item = item_rank(html_attribute(t, "itemprop"));
    if (item == RANKS)
        item = item_rank(html_attribute(t, "property"));       /* RDFa */
    if (item < RANKS) {
        if ((value = attribute(d, t, "content")).ptr || (value = attribute(d, t, "datetime")).ptr)
            take(d, item, value, false);
        else
            capture(d, place, item);
    }
    if (!is_shown || d->other_place > 0)
        return;
    if (tag == TAG_TIME) {
        rank = time_rank(d, t);
        if ((value = attribute(d, t, "datetime")).len > 0)
            take(d, rank, value, false);
        else
            capture(d, place, rank);
        return;
    }
    rank = class_rank(d, html_attribute(t, "class"));
    if (rank == RANKS)
        rank = class_rank(d, html_attribute(t, "id"));
    if (rank == RANKS || tag == TAG_BODY || tag == TAG_HTML)
        return;
    if ((value = attribute(d, t, "datetime")).len > 0 || (value = attribute(d, t, "title")).len > 0)
        take(d, rank, value, true);
    capture(d, place, rank);
}

/* ------------------------------------------------------- Scripts, addresses */

static void take_ld(void *ctx, enum html_ld_kind kind, bool is_article, fih_str value)
{
    struct html_date *d = ctx;

    if (kind == LD_PUBLISHED)
        take(d, is_article ? RANK_LD_ARTICLE : RANK_LD_PAGE, value, false);
    else
        take(d, kind == LD_CREATED ? RANK_CREATED : RANK_LD_MODIFIED, value, false);
}

void html_date_script(struct html_date *d, const struct html_token *t, fih_str text)
{
    const fih_str type = html_attribute(t, "type");

    if (type.len >= 7 && strncasecmp(type.ptr + type.len - 7, "ld+json", 7) == 0)
        html_ld_dates(text, take_ld, d);
}

static bool is_digit(fih_str s, size_t i)
{
    return i < s.len && isdigit((unsigned char)s.ptr[i]);
}

/* /2020/10/07/, 2020-10-07: a year from 1990 on with a month and a day behind it. */
void html_date_url(struct html_date *d, fih_str url)
{
    for (size_t i = 0; i + 8 < url.len; i++) {
        size_t at = i + 4, parts = 0;

        if (!(is_digit(url, i) && is_digit(url, i + 1) && is_digit(url, i + 2) && is_digit(url, i + 3)) ||
            (i > 0 && is_digit(url, i - 1)) || (url.ptr[i] != '1' && url.ptr[i] != '2'))
            continue;
        while (parts < 2 && at < url.len && strchr("/-_.", url.ptr[at]) && is_digit(url, at + 1)) {
            at += is_digit(url, at + 2) ? 3 : 2;
            parts++;
        }
        if (parts == 2 && !is_digit(url, at)) {
            char text[16];
            size_t n = 0;

            for (size_t k = i; k < at; k++)
                text[n++] = isdigit((unsigned char)url.ptr[k]) ? url.ptr[k] : '-';
            take(d, RANK_URL, (fih_str){ text, n }, true);
        }
    }
}

/* ------------------------------------------------------------------ Result */

void html_date_init(struct html_date *d)
{
    memset(d, 0, sizeof *d);
    d->today = fih_date_today();
    d->doubtful_rank = RANKS;
}

void html_date_free(struct html_date *d)
{
    html_text_free(&d->value);
}

/* The hour of YYYY-MM-DDTHH… in Greenwich time; -1 if it is no such text. */
static int utc_hour(const char *text)
{
    const size_t n = strlen(text);
    const bool is_utc = n > 13 && (text[n - 1] == 'Z' || strcmp(text + n - 6, "+00:00") == 0 ||
                                   strcmp(text + n - 5, "+0000") == 0);

    return is_utc && strchr("Tt ", text[10]) && isdigit((unsigned char)text[11]) ? atoi(text + 11) : -1;
}

static bool is_text(unsigned rank)
{
    return rank == RANK_TEXT_HEADING || rank == RANK_TEXT || rank == RANK_CLOCK_HEADING || rank == RANK_LINE_CLOCK ||
           rank == RANK_LINE_HEADING || rank == RANK_LINE;
}

/* Is a text one of a list? An article is not older than what stands below it, unless another place says so too: then
 * what is newer stands beside it. */
static bool is_list(const struct html_date *d, unsigned rank)
{
    for (unsigned i = 0; i < RANK_CREATED; i++)
        if (i != rank && d->found[i].text[0] && d->found[i].day == d->found[rank].day)
            return false;
    return d->found[rank].latest > d->found[rank].day;
}

/* A text that is one of a list, or lies between the days of a list that goes before it. */
static bool is_of_list(const struct html_date *d, unsigned rank)
{
    for (unsigned i = 0; i <= rank && is_text(rank); i++)
        if (is_text(i) && d->found[i].text[0] && d->found[rank].day >= d->found[i].day &&
            d->found[rank].day <= d->found[i].latest && is_list(d, i))
            return true;
    return false;
}

static bool is_shown(unsigned rank)
{
    return rank >= RANK_TIME_MARKED && rank <= RANK_LINE_HEADING && rank != RANK_META_DATE;
}

/* The page shows another day than what it says unseen, and says the shown one unseen too: readers know it by that.
 * The rank of what says it with the most. */
static unsigned settle_shown(const struct html_date *d, unsigned rank)
{
    static const uint8_t unseen[] = { RANK_META_PUBLISHED, RANK_LD_ARTICLE, RANK_LD_PAGE, RANK_META_CREATED,
                                      RANK_META_DATE, RANK_META_MODIFIED, RANK_LD_MODIFIED };
    unsigned shown = RANKS;

    for (unsigned i = RANKS; i-- > 0 && rank < RANK_TIME_MARKED;)
        if (d->found[i].text[0] && is_shown(i) && !is_of_list(d, i)) {
            if (d->found[i].day == d->found[rank].day)
                return rank;
            shown = i;
        }
    for (size_t i = 0; i < sizeof unseen && shown < RANKS; i++)
        if (d->found[unseen[i]].text[0] && d->found[unseen[i]].day == d->found[shown].day)
            return unseen[i];
    return rank;
}

/* A clock in Greenwich may have another day than the page's readers: if what the page shows, or its address, is the day
 * before or after and nothing else, and there is a place on earth where it was that day, it is that. */
static void settle_zone(const struct html_date *d, struct html_date_found *f)
{
    const int hour = utc_hour(f->text);
    int32_t shown = f->day;

    for (unsigned i = 0; i < RANK_CREATED && hour >= 0; i++) {
        const struct html_date_found *const other = &d->found[i];

        if (!other->text[0] || (i >= RANK_META_DATE && i != RANK_URL) || utc_hour(other->text) >= 0)
            continue;
        if (other->day == f->day)
            return;
        if ((other->day == f->day + 1 && hour >= 10) || (other->day == f->day - 1 && hour < 12))
            shown = other->day;
    }
    f->day = shown;
}

static fih_str written(struct html_date_found *f, bool is_day)
{
    char day[FIH_DATE_BYTES];

    if (is_day && fih_date_text(day, f->day, NULL) == 0 && strncmp(f->text, day, strlen(day)) != 0)
        memcpy(f->text, day, sizeof day);
    return (fih_str){ f->text, strlen(f->text) };
}

fih_str html_date_best(struct html_date *d)
{
    html_date_close(d, 0, true);
    for (unsigned i = 0; i < RANKS; i++)
        if (d->found[i].text[0] && !is_of_list(d, i)) {
            struct html_date_found *const best = &d->found[settle_shown(d, i)];

            settle_zone(d, best);
            return written(best, true);
        }
    return written(&d->doubtful, false);
}
