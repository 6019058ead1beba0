/* text/clean_tag.c - what is left of HTML and wiki markup: tags, entities, attributes.
 *
 * Not a parser: a crawler leaves single tags in texts, cut anywhere, and prose has < and & of its own. So a tag must be
 * an element's name, an end tag, or have an attribute with a value:
 *
 *    <b>, </x>, <font color="red">       go
 *    a < b, 1<2, <b, c>, <3              stay
 *
 * Elements that go with all that is in them look for their end tag once; where it stands is remembered, for a text of a
 * million <svg> would be read a million times.
 *
 * Names and signs are those of HTML's syntax (WHATWG HTML, 13.1.2 "Elements" and 13.1.4 "Character references"),
 * compared without regard to case as there. What a browser would make of broken markup is not asked: a sign that is
 * left in a text does less harm than a sentence that is gone.
 */
#include <stdbool.h>
#include <string.h>

#include "text/clean_part.h"
#include "text/reference.h"
#include "text/split.h"

/* Sorted. HTML's, and those of MediaWiki. For is_among(), which searches them by halves. */
static const char *const elements[] = {
    "a",        "abbr",       "article", "aside",    "audio",      "b",           "big",       "blockquote", "body",
    "br",       "button",     "center",  "cite",     "code",       "dd",          "del",       "div",        "dl",
    "doc",      "dt",         "em",      "fieldset", "figcaption", "figure",      "font",      "footer",     "form",
    "gallery",  "h1",         "h2",      "h3",       "h4",         "h5",          "h6",        "head",       "header",
    "hr",       "html",       "i",       "iframe",   "img",        "includeonly", "input",     "ins",        "label",
    "li",       "link",       "main",    "math",     "meta",       "nav",         "noinclude", "noscript",   "nowiki",
    "object",   "ol",         "option",  "p",        "path",       "picture",     "poem",      "pre",        "q",
    "ref",      "references", "s",       "script",   "section",    "select",      "small",     "source",     "span",
    "strike",   "strong",     "style",   "sub",      "sup",        "svg",         "table",     "tbody",      "td",
    "textarea", "tfoot",      "th",      "thead",    "time",       "title",       "tr",        "tt",         "u",
    "ul",       "video",
};

/* Elements that go with all that is in them. */
static const char *const whole[WHOLE_ELEMENTS] = {"script", "style", "noscript", "iframe", "svg"};

/* Sorted. Attributes that are left over without their tag. */
static const char *const attributes[] = {
    "align", "alt",     "bgcolor", "border",  "cellpadding", "cellspacing", "class", "colspan", "height", "href",
    "id",    "onclick", "rel",     "rowspan", "scope",       "src",         "style", "target",  "valign", "width",
};

/* Without regard to case; | 0x20 also makes one of other pairs, none of which a name of ours has. */
static int compare_name(const uint8_t *name, size_t n, const char *word)
{
    size_t i = 0;

    for (; i < n && word[i]; i++) {
        const int d = (int)(name[i] | 0x20) - (unsigned char)(word[i] | 0x20);

        if (d)
            return d;
    }
    return i < n ? 1 : word[i] ? -1 : 0;
}

/* By halves; `words` is in compare_name()'s order. Seven comparisons for some ninety names. */
static bool is_among(const char *const *words, size_t count, const uint8_t *name, size_t n)
{
    size_t low = 0;

    while (low < count) {
        const size_t mid = low + (count - low) / 2;
        const int d = compare_name(name, n, words[mid]);

        if (d == 0)
            return 1;
        if (d > 0)
            low = mid + 1;
        else
            count = mid;
    }
    return 0;
}

/* Also asked by clean_code.c, for which "div" before a brace is a selector. */
int fihi_is_element(const uint8_t *name, size_t n)
{
    return is_among(elements, sizeof elements / sizeof *elements, name, n);
}

/* ---- text about markup */

