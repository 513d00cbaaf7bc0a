# make help tells what there is. Every target first builds .venv where it is missing, stale, half built or moved.
# On Windows: pip install -r requirements.lock -e . and the axislib commands do the same.

.DEFAULT_GOAL := help
.PHONY: help report lab test check format golden coverage api bench bench-batch bench-report bench-long notebooks schema pictures lock clean FORCE

# Relative names throughout, so that a checkout's path may hold spaces.
BIN := .venv/bin
STAMP := .venv/.installed
# What `make test` runs, and the tests that need no kernel, no browser and no raw file.
TESTS := tests
OUTSIDE := tests/batch tests/browser tests/golden tests/record
LOCK := uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --no-header --no-annotate --quiet

# The stamp holds the path .venv was built at: its scripts work nowhere else, nor without their Python.
ifneq ($(shell test "$$(cat $(STAMP) 2>/dev/null)" = "$$(pwd -P)" && $(BIN)/python -c 'print("sound")' 2>/dev/null),sound)
REBUILD := FORCE
endif

help:
	@echo 'make report      run the notebooks, build the site and open it (CI=true: build only)'
	@echo 'make lab         the notebooks in JupyterLab'
	@echo 'make test        all tests, then the saved notebooks run again'
	@echo 'make bench       the benchmarks'
	@echo 'make bench-batch  100 runs of 2-timeline against papermill: how many times as fast'
	@echo 'make bench-report how long the report takes, and what its pages weigh (asks for Chromium)'
	@echo 'make bench-long  those that take minutes'
	@echo 'make notebooks   run and save the notebooks as they ship, after a change that moves an output'
	@echo 'make schema      the schema of a batch plan, after a change of a parameter'
	@echo 'make pictures    the pictures of the README (asks for Chromium)'
	@echo 'make check       format, lint, floors and types'
	@echo 'make format      format the code'
	@echo 'make golden      write the hashes of figures, pages and manifests anew'
	@echo 'make coverage    the tests without browsers and batches, and how much of the library they run'
	@echo 'make api         the API page, in build/api'
	@echo 'make lock        new versions into requirements.lock (asks for uv)'
	@echo 'make clean       remove .venv and everything made; seeds/ is left alone'

report: $(STAMP)
	$(BIN)/axislib report

lab: $(STAMP)
	$(BIN)/axislib lab

test: $(STAMP)
	$(BIN)/python -m pytest $(TESTS)
	@set -- notebooks/*.ipynb; if [ -e "$$1" ]; then set -x; \
	$(BIN)/python -m pytest --nbval-lax --nbval-current-env --nbval-cell-timeout=120 notebooks; fi

bench: $(STAMP)
	$(BIN)/python -m pytest benchmarks -m 'not long'

bench-batch: $(STAMP)
	$(BIN)/python -m pytest benchmarks/bench_batch.py -k test_a_real_notebook

bench-report: $(STAMP)
	$(BIN)/python -m pytest benchmarks/bench_report.py

bench-long: $(STAMP)
	$(BIN)/python -m pytest benchmarks -m long -o faulthandler_timeout=0

notebooks: $(STAMP)
	$(BIN)/python -m axislib.run.saving

schema: $(STAMP)
	$(BIN)/python -m axislib.batch.plan > notebooks/plans/.plan.schema.json
	mv notebooks/plans/.plan.schema.json notebooks/plans/plan.schema.json

pictures: $(STAMP)
	$(BIN)/python docs/pictures.py

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/pyright

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

golden: $(STAMP)
	AXISLIB_GOLDEN=write $(BIN)/python -m pytest tests/golden

coverage: $(STAMP)
	$(BIN)/python -m pytest tests $(OUTSIDE:%=--ignore=%) -n auto --cov --cov-report=term:skip-covered

api: $(STAMP)
	$(BIN)/pdoc axislib '!axislib.' --no-search --output-directory build/api

lock:
	@command -v uv >/dev/null || { echo 'make lock needs uv on the PATH: see its installation page, or pip install uv.' >&2; exit 1; }
	$(LOCK) --upgrade --output-file requirements.lock

clean:
	rm -rf .venv report build dist .benchmarks .hypothesis .pytest_cache .ruff_cache
	find . -name .git -prune -o -type d \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

# No stamp until all is in: what was interrupted is built anew; what is only older than its files is brought up to date.
$(STAMP): requirements.lock pyproject.toml $(REBUILD)
	@set -e; \
	if [ "$(REBUILD)" ]; then \
	  for python in python3 python3.13 python3.12 python3.11 none; do \
	    if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then break; fi; \
	  done; \
	  if [ "$$python" = none ]; then \
	    echo 'axislib needs Python 3.11 or newer, and found none: neither python3 nor python3.11 to python3.13 is one.' >&2; exit 1; \
	  fi; \
	  echo "Building .venv with $$("$$python" --version): once, a few minutes."; \
	  "$$python" -m venv --clear .venv || { \
	    echo "$$python cannot make a virtual environment. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }; \
	else \
	  echo 'Bringing .venv up to date.'; rm -f $@; \
	fi; \
	$(BIN)/python -m pip install --quiet -r requirements.lock -e .; \
	pwd -P > $@
