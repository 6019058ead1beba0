#!/bin/sh
# install.sh BUILD - what `meson install` lays down is enough: the command runs, the examples build through
# pkg-config, shared and static, and run; nothing is looked for in the checkout.
build=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.." || exit 2
root=$PWD
. tests/tap.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if DESTDIR=$work/root meson install -C "$build" --no-rebuild >"$work/log" 2>&1; then
    ok "meson install succeeds"
else
    not_ok "meson install succeeds" "$work/log"
    done_testing
fi
pc=$(find "$work/root" -name fihrist.pc)
libdir=$(dirname "$(dirname "$pc")")
prefix=$work/root$(sed -n 's/^prefix=//p' "$pc")
pkg() { PKG_CONFIG_PATH=$(dirname "$pc") pkg-config --define-variable=prefix="$prefix" "$@" fihrist; }

empty "header, libraries, command and manual pages are installed" "$(
    for f in include/fihrist.h bin/fihrist share/man/man1/fihrist.1 share/man/man1/fihrist-search.1 share/man/man7/fihrist-query.7 \
        share/man/man5/fihrist-output.5; do
        [ -f "$prefix/$f" ] || echo "no $f"
    done
    for f in libfihrist.so libfihrist.so.0 libfihrist.a; do
        [ -f "$libdir/$f" ] || echo "no $f"
    done
)"
[ "$(pkg --modversion)" = "$(sed -n 's/#define FIH_VERSION "\(.*\)"/\1/p' include/fihrist.h)" ] &&
    ok "pkg-config and the header tell the same version" || not_ok "pkg-config and the header tell the same version" "$(pkg --modversion)"

mkdir "$work/away"
cd "$work/away" || exit 2
"$prefix/bin/fihrist" index -i news.fih "$root/tools/sample" >"$work/log" 2>&1 &&
    "$prefix/bin/fihrist" check -i news.fih >>"$work/log" 2>&1 &&
    ok "the installed command finds its library and indexes" || not_ok "the installed command finds its library and indexes" "$work/log"

if [ ! -f "$build/tools/fihrist_fts5.so" ]; then
    skip "SQLite's extension finds its library where it is installed" "built without the headers of SQLite"
elif ! command -v sqlite3 >/dev/null 2>&1; then
    skip "SQLite's extension finds its library where it is installed" "no sqlite3"
else
    sqlite3 :memory: ".load $libdir/sqlite3/fihrist_fts5" "SELECT fihrist_analyzer()" >"$work/log" 2>&1 &&
        grep -q '^arabic;' "$work/log" && ok "SQLite's extension finds its library where it is installed" ||
        not_ok "SQLite's extension finds its library where it is installed" "$work/log"
fi

if [ ! -f "$build/tools/fihrist_pg.so" ]; then
    skip "PostgreSQL's extension is where PostgreSQL looks, and finds its library" "built without the headers of PostgreSQL"
else
    module=$(find "$work/root" -name fihrist_pg.so)
    empty "PostgreSQL's extension is where PostgreSQL looks, and finds its library" "$(
        [ -n "$module" ] || echo "no fihrist_pg.so"
        for f in fihrist.control "fihrist--$(pkg --modversion).sql"; do
            find "$work/root" -path "*/extension/$f" | grep -q . || echo "no $f"
        done
        [ "$module" = "$work/root$(pg_config --pkglibdir)/fihrist_pg.so" ] || echo "$module"
        readelf -d "$module" | grep -q "RUNPATH.*\[${libdir#"$work/root"}\]" || readelf -d "$module" | grep RUNPATH
    )"
fi

# cron's environment, and its lines as they stand: only the index, the folder and the root of the tree are ours.
crontab=$(find "$work/root" -name crontab)
mkdir "$work/cron"
setting() { sed -n "s/^$1=//p" "$crontab"; }
first=$(setting PATH | sed 's/:.*//')
[ -x "$work/root$first/fihrist" ] && ok "the crontab's PATH begins where the command is" ||
    not_ok "the crontab's PATH begins where the command is" "$(setting PATH)"
line() {
    env -i HOME="$work/cron" LOGNAME="$(id -un)" SHELL=/bin/sh PATH="$work/root$(setting PATH)" \
        FIHRIST_INDEX="$work/cron/$(basename "$(setting FIHRIST_INDEX)")" \
        sh -c "$(grep " $1 " "$crontab" | sed -e 's/^\([^ ]* *\)\{5\}//' -e "s|/srv/news|$root/tools/sample|" -e 's/ionice -c 3 //')"
}
line status >"$work/log" 2>&1
[ $? = 2 ] && grep -q 'there is no index' "$work/log" && ok "before the first night the crontab's status line complains" ||
    not_ok "before the first night the crontab's status line complains" "$work/log"
{ line index && line status; } >"$work/log" 2>&1 && [ ! -s "$work/log" ] &&
    ok "both lines of the crontab run as cron runs them, and are silent" ||
    not_ok "both lines of the crontab run as cron runs them, and are silent" "$work/log"
units=$(find "$work/root" -path '*/lib/systemd/system/fihrist-index.*' | wc -l)
[ "$units" = 2 ] && ok "service and timer are where systemd looks" || not_ok "service and timer are where systemd looks"
service=$(find "$work/root" -name fihrist-index.service)
empty "the service names commands that are there, by whole paths" "$(
    sed -n 's/^ExecStart=\([^ ]*\).*/\1/p' "$service" | while read -r f; do [ -x "$work/root$f" ] || echo "$f"; done
    grep -c '^UMask=' "$service" | grep -v '^1$'
)"

