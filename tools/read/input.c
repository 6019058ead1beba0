/* input.c - reading, decompressing and hashing in one pass. See input.h. */
#include "read/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>
#include <zlib.h>
#include <zstd.h>

#define RAW_BYTES ((size_t)256 << 10)

/* Compressed text is a third to a thirtieth of its size; what is beyond both of these was made to hurt. */
#define BOMB_BYTES  ((uint64_t)1 << 30)
#define BOMB_FACTOR 1000u

enum pack { PACK_NONE, PACK_GZIP, PACK_ZSTD };

struct input {
    int            fd;             /* -1 for memory */
    bool           is_own;         /* close fd at the end */
    bool           at_end;         /* no more raw bytes */
    enum pack      pack;
    struct file_id id;
    unsigned char *raw;            /* RAW_BYTES, or the memory given */
    size_t         raw_at, raw_end;
    unsigned char *peeked;         /* content that was looked at and not read yet */
    size_t         peek_at, peek_end;
    bool           has_failed;     /* behind that */
    struct why     failure;
    uint64_t       consumed, produced; /* bytes of the file; of its content */
    XXH3_state_t  *hash;
    z_stream       z;
    bool           z_is_open;      /* inflateEnd() is due */
    bool           in_member;      /* inside a gzip member or zstd frame: an end of file here is a loss */
    ZSTD_DStream  *zstd;
};

void why_set(struct why *w, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(w->text, sizeof w->text, fmt, ap);
    va_end(ap);
}

/* Read once more behind what the raw buffer holds. */
static int read_raw(struct input *in, struct why *why)
{
    const ssize_t got = read(in->fd, in->raw + in->raw_end, RAW_BYTES - in->raw_end);

    if (got < 0) {                                 /* EINTR too: the command catches signals only to stop */
        why_set(why, "cannot read: %s", strerror(errno));
        return -1;
    }
    XXH3_128bits_update(in->hash, in->raw + in->raw_end, (size_t)got);
    in->raw_end += (size_t)got;
    in->consumed += (uint64_t)got;
    in->at_end = got == 0;
    return 0;
}

/* Fill the raw buffer when it is empty; afterwards it is empty only at the end. */
static int refill(struct input *in, struct why *why)
{
    if (in->raw_at < in->raw_end || in->at_end)
        return 0;
    if (in->fd < 0) {
        in->at_end = true;
        return 0;
    }
    in->raw_at = in->raw_end = 0;
    return read_raw(in, why);
}

static bool ends_with(const char *s, const char *end)
{
    const size_t n = strlen(s), m = strlen(end);

    return n >= m && memcmp(s + n - m, end, m) == 0;
}

/* Told by the first bytes; `path` may promise one kind, and then nothing else will do. */
static int find_pack(struct input *in, const char *path, struct why *why)
{
    const unsigned char *p = in->raw + in->raw_at;
    const size_t n = in->raw_end - in->raw_at;

    if (n >= 2 && p[0] == 0x1f && p[1] == 0x8b)
        in->pack = PACK_GZIP;
    else if (n >= 4 && p[1] == 0xb5 && p[2] == 0x2f && p[3] == 0xfd && p[0] == 0x28)
        in->pack = PACK_ZSTD;
    else if (n >= 4 && (p[0] & 0xf0) == 0x50 && p[1] == 0x2a && p[2] == 0x4d && p[3] == 0x18)
        in->pack = PACK_ZSTD;      /* a skippable frame stands first */
    if (ends_with(path, ".gz") && in->pack != PACK_GZIP) {
        why_set(why, "not gzip data, though the name ends in .gz");
        return -1;
    }
    if (ends_with(path, ".zst") && in->pack != PACK_ZSTD) {
        why_set(why, "not zstd data, though the name ends in .zst");
        return -1;
    }
    return 0;
}

static int start_unpacking(struct input *in, struct why *why)
{
    if (in->pack == PACK_GZIP) {
        if (inflateInit2(&in->z, 15 + 16) != Z_OK)
            goto nomem;
        in->z_is_open = true;
    } else if (in->pack == PACK_ZSTD) {
        if (!(in->zstd = ZSTD_createDStream()) || ZSTD_isError(ZSTD_initDStream(in->zstd)))
            goto nomem;
    }
    return 0;
nomem:
    why_set(why, "out of memory");
    return -1;
}

