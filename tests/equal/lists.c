/* lists.c - index/: an index of all words, whichever way it was made and is read, is what plain counting gives.
 *
 * It is made by one thread at once, by three in several segments, by merging these, and by joining two indexes. Lists
 * are read beside pages that cannot be touched: in order, by leaps, by blocks, number by number. And the best documents
 * of a search are those of all its matches.
 */
#include "counted.h"
#include "index/view.h"
#include "place.h"
#include "search/reference.h"

enum { LIST_ROOM = 32 << 20, DIFFERENCES = 10 };

static fih_error    err;
static struct fence list_fence, position_fence;

/* A posting as counting gives it. */
struct plain {
    const struct occurrence *first;
    uint32_t doc, freq, title, root;   /* doc: in the segment */
    bool     is_first;
};

/* Of a segment, and of a list of it. */
static struct segment *segment;
static uint32_t        base, segment_end;
static struct plain   *postings;
static size_t          posting_count, posting_cap;
static unsigned        differences;
static uint64_t        compared;

static bool same(bool is_same, const char *what, uint32_t stem)
{
    const struct term_text t = fihi_analyzer_term(counted.analyzer, stem);

    if (!is_same && ++differences <= DIFFERENCES)
        CHECK(false, "%s of '%.*s', documents from %u on", what, (int)t.len, t.ptr, base);
    return is_same;
}

static const struct sum *sum_of(uint32_t root, uint32_t doc)
{
    const struct sum key = {root, doc, 0, 0};

    return bsearch(&key, counted.sums, counted.sum_count, sizeof *counted.sums, by_root);
}

/* The stem's postings in the segment, of the occurrences [from, to). */
static void gather(size_t from, size_t to)
{
    posting_count = 0;
    for (size_t i = from, next; i < to; i = next) {
        const struct occurrence *const o = &counted.occurrences[i];
        const struct sum *const s = o->root == NOTHING ? NULL : sum_of(o->root, o->doc);
        struct plain p = {o, o->doc - base, 0, 0, 0, true};

        for (next = i; next < to && counted.occurrences[next].doc == o->doc; next++)
            p.title += counted.occurrences[next].position < counted.documents[o->doc].title_len;
        if (o->doc < base || o->doc >= segment_end)
            continue;
        p.freq = (uint32_t)(next - i);
        p.root = s ? s->count : p.freq;
        p.is_first = !s || s->first == o->stem;
        CHECK(fihi_grow(&postings, &posting_cap, posting_count + 1, sizeof *postings) == FIH_OK);
        postings[posting_count++] = p;
    }
}

/* A form's number in a list, as the rows say: sorted by stem and number. */
struct numbered {
    uint32_t stem, number, form, df;
};
static struct numbered *numbered;
static size_t           numbered_count, numbered_cap;

static int by_number(const void *x, const void *y)
{
    const struct numbered *const a = x, *const b = y;

    return a->stem != b->stem ? (a->stem < b->stem ? -1 : 1) : (a->number > b->number) - (a->number < b->number);
}

/* Those of the list under way. */
static const struct numbered *list_forms;
static size_t                 list_form_count;

static void find_forms(uint32_t stem)
{
    size_t low = 0, high = numbered_count;

    while (low < high) {
        const size_t mid = low + (high - low) / 2;

        if (numbered[mid].stem < stem)
            low = mid + 1;
        else
            high = mid;
    }
    list_forms = numbered + low;
    for (list_form_count = 0; low < numbered_count && numbered[low].stem == stem; low++)
        list_form_count++;
}

/* The analyzer's number of a form; NOTHING for the one that has no row. */
static uint32_t form_of(uint32_t number)
{
    const size_t i = number < list_form_count && list_forms[number].number == number ? number
                     : number > 0 && number <= list_form_count                       ? number - 1
                                                                                     : list_form_count;

    return i < list_form_count && list_forms[i].number == number ? list_forms[i].form : NOTHING;
}

static uint32_t freq_of_form(const struct plain *p, uint32_t form)
{
    uint32_t freq = 0;

    for (uint32_t i = 0; i < p->freq; i++)
        freq += p->first[i].form == form;
    return freq;
}

static bool has_positions(struct cursor *c, const struct plain *p)
{
    uint32_t count;
    const uint32_t *const at = fihi_cursor_positions(c, &count);
    bool is_same = count == p->freq;

    for (uint32_t i = 0; is_same && i < count; i++)
        is_same = at[i] == p->first[i].position;
    return is_same;
}

