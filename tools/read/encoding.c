/* encoding.c - finding and undoing encodings. See encoding.h. */
#include "read/encoding.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>

#define HEAD_BYTES   ((size_t)256 << 10)   /* looked at to find the encoding of a stream */
#define SAMPLE_BYTES ((size_t)16 << 10)    /* given to the detector and scored */
#define PIVOT_UNITS  4096

/* ------------------------------------------------------------------- UTF-8 */

/* Move past one character; whether it was well-formed. An ill-formed one is a maximal subpart, as
 * Unicode recommends. */
static bool step(const unsigned char *s, size_t n, size_t *i)
{
    const size_t at = *i;
    const unsigned char c = s[at];
    size_t need, k;
    unsigned low = 0x80, high = 0xbf;

    *i = at + 1;
    if (c < 0x80)
        return true;
    if (c < 0xc2 || c > 0xf4)
        return false;
    need = c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
    if (c == 0xe0)
        low = 0xa0;
    else if (c == 0xed)
        high = 0x9f;
    else if (c == 0xf0)
        low = 0x90;
    else if (c == 0xf4)
        high = 0x8f;
    for (k = 1; k <= need && at + k < n && s[at + k] >= low && s[at + k] <= high; k++) {
        low = 0x80;
        high = 0xbf;
    }
    *i = at + k;
    return k > need;
}

static size_t ascii_run(const unsigned char *s, size_t n, size_t i)
{
    uint64_t w;

    while (i + 8 <= n && (memcpy(&w, s + i, 8), (w & UINT64_C(0x8080808080808080)) == 0))
        i += 8;
    while (i < n && s[i] < 0x80)
        i++;
    return i;
}

/* Count the sequences beyond ASCII. */
static void scan(const char *text, size_t n, size_t *good, size_t *bad)
{
    const unsigned char *s = (const unsigned char *)text;

    *good = *bad = 0;
    for (size_t i = ascii_run(s, n, 0); i < n; i = ascii_run(s, n, i)) {
        if (step(s, n, &i))
            ++*good;
        else
            ++*bad;
    }
}

enum { BLOCK = 32 };

/* s[1] to s[BLOCK]: nothing but ASCII and characters of two bytes, in which a byte is a second one exactly if the one
 * before it is a first one. The compiler makes vectors of it. */
static bool is_plain_block(const unsigned char *s)
{
    unsigned char bad = 0;

    for (size_t i = 0; i < BLOCK; i++) {
        const unsigned char is_second = (unsigned char)(s[i + 1] ^ 0x80) < 0x40,
                            after_first = (unsigned char)(s[i] - 0xc2) < 0x1e;

        bad |= (unsigned char)((is_second ^ after_first) | (s[i + 1] >= 0xe0) | ((s[i + 1] & 0xfe) == 0xc0));
    }
    return !bad;
}

bool encoding_is_utf8(const char *text, size_t n)
{
    const unsigned char *s = (const unsigned char *)text;

    for (size_t i = 0; i < n; ) {
        if (i > 0 && n - i >= BLOCK && is_plain_block(s + i - 1))      /* s[i - 1] ends a character */
            i += BLOCK - (s[i + BLOCK - 1] >= 0xc2);          /* the last byte may begin one */
        else if (s[i] < 0x80)
            i = ascii_run(s, n, i);
        else if (n - i >= 2 && s[i] >= 0xc2 && s[i] < 0xe0 && (s[i + 1] & 0xc0) == 0x80)
            i += 2;                                /* most of Arabic */
        else if (!step(s, n, &i))
            return false;
    }
    return true;
}

char *encoding_repair(const char *text, size_t n, size_t *out_bytes)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t good, bad, at = 0;
    char *out;

    scan(text, n, &good, &bad);
    if (bad > (SIZE_MAX - n - 1) / 3 || !(out = malloc(n + 3 * bad + 1)))
        return NULL;
    for (size_t i = 0; i < n; ) {
        const size_t from = i;

        if (step(s, n, &i)) {
            memcpy(out + at, text + from, i - from);
            at += i - from;
        } else {
            memcpy(out + at, "\xEF\xBF\xBD", 3);
            at += 3;
        }
    }
    out[at] = '\0';
    *out_bytes = at;
    return out;
}

