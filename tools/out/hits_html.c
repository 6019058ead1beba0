/* hits_html.c - one self-contained page: right-to-left, light and dark, no script, nothing from outside, prints well.
 *
 * Every text is the crawl's: it is escaped for its place, controls are left out, and a link is made of an address only
 * when it is http or https. Each field finds its own direction (dir="auto"), so that none reorders another. What the
 * page itself says is in the command's language, which is marked where it is not the page's.
 */
#include "out/hits_html.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/utf8.h>

#include "out/facets.h"
#include "out/lang.h"
#include "out/letters.h"
#include "out/out.h"
#include "out/url.h"
#include "out/why.h"

enum { PASSAGE_CHARS = 320, ADDRESS_COLUMNS = 80 };

/* The page while it is made. */
struct making {
    FILE                    *f;
    const struct hits_style *style;
    const struct hits       *h;
    const struct page       *page;
    const char              *said_in;   /* a lang attribute for what the page says, or "" */
    struct shown            *shown;     /* of each hit, for links within the page */
};

/* What a hit is counted by. */
struct shown {
    char *section, *date;
};

/* ---- escaping */

/* Marks that turn the direction of what follows. */
static bool turns(UChar32 c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/* For text between tags and in quoted attributes. What is not UTF-8 becomes U+FFFD, white space a space. */
static void put(FILE *f, fih_str s)
{
    for (size_t i = 0, from = 0; i < s.len; from = i) {
        UChar32 c;

        U8_NEXT(s.ptr, i, s.len, c);
        if (c < 0)
            fputs("\uFFFD", f);
        else if (c == '&' || c == '<' || c == '>' || c == '"' || c == '\'')
            fprintf(f, "&#%d;", (int)c);
        else if (c == '\n' || c == '\t' || c == '\r')
            putc(' ', f);
        else if (c >= ' ' && (c < 0x7F || c > 0x9F) && !turns(c))
            fwrite(s.ptr + from, 1, i - from, f);
    }
}

/* ---- links */

bool page_is_base(const char *base)
{
    const size_t before_colon = strcspn(base, ":/?#");

    for (const char *c = base; *c; c++)
        if (iscntrl((unsigned char)*c) || *c == ' ' || *c == '#')
            return false;
    return *base && (url_is_web(out_str(base)) || base[before_colon] != ':');
}

/* href="BASE?q=QUERY", and what comes behind. */
static void open_query(const struct making *m, fih_str query, const char *more)
{
    const char *base = m->page->link_base;

    fputs("<a href=\"", m->f);
    put(m->f, out_str(base));
    fputs(strchr(base, '?') ? "&#38;q=" : "?q=", m->f);
    url_encode(m->f, query);
    fprintf(m->f, "%s\">", more);
}

/* ---- one hit */

static int put_parts(const struct making *m, const fih_stored *doc, const char *field, fih_error *err)
{
    fih_snippet_opts o = FIH_SNIPPET_OPTS_INIT;
    fih_snippet *s = NULL;
    const fih_part *part;
    int rc;

    o.field = field;
    o.chars = PASSAGE_CHARS;
    rc = fih_snippet_new(&s, m->h->reader, m->h->query, doc, &o, err);
    for (size_t i = 0; rc == FIH_OK && (part = fih_snippet_at(s, i)) != NULL; i++) {
        if (part->kind == FIH_PART_GAP) {
            fputs(i > 0 ? "\u00A0… " : "… ", m->f);  /* it never stands alone on a line */
            continue;
        }
        fih_str text = part->text;
        char *const own = letters_resolved(&text);
        fputs(part->kind == FIH_PART_HIT ? "<mark>" : "", m->f);
        put(m->f, text);
        free(own);
        fputs(part->kind == FIH_PART_HIT ? "</mark>" : "", m->f);
    }
    fih_snippet_free(s);
    return rc;
}

static int put_title(const struct making *m, const fih_hit *hit, const fih_stored *doc, fih_error *err)
{
    const fih_str title = fih_stored_get(doc, "title"), url = fih_stored_get(doc, "url");
    int rc = FIH_OK;

    fputs("<h2 dir=\"auto\">", m->f);
    if (url_is_web(url)) {
        fputs("<a rel=\"noreferrer\" href=\"", m->f);
        put(m->f, url);
        fputs("\">", m->f);
    }
    if (title.len > 0)
        rc = put_parts(m, doc, "title", err);
    else
        put(m->f, hit->id);
    fputs(url_is_web(url) ? "</a></h2>\n" : "</h2>\n", m->f);
    return rc;
}

/* With the name of its month, if it can be read. */
static void put_date(const struct making *m, fih_str date)
{
    char text[LANG_DATE];

    if (lang_date(text, date.ptr, date.len))
        fprintf(m->f, "<bdi><time datetime=\"%.*s\"%s>%s</time></bdi>", (int)(date.len < 10 ? date.len : 10), date.ptr,
                m->said_in, text);
    else {
        fputs("<bdi>", m->f);
        put(m->f, date);
        fputs("</bdi>", m->f);
    }
}

static void put_facts(const struct making *m, const fih_hit *hit, const fih_stored *doc)
{
    const fih_str url = fih_stored_get(doc, "url"), source = fih_stored_get(doc, "source"),
                  date = fih_stored_get(doc, "date"), section = fih_stored_get(doc, "section");
    const fih_str place = url.len > 0 ? url : source.len > 1 ? source : hit->id;
    char *shown = url_shown(place, ADDRESS_COLUMNS);

    fputs("<div class=\"facts\">", m->f);
    if (date.len > 0) {
        put_date(m, date);
        fputs(" · ", m->f);
    }
    if (section.len > 0) {
        fputs("<bdi>", m->f);
        put(m->f, section);
        fputs("</bdi> · ", m->f);
    }
    fputs("<bdi>", m->f);
    put(m->f, shown ? out_str(shown) : place);
    fputs("</bdi>", m->f);
    free(shown);
    if (fih_reader_index_count(m->h->reader) > 1) {
        fputs(" · <bdi>", m->f);
        put(m->f, out_str(fih_reader_index_path(m->h->reader, hit->index)));
        fputs("</bdi>", m->f);
    }
    if (m->style->verbose) {
        fprintf(m->f, " · <bdi%s>", m->said_in);
        fprintf(m->f, _("score %.4f"), (double)hit->score);
        fputs("</bdi>", m->f);
    }
    fputs("</div>\n", m->f);
}

static int put_explanation(const struct making *m, const fih_hit *hit, fih_error *err)
{
    fih_explanation *e = NULL;
    const fih_explain_line *line;
    const int rc = fih_explain(&e, m->h->reader, m->h->query, hit->doc, m->h->opts, err);

    fputs("<pre dir=\"ltr\" lang=\"en\">", m->f);
    for (size_t i = 0; rc == FIH_OK && (line = fih_explanation_at(e, i)) != NULL; i++) {
        fprintf(m->f, "%*s%-9.5g ", (int)(2 * line->depth), "", line->value);
        put(m->f, line->text);
        putc('\n', m->f);
    }
    fputs("</pre>\n", m->f);
    fih_explanation_free(e);
    return rc;
}

static char *copy(fih_str s)
{
    return s.len ? strndup(s.ptr, s.len) : NULL;
}

static int put_hit(const struct making *m, struct shown *shown, uint64_t rank, const fih_hit *hit, fih_error *err)
{
    char count[LANG_COUNT];
    fih_stored *doc = NULL;
    int rc = fih_reader_doc(&doc, m->h->reader, hit->doc, err);

    if (rc != FIH_OK)
        return rc;
    if (shown && m->page->facets && !m->page->link_base)
        *shown = (struct shown){ copy(fih_stored_get(doc, "section")), copy(fih_stored_get(doc, "date")) };
    fprintf(m->f, "<li id=\"h%" PRIu64 "\"><span class=\"rank\">%s</span><article>\n", rank, lang_count(count, rank));
    if ((rc = put_title(m, hit, doc, err)) == FIH_OK) {
        put_facts(m, hit, doc);
        fputs("<p dir=\"auto\">", m->f);
        rc = put_parts(m, doc, "body", err);
        fputs("</p>\n", m->f);
    }
    if (rc == FIH_OK && m->style->explain)
        rc = put_explanation(m, hit, err);
    fputs("</article></li>\n", m->f);
    fih_stored_free(doc);
    return rc;
}

/* ---- facets */

static bool is_date(const char *what)
{
    return strncmp(what, "date", 4) == 0 && (what[4] == ':' || what[4] == '\0');
}

/* The first hit on the page that is counted there, or SIZE_MAX. A day begins as its month and its year do. */
static size_t first_of(const struct making *m, const char *what, fih_str value)
{
    const size_t n = is_date(what) || strcmp(what, "section") == 0 ? fih_hits_count(m->h->list) : 0;

    for (size_t i = 0; i < n; i++) {
        const char *has = strcmp(what, "section") == 0 ? m->shown[i].section : m->shown[i].date;

        if (has && strncmp(has, value.ptr, value.len) == 0 &&
            (is_date(what) ? !isdigit((unsigned char)has[value.len]) : has[value.len] == '\0'))
            return i;
    }
    return SIZE_MAX;
}

/* The query, and the value as one more thing to ask for. Quotation marks cannot be quoted. */
static bool open_narrower(const struct making *m, const char *what, fih_str value)
{
    char *query = NULL;
    size_t n = 0;
    FILE *f;

    if (m->page->is_like || memchr(value.ptr, '"', value.len) || (!is_date(what) && strchr(what, ':')) ||
        !(f = open_memstream(&query, &n)))
        return false;
    fwrite(m->h->text.ptr, 1, m->h->text.len, f);
    if (is_date(what))
        fprintf(f, " date:%.*s", (int)value.len, value.ptr);
    else
        fprintf(f, " %s:\"%.*s\"", what, (int)value.len, value.ptr);
    if (fclose(f) == 0)
        open_query(m, (fih_str){ query, n }, "");
    free(query);
    return true;
}

static bool open_facet(const struct making *m, const char *what, fih_str value)
{
    size_t i;

    if (m->page->link_base)
        return open_narrower(m, what, value);
    if ((i = first_of(m, what, value)) == SIZE_MAX)
        return false;
    fprintf(m->f, "<a href=\"#h%" PRIu64 "\">", fih_hits_before(m->h->list) + i + 1);
    return true;
}

static void put_facet(const struct making *m, const char *what, const fih_facet *row)
{
    char count[LANG_COUNT], date[LANG_DATE];
    const bool has_date = is_date(what) && lang_date(date, row->value.ptr, row->value.len);

    fputs("<li>", m->f);
    const bool is_link = open_facet(m, what, row->value);
    fprintf(m->f, "<bdi%s>", has_date ? m->said_in : "");
    put(m->f, has_date ? out_str(date) : row->value);
    fprintf(m->f, "</bdi>%s <span>%s</span></li>\n", is_link ? "</a>" : "", lang_count(count, row->docs));
}

static int put_facets(const struct making *m, fih_error *err)
{
    const char *list = m->page->facets;
    int rc = FIH_OK;

    fputs("<aside>\n", m->f);
    for (size_t n; rc == FIH_OK && *list; list += n + (list[n] == ',')) {
        fih_facets *facets = NULL;
        const fih_facet *row;
        char what[FACET_BYTES];

        n = strcspn(list, ",");
        snprintf(what, sizeof what, "%.*s", (int)n, list);
        if ((rc = fih_facets_new(&facets, m->h->reader, m->h->query, what, m->h->opts, err)) != FIH_OK)
            break;
        fprintf(m->f, "<section><h2><bdi%s>%s</bdi></h2>\n<ul>\n", m->said_in, facets_name(what));
        for (size_t i = 0; (row = fih_facets_at(facets, i)) != NULL; i++)
            put_facet(m, what, row);
        fputs("</ul></section>\n", m->f);
        fih_facets_free(facets);
    }
    fputs("</aside>\n", m->f);
    return rc;
}

/* ---- the page */

/* Is the first letter of the query one of a script that runs from right to left (Hebrew to Arabic Extended)? */
static bool runs_left(fih_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        const unsigned char c = (unsigned char)s.ptr[i];

        if (c >= 0xD6 && c <= 0xDF)
            return true;
        if (((c | 32) >= 'a' && (c | 32) <= 'z') || c >= 0xC3)
            return false;
    }
    return true;
}

