# A second run over the same files adds and removes nothing.
mkdir d
printf 'عنوان أول\nمتن أول\n' >d/1.txt
printf 'عنوان ثان\nمتن ثان\n' >d/2.txt
index d
documents
index d
documents
fihrist stats -i "$INDEX" --json | grep -o '"deleted":[0-9]*'
ids متن | sort
