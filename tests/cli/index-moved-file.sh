# A file that moves is found under its new name only; nested folders are read.
mkdir -p d/x/y d/z
printf 'عنوان\nتفاح\n' >d/x/y/1.txt
index d
ids تفاح
mv d/x/y/1.txt d/z/2.txt
index d
ids تفاح
