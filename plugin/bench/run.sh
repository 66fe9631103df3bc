#!/usr/bin/env bash
# Ratios on this machine, in this run: podcheck against kubectl or a peer on the same work. Nothing here fails on time.
# Peers are measured when they are installed (kubeconform with local schemas: set KUBECONFORM_SCHEMAS to their folder).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

podcheck=$PWD/build/release/plugin/kubectl-podcheck
server=$PWD/build/dev/plugin/cluster/podcheck-test-server
work=$(mktemp -d)
server_pid=
cleanup() {
  [ -z "$server_pid" ] || kill "$server_pid" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

# The fastest of seven runs, in milliseconds; the exit code does not matter.
fastest() {
  local best=999999999 i start end
  for i in 1 2 3 4 5 6 7; do
    start=$(date +%s%N)
    "$@" >/dev/null 2>&1 || true
    end=$(date +%s%N)
    [ $((end - start)) -lt $best ] && best=$((end - start))
  done
  awk -v t=$best 'BEGIN { printf "%.1f", t / 1e6 }'
}
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

./dev build release
echo "version: $(fastest "$podcheck" version) ms"
echo "lint, one file: $(fastest "$podcheck" lint testdata/demo/storefront.yaml) ms"

mkdir "$work/many"
for i in $(seq 1000); do
  sed "s/storefront/storefront-$i/g" testdata/demo/storefront.yaml >"$work/many/$i.yaml"
done
many=$(fastest "$podcheck" lint "$work/many" -o gcc)
echo "lint, 1,000 files: $many ms"
if command -v kubeconform >/dev/null && [ -n "${KUBECONFORM_SCHEMAS:-}" ]; then
  peer=$(fastest kubeconform -strict -schema-location "$KUBECONFORM_SCHEMAS/{{ .ResourceKind }}{{ .KindSuffix }}.json" "$work/many")
  echo "  kubeconform -strict: $peer ms, $(ratio "$peer" "$many") times as long"
fi
for peer in kube-linter kube-score; do
  command -v $peer >/dev/null || continue
  case $peer in
    kube-linter) took=$(fastest kube-linter lint "$work/many") ;;
    kube-score) took=$(fastest kube-score score "$work"/many/*.yaml) ;;
  esac
  echo "  $peer: $took ms, $(ratio "$took" "$many") times as long"
done

# One pod with affinity and spread, bundle and all; the cost has to grow as the cluster does.
ninja -C build/release podcheck_scheduling_bench >/dev/null
for size in "1250 25000" "2500 50000" "5000 100000"; do
  echo "scheduling, $size: $(build/release/plugin/bench/podcheck_scheduling_bench $size)"
done

kubectl=$(ls -d build/kubectls/*/kubectl 2>/dev/null | tail -1 || true)
if [ -x "$server" ] && [ -n "$kubectl" ]; then
  incident=testdata/incidents/116-storefront-live
  space=$(cat $incident/namespace)
  "$server" --from $incident --namespace "$space" >"$work/kubeconfig" 2>"$work/server.log" &
  server_pid=$!
  for _ in $(seq 50); do
    [ -s "$work/kubeconfig" ] && break
    sleep 0.1
  done
  export KUBECONFIG=$work/kubeconfig
  pod=$("$kubectl" get pods -n "$space" -o name | head -1 | cut -d/ -f2)
  describe=$(fastest "$kubectl" describe pod "$pod" -n "$space")
  live=$(fastest "$podcheck" live "$pod" -n "$space" --kubectl "$kubectl")
  echo "live, one pod: $live ms; kubectl describe pod: $describe ms; ratio $(ratio "$live" "$describe")"
else
  echo "live: skipped (needs ./dev test once, for the test server and a kubectl)"
fi
