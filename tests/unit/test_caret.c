/* test_caret.c - the caret stands below its character, with the bidirectional algorithm and without. */
#include <unicode/ubidi.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>

#include "out/caret.h"
#include "out/out.h"
#include "tap.h"

enum { MOST = 400 };

/* A line as a terminal takes it: characters, and the order in which they are shown. */
struct line {
    UChar   text[MOST];
    int32_t n, order[MOST];           /* order[i]: which character is the i-th from the left */
};

static void lay_out(struct line *l, const char *s, size_t len, int is_turned)
{
    UErrorCode status = U_ZERO_ERROR;
    UBiDi *bidi = ubidi_openSized(MOST, 0, &status);

    u_strFromUTF8(l->text, MOST, &l->n, s, (int32_t)len, &status);
    ubidi_setPara(bidi, l->text, l->n, UBIDI_DEFAULT_LTR, NULL, &status);
    for (int32_t i = 0; i < l->n; i++)
        l->order[i] = is_turned ? ubidi_getLogicalIndex(bidi, i, &status) : i;
    CHECK(U_SUCCESS(status));
    ubidi_close(bidi);
}

static int takes_a_column(UChar c)
{
    const int8_t kind = u_charType(c);

    return kind != U_FORMAT_CHAR && kind != U_NON_SPACING_MARK && kind != U_ENCLOSING_MARK;
}

/* The column of the first `c` that is shown, counted from the left; -1 if it is not there. */
static int column_of(const struct line *l, UChar c)
{
    int column = 0;

    for (int32_t i = 0; i < l->n; i++) {
        if (l->text[l->order[i]] == c)
            return column;
        column += takes_a_column(l->text[l->order[i]]);
    }
    return -1;
}

/* The place is marked by a sign or letter that stands nowhere else in the text. */
static void check(const char *text, const char *mark)
{
    const size_t at = (size_t)(strstr(text, mark) - text);
    char *out = NULL, *second;
    size_t n;
    FILE *f = open_memstream(&out, &n);
    UChar32 c;
    size_t i = at;

    U8_NEXT((const uint8_t *)text, i, strlen(text), c);
    caret_print(f, out_str(text), at);
    fclose(f);
    second = strchr(out, '\n') + 1;
    for (int is_turned = 0; is_turned < 2; is_turned++) {
        struct line above, below;

        lay_out(&above, out, (size_t)(second - 1 - out), is_turned);
        lay_out(&below, second, strlen(second) - 1, is_turned);
        CHECK_INT_EQ(column_of(&below, '^'), column_of(&above, (UChar)c), "turned %d: %s", is_turned, text);
    }
    free(out);
}

static void the_caret_is_below_its_character(void)
{
    check("hello (world", "(");
    check("مصر \"القديمة", "\"");
    check("البحر (الأحمر", "(");
    check("الْبَحْرُ (الأحمر", "(");
    check("كتاب AND (تونس _أو_ ليبيا", "(");
    check("قناة BBC title: عربي", "t");
    check("sea AND (بحر", "(");
    check("abc بحر def (نهر", "(");
    check("بحر*500 واسع", "*");
    check("بحر ض واسع", "ض");
    check("بحر abZcd واسع", "Z");
    check("سنة 2011 #", "#");
}

static void long_texts_are_cut_and_the_caret_stays(void)
{
    check("كلمة كلمة كلمة كلمة كلمة كلمة كلمة كلمة كلمة كلمة كلمة (كلمة كلمة كلمة كلمة كلمة كلمة كلمة كلمة كلمة كلمة",
          "(");
    check("word word word word word word word word word word word word (word word word word word word word word word",
          "(");
}

static void any_place_and_any_bytes_print_two_lines(void)
{
    static const char text[] = "\xD8 \xFFx\n\x1B[31m \xD9\x83\xE2\x80\xAE";

    for (size_t at = 0; at <= sizeof text; at++) {
        char *out = NULL;
        size_t n, lines = 0;
        FILE *f = open_memstream(&out, &n);

        caret_print(f, (fih_str){ text, sizeof text - 1 }, at);
        fclose(f);
        for (size_t i = 0; i < n; i++)
            lines += out[i] == '\n';
        CHECK_INT_EQ(lines, 2);
        CHECK(!strchr(out, '\x1B') && strchr(out, '^'));
        free(out);
    }
}

int main(void)
{
    RUN(the_caret_is_below_its_character);
    RUN(long_texts_are_cut_and_the_caret_stays);
    RUN(any_place_and_any_bytes_print_two_lines);
    return DONE();
}
