# --since and --until include their ends; a month or year means all of it; documents, options and queries read dates alike.
cat >a.jsonl <<'END'
{"id":"d2019","body":"خبر","date":"2019-12-31"}
{"id":"d2020a","body":"خبر","date":"٢٠٢٠-٠١-٠١"}
{"id":"d2020b","body":"خبر","date":"2020-06-30T23:59:59Z"}
{"id":"d2020c","body":"خبر","date":"2020-07-01"}
{"id":"d2021","body":"خبر","date":"2021"}
{"id":"none","body":"خبر"}
{"id":"islamic","body":"خبر","date":"1442-02-18"}
{"id":"words","body":"خبر","date":"الإثنين، 2 تشرين الثاني/نوفمبر 2020"}
{"id":"iran","body":"خبر","date":"1399/08/12"}
{"id":"odd","body":"خبر","date":"الثلاثاء"}
END
index a.jsonl
line() { ids "$@" | sort | tr '\n' ' '; echo; }
line خبر
line --since 2020-01-01 خبر
line --until 2020-06 خبر
line --since 2020 --until 2020 خبر
line --since 2020-07-01 --until 2020-07-01 خبر
line --since "1 تموز 2020" --until yesterday --today 2020-07-02 خبر
line --today 2020-07-02 date:yesterday
line --today 2020-07-02 'date:"آخر 3 أيام"'
line --today '2 يوليو 2020' date:أمس..
line --since 1442 --until 1442 خبر
line 'خبر date:1442'
line 'خبر date:>=1442'
line --since 1442 خبر
line 'خبر date:"صفر 1442"'
try fihrist search -i "$INDEX" --since خبر خبر
try fihrist search -i "$INDEX" --today someday خبر
