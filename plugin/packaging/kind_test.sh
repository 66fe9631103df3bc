#!/usr/bin/env bash
# usage: kind_test.sh KUBECTL_PODCHECK
# On the cluster of the current context: pods that fail in known ways, and what live, capture and preflight say of them.
# Creates the namespace podcheck-e2e and deletes it at the end.
set -euo pipefail
podcheck=$(realpath "$1")
namespace=podcheck-e2e
scratch=$(mktemp -d)
trap 'kubectl delete namespace $namespace --wait=false >/dev/null 2>&1 || true; rm -rf "$scratch"' EXIT
fail() { echo "FAILED: $*"; exit 1; }
kubectl create namespace $namespace

pod() {  # NAME CONTAINER-FIELDS...
  printf -- '---\napiVersion: v1\nkind: Pod\nmetadata: {name: %s, namespace: %s}\nspec:\n  terminationGracePeriodSeconds: 0\n  containers:\n    - name: app\n' "$1" $namespace
  shift
  printf '      %s\n' "$@"
}
{
  pod good 'image: registry.k8s.io/pause:3.9'
  pod no-image 'image: registry.k8s.io/pause:no-such-tag'
  pod no-config 'image: registry.k8s.io/pause:3.9' 'envFrom: [{configMapRef: {name: absent}}]'
  pod too-large 'image: registry.k8s.io/pause:3.9' 'resources: {requests: {cpu: "1000"}}'
  pod no-command 'image: registry.k8s.io/pause:3.9' 'command: [/no/such/program]'
  pod wrong-port 'image: registry.k8s.io/pause:3.9' 'livenessProbe: {tcpSocket: {port: 8081}, periodSeconds: 1, failureThreshold: 1}'
} >"$scratch/pods.yaml"
kubectl apply -f "$scratch/pods.yaml"
kubectl wait -n $namespace pod/good --for=condition=Ready --timeout=180s

says() {  # POD WORDS [FLAGS...]: the diagnosis of the pod names WORDS within three minutes
  local pod=$1 words=$2
  shift 2
  for _ in $(seq 36); do
    "$podcheck" live "$pod" -n $namespace --lang en "$@" >"$scratch/$pod" 2>&1 && { sleep 5; continue; }
    grep -qE "$words" "$scratch/$pod" && { echo "$pod: $(sed -n 3p "$scratch/$pod")"; return; }
    sleep 5
  done
  cat "$scratch/$pod"
  fail "$pod: the diagnosis does not name: $words"
}
says no-image 'no-such-tag'
says no-config 'absent'
says too-large 'cpu|CPU'
says no-command '/no/such/program'
says wrong-port '8081'
"$podcheck" live good -n $namespace || fail "good: exit $?"

"$podcheck" capture -n $namespace --to "$scratch/bundle"
for pod in no-image no-config no-command; do says $pod "$pod" --from "$scratch/bundle"; done
code=0
"$podcheck" preflight "$scratch/pods.yaml" -n $namespace >"$scratch/preflight" || code=$?
[ $code = 1 ] && grep -q absent "$scratch/preflight" || { cat "$scratch/preflight"; fail "preflight: exit $code"; }
echo "live, capture and preflight on $(kubectl version -o json | sed -n 's/.*"gitVersion": "\(.*\)".*/\1/p' | tail -1): as expected"
