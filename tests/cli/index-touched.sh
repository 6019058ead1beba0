# A file whose times changed but not its content is not indexed again.
mkdir d
printf 'أول\nتفاح\n' >d/1.txt
index d
fihrist stats -i "$INDEX" --json | grep -o '"documents":[0-9]*\|"deleted":[0-9]*'
touch d/1.txt
index d
fihrist stats -i "$INDEX" --json | grep -o '"documents":[0-9]*\|"deleted":[0-9]*'
