#!/usr/bin/env python3
"""evaluate.py - the oracle of `fihrist eval`: the same measures, written apart from it, by trec_eval's definitions.

    evaluate.py QRELS QUERIES RUN...     a line of JSON for each query, then one for the run
    evaluate.py --self-test              small cases worked out by hand (TAP)

The order of a run is its scores, highest first; the rank column is ignored, as trec_eval does. Equal
scores: by document id, highest first (trec_eval's rule, which favours no engine). Gains are the grades of
the qrels, the discount is log2(rank + 1), the ideal is made of all judged documents. Means are over every
query of QUERIES that has a relevant document: a query without hits counts as 0 (trec_eval -c). Standard
library only.
"""
import json
import math
import sys

MEASURES = ("ndcg10", "mrr10", "recall100", "map")


def read_qrels(lines):
    """Query -> {document: grade}."""
    qrels = {}
    for line in lines:
        part = line.split()
        if part:
            qrels.setdefault(part[0], {})[part[2]] = int(part[3])
    return qrels


def read_queries(lines):
    """The ids, in order, of lines id<TAB>text."""
    return [line.split("\t", 1)[0] for line in lines if line.strip()]


def read_run(lines):
    """Query -> [(document, score)], in the run's order."""
    run = {}
    for line in lines:
        part = line.split()
        if part:
            run.setdefault(part[0], []).append((part[2], float(part[4])))
    return run


def ranking(hits):
    """The documents of one query's hits, best first."""
    hits = sorted(hits, key=lambda h: h[0].encode(), reverse=True)
    return [doc for doc, _ in sorted(hits, key=lambda h: -h[1])]


def dcg(grades):
    return sum(g / math.log2(i + 2) for i, g in enumerate(grades))


def measure(docs, judged):
    """The four measures of one ranked list, as a tuple in the order of MEASURES."""
    relevant = sum(g > 0 for g in judged.values())
    grades = [max(judged.get(d, 0), 0) for d in docs]
    ideal = sorted((g for g in judged.values() if g > 0), reverse=True)
    ndcg = dcg(grades[:10]) / dcg(ideal[:10])
    mrr = next((1 / (i + 1) for i, g in enumerate(grades[:10]) if g), 0.0)
    recall = sum(g > 0 for g in grades[:100]) / relevant
    found = 0
    ap = 0.0
    for i, g in enumerate(grades):
        if g:
            found += 1
            ap += found / (i + 1)
    return ndcg, mrr, recall, ap / relevant


def evaluate(qrels, ids, run):
    """Means over the queries with a relevant document, and each query's own figures."""
    each = {}
    for q in ids:
        judged = qrels.get(q, {})
        if any(g > 0 for g in judged.values()):
            each[q] = measure(ranking(run.get(q, [])), judged)
    n = len(each)
    means = {m: sum(v[i] for v in each.values()) / n if n else 0.0 for i, m in enumerate(MEASURES)}
    return {"queries": n, **means}, each


def self_test():
    results = []

    def check(name, got, want):
        ok = all(abs(g - w) < 1e-9 for g, w in zip(got, want)) and len(got) == len(want)
        results.append(ok)
        print(f"{'ok' if ok else 'not ok'} {len(results)} - {name}")
        if not ok:
            print(f"# got {got}, want {want}")

    log3 = math.log2(3)
    # Relevant: a, b and c; the run gives x a b y. c is never found.
    judged = {"a": 1, "b": 1, "c": 1, "x": 0}
    ideal = 1 + 1 / log3 + 1 / 2
    check("two of three found at ranks 2 and 3", measure(["x", "a", "b", "y"], judged),
          ((1 / log3 + 1 / 2) / ideal, 1 / 2, 2 / 3, (1 / 2 + 2 / 3) / 3))
    check("a perfect list scores 1", measure(["c", "b", "a"], judged), (1, 1, 1, 1))
    check("an empty list scores 0", measure([], judged), (0, 0, 0, 0))
    # Grades 2 and 1 in the wrong order: (1 + 2/log2 3) / (2 + 1/log2 3).
    check("grades are gains", measure(["m", "g"], {"g": 2, "m": 1})[:1], ((1 + 2 / log3) / (2 + 1 / log3),))
    far = [f"n{i}" for i in range(10)] + ["a"]
    check("rank 11 is past the cut of 10, not of 100 or MAP", measure(far, {"a": 1}), (0, 0, 1, 1 / 11))
    far = [f"n{i}" for i in range(100)] + ["a"]
    check("rank 101 is past the cut of 100", measure(far, {"a": 1}), (0, 0, 0, 1 / 101))
    check("a negative grade is not relevant", measure(["j", "a"], {"j": -1, "a": 1}), (1 / log3, 1 / 2, 1, 1 / 2))

    results.append(ranking([("a", 1.0), ("b", 1.0), ("z", 2.0)]) == ["z", "b", "a"])
    print(f"{'ok' if results[-1] else 'not ok'} {len(results)} - scores order, ties go to the higher id")

    qrels = read_qrels(["q1 0 a 1\n", "q2 0 b 1\n", "q3 0 c 0\n", "q4 0 d 1\n"])
    ids = read_queries(["q1\tx\n", "q2\ty\n", "q3\tz\n"])
    run = read_run(["q1 Q0 a 7 3.5 t\n", "q9 Q0 a 1 3.5 t\n"])
    means, _ = evaluate(qrels, ids, run)
    check("means: no hits is 0, no relevant document or not asked is left out",
          [means[k] for k in ("queries",) + MEASURES], (2, 0.5, 0.5, 0.5, 0.5))
    print(f"1..{len(results)}")
    return 0 if all(results) else 1


def main(args):
    if args[:1] == ["--self-test"]:
        return self_test()
    if len(args) < 3:
        sys.stderr.write("usage: evaluate.py QRELS QUERIES RUN...\n")
        return 1
    with open(args[0], encoding="utf-8") as f:
        qrels = read_qrels(f)
    with open(args[1], encoding="utf-8") as f:
        ids = read_queries(f)
    for path in args[2:]:
        with open(path, encoding="utf-8") as f:
            means, each = evaluate(qrels, ids, read_run(f))
        for query, figures in each.items():
            print(json.dumps({"query": query, **dict(zip(MEASURES, figures))}))
        print(json.dumps({"run": path, **means}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
