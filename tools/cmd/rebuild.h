/* rebuild.h - all documents of an index through today's analyzer, for rebuild and index --rebuild. */
#ifndef FIHRIST_REBUILD_H
#define FIHRIST_REBUILD_H

#include <stdbool.h>

#include "fihrist.h"

/* What a rebuild is asked for; opts.on_progress and opts.ctx are set here. */
struct rebuild_args {
    const char     *command;           /* for messages */
    const char     *index, *dest;      /* dest NULL: in place */
    fih_writer_opts opts;
    bool            says_no_clean;     /* opts.no_clean is what the command line says, to be remembered */
    bool            is_quiet, wants_summary;
};

/* Do it; an exit code, after the message. */
int rebuild_run(const struct rebuild_args *a);
/* Is the analyzer of an index old, or does it have another analyzer, lexicon or fields than these? */
int rebuild_is_needed(bool *out, const char *index, const fih_writer_opts *opts, fih_error *err);

#endif
