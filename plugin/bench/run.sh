#!/usr/bin/env bash
# Ratios on this machine, in this run: podcheck against kubectl or a peer on the same work. Nothing here fails on time.
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

plugin/bench/lint.sh

# One pod with affinity and spread, bundle and all; the cost has to grow as the cluster does.
ninja -C build/release podcheck_scheduling_bench >/dev/null
for size in "1250 25000" "2500 50000" "5000 100000"; do
  echo "scheduling, $size: $(build/release/plugin/bench/podcheck_scheduling_bench $size)"
done

kubectl=${PODCHECK_KUBECTL:-$(ls -d build/kubectls/1.32/kubectl build/kubectls/*/kubectl 2>/dev/null | head -1 || true)}
if [ -z "$kubectl" ] || ! cmake --build --preset dev --target podcheck-test-server podcheck_generate_cluster podcheck_measure >/dev/null; then
  echo "live: skipped (needs cpp-httplib for the test server, and a kubectl: plugin/cluster/testing/fetch-kubectls.sh)"
  exit 0
fi
measure=$PWD/build/dev/plugin/bench/podcheck_measure
generate=$PWD/build/dev/plugin/bench/podcheck_generate_cluster

# serve BUNDLE NAMESPACE: a test server on it, and KUBECONFIG that leads there.
serve() {
  [ -z "$server_pid" ] || kill "$server_pid" 2>/dev/null || true
  export KUBECONFIG=$work/kubeconfig
  : >"$KUBECONFIG"
  "$server" --from "$1" --namespace "$2" >"$KUBECONFIG" 2>"$work/server.log" &
  server_pid=$!
  for _ in $(seq 50); do
    [ -s "$KUBECONFIG" ] && return
    sleep 0.1
  done
}

# by_turns RUNS NAME ARGS NAME2 ARGS2: both commands by turns, the best of each; sets wall_NAME, cpu_NAME and peak_NAME.
by_turns() {
  local runs=$1 file name
  : >"$work/one" && : >"$work/two"
  for _ in $(seq "$runs"); do
    $3 >>"$work/one"
    $5 >>"$work/two"
  done
  for file in one two; do
    name=$2 && [ $file = two ] && name=$4
    read -r "wall_$name" "cpu_$name" "peak_$name" < <(awk '
      NR == 1 || $1 < wall { wall = $1 } NR == 1 || $2 < cpu { cpu = $2 } $3 > peak { peak = $3 }
      END { print wall, cpu, peak }' "$work/$file")
  done
}

get_pods() { "$measure" "$kubectl" get pods -A -o json; }
live_all() { "$measure" "$podcheck" live -A --kubectl "$kubectl" --now 2026-01-03T00:00:00Z; }
describe_pod() { "$measure" "$kubectl" describe pod "$pod" -n "$space"; }
live_pod() { "$measure" "$podcheck" live "$pod" -n "$space" --kubectl "$kubectl"; }

incident=testdata/incidents/116-storefront-live
space=$(cat $incident/namespace)
serve $incident "$space"
pod=$("$kubectl" get pods -n "$space" -o name | head -1 | cut -d/ -f2)
by_turns 15 describe describe_pod live live_pod
echo "live, one pod: $wall_live ms; kubectl describe pod: $wall_describe ms; ratio $(ratio "$wall_live" "$wall_describe") (processor time $(ratio "$cpu_live" "$cpu_describe"))"

sizes=${PODCHECK_BENCH_PODS:-1000 10000 50000}
for pods in $sizes; do
  "$generate" "$work/cluster-$pods" $((pods / 10)) "$pods"
  serve "$work/cluster-$pods" default
  get_pods >/dev/null # the server makes its texts once
  runs=5 && [ "$pods" -gt 20000 ] && runs=1
  by_turns $runs get get_pods live live_all
  echo "live -A, $pods pods on $((pods / 10)) nodes: $wall_live ms, $peak_live MiB; kubectl get pods -A -o json:" \
    "$wall_get ms, $peak_get MiB; ratio $(ratio "$wall_live" "$wall_get") (processor time $(ratio "$cpu_live" "$cpu_get"))"
  rm -rf "$work/cluster-$pods"
done
