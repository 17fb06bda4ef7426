# `make run` and `make test` on a machine with nothing but Python 3.11+ (with venv) and make.

PYTHON ?= python3
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

.DEFAULT_GOAL := help
.PHONY: help run demo manage test check lint types migrations templates deploy files bench messages pictures clean

help:
	@echo "make run      everything on this machine: http://localhost:8000 (PORT=8001 for another port)"
	@echo "make demo     fill the running one with demo data"
	@echo "make manage   a Django command on the running one: make manage ARGS='createsuperuser'"
	@echo "make test     the whole suite (ARGS='-k inbox' for a part, ARGS='-m chaos' for the long ones)"
	@echo "make check    style, types, migrations, templates, deployment settings, container files"
	@echo "make bench    the figures: bursts, lateness, growth, memory (ARGS='burst' for a part)"
	@echo "make messages gather the English texts and compile their translations (needs gettext)"
	@echo "make pictures draw the icons and the pictures of pages anew, as files under static/"
	@echo "make clean    remove the virtual environment (never the data in var/)"

run: $(READY)
	@exec $(BIN)/python manage.py up

demo: $(READY)
	@$(BIN)/python -m teamreminders.embedded $(BIN)/python manage.py demo $(ARGS)

manage: $(READY)
	@$(BIN)/python -m teamreminders.embedded $(BIN)/python manage.py $(ARGS)

test: $(READY)
	@exec $(BIN)/python -m pytest $(ARGS)

check: lint types migrations templates deploy files

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# Settings that make sense and lead nowhere: these checks need no running service.
production = env -i PATH="$$PATH" HOME="$$HOME" SITE_URL=https://reminders.example.org TRUST_PROXY=true \
	SECRET_KEY=checks-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ \
	DATABASE_URL=postgres://nobody:nothing@127.0.0.1:9/none REDIS_URL=redis://127.0.0.1:9/0 \
	EMAIL_URL=smtp://127.0.0.1:9 DEFAULT_FROM_EMAIL=reminders@example.org

types: $(READY)
	$(production) $(BIN)/mypy .

migrations: $(READY)
	$(production) $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

templates: $(READY)
	$(production) $(BIN)/python manage.py check_templates

deploy: $(READY)
	$(production) $(BIN)/python manage.py check --deploy --fail-level WARNING

files: $(READY)
	$(BIN)/hadolint Dockerfile
	$(BIN)/python -c 'import sys, yaml; [yaml.safe_load(open(name)) for name in sys.argv[1:]]' compose.yaml .github/workflows/ci.yml

# What nobody has translated yet is left empty, or marked fuzzy where it is like something else: tests name both.
CATALOG := teamreminders/locale/de/LC_MESSAGES/django
messages: $(READY)
	$(production) $(BIN)/python manage.py makemessages --locale de --no-location --no-wrap --no-obsolete --ignore var
	sed -i.before -e '/^"POT-Creation-Date/d' $(CATALOG).po && rm $(CATALOG).po.before
	msgfmt --check-format --output-file=$(CATALOG).mo $(CATALOG).po

pictures: $(READY)
	@exec $(BIN)/python -m pytest teamreminders/tests/pictures.py

bench: $(READY)
	@$(BIN)/python -m benchmarks $(ARGS)

$(READY): requirements.txt requirements-dev.txt
	@command -v $(PYTHON) >/dev/null || { \
		echo "Python 3.11 or newer is needed, and there is no $(PYTHON) (Debian: apt install python3 python3-venv)."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V). Another one: make run PYTHON=python3.13"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "$(PYTHON) has no venv module. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@test -x $(BIN)/python && $(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| $(PYTHON) -m venv --clear $(VENV)
	@echo "Installing the requirements into $(VENV) (once, about a minute) ..."
	@$(BIN)/python -m pip install --disable-pip-version-check --no-input -r requirements-dev.txt || { \
		echo "The requirements could not be installed: the lines above say why."; exit 1; }
	@touch $@

clean:
	rm -rf $(VENV)
