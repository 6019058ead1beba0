/* html_block.c - lines, blocks, and the choice between them. See html_block.h. */
#include "read/html_block.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/utf8.h>

#include "read/html_tag.h"

#define MAX_LINES  ((size_t)1 << 22)   /* what is beyond joins the last one */
#define MAX_BLOCKS ((size_t)1 << 20)

/* Words in a line of prose: with the mark that ends a sentence, and without one. Scripts without spaces are counted in
 * characters. */
#define PROSE_WORDS      8
#define LONG_PROSE_WORDS 16
#define PROSE_CHARS      20
#define VERSE_LINES      6             /* so many plain lines in a row, as in a poem, are worth a paragraph */

struct html_line {
    uint32_t at, n;                    /* bytes of the text */
    uint32_t link;                     /* how many of them are links */
    uint32_t block;
    uint32_t words;
    bool     is_prose, is_link, is_kept;
};

enum state { KEEP, KEEP_PROSE, DROP };

/* Sums are over all that stands inside. */
struct html_block {
    uint32_t parent;
    uint16_t evidence;
    uint8_t  tag, state;
    bool     in_hidden, has_h1;
    uint32_t n, link, prose;           /* bytes of text, of links, of prose */
    uint32_t prose_words, prose_lines;
    uint32_t link_lines, link_headings;
    uint32_t kept, kept_prose;         /* bytes */
};

int html_blocks_init(struct html_blocks *b)
{
    memset(b, 0, sizeof *b);
    b->block_cap = b->line_cap = 64;
    b->blocks = calloc(b->block_cap, sizeof *b->blocks);
    b->lines = calloc(b->line_cap, sizeof *b->lines);
    b->block_count = 1;
    return b->blocks && b->lines ? 0 : -1;
}

void html_blocks_free(struct html_blocks *b)
{
    html_text_free(&b->text);
    free(b->blocks);
    free(b->lines);
    memset(b, 0, sizeof *b);
}

/* ------------------------------------------------------------------ Gathering */

/* Room for one more of `bytes` bytes. */
static bool grow(struct html_blocks *b, void **array, size_t count, size_t *cap, size_t bytes)
{
    void *p;

    if (count < *cap)
        return true;
    if (!(p = realloc(*array, 2 * *cap * bytes))) {
        b->is_out_of_memory = true;
        return false;
    }
    *array = p;
    *cap *= 2;
    return true;
}

uint32_t html_block_add(struct html_blocks *b, uint32_t parent, uint8_t tag, unsigned evidence)
{
    const unsigned outer = b->blocks[parent].evidence;
    void *blocks = b->blocks;
    struct html_block *new;

    if (b->block_count >= MAX_BLOCKS || !grow(b, &blocks, b->block_count, &b->block_cap, sizeof *b->blocks))
        return parent;
    b->blocks = blocks;
    if ((outer & HTML_IS_SECTION) && (tag == TAG_HEADER || tag == TAG_FOOTER))
        evidence &= ~(unsigned)HTML_IS_PAGE;       /* that of an article: it may hold its heading or its author */
    new = &b->blocks[b->block_count];
    memset(new, 0, sizeof *new);
    new->parent = parent;
    new->tag = tag;
    new->evidence = (uint16_t)(evidence | (outer & HTML_IS_SECTION));
    new->in_hidden = b->blocks[parent].in_hidden || (evidence & HTML_IS_HIDDEN);
    return (uint32_t)b->block_count++;
}

static bool start_line(struct html_blocks *b, uint32_t block)
{
    void *lines = b->lines;

    if (b->line_count >= MAX_LINES) {
        html_text_add(&b->text, "\n", 1);
        b->lines[b->line_count - 1].n++;
        return true;
    }
    if (!grow(b, &lines, b->line_count, &b->line_cap, sizeof *b->lines))
        return false;
    b->lines = lines;
    if (b->line_count > 0)
        html_text_add(&b->text, "\n", 1);
    b->lines[b->line_count++] = (struct html_line){ .at = (uint32_t)b->text.n, .block = block };
    return true;
}

void html_block_text(struct html_blocks *b, uint32_t block, fih_str text, bool is_link)
{
    const char *s = text.ptr;

    for (size_t i = 0; i < text.len; ) {
        size_t from = i, before;

        while (i < text.len && html_is_space(s[i]))
            i++;
        b->want_space |= i > from;
        for (from = i; i < text.len && !html_is_space(s[i]); i++)
            ;
        if (i == from)
            break;
        if (b->line_count == 0 || b->want_line) {
            if (!start_line(b, block))
                return;
            b->want_space = false;
        }
        before = b->text.n;
        if (b->want_space)
            html_text_add(&b->text, " ", 1);
        html_text_add(&b->text, s + from, i - from);
        b->want_line = b->want_space = false;
        b->is_after_link = is_link;
        b->lines[b->line_count - 1].n += (uint32_t)(b->text.n - before);
        if (is_link)
            b->lines[b->line_count - 1].link += (uint32_t)(i - from);
    }
}

