#!/usr/bin/env bash
# usage: dist.sh TAG BINARIES DIST
# From BINARIES/OS-ARCH/kubectl-podcheck[.exe] and the SBOM beside each, everything that a release has: archives with
# man pages, wheels, SBOMs, podcheck.yaml for Krew and SHA256SUMS. SOURCE_DATE_EPOCH as for archive.sh.
set -euo pipefail
tag=$1 binaries=$2 dist=$3
packaging=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
more=$(mktemp -d)
trap 'rm -rf "$more"' EXIT
mkdir -p "$dist" "$more/man/man1" "$more/man/ja/man1"
dist=$(cd "$dist" && pwd)
here=$binaries/linux-amd64/kubectl-podcheck
chmod +x "$here"
"$here" docs --man "$more/man/man1" --lang en
"$here" docs --man "$more/man/ja/man1" --lang ja
for folder in "$binaries"/*-*/; do
  platform=$(basename "$folder")
  binary=$(echo "$folder"kubectl-podcheck*)
  "$packaging/archive.sh" "$binary" "${platform%-*}" "${platform#*-}" "$dist" "$more"
  PODCHECK_BINARY=$binary PODCHECK_WHEEL_PLATFORM=$platform PYTHONPATH=$packaging \
    python3 -c 'import sys, wheel_backend; print(wheel_backend.build_wheel(sys.argv[1]))' "$dist"
  if [ -f "$folder/podcheck-$platform.spdx.json" ]; then cp "$folder/podcheck-$platform.spdx.json" "$dist"; fi
  # The image takes its binary by Docker's names.
  if [ "${platform%-*}" = linux ]; then install -D "$binary" "$dist/../dist-image/${platform#*-}/kubectl-podcheck"; fi
done
"$packaging/render-krew.sh" "$tag" "$dist"
(cd "$dist" && LC_ALL=C sha256sum podcheck* >"$more/SHA256SUMS" && mv "$more/SHA256SUMS" .)
