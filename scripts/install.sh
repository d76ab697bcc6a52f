#!/bin/sh
# Installs the program (runtime) or also what its tests need (dev) into .venv, from the lock file and nothing else.
set -eu
what=${1:-runtime}
python=${PYTHON:-python3}

if ! command -v "$python" >/dev/null 2>&1; then
  echo "Il faut Python 3.11 ou plus récent (commande « $python » introuvable ; PYTHON=... en choisit un autre)." >&2
  exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "Il faut Python 3.11 ou plus récent ; « $python » est $("$python" -V). PYTHON=python3.12 make ... en choisit un autre." >&2
  exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  echo "Il manque venv ou pip : installe le paquet python3-venv (Debian, Ubuntu) puis recommence." >&2
  exit 1
fi

[ -x .venv/bin/python ] || "$python" -m venv .venv
count=$(grep -c '==' "requirements/$what.txt")
echo "J'installe $count bibliothèques dans .venv (une minute environ, la première fois)…"
# The lock names everything, so nothing is worked out: pip would trip over an extra of a library with a newer release.
rm -f .venv/.fetched  # what pip says of itself is lost behind the pipe
{ .venv/bin/pip install --disable-pip-version-check --no-input --no-deps --require-hashes -r "requirements/$what.txt" && touch .venv/.fetched; } |
  while IFS= read -r line; do
    case "$line" in
      "Collecting "*|"Installing "*) printf '\r\033[K  %s' "$(printf '%.90s' "$line")" ;;
    esac
  done
printf '\r\033[K'
[ -e .venv/.fetched ] && .venv/bin/python -c 'import starlette, sqlalchemy, typst' || { echo "L'installation n'a pas abouti : regarde le message ci-dessus." >&2; exit 1; }
.venv/bin/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
touch ".venv/.$what"
echo "Installé."
