/* test_lexicon.c - the lexicon contradicts neither itself nor the chain, and a text that does is refused. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "tap.h"
#include "text/analyzer.h"
#include "text/counts.h"
#include "text/lexicon.h"
#include "text/stop.h"

static struct buf file;

static void read_file(void)
{
    FILE *const f = fopen(LEXICON_TSV, "rb");
    char part[65536];
    size_t n;

    while (f && (n = fread(part, 1, sizeof part, f)) > 0)
        fihi_buf_append(&file, part, n);
    if (f)
        fclose(f);
    fihi_buf_append(&file, "", 1);
}

static void the_table_compiled_in_is_what_its_text_says(void)
{
    struct lexicon l;
    fih_error err = {0, 0, 0, ""};

    REQUIRE(fihi_lexicon_read(&l, NULL, file.ptr, file.len - 1, &err) == FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(l.count, fihi_lexicon_ours.count);
    CHECK(l.count == fihi_lexicon_ours.count && memcmp(l.rows, fihi_lexicon_ours.rows, l.count * sizeof *l.rows) == 0);
    fihi_lexicon_free(&l);
}

static void rows_are_in_order_and_one_thing_each(void)
{
    const struct lexicon *const l = &fihi_lexicon_ours;
    size_t plurals = 0, names = 0;

    for (size_t i = 0; i < l->count; i++) {
        const struct lexeme *const e = &l->rows[i];
        struct word w = {.n = e->n};

        memcpy(w.letter, e->letter, e->n * sizeof *w.letter);
        memcpy(w.was, e->was, e->n);
        for (size_t k = 0; k < e->n; k++)
            w.written[k] = e->was[k] & WAS_LONG ? 0x621 : e->letter[k];
        CHECK(fihi_lexicon_find(l, w.letter, w.n) == e, "row %zu", i);
        CHECK(e->kind != LEXEME_PLURAL || (e->singular < l->count && l->rows[e->singular].kind != LEXEME_PLURAL),
              "row %zu", i);
        CHECK(e->kind != LEXEME_PLURAL || !fihi_stop_arabic(&w), "row %zu is a stop word", i);
        plurals += e->kind == LEXEME_PLURAL;
        names += e->kind == LEXEME_NAME;
    }
    CHECK(plurals >= 1500, "%zu plurals", plurals);
    CHECK(names >= 500, "%zu names", names);
}

/* Do two texts of one word each share a term that makes hits? */
static int do_meet(struct analyzer *a, const char *x, const char *y)
{
    struct token s[16], t[16];
    size_t m = 0, n = 0;

    fihi_analyzer_begin(a, (const uint8_t *)x, strlen(x));
    fihi_analyzer_next(a, s, 16, &m, NULL);
    fihi_analyzer_begin(a, (const uint8_t *)y, strlen(y));
    fihi_analyzer_next(a, t, 16, &n, NULL);
    for (size_t i = 0; i < m; i++)
        for (size_t k = 0; k < n; k++)
            if (s[i].term == t[k].term)
                return 1;
    return 0;
}

/* Is it an entry of its own, or spelt like a common word? وسادة is a cushion, not و + سادة, and وليام is William. */
static int is_entry(const char *s)
{
    static struct raw raw;
    static struct word w;
    size_t at = 0;

    fihi_fold_raw(&raw, (const uint8_t *)s, strlen(s), 0);
    return fihi_fold_next(&w, &raw, &at) &&
           (fihi_lexicon_find(&fihi_lexicon_ours, w.letter, w.n) || fihi_counts_find(w.letter, w.n) > 15);
}

/* Rather ب and a noun than a plural, when they stand alone or behind و: stem.c says why. */
static int is_rather_split(const char *plural)
{
    return strcmp(plural, "بدور") == 0 || strcmp(plural, "بقول") == 0;
}

static void plurals_meet_their_singulars(void)
{
    static const char *const glued[] = {"", "ال", "و", "وال"};
    struct analyzer *a;
    size_t pairs = 0, apart = 0;

    REQUIRE(fihi_analyzer_new(&a, "arabic-light", NULL) == FIH_OK);
    for (char *line = strtok((char *)file.ptr, "\n"); line; line = strtok(NULL, "\n")) {
        char *const tab = strchr(line, '\t'), *end = tab ? strchr(tab + 1, '\t') : NULL;
        char plural[256];

        if (*line == '#' || !end)
            continue;
        *tab = *end = '\0';
        pairs++;
        for (size_t i = 0; i < sizeof glued / sizeof *glued; i++) {
            snprintf(plural, sizeof plural, "%s%s", glued[i], tab + 1);
            const int may = (i > 0 && is_entry(plural)) || (i % 2 == 0 && is_rather_split(tab + 1));
            if (!may && !do_meet(a, plural, line)) {
                apart++;
                printf("# %s and %s are apart\n", plural, line);
            }
        }
    }
    CHECK(pairs >= 1500, "%zu pairs", pairs);
    CHECK_INT_EQ(apart, 0);
    fihi_analyzer_free(a);
}

