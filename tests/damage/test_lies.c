/* test_lies.c - one lie at a time under checksums that are right, and what must come of it: the code, and the words
 * that name it.
 *
 * test_hostile spoils at random and asks for no more than an answer or a clean error. Here each lie is chosen, and each
 * must be found where it matters: by opening, or by the check.
 */
#include "sample.h"
#include "values.h"

#include "base/bytes.h"
#include "index/docs.h"
#include "index/segment.h"
#include "store/keys.h"

enum { DOCS = 60, HEADER_KINDS = 64 };

static struct {
    char         folder[256], dir[280], data[300];
    uint8_t     *image;
    size_t       bytes;
    struct index x;
} g;

static fih_error err;

/* ---- one value of the image */

static void load(void)
{
    sample_write_index(g.dir, g.image, g.bytes);
    values_load(&g.x, g.data);
}

static void store(void)
{
    values_store(&g.x, g.data);
    values_free(&g.x);
}

/* Of the first segment that has it. */
static struct value *of_kind(enum kind kind)
{
    for (unsigned i = 0; i < g.x.count; i++)
        if (value_kind(&g.x.values[i]) == (unsigned)kind)
            return &g.x.values[i];
    return NULL;
}

static void put_number(struct value *v, size_t at, unsigned width, uint64_t n)
{
    uint8_t eight[8];

    put_u64(eight, n);
    memcpy(v->payload + at, eight, width);
}

static void resize(struct value *v, size_t n)
{
    v->payload = realloc(v->payload, n + 1);
    if (n > v->bytes)
        memset(v->payload + v->bytes, 0, n - v->bytes);
    v->bytes = n;
}

/* ---- what comes of it */

/* The check names the lie, and counts what it names. */
static void is_named(const char *what, const char *words)
{
    struct told h = {.all = ""};
    uint64_t problems = 0;
    const int rc = fih_check(g.dir, tell_line, &h, &problems, &err);

    CHECK_INT_EQ(rc, FIH_E_CORRUPT, "%s: %s", what, err.msg);
    CHECK_INT_EQ(problems, h.lines, "%s", what);
    CHECK(strstr(h.all, words) != NULL, "%s: no '%s' in: %s", what, words, h.all);
}

/* No reader and no writer opens it, and the check says the same. */
static void does_not_open(const char *what, int code, const char *words)
{
    fih_writer_opts opts = FIH_WRITER_OPTS_INIT;
    fih_reader *r = NULL;
    fih_writer *w = NULL;

    opts.memory_bytes = 64 << 20;
    opts.threads = 1;
    CHECK_INT_EQ(fih_reader_open(&r, g.dir, &err), code, "%s: %s", what, err.msg);
    CHECK(r == NULL && strstr(err.msg, words), "%s: no '%s' in: %s", what, words, err.msg);
    CHECK_INT_EQ(fih_writer_open(&w, g.dir, &opts, &err), code, "%s: %s", what, err.msg);
    CHECK(w == NULL && strstr(err.msg, words), "%s: no '%s' in: %s", what, words, err.msg);
    fih_reader_close(r);
    fih_writer_close(w);
    if (code == FIH_E_CORRUPT)
        is_named(what, words);
    else
        CHECK_INT_EQ(fih_check(g.dir, NULL, NULL, NULL, &err), code, "%s: %s", what, err.msg);
}

/* ---- the manifest */

