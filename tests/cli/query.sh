# query writes the body of a search, tells what it cannot express, and has an exit code for each case.
index "$SAMPLE"
body() {
    echo "== $*"
    fihrist query -i "$INDEX" --format opensearch "$@" | sed 's/"boost":[0-9.]*/"boost":W/g'
}
body -n 3 --offset 2 سفينة
body --format elasticsearch 'section:أخبار'
body --since 2022 --until 2023-05 --fields title سفينة
body '"شركة البحر"~2 -سفينة'
body كلمةليستهناك
printf '1\tالبحر؟ "\n2\t*\n' | fihrist query -i "$INDEX" --format opensearch --queries - | cut -c 1-14
echo "--- told"
for q in 'سفين*' 'سفينة~2' '==سَفينة' 'body:سفينة' 'سفينة NEAR/3 بحر NEAR/3 صيد' 'سفينة /\d+/'; do
    fihrist query -i "$INDEX" --format opensearch -- "$q" >out
    echo "$? $(wc -l <out)"
done
echo "--- refused"
try fihrist query -i "$INDEX" --format opensearch '/\d+/'
try fihrist query -i "$INDEX" --format opensearch '"سفينة'
try fihrist query -i "$INDEX" --format opensearch 'no:سفينة'
try fihrist query -i "$INDEX" سفينة
try fihrist query -i "$INDEX" --format solr سفينة
try fihrist query -i "$INDEX" --format opensearch
try fihrist query -i "$INDEX" --format opensearch --queries - سفينة </dev/null
try fihrist query -i "$INDEX" --format opensearch --queries no-such-file
try fihrist query -i "$INDEX" --format opensearch -n 0 سفينة
echo سفينة | try fihrist query -i "$INDEX" --format opensearch --queries -
try fihrist query -i none --format opensearch سفينة
