/* text/clean_part.h - what the files of the cleaner share.
 *
 * Layer: text. A rule looks at a place and says which bytes around it go. It may cut from `low` on: what lies
 * before has been decided.
 */
#ifndef FIHI_TEXT_CLEAN_PART_H
#define FIHI_TEXT_CLEAN_PART_H

#include "text/clean.h"

enum {
    LINE_MOST = 600,          /* bytes of a line that can be a footer or a share bar */
    TAIL_MOST = 300,          /* of the end of a longer line that can be one */
    TAG_MOST = 1024,          /* of a tag */
    CODE_MOST = 16384,        /* of a statement, style rule or element */
    WHOLE_ELEMENTS = 5,       /* elements that go with all that is in them */
    RUN_MOST = 300            /* from a sign of code back to where its statement begins */
};

struct cleaner {
    const uint8_t *s;
    size_t         n;
    size_t         code_block;         /* fihi_talks_of_code(): the block asked about last, and the answer */
    int            code_answer;
    size_t         scanned;            /* clean_code.c: statements were looked for so far */
    size_t         end_tags[WHOLE_ELEMENTS]; /* clean_tag.c: where the next end tag of each stands */
    size_t         comment_end;        /* and the next --> */
};

/* The first place where `word` stands among n bytes, or NULL. */
const uint8_t *fihi_clean_find(const uint8_t *s, size_t n, const char *word);

/* Is the text around a place about programming, so that code in it is quoted? */
int fihi_talks_of_code(struct cleaner *c, size_t at);

/* Each: does a cut begin at or around the byte `at`? clean_tag.c: at < and &. clean_code.c: at { = and ;. */
int fihi_clean_tag(struct cleaner *c, size_t at, struct cut *cut);
int fihi_clean_entity(struct cleaner *c, size_t at, struct cut *cut);
/* The bytes of the reference at & that means a part of a word, as &#1608; does; else 0. */
size_t fihi_clean_letter(const struct cleaner *c, size_t at);
int fihi_clean_attribute(struct cleaner *c, size_t low, size_t at, struct cut *cut);
int fihi_clean_style(struct cleaner *c, size_t low, size_t at, struct cut *cut);
int fihi_clean_script(struct cleaner *c, size_t low, size_t at, struct cut *cut);
/* Is the name one of an HTML element? */
int fihi_is_element(const uint8_t *name, size_t n);

/* clean_line.c: is the whole line (without its line feed) something to leave out? */
int fihi_clean_line(const struct cleaner *c, size_t start, size_t end, struct cut *cut);
/* The same for what stands behind the prose of the last line. */
int fihi_clean_tail(const struct cleaner *c, size_t start, size_t end, struct cut *cut);

static inline int clean_is_letter(uint8_t b)
{
    return (uint8_t)((b | 0x20) - 'a') < 26;
}

static inline int clean_is_name(uint8_t b)
{
    return clean_is_letter(b) || (uint8_t)(b - '0') < 10 || b == '_' || b == '$';
}

static inline int clean_is_space(uint8_t b)
{
    return b == ' ' || (b >= '\t' && b <= '\r');
}

static inline size_t clean_skip_space(const uint8_t *s, size_t i, size_t n)
{
    while (i < n && clean_is_space(s[i]))
        i++;
    return i;
}

#endif
