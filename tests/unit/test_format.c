/* test_format.c - the code writes and reads the very bytes that lib/FORMAT.md shows.
 *
 * A vector there is a fenced block "hex NAME": bytes in hexadecimal, "#" to the end of the line a comment. A
 * block "table NAME" has a row a line. Each must be used here, and nothing else is what the tests compare with.
 */
#include <ctype.h>
#include <dirent.h>
#include <lmdb.h>

#include "base/bytes.h"
#include "codec/letters.h"
#include "codec/pack.h"
#include "fihrist.h"
#include "index/dict.h"
#include "index/docs.h"
#include "index/list_write.h"
#include "index/manifest.h"
#include "index/schema.h"
#include "index/segment.h"
#include "index/view.h"
#include "store/keys.h"
#include "store/store.h"
#include "text/date.h"
#include "tap.h"

#ifndef FORMAT_MD
#define FORMAT_MD "lib/FORMAT.md"
#endif

/* ---- FORMAT.md */

enum { VECTOR_MAX = 1024, VECTORS_MAX = 64 };

struct vector {
    uint8_t bytes[VECTOR_MAX];
    size_t  n;
};

static char *document;
static char  used[VECTORS_MAX][48];
static unsigned used_count;

static int read_document(void)
{
    FILE *f = fopen(FORMAT_MD, "r");
    size_t n = 0, got;

    if (!f)
        return -1;
    do {
        char *more = realloc(document, n + 65537);

        if (!more)
            break;
        document = more;
        got = fread(document + n, 1, 65536, f);
        n += got;
        document[n] = '\0';
    } while (got > 0);
    fclose(f);
    return n > 0 ? 0 : -1;
}

/* The lines of a block, and where they end; NULL if FORMAT.md has none of that name. */
static const char *block(const char *kind, const char *name, const char **end)
{
    char fence[80];
    const char *p;

    snprintf(fence, sizeof fence, "\n```%s %s\n", kind, name);
    if (!(p = strstr(document, fence)))
        return NULL;
    if (used_count < VECTORS_MAX)
        snprintf(used[used_count++], sizeof used[0], "%s", name);
    p += strlen(fence);
    *end = strstr(p, "\n```");
    return *end ? p : NULL;
}

static void the_first_line_names_the_format(void)
{
    char line[64];

    snprintf(line, sizeof line, "\nFormat %u.%u.", (unsigned)FORMAT_MAJOR, (unsigned)FORMAT_MINOR);
    CHECK(strstr(document, line) != NULL, "%s", line + 1);
}

static struct vector vector(const char *name)
{
    struct vector v = {{0}, 0};
    const char *end, *p = block("hex", name, &end);

    CHECK(p != NULL, "FORMAT.md has no block 'hex %s'", name);
    for (; p && p < end && v.n < VECTOR_MAX; p++)
        if (*p == '#') {
            while (p < end && *p != '\n')
                p++;
        } else if (isxdigit((unsigned char)p[0]) && isxdigit((unsigned char)p[1])) {
            const char two[3] = {p[0], p[1], '\0'};

            v.bytes[v.n++] = (uint8_t)strtoul(two, NULL, 16);
            p++;
        }
    return v;
}

static void same(const char *name, const void *got, size_t n)
{
    const struct vector v = vector(name);

    CHECK_INT_EQ(n, v.n, "%s", name);
    if (n == v.n)
        CHECK_MEM_EQ((const uint8_t *)got, v.bytes, n, "%s", name);
}

/* Calls row for each line of a table; row returns 0 if it cannot read it. */
static void each_row(const char *name, int (*row)(const char *line))
{
    const char *end, *p = block("table", name, &end);
    unsigned rows = 0;

    CHECK(p != NULL, "FORMAT.md has no block 'table %s'", name);
    for (; p && p < end; p = strchr(p, '\n') + 1, rows++)
        CHECK(row(p), "%s, row %u", name, rows);
    CHECK(rows > 2, "%s", name);
}

/* ---- numbers, keys, blocks, lists */

