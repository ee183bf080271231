# One environment, .venv/, from the lock files: with uv where it is installed, with venv and pip where it is not.
PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
UV := $(shell command -v uv 2>/dev/null)

.PHONY: demo test test-fast torture lint format bench docs messages lock clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

demo: .venv/.run ## the main job on the embedded defaults; ARGS="--no-browser --fast"
	$(BIN)/newsthread demo $(ARGS)

test: .venv/.dev ## every test
	$(BIN)/pytest -n 3 --dist worksteal $(ARGS)

test-fast: .venv/.dev ## the tests that take no seconds each
	$(BIN)/pytest -n 2 --dist worksteal -m "not slow and not browser" $(ARGS)

torture: .venv/.dev ## break the delivery in every way, in under ten minutes; ARGS="--seed 7"
	$(BIN)/python -m tests.torture $(ARGS)

lint: .venv/.dev ## ruff, formatting, types, import directions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/.dev ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/.dev ## speed as ratios; writes bench/results.json
	$(BIN)/python -m bench $(ARGS)

docs: .venv/.dev ## write docs/configuration.md and config/schema/ from the code
	$(BIN)/newsthread check --write-schema

messages: .venv/.dev ## bring the catalogues in bot/languages/ up to date with the code
	$(BIN)/python -m bot.languages.messages

lock: ## renew the lock files (needs uv)
	$(LOCK) --group build -o requirements.txt
	$(LOCK) --group build --group dev -o requirements-dev.txt
LOCK = uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-annotate \
	--no-header --python-version 3.11 pyproject.toml

clean: ## remove the environment and caches
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info

# $(call environment,LOCKFILE): install exactly what LOCKFILE names, checked by hash, then the project itself.
ifdef UV
environment = $(UV) pip install --quiet --python $(BIN)/python --require-hashes -r $(1) && \
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
.venv/bin/python:
	$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv
else
environment = $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1) && \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Newsthread needs Python 3.11 or newer; name one with: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv .venv
endif

.venv/.run: requirements.txt pyproject.toml | .venv/bin/python
	$(call environment,requirements.txt)
	@touch $@

.venv/.dev: requirements-dev.txt requirements.txt pyproject.toml | .venv/bin/python
	$(call environment,requirements-dev.txt)
	@touch $@ .venv/.run
