# make run     serve: with no token, the local page is the chat
# make test    the tests
# make check   what CI runs: format, lint, types, arrows, tests
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PINS = pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	--no-annotate
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: run test check lint benchmark requirements clean

run: $(VENV)/installed
	$(BIN)/python -m bot serve --open

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest -n auto

check: lint test

lint: $(VENV)/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

benchmark: $(VENV)/installed-dev
	$(BIN)/python -m tests.benchmarks

$(VENV)/installed: requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps -e .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.txt
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	touch $@

# Pins with hashes for every platform, without the address of any index.
requirements:
	$(PYTHON) -m venv $(VENV)-pins
	$(VENV)-pins/bin/python -m pip install --quiet uv
	$(VENV)-pins/bin/uv $(PINS) --extra postgres pyproject.toml -o requirements.txt
	$(VENV)-pins/bin/uv $(PINS) --extra postgres --extra ocr --extra dev -c requirements.txt pyproject.toml \
		-o requirements-dev.txt
	rm -rf $(VENV)-pins

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info
