/* spoil.h - lies for the values of an index. */
#ifndef SPOIL_H
#define SPOIL_H

#include "values.h"

/* One to six lies, the same for the same seed; what they are is written to `what`. */
void spoil(struct index *x, uint64_t seed, char *what, size_t room);

#endif
