# A folder that is not an index is refused, by readers and by writers, and left as it was.
mkdir other
echo precious >other/notes.txt
try fihrist search -i other كلمة
try fihrist index -i other sample
try fihrist check -i other
ls other
