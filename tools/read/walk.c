/* walk.c - listing files. See walk.h.
 *
 * Folders that wait are kept in a list, not on the stack, and each is closed before the next is opened:
 * neither depth nor breadth costs file descriptors.
 */
#include "read/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --------------------------------------------------------------- The names */

/* Copy without empty and "." components; `folds` takes out ".." with what stands before it. `out` has room. */
static void tidy(char *out, const char *path, bool folds)
{
    const bool is_absolute = path[0] == '/';
    size_t at = 0;

    if (is_absolute)
        out[at++] = '/';
    while (*path) {
        const size_t n = strcspn(path, "/");

        if (folds && n == 2 && path[0] == '.' && path[1] == '.') {
            while (at > 1 && out[at - 1] != '/')
                at--;
            if (at > 1)
                at--;
        } else if (n > 0 && !(n == 1 && path[0] == '.')) {
            if (at > 0 && out[at - 1] != '/')
                out[at++] = '/';
            memcpy(out + at, path, n);
            at += n;
        }
        path += n;
        path += strspn(path, "/");
    }
    out[at] = '\0';
}

char *walk_join(const char *base, const char *rest)
{
    const size_t n = strlen(base), m = strlen(rest);
    const bool needs_slash = n > 0 && m > 0 && base[n - 1] != '/';
    char *p = malloc(n + m + 2);

    if (!p)
        return NULL;
    memcpy(p, base, n);
    if (needs_slash)
        p[n] = '/';
    memcpy(p + n + needs_slash, rest, m + 1);
    return p;
}

/* As the shell calls it, if that is true: the name that people see and put into a crontab, where a symbolic link leads
 * to the folder. What is above the folder only its real name tells. */
static char *current_folder(const char *path)
{
    const char *shown = strstr(path, "..") ? NULL : getenv("PWD");
    struct stat a, b;

    if (shown && shown[0] == '/' && stat(shown, &a) == 0 && stat(".", &b) == 0 && a.st_ino == b.st_ino &&
        a.st_dev == b.st_dev)
        return strdup(shown);
    return getcwd(NULL, 0);
}

int walk_root_init(struct walk_root *r, const char *path)
{
    char *cwd = NULL, *whole = NULL;
    int rc = -1;

    memset(r, 0, sizeof *r);
    if (!path[0]) {
        errno = ENOENT;
        return -1;
    }
    if (!(r->name = malloc(strlen(path) + 1)))
        goto out;
    tidy(r->name, path, false);
    if (path[0] != '/' && !(cwd = current_folder(path)))
        goto out;
    if (!(whole = walk_join(cwd ? cwd : "/", path)) || !(r->absolute = malloc(strlen(whole) + 1)))
        goto out;
    tidy(r->absolute, whole, true);
    rc = 0;
out:
    free(cwd);
    free(whole);
    if (rc != 0)
        walk_root_free(r);
    return rc;
}

void walk_root_free(struct walk_root *r)
{
    free(r->name);
    free(r->absolute);
    memset(r, 0, sizeof *r);
}

const char *walk_root_path(const struct walk_root *r)
{
    return r->name[0] ? r->name : ".";
}

/* ---------------------------------------------------------------- The walk */

struct waiting { char **rests; size_t count, cap; };   /* folders not read yet */

static int push(struct waiting *p, char *rest)
{
    if (p->count == p->cap) {
        char **more = realloc(p->rests, (p->cap * 2 + 16) * sizeof *more);

        if (!more)
            return -1;
        p->rests = more;
        p->cap = p->cap * 2 + 16;
    }
    p->rests[p->count++] = rest;
    return 0;
}

/* Takes over rest, also on failure. */
static int append(struct walk_file **files, size_t *count, size_t *cap, struct walk_file f)
{
    if (f.rest && *count == *cap) {
        struct walk_file *more = realloc(*files, (*cap * 2 + 64) * sizeof *more);

        if (more) {
            *files = more;
            *cap = *cap * 2 + 64;
        }
    }
    if (!f.rest || *count == *cap) {
        free(f.rest);
        errno = ENOMEM;
        return -1;
    }
    (*files)[(*count)++] = f;
    return 0;
}

