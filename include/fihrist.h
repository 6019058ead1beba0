/* fihrist.h - full-text search for Arabic: the whole public interface and its manual.
 *
 *   Errors · Text and documents · Fields · Write · Read · Query · Synonyms and completions · Terms ·
 *   Search · Hits · Facets · Nothing found, or little · Snippets · Explain · Analyze · Hand over · Admin
 *
 * A program that indexes opens a writer, adds documents and commits; a program that searches
 * opens a reader, parses a query and walks the hits:
 *
 *     fih_writer *w;                                   fih_reader *r;  fih_query *q;  fih_hits *h;
 *     fih_writer_open(&w, "news.fih", NULL, &err);     fih_reader_open(&r, "news.fih", &err);
 *     fih_writer_add(w, &doc, &err);                   fih_query_plain(&q, fih_str_of(text), &err);
 *     fih_writer_commit(w, &err);                      fih_search(&h, r, q, NULL, &err);
 *     fih_writer_close(w);                             for (i = 0; i < fih_hits_count(h); i++) ...
 *
 * Five complete, commented programs stand in tools/examples/.
 *
 * Words used below, always with these meanings:
 *   new       the caller owns the result and frees it with the named function
 *   borrowed  valid until the named event; never freed by the caller
 *   copied    the library keeps its own copy; the caller's bytes may go at once
 *
 * Text is UTF-8 with a length in bytes and needs no terminator. Offsets are in bytes.
 * Every function that can fail returns an int: FIH_OK (0) or a negative FIH_E_ code. Out arguments come first and are
 * set to NULL on any error. The fih_error argument comes last and may be NULL. Functions named _free or _close accept
 * NULL and cannot fail.
 *
 * Structs can grow: later versions add members at their ends, and programs built before still run. There are three
 * kinds, and nothing else:
 *   yours          A program makes it and the library reads or fills it: options, fih_doc, fih_clause, fih_stats. The
 *                  first member is the struct's size: start from the _INIT macro and set what you need. What is not
 *                  set has its default, which is FIH_DEFAULT for an option of type float, 0 for most others. A NULL
 *                  options pointer means all defaults. In an array all have the size of the first.
 *   the library's  A program gets a const pointer to it, from a function or in a callback, and reads it there: fih_hit,
 *                  fih_part, fih_progress and all others. Never copy one as a whole, or make an array of them.
 *   fixed          fih_str, fih_field, fih_error never change. They may be copied.
 *
 * Lists have a _count and an _at function, which gives NULL past the last. What is read from the index as it goes, and
 * may be long, calls a callback for each: _each_ functions, fih_analyze(), fih_clean(), fih_check(). Where a callback
 * returns something other than 0, nothing more is read, and that is returned.
 *
 * Threads. What is new belongs to the thread that made it, which may hand it to another one. Beyond that:
 *
 *   object                                     who may use it at the same time
 *   fih_reader                                 any number of threads; fih_reader_renew(), fih_reader_set_tokenizer()
 *                                              and fih_reader_close() need it alone: no other call on it, and nobody
 *                                              reading what it lent
 *   fih_query, fih_synonyms, fih_fields,       any number of threads: they do not change once they are made. The _free
 *   fih_hits, fih_facets, fih_completions,     function needs them alone
 *   fih_stored, fih_snippet, fih_explanation,
 *   fih_suggestion, fih_why, fih_plan
 *   fih_analyzer                               one thread at a time: it remembers words
 *   fih_writer                                 one thread, and the same one from each commit or rollback to the next,
 *                                              since it may hold a lock in between
 *   fih_error, options, fih_doc                as any struct of a program's: they are only read, or filled, in the call
 *
 * Several readers and writers, also of one index, are independent of each other. Callbacks run in the thread of the
 * call; only a fih_tokenizer is also called by the threads of a writer that has more than one.
 *
 * After fork() a reader or writer stays the parent's: in the child every call on it returns FIH_E_FORK (those that
 * return no code tell what was known before the fork), and fih_reader_close() and fih_writer_close() free memory
 * and touch nothing else (what the threads of a writer have stays until the child ends). Everything else is only
 * memory - queries, hits, stored documents, facets, passages, explanations, completions, synonyms, analyzers - and the
 * child's copy is its own. The child opens readers and writers for itself.
 *
 * The library never prints, exits, changes locale or signal handlers, or reads the environment (only localtime() reads
 * TZ, where the day of today is asked for: fih_date_today(), and where fih_search_opts.today is FIH_TODAY).
 */
#ifndef FIHRIST_H
#define FIHRIST_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define FIH_API __attribute__((visibility("default")))
#else
#define FIH_API
#endif

/* The value that the _INIT macros give to every option of type float: take the default. It is NaN. 0 means 0. */
#if defined(__GNUC__)
#define FIH_DEFAULT (__builtin_nanf(""))
#else
#include <math.h>
#define FIH_DEFAULT NAN
#endif

/* The version of this header: a program is compiled against it. The library that it then runs with says its own by
 * fih_version() and fih_version_number(). Until 1.0 a new MINOR may change the interface. */
#define FIH_VERSION_MAJOR 0
#define FIH_VERSION_MINOR 1
#define FIH_VERSION_PATCH 0
#define FIH_VERSION "0.1.0"
/* To compare: 1.2.3 is 1002003. */
#define FIH_VERSION_NUMBER (FIH_VERSION_MAJOR * 1000000 + FIH_VERSION_MINOR * 1000 + FIH_VERSION_PATCH)

/* ------------------------------------------------------------------ Errors */

/* Numbers are fixed for ever; new ones are only added. */
enum {
    FIH_OK         = 0,
    FIH_DONE       = 1,   /* for callbacks: that is enough, end the iteration here; no other function returns it */
    FIH_E_USAGE    = -1,  /* an argument or option has a value that is not allowed */
    FIH_E_NOMEM    = -2,  /* out of memory */
    FIH_E_CORRUPT  = -3,  /* the index on disk is damaged: restore a backup or make it anew */
    FIH_E_IO       = -4,  /* the operating system refused; `cause` is errno */
    FIH_E_BUSY     = -5,  /* another writer holds the index: try again later */
    FIH_E_QUERY    = -6,  /* a mistake in the query; `pos` is where */
    FIH_E_NOTFOUND = -7,  /* no index, document or note of that name */
    FIH_E_NOTINDEX = -8,  /* the path holds something that is not a fihrist index */
    FIH_E_VERSION  = -9,  /* the index was written in a format this library does not read */
    FIH_E_ANALYZER = -10, /* the index was made with another analyzer, or another ICU or stemmer; or a program's own
                             tokenizer gave what it may not */
    FIH_E_FULL     = -11, /* the disk is full */
    FIH_E_PERM     = -12, /* no permission */
    FIH_E_LIMIT    = -13, /* a documented limit is exceeded */
    FIH_E_CANCEL   = -14, /* a callback asked to stop */
    FIH_E_FORK     = -15, /* the object was made by the parent process */
    FIH_E_STALE    = -16  /* the snapshot of this reader is gone, see fih_reader_open(): call fih_reader_renew(), then
                             ask again */
};

typedef struct fih_error {
    int    code;      /* the FIH_E_ value also returned */
    int    cause;     /* errno or the storage layer's code behind it, or 0 */
    size_t pos;       /* byte offset into the query, or 0 */
    char   msg[1024]; /* one line of UTF-8, no full stop, no newline, NUL-terminated */
} fih_error;          /* filled on failure when given; never allocated, never freed */

/* The library's own FIH_VERSION; static. */
FIH_API const char *fih_version(void);
/* The library's own FIH_VERSION_NUMBER. */
FIH_API int fih_version_number(void);
/* A short English name for a code, such as "corrupt"; static, "unknown" for other numbers. */
FIH_API const char *fih_error_name(int code);

/* ------------------------------------------------------- Text and documents */

/* A run of bytes; `ptr` may be NULL when `len` is 0. All texts are given and returned so. Only names (of fields, paths,
 * analyzers) and what is just to be printed (messages, reasons) are C strings. A zero byte is a byte like others: it is
 * stored and compared as it came, in ids, sources, keywords and everything else. Where a text is read it is a blank:
 * between words, in queries, dates, schemas and around a number. */
typedef struct fih_str {
    const char *ptr;
    size_t      len;
} fih_str;

/* FIH_STR("...") is the fih_str of a string literal, which may have NULs in it. */
#ifdef __cplusplus
#define FIH_STR(literal) (fih_str{"" literal, sizeof(literal) - 1})
#else
#define FIH_STR(literal) ((fih_str){"" literal, sizeof(literal) - 1})
#endif

/* The fih_str of a C string; empty for NULL. */
static inline fih_str fih_str_of(const char *s)
{
    fih_str str;

    str.ptr = s;
    str.len = 0;
    while (s && s[str.len])
        str.len++;
    return str;
}

typedef struct fih_field {
    fih_str name;
    fih_str value;
} fih_field;

/* One document as handed to fih_writer_add(). Bytes that are not UTF-8 in title and body are
 * indexed and stored as U+FFFD, one for each ill-formed sequence, and counted. */
typedef struct fih_doc {
    size_t  size;             /* sizeof(fih_doc); set by FIH_DOC_INIT */
    fih_str id;               /* the document's name, 1 to FIH_MAX_ID bytes, any bytes */
    fih_str title;            /* indexed and stored */
    fih_str body;             /* indexed and stored; up to FIH_MAX_TEXT bytes */
    fih_str date;             /* any date that fih_date_parse() reads; the day that it means is kept when the document
                                 is added. Other text is stored but no date filter finds it */
    fih_str section;          /* a keyword: stored, and found whole by section:"…" */
    fih_str url;              /* stored; a keyword where the index has the field "url:keyword", see Fields */
    fih_str source;           /* where the document came from (a file's path): stored, and the name
                                 by which fih_writer_delete_source() removes all of a source */
    const fih_field *extra;   /* further fields: stored, and indexed where the index has a field of the name. Several of
                                 one name are its values, where it may have several; else the first one counts. Names
                                 and values are any bytes; "id" to "source" are no names here, and what is empty is not
                                 stored */
    size_t  extra_count;
} fih_doc;
#define FIH_DOC_INIT { sizeof(fih_doc), {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, 0, 0 }

enum {                        /* flags of fih_date_parse(), to be added */
    FIH_DATE_WHOLE       = 1, /* the text is a date and nothing else */
    FIH_DATE_MONTH_FIRST = 2  /* 3/4/2015 is in March where nothing tells; else in April */
};
#define FIH_DATE_BYTES 16

/**
 * Which days does a text mean? The one reader of dates: of documents, of queries and of since and until.
 *
 * It reads 2015, 2015-03, 2015-03-12 (also with / or .; anything may follow, such as a time), 20150312, 12/3/2015,
 * 12 March 2015, March 12th, 2015, March 2015, RFC 822 and ctime(); digits of three scripts; the names of months in
 * Arabic (the Levant's, Egypt's, the Maghreb's, two of them together), French, English, German and some others; days
 * of the week and other words before it ("نشر في 7 أكتوبر 2020"). Of day and month the day is first, unless the
 * numbers or the day of the week beside them say otherwise.
 *
 * Years from 1300 to 1500 without a name of a month are those of the Islamic calendar unless م follows, other ones if
 * هـ does or the month is one of its own. Days are those of Umm al-Qura to 1600, of the tabular calendar else. Names of
 * Iran's months, or ش, say its solar calendar. Where nothing but numbers says the year, 1300 to 1410 may be Iran's:
 * they are with Persian digits, are not with Arabic ones, and otherwise the day of the week must tell, or there is no
 * date; but with FIH_DATE_WHOLE (as in queries) they are Islamic. Where a date of our era stands beside one of another
 * calendar, it counts.
 *
 * @param first, last  Set to its first and last day (those of a year or month), in days since 1970-01-01.
 * @param flags        FIH_DATE_…
 * @return FIH_OK; FIH_E_NOTFOUND without a message if the text has no date; FIH_E_NOMEM, FIH_E_USAGE.
 */
FIH_API int fih_date_parse(int32_t *first, int32_t *last, fih_str text, unsigned flags, fih_error *err);
/* Writes a day as YYYY-MM-DD, NUL-terminated; FIH_E_USAGE outside of the years 1 to 9999. */
FIH_API int fih_date_text(char out[FIH_DATE_BYTES], int32_t day, fih_error *err);
/* The day that it is now in the local time zone. */
FIH_API int32_t fih_date_today(void);