static int varint_row(const char *line)
{
    unsigned long long value;
    uint8_t want[16], got[16];
    uint64_t back = 0;
    size_t n = 0;
    int at;

    if (sscanf(line, "%llu%n", &value, &at) != 1)
        return 0;
    for (const char *p = line + at; *p != '\n'; p++)
        if (isxdigit((unsigned char)*p) && n < sizeof want) {
            const char two[3] = {p[0], p[1], '\0'};

            want[n++] = (uint8_t)strtoul(two, NULL, 16);
            p++;
        }
    CHECK_INT_EQ(put_varint(got, value) - got, n, "%llu", value);
    CHECK_MEM_EQ(got, want, n, "%llu", value);
    CHECK(get_varint(want, want + n, &back) == want + n && back == value, "%llu", value);
    CHECK(get_varint(want, want + n - 1, &back) == NULL, "%llu cut short", value);
    return 1;
}

static void varints_are_those_of_the_table(void)
{
    each_row("varints", varint_row);
}

static void keys_have_the_bytes_shown(void)
{
    uint8_t key[KEY_NOTE_MAX], name[500];

    key_segment(key, 5, KIND_POSTINGS, 258);
    same("key-segment", key, KEY_SEGMENT_BYTES);
    key_delete(key, 5, 1);
    same("key-delete", key, KEY_DELETE_BYTES);
    same("key-note", key, fihi_key_note(key, "run:index", 9));
    memset(name, 'a', sizeof name);
    CHECK_INT_EQ(fihi_key_note(key, name, sizeof name), KEY_NOTE_MAX);
    CHECK(key[0] == 1 && memcmp(key + 1, name, KEY_NOTE_WHOLE) == 0);
    same("key-note-long-hash", key + 1 + KEY_NOTE_WHOLE, 16);
}

static void check_packed(const char *name, const uint32_t in[PACK_BLOCK])
{
    const struct vector v = vector(name);
    uint8_t bytes[PACK_MAX_BYTES];
    uint32_t out[PACK_BLOCK];

    CHECK_INT_EQ(fihi_pack(in, bytes), v.n, "%s", name);
    CHECK_MEM_EQ(bytes, v.bytes, v.n, "%s", name);
    CHECK_INT_EQ(fihi_unpack(v.bytes, v.n, out), v.n, "%s", name);
    CHECK_MEM_EQ((uint8_t *)out, (const uint8_t *)in, sizeof out, "%s", name);
    CHECK_INT_EQ(fihi_unpack_reference(v.bytes, v.n, out), v.n, "%s", name);
    CHECK_MEM_EQ((uint8_t *)out, (const uint8_t *)in, sizeof out, "%s", name);
    CHECK_INT_EQ(fihi_unpack(v.bytes, v.n - 1, out), 0, "%s cut short", name);
}

static void packed_blocks_have_the_bytes_shown(void)
{
    uint32_t in[PACK_BLOCK];

    memset(in, 0, sizeof in);
    check_packed("packed-zeros", in);
    in[7] = 300;
    check_packed("packed-one-exception", in);
    for (unsigned i = 0; i < PACK_BLOCK; i++)
        in[i] = i % 8;
    in[5] = 1000;
    check_packed("packed-three-bits", in);
}

/* Every document of a list: all positions are the first of these; the text has 100 words, the title 4. */
static const uint32_t where[] = {4, 9, 30};
static const struct posting_lengths lengths = {100, 4, false};

static struct list_writer *write_list(const struct posting *postings, uint32_t df)
{
    struct list_writer *w = calloc(1, sizeof *w);

    if (!w)
        abort();
    w->avg_text = 80;
    w->avg_title = 5;
    w->segment_docs = 1000;
    fihi_list_start(w);
    fihi_list_forms(w, 3, (const uint32_t[]){df - 1, 2, 1}, df);
    for (uint32_t d = 0; d < df; d++)
        CHECK_INT_EQ(fihi_list_add(w, &postings[d], where, &lengths), 0);
    CHECK_INT_EQ(fihi_list_finish(w), 0);
    return w;
}

static int same_posting(const struct posting *a, const struct posting *b)
{
    return a->doc == b->doc && a->freq == b->freq && a->title == b->title && a->root == b->root &&
           a->is_first == b->is_first && a->form_count == b->form_count &&
           memcmp(a->forms, b->forms, a->form_count * sizeof *a->forms) == 0;
}

