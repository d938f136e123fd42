# make run     serve: with no token, the local page is the chat
#              PORT=9000 another port; OCR=1 reads scanned pages too; M4B=1 makes audiobooks too
# make test    the tests
# make check   what CI runs: format, lint, types, arrows, tests
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PINS = pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	--no-annotate
# OCR=0 and OCR=no are no
HAS_OCR = $(filter-out 0 no false,$(OCR))
HAS_M4B = $(filter-out 0 no false,$(M4B))
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: run test check lint settings benchmark requirements clean

run: $(VENV)/installed $(if $(HAS_OCR),$(VENV)/installed-ocr) $(if $(HAS_M4B),$(VENV)/installed-m4b)
	@echo "Starting; the page opens in your browser in some seconds. Ctrl-C ends it."
	@$(BIN)/python -m bot serve --open $(if $(PORT),--port $(PORT))

test: $(VENV)/installed-dev
	@echo "Running all tests; on two cores that takes about ten minutes."
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --dist worksteal

check: lint test

lint: $(VENV)/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# .env.example and the table in docs/settings.md, from the schemas
settings: $(VENV)/installed-dev
	$(BIN)/python -m bot.reference

benchmark: $(VENV)/installed-dev
	$(BIN)/python -m tests.benchmarks

# Sizes: du of an environment on Linux, and the sum of its wheels.
$(VENV)/installed: requirements.txt pyproject.toml
	@echo "Installing ListenDock with its voice and layout model into $(VENV), once:"
	@echo "about 170 MB to download, 520 MB on disk, one to three minutes."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python .ci/install.py requirements.txt
	@$(BIN)/python -m pip install --quiet --no-deps -e .
	@$(BIN)/python -m compileall -q adapters bot pipeline  # children may not write what they load
	@touch $@
	@echo "Installed. Scanned pages can be read too, for 230 MB more: make run OCR=1"
	@echo "Whole documents as one audiobook (M4B), for 170 MB more: make run M4B=1"

$(VENV)/installed-ocr: $(VENV)/installed requirements-ocr.txt
	@echo "Installing text recognition for scanned pages: about 100 MB to download, 230 MB on disk."
	@$(BIN)/python .ci/install.py requirements-ocr.txt
	@touch $@

$(VENV)/installed-m4b: $(VENV)/installed requirements-m4b.txt
	@echo "Installing ffmpeg for audiobooks: about 70 MB to download, 170 MB on disk."
	@$(BIN)/python .ci/install.py requirements-m4b.txt
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.txt
	@echo "Installing what the tests need: 700 MB more on disk."
	@$(BIN)/python .ci/install.py requirements-dev.txt
	@touch $@

# Pins with hashes for every platform, without the address of any index.
requirements:
	$(PYTHON) -m venv $(VENV)-pins
	$(VENV)-pins/bin/python -m pip install --quiet uv
	$(VENV)-pins/bin/uv $(PINS) --extra postgres pyproject.toml -o requirements.txt
	$(VENV)-pins/bin/uv $(PINS) --extra postgres --extra m4b -c requirements.txt pyproject.toml \
		-o requirements-m4b.txt
	$(VENV)-pins/bin/uv $(PINS) --extra postgres --extra ocr -c requirements.txt pyproject.toml \
		-o requirements-ocr.txt
	$(VENV)-pins/bin/uv $(PINS) --extra postgres --extra s3 --extra m4b --extra ocr --extra dev \
		-c requirements-ocr.txt -c requirements-m4b.txt pyproject.toml -o requirements-dev.txt
	rm -rf $(VENV)-pins

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info
