# A broken line is named with line and column, counted, and the rest is committed; the run ends with 3.
printf '{"id":"a","body":"تفاح"}\n{"id":"b","body":"موز"\n{"id":"c","body":5}\n[1]\n\n{"body":"بلا معرف"}\n{"id":"e","body":"تفاح"}\n' >a.jsonl
try fihrist index -i "$INDEX" a.jsonl
ids تفاح | sort
