/* html.c - a web page is one document: its visible text, and what it says of itself.
 *
 * The page is read in one pass, tag by tag, without a tree: memory is bounded by the page and nothing recurses.
 * Nothing is ever fetched and no entity comes from outside.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "read/encoding.h"
#include "read/html_block.h"
#include "read/html_date.h"
#include "read/html_story.h"
#include "read/html_tok.h"
#include "read/html_tree.h"
#include "read/html_url.h"
#include "read/readers.h"

#define PAGE_BYTES  ((size_t)128 << 20)    /* a larger one is no page */
#define SUSPICIOUS  5                      /* a page shows so many times the text that is kept */
#define DECLARED_IN 4096u                  /* where a page may declare its encoding */

/* Flags of open elements. */
enum {
    IN_H1        = 1 << 0,         /* the first one that has text */
    IN_SECTION   = 1 << 1,         /* article, section or main */
    IN_FURNITURE = 1 << 2          /* menus, the header and footer of the page, what is hidden */
};

struct page {
    struct html_tok  tok;
    struct html_tree tree;
    struct html_blocks blocks;
    struct html_choice choice;
    bool             in_title;
    bool             reveals;      /* what is for browsers without scripts, and templates of scripts, too */
    struct html_date date;
    struct html_text title, og_title, h1, section, base, canonical, og_url, url;
    struct html_text story, description, steps; /* what JSON-LD says: the article, of it, and parts of it */
    struct html_text key, value;   /* of the attribute in hand */
};

/* -------------------------------------------------------------------- Text */

/* What stands beside the text has dates of its own. */
static bool has_dates(const struct page *p)
{
    return !html_tree_is_hidden(&p->tree) && p->tree.of_tag[TAG_ASIDE] == 0 &&
           !(html_tree_top(&p->tree)->flags & IN_FURNITURE);
}

static void on_text(struct page *p, fih_str text)
{
    if (p->in_title) {
        html_text_add_words(&p->title, text.ptr, text.len);
        return;
    }
    html_date_text(&p->date, text, has_dates(p));
    if (html_tree_is_hidden(&p->tree))
        return;
    if (html_tree_top(&p->tree)->flags & IN_H1)
        html_text_add_words(&p->h1, text.ptr, text.len);
    html_block_text(&p->blocks, html_tree_top(&p->tree)->block, text, p->tree.of_tag[TAG_A] > 0);
}

/* ------------------------------------------------------ What the page says */

/* The value of an attribute, decoded into `out`; NULL if there is none. */
static const char *attribute(struct html_text *out, const struct html_token *t, const char *name)
{
    const fih_str raw = html_attribute(t, name);

    html_text_clear(out);
    if (!raw.ptr)
        return NULL;
    html_attribute_decode(out, raw);
    return out->s ? out->s : "";
}

static void take_first(struct html_text *t, const char *value)
{
    if (value && t->n == 0)
        html_text_add_words(t, value, strlen(value));
}

static void take_meta(struct page *p, const struct html_token *t)
{
    const char *value = attribute(&p->value, t, "content"), *key = attribute(&p->key, t, "property");

    if (!key && !(key = attribute(&p->key, t, "name")) && !(key = attribute(&p->key, t, "itemprop")))
        return;
    if (strcasecmp(key, "og:title") == 0)
        take_first(&p->og_title, value);
    else if (strcasecmp(key, "og:url") == 0)
        take_first(&p->og_url, value);
    else if (strcasecmp(key, "article:section") == 0)
        take_first(&p->section, value);
}

static void take_link(struct page *p, const struct html_token *t)
{
    const char *rel = attribute(&p->key, t, "rel");

    if (rel && strcasecmp(rel, "canonical") == 0)
        take_first(&p->canonical, attribute(&p->value, t, "href"));
}

/* ---------------------------------------------------------------- Elements */

