# What crawlers left in two articles of the sample is neither found nor shown, but stored; --no-clean keeps it.
index "$SAMPLE/news.jsonl" "$SAMPLE/txt/cheap-phones.txt"
for word in ad-box adsbygoogle loadAd leader max-width قراءتان واتساب; do
    try fihrist search -i "$INDEX" --match stems "$word"
done
echo "--- passages"
ids -n 1 إضراب القطارات أعوان السكك الحرفاء
fihrist search -i "$INDEX" -n 1 --json إضراب القطارات أعوان السكك الحرفاء | grep -c -e ad-box -e slot -e المصدر
fihrist search -i "$INDEX" -n 1 صحيفة الضمان والفاتورة شارك | grep -c -e adsbygoogle -e الرقمي
echo "--- stored"
fihrist show -i "$INDEX" --field body news-012 | grep -c -e ad-box -e loadAd -e قراءتان
fihrist show -i "$INDEX" --json news-012 | grep -c 'ad-box.*loadAd.*قراءتان'
echo "--- kept"
INDEX=whole.fih
fihrist index -i "$INDEX" --no-clean "$SAMPLE/news.jsonl"
ids loadAd
ids قراءتان
