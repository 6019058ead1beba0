/* html_tag.h - the elements of HTML, and what the standard says of each (13.2.4.2, 13.2.6.5). */
#ifndef FIHRIST_HTML_TAG_H
#define FIHRIST_HTML_TAG_H

#include <stdint.h>

#include "fihrist.h"

enum {
    HTML_NO       = 0,
    HTML_INLINE   = 1 << 0,        /* stands in the run of a line; any other begins one of its own */
    HTML_VOID     = 1 << 1,        /* has no content */
    HTML_SPECIAL  = 1 << 2,        /* is never closed because something around it is (the standard's word) */
    HTML_SCOPE    = 1 << 3,        /* shields what is open outside from end tags inside */
    HTML_CLOSES_P = 1 << 4,        /* its start ends a paragraph */
    HTML_FORMAT   = 1 << 5,        /* its end tag counts across blocks, as </b> does */
    HTML_HEADING  = 1 << 6,
    HTML_BREAKOUT = 1 << 7,        /* never stands in <svg>: ends it */
    HTML_LEAF     = 1 << 8,        /* says nothing about lines: <script> */
    HTML_BLOCK    = HTML_SPECIAL | HTML_CLOSES_P,
    HTML_TEXTUAL  = HTML_INLINE | HTML_FORMAT
};