/* Limits. Going past one is FIH_E_LIMIT, never a truncation, unless said otherwise. */
#define FIH_MAX_ID      65535u              /* bytes of an id, source or note key */
#define FIH_MAX_TEXT    1073741824u         /* bytes of one document, all fields together */
#define FIH_MAX_TERM    255u                /* bytes of an analyzed term; longer words are cut there */
#define FIH_MAX_QUERY   1048576u            /* bytes of a query */
#define FIH_MAX_CLAUSES 1024u               /* words, phrases and parentheses in one query */
#define FIH_MAX_DEPTH   64u                 /* parentheses in parentheses */
#define FIH_MAX_REREAD  100000u          /* documents read again for one ==word of a query */
#define FIH_MAX_PATTERN 512u             /* bytes of a wildcard, fuzzy word or regular expression in a query */
#define FIH_MAX_LIMIT   1000000u            /* limit + offset of one search */
#define FIH_MAX_DOCS    2147483647u         /* documents in an index, or in all that one reader has */
#define FIH_MAX_INDEXES 256u                /* indexes of one reader */
#define FIH_MAX_FIELDS  56u                 /* fields of an index beside those that are always there */
#define FIH_MAX_VALUE   254u                /* bytes of a keyword; longer ones are cut there */
#define FIH_FIELD_NAME_BYTES 64u            /* of a field's name, with the NUL behind it */

/* ------------------------------------------------------------------ Memory */

/**
 * An allocator of the program's own, for the library's memory: readers, writers, queries, hits, buffers and all else.
 * The functions do what malloc(), realloc() and free() do: blocks are aligned for any type, and NULL is FIH_E_NOMEM
 * from the call that wanted it, an error like others. They may be called from any thread that uses the library, from
 * several at a time, and must not call it.
 *
 * Not from here comes what other libraries allocate: ICU, LMDB (its pages and maps), libzstd and libstemmer; what
 * handles of the whole process share of an open data file (some hundred bytes and its path); and threads.
 */
typedef struct fih_allocator {
    size_t size;              /* sizeof(fih_allocator); set by FIH_ALLOCATOR_INIT */
    void *(*allocate)(void *ctx, size_t bytes);
    void *(*resize)(void *ctx, void *block, size_t bytes);
    void  (*release)(void *ctx, void *block);
    void   *ctx;
} fih_allocator;
#define FIH_ALLOCATOR_INIT { sizeof(fih_allocator), 0, 0, 0, 0 }

/**
 * From now on new memory for this thread's calls comes from `a`, and that of the threads of a writer that it opens;
 * NULL is malloc(), as in the beginning. Returns what was chosen before, so that a part of a program can put it back.
 *
 * An allocator belongs to calls, not to handles: what a call makes or grows anew comes from the one that its thread has
 * chosen, whoever opened the handle. A block stays with the one that it came from: that grows it and takes it back,
 * whatever a thread has chosen since. So two handles may have two allocators, also in one thread, and on one index,
 * where each call is made with the handle's own:
 *
 *     fih_allocator_use(&small);
 *     fih_reader_open(&r, "news.fih", &err);
 *     fih_allocator_use(&large);
 *     fih_writer_open(&w, "news.fih", NULL, &err);
 *     fih_writer_add(w, &doc, &err);                           of large
 *     fih_allocator_use(&small);
 *     fih_search(&hits, r, q, NULL, &err);                     of small
 *     fih_allocator_use(NULL);
 *     fih_hits_free(hits);                                     goes back to small
 *     fih_reader_close(r);
 *     fih_writer_close(w);                                     goes back to large
 *
 * `a` is borrowed until all that was made by it is freed: of an index in memory that is when its last handle is closed.
 * Where threads with allocators of their own share a reader, some of what a search has made stays in the reader for the
 * next one: all of these allocators are borrowed until it is closed, which takes blocks back to each of them, in the
 * thread that closes it.
 */
FIH_API const fih_allocator *fih_allocator_use(const fih_allocator *a);

/* ------------------------------------------------------------------ Fields */

/* Title, body, section, date and url are fields of every index. An index may have more, which its writer describes:
 * a text of NAME:KIND, separated by white space, # before a comment up to the end of its line. The url is only stored,
 * because addresses take room and hardly two are the same, unless the text has "url:keyword": then it is found by
 * url:https://example.org/1, and by what it begins with, sorted by, counted and collapsed as any keyword.
 *
 *     author:text^2  tags:keyword*  publisher:keyword  pages:integer  price:number  published:date  seen:time
 *
 * A name has up to 63 bytes of UTF-8: letters, _ and, behind the first, digits, - and . (id, source, score, similar,
 * newest and oldest are taken). Values are given as text, in fih_doc.extra. */

enum fih_field_kind {
    FIH_FIELD_KEYWORD = 1,    /* bytes, compared as such; with * (keyword*) a document may have several. With ~
                                 (keyword~, keyword*~) a query finds a value in all spellings that the index has of it:
                                 letters folded as those of words are, without vowels, capitals and the number of
                                 blanks */
    FIH_FIELD_INTEGER = 2,    /* from -(2^63 - 1) to 2^63 - 1: digits of three scripts, also 12.0 and 1e3 */
    FIH_FIELD_NUMBER  = 3,    /* a double */
    FIH_FIELD_DATE    = 4,    /* a day, of any date that fih_date_parse() reads */
    FIH_FIELD_TIME    = 5,    /* a second: such a date, with hours and minutes behind it (2024-05-01T10:30:00+03:00; UTC
                                 without a zone); without them the first second of the day */
    FIH_FIELD_TEXT    = 6     /* words, analysed as those of the body are: author:شوقي finds أحمد شوقي. With * (text*) a
                                 document may have several values, and no phrase or distance goes from one to the
                                 next. With ^WEIGHT (text^2, text*^0.5: 0.0625 to 15.9375, in sixteenths) the words of a
                                 plain query are looked for in it, too, and count so much there; else it is searched by
                                 its name only.
                                 A word scores by its own length: BM25 over the field, see fih_search() */
};

/* The fields that an index has beside title, body, section and date, in the order in which they were added; url only
 * where it is indexed. It outlives the reader or writer that it was made from. */
typedef struct fih_fields fih_fields;

typedef struct fih_field_info {
    const char *name;         /* borrowed until fih_fields_free(), NUL-terminated, as is the next */
    const char *kind_name;    /* "integer", "keyword*~", "text^0.5": as a schema has it */
    int         kind;         /* enum fih_field_kind */
    int         is_many;      /* a document may have several values */
    uint64_t    docs;         /* that have a value, deleted ones counted until a merge; of a writer 0 */
    int         is_folded;    /* values are compared by their letters */
    float       weight;       /* of a text's words in plain queries; 0: they are not looked for there */
} fih_field_info;

/* How many there are. To see the schema of an index:
 *
 *     for (i = 0; (f = fih_fields_at(fields, i)) != NULL; i++)
 *         printf("%s:%s\n", f->name, f->kind_name);              tags:keyword*
 */
FIH_API size_t fih_fields_count(const fih_fields *f);
/* The i-th; NULL past the last. Borrowed until fih_fields_free(). */
FIH_API const fih_field_info *fih_fields_at(const fih_fields *f, size_t i);
FIH_API void fih_fields_free(fih_fields *f);

/* ------------------------------------------------------------------- Write */

/* How often to commit? Each commit waits for the disk once and makes a segment, which later commits merge with others.
 * A program that adds thousands of documents commits at the end, or every few minutes; one that must show each document
 * at once commits each, and pays for each. What is added in between takes memory up to memory_bytes, and is
 * written to the disk in parts beyond that, where nobody sees it before the commit. A crash loses what was not
 * committed, and nothing else.
 *
 * An index with fields of its own, and a document of it:
 *
 *     fih_writer_opts opts = FIH_WRITER_OPTS_INIT;
 *     fih_field extra[] = {{FIH_STR("tags"), FIH_STR("تاريخ")}, {FIH_STR("tags"), FIH_STR("اجتماع")},
 *                          {FIH_STR("pages"), FIH_STR("412")}};
 *     fih_doc doc = FIH_DOC_INIT;
 *
 *     opts.fields = FIH_STR("tags:keyword* pages:integer");
 *     opts.wait_ms = 5000;                                     another writer may be at work
 *     fih_writer_open(&w, "books.fih", &opts, &err);
 *     doc.id = FIH_STR("17");
 *     doc.title = FIH_STR("مقدمة ابن خلدون");
 *     doc.extra = extra;
 *     doc.extra_count = 3;
 *     fih_writer_add(w, &doc, &err);                           and found by tags:تاريخ, pages:>400, --sort pages
 */

typedef struct fih_writer fih_writer;

/* What a writer has done since it was opened. */
typedef struct fih_progress {
    uint64_t docs_added;      /* documents given to fih_writer_add(), replacements included */
    uint64_t docs_deleted;    /* documents removed, replaced ones included */
    uint64_t text_bytes;      /* title and body bytes added */
    uint64_t ill_formed;      /* ill-formed UTF-8 sequences replaced by U+FFFD */
    uint64_t segments_written;
    uint64_t merge_docs_done; /* documents merged so far in the running merge, by its work that is done */
    uint64_t merge_docs_all;  /* documents in the running merge, 0 if none runs */
    uint64_t values_refused;  /* values of fields that are none of their kind (a number "unknown"), or a second one
                                 where there may be one: stored, not indexed */
} fih_progress;

typedef struct fih_tokenizer fih_tokenizer; /* see Analyze */

/* Of the messages of on_log: of fih_writer_opts, fih_reader_opts and fih_merge_opts. */
enum fih_log_level {
    FIH_LOG_INFO    = 1,      /* work that takes time or room, and what moves: segments merged, the data file written
                                 anew, a reader on another commit */
    FIH_LOG_WARNING = 2       /* what somebody should look at: what a writer that was killed had left, uncommitted
                                 changes dropped for an error, a process whose old snapshot makes the file grow, a
                                 reader that writers do not wait for, an index to be rebuilt */
};

typedef struct fih_writer_opts {
    size_t      size;         /* sizeof(fih_writer_opts); set by FIH_WRITER_OPTS_INIT */
    uint64_t    memory_bytes; /* budget for everything the writer holds [bytes]  0 = 256 MiB, at least 16 MiB.
                                 One document may exceed it by a few times its own size */
    uint32_t    threads;      /* analysis threads, 1 to 64; 0 = 1. At most one for each 16 MiB of memory_bytes is
                                 started, or two. Documents and answers are the same for any number; only the borders
                                 between segments may differ, once memory_bytes is used up */
    int32_t     wait_ms;      /* wait so long for another writer [ms]; 0 = do not wait, -1 = for ever */
    int         no_create;    /* nonzero: FIH_E_NOTFOUND where there is no index */
    const char *analyzer;     /* name, see Analyze; NULL = what the index has, "arabic" for a new one */
    float       title_weight; /* default weight of the title in the score, kept in the index, 0 = none;
                                 FIH_DEFAULT = leave it, 0.6 for a new one */
    float       body_weight;  /* the same for the whole text, more than 0; FIH_DEFAULT = leave it, 1 for a new one */
    /* Called from the calling thread at least every 100 ms of work: between documents, and while segments are written
     * or merged. Return nonzero to cancel: the call returns FIH_E_CANCEL and uncommitted changes are dropped. */
    int       (*on_progress)(void *ctx, const fih_progress *p);
    void       *ctx;
    int         no_clean;     /* nonzero: index bodies whole. By default two things are neither indexed nor shown in
                                 snippets: remains of a web page that are not prose (style rules, scripts, share bars:
                                 fih_clean()), and lines that many documents from one host (of `url`) have in common.
                                 The stored text is whole in either case */
    fih_str     lexicon;      /* text of a lexicon, see Analyze. Copied, and kept in a new index. FIH_E_ANALYZER if the
                                 index was made with a different one. Empty = the index's own */
    fih_str     fields;       /* fields of the index beside title, body, section, date and url, see Fields: as text.
                                 Copied. Fields that it has already may be said again, new ones are added with the next
                                 commit; documents from before have no values of them. FIH_E_USAGE for what is no field,
                                 or is of another kind in the index. Empty = those that it has */
    int         no_add;       /* nonzero: only to delete, merge and keep notes, so that an index opens too whose
                                 analyzer this library does not have (see fih_reader_open()). fih_writer_add() is
                                 FIH_E_USAGE; fih_writer_delete_query() is FIH_E_ANALYZER for such an index */
    const fih_tokenizer *tokenizer; /* the program's own, in place of an analyzer and a lexicon: a new index is made
                                 with it, and each later writer of the index must have it again. Copied. NULL = none */
    /* Told what the writer notes but does not fail on, in one line of UTF-8 that is borrowed during the call: from the
     * calling thread, with log_ctx. It must not call the library with this writer. NULL = nobody. */
    void      (*on_log)(void *ctx, int level, const char *message);
    void       *log_ctx;
} fih_writer_opts;
#define FIH_WRITER_OPTS_INIT \
    { sizeof(fih_writer_opts), 0, 0, 0, 0, 0, FIH_DEFAULT, FIH_DEFAULT, 0, 0, 0, { 0, 0 }, { 0, 0 }, 0, 0, 0, 0 }