/* The first bytes of Arabic letters are nearly all the same two, so their second bytes are looked for. `word` has two
 * bytes or more. memchr() passes over what cannot match many bytes at a time. memmem() is not in ISO C. */
const uint8_t *fihi_clean_find(const uint8_t *s, size_t n, const char *word)
{
    const size_t len = strlen(word), skip = (uint8_t)word[0] >= 0x80;
    const uint8_t *p = s + skip, *end = s + n;

    while (n >= len && (size_t)(end - p) >= len - skip &&
           (p = memchr(p, word[skip], (size_t)(end - p) - (len - skip) + 1))) {
        if (memcmp(p - skip, word, len) == 0)
            return p - skip;
        p++;
    }
    return NULL;
}

/* Answered for blocks of 1 KiB and what stands around them, so that many signs in one place ask once. 1.5 KiB are read
 * for each KiB of text at most, and only where a rule was about to cut. Where an article explains markup, markup is
 * what it is about: <b> must stay then, and be found. */
int fihi_talks_of_code(struct cleaner *c, size_t at)
{
    static const char *const words[] = {
        "برمج", "جافا سكريبت", "جافاسكريبت", "الكود", "شيفرة", "شفرة المصدر",
        "صفحات الأنماط", "لغة الترميز", "JavaScript", " HTML", "(HTML",
        " CSS", "(CSS", " XML", " PHP", "source code", "programm",
    };
    enum { BLOCK = 1024, AROUND = 256 };
    /* Blocks overlap by AROUND on both sides, so that a word about code right before a border counts. */
    const size_t block = at / BLOCK, from = block * BLOCK > AROUND ? block * BLOCK - AROUND : 0;
    const size_t most = BLOCK + 2 * AROUND, n = c->n - from < most ? c->n - from : most;

    if (block != c->code_block) {
        c->code_block = block;
        c->code_answer = 0;
        for (size_t i = 0; i < sizeof words / sizeof *words && !c->code_answer; i++)
            c->code_answer = fihi_clean_find(c->s + from, n, words[i]) != NULL;
    }
    return c->code_answer;
}

/* "the tag <b>": does a word for markup stand right before? 24 bytes are two or three words, in Arabic twice as many
 * bytes as letters. */
static bool is_named_before(const struct cleaner *c, size_t at)
{
    static const char *const words[] = {"وسم", "الوسوم", "العنصر", "عنصر", "tag", "balise", "element", "élément"};
    const size_t from = at > 24 ? at - 24 : 0;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (fihi_clean_find(c->s + from, at - from, words[i]))
            return 1;
    return 0;
}

/* ---- tags */

/* Behind the > of a tag whose name ended at i, or 0. Quoted values may hold anything. A < inside is of another tag: the
 * first was not closed, and is left. TAG_MOST bytes ahead at most. *has_value: an attribute had one. */
static size_t tag_end(const uint8_t *s, size_t i, size_t n, bool *has_value)
{
    const size_t most = n - i < TAG_MOST ? n : i + TAG_MOST;

    for (; i < most; i++) {
        if (s[i] == '>')
            return i + 1;
        if (s[i] == '<')
            return 0;
        if (s[i] == '=' && i + 1 < most && (s[i + 1] == '"' || s[i + 1] == '\'')) {
            const uint8_t *close = memchr(s + i + 2, s[i + 1], most - i - 2);

            *has_value = true;
            if (!close)
                return 0;
            i = (size_t)(close - s);
        } else if (s[i] == '=') {
            *has_value = true;
        }
    }
    return 0;
}

/* The next </name behind `from`, or SIZE_MAX. Needs a byte behind the name, so that "</script" at the very end is no
 * end tag. Reads on to the end of the text if there is none: the caller remembers that. */
static size_t next_end_tag(const struct cleaner *c, size_t from, const char *name)
{
    const uint8_t *p = c->s + from, *stop = c->s + c->n;
    const size_t n = strlen(name);

    while ((p = memchr(p, '<', (size_t)(stop - p))) && (size_t)(stop - p) > n + 2) {
        if (p[1] == '/' && compare_name(p + 2, n, name) == 0)
            return (size_t)(p - c->s);
        p++;
    }
    return SIZE_MAX;
}

