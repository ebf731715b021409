# Everything that Teneur needs is set up by the first target that needs it: a fresh Debian with make is enough.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
.PHONY: help setup test check-long demo torture simulate mutants bench schema debian-postgresql

PYTHON ?= python3
BIN := .venv/bin
SEED ?= 1
OPS ?= 10000
export UV_PYTHON_DOWNLOADS := never

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 20

setup: .venv/.synced ## install everything into .venv (as root also missing system packages)

# Redone when the lock changes; otherwise the stamp makes it free.
.venv/.synced: pyproject.toml uv.lock
	@missing=""
	command -v $(PYTHON) >/dev/null || missing+=" python3 python3-venv"
	if [ -z "$$missing" ]; then $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || missing+=" python3-venv"; fi
	command -v git >/dev/null || missing+=" git"
	[ -e /usr/share/zoneinfo/Pacific/Noumea ] || missing+=" tzdata"
	[ -e /etc/ssl/certs/ca-certificates.crt ] || missing+=" ca-certificates"
	if [ -n "$$missing" ]; then
	  if [ "$$(id -u)" != 0 ]; then
	    echo "These system packages are missing:$$missing"
	    echo "Install them (apt-get install$$missing), then run make again."
	    exit 1
	  fi
	  apt-get update -q
	  DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends$$missing
	fi
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	[ -x $(BIN)/uv ] || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv sync --frozen
	touch $@

test: setup ## style, types, layers and every test that is not long (what CI runs, minutes)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q -n auto -m "not long"

check-long: setup ## what must have passed before work is called done (at most an hour)
	$(BIN)/pytest -q -n auto -m long
	$(MAKE) debian-postgresql
	$(MAKE) torture
	$(MAKE) simulate OPS=1000000
	$(MAKE) mutants

demo: setup ## a bank day by day: real payment files in, statements out
	$(BIN)/teneur demo

torture: setup ## kill the program and PostgreSQL under load, 20 times; nothing may be lost or doubled
	$(BIN)/python -m tests.torture

simulate: setup ## random operations against a small model: make simulate SEED=1 OPS=10000
	$(BIN)/python -m tests.simulator --seed $(SEED) --ops $(OPS)

mutants: setup ## break the code of tested clauses one by one; a test that asserts the clause must notice
	$(BIN)/python -m tests.mutants

bench: setup ## transfers per second against a bare COPY of the same rows; the peers too: make bench ARGS=--peers
	$(BIN)/uv sync --frozen --group bench
	$(BIN)/teneur bench $(ARGS)

debian-postgresql: setup ## the tests of storage and ledger on Debian's own PostgreSQL (15 or newer)
	if ! ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; then
	  if [ "$$(id -u)" != 0 ]; then echo "Missing: apt-get install postgresql"; exit 1; fi
	  apt-get update -q
	  DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends postgresql
	fi
	$(BIN)/python -m tests.long.debian_postgresql

schema: setup ## write schema.sql from the migrations
	$(BIN)/python -m teneur.storage.schema_dump