bool encoding_is_binary(const char *utf8, size_t n)
{
    const unsigned char *s = (const unsigned char *)utf8;
    size_t controls = 0;

    if (n > SAMPLE_BYTES)
        n = SAMPLE_BYTES;
    for (size_t i = 0; i < n; i++)
        controls += s[i] < 0x20 && s[i] != 0x1b && !(s[i] >= '\t' && s[i] <= '\r');
    return controls > n / 32;
}

/* ----------------------------------------------------------------- Finding */

static bool mark(struct encoding *out, const unsigned char *s, size_t n)
{
    static const struct { const char *bytes; size_t n; const char *name;
    } marks[] = {
        {"\xEF\xBB\xBF", 3, ENCODING_UTF8}, {"\xFF\xFE\0\0", 4, "UTF-32LE"},
        {"\0\0\xFE\xFF", 4, "UTF-32BE"}, /* before UTF-16, whose mark it begins with */
        {"\xFF\xFE", 2, "UTF-16LE"},        {"\xFE\xFF", 2, "UTF-16BE"},
    };

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (n >= marks[i].n && memcmp(s, marks[i].bytes, marks[i].n) == 0) {
            strcpy(out->name, marks[i].name);
            out->mark_bytes = marks[i].n;
            return true;
        }
    }
    return false;
}

/* UTF-16 without a mark: nearly every second byte is 00 (ASCII), 06 (Arabic) or FE (its presentation
 * forms). The low bytes of Arabic letters look like ASCII, so this must be seen before UTF-8 is tried. */
static bool utf16_without_mark(struct encoding *out, const unsigned char *s, size_t n)
{
    size_t high[2] = { 0, 0 };
    const size_t units = (n < SAMPLE_BYTES ? n : SAMPLE_BYTES) / 2;

    for (size_t i = 0; i < 2 * units; i++)
        high[i % 2] += s[i] == 0x00 || s[i] == 0x06 || s[i] == 0xfe;
    if (units < 4 || (high[0] < units - units / 5 && high[1] < units - units / 5) ||
        (high[0] > units / 2 && high[1] > units / 2))
        return false;
    strcpy(out->name, high[1] > high[0] ? "UTF-16LE" : "UTF-16BE");
    return true;
}

static size_t without_cut_end(const char *s, size_t n)
{
    size_t k = 0;

    while (k < 3 && k < n && ((unsigned char)s[n - 1 - k] & 0xc0) == 0x80)
        k++;
    return k < n && (unsigned char)s[n - 1 - k] >= 0xc0 ? n - 1 - k : n;
}

bool encoding_is_known(const char *name)
{
    UErrorCode rc = U_ZERO_ERROR;
    UConverter *c = ucnv_open(name, &rc);

    ucnv_close(c);
    return U_SUCCESS(rc);
}

static bool is_name_of_utf8(const char *name)
{
    return strcasecmp(name, "utf-8") == 0 || strcasecmp(name, "utf8") == 0;
}

/* How often a letter stands in Arabic text: 4 for the commonest. */
static int arabic_weight(UChar32 c)
{
    switch (c) {
    case 0x627: case 0x644: case 0x64a: case 0x645: case 0x648: case 0x646:
        return 4;                                  /* alef lam yeh meem waw noon */
    case 0x631: case 0x62a: case 0x628: case 0x639: case 0x62f: case 0x647: case 0x629: case 0x633: case 0x641:
        return 3;                                  /* reh teh beh ain dal heh teh-marbuta seen feh */
    case 0x60c: case 0x61b: case 0x61f: case 0x640:
        return 1;                                  /* comma, semicolon, question mark, tatweel */
    default:
        return c >= 0x621 && c <= 0x64a ? 1 : c >= 0x64b && c <= 0x652 ? 1 : 0;
    }
}

static bool is_arabic_letter(UChar32 c)
{
    return c >= 0x621 && c <= 0x64a;
}

static bool is_latin_letter(UChar32 c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0x17f && c != 0xd7 && c != 0xf7);
}