/**
 * Open an index for writing and create it where there is none.
 *
 * An index has at most one writer at a time, among all processes. Readers go on undisturbed.
 *
 * @param out   New on FIH_OK, freed with fih_writer_close().
 * @param path  Copied. A directory that is an index, an empty directory, or a name not taken yet.
 * @return FIH_OK; FIH_E_BUSY after wait_ms; FIH_E_NOTINDEX, FIH_E_NOTFOUND, FIH_E_ANALYZER,
 *         FIH_E_VERSION, FIH_E_CORRUPT, FIH_E_PERM, FIH_E_FULL, FIH_E_IO, FIH_E_NOMEM, FIH_E_USAGE.
 */
FIH_API int fih_writer_open(fih_writer **out, const char *path, const fih_writer_opts *opts, fih_error *err);

/**
 * Open a new index in memory, for tests and small tools: there is no file, no lock and no path. It is gone when its
 * writer and the last of its readers are closed, or the process ends in whatever way. It can do all that an index on
 * the disk can, but for what is asked by path (fih_check(), fih_backup(), fih_rebuild() …). Nothing is written to the
 * disk but what the system swaps out.
 *
 *     fih_writer_open_memory(&w, NULL, &err);
 *     fih_writer_add(w, &doc, &err);
 *     fih_writer_commit(w, &err);
 *     fih_writer_reader(&r, w, &err);                          sees what is committed; fih_reader_renew() the rest
 *     fih_search(&h, r, q, NULL, &err);
 *
 * @param out   New on FIH_OK, freed with fih_writer_close(). The only writer that the index ever has.
 * @param opts  As for fih_writer_open(); no_create and wait_ms mean nothing.
 * @return FIH_OK; FIH_E_NOMEM, FIH_E_USAGE, FIH_E_ANALYZER. Later calls say FIH_E_NOMEM where those of an index on the
 *         disk would say FIH_E_FULL.
 */
FIH_API int fih_writer_open_memory(fih_writer **out, const fih_writer_opts *opts, fih_error *err);

/**
 * Add a document, or replace the one of the same id. Visible to readers after the next commit.
 *
 * @param doc  Copied.
 * @return FIH_OK; FIH_E_USAGE if it has no id, or an extra field has the name of one above; FIH_E_LIMIT if a field is
 *         too long: after these the writer can go on.
 *         After any other error the uncommitted changes are dropped, as by fih_writer_rollback().
 */
FIH_API int fih_writer_add(fih_writer *w, const fih_doc *doc, fih_error *err);

/* Delete the document of an id. FIH_E_NOTFOUND if there is none: nothing was changed then, and the writer goes on.
 * Readers see the document until the next commit. */
FIH_API int fih_writer_delete(fih_writer *w, fih_str id, fih_error *err);

/* The source of the document of an id, as the next commit would have it; empty if it has none. Borrowed until the next
 * call on the writer. FIH_E_NOTFOUND if there is no such document. */
FIH_API int fih_writer_source(fih_str *source, fih_writer *w, fih_str id, fih_error *err);

/* Delete every document of a source; `count` (may be NULL) is set to how many there were. A file that may hold any
 * number of documents is brought up to date so: delete its source, add what it has now, commit. Readers see the old
 * documents until then, and never half of the new ones. */
FIH_API int fih_writer_delete_source(uint64_t *count, fih_writer *w, fih_str source, fih_error *err);

typedef struct fih_query fih_query; /* see Query */

/**
 * Delete every document that a query finds, of those that the next commit would have. What was added since the last
 * commit is written to the disk first, so a call for each of many documents is slow.
 *
 * @param count  Set to how many there were; may be NULL.
 * @return FIH_OK even if there are none; FIH_E_QUERY and FIH_E_LIMIT as fih_search(), FIH_E_ANALYZER: after these the
 *         writer can go on. After an error in the midst of its work the uncommitted changes are dropped.
 */
FIH_API int fih_writer_delete_query(uint64_t *count, fih_writer *w, const fih_query *q, fih_error *err);

/**
 * Notes: a program's own small records, kept in the index and committed together with the
 * documents (the command line keeps its ledger of files here). Keys are 1 to FIH_MAX_ID bytes,
 * values up to 1 MiB. Put replaces. `value` of get is borrowed until the next call on the writer.
 *
 * Since a note is committed with the documents, it can say up to where a source was read, and is right after a crash
 * too:
 *
 *     fih_writer_add(w, &line, &err);                          the lines up to byte 4,711
 *     fih_writer_note_put(w, FIH_STR("read"), FIH_STR("4711"), &err);
 *     fih_writer_commit(w, &err);                              both, or neither
 */
FIH_API int fih_writer_note_put(fih_writer *w, fih_str key, fih_str value, fih_error *err);
/* The note as the next commit would have it; FIH_E_NOTFOUND if there is none of this key. */
FIH_API int fih_writer_note_get(fih_str *value, fih_writer *w, fih_str key, fih_error *err);
/* What is not there need not be deleted: that is FIH_OK. */
FIH_API int fih_writer_note_delete(fih_writer *w, fih_str key, fih_error *err);
/* Call `each` for every note whose key begins with `prefix`, in no promised order; nonzero from
 * `each` stops and is returned. `each` must not call this or any other handle on the same index. */
FIH_API int fih_writer_note_each(fih_writer *w, fih_str prefix, int (*each)(void *ctx, fih_str key, fih_str value),
                                 void *ctx, fih_error *err);

/* Commit: all documents, deletions and notes since the last commit become visible and durable, together or not at all.
 * On an error the index is as it was at the last commit, and the writer can go on from there. Where the data file is
 * larger than 4 MiB and than 1.4 times what is in use, and the disk has room for a copy, the commit also writes it
 * anew, as fih_compact() does but without merging. */
FIH_API int fih_writer_commit(fih_writer *w, fih_error *err);

/* Drop everything since the last commit: documents, deletions and notes. The writer goes on from there. To be asked for
 * only where a program changes its mind, since what fails has dropped them already. */
FIH_API int fih_writer_rollback(fih_writer *w, fih_error *err);

/* Merge all segments into one and commit. No commit needs it: each merges as much as keeps searches fast, and to merge
 * all rewrites the whole index. Worth it for an index that will be read for long and not written to. */
FIH_API int fih_writer_merge(fih_writer *w, fih_error *err);

/* What the writer has done since it was opened: borrowed until the next call on the writer. */
FIH_API const fih_progress *fih_writer_progress(const fih_writer *w);

/* The fields that the next commit would have. New, freed with fih_fields_free(). */
FIH_API int fih_writer_fields(fih_fields **out, const fih_writer *w, fih_error *err);

/* Close the writer. Uncommitted changes are dropped, and another writer may open the index. After an error of any other
 * call this is all that must be done. */
FIH_API void fih_writer_close(fih_writer *w);

/* -------------------------------------------------------------------- Read */

/* A server keeps one reader for all of its threads. Those that search hold a lock for reading, and one that moves the
 * reader on, holds it for writing:
 *
 *     pthread_rwlock_rdlock(&lock);                            pthread_rwlock_wrlock(&lock);
 *     rc = fih_search(&hits, r, q, &opts, &err);               rc = fih_reader_renew(&changed, r, &err);
 *     ... what is shown of the hits ...                        pthread_rwlock_unlock(&lock);
 *     fih_hits_free(hits);
 *     pthread_rwlock_unlock(&lock);
 */

typedef struct fih_reader fih_reader;

/**
 * Open a snapshot of an index: the last commit, unchanged for as long as the reader is open.
 *
 * An open reader prevents old pages from being reused, so the file grows while others write, and a data file that was
 * written anew stays on the disk until its readers leave it: a program that runs for long calls fih_reader_renew() now
 * and then.
 *
 * Read permission on the files of an index is enough. For writers to wait for it, though, a reader needs a slot in
 * LMDB's table, in the file data.N.mdb-lock. It gets none where it may not write that file (another user's index, a
 * read-only mount), where 510 readers are open already, or where a process with the same number in another container
 * has the slot. Such a reader gives the same answers, from copies of what it has read. But writers do not see it: what
 * it has not read yet may be gone after later commits and merges. Then its functions return FIH_E_STALE, never a wrong
 * answer: call fih_reader_renew() and ask again; document numbers from before are void. FIH_E_BUSY from this function
 * or from fih_reader_renew() means that the index changes faster than it can be read: try again later.
 *
 * The words of an index are those of its analyzer, which depends on the versions of ICU, libstemmer and our tables. If
 * this library has another one, everything that analyses a text or a query (searches, facets, snippets, completions,
 * suggestions) is FIH_E_ANALYZER; documents, notes, fields, terms and statistics are read as ever. A program that only
 * searches finds out by fih_reader_analyzer() when it starts.
 *
 * @param out   New on FIH_OK, freed with fih_reader_close().
 * @return FIH_OK; FIH_E_NOTFOUND, FIH_E_NOTINDEX, FIH_E_VERSION, FIH_E_CORRUPT, FIH_E_PERM, FIH_E_BUSY, FIH_E_IO,
 *         FIH_E_NOMEM.
 */
FIH_API int fih_reader_open(fih_reader **out, const char *path, fih_error *err);

/**
 * Open up to FIH_MAX_INDEXES indexes as if they were one: the documents of the first, then those of the second …, with
 * the statistics of all. Hits, scores, order, facets, suggestions, completions and terms are those of one index that
 * has all of these documents in this order (but for how a completed word is spelt, which a sample of the texts says).
 * Each snapshot is the last commit of its index; fih_reader_renew() moves all of them.
 *
 * They must have the same analyzer and lexicon, and the same weights. A field of one name must be of one kind; the
 * reader has the fields of all, and documents of an index that lacks a field have no values of it. An id that is in
 * several indexes names a document in each: all of them are found, and fih_reader_find() gives that of the first.
 * Notes are those of all indexes: fih_reader_note() reads the first that has the key. Each index takes four file
 * descriptors: for more than 250 of them many a process must raise its limit (setrlimit()).
 *
 *     static const char *const years[] = {"2023.fih", "2024.fih"};
 *
 *     fih_reader_open_many(&r, years, 2, &err);
 *     fih_search(&h, r, q, NULL, &err);
 *     hit = fih_hits_at(h, 0);                                 the best of both years, from
 *     fih_reader_index_path(r, hit->index)                     this one
 *
 * @param paths  Copied. The same index twice, by whatever paths, is an error.
 * @return as fih_reader_open(); FIH_E_ANALYZER for indexes of different analyzers, FIH_E_USAGE for other weights or a
 *         field of another kind, FIH_E_LIMIT. The message names the index.
 */
FIH_API int fih_reader_open_many(fih_reader **out, const char *const *paths, size_t count, fih_error *err);

typedef struct fih_reader_opts {
    size_t   size;            /* sizeof(fih_reader_opts); set by FIH_READER_OPTS_INIT */
    /* Told what the reader notes but does not fail on, as that of fih_writer_opts: an index that it reads without a
     * place among the readers, so that FIH_E_STALE may come; an analyzer that this library does not have; and each move
     * to another commit. From the calls that need the reader alone, fih_reader_open_with() and fih_reader_renew(), in
     * their thread: so never twice at once for one reader, and searches tell nothing. It must not call the library with
     * this reader. NULL = nobody. */
    void   (*on_log)(void *ctx, int level, const char *message);
    void    *log_ctx;
} fih_reader_opts;
#define FIH_READER_OPTS_INIT { sizeof(fih_reader_opts), 0, 0 }

/* As fih_reader_open_many(), also of one index, with options; NULL for all defaults. */
FIH_API int fih_reader_open_with(fih_reader **out, const char *const *paths, size_t count, const fih_reader_opts *opts,
                                 fih_error *err);

/* Open a reader of the index that a writer writes: as fih_reader_open() with its path, and the only way to read an
 * index in memory, whose fih_reader_index_path() is "(memory)". It sees the last commit, may be used by other threads
 * while the writer goes on, and stays when the writer is closed. New, freed with fih_reader_close(). FIH_E_NOTFOUND
 * before the first commit. */
FIH_API int fih_writer_reader(fih_reader **out, const fih_writer *w, fih_error *err);

/* How many indexes it reads. */
FIH_API size_t fih_reader_index_count(const fih_reader *r);
/* The path of the i-th, as it was given; NULL past the last. Borrowed until fih_reader_close(). */
FIH_API const char *fih_reader_index_path(const fih_reader *r, size_t i);

/* Move to the newest commit: cheap where there is none, else as much as to open the index. A server does it now and
 * then, between searches. `changed` (may be NULL) is set to whether there was a newer one. No other thread may use the
 * reader or its hits during the call. On an error the old snapshot stays. */
FIH_API int fih_reader_renew(int *changed, fih_reader *r, fih_error *err);

/* Close the reader: the writers may use the pages of its snapshot again. Hits, documents and snippets made from it must
 * be freed before. */
FIH_API void fih_reader_close(fih_reader *r);

