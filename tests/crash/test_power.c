/* test_power.c - when the power fails, the last commit is there, whole, whatever the disk had written of the next one.
 *
 *   test_power [--states N] [--seed S]
 *
 * A run of generations (commits, merges, compactions, backups) is recorded: each write, truncation, sync, and each
 * change of a name. Then moments of it are chosen, most of them just before a sync ends, and the folder is made as a disk
 * might hold it then. What was synced is there. Of what was not, each sector of 512 bytes has what it had, or any of what
 * was written to it since; a file's size is the old or the new one; each new, moved or removed name is on the disk or
 * not, in no order (a move within a folder is one step, as every file system that we know has it). POSIX promises no more
 * than that: by fsync(2), a file's own sync says nothing of its name. The index must then be that of the last
 * acknowledged generation or of the one under way, and a writer must be able to go on.
 */
#include "generations.h"

enum { STATES = 500, GENERATIONS = 14, SECTOR = 512, NAME_BYTES = 64 };

/* ---- the record */

enum kind { WROTE, SIZED, SYNCED, MADE_FILE, MADE_FOLDER, MOVED, REMOVED, SAID };

struct event {
    enum kind kind;
    int       file;               /* WROTE, SIZED, SYNCED, MADE_FILE: number of the file; a folder is -1 - number */
    int       is_durable;         /* WROTE through a descriptor that syncs each write */
    uint64_t  at, n;              /* WROTE: place and bytes; SIZED: n; SAID: what and of which generation */
    uint8_t  *bytes;
    char      name[NAME_BYTES], to[NAME_BYTES];   /* beside g.folder */
};

enum { FOLDERS = 3, FILES = 400 };
static const char *const folders[FOLDERS] = {"", "index", "backup"};

static struct {
    struct event *events;
    size_t        count, cap;
    ino_t         files[FILES];   /* of which inode; the last one with that number is meant */
    unsigned      file_count;
} rec;

static struct event *add_event(enum kind kind)
{
    if (rec.count == rec.cap)
        rec.events = realloc(rec.events, (rec.cap = rec.cap ? 2 * rec.cap : 1024) * sizeof *rec.events);
    memset(&rec.events[rec.count], 0, sizeof *rec.events);
    rec.events[rec.count].kind = kind;
    return &rec.events[rec.count++];
}

/* The name beside g.folder; 0 for what lies elsewhere. */
static int name_of(char out[NAME_BYTES], const char *path)
{
    const size_t n = strlen(g.folder);

    if (strncmp(path, g.folder, n) != 0 || path[n] != '/')
        return 0;
    snprintf(out, NAME_BYTES, "%s", path + n + 1);
    return 1;
}

static int file_of(ino_t inode)
{
    for (unsigned i = rec.file_count; i-- > 0;)
        if (rec.files[i] == inode)
            return (int)i;
    return -1;
}

static int folder_of(const struct stat *st)
{
    for (int i = 0; i < FOLDERS; i++) {
        char path[400];
        struct stat other;

        snprintf(path, sizeof path, "%s/%s", g.folder, folders[i]);
        if (stat(path, &other) == 0 && other.st_ino == st->st_ino && other.st_dev == st->st_dev)
            return i;
    }
    return -1;
}

static void on_open(const char *path, int flags, int fd)
{
    char name[NAME_BYTES];
    struct stat st;
    struct event *e;

    if (!(flags & O_CREAT) || fd < 0 || !name_of(name, path) || syscall(SYS_fstat, fd, &st) != 0)
        return;
    if (st.st_size > 0 || file_of(st.st_ino) >= 0) {
        /* It was there, or its number is used again: then its name tells. */
        for (size_t i = rec.count; i-- > 0;) {
            e = &rec.events[i];
            if (e->kind == REMOVED && strcmp(e->name, name) == 0)
                break;
            if ((e->kind == MADE_FILE && strcmp(e->name, name) == 0) || (e->kind == MOVED && strcmp(e->to, name) == 0))
                return;
        }
    }
    if (rec.file_count == FILES) {
        printf("Bail out! too many files\n");
        exit(2);
    }
    rec.files[rec.file_count] = st.st_ino;
    e = add_event(MADE_FILE);
    e->file = (int)rec.file_count++;
    snprintf(e->name, NAME_BYTES, "%s", name);
}

