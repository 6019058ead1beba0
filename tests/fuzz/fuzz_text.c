/* fuzz_text.c - any bytes through every analyzer, as a text and as a query: tokens in order and within the text, a
 * reason for each; without their terms, the same words at the same positions. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "text/analyzer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_OF_A_QUERY = 4096 };   /* every word is looked at with those around it */

static void check_reason(struct analyzer *a, const uint8_t *text, const struct token *t, unsigned index)
{
    const struct term_text term = fihi_analyzer_term(a, t->term);
    char reason[16384];
    size_t n;

    if (term.len == 0 || term.len > FIH_MAX_TERM ||
        fihi_analyzer_reason(a, text + t->start, t->end - t->start, t->flags, index, reason, sizeof reason, NULL) != FIH_OK)
        abort();
    n = strlen(reason);
    if (n == 0 || n >= sizeof reason)
        abort();
}

static void run(struct analyzer *a, const uint8_t *text, size_t n, bool is_query)
{
    const fih_str whole = {(const char *)text, n};
    const struct surroundings in = {.near = whole, .whole = {whole, {NULL, 0}}, .is_query = true};
    struct token t[7], last = {0};
    unsigned index = 0;
    size_t count;

    if (is_query)
        fihi_analyzer_begin_in(a, text, n, &in);
    else
        fihi_analyzer_begin(a, text, n);
    while (fihi_analyzer_next(a, t, 7, &count, NULL) == FIH_OK)
        for (size_t i = 0; i < count; i++) {
            const int is_same = last.end > 0 && t[i].start == last.start;
            if (t[i].start >= t[i].end || t[i].end > n || (is_same ? t[i].end != last.end : t[i].start < last.end) ||
                ((t[i].flags & TOKEN_SAME_POSITION) && !is_same))
                abort();
            index = is_same ? index + 1 : 0;
            check_reason(a, text, &t[i], index);
            last = t[i];
        }
}

static void run_words(struct analyzer *a, const uint8_t *text, size_t n)
{
    enum { WORDS = 4096 };
    static struct text_word words[WORDS];
    uint32_t surface, other;
    size_t count = 0, i = 0, got, results, at;

    fihi_analyzer_begin(a, text, n);
    while (count < WORDS && fihi_analyzer_next_words(a, words + count, count + 3 < WORDS ? 3 : 1, &got, NULL) == FIH_OK)
        count += got;
    fihi_analyzer_begin(a, text, n);
    for (; i < WORDS && fihi_analyzer_next_surfaces(a, &surface, 1, &got, NULL) == FIH_OK; i++) {
        const struct result *r = fihi_analyzer_surface(a, surface, &results);

        /* A look-up has علي in both ways, a text perhaps in one: two numbers. */
        const bool is_torn = results > 0 && (r->flags & (TOKEN_EITHER | TOKEN_TORN));

        fihi_analyzer_is_fresh(a, &at);
        if (i >= count || words[i].start != at || words[i].positions != result_positions(r, results) ||
            fihi_analyzer_look_up(a, text + at, words[i].end - at, &other, NULL) != FIH_OK ||
            (other != surface && !is_torn))
            abort();
    }
    if (i != count)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"arabic", "arabic-snowball", "arabic-exact",
                                        "simple", "arabic+french",   "simple+english"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct analyzer *a;
        if (fihi_analyzer_new(&a, names[i], NULL) != FIH_OK)
            abort();
        run(a, data, size, false);
        if (size <= MOST_OF_A_QUERY)
            run(a, data, size, true);
        run_words(a, data, size);
        fihi_analyzer_free(a);
    }
    return 0;
}
