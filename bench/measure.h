/* measure.h - what the programs here measure with. */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Of the wall clock that is never set. */
static inline uint64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static inline int by_time(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* Nearest rank, of times in ascending order. */
static inline uint64_t percentile(const uint64_t *sorted, size_t n, size_t percent)
{
    return sorted[(n * percent + 99) / 100 - 1];
}

/* A whole number up to `most`, and nothing behind it. */
static inline bool read_number(const char *text, unsigned long most, uint32_t *out)
{
    char *end;
    const unsigned long v = strtoul(text, &end, 10);

    *out = (uint32_t)v;
    return *text >= '0' && *text <= '9' && *end == '\0' && v <= most;
}

/* A path as anybody can have it: below $FIHRIST_SHARED, or by its name; all other words as they are. */
static inline void print_word(const char *word)
{
    const char *const shared = getenv("FIHRIST_SHARED"), *const slash = strrchr(word, '/');
    const size_t n = shared ? strlen(shared) : 0;

    if (n > 0 && strncmp(word, shared, n) == 0 && word[n] == '/')
        printf("$FIHRIST_SHARED%s", word + n);
    else
        fputs(*word == '/' && slash[1] != '\0' ? slash + 1 : word, stdout);
}

/* The line above a table: the command that made it, the day and the machine. */
static inline void print_origin(int argc, char **argv, const char *version)
{
    FILE *const f = fopen("/proc/cpuinfo", "r");
    const time_t now = time(NULL);
    char line[256], day[16] = "", model[128] = "unknown processor";

    strftime(day, sizeof day, "%Y-%m-%d", localtime(&now));
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, "model name", 10) == 0 && sscanf(line, "%*[^:]: %127[^\n]", model) == 1)
            break;
    if (f)
        fclose(f);
    putchar('`');
    for (int i = 0; i < argc; i++) {
        fputs(i ? " " : "", stdout);
        print_word(argv[i]);
    }
    printf("`, %s, %s, %ld cores, fihrist %s\n\n", day, model, sysconf(_SC_NPROCESSORS_ONLN), version);
}

#endif
