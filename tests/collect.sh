#!/bin/sh
# Wrapper around one test program: keeps what it printed and how it ended, for tests/run.sh to count.
# A program that is killed with its wrapper leaves a record without an end, which counts as failed.
#   TAP_DIR   where to keep it
name=$(basename "$1")
case $name in
sh) name=$(basename "$(dirname "$2")")-$(basename "$2" .sh) ;;
esac
out=$TAP_DIR/$name-$$
echo "# $*" >"$out.tap"
"$@" >>"$out.tap" 2>"$out.err"
status=$?
echo "$status" >"$out.end"
cat "$out.tap"
cat "$out.err" >&2
exit "$status"
