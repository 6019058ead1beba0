/* search/automaton.c - sets of places in an expression, moved from letter to letter.
 *
 * The automaton of positions (Glushkov, "The abstract theory of automata", 1961): a state for each letter of the
 * expression written out, and 0 for its beginning; `follow` tells which letters may come behind one. A word is read
 * with the set of all states it can be in, so no way is ever tried twice. Sets that were met are kept with their
 * successors (a deterministic automaton made as it is needed) while there is room; without it, the sets do. Letters
 * that no class of the expression tells apart are one column of that table.
 *
 * An example: /كت?ب/ has three letters, so the states are 1 ك, 2 ت, 3 ب. It may begin with {1}; follow(1) = {2, 3},
 * follow(2) = {3}; final = {3}. كتب goes {0} → {1} → {2} → {3}, which meets `final`. Behind كت the set is {2}; if the
 * dictionary has كتاب next, no state that follows 2 allows ا: the word is refused there, and the next that could
 * match is the longest beginning with a greater letter on the way, here كتب. A walk jumps to it.
 *
 * Time for a letter is at most states / 64 words for each state of the set, and one look into a table when the set is
 * cached: there is no backtracking, and no expression that makes it exponential. Memory: `follow` is 1024 sets of 128
 * bytes, and the cache.
 *
 * The parser (regex.c) has bounded all numbers that an expression can have; here the product of nested repetitions is,
 * by the letters that they write out. So an expression from outside can cost at most what those 1023 letters cost, and
 * a refusal names the place in the query.
 *
 * Who uses it: pattern.c for wildcards, expressions and exact words. expand.c walks the dictionary with it and asks for
 * each word it meets, then for the next word worth meeting.
 */
#include "search/automaton.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/utf8.h"

enum {
    /* 1024: sixteen words of 64 bits, two cache lines a set. */
    STATES = AUTOMATON_LETTERS + 1, WORDS = STATES / 64,
    /* Empty groups repeated in each other ((){255}){255} have no letters to be counted, so the nodes are. */
    STEPS_MOST = 1 << 15,              /* nodes looked at while an expression is written out */
    /* Stays in the second cache; 4096 sets keep the numbers in 16 bits. */
    CACHE_BYTES = 256 << 10, CACHE_MOST = 4096,
    UNKNOWN = 0, DEAD = 1, FIRST = 2   /* in `moves`; numbers of cached sets begin at FIRST */
};

/* A set of states, one bit each: small enough to be copied, compared and hashed as it is. Only the first a->words of
 * its 16 words are in use; the others are 0, so that find_columns() may compare whole sets. */
struct set {
    uint64_t w[WORDS];
};

/* Where the machine is behind a letter of the last word. */
struct place {
    struct set set;
    uint32_t   letter;                 /* the one that led here */
    uint16_t   cached;                 /* its number, or UNKNOWN */
    uint16_t   end;                    /* bytes up to here */
};

/* Made once for a pattern of a query, and changed by each word that is read: hence one thread at a time. Everything it
 * points to is its own; the expression that it was made from is not needed any more. */
struct automaton {
    unsigned    states, words;         /* 0 among them; 64 a word */
    struct set  final;
    struct set *follow;
    /* letters from starts[i] to before starts[i + 1] are of the column columns[i] */
    uint32_t   *starts;
    uint16_t   *columns;
    size_t      start_count, column_count;
    struct set *allowed;               /* by column: the states that such a letter can lead to */
    /* the cache */
    struct set *sets;
    uint16_t   *moves;                 /* columns for each */
    uint16_t   *table;                 /* open addressing: their numbers */
    unsigned    cached, cache_room, slots;
    /* the last word, as far as it could be read */
    struct place places[FIH_MAX_TERM + 1];
    unsigned     depth;                /* letters read */
    uint32_t     refused;              /* the letter behind them, or REGEX_NONE: all were read */
    size_t       bytes;
    uint8_t      word[FIH_MAX_TERM];
};

/* ---- sets */

/* States are below STATES, which write_letter() sees to. */
static void add(struct set *s, unsigned i)
{
    s->w[i / 64] |= UINT64_C(1) << i % 64;
}

static void unite(struct set *a, const struct set *b, unsigned words)
{
    for (unsigned i = 0; i < words; i++)
        a->w[i] |= b->w[i];
}

