/* index/policy.c - the merge policy.
 *
 * FORMAT.md, "Merging", has the rules. Two different things are wanted. A load writes many segments of about one
 * size, one after the other: there merging by levels writes the least for the number of segments that are left. A
 * night adds a little to an index that is there: there a commit must not take long, so what it may rewrite has a
 * limit, and what does not fit waits. Both look at living documents, because a merge costs and leaves these.
 *
 * A load of 20 batches of 5,000 documents, all of level 1: with the 8th and the 16th, eight become one of level 2,
 * so two of 40,000 and four of 5,000 are left, and each document was written at most twice. */
#include "index/policy.h"

/* Merging by eights writes each document once for each level, which is log 8 of the documents, and leaves at most 7
 * segments of a level to search. By twos there would be fewer segments but three times as much writing; by 64, half the
 * writing but up to 63 of a level. Levels begin where what a segment costs by itself, some values and as many look-ups
 * a query, no longer outweighs its documents. */
enum { FAN = 8 };

/* Shares are one part in so many. */
enum {
    COMMIT_SHARE = 3,                  /* of the living documents: what a commit rewrites, so also the largest merge */
    SEGMENTS_MOST = 8,                 /* at least 6: of so many, two neighbours always have no more than that share */
    SEGMENTS_LEAST = 4,                /* a small index may have so many: fewer are not worth a merge at each commit */
    DELETED_SHARE = 15,                /* of all documents: more deleted ones are taken out */
    DELETED_MUCH = 10,                 /* likewise, from a segment too that is larger than a commit should rewrite */
    DELETED_LEAST = 16                 /* of the unit: fewer deleted documents are not worth a merge */
};

static uint64_t living(const struct policy_segment *s)
{
    return s->docs - s->deleted;
}

static uint64_t all_living(const struct policy_segment *s, size_t count)
{
    uint64_t all = 0;

    for (size_t i = 0; i < count; i++)
        all += living(&s[i]);
    return all;
}

/* Mostly tombstones: not worth their place. More than half: each document that such a rewrite copies is paid for by
 * one that goes. */
static bool find_empty(const struct policy_segment *s, size_t count, struct policy_step *step)
{
    for (size_t i = 0; i < count; i++)
        if ((uint64_t)s[i].deleted * 2 > s[i].docs) {
            *step = (struct policy_step){i, 1, 1};
            return true;
        }
    return false;
}

/* By living documents, so a segment that has lost many is of a lower level than it was. */
static unsigned level_of(const struct policy_segment *s, uint32_t unit)
{
    uint64_t docs = living(s) / unit;  /* 4,095 documents are of level 0 */
    unsigned level = 0;

    for (; docs > 0; docs /= FAN)
        level++;
    return level;
}

/* Logarithmic merging of what a load has written, in the documents' order: as soon as FAN segments of one level stand
 * at the end, with only smaller ones between and behind them, all these become one. So there are at most FAN - 1
 * segments a level, and a document is rewritten about once a level. Sixteen levels are more than 2^31 documents
 * have. `is_new`: what earlier commits left is not touched by a load, whose cost would otherwise depend on the size
 * of the index. */
static bool find_level(const struct policy *p, const struct policy_segment *s, size_t count, struct policy_step *step)
{
    for (unsigned level = 0; level < 16; level++) {
        size_t from = count, of_level = 0;

        while (from > 0 && s[from - 1].is_new && level_of(&s[from - 1], p->unit) <= level)
            of_level += level_of(&s[--from], p->unit) == level;
        if (of_level >= FAN) {
            *step = (struct policy_step){from, count - from, 1};
            return true;
        }
    }
    return false;
}

/* The run of neighbours with at most `most` documents that rewrites the fewest for what it brings: that is the
 * number of segments that go, times the part of the documents that are not the largest one's, because a large
 * segment that takes in a small one would have to take in the next one too. Of k neighbours, k - 1 go. Every pair of
 * ends is looked at: segments are a handful, and after a long load some dozens. A run that would exceed `most` ends
 * the inner loop, for longer ones do as well. No segment is without living documents here, so nothing is divided by
 * 0: find_empty() takes those first. */
