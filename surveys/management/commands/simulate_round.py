"""Play a whole national round with synthetic people, and compare what it says everywhere."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.test import Client

from surveys.actions.refusals import Refused
from surveys.actions.simulation.failure import SimulationError
from surveys.actions.simulation.playing import Played, simulate_round
from surveys.management.agreement import figures

MOST_SHOWN = 20


class Command(BaseCommand):
    """Say what is done and what is found; end with code 1 and the figures when two of them differ."""

    help = (
        "Play a whole national round with synthetic people, from its set-up to the correction of its "
        "results, through the actions that pages use; then compare its figures on pages, in files and in the "
        "database. It needs the setting DEMO=true and refuses a database with real rounds or people."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the size and the seed."""
        parser.add_argument("--systems", type=int, help="how many systems take part (default: all)")
        parser.add_argument("--seed", type=int, default=1, help="another number makes another round")

    def handle(self, *_args: Any, systems: int | None, seed: int, **_options: Any) -> None:
        """Play the round."""
        begun = time.monotonic()
        try:
            played = simulate_round(systems=systems, seed=seed, say=self._say)
        except (Refused, SimulationError) as stopped:
            raise CommandError(stopped.message) from None
        self._compare(played)
        self._say(f"All of it took {time.monotonic() - begun:.0f} seconds")

    def _compare(self, played: Played) -> None:
        reader = _Reader(played)
        found = list(figures(played.round, played.releases, reader.read))
        differing = [str(figure) for figure in found if not figure.agrees]
        if differing:
            more = len(differing) - MOST_SHOWN
            lines = [*differing[:MOST_SHOWN], *([f"and {more} more"] if more > 0 else [])]
            raise CommandError("Figures differ:\n" + "\n".join(lines))
        self._say(
            f"{len(found):,} figures in {reader.places:,} pages and files are those that PostgreSQL counts "
            "from the signed copies"
        )

    def _say(self, sentence: str) -> None:
        self.stdout.write(f"  {sentence}")
        self.stdout.flush()


class _Reader:
    """Somebody who is signed in as the administrator of the round, and reads each address once."""

    def __init__(self, played: Played) -> None:
        host = next((name for name in settings.ALLOWED_HOSTS if name[:1] not in {"*", "."}), "localhost")
        self._client = Client(HTTP_HOST=host)
        self._client.force_login(played.cast.administrator)
        self._read: dict[str, str] = {}

    @property
    def places(self) -> int:
        """How many addresses have been read."""
        return len(self._read)

    def read(self, address: str) -> str:
        """Return what is at an address. Raises CommandError when it is not there."""
        if address not in self._read:
            response = self._client.get(address, secure=True)
            if response.status_code != 200:
                raise CommandError(f"{address} answered {response.status_code}.")
            self._read[address] = response.getvalue().decode()
        return self._read[address]
