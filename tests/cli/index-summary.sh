# --summary prints one line of counts on standard output, also where that is no terminal, and nothing else.
mkdir d
printf '{"id":"a","body":"تفاح"}\n{"id":"b","body":"رمان"}\n' >d/1.jsonl
printf '{"id":"c","body":"تين"}\n{broken\n' >d/2.jsonl
summary() { "$@" 2>err | sed 's/ in [0-9.]* s/ in N s/'; sed 's/^/err: /' err; }
echo "-- without it"
summary fihrist index -i "$INDEX" d/1.jsonl
echo "-- with it"
summary fihrist index -i "$INDEX" --summary d
summary fihrist index -i "$INDEX" --summary d
rm d/1.jsonl
summary fihrist index -i "$INDEX" -q --summary d
