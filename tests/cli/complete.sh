# A word begun goes on as the texts do: in their spelling, behind other words with what stands behind them there.
cat >a.jsonl <<'END'
{"id":"1","title":"زين العابدين","body":"زين العابدين رئيس سابق، والعالم كله يعرف العالم"}
{"id":"2","body":"رئيس العالم، عالم العالم"}
{"id":"3","body":"الوزير والوزراء: قال الوزير ما قاله الوزراء"}
{"id":"4","body":"قال الوزير"}
{"id":"5","body":"رءيس الوزراء: مسؤول"}
{"id":"6","body":"Café de Tunis"}
{"id":"7","body":"النادي الإفريقي في ملعبه. نادي الاتحاد. قال مدرب النادي الإفريقي، والنادي الافريقي"}
{"id":"8","body":"والنادي الإفريقي: أفريقيا قارة. النادي أفريقي"}
END
index a.jsonl
for text in 'زين الع' 'زين ال' 'الع' 'الوز' 'رئي' 'رييس' 'مسو' '"زين الع' 'قال ال' 'نادي الا' '+نادي الإف' 'النادي الا' 'caf' 'ظظ' 'زين '; do
    echo "--- $text"
    fihrist complete -i "$INDEX" -- "$text"
done
echo '--- JSON'
fihrist complete -i "$INDEX" -n 1 --json 'زين الع'
index "$SAMPLE"
fihrist complete -i "$INDEX" -n 3 'قناة السو'
fihrist complete -i "$INDEX" -n 2 --json 'الانت'
fihrist complete -i "$INDEX" 'لالالالا'
echo "exit $?"
fihrist complete -i "$INDEX" 2>&1
true
