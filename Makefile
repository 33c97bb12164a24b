# Every target does the set-up it needs and is quick when that is done already.
PYTHON ?= python3
ENV = $(PYTHON) dev/bootstrap.py run

.DEFAULT_GOAL := help
.PHONY: help demo serve test test-kernel test-orm test-sale test-install test-sending test-demo test-payment test-integration test-queue test-replica test-browser test-odoo lint bench wheel pictures pot lock stop clean house mutants

help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

# RECOVERY_DB=name, FRESH=1, SEED=n, DATE=2026-06-30, LEDGER=file.csv, PAYMENTS=file.csv, DATE_FORMAT=%d/%m/%Y, SKIP_BAD=1
demo: ## the main job: ledger, plan, dunning, papers in out/ (LEDGER=file.csv for your own)
	@$(ENV) demo/main.py $(if $(RECOVERY_DB),--database "$(RECOVERY_DB)") $(if $(FRESH),--fresh) \
		$(if $(SEED),--seed "$(SEED)") $(if $(DATE),--date "$(DATE)") $(if $(LEDGER),--ledger "$(LEDGER)") \
		$(if $(PAYMENTS),--payments "$(PAYMENTS)") \
		$(if $(DATE_FORMAT),--date-format "$(DATE_FORMAT)") $(if $(SKIP_BAD),--skip-bad)

serve: ## the web client on the demonstration's database (RECOVERY_DB=name, PORT=8069)
	@$(ENV) demo/serve.py $(if $(RECOVERY_DB),--database "$(RECOVERY_DB)") $(if $(PORT),--port "$(PORT)")

pictures: ## the French guide's pictures anew, while make serve runs (RECOVERY_DB=name, PORT=8069, NAMES="worklist case")
	@$(ENV) demo/pictures.py $(if $(RECOVERY_DB),--database "$(RECOVERY_DB)") $(if $(PORT),--port "$(PORT)") $(NAMES)

test: ## everything: kernel, ORM, sale, install, sending, demo and browser tests (ARGS="-k word" goes to pytest)
	@$(ENV) dev/suite.py

test-kernel test-orm test-sale test-install test-sending test-demo test-payment test-integration test-queue test-replica test-browser test-odoo: test-%: # one part; test-odoo uses Odoo's own runner
	@$(ENV) dev/suite.py $*

mutants: ## mutate the kernel and show what its tests let live (MODULES="interest rates", SAMPLE=all)
	@$(ENV) dev/mutants.py $(MODULES)

lint: ## ruff, pylint-odoo, the Odoo community's hooks; no Odoo in the kernel
	@$(ENV) dev/lint.py

house: ## the rooms of the house, and what breaks its law (docs/house.md)
	@$(ENV) dev/house.py

bench: ## print the benchmarks' figures and write out/bench.json (ONLY=name for one, QUICK=1 for a tenth of all)
	@$(ENV) tests/bench/run.py

wheel: ## the addons as wheels, in out/wheels
	@$(ENV) dev/wheel.py

pot: ## extract the words to translate anew, and merge them into the translations
	@$(ENV) dev/pot.py

lock: ## pin the packages of dev/requirements.in anew (needs uv; UPGRADE=1 takes later versions)
	@command -v uv >/dev/null || { echo "lock: install uv first" >&2; exit 1; }
	uv pip compile --quiet --universal --python-version 3.10 --no-header --no-annotate $(if $(UPGRADE),--upgrade) \
		--override dev/overrides.in dev/requirements.in --output-file dev/requirements.lock

stop: ## stop the private PostgreSQL
	@$(PYTHON) dev/bootstrap.py stop

clean: ## remove everything the set-up fetched or made
	@$(PYTHON) dev/bootstrap.py clean
