#!/usr/bin/env bash
# Fetches the tools that the packaging tests use and Debian does not have, into build/tools/bin, through Go's and Python's
# own clients. What cannot be fetched is named; its test then says that it is skipped.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
bin=$PWD/build/tools/bin
mkdir -p "$bin"

# The newest release that Go's proxy has is not always the newest there is.
go_tool() {
  local name=$1 package=$2 version
  shift 2
  [ ! -x "$bin/$name" ] || return 0
  command -v go >/dev/null || { echo "fetch-tools: no go: $name is not there"; return 0; }
  for version in "$@"; do
    GOBIN=$bin GOFLAGS=-mod=mod timeout 300 go install "$package@$version" >/dev/null 2>&1 && return 0
  done
  echo "fetch-tools: $name could not be fetched"
}

python_tool() {
  local name=$1
  [ ! -x "$bin/$name" ] || return 0
  command -v "$name" >/dev/null && return 0
  python3 -m venv build/tools/python >/dev/null 2>&1 && build/tools/python/bin/pip install -q "$name" >/dev/null 2>&1 &&
    ln -sf "../python/bin/$name" "$bin/$name" && return 0
  echo "fetch-tools: $name could not be fetched"
}

go_tool krew sigs.k8s.io/krew/cmd/krew v0.4.5 v0.4.3
go_tool validate-krew-manifest sigs.k8s.io/krew/cmd/validate-krew-manifest v0.4.5 v0.4.3
go_tool actionlint github.com/rhysd/actionlint/cmd/actionlint v1.7.12
python_tool pre-commit
