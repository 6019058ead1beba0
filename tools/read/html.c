/* read_html.c - a web page is one document: its visible text, and what it says of itself.
 *
 * libxml2 only tokenises and repairs; no tree is built, so memory is bounded by the page and nothing
 * recurses. Nothing is ever fetched and no entity comes from outside.
 */
#include <ctype.h>
#include <libxml/HTMLparser.h>
#include <libxml/xmlerror.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "read/encoding.h"
#include "read/readers.h"

#define PAGE_BYTES  ((size_t)128 << 20)    /* a larger one is no page; the parser holds it some three times */
#define MAX_DEPTH   2000                   /* of open elements; the parser's time grows with depth times size */
#define MAX_ATTRIBUTES 1000               /* of one tag; the parser's time grows with their square */
#define DECLARED_IN 4096u                  /* where a page may declare its encoding */

/* A growing text; once memory is out it stays as it is and says so. */
struct text {
    char  *s;
    size_t n, cap;
    bool   is_out_of_memory;
};

enum date_rank { DATE_NONE, DATE_META, DATE_TIME, DATE_PUBLISHED };

struct page {
    htmlParserCtxtPtr parser;
    bool         takes_all;        /* navigation, headers and footers too */
    int          skip_level;       /* depth of the outermost element that is not shown; 0: none */
    int          section_level;    /* depth of the outermost article, section or main; 0: none */
    int          title_level, h1_level;
    bool         has_h1, too_deep;
    bool         want_space, want_line; /* due before the next text */
    enum date_rank date_rank;
    struct text  body, title, og_title, h1, date, section, canonical, og_url;
};

/* -------------------------------------------------------------------- Text */

