/* index/rules.h - by which analyzer, fields and weights the next commit is made.
 *
 * Layer: index. Those of the last commit, to which fields may be added; or others, where all terms are made anew.
 */
#ifndef FIHI_INDEX_RULES_H
#define FIHI_INDEX_RULES_H

#include <stdbool.h>

#include "index/pending.h"

/* The text of the user's lexicon; borrowed, empty without one. */
fih_str fihi_rules_lexicon(const struct pending *t);
/* Of a new index as the options say, or else as they are: FIH_E_ANALYZER if this library has none that is the index'
 * (with no_add it need not have one), or the options name another. */
int fihi_rules_keep(struct pending *t, const fih_writer_opts *o, fih_error *err);
/* All that there is goes with the next publish. Analyzer, fields and weights are those of `old` (NULL: of the last
 * commit), but for what the options say. */
int fihi_rules_anew(struct pending *t, const fih_writer_opts *o, const struct manifest *old, fih_error *err);
/* Of a new index that gets the documents of others, which have one analyzer and the same weights: theirs, whether this
 * library has the analyzer or not. */
int fihi_rules_join(struct pending *t, const struct manifest *old, const struct schema *fields, fih_error *err);

#endif
