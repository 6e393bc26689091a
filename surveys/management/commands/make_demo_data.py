"""Make the synthetic rounds of the demonstration."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from surveys.actions.demonstration.making import make_demonstration
from surveys.actions.refusals import Refused


class Command(BaseCommand):
    """Say what is made, and with which accounts to look at it."""

    help = (
        "Make synthetic rounds, people and answers for a demonstration, the same every time. It needs the "
        "setting DEMO=true and refuses a database with real rounds or people; run again, it changes little."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the password of the demo accounts."""
        parser.add_argument(
            "--password",
            default=os.environ.get("DEMO_PASSWORD", ""),
            help="the password of every demo account (default: the environment's DEMO_PASSWORD)",
        )

    def handle(self, *_args: Any, password: str, **_options: Any) -> None:
        """Make the demonstration."""
        try:
            self._say("Making the synthetic rounds")
            demonstration = make_demonstration(password=password, say=self._say)
        except Refused as refused:
            raise CommandError(refused.message) from None
        if not demonstration.made:
            self._say("They are there already.")
        self._say(f"Accounts to sign in with, each with the password {password}")
        width = max(len(account.email) for account in demonstration.accounts)
        for account in demonstration.accounts:
            self._say(f"  {account.email:<{width}}  {account.role}, {account.organisation}")

    def _say(self, sentence: str) -> None:
        self.stdout.write(f"  {sentence}")
        self.stdout.flush()