static void check_cursor(const char *name, const struct list_place *at, const struct posting *postings)
{
    struct cursor *c = calloc(1, sizeof *c);
    uint32_t doc, i = 0, count;

    REQUIRE(c);
    CHECK_INT_EQ(fihi_cursor_open(c, at), 0);
    for (doc = c->doc; doc != NO_DOC && i < at->df; doc = fihi_cursor_next(c), i++) {
        struct posting p;
        const uint32_t *positions;

        CHECK(fihi_cursor_posting(c, &p) && same_posting(&p, &postings[i]), "%s, posting %u", name, i);
        positions = fihi_cursor_positions(c, &count);
        CHECK(positions && count == p.freq && memcmp(positions, where, 4 * (size_t)count) == 0, "%s, posting %u", name,
              i);
    }
    CHECK(i == at->df && doc == NO_DOC && !c->is_broken, "%s", name);
    fihi_cursor_close(c);
    free(c);
}

/* Lists as their writer makes them, and what a cursor reads from the vector. */
static void check_list(const char *name, const char *positions_name, const struct posting *postings, uint32_t df)
{
    static struct vector list, positions;
    struct list_writer *w = write_list(postings, df);
    struct list_place at;

    list = vector(name);
    positions = vector(positions_name);
    CHECK_INT_EQ(w->out.len, list.n, "%s", name);
    if (w->out.len == list.n)
        CHECK_MEM_EQ(w->out.ptr, list.bytes, list.n, "%s", name);
    CHECK_INT_EQ(w->positions.len, positions.n, "%s", positions_name);
    if (w->positions.len == positions.n)
        CHECK_MEM_EQ(w->positions.ptr, positions.bytes, positions.n, "%s", positions_name);
    at = (struct list_place){list.bytes, positions.bytes, list.n, positions.n, df, postings[0].doc, w->cf,
                             w->title_df, 3, postings[df - 1].doc + 1};
    check_cursor(name, &at, postings);
    fihi_list_writer_free(w);
    free(w);
}

static void posting_lists_have_the_bytes_shown(void)
{
    static const struct posting_form one = {0, 1}, other = {1, 1}, both[] = {{0, 1}, {1, 1}}, two = {1, 2},
                                     mixed[] = {{0, 2}, {2, 1}};
    const struct posting tail[] = {
        {3, 1, 0, 1, true, &one, 1}, {10, 3, 1, 5, false, mixed, 2}, {11, 2, 0, 2, true, &two, 1}};
    struct posting block[130];

    check_list("list-one", "positions-one", tail + 1, 1);
    check_list("list-tail", "positions-tail", tail, 3);
    for (uint32_t i = 0; i < 130; i++)
        block[i] = (struct posting){2 * i, 1, 0, 1, true, &one, 1};
    block[5].forms = &other;
    block[7].title = 1;
    block[9].root = 3;
    block[11] = (struct posting){22, 2, 0, 2, true, both, 2};
    check_list("list-block", "positions-block", block, 130);
}

/* Two stems, a normalised word of one and one of both, and their root. */
static int write_rows(struct dict_writer *w)
{
    static const uint8_t numbers[] = {2, 0};
    static const struct dict_row one = {0, 0, 3}, both[] = {{0, 1, 1}, {1, 0, 1}}, root[] = {{0, 0, 0}, {1, 0, 0}};
    const struct dict_entry many = {.df = 3, .cf = 7, .doc_bytes = 9, .position_bytes = 12, .title_df = 1,
                                    .form_count = 2};
    const struct dict_entry single = {.df = 1, .cf = 1, .single = 7, .doc_bytes = 2, .numbers = numbers,
                                      .docs = {0, 9}, .positions = {0, 12}, .position_bytes = 1, .title_df = 1,
                                      .form_count = 1};

    return fihi_dict_add(w, (const uint8_t *)"\0" "kalb", 5, &many, NULL) == 0 &&
           fihi_dict_add(w, (const uint8_t *)"\0" "kilab", 6, &single, NULL) == 0 &&
           fihi_dict_add_rows(w, (const uint8_t *)"\3" "kalb", 5, 3, &one, 1, NULL) == 0 &&
           fihi_dict_add_rows(w, (const uint8_t *)"\3" "klb", 4, 1, both, 2, NULL) == 0 &&
           fihi_dict_add_rows(w, (const uint8_t *)"\4" "klb", 4, 3, root, 2, NULL) == 0;
}

