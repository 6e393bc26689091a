"""Our own source keeps the rules of the house, and each rule finds what it is there to find."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.gates.rules import (
    html_as_it_is,
    locked_keys,
    queries_by_manager,
    skipped_tests,
    unexplained_exceptions,
    unsafe_markup,
    writes,
)

ROOT = Path(__file__).resolve().parents[2]
MAY_WRITE = ("actions", "imports", "migrations")


def python_files(*folders: str) -> list[Path]:
    """Every Python file in the given folders of the project."""
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def pure_rooms() -> list[str]:
    """The rooms without Django: they hold no models, so `.update()` there is a dictionary's or a hash's."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (pure,) = [one for one in contracts if one["name"].startswith("The pure rooms")]
    return [module.removeprefix("surveys.") for module in pure["source_modules"]]


def breaches(rule: Callable[[str, str], list[str]], paths: list[Path]) -> list[str]:
    """What `rule` finds in the files `paths`."""
    return [found for path in paths for found in rule(path.read_text(), str(path.relative_to(ROOT)))]


def test_views_and_forms_do_not_query() -> None:
    assert (
        breaches(queries_by_manager, python_files("surveys/views", "surveys/forms", "surveys/templatetags"))
        == []
    )


def test_only_actions_and_imports_write() -> None:
    let_be = [ROOT / "surveys" / room for room in (*MAY_WRITE, *pure_rooms())]
    paths = [
        path
        for path in python_files("surveys", "maturity")
        if not any(path.is_relative_to(room) for room in let_be)
    ]

    assert breaches(writes, paths) == []


def test_locks_leave_keys_alone() -> None:
    assert breaches(locked_keys, python_files("surveys")) == []


def test_python_makes_no_unescaped_markup() -> None:
    assert breaches(html_as_it_is, python_files("surveys", "maturity")) == []


def test_templates_are_safe_under_the_content_security_policy() -> None:
    assert breaches(unsafe_markup, sorted((ROOT / "templates").rglob("*.html"))) == []


def test_every_test_runs() -> None:
    assert breaches(skipped_tests, python_files("tests")) == []


def test_every_exception_has_its_reason() -> None:
    assert breaches(unexplained_exceptions, python_files("bin", "maturity", "surveys", "tests")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (
            "Round.objects.get(pk=1)",
            ["a.py:1 reads the database by .objects: ask a query or an action for it"],
        ),
        ("get_round(pk=1)", []),
    ],
)
def test_a_query_in_a_view_is_found(source: str, found: list[str]) -> None:
    assert queries_by_manager(source, "a.py") == found


@pytest.mark.parametrize(
    "call", ["save", "create", "update", "delete", "bulk_create", "get_or_create", "asave"]
)
def test_a_write_outside_actions_is_found(call: str) -> None:
    assert writes(f"\nthing.{call}(x=1)", "a.py") == [
        f"a.py:2 writes by .{call}(): every write is an action in surveys/actions"
    ]


@pytest.mark.parametrize(
    "source", ["super().save(*args)", "created = make()", "answers.updated_at", "save(form)"]
)
def test_what_only_looks_like_a_write_is_not(source: str) -> None:
    assert writes(source, "a.py") == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (
            "Round.objects.select_for_update().get()",
            ["a.py:1 locks the key too: select_for_update(no_key=True), see decision 50"],
        ),
        ("Round.objects.select_for_update(no_key=True, of=('self',)).get()", []),
    ],
)
def test_a_lock_of_a_key_is_found(source: str, found: list[str]) -> None:
    assert locked_keys(source, "a.py") == found


@pytest.mark.parametrize(
    "source", ["from django.utils.safestring import mark_safe", "safestring.mark_safe(text)"]
)
def test_unescaped_markup_is_found(source: str) -> None:
    assert html_as_it_is(source, "a.py") == [
        "a.py:1 uses mark_safe: build markup in a template, or with format_html"
    ]


@pytest.mark.parametrize(
    "source",
    ["@pytest.mark.skip\ndef test(): pass", "pytest.skip('later')", "@pytest.mark.xfail\ndef test(): pass"],
)
def test_a_skipped_test_is_found(source: str) -> None:
    assert len(skipped_tests(source, "a.py")) == 1


@pytest.mark.parametrize(
    "line",
    [
        "import x  # noqa",
        "import x  # noqa: F401",
        "x = y  # type: ignore",
        "x = y  # type: ignore[misc]",
        "# TODO: later",
    ],
)
def test_an_exception_without_a_reason_is_found(line: str) -> None:
    assert len(unexplained_exceptions(line, "a.py")) == 1


@pytest.mark.parametrize(
    "line",
    [
        "import x  # noqa: F401 - its import registers the checks",
        "x = y  # type: ignore[misc]  # the package has no types for this",
    ],
)
def test_an_exception_with_its_reason_is_let_be(line: str) -> None:
    assert unexplained_exceptions(line, "a.py") == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>{{ name|safe }}</p>", ["a.html:1 shows text as markup (|safe)"]),
        ("\n<script>alert(1)</script>", ["a.html:2 has an inline script"]),
        ('<p style="color: red">', ["a.html:1 has an inline style"]),
        ('<a onclick="go()">', ["a.html:1 has an inline event handler"]),
        ('<script src="{% static "a.js" %}" type="module"></script>', []),
        ('<script type="application/json">{}</script>', []),
        ("<p>{{ name|safe_name }}</p>", []),
    ],
)
def test_markup_against_the_policy_is_found(template: str, found: list[str]) -> None:
    assert unsafe_markup(template, "a.html") == found
