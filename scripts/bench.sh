#!/bin/sh
# Every file of figures (tests/bench*.py), one after the other: two at once would measure each other.
set -u
status=0
for file in tests/bench*.py; do
  part=$(basename "$file" .py)
  printf '\n== %s\n' "$part"
  .venv/bin/python -m "tests.$part" || status=1
done
exit $status
