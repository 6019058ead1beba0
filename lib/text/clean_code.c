/* text/clean_code.c - style rules, and statements of JavaScript, among prose.
 *
 * Rules begin at a sign that code has and prose lacks ({ = ;) and look both ways: back to where the statement or
 * selector begins, forward to where it ends. A letter beyond ASCII ends every search, in either direction: Arabic prose
 * stops the rules at once, and code among it is short of such letters but in its strings.
 *
 *    .btn { color: red; margin: 0 }      at {: selector with a class, two properties that CSS has
 *    window.x = 1; loadAd(slot, 728);    at =: an object of scripts, assigned to; the call stands in the row
 *    حيث x = 1; ثم نحسب                   nothing: x is no such object, and the line is prose
 *
 * Distances are limited by RUN_MOST back and CODE_MOST ahead. What statement_end() has read without a cut is not read
 * again (`scanned`): a text of nothing but "window.a=(" would be read 16 KiB for each = otherwise.
 *
 * A style rule is of CSS 2.2's grammar ("selector { property: value; }") and a statement is of ECMAScript's, but
 * neither is parsed: of a page's rules and scripts only pieces may have been left. A rule of ours must be sure, not
 * complete.
 */
#include <stdbool.h>
#include <string.h>

#include "text/clean_part.h"

/* ---- style */

/* First words of the properties of CSS: "margin" stands for margin-top and its sisters too. The first word alone, up to
 * a hyphen, so that new properties of a known kind are known. */
static const char *const properties[] = {
    "align",    "animation",  "appearance", "background", "border",  "bottom",    "box",        "clear",   "clip",
    "color",    "column",     "columns",    "content",    "cursor",  "direction", "display",    "fill",    "filter",
    "flex",     "float",      "font",       "gap",        "grid",    "height",    "justify",    "left",    "letter",
    "line",     "list",       "margin",     "max",        "min",     "moz",       "ms",         "object",  "opacity",
    "order",    "outline",    "overflow",   "padding",    "pointer", "position",  "resize",     "right",   "src",
    "stroke",   "table",      "text",       "top",        "touch",   "transform", "transition", "unicode", "user",
    "vertical", "visibility", "webkit",     "white",      "width",   "word",      "writing",    "z",       "zoom",
};

/* A hyphen before the name is a vendor's: -webkit-box-shadow is webkit, which is in the table. */
static bool is_property(const uint8_t *s, size_t n)
{
    size_t at = 0, len;

    while (at < n && s[at] == '-')
        at++;
    for (len = at; len < n && s[len] != '-'; len++)
        ;
    for (size_t i = 0; i < sizeof properties / sizeof *properties; i++)
        if (strlen(properties[i]) == len - at && memcmp(s + at, properties[i], len - at) == 0)
            return 1;
    return 0;
}

/* Behind `property: value` and its semicolon, or 0. The last one needs no semicolon before its brace. A value beyond
 * ASCII is prose: "color: أحمر". */
static size_t declaration(const struct cleaner *c, size_t i)
{
    enum { NAME_MOST = 40, VALUE_MOST = 300 };
    const uint8_t *s = c->s;
    const size_t name = i;
    size_t most;

    while (i < c->n && i - name < NAME_MOST && (clean_is_letter(s[i]) || s[i] == '-'))
        i++;
    if (!is_property(s + name, i - name))
        return 0;
    i = clean_skip_space(s, i, c->n);
    if (i >= c->n || s[i] != ':')
        return 0;
    most = c->n - i < VALUE_MOST ? c->n : i + VALUE_MOST;
    for (i++; i < most && s[i] != ';' && s[i] != '}' && s[i] != '\n'; i++)
        if (s[i] == '{' || s[i] >= 0x80)
            return 0;
    return i < most && s[i] == ';' ? i + 1 : i;
}

