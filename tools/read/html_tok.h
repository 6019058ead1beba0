/* html_tok.h - a page's bytes as tags and text: what the HTML standard calls tokenization (13.2.5).
 *
 * Why our own: libxml2's parser repairs by rules of 1999 (an open <div> keeps </header> from closing, so that all
 * that follows counts as header), grows with depth times size, and refuses deep pages. Gumbo keeps to the standard,
 * but is no longer maintained and builds a tree of the whole page, some hundred bytes for a tag. We need neither a
 * tree nor a repair that is exact in every table: only which text is shown, and in which block it stands.
 *
 * The time is linear in the bytes whatever they are, and nothing is allocated.
 */
#ifndef FIHRIST_HTML_TOK_H
#define FIHRIST_HTML_TOK_H

#include <stdbool.h>
#include <stddef.h>

#include "fihrist.h"
#include "read/html_entity.h"
#include "read/html_text.h"

enum html_token_kind { HTML_END_OF_PAGE, HTML_START_TAG, HTML_END_TAG, HTML_TEXT };

struct html_token {
    enum html_token_kind kind;
    fih_str name;                  /* of a tag, as it is written */
    fih_str attributes;            /* what stands behind the name, up to the '>' */
    bool    is_self_closing;       /* <name … /> */
    fih_str text;                  /* part of a text: a text may come in many pieces */
};

/* Elements whose end tag the tokenizer can look for: text that is no markup, and what can be passed over. */
enum html_raw {
    RAW_SCRIPT, RAW_STYLE, RAW_TITLE, RAW_TEXTAREA, RAW_NOSCRIPT, RAW_IFRAME, RAW_NOEMBED, RAW_XMP, RAW_OBJECT,
    RAW_TEMPLATE, RAW_SVG, RAW_CANVAS, RAW_SELECT, RAW_DATALIST, RAW_AUDIO, RAW_VIDEO, RAW_COUNT
};

struct html_tok {
    const char *s;
    size_t      n, at;
    size_t      text_end;          /* up to there all is text; 0: markup */
    bool        has_references;    /* in that text */
    bool        in_foreign;        /* inside <svg> or <math>: CDATA sections count. Set by the caller. */
    bool        no_double;         /* a script was never closed by the rule of nested comments */
    bool        no_cdata_end;      /* no "]]>" from here on */
    size_t      next_end[RAW_COUNT]; /* the first end tag not before a place that was asked for; n: none */
    char        reference[HTML_REF_BYTES];
};

/* The bytes are borrowed, and hold no NUL. */
void html_tok_init(struct html_tok *k, const char *s, size_t n);
void html_tok_next(struct html_tok *k, struct html_token *out);

/* Whether an end tag of this element is still to come. */
bool html_tok_has_end(struct html_tok *k, enum html_raw element);
/* After its start tag: take all up to the element's end tag for text; false if there is none, and nothing changes. */
bool html_tok_raw(struct html_tok *k, enum html_raw element, bool has_references);
/* After its start tag: pass over all up to the element's end tag, or to the end of the page. Returns what it was. */
fih_str html_tok_skip(struct html_tok *k, enum html_raw element);
/* The rest of the page is text. */
void html_tok_plaintext(struct html_tok *k);

/* The attributes of a tag one after the other, undecoded; false at their end. *at is 0 in the beginning. */
bool html_attribute_next(const struct html_token *t, size_t *at, fih_str *name, fih_str *value);
/* The first one of this name (in small letters), undecoded; its ptr is NULL if there is none. */
fih_str html_attribute(const struct html_token *t, const char *name);
/* Append what an attribute's value says, references decoded. */
void html_attribute_decode(struct html_text *out, fih_str value);

#endif
