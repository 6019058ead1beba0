# AND, OR, NOT, distances, their Arabic spellings, parentheses, boosts and --min-match find what their manual says.
cat >a.jsonl <<'END'
{"id":"a","body":"البحر الأبيض واسع"}
{"id":"b","body":"البحر الأحمر ضيق"}
{"id":"c","body":"النهر الأبيض طويل","section":"أنهار"}
{"id":"d","title":"البحر","body":"السفينة والنهر","section":"أنهار"}
END
index a.jsonl
found() { printf '%s: ' "$*"; ids -- "$@" | sort | tr '\n' ' '; echo; }
found البحر AND الأبيض
found البحر '&&' الأبيض
found البحر _و_ الأبيض
found واسع OR ضيق
found واسع '||' طويل
found واسع _أو_ طويل
found الأبيض AND NOT واسع
found الأبيض _ليس_ واسع
found البحر AND '(الأحمر OR النهر)'
found 'البحر -(الأحمر OR النهر)'
found 'title:(السفينة البحر)'
found 'البحر section:(أنهار جبال)'
found البحر و الأبيض أو سفينة
found '"البحر واسع"~1' '"السفينة نهر"'
found '"البحر واسع"~0'
found 'واسع NEAR/2 البحر'
found 'واسع NEAR/1 البحر'
found 'البحر THEN/2 واسع'
found 'واسع _ثم_/٢ البحر'
found 'البحر NEAR/50 السفينة'
echo "first by boost: $(ids -n 1 'واسع طويل^5') $(ids -n 1 'واسع^٥ طويل')"
echo "two of three: $(ids --min-match 2 البحر الأبيض طويل | sort | tr '\n' ' ')"
echo "all of either: $(ids --all 'البحر (الأحمر OR النهر)' | sort | tr '\n' ' ')"
try fihrist search -i "$INDEX" 'البحر AND (الأحمر OR'
try fihrist search -i "$INDEX" 'sea AND (red'
try fihrist search -i "$INDEX" 'بحر^500 واسع'
try fihrist search -i "$INDEX" 'بحر NEAR/0 واسع'
try fihrist search -i "$INDEX" 'بحر OR -نهر'
