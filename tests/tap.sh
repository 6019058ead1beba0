# tap.sh - TAP for shell tests: source it, call ok, not_ok or skip once for each claim, end with done_testing.
tap_count=0
tap_failed=0

ok() {
    tap_count=$((tap_count + 1))
    echo "ok $tap_count - $1"
}

# not_ok NAME [FILE-OR-TEXT]: the second says why.
not_ok() {
    tap_count=$((tap_count + 1))
    tap_failed=$((tap_failed + 1))
    if [ -n "${2:-}" ] && [ -f "$2" ]; then
        sed 's/^/# /' "$2"
    elif [ -n "${2:-}" ]; then
        echo "$2" | sed 's/^/# /'
    fi
    echo "not ok $tap_count - $1"
}

skip() {
    tap_count=$((tap_count + 1))
    echo "ok $tap_count - $1 # SKIP $2"
}

# empty NAME TEXT: holds when there is nothing to complain about.
empty() {
    if [ -z "$2" ]; then
        ok "$1"
    else
        not_ok "$1" "$2"
    fi
}

done_testing() {
    echo "1..$tap_count"
    exit $((tap_failed > 0))
}
