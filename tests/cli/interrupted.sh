# kill -9 in the middle of a run leaves the last commit, and the next run completes the work.
index "$SAMPLE"
before=$(documents)
mkfifo feed
fihrist index -i "$INDEX" - <feed &
pid=$!
exec 3>feed
printf '{"id":"a","body":"تفاحة"}\n{"id":"b","body":"تفاحة"}\n' >&3
sleep 0.3
kill -9 $pid
wait $pid 2>/dev/null
exec 3>&-
[ "$(documents)" = "$before" ] && echo "as before"
printf '{"id":"a","body":"تفاحة"}\n' | fihrist index -i "$INDEX" -
ids تفاحة
