#!/usr/bin/env bash
# usage: man_test.sh KUBECTL_PODCHECK
# The man page is read without a warning by groff, and by mandoc where there is one; the same input gives the same bytes.
set -euo pipefail
binary=$(realpath "$1")
command -v man >/dev/null || { echo "skipped: man is not installed"; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
fail() { echo "FAILED: $*"; exit 1; }
export SOURCE_DATE_EPOCH=1700000000
for language in en ja; do
  page=$scratch/$language/kubectl-podcheck.1
  "$binary" docs --man "$scratch/$language" --lang $language
  "$binary" docs --man "$scratch/again" --lang $language
  cmp "$page" "$scratch/again/kubectl-podcheck.1" || fail "two pages of one input differ"
  LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -E UTF-8 -l "$page" >"$scratch/shown" 2>"$scratch/warnings" || { cat "$scratch/warnings"; fail "man cannot read the page"; }
  [ ! -s "$scratch/warnings" ] || { cat "$scratch/warnings"; fail "$language: man warns"; }
  grep -q -- '--kubernetes-version' "$scratch/shown" || fail "$language: an option is missing"
  if command -v mandoc >/dev/null; then
    # Long lines are how running text comes out of the catalogue.
    mandoc -Tlint -W warning "$page" >"$scratch/lint" 2>&1 || { cat "$scratch/lint"; fail "$language: mandoc warns"; }
  fi
done
grep -q '2023-11-14' "$scratch/en/kubectl-podcheck.1" || fail "the date is not that of SOURCE_DATE_EPOCH"
echo "man pages: no warnings"
