# Filters by fields of the index' own, all documents, and names that are no field.
cat >a.jsonl <<'END'
{"id":"1","title":"كتاب البخلاء","body":"قصص البصرة","tags":["أدب","تراث قديم"],"pages":250,"price":12.5,"on":"2015-03-01","at":"2024-05-01T10:30:00Z"}
{"id":"2","title":"الحيوان","body":"كتاب في البصرة","tags":"تراث","pages":1200,"price":"٤٠","on":"2016","at":"2024-05-02"}
{"id":"3","title":"ديوان","body":"شعر البصرة","tags":[],"pages":"كثير","وسم":"x"}
END
fihrist index -i "$INDEX" --field tags:keyword* --field pages:integer --field price:number --field on:date \
    --field at:time a.jsonl
for q in 'tags:تراث' 'tags:ترا*' 'tags:"تراث قديم"' 'tags:(أدب تراث)' 'tags:*' 'البصرة NOT tags:أدب' '* -tags:أدب' '*' \
    'pages:250' 'pages:٢٥٠..' 'pages:>250' 'pages:<=250' 'pages:>250.5' 'البصرة pages:1..2000 tags:أدب' 'price:<12.6' \
    'on:2015' 'on:>2015-06' 'at:2024-05-01' 'at:>=2024-05-01T10:31' '(pages:250 OR tags:تراث) كتاب' 'قال:البصرة' \
    'http://example.org البصرة' 'كتاب: البصرة'; do
    echo "$q: $(fihrist search -i "$INDEX" --format ids "$q" 2>&1 | tr '\n' ' ')"
done
for q in 'titel:حريق' 'x (foo:(a b))' 'pages:many' 'on:soon' 'at:x' 'url:x' 'pages:1000..2 *' 'وسم:"x"'; do
    echo "--- $q"
    fihrist search -i "$INDEX" --format ids "$q" 2>&1
    echo "exit $?"
done
for o in pages -pages -tags,pages price -at,score newest -price,-pages; do
    echo "sort $o: $(fihrist search -i "$INDEX" --format ids --sort "$o" '*' | tr '\n' ' ')"
done
for f in tags pages pages:1000 price:10 on:year on:month at at:day section,on; do
    fihrist search -i "$INDEX" --format json -n 1 --facet "$f" '*' | grep '"facet"'
done
fihrist search -i "$INDEX" -n 1 --facet tags,pages:1000 البصرة
for bad in '--sort=foo' '--sort=' '--sort=pages,' '--sort=a,a,a,a,a' --facet=foo --facet=tags:3 --facet=pages:0 --facet=on:week; do
    fihrist search -i "$INDEX" "$bad" '*' 2>&1
    echo "exit $?"
done
c=$(fihrist search -i "$INDEX" --format ids --sort -pages --cursor -n 1 '*' 2>/dev/null; fihrist search -i "$INDEX" --sort -pages --cursor -n 1 --json '*' | sed -n 's/.*"cursor":"\([^"]*\)".*/\1/p')
fihrist search -i "$INDEX" --format ids --sort -pages -n 1 --after "$(echo "$c" | tail -n 1)" '*'

echo --- collapse
fihrist search -i "$INDEX" --collapse tags --sort pages '*'
fihrist search -i "$INDEX" --collapse pages --json '*' | cut -c1-60
fihrist search -i "$INDEX" --collapse foo '*' 2>&1
