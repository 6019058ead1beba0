# --analyzer is kept in the index, and another one later is refused.
printf 'عنوان\nوالمدرسة\n' >1.txt
index --analyzer arabic-exact 1.txt
ids مدرسة | wc -l
ids والمدرسة
try fihrist index -i "$INDEX" --analyzer simple 1.txt
fihrist stats -i "$INDEX" --json | grep -o '"analyzer":"[^"]*"'