static void on_write(int fd, const uint8_t *bytes, size_t n, uint64_t at)
{
    struct stat st;
    struct event *e;
    int file;

    if (syscall(SYS_fstat, fd, &st) != 0 || (file = file_of(st.st_ino)) < 0)
        return;
    e = add_event(WROTE);
    e->file = file;
    e->is_durable = (fcntl(fd, F_GETFL) & O_DSYNC) != 0;
    e->at = at;
    e->n = n;
    e->bytes = malloc(n + 1);
    memcpy(e->bytes, bytes, n);
}

static void on_writev(int fd, const struct iovec *v, int count, uint64_t at, size_t n)
{
    for (int i = 0; i < count && n > 0; i++) {
        const size_t some = v[i].iov_len < n ? v[i].iov_len : n;

        on_write(fd, v[i].iov_base, some, at);
        at += some;
        n -= some;
    }
}

static void on_sync(int fd)
{
    struct stat st;
    int file;

    if (syscall(SYS_fstat, fd, &st) != 0)
        return;
    file = S_ISDIR(st.st_mode) ? -1 - folder_of(&st) : file_of(st.st_ino);
    if (S_ISDIR(st.st_mode) ? file < 0 : file >= 0)
        add_event(SYNCED)->file = file;
}

static void on_size(int fd)
{
    struct stat st;
    struct event *e;

    if (syscall(SYS_fstat, fd, &st) == 0 && file_of(st.st_ino) >= 0) {
        e = add_event(SIZED);
        e->file = file_of(st.st_ino);
        e->n = (uint64_t)st.st_size;
    }
}

static void on_name(enum kind kind, const char *path, const char *to)
{
    char name[NAME_BYTES], second[NAME_BYTES] = "";
    struct event *e;

    if (!name_of(name, path) || (to && !name_of(second, to)))
        return;
    e = add_event(kind);
    snprintf(e->name, NAME_BYTES, "%s", name);
    snprintf(e->to, NAME_BYTES, "%s", second);
}

/* A name in the folder of a descriptor. */
static void on_name_at(int fd, const char *name)
{
    char path[800];
    struct stat st;
    int folder;

    if (syscall(SYS_fstat, fd, &st) != 0 || (folder = folder_of(&st)) < 0)
        return;
    snprintf(path, sizeof path, "%s/%s%s%s", g.folder, folders[folder], folder ? "/" : "", name);
    on_name(REMOVED, path, NULL);
}

static void on_call(long number, long rc, long a, long b, long c)
{
    const int fd = (int)a;

    if (rc < 0)
        return;
    switch (number) {
    case SYS_open:
        on_open((const char *)a, (int)b, (int)rc);
        break;
    case SYS_pwrite64:
        on_write(fd, (const uint8_t *)b, (size_t)rc, (uint64_t)c);
        break;
    case SYS_write:
        on_write(fd, (const uint8_t *)b, (size_t)rc, (uint64_t)(lseek(fd, 0, SEEK_CUR) - rc));
        break;
    case SYS_writev:
        on_writev(fd, (const struct iovec *)b, (int)c, (uint64_t)(lseek(fd, 0, SEEK_CUR) - rc), (size_t)rc);
        break;
    case SYS_fsync:
    case SYS_fdatasync:
        on_sync(fd);
        break;
    case SYS_ftruncate:
    case SYS_fallocate:
        on_size(fd);
        break;
    case SYS_mkdir:
        on_name(MADE_FOLDER, (const char *)a, NULL);
        break;
    case SYS_rename:
        on_name(MOVED, (const char *)a, (const char *)b);
        break;
    case SYS_unlink:
        on_name(REMOVED, (const char *)a, NULL);
        break;
    case SYS_unlinkat:
        on_name_at(fd, (const char *)b);
        break;
    default:
        break;
    }
}

static void said(int out, unsigned what, unsigned generation)
{
    struct event *e = add_event(SAID);

    (void)out;
    e->at = what;
    e->n = generation;
}

