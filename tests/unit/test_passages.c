/* test_passages.c - the passage found by the positions in the index against the one that the whole text gives: the
 * same, or one that shows as much; whatever the index says, bytes of the text. And the starts of records: analysis from
 * there gives the same words. Real texts need FIHRIST_SHARED; with --all every text of the collections is looked at. */
#include <zlib.h>

#include "api/handles.h"
#include "base/utf8.h"
#include "fihrist.h"
#include "place.h"
#include "search/snippet.h"
#include "tap.h"

enum { TEXT_MAX = 16 << 20 };

static char text[TEXT_MAX];
static uint64_t seed = 19;
static bool is_all;
static fih_error err;

static uint32_t rnd(uint32_t n) { return (uint32_t)(tap_random(&seed) % n); }
static fih_str str(const char *s) { return (fih_str){s, strlen(s)}; }

/* ---- texts made of what splits oddly, is no word, or is several */

static const char *const pieces[] = {
    "كتاب", "كتب", "الكتاب", "وكتابهم", "مدرسة", "المدارس", "مدينة", "ﷺ", "إلهام", "الهام", "بيت", "البيت",
    "بيوت", "قال", "في", "من", "و50", "الـGPS", "كوفيد19", "كـــتاب", "ـ", "1,000", "1,2,3", ",5", "7.5", "a,b",
    "covid19", "École", "ABC", "北京大学", "日本語を話す", "ภาษาไทยง่ายมาก", "ال", "وال", "مُحَمَّدٌ", "هـٰذا",
    "الم‌دينة", "مدي­نة", "ﻣﺪﻳﻨﺔ", "😀", "\u064E", "سماء", "شيء", "٧٫٥", "،", ".", ". ", "\n",
    "يأيها", "ويَأيُّها", "يبنؤم", "على", "علي", "علي  ", "محمد", "بن",
};

static size_t make_text(char *out, size_t words)
{
    size_t n = 0;

    for (size_t i = 0; i < words; i++) {
        const char *piece = pieces[rnd(3) ? rnd(16) : rnd(sizeof pieces / sizeof *pieces)];

        n += (size_t)sprintf(out + n, "%s%s", piece, rnd(12) ? " " : rnd(3) ? "" : rnd(2) ? "," : " <b>");
    }
    return n;
}

/* ---- starts */

static size_t restarts;                        /* tried since it was set to 0 */

/* A text's words, and from some on again, as a piece of the text: nothing but how torn words are read depends on what
 * is before. */
static void check_restarts(struct analyzer *a, const char *s, size_t n, unsigned every, const char *what)
{
    enum { AGAIN = 24 };
    static uint32_t surfaces[TEXT_MAX / 8];
    static size_t starts[TEXT_MAX / 8];
    uint32_t again[AGAIN];
    const struct surroundings all = {.near = {s, n}, .whole = {{s, n}, {NULL, 0}}};
    struct text_word words[64];
    size_t count = 0, got, at, w = 0;

    fihi_analyzer_begin(a, (const uint8_t *)s, n);
    while (count < TEXT_MAX / 8 && fihi_analyzer_next_surfaces(a, &surfaces[count], 1, &got, &err) == FIH_OK) {
        const bool is_fresh = fihi_analyzer_is_fresh(a, &at);

        starts[count++] = at | (is_fresh ? (size_t)1 << 63 : 0);
    }
    fihi_analyzer_begin(a, (const uint8_t *)s, n);
    while (fihi_analyzer_next_words(a, words, 64, &got, &err) == FIH_OK)
        for (size_t i = 0; i < got; i++, w++) {
            size_t results;
            const struct result *r = w < count ? fihi_analyzer_surface(a, surfaces[w], &results) : NULL;

            if (!r || words[i].start != (starts[w] & SIZE_MAX >> 1) ||
                words[i].positions != result_positions(r, results)) {
                CHECK(0, "%s: word %zu", what, w);
                return;
            }
        }
    CHECK_INT_EQ(w, count, "%s", what);
    for (size_t i = 0; i < count; i += 1 + rnd(every)) {
        size_t k = 0;

        if (!(starts[i] >> 63))
            continue;
        restarts++;
        at = starts[i] & SIZE_MAX >> 1;
        fihi_analyzer_begin_in(a, (const uint8_t *)s + at, n - at, &all);
        if (fihi_analyzer_next_surfaces(a, again, AGAIN, &got, &err) != FIH_OK)
            got = 0;
        while (k < got && i + k < count && again[k] == surfaces[i + k])
            k++;
        if (k != (count - i < AGAIN ? count - i : AGAIN)) {
            CHECK(0, "%s: from word %zu at byte %zu, the %zuth", what, i, at, k);
            return;
        }
    }
}

