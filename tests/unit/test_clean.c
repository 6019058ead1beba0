/* test_clean.c - what is no text goes, what is text stays, for texts written for this test and for any bytes. */
#include <stdio.h>

#include "index/repeat.h"
#include "search/snippet.h"
#include "tap.h"
#include "text/clean.h"

#ifndef CHECKOUT
#define CHECKOUT "."
#endif

static struct cuts cuts;

static void clean(const char *text)
{
    CHECK_INT_EQ(fihi_clean(&cuts, (const uint8_t *)text, strlen(text)), FIH_OK);
}

/* What is left, cuts shown as | */
static const char *rest(const char *text)
{
    static char out[8192];
    size_t at = 0, n = 0;

    clean(text);
    for (size_t i = 0; i <= cuts.count && n < 4096; i++) {
        const size_t to = i < cuts.count ? cuts.cuts[i].start : strlen(text);

        memcpy(out + n, text + at, to - at);
        n += to - at;
        if (i < cuts.count) {
            out[n++] = '|';
            at = cuts.cuts[i].end;
        }
    }
    out[n] = '\0';
    return out;
}

/* ---- the composed lines */

static int has_words(const char *s)
{
    for (; *s; s++)
        if ((*s & 0x80) || (*s >= '0' && *s <= '9') || ((*s | 0x20) >= 'a' && (*s | 0x20) <= 'z'))
            return 1;
    return 0;
}

static FILE *open_lines(const char *name)
{
    char path[1024];

    snprintf(path, sizeof path, "%s/tests/unit/clean/%s", CHECKOUT, name);
    return fopen(path, "r");
}

static void lines_of_junk_go_whole_and_for_the_right_reason(void)
{
    FILE *f = open_lines("junk.tsv");
    char line[4096];
    unsigned count = 0;

    REQUIRE(f);
    while (fgets(line, sizeof line, f)) {
        char *text = strchr(line, '\t');

        REQUIRE(text);
        *text++ = '\0';
        text[strcspn(text, "\n")] = '\0';
        count++;
        CHECK(!has_words(rest(text)), "%s is left of %s", rest(text), text);
        CHECK(cuts.count && strcmp(fihi_clean_reason(cuts.cuts[0].reason), line) == 0, "%s: %s", text,
              cuts.count ? fihi_clean_reason(cuts.cuts[0].reason) : "nothing");
    }
    fclose(f);
    CHECK(count >= 120);
}

static void lines_of_prose_stay(void)
{
    FILE *f = open_lines("prose.txt");
    char line[4096];
    unsigned count = 0;

    REQUIRE(f);
    while (fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        count++;
        clean(line);
        CHECK(cuts.count == 0, "%s: %s", line, cuts.count ? fihi_clean_reason(cuts.cuts[0].reason) : "");
    }
    fclose(f);
    CHECK(count >= 300);
}

/* ---- junk among prose */

static void junk_inside_a_line_goes_and_the_prose_around_it_stays(void)
{
    CHECK_STR_EQ(rest("قال الوزير. .ad-box{display:block;width:300px} #x img{max-width:100%} ثم غادر."),
                 "قال الوزير. | | ثم غادر.");
    CHECK_STR_EQ(rest("قبل googletag.cmd.push(function() { googletag.display('d'); }); بعد"), "قبل | بعد");
    /* a text about code keeps the code that it shows, but no advert's */
    CHECK_STR_EQ(rest("لغة JavaScript ثم googletag.cmd.push(function() { googletag.display('d'); }); بعد"),
                 "لغة JavaScript ثم | بعد");
    CHECK_STR_EQ(rest("نص <b>غامق</b> هنا"), "نص |غامق| هنا");
    CHECK_STR_EQ(rest("قبل <script>if (a < b) { x('كلمة'); }</script> بعد"), "قبل | بعد");
    CHECK_STR_EQ(rest("&quot;سبق&quot; الأولى"), "|سبق| الأولى");
    CHECK_STR_EQ(rest(".a {\n  color: red;\n  width: 3px;\n}\nنص"), "|\nنص");
    CHECK_STR_EQ(rest("! style=\"text-align:center; background: #aabccc;\"|المنظومة"), "! ||المنظومة");
    CHECK_STR_EQ(rest("The end is here. .ad{margin:0;padding:0} And more."), "The end is here. | And more.");
}

