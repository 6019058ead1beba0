/* search/regex.c - reading an expression from left to right.
 *
 *   any  = all { "|" all }
 *   all  = { atom [ "*" | "+" | "?" | "{" m [ "," [ n ] ] "}" ] }
 *   atom = letter | "." | "\" sign | "\d" … | "[" [ "^" ] { letter [ "-" letter ] | "\d" … } "]" | "(" [ "?:" ] any ")"
 *
 * Two things are not as in a text editor's expressions. Letters are spelt as the words of the index are before
 * anything else: (أ|إ)حمد asks for the same words as احمد, as the words have no hamza there, and vowels in it are
 * left out. And a match is of the whole word, so lazy and possessive repetitions would mean nothing, and are refused
 * with a reason instead of being misunderstood.
 *
 * ASCII letters count without case, for the words have small ones only. The tree refers to nodes by number, since the
 * array moves when it grows. Recursion is limited by REGEX_DEPTH.
 *
 * The parser never looks back: each function begins at t->i and leaves it behind what it has read. On an error nobody
 * cleans up on the way, for nodes and ranges belong to the tree, and fihi_regex_parse() throws that away as a whole.
 * Limits: a text of FIH_MAX_PATTERN bytes (pattern.c), 32 groups in each other, {m,n} up to 255. What these come to
 * when multiplied is for automaton.c to limit.
 */
#include "search/regex.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uset.h>

#include "base/buf.h"
#include "base/fail.h"
#include "base/utf8.h"
#include "text/fold.h"

enum { LAST_LETTER = 0x10FFFF, TATWEEL = 0x640 };

/* A character as the words spell it. One that was outside ASCII is never a sign of the language, whatever it became. */
struct letter {
    /* A letter may become several, or a sign: `was` keeps an Arabic comma that is spelt , from being taken for one of
     * the language's. */
    uint32_t c, was, at;      /* as it is spelt and as it was; byte in the text */
};

/* The state of one call of fihi_regex_parse(), on its stack; `letters` and `properties` are freed at its end, the tree
 * is the caller's. */
struct scan {
    struct regex  *x;
    struct letter *letters;
    size_t         n, cap, i;          /* i: the letter that is read next */
    unsigned       depth;
    size_t         at, bytes;          /* of the text: where it stands in the query, and its length */
    struct property {
        struct regex_range *ranges;    /* NULL: not asked for yet */
        size_t              count, cap;
    /* Asked of ICU at most once for each. */
    }              properties[3];      /* \d \w \s */
    fih_error     *err;
};

/* ---- letters */

/* Text of at most FIH_MAX_PATTERN bytes, so the place fits 32 bits. */
static int add_letter(struct scan *t, uint32_t c, uint32_t was, size_t at)
{
    if (fihi_grow(&t->letters, &t->cap, t->n + 1, sizeof *t->letters) != 0)
        return fihi_fail_nomem(t->err);
    t->letters[t->n++] = (struct letter){c, was, (uint32_t)at};
    return FIH_OK;
}

/* Vowels and the like are not in the words. Only what the spelling made nothing of comes here: such a mark is left
 * out in words too. */
static bool is_left_out(uint32_t c)
{
    const int8_t type = u_charType((UChar32)c);

    return type == U_NON_SPACING_MARK || type == U_FORMAT_CHAR || c == TATWEEL;
}

/* All of the text at once, before the grammar sees any of it: so a vowel between two signs of the language is gone by
 * then, and كتَ* is كت*. Bytes that are no UTF-8 come out of fihi_utf8_next() as U+FFFD. */
