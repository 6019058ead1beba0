/* queries.c - clauses by a seed, and how they are written. */
#include "queries.h"
#include "derive.h"
#include "patterns.h"

/* A piece of a document's text, or of its note, so that phrases occur. */
static void take_piece_of(char *out, size_t size, uint32_t words, bool is_note)
{
    const struct doc *d = &docs[rnd((uint32_t)doc_count)];
    const char *p = is_note ? d->note : chance(30) ? d->title : d->body, *end;
    uint32_t skip = rnd(is_note ? 6 : 12);

    for (; skip && (end = strpbrk(p, " \n")); skip--)
        p = end + 1;
    for (end = p; words && *end; words--) {
        end += strcspn(end, " \n");
        if (words > 1 && *end)
            end++;
    }
    snprintf(out, size, "%.*s", (int)((size_t)(end - p) < size ? (size_t)(end - p) : size - 1), p);
    for (size_t n = strlen(out); n > 0 && (out[n - 1] == ' ' || out[n - 1] == '\n'); n--)
        out[n - 1] = '\0';
}

static void take_piece(char *out, size_t size, uint32_t words)
{
    take_piece_of(out, size, words, false);
}

/* Text that the parser takes as one clause of words: no space, no quotation mark, no sign or field in front. */
static bool is_one_word(const char *s)
{
    return *s && !strpbrk(s, " \n\"()^") && *s != '+' && *s != '-' && !strchr(s, ':');
}

/* A span of days in one of the ways to write it. */
static void make_days(struct clause *c)
{
    static const char *const names[] = {"كانون الثاني", "فبراير", "مارس",  "أفريل",   "أيار",  "يونيه",
                                        "جويلية",       "غشت",    "أيلول", "octobre", "نونبر", "ديسمبر"};
    const int y = 2008 + (int)rnd(8), m = 1 + (int)rnd(12), d = 1 + (int)rnd(28), later = y + (int)rnd(3);
    const size_t size = sizeof c->text;

    c->kind = DAYS;
    c->scope = ANY;
    c->from = 0;
    c->to = 99999999;
    switch (rnd(8)) {
    case 0: snprintf(c->text, size, "%d", y); c->from = y * 10000; c->to = y * 10000 + 9999; break;
    case 1:
        snprintf(c->text, size, "%s %d", names[m - 1], y);
        c->from = y * 10000 + m * 100;
        c->to = c->from + 99;
        break;
    case 2: snprintf(c->text, size, "%d/%d/%d", d, m, y); c->from = c->to = y * 10000 + m * 100 + d; break;
    case 3:
        snprintf(c->text, size, "%d-%02d..%d", y, m, later);
        c->from = y * 10000 + m * 100;
        c->to = later * 10000 + 9999;
        break;
    case 4: snprintf(c->text, size, ">%d-%d", y, m); c->from = y * 10000 + (m + 1) * 100; break;
    case 5: snprintf(c->text, size, "<=%d", y); c->to = y * 10000 + 9999; break;
    case 6: snprintf(c->text, size, "..%d %s %d", d, names[m - 1], y); c->to = y * 10000 + m * 100 + d; break;
    default:
        snprintf(c->text, size, "١٤٣٤-٠٩");
        c->from = 20130709;
        c->to = 20130807;
        break; /* Ramadan 1434, as Umm al-Qura has it */
    }
}

/* Pages in one of the ways to write them, and any that some document may have. */
static void make_pages(struct clause *c)
{
    const int low = (int)rnd(110) - 25, high = low + (int)rnd(40);
    const size_t size = sizeof c->text;

    c->kind = PAGES;
    c->scope = ANY;
    c->from = -1000;
    c->to = 1000;
    switch (rnd(9)) {
    case 0: snprintf(c->text, size, "%d", low); c->from = c->to = low; break;
    case 1: snprintf(c->text, size, "%d..%d", low, high); c->from = low; c->to = high; break;
    case 2: snprintf(c->text, size, "%d..", low); c->from = low; break;
    case 3: snprintf(c->text, size, "..%d", low); c->to = low; break;
    case 4: snprintf(c->text, size, ">%d", low); c->from = low + 1; break;
    case 5: snprintf(c->text, size, ">=%d", low); c->from = low; break;
    case 6: snprintf(c->text, size, "<%d.5", low); c->to = low < 0 ? low - 1 : low; break;
    case 7: snprintf(c->text, size, "<=%d", low); c->to = low; break;
    default: snprintf(c->text, size, "*");
    }
}