/* How much decoded units look like text that people write: the mean weight of the characters beyond
 * ASCII. A word of one script is the sign of the right code page, a word of two of a wrong one. */
static double plausibility(const UChar *u, int32_t n)
{
    double sum = 0;
    size_t count = 0;

    for (int32_t i = 0; i < n; i++) {
        const UChar32 c = u[i], before = i > 0 ? u[i - 1] : ' ', after = i + 1 < n ? u[i + 1] : ' ';

        if (c < 0x80)
            continue;
        count++;
        if (c == 0xfffd || (c < 0xa0))
            sum -= 6;
        else if (is_arabic_letter(c))
            sum += is_latin_letter(before) || is_latin_letter(after) ? -4
                 : is_arabic_letter(before) || is_arabic_letter(after) ? arabic_weight(c) : -1;
        else if (is_latin_letter(c))               /* in French or German at least one neighbour is ASCII */
            sum += is_arabic_letter(before) || is_arabic_letter(after) ? -4
                 : (before < 0x80 && is_latin_letter(before)) || (after < 0x80 && is_latin_letter(after)) ? 3 : -2;
        else if (arabic_weight(c) > 0 || c == 0xa0 || c == 0xab || c == 0xbb || (c >= 0x2010 && c <= 0x2026) ||
                 (c >= 0x200c && c <= 0x200f))
            sum += 1;                              /* punctuation and marks of both scripts */
        else
            sum -= 1;
    }
    return count ? sum / (double)count : 0;
}

static double score(const char *name, const char *s, size_t n)
{
    UErrorCode rc = U_ZERO_ERROR;
    UConverter *c = ucnv_open(name, &rc);
    UChar *u = malloc((n + 1) * sizeof *u);
    double result = -100;

    if (u && U_SUCCESS(rc)) {
        const int32_t units = ucnv_toUChars(c, u, (int32_t)n, s, (int32_t)n, &rc);

        if (U_SUCCESS(rc) || rc == U_STRING_NOT_TERMINATED_WARNING)
            result = plausibility(u, units);
    }
    free(u);
    ucnv_close(c);
    return result;
}

/* The confidence, 0 to 1, that ICU's detector has in each candidate. It confuses short Arabic texts
 * with others, so it is one voice only. */
static void ask_detector(double *confidence, const char *const *names, size_t count, const char *s, size_t n)
{
    UErrorCode rc = U_ZERO_ERROR;
    UCharsetDetector *d = ucsdet_open(&rc);
    int32_t found = 0;
    const UCharsetMatch **matches;

    ucsdet_setText(d, s, (int32_t)n, &rc);
    matches = ucsdet_detectAll(d, &found, &rc);
    for (int32_t i = 0; U_SUCCESS(rc) && i < found; i++) {
        const char *name = ucsdet_getName(matches[i], &rc);
        const int32_t sure = ucsdet_getConfidence(matches[i], &rc);

        if (U_FAILURE(rc))
            break;
        if (strcmp(name, "ISO-8859-1") == 0)
            name = "windows-1252";                 /* what is called Latin-1 is that, in practice */
        for (size_t k = 0; k < count; k++)
            if (strcasecmp(name, names[k]) == 0 && sure / 100.0 > confidence[k])
                confidence[k] = sure / 100.0;
    }
    ucsdet_close(d);
}

/* A sample that is not mostly the ASCII at the head of the text. */
static size_t take_sample(char *sample, const char *s, size_t n)
{
    size_t at = 0, until = 0;

    for (size_t i = 0; i < n && at < SAMPLE_BYTES; i++) {
        if ((unsigned char)s[i] >= 0x80 && until < i + 64)
            until = i + 64;                        /* the words around each byte beyond ASCII */
        if (i < until || (i + 16 < n && (unsigned char)s[i + 16] >= 0x80))
            sample[at++] = s[i];
    }
    return at;
}

