"""Make somebody a programme administrator: the way to the first one."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from surveys.actions.people import create_administrator
from surveys.actions.refusals import Refused
from surveys.emails import password_path


class Command(BaseCommand):
    """Add a person who administers the programme, and print the link at which they choose a password."""

    help = (
        "Add a person who is a programme administrator of the national body, and print the address at which"
        " they choose a password. No e-mail is sent, so that it works before the mail server does."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the person's e-mail address and name."""
        parser.add_argument("email", help="the e-mail address to sign in with")
        parser.add_argument("name", help="the name, in quotation marks if it has spaces")

    def handle(self, *_args: Any, email: str, name: str, **_options: Any) -> None:
        """Add the person."""
        try:
            person = create_administrator(email=email, name=name)
        except Refused as refused:
            raise CommandError(refused.message) from None
        hours = settings.PASSWORD_RESET_TIMEOUT // 3600
        self.stdout.write(f"{person.name} is an administrator and signs in as {person.email}.")
        self.stdout.write(
            f"To choose a password, open this path on the address of the service within {hours} hours:"
        )
        self.stdout.write(password_path(person))
