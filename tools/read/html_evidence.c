/* html_evidence.c - see html_evidence.h. */
#include "read/html_evidence.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "read/html_tag.h"

#define WORD_MAX 16                /* longer words of a class are none of ours */

/* Words of classes and ids that stand on menus, share bars, adverts and their like, and hardly ever on an article.
 * Sorted. They count only where there is no prose (html_block.c). */
static const char *const names[] = {
    "ad", "addthis", "addtoany", "ads", "advert", "advertisement", "banner", "breadcrumb", "breadcrumbs", "consent",
    "cookie", "cookies", "copyright", "crumb", "crumbs", "footer", "gdpr", "linklist", "links", "login", "mainmenu",
    "masthead", "menu", "modal", "mostread", "nav", "navbar", "navigation", "newsletter", "next", "nextpost",
    "outbrain", "pager", "pagination", "popular", "popup", "postnav", "prev", "previous", "promo", "recommend",
    "recommendations", "recommended", "related", "respond", "search", "share", "sharebar", "sharedaddy", "sharing",
    "sidebar", "signup", "skip", "social", "socials", "sponsor", "sponsored", "submenu", "subscribe", "taboola",
    "tag", "tagcloud", "tags", "toolbar", "topmenu", "trending",
};

static bool is_name(const char *word, size_t n)
{
    size_t low = 0, high = sizeof names / sizeof *names;

    while (low < high) {
        const size_t mid = (low + high) / 2;
        int order = strncasecmp(names[mid], word, n);

        if (order == 0 && names[mid][n] == '\0')
            return true;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return false;
}

/* Whether a word of class="main-menu topNav" is one of them. */
static bool has_name(fih_str value)
{
    const char *s = value.ptr;

    for (size_t i = 0; i < value.len; ) {
        const size_t from = i;

        if (!isalpha((unsigned char)s[i])) {
            i++;
            continue;
        }
        while (i < value.len && isalpha((unsigned char)s[i]) &&
               !(i > from && isupper((unsigned char)s[i]) && islower((unsigned char)s[i - 1])))
            i++;
        if (i - from > WORD_MAX)
            continue;
        /* "widget" stands before what fills sidebars, but behind the name of what builds whole pages of them. */
        if (is_name(s + from, i - from) ||
            (i - from == 6 && strncasecmp(s + from, "widget", 6) == 0 && (from == 0 || html_is_space(s[from - 1]))))
            return true;
    }
    return false;
}

static bool is_container(uint8_t tag)
{
    static const uint8_t tags[] = { TAG_DIV, TAG_SECTION, TAG_UL, TAG_OL, TAG_DL, TAG_ASIDE, TAG_FORM, TAG_TABLE,
                                    TAG_TBODY, TAG_TR, TAG_TD, TAG_NAV, TAG_HEADER, TAG_FOOTER, TAG_FIELDSET, TAG_MENU,
                                    TAG_MAIN, TAG_ARTICLE, TAG_FIGURE, TAG_DETAILS, TAG_CENTER, TAG_DIALOG };

    return memchr(tags, tag, sizeof tags) != NULL;
}

static unsigned of_role(fih_str role)
{
    static const struct { const char *name; unsigned is;
    } roles[] = {
        { "navigation", HTML_IS_NAV }, { "menu", HTML_IS_NAV }, { "menubar", HTML_IS_NAV }, { "tablist", HTML_IS_NAV },
        { "search", HTML_IS_NAV }, { "toolbar", HTML_IS_NAV }, { "banner", HTML_IS_PAGE },
        { "contentinfo", HTML_IS_PAGE }, { "complementary", HTML_IS_ASIDE }, { "dialog", HTML_IS_DIALOG },
        { "alertdialog", HTML_IS_DIALOG },
    };
    size_t from = 0, n;

    while (from < role.len && html_is_space(role.ptr[from]))
        from++;
    for (n = 0; from + n < role.len && !html_is_space(role.ptr[from + n]); n++)
        ;
    for (size_t i = 0; n > 0 && i < sizeof roles / sizeof *roles; i++)
        if (strlen(roles[i].name) == n && strncasecmp(roles[i].name, role.ptr + from, n) == 0)
            return roles[i].is;
    return 0;
}

/* Whether style="…" says display: none. */
static bool is_displayed(fih_str style)
{
    for (size_t i = 0; i + 7 <= style.len; i++) {
        size_t k = i + 7;

        if (strncasecmp(style.ptr + i, "display", 7) != 0 || (i > 0 && (isalnum((unsigned char)style.ptr[i - 1]) ||
                                                                       style.ptr[i - 1] == '-')))
            continue;
        while (k < style.len && (html_is_space(style.ptr[k]) || style.ptr[k] == ':'))
            k++;
        if (style.len - k >= 4 && strncasecmp(style.ptr + k, "none", 4) == 0)
            return false;
    }
    return true;
}

static bool is_called(fih_str name, const char *what)
{
    return name.len == strlen(what) && strncasecmp(name.ptr, what, name.len) == 0;
}

unsigned html_evidence(uint8_t tag, const struct html_token *t)
{
    unsigned is = 0;
    fih_str name, value;

    for (size_t at = 0; html_attribute_next(t, &at, &name, &value); ) {
        if (is_called(name, "role"))
            is |= of_role(value);
        else if (is_called(name, "hidden") || (is_called(name, "style") && !is_displayed(value)))
            is |= HTML_IS_HIDDEN;
        else if ((is_called(name, "class") || is_called(name, "id")) && is_container(tag) && has_name(value))
            is |= HTML_IS_NAMED;
    }
    switch (tag) {
    case TAG_NAV: return is | HTML_IS_NAV;
    case TAG_HEADER:
    case TAG_FOOTER: return is | HTML_IS_PAGE;
    case TAG_ASIDE: return is | HTML_IS_ASIDE;
    case TAG_FORM: return is | HTML_IS_FORM;
    case TAG_DIALOG: return is | (html_attribute(t, "open").ptr ? HTML_IS_DIALOG : HTML_IS_HIDDEN);
    case TAG_ARTICLE:
    case TAG_SECTION:
    case TAG_MAIN: return is | HTML_IS_SECTION;
    default: return is;
    }
}
