/* test_eval.c - TREC's files are read as trec_eval reads them, and the measures and tests give what a hand works out.
 */
#include "eval/eval.h"

#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static fih_str str(const char *s)
{
    return (fih_str){ s, strlen(s) };
}

/* --- measures --- */

struct measure_case {
    const char          *what;
    int32_t              grades[8];
    size_t               n;
    int32_t              ideal[4];
    size_t               relevant;
    struct eval_figures  want;
};

static void the_measures_are_those_worked_out_by_hand(void)
{
    const double log3 = log2(3);
    const struct measure_case cases[] = {
        /* a, b and c are relevant, the run gives x a b y: gains at ranks 2 and 3, the ideal at 1, 2 and 3 */
        { "two of three", { 0, 1, 1, 0 }, 4, { 1, 1, 1 }, 3,
          { { (1 / log3 + 0.5) / (1 + 1 / log3 + 0.5), 1.0 / 2, 2.0 / 3, (1.0 / 2 + 2.0 / 3) / 3 } } },
        { "a perfect list", { 1, 1, 1 }, 3, { 1, 1, 1 }, 3, { { 1, 1, 1, 1 } } },
        { "an empty list", { 0 }, 0, { 1 }, 1, { { 0, 0, 0, 0 } } },
        /* grades 2 and 1 in the wrong order; precision is 1 at both all the same */
        { "grades are gains", { 1, 2 }, 2, { 2, 1 }, 2, { { (1 + 2 / log3) / (2 + 1 / log3), 1, 1, 1 } } },
        { "a negative grade is none", { -1, 1 }, 2, { 1 }, 1, { { 1 / log3, 1.0 / 2, 1, 1.0 / 2 } } },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct measure_case *c = &cases[i];
        const struct eval_figures got = eval_measure(c->grades, c->n, c->ideal, c->relevant);

        for (size_t m = 0; m < EVAL_MEASURES; m++)
            CHECK_NEAR(got.of[m], c->want.of[m], 1e-12, "%s, measure %zu", c->what, m);
    }
}

/* One relevant document, at a rank on either side of a cut. */
static void each_measure_looks_as_deep_as_its_name_says(void)
{
    static const struct { size_t rank; double want[EVAL_MEASURES]; } cases[] = {
        { 10, { 0.28906482631788788, 0.1, 1, 0.1 } },   /* 1 / log2(11) */
        { 11, { 0, 0, 1, 1.0 / 11 } },
        { 100, { 0, 0, 1, 1.0 / 100 } },
        { 101, { 0, 0, 0, 1.0 / 101 } },
        { 1000, { 0, 0, 0, 1.0 / 1000 } },
    };
    const int32_t ideal = 1;

    for (size_t i = 0; i < COUNT(cases); i++) {
        int32_t grades[1000] = { 0 };
        struct eval_figures got;

        grades[cases[i].rank - 1] = 1;
        got = eval_measure(grades, COUNT(grades), &ideal, 1);
        for (size_t m = 0; m < EVAL_MEASURES; m++)
            CHECK_NEAR(got.of[m], cases[i].want[m], 1e-12, "rank %zu, measure %zu", cases[i].rank, m);
    }
}

/* Eleven relevant documents, ten found: the ideal list is cut at 10 too. */
static void the_ideal_list_is_no_longer_than_the_cut(void)
{
    int32_t ones[11];

    for (size_t i = 0; i < COUNT(ones); i++)
        ones[i] = 1;
    CHECK_NEAR(eval_measure(ones, 10, ones, 11).of[EVAL_NDCG10], 1, 1e-12);
    CHECK_NEAR(eval_measure(ones, 10, ones, 11).of[EVAL_RECALL100], 10.0 / 11, 1e-12);
}

/* --- tests of a difference --- */

static void few_differences_are_randomised_in_full(void)
{
    /* sums of ±3 ±1: 4, 2, -2, -4; two of four are as far from 0 as 4 */
    double two[] = { 3, 1 }, with_ties[] = { 0, 3, 0, 1 };
    /* all of one sign: only all + and all -, 2 of 2^4 */
    double same[] = { 0.1, 0.1, 0.1, 0.1 }, none[] = { 0, 0, 0 }, one[] = { 0.5 };
    struct eval_test t;

    CHECK_NEAR(eval_compare(two, 2).p_randomised, 0.5, 1e-12);
    t = eval_compare(with_ties, 4);
    CHECK_NEAR(t.p_randomised, 0.5, 1e-12);
    CHECK_NEAR(t.difference, 1, 1e-12);
    CHECK_INT_EQ(t.wins, 2);
    CHECK_INT_EQ(t.ties, 2);
    CHECK_INT_EQ(t.losses, 0);
    CHECK_NEAR(eval_compare(same, 4).p_randomised, 2.0 / 16, 1e-12);
    t = eval_compare(none, 3);
    CHECK_NEAR(t.p_randomised, 1, 0);
    CHECK_NEAR(t.p_student, 1, 0);
    CHECK_INT_EQ(t.ties, 3);
    t = eval_compare(one, 1);
    CHECK_NEAR(t.p_randomised, 1, 0, "either sign is as far");
    CHECK_NEAR(t.p_student, 1, 0);
}

