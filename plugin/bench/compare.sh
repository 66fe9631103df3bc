#!/usr/bin/env bash
# usage: compare.sh [KUBECTL_PODCHECK]
# Which faults do linters see? Every rule card with a corrected example gives a pair of manifests that differ in one
# fault. A tool sees the fault when it says something of the faulty manifest that it does not say of the corrected one.
# Tools are those on PATH or below build/peers; kubeconform needs KUBECONFORM_SCHEMAS (see run.sh). Prints Markdown.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
podcheck=$(realpath "${1:-build/release/plugin/kubectl-podcheck}")
export PATH=$PWD/build/peers:$PATH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Each prints its findings for the file "case.yaml" in the current folder.
run_podcheck() { "$podcheck" lint case.yaml -o gcc --lang en; }
run_kubeconform() { kubeconform -strict -schema-location "$KUBECONFORM_SCHEMAS/{{ .ResourceKind }}{{ .KindSuffix }}.json" case.yaml; }
run_kube_linter() { kube-linter lint --add-all-built-in case.yaml; }
run_kube_score() { kube-score score --output-format ci case.yaml; }
run_polaris() { polaris audit --audit-path case.yaml --format json; }

tools=(podcheck)
command -v kubeconform >/dev/null && [ -n "${KUBECONFORM_SCHEMAS:-}" ] && tools+=(kubeconform)
for tool in kube-linter kube-score polaris; do
  command -v $tool >/dev/null && tools+=("$tool")
done

# What the tool says of the manifest, a line each, without times and places.
says() {
  local folder
  folder=$(mktemp -d -p "$work")
  cp "$2" "$folder/case.yaml"
  (cd "$folder" && "run_${1//-/_}" 2>&1 || true) | sed -E "s|$folder/?||g; s/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z?//g; s/:[0-9]+:[0-9]+:/:/" | sort -u
}

printf '| fault |'; printf ' %s |' "${tools[@]}"; echo
printf '| --- |'; printf ' --- |%.0s' "${tools[@]}"; echo
declare -A seen
faults=0
for id in $(grep -l '^    fixed:' lint-rules/*.yaml | xargs -n1 basename -s .yaml); do
  "$podcheck" explain "$id" --lang en --color never |
    awk -v wrong="$work/wrong.yaml" -v right="$work/right.yaml" '
      /^Wrong$/ { out = wrong; next } /^Right$/ { out = right; next } /^[A-Z]/ { out = "" }
      out != "" && /^    / { print substr($0, 5) > out }'
  faults=$((faults + 1))
  printf '| [%s](reference/rules/%s.md) |' "$id" "$id"
  for tool in "${tools[@]}"; do
    if [ -n "$(comm -23 <(says "$tool" "$work/wrong.yaml") <(says "$tool" "$work/right.yaml"))" ]; then
      seen[$tool]=$((${seen[$tool]:-0} + 1))
      printf ' yes |'
    else
      printf ' – |'
    fi
  done
  echo
  rm -f "$work/wrong.yaml" "$work/right.yaml"
done
printf '| **of %d** |' "$faults"
for tool in "${tools[@]}"; do printf ' **%s** |' "${seen[$tool]:-0}"; done
echo
