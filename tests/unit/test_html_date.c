/* test_html_date.c - when a page was published, by what it says in many places. */
#include "heard.h"
#include "read/html_ld.h"

/* The date of a page with this head and body. */
static const char *date_of(const char *head, const char *body)
{
    static char page[8192];
    static struct heard h;

    const int n = snprintf(page, sizeof page,
                           "<!doctype html><html><head><meta charset=utf-8><title>خبر</title>%s</head><body>%s"
                           "<p>حصاد الزيتون في القرية بدأ قبل أوانه.</p></body></html>", head, body);
    read_bytes(&h, read_html, page, (size_t)n);
    return h.documents ? h.date : "no document";
}
#define IS(want, head, body) CHECK_STR_EQ(date_of(head, body), want)

static void a_meta_of_any_name_says_it(void)
{
    static const char *const names[] = {
        "property=\"article:published_time\"", "property='og:article:published_time'", "name=og:published_time",
        "name=\"parsely-pub-date\"", "name=sailthru.date", "name=DC.date", "name=\"DC.date.issued\"", "name=DC:date",
        "name=dcterms.created", "name=pubdate", "name=publish-date", "name=\"Date\"", "itemprop=datePublished",
        "property=\"unknown:thing\" itemprop=\"datePublished\"", "name=citation_publication_date",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char head[256];

        snprintf(head, sizeof head, "<meta %s content=\"2021-04-09T08:00:00+03:00\">", names[i]);
        CHECK_STR_EQ(date_of(head, ""), "2021-04-09T08:00:00+03:00", "%s", names[i]);
    }
    IS("", "<meta name=expiration-date content=2021-04-09><meta name=description content=2021-04-09>", "");
    IS("", "<meta name=event:start_date content=2021-04-09>", "");
}

static void json_ld_says_it(void)
{
    IS("2021-04-09T10:00:00Z",
       "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"datePublished\":\"2021-04-09T10:00:00Z\"}</script>",
       "");
    IS("2021-04-09", "<script type=application/ld+json>{\"@graph\":[{\"@type\":\"WebSite\"},{\"@type\":[\"Thing\","
                     "\"BlogPosting\"],\"comment\":[{\"@type\":\"Comment\",\"datePublished\":\"2022-01-01\"}],"
                     "\"datePublished\":\"2021-04-09\",\"dateModified\":\"2021-05-01\"}]}</script>", "");
    IS("2021-04-09", "<script type=application/ld+json>[{\"@type\":\"Person\",\"datePublished\":\"2020-01-01\"},"
                     "{\"@type\":\"Article\",\"datePublished\":\"2021\\/04\\/09\"}]</script>", "");
    IS("2021-04-09", "<script type=application/ld+json>{\"@type\":\"WebPage\",\"datePublished\":\"2019-02-03\"}</script>"
                     "<script type=application/ld+json>{\"@type\":\"Article\",\"datePublished\":\"2021-04-09\"}</script>",
       "");
    IS("2021-04-09", "<script type=application/ld+json>{\"@type\":\"Article\",\"datePublished\":"
                     "\"9 \\u0646\\u064a\\u0633\\u0627\\u0646 2021\"}</script>", "");
    IS("2021-05-01", "<script type=application/ld+json>{\"@type\":\"Article\",\"dateModified\":\"2021-05-01\"}</script>",
       "");
}

static void broken_json_says_it_too(void)
{
    IS("2021-04-09", "<script type=application/ld+json>{\"headline\":\"he said \"no\" twice\",\n\"description\":\"a\nb\",,"
                     "\"@type\":\"Article\",\"datePublished\":\"2021-04-09\"", "");
    IS("2021-04-09", "<script type=application/ld+json>//<![CDATA[\n{\"headline\":\"a \"b\",\"@type\":\"Article\","
                     "\"datePublished\" : \"2021-04-09\"}\n//]]></script>", "");
    IS("2021-04-09", "<script type=application/ld+json>]]}}{\"@type\":\"Article\",\"datePublished\":\"2021-04-09\"}"
                     "</script>", "");
    IS("", "<script type=application/ld+json>{\"datePublished\":</script>", "");
    IS("", "<script type=application/ld+json>\"datePublished\"</script>", "");
    IS("", "<script>{\"@type\":\"Article\",\"datePublished\":\"2021-04-09\"}</script>", "");
}