/* As many declarations as stand in a row: behind the last of them; 0 of them is `i` itself. Bounded, for a style sheet
 * of a megabyte becomes many cuts of CODE_MOST bytes. */
static size_t declarations(const struct cleaner *c, size_t i, unsigned *count)
{
    const size_t most = c->n - i < CODE_MOST ? c->n : i + CODE_MOST;
    size_t next;

    /* i stays where it is if there is none, and a declaration is never empty. */
    for (*count = 0; i < most && (next = declaration(c, clean_skip_space(c->s, i, c->n))) != 0; i = next)
        ++*count;
    return i;
}

/* Is the token part of a selector, and no word of a sentence? A word is one only if it is the name of an element: "a",
 * "table" and "body" are words of prose too, which is why a rule must also have declarations. */
static bool is_selector(const uint8_t *s, size_t n)
{
    size_t name = 0;

    if (n == 0 || s[n - 1] == '.' || s[n - 1] == ';')
        return 0;
    if (memchr("#*[>+~@", s[0], 7) || s[n - 1] == ',')
        return 1;
    if (s[0] == '.' || s[0] == ':')
        return n > 1 && (clean_is_letter(s[1]) || s[1] == '-' || s[1] == '_' || s[1] == ':');
    while (name < n && clean_is_name(s[name]))
        name++;
    return fihi_is_element(s, name) && (name == n || memchr(".#:[,>", s[name], 6));
}

/* Where the selector before a brace begins; `at` if there is none. *strong: it has a class, an id or the like.
 * Backwards, token by token. Right before the brace any name will do (an element of XML), further away only what is
 * part of a selector for certain. */
static size_t selector_start(const struct cleaner *c, size_t low, size_t at, int *strong)
{
    const uint8_t *s = c->s;
    size_t start = at, end = at;

    *strong = 0;
    if (at - low > RUN_MOST)
        low = at - RUN_MOST;
    for (;;) {
        size_t i;

        while (end > low && (s[end - 1] == ' ' || s[end - 1] == '\t'))
            end--;
        for (i = end; i > low && s[i - 1] > ' ' && s[i - 1] < 0x80 && !memchr("{};", s[i - 1], 3); i--)
            ;
        /* A byte that ends every search, or `low`. */
        if (i == end)
            return start;
        if (!is_selector(s + i, end - i) && (start != at || !clean_is_name(s[i])))
            return start;
        *strong |= memchr(".#@*:", s[i], 5) != NULL;
        start = end = i;
    }
}

/* Where a rule such as @media (width > 600px) begins before its brace; `at` if it does not. A name may be cut by the
 * brace, so no more than the bytes before it are compared. */
static size_t at_rule_start(const struct cleaner *c, size_t low, size_t at)
{
    static const char *const names[] = {"@media", "@font-face", "@supports", "@keyframes", "@-webkit-", "@page"};

    for (size_t i = at; i > low && at - i < RUN_MOST && c->s[i - 1] < 0x80 && !memchr("{};\n", c->s[i - 1], 4); i--)
        for (size_t k = 0; c->s[i - 1] == '@' && k < sizeof names / sizeof *names; k++)
            if (memcmp(c->s + i - 1, names[k], strlen(names[k]) < at - i ? strlen(names[k]) : at - i) == 0 &&
                at - i > 3)
                return i - 1;
    return at;
}

/* selector { declarations }, what stands before the braces of @media, or declarations without braces. With its closing
 * brace a rule needs one declaration, or a strong selector; without that brace two, or one, a strong selector and the
 * end of the text. Declarations without braces must be two, or have a line for themselves. *cut is set only where 1 is
 * returned. At { the selector is looked for backwards and the declarations forwards; at ; a declaration is the
 * beginning. */
