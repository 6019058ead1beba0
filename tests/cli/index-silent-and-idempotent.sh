# A second run over the same files adds and removes nothing, and leaves the same number of commits' documents.
mkdir d
printf 'عنوان أول\nمتن أول\n' >d/1.txt
printf 'عنوان ثان\nمتن ثان\n' >d/2.txt
index d
documents
index d
documents
ids متن | sort
