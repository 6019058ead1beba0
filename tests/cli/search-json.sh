# --json prints one object a line that holds the stored fields and marks the hits of the snippet.
cat >a.jsonl <<'END'
{"id":"one","title":"عنوان \"غريب\"","body":"وبالكتابِ يُعرفُ العلم","date":"2020-01-02","section":"أدب","url":"https://example.org/1","author":"زيد"}
END
index a.jsonl
fihrist search -i "$INDEX" --json كتاب | sed 's/"score":[0-9.]*/"score":N/'
