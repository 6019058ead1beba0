# The title of a text file is its first line that is not blank.
printf '\n  \n\nعنوان المقال\nمتن المقال\n' >1.txt
index 1.txt
fihrist show -i "$INDEX" --field title 1.txt
echo
ids title:عنوان
ids title:متن | wc -l
