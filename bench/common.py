"""common.py - what the benchmark scripts share: where things lie, running a child, tables, percentiles."""
import datetime
import glob
import json
import os
import platform
import shlex
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
SKIPPED = 77
OURS = "fihrist"
PEERS = {"lucene": "Lucene 8", "sqlite": "SQLite FTS5", "xapian": "Xapian"}    # those below peers/, and their names


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


def peer(key):
    """The program of another engine."""
    return os.path.join(HERE, "peers", key, key)


def peer_command(key):
    """The same without the shell script around it: words of a command line, for where a process itself is measured."""
    return subprocess.run([peer(key), "command"], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()


def peer_available(key):
    """Whether the engine is installed, its program compiled; says why not."""
    done = subprocess.run([peer(key), "available"], stderr=subprocess.PIPE, text=True)
    if done.returncode:
        note(f"{key}: " + (done.stderr.strip() or f"exit {done.returncode}"))
    return done.returncode == 0


def engines(text):
    """The engines of a list with commas; ends the program if there is no such engine."""
    keys = text.split(",")
    for key in keys:
        if key != OURS and key not in PEERS:
            sys.exit(f"{key}: no such engine; there are {OURS}, {', '.join(PEERS)}")
    return keys


def engine_name(key):
    return PEERS.get(key, key)


def machine():
    """What the figures depend on: the day, the processor, the system, our version."""
    model, memory = platform.machine(), 0
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo", encoding="utf-8") as f:
            model = next((line.split(":", 1)[1].strip() for line in f if line.startswith("model name")), model)
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    commit = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty"], stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, text=True).stdout.strip()
    return (f"{datetime.date.today().isoformat()}, {model}, {os.cpu_count()} cores, {memory:.0f} GB, "
            f"{platform.system()} {platform.release()}" + (f", commit {commit}" if commit else ""))


def shown_path(path):
    """As anybody can have it: below the project, below $FIHRIST_SHARED, or by its name."""
    base = os.path.normpath(os.environ.get("FIHRIST_SHARED") or os.path.join(ROOT, os.pardir, "shared"))
    if path.startswith(ROOT + os.sep):
        return os.path.relpath(path, ROOT)
    if path.startswith(base + os.sep):
        return "$FIHRIST_SHARED/" + os.path.relpath(path, base)
    return os.path.basename(path) if os.path.isabs(path) else path


def shown_command(words, silent=("--json", "--work")):
    """A command line for people: without the options that only say where files go."""
    shown = []
    for i, word in enumerate(words):
        if word not in silent and (i == 0 or words[i - 1] not in silent):
            before, equals, path = word.partition("=") if "=/" in word else ("", "", word)
            shown.append(before + equals + ",".join(shown_path(p) for p in path.split(",")))
    return " ".join(w if w.startswith("$") or w == shlex.quote(w) else f'"{w}"' for w in shown)


def origin():
    """The line above a table: the command that made it, the day and the machine."""
    return f"`{shown_command([os.path.abspath(sys.argv[0])] + sys.argv[1:])}`, {machine()}\n"


def drop_from_cache(path):
    """Have the system forget what it has of the files of a directory, as after a start: only what is on the disk, and
    mapped by nobody, goes."""
    for d, _, files in os.walk(path):
        for name in files:
            fd = os.open(os.path.join(d, name), os.O_RDONLY)
            try:
                os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
            finally:
                os.close(fd)


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


def show_starts(records):
    """The table of `starts`."""
    rows = []
    for r in records:
        warm, cold = r["warm"], r["cold"]
        cells = [f"{warm[k] / 1e3:.1f} / {cold[k] / 1e3:.1f}" for k in ("open_us", "first_us", "command_us")]
        rows.append([r["index"], r["engine"], f"{r['index_bytes'] / 1e6:.1f}"] + cells +
                    [f"{warm['command_cpu_us'] / 1e3:.1f}", f"{warm['peak_rss_bytes'] / 1e6:.0f}"])
    return table(["ms: warm / cold", "engine", "merged index MB", "open", "first query", "command", "its CPU",
                  "its peak MB"], rows)


def write_json(path, value):
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        json.dump(value, f, ensure_ascii=False, indent=1)
        f.write("\n")


def anonymous_bytes(starter):
    """Memory of a starter's child that is no file's, now."""
    try:
        with open(f"/proc/{starter}/task/{starter}/children", encoding="ascii") as f:
            child = f.read().split()[0]
        with open(f"/proc/{child}/status", encoding="ascii") as f:
            return next(int(line.split()[1]) * 1024 for line in f if line.startswith("RssAnon"))
    except (OSError, IndexError, StopIteration):       # it has just ended, or this is another system
        return 0


def cost(args, interval=None):
    """Seconds and bytes of a process; by `start`, for our own memory would count for it. What is no file's in its memory
    is looked at every `interval` seconds."""
    child, most = subprocess.Popen([build_path("bench", "start")] + args, stdout=subprocess.PIPE, text=True), 0
    while interval and child.poll() is None:
        most = max(most, anonymous_bytes(child.pid))
        time.sleep(interval)
    out = child.communicate()[0].split()
    if child.returncode or int(out[3]) > (1 if "search" in args else 0):
        sys.exit(f"{' '.join(args)}: failed")
    return {"wall_s": float(out[0]) / 1e6, "cpu_s": float(out[1]) / 1e6, "peak_rss_bytes": int(out[2]) * 1024,
            "peak_anonymous_bytes": most}
