/* html_ld.h - the dates that a page says in JSON-LD (schema.org): <script type="application/ld+json">.
 *
 * What sites write there is often no JSON: commas too many, line breaks in strings, quotation marks that nobody
 * escaped. So it is not parsed but walked, string by string, with a stack of what is open; a page's mistake then costs
 * what stands near it, and memory does not grow.
 */
#ifndef FIHRIST_HTML_LD_H
#define FIHRIST_HTML_LD_H

#include <stdbool.h>
#include <stdint.h>

#include "fihrist.h"

enum html_ld_kind { LD_PUBLISHED, LD_CREATED, LD_MODIFIED, LD_KINDS };

/* Call `each` for every date of what the page is about: not of comments, reviews, list items, videos or persons.
 * is_article: it is that of an article or post, not only of the page. Values are
 * decoded, of about 128 bytes at most, and last until `each` returns. */
void html_ld_dates(fih_str json, void (*each)(void *ctx, enum html_ld_kind kind, bool is_article, fih_str value),
                   void *ctx);

/* The string whose quotation mark stands before *at, still escaped; *at then stands behind its end. */
fih_str html_ld_string(fih_str json, size_t *at);
/* The four digits of \u0645 at a place; -1 if they are none. */
int32_t html_ld_hex4(fih_str s, size_t at);

#endif