static void a_manifest_that_lies_does_not_open(void)
{
    static const struct {
        const char *what;
        size_t      at;
        unsigned    width;
        uint64_t    n;
        int         code;
        const char *words;
    } lies[] = {
        {"another format", 0, 4, 77, FIH_E_VERSION, "format 77"},
        {"commit 0", 8, 8, 0, FIH_E_CORRUPT, "manifest"},
        {"the last commit there can be", 8, 8, UINT64_MAX, FIH_E_CORRUPT, "manifest"},
        {"a segment that will be given away again", 24, 4, 1, FIH_E_CORRUPT, "manifest"},
        {"more segments than there is room for", 28, 4, UINT32_MAX, FIH_E_CORRUPT, "manifest"},
        {"a segment more", 28, 4, 200, FIH_E_CORRUPT, "manifest"},
        {"a title that weighs less than nothing", 32, 4, 0xBF800000, FIH_E_CORRUPT, "manifest"},
        {"a title of no weight that is a number", 32, 4, 0x7FC00000, FIH_E_CORRUPT, "manifest"},
        {"a title of endless weight", 32, 4, 0x7F800000, FIH_E_CORRUPT, "manifest"},
        {"a body that weighs less than nothing", 36, 4, 0xBF800000, FIH_E_CORRUPT, "manifest"},
        {"a body of endless weight", 36, 4, 0x7F800000, FIH_E_CORRUPT, "manifest"},
        {"a segment without documents", 60, 4, 0, FIH_E_CORRUPT, "manifest"},
        {"more documents than an index can have", 60, 4, UINT32_MAX, FIH_E_CORRUPT, "manifest"},
        {"more deleted than there are", 64, 4, UINT32_MAX, FIH_E_CORRUPT, "manifest"},
        {"other documents than the segment's own", 60, 4, 59, FIH_E_CORRUPT, "disagrees with the manifest"},
    };

    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        load();
        put_number(value_manifest(&g.x), lies[i].at, lies[i].width, lies[i].n);
        store();
        does_not_open(lies[i].what, lies[i].code, lies[i].words);
    }
    for (size_t n = 0; n < 400; n += n < 8 ? 1 : 13) {         /* cut anywhere */
        load();
        if (n >= value_manifest(&g.x)->bytes) {
            values_free(&g.x);
            break;
        }
        resize(value_manifest(&g.x), n);
        store();
        does_not_open("a manifest cut short", FIH_E_CORRUPT, "manifest");
    }
}

static void a_segment_named_twice_does_not_open(void)
{
    struct value *m;

    load();
    m = value_manifest(&g.x);
    if (CHECK(get_u32(m->payload + 28) >= 2)) {
        memcpy(m->payload + 56 + 24, m->payload + 56, 24);
        store();
        does_not_open("twice", FIH_E_CORRUPT, "manifest");
    }
}

static void a_manifest_under_another_name_is_no_new_index(void)
{
    load();
    value_manifest(&g.x)->key[0] ^= 1;
    store();
    does_not_open("another name", FIH_E_CORRUPT, "manifest is missing");
}

/* A transaction records its own number: another one is a page of another commit. */
static void a_commit_without_its_number_does_not_open(void)
{
    for (unsigned how = 0; how < 2; how++) {
        struct value *v = NULL;

        load();
        for (unsigned i = 0; i < g.x.count; i++)
            if (g.x.values[i].space == SPACE_META && g.x.values[i].key_bytes == sizeof KEY_NUMBER - 1)
                v = &g.x.values[i];
        REQUIRE(v);
        if (how == 0)
            v->is_gone = 1;
        else
            resize(v, 7);
        store();
        does_not_open("number", FIH_E_CORRUPT, "not its last commit");
    }
}

