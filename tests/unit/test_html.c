/* test_html.c - pages: which text is shown, and what a page says of itself, whatever its markup. */
#include <stdarg.h>
#include <time.h>

#include "read/html_entity.h"
#include "read/html_tag.h"
#include "read/html_url.h"
#include "read/readers.h"
#include "tap.h"

/* What came of a page; all NULL if it is no document. */
struct seen { char *title, *body, *date, *section, *url, *failure, *note; };

static char *copy(fih_str s)
{
    char *p = calloc(1, s.len + 1);

    if (p && s.len > 0)
        memcpy(p, s.ptr, s.len);
    return p;
}

static void forget(struct seen *s)
{
    free(s->title);
    free(s->body);
    free(s->date);
    free(s->section);
    free(s->url);
    free(s->failure);
    free(s->note);
    memset(s, 0, sizeof *s);
}

static int on_doc(void *ctx, const fih_doc *doc, uint64_t line)
{
    struct seen *s = ctx;

    (void)line;
    s->title = copy(doc->title);
    s->body = copy(doc->body);
    s->date = copy(doc->date);
    s->section = copy(doc->section);
    s->url = copy(doc->url);
    return 0;
}

static int on_bad(void *ctx, uint64_t line, uint64_t column, const char *reason)
{
    (void)ctx;
    (void)line;
    (void)column;
    (void)reason;
    return 0;
}

static void on_note(void *ctx, const char *text)
{
    struct seen *s = ctx;

    free(s->note);
    s->note = copy((fih_str){ text, strlen(text) });
}

static void see(struct seen *s, const char *page, size_t n)
{
    const struct read_sink sink = { s, on_doc, on_bad, on_note };
    const struct read_opts opts = { 0 };
    struct input *in = NULL;
    struct why why;

    memset(s, 0, sizeof *s);
    if (input_memory(&in, page, n, &why) != 0 || read_html(in, "n", &opts, &sink, &why) != READ_OK)
        s->failure = copy((fih_str){ why.text, strlen(why.text) });
    input_close(in);
}

static void body_is(const char *page, const char *body)
{
    struct seen s;

    see(&s, page, strlen(page));
    CHECK_STR_EQ(s.body ? s.body : "(none)", body, "%s", page);
    forget(&s);
}

static void title_is(const char *page, const char *title)
{
    struct seen s;

    see(&s, page, strlen(page));
    CHECK_STR_EQ(s.title ? s.title : "(none)", title, "%s", page);
    forget(&s);
}

/* ------------------------------------------------------------------ End tags */

#define STORY "<article><p>أمطرت السماء على الجبل ليلة أمس.</p></article>"
#define TEXT  "أمطرت السماء على الجبل ليلة أمس."

static void an_end_tag_closes_what_was_left_open_inside(void)
{
    static const char *const pages[] = {
        "<body><header><div><div>شعار</div></header>" STORY,
        "<body><nav><ul><li><div>رئيسية<li><span>رياضة</nav>" STORY,
        "<body><footer><section><div><p>حقوق</footer>" STORY,
        "<body><noscript><div>فعّل</noscript>" STORY,
        "<head><noscript><div><style>x</noscript></head><body>" STORY,
        "<body><object><div><param>لا عرض</object>" STORY,
        "<body><textarea><div>اكتب</textarea>" STORY,
        "<body><template><div>قالب</template>" STORY,
        "<body><video><div>لا فيديو</video>" STORY,
        "<body><div><select><option>أ<option>ب</div>" STORY "<select></select>",
        "<body><iframe><div></iframe>" STORY,
        "<body><nav><div><form><div></form></nav>" STORY,
        "<body><nav><h2><span>أقسام</h3></nav>" STORY,
        "<body><nav><p><div>أقسام</p></nav>" STORY,
        "<body><nav><button><div>أقسام</button></nav>" STORY,
        "<body><nav><dl><dt>أ<dd>ب<dt>ج</dl></nav>" STORY,
        "<body><nav><b><i>أقسام</nav>" STORY,
        "<body><nav><a href=/><div>أقسام</a></nav>" STORY,
        "<body><p hidden><b>سر<p>" STORY,
        "<body><svg><title>رمز<path></svg>" STORY,
        "<body><svg><g><p>" STORY "<svg></svg>",
        "<body><HEADER><DIV>شعار</HeAdEr >" STORY,
    };

    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        body_is(pages[i], TEXT);
}

