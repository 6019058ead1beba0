/* test_notes.c - a program's small records, through the API. */
#include "fihrist.h"
#include "place.h"
#include "tap.h"

static fih_error err;

static fih_writer *open_writer(void)
{
    fih_writer *w = NULL;

    CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), NULL, &err), FIH_OK, "%s", err.msg);
    return w;
}

static int put(fih_writer *w, const char *key, const char *value)
{
    return fih_writer_note_put(w, fih_str_of(key), fih_str_of(value), &err);
}

static int forget(fih_writer *w, const char *key) { return fih_writer_note_delete(w, fih_str_of(key), &err); }

static int has(fih_writer *w, const char *key, const char *want)
{
    fih_str v;
    const int rc = fih_writer_note_get(&v, w, fih_str_of(key), &err);

    return want ? rc == FIH_OK && v.len == strlen(want) && memcmp(v.ptr, want, v.len) == 0
                : rc == FIH_E_NOTFOUND && !v.ptr;
}

/* The same of the last commit, by a reader of its own. */
static int committed(const char *key, const char *want)
{
    fih_reader *r = NULL;
    fih_str v = {NULL, 0};
    int rc = fih_reader_open(&r, place_path("index"), &err), good;

    if (rc == FIH_OK)
        rc = fih_reader_note(&v, r, fih_str_of(key), &err);
    good = want ? rc == FIH_OK && v.len == strlen(want) && memcmp(v.ptr, want, v.len) == 0 : rc == FIH_E_NOTFOUND && !v.ptr;
    fih_reader_close(r);
    return good;
}

static void a_note_is_seen_by_its_writer_at_once_and_by_readers_after_the_commit(void)
{
    fih_writer *w = open_writer();

    REQUIRE(w);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    CHECK(has(w, "k", NULL) && err.code == FIH_E_NOTFOUND);
    CHECK_INT_EQ(put(w, "k", "one"), FIH_OK);
    CHECK(has(w, "k", "one"));
    CHECK(committed("k", NULL));
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    CHECK(has(w, "k", "one"));
    CHECK(committed("k", "one"));
    fih_writer_close(w);
}

static void putting_again_replaces_within_a_commit_and_over_commits(void)
{
    fih_writer *w = open_writer();

    REQUIRE(w);
    CHECK_INT_EQ(put(w, "k", "two"), FIH_OK);
    CHECK_INT_EQ(put(w, "k", "three, longer"), FIH_OK);
    CHECK_INT_EQ(put(w, "empty", ""), FIH_OK);
    CHECK(has(w, "k", "three, longer"));
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    CHECK(committed("k", "three, longer") && committed("empty", ""));
    CHECK_INT_EQ(put(w, "k", "4"), FIH_OK);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    CHECK(committed("k", "4"));
    fih_writer_close(w);
}

static void a_deleted_note_is_gone_and_can_come_back(void)
{
    fih_writer *w = open_writer();

    REQUIRE(w);
    CHECK_INT_EQ(forget(w, "k"), FIH_OK);
    CHECK(has(w, "k", NULL));
    CHECK(committed("k", "4"));
    CHECK_INT_EQ(forget(w, "never there"), FIH_OK);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    CHECK(committed("k", NULL));
    CHECK_INT_EQ(put(w, "k", "5"), FIH_OK);
    CHECK_INT_EQ(forget(w, "k"), FIH_OK);
    CHECK_INT_EQ(put(w, "k", "6"), FIH_OK);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    CHECK(committed("k", "6"));
    fih_writer_close(w);
}

static void rollback_and_close_drop_what_was_not_committed(void)
{
    fih_writer *w = open_writer();

    REQUIRE(w);
    CHECK_INT_EQ(put(w, "k", "7"), FIH_OK);
    CHECK_INT_EQ(put(w, "new", "x"), FIH_OK);
    CHECK_INT_EQ(forget(w, "empty"), FIH_OK);
    CHECK_INT_EQ(fih_writer_rollback(w, &err), FIH_OK);
    CHECK(has(w, "k", "6") && has(w, "new", NULL) && has(w, "empty", ""));
    CHECK_INT_EQ(put(w, "k", "8"), FIH_OK);
    fih_writer_close(w);
    CHECK(committed("k", "6") && committed("new", NULL));
}

/* A long key that differs from another only behind the part that the store's key holds. */
static const char *long_key(char *out, size_t n, char last)
{
    memset(out, 'x', n);
    out[n - 1] = last;
    out[n] = '\0';
    return out;
}

