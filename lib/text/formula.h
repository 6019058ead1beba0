/* text/formula.h - formulas that writers put behind a name, as صلى الله عليه وسلم.
 *
 * Layer: text. Pure. They say little in a query that has other words; in texts, and in phrases, they are words as all.
 */
#ifndef FIHI_TEXT_FORMULA_H
#define FIHI_TEXT_FORMULA_H

#include <stdbool.h>
#include <stddef.h>

#include "fihrist.h"
#include "text/chain.h"

/* Is the word at bytes start … end part of a formula, with the words around it? All of them, if it is a sign that is
 * several (ﷺ). */
bool fihi_formula_has(fih_str text, size_t start, size_t end, struct chain *c);
/* Number `i` of the list, for the tests; NULL past the last. */
const char *fihi_formula_at(size_t i);

#endif
