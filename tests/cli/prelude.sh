# prelude.sh - put before every case.

# unless REASON COMMAND...: skip the case when COMMAND does not succeed.
unless() {
    reason=$1
    shift
    "$@" >/dev/null 2>&1 || {
        echo "$reason"
        exit 77
    }
}

# Run a command whose failure is the point; say its exit status.
try() {
    "$@"
    echo "exit $?"
}

# Index quietly, or end the case there.
index() {
    fihrist index -i "$INDEX" "$@" || exit
}

# Documents in the index.
documents() {
    fihrist stats -i "$INDEX" --json | sed -n 's/.*"documents":\([0-9]*\).*/\1/p'
}

# Ids of the hits of a search, best first; without those of other words of the same roots, where little is found.
ids() {
    fihrist search -i "$INDEX" --json --match stems "$@" | sed -n 's/.*"id":"\([^"]*\)".*/\1/p'
}
