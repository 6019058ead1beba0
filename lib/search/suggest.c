/* search/suggest.c - the choice among the words that may have been meant.
 *
 * Each word of the query that is open (unknown, rare or odd) has up to OPTIONS words that may have been meant, each
 * with a score: how common it is, less what was mistaken in typing it. The words are chosen together, since what
 * stands beside a word says most: the best way through all slots adds to the scores the logarithm of the documents in
 * which two neighbours stand side by side (Viterbi).
 *
 * Then the choice must be good enough to be shown (is_good()), and the query with it must find something, and no less
 * than before; else the last choice is dropped and the next best way taken, at most TRIES times, as each is a search.
 *
 * This is the noisy channel of suggest_word.c with a model of the language over it, which here is the index itself:
 * pairs of words that stand side by side in its texts. Who asks: api_suggest.c, after a search that found little.
 */
#include "search/suggest.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "search/beside.h"
#include "search/spelling.h"
#include "search/suggest_part.h"
#include "text/fold.h"

enum {
    LITTLE = 10,                       /* a query finds little if it finds no more: a page */
    /* Misspelt words of the index must not be offered: in 100,000 documents a word needs 22. */
    FLOOR_DOCS = 2, FLOOR_SHARE = 5000,        /* a word of no more documents, and one more for each so many, is rare */
    /* Such a word finds something by its stem already, so more must speak for another: three documents, and twenty
     * times as many as for what was typed. */
    ODD_BACKING = 3, ODD_RATIO = 20,   /* documents that must speak for a word in place of one with a known stem */
    /* A wrong choice that finds nothing is mostly one word's; four searches are what a suggestion may cost. */
    VOTERS = 7, TRIES = 4
};

/* In the unit of the scores, which are logarithms of documents, too. */
#define BESIDE_WEIGHT 1.5f             /* of the logarithm of documents where two words stand together */
#define MARGIN 0.5f                    /* of a short word's best over the next, and of a Latin one's that is no name */

/* ---- the choice */

/* The options of a slot, and what the best way up to each is worth. Where the query's word may stay, it is the last.
 * The own word has no option (NULL), no score and so a worth of 0, which is what another word has to beat. */
struct step {
    struct option *options[OPTIONS + 1];
    float          worth[OPTIONS + 1];
    uint64_t       backing[OPTIONS + 1];       /* documents in which it stands beside one of its neighbours */
    size_t         via[OPTIONS + 1], count;
};

/* The query's word itself, which stays. */
static bool is_own(const struct step *step, size_t i)
{
    return step->options[i] == NULL;
}

/* Before any neighbour is looked at, an option is worth its score. */
static void begin_step(struct step *step, struct slot *slot)
{
    step->count = 0;
    for (size_t i = 0; i < slot->count; i++)
        step->options[step->count++] = &slot->options[i];
    /* A word without options stays, and one that is odd may: it is then chosen like the others, with a worth of 0. */
    if (slot->count == 0 || slot->is_odd)
        step->options[step->count++] = NULL;
    for (size_t i = 0; i < step->count; i++) {
        step->worth[i] = is_own(step, i) ? 0 : step->options[i]->score;
        step->backing[i] = 0;
        step->via[i] = 0;
    }
}

/* By its key a word is looked up in the index; no bytes if the index has no such word. */
static const uint8_t *key_of(const struct slot *slot, const struct step *step, size_t i, size_t *bytes)
{
    *bytes = is_own(step, i) ? slot->key_bytes : step->options[i]->bytes;
    return is_own(step, i) ? slot->key : step->options[i]->key;
}

/* In how many documents a word of one step stands before one of the next, by their numbers. Rows are the options of
 * the slot before, columns those of this one. */
typedef uint64_t pair_counts[OPTIONS + 1][OPTIONS + 1];

/* Costs a list of places for each option of the slot before, and a merge with it for each of this one: at most 9 times
 * 9 merges for a pair of slots. */
