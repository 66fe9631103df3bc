#!/usr/bin/env bash
# usage: surroundings_test.sh KUBECTL_PODCHECK
# Where it is run is as hostile as what it reads: full disks, closed outputs, no home, read-only folders, narrow and dumb
# terminals, old locales, Ctrl-C. Each must end clearly, quietly and with the documented exit code.
set -uo pipefail
binary=$(realpath "$1")
packaging=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
testdata=$packaging/../../testdata
manifest=$testdata/demo/storefront.yaml
incident=$testdata/incidents/116-storefront-live
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export PODCHECK_LANG=en
failures=0
fail() { echo "FAILED: $*"; failures=$((failures + 1)); }

# CASE CODE WORDS COMMAND...: the exit code, and words that standard error must have ("" means: must be empty)
check() {
  local name=$1 wanted=$2 words=$3 code=0
  shift 3
  "$@" >"$scratch/out" 2>"$scratch/err" || code=$?
  [ "$code" = "$wanted" ] || fail "$name: exit $code, expected $wanted: $(head -3 "$scratch/err")"
  if [ -z "$words" ]; then
    [ ! -s "$scratch/err" ] || fail "$name: said $(head -3 "$scratch/err")"
  else
    grep -qF -- "$words" "$scratch/err" || fail "$name: did not say '$words' but '$(head -3 "$scratch/err")'"
  fi
}
run() { "$binary" "$@"; }
into() { local target=$1; shift; "$binary" "$@" >"$target"; }
closed() { "$binary" "$@" >&-; }

# A full disk and a closed output are told of; nobody must take a cut report for a whole one.
if [ -e /dev/full ]; then
  for words in "lint $manifest" "lint $manifest -o json" "live -A --from $incident" "rules" "explain 137" "help" "version"; do
    check "full disk: $words" 3 "the output could not be written: No space left on device" into /dev/full $words
  done
fi
check "closed output" 3 "the output could not be written" closed lint "$manifest"

# A reader that has enough ends us quietly.
for words in "rules" "rules -o json" "lint $manifest -o sarif"; do
  { "$binary" $words; echo $? >"$scratch/code"; } 2>"$scratch/err" | head -1 >/dev/null
  code=$(cat "$scratch/code")
  case $code in 0 | 1 | 141) ;; *) fail "| head: $words: exit $code" ;; esac
  [ ! -s "$scratch/err" ] || fail "| head: $words: said $(head -1 "$scratch/err")"
done

# No home, no PATH to speak of, no locale.
check "no environment" 1 "" env -i "$binary" lint "$manifest"
check "no home" 1 "" env -u HOME "$binary" live -A --from "$incident"
check "no kubectl" 3 "kubectl" env -i PATH=/nonexistent "$binary" live -A

# A file system on which nothing can be written: reading works, --fix says what it could not write.
mkdir "$scratch/read-only"
cp "$manifest" "$scratch/read-only/"
read_only() { unshare -m sh -c "mount --bind '$scratch/read-only' '$scratch/read-only' && mount -o remount,ro,bind '$scratch/read-only' && cd '$scratch/read-only' && exec \"\$@\"" sh "$@"; }
if read_only true 2>/dev/null; then
  check "read-only, lint" 1 "" read_only "$binary" lint storefront.yaml
  check "read-only, fix" 3 "Read-only file system" read_only "$binary" lint storefront.yaml --fix --unsafe-fixes
  check "read-only, capture" 3 "Read-only file system" read_only "$binary" capture -A --from "$(realpath "$incident")" --to bundle
  check "read-only, baseline" 3 "Read-only file system" read_only "$binary" lint storefront.yaml --write-baseline base.json
  cmp -s "$manifest" "$scratch/read-only/storefront.yaml" || fail "read-only: the file is not what it was"
else
  echo "not allowed to mount: the read-only file system is not tested"
fi

# Locales that cannot show our signs or Japanese get ASCII and English, and names keep their bytes.
for locale in C POSIX ja_JP.EUC-JP ja_JP.SJIS en_US.ISO-8859-1; do
  check "locale $locale" 1 "" env -u PODCHECK_LANG LC_ALL=$locale "$binary" live -A --from "$incident"
  case $locale in
    C | POSIX) ;;
    *) LC_ALL=C grep -q '[^ -~]' "$scratch/out" && fail "locale $locale: $(LC_ALL=C grep -m1 '[^ -~]' "$scratch/out")" ;;
  esac
done
check "Japanese on request" 1 "" env LC_ALL=ja_JP.EUC-JP "$binary" live -A --from "$incident" --lang ja
grep -q 'プローブ' "$scratch/out" || fail "--lang ja in another locale is not Japanese"

# Terminals: 40 columns are kept where words allow it, a dumb one gets no escapes.
if command -v python3 >/dev/null; then
  terminal() {  # COLUMNS TERM COMMAND...
    python3 - "$@" <<'PY'
import fcntl, os, pty, struct, sys, termios
columns, term, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
child, descriptor = pty.fork()
if child == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    os.environ["TERM"] = term
    for name in ("NO_COLOR", "CLICOLOR_FORCE", "FORCE_COLOR"):
        os.environ.pop(name, None)
    os.execvp(command[0], command)
text = b""
try:
    while piece := os.read(descriptor, 65536):
        text += piece
except OSError:
    pass
sys.stdout.buffer.write(text)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
PY
  }
  check "40 columns" 1 "" terminal 40 xterm "$binary" live -A --from "$incident" --color never
  wide=$(python3 - "$scratch/out" <<'PY'
import sys
for line in open(sys.argv[1], encoding="utf-8").read().replace("\r", "").split("\n"):
    # A command to copy stays on its line, and a word longer than the line cannot be broken.
    if len(line) > 40 and "kubectl" not in line and all(len(word) < 24 for word in line.split()):
        print(line)
PY
  )
  [ -z "$wide" ] || fail "40 columns: $wide"
  check "xterm" 1 "" terminal 100 xterm "$binary" live -A --from "$incident"
  grep -q $'\x1b\\[' "$scratch/out" || fail "a terminal gets no colour"
  check "dumb terminal" 1 "" terminal 100 dumb "$binary" live -A --from "$incident"
  grep -q $'\x1b' "$scratch/out" && fail "a dumb terminal gets escapes"
fi

# Ctrl-C while kubectl is asked: 130 as the shell sees it, soon, and nothing of it said.
mkdir "$scratch/bin"
printf '#!/bin/sh\nexec sleep 20\n' >"$scratch/bin/kubectl"
chmod +x "$scratch/bin/kubectl"
started=$SECONDS
code=0
timeout --signal=INT --preserve-status 1 env PATH="$scratch/bin:$PATH" "$binary" live -A >"$scratch/out" 2>"$scratch/err" || code=$?
[ "$code" = 130 ] || fail "Ctrl-C: exit $code"
[ $((SECONDS - started)) -lt 10 ] || fail "Ctrl-C: took $((SECONDS - started)) s"
[ ! -s "$scratch/out" ] || fail "Ctrl-C: wrote $(head -1 "$scratch/out")"

[ $failures = 0 ] || exit 1
echo "full disk, closed output, no home, read-only, locales, terminals, Ctrl-C: as expected"
