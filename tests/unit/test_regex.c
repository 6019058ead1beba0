/* test_regex.c - expressions match the words that their definition says, in time that grows with the word alone, and
 * the next word that could match is never too far. */
#include <time.h>

#include "search/automaton.h"
#include "search/regex.h"
#include "tap.h"

static uint64_t seed = 7;

static uint32_t rnd(uint32_t n)
{
    return (uint32_t)(tap_random(&seed) % n);
}

static int make(struct automaton **a, const char *text, const struct regex_spelling *spelling, fih_error *err)
{
    struct regex x;
    int rc = fihi_regex_parse(&x, text, strlen(text), spelling, 100, err);

    *a = NULL;
    if (rc != 0)
        return rc;
    rc = fihi_automaton_new(a, &x, 100, err);
    fihi_regex_free(&x);
    return rc;
}

static int matches(const char *text, const char *word)
{
    fih_error err = {0, 0, 0, ""};
    struct automaton *a;
    const int rc = make(&a, text, NULL, &err), found = rc ? rc : fihi_automaton_match(a, (const uint8_t *)word, strlen(word));

    fihi_automaton_free(a);
    return found;
}

/* ---- the definition: which ends of a word a part can reach from a beginning, as bits */

enum { LEAVES = 9, NODES = 64, WORD_MOST = 7 };

struct node {
    enum { LETTER, CLASS, SEQUENCE, EITHER, TIMES } kind;
    unsigned a, b, least, most;        /* children; most 99: any number */
    unsigned letters;                  /* bits of the alphabet */
};

static const char *const alphabet[] = {"a", "b", "c", "ا", "ب"};
enum { ALPHABET = 5 };

static struct node nodes[NODES];
static unsigned node_count;

static unsigned ends(unsigned n, const unsigned *word, unsigned len, unsigned from);

static unsigned ends_of_all(unsigned n, const unsigned *word, unsigned len, unsigned froms)
{
    unsigned all = 0;

    for (unsigned i = 0; i <= len; i++)
        if (froms >> i & 1)
            all |= ends(n, word, len, i);
    return all;
}

static unsigned ends(unsigned n, const unsigned *word, unsigned len, unsigned from)
{
    const struct node *x = &nodes[n];
    unsigned at = 1u << from, all;

    switch (x->kind) {
    case LETTER: case CLASS: return from < len && x->letters >> word[from] & 1 ? 1u << (from + 1) : 0;
    case SEQUENCE: return ends_of_all(x->b, word, len, ends(x->a, word, len, from));
    case EITHER: return ends(x->a, word, len, from) | ends(x->b, word, len, from);
    default: break;
    }
    for (unsigned i = 0; i < x->least; i++)
        at = ends_of_all(x->a, word, len, at);
    all = at;
    for (unsigned i = x->least; i < x->most && i < x->least + WORD_MOST + 1; i++)
        all |= at = ends_of_all(x->a, word, len, at);
    return all;
}

/* A random part, and its text. */
static unsigned grow(char *out, size_t room, unsigned size)
{
    static const struct { const char *text; unsigned least, most; } times[] = {
        {"*", 0, 99}, {"+", 1, 99}, {"?", 0, 1}, {"{2}", 2, 2}, {"{0,2}", 0, 2}, {"{1,3}", 1, 3}, {"{2,}", 2, 99},
        {"{0}", 0, 0},
    };
    const unsigned me = node_count++, kind = size < 2 ? rnd(4) == 0 : 2 + rnd(3);
    struct node *x = &nodes[me];
    char a[400], b[400];

    if (kind == 0) {
        const unsigned letter = rnd(ALPHABET);

        *x = (struct node){.kind = LETTER, .letters = 1u << letter};
        snprintf(out, room, "%s", alphabet[letter]);
    } else if (kind == 1) {
        const unsigned letters = 1 + rnd(30), is_negated = rnd(2), how = rnd(5);
        size_t n = (size_t)snprintf(out, room, "[%s", is_negated ? "^" : "");

        *x = (struct node){.kind = CLASS, .letters = is_negated ? ~letters : letters};
        for (unsigned i = 0; i < ALPHABET; i++)
            if (letters >> i & 1)
                n += (size_t)snprintf(out + n, room - n, "%s", alphabet[i]);
        snprintf(out + n, room - n, "]");
        if (how == 0)
            x->letters = 31, snprintf(out, room, ".");
        else if (how == 1)
            x->letters = 6, snprintf(out, room, "[b-z]");
    } else if (kind == 4) {
        const unsigned t = rnd(sizeof times / sizeof *times), child = grow(a, sizeof a, size - 1);

        *x = (struct node){.kind = TIMES, .a = child, .least = times[t].least, .most = times[t].most};
        snprintf(out, room, rnd(2) ? "(?:%s)%s" : "(%s)%s", a, times[t].text);
    } else {
        const unsigned half = 1 + rnd(size - 1), first = grow(a, sizeof a, half), second = grow(b, sizeof b, size - half);

        *x = (struct node){.kind = kind == 2 ? SEQUENCE : EITHER, .a = first, .b = second};
        snprintf(out, room, kind == 2 ? "(?:%s)(?:%s)" : "(%s|%s)", a, b);
    }
    return me;
}