/**
 * Statistics of a collection in pieces that no reader has together: how many documents it has, how long they are, how
 * many have each stem, form and root, and which words are written together and apart in it. One process that reads all
 * the pieces writes them to a file; whoever searches one of the pieces ranks with it, and the scores are those that the
 * documents have in the whole. FORMAT.md describes the file ("Statistics"). It is about as large as the dictionary of
 * all pieces together, and replaced in one step: never change it in place.
 *
 * @param r  All the pieces (fih_reader_open_many()), in the order in which their hits will be gathered.
 * @return FIH_OK; FIH_E_LIMIT if the names of two texts have the same 32-bit hash, which is hardly ever;
 *         FIH_E_BUSY if another call is writing the file at the moment; FIH_E_ANALYZER, FIH_E_PERM, FIH_E_FULL,
 *         FIH_E_IO, FIH_E_CORRUPT, FIH_E_STALE, FIH_E_NOMEM.
 */
FIH_API int fih_global_write(const fih_reader *r, const char *path, fih_error *err);

/**
 * Rank with the statistics of a file from now on, also after fih_reader_renew(), until the reader is closed or another
 * path is given; NULL for its own again. They count what was there when they were written; what a piece has gained
 * since is found, and words that were not there count as if no document had them.
 *
 * A search gives the `limit` best documents of the piece by the first pass (see fih_search()), and as many as a second
 * pass looks at in any case. Offset, after, order and collapse are FIH_E_USAGE. To gather the lists of all pieces,
 * - order all hits by fih_hit.first; of equal ones the earlier piece's first, then the smaller document number;
 * - of the best fih_hits_roots_depth(), of all if that is 0, order by `rooted`, in the same way;
 * - of these the best fih_hits_places_depth() have `score`, the others of the first so many `rooted`, all others
 *   `first`;
 * - order all by that, in the same way. The list is that of one index of all pieces in their order, for limit and
 *   offset up to the limit that the pieces were asked for.
 *
 * Which words are written together and apart, one index asks its texts when it is searched, and the file has answers
 * for all words of the collection, and for all that stand side by side in three documents or more. Of other words
 * nothing is known: one that the collection has only in parts, side by side in one or two documents, is not found so,
 * nor are initials of which two are written together (أف ب).
 *
 * @return as fih_reader_open(); FIH_E_NOTINDEX if it is no such file, FIH_E_VERSION, FIH_E_ANALYZER if it is of another
 *         analyzer than the reader's. The reader is unchanged on an error. As fih_reader_renew(), it needs the reader
 *         alone.
 */
FIH_API int fih_reader_use_global(fih_reader *r, const char *path, fih_error *err);
/* Which file that is: a number that is the same only for the same statistics; 0 for none. */
FIH_API uint64_t fih_reader_global(const fih_reader *r);

/* Documents that are not deleted. */
FIH_API uint64_t fih_reader_doc_count(const fih_reader *r);

/* The index' own fields. New, freed with fih_fields_free(). */
FIH_API int fih_reader_fields(fih_fields **out, const fih_reader *r, fih_error *err);

/* Read one note of the snapshot. Borrowed until the reader is renewed or closed, without a NUL; FIH_E_NOTFOUND. */
FIH_API int fih_reader_note(fih_str *value, const fih_reader *r, fih_str key, fih_error *err);
/* As fih_writer_note_each(), on the snapshot. */
FIH_API int fih_reader_note_each(const fih_reader *r, fih_str prefix, int (*each)(void *ctx, fih_str key,
                                                                                  fih_str value), void *ctx,
                                                                                  fih_error *err);

/* A document number names a document within one snapshot, 0 to fewer than 2^32. The next snapshot may have another
 * document under it: what is to be kept is the id. Deleted documents have numbers too, so these are not a count. */
typedef uint32_t fih_docno;

/* The number of a document by id, as the way from an id to what is stored: fih_reader_doc() takes the number.
 * FIH_E_NOTFOUND if there is none, or it is deleted. */
FIH_API int fih_reader_find(fih_docno *doc, const fih_reader *r, fih_str id, fih_error *err);

/* How long a document is, in words: title and body, as ranking counts them. `title` (may be NULL): the title alone. A
 * word with several stems is one. FIH_E_NOTFOUND for a number that no document has, or a deleted one. */
FIH_API int fih_reader_length(uint32_t *words, uint32_t *title, const fih_reader *r, fih_docno doc, fih_error *err);

/* The number of the index that a document of the snapshot is in, from 0: fih_reader_index_path() names it. */
FIH_API uint32_t fih_reader_index_of(const fih_reader *r, fih_docno doc);

/* Call `each` for the id of every document in the snapshot that is not deleted, in document order; nonzero stops and is
 * returned. Ids are borrowed during the call. Faster than fih_reader_each_doc(), which reads the texts. */
FIH_API int fih_reader_each_id(const fih_reader *r, int (*each)(void *ctx, fih_docno doc, fih_str id), void *ctx,
                               fih_error *err);

typedef struct fih_stored fih_stored;

/* The stored fields of a document, as they were added. New, freed with fih_stored_free(); it has its own copy, so the
 * reader may be renewed or closed before. FIH_E_NOTFOUND if there is no such number, or the document is deleted.
 *
 *     rc = fih_reader_doc(&doc, r, hit->doc, &err);
 *     if (rc == FIH_OK)
 *         title = fih_stored_get(doc, "title");                 good until fih_stored_free(doc)
 */
FIH_API int fih_reader_doc(fih_stored **out, const fih_reader *r, fih_docno doc, fih_error *err);
/* Its fields in the order "id", "title", "body", "date", "section", "url", "source", then the
 * extra ones; empty ones are absent. Borrowed until fih_stored_free(). */
FIH_API size_t fih_stored_count(const fih_stored *s);
FIH_API const fih_field *fih_stored_at(const fih_stored *s, size_t i);
/* One field by name, empty if absent. Borrowed until fih_stored_free(). */
FIH_API fih_str fih_stored_get(const fih_stored *s, const char *name);
FIH_API void fih_stored_free(fih_stored *s);
/* Call `each` for every document in the snapshot that is not deleted, in document order, with its stored fields,
 * borrowed during the call; nonzero stops and is returned. Documents are stored in compressed blocks, each of which is
 * expanded once: this is how a whole index is read. */
FIH_API int fih_reader_each_doc(const fih_reader *r, int (*each)(void *ctx, fih_docno doc, const fih_stored *s),
                                void *ctx, fih_error *err);

/* ------------------------------------------------------------------- Query */

/**
 * Parse the query language, which fihrist-query(7) describes whole:
 *
 *   words                          any of them may match; the best documents come first
 *   "a phrase"  "a phrase"~3       these words side by side; with up to three others between
 *   +word  -word                   must match; must not match
 *   a AND b  a OR b  NOT a         also && || and _و_ _أو_ _ليس_; (parentheses)
 *   a NEAR/5 b  a THEN/5 b         at most five words apart; in this order; author:(a NEAR/5 b)
 *   title:word  body:(two words)   in that field only
 *   section:"name"  section:na*  date:2015-03..2015-06  date:*  tags:name  tags:na*  pages:100..250  pages:>250
 *                                  filters: only documents of the section, dated in those days, or with such values of
 *                                  the index' own fields; months may be named, years Islamic, days relative
 *                                  (date:yesterday). Inside parentheses they filter only what is there
 *   *                              all documents; beside words it says nothing
 *   -word  NOT tags:name           with nothing to find beside it: all documents but those
 *   word^2                         its weight, 0.01 to 100
 *   wor*  w?rd  *ord               wildcards
 *   word~  word~2                  one or two letters off
 *   /regular expression/           of a whole word, without back-references, look-around and lazy repetition
 *   =word  ==word                  this form only; with the vowels and letters that are written, for which at most
 *                                  FIH_MAX_REREAD stored documents that have the form are read
 *
 * Everything else is plain words. An error is only: a quotation mark or parenthesis that is not closed, an operator or
 * field that lacks what it applies to, a number out of range; err->pos is its place. A name and a colon before a word
 * are a field, and if the index has none of this name, or the value is none of its kind, that is an error of the search
 * (FIH_E_QUERY). A name outside ASCII is one only if the index has it; addresses and times of day are words.
 *
 * @param out  New on FIH_OK, freed with fih_query_free(); NULL on any error.
 * @return FIH_OK; FIH_E_QUERY, FIH_E_LIMIT, FIH_E_NOMEM.
 */
FIH_API int fih_query_parse(fih_query **out, fih_str text, fih_error *err);

/* Take a text as plain words, none of its characters as an operator: nothing that a person types is an error. New, as
 * above. FIH_E_LIMIT, FIH_E_NOMEM. */
FIH_API int fih_query_plain(fih_query **out, fih_str text, fih_error *err);

/**
 * Queries built by a program, without pasting strings together: `text` is plain words, never operators. New, as above.
 *
 * @param field  NULL = anywhere, "title", "body", or a text of the index: "author". FIH_E_USAGE for other fields that
 *               every index has; whether it has such a text, the search says (FIH_E_QUERY).
 * @param slop   How many other words may stand between those of the phrase, in total; at most 1000.
 */
/* The words of a text, any of which may match: as fih_query_plain(), in a field. As a clause with FIH_MUST one of them
 * must, with FIH_NOT none may. */
FIH_API int fih_query_words(fih_query **out, const char *field, fih_str text, fih_error *err);
/* The words of a text side by side, in their order. */
FIH_API int fih_query_phrase(fih_query **out, const char *field, fih_str text, uint32_t slop, fih_error *err);
/* Several texts near each other, each a word, or words side by side: from each to the next at most `reach` words, 1 to
 * 1000, counted as behind NEAR; where is_ordered is nonzero, as behind THEN: each behind the one before.
 *
 *     const fih_str names[] = {FIH_STR("أحمد"), FIH_STR("شوقي")};
 *     fih_query_near(&q, "author", names, 2, 3, 0, &err);                as author:(أحمد NEAR/3 شوقي)
 */
FIH_API int fih_query_near(fih_query **out, const char *field, const fih_str *texts, size_t count, uint32_t reach,
                           int is_ordered, fih_error *err);
/* A filter: documents of the section with exactly this name. As section:"…", it filters what stands beside it. */
FIH_API int fih_query_section(fih_query **out, fih_str name, fih_error *err);
/* A filter: documents that have values of a field, written as behind NAME: in fihrist-query(7): 100..250, eco*; with
 * is_exact nonzero, the keyword that the text is. Of a text (see above) a word, or several as a phrase, is all but a
 * filter. Whether the index has such a field, the search says; "title" and "body" are FIH_E_USAGE, for they have words:
 * fih_query_words(), fih_query_phrase(); but for "*", any. */
FIH_API int fih_query_field(fih_query **out, const char *field, fih_str text, int is_exact, fih_error *err);
/* A filter: documents of a span of days, as written after date: in fihrist-query(7). FIH_E_QUERY if it is none. */
FIH_API int fih_query_dates(fih_query **out, fih_str span, fih_error *err);

enum {                        /* values of fih_clause.occur */
    FIH_MAY  = 0,             /* raises the score; where no clause is FIH_MUST, at least one of these must match */
    FIH_MUST = 1,
    FIH_NOT  = 2
};

/* FIH_CLAUSE(query, FIH_MUST) initialises one; set boost behind it. */
typedef struct fih_clause {
    size_t           size;    /* sizeof(fih_clause); set by FIH_CLAUSE, the same for all of an array */
    const fih_query *query;   /* copied */
    int              occur;   /* FIH_MAY, FIH_MUST or FIH_NOT */
    float            boost;   /* its weight, 0.01 to 100; 0 = 1 */
} fih_clause;
#define FIH_CLAUSE(query, occur) { sizeof(fih_clause), query, occur, 0 }

/* Several queries as one, which are copied: they may be freed at once. What a search form has, for example:
 *
 *     fih_query_words(&words, NULL, typed, &err);               what was typed,
 *     fih_query_field(&tag, "tags", FIH_STR("تاريخ"), 1, &err);      of the subject that was chosen
 *     const fih_clause both[] = { FIH_CLAUSE(words, FIH_MUST), FIH_CLAUSE(tag, FIH_MUST) };
 *     fih_query_group(&q, both, 2, &err);
 *
 * New, as above. With `count` 0 it finds nothing, with nothing but FIH_NOT all documents but those. FIH_E_USAGE,
 * FIH_E_LIMIT, FIH_E_NOMEM. */
FIH_API int fih_query_group(fih_query **out, const fih_clause *clauses, size_t count, fih_error *err);

/* More like this: a query from a document's 25 top-weighted terms (frequent in it, rare elsewhere), without the
 * document itself. Use it only with the snapshot that it was made from. New, as above. */
FIH_API int fih_query_like(fih_query **out, const fih_reader *r, fih_docno doc, fih_error *err);

/* A query is no reader's: it may be freed, or used again, whenever no search is under way with it. */
FIH_API void fih_query_free(fih_query *q);

/* ----------------------------------------------- Synonyms and completions */

typedef struct fih_synonyms fih_synonyms;

