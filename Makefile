PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: install demo test clean

install: $(STAMP)

$(STAMP): .lock/requirements.txt pyproject.toml
	$(PYTHON) .lock/require_python.py
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r .lock/requirements.txt
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	touch $(STAMP)

demo: install
	$(BIN)/anw roster data/demo --out build/demo --time-limit 60
	@echo "report: build/demo/report.html"

test: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto

clean:
	rm -rf .venv build
