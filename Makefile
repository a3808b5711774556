# Every target works on a fresh Debian machine with Python 3.11 (venv) and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2

.PHONY: demo test test-fast lint setup bench clean

$(VENV)/.ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

setup: $(VENV)/.ready

demo: setup
	$(BIN)/orsgate demo --directory reports

test: setup lint
	$(BIN)/python -m pytest tests -m "not ring" -n $(WORKERS) --dist loadfile
	$(BIN)/python -m pytest tests -m ring

test-fast: setup
	$(BIN)/python -m pytest tests -m "not ring and not slow" -n $(WORKERS) --dist loadfile

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