static void keys_of_any_length_are_told_apart(void)
{
    static const size_t lengths[] = {1, 479, 480, 481, 500, 511, 1000, FIH_MAX_ID};
    static char key[FIH_MAX_ID + 2];
    fih_writer *w = open_writer();
    char value[32];

    REQUIRE(w);
    for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; i++)
        for (char c = 'a'; c <= 'c'; c++) {
            snprintf(value, sizeof value, "%zu%c", lengths[i], c);
            CHECK_INT_EQ(put(w, long_key(key, lengths[i], c), value), FIH_OK, "%s", err.msg);
        }
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    CHECK_INT_EQ(forget(w, long_key(key, 481, 'b')), FIH_OK);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; i++)
        for (char c = 'a'; c <= 'c'; c++) {
            const char *want = lengths[i] == 481 && c == 'b' ? NULL : value;

            snprintf(value, sizeof value, "%zu%c", lengths[i], c);
            CHECK(has(w, long_key(key, lengths[i], c), want) && committed(key, want), "length %zu", lengths[i]);
        }
    CHECK_INT_EQ(put(w, long_key(key, FIH_MAX_ID + 1, 'x'), "v"), FIH_E_LIMIT);
    CHECK_INT_EQ(put(w, "", "v"), FIH_E_LIMIT);
    CHECK(has(w, "k", "6"));            /* a refusal drops nothing */
    fih_writer_close(w);
}

static void values_reach_to_a_mebibyte_and_no_further(void)
{
    const size_t n = 1 << 20;
    char *value = malloc(n + 1);
    fih_writer *w = open_writer();
    fih_reader *r = NULL;
    fih_str got;

    REQUIRE(w);
    for (size_t i = 0; i <= n; i++)
        value[i] = (char)(i * 7);
    CHECK_INT_EQ(fih_writer_note_put(w, FIH_STR("large"), (fih_str){value, n}, &err), FIH_OK);
    CHECK_INT_EQ(fih_writer_note_put(w, FIH_STR("larger"), (fih_str){value, n + 1}, &err), FIH_E_LIMIT);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    fih_writer_close(w);
    CHECK_INT_EQ(fih_reader_open(&r, place_path("index"), &err), FIH_OK);
    CHECK_INT_EQ(fih_reader_note(&got, r, FIH_STR("large"), &err), FIH_OK);
    CHECK(got.len == n && memcmp(got.ptr, value, n) == 0);
    fih_reader_close(r);
    free(value);
}

struct walk {
    unsigned count, stop_at;
    int      stop_with;
    size_t   key_bytes;
    const char *prefix;
    size_t   prefix_bytes;
    int      wrong;
};

static int step(void *ctx, fih_str key, fih_str value)
{
    struct walk *w = ctx;

    w->wrong |= key.len < w->prefix_bytes || (w->prefix_bytes && memcmp(key.ptr, w->prefix, w->prefix_bytes) != 0);
    w->key_bytes += key.len + value.len;
    return ++w->count == w->stop_at ? w->stop_with : 0;
}

/* How many notes begin so, for the writer and for a reader of the last commit. */
static unsigned count_notes(fih_writer *w, const char *prefix, size_t n, unsigned *in_commit)
{
    struct walk seen = {.prefix = prefix, .prefix_bytes = n}, other = seen;
    fih_reader *r = NULL;

    CHECK_INT_EQ(fih_writer_note_each(w, (fih_str){prefix, n}, step, &seen, &err), FIH_OK);
    CHECK_INT_EQ(fih_reader_open(&r, place_path("index"), &err), FIH_OK);
    CHECK_INT_EQ(fih_reader_note_each(r, (fih_str){prefix, n}, step, &other, &err), FIH_OK);
    fih_reader_close(r);
    CHECK(!seen.wrong && !other.wrong);
    *in_commit = other.count;
    return seen.count;
}

static void walking_a_prefix_meets_each_note_once_pending_or_not(void)
{
    static char key[1200];
    fih_writer *w;
    unsigned old;

    place_remove(place_path("index"));
    w = open_writer();
    REQUIRE(w);
    CHECK_INT_EQ(put(w, "a", "1") | put(w, "ab", "1") | put(w, "abc", "1") | put(w, "b", "1"), FIH_OK);
    CHECK_INT_EQ(put(w, long_key(key, 480, 'p'), "1") | put(w, long_key(key, 700, 'p'), "1") |
                     put(w, long_key(key, 900, 'q'), "1"),
                 FIH_OK);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    CHECK_INT_EQ(count_notes(w, NULL, 0, &old), 7);
    CHECK_INT_EQ(old, 7);
    CHECK_INT_EQ(count_notes(w, "a", 1, &old), 3);
    CHECK_INT_EQ(count_notes(w, "ab", 2, &old), 2);
    CHECK_INT_EQ(count_notes(w, "abcd", 4, &old), 0);
    CHECK_INT_EQ(count_notes(w, "x", 1, &old), 3);
    memset(key, 'x', sizeof key);
    CHECK_INT_EQ(count_notes(w, key, 479, &old), 3);
    CHECK_INT_EQ(count_notes(w, key, 480, &old), 2);
    CHECK_INT_EQ(count_notes(w, key, 699, &old), 2);
    CHECK_INT_EQ(count_notes(w, key, 800, &old), 1);
    CHECK_INT_EQ(old, 1);
    CHECK_INT_EQ(put(w, "ab", "2") | put(w, "abd", "2") | forget(w, "abc") | put(w, "c", "2") | forget(w, "c"), FIH_OK);
    CHECK_INT_EQ(count_notes(w, "a", 1, &old), 3);
    CHECK_INT_EQ(old, 3);
    CHECK_INT_EQ(count_notes(w, NULL, 0, &old), 7);
    CHECK_INT_EQ(fih_writer_rollback(w, &err), FIH_OK);
    CHECK_INT_EQ(count_notes(w, "ab", 2, &old), 2);
    fih_writer_close(w);
}

