# --keep-missing keeps the documents of files that are gone.
mkdir d
printf 'أول\nتفاح\n' >d/1.txt
printf 'ثان\nموز\n' >d/2.txt
index d
rm d/1.txt
index --keep-missing d
documents
index d
documents
