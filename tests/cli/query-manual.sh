# Every example in the operators' table of fihrist-query(7) is a query, and finds something in the sample.
index "$SAMPLE"
sed -n 's/^\.It Li .* Ta Li "\(.*\)" Ta .*/\1/p' "$CLI/../../tools/man/fihrist-query.7" | sed 's/\\(dq/"/g' | while IFS= read -r query; do
    printf '%s: ' "$query"
    ids --limit 3 -- "$query" | tr '\n' ' '
    echo
done
