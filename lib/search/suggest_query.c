/* search/suggest_query.c - the words of a query for which others may be wanted.
 *
 * Reads the query as the parser does, so that only what is searched as words is looked at: operators, fields and
 * patterns keep their bytes, and the suggestion is the text with some words replaced. Which words are open is decided
 * here by the counts of the index alone: unknown (no document), rare (few for an index of this size, and no word of
 * the language), odd (found by its stem only, though the form has never been seen).
 *
 * A slot is one word of the query with its bytes. SLOTS bounds how many there are, whatever the text: a pasted page has
 * its first sixteen words looked at. Limits of the query language hold as well, or the text is taken for words
 * alone.
 */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fail.h"
#include "search/query.h"
#include "search/suggest_part.h"
#include "text/fold.h"

enum {
    /* In a million documents 52. */
    RARE_DOCS = 2, RARE_SHARE = 20000, /* a word is rare in so many documents, and one more for each so many */
    /* Transliterated names do occur in Arabic texts, more often than slips do: one document in 300 still counts as
     * rare. */
    LATIN_RARE_SHARE = 300             /* Latin words in Arabic texts */
};

/* ---- what the index has */

/* Documents with a word, by its stems or its form, as a query would find it; of several words, the rarest one's. Its
 * forms are asked besides its stems because a form may be known where its stem was cut otherwise. Costs a look into
 * each segment's dictionary for each term. */
