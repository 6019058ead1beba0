/* seed_list.c - writes the corpus of posting lists in today's format.
 *
 *     seed_list tests/fuzz/corpus/list
 *
 * To be run, and what it writes committed, whenever the format of lists changes: else fuzz_list.c says that its
 * corpus is walked no more. Small numbers, as real lists have them, but all kinds of them. */
#include "base/bytes.h"
#include "fuzz_list.h"
#include "index/list_write.h"
#include "tap.h"

enum { MOST_FORMS = 8, MOST_FREQ = 200 };

static uint64_t seed;

static uint32_t rnd(uint32_t n) { return (uint32_t)(tap_random(&seed) % n); }

struct sort {
    const char *name;
    uint32_t    df, form_count, gap, freq;     /* gap, freq: at most; `far`: of some, a gap as large */
    uint32_t    far;
    bool        is_keyword;                    /* without titles, roots and positions */
};

static const struct sort sorts[] = {
    {"tail", 40, 3, 30, 4, 0, false},
    {"one-block", 170, 5, 20, 4, 0, false},
    {"blocks", 600, 4, 6, 3, 0, false},
    {"whole-blocks", 256, 2, 3, 2, 0, false},
    {"single", 1, 4, 5000, 6, 0, false},
    {"large-gaps", 200, 2, 1000, 2, 8000000, false},
    {"many-forms", 300, 400, 8, 6, 0, false},
    {"keywords", 400, 1, 9, 1, 0, true},
    {"long-documents", 140, 6, 5, MOST_FREQ, 0, false},
};

/* A third of the postings are mixed, of two forms mostly; of lists with many, any of them. */
static uint32_t forms(struct posting_form *f, uint32_t freq, uint32_t form_count)
{
    const uint32_t most = freq < MOST_FORMS ? freq : MOST_FORMS;
    uint32_t count = freq > 1 && form_count > 1 && rnd(3) == 0 ? 2 + (rnd(3) == 0 ? rnd(most - 1) : 0) : 1;
    uint32_t left = freq, next = 0;

    count = count < form_count ? count : form_count;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t room = form_count - next - (count - i - 1);

        f[i].form = next + (rnd(2) ? rnd(room < 4 ? room : 4) : rnd(room));
        next = f[i].form + 1;
        f[i].freq = i + 1 < count ? 1 + rnd(left - (count - i - 1)) : left;
        left -= f[i].freq;
    }
    return count;
}

static void fill(struct list_writer *w, const struct sort *k, uint32_t *first, uint32_t *last)
{
    uint32_t form_dfs[OWN_FORMS], doc = 0;

    for (uint32_t i = 0; i < OWN_FORMS; i++)
        form_dfs[i] = 1 + k->df / (i + 1);
    fihi_list_start(w);
    fihi_list_forms(w, k->form_count, form_dfs, k->df);
    for (uint32_t i = 0; i < k->df; i++) {
        struct posting_form f[MOST_FORMS];
        struct posting p = {.freq = k->freq < MOST_FREQ ? 1 + rnd(k->freq) : 1 + (rnd(8) ? rnd(4) : rnd(k->freq)),
                            .is_first = true, .forms = f};
        const struct posting_lengths len = {100 + rnd(500), 3 + rnd(9), k->is_keyword};
        uint32_t positions[MOST_FREQ];

        p.doc = doc += 1 + (k->far && rnd(9) == 0 ? rnd(k->far) : rnd(k->gap));
        p.title = k->is_keyword || rnd(4) ? 0 : 1 + rnd(p.freq);
        p.root = p.freq + (k->is_keyword || rnd(3) ? 0 : rnd(rnd(20) ? 4 : 1000));
        p.is_first = k->is_keyword || rnd(5);
        p.form_count = forms(f, p.freq, k->form_count);
        for (uint32_t n = 0, at = rnd(300); n < p.freq; n++, at += 1 + rnd(rnd(20) ? 30 : 3000))
            positions[n] = at;
        if (fihi_list_add(w, &p, k->is_keyword ? NULL : positions, &len) != FIH_OK)
            abort();
        *first = i ? *first : doc;
    }
    *last = doc;
    if (fihi_list_finish(w) != FIH_OK || w->out.len > UINT16_MAX)
        abort();
}

static bool put(FILE *f, const void *bytes, size_t n)
{
    return n == 0 || fwrite(bytes, 1, n, f) == n;
}

static int write_seed(const char *folder, const struct sort *k, unsigned number)
{
    struct list_writer w;
    uint8_t head[SEED_HEAD] = {0};
    uint32_t first = 0, last = 0;
    char path[4096];
    FILE *f;

    seed = number;
    memset(&w, 0, sizeof w);
    w.avg_text = 300;
    w.avg_title = 7;
    w.segment_docs = 100000;
    fill(&w, k, &first, &last);
    put_u32(head + SEED_DF, w.df);
    put_u32(head + SEED_TITLE_DF, w.title_df);
    put_u32(head + SEED_FORMS, k->form_count);
    put_u32(head + SEED_DOCS, last + 1);
    put_u32(head + SEED_SINGLE, first);
    put_u64(head + SEED_CF, w.cf);
    put_u16(head + SEED_BYTES, (uint16_t)w.out.len);
    put_u16(head + SEED_CHOICES, (uint16_t)rnd(1 << 16));
    snprintf(path, sizeof path, "%s/%s", folder, k->name);
    if (!(f = fopen(path, "wb")) || !put(f, head, sizeof head) || !put(f, w.out.ptr, w.out.len) ||
        !put(f, w.positions.ptr, w.positions.len) || fclose(f) != 0) {
        fprintf(stderr, "cannot write %s\n", path);
        return 1;
    }
    fihi_list_writer_free(&w);
    return 0;
}

int main(int argc, char **argv)
{
    int rc = argc != 2;

    for (unsigned i = 0; rc == 0 && i < sizeof sorts / sizeof *sorts; i++)
        rc = write_seed(argv[1], &sorts[i], i);
    return rc;
}
