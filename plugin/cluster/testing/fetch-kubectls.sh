#!/usr/bin/env bash
# Fetches the kubectl of several Debian suites into a folder, for the tests that talk to the test server:
#   fetch-kubectls.sh [FOLDER]      (default: build/kubectls beside this repository's plugin/)
# leaves FOLDER/1.20/kubectl, FOLDER/1.32/kubectl, … Nothing is installed: packages are downloaded with apt's own
# checks under a private apt state and unpacked. A suite that cannot be reached is skipped with a message.
set -euo pipefail

repository=$(cd "$(dirname "$0")/../../.." && pwd)
folder=${1:-$repository/build/kubectls}
# The mirror that this system's own apt uses, security archive aside.
mirror=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(SITE)' | grep -v security | head -1)}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

missing=0
for suite in bookworm trixie forky sid; do
  if compgen -G "$folder/.$suite-*" > /dev/null; then
    continue
  fi
  state=$folder/apt-$suite
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$state/etc" "$state/unpacked"
  : > "$state/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" > "$state/sources.list"
  options=(-q -o "Dir::State=$state" -o "Dir::State::status=$state/status" -o "Dir::State::lists=$state/lists"
    -o "Dir::Cache=$state/cache" -o "Dir::Etc::sourcelist=$state/sources.list" -o "Dir::Etc::sourceparts=/nonexistent"
    -o "Dir::Etc::preferencesparts=/nonexistent" -o "Acquire::Languages=none" -o "APT::Sandbox::User=root"
    -o "Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false")
  if ! apt-get "${options[@]}" update > "$state/log" 2>&1; then
    echo "fetch-kubectls: $suite cannot be read, see $state/log" >&2
    missing=1
    continue
  fi
  binary=
  for package in kubectl kubernetes-client; do  # newer suites have split the binary off
    if [ -z "$binary" ] && (cd "$state" && apt-get "${options[@]}" download "$package" >> log 2>&1); then
      dpkg-deb -x "$state/$package"_*.deb "$state/unpacked"
      binary=$(find "$state/unpacked" -type f -path '*bin/kubectl' | head -1)
    fi
  done
  if [ -z "$binary" ]; then
    echo "fetch-kubectls: $suite has no kubectl" >&2
    missing=1
    continue
  fi
  version=$("$binary" version --client 2> /dev/null | grep -oE 'v[0-9]+\.[0-9]+' | head -1 | tr -d v || true)
  if [ -z "$version" ]; then
    echo "fetch-kubectls: the kubectl of $suite does not run here" >&2
    missing=1
    continue
  fi
  mkdir -p "$folder/$version"
  cp -f "$binary" "$folder/$version/kubectl"
  touch "$folder/.$suite-$version"
  rm -rf "$state"
done
for binary in "$folder"/*/kubectl; do
  [ -x "$binary" ] && echo "$binary"
done
exit $missing