static void what_hides_text_and_never_ends_hides_nothing(void)
{
    static const char *const starts[] = { "<textarea>", "<noscript>", "<iframe>", "<object>", "<template>", "<video>",
                                          "<canvas>", "<select>", "<svg>", "<noembed>", "<audio>", "<datalist>" };
    char page[300];

    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        snprintf(page, sizeof page, "<body>%s" STORY, starts[i]);
        body_is(page, TEXT);
    }
}

static void an_end_tag_counts_only_in_its_scope(void)
{
    /* </div> in a cell is not that of the <div> around the table; </p> and </li> are not those outside a list. */
    body_is("<div hidden><table><td></div>a</td></table>b</div>c", "c");
    body_is("<ul><li hidden><ul></li>a</ul>b</li><li>c</ul>", "c");
    body_is("<p hidden><button></p>a</button>b</p>c", "c");
    body_is("<div><span hidden><div></span>a</div>b</span>c</div>d", "c\nd");
    body_is("<table><tr><td hidden>a<td>b<tr><th hidden>c<td>d<tbody><td>e</table>", "b\nd\ne");
    body_is("<table><td hidden><table><td>a</table>b<td>c</table>", "c");
    body_is("<ul><li hidden>a<div><li>b</ul>", "b");
    body_is("<dl><dt hidden>a<dd>b<dd hidden>c<dt>d</dl>", "b\nd");
    body_is("<b hidden>a<p>b</b>c</p>d", "c\nd");
    body_is("<b>a<p hidden>b</b>c</p>d", "a\nd");
}

static void only_one_child_closes_a_paragraph(void)
{
    body_is("<p hidden>a<div>b</div>", "b");
    body_is("<p hidden>a<b>b</b><span>c</span>", "(none)");
    body_is("<h1 hidden>a<h2>b", "b");
    body_is("a<p>b</p>c</p>d<br>e</br>f", "a\nb\nc\nd\ne\nf");
}

/* -------------------------------------------------------------------- Tokens */

static void comments_of_all_kinds_are_not_shown(void)
{
    body_is("a<!-- b -->c<!---->d<!-->e<!--->f<!-- - -- --!>g<!-- > -->h", "acdefgh");
    body_is("<![if !IE]><p>a</p><![endif]><!--[if lt IE 9]><p>b</p><![endif]--><!--[if !IE]><!-->c<!--<![endif]-->",
            "a\nc");
    body_is("<?xml version='1.0'?>a<?php b ?>c</ d>e</>f<!x>g<![CDATA[h]]>i", "acefgi");
    body_is("a<math><![CDATA[<p>b]]>c</math><!-- never closed <p>d", "ac");
}

static void scripts_end_where_browsers_end_them(void)
{
    body_is("a<script>if (b<c) '</p><p>'</script>d", "ad");
    body_is("a<script><!-- document.write('<script>b</script>'); --></script>c", "ac");
    body_is("a<script><!-- <script> </script>b", "ab");
    body_is("a<script>'</scripture>'</SCRIPT\n>b<style>c</style>d<script>e", "abd");
    body_is("a<script/>b</script>c<svg><script/><style/></svg>d", "acd");
}

static void attributes_hold_anything(void)
{
    body_is("<p title='a>b' data-x=\"'>\" c>d</p><p title=>e</p><p/hidden>f</p><p \n hidden = x>g</p><p =hidden>h", "d\ne\nh");
    body_is("<a href=x/>a</a><br/>b<div/>c</div>", "a\nb\nc");
    body_is("1 < 2 <3 & 4 <", "1 < 2 <3 & 4 <");
    body_is("a<p <b>b</p>c", "a\nb\nc");
}

