/* search/synonyms.c - reading sets, and putting them into a tree.
 *
 * A line of the file is a set; an entry is a word, or words that must stand side by side. Sets are found by stems, so
 * that سيارات finds the line سيارة, مركبة. In the tree, the word becomes a group of which any child will do: itself,
 * and each other of its sets as a word or phrase of half its weight. Groups that the query has are walked, and what
 * is excluded stays: synonyms of what nobody wants would take too much away.
 *
 * A query is expanded when a program asks with it, not when the index is made: so the list may change from one search
 * to the next, and the index stays as it is. Who asks: api_suggest.c, for fih_synonyms and the query that is made with
 * them.
 */
#include "search/synonyms.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fail.h"
#include "base/utf8.h"
#include "search/compose.h"

/* A document with the word that was typed should come first. */
#define SYNONYM_BOOST 0.5f             /* what is asked for by another word counts half */

void fihi_synonyms_free(struct fih_synonyms *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->count; i++) {
        free(s->entries[i].text);
        free(s->entries[i].stems);
    }
    free(s->entries);
    free(s->by_set);
    free(s->set_ends);
    free(s);
}

/* The stems of a text, each with a NUL behind. The first reading of each word; a NUL cannot be in a stem, so two
 * lists of stems are equal if their bytes are. Used for the file and for the query, with the same analyzer, which is
 * what makes them meet. */
