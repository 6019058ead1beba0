# A page whose menus, headers or scripts were left open inside keeps its article, as in a browser.
page() {
    printf '<!doctype html><html><head><meta charset="utf-8"><title>%s</title></head><body>%s<article><p>%s</p></article></body></html>' "$1" "$2" 'هبت ريح على الميناء فتأخرت المراكب.' >"$1.html"
}
page header '<header><div><div>شعار</div></header>'
page nav '<nav><ul><li><div>رئيسية<li>ثقافة</ul></nav>'
page footer '<footer><section><div>حقوق</footer>'
page noscript '<noscript><div>شغل السكربت</noscript>'
page object '<object><div>لا عرض</object>'
page textarea '<textarea><div>تعليق</textarea>'
page comment '<![if !IE]><!-- > -->'
page deep "$(yes '<font>' | head -n 3000 | tr -d '\n')"
index header.html nav.html footer.html noscript.html object.html textarea.html comment.html deep.html
for f in header nav footer noscript object textarea comment deep; do
    echo "$f: $(fihrist show -i "$INDEX" --field body $f.html)"
done
