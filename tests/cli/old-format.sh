# An index of format 2 is refused by every command that looks into it, with what to do; it is not changed, and can be replaced.
tar xzf "$CLI/../compat/format-2.tgz" && mv old.fih "$INDEX"
cksum "$INDEX"/data.1.mdb >before
printf '{"id":"1","body":"نجم"}\n' >a.jsonl
for command in 'search نجم' 'index a.jsonl' 'show 1' 'delete 1' 'complete نجم' stats status check compact; do
    echo "--- $command"
    try fihrist ${command%% *} -i "$INDEX" $(echo "$command" | sed -n 's/^[a-z]* //p') 2>&1
done
cksum "$INDEX"/data.1.mdb | cmp - before && echo unchanged
fihrist index -q -i new.fih a.jsonl && rm -r "$INDEX" && mv new.fih "$INDEX" && ids نجم
# So are those of formats 3.0 to 3.3, which were in no release.
for minor in 0 1 2 3; do
    rm -rf old.fih && tar xzf "$CLI/../compat/format-3.$minor.tgz"
    for command in 'search نجم' check; do
        echo "--- $command"
        try fihrist ${command%% *} -i old.fih $(echo "$command" | sed -n 's/^[a-z]* //p') 2>&1
    done
done
# Format 3.4, which has no texts, is read, whatever analyzer it was made with, and rebuilt.
rm -rf old.fih && tar xzf "$CLI/../compat/format-3.4.tgz"
try fihrist check -i old.fih
try fihrist show -i old.fih 1
fihrist rebuild -q --field author:text old.fih rebuilt.fih
try fihrist search -i rebuilt.fih --format ids نجم
fihrist stats -i rebuilt.fih | grep ^format
