/* export_ciff.c - an index in the Common Index File Format (https://github.com/osirrc/ciff): a header, a postings list
 * for each stem, a record for each document. Each is a protobuf message with its length in front.
 *
 * Memory does not grow with the index: a list whose message is not small is read twice, for its length and for its
 * postings. Only where documents are deleted, a bit for each (and half a one beside it) says what number it gets.
 */
#include <errno.h>
#include <pb_encode.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "cmd/export.h"
#include "read/encoding.h"

enum {
    CIFF_VERSION = 1,
    POSTING_BYTES = 16,                /* at most: two numbers of 31 bits, their keys, and a key and length in front */
    KEPT_BYTES = 1 << 16               /* postings of a list that are kept until its length is known */
};

/* Numbers of the fields, by message. */
enum {
    HEADER_VERSION = 1, HEADER_LISTS, HEADER_DOCS, HEADER_TOTAL_LISTS, HEADER_TOTAL_DOCS, HEADER_TOTAL_TERMS,
    HEADER_AVERAGE, HEADER_DESCRIPTION,
    LIST_TERM = 1, LIST_DF, LIST_CF, LIST_POSTINGS,
    POSTING_DOC = 1, POSTING_TF,
    DOC_NUMBER = 1, DOC_ID, DOC_LENGTH
};

/* Which documents are there, where some are deleted: CIFF's are numbered without gaps. */
struct ranks {
    uint64_t *bits;
    uint32_t *before;                  /* documents in the words of bits before */
    size_t    words, room;
};

struct header {
    uint64_t lists, docs, words;       /* words: the sum of the lengths */
    char     description[700];
};

struct list {
    fih_str   term;
    uint64_t  df, cf;
    uint32_t  next;                    /* what the next posting's number is counted from */
    uint64_t  bytes;                   /* of all postings */
    uint8_t  *kept;                    /* the first of them */
};

struct ciff {
    struct export    *e;
    const fih_reader *reader;
    fih_error        *err;
    pb_ostream_t      out;
    struct ranks      ranks;
    struct header     header;
    struct list       list;            /* at hand */
    uint32_t          docs;            /* records written */
};

/* --- fields and messages: 0 and the empty text are absent, as proto3 has it --- */

static bool put_number(pb_ostream_t *s, uint32_t field, uint64_t n)
{
    return n == 0 || (pb_encode_tag(s, PB_WT_VARINT, field) && pb_encode_varint(s, n));
}

static bool put_text(pb_ostream_t *s, uint32_t field, fih_str text)
{
    return text.len == 0 ||
           (pb_encode_tag(s, PB_WT_STRING, field) && pb_encode_string(s, (const pb_byte_t *)text.ptr, text.len));
}

static bool put_header(pb_ostream_t *s, const struct header *h)
{
    const double average = h->docs ? (double)h->words / (double)h->docs : 0;

    return put_number(s, HEADER_VERSION, CIFF_VERSION) && put_number(s, HEADER_LISTS, h->lists) &&
           put_number(s, HEADER_DOCS, h->docs) && put_number(s, HEADER_TOTAL_LISTS, h->lists) &&
           put_number(s, HEADER_TOTAL_DOCS, h->docs) && put_number(s, HEADER_TOTAL_TERMS, h->words) &&
           (h->words == 0 || (pb_encode_tag(s, PB_WT_64BIT, HEADER_AVERAGE) && pb_encode_fixed64(s, &average))) &&
           put_text(s, HEADER_DESCRIPTION, fih_str_of(h->description));
}

/* All of a list but its postings. */
static bool put_list_head(pb_ostream_t *s, const struct list *l)
{
    return put_text(s, LIST_TERM, l->term) && put_number(s, LIST_DF, l->df) && put_number(s, LIST_CF, l->cf);
}

static bool put_record(pb_ostream_t *s, uint32_t number, fih_str id, uint32_t length)
{
    return put_number(s, DOC_NUMBER, number) && put_text(s, DOC_ID, id) && put_number(s, DOC_LENGTH, length);
}