static void spell(char *out, const unsigned *word, unsigned len)
{
    *out = '\0';
    for (unsigned i = 0; i < len; i++)
        strcat(out, alphabet[word[i]]);
}

static void twenty_thousand_expressions_match_what_they_say(void)
{
    unsigned wrong = 0, found = 0, all = 0;

    for (unsigned round = 0; round < 20000 && wrong < 5; round++) {
        char text[2000], word[40];
        struct automaton *a;
        fih_error err = {0, 0, 0, ""};
        unsigned root;

        node_count = 0;
        root = grow(text, sizeof text, 1 + rnd(LEAVES));
        if (!CHECK_INT_EQ(make(&a, text, NULL, &err), 0, "%s: %s", text, err.msg))
            return;
        for (unsigned i = 0; i < 12; i++) {
            unsigned w[WORD_MOST];
            const unsigned len = rnd(WORD_MOST + 1);

            for (unsigned k = 0; k < len; k++)
                w[k] = rnd(rnd(3) ? 2 : ALPHABET);
            spell(word, w, len);
            const int want = (int)(ends(root, w, len, 0) >> len & 1);
            const int got = fihi_automaton_match(a, (const uint8_t *)word, strlen(word));

            wrong += !CHECK(got == want, "/%s/ and '%s': %d, not %d", text, word, got, want);
            found += (unsigned)want;
            all++;
        }
        fihi_automaton_free(a);
    }
    CHECK(found > all / 20 && found < all / 2, "%u of %u match", found, all);
}

/* ---- the walk */

enum { WORDS = 1500 };
static char sorted[WORDS][40];

static int by_bytes(const void *x, const void *y)
{
    return strcmp(x, y);
}

/* Of sorted words, all that match are found although those before the next that could are not looked at. */
static void a_walk_that_passes_over_words_misses_none(void)
{
    unsigned looked = 0, all = 0, words = 0;

    for (unsigned i = 0; i < WORDS; i++) {
        unsigned w[WORD_MOST];
        const unsigned len = 1 + rnd(WORD_MOST);

        for (unsigned k = 0; k < len; k++)
            w[k] = rnd(ALPHABET);
        spell(sorted[i], w, len);
    }
    qsort(sorted, WORDS, sizeof *sorted, by_bytes);
    for (unsigned i = 0; i < WORDS; i++)       /* a dictionary has each once */
        if (words == 0 || strcmp(sorted[words - 1], sorted[i]) != 0)
            memmove(sorted[words++], sorted[i], sizeof *sorted);
    for (unsigned round = 0; round < 1000; round++) {
        struct automaton *walk, *each;
        uint8_t next[AUTOMATON_NEXT + 1];
        char text[2000];
        size_t n;
        int rc;

        node_count = 0;
        grow(text, sizeof text, 1 + rnd(LEAVES));
        if (!CHECK_INT_EQ(make(&walk, text, NULL, NULL), 0) || !CHECK_INT_EQ(make(&each, text, NULL, NULL), 0))
            return;
        fihi_automaton_restart(walk);
        rc = fihi_automaton_next(walk, next, &n);
        for (unsigned i = 0; i < words; i++) {
            const int want = fihi_automaton_match(each, (const uint8_t *)sorted[i], strlen(sorted[i]));
            int got = 0;

            next[rc == 0 ? n : 0] = '\0';
            if (rc == 0 && strcmp(sorted[i], (const char *)next) >= 0) {
                got = fihi_automaton_match(walk, (const uint8_t *)sorted[i], strlen(sorted[i]));
                rc = fihi_automaton_next(walk, next, &n);
                looked++;
            }
            all++;
            if (!CHECK(got == want, "/%s/ and '%s'", text, sorted[i]))
                return;
        }
        fihi_automaton_free(walk);
        fihi_automaton_free(each);
    }
    CHECK(looked < all / 2, "%u of %u words are looked at", looked, all);
}

