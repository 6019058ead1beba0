# Nothing found prints nothing and ends with 1.
index "$SAMPLE"
fihrist search -i "$INDEX" زقزقنجبيل
