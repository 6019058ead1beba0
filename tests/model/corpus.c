/* corpus.c - words, texts, documents and operations by a seed. */
#define _GNU_SOURCE 1 /* memmem */
#include "corpus.h"

#include "api/handles.h"
#include "index/docs.h"
#include "text/signature.h"

uint64_t seed;

uint32_t rnd(uint32_t n)
{
    return (uint32_t)(tap_random(&seed) % n);
}

bool chance(uint32_t percent)
{
    return rnd(100) < percent;
}

/* ------------------------------------------------------------------ terms */

struct term terms[TERM_SLOTS];

/* A number for a term: its slot. */
static uint32_t term_number(fih_str t)
{
    uint32_t h = 2166136261u;

    for (size_t i = 0; i < t.len; i++)
        h = (h ^ (uint8_t)t.ptr[i]) * 16777619u;
    for (h %= TERM_SLOTS; terms[h].bytes; h = (h + 1) % TERM_SLOTS)
        if (terms[h].n == t.len && memcmp(terms[h].bytes, t.ptr, t.len) == 0)
            return h;
    terms[h].bytes = malloc(t.len + 1);
    memcpy(terms[h].bytes, t.ptr, t.len);
    terms[h].n = t.len;
    return h;
}

fih_analyzer *light, *exact;   /* "arabic", and "arabic-exact", which shows the word before it is stemmed */

struct collect {
    struct text *out;
    size_t       cap;
};

static int take_token(void *ctx, const fih_token *t)
{
    struct collect *c = ctx;
    struct text *x = c->out;

    if (x->n == c->cap)
        x->toks = realloc(x->toks, (c->cap = c->cap ? 2 * c->cap : 32) * sizeof *x->toks);
    x->toks[x->n] = (struct tok){.term = term_number(t->term),
                                 .at = t->position,
                                 .start = t->start,
                                 .end = t->end,
                                 .is_stop = t->is_stop != 0,
                                 .is_variant = x->n > 0 && x->toks[x->n - 1].at == t->position,
                                 .is_long = memmem(t->reason.ptr, t->reason.len, "small alef", 10) != NULL,
                                 .level = t->level,
                                 .form = NONE,
                                 .root = NONE,
                                 .boost = 1};
    x->n++;
    x->words = t->position + 1;
    return 0;
}

/* The terms that rank belong to the stem before them. */
static void attach_levels(struct text *a)
{
    struct tok *stem = NULL;

    for (size_t i = 0; i < a->n; i++)
        if (a->toks[i].level == FIH_LEVEL_STEM)
            stem = &a->toks[i];
        else if (a->toks[i].level == FIH_LEVEL_ROOT)
            stem->root = a->toks[i].term;
        else
            stem->form = a->toks[i].term;
}

struct text analyze_with(fih_analyzer *a, const char *s)
{
    struct text out = {0};
    struct collect c = {&out, 0};

    if (fih_analyze(a, fih_str_of(s), take_token, &c, NULL) != FIH_OK) {
        printf("Bail out! fih_analyze\n");
        exit(2);
    }
    attach_levels(&out);
    return out;
}

static unsigned letters_of(uint32_t term)
{
    unsigned n = 0;

    for (size_t i = 0; i < terms[term].n; i++)
        n += (terms[term].bytes[i] & 0xC0) != 0x80;
    return n;
}

/* In a query they are no words of their own. */
static void settle_query(struct text *a)
{
    static uint32_t words;
    size_t kept = 0;

    for (size_t i = 0; i < a->n; i++)
        if (a->toks[i].level == FIH_LEVEL_STEM)
            a->toks[kept++] = a->toks[i];
    a->n = kept;
    for (size_t i = 0, n; i < a->n; i += n)
        for (size_t k = (n = 0); i + k < a->n && (k == 0 || a->toks[i + k].is_variant); k = ++n) {
            struct tok *const t = &a->toks[i + k];

            t->word = words += k == 0;
            t->is_shared = t->form != NONE;
            for (size_t other = i; other < a->n && (other == i || a->toks[other].is_variant); other++) {
                t->readings[t->reading_count] = a->toks[other].term;
                t->reading_forms[t->reading_count++] = a->toks[other].form;
            }
        }
}

/* A query's text: letters are those of the normalised word, so both analyzers look at it. */
struct text analyze_query(const char *s)
{
    const size_t room = strlen(s) + sizeof " .";
    char *const with_point = malloc(room);

