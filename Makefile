# Every target works from a fresh clone on a machine with Python 3.11 or newer (with venv) and make.
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help build test lint notebooks refresh dictionary docs lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

# The stamp is remade when what it depends on changes: then, and only then, packages are installed.
.venv/installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "equipoise needs Python 3.11 or newer; try: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	touch $@

build: .venv/installed ## make every figure, table and notebook, into build/
	$(BIN)/equipoise check
	$(BIN)/equipoise build

test: .venv/installed ## run every test
	$(BIN)/python -m pytest -n auto

lint: .venv/installed ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

notebooks: .venv/installed ## open the notebooks in Jupyter Lab
	$(BIN)/jupyter lab notebooks

refresh: build ## put fresh notebooks in notebooks/ and the figure of the README in docs/
	cp build/*/notebooks/*.ipynb notebooks/
	cp build/inversion_therapy/figures/surgery_forest.png docs/

dictionary: .venv/installed ## write evidence/README.md, datapackage.json and docs/claims.md from their tables
	$(BIN)/python -m equipoise.evidence.descriptor evidence
	$(BIN)/python -m equipoise.appraisal.verdicts docs/claims.md

docs: .venv/installed ## write the pages in docs/ that come from the code
	$(BIN)/python docs/write_caveats.py

lock: .venv/installed ## resolve requirements.lock anew
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --extra notebooks --extra fast --extra parquet --extra docx --group dev \
		--generate-hashes --no-annotate --no-header --no-emit-index-url --upgrade --quiet -o requirements.lock

clean: ## remove what the other targets made
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .hypothesis
