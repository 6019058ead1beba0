# Wrong use of index is one line and ends with 1, and makes no index.
try fihrist index -i "$INDEX"
try fihrist index sample
try fihrist index -i "$INDEX" --no-such-option sample
try fihrist index -i "$INDEX" --memory lots sample
try fihrist index -i "$INDEX" --analyzer klingon sample
try fihrist index -i "$INDEX" --encoding klingon sample
ls -d "$INDEX" 2>/dev/null
echo "$?"
