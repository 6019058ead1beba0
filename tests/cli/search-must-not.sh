# +word is required, -word excluded, and other words only order.
cat >a.jsonl <<'END'
{"id":"a","body":"البحر الأبيض واسع"}
{"id":"b","body":"البحر الأحمر ضيق"}
{"id":"c","body":"النهر الأبيض طويل"}
END
index a.jsonl
ids البحر الأبيض | sort | tr '\n' ' '; echo
ids +البحر الأبيض | tr '\n' ' '; echo
ids +البحر +الأبيض | tr '\n' ' '; echo
ids البحر -الأبيض | tr '\n' ' '; echo
ids +الأبيض -البحر | tr '\n' ' '; echo
ids --all البحر الأبيض | tr '\n' ' '; echo
