/* test_readers.c - plain texts and web pages, on bytes in memory. */
#include <time.h>

#include "heard.h"

/* -------------------------------------------------------------- Plain text */

static void the_first_line_that_is_not_blank_is_the_title(void)
{
    struct heard h;

    READ(read_txt, "\xEF\xBB\xBF\n \t\xC2\xA0\r\n\xE2\x80\x8F  عنوان  \r\n\r\nسطر\nآخر\n");
    CHECK_STR_EQ(h.text, "n|عنوان|سطر\nآخر\n||||\n");
    READ(read_txt, "وحده");
    CHECK_STR_EQ(h.text, "n|وحده|||||\n");
    READ(read_txt, "a\rb\rc");
    CHECK_STR_EQ(h.text, "n|a|b\rc||||\n");
}

static void a_text_of_blanks_is_no_document(void)
{
    struct heard h;

    READ(read_txt, "");
    CHECK_STR_EQ(h.text, "");
    READ(read_txt, " \n\t\r\n");
    CHECK_STR_EQ(h.text, "");
}

static void a_text_without_line_breaks_is_all_body(void)
{
    static char text[4001];
    struct heard h;

    memset(text, 'x', 4000);
    READ(read_txt, text);
    CHECK(strncmp(h.text, "n||xxx", 6) == 0);
}

static void binary_data_is_refused(void)
{
    struct heard h;

    READ(read_txt, "\x7f" "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0\x01\0\0\0\x80\x9c\x10\x02\x03\x04\x05");
    CHECK(strstr(h.text, "FAILED binary data") != NULL, "%s", h.text);
}

/* -------------------------------------------------------------------- HTML */

static void a_page_gives_its_visible_text(void)
{
    struct heard h;

    READ(read_html,
         "<!DOCTYPE html><html><head><title> عنوان \n الصفحة </title><style>b{}</style><script>var "
         "x='<p>no</p>';</script></head>"
         "<body><header>شعار</header><nav>روابط</nav><div>واحد <b>اث</b>نان<p>ثلاثة<br>أربعة &amp; خمسة</div>"
         "<noscript>no</noscript><template>no</template><svg><title>no</title></svg><p hidden>no</p><ul><li>ا<li>ب</ul>"
         "<footer>حقوق</footer></body></html>");
    CHECK_STR_EQ(h.text, "n|عنوان الصفحة|واحد اثنان\nثلاثة\nأربعة & خمسة\nا\nب||||\n");
}

static void a_header_within_an_article_is_kept(void)
{
    struct heard h;

    READ(read_html, "<body><header>site</header><article><header><h1>H</h1></header><p>text</p><footer>by</footer></"
                    "article><footer>f</footer>");
    CHECK_STR_EQ(h.text, "n|H|H\ntext\nby||||\n");
}

static void a_page_says_what_it_is(void)
{
    struct heard h;

    READ(read_html, "<head><meta property='og:title' content='OG'><meta property='og:url' content='http://o/'>"
                    "<link rel=canonical href='http://c/'><meta name='date' content='2001'><meta "
                    "property='article:section' content='رياضة'>"
                    "<meta property='article:published_time' content='2024-05-06T07:08:09Z'></head><body><time "
                    "datetime='2020-01-01'>t</time>");
    CHECK_STR_EQ(h.text, "n|OG|t|2024-05-06T07:08:09Z|رياضة|http://c/|\n");
    READ(read_html, "<meta name='date' content='2001'><meta property='og:url' content='http://o/'><p><time "
                    "datetime='2020-01-01'>t</time><h1>A<b>B</b></h1><h1>C</h1>");
    CHECK_STR_EQ(h.text, "n|AB|t\nAB\nC|2020-01-01||http://o/|\n");
}

static void a_declared_encoding_is_believed_unless_the_bytes_contradict(void)
{
    struct heard h;

    READ(read_html, "<meta charset=\"windows-1256\"><title>\xde\xc7\xe1</title>");           /* قال */
    CHECK_STR_EQ(h.text, "n|قال|||||\n");
    READ(read_html, "<meta http-equiv=content-type content=\"text/html; charset=iso-8859-6\"><p>\xe2\xc7\xe4</p>");
    CHECK_STR_EQ(h.text, "n||قال||||\n");
    READ(read_html, "<meta charset=windows-1256><p>قال</p>");
    CHECK_STR_EQ(h.text, "n||قال||||\n");
    READ(read_html,
         "<meta charset=utf-8><p>\xde\xc7\xe1 \xc7\xe1\xe6\xd2\xed\xd1 \xdd\xed \xc7\xe1\xe3\xcf\xed\xe4\xc9</p>");
    CHECK_STR_EQ(h.text, "n||قال الوزير في المدينة||||\n");
}

static void broken_markup_still_gives_text(void)
{
    struct heard h;

    READ(read_html, "<nav>all</b></i> of it");
    CHECK_STR_EQ(h.text, "n||all of it||||\n");
    READ(read_html, "<p>a\0b<p <b>c</p></p></div><a href='x>d");
    CHECK(strncmp(h.text, "n||a b", 6) == 0, "%s", h.text);
    READ(read_html, "<title>open");
    CHECK_STR_EQ(h.text, "n|open|||||\n");
    READ(read_html, "");
    CHECK_STR_EQ(h.text, "");
}

static void a_tag_of_a_hundred_thousand_attributes_costs_no_time(void)
{
    char *text = malloc(2000000);
    size_t n =
        (size_t)sprintf(text, "<meta name=date content='2020'><script>if (1 <a) { '<p ' }</script><p title='a>b'");
    const clock_t start = clock();
    struct heard h;

    for (int i = 0; i < 100000; i++)
        n += (size_t)sprintf(text + n, " a%d='>'", i);
    n += (size_t)sprintf(text + n, ">text<p a=\"b>end");
    read_bytes(&h, read_html, text, n);
    CHECK_STR_EQ(h.text, "n||text|2020|||\n");
    CHECK((clock() - start) / CLOCKS_PER_SEC < 5);
    free(text);
}

static void nothing_comes_from_outside(void)
{
    struct heard h;

    READ(read_html, "<!DOCTYPE html [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><p>&x; end</p>");
    CHECK(strstr(h.text, "root:") == NULL, "%s", h.text);
    CHECK(strstr(h.text, "end") != NULL, "%s", h.text);
}

int main(void)
{
    RUN(the_first_line_that_is_not_blank_is_the_title);
    RUN(a_text_of_blanks_is_no_document);
    RUN(a_text_without_line_breaks_is_all_body);
    RUN(binary_data_is_refused);
    RUN(a_page_gives_its_visible_text);
    RUN(a_header_within_an_article_is_kept);
    RUN(a_page_says_what_it_is);
    RUN(a_declared_encoding_is_believed_unless_the_bytes_contradict);
    RUN(broken_markup_still_gives_text);
    RUN(a_tag_of_a_hundred_thousand_attributes_costs_no_time);
    RUN(nothing_comes_from_outside);
    return DONE();
}