static bool find_run(const struct policy_segment *s, size_t count, uint64_t most, struct policy_step *step)
{
    double least = 0;

    step->count = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t all = living(&s[i]), largest = all;

        for (size_t k = i + 1; k < count; k++) {
            const uint64_t docs = living(&s[k]);
            double cost;

            if ((all += docs) > most)
                break;
            largest = docs > largest ? docs : largest;
            cost = (double)all * (double)all / ((double)(k - i) * (double)(all - largest));
            if (step->count == 0 || cost < least) {
                least = cost;
                *step = (struct policy_step){i, k - i + 1, 1};
            }
        }
    }
    return step->count > 0;
}

/* The segment with the greatest share of deleted documents, of those with `least` to `most` living ones; but one with
 * few deleted documents is not rewritten for others that have many. Shares are compared as products, in 64 bits,
 * which hold any two numbers of documents. */
static bool find_deleted(const struct policy_segment *s, size_t count, uint64_t least, uint64_t most,
                         struct policy_step *step)
{
    size_t best = count;

    for (size_t i = 0; i < count; i++)
        if ((uint64_t)s[i].deleted * DELETED_SHARE > s[i].docs && living(&s[i]) >= least && living(&s[i]) <= most &&
            (best == count || (uint64_t)s[i].deleted * s[best].docs > (uint64_t)s[best].deleted * s[i].docs))
            best = i;
    *step = (struct policy_step){best, 1, 1};
    return best < count;
}

/* The number of segments comes first, then deleted documents; what is more than the commit should rewrite waits for the
 * next ones. A segment that is always more cannot be rewritten in parts, night after night: until the last one, it
 * would be there as a whole beside them. So it is rewritten at once, but into several, which is done only once.
 * `left` is what is left of this commit's limit, `most` the whole of it: a segment above `most` fits no commit. The
 * least of 2 · unit lets small indexes be merged freely. */
static bool find_due(const struct policy *p, const struct policy_segment *s, size_t count, struct policy_step *step)
{
    const uint64_t lives = all_living(s, count), share = lives / COMMIT_SHARE, least = 2 * (uint64_t)p->unit;
    const uint64_t most = share > least ? share : least, left = p->rewritten < most ? most - p->rewritten : 0;
    const uint64_t room = lives / p->unit;
    const size_t allowed = room > SEGMENTS_MOST ? SEGMENTS_MOST : room > SEGMENTS_LEAST ? (size_t)room : SEGMENTS_LEAST;
    uint64_t deleted = 0;
    bool is_first = true;              /* a load is merged by levels only */

    for (size_t i = 0; i < count; i++) {
        deleted += s[i].deleted;
        is_first &= s[i].is_new;
    }
    if (!is_first && count > allowed && find_run(s, count, left, step))
        return true;
    if (deleted * DELETED_SHARE <= lives + deleted || deleted * DELETED_LEAST <= p->unit)
        return false;
    if (!find_deleted(s, count, 0, left, step) && !find_deleted(s, count, most + 1, UINT64_MAX, step))
        return false;
    step->parts = (uint32_t)((living(&s[step->at]) + most - 1) / most);
    return true;
}

/* Rules 1 and 2 have no limit, so they come before the others have begun, and not again after: a segment that a
 * limited rule has made is new, too, and would be taken for the load's. */
bool fihi_policy_next(struct policy *p, const struct policy_segment *s, size_t count, struct policy_step *step)
{
    if (p->rewritten == 0 && (find_empty(s, count, step) || find_level(p, s, count, step)))
        return true;
    if (!p->is_commit || !find_due(p, s, count, step))
        return false;
    p->rewritten += all_living(s + step->at, step->count);
    return true;
}
