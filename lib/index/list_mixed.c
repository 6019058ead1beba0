/* index/list_mixed.c - the normalised words of postings whose occurrences have more than one.
 *
 * A block's mixed forms lie behind all else, one posting's behind the other's, in the order of the documents: most are
 * two forms with small numbers, in a byte or two (FORMAT.md, "Posting list"). A block that is scored has all of them
 * decoded; of a document by itself those before its own are stepped over, which is less than half of the work.
 *
 * An example, "list-one" of FORMAT.md: three occurrences, two with form 0 and one with form 2. The first byte is 24,
 * below 128: its low two bits are 0, the first form; the next three are 1, so one form is passed over and the second is
 * form 2; the two above are 1, so the first has two occurrences; and the second has what is left of three, one.
 *
 * What a lie can do: each form must be below the list's number of forms, the frequencies must add up to the posting's,
 * and none is 0. So whoever adds them up gets no more than the frequency, whatever the bytes are. */
#include "index/list_part.h"

#include "base/bytes.h"

/* `need` is in forms, of 8 bytes each. no_memory tells it apart from damage, for both end the list. */
static bool mixed_room(struct cursor *c, uint32_t need)
{
    if (need > c->mixed_cap && fihi_grow(&c->mixed, &c->mixed_cap, need, sizeof *c->mixed) != 0)
        c->no_memory = true;
    return !c->no_memory;
}

/* Two forms with small numbers, as most mixed postings have them: `head` is their first byte. Short or not is as good
 * as random, so it is no branch. */
static inline const uint8_t *read_two(struct posting_form *to, const struct cursor *c, unsigned head, const uint8_t *p,
                                      const uint8_t *end, uint32_t freq)
{
    const bool is_long = head >= MIXED_TWO;
    const uint32_t first = head & (is_long ? 7 : 3), one = 1 + (is_long ? head >> 3 & 7 : head >> 5);
    const uint8_t next = p[-(p == end)];       /* at the end the head once more, which is no step of one byte */
    uint32_t step = is_long ? next : head >> 2 & 7;

    /* One or two steps of the pointer, and a varint only for a step above 127. */
    p = is_long && next > 127 ? get_varint32(p, end, &step) : p + is_long;
    /* form_count - first - 1 does not wrap, for first is below form_count by then. */
    if (!p || one >= freq || first >= c->at.form_count || step >= c->at.form_count - first - 1)
        return NULL;
    to[0] = (struct posting_form){first, one};
    to[1] = (struct posting_form){first + 1 + step, freq - one};
    return p;
}

/* Any number of forms, of which `count` is what the first byte says. */
static const uint8_t *read_forms(struct posting_form *to, const struct cursor *c, uint32_t count, const uint8_t *p,
                                 const uint8_t *end, uint32_t freq)
{
    /* `form` is the least that the next one can be: one above the last. */
    uint32_t form = 0, one, left = freq;

    for (uint32_t k = 0; k < count; k++) {
        uint32_t step;

        if (!(p = get_varint32(p, end, &step)) || step >= c->at.form_count || form >= c->at.form_count - step)
            return NULL;
        form += step;
        one = left;
        /* What is left must be enough for one occurrence of this form and one of a later one. */
        if (k + 1 < count && (!(p = get_varint32(p, end, &one)) || one >= left - 1))
            return NULL;
        one += k + 1 < count;
        left -= one;
        *to++ = (struct posting_form){form++, one};
    }
    return p;
}

/* The forms of a mixed posting, into c->mixed from `filled` on; *count is how many. NULL if they break the format, or
 * memory is short. `more` places behind them are asked for at once. */
static const uint8_t *read_mixed(struct cursor *c, const uint8_t *p, const uint8_t *end, uint32_t freq, uint32_t filled,
                                 uint32_t more, uint32_t *count)
{
    uint32_t rest = 0;
    unsigned head;

    if (p == end || freq < 2)
        return NULL;
    head = *p++;
    if (head == MIXED_ANY + MIXED_MORE && !(p = get_varint32(p, end, &rest)))
        return NULL;
    *count = 2 + (head < MIXED_ANY ? 0 : head - MIXED_ANY);
    /* Each form but the last takes two bytes at least, so a count that lies gets no memory. */
    if (*count > freq || rest > freq - *count || (size_t)*count - 2 + rest > (size_t)(end - p) ||
        !mixed_room(c, filled + *count + rest + more))
        return NULL;
    *count += rest;
    return head < MIXED_ANY ? read_two(c->mixed + filled, c, head, p, end, freq)
                            : read_forms(c->mixed + filled, c, *count, p, end, freq);
}