/* `words` is how many of them the expression uses: most have one. */
static int meets(const struct set *a, const struct set *b, unsigned words)
{
    for (unsigned i = 0; i < words; i++)
        if (a->w[i] & b->w[i])
            return 1;
    return 0;
}

/* All that may come behind the states of a set. */
static void all_followers(const struct automaton *a, const struct set *s, struct set *out)
{
    memset(out, 0, sizeof *out);
    for (unsigned w = 0; w < a->words; w++)
        for (uint64_t bits = s->w[w]; bits; bits &= bits - 1)
            unite(out, &a->follow[w * 64 + (unsigned)__builtin_ctzll(bits)], a->words);
}

/* ---- writing out */

/* A part of the expression: with which states it may begin and end, and whether it may be nothing. Of what is written
 * out so far. `last` may be followed by the `first` of what comes behind. */
struct part {
    struct set first, last;
    bool        is_nothing;
};

/* Only while the automaton is made; it is 8 KB, which is why it is not on the stack. letters[s] is the node that state
 * s came from: a class written out three times has three states with one class. */
struct writer {
    struct automaton   *a;
    const struct regex *x;
    const struct regex_node *letters[STATES];
    unsigned            steps;
};

/* The rule of Glushkov's construction for "ab": every end of a is followed by every beginning of b. Nothing else ever
 * writes into `follow` but the beginning of the whole, so ways are found once and never removed. */
static void may_follow(struct automaton *a, const struct set *before, const struct set *behind)
{
    for (unsigned w = 0; w < a->words; w++)
        for (uint64_t bits = before->w[w]; bits; bits &= bits - 1)
            unite(&a->follow[w * 64 + (unsigned)__builtin_ctzll(bits)], behind, a->words);
}

/* b behind a, into a. What may be nothing lets the ways around it: b's beginnings count as a's if a may be nothing,
 * a's ends stay ends if b may. */
static void append(struct automaton *to, struct part *a, const struct part *b)
{
    may_follow(to, &a->last, &b->first);
    if (a->is_nothing)
        unite(&a->first, &b->first, to->words);
    if (!b->is_nothing)
        memset(&a->last, 0, sizeof a->last);
    unite(&a->last, &b->last, to->words);
    a->is_nothing &= b->is_nothing;
}

static int write_node(struct writer *w, uint32_t node, struct part *out);

/* x{2,4} is written as x x x? x?, x{2,} as x x+, x* as x+ that may be nothing. Repetition costs letters and no
 * counter, so 1023 of them are the limit. */
static int write_times(struct writer *w, const struct regex_node *n, struct part *out)
{
    const uint32_t copies = n->most != REGEX_NONE ? n->most : n->least ? n->least : 1;
    struct part one;

    memset(out, 0, sizeof *out);
    out->is_nothing = true;
    for (uint32_t i = 0; i < copies; i++) {
        if (write_node(w, n->child, &one) != 0)
            return FIH_E_LIMIT;
        if (n->most == REGEX_NONE && i + 1 == copies)  /* the last one any number of times */
            may_follow(w->a, &one.last, &one.first);
        one.is_nothing |= i >= n->least;
        append(w->a, out, &one);
    }
    return FIH_OK;
}

/* The one place where a letter gets its state. The states come out in the order of the letters, and each is both the
 * first and the last of its part. */
static int write_letter(struct writer *w, const struct regex_node *n, struct part *out)
{
    struct automaton *a = w->a;

    memset(out, 0, sizeof *out);
    /* `words` grows before the bit is set, so that all sets are compared over the words in use. */
    if (a->states == STATES)
        return FIH_E_LIMIT;
    w->letters[a->states] = n;
    a->words = a->states / 64 + 1;
    add(&out->first, a->states);
    add(&out->last, a->states++);
    return FIH_OK;
}

/* Recursion is limited by REGEX_DEPTH, which the parser keeps. */
static int write_node(struct writer *w, uint32_t node, struct part *out)
{
    const struct regex_node *n = &w->x->nodes[node];
    struct part one;

    if (++w->steps > STEPS_MOST)
        return FIH_E_LIMIT;
    if (n->kind == REGEX_LETTER)
        return write_letter(w, n, out);
    if (n->kind == REGEX_TIMES)
        return write_times(w, n, out);
    memset(out, 0, sizeof *out);
    out->is_nothing = n->kind == REGEX_ALL;
    for (uint32_t c = n->child; c != REGEX_NONE; c = w->x->nodes[c].next) {
        if (write_node(w, c, &one) != 0)
            return FIH_E_LIMIT;
        if (n->kind == REGEX_ALL) {
            append(w->a, out, &one);
        } else {
            unite(&out->first, &one.first, w->a->words);
            unite(&out->last, &one.last, w->a->words);
            out->is_nothing |= one.is_nothing;
        }
    }
    return FIH_OK;
}