static int add(struct walk *w, char *rest, uint64_t bytes, int error)
{
    w->bytes += bytes;
    return append(&w->files, &w->count, &w->cap, (struct walk_file){ rest, bytes, error });
}

/* One name in a folder: a file goes on the list, a folder waits its turn. */
static int take_entry(struct walk *w, struct waiting *folders, DIR *dir, const char *folder, const char *name,
                      bool (*is_wanted)(const char *name))
{
    struct stat st;
    char *rest;
    int error = 0;

    if (fstatat(dirfd(dir), name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        error = errno;
    if (error == ENOENT)
        return 0;                                  /* gone since it was listed */
    if (!error && !S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode))
        return 0;
    if (!(rest = walk_join(folder, name))) {
        errno = ENOMEM;
        return -1;
    }
    if (!error && S_ISREG(st.st_mode) && !is_wanted(name))
        return append(&w->passed, &w->passed_count, &w->passed_cap, (struct walk_file){ rest, 0, 0 });
    if (error || !S_ISDIR(st.st_mode))
        return add(w, rest, error ? 0 : (uint64_t)st.st_size, error);
    if (push(folders, rest) == 0)
        return 0;
    free(rest);
    errno = ENOMEM;
    return -1;
}

static DIR *open_folder(const struct walk_root *root, const char *rest)
{
    char *path = walk_join(root->name, rest);
    DIR *dir = NULL;
    int fd;

    if (!path) {
        errno = ENOMEM;
        return NULL;
    }
    fd = open(path[0] ? path : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC | (rest[0] ? O_NOFOLLOW : 0));
    free(path);
    if (fd >= 0 && !(dir = fdopendir(fd)))
        close(fd);
    return dir;
}

static int read_folder(struct walk *w, struct waiting *folders, const char *folder, bool (*is_wanted)(const char *name))
{
    DIR *dir = open_folder(&w->root, folder);
    struct dirent *e;
    int rc = 0;

    if (!dir) {
        if (errno == ENOMEM)
            return -1;
        return errno == ENOENT && folder[0] ? 0 : add(w, strdup(folder), 0, errno);
    }
    while (rc == 0 && (errno = 0, e = readdir(dir)) != NULL)
        if (e->d_name[0] != '.')
            rc = take_entry(w, folders, dir, folder, e->d_name, is_wanted);
    if (rc == 0 && errno != 0)
        rc = add(w, strdup(folder), 0, errno);
    closedir(dir);
    return rc;
}

static int by_rest(const void *a, const void *b)
{
    return strcmp(((const struct walk_file *)a)->rest, ((const struct walk_file *)b)->rest);
}

int walk_folder(struct walk *w, struct walk_root root, bool (*is_wanted)(const char *name), bool (*stop)(void))
{
    struct waiting folders = { 0 };
    char *first = strdup("");
    int rc = -1, cause = ENOMEM;

    memset(w, 0, sizeof *w);
    w->root = root;
    if (!first || push(&folders, first) != 0) {
        free(first);
        goto out;
    }
    for (rc = 0; rc == 0 && folders.count > 0; ) {
        char *folder = folders.rests[--folders.count];

        if (stop()) {
            rc = -1;
            cause = ECANCELED;
        } else if ((rc = read_folder(w, &folders, folder, is_wanted)) != 0) {
            cause = errno;
        }
        free(folder);
    }
    if (w->count > 0)
        qsort(w->files, w->count, sizeof *w->files, by_rest);
    if (w->passed_count > 0)
        qsort(w->passed, w->passed_count, sizeof *w->passed, by_rest);
out:
    while (folders.count > 0)
        free(folders.rests[--folders.count]);
    free(folders.rests);
    errno = cause;
    return rc;
}

bool walk_has(const struct walk *w, const char *rest)
{
    const struct walk_file key = { (char *)(uintptr_t)rest, 0, 0 };

    return w->count > 0 && bsearch(&key, w->files, w->count, sizeof *w->files, by_rest) != NULL;
}

void walk_free(struct walk *w)
{
    for (size_t i = 0; i < w->count; i++)
        free(w->files[i].rest);
    free(w->files);
    for (size_t i = 0; i < w->passed_count; i++)
        free(w->passed[i].rest);
    free(w->passed);
    walk_root_free(&w->root);
    memset(w, 0, sizeof *w);
}
