#!/usr/bin/env python3
"""compare.py - the tables of compare.sh, made from the raw figures that it left in a directory.

    compare.py DIR NAME... -- ARG...     (NAME=... is taken up to the equals sign; ARGs are those of compare.sh)

A query's time is its least over all rounds; ratios are ours / the other engine's, so below 1 we are faster or smaller.
They are over the queries that both answered: a slow engine may have answered only the first ones of a class.
"""
import glob
import json
import os
import sys

import common

KEYS = ("mean_us", "p50_us", "p95_us", "p99_us")


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


def ratios(ours, other):
    """Of the summaries of the queries that both have."""
    both = [q for q in ours if q in other]
    if not both:
        return None
    o, l = summary({q: ours[q] for q in both}), summary({q: other[q] for q in both})
    return {k: o[k] / l[k] for k in KEYS}


def latency(directory, name):
    records = []
    for limit in (10, 1000):
        times = {key: best_times(os.path.join(directory, f"{name}.{limit}.{key}.*.tsv"))
                 for key in [common.OURS, *common.PEERS]}
        for kind in max(times.values(), key=len):
            engines = {key: of[kind] for key, of in times.items() if kind in of}
            ours = engines.get(common.OURS)
            records.append({"index": name, "class": kind, "limit": limit,
                            "engines": {key: summary(of) for key, of in engines.items()},
                            "ratios": {key: ratios(ours, of) for key, of in engines.items()
                                       if ours and key != common.OURS}})
    return records


def load(directory, names, kind):
    """The records of all indexes, with the index's name."""
    records = []
    for name in names:
        with open(os.path.join(directory, f"{name}.{kind}.json"), encoding="utf-8") as f:
            records += [{**r, "index": name} for r in json.load(f)]
    return records


def keys_of(records):
    return [key for key in [common.OURS, *common.PEERS] if any(key in r["engines"] for r in records)]


def show_times(records):
    keys, rows = keys_of(records), []
    for r in records:
        most = max(s["queries"] for s in r["engines"].values())
        cells = []
        for s in (r["engines"].get(key) for key in keys):
            cells.append("" if not s else " / ".join(f"{s[k]:.0f}" for k in KEYS) +
                         (f" (of {s['queries']})" if s["queries"] < most else ""))
        rows.append([f"{r['index']}: {r['class']} top {r['limit']}"] + cells)
    return common.table(["µs: mean / p50 / p95 / p99"] + [common.engine_name(k) for k in keys], rows)


def show_ratios(records):
    keys, rows = keys_of(records), []
    others = [k for k in keys if k != common.OURS]
    for r in records:
        cells = [" / ".join(f"{q[k]:.2f}" for k in KEYS) if q else "" for q in (r["ratios"].get(k) for k in others)]
        hits = [f"{r['engines'][k]['mean_hits']:.0f}" if k in r["engines"] else "–" for k in keys]
        rows.append([f"{r['index']}: {r['class']} top {r['limit']}"] + cells + [" / ".join(hits)])
    return common.table(["ratio: mean / p50 / p95 / p99"] + ["ours / " + common.engine_name(k) + "'s" for k in others] +
                        ["hits: " + " / ".join(common.engine_name(k) for k in keys)], rows)


def show_index(records):
    rows = []
    for r in records:
        mb = r["text_bytes"] / 1e6
        ours = next((o for o in records if (o["index"], o["threads"]) == (r["index"], r["threads"])
                     and o["key"] == common.OURS), None)
        ratio = lambda k: f"{ours[k] / r[k]:.2f}" if ours and ours is not r else ""
        rows.append([f"{r['index']}, {r['threads']} thread" + ("s" if r["threads"] > 1 else ""), r["engine"], f"{mb:.1f}",
                     f"{r['cpu_s']:.2f}", f"{mb / r['cpu_s']:.1f}", ratio("cpu_s"), f"{mb / r['wall_s']:.1f}",
                     ratio("wall_s"), f"{r['peak_rss_bytes'] / 1e6:.0f}", ratio("peak_rss_bytes"),
                     f"{r['index_bytes'] / 1e6:.1f}", ratio("index_bytes")])
    return common.table(["index", "engine", "MB", "CPU s", "MB/s CPU", "ratio", "MB/s wall", "ratio", "peak RSS MB", "ratio",
                         "index MB", "ratio"], rows)


def main():
    if len(sys.argv) < 4 or "--" not in sys.argv:
        sys.exit("usage: compare.py DIR NAME... -- ARG...")
    end = sys.argv.index("--")
    directory, names = sys.argv[1], [n.split("=")[0] for n in sys.argv[2:end]]
    command = common.shown_command(["bench/compare.sh"] + sys.argv[end + 1:], ("-w", "-o"))
    records = [r for name in names for r in latency(directory, name)]
    index, starts = load(directory, names, "index"), load(directory, names, "starts")
    print("\n\n".join([f"`{command}`, {common.machine()}", show_index(index), common.show_starts(starts), show_times(records),
                       show_ratios(records)]))
    common.write_json(os.path.join(directory, "compare.json"),
                      {"command": command, "machine": common.machine(), "index": index, "starts": starts, "latency": records})


if __name__ == "__main__":
    main()
