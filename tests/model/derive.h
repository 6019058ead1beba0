/* derive.h - queries that are made of others, or of a document, as the manual says: synonyms, more like this. */
#ifndef MODEL_DERIVE_H
#define MODEL_DERIVE_H

#include "queries.h"

void make_synonyms(char *out, size_t size);
/* Each clause that is a word or phrase of a set becomes one of any of the set. */
void add_synonyms(struct query *q);
/* The clauses are the words of a document that tell most, its text is empty. */
void like_document(struct query *q, size_t doc);

#endif
