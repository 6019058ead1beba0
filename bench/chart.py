#!/usr/bin/env python3
"""chart.py - the figures of compare.sh as a picture: SVG, without a library.

    chart.py COMPARE.json > COMPARE.svg

Bars from the left, a colour an engine, on logarithmic scales: each line is ten times the one before. For each index:
building it, opening it, and the median of each class of query.
"""
import json
import math
import sys
from html import escape

import common

COLOURS = {common.OURS: "#0b6e4f", "lucene": "#c8553d", "sqlite": "#3d6fb6", "xapian": "#8a6d1d"}
WIDTH, LEFT, RIGHT, BAR, GAP, HEAD = 900, 190, 70, 11, 10, 46


def text(x, y, words, size=12, anchor="start", weight="normal", colour="#222"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" font-weight="{weight}" '
            f'fill="{colour}">{escape(words)}</text>')


def number(v):
    return f"{v:.0f}" if v >= 100 else f"{v:.1f}" if v >= 10 else f"{v:.2f}"


def panel(y, title, groups):
    """Bars for [(label, {engine: value})] below a title, at y: the SVG of it, and where it ends."""
    values = [v for _, of in groups for v in of.values() if v > 0]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    high += high == low
    at = lambda v: LEFT + (WIDTH - LEFT - RIGHT) * (math.log10(v) - low) / (high - low)
    bottom = y + HEAD + sum(len(of) * BAR + GAP for _, of in groups)
    out = [text(16, y + 18, title, 14, weight="bold")]
    for power in range(low, high + 1):
        x = at(10 ** power)
        out.append(f'<line x1="{x:.1f}" y1="{y + HEAD - 6}" x2="{x:.1f}" y2="{bottom}" stroke="#ddd"/>')
        out.append(text(x, y + HEAD - 10, f"{10.0 ** power:g}", 10, "middle", colour="#777"))
    y += HEAD
    for label, of in groups:
        out.append(text(LEFT - 8, y + len(of) * BAR / 2 + 4, label, 12, "end"))
        for key, v in of.items():
            if v > 0:
                out.append(f'<rect x="{LEFT}" y="{y}" width="{max(at(v) - LEFT, 1):.1f}" height="{BAR - 2}" '
                           f'fill="{COLOURS[key]}"/>')
                out.append(text(at(v) + 4, y + BAR - 3, number(v), 9, colour="#555"))
            y += BAR
        y += GAP
    return out, bottom + 14


def groups(figures, name):
    """The panels of one index: (title, groups)."""
    index = [r for r in figures["index"] if r["index"] == name and r["threads"] == 1]
    starts = [r for r in figures["starts"] if r["index"] == name]
    classes = [r for r in figures["latency"] if r["index"] == name]
    of = lambda records, value: {r["key"]: value(r) for r in records}
    yield f"{name}: building, one thread", [
        ("CPU s", of(index, lambda r: r["cpu_s"])), ("wall s", of(index, lambda r: r["wall_s"])),
        ("peak memory MB", of(index, lambda r: r["peak_rss_bytes"] / 1e6)),
        ("index MB", of(index, lambda r: r["index_bytes"] / 1e6))]
    yield f"{name}: a process just begun, ms", [
        (f"{label}, {state}", of(starts, lambda r, k=key, s=state: r[s][k] / 1e3))
        for key, label in (("open_us", "open"), ("first_us", "first query"), ("command_us", "command"))
        for state in ("warm", "cold")]
    yield f"{name}: a query, median µs", [
        (f"{r['class']} top {r['limit']}", {key: s["p50_us"] for key, s in r["engines"].items()}) for r in classes]


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: chart.py COMPARE.json > COMPARE.svg")
    with open(sys.argv[1], encoding="utf-8") as f:
        figures = json.load(f)
    names = list(dict.fromkeys(r["index"] for r in figures["index"]))
    keys = [k for k in COLOURS if any(r["key"] == k for r in figures["index"])]
    body, y, x = [], 62, 16
    body.append(text(16, 22, f"{figures['machine']} — shorter is better", 11, colour="#555"))
    for key in keys:
        body.append(f'<rect x="{x}" y="34" width="12" height="12" fill="{COLOURS[key]}"/>')
        body.append(text(x + 17, 44, common.engine_name(key), 12))
        x += 40 + 8 * len(common.engine_name(key))
    for name in names:
        for title, of in groups(figures, name):
            if any(v > 0 for _, bars in of for v in bars.values()):
                part, y = panel(y, title, of)
                body += part
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" viewBox="0 0 {WIDTH} {y}" '
          'font-family="sans-serif">\n<rect width="100%" height="100%" fill="#fff"/>')
    print("\n".join(body) + "\n</svg>")


if __name__ == "__main__":
    main()