int fihi_clean_style(struct cleaner *c, size_t low, size_t at, struct cut *cut)
{
    const uint8_t *s = c->s;
    unsigned count;
    size_t start = at, end;
    int strong = 0;

    /* Declarations whose selector is gone, as of a style attribute. */
    if (s[at] == ';') {
        while (start > low && at - start < RUN_MOST && s[start - 1] < 0x80 && s[start - 1] != '\n' &&
               s[start - 1] != ';')
            start--;
        start = clean_skip_space(s, start, at);
        if (declaration(c, start) == 0 || fihi_talks_of_code(c, at))
            return 0;
        end = declarations(c, start, &count);
        if (count < 2 && (end <= at || (start > 0 && s[start - 1] != '\n') || (end < c->n && s[end] != '\n')))
            return 0;
    } else {
        if ((start = at_rule_start(c, low, at)) == at)
            start = selector_start(c, low, at, &strong);
        else
            strong = 1;
        if ((!strong && declaration(c, clean_skip_space(s, at + 1, c->n)) == 0) || fihi_talks_of_code(c, at))
            return 0;
        end = declarations(c, at + 1, &count);
        end = clean_skip_space(s, end, c->n);
        if (start < at && s[start] == '@' && count == 0)
            end = at + 1;                      /* @media ... { : the rules inside have their own braces */
        else if (end < c->n && s[end] == '}' ? count == 0 && !strong : count + (strong && end == c->n) < 2)
            return 0;
        while (end < c->n && s[end] == '}')
            end = clean_skip_space(s, end + 1, c->n);
        while (end > at + 1 && clean_is_space(s[end - 1]))
            end--;
    }
    if (end <= at)
        return 0;
    *cut = (struct cut){start, end, CLEAN_STYLE};
    return 1;
}

/* ---- scripts */

/* Objects that only scripts of pages speak to; the first ones belong to adverts and counters and are no example in an
 * article about programming. ADVERT_OBJECTS counts these, up to twttr. */
static const char *const objects[] = {
    "googletag", "adsbygoogle", "dataLayer", "gtag",         "fbq",        "ga",          "_gaq",
    "_taboola",  "OneSignal",   "twttr",     "window",       "document",   "console",     "jQuery",
    "$",         "navigator",   "location",  "localStorage", "setTimeout", "setInterval",
};
enum { ADVERT_OBJECTS = 10 };

/* A word of ASCII; i is within the text or at its end. */
static int starts_with(const struct cleaner *c, size_t i, const char *word)
{
    const size_t n = strlen(word);

    return c->n - i >= n && memcmp(c->s + i, word, n) == 0;
}

/* Behind a name with its dots: window.foo.bar. The end of the name at i, or i. */
static size_t chain(const struct cleaner *c, size_t i)
{
    while (i < c->n && (clean_is_name(c->s[i]) || (c->s[i] == '.' && i + 1 < c->n && clean_is_name(c->s[i + 1]))))
        i++;
    return i;
}

/* Is there an assignment at i, and no comparison? Spaces may stand before it. */
static bool is_assigned(const struct cleaner *c, size_t i)
{
    i = clean_skip_space(c->s, i, c->n);
    return i + 1 < c->n && c->s[i] == '=' && c->s[i + 1] != '=';
}

/* var x =, let x =, const x =, function f(, function (. "let x" and "function" are English as well: what follows them
 * must be code's. "var x;" is no English. */
static bool is_keyword_start(const struct cleaner *c, size_t i)
{
    static const char *const words[] = {"var ", "let ", "const ", "function"};

    for (unsigned k = 0; k < 4; k++) {
        size_t name, end;

        /* Capitals count: JavaScript's words have none. */
        if (!starts_with(c, i, words[k]))
            continue;
        name = clean_skip_space(c->s, i + strlen(words[k]), c->n);
        for (end = name; end < c->n && clean_is_name(c->s[end]); end++)
            ;
        if (k == 3)
            return end < c->n && c->s[end] == '(';
        return end > name && (is_assigned(c, end) || (k == 0 && end < c->n && memchr(";,", c->s[end], 2)));
    }
    return starts_with(c, i, "if (typeof") || starts_with(c, i, "if(typeof") || starts_with(c, i, "if (window.") ||
           starts_with(c, i, "if (document.") || starts_with(c, i, "new Image(");
}