static void numbers_of_segments_that_are_used_up_are_a_limit(void)
{
    fih_writer *w = NULL;

    load();
    put_number(value_manifest(&g.x), 24, 4, UINT32_MAX);
    store();
    CHECK_INT_EQ(fih_check(g.dir, NULL, NULL, NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_writer_open(&w, g.dir, NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(sample_add(w, 7000, 0, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_E_LIMIT, "%s", err.msg);
    CHECK_INT_EQ(fih_writer_merge(w, &err), FIH_E_LIMIT, "%s", err.msg);
    fih_writer_close(w);
    CHECK_INT_EQ(fih_check(g.dir, NULL, NULL, NULL, &err), FIH_OK, "%s", err.msg);
}

/* ---- a segment's header */

static void a_header_that_lies_does_not_open(void)
{
    static const struct {
        const char *what;
        size_t      at;
        unsigned    width;
        uint64_t    n;
        const char *words;
    } lies[] = {
        {"another version", 0, 4, 2, "its header"},
        {"other documents", 4, 4, 1, "disagrees with the manifest"},
        {"more documents with a text than there are", 8, 4, UINT32_MAX, "its header"},
        {"more words than documents can have", 12, 8, UINT64_MAX, "its header"},
        {"a mean length that is no number", 20, 4, 0x7FC00000, "its header"},
        {"a mean length below nothing", 20, 4, 0xBF800000, "its header"},
        {"more titles than documents", 24, 4, UINT32_MAX, "its header"},
        {"endless titles", 36, 4, 0x7F800000, "its header"},
        {"a first date behind the last", 40, 4, DATE_LAST, "its header"},
        {"a last date before the first", 44, 4, (uint32_t)DATE_FIRST, "its header"},
        {"a date that there is not", 44, 4, (uint32_t)DATE_LAST + 1, "its header"},
        {"no first date but a last one", 40, 4, (uint32_t)DATE_NONE, "its header"},
        {"dictionaries without bytes", HEADER_KINDS + 12 * KIND_DICT, 4, UINT32_MAX, "its header"},
        {"two indexes of a dictionary", HEADER_KINDS + 12 * KIND_DICT_INDEX, 4, 2, "its header"},
        {"no lengths", HEADER_KINDS + 12 * KIND_NORMS, 4, 0, "its header"},
        {"lengths of other documents", HEADER_KINDS + 12 * KIND_NORMS + 4, 8, 1000, "its header"},
        {"a value of no kind", HEADER_KINDS, 4, 1, "its header"},
        {"more stored values than documents", HEADER_KINDS + 12 * KIND_STORED, 4, 1u << 20, "its header"},
        {"more values of ids than documents", HEADER_KINDS + 12 * KIND_IDS, 4, 1u << 20, "its header"},
        {"dates of more documents", HEADER_KINDS + 12 * KIND_DATES + 4, 8, 1u << 20, "its header"},
        {"half a source", HEADER_KINDS + 12 * KIND_SOURCES + 4, 8, VALUE_HEAD + 13, "its header"},
        {"no source", HEADER_KINDS + 12 * KIND_SOURCES, 4, 0, "its header"},
        {"postings of more bytes than the file has", HEADER_KINDS + 12 * KIND_POSTINGS + 4, 8, UINT64_C(1) << 40,
         "more values than there are"},
        {"bytes that wrap", HEADER_KINDS + 12 * KIND_POSTINGS + 4, 8, UINT64_MAX - 5, "its header"},
    };

    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        load();
        put_number(of_kind(KIND_HEADER), lies[i].at, lies[i].width, lies[i].n);
        store();
        does_not_open(lies[i].what, FIH_E_CORRUPT, lies[i].words);
    }
    load();
    resize(of_kind(KIND_HEADER), 100);
    store();
    does_not_open("a header cut short", FIH_E_CORRUPT, "its header");
    load();
    of_kind(KIND_HEADER)->is_gone = 1;
    store();
    does_not_open("no header", FIH_E_CORRUPT, "its header is missing");
}

static void sums_of_a_header_that_are_wrong_are_named(void)
{
    static const struct {
        size_t      at;
        const char *words;
    } sums[] = {{48, "of its header"}, {56, "of its header"},
                {12, "the lengths do not add up"}, {28, "the lengths do not add up"}};

    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
        struct value *h;

        load();
        h = of_kind(KIND_HEADER);
        put_u64(h->payload + sums[i].at, get_u64(h->payload + sums[i].at) + 1);
        store();
        is_named("a sum", sums[i].words);
    }
}

/* ---- a value that is missing, or another's */

static void each_value_that_is_missing_is_named(void)
{
    static const struct {
        enum kind   kind;
        const char *words;
    } kinds[] = {
        {KIND_DICT, "its dictionary"}, {KIND_DICT_INDEX, "missing"}, {KIND_POSTINGS, "its postings"},
        {KIND_POSITIONS, "its positions"}, {KIND_NORMS, "its lengths"}, {KIND_NORMS_LONG, "missing"},
        {KIND_DATES, "its dates"}, {KIND_STORED, "its stored documents"}, {KIND_STORED_INDEX, "missing"},
        {KIND_IDS, "its ids"}, {KIND_IDS_INDEX, "missing"}, {KIND_ID_HASHES, "its table of ids"},
        {KIND_SOURCES, "its sources"},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        load();
        key_be32(of_kind(kinds[i].kind)->key + 5, 1u << 20);   /* under a number that nobody asks for */
        store();
        is_named(kinds[i].words, kinds[i].words);
    }
}

/* ---- inside of values */

/* A number that nothing has; of a day all ones would be the last one of 1969. */
static void put_large(struct value *v, size_t at, unsigned width)
{
    put_number(v, at, width, value_kind(v) == KIND_DATES ? INT32_MAX : UINT64_MAX);
}

static void tables_that_lie_are_named(void)
{
    static const struct {
        const char *what;
        enum kind   kind;
        size_t      at;
        unsigned    width;
        const char *words;
    } lies[] = {
        {"blocks of a dictionary", KIND_DICT, 0, 4, "its dictionary"},
        {"where its first block is", KIND_DICT, 4, 4, "its dictionary"},
        {"the first key", KIND_DICT_INDEX, 0, 1, "the dictionary's index"},
        {"the first stored document", KIND_STORED, 0, 4, "its stored documents"},
        {"how many blocks it has", KIND_STORED, 4, 4, "its stored documents"},
        {"the index of stored documents", KIND_STORED_INDEX, 0, 4, "its stored documents"},
        {"the first of the ids", KIND_IDS, 0, 4, "its ids"},
        {"how many ids there are", KIND_IDS, 4, 4, "its ids"},
        {"where the first id ends", KIND_IDS, 8, 4, "its ids"},
        {"whose id it is", KIND_ID_HASHES, 4, 4, "its table of ids"},
        {"a hash", KIND_ID_HASHES, 0, 4, "the table of ids is wrong"},
        {"a length", KIND_NORMS, 0, 2, "words but postings for"},
        {"a day", KIND_DATES, 0, 4, "its dates"},
        {"the first document of a source", KIND_SOURCES, 4, 4, "its sources"},
        {"how many documents a source has", KIND_SOURCES, 8, 4, "its sources"},
        {"the order of sources", KIND_SOURCES, 0, 4, "its sources are out of order"},
    };

    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        load();
        put_large(of_kind(lies[i].kind), lies[i].at, lies[i].width);
        store();
        is_named(lies[i].what, lies[i].words);
    }
}

static void days_that_are_not_the_headers_are_named(void)
{
    load();
    put_number(of_kind(KIND_DATES), 4, 4, (uint32_t)DATE_LAST);
    store();
    is_named("a day behind the last", "its dates are not those of its header");
    load();
    put_number(of_kind(KIND_HEADER), 40, 4, (uint32_t)DATE_FIRST);
    store();
    is_named("a first day that no document has", "its dates are not those of its header");
}

/* ---- posting lists */

/* The first term of a channel whose list has a document at least twice and others behind it, and where its documents
 * and positions lie; all of one segment, whose lists have no full block. */
struct list {
    struct dict_entry entry;
    struct value     *dict, *postings, *positions;
    uint8_t          *end;             /* of the entry in the dictionary */
};

static struct value *neighbour(const struct value *v, enum kind kind, uint32_t number)
{
    for (unsigned i = 0; i < g.x.count; i++)
        if (value_kind(&g.x.values[i]) == (unsigned)kind && memcmp(g.x.values[i].key, v->key, 4) == 0 &&
            key_from_be32(g.x.values[i].key + 5) == number)
            return &g.x.values[i];
    return NULL;
}

static int find_list(struct list *l, unsigned channel)
{
    struct dict_scan scan;

    load();
    memset(l, 0, sizeof *l);
    l->dict = of_kind(KIND_DICT);
    if (fihi_dict_scan(&scan, l->dict->payload, l->dict->bytes) != 0)
        return 0;
    while (fihi_dict_next(&scan) == FIH_OK) {
        const struct dict_entry *e = &scan.entry;

        l->entry = *e;
        l->end = l->dict->payload + (scan.p - l->dict->payload);
        l->postings = neighbour(l->dict, KIND_POSTINGS, e->docs.number);
        l->positions = neighbour(l->dict, KIND_POSITIONS, e->positions.number);
        if (scan.key[0] == channel && e->df > 3 && e->df < POSTING_BLOCK && l->postings && l->positions &&
            l->postings->payload[e->docs.offset + 1] % 2 == (channel < CHANNEL_COUNT) &&
            l->postings->payload[e->docs.offset + 3] < 0x80)
            return 1;
    }
    return 0;
}

static uint8_t *docs_of(const struct list *l) { return l->postings->payload + l->entry.docs.offset; }
static uint8_t *positions_of(const struct list *l) { return l->positions->payload + l->entry.positions.offset; }

static void lists_that_lie_are_named(void)
{
    struct list l;
    uint8_t *more;

    REQUIRE(find_list(&l, CHANNEL_TEXT));
    docs_of(&l)[0] = 0;
    store();
    is_named("impact", "an impact that is too low");

    REQUIRE(find_list(&l, CHANNEL_TEXT));      /* impact, gap << 1 | 1, frequency - 2, and the next gap */
    docs_of(&l)[3] &= 1;
    store();
    is_named("the same document again", "documents out of order");

    REQUIRE(find_list(&l, CHANNEL_TEXT));
    positions_of(&l)[1] = 0;
    store();
    is_named("the same place again", "positions out of order");

    REQUIRE(find_list(&l, CHANNEL_TEXT));
    positions_of(&l)[l.entry.position_bytes - 1] |= 0x80;
    store();
    is_named("a number that never ends", "positions that do not fit its frequencies");

    REQUIRE(find_list(&l, CHANNEL_TEXT));
    docs_of(&l)[l.entry.doc_bytes - 1] |= 0x80;
    store();
    is_named("a document that never ends", "counts that are wrong");

    REQUIRE(find_list(&l, CHANNEL_SECTION));   /* of the end: bytes of the positions, none, and of the documents */
    more = l.end - 3;
    CHECK_INT_EQ(*more, l.entry.cf - l.entry.df);
    (*more)++;
    store();
    is_named("one occurrence more", "counts that are wrong");

    REQUIRE(find_list(&l, CHANNEL_SECTION));
    put_number(l.postings, 0, 1, 0);
    l.end[-2] = 0x7F;                          /* bytes of its documents: more than the value has */
    store();
    is_named("a list that is longer", "segment");
}

static int merge_all(void)
{
    fih_writer_opts opts = FIH_WRITER_OPTS_INIT;
    fih_writer *w = NULL;
    int rc;

    opts.memory_bytes = 64 << 20;
    opts.threads = 1;
    if ((rc = fih_writer_open(&w, g.dir, &opts, &err)) == 0)
        rc = fih_writer_merge(w, &err);
    fih_writer_close(w);
    return rc;
}

/* The check names it, and a merge does not take it over. */
static void is_named_and_not_merged(const char *what, const char *words)
{
    is_named(what, words);
    CHECK_INT_EQ(merge_all(), FIH_E_CORRUPT, "%s: %s", what, err.msg);
    CHECK(strstr(err.msg, "segment 1 "), "%s: %s", what, err.msg);
}

/* A number of an entry of the dictionary. It ends with the bytes of its positions, and before them stand the bytes of
 * its documents, its further occurrences, and its documents: one byte each where they are small. */
static void dictionaries_that_lie_are_named(void)
{
    struct list l;

    REQUIRE(find_list(&l, CHANNEL_SECTION));
    l.end[-4] = 0x7F;
    store();
    is_named_and_not_merged("more documents than there are", "its dictionary");

    REQUIRE(find_list(&l, CHANNEL_SECTION));
    l.end[-4] = 0;
    store();
    is_named_and_not_merged("no document", "its dictionary");

    REQUIRE(find_list(&l, CHANNEL_TEXT));
    docs_of(&l)[l.entry.doc_bytes - 1] |= 0x80;
    store();
    is_named_and_not_merged("a document that never ends", "counts that are wrong");

    REQUIRE(find_list(&l, CHANNEL_TEXT));
    positions_of(&l)[l.entry.position_bytes - 1] |= 0x80;
    store();
    is_named_and_not_merged("a position that never ends", "positions that do not fit its frequencies");
}

/* ---- stored documents */

/* Change the first block's records, and put them back. */
static void change_records(void (*change)(struct buf *raw))
{
    struct stored_value sv;
    struct stored_block b;
    struct buf raw = {0}, out = {0};
    ZSTD_CCtx *z = ZSTD_createCCtx();
    const uint8_t *compressed = NULL;
    struct value *v;
    uint32_t first;
    size_t n;

    load();
    v = of_kind(KIND_STORED);
    CHECK(fihi_stored_parse(&sv, v->payload, v->bytes) == 0 &&
          fihi_stored_next(&sv, &first, &b, &compressed, &n) == 0 && fihi_stored_expand(&raw, &b, compressed, n) == 0);
    change(&raw);
    fihi_buf_append(&out, v->payload, (size_t)(compressed - v->payload));
    fihi_stored_compress(z, &out, raw.ptr, raw.len, NULL);
    put_u32(out.ptr + 16, (uint32_t)raw.len);
    for (uint32_t i = 0; i < sv.blocks; i++)   /* the ends of the blocks */
        put_u32(out.ptr + 20 + 12 * i,
                get_u32(out.ptr + 20 + 12 * i) + (uint32_t)(out.len - n - (size_t)(compressed - v->payload)));
    fihi_buf_append(&out, compressed + n, (size_t)(v->payload + v->bytes - compressed) - n);
    resize(v, out.len);
    memcpy(v->payload, out.ptr, out.len);
    seal_headers(&g.x);
    store();
    fihi_buf_free(&raw);
    fihi_buf_free(&out);
    ZSTD_freeCCtx(z);
}

/* The code of a field of the first record. */
static uint8_t *code_of(struct buf *raw, unsigned want)
{
    struct record_scan scan;
    fih_str name, value;
    unsigned code;
    const uint8_t *p;

    fihi_record_scan(&scan, raw->ptr, raw->len);
    do
        p = scan.p;
    while (fihi_record_next(&scan, &code, &name, &value) == FIH_OK && code != want);
    return raw->ptr + (p - raw->ptr);
}

static void another_id(struct buf *raw) { code_of(raw, FIELD_ID)[3] ^= 1; }
static void no_such_field(struct buf *raw) { *code_of(raw, FIELD_SECTION) = 200; }
static void title_first(struct buf *raw) { *code_of(raw, FIELD_ID) = FIELD_TITLE; }
static void odd_cuts(struct buf *raw) { *code_of(raw, FIELD_SOURCE) = FIELD_CUTS; }
static void long_field(struct buf *raw) { code_of(raw, FIELD_NAMED)[1] = 0x7F; }
static void long_record(struct buf *raw) { put_u32(raw->ptr, UINT32_MAX); }
static void no_room(struct buf *raw) { raw->len = 2; }

static void records_that_lie_are_named(void)
{
    static const struct {
        void      (*change)(struct buf *);
        const char *words;
    } lies[] = {
        {another_id, "stored document 0 is not the one of its id"},
        {title_first, "stored document 0 is not the one of its id"},
        {no_such_field, "stored document 0 is cut short"},
        {long_field, "stored document 0 is cut short"},
        {odd_cuts, "the cuts of document 0 do not fit its body"},
        {long_record, "stored document 0"},
        {no_room, "stored document 0"},
    };
    struct value *v;

    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        change_records(lies[i].change);
        is_named(lies[i].words, lies[i].words);
    }
    load();
    v = of_kind(KIND_STORED);
    put_u32(v->payload + 16, get_u32(v->payload + 16) + 1);
    store();
    is_named("a byte more", "stored value 0 does not expand");
    load();
    v = of_kind(KIND_STORED);
    v->payload[12 + 12 * get_u32(v->payload + 8)] ^= 0xFF;
    store();
    is_named("no zstd", "stored value 0 does not expand");
    load();
    v = of_kind(KIND_STORED);                  /* a document fewer, in the value and in its block */
    put_u32(v->payload + 4, get_u32(v->payload + 4) - 1);
    put_u32(v->payload + 12, get_u32(v->payload + 12) - 1);
    store();
    is_named_and_not_merged("a document fewer", "stored documents, not");
    load();
    v = of_kind(KIND_STORED);                  /* the same, and it is the first that is missing */
    put_u32(v->payload, 1);
    put_u32(v->payload + 4, get_u32(v->payload + 4) - 1);
    put_u32(v->payload + 12, get_u32(v->payload + 12) - 1);
    put_u32(of_kind(KIND_STORED_INDEX)->payload, 1);
    store();
    is_named_and_not_merged("no first document", "stored value 0");
}