static void append(struct text *t, const char *s, size_t n)
{
    if (t->n + n + 1 > t->cap) {
        const size_t cap = 2 * (t->n + n) + 64;
        char *p = t->is_out_of_memory ? NULL : realloc(t->s, cap);

        if (!p) {
            t->is_out_of_memory = true;
            return;
        }
        t->s = p;
        t->cap = cap;
    }
    memcpy(t->s + t->n, s, n);
    t->n += n;
    t->s[t->n] = '\0';
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Append with runs of white space as one space, none at the beginning. */
static void append_words(struct text *t, const char *s, size_t n)
{
    for (size_t i = 0; i < n; ) {
        size_t from = i;

        while (i < n && !is_space(s[i]))
            i++;
        append(t, s + from, i - from);
        for (from = i; i < n && is_space(s[i]); i++)
            ;
        if (i > from && t->n > 0 && t->s[t->n - 1] != ' ')
            append(t, " ", 1);
    }
}

static void replace(struct text *t, const char *s)
{
    t->n = 0;
    append_words(t, s, strlen(s));
}

static fih_str as_str(const struct text *t)
{
    size_t n = t->n;

    while (n > 0 && is_space(t->s[n - 1]))
        n--;
    return (fih_str){ t->s, n };
}

/* Body text: one space or line break between words, as the page shows it. */
static void append_body(struct page *p, const char *s, size_t n)
{
    for (size_t i = 0; i < n; ) {
        size_t from = i;

        while (i < n && is_space(s[i]))
            i++;
        p->want_space |= i > from;
        for (from = i; i < n && !is_space(s[i]); i++)
            ;
        if (i == from)
            break;
        if (p->body.n > 0 && (p->want_line || p->want_space))
            append(&p->body, p->want_line ? "\n" : " ", 1);
        p->want_line = p->want_space = false;
        append(&p->body, s + from, i - from);
    }
}

/* ---------------------------------------------------------------- Elements */

static bool is_one_of(const char *name, const char *const *names)
{
    while (*names && strcasecmp(name, *names) != 0)
        names++;
    return *names != NULL;
}

static bool is_never_shown(const char *name)
{
    static const char *const names[] = {"script", "style",  "noscript", "template", "svg",      "iframe",
                                        "object", "canvas", "select",   "datalist", "textarea", NULL};

    return is_one_of(name, names);
}

/* Elements that stand in the run of a line; any other one begins a line of its own. */
static bool is_inline(const char *name)
{
    static const char *const names[] = {"a",     "abbr", "acronym", "b",    "bdi",    "bdo",    "big",  "cite", "code",
                                        "data",  "del",  "dfn",     "em",   "font",   "i",      "img",  "ins",  "kbd",
                                        "label", "mark", "nobr",    "q",    "rb",     "rp",     "rt",   "rtc",  "ruby",
                                        "s",     "samp", "small",   "span", "strike", "strong", "sub",  "sup",  "time",
                                        "tt",    "u",    "var",     "wbr",  "input",  "button", "meta", "link", NULL};

    return is_one_of(name, names);
}

static const char *attribute(const xmlChar **atts, const char *name)
{
    for (; atts && atts[0]; atts += 2)
        if (strcasecmp((const char *)atts[0], name) == 0)
            return atts[1] ? (const char *)atts[1] : "";
    return NULL;
}

/* The parser's own count of open elements is the truth about depth: it closes elements silently. */
static int depth(const struct page *p)
{
    return p->parser->nameNr;
}

/* Forget the marks of elements that are closed; `level` is the depth of what is still open. */
static void close_down_to(struct page *p, int level)
{
    int *const marks[] = { &p->skip_level, &p->section_level, &p->title_level, &p->h1_level };

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (*marks[i] > level)
            *marks[i] = 0;
}

/* A header or footer belongs to the page if it stands in no article; inside one it can hold the heading. */
static bool is_page_furniture(const struct page *p, const char *name)
{
    if (p->takes_all)
        return false;
    return strcmp(name, "nav") == 0 ||
           (p->section_level == 0 && (strcmp(name, "header") == 0 || strcmp(name, "footer") == 0));
}

static void take_date(struct page *p, const char *value, enum date_rank rank)
{
    if (!value || !*value || p->date_rank >= rank)
        return;
    replace(&p->date, value);
    p->date_rank = rank;
}

static void take_first(struct text *t, const char *value)
{
    if (value && t->n == 0)
        replace(t, value);
}

static void take_meta(struct page *p, const xmlChar **atts)
{
    static const char *const dates[] = { "date", "pubdate", "publishdate", "publish-date", "dc.date", "dc.date.issued",
                                         "dcterms.date", "dcterms.created", "datepublished", "sailthru.date", NULL };
    const char *key = attribute(atts, "property"), *value = attribute(atts, "content");

    if (!key && !(key = attribute(atts, "name")) && !(key = attribute(atts, "itemprop")))
        return;
    if (strcasecmp(key, "og:title") == 0)
        take_first(&p->og_title, value);
    else if (strcasecmp(key, "og:url") == 0)
        take_first(&p->og_url, value);
    else if (strcasecmp(key, "article:section") == 0)
        take_first(&p->section, value);
    else if (strcasecmp(key, "article:published_time") == 0)
        take_date(p, value, DATE_PUBLISHED);
    else if (is_one_of(key, dates))
        take_date(p, value, DATE_META);
}

static void take_link(struct page *p, const xmlChar **atts)
{
    const char *rel = attribute(atts, "rel");

    if (rel && strcasecmp(rel, "canonical") == 0)
        take_first(&p->canonical, attribute(atts, "href"));
}

static void on_start(void *ctx, const xmlChar *element, const xmlChar **atts)
{
    struct page *p = ctx;
    const char *name = (const char *)element;
    const int level = depth(p);

    if (level > MAX_DEPTH) {
        p->too_deep = true;
        xmlStopParser(p->parser);
        return;
    }
    close_down_to(p, level - 1);
    if (strcmp(name, "meta") == 0)
        take_meta(p, atts);
    else if (strcmp(name, "link") == 0)
        take_link(p, atts);
    if (p->skip_level)
        return;
    if (!is_inline(name))
        p->want_line = true;
    if (is_never_shown(name) || is_page_furniture(p, name) ||
        (attribute(atts, "hidden") && strcmp(name, "body") != 0 && strcmp(name, "html") != 0)) {
        p->skip_level = level;
        return;
    }
    if (strcmp(name, "title") == 0)
        p->title_level = level;
    else if (strcmp(name, "h1") == 0 && !p->has_h1)
        p->h1_level = level;
    else if (strcmp(name, "time") == 0)
        take_date(p, attribute(atts, "datetime"), DATE_TIME);
    else if (p->section_level == 0 &&
             (strcmp(name, "article") == 0 || strcmp(name, "section") == 0 || strcmp(name, "main") == 0))
        p->section_level = level;
}

static void on_end(void *ctx, const xmlChar *element)
{
    struct page *p = ctx;
    const int level = depth(p);

    if (p->h1_level && level <= p->h1_level)
        p->has_h1 = p->h1.n > 0;
    close_down_to(p, level - 1);
    if (!p->skip_level && !is_inline((const char *)element))
        p->want_line = true;
}

static void on_text(void *ctx, const xmlChar *text, int n)
{
    struct page *p = ctx;
    const char *s = (const char *)text;

    close_down_to(p, depth(p));
    if (p->skip_level || n <= 0)
        return;
    if (p->title_level) {
        append_words(&p->title, s, (size_t)n);
        return;
    }
    if (p->h1_level)
        append_words(&p->h1, s, (size_t)n);
    append_body(p, s, (size_t)n);
}

/* ---------------------------------------------------------------- Encoding */

/* The first charset=NAME within a <meta …> (or an XML declaration's encoding="NAME"). */
static void find_declared(char *name, size_t name_bytes, const char *head, size_t n)
{
    const char *end = head + (n < DECLARED_IN ? n : DECLARED_IN), *s = head;

    for (; s < end; s++) {
        size_t skip = 0, k = 0;

        if (end - s > 8 && strncasecmp(s, "charset", 7) == 0)
            skip = 7;
        else if (end - s > 9 && strncasecmp(s, "encoding", 8) == 0)
            skip = 8;
        else
            continue;
        s += skip;
        while (s < end && (is_space(*s) || *s == '=' || *s == '"' || *s == '\''))
            s++;
        while (s + k < end && k + 1 < name_bytes && (isalnum((unsigned char)s[k]) || strchr("-_:.", s[k] ? s[k] : ' ')))
            k++;
        if (k > 0) {
            memcpy(name, s, k);
            name[k] = '\0';
            return;
        }
    }
}

/* The parser wants well-formed UTF-8, and takes a NUL for the end. */
static char *clean(char *text, size_t *n)
{
    char *fixed = text;

    if (!encoding_is_utf8(text, *n)) {
        fixed = encoding_repair(text, *n, n);
        free(text);
    }
    for (size_t i = 0; fixed && i < *n; i++)
        if ((unsigned char)fixed[i] < ' ' && !is_space(fixed[i]))
            fixed[i] = ' ';
    return fixed;
}

/* -------------------------------------------------------- Crowds of attributes */

/* Past one attribute, or whatever the parser takes for one; `end` if a quote is never closed. */
static char *skip_attribute(char *s, char *end)
{
    while (s < end && !is_space(*s) && *s != '>' && *s != '=')
        s++;
    if (s == end || *s != '=')
        return s;
    for (s++; s < end && is_space(*s); s++)
        ;
    if (s < end && (*s == '"' || *s == '\'')) {
        s = memchr(s + 1, *s, (size_t)(end - s - 1));
        return s ? s + 1 : end;
    }
    while (s < end && !is_space(*s) && *s != '>')
        s++;
    return s;
}

/* Past the tag whose name was passed; attributes beyond the limit become spaces. */
static char *thin_tag(char *s, char *end)
{
    char *surplus = NULL;

    for (int count = 0; ; count++) {
        while (s < end && is_space(*s))
            s++;
        if (count == MAX_ATTRIBUTES)
            surplus = s;
        if (s == end || *s == '>')
            break;
        s = skip_attribute(s, end);
    }
    if (surplus)
        memset(surplus, ' ', (size_t)(s - surplus));
    return s;
}

/* Past a script or style, whose text is no markup. */
static char *skip_raw(char *s, char *end, const char *name)
{
    const size_t n = strlen(name);

    for (; (s = memchr(s, '<', (size_t)(end - s))) != NULL; s++)
        if ((size_t)(end - s) > n + 2 && s[1] == '/' && strncasecmp(s + 2, name, n) == 0)
            return s;
    return end;
}

static void thin_tags(char *text, size_t n)
{
    static const char *const raw[] = { "script", "style" };
    char *s = text, *end = text + n;

    while ((s = memchr(s, '<', (size_t)(end - s))) != NULL) {
        char *name = ++s;

        if (s == end || !isalpha((unsigned char)*s))
            continue;
        while (s < end && isalnum((unsigned char)*s))
            s++;
        s = thin_tag(s, end);
        for (size_t i = 0; i < 2; i++)
            if ((size_t)(end - name) > strlen(raw[i]) && strncasecmp(name, raw[i], strlen(raw[i])) == 0)
                s = skip_raw(s, end, raw[i]);
    }
}

/* ----------------------------------------------------------------- Parsing */

static void page_free(struct page *p)
{
    struct text *const all[] = {&p->body, &p->title,   &p->og_title,  &p->h1,
                                &p->date, &p->section, &p->canonical, &p->og_url};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]->s);
    memset(p, 0, sizeof *p);
}

