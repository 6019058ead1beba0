/* test_verb.c - the generator gives the tables of verbs.tsv, each form is read as its verb, nouns and names are not. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "tap.h"
#include "text/conjugate.h"
#include "text/fold.h"
#include "text/lexicon.h"
#include "text/verb.h"

enum { LINE_BYTES = 1024, WORD_BYTES = 64, FORMS = 128 };

/* A set of forms as normalised words. */
struct forms {
    char   word[FORMS][WORD_BYTES];
    size_t count;
};

static void fold(struct word *out, const char *s)
{
    static struct raw raw;
    size_t at = 0;

    out->n = 0;
    fihi_fold_raw(&raw, (const uint8_t *)s, strlen(s), 0);
    fihi_fold_next(out, &raw, &at);
}

static void to_utf8(char out[WORD_BYTES], const char16_t *s)
{
    size_t n = 0;

    for (; *s; s++)
        n += fihi_utf8_put((uint8_t *)out + n, *s);
    out[n] = '\0';
}

static bool has(const struct forms *f, const char *word)
{
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->word[i], word) == 0)
            return true;
    return false;
}

/* The normal form, once. */
static void put(struct forms *f, const char *spelt)
{
    static struct word w;
    char folded[WORD_BYTES];

    fold(&w, spelt);
    folded[fihi_fold_utf8((uint8_t *)folded, sizeof folded - 1, &w)] = '\0';
    if (!has(f, folded) && f->count < FORMS)
        strcpy(f->word[f->count++], folded);
}

static void put_line(struct forms *f, char *line)
{
    for (char *s = strtok(line, " /\n"); s; s = strtok(NULL, " /\n"))
        put(f, s);
}

/* What the generator makes; the imperatives, which the tables leave out, have أ and an ending. */
static void put_generated(struct forms *f, const struct verb *v)
{
    static struct verb_cell cells[VERB_CELLS];
    const size_t n = fihi_verb_conjugate(cells, v);
    char word[WORD_BYTES];

    for (size_t i = 0; i < n; i++) {
        if (cells[i].prefix == WITH_A && fihi_verb_endings[cells[i].ending].s[0])
            continue;
        to_utf8(word, cells[i].text);
        put(f, word);
    }
}

static void check_verb(const struct verb *v, const struct forms *table)
{
    static struct forms made;
    char name[WORD_BYTES];

    made.count = 0;
    put_generated(&made, v);
    to_utf8(name, v->past);
    for (size_t i = 0; i < table->count; i++)
        CHECK(has(&made, table->word[i]), "%s: %s is not made", name, table->word[i]);
    for (size_t i = 0; i < made.count; i++)
        CHECK(has(table, made.word[i]), "%s: %s is made", name, made.word[i]);
}

/* A line that names a verb: "past TAB present TAB class"; the verbal noun does not matter here. */
static bool take_name(struct verb *v, char *line)
{
    char copy[LINE_BYTES], *tab = strchr(line, '\t');

    line[strcspn(line, "\n")] = '\0';
    if (!tab || !(tab = strchr(tab + 1, '\t')))
        return false;
    snprintf(copy, sizeof copy, "%.*s\t-%s", (int)(tab - line), line, tab);
    return fihi_verb_parse(v, copy, strlen(copy));
}

static void the_generator_gives_the_tables_written_by_hand(void)
{
    static struct forms table;
    struct verb v;
    char line[LINE_BYTES];
    unsigned verbs = 0;
    FILE *const f = fopen(CHECKOUT "/tests/unit/verbs.tsv", "r");

    REQUIRE(f);
    while (fgets(line, sizeof line, f)) {
        if (line[0] == '#')
            continue;
        if (!CHECK(take_name(&v, line), "%s", line))
            break;
        table.count = 0;
        for (unsigned i = 0; i < 3 && fgets(line, sizeof line, f); i++)
            put_line(&table, line);
        check_verb(&v, &table);
        verbs++;
    }
    fclose(f);
    CHECK(verbs >= 24, "%u verbs", verbs);
}

