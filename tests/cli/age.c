/* age.c - age INDEX [NAME]: one more commit, by which the index was made with an ICU of long ago (or an analyzer NAME).
 */
#include <stdio.h>
#include <string.h>

#include "index/manifest.h"
#include "store/store.h"

int main(int argc, char **argv)
{
    struct store *s = NULL;
    struct snap *snap = NULL;
    struct change *c = NULL;
    struct manifest m = {0};
    fih_error err = {0};

    if (argc < 2 || fihi_store_open(&s, argv[1], STORE_WRITE, 0, &err) != 0 ||
        fihi_snap_begin(&snap, s, 0, &err) != 0 || fihi_manifest_read(&m, snap, &err) != 0) {
        fprintf(stderr, "age: %s\n", argc < 2 ? "no index given" : err.msg);
        return 2;
    }
    fihi_snap_end(snap);
    m.generation++;
    if (argc > 2)
        snprintf(m.analyzer_name, sizeof m.analyzer_name, "%s", argv[2]);
    snprintf(m.analyzer_text, sizeof m.analyzer_text, "%s;icu=1.0;unicode=1.0%s", m.analyzer_name,
             m.lexicon.len ? ";lexicon=0000000000000000" : "");
    if (fihi_change_begin(&c, s, &err) != 0 || fihi_manifest_write(&m, c, &err) != 0 ||
        fihi_change_commit(c, &err) != 0) {
        fprintf(stderr, "age: %s\n", err.msg);
        return 2;
    }
    fihi_manifest_free(&m);
    fihi_store_close(s);
    return 0;
}
