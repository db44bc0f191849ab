# Yiwang: a newcomer needs `make demo`, a contributor `make test`.
# Both set up everything by themselves: Python packages, the embedded PostgreSQL that comes with
# them, Chromium and a Chinese font. A second run finds it done.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
STAMP := .venv/stamps
JOBS ?= 2

# Hundreds of processes start in a test run: none should compile the program anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint unit coverage clean requirements

help:
	@echo "make setup   安装全部依赖               install everything"
	@echo "make demo    演示城市（PORT，DATA_DIR）   a demonstration city"
	@echo "make test    检查与测试                 lint and tests"
	@echo "make lint    只做静态检查               static checks only"
	@echo "make clean   删除生成的文件，不动数据      remove what was generated, never data"

setup: $(STAMP)/system $(STAMP)/program $(STAMP)/tools messages

# A demonstration needs neither the tools of development nor a browser of its own.
demo: $(STAMP)/program messages
	@exec $(BIN)/yiwang demo

test: lint unit

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djhtml --tabwidth 2 --check yiwang
	$(BIN)/yiwang messages --check

unit: setup
	$(BIN)/pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

coverage: setup
	$(BIN)/pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder --cov --cov-report=term:skip-covered

# Debian's Python may come without ensurepip: then virtualenv makes the environment.
$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "缺少 Python 3.11，请安装。Python 3.11 is missing, please install it."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或以上。Python 3.11 or later is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv .venv >/dev/null 2>&1 || { \
	  rm -rf .venv && \
	  $(PYTHON) -m pip install --quiet --disable-pip-version-check --target build/virtualenv virtualenv && \
	  PYTHONPATH=build/virtualenv $(PYTHON) -m virtualenv --quiet .venv; }

# The list is whole, so pip need not look for more: --no-deps keeps a release that came out since
# from being asked for by an older pip.
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps

$(STAMP)/packages: requirements/run.txt | $(BIN)/python
	@echo "正在安装 Python 依赖……  installing Python packages"
	@$(INSTALL) --require-hashes -r $<
	@mkdir -p $(STAMP) && touch $@

$(STAMP)/tools: requirements/dev.txt $(STAMP)/packages
	@echo "正在安装开发工具……  installing the tools of development"
	@$(INSTALL) --require-hashes -r $<
	@touch $@

$(STAMP)/program: pyproject.toml $(STAMP)/packages
	@$(INSTALL) --no-build-isolation --editable .
	@touch $@

$(STAMP)/system: deploy/system-packages.sh | $(BIN)/python
	@sh deploy/system-packages.sh
	@mkdir -p $(STAMP) && touch $@

.PHONY: messages
messages: $(STAMP)/program
	@$(BIN)/yiwang messages

# The hashed lists, after a change of requirements/*.in.
requirements:
	cd requirements && for list in run province dev; do \
	  uv pip compile --quiet --generate-hashes --no-emit-index-url --no-annotate --no-header \
	    --universal --python-version 3.11 $$list.in --output-file $$list.txt; done

clean:
	rm -rf build *.egg-info .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache \
	  .import_linter_cache .hypothesis staticfiles $(STAMP)
	find config yiwang -name '*.mo' -delete