static void make_tag(struct clause *c)
{
    static const char *const beginnings[] = {"اقتص*", "a*", "اقتصاد*", "*", "nothing*"};
    const uint32_t tag = rnd(TAGS);

    c->kind = TAG;
    c->scope = ANY;
    if (chance(70)) {
        snprintf(c->text, sizeof c->text, "\"%s\"", tags[tag]);
        c->tags = 1u << tag;
        return;
    }
    snprintf(c->text, sizeof c->text, "%s", PICK(beginnings));
    for (unsigned i = 0; i < TAGS; i++)
        c->tags |= (unsigned)(strncmp(tags[i], c->text, strlen(c->text) - 1) == 0) << i;
}

/* An expression for a word, which most of its letters must be like, and how it may be asked. */
static void make_expression(char *spelt, char *asked, size_t size, const char *word)
{
    char piece[64];
    size_t n = 0, k = 0;

#define PUT(...)                                                                       \
    do {                                                                               \
        snprintf(piece, sizeof piece, __VA_ARGS__);                                    \
        n += (size_t)snprintf(spelt + n, size - n, "%s", piece);                       \
        k += (size_t)snprintf(asked + k, size - k, "%s", piece);                       \
    } while (0)

    if (chance(20))
        PUT("%s", chance(50) ? "(?:و|ال)?" : "(ال|وال|)");
    for (const char *p = word; *p; p += 2) {
        switch (rnd(15)) {
        case 0: PUT("."); break;
        case 1: PUT("[%.2sزق]", p); break;
        case 2: PUT("[^%.2s]", chance(50) ? p : "ز"); break;
        case 3: PUT("(%.2s|ق.)", p); break;
        case 4: PUT("%.2s?", p); break;
        case 5: PUT("%.2s+", p); break;
        case 6: PUT("%.2s{1,%u}", p, 1 + rnd(3)); break;
        case 7: PUT("[ا-ي]{%u}", rnd(3)); break;
        case 8: PUT("(%.2s|%.2s)*", p, "س"); break;
        case 9: PUT(".{0,%u}", rnd(3)); break;
        case 10: PUT("(?:%.2s.?){1,}", p); break;
        case 11:                        /* letters that are spelt as one */
            n += (size_t)snprintf(spelt + n, size - n, "%.2s", p);
            k += (size_t)snprintf(asked + k, size - k, "%.2s",
                                  strncmp(p, "ه", 2) == 0   ? "ة"
                                  : strncmp(p, "ا", 2) == 0 ? "أ"
                                                            : p);
            break;
        default: PUT("%.2s", p);
        }
    }
    if (chance(20))
        PUT("%s", chance(50) ? ".*" : "(ها|ات)?");
#undef PUT
}

/* Letters and vowels of a word that is written somewhere, or some of the vowels. */
static bool make_written(char *asked, size_t size)
{
    char word[400];
    size_t n = 0;

    take_piece(word, sizeof word, 1);
    if (!is_one_word(word) || strpbrk(word, "*?~/=-.") || (uint8_t)*word < 0xD8 || (uint8_t)*word > 0xD9 ||
        strstr(word, "،") || strstr(word, "«") || strlen(word) + 1 > size)
        return false;
    for (const char *p = word; *p; p += 2) {
        const bool is_mark = (uint8_t)*p == 0xD9 && (uint8_t)p[1] >= 0x8B;

        if ((uint8_t)*p < 0xD8 || (uint8_t)*p > 0xD9)
            return false;
        if (!is_mark || chance(80))
            n += (size_t)snprintf(asked + n, size - n, "%.2s", p);
    }
    return true;
}