/* ---- writing over lies: what a merge reads it does not pass on */

static void a_merge_takes_no_lie_over(void)
{
    static const struct {
        const char *what;
        enum kind   kind;
        size_t      at;
        unsigned    width;
    } lies[] = {
        {"its dictionary", KIND_DICT, 4, 4}, {"its stored documents", KIND_STORED, 4, 4}, {"its ids", KIND_IDS, 4, 4},
        {"its table of ids", KIND_ID_HASHES, 4, 4}, {"its dates", KIND_DATES, 0, 4},
        {"its sources", KIND_SOURCES, 4, 4},
        {"its stored documents", KIND_STORED_INDEX, 0, 4},
    };
    static const enum kind gone[] = {KIND_NORMS, KIND_POSTINGS, KIND_POSITIONS, KIND_DICT, KIND_STORED, KIND_ID_HASHES,
                                     KIND_DATES, KIND_IDS, KIND_SOURCES};

    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        load();
        put_large(of_kind(lies[i].kind), lies[i].at, lies[i].width);
        store();
        CHECK_INT_EQ(merge_all(), FIH_E_CORRUPT, "%s: %s", lies[i].what, err.msg);
        CHECK(strstr(err.msg, lies[i].what), "no '%s' in: %s", lies[i].what, err.msg);
    }
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) {
        load();
        key_be32(of_kind(gone[i])->key + 5, 1u << 20);
        store();
        CHECK_INT_EQ(merge_all(), FIH_E_CORRUPT, "kind %d: %s", gone[i], err.msg);
        CHECK(strstr(err.msg, "missing"), "kind %d: %s", gone[i], err.msg);
    }
    change_records(long_record);
    CHECK_INT_EQ(merge_all(), FIH_E_CORRUPT, "%s", err.msg);
}