/**
 * Read sets of synonyms: UTF-8 text, one set a line, its entries separated by commas or tabs. An entry may be several
 * words; # begins a comment. At most 1 MiB, 50,000 lines and 64 entries a line.
 *
 *     كتاب, مجلد, سفر
 *     الأمم المتحدة, UN              # a word or several on either side
 *
 * @param out  New on FIH_OK, freed with fih_synonyms_free(). For indexes with the analyzer of `r`; may outlive `r`.
 * @return FIH_E_USAGE and FIH_E_LIMIT name the line that is wrong.
 */
FIH_API int fih_synonyms_new(fih_synonyms **out, const fih_reader *r, fih_str text, fih_error *err);
FIH_API void fih_synonyms_free(fih_synonyms *s);
/* A copy of the query in which each word or phrase of a set, recognised by its stems, also finds the others of the set,
 * at half the weight. Words that the query excludes are not expanded. New, freed with fih_query_free(). */
FIH_API int fih_query_expand(fih_query **out, const fih_query *q, const fih_synonyms *s, const fih_reader *r,
                             fih_error *err);

typedef struct fih_completions fih_completions;

typedef struct fih_completion {
    fih_str  text;            /* the text, its last word completed, and the word before it as it stands before that in
                                 the texts; borrowed until fih_completions_free() */
    uint64_t docs;            /* documents that have this form of the word; if several stems have it, those of the most
                                 frequent one. Deleted documents count until a merge. Of words that stand behind those
                                 before them: documents in which they do, about */
} fih_completion;

/* How the last word of a text may go on: the `limit` (at most 1000; 0 = 10) most frequent words of the index with that
 * beginning; behind one or two other words only those that stand behind them in the texts, if any do. They are as most
 * of a few texts spell them, without vowels. Where the word before is found in another form only, it becomes that form:
 * رئيس الأم goes on as الرئيس الأمريكي. What keeps the word as it was typed stands before these, unless they have more
 * than eight times its documents. New, freed with fih_completions_free(). */
FIH_API int fih_complete(fih_completions **out, const fih_reader *r, fih_str text, uint32_t limit, fih_error *err);
/* The most frequent first. */
FIH_API size_t fih_completions_count(const fih_completions *c);
FIH_API const fih_completion *fih_completions_at(const fih_completions *c, size_t i);
FIH_API void fih_completions_free(fih_completions *c);

/* ------------------------------------------------------------------- Terms */

/* What there is to search for: the subjects of a catalogue with their numbers of documents, or the words of an index
 * that begin in some way. A keyword that is written in two ways is found so: both stand here, side by side.
 *
 *     static int each(void *ctx, const fih_term *t)
 *     {
 *         printf("%.*s %llu\n", (int)t->text.len, t->text.ptr, (unsigned long long)t->docs);
 *         return 0;                                             or FIH_DONE, when it was enough
 *     }
 *     fih_reader_each_term(r, "tags", FIH_STR(""), each, NULL, &err);
 */
typedef struct fih_term {
    fih_str  text;            /* borrowed during the callback */
    uint64_t docs;            /* documents that have it; deleted ones count until a merge, here and below */
    uint64_t occurrences;     /* of stems, in all documents; of keywords as many as documents */
} fih_term;

/**
 * Call `each` for every term of a field that begins with `prefix`, in the order of their bytes, over the whole index.
 *
 * @param field  A keyword: "section", "tags"; or a text: its stems. NULL = the stems of title and body, as
 *               fih_analyze() shows them.
 * @return FIH_E_USAGE for a field without terms.
 */
FIH_API int fih_reader_each_term(const fih_reader *r, const char *field, fih_str prefix,
                                 int (*each)(void *ctx, const fih_term *term), void *ctx, fih_error *err);

typedef struct fih_posting {
    fih_docno doc;
    uint32_t  freq;           /* how often the document has the term, in title and body or the text; of a keyword 1 */
    uint32_t  title;          /* how many of these stand in the title; of a keyword 0 */
} fih_posting;

/**
 * Call `each` for every document that has a term, in document order; deleted ones are left out.
 *
 * @param field  As above.
 * @param term   The whole term, as above. One that the index does not have is in no document.
 * @return FIH_E_USAGE for a field without terms.
 */
FIH_API int fih_reader_each_posting(const fih_reader *r, const char *field, fih_str term,
                                    int (*each)(void *ctx, const fih_posting *p), void *ctx, fih_error *err);

/* ------------------------------------------------------------------ Search */

/* Some searches, by the options that make them:
 *
 *     opts.limit = 20, opts.after = fih_hits_cursor(hits);     the next page, 20 hits long, of the same query
 *     opts.order = "-date,score";                              the newest first; of one day, the best
 *     opts.since = FIH_STR("2024-03");                         nothing from before March 2024
 *     opts.collapse = "similar";                               of a story that many papers print, one
 *     opts.match_all = 1;                                      what has all words, as in a catalogue
 *     opts.timeout_ms = 200;                                   FIH_E_CANCEL rather than a slow page
 */
#define FIH_TODAY INT32_MIN    /* of fih_search_opts.today: the day that it is when the search begins */

enum {                        /* values of fih_search_opts.sort */
    FIH_SORT_SCORE  = 0,      /* best first */
    FIH_SORT_NEWEST = 1,      /* by date, the latest first; documents without a date last, equal days by number */
    FIH_SORT_OLDEST = 2       /* by date, the earliest first; documents without a date last */
};

enum {                        /* values of fih_search_opts.match */
    FIH_MATCH_STEMS = 0,      /* a word finds the documents that have its stem */
    FIH_MATCH_BROAD = 1       /* a plain word also those that have another word of its root, behind the others mostly */
};

typedef struct fih_search_opts {
    size_t   size;            /* sizeof(fih_search_opts); set by FIH_SEARCH_OPTS_INIT */
    uint32_t limit;           /* most hits to return [documents]           0 = 10 */
    uint32_t offset;          /* hits to skip before the first [documents]  0 = none */
    float    k1;              /* BM25: how soon repetition saturates, more than 0      default 0.9 */
    float    b;               /* BM25: weight of the length, from 0 to 1               default 0.5 */
    float    title_weight;    /* weight of the title's BM25, added; 0 = none           default: the index's */
    float    body_weight;     /* weight of the whole text's, title included, more than 0   default: the index's */
    const char *field;        /* "title" or "body": words must stand there; NULL = anywhere */
    int      match_all;       /* nonzero: every word must match (stop words excepted) */
    fih_str  since;           /* only documents dated this day or later, written as behind date: in fihrist-query(7)
                                 but no span; empty = all. FIH_E_USAGE if it is no date */
    fih_str  until;           /* only documents dated this day or earlier; a month or year means its end */
    int      count_all;       /* nonzero: fih_hits_total() must be exact */
    uint32_t timeout_ms;      /* time limit: FIH_E_CANCEL after so long [ms]; 0 = none */
    float    form_weight;     /* share of a word's weight that goes to where it has the form of the query, the rest to
                                 its stem; at most 1; 0 = none: then other stems that have the form are not found
                                 either                                                default 0.5 */
    float    root_weight;     /* weight of the root beside the word's; 0 = none        default 1.25 */
    float    proximity;       /* weight of where words stand; 0 = none                 default 0.25 */
    uint32_t min_match;       /* how many of the query's words, phrases and parentheses without a sign must match (stop
                                 words do not count; all, if there are fewer); 0 = one. Without effect where match_all
                                 is set, or where the query is joined by OR */
    int      sort;            /* FIH_SORT_…. By date, hits have score 0, and every match is visited and counted */
    fih_str  after;           /* in place of an offset: the cursor of an earlier answer, to go on after its last hit.
                                 Query, options and snapshot must be the same as then     empty = from the first hit */
    int    (*on_wait)(void *ctx); /* called at least every 100 ms from the searching thread; return nonzero to cancel:
                                 FIH_E_CANCEL. NULL = none. It must not use the handles of this search */
    void    *ctx;
    int32_t  today;           /* the day from which "yesterday" is counted, as fih_date_parse() has days; FIH_TODAY =
                                 the day that it is now in the local time zone (time(), localtime()) */
    const char *order;        /* in place of `sort`: up to four fields, commas between them, "-" before one whose
                                 greatest values come first: "pages", "-date,score". "score" is first(d), the best
                                 first. Documents without a value come last in either direction, equal ones are ordered
                                 by number; of several values the first one in the direction counts. As for any order
                                 but the score's, every match is visited and counted, and hits have score 0 unless
                                 the order has it                                                NULL = by `sort` */
    const char *collapse;     /* a field: of the documents with the same value of it only the first is a hit, and
                                 fih_hit.others says how many more there are; of several values the least counts,
                                 and a document without one stands for itself. "similar": the same story, as several
                                 papers print it, is one hit: a document is one of the others if its body is nearly
                                 that of an earlier hit. Of pairs that share 0.9 of their different runs of four words
                                 98 in 100 are found to be so, with 0.5 one in 100, others never; nor are bodies of
                                 fewer than 8 words (Broder, 1997; b-bit minwise hashing, Li & König, 2010). Every
                                 match is visited, and fih_hits_total() counts these hits. By score, the first is that
                                 by first(d)
                                                                                                 NULL = none */
    int      match;           /* FIH_MATCH_…: by what plain words find documents */
} fih_search_opts;
#define FIH_SEARCH_OPTS_INIT \
    { sizeof(fih_search_opts), 0, 0, FIH_DEFAULT, FIH_DEFAULT, FIH_DEFAULT, FIH_DEFAULT, 0, 0, { 0, 0 }, { 0, 0 }, \
      0, 0, FIH_DEFAULT, FIH_DEFAULT, FIH_DEFAULT, 0, 0, { 0, 0 }, 0, 0, FIH_TODAY, 0, 0, 0 }

typedef struct fih_hits fih_hits;