/* ------------------------------------------------------------------- Judging */

/* One character of well-formed UTF-8. */
static uint32_t next_char(const char *s, size_t n, size_t *i)
{
    UChar32 c;

    U8_NEXT((const uint8_t *)s, *i, n, c);
    return (uint32_t)c;
}

static bool ends_sentence(uint32_t c)
{
    switch (c) {
    case '.': case '!': case '?': case ':': case '"':
    case 0xBB:                                     /* » */
    case 0x61F: case 0x6D4:                        /* ؟ ۔ */
    case 0x201D: case 0x2026: case 0x3002:         /* ” … 。 */
        return true;
    default:
        return false;
    }
}

/* Letters and digits of any script, near enough: no white space, no punctuation. */
static bool is_letter(uint32_t c)
{
    if (c < 0x80)
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    return !(c < 0xC0 && c != 0xAA && c != 0xB5 && c != 0xBA) && c != 0x60C && c != 0x61B && c != 0x61F && c != 0x6D4 &&
           !(c >= 0x2000 && c < 0x2070) && !(c >= 0x3000 && c < 0x3004);
}

/* Scripts that write words without spaces between them, or syllables that say as much: kana, Han, Hangul. */
static bool is_ideographic(uint32_t c)
{
    return (c >= 0x3040 && c < 0xA000) || (c >= 0xAC00 && c < 0xD800);
}

static void judge_line(struct html_line *line, const char *s)
{
    bool has_sentence = false, in_word = false, ended = false;
    uint32_t ideographs = 0;

    for (size_t i = 0; i < line->n; ) {
        const uint32_t c = next_char(s, line->n, &i);
        const bool letter = is_letter(c);

        has_sentence |= ended && c == ' ';
        ended = ends_sentence(c);
        line->words += letter && !in_word;
        ideographs += is_ideographic(c);
        in_word = letter;
    }
    has_sentence |= ended;
    line->is_link = line->link > line->n / 2;
    line->is_prose = line->link < (line->n + 1) / 2 &&
                     ((line->words >= PROSE_WORDS && has_sentence) || line->words >= LONG_PROSE_WORDS ||
                      ideographs >= PROSE_CHARS);
}

/* Plain lines that follow each other in one block, with no more than a <br> between them: a poem, say. */
static void find_verse(struct html_blocks *b)
{
    for (size_t from = 0, to; from < b->line_count; from = to) {
        const uint32_t block = b->lines[from].block;

        for (to = from; to < b->line_count && b->lines[to].block == block && b->lines[to].link == 0; to++)
            ;
        for (size_t i = from; to - from >= VERSE_LINES && i < to; i++)
            b->lines[i].is_prose = true;
        to += to == from;
    }
}

static bool is_heading(uint8_t tag)
{
    return (html_tag_is(tag) & HTML_HEADING) && tag != TAG_H1;
}

static void add_line(struct html_block *block, const struct html_line *line)
{
    block->n += line->n;
    block->link += line->link;
    block->link_lines += line->is_link;
    block->link_headings += line->is_link && is_heading(block->tag);
    block->has_h1 |= block->tag == TAG_H1;
    if (line->is_prose) {
        block->prose += line->n;
        block->prose_words += line->words;
        block->prose_lines++;
    }
}

/* Sums of each block over all inside it. A block's number is higher than that of the one around it. */
static void sum_up(struct html_blocks *b)
{
    for (size_t i = 0; i < b->line_count; i++)
        judge_line(&b->lines[i], b->text.s + b->lines[i].at);
    find_verse(b);
    for (size_t i = 0; i < b->line_count; i++)
        add_line(&b->blocks[b->lines[i].block], &b->lines[i]);
    for (size_t i = b->block_count; i-- > 1; ) {
        const struct html_block *in = &b->blocks[i];
        struct html_block *out = &b->blocks[in->parent];

        out->n += in->n;
        out->link += in->link;
        out->prose += in->prose;
        out->prose_words += in->prose_words;
        out->prose_lines += in->prose_lines;
        out->link_lines += in->link_lines;
        out->link_headings += in->link_headings;
        out->has_h1 |= in->has_h1;
    }
}

/* ------------------------------------------------------------------- Choosing */

/* Whether `part` is more than `percent` of `whole`. */
static bool is_over(uint32_t part, unsigned percent, uint32_t whole)
{
    return (uint64_t)part * 100 > (uint64_t)whole * percent;
}

/* A text that is folded away: paragraphs, and little else. */
static bool is_folded_text(const struct html_block *x)
{
    return x->prose_lines >= 2 && x->prose_words >= HTML_LITTLE_PROSE && is_over(x->prose, 70, x->n);
}

static enum state by_structure(const struct html_block *x, const struct html_block *page)
{
    const bool is_most = is_over(x->prose, 50, page->prose) && x->prose_words >= HTML_LITTLE_PROSE;
    const bool is_much = is_over(x->prose, 30, page->prose);

