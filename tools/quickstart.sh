#!/bin/sh
# From a fresh checkout to a search: install what is missing, build, index the sample collection in
# tools/sample, search it three times. Run it from anywhere, as often as you like.
set -eu
cd "$(dirname "$0")/.."
root=$PWD
index=build/sample.fih
fihrist=build/tools/fihrist

log=$(mktemp)
trap 'rm -f "$log"' EXIT
loud() { # a step that says nothing unless it fails
    "$@" >"$log" 2>&1 || { cat "$log" >&2; echo "quickstart: '$*' failed" >&2; exit 2; }
}

sh tools/setup.sh
echo "Building in $root/build ..."
[ -f build/build.ninja ] || loud meson setup build
loud ninja -C build tools/fihrist
rm -rf "$index"                  # the same story every time

show() { # a command, as one would type it
    echo
    echo "\$ $*"
    eval "$(echo "$*" | sed "s|^fihrist|$fihrist|")"
}
show fihrist index -i $index tools/sample
show fihrist search -i $index --limit 2 المكتبات القديمة
show fihrist search -i $index --limit 2 "'\"كأس العالم\"'"
show fihrist search -i $index --limit 2 +المغرب المونديال -الكسكسي

cat <<END

The command is $root/$fihrist
Texts of your own:
  $root/$fihrist index -i my.fih FOLDER
  $root/$fihrist search -i my.fih WORDS
Install the command, the library and the manual pages: meson install -C $root/build
Run the tests: sh $root/tests/run.sh
END
