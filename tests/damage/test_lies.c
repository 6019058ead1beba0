/* test_lies.c - one lie at a time under checksums that are right, and what must come of it: the code, and the words
 * that name it.
 *
 * test_hostile spoils at random and asks for no more than an answer or a clean error. Here each lie is chosen, and each
 * must be found where it matters: by opening, or by the check.
 */
#include "sample.h"
#include "values.h"

#include "base/bytes.h"
#include "codec/pack.h"
#include "index/docs.h"
#include "index/impact.h"
#include "index/segment.h"
#include "store/keys.h"

enum { DOCS = 60, MANY_DOCS = 200, HEADER_KINDS = 64 };

static struct {
    char         folder[256], dir[280], data[300];
    uint8_t     *image, *few, *many;   /* few: DOCS of them; many: with lists of whole blocks */
    size_t       bytes, few_bytes, many_bytes;
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
    const int rc = fih_check(&problems, g.dir, tell_line, &h, &err);

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
        CHECK_INT_EQ(fih_check(NULL, g.dir, NULL, NULL, &err), code, "%s: %s", what, err.msg);
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
    CHECK_INT_EQ(fih_check(NULL, g.dir, NULL, NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_writer_open(&w, g.dir, NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(sample_add(w, 7000, 0, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_E_LIMIT, "%s", err.msg);
    CHECK_INT_EQ(fih_writer_merge(w, &err), FIH_E_LIMIT, "%s", err.msg);
    fih_writer_close(w);
    CHECK_INT_EQ(fih_check(NULL, g.dir, NULL, NULL, &err), FIH_OK, "%s", err.msg);
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
        {"another version", 0, 4, 1, "its header"},
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
        {KIND_SOURCES, "its sources"}, {KIND_COLUMNS, "its columns"}, {KIND_COLUMN_INDEX, "missing"},
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
        {"where its first block is", KIND_IDS, 8, 4, "its ids"},
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

/* Two rows of one document, and none of another. */
static void an_id_that_stands_twice_is_named(void)
{
    load();
    struct value *const v = of_kind(KIND_ID_HASHES);
    memcpy(v->payload + 8, v->payload, 8);
    store();
    is_named("an id twice", "the table of ids is wrong at 1");
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

/* Values of no bytes: as many as it says, and nothing to compare that with. */
static void values_of_no_bytes_are_none(void)
{
    fih_facets *f = NULL;
    fih_reader *r = NULL;
    fih_query *q = NULL;
    struct value *v = NULL;

    load();
    for (unsigned i = 0; i < g.x.count && !v; i++)
        if (value_kind(&g.x.values[i]) == KIND_COLUMNS && g.x.values[i].payload[1] == 1)
            v = &g.x.values[i];
    REQUIRE(v != NULL);
    v->payload[0] = 0;
    resize(v, 16 + 4 * ((size_t)get_u32(v->payload + 4) + 1));
    store();
    REQUIRE(fih_reader_open(&r, g.dir, &err) == FIH_OK, "%s", err.msg);
    REQUIRE(fih_query_parse(&q, (fih_str){"*", 1}, &err) == FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_facets_new(&f, r, q, "tags", NULL, &err), FIH_E_CORRUPT);
    fih_facets_free(f);
    fih_query_free(q);
    fih_reader_close(r);
    is_named("values of no bytes", "a column");
}

/* ---- columns */

enum { FIELD_SECTION_NO = 2, FIELD_TAGS = 8, FIELD_PAGES, FIELD_PRICE, FIELD_NOTE };   /* as SAMPLE_FIELDS has them */

/* The row of a field's column, and its values, which are one value of the segment. */
static uint8_t *column_of(unsigned field, struct value **values)
{
    struct value *const rows = of_kind(KIND_COLUMN_INDEX);
    uint32_t number = 0;

    while (48 * (size_t)number < rows->bytes && rows->payload[48 * number] != field)
        number++;
    *values = NULL;
    for (unsigned i = 0; i < g.x.count && !*values; i++)
        if (value_kind(&g.x.values[i]) == KIND_COLUMNS && memcmp(g.x.values[i].key, rows->key, 4) == 0 &&
            key_from_be32(g.x.values[i].key + 5) == number)
            *values = &g.x.values[i];
    if (!*values || 48 * (size_t)number == rows->bytes) {
        printf("Bail out! no column of field %u\n", field);
        exit(2);
    }
    return rows->payload + 48 * number;
}

/* To a number of a row, or of what a column begins with. */
static void columns_that_lie_are_named(void)
{
    static const struct {
        const char *what;
        unsigned    field;
        bool        is_row;
        size_t      at;
        unsigned    width;
        int         by;
        const char *words;
    } lies[] = {
        {"documents with a value", FIELD_PAGES, true, 4, 4, -1, "its index of columns"},
        {"values", FIELD_TAGS, true, 8, 8, 1, "the column of field 8 has counts that are not those"},
        {"the least value", FIELD_PAGES, true, 16, 8, -1, "the column of field 9 has counts that are not those"},
        {"the least value, too great", FIELD_PAGES, true, 16, 8, 1, "the column of field 9 has a value that its row"},
        {"the greatest value", FIELD_PRICE, true, 24, 8, 1, "the column of field 10 has counts that are not those"},
        {"the words of a text", FIELD_NOTE, true, 40, 8, 1, "its index of columns"},
        {"the first term", FIELD_TAGS, true, 32, 4, 1, "the column of field 8 has terms that its row has not"},
        {"the first section", FIELD_SECTION_NO, true, 32, 4, 1, "the column of field 2 has terms that its row has not"},
        {"the field", FIELD_SECTION_NO, true, 0, 1, 1, "a column of a field that is not there"},
        {"the width of values", FIELD_PAGES, false, 0, 1, 2, "a column"},
        {"whether there are several", FIELD_TAGS, false, 1, 1, 1, "a column"},
        {"how many documents", FIELD_PRICE, false, 4, 4, 1, "a column"},
        {"the base", FIELD_PAGES, false, 8, 8, 1, "the column of field 9 has a value that its row"},
        {"a document's first value", FIELD_TAGS, false, 16, 4, 1, "the column of field 8 has counts that are not those"},
    };

    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        struct value *values;
        uint8_t *at, eight[8] = {0};

        load();
        at = column_of(lies[i].field, &values);
        at = (lies[i].is_row ? at : values->payload) + lies[i].at;
        memcpy(eight, at, lies[i].width);
        put_u64(eight, get_u64(eight) + (uint64_t)(int64_t)lies[i].by);
        memcpy(at, eight, lies[i].width);
        store();
        is_named(lies[i].what, lies[i].words);
    }
}

/* Two documents of different sections change places: all counts stay what they were. */
static void sections_of_other_documents_are_named(void)
{
    struct value *v;

    load();
    column_of(FIELD_SECTION_NO, &v);
    REQUIRE(v->payload[0] == 1 && v->payload[1] == 0);
    for (size_t at = 17; at < v->bytes; at++)
        if (v->payload[at] != v->payload[16]) {
            const uint8_t first = v->payload[16];

            v->payload[16] = v->payload[at];
            v->payload[at] = first;
            break;
        }
    store();
    is_named("sections", "the column of field 2 has other documents than the list of a term");
}

/* What the manifest says of the fields is what their columns are. */
static void a_schema_that_lies_does_not_open(void)
{
    struct value *m;
    size_t at;

    load();
    m = value_manifest(&g.x);
    for (at = 0; at + 8 <= m->bytes && memcmp(m->payload + at, "\1\1\4\0tags", 8) != 0; at++)
        ;
    REQUIRE(at + 8 <= m->bytes);
    m->payload[at] = FIH_FIELD_INTEGER;
    store();
    is_named("another kind of a field", "column");
    load();
    m = value_manifest(&g.x);
    m->payload[at] = 9;
    store();
    does_not_open("a field of no kind", FIH_E_CORRUPT, "manifest");
    load();
    m = value_manifest(&g.x);
    memcpy(m->payload + at + 4, "body", 4);
    store();
    does_not_open("a field of a name that is taken", FIH_E_CORRUPT, "manifest");
    load();
    m = value_manifest(&g.x);
    put_number(m, at - 4, 4, 57);
    store();
    does_not_open("more fields than there are", FIH_E_CORRUPT, "manifest");
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

/* ---- the dictionary and its lists: each lie is put where it can be told, in place, so that nothing else moves */

enum { FIELDS = 16, FORMS = 32 };

/* An entry of a dictionary, and what its numbers are behind the key: FORMAT.md, "Dictionary". */
struct entry {
    struct value     *dict;
    unsigned          level;
    struct dict_entry entry;
    uint8_t          *field[FIELDS];
    unsigned          fields;
};

/* Of a stem or a section. */
enum { HAS_DF, HAS_MORE_CF, HAS_WHERE, HAS_POSITION_BYTES, HAS_TITLE_DF, HAS_FORM_COUNT };

static uint32_t number(const uint8_t *at)
{
    uint64_t n = 0;

    get_varint(at, at + VARINT_MAX, &n);
    return (uint32_t)n;
}

static uint8_t *behind(uint8_t *at)
{
    while (*at++ & 0x80) ;
    return at;
}

/* Another number in as many bytes, the last ones of no worth where it is smaller; false if it needs more. */
static bool set(uint8_t *at, uint32_t n)
{
    const unsigned room = (unsigned)(behind(at) - at);

    if (room < 5 && n >> 7 * room)
        return false;
    for (unsigned i = 0; i < room; i++, n >>= 7)
        at[i] = (uint8_t)((n & 0x7F) | (i + 1 < room ? 0x80 : 0));
    return true;
}

/* Go through all entries until one of them can be made a lie of. Those that begin a block of the dictionary have a
 * head before them: they are left out. */
static bool lie_somewhere(bool (*lie)(struct entry *e))
{
    for (unsigned i = 0; i < g.x.count; i++) {
        struct value *v = &g.x.values[i];
        struct dict_scan scan;
        const uint8_t *at;
        uint32_t block;

        if (value_kind(v) != KIND_DICT || fihi_dict_scan(&scan, v->payload, v->bytes) != 0)
            continue;
        for (at = NULL, block = 0; fihi_dict_next(&scan) == FIH_OK; at = scan.p, block = scan.block) {
            struct entry e = {.dict = v, .level = scan.key[0], .entry = scan.entry};
            uint8_t *p, *const end = v->payload + (scan.p - v->payload);

            if (!at || block != scan.block || (scan.entry.df == 1 && scan.entry.doc_bytes))
                continue;
            p = behind(v->payload + (at - v->payload));        /* the letters in common, and the others */
            for (p = behind(p) + number(p); p < end && e.fields < FIELDS; p = behind(p))
                e.field[e.fields++] = p;
            if (p == end && lie(&e))
                return true;
        }
    }
    return false;
}

static void lie_is_named(const char *what, bool (*lie)(struct entry *e), const char *words)
{
    load();
    REQUIRE(lie_somewhere(lie), "%s: nowhere", what);
    store();
    is_named(what, words);
}

static void lie_is_not_merged(const char *what, bool (*lie)(struct entry *e), const char *words)
{
    load();
    REQUIRE(lie_somewhere(lie), "%s: nowhere", what);
    store();
    is_named(what, words);
    CHECK_INT_EQ(merge_all(), FIH_E_CORRUPT, "%s: %s", what, err.msg);
    CHECK(strstr(err.msg, "segment "), "%s: %s", what, err.msg);
}

static struct value *neighbour(const struct value *v, enum kind kind, uint32_t wanted)
{
    for (unsigned i = 0; i < g.x.count; i++)
        if (value_kind(&g.x.values[i]) == (unsigned)kind && memcmp(g.x.values[i].key, v->key, 4) == 0 &&
            key_from_be32(g.x.values[i].key + 5) == wanted)
            return &g.x.values[i];
    return NULL;
}

static uint8_t *list_of(const struct entry *e)
{
    return neighbour(e->dict, KIND_POSTINGS, e->entry.docs.number)->payload + e->entry.docs.offset;
}

static uint8_t *positions_of(const struct entry *e)
{
    return neighbour(e->dict, KIND_POSITIONS, e->entry.positions.number)->payload + e->entry.positions.offset;
}

/* ---- numbers of the entry */

static bool is_short(const struct entry *e)
{
    return e->level == LEVEL_STEM && e->entry.df > 3 && e->entry.df < POSTING_BLOCK;
}

static bool is_section(const struct entry *e)
{
    return e->level == LEVEL_SECTION && e->entry.df > 3 && e->entry.df < POSTING_BLOCK;
}

static bool is_many(const struct entry *e) { return e->level == LEVEL_STEM && e->entry.df > POSTING_BLOCK; }
static bool add_to(uint8_t *at, uint32_t n) { return set(at, number(at) + n); }

static bool too_many_documents(struct entry *e)
{
    const struct value *header = neighbour(e->dict, KIND_HEADER, 0);

    return is_section(e) && get_u32(header->payload + 4) < 0x7F && set(e->field[HAS_DF], 0x7F);
}

static bool no_document(struct entry *e) { return is_section(e) && set(e->field[HAS_DF], 0); }
static bool one_occurrence_more(struct entry *e) { return is_section(e) && add_to(e->field[HAS_MORE_CF], 1); }
static bool longer_list(struct entry *e) { return is_section(e) && set(e->field[HAS_WHERE], 0x7F); }
static bool one_title_more(struct entry *e) { return is_short(e) && add_to(e->field[HAS_TITLE_DF], 2); }
static bool twice_the_section(struct entry *e)
{
    return e->level == LEVEL_SECTION && e->entry.df == 1 && add_to(e->field[HAS_MORE_CF], 1);
}

static bool one_form_more(struct entry *e)
{
    return is_short(e) && e->entry.form_count > 1 && add_to(e->field[HAS_FORM_COUNT], 1);
}

static bool one_form_fewer(struct entry *e)
{
    return is_short(e) && e->entry.form_count > 2 && add_to(e->field[HAS_FORM_COUNT], UINT32_MAX);
}

static bool one_document_more(struct entry *e) { return is_short(e) && add_to(e->field[HAS_DF], 1); }

static void entries_that_lie_are_named(void)
{
    lie_is_not_merged("more documents than there are", too_many_documents, "its dictionary");
    lie_is_not_merged("no document", no_document, "its dictionary");
    lie_is_not_merged("a document more", one_document_more, "counts that are wrong");
    lie_is_named("one occurrence more", one_occurrence_more, "counts that are wrong");
    lie_is_named("a list that is longer", longer_list, "segment");
    lie_is_named("a title more", one_title_more, "counts that are wrong");
    lie_is_named("a section twice", twice_the_section, "numbers that a keyword has not");
    lie_is_named("a form more", one_form_more, "a form that is in no document");
    lie_is_not_merged("a form fewer", one_form_fewer, "counts that are wrong");
}

/* ---- the tail of a list */

struct posting_at {
    uint8_t *head, *numbers, *title, *root;    /* NULL: not there */
    uint32_t freq, code, titles, root_code;
};

/* Where all is in a list without a full block, and in how many documents each form is. */
static struct tail {
    struct posting_at at[POSTING_BLOCK];
    uint32_t dfs[FORMS];
    uint8_t *end;
} tail;

static void count_form(uint32_t form)
{
    tail.dfs[form < FORMS ? form : FORMS - 1]++;
}

/* FORMAT.md, "Posting list": two forms with small numbers in a byte, or in one and a number; or any forms. */
static uint8_t *read_mixed(uint8_t *p)
{
    const unsigned h = *p++;
    uint32_t count, form = 0;

    if (h < 192) {
        const uint32_t a = h < 128 ? h & 3 : h & 7, between = h < 128 ? h >> 2 & 7 : number(p);

        count_form(a);
        count_form(a + between + 1);
        return h < 128 ? p : behind(p);
    }
    count = h - 190 + (h == 255 ? number(p) : 0);
    p = h == 255 ? behind(p) : p;
    for (uint32_t i = 0; i < count; i++) {
        form += number(p);
        count_form(form++);
        p = behind(p);
        p = i + 1 < count ? behind(p) : p;
    }
    return p;
}

static bool read_tail(const struct entry *e)
{
    uint8_t *p = list_of(e) + 2;

    memset(&tail, 0, sizeof tail);
    for (uint32_t i = 0; i < e->entry.df; i++) {
        struct posting_at *at = &tail.at[i];
        const uint32_t head = number(at->head = p);

        p = behind(p);
        at->freq = head & 1 ? number(p) + 2 : 1;
        p = head & 1 ? behind(p) : p;
        if (head & 2) {
            const uint32_t flags = number(at->numbers = p);

            at->code = flags >> 2;
            p = behind(p);
            if (flags & 2)
                at->titles = number(at->title = p) + 1, p = behind(p);
            if (flags & 1)
                at->root_code = number(at->root = p) + 1, p = behind(p);
        }
        if (at->code == FORM_CODE_MIXED)
            p = read_mixed(p);
        else
            tail.dfs[at->code ? at->code - 1 < FORMS ? at->code - 1 : FORMS - 1 : 0]++;
    }
    tail.end = p;
    return p == list_of(e) + e->entry.doc_bytes;
}

static bool no_stem_bound(struct entry *e) { return is_short(e) && (list_of(e)[0] = 0) == 0; }
static bool no_root_bound(struct entry *e) { return is_short(e) && (list_of(e)[1] = 0) == 0; }
static bool no_section_bound(struct entry *e) { return is_section(e) && (list_of(e)[0] = 0) == 0; }

static bool same_document(struct entry *e)
{
    return is_short(e) && read_tail(e) && set(tail.at[1].head, number(tail.at[1].head) & 3);
}

static bool endless_document(struct entry *e)
{
    if (is_short(e))
        list_of(e)[e->entry.doc_bytes - 1] |= 0x80;
    return is_short(e);
}

static bool endless_position(struct entry *e)
{
    if (is_short(e) && e->entry.cf < 128)      /* packed ones have no end of their own */
        positions_of(e)[e->entry.position_bytes - 1] |= 0x80;
    return is_short(e) && e->entry.cf < 128;
}

static bool same_position(struct entry *e)
{
    uint8_t *p = positions_of(e);

    if (!is_short(e) || e->entry.cf >= 128 || !read_tail(e))
        return false;
    for (uint32_t i = 0; i < e->entry.df; i++)
        if (tail.at[i].freq > 1)
            return set(behind(p), 0);
        else
            p = behind(p);
    return false;
}

/* One lie about a posting, where one is right for it. */
static bool in_tail(struct entry *e, bool (*lie)(struct entry *e, struct posting_at *at))
{
    if (!is_short(e) || !read_tail(e))
        return false;
    for (uint32_t i = 0; i < e->entry.df; i++)
        if (lie(e, &tail.at[i]))
            return true;
    return false;
}

static bool title(struct entry *e, struct posting_at *at)
{
    return e->level == LEVEL_STEM && at->title && at->titles < at->freq && add_to(at->title, 1);
}

static bool set_code(struct posting_at *at, uint32_t code)
{
    return set(at->numbers, (number(at->numbers) & 3) | code << 2);
}

static bool no_such_form(struct entry *e, struct posting_at *at)
{
    return at->numbers && at->code > FORM_CODE_MIXED && set_code(at, e->entry.form_count + 1);
}

/* A form for another: what they are in differs enough to keep their order, or so little that it breaks. */
static bool swap_form(struct entry *e, struct posting_at *at, bool keeps_order)
{
    const uint32_t from = at->code - 1, to = from + 1;
    const uint32_t *d = tail.dfs;

    if (!at->numbers || at->code <= FORM_CODE_MIXED || to + 1 >= FORMS || to >= e->entry.form_count)
        return false;
    if (keeps_order ? d[from] - 1 < d[to] + 1 : d[from] - 1 >= d[to] + 1 || d[from] < 2)
        return false;
    return set_code(at, to + 1);
}

static bool other_form(struct entry *e, struct posting_at *at) { return swap_form(e, at, true); }
static bool order_of_forms(struct entry *e, struct posting_at *at) { return swap_form(e, at, false); }

/* One occurrence fewer: more would also be above the bound. */
static bool root(struct entry *e, struct posting_at *at)
{
    return e->entry.df && at->root_code > 2 && set(at->root, at->root_code - 3);
}

static bool first(struct entry *e, struct posting_at *at)
{
    return e->entry.df && at->root_code > 1 && set(at->root, at->root_code % 2 ? at->root_code - 2 : at->root_code);
}

static bool lie_title(struct entry *e) { return in_tail(e, title); }
static bool lie_no_form(struct entry *e) { return in_tail(e, no_such_form); }
static bool lie_form(struct entry *e) { return in_tail(e, other_form); }
static bool lie_order(struct entry *e) { return in_tail(e, order_of_forms); }
static bool lie_root(struct entry *e) { return in_tail(e, root); }
static bool lie_first(struct entry *e) { return in_tail(e, first); }

static void lists_that_lie_are_named(void)
{
    lie_is_named("a stem's bound", no_stem_bound, "an impact that is too low");
    lie_is_named("a root's bound", no_root_bound, "an impact that is too low");
    lie_is_named("a section's bound", no_section_bound, "an impact that is too low");
    lie_is_named("the same document again", same_document, "documents out of order");
    lie_is_named("the same place again", same_position, "positions out of order");
    lie_is_not_merged("a position that never ends", endless_position, "positions that do not fit its frequencies");
    lie_is_not_merged("a document that never ends", endless_document, "counts that are wrong");
    lie_is_named("a title", lie_title, "a number in the title that does not fit its positions");
    lie_is_not_merged("a form that is not there", lie_no_form, "counts that are wrong");
    lie_is_named("another form", lie_form, "have counts that are wrong");
    lie_is_named("the order of forms", lie_order, "forms out of order");
    lie_is_named("a root", lie_root, "has the root's occurrences wrong");
    lie_is_named("the first stem", lie_first, "is first where another is");
}

/* ---- lists of blocks: bounds of each block, and floors */

static uint8_t *bounds_of(const struct entry *e) { return list_of(e) + 12 * (size_t)(e->entry.df / POSTING_BLOCK); }

/* Of the first block. */
static bool put_bound(struct entry *e, unsigned which, uint8_t to)
{
    const size_t each = e->entry.df / POSTING_BLOCK + 1;

    if (!is_many(e))
        return false;
    bounds_of(e)[which * each] = to;
    return true;
}

static bool block_stem(struct entry *e) { return put_bound(e, BOUND_STEM, 1); }
static bool block_root(struct entry *e) { return put_bound(e, BOUND_ROOT, 1); }
static bool block_title(struct entry *e) { return e->entry.title_df > 20 && put_bound(e, BOUND_TITLE, 0); }
static bool block_best(struct entry *e) { return put_bound(e, BOUND_BEST, 1); }
/* Behind the bounds lie floors, the weights of forms, and their shares. */
static uint8_t *floors_of(const struct entry *e) { return bounds_of(e) + BOUNDS * (e->entry.df / POSTING_BLOCK + 1); }
static uint32_t own_forms(const struct entry *e)
{
    return e->entry.form_count < OWN_FORMS ? e->entry.form_count : OWN_FORMS;
}
static bool floor_20(struct entry *e)
{
    if (is_many(e))
        floors_of(e)[0] = 255;
    return is_many(e);
}
static bool block_forms(struct entry *e)
{
    if (is_many(e))
        floors_of(e)[FLOORS + own_forms(e)] = 0;
    return is_many(e);
}
static bool form_weight(struct entry *e)
{
    if (is_many(e))
        floors_of(e)[FLOORS] = 0;
    return is_many(e);
}

/* Behind gaps and frequencies the flags: others than there are. */
static bool block_flags(struct entry *e)
{
    const uint8_t *const skips = list_of(e);
    const size_t n = e->entry.df / POSTING_BLOCK;
    uint8_t *const block = floors_of(e) + FLOORS + own_forms(e) + share_rows(e->entry.form_count) * (n + 1);
    size_t at;

    if (!is_many(e))
        return false;
    at = fihi_pack_skip(block, get_u32(skips + 4 * n));
    at += fihi_pack_skip(block + at, get_u32(skips + 4 * n) - at);
    block[at] |= 0x80;
    return true;
}

static void blocks_that_lie_are_named(void)
{
    lie_is_named("a stem's bound", block_stem, "an impact that is too low");
    lie_is_named("a root's bound", block_root, "an impact that is too low");
    lie_is_named("a title's bound", block_title, "an impact that is too low");
    lie_is_named("a sum's bound", block_best, "an impact that is too low");
    lie_is_named("a block's forms", block_forms, "a form with a share that is too low");
    lie_is_named("a form's weight", form_weight, "a form without a weight");
    lie_is_named("a floor", floor_20, "a floor that is too high");
    lie_is_not_merged("a block's flags", block_flags, "counts that are wrong");
}

/* ---- rows */

/* A normalised word: the first row's stem, its form and df, then those of the others. A root: df, rows, stems. */
static bool is_word(const struct entry *e) { return e->level == LEVEL_FORM && e->entry.row_count == 1; }
static bool is_root(const struct entry *e) { return e->level == LEVEL_ROOT && e->entry.row_count > 1; }

static bool word_df(struct entry *e) { return is_word(e) && add_to(e->field[2], 1); }
static bool word_of_no_form(struct entry *e) { return is_word(e) && set(e->field[1], 0x7F); }

/* Of a stem with several words. */
static bool word_of_another(struct entry *e)
{
    return is_word(e) && number(e->field[1]) == 1 && number(e->field[2]) == 1 && set(e->field[1], 0);
}

/* Two words of one stem whose rows lead away: the stem has two forms that are no word's. */
static bool words_of_no_form(struct entry *e)
{
    static struct dict_entry before;
    static struct value *dict;
    static uint8_t *form;
    const bool is_same = dict == e->dict && before.row_count == 1 && before.rows_base == e->entry.rows_base;
    uint8_t *const mine = is_word(e) ? e->field[1] : NULL;
    const bool done = mine && is_same && form && set(form, 0x7E) && set(mine, 0x7F);

    before = e->entry;
    dict = e->dict;
    form = mine;
    return done;
}

static bool word_of_no_stem(struct entry *e)
{
    uint8_t *p = e->field[0];

    /* Every stem is before it, so a term that comes before it and is none is a section. */
    if (!is_word(e) || number(p) & 1)
        return false;
    for (struct dict_scan scan = {0}; fihi_dict_scan(&scan, e->dict->payload, e->dict->bytes) == 0;) {
        uint32_t stems = 0;

        while (fihi_dict_next(&scan) == FIH_OK && scan.key[0] == LEVEL_STEM)
            stems++;
        if (e->entry.rows_base >= stems || scan.key[0] != LEVEL_SECTION)
            return false;
        /* zigzag of how far it is from the stem before: the same way, and farther */
        return number(p) % 4 == 0 && add_to(p, 4 * (stems - e->entry.rows_base));
    }
    return false;
}

static bool root_df(struct entry *e) { return is_root(e) && add_to(e->field[0], 1); }

/* Its last row leads to the term before it. */
static bool root_of_no_stem(struct entry *e)
{
    struct dict_rows rows = fihi_dict_rows(&e->entry);
    struct dict_row row = {0, 0, 0};

    while (fihi_dict_row_next(&rows, &row) == FIH_OK) ;
    return is_root(e) && add_to(e->field[2], e->entry.ordinal - 1 - row.stem);     /* counted from the first */
}

/* Its last stem is another one, which has no root or has one of its own. */
static bool root_of_another_stem(struct entry *e) { return is_root(e) && add_to(e->field[e->fields - 1], 1); }

static void rows_that_lie_are_named(void)
{
    lie_is_named("a word's documents", word_df, "have counts that are wrong");
    lie_is_not_merged("a word of a form that is not there", word_of_no_form, "lead to a form that is not there");
    lie_is_not_merged("a word of another's form", word_of_another, "lead to a form of another word");
    lie_is_not_merged("two words' forms", words_of_no_form, "forms that are no word's");
    lie_is_not_merged("a word of no stem", word_of_no_stem, "lead to what is no stem");
    lie_is_named("a root's documents", root_df, "have counts that are wrong");
    lie_is_not_merged("a root of no stem", root_of_no_stem, "lead to what is no stem");
    lie_is_named("a root of another stem", root_of_another_stem, "the rows of");
    lie_is_named("a stem without its root", root_of_another_stem, "more occurrences of a root than of itself");
}

/* ---- ordinals */

static bool other_ordinal(void)
{
    struct value *v = of_kind(KIND_DICT_INDEX);
    uint8_t *p = v->payload;

    for (p = behind(p) + number(p); p < v->payload + v->bytes; p = behind(p))
        return set(p, 1);
    return false;
}

static void ordinals_that_lie_do_not_open(void)
{
    load();
    CHECK(other_ordinal());
    store();
    does_not_open("the first ordinal", FIH_E_CORRUPT, "the dictionary's index");
}

/* ---- stored documents */

/* Change the first block, and put it back. */
static void change_block(void (*change)(struct buf *block))
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

/* Change the first record of the block. */
static void (*change_record)(struct buf *raw);

static void change_first(struct buf *block)
{
    struct buf record = {0}, out = {0};
    const uint8_t *p = block->ptr, *const end = block->ptr + block->len;

    CHECK(fihi_record_decode(&record, &p, end) == 0);
    change_record(&record);
    CHECK(fihi_record_encode(&out, record.ptr, record.len) == 0 && fihi_buf_append(&out, p, (size_t)(end - p)) == 0);
    fihi_buf_free(&record);
    fihi_buf_free(block);
    *block = out;
}

static void change_records(void (*change)(struct buf *raw))
{
    change_record = change;
    change_block(change_first);
}

static void another_id(struct buf *raw) { code_of(raw, FIELD_ID)[3] ^= 1; }
static void no_such_field(struct buf *raw) { *code_of(raw, FIELD_SECTION) = 200; }
static void title_first(struct buf *raw) { *code_of(raw, FIELD_ID) = FIELD_TITLE; }
static void odd_cuts(struct buf *raw) { *code_of(raw, FIELD_SOURCE) = FIELD_CUTS; }
static void odd_starts(struct buf *raw) { *code_of(raw, FIELD_SOURCE) = FIELD_STARTS; }
static void long_field(struct buf *raw) { code_of(raw, FIELD_NAMED)[1] = 0x7F; }
static void long_record(struct buf *block) { put_u32(block->ptr, UINT32_MAX); }
static void no_room(struct buf *block) { block->len = 2; }
static void odd_letters(struct buf *block) { memcpy(block->ptr + 4, "\xFF", 2); }          /* a run of none */

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
        {odd_starts, "stored document 0 is cut short"},
    }, blocks[] = {
        {long_record, "stored document 0 is not a record"},
        {no_room, "stored document 0 is not a record"},
        {odd_letters, "stored document 0 is not a record"},
    };
    struct value *v;

    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        change_records(lies[i].change);
        is_named(lies[i].words, lies[i].words);
    }
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        change_block(blocks[i].change);
        is_named(blocks[i].words, blocks[i].words);
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
    change_block(long_record);
    CHECK_INT_EQ(merge_all(), FIH_E_CORRUPT, "%s", err.msg);
}

static int delete_source(void)
{
    fih_writer *w = NULL;
    int rc;

    if ((rc = fih_writer_open(&w, g.dir, NULL, &err)) == 0)
        rc = fih_writer_delete_source(NULL, w, FIH_STR("folder/file-0"), &err);
    fih_writer_close(w);
    return rc;
}

static void a_source_is_not_deleted_by_a_lie(void)
{
    static void (*const changes[])(struct buf *) = {long_record, no_room, odd_letters};

    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        change_block(changes[i]);
        CHECK_INT_EQ(delete_source(), FIH_E_CORRUPT, "%zu: %s", i, err.msg);
    }
    change_records(no_such_field);
    CHECK_INT_EQ(delete_source(), FIH_E_CORRUPT, "%s", err.msg);
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
    CHECK_INT_EQ(fih_check(&problems, g.dir, hear_one, &lines, &err), FIH_E_CORRUPT, "%s", err.msg);
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

static uint8_t *build(unsigned docs, size_t *bytes)
{
    remove_folder(g.dir);
    if (sample_build(g.dir, docs, NULL, &err) != 0 || fih_check(NULL, g.dir, NULL, NULL, &err) != 0) {
        printf("Bail out! %s\n", err.msg);
        exit(2);
    }
    return read_whole(g.data, bytes);
}

int main(void)
{
    sample_folder(g.folder, "lies");
    snprintf(g.dir, sizeof g.dir, "%s/index", g.folder);
    snprintf(g.data, sizeof g.data, "%s/data.1.mdb", g.dir);
    g.few = build(DOCS, &g.few_bytes);
    g.many = build(MANY_DOCS, &g.many_bytes);
    g.image = g.few;
    g.bytes = g.few_bytes;
    RUN(a_manifest_that_lies_does_not_open);
    RUN(a_segment_named_twice_does_not_open);
    RUN(a_manifest_under_another_name_is_no_new_index);
    RUN(a_commit_without_its_number_does_not_open);
    RUN(numbers_of_segments_that_are_used_up_are_a_limit);
    RUN(a_header_that_lies_does_not_open);
    RUN(sums_of_a_header_that_are_wrong_are_named);
    RUN(each_value_that_is_missing_is_named);
    RUN(tables_that_lie_are_named);
    RUN(an_id_that_stands_twice_is_named);
    RUN(days_that_are_not_the_headers_are_named);
    RUN(values_of_no_bytes_are_none);
    RUN(columns_that_lie_are_named);
    RUN(sections_of_other_documents_are_named);
    RUN(a_schema_that_lies_does_not_open);
    RUN(notes_that_lie_are_named);
    RUN(records_that_lie_are_named);
    RUN(a_source_is_not_deleted_by_a_lie);
    RUN(a_check_ends_when_it_is_told);
    RUN(a_merge_takes_no_lie_over);
    RUN(deletions_that_lie_do_not_open);
    g.image = g.many;
    g.bytes = g.many_bytes;
    RUN(lists_that_lie_are_named);
    RUN(blocks_that_lie_are_named);
    RUN(entries_that_lie_are_named);
    RUN(rows_that_lie_are_named);
    RUN(ordinals_that_lie_do_not_open);
    remove_folder(g.folder);
    free(g.few);
    free(g.many);
    return DONE();
}
