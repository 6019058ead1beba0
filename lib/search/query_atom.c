/* search/query_atom.c - the atoms of a query: words, quotations, patterns, and the weights and distances behind them.
 *
 * query.c says where an atom may stand; here is where it ends, and what kind of node it is. Which kind depends on its
 * field and on its signs: all that is no pattern, and no text of a field, is plain words for the plan to analyse. No
 * sign is an error where it might have been typed as part of a text; a number behind a sign is, if it is out of range.
 */
#include <stdbool.h>
#include <string.h>

#include "base/fail.h"
#include "search/query_part.h"
#include "search/when.h"
#include "text/split.h"

/* "^2" with nothing behind it; where it ends, or 0. */
static size_t boost_at(const struct scan *t, size_t i, float *boost)
{
    if (i >= t->n || t->s[i] != '^')
        return 0;
    i++;
    /* 2^10m is a word, not a weight. */
    return fihi_scan_number(t, &i, boost) && fihi_scan_is_end(t, i) ? i : 0;
}

int fihi_query_boost(struct scan *t, struct node *n)
{
    float boost;
    const size_t end = boost_at(t, t->i, &boost);

    if (!end)
        return FIH_OK;
    /* A hundredth hardly counts, and a hundredfold drowns all other words already. */
    if (boost < 0.01f || boost > 100)
        return fihi_fail_at(t->err, FIH_E_QUERY, t->i, "the weight after ^ at byte %zu must be from 0.01 to 100", t->i);
    t->i = end;
    n->boost = boost;
    return FIH_OK;
}

/* Distances are numbers of words; a fraction is cut off later. */
int fihi_query_check_reach(const struct scan *t, float reach, size_t at, unsigned least)
{
    if (reach >= (float)least && reach <= REACH_MOST)
        return FIH_OK;
    return fihi_fail_at(t->err, FIH_E_QUERY, at, "the distance at byte %zu must be a number of words from %u to %d", at,
                        least, REACH_MOST);
}

/* "~3" behind a phrase. Distances of a phrase begin with 0, which is what it is without one; between two operands of
 * NEAR they begin with 1. */
static int take_slop(struct scan *t, struct node *n)
{
    size_t end = t->i + 1;
    float reach, boost;
    int rc;

    if (t->i == t->n || t->s[t->i] != '~' || !fihi_scan_number(t, &end, &reach) ||
        /* Else the ~ begins the next word. */
        !(fihi_scan_is_end(t, end) || boost_at(t, end, &boost)))
        return FIH_OK;
    if ((rc = fihi_query_check_reach(t, reach, t->i, 0)) != 0)
        return rc;
    t->i = end;
    n->reach = (unsigned)reach;
    return FIH_OK;
}

/* What kind of node a text is in a field. */
static enum node_kind kind_in(enum scope scope, enum node_kind plain)
{
    /* Title and body change no kind: their words are only looked for in one place. */
    return scope == SCOPE_SECTION ? NODE_KEYWORD
           : scope == SCOPE_DATE  ? NODE_DATE
           : scope == SCOPE_FIELD ? NODE_FIELD
                                  : plain;
}

/* Does the text of a node mean days? Which ones is for the search to say: yesterday is not the same tomorrow. Today
 * is any day here; only whether it can be read counts. */
int fihi_query_check_days(struct scan *t, const struct node *n)
{
    int32_t from, to;
    const int rc = node_is_any(n) ? FIH_OK : fihi_when_parse((fih_str){n->text, n->len}, fihi_when_today(), &from, &to,
                                                             t->err);

    if (rc != FIH_E_QUERY)
        return rc;
    return fihi_fail_at(
        t->err, FIH_E_QUERY, n->at,
        "'%.60s' at byte %zu is not a date: write date:2015-03, date:2015-03..2015-06, date:>2024, date:1446-09, "
        "date:أمس or date:\"كانون الثاني 2015\"",
        n->text, n->at);
}

