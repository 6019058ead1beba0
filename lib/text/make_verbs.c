/* text/make_verbs.c - run by the build: verbs.tsv into a table of the stems of all verbs, in the library's own normal
 * form.
 *
 * In two passes over the file, for a verb of form IV must know whether one of form I has the same present (أعلم and علم
 * share يعلم) before it gets its key. A stem is not what conjugate.c makes but what is left of the folded form without
 * its folded prefix and ending, so that the fold of the whole word decides on hamzas, as it does when a text is read:
 * يقرؤون is يقروون in N, and its stem is قرو.
 *
 * Rows are sorted by letters and then by key, keys go up as frequencies go down: the first row that fits is of the verb
 * that is most likely meant. The same input gives the same bytes on each machine, and the hash of the tables stands in
 * each index.
 *
 * How many: some 2,600 verbs of all thirteen forms become some 5,800 rows, as a sound verb has one stem for all slots
 * of a tense, and 2,500 keys. The program runs once for a build, so it looks through rows one by one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/conjugate.h"
#include "text/fold.h"
#include "text/lexicon.h"
#include "text/verb.h"

/* Some five times what the file needs. INDEX holds twice as many slots as rows; both are powers of two, so it is large
 * enough for all of them. Numbers of rows and keys have 16 bits. */
enum { ROWS = 32768, KEYS = 8192, INDEX = 2 * ROWS, LINE_BYTES = 512 };

/* All of it is static and begins with zeros, as the keys' and rows' unused letters must. */
struct making {
    struct verb_row rows[ROWS];
    verb_key keys[KEYS], also[KEYS];  /* `also`: of the verb that shares the present of one of form IV, or zeros */
    uint16_t index[INDEX];
    struct {
        verb_key key, present;
    } simple[KEYS];  /* verbs of form I and II */
    uint8_t  filter[VERB_TENSES][VERB_FILTER];
    size_t   row_count, key_count, index_count, simple_count;
};

/* A build that goes on with half a table would make an index that nobody can reproduce. Never returns; int, so that it
 * may stand behind a return. */
static int stop(const char *line, const char *why)
{
    fprintf(stderr, "verbs.tsv: '%s' %s\n", line, why);
    exit(1);
}

/* Through UTF-8, for the fold reads that; n is 0 for a string of no letters. The very fold of a text's words, so that a
 * row has the letters that a text's word comes to. */
static void fold(struct word *out, const char16_t *s)
{
    static struct raw raw;
    uint8_t utf8[4 * VERB_LETTERS];
    size_t n = 0, at = 0;

    for (; *s; s++)
        n += fihi_utf8_put(utf8 + n, *s);
    fihi_fold_raw(&raw, utf8, n, 0);
    if (!fihi_fold_next(out, &raw, &at))
        out->n = 0;
}

/* Letters first … last-1 of a word as the table has them; 0 if they are too many. Letters are bytes in the table: their
 * distance from VERB_FIRST. */
static size_t take_letters(uint8_t *out, size_t room, const struct word *w, size_t first, size_t last)
{
    if (last <= first || last - first > room)
        return 0;
    for (size_t i = first; i < last; i++)
        out[i - first] = (uint8_t)(w->letter[i] - VERB_FIRST);
    return last - first;
}

/* The letters of a spelt form; those of تحدي as its light stem has them. From five letters on the ي goes there as an
 * ending (تفاني), and the key must be the same term. The number of letters; `line` is for the message. */
static size_t key_letters(verb_key out, const char16_t *spelt, const char *line)
{
    static struct word w;

    fold(&w, spelt);
    /* Five letters, the first a ت and the last a ي: form V or VI of a weak verb. */
    const size_t n = w.n > 4 && w.letter[0] == u'ت' && w.letter[w.n - 1] == u'ي' ? w.n - 1 : w.n;
    memset(out, 0, sizeof(verb_key));
    if (!take_letters(out, VERB_STEM, &w, 0, n))
        stop(line, "is too long");
    return n;
}

/* A key that is a name or a noun of the lexicon would be a term of two words. يزيد is a name there: as a key it would
 * make Yazid of every form of زاد. */
static bool is_in_lexicon(const verb_key key, size_t n)
{
    uint16_t letter[VERB_STEM + 1];

    for (size_t i = 0; i < n; i++)
        letter[i] = (uint16_t)(VERB_FIRST + key[i]);
    return fihi_lexicon_find(&fihi_lexicon_ours, letter, n);
}

