# Stop words are passed over, unless the query has no others or they stand in a phrase.
printf '{"id":"in","body":"في كل يوم"}\n{"id":"home","body":"البيت كبير"}\n{"id":"inhome","body":"في البيت"}\n' >a.jsonl
index a.jsonl
ids في البيت | sort | tr '\n' ' '; echo
ids في | sort | tr '\n' ' '; echo
ids '"في البيت"' | sort | tr '\n' ' '; echo
