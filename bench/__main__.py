"""Measure the site that answers on PORT and its database, and print what it finds (bin/measure.py)."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from bench.country import Respondent
    from bench.speed import Kind

AIMS: Mapping[str, float] = {"section page": 1 / 3, "save": 0.4}
"""The share of its floor that each kind of request should reach."""

AT_ONCE = (1, 8)

SIZES = (42, 420, 4_200, 42_000)
"""So many systems are in the rounds whose pages `large` measures."""


def main() -> int:
    """Print the measurements; 1 when a request failed or a save was lost, else 0. A missed aim is said."""
    django.setup()
    from bench import country, evening, result_pages, speed, statements  # noqa: PLC0415 - models load after django.setup()

    port = int(os.environ["PORT"])
    print(f"  Opening a round for every system, and signing {country.PEOPLE} people in", flush=True)
    cast = country.gather()
    for name, count in statements.statements(cast.leads[0]).items():
        print(f"  {count} statements to the database for a {name}", flush=True)
    for people in AT_ONCE:
        print(f"\n  {people} at once", flush=True)
        for kinds in (speed.KINDS, result_pages.result_pages(result_pages.newest_release())):
            _measure(port, cast.leads[:people], kinds)
    print(f"\n  A deadline evening: {len(cast.respondents)} people, {evening.SECONDS:.0f} s", flush=True)
    notes = evening.spend(port, cast.respondents)
    for name, waits in notes.waits.items():
        times = f"p50 {notes.percentile(name, 50):6.1f} ms, p95 {notes.percentile(name, 95):6.1f} ms"
        print(f"    {name:22} {len(waits):7,} requests, {times}")
    proof = evening.prove(notes.saved)
    print(f"    {notes.conflicts} conflicts shown, {len(notes.failures)} errors")
    for failure in notes.failures[:5]:
        print(f"      {failure}")
    missing = f"{len(proof.missing)} of them not in the database"
    print(f"    {proof.acknowledged:,} answers said to be saved, {missing}")
    return 0 if proof.holds and not notes.failures else 1


def large() -> int:
    """Print what the pages of results cost for each of `SIZES` beside the floor of the same run; 0."""
    django.setup()
    from bench import country, many, result_pages  # noqa: PLC0415 - models load after django.setup()

    port = int(os.environ["PORT"])
    reader = country.national_analyst()
    model = result_pages.newest_release()
    for systems in SIZES:
        print(f"\n  {systems:,} systems", flush=True)
        released = many.release_many(model, systems)
        _measure(port, [reader], result_pages.result_pages(released))
    return 0


def _measure(port: int, people: Sequence[Respondent], kinds: Sequence[Kind]) -> None:
    from bench import speed  # noqa: PLC0415 - models load after django.setup()

    found = speed.measure(port, people, kinds)
    for kind in kinds:
        measured = found[kind.name]
        share = measured.rate / found[kind.floor].rate if kind.floor else 0
        aim = f" (aim {AIMS[kind.name]:.0%})" if kind.name in AIMS else ""
        beside = f", {share:.0%} of its floor{aim}" if kind.floor else ""
        times = f"p50 {measured.percentile(50):6.1f} ms, p95 {measured.percentile(95):6.1f} ms"
        print(f"    {kind.name:22} {measured.rate:7.1f} a second, {times}{beside}", flush=True)


if __name__ == "__main__":
    sys.exit(large() if sys.argv[1:] == ["large"] else main())