static void read_as(struct verb_reading *out, char key[WORD_BYTES], const char *spelt)
{
    static struct word w;

    fold(&w, spelt);
    fihi_verb_read(out, &w, &fihi_lexicon_ours);
    key[0] = '\0';
    if (!out->is_verb)
        return;
    fihi_verb_take(&w, out->key, NULL);
    key[fihi_fold_utf8((uint8_t *)key, WORD_BYTES - 1, &w)] = '\0';
}

/* What a form is read as: "verb", with "+" before it if it may be a noun too; "-" for no verb. */
static void forms_are_read_as_their_verb(void)
{
    static const struct { const char *form, *reading; } t[] = {
        { "استقبل", "يستقبل" }, { "يستقبل", "يستقبل" }, { "استقبلت", "يستقبل" }, { "سيستقبلون", "+يستقبل" },
        { "استقبلهم", "+يستقبل" }, { "وسيستقبلها", "+يستقبل" }, { "فاستقبلوا", "+يستقبل" }, { "ليستقبل", "يستقبل" },
        { "قلت", "+يقول" }, { "فيقل", "يقل" }, { "قيل", "يقول" }, { "يقال", "يقول" }, { "جاءت", "يجي" },
        { "بدأ", "يبدا" }, { "يوصف", "وصف" }, { "أعيد", "يعيد" }, { "يعد", "عد" }, { "تقدم", "تقدم" },
        { "طلب", "طلب" }, { "يطلب", "طلب" }, { "كتب", "+يكتب" }, { "يزيد", "+زاد" }, { "تغلب", "+يتغلب" },
        { "يحيى", "-" }, { "أحمد", "-" }, { "وقت", "-" }, { "حالة", "-" }, { "إدارة", "-" }, { "كرة", "-" },
        { "علماء", "-" }, { "الحق", "-" }, { "زائر", "-" }, { "نقل", "نقل" }, { "وزارة", "-" }, { "عاما", "-" },
    };

    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct verb_reading r;
        char key[WORD_BYTES], is[WORD_BYTES + 1];

        read_as(&r, key, t[i].form);
        snprintf(is, sizeof is, "%s%s", r.is_verb && r.is_noun ? "+" : "", r.is_verb ? key : "-");
        CHECK(strcmp(is, t[i].reading) == 0, "%s: %s, not %s", t[i].form, is, t[i].reading);
    }
}

static void the_table_is_in_order_and_large_enough(void)
{
    const struct verb_table *const t = &fihi_verbs;
    FILE *const f = fopen(CHECKOUT "/lib/text/verbs.tsv", "r");
    char line[LINE_BYTES];
    unsigned verbs = 0;

    for (size_t i = 1; i < t->row_count; i++) {
        const int order = memcmp(t->rows[i - 1].letter, t->rows[i].letter, VERB_STEM);

        CHECK(order < 0 || (order == 0 && t->rows[i - 1].key < t->rows[i].key), "row %zu", i);
        CHECK(t->rows[i].key < t->key_count, "row %zu", i);
    }
    REQUIRE(f);
    while (fgets(line, sizeof line, f))
        verbs += line[0] != '#' && line[0] != '\n';
    fclose(f);
    CHECK(verbs >= 1500, "%u verbs", verbs);
}

/* A form is either both or never a verb. */
static void the_lists_do_not_contradict_each_other(void)
{
    const struct list *const both = fihi_verb_list(0), *const never = fihi_verb_list(1);

    REQUIRE(both && never && !fihi_verb_list(2));
    for (size_t i = 0; i < both->count; i++)
        for (size_t k = 0; k < never->count; k++)
            CHECK(memcmp(both->rows[i], never->rows[k], sizeof(list_row)) != 0, "rows %zu and %zu", i, k);
}

int main(void)
{
    RUN(the_generator_gives_the_tables_written_by_hand);
    RUN(forms_are_read_as_their_verb);
    RUN(the_table_is_in_order_and_large_enough);
    RUN(the_lists_do_not_contradict_each_other);
    return DONE();
}
