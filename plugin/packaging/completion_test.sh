#!/usr/bin/env bash
# usage: completion_test.sh KUBECTL_PODCHECK [TEST_SERVER]
# kubectl 1.26 and newer completes the plugin through kubectl_complete-podcheck, which `completion install` writes: verbs,
# flags, rules offline, and names from a cluster, which the test server plays. Then the scripts in the real shells.
set -euo pipefail
binary=$(realpath "$1")
server_program=${2:-}
packaging=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$packaging/../..
command -v kubectl >/dev/null || { echo "skipped: kubectl is not installed"; exit 77; }
scratch=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$scratch"' EXIT
mkdir "$scratch/bin"
ln -s "$binary" "$scratch/bin/kubectl-podcheck"
export PATH=$scratch/bin:$PATH PODCHECK_LANG=en KUBECONFIG=/dev/null HOME=$scratch LC_ALL=C.UTF-8
fail() { echo "FAILED: $*"; exit 1; }
expect() {  # WHAT WANTED GOT
  [ "$2" = "$3" ] || fail "$1: expected '$2', got '$3'"
}

kubectl podcheck completion install >/dev/null
[ -x "$scratch/bin/kubectl_complete-podcheck" ] || fail "completion install wrote no executable"

kubectls=("$(command -v kubectl)")
for version in 1.32 1.36; do
  [ ! -x "$root/build/kubectls/$version/kubectl" ] || kubectls+=("$root/build/kubectls/$version/kubectl")
done
for kubectl in "${kubectls[@]}"; do
  complete() { "$kubectl" __complete podcheck "$@" 2>/dev/null | cut -f1; }
  names() { complete "$@" | grep -v '^:' | sort | tr '\n' ' ' || true; }
  expect verbs "lint live " "$(names li)"
  complete explain memory-unit | grep -qx memory-unit-milli || fail "rules: $(complete explain memory-unit)"
  complete explain liveness-probe- | grep -qx liveness-probe-wrong-port || fail "causes: $(complete explain liveness-probe-)"
  complete lint --fail | grep -qx -- --fail-on || fail "flags: $(complete lint --fail)"
  expect "values of a flag" "error " "$(names lint --fail-on e)"
  expect "values after =" "--fail-on=error " "$(names lint --fail-on=e)"
  complete lint --select security,memory-unit | grep -qx security,memory-unit-milli || fail "a list's last element"
  complete lint "" | grep -qx :0 || fail "lint does not leave files to the shell"
  complete live "" | grep -qx :4 || fail "live offers files"
done
echo "kubectl completes verbs, flags, values, rules and causes (${#kubectls[@]} kubectls)"

if [ -n "$server_program" ] && [ -x "$server_program" ]; then
  incident=$root/testdata/incidents/116-storefront-live
  "$server_program" --from "$incident" --namespace pc-116-storefront-live >"$scratch/config" &
  server=$!
  for _ in $(seq 100); do grep -qs 'current-context' "$scratch/config" && break; sleep 0.1; done
  export KUBECONFIG=$scratch/config
  for kubectl in "${kubectls[@]}"; do
    expect namespaces "pc-116-storefront-live " "$(names live -n pc-116)"
    expect "names in kubectl's form" "deploy/storefront " "$(names live deploy/st)"
    expect "names of workloads" "deploy/storefront " "$(names live dep)"
    [[ $(names live storefront-) = storefront-*' ' ]] || fail "pods: $(names live storefront-)"
    expect "a namespace that was typed" "" "$(names live -n default deploy/)"
    expect contexts "$("$kubectl" config current-context) " "$(names live --context "")"
    # An unreachable cluster: no candidates, no noise, not long.
    start=$SECONDS
    expect "an unreachable cluster" "" "$(names live --server http://127.0.0.1:1 po)"
    [ $((SECONDS - start)) -lt 8 ] || fail "completion took $((SECONDS - start)) s on an unreachable cluster"
  done
  kill "$server"
  server=
  export KUBECONFIG=/dev/null
  echo "kubectl completes pods, workloads, namespaces and contexts"
else
  echo "no test server: names from a cluster are not tested"
fi

# The shells themselves.
for shell in bash zsh fish powershell; do kubectl-podcheck completion $shell >"$scratch/completion.$shell"; done
type_keys() { python3 "$packaging/type_keys.py" "$@"; }
cd "$scratch"
touch a-manifest.yaml
if command -v python3 >/dev/null; then
  printf 'PS1="ready> "\n. %s\n' "$scratch/completion.bash" >"$scratch/bashrc"
  for keys in 'explain memory-unit-mil\t|memory-unit-milli' 'lint --fail-on=e\t|--fail-on=error' 'lint --fail-on e\t|--fail-on error' \
    'lint a-man\t|a-manifest.yaml' 'complet\t|completion'; do
    type_keys "kubectl-podcheck ${keys%|*}" "${keys#*|}" bash --noprofile --rcfile "$scratch/bashrc" -i || fail "bash: $keys"
  done
  echo "bash completes"
  if [ -f /usr/share/bash-completion/bash_completion ]; then
    printf 'PS1="ready> "\n. /usr/share/bash-completion/bash_completion\n. <(kubectl completion bash)\n' >"$scratch/bashrc"
    type_keys 'kubectl podcheck explain memory-unit-mil\t' memory-unit-milli bash --noprofile --rcfile "$scratch/bashrc" -i || fail "bash through kubectl"
    echo "bash completes through kubectl"
  fi
  if command -v zsh >/dev/null; then
    mkdir "$scratch/functions" "$scratch/zsh"
    cp "$scratch/completion.zsh" "$scratch/functions/_kubectl_podcheck"
    printf 'PS1="ready> "\nautoload -U compinit\ncompinit -u -D\n. %s\n' "$scratch/completion.zsh" >"$scratch/zsh/.zshrc"
    for round in sourced autoloaded; do
      for keys in 'explain memory-unit-mil\t|memory-unit-milli' 'lint --fail-on=e\t|--fail-on=error' 'lint a-man\t|a-manifest.yaml'; do
        ZDOTDIR=$scratch/zsh type_keys "kubectl-podcheck ${keys%|*}" "${keys#*|}" zsh -i || fail "zsh, $round: $keys"
      done
      printf 'PS1="ready> "\nfpath=(%s $fpath)\nautoload -U compinit\ncompinit -u -D\n' "$scratch/functions" >"$scratch/zsh/.zshrc"
    done
    echo "zsh completes, sourced and autoloaded"
  fi
else
  echo "no python3: nothing is typed into bash and zsh"
fi
if command -v fish >/dev/null; then
  offered() { fish --no-config -c "source $scratch/completion.fish; complete -C '$1'" | cut -f1 | tr '\n' ' '; }
  expect "fish, rules" "memory-unit-milli " "$(offered 'kubectl-podcheck explain memory-unit-mil')"
  expect "fish, verbs" "lint live " "$(offered 'kubectl-podcheck li')"
  expect "fish, files" "a-manifest.yaml " "$(offered 'kubectl-podcheck lint a-man')"
  expect "fish, no files where none belong" "" "$(offered 'kubectl-podcheck version a-man')"
  echo "fish completes"
fi
