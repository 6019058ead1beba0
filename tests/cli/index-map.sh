# --map names the keys of foreign JSON; other keys are kept and shown.
printf '{"docid":"x1","headline":"عنوان","text":"نص الخبر","author":"ليلى","n":5}\n' >a.jsonl
index --map id=docid --map title=headline --map body=text a.jsonl
fihrist show -i "$INDEX" x1
