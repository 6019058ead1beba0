/* url.h - addresses of the web: shown to people, and made. */
#ifndef FIHRIST_URL_H
#define FIHRIST_URL_H

#include <stdbool.h>
#include <stdio.h>

#include "fihrist.h"

/* Does it begin with http:// or https://? */
bool url_is_web(fih_str url);
/* An address for a person, new, NUL-terminated, freed with free(): in the path of one of the web, letters and digits
 * that are written as %XX are shown, and what is longer than `most` columns loses its middle; 0: nothing is lost. NULL
 * without memory. Anything else is copied as it is. */
char *url_shown(fih_str url, size_t most);
/* A text as the value of a parameter: all but unreserved characters as %XX. */
void url_encode(FILE *f, fih_str text);

#endif
