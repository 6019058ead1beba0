/* body_phrase.c - words that stand together, and words by their spelling.
 *
 * Phrases and nearness are asked of the field of all places, in which a gap keeps title and body apart: none reaches
 * from one into the other. A writing (عبد الله for عبدالله) scores as a word that is there as often as the phrase:
 * which of the document's counts that is, #1 to #8, intervals tell that find the phrase twice, three times, behind one
 * another.
 */
#include <stdlib.h>
#include <string.h>

#include "opensearch/body_part.h"


static const char *const title_words = "fihrist.title_words", *const all_words = "fihrist.words";

/* ---- where words stand */

/* Terms split at white space only, so any of them is one word to the engine; its / would be two readings. */
json_t *body_match(const fih_plan_node *word)
{
    return json_pack("{s:{s:o}}", "match", "query", body_term_text(word->stem));
}

/* Words [first, end) of a phrase, a blank between them. */
static json_t *words_text(const fih_plan_node *n, size_t first, size_t end)
{
    size_t room = 1, at = 0;
    json_t *text;
    char *to;

    for (size_t i = first; i < end; i++)
        room += 3 * n->children[i]->stem.len + 1;
    if (!(to = malloc(room)))
        return NULL;
    for (size_t i = first; i < end; i++) {
        if (i > first)
            to[at++] = ' ';
        at += term_write(to + at, n->children[i]->stem);
    }
    text = json_stringn(to, at);
    free(to);
    return text;
}

static json_t *in_order(const fih_plan_node *n, size_t first, size_t end, uint32_t gaps)
{
    return json_pack("{s:{s:o,s:b,s:i}}", "match", "query", words_text(n, first, end), "ordered", 1, "max_gaps",
                     (int)gaps);
}

json_t *body_side_by_side(const fih_plan_node *phrase)
{
    return in_order(phrase, 0, phrase->count, 0);
}

static json_t *intervals(const char *field, json_t *rule)
{
    return json_pack("{s:{s:o}}", "intervals", field, rule);
}

static json_t *phrase(const fih_plan_node *n, const char *field)
{
    return json_pack("{s:{s:{s:o}}}", "match_phrase", field, "query", words_text(n, 0, n->count));
}

/* One operand of a chain behind the other: [first, end) are words side by side. Each is joined to all before it. */
static json_t *chain(const fih_plan_node *n, struct body_notes *notes)
{
    json_t *rule = NULL;
    size_t operands = 0;
    bool is_near = false, is_long = false;

    for (size_t first = 0, end; first < n->count; first = end) {
        const fih_plan_node *const w = n->children[first];
        json_t *operand;

        for (end = first + 1; end < n->count && n->children[end]->link == FIH_LINK_NEXT; end++)
            ;
        operand = in_order(n, first, end, 0);
        is_long |= end > first + 1;
        is_near |= operands > 0 && w->link == FIH_LINK_NEAR;
        rule = operands++ == 0 ? operand
                               : json_pack("{s:{s:b,s:i,s:[o,o]}}", "all_of", "ordered", w->link != FIH_LINK_NEAR,
                                           "max_gaps", (int)w->reach - 1, "intervals", rule, operand);
    }
    if (is_near && (operands > 2 || is_long))
        body_say(notes, "the distance is counted from all words before it, not from the last", n->children[0]->stem);
    return rule;
}

static bool is_in(const fih_plan_node *n, const char *field)
{
    return !n->field || strcmp(n->field, field) == 0;
}

/* In the body is what stands behind the gap. */
static json_t *in_body(json_t *rule)
{
    json_t *const inner = json_object_iter_value(json_object_iter(rule));

    json_object_set_new(inner, "filter", json_pack("{s:{s:{s:s}}}", "after", "match", "query", "#0"));
    return rule;
}

static json_t *rule_of(const fih_plan_node *n, struct body_notes *notes)
{
    return n->is_near ? chain(n, notes) : in_order(n, 0, n->count, n->slop);
}

/* Can it reach over the gap between title and body? */
static bool is_wide(const fih_plan_node *n)
{
    bool is = n->slop >= GAP;

    for (size_t i = 0; n->is_near && i < n->count; i++)
        is |= n->children[i]->reach > GAP;
    return is;
}