static int read_letters(struct scan *t, const uint8_t *s, size_t n, const struct regex_spelling *spelling)
{
    uint8_t folded[FOLD_MAX];
    int ok, rc = FIH_OK;

    for (size_t i = 0, from = 0; i < n && rc == 0; from = i) {
        const uint32_t c = fihi_utf8_next(s, n, &i, &ok);
        /* Folded one by one: what a letter becomes depends on no other here, as an expression has no words. */
        const size_t bytes = c >= 0x80 && spelling ? spelling->fold(spelling->ctx, s + from, i - from, folded) : 0;

        /* Without `spelling` the text was folded before (wildcards), and is taken as it is. */
        if (bytes == 0 && !(spelling && is_left_out(c)))
            rc = add_letter(t, c, c, from);
        /* All that one character became has its place in the query. */
        for (size_t k = 0; k < bytes && rc == 0;)
            rc = add_letter(t, fihi_utf8_next(folded, bytes, &k, &ok), c, from);
    }
    return rc;
}

/* sign() at the end of the text is 0, which is no sign: loops below need no other test. */
/* The sign of the language that stands next, or 0. */
static uint32_t sign_at(const struct scan *t, size_t i)
{
    return i < t->n && t->letters[i].was < 0x80 ? t->letters[i].c : 0;
}

static uint32_t sign(const struct scan *t)
{
    return sign_at(t, t->i);
}

