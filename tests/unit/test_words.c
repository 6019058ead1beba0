/* test_words.c - the fast ways of the writer equal the plain ones: sorted terms, short lists, pieces of work. */
#include "index/dict.h"
#include "index/pool.h"
#include "index/term_table.h"
#include "text/list.h"
#include "text/said.h"
#include "text/stem_part.h"
#include "text/stop.h"
#include "tap.h"

/* ---- sorted terms */

static uint64_t seed = 3;
static uint32_t rnd(uint32_t n) { return (uint32_t)(tap_random(&seed) % n); }

/* Letters of one to four bytes on both sides of U+0600 to U+067F, most of them in it, so that many begin alike. */
static size_t make_word(uint8_t *out)
{
    static const char *const letters[] = {"ا", "ل", "ي", "ا", "ل", "م", "و", "ٿ", "\u0600", "a", "9", "é", "۰", "ڭ", "߿",
                                          "中", "😀", "ا", "ل", "ا", "ل"};
    const uint32_t count = 1 + rnd(rnd(3) ? 4 : 14);
    size_t n = 0;

    for (uint32_t i = 0; i < count; i++) {
        const char *const s = letters[rnd(sizeof letters / sizeof *letters)];

        memcpy(out + n, s, strlen(s));
        n += strlen(s);
    }
    return n;
}

/* A chunk of surface words that are their own stems, every third a form of the stem before it. */
static int make_growth(struct growth *g, uint32_t count)
{
    static struct intern words;
    int rc = FIH_OK;

    for (uint32_t i = 0; i < count && rc == 0; i++) {
        uint8_t word[64];
        size_t n = make_word(word);
        uint32_t number;

        for (uint32_t hash; (hash = intern_hash(word, n)), intern_find(&words, word, n, hash); n = make_word(word))
            ;
        if ((rc = fihi_intern_add(&words, word, n, intern_hash(word, n), 0, &number)) != 0 ||
            (rc = fihi_buf_append(&g->surfaces, word, n)) != 0 || (rc = fihi_buf_append(&g->terms, word, n)) != 0 ||
            (rc = fihi_grow(&g->surface, &g->surface_cap, i + (size_t)1, sizeof *g->surface)) != 0 ||
            (rc = fihi_grow(&g->term_ends, &g->term_cap, i + (size_t)1, 4)) != 0 ||
            (rc = fihi_grow(&g->results, &g->result_cap, g->result_count + 2, sizeof *g->results)) != 0)
            break;
        g->term_ends[g->term_count++] = (uint32_t)g->terms.len;
        g->results[g->result_count++] = (struct result){i - i % 3, 0, 1};
        g->results[g->result_count++] = (struct result){i, TOKEN_FORM | TOKEN_SAME_POSITION, 1};
        g->surface[g->surface_count++] = (struct new_surface){(uint32_t)g->surfaces.len, (uint32_t)g->result_count};
    }
    fihi_intern_free(&words);
    return rc;
}

static void free_growth(struct growth *g)
{
    fihi_buf_free(&g->surfaces);
    fihi_buf_free(&g->terms);
    free(g->surface);
    free(g->term_ends);
    free(g->results);
}

/* Ascending by their bytes; the number of terms, 0 if they are not. */
static size_t count_sorted(const struct terms *t)
{
    for (uint32_t i = 1; i < t->count; i++) {
        uint8_t a[TERM_KEY_MAX], b[TERM_KEY_MAX];

        if (key_compare(a, term_key(a, LEVEL_STEM, t, i - 1), b, term_key(b, LEVEL_STEM, t, i)) >= 0)
            return 0;
    }
    return t->count;
}

static void check_sorted(uint32_t count, uint32_t used)
{
    struct term_table w = {.list = NULL};
    struct growth g = {0};
    struct sorted_words s;
    bool is_right = true;

    REQUIRE(make_growth(&g, count) == FIH_OK && fihi_term_table_learn(&w, &g) == FIH_OK);
    for (uint32_t i = 0; i < count; i++)
        w.list[w.to_surface[i]].count = i < used;
    CHECK_INT_EQ(fihi_term_table_sort(&w, &s), FIH_OK);
    CHECK_INT_EQ(count_sorted(&s.stems), (used + 2) / 3);
    CHECK_INT_EQ(count_sorted(&s.forms), used);
    CHECK_INT_EQ(s.roots.count, 0);
    for (uint32_t i = 0; i < used; i++) {                 /* each item leads to the terms that its word has */
        const struct surface_item item = s.items[w.list[w.to_surface[i]].first], only = s.only[w.to_surface[i]];

        is_right &= s.stems.list[item.stem] == w.to_term[i - i % 3] && s.forms.list[item.form - 1] == w.to_term[i] &&
                    only.stem == item.stem && only.form == item.form && s.root_of[item.stem] == NO_TERM;
    }
    CHECK(is_right, "%u words, %u of them used", count, used);
    fihi_sorted_free(&s);
    fihi_term_table_free(&w);
    free_growth(&g);
}

