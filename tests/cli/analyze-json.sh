# analyze --json prints one object a term, with byte offsets into the text given.
printf 'وَالكِتابُ هنا' | fihrist analyze --json | head -n 2
