/* eval.c - the measures of trec_eval, and the paired tests that tell a difference from chance.
 *
 * Which tests, and how the randomisation goes: Smucker, Allan & Carterette, "A Comparison of Statistical Significance
 * Tests for Information Retrieval Evaluation", CIKM 2007. Where a sample of all assignments is drawn, the one that was
 * observed counts as one of them, so that p is never 0: Phipson & Smyth, "Permutation P-values Should Never Be Zero",
 * Statistical Applications in Genetics and Molecular Biology 9 (2010).
 */
#include "eval/eval.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum {
    NDCG_CUT = 10, MRR_CUT = 10, RECALL_CUT = 100,
    SAMPLES = 100000,  /* as Smucker et al.: enough for a p of 0.05 to be known within 0.0007 (one standard error) */
    EXACT_BELOW = 17   /* queries that differ: up to here all 2^n assignments are tried instead */
};

/* --- measures --- */

static double discounted_gain(const int32_t *grades, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n && i < NDCG_CUT; i++)
        if (grades[i] > 0)
            sum += grades[i] / log2((double)i + 2);
    return sum;
}

struct eval_figures eval_measure(const int32_t *grades, size_t n, const int32_t *ideal, size_t relevant)
{
    struct eval_figures f = { { 0 } };
    size_t found = 0, early = 0;

    for (size_t i = 0; i < n; i++) {
        if (grades[i] <= 0)
            continue;
        found++;
        early += i < RECALL_CUT;
        if (found == 1 && i < MRR_CUT)
            f.of[EVAL_MRR10] = 1 / ((double)i + 1);
        f.of[EVAL_MAP] += (double)found / ((double)i + 1);
    }
    f.of[EVAL_NDCG10] = discounted_gain(grades, n) / discounted_gain(ideal, relevant);
    f.of[EVAL_RECALL100] = (double)early / (double)relevant;
    f.of[EVAL_MAP] /= (double)relevant;
    return f;
}

static int highest_first(const void *x, const void *y)
{
    const int32_t a = *(const int32_t *)x, b = *(const int32_t *)y;

    return (a < b) - (a > b);
}

/* One topic; -1 if memory is out. */
static int measure_topic(struct eval_figures *f, const struct trec_topic *t, const struct trec_hit *hits, size_t n)
{
    int32_t *ideal = calloc(t->relevant, sizeof *ideal), *grades = calloc(n + 1, sizeof *grades);
    int rc = -1;

    if (!ideal || !grades)
        goto out;
    for (size_t i = 0, to = 0; i < t->judged_count; i++)
        if (t->judged[i].grade > 0)
            ideal[to++] = t->judged[i].grade;
    qsort(ideal, t->relevant, sizeof *ideal, highest_first);
    for (size_t i = 0; i < n; i++)
        grades[i] = trec_grade(t, hits[i].doc);
    *f = eval_measure(grades, n, ideal, t->relevant);
    rc = 0;
out:
    free(ideal);
    free(grades);
    return rc;
}

int eval_run(struct eval_figures *each, const struct trec_qrels *qrels, const uint32_t *topics, size_t count,
             const struct trec_run *run)
{
    for (size_t i = 0; i < count; i++) {
        const size_t begin = run->starts[topics[i]], end = run->starts[topics[i] + 1];

        if (measure_topic(&each[i], &qrels->topics[topics[i]], run->items + begin, end - begin) != 0)
            return -1;
    }
    return 0;
}

struct eval_figures eval_mean(const struct eval_figures *each, size_t count)
{
    struct eval_figures mean = { { 0 } };

    for (size_t m = 0; m < EVAL_MEASURES; m++) {
        for (size_t i = 0; i < count; i++)
            mean.of[m] += each[i].of[m];
        if (count > 0)
            mean.of[m] /= (double)count;
    }
    return mean;
}

/* --- the randomisation test --- */

/* SplitMix64 (Steele, Lea & Flood, "Fast Splittable Pseudorandom Number Generators", 2014). */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);

    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

/* The sum with random signs, or with the signs that the bits of `assignment` give when all are tried. */
static double sum_with_signs(const double *d, size_t n, bool exact, uint64_t assignment, uint64_t *state)
{
    uint64_t bits = assignment;
    double sum = 0;

    for (size_t i = 0; i < n; i++, bits >>= 1) {
        if (!exact && i % 64 == 0)
            bits = next_random(state);
        sum += bits & 1 ? -d[i] : d[i];
    }
    return sum;
}

/* If the two systems were one, each difference could as well have the other sign. How often is the sum then as far from
 * 0 as it is? Differences of 0 change nothing: `d` holds the others. */
static double randomised_p(const double *d, size_t n)
{
    const bool exact = n < EXACT_BELOW;
    const uint64_t trials = exact ? UINT64_C(1) << n : SAMPLES;
    uint64_t state = 0, as_far = 0;
    double sum = 0, size = 0;

    for (size_t i = 0; i < n; i++) {
        sum += d[i];
        size += fabs(d[i]);
    }
    for (uint64_t t = 0; t < trials; t++) /* a sum that differs by rounding alone is as far */
        as_far += fabs(sum_with_signs(d, n, exact, t, &state)) >= fabs(sum) - 1e-12 * size;
    return exact ? (double)as_far / (double)trials : (double)(as_far + 1) / (double)(trials + 1);
}

/* --- Student's t --- */

/* The continued fraction of the incomplete beta function (NIST DLMF 8.17.22), by Lentz's method as Thompson and
 * Barnett have it. Converges quickly for x < (a + 1) / (a + b + 2). */
static double beta_fraction(double a, double b, double x)
{
    enum { MOST_STEPS = 10000 };
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1), f;

    d = 1 / (fabs(d) < tiny ? tiny : d);
    f = d;
    for (int m = 1; m <= MOST_STEPS; m++) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                     odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        const double terms[] = { even, odd };
        double step = 1;

        for (size_t k = 0; k < 2; k++) {
            d = 1 + terms[k] * d;
            c = 1 + terms[k] / c;
            d = 1 / (fabs(d) < tiny ? tiny : d);
            c = fabs(c) < tiny ? tiny : c;
            step = c * d;
            f *= step;
        }
        if (fabs(step - 1) < 1e-15)
            break;
    }
    return f;
}

/* The regularised incomplete beta function I_x(a, b). */
static double incomplete_beta(double a, double b, double x)
{
    double front;

    if (x <= 0 || x >= 1)
        return x >= 1;
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    return x < (a + 1) / (a + b + 2) ? front * beta_fraction(a, b, x) / a : 1 - front * beta_fraction(b, a, 1 - x) / b;
}

static double student_p(const double *d, size_t n, double mean)
{
    double squares = 0, t, freedom;

    for (size_t i = 0; i < n; i++)
        squares += (d[i] - mean) * (d[i] - mean);
    if (n < 2 || mean == 0)
        return 1;
    if (squares == 0)
        return 0;
    freedom = (double)n - 1;
    t = mean / sqrt(squares / freedom / (double)n);
    return incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t));
}

struct eval_test eval_compare(double *d, size_t count)
{
    struct eval_test test = { 0, 1, 1, 0, 0, 0 };
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        test.difference += d[i] / (double)count;
        test.wins += d[i] > 0;
        test.losses += d[i] < 0;
    }
    test.ties = count - test.wins - test.losses;
    test.p_student = student_p(d, count, test.difference);
    for (size_t i = 0; i < count; i++)
        if (d[i] != 0)
            d[kept++] = d[i];
    test.p_randomised = randomised_p(d, kept);
    return test;
}