/* With differences of 1 the test is the sign test: 15 of 20 have p = 2 (C(20,15) + … + C(20,20)) / 2^20 = 0.041389. */
static void many_differences_are_sampled_and_the_sample_is_always_the_same(void)
{
    double d[20], again[20], wins[40];
    struct eval_test t;

    for (size_t i = 0; i < 20; i++)
        d[i] = again[i] = i < 15 ? 1 : -1;
    t = eval_compare(d, 20);
    CHECK_NEAR(t.p_randomised, 0.041389, 0.003);
    CHECK_INT_EQ(t.losses, 5);
    CHECK_NEAR(eval_compare(again, 20).p_randomised, t.p_randomised, 0);
    for (size_t i = 0; i < 40; i++)
        wins[i] = 1 + (double)i;
    CHECK_NEAR(eval_compare(wins, 40).p_randomised, 1.0 / 100001, 1e-12, "what was observed counts: never 0");
}

/* n differences of mean m and sample standard deviation 1: half of them m + s, half m - s, s² = (n - 1) / n. */
static double student_of(size_t n, double t)
{
    double d[100];
    const double mean = t / sqrt((double)n), s = sqrt((double)(n - 1) / (double)n);

    for (size_t i = 0; i < n; i++)
        d[i] = mean + (i % 2 ? s : -s);
    return eval_compare(d, n).p_student;
}

static void students_p_is_that_of_the_tables(void)
{
    /* one degree of freedom is Cauchy's distribution: p = 1 - 2/π atan(t); t of 3 and 1 is 2 */
    double two[] = { 3, 1 };
    /* two degrees: p = 1 - t / sqrt(2 + t²); t of 1, 2, 3 is 2 √3 */
    double three[] = { 1, 2, 3 }, minus[] = { -1, -2, -3 };

    CHECK_NEAR(eval_compare(two, 2).p_student, 1 - 2 / 3.14159265358979324 * atan(2), 1e-12);
    CHECK_NEAR(eval_compare(three, 3).p_student, 1 - sqrt(12.0 / 14), 1e-12);
    CHECK_NEAR(eval_compare(minus, 3).p_student, 1 - sqrt(12.0 / 14), 1e-12, "two-sided");
    /* critical values of any table, for 9 and 99 degrees of freedom */
    CHECK_NEAR(student_of(10, 2.262157), 0.05, 1e-6);
    CHECK_NEAR(student_of(10, 3.249836), 0.01, 1e-6);
    CHECK_NEAR(student_of(10, 0.702722), 0.50, 1e-6);
    CHECK_NEAR(student_of(100, 1.984217), 0.05, 1e-6);
    CHECK_NEAR(student_of(100, 3.391529), 0.001, 1e-6);
}

/* --- files --- */

static const char qrels_text[] = "\xEF\xBB\xBFq2 0 b 1\r\nq1 0 c -1\nq1 0 a 2\n\n  q1\t0\td  0\nq3 0 a 0\n";

static void judgements_are_grouped_by_query_and_those_without_a_relevant_document_left_out(void)
{
    struct trec_qrels q = { NULL, NULL, 0 };
    struct trec_fault fault;

    REQUIRE(trec_read_qrels(&q, str(qrels_text), &fault) == 0, "%s", fault.why.text);
    CHECK_INT_EQ(q.topic_count, 2);
    CHECK(q.topics[0].id.len == 2 && memcmp(q.topics[0].id.ptr, "q1", 2) == 0);
    CHECK_INT_EQ(q.topics[0].judged_count, 3);
    CHECK_INT_EQ(q.topics[0].relevant, 1);
    CHECK_INT_EQ(trec_grade(&q.topics[0], str("a")), 2);
    CHECK_INT_EQ(trec_grade(&q.topics[0], str("c")), -1);
    CHECK_INT_EQ(trec_grade(&q.topics[0], str("d")), 0);
    CHECK_INT_EQ(trec_grade(&q.topics[0], str("b")), 0);
    CHECK_INT_EQ(trec_grade(&q.topics[1], str("b")), 1);
    trec_qrels_free(&q);
}