/* ---- the disk, as far as it is sure of things */

struct version {                  /* of a sector, written and not synced */
    uint64_t sector;
    uint8_t  bytes[SECTOR];
};

struct file {
    uint8_t        *live, *durable;
    uint64_t        live_bytes, durable_bytes, cap;
    struct version *pending;
    size_t          pending_count, pending_cap;
};

struct change {                   /* of a name: the file that it has now, -1 for none; a folder has FOLDER */
    char name[NAME_BYTES];
    int  file, is_pending;
    int  is_with_last;            /* one step with the change before it: a move is whole or not at all */
};
enum { FOLDER = FILES };

static struct {
    struct file    files[FILES];
    struct change *changes;       /* in their order; the last one of a name that is on the disk counts */
    size_t         change_count, change_cap;
    unsigned       begun, acknowledged, backed_up, backup_begun;
} disk;

static void grow(struct file *f, uint64_t bytes)
{
    const uint64_t cap = (bytes + SECTOR) * 2;

    if (bytes + SECTOR <= f->cap)
        return;
    f->live = realloc(f->live, cap);
    f->durable = realloc(f->durable, cap);
    memset(f->live + f->cap, 0, cap - f->cap);
    memset(f->durable + f->cap, 0, cap - f->cap);
    f->cap = cap;
}

static void forget_sector(struct file *f, uint64_t sector)
{
    size_t kept = 0;

    for (size_t i = 0; i < f->pending_count; i++)
        if (f->pending[i].sector != sector)
            f->pending[kept++] = f->pending[i];
    f->pending_count = kept;
}

static void apply_write(struct file *f, const struct event *e)
{
    grow(f, e->at + e->n);
    memcpy(f->live + e->at, e->bytes, e->n);
    f->live_bytes = e->at + e->n > f->live_bytes ? e->at + e->n : f->live_bytes;
    for (uint64_t s = e->at / SECTOR; e->n > 0 && s <= (e->at + e->n - 1) / SECTOR; s++) {
        if (e->is_durable) {
            forget_sector(f, s);
            memcpy(f->durable + s * SECTOR, f->live + s * SECTOR, SECTOR);
            continue;
        }
        if (f->pending_count == f->pending_cap)
            f->pending = realloc(f->pending, (f->pending_cap = f->pending_cap ? 2 * f->pending_cap : 64) *
                                                 sizeof *f->pending);
        f->pending[f->pending_count].sector = s;
        memcpy(f->pending[f->pending_count++].bytes, f->live + s * SECTOR, SECTOR);
    }
    if (e->is_durable)
        f->durable_bytes = e->at + e->n > f->durable_bytes ? e->at + e->n : f->durable_bytes;
}

static int folder_of_name(const char *name)
{
    for (int i = 1; i < FOLDERS; i++)
        if (strncmp(name, folders[i], strlen(folders[i])) == 0 && name[strlen(folders[i])] == '/')
            return i;
    return 0;
}

static void change_name(const char *name, int file)
{
    if (disk.change_count == disk.change_cap)
        disk.changes = realloc(disk.changes, (disk.change_cap = disk.change_cap ? 2 * disk.change_cap : 64) *
                                                 sizeof *disk.changes);
    disk.changes[disk.change_count] = (struct change){.file = file, .is_pending = 1};
    snprintf(disk.changes[disk.change_count++].name, NAME_BYTES, "%s", name);
}

static int live_file(const char *name)
{
    for (size_t i = disk.change_count; i-- > 0;)
        if (strcmp(disk.changes[i].name, name) == 0)
            return disk.changes[i].file;
    return -1;
}

static void sync_folder(int folder)
{
    for (size_t i = 0; i < disk.change_count; i++)
        if (folder_of_name(disk.changes[i].name) == folder)
            disk.changes[i].is_pending = 0;
}

static void sync_file(struct file *f)
{
    if (f->cap)
        memcpy(f->durable, f->live, f->cap);
    f->durable_bytes = f->live_bytes;
    f->pending_count = 0;
}

