# Millrace. `make` lists what there is.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run line test lint format bench eval fuzz dist image generate line-check drill clean

LOG ?=
SECONDS_PER_FUZZER ?= 600
SAMPLE := .build/sample
BIN := .build/release
say = @printf '\033[1m==> %s\033[0m\n' "$(1)"

help: ## Lists the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

run: ## Sets up, builds, and replays a sample log (or LOG='/var/log/nginx/*.log*')
	$(call say,Set-up: what is missing of the Debian packages)
	@.ci/setup run
	$(call say,Building the release programs (the first time takes some minutes))
	@swift build -c release --product millrace-replay 2>&1 | .ci/quiet-build
	@swift build -c release --product millrace-simulate 2>&1 | .ci/quiet-build
	@mkdir -p $(SAMPLE)
ifeq ($(strip $(LOG)),)
	$(call say,Making a sample log with known attacks: $(SAMPLE)/access.log)
	@$(BIN)/millrace-simulate --lines 200000 --seed 7 --format combined --duration 6h --attacks default \
	  --truth $(SAMPLE)/truth.tsv --output $(SAMPLE)/access.log
	$(call say,millrace-replay $(SAMPLE)/access.log)
	@$(BIN)/millrace-replay $(SAMPLE)/access.log --html $(SAMPLE)/report.html
	@echo; echo "The attacks that were mixed in: $(SAMPLE)/truth.tsv"
else
	$(call say,millrace-replay $(LOG))
	@$(BIN)/millrace-replay $(LOG) --html $(SAMPLE)/report.html
endif
	@echo "The same as a page: $(CURDIR)/$(SAMPLE)/report.html"

line: ## The line on this machine, Kafka and all, for LOG='/var/log/nginx/*.log' (or a sample log)
	$(call say,Set-up: what is missing of the Debian packages)
	@.ci/setup line
	$(call say,Building the programs of the line)
	@for program in forwarder aggregator analyzer reputation attacks simulate; do \
	  swift build -c release --product millrace-$$program 2>&1 | .ci/quiet-build; \
	done
	@.ci/line "$${LOG:-}"

test: ## Sets up and runs every test
	$(call say,Set-up: what is missing of the Debian and PyPI packages)
	@.ci/setup test
	$(call say,Checking what is in deploy/)
	@.build/venv/bin/python deploy/check
	$(call say,Building the programs and their tests (release), then running them)
	@swift test -c release --disable-xctest --scratch-path .build/tests 2>&1 | .ci/quiet-tests

lint: ## Checks the format of every Swift file
	$(call say,swift-format lint --strict)
	@swift-format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks

format: ## Formats every Swift file in place
	@swift-format format --in-place --recursive --parallel Package.swift Sources Tests Benchmarks

bench: ## Sets up and measures against the yardsticks: prints one table of ratios
	$(call say,Set-up: the programs compared with)
	@.ci/setup bench
	@Benchmarks/run

eval: ## Judges labelled requests, logs and simulated attacks beside other detectors: docs/evaluation.md (EVAL=--quick)
	$(call say,Set-up: the detectors compared with)
	@.ci/setup eval
	@for program in replay simulate; do swift build -c release --product millrace-$$program 2>&1 | .ci/quiet-build; done
	@.build/venv/bin/python Benchmarks/Evaluation/evaluate.py $(or $(EVAL),--output docs/evaluation.md)

fuzz: ## Runs every fuzzer for SECONDS_PER_FUZZER (600) seconds
	@.ci/setup run
	@Tests/Fuzz/run $(SECONDS_PER_FUZZER)

dist: ## Builds stripped programs with everything linked in that has an archive: dist/
	@.ci/setup dist
	@.ci/dist

image: dist ## Builds the container image with podman: millrace
	@.ci/setup image
	@.ci/image

line-check: ## Sends LOG='FILE...' through Kafka and the line, and compares its attacks with replay's (WORKERS=N of each)
	@.ci/setup test
	@for program in replay aggregator analyzer attacks; do \
	  swift build -c release --product millrace-$$program 2>&1 | .ci/quiet-build; done
	@WORKERS=$(or $(WORKERS),1) .ci/line-check $(LOG)

drill: ## Kills, pauses, starves and poisons a running line, and holds its ledger (DRILL='--kills 100 kill-forwarder', or names)
	@.ci/setup test
	@for program in forwarder aggregator analyzer attacks; do \
	  swift build -c release --product millrace-$$program 2>&1 | .ci/quiet-build; done
	@.build/venv/bin/python Tests/Drills/run $(DRILL)

generate: ## Regenerates the Cap'n Proto accessors and the embedded pipeline and rules
	@.ci/generate

clean: ## Removes what was built
	@rm -rf .build dist
