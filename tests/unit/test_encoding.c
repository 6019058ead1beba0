/* test_encoding.c - encodings found and undone. */
#include "heard.h"
#include "read/encoding.h"

static void each_encoding_gives_the_same_document(void)
{
    static const char *const names[] = {"UTF-8",  "UTF-16LE",     "UTF-16BE",  "UTF-16",
                                        "UTF-32", "windows-1256", "ISO-8859-6"};
    static const char *const texts[] = {
        "أخبار اليوم\nقال الوزير إن المدرسة الجديدة تفتح أبوابها غدا في المدينة",
        "خبر\nقصير جدا", "العنوان\nabc def",
    };
    struct heard h;
    char want[512], bytes[1024];
    size_t n;

    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        const char *nl = strchr(texts[t], '\n');

        snprintf(want, sizeof want, "n|%.*s|%s||||\n", (int)(nl - texts[t]), texts[t], nl + 1);
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            const struct read_opts forced = { .encoding = names[i] };

            encoded(bytes, sizeof bytes, &n, names[i], texts[t]);
            REQUIRE(n > 0, "%s", names[i]);
            read_bytes(&h, read_txt, bytes, n);
            CHECK_STR_EQ(h.text, want, "found: %s", names[i]);
            if (strcmp(names[i], "UTF-32") == 0)
                continue;                          /* forced without its order it is the other one */
            read_bytes_with(&h, read_txt, bytes, n, &forced);
            CHECK_STR_EQ(h.text, want, "forced: %s", names[i]);
        }
    }
}

static void latin_texts_are_not_taken_for_arabic(void)
{
    struct heard h;

    READ(read_txt, "Un caf\xe9 ferm\xe9\nno\xebl fran\xe7" "ais \xe0 Gen\xe8ve");
    CHECK_STR_EQ(h.text, "n|Un café fermé|noël français à Genève||||\n");
    READ(read_txt, "Stra\xdf" "e\nf\xfc" "r M\xe4nner, \xd6l, gr\xf6\xdf" "ere");
    CHECK_STR_EQ(h.text, "n|Straße|für Männer, Öl, größere||||\n");
}

static void nearly_utf8_stays_as_it_is(void)
{
    char text[2000] = "", want[2048];
    struct heard h;

    for (int i = 0; i < 60; i++)
        strcat(text, "سلام ");
    strcat(text, "\xff.");
    snprintf(want, sizeof want, "n|%s|||||\n", text);
    read_bytes(&h, read_txt, text, strlen(text));
    CHECK_STR_EQ(h.text, want);
}