# runs EXAMPLE PROGRAM: what it must print. index_and_search makes the index that follow reads.
runs() {
    case $1 in
    index_and_search)
        "$2" example.fih >out 2>err || { cat out err; return 1; }
        cat out err >all
        grep -q '^كتب: [1-9]' out && grep -q '^1\. افتتاح مكتبة جديدة' out && grep -q '\[الكُتُبِ\]' out &&
            grep -q '^   اقتصاد 1$' out && [ ! -s err ]
        ;;
    follow)
        "$2" example.fih 1 كتب '+سوق topic:اقتصاد' >out 2>err || { cat out err; return 1; }
        cat out err >all
        grep -q '^2 documents$' out && grep -q 'best: a2' out && [ ! -s err ]
        ;;
    catalogue)
        rm -rf books.fih
        "$2" books.fih 'tags:تاريخ year:>1300' >out 2>err && "$2" books.fih author:خلدون >>out 2>>err || { cat out err; return 1; }
        cat out err >all
        printf '%s\n' 'مقدمة ابن خلدون' 'رحلة ابن بطوطة' '  تاريخ: 2' '  اجتماع: 1' '  رحلات: 1' \
            'مقدمة ابن خلدون' '  اجتماع: 1' '  تاريخ: 1' | cmp -s - out && [ ! -s err ]
        ;;
    notes)
        printf '+كتبت رسالة إلى المكتبة\n+موعد الطبيب\nرسا\nموعد طب\nxyz\n' | "$2" >out 2>err || { cat out err; return 1; }
        cat out err >all
        printf '%s\n' 'رسا: note 1' 'موعد طب: note 2' | cmp -s - out && [ ! -s err ]
        ;;
    log)
        rm -rf log.fih
        # among them a line of 10,000 bytes, and one with a NUL: neither stops what follows
        printf '%s\n' '2024-05-01T10:30:00Z error القرص ممتلئ' '2024-05-01T10:31:00Z info القرص بخير' >server.log
        printf '2024-05-01T10:32:00Z error قرص %010000d\n2024-05-01T10:33:00Z error قرص \0 بعده\n' 0 >>server.log
        printf '2024-05-02T10:30:00Z error عطل في الق' >>server.log
        "$2" log.fih server.log 'level:error قرص' >out 2>err && echo 'رص' >>server.log &&
            "$2" log.fih server.log 'level:error قرص' >>out 2>>err &&
            tail -n 1 server.log | "$2" piped.fih /dev/stdin 'date:2024-05-02' >>out 2>>err || { cat out err; return 1; }
        rm -rf piped.fih
        cat out err >all
        for line in 4 3 1 5 4 3 1 5; do sed -n ${line}p server.log; done | cmp -s - out && [ ! -s err ]
        ;;
    esac
}
# as_cpp EXAMPLE LINK: it is C++ too, the oldest that the header knows and today's, and does the same.
as_cpp() {
    [ "$2" = shared ] && std=c++11 || std=c++20
    does="$1 as $std does what it says, $2"
    if g++ -x c++ -std=$std -pthread -Wall -Wextra -Wpedantic -Werror $(pkg --cflags) "$root/tools/examples/$1.c" -x none \
        -o "$1-cpp" $libs >"$work/log" 2>&1; then
        : >all
        LD_LIBRARY_PATH=$libdir runs "$1" "./$1-cpp" && ok "$does" || not_ok "$does" all
    else
        not_ok "$does" "$work/log"
    fi
}
# A program for a machine that has none of the libraries: `cc -static` with what pkg-config says and nothing more.
if cc -std=c11 -D_DEFAULT_SOURCE -pthread -static "$root/tools/examples/index_and_search.c" -o whole \
    $(pkg --static --cflags --libs) >"$work/log" 2>&1; then
    ok "a program links with -static"
    : >all
    [ "$(readelf -d whole | grep -c NEEDED)" = 0 ] && runs index_and_search ./whole && ok "and needs no library when it runs" ||
        not_ok "and needs no library when it runs" all
    rm -rf example.fih
else
    not_ok "a program links with -static" "$work/log"
fi
for link in shared static; do
    for example in index_and_search follow catalogue notes log; do
        source=$root/tools/examples/$example.c
        [ -f "$source" ] || { not_ok "the example $example.c is there"; continue; }
        libs=$(pkg --libs)
        [ $link = shared ] || libs=$(pkg --static --libs | sed 's/-lfihrist/-l:libfihrist.a/')
        if cc -std=c11 -D_DEFAULT_SOURCE -pthread -Wall -Wextra -Wpedantic -Werror $(pkg --cflags) "$source" -o "$example-$link" $libs >"$work/log" 2>&1; then
            ok "$example.c builds through pkg-config, $link"
        else
            not_ok "$example.c builds through pkg-config, $link" "$work/log"
            continue
        fi
        case $example in catalogue | notes | log)
            [ "$(wc -l <"$source")" -le 60 ] && ok "$example.c has 60 lines at most" || not_ok "$example.c has 60 lines at most" ;;
        esac
        case $link-$(readelf -d "$example-$link" | grep -c 'NEEDED.*libfihrist') in
        shared-1 | static-0) ok "$example is linked $link" ;;
        *) not_ok "$example is linked $link" ;;
        esac
        : >all
        LD_LIBRARY_PATH=$libdir runs "$example" "./$example-$link" &&
            ok "$example does what it says, $link" || not_ok "$example does what it says, $link" all
        [ "$example" = follow ] || as_cpp "$example" $link
    done
done
done_testing
