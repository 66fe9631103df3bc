#!/usr/bin/env bash
# Every relative link in the Markdown files must lead to a file, and every #fragment to a heading of it. Links to other
# hosts are not followed: a check that needs a network fails for reasons that are not ours.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# GitHub's anchor of a heading: lower case, punctuation dropped, spaces to hyphens.
anchors() {
  awk '/^```/ { code = !code } !code && /^#+ / { sub(/^#+ +/, ""); print }' "$1" |
    sed -E 's/`//g; s/\[([^]]*)\]\([^)]*\)/\1/g' | tr '[:upper:]' '[:lower:]' |
    LC_ALL=C.UTF-8 sed -E 's/[^[:alnum:] _-]//g; s/ /-/g'
}

# "line:target" of every link outside of code.
links() {
  awk '/^```/ { code = !code; next } !code {
    gsub(/`[^`]*`/, ""); text = $0
    while (match(text, /\]\([^)]+\)/)) {
      print NR ":" substr(text, RSTART + 2, RLENGTH - 3)
      text = substr(text, RSTART + RLENGTH)
    }
  }' "$1"
}

dead=0
count=0
while IFS= read -r page; do
  while IFS=: read -r line target; do
    case $target in
      *://* | mailto:*) continue ;;
    esac
    count=$((count + 1))
    file=${target%%#*}
    fragment=
    [[ $target == *#* ]] && fragment=${target#*#}
    path=$page
    [ -n "$file" ] && path=$(dirname "$page")/$file
    if [ ! -e "$path" ]; then
      echo "$page:$line: no file $target" >&2
      dead=1
    elif [ -n "$fragment" ] && ! anchors "$path" | grep -qxF -- "$fragment"; then
      echo "$page:$line: no heading $target" >&2
      dead=1
    fi
  done < <(links "$page")
done < <(git ls-files '*.md' ':!docs/reference/rules/*' ':!docs/reference/causes/*')

# The generated pages are many and alike: one pass over all of their links.
while IFS=: read -r page line target; do
  count=$((count + 1))
  if [ ! -e "$(dirname "$page")/${target%%#*}" ]; then
    echo "$page:$line: no file $target" >&2
    dead=1
  fi
done < <(grep -nHoE '\]\([^)#]+\.md' docs/reference/rules/*.md docs/reference/causes/*.md | sed -E 's/\]\(//' | grep -v '://' | sort -u)

echo "$count links checked"
exit $dead
