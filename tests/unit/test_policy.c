/* test_policy.c - the merge policy by itself: what loads and nights rewrite, and how many segments they leave.
 *
 * Only numbers of documents are merged, so an index may have a million and live for a hundred nights.
 */
#include "index/policy.h"
#include "tap.h"

enum { BATCH = 13000, SEGMENTS_ROOM = 1000, NIGHTS = 100, FEW_SEGMENTS = 8 };

static struct policy_segment segments[SEGMENTS_ROOM];
static size_t count;

static uint64_t living(void)
{
    uint64_t all = 0;

    for (size_t i = 0; i < count; i++)
        all += segments[i].docs - segments[i].deleted;
    return all;
}

static uint64_t deleted(void)
{
    uint64_t all = 0;

    for (size_t i = 0; i < count; i++)
        all += segments[i].deleted;
    return all;
}

static void append(uint32_t docs)
{
    segments[count++] = (struct policy_segment){docs, 0, true};
}

/* As index/pending.c does it; the documents of the new segments. */
static uint64_t take_step(const struct policy_step *step)
{
    uint64_t docs = 0, done = 0;

    CHECK(step->count > 0 && step->at + step->count <= count && step->parts > 0);
    CHECK(step->parts == 1 || step->count == 1);
    for (size_t i = step->at; i < step->at + step->count; i++)
        docs += segments[i].docs - segments[i].deleted;
    count -= step->count;
    memmove(segments + step->at, segments + step->at + step->count, (count - step->at) * sizeof *segments);
    for (uint32_t part = 1; part <= step->parts && docs > 0; part++) {
        const uint64_t until = docs * part / step->parts;
        const size_t at = step->at + part - 1;

        memmove(segments + at + 1, segments + at, (count - at) * sizeof *segments);
        segments[at] = (struct policy_segment){(uint32_t)(until - done), 0, true};
        count++;
        done = until;
    }
    return docs;
}

static uint64_t merge(bool is_commit)
{
    struct policy p = {.unit = POLICY_UNIT, .is_commit = is_commit};
    struct policy_step step;
    uint64_t rewritten = 0;
    unsigned steps = 0;

    while (fihi_policy_next(&p, segments, count, &step) && steps++ < SEGMENTS_ROOM)
        rewritten += take_step(&step);
    CHECK(steps < SEGMENTS_ROOM);
    return rewritten;
}

static uint64_t commit(void)
{
    const uint64_t rewritten = merge(true);

    for (size_t i = 0; i < count; i++)
        segments[i].is_new = false;
    return rewritten;
}

/* A load in one run: batches, and one commit. */
static uint64_t load(uint32_t batches)
{
    uint64_t rewritten = 0;

    count = 0;
    for (uint32_t i = 0; i < batches; i++) {
        append(BATCH);
        rewritten += merge(false);
    }
    return rewritten + commit();
}

static void a_load_leaves_seven_segments_a_level(void)
{
    for (uint32_t batches = 1; batches <= 800; batches++) {
        uint64_t digits = 0, levels = 0;       /* the digits of a number by eights, and what was carried for it */
        const uint64_t rewritten = load(batches);

        for (uint32_t n = batches, of = 1; n > 0; n /= 8, of *= 8) {
            digits += n % 8;
            levels += of > 1 ? (uint64_t)(batches / of) * of : 0;
        }
        CHECK_INT_EQ(count, digits, "%u batches", batches);
        CHECK_INT_EQ(rewritten, levels * BATCH, "%u batches", batches);
        CHECK_INT_EQ(living(), (uint64_t)batches * BATCH);
    }
}

static void a_load_of_a_million_rewrites_each_not_twice(void)
{
    const uint64_t rewritten = load(77);

    CHECK_INT_EQ(living(), 1001000);
    CHECK_INT_EQ(count, 7);
    CHECK(rewritten * 10 <= living() * 18, "%" PRIu64, rewritten);
    CHECK_INT_EQ(segments[0].docs, 64 * BATCH);
    CHECK_INT_EQ(segments[1].docs, 8 * BATCH);
}

/* A run that adds to an index leaves what is there alone while it loads. */
static void a_load_into_an_index_merges_what_is_new(void)
{
    uint64_t rewritten = 0;

    load(7);
    CHECK_INT_EQ(count, 7);
    for (unsigned i = 0; i < 7; i++) {
        append(BATCH);
        rewritten += merge(false);
    }
    CHECK_INT_EQ(rewritten, 0);
    append(BATCH);
    CHECK_INT_EQ(merge(false), 8 * BATCH);
    CHECK_INT_EQ(count, 8);
}

/* What was seen in the nights, in shares of the living documents, and of all of them. */
struct seen {
    double most, second, sum, deleted;
    size_t segments;
};

/* `gone` come from the oldest documents, `changed` from anywhere. */
static struct seen live_through(unsigned nights, double new, double changed, double gone)
{
    struct seen seen = {0};