static int delete_source(void)
{
    fih_writer *w = NULL;
    int rc;

    if ((rc = fih_writer_open(&w, g.dir, NULL, &err)) == 0)
        rc = fih_writer_delete_source(w, "folder/file-0", 13, NULL, &err);
    fih_writer_close(w);
    return rc;
}

static void a_source_is_not_deleted_by_a_lie(void)
{
    static void (*const changes[])(struct buf *) = {long_record, no_room, no_such_field};

    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        change_records(changes[i]);
        CHECK_INT_EQ(delete_source(), FIH_E_CORRUPT, "%zu: %s", i, err.msg);
    }
    load();
    key_be32(of_kind(KIND_SOURCES)->key + 5, 1u << 20);
    store();
    CHECK_INT_EQ(delete_source(), FIH_E_CORRUPT, "%s", err.msg);
    load();
    key_be32(of_kind(KIND_STORED)->key + 5, 1u << 20);
    store();
    CHECK_INT_EQ(delete_source(), FIH_E_CORRUPT, "%s", err.msg);
}

static int hear_one(void *ctx, const char *line)
{
    ++*(unsigned *)ctx;
    return line[0] != '\0';
}

static void a_check_ends_when_it_is_told(void)
{
    uint64_t problems = 0;
    unsigned lines = 0;

    load();
    for (unsigned i = 0; i < g.x.count; i++)
        if (value_kind(&g.x.values[i]) == KIND_NORMS)
            put_number(&g.x.values[i], 0, 2, 0xFFF0);
    store();
    CHECK_INT_EQ(fih_check(g.dir, hear_one, &lines, &problems, &err), FIH_E_CORRUPT, "%s", err.msg);
    CHECK(lines == 1 && problems >= 1, "%u", lines);
}