static void a_text_that_contradicts_itself_is_refused(void)
{
    static const struct { const char *text, *says; } bad[] = {
        {"كتاب\tكتب\nرسالة\tكتب\n", "lines 1 and 2"},   {"كتاب\tكتب\nكتب\n", "lines 1 and 2"},
        {"# ok\nكتاب كتب\n", "line 2"},                   {"book\tbooks\n", "line 1"},
        {"\xff\tكتب\n", "line 1"},                        {"ك\tكتب\n", "line 1"},
    };
    static const char good[] = "\n# only this\r\nقلم\tأقلام\tx\r\n";
    struct lexicon l;
    fih_error err;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        err.msg[0] = '\0';
        CHECK_INT_EQ(fihi_lexicon_read(&l, NULL, (const uint8_t *)bad[i].text, strlen(bad[i].text), &err), FIH_E_USAGE,
                     "%s", bad[i].text);
        CHECK(strstr(err.msg, bad[i].says) != NULL, "%s", err.msg);
        CHECK(l.rows == NULL && l.count == 0);
    }
    CHECK_INT_EQ(fihi_lexicon_read(&l, NULL, (const uint8_t *)good, strlen(good), NULL), FIH_OK);
    CHECK_INT_EQ(l.count, 2);
    fihi_lexicon_free(&l);
}

static int reads(struct lexicon *l, const char *text, fih_error *err)
{
    err->msg[0] = '\0';
    return fihi_lexicon_read(l, NULL, (const uint8_t *)text, strlen(text), err);
}

