# compare.awk OURS THEIRS - two TREC runs: what differs in their hits, scores or order, a line each for the first ten, and
# nothing if all is the same. Scores may differ by 0.001, or a hundred thousandth of them. Hits that score as the last
# one of a full list may be missing. With -v loose=1 only which documents are found is compared.
function is_near(a, b, d) { d = a > b ? a - b : b - a; return d <= 0.001 || d <= a / 100000 }
function tell(text) { if (++count <= 10) print text }
FNR == NR { ours[$1, $3] = $5; last[$1] = $5; hits[$1]++; next }
{
    theirs[$1, $3] = $5
    their_last[$1] = $5
    their_hits[$1]++
    if (!(($1, $3) in ours)) {
        if (hits[$1] < most || !is_near(last[$1], $5))
            tell($1 ": " $3 " is found by the engine only, with " $5)
    } else if (!loose && !is_near(ours[$1, $3], $5))
        tell($1 ": " $3 " scores " ours[$1, $3] ", and " $5 " in the engine")
}
END {
    for (key in ours) {
        split(key, part, SUBSEP)
        if (!(key in theirs) && (their_hits[part[1]] < most || !is_near(their_last[part[1]], ours[key])))
            tell(part[1] ": " part[2] " is not found by the engine; it scores " ours[key])
    }
    if (count > 10)
        print "and " count - 10 " more"
}