/* From the first to the last, all of each posting. */
static bool read_in_order(struct cursor *c, uint32_t stem)
{
    for (size_t i = 0; i < posting_count; i++, fihi_cursor_next(c)) {
        const struct plain *const p = &postings[i];
        struct posting q;
        uint32_t forms = 0;

        if (!same(c->doc == p->doc && fihi_cursor_posting(c, &q), "a document", stem) ||
            !same(q.freq == p->freq && q.title == p->title, "a frequency", stem) ||
            !same(q.root == p->root && q.is_first == p->is_first, "a root", stem) ||
            !same(has_positions(c, p), "positions", stem))
            return false;
        for (uint32_t k = 0; k < q.form_count; k++) {
            forms += q.forms[k].freq;
            if (!same(freq_of_form(p, form_of(q.forms[k].form)) == q.forms[k].freq, "forms", stem))
                return false;
        }
        if (!same(forms == p->freq, "forms together", stem))
            return false;
        compared++;
    }
    return same(c->doc == NO_DOC && !c->is_broken, "the end", stem);
}

/* By leaps, and each number by itself, nothing unpacked. */
static bool read_by_leaps(struct cursor *c, uint32_t stem, uint64_t *seed)
{
    uint32_t target = 0;

    for (size_t i = 0;;) {
        target += (uint32_t)(tap_random(seed) % (1u << tap_random(seed) % 15));
        while (i < posting_count && postings[i].doc < target)
            i++;
        if (!same(fihi_cursor_seek(c, target) == (i < posting_count ? postings[i].doc : NO_DOC), "a leap", stem))
            return false;
        if (i == posting_count)
            return true;
        const struct plain *const p = &postings[i];
        const uint32_t number = (uint32_t)(tap_random(seed) % c->at.form_count), form = form_of(number);

        if (!same(tap_random(seed) % 3 || fihi_cursor_form(c, number) == freq_of_form(p, form), "a form alone", stem) ||
            !same(fihi_cursor_freq(c) == p->freq && fihi_cursor_title(c) == p->title, "a number alone", stem) ||
            !same(fihi_cursor_root(c) == p->root, "a root alone", stem) ||
            !same(tap_random(seed) % 3 || has_positions(c, p), "positions behind a leap", stem))
            return false;
        target = p->doc + 1;
    }
}

/* Blocks in any order, found by a document; and which forms each has. */
static bool read_by_blocks(struct cursor *c, uint32_t stem, uint64_t *seed)
{
    for (uint32_t n = 0; n < c->block_count; n++) {
        const uint32_t block = (uint32_t)(tap_random(seed) % c->block_count);
        const struct plain *const p = &postings[block * POSTING_BLOCK];
        const uint32_t last = p[POSTING_BLOCK - 1].doc;
        const uint32_t target = p->doc + (uint32_t)(tap_random(seed) % (last - p->doc + 1));
        uint32_t last_doc, forms = 0;

        if (!same(fihi_cursor_enter(c, block) == p->doc, "a block", stem) ||
            !same(fihi_cursor_find(c, target) == block, "a block that is looked for", stem) ||
            !same(fihi_cursor_peek(c, target, &last_doc) == block && last_doc == last, "a block ahead", stem))
            return false;
        for (unsigned i = 0; i < POSTING_BLOCK; i++)
            for (uint32_t k = 0; k < c->at.form_count && k < OWN_FORMS; k++)
                forms |= freq_of_form(&p[i], form_of(k)) ? 1u << k : 0;
        if (!same((fihi_cursor_forms(c, block) & ((1u << OWN_FORMS) - 1)) == forms, "forms of a block", stem))
            return false;
    }
    return true;
}

/* How many documents have each form, and whether rows stand in the order of FORMAT.md: of long lists with many forms
 * not for all. */
static bool has_rows(uint32_t stem)
{
    uint32_t before = UINT32_MAX;

    for (size_t k = 0; k < list_form_count && (k < 20 || posting_count < 1000); k++) {
        const struct numbered *const n = &list_forms[k];
        uint32_t df = 0;

        for (size_t i = 0; i < posting_count; i++)
            df += freq_of_form(&postings[i], n->form) > 0;
        if (!same(df == n->df && df <= before, "the documents of a form", stem))
            return false;
        before = df;
    }
    return true;
}