static int count_pairs(pair_counts pairs, const struct suggesting *s, const struct slot *slot,
                       const struct step *before, const struct step *step)
{
    int rc = FIH_OK;

    for (size_t k = 0; k < before->count && rc == 0; k++) {
        struct places p = {NULL, 0};
        size_t bytes;
        const uint8_t *const key = key_of(slot - 1, before, k, &bytes);

        /* A word that the index does not know stands nowhere. */
        if (bytes == 0)
            continue;
        rc = fihi_places_new(&p, s->view, key, bytes, s->err);
        /* No place behind the first word: no pair to count. */
        for (size_t i = 0; i < step->count && p.count && rc == 0; i++) {
            const uint8_t *const next = key_of(slot, step, i, &bytes);

            if (bytes)
                rc = fihi_places_count(&pairs[k][i], &p, s->view, next, bytes, s->err);
        }
        fihi_places_free(&p, s->view);
    }
    return rc;
}

/* The best way to each option of a slot from those of the slot before (Viterbi, 1967). By the logarithm each doubling
 * of the documents that have a pair adds the same, 1.5 · 0.69: the first few say most. */
static int link_steps(struct suggesting *s, size_t number, struct step *before, struct step *step)
{
    const struct slot *const slot = &s->slots[number];
    pair_counts pairs = {{0}};
    int rc = FIH_OK;

    /* Pairs of two words that both stay would change nothing. Those across a sign or an operator are no neighbours. */
    if (slot->is_joined && (slot->count || slot[-1].count) && (rc = count_pairs(pairs, s, slot, before, step)) != 0)
        return rc;
    for (size_t i = 0; i < step->count; i++) {
        /* A step has one way at least, so `via` is always set. */
        float best = -INFINITY;

        for (size_t k = 0; k < before->count; k++) {
            /* The way up to k, and how well i goes with it. */
            const float worth = before->worth[k] + BESIDE_WEIGHT * logf(1 + (float)pairs[k][i]);

            step->backing[i] = pairs[k][i] > step->backing[i] ? pairs[k][i] : step->backing[i];
            before->backing[k] = pairs[k][i] > before->backing[k] ? pairs[k][i] : before->backing[k];
            if (worth > best) {
                best = worth;
                step->via[i] = k;
            }
        }
        /* Its own score was there before. */
        step->worth[i] += best;
    }
    return rc;
}

/* Is one of the words the other with the article? مدرسة and المدرسة do not contradict each other. */
static bool is_article_apart(const struct option *a, const struct option *b)
{
    static const char article[] = "ال";
    const size_t n = sizeof article - 1;

    if (a->bytes < b->bytes)
        return is_article_apart(b, a);
    return a->bytes == b->bytes + n && memcmp(a->key + 1, article, n) == 0 &&
           memcmp(a->key + 1 + n, b->key + 1, b->bytes - 1) == 0;
}

/* Is what was chosen for a slot good enough to be shown? Three ways: for an odd word by numbers against its own, for
 * others by a neighbour that speaks for the choice, or else by the word alone (is_sure). */
static bool is_good(const struct slot *slot, const struct step *step, size_t chosen)
{
    const struct option *const o = step->options[chosen];
    const bool is_close = slot->is_latin ? !o->is_name : slot->typed.count <= BENT;

    /* The word itself is the last of the step's options. */
    if (slot->is_odd)
        return step->backing[chosen] >= ODD_BACKING &&
               step->backing[chosen] / ODD_RATIO >= step->backing[step->count - 1];
    /* Also a word that is not sure by itself. */
    if (step->backing[chosen])
        return true;
    if (!o->is_sure)
        return false;
    /* Of a short word, or Latin letters without a name's spelling, two options of nearly the same worth mean that
     * nobody knows which: better none. */
    for (size_t i = 0; i < step->count && is_close; i++)
        if (i != chosen && !is_own(step, i) && step->options[i]->score > o->score - MARGIN &&
            !is_article_apart(step->options[i], o))
            return false;
    return true;
}

/* Options with a head count where they stand behind it. عبدالعزيز in Latin letters is two words: the option is for
 * the second, and is dropped if it never stands behind the first. */