static void references_are_decoded_as_the_standard_has_them(void)
{
    body_is("&amp;&lt;&gt;&quot;&apos;&hellip;&rlm;", "&<>\"'…\u200f");
    body_is("&amp &ltx &notit; &notin; &AMP; &nosuch; &; & &#; &#x;", "& <x ¬it; ∉ & &nosuch; &; & &#; &#x;");
    body_is("&#1605;&#x645;&#X0645 &#128;&#0;&#xD800;&#x110000;&#99999999999;", "ممم €\uFFFD\uFFFD\uFFFD\uFFFD");
    body_is("&NotEqualTilde;&CounterClockwiseContourIntegral;a&#1;b", "≂̸∳a b");
    body_is("<xmp>&amp;<b></xmp>", "&amp;<b>");
    title_is("<meta property=og:title content='a&amp;b&copy=1&copy;&copyx&lt;'>t", "a&b&copy=1©&copyx<");
    title_is("<title>a &amp; <b>b</b></title>t", "a & <b>b</b>");
}

static void every_reference_is_found(void)
{
    for (size_t i = 0; i < HTML_ENTITIES; i++) {
        const struct html_entity *e = &html_entities[i];
        char text[40], utf8[HTML_REF_BYTES];
        size_t bytes = 0;
        const int n = snprintf(text, sizeof text, "&%s;", e->name);

        CHECK(i == 0 || strcmp(html_entities[i - 1].name, e->name) < 0, "%s", e->name);
        CHECK_INT_EQ(html_reference(text, (size_t)n, false, utf8, &bytes), n, "%s", e->name);
        CHECK(bytes > 0 && bytes <= HTML_REF_BYTES, "%s", e->name);
        CHECK_INT_EQ(html_reference(text, (size_t)n - 1, false, utf8, &bytes) == (size_t)n - 1, e->is_bare, "%s", e->name);
    }
}

static void every_element_is_found(void)
{
#define X(number, name, is) CHECK_INT_EQ(html_tag((fih_str){ name, sizeof name - 1 }), TAG_##number, name);
    HTML_ELEMENTS(X)
#undef X
    CHECK_INT_EQ(html_tag((fih_str){ "BlockQuote>", 10 }), TAG_BLOCKQUOTE);
    CHECK(html_tag((fih_str){ "x-card", 6 }) >= TAG_UNKNOWN);
    CHECK(html_tag((fih_str){ "ar", 2 }) >= TAG_UNKNOWN);
    CHECK_INT_EQ(html_tag((fih_str){ "X-Card", 6 }), html_tag((fih_str){ "x-card", 6 }));
}

static void words_are_not_torn_by_what_is_not_shown(void)
{
    body_is("كتا<script>x</script>ب و<style>y</style>قلم<noscript>z</noscript>", "كتاب وقلم");
    body_is("قال <svg><path/></svg> الوزير<wbr>ان", "قال الوزيران");
}

/* -------------------------------------------------------------------- Titles */

static void the_first_title_is_the_title(void)
{
    title_is("<head><title>قمح الشام</title><meta name=a><title>صحيفة</title></head>x", "قمح الشام");
    title_is("<svg><title>رمز</title></svg><title>قمح الشام</title>x", "قمح الشام");
    title_is("<title> </title><title>قمح</title>x", "قمح");
    title_is("<template><title>قالب</title></template><title>قمح</title>x", "قمح");
    title_is("<title>قمح", "قمح");
    title_is("<title>قمح<p>نص", "قمح");
    body_is("<title>a</title>b<title>c</title>d", "bd");
}

/* ---------------------------------------------------------------- The article */

