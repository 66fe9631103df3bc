#!/usr/bin/env bash
# usage: render-krew.sh TAG DIST
# Fills krew-manifest.yaml from the archives in DIST, as the release bot does, and writes DIST/podcheck.yaml.
# Exit 1 when an archive that the template names is not there.
set -euo pipefail
tag=$1 dist=$2
source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
[[ $tag =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] || { echo "render-krew: $tag is not vX.Y.Z" >&2; exit 2; }
rendered=$(mktemp)
trap 'rm -f "$rendered"' EXIT
while IFS= read -r line; do
  line=${line//'{{ .TagName }}'/$tag}
  if [[ $line =~ ^(\ *)\{\{addURIAndSha\ \"([^\"]+)\" ]]; then
    indent=${BASH_REMATCH[1]} uri=${BASH_REMATCH[2]}
    archive=$dist/${uri##*/}
    [ -f "$archive" ] || { echo "render-krew: $archive is missing" >&2; exit 1; }
    sum=$(sha256sum "$archive")
    printf '%suri: %s\n    sha256: %s\n' "$indent" "$uri" "${sum%% *}"
  else
    printf '%s\n' "$line"
  fi
done <"$source_dir/krew-manifest.yaml" >"$rendered"
cp "$rendered" "$dist/podcheck.yaml"
