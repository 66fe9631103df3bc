#!/usr/bin/env bash
# usage: archive.sh BINARY OS ARCH DIST [FOLDER]
# Writes DIST/podcheck-OS-ARCH.tar.gz with kubectl-podcheck, LICENSE and what is in FOLDER (the man pages), the same bytes
# for the same input, and renews DIST/SHA256SUMS. SOURCE_DATE_EPOCH, or else the time of the last commit, is the time of
# every entry.
set -euo pipefail
binary=$1 os=$2 arch=$3 dist=$4 more=${5:-}
source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
epoch=${SOURCE_DATE_EPOCH:-$(git -C "$source_dir" log -1 --format=%ct)}
name=kubectl-podcheck
[ "$os" != windows ] || name=kubectl-podcheck.exe
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
[ -z "$more" ] || cp -r "$more/." "$stage"
install -m 0755 "$binary" "$stage/$name"
install -m 0644 "$source_dir/LICENSE" "$stage/LICENSE"
mkdir -p "$dist"
(cd "$stage" && LC_ALL=C tar --sort=name --format=ustar --owner=0 --group=0 --numeric-owner --mode=go=rX,u+rw --mtime="@$epoch" -cf - -- *) |
  gzip -n -9 >"$dist/podcheck-$os-$arch.tar.gz"
(cd "$dist" && LC_ALL=C sha256sum podcheck-*.tar.gz >SHA256SUMS)