/* ---- columns */

/* For qsort(). Not a subtraction, which would wrap: the numbers are unsigned. */
static int by_number(const void *x, const void *y)
{
    const uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

    return (a > b) - (a < b);
}

/* The run that a letter lies in, by halving: two steps for a word of three letters, some ten for the many ranges of \w.
 * It is asked once for each letter that is read. starts[0] is 0, so there always is one. */
static size_t range_of(const struct automaton *a, uint32_t letter)
{
    size_t low = 0, high = a->start_count;

    while (high - low > 1) {
        const size_t mid = low + (high - low) / 2;

        if (a->starts[mid] <= letter)
            low = mid;
        else
            high = mid;
    }
    return low;
}

/* Where the letters that are told apart begin. [a-f] and [d-z] tell four runs apart: before a, a to c, d to f, g to
 * z, and what is behind. Letters of one run are allowed by the same states. */
static int find_starts(struct automaton *a, const struct regex *x)
{
    size_t count = 0;

    if (!(a->starts = malloc((2 * x->range_count + 1) * sizeof *a->starts)))
        return FIH_E_NOMEM;
    a->starts[count++] = 0;
    for (size_t i = 0; i < x->range_count; i++) {
        a->starts[count++] = x->ranges[i].from;
        a->starts[count++] = x->ranges[i].to + 1;
    }
    qsort(a->starts, count, sizeof *a->starts, by_number);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || a->starts[i] != a->starts[a->start_count - 1])
            a->starts[a->start_count++] = a->starts[i];
    return FIH_OK;
}

/* Which states a letter of each run can lead to, and then which runs need not be told apart. Each state marks the runs
 * of its ranges; ranges begin and end at bounds, so a run lies in a range as a whole or not at all. */
static int find_columns(struct writer *w)
{
    struct automaton *a = w->a;
    struct set *sets;

    if (find_starts(a, w->x) != 0 || !(sets = a->allowed = calloc(a->start_count, sizeof *sets)) ||
        !(a->columns = calloc(a->start_count, sizeof *a->columns)))
        return FIH_E_NOMEM;
    for (unsigned s = 1; s < a->states; s++)
        for (uint32_t i = 0; i < w->letters[s]->count; i++) {
            const struct regex_range r = w->x->ranges[w->letters[s]->range + i];

            for (size_t b = range_of(a, r.from); b < a->start_count && a->starts[b] <= r.to; b++)
                add(&sets[b], s);
        }
    /* Runs with equal sets become one column: for . and three letters there are four, whatever Unicode has. In place,
     * as c <= b: sets[b] was read before it can be written over. */
    for (size_t b = 0; b < a->start_count; b++) {
        size_t c = 0;

        while (c < a->column_count && memcmp(&sets[c], &sets[b], sizeof *sets) != 0)
            c++;
        if (c == a->column_count)
            sets[a->column_count++] = sets[b];
        a->columns[b] = (uint16_t)c;
    }
    return FIH_OK;
}

/* ---- the cache */

/* Multiplicative hashing (Knuth, "The Art of Computer Programming", volume 3, 6.4): the factor is 2^64 divided by the
 * golden ratio. Only the upper half is used, for in a product the low bits know little of the high ones. */
static uint32_t hash_of(const struct set *s, unsigned words)
{
    uint64_t h = 0;

    for (unsigned i = 0; i < words; i++)
        h = (h ^ s->w[i]) * UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)(h >> 32);
}

/* Half full at most, so the probing ends. A column more makes each cached set dearer by 2 bytes: with four columns
 * there is room for some 1,900 sets of 136 bytes, and behind that many no more are kept. */