static json_t *stands_anywhere(const fih_plan_node *n, struct body_notes *notes)
{
    const bool is_plain = !n->is_near && n->slop == 0;

    if (!is_in(n, "body"))
        return is_plain ? phrase(n, title_words) : intervals(title_words, rule_of(n, notes));
    if (n->field)
        return intervals(all_words, in_body(rule_of(n, notes)));
    if (is_plain)
        return phrase(n, all_words);
    if (!is_wide(n))
        return intervals(all_words, rule_of(n, notes));
    return body_any(json_pack("[o,o]", intervals(title_words, rule_of(n, notes)),
                              intervals(all_words, in_body(rule_of(n, notes)))));
}

json_t *body_in_body(const fih_plan_node *word)
{
    return intervals(all_words, in_body(body_match(word)));
}

/* ---- writings */

/* The phrase so often in the field, one behind the other. */
static json_t *stands_times(const fih_plan_node *n, const char *field, unsigned times)
{
    json_t *all, *rule;

    if (times == 1 && (!n->field || is_in(n, "title")))
        return phrase(n, field);
    all = json_array();
    for (unsigned i = 0; i < times; i++)
        json_array_append_new(all, in_order(n, 0, n->count, 0));
    rule = json_pack("{s:{s:b,s:o}}", "all_of", "ordered", 1, "intervals", all);
    return intervals(field, n->field && is_in(n, "body") ? in_body(rule) : rule);
}

static json_t *count_term(const char *field, unsigned times, float weight)
{
    const char name[] = { '#', (char)('0' + times), '\0' };

    return json_pack("{s:{s:{s:s,s:f}}}", "term", field, "value", name, "boost", (double)weight);
}

/* Occurrences beyond the eighth do not count, nor beyond the first in a title. */
static json_t *writing(const fih_plan_node *n)
{
    const bool is_title = !is_in(n, "body");
    json_t *const best = json_array();
    json_t *q;

    for (unsigned i = 1; i <= COUNTS; i++)
        json_array_append_new(best, body_filtered(stands_times(n, is_title ? title_words : all_words, i),
                                                  count_term(is_title ? "fihrist.title_stems" : "fihrist.stems", i,
                                                             n->weight)));
    q = json_pack("{s:{s:o}}", "dis_max", "queries", best);
    if (n->field || !(n->title_weight > 0))
        return q;
    return json_pack("{s:{s:[o],s:[o]}}", "bool", "must", q, "should",
                     body_filtered(phrase(n, title_words),
                                   count_term("fihrist.title_stems", 1, n->title_weight)));
}

json_t *body_phrase(const fih_plan_node *n, struct body_notes *notes)
{
    json_t *words;

    if (n->kind == FIH_PLAN_WRITING)
        return writing(n);
    words = json_array();
    for (size_t i = 0; i < n->count; i++)
        json_array_append_new(words, body_word(n->children[i], notes));
    return json_pack("{s:{s:[o],s:o}}", "bool", "filter", stands_anywhere(n, notes), "must", words);
}

/* ---- spellings */

/* What a word of a text of usual length brings that is there once, as a share of its weight: of words by their spelling
 * the engine tells which documents have one, not how often. */
#define ONCE 0.5f

static size_t letter_bytes(const char *s)
{
    size_t n = 1;

    while (((unsigned char)s[n] & 0xC0) == 0x80)
        n++;
    return n;
}

/* All words at one edit from the letters: at a place a letter more, another, one less, or two that changed places. */
static char *one_edit(fih_str word)
{
    const size_t room = (word.len + 2) * (2 * word.len + 16) * 2;
    char *const to = malloc(room);
    size_t at = 0;

    if (!to)
        return NULL;
    to[at++] = '(';
    for (size_t i = 0; i <= word.len;) {
        const size_t n = i < word.len ? letter_bytes(word.ptr + i) : 0;
        const size_t after = i + n < word.len ? letter_bytes(word.ptr + i + n) : 0;

        at += (size_t)snprintf(to + at, room - at, "%s%.*s.?%.*s", i ? "|" : "", (int)i, word.ptr, (int)(word.len - i),
                               word.ptr + i);
        if (n)
            at += (size_t)snprintf(to + at, room - at, "|%.*s.?%.*s", (int)i, word.ptr, (int)(word.len - i - n),
                                   word.ptr + i + n);
        if (after)
            at += (size_t)snprintf(to + at, room - at, "|%.*s%.*s%.*s%.*s", (int)i, word.ptr, (int)after,
                                   word.ptr + i + n, (int)n, word.ptr + i, (int)(word.len - i - n - after),
                                   word.ptr + i + n + after);
        i += n ? n : 1;
    }
    to[at++] = ')';
    to[at] = '\0';
    return to;
}

