# An empty folder is no error and makes an empty index; searching it finds nothing.
mkdir d
try fihrist index -i "$INDEX" d
documents
try fihrist search -i "$INDEX" كلمة