/* ---- notes */

static void notes_that_lie_are_named(void)
{
    for (unsigned how = 0; how < 5; how++) {
        struct value *v = NULL;

        load();
        for (unsigned i = 0; i < g.x.count && !v; i++)
            if (g.x.values[i].space == SPACE_NOTE && g.x.values[i].key[0] == how % 2)
                v = &g.x.values[i];
        REQUIRE(v);
        if (how < 2)                           /* a key longer than the note; the key of another note; no key */
            put_u32(v->payload, UINT32_MAX);
        else if (how < 4)
            v->payload[4] ^= 1;
        else
            resize(v, 3);
        seal_notes(&g.x);
        store();
        is_named("a note", "a note of the index is damaged");
    }
    load();
    for (unsigned i = 0; i < g.x.count; i++)
        if (g.x.values[i].space == SPACE_NOTE)
            g.x.values[i].payload[g.x.values[i].bytes - 1] ^= 1;
    store();
    is_named("other notes", "its notes are not those of the last commit");
}

/* ---- deletions */

static void deletions_that_lie_do_not_open(void)
{
    struct value *v = NULL;

    for (unsigned how = 0; how < 4; how++) {
        load();
        for (unsigned i = 0; i < g.x.count; i++)
            if (g.x.values[i].space == SPACE_DELETE)
                v = &g.x.values[i];
        REQUIRE(v);
        if (how == 0)
            v->payload[0] ^= 0x10;
        else if (how == 1)
            resize(v, 10);
        else if (how == 2)
            v->is_gone = 1;
        else                                   /* behind the last document, and summed up so */
            v->payload[v->bytes - 1] |= 0x80, seal_deletions(&g.x);
        store();
        does_not_open("deletions", FIH_E_CORRUPT, "its deletions");
    }
}

