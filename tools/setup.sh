#!/bin/sh
# Install the Debian packages that the build needs, and those named as arguments. Says which are
# missing; does nothing when all are there. Run by tools/quickstart.sh and tests/run.sh.
set -eu

packages="gcc libc6-dev meson ninja-build pkg-config liblmdb-dev libicu-dev libstemmer-dev libzstd-dev libxxhash-dev
zlib1g-dev gettext libjansson-dev $*"

if ! command -v apt-get >/dev/null 2>&1 || ! command -v dpkg-query >/dev/null 2>&1; then
    echo "setup: there is no apt-get here. Install the equivalents of these Debian packages:" >&2
    echo $packages >&2
    exit 2
fi

missing=
for p in $packages; do
    case $(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null || :) in
    installed*) ;;
    *) missing="$missing $p" ;;
    esac
done
[ -n "$missing" ] || exit 0

echo "setup: installing the Debian packages$missing"
as_root=
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
        echo "setup: not root, and there is no sudo. As root, run: apt-get install$missing" >&2
        exit 2
    fi
    as_root=sudo
fi
quietly() {
    log=$(mktemp)
    if ! $as_root env DEBIAN_FRONTEND=noninteractive "$@" >"$log" 2>&1 </dev/null; then
        cat "$log" >&2
        rm -f "$log"
        echo "setup: '$*' failed" >&2
        exit 2
    fi
    rm -f "$log"
}
quietly apt-get update
quietly apt-get install -y --no-install-recommends $missing
