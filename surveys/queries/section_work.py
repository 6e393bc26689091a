"""How long the sections of an assessment have been worked on, and who works on one now, in words."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence

from surveys.models import WorkSpell
from surveys.queries.instruments import Instrument
from surveys.wording import listed

Spell = tuple[datetime.datetime, datetime.datetime]


def minutes_taken(assessment_id: int, asked_by: Instrument) -> dict[str, int]:
    """Return the whole minutes worked on each dimension by its code, in one query; without work, left out.

    Spells that overlap count once. It is the time in which at least one person worked, not a sum over people.
    """
    return minutes_of([assessment_id], asked_by).get(assessment_id, {})


def minutes_of(assessment_ids: Iterable[int], asked_by: Instrument) -> dict[int, dict[str, int]]:
    """Return the same for several assessments that answer one questionnaire, by their keys, in one query."""
    codes = {pk: code for code, pk in asked_by.dimension_ids.items()}
    spells: defaultdict[int, defaultdict[str, list[Spell]]] = defaultdict(lambda: defaultdict(list))
    rows = WorkSpell.objects.filter(assessment_id__in=list(assessment_ids)).order_by("started_at", "pk")
    columns = ("assessment_id", "dimension_id", "started_at", "ended_at")
    for assessment_id, dimension_id, started, ended in rows.values_list(*columns):
        spells[assessment_id][codes[dimension_id]].append((started, ended))
    return {
        assessment_id: {
            code: round(_together(of_one) / datetime.timedelta(minutes=1))
            for code, of_one in sections.items()
        }
        for assessment_id, sections in spells.items()
    }


def _together(spells: Iterable[Spell]) -> datetime.timedelta:
    """Return the time that spells cover together, given in the order in which they started."""
    total = datetime.timedelta()
    until = datetime.datetime.min.replace(tzinfo=datetime.UTC)
    for started, ended in spells:
        total += max(ended - max(started, until), datetime.timedelta())
        until = max(until, ended)
    return total


def present_in_words(names: Sequence[str]) -> str:
    """Return a sentence that says who else works on a section now; empty when nobody does."""
    if not names:
        return ""
    return f"{listed(names)} {'is' if len(names) == 1 else 'are'} working in this section now."
