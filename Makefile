# Every command anybody needs. `make up` and `make test` work on a fresh machine with Python 3.11.

PYTHON ?= python3
PORT ?= 8000
UV_VERSION := 0.13.8
BIN := .venv/bin
TIDDAO := $(BIN)/tiddao
export PORT
# Offices behind an inspecting proxy trust it in the machine's own store.
export UV_SYSTEM_CERTS := 1
export NODE_USE_SYSTEM_CA := 1
# A process that must not keep what it compiled compiles a thousand modules each time it starts.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: up setup test check fix bench histories reading quality lock openapi clean
.DEFAULT_GOAL := up

up: .venv/.complete            ## set everything up and serve with demonstration data
	@$(TIDDAO) up

setup: .venv/.complete         ## database, geography, translations, assets
	@$(TIDDAO) setup

test: .venv/.complete          ## every test, with a real PostgreSQL and a real browser
	@$(TIDDAO) translations --compile && $(TIDDAO) assets
	@TIDDAO_BROWSER="$$($(BIN)/python tests/served/find_browser.py)" && export TIDDAO_BROWSER && $(BIN)/pytest -n 2 --dist loadscope

check: .venv/.complete         ## the quick gate: style, types, floors, migrations, translations, templates
	@$(BIN)/ruff check src tests bench
	@$(BIN)/ruff format --check src tests bench
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(TIDDAO) translations
	@$(TIDDAO) check --fail-level WARNING
	@$(TIDDAO) makemigrations --check --dry-run
	@$(TIDDAO) openapi --check
	@$(BIN)/djlint src --lint --quiet

fix: .venv/.complete           ## mend what can be mended by itself
	@$(BIN)/ruff check --fix src tests bench; $(BIN)/ruff format src tests bench

bench: .venv/.complete         ## measure against the peers; prints figures, asserts nothing
	@$(BIN)/python -m bench

histories: .venv/.complete     ## 10,000 random histories: every issued report made again byte for byte; prints figures
	@TIDDAO_HISTORIES=$${TIDDAO_HISTORIES:-10000} $(BIN)/pytest tests/indicators/test_histories.py -q -s -p no:cacheprovider -n 2 --dist load

reading: .venv/.complete       ## how well documents are read: precision and recall per field
	@$(BIN)/python -m tests.policy.measuring

quality: .venv/.complete       ## what questions about data find on generated histories, and how often they are idle
	@$(BIN)/python -m tests.indicators.quality.measuring

recount: .venv/.complete       ## counts of directives against a recount, after ten thousand random acts
	@TIDDAO_RANDOM_ACTS=10000 $(BIN)/pytest tests/policy/directives/test_counting.py

openapi: .venv/.complete       ## write the API's contract anew
	@$(TIDDAO) openapi

lock: .venv/.complete          ## resolve the dependencies anew
	@$$(cat .venv/.uv) pip compile --universal --generate-hashes --quiet pyproject.toml --group dev -o requirements.lock

clean:                         ## remove what set-up made here; data in TIDDAO_HOME stay
	rm -rf .venv .uv assets/node_modules src/tiddao/ui/static/ui/dist

.venv/.complete: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Tiddao needs Python 3.11 or newer: PYTHON=/path/to/python3.11 make up" >&2; exit 1; }
	@UV="$$(command -v uv || true)"; \
	if [ -z "$$UV" ]; then \
	  test -x .uv/bin/uv || { echo "getting uv …"; $(PYTHON) -m venv .uv && .uv/bin/pip install --quiet uv==$(UV_VERSION); } \
	    || { echo "uv could not be got: install python3-venv (Debian, Ubuntu: apt install python3-venv) or uv itself" >&2; exit 1; }; \
	  UV=.uv/bin/uv; \
	fi; \
	test -x $(BIN)/python || "$$UV" venv --quiet --python $(PYTHON) --no-python-downloads .venv; \
	echo "$$UV" > .venv/.uv; \
	export VIRTUAL_ENV=.venv; \
	echo "installing the locked packages …"; \
	"$$UV" pip sync --quiet --require-hashes requirements.lock && \
	"$$UV" pip install --quiet --no-deps --no-build-isolation --editable . && touch $@
