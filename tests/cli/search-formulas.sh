# A formula is passed over beside other words; it is searched where the query is nothing else, in a phrase, and behind +.
printf '{"id":"house","body":"بيت قديم"}\n{"id":"formula","body":"صلى الله عليه وسلم"}\n{"id":"both","body":"بيت النبي ﷺ"}\n' >a.jsonl
index a.jsonl
ids بيت صلى الله عليه وسلم | sort | tr '\n' ' '; echo
ids --all بيت رضي الله عنه | sort | tr '\n' ' '; echo
ids صلى الله عليه وسلم | sort | tr '\n' ' '; echo
ids 'بيت "صلى الله عليه وسلم"' | sort | tr '\n' ' '; echo
ids +وسلم بيت | sort | tr '\n' ' '; echo
fihrist search -i "$INDEX" بيت النبي ﷺ 2>&1 | grep -i 'passed over'
