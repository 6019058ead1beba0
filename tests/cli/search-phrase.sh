# A phrase wants its words side by side and in order; vowels and letter forms do not matter.
cat >a.jsonl <<'END'
{"id":"apart","body":"كرة في ملعب القدم"}
{"id":"together","body":"يلعبون كُرَةَ القَدَمِ كل يوم"}
{"id":"turned","body":"القدم كرة"}
END
index a.jsonl
ids '"كرة القدم"'
echo ---
ids كرة القدم | sort
