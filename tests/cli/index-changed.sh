# A changed file is replaced, a new one added, a vanished one removed; other folders are left alone.
mkdir d e
printf 'أول\nالتفاح أحمر\n' >d/1.txt
printf 'ثان\nالموز أصفر\n' >d/2.txt
printf 'بعيد\nالعنب أسود\n' >e/3.txt
index d e
ids التفاح الموز العنب | sort
printf 'أول\nالبرتقال لذيذ وكثير\n' >d/1.txt
rm d/2.txt
printf 'جديد\nالرمان حلو\n' >d/4.txt
index d
echo --- after
ids التفاح الموز العنب البرتقال الرمان | sort
documents