static void elements_say_it(void)
{
    IS("2021-04-09", "", "<h1>خبر</h1><span itemprop=datePublished content=2021-04-09>أمس</span>");
    IS("2021-04-09", "", "<h1>خبر</h1><span property=\"schema:dateCreated\" content=2021-04-09></span>");
    IS("2021-04-09T08:00", "", "<article><h1>خبر</h1><time datetime=2021-04-09T08:00>قبل يومين</time></article>");
    IS("2021-04-09", "", "<article><h1>خبر</h1><time>9 نيسان 2021</time></article>");
    IS("2021-04-09", "", "<h1>خبر</h1><div class=\"post-date\">نُشر في: <b>الجمعة</b> 9 أبريل 2021</div>");
    IS("2021-04-09", "", "<div id=byline>بقلم سليم | ٩ أبريل ٢٠٢١</div>");
    IS("2021-04-09", "", "<h1>خبر</h1><p>الجمعة 9 نيسان/أبريل 2021</p>");
    IS("2021-04-09", "", "<h1>خبر</h1><p>09/04/2021 14:30</p>");
    IS("2021-04-09", "", "<h1>خبر</h1><span class=ago title=x></span><span class=time title=2021-04-09>قبل يومين</span>");
    IS("", "", "<h1>خبر</h1><p>وقال المزارع إن القرية لم تعرف موسما كهذا منذ أن جف النبع ثم عاد في شتاء طويل، "
               "وكان ذلك في 9 نيسان 2021 كما يذكر.</p>");
}

static void the_article_goes_before_its_surroundings(void)
{
    IS("2021-04-09", "", "<div class=top><time datetime=2021-05-05>5/5</time></div><h1>خبر</h1>"
                         "<time datetime=2021-04-09>9/4</time><time datetime=2021-03-03>3/3</time>");
    IS("2021-04-09", "", "<aside><time datetime=2021-05-05></time></aside><time datetime=2021-04-09></time>");
    IS("2021-04-09", "", "<nav><time datetime=2021-05-05></time></nav><time datetime=2021-04-09></time>");
    IS("2021-04-09", "", "<div class=\"comments list\"><time datetime=2021-05-05></time></div>"
                         "<time datetime=2021-04-09></time>");
    IS("", "", "<h1>خبر</h1><footer><time datetime=2021-05-05></time></footer>");
}

static void ranks_are_kept(void)
{
    IS("2021-04-09", "<meta property=article:modified_time content=2021-06-01><meta name=date content=2021-04-09>", "");
    IS("2021-04-09", "<meta property=article:published_time content='لم يحدد'><meta name=date content=2021-04-09>", "");
    IS("2021-04-09", "<meta property=article:published_time content='الجمعة، 09 أبريل 2021 - 12:09 م'>"
                     "<meta name=date content=2021-04-10>", "");
    IS("2021-06-01", "<meta property=article:modified_time content=2021-06-01>", "");
    IS("2021-04-09", "<meta property=article:modified_time content=2021-06-01>"
                     "<link rel=canonical href=https://example.org/2021/04/09/olives>", "");
    IS("2021-04-09", "<meta property=article:modified_time content=2021-06-01>",
       "<h1>خبر</h1><div class=date>آخر تحديث: 1 حزيران 2021</div><p>9 نيسان 2021</p>");
    IS("", "<link rel=canonical href=https://example.org/2021/13/09/olives>", "");
    IS("", "<link rel=canonical href=https://example.org/id/20210409123>", "");
}

/* Of any two places the better one has it. */
static void ranks_are_in_order(void)
{
#define LD(type, name) "<script type=application/ld+json>{\"@type\":\"" type "\",\"" name "\":\"%s\"}</script>"
    static const struct { char where;      /* in the head, above or below the heading */
                          const char *markup; } places[] = {
        {'h', "<meta property=article:published_time content=%s>"}, {'h', LD("Article", "datePublished")},
        {'b', "<i itemprop=datePublished content=%s></i>"}, {'h', LD("WebPage", "datePublished")},
        {'h', "<meta name=dcterms.created content=%s>"}, {'b', "<time pubdate datetime=%s></time>"},
        {'b', "<p class=published>%s</p>"}, {'b', "<time datetime=%s></time>"}, {'b', "<p class=date>%s</p>"},
        {'b', "<p>%s 10:20</p>"}, {'h', "<meta name=date content=%s>"}, {'a', "<time datetime=%s></time>"},
        {'a', "<p class=date>%s</p>"}, {'a', "<p>%s 10:20</p>"}, {'b', "<p>%s</p>"},
        {'h', "<link rel=canonical href=https://example.org/%s>"}, {'a', "<p>%s</p>"},
        {'b', "<i itemprop=dateCreated content=%s></i>"}, {'h', "<meta name=last-modified content=%s>"},
        {'h', LD("Article", "dateModified")}, {'b', "<i itemprop=dateModified content=%s></i>"},
    };
#undef LD
    const size_t n = sizeof places / sizeof *places;

    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n; k++) {
            char better[256], worse[256], head[512] = "", above[512] = "", below[512] = "", body[1100];

            snprintf(better, sizeof better, places[i].markup, "2021-04-09");
            snprintf(worse, sizeof worse, places[k].markup, "2021-04-08");
            strcat(places[k].where == 'h' ? head : places[k].where == 'a' ? above : below, worse);
            strcat(places[i].where == 'h' ? head : places[i].where == 'a' ? above : below, better);
            snprintf(body, sizeof body, "%s<h1>خبر</h1>%s", above, below);
            CHECK(strncmp(date_of(head, body), "2021-04-09", 10) == 0, "%s before %s", better, worse); /* a clock may follow */
        }
}

