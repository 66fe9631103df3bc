#!/usr/bin/env bash
# usage: krew_test.sh KUBECTL_PODCHECK
# Archives are reproducible, the rendered manifest carries their checksums, and the plugin runs through the real kubectl
# from what the archive holds: installed by krew where there is one (KREW or PATH), otherwise linked as krew links it.
set -euo pipefail
binary=$(realpath "$1")
packaging=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
testdata=$packaging/../../testdata
command -v kubectl >/dev/null || { echo "skipped: kubectl is not installed"; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
dist=$scratch/dist root=$scratch/krew
fail() { echo "FAILED: $*"; exit 1; }
export SOURCE_DATE_EPOCH=1700000000 PODCHECK_LANG=en

for arch in amd64 arm64; do "$packaging/archive.sh" "$binary" linux $arch "$dist"; done
cp "$dist/podcheck-linux-amd64.tar.gz" "$scratch/first.tar.gz"
cp "$binary" "$scratch/later-copy"
(umask 077 && "$packaging/archive.sh" "$scratch/later-copy" linux amd64 "$dist")
cmp "$scratch/first.tar.gz" "$dist/podcheck-linux-amd64.tar.gz" || fail "two archives of one binary differ"
(cd "$dist" && sha256sum --quiet -c SHA256SUMS) || fail "SHA256SUMS does not fit"

"$packaging/render-krew.sh" v0.1.0 "$dist"
grep -q '{{' "$dist/podcheck.yaml" && fail "a placeholder is left in the manifest"
while read -r sum _; do
  grep -q "^    sha256: $sum\$" "$dist/podcheck.yaml" || fail "a checksum is missing in the manifest"
done <"$dist/SHA256SUMS"
kubectl create --dry-run=client --validate=false -f "$dist/podcheck.yaml" -o name >"$scratch/parse.log" 2>&1 || true
grep -qi 'error converting YAML\|error parsing' "$scratch/parse.log" && { cat "$scratch/parse.log"; fail "the manifest is not YAML"; }
short=$(sed -n 's/^  shortDescription: //p' "$dist/podcheck.yaml")
[ ${#short} -le 50 ] || fail "shortDescription is longer than 50 characters"
mkdir "$scratch/empty"
"$packaging/render-krew.sh" v0.1.0 "$scratch/empty" 2>/dev/null && fail "a missing archive was not noticed"

krew=${KREW:-$(command -v krew || command -v kubectl-krew || true)}
if [ -n "$krew" ]; then
  KREW_ROOT=$root "$krew" install --manifest="$dist/podcheck.yaml" --archive="$dist/podcheck-linux-amd64.tar.gz"
else
  echo "krew is not installed: its install is not tested"
  mkdir -p "$root/store" "$root/bin"
  tar -C "$root/store" -xzf "$dist/podcheck-linux-amd64.tar.gz"
  [ -f "$root/store/LICENSE" ] || fail "no LICENSE in the archive"
  ln -s "$root/store/kubectl-podcheck" "$root/bin/kubectl-podcheck"
fi
export PATH=$root/bin:$PATH
code=0
kubectl podcheck lint "$testdata/demo/storefront.yaml" >"$scratch/lint.log" || code=$?
[ $code = 1 ] && grep -q memory-unit-milli "$scratch/lint.log" || fail "kubectl podcheck lint: exit $code"
code=0
kubectl podcheck live -A --from "$testdata/incidents/116-storefront-live" >"$scratch/live.log" || code=$?
[ $code = 1 ] && [ -s "$scratch/live.log" ] || fail "kubectl podcheck live: exit $code"
echo "archive, manifest, lint and live: as expected"