static void a_block_of_the_dictionary_has_the_bytes_shown(void)
{
    const struct vector v = vector("dict-block");
    uint8_t value[8 + VECTOR_MAX] = {1};       /* one block, at 0 */
    struct dict_writer w;
    struct dict_scan s;
    struct dict_rows rows;
    struct dict_row row = {0, 0, 0};

    memset(&w, 0, sizeof w);
    CHECK(write_rows(&w));
    CHECK_INT_EQ(w.value.len, v.n);
    if (w.value.len == v.n)
        CHECK_MEM_EQ(w.value.ptr, v.bytes, v.n);
    memcpy(value + 8, v.bytes, v.n);
    REQUIRE(fihi_dict_scan(&s, value, 8 + v.n) == FIH_OK);
    for (unsigned i = 0; i < 4; i++)
        REQUIRE(fihi_dict_next(&s) == FIH_OK);
    rows = fihi_dict_rows(&s.entry);
    CHECK(fihi_dict_row_next(&rows, &row) == FIH_OK && row.stem == 0 && row.form == 1 && row.df == 1);
    CHECK(fihi_dict_row_next(&rows, &row) == FIH_OK && row.stem == 1 && row.form == 0 && row.df == 1);
    CHECK(fihi_dict_next(&s) == FIH_OK && s.entry.df == 3 && s.entry.row_count == 2);
    CHECK_INT_EQ(fihi_dict_next(&s), FIH_DONE);
    fihi_dict_writer_free(&w);
}

static int impact_row(const char *line)
{
    unsigned freq, len, impact, floor;
    float avg;

    if (sscanf(line, "%u %u %f %u %u", &freq, &len, &avg, &impact, &floor) != 5)
        return 0;
    CHECK_INT_EQ(fihi_impact(freq, len, avg), impact, "%u of %u", freq, len);
    CHECK_INT_EQ(fihi_impact_down((float)freq / ((float)freq + 0.9f * (0.5f + 0.5f * (float)len / avg))), floor,
                 "%u of %u", freq, len);
    return 1;
}

static unsigned letters_seen;

static int day_row(const char *line)
{
    char text[32];
    int32_t first, last;
    long day;

    if (sscanf(line, "%31s %ld", text, &day) != 2)
        return 0;
    CHECK_INT_EQ(fihi_date_parse(&first, &last, (fih_str){text, strlen(text)}, 0, NULL), FIH_OK, "%s", text);
    CHECK_INT_EQ(first, day, "%s", text);
    return 1;
}

static int letter_row(const char *line)
{
    unsigned first, last, from, to;
    const int n = sscanf(line, "%x %x U+%x U+%x", &first, &last, &from, &to);

    if (n != 4)
        return 0;
    CHECK_INT_EQ(last - first, to - from);
    for (unsigned i = 0; i <= last - first; i++)
        CHECK_INT_EQ(fihi_letter(first + i), from + i, "%x", first + i);
    letters_seen += last - first + 1;
    return 1;
}

static void the_letters_are_those_of_the_table(void)
{
    struct buf letters = {0};

    each_row("letters", letter_row);
    CHECK_INT_EQ(letters_seen, LETTER_ESCAPE - LETTER_FIRST);
    CHECK_INT_EQ(fihi_letters_append(&letters, (const uint8_t *)"\xD8\xA8\xD9\x80 \xE4\xB8\xAD a\xC3\xA9", 12), FIH_OK);
    same("letters-run", letters.ptr, letters.len);
    fihi_buf_free(&letters);
}

static void impacts_and_days_are_those_of_the_tables(void)
{
    each_row("impacts", impact_row);
    each_row("days", day_row);
}

/* ---- whole values, in an index */

static char dir[64];

static int make_folder(void)
{
    snprintf(dir, sizeof dir, "/tmp/fihrist-format-XXXXXX");
    return mkdtemp(dir) != NULL;
}

static void remove_folder(void)
{
    DIR *d = opendir(dir);
    struct dirent *e;

    while (d && (e = readdir(d)))
        if (e->d_name[0] != '.')
            unlinkat(dirfd(d), e->d_name, 0);
    if (d)
        closedir(d);
    rmdir(dir);
}

