# Everything a user or a developer does here is one of these commands. They set up what they need, every time.
PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin

.PHONY: demo test lint bench fuzz schemas pages rules reconcile dataset coverage lineage clean

$(BIN)/harmonize: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	@touch $@

demo: $(BIN)/harmonize          ## harmonize the files of examples/ into out/
	@$(BIN)/python examples/demo.py

test: $(BIN)/harmonize          ## run all tests
	@$(BIN)/python -m pytest -n auto

lint: $(BIN)/harmonize          ## style, format and strict types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: $(BIN)/harmonize         ## measure against plain Polars, pandas, Pydantic and DuckDB
	@$(BIN)/python bench/run.py

schemas: $(BIN)/harmonize       ## write the JSON Schemas of the models and the tree of offences
	@$(BIN)/python -m harmonize.writing.schemas

pages: $(BIN)/harmonize         ## write the reference pages of offences, countries and provisions
	@$(BIN)/python -m harmonize.comparing.pages docs/reference

reconcile: $(BIN)/harmonize     ## write the page of national against international figures (needs the publishers' files)
	@$(BIN)/python -m harmonize.comparing.reconciliation_page "$${HARMONIZE_DATA:-../shared/data}" docs/reference/reconciliation.md

dataset: $(BIN)/harmonize       ## build everything in the data folder into out/dataset, and print what it covers
	@$(BIN)/harmonize dataset "$${HARMONIZE_DATA:-../shared/data}" --out out/dataset

lineage: $(BIN)/harmonize       ## look up the cells behind every figure of the dataset in the publishers' files, and add them again
	@$(BIN)/python -m pytest -s -m lineage tests/mappings/test_lineage.py

coverage: $(BIN)/harmonize      ## write the page of what the publishers' files cover, and its picture (needs these files)
	@$(BIN)/python -m harmonize.comparing.coverage_page "$${HARMONIZE_DATA:-../shared/data}" docs/reference

rules: $(BIN)/harmonize         ## write the reference pages of the rules of findings
	@$(BIN)/python -m harmonize.writing.rule_pages docs/reference

fuzz: $(BIN)/harmonize          ## fuzz the readers, the mapping loader, submissions and the reports, a minute each
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "atheris>=3"
	@for target in text tsv cube workbook mapping refusal statistics yaml report submission settings; do $(BIN)/python fuzz/run.py $$target 60 || exit 1; done

clean:
	rm -rf $(VENV) out build dist
