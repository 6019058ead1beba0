/* hits_html.c - one self-contained page: right-to-left, light and dark, no script, nothing from outside, prints well.
 *
 * Every text is the crawl's: it is escaped for its place, controls are left out, and a link is made of an address only
 * when it is http or https. Each field finds its own direction (dir="auto"), so that none reorders another.
 */
#include "out/hits_html.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unicode/utf8.h>

#include "out/out.h"
#include "out/why.h"

static const char style_sheet[] =
    ":root{color-scheme:light "
    "dark;--ink:#1d1b18;--soft:#6b645b;--paper:#fdfcf9;--line:#e4dfd5;--link:#0b5394;--mark:#ffe9a8}"
    "@media(prefers-color-scheme:dark){:root{--ink:#e9e4da;--soft:#a39b8e;--paper:#191816;--line:#37332d;--link:#"
    "8ab8e8;--mark:#6a5310}}"
    "*{box-sizing:border-box}"
    "body{margin:0;background:var(--paper);color:var(--ink);font:17px/1.75 \"Noto Naskh Arabic\",\"Noto Sans "
    "Arabic\",Amiri,\"Segoe UI\","
    "\"Geeza Pro\",Tahoma,\"DejaVu Sans\",sans-serif}"
    "main{max-width:46rem;margin:0 auto;padding:1.5rem 1.2rem 3rem}"
    "h1{font-size:1.5rem;line-height:1.4;margin:0;overflow-wrap:anywhere}"
    ".count{color:var(--soft);margin:.2rem 0 1.5rem;padding-bottom:.9rem;border-bottom:1px solid var(--line)}"
    "ol{list-style:none;margin:0;padding:0}"
    "li{margin:0 0 1.7rem;display:grid;grid-template-columns:2.2rem 1fr;break-inside:avoid}"
    ".rank{color:var(--soft);font-variant-numeric:tabular-nums;font-size:.95rem;padding-top:.15rem}"
    "h2{font-size:1.12rem;line-height:1.5;margin:0;font-weight:600;overflow-wrap:anywhere}"
    "a{color:var(--link);text-decoration:none}a:hover,a:focus{text-decoration:underline}"
    ".facts{color:var(--soft);font-size:.85rem;margin:.05rem 0 .3rem;overflow-wrap:anywhere}"
    "p{margin:0;overflow-wrap:anywhere}"
    "mark{background:var(--mark);color:inherit;border-radius:.2em;padding:0 .1em}"
    "pre{font:.8rem/1.5 monospace;white-space:pre-wrap;color:var(--soft);margin:.5rem 0 0}"
    "section{margin-top:2rem;padding-top:1rem;border-top:1px solid var(--line);break-inside:avoid}"
    "section h2{margin-bottom:.5rem}"
    "table{border-collapse:collapse}td{padding:.05rem 0;padding-inline-end:1.5rem}"
    "td+td{font-variant-numeric:tabular-nums;color:var(--soft)}"
    "@media(max-width:30rem){body{font-size:16px}main{padding:1rem .8rem 2rem}li{grid-template-columns:1.7rem 1fr}}"
    "@media print{body{font-size:11pt;background:#fff;color:#000}a{color:inherit}mark{background:none;font-weight:700}"
    "main{max-width:none}}";

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

static bool begins(fih_str s, const char *with)
{
    const size_t n = strlen(with);

    return s.len > n && strncasecmp(s.ptr, with, n) == 0;
}

static bool is_link(fih_str url)
{
    return begins(url, "http://") || begins(url, "https://");
}

/* ---- one hit */

static int put_parts(FILE *f, const struct hits *h, const fih_stored *doc, const char *field, fih_error *err)
{
    fih_snippet_opts o = FIH_SNIPPET_OPTS_INIT;
    fih_snippet *s = NULL;
    fih_part part;
    int rc;

    o.field = field;
    o.chars = 320;
    rc = fih_snippet_new(&s, h->reader, h->query, doc, &o, err);
    for (size_t i = 0; rc == FIH_OK && fih_snippet_part(s, i, &part) == FIH_OK; i++) {
        if (part.kind == FIH_PART_GAP) {
            fputs(" … ", f);
            continue;
        }
        fputs(part.kind == FIH_PART_HIT ? "<mark>" : "", f);
        put(f, part.text);
        fputs(part.kind == FIH_PART_HIT ? "</mark>" : "", f);
    }
    fih_snippet_free(s);
    return rc;
}

static int put_title(FILE *f, const struct hits *h, const fih_hit *hit, const fih_stored *doc, fih_error *err)
{
    const fih_str title = fih_stored_get(doc, "title"), url = fih_stored_get(doc, "url");
    int rc = FIH_OK;

    fputs("<h2 dir=\"auto\">", f);
    if (is_link(url)) {
        fputs("<a rel=\"noreferrer\" href=\"", f);
        put(f, url);
        fputs("\">", f);
    }
    if (title.len > 0)
        rc = put_parts(f, h, doc, "title", err);
    else
        put(f, hit->id);
    fputs(is_link(url) ? "</a></h2>\n" : "</h2>\n", f);
    return rc;
}

static void put_facts(FILE *f, const struct hits_style *style, const fih_hit *hit, const fih_stored *doc)
{
    const fih_str url = fih_stored_get(doc, "url"), source = fih_stored_get(doc, "source");
    const fih_str facts[] = { fih_stored_get(doc, "date"), fih_stored_get(doc, "section"),
                              url.len > 0 ? url : source.len > 1 ? source : hit->id };
    const char *between = "";

    fputs("<div class=\"facts\">", f);
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        if (facts[i].len == 0)
            continue;
        fprintf(f, "%s<bdi>", between);
        put(f, facts[i]);
        fputs("</bdi>", f);
        between = " · ";
    }
    if (style->verbose)
        fprintf(f, "%s<bdi>score %.4f</bdi>", between, (double)hit->score);
    fputs("</div>\n", f);
}

