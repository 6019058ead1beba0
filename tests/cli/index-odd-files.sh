# FIFOs, sockets and dangling links in a folder never hang a run; links inside are not followed out.
mkdir d elsewhere
printf 'عنوان\nتفاح\n' >d/1.txt
printf 'عنوان\nتفاح\n' >elsewhere/2.txt
mkfifo d/pipe.txt
ln -s nowhere d/dangling.txt
ln -s . d/loop
ln -s ../elsewhere d/out
timeout 20 fihrist index -i "$INDEX" d 2>err
echo "exit $?"
sort err
ids تفاح
