# status warns of a data file that is three times what lives in it, and names who holds its pages; compact mends it.
awk 'BEGIN { for (i = 0; i < 4000; i++) { printf "{\"id\":\"%d\",\"body\":\"", i; for (k = 0; k < 60; k++) printf "كلمة%d ", (i * 7919 + k * 104729) % 65521; print "\"}" } }' >big.jsonl
printf '{"id":"small","body":"تفاح"}\n' >small.jsonl
index big.jsonl small.jsonl
fihrist status -i "$INDEX" --max-age 1h
mkfifo feed
fihrist search -i "$INDEX" --queries feed --format trec &
pid=$!
exec 3>feed
sleep 0.5
rm big.jsonl
index big.jsonl
index small.jsonl
fihrist status -i "$INDEX" --max-age 1h 2>err
echo "exit $?"
sed "s/[0-9][0-9]* MiB/N MiB/g; s/process $pid/process N/" err
exec 3>&-
wait $pid
fihrist status -i "$INDEX" 2>err
sed 's/[0-9][0-9]* MiB/N MiB/g' err
fihrist compact -i "$INDEX"
fihrist status -i "$INDEX" --max-age 1h
