#!/usr/bin/env bash
# usage: recording.sh KUBECTL_PODCHECK > docs/recording.svg
# A terminal recording of both modes as one SVG without scripts or outside resources: each scene types its command and
# shows what the program prints for it now. Viewers who ask for less motion see the last scene, still.
set -euo pipefail
podcheck=$(realpath "$1")
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

scene() {
  local shown=$1
  shift
  printf '\036%s\n' "$shown"
  "$podcheck" "$@" --color always --lang en || true
}

{
  scene 'kubectl podcheck lint checkout.yaml' lint testdata/demo/checkout.yaml | sed 's|testdata/demo/||g'
  scene 'kubectl podcheck live deploy/storefront' live deploy/storefront --from testdata/incidents/116-storefront-live
} | LC_ALL=C.UTF-8 awk '
  # One scene is a line that begins with the record separator (the command), then its output.
  /^\036/ { scenes++; command[scenes] = substr($0, 2); count[scenes] = 0; next }
  { if ($0 != "" || count[scenes] > 0) { count[scenes]++; line[scenes, count[scenes]] = $0 } }

  function escaped(text) {
    gsub(/&/, "\\&amp;", text); gsub(/</, "\\&lt;", text); gsub(/>/, "\\&gt;", text)
    return text
  }
  # SGR sequences become tspans; each sequence replaces the style before it.
  function styled(text,    out, style, codes, n, parts, i) {
    out = ""; style = ""
    while (match(text, /\033\[[0-9;]*m/)) {
      out = out span(substr(text, 1, RSTART - 1), style)
      codes = substr(text, RSTART + 2, RLENGTH - 3)
      text = substr(text, RSTART + RLENGTH)
      n = split(codes, parts, ";")
      style = ""
      for (i = 1; i <= n; i++) if (parts[i] + 0 > 0) style = style (style == "" ? "" : " ") "s" (parts[i] + 0)
    }
    return out span(text, style)
  }
  function span(text, style) {
    if (text == "") return ""
    return style == "" ? "<tspan>" escaped(text) "</tspan>" : "<tspan class=\"" style "\">" escaped(text) "</tspan>"
  }

  END {
    height = 19; top = 52; tallest = 0
    for (s = 1; s <= scenes; s++) {
      while (count[s] > 0 && line[s, count[s]] == "") count[s]--
      if (count[s] > tallest) tallest = count[s]
    }
    width = 1000; full = top + (tallest + 2) * height + 14
    seconds = 9; total = seconds * scenes
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"podcheck lint and podcheck live in a terminal\">\n", width, full
    print "<style>"
    print "text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, \"DejaVu Sans Mono\", monospace; fill: #d6dbe1; white-space: pre }"
    print ".s1 { font-weight: 700 } .s2 { fill: #8a949f } .s31 { fill: #ff7b72 } .s32 { fill: #7ee787 } .s33 { fill: #e3b341 } .s34 { fill: #79c0ff } .s35 { fill: #d2a8ff } .s36 { fill: #76e3ea }"
    for (s = 1; s <= scenes; s++) {
      from = 100 * (s - 1) / scenes; to = 100 * s / scenes; typed = from + 100 * 1.6 / total
      printf "#scene%d { opacity: 0; animation: show%d %ds step-end infinite }\n", s, s, total
      printf "@keyframes show%d { 0%% { opacity: %d } %.2f%% { opacity: 1 } %.2f%% { opacity: 0 } }\n", s, s == 1, from, to
      printf "#out%d { opacity: 0; animation: out%d %ds step-end infinite }\n", s, s, total
      printf "@keyframes out%d { 0%% { opacity: 0 } %.2f%% { opacity: 1 } %.2f%% { opacity: 0 } }\n", s, typed, to
      printf "#veil%d { animation: veil%d %ds linear infinite }\n", s, s, total
      printf "@keyframes veil%d { 0%%, %.2f%% { transform: translateX(0) } %.2f%%, 100%% { transform: translateX(%dpx) } }\n", s, from, typed, length(command[s]) * 8.5 + 20
    }
    printf "@media (prefers-reduced-motion: reduce) { #scene1, #veil1, #veil2 { display: none } #scene%d, #out%d { animation: none; opacity: 1 } }\n", scenes, scenes
    print "</style>"
    printf "<rect width=\"%d\" height=\"%d\" rx=\"10\" fill=\"#0d1117\"/>\n", width, full
    print "<circle cx=\"20\" cy=\"18\" r=\"6\" fill=\"#ff5f57\"/><circle cx=\"40\" cy=\"18\" r=\"6\" fill=\"#febc2e\"/><circle cx=\"60\" cy=\"18\" r=\"6\" fill=\"#28c840\"/>"
    for (s = 1; s <= scenes; s++) {
      printf "<g id=\"scene%d\">\n", s
      printf "<text x=\"20\" y=\"%d\"><tspan class=\"s32\">$ </tspan><tspan class=\"s1\">%s</tspan></text>\n", top, escaped(command[s])
      printf "<rect id=\"veil%d\" x=\"37\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#0d1117\"/>\n", s, top - 15, width - 50, height + 2
      printf "<g id=\"out%d\">\n", s
      for (i = 1; i <= count[s]; i++)
        if (line[s, i] != "") printf "<text x=\"20\" y=\"%d\" xml:space=\"preserve\">%s</text>\n", top + (i + 1) * height, styled(line[s, i])
      print "</g>\n</g>"
    }
    print "</svg>"
  }'