/* Prose of more words than a page needs to count as an article. */
#define PROSE                                                                                                          \
    "خرج الصيادون قبل الفجر من ميناء صيدا، وعادوا عند الظهر بشباك نصف فارغة. وقال كبيرهم إن الريح لم تهدأ منذ "          \
    "ثلاثة أيام، وإن الموج ردهم مرتين عن الصخرة التي يعرفونها. أما الأسعار في السوق فقد ارتفعت كما في كل شتاء، ولم "     \
    "يبق لمن يشتري السمك الطازج إلا أن ينتظر يوما أهدأ من هذا اليوم، كما قال البائع وهو يجمع صناديقه الخشبية."
#define LINK(text) "<a href='/x'>" text "</a>"

static void article_is(const char *before, const char *after, const char *body)
{
    char page[8192];

    snprintf(page, sizeof page, "<body>%s<div><p>" PROSE "</p></div>%s", before, after);
    body_is(page, body);
}

static void menus_and_lists_of_links_are_not_the_article(void)
{
    static const char *const around[] = {
        "<nav><ul><li>" LINK("محليات") "<li>" LINK("رياضة") "</ul></nav>",
        "<header><div>صحيفة الساحل</div>" LINK("اشترك") "</header>",
        "<footer><p>جميع الحقوق محفوظة لصحيفة الساحل، ولا يجوز نقل ما ينشر فيها دون إذن مكتوب.</p></footer>",
        "<div role=navigation><span>الصفحة الأولى</span></div>",
        "<div role='banner'>صحيفة الساحل</div>",
        "<div role=contentinfo>حقوق النشر محفوظة</div>",
        "<div role=complementary><h3>الطقس</h3><p>غائم</p></div>",
        "<aside><h3>اقرأ أيضا</h3><ul><li>" LINK("مواعيد المد") "</ul></aside>",
        "<ul><li>" LINK("عودة المراكب") "<li>" LINK("موسم السردين") "<li>" LINK("سوق السمك") "</ul>",
        "<table><tr><td>" LINK("عودة المراكب") "<td>" LINK("موسم السردين") "<td>" LINK("سوق السمك") "</table>",
        "<div><h3>الأكثر قراءة</h3><div>" LINK("عودة المراكب") "<br>" LINK("موسم السردين إلى البحر") "<br>" LINK("سوق السمك") "</div></div>",
        "<div><div><h2>" LINK("عودة المراكب إلى الميناء") "</h2>أمس</div><div><h2>" LINK("موسم السردين") "</h2>اليوم</div></div>",
        "<div class='post-share'>شارك: <b>فيسبوك</b> <b>تويتر</b></div>",
        "<div id=breadCrumb>الرئيسية » اقتصاد » بحر</div>",
        "<ul class=related_posts><li>عودة المراكب<li>سوق السمك</ul>",
        "<div class='cookie-bar'>نستعمل ملفات تعريف الارتباط <button>موافق</button></div>",
        "<div class='widget widget_archive'><h3>الأرشيف</h3>كانون</div>",
        "<form><label>الاسم</label><input><label>تعليقك</label><textarea></textarea><button>أرسل</button></form>",
        "<div style='color:red; display : none'>خفي</div>",
        "<p hidden>خفي</p>",
        "<dialog>نافذة</dialog>",
        "<div role=dialog>نافذة</div>",
    };

    for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
        article_is(around[i], "", PROSE);
        article_is("", around[i], PROSE);
    }
}

static void prose_stays_wherever_it_stands(void)
{
    static const char said[] = "قال المدير: «لن نغلق الميناء في وجه أحد، ولن نرفع الرسوم قبل الصيف.»";
    static const char *const around[] = {
        "<aside><p>%s</p></aside>",
        "<aside><blockquote>%s</blockquote></aside>",
        "<article><header><h2>%s</h2></header></article>",
        "<article><footer><p>%s</p></footer></article>",
        "<figure><figcaption>%s</figcaption></figure>",
        "<blockquote>%s</blockquote>",
        "<div class=sidebar><p>%s</p></div>",
        "<form><p>%s</p></form>",
        "<ul class=links><li>%s</ul>",
        "<section><header>%s</header></section>",
        "<header><h1>%s</h1></header>",
        "<div class=elementor-widget><h3>%s</h3></div>",
    };
    char part[1024], body[2048];

    for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
        snprintf(part, sizeof part, around[i], said);
        snprintf(body, sizeof body, "%s\n" PROSE, said);
        article_is(part, "", body);
    }
}