static void analysis_may_begin_anew_in_odd_texts(void)
{
    static const char *const names[] = {"arabic", "arabic-snowball", "arabic-exact", "simple", "arabic+french"};

    restarts = 0;
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        struct analyzer *a;

        REQUIRE(fihi_analyzer_new(&a, names[k], &err) == FIH_OK);
        for (unsigned i = 0; i < 1500; i++) {
            const size_t n = make_text(text, 1 + rnd(60));

            if (i % 3 == 0)                    /* and in any bytes */
                for (size_t j = 0; j < n; j += 1 + rnd(20))
                    text[j] = (char)rnd(256);
            check_restarts(a, text, n, 3, names[k]);
        }
        fihi_analyzer_free(a);
    }
    CHECK(restarts > 10000, "only %zu", restarts);
}

/* The body in a line of JSON, its escapes left as they are. */
static fih_str body_of(char *line)
{
    char *s = strstr(line, "\"body\": \"");
    size_t n;

    if (!s)
        return (fih_str){line, 0};
    s += 9;
    n = strcspn(s, "\n");
    if (n > (1 << 20))
        n = 1 << 20;
    while (n > 0 && fihi_utf8_valid((const uint8_t *)s, n) != n)
        n--;
    return (fih_str){s, n};
}

static gzFile open_texts(const char *name)
{
    const char *shared = getenv("FIHRIST_SHARED");
    char path[1024];

    snprintf(path, sizeof path, "%s/data/corpora/%s.jsonl.gz", shared ? shared : "", name);
    return shared && *shared ? gzopen(path, "rb") : NULL;
}

static const char *const collections[] = {"antcorpus", "arwiki10k", "arzwiki", "openiti0325"};

static void analysis_may_begin_anew_in_real_texts(void)
{
    struct analyzer *a;
    size_t docs = 0;

    restarts = 0;
    REQUIRE(fihi_analyzer_new(&a, "arabic", &err) == FIH_OK);
    for (size_t i = 0; i < 4; i++) {
        gzFile f = open_texts(collections[i]);

        for (unsigned k = 0; f && gzgets(f, text, sizeof text); k++) {
            const fih_str body = body_of(text);

            if (is_all || k % 61 == 0) {
                check_restarts(a, body.ptr, body.len, 100, collections[i]);
                docs++;
            }
            if (fihi_analyzer_bytes(a) > (32u << 20))
                fihi_analyzer_reset(a);
        }
        if (f)
            gzclose(f);
    }
    fihi_analyzer_free(a);
    if (docs == 0)
        SKIP("FIHRIST_SHARED is not set");
    CHECK(restarts > docs, "only %zu in %zu texts", restarts, docs);
    printf("# %zu texts\n", docs);
}

/* ---- passages */

struct tally {
    size_t same, equal, worse, whole;  /* parts, value; less is shown; the whole text was read after all */
    double got, could;                 /* values, all together */
};

static bool is_same(const struct fih_snippet *a, const struct fih_snippet *b)
{
    bool same = a->count == b->count;

    for (size_t i = 0; i < a->count && same; i++)
        same = a->parts[i].kind == b->parts[i].kind && a->parts[i].text.len == b->parts[i].text.len &&
               (a->parts[i].text.len == 0 ||        /* a gap */
                memcmp(a->parts[i].text.ptr, b->parts[i].text.ptr, a->parts[i].text.len) == 0);
    return same;
}

/* The parts are pieces of the body, in order. */
static bool lies_in(const struct fih_snippet *s, fih_str body)
{
    size_t at = 0;

    for (size_t i = 0; i < s->count; i++) {
        const fih_str part = s->parts[i].text;

        while (part.len && at + part.len <= body.len && memcmp(body.ptr + at, part.ptr, part.len) != 0)
            at++;
        if (at + part.len > body.len)
            return false;
        at += part.len;
    }
    return true;
}

