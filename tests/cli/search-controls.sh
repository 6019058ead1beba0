# No control, escape or bidi character of a document reaches a terminal; JSON escapes them.
printf '{"id":"x","title":"\\u001b[31mأحمر\\u202e\\u0007","body":"كلمة \\u001b]0;t\\u0007 أخرى\\u2066"}\n' >a.jsonl
index a.jsonl
fihrist search -i "$INDEX" كلمة >human
grep -c "$(printf '[\001-\010\013-\037\177]')" human
grep -c -F "$(printf '\342\200\256')" human
fihrist search -i "$INDEX" --json كلمة | grep -o '"title":"[^"]*"'