/**
 * Rank the documents that match a query by BM25: of the words' stems, forms and roots in the text, of stems in titles.
 *
 * A word is found by its stem. Its form is the normalised word, from which nothing is taken off; its root is the root
 * of its stem. For the words q of a query, stop words and formulas passed over unless there are no others
 * (fih_hits_passed_at() names them; one that is part of a name is none: lib/text/README.md, 4), repeated words summed:
 *
 *   first(d) = sum over each q whose stem d has of
 *                lw(q) * ( wb * ( (1 - wf) * idf(stem) * sat(tf_stem, |d|, avg)                       stem part
 *                                     + wf * idf(form) * sat(tf_form, |d|, avg)                       form part
 *                                     + wr * idf(root) * sat(tf_root, |d|, avg) )                     root part
 *                          + wt * idf(stem) * sat(tf_title, |title|, avg_title) )                     title part
 *              + 5 * wt * sum of W(q), if the words of the query are the whole title of d             whole title
 *   score(d) = first(d)
 *              + sum over each q whose stem d lacks of lw(q) * wb * wr * idf(root) * sat(tf_root, |d|, avg)
 *              + wb * wp * (       sum over pairs p, q of min(W(p), W(q)) / distance(p, q)           nearness
 *                            + 1.6 * the most that the sum of W(q) is over the q in one window       window
 *                            + 2.4 * |d| / (|d| + 10) * sum over q of W(q) * 25 / (25 + first(q)) )  early
 *   W(q)   = lw(q) * idf(q)
 *   sat(tf, len, avg) = tf / (tf + k1 * (1 - b + b * len / avg))
 *   idf(x) = ln(1 + (N - n + 0.5) / (n + 0.5))      N documents, n of them with x in their text
 *   lw(q)  = sqrt(letters of the form / 5), at least 0.6 and at most 1.5, times the boosts of the word and of the
 *            parentheses it stands in
 *
 * tf are occurrences in the whole text (title and body): tf_stem of the stem, tf_form those of them that have the form
 * of the query, tf_root the words of the text that have the root, whichever of its stems they have; tf_title is the
 * stem's in the title. |d| are the words of the text, avg their mean (for titles, over the documents
 * that have one). n of a form are the documents where this stem has it, or another stem that has it in more; n of
 * a root those with any stem of it. N, n and avg count deleted documents until a merge drops them. wf, wr, wp are
 * form_weight, root_weight and proximity, wb and wt the weights of body and title.
 *
 * first(d) is exact for every document. The other two sums are added in a second pass, before limit and offset:
 *   - roots of words that a document lacks in all of their readings, for the 50 best by first(d); only if a document
 *     can match without a word of the query that has a root. They rank: a document with nothing but the root of a word
 *     is no hit, unless FIH_MATCH_BROAD asks for it.
 *   - where words stand, for the 20 best of the result (or by first(d), where no root can be added), 10 if the query
 *     asks for one word or phrase; of the first 16 different stems of the query, those of its phrases too, that d has.
 *     distance(p, q) is that of the nearest occurrences of the two stems, in words, up to 16; a window is of 50 words,
 *     and counts if the query has two words; first(q) are the words before the stem's first occurrence. The title
 *     stands 16 words before the body. A word with two readings counts by the one that brings more: of each pair, in
 *     each window, and early.
 *     Stop words that are ignored, the first 16, only pair with the words before and behind them in the query, where
 *     they stand so side by side in the document: at distance 1, or not at all. With one of them a query is of more
 *     than one word.
 *
 * The whole title is the query where nothing but plain words was asked, of no field, at most 32, some of them perhaps
 * in parentheses as in titles of pages: these words, stop words too, and no others stand in it in their order, each in
 * one of its readings or in another writing (below). A word counts if d has its form, if it has one. That is more than
 * other words can bring: such documents come first.
 *
 * A word without a form (a number, a Latin word, a stop word) has wf = 0; without a root (these, and stems that are
 * spelt like a stop word which is a noun, or may have been cut) its stem counts as its root. With analyzers other than
 * "arabic" wf and wr are 0. A plain word with two readings (a dagger alef read or not, an ending or a part of the word,
 * a noun or a verb) counts by the one that brings a document more, and of its roots where d has neither, the first that
 * d has. Phrases and words with a sign use the first reading; a phrase with a word that may be a name or a stop word
 * (علي, على, where the query does not tell them apart) is found with either, and so is a word with a sign that may be a
 * stop word without its hamza (+امام; of =امام, the form and the stop word add up). Other stems with the form of the
 * word (a hamza tells whether ال is an article: إلهام, typed الهام) are readings of it in the documents where they have
 * it, and bring their form part alone.
 *
 * Two plain stop words or more and nothing else are looked for as a phrase as well, with a boost of 100: a quotation is
 * found first.
 *
 * A phrase of two words or more, and words joined by NEAR or THEN, score as the sum of their words, with wf = wr = 0.
 * title:word and body:word score their stem's own occurrences with the weight wb, wf = wr = 0: title:word with n and
 * avg of the titles, body:word with those of the whole text. A section or date scores 0. A word of a text of the
 * schema (author:word) scores lw * wb * idf * sat with n, len and avg of that field, avg over the documents that have
 * it; where the text has a weight, a plain word or phrase adds so many times what it scores there by the field's name.
 *
 * Of a ==word, tf are the occurrences that are so written in title and body (with title:, in the title), which are read
 * when the search begins, and n the documents that have its form.
 *
 * Words that are written together and apart: where the index has neighbours of a query as one word, or a word of it as
 * two or three side by side, more often than by chance would be (by the counts of the index; of parts in many documents
 * a sample is looked at), that is another writing of them, also in a phrase or with a sign. Of what is known to be
 * written in any spacing (ما زال, مازال; إن شاء الله, انشاء الله) each that the index has is one, and of a particle
 * with a present tense (لا يستوعب) the one word; so are initials of a word of two letters and one (أف ب: أ.ف.ب). A
 * document has what was asked in the writing that scores more, and that is what counts. Another writing scores as one
 * word with
 *   lw * wb * ((1 - wf) * idf(stem) + wf * idf(form) + wr * idf(root)) of the word that was asked, or their sum for
 *   neighbours, as weight of sat(tf, |d|, avg), and lw * wt * idf(stem), or their sum, of sat(tf_title, ...)
 * where tf is how often it stands there, and n of the word that was asked counts the documents of its other writings.
 * Where it stands, the word that was asked stands; neighbours stand there both, at a distance of 1. No root is looked
 * for in its place.
 *
 * With FIH_MATCH_BROAD a plain word, without a sign and of no field, is found by its root, too. The other stems of its
 * roots count as one word: tf is the sum of their occurrences, and they score 0.2 * lw * wb * idf(root) * sat. Of the
 * word and of them the document has what scores more; in the second pass the root is added as of any word that is
 * lacked. Not so stop words, words that have another writing, and words in parentheses that are left out. For the
 * second pass such a query does not ask for one word.
 *
 * The words that a pattern matches count as one: they are looked for among forms (in titles, in other scripts and with
 * other analyzers among stems), and tf is the sum of their occurrences (for a fuzzy word, each divided by 1 + edits;
 * those of a word with two stems count for both), n the documents of each of them added up, but no more than there are;
 * the score is wb * lw * idf * sat, lw by the letters written in the pattern.
 *
 * Documents with equal scores are ordered by their number, so equal indexes give equal lists.
 *
 * BM25 after Robertson & Zaragoza, "The Probabilistic Relevance Framework" (2009), each part saturated by itself; idf
 * never negative, the "Lucene" form in Kamphuis et al., "Which BM25 Do You Mean?" (2020); nearness after Rasolofo &
 * Savoy, "Term Proximity Scoring for Keyword-Based Retrieval Systems" (2003). That forms and roots count beside stems,
 * the weight of letters and all default weights are ours, chosen by measurement: bench/quality.md.
 *
 * @param out    New on FIH_OK, freed with fih_hits_free(); NULL on any error.
 * @param opts   NULL for all defaults.
 * @return FIH_OK even with no hits; FIH_E_QUERY with its place for a regular expression that is none or asks for what
 *         fihrist-query(7) does not have, for a field that the index has not, or what is no value of it, FIH_E_USAGE,
 *         FIH_E_LIMIT, also for one that is too large, FIH_E_CANCEL,
 *         FIH_E_NOMEM, FIH_E_IO, FIH_E_CORRUPT, FIH_E_STALE, FIH_E_FORK.
 */
FIH_API int fih_search(fih_hits **out, const fih_reader *r, const fih_query *q, const fih_search_opts *opts,
                       fih_error *err);

/* -------------------------------------------------------------------- Hits */

typedef struct fih_hit {
    fih_docno doc;
    float     score;
    fih_str   id;             /* borrowed until fih_hits_free() */
    uint64_t  others;         /* where hits are collapsed: how many more documents this one stands for; else 0 */
    uint32_t  index;          /* number of its index, from 0: fih_reader_index_path() names it */
    float     first, rooted;  /* with global statistics (fih_reader_use_global()): its score by the first pass, and with
                                 the roots of words that it lacks, if these were looked up */
} fih_hit;

/* Hits returned, at most limit, the best or first one at 0:
 *
 *     for (i = 0; (hit = fih_hits_at(hits, i)) != NULL; i++)
 *         printf("%.3f %.*s\n", hit->score, (int)hit->id.len, hit->id.ptr);
 *
 * What it has of the documents are their numbers and ids: fih_reader_doc() gives the rest. */
FIH_API size_t fih_hits_count(const fih_hits *h);
FIH_API const fih_hit *fih_hits_at(const fih_hits *h, size_t i);
/* With global statistics: for how many of the whole list's best documents roots of missing words are looked up, and for
 * how many of these it counts where words stand; 0 for none. */
FIH_API uint32_t fih_hits_roots_depth(const fih_hits *h);
FIH_API uint32_t fih_hits_places_depth(const fih_hits *h);
/* Hits ranked before this page, by offset or cursor: the rank of the first hit here is one more. */
FIH_API uint64_t fih_hits_before(const fih_hits *h);
/* How many documents match. Exact where count_all was set, where hits are sorted by date, where fewer match than limit
 * and offset reach, and where the words of the query have at most 1,000 postings together (the sum of the documents of
 * each stem, section and pattern); else fih_hits_is_exact() says whether it is, and if not, at least so many match. */
FIH_API uint64_t fih_hits_total(const fih_hits *h);
FIH_API int fih_hits_is_exact(const fih_hits *h);
/**
 * The place where this page ends, for fih_search_opts.after of the next search: pages to any depth, each as fast as the
 * first. Some tens of bytes of ASCII, NUL-terminated, borrowed until fih_hits_free(); empty if this page is the last.
 * To search with a cursor of another commit, or of other indexes, is
 * FIH_E_USAGE, since documents may have moved.
 */
FIH_API fih_str fih_hits_cursor(const fih_hits *h);
/* The words of the query that were passed over, as they were asked: stop words among others, and those of formulas.
 * +word or =word asks for one. Borrowed until fih_hits_free(); empty past the last. */
FIH_API size_t fih_hits_passed_count(const fih_hits *h);
FIH_API fih_str fih_hits_passed_at(const fih_hits *h, size_t i);
FIH_API void fih_hits_free(fih_hits *h);

/* ------------------------------------------------------------------ Facets */

/* Counts beside a page of hits: which subjects, years or prices there are among all that match, and how many documents
 * each would leave. What a reader chooses of them goes into the next query, by fih_query_field() or as tags:name. A
 * search and its facets have the same query and the same filters, so that the numbers fit:
 *
 *     fih_search(&hits, r, q, &opts, &err);
 *     fih_facets_new(&tags, r, q, "tags", &opts, &err);
 *     for (i = 0; i < 10 && (f = fih_facets_at(tags, i)) != NULL; i++)
 *         printf("%.*s (%llu)\n", (int)f->value.len, f->value.ptr, (unsigned long long)f->docs);
 */
typedef struct fih_facets fih_facets;

typedef struct fih_facet {
    fih_str  value;           /* a keyword; the first value of a step; a date as YYYY, YYYY-MM or YYYY-MM-DD; borrowed
                                 until fih_facets_free() */
    uint64_t docs;            /* matching documents that have it; exact */
} fih_facet;

/**
 * Counts of all documents that match, by the values of a field. Every match is visited, none is ranked.
 *
 * @param out   New on FIH_OK, freed with fih_facets_free(); NULL on any error.
 * @param what  A keyword by its name, "section" or "tags": the most frequent value first, ties by bytes; a document
 *              with several counts for each. An integer or number, "pages", or in steps "pages:100" (0 to 99, 100 to
 *              199 …): by value. A date or time as "date:year", "date:month" or "date:day": by date.
 * @param opts  Used: since, until, field, match_all, min_match, timeout_ms and on_wait. NULL for all defaults.
 * @return as fih_search(); FIH_E_USAGE for another `what`, or a field that is not there.
 */
FIH_API int fih_facets_new(fih_facets **out, const fih_reader *r, const fih_query *q, const char *what,
                           const fih_search_opts *opts, fih_error *err);
/* The values, in the order that fih_facets_new() describes: all of them, so a program that wants ten takes the first
 * ten. */
FIH_API size_t fih_facets_count(const fih_facets *f);
FIH_API const fih_facet *fih_facets_at(const fih_facets *f, size_t i);
/* How many documents match. */
FIH_API uint64_t fih_facets_total(const fih_facets *f);
/* How many of them have no such value. With one value a document at most, this and the counts add up to the total; with
 * several they may be more. */
FIH_API uint64_t fih_facets_without(const fih_facets *f);
FIH_API void fih_facets_free(fih_facets *f);

/* ------------------------------------------------- Nothing found, or little */

enum fih_why_kind {           /* why a search finds nothing: the first of these that holds */
    FIH_WHY_EMPTY     = 0,    /* the index has no documents */
    FIH_WHY_NO_WORD   = 1,    /* nothing in the query is a word */
    FIH_WHY_ONLY_NOT  = 2,    /* the query only says what to leave out, and every document has it */
    FIH_WHY_PAGE      = 3,    /* offset or cursor lie past the last of `docs` documents */
    FIH_WHY_BACKWARDS = 4,    /* a span of days that ends before it begins */
    FIH_WHY_SECTION   = 5,    /* no document has the section `name`; `sections` are up to six that there are */
    FIH_WHY_BOUNDS    = 6,    /* no document passes the filters by fields; without them: `docs` documents */
    FIH_WHY_ALL       = 7,    /* no document has all words asked for; any of them: `docs` documents */
    FIH_WHY_FIELDS    = 8,    /* no document in these fields; anywhere: `docs` documents */
    FIH_WHY_STRICT    = 9,    /* its words, anywhere and in any order: `docs` documents */
    FIH_WHY_WORDS     = 10    /* no document has any of its words */
};

typedef struct fih_why {
    int            kind;      /* enum fih_why_kind */
    int            has_section, has_date, has_field; /* which filters the query or the options have: by section, by
                                 date, by other fields */
    uint64_t       docs;      /* as the kind says */
    fih_str        name;      /* this and the sections: borrowed until fih_why_free(), NUL-terminated */
    const fih_str *sections;  /* the commonest first */
    size_t         section_count;
} fih_why;

/* Why fih_search() with these arguments found nothing: looser searches are tried. New, freed with fih_why_free().
 * Errors as fih_search(). */
FIH_API int fih_why_nothing(fih_why **out, const fih_reader *r, const fih_query *q, const fih_search_opts *opts,
                            fih_error *err);
FIH_API void fih_why_free(fih_why *w);

/* What is offered is a whole query, ready to be searched for or shown as a link:
 *
 *     if (fih_hits_count(hits) == 0 && fih_suggest(&s, r, text, &opts, &err) == FIH_OK && s)
 *         printf("did you mean %s?\n", s->text.ptr);
 */
typedef struct fih_suggestion {
    fih_str     text;         /* borrowed until fih_suggestion_free(), NUL-terminated */
    const char *how;          /* where its last new word comes from; static, English */
} fih_suggestion;