static void find_code_page(struct encoding *out, const char *s, size_t n)
{
    static const char *const names[] = { "windows-1256", "ISO-8859-6", "windows-1252" };
    enum { COUNT = sizeof names / sizeof *names };
    double confidence[COUNT] = { 0 }, best = -1000;
    char *sample = malloc(SAMPLE_BYTES);
    size_t have;

    strcpy(out->name, names[0]);
    if (!sample)
        return;
    have = take_sample(sample, s, n);
    ask_detector(confidence, names, COUNT, sample, have);
    for (size_t i = 0; i < COUNT; i++) {
        const double sum = score(names[i], sample, have) + confidence[i] / 2;

        if (sum > best) {
            best = sum;
            strcpy(out->name, names[i]);
        }
    }
    free(sample);
}

/* A declared name is believed if ICU knows it and it can be true: the text was found to be neither
 * UTF-8 nor UTF-16. */
static bool take_declared(struct encoding *out, const char *declared)
{
    if (!declared || strlen(declared) >= sizeof out->name || is_name_of_utf8(declared) ||
        strncasecmp(declared, "utf-16", 6) == 0 || strncasecmp(declared, "utf-32", 6) == 0)
        return false;
    if (strcasecmp(declared, "iso-8859-1") == 0 || strcasecmp(declared, "latin1") == 0)
        declared = "windows-1252";
    if (!encoding_is_known(declared))
        return false;
    strcpy(out->name, declared);
    return true;
}

void encoding_find(struct encoding *out, const char *head, size_t n, const char *forced, const char *declared)
{
    size_t good, bad;

    memset(out, 0, sizeof *out);
    if (forced && strcasecmp(forced, "auto") != 0) {
        struct encoding by_mark = { "", 0 };

        snprintf(out->name, sizeof out->name, "%s", is_name_of_utf8(forced) ? ENCODING_UTF8 : forced);
        if (mark(&by_mark, (const unsigned char *)head, n) && strcasecmp(by_mark.name, out->name) == 0)
            out->mark_bytes = by_mark.mark_bytes;
        return;
    }
    if (mark(out, (const unsigned char *)head, n) || utf16_without_mark(out, (const unsigned char *)head, n))
        return;
    strcpy(out->name, ENCODING_UTF8);
    scan(head, without_cut_end(head, n), &good, &bad);
    if (bad == 0 || good / 99 >= bad || take_declared(out, declared))
        return;
    find_code_page(out, head, n);
}

/* -------------------------------------------------------------- Converting */

struct text_stream {
    struct input *in;
    UConverter   *from, *to;       /* NULL: the bytes are UTF-8 already */
    char         *raw;             /* read, not yet converted or passed on */
    size_t        raw_at, raw_end;
    bool          at_end, is_flushed, is_first;
    bool          has_failed;      /* the input failed behind what is in `raw` */
    struct why    why;
    UChar         pivot[PIVOT_UNITS];
    UChar        *pivot_from, *pivot_to;
};

static int open_converters(struct text_stream *t, const char *name, struct why *why)
{
    UErrorCode rc = U_ZERO_ERROR;

    t->pivot_from = t->pivot_to = t->pivot;
    t->is_first = true;
    t->from = ucnv_open(name, &rc);
    t->to = ucnv_open(ENCODING_UTF8, &rc);
    if (U_SUCCESS(rc))
        return 0;
    why_set(why, "encoding '%s' is not known: %s", name, u_errorName(rc));
    return -1;
}

/* Convert as much as fits; afterwards either the buffer is full or the raw bytes are used up. */
static ssize_t convert(struct text_stream *t, char *buf, size_t n, struct why *why)
{
    UErrorCode rc = U_ZERO_ERROR;
    const char *src = t->raw + t->raw_at;
    char *dst = buf;

    ucnv_convertEx(t->to, t->from, &dst, buf + n, &src, t->raw + t->raw_end, t->pivot, &t->pivot_from,
                   &t->pivot_to, t->pivot + PIVOT_UNITS, t->is_first, t->at_end, &rc);
    t->is_first = false;
    t->raw_at = (size_t)(src - t->raw);
    if (U_FAILURE(rc) && rc != U_BUFFER_OVERFLOW_ERROR) {
        why_set(why, "cannot convert to UTF-8: %s", u_errorName(rc));
        return -1;
    }
    if (t->at_end && rc != U_BUFFER_OVERFLOW_ERROR)
        t->is_flushed = true;
    return dst - buf;
}

