/* age.h - an index as an upgrade finds it. */
#ifndef AGE_H
#define AGE_H

#include <stdio.h>

#include "index/manifest.h"
#include "store/store.h"

/* One more commit, by which the index was made with an ICU of long ago, and by an analyzer `name` if given. */
static int age_index(const char *path, const char *name, fih_error *err)
{
    struct store *s = NULL;
    struct snap *snap = NULL;
    struct change *c = NULL;
    struct manifest m = {0};
    int rc = fihi_store_open(&s, path, STORE_WRITE, 0, err);

    if (rc != 0)
        return rc;
    if ((rc = fihi_snap_begin(&snap, s, 0, err)) == 0) {
        rc = fihi_manifest_read(&m, snap, err);
        fihi_snap_end(snap);
    }
    m.generation++;
    if (name)
        snprintf(m.analyzer_name, sizeof m.analyzer_name, "%s", name);
    snprintf(m.analyzer_text, sizeof m.analyzer_text, "%s;icu=1.0;unicode=1.0%s", m.analyzer_name,
             m.lexicon.len ? ";lexicon=0000000000000000" : "");
    if (rc == 0 && (rc = fihi_change_begin(&c, s, err)) == 0)
        rc = (rc = fihi_manifest_write(&m, c, err)) == 0 ? fihi_change_commit(c, err) : (fihi_change_abort(c), rc);
    fihi_manifest_free(&m);
    fihi_store_close(s);
    return rc;
}

#endif