/* A posting as it stands in its list; its bytes. */
static size_t make_posting(uint8_t out[POSTING_BYTES], uint32_t gap, uint32_t tf)
{
    uint8_t inner[POSTING_BYTES];
    pb_ostream_t message = pb_ostream_from_buffer(inner, sizeof inner);
    pb_ostream_t whole = pb_ostream_from_buffer(out, POSTING_BYTES);

    return put_number(&message, POSTING_DOC, gap) && put_number(&message, POSTING_TF, tf) &&
           pb_encode_tag(&whole, PB_WT_STRING, LIST_POSTINGS) &&
           pb_encode_string(&whole, inner, message.bytes_written) ? whole.bytes_written : 0;
}

static bool write_bytes(pb_ostream_t *s, const pb_byte_t *bytes, size_t n)
{
    struct export *const e = s->state;

    if (fwrite(bytes, 1, n, e->out) == n)
        return true;
    e->error = errno;
    return false;
}

/* --- numbers of documents --- */

static int note_document(void *ctx, fih_docno doc, fih_str id)
{
    struct ciff *const c = ctx;
    struct ranks *const r = &c->ranks;

    (void)id;
    if (doc / 64 >= r->room) {
        const size_t room = doc / 64 + doc / 128 + 1024;
        uint64_t *const bits = realloc(r->bits, room * sizeof *bits);

        if (!bits) {
            c->e->is_out_of_memory = true;
            return FIH_E_CANCEL;
        }
        memset(bits + r->room, 0, (room - r->room) * sizeof *bits);
        r->bits = bits;
        r->room = room;
    }
    r->words = doc / 64 + 1;
    r->bits[doc / 64] |= UINT64_C(1) << doc % 64;
    return export_is_over(c->e);
}

static int make_ranks(struct ciff *c)
{
    struct ranks *const r = &c->ranks;
    const int rc = fih_reader_each_id(c->reader, note_document, c, c->err);

    if (rc != FIH_OK)
        return rc;
    if (!(r->before = calloc(r->words + 1, sizeof *r->before))) {
        c->e->is_out_of_memory = true;
        return FIH_E_CANCEL;
    }
    for (size_t i = 0; i < r->words; i++)
        r->before[i + 1] = r->before[i] + (uint32_t)__builtin_popcountll(r->bits[i]);
    return FIH_OK;
}

static uint32_t rank_of(const struct ranks *r, fih_docno doc)
{
    if (!r->bits)
        return doc;
    return r->before[doc / 64] +
           (uint32_t)__builtin_popcountll(r->bits[doc / 64] & ((UINT64_C(1) << doc % 64) - 1));
}

/* --- the header: what it counts is counted first --- */

static int is_there(void *ctx, const fih_posting *p)
{
    (void)p;
    *(bool *)ctx = true;
    return FIH_DONE;
}

/* A list that only deleted documents have is left out. */
static int count_list(void *ctx, const fih_term *term)
{
    struct ciff *const c = ctx;
    bool has_document = !c->ranks.bits;
    int rc = FIH_OK;

    if (!has_document)
        rc = fih_reader_each_posting(c->reader, NULL, term->text, is_there, &has_document, c->err);
    c->header.lists += has_document;
    return rc < 0 ? rc : export_is_over(c->e);
}

static int count_document(void *ctx, fih_docno doc, fih_str id)
{
    struct ciff *const c = ctx;
    uint32_t length;
    const int rc = fih_reader_length(&length, NULL, c->reader, doc, c->err);

    (void)id;
    c->header.docs++;
    c->header.words += length;
    return rc ? rc : export_is_over(c->e);
}

static int write_header(struct ciff *c, const fih_stats *stats)
{
    struct header *const h = &c->header;
    pb_ostream_t size = PB_OSTREAM_SIZING;
    int rc = fih_reader_each_term(c->reader, NULL, FIH_STR(""), count_list, c, c->err);

    if (rc == FIH_OK)
        rc = fih_reader_each_id(c->reader, count_document, c, c->err);
    if (rc != FIH_OK)
        return rc;
    snprintf(h->description, sizeof h->description, "fihrist %s: %s", fih_version(), stats->analyzer_text);
    put_header(&size, h);
    return pb_encode_varint(&c->out, size.bytes_written) && put_header(&c->out, h) ? FIH_OK : FIH_E_CANCEL;
}

/* --- lists --- */

