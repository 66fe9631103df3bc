#!/usr/bin/env bash
# usage: release_test.sh KUBECTL_PODCHECK
# dist.sh makes everything that a release has, twice the same bytes; workflows are linted where actionlint is.
set -euo pipefail
binary=$(realpath "$1")
packaging=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$packaging/../..
command -v python3 >/dev/null || { echo "skipped: python3 is not installed"; exit 77; }
export PATH=$root/build/tools/bin:$PATH SOURCE_DATE_EPOCH=1700000000
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
fail() { echo "FAILED: $*"; exit 1; }
for platform in linux-amd64 linux-arm64 darwin-amd64 darwin-arm64 windows-amd64; do
  name=kubectl-podcheck
  [ $platform != windows-amd64 ] || name=kubectl-podcheck.exe
  mkdir -p "$scratch/binaries/$platform"
  echo stand-in >"$scratch/binaries/$platform/$name"
  echo '{}' >"$scratch/binaries/$platform/podcheck-$platform.spdx.json"
done
cp "$binary" "$scratch/binaries/linux-amd64/kubectl-podcheck"
"$packaging/dist.sh" v0.1.0 "$scratch/binaries" "$scratch/one/dist" >/dev/null
(umask 077 && "$packaging/dist.sh" v0.1.0 "$scratch/binaries" "$scratch/two/dist" >/dev/null)
diff -r "$scratch/one/dist" "$scratch/two/dist" || fail "two releases of the same binaries differ"
for file in podcheck-linux-arm64.tar.gz podcheck-windows-amd64.tar.gz podcheck-darwin-arm64.spdx.json podcheck.yaml; do
  grep -q " $file\$" "$scratch/one/dist/SHA256SUMS" || fail "$file is not in SHA256SUMS"
done
(cd "$scratch/one/dist" && sha256sum --quiet -c SHA256SUMS)
wheels=("$scratch"/one/dist/*.whl)
[ ${#wheels[@]} = 5 ] || fail "not five wheels"
contents=$(tar -tzf "$scratch/one/dist/podcheck-linux-amd64.tar.gz")
for file in LICENSE kubectl-podcheck man/man1/kubectl-podcheck.1 man/ja/man1/kubectl-podcheck.1; do
  grep -qx "$file" <<<"$contents" || fail "$file is not in the archive"
done
[ -x "$scratch/one/dist-image/amd64/kubectl-podcheck" ] || fail "the image has no binary"
if command -v actionlint >/dev/null; then
  actionlint "$root"/.github/workflows/*.yml || fail "actionlint"
  echo "actionlint: no finding"
fi
echo "release: archives, wheels, SBOMs, checksums, Krew manifest as expected"