/* For tails and single documents, whose forms stand with their posting: one call for each mixed one. */
const uint8_t *fihi_mixed_append(struct cursor *c, const uint8_t *p, const uint8_t *end, unsigned i)
{
    const uint32_t filled = c->mixed_count ? c->mixed_ends[c->mixed_count - 1] : 0;
    uint32_t count;

    if (!(p = read_mixed(c, p, end, c->freqs[i], filled, 0, &count)))
        return NULL;
    c->mixed_at[c->mixed_count] = (uint8_t)i;
    c->mixed_ends[c->mixed_count++] = filled + count;
    return p;
}

/* Step over the forms of a mixed posting, unread. NULL if the bytes end. */
static const uint8_t *pass_mixed(const uint8_t *p, const uint8_t *end)
{
    uint32_t number = 0;
    size_t numbers;
    unsigned head;

    if (p == end)
        return NULL;
    head = *p++;
    if (head < MIXED_TWO)
        return p;
    if (head < MIXED_ANY)
        return get_varint32(p, end, &number);
    if (head == MIXED_ANY + MIXED_MORE && !(p = get_varint32(p, end, &number)))
        return NULL;
    numbers = 2 * ((size_t)head - MIXED_ANY + 2 + number) - 1;     /* of each form two, but of the last one */
    for (size_t i = 0; i < numbers && p; i++)
        p = get_varint32(p, end, &number);
    return p;
}

/* Room for two forms each is made at once; only those of three and more ask for more of it. Which postings they are is
 * written at the end: a byte that is written could be any of the cursor's, as far as the compiler knows. */
bool fihi_mixed_load(struct cursor *c, const uint8_t *end)
{
    const uint8_t *p = c->mixed_bytes;
    uint8_t at[POSTING_BLOCK];
    unsigned count = 0;
    uint32_t filled = 0;

    for (unsigned i = 0; i < POSTING_BLOCK; i++) {
        at[count] = (uint8_t)i;        /* always, and kept where it is mixed: no branch */
        count += c->form_codes[i] == FORM_CODE_MIXED;
    }
    if (!mixed_room(c, 2 * count))
        return false;
    for (unsigned k = 0; k < count && p; k++) {
        const uint32_t freq = c->freqs[at[k]];
        uint32_t forms = 2;

        if (p < end && *p < MIXED_ANY && freq > 1)
            p = read_two(c->mixed + filled, c, *p, p + 1, end, freq);
        else
            p = read_mixed(c, p, end, freq, filled, 2 * (count - k - 1), &forms);
        c->mixed_ends[k] = filled += forms;
    }
    /* Numbers of postings in a block are below 128, so each has room in a byte. */
    memcpy(c->mixed_at, at, count);
    c->mixed_count = count;
    /* All of the block's bytes are used, or what is behind was meant for another number. */
    return p == end;
}

/* Those before it are passed over, from the last one that was asked for on: documents mostly ascend. */
bool fihi_mixed_one(struct cursor *c, const uint8_t *end, uint32_t freq, uint32_t form, uint32_t *of_form)
{
    unsigned before = 0, behind = 0;
    uint32_t count = 0;
    const uint8_t *p;

    /* For who asks about one document of a block, as a scorer does of a list that cannot bring documents in by itself:
     * those before it are only passed over, and their forms are written nowhere. */
    *of_form = 0;
    for (unsigned i = 0; i < c->index; i++)
        before += c->form_codes[i] == FORM_CODE_MIXED;
    for (unsigned i = c->index + 1; i < POSTING_BLOCK; i++)
        behind += c->form_codes[i] == FORM_CODE_MIXED;
    /* Behind where we are, or in a block just entered: from the block's first one again. */
    if (!c->passed_to || before < c->passed) {
        c->passed = 0;
        c->passed_to = c->mixed_bytes;
    }
    for (p = c->passed_to; c->passed < before && p; c->passed++)
        p = pass_mixed(p, end);
    c->passed_to = p;
    /* The last mixed posting of a block must end where the block does. */
    if (!p || !(p = read_mixed(c, p, end, freq, 0, 0, &count)) || (behind == 0 && p != end))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (c->mixed[i].form == form)
            *of_form = c->mixed[i].freq;
    return true;
}
