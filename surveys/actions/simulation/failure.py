"""What did not go as it must in a simulated round."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404

from surveys.actions.refusals import Refused


class SimulationError(Exception):
    """The product did something else than it must; `message` says what."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def must_refuse(what: str, act: Callable[[], object]) -> None:
    """Do something that nobody may do now. Raises SimulationError when nothing stops it."""
    try:
        act()
    except (Http404, Refused):
        return
    raise SimulationError(f"This should have been refused, and was not: {what}.")


def must_hold(what: str, *, held: bool) -> None:
    """Raise SimulationError unless something that must be so is so."""
    if not held:
        raise SimulationError(f"This should be so, and is not: {what}.")
