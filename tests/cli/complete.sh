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
# One chance neighbour does not stand before what many texts have.
{
    echo '{"id":"c0","body":"زار نادي الإسعاف"}'
    for i in 1 2 3 4 5 6 7 8; do echo "{\"id\":\"c$i\",\"body\":\"فاز النادي الإسباني\"}"; done
} >c.jsonl
rm -rf "$INDEX"
index c.jsonl
fihrist complete -i "$INDEX" 'نادي الإس'
echo '{"id":"c9","body":"فاز النادي الإسباني"}' >d.jsonl
index d.jsonl
fihrist complete -i "$INDEX" 'نادي الإس'
true
