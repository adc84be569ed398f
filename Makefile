# Every target is a thin line over a command that works without make, too.
PYTHON ?= python3
BIN := .venv/bin
# Parallel test processes; browser tests run in one of their own.
WORKERS ?= auto

.DEFAULT_GOAL := help
.PHONY: help setup assets setup-dev run test check scan bench format messages requirements screenshots

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

setup: .venv/.runtime assets .venv/.messages ## everything that `make run` and manage.py need

setup-dev: setup .venv/.dev ## and what tests and checks need

$(BIN)/python:
	$(PYTHON) -m venv .venv

.venv/.runtime: requirements-local.txt | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-local.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.runtime
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

assets: .venv/.runtime ## third-party files and the icons in use, into static/vendor; nothing to do when up to date
	@$(BIN)/python -m shelter.ui.assets

.venv/.messages: $(wildcard locale/*/LC_MESSAGES/*.po) shelter/messages.py .venv/.runtime
	$(BIN)/python -m shelter.messages
	@touch $@

run: setup ## the whole house, on http://localhost:8000 (PORT=…, VAR_DIR=…); Ctrl-C stops it
	@$(BIN)/python -m shelter.embedded.supervisor

test: setup-dev ## the tests, in random order and in parallel; then those that drive a browser, in processes of their own
	$(BIN)/python -m tests.machine
	$(BIN)/python -m pytest -n $(WORKERS) -m "not e2e"
	$(BIN)/python -m pytest -n $(WORKERS) -m e2e

check: setup-dev ## format, lint, types, layers, migrations, deployment, messages
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/bandit --quiet --configfile pyproject.toml --severity-level medium --recursive .
	$(BIN)/djlint templates --lint --quiet
	$(AS_IN_PRODUCTION) $(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(AS_IN_PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level INFO
	$(BIN)/python manage.py messages --check

# Settings of a real house; the values are of no use to anybody.
AS_IN_PRODUCTION = env DEMO=no HTTPS=yes DATABASE_URL=postgresql://app@localhost/none \
	DATABASE_OWNER_URL=postgresql://owner@localhost/none BROKER_URL=redis://localhost/0 ALLOWED_HOSTS=house.example \
	MAIL_URL=smtp://localhost SECRET_KEY=for-checks-only-no-server-runs-with-it-0123456789-abcdef \
	VAULT_KEYS=checks:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA

scan: setup-dev .venv-scan/.ready ## public scanners against the demonstration on loopback; a quarter of an hour
	$(BIN)/python -m scan

.venv-scan/.ready: requirements-scan.txt
	$(PYTHON) -m venv .venv-scan
	.venv-scan/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-scan.txt
	@touch $@

bench: setup-dev ## how long pages and imports take, in throw-away houses; a quarter of an hour, on a quiet machine
	$(BIN)/python bench/pages.py
	$(BIN)/python bench/import_speed.py

format: setup-dev ## mend what tools can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

screenshots: setup-dev ## the README's pictures, from the demonstration that `make run` serves meanwhile
	$(BIN)/python -m tests.machine
	DEMO=yes $(BIN)/python -m tests.browser.screenshots

messages: setup-dev ## collect the texts to translate into locale/*.po (needs gettext)
	$(BIN)/python manage.py messages

requirements: setup-dev ## pin requirements*.txt anew from requirements*.in
	$(PIN) requirements.in -o requirements.txt
	$(PIN) -c requirements.txt requirements-local.in -o requirements-local.txt
	$(PIN) -c requirements-local.txt requirements-dev.in -o requirements-dev.txt
	$(PIN) requirements-scan.in -o requirements-scan.txt

PIN = $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11