/* Does a statement of a page's script begin at the name at i? 2: of an advert's. A name alone is not enough ("the
 * document"): it must be called, indexed or assigned to. 0: none; 1: any page's, which may be quoted in an article
 * about programming; 2: an advert's or a counter's, which is not. */
static int statement_kind(const struct cleaner *c, size_t i)
{
    const size_t end = chain(c, i);
    size_t first = i;

    while (first < end && c->s[first] != '.')
        first++;
    for (unsigned k = 0; k < sizeof objects / sizeof *objects; k++)
        if (strlen(objects[k]) == first - i && memcmp(c->s + i, objects[k], first - i) == 0)
            return (end < c->n && (c->s[end] == '(' || (c->s[end] == '[' && first == end))) || is_assigned(c, end)
                       ? 1 + (k < ADVERT_OBJECTS) : 0;
    return is_keyword_start(c, i);
}

/* loadAd(slot, 728): a call of a name that no prose has, followed by a semicolon. Odd is an underscore, or a capital
 * behind a small letter. fihi(x) in a sentence has neither, nor a semicolon. */
static bool is_odd_call(const struct cleaner *c, size_t i)
{
    const size_t end = chain(c, i), most = c->n - end < RUN_MOST ? c->n : end + RUN_MOST;
    bool is_odd = false;
    size_t k;

    for (k = i + 1; k < end; k++)
        is_odd |= c->s[k] == '_' || (c->s[k] >= 'A' && c->s[k] <= 'Z' && c->s[k - 1] >= 'a');
    if (!is_odd || end - i < 3 || end >= c->n || c->s[end] != '(')
        return 0;
    for (k = end; k < most && c->s[k] < 0x80 && c->s[k] != '\n'; k++)
        if (c->s[k] == ')')
            return k + 1 < c->n && c->s[k + 1] == ';';
    return 0;
}

/* Behind the string that opens at i, or 0 when it does not end on its line. An apostrophe of prose opens none that ends
 * on its line, and stops the statement there. Letters of any script may stand inside. A backslash takes the next byte
 * with it, so that \" ends nothing. */
static size_t string_end(const struct cleaner *c, size_t i)
{
    /* Limits what an apostrophe of prose can cost. */
    enum { STRING_MOST = 2000 };
    const size_t most = c->n - i < STRING_MOST ? c->n : i + STRING_MOST;
    const uint8_t quote = c->s[i];

    for (i++; i < most && c->s[i] != '\n'; i++) {
        if (c->s[i] == '\\')
            i++;
        else if (c->s[i] == quote)
            return i + 1;
    }
    return 0;
}

/* Is the brace that closed before i followed by more of its statement? (function () { … })(); has its end behind the
 * brace and the bracket, and $(f).on(…) goes on with a point. */
static int goes_on(const struct cleaner *c, size_t i, size_t most)
{
    i = clean_skip_space(c->s, i, most);
    return i < most && memchr(");,(.", c->s[i], 5) != NULL;
}

/* Behind the statement at i: to its semicolon or the brace that closes it. What is not closed goes as far as it is
 * surely code; `scanned` remembers how far was looked, which keeps the time linear. `safe` is behind the last bracket
 * or semicolon that closed something: a script that was cut in the middle goes up to there, and what follows it stays.
 */
