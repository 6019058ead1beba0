# While one indexer holds the lock a second ends with 75, or waits when told to; searching goes on.
index "$SAMPLE"
mkfifo feed
fihrist index -i "$INDEX" --wait 20 - <feed &
exec 3>feed
printf '{"id":"a","body":"تفاحة"}\n' >&3
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    printf '{"id":"b","body":"موزة"}\n' | fihrist index -i "$INDEX" - 2>err 3>&-
    status=$?
    [ $status = 75 ] && break
    sleep 0.1
done
echo "exit $status"
cat err
fihrist delete -i "$INDEX" news-001
echo "delete: exit $?"
fihrist compact -i "$INDEX"
echo "compact: exit $?"
ids تفاحة | wc -l
printf '{"id":"c","body":"رمانة"}\n' | fihrist index -i "$INDEX" --wait 20 - 3>&- &
sleep 0.3
exec 3>&-
wait
ids تفاحة رمانة | sort
