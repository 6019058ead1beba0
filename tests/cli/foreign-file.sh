# A file in the place of the index is refused.
echo text >file.fih
try fihrist search -i file.fih كلمة
try fihrist index -i file.fih sample
cat file.fih