/**
 * "Did you mean": another query for one that finds nothing or little. A word of it that no document has is replaced by
 * the likeliest word of the index, also if the query finds something by its other words. So is a word that hardly any
 * document has, if the query finds no more than ten documents and the other word is far more common. Operators, fields
 * and patterns stay. A likely word
 *   - has the same keys on another keyboard (Arabic 101 or 102, QWERTY, AZERTY);
 *   - is what was typed but for a letter or two, which are left out, put in, swapped, or neighbours in sound, shape or
 *     on the keyboard; not for a word of the language that the index merely does not have;
 *   - is the Arabic for a spelling in Latin letters, in French or English manner (bourguiba, almaghrib, 7obb).
 * Of several, words win that stand beside the query's other words in the texts. Rare words are not offered, but there.
 *
 * @param out   New, freed with fih_suggestion_free(); NULL if there is nothing to offer: at once if the index has all
 *              words. Its new words are as most of a few texts spell them, without vowels; so are those that stay, if
 *              they were typed in bare letters (ازمه for أزمة) and not behind =. It finds documents, and no fewer than
 *              the query, by the same options.
 * @param opts  Those of the search; limit, offset, after and sort are not looked at. NULL for all defaults.
 * @return FIH_OK, also with nothing to offer; errors as fih_search(). It may visit every word of the index.
 */
FIH_API int fih_suggest(fih_suggestion **out, const fih_reader *r, fih_str text, const fih_search_opts *opts,
                        fih_error *err);
FIH_API void fih_suggestion_free(fih_suggestion *s);

/* ---------------------------------------------------------------- Snippets */

typedef struct fih_snippet fih_snippet;

enum fih_part_kind {
    FIH_PART_TEXT = 0,        /* original text between hits */
    FIH_PART_HIT  = 1,        /* a whole surface word that matches: vowels, clitics and all */
    FIH_PART_GAP  = 2         /* text left out; `text` is empty */
};

typedef struct fih_part {
    int     kind;             /* enum fih_part_kind */
    fih_str text;             /* borrowed until fih_snippet_free(); bytes of the stored text, unchanged */
} fih_part;

typedef struct fih_snippet_opts {
    size_t      size;         /* sizeof(fih_snippet_opts); set by FIH_SNIPPET_OPTS_INIT */
    const char *field;        /* "body" or "title"; NULL = "body" */
    uint32_t    chars;        /* length, about so many characters; 0 = 240 (for a title: the whole) */
} fih_snippet_opts;
#define FIH_SNIPPET_OPTS_INIT { sizeof(fih_snippet_opts), 0, 0 }

/* The passage of a document that shows most of the query's words close together. The words of a phrase, or of words at
 * a distance, count as hits only where they stand as asked, and a passage that has them is preferred. Only the first
 * 4 MiB of the text are searched, and what was left out at indexing (fih_clean()) appears as a gap. New, freed with
 * fih_snippet_free(); `doc` may be freed before it. */
FIH_API int fih_snippet_new(fih_snippet **out, const fih_reader *r, const fih_query *q, const fih_stored *doc,
                            const fih_snippet_opts *opts, fih_error *err);
/* The same of any text, which need not be in the index: it is read whole, up to its first 4 MiB. `text` may go at once.
 * Of `opts`, chars is used; 0 = 240. New, freed with fih_snippet_free(). */
FIH_API int fih_snippet_of_text(fih_snippet **out, const fih_reader *r, const fih_query *q, fih_str text,
                                const fih_snippet_opts *opts, fih_error *err);
/* Its parts in reading order. Their texts are the original bytes, so a page must escape them:
 *
 *     for (i = 0; (part = fih_snippet_at(s, i)) != NULL; i++)
 *         if (part->kind == FIH_PART_GAP)      printf(" … ");
 *         else if (part->kind == FIH_PART_HIT) printf("<b>%s</b>", escaped(part->text));
 *         else                                 printf("%s", escaped(part->text));
 */
FIH_API size_t fih_snippet_count(const fih_snippet *s);
FIH_API const fih_part *fih_snippet_at(const fih_snippet *s, size_t i);
FIH_API void fih_snippet_free(fih_snippet *s);

/* ----------------------------------------------------------------- Explain */

typedef struct fih_explanation fih_explanation;

typedef struct fih_explain_line {
    unsigned depth;           /* 0 is the score itself, and the lines of depth 1 behind it add up to it; deeper ones
                                 say how the line above them comes about: they are its parts, or its factors */
    double   value;
    fih_str  text;            /* what the value is; borrowed until fih_explanation_free() */
} fih_explain_line;

/* How a document's score comes about: for each word found, its parts by the formula at fih_search(); and if the second
 * pass looks at the document, the roots of words that it lacks, and where words stand. The value of the first line is
 * the score that fih_search() gives. For a document that does not match: one line with the value 0. New, freed with
 * fih_explanation_free().
 *
 *     for (i = 0; (line = fih_explanation_at(e, i)) != NULL; i++)
 *         printf("%*s%.4f %.*s\n", (int)(2 * line->depth), "", line->value, (int)line->text.len, line->text.ptr);
 */
FIH_API int fih_explain(fih_explanation **out, const fih_reader *r, const fih_query *q, fih_docno doc,
                        const fih_search_opts *opts, fih_error *err);
/* Its lines, to be indented by their depth. */
FIH_API size_t fih_explanation_count(const fih_explanation *e);
FIH_API const fih_explain_line *fih_explanation_at(const fih_explanation *e, size_t i);
FIH_API void fih_explanation_free(fih_explanation *e);

/* ----------------------------------------------------------------- Analyze */

/* What the library makes of a text: for people who ask why a word is found or not, and for programs that index the
 * terms themselves. Words are normalised (vowels, forms of letters), then have their clitics and endings taken off,
 * and are read in more than one way where they may be several words. fih_analyze() of "وبالمكتبات" tells, among others:
 *
 *     term "مكتب", position 0, FIH_LEVEL_STEM, and in `reason` the steps to it
 */
typedef struct fih_analyzer fih_analyzer;

enum fih_level {
    FIH_LEVEL_STEM = 0,       /* the stem: finds documents; positions are its */
    FIH_LEVEL_FORM = 1,       /* the normalised word, with the stem before it: ranks, and finds other stems that have
                                 it */
    FIH_LEVEL_ROOT = 2        /* the letters of the root, with the stem before it: only ranks */
};

typedef struct fih_token {
    size_t   start, end;      /* bytes of the surface word in the text given */
    uint32_t position;        /* running number of the word, from 0. Readings of a word share one, and each stem has one
                                 with its form and root */
    fih_str  term;            /* what is indexed; borrowed during the callback */
    int      is_stop;         /* a stop word: indexed, but passed over in plain queries */
    fih_str  reason;          /* one line: how the surface became the term; borrowed during the callback */
    int      level;           /* enum fih_level */
} fih_token;

/**
 * Make an analyzer on its own. Names:
 *   "arabic"           normalisation and a light stemmer; the stems' forms and roots rank (the default)
 *   "arabic-light"     the same stems alone: a smaller index
 *   "arabic-snowball"  normalisation, then libstemmer's Arabic stemmer
 *   "arabic-exact"     normalisation only
 *   "simple"           words, case-folded
 * An option may follow: "+french" or "+english" stems words in Latin script (libstemmer).
 * The analysis chain, every code point and guard of it, is specified in lib/text/README.md.
 *
 * @param name  NULL = "arabic". Copied.
 */
FIH_API int fih_analyzer_new(fih_analyzer **out, const char *name, fih_error *err);
/**
 * Make an analyzer that knows more words than those built in.
 *
 * A lexicon is text in UTF-8, at most 1 MiB and 50,000 lines, a word or more a line, tabs between them:
 *   singular TAB plural [TAB anything]   a broken plural: each finds the other
 *   word TAB the same word               not a plural, even if it looks like one
 *   name                                 keeps its ending
 *   # ...                                a comment
 * Where it differs from the built-in lexicon, it wins. Only "arabic" and "arabic-light" use one.
 *
 * @param lexicon  the text; empty = none. Not kept.
 * FIH_E_USAGE names the line that is wrong.
 */
FIH_API int fih_analyzer_new_with(fih_analyzer **out, const char *name, fih_str lexicon, fih_error *err);
/**
 * A tokenizer of the program's own: it says which terms a text has, and the library does the rest - writing, searching,
 * phrases, passages - as with its own analyzers.
 *
 * An index remembers its name and version: it is "program:NAME" in fih_stats.analyzer, and a writer or reader with
 * another one, or none, is FIH_E_ANALYZER. Raise the version whenever a text would get other terms.
 *
 * The function is called with a title, a body or a piece of one (what fih_writer_opts.no_clean says is left out), the
 * words of a query, or a word by itself, and calls `emit` for each term, in order:
 *   position    0 for the first, and then one more for each word; or once more that of the term before, for another
 *               reading of the same word: up to 24 of them, with the same bytes of the text
 *   start, end  the word in `text`, in bytes, between two characters and not before the end of the word before
 *   term        1 to FIH_MAX_TERM bytes of UTF-8 without a NUL; borrowed during the call
 * It returns 0, or what `emit` returned if that is not 0. Anything that does not hold is FIH_E_ANALYZER with a message
 * that says what, from the call that needed the terms (of a writer that may be a later one, and drops uncommitted
 * changes); so is another code that it returns, but for FIH_E_NOMEM. A word that stands by itself must get the terms
 * that it has in a text, or passages do not show it as a hit.
 *
 * It may be called by several threads at once, and always with the same ctx: those of a writer, and those that search.
 *
 * What the library knows of Arabic has no part in it: there are no stop words, forms and roots, no folding of letters,
 * also not in patterns and in fields of kind keyword~, whose bytes are compared. Words together and apart, suggestions
 * and completions are made by the terms that the tokenizer gives.
 */
struct fih_tokenizer {
    size_t      size;         /* sizeof(fih_tokenizer); set by FIH_TOKENIZER_INIT */
    const char *name;         /* 1 to 40 letters of A to Z and a to z, digits, '.', '_' and '-' */
    uint32_t    version;
    int       (*tokenize)(void *ctx, fih_str text,
                          int (*emit)(void *sink, uint32_t position, size_t start, size_t end, fih_str term),
                          void *sink);
    void       *ctx;          /* must outlive the writers and readers that have it */
};
#define FIH_TOKENIZER_INIT { sizeof(fih_tokenizer), 0, 0, 0, 0 }

/* Give a reader the tokenizer of its indexes, before it searches; a reader from fih_writer_reader() has it already. It
 * needs the reader alone, as fih_reader_renew() does. `t` is copied. FIH_E_ANALYZER if the index was made with another
 * one, or with none; FIH_E_USAGE. */
FIH_API int fih_reader_set_tokenizer(fih_reader *r, const fih_tokenizer *t, fih_error *err);

/* The analyzer of an index. New. FIH_E_ANALYZER if this library has another one of the name, or none: see
 * fih_reader_open(). */
FIH_API int fih_reader_analyzer(fih_analyzer **out, const fih_reader *r, fih_error *err);
/* Call `each` for every term of a text, in order; nonzero stops and is returned. */
FIH_API int fih_analyze(fih_analyzer *a, fih_str text, int (*each)(void *ctx, const fih_token *t), void *ctx,
                        fih_error *err);
/* The same with empty reasons, which is several times faster: for a program that indexes the terms itself. */
FIH_API int fih_analyze_terms(fih_analyzer *a, fih_str text, int (*each)(void *ctx, const fih_token *t), void *ctx,
                              fih_error *err);
/* A range of a text that is left out, and a short English name of why ("style", "script", "share bar" …; static). */
typedef struct fih_cut {
    size_t      start, end;   /* bytes; in order, without overlap, on borders of characters */
    const char *reason;
} fih_cut;

/* Call `each` for every range that a writer leaves out of this body; nonzero stops and is returned. The rules are
 * specified in lib/text/README.md. `text` may be any bytes; the time is linear in its length. */
FIH_API int fih_clean(fih_str text, int (*each)(void *ctx, const fih_cut *cut), void *ctx, fih_error *err);
/* The canonical description that an index records, with the versions of ICU, Unicode and libstemmer
 * and the fingerprint of our tables. Borrowed until fih_analyzer_free(). */
FIH_API const char *fih_analyzer_text(const fih_analyzer *a);
FIH_API void fih_analyzer_free(fih_analyzer *a);

/* --------------------------------------------------------------- Hand over */

/* What an index knows, for a program that writes it for another engine (tools/opensearch): the words of a document as
 * they are indexed, and a query as what it asks of the index, with all weights. */

typedef struct fih_word {
    fih_str  stem;            /* this and the next two borrowed during the callback */
    fih_str  form, root;      /* the normalised word and the root; empty if it has none that counts */
    uint32_t position;        /* from 0, in the title and then on in the body */
    int      in_title;
    int      is_reading;      /* another stem of the word before it, at the same position */
} fih_word;

/* Call `each` for every word of a document of the reader's snapshot, in order, what is left out of its body excepted;
 * nonzero stops and is returned. |d| of fih_search() is the last position and one. FIH_E_ANALYZER as fih_search(). */
