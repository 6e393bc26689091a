"""Finding the round that an operator means."""

from __future__ import annotations

from surveys.actions.refusals import Refused
from surveys.models import Round

LONGEST_KEY = 18
"""Digits of a number that is surely a key of PostgreSQL's."""


def find_round(reference: str) -> Round:
    """Return the round with this title, whatever its capitals, or else with this number.

    Raises Refused, with the rounds that there are, when there is none.
    """
    # A terminal may hand over bytes that are no text, and no title has those.
    wanted = reference.strip().encode(errors="replace").decode()
    found = Round.objects.filter(title__iexact=wanted).first()
    if found is None and wanted.isascii() and wanted.isdigit() and len(wanted) <= LONGEST_KEY:
        found = Round.objects.filter(pk=int(wanted)).first()
    if found is None:
        known = ", ".join(f"{row.pk} “{row.title}”" for row in Round.objects.order_by("opens_at", "pk")[:50])
        raise Refused(f"There is no round “{wanted[:120]}”. The rounds are: {known or 'none yet'}.")
    return found