/* Another query to try if there is one. */
static void put_suggestion(const struct making *m)
{
    fih_suggestion *other = NULL;

    if (!m->page->is_like && fih_suggest(&other, m->h->reader, m->h->text, m->h->opts, NULL) == FIH_OK && other) {
        fprintf(m->f, "<br>%s ", _("did you mean"));
        if (m->page->link_base)
            open_query(m, other->text, "");
        fputs("<bdi>", m->f);
        put(m->f, other->text);
        fprintf(m->f, "</bdi>%s%s", m->page->link_base ? "</a>" : "", _("?"));
    }
    fih_suggestion_free(other);
}

static void put_isolated(FILE *f, fih_str s)
{
    fputs("<bdi>", f);
    put(f, s);
    fputs("</bdi>", f);
}

static void put_nothing(const struct making *m)
{
    char *why = why_text(m->h, false);

    put(m->f, why ? out_str(why) : out_str(_("nothing found")));
    free(why);
}

static void put_head(struct making *m)
{
    const bool is_right = lang_is_right() || runs_left(m->h->text);

    m->said_in = is_right == lang_is_right()          ? ""
                 : strcmp(lang_name(), "fr") == 0 ? " lang=\"fr\" dir=\"ltr\""
                                                  : " lang=\"en\" dir=\"ltr\"";
    fprintf(m->f,
            "<!DOCTYPE html>\n<html lang=\"%s\" dir=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>",
            is_right ? "ar" : lang_name(), is_right ? "rtl" : "ltr");
    put(m->f, m->h->text);
    fprintf(m->f, "</title>\n<style>%s</style>\n</head>\n<body>\n<header><h1><bdi>", page_style);
    put(m->f, m->h->text);
    fprintf(m->f, "</bdi></h1>\n<div class=\"count\"><bdi%s>", m->said_in);
    if (fih_hits_count(m->h->list) == 0)
        put_nothing(m);
    else
        hits_count(m->f, m->h);
    hits_passed(m->f, m->h, "<br>", put_isolated, "");
    if (fih_hits_before(m->h->list) == 0)
        put_suggestion(m);
    fprintf(m->f, "</bdi></div></header>\n<div class=\"sides%s\">\n<main>\n<ol>\n", m->page->facets ? "" : " one");
}

