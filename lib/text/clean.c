/* text/clean.c - going through a text, line by line and from one sign of markup to the next.
 *
 * A line is first judged as a whole (clean_line.c), by its first word, which is no word of a page's in nearly all
 * prose. Then its signs of markup are visited one after the other; at each, a rule says where a cut begins and ends
 * around it. A rule may look back as far as `low`, the end of the last cut or sign, so no byte is decided on twice.
 *
 * Cuts are in order and do not overlap, and each is whole characters: a rule ends at ASCII bytes only. The time is
 * linear because what a rule reads ahead is limited, or remembered in struct cleaner, or becomes part of its cut.
 *
 * What is cut is not indexed and not shown; so a rule must be sure. A share bar that stays costs a little rank, a
 * sentence that goes is not found again.
 *
 * Who asks: writer.c, for the body of each document that is added, and fih_clean() for a program that wants to see. The
 * cuts go into the stored record, so whoever reads the text later leaves out the same bytes (index/docs.h,
 * cut_scan).
 */
#include "text/clean.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "text/clean_part.h"

static const char *const reasons[CLEAN_REASONS] = {
    "tag", "entity", "style", "script", "address", "share bar", "footer", "related articles", "cookie notice",
    "advert", "repeated line",
};

/* In the order of enum clean_reason. */
const char *fihi_clean_reason(unsigned reason)
{
    return reason < CLEAN_REASONS ? reasons[reason] : "unknown";
}

void fihi_cuts_free(struct cuts *c)
{
    free(c->cuts);
    *c = (struct cuts){0};
}

/* Nearly always at the end. One that overlaps is dropped, for the bytes that both have go anyway. Cuts come in order
 * but for those of clean_end(), which takes a tail apart from its end. */
int fihi_cuts_add(struct cuts *c, struct cut cut)
{
    size_t i = c->count;

    while (i > 0 && c->cuts[i - 1].start >= cut.start)
        i--;
    if ((i > 0 && c->cuts[i - 1].end > cut.start) || (i < c->count && c->cuts[i].start < cut.end))
        return FIH_OK;
    if (fihi_grow(&c->cuts, &c->cap, c->count + 1, sizeof *c->cuts) != 0)
        return FIH_E_NOMEM;
    memmove(c->cuts + i + 1, c->cuts + i, (c->count - i) * sizeof *c->cuts);
    c->cuts[i] = cut;
    c->count++;
    return FIH_OK;
}

/* ---- signs of markup */

/* One subtraction tests three: what is less than ; wraps around and is more than 2. */
static bool is_sign(uint8_t b)
{
    return (uint8_t)(b - ';') <= 2 || b == '&' || b == '{';       /* ; < = stand side by side */
}

/* The next sign of markup: prose has next to none, so whole blocks are passed over (the compiler makes vectors of the
 * inner loop). All 64 are tested without a branch, and then the block with a sign again, one by one. A text of code
 * meets a sign in each block, and is slower by that much. */
static size_t next_sign(const uint8_t *s, size_t i, size_t n)
{
    enum { BLOCK = 64 };

    for (; n - i >= BLOCK; i += BLOCK) {
        uint8_t any = 0;

        for (size_t k = 0; k < BLOCK; k++)
            any |= (uint8_t)(((uint8_t)(s[i + k] - ';') <= 2) | (s[i + k] == '&') | (s[i + k] == '{'));
        if (any)
            break;
    }
    while (i < n && !is_sign(s[i]))
        i++;
    return i;
}

/* The order matters: "a { color: red; }" is a style rule, but its brace would also begin a statement. low is where a
 * rule may begin at the earliest, `at` the sign itself. */
static int cut_at(struct cleaner *c, size_t low, size_t at, struct cut *cut)
{
    switch (c->s[at]) {
    case '<':                                  /* in a string it is a script's */
        return (at > low && (c->s[at - 1] == '\'' || c->s[at - 1] == '"') && fihi_clean_script(c, low, at, cut)) ||
               fihi_clean_tag(c, at, cut);
    case '&':
        return fihi_clean_entity(c, at, cut);
    case '{':
        return fihi_clean_style(c, low, at, cut) || fihi_clean_script(c, low, at, cut);
    case '=':
        return fihi_clean_attribute(c, low, at, cut) || fihi_clean_script(c, low, at, cut);
    default:
        return fihi_clean_script(c, low, at, cut) || fihi_clean_style(c, low, at, cut);
    }
}

/* A line drawn with ===== is no code: go to its last sign at once. Each of its signs would otherwise look back over the
 * ones before it. */
