# The measures of random runs are those of evaluate.py, which was written apart from them and checks itself.
unless "no python3" python3 --version
export PYTHONDONTWRITEBYTECODE=1
python3 "$CLI/evaluate.py" --self-test | grep -v -e '^ok' -e '^1\.\.9$'
# 60 queries over 400 documents: grades from -1 to 3, scores with many ties, queries without hits or judgements, ids of
# any script, lines in no order.
python3 - <<'END'
import random
r = random.Random(7)
docs = [f"d{i}" for i in range(390)] + ["كتاب", "كتب", "é", "z", "Z", "~", "a/b:c", "𐍈", "\uffee", "d"]
queries = [f"q{i}" for i in range(60)]
qrels = [(q, d, r.choice([-1, 0, 0, 1, 1, 2, 3])) for q in queries[:55] for d in r.sample(docs, r.randint(1, 150))]
run = [(q, d, r.choice([r.randint(0, 5), r.random() * 9, -r.random()])) for q in queries[3:] for d in r.sample(docs, r.randint(0, 400))]
r.shuffle(qrels)
r.shuffle(run)
with open("qrels.txt", "w") as f:
    f.writelines(f"{q} 0 {d} {g}\n" for q, d, g in qrels)
with open("random.run", "w") as f:
    f.writelines(f"{q} Q0 {d} {r.randint(1, 9)} {s:.6f} t\n" for q, d, s in run)
with open("queries.tsv", "w") as f:
    f.writelines(f"{q}\tx\n" for q in queries[:50])
END
fihrist eval --run random.run --qrels qrels.txt --queries queries.tsv --each --json >ours.json
python3 "$CLI/evaluate.py" qrels.txt queries.tsv random.run >theirs.json
python3 - <<'END'
import json
ours = [json.loads(line) for line in open("ours.json")]
theirs = [json.loads(line) for line in open("theirs.json")]
assert len(ours) == len(theirs) > 40, (len(ours), len(theirs))
for a, b in zip(ours, theirs):
    assert a.get("query") == b.get("query") and a.get("queries") == b.get("queries"), (a, b)
    for m in "ndcg10", "mrr10", "recall100", "map":
        assert abs(a[m] - b[m]) <= 1e-8, (m, a, b)
print("the same figures")
END
