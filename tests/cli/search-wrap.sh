# On a narrow screen lines are broken between words by their columns; addresses are shown decoded, long ones without their middle.
{
    printf '{"id":"1","title":"عنوان طويل لا يتسع له سطر واحد من شاشة ضيقة","url":"https://example.org/%%D8%%A3%%D8%%AE%%D8%%A8%%D8%%A7%%D8%%B1/2024/a%%20b","date":"2024-05-01","section":"أخبار",'
    printf '"body":"يُكتَبُ النَّصُّ المُشَكَّلُ كَلِمَةً كَلِمَةً ولا تُقطَعُ كَلِمَةٌ. and some English words too, supercalifragilisticexpialidocious. 日本語の文章は空白がない長い文章です。"}\n'
    printf '{"id":"2","title":"تمويه","body":"نص","url":"https://example.org/%%E2%%80%%AE%%D8%%A3%%00%%C3%%28%%F0%%9F%%98%%80%%2Fx%%D8"}\n'
    printf '{"id":"3","title":"طويل","body":"نص","url":"https://example.org/%s"}\n' "$(printf '%%D9%%85%%D9%%8E%.0s' $(seq 60))"
    printf '{"id":"4","title":"مضيف","body":"نص","url":"https://%%D8%%A3.example.org"}\n'
} >a.jsonl
index a.jsonl
show() { fihrist search -i "$INDEX" "$@"; }
echo '--- 30 columns'
COLUMNS=30 show كلمة
echo '--- colours and a break'
COLUMNS=30 show --mark colour شاشة 'لا' | sed 's/\x1b/ESC/g' | head -4
echo '--- a pipe, and what is no number'
COLUMNS= show تمويه
COLUMNS=wide show طويل -شاشة
show مضيف | sed -n 2p
echo '--- for programs they are whole'
COLUMNS=30 show --format tsv تمويه
COLUMNS=30 show --json طويل -شاشة | grep -c '%D9%85%D9%8E"'
echo '--- no word is broken, whatever the width'
words() { sed 's/[⁦⁧⁨⁩日本語の文章は空白がない長です。]//g; s/https.*//' | tr -s ' \n' '\n\n' | sed '/^い*$/d'; }
show كلمة | words >words
for columns in 20 21 25 33 40 60 79 1000; do
    COLUMNS=$columns show كلمة | words | cmp - words && echo $columns
done
