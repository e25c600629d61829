# Every target makes its own environment first; run twice, it starts fast.
# All paths are relative and packages run by `-m`, so the checkout may lie anywhere.

PYTHON ?= python3
RUN := .venv/bin/python
RUNTIME := .venv/.installed-runtime
TESTING := .venv/.installed-testing
SECURITY := .venv/.installed-security
PIP := $(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes
UV := $(RUN) -m uv pip install --quiet --require-hashes

.PHONY: install up demo test prove security check bench messages

install: $(RUNTIME)

up: $(RUNTIME)
	@exec $(RUN) manage.py up $(ARGS)

demo: $(RUNTIME)
	@exec $(RUN) -m backend.runtime.story

# What is compiled is kept, also where the terminal forbids it.
test prove: export PYTHONDONTWRITEBYTECODE :=
# Three workers for two cores: a third of the time a test waits. Handed out in fours, as a few walk
# through every door and take as long as a hundred others.
test: $(TESTING)
	@exec $(RUN) -m pytest -m "not prove" -n 3 --maxschedchunk 4 $(ARGS)

# Asks for no network; what needs one says that it was skipped.
security: $(SECURITY)
	@exec $(RUN) -m tests.security $(ARGS)

prove: $(TESTING) $(SECURITY)
	@command -v chromium chromium-browser google-chrome >/dev/null || \
	  echo "No Chromium here: the browser tests will be skipped (apt-get install chromium fonts-noto-cjk)."
	@exec $(RUN) -m pytest -m prove $(ARGS)

bench: $(TESTING)
	@exec $(RUN) -m benchmarks $(ARGS)

messages: $(TESTING)
	@exec $(RUN) -m backend.web.translations

# The settings are read, nothing is connected to.
check: export DATABASE_URL := postgresql://check@127.0.0.1:1/check
check: export REDIS_URL := redis://127.0.0.1:1/0
check: export SECRET_KEY := only-for-make-check-where-nothing-is-signed
check: export FIELD_KEYS := k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
check: $(TESTING)
	@! grep -n "://" requirements*.lock
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy .
	$(RUN) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"
	$(RUN) -W ignore manage.py makemigrations --check --dry-run
	$(RUN) manage.py spectacular --validate --fail-on-warn --file /dev/null
	$(RUN) -m backend.web.translations --check
	$(RUN) -m backend.env --check

.venv/.uv: requirements-uv.lock
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Yian needs Python 3.11 or newer: make PYTHON=python3.12 …')"
	@$(RUN) -c pass 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@$(PIP) -r requirements-uv.lock
	@touch $@

$(RUNTIME): requirements.lock .venv/.uv
	@$(UV) -r requirements.lock
	@touch $@

$(TESTING): requirements-test.lock .venv/.uv
	@$(UV) -r requirements-test.lock
	@touch $@ $(RUNTIME)

$(SECURITY): requirements-security.lock $(TESTING)
	@$(UV) -r requirements-security.lock
	@touch $@