/* Takes over fd when it is to be closed, also on failure. */
static int start(struct input **out, int fd, bool is_own, const char *path, struct why *why)
{
    struct input *in;
    int rc = -1;

    *out = NULL;
    if (!(in = calloc(1, sizeof *in))) {
        why_set(why, "out of memory");
        if (is_own)
            close(fd);
        return -1;
    }
    in->fd = fd;
    in->is_own = is_own;
    if (!(in->raw = malloc(RAW_BYTES)) || !(in->hash = XXH3_createState())) {
        why_set(why, "out of memory");
        goto out;
    }
    XXH3_128bits_reset(in->hash);
    while (in->raw_end < 4 && !in->at_end)         /* a pipe may give less than the mark we look for */
        if (read_raw(in, why) != 0)
            goto out;
    if (find_pack(in, path, why) != 0 || start_unpacking(in, why) != 0)
        goto out;
    *out = in;
    in = NULL;
    rc = 0;
out:
    input_close(in);
    return rc;
}

static void fill_id(struct file_id *id, const struct stat *st)
{
    id->size = (uint64_t)st->st_size;
    id->mtime_ns = (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
    id->ctime_ns = (int64_t)st->st_ctim.tv_sec * 1000000000 + st->st_ctim.tv_nsec;
    id->ino = (uint64_t)st->st_ino;
    id->dev = (uint64_t)st->st_dev;
}

int input_stat(struct file_id *id, const char *path, bool follow)
{
    struct stat st;

    if ((follow ? stat(path, &st) : lstat(path, &st)) != 0)
        return -1;
    fill_id(id, &st);
    return 0;
}

/* With `may_flow`, also a pipe or a device, which are waited for. */
static int open_path(struct input **out, const char *path, int flags, bool may_flow, struct why *why)
{
    struct stat st;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | flags);

    *out = NULL;
    if (fd < 0 || fstat(fd, &st) != 0) {
        why_set(why, "cannot open: %s", strerror(errno));
        if (fd >= 0)
            close(fd);
        return -1;
    }
    if (!S_ISREG(st.st_mode) && !(may_flow && (S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode)))) {
        why_set(why, may_flow ? "neither a file nor a pipe" : "not a regular file");
        close(fd);
        return -1;
    }
    if (start(out, fd, true, path, why) != 0)
        return -1;
    fill_id(&(*out)->id, &st);
    return 0;
}

/* O_NONBLOCK: a FIFO that took the file's place must not hold us up before we see what it is. */
int input_open(struct input **out, const char *path, bool follow, struct why *why)
{
    return open_path(out, path, O_NONBLOCK | (follow ? 0 : O_NOFOLLOW), false, why);
}

int input_stdin(struct input **out, struct why *why)
{
    return start(out, STDIN_FILENO, false, "-", why);
}

int input_memory(struct input **out, const void *bytes, size_t n, struct why *why)
{
    struct input *in = calloc(1, sizeof *in);

    *out = NULL;
    if (!in || !(in->hash = XXH3_createState())) {
        why_set(why, "out of memory");
        free(in);
        return -1;
    }
    in->fd = -1;
    in->raw = (unsigned char *)(uintptr_t)bytes;   /* only read from, as fd < 0 */
    in->raw_end = n;
    in->consumed = in->id.size = n;
    XXH3_128bits_reset(in->hash);
    XXH3_128bits_update(in->hash, bytes, n);
    if (find_pack(in, "", why) != 0 || start_unpacking(in, why) != 0) {
        input_close(in);
        return -1;
    }
    *out = in;
    return 0;
}

void input_close(struct input *in)
{
    if (!in)
        return;
    if (in->z_is_open)
        inflateEnd(&in->z);
    ZSTD_freeDStream(in->zstd);
    if (in->hash)
        XXH3_freeState(in->hash);
    free(in->peeked);
    if (in->fd >= 0)
        free(in->raw);
    if (in->is_own)
        close(in->fd);
    free(in);
}