/* The quotation whose text is at from … to; its marks have `mark` bytes. */
int fihi_query_quotation(struct scan *t, struct node **out, enum scope scope, size_t from, size_t to, size_t mark)
{
    if (to == t->n)
        return fihi_fail_at(t->err, FIH_E_QUERY, t->i, "the quotation mark at byte %zu is not closed", t->i);
    *out = fihi_node_new(kind_in(scope, NODE_PHRASE), t->s + from, to - from, from);
    t->i = to + mark;
    if (!*out)
        return fihi_fail_nomem(t->err);
    /* In quotation marks a * is part of the value: section:"*" is the section that is called so. */
    (*out)->is_exact = node_is_filter(*out);
    return take_slop(t, *out);
}

/* The signs of the pattern are cut off its text, and text_at moves with them: an error inside an expression then points
 * to the byte that the user typed. */
static void be_pattern(struct node *n, enum pattern_kind kind, size_t drop_before, size_t drop_behind)
{
    n->kind = NODE_PATTERN;
    n->pattern = kind;
    n->text_at += drop_before;
    n->len -= drop_before + drop_behind;
    memmove(n->text, n->text + drop_before, n->len);
    n->text[n->len] = '\0';
}

/* "word~", "word~2": where the word ends, or 0. Three letters, or there is little to be near to. */
static size_t fuzzy_at(struct node *n, float *edits)
{
    /* A text of its own to scan, for the number ends where the word does. */
    const struct scan t = {.s = n->text, .n = n->len};
    const char *const mark = memchr(n->text, '~', n->len);
    size_t end = mark ? (size_t)(mark - n->text) + 1 : 0;

    *edits = 1;
    if (!mark || fihi_scan_letters(n->text, end - 1) < 3 || (end < n->len && !fihi_scan_number(&t, &end, edits)) ||
        end < n->len)
        return 0;
    return (size_t)(mark - n->text);
}

/* A ? at the end asks a question. من كتب هذا؟ is typed with ? as well. */
static bool has_wildcard(const struct node *n)
{
    size_t end = n->len;

    while (end > 0 && n->text[end - 1] == '?')
        end--;
    return memchr(n->text, '*', n->len) || memchr(n->text, '?', end);
}

/* A word may be a pattern. */
static int take_pattern(struct scan *t, struct node *n)
{
    float edits;
    size_t end;

    /* The order matters: inside slashes all signs are the expression's, == before =, and a ~ at the end before a *
     * inside. */
    if (n->len > 2 && n->text[0] == '/' && n->text[n->len - 1] == '/' && !memchr(n->text + 1, '/', n->len - 2)) {
        /* A path is none: /usr/lib/ has a slash inside. */
        be_pattern(n, PATTERN_REGEX, 1, 1);
    } else if (n->len > 2 && n->text[0] == '=' && n->text[1] == '=' && fihi_scan_letters(n->text, n->len) > 0) {
        be_pattern(n, PATTERN_WRITTEN, 2, 0);
    } else if (n->len > 1 && n->text[0] == '=' && fihi_scan_letters(n->text, n->len) > 0) {
        be_pattern(n, PATTERN_EXACT, 1, 0);
    } else if ((end = fuzzy_at(n, &edits)) > 0) {
        /* The last test refuses 1.5. */
        if (edits < 1 || edits > 2 || edits > (float)(unsigned)edits)
            return fihi_fail_at(t->err, FIH_E_QUERY, n->at, "the edits after ~ at byte %zu must be 1 or 2", n->at);
        n->reach = (unsigned)edits;
        be_pattern(n, PATTERN_FUZZY, 0, n->len - end);
    } else if (has_wildcard(n) && fihi_scan_letters(n->text, n->len) > 0) {
        /* Letters are asked for, or ** would be every word of the index. */
        be_pattern(n, PATTERN_WILDCARD, 0, 0);
    }
    return FIH_OK;
}

/* Read as a pattern and thrown away, so that there is one place that says which signs make one. */
int fihi_query_is_pattern(bool *is, enum pattern_kind *kind, fih_str word, fih_error *err)
{
    struct node *const n = fihi_node_new(NODE_WORDS, word.ptr, word.len, 0);
    /* Nobody sees the message of a broken pattern. */
    struct scan t = {.err = NULL};

    if (!n)
        return fihi_fail_nomem(err);
    *is = take_pattern(&t, n) != 0 || n->kind == NODE_PATTERN;
    *kind = n->pattern;
    fihi_node_free(n);
    return FIH_OK;
}

