# A line of a file of queries that no query can be is refused with its number; the queries before it are answered.
printf 'بستان\nمشمش\n' >a.txt
index a.txt
{ printf '1\tمشمش\n2\t'; head -c 3000000 /dev/zero | tr '\0' x; printf '\n3\tمشمش\n'; } >queries
try fihrist search -i "$INDEX" --format trec --queries queries
head -c 2000000 /dev/zero >zeros
try fihrist search -i "$INDEX" --queries zeros