/* A pattern out of a word as it is when normalised. */
static void make_like(struct clause *c)
{
    static const char *const others[] = {"[a-z]+", "\\d+", "google|paris", "go{1,2}.le", ".{3}", "[^a-z]{2}\\d*", "(co|p).*"};
    char word[400], asked[400];
    struct text t;
    size_t n, at;
    bool is_written;

    do {
        is_written = chance(15) && make_written(asked, sizeof asked);
        if (is_written)
            snprintf(word, sizeof word, "%s", asked);
        else
            make_word(word, sizeof word);
        t = analyze_with(exact, word);
        n = t.n == 1 ? terms[t.toks[0].term].n : 0;
        if (n)
            snprintf(word, sizeof word, "%.*s", (int)n, terms[t.toks[0].term].bytes);
        n = n && !t.toks[0].is_stop && (uint8_t)*word >= 0xD8 && (uint8_t)*word <= 0xD9 ? n / 2 : 0;
        free(t.toks);
    } while (n < 3 || n > 12 || strstr(word, "ء"));     /* which the end of a word may drop */
    c->kind = LIKE;
    at = 2 * (1 + rnd((uint32_t)n - 1));
    if (is_written) {
        c->edits = WRITTEN;
        snprintf(c->text, sizeof c->text, "%s", asked);
        snprintf(c->spelt, sizeof c->spelt, "%s", word);
        return;
    }
    switch (rnd(9)) {
    case 0: snprintf(c->text, sizeof c->text, "%.*s*", (int)at, word); break;
    case 1: snprintf(c->text, sizeof c->text, "*%s", word + at); break;
    case 2: snprintf(c->text, sizeof c->text, "%.2s?%s", word, word + 4); break;
    case 3: snprintf(c->text, sizeof c->text, "%.2s*%s", word, word + at); break;
    case 4: snprintf(c->text, sizeof c->text, "%s", word); c->edits = EXACT; break;
    case 5:
    case 6:
        c->edits = REGEX;
        if (chance(80)) {
            make_expression(c->spelt, c->text, sizeof c->text, word);
            return;
        }
        snprintf(c->text, sizeof c->text, "%s", PICK(others));
        break;
    default:
        snprintf(c->text, sizeof c->text, "%.*s%s%s", (int)at, word,
                 n > 3 && chance(50) ? ""
                 : chance(50)        ? "ز"
                                     : "ق",
                 word + at + (chance(50) && n > 4 && at < 2 * n ? 2 : 0));
        c->edits = 1 + (int)rnd(2);
    }
    snprintf(c->spelt, sizeof c->spelt, "%s", c->text);
}

/* Words of some document's note, or others. */
static void make_note(struct clause *c)
{
    struct text t;

    c->kind = NOTED;
    c->scope = ANY;
    do {
        if (chance(70))
            take_piece_of(c->text, sizeof c->text, 1 + rnd(3), chance(60));
        else
            make_word(c->text, sizeof c->text);
        for (char *p = c->text; *p; p++)
            if (strchr("\"*\\", *p))
                *p = ' ';
        t = analyze_query(c->text);
        free(t.toks);
    } while (t.words == 0);
    c->reach = chance(30) ? 1 + rnd(5) : 0;
}

static void make_simple_clause(struct clause *c)
{
    const uint32_t kind = rnd(100);

    memset(c, 0, sizeof *c);
    c->occur = kind < 60 ? SHOULD : kind < 82 ? MUST : NOT;
    c->scope = chance(70) ? ANY : chance(50) ? TITLE : BODY;
    if (chance(6)) {
        c->kind = SECTION;
        c->scope = ANY;
        snprintf(c->text, sizeof c->text, "%s", sections[rnd(4)]);
    } else if (chance(6)) {
        make_days(c);
    } else if (chance(6)) {
        make_pages(c);
    } else if (chance(10)) {
        make_note(c);
    } else if (chance(8)) {
        make_tag(c);
    } else if (chance(2)) {
        c->kind = EVERY;
        c->scope = ANY;
        snprintf(c->text, sizeof c->text, "*");
    } else if (chance(2)) {
        c->kind = TITLED;
        c->scope = chance(50) ? TITLE : BODY;
        snprintf(c->text, sizeof c->text, "*");
    } else if (chance(8)) {
        make_like(c);
    } else if (chance(25)) {
        c->kind = PHRASE;
        if (chance(80))
            take_piece(c->text, sizeof c->text, 1 + rnd(4));
        else
            make_word(c->text, sizeof c->text);
        while (strchr(c->text, '"'))
            *strchr(c->text, '"') = ' ';
        c->reach = chance(30) ? 1 + rnd(5) : 0;
    } else {
        c->kind = WORDS;
        if (chance(40))
            take_piece(c->text, sizeof c->text, 1);
        if (!is_one_word(c->text))
            make_word(c->text, sizeof c->text);
    }
}