static int count_word(struct suggesting *s, const uint8_t *word, size_t n, uint64_t *docs)
{
    struct token tokens[64];
    uint64_t here = 0, least = UINT64_MAX;
    size_t count, at = SIZE_MAX;
    int rc;

    fihi_analyzer_begin(s->analyzer, word, n);
    while ((rc = fihi_analyzer_next(s->analyzer, tokens, 64, &count, s->err)) == FIH_OK)
        for (size_t i = 0; i < count; i++) {
            const struct term_text t = fihi_analyzer_term(s->analyzer, tokens[i].term);
            uint8_t key[TERM_KEY_MAX];
            uint64_t sum;

            /* A root is found by other words of its family, which says nothing of this one. */
            if (tokens[i].flags & TOKEN_ROOT)
                continue;
            key[0] = tokens[i].flags & TOKEN_FORM ? LEVEL_FORM : LEVEL_STEM;
            memcpy(key + 1, t.ptr, t.len);
            if ((rc = fihi_view_count_docs(s->view, key, t.len + 1, &sum, s->err)) != 0)
                return rc;
            /* The tokens of one word are the ways to find it: the best of them counts. Several words are as rare as
             * the rarest. */
            if (at != SIZE_MAX && tokens[i].start != at) {
                least = here < least ? here : least;
                here = 0;
            }
            at = tokens[i].start;
            here = sum > here ? sum : here;
        }
    *docs = here < least ? here : least;
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* Tabs, line ends and other controls as well. */
static bool is_space(uint8_t c)
{
    return c <= ' ';
}

/* Of ASCII: others are letters by not being ASCII. */
static bool is_latin_letter(uint8_t c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* How many letters; 0 if there is anything else. Letters of ASCII, or any character beyond it. */
static unsigned count_letters(const uint8_t *s, size_t n)
{
    unsigned letters = 0;

    for (size_t i = 0; i < n; i++) {
        if (s[i] < 0x80 && !is_latin_letter(s[i]))
            return 0;
        letters += (s[i] & 0xC0) != 0x80;
    }
    return letters;
}

/* ---- the words of the query */

/* The first term of the level: what a query looks for first. *bytes is 0 if the text is more than one word to the
 * analyzer, for a pair of words has no key. */
int fihi_find_key(uint8_t key[TERM_KEY_MAX], size_t *bytes, struct suggesting *s, const uint8_t *word, size_t n,
                  uint8_t level)
{
    const unsigned flag = level == LEVEL_FORM ? TOKEN_FORM : 0;
    struct token tokens[64];
    size_t count, first = SIZE_MAX;
    bool is_one = true;
    int rc;

    *bytes = 0;
    fihi_analyzer_begin(s->analyzer, word, n);
    while ((rc = fihi_analyzer_next(s->analyzer, tokens, 64, &count, s->err)) == FIH_OK)
        for (size_t i = 0; i < count; i++) {
            const struct term_text t = fihi_analyzer_term(s->analyzer, tokens[i].term);

            first = first == SIZE_MAX ? tokens[i].start : first;
            is_one &= tokens[i].start == first;
            /* Only the first of the level is kept; the others are looked at for where they begin. */
            if ((tokens[i].flags & TOKEN_LEVEL) != flag || *bytes)
                continue;
            key[0] = level;
            memcpy(key + 1, t.ptr, t.len);
            *bytes = t.len + 1;
        }
    *bytes = is_one ? *bytes : 0;
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* The same keys on another keyboard. Both keyboards, AZERTY and QWERTY: nobody can say on which one it was typed, but
 * seldom do both give a word. "hg;jhf" is الكتاب typed on an English keyboard. */
static int try_keys(struct slot *slot, struct suggesting *s, const uint8_t *word, size_t n)
{
    for (unsigned k = 0; k < RESPELL_KEYBOARDS; k++) {
        uint8_t other[RESPELL_MAX];
        const size_t bytes = fihi_respell_keys(other, word, n, k);
        /* Keys that give a sign somewhere were not meant. */
        const unsigned letters = bytes ? count_letters(other, bytes) : 0;
        const uint8_t level = suggest_level(s->analyzer, fihi_fold_is_arabic(other, bytes));
        struct option o = {.how = "another keyboard"};
        size_t key_bytes;
        uint64_t docs = 0;
        int rc = letters > 2 ? count_word(s, other, bytes, &docs) : FIH_OK;

        if (rc != 0)
            return rc;
        /* Only what the index has: nobody types a word by mistake that is none. */
        if (docs == 0)
            continue;
        if ((rc = fihi_find_key(o.key, &key_bytes, s, other, bytes, level)) != 0 ||
            (key_bytes == 0 && (rc = fihi_find_key(o.key, &key_bytes, s, other, bytes, LEVEL_STEM)) != 0))
            return rc;
        o.bytes = (uint32_t)key_bytes;
        if (o.bytes && (rc = fihi_view_count_docs(s->view, o.key, o.bytes, &docs, s->err)) != 0)
            return rc;
        o.docs = docs < UINT32_MAX ? (uint32_t)docs : UINT32_MAX;
        /* No cost: if the keys give a word of the index at all, that was meant. */
        o.score = logf(1 + (float)docs);
        /* Three letters on other keys are a word by chance. */
        o.is_sure = letters > 3 && docs >= s->floor;
        if (o.bytes && docs)
            fihi_slot_offer(slot, &o);
    }
    return FIH_OK;
}

/* Found by its stem only, though it is spelt like no word that the index has? Words of the language are not odd, even
 * if this index lacks their form. مكتبهة has a stem that the index knows, but no text has the word: such a word finds
 * something, and mostly not what was meant. */
static int is_odd(bool *out, struct suggesting *s, const struct slot *slot)
{
    uint8_t key[TERM_KEY_MAX];
    size_t bytes;
    uint64_t docs = 0;
    int rc = FIH_OK;

    *out = false;
    /* A word that is open already, one of the language, or one too short to tell. */
    if (slot->is_unknown || slot->is_real || slot->is_latin || slot->typed.count < BENT)
        return FIH_OK;
    rc = fihi_find_key(key, &bytes, s, (const uint8_t *)s->text.ptr + slot->from, slot->to - slot->from, LEVEL_FORM);
    if (rc == 0 && bytes && (rc = fihi_view_count_docs(s->view, key, bytes, &docs, s->err)) == 0)
        *out = docs == 0;
    return rc;
}

/* How rare is it, and how does the index know it? The index is asked for its documents, and by is_odd() for those of
 * its form. The letters are read in between, for they tell whether it is a word of the language. */
static int judge(struct slot *slot, struct suggesting *s, bool is_stop)
{
    const uint8_t *const t = (const uint8_t *)s->text.ptr;
    const uint64_t docs = s->view->docs;
    int rc;

    if ((rc = fihi_find_key(slot->key, &slot->key_bytes, s, t + slot->from, slot->to - slot->from, LEVEL_STEM)) != 0 ||
        (rc = count_word(s, t + slot->from, slot->to - slot->from, &slot->docs)) != 0)
        return rc;
    /* A stop word is neither unknown nor rare: it is passed over. */
    if (is_stop)
        return FIH_OK;
    slot->is_unknown = slot->docs == 0;
    fihi_slot_read(slot, s, t + slot->from, slot->to - slot->from);
    if ((rc = is_odd(&slot->is_odd, s, slot)) != 0)
        return rc;
    /* In a small index all words are rare, and a short word has too many neighbours to doubt it. */
    slot->is_rare = !slot->is_unknown && docs >= SMALL && slot->typed.count > BENT && !slot->is_real &&
                    (slot->docs <= RARE_DOCS + docs / RARE_SHARE ||
                     (slot->is_latin && slot->docs <= docs / LATIN_RARE_SHARE));
    return FIH_OK;
}

/* The caller has looked that there is room. from … to are bytes of the query's text. Slots come in the order of the
 * text. */
static struct slot *new_slot(struct suggesting *s, size_t from, size_t to)
{
    struct slot *const slot = &s->slots[s->count++], *const before = s->count > 1 ? slot - 1 : NULL;

    memset(slot, 0, sizeof *slot);
    slot->from = from;
    slot->to = to;
    /* The first slot has nobody before it. */
    slot->is_joined = before != NULL;
    for (size_t i = before ? before->to : to; i < from; i++)
        /* Words with a hyphen or a quotation mark between them are not beside each other. */
        slot->is_joined &= is_space((uint8_t)s->text.ptr[i]);
    return slot;
}

/* What stands between spaces: its words, or all of it on another keyboard. A slot for each word of it that the analyzer
 * finds: "COVID-19" is two, which stay as they are if both are known. */
static int add_chunk(struct suggesting *s, size_t from, size_t to)
{
    const uint8_t *const t = (const uint8_t *)s->text.ptr + from;
    const size_t first = s->count;
    struct token tokens[64];
    size_t count = 0, at = SIZE_MAX, known = 0;
    bool stops[SLOTS] = {false};
    int rc;

    fihi_analyzer_begin(s->analyzer, t, to - from);
    while ((rc = fihi_analyzer_next(s->analyzer, tokens, 64, &count, s->err)) == FIH_OK)
        for (size_t i = 0; i < count; i++) {
            if (tokens[i].start == at || s->count == SLOTS)
                continue;
            at = tokens[i].start;
            /* Before new_slot(), which moves the count. */
            stops[s->count] = tokens[i].flags & TOKEN_STOP;
            new_slot(s, from + at, from + tokens[i].end);
        }
    /* After the loop over tokens, for judge() uses the same analyzer. */
    for (size_t i = first; i < s->count && rc >= 0; i++) {
        if ((rc = judge(&s->slots[i], s, stops[i])) != 0)
            break;
        known += !s->slots[i].is_unknown;
    }
    /* On another keyboard signs are letters (ك is ;), so a chunk that falls apart into unknown words may be one:
     * hglyvf is المغرب. */
    if (rc < 0 || (known == s->count - first && known > 0))
        return rc < 0 ? rc : FIH_OK;
    /* Short words in capitals are abbreviations. */
    if (known < s->count - first && s->slots[first].is_capital)
        return FIH_OK;
    /* One word and the whole of the chunk: its options may stay in its own slot. */
    if (s->count == first + 1 && s->slots[first].from == from && s->slots[first].to == to)
        return try_keys(&s->slots[first], s, t, to - from);
    /* slots has one more than SLOTS for this. */
    struct slot *const whole = new_slot(s, from, to);
    if ((rc = try_keys(whole, s, t, to - from)) != 0 || whole->count == 0) {
        s->count--;
        return rc;
    }
    s->slots[first] = *whole;                  /* which has no other options */
    s->slots[first].is_joined = first > 0;
    s->count = first + 1;
    return FIH_OK;
}

/* Only so many words: each open one costs a walk's work for every word of the index. Between spaces, since the keys of
 * signs may be letters of another keyboard. */
static int add_text(struct suggesting *s, size_t from, size_t to, size_t *words)
{
    const uint8_t *const t = (const uint8_t *)s->text.ptr;
    int rc = FIH_OK;

    for (size_t i = from; i < to && rc == 0;) {
        size_t start;

        while (i < to && is_space(t[i]))
            i++;
        for (start = i; i < to && !is_space(t[i]); i++)
            ;
        /* Chunks are counted besides slots, for a chunk of signs alone has no slot. */
        if (i > start && (*words)++ < SLOTS && s->count < SLOTS)
            rc = add_chunk(s, start, i);
    }
    return rc;
}

/* al and el before a name that is unknown belong to it. el kaddafi, al-Jazeera: the two become one slot, from the
 * article's first byte. Elements move down, so that the array has no holes. Each slot is copied down at once, and the
 * one before it written over where they join. 60 bytes and two fit `word`. */
static void join_articles(struct suggesting *s)
{
    size_t kept = 0;

    for (size_t i = 0; i < s->count; i++) {
        struct slot *const slot = &s->slots[i], *const before = kept ? &s->slots[kept - 1] : NULL;
        const char *const t = s->text.ptr;
        uint8_t word[64];
        const size_t n = slot->to - slot->from;

        s->slots[kept++] = *slot;
        if (!before || !slot->is_latin || !slot_is_open(slot) || n > 60 ||
            before->to - before->from != 2 || (t[before->from] | 32) == (t[before->from + 1] | 32) ||
            !strchr("aeAE", t[before->from]) || !(slot->from == before->to + 1) || (t[before->from + 1] | 32) != 'l')
            continue;
        memcpy(word, t + before->from, 2);
        memcpy(word + 2, t + slot->from, n);
        s->slots[kept - 1].from = before->from;
        s->slots[kept - 1].is_joined = before->is_joined;
        fihi_slot_read(&s->slots[kept - 1], s, word, n + 2);
        s->slots[kept - 2] = s->slots[kept - 1];
        kept--;
    }
    s->count = kept;
}

/* ---- the query's words: signs, operators, fields and patterns between them stay */

/* Bytes of the query's text that are words. */
struct range { size_t from, to; };

/* `list` is its own, and freed by fihi_suggest_read(). */
struct ranges {
    fih_str       text;
    struct range *list;
    size_t        count, cap;
};

/* text_at, as a node's own place has its sign and field's name before the text. */
static int add_range(struct ranges *r, const struct node *n, fih_error *err)
{
    if (n->len == 0)
        return FIH_OK;
    if (fihi_grow(&r->list, &r->cap, r->count + 1, sizeof *r->list) != 0)
        return fihi_fail_nomem(err);
    r->list[r->count++] = (struct range){n->text_at, n->text_at + n->len};
    return FIH_OK;
}

/* Patterns say themselves how they want to be spelt. Dates, fields and sections are no words: their nodes have other
 * kinds. */
static int find_words(struct ranges *r, const struct node *n, fih_error *err)
{
    int rc = FIH_OK;

    /* What shall not be there need not be spelt well. */
    if (n->occur == OCCUR_NOT)
        return FIH_OK;
    if (n->kind == NODE_WORDS || n->kind == NODE_PHRASE)
        return add_range(r, n, err);
    for (size_t i = 0; i < n->count && rc == 0; i++)
        rc = find_words(r, n->children[i], err);
    return rc;
}

/* For qsort(). */
static int by_place(const void *x, const void *y)
{
    const struct range *a = x, *b = y;

    return (a->from > b->from) - (a->from < b->from);
}

/* A text that is no query has nothing but words. As the parser sees it: of `title:(كتاب جديد) -قديم` the words are كتاب
 * and جديد. */
static int read_query(struct ranges *r, const struct schema *schema, fih_error *err)
{
    struct fih_query *q;
    bool any;
    int rc = fihi_query_parse(&q, r->text.ptr, r->text.len, err);

    /* Someone who misspells a word may also have misspelt an operator. */
    if (rc == FIH_E_QUERY || rc == FIH_E_LIMIT)
        rc = fihi_query_plain(&q, r->text.ptr, r->text.len, err);
    if (rc != 0)
        return rc;
    if ((rc = fihi_node_find_fields(q->root, schema, &any, err)) == 0)
        rc = find_words(r, q->root, err);
    fihi_query_free(q);
    if (r->count)
        /* The tree's order is not the text's where AND and OR have moved nodes. */
        qsort(r->list, r->count, sizeof *r->list, by_place);
    return rc;
}

/* What is odd is left alone, if nothing stands beside it that could say so. A Latin word beside one that is unknown is
 * odd, too: om kolthoum. Called when all slots are there, since it looks at both sides. A pointer to the slot before is
 * that of the text, since slots are in its order. */
static void let_odd(struct suggesting *s, size_t i)
{
    struct slot *const slot = &s->slots[i];
    const struct slot *const before = slot->is_joined ? slot - 1 : NULL,
                      *const behind = i + 1 < s->count && slot[1].is_joined ? slot + 1 : NULL;

    slot->is_odd &= before || behind;
    if (slot->is_latin && !slot->is_unknown && !slot->is_acronym)
        slot->is_odd |= (before && before->is_latin && before->is_unknown) ||
                        (behind && behind->is_latin && behind->is_unknown);
}

/* Words are judged one by one first, and what their neighbours make of them comes at the end. */
int fihi_suggest_read(struct suggesting *s)
{
    struct ranges r = {.text = s->text};
    size_t at = 0, words = 0;
    int rc = read_query(&r, &s->view->schema, s->err);

    for (size_t i = 0; i < r.count && rc == 0; i++) {
        /* Never twice over the same bytes. */
        if (r.list[i].from < at)
            continue;
        rc = add_text(s, r.list[i].from, r.list[i].to, &words);
        at = r.list[i].to;
    }
    free(r.list);
    if (rc == 0)
        join_articles(s);
    for (size_t i = 0; i < s->count; i++)
        let_odd(s, i);
    return rc;
}
