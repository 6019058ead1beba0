# Where permission is missing the message says so and nothing is changed.
unless "root may do everything" test "$(id -u)" -ne 0
mkdir closed
chmod 500 closed
try fihrist index -i closed/x.fih sample
index "$SAMPLE"
mkdir d
printf 'عنوان\nتفاح\n' >d/1.txt
chmod 000 d/1.txt
try fihrist index -i "$INDEX" d
chmod -R a-w "$INDEX"
try fihrist index -i "$INDEX" sample
chmod -R u+w "$INDEX"