static void short_lines_of_an_article_stay(void)
{
    article_is("<h1>البحر</h1><div class=lead>عاصفة</div><p>بيروت</p><h2 id=nav_1>صباحا</h2>", "<p>(وكالات)</p>",
               "البحر\nعاصفة\nبيروت\nصباحا\n" PROSE "\n(وكالات)");
    article_is("", "<ul><li>سمك<li>ملح<li>خبز</ul>", PROSE "\nسمك\nملح\nخبز");
    article_is("", "<p>للمزيد: " LINK("المرفأ") " و" LINK("السوق") "</p>", PROSE "\nللمزيد: المرفأ والسوق");
    article_is("", "<div class=widget>يا بحر<br>يا موج<br>يا ريح<br>يا رمل<br>يا ملح<br>يا ليل</div>",
               PROSE "\nيا بحر\nيا موج\nيا ريح\nيا رمل\nيا ملح\nيا ليل");
}

static void what_was_left_open_does_not_take_the_article_along(void)
{
    body_is("<nav>أقسام<div><p>" PROSE "</p>", "أقسام\n" PROSE);
    body_is("<div class=menu><div style='display:none'><p>" PROSE "</p><p>" PROSE "</p>", PROSE "\n" PROSE);
    body_is("<footer><div><p>" PROSE "</p></div><ul><li>" LINK("أ") "<li>" LINK("ب") "<li>" LINK("ج") "</ul>", PROSE);
}

static void a_folded_text_of_an_article_is_shown(void)
{
    body_is("<article><p>" PROSE "</p><div style='display:none'><p>" PROSE "</p><p>" PROSE "</p></div></article>",
            PROSE "\n" PROSE "\n" PROSE);
    article_is("<div style='display:none'><p>" PROSE "</p></div>", "", PROSE);
}

static void a_page_of_links_alone_keeps_them(void)
{
    body_is("<nav>أقسام</nav><ul><li>" LINK("عودة المراكب") "<li>" LINK("سوق السمك") "<li>" LINK("المد") "</ul>",
            "عودة المراكب\nسوق السمك\nالمد");
    body_is("<nav>" LINK("أ") " " LINK("ب") "</nav>", "أ ب");
    body_is("<p>" LINK("أ") LINK("ب") "<b>ج</b>د", "أ بجد");
}

static void a_page_says_when_little_of_it_is_kept(void)
{
    char page[8192];
    struct seen s;

    snprintf(page, sizeof page, "<div>قصير</div><nav>%0200d</nav>", 0);
    see(&s, page, strlen(page));
    CHECK_STR_EQ(s.body, "قصير");
    CHECK_STR_EQ(s.note, "only 8 of 208 bytes of visible text are kept: the rest looks like menus and lists of links");
    forget(&s);
    snprintf(page, sizeof page, "<p>" PROSE "</p><nav>%0200d</nav><script>%01000d</script><p hidden>%01000d</p>", 0, 0, 0);
    see(&s, page, strlen(page));
    CHECK_STR_EQ(s.body, PROSE);
    CHECK(!s.note, "%s", s.note);
    forget(&s);
}

