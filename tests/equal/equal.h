/* equal.h - what the tests of faster ways share: words and texts to go over, memory with fences.
 *
 * Each test asks two ways of the library the same, or one of its ways and a plain one that stands here, over every word
 * of a vocabulary: that of the files of this project, and that of the collections of FIHRIST_SHARED.
 */
#ifndef EQUAL_H
#define EQUAL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/intern.h"
#include "tap.h"

/* For what a test cannot do without. */
static inline void must(bool is_good, const char *what)
{
    if (!is_good) {
        printf("Bail out! %s\n", what);
        exit(2);
    }
}

struct vocabulary {
    const char   *whose;
    bool          is_there;
    struct intern words;               /* each surface word once, as the splitter finds it */
    struct buf    texts;               /* some of the texts that they are from, one behind the other */
    size_t       *ends, text_count, text_cap;
};

extern struct vocabulary *vocabulary;  /* the one at hand */

/* The words and texts of files of this project; of the collections, if FIHRIST_SHARED names them. */
void vocabulary_of_project(struct vocabulary *v);
void vocabulary_of_collections(struct vocabulary *v);
void vocabulary_free(struct vocabulary *v);
/* Add a text and its words; `is_kept`: it is one of v->texts. */
void vocabulary_add(struct vocabulary *v, const uint8_t *text, size_t n, bool is_kept);

static inline uint32_t word_count(void) { return (uint32_t)vocabulary->words.count; }
static inline const uint8_t *word_at(uint32_t i, size_t *n) { return intern_get(&vocabulary->words, i, n); }
static inline const uint8_t *text_at(size_t i, size_t *n)
{
    const size_t from = i ? vocabulary->ends[i - 1] : 0;

    *n = vocabulary->ends[i] - from;
    return vocabulary->texts.ptr + from;
}

/* Room between two pages that cannot be touched, for one string at a time: at its end, so that one byte read too many
 * is a crash, or at its beginning. */
struct fence {
    uint8_t *first;
    size_t   room, whole;
};

struct fence fence_new(size_t room);
void fence_free(struct fence *f);
static inline const uint8_t *fence_end(const struct fence *f, const uint8_t *s, size_t n)
{
    if (n)
        memcpy(f->first + f->room - n, s, n);
    return f->first + f->room - n;
}
static inline const uint8_t *fence_begin(const struct fence *f, const uint8_t *s, size_t n)
{
    if (n)
        memcpy(f->first, s, n);
    return f->first;
}

/* The tests, by file. Each file has a harness of its own (tap.h), so numbers and failures are handed on. */
struct test {
    void      (*run)(void);
    const char *says;
};
struct totals {
    unsigned count, failed;
};
void test_bytes(struct totals *t);
void test_words(struct totals *t);
void test_numbers(struct totals *t);
void test_lists(struct totals *t);

static inline void skip_all(void) { SKIP("FIHRIST_SHARED is not set"); }

static inline void run_all(const struct test *tests, struct totals *t)
{
    tap.count = t->count;
    for (; tests->run; tests++) {
        char says[256];

        snprintf(says, sizeof says, "%s, over %s", tests->says, vocabulary->whose);
        tap_run(vocabulary->is_there ? tests->run : skip_all, says);
    }
    t->count = tap.count;
    t->failed += tap.failed;
    tap.failed = 0;
}

/* For messages. */
#define WORD(s, n) (int)((n) < 100 ? (n) : 100), (const char *)(s)

#endif