/* Elements whose content is no markup, or is not shown and can be passed over; RAW_COUNT for any other. */
static enum html_raw raw_element(uint8_t tag)
{
    static const struct { uint8_t tag, raw;
    } table[] = {
        { TAG_SCRIPT, RAW_SCRIPT }, { TAG_STYLE, RAW_STYLE }, { TAG_TITLE, RAW_TITLE }, { TAG_TEXTAREA, RAW_TEXTAREA },
        { TAG_NOSCRIPT, RAW_NOSCRIPT }, { TAG_IFRAME, RAW_IFRAME }, { TAG_NOEMBED, RAW_NOEMBED }, { TAG_XMP, RAW_XMP },
        { TAG_OBJECT, RAW_OBJECT }, { TAG_TEMPLATE, RAW_TEMPLATE }, { TAG_SVG, RAW_SVG }, { TAG_CANVAS, RAW_CANVAS },
        { TAG_SELECT, RAW_SELECT }, { TAG_DATALIST, RAW_DATALIST }, { TAG_AUDIO, RAW_AUDIO }, { TAG_VIDEO, RAW_VIDEO },
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].tag == tag)
            return (enum html_raw)table[i].raw;
    return RAW_COUNT;
}

static bool is_type(struct page *p, const struct html_token *t, const char *type)
{
    const char *value = attribute(&p->value, t, "type");

    return value && strcasecmp(value, type) == 0;
}

/* A script that is markup for another one to show. */
static bool is_template(struct page *p, const struct html_token *t)
{
    return is_type(p, t, "text/template") || is_type(p, t, "text/html") || is_type(p, t, "text/x-template");
}

/* The start tags behind which there is no markup (13.2.6.4.4 and .7). One that is never closed is taken for a slip
 * rather than for the end of all text, except where what follows cannot be text. */
static void start_raw(struct page *p, uint8_t tag, const struct html_token *t)
{
    const enum html_raw raw = raw_element(tag);
    fih_str script;

    switch (tag) {
    case TAG_SCRIPT:
        if (p->reveals && is_template(p, t))
            break;
        script = html_tok_skip(&p->tok, raw);
        html_date_script(&p->date, t, script);
        if (is_type(p, t, "application/ld+json")) {
            html_story_longest(&p->story, script, "articleBody");
            html_story_longest(&p->description, script, "description");
            html_story_all(&p->steps, script, "text");
        }
        break;
    case TAG_STYLE:
        html_tok_skip(&p->tok, raw);
        break;
    case TAG_IFRAME:
    case TAG_NOEMBED:
    case TAG_NOSCRIPT:             /* whose content browsers with scripts do not show */
    case TAG_TEXTAREA:
        if (html_tok_has_end(&p->tok, raw) && !(p->reveals && tag == TAG_NOSCRIPT))
            html_tok_skip(&p->tok, raw);
        break;
    case TAG_TITLE:
        p->in_title = p->title.n == 0 && !html_tree_is_hidden(&p->tree);
        if (html_tok_raw(&p->tok, raw, true) && !p->in_title)
            html_tok_skip(&p->tok, raw);
        break;
    case TAG_XMP:
        html_tok_raw(&p->tok, raw, false);
        break;
    case TAG_PLAINTEXT:
        html_tok_plaintext(&p->tok);
        break;
    default:
        break;
    }
}

/* Content that stands in for something else, is a choice in a form, or is not there until a script uses it. */
static bool is_never_shown(struct page *p, uint8_t tag, const struct html_token *t)
{
    switch (tag) {
    case TAG_TEMPLATE:
        if (html_attribute(t, "shadowrootmode").ptr)
            return false;          /* the browser shows this one */
        break;
    case TAG_AUDIO:
    case TAG_CANVAS:
    case TAG_DATALIST:
    case TAG_OBJECT:
    case TAG_SELECT:
    case TAG_SVG:
    case TAG_VIDEO:
        break;
    default:
        return false;
    }
    return html_tok_has_end(&p->tok, raw_element(tag));    /* else it would hide all the rest of the page */
}

static uint8_t flags_of(const struct page *p, uint8_t tag, unsigned evidence)
{
    const uint8_t outer = html_tree_top(&p->tree)->flags;

    if (evidence & (HTML_IS_HIDDEN | HTML_IS_NAV | HTML_IS_DIALOG))
        return IN_FURNITURE;
    if ((evidence & HTML_IS_PAGE) && !(outer & IN_SECTION))
        return IN_FURNITURE;
    if (tag == TAG_H1 && p->h1.n == 0)
        return IN_H1;
    return (evidence & HTML_IS_SECTION) ? IN_SECTION : 0;
}