/* وصل: يصل. Its present has lost the و, and would meet other verbs. Form I, with a first و that the present drops. */
static bool is_assimilated(const struct verb *v)
{
    return v->form == 1 && v->past[0] == u'و' && v->present[1] != u'و';
}

/* What a verb's forms become: the past where the verbal noun is spelt like it, so that they meet (طلب, تعاون); else the
 * present, in which hardly a noun is spelt like a verb. يوصل of وصل has its و. If that is a name (يزيد, تغلب), it is
 * the other of past and present. What a reader finds is a term, so a verb's key should be the letters that most of its
 * forms and its noun come to. */
static void first_key(verb_key key, const struct verb *v, const char *line)
{
    const bool is_past = v->form == 5 || v->form == 6 || v->form == 12 || (v->form == 1 && v->is_noun);
    char16_t first[VERB_LETTERS];

    memcpy(first, is_past ? v->past : v->present, sizeof first);
    if (!is_past && is_assimilated(v))
        fihi_verb_join(first, u'ي', v->past, u"");
    const size_t n = key_letters(key, first, line);
    if (is_in_lexicon(key, n) && (!is_past || v->form != 1))
        key_letters(key, is_past ? v->present : v->past, line);
}

/* علّم goes with علم, for it has all of its forms; but أعلم has a past of its own, and that is its key then. Doubled
 * and assimilated verbs (أتم, أوقف) have little else of their own, and go together. A present that both verbs have
 * cannot tell which was meant: يعلم is of علم and of أعلم. Looks through the verbs of forms I and II for one that has
 * this present. */
static void share_key(const struct making *m, verb_key key, verb_key also, const struct verb *v, const char *line)
{
    for (size_t i = 0; i < m->simple_count; i++)
        if (memcmp(m->simple[i].present, key, sizeof(verb_key)) == 0) {
            if (v->form == 4 && v->weakness != DOUBLED && v->weakness != ASSIMILATED) {
                key_letters(key, v->past, line);
                if (memcmp(m->simple[i].key, m->simple[i].present, sizeof(verb_key)) == 0)
                    memcpy(also, m->simple[i].key, sizeof(verb_key));
            } else {
                memcpy(key, m->simple[i].key, sizeof(verb_key));
            }
            return;
        }
}

/* First the verbs of form I and II are noted, for those of form IV share their present. Of two with the same present
 * the first of the file stays, which is the more frequent, unless only the second has a noun spelt like its past. */
static void take_simple(struct making *m, const char *line)
{
    struct verb v;

    if (!fihi_verb_parse(&v, line, strlen(line)))
        stop(line, "is no verb");
    if (v.form > 2 || is_assimilated(&v))
        return;
    if (m->simple_count == KEYS)
        stop(line, "is one too many");
    first_key(m->simple[m->simple_count].key, &v, line);
    key_letters(m->simple[m->simple_count].present, v.present, line);
    for (size_t i = 0; i < m->simple_count; i++)
        if (memcmp(m->simple[i].present, m->simple[m->simple_count].present, sizeof(verb_key)) == 0) {
            if (v.form == 1 && v.is_noun)
                m->simple[i] = m->simple[m->simple_count];
            return;
        }
    m->simple_count++;
}

/* Verbs that come to the same letters share the key, and with it the number of the more frequent one. Lines come by
 * frequency, so a smaller number is the more frequent verb; by_letters() relies on it. */
static uint16_t key_of(struct making *m, const struct verb *v, const char *line)
{
    verb_key key, also = { 0 };

    first_key(key, v, line);
    share_key(m, key, also, v, line);
    for (size_t i = 0; i < m->key_count; i++)
        if (memcmp(m->keys[i], key, sizeof key) == 0)
            return (uint16_t)i;
    if (m->key_count == KEYS)
        stop(line, "is one too many");
    /* A new key, the next in frequency. */
    memcpy(m->keys[m->key_count], key, sizeof key);
    memcpy(m->also[m->key_count], also, sizeof also);
    return (uint16_t)m->key_count++;
}

/* One row for a stem of a verb, whatever endings it is for. Each is looked for among all: slow, in a program that runs
 * once. slots are bits: before which endings the stem stands. hamza: which of its letters were one, for verb.c compares
 * that with the text's word. */