/* What a clause may be where AND or OR says it. */
static void be_operand(struct clause *c, int join)
{
    if (join == JOINED_OR)
        c->occur = SHOULD;
    else if (join == JOINED_AND && c->occur == SHOULD)
        c->occur = MUST;
}

/* Words and phrases with distances between them. */
static void make_near(struct query *q, struct clause *c)
{
    c->kind = NEAR;
    c->scope = chance(30) ? NOTE : c->scope;
    c->text[0] = '\0';
    c->reach = 0;
    c->n = 2 + rnd(KIDS - 1);
    c->kids = &q->pool[q->pooled];
    q->pooled += KIDS;
    for (size_t i = 0; i < c->n; i++) {
        do
            make_simple_clause(&c->kids[i]);
        while (c->kids[i].kind != WORDS && c->kids[i].kind != PHRASE);
        if (c->scope == NOTE && c->kids[i].kind == WORDS && chance(60)) {
            take_piece_of(c->kids[i].text, sizeof c->kids[i].text, 1, true);
            if (!is_one_word(c->kids[i].text))
                make_word(c->kids[i].text, sizeof c->kids[i].text);
        }
        c->kids[i].occur = SHOULD;
        c->kids[i].scope = ANY;
        c->kids[i].reach = 1 + rnd(chance(30) ? 40 : 4);
        c->kids[i].is_ordered = chance(50);
    }
    c->kids[0].reach = 0;
}

static void make_clause(struct query *q, struct clause *c, unsigned depth)
{
    static const double boosts[] = {0.01, 0.5, 2, 3.5, 100};

    make_simple_clause(c);
    if ((c->kind == WORDS || c->kind == PHRASE) && chance(10) && q->pooled + KIDS <= sizeof q->pool / sizeof *q->pool) {
        make_near(q, c);
        return;
    }
    if (depth < 4 && chance(depth ? 30 : 12) && q->pooled + KIDS <= sizeof q->pool / sizeof *q->pool) {
        c->kind = GROUP;
        c->text[0] = '\0';
        c->join = (int)rnd(3);
        c->n = 2 + rnd(KIDS - 1);
        c->kids = &q->pool[q->pooled];
        q->pooled += KIDS;
        for (size_t i = 0; i < c->n; i++) {
            make_clause(q, &c->kids[i], depth + 1);
            if (i == 0 && c->kids[i].occur == NOT)      /* nothing but what is left out is put with its neighbours */
                c->kids[i].occur = MUST;
            be_operand(&c->kids[i], c->join);
        }
    }
    if (chance(10))
        c->boost = PICK(boosts);
}

static size_t render_near(char *out, size_t size, const struct clause *c, bool is_first)
{
    static const char *const names[][2] = {{"NEAR", "THEN"}, {"_قرب_", "_ثم_"}};
    const char *quote = c->kind == PHRASE ? "\"" : "";
    size_t n = is_first ? 0 : (size_t)snprintf(out, size, " %s/%u ", names[rnd(2)][c->is_ordered], c->reach);

    return n + (size_t)snprintf(out + n, size - n, "%s%s%s", quote, c->text, quote);
}

/* The marks of a pattern. */
static const char *like_begins(const struct clause *c)
{
    static const char *const by_kind[] = {"", "=", "/", "=="};

    return c->kind == LIKE && c->edits < 0 ? by_kind[-c->edits] : "";
}