static void the_end_of_a_line_of_prose_can_be_a_footer(void)
{
    CHECK_STR_EQ(rest("غادر الوفد مساء. المصدر: وكالة السكة / منذ أسبوعين / قراءتان"), "غادر الوفد مساء. |");
    CHECK_STR_EQ(rest("غادر الوفد مساء شارك المقال على فيسبوك تويتر واتساب"), "غادر الوفد مساء |");
    CHECK_STR_EQ(rest("وقع الحادث منذ أسبوعين"), "وقع الحادث منذ أسبوعين");
    CHECK_STR_EQ(rest("نشر الصورة على فيسبوك وتويتر"), "نشر الصورة على فيسبوك وتويتر");
}

/* One word more or less decides. */
static void a_word_decides_whether_a_line_goes(void)
{
    static const struct { const char *goes, *reason, *stays; } lines[] = {
        {"شارك", "share bar", "شارك 12"},
        {"Facebook | طباعة", "share bar", "Facebook"},
        {"فيسبوك وتويتر وواتساب", "share bar", "فيسبوك وتويتر"},
        {"Facebook Twitter", "share bar", "Facebook paper"},
        {"طباعة 3", "share bar", "طباعة المقال الآن"},
        {"طباعة شارك مشاركة", "share bar", "المقال طباعة"},
        {"email print share 7", "share bar", "المقال شارك"},
        {"شارك🙂فيسبوك", "share bar", "شارك🙂فيل"},
        {"شارك — فيسبوك • تويتر", "share bar", "حديقة — فيسبوك"},
        {"شَارِكـ المقال", "share bar", "شاركت في المقال"},
        {"PARTAGER SUR FACEBOOK", "share bar", "PARTAGER SUR PLACE"},
        {"قبل 3 أيام", "footer", "منذ 1948"},
        {"١٢ قراءة", "footer", "١٢ ٣٤"},
        {"وقت القراءة دقيقة", "footer", "وقت القراءة ثمين"},
        {"التعليقات", "footer", "تعليق"},
        {"3 تعليقات", "footer", "3 رجال"},
        {"آخر تحديث: 2020", "footer", "آخر الطريق: 2020"},
        {"12/10/2020 | 3 تعليقات", "footer", "12/10/2020"},
        {"المصدر : وكالة السوق", "footer", "المصدر وكالة"},
        {"المصدر: السوق", "footer", "المصدر: a b c d e f g h i j"},
        {"إعلان", "advert", "إعلان الاستقلال"},
        {"content paid", "advert", "content"},
        {"});", "script", "()"},
        {"};>", "script", "};>};>};>};>};>};>};>};>"},
    };

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        CHECK_STR_EQ(rest(lines[i].goes), "|");
        CHECK(cuts.count == 1 && strcmp(fihi_clean_reason(cuts.cuts[0].reason), lines[i].reason) == 0, "%s", lines[i].goes);
        CHECK_STR_EQ(rest(lines[i].stays), lines[i].stays);
    }
    CHECK_STR_EQ(fihi_clean_reason(CLEAN_REASONS), "unknown");
}

static void addresses_go_from_a_text_that_has_more(void)
{
    CHECK_STR_EQ(rest("نص\nwww.souq.example\nنص"), "نص\n|\nنص");
    CHECK_STR_EQ(rest("نص\nhttps://a.example/x  www.b.example\nنص"), "نص\n|\nنص");
    CHECK_STR_EQ(rest("نص\nwww.souq.example في السوق\nنص"), "نص\nwww.souq.example في السوق\nنص");
    CHECK_STR_EQ(rest("نص\nhttp example\nنص"), "نص\nhttp example\nنص");
    CHECK_STR_EQ(rest("نص\nwww.\nنص"), "نص\nwww.\nنص");
}

static void the_last_sentence_may_be_a_footer_behind_any_mark(void)
{
    CHECK_STR_EQ(rest("انتهى الاجتماع؟ شارك المقال على فيسبوك وتويتر"), "انتهى الاجتماع؟ |");
    CHECK_STR_EQ(rest("انتهى الاجتماع! المصدر: وكالة"), "انتهى الاجتماع! |");
    CHECK_STR_EQ(rest("انتهى. 3 تعليقات"), "انتهى. |");
    CHECK_STR_EQ(rest("Is it over? 3 comments"), "Is it over? |");
    CHECK_STR_EQ(rest("انتهى؛ منذ 3 أيام"), "انتهى؛ منذ 3 أيام");
    CHECK_STR_EQ(rest("انتهى. 3 تعليقات."), "انتهى. |");
    CHECK_STR_EQ(rest("انتهى الاجتماع. قال الوزير شكرا"), "انتهى الاجتماع. قال الوزير شكرا");
}

