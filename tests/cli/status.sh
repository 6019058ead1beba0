# status tells a fresh index from a stale one by its exit code, for cron.
index "$SAMPLE"
fihrist status -i "$INDEX" --max-age 26h >/dev/null
echo "exit $?"
sleep 2.1
fihrist status -i "$INDEX" --max-age 1s >/dev/null
echo "exit $?"
