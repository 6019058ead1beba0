/* tap.h - the smallest harness that says what a test proves: one header, TAP on stdout.
 *
 *     static void kernels_agree_at_every_width(void)      a test's name is the sentence it proves
 *     {
 *         CHECK_INT_EQ(add(2, 2), 4);                     the message is optional in every CHECK
 *         CHECK(p != NULL, "bits=%u", bits);
 *     }
 *     int main(void)
 *     {
 *         RUN(kernels_agree_at_every_width);
 *         return DONE();
 *     }
 *
 * A CHECK that fails prints a "#" line and the test goes on; REQUIRE leaves the test; SKIP leaves it
 * and counts it as skipped; behind TODO the test must fail, and is no failure. Each RUN is one "ok" or "not ok" line;
 * DONE() prints the plan, so a program that dies on the way is seen. CHECKs belong to the main thread.
 */
#ifndef TAP_H
#define TAP_H

#pragma GCC system_header /* lets CHECK(x) have no message under -Wpedantic */
#ifdef __clang__
#pragma clang diagnostic ignored "-Wgnu-zero-variadic-macro-arguments" /* the same: clang looks where it is used */
#endif

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define TAP_STATIC static __attribute__((unused))

enum { TAP_MAX_NOTES = 10 };     /* failures shown of one test; the rest are counted */

static struct {
    unsigned count, failed;      /* tests run, tests failed */
    unsigned notes;              /* failed checks of the running test */
    char     skip[256];          /* reason, when the running test is skipped */
    char     todo[256];          /* reason, when the running test is known to fail */
} tap;

TAP_STATIC __attribute__((format(printf, 4, 0)))
void tap_fail(const char *file, int line, const char *what, const char *fmt, va_list ap)
{
    char note[512];

    if (tap.notes++ >= TAP_MAX_NOTES)
        return;
    vsnprintf(note, sizeof note, fmt, ap);
    printf("# %s:%d: %s%s%s\n", file, line, what, note[1] ? " --" : "", note[1] ? note : "");
    fflush(stdout);
}

/* Bytes as C-like text: printable ASCII as it is, the rest escaped. */
TAP_STATIC void tap_quote(char *out, size_t size, const void *bytes, size_t n)
{
    const uint8_t *p = bytes;
    size_t at = 0;

    for (size_t i = 0; i < n && at + 8 < size; i++)
        at +=
            (size_t)snprintf(out + at, size - at, p[i] >= 0x20 && p[i] < 0x7F && p[i] != '\\' ? "%c" : "\\x%02X", p[i]);
    snprintf(out + at, size - at, "%s", "");
}

TAP_STATIC __attribute__((format(printf, 5, 6)))
int tap_check(int good, const char *file, int line, const char *what, const char *fmt, ...)
{
    va_list ap;

    if (!good) {
        va_start(ap, fmt);
        tap_fail(file, line, what, fmt, ap);
        va_end(ap);
    }
    return good;
}

TAP_STATIC __attribute__((format(printf, 6, 7)))
int tap_int_eq(intmax_t got, intmax_t want, const char *file, int line, const char *what, const char *fmt, ...)
{
    char text[512];
    va_list ap;

    if (got == want)
        return 1;
    snprintf(text, sizeof text, "%s is %" PRIdMAX ", want %" PRIdMAX, what, got, want);
    va_start(ap, fmt);
    tap_fail(file, line, text, fmt, ap);
    va_end(ap);
    return 0;
}

TAP_STATIC __attribute__((format(printf, 7, 8)))
int tap_near(double got, double want, double eps, const char *file, int line, const char *what, const char *fmt, ...)
{
    char text[512];
    va_list ap;

    if (fabs(got - want) <= eps)
        return 1;
    snprintf(text, sizeof text, "%s is %.9g, want %.9g within %g", what, got, want, eps);
    va_start(ap, fmt);
    tap_fail(file, line, text, fmt, ap);
    va_end(ap);
    return 0;
}

TAP_STATIC __attribute__((format(printf, 6, 7)))
int tap_str_eq(const char *got, const char *want, const char *file, int line, const char *what, const char *fmt, ...)
{
    char text[1600];
    va_list ap;

    if (got == want || (got && want && strcmp(got, want) == 0))
        return 1;
    snprintf(text, sizeof text, "%s is \"%.700s\", want \"%.700s\"", what, got ? got : "(null)",
             want ? want : "(null)");
    va_start(ap, fmt);
    tap_fail(file, line, text, fmt, ap);
    va_end(ap);
    return 0;
}

