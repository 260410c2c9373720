# Two commands to know: `make demo` shows what it does, `make test` says whether it works.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
WORKERS ?= 2

.PHONY: demo test test-full test-gpu check docs pictures fuzz mutants bench clean

demo: $(VENV)/.installed
	$(BIN)/grader grade --submission solutions --no-speed
	@echo
	@echo "And now some wrong answers:"
	@echo
	@$(BIN)/grader grade activation.softmax:numpy activation.sigmoid:torch loss.cross_entropy:numpy \
		--submission docs/demo || test $$? -eq 1

test: check
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not full and not gpu"

test-full: check
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not gpu"

# Skips everything where there is no accelerator; elsewhere these tests are skipped by `make test` as well.
test-gpu: $(VENV)/.tested
	$(BIN)/python -m pytest -m gpu -rs

check: $(VENV)/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/grader plugin stubs --check
	$(BIN)/grader plugin stubs --check --course docs/example
	$(BIN)/python -m cogapp -P -I docs --check README.md docs/commands.md docs/writing-an-exercise.md

docs: $(VENV)/.tested
	$(BIN)/grader plugin stubs
	$(BIN)/grader plugin stubs --course docs/example
	$(BIN)/python -m cogapp -P -I docs -r README.md docs/commands.md docs/writing-an-exercise.md

# Draws the pictures of lessons anew: networks are trained for them.
pictures: $(VENV)/.tested
	for script in docs/pictures/*.py; do $(BIN)/python $$script || exit 1; done

# What strangers send, with new examples each time, for FUZZ_SECONDS (600).
fuzz: $(VENV)/.tested
	WORKERS=$(WORKERS) $(BIN)/python -m tests.fuzzing

mutants: $(VENV)/.tested
	$(BIN)/python tests/mutants.py

bench: $(VENV)/.tested
	for script in benchmarks/bench_*.py benchmarks/speed_*.py; do $(BIN)/python $$script || exit 1; done

clean:
	rm -rf $(VENV) build dist mutants

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) -e .
	touch $@

$(VENV)/.tested: $(VENV)/.installed
	$(PIP) -e '.[dev]'
	touch $@