    if ((x->evidence & HTML_IS_HIDDEN) && !(is_folded_text(x) && ((x->evidence & HTML_IS_SECTION) || is_most)))
        return DROP;
    if ((x->evidence & (HTML_IS_NAV | HTML_IS_DIALOG)) && !is_most)
        return DROP;
    if ((x->evidence & HTML_IS_PAGE) && !is_most)
        return x->has_h1 ? KEEP : DROP;
    if ((x->evidence & HTML_IS_ASIDE) && !is_much)
        return KEEP_PROSE;
    return KEEP;
}

/* What counts only on pages that have an article. */
static enum state by_content(const struct html_block *x, const struct html_block *page)
{
    const bool is_much = is_over(x->prose, 30, page->prose) || is_over(x->n, 30, page->n);

    if (is_much)
        return KEEP;
    if ((x->evidence & HTML_IS_FORM) && !x->has_h1)
        return KEEP_PROSE;
    if (x->prose > 0)
        return KEEP;
    if ((x->evidence & HTML_IS_NAMED) && !x->has_h1)
        return DROP;
    if (x->link_lines >= 3 && !is_over(x->n, 111, x->link))
        return DROP;
    if (x->link_headings >= 2 && !x->has_h1 && is_over(x->link, 30, x->n))
        return DROP;
    return KEEP;
}

static void decide(struct html_blocks *b, bool has_article)
{
    for (size_t i = 1; i < b->block_count; i++) {
        struct html_block *x = &b->blocks[i];
        enum state state = by_structure(x, &b->blocks[0]);

        if (state != DROP && has_article) {
            const enum state other = by_content(x, &b->blocks[0]);

            state = other > state ? other : state;
        }
        x->state = state > b->blocks[x->parent].state ? (uint8_t)state : b->blocks[x->parent].state;
    }
    for (size_t i = 0; i < b->line_count; i++) {
        struct html_line *line = &b->lines[i];
        const uint8_t state = b->blocks[line->block].state;

        line->is_kept = state == KEEP || (state == KEEP_PROSE && line->is_prose);
    }
}

/* A heading over a list that went, the words between the links of a share bar: they go too. */
static void drop_remains(struct html_blocks *b)
{
    for (size_t i = 0; i < b->line_count; i++)
        if (b->lines[i].is_kept) {
            b->blocks[b->lines[i].block].kept += b->lines[i].n;
            b->blocks[b->lines[i].block].kept_prose += b->lines[i].is_prose ? b->lines[i].n : 0;
        }
    for (size_t i = b->block_count; i-- > 1; ) {
        b->blocks[b->blocks[i].parent].kept += b->blocks[i].kept;
        b->blocks[b->blocks[i].parent].kept_prose += b->blocks[i].kept_prose;
    }
    for (size_t i = 1; i < b->block_count; i++) {
        struct html_block *x = &b->blocks[i];
        const struct html_block *outer = &b->blocks[x->parent];

        if (outer->state == DROP || (x->kept_prose == 0 && x->kept > 0 && !x->has_h1 && outer->kept_prose > 0 &&
                                     !is_over(x->kept, 50, x->n)))
            x->state = DROP;
    }
    for (size_t i = 0; i < b->line_count; i++)
        if (b->blocks[b->lines[i].block].state == DROP)
            b->lines[i].is_kept = false;
}

/* If nothing at all was kept, all that is shown is: better a menu than no text. */
static void keep_something(struct html_blocks *b)
{
    for (size_t i = 0; i < b->line_count; i++)
        if (b->lines[i].is_kept)
            return;
    for (size_t i = 0; i < b->block_count; i++) {
        struct html_block *x = &b->blocks[i];

        x->state = x->in_hidden ? DROP : KEEP;
    }
    for (size_t i = 0; i < b->line_count; i++)
        b->lines[i].is_kept = b->blocks[b->lines[i].block].state != DROP;
}

/* Move the lines that are kept together. */
static void compact(struct html_blocks *b, struct html_choice *out)
{
    size_t to = 0;

    for (size_t i = 0; i < b->line_count; i++) {
        const struct html_line *line = &b->lines[i];

        out->shown += b->blocks[line->block].in_hidden && !line->is_kept ? 0 : line->n;
        if (!line->is_kept)
            continue;
        if (to > 0)
            b->text.s[to++] = '\n';            /* one stands between any two lines, so there is room */
        memmove(b->text.s + to, b->text.s + line->at, line->n);
        to += line->n;
        out->kept += line->n;
        out->prose_words += line->is_prose ? line->words : 0;
    }
    b->text.n = to;
    if (b->text.s)
        b->text.s[to] = '\0';
}

void html_blocks_choose(struct html_blocks *b, struct html_choice *out)
{
    bool has_article;

    memset(out, 0, sizeof *out);
    sum_up(b);
    has_article = b->blocks[0].prose_words >= HTML_LITTLE_PROSE;
    decide(b, has_article);
    if (has_article)
        drop_remains(b);
    keep_something(b);
    compact(b, out);
}