static int new_cache(struct automaton *a)
{
    const size_t each = a->column_count * sizeof *a->moves + sizeof *a->sets;
    const size_t room = CACHE_BYTES / each < CACHE_MOST ? CACHE_BYTES / each : CACHE_MOST;

    a->cache_room = (unsigned)room + 1;        /* the first set at least */
    for (a->slots = 4; a->slots < 2 * a->cache_room; a->slots *= 2)
        ;
    a->sets = malloc((FIRST + a->cache_room) * sizeof *a->sets);
    a->moves = calloc((FIRST + a->cache_room) * a->column_count, sizeof *a->moves);
    a->table = calloc(a->slots, sizeof *a->table);
    return a->sets && a->moves && a->table ? FIH_OK : FIH_E_NOMEM;
}

/* The set's number; UNKNOWN if there is no room for it. The table is open and nothing is ever taken out of it, so a
 * chain of probes ends at the first slot that is 0. A number is at least FIRST, which keeps 0 and 1 free for
 * `moves`. */
static uint16_t number_of(struct automaton *a, const struct set *s)
{
    uint32_t i = hash_of(s, a->words) & (a->slots - 1);

    for (; a->table[i]; i = (i + 1) & (a->slots - 1))
        if (memcmp(&a->sets[a->table[i]], s, a->words * sizeof *s->w) == 0)
            return a->table[i];
    if (a->cached == a->cache_room)
        return UNKNOWN;
    a->table[i] = (uint16_t)(FIRST + a->cached++);
    a->sets[a->table[i]] = *s;
    return a->table[i];
}

/* ---- reading */

/* From a place by a letter of the column to the next; 0 if there is no way. This is the subset construction (Rabin and
 * Scott, "Finite automata and their decision problems", 1959) done one step at a time, for only the sets that the words
 * of the dictionary lead to. *from and *to are two places of one array, and never the same. */
static int move(struct automaton *a, const struct place *from, size_t column, struct place *to)
{
    /* Number UNKNOWN (0) means that the set has no place in the cache, and that its moves are not kept. */
    uint16_t *known = from->cached ? &a->moves[from->cached * a->column_count + column] : NULL;
    bool is_way = false;

    if (known && *known == DEAD)
        return 0;
    if (known && *known != UNKNOWN) {
        to->cached = *known;
        memcpy(&to->set, &a->sets[*known], a->words * sizeof *to->set.w);
        return 1;
    }
    all_followers(a, &from->set, &to->set);
    for (unsigned i = 0; i < a->words; i++) {
        to->set.w[i] &= a->allowed[column].w[i];
        is_way |= to->set.w[i] != 0;
    }
    to->cached = is_way ? number_of(a, &to->set) : (uint16_t)UNKNOWN;
    /* UNKNOWN again if there was no room: then it is worked out anew each time, right all the same. */
    if (known)
        *known = is_way ? to->cached : (uint16_t)DEAD;
    return is_way;
}

void fihi_automaton_restart(struct automaton *a)
{
    a->depth = 0;
    a->bytes = 0;
    a->refused = REGEX_NONE;
}

/* Sorted words share beginnings: what is kept in `places` for the common letters is not read again, so a walk over a
 * dictionary costs the letters that change. */
int fihi_automaton_match(struct automaton *a, const uint8_t *word, size_t n)
{
    size_t common = 0;
    int ok;

    /* No term is longer, and `places` has room for as many letters. */
    if (n > FIH_MAX_TERM)
        return 0;
    while (common < n && common < a->bytes && word[common] == a->word[common])
        common++;
    /* Bytes that are no UTF-8 end where the next one does not go on with them. */
    while (a->depth > 0 && (a->places[a->depth].end > common ||
                            (a->places[a->depth].end == common && common < n && (word[common] & 0xC0) == 0x80)))
        a->depth--;
    memcpy(a->word + common, word + common, n - common);
    a->bytes = n;
    a->refused = REGEX_NONE;
    for (size_t i = a->places[a->depth].end; i < n; a->depth++) {
        struct place *const to = &a->places[a->depth + 1];
        const uint32_t letter = fihi_utf8_next(word, n, &i, &ok);

        if (!move(a, &a->places[a->depth], a->columns[range_of(a, letter)], to)) {
            a->refused = letter;
            return 0;
        }
        to->letter = letter;
        to->end = (uint16_t)i;
    }
    return meets(&a->places[a->depth].set, &a->final, a->words);
}

/* The least letter, from `least` on, that leads on from these states; REGEX_NONE if none does. Letters of one run lead
 * to the same states, so only the beginnings of runs are tried, and `least` in its own. */