/* Has it a backslash before a letter, or anything in brackets with one: what the engine's expressions do not have? */
static bool is_beyond(fih_str expression)
{
    for (size_t i = 0; i + 1 < expression.len; i++)
        if (expression.ptr[i] == '\\') {
            const char c = expression.ptr[++i];

            if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
                return true;
        } else if (expression.ptr[i] == '(' && expression.ptr[i + 1] == '?') {
            return true;
        }
    return false;
}

static json_t *regexp(const char *field, const char *head, fih_str expression, const char *tail)
{
    char *const text = malloc(strlen(head) + expression.len + strlen(tail) + 3);
    json_t *q;

    if (!text)
        return NULL;
    sprintf(text, "%s(%.*s)%s", head, (int)expression.len, expression.ptr ? expression.ptr : "", tail);
    q = json_pack("{s:{s:{s:s,s:s}}}", "regexp", field, "value", text, "flags", "NONE");
    free(text);
    return q;
}

/* A form, whichever of its stems: there are one or two, which score as they are found. */
static json_t *exact(const fih_plan_node *n)
{
    char *const form = malloc(3 * n->expression.len + 2);
    size_t count = 0;
    json_t *q;

    if (!form)
        return NULL;
    for (size_t i = 0; i < n->expression.len; i++) {
        i += n->expression.ptr[i] == '\\' && i + 1 < n->expression.len;
        count += term_write(form + count, (fih_str){ n->expression.ptr + i, 1 });
    }
    if (n->is_form_pattern && is_in(n, "body"))
        form[count++] = '/';
    q = n->is_form_pattern && is_in(n, "body")
            ? json_pack("{s:{s:{s:o,s:s,s:f}}}", "prefix", "fihrist.forms", "value", json_stringn(form, count),
                        "rewrite", "scoring_boolean", "boost", (double)n->weight)
            : json_pack("{s:{s:{s:o,s:f}}}", "term", is_in(n, "body") ? "fihrist.stems" : "fihrist.title_stems",
                        "value", json_stringn(form, count), "boost", (double)n->weight);
    free(form);
    return q;
}

static json_t *fuzzy(const fih_plan_node *n, const char *field, bool is_form, struct body_notes *notes)
{
    char *expression;
    json_t *q;

    if (!is_form)
        return json_pack("{s:{s:{s:o,s:i,s:b}}}", "fuzzy", field, "value", body_term_text(n->expression), "fuzziness",
                         (int)n->edits, "transpositions", 1);
    if (n->edits > 1)
        body_say(notes, "one letter may differ, not two", n->text);
    if (!(expression = one_edit(n->expression)))
        return NULL;
    q = regexp(field, "(ال|وال|بال|فال|كال|لل|ولل|وبال)?", fih_str_of(expression), "/.*");
    free(expression);
    return q;
}

json_t *body_pattern(const fih_plan_node *n, struct body_notes *notes)
{
    const bool is_title = !is_in(n, "body"), is_form = n->is_form_pattern && !is_title;
    const char *const field = is_title ? "fihrist.title_stems" : is_form ? "fihrist.forms" : "fihrist.stems";

    if (n->root.len > 0)
        return body_term("fihrist.roots", n->root, n->weight);
    if (n->pattern == FIH_PATTERN_WRITTEN)
        body_say(notes, "its vowels are not asked for", n->text);
    if (n->pattern == FIH_PATTERN_WRITTEN || n->pattern == FIH_PATTERN_EXACT)
        return exact(n);
    if (n->pattern == FIH_PATTERN_REGEX && is_beyond(n->expression)) {
        body_say(notes, "left out: the engine's regular expressions have no \\d, \\w, \\s or (?", n->text);
        notes->is_less = true;
        return NULL;
    }
    body_say(notes, "scores the same in all documents", n->text);
    return body_constant(n->pattern == FIH_PATTERN_FUZZY ? fuzzy(n, field, is_form, notes)
                                                         : regexp(field, "", n->expression, is_form ? "/.*" : ""),
                         ONCE * n->weight);
}
