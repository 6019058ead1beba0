# zstd files are read.
unless "no zstd" command -v zstd
mkdir d
printf 'عنوان\nتفاح\n' | zstd -q >d/1.txt.zst
printf '{"id":"j","body":"تفاح"}\n' | zstd -q >d/2.ndjson.zst
index d
ids تفاح | sort