static void a_source_is_a_footer_only_near_the_end(void)
{
    CHECK_STR_EQ(rest("خبر.\nالمصدر: الجريدة\n"), "خبر.\n|\n");
    CHECK_STR_EQ(rest("المصدر: الجريدة\nواحد\nاثنان\nثلاثة\n"), "المصدر: الجريدة\nواحد\nاثنان\nثلاثة\n");
}

static void a_text_of_nothing_but_addresses_stays(void)
{
    clean("https://example.org/a?b=1");
    CHECK_INT_EQ(cuts.count, 0);
    CHECK_STR_EQ(rest("خبر\nhttps://example.org/a?b=1\n"), "خبر\n|\n");
}

static void a_large_element_does_not_take_the_text_behind_it(void)
{
    enum { PROSE = 20000 };
    char *text = malloc(PROSE + 100);
    size_t n = 0;

    REQUIRE(text);
    n += (size_t)sprintf(text, "<iframe src=\"x\">");
    while (n < PROSE)
        n += (size_t)sprintf(text + n, "كلمة ");
    strcpy(text + n, "</iframe>");
    clean(text);
    CHECK(cuts.count == 2 && cuts.cuts[0].end == 16, "%zu", cuts.count);
    free(text);
}

/* ---- any bytes */

static void check_ranges(const uint8_t *s, size_t n)
{
    size_t at = 0;

    CHECK_INT_EQ(fihi_clean(&cuts, s, n), FIH_OK);
    for (size_t i = 0; i < cuts.count; i++) {
        const struct cut *c = &cuts.cuts[i];

        CHECK(c->start >= at && c->end > c->start && c->end <= n && c->reason < CLEAN_REASONS);
        at = c->end;
    }
}

/* Code between two words, and what only looks like it. */
static const char *const code[] = {
        "<script>f(\"x\");</script >", "<!-- خفي -->", "<foo id=\"3\">", "</foo>", "<br/>",
        "<noscript>x</noscript>", "<svg:path d=\"x\"/>", "&#8230;", "&amp;", "&amp;quot;", "style='color:red'",
        "var x = 1;", "var x;", "let y = f(2);", "const z = 3;", "function f(a) { return 1; }",
        "new Image(\"a\").src = 1;", "if (document.all) { f(); }", "if(typeof x == \"y\") { f(); }",
        "dataLayer[0] = 1;", "window.foo = \"a\\\"b\";", "loadAd(slot, 728);",
        "@font-face { font-family: x; src: url(y); }", "color: red; margin: 0;", "#a b > c { color: red }",
        "div.x { color: red; margin: 0 }", "* { margin: 0; padding: 0 }",
        "body, p { margin: 0; padding: 0 }", "::before { margin: 0; padding: 0 }", ".a { }",
        "setTimeout(function() { f(`a`); }, 100);", "$(document).ready(function() { x(); });",
        "gtag('config', 'x-1');"};
static const char *const no_code[] = {
        "<b, c>", "<b", "<foo>", "&x;", "&toolongname;", "&lt", "style=\"color", "foo=\"color\"",
        "let x == 1", "window.foo == 3", "loadAd(slot, 728)", "load(slot);", "a_b", "x: y;", "{ 12 }",
        "function", "$", "#1", "@media", "if (typeof", "new Image", "<3", "</>", "&#;", "&;",
        "&#1605;&#1606;", "&amp;#x645;", "caf&eacute;", "&#50;5"};

static void code_between_words_goes_and_what_looks_like_it_stays(void)
{
    char text[200];

    for (size_t i = 0; i < sizeof code / sizeof *code; i++) {
        snprintf(text, sizeof text, "قبل %s بعد", code[i]);
        CHECK_STR_EQ(rest(text), "قبل | بعد", "%s", text);
    }
    for (size_t i = 0; i < sizeof no_code / sizeof *no_code; i++) {
        snprintf(text, sizeof text, "قبل %s بعد", no_code[i]);
        CHECK_STR_EQ(rest(text), text);
    }
    CHECK_STR_EQ(rest("قبل &lt;b&gt;غامق&lt;/b&gt; بعد"), "قبل |غامق| بعد");
    CHECK_STR_EQ(rest("قبل &lt;b &lt;i&gt; بعد"), "قبل |b | بعد");
    CHECK_STR_EQ(rest("قبل <!-- خفي بعد"), "قبل | خفي بعد");
    CHECK_STR_EQ(rest("قبل @media print { .a { color: red; } } بعد"), "قبل | | بعد");
}