static void compare_list(uint32_t stem, const struct dict_entry *e)
{
    static struct cursor c;
    struct list_place at;
    uint64_t seed = stem + 7;

    if (!same(e->df == posting_count, "the number of documents", stem) ||
        !CHECK(fihi_segment_list(segment, e, &at, &err) == FIH_OK, "%s", err.msg))
        return;
    at.bytes = at.byte_count ? fence_end(&list_fence, at.bytes, at.byte_count) : at.bytes;
    at.positions = at.position_bytes ? fence_end(&position_fence, at.positions, at.position_bytes) : at.positions;
    find_forms(e->ordinal);
    if (same(fihi_cursor_open(&c, &at) == FIH_OK, "the list", stem) && read_in_order(&c, stem) &&
        CHECK(fihi_cursor_open(&c, &at) == FIH_OK) && read_by_leaps(&c, stem, &seed) &&
        CHECK(fihi_cursor_open(&c, &at) == FIH_OK) && read_by_blocks(&c, stem, &seed))
        has_rows(stem);
    fihi_cursor_close(&c);
}

/* Each key is found where the walk has it; and one beside it is found only if it is one. */
static void find_key(const struct term_walk *w)
{
    const struct dict_scan *const s = &w->scan;
    uint8_t key[TERM_KEY_MAX], back[TERM_KEY_MAX];
    struct dict_entry e;
    size_t n;

    if (!CHECK(fihi_segment_find(segment, s->key, s->key_bytes, &e, &err) == FIH_OK && e.ordinal == s->entry.ordinal,
               "%.*s", (int)s->key_bytes - 1, s->key + 1))
        return;
    if (e.ordinal % 8 == 0)
        CHECK(fihi_segment_term(segment, e.ordinal, back, &n, &e, &err) == FIH_OK && n == s->key_bytes &&
                  memcmp(back, s->key, n) == 0);
    memcpy(key, s->key, s->key_bytes);
    key[s->key_bytes - 1] ^= (uint8_t)(1 + s->entry.ordinal % 3);
    if (fihi_segment_find(segment, key, s->key_bytes, &e, &err) == FIH_OK)
        CHECK(fihi_segment_term(segment, e.ordinal, back, &n, &e, &err) == FIH_OK && n == s->key_bytes &&
                  memcmp(back, key, n) == 0, "%.*s is another term", (int)n - 1, key + 1);
}

static void number_forms(void)
{
    struct term_walk w = {.segment = segment};
    int rc;

    numbered_count = 0;
    while ((rc = fihi_term_walk_next(&w, &err)) == FIH_OK) {
        struct dict_rows rows = fihi_dict_rows(&w.scan.entry);
        struct dict_row r;

        find_key(&w);
        while (w.scan.key[0] == LEVEL_FORM && fihi_dict_row_next(&rows, &r) == FIH_OK) {
            CHECK(fihi_grow(&numbered, &numbered_cap, numbered_count + 1, sizeof *numbered) == FIH_OK);
            numbered[numbered_count++] =
                (struct numbered){r.stem, r.form, number_of(w.scan.key + 1, w.scan.key_bytes - 1), r.df};
        }
    }
    CHECK_INT_EQ(rc, FIH_DONE, "%s", err.msg);
    qsort(numbered, numbered_count, sizeof *numbered, by_number);
}