static void take_said(const struct event *e)
{
    size_t kept = 0;

    switch (e->at) {
    case SAID_BEGIN:
        disk.begun = (unsigned)e->n;
        break;
    case SAID_COMMIT:
        disk.acknowledged = (unsigned)e->n;
        break;
    case SAID_BACKUP_BEGIN:               /* the old one is removed first, and nobody asks for it */
        disk.backed_up = 0;
        disk.backup_begun = (unsigned)e->n;
        for (size_t i = 0; i < disk.change_count; i++)
            if (strcmp(disk.changes[i].name, "backup") != 0 && folder_of_name(disk.changes[i].name) != 2)
                disk.changes[kept++] = disk.changes[i];
        disk.change_count = kept;
        break;
    default:
        disk.backed_up = (unsigned)e->n;
    }
}

static void apply(const struct event *e)
{
    switch (e->kind) {
    case WROTE:
        apply_write(&disk.files[e->file], e);
        break;
    case SIZED:
        grow(&disk.files[e->file], e->n);
        if (e->n < disk.files[e->file].live_bytes)
            memset(disk.files[e->file].live + e->n, 0, disk.files[e->file].live_bytes - e->n);
        disk.files[e->file].live_bytes = e->n;
        break;
    case SYNCED:
        if (e->file < 0)
            sync_folder(-1 - e->file);
        else
            sync_file(&disk.files[e->file]);
        break;
    case MADE_FILE:
        change_name(e->name, e->file);
        break;
    case MADE_FOLDER:
        change_name(e->name, FOLDER);
        break;
    case MOVED:
        change_name(e->to, live_file(e->name));
        change_name(e->name, -1);
        disk.changes[disk.change_count - 1].is_with_last = 1;
        break;
    case REMOVED:
        change_name(e->name, -1);
        break;
    case SAID:
        take_said(e);
        break;
    }
}

/* ---- a state of it */

static uint32_t draw(uint64_t *seed, uint32_t n)
{
    return (uint32_t)(tap_random(seed) % n);
}

/* The file as it may lie there: `luck` of a hundred things that were not synced are on the disk. */
static void write_file(const char *path, const struct file *f, uint64_t *seed, unsigned luck, int is_lock)
{
    const uint64_t bytes = draw(seed, 100) < luck ? f->live_bytes : f->durable_bytes;
    uint8_t *out = calloc(1, bytes + SECTOR);
    int fd;

    for (uint64_t i = 0; i < bytes; i++)
        out[i] = i < f->durable_bytes ? f->durable[i] : 0;
    for (size_t i = 0; i < f->pending_count; i++) {      /* a later version may lie over an earlier one */
        const uint64_t at = f->pending[i].sector * SECTOR;

        if (at < bytes && draw(seed, 100) < luck)
            memcpy(out + at, f->pending[i].bytes, SECTOR);
    }
    for (uint64_t i = 0; is_lock && luck % 20 && i < bytes; i++)     /* what LMDB writes there goes through a map */
        out[i] = (uint8_t)draw(seed, 256);
    fd = (int)syscall(SYS_open, path, O_CREAT | O_TRUNC | O_WRONLY, 0666);
    if (fd < 0 || syscall(SYS_write, fd, out, bytes) != (long)bytes) {
        printf("Bail out! cannot write %s\n", path);
        exit(2);
    }
    close(fd);
    free(out);
}

/* Which names are there, and what is in them. */
static void make_state(const char *dir, uint64_t *seed, unsigned luck)
{
    uint8_t *is_there = calloc(disk.change_count + 1, 1);
    char path[800];

    remove_folder(dir);
    mkdir(dir, 0777);
    for (size_t i = 0; i < disk.change_count; i++)
        is_there[i] = disk.changes[i].is_with_last ? is_there[i - 1]
                                                   : !disk.changes[i].is_pending || draw(seed, 100) < luck;
    for (int pass = 0; pass < 2; pass++)                  /* folders, then files */
        for (size_t i = 0; i < disk.change_count; i++) {
            const struct change *c = &disk.changes[i];
            const int is_lock = strstr(c->name, "-lock") != NULL;
            int is_last = is_there[i];

            for (size_t k = i + 1; k < disk.change_count && is_last; k++)
                is_last = !(is_there[k] && strcmp(disk.changes[k].name, c->name) == 0);
            if (!is_last || c->file < 0 || (c->file == FOLDER) != (pass == 0))
                continue;
            snprintf(path, sizeof path, "%s/%s", dir, pass == 0 ? c->name : folders[folder_of_name(c->name)]);
            if (pass == 0) {
                mkdir(path, 0777);
            } else if (access(path, F_OK) == 0) {
                snprintf(path, sizeof path, "%s/%s", dir, c->name);
                write_file(path, &disk.files[c->file], seed, luck, is_lock);
            }
        }
    free(is_there);
}

