# KISS Intake. A fresh machine needs Python 3.11+ and make; everything else is done here.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
CODE := core intake notifier migrations tests bench tools
TYPED := core intake notifier tests
TESTS ?= tests
WHICH := $(if $(CI),,-m "not slow")
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)  # tests wait now and then
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-strip-extras \
	--no-header --no-emit-index-url --quiet

# What was copied, moved or half deleted is installed anew: programs in .venv/bin name their place.
HERE := $(shell test -x $(BIN)/kiss && test "$$(cat .venv/home 2>/dev/null)" = "$$(pwd -P)" || rm -f .venv/*.stamp)

.PHONY: run test check lint mutants bench screenshots lock clean help
.NOTPARALLEL:

run: .venv/run.stamp ## serve a demo hospital on this machine; Ctrl-C stops it
	@$(BIN)/kiss run --demo

test: .venv/test.stamp ## run every test; CI=true runs the slow ones, too
	@tests/prepare
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(WHICH) $(TESTS)

check: .venv/test.stamp ## style, types, architecture, migrations; under a minute
	$(BIN)/ruff check $(CODE) docs
	$(BIN)/ruff format --check $(CODE) docs
	$(BIN)/mypy $(TYPED)
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 0 -q tests/test_architecture.py tests/test_migrations.py

lint: .venv/test.stamp ## mend what can be mended by itself
	$(BIN)/ruff check --fix $(CODE) docs
	$(BIN)/ruff format $(CODE) docs

mutants: .venv/mutants.stamp ## change what decides, one thing at a time; name what no test noticed
	@$(BIN)/python -m tools.mutants $(MODULES)

bench: .venv/test.stamp ## measure; see bench/
	@for name in filing http mail queues hostile settling; do echo "== $$name"; $(BIN)/python -m bench.$$name || exit 1; done

screenshots: .venv/test.stamp ## take the pictures in docs/images anew
	@$(BIN)/python docs/pictures.py
	@$(BIN)/python docs/console_pictures.py

lock: ## choose the newest allowed versions and write the lock files
	$(LOCK) --upgrade pyproject.toml --output-file requirements.lock
	$(LOCK) --upgrade pyproject.toml --extra dev --constraint requirements.lock --output-file requirements-dev.lock
	$(LOCK) --upgrade --group build --constraint requirements-dev.lock --output-file requirements-build.lock
	$(LOCK) --upgrade --group mutants --constraint requirements-dev.lock --output-file requirements-mutants.lock

clean: ## remove what was made here; DATA stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage* htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## say what there is
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 14

.venv/run.stamp: requirements-build.lock requirements.lock pyproject.toml tools/environment.py
	@test -n "$(PYTHON)" || { echo "KISS Intake needs Python 3.11 or newer."; exit 1; }
	@$(PYTHON) tools/environment.py requirements.lock
	@touch $@

.venv/test.stamp: requirements-build.lock requirements-dev.lock pyproject.toml tools/environment.py
	@test -n "$(PYTHON)" || { echo "KISS Intake needs Python 3.11 or newer."; exit 1; }
	@$(PYTHON) tools/environment.py requirements-dev.lock
	@touch .venv/run.stamp $@

.venv/mutants.stamp: .venv/test.stamp requirements-mutants.lock
	@$(PYTHON) tools/environment.py requirements-mutants.lock
	@touch $@