const struct file_id *input_id(const struct input *in)
{
    return &in->id;
}

uint64_t input_consumed(const struct input *in)
{
    return in->consumed - (in->raw_end - in->raw_at);
}

static ssize_t read_plain(struct input *in, void *buf, size_t n)
{
    const size_t have = in->raw_end - in->raw_at, take = have < n ? have : n;

    if (take > 0)
        memcpy(buf, in->raw + in->raw_at, take);
    in->raw_at += take;
    return (ssize_t)take;
}

/* Between gzip members: zeros are padding (as gzip itself allows), the end is the end, anything but
 * another member is foreign. Returns 1 to go on with a member, 0 at the end, -1. */
static int next_member(struct input *in, struct why *why)
{
    for (;;) {
        if (refill(in, why) != 0)
            return -1;
        if (in->raw_at == in->raw_end)
            return 0;
        if (in->raw[in->raw_at] != 0)
            break;
        in->raw_at++;
    }
    if (in->raw[in->raw_at] != 0x1f) {
        why_set(why, "damaged gzip data: something else follows it");
        return -1;
    }
    inflateReset(&in->z);
    in->in_member = true;
    return 1;
}

static ssize_t read_gzip(struct input *in, void *buf, size_t n, struct why *why)
{
    in->z.next_out = buf;
    in->z.avail_out = (uInt)n;
    while (in->z.avail_out == n) {                 /* until there is at least one byte */
        int rc;

        if (!in->in_member && (rc = next_member(in, why)) <= 0)
            return rc;
        if (refill(in, why) != 0)
            return -1;
        if (in->raw_at == in->raw_end) {
            why_set(why, "truncated gzip data: the file ends too soon");
            return -1;
        }
        in->z.next_in = in->raw + in->raw_at;
        in->z.avail_in = (uInt)(in->raw_end - in->raw_at);
        rc = inflate(&in->z, Z_NO_FLUSH);
        in->raw_at = in->raw_end - in->z.avail_in;
        if (rc == Z_STREAM_END) {
            in->in_member = false;
        } else if (rc != Z_OK && rc != Z_BUF_ERROR && in->z.avail_out == n) {
            why_set(why, "damaged gzip data: %s", in->z.msg ? in->z.msg : "cannot be read");
            return -1;
        }
    }
    return (ssize_t)(n - in->z.avail_out);
}

static ssize_t read_zstd(struct input *in, void *buf, size_t n, struct why *why)
{
    ZSTD_outBuffer o = { buf, n, 0 };

    while (o.pos == 0) {
        ZSTD_inBuffer i;
        size_t rc;

        if (refill(in, why) != 0)
            return -1;
        if (in->raw_at == in->raw_end && !in->in_member)
            return 0;
        i = (ZSTD_inBuffer){ in->raw, in->raw_end, in->raw_at };
        rc = ZSTD_decompressStream(in->zstd, &o, &i);
        if (ZSTD_isError(rc)) {
            why_set(why, "damaged zstd data: %s", ZSTD_getErrorName(rc));
            return -1;
        }
        /* At the end of the file what zstd still holds comes out; if nothing does, it is a loss. */
        if (i.pos == in->raw_at && o.pos == 0 && in->at_end) {
            why_set(why, "truncated zstd data: the file ends too soon");
            return -1;
        }
        in->raw_at = i.pos;
        in->in_member = rc != 0;
    }
    return (ssize_t)o.pos;
}

static ssize_t read_content(struct input *in, void *buf, size_t n, struct why *why)
{
    ssize_t got;

    if (n > (size_t)1 << 30)
        n = (size_t)1 << 30;                       /* zlib counts in 32 bits */
    if (in->pack == PACK_NONE)
        return refill(in, why) == 0 ? read_plain(in, buf, n) : -1;
    got = in->pack == PACK_GZIP ? read_gzip(in, buf, n, why) : read_zstd(in, buf, n, why);
    if (got > 0)
        in->produced += (uint64_t)got;
    if (in->produced > BOMB_BYTES && in->produced / BOMB_FACTOR > input_consumed(in)) {
        why_set(why, "expands to more than 1 GiB and %u times its size: unpack it yourself if it is what it should be",
                BOMB_FACTOR);
        return -1;
    }
    return got;
}

