"""The systems that somebody looked for by name, each with the page about it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from surveys.queries.results.compare import systems_called
from surveys.queries.results.released import Released
from surveys.queries.results.selection import ROWS_A_PAGE
from surveys.views.crumbs import Crumb


@dataclass(frozen=True)
class FoundSystems:
    """What was looked for, how many systems that is in words, and the first of them with their addresses."""

    sentence: str
    links: tuple[Crumb, ...]


def found_systems(request: HttpRequest, released: Released, words: str, name: str) -> FoundSystems | None:
    """Return the systems that the words find, each with the address that chooses it by a parameter `name`.

    None where nothing was looked for. What else is in the address stays in it.
    """
    if not words:
        return None
    systems = systems_called(released, words)
    query = request.GET.copy()
    for left_out in ("find", "page"):
        query.pop(left_out, None)
    links = []
    for system in systems[:ROWS_A_PAGE]:
        query[name] = str(system.assessment_id)
        links.append(Crumb(f"{system.name}, {system.region_name}", f"?{query.urlencode()}"))
    many = "system is" if len(systems) == 1 else "systems are"
    sentence = f"{len(systems):,} {many} found for “{words}”."
    if len(systems) > ROWS_A_PAGE:
        sentence += f" The first {ROWS_A_PAGE} are listed; say more of the name to find others."
    return FoundSystems(sentence, tuple(links))
