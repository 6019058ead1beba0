# UTF-16 with a mark, Windows-1256 and ISO-8859-6 are recognised; --encoding decides in doubt.
mkdir d
text='قال الوزير إن الحكومة ستعلن خطة جديدة للتعليم في المدارس والجامعات خلال الأسبوع القادم في العاصمة'
printf 'خبر\n%s مرقوم\n' "$text" >utf8
(printf '\377\376'; iconv -f UTF-8 -t UTF-16LE utf8) >d/16le.txt
(printf '\376\377'; iconv -f UTF-8 -t UTF-16BE utf8) >d/16be.txt
iconv -f UTF-8 -t WINDOWS-1256 utf8 >d/1256.txt
iconv -f UTF-8 -t ISO-8859-6 utf8 >d/8859.txt
(printf '\357\273\277'; cat utf8) >d/bom.txt
index d
ids مرقوم | sort
printf 'خبر\nتفاح\n' | iconv -f UTF-8 -t WINDOWS-1256 >short.txt
index --encoding windows-1256 short.txt
ids تفاح
