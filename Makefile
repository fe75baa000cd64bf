# The daily commands. `make help` lists them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
export PORT

.DEFAULT_GOAL := help
.PHONY: help run test test-postgres check check-code lint fmt assets demo bench lock setup clean

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

run: setup assets ## Start the whole site on this computer (PORT=8000)
	@$(BIN)/python scripts/run.py

test: setup assets ## Run the whole suite on SQLite; browser journeys where a Chromium is found
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

test-postgres: setup assets ## Run the whole suite on DATABASE_URL (PostgreSQL) and REDIS_URL
	@test -n "$$DATABASE_URL" || { echo "Set DATABASE_URL, for example postgres://postgres@127.0.0.1/lms"; exit 1; }
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

check: check-code test ## Everything a change must pass: lint, types, contracts, migrations, tests

check-code: lint assets
	$(BIN)/mypy .
	$(BIN)/lint-imports --no-logo
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check
	SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(60))") ALLOWED_HOSTS=example.org \
	  SITE_URL=https://example.org DATABASE_URL=sqlite:////tmp/unused.sqlite3 REDIS_URL=redis://localhost \
	  DJANGO_SETTINGS_MODULE=lms.settings.production $(BIN)/python manage.py check --deploy --fail-level WARNING
	DJANGO_SETTINGS_MODULE=lms.settings.test $(BIN)/python manage.py validate_templates

lint: setup ## Look for mistakes and untidiness without running anything
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

fmt: setup ## Put the code in its usual shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

assets: lms/static/site/.built ## Build styles, scripts and fonts

demo: setup assets ## Load the demo people, places and course again (safe to repeat)
	@$(BIN)/python manage.py load_demo

bench: setup assets ## Measure time and queries at 1, 10 and 100 times the data
	@$(BIN)/python -m bench

lock: setup ## Lock the Python requirements anew, with hashes
	@for name in base dev node; do \
	  $(BIN)/uv pip compile --quiet --universal --upgrade --generate-hashes --no-emit-index-url --no-header \
	    --python-version 3.11 requirements/$$name.in -o requirements/$$name.txt; done

clean: ## Remove everything that was built or stored here, the embedded database too
	rm -rf $(VENV) node_modules lms/static/site var

# --- What the commands stand on -----------------------------------------------------------------

setup: $(VENV)/.installed

$(VENV)/.installed: requirements/dev.txt requirements/node.txt
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "Python 3.11 or newer is needed (PYTHON=python3.12 make …)."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing Python packages (a minute or two, once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@scripts/node.sh have || { echo "No Node.js 20 here: installing it into $(VENV) …"; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/node.txt; }
	@touch $@

node_modules/.package-lock.json: package.json package-lock.json | setup
	@echo "Installing style and script packages …"
	@scripts/node.sh npm ci --no-audit --no-fund --loglevel=error

lms/static/site/.built: node_modules/.package-lock.json scripts/build_assets.mjs $(shell find assets -type f 2>/dev/null)
	@scripts/node.sh npm run --silent build
	@touch $@