/* A value as LMDB has it, the frame included; read without any code of ours. */
static void raw_value(const char *name, const char *space, const void *key, size_t key_bytes)
{
    MDB_val k = {key_bytes, (void *)(uintptr_t)key}, v;
    MDB_env *env = NULL;
    MDB_txn *txn = NULL;
    MDB_dbi dbi;
    char path[96];

    snprintf(path, sizeof path, "%s/data.1.mdb", dir);
    CHECK(mdb_env_create(&env) == 0 && mdb_env_set_maxdbs(env, 4) == 0 &&
          mdb_env_open(env, path, MDB_NOSUBDIR | MDB_RDONLY, 0600) == 0);
    if (mdb_txn_begin(env, NULL, MDB_RDONLY, &txn) == 0 && mdb_dbi_open(txn, space, 0, &dbi) == 0 &&
        mdb_get(txn, dbi, &k, &v) == 0)
        same(name, v.mv_data, v.mv_size);
    else
        CHECK(!"the value is in its place", "%s", name);
    if (txn)
        mdb_txn_abort(txn);
    mdb_env_close(env);
}

static void the_marker_and_the_frame_have_the_bytes_shown(void)
{
    struct store *s = NULL;
    struct change *c = NULL;
    char path[96], text[64];
    FILE *f;

    REQUIRE(make_folder());
    CHECK_INT_EQ(fihi_store_open(&s, dir, STORE_WRITE | STORE_CREATE, 0, NULL), 0);
    CHECK_INT_EQ(fihi_change_begin(&c, s, NULL), 0);
    CHECK_INT_EQ(fihi_change_put(c, SPACE_NOTE, "key", 3, "value", 5, NULL), 0);
    CHECK_INT_EQ(fihi_change_commit(c, NULL), 0);
    fihi_store_close(s);
    raw_value("frame", "note", "key", 3);
    raw_value("frame-transaction", "meta", "transaction", 11);
    snprintf(path, sizeof path, "%s/FIHRIST", dir);
    f = fopen(path, "r");
    CHECK(f != NULL);
    if (f) {
        same("marker", text, fread(text, 1, sizeof text, f));
        fclose(f);
    }
    remove_folder();
}

#define STR(s) {s, sizeof s - 1}

static int write_index(void)
{
    static const fih_field extra[] = {{STR("lang"), STR("en")}, {STR("lang"), STR("ar")}, {STR("size"), STR("300")},
                                      {STR("note"), STR("two three two")}};
    fih_doc docs[3] = {FIH_DOC_INIT, FIH_DOC_INIT, FIH_DOC_INIT};
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w = NULL;
    int good;

    docs[0].id = (fih_str)STR("a");
    docs[0].title = (fih_str)STR("One two");
    docs[0].body = (fih_str)STR("two three two");
    docs[0].date = (fih_str)STR("2024-05-01");
    docs[0].section = (fih_str)STR("news");
    docs[0].source = (fih_str)STR("s.txt");
    docs[1].id = (fih_str)STR("b");
    docs[1].body = (fih_str)STR("three");
    docs[1].source = (fih_str)STR("s.txt");
    docs[1].extra = extra;
    docs[1].extra_count = 4;
    docs[2].id = (fih_str)STR("c");
    docs[2].title = (fih_str)STR("two");
    docs[2].url = (fih_str)STR("u");
    o.analyzer = "simple";
    o.fields = (fih_str)STR("lang:keyword* size:integer note:text^0.5");
    good = fih_writer_open(&w, dir, &o, NULL) == 0;
    for (unsigned i = 0; i < 3 && good; i++)
        good = fih_writer_add(w, &docs[i], NULL) == 0;
    good = good && fih_writer_commit(w, NULL) == 0 && fih_writer_delete(w, FIH_STR("b"), NULL) == 0 &&
           fih_writer_note_put(w, FIH_STR("run:index"), FIH_STR("{}"), NULL) == 0 && fih_writer_commit(w, NULL) == 0;
    fih_writer_close(w);
    return good;
}

static struct view *view;

/* The payload of a value of segment 1. */
static const uint8_t *value(enum kind kind, uint32_t number, size_t *n)
{
    const uint8_t *p = NULL;
    uint8_t key[KEY_SEGMENT_BYTES];

    key_segment(key, 1, kind, number);
    CHECK_INT_EQ(fihi_snap_get(view->members->snap, SPACE_SEGMENT, key, sizeof key, &p, n, NULL), 0, "kind %d", kind);
    return p;
}

static void same_value(const char *name, enum kind kind, uint32_t number)
{
    size_t n = 0;
    const uint8_t *p = value(kind, number, &n);

    same(name, p, n);
}