static void open_element(struct page *p, uint8_t tag, const struct html_token *t)
{
    const unsigned evidence = html_evidence(tag, t), is = html_tag_is(tag);
    const bool is_block = !(is & (HTML_INLINE | HTML_LEAF | HTML_VOID));
    const uint32_t count = p->tree.count;

    html_tree_open(&p->tree, tag, flags_of(p, tag, evidence),
                   is_never_shown(p, tag, t) || (!is_block && (evidence & HTML_IS_HIDDEN)));
    if (is_block && p->tree.count > count && !html_tree_is_hidden(&p->tree))
        html_tree_top(&p->tree)->block = html_block_add(&p->blocks, html_tree_top(&p->tree)->block, tag, evidence);
}

static void on_start(struct page *p, const struct html_token *t)
{
    const uint8_t tag = html_tag(t->name);
    const bool in_svg = p->tree.of_tag[TAG_SVG] > 0;

    html_tree_before(&p->tree, tag);
    if (tag == TAG_META)
        take_meta(p, t);
    else if (tag == TAG_LINK)
        take_link(p, t);
    else if (tag == TAG_BASE)
        take_first(&p->base, attribute(&p->value, t, "href"));
    if (!html_tree_is_hidden(&p->tree)) {
        p->blocks.want_line |= !(html_tag_is(tag) & (HTML_INLINE | HTML_LEAF));
        p->blocks.want_space |= tag == TAG_A && p->blocks.is_after_link;   /* pages set links apart by style alone */
    }
    if (t->is_self_closing && (in_svg || tag == TAG_SVG || tag == TAG_MATH))
        return;                    /* there the slash counts */
    html_date_start(&p->date, t, tag, p->tree.count + 1, has_dates(p));
    open_element(p, tag, t);
    if (!in_svg)
        start_raw(p, tag, t);
}

