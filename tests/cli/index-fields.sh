# Fields of an index' own: kinds, keys of JSON that feed them, arrays, paths; a schema that is kept and grows; what is refused.
cat >a.jsonl <<'END'
{"id":"1","title":"كتاب البخلاء","tags":["أدب","تراث"],"pages":250,"price":12.5,"pub":{"on":{"year":1999}},"by":"الجاحظ"}
{"id":"2","title":"الحيوان","tags":"تراث","pages":"١٢٠٠","price":"كثير","pub":{"on":{"year":[2001,2002]}},"by":["الجاحظ",null,"غيره"]}
{"id":"3","title":"ديوان","tags":[],"pages":null,"pub":3,"other":["x"]}
{"id":"4","title":"فارغ","tags":["a\"b",["c"],{"d":1},true,7]}
END
printf 'tags:keyword* # تصنيف\npages:integer\n' >schema
mkdir empty
for bad in "-i $INDEX --field-from p7=a.b" "-i $INDEX --map p7=a" "-i $INDEX --field p7 --map p7=a" \
    '-i empty --field p8:date --field-from p7=a.b'; do
    try fihrist index $bad a.jsonl 2>&1                # an error in the command line makes no index
done
[ ! -e "$INDEX" ] || ls "$INDEX"
ls -A empty
fihrist index -i "$INDEX" --schema schema --field price:number --field author:keyword* --field year:integer \
    --map author=by --field-from year=pub.on.year a.jsonl
fihrist stats -i "$INDEX" | grep -A5 '^fields'
fihrist stats -i "$INDEX" --json | grep -o '"fields":.*"documents":.}\]'
fihrist show -i "$INDEX" --json 1 2 3 4 | sed 's/.*"extra"/"extra"/'
echo --- a schema from pipes
mkfifo flow
cat schema >flow &
fihrist index -i piped.fih --schema flow a.jsonl
echo price:number | fihrist index -i piped.fih --schema /dev/stdin a.jsonl
echo by:text | fihrist index -i piped.fih --schema - a.jsonl
fihrist stats -i piped.fih | grep -A3 '^fields'
try fihrist index -i piped.fih --schema empty a.jsonl 2>&1
echo --- a key may feed several fields, also one that is a field itself
fihrist index -i mapped.fih --field kinds:keyword* --field name:text --field first:keyword --field all:keyword* \
    --map kinds=tags --map name=title --map all=by --map first=by a.jsonl
for q in kinds:أدب name:البخلاء title:البخلاء all:غيره first:الجاحظ; do
    echo "$q: $(fihrist search -i mapped.fih --format ids "$q" | tr '\n' ' ')"
done
echo --- again
fihrist index -i "$INDEX" --summary --map author=by --field-from year=pub.on.year a.jsonl | sed 's/ in .*//'
fihrist index -i "$INDEX" --summary --map author=by --field-from year=pub.on.year --field other:keyword a.jsonl |
    sed 's/ in .*//'
fihrist stats -i "$INDEX" | grep other:
for bad in --field=tags:integer --field=title:keyword --field=newest:integer --field=x --map=nothing=by --field-from=year; do
    echo "--- $bad"
    fihrist index -i "$INDEX" "$bad" a.jsonl 2>&1
    echo "exit $?"
done
