# Two commands matter: `make demo` and `make test`. Both set up what they need inside this folder.
.DEFAULT_GOAL := help
.PHONY: help demo demo-reset simulate run test check bench bench-large

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' "$(firstword $(MAKEFILE_LIST))"

demo: ## Serve the site with synthetic data on http://127.0.0.1:8000 (PORT=8001 for another port)
	@bin/run demo.py

demo-reset: ## Throw the demo's data away and start over
	@bin/run demo.py reset

simulate: ## Add a whole simulated round to the demo's data, and compare its figures everywhere (a minute or two)
	@bin/run demo.py simulate

run: ## Django's development server on the demo's data (PORT=8001 for another port)
	@bin/run demo.py develop

test: ## Run the quality gates and every test, against a real PostgreSQL and a real browser
	@bin/run run_tests.py

check: ## Run the quality gates alone
	@bin/run check.py

bench: ## Measure pages, saves and a deadline evening beside the floor of this machine (PORT=8010 for another port)
	@bin/run measure.py

bench-large: ## Measure the pages of results for 42, 420, 4,200 and 42,000 made-up systems (ten minutes, 4 GB of disk)
	@bin/run measure.py large
