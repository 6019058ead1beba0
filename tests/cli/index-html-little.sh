# A page of which little is kept says so once, on standard error, and the run does not fail; nor is it told again.
menu() { for i in 1 2 3 4 5 6 7 8 9; do printf '<li><a href="/%s">قسم الأخبار المحلية رقم %s</a>' $i $i; done; }
printf '<!doctype html><meta charset="utf-8"><title>خبر</title><nav><ul>%s</ul></nav><p>هدأت الريح.</p>' "$(menu)" >little.html
printf '<!doctype html><meta charset="utf-8"><base href="https://sahel.example/n/"><link rel="canonical" href="7.html"><title>خبر</title><p>هدأت الريح عند المساء وعادت المراكب كلها إلى الميناء.</p><div style="display:none">سر</div><p hidden>سر</p>' >enough.html
try fihrist index -i "$INDEX" little.html enough.html
try fihrist index -i "$INDEX" little.html enough.html
fihrist show -i "$INDEX" --field body little.html
echo
fihrist show -i "$INDEX" --field body enough.html
echo
fihrist show -i "$INDEX" --field url enough.html