static void what_cannot_be_is_not_believed_when_there_is_another(void)
{
    IS("2021-04-09", "<meta property=article:published_time content=2921-04-09><meta name=date content=2021-04-09>", "");
    IS("2021-04-09", "<meta property=article:published_time content=1970-01-01><meta name=date content=2021-04-09>", "");
    IS("2021-04-09", "<meta property=article:published_time content=1985-01-01><meta name=date content=2021-04-09>", "");
    IS("2021-04-09", "<meta property=article:published_time content=2021><meta name=date content=2021-04-09>", "");
    IS("1985-01-01", "<meta property=article:published_time content=1985-01-01>", "");
    IS("2021", "<meta name=date content=2021>", "");
    IS("", "<meta property=article:published_time content=1970-01-01T00:00:00Z>", "");
}

static void days_are_those_of_the_pages_readers(void)
{
    IS("2021-04-10", "<meta property=article:published_time content=2021-04-09T22:30:00Z>",
       "<h1>خبر</h1><div class=date>10 نيسان 2021</div>");
    IS("2021-04-08", "<meta property=article:published_time content=2021-04-09T02:30:00+00:00>"
                     "<link rel=canonical href=https://example.org/2021/04/08/olives>", "");
    IS("2021-04-09T02:30:00+03:00", "<meta property=article:published_time content=2021-04-09T02:30:00+03:00>",
       "<h1>خبر</h1><div class=date>8 نيسان 2021</div>");
    IS("2021-04-09T02:30:00Z", "<meta property=article:published_time content=2021-04-09T02:30:00Z>",
       "<h1>خبر</h1><div class=date>10 نيسان 2021</div>");
}

static void other_calendars_are_told_apart(void)
{
    IS("2020-10-05", "<meta name=date content=1442-02-18>", "");
    IS("2020-05-10", "<meta property=article:published_time content=\"۱۳۹۹/۰۲/۲۱ - ۱۸:۵۹\">", "");
    IS("2020-05-10", "<meta property=article:published_time content=\"1399/02/21\">"
                     "<script type=application/ld+json>{\"@type\":\"Article\",\"datePublished\":\"2020-05-10\"}</script>",
       "");
    IS("", "<meta property=article:published_time content=\"1399/02/21\">", "");
}

static void a_day_of_something_else_is_none(void)
{
    static const char *const none[] = {
        "سجل في: عضو منذ 9 نيسان 2021", "Registered: 09.04.2021, 10:20", "Mitglied seit 09.04.2021", "تاريخ الميلاد: 9 نيسان 2021",
        "Retrieved 9 April 2021", "9 - 14 April 2021", "من 9 إلى 14 نيسان 2021", "vom 24. März bis 9. April 2021",
        "9/4/2021 – 12/4/2021", "Semaine du 9 au 14 avril 2021",
    };
    static const char *const days[] = {
        "10:20 AM - 9 Apr 2021", "9 Apr 2021 - 10:20", "10 Uhr - 9. April 2021", "9/4/2021 - 5 دقائق", "9-4-2021",
        "نيسان/أبريل 9, 2021", "9 أبريل 2021 - 9 أبريل 2021", "Retour au 9 avril 2021",
    };
    char body[256];

    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        snprintf(body, sizeof body, "<h1>خبر</h1><p>%s</p>", none[i]);
        CHECK_STR_EQ(date_of("", body), "", "%s", none[i]);
        snprintf(body, sizeof body, "<h1>خبر</h1><p class=date>%s</p>", none[i]);
        CHECK_STR_EQ(date_of("", body), "", "%s", none[i]);
    }
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        snprintf(body, sizeof body, "<h1>خبر</h1><p>%s</p>", days[i]);
        CHECK_STR_EQ(date_of("", body), "2021-04-09", "%s", days[i]);
    }
    IS("", "", "<h1>خبر</h1><p>وقعت البلديتان في مدينة طرابلس الاتفاق يوم 9 نيسان 2021.</p>");
    IS("2021-04-09", "", "<h1>خبر</h1><p>بقلم سليم، 9 نيسان 2021.</p>");
    IS("2021-04-09", "", "<h1>خبر</h1><p>9 نيسان 2021</p><div id=site-comments><time datetime=2021-04-11></time></div>");
    IS("2021-04-09", "", "<h1>خبر</h1><div class=no-comments-yet><time datetime=2021-04-09></time></div>");
}

