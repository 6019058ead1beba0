/* search/suggest.h - other words for those that find nothing or little, and the ends of words begun.
 *
 * Layer: search. Includes base/, text/, index/. Both walk the dictionaries; what they offer are words of the index, as
 * most of its texts spell them.
 */
#ifndef FIHI_SEARCH_SUGGEST_H
#define FIHI_SEARCH_SUGGEST_H

#include "base/buf.h"
#include "index/view.h"
#include "search/deadline.h"
#include "text/analyzer.h"

/* How many documents a query finds, as its caller searches. */
struct suggest_count {
    int (*count)(void *ctx, fih_str text, uint64_t *docs, fih_error *err);
    void *ctx;
};

/* The query with other words in place of those that no document has, or, if it finds little, hardly any; FIH_DONE if
 * there are none to offer. It finds something, and no less than the query did. *how (static) says of the last word
 * where it comes from. */
int fihi_suggest(struct buf *out, const char **how, const struct view *v, struct analyzer *a, fih_str text,
                 const struct suggest_count *count, struct deadline *deadline, fih_error *err);

struct completion {
    uint8_t  word[FIH_MAX_TERM], before[FIH_MAX_TERM];
    uint32_t bytes, before_bytes;      /* of the word; of what the texts have before it, 0: the text's own word */
    uint64_t docs;
};

/* Bytes of a text that its completions keep: those before its last word, but for start … end of them, where
 * completion.before is to stand. */
struct kept {
    size_t bytes, start, end;
};
/* The `limit` commonest words that begin as the last word of the text does, best first; *count of them in `out`, which
 * has room. Behind other words those that stand behind them in the texts, if there are any: `docs` then says in how
 * many documents. Before some the texts have another form of the word before: رئيس الأم goes on as الرئيس الأمريكي, and
 * a document of these counts an eighth. */
int fihi_complete(struct completion *out, size_t limit, size_t *count, struct kept *kept, const struct view *v,
                  struct analyzer *a, fih_str text, struct deadline *deadline, fih_error *err);

#endif