/* What could be next is a whole word, not its first letter: a walk looks up where words lie, and not what lies before. */
static void what_could_be_next_is_a_whole_word(void)
{
    static const struct { const char *last, *next; } rows[] = {
        {NULL, "العصي"}, {"الآن", "العصي"}, {"العصيان", "العصيان"}, {"الغد", "عصي"}, {"غد", "والعصي"}, {"والغد", NULL},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct automaton *a;
        uint8_t next[AUTOMATON_NEXT + 1];
        size_t n = 0;

        if (!CHECK_INT_EQ(make(&a, "(و?ال)?عصي.*", NULL, NULL), 0))
            return;
        if (rows[i].last)
            fihi_automaton_match(a, (const uint8_t *)rows[i].last, strlen(rows[i].last));
        CHECK_INT_EQ(fihi_automaton_next(a, next, &n), rows[i].next ? FIH_OK : FIH_DONE, "%zu", i);
        next[n] = '\0';
        CHECK_STR_EQ(rows[i].next ? (const char *)next : "", rows[i].next ? rows[i].next : "", "%zu", i);
        fihi_automaton_free(a);
    }
}

/* ---- time */

static void no_expression_takes_long(void)
{
    static const char *const texts[] = {
        "(a*)*b", "(a|a)*b", "(x+x+)+y", "(a|aa)+$", "(.*)*", "(.*a.*){200}b", "((a?){50}){20}", ".*a.{200}", "(a|b|ab)*c{9}",
        "([ab]*[ac]*[bc]*){60}x", "(((((a*)*)*)*)*)*b", "[^a]*[^b]*[^c]*(.?){255}",
    };
    char word[256];
    clock_t begin = clock();

    for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct automaton *a;

        if (!CHECK_INT_EQ(make(&a, texts[i], NULL, NULL), 0, "%s", texts[i]))
            continue;
        for (unsigned k = 0; k < 100; k++) {
            for (unsigned c = 0; c < 255; c++)
                word[c] = k % 2 ? 'a' : (char)('a' + rnd(3));
            fihi_automaton_match(a, (uint8_t *)word, 255);
        }
        fihi_automaton_free(a);
    }
    /* Generous by thousands: the first one alone would take longer than the sun shines. */
    CHECK((clock() - begin) / CLOCKS_PER_SEC < 60);
    CHECK_INT_EQ(matches("a{1000}{1000}", "a"), FIH_E_LIMIT);
    CHECK_INT_EQ(matches("a{256}", "a"), FIH_E_LIMIT);
    CHECK_INT_EQ(matches("(a{100}){100}", "a"), FIH_E_LIMIT);
    CHECK_INT_EQ(matches("((((((((){255}){255}){255}){255}){255}){255}){255}){255}", "a"), FIH_E_LIMIT);
    CHECK_INT_EQ(matches("((((a{9}){9}){9}){9}){9}", "a"), FIH_E_LIMIT);
    CHECK_INT_EQ(matches("(a{33}){31}", "a"), 0);
}

/* ---- signs */

static void each_sign_means_what_the_manual_says(void)
{
    static const struct {
        const char *text, *word;
        int         want;
    } cases[] = {
        {"كت.ب", "كتاب", 1}, {"كت.ب", "كتب", 0}, {"كت.?ب", "كتب", 1}, {"^كتاب$", "كتاب", 1}, {"كتاب", "كتابة", 0},
        {"a|", "", 1}, {"a|", "a", 1}, {"(a|b)c", "bc", 1}, {"a|bc", "ac", 0}, {"", "", 1}, {"()", "", 1}, {"", "a", 0},
        {"\\d+", "2021", 1}, {"\\d+", "٢٠٢١", 1}, {"\\D", "5", 0}, {"\\w+", "كلمة9", 1}, {"\\W", "-", 1}, {"\\s", " ", 1},
        {"[\\d-]+", "1-2", 1}, {"[-a]+", "a-", 1}, {"[a-c-]+", "b-", 1}, {"[^\\w]", "-", 1}, {"[^\\D]", "5", 1},
        {"[\\]]", "]", 1}, {"[\\\\]", "\\", 1}, {"[.*+]+", ".*+", 1}, {"a\\.b", "a.b", 1}, {"a\\.b", "axb", 0},
        {"\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|\\^\\$", "*+?()[]{}|^$", 1}, {"\\ا", "ا", 1}, {"[^ا-ي]+", "abc", 1}, {"[^ا-ي]+", "aبc", 0},
        {"[ا-ي]{3,4}", "كتاب", 1}, {"[ا-ي]{3,4}", "كت", 0}, {"a{0}b", "b", 1}, {"a{2,}", "a", 0}, {"a{2,}", "aaaa", 1},
        {"ABC", "abc", 1}, {"[A-C]+", "abc", 1}, {"a-b", "a-b", 1}, {"a,b", "a,b", 1}, {"\xF0\x9F\x98\x80.", "\xF0\x9F\x98\x80x", 1},
        {"[^\\d\\D]", "a", 0}, {"[^\\d\\D]|b", "b", 1}, {"(?:ab)*", "abab", 1}, {"((a)|(?:b))+", "abba", 1},
    };

    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_INT_EQ(matches(cases[i].text, cases[i].word), cases[i].want, "/%s/ and '%s'", cases[i].text, cases[i].word);
}

