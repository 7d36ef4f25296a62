# Everything a user or a developer runs. `make` alone lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8090
SCENARIO ?= guide

.DEFAULT_GOAL := help
.PHONY: help install run demo test lint check exhaustive conformance bench docs dist clean

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

# A venv that could not be finished must not look finished: the stamp is written last.
$(VENV)/.server: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; run make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.server
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

install: $(VENV)/.server ## make .venv/ with the commands in it
	@echo "installed: $(BIN)/tempo-mock"

run: $(VENV)/.server ## start the fake on http://localhost:8090 (PORT=, SCENARIO=)
	@$(BIN)/tempo-mock serve --port $(PORT) --scenario $(SCENARIO)

demo: $(VENV)/.dev ## play the stories of both syncs and of Manage Staff (STORY=absences, worklogs or staff for one)
	@$(BIN)/python -m integration.demo $(STORY)

test: $(VENV)/.dev ## run the tests (about nine minutes on two cores)
	@$(BIN)/python -m pytest -n auto -m "not slow and not exhaustive"

lint: $(VENV)/.dev ## ruff and mypy --strict
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

check: lint conformance ## lint, the conformance suite, and the slow tests
	@$(BIN)/python -m pytest -n auto -m slow

exhaustive: $(VENV)/.dev ## every fault, every write killed, every liar: a quarter of an hour
	@$(BIN)/python -m pytest -n auto -m exhaustive

conformance: $(VENV)/.dev ## run the conformance suite against a fake on a free port
	@$(BIN)/python tests/run_conformance.py $(OPTIONS)

bench: $(VENV)/.dev ## measure the fake beside a bare Flask, and both syncs
	@$(BIN)/python -m bench

docs: $(VENV)/.dev ## write the generated documents anew
	@$(BIN)/python -m mock_server.documents .

dist: $(VENV)/.dev ## build sdist and wheel into dist/
	@$(BIN)/python -m build --no-isolation --outdir dist .

clean: ## remove what was made here
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis reports
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
