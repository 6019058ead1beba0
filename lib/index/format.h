/* index/format.h - the numbers of FORMAT.md.
 *
 * Layer: index.
 */
#ifndef FIHI_INDEX_FORMAT_H
#define FIHI_INDEX_FORMAT_H

#include <stdint.h>

enum {
    FORMAT_MAJOR = 3,         /* readers refuse another */
    FORMAT_MINOR = 5,
    FORMAT_MINOR_LEAST = 4    /* and what is below this */
};

/* What a segment's values hold. A new kind changes the header's length, and so the major version. */
enum kind {
    KIND_HEADER = 1,          /* one value: counts and statistics */
    KIND_DICT,                /* blocks of 16 front-coded terms: their lists' sizes, or rows */
    KIND_DICT_INDEX,          /* first term of each dictionary value, and its ordinal */
    KIND_POSTINGS,            /* lists of documents, frequencies and other numbers */
    KIND_POSITIONS,           /* lists of positions */
    KIND_NORMS,               /* lengths in words, two bytes a document; all chunks of NORM_TEXT, then of NORM_TITLE */
    KIND_NORMS_LONG,          /* those that do not fit; number = enum norm */
    KIND_DATES,               /* day numbers, four bytes a document */
    KIND_STORED,              /* compressed blocks of stored documents */
    KIND_STORED_INDEX,        /* first document of each of those values */
    KIND_IDS,                 /* ids in document order */
    KIND_IDS_INDEX,           /* first document of each of those values */
    KIND_ID_HASHES,           /* hash and document, in order of the hashes */
    KIND_SOURCES,             /* hash of the source, first document, count, in order of the hashes */
    KIND_COLUMNS,             /* values of fields, COLUMN_CHUNK documents each; all chunks of one, then of the next */
    KIND_COLUMN_INDEX,        /* a row for each of these fields */
    KIND_COUNT
};

/* A term's first byte says what it is. Stems and words of fields have positions; forms and roots have rows that lead to
 * stems. */
enum level {
    LEVEL_STEM = 0,           /* of title and body */
    LEVEL_SECTION = 2,        /* keywords: a list without positions */
    LEVEL_FORM = 3,           /* normalised words */
    LEVEL_ROOT = 4,
    LEVEL_KEYWORD = 5,        /* of a schema's field, whose number is the next byte: like a section */
    LEVEL_WORD = 6            /* of a schema's text, whose number is the next byte: a stem */
};

/* What has lengths, the norms: a frequency is seen against one of them. */
enum norm {
    NORM_TEXT,                /* title and body */
    NORM_TITLE,
    NORM_COUNT
};

enum {
    HEAP_TARGET =
        64 * 1024 - 32, /* bytes of a postings or positions value: whole pages with the frame and LMDB's head */
    DICT_TARGET = 15500,
    DICT_BLOCK = 16,     /* terms */
    TERM_KEY_MAX = 256,  /* level and FIH_MAX_TERM */
    POSTING_BLOCK = 128, /* documents */
    NORM_CHUNK = 65536,  /* documents */
    NORM_LONG = 65535,   /* look in KIND_NORMS_LONG */
    COLUMN_CHUNK = 32768, /* documents */
    DATE_CHUNK = COLUMN_CHUNK,
    STORED_TARGET = 128 * 1024 - 32,
    STORED_BLOCK = 32 * 1024, /* bytes of letters, before compression */
    IDS_TARGET = 128 * 1024,
    ID_BLOCK = 16,      /* ids */
    HASH_CHUNK = 16384, /* entries */
    SOURCE_CHUNK = 8192,
    DELETE_CHUNK = 65536, /* documents a bitmap */
    TITLE_GAP = 16,       /* positions between title and body: no phrase crosses */
    VALUE_GAP = 1024      /* and between values of a text of the schema: no distance crosses that can be asked for */
};

/* The first position of a body, behind a title of so many words. */
static inline uint32_t body_position(uint32_t title)
{
    return title && title < UINT32_MAX - TITLE_GAP ? title + TITLE_GAP : title;
}

#define DATE_NONE INT32_MIN
#define DATE_FIRST (-719162)           /* 0001-01-01 and 9999-12-31: no date that is read lies outside */
#define DATE_LAST 2932896

/* The parameters that the stored impacts are made with (FORMAT.md, "Impacts"). */
#define IMPACT_K1 0.9f
#define IMPACT_B  0.5f

#endif