static void a_run_is_ordered_by_score_then_by_the_higher_id_whatever_its_ranks_say(void)
{
    static const char run_text[] =
        "q2 Q0 x 1 0.5 t\nq1 Q0 a 1 1.0 t\nq1 Q0 b 2 1.0 t\nq1 Q0 z 3 -2e1 t\nq9 Q0 a 1 7 t\n"
        "q1 Q0 m 4 1.50 t\nq3 Q0 a 1 9 t\nq1 Q0 ab 1 1 t";
    struct trec_qrels q = { NULL, NULL, 0 };
    struct trec_run r = { NULL, NULL };
    struct trec_fault fault;
    char order[16] = "";

    REQUIRE(trec_read_qrels(&q, str(qrels_text), &fault) == 0 && trec_read_run(&r, &q, str(run_text), &fault) == 0);
    CHECK_INT_EQ(r.starts[0], 0);
    CHECK_INT_EQ(r.starts[1], 5);
    CHECK_INT_EQ(r.starts[2], 6, "q3 and q9 have no relevant document");
    for (size_t i = 0; i < r.starts[2]; i++)
        strncat(order, r.items[i].doc.ptr, r.items[i].doc.len);
    CHECK_STR_EQ(order, "mbabazx");
    trec_run_free(&r);
    trec_qrels_free(&q);
}

static void queries_keep_their_order_and_only_those_with_a_relevant_document_count(void)
{
    struct trec_qrels q = { NULL, NULL, 0 };
    struct trec_fault fault;
    uint32_t asked[2];
    size_t n;

    REQUIRE(trec_read_qrels(&q, str(qrels_text), &fault) == 0);
    REQUIRE(trec_read_queries(asked, &n, &q, str("\xEF\xBB\xBFq2\tقمر\r\n\r\nq3\t\nq7\tx\nq1\ty z\n"), &fault) == 0,
            "%s", fault.why.text);
    CHECK_INT_EQ(n, 2);
    CHECK_INT_EQ(asked[0], 1);
    CHECK_INT_EQ(asked[1], 0);
    trec_qrels_free(&q);
}

static void the_mean_counts_a_query_without_hits_as_0(void)
{
    struct trec_qrels q = { NULL, NULL, 0 };
    struct trec_run r = { NULL, NULL };
    struct trec_fault fault;
    struct eval_figures each[2], mean;
    const uint32_t topics[] = { 0, 1 };

    REQUIRE(trec_read_qrels(&q, str(qrels_text), &fault) == 0 &&
            trec_read_run(&r, &q, str("q1 Q0 a 7 3.5 t\n"), &fault) == 0);
    REQUIRE(eval_run(each, &q, topics, 2, &r) == 0);
    mean = eval_mean(each, 2);
    for (size_t m = 0; m < EVAL_MEASURES; m++)
        CHECK_NEAR(mean.of[m], 0.5, 1e-12);
    trec_run_free(&r);
    trec_qrels_free(&q);
}

struct bad_case { const char *text; uint32_t line; const char *why; };

static void a_malformed_judgement_is_told_with_its_line(void)
{
    static const struct bad_case cases[] = {
        { "q1 0 a 1\nq1 0 b\n", 2, "expected 4 columns" },
        { "\nq1 0 a 1 x\n", 2, "found 5" },
        { "q1 0 a one", 1, "not 'one'" },
        { "q1 0 a 1.5", 1, "not '1.5'" },
        { "q1 0 a -", 1, "not '-'" },
        { "q1 0 a 2147483648", 1, "not '2147483648'" },
        { "q1 0 a 99999999999999999999", 1, "whole number" },
        { "q1 0 a 1\nq1 0 b 1\nq1 0 a 0\n", 3, "document 'a' is already judged in line 1" },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct trec_qrels q = { NULL, NULL, 0 };
        struct trec_fault fault = { 0, { "" } };

        CHECK(trec_read_qrels(&q, str(cases[i].text), &fault) == -1, "case %zu", i);
        CHECK_INT_EQ(fault.line, cases[i].line, "case %zu", i);
        CHECK(strstr(fault.why.text, cases[i].why), "case %zu: %s", i, fault.why.text);
        trec_qrels_free(&q);
    }
}

