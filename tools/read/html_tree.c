/* html_tree.c - the stack of open elements. See html_tree.h.
 *
 * Every question ("is a <p> open in this scope?") is answered by places that are kept up to date, not by a walk down
 * the stack, so that a page of a million misplaced tags costs no more than its length.
 */
#include "read/html_tree.h"

#include <stdlib.h>
#include <string.h>

int html_tree_init(struct html_tree *t)
{
    memset(t, 0, sizeof *t);
    t->cap = 64;
    return (t->open = calloc(t->cap, sizeof *t->open)) ? 0 : -1;
}

void html_tree_free(struct html_tree *t)
{
    free(t->open);
    memset(t, 0, sizeof *t);
}

/* -------------------------------------------------------------------- Stack */

/* The innermost element, and any around it that was closed before. */
static void pop(struct html_tree *t)
{
    do {
        const struct html_open *top = html_tree_top(t);

        if (top->tag != TAG_NONE) {
            t->of_tag[top->tag] = top->same;
            if (!(html_tag_is(top->tag) & (HTML_INLINE | HTML_LEAF)))
                t->is_line_due = true;
        }
        t->last = top->last;
        t->count--;
    } while (t->count > 0 && html_tree_top(t)->tag == TAG_NONE);
}

/* Close the element at this place and all inside it. */
static void pop_from(struct html_tree *t, uint32_t place)
{
    while (t->count >= place)
        pop(t);
}

/* Close the innermost element of this tag alone; what stands inside it stays open. */
static void take_out(struct html_tree *t, uint8_t tag)
{
    struct html_open *e = &t->open[t->of_tag[tag]];

    t->of_tag[tag] = e->same;
    e->tag = TAG_NONE;
}

/* The innermost of some tags; 0: none. */
static uint32_t innermost(const struct html_tree *t, const uint8_t *tags, size_t n)
{
    uint32_t place = 0;

    for (size_t i = 0; i < n; i++)
        if (t->of_tag[tags[i]] > place)
            place = t->of_tag[tags[i]];
    return place;
}

