# What a person needs from day to day. `make run` and `make test` need Python 3.11 or newer and nothing else; only the
# first run of each, and the first after its lock file changed, needs the network. `make run` builds the explorer if it can.

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
PROCESSES := 2
# How pytest ends when all the tests that it was given belong to the other half.
NO_TESTS := 5
PY := $(VENV)/bin/python
PIP_TOOLS := 7.6.2

# The vendors' own SDKs, which judge the sandboxes in the tests.
FORMANCE_SDK := formance-sdk-python==5.0.0
PLUGGY_SDK := pluggy-sdk==1.0.0.post24

# What builds the documentation, in an environment of its own.
DOCS_VENV := .venv-docs
DOCS_PACKAGES := sphinx>=9,<10 myst-parser>=5.2,<6 furo>=2025.12.19 graphql-core

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export PIP_ROOT_USER_ACTION := ignore
export PIP_REQUIRE_VIRTUALENV := 0

# A stamp carries its lock's checksum, so that a start with nothing to install asks neither pip nor the network.
sum = $(shell cat $(1) 2>/dev/null | cksum | cut -d ' ' -f 1)
RUN_STAMP := $(VENV)/run-$(call sum,requirements.lock)
DEV_STAMP := $(VENV)/dev-$(call sum,requirements-dev.lock)
DOCS_STAMP := $(DOCS_VENV)/docs-$(call sum,requirements-docs.lock)
EXPLORER_SOURCES := $(sort $(wildcard explorer/*.json explorer/*.js explorer/index.html explorer/src/* explorer/src/*/* examples/*))
EXPLORER_SUM := $(call sum,$(EXPLORER_SOURCES))
EXPLORER_PACKAGES := explorer/node_modules/installed-$(call sum,explorer/package-lock.json)
EXPLORER_STAMP := explorer/dist/built-$(EXPLORER_SUM)
EXPLORER_FAILED := $(VENV)/no-explorer-$(EXPLORER_SUM)

.PHONY: help run token explorer test bench check format schema operations docs lock clean

help:  ## Say what there is to make
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' $(MAKEFILE_LIST)

run: $(RUN_STAMP)  ## Serve http://127.0.0.1:8000 (HOST and PORT change it)
	@$(build_explorer_if_possible)
	@exec $(PY) server.py

token: $(RUN_STAMP)  ## Sign a development token (SUB=name SCOPE="accounts:read …" CUSTOMER=id,id TTL=seconds)
	@$(PY) -m serving.auth.development $${SUB:+--sub="$$SUB"} $${SCOPE:+--scope="$$SCOPE"} \
		$${CUSTOMER:+--customer="$$CUSTOMER"} $${TTL:+--ttl="$$TTL"}

explorer: $(EXPLORER_STAMP)  ## Build the page that browsers get at /graphql (needs Node.js 20.19 or newer and npm)

test: $(DEV_STAMP)  ## Run every test, with branch coverage, or those of TESTS (PROCESSES=1 for one after the other)
	@$(PY) -m pytest -m 'not alone' $(by_files) $(if $(TESTS),$(TESTS),--cov) || test $$? -eq $(NO_TESTS)
	@$(if $(TESTS),:,$(by_the_other_executor))
	@$(PY) -m pytest -m alone --numprocesses=$(PROCESSES) --dist=loadscope $(TESTS) || test $$? -eq $(NO_TESTS)

# As they are found, and not those files last that have one long test.
by_files = --numprocesses=$(PROCESSES) --dist=loadfile --no-loadscope-reorder

# Every operation, and who may see what, once more by graphql-core, which has neither plans nor a short way for what is known.
# That the walk finds leaks was shown before.
by_the_other_executor = EXECUTOR=graphql-core $(PY) -m pytest $(by_files) \
	-k 'not finds_leaks' tests/operations tests/access

bench: $(RUN_STAMP)  ## Measure it beside its peers and write docs/performance.md (BENCH=--quick for a short form)
	@$(install_peers_if_possible)
	@$(PY) -m benchmarks $(BENCH)

check: $(DEV_STAMP)  ## Format, lint, types, import contracts, printed schema
	@$(PY) -m ruff format --quiet --diff .
	@$(PY) -m ruff check --quiet .
	@$(PY) -m mypy --no-error-summary
	@$(VENV)/bin/lint-imports --no-logo
	@$(PY) -m schema > $(VENV)/schema.graphql
	@diff -u schema/schema.graphql $(VENV)/schema.graphql || \
		{ echo 'schema/schema.graphql is not what the code prints: run `make schema`.' >&2; exit 1; }
	@# In CI, 'make test' holds it to them.
	@if [ "$$CI" != true ] && command -v npm >/dev/null; then $(PY) -m pytest -q tests/clients/test_schema_tools.py; fi

format: $(DEV_STAMP)  ## Format the code and mend what the linter can
	@$(PY) -m ruff format --quiet .
	@$(PY) -m ruff check --quiet --fix .

schema: $(DEV_STAMP)  ## Print the schema to schema/schema.graphql
	@$(PY) -m schema > $(VENV)/schema.graphql
	@cp $(VENV)/schema.graphql schema/schema.graphql

operations: $(DEV_STAMP)  ## Write docs/operations.md and count the vendors' operations that the graph reaches
	@$(PY) -m tests.operations

docs: $(DOCS_STAMP)  ## Build the documentation into site/; a broken link fails
	@$(DOCS_VENV)/bin/python docs/reference.py
	@rm -rf site
	@$(DOCS_VENV)/bin/python -m sphinx --quiet --nitpicky --fail-on-warning --keep-going --fresh-env --doctree-dir=$(DOCS_VENV)/doctrees docs site
	@echo 'site/index.html'

lock: $(PY)  ## Write all lock files anew (needs the network; UPGRADE=--upgrade takes newer versions)
	@test -x $(VENV)/pip-tools/bin/pip-compile || { $(PY) -m venv $(VENV)/pip-tools && \
		$(VENV)/pip-tools/bin/python -m pip install -qq pip-tools==$(PIP_TOOLS); }
	@$(call compile,requirements.lock,--strip-extras pyproject.toml)
	@$(PY) -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['dependency-groups']['dev'], sep='\n')" | \
		$(call compile,requirements-dev.lock,--constraint=requirements.lock - pyproject.toml)
	@printf '%s\n' $(foreach each,$(DOCS_PACKAGES),'$(each)') | \
		$(call compile,requirements-docs.lock,--constraint=requirements.lock -)
	@echo $(FORMANCE_SDK) | $(call compile,tests/sdk/formance.lock,-)
	@echo $(PLUGGY_SDK) | $(call compile,tests/sdk/pluggy.lock,-)

# Extras are kept where a package asks for another with one: without, older versions of pip look for its newest version, and
# refuse that for its missing hash. But what constrains others may name none.
compile = CUSTOM_COMPILE_COMMAND='make lock' $(VENV)/pip-tools/bin/pip-compile --quiet $(UPGRADE) --generate-hashes \
	--allow-unsafe --no-strip-extras --no-annotate --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
	--output-file=$(1) $(2)

clean:  ## Remove the environment and all caches
	@rm -rf $(VENV) $(DOCS_VENV) .venv-sdk site docs/reference explorer/node_modules explorer/dist tests/protocol/node_modules tests/clients/node_modules benchmarks/peers/node/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage htmlcov

$(PY):
	@for python in $(PYTHON) python3.13 python3.12 python3.11 python3; do \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		$$python -c 'import ensurepip, venv' 2>/dev/null || { lame=$$python; continue; }; \
		echo "Making $(VENV) with $$python"; \
		$$python -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }; \
		exit 0; \
	done; \
	if [ -n "$$lame" ]; then \
		echo "$$lame cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
	else \
		echo 'Tributary needs Python 3.11 or newer, and found none. `make run PYTHON=/path/to/python` names one.' >&2; \
	fi; \
	exit 1

$(RUN_STAMP): $(PY)
	@$(call install,requirements.lock)

$(DEV_STAMP): $(PY)
	@$(call install,requirements-dev.lock)

$(DOCS_STAMP): $(PY)
	@test -x $(DOCS_VENV)/bin/python || $(PY) -m venv $(DOCS_VENV)
	@echo 'Installing requirements-docs.lock into $(DOCS_VENV)'
	@$(DOCS_VENV)/bin/python -m pip install -qq --require-hashes -r requirements-docs.lock && touch $@

$(EXPLORER_STAMP): $(EXPLORER_PACKAGES)
	@npm --prefix explorer run --silent build
	@rm -f $(EXPLORER_FAILED)
	@touch $@

$(EXPLORER_PACKAGES):
	@npm --prefix explorer ci --loglevel=error $(NPM_FLAGS)
	@touch $@

# A build that failed is not tried at every start; `make explorer` tries it again and says what is wrong.
build_explorer_if_possible = test -e $(EXPLORER_STAMP) || { printf 'Building the explorer: ' && \
	test ! -e $(EXPLORER_FAILED) && command -v npm >/dev/null && { \
		$(MAKE) explorer NPM_FLAGS='--fetch-retries=1 --fetch-retry-mintimeout=500 --fetch-timeout=30000' >/dev/null 2>&1 || \
		{ touch $(EXPLORER_FAILED); false; }; } && echo 'done'; } || \
	echo 'not possible here, so /graphql takes a smaller one from a CDN. `make explorer` says why.'

# The gateways in Node are left out where their packages cannot be had; the bench says so.
PEERS := benchmarks/peers/node
PEERS_STAMP := $(PEERS)/node_modules/installed-$(call sum,$(PEERS)/package-lock.json)
install_peers_if_possible = test -e $(PEERS_STAMP) || ! command -v npm >/dev/null || { \
	echo 'Installing the peers in Node'; npm --prefix $(PEERS) ci --loglevel=error && touch $(PEERS_STAMP); } || true

# A first run that was interrupted may have left an environment without pip.
install = $(PY) -c 'import pip' 2>/dev/null || $(PY) -m ensurepip >/dev/null; \
	echo 'Installing $(1) into $(VENV)'; \
	$(PY) -m pip install -qq --require-hashes -r $(1) && touch $@