static int put_explanation(FILE *f, const struct hits *h, const fih_hit *hit, fih_error *err)
{
    fih_explanation *e = NULL;
    fih_explain_line line;
    const int rc = fih_explain(&e, h->reader, h->query, hit->doc, h->opts, err);

    fputs("<pre dir=\"ltr\">", f);
    for (size_t i = 0; rc == FIH_OK && fih_explanation_line(e, i, &line) == FIH_OK; i++) {
        fprintf(f, "%*s%-9.5g ", (int)(2 * line.depth), "", line.value);
        put(f, line.text);
        putc('\n', f);
    }
    fputs("</pre>\n", f);
    fih_explanation_free(e);
    return rc;
}

static int put_hit(FILE *f, const struct hits_style *style, const struct hits *h, uint64_t rank, const fih_hit *hit,
                   fih_error *err)
{
    fih_stored *doc = NULL;
    int rc = fih_reader_doc(&doc, h->reader, hit->doc, err);

    if (rc != FIH_OK)
        return rc;
    fprintf(f, "<li><span class=\"rank\">%" PRIu64 "</span><article>\n", rank);
    if ((rc = put_title(f, h, hit, doc, err)) == FIH_OK) {
        put_facts(f, style, hit, doc);
        fputs("<p dir=\"auto\">", f);
        rc = put_parts(f, h, doc, "body", err);
        fputs("</p>\n", f);
    }
    if (rc == FIH_OK && style->explain)
        rc = put_explanation(f, h, hit, err);
    fputs("</article></li>\n", f);
    fih_stored_free(doc);
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

/* Why, and another query to try if there is one. */
static void put_nothing(FILE *f, const struct hits *h)
{
    char *why = why_text(h, false), *other = NULL;

    put(f, why ? out_str(why) : out_str("nothing found"));
    free(why);
    if (fih_suggest(&other, NULL, h->reader, h->text.ptr, h->text.len, NULL) == FIH_OK) {
        fputs("; did you mean <bdi>", f);
        put(f, out_str(other));
        fputs("</bdi>?", f);
    }
    fih_free(other);
}

static void put_head(FILE *f, const struct hits *h)
{
    const size_t shown = fih_hits_count(h->list);
    const uint64_t before = fih_hits_before(h->list);
    const char *dir = runs_left(h->text) ? "rtl" : "ltr";
    int is_exact;
    const uint64_t total = fih_hits_total(h->list, &is_exact);

    fprintf(f,
            "<!DOCTYPE html>\n<html lang=\"%s\" dir=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>",
            *dir == 'r' ? "ar" : "en", dir);
    put(f, h->text);
    fprintf(f, "</title>\n<style>%s</style>\n</head>\n<body>\n<main>\n<h1 dir=\"auto\">", style_sheet);
    put(f, h->text);
    fputs("</h1>\n<div class=\"count\"><bdi lang=\"en\">", f);
    if (shown == 0 && before == 0) {
        put_nothing(f, h);
    } else {
        fputs(is_exact ? "" : "at least ", f);
        out_count(f, total);
        fputs(total == 1 ? " document" : " documents", f);
        if (before > 0)
            fprintf(f, ", numbers %" PRIu64 " to %" PRIu64, before + 1, before + shown);
        else if (shown < total)
            fprintf(f, ", best %zu", shown);
    }
    fputs("</bdi></div>\n<ol>\n", f);
}

static int put_facets(FILE *f, const struct hits *h, const char *list, fih_error *err)
{
    int rc = FIH_OK;

    for (size_t n; rc == FIH_OK && *list; list += n + (list[n] == ',')) {
        fih_facets *facets = NULL;
        fih_facet row;
        char what[32];

        n = strcspn(list, ",");
        snprintf(what, sizeof what, "%.*s", (int)n, list);
        if ((rc = fih_facets_new(&facets, h->reader, h->query, what, h->opts, err)) != FIH_OK)
            return rc;
        fprintf(f, "<section><h2><bdi lang=\"en\">by %s</bdi></h2>\n<table>\n",
                strchr(what, ':') ? strchr(what, ':') + 1 : what);
        for (size_t i = 0; fih_facets_get(facets, i, &row) == FIH_OK; i++) {
            fputs("<tr><td><bdi>", f);
            put(f, row.value);
            fputs("</bdi></td><td>", f);
            out_count(f, row.docs);
            fputs("</td></tr>\n", f);
        }
        fputs("</table></section>\n", f);
        fih_facets_free(facets);
    }
    return rc;
}

int hits_html(FILE *f, const struct hits_style *style, const struct hits *h, const char *facets, fih_error *err)
{
    fih_hit hit;
    int rc = FIH_OK;

    put_head(f, h);
    for (size_t i = 0; rc == FIH_OK && fih_hits_get(h->list, i, &hit) == FIH_OK; i++)
        rc = put_hit(f, style, h, fih_hits_before(h->list) + i + 1, &hit, err);
    fputs("</ol>\n", f);
    if (rc == FIH_OK && facets)
        rc = put_facets(f, h, facets, err);
    fputs("</main>\n</body>\n</html>\n", f);
    return rc;
}
