# Ill-formed UTF-8 in a text becomes U+FFFD, and the words around it are found.
printf 'عنوان\nقبل \377\300 بعد تفاح\n' >1.txt
try fihrist index -i "$INDEX" --encoding utf-8 1.txt
ids تفاح
fihrist show -i "$INDEX" 1.txt --json | grep -c '�'
