# A bad file is one line and a run that ends with 3; unchanged, it stays on record; mended, it is indexed.
mkdir d
printf 'عنوان\nتفاح\n' >d/1.txt
head -c 3000 /dev/zero >d/2.txt
printf '\037\213broken' >d/3.txt.gz
try fihrist index -i "$INDEX" d
echo --- again >&2
try fihrist index -i "$INDEX" d
echo --- mended >&2
printf 'عنوان\nتفاح\n' >d/2.txt
rm d/3.txt.gz
try fihrist index -i "$INDEX" d
ids تفاح | sort
