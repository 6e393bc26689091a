"""Counts and lists as people say them."""

from __future__ import annotations

from collections.abc import Sequence


def counted(number: int, noun: str) -> str:
    """Return a number with a noun that takes an s: "1 system", "2 systems"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def listed(names: Sequence[str]) -> str:
    """Return names, at least one, as people list them: "A", "A and B", "A, B and C".

    Many systems have commas and "and" in their names; such lists are parted by semicolons.
    """
    if any("," in name or " and " in name for name in names):
        return "; ".join(names)
    return _in_a_row(names)


def quoted(names: Sequence[str]) -> str:
    """Return names, at least one, in quotation marks as people list them: “A”, “B” and “C”."""
    return _in_a_row([f"“{name}”" for name in names])


def _in_a_row(names: Sequence[str]) -> str:
    *all_but_last, last = names
    return f"{', '.join(all_but_last)} and {last}" if all_but_last else last