int main(void)
{
    sample_folder(g.folder, "lies");
    snprintf(g.dir, sizeof g.dir, "%s/index", g.folder);
    snprintf(g.data, sizeof g.data, "%s/data.1.mdb", g.dir);
    if (sample_build(g.dir, DOCS, NULL, &err) != 0 || fih_check(g.dir, NULL, NULL, NULL, &err) != 0) {
        printf("Bail out! %s\n", err.msg);
        return 2;
    }
    g.image = read_whole(g.data, &g.bytes);
    RUN(a_manifest_that_lies_does_not_open);
    RUN(a_segment_named_twice_does_not_open);
    RUN(a_manifest_under_another_name_is_no_new_index);
    RUN(a_commit_without_its_number_does_not_open);
    RUN(numbers_of_segments_that_are_used_up_are_a_limit);
    RUN(a_header_that_lies_does_not_open);
    RUN(sums_of_a_header_that_are_wrong_are_named);
    RUN(each_value_that_is_missing_is_named);
    RUN(tables_that_lie_are_named);
    RUN(days_that_are_not_the_headers_are_named);
    RUN(lists_that_lie_are_named);
    RUN(dictionaries_that_lie_are_named);
    RUN(notes_that_lie_are_named);
    RUN(records_that_lie_are_named);
    RUN(a_source_is_not_deleted_by_a_lie);
    RUN(a_check_ends_when_it_is_told);
    RUN(a_merge_takes_no_lie_over);
    RUN(deletions_that_lie_do_not_open);
    remove_folder(g.folder);
    free(g.image);
    return DONE();
}