static int back_heads(struct suggesting *s, struct slot *slot)
{
    struct places p = {NULL, 0};
    uint8_t key[TERM_KEY_MAX];
    size_t bytes = 0, kept = 0;
    int rc = FIH_OK;

    if (slot->head)
        rc = fihi_find_key(key, &bytes, s, (const uint8_t *)slot->head, strlen(slot->head), LEVEL_STEM);
    /* The head is a stop word or a name; without it in the index none of its options holds. */
    if (rc == 0 && bytes)
        rc = fihi_places_new(&p, s->view, key, bytes, s->err);
    for (size_t i = 0; i < slot->count && rc == 0; i++) {
        /* Options without a head do not need its places. */
        struct option *const o = &slot->options[i];
        uint64_t docs = 0;

        if (o->head && p.count && (rc = fihi_places_count(&docs, &p, s->view, o->key, o->bytes, s->err)) != 0)
            break;
        o->is_sure |= docs >= s->floor;
        if (!o->head || docs)
            slot->options[kept++] = *o;
    }
    /* The others' order stays: they are still the best first. */
    slot->count = rc == 0 ? kept : 0;
    fihi_places_free(&p, s->view);
    return rc;
}

/* A name of which a part stays in Latin letters is not reached. "om kolthoum": with أم found and kolthoum not, neither
 * would be replaced. */
static void drop_halves(const struct suggesting *s, const struct option *chosen[SLOTS])
{
    for (size_t i = 1; i < s->count; i++) {
        const struct slot *const slots = s->slots;

        for (size_t k = i - 1; k <= i && slots[i].is_joined; k++) {
            /* i - 1 and i, each once as k and once as the other. */
            const size_t other = 2 * i - 1 - k;

            if (chosen[k] && slots[k].is_latin && slots[other].is_latin && !chosen[other] &&
                fihi_fold_is_arabic(chosen[k]->key + 1, chosen[k]->bytes - 1))
                chosen[k] = NULL;
        }
    }
}

/* Choose for all slots. `chosen[i]` NULL: the slot's word stays. Time: slots times OPTIONS squared, at most 16 times 81
 * sums; the counting of pairs is what costs. */
static int choose(struct suggesting *s, const struct option *chosen[SLOTS], bool *has_any)
{
    struct step *const steps = calloc(s->count, sizeof *steps);
    size_t at = 0;
    int rc = steps ? FIH_OK : fihi_fail_nomem(s->err);

    *has_any = false;
    for (size_t i = 0; i < s->count && rc == 0; i++) {
        begin_step(&steps[i], &s->slots[i]);
        if (i > 0)
            rc = link_steps(s, i, &steps[i - 1], &steps[i]);
    }
    /* From the last slot's best back along `via`. */
    for (size_t i = s->count; i-- > 0 && rc == 0; at = steps[i].via[at]) {
        /* The best end; ways to it are in `via` already. */
        if (i + 1 == s->count)
            for (size_t k = 1; k < steps[i].count; k++)
                at = steps[i].worth[k] > steps[i].worth[at] ? k : at;
        chosen[i] = steps[i].options[at];
        /* A choice that is not shown still helped to choose its neighbours. */
        if (chosen[i] && !is_good(&s->slots[i], &steps[i], at))
            chosen[i] = NULL;
    }
    free(steps);
    if (rc != 0)
        return rc;
    drop_halves(s, chosen);
    for (size_t i = 0; i < s->count; i++)
        *has_any |= chosen[i] != NULL;
    return rc;
}

/* ---- writing */

/* What a slot becomes: its word as it stands beside its neighbour. A name that is a stop word too has one stem for
 * several words (علي, على): how it is spelt beside this neighbour is what counts. The keys of the slot and of its
 * neighbour, in the order of the text; the places behind both are two words behind the first of them and one behind the
 * second, which is what `back` says. */
