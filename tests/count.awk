# count.awk - count test results over TAP records: awk -f count.awk DIR/*.tap
# For each X.tap there may be X.end (exit status; none if the program was killed) and X.err (stderr).
# Prints failures in full; those that a test expects (# TODO) count as skipped, each with a line; the last line is "P passed, F failed, S skipped".

function slurp(path, prefix,    line, n) {
    while ((getline line < path) > 0 && n++ < 60)
        print prefix line
    close(path)
}

function blame(text) {
    if (!shown++)
        print "== " name
    printf "%s%s\n", notes, text
    notes = ""
}

function finish(    stem, status) {
    if (name == "")
        return
    stem = name
    sub(/\.tap$/, "", stem)
    status = ""
    getline status < (stem ".end")
    close(stem ".end")
    if (status == "") {
        blame("not ok - the program was stopped before its end (time limit?)")
        failed++
    } else if (planned != seen) {
        blame("not ok - the program ended with status " status " after " seen " tests" (planned == "" ? " and no plan" : ", planned " planned))
        failed++
    } else if (status != 0 && bad == 0) {
        blame("not ok - the program ended with status " status)
        failed++
    }
    if (shown)
        slurp(stem ".err", "  stderr: ")
}

FNR == 1 {
    finish()
    name = FILENAME
    seen = bad = shown = 0
    planned = notes = ""
    next                                   # the command line
}
/^#/ { notes = notes $0 "\n"; next }
/^1\.\.[0-9]+/ { planned = substr($1, 4) + 0; if (planned == 0) { skipped++ } next }
/^not ok.*# TODO/ { seen++; skipped++; notes = ""; print "known to fail: " $0; next }
/^not ok/ { seen++; bad++; failed++; blame($0); next }
/^ok/ {
    seen++
    notes = ""
    if (toupper($0) ~ /# *SKIP/) { skipped++; print "skipped: " $0 } else passed++
    next
}
/^Bail out!/ { notes = notes $0 "\n" }
END {
    finish()
    printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
    exit failed > 0
}