static void a_text_that_scripts_are_to_show_is_found(void)
{
    body_is("<p>عنوان</p><script type='text/template'><p>" PROSE "</p></script>", "عنوان\n" PROSE);
    body_is("<p>عنوان</p><noscript><p>" PROSE "</p></noscript>", "عنوان\n" PROSE);
    body_is("<p>عنوان</p><script type='application/ld+json'>{\"description\": \"x\", \"articleBody\" : \"<p>"
            "\\u0642\\u0627\\u0644.\\n\\\"\\ud83d\\ude00\\\"</p><p>" PROSE "\"}</script>",
            "عنوان\nقال. \"😀\"\n" PROSE);
    body_is("<p>عنوان</p><script type='application/ld+json'>[{\"text\":\"a\\\\\",\"description\":\"" PROSE
            "\",\"text\":\"b\"},\"text\",\"text\":</script>", "عنوان\n" PROSE "\na\\\nb");
    body_is("<p>" PROSE "</p><noscript>x</noscript><script type='application/ld+json'>{\"description\":\"" PROSE PROSE
            "\"}</script>", PROSE);
    body_is("<p>a</p><script type='application/ld+json'>\"articleBody\":\"\\</script>", "a");
}

static void an_address_is_whole_or_none(void)
{
    static const struct { const char *head, *url;
    } cases[] = {
        { "<link rel=canonical href='https://sahel.example/a'><meta property=og:url content='https://x.example/'>",
          "https://sahel.example/a" },
        { "<base href='https://sahel.example/news/x.html'><link rel=canonical href='12.html'>",
          "https://sahel.example/news/12.html" },
        { "<link rel=canonical href='/12.html'><meta property=og:url content='https://sahel.example/n/12'>",
          "https://sahel.example/n/12" },
        { "<link rel=canonical href='/12.html'>", "" },
        { "<base href='/news/'><link rel=canonical href='12.html'><meta property=og:url content='12'>", "" },
        { "<base href='https://sahel.example/'><meta property=og:url content='a/12'>", "https://sahel.example/a/12" },
        { "<link rel=canonical href='javascript:void(0)'>", "" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char page[512];
        struct seen s;

        snprintf(page, sizeof page, "<head>%s</head><p>نص", cases[i].head);
        see(&s, page, strlen(page));
        CHECK_STR_EQ(s.url, cases[i].url, "%s", page);
        forget(&s);
    }
}

/* Examples of RFC 3986, 5.4, as far as they have the scheme of their base. */
static void references_are_resolved_as_the_rfc_says(void)
{
    static const char base[] = "http://a/b/c/d;p?q";
    static const char *const cases[][2] = {
        { "g", "http://a/b/c/g" }, { "./g", "http://a/b/c/g" }, { "g/", "http://a/b/c/g/" }, { "/g", "http://a/g" },
        { "//g", "http://g" }, { "?y", "http://a/b/c/d;p?y" }, { "g?y", "http://a/b/c/g?y" },
        { "#s", "http://a/b/c/d;p#s" }, { "g?y/./x", "http://a/b/c/g?y/./x" }, { "g#s/../x", "http://a/b/c/g#s/../x" },
        { ".", "http://a/b/c/" }, { "./", "http://a/b/c/" }, { "..", "http://a/b/" }, { "../", "http://a/b/" },
        { "../g", "http://a/b/g" }, { "../..", "http://a/" }, { "../../g", "http://a/g" }, { "../../../g", "http://a/g" },
        { "/./g", "http://a/g" }, { "/../g", "http://a/g" }, { "g.", "http://a/b/c/g." }, { "..g", "http://a/b/c/..g" },
        { "./../g", "http://a/b/g" }, { "g/./h", "http://a/b/c/g/h" }, { "g/../h", "http://a/b/c/h" },
        { "https://x/", "https://x/" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct html_text out = { 0 };
        const fih_str ref = { cases[i][0], strlen(cases[i][0]) };

        CHECK(html_url_resolve(&out, (fih_str){ base, sizeof base - 1 }, ref), "%s", ref.ptr);
        CHECK_STR_EQ(out.s ? out.s : "", cases[i][1], "%s", ref.ptr);
        html_text_free(&out);
    }
}

/* ------------------------------------------------------------ Hostile pages */

struct growing { char *s; size_t n; };

static void repeat(struct growing *g, size_t times, const char *what)
{
    const size_t n = strlen(what);

    g->s = realloc(g->s, g->n + times * n + 1);
    for (size_t i = 0; i < times; i++, g->n += n)
        memcpy(g->s + g->n, what, n);
    g->s[g->n] = '\0';
}

static void nesting_of_any_depth_is_read(void)
{
    static const char *const tags[] = { "<font>", "<div>", "<b>", "<ul><li>", "<table><tr><td>", "<nav-bar>", "<span>", "<p>",
                                        "<a href=x>", "<h2>", "<form>", "<svg>", "<object>", "<dd>" };
    const clock_t start = clock();

    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        struct growing g = { 0 };
        struct seen s;

        repeat(&g, i < 2 ? 2000000 : 100000, tags[i]);
        repeat(&g, 1, TEXT);
        see(&s, g.s, g.n);
        CHECK_STR_EQ(s.body ? s.body : "(none)", TEXT, "%s", tags[i]);
        forget(&s);
        free(g.s);
    }
    CHECK((clock() - start) / CLOCKS_PER_SEC < 60);
}

/* Each would take minutes if a tag cost more the more there is before or behind it. */
static void no_page_takes_longer_than_its_length(void)
{
    static const char *const pages[][3] = {        /* once, often, often */
        { "<ul>", "<div>", "<li></li>" },
        { "<b>", "<div>", "</b>" },
        { "<ul><table><td>", "<div>", "</ul>" },
        { "<x-y>", "<z>", "</w>" },
        { "<p>", "<b>", "</p></i><p>" },
        { "", "<a href=", "<a href=x>" },
        { "", "<script><!--<script>", "</script>" },
        { "", "<textarea>", "<title>" },
        { "", "<script><!--<script></script>", "<noscript>" },
        { "", "<!--", "-" },
        { "", "<svg><![CDATA[", "</svg>" },
        { "", "&", "&#x" },
        { "", "<object></div>", "<select><option>" },
        { "<table>", "<tr><td>", "</table>" },
        { "<h1>", "<h2>", "</h3>" },
        { "", "<p title='", "\"" },
        { "<form>", "<form><div>", "</form>" },
        { "", "</", "<!" },
        { "", "<![if x", "<" },
        { "<p hidden", " hidden='a'", " b" },
    };
    const clock_t start = clock();

    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        struct growing g = { 0 };
        struct seen s;

        repeat(&g, 1, pages[i][0]);
        repeat(&g, 100000, pages[i][1]);
        repeat(&g, 100000, pages[i][2]);
        see(&s, g.s, g.n);
        CHECK(!s.failure, "%s", s.failure);
        forget(&s);
        free(g.s);
    }
    CHECK((clock() - start) / CLOCKS_PER_SEC < 60);
}