/* Wherever a text ends, the prose before its code stays, and no byte behind the end is looked at. */
static void a_text_may_end_anywhere(void)
{
    const char *const prose = "وصل القطار إلى المحطة ";
    const size_t before = strlen(prose);

    for (size_t i = 0; i < (sizeof code + sizeof no_code) / sizeof *code; i++) {
        const char *const junk = i < sizeof code / sizeof *code ? code[i] : no_code[i - sizeof code / sizeof *code];

        for (size_t n = 0; n <= strlen(junk); n++) {
            uint8_t *const text = guard_alloc(before + n);

            memcpy(text, prose, before);
            memcpy(text + before, junk, n);
            CHECK_INT_EQ(fihi_clean(&cuts, text, before + n), FIH_OK);
            check_ranges(text, before + n);
            CHECK(cuts.count == 0 || cuts.cuts[0].start >= before, "%.*s", (int)n, junk);
            guard_free(text, before + n);
        }
    }
}

static void any_bytes_give_ranges_in_order(void)
{
    static const char *const parts[] = {"<",
                                        ">",
                                        "{",
                                        "}",
                                        "a:b;",
                                        "=",
                                        "\"",
                                        "'",
                                        "function(",
                                        "var x",
                                        ".a",
                                        "color:red;",
                                        "&amp;",
                                        "<script>",
                                        "</script>",
                                        "<!--",
                                        "-->",
                                        "\n",
                                        " ",
                                        "المصدر:",
                                        "فيسبوك",
                                        "منذ",
                                        "\xD9",
                                        "\xE2",
                                        "\xF0\x9F",
                                        "(",
                                        ")",
                                        ";",
                                        "@media",
                                        "https://",
                                        "document.write"};
    uint64_t seed = 7;

    for (unsigned k = 0; k < 20000; k++) {
        uint8_t *text = guard_alloc(400);
        uint8_t *exact;
        size_t n = 0;

        for (uint64_t parts_left = tap_random(&seed) % 30; parts_left > 0; parts_left--) {
            const char *p = parts[tap_random(&seed) % (sizeof parts / sizeof *parts)];

            if (n + strlen(p) < 400) {
                memcpy(text + n, p, strlen(p));
                n += strlen(p);
            }
        }
        exact = guard_alloc(n);
        memcpy(exact, text, n);
        check_ranges(exact, n);
        guard_free(exact, n);
        guard_free(text, 400);
    }
}

/* Quadratic time would be minutes for each megabyte: the limit on the run would end it. */
static void hostile_text_takes_linear_time(void)
{
    static const char *const parts[] = {"<a ",   "<script>",      "{",       "var a=(", "x_Y(",
                                        "&lt;b", ".a{color:red;", "a:b;",    "<!--",    "({[",
                                        "=\"",   "width:1;{",     "{\"a\":", "@media ", "المصدر: "};
    enum { SIZE = 1 << 20 };
    char *text = malloc(SIZE + 1);

    REQUIRE(text);
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
        const size_t len = strlen(parts[k]);

        for (size_t i = 0; i < SIZE; i++)
            text[i] = parts[k][i % len];
        check_ranges((uint8_t *)text, SIZE);
    }
    free(text);
}

/* ---- lines that documents of a source have in common */

static size_t repeated(struct repeat *r, const char *url, const char *body)
{
    cuts.count = 0;
    CHECK_INT_EQ(fihi_repeat_look(r, (fih_str){url, strlen(url)}, (const uint8_t *)body, strlen(body), &cuts, NULL),
                 FIH_OK);
    return cuts.count;
}

static void a_line_that_many_documents_of_a_host_have_goes_from_later_ones(void)
{
    struct repeat *r;
    char url[64], body[200];

    REQUIRE(fihi_repeat_new(&r, NULL) == FIH_OK);
    for (unsigned i = 0; i < 40; i++) {
        size_t found;

        snprintf(url, sizeof url, "https://News.example.org/%u", i);
        snprintf(body, sizeof body, "خبر رقم %u\nاتصلوا بنا على الرقم ١٢٣\n", i);
        found = repeated(r, url, body);
        CHECK(i < REPEAT_DOCS ? found == 0 : i < 2 * REPEAT_DOCS || found == 1, "document %u", i);
    }
    CHECK_STR_EQ(fihi_clean_reason(cuts.cuts[0].reason), "repeated line");
    CHECK_INT_EQ(repeated(r, "http://other.example.org/", "خبر\nاتصلوا بنا على الرقم ١٢٣"), 0);
    CHECK_INT_EQ(repeated(r, "", "خبر\nاتصلوا بنا على الرقم ١٢٣"), 0);
    CHECK_INT_EQ(repeated(r, "https://news.example.org/99", "اتصلوا بنا على الرقم ١٢٣"), 0); /* nothing would be left */
    CHECK_INT_EQ(repeated(r, "https://news.example.org/98", "خبر طويل. اتصلوا بنا على الرقم ١٢٣"), 1);
    fihi_repeat_reset(r);
    CHECK_INT_EQ(repeated(r, "https://news.example.org/97", "خبر\nاتصلوا بنا على الرقم ١٢٣"), 0);
    fihi_repeat_free(r);
}