/* What depends on the version of zstd is shown as zeros. */
static void check_header(void)
{
    uint8_t copy[SEGMENT_HEADER_BYTES];
    size_t n;
    const uint8_t *p = value(KIND_HEADER, 0, &n);

    REQUIRE(n == sizeof copy);
    memcpy(copy, p, n);
    memset(copy + 64 + 12 * KIND_STORED + 4, 0, 8);
    same("segment-header", copy, n);
}

static void check_stored(void)
{
    size_t n;
    const uint8_t *p = value(KIND_STORED, 0, &n), *compressed;
    struct stored_value sv;
    struct stored_block b;
    struct buf raw = {0}, record = {0}, records = {0};
    uint32_t first;

    REQUIRE(p && fihi_stored_parse(&sv, p, n) == 0 && fihi_stored_next(&sv, &first, &b, &compressed, &n) == 0);
    same("stored-head", p, 20);                /* up to the end of the compressed bytes */
    CHECK_INT_EQ(get_u32(p + 20), n);
    CHECK_INT_EQ(fihi_stored_expand(&raw, &b, compressed, n), 0);
    same("block", raw.ptr, raw.len);
    for (p = raw.ptr; p < raw.ptr + raw.len;) {
        REQUIRE(fihi_record_decode(&record, &p, raw.ptr + raw.len) == 0);
        fihi_buf_append(&records, record.ptr, record.len);
    }
    same("records", records.ptr, records.len);
    fihi_buf_free(&raw);
    fihi_buf_free(&record);
    fihi_buf_free(&records);
}

static void check_cuts(void)
{
    struct cut cut = {4, 8, CLEAN_TAG};
    const struct cuts cuts = {&cut, 1, 1};
    struct span spans[FIELD_KNOWN], span;
    fih_doc d = FIH_DOC_INIT;
    struct buf raw = {0};
    uint64_t ill = 0;

    d.id = (fih_str){"d", 1};
    d.body = (fih_str){"one <br>", 8};
    CHECK_INT_EQ(fihi_record_append(&raw, &d, spans, &ill, NULL), 0);
    CHECK_INT_EQ(fihi_record_cut(&raw, 0, spans[FIELD_BODY], &cuts, &span, NULL), 0);
    same("record-cuts", raw.ptr, raw.len);
    fihi_buf_free(&raw);
}

static void check_starts(void)
{
    static const struct word_start starts[] = {{0, 0}, {128, 682}, {258, 1322}};
    struct buf value = {0};

    for (size_t i = 1; i < 3; i++)
        CHECK_INT_EQ(fihi_start_append(&value, &starts[i - 1], &starts[i]), 0);
    same("starts", value.ptr, value.len);
    fihi_buf_free(&value);
}

static void check_deletes(void)
{
    static const uint8_t zeros[DELETE_CHUNK / 8];
    uint8_t key[KEY_DELETE_BYTES];
    const struct vector v = vector("delete-bitmap");
    const uint8_t *p;
    size_t n;

    key_delete(key, 1, 0);
    REQUIRE(fihi_snap_get(view->members->snap, SPACE_DELETE, key, sizeof key, &p, &n, NULL) == 0 && n == sizeof zeros);
    CHECK_MEM_EQ(p, v.bytes, v.n);
    CHECK_MEM_EQ(p + v.n, zeros, n - v.n);
}

static void check_manifest(void)
{
    uint8_t copy[80];
    const uint8_t *p;
    size_t n;

    REQUIRE(fihi_snap_get(view->members->snap, SPACE_META, "manifest", 8, &p, &n, NULL) == 0 && n > 80);
    memcpy(copy, p, sizeof copy);
    memset(copy + 16, 0, 8);                   /* the time */
    same("manifest", copy, sizeof copy);
    CHECK(get_u32(p + 80) == 6 && memcmp(p + 84, "simple", 6) == 0);
    CHECK(memcmp(p + 94, "simple;", 7) == 0);
    REQUIRE(94 + get_u32(p + 90) <= n);
    same("schema", p + 94 + get_u32(p + 90), n - 94 - get_u32(p + 90));
}

static void check_note(void)
{
    uint8_t key[KEY_NOTE_MAX];
    const size_t bytes = fihi_key_note(key, "run:index", 9);
    const uint8_t *p;
    size_t n;

    REQUIRE(fihi_snap_get(view->members->snap, SPACE_NOTE, key, bytes, &p, &n, NULL) == 0);
    same("note", p, n);
}