ssize_t input_read(struct input *in, void *buf, size_t n, struct why *why)
{
    const size_t have = in->peek_end - in->peek_at, take = have < n ? have : n;

    if (have == 0 && in->has_failed) {
        *why = in->failure;
        return -1;
    }
    if (have == 0)
        return read_content(in, buf, n, why);
    memcpy(buf, in->peeked + in->peek_at, take);
    in->peek_at += take;
    return (ssize_t)take;
}

int input_peek(struct input *in, const char **head, size_t *n, struct why *why)
{
    ssize_t got = 0;

    *n = 0;
    if (!(in->peeked = in->peeked ? in->peeked : malloc(INPUT_PEEK_BYTES))) {
        why_set(why, "out of memory");
        return -1;
    }
    while (in->peek_end < INPUT_PEEK_BYTES &&
           (got = read_content(in, in->peeked + in->peek_end, INPUT_PEEK_BYTES - in->peek_end, why)) > 0)
        in->peek_end += (size_t)got;
    *head = (char *)in->peeked;
    *n = in->peek_end;
    if (got < 0) {                                 /* what came before it is still good */
        in->has_failed = true;
        in->failure = *why;
    }
    return got < 0 && in->peek_end == 0 ? -1 : 0;
}

int input_read_all(struct input *in, size_t limit, char **out, size_t *n, struct why *why)
{
    size_t cap = in->pack == PACK_NONE && in->id.size < limit ? (size_t)in->id.size + 2 : RAW_BYTES;
    size_t have = 0;
    char *buf = malloc(cap), *more;
    ssize_t got;

    *out = NULL;
    if (!buf)
        goto nomem;
    while ((got = input_read(in, buf + have, cap - 1 - have, why)) > 0) {
        have += (size_t)got;
        if (have > limit) {
            why_set(why, "more than %zu MiB of text", limit >> 20);
            goto fail;
        }
        if (cap - 1 - have > 0)
            continue;
        cap = cap * 2 < limit + 2 ? cap * 2 : limit + 2;
        if (!(more = realloc(buf, cap)))
            goto nomem;
        buf = more;
    }
    if (got < 0)
        goto fail;
    buf[have] = '\0';
    *out = buf;
    *n = have;
    return 0;
nomem:
    why_set(why, "out of memory");
fail:
    free(buf);
    return -1;
}

int input_load(const char *path, size_t limit, char **out, size_t *n, struct why *why)
{
    struct input *in = NULL;
    int rc = strcmp(path, "-") == 0 ? input_stdin(&in, why) : open_path(&in, path, 0, true, why);

    *out = NULL;
    *n = 0;
    if (rc == 0)
        rc = input_read_all(in, limit, out, n, why);
    input_close(in);
    return rc;
}

static void hex(char out[INPUT_HASH_CHARS + 1], const XXH3_state_t *state)
{
    XXH128_canonical_t c;

    XXH128_canonicalFromHash(&c, XXH3_128bits_digest(state));
    for (size_t i = 0; i < sizeof c.digest; i++)
        snprintf(out + 2 * i, 3, "%02x", c.digest[i]);
}

void input_hash(const struct input *in, char out[INPUT_HASH_CHARS + 1])
{
    out[0] = '\0';
    if (in->at_end)
        hex(out, in->hash);
}

int input_hash_and_rewind(struct input *in, char out[INPUT_HASH_CHARS + 1], struct why *why)
{
    out[0] = '\0';
    while (!in->at_end) {
        in->raw_at = in->raw_end;
        if (refill(in, why) != 0)
            return -1;
    }
    hex(out, in->hash);
    if (lseek(in->fd, 0, SEEK_SET) != 0) {
        why_set(why, "cannot read again: %s", strerror(errno));
        return -1;
    }
    in->raw_at = in->raw_end = 0;
    in->consumed = in->produced = 0;
    in->at_end = false;
    XXH3_128bits_reset(in->hash);
    return refill(in, why);
}
