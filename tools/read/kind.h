/* kind.h - what kind of file is this? Told by the name where its ending says so, else by the first bytes. */
#ifndef FIHRIST_KIND_H
#define FIHRIST_KIND_H

#include <stdbool.h>

#include "read/input.h"
#include "read/readers.h"

/* Whether a file of this name is taken out of a folder. Only the ending counts; .gz and .zst are passed over, and so is
 * what crawlers put behind it (page.html?id=3). */
bool kind_is_wanted(const char *name);
/* Whether its ending says that it is one document, of which the name is the id: a text or a page. */
bool kind_is_one(const char *name);

/* The reader for an input: READ_OK; READ_OTHER with the reason, if it is of a kind that is not read; READ_FAILED. What
 * no ending tells is a page, JSON records or else a text; what may be a program (.php) must be a page. */
enum read_result kind_reader(reader **out, struct input *in, const char *name, struct why *why);

#endif