static void the_values_of_a_small_index_have_the_bytes_shown(void)
{
    REQUIRE(make_folder());
    REQUIRE(write_index());
    REQUIRE(fihi_view_open(&view, dir, NULL) == 0 && view->count == 1);
    check_header();
    same_value("dict", KIND_DICT, 0);
    same_value("dict-index", KIND_DICT_INDEX, 0);
    same_value("postings", KIND_POSTINGS, 0);
    same_value("positions", KIND_POSITIONS, 0);
    same_value("norms-text", KIND_NORMS, 0);
    same_value("norms-title", KIND_NORMS, 1);
    same_value("dates", KIND_DATES, 0);
    same_value("ids", KIND_IDS, 0);
    same_value("ids-index", KIND_IDS_INDEX, 0);
    same_value("stored-index", KIND_STORED_INDEX, 0);
    same_value("id-hashes", KIND_ID_HASHES, 0);
    same_value("sources", KIND_SOURCES, 0);
    same_value("column-index", KIND_COLUMN_INDEX, 0);
    same_value("column-section", KIND_COLUMNS, 0);
    same_value("column-lang", KIND_COLUMNS, 1);
    same_value("column-size", KIND_COLUMNS, 2);
    check_stored();
    check_cuts();
    check_starts();
    check_deletes();
    check_manifest();
    check_note();
    fihi_view_close(view);
    remove_folder();
}

/* The document's list, and what a reader and a writer do about each of its names. */
static void names_of_fields_that_are_taken_are_those_listed(void)
{
    static const char *const taken[] = {"title", "body", "section", "date", "id", "source", "score", "similar"};
    enum { COUNT = sizeof taken / sizeof *taken };
    char list[256] = "none is ";
    struct schema s;

    for (unsigned i = 0; i < COUNT; i++) {
        uint8_t bytes[64] = {1, 0, 0, 0, FIH_FIELD_KEYWORD, 0, (uint8_t)strlen(taken[i]), 0};
        char text[64];
        const int n = snprintf(text, sizeof text, "%s:keyword", taken[i]);

        snprintf(list + strlen(list), sizeof list - strlen(list), "`%s`%s", taken[i],
                 i + 2 < COUNT ? ", " : i + 2 == COUNT ? " or " : ".");
        s.count = 0;
        CHECK_INT_EQ(fihi_schema_parse(&s, (fih_str){text, (size_t)n}, NULL), FIH_E_USAGE, "%s", taken[i]);
        memcpy(bytes + 8, taken[i], bytes[6]);
        CHECK(fihi_schema_get(&s, bytes, bytes + 8 + bytes[6]) == NULL, "%s", taken[i]);
        bytes[8] ^= 32;                        /* a capital: another name */
        CHECK(fihi_schema_get(&s, bytes, bytes + 8 + bytes[6]) == bytes + 8 + bytes[6], "%s", taken[i]);
    }
    CHECK(strstr(document, list) != NULL, "FORMAT.md does not say: %s", list);
}

static void every_vector_of_the_document_is_checked(void)
{
    unsigned vectors = 0;

    for (const char *p = document; (p = strstr(p, "\n```")); p += 4) {
        char kind[16], name[48];
        unsigned i = 0;

        if (sscanf(p, "\n```%15[a-z] %47[a-z0-9-]", kind, name) != 2)
            continue;
        vectors++;
        while (i < used_count && strcmp(used[i], name) != 0)
            i++;
        CHECK(i < used_count, "nothing checks '%s %s'", kind, name);
    }
    CHECK_INT_EQ(vectors, used_count);
}

int main(void)
{
    if (read_document() != 0) {
        printf("Bail out! cannot read %s\n", FORMAT_MD);
        return 2;
    }
    RUN(the_first_line_names_the_format);
    RUN(varints_are_those_of_the_table);
    RUN(keys_have_the_bytes_shown);
    RUN(packed_blocks_have_the_bytes_shown);
    RUN(posting_lists_have_the_bytes_shown);
    RUN(a_block_of_the_dictionary_has_the_bytes_shown);
    RUN(impacts_and_days_are_those_of_the_tables);
    RUN(the_letters_are_those_of_the_table);
    RUN(the_marker_and_the_frame_have_the_bytes_shown);
    RUN(the_values_of_a_small_index_have_the_bytes_shown);
    RUN(names_of_fields_that_are_taken_are_those_listed);
    RUN(every_vector_of_the_document_is_checked);
    free(document);
    return DONE();
}
