# --help and --version print to standard output and end with 0; no command or a wrong one is usage.
fihrist --help | head -n 2
fihrist --version | sed 's/ .*//'
fihrist help search | head -n 1
for c in index search show complete delete stats check compact backup export query rebuild merge gather analyze eval \
    status; do
    fihrist $c --help >out || echo "$c: $?"
    grep -q "^usage: fihrist $c" out || echo "$c: no usage"
done
try fihrist frobnicate
try fihrist 2>/dev/null