static void terms_stand_in_the_order_of_their_bytes(void)
{
    check_sorted(0, 0);
    check_sorted(1, 1);
    check_sorted(1000, 1000);                             /* by merging */
    check_sorted(20000, 20000);                           /* by their heads */
    check_sorted(20000, 9000);                            /* a vocabulary has more words than a batch */
}

/* ---- short lists */

static bool find_plainly(const list_row *rows, size_t count, const uint16_t *key, size_t n)
{
    for (size_t i = 0; i < count; i++) {
        size_t units = 0;

        while (units < LIST_ROW && rows[i][units])
            units++;
        if (units == n && memcmp(rows[i], key, units * sizeof *key) == 0)
            return true;
    }
    return false;
}

/* A row itself, cut, with more behind it, and with a letter changed. */
static void check_list(const struct list *l)
{
    const list_row *const rows = l->rows;

    for (size_t i = 0; i < l->count; i++)
        for (unsigned change = 0; change < 30; change++) {
            uint16_t key[LIST_ROW + 2] = {0};
            size_t n = 0;

            for (; n < LIST_ROW && rows[i][n]; n++)
                key[n] = rows[i][n];
            if (change % 3 == 0 && n > 1)
                n -= 1 + change / 3 % (n - 1);
            else if (change % 3 == 1)
                key[change / 3 % n] = (uint16_t)(0x627 + rnd(36));
            else
                key[n++] = (uint16_t)(0x627 + rnd(36));
            CHECK_INT_EQ(list_has(l, key, n, list_hash(key, n)), find_plainly(rows, l->count, key, n),
                         "row %zu, change %u", i, change);
        }
}

static void lists_are_searched_as_if_from_end_to_end(void)
{
    const struct list *l;

    for (unsigned k = 0; (l = fihi_stop_list(k)); k++)
        check_list(l);
    check_list(fihi_said_list());
}

/* Of each letter of the Arabic block, and of what is none, exactly the suffixes that end in it. */
static void suffixes_are_known_by_their_last_letter(void)
{
    for (unsigned letter = 0; letter < 0x700; letter++)
        for (unsigned i = 0; i < STEM_SUFFIXES; i++) {
            const struct affix *const a = &fihi_stem_suffixes[i];

            CHECK_INT_EQ(stem_ends((uint16_t)letter) >> i & 1, a->s[a->n - 1] == letter, "letter %X, suffix %u", letter, i);
        }
}

/* ---- pieces of work */

enum { PIECES = 1000 };

struct count {
    uint32_t slots[POOL_SLOTS], taken, fail_at;
    int      fail_with;
    bool     is_wrong;
};

static int run(void *ctx, unsigned thread, uint32_t piece)
{
    struct count *c = ctx;

    if (c->fail_with && piece == c->fail_at && c->fail_with != FIH_E_CANCEL)
        return c->fail_with;
    c->slots[piece % POOL_SLOTS] = piece * 7 + (thread < 4 ? 0 : 1);
    return FIH_OK;
}

static int take(void *ctx, uint32_t piece, fih_error *err)
{
    struct count *c = ctx;

    (void)err;
    if (piece % 100 == 0)
        usleep(500);                                      /* the others may run ahead, but not upon this one's place */
    c->is_wrong |= piece != c->taken || c->slots[piece % POOL_SLOTS] != piece * 7;
    c->taken++;
    return c->fail_with == FIH_E_CANCEL && piece == c->fail_at ? FIH_E_CANCEL : FIH_OK;
}

static void pieces_are_taken_in_order_by_any_number_of_threads(void)
{
    static const struct intern none;

    for (unsigned threads = 1; threads <= 4; threads++) {
        struct pool *p;
        fih_error err;

        REQUIRE(fihi_pool_new(&p, threads, &(struct analyzer_choice){.name = "simple"}, &none, &err) == FIH_OK);
        for (unsigned k = 0; k < 6; k++) {
            static const int fails[] = {0, FIH_E_NOMEM, FIH_E_CANCEL};
            struct count c = {.fail_with = fails[k % 3], .fail_at = 500};
            const struct pieces work = {k < 3 ? PIECES : 0, &c, run, take};

            CHECK_INT_EQ(fihi_pool_pieces(p, &work, &err), work.count ? c.fail_with : 0);
            CHECK(!c.is_wrong, "%u threads, %u", threads, k);
            if (work.count && c.fail_with == 0)
                CHECK_INT_EQ(c.taken, PIECES);
            else
                CHECK(c.taken <= 501, "%u", c.taken);
        }
        fihi_pool_free(p);
    }
}

int main(void)
{
    RUN(terms_stand_in_the_order_of_their_bytes);
    RUN(lists_are_searched_as_if_from_end_to_end);
    RUN(suffixes_are_known_by_their_last_letter);
    RUN(pieces_are_taken_in_order_by_any_number_of_threads);
    return DONE();
}
