#!/bin/sh
# builds.sh - it builds without a warning wherever it is built: gcc and clang, every build type, with the flags of
# Debian's packages, shared and static. Builds only; tests/run.sh calls it where CI=true, since it takes minutes.
cd "$(dirname "$0")/.." || exit 2
. tests/tap.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# builds NAME [OPTION]...: with the compiler, flags and linker flags of the environment
builds() {
    name=$1
    shift
    if meson setup -Dwerror=true "$@" "$work/build" >"$work/log" 2>&1 &&
        ninja -C "$work/build" -j "${JOBS:-$(nproc)}" >>"$work/log" 2>&1; then
        ok "builds without a warning: $name"
    else
        grep -E -A 6 'warning:|error:|ERROR' "$work/log" >"$work/short" || tail -n 20 "$work/log" >"$work/short"
        not_ok "builds without a warning: $name" "$work/short"
    fi
    rm -rf "$work/build"
}

for cc in gcc clang; do
    for type in plain debug debugoptimized release minsize; do
        if command -v $cc >/dev/null 2>&1; then
            CC=$cc builds "$cc, $type" --buildtype=$type
        else
            skip "builds without a warning: $cc, $type" "no $cc"
        fi
    done
done
for library in shared static; do
    builds "$library library alone" -Ddefault_library=$library
done
builds "without what is optional" -Dauto_features=disabled
if command -v dpkg-buildflags >/dev/null 2>&1; then
    flags=$(DEB_BUILD_MAINT_OPTIONS=hardening=+all dpkg-buildflags --get CFLAGS)
    CFLAGS=$flags CPPFLAGS=$(dpkg-buildflags --get CPPFLAGS) \
        LDFLAGS=$(DEB_BUILD_MAINT_OPTIONS=hardening=+all dpkg-buildflags --get LDFLAGS) \
        builds "Debian's hardening flags" --buildtype=plain
else
    skip "builds without a warning: Debian's hardening flags" "no dpkg-buildflags"
fi
done_testing
