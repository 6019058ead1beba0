# status tells a fresh index from a stale one by its exit code, for cron.
index "$SAMPLE"
fihrist status -i "$INDEX" --max-age 26h >/dev/null
echo "exit $?"
sleep 2.1
fihrist status -i "$INDEX" --max-age 1s 2>err
echo "exit $?"
sed "s/is [0-9]* s old/is N s old/" err
