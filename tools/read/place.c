/* place.c - see place.h. */
#include "read/place.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { PATH_BYTES = 4096 };

int place_parse(struct read_opts *opts, const char *date_from, const char *section_from, struct why *why)
{
    if (date_from && strcmp(date_from, "mtime") == 0)
        opts->date_from = READ_DATE_MTIME;
    else if (date_from && strcmp(date_from, "name") == 0)
        opts->date_from = READ_DATE_NAME;
    else if (date_from) {
        why_set(why, "--date-from: '%s' is not mtime or name", date_from);
        return -1;
    }
    opts->has_folder_section = section_from != NULL;
    if (section_from && strcmp(section_from, "folder") != 0) {
        why_set(why, "--section-from: '%s' is not folder", section_from);
        return -1;
    }
    return 0;
}

/* The day that a file was last written, where the machine stands. */
static void date_by_time(char date[FIH_DATE_BYTES], int64_t mtime_ns)
{
    const time_t t = (time_t)(mtime_ns / 1000000000);
    struct tm tm;

    if (mtime_ns > 0 && localtime_r(&t, &tm))
        strftime(date, FIH_DATE_BYTES, "%Y-%m-%d", &tm);
}

/* A day or a month, not a year alone: too many numbers look like one. */
static int take(char date[FIH_DATE_BYTES], const char *text, size_t n, unsigned flags)
{
    int32_t first, last;

    if (fih_date_parse(&first, &last, (fih_str){text, n}, flags, NULL) != 0 || last - first > 31 ||
        fih_date_text(date, first, NULL) != 0)
        return 0;
    if (last > first)
        date[strlen("YYYY-MM")] = '\0';
    return 1;
}

/* 2020-10-07, 07_10_2020, "7 أكتوبر 2020", 20201007 in the file's name, then in its folders: /2020/10/07/. */
static void date_by_name(char date[FIH_DATE_BYTES], const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    char copy[PATH_BYTES];
    const int n = snprintf(copy, sizeof copy, "%s", path);

    if (n < 0 || n >= PATH_BYTES)
        return;
    for (char *c = copy; *c; c++)
        if (*c == '_')
            *c = '-';
    char *const name = copy + (base - path);
    if (take(date, name, strlen(name), 0))
        return;
    for (size_t i = 0, digits; name[i]; i += digits + (digits == 0)) {
        for (digits = 0; isdigit((unsigned char)name[i + digits]); digits++)
            ;
        if (digits == 8 && take(date, name + i, digits, FIH_DATE_WHOLE))
            return;
    }
    take(date, copy, (size_t)n, 0);
}

static fih_str folder_of(const char *path)
{
    const char *end = strrchr(path, '/'), *from = end;

    while (from && from > path && from[-1] != '/')
        from--;
    return end ? (fih_str){ from, (size_t)(end - from) } : (fih_str){ NULL, 0 };
}

void place_fill(fih_doc *doc, char date[FIH_DATE_BYTES], const struct read_opts *opts, const char *path,
                int64_t mtime_ns)
{
    *date = '\0';
    if (opts->date_from == READ_DATE_MTIME && doc->date.len == 0)
        date_by_time(date, mtime_ns);
    else if (opts->date_from == READ_DATE_NAME && doc->date.len == 0)
        date_by_name(date, path);
    if (*date)
        doc->date = (fih_str){ date, strlen(date) };
    if (opts->has_folder_section && doc->section.len == 0)
        doc->section = folder_of(path);
}
