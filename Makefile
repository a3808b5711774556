# Every target works on a fresh Debian machine with Python 3.11 (venv) and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
# The tests start the program hundreds of times; where nothing may be kept, Python compiles all of it each time.
unexport PYTHONDONTWRITEBYTECODE
# What every environment has to pass; `make test` uses Docker where a daemon answers, and says so where none does.
ON_BOTH := tests/acceptance/test_rings.py tests/acceptance/test_migration.py tests/probes/test_real_ring.py

.PHONY: demo test test-fast test-containers soak matrix pictures docs lint setup bench clean

$(VENV)/.ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

setup: $(VENV)/.ready

demo: setup
	$(BIN)/orsgate demo --directory reports

test: setup lint
	$(BIN)/python -m pytest tests -m "not ring and not soak" -n $(WORKERS) --dist loadfile
	$(BIN)/python -m pytest tests -m "ring and not soak" -rs
	$(BIN)/python -m pytest $(ON_BOTH) -m "ring and not containers_optional and not soak" --environment containers -rs

# All ring tests that every environment has to pass, in Docker containers.
test-containers: setup
	$(BIN)/python -m pytest $(ON_BOTH) -m "ring and not soak" --environment containers -rs

test-fast: setup
	$(BIN)/python -m pytest tests -m "not ring and not slow and not soak" -n $(WORKERS) --dist loadfile

# What takes many minutes: every release in every size of ring, read by every protocol, and the decoder under fuzzing.
soak: setup
	$(BIN)/python -m pytest tests -m soak -rs

# Writes the table of docs/cassandra.md from a run on real rings.
matrix: setup
	$(BIN)/python -m tests.acceptance.matrix --markdown docs/cassandra.md

# Writes the page of all requirements from the texts that `orsgate explain` shows.
docs: setup
	$(BIN)/orsgate list --markdown > docs/requirements.md

# Takes the pictures of docs/report.md anew, with Chromium.
pictures: setup
	ORSGATE_WRITE_PICTURES=1 $(BIN)/python -m pytest tests/browser -k pictures

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
