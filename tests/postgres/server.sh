# server.sh - a PostgreSQL 15 of one's own for a test, with the extension where it looks for it: start_server, sql, stop_server.
# Wants $extension (the module, beside it control file and SQL) and $work; root may not run it, so that another user does.

pg_home=${PG_HOME:-/usr/lib/postgresql/15}
pg_share=/usr/share/postgresql/15
pg_user=

# as COMMAND...: as the server's user
as() {
    if [ -n "$pg_user" ]; then
        setpriv --reuid="$pg_user" --regid="$(id -g "$pg_user")" --clear-groups -- "$@"
    else
        "$@"
    fi
}

# PostgreSQL finds its folders from where its program lies: a copy of the program, links to all else, and ours.
lay_out() {
    top=$work/tree/usr
    mkdir -p "$top/lib/postgresql/15/bin" "$top/lib/postgresql/15/lib" "$top/share/postgresql/15/extension" &&
        cp "$pg_home/bin/postgres" "$pg_home/bin/initdb" "$top/lib/postgresql/15/bin" &&
        ln -s "$pg_home"/lib/* "$top/lib/postgresql/15/lib" || return
    for f in "$pg_share"/*; do
        [ "$(basename "$f")" = extension ] || ln -s "$f" "$top/share/postgresql/15" || return
    done
    ln -s "$pg_share"/extension/* "$top/share/postgresql/15/extension"
    rm -f "$top"/lib/postgresql/15/lib/fihrist_pg.so "$top"/share/postgresql/15/extension/fihrist*
    cp "$extension" "$top/lib/postgresql/15/lib" &&
        cp "$(dirname "$extension")"/fihrist.control "$(dirname "$extension")"/fihrist--*.sql "$top/share/postgresql/15/extension" ||
        return
    # The folder of the build may be closed to that user. A module that has the library in itself needs none.
    library=$(dirname "$extension")/../lib/libfihrist.so.0
    [ ! -f "$library" ] || cp "$library" "$work/tree"
}

start_server() {
    if [ "$(id -u)" -eq 0 ]; then
        pg_user=postgres
        id -u postgres >/dev/null 2>&1 || pg_user=nobody
    fi
    mkdir "$work/data" "$work/socket" && chmod 755 "$work" && lay_out &&
        { [ -z "$pg_user" ] || chown "$pg_user" "$work/data" "$work/socket"; } || return
    as "$top/lib/postgresql/15/bin/initdb" -D "$work/data" -U tester -A trust -E UTF8 --locale=C --no-sync >"$work/initdb.log" 2>&1 || {
        cat "$work/initdb.log"
        return 1
    }
    as env LD_LIBRARY_PATH="$work/tree" "$top/lib/postgresql/15/bin/postgres" -D "$work/data" -k "$work/socket" \
        -c listen_addresses= -c fsync=off -c jit=off -c max_connections=10 >"$work/server.log" 2>&1 &
    server=$!
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        psql -h "$work/socket" -U tester -c 'SELECT 1' postgres >/dev/null 2>&1 && return
        kill -0 "$server" 2>/dev/null || break
        sleep 0.5
    done
    cat "$work/server.log"
    return 1
}

stop_server() {
    [ ! -s "$work/data/postmaster.pid" ] || kill -INT "$(sed -n 1p "$work/data/postmaster.pid")" 2>/dev/null
    [ -z "${server:-}" ] || wait "$server"
}

# sql DATABASE [OPTION]...: runs what it reads
sql() {
    database=$1
    shift
    psql -h "$work/socket" -U tester -AtqX "$@" "$database" 2>&1
}