static uint32_t max(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static uint32_t heading(const struct html_tree *t)
{
    static const uint8_t tags[] = { TAG_H1, TAG_H2, TAG_H3, TAG_H4, TAG_H5, TAG_H6 };

    return innermost(t, tags, sizeof tags);
}

static uint32_t row_group(const struct html_tree *t)
{
    static const uint8_t tags[] = { TAG_TBODY, TAG_THEAD, TAG_TFOOT };

    return innermost(t, tags, sizeof tags);
}

/* Close the element at this place if it stands inside `boundary`. */
static void pop_within(struct html_tree *t, uint32_t place, uint32_t boundary)
{
    if (place > boundary)
        pop_from(t, place);
}

/* ---------------------------------------------------------------- Start tags */

/* <li>, <dd> and <dt> close one that is open, unless another block stands between (13.2.6.4.7). */
static void before_item(struct html_tree *t, uint32_t open_item)
{
    /* The item itself is one of the blocks that stop the look-out. */
    if (open_item > 0 && open_item >= t->last.stops_li)
        pop_from(t, open_item);
}

static void end_formatting(struct html_tree *t, uint8_t tag);

/* The outermost of what stands inside `boundary`. */
static uint32_t outermost(uint32_t a, uint32_t b, uint32_t boundary)
{
    if (a <= boundary || b <= boundary)
        return max(a, b);
    return a < b ? a : b;
}

/* Parts of tables (13.2.6.4.9 to 15): each ends those that cannot hold it, up to the table it stands in. */
static void before_table_part(struct html_tree *t, uint8_t tag)
{
    const uint32_t table = t->last.table;
    uint32_t place = outermost(t->of_tag[TAG_CAPTION], t->of_tag[TAG_COLGROUP], table);

    place = outermost(place, max(t->of_tag[TAG_TD], t->of_tag[TAG_TH]), table);
    if (tag != TAG_TD && tag != TAG_TH)
        place = outermost(place, t->of_tag[TAG_TR], table);
    if (tag != TAG_TD && tag != TAG_TH && tag != TAG_TR)
        place = outermost(place, row_group(t), table);
    pop_within(t, place, table);
}

/* A block ends an <svg> that was never closed, unless it stands where an <svg> may hold blocks (13.2.6.5). */
static void break_out(struct html_tree *t)
{
    static const uint8_t holders[] = { TAG_FOREIGNOBJECT, TAG_DESC, TAG_TITLE };

    pop_within(t, t->of_tag[TAG_SVG], innermost(t, holders, sizeof holders));
}

void html_tree_before(struct html_tree *t, uint8_t tag)
{
    const unsigned is = html_tag_is(tag);

    if (is & HTML_BREAKOUT)
        break_out(t);
    switch (tag) {
    case TAG_LI:
        before_item(t, t->of_tag[TAG_LI]);
        break;
    case TAG_DD:
    case TAG_DT:
        before_item(t, max(t->of_tag[TAG_DD], t->of_tag[TAG_DT]));
        break;
    case TAG_A:
        if (t->of_tag[TAG_A] > t->last.scope)
            end_formatting(t, TAG_A);
        break;
    case TAG_BUTTON:
        pop_within(t, t->of_tag[TAG_BUTTON], t->last.scope);
        break;
    case TAG_OPTION:
    case TAG_OPTGROUP:
        if (html_tree_top(t)->tag == TAG_OPTION)
            pop(t);
        break;
    case TAG_TD:
    case TAG_TH:
    case TAG_TR:
    case TAG_TBODY:
    case TAG_THEAD:
    case TAG_TFOOT:
    case TAG_CAPTION:
    case TAG_COLGROUP:
        if (t->last.table > 0)
            before_table_part(t, tag);
        break;
    default:
        break;
    }
    if (is & HTML_CLOSES_P)
        pop_within(t, t->of_tag[TAG_P], max(t->last.scope, t->of_tag[TAG_BUTTON]));
    if ((is & HTML_HEADING) && t->count > 0 && heading(t) == t->count)
        pop(t);
}

static bool grow(struct html_tree *t)
{
    struct html_open *p;

    if (t->count + 1 < t->cap)
        return true;
    if (!(p = realloc(t->open, 2 * t->cap * sizeof *p))) {
        t->is_out_of_memory = true;
        return false;
    }
    t->open = p;
    t->cap *= 2;
    return true;
}

void html_tree_open(struct html_tree *t, uint8_t tag, uint8_t own_flags, bool is_hidden)
{
    const bool was_hidden = html_tree_is_hidden(t);
    const struct html_open outer = *html_tree_top(t);
    const unsigned is = html_tag_is(tag);
    struct html_open *e;

    /* Each page has one of these, whatever its tags say, and nothing depends on where they end. */
    if ((is & HTML_VOID) || tag == TAG_HTML || tag == TAG_HEAD || tag == TAG_BODY)
        return;
    if (t->count >= HTML_DEPTH || !grow(t)) {
        t->too_deep++;
        return;
    }
    e = &t->open[++t->count];
    *e = (struct html_open){ tag, (uint8_t)(outer.flags | own_flags), outer.block,
                             was_hidden ? outer.hider : is_hidden ? t->count : 0, t->of_tag[tag], t->last };
    t->of_tag[tag] = t->count;
    if (is & HTML_SPECIAL)
        t->last.special = t->count;
    if (is & HTML_SCOPE)
        t->last.scope = t->last.list = t->count;
    if (tag == TAG_OL || tag == TAG_UL)
        t->last.list = t->count;
    if (tag == TAG_TABLE)
        t->last.table = t->count;
    if ((is & HTML_SPECIAL) && tag != TAG_ADDRESS && tag != TAG_DIV && tag != TAG_P)
        t->last.stops_li = t->count;
}

/* ------------------------------------------------------------------ End tags */

/* What the adoption agency (13.2.6.4.7) comes to where only text counts. */
static void end_formatting(struct html_tree *t, uint8_t tag)
{
    const uint32_t place = t->of_tag[tag];

    if (place <= t->last.scope)
        return;
    if (t->last.special > place)
        take_out(t, tag);
    else
        pop_from(t, place);
}

static void end_table_part(struct html_tree *t, uint8_t tag)
{
    if (tag == TAG_TABLE)
        pop_within(t, t->last.table, 0);
    else
        pop_within(t, t->of_tag[tag], t->last.table);
}

void html_tree_end(struct html_tree *t, uint8_t tag)
{
    const unsigned is = html_tag_is(tag);

    if (tag == TAG_P || tag == TAG_BR)             /* both show something where nothing is open, too */
        t->is_line_due = true;
    if (is & HTML_VOID)
        return;
    if (t->too_deep > 0) {                         /* as if everything down there were closed in order */
        t->too_deep--;
        return;
    }
    if (t->of_tag[tag] == 0 && !(is & HTML_HEADING))
        return;
    switch (tag) {
    case TAG_TABLE:
    case TAG_TBODY:
    case TAG_THEAD:
    case TAG_TFOOT:
    case TAG_TR:
    case TAG_TD:
    case TAG_TH:
    case TAG_CAPTION:
        end_table_part(t, tag);
        return;
    case TAG_LI:
        pop_within(t, t->of_tag[tag], t->last.list);
        return;
    case TAG_P:
        pop_within(t, t->of_tag[tag], max(t->last.scope, t->of_tag[TAG_BUTTON]));
        return;
    case TAG_FORM:                                 /* alone: a form may be closed anywhere */
        if (t->of_tag[tag] == t->count)
            pop(t);
        else if (t->of_tag[tag] > t->last.scope)
            take_out(t, tag);
        return;
    case TAG_AUDIO:                                /* what hides a text must end where it says so */
    case TAG_CANVAS:
    case TAG_DATALIST:
    case TAG_OBJECT:
    case TAG_SELECT:
    case TAG_SVG:
    case TAG_TEMPLATE:
    case TAG_VIDEO:
        pop_from(t, t->of_tag[tag]);
        return;
    default:
        break;
    }
    if (is & HTML_HEADING)
        pop_within(t, heading(t), t->last.scope);
    else if (is & HTML_FORMAT)
        end_formatting(t, tag);
    else if (is & (HTML_SPECIAL | HTML_CLOSES_P))
        pop_within(t, t->of_tag[tag], t->last.scope);
    else                                           /* any other: not across a block */
        pop_within(t, t->of_tag[tag], t->last.special);
}