static void try_state(unsigned point, uint64_t *seed)
{
    static const unsigned lucks[] = {0, 10, 30, 50, 70, 90, 99, 100};
    const unsigned luck = lucks[draw(seed, 8)];
    char dir[300], index[320], backup[320];
    fih_error err = {0, 0, 0, ""};

    snprintf(dir, sizeof dir, "%s-state", g.folder);
    snprintf(index, sizeof index, "%s/index", dir);
    snprintf(backup, sizeof backup, "%s/backup", dir);
    make_state(dir, seed, luck);
    whole(index, disk.acknowledged, disk.begun, point);
    if (disk.backed_up)
        whole(backup, disk.backed_up, disk.backed_up, point);
    else if (disk.backup_begun && access(backup, F_OK) == 0)
        whole(backup, 0, disk.backup_begun, point);
    if (tap.notes == 0 && draw(seed, 4) == 0) {           /* and the next run goes on */
        char was[sizeof g.dir];

        memcpy(was, g.dir, sizeof was);
        snprintf(g.dir, sizeof g.dir, "%.250s/index", dir);
        g.say = NULL;
        write_generations(0, 1);
        memcpy(g.dir, was, sizeof was);
        CHECK_INT_EQ(fih_check(NULL, index, print_problem, NULL, &err), FIH_OK, "point %u: %s", point, err.msg);
    }
    if (tap.notes == 0)
        remove_folder(dir);
}

static int by_number(const void *a, const void *b)
{
    const size_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static void a_power_loss_leaves_one_commit_whole(void)
{
    size_t *moments = malloc(g.points * sizeof *moments), next = 0, syncs = 0;
    uint64_t seed = g.seed;

    calls.after = on_call;
    g.say = said;
    write_generations(0, GENERATIONS);
    calls.after = NULL;
    for (size_t i = 0; i < rec.count; i++)
        syncs += rec.events[i].kind == SYNCED;
    for (unsigned i = 0; i < g.points; i++) {
        size_t m = draw(&seed, (uint32_t)rec.count);

        while (i % 3 && m < rec.count && rec.events[m].kind != SYNCED && !rec.events[m].is_durable)
            m++;                                          /* two of three: just before a sync is over */
        moments[i] = m;
    }
    qsort(moments, g.points, sizeof *moments, by_number);
    for (size_t i = 0; i <= rec.count && tap.notes == 0; i++) {
        for (; next < g.points && moments[next] == i && tap.notes == 0; next++)
            try_state((unsigned)next, &seed);
        if (i < rec.count)
            apply(&rec.events[i]);
    }
    printf("# %zu states of %zu events, %zu syncs, %u generations\n", next, rec.count, syncs, disk.acknowledged);
    CHECK(disk.acknowledged == GENERATIONS && disk.backed_up > 0, "the run was not recorded whole");
    for (size_t i = 0; i < rec.count; i++)
        free(rec.events[i].bytes);
    for (unsigned i = 0; i < rec.file_count; i++) {
        free(disk.files[i].live);
        free(disk.files[i].durable);
        free(disk.files[i].pending);
    }
    free(rec.events);
    free(disk.changes);
    free(moments);
}

int main(int argc, char **argv)
{
    begin(argc, argv, "power", "--states", STATES);
    RUN(a_power_loss_leaves_one_commit_whole);
    if (!tap.failed)
        remove_folder(g.folder);
    else
        printf("# what is left: %s-state\n", g.folder);
    return DONE();
}
