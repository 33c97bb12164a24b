# Every target does the set-up it needs and is quick when that is done already.
PYTHON ?= python3
ENV = $(PYTHON) dev/bootstrap.py run

.DEFAULT_GOAL := help
.PHONY: help demo serve test test-kernel test-orm test-install test-browser test-odoo lint bench pot lock stop clean

help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

bench: ## print the benchmarks' figures and write out/bench.json (ONLY=name for one)
	@$(ENV) tests/bench/run.py

stop: ## stop the private PostgreSQL
	@$(PYTHON) dev/bootstrap.py stop

clean: stop ## remove everything the set-up fetched or made
	rm -rf .run out