    if (!with_point)
        abort();
    /* A text of the one word على may mean the name; a query of it does not, nor a text with something behind it. */
    snprintf(with_point, room, "%s .", s);
    struct text a = analyze_with(light, with_point), b = analyze_with(exact, s);

    free(with_point);
    for (size_t i = 0; i < a.n; i++)
        for (size_t k = 0; k < b.n; k++)
            if (a.toks[i].level == FIH_LEVEL_STEM && b.toks[k].at == a.toks[i].at &&
                (!b.toks[k].is_variant || (b.toks[k].is_long && a.toks[i].is_long)))
                a.toks[i].letters = letters_of(b.toks[k].term);
    free(b.toks);
    settle_query(&a);
    return a;
}

/* ------------------------------------------------------------- collection */

struct doc *docs;
size_t doc_count, doc_cap, live_count;

void forget_docs(void)
{
    for (size_t i = 0; i < doc_count; i++) {
        free(docs[i].title);
        free(docs[i].body);
        free(docs[i].note);
        free(docs[i].note_words.toks);
        free(docs[i].t.toks);
        free(docs[i].b.toks);
    }
    doc_count = live_count = 0;
}

/* Number of the living document of an id, or SIZE_MAX. */
size_t find_doc(const char *id)
{
    for (size_t i = doc_count; i-- > 0;)
        if (!docs[i].is_gone && strcmp(docs[i].id, id) == 0)
            return i;
    return SIZE_MAX;
}

/* None that with a stop word before it is spelt like another one (لا سلام, لإسلام): other writings are not modelled. */
static const char *const stems[STEMS] = {
    "كتاب",  "مدرسة", "جامعة", "رئيس",   "وزير",  "حكومة",  "مدينة",  "بحر",    "سفينة",   "علم",
    "معلم",  "قلم",   "طالب",  "درس",    "ربيع",  "حرب",    "اقتصاد", "سوق",    "نفط",     "ذهب",
    "ماء",   "سماء",  "أرض",   "إسلام",  "آثار",  "قرآن",   "مؤتمر",  "شاطئ",   "هدف",     "كرة",
    "لاعب",  "فريق",  "بطولة", "مباراة", "صحة",   "طبيب",   "مستشفى", "دواء",   "شعر",     "شاعر",
    "قصيدة", "تاريخ", "ثورة",  "إلهام",  "الهام", "ألبان",  "البان",  "شعب",    "مصر",     "تونس",
    "بغداد", "القدس", "مغرب",  "خليج",   "رحمن",  "مسلمون", "معلمات", "كتابان", "استقلال", "انتخابات",
};
const char *const stop_words[STOP_WORDS] = {"في", "من", "على",   "إلى", "هذا", "التي", "كان",
                                         "لا", "عن", "والذي", "the", "of",  "la"};
static const char *const others[] = {"Paris",    "ÉCOLE", "école", "Google", "2011", "٢٠١١",  "۱۹۹۹",
                                     "covid-19", "U.K.",  "3.5",   "الـ50",  "و50",  "日本語"};
static const char *const prefixes[] = {"و", "ف", "ب", "ل", "ك", "ال", "وال", "بال", "لل", "فال", "س"};
static const char *const suffixes[] = {"ها", "هم", "ه", "ات", "ون", "ين", "ية", "نا", "ي", "ان"};
static const char *const marks[] = {"َ", "ُ", "ِ", "ّ", "ْ", "ً", "ٰ", "ٰ", "ـ"};

/* A word with vowels: a mark behind some letters. */
static void put_marked(char *out, size_t size, const char *word, uint32_t percent)
{
    size_t n = 0;

    for (const char *p = word; *p && n + 8 < size; p++) {
        out[n++] = *p;
        if ((p[1] & 0xC0) != 0x80 && chance(percent))
            n += (size_t)snprintf(out + n, size - n, "%s", PICK(marks));
    }
    out[n] = '\0';
}

uint32_t vocabulary;           /* stems in use: few make long lists and many ties */

