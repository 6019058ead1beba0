#!/bin/sh
# readme.sh FIHRIST - what README.md claims is so: its console blocks, its program, the words that find each other and
# those that do not, its links, the queries and commands that it names.
fihrist=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
cd "$(dirname "$0")/../.." || exit 2
. tests/tap.sh
root=$PWD
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
mkdir "$top/bin" "$top/place"
ln -s "$fihrist" "$top/bin/fihrist"
ln -s "$root/tools" "$top/place/tools"
export PATH="$top/bin:$PATH" LC_ALL=C.UTF-8 TERM=xterm
unset FIHRIST_INDEX COLUMNS LANGUAGE

# Isolates cannot be seen, and no two runs take the same time.
plain() { sed 's/[⁦⁧⁨⁩]//g; s/ in [0-9]*\.[0-9] s/ in T s/; s/ *$//'; }

awk '/^```console$/ { inside = 1; next } /^```$/ { inside = 0 } inside' README.md | plain >"$top/wants"
grep '^\$ ' "$top/wants" | while IFS= read -r line; do
    echo "$line"
    case ${line#\$ } in
    'fihrist index'*) (cd "$top/place" && sh -c "${line#\$ } --summary") ;;   # a terminal gets it without asking
    *) (cd "$top/place" && sh -c "${line#\$ }") ;;
    esac
done 2>&1 | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' | plain >"$top/came"
# The blank line behind a last hit is not written out.
sed '/^$/d' "$top/wants" >"$top/wants.1"
sed '/^$/d' "$top/came" >"$top/came.1"
empty "the console blocks print what they show" "$(diff -u "$top/wants.1" "$top/came.1")"

# finds QUERY WORD: does the query find a document with nothing but the word?
finds() {
    printf '{"id":"1","body":"%s"}\n' "$2" >"$top/one.jsonl"
    rm -rf "$top/one.fih"
    fihrist index -q -i "$top/one.fih" "$top/one.jsonl" && fihrist search -i "$top/one.fih" --format ids -- "$1" >/dev/null 2>&1
}

section() { sed -n '/^## What matching does/,/^## What is read/p' README.md; }
empty "words that are said to find each other do" "$(
    section | sed -n '/are found by each other:$/,/^Plain words/p' | sed -n 's/^\* .*: //p' |
        sed '/ and /{s/, /\n/g; s/ and /,/g}' >"$top/sets"
    [ "$(wc -l <"$top/sets")" -ge 4 ] || echo "the list is not where it was"
    tr -d ' ' <"$top/sets" | while IFS= read -r set; do
        for a in $(echo "$set" | tr , ' '); do
            for b in $(echo "$set" | tr , ' '); do
                finds "$a" "$b" || echo "$a does not find $b"
            done
        done
    done
)"
section | grep -o -e '[^ `(]*`\{0,1\} \(does not find\|finds\) [^ ,;.`)]*' | tr -d '`' | grep -v -e 'it finds' >"$top/claims"
empty "what is said to find, or not to find, something is said truly" "$(
    [ "$(wc -l <"$top/claims")" -ge 14 ] || echo "the claims are not where they were"
    while read -r query verb rest; do
        if [ "$verb" = finds ]; then
            finds "$query" "$rest" || echo "$query does not find $rest"
        else
            ! finds "$query" "${rest##* }" || echo "$query finds ${rest##* }"
        fi
    done <"$top/claims"
)"
empty "what it offers in place of other words is offered" "$(
    cd "$top/place" || exit
    while read -r query other; do
        fihrist search -i sample.fih --json -- "$query" 2>/dev/null | grep -q "\"suggestion\":\"$other\"" || echo "$query: $other"
    done <<END
hglyvf المغرب
almaghrib المغرب
السفيمة السفينة
END
)"
empty "every word of the query language that it names is understood" "$(
    cd "$top/place" || exit
    grep '^`-i INDEX` names the index' "$root/README.md" | grep -o '`[^`]*`' | tr -d '`' |
        sed -n '/^"a phrase"$/,/^^2/p' >"$top/words"
    [ "$(wc -l <"$top/words")" -ge 10 ] || echo "the words are not where they were"
    while IFS= read -r word; do
        case $word in
        AND | OR | NOT | _*_ | NEAR/5 | '^2' | title: | body: | section:) continue ;;   # between or beside words
        tags:* | pages:*) continue ;;                                                      # not in the sample
        esac
        fihrist search -i sample.fih --format ids -- "$word" >/dev/null 2>"$top/err"
        [ $? -le 1 ] || cat "$top/err"
    done <"$top/words"
)"
empty "every command in its table is one, and every command is in it" "$(
    sed -n 's/^| \[`fihrist \([a-z]*\)`\].*/\1/p' README.md | sort >"$top/named"
    fihrist --help | sed -n 's/^  \([a-z][a-z]*\)  *.*/\1/p' | sort >"$top/are"
    diff "$top/named" "$top/are"
)"
empty "every link within the tree leads somewhere" "$(
    grep -o ']([a-z][^):]*)' README.md | tr -d '])(' | while read -r path; do [ -e "$path" ] || echo "$path"; done
)"
awk '/^```c$/ { inside = 1; next } /^```$/ { inside = 0 } inside' README.md >"$top/find.c"
lib=$(dirname "$fihrist")/../lib
empty "its program is built, and finds" "$(
    ${CC:-cc} -Wall -Werror -I include "$top/find.c" -L "$lib" -lfihrist -Wl,-rpath,"$lib" -o "$top/find" 2>&1 &&
        (cd "$top/place" && "$top/find" sample.fih 'جليس اصدق من الكتاب') | grep -q '^[0-9.]* .' || echo "finds nothing"
    "$top/find" "$top/no-such.fih" x >"$top/log" 2>&1 && echo "no error without an index"
    grep -q 'find: .*no-such' "$top/log" || cat "$top/log"
    "$top/find" >"$top/log" 2>&1 && echo "no error without arguments"
)"
empty "the library needs the packages that it says" "$(
    sed -n '/^packages=/,/"$/p' tools/setup.sh | tr -d '"' | tr ' ' '\n' | sed -n 's/-dev$//p' >"$top/packages"
    [ "$(wc -l <"$top/packages")" -ge 5 ] || echo "the packages are not where they were"
    for package in $(cat "$top/packages"); do
        case $package in
        libc6 | *'$*'*) continue ;;
        esac
        name=$(echo "$package" | sed 's/^lib//; s/1g$//')
        grep -q -i -e "^| \[[a-z]*$name" -e "^| \[lib$name" README.md || echo "$package is not under Dependencies"
    done
)"
done_testing