static void what_editors_leave_in_a_text_does_not_matter(void)
{
    static const char *const same[] = {
        "فانوس\tفوانيس\nسراج\tسرج\nرشاد\n", ("\xEF\xBB\xBF" "فانوس\tفوانيس\r\nسراج\tسرج\r\nرشاد\r\n"),
        "  فانوس \tفوانيس  \n\n   \n # مصابيح\nسراج\tسرج\t\n رشاد", "رشاد\nسراج\tسرج\tحاشية\tأخرى\nفانوس\tفوانيس\nفانوس\tفوانيس"};
    struct lexicon first, l;
    fih_error err;

    REQUIRE(reads(&first, same[0], &err) == FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(first.count, 5);
    for (size_t i = 1; i < 3; i++) {
        CHECK_INT_EQ(reads(&l, same[i], &err), FIH_OK, "%zu: %s", i, err.msg);
        CHECK(l.count == first.count && memcmp(l.rows, first.rows, l.count * sizeof *l.rows) == 0, "text %zu", i);
        fihi_lexicon_free(&l);
    }
    CHECK_INT_EQ(reads(&l, same[3], &err), FIH_E_USAGE);               /* a plural is said once */
    CHECK(strstr(err.msg, "lines 3 and 4"), "%s", err.msg);
    CHECK_INT_EQ(reads(&l, "فانوس\tفوانيس\nفانوس\tفانوسات\nفانوس\n", &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(l.count, 3);                                          /* two plurals of one word, and it is a name */
    fihi_lexicon_free(&l);
    fihi_lexicon_free(&first);
}

static void a_column_is_one_word_of_letters(void)
{
    static const char *const bad[] = {"فانوس\t", "\tفوانيس", "فانوس\tفوانيس كثيرة", "فانوس3", "فانوس\tlamps", "فانوس\t\xD9",
                                      "قسطنطينيةقسطنطينيةقسطنطينيةقسطنطينية", "ّ", "فا-نوس", "\xEF\xBB"};
    struct lexicon l;
    fih_error err;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_INT_EQ(reads(&l, bad[i], &err), FIH_E_USAGE, "text %zu", i);
        CHECK(strstr(err.msg, "line 1") && l.rows == NULL && l.count == 0, "text %zu: %s", i, err.msg);
    }
}

static void a_text_has_limits(void)
{
    char *const text = malloc(LEXICON_BYTES + 2);
    struct lexicon l;
    fih_error err;

    REQUIRE(text);
    memset(text, '\n', LEXICON_BYTES + 1);
    text[LEXICON_LINES] = '\0';
    CHECK_INT_EQ(reads(&l, text, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(l.count, 0);
    fihi_lexicon_free(&l);
    text[LEXICON_LINES] = '\n';
    text[LEXICON_LINES + 1] = '\0';
    CHECK_INT_EQ(reads(&l, text, &err), FIH_E_USAGE);
    CHECK(strstr(err.msg, "50000"), "%s", err.msg);
    memset(text, '#', LEXICON_BYTES + 1);
    text[LEXICON_BYTES + 1] = '\0';
    CHECK_INT_EQ(reads(&l, text, &err), FIH_E_USAGE);
    CHECK(strstr(err.msg, "1048576"), "%s", err.msg);
    text[LEXICON_BYTES] = '\0';
    CHECK_INT_EQ(reads(&l, text, &err), FIH_OK, "%s", err.msg);
    fihi_lexicon_free(&l);
    free(text);
}

static const struct lexeme *row_of(const struct lexicon *l, const char *word)
{
    struct raw raw;
    struct word w;
    size_t at = 0;

    fihi_fold_raw(&raw, (const uint8_t *)word, strlen(word), 0);
    return fihi_fold_next(&w, &raw, &at) ? fihi_lexicon_find(l, w.letter, w.n) : NULL;
}

static void a_text_goes_before_the_lexicon_that_it_extends(void)
{
    static const char ours[] = "كتاب\tكتب\nفارس\nقلم\tأقلام\n",
                      more[] = "توكتوك\tتكاتك\nكتب\nفارس\tفرسان\nأقلام\tأقلام\n";
    struct lexicon base, l;
    const struct lexeme *e;

    REQUIRE(fihi_lexicon_read(&base, NULL, (const uint8_t *)ours, strlen(ours), NULL) == FIH_OK);
    REQUIRE(fihi_lexicon_read(&l, &base, (const uint8_t *)more, strlen(more), NULL) == FIH_OK);
    fihi_lexicon_free(&base);
    CHECK_INT_EQ(l.count, 8);
    CHECK((e = row_of(&l, "تكاتك")) && e->kind == LEXEME_PLURAL && &l.rows[e->singular] == row_of(&l, "توكتوك"));
    CHECK((e = row_of(&l, "كتب")) && e->kind == LEXEME_NAME);            /* no plural any more */
    CHECK((e = row_of(&l, "كتاب")) && e->kind == LEXEME_SINGULAR);
    CHECK((e = row_of(&l, "فارس")) && e->kind == LEXEME_NAME);           /* still one, with a plural now */
    CHECK((e = row_of(&l, "فرسان")) && e->kind == LEXEME_PLURAL);
    CHECK((e = row_of(&l, "اقلام")) && e->kind == LEXEME_SINGULAR);
    fihi_lexicon_free(&l);
}

static void the_fingerprint_tells_lexicons_apart(void)
{
    static const char *const texts[] = {"", "توكتوك\tتكاتك\n", "# the same\nتوكتوك\tتكاتك\tx\n", "توكتوك\n"};
    char seen[4][512] = {{0}};
    struct analyzer *a;
    fih_error err;

    for (size_t i = 0; i < 4; i++) {
        REQUIRE(fihi_analyzer_new_with(&a, "arabic", (fih_str){texts[i], strlen(texts[i])}, NULL) == FIH_OK);
        snprintf(seen[i], sizeof seen[i], "%s", fihi_analyzer_text(a));
        fihi_analyzer_free(a);
    }
    CHECK_STR_EQ(seen[1], seen[2]);
    CHECK(strcmp(seen[0], seen[1]) != 0 && strcmp(seen[1], seen[3]) != 0 && strstr(seen[1], ";lexicon="));
    CHECK_INT_EQ(fihi_analyzer_new_with(&a, "simple", (fih_str){texts[1], strlen(texts[1])}, &err), FIH_E_USAGE);
    CHECK(strstr(err.msg, "uses no lexicon"), "%s", err.msg);
}

int main(void)
{
    read_file();
    RUN(the_table_compiled_in_is_what_its_text_says);
    RUN(rows_are_in_order_and_one_thing_each);
    RUN(a_text_that_contradicts_itself_is_refused);
    RUN(what_editors_leave_in_a_text_does_not_matter);
    RUN(a_column_is_one_word_of_letters);
    RUN(a_text_has_limits);
    RUN(a_text_goes_before_the_lexicon_that_it_extends);
    RUN(the_fingerprint_tells_lexicons_apart);
    RUN(plurals_meet_their_singulars);
    fihi_buf_free(&file);
    return DONE();
}
