#!/bin/sh
# symbols.sh BUILD - what the library shows and what it leans on, read from the built files.
build=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.." || exit 2
. tests/tap.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
so=$build/lib/libfihrist.so
a=$build/lib/libfihrist.a

sed -n 's/^FIH_API .*[ *]\(fih_[a-z0-9_]*\)(.*/\1/p' include/fihrist.h | sort >"$work/declared"
nm -D --defined-only "$so" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort >"$work/exported"
empty "the shared library exports what fihrist.h declares" "$(diff "$work/declared" "$work/exported")"
[ "$(grep -c '^FIH_API ' include/fihrist.h)" = "$(wc -l <"$work/declared")" ] &&
    ok "every FIH_API line was read" || not_ok "every FIH_API line was read"
empty "global names of the static library begin with fih_ or fihi_" "$(
    nm -g --defined-only "$a" 2>/dev/null | awk 'NF == 3 && $3 !~ /^fihi?_/ { print $3 }' | sort -u
)"

# The library leaves the process alone: it does not print, end, read the environment or change its state.
nm -D --undefined-only "$so" | awk '{ sub(/@.*/, "", $2); print $2 }' >"$work/needs"
empty "the library calls nothing that prints, ends or changes the process" "$(
    grep -x -E '_?printf|v?f?printf|__v?f?printf_chk|v?dprintf|puts|putchar|fputs|fputc|putc|perror|fwrite|stdout|stderr|stdin|exit|_exit|_Exit|quick_exit|abort|atexit|getenv|secure_getenv|setenv|putenv|setlocale|uselocale|signal|sigaction|raise|system|popen|fork|chdir|fchdir|umask|srand|rand|random|srandom|alarm|sleep|syslog|u_setMemoryFunctions.*|u_cleanup.*|uloc_setDefault.*' "$work/needs"
)"
empty "the library calls nothing that shares hidden state between threads" "$(
    grep -x -E 'strtok|strerror|asctime|ctime|gmtime|localtime|readdir|getpwuid|getpwnam|gethostbyname|basename|dirname|tmpnam|mktemp|ttyname' "$work/needs"
)"
# One exception: LMDB breaks when a process opens a file twice, so the open ones are listed under a lock.
empty "the library has no variables that change, but the list of open files" "$(
    objdump -t "$a" 2>/dev/null | awk '/\.o:/ { file = $1 } / O / && ($0 ~ /[ \t]\.(data|bss)[ \t.]/ && $0 !~ /\.data\.rel\.ro/ || /\*COM\*/) { print file, $NF }' |
        grep -v -x 'store_env.c.o: registry'
)"
empty "the shared library needs no text relocation or executable stack" "$(
    readelf -d "$so" | grep TEXTREL
    readelf -lW "$so" | grep -E 'GNU_STACK.*RWE'
)"
soname=$(readelf -d "$so" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')
[ "$soname" = libfihrist.so.0 ] && ok "the soname is libfihrist.so.0" || not_ok "the soname is libfihrist.so.0" "$soname"
empty "the command needs of the library only what fihrist.h declares" "$(
    nm -D --undefined-only "$build/tools/fihrist" | awk '$2 ~ /^fih/ { sub(/@.*/, "", $2); print $2 }' | sort | comm -23 - "$work/declared"
)"
if [ -f "$build/tools/fihrist_fts5.so" ]; then
    empty "SQLite's extension shows its entry alone, and needs of the library only what fihrist.h declares" "$(
        nm -D --defined-only "$build/tools/fihrist_fts5.so" | awk '{ print $3 }' | grep -v -x sqlite3_fihristfts_init
        nm -D --undefined-only "$build/tools/fihrist_fts5.so" | awk '$2 ~ /^fih/ { sub(/@.*/, "", $2); print $2 }' | sort |
            comm -23 - "$work/declared"
    )"
else
    skip "SQLite's extension shows its entry alone" "built without the headers of SQLite"
fi
if [ -f "$build/tools/fihrist_pg.so" ]; then
    empty "PostgreSQL's extension shows what its SQL names alone, and needs of the library only what fihrist.h declares" "$(
        {
            echo Pg_magic_func
            grep -o -E '^CREATE FUNCTION [a-z_]+' tools/postgres/fihrist.sql | sed 's/.* //; p; s/^/pg_finfo_/'
        } | sort >"$work/named"
        nm -D --defined-only "$build/tools/fihrist_pg.so" | awk '{ print $3 }' | sort | diff "$work/named" -
        nm -D --undefined-only "$build/tools/fihrist_pg.so" | awk '$2 ~ /^fih_/ { sub(/@.*/, "", $2); print $2 }' | sort |
            comm -23 - "$work/declared"
    )"
else
    skip "PostgreSQL's extension shows what its SQL names alone" "built without the headers of PostgreSQL"
fi
done_testing