static void note_line(struct page *p)
{
    html_date_close(&p->date, p->tree.count, p->tree.is_line_due);
    if (p->tree.is_line_due && !html_tree_is_hidden(&p->tree))
        p->blocks.want_line = true;
    p->tree.is_line_due = false;
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
        while (s < end && (html_is_space(*s) || *s == '=' || *s == '"' || *s == '\''))
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

/* What is read from here on is well-formed UTF-8 without control characters. */
static char *clean(char *text, size_t *n)
{
    char *fixed = text;

    if (!encoding_is_utf8(text, *n)) {
        fixed = encoding_repair(text, *n, n);
        free(text);
    }
    for (size_t i = 0; fixed && i < *n; i++)
        if ((unsigned char)fixed[i] < ' ' && !html_is_space(fixed[i]))
            fixed[i] = ' ';
    return fixed;
}

/* ----------------------------------------------------------------- Parsing */

enum { TEXTS = 13 };

static void list_texts(struct page *p, struct html_text *all[TEXTS])
{
    struct html_text *const texts[TEXTS] = { &p->title, &p->og_title, &p->h1, &p->section, &p->base, &p->canonical,
                                             &p->og_url, &p->url, &p->story, &p->description, &p->steps,
                                             &p->key, &p->value };

    memcpy(all, texts, sizeof texts);
}

static void page_free(struct page *p)
{
    struct html_text *all[TEXTS];

    list_texts(p, all);
    for (size_t i = 0; i < TEXTS; i++)
        html_text_free(all[i]);
    html_tree_free(&p->tree);
    html_blocks_free(&p->blocks);
    html_date_free(&p->date);
    memset(p, 0, sizeof *p);
}

static bool is_out_of_memory(struct page *p)
{
    struct html_text *all[TEXTS];
    bool is_out = p->tree.is_out_of_memory || p->blocks.is_out_of_memory || p->blocks.text.is_out_of_memory ||
                  p->date.value.is_out_of_memory;

    list_texts(p, all);
    for (size_t i = 0; i < TEXTS; i++)
        is_out |= all[i]->is_out_of_memory;
    return is_out;
}

static void run(struct page *p)
{
    struct html_token token;

    do {
        p->tok.in_foreign = p->tree.of_tag[TAG_SVG] > 0 || p->tree.of_tag[TAG_MATH] > 0;
        html_tok_next(&p->tok, &token);
        if (token.kind == HTML_TEXT) {
            on_text(p, token.text);
            continue;
        }
        p->in_title = false;
        if (token.kind == HTML_START_TAG)
            on_start(p, &token);
        else if (token.kind == HTML_END_TAG)
            html_tree_end(&p->tree, html_tag(token.name));
        note_line(p);
    } while (token.kind != HTML_END_OF_PAGE);
}

static int parse(struct page *p, const char *text, size_t n, bool reveals, struct why *why)
{
    memset(p, 0, sizeof *p);
    p->reveals = reveals;
    html_tok_init(&p->tok, text, n);
    html_date_init(&p->date);
    if (html_tree_init(&p->tree) == 0 && html_blocks_init(&p->blocks) == 0) {
        run(p);
        if (!is_out_of_memory(p)) {
            html_blocks_choose(&p->blocks, &p->choice);
            return 0;
        }
    }
    why_set(why, "out of memory");
    return -1;
}

static bool has_prose(const struct page *p)
{
    return p->choice.prose_words >= HTML_LITTLE_PROSE;
}

/* The page without scripts, if it has prose then. */
static int look_without_scripts(struct page *p, const char *text, size_t n, struct why *why)
{
    struct page other;
    const int rc = parse(&other, text, n, true, why);

    if (rc == 0 && has_prose(&other)) {
        const struct html_blocks blocks = p->blocks;

        p->blocks = other.blocks;
        other.blocks = blocks;
        p->choice = other.choice;
    }
    page_free(&other);
    return rc;
}

/* The text in JSON-LD behind that of the page. */
static int add_story(struct page *p, const struct html_text *story, struct why *why)
{
    struct page other;
    int rc = parse(&other, story->s, story->n, false, why);

    if (rc == 0 && other.choice.prose_words > p->choice.prose_words) {
        if (p->blocks.text.n > 0)
            html_text_add(&p->blocks.text, "\n", 1);
        html_text_add(&p->blocks.text, other.blocks.text.s, other.blocks.text.n);
        p->choice.kept += other.choice.kept;
        p->choice.shown += other.choice.kept;
    }
    page_free(&other);
    return rc;
}

/* What a script is to show of the article stands where only scripts look, or only browsers without them. */
static int look_deeper(struct page *p, const char *text, size_t n, struct why *why)
{
    if (!has_prose(p) && look_without_scripts(p, text, n, why) != 0)
        return -1;
    if (p->story.n > 2 * p->choice.kept)
        return add_story(p, &p->story, why);
    if (has_prose(p) || p->description.n + p->steps.n == 0)
        return 0;
    html_text_add(&p->description, "<p>", 3);
    html_text_add(&p->description, p->steps.s, p->steps.n);
    return add_story(p, &p->description, why);
}

/* The canonical address if it is whole, or can be made so, else og:url. */
static fih_str address(struct page *p)
{
    const fih_str base = html_text_str(&p->base), canonical = html_text_str(&p->canonical);
    const fih_str og_url = html_text_str(&p->og_url);

    html_text_clear(&p->url);
    if (!html_url_resolve(&p->url, base, canonical) && !html_url_resolve(&p->url, base, og_url))
        return (fih_str){ NULL, 0 };
    return html_text_str(&p->url);
}

/* A page of which little is kept may have been misread, or not be worth keeping: the user should look. */
static void tell_loss(const struct page *p, const struct read_sink *sink)
{
    struct why why;

    if (!sink->note || p->choice.shown < SUSPICIOUS * p->choice.kept)
        return;
    why_set(&why, "only %zu of %zu bytes of visible text are kept: the rest looks like menus and lists of links",
            p->choice.kept, p->choice.shown);
    sink->note(sink->ctx, why.text);
}

static void fill_doc(fih_doc *doc, struct page *p, const char *name)
{
    doc->id = (fih_str){ name, strlen(name) };
    doc->title = html_text_str(p->title.n ? &p->title : p->og_title.n ? &p->og_title : &p->h1);
    doc->body = html_text_str(&p->blocks.text);
    doc->section = html_text_str(&p->section);
    doc->url = address(p);
    html_date_url(&p->date, doc->url);
    doc->date = html_date_best(&p->date);
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
    if (parse(&page, text, n, false, why) != 0 ||
        look_deeper(&page, text, n, why) != 0)
        goto out;
    fill_doc(&doc, &page, name);
    if (is_out_of_memory(&page)) {                 /* what was put together since the page was parsed */
        why_set(why, "out of memory");
        goto out;
    }
    rc = READ_OK;
    if (doc.title.len + doc.body.len > 0 && sink->doc(sink->ctx, &doc, 0) != 0)
        rc = READ_STOPPED;
    else if (doc.body.len > 0)
        tell_loss(&page, sink);
out:
    page_free(&page);
    free(text);
    return rc;
}
