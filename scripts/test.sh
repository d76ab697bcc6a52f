#!/bin/sh
# Runs everything a reviewer should see pass, and says in one line what had to be left out and why.
# `quick` stops before the tests themselves. BOUSSOLE_NOTHING_LEFT_OUT=1 makes a left-out part a failure.
set -eu
bin=.venv/bin
left_out=""

step() { printf '\n== %s\n' "$1"; }

step "style"
$bin/ruff check .
$bin/ruff format --check .
step "types"
$bin/mypy
step "layers"
$bin/lint-imports --no-cache
step "security patterns"
$bin/bandit -q -r bot careers dialogues storage -c pyproject.toml
step "dialogue pages"
$bin/python -m dialogues check
step "catalogue"
$bin/boussole catalogue check
[ "${1:-}" = quick ] && exit 0

if ! command -v chromium >/dev/null 2>&1 && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  step "Chromium, for the browser tests"
  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium) >/dev/null 2>&1 || true
fi
command -v chromium >/dev/null 2>&1 || left_out="$left_out browser tests (no Chromium, and apt could not install it);"

step "tests (two halves side by side: a browser mostly waits)"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
apart="tests/browser tests/careers tests/channels tests/dialogues tests/platforms"
ignored=""
for one in $apart; do ignored="$ignored --ignore=$one"; done
# shellcheck disable=SC2086 -- lists of words
$bin/pytest -q --left-out-to="$folder/1" $apart > "$folder/1.log" 2>&1 &
first=$!
status=0
# shellcheck disable=SC2086
$bin/pytest -q --left-out-to="$folder/2" $ignored tests || status=$?
wait $first || status=$?
printf '\n== the other half\n'
cat "$folder/1.log"
left_out="$left_out$(sed 's/^/ /; s/$/;/' "$folder/1" "$folder/2" 2>/dev/null | tr '\n' ' ')"
left_out=$(printf '%s' "$left_out" | sed 's/ *$//')

if [ -n "$left_out" ]; then
  printf '\nLeft out:%s\n' "$left_out"
  [ -z "${BOUSSOLE_NOTHING_LEFT_OUT:-}" ] || exit 1
fi
exit $status
