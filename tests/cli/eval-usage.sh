# Options that do not go together, or that are missing, are a usage error that says so.
try fihrist eval --queries q --run r
try fihrist eval --qrels j
try fihrist eval --qrels j --queries q
try fihrist eval --qrels j --run r -i "$INDEX"
try fihrist eval --qrels j --run r --save-run s
try fihrist eval -i "$INDEX" --qrels j --queries q --queries p --against r
try fihrist eval -i "$INDEX" --qrels j --queries q --limit 0
try fihrist eval -i "$INDEX" --qrels j --queries q --threads 65
try fihrist eval -i "$INDEX" --qrels j --queries q --fields author
try fihrist eval -i "$INDEX" --qrels j --queries q word
