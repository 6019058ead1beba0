/* html_text.c - see html_text.h. */
#include "read/html_text.h"

#include <stdlib.h>
#include <string.h>

bool html_is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

void html_text_add(struct html_text *t, const char *s, size_t n)
{
    if (t->n + n + 1 > t->cap) {
        const size_t cap = 2 * (t->n + n) + 64;
        char *p = t->is_out_of_memory ? NULL : realloc(t->s, cap);

        if (!p) {
            t->is_out_of_memory = true;
            return;
        }
        t->s = p;
        t->cap = cap;
    }
    if (n > 0)
        memcpy(t->s + t->n, s, n);
    t->n += n;
    t->s[t->n] = '\0';
}

void html_text_add_words(struct html_text *t, const char *s, size_t n)
{
    for (size_t i = 0; i < n; ) {
        size_t from = i;

        while (i < n && !html_is_space(s[i]))
            i++;
        html_text_add(t, s + from, i - from);
        for (from = i; i < n && html_is_space(s[i]); i++)
            ;
        if (i > from && t->n > 0 && t->s[t->n - 1] != ' ')
            html_text_add(t, " ", 1);
    }
}

void html_text_clear(struct html_text *t)
{
    t->n = 0;
    if (t->s)
        t->s[0] = '\0';
}

void html_text_free(struct html_text *t)
{
    free(t->s);
    memset(t, 0, sizeof *t);
}

fih_str html_text_str(const struct html_text *t)
{
    size_t n = t->n;

    while (n > 0 && html_is_space(t->s[n - 1]))
        n--;
    return (fih_str){ t->s, n };
}
