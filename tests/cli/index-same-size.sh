# A change that keeps size and modification time is still seen (the inode's change time tells).
mkdir d
printf 'أول\nتفاح\n' >d/1.txt
touch -d 2020-01-01 d/1.txt
index d
sleep 0.02
printf 'أول\nبرقق\n' >d/1.txt
touch -d 2020-01-01 d/1.txt
index d
ids تفاح
ids برقق