TAP_STATIC __attribute__((format(printf, 7, 8)))
int tap_mem_eq(const void *got, const void *want, size_t n, const char *file, int line, const char *what,
               const char *fmt, ...)
{
    const uint8_t *g = got, *w = want;
    char text[1024], a[160], b[160];
    size_t i = 0;
    va_list ap;

    while (i < n && g[i] == w[i])
        i++;
    if (i == n)
        return 1;
    tap_quote(a, sizeof a, g + i, n - i < 24 ? n - i : 24);
    tap_quote(b, sizeof b, w + i, n - i < 24 ? n - i : 24);
    snprintf(text, sizeof text, "%s differs at byte %zu of %zu: is \"%s\", want \"%s\"", what, i, n, a, b);
    va_start(ap, fmt);
    tap_fail(file, line, text, fmt, ap);
    va_end(ap);
    return 0;
}

TAP_STATIC void tap_run(void (*fn)(void), const char *name)
{
    char words[256];

    snprintf(words, sizeof words, "%s", name);
    for (char *p = words; *p; p++)
        if (*p == '_')
            *p = ' ';
    tap.notes = 0;
    tap.skip[0] = tap.todo[0] = '\0';
    fn();
    if (tap.notes > TAP_MAX_NOTES)
        printf("# and %u failed checks more\n", tap.notes - TAP_MAX_NOTES);
    if (tap.todo[0] && tap.notes == 0) {
        printf("# it holds now: take the mark off (%s)\n", tap.todo);
        tap.todo[0] = '\0';
        tap.notes = 1;
    }
    printf("%s %u - %s%s%s%s%s\n", tap.notes ? "not ok" : "ok", ++tap.count, words, tap.skip[0] ? " # SKIP " : "",
           tap.skip, tap.todo[0] ? " # TODO " : "", tap.todo);
    fflush(stdout);
    tap.failed += tap.notes > 0 && !tap.todo[0];
}

TAP_STATIC int tap_done(void)
{
    printf("1..%u\n", tap.count);
    fflush(stdout);
    return tap.failed > 0;
}

#define CHECK(cond, ...) tap_check(!!(cond), __FILE__, __LINE__, #cond, " " __VA_ARGS__)
#define CHECK_INT_EQ(got, want, ...) \
    tap_int_eq((intmax_t)(got), (intmax_t)(want), __FILE__, __LINE__, #got, " " __VA_ARGS__)
#define CHECK_NEAR(got, want, eps, ...) tap_near((got), (want), (eps), __FILE__, __LINE__, #got, " " __VA_ARGS__)
#define CHECK_STR_EQ(got, want, ...) tap_str_eq((got), (want), __FILE__, __LINE__, #got, " " __VA_ARGS__)
#define CHECK_MEM_EQ(got, want, n, ...) tap_mem_eq((got), (want), (n), __FILE__, __LINE__, #got, " " __VA_ARGS__)

/* For what the rest of the test stands on. */
#define REQUIRE(cond, ...)                                                           \
    do {                                                                             \
        if (!tap_check(!!(cond), __FILE__, __LINE__, #cond, " " __VA_ARGS__))        \
            return;                                                                  \
    } while (0)

#if defined(__SANITIZE_ADDRESS__)
enum { IS_ASAN = 1 };
#else
enum { IS_ASAN = 0 };
#endif

#define SKIP(...)                                                                    \
    do {                                                                             \
        snprintf(tap.skip, sizeof tap.skip, __VA_ARGS__);                            \
        return;                                                                      \
    } while (0)

/* What the rest of the test proves does not hold yet; when it does, the test says so and fails. */
#define TODO(...) snprintf(tap.todo, sizeof tap.todo, __VA_ARGS__)

#define RUN(fn) tap_run((fn), #fn)
#define DONE() tap_done()

/* n bytes that end flush against a page that cannot be touched: one byte too many is a crash.
 * Freed with guard_free() of the same n. */
TAP_STATIC void *guard_alloc(size_t n)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), whole = (n + page - 1) / page * page;
    uint8_t *p = mmap(NULL, whole + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (p == MAP_FAILED || mprotect(p + whole, page, PROT_NONE) != 0) {
        printf("Bail out! no memory for a guard page\n");
        exit(2);
    }
    return p + whole - n;
}

TAP_STATIC void guard_free(void *ptr, size_t n)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), whole = (n + page - 1) / page * page;

    if (ptr)
        munmap((uint8_t *)ptr + n - whole, whole + page);
}

/* The number behind an option of the test's own, or what it is without. */
TAP_STATIC long long tap_option(int argc, char **argv, const char *name, long long without)
{
    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return atoll(argv[i + 1]);
    return without;
}

/* A seeded generator (SplitMix64), so that a random test fails the same way again. */
TAP_STATIC uint64_t tap_random(uint64_t *seed)
{
    uint64_t z = *seed += UINT64_C(0x9E3779B97F4A7C15);

    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

/* What a child ran counts too where coverage is measured. */
#ifdef HAS_COVERAGE
extern void __gcov_dump(void);
#define _exit(code) (__gcov_dump(), _exit(code))
#endif

#endif
