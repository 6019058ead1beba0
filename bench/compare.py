#!/usr/bin/env python3
"""compare.py - the table of compare.sh, made from the raw figures that it left in a directory.

    compare.py DIR NAME...       (NAME=... as given to compare.sh is taken up to the equals sign)

A query's time is its least over all rounds; ratios are ours / Lucene's, so below 1 we are faster or smaller.
"""
import glob
import json
import os
import sys

import common


def best_times(pattern):
    """Class -> {query: (least nanoseconds, hits)} over the files of all rounds."""
    best = {}
    for path in sorted(glob.glob(pattern)):
        with open(path, encoding="utf-8") as f:
            for line in f:
                name, query, ns, hits = line.rstrip("\n").split("\t")
                of = best.setdefault(name, {})
                least = min(int(ns), of[query][0]) if query in of else int(ns)
                of[query] = (least, int(hits))
    return best


def summary(of):
    us = [ns / 1e3 for ns, _ in of.values()]
    return {"queries": len(us), "mean_us": sum(us) / len(us), "p50_us": common.percentile(us, 50),
            "p95_us": common.percentile(us, 95), "p99_us": common.percentile(us, 99),
            "mean_hits": sum(h for _, h in of.values()) / len(us)}


def latency(directory, name):
    records = []
    for limit in (10, 1000):
        ours = best_times(os.path.join(directory, f"{name}.{limit}.ours.*.tsv"))
        lucene = best_times(os.path.join(directory, f"{name}.{limit}.lucene.*.tsv"))
        for kind in ours:
            if kind in lucene:
                records.append({"index": name, "class": kind, "limit": limit, "ours": summary(ours[kind]),
                                "lucene": summary(lucene[kind])})
    return records


def show_latency(records):
    rows = []
    for r in records:
        o, l = r["ours"], r["lucene"]
        cell = lambda s: " / ".join(f"{s[k]:.0f}" for k in ("mean_us", "p50_us", "p95_us", "p99_us"))
        ratio = " / ".join(f"{o[k] / l[k]:.2f}" for k in ("mean_us", "p50_us", "p95_us", "p99_us"))
        rows.append([f"{r['index']}: {r['class']} top {r['limit']}", cell(o), cell(l), ratio,
                     f"{o['mean_hits']:.0f}", f"{l['mean_hits']:.0f}"])
    return common.table(["µs: mean / p50 / p95 / p99", "ours", common.LUCENE_NAME, "ratio", "hits", "Lucene's hits"], rows)


def show_index(directory, names):
    rows = []
    for name in names:
        with open(os.path.join(directory, name + ".index.json"), encoding="utf-8") as f:
            records = json.load(f)
        for threads in sorted({r["threads"] for r in records}):
            o, l = ([r for r in records if r["threads"] == threads and (r["engine"] == common.LUCENE_NAME) == is_lucene][0]
                    for is_lucene in (False, True))
            mb = o["text_bytes"] / 1e6
            pair = lambda a, b, form="{:.1f}": f"{form.format(a)} / {form.format(b)}"
            rows.append([f"{name}, {threads} thread" + ("s" if threads > 1 else ""), f"{mb:.1f}",
                         pair(mb / o["cpu_s"], mb / l["cpu_s"]), f"{o['cpu_s'] / l['cpu_s']:.2f}",
                         pair(mb / o["wall_s"], mb / l["wall_s"]),
                         pair(o["peak_rss_bytes"] / 1e6, l["peak_rss_bytes"] / 1e6, "{:.0f}"),
                         pair(o["index_bytes"] / 1e6, l["index_bytes"] / 1e6)])
    return common.table(["index (ours / Lucene)", "MB", "MB/s CPU", "CPU ratio", "MB/s wall", "peak RSS MB", "index MB"],
                        rows)


def main():
    if len(sys.argv) < 3:
        sys.exit("usage: compare.py DIR NAME...")
    directory, names = sys.argv[1], [n.split("=")[0] for n in sys.argv[2:]]
    records = [r for name in names for r in latency(directory, name)]
    print(show_index(directory, names) + "\n\n" + show_latency(records))
    common.write_json(os.path.join(directory, "compare.json"), records)


if __name__ == "__main__":
    main()
