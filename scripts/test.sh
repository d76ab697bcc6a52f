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

step "tests"
report=$(mktemp)
trap 'rm -f "$report"' EXIT
status=0
$bin/pytest -q --left-out-to="$report" || status=$?
while IFS= read -r line; do left_out="$left_out $line;"; done < "$report"

if [ -n "$left_out" ]; then
  printf '\nLeft out:%s\n' "$left_out"
  [ -z "${BOUSSOLE_NOTHING_LEFT_OUT:-}" ] || exit 1
fi
exit $status