void make_word(char *out, size_t size)
{
    char bare[128];
    const uint32_t kind = rnd(100);

    if (kind < 14) {
        const char *word = PICK(stop_words);

        put_marked(out, size, word, *word & 0x80 && chance(10) ? 30 : 0);
    } else if (kind < 22) {
        snprintf(out, size, "%s", PICK(others));
    } else {
        /* the product of two numbers: the first stems are the frequent ones */
        const char *stem = stems[rnd(vocabulary) * rnd(100) / 100];

        snprintf(bare, sizeof bare, "%s%s%s", chance(30) ? PICK(prefixes) : "", stem, chance(15) ? PICK(suffixes) : "");
        put_marked(out, size, bare, chance(20) ? 50 : 0);
    }
}

void make_set_word(char *out, size_t size)
{
    if (chance(15))
        snprintf(out, size, "%s", PICK(others));
    else
        snprintf(out, size, "%s%s", chance(20) ? "ال" : "", stems[rnd(chance(70) && vocabulary < 12 ? vocabulary : 12)]);
}

static char *make_text(uint32_t words)
{
    static const char *const gaps[] = {" ", " ", " ", " ", "، ", ". ", "\n", " - ", " «"};
    char *out = malloc(words * 160 + 1), word[160];
    size_t n = 0;

    for (uint32_t i = 0; i < words; i++) {
        make_word(word, sizeof word);
        n += (size_t)sprintf(out + n, "%s%s", i ? PICK(gaps) : "", word);
    }
    out[n] = '\0';
    return out;
}

const char *const tags[TAGS] = {"اقتصاد", "اقتصاد محلي", "a", "ab", "سياسة"};
const char *const sections[SECTIONS] = {"رياضة", "أخبار وطنية", "Culture", "x", ""};

/* A date in one of the ways that are read, its day as yyyymmdd (missing parts: the first), or text that is none. */
int make_date(char *out, size_t size)
{
    const int y = 2008 + (int)rnd(8), m = 1 + (int)rnd(12), d = 1 + (int)rnd(28);

    switch (rnd(8)) {
    case 0: snprintf(out, size, "%d", y); return y * 10000 + 101;
    case 1: snprintf(out, size, "%d-%02d", y, m); return y * 10000 + m * 100 + 1;
    case 2: snprintf(out, size, "%d/%d/%d", y, m, d); return y * 10000 + m * 100 + d;
    case 3: snprintf(out, size, "%d-%02d-%02dT12:30:00Z", y, m, d); return y * 10000 + m * 100 + d;
    case 4: snprintf(out, size, "٢٠١٢-٠%d-١٥", 1); return 20120115;
    case 5: snprintf(out, size, "%s", "أمس"); return 0;
    case 6: *out = '\0'; return 0;
    default: snprintf(out, size, "%d-%02d-%02d", y, m, d); return y * 10000 + m * 100 + d;
    }
}

/* ------------------------------------------------------------- operations */

struct op *ops;
size_t op_count;
static size_t op_cap;

struct op *add_op(int kind)
{
    if (op_count == op_cap)
        ops = realloc(ops, (op_cap = op_cap ? 2 * op_cap : 256) * sizeof *ops);
    memset(&ops[op_count], 0, sizeof *ops);
    ops[op_count].kind = kind;
    return &ops[op_count++];
}

static void drop_doc(size_t i)
{
    docs[i].is_gone = true;
    live_count--;
}

/* Of the words as they are written. */
static int64_t sign(const char *s, const struct text *t)
{
    struct signer signer = {.words = 0};

    for (size_t i = 0; i < t->n; i++)
        if (i == 0 || t->toks[i].at != t->toks[i - 1].at)
            fihi_signer_add(&signer, (const uint8_t *)s + t->toks[i].start, t->toks[i].end - t->toks[i].start);
    return fihi_signature(&signer);
}

/* The body of another document, with a word added or not. */
static char *copy_text(const char *s)
{
    char *out = malloc(strlen(s) + 200), word[160];

    make_word(word, sizeof word);
    sprintf(out, "%s %s", s, chance(50) ? word : "");
    return out;
}

