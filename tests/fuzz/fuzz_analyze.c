/* fuzz_analyze.c - any bytes through every analyzer: tokens lie in the text, in order, with terms in their limits. */
#include <stdlib.h>

#include "text/analyzer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct analyzer *open_analyzer(size_t i)
{
    static const char *const names[] = {"arabic", "arabic-snowball", "arabic-exact", "simple", "arabic+french", "simple+english"};
    static struct analyzer *open[sizeof names / sizeof *names];

    if (i >= sizeof names / sizeof *names)
        return NULL;
    if (!open[i] && fihi_analyzer_new(&open[i], names[i], NULL) != FIH_OK)
        abort();
    return open[i];
}

static void look(struct analyzer *a, const struct token *t, const struct token *last, const uint8_t *data, size_t size)
{
    const struct term_text term = fihi_analyzer_term(a, t->term);
    char reason[200];

    if (t->start >= t->end || t->end > size || t->term >= fihi_analyzer_term_count(a))
        abort();
    if (term.len < 1 || term.len > FIH_MAX_TERM)
        abort();
    if (t->flags & TOKEN_SAME_POSITION ? !last : last && t->start < last->start)
        abort();
    if (fihi_analyzer_reason(a, data + t->start, t->end - t->start, 0, reason, sizeof reason, NULL) != FIH_OK)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct analyzer *a;

    for (size_t i = 0; (a = open_analyzer(i)) != NULL; i++) {
        struct token tokens[7], last;
        int has_last = 0, rc;
        size_t count;

        fihi_analyzer_begin(a, data, size);
        while ((rc = fihi_analyzer_next(a, tokens, sizeof tokens / sizeof *tokens, &count, NULL)) == FIH_OK) {
            if (count == 0 || count > sizeof tokens / sizeof *tokens)
                abort();
            for (size_t k = 0; k < count; k++) {
                look(a, &tokens[k], has_last ? &last : NULL, data, size);
                last = tokens[k];
                has_last = 1;
            }
        }
        if (rc != FIH_DONE || count != 0)
            abort();
        if (fihi_analyzer_bytes(a) > 8 << 20)
            fihi_analyzer_reset(a);
    }
    return 0;
}
