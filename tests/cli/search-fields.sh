# title:, body: and section: look where they say, and --fields bounds the whole query.
cat >a.jsonl <<'END'
{"id":"title","title":"الزيتون","body":"موسم القطاف","section":"زراعة"}
{"id":"body","title":"القطاف","body":"الزيتون شجر مبارك","section":"أدب وفن"}
END
index a.jsonl
ids الزيتون | sort | tr '\n' ' '; echo
ids title:الزيتون
ids body:الزيتون
ids --fields title الزيتون
ids --fields body القطاف
ids 'الزيتون +section:"أدب وفن"'
