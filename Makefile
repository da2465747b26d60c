# Everything that is done with this program. `make` alone prints what there is.

VENV := .venv
BIN := $(VENV)/bin
RUNS := $(VENV)/.installed
CHECKS := $(VENV)/.installed-dev
PEERS := $(VENV)/bench
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links --no-strip-extras
BABEL := $(BIN)/python -m babel.messages.frontend --quiet
export FLASK_APP := run.py

.DEFAULT_GOAL := help
.PHONY: help run demo seed test coverage screenshots check audit lock translations bench

help: ## print this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 21

run: $(RUNS) ## start web and worker on this machine (PORT=8080, Ctrl-C stops)
	@$(BIN)/python run.py

demo: $(RUNS) ## a simulated year of the city in a folder of its own (data/demo), and start it
	@DATA_DIR=$${DATA_DIR:-data/demo} && export DATA_DIR && mkdir -p $$DATA_DIR && $(BIN)/flask set-up \
		&& $(BIN)/flask simulate --dossiers 3000 --days 365 --once && $(BIN)/python run.py

seed: $(RUNS) ## load the city's data and the demo accounts, harmless to repeat
	@$(BIN)/flask set-up

test: $(CHECKS) ## all tests on SQLite and, where it answers, PostgreSQL (T="tests/domain -k Tết")
	@$(BIN)/python -m tests.databases test $(T)

coverage: $(CHECKS) ## the tests of both databases, traced: which lines of the rules did none of them run?
	@$(BIN)/python -m tests.databases coverage

screenshots: $(CHECKS) ## take the pictures of docs/screenshots anew (needs Chromium)
	@$(BIN)/python -m tests.browser.screenshots

bench: $(RUNS) $(PEERS)/.installed ## build cities of 10,000 to a million dossiers, measure our pages and others' (long, the first time)
	@BENCH_LIBRARIES=$(CURDIR)/$(PEERS) $(BIN)/python -m bench.run

check: $(CHECKS) ## style, types, floors, migrations
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.databases migrations

audit: $(CHECKS) ## ask for known advisories against what is installed (needs the network)
	$(BIN)/pip-audit --require-hashes --disable-pip -r requirements.txt

lock: ## compile requirements*.in into requirements*.txt, with hashes (needs uv and the network)
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-dev.in -o requirements-dev.txt
	$(LOCK) bench/requirements.in -o bench/requirements.txt

translations: $(RUNS) ## collect our words into the English catalogue and compile both catalogues
	@mkdir -p data
	$(BABEL) extract -F babel.cfg -k lazy_gettext -k _many:1c,2 --no-location --omit-header -o data/messages.pot .
	$(BABEL) update -D messages -i data/messages.pot -d app/translations -l en \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 110
	$(BABEL) compile -D messages -d app/translations

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; none was found." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "$(PYTHON) cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2; exit 1; }

$(RUNS): requirements.txt | $(BIN)/python
	@echo "Installing what the program needs (a few minutes, once) …"
	@$(PIP) -r requirements.txt
	@touch $@

$(CHECKS): requirements-dev.txt $(RUNS)
	@$(PIP) -r requirements-dev.txt
	@touch $@

$(PEERS)/.installed: bench/requirements.txt $(RUNS)
	@$(PIP) --no-deps --target $(PEERS) -r bench/requirements.txt
	@touch $@
