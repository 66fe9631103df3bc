#!/usr/bin/env bash
# usage: pre_commit_test.sh KUBECTL_PODCHECK
# The real pre-commit on a scratch repository: a commit that is refused, the fix, a commit that passes; for each hook
# that can run here. Exit 77: skipped.
set -euo pipefail
binary=$(realpath "$1")
source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export PATH=$source_dir/build/tools/bin:$PATH
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

# A commit that touches one file is judged with the files beside it.
cd "$scratch/work-podcheck"
log=$scratch/cross-file.log
printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {colour: blue}\n' >config.yaml
git add -A
git commit -qm "a ConfigMap" >"$log" 2>&1 || { cat "$log"; fail "the ConfigMap was refused"; }
reading() { manifest 512Mi; printf '      env:\n        - name: COLOUR\n          valueFrom: {configMapKeyRef: {name: web, key: %s}}\n' "$1"; }
reading color >pod.yaml
git add -A
git commit -qm "a key that the ConfigMap does not have" >"$log" 2>&1 && { cat "$log"; fail "the key was accepted"; }
grep -q 'pod.yaml:.*config-key-unresolved' "$log" || { cat "$log"; fail "the refusal does not name the key's rule"; }
reading colour >pod.yaml
git add -A
git commit -qm "the key that it has" >"$log" 2>&1 || { cat "$log"; fail "the right key was refused"; }
echo "podcheck: the files beside a committed one count"

# pre-commit hands over at most 128 KiB of names at once: a thousand short names are one run. Its time is podcheck's own.
mkdir many
for i in $(seq 1000); do manifest 512Mi | sed "s/name: web$/name: web-$i/" >"many/$i.yaml"; done
git add -A
start=$(date +%s%N)
kubectl-podcheck() { "$binary" "$@"; }
kubectl-podcheck lint $(git diff --cached --name-only) >"$log" 2>&1 || { cat "$log"; fail "a thousand good manifests were refused"; }
own=$((($(date +%s%N) - start) / 1000000))
git commit -qm "a thousand manifests" >"$log" 2>&1 || { cat "$log"; fail "the commit of a thousand manifests was refused"; }
echo "podcheck: a thousand staged manifests take $own ms"
# A debug build under load is slower; the bound is for what people install.
[ "${PODCHECK_TEST_TIMING:-}" != 1 ] || [ "$own" -lt 1000 ] || fail "a thousand manifests took $own ms"

# The wheel is the same bytes wherever it is built, and carries the tag of the platform that the binary is for.
wheel() {
  mkdir -p "$1"
  (umask "$2"; cd "$1"; PODCHECK_BINARY=$binary PODCHECK_WHEEL_PLATFORM=${3:-} PYTHONPATH=$hooks/plugin/packaging \
    python3 -c 'import wheel_backend; print(wheel_backend.build_wheel("."))')
}
first=$(wheel "$scratch/wheel-a" 022)
second=$(wheel "$scratch/wheel-b" 077)
cmp "$scratch/wheel-a/$first" "$scratch/wheel-b/$second" || fail "two wheels of one binary differ"
[[ $first = podcheck-*-py3-none-*_x86_64.whl || $first = podcheck-*-py3-none-*_aarch64.whl ]] || fail "an odd wheel tag: $first"
other=$(wheel "$scratch/wheel-c" 022 darwin-arm64)
[[ $other = *-py3-none-macosx_*_arm64.whl ]] || fail "an odd wheel tag for macOS: $other"
python3 -m zipfile -t "$scratch/wheel-a/$first" >/dev/null
echo "podcheck: the wheel is reproducible ($first)"

# Without a pinned checksum nothing is downloaded, and the message says what to do.
if (cd "$scratch" && env -u PODCHECK_BINARY PYTHONPATH="$hooks/plugin/packaging" python3 -c \
    'import wheel_backend; wheel_backend.pinned("podcheck-plan9-mips.tar.gz")') 2>"$scratch/pin.log"; then
  fail "an unknown platform was accepted"
fi
grep -q 'podcheck-system' "$scratch/pin.log" || fail "an unknown platform gets no advice"
echo "podcheck: an unknown platform is refused with advice"
