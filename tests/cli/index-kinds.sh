# Files are read as what they hold, told by the ending or, where it does not say, by their first bytes; others are refused by name.
mkdir d
printf '{"id":"jl","title":"مشمش"}\n' >d/crawl.jl
printf '[{"id":"array","title":"مشمش"},\n {"title":"مشمش وتوت"}]' >d/export.json
printf '{\n "id":"object",\n "title":"مشمش"\n}\n' >d/one.json
printf '{"name":"app","tags":["مشمش"]}\n' >d/settings.json
for name in a.xhtml b.php 'c.html?id=3' 'd.php?id=3&p=1' e.aspx; do
    echo "<!DOCTYPE html><title>بستان</title><p>مشمش" >"d/$name"
done
echo '<?php echo "مشمش"; ?>' >d/program.php
echo مشمش >d/notes.md
printf '\211PNG\r\n\032\n' >d/photo.png
cp d/photo.png d/text.txt
try fihrist index -v -i "$INDEX" d
ids مشمش | sort
echo "-- once more"
try fihrist index -v -i "$INDEX" d | grep -v unchanged
echo "-- named"
cp d/crawl.jl crawl.data
cp d/b.php saved
printf '%%PDF-1.7\n' >paper
printf 'PK\003\004' >report.docx
printf '%%PDF-1.7\n' >called.txt
printf '<?xml version="1.0"?><rss><title>مشمش</title></rss>' >feed.xml
rm -r "$INDEX"
try fihrist index -v -i "$INDEX" crawl.data saved d/notes.md d/photo.png d/program.php d/settings.json paper report.docx called.txt feed.xml
ids مشمش | sort
