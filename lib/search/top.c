/* search/top.c - a heap for few, a buffer that is cut by selection for many. */
#include "search/top.h"

#include <stdlib.h>

#include "fihrist.h"

/* A heap moves log k pairs for each document that enters; cutting a buffer of 2 k in half moves each pair some three
 * times, whatever k is. */
enum { HEAP_MOST = 128 };

int fihi_top_begin(struct top *t, size_t k)
{
    *t = (struct top){malloc((k > HEAP_MOST ? 2 * k : k) * sizeof *t->best), 0, k, -1};
    return t->best ? FIH_OK : FIH_E_NOMEM;
}

static void swap(struct scored *a, struct scored *b)
{
    const struct scored was = *a;

    *a = *b;
    *b = was;
}

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
    if (t->count == t->k && t->best[0].score > t->threshold)
        t->threshold = (double)t->best[0].score;
}

/* The k best to the front (Hoare, "Find", 1961): partition around a middle one, and go on in the part that k is in. */
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

void fihi_top_offer(struct top *t, float score, uint32_t doc)
{
    if (t->k <= HEAP_MOST) {
        offer_heap(t, (struct scored){score, doc});
        return;
    }
    t->best[t->count++] = (struct scored){score, doc};
    if (t->count == 2 * t->k)
        cut(t);
}

void fihi_top_finish(struct top *t)
{
    cut(t);
}

void fihi_top_expect(struct top *t, double score)
{
    /* A document with exactly this score may be one of the k: what is passed over must score less. */
    const double below = score * (1 - 1e-6);

    if (below > t->threshold)
        t->threshold = below;
}
