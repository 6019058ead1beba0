# --since and --until include their ends; a month or year means all of it; digits may be Arabic.
cat >a.jsonl <<'END'
{"id":"d2019","body":"خبر","date":"2019-12-31"}
{"id":"d2020a","body":"خبر","date":"٢٠٢٠-٠١-٠١"}
{"id":"d2020b","body":"خبر","date":"2020-06-30T23:59:59Z"}
{"id":"d2020c","body":"خبر","date":"2020-07-01"}
{"id":"d2021","body":"خبر","date":"2021"}
{"id":"none","body":"خبر"}
{"id":"odd","body":"خبر","date":"الثلاثاء"}
END
index a.jsonl
line() { ids "$@" | sort | tr '\n' ' '; echo; }
line خبر
line --since 2020-01-01 خبر
line --until 2020-06 خبر
line --since 2020 --until 2020 خبر
line --since 2020-07-01 --until 2020-07-01 خبر
try fihrist search -i "$INDEX" --since yesterday خبر
