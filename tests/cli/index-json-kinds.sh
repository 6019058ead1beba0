# JSON values of other kinds are kept as their text; a line without id is named by file and line; blank lines pass.
printf '\n{"id":7,"title":"رقم","body":"تفاح","n":1.5,"ok":true,"none":null,"list":[1,{"a":"ب"}]}\n\n{"body":"تفاح"}\n' >a.jsonl
index a.jsonl
ids تفاح | sort
fihrist show -i "$INDEX" --json 7
