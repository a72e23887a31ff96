# The verbs of this project; `make` alone lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup build demo test check fmt bench soak lock debian

# What is installed, by the lock files it was installed from, and the page as built from its sources.
PYTHON_READY := .venv/.installed
CLIENT_READY := client_web/node_modules/.installed
PAGE := client_web/dist/index.html
PAGE_SOURCES := client_web/index.html client_web/vite.config.ts client_web/tsconfig.json \
	$(shell find client_web/src -type f ! -name '*.test.ts')

# What runs for every packet and listener, compiled for this machine.
HOT_PATH := signaling/hot_path/hot_path.so

# What reports and slips are typeset with; the rest of the font's package stays where it is.
FONT_PACKAGE := client_web/node_modules/@expo-google-fonts/noto-serif-sc
FONTS := $(addprefix server/reports/fonts/,NotoSerifSC_400Regular.ttf NotoSerifSC_700Bold.ttf LICENSE_FONT)

# Tests that wait for browsers, for servers and media, and for stores, more than they compute; all others give way to them.
IN_BROWSERS := tests/e2e
WITH_SERVERS := $(addprefix tests/,integration signaling load web demo)
WITH_STORES := $(addprefix tests/,store session backup cli)

NPM := npm --prefix client_web --silent
COMPILE := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-strip-extras --no-emit-index-url --no-header pyproject.toml

help: ## list the verbs
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

setup: debian $(PYTHON_READY) $(CLIENT_READY) $(FONTS) $(HOT_PATH) ## install all that development needs, from the lock files

build: $(FONTS) $(PAGE) $(HOT_PATH) ## the page, the fonts and what is compiled, for deploy/install.sh

demo: $(PYTHON_READY) $(FONTS) $(PAGE) $(HOT_PATH) ## a sitting to try out, on this machine alone; PORT=8090 for another port
	@.venv/bin/lianping demo $(if $(PORT),--port $(PORT))

test: setup check $(PAGE) ## check, then every test of server and client
	@tests/at_once.sh '.venv/bin/pytest $(IN_BROWSERS)' \
		'.venv/bin/pytest -p no:cacheprovider $(WITH_STORES); .venv/bin/pytest -p no:cacheprovider $(WITH_SERVERS)' \
		'nice -n 19 .venv/bin/pytest -p no:cacheprovider \
			$(addprefix --ignore=,$(IN_BROWSERS) $(WITH_SERVERS) $(WITH_STORES)); \
		nice -n 19 $(NPM) test'

check: $(PYTHON_READY) $(CLIENT_READY) ## lint, format, types and import directions
	@tests/at_once.sh '.venv/bin/ruff check; .venv/bin/ruff format --check; .venv/bin/mypy; .venv/bin/lint-imports' \
		'$(NPM) run typecheck; $(NPM) run lint'

fmt: $(PYTHON_READY) $(CLIENT_READY) ## mend what the linters can mend, and format
	.venv/bin/ruff check --fix-only
	.venv/bin/ruff format
	$(NPM) run fmt

bench: $(PYTHON_READY) $(FONTS) $(HOT_PATH) ## measure, one JSON object a line; NAME=media for one
	@.venv/bin/python -m tests.benchmarks $(NAME)

soak: $(PYTHON_READY) $(FONTS) $(HOT_PATH) ## the same for hours
	@LIANPING_SOAK=1 .venv/bin/python -m tests.benchmarks $(NAME)

lock: $(PYTHON_READY) ## write the lock files anew; UPGRADE=--upgrade takes the newest Python packages
	$(COMPILE) $(UPGRADE) -o requirements.lock
	$(COMPILE) $(UPGRADE) --extra dev -c requirements.lock -o requirements-dev.lock
	$(NPM) install --package-lock-only

debian:
	@deploy/setup.sh debian

$(PYTHON_READY): requirements-dev.lock pyproject.toml
	@deploy/setup.sh python
	@touch $@

$(CLIENT_READY): client_web/package-lock.json client_web/package.json client_web/.npmrc
	@deploy/setup.sh client
	@touch $@

$(HOT_PATH): $(wildcard signaling/hot_path/*.[ch])
	@deploy/setup.sh hot_path

$(FONTS): server/reports/fonts/%: $(CLIENT_READY)
	@mkdir -p $(@D)
	@find $(FONT_PACKAGE) -name '$*' -exec cp {} $@ ';'

$(PAGE): $(PAGE_SOURCES) $(CLIENT_READY)
	$(NPM) run build
