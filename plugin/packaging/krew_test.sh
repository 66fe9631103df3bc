#!/usr/bin/env bash
# usage: krew_test.sh KUBECTL_PODCHECK
# Archives are reproducible, the rendered manifest carries their checksums, and the plugin runs through the real kubectl
# from what the archive holds: installed by krew where there is one (KREW, build/tools or PATH), otherwise linked as krew
# links it. krew's own validator installs every platform, and krew refuses a wrong checksum and an unknown platform.
set -euo pipefail
binary=$(realpath "$1")
packaging=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
testdata=$packaging/../../testdata
command -v kubectl >/dev/null || { echo "skipped: kubectl is not installed"; exit 77; }
export PATH=$packaging/../../build/tools/bin:$PATH
scratch=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$scratch"' EXIT
dist=$scratch/dist root=$scratch/krew
fail() { echo "FAILED: $*"; exit 1; }
export SOURCE_DATE_EPOCH=1700000000 PODCHECK_LANG=en HOME=$scratch

# A stand-in takes the place of other platforms' binaries: of those, only archives and manifest are tested.
echo stand-in >"$scratch/stand-in"
for platform in linux-arm64 darwin-amd64 darwin-arm64 windows-amd64; do
  "$packaging/archive.sh" "$scratch/stand-in" "${platform%-*}" "${platform#*-}" "$dist"
done
"$packaging/archive.sh" "$binary" linux amd64 "$dist"
cp "$dist/podcheck-linux-amd64.tar.gz" "$scratch/first.tar.gz"
cp "$binary" "$scratch/later-copy"
(umask 077 && "$packaging/archive.sh" "$scratch/later-copy" linux amd64 "$dist")
cmp "$scratch/first.tar.gz" "$dist/podcheck-linux-amd64.tar.gz" || fail "two archives of one binary differ"
(cd "$dist" && sha256sum --quiet -c SHA256SUMS) || fail "SHA256SUMS does not fit"
tar -tzf "$dist/podcheck-windows-amd64.tar.gz" | grep -qx kubectl-podcheck.exe || fail "no .exe in the archive for windows"

"$packaging/render-krew.sh" v0.1.0 "$dist"
manifest=$dist/podcheck.yaml
grep -q '{{' "$manifest" && fail "a placeholder is left in the manifest"
while read -r sum _; do
  grep -q "^    sha256: $sum\$" "$manifest" || fail "a checksum is missing in the manifest"
done <"$dist/SHA256SUMS"
kubectl create --dry-run=client --validate=false -f "$manifest" -o name >"$scratch/parse.log" 2>&1 || true
grep -qi 'error converting YAML\|error parsing' "$scratch/parse.log" && { cat "$scratch/parse.log"; fail "the manifest is not YAML"; }
short=$(sed -n 's/^  shortDescription: //p' "$manifest")
[ -n "$short" ] && [ ${#short} -le 50 ] || fail "shortDescription has ${#short} characters, krew-index wants at most 50"
grep -qiE 'kubernetes|kubectl|plugin' <<<"$short" && fail "shortDescription has words that krew-index calls redundant"
[ -z "$(sed -n '/^  description:/,/^  platforms:/p' "$manifest" | awk 'length > 80')" ] || fail "the description is wider than 80 columns"
mkdir "$scratch/empty"
"$packaging/render-krew.sh" v0.1.0 "$scratch/empty" 2>/dev/null && fail "a missing archive was not noticed"

krew=${KREW:-$(command -v krew || command -v kubectl-krew || true)}
install() { KREW_ROOT=$1 "$krew" install --manifest="$2" --archive="$3" </dev/null; }
refused() {  # WORDS ROOT MANIFEST ARCHIVE
  if install "$2" "$3" "$4" >"$scratch/refusal.log" 2>&1; then fail "krew accepted: $1"; fi
  grep -q "$1" "$scratch/refusal.log" || { cat "$scratch/refusal.log"; fail "krew's refusal does not say: $1"; }
  [ ! -e "$2/bin/kubectl-podcheck" ] || fail "something was installed all the same"
}
if [ -n "$krew" ]; then
  install "$root" "$manifest" "$dist/podcheck-linux-amd64.tar.gz" 2>"$scratch/install.log" || { cat "$scratch/install.log"; fail "krew does not install the archive"; }
  mkdir "$scratch/wrong"
  sed 's/sha256: .*/sha256: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/' "$manifest" >"$scratch/wrong/podcheck.yaml"
  refused "checksum does not match" "$scratch/refused" "$scratch/wrong/podcheck.yaml" "$dist/podcheck-linux-amd64.tar.gz"
  KREW_OS=linux KREW_ARCH=riscv64 \
    refused "does not offer installation for this platform" "$scratch/refused" "$manifest" "$dist/podcheck-linux-amd64.tar.gz"
  echo "krew installs the archive, refuses a wrong checksum and an unknown platform"
else
  echo "krew is not installed: its install is not tested"
  mkdir -p "$root/store" "$root/bin"
  tar -C "$root/store" -xzf "$dist/podcheck-linux-amd64.tar.gz"
  [ -f "$root/store/LICENSE" ] || fail "no LICENSE in the archive"
  ln -s "$root/store/kubectl-podcheck" "$root/bin/kubectl-podcheck"
fi

# What krew-index's CI runs. It downloads, so the archives are served from here.
validator=${VALIDATE_KREW_MANIFEST:-$(command -v validate-krew-manifest || true)}
if [ -n "$krew" ] && [ -n "$validator" ] && command -v python3 >/dev/null; then
  python3 -u -m http.server --bind 127.0.0.1 --directory "$dist" 0 >"$scratch/server.log" 2>&1 &
  server=$!
  for _ in $(seq 100); do grep -q 'port' "$scratch/server.log" && break; sleep 0.1; done
  port=$(sed -n 's/.* port \([0-9]*\).*/\1/p' "$scratch/server.log" | head -1)
  mkdir "$scratch/served" "$scratch/krew-bin"
  ln -s "$(realpath "$krew")" "$scratch/krew-bin/kubectl-krew"
  sed "s|https://github.com/.*/|http://127.0.0.1:$port/|;s|^  homepage: .*|  homepage: https://example.invalid|" "$manifest" >"$scratch/served/podcheck.yaml"
  PATH=$scratch/krew-bin:$PATH "$validator" -manifest "$scratch/served/podcheck.yaml" >"$scratch/validate.log" 2>&1 || { cat "$scratch/validate.log"; fail "validate-krew-manifest refuses the manifest"; }
  echo "validate-krew-manifest accepts the manifest and installs every platform"
else
  echo "validate-krew-manifest is not installed: not tested"
fi

export PATH=$root/bin:$PATH
code=0
kubectl podcheck lint "$testdata/demo/storefront.yaml" >"$scratch/lint.log" || code=$?
[ $code = 1 ] && grep -q memory-unit-milli "$scratch/lint.log" || fail "kubectl podcheck lint: exit $code"
code=0
kubectl podcheck live -A --from "$testdata/incidents/116-storefront-live" >"$scratch/live.log" || code=$?
[ $code = 1 ] && [ -s "$scratch/live.log" ] || fail "kubectl podcheck live: exit $code"
echo "archive, manifest, lint and live: as expected"
