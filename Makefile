# A line of help stands behind each target's ##.
PYTHON ?= python3
ONCE ?=
PORT ?=

.DEFAULT_GOAL := help
.PHONY: demo test check bench faults fmt clean help

demo: .venv/.stamp-demo ## tell the main job as a story, then keep serving (ONCE=1: end after it; PORT=8000)
	@.venv/bin/smartcity demo $(if $(ONCE),--once) $(if $(PORT),--port $(PORT))

test: check ## prove everything: the checks, then the tests on SQLite, PostgreSQL and Redis
	.venv/bin/python -m pytest -n auto --dist worksteal

check: .venv/.stamp-test ## format, lint, types and import contracts only
	.venv/bin/ruff format --check
	.venv/bin/ruff check
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo

bench: .venv/.stamp-test ## measure speed and memory: one line of JSON per figure
	@.venv/bin/python -m tests.benchmarks

faults: .venv/.stamp-test ## kill, freeze and starve real processes; writes docs/guides/reliability.md
	@.venv/bin/python -m tests.faults

fmt: .venv/.stamp-test ## write the code in the one format
	.venv/bin/ruff check --fix-only
	.venv/bin/ruff format

clean: ## remove what the other targets made: the environment, the demo's data, caches
	rm -rf .venv var build *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## these lines
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' Makefile

# The pins come from: uv pip compile pyproject.toml --all-extras --universal --python-version 3.11
# --no-header --no-annotate --no-emit-index-url --upgrade -o config/constraints.txt
.venv/.stamp-%: pyproject.toml config/constraints.txt .ci/install
	@PYTHON='$(PYTHON)' sh .ci/install $(extras)
	@touch $@

.venv/.stamp-demo: extras = heic,push
.venv/.stamp-test: extras = dev
