#!/usr/bin/env bash
# usage: pre_commit_test.sh KUBECTL_PODCHECK
# The real pre-commit on a scratch repository: a commit that is refused, the fix, a commit that passes; for each hook
# that can run here. Exit 77: skipped.
set -euo pipefail
binary=$(realpath "$1")
source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
pre_commit=${PRE_COMMIT:-$(command -v pre-commit || true)}
[ -n "$pre_commit" ] || { echo "skipped: pre-commit is not installed"; exit 77; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export HOME=$scratch/home PRE_COMMIT_HOME=$scratch/cache PODCHECK_LANG=en GIT_CONFIG_NOSYSTEM=1
mkdir -p "$HOME" "$scratch/bin"
git config --global user.name test
git config --global user.email test@example.invalid
git config --global init.defaultBranch main
ln -s "$binary" "$scratch/bin/kubectl-podcheck"

fail() { echo "FAILED: $*"; exit 1; }

# The hooks' repository holds the files as they are in this tree, committed or not.
hooks=$scratch/hooks
mkdir -p "$hooks/plugin"
cp "$source_dir"/{.pre-commit-hooks.yaml,pyproject.toml,CMakeLists.txt,LICENSE} "$hooks"
cp -r "$source_dir/plugin/packaging" "$hooks/plugin/"
git -C "$hooks" init -q
git -C "$hooks" add -A
git -C "$hooks" commit -qm hooks
revision=$(git -C "$hooks" rev-parse HEAD)

manifest() {
  cat <<YAML
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
      resources:
        requests: {cpu: 100m, memory: $1}
        limits: {memory: $1}
YAML
}

try() {
  local hook=$1 work=$scratch/work-$1 log=$scratch/$1.log
  git init -q "$work"
  cd "$work"
  printf 'repos:\n  - repo: %s\n    rev: %s\n    hooks:\n      - id: %s\n' "$hooks" "$revision" "$hook" >.pre-commit-config.yaml
  "$pre_commit" install >/dev/null
  printf 'colour: blue\n' >values.yaml
  manifest 512m >pod.yaml
  git add -A
  if git commit -qm "memory of half a byte" >"$log" 2>&1; then
    cat "$log"; fail "$hook: the faulty manifest was committed"
  fi
  grep -q 'memory-unit-milli' "$log" || { cat "$log"; fail "$hook: the refusal does not name the rule"; }
  grep -q 'pod.yaml:10:' "$log" || { cat "$log"; fail "$hook: the refusal does not name the line"; }
  manifest 512Mi >pod.yaml
  git add -A
  git commit -qm "memory of 512 MiB" >"$log" 2>&1 || { cat "$log"; fail "$hook: the fixed manifest was refused"; }
  [ "$(git rev-list --count HEAD)" = 1 ] || fail "$hook: expected one commit"
  echo "$hook: refused, fixed, committed"
}

PATH=$scratch/bin:$PATH try podcheck-system
PODCHECK_BINARY=$binary try podcheck

# Without a pinned checksum nothing is downloaded, and the message says what to do.
if (cd "$scratch" && env -u PODCHECK_BINARY PYTHONPATH="$hooks/plugin/packaging" python3 -c \
    'import wheel_backend; wheel_backend.pinned("podcheck-plan9-mips.tar.gz")') 2>"$scratch/pin.log"; then
  fail "an unknown platform was accepted"
fi
grep -q 'podcheck-system' "$scratch/pin.log" || fail "an unknown platform gets no advice"
echo "podcheck: an unknown platform is refused with advice"
