# --date-from and --section-from: a text's or page's date by its name, its folders or its time, its section by its folder, where it says none.
mkdir -p news/sport news/2021/04/09 news/plain
printf 'مباراة\nفاز الفريق.\n' >news/sport/2020-10-07.txt
printf 'تقرير\nعن الحصاد.\n' >news/plain/note_20201008.txt
printf 'خبر\nمن القرية.\n' >'news/plain/9 أكتوبر 2020.txt'
printf 'خبر\nمن المدينة.\n' >news/2021/04/09/a.txt
printf 'خبر\nبلا تاريخ.\n' >news/plain/2020.txt
printf '<title>صفحة</title><meta name=date content=2019-03-04><meta property=article:section content=ثقافة><p>نص' >news/sport/2020-10-10.html
printf '<title>صفحة</title><p>نص بلا تاريخ' >news/sport/2020-10-11.html
printf '{"id":"j","body":"سطر"}\n' >news/sport/2020-10-12.jsonl
touch -d 2018-05-06T12:00:00 news/*/* news/2021/04/09/a.txt
tell() { for id in sport/2020-10-07.txt plain/note_20201008.txt 'plain/9 أكتوبر 2020.txt' 2021/04/09/a.txt plain/2020.txt sport/2020-10-10.html sport/2020-10-11.html; do id=news/$id
    echo "$id: $(fihrist show -i "$INDEX" --field date "$id" 2>/dev/null | head -n 1) $(fihrist show -i "$INDEX" --field section "$id" 2>/dev/null | head -n 1)"
done; }
index news
tell
index --date-from name --section-from folder news
echo "by name:"
tell
fihrist show -i "$INDEX" --json j
index --date-from mtime news
echo "by time:"
tell
try fihrist index -i "$INDEX" --date-from clock news
try fihrist index -i "$INDEX" --section-from name news
