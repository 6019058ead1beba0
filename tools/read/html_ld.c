/* html_ld.c - see html_ld.h. */
#include "read/html_ld.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "read/html_entity.h"
#include "read/html_text.h"

#define MAX_DEPTH   64         /* what is nested deeper is not looked at */
#define VALUE_BYTES 128        /* of a date */

enum about { ABOUT_UNKNOWN, ABOUT_PAGE, ABOUT_ARTICLE, ABOUT_OTHER };

struct level {
    bool       is_object, is_aside;    /* aside: it stands in something that the page is not about */
    enum about about;
    fih_str    key;                    /* of the value that comes next; of an array, the one that it has */
    fih_str    dates[LD_KINDS];
};

struct walk {
    const char  *s;
    size_t       n, i;
    struct level levels[MAX_DEPTH];
    size_t       depth, too_deep;      /* [0] is around everything */
    bool         has_published;
    void       (*each)(void *ctx, enum html_ld_kind kind, bool is_article, fih_str value);
    void        *ctx;
};

static bool is(fih_str s, const char *name)
{
    return s.len == strlen(name) && strncasecmp(s.ptr, name, s.len) == 0;
}

static bool is_one_of(fih_str s, const char *const *names)
{
    while (*names && !is(s, *names))
        names++;
    return *names != NULL;
}

static bool ends_with(fih_str s, const char *end)
{
    const size_t n = strlen(end);

    return s.len >= n && strncasecmp(s.ptr + s.len - n, end, n) == 0;
}

/* What an object is, by a word of its @type. */
static enum about about(fih_str type)
{
    static const char *const pages[] = { "WebPage", "CreativeWork", "WebSite", "ItemPage", "AboutPage", NULL };

    if (ends_with(type, "Article") || ends_with(type, "Posting") || is(type, "Report") || is(type, "Recipe") ||
        is(type, "AnalysisNewsArticle") || is(type, "HowTo") || is(type, "Book"))
        return ABOUT_ARTICLE;
    return is_one_of(type, pages) ? ABOUT_PAGE : ABOUT_OTHER;
}

static bool is_aside_key(fih_str key)
{
    static const char *const keys[] = { "comment", "comments", "review", "reviews", "itemListElement", "author",
                                        "publisher", "image", "video", "isPartOf", "hasPart", "mentions", "citation",
                                        "isBasedOn", "associatedMedia", "blogPost", "blogPosts", "relatedLink",
                                        "subjectOf", "about", "suggestedAnswer", "acceptedAnswer", NULL };

    return is_one_of(key, keys);
}

fih_str html_ld_string(fih_str json, size_t *at)
{
    const size_t from = *at;
    size_t i = from;

    while (i < json.len && json.ptr[i] != '"')
        i += json.ptr[i] == '\\' ? 2 : 1;
    if (i > json.len)
        i = json.len;
    *at = i < json.len ? i + 1 : i;
    return (fih_str){ json.ptr + from, i - from };
}

int32_t html_ld_hex4(fih_str s, size_t at)
{
    int32_t c = 0;

    if (at + 4 > s.len)
        return -1;
    for (size_t i = at; i < at + 4; i++) {
        if (!isxdigit((unsigned char)s.ptr[i]))
            return -1;
        c = c * 16 + (isdigit((unsigned char)s.ptr[i]) ? s.ptr[i] - '0' : tolower((unsigned char)s.ptr[i]) - 'a' + 10);
    }
    return c;
}

/* As it is meant: \/ is a slash, \u0623 a letter. */
static void emit(struct walk *w, enum html_ld_kind kind, bool is_article, fih_str s)
{
    char value[VALUE_BYTES + 4];
    size_t n = 0;

    for (size_t i = 0; i < s.len && n < VALUE_BYTES; i++) {
        if (s.ptr[i] != '\\' || i + 1 == s.len) {
            value[n++] = s.ptr[i];
        } else if (s.ptr[++i] == 'u' && s.len - i > 4) {
            const int32_t c = html_ld_hex4(s, i + 1);

            n += html_character(value + n, c < 0 || (c >= 0xD800 && c < 0xE000) ? '?' : (uint32_t)c);
            i += 4;
        } else {
            value[n++] = s.ptr[i] == '/' ? '/' : ' ';
        }
    }
    w->each(w->ctx, kind, is_article, (fih_str){ value, n });
    w->has_published |= kind == LD_PUBLISHED;
}