static void add_row(struct making *m, const struct verb_row *row)
{
    for (size_t i = 0; i < m->row_count; i++) {
        struct verb_row *const r = &m->rows[i];

        if (r->key == row->key && memcmp(r->letter, row->letter, sizeof r->letter) == 0) {
            r->slots |= row->slots;
            r->hamza |= row->hamza;
            return;
        }
    }
    if (m->row_count == ROWS)
        stop("", "has too many stems");
    m->rows[m->row_count++] = *row;
}

/* The stem of a form that begins and ends with what is glued to it; where they have grown together there is none. قرآ
 * is قرا in N and ends in no second alef, but the ا is taken for the ending: قر. w is the folded form, end the folded
 * ending: what is between prefix and end is the stem. */
static void add_form(struct making *m, const char16_t *stem, const char16_t *prefix, const char16_t *ending,
                     unsigned slot, uint16_t key)
{
    static struct word w, end;
    struct verb_row row = { .slots = (uint16_t)(1u << slot), .key = key };
    const size_t first = prefix[0] != 0;
    char16_t form[VERB_LETTERS];

    fihi_verb_join(form, prefix[0], stem, ending);
    fold(&w, form);
    fold(&end, ending);
    if (!ending[0])
        end.n = 0;
    /* Nothing is left, or the ending is not what the form ends with. */
    if (w.n <= first + end.n || memcmp(w.letter + w.n - end.n, end.letter, end.n * sizeof *w.letter) != 0)
        return;
    const size_t n = take_letters(row.letter, VERB_STEM, &w, first, w.n - end.n);
    for (size_t i = 0; i < n; i++)
        if (w.was[first + i])
            row.hamza |= (uint8_t)(1u << i);
    if (n)
        add_row(m, &row);
}

/* ي stands for all prefixes of the present, and ه for all objects: they are spelt before and behind the same stem.
 * Endings that take an object in another spelling (slot_object) are made with one. */
static void add_verb(struct making *m, const struct verb *v, uint16_t key)
{
    static const char16_t object[] = u"ه", none[] = u"";
    char16_t stem[VERB_LETTERS];

    for (size_t e = 0; e < fihi_verb_ending_count; e++) {
        const struct verb_ending *const x = &fihi_verb_endings[e];
        const char16_t *const prefix = x->prefixes & WITH_NONE ? none : u"ي";

        for (unsigned variant = 0; fihi_verb_stem(stem, v, x->slot, variant); variant++)
            add_form(m, stem, prefix, x->s, x->slot, key);
        for (unsigned variant = 0; x->slot_object != x->slot && fihi_verb_stem(stem, v, x->slot_object, variant);
             variant++)
            add_form(m, stem, prefix, object, x->slot_object, key);
    }
}

/* The passive's stems are rows of the same key: قيل leads to يقول. The line was checked in the first pass. One verb
 * with all of its stems. */
static void take_line(struct making *m, const char *line)
{
    struct verb v, passive;

    fihi_verb_parse(&v, line, strlen(line));
    const uint16_t key = key_of(m, &v, line);
    add_verb(m, &v, key);
    if (fihi_verb_passive(&passive, &v))
        add_verb(m, &passive, key);
}

/* By letters; what comes first in the file stays first. For qsort(), and for make_index(), which takes the first row of
 * each stem. */
static int by_letters(const void *a, const void *b)
{
    const struct verb_row *const x = a, *const y = b;
    const int order = memcmp(x->letter, y->letter, sizeof x->letter);

    return order ? order : (x->key > y->key) - (x->key < y->key);
}

/* Slots below NOW_BARE are the past's. The first letters of a stem, fewer if it is shorter: see may_begin() of verb.c.
 * A bit for each beginning of three letters, by its hash: a word of a text that no verb begins like is refused by one
 * look at it. One filter for the past and one for the present. */
static void make_filter(struct making *m)
{
    for (size_t i = 0; i < m->row_count; i++) {
        const struct verb_row *const r = &m->rows[i];
        const size_t n = strnlen((const char *)r->letter, VERB_BEGINNING);
        const size_t bit = verb_hash(verb_letters(r->letter, n)) % (VERB_FILTER * 8);

        if (r->slots & ((1u << NOW_BARE) - 1))
            m->filter[0][bit / 8] |= (uint8_t)(1u << bit % 8);
        if (r->slots >> NOW_BARE)
            m->filter[1][bit / 8] |= (uint8_t)(1u << bit % 8);
    }
}

