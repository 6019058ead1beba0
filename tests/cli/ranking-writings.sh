# Another writing scores as fihrist.h has it, worked out by hand here: with the weight of what was asked, as one word.
# N=3; each of the words is in one document, and written otherwise in another: n=2, every idf = ln(1 + 1.5/2.5).
# avg = (3 + 1 + 2) / 3 = 2. Stem and form share the weight 1, the root adds 1.25.
cat >a.jsonl <<'EOF'
{"id":"apart","body":"عبد الله نجم"}
{"id":"together","body":"عبدالله"}
{"id":"neither","body":"ريح مطر"}
EOF
index a.jsonl
awk 'function sat(len) { return 1 / (1 + 0.9 * (0.5 + 0.5 * len / 2)) }
function early(w, len) { return 0.25 * 2.4 * w * len / (len + 10) }
BEGIN {
    idf = log(1.6); one = sqrt(7 / 5) * idf; a = sqrt(3 / 5) * idf; b = sqrt(4 / 5) * idf
    both = 0.25 * a + 0.25 * 1.6 * (a + b)     # side by side, and in one window
    printf "want score %.4f\n", 2.25 * one * sat(1) + early(one, 1)
    printf "want score %.4f\n", 2.25 * one * sat(3) + early(one, 3)
    printf "want score %.4f\n", 2.25 * (a + b) * sat(1) + both + early(a + b, 1)
    printf "want score %.4f\n", 2.25 * (a + b) * sat(3) + both + 0.25 * 2.4 * 3 / 13 * (a + b * 25 / 26)
}' >want
{
    fihrist search -i "$INDEX" -v عبدالله
    fihrist search -i "$INDEX" -v 'عبد الله'
} | grep -o 'score [0-9.]*' | sed 's/^/want /' | diff want - && echo equal
