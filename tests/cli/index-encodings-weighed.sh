# What a page declares, what its bytes say and what its letters say are weighed: half letters in UTF-8, and Latin-1 that is none.
mkdir d
half=$(printf '\330')
{
    echo '<meta charset=utf-8><title>قطاف العنب</title><ul>'
    for i in 1 2 3 4 5 6 7 8; do
        echo "<li>وصلت شاحنات المشمش من الجبل إلى سوق المدي$half</li>"
    done
} >d/half.html
note="اشتر خبزا وحليبا ومشمشا ولا تنس موعد الطبيب غدا $half"
echo "$note" >d/note.txt
page() { echo "<meta http-equiv=Content-Type content='text/html; charset=$1'><title>$2</title><p>$3"; }
page iso-8859-1 'موسم المشمش' 'نضج الثمر في الغوطة' | iconv -f UTF-8 -t WINDOWS-1256 >d/lie-1256.html
page utf-8 'موسم المشمش' 'نضج الثمر في الغوطة' | iconv -f UTF-8 -t WINDOWS-1256 >d/lie-utf8.html
page windows-1256 'موسم المشمش' 'نضج الثمر في الغوطة' >d/lie-utf8-is.html
page windows-1256 'موسم المشمش' 'نضج الثمر في الغوطة' | iconv -f UTF-8 -t ISO-8859-6 >d/lie-8859-6.html
page windows-1256 'Été à Damas' 'المشمش' | sed 's/المشمش/Les pêchers, déjà ! À l’ombre des Ânes/' | iconv -f UTF-8 -t WINDOWS-1252 >d/lie-french.html
index d
ids مشمش | sort
ids été | sort
fihrist show -i "$INDEX" --field title d/note.txt d/half.html d/lie-french.html
