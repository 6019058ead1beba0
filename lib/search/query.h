/* search/query.h - what was asked: a tree made from text, before any index is looked at.
 *
 * Layer: search. Includes base/, index/schema.h and search/when.h. Immutable once made. The language is
 * fihrist-query(7)'s.
 */
#ifndef FIHI_SEARCH_QUERY_H
#define FIHI_SEARCH_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "fihrist.h"
#include "index/schema.h"

enum node_kind {
    NODE_WORDS,               /* text of one or more words, each on its own */
    NODE_PHRASE,              /* text whose words must follow one another */
    NODE_KEYWORD,             /* text that must equal a keyword field's */
    NODE_NEAR,                /* words and phrases, each at a distance from the one before */
    NODE_DATE,                /* text that means a span of days, seen from the day of the search */
    NODE_FIELD,               /* text that says which values a field has; which one that is, the index must tell */
    NODE_ALL,                 /* all documents */
    NODE_PATTERN,             /* text that means words by their spelling */
    NODE_GROUP                /* children, each with what it may or must */
};

enum pattern_kind { PATTERN_WILDCARD, PATTERN_FUZZY, PATTERN_REGEX, PATTERN_EXACT, PATTERN_WRITTEN };

enum occur { OCCUR_SHOULD, OCCUR_MUST, OCCUR_NOT };

/* How a word stands to the one before it. */
enum link { LINK_NEXT, LINK_THEN, LINK_NEAR }; /* side by side; behind it, at most so many words on; before or behind */

enum { REACH_MOST = 1000 };   /* words between two words whose nearness can be asked for */

enum scope { SCOPE_ANY, SCOPE_TITLE, SCOPE_BODY, SCOPE_SECTION, SCOPE_DATE, SCOPE_FIELD };

struct node {
    enum node_kind kind;
    enum occur     occur;     /* in the group it stands in */
    enum scope     scope;
    bool            is_or;     /* a group: any child is enough, whatever the options say */
    bool            is_best;   /* a group: what was asked, itself a group, and behind it other writings of it, of which
                                 the best counts */
    float          boost;     /* 1 without ^ */
    unsigned reach; /* a phrase: words that may stand between its own; a fuzzy pattern: edits; else of the link */
    enum pattern_kind pattern; /* NODE_PATTERN */
    enum link      link;      /* in NODE_NEAR, of all but the first */
    char          *field;     /* NODE_FIELD: its name; NODE_NEAR: where its words are those of such a field, and the
                                 children NODE_FIELD, too */
    bool           is_exact;  /* NODE_FIELD, NODE_KEYWORD, NODE_DATE: as it is, whatever signs it has */
    bool           is_plain;  /* NODE_WORDS: a text whose words are any of several, whatever sign it gets */
    bool           is_text;   /* NODE_FIELD: words, so the field must be a text */
    size_t         name;      /* NODE_WORDS: bytes of its text before a colon that may be a field's name, if it is one
                                 of the index (fihi_node_find_fields()); 0: none */
    uint64_t       docs;      /* another writing: documents that have it, as far as is known */
    size_t         at;        /* byte in the query, for messages */
    size_t         text_at;   /* that of its text */
    char          *text;
    size_t         len;
    struct node  **children;
    size_t         count, cap;
};

struct fih_query {
    struct node *root;        /* a group */
    fih_docno    except;      /* with has_except: it never finds this document */
    bool          has_except;
};

/* Is it what a field of the index has, values or words? */
static inline bool node_is_field(const struct node *n)
{
    return n->kind == NODE_FIELD || (n->kind == NODE_NEAR && n->field);
}
/* Does it say which documents, and no word of their titles and bodies? */
static inline bool node_is_filter(const struct node *n)
{
    return n->kind == NODE_KEYWORD || n->kind == NODE_DATE || node_is_field(n) || n->kind == NODE_ALL;
}

/* Of values: any; or those that begin so, which "any" is too. */
static inline bool node_is_any(const struct node *n)
{
    return !n->is_exact && n->len == 1 && *n->text == '*';
}
static inline bool node_is_beginning(const struct node *n)
{
    return !n->is_exact && n->len > 0 && n->text[n->len - 1] == '*';
}

/* The text is copied; NULL without memory. */
struct node *fihi_node_new(enum node_kind kind, const char *text, size_t len, size_t at);
/* The name is copied. FIH_OK or FIH_E_NOMEM. */
int fihi_node_set_field(struct node *n, fih_str name);
/* Words that begin with the name of a field of the schema and a colon become fields, in a tree of the caller's own.
 * *any is set if there are some; FIH_OK, FIH_E_NOMEM, or FIH_E_QUERY for a distance between fields. */
int fihi_node_find_fields(struct node *n, const struct schema *s, bool *any, fih_error *err);
/* Words or a phrase, or what a field has, become words of this field of the index. */
int fihi_node_put_in_field(struct node *n, const char *field, fih_error *err);
/* FIH_E_QUERY, for what NEAR and THEN cannot join, at this byte. */
int fihi_node_refuse_near(size_t at, fih_error *err);
/* Takes the child over, also when it fails. */
int fihi_node_add(struct node *group, struct node *child, fih_error *err);
void fihi_node_free(struct node *n);

/* A query of nothing yet, for a text of so many bytes. */
int fihi_query_new(struct fih_query **out, size_t text_bytes, fih_error *err);
int fihi_query_parse(struct fih_query **out, const char *text, size_t n, fih_error *err);
/* Would such a word be a pattern where no field is named? *kind is which, but of a broken one nothing. FIH_E_NOMEM. */
int fihi_query_is_pattern(bool *is, enum pattern_kind *kind, fih_str word, fih_error *err);
int fihi_query_plain(struct fih_query **out, const char *text, size_t n, fih_error *err);
void fihi_query_free(struct fih_query *q);

#endif
