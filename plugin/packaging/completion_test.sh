#!/usr/bin/env bash
# usage: completion_test.sh KUBECTL_PODCHECK
# kubectl 1.26 and newer completes the plugin through kubectl_complete-podcheck, which `completion install` writes.
set -euo pipefail
binary=$(realpath "$1")
command -v kubectl >/dev/null || { echo "skipped: kubectl is not installed"; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
ln -s "$binary" "$scratch/kubectl-podcheck"
export PATH=$scratch:$PATH PODCHECK_LANG=en KUBECONFIG=/dev/null
fail() { echo "FAILED: $*"; exit 1; }

kubectl podcheck completion install >/dev/null
[ -x "$scratch/kubectl_complete-podcheck" ] || fail "completion install wrote no executable"
complete() { kubectl __complete podcheck "$@" 2>/dev/null | cut -f1; }
[ "$(complete li | grep -v '^:' | sort | tr '\n' ' ')" = "lint live " ] || fail "verbs: $(complete li)"
complete explain memory-unit | grep -qx memory-unit-milli || fail "rules: $(complete explain memory-unit)"
complete lint --fail | grep -qx -- --fail-on || fail "flags: $(complete lint --fail)"
echo "kubectl completes verbs, rules and flags"