int encoding_decode(char **out, size_t *out_bytes, const char *text, size_t n, const struct encoding *e,
                    size_t limit, struct why *why)
{
    struct text_stream t = { 0 };
    size_t cap = n + n / 2 + 64, have = 0;
    char *buf = NULL, *more;
    ssize_t got;
    int rc = -1;

    *out = NULL;
    if (open_converters(&t, e->name, why) != 0)
        goto out;
    t.raw = (char *)(uintptr_t)text;               /* only read from */
    t.raw_at = e->mark_bytes;
    t.raw_end = n;
    t.at_end = true;
    if (!(buf = malloc(cap)))
        goto nomem;
    while (!t.is_flushed) {
        if (cap - have < 64) {
            cap *= 2;
            if (!(more = realloc(buf, cap)))
                goto nomem;
            buf = more;
        }
        if ((got = convert(&t, buf + have, cap - have - 1, why)) < 0)
            goto out;
        have += (size_t)got;
        if (have > limit) {
            why_set(why, "more than %zu MiB of text in one document", limit >> 20);
            goto out;
        }
    }
    buf[have] = '\0';
    *out = buf;
    *out_bytes = have;
    buf = NULL;
    rc = 0;
    goto out;
nomem:
    why_set(why, "out of memory");
out:
    free(buf);
    ucnv_close(t.from);
    ucnv_close(t.to);
    return rc;
}

int text_open(struct text_stream **out, struct input *in, const char *forced, struct why *why)
{
    struct text_stream *t = calloc(1, sizeof *t);
    struct encoding e;
    ssize_t got;

    *out = NULL;
    if (!t || !(t->raw = malloc(HEAD_BYTES))) {
        why_set(why, "out of memory");
        goto fail;
    }
    t->in = in;
    while (t->raw_end < HEAD_BYTES && (got = input_read(in, t->raw + t->raw_end, HEAD_BYTES - t->raw_end, why)) != 0) {
        if (got < 0) {
            if (t->raw_end == 0)
                goto fail;
            t->has_failed = true;                  /* what came before it is still good */
            t->why = *why;
            break;
        }
        t->raw_end += (size_t)got;
    }
    t->at_end = t->raw_end < HEAD_BYTES && !t->has_failed;
    encoding_find(&e, t->raw, t->raw_end, forced, NULL);
    t->raw_at = e.mark_bytes;
    if (strcmp(e.name, ENCODING_UTF8) != 0 && open_converters(t, e.name, why) != 0)
        goto fail;
    *out = t;
    return 0;
fail:
    text_close(t);
    return -1;
}

static int refill(struct text_stream *t, struct why *why)
{
    ssize_t got;

    if (t->raw_at < t->raw_end || t->at_end)
        return 0;
    if (t->has_failed) {
        *why = t->why;
        return -1;
    }
    if ((got = input_read(t->in, t->raw, HEAD_BYTES, why)) < 0)
        return -1;
    t->raw_at = 0;
    t->raw_end = (size_t)got;
    t->at_end = got == 0;
    return 0;
}

ssize_t text_read(struct text_stream *t, char *buf, size_t n, struct why *why)
{
    ssize_t got = 0;

    if (!t->from) {
        const size_t have = t->raw_end - t->raw_at, take = have < n ? have : n;

        if (have == 0 && t->has_failed) {
            *why = t->why;
            return -1;
        }
        if (have == 0)
            return t->at_end ? 0 : input_read(t->in, buf, n, why);
        memcpy(buf, t->raw + t->raw_at, take);
        t->raw_at += take;
        return (ssize_t)take;
    }
    while (got == 0 && !t->is_flushed)
        if (refill(t, why) != 0 || (got = convert(t, buf, n, why)) < 0)
            return -1;
    return got;
}

void text_close(struct text_stream *t)
{
    if (!t)
        return;
    ucnv_close(t->from);
    ucnv_close(t->to);
    free(t->raw);
    free(t);
}