FIH_API int fih_reader_each_word(const fih_reader *r, const fih_stored *s, int (*each)(void *ctx, const fih_word *word),
                                 void *ctx, fih_error *err);

/* What a text means as a value of a field of FIH_FIELD_INTEGER, NUMBER (`number` is set too), DATE (days) or TIME
 * (seconds since 1970). FIH_E_NOTFOUND without a message if it is none; FIH_E_USAGE, FIH_E_NOMEM. */
FIH_API int fih_value_read(int64_t *value, double *number, int field_kind, fih_str text, fih_error *err);

enum fih_plan_kind {
    FIH_PLAN_GROUP   = 1,     /* children, each with what it may or must */
    FIH_PLAN_BEST    = 2,     /* the same, but of all children that match the best one counts, not their sum */
    FIH_PLAN_WORD    = 3,     /* weight * sat(tf_stem) + form_weight * sat(tf_form) + root_weight * sat(tf_root) +
                                 title_weight * sat(tf_title), where the stem is; of a word in the title alone
                                 weight * sat(tf_title) */
    FIH_PLAN_PHRASE  = 4,     /* children are words that stand together; scores as their sum */
    FIH_PLAN_WRITING = 5,     /* the same, but scores as a word that is there as often as they stand so: weight *
                                 sat(tf) + title_weight * sat(tf in the title) */
    FIH_PLAN_PATTERN = 6,     /* words by their spelling: weight * sat of the sum of their tf */
    FIH_PLAN_KEYWORD = 7,     /* `text` is a value of `field` */
    FIH_PLAN_VALUES  = 8,     /* the field has a value from low to high, both in it; or one that begins with `text` */
    FIH_PLAN_ALL     = 9,
    FIH_PLAN_TITLE   = 10     /* the title is the children, groups of words of which one stands at each place, and
                                 nothing else; scores the sum of the groups' weights, of those whose form the document
                                 has, or all where is_sure */
};
enum { FIH_LINK_NEXT = 0, FIH_LINK_THEN = 1, FIH_LINK_NEAR = 2 };
enum { FIH_PATTERN_WILDCARD = 0, FIH_PATTERN_FUZZY = 1, FIH_PATTERN_REGEX = 2, FIH_PATTERN_EXACT = 3,
       FIH_PATTERN_WRITTEN = 4 };

/* Texts and children are borrowed until fih_plan_free(). Weights are those of fih_search()'s formula, idf in them. */
typedef struct fih_plan_node {
    int         kind;         /* enum fih_plan_kind */
    int         occur;        /* FIH_MAY, FIH_MUST, FIH_NOT, in the group that it is in */
    const struct fih_plan_node *const *children;
    size_t      count;
    uint32_t    least;        /* of a group: so many of its FIH_MAY must match; 0: one, or none beside a FIH_MUST */
    const char *field;        /* of words and patterns NULL, "title", "body" or a text's name: weight * sat in it; of
                                 keywords and values its name */
    int         field_kind;   /* enum fih_field_kind */
    fih_str     stem, form, root;
    int         is_form_only; /* a word that is found only where it has the form */
    float       weight, form_weight, root_weight, title_weight;
    int         is_sure;
    fih_str     text;         /* a keyword; what one begins with; a pattern as it was asked */
    int64_t     low, high;    /* INT64_MIN + 1 and INT64_MAX: open. Days and seconds since 1970 */
    double      low_number, high_number;  /* the same of FIH_FIELD_NUMBER */
    int         pattern;      /* FIH_PATTERN_… */
    fih_str     expression;   /* of a wildcard or a word's form: as a regular expression, without (?:; of a fuzzy word
                                 its letters, else what was asked */
    int         is_form_pattern;  /* looked for among forms, else among stems */
    uint32_t    edits;        /* of FIH_PATTERN_FUZZY */
    uint32_t    slop;         /* of a phrase: how many other words may stand between its own, in total */
    int         is_near;      /* of a phrase: its words stand as their links say */
    int         link;         /* FIH_LINK_…: how a word of it stands to the one before */
    uint32_t    reach;        /* how many words on at most */
    uint32_t    position;     /* of a word, in its phrase */
    uint32_t    word;         /* readings of one word have one number, and the next word the next one */
    float       rarity;       /* W of a word: letters times idf */
    int         has_writing;  /* it has another one: no root is looked for in its place */
} fih_plan_node;

typedef struct fih_plan_info {
    const fih_plan_node *root;    /* a group: what fih_search() finds, since and until of the options included */
    const fih_plan_node *titles;  /* FIH_PLAN_TITLE in a FIH_PLAN_BEST, added to the score of a document that is found;
                                     NULL if no title can be the query */
    float    k1, b, avg, avg_title;
    uint64_t docs;            /* N of fih_search() */
    /* The second pass: how many documents get roots of words that they lack, and then what places of words bring; 0 for
     * none of it. places_weight: wb * wp. Stop words that were passed over count beside their neighbours. */
    uint32_t root_depth, place_depth;
    float    places_weight;
    const fih_plan_node *passed;  /* a group of words, or NULL */
} fih_plan_info;

typedef struct fih_plan fih_plan;

/* What a search would ask: the tree is its first pass, first(d) of fih_search(). Of `opts` what bounds and weighs is
 * used. New, freed with fih_plan_free(), before the reader is renewed or closed. Errors as fih_search(). */
FIH_API int fih_plan_new(fih_plan **out, const fih_reader *r, const fih_query *q, const fih_search_opts *opts,
                         fih_error *err);
/* Borrowed until fih_plan_free(). */
FIH_API const fih_plan_info *fih_plan_get(const fih_plan *p);
FIH_API void fih_plan_free(fih_plan *p);

/* ------------------------------------------------------------------- Admin */

/* What the keeper of an index does, all of it while others read:
 *
 *     each night       fih_check() of a copy by fih_backup(): a backup that was never verified is a hope
 *     now and then     nothing: commits merge, and give back what the file has too much of
 *     after updates    fih_rebuild(), where fih_stats.needs_rebuild says that the analyzer has changed
 *     many indexes     fih_merge() makes one of them, fih_reader_open_many() reads them as they are
 */

/* Of several indexes together: sums, the newest commit, and the first reader of that kind. */
typedef struct fih_stats {
    size_t   size;            /* sizeof(fih_stats); set by FIH_STATS_INIT */
    uint64_t documents;       /* not deleted */
    uint64_t deleted;         /* deleted, not merged away yet */
    uint64_t terms;           /* distinct stems, forms, roots and sections, summed over the segments */
    uint64_t postings;        /* pairs of a stem or section and a document, summed over the segments */
    uint64_t tokens;          /* words indexed, deleted documents' included */
    uint32_t segments;
    uint32_t format_major, format_minor;
    uint64_t generation;      /* commits so far */
    int64_t  last_commit;     /* seconds since 1970 UTC; 0 = never */
    /* bytes by part, of the values as stored */
    uint64_t bytes_dictionary, bytes_postings, bytes_positions, bytes_norms,
             bytes_stored, bytes_ids, bytes_columns, bytes_deletes, bytes_notes;
    uint64_t bytes_live;      /* pages in use */
    uint64_t bytes_file;      /* the data file */
    float    title_weight, body_weight;
    char     analyzer[64];    /* name */
    char     analyzer_text[512]; /* canonical description */
    int64_t  oldest_reader;   /* the process that holds the oldest snapshot, if that is older than this one; 0 = none.
                                 Pages that it sees cannot be used again, so the data file grows */
    int      needs_rebuild;   /* its analyzer is none of this library: what would search or add is FIH_E_ANALYZER */
} fih_stats;
#define FIH_STATS_INIT \
    { sizeof(fih_stats), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, { 0 }, { 0 }, 0, 0 }

/* Counts and sizes of the snapshot: `out` begins as FIH_STATS_INIT, and its strings are part of it. It walks all
 * deletions and notes, so it is for people and monitors, not for each search. */
FIH_API int fih_reader_stats(fih_stats *out, const fih_reader *r, fih_error *err);

/**
 * Verify an index: every page, every checksum, and the invariants that FORMAT.md lists.
 *
 * @param problems    Set to the number of problems; may be NULL.
 * @param on_problem  Called once for each problem with one line of text; may be NULL. Nonzero stops.
 * @return FIH_OK if there is none, FIH_E_CORRUPT if there are; other errors as fih_reader_open().
 */
FIH_API int fih_check(uint64_t *problems, const char *path, int (*on_problem)(void *ctx, const char *line), void *ctx,
                      fih_error *err);

/* Merge all segments into one and give unused pages back to the disk. The data file is written anew beside the old one,
 * which takes as much free space as the index has live data, and replaces it in one step. Open readers keep their
 * snapshot. Of `opts`, memory_bytes, wait_ms, on_progress and on_log are used. */
FIH_API int fih_compact(const char *path, const fih_writer_opts *opts, fih_error *err);

/**
 * Make all terms of an index anew, of the documents that it has stored: where its analyzer is old (FIH_E_ANALYZER, see
 * fih_reader_open()), or another analyzer or other fields are wanted. Documents keep their order, and notes stay.
 *
 *     rc = fih_reader_open(&r, path, &err);
 *     if (rc == FIH_OK && (rc = fih_reader_stats(&stats, r, &err)) == FIH_OK && stats.needs_rebuild) {
 *         fih_reader_close(r);
 *         rc = fih_rebuild(path, NULL, NULL, NULL, NULL, &err);        after an upgrade, once
 *     }
 *
 * @param dest    NULL: in place. One commit replaces the old terms; until then, and after any error or crash, the index
 *                is as it was, and others may read it. It takes as much free space as the index has live data.
 *                Else a new index in this directory, which must be new, empty, or have no commit (from a call that was
 *                killed); after an error it is removed. The old one is only read.
 * @param opts    Used: memory_bytes, threads, wait_ms, on_progress, no_clean (which an index does not remember: say it
 *                again), on_log; and if given, instead of what the index has, analyzer or tokenizer, lexicon, the
 *                weights, and fields. A field that it has may get another kind, and "NAME:none" takes it away; others
 *                stay. NULL for all defaults.
 * @param change  May be NULL. Called for each document, which is borrowed, before it is added: it may change it, but
 *                for the id. Nonzero stops and is returned.
 * @return FIH_OK; FIH_E_ANALYZER if this library does not know the index' analyzer and opts names none; FIH_E_USAGE if
 *         `dest` is an index; otherwise as fih_writer_open(), fih_reader_open() and fih_writer_commit().
 */
FIH_API int fih_rebuild(const char *path, const char *dest, const fih_writer_opts *opts,
                        int (*change)(void *ctx, fih_doc *doc), void *ctx, fih_error *err);

typedef struct fih_merge_opts {
    size_t   size;            /* sizeof(fih_merge_opts); set by FIH_MERGE_OPTS_INIT */
    int    (*on_progress)(void *ctx, const fih_progress *p); /* as that of fih_writer_opts */
    /* Called for each document that is left out, because a later index has its id: `index` is the number of its own,
     * `source` empty if it has none. Nonzero stops and is returned. */
    int    (*on_replaced)(void *ctx, size_t index, fih_str id, fih_str source);
    /* Called for each note, behind all calls of on_replaced and in the order of the indexes. It may change the value,
     * which then is borrowed until the next call, or set it to {NULL, 0} to leave the note out. Nonzero stops and is
     * returned. */
    int    (*on_note)(void *ctx, size_t index, fih_str key, fih_str *value);
    void    *ctx;
    /* As that of fih_writer_opts: what the new index is merged of and in what time, documents that are left out, and
     * what a call that was killed had left there. */
    void   (*on_log)(void *ctx, int level, const char *message);
    void    *log_ctx;
} fih_merge_opts;
#define FIH_MERGE_OPTS_INIT { sizeof(fih_merge_opts), 0, 0, 0, 0, 0, 0 }

/**
 * Make a new index of the last commits of several, without analysing a text: all documents of the first, then those of
 * the second …, in one segment. Answers are those of the indexes read together (fih_reader_open_many()), and the same
 * must agree, but the analyzer need not be one of this library. Of an id that several have, the document of the last
 * one stays; of a note's key, the last one's value. The old indexes are only read.
 *
 * @param dest   A directory that is new, empty, or has no commit (from a call that was killed): the index is there
 *               whole or not at all. After an error it is removed.
 * @param count  1 to FIH_MAX_INDEXES.
 * @return FIH_OK; FIH_E_USAGE if `dest` is an index; otherwise as fih_reader_open_many() and fih_writer_commit().
 */
FIH_API int fih_merge(const char *const *paths, size_t count, const char *dest, const fih_merge_opts *opts,
                      fih_error *err);

/* Copy the last commit to the new directory `dest`, whole or not at all, and without the free pages of the file. This
 * is how an index is copied: a copy made by other programs while a writer is at work may be damaged. Others may read
 * and write meanwhile. FIH_E_USAGE if `dest` exists. */
FIH_API int fih_backup(const char *path, const char *dest, fih_error *err);

#ifdef __cplusplus
}
#endif
#endif
