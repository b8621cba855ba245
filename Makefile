# GNU make 3.81 and later. `make` alone lists the targets.

# The first Python here that is new enough; PYTHON=/path/to/python makes another choice.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo "$$p" && break; done)
# Processes that run tests side by side; each starts an OpenSearch node of its own.
PROCESSES ?= 2
# Seconds after which a peer is stopped that is not done.
LIMIT ?= 7200
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
COMMAND := .venv/.command
STAMP := .venv/.installed
CLEAN := build/clean
COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe \
	--strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --annotation-style line

.PHONY: help install demo quick test check soak wheel bench bench-full docs lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

install: $(STAMP) ## Make .venv from the locked versions: the samework command, and what checks and tests it

$(COMMAND): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "no Python 3.11 or newer found; install one, or say PYTHON=/path/to/python" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing the locked versions into .venv"
	@$(PIP) install --require-hashes -r requirements.lock
	@PYTHONWARNINGS=ignore $(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMP): $(COMMAND) requirements-dev.lock
	@echo "installing what checks and tests need"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(COMMAND) ## Find the duplicates among the records of examples/
	@$(BIN)/samework dedupe examples/ --out demo-out

quick: install ## Run the tests that need this process alone: no other process, node, browser, disk or ../shared
	@$(BIN)/python -m pytest --quick --numprocesses $(PROCESSES) --dist worksteal $(PYTEST_ARGS)

test: install ## Run all tests but the long; PYTEST_ARGS="-k dates" runs a part of them, PROCESSES=1 by one process
	@$(BIN)/python -m pytest --numprocesses $(PROCESSES) --dist worksteal $(PYTEST_ARGS)

check: install ## Lint, formatting, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

soak: install ## Run the long tests: many random kills, big data
	@$(BIN)/python -m pytest -m soak $(PYTEST_ARGS)

wheel: install ## Build and check dist/: source archive, wheel with SBOM; run it in an environment of its own
	@rm -rf build dist
	@$(BIN)/python -m build --no-isolation >/dev/null
	@$(BIN)/python -m venv --without-pip $(CLEAN)
	@$(PIP) --python $(CLEAN) install --require-hashes -r requirements.lock
	@$(PIP) --python $(CLEAN) uninstall --yes setuptools
	@$(BIN)/wheel unpack --dest build dist/*.whl
	@cd build/samework-*/*.dist-info && mkdir sboms
	@$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --mc-type application --output-reproducible \
		--output-file $$(echo build/samework-*/*.dist-info/sboms)/samework.cdx.json $(CLEAN)/bin/python
	@$(BIN)/wheel pack --dest-dir dist build/samework-*
	@$(BIN)/twine check --strict dist/*
	@$(PIP) --python $(CLEAN) install --no-deps dist/*.whl
	@$(BIN)/python -m pytest -m soak tests/test_wheel.py

bench: install ## Run the benchmarks at a size of minutes, and say which were left out; BENCH="ranking quality" runs these
	@$(BIN)/python -m benchmarks $(BENCH)

bench-full: install ## Measure 50 thousand to ten million records and the peers, for hours; write docs/performance.md
	@$(BIN)/python -m benchmarks.scale 50000 100000 1000000 --peers --limit $(LIMIT) --write
	@$(BIN)/python -m benchmarks.arriving 1000000 --write
	@$(BIN)/python -m benchmarks.history --write
	@$(BIN)/python -m benchmarks.scale 10000000 --write

docs: install ## Write anew the pages of docs/ that are made from the program, and the picture of README.md
	@$(BIN)/python -m docs.make_pages
	@$(BIN)/python -m docs.make_report_picture

lock: install ## Write the lock files anew, on the oldest Python supported; UPGRADE=--upgrade takes newer versions
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "lock with Python 3.11" >&2; exit 1; }
	$(COMPILE) $(UPGRADE) --output-file requirements-dev.lock --all-extras pyproject.toml requirements-dev.in
	$(COMPILE) --output-file requirements.lock --build-deps-for wheel --constraint requirements-dev.lock pyproject.toml

clean: ## Remove what the targets made, .venv too
	rm -rf .venv demo-out build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find samework detector indexer tests benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
