# Each target sets up what it needs; a second run installs nothing.
PYTHON ?= python3
BIN := .venv/bin
SOURCES := pyproject.toml constraints.txt

.PHONY: setup demo test lint fix beliefs soak bench mutants constraints clean

demo: .venv/.demo
	$(BIN)/crossbook run --report crossbook-report

test: .venv/.test
	$(BIN)/python -m pytest

lint: .venv/.lint
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

fix: .venv/.lint
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

beliefs: .venv/.test
	nice $(BIN)/python -m pytest tests/properties/test_beliefs.py --hypothesis-profile=long --timeout=0

mutants: .venv/.demo
	$(BIN)/python tests/mutants/run.py

soak: .venv/.demo
	$(BIN)/python tests/soak/soak.py

bench: .venv/.test
	$(BIN)/python -m bench

setup: .venv/.demo .venv/.test .venv/.lint

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Crossbook needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.demo: .venv/.made $(SOURCES)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

.venv/.test: .venv/.made $(SOURCES)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[load,pg,test]"
	@touch $@

.venv/.lint: .venv/.made $(SOURCES)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[pg,test,dev]"
	@touch $@

constraints:
	uv pip compile --extra all --universal --no-emit-index-url --no-header --no-annotate -o constraints.txt pyproject.toml

clean:
	rm -rf .venv crossbook-report .mypy_cache .ruff_cache .pytest_cache .hypothesis