/* The rows of a root: its stems in the segment, of which each has the root; and its documents. */
static void compare_root(const struct dict_entry *e, uint32_t root, const uint32_t *stems)
{
    struct dict_rows rows = fihi_dict_rows(e);
    struct dict_row r;
    uint32_t docs = 0;
    const struct sum key = {root, base, 0, 0};
    size_t low = 0, high = counted.sum_count;

    while (low < high) {
        const size_t mid = low + (high - low) / 2;

        if (by_root(&counted.sums[mid], &key) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < counted.sum_count && counted.sums[low].root == root && counted.sums[low].doc < segment_end; low++)
        docs++;
    same(docs == e->df, "the documents of a root", root);
    while (fihi_dict_row_next(&rows, &r) == FIH_OK)
        same(counted.root_of[stems[r.stem]] == root, "a stem of a root", root);
}

/* All terms of a segment, whose documents are those from `base` on. */
static void compare_segment(void)
{
    struct term_walk w = {.segment = segment};
    uint32_t *const stems = malloc((segment->stats.terms + 1) * sizeof *stems), stem_count = 0, with_root = 0, rows = 0;
    size_t at = 0, next;
    int rc;

    REQUIRE(stems);
    number_forms();
    while ((rc = fihi_term_walk_next(&w, &err)) == FIH_OK && differences < DIFFERENCES) {
        const uint32_t term = number_of(w.scan.key + 1, w.scan.key_bytes - 1);

        if (!CHECK(term != NOTHING, "%.*s", (int)w.scan.key_bytes - 1, w.scan.key + 1))
            break;
        if (w.scan.key[0] == LEVEL_ROOT) {
            compare_root(&w.scan.entry, term, stems);
            rows += w.scan.entry.row_count;
        }
        if (w.scan.key[0] != LEVEL_STEM)
            continue;
        for (posting_count = 0; at < counted.occurrence_count && posting_count == 0; at = next) {
            const uint32_t same_stem = counted.occurrences[at].stem;

            for (next = at; next < counted.occurrence_count && counted.occurrences[next].stem == same_stem; next++)
                ;
            gather(at, next);
        }
        const uint32_t stem = posting_count ? postings[0].first->stem : NOTHING;
        if (!CHECK(stem == term, "%.*s is not the next stem", (int)w.scan.key_bytes - 1, w.scan.key + 1))
            break;
        stems[stem_count++] = stem;
        with_root += counted.root_of[stem] != NOTHING;
        compare_list(stem, &w.scan.entry);
    }
    for (posting_count = 0; at < counted.occurrence_count && posting_count == 0; at++)
        gather(at, at + 1);
    CHECK(posting_count == 0 && rows == with_root && differences == 0, "terms are missing");
    free(stems);
}

static void compare_index(const char *name)
{
    struct view *v = NULL;

    differences = 0;
    compared = 0;
    if (!CHECK(fihi_view_open(&v, place_path(name), &err) == FIH_OK, "%s", err.msg))
        return;
    CHECK_INT_EQ(v->docs, counted.document_count);
    list_fence = fence_new(LIST_ROOM);
    position_fence = fence_new(LIST_ROOM);
    base = 0;
    for (uint32_t i = 0; i < v->count; i++, base = segment_end) {
        segment = v->segments[i];
        segment_end = base + segment->stats.docs;
        compare_segment();
    }
    CHECK(compared > counted.occurrence_count / 3, "%" PRIu64 " of %zu", compared, counted.occurrence_count);
    fence_free(&list_fence);
    fence_free(&position_fence);
    fihi_view_close(v);
    free(postings);
    free(numbered);
    postings = NULL;
    numbered = NULL;
    posting_cap = numbered_cap = 0;
}

/* ---- making it */

static void write_index(const char *name, unsigned threads, unsigned commits, size_t from, size_t to, bool is_merged)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w = NULL;

    o.threads = threads;
    o.memory_bytes = UINT64_C(1) << 30;
    o.no_clean = 1;
    place_remove(place_path(name));
    REQUIRE(fih_writer_open(&w, place_path(name), &o, &err) == FIH_OK, "%s", err.msg);
    for (size_t i = from; i < to; i++) {
        fih_doc d = FIH_DOC_INIT;
        char id[24];

        d.id = (fih_str){id, (size_t)snprintf(id, sizeof id, "%zu", i)};
        d.title = title_of(&counted.documents[i]);
        d.body = body_of(&counted.documents[i]);
        CHECK(fih_writer_add(w, &d, &err) == FIH_OK, "%s", err.msg);
        if (commits > 1 && i % ((to - from) / commits) == 0)
            CHECK(fih_writer_commit(w, &err) == FIH_OK, "%s", err.msg);
    }
    CHECK(fih_writer_commit(w, &err) == FIH_OK, "%s", err.msg);
    if (is_merged)
        CHECK(fih_writer_merge(w, &err) == FIH_OK, "%s", err.msg);
    fih_writer_close(w);
}

static void an_index_of_one_segment_is_what_counting_gives(void)
{
    count_words();
    write_index("one", 1, 1, 0, counted.document_count, false);
    compare_index("one");
}

static void segments_made_by_threads_are_what_counting_gives(void)
{
    count_words();
    write_index("several", 3, 4, 0, counted.document_count, false);
    compare_index("several");
}

static void merged_segments_are_what_counting_gives(void)
{
    count_words();
    write_index("merged", 2, 5, 0, counted.document_count, true);
    compare_index("merged");
}

static void joined_indexes_are_what_counting_gives(void)
{
    const char *paths[2];

    count_words();
    write_index("first", 2, 1, 0, counted.document_count / 3, false);
    write_index("second", 1, 2, counted.document_count / 3, counted.document_count, false);
    paths[0] = place_path("first");
    paths[1] = place_path("second");
    place_remove(place_path("joined"));
    REQUIRE(fih_merge(paths, 2, place_path("joined"), NULL, &err) == FIH_OK, "%s", err.msg);
    compare_index("joined");
}