static void add_doc(const char *id, uint32_t longest)
{
    const size_t old = find_doc(id);
    struct doc *d;

    if (old != SIZE_MAX)
        drop_doc(old);
    if (doc_count == doc_cap)
        docs = realloc(docs, (doc_cap = doc_cap ? 2 * doc_cap : 256) * sizeof *docs);
    d = &docs[doc_count];
    memset(d, 0, sizeof *d);
    snprintf(d->id, sizeof d->id, "%s", id);
    d->title = make_text(chance(80) ? rnd(7) : 0);
    d->body = doc_count && chance(8) ? copy_text(docs[rnd((uint32_t)doc_count)].body)
                                     : make_text(chance(90) ? rnd(longest) : 0);
    d->day = make_date(d->date, sizeof d->date);
    snprintf(d->section, sizeof d->section, "%s", PICK(sections));
    snprintf(d->source, sizeof d->source, "source%u", rnd(6));
    for (uint32_t i = chance(60) ? rnd(4) : 0; i > 0; i--)
        d->tags |= 1u << rnd(chance(90) ? TAGS - 1 : TAGS);            /* the last one is rare */
    d->has_pages = chance(70);
    d->pages = (int)rnd(100) - 20;
    d->note = make_text(chance(60) ? rnd(9) : 0);
    d->note_words = analyze_with(light, d->note);
    d->t = analyze_with(light, d->title);
    d->b = analyze_with(light, d->body);
    d->signature = sign(d->body, &d->b);
    add_op(OP_ADD)->doc = doc_count++;
    live_count++;
}

bool has_deletions;

void make_operations(uint32_t count, uint32_t longest, bool may_delete)
{
    char id[32];

    forget_docs();
    op_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t kind = rnd(100);

        snprintf(id, sizeof id, "doc/%u", may_delete ? rnd(count) : i);
        if (!may_delete || kind < 85) {
            add_doc(id, longest);
        } else if (kind < 97) {
            const size_t at = find_doc(id);

            snprintf(add_op(OP_DELETE)->name, sizeof ops->name, "%s", id);
            if (at != SIZE_MAX)
                drop_doc(at);
        } else if (chance(30)) {
            snprintf(id, sizeof id, "source%u", rnd(6));
            snprintf(add_op(OP_DELETE_SOURCE)->name, sizeof ops->name, "%s", id);
            for (size_t k = 0; k < doc_count; k++)
                if (!docs[k].is_gone && strcmp(docs[k].source, id) == 0)
                    drop_doc(k);
        }
        if (chance(3))
            add_op(OP_COMMIT);
    }
    add_op(OP_COMMIT);
    has_deletions = live_count < doc_count;
}

static fih_str str(const char *s) { return (fih_str){s, strlen(s)}; }

static int apply_op(fih_writer *w, const struct op *op, fih_error *err)
{
    fih_doc f = FIH_DOC_INIT;
    fih_field extra[TAGS + 2];
    char pages[16], url[24];
    const struct doc *d;
    uint64_t count;
    int rc;

    switch (op->kind) {
    case OP_ADD:
        d = &docs[op->doc];
        f.id = str(d->id);
        f.title = str(d->title);
        f.body = str(d->body);
        f.date = str(d->date);
        f.section = str(d->section);
        f.source = str(d->source);
        snprintf(url, sizeof url, "%zu", op->doc);        /* tells of a deleted one which it is */
        f.url = str(url);
        f.extra = extra;
        for (unsigned i = 0; i < TAGS; i++)
            if (d->tags >> i & 1)
                extra[f.extra_count++] = (fih_field){str("tags"), str(tags[i])};
        snprintf(pages, sizeof pages, "%d", d->pages);
        if (d->has_pages)
            extra[f.extra_count++] = (fih_field){str("pages"), str(pages)};
        if (*d->note)
            extra[f.extra_count++] = (fih_field){str("note"), str(d->note)};
        return fih_writer_add(w, &f, err);
    case OP_DELETE:
        rc = fih_writer_delete(w, fih_str_of(op->name), err);
        return rc == FIH_E_NOTFOUND ? FIH_OK : rc;
    case OP_DELETE_SOURCE:
        return fih_writer_delete_source(&count, w, fih_str_of(op->name), err);
    default:
        return fih_writer_commit(w, err);
    }
}

/* Carry out the operations; commit_every 0: where they say. */
bool build_index(const char *path, uint32_t threads, uint32_t commit_every, bool merge)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w;
    fih_error err = {0, 0, 0, ""};
    int rc;

    o.fields = str("tags:keyword* pages:integer note:text");
    o.threads = threads;
    o.memory_bytes = 16 << 20;
    o.no_clean = 1;                 /* a line of random words can look like junk */
    rc = fih_writer_open(&w, path, &o, &err);
    for (size_t i = 0; rc == 0 && i < op_count; i++) {
        if (ops[i].kind != OP_COMMIT || commit_every == 0)
            rc = apply_op(w, &ops[i], &err);
        if (rc == 0 && commit_every && i % commit_every == commit_every - 1)
            rc = fih_writer_commit(w, &err);
    }
    if (rc == 0)
        rc = merge ? fih_writer_merge(w, &err) : fih_writer_commit(w, &err);
    fih_writer_close(w);
    if (rc != 0)
        printf("# %s\n", err.msg);
    return rc == 0;
}