static bool is_out_of_memory(const struct page *p)
{
    return p->body.is_out_of_memory || p->title.is_out_of_memory || p->og_title.is_out_of_memory ||
           p->h1.is_out_of_memory || p->date.is_out_of_memory || p->section.is_out_of_memory ||
           p->canonical.is_out_of_memory || p->og_url.is_out_of_memory || p->parser->errNo == XML_ERR_NO_MEMORY;
}

static int parse(struct page *p, const char *text, size_t n, bool takes_all, struct why *why)
{
    int rc = -1;

    memset(p, 0, sizeof *p);
    p->takes_all = takes_all;
    if (!(p->parser = htmlNewParserCtxt())) {
        why_set(why, "out of memory");
        return -1;
    }
    memset(p->parser->sax, 0, sizeof *p->parser->sax);
    p->parser->sax->startElement = on_start;
    p->parser->sax->endElement = on_end;
    p->parser->sax->characters = p->parser->sax->ignorableWhitespace = on_text;
    p->parser->userData = p;
    xmlFreeDoc(htmlCtxtReadMemory(p->parser, text, (int)n, NULL, ENCODING_UTF8,
                                  HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                                  HTML_PARSE_IGNORE_ENC));
    if (p->too_deep)
        why_set(why, "elements are nested more than %d deep", MAX_DEPTH);
    else if (is_out_of_memory(p))
        why_set(why, "out of memory");
    else
        rc = 0;
    htmlFreeParserCtxt(p->parser);
    p->parser = NULL;
    return rc;
}

