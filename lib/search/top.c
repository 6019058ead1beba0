/* search/top.c - a heap for few, a buffer that is cut by selection for many.
 *
 * threshold is what a later document must exceed, or reach with a smaller number. With a heap it is the worst of the k
 * as soon as there are k. With a buffer it is only raised at a cut, every k offers that enter: a little late, which
 * costs some documents that are scored for nothing, and nothing else. It never falls.
 *
 * Example, k = 3: offered 5, 2, 7 and then 4: with three the threshold is 2; 4 takes the place of 2, and it is 4. A
 * document that scores 4 as well enters only with a smaller number.
 */
#include "search/top.h"

#include <stdlib.h>

#include "fihrist.h"

/* -1, because a document with score 0 is a hit: 0 would keep it out. The caller limits k to the documents there are, or
 * a limit of four billion would be allocated. */
int fihi_top_begin(struct top *t, size_t k)
{
    *t = (struct top){malloc((k > TOP_HEAP ? 2 * k : k) * sizeof *t->best), 0, k, -1};
    return t->best ? FIH_OK : FIH_E_NOMEM;
}

static void swap(struct scored *a, struct scored *b)
{
    const struct scored was = *a;

    *a = *b;
    *b = was;
}

/* The worst is the root, for it is the one to be replaced. Children of i are 2 i + 1 and 2 i + 2 (Williams, "Heapsort",
 * 1964): no pointers, and one array. */
static void sift_down(struct top *t, size_t i)
{
    for (;;) {
        size_t least = i;

        for (size_t c = 2 * i + 1; c <= 2 * i + 2 && c < t->count; c++)
            if (scored_is_worse(t->best[c], t->best[least]))
                least = c;
        if (least == i)
            return;
        swap(&t->best[i], &t->best[least]);
        i = least;
    }
}

/* A score may equal the threshold and its document still enter, by a smaller number: scored_is_worse() tells. */
static void offer_heap(struct top *t, struct scored s)
{
    if (t->count < t->k) {
        size_t i = t->count++;

        t->best[i] = s;
        for (; i > 0 && scored_is_worse(t->best[i], t->best[(i - 1) / 2]); i = (i - 1) / 2)
            swap(&t->best[i], &t->best[(i - 1) / 2]);
    } else if (scored_is_worse(t->best[0], s)) {
        t->best[0] = s;
        sift_down(t, 0);
    }
    /* fihi_top_expect() may have set it higher than what has come in so far. */
    if (t->count == t->k && t->best[0].score > t->threshold)
        t->threshold = (double)t->best[0].score;
}

/* The k best to the front (Hoare, "Find", 1961): partition around a middle one, and go on in the part that k is in.
 * Both scans stop at the pivot itself, so neither leaves the range, and equal entries (there are none: documents
 * differ) would be spread over both sides. The middle as pivot: what is offered is often nearly sorted, since an
 * earlier cut left the best in front. */
static void select_best(struct scored *a, size_t n, size_t k)
{
    while (n > 1) {
        const struct scored pivot = a[(n - 1) / 2];
        size_t i = 0, j = n - 1;

        for (;;) {
            while (scored_is_worse(pivot, a[i]))
                i++;
            while (scored_is_worse(a[j], pivot))
                j--;
            if (i >= j)
                break;
            swap(&a[i++], &a[j--]);
        }
        /* [0, front) are no worse than the rest. At least one less than before, or this would not end. */
        const size_t front = j + 1 < n ? j + 1 : n - 1;
        if (k <= front) {
            n = front;
        } else {
            a += front;
            n -= front;
            k -= front;
        }
    }
}

/* The worst of those kept is looked for by a walk: selection leaves them in no order. */
static void cut(struct top *t)
{
    struct scored worst;

    if (t->count <= t->k)
        return;
    select_best(t->best, t->count, t->k);
    t->count = t->k;
    worst = t->best[0];
    for (size_t i = 1; i < t->count; i++)
        worst = scored_is_worse(t->best[i], worst) ? t->best[i] : worst;
    if (worst.score > t->threshold)
        t->threshold = (double)worst.score;
}

/* The buffer has room for 2 k, so a cut comes before it could overflow. k of them are kept at a cut, so the next one
 * comes after k more: a pair is moved some three times all in all, whatever k is. */
void fihi_top_offer(struct top *t, float score, uint32_t doc)
{
    if (t->k <= TOP_HEAP) {
        offer_heap(t, (struct scored){score, doc});
        return;
    }
    t->best[t->count++] = (struct scored){score, doc};
    if (t->count == 2 * t->k)
        cut(t);
}

/* A heap has k at most, so there is nothing to cut. */
void fihi_top_finish(struct top *t)
{
    cut(t);
}

/* A millionth less is more than what rounding to a float takes off, which is 6e-8 at most. */
void fihi_top_expect(struct top *t, double score)
{
    /* A document with exactly this score may be one of the k: what is passed over must score less. */
    const double below = score * (1 - 1e-6);

    if (below > 0 && below > t->threshold)     /* nothing is known of 0: documents with no more may be among them */
        t->threshold = below;
}
