# One command per chore, the same on a laptop and in CI. `make help` lists them.

PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,$(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
VENV := .venv
BIN := $(VENV)/bin
SEEDS ?= seeds
CORPORA ?= corpora
ARGS ?=
PIN := --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade
# Most tests wait for a broker or a process; four at a time keep two cores busy.
PARALLEL := -n 4 --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help demo test test-all lint format kafka bench eval train fuzz fuzz-stages chaos schema requirements clean

help: ## list the chores
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.product ## news through the whole line, on a broker of its own; SEEDS=DIR takes yours
	@$(BIN)/copytaster demo $(addprefix --seeds ,$(SEEDS)) $(ARGS)

test: $(VENV)/.dev ## the fast tests, no Java needed; everything when CI is set
	@$(BIN)/python -m pytest -q $(PARALLEL) $(ARGS)

test-all: $(VENV)/.dev ## all tests, on Apache Kafka too (Java 17 and Maven)
	@$(BIN)/python -m pytest -q $(PARALLEL) --complete $(ARGS)

lint: $(VENV)/.dev ## ruff and mypy --strict
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

format: $(VENV)/.dev ## format and fix what can be fixed
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

kafka: $(VENV)/.dev ## Apache Kafka on loopback, until Ctrl-C; ARGS="--brokers 3 --port 9092"
	@$(BIN)/python -m tests.apache $(ARGS)

bench: $(VENV)/.dev ## throughput and latency of the line; ARGS="--broker apache" for Apache Kafka
	@$(BIN)/python -m benchmarks.line $(ARGS)

eval: $(VENV)/.dev $(VENV)/.peers ## quality and speed of the extraction beside the peers, on gold data
	@$(BIN)/python -m tests.eval $(ARGS)

train: $(VENV)/.dev ## train the entity tagger anew; CORPORA=DIR has the open corpora, ARGS="--compare" tries variants
	@$(BIN)/python -m tools.train $(CORPORA) $(ARGS)

# Recognizers-Text needs versions that nothing else here can live with; without it the table says so.
$(VENV)/.peers: tests/eval/figures/recognizers.txt | $(VENV)/.dev
	@echo "installing Recognizers-Text into $(VENV)/peers (once)"
	@$(BIN)/python -m venv $(VENV)/peers && $(VENV)/peers/bin/pip install -q --disable-pip-version-check -r $< && touch $@ \
		|| echo "Recognizers-Text could not be installed: it will be missing from the table"

fuzz: $(VENV)/.dev ## 100,000 damaged inputs for every parser; ARGS="--inputs 1000 web-page" for less
	@$(BIN)/python -m tests.fuzz $(ARGS)

fuzz-stages: $(VENV)/.dev ## the property tests of the stages with many more examples
	@$(BIN)/python -m pytest -q $(PARALLEL) -m hypothesis --hypothesis-profile fuzz --timeout 7200 $(ARGS)

chaos: $(VENV)/.dev ## the kill tests at full size, on the embedded broker and on Apache Kafka
	@$(BIN)/python -m pytest -q -s tests/chaos --complete $(ARGS)

schema: $(VENV)/.product ## write the JSON Schemas anew from the models
	@$(BIN)/copytaster schema export --out schemas/json

requirements: $(VENV)/.dev ## pin the newest versions that pyproject.toml allows
	@$(BIN)/uv pip compile -q pyproject.toml requirements.in --universal $(PIN) -o requirements.txt
	@$(BIN)/uv pip compile -q pyproject.toml requirements.in --group dev --universal $(PIN) -o requirements-dev.txt

clean: ## remove the environment and every cache
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "copytaster needs Python 3.11 or newer; none was found. Say which with: make PYTHON=/path/to/python3"; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python cannot make a virtual environment; on Debian or Ubuntu: apt-get install python3-venv"; rm -rf $(VENV); exit 2; }

$(VENV)/.product: pyproject.toml requirements.txt | $(BIN)/python
	@test -e $(VENV)/.dev || { echo "installing copytaster into $(VENV) (once)"; $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.txt; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: pyproject.toml requirements-dev.txt | $(BIN)/python
	@echo "installing copytaster and its test tools into $(VENV) (once)"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.product
