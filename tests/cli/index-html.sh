# Of a page the title and the text are indexed, not scripts and styles; its own encoding is obeyed.
printf '<html><head><meta charset="windows-1256"><title>\346\321\324\311</title><style>p{color:red}</style><script>var secret=1</script></head><body><p>\344\325 &#1575;&#1604;&#1593;&#1604;&#1605;</p></body></html>' >a.html
index a.html
fihrist show -i "$INDEX" a.html | head -n 20
ids secret
ids color