static void what_is_not_supported_is_refused_with_its_place(void)
{
    static const struct {
        const char *text;
        size_t      at;
        const char *says;
    } cases[] = {
        {"ab(c", 2, "not closed"}, {"ab)c", 2, "not opened"}, {"a[b", 1, "not closed"}, {"a[]b", 1, "empty"},
        {"*a", 0, "nothing to repeat"}, {"a|*", 2, "nothing to repeat"}, {"(+)", 1, "nothing to repeat"}, {"{2}", 0, "nothing"},
        {"a*?", 2, "lazy"}, {"a{2}?", 4, "lazy"}, {"a?+", 2, "possessive"}, {"a**", 2, "parentheses"},
        {"a{", 1, "brace"}, {"a{x}", 1, "brace"}, {"a{3,2}", 1, "brace"}, {"a{,2}", 1, "brace"}, {"a}", 1, "backslash"},
        {"a]", 1, "backslash"}, {"(a)\\1", 3, "back"}, {"a(?=b)", 1, "look-ahead"}, {"(?!b)", 0, "look-ahead"},
        {"(?<=b)", 0, "look-ahead"}, {"(?<!b)", 0, "look-ahead"}, {"(?<n>b)", 0, "(?:"}, {"(?i)b", 0, "(?:"},
        {"\\bا", 0, "backslash"}, {"\\p{L}", 0, "backslash"}, {"\\x41", 0, "backslash"}, {"a\\", 1, "backslash at the end"},
        {"a^b", 1, "ends"}, {"a$b", 1, "ends"}, {"[z-a]", 1, "beginning"}, {"[a-\\d]", 1, "range"}, {"[[:a:]]", 1, "brackets"},
        {"[a&&b]", 2, "brackets"}, {"ب(", 2, "not closed"}, {"[a\\", 2, "backslash at the end"},
    };

    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        fih_error err = {0, 0, 0, ""};
        struct automaton *a;

        CHECK_INT_EQ(make(&a, cases[i].text, NULL, &err), FIH_E_QUERY, "/%s/", cases[i].text);
        CHECK_INT_EQ(err.pos, 100 + cases[i].at, "/%s/: %s", cases[i].text, err.msg);
        CHECK(strstr(err.msg, cases[i].says) != NULL, "/%s/: %s", cases[i].text, err.msg);
        fihi_automaton_free(a);
    }
}

/* ة as ه, vowels gone, the full-width star a star that was meant. */
static size_t fold(void *ctx, const uint8_t *s, size_t n, uint8_t *out)
{
    *(unsigned *)ctx += 1;
    if (n == 2 && memcmp(s, "ة", 2) == 0)
        return (size_t)sprintf((char *)out, "ه");
    if (n == 2 && memcmp(s, "\xD9\x8E", 2) == 0)
        return 0;
    if (n == 3 && memcmp(s, "\xEF\xBC\x8A", 3) == 0)
        return (size_t)sprintf((char *)out, "*");
    memcpy(out, s, n);
    return n;
}

static void letters_are_spelt_as_the_words_are(void)
{
    static const struct {
        const char *text, *word;
        int         want;
    } cases[] = {
        {"كرة", "كره", 1}, {"[ةب]", "ه", 1}, {"كَ?ت", "ت", 1}, {"كَت", "كت", 1}, {"a\xEF\xBC\x8A", "a*", 1}, {"a\xEF\xBC\x8A", "aa", 0},
        {"[ة-ج]", "و", 0}, {"[ة-ج]", "ن", 1},  /* ه to ج: from ج to ه */
    };
    unsigned calls = 0;
    const struct regex_spelling spelling = {fold, &calls};

    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct automaton *a;

        if (!CHECK_INT_EQ(make(&a, cases[i].text, &spelling, NULL), 0, "%s", cases[i].text))
            continue;
        CHECK_INT_EQ(fihi_automaton_match(a, (const uint8_t *)cases[i].word, strlen(cases[i].word)), cases[i].want,
                     "/%s/ and '%s'", cases[i].text, cases[i].word);
        fihi_automaton_free(a);
    }
    CHECK(calls > 10);
}

int main(void)
{
    RUN(twenty_thousand_expressions_match_what_they_say);
    RUN(a_walk_that_passes_over_words_misses_none);
    RUN(what_could_be_next_is_a_whole_word);
    RUN(no_expression_takes_long);
    RUN(each_sign_means_what_the_manual_says);
    RUN(what_is_not_supported_is_refused_with_its_place);
    RUN(letters_are_spelt_as_the_words_are);
    return DONE();
}
