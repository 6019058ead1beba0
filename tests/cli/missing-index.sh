# Every command says in one line that there is no index, and ends with 2.
for c in "search كلمة" "show id" "delete id" stats check compact "backup copy" status; do
    set -- $c
    name=$1
    shift
    fihrist "$name" -i nowhere.fih "$@"
    echo "$name: exit $?"
done 2>&1
ls -d nowhere.fih 2>/dev/null