static void compare(struct tally *t, fih_reader *r, const fih_query *q, fih_docno doc)
{
    struct fih_snippet *by_index = NULL, *whole = NULL;
    struct indexed indexed;
    struct analyzer *a;
    fih_stored *s;
    char bytes[64];

    REQUIRE(fih_reader_doc(&s, r, doc, &err) == FIH_OK && fihi_reader_take(&a, r, &err) == FIH_OK);
    REQUIRE(fihi_stored_place(s, r, &indexed));
    const fih_str body = fih_stored_get(s, "body");
    const uint32_t chars = rnd(4) ? 240 : 40 + rnd(400);
    CHECK(fihi_snippet_new(&by_index, a, q, body, fihi_stored_cuts(s), &indexed, chars, &err) == FIH_OK &&
          fihi_snippet_new(&whole, a, q, body, fihi_stored_cuts(s), NULL, chars, &err) == FIH_OK);
    if (by_index && whole) {
        t->whole += !by_index->is_by_index;
        if (is_same(by_index, whole))
            t->same++;
        else if (by_index->value + 1e-9 >= whole->value)
            t->equal++;
        else
            t->worse++;
        t->got += by_index->value;
        t->could += whole->value;
        if (getenv("VERBOSE") && !is_same(by_index, whole)) {
            printf("# doc %u chars %u: %g, %g\n", (unsigned)doc, chars, by_index->value, whole->value);
            for (int k = 0; k < 2; k++) {
                const struct fih_snippet *x = k ? whole : by_index;

                printf("#  ");
                for (size_t i = 0; i < x->count; i++)
                    printf(x->parts[i].kind == FIH_PART_HIT ? "[%.*s]" : x->parts[i].kind ? "…" : "%.*s",
                           (int)x->parts[i].text.len, x->parts[i].text.ptr);
                printf("\n");
            }
        }
    }
    fih_snippet_free(by_index);
    fih_snippet_free(whole);
    /* Starts that are those of nothing. */
    if (indexed.starts.len && rnd(4) == 0) {
        const size_t n = indexed.starts.len < sizeof bytes ? indexed.starts.len : sizeof bytes;

        memcpy(bytes, indexed.starts.ptr, n);
        for (unsigned i = 0; i < 4; i++)
            bytes[rnd((uint32_t)n)] = (char)rnd(256);
        indexed.starts = (fih_str){bytes, n};
        CHECK(fihi_snippet_new(&by_index, a, q, body, fihi_stored_cuts(s), &indexed, chars, &err) == FIH_OK);
        CHECK(by_index && lies_in(by_index, body));
        fih_snippet_free(by_index);
    }
    /* Positions of another document: the text is read whole, or there is nothing to see. */
    if (rnd(4) == 0) {
        indexed.doc = rnd(indexed.segment->stats.docs);
        CHECK(fihi_snippet_new(&by_index, a, q, body, fihi_stored_cuts(s), &indexed, chars, &err) == FIH_OK);
        CHECK(by_index && lies_in(by_index, body));
        fih_snippet_free(by_index);
    }
    fihi_reader_give(r, a);
    fih_stored_free(s);
}

/* A query of words that stand in a document: near each other or not, in all ways of asking. */
static size_t make_query(char *out, size_t room, fih_str body)
{
    const unsigned kind = rnd(6), words = 1 + rnd(4);
    size_t n = 0, at = body.len ? rnd((uint32_t)body.len) : 0;

    if (kind == 0)
        n += (size_t)snprintf(out, room, "\"");
    for (unsigned i = 0; i < words && n + 200 < room; i++) {
        size_t end;

        if (kind > 1 && body.len)
            at = rnd((uint32_t)body.len);
        while (at < body.len && body.ptr[at] != ' ')
            at++;
        while (at < body.len && body.ptr[at] == ' ')
            at++;
        for (end = at; end < body.len && body.ptr[end] != ' ' && end - at < 60; end++)
            ;
        n += (size_t)snprintf(out + n, room - n, "%s", kind == 2 ? "+" : kind == 3 && i ? "NEAR/5 " : "");
        for (; at < end && n + 10 < room; at++)        /* nor operators and names of fields */
            if ((uint8_t)body.ptr[at] >= 0x80 || (body.ptr[at] >= '0' && body.ptr[at] <= 'z' && body.ptr[at] != '\\' && body.ptr[at] != ':'))
                out[n++] = body.ptr[at];
        out[n++] = ' ';
    }
    n += (size_t)snprintf(out + n, room - n, "%s", kind == 0 ? rnd(2) ? "\"" : "\"~3" : "");
    return n;
}

static struct tally ask(const char *index, unsigned rounds)
{
    struct tally t = {0};
    fih_reader *r;

    if (fih_reader_open(&r, index, &err) != FIH_OK) {
        CHECK(0, "%s", err.msg);
        return t;
    }
    for (unsigned i = 0; i < rounds; i++) {
        char query[1024];
        fih_stored *s;
        fih_query *q;
        fih_hits *hits;
        const fih_hit *hit;

        if (fih_reader_doc(&s, r, rnd((uint32_t)fih_reader_doc_count(r)), &err) != FIH_OK)
            continue;
        const size_t n = make_query(query, sizeof query, fih_stored_get(s, "body"));
        fih_stored_free(s);
        if (fih_query_parse(&q, (fih_str){query, n}, &err) != FIH_OK)
            continue;
        if (!CHECK_INT_EQ(fih_search(&hits, r, q, NULL, &err), FIH_OK, "%s", err.msg)) {
            fih_query_free(q);
            continue;
        }
        for (size_t k = 0; k < 4 && (hit = fih_hits_at(hits, k)) != NULL; k++)
            compare(&t, r, q, hit->doc);
        fih_hits_free(hits);
        fih_query_free(q);
    }
    fih_reader_close(r);
    printf("# %zu the same, %zu as good, %zu less, %zu read whole; %.4f of the value\n", t.same, t.equal, t.worse,
           t.whole, t.could > 0 ? t.got / t.could : 1);
    return t;
}