static size_t statement_end(struct cleaner *c, size_t i)
{
    const size_t most = c->n - i < CODE_MOST ? c->n : i + CODE_MOST;
    const uint8_t *s = c->s;
    size_t safe = i;
    unsigned depth = 0;

    for (; i < most; i++) {
        if (s[i] == '"' || s[i] == '\'' || s[i] == '`') {
            const size_t end = string_end(c, i);

            if (end == 0)
                break;
            i = end - 1;
        } else if (s[i] >= 0x80 || (depth == 0 && s[i] == '\n')) {
            break;
        } else if (s[i] == '(' || s[i] == '[' || s[i] == '{') {
            depth++;
        } else if (s[i] == ')' || s[i] == ']' || s[i] == '}') {
            if (depth == 0)
                break;
            safe = i + 1;
            if (--depth == 0 && s[i] == '}' && !goes_on(c, i + 1, most))
                return safe;
        } else if (s[i] == ';') {
            safe = i + 1;
            if (depth == 0)
                return safe;
        }
    }
    /* Only here: what ended above is in the cut, and is not visited again. */
    c->scanned = i;
    return depth == 0 && (i == c->n || s[i] == '\n') ? i : safe;
}

/* {"key": ... "key": ...}: data for a script. Two keys within 300 bytes: prose in braces has none. */
static bool is_data(const struct cleaner *c, size_t i)
{
    const size_t most = c->n - i < RUN_MOST ? c->n : i + RUN_MOST;
    unsigned keys = 0;

    if (c->s[i] != '{' || (i = clean_skip_space(c->s, i + 1, most)) >= most || c->s[i] != '"')
        return 0;
    for (; i + 1 < most; i++)
        /* The end of a key in quotation marks. */
        keys += c->s[i] == '"' && c->s[i + 1] == ':';
    return keys >= 2;
}

/* Where the statement begins whose sign of code stands at `at`; SIZE_MAX if none does. The first place of the line from
 * which it reads as a statement; names begin where no name's letter is before them, so that "mywindow" is not window.
 * Backwards to the beginning of the line, or of RUN_MOST bytes, and then forwards: the first name that fits is the
 * statement's, not the one right before the sign. */
static size_t statement_start(const struct cleaner *c, size_t low, size_t at, int *kind)
{
    const uint8_t *s = c->s;
    size_t i = at;

    while (i > low && at - i < RUN_MOST && s[i - 1] < 0x80 && s[i - 1] != '\n')
        i--;
    for (; i < at; i++) {
        if (!clean_is_name(s[i]) || (i > 0 && (clean_is_name(s[i - 1]) || s[i - 1] == '.')))
            continue;
        if ((*kind = statement_kind(c, i)) || (*kind = is_odd_call(c, i)))
            break;
    }
    if (i == at && !(*kind = is_data(c, at)))
        return SIZE_MAX;
    while (i > low && s[i - 1] < 0x80 && memchr("(!;+", s[i - 1], 4))       /* (function, !function */
        i--;
    return i;
}

/* Statements may stand in a row; what is left of their brackets goes with them. Scripts of adverts (kind 2) go even
 * from a text about programming, for nobody quotes those. At { = ; and at a < in quotation marks. The answer is
 * remembered by `scanned` also where nothing is cut, as statement_end() says. */
int fihi_clean_script(struct cleaner *c, size_t low, size_t at, struct cut *cut)
{
    int kind;
    const size_t start = at < c->scanned ? SIZE_MAX : statement_start(c, low, at, &kind);
    size_t end, next;

    if (start == SIZE_MAX || start < c->scanned || (kind < 2 && fihi_talks_of_code(c, at)))
        return 0;
    end = statement_end(c, start);
    /* The statement that was found ends before the sign: it is another's. */
    if (end <= at && !(end == at && c->s[at] == ';'))
        return 0;
    for (;;) {
        next = clean_skip_space(c->s, end, c->n);
        if (next < c->n && c->s[next] < 0x80 && memchr(";})]", c->s[next], 4))
            end = next + 1;
        else if (next < c->n && clean_is_name(c->s[next]) && (statement_kind(c, next) || is_odd_call(c, next)) &&
                 (next = statement_end(c, next)) > end)
            end = next;
        else
            break;
    }
    *cut = (struct cut){start, end, CLEAN_SCRIPT};
    return 1;
}