static int spell_beside(struct spelling *out, struct suggesting *s, size_t number, const struct option *chosen[SLOTS])
{
    const bool is_first = number + 1 < s->count && s->slots[number + 1].is_joined;
    const size_t first = is_first || number == 0 ? number : number - 1;
    const uint8_t *keys[2];
    size_t bytes[2];
    struct places before = {NULL, 0}, behind = {NULL, 0};
    int rc;

    for (size_t i = 0; i < 2; i++) {
        const struct slot *const slot = &s->slots[first + i < s->count ? first + i : first];

        keys[i] = chosen[slot - s->slots] ? chosen[slot - s->slots]->key : slot->key;
        bytes[i] = chosen[slot - s->slots] ? chosen[slot - s->slots]->bytes : slot->key_bytes;
    }
    if ((rc = fihi_places_new(&before, s->view, keys[0], bytes[0], s->err)) == 0 &&
        (rc = fihi_places_behind(&behind, &before, s->view, keys[1], bytes[1], s->err)) == 0)
        rc = fihi_spelling_before(out, &behind, number == first ? 2 : 1, s->view, s->analyzer, VOTERS, s->err);
    fihi_places_free(&before, s->view);
    fihi_places_free(&behind, s->view);
    return rc;
}

/* A word that stays, typed in bare letters (ازمه), as the texts spell it (أزمة); no bytes if it is not. A letter that
 * was chosen, أ or ة, is left to who typed it, for فأر may be meant where the texts have فار; and behind = every letter
 * is. */
static int spell_kept(struct spelling *out, struct suggesting *s, const struct slot *slot)
{
    const uint8_t *const word = (const uint8_t *)s->text.ptr + slot->from;
    const size_t n = slot->to - slot->from;
    uint8_t folded[FOLD_MAX], key[TERM_KEY_MAX];
    uint64_t docs = 0;
    size_t bytes;
    int rc;

    out->bytes = 0;
    /* Stop words have no letters here. */
    if (slot->typed.count == 0 || n > FIH_MAX_TERM || !fihi_fold_is_arabic(word, n) ||
        (slot->from > 0 && word[-1] == '=') || fihi_analyzer_fold(s->analyzer, word, n, folded) != n ||
        memcmp(folded, word, n) != 0)
        return FIH_OK;
    /* A form that the index has: its texts are asked. */
    rc = fihi_find_key(key, &bytes, s, word, n, LEVEL_FORM);
    if (rc == 0 && bytes && (rc = fihi_view_count_docs(s->view, key, bytes, &docs, s->err)) == 0 && docs)
        rc = fihi_spelling(out, s->view, s->analyzer, key, bytes, VOTERS, s->err);
    return rc;
}

/* Bytes between the slots are copied as they are, with their signs and operators. *how is told of the last word that
 * was replaced. */
static int write_query(struct buf *out, const char **how, struct suggesting *s, const struct option *chosen[SLOTS])
{
    size_t at = 0;

    out->len = 0;
    for (size_t i = 0; i < s->count; i++) {
        const struct option *const o = chosen[i];
        struct spelling spelling = {.bytes = 0};
        int rc = FIH_OK;

        if (!o)
            rc = spell_kept(&spelling, s, &s->slots[i]);
        else if (o->is_stop && !o->head)
            rc = spell_beside(&spelling, s, i, chosen);
        if (rc == 0 && !o && spelling.bytes == 0)
            continue;
        if (o && o->is_stop && spelling.bytes == 0)
            memcpy(spelling.text, o->key + 1, spelling.bytes = o->bytes - 1);
        if (rc == 0 && o && spelling.bytes == 0)
            rc = fihi_spelling(&spelling, s->view, s->analyzer, o->key, o->bytes, VOTERS, s->err);
        if (rc != 0)
            return rc;
        if (fihi_buf_append(out, s->text.ptr + at, s->slots[i].from - at) != 0 ||
            (o && o->head &&
             (fihi_buf_append(out, o->head, strlen(o->head)) != 0 || fihi_buf_append(out, " ", 1) != 0)) ||
            fihi_buf_append(out, spelling.text, spelling.bytes) != 0)
            return fihi_fail_nomem(s->err);
        /* A string of ours that lives as long as the program. */
        *how = o ? o->how : *how;
        at = s->slots[i].to;
    }
    return fihi_buf_append(out, s->text.ptr + at, s->text.len - at) != 0 ? fihi_fail_nomem(s->err) : FIH_OK;
}

