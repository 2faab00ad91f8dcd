# One word for each thing one does with a checkout. What is needed is installed into .venv and node_modules, again only
# when a lock changes. Where uv is on PATH it installs, else pip.

PORT ?= 8000
ARGS ?=

export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
export PATH := $(CURDIR)/.venv/bin:$(PATH)

.NOTPARALLEL:
.PHONY: help run test check lint types units bench pictures format lock font data

help: ## list these words
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

run: .venv/.run ## serve the dashboard on this machine (another port: make run PORT=8001)
	@python scripts/free_port.py "$(PORT)"
	@NORMBALL_PORT="$(PORT)" exec python -m app

test: check browser ## everything that must hold (some of it: make test ARGS="-k projection")
	@sh scripts/test.sh $(ARGS)

check: lint types units ## what needs no browser and no server: style, types, JavaScript modules

lint: .venv/.test
	@ruff check
	@ruff format --check --quiet
	@mypy

types: node_modules/.installed
	@node_modules/.bin/tsc

units: node_modules/.installed
	@node --test --test-reporter=dot tests/js/*.test.js

bench: .venv/.bench browser ## speed, as ratios to what people would use instead
	@python -m benchmarks $(ARGS)

pictures: browser ## the pictures in docs/, from the real page
	@python -m scripts.pictures

format: .venv/.test ## put the Python code into its one form
	@ruff check --fix
	@ruff format

lock: .venv/.test ## resolve the dependencies anew (to the newest: make lock ARGS=--upgrade)
	@sh scripts/lock.sh $(ARGS)

font: .venv/.test ## cut the formula font anew
	@python -m scripts.subset_font

data: .venv/.test ## write the bundled data sets anew
	@python -m scripts.bundle_data

.PHONY: browser
browser: .venv/.test node_modules/.installed
	@sh scripts/browser.sh

.venv/.run: requirements.lock pyproject.toml scripts/install.sh
	@sh scripts/install.sh requirements.lock
	@touch $@

.venv/.test: requirements-test.lock pyproject.toml scripts/install.sh
	@sh scripts/install.sh requirements-test.lock
	@touch $@

.venv/.bench: requirements-bench.lock pyproject.toml scripts/install.sh
	@sh scripts/install.sh requirements-bench.lock
	@touch $@

node_modules/.installed: package.json package-lock.json | .venv/.test
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@
