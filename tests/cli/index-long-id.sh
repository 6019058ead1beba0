# An id of 70,000 bytes is refused with one clear line; the other documents are committed.
(printf '{"id":"'; head -c 70000 /dev/zero | tr '\0' x; printf '","body":"تفاح"}\n{"id":"ok","body":"تفاح"}\n') >a.jsonl
fihrist index -i "$INDEX" a.jsonl 2>err
echo "exit $?"
wc -l <err
cut -c 1-300 err
ids تفاح
