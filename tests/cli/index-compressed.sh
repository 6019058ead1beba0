# gzip and zstd files are read, text, JSON Lines and HTML alike.
unless "no gzip" command -v gzip
mkdir d
printf 'عنوان\nتفاح\n' | gzip >d/1.txt.gz
printf '{"id":"j","body":"تفاح"}\n' | gzip >d/2.jsonl.gz
printf '<html><head><title>t</title></head><body><p>تفاح</p></body></html>' | gzip >d/3.html.gz
index d
ids تفاح | sort
