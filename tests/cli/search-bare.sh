# A word without its hamza may be a stop word: + and = bring back that, too, and - leaves it out.
cat >a.jsonl <<'END'
{"id":"front","body":"وقف أمام المسجد"}
{"id":"imam","body":"إمام المسجد"}
{"id":"bare","body":"امام المسجد"}
{"id":"their","body":"إمامهم في المسجد"}
{"id":"none","body":"دخل المسجد"}
END
index a.jsonl
for q in 'امام' '+امام' '=امام' '"امام"' 'المسجد -امام' 'المسجد -=امام' '+أمام' '=أمام' '+إمام' '=إمام' 'body:=امام' '+امام^2'; do
    printf '%s: ' "$q"
    ids -- "$q" | sort | tr '\n' ' '
    echo
done
fihrist search -i "$INDEX" --mark brackets '=امام' | grep '\['