static int read_stems(struct buf *out, struct analyzer *a, const char *text, size_t n, fih_error *err)
{
    struct token tokens[64];
    size_t count;
    int rc;

    out->len = 0;
    fihi_analyzer_begin(a, (const uint8_t *)text, n);
    while ((rc = fihi_analyzer_next(a, tokens, 64, &count, err)) == FIH_OK)
        for (size_t i = 0; i < count; i++) {
            /* Of each word one stem: forms and roots are levels, further readings stand at the same position. */
            const struct term_text t = fihi_analyzer_term(a, tokens[i].term);

            if (tokens[i].flags & (TOKEN_LEVEL | TOKEN_SAME_POSITION))
                continue;
            if (fihi_buf_append(out, t.ptr, t.len) != 0 || fihi_buf_append(out, "", 1) != 0)
                return fihi_fail_nomem(err);
        }
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* With a NUL behind, for nodes and messages. Freed with the entry. */
static char *copy_bytes(const void *bytes, size_t n)
{
    /* n may be 0, of a text that is empty. */
    char *s = malloc(n + 1);

    if (s) {
        memcpy(s, bytes, n);
        s[n] = '\0';
    }
    return s;
}

/* ---- reading */

/* `line` becomes the number of the entry's set. Memory: the file's text once more, and its stems. */
static int add_entry(struct fih_synonyms *s, struct analyzer *a, const char *text, size_t n, uint32_t line,
                     fih_error *err)
{
    struct buf stems = {NULL, 0, 0};
    struct synonym *e;
    int rc = read_stems(&stems, a, text, n, err);

    /* An entry of signs alone could never be found: said with its line, so that the file can be mended. */
    if (rc == 0 && stems.len == 0)
        rc = fihi_fail(err, FIH_E_USAGE, "line %u of the synonyms has an entry without a word: '%.*s'", line,
                       (int)(n < 60 ? n : 60), text);
    if (rc == 0 && fihi_grow(&s->entries, &s->cap, s->count + 1, sizeof *s->entries) != 0)
        rc = fihi_fail_nomem(err);
    if (rc == 0) {
        /* Counted before its texts are looked at, so that it is freed with all others. */
        e = &s->entries[s->count];
        *e = (struct synonym){line, copy_bytes(text, n), copy_bytes(stems.ptr, stems.len), n, stems.len};
        s->count++;
        rc = e->text && e->stems ? FIH_OK : fihi_fail_nomem(err);
    }
    fihi_buf_free(&stems);
    return rc;
}

/* What is taken off both ends of an entry; \r is there for files of Windows. */
static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Where the entry that begins at i ends: at a comma (, or ،) or a tab. *mark: how many bytes part it from the next
 * one. */
static size_t entry_end(const char *s, size_t n, size_t i, size_t *mark)
{
    /* UTF-8 of ، is D8 8C; neither byte is ASCII, so no comma can be found inside a letter. */
    *mark = 1;
    for (; i < n && s[i] != ',' && s[i] != '\t'; i++)
        if (i + 1 < n && (uint8_t)s[i] == 0xD8 && (uint8_t)s[i + 1] == 0x8C) {
            *mark = 2;
            break;
        }
    return i;
}

/* An empty entry (a, , b) is passed over: lists made by programs have them. The line's number is told in each error, as
 * an editor counts it: from 1. */
static int read_line(struct fih_synonyms *s, struct analyzer *a, const char *text, size_t n, uint32_t line,
                     fih_error *err)
{
    /* Entries of this line are those from here on. */
    const size_t first = s->count;
    size_t mark = 1;
    int rc = FIH_OK;

    for (size_t i = 0, end; i < n && rc == 0; i = end + mark) {
        size_t from = i, to;

        end = to = entry_end(text, n, i, &mark);
        while (from < to && is_blank(text[from]))
            from++;
        while (to > from && is_blank(text[to - 1]))
            to--;
        if (to > from)
            rc = add_entry(s, a, text + from, to - from, line, err);
    }
    /* A lonely word is a forgotten comma. */
    if (rc == 0 && s->count - first == 1)
        return fihi_fail(err, FIH_E_USAGE,
                         "line %u of the synonyms has one entry: a set has two or more, separated by commas", line);
    if (rc == 0 && s->count - first > SYNONYM_WORDS)
        return fihi_fail(err, FIH_E_LIMIT, "line %u of the synonyms has more than %d entries", line, SYNONYM_WORDS);
    return rc;
}

/* By set at last, so that the order is the same on every machine. For qsort() and for bisection: by the bytes of the
 * stems, then by length. */
static int by_stems(const void *x, const void *y)
{
    const struct synonym *a = x, *b = y;
    const int order = memcmp(a->stems, b->stems, a->stem_bytes < b->stem_bytes ? a->stem_bytes : b->stem_bytes);

    if (order)
        return order;
    if (a->stem_bytes != b->stem_bytes)
        return a->stem_bytes < b->stem_bytes ? -1 : 1;
    return (a->set > b->set) - (a->set < b->set);
}

/* Lines that begin with # are remarks. The number of a line is that of its set, and what messages name. A file that
 * does not end with a line end has a last line all the same. SYNONYM_LINES bounds numbers of sets, and with the bytes
 * of the file all memory. */
static int read_all(struct fih_synonyms *s, struct analyzer *a, fih_str text, fih_error *err)
{
    uint32_t line = 0;
    int rc = FIH_OK;

    for (size_t i = 0, end; i < text.len && rc == 0; i = end + 1) {
        const char *const eol = memchr(text.ptr + i, '\n', text.len - i);

        end = eol ? (size_t)(eol - text.ptr) : text.len;
        if (++line > SYNONYM_LINES)
            return fihi_fail(err, FIH_E_LIMIT, "the synonyms have more than %d lines", SYNONYM_LINES);
        /* Empty lines are no sets. */
        if (end > i && text.ptr[i] != '#')
            rc = read_line(s, a, text.ptr + i, end - i, line, err);
    }
    return rc;
}

/* The entries of each set, in the order that all have: counted, then put behind those of the sets before. Without it a
 * word that is in many sets (a file that says كتاب, الكتاب a thousand times) would be looked for in all of them, times
 * all of them. */
static int group_by_set(struct fih_synonyms *s, fih_error *err)
{
    uint32_t sets = 0;

    for (size_t i = 0; i < s->count; i++)
        sets = s->entries[i].set > sets ? s->entries[i].set : sets;
    if (!(s->by_set = calloc(s->count + 1, sizeof *s->by_set)) ||
        !(s->set_ends = calloc((size_t)sets + 1, sizeof *s->set_ends)))
        return fihi_fail_nomem(err);
    for (size_t i = 0; i < s->count; i++)
        s->set_ends[s->entries[i].set]++;
    /* set_ends[n] is where set n begins, now, and where it ends when its entries are in. */
    for (uint32_t n = 0, at = 0; n <= sets; n++) {
        const uint32_t count = s->set_ends[n];

        s->set_ends[n] = at;
        at += count;
    }
    for (size_t i = 0; i < s->count; i++)
        s->by_set[s->set_ends[s->entries[i].set]++] = (uint32_t)i;
    return FIH_OK;
}

/* The result is only read from then on, by any number of threads; each brings its own analyzer. */
int fihi_synonyms_new(struct fih_synonyms **out, struct analyzer *a, fih_str text, fih_error *err)
{
    struct fih_synonyms *s;
    size_t good;
    int rc;

    *out = NULL;
    if (text.len > SYNONYM_BYTES)
        return fihi_fail(err, FIH_E_LIMIT, "the synonyms have %zu bytes: at most %d", text.len, SYNONYM_BYTES);
    /* Refused and not mended: a file in another encoding would give sets that find nothing. */
    if ((good = fihi_utf8_valid((const uint8_t *)text.ptr, text.len)) != text.len)
        return fihi_fail(err, FIH_E_USAGE, "the synonyms are not UTF-8 at byte %zu", good);
    if (!(s = calloc(1, sizeof *s)))
        return fihi_fail_nomem(err);
    /* All or nothing: what was read before an error is freed. */
    rc = read_all(s, a, text, err);
    if (rc == 0 && s->count)
        qsort(s->entries, s->count, sizeof *s->entries, by_stems);
    if (rc == 0)
        rc = group_by_set(s, err);
    if (rc == 0)
        *out = s;
    else
        fihi_synonyms_free(s);
    return rc;
}

/* ---- expanding */

/* Of one query. `stems` is room that is used again for each leaf. */
struct expander {
    const struct fih_synonyms *synonyms;
    struct analyzer           *analyzer;
    struct buf                 stems;
    unsigned                   nodes;  /* added so far */
    fih_error                 *err;
};

/* The first entry with these stems; count if there is none. What is looked for has set 0, and so is below all with
 * the same stems: lines begin at 1. Bisection: seventeen steps for a hundred thousand entries. */
static size_t find(const struct fih_synonyms *s, const struct buf *stems)
{
    /* Borrowed for the comparison only. */
    const struct synonym wanted = {.stems = (char *)stems->ptr, .stem_bytes = stems->len};
    size_t low = 0, high = s->count;

    while (low < high) {
        const size_t mid = low + (high - low) / 2;

        if (by_stems(&s->entries[mid], &wanted) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Equal stems, word for word. */
static bool is_same(const struct synonym *e, const struct buf *stems)
{
    return e->stem_bytes == stems->len && memcmp(e->stems, stems->ptr, stems->len) == 0;
}

/* Another entry as a node: a word, or words in a row. Its text and not its stems goes into the tree: it is analysed
 * with the query, and found in all its forms. `like` says where it is searched. */
static int add_other(struct expander *x, struct node *group, const struct node *like, const struct synonym *e)
{
    /* More than one NUL. Each stem has a NUL behind it, the last one too. */
    const bool is_phrase = strlen(e->stems) + 1 < e->stem_bytes;
    struct node *n;

    /* A query of 1024 words with sets of 64 would have 65,536 nodes. */
    if (++x->nodes > FIH_MAX_CLAUSES)
        return fihi_fail(x->err, FIH_E_LIMIT, "with its synonyms the query has more than %u clauses", FIH_MAX_CLAUSES);
    if (!(n = fihi_node_new(is_phrase ? NODE_PHRASE : NODE_WORDS, e->text, e->text_bytes, like->at)))
        return fihi_fail_nomem(x->err);
    n->scope = like->scope;
    n->boost = SYNONYM_BOOST;
    return fihi_node_add(group, n, x->err);
}

/* The others of every set that has these stems. A set that has them twice is one of its neighbours among the entries,
 * and is gone through once. Entries of the same set with the same stems (كتاب, الكتاب) are the same word, and not
 * added. x->stems still has the stems of the leaf. */
static int add_others(struct expander *x, struct node *group, const struct node *like)
{
    const struct fih_synonyms *s = x->synonyms;
    int rc = FIH_OK;

    for (size_t i = find(s, &x->stems); rc == 0 && i < s->count && is_same(&s->entries[i], &x->stems); i++) {
        const uint32_t set = s->entries[i].set, before = i ? s->entries[i - 1].set : 0;

        if (set == before && is_same(&s->entries[i - 1], &x->stems))
            continue;
        for (uint32_t k = s->set_ends[set - 1]; k < s->set_ends[set] && rc == 0; k++)
            if (!is_same(&s->entries[s->by_set[k]], &x->stems))
                rc = add_other(x, group, like, &s->entries[s->by_set[k]]);
    }
    return rc;
}

/* The node in *at becomes one of a group, if it has synonyms: any of them will do. The group takes over sign and
 * weight, so that the leaf inside is a plain one: of +سيارة^2 the group is required and has the weight, whichever of
 * its words is there. */
static int expand_leaf(struct expander *x, struct node **at)
{
    struct node *const n = *at;
    struct node *group;
    int rc = read_stems(&x->stems, x->analyzer, n->text, n->len, x->err);
    size_t i;

    /* Most words of a query are in no set, and end here. */
    if (rc != 0 || x->stems.len == 0 || (i = find(x->synonyms, &x->stems)) == x->synonyms->count ||
        !is_same(&x->synonyms->entries[i], &x->stems))
        return rc;
    if (!(group = fihi_node_new(NODE_GROUP, NULL, 0, n->at)))
        return fihi_fail_nomem(x->err);
    group->occur = n->occur;
    group->boost = n->boost;
    /* Whatever the options say (match_all): one of them is enough. */
    group->is_or = true;
    n->occur = OCCUR_SHOULD;
    n->boost = 1;
    *at = group;
    /* *at is the group by now, so the node has one owner at every moment. */
    if ((rc = fihi_node_add(group, n, x->err)) != 0)   /* freed n then */
        return rc;
    /* `group` is in the tree, whose owner frees it if this fails. */
    return add_others(x, group, n);
}

/* Plain text of several words becomes a node for each: a word may have synonyms, a line has none. Only where any of the
 * words will do; what must match as a whole stays whole. Such a text is a program's (fih_query_plain()); a typed word
 * has no space, and stays. */
static int split_words(struct expander *x, struct node *group, size_t at)
{
    struct node *const whole = group->children[at];
    size_t i = 0;
    int rc = FIH_OK;
    bool is_first = true;

    while (i < whole->len && rc == 0) {
        size_t from;
        struct node *n;

        while (i < whole->len && (uint8_t)whole->text[i] <= ' ')
            i++;
        for (from = i; i < whole->len && (uint8_t)whole->text[i] > ' '; i++)
            ;
        /* One word alone stays as it is. */
        if (i == from || (is_first && i == whole->len && from == 0))
            break;
        if (!(n = fihi_node_new(NODE_WORDS, whole->text + from, i - from, whole->at + from)))
            return fihi_fail_nomem(x->err);
        /* The sign is none, as that of the whole was (expand_node()). */
        n->scope = whole->scope;
        n->boost = whole->boost;
        rc = fihi_node_add(group, n, x->err);
        is_first = false;
    }
    if (rc == 0 && !is_first) {                /* its words stand at the end now */
        fihi_node_free(whole);
        /* The group has the same children but `whole`, in their order, and its words behind them. */
        memmove(group->children + at, group->children + at + 1, (--group->count - at) * sizeof *group->children);
    }
    return rc;
}

/* Patterns, distances and phrases with a reach have no synonyms: what they say is about spelling and place. Groups that
 * expand_leaf() has just made are not walked into: `n` was read before, so no word has synonyms of synonyms. */
static int expand_node(struct expander *x, struct node *group)
{
    const size_t count = group->count;
    int rc = FIH_OK;

    /* From the end, so that places before it stay; what is added stands behind `count`. */
    for (size_t i = count; i-- > 0 && rc == 0;)
        if (group->children[i]->kind == NODE_WORDS && group->children[i]->occur == OCCUR_SHOULD)
            rc = split_words(x, group, i);
    for (size_t i = 0; i < group->count && rc == 0; i++) {
        struct node *const n = group->children[i];

        if (n->occur == OCCUR_NOT)
            continue;                          /* a group, too: each of its words takes away */
        if (n->kind == NODE_GROUP)
            rc = expand_node(x, n);
        else if (n->kind == NODE_WORDS || (n->kind == NODE_PHRASE && !n->reach))
            rc = expand_leaf(x, &group->children[i]);
    }
    return rc;
}

/* The program's query is not changed; the copy is the caller's, and freed here on an error. */
int fihi_synonyms_expand(struct fih_query **out, const struct fih_query *q, const struct fih_synonyms *s,
                         struct analyzer *a, fih_error *err)
{
    struct expander x = {.synonyms = s, .analyzer = a, .err = err};
    int rc = fihi_query_copy(out, q, err);

    if (rc != 0)
        return rc;
    rc = expand_node(&x, (*out)->root);
    fihi_buf_free(&x.stems);
    if (rc != 0) {
        fihi_query_free(*out);
        *out = NULL;
    }
    return rc;
}