static uint32_t least_letter(const struct automaton *a, const struct set *behind, uint32_t least)
{
    for (size_t b = range_of(a, least); b < a->start_count && a->starts[b] <= 0x10FFFF; b++)
        if (meets(behind, &a->allowed[a->columns[b]], a->words)) {
            const uint32_t letter = a->starts[b] > least ? a->starts[b] : least;

            /* Surrogates are no characters; the words have none. */
            return letter >= 0xD800 && letter < 0xE000 ? 0xE000 : letter;
        }
    return REGEX_NONE;
}

/* By the least letters on to the end of a word, or to where any letter will do: out[0 … *n) has led to `behind`, by its
 * last letter. عصي* may have articles before it: behind ا the next word is العصي, not ا and all that begins so.
 * Without it a walk would stop at each word that has ا and nothing behind that can match. */
static void complete(const struct automaton *a, struct set *behind, uint32_t letter, uint8_t *out, size_t *n)
{
    struct set at;

    for (;;) {
        for (unsigned i = 0; i < a->words; i++)
            at.w[i] = behind->w[i] & a->allowed[a->columns[range_of(a, letter)]].w[i];
        if (meets(&at, &a->final, a->words) || *n >= FIH_MAX_TERM)
            return;
        all_followers(a, &at, behind);
        letter = least_letter(a, behind, 0);
        /* A letter of 0 means that any will do, as for . and *: the beginning alone is then the least word. */
        if (letter == REGEX_NONE || letter == 0)
            return;
        *n += fihi_utf8_put(out + *n, letter);
    }
}

/* What is returned need not be a word of the index, and need not even match: it is a bound, below which nothing
 * matches. Of /كت?ب/ after كتاب was refused at ا (its places are {0}, {1}, {2}), it is كتب. */
int fihi_automaton_next(const struct automaton *a, uint8_t out[AUTOMATON_NEXT], size_t *n)
{
    uint32_t least = a->refused == REGEX_NONE ? 0 : a->refused + 1;
    struct set behind;

    /* The longest beginning of the word behind which another letter, above its own, leads on. From the end of what
     * was read backwards; the letter that was taken there is passed over, for all words with it have been passed. */
    for (unsigned d = a->depth;; least = a->places[d--].letter + 1) {
        all_followers(a, &a->places[d].set, &behind);
        const uint32_t letter = least_letter(a, &behind, least);

        if (letter != REGEX_NONE) {
            *n = a->places[d].end;
            memcpy(out, a->word, *n);
            *n += fihi_utf8_put(out + *n, letter);
            complete(a, &behind, letter, out, n);
            return FIH_OK;
        }
        if (d == 0)
            return FIH_DONE;
    }
}

/* ---- making */

/* One way out for all: `a` is NULL when it has been given away, and freeing NULL does nothing. Limits and memory are
 * the only things that can go wrong, so one number says which. */
int fihi_automaton_new(struct automaton **out, const struct regex *x, size_t at, fih_error *err)
{
    struct automaton *a = calloc(1, sizeof *a);
    struct writer *w = calloc(1, sizeof *w);
    struct part all;
    int rc = FIH_E_NOMEM;

    *out = NULL;
    if (!a || !w || !(a->follow = calloc(STATES, sizeof *a->follow)))
        goto out;
    *w = (struct writer){.a = a, .x = x};
    a->states = a->words = 1;
    if ((rc = write_node(w, x->root, &all)) != 0)
        goto out;
    a->follow[0] = all.first;
    a->final = all.last;
    if (all.is_nothing)
        add(&a->final, 0);
    if ((rc = find_columns(w)) != 0 || (rc = new_cache(a)) != 0)
        goto out;
    add(&a->places[0].set, 0);
    a->places[0].cached = number_of(a, &a->places[0].set);
    fihi_automaton_restart(a);
    *out = a;
    a = NULL;
out:
    free(w);
    fihi_automaton_free(a);
    if (rc == FIH_E_LIMIT)
        return fihi_fail_at(err, rc, at,
                            "the regular expression at byte %zu has more than %d letters when its repetitions are "
                            "written out: use fewer repetitions",
                            at, AUTOMATON_LETTERS);
    return rc ? fihi_fail_nomem(err) : FIH_OK;
}

void fihi_automaton_free(struct automaton *a)
{
    if (!a)
        return;
    free(a->follow);
    free(a->starts);
    free(a->columns);
    free(a->allowed);
    free(a->sets);
    free(a->moves);
    free(a->table);
    free(a);
}