static void fill_doc(fih_doc *doc, const struct page *p, const char *name)
{
    doc->id = (fih_str){ name, strlen(name) };
    doc->title = as_str(p->title.n ? &p->title : p->og_title.n ? &p->og_title : &p->h1);
    doc->body = as_str(&p->body);
    doc->date = as_str(&p->date);
    doc->section = as_str(&p->section);
    doc->url = as_str(p->canonical.n ? &p->canonical : &p->og_url);
}

enum read_result read_html(struct input *in, const char *name, const struct read_opts *opts,
                           const struct read_sink *sink, struct why *why)
{
    struct page page = { 0 };
    fih_doc doc = FIH_DOC_INIT;
    enum read_result rc;
    char *text;
    size_t n;

    if ((rc = read_whole(in, opts, PAGE_BYTES, find_declared, &text, &n, why)) != READ_OK)
        return rc;
    rc = READ_FAILED;
    if (!(text = clean(text, &n))) {
        why_set(why, "out of memory");
        return rc;
    }
    thin_tags(text, n);
    if (parse(&page, text, n, false, why) != 0)
        goto out;
    if (page.body.n == 0) { /* a page that is all header, or whose markup is broken: take everything */
        page_free(&page);
        if (parse(&page, text, n, true, why) != 0)
            goto out;
    }
    rc = READ_OK;
    fill_doc(&doc, &page, name);
    if (doc.title.len + doc.body.len > 0 && sink->doc(sink->ctx, &doc, 0) != 0)
        rc = READ_STOPPED;
out:
    page_free(&page);
    free(text);
    return rc;
}