static const char *like_ends(const struct clause *c)
{
    return c->kind != LIKE ? "" : c->edits == REGEX ? "/" : c->edits > 1 ? "~2" : c->edits > 0 ? "~" : "";
}

static size_t render_clause(char *out, size_t size, const struct clause *c)
{
    static const char *const signs[] = {"", "+", "-"}, *const fields[] = {"", "title:", "body:", "note:"};
    static const char *const joins[][3] = {{" ", " OR ", " AND "}, {" ", " || ", " && "}, {"  ", " _أو_ ", " _و_ "}};
    const char *quote = c->kind == PHRASE || c->kind == SECTION || c->kind == DAYS || c->kind == NOTED ? "\"" : "";
    const char *field = c->kind == SECTION ? "section:"
                        : c->kind == DAYS  ? "date:"
                        : c->kind == TAG   ? "tags:"
                        : c->kind == PAGES ? "pages:"
                        : c->kind == NOTED ? "note:"
                                           : fields[c->scope];
    const bool is_wrapped = c->kind == NEAR && chance(30);
    size_t n = (size_t)snprintf(out, size, "%s%s%s%s", signs[c->occur], field, quote, is_wrapped ? "(" : "");

    for (size_t i = 0; c->kind == NEAR && i < c->n; i++)
        n += render_near(out + n, size - n, &c->kids[i], i == 0);
    n += (size_t)snprintf(out + n, size - n, "%s", is_wrapped ? ")" : "");

    if (c->kind == GROUP) {
        n += (size_t)snprintf(out + n, size - n, "(");
        for (size_t i = 0; i < c->n; i++) {
            n += (size_t)snprintf(out + n, size - n, "%s", i ? joins[rnd(3)][c->join] : "");
            n += render_clause(out + n, size - n, &c->kids[i]);
        }
        n += (size_t)snprintf(out + n, size - n, ")");
    }
    n += (size_t)snprintf(out + n, size - n, "%s%s%s%s", like_begins(c), c->text, quote, like_ends(c));
    if ((c->kind == PHRASE || c->kind == NOTED) && c->reach)
        n += (size_t)snprintf(out + n, size - n, "~%u", c->reach);
    if (c->boost > 0)
        n += (size_t)snprintf(out + n, size - n, "^%g", c->boost);
    return n;
}

void render(struct query *q)
{
    size_t n = 0;

    q->text[0] = '\0';
    for (size_t i = 0; i < q->n; i++) {
        n += (size_t)snprintf(q->text + n, sizeof q->text - n, "%s", i ? " " : "");
        n += render_clause(q->text + n, sizeof q->text - n, &q->clauses[i]);
    }
}

static void make_plain(struct query *q, uint32_t words)
{
    char word[160];
    size_t n = 0;

    q->is_plain = true;
    q->n = 1;
    memset(&q->clauses[0], 0, sizeof q->clauses[0]);
    q->clauses[0].kind = WORDS;
    for (uint32_t i = 0; i < words && n < 200; i++) {
        if (i && chance(15))            /* a word again */
            n += (size_t)snprintf(q->clauses[0].text + n, 160, " %s", word);
        make_word(word, sizeof word);
        n += (size_t)snprintf(q->clauses[0].text + n, 160, "%s%s", n ? " " : "", word);
    }
    snprintf(q->text, sizeof q->text, "%s", q->clauses[0].text);
}

