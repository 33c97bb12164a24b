# Every target does the set-up it needs and is quick when that is done already.
PYTHON ?= python3
ENV = $(PYTHON) dev/bootstrap.py run

.DEFAULT_GOAL := help
.PHONY: help demo serve test test-kernel test-orm test-install test-browser test-odoo lint bench pot lock stop clean

help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

test: ## kernel, ORM, install and browser tests (ARGS="-k word" goes to pytest)
	@$(ENV) dev/suite.py

test-kernel test-orm test-install test-browser test-odoo: test-%: # one part; test-odoo uses Odoo's own runner
	@$(ENV) dev/suite.py $*

lint: ## ruff, pylint-odoo, the Odoo community's hooks; no Odoo in the kernel
	@$(ENV) dev/lint.py

bench: ## print the benchmarks' figures and write out/bench.json (ONLY=name for one)
	@$(ENV) tests/bench/run.py

stop: ## stop the private PostgreSQL
	@$(PYTHON) dev/bootstrap.py stop

clean: ## remove everything the set-up fetched or made
	@$(PYTHON) dev/bootstrap.py clean
	rm -rf .run out
