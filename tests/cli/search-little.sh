# Where little is found, documents with other words of the same roots are printed behind; they are no part of the answer.
printf '{"id":"word","body":"معالجة المياه"}\n{"id":"root","body":"علاج جديد"}\n{"id":"both","body":"علاج ومعالجة"}\n' >a.jsonl
for i in $(seq 9); do printf '{"id":"more-%d","body":"علاج رقم"}\n' "$i"; done >>a.jsonl
index a.jsonl
fihrist search -i "$INDEX" -n 3 معالجة
fihrist search -i "$INDEX" --json معالجة | sed 's/.*"rank":\([0-9]*\),"id":"\([^"]*\)",[^,]*,\("by_root":true\)*.*/\1 \2 \3/'
fihrist search -i "$INDEX" --format html معالجة | grep -c -e '<li ' -e 'of the same roots'
echo "--- the page is full, another page, another order, bare formats, a batch, or asked for"
fihrist search -i "$INDEX" -n 2 معالجة | grep -c with
fihrist search -i "$INDEX" --offset 1 معالجة | grep -c with
fihrist search -i "$INDEX" --sort newest معالجة | grep -c with
fihrist search -i "$INDEX" --match stems معالجة | grep -c with
fihrist search -i "$INDEX" --match broad معالجة | grep -c -e with -e '^[0-9]'
fihrist search -i "$INDEX" --format ids معالجة
printf 'q\tمعالجة\n' | fihrist search -i "$INDEX" --format trec --queries - | wc -l
echo "--- nothing found"
try fihrist search -i "$INDEX" --json --explain تعالج -ماء | grep -c -e by_root
try fihrist search -i "$INDEX" -n 1 عالجنا
try fihrist search -i "$INDEX" -n 1 '"علاج المياه"'
