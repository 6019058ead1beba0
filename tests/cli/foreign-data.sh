# Files that are not of an index stay, in a folder that is none and in one that is.
mkdir d
echo precious >d/data.csv
try fihrist index -i d /nonexistent
ls d
index sample
echo precious >"$INDEX/data.csv"
echo precious >"$INDEX/data.2.mdb.bak"
try fihrist index -i "$INDEX" sample
fihrist compact -i "$INDEX"
ls "$INDEX" | grep -v lock