static bool is_drawn_line(const struct cleaner *c, size_t *sign)
{
    const size_t first = *sign;

    while (c->s[*sign] == '=' && *sign + 1 < c->n && c->s[*sign + 1] == '=')
        ++*sign;
    return *sign - first > 2;
}

/* Cuts of the line from *at on; *at moves behind the line, or behind a cut that ends after it. A reference that means a
 * letter (&#1608;) is text. `sign` runs ahead of the lines, so that it is looked for once. low moves behind a sign that
 * was no code's: the next sign's rule may not take it in. */
static int clean_signs(struct cuts *out, struct cleaner *c, size_t *at, size_t *sign, size_t end)
{
    size_t low = *at;

    while (*sign < end) {
        const size_t letter = c->s[*sign] == '&' ? fihi_clean_letter(c, *sign) : 0;
        struct cut cut;

        if (letter) {
            low = *sign += letter;
        } else if (is_drawn_line(c, sign) || !cut_at(c, low, *sign, &cut)) {
            low = ++*sign;
        } else {
            if (fihi_cuts_add(out, cut) != 0)
                return FIH_E_NOMEM;
            low = *sign = cut.end;
        }
        *sign = next_sign(c->s, *sign, c->n);
    }
    *at = low > end ? low : end;
    return FIH_OK;
}

/* A carriage return before it is a space to the rules. */
static size_t line_end(const uint8_t *s, size_t i, size_t n)
{
    const uint8_t *p = memchr(s + i, '\n', n - i);

    return p ? (size_t)(p - s) : n;
}

/* Of a text whose last line is prose and more: what the more is. A crawler that joins a page's lines leaves its footer
 * there. A cut that is there already is the border. */
static int clean_end(struct cuts *out, struct cleaner *c)
{
    size_t end = c->n, start;
    struct cut cut;

    while (end > 0 && clean_is_space(c->s[end - 1]))
        end--;
    for (start = end; start > 0 && end - start < TAIL_MOST && c->s[start - 1] != '\n'; start--)
        ;
    /* Cuts are in order, so the last one ends furthest. */
    if (out->count && out->cuts[out->count - 1].end > start)
        start = out->cuts[out->count - 1].end;
    /* Each turn takes some of the end away; three are a source, a share bar and a hint of other articles. */
    for (int turn = 0; turn < 3 && start < end && fihi_clean_tail(c, start, end, &cut); turn++) {
        if (fihi_cuts_add(out, cut) != 0)
            return FIH_E_NOMEM;
        for (end = cut.start; end > start && clean_is_space(c->s[end - 1]); end--)
            ;
    }
    return FIH_OK;
}

/* A text of nothing but addresses is about them. Without this, a document that is a list of links would be empty. Cut
 * by cut: what lies between two of them must be space. */
static bool is_all_addresses(const struct cuts *c, const uint8_t *text, size_t n)
{
    size_t at = 0;

    for (size_t i = 0; i <= c->count; i++) {
        if (i < c->count && c->cuts[i].reason != CLEAN_URL)
            return 0;
        if (clean_skip_space(text, at, n) < (i < c->count ? c->cuts[i].start : n))
            return 0;
        at = i < c->count ? c->cuts[i].end : n;
    }
    return 1;
}

/* On FIH_E_NOMEM `out` holds what was found until then, and is the caller's to free as ever. Lines end at line feeds
 * alone. A cut of signs may go over the end of its line, as a script does; the next line then begins behind it. */
int fihi_clean(struct cuts *out, const uint8_t *text, size_t n)
{
    struct cleaner c = {.s = text, .n = n, .code_block = SIZE_MAX};
    size_t sign, at = 0;

    out->count = 0;
    if (n == 0)
        return FIH_OK;
    sign = next_sign(text, 0, n);
    while (at < n) {
        const size_t end = line_end(text, at, n);
        struct cut cut;

        if (end - at <= LINE_MOST && fihi_clean_line(&c, at, end, &cut)) {
            if (fihi_cuts_add(out, cut) != 0)
                return FIH_E_NOMEM;
            /* The line is gone whole: signs inside it are no longer asked. */
            if (sign < end)
                sign = next_sign(text, end, n);
            at = end;
        } else if (sign >= end) {
            at = end;
        } else if (clean_signs(out, &c, &at, &sign, end) != 0) {
            return FIH_E_NOMEM;
        }
        at += at < n && text[at] == '\n';
    }
    if (clean_end(out, &c) != 0)
        return FIH_E_NOMEM;
    if (is_all_addresses(out, text, n))
        out->count = 0;
    return FIH_OK;
}