/* Or-ing 0x20 is right for A to Z alone. */
static uint32_t lower(uint32_t c)
{
    return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

/* An error at letter i: of the query's bytes, which the user sees, and not of the letters, which he does not. Behind
 * the last letter it points to the end of the text. */
static int bad(const struct scan *t, size_t i, const char *what)
{
    const size_t at = t->at + (i < t->n ? t->letters[i].at : t->bytes);

    return fihi_fail_at(t->err, FIH_E_QUERY, at, "the regular expression is not understood at byte %zu: %s", at, what);
}

/* ---- the tree */

/* A node is known by its number from here on: the array may move with the next one. Nodes are never taken out, and a
 * byte of the text makes at most a few. */
static int add_node(struct scan *t, enum regex_kind kind, uint32_t *out)
{
    struct regex *x = t->x;

    if (fihi_grow(&x->nodes, &x->cap, x->count + 1, sizeof *x->nodes) != 0)
        return fihi_fail_nomem(t->err);
    x->nodes[x->count] = (struct regex_node){.kind = kind, .child = REGEX_NONE, .next = REGEX_NONE};
    *out = (uint32_t)x->count++;
    return FIH_OK;
}

/* *last is the youngest child of the parent, or REGEX_NONE. By number: a pointer would not survive add_node(). */
static void add_child(struct regex *x, uint32_t parent, uint32_t *last, uint32_t child)
{
    if (*last == REGEX_NONE)
        x->nodes[parent].child = child;
    else
        x->nodes[*last].next = child;
    *last = child;
}

/* To the end of the array: a class is the ranges from some place on, so only the class that is read now may grow. */
static int add_range(struct scan *t, uint32_t from, uint32_t to)
{
    struct regex *x = t->x;

    if (fihi_grow(&x->ranges, &x->range_cap, x->range_count + 1, sizeof *x->ranges) != 0)
        return fihi_fail_nomem(t->err);
    x->ranges[x->range_count++] = (struct regex_range){from, to};
    return FIH_OK;
}

/* For qsort(); equal beginnings may come in any order, since settle_ranges() joins them. */
static int by_from(const void *x, const void *y)
{
    const struct regex_range *a = x, *b = y;

    return (a->from > b->from) - (a->from < b->from);
}

/* The ranges from `first` on in order, none touching the next; or what is between them. [a-cb-d] becomes a-d; a
 * negated one becomes 0 to ` and e to the last. In place: the gaps are never more than the ranges and one, and that
 * one is added at the end. */
static int settle_ranges(struct scan *t, size_t first, bool is_negated)
{
    struct regex *x = t->x;
    size_t kept = first;
    uint32_t from = 0;

    if (x->range_count > first)
        qsort(x->ranges + first, x->range_count - first, sizeof *x->ranges, by_from);
    for (size_t i = first; i < x->range_count; i++) {
        struct regex_range *const before = kept > first ? &x->ranges[kept - 1] : NULL;

        /* Touching ranges are joined too, so that a class has one spelling; `to` is at most LAST_LETTER, so + 1
         * cannot wrap. */
        if (before && x->ranges[i].from <= before->to + 1)
            before->to = before->to > x->ranges[i].to ? before->to : x->ranges[i].to;
        else
            x->ranges[kept++] = x->ranges[i];
    }
    x->range_count = kept;
    if (!is_negated)
        return FIH_OK;
    kept = first;
    for (size_t i = first; i < x->range_count; i++) {
        const struct regex_range r = x->ranges[i];

        /* [^\w\W] leaves no range at all, and matches nothing. */
        if (r.from > from)
            x->ranges[kept++] = (struct regex_range){from, r.from - 1};
        from = r.to + 1;
    }
    x->range_count = kept;
    return from <= LAST_LETTER ? add_range(t, from, LAST_LETTER) : FIH_OK;
}

/* A node of the ranges from `first` on. The ranges must not be added to any more, for the next class begins where they
 * end. */
static int add_class(struct scan *t, size_t first, uint32_t *out)
{
    const int rc = add_node(t, REGEX_LETTER, out);

    if (rc == 0) {
        t->x->nodes[*out].range = (uint32_t)first;
        t->x->nodes[*out].count = (uint32_t)(t->x->range_count - first);
    }
    return rc;
}

/* `letters` tells a search whether the pattern says anything, or would match every word. */
static int add_literal(struct scan *t, uint32_t c, uint32_t *out)
{
    const size_t first = t->x->range_count;
    const int rc = add_range(t, lower(c), lower(c));

    t->x->letters += c >= 0x80 || u_isalnum((UChar32)c);
    return rc ? rc : add_class(t, first, out);
}

/* ---- classes */

/* What Unicode says of \d \w \s, asked once for an expression: it takes a while. The patterns are constants of ours,
 * so only memory can fail. */
static int load_property(struct scan *t, unsigned which)
{
    static const UChar *const patterns[] = {u"[[:Nd:]]", u"[[:L:][:M:][:Nd:]_]", u"[[:White_Space:]]"};
    struct property *const p = &t->properties[which];
    UErrorCode e = U_ZERO_ERROR;
    USet *set = p->ranges ? NULL : uset_openPattern(patterns[which], -1, &e);
    int rc = FIH_OK;

    for (int32_t i = 0; set && U_SUCCESS(e) && rc == 0 && i < uset_getItemCount(set); i++) {
        UChar32 from, to;

        /* Not 0: a string of several characters, which these sets do not have. */
        if (uset_getItem(set, i, &from, &to, NULL, 0, &e) != 0)
            continue;
        if ((rc = fihi_grow(&p->ranges, &p->cap, p->count + 1, sizeof *p->ranges)) == 0)
            p->ranges[p->count++] = (struct regex_range){(uint32_t)from, (uint32_t)to};
    }
    uset_close(set);
    return U_FAILURE(e) || rc ? fihi_fail_nomem(t->err) : FIH_OK;
}

/* Those ranges, or all others for \D \W \S. \D in brackets is settled by itself before it joins the others: [\D5] is
 * all but digits, and 5 besides. Negated together with the 5 it would be all but the digits, and not 5. */
static int add_property(struct scan *t, uint32_t letter)
{
    /* The ranges may contain others that [ ] has already: they are settled with all of them. */
    const unsigned which = lower(letter) == 'd' ? 0 : lower(letter) == 'w' ? 1 : 2;
    const size_t first = t->x->range_count;
    int rc = load_property(t, which);

    for (size_t i = 0; i < t->properties[which].count && rc == 0; i++)
        rc = add_range(t, t->properties[which].ranges[i].from, t->properties[which].ranges[i].to);
    return rc ? rc : settle_ranges(t, first, letter != lower(letter));
}

/* c is 0 at the end of the text, which strchr() would find. */
static bool is_property(uint32_t c)
{
    return c && c < 0x80 && strchr("dDwWsS", (int)c) != NULL;
}

/* What stands behind a backslash and means itself. A backslash before any sign makes it a letter, whether it needs one
 * or not, but before a letter it promises a meaning (\b, \p{L}) that we do not have: then an error is better than a
 * word that silently matches nothing. */
static int read_escape(struct scan *t, const struct letter **c)
{
    const size_t at = t->i++;
    const uint32_t s = sign(t);

    if (t->i == t->n)
        return bad(t, at, "a backslash at the end");
    /* A reference to what a group matched needs a memory, and with it the time of a match could grow beyond any
     * limit. */
    if (s >= '0' && s <= '9')
        return bad(t, at, "back-references are not supported");
    if (s && u_isalpha((UChar32)s))
        return bad(t, at, "after a backslash, the only letters allowed are d, w, s, D, W and S");
    /* The letter is the caller's to use until fihi_regex_parse() ends. */
    *c = &t->letters[t->i++];
    return FIH_OK;
}

/* One end of a range in brackets. [[:alpha:]] and a && b are sets of sets elsewhere; here they would be read as letters
 * without anybody's noticing. Hence the refusal, with the remedy. */
static int read_end(struct scan *t, const struct letter **c)
{
    if (sign(t) == '\\')
        return read_escape(t, c);
    if (sign(t) == '[' || (sign(t) == '&' && sign_at(t, t->i + 1) == '&'))
        return bad(t, t->i, "[ or && inside brackets: put a backslash before it");
    *c = &t->letters[t->i++];
    return FIH_OK;
}

/* \d in brackets is a set, so it can be no end of a range. A letter, a range or a class of \d \w \s. Ranges are
 * compared in the user's spelling and stored in ours: [أ-ي] goes from U+0623 to U+064A for its writer, but أ is spelt ا
 * and ي may be spelt ى, so ends may have changed sides. */
static int read_member(struct scan *t)
{
    const struct letter *first, *last;
    const size_t at = t->i;
    uint32_t from, to;
    int rc;

    if (sign(t) == '\\' && is_property(sign_at(t, t->i + 1))) {
        t->i += 2;
        return add_property(t, t->letters[t->i - 1].c);
    }
    if ((rc = read_end(t, &first)) != 0)
        return rc;
    last = first;
    /* A - at the end of the brackets is a letter. */
    if (sign(t) == '-' && t->i + 1 < t->n && sign_at(t, t->i + 1) != ']') {
        t->i++;
        if (sign(t) == '\\' && is_property(sign_at(t, t->i + 1)))
            return bad(t, at, "a range must end in a letter");
        if ((rc = read_end(t, &last)) != 0)
            return rc;
    }
    /* In the order that the user sees. */
    if (lower(first->was) > lower(last->was))
        return bad(t, at, "a range whose end comes before its beginning");
    from = lower(first->c);                    /* as the words spell them, two letters may have changed places */
    to = lower(last->c);
    return from <= to ? add_range(t, from, to) : add_range(t, to, from);
}

/* Brackets. Everything between them goes to the end of `ranges`, and is put in order once at the closing one. */
static int read_class(struct scan *t, uint32_t *out)
{
    const size_t at = t->i++, first = t->x->range_count;
    const bool is_negated = sign(t) == '^';
    int rc = FIH_OK;

    t->i += (size_t)is_negated;
    /* In some languages ] is a letter there; a mistake is likelier. */
    if (sign(t) == ']')
        return bad(t, at, "empty brackets");
    /* Ends: each member takes a letter at least, and the text's end is an error. */
    while (rc == 0 && sign(t) != ']')
        rc = t->i < t->n ? read_member(t) : bad(t, at, "a bracket that is not closed");
    t->i++;
    if (rc == 0 && (rc = settle_ranges(t, first, is_negated)) == 0)
        rc = add_class(t, first, out);
    return rc;
}

/* ---- atoms, and what is made of them */

static int read_any(struct scan *t, uint32_t *out);

/* A group is only what its parentheses hold; nothing is captured, so (?: is the same as (. Depth is counted here, the
 * one place through which all recursion passes. */
static int read_group(struct scan *t, uint32_t *out)
{
    const size_t at = t->i++;
    int rc;

    if (sign(t) == '?') {
        /* (?= (?! (?<= (?<! are told apart from (?:, so that the message names what was meant. */
        const uint32_t kind = sign_at(t, t->i + 1), third = sign_at(t, t->i + 2);

        if (kind == '=' || kind == '!' || (kind == '<' && (third == '=' || third == '!')))
            return bad(t, at, "look-ahead and look-behind are not supported");
        if (kind != ':')
            return bad(t, at, "(? is only supported as (?:");
        t->i += 2;
    }
    if (++t->depth > REGEX_DEPTH)
        return fihi_fail_at(t->err, FIH_E_LIMIT, t->at + t->letters[at].at,
                            "a regular expression nests parentheses at most %d deep", REGEX_DEPTH);
    /* `depth` is not set back on an error: nothing is read any more. */
    if ((rc = read_any(t, out)) != 0)
        return rc;
    t->depth--;
    if (sign(t) != ')')
        return bad(t, at, "a parenthesis that is not closed");
    t->i++;
    return FIH_OK;
}

/* What may be repeated: a letter, a class, a group. The cases that are errors name the reason, for a message "syntax
 * error" helps nobody who took the sign for a letter. */
static int read_atom(struct scan *t, uint32_t *out)
{
    const size_t first = t->x->range_count;
    const struct letter *c;
    int rc;

    switch (sign(t)) {
    case '(': return read_group(t, out);
    case '[': return read_class(t, out);
    /* Signs that mean nothing here are errors and not letters: whoever writes them expects something. */
    case '*': case '+': case '?': case '{': return bad(t, t->i, "nothing to repeat");
    case '^': case '$': return bad(t, t->i, "^ and $ are allowed only at the ends of an expression");
    case ']': case '}': return bad(t, t->i, "a bracket without its partner: put a backslash before it");
    /* Any letter; a newline too, for no word has one. */
    case '.':
        t->i++;
        rc = add_range(t, 0, LAST_LETTER);
        return rc ? rc : add_class(t, first, out);
    case '\\':
        if (is_property(sign_at(t, t->i + 1))) {
            t->i += 2;
            rc = add_property(t, t->letters[t->i - 1].c);
            return rc ? rc : add_class(t, first, out);
        }
        rc = read_escape(t, &c);
        return rc ? rc : add_literal(t, c->c, out);
    default: return add_literal(t, t->letters[t->i++].c, out);
    }
}

/* Digits as a number; one that is too large for any use is only large. 100,000 is above every limit, so an overflow
 * cannot make it small again. */
static int read_number(struct scan *t, uint32_t *n)
{
    const size_t from = t->i;

    for (*n = 0; sign(t) >= '0' && sign(t) <= '9'; t->i++)
        *n = *n < 100000 ? *n * 10 + (sign(t) - '0') : *n;
    return t->i > from;
}

/* {m}, {m,} or {m,n}, with t->i at the brace. {,n} is refused: some tools take it for {0,n}, others for letters. */
static int read_counts(struct scan *t, uint32_t *least, uint32_t *most)
{
    const size_t at = t->i++;
    bool is_good = read_number(t, least);

    *most = *least;
    /* A comma behind the first number opens the second, or leaves the end open. */
    if (sign(t) == ',') {
        t->i++;
        if (!read_number(t, most))
            *most = REGEX_NONE;
    }
    /* REGEX_NONE is the greatest number, so {3,} passes. */
    is_good = is_good && sign(t) == '}' && *least <= *most;
    t->i++;
    if (!is_good)
        return bad(t, at, "a brace that is not {3}, {3,} or {3,5}: put a backslash before it");
    if (*least > REGEX_MOST_TIMES || (*most != REGEX_NONE && *most > REGEX_MOST_TIMES))
        return fihi_fail_at(t->err, FIH_E_LIMIT, t->at + t->letters[at].at,
                            "a regular expression repeats at most %d times: no word has more letters",
                            REGEX_MOST_TIMES);
    return FIH_OK;
}

/* Wraps the atom into a node of its own; *atom is then that. */
static int read_times(struct scan *t, uint32_t *atom)
{
    uint32_t node = REGEX_NONE, least = 0, most = REGEX_NONE;
    int rc = FIH_OK;

    switch (sign(t)) {
    case '*': t->i++; break;
    case '+': t->i++; least = 1; break;
    case '?': t->i++; most = 1; break;
    case '{': rc = read_counts(t, &least, &most); break;
    default: return FIH_OK;
    }
    /* strchr() finds 0 at the end of every string, so the sign must be there. */
    if (rc == 0 && sign(t) && strchr("?+*{", (int)sign(t)))
        return bad(t, t->i, sign(t) == '?'   ? "a whole word matches or not, so a lazy repetition is not supported"
                            : sign(t) == '+' ? "a possessive repetition is not supported"
                                             : "to repeat a repetition, put it in parentheses");
    if (rc == 0 && (rc = add_node(t, REGEX_TIMES, &node)) == 0) {
        t->x->nodes[node].child = *atom;
        t->x->nodes[node].least = least;
        t->x->nodes[node].most = most;
        *atom = node;
    }
    return rc;
}

/* An empty one, as in (a|), is a word of nothing, and allowed. */
static int read_all(struct scan *t, uint32_t *out)
{
    uint32_t last = REGEX_NONE, atom;
    int rc = add_node(t, REGEX_ALL, out);

    while (rc == 0 && t->i < t->n && sign(t) != '|' && sign(t) != ')') {
        /* Elsewhere they would promise something, and are refused. */
        if ((sign(t) == '^' && t->i == 0) || (sign(t) == '$' && t->i + 1 == t->n)) {
            t->i++;                            /* said already: it is a whole word */
            continue;
        }
        if ((rc = read_atom(t, &atom)) == 0 && (rc = read_times(t, &atom)) == 0)
            add_child(t->x, *out, &last, atom);
    }
    return rc;
}

/* Always a node, even for a single branch: in the automaton it costs a step and no state. */
static int read_any(struct scan *t, uint32_t *out)
{
    uint32_t last = REGEX_NONE, one = REGEX_NONE;
    int rc = add_node(t, REGEX_ANY, out);

    while (rc == 0 && (rc = read_all(t, &one)) == 0) {
        add_child(t->x, *out, &last, one);
        if (sign(t) != '|')
            break;
        t->i++;
    }
    return rc;
}

int fihi_regex_parse(struct regex *x, const char *text, size_t n, const struct regex_spelling *spelling, size_t at,
                     fih_error *err)
{
    struct scan t = {.x = x, .at = at, .bytes = n, .err = err};
    int rc;

    memset(x, 0, sizeof *x);
    if ((rc = read_letters(&t, (const uint8_t *)text, n, spelling)) == 0 && (rc = read_any(&t, &x->root)) == 0 &&
        t.i < t.n)
        rc = bad(&t, t.i, "a parenthesis that was not opened");
    free(t.letters);
    for (unsigned i = 0; i < 3; i++)
        free(t.properties[i].ranges);
    /* The caller has nothing to free after an error. */
    if (rc != 0)
        fihi_regex_free(x);
    return rc;
}

void fihi_regex_free(struct regex *x)
{
    free(x->nodes);
    free(x->ranges);
    memset(x, 0, sizeof *x);
}