/* Behind an expression between slashes, in which parentheses and ^ are its own; `from` if there is none. */
static size_t behind_regex(const struct scan *t, size_t from)
{
    size_t i = from + 1;

    while (i < t->n && t->s[i] != '/' && !fihi_scan_space(t, i))
        i++;
    return t->s[from] == '/' && i < t->n && t->s[i] == '/' ? i + 1 : from;
}

/* A tag or an account of several words (#يوم_الأرض, @some_name) means them side by side. */
static bool is_tag(const struct node *n)
{
    return n->len > 1 && (n->text[0] == '#' || n->text[0] == '@') && memchr(n->text, '_', n->len);
}

/* Where the text from `from` on ends if its first word has spaces of its own, as 1 234, أ ف ب and J. K. do; else 0.
 * Only digits, Arabic letters, and Latin ones with a point begin such words. The splitter of texts is asked, so that
 * a query's word is the same as a document's. */
static size_t behind_spaced(const struct scan *t, size_t from)
{
    const uint8_t *const s = (const uint8_t *)t->s + from, first = from < t->n ? *s : 0;
    struct splitter splitter = {0};
    struct span word = {0, 0, 0, 0};

    /* By the first byte, since nearly all words are none of these: D8 to DB begin the Arabic letters. */
    if ((first < '0' || first > '9') && (first < 0xD8 || first > 0xDB) &&
        !((first | 0x20) >= 'a' && (first | 0x20) <= 'z' && from + 1 < t->n && s[1] == '.'))
        return 0;
    fihi_split_begin(&splitter, s, t->n - from);
    const int rc = fihi_split_next(&splitter, &word);
    fihi_split_free(&splitter);
    /* Where the first word begins later, signs are before it, which the splitter passes over and a query does not. */
    return rc == FIH_OK && word.start == 0 ? from + word.end : 0;
}

/* All up to a space; a parenthesis that the word itself opened, as in f(x), is its own. A ^ ends it only where a
 * weight follows to the end. */
int fihi_query_word(struct scan *t, struct node **out, enum scope scope, size_t soft)
{
    const size_t from = t->i;
    size_t inner = 0, spaced;
    float boost;

    /* `from` is never looked at for ^ or a closing parenthesis: so each word has a byte at least, and the loop of
     * query.c goes on. */
    t->i = behind_regex(t, from);
    /* Numbers of a field are values of their own: pages:(100 250). */
    const bool is_number = scope >= SCOPE_SECTION && fihi_scan_number(t, &(size_t){from}, &boost);
    if (t->i == from && !is_number && (spaced = behind_spaced(t, from)) > from && fihi_scan_has_space(t, from, spaced))
        t->i = spaced;
    for (; t->i < t->n && !fihi_scan_space(t, t->i) && (t->i == from || !boost_at(t, t->i, &boost)); t->i++) {
        if (t->s[t->i] == '(')
            inner++;
        else if (t->s[t->i] == ')' && inner)
            inner--;
        else if (fihi_scan_closes(t, t->i))
            break;
    }
    *out = fihi_node_new(kind_in(scope, NODE_WORDS), t->s + from, t->i - from, from);
    if (!*out)
        return fihi_fail_nomem(t->err);
    if ((*out)->kind == NODE_WORDS && is_tag(*out))
        (*out)->kind = NODE_PHRASE;
    /* Kept for the plan, which knows the index and its fields. */
    (*out)->name = soft;
    /* A * alone is no pattern: it stands for whatever is there. */
    if ((*out)->kind == NODE_WORDS && (*out)->len == 1 && *(*out)->text == '*')
        (*out)->kind = scope == SCOPE_ANY ? NODE_ALL : NODE_FIELD;     /* title:* is any title */
    /* A word that may yet turn out to have a field's name before it is no pattern: the index is asked first. */
    return (*out)->kind == NODE_WORDS && !soft ? take_pattern(t, *out) : FIH_OK;
}