static void every_well_formed_utf8_and_no_other_passes(void)
{
    static const struct { const char *s; bool good;
    } cases[] = {
        {"abc", true},
        {"\xd8\xa7", true},
        {"\xe2\x80\x8f", true},
        {"\xf0\x9f\x98\x80", true},
        {"\xf4\x8f\xbf\xbf", true},
        {"\xc0\x80", false},
        {"\xc1\xbf", false},
        {"\xe0\x80\x80", false},
        {"\xed\xa0\x80", false},
        {"\xf4\x90\x80\x80", false},
        {"\xf0\x80\x80\x80", false},
        {"\xd8", false},
        {"\xd8\x41", false},
        {"\xe2\x80", false},
        {"\x80", false},
        {"\xff", false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK(encoding_is_utf8(cases[i].s, strlen(cases[i].s)) == cases[i].good, "case %zu", i);

    /* Blocks of Arabic: every length, and a byte that is wrong, or not, at every place. */
    for (size_t n = 2; n <= 80; n += 2)
        for (size_t bad = 0; bad < n; bad++) {
            static const char bytes[] = "\xff\xc0\xe0\x80\xd8" "a";
            char text[80];

            for (size_t i = 0; i < n; i++)
                text[i] = i % 2 ? '\xa7' : '\xd8';
            CHECK(encoding_is_utf8(text, n), "%zu bytes", n);
            CHECK(!encoding_is_utf8(text, n - 1), "%zu bytes", n - 1);
            for (const char *b = bytes; *b; b++) {
                char other[80];

                memset(other, 'a', sizeof other);
                memcpy(other, text, bad);
                other[bad] = *b;
                CHECK(encoding_is_utf8(other, n) == (*b == (bad % 2 ? '\x80' : 'a')), "%02x at %zu of %zu",
                      (unsigned char)*b, bad, n);
            }
        }
}

static void a_repair_replaces_each_ill_formed_sequence_once(void)
{
    size_t n;
    char *s = encoding_repair("a\xff" "b\xe2\x80" "c\xd8\xa7\xed\xa0\x80", 11, &n);

    REQUIRE(s != NULL);
    CHECK_STR_EQ(s, "a\xEF\xBF\xBD" "b\xEF\xBF\xBD" "c\xd8\xa7\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK_INT_EQ(n, strlen(s));
    free(s);
}

/* ------------------------------------------------------ Right answers counted */

/* Sentences of each kind, put together at random into texts of any length. */
static const char *const arabic[] = {
    "افتتح رئيس البلدية صباح أمس سوقا جديدة للخضار قرب محطة القطار. ",
    "قالت الطبيبة إنّ المرضى ينتظرون منذ الفجر، ولا دواء في المستشفى. ",
    "هل تعود الطيور المهاجرة إلى البحيرة هذا الشتاء؟ ",
    "وقع الاتفاق ثلاثة وزراء؛ وغاب عنه ممثلو النقابات والطلاب. ",
    "يروي الكتاب حكاية صياد عجوز ضاعت شباكه في ليلة عاصفة. ",
    "ارتفعت أسعار الزيت والطحين والسكر ثمانية في المئة خلال شهر واحد. ",
};
static const char *const french[] = {
    "Le maire a inauguré hier un marché près de la gare. ", "Où est passée l'école du village après la guerre ? ",
    "Les pêcheurs ont réparé leurs filets à l'aube, déçus. ",
    "Ça coûte très cher : le blé a augmenté de huit pour cent. ", "Noël approche et la forêt s'éveille sous la neige. ",
};
static const char *const english[] = {
    "The mayor opened a market near the station. ", "Nobody knows where the old fisherman went that night. ",
    "Prices of oil and flour rose by eight percent. ", "It’s said that the “old” harbour won’t open again. ",
};
static const char *const mixed[] = {
    "أعلنت شركة Google عن هاتف جديد. ", "نشرت مجلة Science بحثا عن طيور البحيرة. ",
    "The word سوق means market. ",
};

/* For texts up to 16, up to 120 and of more bytes, how many of a hundred must be told right. Where nothing but broken
 * bytes is beyond ASCII, or a few letters are, no one can always tell. */
struct kind {
    const char *name;
    const char *const *sentences;
    size_t count;
    const char *pages[3];
    unsigned marks[3];
    bool is_broken;                                /* some bytes are */
};

static const struct kind text_kinds[] = {
    {"Arabic", arabic, 6, {"UTF-8", "UTF-16LE", "UTF-16BE"}, {97, 99, 100}, true},
    {"Arabic", arabic, 6, {"windows-1256", NULL, NULL}, {95, 99, 100}, true},
    {"Arabic", arabic, 6, {"ISO-8859-6", NULL, NULL}, {90, 99, 100}, true},
    {"French", french, 5, {"UTF-8", "UTF-16LE", "UTF-16BE"}, {97, 99, 100}, true},
    {"French", french, 5, {"windows-1252", NULL, NULL}, {75, 88, 99}, true},
    {"French, whole", french, 5, {"UTF-8", "UTF-16LE", "windows-1252"}, {85, 99, 100}, false},
    {"English", english, 4, {"UTF-8", "UTF-16LE", "UTF-16BE"}, {85, 78, 98}, true},
    {"English, whole", english, 4, {"UTF-8", "UTF-16LE", "windows-1252"}, {97, 99, 100}, false},
    {"mixed", mixed, 3, {"UTF-8", "UTF-16LE", "UTF-16BE"}, {95, 99, 100}, true},
    {"mixed", mixed, 3, {"windows-1256", NULL, NULL}, {90, 96, 100}, true},
    {"mixed", mixed, 3, {"ISO-8859-6", NULL, NULL}, {70, 94, 100}, true},
};

static size_t count_beyond(const char *s, size_t n)
{
    size_t count = 0;

    while (n > 0)
        count += (unsigned char)s[--n] >= 0x80 || s[n] == 0x06 || s[n] == 0;
    return count;
}

/* `n` bytes of text on a page, cut wherever that is; some bytes in a thousand are broken. */
static size_t make_text(char *out, size_t n, const struct kind *k, const char *page, unsigned bad, uint64_t *seed)
{
    static char utf8[24000];
    static char bytes[48000];
    size_t at = 0, have, from;

    while (at < 2 * n + 400 && at < sizeof utf8 - 300) {
        strcpy(utf8 + at, k->sentences[tap_random(seed) % k->count]);
        at += strlen(utf8 + at);
    }
    encoded(bytes, sizeof bytes, &have, page, utf8);
    from = n < 1000 && strncmp(page, "UTF-", 4) != 0 ? (size_t)(tap_random(seed) % 100) : 0;
    n = n < have - from ? n : have - from;
    memcpy(out, bytes + from, n);
    if (k->sentences != english && count_beyond(out, n) < 3)
        return 0;                                  /* nothing to tell it by */
    for (size_t i = 0; i < n; i++)
        if (tap_random(seed) % 1000 < bad)
            out[i] = (char)(0x80 + tap_random(seed) % 0x80);
    return n;
}

/* The text that the bytes are on a page. */
static void read_as(struct heard *h, const char *page, const char *bytes, size_t n)
{
    const struct read_opts forced = { .encoding = page };

    read_bytes_with(h, read_txt, bytes, n, &forced);
}

/* Whether the page found gives the text that the right one gives. */
static bool is_right(const char *found, const char *page, const char *bytes, size_t n)
{
    struct heard a, b;

    if (strcmp(found, page) == 0)
        return true;
    read_as(&a, found, bytes, n);
    read_as(&b, page, bytes, n);
    return a.n == b.n && memcmp(a.text, b.text, a.n) == 0;
}

/* Right answers among texts of two lengths on one page, with right, missing and wrong declarations. */
static void count_answers(unsigned *good, unsigned *all, const struct kind *k, const char *page, const size_t *lengths,
                          uint64_t *seed)
{
    static const unsigned bads[] = { 0, 5, 20, 50 };
    const char *const declarations[] = { NULL, page, "utf-8", "iso-8859-1", "windows-1256" };
    static char bytes[10000];

    *good = *all = 0;
    for (unsigned i = 0; i < 400; i++) {
        const size_t n = make_text(bytes, lengths[i % 2], k, page, k->is_broken ? bads[i / 2 % 4] : 0, seed);
        struct encoding e;

        if (n == 0)
            continue;
        encoding_find(&e, bytes, n, NULL, declarations[i / 8 % 5]);
        ++*all;
        *good += is_right(e.name, page, bytes, n);
    }
}

static void texts_are_told_by_bytes_letters_and_declarations(void)
{
    static const size_t lengths[] = { 10, 16, 40, 120, 1000, 10000 };
    uint64_t seed = 5;
    unsigned good, all;

    for (const struct kind *k = text_kinds; k < text_kinds + sizeof text_kinds / sizeof *text_kinds; k++)
        for (size_t p = 0; p < 3 && k->pages[p]; p++)
            for (size_t l = 0; l < 3; l++) {
                count_answers(&good, &all, k, k->pages[p], lengths + 2 * l, &seed);
                CHECK(100 * good >= k->marks[l] * all, "%s in %s, up to %zu bytes: %u of %u", k->name, k->pages[p],
                      lengths[2 * l + 1], good, all);
            }
}

static void check_found(const char *text, size_t n, const char *declared, const char *want)
{
    struct encoding e;

    encoding_find(&e, text, n, NULL, declared);
    CHECK_STR_EQ(e.name, want, "%.*s", (int)n, text);
}

#define FOUND(text, declared, want) check_found(text, sizeof(text) - 1, declared, want)

static void a_few_broken_bytes_do_not_make_another_encoding(void)
{
    char page[4000] = "";
    struct encoding e;

    FOUND("اشتر خبزا وحليبا وزيتا ولا تنس موعد الطبي\xd8 غدا صباحا", NULL, "UTF-8");
    FOUND("\xd8 موعد", NULL, "UTF-8");
    FOUND("موعد\xd8", NULL, "UTF-8");
    FOUND("caf\xc3\xa9 noir, th\xe9 vert", NULL, "UTF-8");
    FOUND("caf\xe9", NULL, "windows-1256");        /* the same as windows-1252 here */
    FOUND("caf\xe9", "iso-8859-1", "windows-1252");
    FOUND("plain", "windows-1256", "UTF-8");
    FOUND("\xEF\xBB\xBF\xde\xc7\xe1 \xc7\xe1\xe6\xd2\xed\xd1", NULL, "windows-1256");
    FOUND("\xde\xc7\xe1", "utf-8", "windows-1256");
    FOUND("\xde\xc7\xe1", "no-such-page", "windows-1256");
    FOUND("\xcf\xf0\xe8\xe2\xe5\xf2, \xec\xe8\xf0", "windows-1251", "windows-1251");       /* Привет, мир */
    for (int i = 0; i < 60; i++)                   /* one headline in four was cut within a letter */
        strcat(page, i % 4 ? "<li>قطاف الزيتون بدأ</li>" : "<li>وصل القط\xd8…</li>");
    encoding_find(&e, page, strlen(page), NULL, "utf-8");
    CHECK_STR_EQ(e.name, "UTF-8");
}

int main(void)
{
    RUN(each_encoding_gives_the_same_document);
    RUN(latin_texts_are_not_taken_for_arabic);
    RUN(nearly_utf8_stays_as_it_is);
    RUN(every_well_formed_utf8_and_no_other_passes);
    RUN(a_repair_replaces_each_ill_formed_sequence_once);
    RUN(texts_are_told_by_bytes_letters_and_declarations);
    RUN(a_few_broken_bytes_do_not_make_another_encoding);
    return DONE();
}
