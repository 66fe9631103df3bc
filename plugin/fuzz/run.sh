#!/usr/bin/env bash
# usage: plugin/fuzz/run.sh [SECONDS]   every fuzz target in build/fuzz in turn, SECONDS in all, seeded from the test
# data; what is found is left in build/fuzz/found, new inputs are kept in build/fuzz/corpus.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-600}
found=build/fuzz/found
seeds=build/fuzz/seeds
mkdir -p "$found"

# The manifests that stand in the examples of rule cards, one a file.
card_examples() {
  mkdir -p "$seeds/examples"
  awk -v folder="$seeds/examples" '
    FNR == 1 { out = "" }
    match($0, /^ *(- )?(bad|good|fixed): \|/) {
      if (out != "") close(out)
      indent = index($0, ":") - length("bad") + 1
      out = folder "/" ++count ".yaml"; width = 0
      next
    }
    out != "" {
      if (width == 0) width = match($0, /[^ ]/) - 1
      if ($0 != "" && match($0, /[^ ]/) - 1 < width) { close(out); out = ""; next }
      print substr($0, width + 1) > out
    }' lint-rules/*.yaml
}

# What the incidents hold, under names of one folder.
from_incidents() {
  local folder=$seeds/$1 file
  shift
  mkdir -p "$folder"
  for file in "$@"; do
    [ -f "$file" ] && cp "$file" "$folder/$(basename "$(dirname "$file")")-$(basename "$file")"
  done
}

seeds_of() {
  case $1 in
    fuzz_config) echo lint-rules plugin/fuzz/seeds/config ;;
    fuzz_document) echo testdata/conformance/documents lint-rules ;;
    fuzz_paste) echo "$seeds/pastes" ;;
    fuzz_values) echo plugin/fuzz/seeds/values ;;
    *) echo "$seeds/examples" "$seeds/manifests" testdata/conformance/documents ;;
  esac
}

rm -rf "$seeds"
card_examples
from_incidents manifests testdata/incidents/*/manifest.yaml
from_incidents pastes testdata/incidents/*/describe-*.txt testdata/incidents/*/get-pods.txt

targets=()
for target in build/fuzz/plugin/fuzz/fuzz_*; do
  [[ -f $target && -x $target ]] && targets+=("$target")
done
status=0
for target in "${targets[@]}"; do
  name=$(basename "$target")
  corpus=build/fuzz/corpus/$name
  mkdir -p "$corpus"
  echo "== $name"
  # shellcheck disable=SC2046 # several folders
  "$target" -max_total_time=$(((seconds + ${#targets[@]} - 1) / ${#targets[@]})) -timeout=10 -rss_limit_mb=2048 \
    -max_len=16384 -verbosity=0 -print_final_stats=1 -artifact_prefix="$found/$name-" \
    "$corpus" $(seeds_of "$name") 2>&1 | grep -vE '^INFO: ' || status=1
done
exit $status
