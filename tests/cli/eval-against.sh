# --against sets two runs side by side and tests the difference of each measure over the queries.
for q in 1 2 3 4 5; do
    echo "q$q 0 good 1"
done >qrels.txt
# Both find all; ours at rank 1 but for q5, theirs at rank 2 but for q4 and q5.
run() {
    for q in 1 2 3 4 5; do
        case " $1 " in *" $q "*) good=2 ;; *) good=0.5 ;; esac
        echo "q$q Q0 bad 1 1.0 t"
        echo "q$q Q0 good 2 $good t"
    done
}
run "1 2 3 4" >ours.run
run "4 5" >theirs.run
fihrist eval --run ours.run --against theirs.run --qrels qrels.txt --each
echo ---
fihrist eval --run ours.run --against theirs.run --qrels qrels.txt --json
echo ---
fihrist eval --run ours.run --against ours.run --qrels qrels.txt
