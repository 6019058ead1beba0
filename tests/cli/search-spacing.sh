# What is often written in one word or in several is found in any spacing, initials too, and --explain says which.
cat >a.jsonl <<'END'
{"id":"one","body":"مازال المطر يهطل"}
{"id":"two","body":"ما زال المطر يهطل"}
{"id":"god1","body":"نصل غدا انشاءالله"}
{"id":"god2","body":"نصل غدا إنشاء الله"}
{"id":"god3","body":"نصل غدا إن شاء الله"}
{"id":"lak","body":"ما لك تبكي"}
{"id":"malik","body":"مالك بن أنس"}
{"id":"afp","body":"وكالة أ.ف.ب"}
{"id":"half","body":"وكالة أف ب"}
END
index a.jsonl
for q in 'ما زال' 'مازال' 'لا يزال' 'إن شاء الله' 'انشاءالله' 'انشاء الله' '"شاء الله"' 'مالك' 'ما لك' 'أف ب' 'أ ف ب' '+مازال' '"مازال المطر"'; do
    printf '%s: ' "$q"
    ids --all -- "$q" 2>/dev/null | sort | tr '\n' ' '
    echo
done
for q in 'ما زال' انشاءالله 'أف ب'; do
    fihrist search -i "$INDEX" --explain --mark brackets "$q" | grep -e '\]' -e written
done
