/* search/reference.h - how a test asks for the reference algorithm through fih_search().
 *
 * Layer: search.
 */
#ifndef FIHI_SEARCH_REFERENCE_H
#define FIHI_SEARCH_REFERENCE_H

/* A value of fih_search_opts.count_all that fihrist.h does not tell of: score every match, and pass over nothing. The
 * answer is the same as the fast ways', with the exact total. */
enum { COUNT_BY_REFERENCE = 1 << 20 };

#endif