/* Behind the end tag of an element that goes whole, else the end of its start tag. Where the next end tag stands is
 * remembered, so that many start tags take no more time than one. An end tag that is missing or too far off (CODE_MOST)
 * would take prose with it: then only the start tag goes. `end` is behind the start tag. end_tags[] begins with zeros,
 * which are less than any `end`: the first question looks. */
static size_t element_end(struct cleaner *c, const uint8_t *name, size_t n, size_t end)
{
    for (unsigned i = 0; i < sizeof whole / sizeof *whole; i++) {
        size_t close;

        if (compare_name(name, n, whole[i]) != 0)
            continue;
        /* What was found before lies behind us: look again. */
        if (c->end_tags[i] < end)
            c->end_tags[i] = next_end_tag(c, end, whole[i]);
        if (c->end_tags[i] == SIZE_MAX || c->end_tags[i] - end > CODE_MOST)
            break;
        /* </script > is an end tag, too. */
        for (close = c->end_tags[i] + 2 + n; close < c->n && clean_is_space(c->s[close]); close++)
            ;
        return close + (close < c->n && c->s[close] == '>');
    }
    return end;
}

/* One that does not end, or too far off, loses its <!-- only. <!-- … --> of HTML, with the same care as for
 * elements. */
static int clean_comment(struct cleaner *c, size_t at, struct cut *cut)
{
    if (c->n - at < 4 || memcmp(c->s + at, "<!--", 4) != 0)
        return 0;
    if (c->comment_end < at + 4) {             /* looked for once, as end tags are */
        const uint8_t *close = fihi_clean_find(c->s + at + 4, c->n - at - 4, "-->");

        c->comment_end = close ? (size_t)(close - c->s) : SIZE_MAX;
    }
    *cut = (struct cut){at, c->comment_end - at < CODE_MOST ? c->comment_end + 3 : at + 4, CLEAN_TAG};
    return 1;
}

/* The questions about the text around come last, for they cost most. The shape is tested from the name on, byte by
 * byte; only what has one is looked at in its surroundings. */
int fihi_clean_tag(struct cleaner *c, size_t at, struct cut *cut)
{
    const uint8_t *s = c->s;
    size_t name = at + 1, i, end;
    bool has_value = false, is_end;

    if (clean_comment(c, at, cut))
        return 1;
    is_end = name < c->n && s[name] == '/';
    name += (size_t)is_end;
    for (i = name; i < c->n && i - name < 32 && (clean_is_name(s[i]) || s[i] == ':' || s[i] == '-'); i++)
        ;
    if (i == name || !clean_is_letter(s[name]) || (end = tag_end(s, i, c->n, &has_value)) == 0)
        return 0;
    /* An unknown name may be of XML or a mistake: an end tag or a value tells that it is a tag. */
    if (!fihi_is_element(s + name, i - name) && !has_value && !(is_end && i + 1 == end))
        return 0;
    if (!has_value && !is_end && i + 1 != end && s[i] != '/' && s[i] != ' ')      /* <b, c> */
        return 0;
    if (fihi_talks_of_code(c, at) || is_named_before(c, at))
        return 0;
    *cut = (struct cut){at, end, CLEAN_TAG};
    /* <script/> has nothing in it. */
    if (!is_end && s[end - 2] != '/')
        cut->end = element_end(c, s + name, i - name, end);
    /* The reason is told in fih_clean()'s list; the bytes go in any case. */
    if (compare_name(s + name, i - name, "script") == 0 || compare_name(s + name, i - name, "noscript") == 0)
        cut->reason = CLEAN_SCRIPT;
    else if (compare_name(s + name, i - name, "style") == 0)
        cut->reason = CLEAN_STYLE;
    return 1;
}