static size_t next_posting(struct ciff *c, uint8_t bytes[POSTING_BYTES], const fih_posting *p)
{
    const uint32_t number = rank_of(&c->ranks, p->doc), gap = number - c->list.next;

    c->list.next = number;
    return make_posting(bytes, gap, p->freq);
}

static int measure_posting(void *ctx, const fih_posting *p)
{
    struct ciff *const c = ctx;
    struct list *const l = &c->list;
    uint8_t bytes[POSTING_BYTES];
    const size_t n = next_posting(c, bytes, p);

    if (l->bytes + n <= KEPT_BYTES)
        memcpy(l->kept + l->bytes, bytes, n);
    l->bytes += n;
    l->df++;
    l->cf += p->freq;
    return export_is_over(c->e);
}

static int write_posting(void *ctx, const fih_posting *p)
{
    struct ciff *const c = ctx;
    uint8_t bytes[POSTING_BYTES];
    const size_t n = next_posting(c, bytes, p);

    return pb_write(&c->out, bytes, n) ? export_is_over(c->e) : FIH_E_CANCEL;
}

static int write_list(void *ctx, const fih_term *term)
{
    struct ciff *const c = ctx;
    struct list *const l = &c->list;
    pb_ostream_t head = PB_OSTREAM_SIZING;
    int rc;

    *l = (struct list){ .term = term->text, .kept = l->kept };
    if ((rc = fih_reader_each_posting(c->reader, NULL, term->text, measure_posting, c, c->err)) != FIH_OK || l->df == 0)
        return rc;
    put_list_head(&head, l);
    if (!pb_encode_varint(&c->out, head.bytes_written + l->bytes) || !put_list_head(&c->out, l))
        return FIH_E_CANCEL;
    if (l->bytes <= KEPT_BYTES)
        return pb_write(&c->out, l->kept, (size_t)l->bytes) ? FIH_OK : FIH_E_CANCEL;
    l->next = 0;
    return fih_reader_each_posting(c->reader, NULL, term->text, write_posting, c, c->err);
}

/* --- documents --- */

static int write_record(struct ciff *c, fih_str id, uint32_t length)
{
    pb_ostream_t size = PB_OSTREAM_SIZING;

    put_record(&size, c->docs, id, length);
    if (!pb_encode_varint(&c->out, size.bytes_written) || !put_record(&c->out, c->docs, id, length))
        return FIH_E_CANCEL;
    c->docs++;
    return export_is_over(c->e);
}

static int write_document(void *ctx, fih_docno doc, fih_str id)
{
    struct ciff *const c = ctx;
    uint32_t length;
    char *whole;
    int rc = fih_reader_length(&length, NULL, c->reader, doc, c->err);

    if (rc != FIH_OK || encoding_is_utf8(id.ptr, id.len))
        return rc ? rc : write_record(c, id, length);
    export_spoilt(c->e, id, FIH_STR("id"));
    if (!(whole = encoding_repair(id.ptr, id.len, &id.len))) {
        c->e->is_out_of_memory = true;
        return FIH_E_CANCEL;
    }
    id.ptr = whole;
    rc = write_record(c, id, length);
    free(whole);
    return rc;
}

int export_ciff(struct export *e, const fih_reader *r, fih_error *err)
{
    struct ciff c = { .e = e, .reader = r, .err = err };
    fih_stats stats = FIH_STATS_INIT;
    int rc = fih_reader_stats(&stats, r, err);

    c.out = (pb_ostream_t){ .callback = write_bytes, .state = e, .max_size = SIZE_MAX };
    if (rc == FIH_OK && !(c.list.kept = malloc(KEPT_BYTES))) {
        e->is_out_of_memory = true;
        rc = FIH_E_CANCEL;
    }
    if (rc == FIH_OK && stats.deleted > 0)
        rc = make_ranks(&c);
    if (rc == FIH_OK)
        rc = write_header(&c, &stats);
    if (rc == FIH_OK)
        rc = fih_reader_each_term(r, NULL, FIH_STR(""), write_list, &c, err);
    if (rc == FIH_OK)
        rc = fih_reader_each_id(r, write_document, &c, err);
    free(c.list.kept);
    free(c.ranks.bits);
    free(c.ranks.before);
    return rc;
}
