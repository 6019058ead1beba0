# Names that are also stop words are told from them by ى and ي and by what stands beside them; + and = bring a stop word back.
cat >a.jsonl <<'END'
{"id":"ali","body":"محمد بن علي وقف على الباب في بيتي"}
{"id":"omar","body":"محمد بن عمر وقف على الباب في بيتي"}
{"id":"mona","body":"منى زكي ممثلة على الشاشة في مصر"}
{"id":"zaki","body":"أحمد زكي ممثل على الشاشة وأخذ مني في مصر"}
{"id":"pasha","body":"محمد على باشا حكم مصر"}
{"id":"maksura","body":"وقف على الجسر فى الشارع"}
{"id":"yeh","body":"وقف علي السطح في الشارع"}
{"id":"quote","body":"قال النبي أنت مني وأنا منك يا فتى على الحق"}
{"id":"words","body":"مني أنت منك وأنا مني أنت وأنا منك أنت مني وأنا أنت منك فتى على في"}
{"id":"brother","body":"أثنى محمد على أخيه فى المساء"}
{"id":"trust","body":"توكلت على الله في كل شيء"}
{"id":"bare","body":"كتاب جديد"}
END
index a.jsonl
show() { for q in "$@"; do printf '%s:' "$q"; ids "$q" | sort | tr '\n' ' ' | sed 's/^/ /; s/ $//'; echo; done; }
first() { for q in "$@"; do printf '%s: ' "$q"; ids "$q" | head -n 1; done; }
first 'بن علي' 'منى زكي' 'زكي منى' 'محمد علي' 'محمد على' 'أنت مني وأنا منك' 'انت مني وانا منك'
show 'علي' '=علي' '+علي' 'منى' '=منى' 'مني' '=مني' '=مِنّي' '=فتى'
show '=على' '+على' '+على الباب' '=على الباب' '+على +الباب' 'الباب على' 'مصر -منى'
show '"محمد على باشا"' '"محمد علي باشا"' '"أثنى محمد على أخيه"' '"توكلت علي الله"' '"وقف على" السطح' '"محمد بن علي"'
show '"وأنا منك"' 'body:=على محمد' 'بن NEAR/3 علي' '(علي OR منى)' 'الشاشة (في على)'
ids --all 'بن علي' && ids --all 'منى زكي' && ids --all 'محمد على باشا'
fihrist search -i "$INDEX" -n 1 'في الباب على وعلى'
fihrist search -i "$INDEX" -n 1 --json 'في كتاب' | sed 's/"score":[0-9.]*/"score":N/; s/"source".*//'
fihrist search -i "$INDEX" -n 1 --format html 'في كتاب عن' | grep -o '<br>passed.*</div>'
fihrist search -i "$INDEX" 'في سفينة' 2>&1 || :
fihrist search -i "$INDEX" --format tsv 'كتاب في' | cut -f 3