int main(void)
{
    RUN(an_end_tag_closes_what_was_left_open_inside);
    RUN(what_hides_text_and_never_ends_hides_nothing);
    RUN(an_end_tag_counts_only_in_its_scope);
    RUN(only_one_child_closes_a_paragraph);
    RUN(comments_of_all_kinds_are_not_shown);
    RUN(scripts_end_where_browsers_end_them);
    RUN(attributes_hold_anything);
    RUN(references_are_decoded_as_the_standard_has_them);
    RUN(every_reference_is_found);
    RUN(every_element_is_found);
    RUN(words_are_not_torn_by_what_is_not_shown);
    RUN(the_first_title_is_the_title);
    RUN(menus_and_lists_of_links_are_not_the_article);
    RUN(prose_stays_wherever_it_stands);
    RUN(short_lines_of_an_article_stay);
    RUN(what_was_left_open_does_not_take_the_article_along);
    RUN(a_folded_text_of_an_article_is_shown);
    RUN(a_page_of_links_alone_keeps_them);
    RUN(a_page_says_when_little_of_it_is_kept);
    RUN(a_text_that_scripts_are_to_show_is_found);
    RUN(an_address_is_whole_or_none);
    RUN(references_are_resolved_as_the_rfc_says);
    RUN(nesting_of_any_depth_is_read);
    RUN(no_page_takes_longer_than_its_length);
    return DONE();
}