static void a_document_that_comes_often_is_not_its_own_boilerplate(void)
{
    struct repeat *r;

    REQUIRE(fihi_repeat_new(&r, NULL) == FIH_OK);
    for (unsigned i = 0; i < 50; i++)
        CHECK_INT_EQ(repeated(r, "https://example.org/one", "سطر\nوسطر آخر"), 0);
    fihi_repeat_free(r);
}

static void a_line_of_few_documents_among_many_stays(void)
{
    struct repeat *r;
    char url[64], body[200];
    size_t found = 0;

    REQUIRE(fihi_repeat_new(&r, NULL) == FIH_OK);
    for (unsigned i = 0; i < 400; i++) {
        snprintf(url, sizeof url, "https://example.org/%u", i);
        snprintf(body, sizeof body, "خبر رقم %u\n%s", i, i % 10 ? "" : "تونس - صيف");
        found += repeated(r, url, body);
    }
    CHECK_INT_EQ(found, 0);
    fihi_repeat_free(r);
}

/* ---- passages */

static void a_passage_has_a_gap_where_something_was_left_out(void)
{
    static const fih_str text = {"one <br> two three", 18};
    struct fih_snippet *s = NULL;
    struct analyzer *a = NULL;
    struct fih_query *q = NULL;
    fih_error err = {0};

    REQUIRE(fihi_analyzer_new(&a, "simple", &err) == FIH_OK && fihi_query_parse(&q, "br two", 6, &err) == FIH_OK);
    REQUIRE(fihi_snippet_new(&s, a, q, text, (fih_str){"\4\4", 2}, NULL, 240, &err) == FIH_OK);
    REQUIRE(s->count == 5);
    CHECK(s->parts[0].kind == FIH_PART_TEXT && memcmp(s->parts[0].text.ptr, "one ", 4) == 0 &&
          s->parts[0].text.len == 4);
    CHECK(s->parts[1].kind == FIH_PART_GAP);
    CHECK(s->parts[2].kind == FIH_PART_TEXT && s->parts[2].text.len == 1);
    CHECK(s->parts[3].kind == FIH_PART_HIT && memcmp(s->parts[3].text.ptr, "two", 3) == 0);
    fihi_snippet_free(s);
    CHECK_INT_EQ(fihi_snippet_new(&s, a, q, text, (fih_str){"\4\40", 2}, NULL, 240, &err), FIH_E_CORRUPT);
    CHECK(s == NULL && strstr(err.msg, "do not fit"), "%s", err.msg);
    fihi_query_free(q);
    fihi_analyzer_free(a);
}

int main(void)
{
    RUN(a_passage_has_a_gap_where_something_was_left_out);
    RUN(lines_of_junk_go_whole_and_for_the_right_reason);
    RUN(lines_of_prose_stay);
    RUN(junk_inside_a_line_goes_and_the_prose_around_it_stays);
    RUN(the_end_of_a_line_of_prose_can_be_a_footer);
    RUN(a_word_decides_whether_a_line_goes);
    RUN(addresses_go_from_a_text_that_has_more);
    RUN(the_last_sentence_may_be_a_footer_behind_any_mark);
    RUN(a_source_is_a_footer_only_near_the_end);
    RUN(a_text_of_nothing_but_addresses_stays);
    RUN(a_large_element_does_not_take_the_text_behind_it);
    RUN(code_between_words_goes_and_what_looks_like_it_stays);
    RUN(a_text_may_end_anywhere);
    RUN(any_bytes_give_ranges_in_order);
    RUN(hostile_text_takes_linear_time);
    RUN(a_line_that_many_documents_of_a_host_have_goes_from_later_ones);
    RUN(a_document_that_comes_often_is_not_its_own_boilerplate);
    RUN(a_line_of_few_documents_among_many_stays);
    fihi_cuts_free(&cuts);
    return DONE();
}
