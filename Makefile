PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: install demo serve test lock clean

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

serve: install
	$(BIN)/anw serve --demo

test: install
	.lock/system_packages.sh
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto --dist worksteal

UV_COMPILE := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet

lock:
	$(UV_COMPILE) --extra dev --output-file .lock/requirements.txt
	echo hatchling | $(UV_COMPILE) - --constraints .lock/requirements.txt --output-file .lock/image.txt

clean:
	rm -rf .venv build