/* X(number, name, what it is), sorted by name. */
#define HTML_ELEMENTS(X) \
    X(A, "a", TEXTUAL)                                    \
    X(ABBR, "abbr", INLINE)                               \
    X(ACRONYM, "acronym", INLINE)                         \
    X(ADDRESS, "address", BLOCK)                          \
    X(APPLET, "applet", SPECIAL)                          \
    X(AREA, "area", VOID | SPECIAL | INLINE)              \
    X(ARTICLE, "article", BLOCK)                          \
    X(ASIDE, "aside", BLOCK)                              \
    X(AUDIO, "audio", NO)                                 \
    X(B, "b", TEXTUAL | BREAKOUT)                         \
    X(BASE, "base", VOID | SPECIAL | LEAF)                \
    X(BASEFONT, "basefont", VOID | SPECIAL | INLINE)      \
    X(BDI, "bdi", INLINE)                                 \
    X(BDO, "bdo", INLINE)                                 \
    X(BGSOUND, "bgsound", VOID | SPECIAL | INLINE)        \
    X(BIG, "big", TEXTUAL | BREAKOUT)                     \
    X(BLOCKQUOTE, "blockquote", BLOCK | BREAKOUT)         \
    X(BODY, "body", SPECIAL | BREAKOUT)                   \
    X(BR, "br", VOID | SPECIAL | BREAKOUT)                \
    X(BUTTON, "button", INLINE | SPECIAL)                 \
    X(CANVAS, "canvas", NO)                               \
    X(CAPTION, "caption", SPECIAL | SCOPE)                \
    X(CENTER, "center", BLOCK | BREAKOUT)                 \
    X(CITE, "cite", INLINE)                               \
    X(CODE, "code", TEXTUAL | BREAKOUT)                   \
    X(COL, "col", VOID | SPECIAL)                         \
    X(COLGROUP, "colgroup", SPECIAL)                      \
    X(DATA, "data", INLINE)                               \
    X(DATALIST, "datalist", NO)                           \
    X(DD, "dd", BLOCK | BREAKOUT)                         \
    X(DEL, "del", INLINE)                                 \
    X(DESC, "desc", SPECIAL)                              \
    X(DETAILS, "details", BLOCK)                          \
    X(DFN, "dfn", INLINE)                                 \
    X(DIALOG, "dialog", CLOSES_P)                         \
    X(DIR, "dir", BLOCK)                                  \
    X(DIV, "div", BLOCK | BREAKOUT)                       \
    X(DL, "dl", BLOCK | BREAKOUT)                         \
    X(DT, "dt", BLOCK | BREAKOUT)                         \
    X(EM, "em", TEXTUAL | BREAKOUT)                       \
    X(EMBED, "embed", VOID | SPECIAL | BREAKOUT | INLINE) \
    X(FIELDSET, "fieldset", BLOCK)                        \
    X(FIGCAPTION, "figcaption", BLOCK)                    \
    X(FIGURE, "figure", BLOCK)                            \
    X(FONT, "font", TEXTUAL)                              \
    X(FOOTER, "footer", BLOCK)                            \
    X(FOREIGNOBJECT, "foreignobject", SPECIAL)            \
    X(FORM, "form", BLOCK)                                \
    X(FRAME, "frame", VOID | SPECIAL)                     \
    X(FRAMESET, "frameset", SPECIAL)                      \
    X(H1, "h1", BLOCK | HEADING | BREAKOUT)               \
    X(H2, "h2", BLOCK | HEADING | BREAKOUT)               \
    X(H3, "h3", BLOCK | HEADING | BREAKOUT)               \
    X(H4, "h4", BLOCK | HEADING | BREAKOUT)               \
    X(H5, "h5", BLOCK | HEADING | BREAKOUT)               \
    X(H6, "h6", BLOCK | HEADING | BREAKOUT)               \
    X(HEAD, "head", SPECIAL | BREAKOUT)                   \
    X(HEADER, "header", BLOCK)                            \
    X(HGROUP, "hgroup", BLOCK)                            \
    X(HR, "hr", VOID | BLOCK | BREAKOUT)                  \
    X(HTML, "html", SPECIAL)                              \
    X(I, "i", TEXTUAL | BREAKOUT)                         \
    X(IFRAME, "iframe", SPECIAL)                          \
    X(IMAGE, "image", VOID | SPECIAL | INLINE)            \
    X(IMG, "img", VOID | SPECIAL | BREAKOUT | INLINE)     \
    X(INPUT, "input", VOID | SPECIAL | INLINE)            \
    X(INS, "ins", INLINE)                                 \
    X(KBD, "kbd", INLINE)                                 \
    X(KEYGEN, "keygen", VOID | SPECIAL | INLINE)          \
    X(LABEL, "label", INLINE)                             \
    X(LI, "li", BLOCK | BREAKOUT)                         \
    X(LINK, "link", VOID | SPECIAL | LEAF)                \
    X(LISTING, "listing", BLOCK | BREAKOUT)               \
    X(MAIN, "main", BLOCK)                                \
    X(MARK, "mark", INLINE)                               \
    X(MARQUEE, "marquee", SPECIAL)                        \
    X(MATH, "math", INLINE)                               \
    X(MENU, "menu", BLOCK | BREAKOUT)                     \
    X(META, "meta", VOID | SPECIAL | BREAKOUT | LEAF)     \
    X(NAV, "nav", BLOCK)                                  \
    X(NOBR, "nobr", TEXTUAL | BREAKOUT)                   \
    X(NOEMBED, "noembed", SPECIAL | LEAF)                 \
    X(NOSCRIPT, "noscript", SPECIAL | LEAF)               \
    X(OBJECT, "object", SPECIAL)                          \
    X(OL, "ol", BLOCK | BREAKOUT)                         \
    X(OPTGROUP, "optgroup", NO)                           \
    X(OPTION, "option", NO)                               \
    X(P, "p", BLOCK | BREAKOUT)                           \
    X(PARAM, "param", VOID | SPECIAL | LEAF)              \
    X(PLAINTEXT, "plaintext", BLOCK)                      \
    X(PRE, "pre", BLOCK | BREAKOUT)                       \
    X(Q, "q", INLINE)                                     \
    X(RB, "rb", INLINE)                                   \
    X(RP, "rp", INLINE)                                   \
    X(RT, "rt", INLINE)                                   \
    X(RTC, "rtc", INLINE)                                 \
    X(RUBY, "ruby", INLINE | BREAKOUT)                    \
    X(S, "s", TEXTUAL | BREAKOUT)                         \
    X(SAMP, "samp", INLINE)                               \
    X(SCRIPT, "script", SPECIAL | LEAF)                   \
    X(SEARCH, "search", BLOCK)                            \
    X(SECTION, "section", BLOCK)                          \
    X(SELECT, "select", INLINE)                           \
    X(SMALL, "small", TEXTUAL | BREAKOUT)                 \
    X(SOURCE, "source", VOID | SPECIAL | LEAF)            \
    X(SPAN, "span", INLINE | BREAKOUT)                    \
    X(STRIKE, "strike", TEXTUAL | BREAKOUT)               \
    X(STRONG, "strong", TEXTUAL | BREAKOUT)               \
    X(STYLE, "style", SPECIAL | LEAF)                     \
    X(SUB, "sub", INLINE | BREAKOUT)                      \
    X(SUMMARY, "summary", BLOCK)                          \
    X(SUP, "sup", INLINE | BREAKOUT)                      \
    X(SVG, "svg", INLINE)                                 \
    X(TABLE, "table", BLOCK | SCOPE | BREAKOUT)           \
    X(TBODY, "tbody", SPECIAL)                            \
    X(TD, "td", SPECIAL | SCOPE)                          \
    X(TEMPLATE, "template", LEAF)                         \
    X(TEXTAREA, "textarea", SPECIAL)                      \
    X(TFOOT, "tfoot", SPECIAL)                            \
    X(TH, "th", SPECIAL | SCOPE)                          \
    X(THEAD, "thead", SPECIAL)                            \
    X(TIME, "time", INLINE)                               \
    X(TITLE, "title", LEAF)                               \
    X(TR, "tr", SPECIAL)                                  \
    X(TRACK, "track", VOID | SPECIAL | LEAF)              \
    X(TT, "tt", TEXTUAL | BREAKOUT)                       \
    X(U, "u", TEXTUAL | BREAKOUT)                         \
    X(UL, "ul", BLOCK | BREAKOUT)                         \
    X(VAR, "var", INLINE | BREAKOUT)                      \
    X(VIDEO, "video", NO)                                 \
    X(WBR, "wbr", VOID | SPECIAL | INLINE)                \
    X(XMP, "xmp", BLOCK)

enum html_tag {
    TAG_NONE,
#define X(number, name, is) TAG_##number,
    HTML_ELEMENTS(X)
#undef X
    TAG_UNKNOWN                    /* other names have numbers from here to 255, few of them the same */
};

/* The number of an element, told by its name in any case. */
uint8_t html_tag(fih_str name);
/* The sum of HTML_INLINE and so on; an unknown element is none of them. */
unsigned html_tag_is(uint8_t tag);

#endif
