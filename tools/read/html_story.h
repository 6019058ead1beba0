/* html_story.h - the text of pages that only a script puts together, as they say it in JSON-LD. */
#ifndef FIHRIST_HTML_STORY_H
#define FIHRIST_HTML_STORY_H

#include "fihrist.h"
#include "read/html_text.h"

/* Values of a key (articleBody, say) in a JSON-LD script: they may hold markup. What is no JSON does no harm.
 *
 * The longest into `out`, if it is longer than what is there: */
void html_story_longest(struct html_text *out, fih_str json, const char *key);
/* All of them behind what is in `out`, each in a line of its own: */
void html_story_all(struct html_text *out, fih_str json, const char *key);

#endif