/* ---- what is passed over in a search */

static bool is_plain_word(const char *s, size_t n)
{
    for (size_t i = 0; i + 1 < n; i += 2)                  /* Arabic letters without marks */
        if (((uint8_t)s[i] != 0xD8 && (uint8_t)s[i] != 0xD9) || ((uint8_t)s[i] == 0xD9 && (uint8_t)s[i + 1] > 0x8A))
            return false;
    return n > 4 && n % 2 == 0;
}

/* Some words that stand together in a document, as a query of a kind; false if they are not fit for one. */
static bool make_query(char *out, size_t size, unsigned kind, uint64_t *seed)
{
    static const char *const before[] = {"", "+", "", "+title:", "body:"};
    const struct document *const d = &counted.documents[tap_random(seed) % counted.document_count];
    const fih_str body = body_of(d);
    unsigned words = 1 + (unsigned)(tap_random(seed) % 4);
    size_t n = 0, at = body.len ? tap_random(seed) % body.len : 0;

    n += (size_t)snprintf(out, size, "%s", kind == 2 ? "\"" : "");
    while (at < body.len && body.ptr[at] != ' ')
        at++;
    for (at++; at < body.len && words > 0; words--) {
        const char *const s = body.ptr + at, *const space = memchr(s, ' ', body.len - at);
        const size_t len = space ? (size_t)(space - s) : body.len - at;

        if (!is_plain_word(s, len) || n + len + 16 > size)
            return false;
        n += (size_t)snprintf(out + n, size - n, "%s%.*s ", before[kind], (int)len, s);
        at += len + 1;
    }
    snprintf(out + n, size - n, "%s", kind == 2 ? "\"" : "");
    return words == 0;
}

static fih_hits *ask(fih_reader *r, const char *text, const fih_search_opts *o)
{
    fih_query *q = NULL;
    fih_hits *h = NULL;

    CHECK(fih_query_parse(&q, fih_str_of(text), &err) == FIH_OK && fih_search(&h, r, q, o, &err) == FIH_OK, "%s: %s",
          text, err.msg);
    fih_query_free(q);
    return h;
}

static void compare_answers(fih_reader *r, const char *text, uint32_t limit, unsigned *passed)
{
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    fih_hits *want, *h;

    o.limit = limit;
    o.count_all = COUNT_BY_REFERENCE;
    want = ask(r, text, &o);
    o.count_all = 0;
    h = ask(r, text, &o);
    if (want && h && CHECK(fih_hits_count(want) == fih_hits_count(h), "%s", text))
        for (size_t i = 0; i < fih_hits_count(h); i++) {
            const fih_hit *const a = fih_hits_at(want, i), *const b = fih_hits_at(h, i);

            if (!CHECK(a->doc == b->doc && memcmp(&a->score, &b->score, sizeof a->score) == 0, "%s: hit %zu", text, i))
                break;
        }
    *passed += h && !fih_hits_is_exact(h);
    fih_hits_free(want);
    fih_hits_free(h);
}

/* Words of real texts, of all kinds: by bounds, by the rarest, by the best blocks, against all matches one by one. */
static void the_best_are_those_of_all_matches(void)
{
    static const char *const names[] = {"one", "several"};
    unsigned asked = 0, passed = 0;
    uint64_t seed = 11;

    count_words();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        fih_reader *r = NULL;

        REQUIRE(fih_reader_open(&r, place_path(names[i]), &err) == FIH_OK, "%s", err.msg);
        for (unsigned round = 0; round < (IS_ASAN ? 2000 : 6000); round++) {
            char text[400];

            if (make_query(text, sizeof text, round % 5, &seed)) {
                compare_answers(r, text, round % 3 ? 10 : 100, &passed);
                asked++;
            }
        }
        fih_reader_close(r);
    }
    CHECK(asked > 400 && (passed > 20 || word_count() < 200000), "%u queries, %u not exact", asked, passed);
}

void test_lists(struct totals *t)
{
    static const struct test tests[] = {
        {an_index_of_one_segment_is_what_counting_gives, "an index of one segment is what counting gives"},
        {segments_made_by_threads_are_what_counting_gives, "segments made by threads are what counting gives"},
        {the_best_are_those_of_all_matches, "the best are those of all matches"},
        {merged_segments_are_what_counting_gives, "merged segments are what counting gives"},
        {joined_indexes_are_what_counting_gives, "joined indexes are what counting gives"},
        {NULL, NULL},
    };

    place_new("equal");
    run_all(tests, t);
    count_forget();
    place_remove(place);
}