    for (unsigned night = 0; night < nights; night++) {
        const uint64_t docs = living();
        uint64_t old = (uint64_t)((double)docs * gone), add = (uint64_t)((double)docs * (new + changed));
        double share;

        for (size_t i = 0; i < count; i++) {
            const uint64_t lives = segments[i].docs - segments[i].deleted, oldest = old < lives ? old : lives;

            old -= oldest;
            segments[i].deleted += (uint32_t)(oldest + (uint64_t)((double)(lives - oldest) * changed));
        }
        append((uint32_t)add);
        share = (double)commit() / (double)living();
        seen.sum += share;
        if (share > seen.most) {
            seen.second = seen.most;
            seen.most = share;
        } else if (share > seen.second) {
            seen.second = share;
        }
        share = (double)deleted() / (double)(living() + deleted());
        seen.deleted = share > seen.deleted ? share : seen.deleted;
        seen.segments = count > seen.segments ? count : seen.segments;
    }
    printf("# %" PRIu64 " documents: rewritten %.3f, then %.3f, a night %.3f, deleted %.3f, %zu segments, then %zu\n",
           living(), seen.most, seen.second, seen.sum / nights, seen.deleted, seen.segments, count);
    return seen;
}

static const struct {
    double new, changed, gone, a_night;
} rates[] = {{.01, .01, 0, .11}, {.01, .01, .01, .16}, {0, .01, 0, .11}, {.01, 0, .01, .05}, {0, .05, 0, .30}};

/* Nights after a load that left no segment of much more than a third. */
static void nights_rewrite_two_fifths_at_most(void)
{
    static const uint32_t batches[] = {3, 4, 5, 24, 63, 200};

    for (size_t b = 0; b < sizeof batches / sizeof *batches; b++)
        for (size_t r = 0; r < sizeof rates / sizeof *rates; r++) {
            struct seen seen;

            load(batches[b]);
            seen = live_through(NIGHTS, rates[r].new, rates[r].changed, rates[r].gone);
            CHECK(seen.most <= 2.0 / 5, "%u batches, %zu: %.3f", batches[b], r, seen.most);
            CHECK(seen.sum / NIGHTS <= rates[r].a_night, "%u batches, %zu: %.3f", batches[b], r, seen.sum / NIGHTS);
            CHECK(seen.deleted <= 1.0 / 8, "%u batches, %zu: %.3f", batches[b], r, seen.deleted);
            CHECK(seen.segments <= FEW_SEGMENTS, "%u batches, %zu: %zu", batches[b], r, seen.segments);
        }
}

/* Nights after a load that left one that is most of the index: it is rewritten as a whole, once. */
static void a_segment_that_is_too_large_is_split_once(void)
{
    static const uint32_t batches[] = {8, 64, 77, 512, 600};

    for (size_t b = 0; b < sizeof batches / sizeof *batches; b++)
        for (size_t r = 0; r < sizeof rates / sizeof *rates; r++) {
            struct seen seen;

            load(batches[b]);
            seen = live_through(NIGHTS, rates[r].new, rates[r].changed, rates[r].gone);
            CHECK(seen.second <= 2.0 / 5, "%u batches, %zu: %.3f", batches[b], r, seen.second);
            CHECK(seen.deleted <= 1.0 / 8, "%u batches, %zu: %.3f", batches[b], r, seen.deleted);
            CHECK(count <= FEW_SEGMENTS, "%u batches, %zu: %zu", batches[b], r, count);
            CHECK(seen.segments <= FEW_SEGMENTS + 2, "%u batches, %zu: %zu", batches[b], r, seen.segments);
        }
}

/* Commit after commit of new documents: few segments, and no commit with more than a third. */
static void many_commits_leave_few_segments(void)
{
    uint64_t rewritten = 0;

    count = 0;
    for (unsigned i = 0; i < 1000; i++) {
        uint64_t now;

        append(1000);
        rewritten += now = commit();
        CHECK(now <= 2 * POLICY_UNIT || now * 3 <= living(), "%u: %" PRIu64, i, now);
        CHECK(count <= FEW_SEGMENTS, "%zu", count);
    }
    CHECK(rewritten <= 8 * living(), "%" PRIu64, rewritten);
}

static void only_what_is_worth_it_is_rewritten(void)
{
    load(3);
    segments[1].deleted = 13000 / 15;
    CHECK_INT_EQ(commit(), 0);
    segments[0].deleted = 6500;                /* half of a segment, a sixth of all */
    CHECK_INT_EQ(commit(), 6500);
    CHECK_INT_EQ(segments[0].docs, 6500);
    CHECK_INT_EQ(segments[1].deleted, 13000 / 15);
    for (size_t i = 0; i < 3; i++)
        segments[i].deleted = segments[i].docs;
    CHECK_INT_EQ(commit(), 0);
    CHECK_INT_EQ(count, 0);
    for (unsigned i = 0; i < 4; i++) {         /* a small index */
        append(200);
        CHECK_INT_EQ(commit(), 0);
    }
    segments[0].deleted = 90;
    CHECK_INT_EQ(commit(), 0);
    segments[0].deleted = 101;
    CHECK_INT_EQ(commit(), 99);
    CHECK_INT_EQ(count, 4);
    load(77);                                  /* a small one is not rewritten for what is deleted in others */
    segments[0].deleted = 100000;
    segments[1].deleted = 1000;
    CHECK_INT_EQ(commit(), 732000);
    CHECK_INT_EQ(living(), 900000);
    CHECK_INT_EQ(deleted(), 1000);
}

int main(void)
{
    RUN(a_load_leaves_seven_segments_a_level);
    RUN(a_load_of_a_million_rewrites_each_not_twice);
    RUN(a_load_into_an_index_merges_what_is_new);
    RUN(nights_rewrite_two_fifths_at_most);
    RUN(a_segment_that_is_too_large_is_split_once);
    RUN(many_commits_leave_few_segments);
    RUN(only_what_is_worth_it_is_rewritten);
    return DONE();
}
