# Words of one's own: kept in the index, used by searches, and another lexicon later is refused.
printf 'في المدينة تكاتك كثيرة' >1.txt
printf 'ركب التوكتوك وسار' >2.txt
printf '# mine\nتوكتوك\tتكاتك\tفعالل\n' >mine.tsv
printf 'توكتوك\tتكاتك\nشاوين\n' >other.tsv
printf '\n\ntwo words here\n' >bad.tsv
index 1.txt
ids توكتوك | wc -l
try fihrist index -i "$INDEX" --lexicon mine.tsv 2.txt
try fihrist index -i bad.fih --lexicon bad.tsv 1.txt
try fihrist index -i bad.fih --lexicon absent.tsv 1.txt
try fihrist index -i bad.fih --analyzer simple --lexicon mine.tsv 1.txt
ls -d bad.fih 2>/dev/null
INDEX=mine.fih
index --lexicon mine.tsv 1.txt
fihrist index -q -i "$INDEX" 2.txt
ids 'التكاتك'
gzip -c mine.tsv >mine.tsv.gz
fihrist index -q -i "$INDEX" --lexicon mine.tsv.gz 1.txt 2.txt
try fihrist index -i "$INDEX" --lexicon other.tsv 1.txt
fihrist compact -i "$INDEX"
ids توكتوك
echo ---
fihrist analyze -i "$INDEX" وتكاتكهم
fihrist analyze --lexicon mine.tsv وتكاتكهم
try fihrist analyze -i "$INDEX" --lexicon mine.tsv وتكاتكهم
