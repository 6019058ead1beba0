# A path that does not exist is named; what does exist is committed.
printf 'عنوان\nتفاح\n' >1.txt
try fihrist index -i "$INDEX" no-such-folder 1.txt
documents
