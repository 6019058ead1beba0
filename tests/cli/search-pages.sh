# Sorted by date, counted by section and date, and page by page; what is not understood is refused.
index "$SAMPLE"
ids --sort newest --limit 5 -- ليبيا النفط
ids --sort oldest --limit 3 -- ليبيا النفط
fihrist search -i "$INDEX" --limit 1 --facet section,date:year -- ليبيا النفط | tail -n +5
fihrist search -i "$INDEX" --limit 1 --json --facet date:month -- الانتخابات | tail -n 1
cursor=$(fihrist search -i "$INDEX" -n 2 --json --cursor -- البحر | sed -n 's/.*"cursor":"\(.*\)".*/\1/p')
ids -n 4 -- البحر
ids -n 2 --after "$cursor" -- البحر
fihrist search -i "$INDEX" -n 1 --cursor --after "$cursor" -- البحر | sed -n '1p'
fihrist search -i "$INDEX" --facet colour -- البحر 2>&1
fihrist search -i "$INDEX" --sort backwards -- البحر 2>&1
fihrist search -i "$INDEX" --after nonsense -- البحر 2>&1
fihrist search -i "$INDEX" --after x --offset 3 -- البحر 2>&1
