#!/usr/bin/env bash
# usage: plugin/fuzz/run.sh [SECONDS]   every fuzz target in build/fuzz in turn, SECONDS in all; what it finds is left in
# build/fuzz/found. New inputs are kept in build/fuzz/corpus.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-600}
targets=(build/fuzz/plugin/fuzz/fuzz_*)
found=build/fuzz/found
mkdir -p "$found"
status=0
for target in "${targets[@]}"; do
  [[ -f $target && -x $target ]] || continue
  name=$(basename "$target")
  corpus=build/fuzz/corpus/$name
  mkdir -p "$corpus"
  seeds=(testdata/conformance/documents lint-rules)
  [[ -d plugin/fuzz/seeds/$name ]] && seeds+=("plugin/fuzz/seeds/$name")
  echo "== $name"
  "$target" -max_total_time=$((seconds / ${#targets[@]})) -timeout=10 -rss_limit_mb=2048 -max_len=8192 \
    -artifact_prefix="$found/$name-" -print_final_stats=1 "$corpus" "${seeds[@]}" || status=1
done
exit $status
