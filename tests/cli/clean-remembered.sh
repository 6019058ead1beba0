# --no-clean is remembered: later runs and rebuilds index bodies whole too, until --clean.
page() { printf '{"id":"%s","body":"خبر اليوم\\n<script>var counter = 1; load(counter);</script>\\nنهاية"}\n' "$1" >"$1.jsonl"; }
counted() { echo "$1: $(fihrist search -i "$2" --format ids counter 2>/dev/null | sort | tr '\n' ' ')"; }
page a
page b
page c
page d
fihrist index -q -i x.fih --no-clean a.jsonl
fihrist index -q -i x.fih b.jsonl
counted "a later run" x.fih
fihrist rebuild -q x.fih new.fih
counted "a new index of it" new.fih
fihrist index -q -i x.fih --clean c.jsonl
fihrist index -q -i x.fih d.jsonl
counted "with --clean, and after it" x.fih
fihrist index -q -i x.fih --rebuild
counted "rebuilt in place" x.fih
fihrist rebuild -q --no-clean x.fih whole.fih
page e
fihrist index -q -i whole.fih e.jsonl
counted "a rebuild with --no-clean, and after it" whole.fih
fihrist index -q -i x.fih --clean --no-clean a.jsonl
echo "both: $?"
