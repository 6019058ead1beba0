# A file is one document with one id, by whatever path it is named: relative, absolute, with dots, through a link.
show() { fihrist search -i "$INDEX" --format ids مشمش | sort; documents; }
mkdir -p d/sub
printf 'بستان\nمشمش\n' >d/sub/a.txt
printf '{"title":"مشمش"}\n' >d/sub/b.jsonl
index ./d//sub
show
for path in "$PWD/d" "$PWD/d/sub/a.txt" ./d/../d/sub/b.jsonl d; do
    echo "-- by another path, and changed"
    echo >>d/sub/a.txt
    echo >>d/sub/b.jsonl
    index "$path"
    show
done
echo "-- from another folder"
echo مشمش >>d/sub/a.txt
(cd d/sub && FIHRIST_INDEX=../../$INDEX fihrist index a.txt ../sub/b.jsonl)
show
echo "-- through a link"
ln -s d link
echo مشمش >>d/sub/a.txt
index link
index "$PWD/link/sub/a.txt"
(cd link/sub && FIHRIST_INDEX=$HERE/$INDEX fihrist index . a.txt)
show
echo "-- first through a link, then from within it"
mkdir e
printf 'بستان\nتوت\n' >e/c.txt
ln -s e way
index "$PWD/way"
(cd way && FIHRIST_INDEX=$HERE/$INDEX fihrist index .)
fihrist search -i "$INDEX" --format ids توت
echo "-- gone, and back"
rm d/sub/a.txt
index link
show
printf 'بستان\nمشمش\n' >d/sub/a.txt
(cd d && FIHRIST_INDEX=$HERE/$INDEX fihrist index sub)
show
