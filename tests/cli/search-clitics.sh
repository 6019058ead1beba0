# A word is found through its clitics, vowels, tatweel and letter forms, and the whole surface word is marked.
cat >a.jsonl <<'END'
{"id":"v","body":"وَبِالْمَدْرَسَةِ مُعَلِّمُون"}
{"id":"t","body":"المدرســة بعيدة"}
{"id":"p","body":"ﺍﻟﻤﺪﺭﺳﺔ قريبة"}
END
index a.jsonl
fihrist search -i "$INDEX" مدرسة | grep -o '\[[^]]*\]' | sort