/* ---- entities: &amp; &quot; &#8230; and tags whose brackets are such */

/* The splitter's own question, so that what is kept is what it reads as part of a word. &#1608; is و: a page that is
 * written in references has words of them, which the splitter reads (text/reference.h). */
size_t fihi_clean_letter(const struct cleaner *c, size_t at)
{
    uint32_t character;
    const size_t bytes = fihi_reference_at(c->s + at, c->n - at, &character);

    return bytes && fihi_split_class(character) != CLASS_NONE ? bytes : 0;
}

/* Any name of 2 to 8 letters and a semicolon will do, so that an & of prose (R&D;) goes seldom. &lt;br&gt; goes whole,
 * if no other &lt; stands between: then the first was a comparison. A reference that is no letter is cut, &nbsp; and
 * &quot; among them: to the splitter it separates words in any case. */
int fihi_clean_entity(struct cleaner *c, size_t at, struct cut *cut)
{
    enum { NAME_LEAST = 2, NAME_MOST = 8, INSIDE_MOST = 300 };
    const uint8_t *s = c->s;
    const size_t name = at + 1 + (at + 1 < c->n && s[at + 1] == '#');
    size_t i = name, inside, twice;
    uint32_t character;

    while (i < c->n && i - name <= NAME_MOST && (clean_is_letter(s[i]) || (uint8_t)(s[i] - '0') < 10))
        i++;
    if (i - name < NAME_LEAST || i - name > NAME_MOST || i >= c->n || s[i] != ';')
        return 0;
    if ((s[name + 1] == 't' && i - name == 2) && fihi_talks_of_code(c, at))        /* &lt; and &gt; in an example */
        return 0;
    *cut = (struct cut){at, i + 1, CLEAN_ENTITY};
    if ((twice = fihi_reference_at(s + at, c->n - at, &character)) > i + 1 - at)   /* &amp;quot; */
        cut->end = at + twice;
    inside = i + 1 + (i + 1 < c->n && s[i + 1] == '/');
    if (i - name != 2 || memcmp(s + name, "lt", 2) != 0)
        return 1;
    for (i = inside; i < c->n && i - inside < 12 && clean_is_name(s[i]); i++)
        ;
    if (fihi_is_element(s + inside, i - inside)) {
        const size_t most = c->n - i < INSIDE_MOST ? c->n - i : INSIDE_MOST;
        const uint8_t *close = fihi_clean_find(s + i, most, "&gt;"), *other = fihi_clean_find(s + i, most, "&lt;");

        /* Both brackets are references: what is between them was a tag before somebody escaped it. */
        if (close && (!other || other > close))
            *cut = (struct cut){at, (size_t)(close + 4 - s), CLEAN_TAG};
    }
    return 1;
}

/* name="value" without its tag, as in the rows of wiki tables. At =. The value must end on its line. style="width:30%"
 * | in a row of a wiki's table. The value is at most 300 bytes. */
int fihi_clean_attribute(struct cleaner *c, size_t low, size_t at, struct cut *cut)
{
    enum { VALUE_MOST = 300 };
    const uint8_t *s = c->s, *close;
    size_t name = at, most;

    if (at + 1 >= c->n || (s[at + 1] != '"' && s[at + 1] != '\''))
        return 0;
    while (name > low && at - name < 16 && clean_is_letter(s[name - 1]))
        name--;
    if (!is_among(attributes, sizeof attributes / sizeof *attributes, s + name, at - name) || fihi_talks_of_code(c, at))
        return 0;
    most = c->n - (at + 2) < VALUE_MOST ? c->n - (at + 2) : VALUE_MOST;
    /* The mark that opened it closes it; the other kind may stand inside. */
    close = memchr(s + at + 2, s[at + 1], most);
    if (!close || memchr(s + at + 2, '\n', (size_t)(close - s) - at - 2))
        return 0;
    *cut = (struct cut){name, (size_t)(close + 1 - s), CLEAN_TAG};
    return 1;
}