/* Where a document is replaced or deleted, it may be in any of the parts that have documents by now. */
static int apply_to_parts(fih_writer **w, unsigned last, const struct op *op, fih_error *err)
{
    struct op gone = *op;
    int rc = FIH_OK;

    if (op->kind == OP_ADD) {
        gone.kind = OP_DELETE;
        snprintf(gone.name, sizeof gone.name, "%s", docs[op->doc].id);
    }
    for (unsigned i = 0; i <= last && rc == 0; i++)
        rc = apply_op(w[i], i == last ? op : &gone, err);
    return rc;
}

bool build_parts(const char *const *paths, unsigned count, bool merge)
{
    static const char *const fields[] = {"tags:keyword* pages:integer note:text",
                                         "note:text pages:integer tags:keyword*",
                                         "none:text tags:keyword* no:date pages:integer note:text"};
    fih_writer *w[MOST_PARTS] = {NULL};
    fih_error err = {0, 0, 0, ""};
    size_t added = 0;
    int rc = FIH_OK;

    for (unsigned i = 0; i < count && rc == 0; i++) {
        fih_writer_opts o = FIH_WRITER_OPTS_INIT;

        o.fields = str(fields[rnd(3)]);
        o.memory_bytes = 16 << 20;
        o.no_clean = 1;
        rc = fih_writer_open(&w[i], paths[i], &o, &err);
    }
    for (size_t i = 0; rc == 0 && i < op_count; i++) {
        const unsigned part = (unsigned)(added * count / doc_count);

        added += ops[i].kind == OP_ADD;
        rc = apply_to_parts(w, part < count ? part : count - 1, &ops[i], &err);
    }
    for (unsigned i = 0; i < count; i++) {
        if (rc == 0)
            rc = merge ? fih_writer_merge(w[i], &err) : fih_writer_commit(w[i], &err);
        fih_writer_close(w[i]);
    }
    if (rc != 0)
        printf("# %s\n", err.msg);
    return rc == 0;
}

/* The model's number of a document by its record, or SIZE_MAX. */
static size_t number_of(const uint8_t *record, size_t bytes)
{
    struct record_scan scan;
    fih_str name, value;
    size_t number = SIZE_MAX;
    char text[24];
    unsigned code;

    if (fihi_record_scan(&scan, record, bytes) != 0)
        return SIZE_MAX;
    while (fihi_record_next(&scan, &code, &name, &value) == FIH_OK)
        if (code == FIELD_URL) {
            snprintf(text, sizeof text, "%.*s", (int)value.len, value.ptr);
            number = strtoul(text, NULL, 10);
        }
    return number;
}

static int count_record(void *ctx, uint32_t doc, const uint8_t *record, size_t bytes, fih_error *err)
{
    const size_t number = number_of(record, bytes);

    (void)err;
    if (number >= doc_count || docs[number].is_counted ||
        docs[number].is_gone != (segment_is_deleted(ctx, doc) != 0))
        return FIH_E_CORRUPT;
    docs[number].is_counted = true;
    return FIH_OK;
}

bool find_counted(const fih_reader *r)
{
    const struct view *const v = r->view;
    struct buf raw = {NULL, 0, 0};
    bool good = true;

    for (size_t i = 0; i < doc_count; i++)
        docs[i].is_counted = false;
    for (uint32_t s = 0; s < v->count && good; s++) {
        struct segment all = *v->segments[s];

        all.deleted = NULL;             /* so that each record is read, as if none were deleted */
        good = fihi_segment_each_record(&all, &raw, count_record, v->segments[s], NULL) == FIH_OK;
    }
    for (size_t i = 0; i < doc_count; i++)
        good &= docs[i].is_gone || docs[i].is_counted;
    fihi_buf_free(&raw);
    return CHECK(good, "the segments have other documents than were added and not deleted");
}
