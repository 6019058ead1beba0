# Scores are those of the formula in fihrist.h, worked out by hand here.
# N=2, n=1: every idf = ln(1 + 1.5/1.5) = ln 2; lw = sqrt(3/5); text: tf=1, |d|=2, avg=2; title: tf=1, |t|=1, avg=1 (of those that have one).
# Stem and normalised word share the weight 1, the root adds 1.25. Of where words stand, a text of two words counts 2/12:
# the first word is at 0, the body's behind a title at 1 + 16.
cat >a.jsonl <<'END'
{"id":"1","title":"قمر","body":"نجم"}
{"id":"2","body":"ريح مطر"}
END
index a.jsonl
awk 'BEGIN {
    k = 0.9; b = 0.5
    text = 1 / (1 + k * (1 - b + b * 2 / 2)); title = 1 / (1 + k * (1 - b + b * 1 / 1))
    w = sqrt(3 / 5) * log(2); early = 0.25 * 2.4 * 2 / 12 * w; window = 0.25 * 1.6 * 2 * w
    printf "want score %.4f\n", w * (2.25 * text + 0.6 * title + 5 * 0.6) + early
    printf "want score %.4f\n", w * (2.25 * text + 2.25 * text + 0.6 * title) + window + early * (1 + 25 / (25 + 17))
    printf "want score %.4f\n", 2 * w * 2.25 * text + 0.25 * w + window + early * (1 + 25 / (25 + 1))
    printf "want score %.4f\n", 2 * sqrt(3 / 5) * log(2) / (1 + k)
}' >want
{
    fihrist search -i "$INDEX" -v قمر      # title and text, and it is the whole title
    fihrist search -i "$INDEX" -v 'قمر نجم' # one in the title, one in the body: too far apart, but in one window
    fihrist search -i "$INDEX" -v 'مطر ريح' # neighbours
    fihrist search -i "$INDEX" -v --weights form=1,root=0,proximity=0,title=0,b=0 'مطر ريح'
} | grep -o 'score [0-9.]*' | sed 's/^/want /' | diff want - && echo equal