void make_options(struct query *q)
{
    static const char *const days[] = {"2009", "2011-06", "2012-01-15", "2013-02", "2014"};
    static const uint32_t limits[] = {1, 2, 3, 10, 0, 1000};
    fih_search_opts *o = &q->opts;

    q->liked = NO_DOC;
    q->synonyms[0] = '\0';
    *o = (fih_search_opts)FIH_SEARCH_OPTS_INIT;
    o->limit = limits[rnd(6)];
    o->offset = chance(15) ? rnd(8) : 0;
    if (chance(20))
        o->k1 = (float)(1 + rnd(30)) / 10;
    if (chance(20))
        o->b = chance(30) ? 0 : (float)(1 + rnd(10)) / 10;
    if (chance(20))
        o->title_weight = chance(30) ? 0 : (float)rnd(50) / 10;
    if (chance(15))
        o->body_weight = (float)(1 + rnd(30)) / 10;
    if (chance(20))
        o->form_weight = chance(30) ? 0 : (float)(1 + rnd(10)) / 10;
    if (chance(20))
        o->root_weight = chance(50) ? 0 : (float)(1 + rnd(30)) / 10;
    if (chance(20))
        o->proximity = chance(50) ? 0 : (float)(1 + rnd(30)) / 10;
    if (chance(25))
        o->field = chance(50) ? "title" : "body";
    o->match_all = chance(20);
    o->match = chance(10) ? FIH_MATCH_BROAD : FIH_MATCH_STEMS;
    o->min_match = chance(15) ? 1 + rnd(4) : 0;
    if (chance(12))
        o->since = fih_str_of(PICK(days));
    if (chance(12))
        o->until = fih_str_of(PICK(days));
}

/* The words of a document's title, or most of them, the last ones perhaps in parentheses. False if the title has none,
 * or something that a query would read as a sign. */
static bool make_titled(struct query *q)
{
    const char *p = docs[rnd((uint32_t)doc_count)].title;

    q->n = q->pooled = 0;
    for (p += strspn(p, " \n"); *p && q->n < 8; p += strspn(p, " \n")) {
        struct clause *const c = &q->clauses[q->n];
        const size_t n = strcspn(p, " \n");

        memset(c, 0, sizeof *c);
        c->kind = WORDS;
        snprintf(c->text, sizeof c->text, "%.*s", (int)n, p);
        p += n;
        if (strcmp(c->text, "-") == 0)
            continue;
        if (!is_one_word(c->text) || strstr(c->text, "«"))
            return false;
        q->n++;
    }
    if (q->n > 2 && chance(70)) {
        const size_t kids = q->n > KIDS && chance(50) ? KIDS : 2;
        struct clause *const c = &q->clauses[q->n - kids];

        memcpy(q->pool, c, kids * sizeof *c);
        memset(c, 0, sizeof *c);
        *c = (struct clause){.kind = GROUP, .kids = q->pool, .n = kids, .join = chance(90) ? SIDE_BY_SIDE : (int)rnd(3),
                             .boost = chance(5) ? 2 : 0};
        for (size_t i = 0; i < kids; i++)
            be_operand(&q->pool[i], c->join);
        q->pooled = KIDS;
        q->n -= kids - 1;
    }
    if (q->n > 0)
        render(q);
    return q->n > 0;
}

static void make_plain_or_parsed(struct query *q)
{
    if (chance(6) && make_titled(q))
        return;
    if (chance(35)) {
        make_plain(q, 1 + rnd(6));
        return;
    }
    q->n = 1 + rnd(5);
    q->pooled = 0;
    for (size_t i = 0; i < q->n; i++)
        make_clause(q, &q->clauses[i], 0);
    if (chance(15)) {
        q->n = 1 + rnd(2);              /* stop words only */
        for (size_t i = 0; i < q->n; i++) {
            memset(&q->clauses[i], 0, sizeof q->clauses[i]);
            q->clauses[i].kind = WORDS;
            snprintf(q->clauses[i].text, sizeof q->clauses[i].text, "%s", PICK(stop_words));
        }
    }
    if (q->n > 1 && chance(15))
        q->clauses[q->n - 1] = q->clauses[0];
    for (size_t i = 0, only_not = chance(5); i < q->n && only_not; i++)
        q->clauses[i].occur = NOT;
    render(q);
}

void make_query(struct query *q)
{
    q->is_plain = false;
    make_options(q);
    for (size_t doc = rnd((uint32_t)doc_count); live_count && chance(5); doc = rnd((uint32_t)doc_count))
        if (!docs[doc].is_gone) {
            like_document(q, doc);
            return;
        }
    make_plain_or_parsed(q);
    if (chance(12)) {
        make_synonyms(q->synonyms, sizeof q->synonyms);
        add_synonyms(q);
    }
}
