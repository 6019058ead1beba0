# While one indexer holds the lock a second ends with 75, or waits when told to; searching goes on.
index "$SAMPLE"
mkfifo feed
fihrist index -i "$INDEX" - <feed &
exec 3>feed
printf '{"id":"a","body":"تفاحة"}\n' >&3
for i in 1 2 3 4 5 6 7 8 9 10; do
    printf '{"id":"b","body":"موزة"}\n' | fihrist index -i "$INDEX" - 2>err
    status=$?
    [ $status = 75 ] && break
    sleep 0.2
done
echo "exit $status"
cat err
ids تفاحة | wc -l
printf '{"id":"c","body":"رمانة"}\n' | fihrist index -i "$INDEX" --wait 20 - 3>&- &
sleep 0.3
exec 3>&-
wait
ids تفاحة رمانة | sort
