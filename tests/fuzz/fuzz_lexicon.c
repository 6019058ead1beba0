/* fuzz_lexicon.c - any bytes as a user's lexicon: refused with a message, or rows in order that the chain can use. */
#include <stdlib.h>
#include <string.h>

#include "reach.h"
#include "text/analyzer.h"
#include "text/lexicon.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reach reach[] = {
    {"lexicons that are taken", 1, 0},
    {"rows that they add", 2, 0},
    {NULL, 0, 0},
};

static void check_rows(const struct lexicon *l)
{
    for (size_t i = 0; i < l->count; i++) {
        const struct lexeme *const e = &l->rows[i];

        if (e->n < 2 || e->n > LIST_ROW || (i > 0 && memcmp(e[-1].letter, e->letter, sizeof e->letter) == 0))
            abort();
        if (fihi_lexicon_find(l, (const uint16_t *)e->letter, e->n) != e)
            abort();
        if (e->kind == LEXEME_PLURAL && e->singular >= l->count)
            abort();
    }
}

/* The text itself is a good text to analyse: its words are in the lexicon. */
static void analyze(struct analyzer *a, const uint8_t *data, size_t size)
{
    struct token tokens[32];
    size_t n;

    fihi_analyzer_begin(a, data, size);
    while (fihi_analyzer_next(a, tokens, 32, &n, NULL) == FIH_OK)
        for (size_t i = 0; i < n; i++)
            if (tokens[i].end > size || fihi_analyzer_term(a, tokens[i].term).len == 0)
                abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct lexicon l;
    struct analyzer *a;
    fih_error err = {0};
    const int rc = fihi_lexicon_read(&l, &fihi_lexicon_ours, data, size, &err);

    if (rc != FIH_OK && (err.code != rc || err.msg[0] == '\0' || l.rows))
        abort();
    if (rc != FIH_OK)
        return 0;
    check_rows(&l);
    if (l.count < fihi_lexicon_ours.count)
        abort();
    reach[0].count++;
    reach[1].count += l.count - fihi_lexicon_ours.count;
    fihi_lexicon_free(&l);
    if (fihi_analyzer_new_with(&a, "arabic", (fih_str){(const char *)data, size}, &err) != FIH_OK)
        abort();
    analyze(a, data, size);
    fihi_analyzer_free(a);
    return 0;
}
