# Words of a phrase, or near each other, are marked where they stand as asked and nowhere else, and the passage is from there.
far() { for i in 1 2 3 4 5 6 7 8 9 10 11 12; do printf 'شرب الضيوف كأس الشاي وتحدثوا عن العالم والسفر والطقس والبستان. '; done; }
printf '{"id":"near","body":"كأس من فضة، وفي ظل النخلة مدينة صغيرة، وفي مدينة بعيدة كأس العالم، ثم العالم كأس."}\n' >a.jsonl
printf '{"id":"far","body":"%sرفع القائد كأس العالم أمام الجمهور. %s"}\n' "$(far)" "$(far)" >>a.jsonl
printf '{"id":"title","title":"كأس العالم والعالم","body":"خبر قصير عن كأس وعن العالم."}\n' >>a.jsonl
index a.jsonl
show() {
    printf '%s\n' "$1"
    fihrist search -i "$INDEX" -- "$1" | grep -v '^$' | grep -v a.jsonl
}
show '"كأس العالم"'
show '"كأس العالم" الشاي الضيوف الطقس البستان'
show '"في مدينة"'
show '"في"'
show '"ظل صغيرة"~2'
show '"ظل صغيرة"~1'
show 'صغيرة NEAR/3 ظل'
show 'ظل THEN/2 مدينة'
show 'كأس AND ("كأس العالم" OR فضة) -الجمهور'
show '+العالم +فضة'
