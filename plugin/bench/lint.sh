#!/usr/bin/env bash
# usage: plugin/bench/lint.sh   lint's time and memory on this machine: one file, 1,000 files beside peers, and how cost
# grows with the input. Peers are built below build/peers wherever there is a Go client; nothing here fails on time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

podcheck=$PWD/build/release/plugin/kubectl-podcheck
measure=$PWD/build/release/plugin/bench/podcheck_measure_runs
peers=$PWD/build/peers
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a / b }'; }

# Every manifest of the recorded incidents, once for each of ten namespaces.
many_files() {
  local manifest team incident
  for team in $(seq 10); do
    mkdir -p "$work/many/$team"
    for manifest in testdata/incidents/*/manifest.yaml; do
      grep -q '^  namespace:' "$manifest" && continue
      incident=$(basename "$(dirname "$manifest")")
      sed "s/^metadata:\$/metadata:\n  namespace: team-$team/" "$manifest" >"$work/many/$team/$incident.yaml"
    done
  done
}

# A Go command into build/peers; false where it cannot be had.
peer() {
  local name=$1 package=$2
  [ -x "$peers/$name" ] && return 0
  command -v go >/dev/null || return 1
  echo "building $name"
  GOBIN=$peers go install "$package@latest" >"$work/$name.log" 2>&1 || { tail -3 "$work/$name.log"; return 1; }
}

# How the peer named does on the folder that podcheck took $wall and $peak for.
compare() {
  local name=$1 its_wall its_peak
  shift
  read -r its_wall its_peak < <("$measure" 3 "$@")
  printf '  %-24s %8s ms  %6s MB   %s times as long, %s times the memory\n' "$name" "$its_wall" "$its_peak" \
    "$(ratio "$its_wall" "$wall")" "$(ratio "$its_peak" "$peak")"
}

compare_with_peers() {
  if peer kubeconform github.com/yannh/kubeconform/cmd/kubeconform; then
    "$schemas" "$work/schemas"
    compare "kubeconform -strict" "$peers/kubeconform" -strict -schema-location \
      "$work/schemas/{{ .ResourceKind }}{{ .KindSuffix }}.json" "$work/many"
  fi
  peer kube-linter golang.stackrox.io/kube-linter/cmd/kube-linter &&
    compare kube-linter "$peers/kube-linter" lint "$work/many"
  peer kube-score github.com/zegl/kube-score/cmd/kube-score &&
    compare kube-score "$peers/kube-score" score "$work"/many/*/*.yaml
  peer polaris github.com/fairwindsops/polaris &&
    compare polaris "$peers/polaris" audit --audit-path "$work/many"
  command -v go >/dev/null || echo "  peers: skipped (there is no Go client to build them)"
}

# Instructions of one run, as valgrind counts them: the same on every machine and however busy it is.
instructions() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$podcheck" lint "$1" -o gcc 2>&1 >/dev/null |
    awk '/Collected/ { print $4 }'
}

growth() {
  command -v valgrind >/dev/null || { echo "growth: skipped (needs valgrind)"; return; }
  local times team first= count
  for times in 1 2 4; do
    mkdir "$work/$times"
    for team in $(seq $times); do
      cp -r "$work/many/$team" "$work/$times/"
    done
    count=$(instructions "$work/$times")
    first=${first:-$count}
    echo "lint, $times times the input: $((count / 1000000)) million instructions, $(ratio "$count" "$first") times as many"
  done
}

./dev build release
cmake --build --preset release --target podcheck_measure_runs podcheck_peer_schemas >/dev/null
schemas=$PWD/build/release/plugin/bench/podcheck_peer_schemas
read -r wall peak < <("$measure" 20 "$podcheck" version)
echo "version: $wall ms"
read -r wall peak < <("$measure" 20 "$podcheck" lint testdata/demo/storefront.yaml)
echo "lint, one file: $wall ms, $peak MB"
many_files
read -r wall peak < <("$measure" 5 "$podcheck" lint "$work/many" -o gcc)
echo "lint, $(find "$work/many" -type f | wc -l) files, every rule: $wall ms, $peak MB"
compare_with_peers
growth