static void a_malformed_run_or_query_is_told_with_its_line(void)
{
    static const struct bad_case runs[] = {
        { "q1 Q0 a 1 2.0\n", 1, "expected 6 columns" },
        { "q1 Q0 a 1 2.0 t\nq1 Q0 b 1 2.0 t t", 2, "found 7" },
        { "q1 Q0 a 1 high t", 1, "not 'high'" },
        { "q1 Q0 a 1 nan t", 1, "not 'nan'" },
        { "q1 Q0 a 1 1e999 t", 1, "not '1e999'" },
        { "q1 Q0 a 1 0x10 t", 1, "not '0x10'" },
        { "q1 Q0 a 1 1.2.3 t", 1, "not '1.2.3'" },
        { "q1 Q0 a 1 2 t\nq2 Q0 a 1 2 t\nq1 Q0 a 2 1 t", 3, "is already a hit of this query in line 1" },
    };
    static const struct bad_case queries[] = {
        { "q1\tx\nq2 y\n", 2, "expected an id, a tab" },
        { "\tx\n", 1, "expected an id, a tab" },
        { "q1\tx\nq1\ty\n", 2, "'q1' is used in an earlier line" },
    };
    struct trec_qrels q = { NULL, NULL, 0 };
    struct trec_fault fault;
    uint32_t asked[2];
    size_t n;

    REQUIRE(trec_read_qrels(&q, str(qrels_text), &fault) == 0);
    for (size_t i = 0; i < COUNT(runs); i++) {
        struct trec_run r = { NULL, NULL };

        CHECK(trec_read_run(&r, &q, str(runs[i].text), &fault) == -1, "run %zu", i);
        CHECK_INT_EQ(fault.line, runs[i].line, "run %zu", i);
        CHECK(strstr(fault.why.text, runs[i].why), "run %zu: %s", i, fault.why.text);
        trec_run_free(&r);
    }
    for (size_t i = 0; i < COUNT(queries); i++) {
        CHECK(trec_read_queries(asked, &n, &q, str(queries[i].text), &fault) == -1, "queries %zu", i);
        CHECK_INT_EQ(fault.line, queries[i].line, "queries %zu", i);
        CHECK(strstr(fault.why.text, queries[i].why), "queries %zu: %s", i, fault.why.text);
    }
    trec_qrels_free(&q);
}

/* Random bytes of the characters that mean something, flush against a page that cannot be touched. */
static void no_bytes_are_read_past_the_end_whatever_they_are(void)
{
    static const char alphabet[] = "q12 \t\n\r.-e\0\xEF\xBB\xBF";
    uint64_t seed = 1;

    for (int round = 0; round < 20000; round++) {
        const size_t n = (size_t)(tap_random(&seed) % 40);
        char *text = guard_alloc(n);
        struct trec_qrels q = { NULL, NULL, 0 };
        struct trec_run r = { NULL, NULL };
        struct trec_fault fault;
        uint32_t asked[40];
        size_t count;

        for (size_t i = 0; i < n; i++)
            text[i] = alphabet[tap_random(&seed) % (sizeof alphabet - 1)];
        if (trec_read_qrels(&q, (fih_str){ text, n }, &fault) != 0)
            CHECK(fault.line > 0);
        trec_read_run(&r, &q, (fih_str){ text, n }, &fault);
        trec_read_queries(asked, &count, &q, (fih_str){ text, n }, &fault);
        trec_run_free(&r);
        trec_qrels_free(&q);
        guard_free(text, n);
    }
}

int main(void)
{
    RUN(the_measures_are_those_worked_out_by_hand);
    RUN(each_measure_looks_as_deep_as_its_name_says);
    RUN(the_ideal_list_is_no_longer_than_the_cut);
    RUN(few_differences_are_randomised_in_full);
    RUN(many_differences_are_sampled_and_the_sample_is_always_the_same);
    RUN(students_p_is_that_of_the_tables);
    RUN(judgements_are_grouped_by_query_and_those_without_a_relevant_document_left_out);
    RUN(a_run_is_ordered_by_score_then_by_the_higher_id_whatever_its_ranks_say);
    RUN(queries_keep_their_order_and_only_those_with_a_relevant_document_count);
    RUN(the_mean_counts_a_query_without_hits_as_0);
    RUN(a_malformed_judgement_is_told_with_its_line);
    RUN(a_malformed_run_or_query_is_told_with_its_line);
    RUN(no_bytes_are_read_past_the_end_whatever_they_are);
    return DONE();
}
