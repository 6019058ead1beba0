/* html_url.h - the address of a page, from what it says of it. */
#ifndef FIHRIST_HTML_URL_H
#define FIHRIST_HTML_URL_H

#include <stdbool.h>

#include "fihrist.h"
#include "read/html_text.h"

/* Append what `ref` means on a page whose base is `base` (RFC 3986, 5.2); false if that cannot be told, and nothing is
 * appended. */
bool html_url_resolve(struct html_text *out, fih_str base, fih_str ref);

#endif