/* A link, or without somewhere to go what to type. */
static void put_more(const struct making *m)
{
    const fih_str cursor = fih_hits_cursor(m->h->list);
    char more[128];

    if (!m->page->has_more || cursor.len == 0)
        return;
    fprintf(m->f, "<p class=\"more\"><bdi%s>", m->said_in);
    snprintf(more, sizeof more, "&#38;after=%s", cursor.ptr);
    if (m->page->link_base && !m->page->is_like) {
        open_query(m, m->h->text, more);
        fprintf(m->f, "%s</a>", _("more"));
    } else {
        fprintf(m->f, "%s <code dir=\"ltr\">--after %s</code>", _("next page:"), cursor.ptr);
    }
    fputs("</bdi></p>\n", m->f);
}

/* Behind the others, with a line that says what they are. */
static int put_by_roots(const struct making *main, fih_error *err)
{
    struct making m = *main;
    uint64_t rank;
    const fih_hit *hit;
    int rc = FIH_OK;

    m.h = main->page->by_roots;
    fprintf(m.f, "<p class=\"more\"><bdi%s>", m.said_in);
    hits_by_roots(m.f, m.h);
    fputs("</bdi></p>\n<ol>\n", m.f);
    for (size_t i = 0; rc == FIH_OK && hits_next(m.h, &i, &rank, &hit);)
        rc = put_hit(&m, NULL, rank, hit, err);
    fputs("</ol>\n", m.f);
    return rc;
}

int hits_html(FILE *f, const struct hits_style *style, const struct hits *h, const struct page *page, fih_error *err)
{
    const size_t count = fih_hits_count(h->list);
    struct making m = { f, style, h, page, "", calloc(count + 1, sizeof(struct shown)) };
    const fih_hit *hit;
    uint64_t rank;
    int rc = FIH_OK;

    if (!m.shown) {
        *err = (fih_error){ .code = FIH_E_NOMEM, .msg = "out of memory" };
        return FIH_E_NOMEM;
    }
    put_head(&m);
    for (size_t i = 0; rc == FIH_OK && hits_next(h, &i, &rank, &hit);)
        rc = put_hit(&m, &m.shown[i - 1], rank, hit, err);
    fputs("</ol>\n", f);
    if (rc == FIH_OK && page->by_roots)
        rc = put_by_roots(&m, err);
    put_more(&m);
    fputs("</main>\n", f);
    if (rc == FIH_OK && page->facets)
        rc = put_facets(&m, err);
    fputs("</div>\n</body>\n</html>\n", f);
    for (size_t i = 0; i < count; i++) {
        free(m.shown[i].section);
        free(m.shown[i].date);
    }
    free(m.shown);
    return rc;
}
