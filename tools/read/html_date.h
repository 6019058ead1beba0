/* html_date.h - when a page was published, by what it says in many places.
 *
 * Every place has a rank, and the first date that can be read in the best of them counts:
 *   1. <meta> of publication   2. JSON-LD of an article   3. microdata   4. JSON-LD of the page
 *   5. <meta> of creation   6. <time> and texts in elements that are named after dates, those that say published first,
 *   then the first below the heading, then a short line with a time of day   7. other <meta> dates
 *   8. such elements elsewhere, then a short line   9. the address   10. when it was created or last changed
 * But a day that is shown and said by another place too goes before an unseen one that is not shown; spans of days,
 * what is said of persons and sources, comments and lists of days count as none.
 * A date that lies in the future or before 1990, or that names no day, counts only if there is no other.
 */
#ifndef FIHRIST_HTML_DATE_H
#define FIHRIST_HTML_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "fihrist.h"
#include "read/html_text.h"
#include "read/html_tok.h"

#define HTML_DATE_RANKS    24
#define HTML_DATE_BYTES    64      /* of a date as a page writes it; what is behind is cut off */
#define HTML_DATE_TEXT     192     /* of the text of an element that may hold one */
#define HTML_DATE_CAPTURES 4       /* such elements in one another */

struct html_date_found {
    char    text[HTML_DATE_BYTES]; /* empty: none */
    int32_t day, latest;           /* latest: that texts of this rank name */
};

/* The text of an open element. */
struct html_date_capture {
    uint32_t place;                /* in the stack of open elements; 0: not in use */
    uint8_t  rank;
    size_t   n;
    char     text[HTML_DATE_TEXT];
};

struct html_date {
    struct html_date_found   found[HTML_DATE_RANKS], doubtful; /* doubtful: of the best rank */
    unsigned                 doubtful_rank;
    struct html_date_capture captures[HTML_DATE_CAPTURES], line;
    struct html_text         value;        /* of the attribute in hand */
    uint32_t                 other_place;  /* of comments and the like, while they are open; 0: none */
    int32_t                  today;
    unsigned                 flags;        /* FIH_DATE_MONTH_FIRST where the page's language is American */
    bool                     has_heading;
};

void html_date_init(struct html_date *d);
void html_date_free(struct html_date *d);

/* A start tag. place: of its element in the stack of open elements; is_shown: not in a menu, header or footer of the
 * page. */
void html_date_start(struct html_date *d, const struct html_token *t, uint8_t tag, uint32_t place, bool is_shown);
/* Text of the element at this place. */
void html_date_text(struct html_date *d, fih_str text, bool is_shown);
/* Behind each tag: so many elements are open, and perhaps a line of the page has ended. */
void html_date_close(struct html_date *d, uint32_t count, bool is_line_end);
/* The content of a script of this start tag. */
void html_date_script(struct html_date *d, const struct html_token *t, fih_str text);
void html_date_url(struct html_date *d, fih_str url);

/* The date as it is to be stored: what the page says if that begins with YYYY-MM-DD of our era, else the day in that
 * form. Empty if there is none. Lives as long as `d`. */
fih_str html_date_best(struct html_date *d);

#endif