/* Where all texts were read whole, the two ways would be one, and agree. */
static bool by_positions(const struct tally *t)
{
    return CHECK(t->whole <= (t->same + t->equal + t->worse) / 4, "%zu of them read whole", (size_t)t->whole);
}

static fih_writer *begin_index(const char *name)
{
    fih_writer *w = NULL;

    CHECK(fih_writer_open(&w, place_path(name), NULL, &err) == FIH_OK);
    return w;
}

static void add(fih_writer *w, size_t number, const char *title, fih_str body)
{
    fih_doc d = FIH_DOC_INIT;
    char id[24];

    d.id = (fih_str){id, (size_t)snprintf(id, sizeof id, "%zu", number)};
    d.title = str(title);
    d.body = body;
    CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK, "%s", err.msg);
}

static void end_index(fih_writer *w)
{
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    fih_writer_close(w);
}

static void passages_of_odd_texts_are_those_of_the_whole_text(void)
{
    fih_writer *w = begin_index("odd");

    REQUIRE(w);
    for (size_t i = 0; i < 300; i++)
        add(w, i, rnd(2) ? "كتاب ﷺ بيت" : "", (fih_str){text, make_text(text, i % 10 ? rnd(400) : 2000)});
    end_index(w);
    const struct tally t = ask(place_path("odd"), 400);
    CHECK(t.same > 1000 && by_positions(&t) && t.got >= 0.995 * t.could && t.worse <= t.same / 100);
}

static void passages_of_long_odd_texts_show_as_much(void)
{
    fih_writer *w = begin_index("odd-long");

    REQUIRE(w);
    for (size_t i = 0; i < 12; i++)
        add(w, i, "", (fih_str){text, make_text(text, 30000)});
    end_index(w);
    const struct tally t = ask(place_path("odd-long"), 60);
    CHECK(t.same + t.equal > 100 && by_positions(&t) && t.got >= 0.98 * t.could);
}

static void passages_of_real_texts_are_those_of_the_whole_text(void)
{
    fih_writer *w = begin_index("real");
    size_t docs = 0;

    REQUIRE(w);
    for (size_t i = 0; i < 3; i++) {
        gzFile f = open_texts(collections[i]);

        for (unsigned k = 0; f && gzgets(f, text, sizeof text); k++)
            if (is_all || k % 31 == 0)
                add(w, docs++, k % 2 ? "عنوان" : "", body_of(text));
        if (f)
            gzclose(f);
    }
    end_index(w);
    if (docs == 0)
        SKIP("FIHRIST_SHARED is not set");
    const struct tally t = ask(place_path("real"), is_all ? 5000 : 500);
    CHECK(t.same + t.equal > 100 && by_positions(&t) && t.got >= 0.999 * t.could && t.worse <= t.same / 200);
}

/* Pages of books, joined to texts of some 90,000 words. */
static void passages_of_long_real_texts_show_as_much(void)
{
    static char book[TEXT_MAX];
    fih_writer *w = begin_index("long");
    gzFile f = open_texts("openiti0325");
    size_t docs = 0, n = 0;

    REQUIRE(w);
    while (f && docs < (is_all ? 40 : 8) && gzgets(f, text, sizeof text)) {
        const fih_str body = body_of(text);

        memcpy(book + n, body.ptr, body.len);
        n += body.len;
        book[n++] = '\n';
        if (n > 900000) {
            add(w, docs++, "كتاب", (fih_str){book, n});
            n = 0;
        }
    }
    if (f)
        gzclose(f);
    end_index(w);
    if (docs == 0)
        SKIP("FIHRIST_SHARED is not set");
    const struct tally t = ask(place_path("long"), is_all ? 400 : 40);
    CHECK(t.same + t.equal > 20 && by_positions(&t) && t.got >= 0.98 * t.could);
}

int main(int argc, char **argv)
{
    is_all = argc > 1 && strcmp(argv[1], "--all") == 0;
    place_new("passages");
    RUN(analysis_may_begin_anew_in_odd_texts);
    RUN(analysis_may_begin_anew_in_real_texts);
    RUN(passages_of_odd_texts_are_those_of_the_whole_text);
    RUN(passages_of_long_odd_texts_show_as_much);
    RUN(passages_of_real_texts_are_those_of_the_whole_text);
    RUN(passages_of_long_real_texts_show_as_much);
    place_remove(place);
    return DONE();
}
