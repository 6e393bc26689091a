"""The quality gates and every test, against a real PostgreSQL and a real browser (make test)."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from check import GATES, check
from progress import StepFailedError
from set_up import PYTHON, ROOT, build_assets, enter_virtual_environment, install_browser, install_packages


def main() -> int:
    try:
        enter_virtual_environment()
        install_packages("requirements-dev.txt")
        build_assets()
        os.environ["BROWSER_FOR_TESTS"] = str(install_browser())
    except StepFailedError as error:
        print(f"\n{error}", file=sys.stderr, flush=True)
        return 1
    # The tests below include those of the structure.
    if check([gate for gate in GATES if gate.name != "structure"]) != 0:
        print("The tests were not run.", file=sys.stderr, flush=True)
        return 1
    return run_tests(sys.argv[1:])


def run_tests(arguments: list[str]) -> NoReturn:
    """Become pytest, so that what stops this process stops the tests, and their last line is the last."""
    os.chdir(ROOT)
    options = ["-n", str(min(os.cpu_count() or 2, 4)), "--dist", "loadgroup"]
    coverage = ["--cov", "--cov-report=term", "--cov-report=json:.build/coverage.json"]
    command = [str(PYTHON), "-m", "pytest", *options, *coverage, "-p", "tests.gates.coverage_by_room"]
    os.execv(PYTHON, [*command, *arguments])  # noqa: S606 - the command is ours, and no shell is wanted


if __name__ == "__main__":
    sys.exit(main())