static void close_object(struct walk *w, const struct level *l)
{
    if (!l->is_object || l->is_aside || l->about == ABOUT_OTHER)
        return;
    for (unsigned k = 0; k < LD_KINDS; k++)
        if (l->dates[k].len > 0)
            emit(w, (enum html_ld_kind)k, l->about == ABOUT_ARTICLE, l->dates[k]);
}

static void open_level(struct walk *w, bool is_object)
{
    const struct level *const outer = &w->levels[w->depth];

    if (w->depth + 1 == MAX_DEPTH) {
        w->too_deep++;
        return;
    }
    struct level *const l = &w->levels[++w->depth];
    memset(l, 0, sizeof *l);
    l->is_object = is_object;
    l->is_aside = outer->is_aside || is_aside_key(outer->key);
    if (!is_object)
        l->key = outer->key;
}

static void close_level(struct walk *w)
{
    if (w->too_deep > 0) {
        w->too_deep--;
        return;
    }
    if (w->depth == 0)                         /* one bracket too many */
        return;
    close_object(w, &w->levels[w->depth]);
    w->depth--;
}

static void take_value(struct level *l, fih_str value)
{
    static const char *const created[] = { "dateCreated", "uploadDate", NULL };

    if (is(l->key, "datePublished") && !l->dates[LD_PUBLISHED].len)
        l->dates[LD_PUBLISHED] = value;
    else if (is_one_of(l->key, created) && !l->dates[LD_CREATED].len)
        l->dates[LD_CREATED] = value;
    else if (is(l->key, "dateModified") && !l->dates[LD_MODIFIED].len)
        l->dates[LD_MODIFIED] = value;
}

static void on_string(struct walk *w, fih_str s)
{
    struct level *const l = &w->levels[w->depth];

    while (w->i < w->n && html_is_space(w->s[w->i]))
        w->i++;
    if (w->i < w->n && w->s[w->i] == ':') {
        w->i++;
        l->key = s;
        return;
    }
    if (is(l->key, "@type")) {
        struct level *const object = l->is_object || w->depth == 0 ? l : l - 1;

        if (object->about != ABOUT_ARTICLE)
            object->about = about(s);
    } else if (l->is_object) {
        take_value(l, s);
    }
    if (l->is_object)
        l->key = (fih_str){ NULL, 0 };
}

/* Where quotation marks do not go together any more: the first value behind the name. */
static void search_published(struct walk *w)
{
    static const char name[] = "\"datePublished\"";
    const size_t n = sizeof name - 1;

    for (size_t i = 0; i + n < w->n; i++) {
        if (w->s[i] != '"' || strncasecmp(w->s + i, name, n) != 0)
            continue;
        for (w->i = i + n; w->i < w->n && (html_is_space(w->s[w->i]) || w->s[w->i] == ':' || w->s[w->i] == '[');)
            w->i++;
        if (w->i < w->n && w->s[w->i] == '"') {
            w->i++;
            emit(w, LD_PUBLISHED, false, html_ld_string((fih_str){ w->s, w->n }, &w->i));
            return;
        }
    }
}

void html_ld_dates(fih_str json, void (*each)(void *ctx, enum html_ld_kind kind, bool is_article, fih_str value),
                   void *ctx)
{
    struct walk w = { .s = json.ptr, .n = json.len, .each = each, .ctx = ctx };
    bool is_broken;

    while (w.i < w.n) {
        const char c = w.s[w.i++];

        if (c == '"') {
            const fih_str s = html_ld_string((fih_str){ w.s, w.n }, &w.i);

            if (w.too_deep == 0)
                on_string(&w, s);
        } else if (c == '{' || c == '[') {
            open_level(&w, c == '{');
        } else if (c == '}' || c == ']') {
            close_level(&w);
        } else if (c == ',' && w.levels[w.depth].is_object) {
            w.levels[w.depth].key = (fih_str){ NULL, 0 };
        }
    }
    is_broken = w.depth > 0;
    while (w.depth > 0)                        /* never closed */
        close_level(&w);
    if (!w.has_published && is_broken)
        search_published(&w);
}
