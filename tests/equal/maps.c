/* maps.c - lists, lexicon and stems by maps of whole words, and the table of verbs without its short cuts. */
#include "maps.h"

#include <stdlib.h>

#include "base/intern.h"
#include "text/stop.h"

enum { MAPS = 16 };

/* The words of a table as strings of their letters' bytes; their numbers are those of the rows. */
static struct map {
    const void   *rows;
    struct intern words;
} maps[MAPS];

static struct map *map_of(const void *rows)
{
    struct map *m = maps;

    while (m->rows && m->rows != rows)
        m++;
    return m;                                             /* MAPS are more than there are tables */
}

static void add(struct map *m, const void *letters, size_t n)
{
    uint32_t number;
    const size_t bytes = n * sizeof(uint16_t);

    if (fihi_intern_add(&m->words, letters, bytes, intern_hash(letters, bytes), 0, &number) != FIH_OK)
        abort();
}

static const uint8_t *look_up(const struct map *m, const uint16_t *s, size_t n)
{
    const size_t bytes = n * sizeof *s;

    return n > 0 && n <= LIST_ROW ? intern_find(&m->words, (const uint8_t *)s, bytes,
                                                intern_hash((const uint8_t *)s, bytes))
                                  : NULL;
}

static size_t letters(const char16_t *row)
{
    size_t n = 0;

    while (n < LIST_ROW && row[n])
        n++;
    return n;
}

bool plain_list_has(const struct list *l, const uint16_t *key, size_t n, uint64_t hash)
{
    struct map *const m = map_of(l->rows);

    (void)hash;
    for (size_t i = 0; !m->rows && i < l->count; i++)
        add(m, l->rows[i], letters(l->rows[i]));
    m->rows = l->rows;
    return look_up(m, key, n) != NULL;
}

bool plain_list_may_have(const uint8_t *filter, size_t bytes, uint64_t hash)
{
    (void)filter;
    (void)bytes;
    (void)hash;
    return true;
}

const struct lexeme *plain_lexicon_find(const struct lexicon *l, const uint16_t *s, size_t n)
{
    struct map *const m = map_of(l->rows);

    for (size_t i = 0; !m->rows && i < l->count; i++)
        add(m, l->rows[i].letter, letters(l->rows[i].letter));
    m->rows = l->rows;
    const uint8_t *const record = look_up(m, s, n);
    return record ? &l->rows[intern_number(record)] : NULL;
}

/* ---- verbs */

const struct verb_table *plain_verbs;

static struct verb_table by_index, by_walking;
static uint16_t         *in_turn;      /* the first row of each stem, one behind the other */
static uint8_t           all[VERB_TENSES][VERB_FILTER];

static size_t stem_letters(const struct verb_row *r)
{
    size_t n = 0;

    while (n < VERB_STEM && r->letter[n])
        n++;
    return n;
}

static void make_tables(void)
{
    size_t stems = 0;

    if (!(in_turn = calloc(fihi_verbs.row_count + 1, sizeof *in_turn)))
        abort();
    for (size_t i = 0; i < fihi_verbs.row_count; i++)
        if (i == 0 || memcmp(fihi_verbs.rows[i - 1].letter, fihi_verbs.rows[i].letter, VERB_STEM) != 0)
            in_turn[stems++] = (uint16_t)(i + 1);
    memset(all, 0xFF, sizeof all);
    by_index = fihi_verbs;
    by_index.filter = (const uint8_t(*)[VERB_FILTER])all;
    by_walking = by_index;
    by_walking.index = in_turn;
}

void plain_verbs_use(bool by_turns)
{
    if (!in_turn)
        make_tables();
    plain_verbs = by_turns ? &by_walking : &by_index;
}

/* In turn the search begins with the first stem, and goes on to the one that fits, or to the 0 behind the last. The
 * mask of the index is larger than there are stems. */
size_t plain_verb_hash(uint64_t letters)
{
    return plain_verbs == &by_walking ? 0 : verb_hash(letters);
}

unsigned plain_verb_slots(const uint16_t *s, size_t n)
{
    static struct intern stems;
    static unsigned *slots;
    uint8_t letter[2 * VERB_STEM];         /* a hash reads eight at once, of a word that has them */
    const uint8_t *record;

    if (!slots) {
        if (!(slots = calloc(fihi_verbs.row_count, sizeof *slots)))
            abort();
        for (size_t i = 0; i < fihi_verbs.row_count; i++) {
            const struct verb_row *const r = &fihi_verbs.rows[i];
            const size_t bytes = stem_letters(r);
            const uint32_t hash = intern_hash(r->letter, bytes);
            uint32_t number = 0;

            if ((record = intern_find(&stems, r->letter, bytes, hash)))
                number = intern_number(record);
            else if (fihi_intern_add(&stems, r->letter, bytes, hash, 0, &number) != FIH_OK)
                abort();
            slots[number] |= r->slots;
        }
    }
    if (!s) {
        fihi_intern_free(&stems);
        free(slots);
        slots = NULL;
        return 0;
    }
    if (n > VERB_STEM)
        return 0;
    for (size_t i = 0; i < n; i++) {
        if (s[i] <= VERB_FIRST || s[i] > VERB_FIRST + 0x2A)
            return 0;
        letter[i] = (uint8_t)(s[i] - VERB_FIRST);
    }
    record = n ? intern_find(&stems, letter, n, intern_hash(letter, n)) : NULL;
    return record ? slots[intern_number(record)] : 0;
}

void maps_free(void)
{
    for (size_t i = 0; i < MAPS; i++)
        fihi_intern_free(&maps[i].words);
    memset(maps, 0, sizeof maps);
    plain_verb_slots(NULL, 0);
    free(in_turn);
    in_turn = NULL;
}