/* Take what was chosen last out of its slot's options: it led to nothing. The last, for its `how` is what would have
 * been told. An option fewer at each call, so the tries differ. */
static void drop_choice(struct suggesting *s, const struct option *chosen[SLOTS])
{
    for (size_t i = s->count; i-- > 0;)
        if (chosen[i]) {
            struct slot *const slot = &s->slots[i];
            const size_t at = (size_t)(chosen[i] - slot->options);

            memmove(slot->options + at, slot->options + at + 1, (--slot->count - at) * sizeof *slot->options);
            return;
        }
}

/* A query with rare words is left alone unless it finds little. A rare word in a query that finds much is a rare word
 * and no mistake. *before is how many documents the query finds as it is, which the suggestion must not fall below. */
static int leave_rare(struct suggesting *s, const struct suggest_count *count, uint64_t *before)
{
    bool has_unknown = false, has_rare = false;
    int rc = FIH_OK;

    *before = 0;
    for (size_t i = 0; i < s->count; i++) {
        has_unknown |= s->slots[i].is_unknown || s->slots[i].count;
        has_rare |= s->slots[i].is_rare || s->slots[i].is_odd;
    }
    if (has_unknown || has_rare)
        rc = count->count(count->ctx, s->text, before, s->err);
    /* Only rare words are left; unknown ones find nothing by themselves, whatever the query finds. */
    for (size_t i = 0; i < s->count && *before > LITTLE; i++)
        s->slots[i].is_rare = false;
    return rc;
}

/* At most TRIES + 1 searches, each for a count alone. */
static int suggest(struct suggesting *s, struct buf *out, const char **how, const struct suggest_count *count)
{
    const struct option *chosen[SLOTS];
    uint64_t before, docs = 0;
    bool has_any = true;
    int rc = fihi_suggest_read(s);

    if (rc != 0 || (rc = leave_rare(s, count, &before)) != 0 || (rc = fihi_suggest_options(s)) != 0)
        return rc;
    for (size_t i = 0; i < s->count; i++)
        if ((rc = back_heads(s, &s->slots[i])) != 0)
            return rc;
    for (unsigned tries = 0; tries < TRIES; tries++) {
        /* Chosen anew, and not only for the slot whose option was dropped: its neighbours may want others now. */
        if ((rc = choose(s, chosen, &has_any)) != 0)
            return rc;
        if (!has_any)
            break;
        if ((rc = write_query(out, how, s, chosen)) != 0 ||
            (rc = count->count(count->ctx, (fih_str){(const char *)out->ptr, out->len}, &docs, s->err)) != 0)
            return rc;
        /* A suggestion that finds less than what was typed is no help. */
        if (docs > 0 && docs >= before)
            return FIH_OK;
        drop_choice(s, chosen);
    }
    return FIH_DONE;
}

/* SLOTS + 1, as add_chunk() needs one more for a moment. A slot with its options is some kilobytes: hence the heap. */
int fihi_suggest(struct buf *out, const char **how, const struct view *v, struct analyzer *a, fih_str text,
                 const struct suggest_count *count, struct deadline *deadline, fih_error *err)
{
    struct suggesting s = {.view = v, .analyzer = a, .deadline = deadline, .err = err, .text = text,
                           .floor = v->docs < SMALL ? 1 : (uint32_t)(FLOOR_DOCS + v->docs / FLOOR_SHARE)};
    int rc;

    *how = NULL;
    if (!(s.slots = calloc(SLOTS + 1, sizeof *s.slots)))
        return fihi_fail_nomem(err);
    rc = suggest(&s, out, how, count);
    free(s.slots);
    if (rc != FIH_OK)
        *how = NULL;
    return rc;
}
