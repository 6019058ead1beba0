/* html_text.h - a growing text, as a page's parts come in pieces. */
#ifndef FIHRIST_HTML_TEXT_H
#define FIHRIST_HTML_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "fihrist.h"

/* All zero is an empty text. Once memory is out it stays as it is and says so. `s` is NULL or ends with a NUL. */
struct html_text {
    char  *s;
    size_t n, cap;
    bool   is_out_of_memory;
};

/* What HTML and we take for white space: all of ASCII's. */
bool html_is_space(char c);

void html_text_add(struct html_text *t, const char *s, size_t n);
/* With runs of white space as one space, none at the beginning. */
void html_text_add_words(struct html_text *t, const char *s, size_t n);
void html_text_clear(struct html_text *t);
void html_text_free(struct html_text *t);
/* Without white space at its end; lives as long as the text is not changed. */
fih_str html_text_str(const struct html_text *t);

#endif
