# A query for OpenSearch leaves out what asks for words of a text of the schema, and says so.
cat >a.jsonl <<'END'
{"id":"1","title":"ديوان","body":"قصائد في الوطن","author":"أحمد شوقي"}
{"id":"2","title":"في الشعر الجاهلي","body":"نقد الشعر عند شوقي","author":"طه حسين"}
END
fihrist index -i "$INDEX" --field author:text a.jsonl
for query in 'author:شوقي' 'author:*' 'الشعر author:"طه حسين"' 'الشعر'; do
    echo "--- $query"
    fihrist query -i "$INDEX" --format opensearch "$query" 2>&1 >body
    echo "exit $?"
    grep -c author body
done
