# analyze shows what is left out of a text and why, as JSON too; --no-clean leaves nothing out.
printf 'خبر <b>جديد</b>\n.ad{color:red}\nإعلان\n' >text
fihrist analyze --analyzer simple <text
fihrist analyze --analyzer simple --json <text
echo ---
fihrist analyze --analyzer simple --no-clean <text
