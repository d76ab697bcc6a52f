# Every recipe is one plain command; the scripts say why.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000

.PHONY: help install demo demo-reset test check bench proof lock record clean

help:            ## what can be made
	@grep -hE '^[a-z-]+: .*##|^[a-z-]+:  *##' $(MAKEFILE_LIST) | sed 's/:.*##/ —/'

install: $(VENV)/.runtime   ## install the program in .venv

demo: $(VENV)/.runtime   ## start the sample centre on http://127.0.0.1:8000 (PORT changes it)
	@$(BIN)/boussole demo --port $(PORT)

demo-reset: $(VENV)/.runtime   ## forget what was said in the demo and start afresh
	@$(BIN)/boussole demo --port $(PORT) --reset

test: $(VENV)/.dev   ## everything a reviewer should see pass
	@sh scripts/test.sh

check: $(VENV)/.dev   ## the quick part of the tests: style, types, layers, pages
	@sh scripts/test.sh quick

bench: $(VENV)/.dev   ## figures and ratios, in one run
	@sh scripts/bench.sh

proof: $(VENV)/.dev   ## full size and true pace; takes long
	@$(BIN)/python -m tests.proof

record: $(VENV)/.dev   ## rewrite the golden transcripts, then read the diff
	@$(BIN)/pytest -q tests/dialogues/test_transcripts.py --update ; git diff --stat tests/transcripts

lock:            ## work out the lock files again (needs uv)
	uv pip compile -q --universal --generate-hashes --no-header --no-annotate --no-build --python-version 3.11 --group build -o requirements/runtime.txt pyproject.toml
	uv pip compile -q --universal --generate-hashes --no-header --no-annotate --no-build --python-version 3.11 --group build --group dev -o requirements/dev.txt pyproject.toml

clean:           ## take away what was installed and built
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml scripts/install.sh
	@PYTHON=$(PYTHON) sh scripts/install.sh runtime

$(VENV)/.dev: requirements/dev.txt pyproject.toml scripts/install.sh $(VENV)/.runtime
	@PYTHON=$(PYTHON) sh scripts/install.sh dev
