/* search/reread.h - of the documents that have a word, those whose stored text has it so written.
 *
 * Layer: search. Includes text/ and index/. The index knows words without their vowels: for ==كِتابٌ the documents with
 * the form are read again.
 */
#ifndef FIHI_SEARCH_REREAD_H
#define FIHI_SEARCH_REREAD_H

#include "search/expand.h"
#include "text/written.h"

/* Leave in the set the documents whose title, or body without what is left out of it, has the word; frequencies become
 * those of the word. With in_title only titles are read, and the set becomes one of titles. FIH_E_LIMIT if the set has
 * more than FIH_MAX_REREAD documents, of the clause at byte `at`; FIH_E_CANCEL when the time is over. */
int fihi_reread(struct word_set *set, const struct written *asked, bool in_title, const struct view *v, size_t at,
                struct deadline *deadline, fih_error *err);

#endif