/* A power of two, at most half full. Only the first row of each stem is in it, so rows must be sorted by now. Open
 * addressing: 0 is free, else 1 + the row. verb.c probes in the same way. */
static void make_index(struct making *m)
{
    for (m->index_count = 1; m->index_count < 2 * m->row_count; m->index_count *= 2) ;
    for (size_t i = 0; i < m->row_count; i++) {
        const uint8_t *const s = m->rows[i].letter;
        size_t k = verb_hash(verb_letters(s, VERB_STEM)) & (m->index_count - 1);

        if (i && memcmp(m->rows[i - 1].letter, s, VERB_STEM) == 0)
            continue;
        while (m->index[k])
            k = (k + 1) & (m->index_count - 1);
        m->index[k] = (uint16_t)(i + 1);
    }
}

/* The key that a present with key k has, too; k itself if there is none. The more frequent verb needs no help: its rows
 * come first, and its present is its own. */
static size_t also_of(const struct making *m, size_t k)
{
    for (size_t i = k + 1; i < m->key_count; i++)
        if (memcmp(m->keys[i], m->also[k], sizeof(verb_key)) == 0)
            return i;
    return k;
}

/* A file of C, and not bytes to link, so that any compiler and machine may build it. Numbers alone, in the order in
 * which verb.h declares them. */
static void print(const struct making *m)
{
    printf("/* Made by text/make_verbs.c from text/verbs.tsv: change that. */\n#include \"text/verb.h\"\n\n"
           "static const struct verb_row rows[] = {\n");
    for (size_t i = 0; i < m->row_count; i++) {
        const struct verb_row *const r = &m->rows[i];

        printf("    { {");
        for (unsigned k = 0; k < VERB_STEM; k++)
            printf("%u,", r->letter[k]);
        printf("}, %u, %u, %u },\n", r->hamza, r->slots, r->key);
    }
    printf("};\n\nstatic const uint16_t index[] = {");
    for (size_t i = 0; i < m->index_count; i++)
        printf(i % 24 ? "%u," : "\n    %u,", m->index[i]);
    printf("\n};\n\nstatic const verb_key keys[] = {\n");
    for (size_t i = 0; i < m->key_count; i++) {
        printf("    {");
        for (unsigned k = 0; k <= VERB_STEM; k++)
            printf("%u,", m->keys[i][k]);
        printf("},\n");
    }
    printf("};\n\nstatic const uint16_t also[] = {");
    for (size_t i = 0; i < m->key_count; i++)
        printf(i % 24 ? "%zu," : "\n    %zu,", also_of(m, i));
    printf("\n};\n\nstatic const uint8_t filter[VERB_TENSES][VERB_FILTER] = {");
    for (size_t t = 0; t < VERB_TENSES; t++) {
        printf("\n    {");
        for (size_t i = 0; i < VERB_FILTER; i++)
            printf(i % 32 ? "%u," : "\n    %u,", m->filter[t][i]);
        printf("},");
    }
    printf("\n};\n\nconst struct verb_table fihi_verbs = { rows, index, keys, also, filter, %zu, %zu, %zu };\n",
           m->row_count, m->index_count, m->key_count);
}

/* `m` is static: 700 KB, and zeros. */
int main(int argc, char **argv)
{
    static struct making m;
    char line[LINE_BYTES];
    FILE *const f = argc == 2 ? fopen(argv[1], "r") : NULL;

    if (!f)
        return stop(argc == 2 ? argv[1] : "", "cannot be read");
    /* The order of lines is the order of frequency, so both passes keep it. */
    for (int pass = 0; pass < 2; pass++) {
        rewind(f);
        while (fgets(line, sizeof line, f)) {
            line[strcspn(line, "\n")] = 0;
            if (line[0] && line[0] != '#')
                (pass ? take_line : take_simple)(&m, line);
        }
    }
    fclose(f);
    qsort(m.rows, m.row_count, sizeof *m.rows, by_letters);
    make_index(&m);
    make_filter(&m);
    print(&m);
    return 0;
}