static void a_walk_stops_with_what_the_callback_says(void)
{
    static const int values[] = {1, 2, -1, 77};
    fih_writer *w = open_writer();
    fih_reader *r = NULL;

    REQUIRE(w);
    CHECK_INT_EQ(put(w, "pending", "1"), FIH_OK);
    CHECK_INT_EQ(fih_reader_open(&r, place_path("index"), &err), FIH_OK);
    for (unsigned i = 0; i < 4; i++)
        for (unsigned at = 1; at <= 8; at++) {     /* 7 committed ones, of both kinds of key, and a pending one */
            struct walk a = {.stop_at = at, .stop_with = values[i]}, b = a;

            CHECK_INT_EQ(fih_writer_note_each(w, FIH_STR(""), step, &a, &err), values[i], "stop at %u", at);
            CHECK_INT_EQ(a.count, at);
            CHECK_INT_EQ(fih_reader_note_each(r, FIH_STR(""), step, &b, &err), at <= 7 ? values[i] : 0, "stop at %u", at);
            CHECK_INT_EQ(b.count, at <= 7 ? at : 7);
        }
    fih_reader_close(r);
    fih_writer_close(w);
}

static void a_snapshot_keeps_its_notes(void)
{
    fih_writer *w = open_writer();
    fih_reader *r = NULL;
    fih_str v;
    int changed;

    REQUIRE(w);
    CHECK_INT_EQ(fih_reader_open(&r, place_path("index"), &err), FIH_OK);
    CHECK_INT_EQ(put(w, "a", "new"), FIH_OK);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    CHECK(fih_reader_note(&v, r, FIH_STR("a"), &err) == FIH_OK && v.len == 1 && *v.ptr == '1');
    CHECK(fih_reader_renew(&changed, r, &err) == FIH_OK && changed);
    CHECK(fih_reader_note(&v, r, FIH_STR("a"), &err) == FIH_OK && v.len == 3 && memcmp(v.ptr, "new", 3) == 0);
    CHECK(fih_reader_renew(&changed, r, &err) == FIH_OK && !changed);
    fih_reader_close(r);
    fih_writer_close(w);
}

static void a_thousand_notes_over_many_commits_are_all_right_and_the_check_is_clean(void)
{
    static char model[1000][8];
    uint64_t seed = 3;
    fih_writer *w;
    unsigned live = 0, old;
    char key[700];

    place_remove(place_path("index"));
    w = open_writer();
    REQUIRE(w);
    for (unsigned i = 0; i < 6000; i++) {
        const unsigned k = (unsigned)(tap_random(&seed) % 1000);

        snprintf(key, sizeof key, "%0*u", k % 3 ? 5 : 600, k);
        if (tap_random(&seed) % 4) {
            snprintf(model[k], sizeof model[k], "%u", i);
            CHECK_INT_EQ(put(w, key, model[k]), FIH_OK);
        } else {
            model[k][0] = '\0';
            CHECK_INT_EQ(forget(w, key), FIH_OK);
        }
        if (i % 500 == 499)
            CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    }
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    for (unsigned k = 0; k < 1000; k++) {
        snprintf(key, sizeof key, "%0*u", k % 3 ? 5 : 600, k);
        CHECK(has(w, key, model[k][0] ? model[k] : NULL), "%u", k);
        live += model[k][0] != '\0';
    }
    CHECK_INT_EQ(count_notes(w, NULL, 0, &old), live);
    fih_writer_close(w);
    CHECK_INT_EQ(fih_check(NULL, place_path("index"), NULL, NULL, &err), FIH_OK, "%s", err.msg);
}

int main(void)
{
    place_new("notes");
    RUN(a_note_is_seen_by_its_writer_at_once_and_by_readers_after_the_commit);
    RUN(putting_again_replaces_within_a_commit_and_over_commits);
    RUN(a_deleted_note_is_gone_and_can_come_back);
    RUN(rollback_and_close_drop_what_was_not_committed);
    RUN(keys_of_any_length_are_told_apart);
    RUN(values_reach_to_a_mebibyte_and_no_further);
    RUN(walking_a_prefix_meets_each_note_once_pending_or_not);
    RUN(a_walk_stops_with_what_the_callback_says);
    RUN(a_snapshot_keeps_its_notes);
    RUN(a_thousand_notes_over_many_commits_are_all_right_and_the_check_is_clean);
    place_remove(place);
    return DONE();
}