static void a_text_above_later_ones_is_one_of_a_list(void)
{
    IS("", "", "<h1>مواعيد</h1><p>9 نيسان 2021</p><p>12 نيسان 2021</p>");
    IS("2021-04-12", "", "<h1>خبر</h1><p>12 نيسان 2021</p><p>9 نيسان 2021</p>");
#define MANY "<h1>خبر</h1><p>كتب سليم من القرية التي على التل فوق الوادي: <b class=date>9 نيسان 2021</b> وقبل أن يجف النبع " \
             "الذي تحت الزيتون <b class=date>12 نيسان 2021</b> لا غير، كما قال</p>"
    IS("", "", MANY "<p>10 نيسان 2021 10:20</p>");
    IS("2021-04-13", "", MANY "<p>13 نيسان 2021 10:20</p>");
    IS("2021-04-09", "", MANY "<p>9 نيسان 2021</p>");
#undef MANY
    IS("2021-04-09", "<link rel=canonical href=https://example.org/2021/04/09/olives>",
       "<h1>خبر</h1><p>9 نيسان 2021</p><p>12 نيسان 2021</p>");
    IS("2021-04-09", "", "<h1>خبر</h1><p>9 نيسان 2021</p><p>2951-04-09</p>");
    IS("2021-04-09", "", "<h1>خبر</h1><time datetime=2021-04-09></time><time datetime=2021-04-12></time>");
}

static void the_day_shown_goes_before_if_another_place_says_it(void)
{
#define PUBLISHED "<meta property=article:published_time content=2021-04-09T08:00:00+03:00>"
    IS("2021-04-12T09:00:00+03:00", PUBLISHED "<meta property=article:modified_time content=2021-04-12T09:00:00+03:00>",
       "<h1>خبر</h1><p>12 نيسان 2021</p>");
    IS("2021-04-12", PUBLISHED "<script type=application/ld+json>{\"@type\":\"Article\",\"datePublished\":\"2021-04-12\"}"
       "</script>", "<h1>خبر</h1><div class=date>12/4/2021</div>");
    IS("2021-04-09T08:00:00+03:00", PUBLISHED "<meta property=article:modified_time content=2021-04-12>",
       "<h1>خبر</h1><p>13 نيسان 2021</p>");
    IS("2021-04-09T08:00:00+03:00", PUBLISHED "<meta property=article:modified_time content=2021-04-12>",
       "<h1>خبر</h1><p>آخر تحديث: 12 نيسان 2021</p>");
    IS("2021-04-09T08:00:00+03:00", PUBLISHED "<meta property=article:modified_time content=2021-04-12>",
       "<h1>خبر</h1><time datetime=2021-04-12>12</time><p>9 نيسان 2021</p>");
    IS("2021-04-09", "<meta name=date content=2021-04-12>", "<h1>خبر</h1><p>9 نيسان 2021 10:20</p>");
#undef PUBLISHED
}

struct seen { unsigned count; };

static void count(void *ctx, enum html_ld_kind kind, bool is_article, fih_str value)
{
    (void)kind;
    (void)is_article;
    CHECK(value.len <= 131);
    ++((struct seen *)ctx)->count;
}

static void deep_and_long_json_is_walked(void)
{
    enum { N = 1 << 20 };
    char *s = guard_alloc(N);
    struct seen seen = {0};

    memset(s, '[', N);
    html_ld_dates((fih_str){s, N}, count, &seen);
    memset(s, '"', N);
    html_ld_dates((fih_str){s, N}, count, &seen);
    memset(s, '\\', N);
    s[0] = '"';
    html_ld_dates((fih_str){s, N}, count, &seen);
    memset(s, '}', N);
    html_ld_dates((fih_str){s, N}, count, &seen);
    CHECK_INT_EQ(seen.count, 0);
    guard_free(s, N);
}

int main(void)
{
    RUN(a_meta_of_any_name_says_it);
    RUN(json_ld_says_it);
    RUN(broken_json_says_it_too);
    RUN(elements_say_it);
    RUN(the_article_goes_before_its_surroundings);
    RUN(ranks_are_kept);
    RUN(ranks_are_in_order);
    RUN(what_cannot_be_is_not_believed_when_there_is_another);
    RUN(days_are_those_of_the_pages_readers);
    RUN(other_calendars_are_told_apart);
    RUN(a_day_of_something_else_is_none);
    RUN(a_text_above_later_ones_is_one_of_a_list);
    RUN(the_day_shown_goes_before_if_another_place_says_it);
    RUN(deep_and_long_json_is_walked);
    return DONE();
}
