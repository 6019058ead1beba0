"""common.py - what the benchmark scripts share: where things lie, running a child, tables, percentiles."""
import glob
import json
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
SKIPPED = 77
LUCENE = os.path.join(HERE, "peers", "lucene", "lucene")
LUCENE_NAME = "Lucene 8"


def shared(*parts):
    """The files below $FIHRIST_SHARED (or ../shared beside the project) that match the pattern, sorted."""
    base = os.environ.get("FIHRIST_SHARED") or os.path.join(ROOT, os.pardir, "shared")
    return sorted(glob.glob(os.path.join(os.path.normpath(base), *parts)))


def build_path(*parts):
    """A program of the build, found in $FIHRIST_BUILD or build/; None if it is not built."""
    path = os.path.join(os.environ.get("FIHRIST_BUILD") or os.path.join(ROOT, "build"), *parts)
    return path if os.access(path, os.X_OK) else None


def note(text):
    print(text, file=sys.stderr, flush=True)


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


def lucene_available():
    """Whether Java and the jars are there; says why not."""
    done = subprocess.run([LUCENE, "available"], stderr=subprocess.PIPE, text=True)
    if done.returncode:
        note("lucene: " + (done.stderr.strip() or f"exit {done.returncode}"))
    return done.returncode == 0


def run(args, stdout=None, ok=(0,)):
    """Run a child; CPU seconds (user + system), wall seconds, peak resident bytes, bytes written, and its output.

    Its own descendants count, as long as it waits for them. Anything but an exit code of `ok` ends the
    benchmark: no figure may come from a run that failed.
    """
    begin = time.monotonic()
    child = subprocess.Popen(args, stdout=stdout or subprocess.PIPE)
    out = child.stdout.read().decode() if stdout is None else None
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - begin
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in ok:
        sys.exit(f"{' '.join(args)}: ended with {child.returncode}")
    return {"cpu_s": usage.ru_utime + usage.ru_stime, "wall_s": wall, "peak_rss_bytes": usage.ru_maxrss * 1024,
            "written_bytes": usage.ru_oublock * 512, "out": out}


def tree_bytes(path):
    """Bytes that a directory takes on disk: allocated blocks, for a sparse file may be long and empty."""
    return sum(os.stat(os.path.join(d, f)).st_blocks * 512 for d, _, files in os.walk(path) for f in files)


def percentile(values, p):
    """Nearest rank."""
    values = sorted(values)
    return values[(len(values) * p + 99) // 100 - 1] if values else 0.0


def table(head, rows):
    """A Markdown table: the first column to the left, the others to the right."""
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    lines += ["| " + " | ".join(str(c) for c in row) + " |" for row in rows]
    return "\n".join(lines)


def write_json(path, value):
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        json.dump(value, f, ensure_ascii=False, indent=1)
        f.write("\n")
